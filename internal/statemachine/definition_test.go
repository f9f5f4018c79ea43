package statemachine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

// machine is a definition in JSONata with the states, given as the inside of an object.
func machine(start, states string) string {
	return fmt.Sprintf(`{"QueryLanguage":"JSONata","StartAt":%q,"States":{%s}}`, start, states)
}

func task(extra string) string {
	return machine("A", `"A":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true`+extra+`}`)
}

func TestWhatParseRefuses(t *testing.T) {
	long := strings.Repeat("n", 81)
	for _, row := range []struct{ name, definition, problem string }{
		{"no JSON", `{`, "INVALID_JSON_DESCRIPTION: "},
		{"text behind", machine("A", `"A":{"Type":"Succeed"}`) + "x", "INVALID_JSON_DESCRIPTION: text after the end of the definition"},
		{"a list", `[]`, "INVALID_JSON_DESCRIPTION: the definition is not a JSON object"},
		{"field twice", `{"StartAt":"A","StartAt":"A"}`, "INVALID_JSON_DESCRIPTION: duplicate field 'StartAt'"},
		{"too large", strings.Repeat(" ", statemachine.MaxDefinition+1), "DEFINITION_TOO_LARGE: the definition has 1048577 bytes, at most 1048576 are allowed"},
		{"no start", `{"QueryLanguage":"JSONata","States":{"A":{"Type":"Succeed"}}}`, "SCHEMA_VALIDATION_FAILED: the field 'StartAt' is missing"},
		{"no states", `{"QueryLanguage":"JSONata","StartAt":"A","States":{}}`, "the field 'States' has to be an object with at least one state at /States"},
		{"start nowhere", machine("B", `"A":{"Type":"Succeed"}`), "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /StartAt"},
		{"next nowhere", machine("A", `"A":{"Type":"Pass","Next":"B"},"C":{"Type":"Succeed"}`), "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next"},
		{"unreachable", machine("A", `"A":{"Type":"Succeed"},"B":{"Type":"Succeed"}`), `MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B`},
		{"no end", machine("A", `"A":{"Type":"Pass","Next":"A"}`), "no state ends the execution"},
		{"neither next nor end", machine("A", `"A":{"Type":"Pass"}`), "a state needs 'Next', or 'End' with the value true at /States/A"},
		{"next and end", machine("A", `"A":{"Type":"Pass","Next":"A","End":true}`), "a state has either 'Next' or 'End', not both at /States/A"},
		{"end is no flag", machine("A", `"A":{"Type":"Pass","End":"yes"}`), "the value has to be true or false at /States/A/End"},
		{"unknown type", machine("A", `"A":{"Type":"Sleep","End":true}`), "'Sleep' is not a type of state"},
		{"unknown field", machine("A", `"A":{"Type":"Pass","Nxt":"A","End":true}`), "the field 'Nxt' is not supported at /States/A/Nxt"},
		{"unknown field of the machine", `{"QueryLanguage":"JSONata","StartAt":"A","Start":1,"States":{"A":{"Type":"Succeed"}}}`, "the field 'Start' is not supported at /Start"},
		{"field of JSONPath", task(`,"Parameters":{}`), "the field 'Parameters' is not supported when the QueryLanguage is JSONata at /States/A/Parameters"},
		{"JSONPath by default", `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, "the query language of the state is JSONPath"},
		{"JSONPath below JSONata", machine("A", `"A":{"Type":"Succeed","QueryLanguage":"JSONPath"}`), "JSONPath is not allowed below a QueryLanguage of JSONata"},
		{"unknown language", machine("A", `"A":{"Type":"Succeed","QueryLanguage":"jq"}`), "the query language is JSONata or JSONPath at /States/A/QueryLanguage"},
		{"version", `{"QueryLanguage":"JSONata","Version":"2.0","StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, "the only version is 1.0 at /Version"},
		{"time limit", `{"QueryLanguage":"JSONata","TimeoutSeconds":0,"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, "the value has to be a whole number from 1 to 99999999 at /TimeoutSeconds"},
		{"long name", machine(long, `"`+long+`":{"Type":"Succeed"}`), "a state name has 1 to 80 characters, this one has 81"},
		{"name twice", machine("A", `"A":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}]}`), "DUPLICATE_STATE_NAME: the state name 'A' is used already"},
		{"no resource", machine("A", `"A":{"Type":"Task","End":true}`), "the field 'Resource' is missing at /States/A"},
		{"bad resource", machine("A", `"A":{"Type":"Task","Resource":"sns:publish","End":true}`), "Value is not a valid resource ARN at /States/A/Resource"},
		{"resource as expression", machine("A", `"A":{"Type":"Task","Resource":"{% $x %}","End":true}`), "Value is not a valid resource ARN at /States/A/Resource"},
		{"expression not closed", task(`,"Arguments":{"Message":["{% $x"]}`), "INVALID_JSONATA_EXPRESSION: a JSONata expression starts with {% and ends with %}, with no space before or after at /States/A/Arguments/Message/0"},
		{"space before", task(`,"Output":" {% $x %}"`), "INVALID_JSONATA_EXPRESSION: a JSONata expression starts with"},
		{"space after", task(`,"Output":"{% $x %} "`), "INVALID_JSONATA_EXPRESSION: a JSONata expression starts with"},
		{"empty expression", task(`,"Output":"{%  %}"`), "the JSONata expression is empty at /States/A/Output"},
		{"eval", task(`,"Output":"{% $eval($x) %}"`), "$eval is not available, use $parse"},
		{"result before it is there", task(`,"Arguments":"{% $states.result %}"`), "$states.result is not available here at /States/A/Arguments"},
		{"error outside of a catcher", task(`,"Output":"{% $states.errorOutput.Error %}"`), "$states.errorOutput is not available here at /States/A/Output"},
		{"result in a catcher", task(`,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"A","Output":"{% $states.result %}"}]`), "$states.result is not available here at /States/A/Catch/0/Output"},
		{"unknown part of $states", task(`,"Output":"{% $states.inputs %}"`), "$states.inputs is not available here"},
		{"reserved variable", task(`,"Assign":{"states":1}`), "the variable name 'states' is reserved at /States/A/Assign/states"},
		{"variable name", task(`,"Assign":{"a.b":1}`), "'a.b' is not a variable name"},
		{"variable of an outer scope", machine("P", `"P":{"Type":"Parallel","Assign":{"x":1},"End":true,"Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":2},"End":true}}}]}`), "the variable 'x' belongs to an outer scope and cannot be assigned here at /States/P/Branches/0/States/A/Assign/x"},
		{"no rules", machine("A", `"A":{"Type":"Choice","Choices":[]},"B":{"Type":"Succeed"}`), "a Choice state needs at least one rule at /States/A/Choices"},
		{"condition is plain text", machine("A", `"A":{"Type":"Choice","Choices":[{"Condition":"$x","Next":"B"}]},"B":{"Type":"Succeed"}`), "a string has to be a JSONata expression here at /States/A/Choices/0/Condition"},
		{"condition missing", machine("A", `"A":{"Type":"Choice","Choices":[{"Next":"B"}]},"B":{"Type":"Succeed"}`), "the field 'Condition' is missing at /States/A/Choices/0"},
		{"rule of JSONPath", machine("A", `"A":{"Type":"Choice","Choices":[{"Variable":"$.x","Condition":true,"Next":"B"}]},"B":{"Type":"Succeed"}`), "the field 'Variable' is not supported when the QueryLanguage is JSONata"},
		{"default nowhere", machine("A", `"A":{"Type":"Choice","Choices":[{"Condition":true,"Next":"B"}],"Default":"C"},"B":{"Type":"Succeed"}`), "Missing 'Next' target: C at /States/A/Default"},
		{"wait for nothing", machine("A", `"A":{"Type":"Wait","End":true}`), "a Wait state has exactly one of 'Seconds' and 'Timestamp' at /States/A"},
		{"wait for both", machine("A", `"A":{"Type":"Wait","Seconds":1,"Timestamp":"2025-01-31T09:00:00Z","End":true}`), "a Wait state has exactly one of 'Seconds' and 'Timestamp' at /States/A"},
		{"half a second", machine("A", `"A":{"Type":"Wait","Seconds":0.5,"End":true}`), "the value has to be a whole number from 0 to 99999999 at /States/A/Seconds"},
		{"wait until tomorrow", machine("A", `"A":{"Type":"Wait","Timestamp":"tomorrow","End":true}`), "the value has to be a time in the form"},
		{"retry in a Pass", machine("A", `"A":{"Type":"Pass","Retry":[],"End":true}`), "the field 'Retry' is not supported at /States/A/Retry"},
		{"retry for nothing", task(`,"Retry":[{"ErrorEquals":[]}]`), "the field 'ErrorEquals' has to be an array with at least one error name at /States/A/Retry/0/ErrorEquals"},
		{"all is not last", task(`,"Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["X"]}]`), "States.ALL has to stand alone, and in the last element at /States/A/Retry/0/ErrorEquals"},
		{"all is not alone", task(`,"Retry":[{"ErrorEquals":["States.ALL","X"]}]`), "States.ALL has to stand alone"},
		{"back-off below 1", task(`,"Retry":[{"ErrorEquals":["X"],"BackoffRate":0.5}]`), "the value has to be a number of at least 1 at /States/A/Retry/0/BackoffRate"},
		{"interval 0", task(`,"Retry":[{"ErrorEquals":["X"],"IntervalSeconds":0}]`), "the value has to be a number of at least 1 at /States/A/Retry/0/IntervalSeconds"},
		{"longest delay below the first", task(`,"Retry":[{"ErrorEquals":["X"],"IntervalSeconds":9,"MaxDelaySeconds":9}]`), "the value has to be greater than IntervalSeconds"},
		{"jitter", task(`,"Retry":[{"ErrorEquals":["X"],"JitterStrategy":"HALF"}]`), "the value has to be FULL or NONE"},
		{"catch without next", task(`,"Catch":[{"ErrorEquals":["X"]}]`), "the field 'Next' is missing at /States/A/Catch/0"},
		{"catch to nowhere", task(`,"Catch":[{"ErrorEquals":["X"],"Next":"B"}]`), "Missing 'Next' target: B at /States/A/Catch/0/Next"},
		{"no branches", machine("A", `"A":{"Type":"Parallel","Branches":[],"End":true}`), "a Parallel state needs at least one branch"},
		{"problem in a branch", machine("A", `"A":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass"}}}],"End":true}`), "a state needs 'Next', or 'End' with the value true at /States/A/Branches/0/States/B"},
		{"no processor", machine("A", `"A":{"Type":"Map","End":true}`), "a Map state needs an ItemProcessor"},
		{"mode", machine("A", `"A":{"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"X"},"StartAt":"B","States":{"B":{"Type":"Succeed"}}}}`), "the mode is INLINE or DISTRIBUTED"},
		{"field of distributed maps", machine("A", `"A":{"Type":"Map","End":true,"Label":"x","ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}}`), "the field 'Label' is for Map states with the mode DISTRIBUTED"},
		{"items are a number", machine("A", `"A":{"Type":"Map","End":true,"Items":1,"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}}}`), "the value has to be an array, an object or a JSONata expression at /States/A/Items"},
		{"all problems at once", machine("A", `"A":{"Type":"Pass"},"B":{"Type":"Sleep"}`), "at /States/A; SCHEMA_VALIDATION_FAILED: 'Sleep' is not a type of state"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := statemachine.Parse(row.definition)
			var invalid *statemachine.InvalidDefinition
			require.True(t, errors.As(err, &invalid), "accepted: %v", err)
			assert.Contains(t, err.Error(), row.problem)
		})
	}
}

func TestExpressionsAndTasksAreListed(t *testing.T) {
	m, err := statemachine.Parse(machine("P", `"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{
		"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:costexplorer:getCostAndUsage","Arguments":{"TimePeriod":{"Start":"{% $from %}"}},"Output":"{% $states.result %}","End":true}}}]}`))
	require.NoError(t, err)
	assert.Equal(t, []statemachine.TaskState{{Name: "A", Resource: "arn:aws:states:::aws-sdk:costexplorer:getCostAndUsage"}}, m.Tasks())
	assert.ElementsMatch(t, []statemachine.Expression{
		{Location: "/States/P/Branches/0/States/A/Arguments/TimePeriod/Start", Text: "$from"},
		{Location: "/States/P/Branches/0/States/A/Output", Text: "$states.result"},
	}, m.Expressions())
}
