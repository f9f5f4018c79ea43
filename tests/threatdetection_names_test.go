package tests

import (
	"cmp"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// pinnedThreats are the URNs of the component's resources below urn:pulumi:STACK::PROJECT::, and the names they have in AWS
// where the component chooses them. They stand in users' states and accounts for ever: whoever renames something adds an
// alias and keeps the row.
var pinnedThreats = map[string]string{
	ofThreats("") + "::threats":                                                "",
	ofThreats(detectorType) + "::threats-detector-ap-northeast-1":              "",
	ofThreats(detectorType) + "::threats-detector-us-east-1":                   "",
	ofThreats(planType) + "::threats-plan-s3-data-events-us-east-1":            "S3_DATA_EVENTS",
	ofThreats(planType) + "::threats-plan-eks-audit-logs-us-east-1":            "EKS_AUDIT_LOGS",
	ofThreats(planType) + "::threats-plan-ebs-malware-protection-us-east-1":    "EBS_MALWARE_PROTECTION",
	ofThreats(planType) + "::threats-plan-rds-login-events-us-east-1":          "RDS_LOGIN_EVENTS",
	ofThreats(planType) + "::threats-plan-lambda-network-logs-us-east-1":       "LAMBDA_NETWORK_LOGS",
	ofThreats(planType) + "::threats-plan-runtime-monitoring-us-east-1":        "RUNTIME_MONITORING",
	ofThreats(exportType) + "::threats-export-us-east-1":                       "",
	ofThreats(filterType) + "::threats-filter-scanner-us-east-1":               "scanner",
	ofThreats(trustedListType) + "::threats-trusted-ips-us-east-1":             threatsPrefix + "-trusted",
	ofThreats(threatListType) + "::threats-threat-ips-0-us-east-1":             threatsPrefix + "-threats-0",
	ofThreats(hubRoleType) + "::threats-malware-role":                          threatsPrefix + "-malware",
	ofThreats("aws:iam/rolePolicy:RolePolicy") + "::threats-malware-rights":    "scan-new-objects",
	ofThreats(malwarePlanType) + "::threats-malware-invoices":                  "",
	ofThreats(analyzerType) + "::threats-external-access-ap-northeast-1":       threatsPrefix + "-external-access",
	ofThreats(analyzerType) + "::threats-external-access-us-east-1":            threatsPrefix + "-external-access",
	ofThreats(analyzerType) + "::threats-unused-access":                        threatsPrefix + "-unused-access",
	ofThreats(analyzerRuleType) + "::threats-archive-rule-partner-us-east-1":   "partner",
	ofThreats(securityHubType) + "::threats-hub-ap-northeast-1":                "",
	ofThreats(securityHubType) + "::threats-hub-us-east-1":                     "",
	ofThreats(standardType) + "::threats-standard-fsbp-1-0-0-us-east-1":        "",
	ofThreats(standardType) + "::threats-standard-cis-3-0-0-us-east-1":         "",
	ofThreats(controlType) + "::threats-control-fsbp-1-0-0-ec2-10-us-east-1":   "",
	ofThreats(controlType) + "::threats-control-cis-3-0-0-iam-9-us-east-1":     "",
	ofThreats(findingAggregator) + "::threats-aggregator":                      "",
	ofThreats(inspectorType) + "::threats-inspector-us-east-1":                 "",
	ofThreats(macieType) + "::threats-macie-us-east-1":                         "",
	ofThreats(eventRuleType) + "::alerts-threats-finding-critical":             hubPrefix + "-threats-finding-critical",
	ofThreats(eventRuleType) + "::alerts-threats-finding-warning":              hubPrefix + "-threats-finding-warning",
	ofThreats(eventRuleType) + "::alerts-threats-finding-informational":        hubPrefix + "-threats-finding-informational",
	ofThreats(eventRuleType) + "::alerts-threats-finding-quoted":               hubPrefix + "-threats-finding-quoted",
	ofThreats(eventRuleType) + "::alerts-threats-finding-informational-quoted": hubPrefix + "-threats-finding-informational-quoted",
	ofThreats(eventRuleType) + "::alerts-threats-health-public":                hubPrefix + "-threats-health-public",
	ofThreats(eventRuleType) + "::alerts-threats-external-access":              hubPrefix + "-threats-external-access",
	ofThreats(eventRuleType) + "::alerts-threats-external-access-quoted":       hubPrefix + "-threats-external-access-quoted",
	ofThreats(eventRuleType) + "::alerts-threats-unused-access":                hubPrefix + "-threats-unused-access",
	ofThreats(eventRuleType) + "::alerts-threats-security-hub":                 hubPrefix + "-threats-security-hub",
	ofThreats(eventRuleType) + "::alerts-threats-security-hub-quoted":          hubPrefix + "-threats-security-hub-quoted",
	ofThreats(eventRuleType) + "::alerts-threats-health-risk":                  hubPrefix + "-threats-health-risk",
	ofThreats(eventRuleType) + "::alerts-threats-health-issue":                 hubPrefix + "-threats-health-issue",
	ofThreats(eventRuleType) + "::alerts-threats-health-notice":                hubPrefix + "-threats-health-notice",
	ofThreats(eventRuleType) + "::alerts-threats-inspector":                    hubPrefix + "-threats-inspector",
	ofThreats(eventRuleType) + "::alerts-threats-macie":                        hubPrefix + "-threats-macie",
	ofThreats(eventRuleType) + "::alerts-threats-detection-off":                hubPrefix + "-threats-detection-off",
	ofThreats(eventRuleType) + "::alerts-threats-detection-change":             hubPrefix + "-threats-detection-change",
	ofThreats(eventRuleType) + "::alerts-threats-checks-change":                hubPrefix + "-threats-checks-change",
}

func ofThreats(typ string) string { return below(threatsType, typ) }

func TestThreatNamesAreForEver(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "us-east-1"}
		d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) error {
			archive, err := logarchive.NewLogArchive(ctx, "archive", nil)
			if err != nil {
				return err
			}
			hub, err := alerthub.NewAlertHub(ctx, "alerts", nil)
			if err != nil {
				return err
			}
			args := everyThreat("aws", covered)
			args.Archive, args.Alerts, args.InformationalFindings, args.PublicHealthIssues = archive, hub, true, true
			_, err = coveredThreats(ctx, covered, args)
			return err
		})
		names := declared(d)
		for urn, name := range pinnedThreats {
			assert.Contains(t, names, urn, "renamed or gone: states of users have it, add an alias")
			if physical := d.ByURN(inDev + urn); physical != nil {
				assert.Equal(t, name, cmp.Or(names[urn], physical.String("ruleName"), physical.String("analyzerName")), urn)
			}
		}
		alone := declared(deployThreats(t, testkit.Options{DryRun: m.DryRun}, nil))
		for _, urn := range []string{ofThreats(detectorType) + "::threats-detector-ap-northeast-1", ofThreats(analyzerType) + "::threats-external-access-ap-northeast-1"} {
			assert.Contains(t, alone, urn, "covering further Regions replaces nothing")
		}
	})
}

// TestProfilesReplaceNoDetector: whichever argument changes, as from starter to strict and back, detectors and analyzers
// keep their URN, their provider and what AWS cannot change in place.
func TestProfilesReplaceNoDetector(t *testing.T) {
	off := map[threatdetection.Plan]bool{}
	on := map[threatdetection.Plan]bool{}
	for _, plan := range threatdetection.Plans() {
		off[plan.Plan], on[plan.Plan] = false, true
	}
	covered := []string{"ap-northeast-1", "eu-west-1", "us-east-1"}
	starter := threatArgs{Plans: off, SecurityHub: threatdetection.SecurityHubArgs{Omit: true}}
	strict := everyThreat("aws", covered)
	strict.Plans = on
	before := coverThreats(t, testkit.Options{}, covered, starter)
	for what, args := range map[string]threatArgs{
		"standard": {}, "strict": strict, "starter again": starter, "frequency": {FindingPublishingFrequency: "SIX_HOURS"},
		"keep": {KeepDetectors: true}, "tags": {Tags: pulumi.StringMap{"team": pulumi.String("security")}},
	} {
		t.Run(what, func(t *testing.T) {
			after := coverThreats(t, testkit.Options{}, covered, args)
			for _, typ := range []string{detectorType, planType, analyzerType} {
				for _, old := range before.ByType(typ) {
					kept := after.ByURN(old.URN)
					if assert.NotNil(t, kept, old.URN) {
						assert.Equal(t, old.Provider, kept.Provider, old.URN)
						for _, fixed := range []string{"name", "analyzerName", "type"} {
							assert.Equal(t, old.String(fixed), kept.String(fixed), old.URN)
						}
					}
				}
			}
		})
	}
}
