package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/cmd/test-alert/probe"
	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// hubInFile deploys fullHub into an account in a file, and answers the file and the hub as the stack's outputs tell it.
func hubInFile(t *testing.T, args *alerthub.AlertHubArgs) (file string, s *simulated, hub probe.Hub) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "account.json")
	s = deployInto(t, testkit.Options{Partition: "aws"}, file, func(ctx *pulumi.Context) error {
		home, err := hubProvider(ctx, testkit.Options{Partition: "aws"}, args, elsewhere("aws"))
		if err != nil {
			return err
		}
		_, err = alerthub.NewAlertHub(ctx, "alerts", args, pulumi.Provider(home))
		return err
	})
	outputs := `{"alertTopics": {`
	for i, severity := range alerthub.Severities {
		outputs += strings.Repeat(",", min(i, 1)) + fmt.Sprintf("%q: %q", severity, s.one(t, topicType, "alerts-"+string(severity)).str("arn"))
	}
	outputs += `}, "deadLetterQueues": {"ap-northeast-1": "u", "eu-west-1": "u", "us-east-1": "u"}, "trailArn": "x"}`
	hub, err := probe.HubOf([]byte(outputs))
	require.NoError(t, err)
	assert.Equal(t, probe.Hub{
		Partition: "aws", Account: accountID, Prefix: hubPrefix, Home: "ap-northeast-1",
		Regions: []string{"ap-northeast-1", "eu-west-1", "us-east-1"}, Severities: []string{"critical", "informational", "warning"},
	}, hub)
	return file, s, hub
}

func TestTestAlertShowsWhoReadsAndWhoWaits(t *testing.T) {
	file, _, hub := hubInFile(t, fullHub("aws"))
	before, err := os.ReadFile(file)
	require.NoError(t, err)

	var out strings.Builder
	require.NoError(t, probe.Run(&out, hub, probe.Options{AccountFile: file}))
	// Three severities in three Regions: Slack and the webhook read, two addresses wait.
	assert.Contains(t, out.String(), "18 read, 18 waiting for a confirmation, 0 dropped.")
	assert.Contains(t, out.String(), "  waiting  email security@example.com")
	assert.Contains(t, out.String(), "  read     slack T07EA123LEP/C07EZ1ABC23")
	assert.Contains(t, out.String(), "  read     webhook (its URL is secret)")
	assert.Contains(t, out.String(), "           | :rotating_light: TEST: an alert of account 123456789012 reached you")
	assert.Contains(t, out.String(), "           rule arn:aws:events:eu-west-1:123456789012:rule/"+hubPrefix+"-test")
	assert.NotContains(t, out.String(), "verysecret")

	out.Reset()
	require.NoError(t, probe.Run(&out, hub, probe.Options{AccountFile: file, Confirmed: true}))
	assert.Contains(t, out.String(), "36 read, 0 waiting for a confirmation, 0 dropped.")
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after), "the account is not changed")
}

func TestTestAlertFailsWhenAMessageIsDropped(t *testing.T) {
	file, s, hub := hubInFile(t, fullHub("aws"))
	require.NoError(t, s.account().Update(func(a *awssim.Account) {
		topic := a.SNS.Topics["arn:aws:sns:ap-northeast-1:123456789012:"+hubPrefix+"-critical"]
		topic.Policy = without(t, topic.Policy, "EventBridgeRules")
	}))
	var out strings.Builder
	require.EqualError(t, probe.Run(&out, hub, probe.Options{AccountFile: file}), "3 messages were dropped")
	assert.Contains(t, out.String(), "policy of topic "+hubPrefix+"-critical")
	assert.Contains(t, out.String(), "kept in arn:aws:sqs:ap-northeast-1:123456789012:"+hubPrefix+"-dead-letters")
}

func TestTestAlertFailsWhenNobodyListens(t *testing.T) {
	file, _, hub := hubInFile(t, &alerthub.AlertHubArgs{})
	var out strings.Builder
	require.EqualError(t, probe.Run(&out, hub, probe.Options{AccountFile: file}), "9 messages were dropped")
	assert.Contains(t, out.String(), "has no subscription")
}

func TestTestAlertPrintsTheCommandsForARealAccount(t *testing.T) {
	_, _, hub := hubInFile(t, &alerthub.AlertHubArgs{})
	hub, err := hub.In([]string{"us-east-1"})
	require.NoError(t, err)
	var out strings.Builder
	probe.Commands(&out, hub)
	assert.Contains(t, out.String(), `  aws events put-events --region us-east-1 --entries '[{"Detail":"{\"hub\":\"account-baseline-dev-alerts\",\"severity\":\"critical\"}","DetailType":"Alert Test","Source":"account-baseline.test"}]'`)
	assert.Equal(t, 3, strings.Count(out.String(), "put-events --region"))
	_, err = hub.In([]string{"eu-north-1"})
	require.EqualError(t, err, `the hub has no rules in "eu-north-1"; it has in us-east-1`)
}

func TestTestAlertWantsADeployedStack(t *testing.T) {
	for outputs, want := range map[string]string{
		"":   "deploy first (make up)",
		"{}": "has no outputs alertTopics and deadLetterQueues",
		`{"alertTopics":{"critical":"x"},"deadLetterQueues":{"us-east-1":"u"}}`: `output alertTopics["critical"]: "x" is not the ARN of a topic PREFIX-critical`,
	} {
		_, err := probe.HubOf([]byte(outputs))
		require.ErrorContains(t, err, want)
	}
	_, _, hub := hubInFile(t, &alerthub.AlertHubArgs{})
	require.ErrorContains(t, probe.Run(&strings.Builder{}, hub, probe.Options{AccountFile: "nowhere.json"}), "deploy first (make up)")
}
