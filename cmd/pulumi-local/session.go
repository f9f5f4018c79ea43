package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"

	"github.com/seed-8894d46d/account-baseline/cmd/pulumi-local/languagehost"
)

// defaultStack is the stack that is made when there is none: the one that Pulumi.dev.yaml is for.
const defaultStack = "dev"

// session is one run of pulumi-local: the CLI, and what stands ready around it while it runs.
type session struct {
	project   project
	options   options
	cli       string
	providers string // for PULUMI_DEBUG_PROVIDERS, "" when the simulated account is not served
	client    string // for --client, "" when there is no language host
}

// deployed runs an action on the project with everything in place that its command needs, and keeps afterwards what the
// CLI changed in the settings.
func (s *session) deployed(
	ctx context.Context, line *commandLine, action func(context.Context, *commandLine) error,
) (err error) {
	if err := s.project.unlockState(); err != nil {
		return err
	}
	if err := s.createStack(ctx, line); err != nil {
		return err
	}
	settings, err := s.project.prepareSettings()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.project.keepSettings(settings)) }()

	does := commands[line.command]
	if does.provider {
		around, err := s.project.readSurroundings()
		if err != nil {
			return err
		}
		account, err := serveAccount(s.project.account(), s.options, around)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, account.Close()) }()
		s.providers = fmt.Sprintf("aws:%d", account.Port())
	}
	if does.client {
		compile := s.project.compileProgramOnce()
		if line.runsProgram() {
			// Before the CLI's display begins. Elsewhere the engine decides whether the program runs at all.
			if _, err := compile(ctx); err != nil {
				return err
			}
		}
		host, err := languagehost.Serve(languagehost.Program{
			Build: compile, Directory: s.project.root, Environment: cleanEnvironment(os.Environ()),
		})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, host.Close()) }()
		s.client = host.Address()
	}
	return action(ctx, line)
}

// createStack makes the first stack, so that `up` alone works on a fresh clone.
func (s *session) createStack(ctx context.Context, line *commandLine) error {
	if !line.needsStack() {
		return nil
	}
	stacks, err := s.project.stacks()
	if err != nil || len(stacks) > 0 {
		return err
	}
	name := defaultStack
	if line.stack != "" {
		name = line.stack
	}
	settings, err := s.project.prepareSettings()
	if err != nil {
		return err
	}
	var output bytes.Buffer
	command := s.command(ctx, "stack", "init", name, "--non-interactive", "--color=never")
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		return fmt.Errorf("create the stack %s: %w\n%s", name, err, output.Bytes())
	}
	say("created the stack %s of the simulated account", name)
	return s.project.keepSettings(settings)
}

// passThrough runs the CLI with the user's words.
func (s *session) passThrough(ctx context.Context, line *commandLine) error {
	return s.pulumi(ctx, line.with(s.flags(line)...)...)
}

// flags are what pulumi-local adds to the user's words.
func (s *session) flags(line *commandLine) []string {
	flags := line.confirmation(cmdutil.Interactive())
	if s.client != "" && !line.has("--client") {
		flags = append(flags, "--client="+s.client)
	}
	return flags
}

// command prepares a run of the CLI. It works in the copy of the settings.
func (s *session) command(ctx context.Context, words ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, s.cli, words...)
	command.Dir = s.project.copy()
	command.Env = s.project.cliEnvironment(os.Environ(), s.providers)
	return command
}

// pulumi runs the CLI for the user: attached to the terminal, with signals forwarded and its exit code kept.
func (s *session) pulumi(ctx context.Context, words ...string) error {
	command := s.command(ctx, words...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	return runAttached(command)
}

// output runs the CLI and returns its standard output. The words must not ask anything.
func (s *session) output(ctx context.Context, words ...string) ([]byte, error) {
	command := s.command(ctx, slices.Concat(words, []string{"--non-interactive"})...)
	var failure bytes.Buffer
	command.Stderr = &failure
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("pulumi %s: %w\n%s", words[0], err, bytes.TrimSpace(failure.Bytes()))
	}
	return output, nil
}
