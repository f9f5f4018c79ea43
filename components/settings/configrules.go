package settings

import (
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// configRules are the contradictions below config.
var configRules = []contradiction{
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
	{[]string{"config.recorder", "config.deliveryChannel"}, bothExistingAndAdopted},
}

func bothExistingAndAdopted(s *Settings) []schema.Problem {
	return append(adoptedTwice("config.recorder", s.Config.Recorder.Existing, s.Config.Recorder.Adopt),
		adoptedTwice("config.deliveryChannel", s.Config.DeliveryChannel.Existing, s.Config.DeliveryChannel.Adopt)...)
}

// adoptedTwice finds the Regions in which the same thing is to be left alone and to be imported.
func adoptedTwice(path string, existing, adopt map[string]string) (problems []schema.Problem) {
	for _, region := range slices.Sorted(maps.Keys(adopt)) {
		if existing[region] != "" {
			problems = append(problems, problem(path+".adopt."+region, "%s.existing names the Region too; what exists is either adopted or left alone", path)...)
		}
	}
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
