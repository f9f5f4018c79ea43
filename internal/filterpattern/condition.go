package filterpattern

import (
	"encoding/json"
	"slices"
)

// condition is a node of a pattern.
type condition interface{ holds(event any) bool }

type (
	anyOf []condition
	allOf []condition
	// absent is NOT EXISTS; a property that is null exists.
	absent struct{ selector selector }
	// constant is IS NULL, IS TRUE or IS FALSE.
	constant struct {
		selector selector
		want     any // nil or a bool
	}
	comparison struct {
		selector selector
		compare  comparator
		operand  operand
	}
)

func (a anyOf) holds(event any) bool {
	return slices.ContainsFunc(a, func(c condition) bool { return c.holds(event) })
}

func (a allOf) holds(event any) bool {
	return !slices.ContainsFunc(a, func(c condition) bool { return !c.holds(event) })
}

func (a absent) holds(event any) bool { return len(a.selector.find(event)) == 0 }

func (c constant) holds(event any) bool {
	return slices.ContainsFunc(c.selector.find(event), func(v any) bool {
		switch v.(type) {
		case nil, bool:
			return v == c.want
		}
		return false
	})
}

// holds looks at values only, so a property that is missing, null, an array or an object meets no comparison, != included.
func (c comparison) holds(event any) bool {
	return slices.ContainsFunc(c.selector.find(event), func(v any) bool {
		switch v.(type) {
		case string, json.Number:
			return c.compare(v, c.operand)
		}
		return false
	})
}

// operand is the right side of a comparison.
type operand struct {
	matches func(text string) bool
	number  *float64 // nil for what is not a number
}

// equals compares numbers as numbers and everything else as text: an account id is a string in the event and may stand
// in the pattern without quotation marks, and 4* matches the number 404.
func (o operand) equals(v any) bool {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Float64(); err == nil && o.number != nil {
			return n == *o.number
		}
		return o.matches(v.String())
	case string:
		return o.matches(v)
	}
	return false
}

type comparator func(v any, o operand) bool

var comparators = map[string]comparator{
	"=":  func(v any, o operand) bool { return o.equals(v) },
	"!=": func(v any, o operand) bool { return !o.equals(v) },
	"<":  numeric(func(a, b float64) bool { return a < b }),
	"<=": numeric(func(a, b float64) bool { return a <= b }),
	">":  numeric(func(a, b float64) bool { return a > b }),
	">=": numeric(func(a, b float64) bool { return a >= b }),
}

// numeric orders numbers; a string is never in order with one.
func numeric(ordered func(a, b float64) bool) comparator {
	return func(v any, o operand) bool {
		number, ok := v.(json.Number)
		if !ok {
			return false
		}
		n, err := number.Float64()
		return err == nil && ordered(n, *o.number)
	}
}
