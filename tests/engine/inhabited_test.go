package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// inhabitants are those who have set up all that AWS allows once only, and which properties of it the first update changes.
var inhabitants = []struct {
	name    string
	hand    func(*awssim.Account) // on what a stack has made
	changed map[string][]string   // by resource
}{
	{name: "an earlier stack", changed: map[string][]string{}},
	{name: "somebody else", hand: func(a *awssim.Account) {
		a.GuardDuty.Detectors[home].Frequency = "SIX_HOURS"
		a.GuardDuty.Detectors[home].Tags = map[string]string{"team": "security"}
		for _, feature := range a.GuardDuty.Detectors[home].Features {
			feature.Status = "DISABLED"
		}
		analyzer := a.AccessAnalyzer.Analyzers[home+"/account-baseline-dev-threats-external-access"]
		analyzer.Tags = nil
		a.SecurityHub.Hubs[home].Generator, a.SecurityHub.Hubs[home].AutoEnable = "STANDARD_CONTROL", false
		a.IAM.Roles[configLinkedRole].Description, a.IAM.Roles[configLinkedRole].Tags = "Made in the console.", nil
		a.IAM.PasswordPolicy.MinimumLength, a.IAM.PasswordPolicy.MaxAge, a.IAM.PasswordPolicy.Symbols = 8, 0, false
		a.Config.Recorders[home].Group = map[string]any{"allSupported": true}
		a.Config.Recorders[home].Mode = nil
		a.Config.Channels[home].Properties["snapshotDeliveryProperties"] = map[string]any{"deliveryFrequency": "One_Hour"}
		for _, monitor := range a.CostExplorer.Monitors {
			monitor.Properties["name"] = "Default-Services-Monitor"
			delete(monitor.Properties, "tags")
		}
	}, changed: map[string][]string{
		"threats-detector-" + home:  {"findingPublishingFrequency"},
		"threats-hub-" + home:       {"autoEnableControls", "controlFindingGenerator"},
		"hardening-password-policy": {"maxPasswordAge", "minimumPasswordLength", "requireSymbols"},
	}},
}

// TestAnInhabitedAccountIsAdopted: an account has all that AWS allows once only. Named by id it is imported or taken over, and
// the first preview changes what the program asks for and differs, and replaces nothing.
func TestAnInhabitedAccountIsAdopted(t *testing.T) {
	t.Parallel()
	settings := team(Settings{"regions": []string{home}, "disposable": true})
	example := deployed(t, engine.Options{Settings: settings})
	for _, row := range inhabitants {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			stack, detector := inhabitedLike(t, example, settings, row.hand)
			preview := stack.Preview()
			requireDone(t, preview)
			imported, changed := map[string]bool{}, map[string][]string{}
			for _, step := range preview.Changes() {
				switch step.Op {
				case deploy.OpCreate:
				case deploy.OpImport:
					imported[step.Type] = true
				case deploy.OpUpdate:
					changed[step.Name] = step.Diffs
				default:
					require.Fail(t, "not adopted", "%s, because of %v", step, step.Replaces)
				}
			}
			require.Equal(t, row.changed, changed)
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
				require.Equal(t, "FIFTEEN_MINUTES", a.GuardDuty.Detectors[home].Frequency)
				require.Equal(t, "ENABLED", a.GuardDuty.Detectors[home].Features["S3_DATA_EVENTS"].Status)
				require.Equal(t, "SECURITY_CONTROL", a.SecurityHub.Hubs[home].Generator)
				require.EqualValues(t, 14, a.IAM.PasswordPolicy.MinimumLength)
				require.Equal(t, []string{"default", "default"}, []string{a.Config.Recorders[home].Name, a.Config.Channels[home].Name})
				require.Len(t, a.CostExplorer.Monitors, 1)
				if row.hand != nil { // what says whose it was stays
					require.Equal(t, map[string]string{"team": "security"}, a.GuardDuty.Detectors[home].Tags)
					require.Equal(t, "Made in the console.", a.IAM.Roles[configLinkedRole].Description)
					for _, monitor := range a.CostExplorer.Monitors {
						require.Equal(t, "Default-Services-Monitor", monitor.Properties["name"])
					}
				}
			}))
		})
	}
}

// misnamed are things that a setting names to be adopted, and that cannot be made what the program declares.
var misnamed = []struct {
	name     string
	hand     func(*awssim.Account)
	settings Settings
	differs  string
}{
	{name: "a monitor of one team's costs", hand: func(a *awssim.Account) {
		for _, monitor := range a.CostExplorer.Monitors {
			monitor.Properties = map[string]any{"name": "team", "monitorType": "CUSTOM", "monitorSpecification": `{"Tags":{"Key":"team","Values":["a"]}}`}
		}
	}, differs: "monitorType"},
	{name: "an analyzer of the organization", hand: func(a *awssim.Account) {
		a.AccessAnalyzer.Analyzers[home+"/account-baseline-dev-threats-external-access"].Type = "ORGANIZATION"
	}, differs: "type"},
	{name: "an analyzer of unused access with another age", hand: func(a *awssim.Account) {
		analyzer := a.AccessAnalyzer.Analyzers[home+"/account-baseline-dev-threats-external-access"]
		analyzer.Type, analyzer.Configuration = "ACCOUNT_UNUSED_ACCESS", map[string]any{"unusedAccess": map[string]any{"unusedAccessAge": 180.0}}
	}, settings: adoptsUnused, differs: "configuration"},
	{name: "an analyzer of external access as one of unused access", settings: adoptsUnused, differs: "type"},
}

var adoptsUnused = threats(Settings{"accessAnalyzer": Settings{
	"adopt": nil, "existing": Settings{home: "somebody-else-s"}, "unusedAccess": Settings{"enabled": true, "adopt": "account-baseline-dev-threats-external-access"},
}})

// TestWhatIsAdoptedIsNeverDeletedToBeMadeAnew, also where a setting names something else than it should.
func TestWhatIsAdoptedIsNeverDeletedToBeMadeAnew(t *testing.T) {
	t.Parallel()
	settings := team(Settings{"regions": []string{home}, "disposable": true})
	example := deployed(t, engine.Options{Settings: settings})
	for _, row := range misnamed {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			stack, _ := inhabitedLike(t, example, settings, row.hand)
			stack.Change(row.settings)
			standing := func() (all []string) {
				require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
					for arn := range a.CostExplorer.Monitors {
						all = append(all, arn)
					}
					for key, analyzer := range a.AccessAnalyzer.Analyzers {
						all = append(all, fmt.Sprint(key, analyzer.Type, analyzer.Configuration))
					}
				}))
				return all
			}
			before := standing()
			preview, up := stack.Preview(), stack.Up()
			require.Error(t, up.Err)
			for _, said := range [][]string{messages(preview, diag.Warning), messages(up, diag.Error)} {
				require.Contains(t, strings.Join(said, "\n"), "may not be replaced")
				require.Contains(t, strings.Join(said, "\n"), row.differs+": {")
			}
			require.Subset(t, standing(), before)
		})
	}
}

// inhabitedLike is a stack that is about to adopt what stands in its account, which the example has made and somebody has
// changed, and the id of the detector.
func inhabitedLike(t *testing.T, example *engine.Stack, settings Settings, hand func(*awssim.Account)) (stack *engine.Stack, detector string) {
	t.Helper()
	var made struct {
		CostExplorer struct{ Monitors map[string]any }
		IAM          struct{ PasswordPolicy json.RawMessage }
	}
	require.NoError(t, json.Unmarshal(example.AccountContent(), &made))
	require.Len(t, made.CostExplorer.Monitors, 1)

	stack = engine.New(t, engine.Options{Settings: settings})
	var monitor string
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
		if hand != nil {
			hand(a)
		}
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
	return stack, detector
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
		before := atHome(stack)
		require.Greater(t, len(before), 100)
		stack.Change(Settings{"regions": regions})
		up := stack.Up()
		requireDone(t, up)
		require.Equal(t, before, atHome(stack))
		for _, step := range up.Changes() {
			require.NotContains(t, before, string(step.URN), "%s: the home Region stays as it is", step)
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

// atHome are the resources of the home Region, by URN.
func atHome(stack *engine.Stack) map[string]bool {
	all := map[string]bool{}
	for urn, r := range stack.Resources() {
		if strings.Contains(r.Provider, "::aws-"+home+"::") {
			all[urn] = true
		}
	}
	return all
}
