package configbaseline

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cfg"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// plannedRule is a rule in a Region.
type plannedRule struct {
	name, region string
	of           string // the known rule that it is; "" for others
	field        string // where the user named it; "" for a rule of the set
	description  string
	identifier   string // of a managed rule
	guard        string // text of a custom rule
	input        map[string]string
	frequency    string   // of a periodic rule; "": AWS's, 24 hours
	scope        []string // types whose changes trigger it
	needs        []string // types that have to be recorded
	blind        bool     // one type of many would be enough, and none is recorded
}

// key is how outputs name the rule.
func (r plannedRule) key() string { return r.name + " in " + r.region }

// plannedRules are the rules, Region by Region, and those of the set that cannot be evaluated.
func (a *RulesArgs) plannedRules(plan recordingPlan) (rules []plannedRule, out leftOut) {
	for _, known := range a.active() {
		regions := a.regionsOf(known, plan, &out)
		input := known.input(a.Parameters[known.Name])
		if known.Name == requiredTags {
			input = a.tagParameters()
		}
		for _, region := range regions {
			rules = append(rules, plannedRule{
				name: known.Name, region: region, of: known.Name, description: known.Finding, identifier: known.Identifier,
				input: input, scope: known.scope(plan, region), needs: known.needs(), blind: known.blind(plan, region),
			})
		}
	}
	for i, rule := range a.Managed {
		rules = append(rules, rule.planned(fmt.Sprintf("Rules.Managed[%d]", i), plan)...)
	}
	for i, rule := range a.Custom {
		for _, region := range orHome(rule.Regions, plan) {
			rules = append(rules, plannedRule{
				name: rule.Name, region: region, field: fmt.Sprintf("Rules.Custom[%d]", i), description: "A rule written in Guard.",
				guard: rule.Policy, scope: rule.ResourceTypes, needs: rule.ResourceTypes,
			})
		}
	}
	return rules, out
}

// leftOut are rules of the set that cannot be evaluated where they should be.
type leftOut struct {
	uncovered []string // AWS has them in us-east-1 only, where nothing is recorded
	missing   []string // as RULE in REGION: AWS does not have them there
}

// regionsOf are the Regions in which a rule of the set is evaluated.
func (a *RulesArgs) regionsOf(rule KnownRule, plan recordingPlan, out *leftOut) []string {
	switch rule.Placement {
	case Once:
		if home := rule.home(plan); home != "" {
			return []string{home}
		}
		out.missing = append(out.missing, rule.Name+" in "+plan.home)
		return nil
	case NorthVirginia:
		if slices.Contains(plan.regions(), northVirginia) {
			return []string{northVirginia}
		}
		if plan.global == northVirginia {
			out.uncovered = append(out.uncovered, rule.Name)
		} else {
			out.missing = append(out.missing, rule.Name+" in "+plan.home)
		}
		return nil
	}
	var regions []string
	for _, region := range orHome(a.Regions, plan) {
		if rule.in(region) {
			regions = append(regions, region)
		} else {
			out.missing = append(out.missing, rule.Name+" in "+region)
		}
	}
	return regions
}

// planned is the rule in each of its Regions.
func (r ManagedRule) planned(field string, plan recordingPlan) []plannedRule {
	known, isKnown := ruleIdentifiedBy(r.Identifier)
	var rules []plannedRule
	for _, region := range r.regions(plan) {
		rule := plannedRule{
			name: r.Name, region: region, field: field, description: "The managed rule " + r.Identifier + ".", identifier: r.Identifier,
			input: r.Parameters, frequency: r.Frequency, scope: r.ResourceTypes, needs: r.ResourceTypes,
		}
		if isKnown {
			rule.of, rule.description, rule.input = known.Name, known.Finding, known.input(r.Parameters)
			if len(r.ResourceTypes) == 0 {
				rule.scope, rule.needs, rule.blind = known.scope(plan, region), known.needs(), known.blind(plan, region)
			}
		}
		rules = append(rules, rule)
	}
	return rules
}

// regions are the Regions in which the rule is evaluated.
func (r ManagedRule) regions(plan recordingPlan) []string {
	known, isKnown := ruleIdentifiedBy(r.Identifier)
	switch {
	case len(r.Regions) > 0 || !isKnown:
		return orHome(r.Regions, plan)
	case known.Placement == NorthVirginia:
		return []string{northVirginia}
	case known.Placement == Once && known.home(plan) != "":
		return []string{known.home(plan)}
	default:
		return []string{plan.home}
	}
}

// scope are the resource types whose changes trigger the rule in the Region; none for periodic rules.
func (r KnownRule) scope(plan recordingPlan, region string) []string {
	if r.Trigger == Periodic {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.ResourceTypes), func(t string) bool { return r.anyType && !plan.records(region, t) })
}

// blind says that one type of many would be enough for the rule in the Region, and none is recorded.
func (r KnownRule) blind(plan recordingPlan, region string) bool {
	return r.anyType && len(r.scope(plan, region)) == 0
}

func orHome(regions []string, plan recordingPlan) []string {
	if len(regions) == 0 {
		return []string{plan.home}
	}
	return regions
}

// rulesProblems are those that depend on what is recorded where.
func (a *ConfigBaselineArgs) rulesProblems(plan recordingPlan) []error {
	problems := regionProblems("Rules.Regions", a.Rules.Regions, plan)
	for i, rule := range a.Rules.Managed {
		field := fmt.Sprintf("Rules.Managed[%d]", i)
		problems = append(problems, regionProblems(field+".Regions", rule.Regions, plan)...)
		problems = append(problems, rule.placementProblems(field, plan)...)
	}
	for i, rule := range a.Rules.Custom {
		problems = append(problems, regionProblems(fmt.Sprintf("Rules.Custom[%d].Regions", i), rule.Regions, plan)...)
	}
	for i, pack := range a.ConformancePacks {
		problems = append(problems, regionProblems(fmt.Sprintf("ConformancePacks[%d].Regions", i), pack.Regions, plan)...)
	}
	if len(problems) > 0 {
		return problems // what is evaluated where is not clear yet
	}
	rules, _ := a.Rules.plannedRules(plan)
	return append(problems, unrecorded(rules, plan)...)
}

// regionProblems are those of a list of Regions in which something is evaluated.
func regionProblems(field string, regions []string, plan recordingPlan) []error {
	var problems []error
	for i, region := range regions {
		if first := slices.Index(regions, region); first < i {
			problems = append(problems, fmt.Errorf("%s[%d]: %q is %s[%d] already; remove one of them", field, i, region, field, first))
		} else if !slices.Contains(plan.regions(), region) {
			problems = append(problems, fmt.Errorf("%s[%d]: nothing is recorded in %q, so that nothing can be evaluated there; resources are recorded in %s",
				field, i, region, strings.Join(plan.regions(), ", ")))
		}
	}
	return problems
}

// placementProblems are those of a rule that AWS does not have where it is asked for.
func (r ManagedRule) placementProblems(field string, plan recordingPlan) []error {
	known, isKnown := ruleIdentifiedBy(r.Identifier)
	if !isKnown {
		return nil
	}
	if known.Placement == NorthVirginia && !slices.Contains(plan.regions(), northVirginia) {
		return []error{fmt.Errorf("%s.Identifier: AWS has %s in %s only, where nothing is recorded; cover that Region, or leave the rule out", field, r.Identifier, northVirginia)}
	}
	var problems []error
	for _, region := range r.regions(plan) {
		switch {
		case known.in(region):
		case known.Placement == NorthVirginia:
			problems = append(problems, fmt.Errorf("%s.Regions: AWS has %s in %s only; leave Regions out", field, r.Identifier, northVirginia))
		default:
			problems = append(problems, fmt.Errorf("%s: AWS does not have %s in %s; name another Region in Regions, or leave the rule out", field, r.Identifier, region))
		}
	}
	return problems
}

// unrecorded are rules whose resource types are not recorded where they are evaluated: they would find nothing, and look
// as if all were well. What several rules of the set miss is told once.
func unrecorded(rules []plannedRule, plan recordingPlan) []error {
	var problems []error
	type gap struct{ resourceType, region string }
	missing := map[gap][]string{}
	var gaps []gap
	noRecorder := false
	for _, rule := range rules {
		if !slices.Contains(plan.regions(), rule.region) {
			noRecorder = true // the home Region; others are asked for by name
			continue
		}
		if rule.blind {
			problems = append(problems, fmt.Errorf("%s: none of the resource types that can carry the tags is recorded in %s; record one, or leave the tags out",
				cmp.Or(rule.field, "Rules.RequiredTags"), rule.region))
		}
		for _, t := range rule.needs {
			switch at := (gap{t, rule.region}); {
			case plan.records(rule.region, t):
			case rule.field != "":
				problems = append(problems, fmt.Errorf("%s: %s needs %s, which is not recorded in %s; record it there, or leave the rule out", rule.field, rule.name, t, rule.region))
			default:
				if missing[at] == nil {
					gaps = append(gaps, at)
				}
				missing[at] = append(missing[at], rule.name)
			}
		}
	}
	if noRecorder {
		problems = append(problems, fmt.Errorf("Rules.Set: nothing is recorded in %s, the home Region, so that no rule can be evaluated there; record something there, or choose the set %s", plan.home, NoRules))
	}
	for _, at := range gaps {
		problems = append(problems, fmt.Errorf("Rules.Set: %s is not recorded in %s, where these rules evaluate it: %s; record it, name the rules in Rules.Exclude, or choose a smaller set",
			at.resourceType, at.region, strings.Join(missing[at], ", ")))
	}
	return problems
}

// evaluatedRules are the declared rules, by "RULE in REGION".
type evaluatedRules map[string]*cfg.Rule

// newRules declares the rules after what is recorded in their Regions.
func (b *builder) newRules(recorded map[string][]pulumi.Resource) error {
	rules, out := b.args.Rules.plannedRules(b.plan)
	if err := b.tellLeftOut(out); err != nil {
		return err
	}
	b.rules = evaluatedRules{}
	for _, rule := range rules {
		made, err := b.newRule(rule, recorded[rule.region])
		if err != nil {
			return err
		}
		b.rules[rule.key()] = made
		b.ruleArns[rule.key()] = made.Arn
	}
	return nil
}

// tellLeftOut says at preview which rules of a set that was chosen by name are not evaluated: as a warning where the user can
// change it, else as information.
func (b *builder) tellLeftOut(out leftOut) error {
	if b.args.Rules.Set == "" || !b.ctx.DryRun() {
		return nil
	}
	if len(out.missing) > 0 {
		if err := b.ctx.Log.Info(fmt.Sprintf("rules of the set %s are left out where AWS does not have them: %s", b.args.Rules.Set, strings.Join(out.missing, ", ")), nil); err != nil {
			return err
		}
	}
	if len(out.uncovered) == 0 {
		return nil
	}
	return b.ctx.Log.Warn(fmt.Sprintf("rules of the set %s are left out, because AWS has them in %s only, where nothing is recorded: %s; cover that Region, or name them in Rules.Exclude",
		b.args.Rules.Set, northVirginia, strings.Join(out.uncovered, ", ")), nil)
}

func (b *builder) newRule(rule plannedRule, recorded []pulumi.Resource) (*cfg.Rule, error) {
	args := &cfg.RuleArgs{
		Name:        pulumi.String(b.ruleName(rule)),
		Description: pulumi.String(rule.description),
		Source:      rule.source(),
		Tags:        b.tags,
	}
	if len(rule.input) > 0 {
		args.InputParameters = pulumi.String(encodeInput(rule.input))
	}
	if rule.frequency != "" {
		args.MaximumExecutionFrequency = pulumi.String(rule.frequency)
	}
	if len(rule.scope) > 0 {
		args.Scope = &cfg.RuleScopeArgs{ComplianceResourceTypes: pulumi.ToStringArray(slices.Sorted(slices.Values(rule.scope)))}
	}
	return cfg.NewRule(b.ctx, b.name+"-rule-"+rule.name+"-"+rule.region, args, b.in(rule.region, recorded...)...)
}

// ruleName is the rule's name in AWS. The prefix keeps it from taking over a rule that is there already: AWS Config updates
// what has the name.
func (b *builder) ruleName(rule plannedRule) string { return b.prefix + "-" + rule.name }

// guardRuntime is the version of Guard that AWS Config runs:
// https://docs.aws.amazon.com/config/latest/APIReference/API_CustomPolicyDetails.html
const guardRuntime = "guard-2.x.x"

func (r plannedRule) source() cfg.RuleSourceArgs {
	if r.guard == "" {
		return cfg.RuleSourceArgs{Owner: pulumi.String("AWS"), SourceIdentifier: pulumi.String(r.identifier)}
	}
	var details cfg.RuleSourceSourceDetailArray
	for _, message := range []string{"ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification"} {
		details = append(details, cfg.RuleSourceSourceDetailArgs{EventSource: pulumi.String("aws.config"), MessageType: pulumi.String(message)})
	}
	return cfg.RuleSourceArgs{
		Owner: pulumi.String("CUSTOM_POLICY"),
		CustomPolicyDetails: cfg.RuleSourceCustomPolicyDetailsArgs{
			PolicyRuntime: pulumi.String(guardRuntime), PolicyText: pulumi.String(r.guard), EnableDebugLogDelivery: pulumi.Bool(false),
		},
		SourceDetails: details,
	}
}

// encodeInput renders parameters as AWS Config takes them: a JSON object of strings, sorted by name.
func encodeInput(input map[string]string) string {
	text, err := json.Marshal(input)
	if err != nil {
		panic(errors.Join(errors.New("strings always marshal"), err))
	}
	return string(text)
}
