package configbaseline

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cfg"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// RemediationArgs are SSM documents of AWS that repair what rules find, by the names of Remediations. Each runs with a role
// of its own that may do only what the document does.
type RemediationArgs struct {
	// Automatic are documents that run by themselves when a resource breaks their rule; only safe ones can. Default: none.
	Automatic []string

	// Manual are documents that a person starts in the console, resource by resource. Default: none.
	Manual []string
}

// Remediation is an SSM document of AWS that repairs what rules find.
type Remediation struct {
	Name     string   // in settings, such as EnableKeyRotation
	Document string   // AWS's name of it
	Rules    []string // names of KnownRules that it repairs
	Safe     bool     // it breaks no running workload, so that it may run by itself
	Effect   string   // what it does
}

// Remediations returns the documents, the safe ones first.
func Remediations() []Remediation {
	known := make([]Remediation, len(remediations))
	for i, r := range remediations {
		known[i] = Remediation{Name: r.name, Document: r.document, Rules: slices.Clone(r.rules), Safe: r.safe, Effect: r.effect}
	}
	return known
}

// remediation is a line of the table of documents.
type remediation struct {
	name, document string
	rules          []string
	safe           bool
	role           string // suffix of the role's name; for ever
	resource       string // type of the resource that breaks the rule; "": the account as a whole
	parameter      string // what takes the resource's id; "": none does
	effect         string
	// static are further parameters, given those of the rule; nil: none.
	static func(in account.Account, rule map[string]string) map[string]string
	// statements are what the role may do besides runPermissions.
	statements func(in account.Account) []policy.Statement
}

// How automatic remediations try again, and how many run at a time:
// https://docs.aws.amazon.com/config/latest/APIReference/API_RemediationConfiguration.html
const (
	remediationAttempts     = 3
	remediationRetrySeconds = 60
	remediationConcurrency  = 10 // percent of the resources that break the rule
	remediationErrors       = 20 // percent that may fail before the others are left alone
)

// remediationProblems are all that is wrong with Remediation.
func (a *ConfigBaselineArgs) remediationProblems() []error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	active := a.Rules.activeNames()
	for _, list := range []struct {
		field string
		names []string
	}{{"Remediation.Automatic", a.Remediation.Automatic}, {"Remediation.Manual", a.Remediation.Manual}} {
		automatic := list.field == "Remediation.Automatic"
		for i, name := range list.names {
			field := fmt.Sprintf("%s[%d]", list.field, i)
			known, found := remediationNamed(name)
			switch {
			case !found:
				add("%s: %s", field, unknown(name, "remediation document", remediationNames()))
			case slices.Index(list.names, name) < i:
				add("%s: %q is %s[%d] already; remove one of them", field, name, list.field, slices.Index(list.names, name))
			case automatic && !known.safe:
				add("%s: %s can break what is running: %s Name it in Remediation.Manual", field, name, known.effect)
			case !automatic && slices.Contains(a.Remediation.Automatic, name):
				add("%s: %q runs by itself already, by Remediation.Automatic; remove one of them", field, name)
			case !slices.ContainsFunc(known.rules, func(rule string) bool { return slices.Contains(active, rule) }):
				add("%s: no rule is evaluated that %s repairs; evaluate %s, or leave it out", field, name, strings.Join(known.rules, " or "))
			}
		}
	}
	return problems
}

// activeNames are the known rules that the arguments ask for, those of Managed included.
func (a *RulesArgs) activeNames() []string {
	var names []string
	for _, rule := range a.active() {
		names = append(names, rule.Name)
	}
	for _, rule := range a.Managed {
		if known, found := ruleIdentifiedBy(rule.Identifier); found {
			names = append(names, known.Name)
		}
	}
	return names
}

func remediationNamed(name string) (remediation, bool) {
	i := slices.IndexFunc(remediations, func(r remediation) bool { return r.name == name })
	if i < 0 {
		return remediation{}, false
	}
	return remediations[i], true
}

func remediationNames() []string {
	names := make([]string, len(remediations))
	for i, r := range remediations {
		names[i] = r.name
	}
	return names
}

// newRemediations declares a role for each document, and its use by each rule that it repairs, wherever that is evaluated.
func (b *builder) newRemediations() error {
	rules, _ := b.args.Rules.plannedRules(b.plan)
	for _, r := range remediations {
		automatic := slices.Contains(b.args.Remediation.Automatic, r.name)
		if !automatic && !slices.Contains(b.args.Remediation.Manual, r.name) {
			continue
		}
		ready, err := b.newRemediationRole(r)
		if err != nil {
			return err
		}
		for _, rule := range rules {
			if !slices.Contains(r.rules, rule.of) {
				continue
			}
			if err := b.newRemediation(r, rule, automatic, ready); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *builder) newRemediationRole(r remediation) (ready []pulumi.Resource, err error) {
	name := b.name + "-remediation-" + r.name + "-role"
	role, err := iam.NewRole(b.ctx, name, &iam.RoleArgs{
		Name:             pulumi.String(b.remediationRoleName(r)),
		Description:      pulumi.String("Runs the document " + r.document + " for AWS Config"),
		AssumeRolePolicy: pulumi.String(remediationTrust(b.where).JSON()),
		Tags:             b.tags,
	}, b.in(b.plan.home)...)
	if err != nil {
		return nil, err
	}
	permissions, err := iam.NewRolePolicy(b.ctx, name+"-policy", &iam.RolePolicyArgs{
		Role: role.Name, Name: pulumi.String("run-document"), Policy: pulumi.String(r.permissions(b.where).JSON()),
	}, b.in(b.plan.home)...)
	return []pulumi.Resource{role, permissions}, err
}

func (b *builder) remediationRoleName(r remediation) string { return b.prefix + "-" + r.role }

// newRemediation declares what AWS Config does when a resource breaks the rule. The role's ARN is predicted from its name,
// so that a preview shows it.
func (b *builder) newRemediation(r remediation, rule plannedRule, automatic bool, ready []pulumi.Resource) error {
	args := &cfg.RemediationConfigurationArgs{
		ConfigRuleName: b.rules[rule.key()].Name,
		TargetType:     pulumi.String("SSM_DOCUMENT"),
		TargetId:       pulumi.String(r.document),
		Automatic:      pulumi.Bool(automatic),
		Parameters:     r.parameters(b.where, rule, b.where.IAM("role/"+b.remediationRoleName(r))),
		ExecutionControls: cfg.RemediationConfigurationExecutionControlsArgs{
			SsmControls: cfg.RemediationConfigurationExecutionControlsSsmControlsArgs{
				ConcurrentExecutionRatePercentage: pulumi.Int(remediationConcurrency),
				ErrorPercentage:                   pulumi.Int(remediationErrors),
			},
		},
	}
	if r.resource != "" {
		args.ResourceType = pulumi.String(r.resource)
	}
	if automatic {
		args.MaximumAutomaticAttempts = pulumi.Int(remediationAttempts)
		args.RetryAttemptSeconds = pulumi.Int(remediationRetrySeconds)
	}
	_, err := cfg.NewRemediationConfiguration(b.ctx, b.name+"-remediation-"+rule.name+"-"+rule.region, args, b.in(rule.region, ready...)...)
	return err
}

// parameters are the document's, sorted by name.
func (r remediation) parameters(in account.Account, rule plannedRule, role string) cfg.RemediationConfigurationParameterArray {
	static := map[string]string{}
	if r.static != nil {
		static = r.static(in, rule.input)
	}
	static["AutomationAssumeRole"] = role
	names := slices.Collect(maps.Keys(static))
	if r.parameter != "" {
		names = append(names, r.parameter)
	}
	var parameters cfg.RemediationConfigurationParameterArray
	for _, name := range slices.Sorted(slices.Values(names)) {
		parameter := cfg.RemediationConfigurationParameterArgs{Name: pulumi.String(name)}
		if name == r.parameter {
			parameter.ResourceValue = pulumi.String("RESOURCE_ID")
		} else {
			parameter.StaticValue = pulumi.String(static[name])
		}
		parameters = append(parameters, parameter)
	}
	return parameters
}

// permissions are what the role may do: what the document does, and no more.
func (r remediation) permissions(in account.Account) policy.Document {
	return policy.New(slices.Concat(runPermissions(in, r.document), r.statements(in))...)
}

// remediationTrust lets Systems Manager take the role for executions of this account only:
// https://docs.aws.amazon.com/systems-manager/latest/userguide/cross-service-confused-deputy-prevention.html
func remediationTrust(in account.Account) policy.Document {
	return policy.New(policy.Statement{
		Effect:    policy.Allow,
		Principal: policy.Service("ssm.amazonaws.com"),
		Action:    policy.List{"sts:AssumeRole"},
		Condition: policy.Condition{
			"StringEquals": {"aws:SourceAccount": policy.List{in.ID}},
			"ArnLike":      {"aws:SourceArn": policy.List{in.ARNIn("*", "ssm", "automation-execution/*")}},
		},
	})
}
