// Command measure runs a command with its own arguments and writes down what that has used.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

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
	linker := os.Getenv(usage.LinkerVariable)
	words := os.Args[1:]
	if linker == "" {
		words = append([]string{os.Getenv(usage.CommandVariable)}, words...)
	}
	command := exec.Command(words[0], words[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		return 1, err
	}
	used, into := usage.Of(command.ProcessState), os.Getenv(usage.IntoVariable)
	if linker == "" {
		err = write(into, os.O_TRUNC, used)
	} else {
		err = write(into, os.O_APPEND, usage.ToolUsage{Package: packageOf(words, linker), Usage: used})
	}
	return command.ProcessState.ExitCode(), err
}

// packageOf is what a tool of the go command works on: https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies.
func packageOf(words []string, linker string) string {
	if strings.TrimSuffix(filepath.Base(words[0]), ".exe") == "link" {
		return linker
	}
	return os.Getenv("TOOLEXEC_IMPORTPATH")
}

// write writes at once, since several write to the same file.
func write(into string, how int, used any) error {
	text, err := json.Marshal(used)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(into, os.O_CREATE|os.O_WRONLY|how, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	return errors.Join(err, file.Close())
}
