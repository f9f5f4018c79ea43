package billreport

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEvaluatorPassesTheReferenceSuite runs the cases of JSONata's own test suite that gnata's module carries, on the very version
// that evaluates the report: none fails, and none is left out.
func TestEvaluatorPassesTheReferenceSuite(t *testing.T) {
	output, err := exec.Command("go", "test", "-json", "-count=1", "-run", "^TestSuite$", "github.com/recolabs/gnata").Output()
	require.NoError(t, err, "%s", output)
	outcomes, parents := map[string]string{}, map[string]bool{}
	decoder := json.NewDecoder(bytes.NewReader(output))
	for decoder.More() {
		var event struct{ Action, Test string }
		require.NoError(t, decoder.Decode(&event))
		switch event.Action {
		case "run":
			for i := range event.Test {
				if event.Test[i] == '/' {
					parents[event.Test[:i]] = true
				}
			}
		case "pass", "fail", "skip":
			outcomes[event.Test] = event.Action
		}
	}
	cases := 0
	for test, outcome := range outcomes {
		assert.Equal(t, "pass", outcome, test)
		if test != "" && !parents[test] {
			cases++
		}
	}
	assert.Equal(t, 1667, cases)
}
