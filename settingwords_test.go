package main

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// argumentNames are the fields of all arguments whose names are no words that a sentence may hold: of two words at least, or
// below another field; and, in parentheses, all.
func argumentNames() *regexp.Regexp {
	names, words := map[string]bool{}, map[string]bool{}
	var collect func(t reflect.Type, above string)
	collect = func(t reflect.Type, above string) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || !strings.Contains(t.PkgPath(), "account-baseline/components/") || strings.Count(above, ".") > 3 {
			return
		}
		for i := range t.NumField() {
			field := t.Field(i)
			if !field.IsExported() {
				continue
			}
			if strings.ContainsFunc(field.Name[1:], func(r rune) bool { return r >= 'A' && r <= 'Z' }) && field.Name != "ID" {
				names[field.Name] = true
			}
			words[field.Name] = true
			if above != "" {
				names[strings.TrimPrefix(above+"."+field.Name, ".")] = true
			}
			collect(field.Type, above+"."+field.Name)
		}
	}
	for _, args := range []any{
		alerthub.AlertHubArgs{}, billingguard.BillingGuardArgs{}, configbaseline.ConfigBaselineArgs{}, digest.WeeklyDigestArgs{},
		hardening.AccountHardeningArgs{}, logarchive.LogArchiveArgs{}, securetrail.SecureTrailArgs{}, threatdetection.ThreatDetectionArgs{},
	} {
		collect(reflect.TypeOf(args), "")
	}
	delete(names, "EstimatedCharges") // AWS's metric
	oneOf := func(names map[string]bool) string {
		return `(` + strings.Join(slices.Sorted(maps.Keys(names)), "|") + `)`
	}
	return regexp.MustCompile(`\b` + oneOf(names) + `\b|\(` + oneOf(words) + `[,;)]|field [A-Z]`)
}

// weakSettings ask for less than the defaults, or leave gaps, in as many ways as go together.
var weakSettings = []map[string]string{
	{
		"profile": "standard", "alerts": `{}`, "trail": `{"groups":{"enabled":false}}`, "archive": `{"encryption":"s3"}`, "deployers": `[]`,
		"threats": `{"guardDuty":{"existing":{"us-east-1":"12abc34d567e8fa901bc2d34e56789f0"},"missingPlans":{"ap-northeast-1":["LAMBDA_NETWORK_LOGS"]}},
			"accessAnalyzer":{"existing":{"us-east-1":"theirs"}},"securityHub":{"regions":["all"],"existing":["us-east-1"]}}`,
		"billing": `{"anomalyDetection":{"enabled":false},"monthlyBudget":{"enabled":false},"estimatedCharges":{"enabled":true}}`,
		"config":  `{"rules":{"set":"full"}}`,
		"hardening": `{"weaken":true,"passwordPolicy":{"minimumLength":8,"maxAge":0,"requireSymbols":false,"reusePrevention":3,"requireLowercase":false,
			"requireUppercase":false,"requireNumbers":false},"s3":{"blockPublicAccess":false},"ebs":{"encryptionByDefault":false,"snapshotBlockPublicAccess":"block-new-sharing"},
			"images":{"blockPublicAccess":false},"instanceMetadata":{"httpTokens":"optional","hopLimit":5},"serialConsole":{"enabled":true}}`,
	},
	{
		"profile": "strict", "alerts": `{"critical":{"emails":["a@example.com"]},"ignoreChangesBy":["arn:aws:iam::123456789012:role/a"]}`, "regions": `["ap-northeast-1"]`,
		"threats":   `{"guardDuty":{"export":{"enabled":false}},"health":{"enabled":false}}`,
		"deployers": `["arn:aws:iam::123456789012:role/other"]`, "config": `{"rules":{"set":"full"}}`,
		"hardening": `{"existing":["s3-public-access"],"weaken":true,"passwordPolicy":{"maxAge":300}}`,
	},
	{"profile": "starter", "threats": `{"guardDuty":{"enabled":false},"accessAnalyzer":{"enabled":false}}`, "billing": `{"report":{"schedules":[]}}`},
	{"profile": "starter", "trail": `{"enabled":false}`, "regions": `["us-east-1"]`, "disposable": "true"},
	{"profile": "standard", "archive": `{"central":{"bucket":"central-logs","keyArn":"arn:aws:kms:ap-northeast-1:210987654321:key/11111111-2222-4333-8444-555555555555"}}`},
}

// TestSettingsAreSpokenOf: who sets settings reads settings, in everything that a preview prints and in the outputs about gaps.
func TestSettingsAreSpokenOf(t *testing.T) {
	arguments := argumentNames()
	read := func(what, text string) {
		if found := arguments.FindString(text); found != "" {
			t.Errorf("%s speaks of the argument %q: %s", what, found, text)
		}
	}
	said := 0
	for _, settings := range weakSettings {
		config := map[string]string{"aws:region": "ap-northeast-1", "account-baseline:regions": `["ap-northeast-1","us-east-1"]`}
		for key, value := range settings {
			config["account-baseline:"+key] = value
		}
		all, err := json.Marshal(config)
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("PULUMI_CONFIG", string(all))
		o := testkit.Options{DryRun: true, Config: config}
		d := testkit.Run(t, o, program)
		for _, severity := range []string{"info", "warning", "error"} {
			for _, line := range d.Logs(severity) {
				said++
				read(severity, line)
			}
		}
		testkit.Run(t, o, func(ctx *pulumi.Context) error {
			for _, gap := range gapsOf(t, ctx) {
				said++
				read("a gap", gap)
			}
			return nil
		})
	}
	if said < 40 {
		t.Errorf("only %d lines were read", said)
	}
}

// gapsOf declares the components that have gaps and returns those as the program exports them.
func gapsOf(t *testing.T, ctx *pulumi.Context) (all []string) {
	t.Helper()
	s, covered, err := load(ctx)
	if err != nil {
		t.Fatal(err)
	}
	inHome := pulumi.Provider(covered.Home())
	archive, err := logarchive.NewLogArchive(ctx, "archive", logArchiveArgs(ctx, s), inHome)
	if err != nil {
		t.Fatal(err)
	}
	hub, err := alerthub.NewAlertHub(ctx, "alerts", alertHubArgs(ctx, s, covered, "123456789012"), inHome)
	if err != nil {
		t.Fatal(err)
	}
	gaps := []pulumi.StringArrayOutput{gapsAsSettings("alerts", hub.Gaps)}
	if s.Threats.Enabled {
		args := threatDetectionArgs(s, covered)
		args.Alerts, args.Archive = hub, archive
		threats, err := threatdetection.NewThreatDetection(ctx, "threats", args, inHome)
		if err != nil {
			t.Fatal(err)
		}
		gaps = append(gaps, gapsAsSettings("threats", threats.Gaps))
	}
	if s.Billing.Enabled {
		bill, err := billingguard.NewBillingGuard(ctx, billName, billingGuardArgs(s, hub, covered), inHome)
		if err != nil {
			t.Fatal(err)
		}
		gaps = append(gaps, gapsAsSettings("billing", bill.Gaps))
	}
	for _, output := range gaps {
		value, known, _, err := testkit.Await(output)
		if err != nil || !known {
			t.Fatal("gaps are not known at preview", err)
		}
		all = append(all, value.([]string)...)
	}
	return all
}

func TestGapsNameSettings(t *testing.T) {
	for _, tt := range []struct{ key, gap, want string }{
		{"threats", "None (Detectors)", "None (setting threats.guardDuty.existing)"},
		{"threats", "None (AccessAnalyzer.Omit)", "None (setting threats.accessAnalyzer.enabled)"},
		{"threats", "None (OmitGuardDuty)", "None (setting threats.guardDuty.enabled)"},
		{"billing", "None (Alerts, Emails)", "None (settings alerts, billing.emails)"},
		{"billing", "None (MonthlyBudget.Omit)", "None (setting billing.monthlyBudget.enabled)"},
		{"billing", "None (EstimatedCharges.Thresholds)", "None (setting billing.estimatedCharges.thresholds)"},
		{"alerts", "None (Watch; setting alerts.watch.emails)", "None (setting alerts.watch.emails)"},
		{"alerts", "None (Emails, SeverityEmails, Slack or Webhook; settings: x)", "None (settings: x)"},
		{"alerts", "None in eu-west-1", "None in eu-west-1"},
	} {
		if got := gapAsSettings(tt.key, tt.gap); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.gap, got, tt.want)
		}
	}
}
