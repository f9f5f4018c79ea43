package awssim

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// maySend demands that somebody may send to a queue: by its policy, and by that of its
// key when it is encrypted with one.
func (a *Account) maySend(p policyeval.Principal, ctx map[string][]string, queueARN string) error {
	queue, ok := a.SQS.Queues[queueARN]
	if !ok {
		return refuse("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist: "+queueARN, sqsCreateQueueDoc)
	}
	policy, err := parsePolicy(queue.Policy)
	if err != nil {
		return fmt.Errorf("policy of %s: %w", queueARN, err)
	}
	if err := a.authorize(p, secured(ctx), "sqs:SendMessage", queueARN, policy, a.ID); err != nil {
		return fmt.Errorf("policy of queue %s: %w", queue.Name, err)
	}
	key := str(queue.Properties, "kmsMasterKeyId")
	if key == "" {
		return nil
	}
	return a.mayUseKey(p, secured(ctx), key, "sqs", queue.Region, "aws:sqs:arn", queueARN)
}

// onQueue puts a message into a queue, from which the pipes take it. Without a pipe it
// waits there.
func (a *Account) onQueue(queueARN string, m message) []Delivery {
	m = m.at("queue", queueARN)
	var deliveries []Delivery
	piped := false
	for _, arn := range sortedKeys(a.Pipes.Pipes) {
		if p := a.Pipes.Pipes[arn]; p.Source == queueARN {
			piped = true
			deliveries = append(deliveries, a.throughPipe(p, a.SQS.Queues[queueARN], m.at("pipe", arn))...)
		}
	}
	if piped {
		return deliveries
	}
	queue := a.SQS.Queues[queueARN]
	queue.Messages = append(queue.Messages, m.text)
	return []Delivery{m.arrived("sqs", queueARN, m.text)}
}

// throughPipe takes a message from a queue to the target of a pipe. A message that no
// filter of the pipe lets pass is no delivery.
func (a *Account) throughPipe(p *pipe, queue *sqsQueue, m message) []Delivery {
	if p.Stopped {
		return []Delivery{m.dropped("pipe %s is stopped", p.Name)}
	}
	if err := a.pipeMayRead(p, queue); err != nil {
		return []Delivery{m.dropped("pipe %s: %v", p.Name, err)}
	}
	record := a.pipeRecord(p, queue, m.text)
	passed, err := p.passes(record)
	if err != nil {
		return []Delivery{m.dropped("pipe %s: %v", p.Name, err)}
	}
	if !passed {
		return nil
	}
	if m.text, err = p.input(record); err != nil {
		return []Delivery{m.dropped("pipe %s: input template: %v", p.Name, err)}
	}
	return a.fromPipe(p, m)
}

// pipeMayRead demands that the pipe's role may take messages from the queue and
// decrypt them.
func (a *Account) pipeMayRead(p *pipe, queue *sqsQueue) error {
	if err := a.trusts(p.RoleARN, policyeval.Principal{Service: pipesService}, a.sourceKeys(p.ARN)); err != nil {
		return err
	}
	for _, action := range pipesQueueActions {
		if err := a.roleMayOn(p.RoleARN, "sqs:"+action, queue.ARN, queue.Policy); err != nil {
			return err
		}
	}
	key := str(queue.Properties, "kmsMasterKeyId")
	if key == "" {
		return nil
	}
	return a.kmsAuthorize(a.kmsARN(queue.Region, key), a.rolePrincipal(p.RoleARN), "kms:Decrypt", map[string][]string{
		"aws:SecureTransport":               {"true"},
		"kms:ViaService":                    {kmsViaService("sqs", queue.Region)},
		"kms:EncryptionContext:aws:sqs:arn": {queue.ARN},
		"kms:EncryptionContextKeys":         {"aws:sqs:arn"},
	})
}

// pipeRecord is what a pipe reads from a queue. A body that is JSON can be filtered
// and taken apart, so it stands there decoded.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html
func (a *Account) pipeRecord(p *pipe, queue *sqsQueue, body string) props {
	record := props{
		"messageId":         a.uuid(),
		"receiptHandle":     a.hexID(32),
		"body":              body,
		"attributes":        props{"ApproximateReceiveCount": "1", "SenderId": a.ID},
		"messageAttributes": props{},
		"eventSource":       "aws:sqs",
		"eventSourceARN":    queue.ARN,
		"awsRegion":         queue.Region,
		pipeVariables: props{
			"pipe-arn": p.ARN, "pipe-name": p.Name, "source-arn": p.Source, "target-arn": p.Target,
			"ingestion-time": a.timestamp(),
		},
	}
	if decoded, ok := decodeObject(body); ok {
		record["body"] = decoded
	}
	return record
}

// pipeVariables is where the values of the reserved variables stand in a record.
const pipeVariables = "_aws_pipes"

func (p *pipe) passes(record props) (bool, error) {
	filters := objects(object(object(p.Properties, "sourceParameters"), "filterCriteria"), "filters")
	for _, filter := range filters {
		pattern, err := eventpattern.Parse(str(filter, "pattern"))
		if err != nil {
			return false, err
		}
		if matched, err := pattern.Matches(jsonText(record)); err != nil || matched {
			return matched, err
		}
	}
	return len(filters) == 0, nil
}

// pipePlaceholder is a variable of a pipe's input template: a path, or a reserved name.
var pipePlaceholder = regexp.MustCompile(`<(\$[^<>\s]*|aws\.pipes\.[a-z.-]+)>`)

// input is what the target of the pipe receives.
func (p *pipe) input(record props) (string, error) {
	template := str(object(p.Properties, "targetParameters"), "inputTemplate")
	if template == "" {
		delete(record, pipeVariables)
		return jsonText(record), nil
	}
	paths := map[string]string{}
	named := pipePlaceholder.ReplaceAllStringFunc(template, func(found string) string {
		path := strings.Trim(found, "<>")
		if name, reserved := strings.CutPrefix(path, "aws.pipes."); reserved {
			path = "$." + pipeVariables + "." + strings.TrimPrefix(name, "event.")
		}
		name := fmt.Sprintf("v%d", len(paths))
		paths[name] = path
		return "<" + name + ">"
	})
	switch named[0] {
	case '{', '[', '"', '<':
		return eventpattern.Transform(jsonText(record), paths, named)
	}
	// Free text: a string without the quotes.
	text, err := eventpattern.Transform(jsonText(record), paths, `"`+strings.ReplaceAll(named, `"`, `\"`)+`"`)
	return strings.ReplaceAll(strings.Trim(text, `"`), `\"`, `"`), err
}

// pipeActions are what the pipe's role needs on its target, by service and kind.
var pipeActions = map[string]string{
	"events/api-destination": "events:InvokeApiDestination",
	"events/event-bus":       "events:PutEvents",
	"lambda":                 "lambda:InvokeFunction",
	"states":                 "states:StartExecution",
}

// fromPipe sends what a pipe made to the pipe's target.
func (a *Account) fromPipe(p *pipe, m message) []Delivery {
	refused := func(err error) []Delivery { return []Delivery{m.dropped("pipe %s: %v", p.Name, err)} }
	parts, own := a.ownARN(p.Target)
	role := a.rolePrincipal(p.RoleARN)
	m.from = requester(role)
	kind, _, _ := strings.Cut(parts.Resource, "/")
	switch {
	case parts.Service == "sns" && own:
		return a.publish(m, role, nil, p.Target)
	case parts.Service == "sqs" && own:
		if err := a.maySend(role, nil, p.Target); err != nil {
			return refused(err)
		}
		return a.onQueue(p.Target, m)
	}
	action, ok := pipeActions[parts.Service+"/"+kind]
	if !ok {
		action, ok = pipeActions[parts.Service]
	}
	if !ok {
		return refused(fmt.Errorf("the simulated account does not follow messages to %s", parts.Service))
	}
	if err := a.roleMayOn(p.RoleARN, action, p.Target, ""); err != nil {
		return refused(err)
	}
	switch {
	case kind == "api-destination":
		return []Delivery{a.atAPIDestination(p.Target, m)}
	case kind == "event-bus" && own:
		return a.pipeToBus(p, m)
	}
	return []Delivery{m.arrived(parts.Service, p.Target, m.text)}
}

// pipeToBus puts an event on a bus whose detail is what the pipe made.
func (a *Account) pipeToBus(p *pipe, m message) []Delivery {
	parameters := object(object(p.Properties, "targetParameters"), "eventbridgeEventBusParameters")
	detail, _ := decodeObject(m.text)
	m.text = jsonText(props{
		"version": "0", "id": a.uuid(), "account": a.ID, "region": p.Region, "time": a.timestamp(), "resources": []any{},
		"detail-type": strOr(parameters, "detailType", "Event from aws:sqs"),
		"source":      strOr(parameters, "source", "Pipe "+p.Name),
		"detail":      detail,
	})
	return a.onBus(p.Target, m)
}

// atAPIDestination sends a message to an HTTP endpoint.
func (a *Account) atAPIDestination(arn string, m message) Delivery {
	m = m.at("api-destination", arn)
	destination, ok := a.Events.APIDestinations[arn]
	if !ok {
		return m.dropped("the API destination %s does not exist", arn)
	}
	if _, ok := a.Events.Connections[destination.ConnectionARN]; !ok {
		return m.dropped("the API destination %s is inactive: its connection does not exist", destination.Name)
	}
	return m.arrived("api-destination", destination.Endpoint, m.text)
}
