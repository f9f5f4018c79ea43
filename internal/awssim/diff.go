package awssim

import (
	"encoding/json"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// change is one difference between old and new inputs.
type change struct {
	at   resource.PropertyPath // where, list indices included
	path string                // the same as a schema path
	kind pulumirpc.PropertyDiff_Kind
}

// diffInputs lists the differences that matter. Absent, null, zero values and empty
// collections are the same; JSON documents compare by meaning.
func diffInputs(s *typeSchema, old, in props) []change {
	var changes []change
	var walk func(o, n any, at resource.PropertyPath, path string)
	walk = func(o, n any, at resource.PropertyPath, path string) {
		given := slices.Contains(s.Explicit, path) && (n != nil || isItem(at))
		if path != "" { // no inputs at all are inputs nevertheless
			o, n = s.effective(path, o), s.effective(path, n)
		}
		if o == nil && n == nil || n == nil && !given && slices.Contains(s.Computed, path) {
			return
		}
		if !isUnknown(o) && !isUnknown(n) {
			if oo, ok := o.(map[string]any); ok {
				if no, ok := n.(map[string]any); ok {
					keys := map[string]bool{}
					for k := range oo {
						keys[k] = true
					}
					for k := range no {
						keys[k] = true
					}
					for _, k := range sortedKeys(keys) {
						if k != defaultsKey {
							walk(oo[k], no[k], append(at[:len(at):len(at)], k), join(path, k))
						}
					}
					return
				}
			}
			if ol, ok := o.([]any); ok {
				if nl, ok := n.([]any); ok {
					for i := range max(len(ol), len(nl)) {
						walk(item(ol, i), item(nl, i), append(at[:len(at):len(at)], i), path)
					}
					return
				}
			}
			if sameScalar(o, n) || s.isDocument(path) && sameDocument(o, n) {
				return
			}
		}
		kind := pulumirpc.PropertyDiff_UPDATE
		switch {
		case o == nil:
			kind = pulumirpc.PropertyDiff_ADD
		case n == nil:
			kind = pulumirpc.PropertyDiff_DELETE
		}
		changes = append(changes, change{at, path, kind})
	}
	walk(map[string]any(old), map[string]any(in), nil, "")
	return changes
}

// isItem tells whether the path ends in a list's index.
func isItem(at resource.PropertyPath) bool {
	if len(at) == 0 {
		return false
	}
	_, index := at[len(at)-1].(int)
	return index
}

func item(l []any, i int) any {
	if i < len(l) {
		return l[i]
	}
	return nil
}

// blank tells whether the provider takes v for a property that is not set.
func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// sameScalar compares strings, numbers and booleans; "true" and true, "1" and 1 are
// the same to the provider.
func sameScalar(a, b any) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	sa, oka := scalarText(a)
	sb, okb := scalarText(b)
	return oka && okb && sa == sb
}

func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool, float64:
		text, err := json.Marshal(v)
		return string(text), err == nil
	}
	return "", false
}

// replaces tells whether a change at the path replaces the resource: the path itself
// is such a property, or lies inside one, or a whole object with one in it came or went.
func (s *typeSchema) replaces(path string) bool {
	for _, r := range s.Replaces {
		if path == r || strings.HasPrefix(path, r+".") || strings.HasPrefix(r, path+".") {
			return true
		}
	}
	return false
}

// diffResponse puts the changes into the engine's form.
func diffResponse(s *typeSchema, old, in props, changes []change) *pulumirpc.DiffResponse {
	res := &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE, HasDetailedDiff: true,
		DetailedDiff: map[string]*pulumirpc.PropertyDiff{}}
	diffs, replaces := map[string]bool{}, map[string]bool{}
	for _, c := range changes {
		res.Changes = pulumirpc.DiffResponse_DIFF_SOME
		top, _ := c.at[0].(string)
		diffs[top] = true
		kind := c.kind
		if s.replaces(c.path) || c.kind == pulumirpc.PropertyDiff_ADD && slices.Contains(s.ReplacesWhenAdded, c.path) {
			replaces[top] = true
			kind++ // the _REPLACE variant follows each kind
		}
		res.DetailedDiff[c.at.String()] = &pulumirpc.PropertyDiff{Kind: kind, InputDiff: true}
	}
	res.Diffs, res.Replaces = sortedKeys(diffs), sortedKeys(replaces)
	// A name that the program fixes cannot stand twice: the old resource goes first.
	if n := s.AutoName; n != nil && len(replaces) > 0 && !replaces[n.Property] && !generated(in, n.Property) &&
		str(old, n.Property) != "" && str(old, n.Property) == str(in, n.Property) {
		res.DeleteBeforeReplace = true
	}
	return res
}

// sameDocument compares two JSON documents by meaning, as AWS gives policies back:
// white space, the order of keys, of statements' value lists and of objects in
// conditions do not count, nor does a single value in place of a list of one.
func sameDocument(a, b any) bool {
	sa, oka := a.(string)
	sb, okb := b.(string)
	if !oka || !okb {
		return false
	}
	var da, db any
	if json.Unmarshal([]byte(sa), &da) != nil || json.Unmarshal([]byte(sb), &db) != nil {
		return false
	}
	if isPolicy(da) && isPolicy(db) {
		da, db = canonical(da), canonical(db)
	}
	return reflect.DeepEqual(da, db)
}

func isPolicy(v any) bool {
	o, ok := v.(map[string]any)
	return ok && o["Statement"] != nil
}

// canonical brings a policy document into one of its equivalent forms.
func canonical(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = canonical(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = canonical(e)
		}
		sort.Slice(out, func(i, j int) bool { return jsonText(out[i]) < jsonText(out[j]) })
		if len(out) == 1 {
			return out[0]
		}
		return out
	}
	return v
}

func jsonText(v any) string {
	text, _ := json.Marshal(v) // values come out of a JSON decoder
	return string(text)
}
