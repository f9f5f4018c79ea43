package configbaseline

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cfg"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ConformancePack is a set of rules that is deployed as one. Its rules cannot be repaired by Remediation, and each
// evaluation of one of them costs $0.001.
type ConformancePack struct {
	// Name of the pack; in AWS it is PREFIX-NAME. Required: a letter, then at most 50 letters, digits and hyphens. A change
	// replaces the pack.
	Name string

	// Template is s3://bucket/key of a template in a bucket of the pack's Region, or the template itself, at most 51,200
	// characters. Required. AWS's sample templates have to be given in one of these ways, too: no API resolves their names.
	Template string

	// Parameters of the template, at most 60. Default: none.
	Parameters map[string]string

	// Regions are where it is deployed. Default: the home Region.
	Regions []string
}

// Limits of AWS Config: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html
const (
	maxPackTemplate    = 51_200
	maxPackURI         = 1024
	maxPackParameters  = 60
	maxPackParameter   = 255
	maxPackValue       = 4096
	maxConformancePack = 50 // in an account and Region
)

// samplePacks is where AWS keeps its sample templates.
const samplePacks = "https://github.com/awslabs/aws-config-rules/tree/master/aws-config-conformance-packs"

var (
	conformancePackName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,50}$`)
	templateURI         = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+$`)
	templateResources   = regexp.MustCompile(`(^|[\s{,])"?Resources"?\s*:`)
)

// packProblems are all that is wrong with ConformancePacks.
func (a *ConfigBaselineArgs) packProblems() []error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if n := len(a.ConformancePacks); n > maxConformancePack {
		add("ConformancePacks: %d packs are given, an account takes at most %d in a Region", n, maxConformancePack)
	}
	for i, pack := range a.ConformancePacks {
		field := fmt.Sprintf("ConformancePacks[%d]", i)
		if first := slices.IndexFunc(a.ConformancePacks, func(p ConformancePack) bool { return p.Name == pack.Name }); first < i {
			add("%s.Name: %q is the name of ConformancePacks[%d] already; choose another", field, pack.Name, first)
		}
		problems = append(problems, pack.problems(field)...)
	}
	return problems
}

func (p ConformancePack) problems(field string) []error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if !conformancePackName.MatchString(p.Name) {
		add("%s.Name: %q is no name of a conformance pack: a letter, then at most 50 letters, digits and hyphens", field, p.Name)
	}
	switch n := utf8.RuneCountInString(p.Template); {
	case strings.TrimSpace(p.Template) == "":
		add("%s.Template: the template is missing: give s3://bucket/key, or its text", field)
	case p.inS3() && !templateURI.MatchString(p.Template):
		add("%s.Template: %q is not s3://bucket/key", field, p.Template)
	case p.inS3() && n > maxPackURI:
		add("%s.Template: the address has %d characters, at most %d are possible", field, n, maxPackURI)
	case !p.inS3() && !strings.ContainsAny(p.Template, "\n:"):
		add("%s.Template: %q is the name of a template; AWS Config does not resolve the names of its samples, so give the template's text, or upload it and give s3://bucket/key (the samples are in %s)", field, p.Template, samplePacks)
	case !p.inS3() && !templateResources.MatchString(p.Template):
		add("%s.Template: the text has no Resources, so that it is no template of a conformance pack", field)
	case !p.inS3() && n > maxPackTemplate:
		add("%s.Template: it has %d characters, at most %d are possible; upload it and give s3://bucket/key", field, n, maxPackTemplate)
	}
	if n := len(p.Parameters); n > maxPackParameters {
		add("%s.Parameters: %d are given, at most %d are possible", field, n, maxPackParameters)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Parameters)) {
		if n := len(name); n < 1 || n > maxPackParameter {
			add("%s.Parameters[%q]: the name has %d characters, 1 to %d are possible", field, name, n, maxPackParameter)
		}
		if n := utf8.RuneCountInString(p.Parameters[name]); n > maxPackValue {
			add("%s.Parameters[%q]: the value has %d characters, at most %d are possible", field, name, n, maxPackValue)
		}
	}
	return problems
}

func (p ConformancePack) inS3() bool { return strings.HasPrefix(p.Template, "s3://") }

// newConformancePacks declares the packs after what is recorded in their Regions.
func (b *builder) newConformancePacks(recorded map[string][]pulumi.Resource) error {
	for _, pack := range b.args.ConformancePacks {
		args := &cfg.ConformancePackArgs{Name: pulumi.String(b.prefix + "-" + pack.Name)}
		if pack.inS3() {
			args.TemplateS3Uri = pulumi.String(pack.Template)
		} else {
			args.TemplateBody = pulumi.String(pack.Template)
		}
		var parameters cfg.ConformancePackInputParameterArray
		for _, name := range slices.Sorted(maps.Keys(pack.Parameters)) {
			parameters = append(parameters, cfg.ConformancePackInputParameterArgs{
				ParameterName: pulumi.String(name), ParameterValue: pulumi.String(pack.Parameters[name]),
			})
		}
		if len(parameters) > 0 {
			args.InputParameters = parameters
		}
		for _, region := range orHome(pack.Regions, b.plan) {
			name := b.name + "-pack-" + pack.Name + "-" + region
			if _, err := cfg.NewConformancePack(b.ctx, name, args, b.in(region, recorded[region]...)...); err != nil {
				return err
			}
		}
	}
	return nil
}
