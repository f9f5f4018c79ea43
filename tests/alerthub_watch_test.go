package tests

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	watchHubType     = "aws:notifications/notificationHub:NotificationHub"
	watchConfigType  = "aws:notifications/notificationConfiguration:NotificationConfiguration"
	watchChannelType = "aws:notifications/channelAssociation:ChannelAssociation"
)

// watchedCall is an API call on something of the hub, with the request parameters that CloudTrail records.
type watchedCall struct {
	service, name string
	in            []string // Regions where it must be told
	parameters    map[string]any
}

// watchedCalls are calls that break the alert path of hubInAccount's hub. KEY stands for the key's id.
func watchedCalls() []watchedCall {
	home, all, global := []string{"ap-northeast-1"}, []string{"ap-northeast-1", "eu-west-1", "us-east-1"}, []string{"us-east-1"}
	topic := "arn:aws:sns:ap-northeast-1:123456789012:" + hubPrefix + "-critical"
	var calls []watchedCall
	add := func(service string, in []string, parameters map[string]any, names ...string) {
		for _, name := range names {
			calls = append(calls, watchedCall{service, name, in, parameters})
		}
	}
	add("sns", home, map[string]any{"topicArn": topic}, "DeleteTopic", "AddPermission", "RemovePermission", "Subscribe")
	add("sns", home, map[string]any{"topicArn": topic, "attributeName": "Policy", "attributeValue": "{}"}, "SetTopicAttributes")
	add("sns", home, map[string]any{"subscriptionArn": topic + ":6b0e71bd-7e97-4d97-80ce-4a0994e55286"}, "Unsubscribe", "SetSubscriptionAttributes")
	add("sns", home, map[string]any{"resourceArn": topic}, "PutDataProtectionPolicy")
	add("events", all, map[string]any{"name": hubPrefix + "-root-use"}, "DeleteRule", "DisableRule", "PutRule")
	add("events", all, map[string]any{"rule": hubPrefix + "-root-use", "ids": []string{"mail"}}, "RemoveTargets", "PutTargets")
	add("events", home, map[string]any{"name": hubPrefix + "-webhook"}, "DeleteApiDestination", "UpdateApiDestination", "DeleteConnection", "UpdateConnection", "DeauthorizeConnection")
	for _, queue := range []string{"dead-letters", "webhook"} {
		add("sqs", home, map[string]any{"queueUrl": "https://sqs.ap-northeast-1.amazonaws.com/123456789012/" + hubPrefix + "-" + queue}, "DeleteQueue", "SetQueueAttributes", "PurgeQueue", "AddPermission", "RemovePermission")
	}
	add("sqs", []string{"us-east-1"}, map[string]any{"queueUrl": "https://queue.amazonaws.com/123456789012/" + hubPrefix + "-dead-letters"}, "DeleteQueue")
	add("kms", home, map[string]any{"keyId": "KEY"}, "DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy")
	add("kms", home, map[string]any{"keyId": "arn:aws:kms:ap-northeast-1:123456789012:key/KEY"}, "DisableKey")
	add("iam", global, map[string]any{"roleName": hubPrefix + "-forwarding"}, "DeleteRole", "DeleteRolePolicy", "PutRolePolicy", "UpdateAssumeRolePolicy", "AttachRolePolicy", "DetachRolePolicy", "PutRolePermissionsBoundary")
	add("pipes", home, map[string]any{"name": hubPrefix + "-webhook"}, "StopPipe", "DeletePipe", "UpdatePipe")
	add("pipes", home, map[string]any{"Name": hubPrefix + "-webhook"}, "StopPipe")
	add("chatbot", []string{"us-east-2", "us-west-2"}, map[string]any{"ChatConfigurationArn": "arn:aws:chatbot::123456789012:chat-configuration/slack-channel/" + hubPrefix + "-C07EZ1ABC23"},
		"DeleteSlackChannelConfiguration", "UpdateSlackChannelConfiguration")
	add("monitoring", all, map[string]any{"alarmNames": []string{"other", hubPrefix + "-dead-letters"}}, "DeleteAlarms", "DisableAlarmActions")
	add("monitoring", all, map[string]any{"alarmName": hubPrefix + "-dead-letters"}, "PutMetricAlarm", "SetAlarmState")
	return calls
}

func (c watchedCall) event(region, key string, who map[string]any) string {
	return strings.ReplaceAll(call(region, c.service, c.name, who, c.parameters), "KEY", key)
}

// foreign is the same call on a thing of the same kind that is not the hub's.
func (c watchedCall) foreign(region, key string) string {
	return strings.NewReplacer(hubPrefix, "somebody-elses", key, "0000").Replace(c.event(region, key, iamUser("/mallory")))
}

func TestWatchTellsOfEveryChangeToTheAlertPath(t *testing.T) {
	s := hubInAccount(t, testkit.Options{Partition: "aws"}, elsewhere("aws"), map[string]alerthub.Route{"root-use": rootRoute()})
	key := s.one(t, "aws:kms/key:Key", "alerts-key").str("keyId")
	require.NotEmpty(t, key)
	for _, c := range watchedCalls() {
		for _, region := range c.in {
			t.Run(c.service+" "+c.name+" in "+region, func(t *testing.T) {
				for who, identity := range map[string]map[string]any{"user": iamUser("/mallory"), "role": assumedRole("/Admin", "mallory")} {
					told := s.account().Notified(region, c.event(region, key, identity))
					if assert.Len(t, told, 1, who) {
						assert.True(t, told[0].Arrived(), told[0].Dropped)
						assert.Equal(t, "watch@example.com", told[0].Endpoint)
					}
				}
				assert.Empty(t, s.account().Notified(region, c.event(region, key, assumedRole("/ci/deployer", "run"))), "an ignored role")
				assert.Empty(t, s.account().Notified(region, c.event(region, key, iamUser("/ci/bot"))), "an ignored user")
				assert.Empty(t, s.account().Notified(region, c.foreign(region, key)), "somebody else's")
			})
		}
	}
}

// The watch has to work when nothing of the hub is left.
func TestWatchUsesNothingOfTheHub(t *testing.T) {
	s := hubInAccount(t, testkit.Options{Partition: "aws"}, elsewhere("aws"), nil)
	for _, typ := range []string{topicPolicyType, eventTargetType, subscriptionType, slackType, "aws:pipes/pipe:Pipe", "aws:iam/rolePolicy:RolePolicy"} {
		for _, r := range s.ofType(typ) {
			require.NoError(t, r.remove(), r.Name)
		}
	}
	for _, region := range []string{"ap-northeast-1", "eu-west-1"} {
		told := s.account().Notified(region, deadLetterAlarm(region))
		require.Len(t, told, 1)
		assert.True(t, told[0].Arrived())
		assert.Empty(t, s.account().PutEvent(region, deadLetterAlarm(region)))
	}
}

func TestWatchIsDeclared(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := deployHub(t, testkit.Options{DryRun: m.DryRun}, watchedHub("aws"), elsewhere("aws"), nil)
		hub := d.Only(watchHubType)
		assert.Equal(t, "ap-northeast-1", hub.String("notificationHubRegion"))
		assert.True(t, hub.RetainOnDelete, "AWS refuses to deregister the last one")
		assert.Contains(t, d.Only(watchConfigType).Dependencies, hub.URN)
		assert.Equal(t, hubPrefix+"-watch", d.Only(watchConfigType).String("name"))
		assert.Equal(t, []string{"alerts-watch-watch@example.com"}, d.Names(emailContactType))
		assert.Len(t, d.ByType(watchChannelType), 1)
		rules := d.ByType(watchRuleType)
		assert.LessOrEqual(t, len(rules), 10, "User Notifications takes no more in a configuration")
		seen := map[string]bool{}
		for _, rule := range append(rules, d.Only(watchHubType), d.Only(watchConfigType)) {
			assert.Equal(t, "us-east-1", rule.Region, "the service is controlled there")
		}
		for _, rule := range rules {
			kind := rule.String("source") + " " + rule.String("eventType")
			assert.False(t, seen[kind], kind)
			seen[kind] = true
			if m.DryRun && rule.Name == "alerts-watch-key" {
				assert.False(t, rule.Known("eventPattern"))
				continue
			}
			text := rule.String("eventPattern")
			_, err := eventpattern.Parse(text)
			require.NoError(t, err, rule.Name)
			assert.NotContains(t, text, "wildcard", "User Notifications has none")
		}
	})
}

func TestWatchFollowsWhatTheHubHas(t *testing.T) {
	watch := &alerthub.WatchArgs{Emails: pulumi.ToStringArray([]string{"watch@example.com"})}
	names := func(args *alerthub.AlertHubArgs, forward []string) []string {
		return deployHub(t, testkit.Options{}, args, forward, nil).Names(watchRuleType)
	}
	assert.Equal(t, []string{"alerts-watch-key", "alerts-watch-queues", "alerts-watch-rules", "alerts-watch-topics"},
		names(&alerthub.AlertHubArgs{Watch: watch}, nil))
	assert.Contains(t, names(&alerthub.AlertHubArgs{Watch: watch}, elsewhere("aws")), "alerts-watch-roles")
	more := *watch
	more.AlarmNamePrefixes = []string{"cis-"}
	d := deployHub(t, testkit.Options{}, &alerthub.AlertHubArgs{Watch: &more}, nil, nil)
	pattern, err := eventpattern.Parse(d.One(watchRuleType, "alerts-watch-alarms").String("eventPattern"))
	require.NoError(t, err)
	matched, err := pattern.Matches(call("ap-northeast-1", "monitoring", "DeleteAlarms", iamUser("/mallory"), map[string]any{"alarmNames": []string{"cis-4.1"}}))
	require.NoError(t, err)
	assert.True(t, matched)
}

func TestWatchUsesAnExistingNotificationHub(t *testing.T) {
	args := watchedHub("aws")
	args.Watch.ExistingNotificationHub = true
	d := deployHub(t, testkit.Options{}, args, nil, nil)
	assert.Empty(t, d.ByType(watchHubType))
	assert.Empty(t, d.Only(watchConfigType).Dependencies)
}

func TestWatchContactsAreNamedAfterTheirAddress(t *testing.T) {
	both, one := watchedHub("aws"), watchedHub("aws")
	both.Watch.Emails = pulumi.ToStringArray([]string{"First@example.com", "second@example.com"})
	one.Watch.Emails = pulumi.ToStringArray([]string{"second@example.com"})
	before, after := deployHub(t, testkit.Options{}, both, nil, nil), deployHub(t, testkit.Options{}, one, nil, nil)
	kept := after.Only(emailContactType)
	assert.Equal(t, before.One(emailContactType, kept.Name).String("name"), kept.String("name"))
	assert.Equal(t, "First@example.com", before.One(emailContactType, "alerts-watch-first@example.com").String("emailAddress"))
	for _, contact := range before.ByType(emailContactType) {
		assert.LessOrEqual(t, len(contact.String("name")), 64)
	}
}

func TestWatchRefusesPatternsThatAreTooLong(t *testing.T) {
	args := watchedHub("aws")
	for i := range 80 {
		args.Watch.IgnorePrincipalArns = append(args.Watch.IgnorePrincipalArns, fmt.Sprintf("arn:aws:iam::123456789012:role/ci/deployer-%02d", i))
	}
	_, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		_, err := alerthub.NewAlertHub(ctx, "alerts", args)
		return err
	})
	require.ErrorContains(t, err, "at most 4096 are possible; name fewer IgnorePrincipalArns (setting alerts.ignoreChangesBy) or AlarmNamePrefixes")
}

func TestDeadLetterAlarms(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := deployHub(t, o, watchedHub(o.Partition), elsewhere(o.Partition), nil)
		withRules := []string{}
		for _, queue := range d.ByType(queueType) {
			if strings.Contains(queue.Name, "dead-letters") {
				withRules = append(withRules, queue.Region)
			}
		}
		var covered []string
		for _, alarm := range d.ByType(hubAlarmType) {
			covered = append(covered, alarm.Region)
			assert.Equal(t, hubPrefix+"-dead-letters", alarm.String("name"))
			assert.Equal(t, "AWS/SQS", alarm.String("namespace"))
			assert.Equal(t, "ApproximateNumberOfMessagesVisible", alarm.String("metricName"))
			assert.Equal(t, "notBreaching", alarm.String("treatMissingData"))
			assert.EqualValues(t, 0, alarm.Get("threshold"))
			switch {
			case alarm.Region != homeOf(o):
				assert.Nil(t, alarm.Get("alarmActions"), "an action has to be in the alarm's own Region")
			case o.DryRun:
				assert.False(t, alarm.Known("alarmActions[0]"))
			default:
				assert.Equal(t, []any{d.One(topicType, "alerts-critical").Outputs["arn"]}, alarm.Get("alarmActions"))
			}
		}
		slices.Sort(withRules)
		slices.Sort(covered)
		assert.Equal(t, withRules, covered)
		home := len(withRules) == 1
		assert.Equal(t, home, len(rulesOfRoute(d, "dead-letters")) == 0, "only other Regions need a route")
	})
	assert.Empty(t, deployHub(t, testkit.Options{}, fullHub("aws"), elsewhere("aws"), nil).ByType(hubAlarmType), "none that nobody asked to pay for")
}

func TestTheHomeRegionsDeadLettersAreToldOnce(t *testing.T) {
	s := hubInAccount(t, testkit.Options{Partition: "aws"}, elsewhere("aws"), nil)
	raised, err := s.account().RaiseAlarm("ap-northeast-1", hubPrefix+"-dead-letters")
	require.NoError(t, err)
	arrived := map[string]int{}
	for _, d := range raised {
		assert.True(t, d.Arrived(), d.Dropped)
		arrived[d.Protocol]++
	}
	assert.Equal(t, channels("aws"), arrived)
	assert.Empty(t, s.account().PutEvent("ap-northeast-1", deadLetterAlarm("ap-northeast-1")), "the alarm has an action of its own")
}

// One forwarding rule in each other Region carries the tests of all severities.
func TestTestRoutesAreFewAndOfOneHub(t *testing.T) {
	d := deployHub(t, testkit.Options{}, fullHub("aws"), elsewhere("aws"), nil)
	assert.Len(t, rulesOfRoute(d, "test"), 2)
	samples := hubSamples()
	for _, severity := range alerthub.Severities {
		route := "test-" + string(severity)
		rules := rulesOfRoute(d, route)
		require.Len(t, rules, 1)
		for _, other := range alerthub.Severities {
			event := samples["test-"+string(other)].event("eu-west-1")
			assert.Equal(t, severity == other, matches(t, rules[0], event))
			assert.True(t, matches(t, rulesOfRoute(d, "test")[0], event))
			assert.False(t, matches(t, rules[0], strings.ReplaceAll(event, hubPrefix, "another-hub")))
		}
	}
}
