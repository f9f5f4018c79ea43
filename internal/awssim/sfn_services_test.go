package awssim

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asked is one Task with what it asks, who may do it, and what becomes of it.
type asked struct {
	call      string
	arguments props
	action    string // of IAM
	resource  string // ARN that IAM decides about
	failure   string // as Step Functions names it, when nobody allows the call
}

// perform runs a machine of one Task in the home Region of tests; statements are what its role may do.
func (c *client) perform(call string, arguments props, statements ...props) (*Run, error) {
	c.t.Helper()
	role := "arn:aws:iam::123456789012:role/asker"
	if c.account().IAM.Roles["asker"] == nil {
		role = c.role("asker", sfnService, nil, "")
	}
	require.NoError(c.t, c.account().Update(func(a *Account) {
		a.IAM.Roles["asker"].Inline = map[string]string{"asker": policy(append(statements, props{"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"})...)}
	}))
	definition := jsonText(props{"QueryLanguage": "JSONata", "StartAt": "Ask", "States": props{
		"Ask": props{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:" + call, "Arguments": arguments, "End": true},
	}})
	machine := c.create(machineToken, "m", props{"namePrefix": "ask-", "definition": definition, "roleArn": role})
	defer func() { require.NoError(c.t, c.remove(machine)) }()
	return c.account().StartExecution(machine.id, "{}", costServices)
}

func grant(action, resource string, condition props) props {
	s := statementFor(nil, []any{action}, resource, condition)
	delete(s, "Principal")
	return s
}

// TestTasksOfMachines: each call needs its own right, on the ARN that AWS documents and in the Region that the machine is
// in, and a service says in its own words that what is asked for is not there.
func TestTasksOfMachines(t *testing.T) {
	const home = ":ap-northeast-1:123456789012:"
	c := serve(t)
	c.create(groupToken, "g", props{"name": "trail"})
	detector := c.create(detectorToken, "d", props{}).id
	c.create(hubToken, "h", props{})
	aggregator := c.create(aggregatorToken, "a", props{"name": "all", "accountAggregationSource": props{"accountIds": []any{"123456789012"}, "allRegions": true}}).str("arn")
	insight := props{"InsightArn": "arn:aws:securityhub:::insight/securityhub/default/29"}
	rows := []asked{
		{"cloudwatchlogs:startQuery", props{"LogGroupName": "trail"}, "logs:StartQuery", "arn:aws:logs" + home + "log-group:trail", "CloudWatchLogs.CloudWatchLogsException"},
		{"cloudwatchlogs:getQueryResults", props{"QueryId": "1"}, "logs:GetQueryResults", "*", "CloudWatchLogs.CloudWatchLogsException"},
		{"config:describeComplianceByConfigRule", props{}, "config:DescribeComplianceByConfigRule", "arn:aws:config" + home + "config-rule/*", "Config.ConfigException"},
		{"config:describeAggregateComplianceByConfigRules", props{"ConfigurationAggregatorName": "all"}, "config:DescribeAggregateComplianceByConfigRules", aggregator, "Config.ConfigException"},
		{"guardduty:listDetectors", props{}, "guardduty:ListDetectors", "*", "GuardDuty.GuardDutyException"},
		{"guardduty:getFindingsStatistics", props{"DetectorId": detector}, "guardduty:GetFindingsStatistics", "arn:aws:guardduty" + home + "detector/" + detector, "GuardDuty.GuardDutyException"},
		{"securityhub:getInsightResults", insight, "securityhub:GetInsightResults", "arn:aws:securityhub" + home + "hub/default", "SecurityHub.SecurityHubException"},
		{"ec2:describeRegions", props{}, "ec2:DescribeRegions", "*", "Ec2.Ec2Exception"},
	}
	in := func(region string) props { return props{"StringEquals": props{"aws:RequestedRegion": region}} }
	for _, row := range rows {
		t.Run(row.action, func(t *testing.T) {
			run, err := c.perform(row.call, row.arguments, grant(row.action, row.resource, in(testRegion)))
			require.NoError(t, err)
			assert.Equal(t, "SUCCEEDED", run.Status, run.Cause)
			assert.Equal(t, []Call{{Action: row.action, Resource: row.resource}}, run.Calls)
			for name, statement := range map[string]props{
				"nothing":        grant("iam:GetRole", "*", nil),
				"another Region": grant(row.action, row.resource, in("us-east-1")),
				"another thing":  grant(row.action, "arn:aws:logs"+home+"log-group:other", nil),
				"another action": grant(row.action+"s", row.resource, nil),
			} {
				run, err := c.perform(row.call, row.arguments, statement)
				require.NoError(t, err)
				assert.Equal(t, row.failure, run.Error, name)
				assert.Contains(t, run.Cause, "is not authorized to perform: "+row.action, name)
				assert.NotEmpty(t, run.Calls[0].Refused, name)
			}
		})
	}

	// In order: what is gone stays gone.
	for _, row := range []struct {
		name      string
		call      string
		arguments props
		gone      func(*Account)
		failure   string
	}{
		{"another log group", "cloudwatchlogs:startQuery", props{"LogGroupName": "other"}, nil, "CloudWatchLogs.ResourceNotFoundException"},
		{"another aggregator", "config:describeAggregateComplianceByConfigRules", props{"ConfigurationAggregatorName": "none"}, nil, "Config.NoSuchConfigurationAggregatorException"},
		{"another detector", "guardduty:getFindingsStatistics", props{"DetectorId": "12"}, nil, "GuardDuty.BadRequestException"},
		{"no detector", "guardduty:getFindingsStatistics", props{"DetectorId": detector}, func(a *Account) { a.GuardDuty.Detectors = nil }, "GuardDuty.BadRequestException"},
		{"insight of a partition", "securityhub:getInsightResults", props{"InsightArn": "arn:aws-cn:securityhub:::insight/securityhub/default/29"}, nil, "SecurityHub.ResourceNotFoundException"},
		{"insight that is none", "securityhub:getInsightResults", props{"InsightArn": "arn:aws:securityhub:::insight/29"}, nil, "SecurityHub.ResourceNotFoundException"},
		{"Security Hub is not on", "securityhub:getInsightResults", insight, func(a *Account) { a.SecurityHub.Hubs = nil }, "SecurityHub.InvalidAccessException"},
		{"Cost Explorer is hidden", "costexplorer:getCostAndUsage", props{}, func(a *Account) { a.Settings.BillingHidden = true }, "CostExplorer.CostExplorerException"},
	} {
		if row.gone != nil {
			require.NoError(t, c.account().Update(row.gone))
		}
		run, err := c.perform(row.call, row.arguments, grant("*", "*", nil))
		require.NoError(t, err)
		assert.Equal(t, row.failure, run.Error, row.name)
	}
}

// TestBillingIsAskedWhereItIs: Cost Explorer and Budgets answer in one Region of the partition, whatever the machine's.
func TestBillingIsAskedWhereItIs(t *testing.T) {
	c := serve(t)
	for _, call := range []string{"costexplorer:getCostAndUsage", "budgets:describeBudgets"} {
		for region, status := range map[string]string{"us-east-1": "SUCCEEDED", testRegion: "FAILED"} {
			run, err := c.perform(call, props{}, grant("*", "*", props{"StringEquals": props{"aws:RequestedRegion": region}}))
			require.NoError(t, err)
			assert.Equal(t, status, run.Status, call)
		}
	}
}
