package engine_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/display"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// TestAnInhabitedAccountIsAdopted: an account has all that AWS allows once only. Named by id it is imported or taken over, and
// the first preview replaces nothing of it.
func TestAnInhabitedAccountIsAdopted(t *testing.T) {
	t.Parallel()
	settings := team(Settings{"regions": []string{home}, "disposable": true})
	example := deployed(t, engine.Options{Settings: settings})
	var made struct {
		CostExplorer struct{ Monitors map[string]any }
		IAM          struct{ PasswordPolicy json.RawMessage }
	}
	require.NoError(t, json.Unmarshal(example.AccountContent(), &made))
	require.Len(t, made.CostExplorer.Monitors, 1)

	stack := engine.New(t, engine.Options{Settings: settings})
	var monitor, detector string
	for monitor = range made.CostExplorer.Monitors {
		stack.Plant(example, "CostExplorer", "Monitors", monitor)
	}
	for _, place := range []place{
		{"GuardDuty", "Detectors", home}, {"AccessAnalyzer", "Analyzers", home + "/account-baseline-dev-threats-external-access"}, {"SecurityHub", "Hubs", home},
		{"IAM", "Roles", configLinkedRole}, {"Config", "Recorders", home}, {"Config", "Channels", home},
	} {
		stack.Plant(example, place.service, place.table, place.entry)
	}
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
		require.NoError(t, json.Unmarshal(made.IAM.PasswordPolicy, &a.IAM.PasswordPolicy))
		a.Config.Recorders[home].Name, a.Config.Channels[home].Name = "default", "default"
		detector = a.GuardDuty.Detectors[home].ID
		clear(a.GuardDuty.Detectors[home].Destinations)
		clear(a.SecurityHub.Hubs[home].Standards)
	}))
	stack.Change(Settings{
		"config": Settings{
			"recorder": Settings{"adopt": Settings{home: "default"}}, "deliveryChannel": Settings{"adopt": Settings{home: "default"}},
			"serviceLinkedRole": Settings{"management": "adopt"},
		},
		"threats": Settings{
			"guardDuty":      Settings{"adopt": Settings{home: detector}},
			"accessAnalyzer": Settings{"adopt": Settings{home: "account-baseline-dev-threats-external-access"}},
			"securityHub":    Settings{"adopt": []string{home}},
		},
		"billing":   Settings{"anomalyDetection": Settings{"adopt": monitor}},
		"hardening": Settings{"adopt": []string{"password-policy"}},
	})
	preview := stack.Preview()
	requireDone(t, preview)
	imported := map[string]bool{}
	for _, step := range preview.Changes() {
		require.Contains(t, []display.StepOp{deploy.OpCreate, deploy.OpImport}, step.Op, "%s", step)
		if step.Op == deploy.OpImport {
			imported[step.Type] = true
			require.Empty(t, step.Replaces, "%s", step)
		}
	}
	for _, kind := range []string{ // a recorder and a channel are taken over by their names: what AWS calls Put creates or changes
		"aws:guardduty/detector:Detector", "aws:accessanalyzer/analyzer:Analyzer", "aws:securityhub/account:Account", "aws:iam/serviceLinkedRole:ServiceLinkedRole",
		"aws:costexplorer/anomalyMonitor:AnomalyMonitor", "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
	} {
		require.True(t, imported[kind], "%s is not imported", kind)
	}
	up := stack.Up()
	requireDone(t, up)
	requireSamePlan(t, preview, up)
	requireUnchanged(t, stack.Up())
	requireUnchanged(t, stack.Refresh())
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
		require.Equal(t, detector, a.GuardDuty.Detectors[home].ID)
		require.Equal(t, []string{"default", "default"}, []string{a.Config.Recorders[home].Name, a.Config.Channels[home].Name})
		require.Len(t, a.CostExplorer.Monitors, 1)
	}))
}

// TestProfilesInAllDirections changes from each profile to each other one, with everything on, and finds what keeps data where
// it was; then Regions come and go while the home Region stays as it is.
func TestProfilesInAllDirections(t *testing.T) {
	t.Parallel()
	mayGo := append([]string{"audit-logs", athena}, archiveKey...)
	stack := deployed(t, engine.Options{Settings: team(Settings{"profile": "starter"})})
	deliver(t, stack)
	for _, profile := range []string{"standard", "strict", "starter", "strict", "standard", "starter"} {
		before := treasureOf(t, stack)
		stack.Change(Settings{"profile": profile})
		preview := stack.Preview()
		requireDone(t, preview)
		up := stack.Up()
		requireDone(t, up)
		requireSamePlan(t, preview, up)
		requireHarmless(t, up, mayGo)
		requireUnchanged(t, stack.Up())
		require.Empty(t, before.lost(treasureOf(t, stack)), "on the way to %s", profile)
		deliver(t, stack)
	}
	for _, regions := range [][]string{{"us-east-1", "eu-west-1", "us-west-2"}, {"us-west-2"}, {"us-east-1"}} {
		stack.Change(Settings{"regions": regions})
		up := stack.Up()
		requireDone(t, up)
		for _, step := range up.Changes() {
			switch step.Op {
			case deploy.OpCreate, deploy.OpUpdate:
			case deploy.OpDelete:
				require.NotContains(t, step.Name, home, "the home Region stays")
				require.Regexp(t, `-(us-east-1|eu-west-1|us-west-2)\b`, step.Name, "it does not belong to a Region that goes")
			default:
				require.Fail(t, "something is replaced", "%s, because of %v", step, step.Replaces)
			}
		}
		requireUnchanged(t, stack.Up())
	}
}
