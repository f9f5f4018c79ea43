package awssim

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"reflect"
	"regexp"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
)

// snsSubscription is an endpoint that a topic's messages go to.
type snsSubscription struct {
	ARN, Region                  string
	TopicARN, Protocol, Endpoint string
	Pending                      bool // not confirmed by the owner of the endpoint: gets no messages
	Properties                   props
}

const (
	snsSubscribeDoc    = "https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html"
	snsRawDeliveryDoc  = "https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html"
	snsFilterPolicyDoc = "https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html"
	snsDeadLetterDoc   = "https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html"
	snsFIFODoc         = "https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-delivery.html"
	snsFirehoseDoc     = "https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html"

	snsFilterKeysMax  = 5
	snsFilterBytesMax = 256 * 1024
)

// snsProtocol is what is particular to a subscription protocol.
type snsProtocol struct {
	confirmed bool // confirmed at once when topic and endpoint are in one account
	raw       bool // can deliver messages raw
	endpoint  func(text string) bool
}

var (
	smsNumber    = regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`)
	snsProtocols = map[string]snsProtocol{
		"application": {confirmed: true, endpoint: arnOfService("sns", "endpoint/")},
		"email":       {endpoint: isAddress},
		"email-json":  {endpoint: isAddress},
		"firehose":    {confirmed: true, raw: true, endpoint: arnOfService("firehose", "deliverystream/")},
		"http":        {raw: true, endpoint: urlOfScheme("http")},
		"https":       {raw: true, endpoint: urlOfScheme("https")},
		"lambda":      {confirmed: true, endpoint: arnOfService("lambda", "function:")},
		"sms":         {confirmed: true, endpoint: smsNumber.MatchString},
		"sqs":         {confirmed: true, raw: true, endpoint: arnOfService("sqs", "")},
	}
)

// isAddress tells whether the text is one plain e-mail address.
func isAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text {
		return false
	}
	_, domain, _ := strings.Cut(text, "@")
	return strings.Contains(domain, ".") && !strings.HasSuffix(domain, ".")
}

func urlOfScheme(scheme string) func(string) bool {
	return func(text string) bool {
		u, err := url.Parse(text)
		return err == nil && u.Scheme == scheme && u.Hostname() != "" && strings.Contains(u.Hostname(), ".")
	}
}

func arnOfService(service, resourcePrefix string) func(string) bool {
	return func(text string) bool {
		parts, ok := splitARN(text)
		return ok && parts.Service == service && parts.Region != "" && parts.Account != "" &&
			strings.HasPrefix(parts.Resource, resourcePrefix)
	}
}

func checkSubscription(_ *call, in props) error {
	protocol := str(in, "protocol")
	known, ok := snsProtocols[protocol]
	if protocol != "" && !ok {
		return refuse("InvalidParameter", fmt.Sprintf("Invalid parameter: Does not support this protocol string: %s; supported are %s", protocol, strings.Join(sortedKeys(snsProtocols), ", ")), snsSubscribeDoc)
	}
	if endpoint := str(in, "endpoint"); endpoint != "" && ok && !known.endpoint(endpoint) {
		// A webhook's URL is a secret: it is not repeated.
		return refuse("InvalidParameter", fmt.Sprintf("Invalid parameter: Endpoint must match the specified protocol %s", protocol), snsSubscribeDoc)
	}
	if topic := str(in, "topic"); topic != "" && !arnOfService("sns", "")(topic) {
		return refuse("InvalidParameter", "Invalid parameter: TopicArn: "+topic, snsSubscribeDoc)
	}
	if ok && flag(in, "rawMessageDelivery", false) && !known.raw {
		return refuse("InvalidParameter", fmt.Sprintf("Invalid parameter: Attributes Reason: RawMessageDelivery: Delivery protocol [%s] does not support raw message delivery.", protocol), snsRawDeliveryDoc)
	}
	if protocol == "firehose" && !present(in, "subscriptionRoleArn") {
		return refuse("InvalidParameter", "Invalid parameter: Attributes Reason: SubscriptionRoleArn is required for Firehose delivery streams", snsFirehoseDoc)
	}
	if scope := str(in, "filterPolicyScope"); scope != "" && scope != "MessageAttributes" && scope != "MessageBody" {
		return refuse("InvalidParameter", fmt.Sprintf("Invalid parameter: FilterPolicyScope: %q is neither MessageAttributes nor MessageBody", scope), snsFilterPolicyDoc)
	}
	if present(in, "filterPolicyScope") && !present(in, "filterPolicy") {
		return refuse("InvalidParameter", "Invalid parameter: FilterPolicyScope: set filterPolicy too", snsFilterPolicyDoc)
	}
	if err := snsFilterPolicy(str(in, "filterPolicy")); err != nil {
		return err
	}
	return snsDeliveryPolicy(str(in, "deliveryPolicy"))
}

// snsFilterPolicy checks a filter policy: event pattern syntax, five keys at most.
func snsFilterPolicy(text string) error {
	if text == "" {
		return nil
	}
	bad := func(reason string) error {
		return refuse("InvalidParameter", "Invalid parameter: FilterPolicy: "+reason, snsFilterPolicyDoc)
	}
	var policy props
	switch err := json.Unmarshal([]byte(text), &policy); {
	case err != nil:
		return bad("failed to parse JSON")
	case len(policy) > snsFilterKeysMax:
		return bad(fmt.Sprintf("Filter policy can not have more than %d keys", snsFilterKeysMax))
	case len(text) > snsFilterBytesMax:
		return bad(fmt.Sprintf("Filter policy exceeds %d bytes", snsFilterBytesMax))
	case len(policy) == 0:
		return nil
	}
	if _, err := eventpattern.Parse(text); err != nil {
		return bad(err.Error())
	}
	return nil
}

func createSubscription(c *call, in props) (string, props, error) {
	topicARN, protocol, endpoint := str(in, "topic"), str(in, "protocol"), str(in, "endpoint")
	parts, _ := splitARN(topicARN)
	if parts.Account == c.ID {
		topic, ok := c.SNS.Topics[topicARN]
		if !ok {
			return "", nil, refuse("NotFound", "Topic does not exist: "+topicARN, snsSubscribeDoc)
		}
		if err := c.snsAuthorize(topic, "sns:Subscribe"); err != nil {
			return "", nil, err
		}
		if err := snsFIFOEndpoint(topic, protocol, endpoint); err != nil {
			return "", nil, err
		}
	}
	if parts.Region != c.Region {
		return "", nil, refuse("InvalidParameter", fmt.Sprintf("Invalid parameter: TopicArn: %s is not in Region %s", topicARN, c.Region), snsSubscribeDoc)
	}
	if err := c.snsRedrivePolicy(in); err != nil {
		return "", nil, err
	}
	if role := str(in, "subscriptionRoleArn"); role != "" && !c.assumableBy(role, "sns.amazonaws.com", c.sourceKeys(topicARN)) {
		return "", nil, refuse("InvalidParameter", "Invalid parameter: Attributes Reason: SubscriptionRoleArn: the role cannot be assumed by sns.amazonaws.com: "+role, snsFirehoseDoc)
	}
	s := &snsSubscription{TopicARN: topicARN, Protocol: protocol, Endpoint: endpoint, Region: c.Region, Properties: stored(in)}
	s.Pending = !snsProtocols[protocol].confirmed && !flag(in, "endpointAutoConfirms", false)
	// Subscribe gives an existing subscription back, provided that nothing differs.
	for _, other := range c.SNS.Subscriptions {
		if other.TopicARN != topicARN || other.Protocol != protocol || other.Endpoint != endpoint {
			continue
		}
		if !reflect.DeepEqual(normal(other.Properties), normal(s.Properties)) {
			return "", nil, refuse("InvalidParameter", "Invalid parameter: Attributes Reason: Subscription already exists with different attributes", snsSubscribeDoc)
		}
		return other.ARN, other.outputs(c.Account), nil
	}
	s.ARN = topicARN + ":" + c.uuid()
	c.SNS.Subscriptions.put(s.ARN, s)
	return s.ARN, s.outputs(c.Account), nil
}

// snsFIFOEndpoint refuses endpoints that a FIFO topic cannot deliver to, and FIFO
// queues behind a standard topic.
func snsFIFOEndpoint(topic *snsTopic, protocol, endpoint string) error {
	fifoTopic := flag(topic.Properties, "fifoTopic", false)
	fifoQueue := protocol == "sqs" && strings.HasSuffix(endpoint, sqsFIFOSuffix)
	switch {
	case fifoTopic && protocol != "sqs":
		return refuse("InvalidParameter", fmt.Sprintf("Invalid parameter: Invalid protocol type: %s; a FIFO topic delivers to SQS queues only", protocol), snsFIFODoc)
	case fifoQueue && !fifoTopic:
		return refuse("InvalidParameter", "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics", snsFIFODoc)
	}
	return nil
}

// snsRedrivePolicy checks the dead-letter queue of a subscription.
func (c *call) snsRedrivePolicy(in props) error {
	text := str(in, "redrivePolicy")
	if text == "" {
		return nil
	}
	var policy props
	if err := json.Unmarshal([]byte(text), &policy); err != nil {
		return refuse("InvalidParameter", "Invalid parameter: RedrivePolicy: failed to parse JSON", snsDeadLetterDoc)
	}
	target := str(policy, "deadLetterTargetArn")
	parts, ok := splitARN(target)
	if !ok || parts.Service != "sqs" || len(policy) != 1 {
		return refuse("InvalidParameter", "Invalid parameter: RedrivePolicy: the only member is deadLetterTargetArn, the ARN of an SQS queue", snsDeadLetterDoc)
	}
	if parts.Region != c.Region || parts.Account != c.ID {
		return refuse("InvalidParameter", fmt.Sprintf("Invalid parameter: RedrivePolicy: deadLetterTargetArn: %s is not in the subscription's account and Region", target), snsDeadLetterDoc)
	}
	return nil
}

func (s *snsSubscription) outputs(a *Account) props {
	out := withDefaults(s.Properties, props{
		"confirmationTimeoutInMinutes": 1,
		"endpointAutoConfirms":         false,
		"rawMessageDelivery":           false,
		"filterPolicyScope":            "",
	})
	if str(out, "filterPolicy") != "" && str(out, "filterPolicyScope") == "" {
		out["filterPolicyScope"] = "MessageAttributes"
	}
	out["arn"], out["ownerId"] = s.ARN, a.ID
	out["topic"], out["protocol"], out["endpoint"] = s.TopicARN, s.Protocol, s.Endpoint
	out["pendingConfirmation"] = s.Pending
	out["confirmationWasAuthenticated"] = snsProtocols[s.Protocol].confirmed
	return out
}

func readSubscription(c *call, id string, _ props) (props, error) {
	s, ok := c.SNS.Subscriptions[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("sns:GetSubscriptionAttributes", s.ARN); err != nil {
		return nil, err
	}
	return s.outputs(c.Account), nil
}

func updateSubscription(c *call, id string, _, in props) (props, error) {
	s, ok := c.SNS.Subscriptions[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("sns:SetSubscriptionAttributes", s.ARN); err != nil {
		return nil, err
	}
	if err := c.snsRedrivePolicy(in); err != nil {
		return nil, err
	}
	s.Properties = stored(in)
	return s.outputs(c.Account), nil
}

// deleteSubscription removes the subscription. One that was never confirmed cannot be
// unsubscribed; SNS forgets it after two days, the simulated account at once.
func deleteSubscription(c *call, id string, _ props) error {
	if _, ok := c.SNS.Subscriptions[id]; !ok {
		return errNotFound
	}
	if err := c.may("sns:Unsubscribe", id); err != nil {
		return err
	}
	delete(c.SNS.Subscriptions, id)
	return nil
}

// ConfirmSubscription confirms a subscription as the owner of the endpoint does by the
// link in the mail. It fails when there is no such subscription.
func (a *Account) ConfirmSubscription(arn string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, ok := a.SNS.Subscriptions[arn]
	if !ok {
		return refuse("NotFound", "Subscription does not exist: "+arn, snsSubscribeDoc)
	}
	s.Pending = false
	return a.save()
}
