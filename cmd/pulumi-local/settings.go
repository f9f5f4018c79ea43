package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/encoding"
)

// The CLI runs in a copy of the project's settings, because it writes into them: a stack's encryption salt on the first
// run, what `config set` changes, the deletion of the file by `stack rm`. The copy is made anew for each run from
//
//	Pulumi.<stack>.yaml               the user's, never written
//	.pulumi-local/settings/<same>     what was changed for the simulated stack only
//	the salt that the copy had before
//
// and afterwards what the CLI changed in it is kept as the new second part.

// encryptionKeys are the fields of a stack's file that say how its secrets are encrypted. They differ between the
// simulated stack and a real one of the same name.
var encryptionKeys = []string{"encryptionsalt", "encryptedkey", "secretsprovider"}

// stackSettings are the settings of one stack during a run.
type stackSettings struct {
	file  string // the name, as "Pulumi.dev.yaml"
	users map[string]any
}

// prepareSettings makes the copies.
func (p project) prepareSettings() ([]stackSettings, error) {
	text, err := os.ReadFile(filepath.Join(p.root, "Pulumi.yaml"))
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(p.copy(), "Pulumi.yaml"), text, 0o600); err != nil {
		return nil, err
	}
	files, err := p.settingsFiles()
	if err != nil {
		return nil, err
	}
	var prepared []stackSettings
	for _, file := range files {
		settings, err := p.prepareStack(file)
		if err != nil {
			return nil, err
		}
		prepared = append(prepared, settings)
	}
	return prepared, nil
}

// settingsFiles are the names of all stacks' files, the user's and those that exist for the simulated account only.
func (p project) settingsFiles() ([]string, error) {
	names := map[string]bool{}
	for _, directory := range []string{p.root, p.copy(), p.settings()} {
		files, err := filepath.Glob(filepath.Join(directory, "Pulumi.*.yaml"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			names[filepath.Base(file)] = true
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}

func (p project) prepareStack(file string) (stackSettings, error) {
	users, err := readYAML(filepath.Join(p.root, file))
	if err != nil {
		return stackSettings{}, err
	}
	before, err := readYAML(filepath.Join(p.copy(), file))
	if err != nil {
		return stackSettings{}, err
	}
	changed, err := readYAML(filepath.Join(p.settings(), file))
	if err != nil {
		return stackSettings{}, err
	}
	for _, key := range encryptionKeys {
		delete(users, key)
	}
	effective := overlay(users, changed)
	secrets := foreignSecrets(users, changed)
	for _, path := range secrets {
		remove(effective, path)
		say("%s: %s is a secret of your real stack and is left out; "+
			"`config set --secret` gives the simulated one its own", file, strings.Join(path, "."))
	}
	if changes := leaves(changed); len(changes) > 0 {
		say("%s: changed for the simulated stack only, until `reset`: %s", file, strings.Join(changes, ", "))
	}
	for _, key := range encryptionKeys {
		if value, exists := before[key]; exists {
			effective[key] = value
		}
	}
	return stackSettings{file, users}, writeYAML(filepath.Join(p.copy(), file), effective)
}

// keepSettings keeps what the CLI changed in the copies. Settings whose copy it deleted, with the stack, are forgotten.
func (p project) keepSettings(prepared []stackSettings) error {
	known := map[string]map[string]any{}
	for _, settings := range prepared {
		known[settings.file] = settings.users
	}
	files, err := p.settingsFiles()
	if err != nil {
		return err
	}
	var failures error
	for _, file := range files {
		kept := filepath.Join(p.settings(), file)
		if !isFile(filepath.Join(p.copy(), file)) {
			if err := os.Remove(kept); !errors.Is(err, fs.ErrNotExist) {
				failures = errors.Join(failures, err)
			}
			continue
		}
		after, err := readYAML(filepath.Join(p.copy(), file))
		if err != nil {
			failures = errors.Join(failures, err)
			continue
		}
		for _, key := range encryptionKeys {
			delete(after, key)
		}
		users := known[file]
		// Secrets of the user's were left out of the copy; that is no change of the CLI's.
		for _, path := range foreignSecrets(users, after) {
			remove(users, path)
		}
		failures = errors.Join(failures, writeOrRemoveYAML(kept, difference(users, after)))
	}
	return failures
}

func readYAML(path string) (map[string]any, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]any{}, nil
	}
	if err != nil {
		return nil, err
	}
	content := map[string]any{}
	if err := encoding.YAML.Unmarshal(text, &content); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if content == nil {
		content = map[string]any{}
	}
	return content, nil
}

func writeYAML(path string, content map[string]any) error {
	text, err := encoding.YAML.Marshal(content)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, text, 0o600)
}

func writeOrRemoveYAML(path string, content map[string]any) error {
	if len(content) > 0 {
		return writeYAML(path, content)
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
