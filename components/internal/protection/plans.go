// Package protection is the one table of GuardDuty's protection plans: settings, component and documentation take them from it.
package protection

import (
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// Plan is what is known of a protection plan.
type Plan struct {
	Name    string // of the feature in GuardDuty's API
	Title   string // AWS's name of it
	Setting string // below threats.guardDuty.plans

	Starter, Standard, Strict bool // whether a profile has it on; without a profile it is as in standard

	PriceDriver string            // what AWS bills, with the price of us-east-1 in USD
	Feature     partition.Feature // what a partition needs to have it; "" for all partitions
	MissingIn   []string          // Regions without it
	Agents      []Agent           // its additional configurations
	Child       string            // within the names of its resources, for ever
}

// Agent is an additional configuration: where GuardDuty installs the agent of runtime monitoring itself.
type Agent struct {
	Name    string // in GuardDuty's API
	Setting string // below threats.guardDuty.runtimeAgents
	Place   string // in words
	Strict  bool   // whether profile strict has it on; the others do not
}

// The plans, in the order of https://docs.aws.amazon.com/guardduty/latest/ug/what-is-guardduty.html. Prices are those of
// us-east-1 (https://aws.amazon.com/guardduty/pricing/), Regions of
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_regions.html. EKS_RUNTIME_MONITORING is not among them:
// RUNTIME_MONITORING covers EKS, and GuardDuty refuses both
// (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfiguration.html).
var plans = []Plan{
	{
		Name: "S3_DATA_EVENTS", Title: "S3 Protection", Setting: "s3DataEvents", Standard: true, Strict: true,
		PriceDriver: "$0.80 per million S3 data events", Child: "s3-data-events",
	},
	{
		Name: "EKS_AUDIT_LOGS", Title: "EKS Protection", Setting: "eksAuditLogs", Standard: true, Strict: true,
		PriceDriver: "$1.60 per million EKS audit events", Child: "eks-audit-logs",
	},
	{
		Name: "EBS_MALWARE_PROTECTION", Title: "Malware Protection for EC2", Setting: "ebsMalwareProtection", Standard: true, Strict: true,
		PriceDriver: "$0.03 per GB of EBS volumes scanned, after a finding only", Feature: partition.GuardDutyMalware, Child: "ebs-malware-protection",
	},
	{
		Name: "RDS_LOGIN_EVENTS", Title: "RDS Protection", Setting: "rdsLoginEvents", Standard: true, Strict: true,
		PriceDriver: "$1 per vCPU of Aurora and RDS and month", Feature: partition.GuardDutyRDS, MissingIn: []string{"ap-east-2"}, Child: "rds-login-events",
	},
	{
		Name: "LAMBDA_NETWORK_LOGS", Title: "Lambda Protection", Setting: "lambdaNetworkLogs", Standard: true, Strict: true,
		PriceDriver: "$1 per GB of network logs of functions", Feature: partition.GuardDutyLambda, Child: "lambda-network-logs",
	},
	{
		Name: "RUNTIME_MONITORING", Title: "Runtime Monitoring", Setting: "runtimeMonitoring", Strict: true,
		PriceDriver: "$1.50 per vCPU of monitored workloads and month", Feature: partition.GuardDutyRuntime, Child: "runtime-monitoring",
		Agents: []Agent{
			{Name: "EKS_ADDON_MANAGEMENT", Setting: "eks", Place: "in EKS clusters", Strict: true},
			{Name: "ECS_FARGATE_AGENT_MANAGEMENT", Setting: "ecsFargate", Place: "in ECS tasks on Fargate", Strict: true},
			{Name: "EC2_AGENT_MANAGEMENT", Setting: "ec2", Place: "on EC2 instances", Strict: true},
		},
	},
}

// Plans returns the table.
func Plans() []Plan {
	table := slices.Clone(plans)
	for i := range table {
		table[i].MissingIn, table[i].Agents = slices.Clone(table[i].MissingIn), slices.Clone(table[i].Agents)
	}
	return table
}

// Names are those of all plans.
func Names() (names []string) {
	for _, plan := range plans {
		names = append(names, plan.Name)
	}
	return names
}
