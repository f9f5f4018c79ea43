package statemachine

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxDefinition is the largest definition in bytes.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
const MaxDefinition = 1 << 20

// Machine is a state machine that was read without a problem.
type Machine struct {
	top         *block
	expressions []Expression
	tasks       []TaskState
	distributed bool
}

// TaskState is one Task state of a machine.
type TaskState struct {
	Name     string
	Resource string // ARN, for example arn:aws:states:::sns:publish
}

// Expressions are all JSONata expressions of the machine, in the order of the
// definition's sorted keys.
func (m *Machine) Expressions() []Expression { return slices.Clone(m.expressions) }

// Tasks are all Task states of the machine, those of branches and maps included.
func (m *Machine) Tasks() []TaskState { return slices.Clone(m.tasks) }

// block is a set of states with a start: the machine itself, a branch of a Parallel
// state or the processor of a Map state.
type block struct {
	start  string
	states map[string]*state
}

// state is one state; fields are those of the definition.
type state struct {
	name      string
	kind      string
	fields    map[string]any
	next      string // empty: the state ends its block
	rules     []rule
	retriers  []retrier
	catchers  []catcher
	branches  []*block
	processor *block
}

type rule struct {
	condition any
	next      string
	fields    map[string]any // Output, Assign
}

type retrier struct {
	names    []string
	interval float64 // seconds
	attempts int
	backoff  float64
	maxDelay float64 // seconds; 0: none
}

type catcher struct {
	names  []string
	next   string
	fields map[string]any // Output, Assign
}

// Parse reads a definition. The error is an [*InvalidDefinition]. A state machine or
// state whose query language is JSONPath, Step Functions' default, is refused.
func Parse(definition string) (*Machine, error) {
	r := &reader{names: map[string]string{}}
	if len(definition) > MaxDefinition {
		r.problem("DEFINITION_TOO_LARGE", "", "the definition has %d bytes, at most %d are allowed", len(definition), MaxDefinition)
		return nil, &InvalidDefinition{r.problems}
	}
	fields, err := decode(definition)
	if err != nil {
		r.problem(codeJSON, "", "%v", err)
		return nil, &InvalidDefinition{r.problems}
	}
	r.known("", fields, "Comment", "StartAt", "Version", "TimeoutSeconds", "QueryLanguage", "States")
	if version, ok := fields["Version"]; ok && version != "1.0" {
		r.schema("/Version", "the only version is 1.0")
	}
	if value, ok := fields["TimeoutSeconds"]; ok {
		r.whole("/TimeoutSeconds", value, 1, 99999999)
	}
	top := r.block("", fields, r.language("", fields, "JSONPath"), nil)
	if len(r.problems) > 0 {
		return nil, &InvalidDefinition{r.problems}
	}
	return &Machine{top: top, expressions: r.expressions, tasks: r.tasks, distributed: r.distributed}, nil
}

// fieldsOf are the fields of each type of state under JSONata, beside Type, Comment and
// QueryLanguage.
// https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
var fieldsOf = map[string][]string{
	"Pass":     {"Next", "End", "Output", "Assign"},
	"Task":     {"Next", "End", "Output", "Assign", "Resource", "Arguments", "Credentials", "TimeoutSeconds", "HeartbeatSeconds", "Retry", "Catch"},
	"Choice":   {"Choices", "Default", "Output", "Assign"},
	"Wait":     {"Next", "End", "Output", "Assign", "Seconds", "Timestamp"},
	"Succeed":  {"Output"},
	"Fail":     {"Error", "Cause"},
	"Parallel": {"Next", "End", "Output", "Assign", "Branches", "Arguments", "Retry", "Catch"},
	"Map": {"Next", "End", "Output", "Assign", "Items", "ItemSelector", "ItemProcessor", "MaxConcurrency", "ToleratedFailurePercentage", "ToleratedFailureCount",
		"Label", "ItemReader", "ItemBatcher", "ResultWriter", "Retry", "Catch"},
}

// jsonPathFields exist only where the query language is JSONPath.
var jsonPathFields = []string{"InputPath", "OutputPath", "Parameters", "ResultSelector", "ResultPath", "Result", "ItemsPath", "MaxConcurrencyPath", "SecondsPath",
	"TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath", "Variable", "ToleratedFailurePercentagePath", "ToleratedFailureCountPath"}

// known refuses fields that are not in the list.
func (r *reader) known(at string, fields map[string]any, names ...string) {
	for _, field := range sortedKeys(fields) {
		switch {
		case slices.Contains(names, field):
		case slices.Contains(jsonPathFields, field):
			r.schema(at+"/"+pointer(field), "the field '%s' is not supported when the QueryLanguage is JSONata", field)
		default:
			r.schema(at+"/"+pointer(field), "the field '%s' is not supported", field)
		}
	}
	if comment, ok := fields["Comment"]; ok && slices.Contains(names, "Comment") {
		if _, text := comment.(string); !text {
			r.schema(at+"/Comment", "the value has to be a string")
		}
	}
}

// language is the query language that holds at a place. A machine in JSONata has no
// states in JSONPath.
func (r *reader) language(at string, fields map[string]any, inherited string) string {
	value, ok := fields["QueryLanguage"]
	switch {
	case !ok:
		return inherited
	case value != "JSONata" && value != "JSONPath":
		r.schema(at+"/QueryLanguage", "the query language is JSONata or JSONPath")
		return inherited
	case value == "JSONPath" && inherited == "JSONata":
		r.schema(at+"/QueryLanguage", "JSONPath is not allowed below a QueryLanguage of JSONata")
		return inherited
	}
	return value.(string)
}

// block reads the states of a machine, branch or processor. outer are the variables
// that enclosing blocks assign.
func (r *reader) block(at string, fields map[string]any, language string, outer []string) *block {
	b := &block{states: map[string]*state{}}
	b.start = r.required(at, fields, "StartAt")
	states, ok := fields["States"].(map[string]any)
	if !ok || len(states) == 0 {
		r.schema(at+"/States", "the field 'States' has to be an object with at least one state")
		return b
	}
	visible := slices.Concat(outer, assigned(states))
	for _, name := range sortedKeys(states) {
		place := at + "/States/" + pointer(name)
		if first, twice := r.names[name]; twice {
			r.problem(codeDuplicate, place, "the state name '%s' is used already at %s", name, first)
		}
		r.names[name] = place
		if n := utf8.RuneCountInString(name); n == 0 || n > 80 {
			r.schema(place, "a state name has 1 to 80 characters, this one has %d", n)
		}
		definition, ok := states[name].(map[string]any)
		if !ok {
			r.schema(place, "a state has to be an object")
			continue
		}
		b.states[name] = r.state(place, name, definition, language, outer, visible)
	}
	r.transitions(at, b)
	return b
}

// assigned are the names of the variables that states assign, those of nested blocks
// not included.
func assigned(states map[string]any) []string {
	var names []string
	collect := func(value any) {
		if fields, ok := value.(map[string]any); ok {
			if assign, ok := fields["Assign"].(map[string]any); ok {
				names = append(names, sortedKeys(assign)...)
			}
		}
	}
	for _, definition := range states {
		collect(definition)
		fields, _ := definition.(map[string]any)
		for _, list := range []string{"Choices", "Catch"} {
			items, _ := fields[list].([]any)
			for _, item := range items {
				collect(item)
			}
		}
	}
	return names
}

func (r *reader) state(at, name string, fields map[string]any, language string, outer, visible []string) *state {
	s := &state{name: name, fields: fields}
	s.kind = r.required(at, fields, "Type")
	allowed, ok := fieldsOf[s.kind]
	if !ok {
		if s.kind != "" {
			r.schema(at+"/Type", "'%s' is not a type of state; the types are %s", s.kind, strings.Join(sortedKeys(fieldsOf), ", "))
		}
		return s
	}
	if r.language(at, fields, language) != "JSONata" {
		r.schema(at, "the query language of the state is JSONPath, which is not simulated; set QueryLanguage to JSONata")
		return s
	}
	r.known(at, fields, append([]string{"Type", "Comment", "QueryLanguage"}, allowed...)...)
	if slices.Contains(allowed, "Next") {
		s.next = r.exit(at, fields)
	}
	available := withNeither
	if slices.Contains([]string{"Task", "Parallel", "Map"}, s.kind) {
		available = withResult
	}
	r.output(at, fields, available, outer)
	r.kindFields(at, s, outer, visible)
	s.retriers = r.retriers(at, fields)
	s.catchers = r.catchers(at, fields, outer)
	return s
}

// exit reads Next and End, of which a state has exactly one.
func (r *reader) exit(at string, fields map[string]any) string {
	_, hasNext := fields["Next"]
	end, hasEnd := fields["End"]
	_, isFlag := end.(bool)
	switch {
	case hasEnd && !isFlag:
		r.schema(at+"/End", "the value has to be true or false")
	case hasNext && end == true:
		r.schema(at, "a state has either 'Next' or 'End', not both")
	case hasNext:
		return r.required(at, fields, "Next")
	case end != true:
		r.schema(at, "a state needs 'Next', or 'End' with the value true")
	}
	return ""
}

// variableName is the form of a variable; Unicode letters are allowed.
// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
var variableName = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_]*$`)

// output reads Output and Assign.
func (r *reader) output(at string, fields map[string]any, available statesField, outer []string) {
	r.template(at+"/Output", fields["Output"], available)
	value, ok := fields["Assign"]
	if !ok {
		return
	}
	assign, ok := value.(map[string]any)
	if !ok {
		r.schema(at+"/Assign", "the value has to be an object")
		return
	}
	for _, name := range sortedKeys(assign) {
		place := at + "/Assign/" + pointer(name)
		switch {
		case name == "states":
			r.schema(place, "the variable name 'states' is reserved")
		case !variableName.MatchString(name) || utf8.RuneCountInString(name) > 80:
			r.schema(place, "'%s' is not a variable name: letters, digits and underscores, no digit first, at most 80 characters", name)
		case slices.Contains(outer, name):
			r.schema(place, "the variable '%s' belongs to an outer scope and cannot be assigned here", name)
		}
	}
	r.template(at+"/Assign", assign, available)
}

// required is a field that has to be there as a text.
func (r *reader) required(at string, fields map[string]any, field string) string {
	value, ok := fields[field]
	text, isText := value.(string)
	switch {
	case !ok:
		r.schema(at, "the field '%s' is missing", field)
	case !isText || text == "":
		r.schema(at+"/"+field, "the value has to be a string that is not empty")
	}
	return text
}

// whole reads a number without fraction in a range.
func (r *reader) whole(at string, value any, low, high float64) {
	if n, ok := value.(float64); !ok || n != math.Trunc(n) || n < low || n > high {
		r.schema(at, "the value has to be a whole number from %.0f to %.0f", low, high)
	}
}

// wholeOrExpression reads a number without fraction, or an expression for one.
func (r *reader) wholeOrExpression(at string, fields map[string]any, field string, low, high float64) {
	value, ok := fields[field]
	if !ok {
		return
	}
	if text, isText := value.(string); isText {
		r.textExpression(at+"/"+field, text)
		return
	}
	r.whole(at+"/"+field, value, low, high)
}

// textExpression demands that a string is an expression.
func (r *reader) textExpression(at, text string) {
	if _, ok := expression(text); !ok {
		r.problem(codeExpression, at, "a string has to be a JSONata expression here")
		return
	}
	r.text(at, text, withNeither)
}

// transitions checks that every state can be reached, that every target exists and that
// the block can end.
func (r *reader) transitions(at string, b *block) {
	if _, ok := b.states[b.start]; !ok && b.start != "" {
		r.problem(codeTransition, at+"/StartAt", "Missing 'Next' target: %s", b.start)
	}
	reached := map[string]bool{}
	var reach func(name string)
	reach = func(name string) {
		s := b.states[name]
		if s == nil || reached[name] {
			return
		}
		reached[name] = true
		for _, target := range s.targets() {
			reach(target.name)
		}
	}
	reach(b.start)
	ends := false
	for _, name := range sortedKeys(b.states) {
		s := b.states[name]
		place := at + "/States/" + pointer(name)
		if !reached[name] {
			r.problem(codeTransition, place, "State \"%s\" is not reachable.", name)
		}
		for _, target := range s.targets() {
			if _, ok := b.states[target.name]; !ok {
				r.problem(codeTransition, place+target.field, "Missing 'Next' target: %s", target.name)
			}
		}
		ends = ends || s.kind == "Succeed" || s.kind == "Fail" || s.fields["End"] == true
	}
	if !ends {
		r.schema(at+"/States", "no state ends the execution: one needs 'End', or the type Succeed or Fail")
	}
}
