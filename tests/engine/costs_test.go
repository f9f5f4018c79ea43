package engine_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// TestThePageStatesWhatIsPaidFor: the page of operations says how many alarms, rules and keys each profile has.
func TestThePageStatesWhatIsPaidFor(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	for _, profile := range profiles {
		stack := engine.New(t, engine.Options{Settings: team(Settings{"profile": profile})})
		preview := stack.Preview()
		requireDone(t, preview)
		count := map[string]int{}
		for _, step := range preview.Steps {
			count[step.Type]++
		}
		alarms := count["aws:cloudwatch/metricAlarm:MetricAlarm"]
		row := fmt.Sprintf("| %s | %d | $%.2f | %d | %d |", profile, alarms, float64(alarms)/10,
			count["aws:cloudwatch/eventRule:EventRule"], count["aws:kms/key:Key"])
		if !strings.Contains(string(page), row) {
			t.Errorf("the page lacks %s", row)
		}
	}
}
