// Command pulumi-local runs the real pulumi CLI and engine on this project's main.go against a simulated AWS account:
// no AWS credentials, no network, no installed Pulumi. Its help text says how it is used.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
)

func main() {
	err := run(context.Background(), os.Args[1:])
	var exit exitError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		os.Exit(int(exit))
	default:
		fmt.Fprintf(os.Stderr, "pulumi-local: %v\n", err)
		os.Exit(1)
	}
}

// exitError is a failure that the CLI has explained already; pulumi-local ends with the same code.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("pulumi ended with exit code %d", int(e)) }

// say tells the user what pulumi-local itself does. Standard output belongs to the CLI, whose output may be piped.
func say(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "pulumi-local: "+format+"\n", values...)
}

func run(ctx context.Context, words []string) error {
	options, words, err := parseOptions(words, os.LookupEnv)
	if err != nil {
		return err
	}
	if options.help || len(words) == 0 {
		fmt.Print(helpText)
		return nil
	}
	line, err := parseCommandLine(words)
	if err != nil {
		return err
	}
	project, err := findProject(".")
	if err != nil {
		return err
	}
	if err := project.create(); err != nil {
		return err
	}
	cli, err := findCLI(ctx, project)
	if err != nil {
		return err
	}
	if line.command == "cli" {
		fmt.Println(cli)
		return nil
	}
	session := &session{project: project, options: options, cli: cli}
	if !line.needsProject() {
		return session.pulumi(ctx, line.words...)
	}

	unlock, err := project.lock()
	if err != nil {
		return err
	}
	defer unlock()
	switch line.command {
	case "reset":
		return project.reset()
	case "down":
		return session.deployed(ctx, line, session.down)
	case "cost":
		return session.deployed(ctx, line, session.cost)
	default:
		return session.deployed(ctx, line, session.passThrough)
	}
}
