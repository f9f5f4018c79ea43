package awssim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
)

// eventsTarget is where a rule sends what it matches.
type eventsTarget struct {
	ID, RuleARN, Region string
	ARN, RoleARN        string
	Properties          props
}

const (
	eventsPutTargetsDoc  = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html"
	eventsTargetDoc      = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html"
	eventsTransformDoc   = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html"
	eventsCrossRegionDoc = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html"
	eventsTargetRoleDoc  = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html"

	eventsTargetsPerRule = 5
	eventsInputMax       = 8192
	eventsInputPathMax   = 256
)

// eventsRoleTargets are the services that EventBridge reaches by a role of the target
// only. SNS topics, SQS queues, Lambda functions and log groups have policies.
var eventsRoleTargets = []string{
	"batch", "codebuild", "codepipeline", "ecs", "events", "execute-api", "firehose", "kinesis",
	"redshift", "redshift-serverless", "sagemaker", "states",
}

// eventsInputs are the ways to say what a target receives; one of them at most.
var eventsInputs = []string{"input", "inputPath", "inputTransformer"}

func checkTarget(_ *call, in props) error {
	invalid := func(key, format string, args ...any) error {
		return refuse("ValidationException", key+": "+fmt.Sprintf(format, args...), eventsTargetDoc)
	}
	if id := str(in, "targetId"); id != "" && !eventsName.MatchString(id) {
		return invalid("targetId", "%q: 1 to 64 letters, digits, dots, hyphens and underscores", id)
	}
	if arn := str(in, "arn"); arn != "" {
		if _, ok := splitARN(arn); !ok {
			return invalid("arn", "Provided Arn is not in correct format: %q", arn)
		}
	}
	var given []string
	for _, key := range eventsInputs {
		if present(in, key) {
			given = append(given, key)
		}
	}
	if len(given) > 1 {
		return invalid(given[0], "Only one of Input, InputPath, or InputTransformer must be provided for target; here are %s", strings.Join(given, ", "))
	}
	if input := str(in, "input"); input != "" && (len(input) > eventsInputMax || !json.Valid([]byte(input))) {
		return invalid("input", "JSON syntax error, or longer than %d characters", eventsInputMax)
	}
	if path := str(in, "inputPath"); path != "" && (len(path) > eventsInputPathMax || !strings.HasPrefix(path, "$")) {
		return invalid("inputPath", "%q is no JSON path of at most %d characters", path, eventsInputPathMax)
	}
	if t := object(in, "inputTransformer"); len(t) > 0 && !hasUnknown(t) {
		if err := eventpattern.ValidateTransformer(stringMap(t, "inputPaths"), str(t, "inputTemplate")); err != nil {
			return eventsPatternRefusal(err, "inputTransformer", eventsTransformDoc)
		}
	}
	retry := object(in, "retryPolicy")
	if err := inRange(retry, "maximumEventAgeInSeconds", 60, 86400, eventsTargetDoc); err != nil {
		return err
	}
	return inRange(retry, "maximumRetryAttempts", 0, 185, eventsTargetDoc)
}

// eventsPatternRefusal gives an error about a pattern or template AWS's name.
func eventsPatternRefusal(err error, key, doc string) error {
	var known *eventpattern.Error
	if errors.As(err, &known) {
		return refuse(known.Code, key+": "+known.Message, doc)
	}
	return refuse("ValidationException", key+": "+err.Error(), doc)
}

// eventsTargetKey is the key of a target.
func eventsTargetKey(ruleARN, id string) string { return ruleARN + "#" + id }

// eventsTargetsOf are the targets of a rule, by their ids.
func (a *Account) eventsTargetsOf(rule *eventsRule) []*eventsTarget {
	var targets []*eventsTarget
	for _, key := range sortedKeys(a.Events.Targets) {
		if t := a.Events.Targets[key]; t.RuleARN == rule.ARN {
			targets = append(targets, t)
		}
	}
	return targets
}

func createTarget(c *call, in props) (string, props, error) {
	rule, err := c.eventsRuleOf(str(in, "eventBusName"), str(in, "rule"))
	if err != nil {
		return "", nil, err
	}
	target := &eventsTarget{ID: strOr(in, "targetId", "terraform-"+c.hexID(26)), RuleARN: rule.ARN, Region: c.Region}
	key := eventsTargetKey(rule.ARN, target.ID)
	if _, ok := c.Events.Targets[key]; !ok && len(c.eventsTargetsOf(rule)) >= eventsTargetsPerRule {
		return "", nil, refuse("LimitExceededException", fmt.Sprintf("The requested resource exceeds the maximum number allowed: rule %s has %d targets", rule.Name, eventsTargetsPerRule), eventsPutTargetsDoc)
	}
	if err := c.putTarget(rule, target, in); err != nil {
		return "", nil, err
	}
	c.Events.Targets.put(key, target)
	return eventsTargetID(in, target), target.outputs(), nil
}

// eventsTargetID is the id of a target's resource.
func eventsTargetID(in props, target *eventsTarget) string {
	id := str(in, "rule") + "-" + target.ID
	if bus := str(in, "eventBusName"); bus != "" && bus != eventsDefaultBus {
		id = bus + "-" + id
	}
	return id
}

// putTarget is PutTargets with one target.
func (c *call) putTarget(rule *eventsRule, target *eventsTarget, in props) error {
	if err := c.may("events:PutTargets", rule.ARN); err != nil {
		return err
	}
	arn, role := str(in, "arn"), str(in, "roleArn")
	if err := c.eventsReachable(arn); err != nil {
		return err
	}
	parts, _ := splitARN(arn)
	if role == "" && slices.Contains(eventsRoleTargets, parts.Service) {
		return refuse("ValidationException", fmt.Sprintf("RoleArn is required for target %s.", arn), eventsTargetRoleDoc)
	}
	if role != "" {
		if err := c.eventsRole(role, rule.ARN); err != nil {
			return err
		}
	}
	if err := c.eventsDeadLetter(in); err != nil {
		return err
	}
	if strings.HasSuffix(arn, sqsFIFOSuffix) && parts.Service == "sqs" && str(object(in, "sqsTarget"), "messageGroupId") == "" {
		return refuse("ValidationException", fmt.Sprintf("Parameter(s) SqsParameters must be specified for target: %s.", target.ID), eventsTargetDoc)
	}
	target.ARN, target.RoleARN, target.Properties = arn, role, stored(in)
	return nil
}

// eventsReachable refuses targets in another partition, and in another Region all but
// event buses.
func (c *call) eventsReachable(arn string) error {
	parts, ok := splitARN(arn)
	bus := parts.Service == "events" && strings.HasPrefix(parts.Resource, "event-bus/")
	switch {
	case !ok:
		return refuse("ValidationException", "Provided Arn is not in correct format: "+arn, eventsTargetDoc)
	case parts.Partition != c.Partition:
		return refuse("ValidationException", fmt.Sprintf("Provided Arn is not in correct format: %s is in another partition than the rule, %s", arn, c.Partition), eventsCrossRegionDoc)
	case parts.Region != "" && parts.Region != c.Region && !bus:
		return refuse("ValidationException", fmt.Sprintf("Provided Arn %s is in another Region than the rule, %s: only event buses can be targets across Regions", arn, c.Region), eventsCrossRegionDoc)
	case bus && !knownRegion(parts.Region):
		return refuse("ValidationException", fmt.Sprintf("Provided Arn %s has no Region", arn), eventsCrossRegionDoc)
	case bus && parts.Account == c.ID && !c.regionEnabled(parts.Region):
		return refuse("ValidationException", fmt.Sprintf("Provided Arn %s is in a Region that the account has not enabled", arn), eventsCrossRegionDoc)
	}
	return nil
}

func (t *eventsTarget) outputs() props {
	out := withDefaults(t.Properties, props{"eventBusName": eventsDefaultBus, "forceDestroy": false})
	out["targetId"], out["arn"] = t.ID, t.ARN
	return out
}

// eventsTargetByID finds a target by the state of its resource, or on import by the
// id [bus/]rule/target.
func (c *call) eventsTargetByID(id string, state props) (*eventsRule, *eventsTarget, error) {
	bus, name, target := str(state, "eventBusName"), str(state, "rule"), str(state, "targetId")
	if name == "" {
		parts := strings.Split(id, "/")
		if len(parts) < 2 {
			return nil, nil, refuse("ValidationException", fmt.Sprintf("unexpected format for ID (%q), expected EVENTBUSNAME/RULENAME/TARGETID or RULENAME/TARGETID", id),
				"https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/eventtarget/#import")
		}
		name, target = parts[len(parts)-2], parts[len(parts)-1]
		bus = strings.Join(parts[:len(parts)-2], "/")
	}
	rule, err := c.eventsRuleOf(bus, name)
	if err != nil {
		return nil, nil, errNotFound
	}
	found, ok := c.Events.Targets[eventsTargetKey(rule.ARN, target)]
	if !ok {
		return nil, nil, errNotFound
	}
	return rule, found, nil
}

func readTarget(c *call, id string, state props) (props, error) {
	rule, target, err := c.eventsTargetByID(id, state)
	if err != nil {
		return nil, err
	}
	if err := c.may("events:ListTargetsByRule", rule.ARN); err != nil {
		return nil, err
	}
	out := target.outputs()
	out["id"] = eventsTargetID(target.Properties, target)
	return out, nil
}

func updateTarget(c *call, id string, old, in props) (props, error) {
	rule, target, err := c.eventsTargetByID(id, old)
	if err != nil {
		return nil, err
	}
	if err := c.putTarget(rule, target, in); err != nil {
		return nil, err
	}
	return target.outputs(), nil
}

func deleteTarget(c *call, id string, state props) error {
	rule, target, err := c.eventsTargetByID(id, state)
	if err != nil {
		return err
	}
	if err := c.may("events:RemoveTargets", rule.ARN); err != nil {
		return err
	}
	delete(c.Events.Targets, eventsTargetKey(rule.ARN, target.ID))
	return nil
}
