package eventpattern

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

const (
	invalidPattern = "InvalidEventPatternException"
	// maxPattern is the default quota of an event pattern in characters; a quota increase allows up to 4,096.
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
	maxPattern = 2048
	// maxCombinations is the most alternatives that the $or of a pattern may multiply to.
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
	maxCombinations = 1000
	orKey           = "$or"
)

// Pattern is a parsed event pattern. It is immutable and safe for concurrent use.
type Pattern struct{ root *object }

// object is a JSON object of the pattern: all fields and all $or lists must hold.
type object struct {
	fields []field
	ors    [][]*object
}

// field holds an object, or the alternatives of a leaf.
type field struct {
	name     string
	path     string
	object   *object
	matchers []matcher
}

// Parse reads an event pattern. A refusal is an [*Error] with code InvalidEventPatternException.
func Parse(pattern string) (*Pattern, error) {
	if size := utf8.RuneCountInString(pattern); size > maxPattern {
		return nil, refusal("the pattern has %d characters; the quota is %d", size, maxPattern)
	}
	v, err := decode(pattern)
	if err != nil {
		return nil, refusal("%v", err)
	}
	members, ok := v.(map[string]any)
	if !ok {
		return nil, refusal("Filter is not an object")
	}
	root, err := newObject(members, "")
	if err != nil {
		return nil, err
	}
	if n := root.combinations(); n > maxCombinations {
		return nil, refusal("$or multiplies to %d combinations; the limit is %d", n, maxCombinations)
	}
	return &Pattern{root}, nil
}

func refusal(format string, arguments ...any) *Error {
	return &Error{invalidPattern, "Event pattern is not valid. Reason: " + fmt.Sprintf(format, arguments...)}
}

func newObject(members map[string]any, path string) (*object, error) {
	if len(members) == 0 {
		return nil, refusal("Empty objects are not allowed, at %s", place(path))
	}
	o := &object{}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if alternatives, ok := orObjects(name, members[name]); ok {
			list, err := newAlternatives(alternatives, path)
			if err != nil {
				return nil, err
			}
			o.ors = append(o.ors, list)
			continue
		}
		f, err := newField(name, members[name], path)
		if err != nil {
			return nil, err
		}
		o.fields = append(o.fields, f)
	}
	return o, nil
}

func place(path string) string {
	if path == "" {
		return "the top level"
	}
	return path
}

func newField(name string, v any, parent string) (field, error) {
	f := field{name: name, path: name}
	if parent != "" {
		f.path = parent + "." + name
	}
	var err error
	switch v := v.(type) {
	case map[string]any:
		f.object, err = newObject(v, f.path)
	case []any:
		f.matchers, err = newMatchers(v, f.path)
	default:
		err = refusal("%q must be an object or an array", f.path)
	}
	return f, err
}

// orObjects recognises $or as EventBridge does: a list of at least two objects none of which has an operator for a key.
// Everything else called $or is an ordinary field.
func orObjects(name string, v any) ([]map[string]any, bool) {
	list, ok := v.([]any)
	if name != orKey || !ok || len(list) < 2 {
		return nil, false
	}
	objects := make([]map[string]any, len(list))
	for i, item := range list {
		o, ok := item.(map[string]any)
		if !ok || len(o) == 0 {
			return nil, false
		}
		for key := range o {
			if _, reserved := operators[key]; reserved {
				return nil, false
			}
		}
		objects[i] = o
	}
	return objects, true
}

func newAlternatives(objects []map[string]any, path string) ([]*object, error) {
	alternatives := make([]*object, len(objects))
	for i, members := range objects {
		o, err := newObject(members, path)
		if err != nil {
			return nil, err
		}
		alternatives[i] = o
	}
	return alternatives, nil
}

// combinations counts the patterns without $or that together mean the same; it stops growing beyond the limit.
func (o *object) combinations() int {
	n := 1
	for _, f := range o.fields {
		if f.object != nil {
			n *= f.object.combinations()
		}
		n = min(n, maxCombinations+1)
	}
	for _, alternatives := range o.ors {
		sum := 0
		for _, alternative := range alternatives {
			sum += alternative.combinations()
		}
		n = min(n*sum, maxCombinations+1)
	}
	return n
}

// Matches decides an event, given as its JSON envelope. It fails only if that is not a JSON object.
func (p *Pattern) Matches(event string) (bool, error) {
	envelope, err := decodeEvent(event)
	if err != nil {
		return false, err
	}
	leaves := map[string]bool{}
	collectLeaves(envelope, "", leaves)
	return p.root.holds(envelope, leaves), nil
}

// collectLeaves notes the paths that hold a value; exists looks at these only, so an object counts as absent, and an
// empty list does too.
func collectLeaves(v any, path string, leaves map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, item := range v {
			below := name
			if path != "" {
				below = path + "." + name
			}
			collectLeaves(item, below, leaves)
		}
	case []any:
		for _, item := range v {
			collectLeaves(item, path, leaves)
		}
	default:
		leaves[path] = true
	}
}

func (o *object) holds(event map[string]any, leaves map[string]bool) bool {
	for _, f := range o.fields {
		if !f.holds(event[f.name], leaves) {
			return false
		}
	}
	for _, alternatives := range o.ors {
		if !slices.ContainsFunc(alternatives, func(a *object) bool { return a.holds(event, leaves) }) {
			return false
		}
	}
	return true
}

func (f field) holds(v any, leaves map[string]bool) bool {
	if f.object != nil {
		objects := flatten[map[string]any](v)
		if len(objects) == 0 {
			// Below something absent only exists:false can hold.
			return f.object.holds(nil, leaves)
		}
		// In a list of objects one and the same object must meet the pattern.
		return slices.ContainsFunc(objects, func(e map[string]any) bool { return f.object.holds(e, leaves) })
	}
	values := scalars(v)
	if !leaves[f.path] {
		values = nil
	}
	return slices.ContainsFunc(f.matchers, func(m matcher) bool {
		if m.absent {
			return !leaves[f.path]
		}
		return slices.ContainsFunc(values, m.match)
	})
}

// flatten collects the values of one type from a value or from lists in lists.
func flatten[T any](v any) []T {
	if list, ok := v.([]any); ok {
		var all []T
		for _, item := range list {
			all = append(all, flatten[T](item)...)
		}
		return all
	}
	if t, ok := v.(T); ok {
		return []T{t}
	}
	return nil
}

// scalars collects strings, numbers, booleans and nulls from a value or from lists in lists.
func scalars(v any) []any {
	switch v := v.(type) {
	case []any:
		var all []any
		for _, item := range v {
			all = append(all, scalars(item)...)
		}
		return all
	case string, json.Number, bool, nil:
		return []any{v}
	default:
		return nil
	}
}
