package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
)

// surroundingsFile says what is around the simulated account: an organization, the opt-in Regions that somebody enabled, and
// buckets and keys of other accounts.
const surroundingsFile = "simulated-account.yaml"

// surroundings are what a new simulated account finds around itself.
type surroundings struct {
	Organization *awssim.Organization
	OptInRegions []string // none is enabled in a new account of AWS
	Buckets      []struct {
		Name, Owner, Region string
		Key                 string // ARN of the key of its default encryption
		Policy              any
	}
	Keys []struct {
		Arn    string
		Policy any
	}
}

// readSurroundings reads the project's file; without one there is nothing around the account.
func (p project) readSurroundings() (found surroundings, err error) {
	path := filepath.Join(p.root, surroundingsFile)
	content, err := readYAML(path)
	if err != nil || len(content) == 0 {
		return found, err
	}
	text, err := json.Marshal(content)
	if err != nil {
		return found, fmt.Errorf("%s: %w", path, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&found); err != nil {
		return found, fmt.Errorf("%s: %w", path, err)
	}
	return found, nil
}

// put puts them around a new account.
func (s surroundings) put(a *awssim.Account) error {
	if err := a.EnableRegions(s.OptInRegions...); err != nil {
		return fmt.Errorf("%s: optInRegions: %w", surroundingsFile, err)
	}
	if s.Organization != nil {
		if err := a.Update(func(a *awssim.Account) { a.Settings.Organization = s.Organization }); err != nil {
			return err
		}
	}
	for _, key := range s.Keys {
		if err := a.AddExternalKey(key.Arn, asJSON(key.Policy)); err != nil {
			return err
		}
	}
	for _, bucket := range s.Buckets {
		if err := a.AddExternalBucket(awssim.ExternalBucket{
			Name: bucket.Name, Owner: bucket.Owner, Region: bucket.Region, KMSKeyARN: bucket.Key, Policy: asJSON(bucket.Policy),
		}); err != nil {
			return err
		}
	}
	return nil
}

func asJSON(policy any) string {
	if policy == nil {
		return ""
	}
	text, err := json.Marshal(policy)
	if err != nil { // it was decoded from JSON
		return ""
	}
	return string(text)
}
