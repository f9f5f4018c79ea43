package statemachine

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"time"
)

// MaxData is the largest input, result or output of a state, in bytes of JSON.
// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
const MaxData = 256 * 1024

// maxVisits is about what fits the 25,000 events of an execution's history: entering
// and leaving a state are two.
const maxVisits = 12500

// TaskFunc performs a Task state: resource is its ARN, arguments are its evaluated
// Arguments, an empty map where the state has none. The answer is any JSON value.
type TaskFunc func(resource string, arguments map[string]any) (any, *TaskError)

// Options are what an execution needs beside its input.
type Options struct {
	// Evaluator evaluates JSONata. Required where the machine has expressions.
	Evaluator Evaluator
	// Task performs Task states. Required where the machine has any.
	Task TaskFunc
	// Context is merged into the context object, section by section: Execution,
	// StateMachine and what else a test wants to see in $states.context.
	Context map[string]any
	// Now is the time at which the execution starts; the zero value is the current time.
	Now time.Time
}

// Execution is what became of a run.
type Execution struct {
	Status string // SUCCEEDED or FAILED
	Output any    // of the last state
	Error  string // error name of a failed execution
	Cause  string
	// Visits are the states entered, one for each attempt, in order. Branches and
	// iterations are entered one after another.
	Visits []Visit
	// Variables are the variables of the machine itself at its end.
	Variables map[string]any
}

// Visit is one attempt at a state.
type Visit struct {
	State   string
	At      time.Time // on the execution's clock
	Attempt int       // 0 for the first one
}

// execution is a run in progress.
type execution struct {
	options Options
	clock   time.Time
	start   time.Time
	input   any
	visits  []Visit
}

// Run executes the machine with an input. A failed execution is an answer, not an
// error; the error is about the options, the input, or a machine that the package does
// not execute.
func (m *Machine) Run(input any, o Options) (*Execution, error) {
	switch {
	case m.distributed:
		return nil, errors.New("distributed maps are not executed")
	case o.Evaluator == nil && len(m.expressions) > 0:
		return nil, errors.New("no evaluator for the machine's expressions")
	case o.Task == nil && len(m.tasks) > 0:
		return nil, errors.New("no function for the machine's tasks")
	}
	input, err := normalize(input)
	if err != nil {
		return nil, fmt.Errorf("input: %w", err)
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	x := &execution{options: o, clock: o.Now, start: o.Now, input: input}
	variables := &scope{}
	output, failure := x.block(m.top, frame{input: input, variables: variables})
	done := &Execution{Status: "SUCCEEDED", Output: output, Visits: x.visits, Variables: variables.all()}
	if failure != nil {
		done.Status, done.Output, done.Error, done.Cause = "FAILED", nil, failure.Name, failure.Cause
	}
	return done, nil
}

// frame is where a state runs: its input, its variables and, in a Map, its item.
type frame struct {
	input     any
	variables *scope
	item      map[string]any
}

// outcome is how a state was left.
type outcome struct {
	next   string // empty: the block ends
	output any
	assign map[string]any
}

func (x *execution) block(b *block, f frame) (any, *TaskError) {
	for name := b.start; ; {
		out, failure := x.state(b.states[name], f)
		if failure != nil {
			return nil, failure
		}
		f.variables.set(out.assign)
		if out.next == "" {
			return out.output, nil
		}
		name, f.input = out.next, out.output
	}
}

// state runs one state with its retries and catchers.
func (x *execution) state(s *state, f frame) (outcome, *TaskError) {
	tried := make([]int, len(s.retriers))
	for attempt := 0; ; attempt++ {
		if len(x.visits) == maxVisits {
			return outcome{}, &TaskError{ErrorRuntime, "The execution reached the maximum number of history events (25000)."}
		}
		x.visits = append(x.visits, Visit{s.name, x.clock, attempt})
		context := x.context(s, f, attempt)
		out, failure := x.attempt(s, f, context)
		if failure == nil {
			return out, nil
		}
		if x.retry(s, failure, tried) {
			continue
		}
		for _, c := range s.catchers {
			if failure.matchedBy(c.names) {
				return x.leave(c.fields, c.next, failure.output(), x.bindings(f, context, withErrorOutput, failure.output()))
			}
		}
		return outcome{}, failure
	}
}

// retry tells whether a failed state is tried once more, and moves the clock if so.
func (x *execution) retry(s *state, failure *TaskError, tried []int) bool {
	for i, r := range s.retriers {
		if !failure.matchedBy(r.names) {
			continue
		}
		if tried[i] == r.attempts {
			return false
		}
		delay := r.interval * math.Pow(r.backoff, float64(tried[i]))
		if r.maxDelay > 0 {
			delay = min(delay, r.maxDelay)
		}
		tried[i]++
		x.advance(delay)
		return true
	}
	return false
}

// advance moves the execution's clock; a standard execution lasts a year at most.
func (x *execution) advance(seconds float64) {
	x.clock = x.clock.Add(time.Duration(min(seconds, 366*24*3600) * float64(time.Second)))
}

// leave evaluates Output and Assign. Both see the variables as they were on entry.
func (x *execution) leave(fields map[string]any, next string, output any, bindings map[string]any) (outcome, *TaskError) {
	out := outcome{next: next, output: output}
	if template, ok := fields["Output"]; ok {
		value, failure := x.evaluate("Output", template, bindings)
		if failure != nil {
			return outcome{}, failure
		}
		out.output = value
	}
	if assign, ok := fields["Assign"].(map[string]any); ok {
		value, failure := x.evaluate("Assign", assign, bindings)
		if failure != nil {
			return outcome{}, failure
		}
		out.assign = value.(map[string]any)
	}
	for what, value := range map[string]any{"output": out.output, "variables": out.assign} {
		if failure := limited(what, value); failure != nil {
			return outcome{}, failure
		}
	}
	return out, nil
}

func limited(what string, value any) *TaskError {
	if n := size(value); n > MaxData {
		return &TaskError{ErrorDataLimitExceeded, fmt.Sprintf("The %s of the state has %d bytes, which exceeds the maximum number of bytes service limit of %d.", what, n, MaxData)}
	}
	return nil
}

// bindings are the variables that an expression sees.
func (x *execution) bindings(f frame, context map[string]any, field statesField, value any) map[string]any {
	states := map[string]any{"input": f.input, "context": context}
	if field != withNeither {
		states[string(field)] = value
	}
	bindings := f.variables.all()
	bindings["states"] = states
	return bindings
}

// context is the context object.
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
func (x *execution) context(s *state, f frame, attempt int) map[string]any {
	stamp := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
	context := map[string]any{
		"Execution":    map[string]any{"Input": x.input, "StartTime": stamp(x.start), "RedriveCount": float64(0)},
		"State":        map[string]any{"Name": s.name, "EnteredTime": stamp(x.clock), "RetryCount": float64(attempt)},
		"StateMachine": map[string]any{},
	}
	if f.item != nil {
		context["Map"] = map[string]any{"Item": f.item}
	}
	for section, given := range x.options.Context {
		fields, isObject := given.(map[string]any)
		known, exists := context[section].(map[string]any)
		if isObject && exists {
			maps.Copy(known, fields)
		} else {
			context[section] = given
		}
	}
	return context
}

// scope is a set of variables. Nested blocks read those around them.
type scope struct {
	outer  *scope
	values map[string]any
}

func (s *scope) set(values map[string]any) {
	if s.values == nil {
		s.values = map[string]any{}
	}
	maps.Copy(s.values, values)
}

func (s *scope) all() map[string]any {
	all := map[string]any{}
	if s.outer != nil {
		all = s.outer.all()
	}
	maps.Copy(all, s.values)
	return all
}
