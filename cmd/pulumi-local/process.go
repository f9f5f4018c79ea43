package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
)

// repeatedSignal is the time in which the same signal counts once. The CLI cancels gracefully at the first signal and
// stops hard at the second; tools such as timeout send one to the process and once more to its group.
const repeatedSignal = 500 * time.Millisecond

// runAttached runs the command and forwards signals to it until it ends.
//
// At a terminal the command shares pulumi-local's process group: it may read the keyboard, and Ctrl-C reaches it from the
// terminal, so that pulumi-local must not send it a second one. Without a terminal the command gets a group of its own
// and every signal from here, once.
func runAttached(command *exec.Cmd) error {
	terminal := cmdutil.InteractiveTerminal()
	if !terminal {
		cmdutil.RegisterProcessGroup(command)
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	var last time.Time
	for {
		select {
		case received := <-signals:
			if terminal && received == os.Interrupt || time.Since(last) < repeatedSignal {
				continue
			}
			last = time.Now()
			if err := command.Process.Signal(received); err != nil && !errors.Is(err, os.ErrProcessDone) {
				say("forward %v to the CLI: %v", received, err)
			}
		case err := <-ended:
			return exitCode(err)
		}
	}
}

// exitCode keeps the command's exit code. One that ended by a signal gets the shell's code for it.
func exitCode(err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitError(128 + int(status.Signal()))
	}
	return exitError(exit.ExitCode())
}
