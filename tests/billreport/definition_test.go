package billreport

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const account = "123456789012"

func mailTopic(partition, home string) string {
	return "arn:" + partition + ":sns:" + home + ":" + account + ":account-baseline-dev-alerts-informational"
}

func chatTopic(partition, home string) string { return mailTopic(partition, home) + "-chat" }

// declared is the report as the component declares it.
type declared struct {
	*statemachine.Machine
	inputs map[string]map[string]any // of the schedules, by frequency
}

// machine is the report with all its schedules, with Slack or without.
func machine(t *testing.T, o testkit.Options, slack bool) declared {
	t.Helper()
	return reporting(t, o, slack, 1)
}

func reporting(t *testing.T, o testkit.Options, slack bool, dayOfMonth int) declared {
	t.Helper()
	home := homeOf(o.Partition)
	d := testkit.Run(t, o, func(ctx *pulumi.Context) error {
		hub, err := alerthub.NewAlertHub(ctx, "alerts", nil)
		if err != nil {
			return err
		}
		args := &billingguard.BillingGuardArgs{Alerts: hub, Report: billingguard.ReportArgs{
			Frequencies: []billingguard.Frequency{billingguard.Daily, billingguard.Weekly, billingguard.Monthly}, DayOfMonth: dayOfMonth,
		}}
		if slack {
			args.Report.ChatTopicArn = pulumi.String(chatTopic(o.Partition, home))
		}
		_, err = billingguard.NewBillingGuard(ctx, "bill", args)
		return err
	})
	parsed, err := statemachine.Parse(d.Only("aws:sfn/stateMachine:StateMachine").String("definition"))
	require.NoError(t, err)
	inputs := map[string]map[string]any{}
	for _, schedule := range d.ByType("aws:scheduler/schedule:Schedule") {
		var input map[string]any
		require.NoError(t, json.Unmarshal([]byte(schedule.Get("target").(map[string]any)["input"].(string)), &input))
		inputs[input["frequency"].(string)] = input
	}
	return declared{parsed, inputs}
}

func homeOf(partition string) string {
	for _, p := range testkit.Partitions {
		if p.Name == partition {
			return p.Home
		}
	}
	panic("no partition " + partition)
}
