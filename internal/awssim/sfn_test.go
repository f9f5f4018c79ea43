package awssim

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

const machineToken = "aws:sfn/stateMachine:StateMachine"

// reportDefinition asks Cost Explorer and Budgets and publishes what it heard.
func reportDefinition(topic string) string {
	return jsonText(props{"QueryLanguage": "JSONata", "StartAt": "Ask", "States": props{
		"Ask": props{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:costexplorer:getCostAndUsage", "Arguments": props{"Granularity": "MONTHLY"},
			"Retry": []any{props{"ErrorEquals": []any{"CostExplorer.LimitExceededException"}}}, "Next": "Budgets"},
		"Budgets": props{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:budgets:describeBudgets", "Arguments": props{"AccountId": "123456789012"}, "Next": "Tell"},
		"Tell":    props{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Arguments": props{"TopicArn": topic, "Subject": "Bill", "Message": "It was cheap."}, "End": true},
	}})
}

func TestStateMachines(t *testing.T) {
	c := serve(t)
	logging := c.create("aws:cloudwatch/logGroup:LogGroup", "g", props{"name": "/aws/vendedlogs/states/report"}).str("arn") + ":*"
	role := c.role("reporter", sfnService, []any{"sns:Publish"}, "*")
	logger := c.role("logger", sfnService, []any{"logs:*"}, "*")
	wrong := c.role("stranger", schedulerService, nil, "")
	definition := reportDefinition("arn:aws:sns:ap-northeast-1:123456789012:alerts")
	machine := func(over props) props {
		return with(props{"name": "report", "definition": definition, "roleArn": role}, over)
	}
	logs := func(over props) props {
		return machine(props{"name": "other", "roleArn": logger, "loggingConfiguration": with(props{"level": "ERROR", "logDestination": logging}, over)})
	}
	m := c.create(machineToken, "m", machine(nil))
	assert.Equal(t, "arn:aws:states:ap-northeast-1:123456789012:stateMachine:report", m.id)
	l := c.create(machineToken, "l", with(logs(nil), props{"name": "logs", "type": "EXPRESS"}))
	for _, each := range []*made{m, l} {
		c.unchanged(each)
		c.imported(each)
	}
	require.NoError(t, c.update(m, machine(props{"tags": props{"team": "web"}})))
	assert.Equal(t, []string{"type"}, c.diff(m, machine(props{"type": "EXPRESS"})).GetReplaces())
	c.refuses([]refusal{
		{"name taken", machineToken, machine(nil), "StateMachineAlreadyExists"},
		{"name with blank", machineToken, machine(props{"name": "a b"}), "InvalidName"},
		{"name with colon", machineToken, machine(props{"name": "a:b"}), "InvalidName"},
		{"long name", machineToken, machine(props{"name": strings.Repeat("n", 81)}), "InvalidName"},
		{"type", machineToken, machine(props{"type": "SLOW"}), "ValidationException"},
		{"no JSON", machineToken, machine(props{"definition": "{"}), "InvalidDefinition: Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION"},
		{"bad transition", machineToken, machine(props{"definition": strings.Replace(definition, `"Next":"Tell"`, `"Next":"Told"`, 1)}), "MISSING_TRANSITION_TARGET: Missing 'Next' target: Told"},
		{"partition of a resource", machineToken, machine(props{"definition": strings.Replace(definition, "arn:aws:states", "arn:aws-cn:states", 1)}), "Value is not a valid resource ARN"},
		{"too large", machineToken, machine(props{"definition": definition + strings.Repeat(" ", statemachine.MaxDefinition)}), "DEFINITION_TOO_LARGE"},
		{"no role", machineToken, machine(props{"name": "other", "roleArn": "arn:aws:iam::123456789012:role/none"}), "AccessDeniedException: Neither the global service principal states.amazonaws.com"},
		{"role of another service", machineToken, machine(props{"name": "other", "roleArn": wrong}), "authorized to assume the provided role"},
		{"log level", machineToken, logs(props{"level": "DEBUG"}), "InvalidLoggingConfiguration"},
		{"no log destination", machineToken, logs(props{"logDestination": nil}), "Must specify exactly one Log Destination"},
		{"log destination without star", machineToken, logs(props{"logDestination": strings.TrimSuffix(logging, ":*")}), "has to end with :*"},
		{"no log group", machineToken, logs(props{"logDestination": strings.Replace(logging, "report", "none", 1)}), "does not exist"},
		{"role that may not log", machineToken, with(logs(nil), props{"roleArn": role}), "not authorized to access the Log Destination"},
		{"key of no key", machineToken, machine(props{"encryptionConfiguration": props{"type": "AWS_OWNED_KEY", "kmsKeyId": "k"}}), "InvalidEncryptionConfiguration"},
	})
	require.NoError(t, c.remove(m))
	assert.False(t, c.read(m))
}

// constant is an evaluator for machines without real expressions.
type constant struct{}

func (constant) Evaluate(expression string, _ any, _ map[string]any) (any, error) {
	var v any
	return v, json.Unmarshal([]byte(expression), &v)
}

// costs is a schedule, its state machine and an encrypted topic with a mail subscription,
// a budget, a monitor and an alarm in us-east-1 that tell the same people. Policies can be
// made differently by name.
func costs(t *testing.T, changes map[string]string) (*client, string) {
	t.Helper()
	c := serve(t)
	either := func(name, text string) string {
		if changed, ok := changes[name]; ok {
			return changed
		}
		return text
	}
	account := c.account().ID
	own := props{"StringEquals": props{"aws:SourceAccount": account}}
	publishers := props{"Service": []any{budgetsService, anomalyService, alarmsService}}
	key := c.create(keyToken, "key", props{"policy": either("key", policy(rootStatement(c, "kms:*"), statementFor(publishers, []any{"kms:GenerateDataKey*", "kms:Decrypt"}, "*", own)))}).str("arn")
	topic := c.create(topicToken, "topic", props{"name": "alerts", "kmsMasterKeyId": key}).id
	c.create(topicPolicyToken, "topic", props{"arn": topic, "policy": either("topic", policy(
		statementFor(props{"Service": []any{anomalyService, alarmsService}}, []any{"sns:Publish"}, topic, own),
		statementFor(service(budgetsService), []any{"sns:Publish"}, topic, with(own, props{"ArnLike": props{"aws:SourceArn": "arn:aws:budgets::" + account + ":*"}})),
	))})
	mail := c.create(subscriptionToken, "mail", props{"topic": topic, "protocol": "email", "endpoint": "ops@example.com"}).id
	require.NoError(t, c.account().ConfirmSubscription(mail))

	reporter := c.role("reporter", sfnService, nil, "")
	c.create(rolePolicyToken, "reporter", props{"role": "reporter", "policy": either("reporter", policy(
		props{"Effect": "Allow", "Action": []any{"ce:GetCostAndUsage"}, "Resource": "*"},
		props{"Effect": "Allow", "Action": []any{"budgets:ViewBudget"}, "Resource": "arn:aws:budgets::" + account + ":budget/*"},
		props{"Effect": "Allow", "Action": []any{"sns:Publish"}, "Resource": topic},
		props{"Effect": "Allow", "Action": []any{"kms:GenerateDataKey*", "kms:Decrypt"}, "Resource": key},
	))})
	machine := c.create(machineToken, "m", props{"name": "report", "definition": reportDefinition(topic), "roleArn": reporter}).id
	starter := c.role("starter", schedulerService, nil, "")
	c.create(rolePolicyToken, "starter", props{"role": "starter", "policy": either("starter", policy(props{"Effect": "Allow", "Action": "states:StartExecution", "Resource": machine}))})
	dead := c.create(queueToken, "dead", props{"name": "dead"}).str("arn")
	c.create(scheduleToken, "s", props{"name": "report", "scheduleExpression": "rate(1 day)", "flexibleTimeWindow": props{"mode": "OFF"},
		"target": props{"arn": machine, "roleArn": starter, "input": `{"at":"<aws.scheduler.scheduled-time>"}`, "deadLetterConfig": props{"arn": dead}}})
	c.create(budgetToken, "b", notified(budgetNotification(props{"subscriberSnsTopicArns": []any{topic}, "subscriberEmailAddresses": []any{"cfo@example.com"}})))
	monitor := c.create(monitorToken, "m", props{"name": "services", "monitorType": "DIMENSIONAL", "monitorDimension": "SERVICE"}).id
	c.create(anomalySubscriptionToken, "i", props{"name": "now", "frequency": "IMMEDIATE", "monitorArnLists": []any{monitor},
		"subscribers": []any{props{"type": "SNS", "address": topic}}, "thresholdExpression": impact(impactAbsolute, "10")})
	return c, monitor
}

var costServices = Services{Evaluator: constant{}, Answer: func(string, map[string]any) (any, *statemachine.TaskError) { return map[string]any{}, nil }}

func TestScheduledReportArrives(t *testing.T) {
	c, _ := costs(t, nil)
	run, err := c.account().RunSchedule(testRegion, "default/report", costServices)
	require.NoError(t, err)
	require.NotNil(t, run.Execution, "%v", run.Deliveries)
	require.Equal(t, "SUCCEEDED", run.Status, "%s %s", run.Error, run.Cause)
	var actions []string
	for _, call := range run.Calls {
		assert.Empty(t, call.Refused)
		actions = append(actions, call.Action)
	}
	assert.Equal(t, []string{"ce:GetCostAndUsage", "budgets:ViewBudget", "sns:Publish"}, actions)
	require.Len(t, run.Deliveries, 1)
	assert.True(t, run.Deliveries[0].Arrived())
	assert.Equal(t, "ops@example.com", run.Deliveries[0].Endpoint)
	assert.Equal(t, "It was cheap.", run.Deliveries[0].Text)
}

// TestReportStops: what is missing from a policy stops the report where AWS stops it.
func TestReportStops(t *testing.T) {
	nothing := policy(props{"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"})
	all := func(actions ...any) string {
		return policy(props{"Effect": "Allow", "Action": actions, "Resource": "*"})
	}
	for name, row := range map[string]struct {
		changes map[string]string
		change  func(*Account)
		failure string
	}{
		"Cost Explorer":      {changes: map[string]string{"reporter": all("budgets:*", "sns:*", "kms:*")}, failure: "CostExplorer.CostExplorerException"},
		"Budgets":            {changes: map[string]string{"reporter": all("ce:*", "sns:*", "kms:*")}, failure: "Budgets.AccessDeniedException"},
		"SNS":                {changes: map[string]string{"reporter": all("ce:*", "budgets:*", "kms:*")}, failure: "SNS.AuthorizationErrorException"},
		"KMS":                {changes: map[string]string{"reporter": all("ce:*", "budgets:*", "sns:*")}, failure: "SNS.KmsAccessDeniedException"},
		"no IAM to billing":  {change: func(a *Account) { a.Settings.BillingHidden = true }, failure: "CostExplorer.CostExplorerException"},
		"Cost Explorer off":  {change: func(a *Account) { a.Settings.CostExplorerOff = true }, failure: "CostExplorer.DataUnavailableException"},
		"no such topic":      {change: func(a *Account) { a.SNS.Topics = nil }, failure: "SNS.NotFoundException"},
		"start of execution": {changes: map[string]string{"starter": nothing}},
		"switched off": {change: func(a *Account) {
			a.Scheduler.Schedules[a.scheduleARN(testRegion, "default", "report")].Properties["state"] = "DISABLED"
		}},
		"trust of reporter": {change: func(a *Account) { a.IAM.Roles["reporter"].TrustPolicy = a.IAM.Roles["starter"].TrustPolicy }},
		"trust of starter":  {change: func(a *Account) { a.IAM.Roles["starter"].TrustPolicy = a.IAM.Roles["reporter"].TrustPolicy }},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := costs(t, row.changes)
			if row.change != nil {
				require.NoError(t, c.account().Update(row.change))
			}
			run, err := c.account().RunSchedule(testRegion, "default/report", costServices)
			require.NoError(t, err)
			if row.failure == "" {
				assert.Nil(t, run.Execution)
				require.Len(t, run.Deliveries, 1)
				assert.False(t, run.Deliveries[0].Arrived())
				return
			}
			assert.Equal(t, "FAILED", run.Status)
			assert.Equal(t, row.failure, run.Error)
			assert.NotEmpty(t, run.Cause)
			for _, d := range run.Deliveries {
				assert.False(t, d.Arrived())
			}
		})
	}
	c, _ := costs(t, nil)
	_, err := c.account().RunSchedule(testRegion, "default/none", costServices)
	refusedWith(t, err, "ResourceNotFoundException")
}

// TestCostMessages: budget, anomaly and billing alarm reach people through topic and key,
// and each of the two policies can stop them.
func TestCostMessages(t *testing.T) {
	other := props{"StringEquals": props{"aws:SourceAccount": "444455556666"}}
	publishers := props{"Service": []any{budgetsService, anomalyService}}
	topicARN := "arn:aws:sns:ap-northeast-1:123456789012:alerts"
	for name, row := range map[string]struct {
		changes map[string]string
		topic   bool // messages to the topic arrive
	}{
		"as it should be":                    {topic: true},
		"topic for another account":          {changes: map[string]string{"topic": policy(statementFor(publishers, []any{"sns:Publish"}, topicARN, other))}},
		"topic for another source":           {changes: map[string]string{"topic": policy(statementFor(publishers, []any{"sns:Publish"}, topicARN, props{"ArnLike": props{"aws:SourceArn": "arn:aws:budgets::444455556666:*"}}))}},
		"key without the billing services":   {changes: map[string]string{"key": policy(props{"Effect": "Allow", "Principal": props{"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"})}},
		"key that allows data keys and ends": {changes: map[string]string{"key": policy(props{"Effect": "Allow", "Principal": props{"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}, statementFor(publishers, []any{"kms:GenerateDataKey*"}, "*", nil))}},
	} {
		t.Run(name, func(t *testing.T) {
			c, monitor := costs(t, row.changes)
			budget, err := c.account().NotifyBudget("monthly", "ACTUAL")
			require.NoError(t, err)
			require.Len(t, budget, 2)
			assert.Equal(t, "cfo@example.com", budget[0].Endpoint)
			assert.True(t, budget[0].Arrived(), "addresses of a budget need no topic")
			assert.Contains(t, budget[0].Text, "Budget Name: monthly")
			assert.Equal(t, row.topic, budget[1].Arrived(), budget[1].Dropped)
			anomaly, err := c.account().DetectAnomaly(monitor, Anomaly{Impact: 50, Percentage: 80})
			require.NoError(t, err)
			require.Len(t, anomaly, 1)
			assert.Equal(t, row.topic, anomaly[0].Arrived(), anomaly[0].Dropped)
		})
	}
	c, monitor := costs(t, nil)
	none, err := c.account().NotifyBudget("monthly", "FORECASTED")
	require.NoError(t, err)
	assert.Empty(t, none)
	small, err := c.account().DetectAnomaly(monitor, Anomaly{Impact: 5})
	require.NoError(t, err)
	assert.Empty(t, small)
	_, err = c.account().NotifyBudget("none", "ACTUAL")
	refusedWith(t, err, "NotFoundException")
	_, err = c.account().DetectAnomaly("none", Anomaly{})
	refusedWith(t, err, "UnknownMonitorException")
}

// TestAnomalyEvent: the event is in us-east-1, and nowhere else.
func TestAnomalyEvent(t *testing.T) {
	c := serve(t)
	monitor := c.create(monitorToken, "m", props{"name": "services", "monitorType": "DIMENSIONAL", "monitorDimension": "SERVICE"}).id
	for region, deliveries := range map[string]int{testRegion: 0, "us-east-1": 1} {
		r := c.in(region)
		topic := r.create(topicToken, "t", props{"name": "events", "policy": policy(statementFor(service(eventsService), []any{"sns:Publish"}, "*", nil))}).id
		mail := r.create(subscriptionToken, "m", props{"topic": topic, "protocol": "email", "endpoint": "ops@example.com"}).id
		require.NoError(t, c.account().ConfirmSubscription(mail))
		r.create(ruleToken, "r", props{"name": "anomalies", "eventPattern": `{"source":["aws.ce"],"detail-type":["Anomaly Detected"],"detail":{"impact":{"totalImpact":[{"numeric":[">=",40]}]}}}`})
		r.create(targetToken, "r", props{"rule": "anomalies", "arn": topic})
		got, err := c.account().DetectAnomaly(monitor, Anomaly{Impact: 50})
		require.NoError(t, err)
		assert.Len(t, got, deliveries, region)
		require.NoError(t, c.account().Update(func(a *Account) { a.Events = eventsState{} }))
	}
}

// TestBillingAlarms: an alarm on EstimatedCharges has data in one Region only, by currency,
// and after somebody has switched the metric on.
func TestBillingAlarms(t *testing.T) {
	for _, row := range []struct {
		name, partition, region, currency, dropped string
		off                                        bool
	}{
		{name: "us-east-1", region: "us-east-1", currency: "USD"},
		{name: "home Region", region: testRegion, currency: "USD", dropped: "the metrics of AWS/Billing are in us-east-1, not in ap-northeast-1"},
		{name: "no currency", region: "us-east-1", dropped: "Currency=USD"},
		{name: "alerts not received", region: "us-east-1", currency: "USD", off: true, dropped: "the preference to receive CloudWatch billing alerts is off"},
		{name: "Ningxia", partition: "aws-cn", region: "cn-northwest-1", currency: "CNY"},
		{name: "Beijing", partition: "aws-cn", region: "cn-north-1", currency: "CNY", dropped: "the metrics of AWS/Billing are in cn-northwest-1, not in cn-north-1"},
		{name: "GovCloud", partition: "aws-us-gov", region: "us-gov-west-1", currency: "USD", dropped: "no metrics in the partition aws-us-gov"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := serve(t, Options{Partition: row.partition}).in(row.region)
			require.NoError(t, c.account().Update(func(a *Account) { a.Settings.BillingAlertsOff = row.off }))
			topic := c.create(topicToken, "t", props{"name": "alerts"}).id
			mail := c.create(subscriptionToken, "m", props{"topic": topic, "protocol": "email", "endpoint": "ops@example.com"}).id
			require.NoError(t, c.account().ConfirmSubscription(mail))
			dimensions := props{}
			if row.currency != "" {
				dimensions["Currency"] = row.currency
			}
			c.create(alarmToken, "a", props{"name": "bill", "namespace": "AWS/Billing", "metricName": "EstimatedCharges", "dimensions": dimensions, "statistic": "Maximum",
				"period": 21600, "evaluationPeriods": 1, "threshold": 100, "comparisonOperator": "GreaterThanThreshold", "alarmActions": []any{topic}})
			got, err := c.account().RaiseAlarm(row.region, "bill")
			require.NoError(t, err)
			require.Len(t, got, 1)
			assert.Equal(t, row.dropped == "", got[0].Arrived(), got[0].Dropped)
			assert.Contains(t, got[0].Dropped, row.dropped)
		})
	}
}
