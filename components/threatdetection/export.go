package threatdetection

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/guardduty"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newExports declares where findings of each Region are kept: below AWSLogs/ACCOUNT/GuardDuty/REGION/ of the delivery
// archive, after the policies that GuardDuty checks
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html).
func (b *builder) newExports() error {
	if b.args.OmitGuardDuty {
		return nil
	}
	if reason := b.args.noExport(); reason != "" {
		b.gap("Findings are kept by GuardDuty alone, for 90 days, and are not exported: %s", reason)
		return nil
	}
	archive := b.args.Archive
	var beyond []string
	for _, region := range b.managed {
		if region != b.at.home && optIn(b.at.home) {
			beyond = append(beyond, region)
			continue
		}
		if _, err := guardduty.NewPublishingDestination(b.ctx, b.name+"-export-"+region, &guardduty.PublishingDestinationArgs{
			DetectorId:     b.detectors[region],
			DestinationArn: pulumi.String(b.where.Bucket(archive.DeliveryBucketName)),
			KmsKeyArn:      archive.KeyArn,
		}, b.in(region, slices.Clone(archive.Ready)...)...); err != nil {
			return err
		}
		b.exported = append(b.exported, region)
	}
	b.gapIn(beyond, "Findings are not exported from %s: GuardDuty does not export from another Region to %s, which is disabled by default", b.at.home)
	return nil
}

// noExport says why there is no export; nothing when there is one.
func (a *ThreatDetectionArgs) noExport() string {
	switch {
	case a.OmitExport:
		return "they are to stay where they are (OmitExport)"
	case a.Archive == nil:
		return "there is no archive (Archive)"
	case !a.Archive.OwnsBuckets || a.Archive.DeliveryBucketName == "":
		return "the archive has no delivery bucket of its own"
	case !a.Archive.HasKey:
		return fmt.Sprintf("the archive %s has no key, and GuardDuty exports with a customer-managed key only", a.Archive.DeliveryBucketName)
	}
	return ""
}
