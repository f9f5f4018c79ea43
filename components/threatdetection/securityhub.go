package threatdetection

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/securityhub"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newSecurityHubs declares Security Hub where it is wanted, its standards, the controls that are switched off, and the
// aggregation to the home Region (https://docs.aws.amazon.com/securityhub/latest/userguide/what-is-securityhub.html).
func (b *builder) newSecurityHubs() error {
	if b.args.SecurityHub.Omit {
		return nil
	}
	var ready []pulumi.Resource
	var unmanaged []string
	for _, region := range b.at.hubs {
		if slices.Contains(b.args.SecurityHub.Existing, region) {
			unmanaged = append(unmanaged, region)
			continue
		}
		hub, err := b.newSecurityHub(region)
		if err != nil {
			return err
		}
		ready = append(ready, hub)
		b.hubs[region] = hub.Arn
		if err := b.newStandards(region, hub); err != nil {
			return err
		}
	}
	b.gapIn(unmanaged, "Security Hub stays unmanaged in %s: standards and controls are its owner's (SecurityHub.Existing)")
	if !b.at.aggregated(b.args.SecurityHub) {
		return nil
	}
	linked := slices.DeleteFunc(slices.Clone(b.at.hubs), func(region string) bool { return region == b.at.home })
	_, err := securityhub.NewFindingAggregator(b.ctx, b.name+"-aggregator", &securityhub.FindingAggregatorArgs{
		LinkingMode: pulumi.String("SPECIFIED_REGIONS"), SpecifiedRegions: pulumi.ToStringArray(linked),
	}, b.in(b.at.home, ready...)...)
	return err
}

// newSecurityHub declares one finding per control, whichever standards have it, so that nothing is told once per standard.
func (b *builder) newSecurityHub(region string) (*securityhub.Account, error) {
	opts := b.in(region)
	if slices.Contains(b.args.SecurityHub.Adopt, region) {
		// What was switched on in the beginning cannot be read any more.
		opts = append(opts, pulumi.Import(pulumi.ID(b.where.ID)), pulumi.IgnoreChanges([]string{"enableDefaultStandards"}))
	}
	return securityhub.NewAccount(b.ctx, b.name+"-hub-"+region, &securityhub.AccountArgs{
		AutoEnableControls:      pulumi.Bool(true),
		ControlFindingGenerator: pulumi.String("SECURITY_CONTROL"),
		EnableDefaultStandards:  pulumi.Bool(false),
	}, opts...)
}

// newStandards declares a Region's standards one after the other: Security Hub refuses to change them while it still works
// at another change.
func (b *builder) newStandards(region string, hub pulumi.Resource) error {
	before := []pulumi.Resource{hub}
	for _, id := range b.args.SecurityHub.standards() {
		standard := standardOf(id)
		subscription, err := securityhub.NewStandardsSubscription(b.ctx, b.name+"-standard-"+standard.child+"-"+region, &securityhub.StandardsSubscriptionArgs{
			StandardsArn: pulumi.String(b.standardArn(region, standard)),
		}, b.in(region, before...)...)
		if err != nil {
			return err
		}
		before = []pulumi.Resource{hub, subscription}
		if err := b.newControls(region, standard, subscription); err != nil {
			return err
		}
	}
	return nil
}

// standardArn has no account, and that of the oldest standard no Region
// (https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html).
func (b *builder) standardArn(region string, standard knownStandard) string {
	if standard.ruleset {
		return b.at.in.ARN("securityhub", "", "", "ruleset/"+standard.id)
	}
	return b.at.in.ARN("securityhub", region, "", "standards/"+standard.id)
}

func (b *builder) newControls(region string, standard knownStandard, subscription pulumi.Resource) error {
	for _, control := range b.disabledControls(region, standard) {
		child := standard.child + "-" + strings.ToLower(strings.ReplaceAll(control.ID, ".", "-"))
		if _, err := securityhub.NewStandardsControlAssociation(b.ctx, b.name+"-control-"+child+"-"+region, &securityhub.StandardsControlAssociationArgs{
			StandardsArn:      pulumi.String(b.standardArn(region, standard)),
			SecurityControlId: pulumi.String(control.ID),
			AssociationStatus: pulumi.String("DISABLED"),
			UpdatedReason:     pulumi.String(control.Reason),
		}, b.in(region, subscription)...); err != nil {
			return err
		}
	}
	return nil
}

// disabledControls are those that are switched off in a standard in a Region. The user's reason wins.
func (b *builder) disabledControls(region string, standard knownStandard) (controls []DisabledControl) {
	for _, control := range b.args.SecurityHub.DisabledControls {
		if len(control.Standards) == 0 || slices.Contains(control.Standards, standard.id) {
			controls = append(controls, control)
		}
	}
	if !b.args.SecurityHub.DisableGlobalControls || region == b.at.home || optIn(region) {
		return controls
	}
	for _, id := range standard.global {
		if !slices.ContainsFunc(controls, func(c DisabledControl) bool { return c.ID == id }) {
			controls = append(controls, DisabledControl{ID: id, Reason: "IAM is global: " + b.at.home + " checks it"})
		}
	}
	return controls
}
