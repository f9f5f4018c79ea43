package threatdetection

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/inspector2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/macie2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newInspectors declares Amazon Inspector where it is wanted (https://docs.aws.amazon.com/inspector/latest/user/what-is-inspector.html).
func (b *builder) newInspectors() error {
	for _, region := range b.args.Inspector.Regions {
		if _, err := inspector2.NewEnabler(b.ctx, b.name+"-inspector-"+region, &inspector2.EnablerArgs{
			AccountIds:    pulumi.StringArray{pulumi.String(b.where.ID)},
			ResourceTypes: pulumi.ToStringArray(b.args.Inspector.resourceTypes()),
		}, b.in(region)...); err != nil {
			return err
		}
	}
	return nil
}

// newMacies declares Amazon Macie where it is wanted (https://docs.aws.amazon.com/macie/latest/user/what-is-macie.html).
func (b *builder) newMacies() error {
	for _, region := range b.args.Macie.Regions {
		if _, err := macie2.NewAccount(b.ctx, b.name+"-macie-"+region, &macie2.AccountArgs{
			FindingPublishingFrequency: pulumi.String(b.args.Macie.publishingFrequency()),
			Status:                     pulumi.String("ENABLED"),
		}, b.in(region)...); err != nil {
			return err
		}
	}
	return nil
}
