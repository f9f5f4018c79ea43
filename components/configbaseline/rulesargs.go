package configbaseline

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

// RulesArgs say which rules are evaluated. Each evaluation costs $0.001, and deleting or disabling a rule costs a
// configuration item for every resource it evaluated, where AWS::Config::ResourceCompliance is recorded.
type RulesArgs struct {
	// Set are the managed rules to begin with. Default: EssentialRules. A rule whose resource types are not recorded where
	// it is evaluated is an error. A rule is left out of Regions in which AWS does not have it, and those of CloudFront where
	// nothing is recorded in us-east-1; a preview says so if the set was chosen by name.
	Set RuleSet

	// Include are names of KnownRules that are evaluated beside those of Set. Names that Set holds do no harm. Default: none.
	Include []string

	// Exclude are names of KnownRules that are left out. Names that Set does not hold do no harm. Default: none.
	Exclude []string

	// Regions are where the rules of the set are evaluated that look at the resources of one Region; those that look at the
	// whole account are evaluated in the home Region (or in the first other one that has them), those of CloudFront in
	// us-east-1. Default: the home Region.
	Regions []string

	// RequiredTags are the tags that the rule required-tags demands, at most 6, with the allowed values separated by commas;
	// "" allows all. The rule exists when a tag is given, whatever the set. Default: none.
	RequiredTags map[string]string

	// Parameters are parameters of rules of the set, by rule and by parameter, in place of their defaults. Default: none.
	Parameters map[string]map[string]string

	// Managed are further managed rules. Default: none.
	Managed []ManagedRule

	// Custom are rules written in Guard. Default: none.
	Custom []CustomRule
}

// ManagedRule is a managed rule beside those of the set.
type ManagedRule struct {
	// Name of the rule; in AWS it is PREFIX-NAME. Required: 1 to 89 letters, digits, underscores and hyphens. A change
	// replaces the rule.
	Name string

	// Identifier is AWS's, such as INCOMING_SSH_DISABLED. Required. A change replaces the rule.
	Identifier string

	// Parameters of the rule. Those of KnownRules have their defaults; of others AWS knows none. Default: none.
	Parameters map[string]string

	// ResourceTypes are those whose changes trigger it. Default: those of KnownRules; of others, all that the rule knows.
	ResourceTypes []string

	// Frequency is how often a periodic rule is evaluated: One_Hour, Three_Hours, Six_Hours, Twelve_Hours or
	// TwentyFour_Hours. Default: TwentyFour_Hours, which is AWS's.
	Frequency string

	// Regions are where it is evaluated. Default: the home Region; us-east-1 where AWS has it there only.
	Regions []string
}

// CustomRule is a rule written in Guard (https://github.com/aws-cloudformation/cloudformation-guard).
type CustomRule struct {
	// Name of the rule; in AWS it is PREFIX-NAME. Required: 1 to 89 letters, digits, underscores and hyphens. A change
	// replaces the rule.
	Name string

	// Policy is the rule's text. Required: at most 10,000 characters.
	Policy string

	// ResourceTypes are those whose changes trigger it. Required.
	ResourceTypes []string

	// Regions are where it is evaluated. Default: the home Region.
	Regions []string
}

// Limits of AWS Config: https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html,
// https://docs.aws.amazon.com/config/latest/APIReference/API_CustomPolicyDetails.html
const (
	maxRuleName        = 128
	maxOwnRuleName     = maxRuleName - naming.MaxPrefix - 1
	maxInputParameters = 1024
	maxPolicyText      = 10_000
	maxRequiredTags    = 6
	maxScopeTypes      = 100
)

var (
	ownRuleName     = regexp.MustCompile(fmt.Sprintf(`^[A-Za-z0-9_-]{1,%d}$`, maxOwnRuleName))
	ruleIdentifier  = regexp.MustCompile(`^[A-Z0-9]+(_[A-Z0-9]+)*$`)
	ruleFrequencies = []string{"One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"}
)

func (a *RulesArgs) set() RuleSet { return cmp.Or(a.Set, EssentialRules) }

// active are the known rules that the arguments ask for, without Managed.
func (a *RulesArgs) active() []KnownRule {
	return slices.DeleteFunc(KnownRules(), func(r KnownRule) bool {
		wanted := a.set().holds(r.Set) || slices.Contains(a.Include, r.Name)
		if r.Name == requiredTags {
			wanted = len(a.RequiredTags) > 0
		}
		return !wanted || slices.Contains(a.Exclude, r.Name)
	})
}

// problems are all that do not depend on the Regions.
func (a *RulesArgs) problems() []error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if !slices.Contains(ruleSets, a.set()) {
		add("Rules.Set: %q is none of none, seed, essentials, full", a.Set)
		return problems // nothing else can be judged
	}
	for i, name := range a.Exclude {
		if _, known := knownRule(name); !known {
			add("Rules.Exclude[%d]: %s", i, unknown(name, "managed rule", ruleNames()))
		} else if first := slices.Index(a.Exclude, name); first < i {
			add("Rules.Exclude[%d]: %q is Rules.Exclude[%d] already; remove one of them", i, name, first)
		}
	}
	for i, name := range a.Include {
		switch first := slices.Index(a.Include, name); {
		case !slices.Contains(ruleNames(), name):
			add("Rules.Include[%d]: %s", i, unknown(name, "managed rule", ruleNames()))
		case first < i:
			add("Rules.Include[%d]: %q is Rules.Include[%d] already; remove one of them", i, name, first)
		case slices.Contains(a.Exclude, name):
			add("Rules.Include[%d]: %q is in Rules.Exclude too; leave out one of them", i, name)
		case name == requiredTags:
			add("Rules.Include[%d]: give the tags as Rules.RequiredTags instead, without which required-tags demands none", i)
		}
	}
	problems = append(problems, a.tagProblems()...)
	problems = append(problems, a.parameterProblems()...)
	problems = append(problems, a.ownRuleProblems()...)
	return problems
}

func (a *RulesArgs) tagProblems() []error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if len(a.RequiredTags) > maxRequiredTags {
		add("Rules.RequiredTags: %d tags are given, the rule required-tags takes at most %d; add a second rule by Rules.Managed", len(a.RequiredTags), maxRequiredTags)
		return problems
	}
	if len(a.RequiredTags) > 0 && slices.Contains(a.Exclude, requiredTags) {
		add("Rules.RequiredTags: has no effect while Rules.Exclude names required-tags; leave out one of them")
	}
	for _, key := range slices.Sorted(maps.Keys(a.RequiredTags)) {
		// https://docs.aws.amazon.com/config/latest/APIReference/API_Tag.html
		if n := utf8.RuneCountInString(key); n < 1 || n > 128 {
			add("Rules.RequiredTags[%q]: the key has %d characters, 1 to 128 are possible", key, n)
		}
		for _, value := range values(a.RequiredTags[key]) {
			if n := utf8.RuneCountInString(value); n > 256 {
				add("Rules.RequiredTags[%q]: a value has %d characters, at most 256 are possible", key, n)
			}
		}
	}
	return append(problems, tooLong("Rules.RequiredTags", a.tagParameters())...)
}

// tagParameters are the parameters of required-tags, in the order of the keys.
func (a *RulesArgs) tagParameters() map[string]string {
	parameters := map[string]string{}
	for i, key := range slices.Sorted(maps.Keys(a.RequiredTags)) {
		number := strconv.Itoa(i + 1)
		parameters["tag"+number+"Key"] = key
		if allowed := values(a.RequiredTags[key]); len(allowed) > 0 {
			parameters["tag"+number+"Value"] = strings.Join(allowed, ",")
		}
	}
	return parameters
}

// values are those of a list that is separated by commas.
func values(separated string) []string {
	var found []string
	for _, value := range strings.Split(separated, ",") {
		if value = strings.TrimSpace(value); value != "" {
			found = append(found, value)
		}
	}
	return found
}

func (a *RulesArgs) parameterProblems() []error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	active := a.active()
	for _, name := range slices.Sorted(maps.Keys(a.Parameters)) {
		field := fmt.Sprintf("Rules.Parameters[%q]", name)
		rule, known := knownRule(name)
		switch {
		case !known:
			add("%s: %s", field, unknown(name, "managed rule", ruleNames()))
		case name == requiredTags:
			add("%s: the tags are given as Rules.RequiredTags", field)
		case !slices.ContainsFunc(active, func(r KnownRule) bool { return r.Name == name }):
			remedy := fmt.Sprintf("choose the set %s, or leave it out", rule.Set)
			if slices.Contains(a.Exclude, name) {
				remedy = "take it out of Rules.Exclude, or leave it out here"
			}
			add("%s: has no effect, the rule is not evaluated; %s", field, remedy)
		default:
			problems = append(problems, rule.parameterProblems(field, a.Parameters[name])...)
		}
	}
	return problems
}

// parameterProblems are those of parameters given for the rule; the field is that of all of them.
func (r KnownRule) parameterProblems(field string, given map[string]string) []error {
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(given)) {
		parameter, known := r.parameter(name)
		switch {
		case known:
			if wrong := parameter.refuse(given[name]); wrong != "" {
				problems = append(problems, fmt.Errorf("%s[%q]: %q %s", field, name, given[name], wrong))
			}
		case len(r.Parameters) == 0:
			problems = append(problems, fmt.Errorf("%s[%q]: the rule %s takes no parameters; leave it out", field, name, r.Name))
		default:
			problems = append(problems, fmt.Errorf("%s[%q]: %s", field, name, unknown(name, "parameter of "+r.Name, r.parameterNames())))
		}
	}
	return append(problems, tooLong(field, r.input(given))...)
}

// refuse says what is wrong with a value, and "" when nothing is.
func (p Parameter) refuse(value string) string {
	switch {
	case strings.TrimSpace(value) == "":
		return "is blank; leave the parameter out, or give a value"
	case p.Kind == integer:
		if n, err := strconv.Atoi(value); err != nil || n < 0 {
			return "is no whole number"
		}
	case p.Kind == boolean:
		if !slices.Contains([]string{"true", "false"}, strings.ToLower(value)) {
			return "is neither true nor false"
		}
	}
	return ""
}

// input are the parameters that are sent: the given ones, and the defaults of the others.
func (r KnownRule) input(given map[string]string) map[string]string {
	sent := map[string]string{}
	for _, p := range r.Parameters {
		if p.Default != "" {
			sent[p.Name] = p.Default
		}
	}
	maps.Copy(sent, given)
	return sent
}

func tooLong(field string, input map[string]string) []error {
	if length := len(encodeInput(input)); length > maxInputParameters {
		return []error{fmt.Errorf("%s: the parameters are %d characters long as JSON, at most %d are possible", field, length, maxInputParameters)}
	}
	return nil
}

func (a *RulesArgs) ownRuleProblems() []error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	taken := map[string]string{}
	for _, rule := range a.active() {
		taken[rule.Name] = fmt.Sprintf("the set %s", a.set())
	}
	claim := func(field, name string) {
		switch holder, twice := taken[name]; {
		case !ownRuleName.MatchString(name):
			add("%s.Name: %q is no name of a rule: 1 to %d letters, digits, underscores and hyphens", field, name, maxOwnRuleName)
		case twice:
			add("%s.Name: %q is a rule of %s already; choose another name", field, name, holder)
		}
		taken[name] = field
	}
	for i, rule := range a.Managed {
		field := fmt.Sprintf("Rules.Managed[%d]", i)
		claim(field, rule.Name)
		problems = append(problems, rule.problems(field)...)
	}
	for i, rule := range a.Custom {
		field := fmt.Sprintf("Rules.Custom[%d]", i)
		claim(field, rule.Name)
		problems = append(problems, rule.problems(field)...)
	}
	return problems
}

func (r ManagedRule) problems(field string) []error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if !ruleIdentifier.MatchString(r.Identifier) {
		remedy := ""
		if rule, known := knownRule(r.Identifier); known {
			remedy = fmt.Sprintf("; that of the rule %s is %s", rule.Name, rule.Identifier)
		}
		add("%s.Identifier: %q is no identifier of a managed rule, such as INCOMING_SSH_DISABLED%s", field, r.Identifier, remedy)
	}
	if r.Frequency != "" && !slices.Contains(ruleFrequencies, r.Frequency) {
		add("%s.Frequency: %q is none of %s", field, r.Frequency, strings.Join(ruleFrequencies, ", "))
	}
	problems = append(problems, scopeProblems(field, r.ResourceTypes)...)
	rule, known := ruleIdentifiedBy(r.Identifier)
	if !known {
		for _, name := range slices.Sorted(maps.Keys(r.Parameters)) {
			if strings.TrimSpace(r.Parameters[name]) == "" {
				add("%s.Parameters[%q]: %q is blank; leave the parameter out, or give a value", field, name, r.Parameters[name])
			}
		}
		return append(problems, tooLong(field+".Parameters", r.Parameters)...)
	}
	if r.Frequency != "" && !rule.Trigger.periodic() {
		add("%s.Frequency: %s is evaluated when a resource changes and takes no frequency; leave it out", field, r.Identifier)
	}
	if len(r.ResourceTypes) > 0 && rule.Trigger == Periodic {
		add("%s.ResourceTypes: %s is evaluated as time passes and takes no resource types; leave them out", field, r.Identifier)
	}
	if rule.Name == requiredTags && r.Parameters["tag1Key"] == "" {
		add("%s.Parameters: REQUIRED_TAGS demands tag1Key, the key of the first tag", field)
	}
	if len(r.Regions) > 1 && rule.Placement == Once {
		add("%s.Regions: %s looks at the whole account; name one Region, or none for the home Region", field, r.Identifier)
	}
	for i, t := range r.ResourceTypes {
		if resourceType.MatchString(t) && !slices.Contains(rule.ResourceTypes, t) {
			add("%s.ResourceTypes[%d]: %s does not evaluate %s; it evaluates %s", field, i, r.Identifier, t, strings.Join(rule.ResourceTypes, ", "))
		}
	}
	return append(problems, rule.parameterProblems(field+".Parameters", r.Parameters)...)
}

func (r CustomRule) problems(field string) []error {
	var problems []error
	switch n := utf8.RuneCountInString(r.Policy); {
	case strings.TrimSpace(r.Policy) == "":
		problems = append(problems, fmt.Errorf("%s.Policy: the rule's text is missing", field))
	case n > maxPolicyText:
		problems = append(problems, fmt.Errorf("%s.Policy: it has %d characters, at most %d are possible; split the rule", field, n, maxPolicyText))
	}
	if len(r.ResourceTypes) == 0 {
		problems = append(problems, errors.New(field+".ResourceTypes: the resource types are missing whose changes trigger the rule"))
	}
	return append(problems, scopeProblems(field, r.ResourceTypes)...)
}

func scopeProblems(field string, types []string) []error {
	problems := typeProblems(field+".ResourceTypes", types)
	if len(types) > maxScopeTypes {
		problems = append(problems, fmt.Errorf("%s.ResourceTypes: %d types are given, at most %d are possible; split the rule", field, len(types), maxScopeTypes))
	}
	return problems
}

// unknown is the end of an error about a name that does not exist, with the nearest one that does.
func unknown(name, kind string, known []string) string {
	nearest, least := "", 1+len(name)/3
	for _, candidate := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(candidate)); d <= least {
			nearest, least = candidate, d-1
		}
	}
	if nearest != "" {
		return fmt.Sprintf("there is no %s %q; did you mean %q?", kind, name, nearest)
	}
	if len(known) > 12 {
		return fmt.Sprintf("there is no %s %q; docs/configrules.md lists those that exist", kind, name)
	}
	return fmt.Sprintf("there is no %s %q; there are %s", kind, name, strings.Join(known, ", "))
}

// distance is the number of letters to insert, delete or exchange between two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
