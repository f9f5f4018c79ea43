package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// progressInterval is the pause between two signs of life during a long build.
const progressInterval = 15 * time.Second

// goBuild is one executable to compile.
type goBuild struct {
	what      string // for the user
	expect    string // how long it may take
	directory string // of the module
	pkg       string
	output    string
	ldflags   string
}

// build compiles the executable. It says so when there is something to wait for: a build from a warm cache stays silent.
// A half-written executable never stands where the finished one is expected.
func build(ctx context.Context, b goBuild) error {
	if _, err := exec.LookPath("go"); err != nil {
		return fmt.Errorf("build %s: the go command is not on PATH; install Go from https://go.dev/dl/", b.what)
	}
	unfinished := b.output + ".unfinished"
	if _, err := os.Stat(b.output); err == nil {
		// go build leaves an up-to-date file alone, which saves the linking.
		unfinished = b.output
	}
	// Without the state of git in it the executable stays up to date when only a commit was made.
	command := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", unfinished, "-ldflags", b.ldflags, b.pkg)
	command.Dir = b.directory
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output

	stop := reportProgress(b)
	err := command.Run()
	stop(err == nil)
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return fmt.Errorf("build %s: go build failed:\n%s", b.what, bytes.TrimRight(output.Bytes(), "\n"))
		}
		return fmt.Errorf("build %s: %w", b.what, err)
	}
	if unfinished == b.output {
		return nil
	}
	return os.Rename(unfinished, b.output)
}

// reportProgress says what is being built after a short while, then gives a sign of life at every interval. Call stop at
// the end with whether it went well.
func reportProgress(b goBuild) (stop func(finished bool)) {
	start := time.Now()
	done, ended := make(chan bool), make(chan struct{})
	go func() {
		defer close(ended)
		announced := false
		next := time.NewTimer(2 * time.Second)
		defer next.Stop()
		for {
			select {
			case <-next.C:
				if announced {
					say("building %s: %d s", b.what, int(time.Since(start).Seconds()))
				} else {
					say("building %s (%s)", b.what, b.expect)
				}
				announced = true
				next.Reset(progressInterval)
			case finished := <-done:
				if announced && finished {
					say("built %s in %d s", b.what, int(time.Since(start).Seconds()))
				}
				return
			}
		}
	}()
	return func(finished bool) { done <- finished; <-ended }
}
