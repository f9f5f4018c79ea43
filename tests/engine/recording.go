package engine

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// Recording is a deployed stack as a version of the program has left it: what a later version previews. The account is not
// part of it, since a preview asks the account for little more than its Regions.
type Recording struct {
	Settings map[string]any        `json:"settings"`
	State    *apitype.DeploymentV3 `json:"state"`
}

// Record is the stack as it is.
func (s *Stack) Record() (Recording, error) {
	text, err := json.Marshal(s.settings)
	if err != nil {
		return Recording{}, err
	}
	r := Recording{State: s.state}
	return r, json.Unmarshal(text, &r.Settings)
}

// Restore makes the stack the one that was recorded, settings and state.
func (s *Stack) Restore(r Recording) {
	s.settings, s.state = Settings(r.Settings), r.State
}

// Write writes the recording to a file, compressed. The same recording gives the same file.
func (r Recording) Write(path string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	compressed := gzip.NewWriter(file)
	_, err = compressed.Write(text)
	return errors.Join(err, compressed.Close(), file.Close())
}

// ReadRecording reads what Write has written.
func ReadRecording(path string) (r Recording, err error) {
	file, err := os.Open(path)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	compressed, err := gzip.NewReader(file)
	if err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	if err := json.NewDecoder(compressed).Decode(&r); err != nil {
		return r, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}
