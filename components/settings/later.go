package settings

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// laterRules are the contradictions below config, threats, billing and hardening.
var laterRules = []contradiction{
	{[]string{"config.recording"}, func(s *Settings) []schema.Problem {
		if !s.Given("config.recording.resourceTypes") {
			return nil
		}
		return unwanted(s, "config.recording.resourceTypes names what is recorded; remove one of the two", "config.recording.excludedResourceTypes")
	}},
	{[]string{"config.historyRetentionDays"}, func(s *Settings) []schema.Problem {
		if days := s.Config.HistoryRetentionDays; days > 0 && days < 30 {
			return problem("config.historyRetentionDays", "%d is below 30, the least that AWS Config takes; 0 is its own seven years", days)
		}
		return nil
	}},
	{[]string{"config.athena", "trail", "archive.central", "profile"}, func(s *Settings) []schema.Problem {
		if !s.Given("config.athena.enabled") || !s.Config.Athena.Enabled || s.Trail.Enabled && s.Trail.Athena.Enabled && s.Archive.Central.Bucket == "" {
			return nil
		}
		return problem("config.athena.enabled", "needs the trail's own archive and trail.athena.enabled: true; its tables and queries are in the trail's database")
	}},
	{[]string{"config.rules.custom"}, guardFiles},
	{[]string{"config.rules"}, func(s *Settings) []schema.Problem {
		if s.Config.Rules.Set != "none" {
			return nil
		}
		return unwanted(s, "config.rules.set is none, so there is nothing to change", "config.rules.exclude", "config.rules.parameters")
	}},
	{[]string{"config.aggregator"}, func(s *Settings) []schema.Problem {
		if s.Config.Aggregator.Organization {
			return unwanted(s, "config.aggregator.organization covers every account; remove one of the two", "config.aggregator.accountIds")
		}
		return nil
	}},
	{[]string{"config.recorder", "config.deliveryChannel", "threats"}, bothExistingAndAdopted},
	{[]string{"threats.guardDuty.severity"}, func(s *Settings) []schema.Problem {
		if severity := s.Threats.GuardDuty.Severity; severity.Informational > severity.Critical {
			return problem("threats.guardDuty.severity.informational", "%s is above threats.guardDuty.severity.critical (%s)", schema.Literal(severity.Informational), schema.Literal(severity.Critical))
		}
		return nil
	}},
	{[]string{"threats.guardDuty"}, func(s *Settings) []schema.Problem {
		guardDuty := s.Threats.GuardDuty
		if guardDuty.Plans.RuntimeMonitoring {
			return nil
		}
		var problems []schema.Problem
		for path, on := range map[string]bool{
			"threats.guardDuty.runtimeAgents.eks": guardDuty.RuntimeAgents.EKS, "threats.guardDuty.runtimeAgents.ecsFargate": guardDuty.RuntimeAgents.ECSFargate,
			"threats.guardDuty.runtimeAgents.ec2": guardDuty.RuntimeAgents.EC2,
		} {
			if on {
				problems = append(problems, unwanted(s, "needs threats.guardDuty.plans.runtimeMonitoring: true", path)...)
			}
		}
		return problems
	}},
	{[]string{"billing.anomalyDetection"}, func(s *Settings) []schema.Problem {
		if s.Billing.AnomalyDetection.Existing != "" && s.Billing.AnomalyDetection.Adopt != "" {
			return problem("billing.anomalyDetection.adopt", "billing.anomalyDetection.existing is set too; a monitor is either adopted or left alone")
		}
		return nil
	}},
	{[]string{"billing.action"}, func(s *Settings) []schema.Problem {
		if action := s.Billing.Action; len(action.Groups)+len(action.Roles) > 0 {
			return nil
		}
		return unwanted(s, "needs billing.action.groups or billing.action.roles", "billing.action.percent", "billing.action.approval", "billing.action.policyArn")
	}},
	{[]string{"hardening.passwordPolicy"}, passwordFloor},
	{[]string{"hardening.contacts"}, func(s *Settings) []schema.Problem {
		var problems []schema.Problem
		for name, c := range map[string]HardeningContact{
			"security": s.Hardening.Contacts.Security, "billing": s.Hardening.Contacts.Billing, "operations": s.Hardening.Contacts.Operations,
		} {
			if c == (HardeningContact{}) {
				continue
			}
			path := "hardening.contacts." + name
			for field, v := range map[string]string{"name": c.Name, "title": c.Title, "email": c.Email, "phone": c.Phone} {
				if v == "" {
					problems = append(problems, problem(path+"."+field, "is missing; AWS takes a contact as a whole")...)
				}
			}
		}
		return problems
	}},
}

func bothExistingAndAdopted(s *Settings) []schema.Problem {
	var problems []schema.Problem
	byRegion := func(path string, existing, adopt map[string]string) {
		for _, region := range slices.Sorted(maps.Keys(adopt)) {
			if existing[region] != "" {
				problems = append(problems, problem(path+".adopt."+region, "%s.existing names the Region too; what exists is either adopted or left alone", path)...)
			}
		}
	}
	c, t := s.Config, s.Threats
	byRegion("config.recorder", c.Recorder.Existing, c.Recorder.Adopt)
	byRegion("config.deliveryChannel", c.DeliveryChannel.Existing, c.DeliveryChannel.Adopt)
	byRegion("threats.guardDuty", t.GuardDuty.Existing, t.GuardDuty.Adopt)
	byRegion("threats.accessAnalyzer", t.AccessAnalyzer.Existing, t.AccessAnalyzer.Adopt)
	byRegion("threats.accessAnalyzer.unusedAccess", t.AccessAnalyzer.UnusedAccess.Existing, t.AccessAnalyzer.UnusedAccess.Adopt)
	for i, region := range t.SecurityHub.Adopt {
		if slices.Contains(t.SecurityHub.Existing, region) {
			problems = append(problems, problem(fmt.Sprintf("threats.securityHub.adopt[%d]", i), "threats.securityHub.existing names %s too; what exists is either adopted or left alone", region)...)
		}
	}
	return problems
}

// passwordFloor keeps the password policy at the CIS benchmark unless the word weaken is said.
func passwordFloor(s *Settings) []schema.Problem {
	p, floor := s.Hardening.PasswordPolicy, schema.PasswordFloor
	if p.Weaken {
		return nil
	}
	const remedy = "; change it, or say hardening.passwordPolicy.weaken: true"
	var problems []schema.Problem
	below := func(wrong bool, key, format string, args ...any) {
		if wrong {
			problems = append(problems, problem("hardening.passwordPolicy."+key, format+remedy, args...)...)
		}
	}
	below(p.MinimumLength < floor.MinimumLength, "minimumLength", "%d is below %d", p.MinimumLength, floor.MinimumLength)
	below(p.ReusePrevention < floor.ReusePrevention, "reusePrevention", "%d is below %d", p.ReusePrevention, floor.ReusePrevention)
	below(p.MaxAge > floor.MaxAge, "maxAge", "%d is above %d", p.MaxAge, floor.MaxAge)
	below(!p.RequireLowercase, "requireLowercase", "false is weaker than the benchmark")
	below(!p.RequireUppercase, "requireUppercase", "false is weaker than the benchmark")
	below(!p.RequireNumbers, "requireNumbers", "false is weaker than the benchmark")
	below(!p.RequireSymbols, "requireSymbols", "false is weaker than the benchmark")
	return problems
}

// guardFiles reads the rules that are given as files.
func guardFiles(s *Settings) []schema.Problem {
	var problems []schema.Problem
	for i, rule := range s.Config.Rules.Custom {
		key := fmt.Sprintf("config.rules.custom[%d]", i)
		switch {
		case rule.Policy == "" && rule.PolicyFile == "":
			problems = append(problems, problem(key, "has neither policy nor policyFile; give one of them")...)
		case rule.Policy != "" && rule.PolicyFile != "":
			problems = append(problems, problem(key+".policyFile", "%q stands beside policy; remove one of them", rule.PolicyFile)...)
		case rule.PolicyFile != "":
			text, err := os.ReadFile(rule.PolicyFile)
			if err != nil {
				problems = append(problems, problem(key+".policyFile", "%q cannot be read: %v", rule.PolicyFile, err)...)
				continue
			}
			s.Config.Rules.Custom[i].Policy = string(text)
		}
	}
	return problems
}
