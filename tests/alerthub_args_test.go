package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

func TestHubRefusesBadArguments(t *testing.T) {
	mails := func(addresses ...string) pulumi.StringArray { return pulumi.ToStringArray(addresses) }
	slack := func(change func(s *alerthub.SlackArgs)) *alerthub.SlackArgs {
		s := &alerthub.SlackArgs{WorkspaceID: "T07EA123LEP", ChannelID: "C07EZ1ABC23"}
		change(s)
		return s
	}
	webhook := func(url string) *alerthub.WebhookArgs { return &alerthub.WebhookArgs{URL: pulumi.String(url)} }
	for _, row := range []struct {
		want string
		args alerthub.AlertHubArgs
	}{
		{`NamePrefix: "Alerts" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`,
			alerthub.AlertHubArgs{NamePrefix: "Alerts"}},
		{`NamePrefix: "` + strings.Repeat("a", 39) + `" is 39 characters long, at most 38 are possible`,
			alerthub.AlertHubArgs{NamePrefix: strings.Repeat("a", 39)}},
		{`Emails[1]: "ops@" is not an e-mail address`, alerthub.AlertHubArgs{Emails: mails("a@example.com", "ops@")}},
		{`Emails[1]: "A@example.com" is already Emails[0]; remove one of them`,
			alerthub.AlertHubArgs{Emails: mails("a@example.com", "A@example.com")}},
		{`Emails[0]: the address is missing`, alerthub.AlertHubArgs{Emails: pulumi.StringArray{nil}}},
		{`SeverityEmails["urgent"]: no such severity; there are critical, warning and informational`,
			alerthub.AlertHubArgs{SeverityEmails: map[alerthub.Severity]pulumi.StringArray{"urgent": nil}}},
		{`SeverityEmails["warning"][0]: "ops" is not an e-mail address`,
			alerthub.AlertHubArgs{SeverityEmails: map[alerthub.Severity]pulumi.StringArray{alerthub.Warning: mails("ops")}}},
		{`PublishingRoleArns[0]: "arn:aws:iam::123456789012:role/*" is not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/bill-report`,
			alerthub.AlertHubArgs{PublishingRoleArns: []string{"arn:aws:iam::123456789012:role/*"}}},
		{`PublishingRoleArns[0]: "arn:aws:sts::123456789012:assumed-role/a/b" is not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/bill-report`,
			alerthub.AlertHubArgs{PublishingRoleArns: []string{"arn:aws:sts::123456789012:assumed-role/a/b"}}},
		{`Slack.WorkspaceID: "" is not the id of a Slack workspace, such as T07EA123LEP; the console of Amazon Q Developer in chat applications shows it`,
			alerthub.AlertHubArgs{Slack: slack(func(s *alerthub.SlackArgs) { s.WorkspaceID = "" })}},
		{`Slack.ChannelID: "#alerts" is not the id of a Slack channel, such as C07EZ1ABC23; the channel's details end with it`,
			alerthub.AlertHubArgs{Slack: slack(func(s *alerthub.SlackArgs) { s.ChannelID = "#alerts" })}},
		{`Slack.SeverityChannelIDs["critical"]: "pager" is not the id of a Slack channel, such as C07EZ1ABC23; the channel's details end with it`,
			alerthub.AlertHubArgs{Slack: slack(func(s *alerthub.SlackArgs) {
				s.SeverityChannelIDs = map[alerthub.Severity]string{alerthub.Critical: "pager"}
			})}},
		{`Slack.SeverityChannelIDs["urgent"]: no such severity; there are critical, warning and informational`,
			alerthub.AlertHubArgs{Slack: slack(func(s *alerthub.SlackArgs) {
				s.SeverityChannelIDs = map[alerthub.Severity]string{"urgent": "C0"}
			})}},
		{`Slack.GuardrailPolicyArns[0]: "ReadOnlyAccess" is not the ARN of an IAM policy`,
			alerthub.AlertHubArgs{Slack: slack(func(s *alerthub.SlackArgs) { s.GuardrailPolicyArns = []string{"ReadOnlyAccess"} })}},
		{`Watch.Emails: 1 to 50 addresses are needed, not 0`, alerthub.AlertHubArgs{Watch: &alerthub.WatchArgs{}}},
		{`Watch.Emails[0]: "ops" is not an e-mail address`, alerthub.AlertHubArgs{Watch: &alerthub.WatchArgs{Emails: mails("ops")}}},
		{`Watch.IgnorePrincipalArns[0]: "arn:aws:iam::123456789012:role/*" is not the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer`,
			alerthub.AlertHubArgs{Watch: &alerthub.WatchArgs{Emails: mails("a@example.com"), IgnorePrincipalArns: []string{"arn:aws:iam::123456789012:role/*"}}}},
		{`Watch.AlarmNamePrefixes[0]: "" may hold 3 to 200 letters, digits, dots, slashes, hyphens and underscores only`,
			alerthub.AlertHubArgs{Watch: &alerthub.WatchArgs{Emails: mails("a@example.com"), AlarmNamePrefixes: []string{""}}}},
		{`Webhook.URL: the URL is missing`, alerthub.AlertHubArgs{Webhook: &alerthub.WebhookArgs{}}},
		{`Webhook.URL: the URL has to begin with https:// and to hold no blanks or asterisks (it is secret and not shown)`,
			alerthub.AlertHubArgs{Webhook: webhook("http://hooks.example.com/verysecret")}},
	} {
		t.Run(row.want, func(t *testing.T) {
			d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
				_, err := alerthub.NewAlertHub(ctx, "alerts", &row.args)
				return err
			})
			require.ErrorContains(t, err, `AlertHub "alerts": `+row.want+"\n")
			assert.NotContains(t, err.Error(), "verysecret")
			d.NothingRegistered()
		})
	}
}

func TestHubNamesEveryBadArgumentAtOnce(t *testing.T) {
	d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		_, err := alerthub.NewAlertHub(ctx, "alerts", &alerthub.AlertHubArgs{
			NamePrefix: "-", Emails: pulumi.ToStringArray([]string{"x"}), Slack: &alerthub.SlackArgs{}, Webhook: &alerthub.WebhookArgs{},
		})
		return err
	})
	for _, field := range []string{"NamePrefix: ", "Emails[0]: ", "Slack.WorkspaceID: ", "Slack.ChannelID: ", "Webhook.URL: "} {
		require.ErrorContains(t, err, field)
	}
	d.NothingRegistered()
}

func TestHubRefusesWhatThePartitionLacks(t *testing.T) {
	for _, row := range []struct {
		partition, want string
		args            alerthub.AlertHubArgs
	}{
		{"aws-cn", "Slack: Amazon Q Developer in chat applications (AWS Chatbot) does not exist in partition aws-cn; use Emails or Webhook",
			alerthub.AlertHubArgs{Slack: &alerthub.SlackArgs{WorkspaceID: "T0", ChannelID: "C0"}}},
		{"aws-us-gov", "Webhook: EventBridge API destinations do not exist in partition aws-us-gov; use Emails",
			alerthub.AlertHubArgs{Webhook: &alerthub.WebhookArgs{URL: pulumi.String("https://hooks.example.com/verysecret")}}},
		{"aws-cn", "Watch: AWS User Notifications e-mail contacts do not exist in partition aws-cn; nothing else can watch the alert path there",
			alerthub.AlertHubArgs{Watch: &alerthub.WatchArgs{Emails: pulumi.ToStringArray([]string{"a@example.com"})}}},
	} {
		_, err := testkit.RunErr(t, testkit.Options{Partition: row.partition}, func(ctx *pulumi.Context) error {
			_, err := alerthub.NewAlertHub(ctx, "alerts", &row.args)
			return err
		})
		require.ErrorContains(t, err, row.want)
		assert.NotContains(t, err.Error(), "verysecret")
	}
}

func TestHubHasToBeInTheHomeRegion(t *testing.T) {
	_, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		providers, err := regions.NewProviders(ctx, regions.Set{Home: "eu-west-1", Covered: []string{"eu-west-1"}}, aws.ProviderArgs{})
		if err != nil {
			return err
		}
		_, err = alerthub.NewAlertHub(ctx, "alerts", &alerthub.AlertHubArgs{Regions: providers})
		return err
	})
	require.ErrorContains(t, err, `AlertHub "alerts": Regions: the home Region is eu-west-1, but the hub's own provider works in ap-northeast-1; give the hub pulumi.Provider(regions.Home())`)
}
