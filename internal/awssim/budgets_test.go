package awssim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	budgetToken       = "aws:budgets/budget:Budget"
	budgetActionToken = "aws:budgets/budgetAction:BudgetAction"
)

func monthlyBudget(over props) props {
	return with(props{"name": "monthly", "budgetType": "COST", "timeUnit": "MONTHLY", "limitAmount": "100", "limitUnit": "USD"}, over)
}

func budgetNotification(over props) props {
	return with(props{
		"comparisonOperator": "GREATER_THAN", "notificationType": "ACTUAL", "threshold": 80, "thresholdType": "PERCENTAGE",
		"subscriberEmailAddresses": []any{"ops@example.com"},
	}, over)
}

func notified(list ...props) props {
	notifications := []any{}
	for _, n := range list {
		notifications = append(notifications, n)
	}
	return monthlyBudget(props{"notifications": notifications})
}

func mails(n int) []any {
	var list []any
	for i := range n {
		list = append(list, fmt.Sprintf("m%d@example.com", i))
	}
	return list
}

func TestBudgets(t *testing.T) {
	c := serve(t)
	topic := "arn:aws:sns:ap-northeast-1:123456789012:alerts"
	plain := c.create(budgetToken, "b", monthlyBudget(nil))
	assert.Equal(t, "123456789012:monthly", plain.id)
	assert.Equal(t, "arn:aws:budgets::123456789012:budget/monthly", plain.str("arn"))
	full := c.create(budgetToken, "full", with(notified(
		budgetNotification(props{"subscriberEmailAddresses": mails(10), "subscriberSnsTopicArns": []any{topic}}),
		budgetNotification(props{"notificationType": "FORECASTED"}), budgetNotification(props{"threshold": 1_000_000}),
	), props{"name": "full", "costFilters": []any{props{"name": "Service", "values": []any{"AWS Config"}}, props{"name": "TagKeyValue", "values": []any{"user:team$web"}}},
		"costTypes": props{"includeCredit": false}, "tags": props{"team": "web"}}))
	adjusting := c.create(budgetToken, "adjusting", with(monthlyBudget(nil), props{"name": "adjusting", "limitAmount": nil, "limitUnit": nil,
		"autoAdjustData": props{"autoAdjustType": "HISTORICAL", "historicalOptions": props{"budgetAdjustmentPeriod": 6}}}))
	for _, m := range []*made{plain, full, adjusting} {
		c.unchanged(m)
		c.imported(m)
	}
	require.NoError(t, c.update(plain, monthlyBudget(props{"limitAmount": "200"})))
	c.unchanged(plain)
	assert.Equal(t, []string{"name"}, c.diff(plain, monthlyBudget(props{"name": "other"})).GetReplaces())

	other := func(over props) props { return with(monthlyBudget(props{"name": "other"}), over) }
	eleven := make([]props, 11)
	for i := range eleven {
		eleven[i] = budgetNotification(props{"threshold": i + 1})
	}
	c.refuses([]refusal{
		{"name taken", budgetToken, monthlyBudget(nil), "DuplicateRecordException"},
		{"name with a colon", budgetToken, other(props{"name": "a:b"}), "InvalidParameterException"},
		{"name of an action", budgetToken, other(props{"name": "a/action/b"}), "InvalidParameterException"},
		{"long name", budgetToken, other(props{"name": strings.Repeat("n", 101)}), "InvalidParameterException"},
		{"type", budgetToken, other(props{"budgetType": "MONEY"}), "InvalidParameterException"},
		{"time unit", budgetToken, other(props{"timeUnit": "WEEKLY"}), "InvalidParameterException"},
		{"no amount", budgetToken, other(props{"limitAmount": nil}), "BudgetLimit is required"},
		{"amount 0", budgetToken, other(props{"limitAmount": "0"}), "greater than 0"},
		{"negative amount", budgetToken, other(props{"limitAmount": "-1"}), "is not an amount"},
		{"amount is no number", budgetToken, other(props{"limitAmount": "ten"}), "is not an amount"},
		{"another currency", budgetToken, other(props{"limitUnit": "EUR"}), "cost is measured in USD here"},
		{"no unit", budgetToken, other(props{"limitUnit": nil}), "limitUnit is missing"},
		{"coverage of 90 percent", budgetToken, other(props{"budgetType": "RI_COVERAGE", "limitAmount": "90", "limitUnit": "PERCENTAGE"}), "100 PERCENTAGE"},
		{"unknown filter", budgetToken, other(props{"costFilters": []any{props{"name": "Servce", "values": []any{"x"}}}}), "allowed are AZ"},
		{"filter twice", budgetToken, other(props{"costFilters": []any{props{"name": "Service", "values": []any{"x"}}, props{"name": "Service", "values": []any{"y"}}}}), "given twice"},
		{"filter without values", budgetToken, other(props{"costFilters": []any{props{"name": "Service", "values": []any{}}}}), "values is empty"},
		{"tag filter", budgetToken, other(props{"costFilters": []any{props{"name": "TagKeyValue", "values": []any{"team=web"}}}}), "user:KEY$VALUE"},
		{"unknown cost type", budgetToken, other(props{"costTypes": props{"includeCredits": true}}), "unknown property"},
		{"adjusts how", budgetToken, other(props{"autoAdjustData": props{"autoAdjustType": "GUESS"}}), "InvalidParameterException"},
		{"history of nothing", budgetToken, other(props{"autoAdjustData": props{"autoAdjustType": "HISTORICAL"}}), "required for HISTORICAL"},
		{"61 periods", budgetToken, other(props{"autoAdjustData": props{"autoAdjustType": "HISTORICAL", "historicalOptions": props{"budgetAdjustmentPeriod": 61}}}), "1 to 60"},
		{"forecast with history", budgetToken, other(props{"autoAdjustData": props{"autoAdjustType": "FORECAST", "historicalOptions": props{"budgetAdjustmentPeriod": 6}}}), "not for FORECAST"},
		{"ends before it starts", budgetToken, other(props{"timePeriodStart": "2026-02-01_00:00", "timePeriodEnd": "2026-01-01_00:00"}), "before the end date"},
		{"start", budgetToken, other(props{"timePeriodStart": "2026-02-01"}), "expected 2006-01-02_15:04"},
		{"three planned months", budgetToken, other(props{"limitAmount": nil, "limitUnit": nil, "plannedLimits": []any{props{"amount": "1", "unit": "USD", "startTime": "2026-01-01_00:00"}}}), "12 months or 4 quarters"},
		{"11th notification", budgetToken, with(notified(eleven...), props{"name": "other"}), "CreationLimitExceededException"},
		{"the same notification", budgetToken, with(notified(budgetNotification(nil), budgetNotification(props{"subscriberEmailAddresses": mails(1)})), props{"name": "other"}), "DuplicateRecordException"},
		{"11 addresses", budgetToken, with(notified(budgetNotification(props{"subscriberEmailAddresses": mails(11)})), props{"name": "other"}), "CreationLimitExceededException"},
		{"two topics", budgetToken, with(notified(budgetNotification(props{"subscriberSnsTopicArns": []any{topic, topic + "2"}})), props{"name": "other"}), "CreationLimitExceededException"},
		{"nobody", budgetToken, with(notified(budgetNotification(props{"subscriberEmailAddresses": nil})), props{"name": "other"}), "at least one subscriber"},
		{"no address", budgetToken, with(notified(budgetNotification(props{"subscriberEmailAddresses": []any{"ops@"}})), props{"name": "other"}), "is not an e-mail address"},
		{"topic of another account", budgetToken, with(notified(budgetNotification(props{"subscriberSnsTopicArns": []any{"arn:aws:sns:us-east-1:444455556666:t"}})), props{"name": "other"}), "in account 123456789012"},
		{"negative threshold", budgetToken, with(notified(budgetNotification(props{"threshold": -1})), props{"name": "other"}), "0 to 1000000 are allowed"},
		{"threshold too high", budgetToken, with(notified(budgetNotification(props{"threshold": 1_000_001})), props{"name": "other"}), "0 to 1000000 are allowed"},
		{"operator", budgetToken, with(notified(budgetNotification(props{"comparisonOperator": "AT_LEAST"})), props{"name": "other"}), "InvalidParameterException"},
		{"kind", budgetToken, with(notified(budgetNotification(props{"notificationType": "GUESSED"})), props{"name": "other"}), "InvalidParameterException"},
		{"threshold type", budgetToken, with(notified(budgetNotification(props{"thresholdType": "PERCENT"})), props{"name": "other"}), "InvalidParameterException"},
		{"forecast of a day", budgetToken, with(notified(budgetNotification(props{"notificationType": "FORECASTED"})), props{"name": "other", "timeUnit": "DAILY"}), "not DAILY"},
		{"another account", budgetToken, other(props{"accountId": "444455556666"}), "AccessDeniedException"},
	})
	require.NoError(t, c.remove(plain))
	assert.False(t, c.read(plain))
}

func TestBudgetActions(t *testing.T) {
	c := serve(t)
	c.create(budgetToken, "b", monthlyBudget(nil))
	role := c.role("enforcer", budgetsService, []any{"iam:AttachGroupPolicy"}, "*")
	wrong := c.role("stranger", sfnService, nil, "")
	deny := c.create("aws:iam/policy:Policy", "deny", props{"name": "deny", "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:RunInstances","Resource":"*"}]}`}).str("arn")
	c.create("aws:iam/group:Group", "g", props{"name": "builders"})
	action := func(over props) props {
		return with(props{
			"budgetName": "monthly", "actionType": "APPLY_IAM_POLICY", "approvalModel": "MANUAL", "notificationType": "ACTUAL", "executionRoleArn": role,
			"actionThreshold": props{"actionThresholdType": "PERCENTAGE", "actionThresholdValue": 100},
			"definition":      props{"iamActionDefinition": props{"policyArn": deny, "groups": []any{"builders"}}},
			"subscribers":     []any{props{"subscriptionType": "EMAIL", "address": "ops@example.com"}},
		}, over)
	}
	definition := func(over props) props {
		return props{"definition": props{"iamActionDefinition": with(props{"policyArn": deny, "groups": []any{"builders"}}, over)}}
	}
	subscribers := func(kind string, addresses ...any) props {
		var list []any
		for _, address := range addresses {
			list = append(list, props{"subscriptionType": kind, "address": address})
		}
		return props{"subscribers": list}
	}
	topic := "arn:aws:sns:ap-northeast-1:123456789012:alerts"
	m := c.create(budgetActionToken, "a", action(nil))
	c.unchanged(m)
	c.imported(m)
	require.NoError(t, c.update(m, action(props{"approvalModel": "AUTOMATIC"})))
	c.refuses([]refusal{
		{"no budget", budgetActionToken, action(props{"budgetName": "none"}), "NotFoundException"},
		{"no role", budgetActionToken, action(props{"executionRoleArn": "arn:aws:iam::123456789012:role/none"}), "AccessDeniedException"},
		{"role of another service", budgetActionToken, action(props{"executionRoleArn": wrong}), "AccessDeniedException"},
		{"no policy", budgetActionToken, action(definition(props{"policyArn": "arn:aws:iam::123456789012:policy/none"})), "NotFoundException"},
		{"no such group", budgetActionToken, action(definition(props{"groups": []any{"none"}})), "NotFoundException"},
		{"no such role", budgetActionToken, action(definition(props{"roles": []any{"none"}})), "NotFoundException"},
		{"nobody to attach it to", budgetActionToken, action(definition(props{"groups": []any{}})), "at least one group, role or user"},
		{"another definition", budgetActionToken, action(props{"actionType": "APPLY_SCP_POLICY"}), "InvalidParameterException"},
		{"action type", budgetActionToken, action(props{"actionType": "STOP"}), "InvalidParameterException"},
		{"approval", budgetActionToken, action(props{"approvalModel": "MAYBE"}), "InvalidParameterException"},
		{"threshold", budgetActionToken, action(props{"actionThreshold": props{"actionThresholdType": "PERCENTAGE", "actionThresholdValue": 1_000_001}}), "0 to 1000000"},
		{"no subscriber", budgetActionToken, action(props{"subscribers": []any{}}), "at least one is needed"},
		{"11 addresses", budgetActionToken, action(subscribers("EMAIL", mails(11)...)), "CreationLimitExceededException"},
		{"two topics", budgetActionToken, action(subscribers("SNS", topic, topic+"2")), "CreationLimitExceededException"},
		{"no address", budgetActionToken, action(subscribers("EMAIL", "ops")), "is not an e-mail address"},
	})
	require.NoError(t, c.update(m, action(nil)))
	group := func() []string { return c.account().IAM.Groups["builders"].Attached }
	waiting, err := c.account().RunBudgetAction("monthly", false)
	require.NoError(t, err)
	require.Len(t, waiting, 1)
	assert.Contains(t, waiting[0].Text, "PENDING")
	assert.Empty(t, group(), "nobody has approved")
	_, err = c.account().RunBudgetAction("monthly", true)
	require.NoError(t, err)
	assert.Equal(t, []string{deny}, group())
	c.create("aws:iam/group:Group", "g2", props{"name": "others"})
	require.NoError(t, c.update(m, action(definition(props{"groups": []any{"others"}, "roles": []any{"stranger"}}))))
	_, err = c.account().RunBudgetAction("monthly", true)
	refusedWith(t, err, "role stranger: AccessDenied")
	assert.Equal(t, []string{deny}, c.account().IAM.Groups["others"].Attached)
	assert.Empty(t, c.account().IAM.Roles["stranger"].Attached)
	_, err = c.account().RunBudgetAction("none", true)
	refusedWith(t, err, "NotFoundException")

	require.NoError(t, c.remove(m))
	assert.False(t, c.read(m))
}

// TestBillingHidden: in an account without IAM access to billing, roles are refused by
// Budgets and Cost Explorer and by nothing else, the root user is not.
func TestBillingHidden(t *testing.T) {
	c := serve(t, Options{BillingHidden: true})
	service := props{"name": "services", "monitorType": "DIMENSIONAL", "monitorDimension": "SERVICE"}
	c.refuses([]refusal{
		{"budget", budgetToken, monthlyBudget(nil), "AccessDeniedException: User: arn:aws:iam::123456789012:role/ci/account-baseline-deployer is not authorized to perform: budgets:ModifyBudget"},
		{"monitor", monitorToken, service, "AccessDeniedException: User not enabled for cost explorer access"},
	})
	c.create("aws:iam/group:Group", "g", props{"name": "builders"})
	require.NoError(t, c.account().Update(func(a *Account) { a.Settings.BillingHidden = false }))
	c.create(budgetToken, "b", monthlyBudget(nil))

	root := serve(t, Options{BillingHidden: true, Caller: "arn:aws:iam::123456789012:root"})
	root.create(budgetToken, "b", monthlyBudget(nil))
	root.create(monitorToken, "m", service)
}

func TestBillingElsewhere(t *testing.T) {
	gov := serve(t, Options{Partition: "aws-us-gov"})
	gov.refuses([]refusal{{"GovCloud", budgetToken, monthlyBudget(nil), "not available in partition aws-us-gov"}})
	china := serve(t, Options{Partition: "aws-cn"})
	china.refuses([]refusal{{"dollars", budgetToken, monthlyBudget(nil), "cost is measured in CNY here"}})
	china.create(budgetToken, "b", monthlyBudget(props{"limitUnit": "CNY"}))
}
