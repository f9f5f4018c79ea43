package awssim

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

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
