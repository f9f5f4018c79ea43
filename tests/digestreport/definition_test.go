package digestreport

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	account   = "123456789012"
	logGroup  = "account-baseline-dev-audit"
	mailTopic = "arn:aws:sns:ap-northeast-1:" + account + ":account-baseline-dev-alerts-informational"
)

// everything are arguments of a digest that looks at all there is.
func everything() *digest.WeeklyDigestArgs {
	return &digest.WeeklyDigestArgs{
		LogGroupName: logGroup, Config: true, ConfigAggregator: "account-baseline-dev-config", Findings: digest.SecurityHub,
	}
}

// machine is the state machine as the component declares it beside a hub with Slack.
func machine(t *testing.T, args *digest.WeeklyDigestArgs) *statemachine.Machine {
	t.Helper()
	return machineOf(t, args, &alerthub.AlertHubArgs{Slack: &alerthub.SlackArgs{WorkspaceID: "T07EA123LEP", ChannelID: "C07EZ1ABC23"}})
}

func machineOf(t *testing.T, args *digest.WeeklyDigestArgs, hubArgs *alerthub.AlertHubArgs) *statemachine.Machine {
	t.Helper()
	d := testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		hub, err := alerthub.NewAlertHub(ctx, "alerts", hubArgs)
		if err != nil {
			return err
		}
		args.Alerts = hub
		_, err = digest.NewWeeklyDigest(ctx, "weekly", args)
		return err
	})
	parsed, err := statemachine.Parse(d.Only("aws:sfn/stateMachine:StateMachine").String("definition"))
	require.NoError(t, err)
	return parsed
}
