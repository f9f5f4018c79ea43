package billingguard

import (
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// reportPermissions let the report's state machine read costs and budgets and tell of them. Cost Explorer has no resources
// to name: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscostexplorerservice.html
func reportPermissions(where account.Account, topic string) policy.Document {
	return policy.New(append([]policy.Statement{
		{
			Sid: "ReadCosts", Effect: policy.Allow, Action: policy.List{"ce:GetCostAndUsage", "ce:GetCostForecast"},
			Resource: policy.List{"*"},
		},
		{
			Sid: "ReadBudgets", Effect: policy.Allow, Action: policy.List{"budgets:ViewBudget"},
			Resource: policy.List{where.ARNIn("", "budgets", "budget/*")},
		},
	}, publishing(where, topic)...)...)
}

// publishing allows one topic, and its key for that topic's messages only: the key's ARN is AWS's choice.
func publishing(where account.Account, topic string) []policy.Statement {
	return []policy.Statement{
		{Sid: "Tell", Effect: policy.Allow, Action: policy.List{"sns:Publish"}, Resource: policy.List{topic}},
		{
			Sid: "EncryptForTheTopic", Effect: policy.Allow, Action: policy.List{"kms:Decrypt", "kms:GenerateDataKey*"},
			Resource: policy.List{where.ARN("kms", "key/*")},
			Condition: policy.Condition{"StringEquals": {
				"kms:ViaService":                         viaSNS(where),
				"kms:EncryptionContext:aws:sns:topicArn": {topic},
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

// chatPermissions let the report be told in Slack.
func chatPermissions(where account.Account, topic string) policy.Document {
	return policy.New(publishing(where, topic)...)
}

// actionPermissions let a budget action attach one policy to the named targets, take it away again, and nothing else. The path
// of a role is not known, but its name is the only one in the account.
func actionPermissions(where account.Account, denyPolicy string, groups, roles []string) policy.Document {
	only := policy.Condition{"ArnEquals": {"iam:PolicyARN": {denyPolicy}}}
	targets := func(kind string, names []string) (arns policy.List) {
		for _, name := range slices.Sorted(slices.Values(names)) {
			arns = append(arns, where.IAM(kind+"/"+name), where.IAM(kind+"/*/"+name))
		}
		return arns
	}
	var statements []policy.Statement
	if len(groups) > 0 {
		statements = append(statements, policy.Statement{
			Sid: "StopGroups", Effect: policy.Allow, Action: policy.List{"iam:AttachGroupPolicy", "iam:DetachGroupPolicy"},
			Resource: targets("group", groups), Condition: only,
		})
	}
	if len(roles) > 0 {
		statements = append(statements, policy.Statement{
			Sid: "StopRoles", Effect: policy.Allow, Action: policy.List{"iam:AttachRolePolicy", "iam:DetachRolePolicy"},
			Resource: targets("role", roles), Condition: only,
		})
	}
	return policy.New(statements...)
}

// spending are actions that start something which costs by the hour or at once. What runs goes on running, can be stopped and
// deleted, and everything can still be looked at.
var spending = policy.List{
	"autoscaling:CreateAutoScalingGroup", "autoscaling:SetDesiredCapacity", "autoscaling:UpdateAutoScalingGroup",
	"aws-marketplace:Subscribe",
	"bedrock:CreateProvisionedModelThroughput",
	"dynamodb:PurchaseReservedCapacityOfferings",
	"ec2:AllocateHosts", "ec2:CreateCapacityReservation", "ec2:CreateFleet", "ec2:CreateNatGateway", "ec2:CreateVolume",
	"ec2:CreateVpcEndpoint", "ec2:PurchaseHostReservation", "ec2:PurchaseReservedInstancesOffering", "ec2:RequestSpotFleet",
	"ec2:RequestSpotInstances", "ec2:RunInstances", "ec2:StartInstances",
	"ecs:CreateService", "ecs:RunTask", "ecs:StartTask",
	"eks:CreateCluster", "eks:CreateFargateProfile", "eks:CreateNodegroup",
	"elasticache:CreateCacheCluster", "elasticache:CreateReplicationGroup", "elasticache:CreateServerlessCache",
	"elasticloadbalancing:CreateLoadBalancer",
	"elasticmapreduce:RunJobFlow",
	"es:CreateDomain",
	"fsx:CreateFileSystem",
	"glue:StartJobRun",
	"kafka:CreateCluster", "kafka:CreateClusterV2",
	"rds:CreateDBCluster", "rds:CreateDBInstance", "rds:PurchaseReservedDBInstancesOffering", "rds:RestoreDB*", "rds:StartDBCluster",
	"rds:StartDBInstance",
	"redshift:CreateCluster", "redshift:RestoreFromClusterSnapshot", "redshift:ResumeCluster",
	"route53domains:RegisterDomain",
	"sagemaker:CreateApp", "sagemaker:CreateEndpoint", "sagemaker:CreateNotebookInstance", "sagemaker:CreateProcessingJob",
	"sagemaker:CreateTrainingJob", "sagemaker:StartNotebookInstance",
	"savingsplans:CreateSavingsPlan",
}

// stopPolicy denies spending to whom it is attached, but never to those who are spared, such as members of a stopped group.
func stopPolicy(spared []string) policy.Document {
	deny := policy.Statement{Sid: "BudgetIsUsedUp", Effect: policy.Deny, Action: spending, Resource: policy.List{"*"}}
	if len(spared) > 0 {
		deny.Condition = policy.Condition{"ArnNotEquals": {"aws:PrincipalArn": slices.Sorted(slices.Values(spared))}}
	}
	return policy.New(deny)
}
