package eventpattern

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// step goes one level down: to a member, to an element, or to all of them.
type step struct {
	name  string
	index int // of an element, when name is ""
	all   bool
}

// stepPattern is the part of JSON path that EventBridge supports: dot notation with letters, digits, _, - and /, array
// indices and the wildcard.
var stepPattern = regexp.MustCompile(`^(?:\.([A-Za-z0-9_/-]+)|\.(\*)|\[([0-9]{1,6})\]|\[(\*)\])`)

func parsePath(path string) ([]step, error) {
	rest, found := strings.CutPrefix(path, "$")
	if !found {
		return nil, fmt.Errorf("%q is not a JSON path: it must start with $", path)
	}
	var steps []step
	for rest != "" {
		m := stepPattern.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("%q: EventBridge does not support %q; use dots, names, [0] and *", path, rest)
		}
		s := step{name: m[1], all: m[2] != "" || m[4] != ""}
		if m[3] != "" {
			s.index, _ = strconv.Atoi(m[3])
		}
		steps = append(steps, s)
		rest = rest[len(m[0]):]
	}
	return steps, nil
}

// find follows the steps. With a wildcard the result is the list of everything found.
func find(v any, steps []step) (any, bool) {
	if len(steps) == 0 {
		return v, true
	}
	s, rest := steps[0], steps[1:]
	if s.all {
		return findAll(v, rest)
	}
	switch v := v.(type) {
	case map[string]any:
		if item, ok := v[s.name]; ok && s.name != "" {
			return find(item, rest)
		}
	case []any:
		if s.name == "" && s.index < len(v) {
			return find(v[s.index], rest)
		}
	}
	return nil, false
}

func findAll(v any, rest []step) (any, bool) {
	var items []any
	switch v := v.(type) {
	case []any:
		items = v
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			items = append(items, v[name])
		}
	default:
		return nil, false
	}
	found := []any{}
	for _, item := range items {
		if got, ok := find(item, rest); ok {
			found = append(found, got)
		}
	}
	return found, true
}
