package configbaseline

import (
	"cmp"
	"slices"
	"strings"
)

// RuleSet is a choice of managed rules; each set holds the ones before it.
type RuleSet string

// The sets.
const (
	NoRules        RuleSet = "none"
	SeedRules      RuleSet = "seed"       // the seven that every account needs
	EssentialRules RuleSet = "essentials" // and those that a new account grows into
	FullRules      RuleSet = "full"       // all that KnownRules has
)

// ruleSets are in the order in which they grow.
var ruleSets = []RuleSet{NoRules, SeedRules, EssentialRules, FullRules}

// holds says whether the set has the rules that begin with another one.
func (s RuleSet) holds(other RuleSet) bool {
	return slices.Index(ruleSets, other) <= slices.Index(ruleSets, s)
}

// Trigger is what makes AWS Config evaluate a rule.
type Trigger string

// The triggers.
const (
	OnChange            Trigger = "change"              // a recorded resource changed
	Periodic            Trigger = "periodic"            // time passed
	OnChangeAndPeriodic Trigger = "change and periodic" // both
)

// periodic says whether the rule takes a frequency.
func (t Trigger) periodic() bool { return t != OnChange }

// Placement is where a rule has to be evaluated.
type Placement string

// The placements.
const (
	EachRegion    Placement = "each Region" // in every Region where its resources are
	Once          Placement = "home Region" // it looks at the whole account: more than once costs more and finds the same
	NorthVirginia Placement = "us-east-1"   // AWS has it there only; nowhere in other partitions
)

// KnownRule is a managed rule whose parameters, trigger and placement the baseline knows.
type KnownRule struct {
	Name       string      // AWS's name in lower case, such as restricted-ssh
	Identifier string      // what the API calls it, such as INCOMING_SSH_DISABLED
	Set        RuleSet     // the smallest set that holds it
	Trigger    Trigger     // what makes it evaluate
	Placement  Placement   // where it is evaluated
	Parameters []Parameter // all that it takes
	Finding    string      // what it means when a resource breaks it

	// ResourceTypes are what it evaluates; AWS::::Account stands for the account as a whole.
	ResourceTypes []string

	// MissingIn are the Regions in which AWS does not have it; for NorthVirginia, the Placement says it.
	MissingIn []string

	// Controls that it serves: CIS AWS Foundations Benchmark 3.0 and 5.0, Security Hub controls (FSBP), AWS Startup
	// Security Baseline.
	CIS3, CIS5, FSBP, SSB []string

	anyType bool // one recorded type of ResourceTypes is enough
}

// Parameter is an input parameter of a managed rule.
type Parameter struct {
	Name    string
	Kind    string // text, integer, boolean or list (values separated by commas)
	Default string // what is sent when nothing else is given; "": nothing
}

// KnownRules returns the managed rules that the baseline knows, set by set.
func KnownRules() []KnownRule {
	rules := make([]KnownRule, len(knownRules))
	for i, row := range knownRules {
		rules[i] = row.rule()
	}
	return rules
}

func knownRule(name string) (KnownRule, bool) {
	for _, row := range knownRules {
		if row.name == name {
			return row.rule(), true
		}
	}
	return KnownRule{}, false
}

func ruleIdentifiedBy(identifier string) (KnownRule, bool) {
	for _, row := range knownRules {
		if row.id() == identifier {
			return row.rule(), true
		}
	}
	return KnownRule{}, false
}

func ruleNames() []string {
	names := make([]string, len(knownRules))
	for i, row := range knownRules {
		names[i] = row.name
	}
	return names
}

// parameter is the parameter of that name.
func (r KnownRule) parameter(name string) (Parameter, bool) {
	i := slices.IndexFunc(r.Parameters, func(p Parameter) bool { return p.Name == name })
	if i < 0 {
		return Parameter{}, false
	}
	return r.Parameters[i], true
}

func (r KnownRule) parameterNames() []string {
	names := make([]string, len(r.Parameters))
	for i, p := range r.Parameters {
		names[i] = p.Name
	}
	return names
}

// needs are the types that have to be recorded, each of them, for the rule to find something. A periodic rule asks the service itself,
// save for those about IAM, which run only where IAM is recorded in some Region:
// https://docs.aws.amazon.com/config/latest/developerguide/access-keys-rotated.html
func (r KnownRule) needs() []string {
	var needed []string
	for _, t := range r.ResourceTypes {
		if !r.anyType && t != "AWS::"+wholeAccount && (r.Trigger != Periodic || slices.Contains(globalIAMTypes, t)) {
			needed = append(needed, t)
		}
	}
	return needed
}

// ruleRow is a line of the table of known rules.
type ruleRow struct {
	name                  string
	identifier            string // "": the name in capitals, with underscores
	set                   RuleSet
	trigger               Trigger
	where                 Placement // "": each Region
	types                 string    // without AWS::, separated by spaces
	anyType               bool
	cis3, cis5, fsbp, ssb string // separated by spaces
	parameters            []parameterRow
	finding               string
}

type parameterRow struct {
	name     string
	kind     string
	standard string // what is sent by default
}

// Kinds of parameters.
const (
	text    = "text"
	integer = "integer"
	boolean = "boolean"
	list    = "list"
)

func (row ruleRow) id() string {
	return cmp.Or(row.identifier, strings.ToUpper(strings.ReplaceAll(row.name, "-", "_")))
}

func (row ruleRow) rule() KnownRule {
	rule := KnownRule{
		Name: row.name, Identifier: row.id(), Set: row.set, Trigger: row.trigger, Placement: cmp.Or(row.where, EachRegion),
		Finding: row.finding, ResourceTypes: awsTypes(row.types), MissingIn: slices.Clone(missingIn[row.name]), anyType: row.anyType,
		CIS3: strings.Fields(row.cis3), CIS5: strings.Fields(row.cis5), FSBP: strings.Fields(row.fsbp), SSB: strings.Fields(row.ssb),
	}
	for _, p := range row.parameters {
		rule.Parameters = append(rule.Parameters, Parameter{Name: p.name, Kind: p.kind, Default: p.standard})
	}
	return rule
}
