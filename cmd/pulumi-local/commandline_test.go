package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseCommandLine(t *testing.T) {
	for _, row := range []struct {
		words                              string
		command, subcommand, stack         string
		project, needsStack, program, help bool
	}{
		{words: "up", command: "up", project: true, needsStack: true, program: true},
		{words: "update --diff", command: "up", project: true, needsStack: true, program: true},
		{words: "--color never pre -s prod", command: "preview", stack: "prod", project: true, needsStack: true, program: true},
		{words: "--stack up destroy", command: "destroy", stack: "up", project: true, needsStack: true},
		{words: "destroy --run-program", command: "destroy", project: true, needsStack: true, program: true},
		{words: "refresh --run-program=false", command: "refresh", project: true, needsStack: true},
		{words: "down", command: "down", project: true, needsStack: true},
		{words: "stack output trailArn --json", command: "stack", subcommand: "output", project: true, needsStack: true},
		{words: "stack init prod", command: "stack", subcommand: "init", project: true},
		{words: "stack ls", command: "stack", subcommand: "ls", project: true},
		{words: "stack", command: "stack", project: true, needsStack: true},
		{words: "config set --path a.b -- -c", command: "config", subcommand: "set", project: true, needsStack: true},
		{words: "plugin ls", command: "plugin", subcommand: "ls", project: true},
		{words: "reset", command: "reset", project: true},
		{words: "version", command: "version"},
		{words: "up --help", command: "up", needsStack: true, program: true, help: true},
		{words: "--version"},
	} {
		t.Run(row.words, func(t *testing.T) {
			line, err := parseCommandLine(strings.Fields(row.words))
			require.NoError(t, err)
			require.Equal(t, strings.Fields(row.words), line.words, "the words are passed through")
			require.Equal(t, row.command, line.command)
			require.Equal(t, row.subcommand, line.subcommand)
			require.Equal(t, row.stack, line.stack)
			require.Equal(t, row.help, line.help)
			require.Equal(t, row.project, line.needsProject())
			require.Equal(t, row.needsStack, line.needsStack())
			require.Equal(t, row.program, line.runsProgram())
		})
	}
}

func TestConfirmationAddsNothingTheUserGave(t *testing.T) {
	for words, want := range map[string][]string{
		"up":                            {"--yes", "--non-interactive"},
		"refresh":                       {"--yes", "--non-interactive"},
		"destroy -y":                    {"--non-interactive"},
		"down --yes":                    {"--non-interactive"},
		"up --yes --non-interactive":    nil,
		"up --preview-only":             {"--non-interactive"}, // --yes beside it is refused by the CLI
		"preview":                       nil,
		"config set --path a.b x":       nil,
		"stack rm dev":                  nil, // deleting a stack stays a question
		"refresh --skip-preview --diff": {"--yes", "--non-interactive"},
	} {
		line, err := parseCommandLine(strings.Fields(words))
		require.NoError(t, err)
		require.Equal(t, want, line.confirmation(false), words)
		require.Empty(t, line.confirmation(true), words)
	}
}

func TestFlagsStandRightAfterTheCommand(t *testing.T) {
	for words, want := range map[string]string{
		"up --diff":                "up --client=x --diff",
		"--stack up up -- a":       "--stack up up --client=x -- a",
		"config set -- key -value": "config --client=x set -- key -value",
	} {
		line, err := parseCommandLine(strings.Fields(words))
		require.NoError(t, err)
		require.Equal(t, want, strings.Join(line.with("--client=x"), " "))
		require.Equal(t, words, strings.Join(line.words, " "), "the words themselves stay")
	}
	line, err := parseCommandLine(strings.Fields("--color never down --target down"))
	require.NoError(t, err)
	require.Equal(t, "--color never destroy --yes --target down", strings.Join(line.as("destroy", "--yes"), " "))
}

func TestPathsAreRelativeToTheUsersDirectory(t *testing.T) {
	here, err := filepath.Abs(".")
	require.NoError(t, err)
	for words, want := range map[string]string{
		"stack export --file out.json":    "stack export --file " + filepath.Join(here, "out.json"),
		"stack export --file=../out.json": "stack export --file=" + filepath.Join(filepath.Dir(here), "out.json"),
		"stack import --file -":           "stack import --file -",
		"preview --save-plan plan.json":   "preview --save-plan " + filepath.Join(here, "plan.json"),
		"up --message out.json":           "up --message out.json",
	} {
		line, err := parseCommandLine(strings.Fields(words))
		require.NoError(t, err)
		require.Equal(t, want, strings.Join(line.words, " "))
	}
}

func TestUnsupportedCommandsSayWhatToDo(t *testing.T) {
	for words, want := range map[string]string{
		"watch":         "run `up` again",
		"new aws-go":    "run the real pulumi",
		"login":         "nothing to log in to",
		"logout":        "nothing to log out of",
		"up -C ..":      "change the directory",
		"--cwd=.. up":   "change the directory",
		"--cwd .. plan": "change the directory",
	} {
		_, err := parseCommandLine(strings.Fields(words))
		require.ErrorContains(t, err, want, words)
	}
	_, err := parseCommandLine([]string{"watch", "--help"})
	require.NoError(t, err)
}
