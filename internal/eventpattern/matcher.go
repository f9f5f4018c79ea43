package eventpattern

import (
	"encoding/json"
	"maps"
	"math/big"
	"net/netip"
	"slices"
	"strings"
)

// matcher is one alternative of a leaf.
type matcher struct {
	absent bool // exists:false, decided by the path and not by a value
	match  func(v any) bool
}

// operators read the operand of {"operator": operand}.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
var operators map[string]func(operand any, path string) (matcher, error)

func init() {
	// Filled here because anything-but is defined by the others.
	operators = map[string]func(any, string) (matcher, error){
		"prefix":             affix("prefix", strings.HasPrefix),
		"suffix":             affix("suffix", strings.HasSuffix),
		"equals-ignore-case": newEqualsIgnoreCase,
		"wildcard":           newWildcard,
		"anything-but":       newAnythingBut,
		"numeric":            newNumeric,
		"exists":             newExists,
		"cidr":               newCIDR,
	}
}

func newMatchers(list []any, path string) ([]matcher, error) {
	if len(list) == 0 {
		return nil, refusal("Empty arrays are not allowed, at %s", path)
	}
	matchers := make([]matcher, len(list))
	for i, item := range list {
		m, err := newMatcher(item, path)
		if err != nil {
			return nil, err
		}
		matchers[i] = m
	}
	return matchers, nil
}

func newMatcher(item any, path string) (matcher, error) {
	switch item := item.(type) {
	case map[string]any:
		if len(item) != 1 {
			return matcher{}, refusal("Only one key allowed in match expression, at %s", path)
		}
		name := slices.Collect(maps.Keys(item))[0]
		operator, known := operators[name]
		if !known {
			return matcher{}, refusal("Unrecognized match type %s, at %s", name, path)
		}
		return operator(item[name], path)
	case []any:
		return matcher{}, refusal("Match value must be String, number, true, false, or null, at %s", path)
	default:
		// Numbers match as they are written: 300, 300.0 and 3.0e2 are not equal.
		return matcher{match: func(v any) bool { return v == item }}, nil
	}
}

// onStrings lifts a test of strings to values; other values do not match.
func onStrings(test func(string) bool) matcher {
	return matcher{match: func(v any) bool {
		s, ok := v.(string)
		return ok && test(s)
	}}
}

// affix makes prefix and suffix: a string, or {"equals-ignore-case": string}.
func affix(name string, has func(s, affix string) bool) func(any, string) (matcher, error) {
	return func(operand any, path string) (matcher, error) {
		if s, ok := operand.(string); ok {
			return onStrings(func(v string) bool { return has(v, s) }), nil
		}
		if folding, ok := operand.(map[string]any); ok && len(folding) == 1 {
			if s, ok := folding["equals-ignore-case"].(string); ok {
				s = strings.ToLower(s)
				return onStrings(func(v string) bool { return has(strings.ToLower(v), s) }), nil
			}
		}
		return matcher{}, refusal(`%s match pattern must be a string or {"equals-ignore-case": string}, at %s`, name, path)
	}
}

func newEqualsIgnoreCase(operand any, path string) (matcher, error) {
	s, ok := operand.(string)
	if !ok {
		return matcher{}, refusal("equals-ignore-case match pattern must be a string, at %s", path)
	}
	return onStrings(func(v string) bool { return strings.EqualFold(v, s) }), nil
}

// newExists: exists works on leaves only.
func newExists(operand any, path string) (matcher, error) {
	present, ok := operand.(bool)
	if !ok {
		return matcher{}, refusal("exists match pattern must be either true or false, at %s", path)
	}
	return matcher{absent: !present, match: func(any) bool { return true }}, nil
}

func newCIDR(operand any, path string) (matcher, error) {
	s, _ := operand.(string)
	block, err := netip.ParsePrefix(s)
	if err != nil {
		return matcher{}, refusal("Malformed CIDR, one '/' required, at %s", path)
	}
	block = block.Masked()
	return onStrings(func(v string) bool {
		address, err := netip.ParseAddr(v)
		return err == nil && block.Contains(address)
	}), nil
}

// newAnythingBut: a string or number, a list of strings or of numbers, or one of four operators over a string or a list
// of strings. A field that is absent does not match; in a list one value that differs is enough.
func newAnythingBut(operand any, path string) (matcher, error) {
	if nested, ok := operand.(map[string]any); ok {
		return newAnythingButOperator(nested, path)
	}
	excluded, ok := operand.([]any)
	if !ok {
		excluded = []any{operand}
	}
	if len(excluded) == 0 {
		return matcher{}, refusal("Empty arrays are not allowed, at %s", path)
	}
	tests := make([]matcher, len(excluded))
	texts := 0
	for i, item := range excluded {
		switch item := item.(type) {
		case string:
			texts++
			tests[i] = matcher{match: func(v any) bool { return v == item }}
		case json.Number:
			n, err := newBound(item, path)
			if err != nil {
				return matcher{}, err
			}
			tests[i] = matcher{match: func(v any) bool { return isNumber(v, func(x *big.Rat) bool { return x.Cmp(n) == 0 }) }}
		default:
			return matcher{}, refusal("Value of anything-but must be an array or single string/number value, at %s", path)
		}
	}
	if texts != 0 && texts != len(excluded) {
		return matcher{}, refusal("Inside anything-but list, either all values are number or string, mixed type is not supported, at %s", path)
	}
	return none(tests), nil
}

var anythingButOperators = []string{"prefix", "suffix", "equals-ignore-case", "wildcard"}

func newAnythingButOperator(nested map[string]any, path string) (matcher, error) {
	if len(nested) != 1 {
		return matcher{}, refusal("Only one key allowed in match expression, at %s", path)
	}
	name := slices.Collect(maps.Keys(nested))[0]
	if !slices.Contains(anythingButOperators, name) {
		return matcher{}, refusal("Unsupported anything-but pattern: %s, at %s", name, path)
	}
	operands, ok := nested[name].([]any)
	if !ok {
		operands = []any{nested[name]}
	}
	if len(operands) == 0 {
		return matcher{}, refusal("Empty arrays are not allowed, at %s", path)
	}
	tests := make([]matcher, len(operands))
	for i, operand := range operands {
		if s, ok := operand.(string); !ok || s == "" {
			return matcher{}, refusal("%s in anything-but must be a string that is not empty, at %s", name, path)
		}
		test, err := operators[name](operand, path)
		if err != nil {
			return matcher{}, err
		}
		tests[i] = test
	}
	return none(tests), nil
}

func none(tests []matcher) matcher {
	return matcher{match: func(v any) bool {
		return !slices.ContainsFunc(tests, func(t matcher) bool { return t.match(v) })
	}}
}
