package policies

// severity are the rows of the topic of one severity: alarms, rules, budgets, cost anomalies and the report.
func severity(topic string, more ...grant) expectation {
	return expectation{attachedTo: list{topic}, grants: append([]grant{
		{who: administrators, may: list{everything}},
		{who: list{"CloudWatch for an alarm"}, may: list{"publish"}},
		{who: list{"EventBridge for a rule of the hub"}, may: list{"publish"}},
		{who: list{"Budgets for the monthly budget", "Budgets for the monthly budget's action", "Budgets for another budget"}, may: list{"publish"}, needs: Budgets},
		{who: list{"Cost anomaly detection for the account"}, may: list{"publish"}, needs: Budgets},
		{who: list{reportRole}, may: list{"publish"}},
	}, more...)}
}

func chat(topic string, more ...grant) expectation {
	return expectation{attachedTo: list{topic}, grants: append([]grant{
		{who: administrators, may: list{everything}},
		{who: list{"EventBridge for a rule of the hub"}, may: list{"publish"}},
	}, more...)}
}

func deadLetters(queue, rule string) expectation {
	return expectation{attachedTo: list{queue}, grants: []grant{
		{who: administrators, may: list{everything}},
		{who: list{"EventBridge for " + rule}, may: list{"send"}},
	}}
}

// passRole is what keeps a role from being given to a service by another account.
const passRole = "whoever gives a role to a service needs iam:PassRole, which ends at the account"

// trusting are the rows of a role that somebody assumes.
func trusting(grants ...grant) expectation { return expectation{grants: grants} }

func assumedBy(who ...string) expectation {
	return trusting(grant{who: who, may: list{"sts:AssumeRole"}})
}

var alertExpectations = map[string]expectation{
	"alerts-critical-policy":      severity("the critical topic"),
	"alerts-warning-policy":       severity("the warning topic"),
	"alerts-informational-policy": severity("the informational topic", grant{who: list{digestRole}, may: list{"publish"}}),

	"alerts-critical-chat-policy":      chat("the critical chat topic"),
	"alerts-warning-chat-policy":       chat("the warning chat topic"),
	"alerts-informational-chat-policy": chat("the informational chat topic", grant{who: list{reportRole, digestRole}, may: list{"publish"}}),

	"alerts-dead-letters-ap-northeast-1-policy": deadLetters("the dead letters", "a rule of the hub"),
	"alerts-dead-letters-us-east-1-policy":      deadLetters("the dead letters in us-east-1", "a rule of the hub elsewhere"),
	"alerts-webhook-queue-policy": {attachedTo: list{"the webhook's queue"}, grants: []grant{
		{who: administrators, may: list{everything}},
		{who: list{"SNS for the critical topic", "SNS for the warning topic", "SNS for the informational topic"}, may: list{"send"}},
		{who: list{pipeRole}, may: list{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}},
	}},
	"alerts-key-policy": {attachedTo: list{"the alerts' key"}, grants: []grant{
		{who: administrators, may: list{everything}},
		{who: together(everySourceOf("CloudWatch"), everySourceOf("EventBridge")), may: dataKeys,
			why: "neither names a source to AWS KMS, so that the topics' policies alone decide who publishes"},
		{who: together(budgetsOfTheAccount, list{"Cost anomaly detection for the account"}), may: dataKeys, needs: Budgets},
		{who: list{reportRole}, may: dataKeys},
		{who: list{readerRole}, may: list{"kms:Decrypt"}, when: throughS3, needs: OwnBuckets,
			why: "the role's right is to objects of the archives; messages are not encrypted through S3"},
		{who: list{rotateRole}, may: list{"kms:EnableKeyRotation", "kms:GetKeyRotationStatus"}},
		{who: list{digestRole}, may: dataKeys, when: list{forInfo}},
		{who: list{digestRole}, may: dataKeys, when: list{forInfoChat}, needs: slack},
	}},

	"alerts-forwarding-role": assumedBy("EventBridge for a rule of the hub", "EventBridge for a rule of the hub elsewhere"),
	"alerts-webhook-role":    assumedBy("EventBridge Pipes for the webhook's pipe"),
	"alerts-chat-role": trusting(grant{who: everySourceOf("Amazon Q Developer in chat applications"), may: list{"sts:AssumeRole"},
		why: "no source is documented for channels; " + passRole}),

	"alerts-forwarding-role-policy": {grants: []grant{{who: list{bearer}, may: list{"put events"}, on: list{"the default bus"}}}},
	"alerts-webhook-role-policy": {grants: []grant{
		{who: list{bearer}, may: list{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}, on: list{"the webhook's queue"}},
		{who: list{bearer}, may: list{"call"}, on: list{"the webhook's destination"}},
	}},
	"alerts-chat-role-policy": {grants: []grant{{who: list{bearer}, may: list{"look"}, on: list{"the metrics and alarms"}}}},
}

var (
	dataKeys            = list{"kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"}
	budgetsOfTheAccount = list{
		"Budgets for the monthly budget", "Budgets for the monthly budget's action", "Budgets for another budget",
		"Budgets for another account's budget" + contradicting,
	}
	throughS3 = together(list{forTrailLog, forConfigs, forHistory, forBucket}, forTrailBucket, forDeliveryBucket)
)
