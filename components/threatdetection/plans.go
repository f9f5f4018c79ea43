package threatdetection

import (
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// Plan is a protection plan of GuardDuty, by the name that its API has for the feature.
type Plan string

// The protection plans. EKS_RUNTIME_MONITORING is not among them: RUNTIME_MONITORING covers EKS, and GuardDuty refuses both
// (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfiguration.html).
const (
	S3DataEvents         Plan = "S3_DATA_EVENTS"
	EKSAuditLogs         Plan = "EKS_AUDIT_LOGS"
	EBSMalwareProtection Plan = "EBS_MALWARE_PROTECTION"
	RDSLoginEvents       Plan = "RDS_LOGIN_EVENTS"
	LambdaNetworkLogs    Plan = "LAMBDA_NETWORK_LOGS"
	RuntimeMonitoring    Plan = "RUNTIME_MONITORING"

	eksRuntimeMonitoring Plan = "EKS_RUNTIME_MONITORING"
)

// Agent is where GuardDuty installs the agent of runtime monitoring itself: an additional configuration of RuntimeMonitoring.
type Agent string

// The agents.
const (
	EKSAddonManagement        Agent = "EKS_ADDON_MANAGEMENT"
	ECSFargateAgentManagement Agent = "ECS_FARGATE_AGENT_MANAGEMENT"
	EC2AgentManagement        Agent = "EC2_AGENT_MANAGEMENT"
)

// KnownPlan is what is known of a protection plan.
type KnownPlan struct {
	Plan        Plan
	Title       string   // AWS's name of it
	Default     bool     // whether it is on without a word
	Agents      []Agent  // its additional configurations
	PriceDriver string   // what AWS bills, with the price of us-east-1 in USD
	MissingIn   []string // Regions without it
	feature     partition.Feature
	child       string // within the names of its resources
}

// The plans, in the order of https://docs.aws.amazon.com/guardduty/latest/ug/what-is-guardduty.html. Prices are those of
// us-east-1 (https://aws.amazon.com/guardduty/pricing/), Regions of
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_regions.html; partitions are in the table of package partition.
var plans = []KnownPlan{
	{Plan: S3DataEvents, Title: "S3 Protection", Default: true, PriceDriver: "$0.80 per million S3 data events", child: "s3-data-events"},
	{Plan: EKSAuditLogs, Title: "EKS Protection", Default: true, PriceDriver: "$1.60 per million EKS audit events", child: "eks-audit-logs"},
	{Plan: EBSMalwareProtection, Title: "Malware Protection for EC2", Default: true, feature: partition.GuardDutyMalware,
		PriceDriver: "$0.03 per GB of EBS volumes scanned, after a finding only", child: "ebs-malware-protection"},
	{Plan: RDSLoginEvents, Title: "RDS Protection", Default: true, feature: partition.GuardDutyRDS, MissingIn: []string{"ap-east-2"},
		PriceDriver: "$1 per vCPU of Aurora and RDS and month", child: "rds-login-events"},
	{Plan: LambdaNetworkLogs, Title: "Lambda Protection", Default: true, feature: partition.GuardDutyLambda,
		PriceDriver: "$1 per GB of network logs of functions", child: "lambda-network-logs"},
	{Plan: RuntimeMonitoring, Title: "Runtime Monitoring", feature: partition.GuardDutyRuntime,
		Agents:      []Agent{EKSAddonManagement, ECSFargateAgentManagement, EC2AgentManagement},
		PriceDriver: "$1.50 per vCPU of monitored workloads and month", child: "runtime-monitoring"},
}

// Plans returns the table of protection plans.
func Plans() []KnownPlan {
	table := slices.Clone(plans)
	for i := range table {
		table[i].Agents, table[i].MissingIn = slices.Clone(table[i].Agents), slices.Clone(table[i].MissingIn)
	}
	return table
}

// in says whether a Region of a partition has the plan.
func (p KnownPlan) in(region string, of partition.Partition) bool {
	return !slices.Contains(p.MissingIn, region) && (p.feature == "" || of.Has(p.feature))
}

func knownPlan(name Plan) (KnownPlan, bool) {
	i := slices.IndexFunc(plans, func(p KnownPlan) bool { return p.Plan == name })
	if i < 0 {
		return KnownPlan{}, false
	}
	return plans[i], true
}

// isOn is what the arguments want of a plan.
func (a *ThreatDetectionArgs) isOn(p KnownPlan) bool {
	if on, given := a.Plans[p.Plan]; given {
		return on
	}
	return p.Default
}

// status is how GuardDuty spells a switch.
func status(on bool) string {
	if on {
		return "ENABLED"
	}
	return "DISABLED"
}
