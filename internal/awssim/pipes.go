package awssim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
)

// pipesState is what EventBridge Pipes keeps. Pipes are kept under their ARN.
type pipesState struct {
	Pipes table[pipe]
}

// pipe takes messages from one source to one target.
type pipe struct {
	ARN, Name, Region       string
	Source, Target, RoleARN string
	Stopped                 bool
	Properties              props
}

const (
	pipesCreateDoc      = "https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html"
	pipesPermissionsDoc = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html"
	pipesTemplateDoc    = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html"
	pipesFilterDoc      = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html"
	pipesService        = "pipes.amazonaws.com"
	pipesTemplateMax    = 8192
	pipesFiltersMax     = 5
)

// pipesSources are the services that a pipe can poll.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-source.html
var pipesSources = []string{"dynamodb", "kafka", "kinesis", "mq", "sqs"}

// pipesTargets are the services that a pipe can send to.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html
var pipesTargets = []string{
	"batch", "ecs", "events", "execute-api", "firehose", "inspector", "kinesis", "lambda", "logs",
	"redshift", "sagemaker", "sns", "sqs", "states", "timestream",
}

// pipesQueueActions are what the role of a pipe needs on a queue that is its source.
var pipesQueueActions = []string{"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"}

var pipesTypes = map[string]resourceType{
	"aws:pipes/pipe:Pipe": {
		check:  checkPipe,
		create: createPipe,
		read:   readPipe,
		update: updatePipe,
		delete: deletePipe,
	},
}

func checkPipe(c *call, in props) error {
	if err := c.partitionLacks("EventBridge Pipes", eventsGovCloudDoc, "aws-us-gov"); err != nil {
		return err
	}
	invalid := func(key, format string, args ...any) error {
		return refuse("ValidationException", key+": "+fmt.Sprintf(format, args...), pipesCreateDoc)
	}
	if name := str(in, "name"); name != "" && !eventsName.MatchString(name) {
		return invalid("name", "%q: 1 to 64 letters, digits, dots, hyphens and underscores", name)
	}
	if state := str(in, "desiredState"); state != "" && state != "RUNNING" && state != "STOPPED" {
		return invalid("desiredState", "%q is neither RUNNING nor STOPPED", state)
	}
	if err := eventsDescription(in, pipesCreateDoc); err != nil {
		return err
	}
	if err := checkPipeEnds(in, invalid); err != nil {
		return err
	}
	for _, place := range []string{"targetParameters", "enrichmentParameters"} {
		if len(str(object(in, place), "inputTemplate")) > pipesTemplateMax {
			return refuse("ValidationException", fmt.Sprintf("%s.inputTemplate: longer than %d characters", place, pipesTemplateMax), pipesTemplateDoc)
		}
	}
	parameters := object(in, "sourceParameters")
	queue := object(parameters, "sqsQueueParameters")
	if err := inRange(queue, "batchSize", 1, 10000, pipesCreateDoc); err != nil {
		return err
	}
	if err := inRange(queue, "maximumBatchingWindowInSeconds", 0, 300, pipesCreateDoc); err != nil {
		return err
	}
	filters := objects(object(parameters, "filterCriteria"), "filters")
	if len(filters) > pipesFiltersMax {
		return refuse("ValidationException", fmt.Sprintf("sourceParameters.filterCriteria.filters: %d filters, at most %d are allowed", len(filters), pipesFiltersMax), pipesFilterDoc)
	}
	for i, filter := range filters {
		if pattern := str(filter, "pattern"); pattern != "" {
			if _, err := eventpattern.Parse(pattern); err != nil {
				return refuse("ValidationException", fmt.Sprintf("sourceParameters.filterCriteria.filters[%d].pattern: %v", i, err), pipesFilterDoc)
			}
		}
	}
	return nil
}

// checkPipeEnds checks what source and target are.
func checkPipeEnds(in props, invalid func(key, format string, args ...any) error) error {
	for key, services := range map[string][]string{"source": pipesSources, "target": pipesTargets} {
		text := str(in, key)
		if text == "" || key == "source" && strings.HasPrefix(text, "smk://") {
			continue
		}
		parts, ok := splitARN(text)
		if !ok || !slices.Contains(services, parts.Service) {
			return invalid(key, "%q is not the ARN of one of %s", text, strings.Join(services, ", "))
		}
	}
	return nil
}

func createPipe(c *call, in props) (string, props, error) {
	name := c.physicalName(in)
	p := &pipe{ARN: c.arn("pipes", c.Region, c.ID, "pipe/"+name), Name: name, Region: c.Region}
	if err := c.may("pipes:CreatePipe", p.ARN); err != nil {
		return "", nil, err
	}
	if _, ok := c.Pipes.Pipes[p.ARN]; ok {
		return "", nil, refuse("ConflictException", fmt.Sprintf("Pipe %s already exists.", name), pipesCreateDoc)
	}
	if err := c.putPipe(p, in); err != nil {
		return "", nil, err
	}
	c.Pipes.Pipes.put(p.ARN, p)
	return name, p.outputs(), nil
}

// putPipe makes the checks of CreatePipe and UpdatePipe. The pipe reads its source
// with the role as soon as it is made, and fails when it cannot.
func (c *call) putPipe(p *pipe, in props) error {
	role, source := str(in, "roleArn"), str(in, "source")
	if err := c.passRole(role, pipesService); err != nil {
		return err
	}
	if !c.assumableBy(role, pipesService, c.sourceKeys(p.ARN)) {
		return refuse("ValidationException", fmt.Sprintf("Provided role '%s' cannot be assumed by principal '%s'.", role, pipesService), pipesPermissionsDoc)
	}
	for _, end := range []string{source, str(in, "target")} {
		if parts, ok := splitARN(end); ok && (parts.Partition != c.Partition || parts.Region != "" && parts.Region != c.Region) {
			return refuse("ValidationException", fmt.Sprintf("%s is not in the Region of the pipe, %s", end, c.Region), pipesCreateDoc)
		}
	}
	if parts, _ := splitARN(source); parts.Service == "sqs" {
		if err := c.pipeReadsQueue(p, role, source); err != nil {
			return err
		}
	}
	p.Source, p.Target, p.RoleARN = source, str(in, "target"), role
	p.Stopped = str(in, "desiredState") == "STOPPED"
	p.Properties = stored(in)
	return nil
}

// pipeReadsQueue demands that the pipe's role may read the queue.
func (c *call) pipeReadsQueue(p *pipe, role, source string) error {
	failed := func(reason string) error {
		return refuse("ValidationException", fmt.Sprintf("waiting for creation AWS EventBridge Pipes Pipe (%s): unexpected state 'CREATE_FAILED', wanted target 'RUNNING, STOPPED'. last error: Input parameter is invalid from the request due to : %s", p.Name, reason), pipesPermissionsDoc)
	}
	queue, ok := c.SQS.Queues[source]
	if !ok {
		return failed("The source queue does not exist: " + source)
	}
	for _, action := range pipesQueueActions {
		if err := c.roleMayOn(role, "sqs:"+action, queue.ARN, queue.Policy); err != nil {
			return failed(fmt.Sprintf("The provided customer role does not have permissions to call %s on SQS", action))
		}
	}
	return nil
}

func (p *pipe) outputs() props {
	out := withDefaults(p.Properties, props{"desiredState": "RUNNING"})
	out["name"], out["arn"] = p.Name, p.ARN
	parameters := withDefaults(object(out, "sourceParameters"), props{})
	if parts, _ := splitARN(p.Source); parts.Service == "sqs" && parameters["sqsQueueParameters"] == nil {
		parameters["sqsQueueParameters"] = props{"batchSize": 10, "maximumBatchingWindowInSeconds": 0}
	}
	out["sourceParameters"] = parameters
	return out
}

func readPipe(c *call, id string, _ props) (props, error) {
	p, ok := c.Pipes.Pipes[c.arn("pipes", c.Region, c.ID, "pipe/"+id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("pipes:DescribePipe", p.ARN); err != nil {
		return nil, err
	}
	return p.outputs(), nil
}

func updatePipe(c *call, id string, _, in props) (props, error) {
	p, ok := c.Pipes.Pipes[c.arn("pipes", c.Region, c.ID, "pipe/"+id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("pipes:UpdatePipe", p.ARN); err != nil {
		return nil, err
	}
	if err := c.putPipe(p, in); err != nil {
		return nil, err
	}
	return p.outputs(), nil
}

func deletePipe(c *call, id string, _ props) error {
	p, ok := c.Pipes.Pipes[c.arn("pipes", c.Region, c.ID, "pipe/"+id)]
	if !ok {
		return errNotFound
	}
	if err := c.may("pipes:DeletePipe", p.ARN); err != nil {
		return err
	}
	delete(c.Pipes.Pipes, p.ARN)
	return nil
}
