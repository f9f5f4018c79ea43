package awssim

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// Delivery is what became of one copy of a message: it arrived at an endpoint, or it
// was dropped on the way there.
type Delivery struct {
	// Trail lists what the message passed, in order; the last hop is where it ended.
	Trail []Hop
	// Protocol says what kind of thing the endpoint is: email, email-json, http, https,
	// sqs, lambda, sms, firehose, application, slack, api-destination, state-machine,
	// event-bus (of another account). Empty when the message was dropped before an
	// endpoint was in sight.
	Protocol string
	// Endpoint is the address, URL or ARN; a Slack channel is TEAM/CHANNEL. The URL of
	// an API destination may hold a secret.
	Endpoint string
	// Text is what arrives: the body of a mail or request, the text in a chat channel.
	Text string
	// Dropped says why the message did not arrive and which policy, filter or state is
	// the cause; empty when it arrived.
	Dropped string
	// DeadLetter is the ARN of the queue that keeps a dropped message; empty when it is lost.
	DeadLetter string
}

// Arrived tells whether the message reached its endpoint.
func (d Delivery) Arrived() bool { return d.Dropped == "" }

// Hop is one thing that a message passed.
type Hop struct {
	Kind string // bus, rule, topic, subscription, queue, pipe, api-destination, slack-channel, alarm
	ARN  string
}

// message is a message on its way.
type message struct {
	text  string
	from  string // service or principal that published it, as the Slack app sees it
	trail []Hop
	buses int // event buses passed
}

// at is the message one hop further.
func (m message) at(kind, arn string) message {
	m.trail = append(slices.Clone(m.trail), Hop{kind, arn})
	return m
}

func (m message) arrived(protocol, endpoint, text string) Delivery {
	return Delivery{Trail: m.trail, Protocol: protocol, Endpoint: endpoint, Text: text}
}

func (m message) dropped(format string, args ...any) Delivery {
	return Delivery{Trail: m.trail, Dropped: fmt.Sprintf(format, args...)}
}

// PutEvent lets an event, given as its JSON envelope, happen in a Region: it appears on
// the default event bus there, and every matching rule sends it on. The answer has one
// delivery for every endpoint that the event reached or failed to reach; it is empty
// when no rule matches. An event that is not a JSON object is one dropped delivery.
//
// Rules, buses, topics, subscriptions, queues, pipes, API destinations and Slack
// channels are followed with the policies and keys as they are in the account. Whether
// a trail would have produced the event is not asked.
func (a *Account) PutEvent(region, event string) []Delivery {
	a.mu.Lock()
	defer a.mu.Unlock()
	bus := a.eventsBusARN(region, eventsDefaultBus)
	m := message{text: event, from: eventsService}
	if _, ok := decodeObject(event); !ok {
		return []Delivery{m.at("bus", bus).dropped("the event is not a JSON object")}
	}
	return a.onBus(bus, m)
}

// PublishAs publishes a message to a topic as somebody: a service, a role, anybody. ctx
// holds the condition keys that the publisher sends, for example aws:SourceArn and
// aws:SourceAccount of a service. The answer is as that of [Account.PutEvent].
func (a *Account) PublishAs(principal policyeval.Principal, ctx map[string][]string, topicARN, text string) []Delivery {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.publish(message{text: text, from: requester(principal)}, principal, ctx, topicARN)
}

// RaiseAlarm lets an alarm of a Region go into the state ALARM and performs its alarm
// actions that are topics. It fails when there is no such alarm.
func (a *Account) RaiseAlarm(region, name string) ([]Delivery, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	raised, ok := a.Alarms.Alarms[a.arn("cloudwatch", region, a.ID, "alarm:"+name)]
	if !ok {
		return nil, refuse("ResourceNotFound", fmt.Sprintf("there is no alarm %s in %s", name, region), alarmsPutMetricDoc)
	}
	m := message{text: a.alarmMessage(raised), from: alarmsService}.at("alarm", raised.ARN)
	if !flag(raised.Properties, "actionsEnabled", true) {
		return []Delivery{m.dropped("the actions of alarm %s are switched off", name)}, nil
	}
	// CloudWatch names the alarm and its account; the owner key is what the default
	// policy of a topic asks for.
	ctx := a.sourceKeys(raised.ARN)
	ctx["aws:SourceOwner"] = []string{a.ID}
	var deliveries []Delivery
	for _, action := range strs(raised.Properties, "alarmActions") {
		if parts, _ := splitARN(action); parts.Service == "sns" {
			deliveries = append(deliveries, a.publish(m, policyeval.Principal{Service: alarmsService}, ctx, action)...)
		}
	}
	return deliveries, nil
}

const alarmsService = "cloudwatch.amazonaws.com"

// alarmMessage is what CloudWatch publishes about an alarm.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
func (a *Account) alarmMessage(raised *alarm) string {
	trigger := props{}
	for from, to := range map[string]string{
		"metricName": "MetricName", "namespace": "Namespace", "statistic": "Statistic", "period": "Period",
		"evaluationPeriods": "EvaluationPeriods", "comparisonOperator": "ComparisonOperator",
		"threshold": "Threshold", "treatMissingData": "TreatMissingData",
	} {
		if v := raised.Properties[from]; v != nil {
			trigger[to] = v
		}
	}
	return jsonText(props{
		"AlarmName":        raised.Name,
		"AlarmDescription": raised.Properties["alarmDescription"],
		"AWSAccountId":     a.ID,
		"NewStateValue":    "ALARM",
		"NewStateReason":   "Threshold Crossed",
		"StateChangeTime":  a.timestamp(),
		"Region":           raised.Region,
		"AlarmArn":         raised.ARN,
		"OldStateValue":    "OK",
		"AlarmActions":     strs(raised.Properties, "alarmActions"),
		"Trigger":          trigger,
	})
}

// onBus hands an event to the rules of a bus.
func (a *Account) onBus(busARN string, m message) []Delivery {
	m = m.at("bus", busARN)
	m.buses++
	var deliveries []Delivery
	for _, arn := range sortedKeys(a.Events.Rules) {
		rule := a.Events.Rules[arn]
		if rule.BusARN != busARN {
			continue
		}
		matched, err := rule.matches(m.text, readOnlyCall(m.text))
		switch {
		case err != nil:
			deliveries = append(deliveries, m.at("rule", arn).dropped("%v", err))
		case matched:
			for _, target := range a.eventsTargetsOf(rule) {
				deliveries = append(deliveries, a.toTarget(rule, target, m.at("rule", arn))...)
			}
		}
	}
	return deliveries
}

// readOnlyCall tells whether an event reports a management API call that changes nothing.
func readOnlyCall(event string) bool {
	envelope, _ := decodeObject(event)
	detail := object(envelope, "detail")
	return str(envelope, "detail-type") == "AWS API Call via CloudTrail" &&
		flag(detail, "readOnly", false) && flag(detail, "managementEvent", true)
}

// toTarget sends an event to a target; what the target does not take goes to the
// target's dead-letter queue.
func (a *Account) toTarget(rule *eventsRule, target *eventsTarget, m message) []Delivery {
	event := m.text
	input, err := targetInput(rule, target, event)
	if err != nil {
		return []Delivery{a.deadLetter(rule, target, event, m.dropped("target %s: %v", target.ID, err))}
	}
	m.text = input
	refused := func(err error) []Delivery {
		return []Delivery{a.deadLetter(rule, target, event, m.dropped("target %s: %v", target.ID, err))}
	}
	parts, _ := splitARN(target.ARN)
	kind, _, _ := strings.Cut(parts.Resource, "/")
	switch {
	case parts.Service == "sns":
		if err := a.eventsPublish(rule, target); err != nil {
			return refused(err)
		}
		return a.onTopic(a.SNS.Topics[target.ARN], m)
	case parts.Service == "sqs":
		if err := a.eventsSend(rule, target); err != nil {
			return refused(err)
		}
		return a.onQueue(target.ARN, m)
	case parts.Service == "events" && kind == "event-bus":
		return a.toBus(rule, target, m, refused)
	case parts.Service == "events" && kind == "api-destination":
		if err := a.byRole(rule, target, "events:InvokeApiDestination"); err != nil {
			return refused(err)
		}
		delivery := a.atAPIDestination(target.ARN, m)
		if !delivery.Arrived() {
			delivery = a.deadLetter(rule, target, event, delivery)
		}
		return []Delivery{delivery}
	case parts.Service == "states":
		if err := a.byRole(rule, target, "states:StartExecution"); err != nil {
			return refused(err)
		}
		return []Delivery{m.at("state-machine", target.ARN).arrived("state-machine", target.ARN, m.text)}
	}
	return []Delivery{m.dropped("target %s: the simulated account does not follow messages to %s", target.ID, parts.Service)}
}

// targetInput is what the target receives for an event.
func targetInput(rule *eventsRule, target *eventsTarget, event string) (string, error) {
	if input := str(target.Properties, "input"); input != "" {
		return input, nil
	}
	transformer := eventpattern.Transformer{RuleARN: rule.ARN, RuleName: rule.Name}
	switch path, given := str(target.Properties, "inputPath"), object(target.Properties, "inputTransformer"); {
	case path != "":
		transformer.Paths, transformer.Template = map[string]string{"part": path}, "<part>"
	case len(given) > 0:
		transformer.Paths, transformer.Template = stringMap(given, "inputPaths"), str(given, "inputTemplate")
	default:
		return event, nil
	}
	return transformer.Transform(event)
}

// byRole demands that EventBridge may assume the target's role, and that the role may
// do something with the target.
func (a *Account) byRole(rule *eventsRule, target *eventsTarget, action string) error {
	if err := a.trusts(target.RoleARN, policyeval.Principal{Service: eventsService}, a.sourceKeys(rule.ARN)); err != nil {
		return err
	}
	return a.roleMayOn(target.RoleARN, action, target.ARN, "")
}

// toBus forwards an event to another bus. An event that came from another bus is not
// forwarded to a third one.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
func (a *Account) toBus(rule *eventsRule, target *eventsTarget, m message, refused func(error) []Delivery) []Delivery {
	if m.buses > 1 {
		return refused(errors.New("EventBridge does not route an event that it received from another bus to a third bus"))
	}
	parts, own := a.ownARN(target.ARN)
	if !own {
		if err := a.byRole(rule, target, "events:PutEvents"); err != nil {
			return refused(err)
		}
		return []Delivery{m.at("bus", target.ARN).arrived("event-bus", target.ARN, m.text)}
	}
	if err := a.trusts(target.RoleARN, policyeval.Principal{Service: eventsService}, a.sourceKeys(rule.ARN)); err != nil {
		return refused(err)
	}
	bus, err := a.eventsBusOf(parts.Region, target.ARN)
	if err != nil {
		return refused(err)
	}
	if err := a.roleMayOn(target.RoleARN, "events:PutEvents", bus.ARN, bus.Policy); err != nil {
		return refused(err)
	}
	return a.onBus(bus.ARN, m)
}

// eventsPublish demands that EventBridge may publish to the topic of a target: by the
// target's role, or as itself by the topic's policy and key.
func (a *Account) eventsPublish(rule *eventsRule, target *eventsTarget) error {
	publisher := policyeval.Principal{Service: eventsService}
	if target.RoleARN != "" {
		if err := a.trusts(target.RoleARN, publisher, a.sourceKeys(rule.ARN)); err != nil {
			return err
		}
		publisher = a.rolePrincipal(target.RoleARN)
	}
	return a.mayPublish(publisher, a.sourceKeys(rule.ARN), target.ARN)
}

// eventsSend demands that EventBridge may send to the queue of a target.
func (a *Account) eventsSend(rule *eventsRule, target *eventsTarget) error {
	sender := policyeval.Principal{Service: eventsService}
	if target.RoleARN != "" {
		if err := a.trusts(target.RoleARN, sender, a.sourceKeys(rule.ARN)); err != nil {
			return err
		}
		sender = a.rolePrincipal(target.RoleARN)
	}
	return a.maySend(sender, a.sourceKeys(rule.ARN), target.ARN)
}

// deadLetter keeps what a target did not take in the target's dead-letter queue, if it
// has one and EventBridge may send there. The queue receives the event, not the input.
func (a *Account) deadLetter(rule *eventsRule, target *eventsTarget, event string, d Delivery) Delivery {
	arn := str(object(target.Properties, "deadLetterConfig"), "arn")
	if arn == "" {
		return d
	}
	return a.keep(arn, event, policyeval.Principal{Service: eventsService}, a.sourceKeys(rule.ARN), d)
}

// keep puts a dropped message into a dead-letter queue.
func (a *Account) keep(queueARN, text string, sender policyeval.Principal, ctx map[string][]string, d Delivery) Delivery {
	if err := a.maySend(sender, ctx, queueARN); err != nil {
		d.Dropped += fmt.Sprintf("; and the dead-letter queue: %v", err)
		return d
	}
	queue := a.SQS.Queues[queueARN]
	queue.Messages = append(queue.Messages, text)
	d.DeadLetter = queueARN
	return d
}

// serviceKeys are the condition keys of a request to KMS that follows from a request
// of a principal with the given keys. EventBridge sends none of its source keys there.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
func serviceKeys(p policyeval.Principal, ctx map[string][]string) map[string][]string {
	keys := maps.Clone(ctx)
	if keys == nil {
		keys = map[string][]string{}
	}
	if p.Service == eventsService {
		maps.DeleteFunc(keys, func(key string, _ []string) bool {
			return strings.HasPrefix(strings.ToLower(key), "aws:source")
		})
	}
	return keys
}

// mayUseKey demands that somebody who sends something to an encrypted topic or queue
// may use the key: for a data key, and to decrypt one that is reused.
func (a *Account) mayUseKey(p policyeval.Principal, ctx map[string][]string, key, service, region, contextKey, arn string) error {
	keys := serviceKeys(p, ctx)
	keys["kms:EncryptionContext:"+contextKey] = []string{arn}
	keys["kms:EncryptionContextKeys"] = []string{contextKey}
	if p.Service == "" {
		keys["kms:ViaService"] = []string{kmsViaService(service, region)}
	}
	for _, action := range []string{"kms:GenerateDataKey", "kms:Decrypt"} {
		if err := a.kmsAuthorize(a.kmsARN(region, key), p, action, keys); err != nil {
			return fmt.Errorf("key of %s: %w", arn, err)
		}
	}
	return nil
}
