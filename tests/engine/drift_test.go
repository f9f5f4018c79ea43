package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// drifts are changes that somebody makes by hand, and the resources that a refresh shows because of them.
var drifts = []struct {
	name  string
	hand  func(*awssim.Account)
	shown []string
}{
	{"the archive's policy is weakened", func(a *awssim.Account) {
		bucket := a.S3.Buckets["account-baseline-dev-archive-trail-123456789012"]
		bucket.Policy = strings.ReplaceAll(bucket.Policy, `"Effect":"Deny"`, `"Effect":"Allow"`)
		bucket.PublicAccess = nil
	}, []string{"archive-trail-policy", "archive-trail-public-access"}},
	{"versions of logs expire", func(a *awssim.Account) {
		a.S3.Buckets["account-baseline-dev-archive-trail-123456789012"].Versioning = "Suspended"
	}, []string{"archive-trail-versioning"}},
	{"the trail is stopped", func(a *awssim.Account) {
		for _, trail := range a.CloudTrail.Trails {
			trail.Logging = false
		}
	}, []string{"audit-trail"}},
	{"the trail is deleted", func(a *awssim.Account) { clear(a.CloudTrail.Trails) }, []string{"audit-trail"}},
	{"a plan of a detector is off", func(a *awssim.Account) {
		a.GuardDuty.Detectors["us-east-1"].Features["S3_DATA_EVENTS"].Status = "DISABLED"
	}, []string{"threats-plan-s3-data-events-us-east-1"}},
	{"recording is stopped", func(a *awssim.Account) { a.Config.Recorders["us-east-1"].Recording = false }, []string{"config-status-us-east-1"}},
	{"an alarm is deleted", func(a *awssim.Account) {
		delete(a.Alarms.Alarms, "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:account-baseline-dev-audit-rootUsage")
	}, []string{"audit-rootUsage-alarm"}},
	{"a metric filter sees nothing", func(a *awssim.Account) {
		for _, group := range a.Logs.Groups {
			for name := range group.Filters {
				if strings.HasSuffix(name, "rootUsage") {
					group.Filters[name]["pattern"] = "{ $.userIdentity.type = Nobody }"
				}
			}
		}
	}, []string{"audit-rootUsage-filter"}},
	{"anybody may publish alerts", func(a *awssim.Account) {
		topic := a.SNS.Topics["arn:aws:sns:ap-northeast-1:123456789012:account-baseline-dev-alerts-critical"]
		topic.Policy = strings.ReplaceAll(topic.Policy, `"Effect":"Deny"`, `"Effect":"Allow"`)
	}, []string{"alerts-critical-policy"}},
	{"nobody hears critical alerts", func(a *awssim.Account) {
		for arn := range a.SNS.Subscriptions {
			if strings.Contains(arn, "-alerts-critical:") {
				delete(a.SNS.Subscriptions, arn)
			}
		}
	}, []string{"alerts-critical-security@example.com"}},
	{"an alert rule is off", func(a *awssim.Account) {
		a.Events.Rules["arn:aws:events:ap-northeast-1:123456789012:rule/account-baseline-dev-alerts-audit-access-key"].State = "DISABLED"
	}, []string{"alerts-audit-access-key"}},
}

// TestWhatWasChangedByHandIsShownAndMended: a refresh shows exactly what was changed, and the next update gives it back.
func TestWhatWasChangedByHandIsShownAndMended(t *testing.T) {
	t.Parallel()
	calm := deployed(t, engine.Options{Settings: team(Settings{"profile": "strict"})})
	requireUnchanged(t, calm.Refresh())
	for batch := range slices.Chunk(inTurn(len(drifts)), driftsAtOnce()) {
		var names, expected []string
		for _, i := range batch {
			names, expected = append(names, drifts[i].name), append(expected, drifts[i].shown...)
		}
		t.Run(strings.Join(names, ", "), func(t *testing.T) {
			t.Parallel()
			stack := calm.Fork(t)
			before := treasureOf(t, stack)
			for _, i := range batch {
				content := stack.AccountContent()
				require.NoError(t, stack.Account().Update(drifts[i].hand))
				require.NotEmpty(t, engine.DifferentAccounts(t, content, stack.AccountContent()), "%s: nothing was changed", drifts[i].name)
			}
			survived := treasureOf(t, stack)

			refresh := stack.Refresh()
			requireDone(t, refresh)
			var shown []string
			for _, step := range refresh.Changes() {
				shown = append(shown, step.Name)
			}
			require.ElementsMatch(t, expected, shown)
			up := stack.Up()
			requireDone(t, up)
			for _, step := range up.Changes() {
				require.True(t, slices.Contains(expected, step.Name), "%s has nothing to do with it", step)
			}
			requireUnchanged(t, stack.Refresh())
			require.Empty(t, engine.DifferentStacks(t, calm, stack))
			require.Empty(t, survived.lost(treasureOf(t, stack)))
			require.Empty(t, before.lost(treasureOf(t, stack)))
		})
	}
}

// driftsAtOnce are how many changes one stack suffers; ENGINE_LONG=1 shows each alone.
func driftsAtOnce() int {
	if long {
		return 1
	}
	return (len(drifts) + 1) / 2
}

// inTurn are the numbers below n, even ones first: neighbours in the table are about the same thing.
func inTurn(n int) (numbers []int) {
	for _, start := range []int{0, 1} {
		for i := start; i < n; i += 2 {
			numbers = append(numbers, i)
		}
	}
	return numbers
}
