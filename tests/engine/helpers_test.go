package engine_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// Settings are shorter to write in tables.
type Settings = engine.Settings

const (
	continuousIntegration = "arn:aws:iam::123456789012:role/ci/account-baseline-deployer"
	identityCenter        = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/ap-northeast-1/AWSReservedSSO_Admin_0123456789abcdef"
	userWithAccessKey     = "arn:aws:iam::123456789012:user/operations/alice"
)

// team is a small team in two Regions, with the caller as its deployer.
func team(changes Settings) Settings {
	return Settings{
		"regions":   []string{"us-east-1"},
		"alerts":    Settings{"emails": []string{"security@example.com"}},
		"deployers": []string{continuousIntegration},
	}.With(changes)
}

// deployed is a stack after its first update.
func deployed(t *testing.T, o engine.Options) *engine.Stack {
	t.Helper()
	stack := engine.New(t, o)
	requireDone(t, stack.Up())
	return stack
}

// requireDone fails when the operation failed or reported an error.
func requireDone(t testing.TB, r engine.Result) {
	t.Helper()
	require.NoError(t, r.Err, "%s", describe(r))
	require.Empty(t, messages(r, diag.Error))
}

// requireUnchanged fails when the operation changed anything.
func requireUnchanged(t testing.TB, r engine.Result) {
	t.Helper()
	requireDone(t, r)
	require.Empty(t, r.Changes(), "nothing was to change")
}

// requireSamePlan fails when an update did something else than its preview said.
func requireSamePlan(t testing.TB, preview, up engine.Result) {
	t.Helper()
	require.Equal(t, plan(preview), plan(up), "the preview and the update differ")
}

// requireOnlyWhatStays fails when the account has kept more than the blocks of public AMIs, which the provider leaves as they are
// (output staysAfterDestroy), and the service-linked roles that AWS makes itself, for GuardDuty, its friends and conformance
// packs, and never takes away: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html.
func requireOnlyWhatStays(t testing.TB, places []string) {
	t.Helper()
	for _, place := range places {
		require.Regexp(t, `^IAM\.Roles\.AWSServiceRoleFor(AccessAnalyzer|AmazonGuardDuty|AmazonGuardDutyMalwareProtection|`+
			`AmazonInspector2|AmazonInspector2Agentless|AmazonMacie|ConfigConforms|SecurityHub)$|^EC2\.Regions\.[a-z0-9-]+\.ImageBlock$`, place, "something stays")
	}
}

func plan(r engine.Result) []string {
	lines := []string{}
	for _, step := range r.Changes() {
		lines = append(lines, fmt.Sprintf("%s %s", step.Op, step.URN))
	}
	slices.Sort(lines)
	return lines
}

// name is the last part of a URN.
func name(urn string) string { return urn[strings.LastIndex(urn, "::")+2:] }

func messages(r engine.Result, severity diag.Severity) []string {
	var texts []string
	for _, d := range r.Diagnostics {
		if d.Severity == severity {
			texts = append(texts, d.Message)
		}
	}
	return texts
}

func describe(r engine.Result) string {
	var text strings.Builder
	for _, d := range r.Diagnostics {
		fmt.Fprintln(&text, d)
	}
	for _, step := range r.Changes() {
		fmt.Fprintln(&text, step)
	}
	return text.String()
}

// stateful are the types whose loss or replacement loses data, or makes people and policies point at nothing.
var stateful = []string{
	"aws:s3/bucketV2:BucketV2", "aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy", "aws:cloudtrail/trail:Trail",
	"aws:cloudwatch/logGroup:LogGroup", "aws:sns/topic:Topic", "aws:sqs/queue:Queue", recorderType, channelType,
}

// requireHarmless fails when anything stateful is replaced, or is deleted without being named among those that may go.
func requireHarmless(t *testing.T, r engine.Result, mayGo []string) {
	t.Helper()
	for _, step := range r.Changes() {
		if !slices.Contains(stateful, step.Type) {
			continue
		}
		switch step.Op {
		case deploy.OpCreate, deploy.OpUpdate, deploy.OpImport:
		case deploy.OpDelete:
			require.Contains(t, mayGo, step.Name, "%s is deleted", step.Type)
		default:
			require.Fail(t, "something stateful is replaced", "%s, because of %v", step, step.Replaces)
		}
	}
}

// treasure is what an account must not lose: buckets with every version of every object, usable keys, trails. Results of
// Athena's queries are none: a query makes them again.
type treasure map[string]bool

func treasureOf(t testing.TB, stack *engine.Stack) treasure {
	t.Helper()
	var account struct {
		S3 struct {
			Buckets map[string]struct {
				Objects map[string][]struct{ ID string }
			}
		}
		KMS struct {
			Keys map[string]struct{ DeletionPlanned, Disabled bool }
		}
		CloudTrail struct{ Trails map[string]any }
	}
	require.NoError(t, json.Unmarshal(stack.AccountContent(), &account))
	all := treasure{}
	for bucket, content := range account.S3.Buckets {
		if strings.Contains(bucket, "-athena-") {
			continue
		}
		all["bucket "+bucket] = true
		for key, versions := range content.Objects {
			for _, version := range versions {
				all["object "+bucket+"/"+key+" "+version.ID] = true
			}
		}
	}
	for key, state := range account.KMS.Keys {
		if !state.DeletionPlanned && !state.Disabled {
			all["key "+key] = true
		}
	}
	for trail := range account.CloudTrail.Trails {
		all["trail "+trail] = true
	}
	return all
}

// lost is what was there and is not any more.
func (before treasure) lost(after treasure) []string {
	var lost []string
	for thing := range before {
		if !after[thing] {
			lost = append(lost, thing)
		}
	}
	slices.Sort(lost)
	return lost
}

// deliver lets every trail of the account deliver once, through all policies.
func deliver(t *testing.T, stack *engine.Stack) {
	t.Helper()
	var trails []string
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
		for arn := range a.CloudTrail.Trails {
			trails = append(trails, arn)
		}
	}))
	for _, arn := range trails {
		require.NoError(t, stack.Account().DeliverTrail(arn))
	}
}

// logFilesOf are the ARNs of the log files in the trail's archive.
func logFilesOf(t *testing.T, stack *engine.Stack) []string {
	t.Helper()
	var arns []string
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
		for name, bucket := range a.S3.Buckets {
			for key := range bucket.Objects {
				if strings.Contains(key, "/CloudTrail/") {
					arns = append(arns, "arn:aws:s3:::"+name+"/"+key)
				}
			}
		}
	}))
	slices.Sort(arns)
	return arns
}

// readAsReader reads a log file as a member of the readers' group does, who has switched to the reader role with MFA.
func readAsReader(stack *engine.Stack, role, file string) error {
	return stack.Account().Do(policyeval.Principal{ARN: role, Account: "123456789012"}, map[string][]string{"aws:MultiFactorAuthPresent": {"true"}}, "s3:GetObject", file)
}
