package awssim

import (
	"fmt"
	"maps"
	"slices"
	"strings"

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
	if reason := a.neverReports(raised); reason != "" {
		return []Delivery{m.dropped("alarm %s never has data: %s", name, reason)}, nil
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
