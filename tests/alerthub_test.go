package tests

import (
	"fmt"
	"slices"
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

const (
	hubType              = "account-baseline:index:AlertHub"
	topicType            = "aws:sns/topic:Topic"
	topicPolicyType      = "aws:sns/topicPolicy:TopicPolicy"
	subscriptionType     = "aws:sns/topicSubscription:TopicSubscription"
	queueType            = "aws:sqs/queue:Queue"
	queuePolicyType      = "aws:sqs/queuePolicy:QueuePolicy"
	eventRuleType        = "aws:cloudwatch/eventRule:EventRule"
	eventTargetType      = "aws:cloudwatch/eventTarget:EventTarget"
	eventDestinationType = "aws:cloudwatch/eventApiDestination:EventApiDestination"
	slackType            = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"
	hubRoleType          = "aws:iam/role:Role"
	hubAlarmType         = "aws:cloudwatch/metricAlarm:MetricAlarm"
	emailContactType     = "aws:notifications/contactsEmailContact:ContactsEmailContact"
	watchRuleType        = "aws:notifications/eventRule:EventRule"

	hubPrefix  = "account-baseline-dev-alerts"
	webhookURL = "https://hooks.example.com/services/T0/B0/verysecret"
)

// rulesOfRoute are the rules of one route, the hub's own ones left out.
func rulesOfRoute(d *testkit.Deployment, route string) []*testkit.Resource {
	return slices.DeleteFunc(d.ByType(eventRuleType), func(r *testkit.Resource) bool {
		return r.String("name") != hubPrefix+"-"+route
	})
}

// deployHub deploys a hub named alerts with an explicit home provider, and lets the test go on from there.
func deployHub(t *testing.T, o testkit.Options, args *alerthub.AlertHubArgs, forward []string,
	then func(ctx *pulumi.Context, hub *alerthub.AlertHub) error,
) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		home, err := hubProvider(ctx, o, args, forward)
		if err != nil {
			return err
		}
		hub, err := alerthub.NewAlertHub(ctx, "alerts", args, pulumi.Provider(home))
		if err != nil || then == nil {
			return err
		}
		return then(ctx, hub)
	})
}

// hubProvider makes the providers of the home Region and of those to forward from.
func hubProvider(ctx *pulumi.Context, o testkit.Options, args *alerthub.AlertHubArgs, forward []string) (*aws.Provider, error) {
	home := homeOf(o)
	if forward == nil {
		return aws.NewProvider(ctx, "aws-"+home, &aws.ProviderArgs{Region: pulumi.String(home)})
	}
	providers, err := regions.NewProviders(ctx, regions.Set{Home: home, Covered: append([]string{home}, forward...)}, aws.ProviderArgs{})
	if err != nil {
		return nil, err
	}
	args.Regions = providers
	return providers.Home(), nil
}

func homeOf(o testkit.Options) string {
	if o.Region != "" {
		return o.Region
	}
	for _, p := range testkit.Partitions {
		if p.Name == o.Partition || (o.Partition == "" && p.Name == "aws") {
			return p.Home
		}
	}
	return ""
}

// elsewhere are the other Regions of a partition that the tests forward from.
func elsewhere(partition string) []string {
	for _, p := range testkit.Partitions {
		if p.Name == partition {
			set := []string{p.Other}
			if p.Global != p.Other && p.Global != p.Home {
				set = append(set, p.Global)
			}
			return set
		}
	}
	return nil
}

// forwarded are those of elsewhere whose events reach the home Region. China has no cross-Region event buses:
// https://aws.amazon.com/blogs/compute/expanding-cross-region-event-routing-with-amazon-eventbridge/
func forwarded(partition string) []string {
	if partition == "aws-cn" {
		return nil
	}
	return elsewhere(partition)
}

// fullHub has every recipient that the partition offers; "" is aws.
func fullHub(partition string) *alerthub.AlertHubArgs {
	if partition == "" {
		partition = "aws"
	}
	args := &alerthub.AlertHubArgs{
		Emails:             pulumi.StringArray{pulumi.String("security@example.com"), pulumi.String("Ops@example.com")},
		PublishingRoleArns: []string{"arn:" + partition + ":iam::123456789012:role/reports/bill-report"},
		Tags:               pulumi.StringMap{"team": pulumi.String("security")},
	}
	if partition == "aws" {
		args.Slack = &alerthub.SlackArgs{WorkspaceID: "T07EA123LEP", ChannelID: "C07EZ1ABC23"}
	}
	if partition != "aws-us-gov" {
		args.Webhook = &alerthub.WebhookArgs{URL: pulumi.String(webhookURL)}
	}
	return args
}

func TestHubIsWellBehaved(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		forward := elsewhere(o.Partition)
		d := deployHub(t, o, watchedHub(o.Partition), forward, func(ctx *pulumi.Context, hub *alerthub.AlertHub) error {
			return hub.AddRoute(ctx, "root-use", rootRoute())
		})
		component := d.Only(hubType)
		further := make([]string, len(forward))
		for i, region := range forward {
			further[i] = "aws-" + region
		}
		d.AllDescendFrom(component)
		d.AllNamedAfter(component)
		d.AllTagged(map[string]string{"team": "security"})
		d.AllUseProviderOf(component, further...)
		d.NoHardCodedPartition()
	})
}

func TestHubNeedsNothingButAName(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		var hub *alerthub.AlertHub
		d := testkit.Run(t, o, func(ctx *pulumi.Context) (err error) {
			hub, err = alerthub.NewAlertHub(ctx, "alerts", nil)
			if err != nil {
				return err
			}
			return hub.AddRoute(ctx, "root-use", rootRoute())
		})
		assert.Equal(t, []string{
			"Nobody will be told when something happens: no e-mail address, Slack channel or webhook is configured (Emails, Slack or Webhook; settings: pulumi config set --path 'alerts.emails[0]' you@example.com).",
		}, d.Logs("warning"))
		assert.Equal(t, []string{"alerts-critical", "alerts-informational", "alerts-warning"}, d.Names(topicType))
		assert.Len(t, rulesOfRoute(d, "root-use"), 1)
		for _, r := range d.All() {
			assert.Empty(t, r.Provider, r.URN)
		}
	})
}

func TestHubWarnsOfTheSeveritiesThatReachNobody(t *testing.T) {
	d := deployHub(t, testkit.Options{}, &alerthub.AlertHubArgs{
		Emails:         pulumi.StringArray{pulumi.String("security@example.com")},
		SeverityEmails: map[alerthub.Severity]pulumi.StringArray{alerthub.Informational: {}},
	}, nil, nil)
	assert.Equal(t, []string{
		"Nobody will be told of informational alerts: no e-mail address, Slack channel or webhook is configured for them (Emails, SeverityEmails, Slack or Webhook; settings: pulumi config set --path 'alerts.emails[0]' you@example.com).",
	}, d.Logs("warning"))
}

func TestHubTopicsAreEncryptedWithAKeyThatRotates(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := deployHub(t, testkit.Options{DryRun: m.DryRun}, fullHub("aws"), nil, nil)
		key := d.One("aws:kms/key:Key", "alerts-key")
		assert.Equal(t, true, key.Get("enableKeyRotation"))
		assert.EqualValues(t, 30, key.Get("deletionWindowInDays"))
		assert.Equal(t, "alias/"+hubPrefix, d.Only("aws:kms/alias:Alias").String("name"))
		topics := d.ByType(topicType)
		assert.Len(t, topics, 6)
		for _, topic := range topics {
			if m.DryRun {
				assert.False(t, topic.Known("kmsMasterKeyId"), topic.Name)
			} else {
				assert.Equal(t, key.Outputs["arn"], topic.Get("kmsMasterKeyId"), topic.Name)
			}
			assert.Equal(t, strings.Replace(topic.Name, "alerts-", hubPrefix+"-", 1), topic.String("name"))
		}
	})
}

func TestDisposableHubLosesItsKeySoon(t *testing.T) {
	d := deployHub(t, testkit.Options{}, &alerthub.AlertHubArgs{Disposable: true}, nil, nil)
	assert.EqualValues(t, 7, d.Only("aws:kms/key:Key").Get("deletionWindowInDays"))
}

func TestHubSubscriptionsAreNamedAfterTheirAddress(t *testing.T) {
	both := deployHub(t, testkit.Options{}, fullHub("aws"), nil, nil)
	one := fullHub("aws")
	one.Emails = one.Emails[1:]
	fewer := deployHub(t, testkit.Options{}, one, nil, nil)
	for _, severity := range alerthub.Severities {
		name := fmt.Sprintf("alerts-%s-ops@example.com", severity)
		assert.Equal(t, both.One(subscriptionType, name).URN, fewer.One(subscriptionType, name).URN)
		assert.Equal(t, "Ops@example.com", both.One(subscriptionType, name).String("endpoint"))
	}
	assert.Len(t, both.ByType(subscriptionType), len(fewer.ByType(subscriptionType))+len(alerthub.Severities))
}

func TestHubSeveritiesCanHaveTheirOwnRecipients(t *testing.T) {
	d := deployHub(t, testkit.Options{}, &alerthub.AlertHubArgs{
		Emails:         pulumi.StringArray{pulumi.String("all@example.com")},
		SeverityEmails: map[alerthub.Severity]pulumi.StringArray{alerthub.Critical: {pulumi.String("pager@example.com")}},
		Slack: &alerthub.SlackArgs{
			WorkspaceID: "T07EA123LEP", ChannelID: "C0NOISE",
			SeverityChannelIDs: map[alerthub.Severity]string{alerthub.Critical: "C0URGENT"},
		},
	}, nil, nil)
	assert.Equal(t, []string{
		"alerts-critical-pager@example.com", "alerts-informational-all@example.com", "alerts-warning-all@example.com",
	}, d.Names(subscriptionType))
	urgent := d.One(slackType, "alerts-slack-C0URGENT")
	assert.ElementsMatch(t, topicArns("critical", "critical-chat"), urgent.Get("snsTopicArns"))
	noise := d.One(slackType, "alerts-slack-C0NOISE")
	assert.ElementsMatch(t, topicArns("warning", "warning-chat", "informational", "informational-chat"), noise.Get("snsTopicArns"))
}

func topicArns(suffixes ...string) []any {
	var arns []any
	for _, suffix := range suffixes {
		arns = append(arns, "arn:aws:sns:ap-northeast-1:123456789012:"+hubPrefix+"-"+suffix)
	}
	return arns
}

func TestHubGivesSlackGuardrails(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := deployHub(t, testkit.Options{DryRun: m.DryRun}, fullHub("aws"), nil, nil)
		slack := d.Only(slackType)
		assert.Equal(t, []any{"arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"}, slack.Get("guardrailPolicyArns"))
		assert.Equal(t, true, slack.Get("userAuthorizationRequired"))
	})
	own := fullHub("aws")
	own.Slack.GuardrailPolicyArns = []string{"arn:aws:iam::aws:policy/AWSDenyAll"}
	required := false
	own.Slack.UserAuthorizationRequired = &required
	slack := deployHub(t, testkit.Options{}, own, nil, nil).Only(slackType)
	assert.Equal(t, []any{"arn:aws:iam::aws:policy/AWSDenyAll"}, slack.Get("guardrailPolicyArns"))
	assert.Equal(t, false, slack.Get("userAuthorizationRequired"))
}

func TestHubKeepsTheWebhookURLSecret(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := deployHub(t, testkit.Options{DryRun: m.DryRun}, fullHub("aws"), nil, nil)
		destination := d.Only(eventDestinationType)
		assert.True(t, destination.Secret("invocationEndpoint"))
		assert.Contains(t, destination.AdditionalSecretOutputs, "invocationEndpoint")
		for _, r := range d.All() {
			for _, s := range r.Strings() {
				if strings.Contains(s.Value, "verysecret") {
					assert.True(t, r.Secret(s.Path), "%s: %s shows the URL", r.URN, s.Path)
				}
			}
		}
	})
}

func TestHubRefusesAWebhookURLThatIsKnownLate(t *testing.T) {
	_, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		_, err := alerthub.NewAlertHub(ctx, "alerts", &alerthub.AlertHubArgs{
			Webhook: &alerthub.WebhookArgs{URL: pulumi.String("http://hooks.example.com/verysecret").ToStringOutput()},
		})
		return err
	})
	require.ErrorContains(t, err, "Webhook.URL: the URL has to begin with https://")
	assert.NotContains(t, err.Error(), "verysecret")
}

func TestHubWebhookCarriesEveryTopicOnce(t *testing.T) {
	d := deployHub(t, testkit.Options{}, fullHub("aws"), nil, nil)
	queue := d.One(queueType, "alerts-webhook-queue")
	var topics []string
	for _, s := range d.ByType(subscriptionType) {
		if s.String("protocol") == "sqs" {
			assert.Equal(t, queue.Outputs["arn"], s.Get("endpoint"))
			assert.Nil(t, s.Get("rawMessageDelivery"), "the envelope makes any message a JSON text")
			topics = append(topics, s.String("topic")[strings.LastIndex(s.String("topic"), "-")+1:])
		}
	}
	assert.ElementsMatch(t, []string{"critical", "warning", "informational"}, topics)
	pipe := d.Only("aws:pipes/pipe:Pipe")
	assert.Equal(t, queue.Outputs["arn"], pipe.Get("source"))
	assert.Equal(t, d.Only(eventDestinationType).Outputs["arn"], pipe.Get("target"))
	assert.Equal(t, `{"text": <$.body.Message>}`, pipe.String("targetParameters.inputTemplate"))
	assert.EqualValues(t, 1, pipe.Get("sourceParameters.sqsQueueParameters.batchSize"), "more would make the body a list")
	assert.Contains(t, pipe.Dependencies, d.One("aws:iam/rolePolicy:RolePolicy", "alerts-webhook-role-policy").URN)
	assert.JSONEq(t, fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":20}`,
		d.One(queueType, "alerts-dead-letters-ap-northeast-1").Outputs["arn"]), queue.String("redrivePolicy"))
}

func TestHubReportsWhatWaits(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		var hub *alerthub.AlertHub
		deployHub(t, testkit.Options{DryRun: m.DryRun}, &alerthub.AlertHubArgs{
			SeverityEmails: map[alerthub.Severity]pulumi.StringArray{alerthub.Critical: {pulumi.String("pager@example.com")}},
		}, []string{"us-east-1"}, func(_ *pulumi.Context, made *alerthub.AlertHub) error {
			hub = made
			return nil
		})
		pending, known, _, err := testkit.Await(hub.PendingSubscriptions)
		require.NoError(t, err)
		assert.Equal(t, !m.DryRun, known)
		if m.DryRun {
			return
		}
		assert.Equal(t, []string{"critical: pager@example.com"}, pending)
		arns, _, _, err := testkit.Await(hub.TopicArns)
		require.NoError(t, err)
		assert.Equal(t, map[string]string{
			"critical":      "arn:aws:sns:ap-northeast-1:123456789012:account-baseline-dev-alerts-critical",
			"warning":       "arn:aws:sns:ap-northeast-1:123456789012:account-baseline-dev-alerts-warning",
			"informational": "arn:aws:sns:ap-northeast-1:123456789012:account-baseline-dev-alerts-informational",
		}, arns)
		urls, _, _, err := testkit.Await(hub.DeadLetterQueueUrls)
		require.NoError(t, err)
		assert.Equal(t, map[string]string{
			"ap-northeast-1": "https://sqs.ap-northeast-1.amazonaws.com/123456789012/account-baseline-dev-alerts-dead-letters",
			"us-east-1":      "https://sqs.us-east-1.amazonaws.com/123456789012/account-baseline-dev-alerts-dead-letters",
		}, urls)
	})
}
