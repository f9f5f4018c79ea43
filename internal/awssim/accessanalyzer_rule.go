package awssim

import (
	"fmt"
	"slices"
	"strings"
)

// archiveRule archives the findings that match all its filters.
type archiveRule struct {
	Filters []any
}

const (
	archiveRuleAPI   = "CreateArchiveRule"
	archiveKeysDoc   = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html"
	archiveRulesMax  = 100
	archiveValuesMax = 20
)

// archiveKeys are the criteria that archive rules know; a dot at the end stands for any
// key behind it. The second list is of external access only.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html
var (
	archiveKeys         = []string{"resource", "resourceType", "resourceOwnerAccount", "findingType", "id", "error"}
	archiveExternalKeys = []string{"isPublic", "resourceControlPolicyRestriction", "principal.", "condition."}
)

// archiveKey tells whether a list of keys has a criterion.
func archiveKey(keys []string, criterion string) bool {
	return slices.ContainsFunc(keys, func(key string) bool {
		return criterion == key || strings.HasSuffix(key, ".") && strings.HasPrefix(criterion, key) && criterion != key
	})
}

func checkArchiveRule(_ *call, in props) error {
	if name := str(in, "ruleName"); name != "" && !analyzerName.MatchString(name) {
		return analyzerInvalid(archiveRuleAPI, "ruleName %q: a letter, then at most 254 letters, digits, underscores, dots and hyphens are allowed", name)
	}
	seen := map[string]bool{}
	for i, filter := range objects(in, "filters") {
		criterion := str(filter, "criteria")
		if criterion == "" {
			continue
		}
		if !archiveKey(archiveKeys, criterion) && !archiveKey(archiveExternalKeys, criterion) {
			return refuse("ValidationException", fmt.Sprintf("filters[%d]: %q is no criterion of an archive rule", i, criterion), archiveKeysDoc)
		}
		if seen[criterion] {
			return analyzerInvalid(archiveRuleAPI, "filters[%d]: the criterion %s is given twice", i, criterion)
		}
		seen[criterion] = true
		if err := checkArchiveFilter(i, criterion, filter); err != nil {
			return err
		}
	}
	return nil
}

func checkArchiveFilter(i int, criterion string, filter props) error {
	given := 0
	for _, operator := range []string{"contains", "eqs", "neqs"} {
		values := list(filter, operator)
		if len(values) > archiveValuesMax {
			return analyzerInvalid("Criterion", "filters[%d].%s: has %d items; at most %d are allowed", i, operator, len(values), archiveValuesMax)
		}
		if len(values) > 0 || isUnknown(filter[operator]) {
			given++
		}
		for _, v := range strs(filter, operator) {
			if criterion == "isPublic" && v != "true" && v != "false" {
				return analyzerInvalid("Criterion", "filters[%d].%s: isPublic is true or false, not %q", i, operator, v)
			}
		}
	}
	if exists, ok := scalarText(filter["exists"]); ok && exists != "" {
		if exists != "true" && exists != "false" {
			return analyzerInvalid("Criterion", "filters[%d].exists: true or false is allowed, not %q", i, exists)
		}
		given++
	}
	if given == 0 && !isUnknown(filter["exists"]) {
		return analyzerInvalid("Criterion", "filters[%d]: the criterion %s has no condition", i, criterion)
	}
	return nil
}

// suits refuses criteria that the analyzer's findings do not have.
func (a *accessAnalyzer) suits(in props) error {
	for i, filter := range objects(in, "filters") {
		if analyzerTypes[a.Type].unused && !archiveKey(archiveKeys, str(filter, "criteria")) {
			return refuse("ValidationException", fmt.Sprintf("filters[%d]: findings of an analyzer of type %s have no %s", i, a.Type, str(filter, "criteria")), archiveKeysDoc)
		}
	}
	return nil
}

// ruleAnalyzer is the analyzer of a rule, which has to be there.
func (c *call) ruleAnalyzer(name, api string) (*accessAnalyzer, error) {
	if a := c.analyzer(name); a != nil {
		return a, nil
	}
	return nil, refuse("ResourceNotFoundException", fmt.Sprintf("There is no analyzer %s in %s", name, c.Region), analyzerAPI+api+".html")
}

func (a *accessAnalyzer) ruleARN(name string) string { return a.ARN + "/archive-rule/" + name }

func createArchiveRule(c *call, in props) (string, props, error) {
	a, err := c.ruleAnalyzer(str(in, "analyzerName"), archiveRuleAPI)
	if err != nil {
		return "", nil, err
	}
	name := str(in, "ruleName")
	if err := c.may("access-analyzer:CreateArchiveRule", a.ruleARN(name)); err != nil {
		return "", nil, err
	}
	if err := a.suits(in); err != nil {
		return "", nil, err
	}
	if a.Rules[name] != nil {
		return "", nil, refuse("ConflictException", fmt.Sprintf("The analyzer %s has an archive rule %s already.", a.Name, name), analyzerAPI+archiveRuleAPI+".html")
	}
	if len(a.Rules) >= archiveRulesMax {
		return "", nil, refuse("ServiceQuotaExceededException", fmt.Sprintf("An analyzer has at most %d archive rules.", archiveRulesMax), analyzerQuotas)
	}
	a.Rules.put(name, &archiveRule{list(in, "filters")})
	return a.Name + "/" + name, a.ruleProps(name), nil
}

func (a *accessAnalyzer) ruleProps(name string) props {
	return props{"analyzerName": a.Name, "ruleName": name, "filters": a.Rules[name].Filters}
}

// archiveRule is the analyzer of the rule with the id ANALYZER/RULE, when both are there.
func (c *call) archiveRule(id string) (*accessAnalyzer, string) {
	analyzer, name, _ := strings.Cut(id, "/")
	if a := c.analyzer(analyzer); a != nil && a.Rules[name] != nil {
		return a, name
	}
	return nil, name
}

func readArchiveRule(c *call, id string, _ props) (props, error) {
	a, name := c.archiveRule(id)
	if a == nil {
		return nil, errNotFound
	}
	return a.ruleProps(name), c.may("access-analyzer:GetArchiveRule", a.ruleARN(name))
}

func updateArchiveRule(c *call, id string, _, in props) (props, error) {
	a, name := c.archiveRule(id)
	if a == nil {
		return nil, refuse("ResourceNotFoundException", "There is no archive rule "+id, analyzerAPI+"UpdateArchiveRule.html")
	}
	if err := c.may("access-analyzer:UpdateArchiveRule", a.ruleARN(name)); err != nil {
		return nil, err
	}
	if err := a.suits(in); err != nil {
		return nil, err
	}
	a.Rules[name].Filters = list(in, "filters")
	return a.ruleProps(name), nil
}

func deleteArchiveRule(c *call, id string, _ props) error {
	a, name := c.archiveRule(id)
	if a == nil {
		return errNotFound
	}
	if err := c.may("access-analyzer:DeleteArchiveRule", a.ruleARN(name)); err != nil {
		return err
	}
	delete(a.Rules, name)
	return nil
}
