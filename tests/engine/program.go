package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/seed-8894d46d/account-baseline/cmd/pulumi-local/languagehost"
	"github.com/seed-8894d46d/account-baseline/tests/engine/usage"
)

// repository is the directory of the root module.
var repository = sync.OnceValues(func() (string, error) {
	output, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find the repository: go env GOMOD: %w", err)
	}
	return filepath.Join(filepath.Dir(strings.TrimSpace(string(output))), "..", ".."), nil
})

// compiledProgram is the executable of the root module's main.go, compiled at most once in a process. The go command keeps
// one for all processes, and leaves it alone when nothing has changed; each process runs a copy of its own, so that all of
// its operations run the same program while somebody works on it.
var compiledProgram = sync.OnceValues(func() (string, error) {
	if given := os.Getenv(programVariable); given != "" {
		return given, nil
	}
	root, err := repository()
	if err != nil {
		return "", err
	}
	binaries := filepath.Join(root, ".pulumi-local", "bin")
	shared := filepath.Join(binaries, "program-under-test")
	if err := os.MkdirAll(binaries, 0o755); err != nil {
		return "", err
	}
	command := exec.Command("go", "build", "-buildvcs=false", "-o", shared, ".")
	command.Dir = root
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("compile main.go:\n%s", output)
	}
	if err != nil {
		return "", err
	}
	own, err := os.MkdirTemp(binaries, "under-test-")
	if err != nil {
		return "", err
	}
	ownProgram = own
	executable := filepath.Join(own, "account-baseline")
	return executable, copyExecutable(shared, executable)
})

// ownProgram is the directory of the process's own copy; empty before there is one.
var ownProgram string

func copyExecutable(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

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

// measured is the language host of a stack whose program is measured, and runs as it does for everybody.
func (s *Stack) measured() (string, error) {
	if s.meter != nil {
		return s.meter.address, nil
	}
	root, err := repository()
	if err != nil {
		return "", err
	}
	program, err := compiledProgram()
	if err != nil {
		return "", err
	}
	meter, err := usage.NewMeter(s.t.TempDir())
	if err != nil {
		return "", err
	}
	host, err := languagehost.Serve(languagehost.Program{
		Build:       func(context.Context) (string, error) { return meter.Executable(), nil },
		Directory:   root,
		Environment: meter.Environment(program),
	})
	if err != nil {
		return "", err
	}
	s.t.Cleanup(func() { _ = host.Close() })
	s.meter = &meteredHost{Meter: meter, address: host.Address()}
	return s.meter.address, nil
}

type meteredHost struct {
	usage.Meter
	address string
}
