package configbaseline

import (
	"cmp"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cfg"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
)

// newArchive makes the baseline's own archive, unless one is given.
func (b *builder) newArchive() error {
	if b.baseline.Archive == nil {
		own, err := logarchive.NewLogArchive(b.ctx, b.name+"-archive", b.args.ownArchive(b.args.NamePrefix), pulumi.Parent(b.baseline))
		if err != nil {
			return err
		}
		b.baseline.Archive = own
	}
	b.baseline.BucketName = b.baseline.Archive.DeliveryBucket
	return nil
}

// newChannel declares where a Region's snapshots and histories go, after everything that PutDeliveryChannel checks: the
// recorder (nil where it exists already), the bucket's policy and the key's. The key is named although the bucket
// encrypts with it by default, so that a delivery does not depend on the bucket's setting.
func (b *builder) newChannel(region string, recorder pulumi.Resource) ([]pulumi.Resource, error) {
	given := b.args.DeliveryChannels[region]
	if given.Existing != "" {
		return nil, nil
	}
	archive := b.baseline.Archive
	args := &cfg.DeliveryChannelArgs{
		Name:         pulumi.String(cmp.Or(given.Adopt, defaultName)),
		S3BucketName: archive.DeliveryBucket,
		SnapshotDeliveryProperties: cfg.DeliveryChannelSnapshotDeliveryPropertiesArgs{
			DeliveryFrequency: pulumi.String(b.args.snapshotFrequency()),
		},
	}
	if archive.TrailKeyPrefix != "" {
		args.S3KeyPrefix = pulumi.String(archive.TrailKeyPrefix)
	}
	if archive.HasKey {
		args.S3KmsKeyArn = archive.KeyArn
	}
	after := append([]pulumi.Resource(nil), archive.Ready...)
	if recorder != nil {
		after = append(after, recorder)
	}
	channel, err := cfg.NewDeliveryChannel(b.ctx, b.name+"-channel-"+region, args, b.in(region, after...)...)
	if err != nil {
		return nil, err
	}
	return []pulumi.Resource{channel}, nil
}
