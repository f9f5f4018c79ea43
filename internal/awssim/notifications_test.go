package awssim

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	notificationHubToken     = "aws:notifications/notificationHub:NotificationHub"
	notificationConfigToken  = "aws:notifications/notificationConfiguration:NotificationConfiguration"
	notificationRuleToken    = "aws:notifications/eventRule:EventRule"
	notificationContactToken = "aws:notifications/contactsEmailContact:ContactsEmailContact"
	notificationChannelToken = "aws:notifications/channelAssociation:ChannelAssociation"
)

func configuration(name string) props { return props{"name": name, "description": "Watch"} }

func watching(c *client) (configuration, contact *made) {
	c.create(notificationHubToken, "hub", props{"notificationHubRegion": testRegion})
	configuration = c.create(notificationConfigToken, "watch", props{"name": "watch", "description": "Watch"})
	contact = c.create(notificationContactToken, "ops", props{"name": "ops", "emailAddress": "ops@example.com"})
	return configuration, contact
}

func TestNotificationRefusals(t *testing.T) {
	c := serve(t)
	c.refuses([]refusal{{"no hub", notificationConfigToken, configuration("watch"), "ConflictException"}})
	watch, contact := watching(c)
	arn := watch.str("arn")
	rule := props{
		"notificationConfigurationArn": arn, "source": "aws.sns", "eventType": "AWS API Call via CloudTrail",
		"regions": []any{testRegion}, "eventPattern": `{"detail":{"eventName":["DeleteTopic"]}}`,
	}
	picked := c.create(notificationRuleToken, "rule", rule)
	channel := c.create(notificationChannelToken, "channel", props{"arn": contact.str("arn"), "notificationConfigurationArn": arn})
	c.refuses([]refusal{
		{"hub taken", notificationHubToken, props{"notificationHubRegion": testRegion}, "ConflictException"},
		{"hub in a Region that is off", notificationHubToken, props{"notificationHubRegion": "af-south-1"}, "ValidationException"},
		{"name", notificationConfigToken, configuration("a b"), "ValidationException"},
		{"line break", notificationConfigToken, props{"name": "x", "description": "a\nb"}, "ValidationException"},
		{"aggregation", notificationConfigToken, with(configuration("x"), props{"aggregationDuration": "NEVER"}), "ValidationException"},
		{"source", notificationRuleToken, with(rule, props{"source": "my.app"}), "ValidationException"},
		{"event type", notificationRuleToken, with(rule, props{"eventType": "a,b"}), "ValidationException"},
		{"no Region", notificationRuleToken, with(rule, props{"regions": []any{}}), "ValidationException"},
		{"Region that is off", notificationRuleToken, with(rule, props{"regions": []any{"af-south-1"}}), "ValidationException"},
		{"pattern", notificationRuleToken, with(rule, props{"eventPattern": `{"detail":{}}`}), "ValidationException"},
		{"wildcard", notificationRuleToken, with(rule, props{"eventPattern": `{"detail":{"a":[{"wildcard":"*x"}]}}`}), "wildcards are not supported"},
		{"no such configuration", notificationRuleToken, with(rule, props{"notificationConfigurationArn": arn + "x"}), "ResourceNotFoundException"},
		{"address", notificationContactToken, props{"name": "x", "emailAddress": "ops"}, "ValidationException"},
		{"contact's name", notificationContactToken, props{"name": "a b", "emailAddress": "ops@example.com"}, "ValidationException"},
		{"channel of no configuration", notificationChannelToken, props{"arn": contact.str("arn"), "notificationConfigurationArn": arn + "x"}, "ResourceNotFoundException"},
		{"no such contact", notificationChannelToken, props{"arn": contact.str("arn") + "x", "notificationConfigurationArn": arn}, "ResourceNotFoundException"},
		{"channel twice", notificationChannelToken, props{"arn": contact.str("arn"), "notificationConfigurationArn": arn}, "ConflictException"},
	})
	for _, m := range []*made{watch, contact, picked, channel} {
		c.unchanged(m)
		c.imported(m)
	}
	require.NoError(t, c.update(picked, with(rule, props{"eventPattern": `{"detail":{"eventName":["DeleteTopic","Unsubscribe"]}}`})))
	require.NoError(t, c.remove(watch))
	require.False(t, c.read(picked), "rules go with their configuration")
	require.False(t, c.read(channel))

	china := serve(t, Options{Partition: "aws-cn"})
	china.refuses([]refusal{{"China", notificationConfigToken, configuration("watch"), "not available in partition aws-cn"}})
}

func TestNotificationQuotas(t *testing.T) {
	c := serve(t)
	watch, _ := watching(c)
	rule := func(configuration *made, source string) props {
		return props{"notificationConfigurationArn": configuration.str("arn"), "source": source, "eventType": "T", "regions": []any{testRegion}}
	}
	for i := range 10 {
		c.create(notificationRuleToken, fmt.Sprint("rule", i), rule(watch, fmt.Sprint("aws.s", i)))
	}
	c.refuses([]refusal{{"eleventh rule", notificationRuleToken, rule(watch, "aws.s11"), "ServiceQuotaExceededException"}})
	for i := range 9 {
		other := c.create(notificationConfigToken, fmt.Sprint("other", i), configuration(fmt.Sprint("other", i)))
		c.create(notificationRuleToken, fmt.Sprint("other", i), rule(other, "aws.s1"))
	}
	last := c.create(notificationConfigToken, "last", configuration("last"))
	c.refuses([]refusal{{"eleventh configuration of an event type", notificationRuleToken, rule(last, "aws.s1"), "at most 10 notification configurations"}})
	for _, region := range []string{"us-east-1", "eu-west-1"} {
		c.create(notificationHubToken, region, props{"notificationHubRegion": region})
	}
	c.refuses([]refusal{{"fourth hub", notificationHubToken, props{"notificationHubRegion": "us-east-2"}, "ServiceQuotaExceededException"}})
}

func TestTheLastNotificationHubStays(t *testing.T) {
	c := serve(t)
	first := c.create(notificationHubToken, "first", props{"notificationHubRegion": testRegion})
	second := c.create(notificationHubToken, "second", props{"notificationHubRegion": "us-east-1"})
	require.NoError(t, c.remove(second))
	refusedWith(t, c.remove(first), "ConflictException")
	c.unchanged(first)
}

func TestNotificationsReachActivatedContacts(t *testing.T) {
	c := serve(t)
	watch, contact := watching(c)
	c.create(notificationRuleToken, "rule", props{
		"notificationConfigurationArn": watch.str("arn"), "source": "aws.sns", "eventType": "AWS API Call via CloudTrail",
		"regions": []any{testRegion}, "eventPattern": `{"detail":{"eventName":["DeleteTopic"]}}`,
	})
	event := func(name string) string {
		return `{"source":"aws.sns","detail-type":"AWS API Call via CloudTrail","region":"x","detail":{"eventName":"` + name + `"}}`
	}
	deliveries := c.account().Notified(testRegion, event("DeleteTopic"))
	require.Len(t, deliveries, 1)
	require.Contains(t, deliveries[0].Dropped, "has no e-mail contact")

	c.create(notificationChannelToken, "channel", props{"arn": contact.str("arn"), "notificationConfigurationArn": watch.str("arn")})
	deliveries = c.account().Notified(testRegion, event("DeleteTopic"))
	require.Len(t, deliveries, 1)
	require.Contains(t, deliveries[0].Dropped, "waits for its activation")

	require.NoError(t, c.account().ActivateContact(contact.str("arn")))
	deliveries = c.account().Notified(testRegion, event("DeleteTopic"))
	require.Len(t, deliveries, 1)
	require.True(t, deliveries[0].Arrived())
	require.Equal(t, "ops@example.com", deliveries[0].Endpoint)

	require.Empty(t, c.account().Notified(testRegion, event("CreateTopic")), "the pattern is narrower")
	require.Empty(t, c.account().Notified("us-east-1", event("DeleteTopic")), "the rule is not there")
	require.Error(t, c.account().ActivateContact("arn:none"))
}
