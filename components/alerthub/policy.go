package alerthub

import (
	"sort"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// publisher is an AWS service that publishes to the severities' topics.
type publisher struct {
	sid     string
	service string
	feature partition.Feature // what the partition must have; "" for what is everywhere
	// source is the ARN pattern of what may publish, "" where the service sends none.
	source func(home account.Account, prefix string) string
	// keySendsSource says that the service sends aws:SourceAccount to KMS too. EventBridge does not, and its messages
	// would be dropped without a trace:
	// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
	keySendsSource bool
}

var publishers = []publisher{
	{
		sid: "CloudWatchAlarms", service: "cloudwatch.amazonaws.com",
		source: func(home account.Account, _ string) string { return home.ARN("cloudwatch", "alarm:*") },
	},
	{
		sid: "EventBridgeRules", service: "events.amazonaws.com",
		source: func(home account.Account, prefix string) string { return rulesOf(home, home.Region, prefix) },
	},
	{
		sid: "Budgets", service: "budgets.amazonaws.com", feature: partition.Budgets, keySendsSource: true,
		source: func(home account.Account, _ string) string { return home.ARNIn("", "budgets", "*") },
	},
	{
		sid: "CostAnomalyDetection", service: "costalerts.amazonaws.com", feature: partition.AnomalyDetection,
		keySendsSource: true,
		source:         func(account.Account, string) string { return "" },
	},
}

// rulesOf is the pattern of all rules of the hub in a Region.
func rulesOf(home account.Account, region, prefix string) string {
	return home.ARNIn(region, "events", "rule/"+prefix+"-*")
}

func publishersIn(partitionID string) []publisher {
	in, _ := partition.ByID(partitionID)
	var present []publisher
	for _, p := range publishers {
		if p.feature == "" || in.Has(p.feature) {
			present = append(present, p)
		}
	}
	return present
}

// keyPolicy lets the account administer the key through IAM and the publishers encrypt what they publish.
func keyPolicy(home account.Account, roles []string) policy.Document {
	use := policy.List{"kms:GenerateDataKey*", "kms:Decrypt"}
	statements := []policy.Statement{{
		Sid: "AdministrationThroughIAM", Effect: policy.Allow, Principal: policy.AWS(home.Root()),
		Action: policy.List{"kms:*"}, Resource: policy.List{"*"},
	}}
	for _, p := range publishersIn(home.Partition) {
		s := policy.Statement{
			Sid: p.sid, Effect: policy.Allow, Principal: policy.Service(p.service), Action: use, Resource: policy.List{"*"},
		}
		if p.keySendsSource {
			s.Condition = policy.Condition{"StringEquals": {"aws:SourceAccount": {home.ID}}}
		}
		statements = append(statements, s)
	}
	if len(roles) > 0 {
		statements = append(statements, rolesStatement(home, roles, use, "*"))
	}
	return policy.New(statements...)
}

// rolesStatement names the roles by condition: KMS and SNS refuse a principal that does not exist.
func rolesStatement(home account.Account, roles []string, actions policy.List, resource string) policy.Statement {
	return policy.Statement{
		Sid: "PublishingRoles", Effect: policy.Allow, Principal: policy.AWS("*"), Action: actions,
		Resource: policy.List{resource},
		Condition: policy.Condition{
			"ArnEquals":    {"aws:PrincipalArn": sortedSet(roles)},
			"StringEquals": {"aws:PrincipalAccount": {home.ID}},
		},
	}
}

// topicPolicy of a severity's topic.
func topicPolicy(home account.Account, prefix, topic string, roles []string) policy.Document {
	var statements []policy.Statement
	for _, p := range publishersIn(home.Partition) {
		statements = append(statements, publishStatement(home, prefix, topic, p))
	}
	if len(roles) > 0 {
		statements = append(statements, rolesStatement(home, roles, policy.List{"sns:Publish"}, topic))
	}
	return policy.New(append(statements, denyPlainTopicAccess(topic))...)
}

// chatTopicPolicy of a topic that carries the Slack app's own schema, which only the hub's rules write.
func chatTopicPolicy(home account.Account, prefix, topic string) policy.Document {
	var statements []policy.Statement
	for _, p := range publishersIn(home.Partition) {
		if p.service == "events.amazonaws.com" {
			statements = append(statements, publishStatement(home, prefix, topic, p))
		}
	}
	return policy.New(append(statements, denyPlainTopicAccess(topic))...)
}

func publishStatement(home account.Account, prefix, topic string, p publisher) policy.Statement {
	s := policy.Statement{
		Sid: p.sid, Effect: policy.Allow, Principal: policy.Service(p.service), Action: policy.List{"sns:Publish"},
		Resource:  policy.List{topic},
		Condition: policy.Condition{"StringEquals": {"aws:SourceAccount": {home.ID}}},
	}
	if source := p.source(home, prefix); source != "" {
		s.Condition["ArnLike"] = map[string]policy.List{"aws:SourceArn": {source}}
	}
	return s
}

// denyPlainTopicAccess lists the actions that a topic policy may hold; SNS refuses sns:* and others as out of scope:
// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
func denyPlainTopicAccess(topic string) policy.Statement {
	return policy.Statement{
		Sid: "TLSOnly", Effect: policy.Deny, Principal: policy.AWS("*"),
		Action: policy.List{
			"sns:Publish", "sns:Subscribe", "sns:GetTopicAttributes", "sns:SetTopicAttributes", "sns:AddPermission",
			"sns:RemovePermission", "sns:DeleteTopic", "sns:ListSubscriptionsByTopic",
		},
		Resource:  policy.List{topic},
		Condition: policy.Condition{"Bool": {"aws:SecureTransport": {"false"}}},
	}
}

// deadLetterPolicy lets the hub's rules of one Region leave there what they could not deliver.
func deadLetterPolicy(home account.Account, region, prefix, queue string) policy.Document {
	return policy.New(policy.Statement{
		Sid: "EventBridgeRules", Effect: policy.Allow, Principal: policy.Service("events.amazonaws.com"),
		Action: policy.List{"sqs:SendMessage"}, Resource: policy.List{queue},
		Condition: policy.Condition{
			"StringEquals": {"aws:SourceAccount": {home.ID}},
			"ArnLike":      {"aws:SourceArn": {rulesOf(home, region, prefix)}},
		},
	}, denyPlainQueueAccess(queue))
}

// webhookQueuePolicy lets the severities' topics write to the webhook's queue.
func webhookQueuePolicy(queue string, topics []string) policy.Document {
	return policy.New(policy.Statement{
		Sid: "SeverityTopics", Effect: policy.Allow, Principal: policy.Service("sns.amazonaws.com"),
		Action: policy.List{"sqs:SendMessage"}, Resource: policy.List{queue},
		Condition: policy.Condition{"ArnEquals": {"aws:SourceArn": topics}},
	}, denyPlainQueueAccess(queue))
}

func denyPlainQueueAccess(queue string) policy.Statement {
	return policy.Statement{
		Sid: "TLSOnly", Effect: policy.Deny, Principal: policy.AWS("*"), Action: policy.List{"sqs:*"},
		Resource:  policy.List{queue},
		Condition: policy.Condition{"Bool": {"aws:SecureTransport": {"false"}}},
	}
}

// serviceTrust lets a service assume a role on behalf of the given source in this account.
func serviceTrust(home account.Account, service, source string) policy.Document {
	return policy.New(policy.Statement{
		Effect: policy.Allow, Principal: policy.Service(service), Action: policy.List{"sts:AssumeRole"},
		Condition: policy.Condition{
			"StringEquals": {"aws:SourceAccount": {home.ID}},
			"ArnLike":      {"aws:SourceArn": {source}},
		},
	})
}

// chatTrust has no condition on a source: AWS documents none for this service, and the role can only look at metrics.
func chatTrust() policy.Document {
	return policy.New(policy.Statement{
		Effect: policy.Allow, Principal: policy.Service("chatbot.amazonaws.com"), Action: policy.List{"sts:AssumeRole"},
	})
}

// forwardingPermissions is all that the forwarding role may do.
func forwardingPermissions(bus string) policy.Document {
	return policy.New(policy.Statement{
		Effect: policy.Allow, Action: policy.List{"events:PutEvents"}, Resource: policy.List{bus},
	})
}

// pipePermissions let the pipe empty the queue into the API destination, whose ARN ends with an id of AWS's choice.
func pipePermissions(queue, destination string) policy.Document {
	return policy.New(
		policy.Statement{
			Effect:   policy.Allow,
			Action:   policy.List{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
			Resource: policy.List{queue},
		},
		policy.Statement{
			Effect: policy.Allow, Action: policy.List{"events:InvokeApiDestination"}, Resource: policy.List{destination + "/*"},
		},
	)
}

// chatPermissions are what the Slack app needs to draw the graph of an alarm:
// https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-iam-policies.html
func chatPermissions() policy.Document {
	return policy.New(policy.Statement{
		Effect: policy.Allow, Action: policy.List{"cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*"},
		Resource: policy.List{"*"},
	})
}

func sortedSet(values []string) policy.List {
	set := map[string]bool{}
	for _, value := range values {
		set[value] = true
	}
	unique := make(policy.List, 0, len(set))
	for value := range set {
		unique = append(unique, value)
	}
	sort.Strings(unique)
	return unique
}
