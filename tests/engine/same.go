package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
)

// DifferentStacks are the places in which the accounts and the states of two stacks differ, however they came about:
// what AWS and Pulumi made up, ids and the ends of automatic names, counts as the same when it belongs to the same
// resource. Something that no state knows is a difference.
func DifferentStacks(t require.TestingT, one, other *Stack) []string {
	account, state := one.canonical(t)
	otherAccount, otherState := other.canonical(t)
	places := DifferentAccounts(t, account, otherAccount)
	var a, b map[string]any
	require.NoError(t, json.Unmarshal(state, &a))
	require.NoError(t, json.Unmarshal(otherState, &b))
	different("state", a, b, &places)
	return places
}

// automaticName is the end that Pulumi gives to names: https://www.pulumi.com/docs/iac/concepts/resources/names/.
const automaticName = `-([0-9a-f]{7})\b`

// canonical are the contents of account and state, with what was made up named after the resource that first shows it.
func (s *Stack) canonical(t require.TestingT) (account, state []byte) {
	ids := s.Account().IDs()
	names := map[int]string{}
	resources := s.Resources()
	ends := map[string]string{}
	for _, urn := range slices.Sorted(maps.Keys(resources)) {
		r := resources[urn]
		shown, err := json.Marshal([]any{r.ID, r.Outputs})
		require.NoError(t, err)
		for _, end := range regexp.MustCompile(regexp.QuoteMeta(r.URN.Name())+automaticName).FindAllStringSubmatch(string(shown), -1) {
			ends[end[1]] = r.URN.Name()
		}
		count := 0
		ids.Rename(string(shown), func(n int) string {
			if names[n] == "" {
				count++
				names[n] = fmt.Sprintf("(%s %d)", r.URN.Name(), count)
			}
			return ""
		})
	}
	text, err := json.Marshal(comparableState(resources))
	require.NoError(t, err)
	renaming := renaming{ids: ids, names: names, ends: ends}
	return renaming.of(t, s.comparableAccount(t)), renaming.of(t, text)
}

// comparableAccount is the account with the last version of each object: a call that is repeated may write once more,
// as AWS Config does to find out that it can. Attached policies have no order.
func (s *Stack) comparableAccount(t require.TestingT) []byte {
	var account map[string]any
	require.NoError(t, json.Unmarshal(s.AccountContent(), &account))
	for _, bucket := range object(object(account["S3"])["Buckets"]) {
		objects := object(object(bucket)["Objects"])
		for key, versions := range objects {
			if versions, ok := versions.([]any); ok && len(versions) > 0 {
				objects[key] = versions[len(versions)-1]
			}
		}
	}
	for _, principals := range object(account["IAM"]) {
		for _, principal := range object(principals) {
			if attached, ok := object(principal)["Attached"].([]any); ok {
				slices.SortFunc(attached, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			}
		}
	}
	content, err := json.Marshal(account)
	require.NoError(t, err)
	return content
}

// renaming gives names to what was made up.
type renaming struct {
	ids   awssim.IDs
	names map[int]string    // of ids, by their number
	ends  map[string]string // of automatic names
}

func (r *renaming) of(t require.TestingT, content []byte) []byte {
	var value any
	require.NoError(t, json.Unmarshal(content, &value))
	renamed, err := json.Marshal(r.value(value))
	require.NoError(t, err)
	return renamed
}

// value renames in a value. What no resource shows is the same everywhere.
func (r *renaming) value(value any) any {
	switch value := value.(type) {
	case map[string]any:
		// Of entries that no resource shows, the content gives the order.
		entries := map[string][]string{}
		content := map[string]any{}
		for key, inner := range value {
			name, inner := r.text(key), r.value(inner)
			text, err := json.Marshal(inner)
			if err != nil {
				panic(err) // it came from JSON
			}
			entries[name] = append(entries[name], string(text))
			content[string(text)] = inner
		}
		renamed := map[string]any{}
		for name, texts := range entries {
			slices.Sort(texts)
			renamed[name] = content[texts[0]]
			for i, text := range texts[1:] {
				renamed[fmt.Sprintf("%s and %d more", name, i+1)] = content[text]
			}
		}
		return renamed
	case []any:
		for i, inner := range value {
			value[i] = r.value(inner)
		}
		return value
	case string:
		return r.text(value)
	default:
		return value
	}
}

func (r *renaming) text(text string) string {
	text = r.ids.Rename(text, func(n int) string {
		if name := r.names[n]; name != "" {
			return name
		}
		return "(unknown)"
	})
	for end, name := range r.ends {
		text = strings.ReplaceAll(text, "-"+end, "-("+name+")")
	}
	return text
}

// comparableState is a state without times, without the order of what has none, and without ids of providers.
func comparableState(resources map[string]apitype.ResourceV3) map[string]apitype.ResourceV3 {
	all := map[string]apitype.ResourceV3{}
	for urn, r := range resources {
		r.Created, r.Modified = nil, nil
		r.Provider = withoutID(r.Provider)
		if strings.HasPrefix(string(r.Type), "pulumi:providers:") {
			r.ID = ""
		}
		r.Dependencies = slices.Clone(r.Dependencies)
		slices.Sort(r.Dependencies)
		needed := r.PropertyDependencies
		r.PropertyDependencies = map[resource.PropertyKey][]resource.URN{}
		for property, urns := range needed {
			if len(urns) > 0 {
				r.PropertyDependencies[property] = slices.Sorted(slices.Values(urns))
			}
		}
		all[urn] = r
	}
	return all
}

// withoutID is a reference to a provider, URN::ID, without the id.
func withoutID(reference string) string {
	if i := strings.LastIndex(reference, "::"); i >= 0 {
		return reference[:i]
	}
	return reference
}
