package report

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/checklist"
)

// Step is something that only a person can do.
type Step struct{ What, Link string }

// Gap is what an output says is missing.
type Gap struct {
	Title string
	Lines []string
}

var stepLine = regexp.MustCompile(`^(.*?)(?: \(([A-Za-z0-9]+)\))?: (https://\S+)$`)

// steps are the lines of the output checklist; before the first deployment, the steps that concern what is declared.
func (s *Stack) steps(a Alerts) (all []Step) {
	lines := texts(s.Outputs["checklist"])
	if !s.Deployed {
		facts := checklist.Facts{Watch: len(a.Watchers) > 0}
		for _, t := range a.Topics {
			facts.Emails = facts.Emails || len(t.Mails) > 0
			facts.Slack = facts.Slack || len(t.Slack) > 0
		}
		for _, r := range s.After {
			switch r.Type {
			case budgetType, "aws:costexplorer/anomalyMonitor:AnomalyMonitor", anomalyType:
				facts.Billing = true
			case machineType:
				facts.Billing = facts.Billing || strings.Contains(text(r.Inputs, "definition"), "costexplorer:")
			case alarmType:
				facts.Charges = facts.Charges || r.Inputs["metricName"] == "EstimatedCharges"
			case "aws:cloudwatch/dashboard:Dashboard":
				facts.Charges = facts.Charges || strings.Contains(text(r.Inputs, "dashboardBody"), `"EstimatedCharges"`)
			}
		}
		var settings struct{ Done []string }
		_ = json.Unmarshal([]byte(s.Config[s.Project+":checklist"]), &settings) // none given, none done
		lines = checklist.Open(facts, settings.Done)
	}
	for _, line := range lines {
		if match := stepLine.FindStringSubmatch(line); match != nil {
			all = append(all, Step{match[1], match[3]})
		} else {
			all = append(all, Step{What: line})
		}
	}
	return all
}

// gapTitles are outputs that name what is missing, in the order in which they are told.
var gapTitles = []struct{ output, title string }{
	{"pendingSubscriptions", "Subscriptions that wait for a click"},
	{"blindRegions", "Regions whose events the alerts should see and cannot"},
	{"unseenByAlerts", "Regions in which sign-ins, root use and tampering alert nobody"},
	{"silentWithoutTrail", "Silent without a trail"},
	{"alertGaps", "The alert path"},
	{"threatGaps", "Threat detection"},
	{"billingGaps", "Billing"},
	{"skippedPlans", "Plans of GuardDuty that a Region does not have"},
}

// gaps are the outputs of gapTitles, and others whose name ends with Gaps.
func (s *Stack) gaps() (all []Gap) {
	add := func(title, output string) {
		if lines := sentences(s.Outputs[output]); len(lines) > 0 {
			all = append(all, Gap{title, lines})
		}
	}
	told := map[string]bool{}
	for _, known := range gapTitles {
		add(known.title, known.output)
		told[known.output] = true
	}
	for _, output := range sortedKeys(s.Outputs) {
		if told[output] {
			continue
		}
		if name, is := strings.CutSuffix(output, "Gaps"); is && name != "" {
			add(strings.ToUpper(name[:1])+name[1:], output)
		}
	}
	return all
}

// sentences are the texts of a list, or of a map of lists with its keys.
func sentences(value any) []string {
	if m, is := value.(map[string]any); is {
		var all []string
		for _, key := range sortedKeys(m) {
			if s, single := m[key].(string); single {
				all = append(all, key+": "+s)
			}
			for _, s := range texts(m[key]) {
				all = append(all, fmt.Sprintf("%s: %s", key, s))
			}
		}
		return all
	}
	return slices.Clone(texts(value))
}
