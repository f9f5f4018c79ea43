package statemachine

import (
	"fmt"
	"math"
	"time"
)

// attempt runs a state once.
func (x *execution) attempt(s *state, f frame, context map[string]any) (outcome, *TaskError) {
	before := x.bindings(f, context, withNeither, nil)
	plain := func() (outcome, *TaskError) { return x.leave(s.fields, s.next, f.input, before) }
	var result any
	var failure *TaskError
	switch s.kind {
	case "Choice":
		return x.choose(s, f, before)
	case "Fail":
		return outcome{}, x.fail(s, before)
	case "Wait":
		if failure := x.wait(s, before); failure != nil {
			return outcome{}, failure
		}
		return plain()
	case "Task":
		result, failure = x.task(s, before)
	case "Parallel":
		result, failure = x.parallel(s, f, before)
	case "Map":
		result, failure = x.each(s, f, context, before)
	default: // Pass, Succeed
		return plain()
	}
	if failure != nil {
		return outcome{}, failure
	}
	return x.leave(s.fields, s.next, result, x.bindings(f, context, withResult, result))
}

// choose takes the first rule whose condition is true, else the default.
func (x *execution) choose(s *state, f frame, bindings map[string]any) (outcome, *TaskError) {
	for i, rule := range s.rules {
		field := fmt.Sprintf("Choices[%d]/Condition", i)
		value, failure := x.evaluate(field, rule.condition, bindings)
		if failure != nil {
			return outcome{}, failure
		}
		chosen, ok := value.(bool)
		if !ok {
			return outcome{}, mistyped(field, "boolean")
		}
		if chosen {
			return x.leave(rule.fields, rule.next, f.input, bindings)
		}
	}
	if otherwise, ok := s.fields["Default"].(string); ok {
		return x.leave(s.fields, otherwise, f.input, bindings)
	}
	return outcome{}, &TaskError{ErrorNoChoiceMatched, fmt.Sprintf("Failed to transition out of the state '%s': no rule matched and there is no Default.", s.name)}
}

func mistyped(field, kind string) *TaskError {
	return &TaskError{ErrorQueryEvaluation, fmt.Sprintf("The JSONata expression specified for the field '%s' returned an unexpected result type. Expected '%s'.", field, kind)}
}

func (x *execution) fail(s *state, bindings map[string]any) *TaskError {
	texts := map[string]string{}
	for _, field := range []string{"Error", "Cause"} {
		template, ok := s.fields[field]
		if !ok {
			continue
		}
		value, failure := x.evaluate(field, template, bindings)
		if failure != nil {
			return failure
		}
		if texts[field], ok = value.(string); !ok {
			return mistyped(field, "string")
		}
	}
	return &TaskError{texts["Error"], texts["Cause"]}
}

func (x *execution) wait(s *state, bindings map[string]any) *TaskError {
	if template, ok := s.fields["Seconds"]; ok {
		value, failure := x.evaluate("Seconds", template, bindings)
		if failure != nil {
			return failure
		}
		seconds, ok := value.(float64)
		if !ok || seconds < 0 || seconds != math.Trunc(seconds) {
			return mistyped("Seconds", "positive integer")
		}
		x.advance(seconds)
		return nil
	}
	value, failure := x.evaluate("Timestamp", s.fields["Timestamp"], bindings)
	if failure != nil {
		return failure
	}
	text, _ := value.(string)
	until, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return mistyped("Timestamp", "timestamp")
	}
	if until.After(x.clock) {
		x.clock = until
	}
	return nil
}

func (x *execution) task(s *state, bindings map[string]any) (any, *TaskError) {
	arguments := map[string]any{}
	if template, ok := s.fields["Arguments"]; ok {
		value, failure := x.evaluate("Arguments", template, bindings)
		if failure != nil {
			return nil, failure
		}
		if failure := limited("arguments", value); failure != nil {
			return nil, failure
		}
		if arguments, ok = value.(map[string]any); !ok {
			return nil, mistyped("Arguments", "object")
		}
	}
	result, failure := x.options.Task(s.fields["Resource"].(string), arguments)
	if failure != nil {
		return nil, failure
	}
	result, err := normalize(result)
	if err != nil {
		return nil, &TaskError{ErrorRuntime, fmt.Sprintf("result of the state '%s': %v", s.name, err)}
	}
	return result, limited("result", result)
}

// parallel runs the branches one after another; the first failure ends the state.
func (x *execution) parallel(s *state, f frame, bindings map[string]any) (any, *TaskError) {
	input := f.input
	if template, ok := s.fields["Arguments"]; ok {
		value, failure := x.evaluate("Arguments", template, bindings)
		if failure != nil {
			return nil, failure
		}
		input = value
	}
	results := []any{}
	for _, branch := range s.branches {
		result, failure := x.block(branch, frame{input: input, variables: &scope{outer: f.variables}, item: f.item})
		if failure != nil {
			return nil, failure
		}
		results = append(results, result)
	}
	return results, nil
}

// each runs the processor of a Map state for every item.
func (x *execution) each(s *state, f frame, context, bindings map[string]any) (any, *TaskError) {
	value := f.input
	if template, ok := s.fields["Items"]; ok {
		evaluated, failure := x.evaluate("Items", template, bindings)
		if failure != nil {
			return nil, failure
		}
		value = evaluated
	}
	items, ok := value.([]any)
	if !ok {
		return nil, mistyped("Items", "array")
	}
	results := []any{}
	for i, item := range items {
		inner := frame{input: item, variables: &scope{outer: f.variables}, item: map[string]any{"Index": float64(i), "Value": item}}
		if template, ok := s.fields["ItemSelector"]; ok {
			bindings := x.bindings(f, withItem(context, inner.item), withNeither, nil)
			selected, failure := x.evaluate("ItemSelector", template, bindings)
			if failure != nil {
				return nil, failure
			}
			inner.input = selected
		}
		result, failure := x.block(s.processor, inner)
		if failure != nil {
			return nil, failure
		}
		results = append(results, result)
	}
	return results, nil
}

func withItem(context, item map[string]any) map[string]any {
	out := map[string]any{"Map": map[string]any{"Item": item}}
	for section, value := range context {
		if section != "Map" {
			out[section] = value
		}
	}
	return out
}
