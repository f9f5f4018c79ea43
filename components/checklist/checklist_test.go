package checklist_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/checklist"
)

func TestOpenStepsAreThoseThatConcernAndAreNotDone(t *testing.T) {
	count := func(facts checklist.Facts, done ...string) int { return len(checklist.Open(facts, done)) }
	everything := checklist.Facts{Emails: true, Watch: true, Slack: true, Billing: true, Charges: true}
	assert.Equal(t, len(checklist.Steps), count(everything))
	assert.Equal(t, len(checklist.Steps)-6, count(checklist.Facts{}))
	assert.Equal(t, len(checklist.Steps)-1, count(everything, "enableRootMfa"))
	var all []string
	for _, step := range checklist.Steps {
		all = append(all, step.Name)
		assert.True(t, strings.HasPrefix(step.Link, "https://"), step.Name)
	}
	assert.Zero(t, count(everything, all...))
	for _, line := range checklist.Open(everything, nil) {
		assert.LessOrEqual(t, len(line), 150, "Pulumi cuts longer lines of an output: %s", line)
	}
}

// TestSettingsKnowEveryStep: who has done a step must be able to say so.
func TestSettingsKnowEveryStep(t *testing.T) {
	page, err := os.ReadFile("../../docs/settings.md")
	require.NoError(t, err)
	for _, step := range checklist.Steps {
		assert.Contains(t, string(page), step.Name)
	}
}
