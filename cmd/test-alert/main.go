// Command test-alert sends a marked sample of every severity through the alert path of a deployed stack, by the rules,
// policies, keys and subscriptions that stand in the simulated account, and tells who would have read it:
//
//	go run ./cmd/pulumi-local stack output --json | go run ./cmd/test-alert
//
// It also prints the lines for the AWS CLI that do the same on a real account. The exit code is 1 when a message was
// dropped.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed-8894d46d/account-baseline/cmd/test-alert/probe"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "test-alert:", err)
		os.Exit(1)
	}
}

func run(arguments []string, stdin io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("test-alert", flag.ContinueOnError)
	outputs := flags.String("outputs", "-", "file with the stack's outputs as JSON; - is the standard input")
	account := flags.String("account", filepath.Join(".pulumi-local", "account.json"), "file of the simulated account; it is not changed")
	regions := flags.String("regions", "", "Regions to raise the sample in, with commas between them; default all with rules")
	confirmed := flags.Bool("confirmed", false, "take every subscription as confirmed by its owner")
	commands := flags.Bool("commands", false, "only print the lines for the AWS CLI")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("there are no arguments beside flags, not %q", flags.Args())
	}
	text, err := read(*outputs, stdin)
	if err != nil {
		return err
	}
	hub, err := probe.HubOf(text)
	if err != nil {
		return err
	}
	if *regions != "" {
		if hub, err = hub.In(strings.Split(*regions, ",")); err != nil {
			return err
		}
	}
	if *commands {
		probe.Commands(stdout, hub)
		return nil
	}
	err = probe.Run(stdout, hub, probe.Options{AccountFile: *account, Confirmed: *confirmed})
	probe.Commands(stdout, hub)
	return err
}

func read(file string, stdin io.Reader) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(file)
}
