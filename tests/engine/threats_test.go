package engine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

func threats(s Settings) Settings   { return Settings{"threats": s} }
func guardDuty(s Settings) Settings { return threats(Settings{"guardDuty": s}) }

// watchingTeam is a team in two Regions that looks for threats, with little beside it.
func watchingTeam(changes Settings) Settings {
	return team(Settings{
		"config": Settings{"enabled": false}, "trail": Settings{"enabled": false}, "alerts": Settings{"deadLetterAlarms": false},
		"billing": Settings{"enabled": false}, "hardening": Settings{"enabled": false},
	}).With(changes)
}

// planNames are the protection plans, and from which profile on each is on.
var planNames = map[string]string{
	"S3_DATA_EVENTS": "standard", "EKS_AUDIT_LOGS": "standard", "EBS_MALWARE_PROTECTION": "standard",
	"RDS_LOGIN_EVENTS": "standard", "LAMBDA_NETWORK_LOGS": "standard", "RUNTIME_MONITORING": "strict",
}

func TestEveryRegionHasOneDetectorWithEveryPlanStated(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			stack := deployed(t, engine.Options{Settings: watchingTeam(Settings{"profile": profile, "regions": "all"})})
			require.Equal(t, defaultRegions, slices.Sorted(maps.Keys(inputsByRegion(t, stack, "aws:guardduty/detector:Detector"))))
			stated := map[string]map[string]string{} // status by Region and plan
			for _, r := range stack.Resources() {
				if string(r.Type) == "aws:guardduty/detectorFeature:DetectorFeature" {
					region := r.Outputs["detectorId"].(string)
					if stated[region] == nil {
						stated[region] = map[string]string{}
					}
					stated[region][r.Inputs["name"].(string)] = r.Inputs["status"].(string)
				}
			}
			require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
				require.Equal(t, defaultRegions, slices.Sorted(maps.Keys(a.GuardDuty.Detectors)))
				for region, detector := range a.GuardDuty.Detectors {
					require.Equal(t, "FIFTEEN_MINUTES", detector.Frequency)
					require.Len(t, stated[detector.ID], len(planNames), region)
					for plan, from := range planNames {
						status := "DISABLED"
						if slices.Index(profiles, profile) >= slices.Index(profiles, from) {
							status = "ENABLED"
						}
						require.Equal(t, status, stated[detector.ID][plan], "%s in %s is declared", plan, region)
						require.Equal(t, status, detector.Features[plan].Status, "%s in %s", plan, region)
					}
					require.Equal(t, profile != "starter", len(detector.Destinations) == 1, "export of %s", region)
				}
				external := 0
				for _, analyzer := range a.AccessAnalyzer.Analyzers {
					if analyzer.Type == "ACCOUNT" {
						external++
					}
				}
				require.Equal(t, len(defaultRegions), external)
				hubs := map[string]int{"starter": 0, "standard": 1, "strict": len(defaultRegions)}[profile]
				require.Len(t, a.SecurityHub.Hubs, hubs)
				require.Equal(t, profile == "strict", a.SecurityHub.Aggregator != nil)
			}))
			if profile != "starter" {
				for _, region := range defaultRegions {
					require.NoError(t, stack.Account().GuardDutyExport(region))
				}
			}
			requireUnchanged(t, stack.Up())
			requireUnchanged(t, stack.Refresh())
			requireFindingsToldOnce(t, stack)
		})
	}
}

// told is, by severity of a finding, the mail that people get of it; none when it is empty.
var told = map[float64]string{3.9: "", 4: "WARNING", 6.9: "WARNING", 7: "CRITICAL", 8.9: "CRITICAL", 9.5: "CRITICAL"}

// requireFindingsToldOnce lets GuardDuty find something in each Region, and Security Hub repeat it there and, aggregated, in the
// home Region: one mail, by rule, bus, topic, policies and key of the account as it is.
func requireFindingsToldOnce(t *testing.T, stack *engine.Stack) {
	t.Helper()
	account := stack.Account()
	for _, r := range stack.Resources() {
		if string(r.Type) == "aws:sns/topicSubscription:TopicSubscription" && r.Inputs["protocol"] == "email" {
			require.NoError(t, account.ConfirmSubscription(string(r.ID)))
		}
	}
	for _, region := range defaultRegions {
		for severity, want := range told {
			label := "HIGH"
			if severity >= 9 {
				label = "CRITICAL"
			}
			found := publishedEvent(t, region, "aws.guardduty", "GuardDuty Finding", map[string]any{
				"type": "Recon:EC2/Portscan", "severity": severity, "title": "Somebody scans ports.", "id": "f1", "region": region,
				"resource": map[string]any{"resourceType": "Instance"}, "service": map[string]any{"count": 1},
			})
			repeated := map[string]any{"findings": []any{map[string]any{
				"ProductArn": "arn:aws:securityhub:" + region + "::product/aws/guardduty", "ProductName": "GuardDuty", "Region": region,
				"RecordState": "ACTIVE", "Workflow": map[string]any{"Status": "NEW"}, "Severity": map[string]any{"Label": label},
				"Resources": []any{map[string]any{"Type": "AwsEc2Instance", "Id": "i-0123"}},
			}}}
			var mails []string
			for _, published := range []struct{ in, event string }{
				{region, found},
				{region, publishedEvent(t, region, "aws.securityhub", "Security Hub Findings - Imported", repeated)},
				{home, publishedEvent(t, home, "aws.securityhub", "Security Hub Findings - Imported", repeated)},
			} {
				for _, d := range account.PutEvent(published.in, published.event) {
					if d.Protocol == "email" {
						require.Empty(t, d.Dropped, "severity %v in %s", severity, region)
						mails = append(mails, strings.SplitN(strings.TrimLeft(d.Text, `"[`), "]", 2)[0])
					}
				}
			}
			require.Equal(t, strings.Fields(want), append([]string{}, mails...), "severity %v in %s", severity, region)
		}
	}
}

func publishedEvent(t *testing.T, region, source, kind string, detail map[string]any) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"version": "0", "id": "6f87d04b-9f74-4f04-a780-7acf4b0a9b38", "detail-type": kind, "source": source, "account": deployerAccount,
		"time": "2026-03-01T09:10:11Z", "region": region, "resources": []any{}, "detail": detail,
	})
	require.NoError(t, err)
	return string(text)
}

// Service-linked roles stay for ever once AWS has made them, and the archive keeps the key of its old logs; everything else
// of a profile is undone by the next one.
func TestProfilesThereAndBackKeepDetectorsAndLeaveOnlyWhatAWSNeverUndoes(t *testing.T) {
	t.Parallel()
	stack := engine.New(t, engine.Options{Settings: watchingTeam(Settings{"profile": "starter"})})
	up := stack.Up()
	requireDone(t, up)
	before, detectors := stack.AccountContent(), up.Outputs["detectorIds"]
	for _, profile := range []string{"standard", "strict", "starter", "strict", "standard", "starter"} {
		stack.Change(Settings{"profile": profile})
		up := stack.Up()
		requireDone(t, up)
		requireHarmless(t, up, archiveKey)
		require.Equal(t, detectors, up.Outputs["detectorIds"], "a detector was replaced on the way to %s", profile)
		requireUnchanged(t, stack.Up())
	}
	requireOnlyWhatStays(t, slices.DeleteFunc(engine.DifferentAccounts(t, before, stack.AccountContent()), func(place string) bool {
		return strings.HasPrefix(place, "KMS.Keys.") // the archive's, that old logs stay readable
	}))
}

// watched are accounts in which somebody looks for threats already. Each row plants what a stack has made.
var watched = []struct {
	name, service, table, entry string
	says                        string
	settings                    func(word, id string) Settings
}{
	{"detector", "GuardDuty", "Detectors", home, "BadRequestException", func(word, id string) Settings {
		return guardDuty(Settings{word: Settings{home: id}})
	}},
	{"analyzer", "AccessAnalyzer", "Analyzers", home + "/account-baseline-dev-threats-external-access", "ConflictException", func(word, id string) Settings {
		return threats(Settings{"accessAnalyzer": Settings{word: Settings{home: "account-baseline-dev-threats-external-access"}}})
	}},
	{"Security Hub", "SecurityHub", "Hubs", home, "ResourceConflictException", func(word, id string) Settings {
		return threats(Settings{"securityHub": Settings{word: []string{home}}})
	}},
}

func TestWhatWatchesAlreadyIsRefusedByItsNameAdoptedOrLeftAlone(t *testing.T) {
	t.Parallel()
	settings := watchingTeam(Settings{"disposable": true, "regions": []string{home}})
	example := deployed(t, engine.Options{Settings: settings})
	page, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	for _, row := range watched {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			stack := engine.New(t, engine.Options{Settings: settings})
			stack.Plant(example, row.service, row.table, row.entry)
			id := ""
			require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
				if detector := a.GuardDuty.Detectors[home]; detector != nil {
					id = detector.ID
					clear(detector.Destinations) // of the example's archive
				}
				if hub := a.SecurityHub.Hubs[home]; hub != nil {
					clear(hub.Standards)
				}
			}))
			untouched := stack.AccountContent()
			t.Run("refused", func(t *testing.T) {
				refused := stack.Fork(t).Up()
				require.Error(t, refused.Err)
				require.Contains(t, fmt.Sprint(messages(refused, diag.Error)), row.says)
				require.Contains(t, string(page), "`"+row.says)
			})
			t.Run("adopted", func(t *testing.T) {
				t.Parallel()
				fork := stack.Fork(t)
				fork.Change(row.settings("adopt", id))
				preview := fork.Preview()
				requireDone(t, preview)
				requireHarmless(t, preview, nil)
				requireDone(t, fork.Up())
				requireUnchanged(t, fork.Up())
				requireUnchanged(t, fork.Refresh())
				requireDone(t, fork.Destroy(false))
				require.Empty(t, fork.State().Resources)
				for _, place := range engine.DifferentAccounts(t, untouched, fork.AccountContent()) {
					require.Regexp(t, `^(`+row.service+`|IAM\.Roles\.AWSServiceRoleFor)`, place, "only what was adopted is gone")
				}
			})
			t.Run("existing", func(t *testing.T) {
				t.Parallel()
				fork := stack.Fork(t)
				fork.Change(row.settings("existing", id))
				requireDone(t, fork.Up())
				requireUnchanged(t, fork.Up())
				requireUnchanged(t, fork.Refresh())
				requireDone(t, fork.Destroy(false))
				requireOnlyWhatStays(t, engine.DifferentAccounts(t, untouched, fork.AccountContent()))
			})
		})
	}
}

// threatChanges are the single settings of threat detection that people change.
var threatChanges = []change{
	{name: "plans", steps: []Settings{
		guardDuty(Settings{"plans": Settings{"s3DataEvents": false, "runtimeMonitoring": true}, "runtimeAgents": Settings{"eks": true}}),
		guardDuty(Settings{"plans": Settings{"s3DataEvents": true}, "runtimeAgents": Settings{"eks": false, "ec2": true}}),
		guardDuty(Settings{"plans": nil, "runtimeAgents": nil}),
	}},
	{name: "frequency and severities", steps: []Settings{
		guardDuty(Settings{"findingPublishingFrequency": "SIX_HOURS", "severity": Settings{"critical": 8.9, "warning": 5, "informational": true}}),
		guardDuty(Settings{"findingPublishingFrequency": nil, "severity": nil}),
	}},
	{name: "export", steps: []Settings{guardDuty(Settings{"export": Settings{"enabled": false}}), guardDuty(Settings{"export": nil})}},
	{name: "suppression", steps: []Settings{
		guardDuty(Settings{"suppress": []Settings{{"name": "scanner", "reason": "our own scanner", "equals": Settings{"type": []string{"Recon:EC2/Portscan"}}}}}),
		guardDuty(Settings{"suppress": []Settings{
			{"name": "bastion", "equals": Settings{"resource.instanceDetails.instanceId": []string{"i-0123456789abcdef0"}}, "regions": []string{home}},
			{"name": "scanner", "equals": Settings{"type": []string{"Recon:EC2/Portscan", "Recon:EC2/PortProbeUnprotectedPort"}}, "notEquals": Settings{"region": []string{home}}},
		}}),
		guardDuty(Settings{"suppress": nil}),
	}},
	{name: "lists of addresses", steps: []Settings{
		guardDuty(Settings{"trustedIps": Settings{"location": "s3://lists/trusted.txt"}, "threatIps": []Settings{{"location": "s3://lists/threats.txt"}}}),
		guardDuty(Settings{"trustedIps": nil, "threatIps": []Settings{{"location": "s3://lists/threats.stix", "format": "STIX"}, {"location": "s3://lists/more.txt"}}}),
		guardDuty(Settings{"threatIps": nil}),
	}},
	{name: "analyzers", steps: []Settings{
		threats(Settings{"accessAnalyzer": Settings{"unusedAccess": Settings{"enabled": true}, "archiveRules": []Settings{{"name": "partner", "equals": Settings{"principal.AWS": []string{"210987654321"}}}}}}),
		threats(Settings{"accessAnalyzer": Settings{"unusedAccess": Settings{"unusedAccessAge": 30}, "archiveRules": nil}}),
		threats(Settings{"accessAnalyzer": nil}),
		threats(Settings{"accessAnalyzer": Settings{"enabled": false}}),
		threats(Settings{"accessAnalyzer": nil}),
	}},
	{name: "Security Hub", steps: []Settings{
		threats(Settings{"securityHub": Settings{"regions": "all", "disableGlobalControls": true, "disabledControls": []Settings{{"id": "IAM.6", "reason": "hardware keys are ordered"}}}}),
		threats(Settings{"securityHub": Settings{"standards": []string{"cis-aws-foundations-benchmark/v/5.0.0", "cis-aws-foundations-benchmark/v/3.0.0"}}}),
		threats(Settings{"securityHub": Settings{"standards": nil, "aggregator": false, "regions": nil, "disabledControls": nil}}),
		threats(Settings{"securityHub": Settings{"enabled": false, "aggregator": nil, "disableGlobalControls": nil}}),
		threats(Settings{"securityHub": nil}),
	}},
	{name: "Inspector, Macie, Trusted Advisor and Health", steps: []Settings{
		threats(Settings{
			"inspector": Settings{"enabled": true, "regions": []string{home}}, "macie": Settings{"enabled": true},
			"trustedAdvisor": Settings{"enabled": true}, "health": Settings{"enabled": false},
		}),
		threats(Settings{"inspector": Settings{"resourceTypes": []string{"EC2"}, "regions": nil}, "macie": Settings{"findingPublishingFrequency": "ONE_HOUR", "regions": []string{home}}}),
		threats(Settings{"inspector": nil, "macie": nil, "trustedAdvisor": nil, "health": nil}),
	}},
	{name: "detection at all", mayGo: []string{"threats-detector-ap-northeast-1", "threats-detector-us-east-1"}, steps: []Settings{
		threats(Settings{"enabled": false}), threats(Settings{"enabled": true}),
	}},
	{name: "GuardDuty", mayGo: []string{"threats-detector-ap-northeast-1", "threats-detector-us-east-1"}, steps: []Settings{
		guardDuty(Settings{"enabled": false}), guardDuty(Settings{"enabled": true}),
	}},
	{name: "Regions that are watched", mayGo: []string{"threats-detector-eu-west-1", "alerts-dead-letters-eu-west-1"}, steps: []Settings{
		{"regions": []string{"us-east-1", "eu-west-1"}}, {"regions": []string{"us-east-1"}},
	}},
}

func TestASettingOfThreatDetectionChangesWithoutLoss(t *testing.T) {
	t.Parallel()
	base := deployed(t, engine.Options{Settings: watchingTeam(nil)})
	require.NoError(t, base.Account().Update(func(a *awssim.Account) { // what lists are read from, in the security team's account
		require.NoError(t, json.Unmarshal([]byte(`{"S3":{"Buckets":{"lists":{"Name":"lists","Region":"us-east-1","Owner":"210987654321"}}}}`), a))
	}))
	for _, row := range threatChanges {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			stack := base.Fork(t)
			for _, step := range row.steps {
				stack.Change(step)
				preview := stack.Preview()
				requireDone(t, preview)
				requireHarmless(t, preview, row.mayGo)
				up := stack.Up()
				requireDone(t, up)
				requireHarmless(t, up, row.mayGo)
				requireSamePlan(t, preview, up)
				requireUnchanged(t, stack.Up())
			}
		})
	}
}

// A detector that is to stay goes on watching, with its plans, when the stack is gone.
func TestDetectorsGoWithTheStackUnlessTheyAreToStay(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		stack := deployed(t, engine.Options{Settings: watchingTeam(Settings{"disposable": true}).With(guardDuty(Settings{"keepDetectors": keep}))})
		requireDone(t, stack.Destroy(false))
		require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
			require.Equal(t, keep, len(a.GuardDuty.Detectors) == 2, "keepDetectors %v", keep)
			require.Empty(t, a.SecurityHub.Hubs)
		}))
		for _, place := range stack.Remains() {
			if !strings.HasPrefix(place, "IAM.Roles.AWSServiceRoleFor") && !(keep && strings.HasPrefix(place, "GuardDuty")) {
				require.Fail(t, "something stays", place)
			}
		}
	}
}
