package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	topicToken        = "aws:sns/topic:Topic"
	topicPolicyToken  = "aws:sns/topicPolicy:TopicPolicy"
	subscriptionToken = "aws:sns/topicSubscription:TopicSubscription"
)

func TestTopicRefusals(t *testing.T) {
	c := serve(t)
	topic := c.create(topicToken, "alerts", props{"name": "alerts"})
	arn := topic.str("arn")
	c.create(topicToken, "fifo", props{"name": "ordered.fifo", "fifoTopic": true})
	publish := []any{"sns:Publish"}
	policyOf := func(s props) props { return props{"arn": arn, "policy": policy(s)} }
	c.refuses([]refusal{
		{"name with a dot", topicToken, props{"name": "my.topic"}, "InvalidParameter"},
		{"name too long", topicToken, props{"name": strings.Repeat("x", 257)}, "InvalidParameter"},
		{"FIFO without suffix", topicToken, props{"name": "x", "fifoTopic": true}, "InvalidParameter"},
		{"suffix without FIFO", topicToken, props{"name": "x.fifo"}, "InvalidParameter"},
		{"deduplication without FIFO", topicToken, props{"contentBasedDeduplication": true}, "InvalidParameter"},
		{"signature version", topicToken, props{"signatureVersion": 3}, "range (1 - 2)"},
		{"sample rate", topicToken, props{"sqsSuccessFeedbackSampleRate": 101}, "range (0 - 100)"},
		{"tracing", topicToken, props{"tracingConfig": "On"}, "InvalidParameter"},
		{"delivery policy that is no JSON", topicToken, props{"deliveryPolicy": "{"}, "InvalidParameter"},
		{"delivery policy member", topicToken, props{"deliveryPolicy": `{"http":{"retries":3}}`}, "Unexpected JSON member"},
		{"delivery policy range", topicToken, props{"deliveryPolicy": `{"http":{"defaultHealthyRetryPolicy":{"numRetries":101}}}`}, "InvalidParameter"},
		{"same name, other attributes", topicToken, props{"name": "alerts", "displayName": "other"}, "already exists with different attributes"},
		{"action out of scope", topicPolicyToken, policyOf(statementFor(service("events.amazonaws.com"), []any{"sns:*"}, arn, nil)), "out of service scope"},
		{"principal that does not exist", topicPolicyToken, policyOf(statementFor(props{"AWS": "arn:aws:iam::123456789012:role/nobody"}, publish, arn, nil)), "PrincipalNotFound"},
		{"resource of another topic", topicPolicyToken, policyOf(statementFor(service("events.amazonaws.com"), publish, arn+"2", nil)), "InvalidParameter"},
		{"policy too large", topicPolicyToken, policyOf(with(statementFor(service("events.amazonaws.com"), publish, arn, nil), props{"Sid": strings.Repeat("x", 30721)})), "InvalidParameter"},
		{"policy of no topic", topicPolicyToken, props{"arn": arn + "2", "policy": policy(statementFor(service("events.amazonaws.com"), publish, arn+"2", nil))}, "NotFound"},
	})
	again := c.create(topicToken, "again", props{"name": "alerts"})
	require.Equal(t, topic.id, again.id, "CreateTopic is idempotent")
}

func TestSubscriptionRefusals(t *testing.T) {
	c := serve(t)
	arn := c.create(topicToken, "alerts", props{"name": "alerts"}).str("arn")
	fifo := c.create(topicToken, "fifo", props{"name": "ordered.fifo", "fifoTopic": true}).str("arn")
	queue := "arn:aws:sqs:ap-northeast-1:123456789012:q"
	mail := props{"topic": arn, "protocol": "email", "endpoint": "ops@example.com"}
	toQueue := props{"topic": arn, "protocol": "sqs", "endpoint": queue}
	c.refuses([]refusal{
		{"protocol", subscriptionToken, with(mail, props{"protocol": "slack"}), "InvalidParameter"},
		{"e-mail without @", subscriptionToken, with(mail, props{"endpoint": "ops"}), "InvalidParameter"},
		{"e-mail without domain", subscriptionToken, with(mail, props{"endpoint": "ops@"}), "InvalidParameter"},
		{"http as https", subscriptionToken, with(mail, props{"protocol": "https", "endpoint": "http://example.com/hook"}), "InvalidParameter"},
		{"https without host", subscriptionToken, with(mail, props{"protocol": "https", "endpoint": "https:///hook"}), "InvalidParameter"},
		{"queue by URL", subscriptionToken, with(toQueue, props{"endpoint": "https://sqs.ap-northeast-1.amazonaws.com/123456789012/q"}), "InvalidParameter"},
		{"raw mail", subscriptionToken, with(mail, props{"rawMessageDelivery": true}), "does not support raw message delivery"},
		{"no such topic", subscriptionToken, with(mail, props{"topic": arn + "2"}), "NotFound"},
		{"topic of another Region", subscriptionToken, with(mail, props{"topic": "arn:aws:sns:us-east-1:999999999999:t"}), "InvalidParameter"},
		{"filter that is no JSON", subscriptionToken, with(mail, props{"filterPolicy": "x"}), "FilterPolicy"},
		{"filter with six keys", subscriptionToken, with(mail, props{"filterPolicy": `{"a":["1"],"b":["1"],"c":["1"],"d":["1"],"e":["1"],"f":["1"]}`}), "FilterPolicy"},
		{"filter without list", subscriptionToken, with(mail, props{"filterPolicy": `{"a":"1"}`}), "FilterPolicy"},
		{"filter scope", subscriptionToken, with(mail, props{"filterPolicy": `{"a":["1"]}`, "filterPolicyScope": "Body"}), "FilterPolicyScope"},
		{"filter scope without filter", subscriptionToken, with(mail, props{"filterPolicyScope": "MessageBody"}), "FilterPolicyScope"},
		{"dead-letter queue elsewhere", subscriptionToken, with(toQueue, props{"redrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:dlq"}`}), "RedrivePolicy"},
		{"redrive policy of a queue", subscriptionToken, with(toQueue, props{"redrivePolicy": `{"deadLetterTargetArn":"` + queue + `","maxReceiveCount":3}`}), "RedrivePolicy"},
		{"mail of a FIFO topic", subscriptionToken, with(mail, props{"topic": fifo}), "Invalid protocol type"},
		{"FIFO queue of a standard topic", subscriptionToken, with(toQueue, props{"endpoint": queue + ".fifo"}), "FIFO SQS Queues"},
		{"firehose without role", subscriptionToken, with(mail, props{"protocol": "firehose", "endpoint": "arn:aws:firehose:ap-northeast-1:123456789012:deliverystream/s"}), "SubscriptionRoleArn"},
	})
}

func TestTopicLife(t *testing.T) {
	c := serve(t)
	topic := c.create(topicToken, "alerts", props{"displayName": "Alerts", "tags": props{"a": "b"}})
	require.Regexp(t, `^arn:aws:sns:ap-northeast-1:123456789012:alerts-[0-9a-f]{7}$`, topic.id)
	c.unchanged(topic)
	c.imported(topic)

	own := policy(statementFor(service("events.amazonaws.com"), []any{"sns:Publish"}, topic.id, nil))
	topicPolicy := c.create(topicPolicyToken, "policy", props{"arn": topic.id, "policy": own})
	c.unchanged(topic)
	c.unchanged(topicPolicy)
	c.imported(topicPolicy)

	mail := c.create(subscriptionToken, "mail", props{"topic": topic.id, "protocol": "email", "endpoint": "ops@example.com"})
	require.Equal(t, true, mail.state["pendingConfirmation"])
	c.unchanged(mail)
	require.NoError(t, c.account().ConfirmSubscription(mail.id))
	c.unchanged(mail)
	require.Equal(t, false, mail.state["pendingConfirmation"])
	refusedWith(t, c.account().ConfirmSubscription(mail.id+"0"), "NotFound")

	require.NoError(t, c.remove(mail))
	require.False(t, c.read(mail))
	require.NoError(t, c.remove(topicPolicy))
	require.Contains(t, c.account().SNS.Topics[topic.id].Policy, "__default_statement_ID")
	require.NoError(t, c.remove(topic))
	require.False(t, c.read(topic))
	require.False(t, c.read(topicPolicy))
}
