package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheOverviewsPageCountsItsMetrics: more than 50 are what makes a dashboard cost something.
func TestTheOverviewsPageCountsItsMetrics(t *testing.T) {
	page, err := os.ReadFile("docs/overview.md")
	require.NoError(t, err)
	two, all := overviewMetrics(t, `["ap-northeast-1","us-east-1"]`), overviewMetrics(t, "all")
	says := fmt.Sprintf("%d in two Regions and %d in 17", two, all)
	assert.True(t, strings.Contains(string(page), says), "docs/overview.md does not say %q", says)
}

// overviewMetrics is how many metrics the dashboard of profile standard shows.
func overviewMetrics(t *testing.T, regions string) (count int) {
	t.Helper()
	for _, r := range declaredWith(t, map[string]string{"alerts": `{"emails":["security@example.com"],"overview":true}`, "regions": regions}) {
		if r.Type != "aws:cloudwatch/dashboard:Dashboard" || r.Name != "overview-dashboard" {
			continue
		}
		var body struct {
			Widgets []struct {
				Properties struct{ Metrics []any }
			}
		}
		require.NoError(t, json.Unmarshal([]byte(r.Inputs["dashboardBody"].(string)), &body))
		for _, widget := range body.Widgets {
			count += len(widget.Properties.Metrics)
		}
	}
	return count
}
