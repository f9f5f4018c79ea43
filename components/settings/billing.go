package settings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// billingRules are the contradictions below billing.
var billingRules = []contradiction{
	{[]string{"billing"}, func(s *Settings) []schema.Problem {
		if s.Billing.Enabled {
			return nil
		}
		return unwanted(s, "needs billing.enabled: true", "billing.emails", "billing.costs", "billing.monthlyBudget", "billing.serviceBudgets", "billing.tagBudgets",
			"billing.baselineBudget", "billing.estimatedCharges", "billing.anomalyDetection", "billing.report", "billing.action", "billing.dashboard")
	}},
	{[]string{"billing"}, func(s *Settings) (problems []schema.Problem) {
		b := s.Billing
		for _, part := range []struct {
			on   bool
			path string
			keys []string
		}{
			{b.MonthlyBudget.Enabled, "billing.monthlyBudget", []string{"limit", "autoAdjust", "autoAdjustMonths", "thresholds"}},
			{b.BaselineBudget.Enabled, "billing.baselineBudget", []string{"limit", "services", "byTag"}},
			{b.EstimatedCharges.Enabled, "billing.estimatedCharges", []string{"thresholds", "services"}},
			{b.AnomalyDetection.Enabled, "billing.anomalyDetection", []string{"immediate", "digest", "thresholdAmount", "thresholdPercent", "match", "existing", "adopt"}},
		} {
			if part.on || !b.Enabled {
				continue
			}
			for _, key := range part.keys {
				problems = append(problems, unwanted(s, "needs "+part.path+".enabled: true", part.path+"."+key)...)
			}
		}
		return problems
	}},
	{[]string{"billing.monthlyBudget"}, func(s *Settings) []schema.Problem {
		budget := s.Billing.MonthlyBudget
		switch {
		case budget.AutoAdjust != "" && budget.Limit != 0:
			return problem("billing.monthlyBudget.limit", "AWS sets the limit with billing.monthlyBudget.autoAdjust; remove one of the two")
		case budget.AutoAdjustMonths != 0 && budget.AutoAdjust != "HISTORICAL":
			return problem("billing.monthlyBudget.autoAdjustMonths", "needs billing.monthlyBudget.autoAdjust: HISTORICAL")
		}
		return nil
	}},
	{[]string{"billing"}, func(s *Settings) (problems []schema.Problem) {
		repeated := func(path string, thresholds []BillingThreshold) {
			for i, t := range thresholds {
				if first := slices.Index(thresholds, t); first < i {
					problems = append(problems, problem(fmt.Sprintf("%s[%d]", path, i), "is %s[%d] already; remove one of them", path, first)...)
				}
			}
		}
		repeated("billing.monthlyBudget.thresholds", s.Billing.MonthlyBudget.Thresholds)
		for service, budget := range s.Billing.ServiceBudgets {
			repeated("billing.serviceBudgets."+service+".thresholds", budget.Thresholds)
		}
		for i, budget := range s.Billing.TagBudgets {
			repeated(fmt.Sprintf("billing.tagBudgets[%d].thresholds", i), budget.Thresholds)
			for first, other := range s.Billing.TagBudgets[:i] {
				if other.Key == budget.Key && other.Value == budget.Value {
					problems = append(problems, problem(fmt.Sprintf("billing.tagBudgets[%d]", i), "is a budget of the tag of billing.tagBudgets[%d]; remove one of them", first)...)
				}
			}
		}
		return problems
	}},
	{[]string{"billing.baselineBudget"}, func(s *Settings) []schema.Problem {
		if !s.Billing.BaselineBudget.ByTag {
			return nil
		}
		return unwanted(s, "billing.baselineBudget.byTag counts what carries the tag; remove one of the two", "billing.baselineBudget.services")
	}},
	{[]string{"billing.anomalyDetection", "billing.emails"}, func(s *Settings) (problems []schema.Problem) {
		a := s.Billing.AnomalyDetection
		if !a.Enabled || !s.Billing.Enabled {
			return nil
		}
		if a.Existing != "" && a.Adopt != "" {
			problems = problem("billing.anomalyDetection.adopt", "billing.anomalyDetection.existing is set too; a monitor is either adopted or left alone")
		}
		if a.Digest != "" && len(s.Billing.Emails) == 0 {
			problems = append(problems, problem("billing.anomalyDetection.digest", "goes to billing.emails, which is empty; name an address")...)
		}
		if !a.Immediate && a.Digest == "" {
			problems = append(problems, problem("billing.anomalyDetection.immediate", "nobody would be told; set billing.anomalyDetection.digest, or billing.anomalyDetection.enabled: false")...)
		}
		if a.Match == "OR" && (a.ThresholdAmount == 0) != (a.ThresholdPercent == 0) {
			problems = append(problems, problem("billing.anomalyDetection.match", "OR needs billing.anomalyDetection.thresholdAmount and thresholdPercent; give both")...)
		}
		return problems
	}},
	{[]string{"billing.report"}, func(s *Settings) (problems []schema.Problem) {
		schedules := s.Billing.Report.Schedules
		if len(schedules) == 0 {
			return unwanted(s, "needs billing.report.schedules", "billing.report.hour", "billing.report.minute", "billing.report.day",
				"billing.report.dayOfMonth", "billing.report.timeZone", "billing.report.severity")
		}
		if !slices.Contains(schedules, "weekly") {
			problems = unwanted(s, "needs weekly in billing.report.schedules", "billing.report.day")
		}
		if !slices.Contains(schedules, "monthly") {
			problems = append(problems, unwanted(s, "needs monthly in billing.report.schedules", "billing.report.dayOfMonth")...)
		}
		return problems
	}},
	{[]string{"billing.action", "billing.monthlyBudget", "deployers"}, budgetAction},
}

func budgetAction(s *Settings) (problems []schema.Problem) {
	action := s.Billing.Action
	if len(action.Groups)+len(action.Roles) == 0 {
		return unwanted(s, "needs billing.action.groups or billing.action.roles", "billing.action.percent", "billing.action.approval",
			"billing.action.policyArn", "billing.action.breakGlass")
	}
	if !s.Billing.MonthlyBudget.Enabled {
		problems = problem("billing.action", "belongs to the monthly budget; it needs billing.monthlyBudget.enabled: true")
	}
	if n := len(action.Groups) + len(action.Roles); n > 100 {
		problems = append(problems, problem("billing.action", "names %d groups and roles; the most is 100", n)...)
	}
	neverStopped := slices.Concat(action.BreakGlass, s.Deployers)
	isRole := func(arn string) bool { return strings.Contains(arn, ":role/") }
	if action.PolicyARN != "" && !slices.ContainsFunc(neverStopped, isRole) {
		problems = append(problems, problem("billing.action.policyArn", "a policy of your own may deny everything; name a role in billing.action.breakGlass or deployers, which can take it back")...)
	}
	for i, role := range action.Roles {
		for _, spared := range neverStopped {
			if isRole(spared) && spared[strings.LastIndex(spared, "/")+1:] == role {
				problems = append(problems, problem(fmt.Sprintf("billing.action.roles[%d]", i), "%q is %s of billing.action.breakGlass or deployers, which must never be stopped; remove it", role, spared)...)
			}
		}
	}
	return problems
}
