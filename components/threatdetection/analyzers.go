package threatdetection

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/accessanalyzer"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newAnalyzers declares the external access analyzers, one in every covered Region, and the unused access analyzer
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html).
func (b *builder) newAnalyzers() error {
	args := b.args.AccessAnalyzer
	if args.Omit {
		b.gap("IAM Access Analyzer is left out: nobody looks for what is open to other accounts (AccessAnalyzer.Omit)")
		return nil
	}
	var unmanaged []string
	for _, region := range b.at.covered {
		given := args.Analyzers[region]
		if given.Existing != "" {
			unmanaged = append(unmanaged, region)
			continue
		}
		analyzer, err := accessanalyzer.NewAnalyzer(b.ctx, b.name+"-external-access-"+region, &accessanalyzer.AnalyzerArgs{
			AnalyzerName: pulumi.String(nameOr(given.Adopt, b.prefix+"-external-access")),
			Type:         pulumi.String("ACCOUNT"),
			Tags:         b.tags,
		}, adopting(b.in(region), given.Adopt)...)
		if err != nil {
			return err
		}
		b.analyzers[region] = analyzer.Arn
		if err := b.newArchiveRules(region, analyzer); err != nil {
			return err
		}
	}
	b.gapIn(unmanaged, "External access analyzers stay unmanaged in %s: their archive rules are their owner's (AccessAnalyzer.Analyzers)")
	return b.newUnusedAccess()
}

func (b *builder) newUnusedAccess() error {
	args := b.args.AccessAnalyzer
	if !args.UnusedAccess || args.UnusedAnalyzer.Existing != "" {
		return nil
	}
	adopt := args.UnusedAnalyzer.Adopt
	_, err := accessanalyzer.NewAnalyzer(b.ctx, b.name+"-unused-access", &accessanalyzer.AnalyzerArgs{
		AnalyzerName: pulumi.String(nameOr(adopt, b.prefix+"-unused-access")),
		Type:         pulumi.String("ACCOUNT_UNUSED_ACCESS"),
		Configuration: accessanalyzer.AnalyzerConfigurationArgs{UnusedAccess: accessanalyzer.AnalyzerConfigurationUnusedAccessArgs{
			UnusedAccessAge: pulumi.Int(args.unusedAccessAge()),
		}},
		Tags: b.tags,
		// Its age cannot be changed, and the name is taken as long as the old one exists.
	}, append(adopting(b.in(b.at.home), adopt), pulumi.DeleteBeforeReplace(true))...)
	return err
}

func (b *builder) newArchiveRules(region string, analyzer *accessanalyzer.Analyzer) error {
	for _, rule := range b.args.AccessAnalyzer.ArchiveRules {
		filters := accessanalyzer.ArchiveRuleFilterArray{}
		for _, key := range slices.Sorted(maps.Keys(rule.Equals)) {
			filters = append(filters, accessanalyzer.ArchiveRuleFilterArgs{Criteria: pulumi.String(key), Eqs: pulumi.ToStringArray(rule.Equals[key])})
		}
		for _, key := range slices.Sorted(maps.Keys(rule.Contains)) {
			filters = append(filters, accessanalyzer.ArchiveRuleFilterArgs{Criteria: pulumi.String(key), Contains: pulumi.ToStringArray(rule.Contains[key])})
		}
		if _, err := accessanalyzer.NewArchiveRule(b.ctx, b.name+"-archive-rule-"+rule.Name+"-"+region, &accessanalyzer.ArchiveRuleArgs{
			AnalyzerName: analyzer.AnalyzerName,
			RuleName:     pulumi.String(rule.Name),
			Filters:      filters,
		}, b.in(region)...); err != nil {
			return err
		}
	}
	return nil
}

// nameOr is the name of what is adopted, or else the own one.
func nameOr(adopted, own string) string {
	if adopted != "" {
		return adopted
	}
	return own
}
