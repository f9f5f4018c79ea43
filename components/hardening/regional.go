package hardening

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// nameIn is the name of a row's resource in a Region.
func (b *builder) nameIn(row Name, region string) string {
	return b.name + "-" + string(row) + "-" + region
}

func (b *builder) newEBSEncryption(region string, opts ...pulumi.ResourceOption) error {
	_, err := ebs.NewEncryptionByDefault(b.ctx, b.nameIn(EBSEncryption, region), &ebs.EncryptionByDefaultArgs{
		Enabled: pulumi.Bool(true),
	}, opts...)
	return err
}

func (b *builder) newEBSKey(region string, opts ...pulumi.ResourceOption) error {
	key := b.args.EBSKeys[region]
	if key == nil {
		return nil
	}
	_, err := ebs.NewDefaultKmsKey(b.ctx, b.nameIn(EBSKey, region), &ebs.DefaultKmsKeyArgs{
		KeyArn: key,
		// A Region has one: deleting the old one last would put AWS's key in the new one's place.
	}, append(opts, pulumi.DeleteBeforeReplace(true))...)
	return err
}

func (b *builder) newSnapshotBlock(region string, opts ...pulumi.ResourceOption) error {
	_, err := ebs.NewSnapshotBlockPublicAccess(b.ctx, b.nameIn(SnapshotPublicAccess, region), &ebs.SnapshotBlockPublicAccessArgs{
		State: pulumi.String(b.args.snapshotPublicAccess()),
	}, opts...)
	return err
}

func (b *builder) newImageBlock(region string, opts ...pulumi.ResourceOption) error {
	_, err := newImageBlockPublicAccess(b.ctx, b.nameIn(ImagePublicAccess, region), &imageBlockPublicAccessArgs{
		State: pulumi.String(b.args.imagePublicAccess()),
	}, opts...)
	return err
}

func (b *builder) newMetadataDefaults(region string, opts ...pulumi.ResourceOption) error {
	_, err := newInstanceMetadataDefaults(b.ctx, b.nameIn(InstanceMetadata, region), &instanceMetadataDefaultsArgs{
		HttpTokens:              pulumi.String(b.args.InstanceMetadata.tokens()),
		HttpPutResponseHopLimit: pulumi.Int(b.args.InstanceMetadata.hopLimit()),
	}, opts...)
	return err
}

func (b *builder) newSerialConsole(region string, opts ...pulumi.ResourceOption) error {
	_, err := newSerialConsoleAccess(b.ctx, b.nameIn(SerialConsole, region), &serialConsoleAccessArgs{
		Enabled: pulumi.Bool(b.args.SerialConsole),
	}, opts...)
	return err
}
