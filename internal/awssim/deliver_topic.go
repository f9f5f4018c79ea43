package awssim

import (
	"encoding/json"
	"fmt"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const snsService = "sns.amazonaws.com"

// mayPublish demands that somebody may publish to a topic: by its policy, and by that
// of its key when it is encrypted.
func (a *Account) mayPublish(p policyeval.Principal, ctx map[string][]string, topicARN string) error {
	topic, ok := a.SNS.Topics[topicARN]
	if !ok {
		return refuse("NotFound", "Topic does not exist: "+topicARN, snsCreateTopicDoc)
	}
	policy, err := parsePolicy(topic.Policy)
	if err != nil {
		return fmt.Errorf("policy of %s: %w", topicARN, err)
	}
	if err := a.authorize(p, secured(ctx), "sns:Publish", topicARN, policy, a.ID); err != nil {
		return fmt.Errorf("policy of topic %s: %w", topic.Name, err)
	}
	key := str(topic.Properties, "kmsMasterKeyId")
	if key == "" {
		return nil
	}
	return a.mayUseKey(p, secured(ctx), key, "sns", topic.Region, "aws:sns:topicArn", topicARN)
}

// secured are condition keys with those of a TLS connection, unless the caller says
// how it connects.
func secured(ctx map[string][]string) map[string][]string {
	out := map[string][]string{"aws:SecureTransport": {"true"}}
	for key, values := range ctx {
		out[key] = values
	}
	return out
}

// publish publishes a message to a topic as somebody.
func (a *Account) publish(m message, p policyeval.Principal, ctx map[string][]string, topicARN string) []Delivery {
	if err := a.mayPublish(p, ctx, topicARN); err != nil {
		return []Delivery{m.at("topic", topicARN).dropped("%v", err)}
	}
	return a.onTopic(a.SNS.Topics[topicARN], m)
}

// onTopic hands a message to the subscriptions of a topic and to the Slack channels
// that listen to it.
func (a *Account) onTopic(topic *snsTopic, m message) []Delivery {
	m = m.at("topic", topic.ARN)
	var deliveries []Delivery
	listeners := 0
	for _, arn := range sortedKeys(a.SNS.Subscriptions) {
		if s := a.SNS.Subscriptions[arn]; s.TopicARN == topic.ARN {
			listeners++
			deliveries = append(deliveries, a.toSubscription(topic, s, m)...)
		}
	}
	for _, arn := range sortedKeys(a.Chatbot.Slack) {
		if channel := a.Chatbot.Slack[arn]; channel.listens(topic.ARN) {
			listeners++
			deliveries = append(deliveries, toSlack(channel, m))
		}
	}
	if listeners == 0 {
		return []Delivery{m.dropped("topic %s has no subscription", topic.Name)}
	}
	return deliveries
}

// toSubscription delivers a message to one endpoint. A message that the subscription's
// filter does not let pass is no delivery.
func (a *Account) toSubscription(topic *snsTopic, s *snsSubscription, m message) []Delivery {
	m = m.at("subscription", s.ARN)
	if s.Pending {
		d := m.dropped("the subscription of %s waits for confirmation", s.Protocol)
		d.Protocol, d.Endpoint = s.Protocol, s.Endpoint
		return []Delivery{d}
	}
	if !s.passes(m.text) {
		return nil
	}
	text := m.text
	if !flag(s.Properties, "rawMessageDelivery", false) && s.Protocol != "email" && s.Protocol != "sms" {
		text = a.snsEnvelope(topic, m.text)
	}
	if s.Protocol != "sqs" {
		return []Delivery{m.arrived(s.Protocol, s.Endpoint, text)}
	}
	if _, own := a.ownARN(s.Endpoint); !own {
		return []Delivery{m.arrived("sqs", s.Endpoint, text)}
	}
	if err := a.maySend(policyeval.Principal{Service: snsService}, a.sourceKeys(topic.ARN), s.Endpoint); err != nil {
		d := m.dropped("%v", err)
		d.Protocol, d.Endpoint = s.Protocol, s.Endpoint
		if redrive, ok := decodeObject(str(s.Properties, "redrivePolicy")); ok {
			d = a.keep(str(redrive, "deadLetterTargetArn"), text, policyeval.Principal{Service: snsService}, a.sourceKeys(topic.ARN), d)
		}
		return []Delivery{d}
	}
	m.text = text
	return a.onQueue(s.Endpoint, m)
}

// passes tells whether the subscription's filter policy lets a message pass. Messages
// of AWS services carry no message attributes, so only filters on the body can.
func (s *snsSubscription) passes(text string) bool {
	filter := str(s.Properties, "filterPolicy")
	if filter == "" || filter == "{}" {
		return true
	}
	if str(s.Properties, "filterPolicyScope") != "MessageBody" {
		text = "{}"
	}
	pattern, err := eventpattern.Parse(filter)
	if err != nil {
		return false
	}
	matched, err := pattern.Matches(text)
	return err == nil && matched
}

// snsEnvelope is the JSON that SNS wraps a message in.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
func (a *Account) snsEnvelope(topic *snsTopic, text string) string {
	envelope, err := json.Marshal(struct {
		Type, MessageId, TopicArn, Message, Timestamp, SignatureVersion string
	}{"Notification", a.uuid(), topic.ARN, text, a.timestamp(), "1"})
	if err != nil {
		panic("awssim: " + err.Error()) // strings only
	}
	return string(envelope)
}
