package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

const dashboardType = "aws:cloudwatch/dashboard:Dashboard"

// measured are the metrics and alarms of what is declared, that the overview has to show: REGION NAMESPACE METRIC NAME.
func measured(resources []declared.Resource) map[string]bool {
	all := map[string]bool{}
	for _, r := range resources {
		name, _ := r.Inputs["name"].(string)
		switch r.Type {
		case "aws:cloudwatch/eventRule:EventRule":
			if r.Region == "ap-northeast-1" { // what others match is forwarded, and counted there
				all[r.Region+" AWS/Events MatchedEvents "+name] = true
			}
			all[r.Region+" AWS/Events FailedInvocations "+name] = true
		case "aws:sqs/queue:Queue":
			if !strings.HasSuffix(name, "-webhook") { // messages pass through it
				all[r.Region+" AWS/SQS ApproximateNumberOfMessagesVisible "+name] = true
			}
		case "aws:sns/topic:Topic":
			all[r.Region+" AWS/SNS NumberOfNotificationsFailed "+name] = true
		case "aws:cloudwatch/logMetricFilter:LogMetricFilter":
			metric := r.Inputs["metricTransformation"].(map[string]any)
			all[strings.Join([]string{r.Region, metric["namespace"].(string), metric["name"].(string)}, " ")] = true
		case "aws:cloudwatch/metricAlarm:MetricAlarm":
			all["arn:aws:cloudwatch:"+r.Region+":123456789012:alarm:"+name] = true
		}
	}
	return all
}

func shownBy(t *testing.T, dashboard declared.Resource) map[string]bool {
	t.Helper()
	var body struct {
		Widgets []struct {
			Properties struct {
				Region  string
				Alarms  []string
				Metrics [][]any
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(dashboard.Inputs["dashboardBody"].(string)), &body))
	all := map[string]bool{}
	for _, w := range body.Widgets {
		for _, alarm := range w.Properties.Alarms {
			all[alarm] = true
		}
		for _, metric := range w.Properties.Metrics {
			options := metric[len(metric)-1].(map[string]any)
			name := []string{w.Properties.Region, metric[0].(string), metric[1].(string)}
			if region, given := options["region"].(string); given {
				name[0] = region
			}
			if len(metric) == 5 { // the name of the dimension says nothing more
				name = append(name, metric[3].(string))
			}
			all[strings.Join(name, " ")] = true
		}
	}
	return all
}

// TestOverviewShowsAllThatIsDeclared: every alarm, rule, topic, dead-letter queue and metric filter of the program, and nothing
// else, whatever the settings switch on.
func TestOverviewShowsAllThatIsDeclared(t *testing.T) {
	const email = `"emails":["security@example.com"],"overview":true`
	for name, settings := range map[string]map[string]string{
		"starter":  {"profile": "starter", "alerts": `{` + email + `}`},
		"standard": {"profile": "standard", "alerts": `{` + email + `}`},
		"strict, every channel": {"profile": "strict", "alerts": `{` + email + `,"webhook":{"url":"https://hooks.example.com/x"},
			"slack":{"workspaceId":"T0123ABCDEF","channelId":"C0123ABCDEF"}}`},
		"few metric filters": {"trail": `{"metricFilters":{"alarms":{"rootUsage":{"enabled":false}}}}`, "alerts": `{` + email + `}`},
		"little": {"trail": `{"enabled":false}`, "billing": `{"enabled":false}`, "threats": `{"enabled":false}`, "config": `{"enabled":false}`,
			"alerts": `{` + email + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			resources := declaredWith(t, settings)
			i := slices.IndexFunc(resources, func(r declared.Resource) bool { return r.Type == dashboardType })
			require.GreaterOrEqual(t, i, 0)
			want, have := slices.Sorted(maps.Keys(measured(resources))), slices.Sorted(maps.Keys(shownBy(t, resources[i])))
			assert.NotEmpty(t, want)
			assert.Equal(t, want, have)
		})
	}
}

// TestOverviewsPageSaysHowManyMetrics: as many as the profile standard has.
func TestOverviewsPageSaysHowManyMetrics(t *testing.T) {
	count := func(regions string) (metrics int) {
		for _, r := range declaredWith(t, map[string]string{"alerts": `{"emails":["security@example.com"],"overview":true}`, "regions": regions}) {
			if r.Type == dashboardType {
				for name := range shownBy(t, r) {
					if !strings.HasPrefix(name, "arn:") {
						metrics++
					}
				}
			}
		}
		return metrics
	}
	page, err := os.ReadFile("docs/overview.md")
	require.NoError(t, err)
	assert.Contains(t, strings.Join(strings.Fields(string(page)), " "),
		fmt.Sprintf("the profile standard has %d in two Regions and %d in 17", count(`["ap-northeast-1","us-east-1"]`), count("all")))
}
