package engine_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// states has a directory for each released version, and one for what is not released yet: the versions are promises for ever,
// unreleased is the present state of main.go and gives way to the first version that is released.
const (
	states     = "states"
	unreleased = "unreleased"
)

// everything is what a profile deploys with all that the settings can add, in two Regions.
func everything(profile string) Settings {
	return team(Settings{
		"profile": profile,
		"tags":    Settings{"team": "platform"},
		"alerts": Settings{
			"webhook":  Settings{"url": engine.Secret(webhookURL)},
			"slack":    Settings{"workspaceId": "T0123ABCDEF", "channelId": "C0123ABCDEF"},
			"watch":    Settings{"emails": []string{"watch@example.com"}},
			"critical": Settings{"emails": []string{"oncall@example.com"}},
			"digest":   Settings{"enabled": true}, "overview": true, "deadLetterAlarms": true,
		},
		"archive": Settings{"encryption": "kms", "objectLock": Settings{"enabled": true}},
		"trail": Settings{
			"logs": Settings{"enabled": true}, "metricFilters": Settings{"enabled": true}, "athena": Settings{"enabled": true},
			"dataEvents": Settings{"s3Objects": Settings{"enabled": true}}, "insights": Settings{"apiCallRate": true, "apiErrorRate": true},
		},
		"config": Settings{
			"rules": Settings{
				"managed": []Settings{{"name": "own-versions", "identifier": "S3_BUCKET_VERSIONING_ENABLED"}},
				"custom":  []Settings{guard("own-guard", "rule sized { configuration.size < 100 }", "AWS::S3::Bucket")},
			},
			"recording":            Settings{"resourceTypes": nil},
			"historyRetentionDays": 365,
			"aggregator":           Settings{"enabled": true},
			"conformancePacks":     []Settings{{"name": "backups", "template": packTemplate}},
			"remediation":          Settings{"automatic": []string{"ConfigureS3BucketPublicAccessBlock"}},
			"alerts":               Settings{"resourceTypes": []string{"AWS::IAM::Role"}, "compliantAgain": true},
		},
		"threats": Settings{
			"guardDuty": Settings{
				"plans":      Settings{"runtimeMonitoring": true},
				"export":     Settings{"enabled": true},
				"suppress":   []Settings{{"name": "scanner", "reason": "our own scanner", "equals": Settings{"type": []string{"Recon:EC2/Portscan"}}}},
				"trustedIps": Settings{"location": "s3://lists/trusted.txt"}, "threatIps": []Settings{{"location": "s3://lists/threats.txt"}},
				"malwareProtectedBuckets": []Settings{{"name": bucketOfWorld}},
			},
			"accessAnalyzer": Settings{
				"unusedAccess": Settings{"enabled": true},
				"archiveRules": []Settings{{"name": "partner", "equals": Settings{"principal.AWS": []string{"210987654321"}}}},
			},
			"securityHub": Settings{"enabled": true, "regions": "all", "standards": []string{"aws-foundational-security-best-practices/v/1.0.0"},
				"disabledControls": []Settings{{"id": "IAM.6", "reason": "A person sees to it"}}},
			"inspector": Settings{"enabled": true}, "macie": Settings{"enabled": true}, "trustedAdvisor": Settings{"enabled": true},
		},
		"billing": Settings{
			"action": Settings{"groups": []string{groupOfWorld}}, "tagBudgets": []Settings{{"key": "team", "value": "platform", "limit": 10}},
			"serviceBudgets": Settings{"AWS Lambda": Settings{"limit": 10}}, "baselineBudget": Settings{"enabled": true},
			"estimatedCharges": Settings{"enabled": true}, "report": Settings{"schedules": []string{"daily", "weekly", "monthly"}}, "dashboard": true,
		},
		"hardening": Settings{
			"accountAlias": "example-team", "supportRole": Settings{"enabled": true}, "auditRole": Settings{"enabled": true},
			"defaultSecurityGroups": Settings{"defaultVpcs": true},
			"contacts":              Settings{"security": Settings{"name": "Security", "title": "On call", "email": "security@example.com", "phone": "+81 3 0000 0000"}},
		},
	})
}

// TestRecordStates writes the states of a version, when ENGINE_RECORD names one.
func TestRecordStates(t *testing.T) {
	version := os.Getenv("ENGINE_RECORD")
	if version == "" {
		t.Skip("ENGINE_RECORD=vX.Y.Z records the states of a version")
	}
	require.Regexp(t, `^(v\d+\.\d+\.\d+|unreleased)$`, version, "ENGINE_RECORD")
	for _, profile := range profiles {
		stack := engine.New(t, engine.Options{Settings: everything(profile)})
		inhabited(t, stack)
		requireDone(t, stack.Up())
		recording, err := stack.Record()
		require.NoError(t, err)
		require.NoError(t, recording.Write(filepath.Join(states, version, profile+".json.gz")))
	}
}

// TestUpgrades previews today's program on the state of every version.
func TestUpgrades(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(states, "*", "*.json.gz"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	versions := map[string]bool{}
	for _, file := range files {
		version := filepath.Base(filepath.Dir(file))
		versions[version] = true
		t.Run(version+" "+strings.TrimSuffix(filepath.Base(file), ".json.gz"), func(t *testing.T) {
			t.Parallel()
			recording, err := engine.ReadRecording(file)
			require.NoError(t, err)
			help := "users of " + version + " would lose it: keep it, or give its successor an alias"
			if version == unreleased {
				help = "nobody uses it yet; if it is meant, record it: ENGINE_RECORD=unreleased go test -run TestRecordStates ."
			}
			require.Empty(t, upgrade(t, recording), help)
		})
	}
	require.False(t, versions[unreleased] && len(versions) > 1, "the first released version takes the place of %s: delete it", unreleased)
}

// TestARecordedVersionIsThisOne: what is released as ENGINE_RELEASE deploys what was recorded for it.
func TestARecordedVersionIsThisOne(t *testing.T) {
	version := os.Getenv("ENGINE_RELEASE")
	if version == "" {
		t.Skip("make release names the version in ENGINE_RELEASE")
	}
	for _, profile := range profiles {
		recording, err := engine.ReadRecording(filepath.Join(states, version, profile+".json.gz"))
		require.NoError(t, err)
		stack := engine.New(t, engine.Options{})
		stack.Restore(recording)
		requireUnchanged(t, stack.Preview())
	}
}

// keepsData are the types that an upgrade must not replace or delete, beside those that no setting may.
var keepsData = append([]string{
	"aws:guardduty/detector:Detector", "aws:glue/catalogTable:CatalogTable", "aws:glue/catalogDatabase:CatalogDatabase",
	"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2",
}, stateful...)

// upgrade previews the program on a recorded state, and says what users would lose.
func upgrade(t *testing.T, recording engine.Recording) (losses []string) {
	t.Helper()
	stack := engine.New(t, engine.Options{})
	stack.Restore(recording)
	preview := stack.Preview()
	if preview.Err != nil { // by the protection of what keeps data, among others
		losses = append(losses, "the preview is refused: "+describe(preview))
	}
	for _, step := range preview.Changes() {
		switch step.Op {
		case deploy.OpCreate, deploy.OpUpdate, deploy.OpImport:
		case deploy.OpDelete:
			losses = append(losses, fmt.Sprintf("%s %s is deleted", step.Type, step.Name))
		default:
			if slices.Contains(keepsData, step.Type) {
				losses = append(losses, fmt.Sprintf("%s %s: %s, because of %v", step.Type, step.Name, step.Op, step.Replaces))
			}
		}
	}
	return losses
}

// TestALossInAnUpgradeIsSeen mutates a state as if an older version had had other names or values.
func TestALossInAnUpgradeIsSeen(t *testing.T) {
	t.Parallel()
	stack := deployed(t, engine.Options{Settings: lean(trail(Settings{"athena": Settings{"enabled": true}}))})
	recording, err := stack.Record()
	require.NoError(t, err)
	require.Empty(t, upgrade(t, recording), "without a mutation")
	for _, row := range []struct{ name, from, to, loses string }{
		{"a protected bucket had another name in the program", `(aws:s3/bucketV2:BucketV2::archive-)trail"`, `${1}logs"`, "unable to replace resource"},
		{"the results' bucket had another name in the program", `(aws:s3/bucketV2:BucketV2::audit-athena-)results"`, `${1}answers"`, "BucketV2 audit-athena-answers is deleted"},
		{"a role had another name in the program", `(aws:iam/role:Role::audit-)logs-role"`, `${1}delivery-role"`, "Role audit-delivery-role is deleted"},
		{"a component had another type", `account-baseline:index:SecureTrail`, `account-baseline:index:AuditTrail`, "audit-trail is deleted"},
		{"a bucket had another name in the account", `"bucket":"account-baseline-dev-archive-trail-123456789012"`, `"bucket":"dev-trail"`, "BucketV2 archive-trail"},
		{"the trail had another name in the account", `"name":"account-baseline-dev-audit"`, `"name":"audit"`, "Trail audit-trail"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			text, err := json.Marshal(recording)
			require.NoError(t, err)
			changed := regexp.MustCompile(row.from).ReplaceAll(text, []byte(row.to))
			require.NotEqual(t, string(text), string(changed), "the mutation changes nothing")
			var mutated engine.Recording
			require.NoError(t, json.Unmarshal(changed, &mutated))
			require.Contains(t, strings.Join(upgrade(t, mutated), "\n"), row.loses)
		})
	}
}
