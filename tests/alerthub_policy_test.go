package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const account, stranger = "123456789012", "999999999999"

func service(name string) policyeval.Principal {
	return policyeval.Principal{Service: name + ".amazonaws.com"}
}

func role(arn, account string) policyeval.Principal {
	return policyeval.Principal{ARN: arn, Account: account}
}

// from is the context of a call that a service makes for a resource of an account, over TLS.
func from(account, arn string) map[string][]string {
	context := map[string][]string{"aws:SecureTransport": {"true"}}
	if account != "" {
		context["aws:SourceAccount"] = []string{account}
	}
	if arn != "" {
		context["aws:SourceArn"] = []string{arn}
	}
	return context
}

func plainHTTP(context map[string][]string) map[string][]string {
	context["aws:SecureTransport"] = []string{"false"}
	return context
}

const (
	homeRule     = "arn:aws:events:ap-northeast-1:123456789012:rule/account-baseline-dev-alerts-root-use"
	regionalRule = "arn:aws:events:us-east-1:123456789012:rule/account-baseline-dev-alerts-root-use"
	strangeRule  = "arn:aws:events:ap-northeast-1:123456789012:rule/somebody-elses"
	foreignRule  = "arn:aws:events:ap-northeast-1:999999999999:rule/account-baseline-dev-alerts-root-use"
	homeAlarm    = "arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:cis-4.1"
	reportRole   = "arn:aws:iam::123456789012:role/reports/bill-report"
)

type policyRow struct {
	what     string
	who      policyeval.Principal
	action   string
	context  map[string][]string
	allowed  bool
	resource string // "" is the resource that owns the policy
}

// decide evaluates rows against a resource policy of the account, for principals without identity policies.
func decide(t *testing.T, document *policyeval.Document, resource string, kms bool, rows []policyRow) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.what, func(t *testing.T) {
			target := row.resource
			if target == "" {
				target = resource
			}
			decision, err := policyeval.Authorization{
				Resource: document, ResourceOwner: account, ResourcePolicyDecides: kms,
			}.Decide(policyeval.Request{Principal: row.who, Action: row.action, Resource: target, Context: row.context})
			require.NoError(t, err)
			assert.Equal(t, row.allowed, decision.Allowed, "%s (%s)", decision.Reason, decision.Statement)
		})
	}
}

func TestHubTopicPolicy(t *testing.T) {
	publish := "sns:Publish"
	d := deployHub(t, testkit.Options{}, fullHub("aws"), []string{"us-east-1"}, nil)
	for _, severity := range []string{"critical", "warning", "informational"} {
		t.Run(severity, func(t *testing.T) {
			topic := "arn:aws:sns:ap-northeast-1:123456789012:account-baseline-dev-alerts-" + severity
			decide(t, d.Document(d.One(topicPolicyType, "alerts-"+severity+"-policy"), "policy"), topic, false, []policyRow{
				{"an alarm of this account", service("cloudwatch"), publish, from(account, homeAlarm), true, ""},
				{"an alarm of another account", service("cloudwatch"), publish, from(stranger, "arn:aws:cloudwatch:ap-northeast-1:999999999999:alarm:a"), false, ""},
				{"an alarm without source", service("cloudwatch"), publish, from("", ""), false, ""},
				{"a rule of the hub", service("events"), publish, from(account, homeRule), true, ""},
				{"a rule of the hub without TLS", service("events"), publish, plainHTTP(from(account, homeRule)), false, ""},
				{"a rule of somebody else", service("events"), publish, from(account, strangeRule), false, ""},
				{"a rule of another Region", service("events"), publish, from(account, regionalRule), false, ""},
				{"a rule of another account", service("events"), publish, from(stranger, foreignRule), false, ""},
				{"a rule that may not subscribe", service("events"), "sns:Subscribe", from(account, homeRule), false, ""},
				{"a budget of this account", service("budgets"), publish, from(account, "arn:aws:budgets::123456789012:budget/monthly"), true, ""},
				{"a budget of another account", service("budgets"), publish, from(stranger, "arn:aws:budgets::999999999999:budget/monthly"), false, ""},
				{"cost anomaly detection", service("costalerts"), publish, from(account, ""), true, ""},
				{"cost anomaly detection of another account", service("costalerts"), publish, from(stranger, ""), false, ""},
				{"the report's role", role(reportRole, account), publish, from("", ""), true, ""},
				{"the report's role without TLS", role(reportRole, account), publish, plainHTTP(from("", "")), false, ""},
				{"another role", role("arn:aws:iam::123456789012:role/bill-report", account), publish, from("", ""), false, ""},
				{"a role of the same name elsewhere", role("arn:aws:iam::999999999999:role/reports/bill-report", stranger), publish, from("", ""), false, ""},
				{"a service that does not publish", service("s3"), publish, from(account, "arn:aws:s3:::bucket"), false, ""},
				{"anybody", policyeval.Principal{Anonymous: true}, publish, from("", ""), false, ""},
				{"anybody who wants to listen", policyeval.Principal{Anonymous: true}, "sns:Subscribe", from("", ""), false, ""},
			})
		})
	}
}

func TestHubChatTopicPolicy(t *testing.T) {
	d := deployHub(t, testkit.Options{}, fullHub("aws"), nil, nil)
	topic := "arn:aws:sns:ap-northeast-1:123456789012:account-baseline-dev-alerts-critical-chat"
	decide(t, d.Document(d.One(topicPolicyType, "alerts-critical-chat-policy"), "policy"), topic, false, []policyRow{
		{"a rule of the hub", service("events"), "sns:Publish", from(account, homeRule), true, ""},
		{"a rule of somebody else", service("events"), "sns:Publish", from(account, strangeRule), false, ""},
		{"an alarm", service("cloudwatch"), "sns:Publish", from(account, homeAlarm), false, ""},
		{"a budget", service("budgets"), "sns:Publish", from(account, "arn:aws:budgets::123456789012:budget/monthly"), false, ""},
		{"the report's role", role(reportRole, account), "sns:Publish", from("", ""), false, ""},
		{"a rule of the hub without TLS", service("events"), "sns:Publish", plainHTTP(from(account, homeRule)), false, ""},
	})
}

func TestHubKeyPolicy(t *testing.T) {
	d := deployHub(t, testkit.Options{}, fullHub("aws"), nil, nil)
	key := "arn:aws:kms:ap-northeast-1:123456789012:key/1"
	generate, decrypt := "kms:GenerateDataKey", "kms:Decrypt"
	// EventBridge sends no source to KMS: the rows for it have none.
	decide(t, d.Document(d.One("aws:kms/keyPolicy:KeyPolicy", "alerts-key-policy"), "policy"), key, true, []policyRow{
		{"EventBridge encrypts", service("events"), generate, from("", ""), true, ""},
		{"EventBridge decrypts", service("events"), decrypt, from("", ""), true, ""},
		{"EventBridge deletes the key", service("events"), "kms:ScheduleKeyDeletion", from("", ""), false, ""},
		{"an alarm encrypts", service("cloudwatch"), generate, from("", ""), true, ""},
		{"an alarm decrypts", service("cloudwatch"), decrypt, from("", ""), true, ""},
		{"a budget encrypts", service("budgets"), generate, from(account, ""), true, ""},
		{"a budget of another account", service("budgets"), generate, from(stranger, ""), false, ""},
		{"cost anomaly detection encrypts", service("costalerts"), generate, from(account, ""), true, ""},
		{"cost anomaly detection of another account", service("costalerts"), generate, from(stranger, ""), false, ""},
		{"the report's role encrypts", role(reportRole, account), generate, from("", ""), true, ""},
		{"the report's role deletes the key", role(reportRole, account), "kms:ScheduleKeyDeletion", from("", ""), false, ""},
		{"another role", role("arn:aws:iam::123456789012:role/other", account), decrypt, from("", ""), false, ""},
		{"a service that does not publish", service("s3"), generate, from(account, ""), false, ""},
		{"anybody", policyeval.Principal{Anonymous: true}, decrypt, from("", ""), false, ""},
		{"the account's root user", policyeval.Principal{ARN: "arn:aws:iam::123456789012:root", Account: account, Root: true}, "kms:PutKeyPolicy", from("", ""), true, ""},
	})
}

func TestHubDeadLetterPolicy(t *testing.T) {
	d := deployHub(t, testkit.Options{}, fullHub("aws"), []string{"us-east-1"}, nil)
	send := "sqs:SendMessage"
	for region, rules := range map[string][2]string{
		"ap-northeast-1": {homeRule, regionalRule},
		"us-east-1":      {regionalRule, homeRule},
	} {
		t.Run(region, func(t *testing.T) {
			queue := "arn:aws:sqs:" + region + ":123456789012:account-baseline-dev-alerts-dead-letters"
			decide(t, d.Document(d.One(queuePolicyType, "alerts-dead-letters-"+region+"-policy"), "policy"), queue, false, []policyRow{
				{"a rule of the Region", service("events"), send, from(account, rules[0]), true, ""},
				{"a rule of another Region", service("events"), send, from(account, rules[1]), false, ""},
				{"a rule of somebody else", service("events"), send, from(account, strangeRule), false, ""},
				{"a rule of another account", service("events"), send, from(stranger, foreignRule), false, ""},
				{"a rule that reads", service("events"), "sqs:ReceiveMessage", from(account, rules[0]), false, ""},
				{"a rule without TLS", service("events"), send, plainHTTP(from(account, rules[0])), false, ""},
				{"anybody", policyeval.Principal{Anonymous: true}, send, from("", ""), false, ""},
			})
		})
	}
}

func TestHubWebhookQueuePolicy(t *testing.T) {
	d := deployHub(t, testkit.Options{}, fullHub("aws"), nil, nil)
	queue := "arn:aws:sqs:ap-northeast-1:123456789012:account-baseline-dev-alerts-webhook"
	topic := "arn:aws:sns:ap-northeast-1:123456789012:account-baseline-dev-alerts-"
	decide(t, d.Document(d.One(queuePolicyType, "alerts-webhook-queue-policy"), "policy"), queue, false, []policyRow{
		{"a severity's topic", service("sns"), "sqs:SendMessage", from("", topic+"critical"), true, ""},
		{"a chat topic, which would double messages", service("sns"), "sqs:SendMessage", from("", topic+"critical-chat"), false, ""},
		{"another topic", service("sns"), "sqs:SendMessage", from("", "arn:aws:sns:ap-northeast-1:123456789012:other"), false, ""},
		{"a topic without TLS", service("sns"), "sqs:SendMessage", plainHTTP(from("", topic+"critical")), false, ""},
		{"a topic that reads", service("sns"), "sqs:ReceiveMessage", from("", topic+"critical"), false, ""},
		{"anybody", policyeval.Principal{Anonymous: true}, "sqs:SendMessage", from("", ""), false, ""},
	})
}

func TestHubRolesAreAssumedByTheirServiceAlone(t *testing.T) {
	d := deployHub(t, testkit.Options{}, fullHub("aws"), []string{"us-east-1"}, nil)
	pipe := "arn:aws:pipes:ap-northeast-1:123456789012:pipe/account-baseline-dev-alerts-webhook"
	assume := "sts:AssumeRole"
	for name, rows := range map[string][]policyRow{
		"alerts-forwarding-role": {
			{"a rule of the hub", service("events"), assume, from(account, regionalRule), true, ""},
			{"a rule of somebody else", service("events"), assume, from(account, strangeRule), false, ""},
			{"a rule of another account", service("events"), assume, from(stranger, foreignRule), false, ""},
			{"another service", service("pipes"), assume, from(account, pipe), false, ""},
		},
		"alerts-webhook-role": {
			{"the pipe", service("pipes"), assume, from(account, pipe), true, ""},
			{"another pipe", service("pipes"), assume, from(account, pipe+"2"), false, ""},
			{"another account's pipe", service("pipes"), assume, from(stranger, "arn:aws:pipes:ap-northeast-1:999999999999:pipe/account-baseline-dev-alerts-webhook"), false, ""},
		},
		"alerts-chat-role": {
			{"the Slack app", service("chatbot"), assume, from("", ""), true, ""},
			{"another service", service("lambda"), assume, from(account, ""), false, ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := d.One(hubRoleType, name)
			decide(t, d.Document(r, "assumeRolePolicy"), "arn:aws:iam::123456789012:role/"+r.String("name"), true, rows)
		})
	}
}

func TestHubRolesMayDoTheirWorkAlone(t *testing.T) {
	d := deployHub(t, testkit.Options{}, fullHub("aws"), []string{"us-east-1"}, nil)
	queue := "arn:aws:sqs:ap-northeast-1:123456789012:account-baseline-dev-alerts-webhook"
	destination := "arn:aws:events:ap-northeast-1:123456789012:api-destination/account-baseline-dev-alerts-webhook/1"
	bus := "arn:aws:events:ap-northeast-1:123456789012:event-bus/default"
	for _, row := range []struct {
		role, action, resource string
		allowed                bool
	}{
		{"forwarding", "events:PutEvents", bus, true},
		{"forwarding", "events:PutEvents", "arn:aws:events:us-east-1:123456789012:event-bus/default", false},
		{"forwarding", "events:PutRule", bus, false},
		{"forwarding", "sns:Publish", "arn:aws:sns:ap-northeast-1:123456789012:account-baseline-dev-alerts-critical", false},
		{"webhook", "sqs:ReceiveMessage", queue, true},
		{"webhook", "sqs:DeleteMessage", queue, true},
		{"webhook", "sqs:SendMessage", queue, false},
		{"webhook", "sqs:ReceiveMessage", queue + "-2", false},
		{"webhook", "events:InvokeApiDestination", destination, true},
		{"webhook", "events:InvokeApiDestination", "arn:aws:events:ap-northeast-1:123456789012:api-destination/other/1", false},
		{"chat", "cloudwatch:GetMetricWidgetImage", "*", true},
		{"chat", "cloudwatch:PutMetricAlarm", "*", false},
		{"chat", "iam:ListUsers", "*", false},
	} {
		document := d.Document(d.One("aws:iam/rolePolicy:RolePolicy", "alerts-"+row.role+"-role-policy"), "policy")
		decision, err := policyeval.Authorization{Identity: []*policyeval.Document{document}, ResourceOwner: account}.Decide(policyeval.Request{
			Principal: role("arn:aws:iam::123456789012:role/"+row.role, account), Action: row.action, Resource: row.resource,
		})
		require.NoError(t, err)
		assert.Equal(t, row.allowed, decision.Allowed, "%+v", row)
	}
}

var hubPolicyKinds = map[string]struct {
	property string
	kind     policyeval.Kind
}{
	topicPolicyType:                 {"policy", policyeval.TopicPolicy},
	queuePolicyType:                 {"policy", policyeval.QueuePolicy},
	"aws:kms/keyPolicy:KeyPolicy":   {"policy", policyeval.KeyPolicy},
	hubRoleType:                     {"assumeRolePolicy", policyeval.TrustPolicy},
	"aws:iam/rolePolicy:RolePolicy": {"policy", policyeval.RoleInlinePolicy},
}

func TestHubPoliciesPassWhatAWSChecks(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		d := deployHub(t, testkit.Options{Partition: p.Name}, fullHub(p.Name), elsewhere(p.Name), nil)
		require.NotEmpty(t, d.Policies())
		for _, document := range d.Policies() {
			place, known := hubPolicyKinds[document.Resource.Type]
			require.True(t, known && place.property == document.Property, "%s %s", document.Resource.Type, document.Property)
			require.NoError(t, policyeval.Validate(place.kind, document.JSON, ""), document.Resource.Name)
		}
	})
}

func TestHubNamesOnlyThePublishersOfThePartition(t *testing.T) {
	for partition, publishers := range map[string][]string{
		"aws":        {"cloudwatch", "events", "budgets", "costalerts"},
		"aws-cn":     {"cloudwatch", "events", "budgets", "costalerts"},
		"aws-us-gov": {"cloudwatch", "events"},
	} {
		var want []string
		for _, publisher := range publishers {
			want = append(want, publisher+".amazonaws.com")
		}
		d := deployHub(t, testkit.Options{Partition: partition}, &alerthub.AlertHubArgs{}, nil, nil)
		for _, r := range []*testkit.Resource{
			d.One(topicPolicyType, "alerts-warning-policy"), d.One("aws:kms/keyPolicy:KeyPolicy", "alerts-key-policy"),
		} {
			var services []string
			for _, statement := range r.Policies()[0].Decoded["Statement"].([]any) {
				if principal, ok := statement.(map[string]any)["Principal"].(map[string]any); ok && principal["Service"] != nil {
					services = append(services, principal["Service"].(string))
				}
			}
			assert.ElementsMatch(t, want, services, "%s in %s", r.Name, partition)
		}
	}
}
