package billreport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// referenceDirectory names where npm has installed jsonata 2.0.6, the reference implementation of what Step Functions speaks:
// npm install --prefix DIRECTORY jsonata@2.0.6. Without it the comparison is skipped, because it needs Node.js.
const referenceDirectory = "JSONATA_REFERENCE"

const evaluateOnce = `
const {expression, bindings} = JSON.parse(require('fs').readFileSync(0, 'utf8'));
require(process.argv[1] + '/node_modules/jsonata')(expression).evaluate(undefined, bindings)
  .then(value => console.log(JSON.stringify({defined: value !== undefined, value})));`

// both evaluates by the reference implementation too, and wants the same from it.
type both struct {
	t         *testing.T
	directory string
}

func (b both) Evaluate(expression string, input any, bindings map[string]any) (any, error) {
	ours, err := jsonata{}.Evaluate(expression, input, bindings)
	if err != nil {
		return nil, err
	}
	question, err := json.Marshal(map[string]any{"expression": expression, "bindings": bindings})
	require.NoError(b.t, err)
	node := exec.Command("node", "-e", evaluateOnce, b.directory)
	node.Stdin = bytes.NewReader(question)
	answered, err := node.Output()
	if err != nil {
		return nil, fmt.Errorf("the reference implementation: %w", err)
	}
	var theirs struct {
		Defined bool
		Value   any
	}
	require.NoError(b.t, json.Unmarshal(answered, &theirs))
	require.True(b.t, theirs.Defined)
	assert.Equal(b.t, theirs.Value, ours)
	return ours, nil
}

func TestReferenceImplementationAgrees(t *testing.T) {
	directory := os.Getenv(referenceDirectory)
	if directory == "" {
		t.Skip(referenceDirectory + " is not set")
	}
	for _, name := range cases {
		t.Run(name, func(t *testing.T) {
			a := &aws{recording: recorded(t, name)}
			m := machine(t, testkit.Options{Partition: a.Partition}, true)
			execution, err := m.Run(m.inputs[a.Frequency], statemachine.Options{Evaluator: both{t, directory}, Task: a.call, Now: a.At})
			require.NoError(t, err)
			assert.Equal(t, "SUCCEEDED", execution.Status, execution.Cause)
		})
	}
}
