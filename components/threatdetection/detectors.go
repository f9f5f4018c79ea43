package threatdetection

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/guardduty"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newDetectors declares one detector in every covered Region, with every plan that the Region has.
func (b *builder) newDetectors() error {
	if b.args.OmitGuardDuty {
		b.gap("GuardDuty is left out: nobody looks for intruders in this account (OmitGuardDuty)")
		return nil
	}
	var unmanaged []string
	for _, region := range b.at.covered {
		if id := b.args.Detectors[region].Existing; id != "" {
			b.detectors[region] = pulumi.String(id)
			unmanaged = append(unmanaged, region)
			continue
		}
		detector, err := b.newDetector(region)
		if err != nil {
			return err
		}
		b.detectors[region] = detector.ID().ToStringOutput()
		b.managed = append(b.managed, region)
		if err := b.newPlans(region, detector); err != nil {
			return err
		}
	}
	b.gapIn(unmanaged, "GuardDuty's detectors stay unmanaged in %s: plans, filters, lists and export are their owner's (Detectors)")
	if skipped := b.skippedPlans(); skipped != "" {
		b.gap("Plans are skipped where AWS does not offer them: %s", skipped)
		return b.ctx.Log.Info("GuardDuty: plans that a Region lacks are skipped there: "+skipped, &pulumi.LogArgs{Resource: b.detection})
	}
	return nil
}

// newDetector declares a Region's detector. Deleting it ends its plans, and with them their cost
// (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DeleteDetector.html).
func (b *builder) newDetector(region string) (*guardduty.Detector, error) {
	opts := adopting(b.in(region), b.args.Detectors[region].Adopt)
	if b.args.KeepDetectors {
		opts = append(opts, pulumi.RetainOnDelete(true))
	}
	return guardduty.NewDetector(b.ctx, b.name+"-detector-"+region, &guardduty.DetectorArgs{
		Enable:                     pulumi.Bool(true),
		FindingPublishingFrequency: pulumi.String(b.args.publishingFrequency()),
		Tags:                       b.tags,
	}, opts...)
}

// newPlans states every plan as on or off, because a new detector switches most of them on and deleting the resource of
// one does not switch it off
// (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html).
func (b *builder) newPlans(region string, detector *guardduty.Detector) error {
	for _, plan := range plans {
		if !plan.in(region, b.at.in) || slices.Contains(b.args.MissingPlans[region], plan.Plan) {
			b.skipped = append(b.skipped, string(plan.Plan)+" in "+region)
			b.lacking[plan.Plan] = append(b.lacking[plan.Plan], region)
			continue
		}
		additional := guardduty.DetectorFeatureAdditionalConfigurationArray{}
		for _, agent := range plan.Agents {
			additional = append(additional, guardduty.DetectorFeatureAdditionalConfigurationArgs{
				Name: pulumi.String(agent), Status: pulumi.String(status(b.args.RuntimeAgents[agent])),
			})
		}
		args := &guardduty.DetectorFeatureArgs{
			DetectorId: detector.ID(),
			Name:       pulumi.String(plan.Plan),
			Status:     pulumi.String(status(b.args.isOn(plan))),
		}
		if len(additional) > 0 {
			args.AdditionalConfigurations = additional
		}
		if _, err := guardduty.NewDetectorFeature(b.ctx, b.name+"-plan-"+plan.child+"-"+region, args, b.in(region)...); err != nil {
			return err
		}
	}
	return nil
}
