package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/seed-8894d46d/account-baseline/cmd/pulumi-local/languagehost"
)

// repository is the directory of the root module.
var repository = sync.OnceValues(func() (string, error) {
	output, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find the repository: go env GOMOD: %w", err)
	}
	return filepath.Join(filepath.Dir(strings.TrimSpace(string(output))), "..", ".."), nil
})

// compiledProgram is the executable of the root module's main.go, compiled at most once in a process. The go command
// leaves it alone when nothing has changed, and puts a new one in its place in one step, so that several test processes
// may share it.
var compiledProgram = sync.OnceValues(func() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	executable := filepath.Join(root, ".pulumi-local", "bin", "program-under-test")
	if err := os.MkdirAll(filepath.Dir(executable), 0o755); err != nil {
		return "", err
	}
	command := exec.Command("go", "build", "-buildvcs=false", "-o", executable, ".")
	command.Dir = root
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("compile main.go:\n%s", output)
	}
	return executable, err
})

// languageRuntime is the address of the language host that runs the compiled program, shared by all stacks of a
// process: a run carries everything that belongs to its stack. The program sees no variable of the test's environment,
// in which a developer may have AWS settings.
var languageRuntime = sync.OnceValues(func() (string, error) {
	root, err := repository()
	if err != nil {
		return "", err
	}
	host, err := languagehost.Serve(languagehost.Program{
		Build:     func(context.Context) (string, error) { return compiledProgram() },
		Directory: root,
		// It lives for a tenth of a second: collecting garbage is not worth it.
		Environment: []string{"GOGC=off"},
	})
	if err != nil {
		return "", err
	}
	return host.Address(), nil
})
