package statemachine

import (
	"fmt"
	"strings"
)

// Problem is one reason why Step Functions refuses a definition.
type Problem struct {
	Code     string // SCHEMA_VALIDATION_FAILED, MISSING_TRANSITION_TARGET, …
	Message  string
	Location string // JSON pointer into the definition, for example /States/Ask/Next
}

func (p Problem) String() string {
	if p.Location == "" {
		return p.Code + ": " + p.Message
	}
	return fmt.Sprintf("%s: %s at %s", p.Code, p.Message, p.Location)
}

// Codes of problems, as Step Functions reports them.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
const (
	codeJSON       = "INVALID_JSON_DESCRIPTION"
	codeSchema     = "SCHEMA_VALIDATION_FAILED"
	codeTransition = "MISSING_TRANSITION_TARGET"
	codeDuplicate  = "DUPLICATE_STATE_NAME"
	codeExpression = "INVALID_JSONATA_EXPRESSION"
)

// InvalidDefinition is the error of [Parse]: all problems of a definition.
type InvalidDefinition struct {
	Problems []Problem
}

func (e *InvalidDefinition) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.String()
	}
	return strings.Join(texts, "; ")
}

// reader collects the problems of a definition.
type reader struct {
	problems    []Problem
	names       map[string]string // state name → where it was seen first
	expressions []Expression
	tasks       []TaskState
	distributed bool
}

func (r *reader) problem(code, location, format string, args ...any) {
	r.problems = append(r.problems, Problem{Code: code, Message: fmt.Sprintf(format, args...), Location: location})
}

func (r *reader) schema(location, format string, args ...any) {
	r.problem(codeSchema, location, format, args...)
}
