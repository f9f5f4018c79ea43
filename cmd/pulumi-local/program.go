package main

import (
	"context"
	"sync"
)

// compileProgram compiles the project's main.go, once in a run of pulumi-local, and returns the executable.
func (p project) compileProgram(ctx context.Context) (string, error) {
	return p.program(), build(ctx, goBuild{
		what:      "the program",
		expect:    "the first time 2 to 5 minutes, later seconds",
		directory: p.root,
		output:    p.program(),
		pkg:       ".",
	})
}

// once makes the compilation happen at most once, whoever asks first.
func (p project) compileProgramOnce() func(context.Context) (string, error) {
	var (
		mutex sync.Mutex
		path  string
		err   error
		done  bool
	)
	return func(ctx context.Context) (string, error) {
		mutex.Lock()
		defer mutex.Unlock()
		if !done {
			path, err = p.compileProgram(ctx)
			done = true
		}
		return path, err
	}
}
