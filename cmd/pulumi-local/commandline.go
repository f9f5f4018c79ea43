package main

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
)

// commandLine is what pulumi-local must know of a command line of the CLI. The words themselves are passed through.
type commandLine struct {
	words      []string
	command    string // canonical name, "" when there are only flags
	subcommand string // of a command that has them, as "init" in "stack init"
	stack      string // --stack
	help       bool
	runProgram bool // --run-program
	flags      []string
	at         int // index of the command in words
}

// commandNames maps the CLI's aliases. `down` is one of the CLI's aliases of destroy too; here it is a command of its own.
var commandNames = map[string]string{"update": "up", "pre": "preview", "dn": "destroy"}

// commands is what pulumi-local does around a command of the CLI; for one that is not listed it only looks after the
// stack's settings.
var commands = map[string]struct {
	program  bool // main.go runs
	provider bool // the simulated account is asked
	client   bool // takes --client
	confirms bool // asks before it acts
	outside  bool // needs neither project nor stack
}{
	"up":             {program: true, provider: true, client: true, confirms: true},
	"preview":        {program: true, provider: true, client: true},
	"refresh":        {provider: true, client: true, confirms: true},
	"destroy":        {provider: true, client: true, confirms: true},
	"down":           {provider: true, client: true, confirms: true},
	"cost":           {program: true, provider: true, client: true},
	"import":         {provider: true},
	"cli":            {outside: true},
	"version":        {outside: true},
	"help":           {outside: true},
	"gen-completion": {outside: true},
	"completion":     {outside: true},
}

// valueFlags are the CLI's flags whose value may be the next word, from the help text of its commands.
var valueFlags = []string{
	"--attach-debugger", "--color", "--config", "--config-file", "--exclude", "--file", "--from", "--generate-resources",
	"--import-file", "--import-pending-creates", "--memprofilerate", "--message", "--otel-traces", "--out",
	"--override-env", "--parallel", "--parent", "--plan", "--policy-pack", "--policy-pack-config", "--profiling",
	"--properties", "--provider", "--replace", "--save-plan", "--secrets-provider", "--stack", "--target",
	"--target-replace", "--tracing", "--verbose", "-c", "-m", "-o", "-p", "-s", "-t", "-v", "-x",
}

// pathFlags are those whose value is a path: relative to where the user is, while the CLI runs in .pulumi-local.
var pathFlags = []string{
	"--config-file", "--file", "--import-file", "--out", "--plan", "--policy-pack", "--policy-pack-config", "--profiling",
	"--save-plan",
}

// unsupported are commands and flags that cannot do what they say here.
var unsupported = map[string]string{
	"watch":  "watch starts the Go language plugin on its own; run `up` again instead",
	"new":    "new would write a project into .pulumi-local; run the real pulumi for it",
	"login":  "the state of the simulated account is kept in .pulumi-local; there is nothing to log in to",
	"logout": "the state of the simulated account is kept in .pulumi-local; there is nothing to log out of",
	"--cwd":  "pulumi-local always runs the project it belongs to; change the directory before you start it",
	"-C":     "pulumi-local always runs the project it belongs to; change the directory before you start it",
}

// parseCommandLine reads the words after pulumi-local's own options.
func parseCommandLine(words []string) (*commandLine, error) {
	line := &commandLine{at: -1}
	var names []string
	for i := 0; i < len(words); i++ {
		word := words[i]
		if word == "--" {
			line.words = append(line.words, words[i:]...)
			names = append(names, words[i+1:]...)
			break
		}
		if !strings.HasPrefix(word, "-") || word == "-" {
			if len(names) == 0 {
				line.at = len(line.words)
			}
			names = append(names, word)
			line.words = append(line.words, word)
			continue
		}
		flag, value, inline := strings.Cut(word, "=")
		if reason, refused := unsupported[flag]; refused {
			return nil, errors.New(flag + ": " + reason)
		}
		line.flags = append(line.flags, flag)
		line.words = append(line.words, word)
		if !inline && slices.Contains(valueFlags, flag) && i+1 < len(words) {
			i++
			value = words[i]
			line.words = append(line.words, value)
		}
		last := len(line.words) - 1
		switch {
		case slices.Contains(pathFlags, flag) && value != "" && value != "-":
			path, err := filepath.Abs(value)
			if err != nil {
				return nil, err
			}
			line.words[last] = strings.TrimSuffix(line.words[last], value) + path
		case flag == "-h" || flag == "--help":
			line.help = true
		case flag == "-s" || flag == "--stack":
			line.stack = value
		case flag == "--run-program":
			line.runProgram = value != "false"
		}
	}
	if len(names) > 0 {
		line.command = names[0]
		if canonical, isAlias := commandNames[names[0]]; isAlias {
			line.command = canonical
		}
	}
	if len(names) > 1 {
		line.subcommand = names[1]
	}
	if reason, refused := unsupported[line.command]; refused && !line.help {
		return nil, errors.New(line.command + ": " + reason)
	}
	return line, nil
}

// has reports whether the user gave one of the flags.
func (l *commandLine) has(flags ...string) bool {
	return slices.ContainsFunc(l.flags, func(f string) bool { return slices.Contains(flags, f) })
}

func (l *commandLine) needsProject() bool {
	return l.command != "" && !l.help && !commands[l.command].outside
}

// needsStack reports whether the command works on an existing stack.
func (l *commandLine) needsStack() bool {
	if l.command == "stack" {
		return !slices.Contains([]string{"init", "ls", "new", "select"}, l.subcommand)
	}
	return slices.Contains([]string{"cancel", "config", "cost", "destroy", "down", "import", "logs", "preview", "refresh", "state",
		"up"}, l.command)
}

// runsProgram reports whether the command is known to run main.go.
func (l *commandLine) runsProgram() bool { return commands[l.command].program || l.runProgram }

// confirmation are the flags that a command needs where nobody can answer its question, without those the user gave.
func (l *commandLine) confirmation(interactive bool) []string {
	if interactive || !commands[l.command].confirms {
		return nil
	}
	var flags []string
	// The CLI refuses --yes together with --preview-only.
	if !l.has("--yes", "-y", "--preview-only") {
		flags = append(flags, "--yes")
	}
	if !l.has("--non-interactive") {
		flags = append(flags, "--non-interactive")
	}
	return flags
}

// with returns the words with flags put right after the command name, so that they stand before any "--".
func (l *commandLine) with(flags ...string) []string {
	return slices.Insert(slices.Clone(l.words), l.at+1, flags...)
}

// as returns the words with another command in the place of this one, and flags after it.
func (l *commandLine) as(command string, flags ...string) []string {
	words := l.with(flags...)
	words[l.at] = command
	return words
}
