package settings

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// threatRules are the contradictions below threats.
var threatRules = []contradiction{
	{[]string{"threats"}, func(s *Settings) []schema.Problem {
		if s.Threats.Enabled {
			return nil
		}
		return unwanted(s, "needs threats.enabled: true", "threats.guardDuty", "threats.accessAnalyzer", "threats.securityHub",
			"threats.trustedAdvisor", "threats.health", "threats.inspector", "threats.macie")
	}},
	{[]string{"threats"}, func(s *Settings) []schema.Problem {
		var problems []schema.Problem
		for _, part := range []struct {
			on   bool
			path string
			keys []string
		}{
			{s.Threats.GuardDuty.Enabled, "threats.guardDuty", []string{"findingPublishingFrequency", "plans", "runtimeAgents", "export",
				"severity", "suppress", "trustedIps", "threatIps", "malwareProtectedBuckets", "missingPlans", "keepDetectors", "existing", "adopt"}},
			{s.Threats.AccessAnalyzer.Enabled, "threats.accessAnalyzer", []string{"unusedAccess", "archiveRules", "existing", "adopt"}},
			{s.Threats.AccessAnalyzer.UnusedAccess.Enabled, "threats.accessAnalyzer.unusedAccess", []string{"unusedAccessAge", "existing", "adopt"}},
			{s.Threats.SecurityHub.Enabled, "threats.securityHub", []string{"standards", "regions", "disabledControls", "disableGlobalControls", "aggregator", "existing", "adopt"}},
			{s.Threats.Health.Enabled, "threats.health", []string{"publicIssues"}},
			{s.Threats.Inspector.Enabled, "threats.inspector", []string{"resourceTypes", "regions"}},
			{s.Threats.Macie.Enabled, "threats.macie", []string{"findingPublishingFrequency", "regions"}},
		} {
			if part.on || !s.Threats.Enabled {
				continue
			}
			for _, key := range part.keys {
				problems = append(problems, unwanted(s, "needs "+part.path+".enabled: true", part.path+"."+key)...)
			}
		}
		return problems
	}},
	{[]string{"threats"}, func(s *Settings) []schema.Problem {
		t := s.Threats
		problems := append(adoptedTwice("threats.guardDuty", t.GuardDuty.Existing, t.GuardDuty.Adopt),
			adoptedTwice("threats.accessAnalyzer", t.AccessAnalyzer.Existing, t.AccessAnalyzer.Adopt)...)
		if unused := t.AccessAnalyzer.UnusedAccess; unused.Existing != "" && unused.Adopt != "" {
			problems = append(problems, problem("threats.accessAnalyzer.unusedAccess.adopt", "threats.accessAnalyzer.unusedAccess.existing is set too; what exists is either adopted or left alone")...)
		}
		for i, region := range t.SecurityHub.Adopt {
			if slices.Contains(t.SecurityHub.Existing, region) {
				problems = append(problems, problem(fmt.Sprintf("threats.securityHub.adopt[%d]", i), "threats.securityHub.existing names %s too; what exists is either adopted or left alone", region)...)
			}
		}
		return problems
	}},
	{[]string{"threats.guardDuty", "threats.accessAnalyzer", "regions"}, func(s *Settings) (problems []schema.Problem) {
		guardDuty, analyzer := s.Threats.GuardDuty, s.Threats.AccessAnalyzer
		for path, named := range map[string][]string{
			"threats.guardDuty.existing":      slices.Sorted(maps.Keys(guardDuty.Existing)),
			"threats.guardDuty.adopt":         slices.Sorted(maps.Keys(guardDuty.Adopt)),
			"threats.guardDuty.missingPlans":  slices.Sorted(maps.Keys(guardDuty.MissingPlans)),
			"threats.accessAnalyzer.existing": slices.Sorted(maps.Keys(analyzer.Existing)),
			"threats.accessAnalyzer.adopt":    slices.Sorted(maps.Keys(analyzer.Adopt)),
		} {
			problems = append(problems, uncovered(s, path, named)...)
		}
		return problems
	}},
	{[]string{"threats.guardDuty.severity"}, func(s *Settings) []schema.Problem {
		switch severity := s.Threats.GuardDuty.Severity; {
		case !s.Threats.GuardDuty.Enabled:
			return nil
		case severity.Warning >= severity.Critical:
			return problem("threats.guardDuty.severity.warning", "%s is not below threats.guardDuty.severity.critical (%s)", schema.Literal(severity.Warning), schema.Literal(severity.Critical))
		case severity.Informational && severity.Warning <= 1:
			return problem("threats.guardDuty.severity.informational", "no severity is below threats.guardDuty.severity.warning (%s); remove it", schema.Literal(severity.Warning))
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
	{[]string{"threats.guardDuty.export", "archive"}, func(s *Settings) []schema.Problem {
		switch {
		case !s.Threats.GuardDuty.Export.Enabled:
			return nil
		case s.Archive.Central.Bucket != "":
			return unwanted(s, "findings are exported to an archive of the stack's own, but archive.central.bucket is used; remove one of the two", "threats.guardDuty.export.enabled")
		case s.Archive.Encryption != "kms":
			return unwanted(s, "GuardDuty exports with a customer-managed key only; set archive.encryption to kms", "threats.guardDuty.export.enabled")
		}
		return nil
	}},
	{[]string{"threats.guardDuty"}, lists},
	{[]string{"threats.accessAnalyzer.archiveRules"}, func(s *Settings) []schema.Problem {
		var problems []schema.Problem
		names := map[string]int{}
		for i, rule := range s.Threats.AccessAnalyzer.ArchiveRules {
			at := fmt.Sprintf("threats.accessAnalyzer.archiveRules[%d]", i)
			if len(rule.Equals)+len(rule.Contains) == 0 {
				problems = append(problems, problem(at, "has neither equals nor contains and would archive every finding; name what is meant to be")...)
			}
			for _, key := range slices.Sorted(maps.Keys(rule.Contains)) {
				if _, both := rule.Equals[key]; both {
					problems = append(problems, problem(at+".contains."+key, "equals has the key too; remove one of the two")...)
				}
			}
			for _, given := range []struct {
				where  string
				values []string
			}{{".equals.isPublic", rule.Equals["isPublic"]}, {".contains.isPublic", rule.Contains["isPublic"]}} {
				for i, value := range given.values {
					if value != "true" && value != "false" {
						problems = append(problems, problem(fmt.Sprintf("%s%s[%d]", at, given.where, i), "%q is neither true nor false", value)...)
					}
				}
			}
			if first, twice := names[rule.Name]; twice {
				problems = append(problems, problem(at+".name", "%q is the name of threats.accessAnalyzer.archiveRules[%d] already; rename one of them", rule.Name, first)...)
			}
			names[rule.Name] = i
		}
		return problems
	}},
	{[]string{"threats.securityHub", "aws:region"}, securityHubRegions},
	{[]string{"threats.inspector"}, func(s *Settings) []schema.Problem {
		types := s.Threats.Inspector.ResourceTypes
		if i := slices.Index(types, "LAMBDA_CODE"); i >= 0 && !slices.Contains(types, "LAMBDA") {
			return problem(fmt.Sprintf("threats.inspector.resourceTypes[%d]", i), "LAMBDA_CODE needs LAMBDA; add it")
		}
		return nil
	}},
}

// lists judges the filters and lists of addresses of GuardDuty.
func lists(s *Settings) (problems []schema.Problem) {
	names := map[string]int{}
	for i, filter := range s.Threats.GuardDuty.Suppress {
		at := fmt.Sprintf("threats.guardDuty.suppress[%d]", i)
		if len(filter.Equals)+len(filter.NotEquals) == 0 {
			problems = append(problems, problem(at, "has neither equals nor notEquals and would archive every finding; name what is known to be good")...)
		}
		for _, field := range slices.Sorted(maps.Keys(filter.NotEquals)) {
			if _, both := filter.Equals[field]; both {
				problems = append(problems, problem(at+".notEquals."+field, "equals has the field too; remove one of the two")...)
			}
		}
		if first, twice := names[filter.Name]; twice {
			problems = append(problems, problem(at+".name", "%q is the name of threats.guardDuty.suppress[%d] already; rename one of them", filter.Name, first)...)
		}
		names[filter.Name] = i
	}
	if trusted := s.Threats.GuardDuty.TrustedIps; trusted.Location == "" && trusted.Format != "" {
		problems = append(problems, problem("threats.guardDuty.trustedIps.location", "is missing; the format is that of a list")...)
	}
	buckets := map[string]int{}
	for i, bucket := range s.Threats.GuardDuty.MalwareProtectedBuckets {
		if first, twice := buckets[bucket.Name]; twice {
			problems = append(problems, problem(fmt.Sprintf("threats.guardDuty.malwareProtectedBuckets[%d].name", i), "%q is threats.guardDuty.malwareProtectedBuckets[%d] already; remove one of them", bucket.Name, first)...)
		}
		buckets[bucket.Name] = i
	}
	return problems
}

// securityHubRegions sees to it that findings have a Region to be aggregated to, and that what exists is where it is used.
func securityHubRegions(s *Settings) (problems []schema.Problem) {
	hub := s.Threats.SecurityHub
	if !hub.Enabled {
		return nil
	}
	everywhere := slices.Equal(hub.Regions, []string{schema.AllRegions})
	if s.homeIsOptIn() {
		if hub.Aggregator {
			problems = unwanted(s, fmt.Sprintf("Security Hub does not aggregate to %s, a Region that is disabled by default; set it to false, or remove it", s.Home), "threats.securityHub.aggregator")
		}
	} else if len(hub.Regions) > 0 && !everywhere && hub.Aggregator && !slices.Contains(hub.Regions, s.Home) {
		problems = append(problems, problem("threats.securityHub.regions", "the home Region %s is missing, to which findings are aggregated; add it, or set threats.securityHub.aggregator to false", s.Home)...)
	}
	for _, given := range []struct {
		path    string
		regions []string
	}{{"threats.securityHub.existing", hub.Existing}, {"threats.securityHub.adopt", hub.Adopt}} {
		for i, region := range given.regions {
			if !everywhere && !slices.Contains(hub.Regions, region) && (len(hub.Regions) > 0 || region != s.Home) {
				problems = append(problems, problem(fmt.Sprintf("%s[%d]", given.path, i), "%s is not among threats.securityHub.regions; name it there too", region)...)
			}
		}
	}
	for i, control := range hub.DisabledControls {
		for j, standard := range control.Standards {
			if !slices.Contains(hub.Standards, standard) {
				problems = append(problems, problem(fmt.Sprintf("threats.securityHub.disabledControls[%d].standards[%d]", i, j), "%q is not among threats.securityHub.standards", standard)...)
			}
		}
	}
	return problems
}
