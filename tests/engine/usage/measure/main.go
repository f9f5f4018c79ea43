// Command measure runs a command with its own arguments and writes down what that has used.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/seed-8894d46d/account-baseline/tests/engine/usage"
)

func main() {
	code, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run() (code int, err error) {
	command := exec.Command(os.Getenv(usage.CommandVariable), os.Args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		return 1, err
	}
	text, err := json.Marshal(usage.Of(command.ProcessState))
	if err != nil {
		return 1, err
	}
	return command.ProcessState.ExitCode(), os.WriteFile(os.Getenv(usage.IntoVariable), text, 0o600)
}
