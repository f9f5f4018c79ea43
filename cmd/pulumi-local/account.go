package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
)

// serveAccount serves the simulated account that is kept in the file. An account that exists keeps its id and partition
// when the options name none, and shows or hides the bill as before; a new one finds what the project says is around it.
func serveAccount(file string, o options, around surroundings) (*awssim.Server, error) {
	existing, err := readAccount(file)
	if err != nil {
		return nil, err
	}
	server, err := awssim.Serve(awssim.Options{
		File: file, AccountID: either(o.accountID, existing.ID), Partition: either(o.partition, existing.Partition),
		Caller: o.caller,
	})
	if err != nil {
		return nil, fmt.Errorf("%w\n`pulumi-local reset` forgets the account", err)
	}
	if existing.ID == "" {
		if err := around.put(server.Account()); err != nil {
			// The next try finds a new account again.
			if gone := os.Remove(file); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
				err = errors.Join(err, gone)
			}
			return nil, errors.Join(err, server.Close())
		}
	}
	if o.billing != "" {
		if err := server.Account().Update(func(a *awssim.Account) { a.Settings.BillingHidden = o.billing == billingHidden }); err != nil {
			return nil, errors.Join(err, server.Close())
		}
	}
	return server, nil
}

// accountIdentity is what pulumi-local reads of an account file.
type accountIdentity struct{ ID, Partition string }

func readAccount(file string) (accountIdentity, error) {
	var identity accountIdentity
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return identity, nil
	}
	if err != nil {
		return identity, err
	}
	if err := json.Unmarshal(text, &identity); err != nil {
		return identity, fmt.Errorf("%s is no account file; `pulumi-local reset` removes it: %w", file, err)
	}
	return identity, nil
}

func either(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// remains are what an account holds beyond what every account holds.
type remains struct {
	things  []string
	pending []string // scheduled for deletion
	linked  []string // service-linked roles, which AWS makes itself and keeps
}

// leftBehind compares the account in the file with a new one of the same identity. The comparison needs no knowledge of
// the services: whatever entry a new account does not have was left behind.
func leftBehind(file, scratchDirectory string, around surroundings) (remains, error) {
	identity, err := readAccount(file)
	if err != nil || identity.ID == "" {
		return remains{}, err
	}
	scratch, err := os.MkdirTemp(scratchDirectory, "new-account-")
	if err != nil {
		return remains{}, err
	}
	defer os.RemoveAll(scratch)
	fresh := filepath.Join(scratch, "account.json")
	server, err := serveAccount(fresh, options{accountID: identity.ID, partition: identity.Partition}, around)
	if err != nil {
		return remains{}, err
	}
	if err := server.Close(); err != nil {
		return remains{}, err
	}
	now, err := readJSON(file)
	if err != nil {
		return remains{}, err
	}
	empty, err := readJSON(fresh)
	if err != nil {
		return remains{}, err
	}
	return compareAccounts(now, empty), nil
}

// compareAccounts lists, by service and table, the entries that only the first account has.
func compareAccounts(account, empty map[string]any) remains {
	var found remains
	for service, tables := range objects(account) {
		emptyTables, _ := empty[service].(map[string]any)
		for table, entries := range objects(tables) {
			emptyEntries, _ := emptyTables[table].(map[string]any)
			for key, entry := range entries {
				if _, always := emptyEntries[key]; always {
					continue
				}
				name := service + " " + table + " " + key
				// https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html: a key waits 7 to 30 days.
				fields, _ := entry.(map[string]any)
				switch {
				case fields["DeletionPlanned"] == true:
					found.pending = append(found.pending, name)
				case strings.HasPrefix(name, "IAM Roles AWSServiceRoleFor"):
					found.linked = append(found.linked, key)
				default:
					found.things = append(found.things, name)
				}
			}
		}
	}
	slices.Sort(found.things)
	slices.Sort(found.pending)
	slices.Sort(found.linked)
	return found
}

// objects yields the values of a JSON object that are objects themselves.
func objects(object map[string]any) iter.Seq2[string, map[string]any] {
	return func(yield func(string, map[string]any) bool) {
		for key, value := range object {
			if branch, isObject := value.(map[string]any); isObject && !yield(key, branch) {
				return
			}
		}
	}
}

func readJSON(file string) (map[string]any, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var content map[string]any
	if err := json.Unmarshal(text, &content); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return content, nil
}
