package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

const (
	webhookURL      = "https://hooks.example.com/services/T0123ABCDEF/B0123ABCDEF/correcthorsebatterystaple"
	otherWebhookURL = "https://hooks.example.com/services/T0123ABCDEF/B0123ABCDEF/anothersecretaltogether"
)

// change is a setting, or a few that belong together, changed step by step on a deployed stack.
type change struct {
	name  string
	base  Settings   // beside those of the team, before the first step
	steps []Settings // each on top of the one before; nil takes a setting away again
	mayGo []string   // resources that lose their reason to exist; whatever keeps data stays in the account all the same
}

// athena goes with the trail's log files, and in profile starter: its results are made again by a query.
const athena = "audit-athena-results"

// archiveKey goes from the state with archive.encryption s3. In the account it stays.
var archiveKey = []string{"archive-key", "archive-key-policy"}

func archive(s Settings) Settings    { return Settings{"archive": s} }
func trail(s Settings) Settings      { return Settings{"trail": s} }
func alerts(s Settings) Settings     { return Settings{"alerts": s} }
func emails(list ...string) Settings { return alerts(Settings{"emails": list}) }

// lean is the team without metric filters, Athena's queries, AWS Config, threat detection, billing and hardening: they keep nothing that a change of the others
// could lose, and make every operation longer.
func lean(changes Settings) Settings {
	return team(Settings{
		"config": Settings{"enabled": false}, "threats": Settings{"enabled": false}, "billing": Settings{"enabled": false}, "hardening": Settings{"enabled": false},
		"trail": Settings{"metricFilters": Settings{"enabled": false}, "athena": Settings{"enabled": false}},
	}).With(changes)
}

// changes are the single settings that people change.
var changes = []change{
	{name: "retention", steps: []Settings{
		archive(Settings{"retentionDays": 3650}), archive(Settings{"retentionDays": 0}), archive(Settings{"retentionDays": nil}),
	}},
	{name: "a retention below the default transition", steps: []Settings{
		archive(Settings{"retentionDays": 90}), archive(Settings{"retentionDays": nil}),
	}},
	{name: "transitions", steps: []Settings{
		archive(Settings{"transitions": []Settings{{"storageClass": "GLACIER_IR", "days": 90}, {"storageClass": "DEEP_ARCHIVE", "days": 365}}}),
		archive(Settings{"transitions": []Settings{{"storageClass": "DEEP_ARCHIVE", "days": 180}}}),
		archive(Settings{"transitions": nil}),
	}},
	{name: "noncurrent versions", steps: []Settings{archive(Settings{"noncurrentDays": 30}), archive(Settings{"noncurrentDays": nil})}},
	{name: "access logs", steps: []Settings{
		archive(Settings{"accessLogRetentionDays": 30}), archive(Settings{"accessLogRetentionDays": 0}),
	}},
	{name: "object lock", steps: []Settings{
		archive(Settings{"objectLock": Settings{"enabled": true}}),
		archive(Settings{"objectLock": Settings{"days": 30}}),
		archive(Settings{"objectLock": Settings{"mode": "COMPLIANCE"}}),
		archive(Settings{"objectLock": Settings{"enabled": false, "days": nil, "mode": nil}}),
	}},
	{name: "encryption", mayGo: archiveKey, steps: []Settings{
		archive(Settings{"encryption": "s3"}), archive(Settings{"encryption": "kms"}), archive(Settings{"encryption": nil}),
	}},
	{name: "readers", steps: []Settings{
		archive(Settings{"readers": []string{"arn:aws:iam::123456789012:role/auditors/*"}}),
		archive(Settings{"readers": []string{"arn:aws:iam::123456789012:role/auditors/*", "arn:aws:iam::123456789012:role/forensics"}}),
		archive(Settings{"readers": nil}),
	}},
	{name: "log group", mayGo: []string{"audit-logs"}, steps: []Settings{
		trail(Settings{"logs": Settings{"enabled": false}}), trail(Settings{"logs": Settings{"enabled": true}}),
	}},
	{name: "retention of the log group", steps: []Settings{
		trail(Settings{"logs": Settings{"retentionDays": 30}}), trail(Settings{"logs": Settings{"retentionDays": 0}}),
		trail(Settings{"logs": nil}),
	}},
	{name: "groups", steps: []Settings{
		trail(Settings{"groups": Settings{"enabled": false}}), trail(Settings{"groups": Settings{"enabled": true}}),
	}},
	{name: "names of the groups", steps: []Settings{
		trail(Settings{"groups": Settings{"administrators": "TrailAdministrators", "readers": "TrailReaders"}}),
		trail(Settings{"groups": Settings{"administrators": nil, "readers": "Auditors"}}),
		trail(Settings{"groups": nil}),
	}},
	{name: "trail", mayGo: []string{"audit-trail", "audit-logs", athena}, steps: []Settings{
		trail(Settings{"enabled": false, "metricFilters": nil, "athena": nil}), trail(Settings{"enabled": true}),
	}},
	{name: "metric filters", steps: []Settings{
		trail(Settings{"metricFilters": Settings{"enabled": true}}), trail(Settings{"metricFilters": Settings{"enabled": false}}),
	}},
	{name: "Athena", mayGo: []string{athena}, steps: []Settings{
		trail(Settings{"athena": Settings{"enabled": true}}), trail(Settings{"groups": Settings{"enabled": false}}),
		trail(Settings{"groups": nil}), trail(Settings{"athena": Settings{"enabled": false}}),
	}},
	{name: "data events and Insights", steps: []Settings{
		trail(Settings{"dataEvents": Settings{"s3Objects": Settings{"enabled": true}}, "insights": Settings{"apiCallRate": true}}),
		trail(Settings{"dataEvents": nil, "insights": nil}),
	}},
	{name: "addresses", steps: []Settings{
		emails("security@example.com", "operations@example.com"), emails("operations@example.com"), emails("Someone.Else@example.com"), emails(),
	}},
	{name: "addresses of a severity", steps: []Settings{
		alerts(Settings{"critical": Settings{"emails": []string{"oncall@example.com"}}}), alerts(Settings{"critical": nil}),
	}},
	{name: "webhook", mayGo: []string{"alerts-webhook-queue"}, steps: []Settings{
		alerts(Settings{"webhook": Settings{"url": engine.Secret(webhookURL)}}),
		alerts(Settings{"webhook": Settings{"url": engine.Secret(otherWebhookURL)}}),
		alerts(Settings{"webhook": nil}),
	}},
	{name: "Slack", mayGo: []string{"alerts-critical-chat", "alerts-warning-chat", "alerts-informational-chat"}, steps: []Settings{
		alerts(Settings{"slack": Settings{"workspaceId": "T0123ABCDEF", "channelId": "C0123ABCDEF"}}),
		alerts(Settings{"slack": Settings{"channelId": "C0123ABCDEG"}}),
		alerts(Settings{"slack": Settings{"channels": Settings{"critical": "C0123ABCDEH"}}}),
		alerts(Settings{"slack": nil}),
	}},
	{name: "Regions", mayGo: []string{"alerts-dead-letters-eu-west-1", "alerts-dead-letters-us-west-2"}, steps: []Settings{
		{"regions": []string{"us-east-1", "eu-west-1", "us-west-2"}}, {"regions": []string{"us-west-2"}}, {"regions": []string{"us-east-1"}},
	}},
	{name: "tags", steps: []Settings{
		{"tags": Settings{"team": "platform", "cost.center": "4711"}}, {"tags": Settings{"team": "security", "cost.center": nil}}, {"tags": nil},
	}},
	{name: "deployers", steps: []Settings{
		{"deployers": []string{continuousIntegration, identityCenter}},
		{"deployers": []string{identityCenter, continuousIntegration, userWithAccessKey}},
		{"deployers": []string{continuousIntegration}},
		{"deployers": nil},
		{"deployers": []string{continuousIntegration}},
	}},
	{name: "checklist", steps: []Settings{
		{"checklist": Settings{"done": []string{"enableRootMfa"}}}, {"checklist": nil},
	}},
	{name: "disposable", steps: []Settings{{"disposable": true}, {"disposable": false}}},
	{name: "starter to standard and back", base: Settings{"profile": "starter"}, mayGo: append(archiveKey, "audit-logs", athena), steps: []Settings{
		{"profile": "standard"}, {"profile": "starter"},
	}},
	{name: "standard to strict and back", steps: []Settings{{"profile": "strict"}, {"profile": "standard"}}},
	{name: "strict to starter and back", base: Settings{"profile": "strict"}, mayGo: append(archiveKey, "audit-logs", athena), steps: []Settings{
		{"profile": "starter"}, {"profile": "strict"},
	}},
}

func TestNoSettingReplacesOrDeletesWhatKeepsLogs(t *testing.T) {
	t.Parallel()
	base := deployed(t, engine.Options{Settings: lean(nil)})
	deliver(t, base)
	for _, row := range changes {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			stack := base.Fork(t)
			if row.base != nil {
				stack = deployed(t, engine.Options{Settings: lean(row.base)})
				deliver(t, stack)
			}
			for _, step := range row.steps {
				before := treasureOf(t, stack)
				stack.Change(step)

				preview := stack.Preview()
				requireDone(t, preview)
				requireHarmless(t, preview, row.mayGo)
				up := stack.Up()
				requireDone(t, up)
				requireHarmless(t, up, row.mayGo)
				requireSamePlan(t, preview, up)
				requireUnchanged(t, stack.Up())

				for _, lost := range before.lost(treasureOf(t, stack)) {
					require.Contains(t, row.mayGo, "audit-trail", "the account lost %s", lost)
					require.Contains(t, lost, "trail ")
				}
				deliver(t, stack)
			}
		})
	}
}

// Log files keep the key that they were encrypted with. Whoever may read the archive reads them also after the archive
// has let go of its key, and after it has got another one.
func TestOldLogsStayReadableWithoutTheKey(t *testing.T) {
	t.Parallel()
	stack := deployed(t, engine.Options{Settings: lean(nil)})
	deliver(t, stack)
	old := logFilesOf(t, stack)
	require.NotEmpty(t, old)
	for _, encryption := range []string{"kms", "s3", "kms"} {
		stack.Change(archive(Settings{"encryption": encryption}))
		up := stack.Up()
		requireDone(t, up)
		for _, file := range old {
			require.NoError(t, readAsReader(stack, up.Outputs["readerRoleArn"].StringValue(), file), "encryption %s", encryption)
		}
	}
}
