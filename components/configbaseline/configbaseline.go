// Package configbaseline records how every resource changes, and whether it obeys: AWS Config in every covered Region,
// delivered to an archive, with rules, remediation, alerts, and one view over all Regions.
package configbaseline

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
)

const token = "account-baseline:index:ConfigBaseline"

// ConfigBaseline is AWS Config in every covered Region.
type ConfigBaseline struct {
	pulumi.ResourceState

	RecorderNames pulumi.StringMapOutput `pulumi:"recorderNames"` // by Region
	RoleArn       pulumi.StringOutput    `pulumi:"roleArn"`       // of the service-linked role
	BucketName    pulumi.StringOutput    `pulumi:"bucketName"`    // where snapshots and histories are delivered
	AggregatorArn pulumi.StringOutput    `pulumi:"aggregatorArn"` // empty with OmitAggregator
	RuleArns      pulumi.StringMapOutput `pulumi:"ruleArns"`      // by RULE in REGION, such as "restricted-ssh in eu-west-1"

	// Archive is where snapshots and histories are delivered: the given one, or its own.
	Archive *logarchive.LogArchive
}

// builder carries what every child needs.
type builder struct {
	ctx       *pulumi.Context
	name      string // the component's
	prefix    string // of physical names
	args      *ConfigBaselineArgs
	where     account.Account // of the home Region
	plan      recordingPlan
	baseline  *ConfigBaseline
	tags      pulumi.StringMapInput
	role      []pulumi.Resource // the service-linked role; none where it exists already
	recorders pulumi.StringMap  // names by Region
	ruleArns  pulumi.StringMap  // filled by newRules, by "RULE in REGION"
	rules     evaluatedRules    // made by newRules
}

// NewConfigBaseline registers the component and its resources. It declares nothing when the arguments are wrong: the error
// names every wrong field.
func NewConfigBaseline(ctx *pulumi.Context, name string, args *ConfigBaselineArgs, opts ...pulumi.ResourceOption) (*ConfigBaseline, error) {
	if args == nil {
		args = &ConfigBaselineArgs{}
	}
	refused := func(err error) error { return fmt.Errorf("config baseline %q: %w", name, err) }
	b := &builder{
		ctx: ctx, name: name, prefix: naming.Prefix(ctx, name, args.NamePrefix), args: args, tags: account.Tags(ctx, args.Tags),
		baseline: &ConfigBaseline{Archive: args.Archive}, recorders: pulumi.StringMap{}, ruleArns: pulumi.StringMap{},
	}
	var err error
	b.plan, err = args.check()
	if err = errors.Join(err, args.unheard()); err != nil {
		return nil, refused(err)
	}
	if err := ctx.RegisterComponentResourceV2(token, name, pulumi.Map{}, b.baseline, opts...); err != nil {
		return nil, err
	}
	if err := b.locate(); err != nil {
		return nil, refused(err)
	}
	if err := b.build(); err != nil {
		return nil, err
	}
	baseline := b.baseline
	return baseline, ctx.RegisterResourceOutputs(baseline, pulumi.Map{
		"recorderNames": baseline.RecorderNames,
		"roleArn":       baseline.RoleArn,
		"bucketName":    baseline.BucketName,
		"aggregatorArn": baseline.AggregatorArn,
		"ruleArns":      baseline.RuleArns,
	})
}

// Validate returns all that is wrong with the arguments, each problem naming its field. NewConfigBaseline calls it first; who
// composes components may call it before registering any, and before there is a hub to give as Alerts. What depends on the Region of the own provider, without
// Regions, is judged by NewConfigBaseline only.
func (a *ConfigBaselineArgs) Validate() error {
	_, err := a.check()
	return err
}

// check comes before anything is registered. Without Regions the plan has to wait for the Region of the own provider.
func (a *ConfigBaselineArgs) check() (recordingPlan, error) {
	err := a.validate()
	if a.Regions == nil {
		return recordingPlan{}, err
	}
	plan, planErr := a.planFor(a.Regions.HomeRegion(), a.Regions.GlobalRegion(), a.Regions.Covered())
	return plan, errors.Join(err, planErr)
}

// locate finds out where the component is.
func (b *builder) locate() (err error) {
	if b.where, err = account.Of(b.ctx, b.baseline); err != nil {
		return err
	}
	if err := b.args.checkRegion(b.where.Region); err != nil || b.args.Regions != nil {
		return err
	}
	in, known := partition.ByID(b.where.Partition)
	if !known {
		return fmt.Errorf("the partition %q is unknown", b.where.Partition)
	}
	b.plan, err = b.args.planFor(b.where.Region, in.GlobalRegion, []string{b.where.Region})
	return err
}

// build declares the children as configurations flow: archive, role, recorders, rules and their repair, then who is told.
func (b *builder) build() error {
	if err := b.newArchive(); err != nil {
		return err
	}
	if err := b.newRole(); err != nil {
		return err
	}
	recorded := map[string][]pulumi.Resource{}
	for _, region := range b.plan.regions() {
		resources, err := b.newRecorder(region)
		if err != nil {
			return err
		}
		if err := b.newHistoryRetention(region, resources); err != nil {
			return err
		}
		recorded[region] = resources
	}
	b.baseline.RecorderNames = b.recorders.ToStringMapOutput()
	if err := b.newRules(recorded); err != nil {
		return err
	}
	b.baseline.RuleArns = b.ruleArns.ToStringMapOutput()
	if err := b.newRemediations(); err != nil {
		return err
	}
	if err := b.newConformancePacks(recorded); err != nil {
		return err
	}
	if err := b.newAggregator(); err != nil {
		return err
	}
	return b.newAlerts()
}

// in are the options of a child in a Region: its parent, the Region's provider, and what has to exist before.
func (b *builder) in(region string, after ...pulumi.Resource) []pulumi.ResourceOption {
	opts := []pulumi.ResourceOption{pulumi.Parent(b.baseline)}
	if b.args.Regions != nil {
		opts = append(opts, pulumi.Provider(b.args.Regions.For(region)))
	}
	if len(after) > 0 {
		opts = append(opts, pulumi.DependsOn(after))
	}
	return opts
}
