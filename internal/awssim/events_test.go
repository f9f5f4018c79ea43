package awssim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	busToken         = "aws:cloudwatch/eventBus:EventBus"
	busPolicyToken   = "aws:cloudwatch/eventBusPolicy:EventBusPolicy"
	permissionToken  = "aws:cloudwatch/eventPermission:EventPermission"
	ruleToken        = "aws:cloudwatch/eventRule:EventRule"
	targetToken      = "aws:cloudwatch/eventTarget:EventTarget"
	connectionToken  = "aws:cloudwatch/eventConnection:EventConnection"
	destinationToken = "aws:cloudwatch/eventApiDestination:EventApiDestination"
	roleToken        = "aws:iam/role:Role"
	rolePolicyToken  = "aws:iam/rolePolicy:RolePolicy"
	findings         = `{"source":["aws.guardduty"]}`
)

// role makes a role that a service may assume and that may do the actions.
func (c *client) role(name, servicePrincipal string, actions []any, resource string) string {
	c.t.Helper()
	role := c.create(roleToken, name, props{"name": name, "assumeRolePolicy": policy(props{
		"Effect": "Allow", "Principal": service(servicePrincipal), "Action": "sts:AssumeRole",
	})})
	if len(actions) > 0 {
		c.create(rolePolicyToken, name, props{"role": role.id, "name": "p", "policy": policy(props{
			"Effect": "Allow", "Action": actions, "Resource": resource,
		})})
	}
	return role.str("arn")
}

func TestRuleRefusals(t *testing.T) {
	c := serve(t)
	c.create(busToken, "bus", props{"name": "custom"})
	lambda := c.role("lambda", "lambda.amazonaws.com", nil, "")
	rule := props{"eventPattern": findings}
	c.refuses([]refusal{
		{"bus named default", busToken, props{"name": "default"}, "ResourceAlreadyExistsException"},
		{"bus taken", busToken, props{"name": "custom"}, "ResourceAlreadyExistsException"},
		{"bus with slash", busToken, props{"name": "a/b"}, "ValidationException"},
		{"bus with blank", busToken, props{"name": "a b"}, "ValidationException"},
		{"neither pattern nor schedule", ruleToken, props{}, "EventPattern or ScheduleExpression"},
		{"name with blank", ruleToken, with(rule, props{"name": "a b"}), "ValidationException"},
		{"name too long", ruleToken, with(rule, props{"name": strings.Repeat("x", 65)}), "ValidationException"},
		{"description too long", ruleToken, with(rule, props{"description": strings.Repeat("x", 513)}), "ValidationException"},
		{"pattern that is no JSON", ruleToken, props{"eventPattern": "{"}, "InvalidEventPatternException"},
		{"pattern with a bare value", ruleToken, props{"eventPattern": `{"source":"aws.guardduty"}`}, "InvalidEventPatternException"},
		{"pattern with an unknown operator", ruleToken, props{"eventPattern": `{"source":[{"startsWith":"aws"}]}`}, "InvalidEventPatternException"},
		{"state", ruleToken, with(rule, props{"state": "ON"}), "ValidationException"},
		{"state and isEnabled", ruleToken, with(rule, props{"state": "ENABLED", "isEnabled": true}), "InvalidParameterCombination"},
		{"management events of a schedule", ruleToken, props{"scheduleExpression": "rate(1 day)", "state": ruleEnabledWithRead}, "ValidationException"},
		{"rate of 0", ruleToken, props{"scheduleExpression": "rate(0 minutes)"}, "ScheduleExpression"},
		{"rate in the wrong number", ruleToken, props{"scheduleExpression": "rate(1 days)"}, "ScheduleExpression"},
		{"cron with five fields", ruleToken, props{"scheduleExpression": "cron(0 9 * * ?)"}, "ScheduleExpression"},
		{"cron with two days", ruleToken, props{"scheduleExpression": "cron(0 9 1 * MON *)"}, "ScheduleExpression"},
		{"schedule on a custom bus", ruleToken, props{"scheduleExpression": "rate(1 day)", "eventBusName": "custom"}, "only on the default event bus"},
		{"no such bus", ruleToken, with(rule, props{"eventBusName": "other"}), "ResourceNotFoundException"},
		{"role of another service", ruleToken, with(rule, props{"roleArn": lambda}), "cannot be assumed by principal 'events.amazonaws.com'"},
		{"permission for a name", permissionToken, props{"principal": "me", "statementId": "a"}, "ValidationException"},
		{"permission id", permissionToken, props{"principal": "*", "statementId": "a b"}, "ValidationException"},
		{"permission action", permissionToken, props{"principal": "*", "statementId": "a", "action": "sns:Publish"}, "ValidationException"},
		{"permission condition", permissionToken, props{"principal": "*", "statementId": "a", "condition": props{"type": "StringLike", "key": "aws:PrincipalOrgID", "value": "o-1"}}, "ValidationException"},
		{"bus policy of another service", busPolicyToken, props{"policy": policy(statementFor("*", []any{"sns:Publish"}, "*", nil))}, "ValidationException"},
		{"bus policy too large", busPolicyToken, props{"policy": policy(with(statementFor("*", []any{"events:PutEvents"}, "*", nil), props{"Sid": strings.Repeat("x", 10241)}))}, "PolicyLengthExceededException"},
	})
	for i := range eventsRulesPerBus {
		c.account().Events.Rules.put(fmt.Sprint(i), &eventsRule{BusARN: c.account().eventsBusARN(testRegion, "custom")})
	}
	c.refuses([]refusal{{"300 rules", ruleToken, with(rule, props{"eventBusName": "custom"}), "LimitExceededException"}})
}

func TestTargetRefusals(t *testing.T) {
	c := serve(t)
	rule := c.create(ruleToken, "rule", props{"name": "r", "eventPattern": findings})
	forwarder := c.role("forwarder", "events.amazonaws.com", []any{"events:PutEvents"}, "*")
	lambda := c.role("lambda", "lambda.amazonaws.com", nil, "")
	topic := "arn:aws:sns:ap-northeast-1:123456789012:t"
	bus := "arn:aws:events:us-east-1:123456789012:event-bus/default"
	queue := "arn:aws:sqs:ap-northeast-1:123456789012:dlq"
	base := props{"rule": rule.id, "arn": topic}
	transformer := func(paths props, template string) props {
		return props{"inputTransformer": props{"inputPaths": paths, "inputTemplate": template}}
	}
	c.refuses([]refusal{
		{"no such rule", targetToken, with(base, props{"rule": "other"}), "ResourceNotFoundException"},
		{"target id", targetToken, with(base, props{"targetId": "a b"}), "ValidationException"},
		{"no ARN", targetToken, with(base, props{"arn": "t"}), "not in correct format"},
		{"two inputs", targetToken, with(base, props{"input": "{}", "inputPath": "$.detail"}), "Only one of Input"},
		{"input that is no JSON", targetToken, with(base, props{"input": "text"}), "JSON syntax error"},
		{"input path", targetToken, with(base, props{"inputPath": "detail"}), "inputPath"},
		{"placeholder without path", targetToken, with(base, transformer(props{}, `"<who>"`)), "ValidationException"},
		{"reserved path name", targetToken, with(base, transformer(props{"AWSwho": "$.detail"}, `"<AWSwho>"`)), "ValidationException"},
		{"path in brackets", targetToken, with(base, transformer(props{"who": "$['detail']"}, `"<who>"`)), "ValidationException"},
		{"template that is no JSON", targetToken, with(base, transformer(props{"who": "$.detail"}, `{"text":<who>`)), "ValidationException"},
		{"event age", targetToken, with(base, props{"retryPolicy": props{"maximumEventAgeInSeconds": 59}}), "range (60 - 86400)"},
		{"retries", targetToken, with(base, props{"retryPolicy": props{"maximumRetryAttempts": 186}}), "range (0 - 185)"},
		{"topic in another Region", targetToken, with(base, props{"arn": "arn:aws:sns:us-east-1:123456789012:t"}), "only event buses"},
		{"another partition", targetToken, with(base, props{"arn": "arn:aws-cn:events:cn-north-1:123456789012:event-bus/default", "roleArn": forwarder}), "another partition"},
		{"bus in a Region not enabled", targetToken, with(base, props{"arn": "arn:aws:events:af-south-1:123456789012:event-bus/default", "roleArn": forwarder}), "not enabled"},
		{"bus without role", targetToken, with(base, props{"arn": bus}), "RoleArn is required"},
		{"state machine without role", targetToken, with(base, props{"arn": "arn:aws:states:ap-northeast-1:123456789012:stateMachine:m"}), "RoleArn is required"},
		{"API destination without role", targetToken, with(base, props{"arn": "arn:aws:events:ap-northeast-1:123456789012:api-destination/d/1"}), "RoleArn is required"},
		{"role of another service", targetToken, with(base, props{"arn": bus, "roleArn": lambda}), "cannot be assumed"},
		{"role that does not exist", targetToken, with(base, props{"arn": bus, "roleArn": forwarder + "2"}), "cannot be assumed"},
		{"dead-letter topic", targetToken, with(base, props{"deadLetterConfig": props{"arn": topic}}), "deadLetterConfig"},
		{"dead-letter queue in another Region", targetToken, with(base, props{"deadLetterConfig": props{"arn": "arn:aws:sqs:us-east-1:123456789012:dlq"}}), "deadLetterConfig"},
		{"dead-letter queue of another account", targetToken, with(base, props{"deadLetterConfig": props{"arn": "arn:aws:sqs:ap-northeast-1:999999999999:dlq"}}), "deadLetterConfig"},
		{"dead-letter FIFO queue", targetToken, with(base, props{"deadLetterConfig": props{"arn": queue + ".fifo"}}), "FIFO"},
		{"FIFO queue without group", targetToken, with(base, props{"arn": queue + ".fifo"}), "SqsParameters"},
	})
	for i := range eventsTargetsPerRule {
		c.create(targetToken, fmt.Sprint("t", i), with(base, props{"targetId": fmt.Sprint("t", i)}))
	}
	c.refuses([]refusal{{"sixth target", targetToken, with(base, props{"targetId": "t5"}), "LimitExceededException"}})
	refusedWith(t, c.remove(rule), "since it has targets")
}

func TestConnectionRefusals(t *testing.T) {
	c := serve(t)
	key := props{"name": "hook", "authorizationType": "API_KEY", "authParameters": props{"apiKey": props{"key": "x-key", "value": "s3cret"}}}
	connection := c.create(connectionToken, "hook", key)
	destination := props{"name": "hook", "connectionArn": connection.str("arn"), "httpMethod": "POST", "invocationEndpoint": "https://hooks.slack.com/services/T0/B0/s3cret"}
	hook := c.create(destinationToken, "hook", destination)
	rows := []refusal{
		{"connection taken", connectionToken, key, "ResourceAlreadyExistsException"},
		{"connection name", connectionToken, with(key, props{"name": "a b"}), "ValidationException"},
		{"authorization type", connectionToken, with(key, props{"authorizationType": "TOKEN"}), "ValidationException"},
		{"parameters of another type", connectionToken, with(key, props{"authorizationType": "BASIC"}), "authParameters"},
		{"two kinds of parameters", connectionToken, with(key, props{"authParameters": props{"apiKey": props{"key": "k", "value": "s3cret"}, "basic": props{"username": "u", "password": "s3cret"}}}), "authParameters"},
		{"colon in a value", connectionToken, with(key, props{"authParameters": props{"apiKey": props{"key": "k", "value": "s3cret:"}}}), "authParameters"},
		{"destination taken", destinationToken, destination, "ResourceAlreadyExistsException"},
		{"plain http", destinationToken, with(destination, props{"invocationEndpoint": "http://hooks.slack.com/s3cret"}), "invocationEndpoint"},
		{"no URL", destinationToken, with(destination, props{"invocationEndpoint": "s3cret"}), "invocationEndpoint"},
		{"method", destinationToken, with(destination, props{"httpMethod": "SEND"}), "httpMethod"},
		{"rate", destinationToken, with(destination, props{"invocationRateLimitPerSecond": 301}), "range (1 - 300)"},
		{"no such connection", destinationToken, with(destination, props{"name": "other", "connectionArn": "arn:aws:events:ap-northeast-1:123456789012:connection/x/1"}), "ResourceNotFoundException"},
	}
	c.refuses(rows)
	for _, row := range rows {
		_, err := c.try(row.token, "bad", row.in)
		require.NotContains(t, err.Error(), "s3cret", row.what)
	}
	for _, m := range []*made{connection, hook} {
		c.unchanged(m)
		c.imported(m)
		require.NoError(t, c.remove(m))
		require.False(t, c.read(m))
	}
	gov := serve(t, Options{Partition: "aws-us-gov"})
	gov.refuses([]refusal{
		{"GovCloud connection", connectionToken, key, "not available in partition aws-us-gov"},
		{"GovCloud destination", destinationToken, destination, "not available in partition aws-us-gov"},
	})
}

func TestEventsLife(t *testing.T) {
	c := serve(t)
	bus := c.create(busToken, "bus", props{"name": "custom", "description": "alerts"})
	rule := c.create(ruleToken, "rule", props{"name": "r", "eventBusName": "custom", "eventPattern": findings, "state": ruleEnabledWithRead})
	require.Equal(t, "custom/r", rule.id)
	require.Equal(t, "arn:aws:events:ap-northeast-1:123456789012:rule/custom/r", rule.str("arn"))
	target := c.create(targetToken, "target", props{"rule": "r", "eventBusName": "custom", "targetId": "topic", "arn": "arn:aws:sns:ap-northeast-1:123456789012:t"})
	require.Equal(t, "custom-r-topic", target.id)
	own := c.create(busPolicyToken, "policy", props{"policy": policy(statementFor(props{"AWS": "999999999999"}, []any{"events:PutEvents"}, "arn:aws:events:ap-northeast-1:123456789012:event-bus/default", nil))})
	permission := c.create(permissionToken, "permission", props{"eventBusName": "custom", "principal": "999999999999", "statementId": "them"})
	for _, m := range []*made{bus, rule, target, own, permission} {
		c.unchanged(m)
		if m != target && m != own && m != permission {
			c.imported(m)
		}
	}
	byPath := &made{token: targetToken, name: "target", id: "custom/r/topic"}
	require.True(t, c.read(byPath))
	require.Equal(t, target.id, byPath.id)
	require.Empty(t, diffInputs(schemas[targetToken], target.inputs, byPath.inputs))

	require.NoError(t, c.update(rule, with(rule.inputs, props{"state": "DISABLED"})))
	require.NoError(t, c.update(target, with(target.inputs, props{"inputPath": "$.detail"})))
	require.NoError(t, c.update(permission, with(permission.inputs, props{"principal": "*"})))
	refusedWith(t, c.remove(bus), "since it has rules")
	refusedWith(t, c.remove(rule), "since it has targets")
	for _, m := range []*made{permission, own, target, rule, bus} {
		require.NoError(t, c.remove(m))
		require.False(t, c.read(m), m.token)
	}
}
