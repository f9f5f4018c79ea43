package policyeval

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// condition is one key of one operator of a Condition element; all of a statement's conditions must hold.
type condition struct {
	operator string
	set      setOperator
	ifExists bool
	key      string // lower case
	operands []template
}

// setOperator tells how the values of a multivalued key are combined.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
type setOperator int

const (
	noSetOperator setOperator = iota
	forAllValues
	forAnyValue
)

const (
	ifExistsSuffix = "IfExists"
	nullOperator   = "Null"
)

func newConditions(v value, variables bool) ([]condition, error) {
	if v.kind != objectValue {
		return nil, errors.New("element Condition must be an object")
	}
	var conditions []condition
	for _, block := range v.members {
		bare, err := newOperator(block.name)
		if err != nil {
			return nil, err
		}
		if block.value.kind != objectValue || len(block.value.members) == 0 {
			return nil, fmt.Errorf("element Condition.%s must be an object that names condition keys", block.name)
		}
		for _, m := range block.value.members {
			c, err := bare.withKey(block.name, m, variables)
			if err != nil {
				return nil, err
			}
			conditions = append(conditions, c)
		}
	}
	return conditions, nil
}

func newOperator(name string) (condition, error) {
	c := condition{operator: name}
	if rest, ok := strings.CutPrefix(name, "ForAllValues:"); ok {
		c.operator, c.set = rest, forAllValues
	} else if rest, ok := strings.CutPrefix(name, "ForAnyValue:"); ok {
		c.operator, c.set = rest, forAnyValue
	}
	c.operator, c.ifExists = strings.CutSuffix(c.operator, ifExistsSuffix)
	if c.operator == nullOperator {
		if c.ifExists || c.set != noSetOperator {
			return c, fmt.Errorf("condition operator %q: Null takes neither IfExists nor a set operator", name)
		}
		return c, nil
	}
	if _, known := operators[c.operator]; !known {
		return c, fmt.Errorf("unknown condition operator %q", name)
	}
	return c, nil
}

func (c condition) withKey(block string, m member, variables bool) (condition, error) {
	element := fmt.Sprintf("Condition.%s.%s", block, m.name)
	if !strings.Contains(m.name, ":") {
		return c, fmt.Errorf("%s: a condition key has the form service:key", element)
	}
	texts, err := m.value.operands(element)
	if err != nil {
		return c, err
	}
	c.key = strings.ToLower(m.name)
	op := operators[c.operator]
	if c.operator == nullOperator {
		op = operator{check: checkBool}
	}
	c.operands = make([]template, len(texts))
	for i, raw := range texts {
		t, err := newTemplate(raw, variables && op.variables, op.wildcards)
		if err == nil && op.check != nil && !t.hasVariables() {
			err = op.check(raw)
		}
		if err != nil {
			return c, fmt.Errorf("%s: %w", element, err)
		}
		c.operands[i] = t
	}
	return c, nil
}

// holds evaluates the condition. A key that is absent makes an operator false and a negated operator true.
func (c condition) holds(context requestContext) bool {
	values := context[c.key]
	if c.operator == nullOperator {
		return slices.ContainsFunc(c.operands, func(t template) bool {
			return strings.EqualFold(t.raw, "true") == (len(values) == 0)
		})
	}
	op := operators[c.operator]
	switch {
	case len(values) == 0 && c.ifExists:
		return true
	case c.set != noSetOperator && isEmpty(values):
		return c.set == forAllValues
	case len(values) == 0:
		return op.negated
	}
	operands := make([][]glyph, len(c.operands))
	for i, t := range c.operands {
		glyphs, ok := t.expand(context)
		if !ok {
			// AWS: a variable that cannot be resolved makes the statement invalid, so it must not apply.
			return false
		}
		operands[i] = glyphs
	}
	// With a negated operator a value passes when it matches none of the policy's values.
	passes := func(value string) bool {
		matched := slices.ContainsFunc(operands, func(operand []glyph) bool { return op.match(operand, value) })
		return matched != op.negated
	}
	// AWS asks for a set operator on multivalued keys. Without one: some value matches, or, negated, none does.
	if c.set == forAllValues || c.set == noSetOperator && op.negated {
		return !slices.ContainsFunc(values, func(value string) bool { return !passes(value) })
	}
	return slices.ContainsFunc(values, passes)
}

// isEmpty is AWS's "empty data set (for example, an empty string)".
func isEmpty(values []string) bool {
	return len(values) == 0 || len(values) == 1 && values[0] == ""
}
