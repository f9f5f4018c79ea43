package statemachine

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Evaluator evaluates JSONata. expression is the text between {% and %}. bindings are
// the variables by their names without the dollar sign, among them states. input is
// what $ means: Step Functions defines no such value at the top level, so it is nil.
// The answer is a JSON value: nil, bool, a number, string, []any or map[string]any.
// An expression that yields nothing is answered with [ErrUndefined].
type Evaluator interface {
	Evaluate(expression string, input any, bindings map[string]any) (any, error)
}

// ErrUndefined is the answer of an [Evaluator] to an expression that yields nothing. In
// Step Functions such an expression fails with States.QueryEvaluationError.
var ErrUndefined = errors.New("the expression returned nothing (undefined)")

// Expression is one JSONata expression of a definition.
type Expression struct {
	Location string // JSON pointer, for example /States/Ask/Arguments/TimePeriod/Start
	Text     string // between {% and %}
}

const (
	opening = "{%"
	closing = "%}"
)

// expression gives the JSONata text of a string; ok is false for a plain string.
func expression(text string) (jsonata string, ok bool) {
	if len(text) < len(opening)+len(closing) || !strings.HasPrefix(text, opening) || !strings.HasSuffix(text, closing) {
		return "", false
	}
	return strings.TrimSpace(text[len(opening) : len(text)-len(closing)]), true
}

// scope of $states: what an expression may refer to beside input and context.
type statesField string

const (
	withResult      statesField = "result"
	withErrorOutput statesField = "errorOutput"
	withNeither     statesField = ""
)

var (
	statesReference = regexp.MustCompile(`\$states\s*\.\s*(\w+)`)
	evalCall        = regexp.MustCompile(`\$eval\s*\(`)
)

// template checks every string of a value that may hold expressions.
// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#writing-jsonata-expressions-in-json-strings
func (r *reader) template(at string, value any, available statesField) {
	switch v := value.(type) {
	case string:
		r.text(at, v, available)
	case []any:
		for i, item := range v {
			r.template(fmt.Sprintf("%s/%d", at, i), item, available)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			r.template(at+"/"+pointer(key), v[key], available)
		}
	}
}

func (r *reader) text(at, text string, available statesField) {
	jsonata, ok := expression(text)
	switch {
	case !ok && (strings.HasPrefix(text, opening) || strings.HasSuffix(text, closing)):
		r.problem(codeExpression, at, "a JSONata expression starts with %s and ends with %s, with no space before or after", opening, closing)
	case !ok:
	case jsonata == "":
		r.problem(codeExpression, at, "the JSONata expression is empty")
	case evalCall.MatchString(jsonata):
		r.problem(codeExpression, at, "$eval is not available, use $parse")
	default:
		for _, reference := range statesReference.FindAllStringSubmatch(jsonata, -1) {
			switch field := statesField(reference[1]); {
			case field == "input", field == "context", field == available:
			default:
				r.problem(codeExpression, at, "$states.%s is not available here", field)
			}
		}
		r.expressions = append(r.expressions, Expression{at, jsonata})
	}
}

// evaluate computes a template: strings that are expressions are replaced by what they
// evaluate to.
func (x *execution) evaluate(field string, value any, bindings map[string]any) (any, *TaskError) {
	switch v := value.(type) {
	case string:
		jsonata, ok := expression(v)
		if !ok {
			return v, nil
		}
		answer, err := x.options.Evaluator.Evaluate(jsonata, nil, bindings)
		if err == nil {
			answer, err = normalize(answer)
		}
		switch {
		case errors.Is(err, ErrUndefined):
			return nil, &TaskError{ErrorQueryEvaluation, fmt.Sprintf("The JSONata expression '%s' specified for the field '%s' returned nothing (undefined).", jsonata, field)}
		case err != nil:
			return nil, &TaskError{ErrorQueryEvaluation, fmt.Sprintf("The JSONata expression '%s' specified for the field '%s' threw an error during evaluation. %v", jsonata, field, err)}
		}
		return answer, nil
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			answer, failure := x.evaluate(fmt.Sprintf("%s[%d]", field, i), item, bindings)
			if failure != nil {
				return nil, failure
			}
			out[i] = answer
		}
		return out, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, key := range sortedKeys(v) {
			answer, failure := x.evaluate(field+"/"+key, v[key], bindings)
			if failure != nil {
				return nil, failure
			}
			out[key] = answer
		}
		return out, nil
	}
	return value, nil
}
