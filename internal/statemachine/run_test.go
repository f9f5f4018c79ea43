package statemachine_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

var noon = time.Date(2025, 1, 31, 12, 0, 0, 0, time.UTC)

// answers gives the answers of a task one after another; a *TaskError fails it. The
// last one is repeated.
func answers(list ...any) statemachine.TaskFunc {
	return func(string, map[string]any) (any, *statemachine.TaskError) {
		answer := list[0]
		if len(list) > 1 {
			list = list[1:]
		}
		if failure, ok := answer.(*statemachine.TaskError); ok {
			return nil, failure
		}
		return answer, nil
	}
}

func run(t *testing.T, definition, input string, task statemachine.TaskFunc) *statemachine.Execution {
	t.Helper()
	m, err := statemachine.Parse(definition)
	require.NoError(t, err)
	var value any
	require.NoError(t, json.Unmarshal([]byte(input), &value))
	if task == nil {
		task = answers(nil)
	}
	done, err := m.Run(value, statemachine.Options{Evaluator: paths{}, Task: task, Now: noon})
	require.NoError(t, err)
	return done
}

func states(e *statemachine.Execution) string {
	var names []string
	for _, v := range e.Visits {
		names = append(names, v.State)
	}
	return strings.Join(names, " ")
}

const publish = `"Type":"Task","Resource":"arn:aws:states:::sns:publish"`

func TestOutputs(t *testing.T) {
	for _, row := range []struct {
		name, definition, input string
		task                    statemachine.TaskFunc
		output                  string
	}{
		{"a Pass hands its input on", machine("A", `"A":{"Type":"Pass","End":true}`), `{"x":1}`, nil, `{"x":1}`},
		{"Output replaces it, expressions anywhere in it", machine("A", `"A":{"Type":"Pass","Output":{"a":["{% $states.input.x + 1 %}","plain"],"b":null},"End":true}`), `{"x":1}`, nil, `{"a":[2,"plain"],"b":null}`},
		{"an expression alone may give any value", machine("A", `"A":{"Type":"Succeed","Output":"{% $states.input.x %}"}`), `{"x":[1,{"y":2}]}`, nil, `[1,{"y":2}]`},
		{"a task gives its result", machine("A", `"A":{`+publish+`,"End":true}`), `1`, answers(map[string]any{"MessageId": "m"}), `{"MessageId":"m"}`},
		{"$states.result", machine("A", `"A":{`+publish+`,"Output":"{% $states.result.Id %}","End":true}`), `1`, answers(map[string]int{"Id": 7}), `7`},
		{"a variable outlives a state whose output drops it", machine("A", `"A":{"Type":"Pass","Assign":{"v":"{% $states.input.x %}"},"Output":null,"Next":"B"},"B":{"Type":"Succeed","Output":"{% $v %}"}`), `{"x":5}`, nil, `5`},
		{"Assign and Output see the variables of before", machine("A", `"A":{"Type":"Pass","Assign":{"a":1,"b":2},"Next":"B"},
			"B":{"Type":"Pass","Assign":{"a":"{% $b %}","b":"{% $a %}"},"Output":"{% $a %}","Next":"C"},"C":{"Type":"Succeed","Output":["{% $a %}","{% $b %}","{% $states.input %}"]}`), `0`, nil, `[2,1,1]`},
		{"the first true rule wins, with its Assign and Output", machine("A", `"A":{"Type":"Choice","Output":"default","Assign":{"v":"default"},"Default":"B","Choices":[
			{"Condition":"{% $states.input = 1 %}","Next":"B","Output":"one"},{"Condition":"{% $states.input = 2 %}","Next":"B","Output":"two","Assign":{"v":"second"}},{"Condition":true,"Next":"B"}]},
			"B":{"Type":"Succeed","Output":["{% $states.input %}","{% $v %}"]}`), `2`, nil, `["two","second"]`},
		{"the default has those of the state", machine("A", `"A":{"Type":"Choice","Output":"default","Assign":{"v":1},"Default":"B","Choices":[{"Condition":"{% $states.input = 1 %}","Next":"B"}]},
			"B":{"Type":"Succeed","Output":["{% $states.input %}","{% $v %}"]}`), `2`, nil, `["default",1]`},
		{"branches in order, each from the arguments", machine("P", `"P":{"Type":"Parallel","Arguments":{"n":"{% $states.input %}"},"End":true,"Branches":[
			{"StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% $states.input.n + 1 %}","End":true}}},{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}]}`), `4`, nil, `[5,{"n":4}]`},
		{"branches read outer variables and keep their own", machine("V", `"V":{"Type":"Pass","Assign":{"v":1},"Next":"P"},"P":{"Type":"Parallel","End":true,"Branches":[
			{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"w":2},"Next":"C"},"C":{"Type":"Pass","Output":"{% $v + $w %}","End":true}}}]}`), `0`, nil, `[3]`},
		{"a map over the input", machine("M", `"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","Output":"{% $states.input + 1 %}","End":true}}}}`), `[1,2]`, nil, `[2,3]`},
		{"a map over items, with a selector", machine("M", `"M":{"Type":"Map","Items":"{% $states.input.list %}","ItemSelector":{"i":"{% $states.context.Map.Item.Index %}","v":"{% $states.context.Map.Item.Value %}","of":"{% $states.input.of %}"},
			"End":true,"ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","Output":["{% $states.input %}","{% $states.context.Map.Item.Index %}"],"End":true}}}}`), `{"list":["a"],"of":1}`, nil, `[[{"i":0,"v":"a","of":1},0]]`},
		{"the context object", machine("A", `"A":{"Type":"Succeed","Output":["{% $states.context.State.Name %}","{% $states.context.Execution.StartTime %}","{% $states.context.Execution.Input %}"]}`), `9`, nil, `["A","2025-01-31T12:00:00.000Z",9]`},
		{"a wait moves the clock", machine("W", `"W":{"Type":"Wait","Seconds":"{% $states.input %}","Next":"A"},"A":{"Type":"Succeed","Output":"{% $states.context.State.EnteredTime %}"}`), `90`, nil, `"2025-01-31T12:01:30.000Z"`},
		{"a wait until a time", machine("W", `"W":{"Type":"Wait","Timestamp":"2025-02-01T00:00:00Z","Next":"A"},"A":{"Type":"Succeed","Output":"{% $states.context.State.EnteredTime %}"}`), `0`, nil, `"2025-02-01T00:00:00.000Z"`},
		{"a caught error", machine("A", `"A":{`+publish+`,"Catch":[{"ErrorEquals":["Other"],"Next":"C"},{"ErrorEquals":["States.TaskFailed"],"Next":"B","Assign":{"e":"{% $states.errorOutput.Error %}"}}],"End":true},
			"B":{"Type":"Succeed","Output":["{% $e %}","{% $states.input %}"]},"C":{"Type":"Succeed"}`), `1`, answers(&statemachine.TaskError{Name: "Sns.X", Cause: "why"}), `["Sns.X",{"Error":"Sns.X","Cause":"why"}]`},
		{"a failure inside of a branch is caught outside", machine("P", `"P":{"Type":"Parallel","Branches":[{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"{% \"c\" & \"d\" %}"}}}],
			"Catch":[{"ErrorEquals":["E"],"Next":"B","Output":"{% $states.errorOutput.Cause %}"}],"End":true},"B":{"Type":"Succeed"}`), `1`, nil, `"cd"`},
		{"an expression that fails in Output is caught by the state itself", machine("A", `"A":{`+publish+`,"Output":"{% $nothing %}","Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Next":"B","Output":"caught"}],"End":true},"B":{"Type":"Succeed"}`), `1`, nil, `"caught"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			done := run(t, row.definition, row.input, row.task)
			require.Equal(t, "SUCCEEDED", done.Status, "%s: %s", done.Error, done.Cause)
			output, err := json.Marshal(done.Output)
			require.NoError(t, err)
			assert.JSONEq(t, row.output, string(output))
		})
	}
}

func TestFailures(t *testing.T) {
	big := strings.Repeat("x", statemachine.MaxData)
	for _, row := range []struct {
		name, definition string
		task             statemachine.TaskFunc
		failure, cause   string
	}{
		{"Fail", machine("A", `"A":{"Type":"Fail","Error":"E","Cause":"because"}`), nil, "E", "because"},
		{"nothing found", machine("A", `"A":{"Type":"Succeed","Output":{"a":["{% $x %}"]}}`), nil, "States.QueryEvaluationError", "The JSONata expression '$x' specified for the field 'Output/a[0]' returned nothing (undefined)."},
		{"expression fails", machine("A", `"A":{"Type":"Succeed","Output":"{% 1 + \"a\" %}"}`), nil, "States.QueryEvaluationError", "T2001"},
		{"no rule", machine("A", `"A":{"Type":"Choice","Choices":[{"Condition":false,"Next":"B"}]},"B":{"Type":"Succeed"}`), nil, "States.NoChoiceMatched", "'A'"},
		{"condition is no boolean", machine("A", `"A":{"Type":"Choice","Choices":[{"Condition":"{% 1 %}","Next":"B"}]},"B":{"Type":"Succeed"}`), nil, "States.QueryEvaluationError", "Expected 'boolean'"},
		{"arguments are no object", machine("A", `"A":{`+publish+`,"Arguments":"{% 1 %}","End":true}`), nil, "States.QueryEvaluationError", "Expected 'object'"},
		{"items are no array", machine("M", `"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}}`), nil, "States.QueryEvaluationError", "Expected 'array'"},
		{"seconds are text", machine("A", `"A":{"Type":"Wait","Seconds":"{% \"1\" %}","End":true}`), nil, "States.QueryEvaluationError", "'Seconds'"},
		{"result too large, which no wildcard catches", machine("A", `"A":{`+publish+`,"Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"End":true},"B":{"Type":"Succeed"}`), answers(big), "States.DataLimitExceeded", "limit of 262144"},
		{"for ever", machine("A", `"A":{"Type":"Choice","Choices":[{"Condition":true,"Next":"A"}],"Default":"B"},"B":{"Type":"Succeed"}`), nil, "States.Runtime", "25000"},
		{"an error nobody catches", machine("A", `"A":{`+publish+`,"Catch":[{"ErrorEquals":["Other"],"Next":"B"}],"End":true},"B":{"Type":"Succeed"}`), answers(&statemachine.TaskError{Name: "X", Cause: "y"}), "X", "y"},
		{"a catcher's own failure is final", machine("A", `"A":{`+publish+`,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B","Output":"{% $x %}"}],"End":true},"B":{"Type":"Succeed"}`), answers(&statemachine.TaskError{Name: "X"}), "States.QueryEvaluationError", "$x"},
		{"timeouts are not failed tasks", machine("A", `"A":{`+publish+`,"Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"B"}],"End":true},"B":{"Type":"Succeed"}`), answers(&statemachine.TaskError{Name: "States.Timeout"}), "States.Timeout", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			done := run(t, row.definition, `0`, row.task)
			assert.Equal(t, "FAILED", done.Status)
			assert.Equal(t, row.failure, done.Error)
			assert.Contains(t, done.Cause, row.cause)
			assert.Nil(t, done.Output)
		})
	}
}

func TestRetries(t *testing.T) {
	throttled, other := &statemachine.TaskError{Name: "Throttled"}, &statemachine.TaskError{Name: "Other"}
	retry := machine("A", `"A":{`+publish+`,"Retry":[{"ErrorEquals":["Throttled"],"IntervalSeconds":2,"MaxAttempts":2,"BackoffRate":3},{"ErrorEquals":["States.ALL"],"MaxAttempts":1}],"Next":"B"},"B":{"Type":"Succeed"}`)
	for _, row := range []struct {
		name    string
		answers []any
		status  string
		visits  string
		took    time.Duration
	}{
		{"none needed", []any{1}, "SUCCEEDED", "A B", 0},
		{"two, with back-off", []any{throttled, throttled, 1}, "SUCCEEDED", "A A A B", 8 * time.Second},
		{"one too many", []any{throttled}, "FAILED", "A A A", 8 * time.Second},
		{"each retrier counts for itself", []any{other, throttled, throttled, 1}, "SUCCEEDED", "A A A A B", 9 * time.Second},
		{"the wildcard's count", []any{other, other}, "FAILED", "A A", time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			done := run(t, retry, `0`, answers(row.answers...))
			assert.Equal(t, row.status, done.Status)
			assert.Equal(t, row.visits, states(done))
			assert.Equal(t, noon.Add(row.took), done.Visits[len(done.Visits)-1].At)
		})
	}
}

func TestTasksGetTheirArguments(t *testing.T) {
	var resource string
	var got map[string]any
	run(t, machine("A", `"A":{`+publish+`,"Arguments":{"TopicArn":"{% $states.input.topic %}","Subject":"fixed"},"End":true}`), `{"topic":"t"}`,
		func(r string, arguments map[string]any) (any, *statemachine.TaskError) {
			resource, got = r, arguments
			return nil, nil
		})
	assert.Equal(t, "arn:aws:states:::sns:publish", resource)
	assert.Equal(t, map[string]any{"TopicArn": "t", "Subject": "fixed"}, got)
}

func TestTheContextIsMerged(t *testing.T) {
	m, err := statemachine.Parse(machine("A", `"A":{"Type":"Pass","Assign":{"v":["{% $states.context.Execution.Id %}","{% $states.context.Execution.Input %}"]},"End":true}`))
	require.NoError(t, err)
	done, err := m.Run(1, statemachine.Options{Evaluator: paths{}, Context: map[string]any{"Execution": map[string]any{"Id": "e"}}})
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"v": []any{"e", 1.0}}, done.Variables)
}

func TestWhatRunNeeds(t *testing.T) {
	for _, row := range []struct{ name, definition, message string }{
		{"an evaluator", machine("A", `"A":{"Type":"Succeed","Output":"{% 1 %}"}`), "no evaluator"},
		{"a function for tasks", machine("A", `"A":{`+publish+`,"End":true}`), "no function for the machine's tasks"},
		{"no distributed map", machine("A", `"A":{"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"B","States":{"B":{"Type":"Succeed"}}}}`), "distributed maps are not executed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m, err := statemachine.Parse(row.definition)
			require.NoError(t, err)
			_, err = m.Run(nil, statemachine.Options{})
			assert.ErrorContains(t, err, row.message)
		})
	}
}
