package filterpattern

import (
	"regexp"
	"strconv"
	"strings"
)

// step goes from a JSON value to those it holds: to a property, an element, or all of them.
type step struct {
	property string
	index    int  // of an array when isIndex
	isIndex  bool // [0]
	every    bool // .* or [*]
}

// selector is a way from the root of an event to its values.
type selector []step

// The parts of a selector: .name, .*, ['a name'] or .['a name'], [0] and [*].
var (
	selectorPart = regexp.MustCompile(`^(?:\.([A-Za-z0-9_-]+)|(\.\*)|\.?\['([^']+)'\]|\[([0-9]+)\]|(\[\*\]))`)
)

// newSelector reads a property selector, which has at most one wildcard.
func newSelector(text string) (selector, error) {
	rest := strings.TrimPrefix(text, "$")
	var s selector
	for rest != "" {
		part := selectorPart.FindStringSubmatch(rest)
		if part == nil {
			return nil, refusal("the property selector %s is not understood from '%s' on; names hold letters, digits, hyphens and underscores, others are written $.['a.name']", text, rest)
		}
		rest = rest[len(part[0]):]
		switch name, element := part[1]+part[3], part[4]; {
		case name != "":
			s = append(s, step{property: name})
		case element != "":
			index, err := strconv.Atoi(element)
			if err != nil {
				return nil, refusal("the property selector %s has an index beyond all arrays", text)
			}
			s = append(s, step{index: index, isIndex: true})
		default:
			s = append(s, step{every: true})
		}
	}
	if len(s) == 0 || s[0].isIndex {
		return nil, refusal("the property selector %s names no property", text)
	}
	if s.wildcards() > 1 {
		return nil, refusal("the property selector %s has more than one wildcard", text)
	}
	return s, nil
}

func (s selector) wildcards() (n int) {
	for _, step := range s {
		if step.every {
			n++
		}
	}
	return n
}

// find is every value that the selector points to; none where the event lacks it.
func (s selector) find(root any) []any {
	values := []any{root}
	for _, step := range s {
		var next []any
		for _, v := range values {
			next = append(next, step.from(v)...)
		}
		values = next
	}
	return values
}

func (t step) from(v any) []any {
	switch v := v.(type) {
	case map[string]any:
		if t.every {
			all := make([]any, 0, len(v))
			for _, property := range v {
				all = append(all, property)
			}
			return all
		}
		if property, ok := v[t.property]; ok && !t.isIndex {
			return []any{property}
		}
	case []any:
		if t.every {
			return v
		}
		if t.isIndex && t.index < len(v) {
			return []any{v[t.index]}
		}
	}
	return nil
}
