// Package hardening locks an AWS account before anybody moves in: the IAM password policy, S3 block public access, EBS
// encryption, no public snapshots and AMIs, IMDSv2, no serial console, alternate contacts, the roles for support and audit,
// and on request empty default security groups.
package hardening

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

const token = "account-baseline:index:AccountHardening"

// AccountHardening is what is locked in an account and its covered Regions.
type AccountHardening struct {
	pulumi.ResourceState

	Regions        pulumi.StringArrayOutput `pulumi:"regions"`        // that are hardened, sorted
	Hardenings     pulumi.StringArrayOutput `pulumi:"hardenings"`     // names of those that the stack manages
	Weakenings     pulumi.StringArrayOutput `pulumi:"weakenings"`     // what asks for less than the defaults
	Stays          pulumi.StringArrayOutput `pulumi:"stays"`          // what `pulumi destroy` leaves as it is, in a sentence each
	SupportRoleArn pulumi.StringOutput      `pulumi:"supportRoleArn"` // "" without the role
	AuditRoleArn   pulumi.StringOutput      `pulumi:"auditRoleArn"`   // "" without the role
	// EmptiedSecurityGroups are the ids of the emptied default security groups, by VPC.
	EmptiedSecurityGroups pulumi.StringMapOutput `pulumi:"emptiedSecurityGroups"`
}

// builder carries what every child needs.
type builder struct {
	ctx       *pulumi.Context
	name      string // the component's
	prefix    string // of physical names
	args      *AccountHardeningArgs
	where     account.Account // of the home Region
	covered   []string        // Regions, sorted
	hardening *AccountHardening
	tags      pulumi.StringMapInput

	names, stays           []string
	supportRole, auditRole pulumi.StringOutput
	emptied                pulumi.StringMap
}

// NewAccountHardening registers the component and its resources. It declares nothing when the arguments are wrong: the
// error names every wrong field. What asks for less than the defaults is said by every preview.
func NewAccountHardening(ctx *pulumi.Context, name string, args *AccountHardeningArgs, opts ...pulumi.ResourceOption) (*AccountHardening, error) {
	if args == nil {
		args = &AccountHardeningArgs{}
	}
	refused := func(err error) error { return fmt.Errorf("account hardening %q: %w", name, err) }
	if err := args.Validate(); err != nil {
		return nil, refused(err)
	}
	b := &builder{
		ctx: ctx, name: name, prefix: naming.Prefix(ctx, name, args.NamePrefix), args: args, tags: account.Tags(ctx, args.Tags),
		hardening: &AccountHardening{}, names: []string{}, stays: []string{},
		supportRole: pulumi.String("").ToStringOutput(), auditRole: pulumi.String("").ToStringOutput(), emptied: pulumi.StringMap{},
	}
	if err := ctx.RegisterComponentResourceV2(token, name, pulumi.Map{}, b.hardening, opts...); err != nil {
		return nil, err
	}
	if err := b.locate(); err != nil {
		return nil, refused(err)
	}
	if err := errors.Join(b.warn(), b.build()); err != nil {
		return nil, err
	}
	return b.hardening, ctx.RegisterResourceOutputs(b.hardening, b.outputs())
}

// locate finds out where the component is, and refuses what does not fit there.
func (b *builder) locate() (err error) {
	if b.where, err = account.Of(b.ctx, b.hardening); err != nil {
		return err
	}
	home := b.where.Region
	b.covered = []string{home}
	if b.args.Regions != nil {
		b.covered = slices.Sorted(slices.Values(b.args.Regions.Covered()))
		if given := b.args.Regions.HomeRegion(); given != home {
			return fmt.Errorf("field Regions: the home Region is %s, but the provider of the component works in %s; give the component the home Region's provider", given, home)
		}
	}
	return errors.Join(b.args.checkPlaces(home, b.covered), b.checkTrusts())
}

// warn says at preview what asks for less than the defaults.
func (b *builder) warn() error {
	if !b.ctx.DryRun() {
		return nil
	}
	for _, weakening := range b.args.Weakenings() {
		if err := b.ctx.Log.Warn(fmt.Sprintf("account hardening %q asks for less than the baseline: %s", b.name, weakening), nil); err != nil {
			return err
		}
	}
	return nil
}

// build declares every row of the table that is wanted, in each place that it is for.
func (b *builder) build() error {
	for _, row := range table {
		if !row.wanted(b.args) || slices.Contains(b.args.Existing, row.Name) {
			continue
		}
		regions := b.covered
		if row.Scope == PerAccount {
			regions = []string{b.where.Region}
		}
		for _, region := range regions {
			if slices.Contains(b.args.MissingIn[region], row.Name) {
				continue
			}
			if err := row.declare(b, region, b.adopting(row, region)...); err != nil {
				return fmt.Errorf("%s: %w", row.Name, err)
			}
		}
		b.names = append(b.names, string(row.Name))
		if row.Stays {
			b.stays = append(b.stays, string(row.Name)+": "+row.Destroy)
		}
	}
	return nil
}

// in are the options of a child in a Region: its parent and the Region's provider.
func (b *builder) in(region string) []pulumi.ResourceOption {
	opts := []pulumi.ResourceOption{pulumi.Parent(b.hardening)}
	if b.args.Regions != nil {
		opts = append(opts, pulumi.Provider(b.args.Regions.For(region)))
	}
	return slices.Clip(opts)
}

// adopting are the options of a row's resource, which is imported where the arguments say so.
func (b *builder) adopting(row Hardening, region string) []pulumi.ResourceOption {
	opts := b.in(region)
	if slices.Contains(b.args.Adopt, row.Name) {
		opts = append(opts, pulumi.Import(pulumi.ID(row.importID(b))))
	}
	return opts
}

func (b *builder) outputs() pulumi.Map {
	h := b.hardening
	h.Regions = pulumi.ToStringArray(b.covered).ToStringArrayOutput()
	h.Hardenings = pulumi.ToStringArray(b.names).ToStringArrayOutput()
	h.Weakenings = pulumi.ToStringArray(b.args.Weakenings()).ToStringArrayOutput()
	h.Stays = pulumi.ToStringArray(b.stays).ToStringArrayOutput()
	h.SupportRoleArn, h.AuditRoleArn = b.supportRole, b.auditRole
	h.EmptiedSecurityGroups = b.emptied.ToStringMapOutput()
	return pulumi.Map{
		"regions": h.Regions, "hardenings": h.Hardenings, "weakenings": h.Weakenings, "stays": h.Stays,
		"supportRoleArn": h.SupportRoleArn, "auditRoleArn": h.AuditRoleArn, "emptiedSecurityGroups": h.EmptiedSecurityGroups,
	}
}
