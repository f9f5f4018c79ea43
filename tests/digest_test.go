package tests

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	digestType   = "account-baseline:index:WeeklyDigest"
	digestPrefix = "account-baseline-dev-weekly"
	digestLogs   = "account-baseline-dev-audit"
)

type digestArgs = digest.WeeklyDigestArgs

// everyDigest looks at all there is.
func everyDigest() *digestArgs {
	return &digestArgs{
		LogGroupName: digestLogs, Config: true, ConfigAggregator: "account-baseline-dev-config", Findings: digest.SecurityHub,
		TimeZone: "Asia/Tokyo", Tags: pulumi.StringMap{"team": pulumi.String("security")},
	}
}

// deployDigest deploys a component named weekly beside a hub with Slack where there is Slack.
func deployDigest(t testing.TB, o testkit.Options, args *digestArgs) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		hub, err := alerthub.NewAlertHub(ctx, "alerts", &alerthub.AlertHubArgs{Slack: fullHub(o.Partition).Slack})
		if err != nil {
			return err
		}
		args.Alerts = hub
		_, err = digest.NewWeeklyDigest(ctx, "weekly", args)
		return err
	})
}

func TestDigestIsWellBehaved(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		other := otherRegion(o.Partition)
		d := testkit.Run(t, o, func(ctx *pulumi.Context) error {
			provider, err := aws.NewProvider(ctx, "elsewhere", &aws.ProviderArgs{Region: pulumi.String(other)})
			if err != nil {
				return err
			}
			hub, err := alerthub.NewAlertHub(ctx, "alerts", &alerthub.AlertHubArgs{Tags: pulumi.StringMap{"team": pulumi.String("security")}}, pulumi.Provider(provider))
			if err != nil {
				return err
			}
			args := everyDigest()
			args.Alerts = hub
			_, err = digest.NewWeeklyDigest(ctx, "weekly", args, pulumi.Provider(provider))
			return err
		})
		component := d.Only(digestType)
		d.AllTagged(map[string]string{"team": "security"})
		d.AllUseProviderOf(component)
		d.NoHardCodedPartition()
		for _, r := range d.All() {
			if r.Custom && r.Name != "elsewhere" {
				assert.Equal(t, other, r.Region, r.URN)
				assert.False(t, r.Protect || r.RetainOnDelete, r.URN)
				assert.True(t, strings.HasPrefix(r.Name, "weekly-") || strings.HasPrefix(r.Name, "alerts-"), r.URN)
			}
		}
	})
}

// TestDigestIsReadableBeforehand: state machine, policies and schedule are known at preview.
func TestDigestIsReadableBeforehand(t *testing.T) {
	d := deployDigest(t, testkit.Options{DryRun: true}, everyDigest())
	assert.NotEmpty(t, d.Only(stateMachineType).String("definition"))
	for _, name := range []string{"weekly-digest-role", "weekly-digest-schedule-role"} {
		assert.NotEmpty(t, d.One(hubRoleType, name).String("assumeRolePolicy"), name)
		assert.NotEmpty(t, d.One("aws:iam/rolePolicy:RolePolicy", name+"-policy").String("policy"), name)
	}
}

// TestDigestComesOnMonday: or whenever it is wanted.
func TestDigestComesOnMonday(t *testing.T) {
	for _, row := range []struct {
		args     digestArgs
		cron, at string
	}{
		{digestArgs{}, "cron(0 8 ? * MON *)", "UTC"},
		{digestArgs{Weekday: "FRI", Hour: pointer(0), Minute: 30, TimeZone: "Europe/Berlin"}, "cron(30 0 ? * FRI *)", "Europe/Berlin"},
	} {
		row.args.Config = true
		schedule := deployDigest(t, testkit.Options{}, &row.args).Only(scheduleType)
		assert.Equal(t, row.cron, schedule.String("scheduleExpression"))
		assert.Equal(t, row.at, schedule.String("scheduleExpressionTimezone"))
		assert.Equal(t, map[string]any{"mode": "OFF"}, schedule.Get("flexibleTimeWindow"))
		assert.JSONEq(t, `{"until":"<aws.scheduler.scheduled-time>"}`, schedule.String("target.input"))
		assert.Equal(t, 20.0, schedule.Get("target.retryPolicy.maximumRetryAttempts"))
		assert.Equal(t, 21600.0, schedule.Get("target.retryPolicy.maximumEventAgeInSeconds"))
	}
}

func pointer[T any](value T) *T { return &value }

// TestDigestAsksWhatItWasTold: whatever the sources, the definition is one that Step Functions takes, and calls nothing else.
// What its expressions yield is the business of tests/digestreport, which evaluates them.
func TestDigestAsksWhatItWasTold(t *testing.T) {
	const publish = "sns:publish"
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		for _, row := range []struct {
			args digestArgs
			want []string
		}{
			{digestArgs{LogGroupName: digestLogs}, []string{"aws-sdk:cloudwatchlogs:getQueryResults", "aws-sdk:cloudwatchlogs:startQuery", publish}},
			{digestArgs{Config: true}, []string{"aws-sdk:config:describeComplianceByConfigRule", publish}},
			{digestArgs{Config: true, ConfigAggregator: "all"}, []string{"aws-sdk:config:describeAggregateComplianceByConfigRules", publish}},
			{digestArgs{Findings: digest.SecurityHub}, []string{"aws-sdk:securityhub:getInsightResults", publish}},
			{digestArgs{Findings: digest.GuardDuty}, []string{"aws-sdk:guardduty:getFindingsStatistics", "aws-sdk:guardduty:listDetectors", publish}},
		} {
			d := deployDigest(t, testkit.Options{Partition: p.Name}, &row.args)
			definition := d.Only(stateMachineType).String("definition")
			machine, err := statemachine.Parse(definition)
			require.NoError(t, err)
			var calls []string
			for _, task := range machine.Tasks() {
				calls = append(calls, strings.TrimPrefix(task.Resource, "arn:"+p.Name+":states:::"))
			}
			slices.Sort(calls)
			if p.Name == "aws" {
				row.want = append(row.want, publish)
			}
			assert.Equal(t, row.want, calls)
			assert.Less(t, len(definition), 1<<20, "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html")
		}
	})
}

// TestDigestNamesWhatItDoesNotLookAt: as an output too, so that nobody waits for figures that never come.
func TestDigestNamesWhatItDoesNotLookAt(t *testing.T) {
	for _, row := range []struct {
		args digestArgs
		want []string
	}{
		{*everyDigest(), []string{}},
		{digestArgs{LogGroupName: digestLogs}, []string{
			"Rules of AWS Config that are not obeyed: the digest was not told to ask AWS Config",
			"Open findings, critical or high: the digest was told to ask neither Security Hub nor GuardDuty",
		}},
		{digestArgs{Config: true, Findings: digest.GuardDuty}, []string{
			"Calls by the root user: the digest was given no log group of a trail",
			"Console sign-ins without MFA: the digest was given no log group of a trail",
			"Denied calls: the digest was given no log group of a trail",
			"New access keys: the digest was given no log group of a trail",
		}},
	} {
		var made *digest.WeeklyDigest
		testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			hub, err := alerthub.NewAlertHub(ctx, "alerts", nil)
			if err != nil {
				return err
			}
			row.args.Alerts = hub
			made, err = digest.NewWeeklyDigest(ctx, "weekly", &row.args)
			return err
		})
		assert.Equal(t, row.want, awaitStrings(t, made.NotLookedAt))
	}
}

// TestDigestThatCannotStartIsNoticed: by an alarm over the schedule's group.
func TestDigestThatCannotStartIsNoticed(t *testing.T) {
	alarm := deployDigest(t, testkit.Options{}, everyDigest()).One(chargesAlarmType, "weekly-digest-dropped")
	assert.Equal(t, "AWS/Scheduler", alarm.String("namespace"))
	assert.Equal(t, "InvocationDroppedCount", alarm.String("metricName"))
	assert.Equal(t, map[string]any{"ScheduleGroup": digestPrefix + "-digest"}, alarm.Get("dimensions"))
	assert.Equal(t, []any{"arn:aws:sns:ap-northeast-1:" + accountID + ":" + hubPrefix + "-warning"}, alarm.Get("alarmActions"))
}

// pinnedDigest are the URNs of the component's resources below urn:pulumi:STACK::PROJECT::, and the names they have in AWS. They
// stand in users' states and accounts for ever: whoever renames something adds an alias and keeps the row.
var pinnedDigest = map[string]string{
	ofDigest("") + "::weekly":                                                          "",
	ofDigest(hubRoleType) + "::weekly-digest-role":                                     digestPrefix + "-digest",
	ofDigest("aws:iam/rolePolicy:RolePolicy") + "::weekly-digest-role-policy":          "digest",
	ofDigest(stateMachineType) + "::weekly-digest":                                     digestPrefix + "-digest",
	ofDigest(scheduleGroupType) + "::weekly-digest-schedules":                          digestPrefix + "-digest",
	ofDigest(hubRoleType) + "::weekly-digest-schedule-role":                            digestPrefix + "-digest-schedule",
	ofDigest("aws:iam/rolePolicy:RolePolicy") + "::weekly-digest-schedule-role-policy": "digest-schedule",
	ofDigest(scheduleType) + "::weekly-digest-schedule":                                digestPrefix + "-digest",
	ofDigest(chargesAlarmType) + "::weekly-digest-dropped":                             digestPrefix + "-digest-dropped",
	ofDigest(eventRuleType) + "::alerts-weekly-failed":                                 hubPrefix + "-weekly-failed",
}

func ofDigest(typ string) string { return below(digestType, typ) }

func TestDigestNamesAreForEver(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		names := declared(deployDigest(t, testkit.Options{DryRun: m.DryRun}, everyDigest()))
		for urn, name := range pinnedDigest {
			assert.Contains(t, names, urn, "renamed or gone: states of users have it, add an alias")
			assert.Equal(t, name, names[urn], urn)
		}
	})
}

// TestSourcesOfTheDigestReplaceNothing: what is looked at changes the definition and the role's rights.
func TestSourcesOfTheDigestReplaceNothing(t *testing.T) {
	before := deployDigest(t, testkit.Options{}, everyDigest())
	after := deployDigest(t, testkit.Options{}, &digestArgs{Findings: digest.GuardDuty, Weekday: "SUN"})
	for _, r := range before.Below(before.Only(digestType).URN) {
		if r.Custom {
			assert.Equal(t, r.String("name"), after.One(r.Type, r.Name).String("name"), r.URN)
		}
	}
	var definition map[string]any
	require.NoError(t, json.Unmarshal([]byte(after.Only(stateMachineType).String("definition")), &definition))
}
