package digest

import (
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// digestPermissions let the state machine read what the arguments name, in its own Region, and tell of it.
func digestPermissions(where account.Account, args *WeeklyDigestArgs, topics []string) policy.Document {
	here := policy.Condition{"StringEquals": {"aws:RequestedRegion": {where.Region}}}
	var statements []policy.Statement
	read := func(sid string, actions, resources policy.List) {
		statement := policy.Statement{Sid: sid, Effect: policy.Allow, Action: actions, Resource: resources}
		if resources[0] == "*" {
			statement.Condition = here
		}
		statements = append(statements, statement)
	}
	if args.LogGroupName != "" {
		group := where.ARN("logs", "log-group:"+args.LogGroupName)
		read("AskTheTrail", policy.List{"logs:StartQuery"}, policy.List{group, group + ":*"})
		// Results have no resource to name: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
		read("ReadItsAnswers", policy.List{"logs:GetQueryResults"}, policy.List{"*"})
	}
	switch {
	case args.ConfigAggregator != "":
		// The ARN of an aggregator ends with an id of AWS's choice.
		read("ReadRules", policy.List{"config:DescribeAggregateComplianceByConfigRules"}, policy.List{where.ARN("config", "config-aggregator/*")})
	case args.Config:
		read("ReadRules", policy.List{"config:DescribeComplianceByConfigRule"}, policy.List{"*"}) // of all rules at once
	}
	switch args.Findings {
	case SecurityHub:
		read("CountFindings", policy.List{"securityhub:GetInsightResults"}, policy.List{"*"}) // AWS's own insight belongs to no account
	case GuardDuty:
		read("FindTheDetector", policy.List{"guardduty:ListDetectors"}, policy.List{"*"})
		read("CountFindings", policy.List{"guardduty:GetFindingsStatistics"}, policy.List{where.ARN("guardduty", "detector/*")})
	}
	return policy.New(append(statements, publishing(where, topics)...)...)
}

// publishing allows the topics, and their key for these topics' messages only: the key's ARN is AWS's choice.
func publishing(where account.Account, topics []string) []policy.Statement {
	return []policy.Statement{
		{Sid: "Tell", Effect: policy.Allow, Action: policy.List{"sns:Publish"}, Resource: topics},
		{
			Sid: "EncryptForTheTopics", Effect: policy.Allow, Action: policy.List{"kms:Decrypt", "kms:GenerateDataKey*"},
			Resource: policy.List{where.ARN("kms", "key/*")},
			Condition: policy.Condition{"StringEquals": {
				"kms:ViaService":                         viaSNS(where),
				"kms:EncryptionContext:aws:sns:topicArn": topics,
			}},
		},
	}
}

// viaSNS is how KMS names SNS. Whether it does so with the partition's own domain in China is not documented: both are the
// same service.
func viaSNS(where account.Account) policy.List {
	service := "sns." + where.Region + "."
	return slices.Compact(policy.List{service + "amazonaws.com", service + where.DNSSuffix()})
}
