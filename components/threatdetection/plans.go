package threatdetection

import (
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/internal/protection"
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
	Profiles    []string // of the settings that have it on
	Agents      []Agent  // its additional configurations
	PriceDriver string   // what AWS bills, with the price of us-east-1 in USD
	MissingIn   []string // Regions without it
	feature     partition.Feature
	child       string // within the names of its resources
}

var plans = func() (all []KnownPlan) {
	for _, p := range protection.Plans() {
		known := KnownPlan{
			Plan: Plan(p.Name), Title: p.Title, Default: p.Standard, PriceDriver: p.PriceDriver, MissingIn: p.MissingIn,
			feature: p.Feature, child: p.Child,
		}
		for _, profile := range []struct {
			name string
			on   bool
		}{{"starter", p.Starter}, {"standard", p.Standard}, {"strict", p.Strict}} {
			if profile.on {
				known.Profiles = append(known.Profiles, profile.name)
			}
		}
		for _, agent := range p.Agents {
			known.Agents = append(known.Agents, Agent(agent.Name))
		}
		all = append(all, known)
	}
	return all
}()

// Plans returns the table of protection plans.
func Plans() []KnownPlan {
	table := slices.Clone(plans)
	for i := range table {
		table[i].Agents, table[i].MissingIn, table[i].Profiles = slices.Clone(table[i].Agents), slices.Clone(table[i].MissingIn), slices.Clone(table[i].Profiles)
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
