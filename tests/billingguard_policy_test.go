package tests

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// billRow is a question to the policies of a role or of who is stopped.
type billRow struct {
	action, resource string
	context          map[string]string
	allowed          bool
}

// mayDo holds identity policies against rows.
func mayDo(t *testing.T, who string, documents []*policyeval.Document, rows []billRow) {
	t.Helper()
	for _, row := range rows {
		context := map[string][]string{"aws:SecureTransport": {"true"}}
		for key, value := range row.context {
			context[key] = []string{value}
		}
		decision, err := policyeval.Authorization{Identity: documents, ResourceOwner: accountID}.Decide(policyeval.Request{
			Principal: policyeval.Principal{ARN: who, Account: accountID}, Action: row.action, Resource: row.resource, Context: context,
		})
		require.NoError(t, err)
		assert.Equal(t, row.allowed, decision.Allowed, "%s: %s on %s with %v: %s", who, row.action, row.resource, row.context, decision.Reason)
	}
}

func everyBillIn(t *testing.T, p testkit.Partition) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, testkit.Options{Partition: p.Name}, func(ctx *pulumi.Context) error {
		_, err := billBesideHub(ctx, []string{p.Home}, func(hub *alerthub.AlertHub) billArgs { return everyBill(p.Name, hub) })
		return err
	})
}

// TestBillingServicesPublishForThisAccountOnly: budgets and anomalies of another account reach neither topic nor key.
func TestBillingServicesPublishForThisAccountOnly(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		if !guarded(p.Name) {
			return
		}
		d := everyBillIn(t, p)
		for _, severity := range alerthub.Severities {
			topic := "arn:" + p.Name + ":sns:" + p.Home + ":" + accountID + ":" + hubPrefix + "-" + string(severity)
			budget := func(account string) string {
				return "arn:" + p.Name + ":budgets::" + account + ":budget/" + billPrefix + "-monthly"
			}
			document := d.Document(d.One(topicPolicyType, "alerts-"+string(severity)+"-policy"), "policy")
			decide(t, document, topic, false, []policyRow{
				{"a budget", service("budgets"), "sns:Publish", from(accountID, budget(accountID)), true, ""},
				{"a stranger's budget", service("budgets"), "sns:Publish", from(foreignAccount, budget(foreignAccount)), false, ""},
				{"a budget that lies about its account", service("budgets"), "sns:Publish", from(accountID, budget(foreignAccount)), false, ""},
				{"a budget of nobody", service("budgets"), "sns:Publish", from("", ""), false, ""},
				{"a budget without TLS", service("budgets"), "sns:Publish", plainHTTP(from(accountID, budget(accountID))), false, ""},
				{"a budget that subscribes", service("budgets"), "sns:Subscribe", from(accountID, budget(accountID)), false, ""},
				{"an anomaly", service("costalerts"), "sns:Publish", from(accountID, ""), true, ""},
				{"a stranger's anomaly", service("costalerts"), "sns:Publish", from(foreignAccount, ""), false, ""},
				{"an anomaly of nobody", service("costalerts"), "sns:Publish", from("", ""), false, ""},
			})
		}
		key := d.Document(d.Only(keyPolicyType), "policy")
		decide(t, key, "*", true, []policyRow{
			{"a budget", service("budgets"), "kms:GenerateDataKey", from(accountID, ""), true, ""},
			{"a stranger's budget", service("budgets"), "kms:GenerateDataKey", from(foreignAccount, ""), false, ""},
			{"an anomaly", service("costalerts"), "kms:Decrypt", from(accountID, ""), true, ""},
			{"a stranger's anomaly", service("costalerts"), "kms:Decrypt", from(foreignAccount, ""), false, ""},
			{"a budget that deletes the key", service("budgets"), "kms:ScheduleKeyDeletion", from(accountID, ""), false, ""},
		})
	})
}

func TestReportRoleMayReadAndTellAndNothingElse(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		if !guarded(p.Name) {
			return
		}
		d := everyBillIn(t, p)
		arn := func(service, region, rest string) string {
			return "arn:" + p.Name + ":" + service + ":" + region + ":" + accountID + ":" + rest
		}
		topic, slack := arn("sns", p.Home, hubPrefix+"-informational"), "arn:"+p.Name+":sns:"+otherRegion(p.Name)+":"+accountID+":slack"
		key, report := arn("kms", p.Home, "key/1234"), arn("states", p.Home, "stateMachine:"+billPrefix+"-report")
		via := map[string]string{"kms:ViaService": "sns." + p.Home + "." + p.Suffix, "kms:EncryptionContext:aws:sns:topicArn": topic}
		role := arn("iam", "", "role/"+billPrefix+"-report")
		documents := []*policyeval.Document{
			d.Document(d.One("aws:iam/rolePolicy:RolePolicy", "bill-report-role-policy"), "policy"),
			d.Document(d.One("aws:iam/rolePolicy:RolePolicy", "bill-report-role-slack"), "policy"),
		}
		mayDo(t, role, documents, []billRow{
			{"ce:GetCostAndUsage", "*", nil, true},
			{"ce:GetCostForecast", "*", nil, true},
			{"ce:UpdateAnomalyMonitor", "*", nil, false},
			{"budgets:ViewBudget", arn("budgets", "", "budget/any"), nil, true},
			{"budgets:ModifyBudget", arn("budgets", "", "budget/any"), nil, false},
			{"sns:Publish", topic, nil, true},
			{"sns:Publish", slack, nil, true},
			{"sns:Publish", strings.Replace(topic, "informational", "critical", 1), nil, false},
			{"sns:Subscribe", topic, nil, false},
			{"kms:GenerateDataKey", key, via, true},
			{"kms:Decrypt", key, via, true},
			{"kms:Decrypt", key, map[string]string{"kms:ViaService": "sns." + p.Home + ".amazonaws.com", "kms:EncryptionContext:aws:sns:topicArn": topic}, true},
			{"kms:Decrypt", key, nil, false},
			{"kms:Decrypt", key, map[string]string{"kms:ViaService": "s3." + p.Home + "." + p.Suffix, "kms:EncryptionContext:aws:sns:topicArn": topic}, false},
			{"kms:Decrypt", key, map[string]string{"kms:ViaService": via["kms:ViaService"], "kms:EncryptionContext:aws:sns:topicArn": topic + "-chat"}, false},
			{"states:StartExecution", report, nil, false},
			{"iam:PassRole", role, nil, false},
		})
		mayDo(t, role+"-schedule", []*policyeval.Document{d.Document(d.One("aws:iam/rolePolicy:RolePolicy", "bill-report-schedule-role-policy"), "policy")}, []billRow{
			{"states:StartExecution", report, nil, true},
			{"states:StartExecution", report + "-2", nil, false},
			{"states:StopExecution", report, nil, false},
			{"ce:GetCostAndUsage", "*", nil, false},
		})
		for _, row := range []struct{ name, service, source string }{
			{"bill-report-role", "states", report},
			{"bill-report-schedule-role", "scheduler", arn("scheduler", p.Home, "schedule-group/"+billPrefix+"-report")},
			{"bill-action-role", "budgets", arn("budgets", "", "budget/"+billPrefix+"-monthly")},
			{"bill-action-role", "budgets", arn("budgets", "", "budget/"+billPrefix+"-monthly/action/1")},
		} {
			trust := d.Document(d.One(hubRoleType, row.name), "assumeRolePolicy")
			decide(t, trust, "*", true, []policyRow{
				{"its service", service(row.service), "sts:AssumeRole", from(accountID, row.source), true, ""},
				{"another account's", service(row.service), "sts:AssumeRole", from(foreignAccount, strings.Replace(row.source, accountID, foreignAccount, 1)), false, ""},
				{"another thing's", service(row.service), "sts:AssumeRole", from(accountID, row.source+"-2"+strings.Repeat("x", 3)), strings.Contains(row.source, "/action/"), ""},
				{"nobody's", service(row.service), "sts:AssumeRole", from("", ""), false, ""},
				{"another service", service("lambda"), "sts:AssumeRole", from(accountID, row.source), false, ""},
			})
		}
	})
}

// TestActionRoleStopsItsTargetsAndNobodyElse: it attaches that one policy, to those, and takes it away.
func TestActionRoleStopsItsTargetsAndNobodyElse(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		if !guarded(p.Name) {
			return
		}
		d := everyBillIn(t, p)
		iam := func(rest string) string { return "arn:" + p.Name + ":iam::" + accountID + ":" + rest }
		only := func(policy string) map[string]string { return map[string]string{"iam:PolicyARN": policy} }
		stop, administrator := iam("policy/"+billPrefix+"-stop"), "arn:"+p.Name+":iam::aws:policy/AdministratorAccess"
		mayDo(t, iam("role/"+billPrefix+"-action"), []*policyeval.Document{d.Document(d.One("aws:iam/rolePolicy:RolePolicy", "bill-action-role-policy"), "policy")}, []billRow{
			{"iam:AttachGroupPolicy", iam("group/developers"), only(stop), true},
			{"iam:DetachGroupPolicy", iam("group/developers"), only(stop), true},
			{"iam:AttachGroupPolicy", iam("group/teams/developers"), only(stop), true},
			{"iam:AttachRolePolicy", iam("role/builder"), only(stop), true},
			{"iam:DetachRolePolicy", iam("role/ci/builder"), only(stop), true},
			{"iam:AttachGroupPolicy", iam("group/developers"), only(administrator), false},
			{"iam:AttachRolePolicy", iam("role/builder"), only(administrator), false},
			{"iam:AttachRolePolicy", iam("role/builder"), nil, false},
			{"iam:AttachGroupPolicy", iam("group/administrators"), only(stop), false},
			{"iam:AttachRolePolicy", iam("role/" + breakGlass), only(stop), false},
			{"iam:AttachRolePolicy", iam("role/mybuilder"), only(stop), false},
			{"iam:AttachUserPolicy", iam("user/builder"), only(stop), false},
			{"iam:PutRolePolicy", iam("role/builder"), nil, false},
			{"iam:CreatePolicyVersion", stop, nil, false},
		})
		action := d.Only(budgetActionType)
		definition := action.Get("definition").(map[string]any)["iamActionDefinition"].(map[string]any)
		assert.Equal(t, stop, definition["policyArn"])
		assert.Equal(t, "MANUAL", action.String("approvalModel"))
		assert.Equal(t, billPrefix+"-monthly", action.String("budgetName"))
		assert.Len(t, action.Get("subscribers"), 3)
	})
}

// TestStoppedPeopleCannotSpend: but can look and clean up, and who is spared is never stopped.
func TestStoppedPeopleCannotSpend(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		if !guarded(p.Name) {
			return
		}
		d := everyBillIn(t, p)
		made := d.One("aws:iam/policy:Policy", "bill-stop")
		assert.Equal(t, billPrefix+"-stop", made.String("name"))
		text := made.String("policy")
		assert.Less(t, len(text), 6144, "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html")
		assert.True(t, json.Valid([]byte(text)))
		everything, err := policyeval.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
		require.NoError(t, err)
		documents := []*policyeval.Document{everything, d.Document(made, "policy")}
		for _, stopped := range []string{"user/developer", "role/builder", "role/" + breakGlass} {
			mayDo(t, "arn:"+p.Name+":iam::"+accountID+":"+stopped, documents, []billRow{
				{"ec2:RunInstances", "*", nil, false},
				{"rds:CreateDBInstance", "*", nil, false},
				{"sagemaker:CreateTrainingJob", "*", nil, false},
				{"savingsplans:CreateSavingsPlan", "*", nil, false},
				{"ec2:TerminateInstances", "*", nil, true},
				{"ec2:StopInstances", "*", nil, true},
				{"rds:DeleteDBInstance", "*", nil, true},
				{"ec2:DescribeInstances", "*", nil, true},
				{"iam:DetachRolePolicy", "*", nil, true},
			})
		}
		mayDo(t, "arn:"+p.Name+":iam::"+accountID+":role/ops/"+breakGlass, documents, []billRow{
			{"ec2:RunInstances", "*", nil, true},
			{"rds:CreateDBInstance", "*", nil, true},
		})
	})
}
