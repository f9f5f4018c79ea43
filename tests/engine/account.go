package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
)

// withCallers is the content of an account to which the IAM principals of another one were added: those of a new account
// are its caller.
func withCallers(t require.TestingT, content, of []byte) []byte {
	var account, other map[string]any
	require.NoError(t, json.Unmarshal(content, &account))
	require.NoError(t, json.Unmarshal(of, &other))
	iam := object(account["IAM"])
	for table, principals := range object(other["IAM"]) {
		for name, principal := range object(principals) {
			known := object(iam[table])
			if known == nil {
				known = map[string]any{}
				iam[table] = known
			}
			if known[name] == nil {
				known[name] = principal
			}
		}
	}
	merged, err := json.Marshal(account)
	require.NoError(t, err)
	return merged
}

// Plant copies an entry of one of the account's tables, such as "S3", "Buckets" and a name, from the account of another
// stack: what somebody has made before the stack comes.
func (s *Stack) Plant(from *Stack, service, table, entry string) {
	s.t.Helper()
	var account, other map[string]any
	require.NoError(s.t, json.Unmarshal(s.AccountContent(), &account))
	require.NoError(s.t, json.Unmarshal(from.AccountContent(), &other))
	planted := object(object(other[service])[table])[entry]
	require.NotNil(s.t, planted, "there is no %s %s %s", service, table, entry)
	entries := object(object(account[service])[table])
	if entries == nil {
		entries = map[string]any{}
	}
	entries[entry] = planted
	object(account[service])[table] = entries
	content, err := json.Marshal(account)
	require.NoError(s.t, err)
	require.NoError(s.t, s.Account().Update(func(a *awssim.Account) { require.NoError(s.t, json.Unmarshal(content, a)) }))
}

// Remains are the places in the account that differ from a new account of the same identity, such as
// "S3.Buckets.logs". Keys that wait for their deletion count as gone:
// https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html.
func (s *Stack) Remains() []string {
	s.t.Helper()
	return DifferentAccounts(s.t, New(s.t, s.options).AccountContent(), s.AccountContent())
}

// DifferentAccounts are the places in which two accounts, as [Stack.AccountContent] gives them, differ. The counter of
// ids is no place, and keys that wait for their deletion count as gone.
func DifferentAccounts(t require.TestingT, one, other []byte) []string {
	var a, b map[string]any
	require.NoError(t, json.Unmarshal(one, &a))
	require.NoError(t, json.Unmarshal(other, &b))
	delete(a, "Sequence")
	delete(b, "Sequence")
	var places []string
	different("", a, b, &places)
	slices.Sort(places)
	return places
}

func different(place string, a, b any, places *[]string) {
	aMap, bMap := object(a), object(b)
	if aMap == nil || bMap == nil {
		if !reflect.DeepEqual(a, b) {
			*places = append(*places, place)
		}
		return
	}
	keys := maps.Clone(aMap)
	maps.Copy(keys, bMap)
	for key := range keys {
		inA, inB := aMap[key], bMap[key]
		if gone(inA) && gone(inB) {
			continue
		}
		inner := key
		if place != "" {
			inner = fmt.Sprintf("%s.%s", place, key)
		}
		if gone(inA) || gone(inB) {
			*places = append(*places, inner)
			continue
		}
		different(inner, inA, inB, places)
	}
}

func object(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

// gone says whether there is nothing: no entry, a table without any, or a key that waits for its deletion.
func gone(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		if v["DeletionPlanned"] == true {
			return true
		}
		for _, entry := range v {
			if !gone(entry) {
				return false
			}
		}
		return true
	}
	return false
}
