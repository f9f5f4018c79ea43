package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// project is a Pulumi project in the module that pulumi-local belongs to: that of the module's root, or a small one below
// it such as an example.
type project struct {
	root   string // directory of Pulumi.yaml
	module string // directory of go.mod
}

// findProject looks for the project in the directory and in those above it, and for the module from there on.
func findProject(directory string) (project, error) {
	start, err := filepath.Abs(directory)
	if err != nil {
		return project{}, err
	}
	found := project{}
	for at := start; ; at = filepath.Dir(at) {
		if found.root == "" && isFile(filepath.Join(at, "Pulumi.yaml")) {
			found.root = at
		}
		if isFile(filepath.Join(at, "go.mod")) && found.root != "" {
			found.module = at
			return found, nil
		}
		if at == filepath.Dir(at) {
			return project{}, fmt.Errorf("no Pulumi.yaml in %s or above it within a Go module; run it in the project", start)
		}
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// directory holds all that is kept between runs. Everything under it may be deleted at any time. Each project of the module has
// an account of its own; the built CLI is shared.
func (p project) directory() string {
	if p.root == p.module {
		return p.shared()
	}
	below, err := filepath.Rel(p.module, p.root)
	if err != nil { // both are absolute
		below = filepath.Base(p.root)
	}
	return filepath.Join(p.shared(), "projects", below)
}

func (p project) shared() string { return filepath.Join(p.module, ".pulumi-local") }

func (p project) path(elements ...string) string {
	return filepath.Join(append([]string{p.directory()}, elements...)...)
}

func (p project) account() string  { return p.path("account.json") }
func (p project) state() string    { return p.path("state") }
func (p project) home() string     { return p.path("home") }
func (p project) copy() string     { return p.path("project") }
func (p project) settings() string { return p.path("settings") }
func (p project) program() string  { return p.path("bin", "program"+executableSuffix) }
func (p project) cli() string      { return filepath.Join(p.shared(), "bin", "pulumi"+executableSuffix) }
func (p project) tools() string    { return filepath.Join(p.module, "tools") }

// create makes the directories. The directory ignores itself, so that it stays out of git in any project it is used in.
func (p project) create() error {
	for _, directory := range []string{filepath.Join(p.shared(), "bin"), p.path("bin"), p.state(), p.home(), p.copy(), p.settings()} {
		if err := os.MkdirAll(directory, 0o700); err != nil {
			return err
		}
	}
	ignore := filepath.Join(p.shared(), ".gitignore")
	if isFile(ignore) {
		return nil
	}
	return os.WriteFile(ignore, []byte("*\n"), 0o600)
}

// reset forgets the account, the state and the settings. The built CLI and program stay: they hold nothing of the account.
func (p project) reset() error {
	var failures error
	for _, path := range []string{p.account(), p.state(), p.home(), p.copy(), p.settings()} {
		failures = errors.Join(failures, os.RemoveAll(path))
	}
	if failures == nil {
		say("the simulated account, its state and its settings are gone")
	}
	return failures
}

// stacks are the names of the stacks in the state directory.
func (p project) stacks() ([]string, error) {
	// The layout of the CLI's backend in a local directory: .pulumi/stacks/PROJECT/STACK.json.
	files, err := filepath.Glob(filepath.Join(p.state(), ".pulumi", "stacks", "*", "*.json"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range files {
		name := filepath.Base(file)
		names = append(names, name[:len(name)-len(".json")])
	}
	return names, nil
}

// unlockState removes the locks that an interrupted CLI left in the state. Whoever holds the project's lock knows that
// no other CLI works on it.
func (p project) unlockState() error {
	return os.RemoveAll(filepath.Join(p.state(), ".pulumi", "locks"))
}
