package threatdetection

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/inspector2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/macie2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newInspectors declares Amazon Inspector where it is wanted (https://docs.aws.amazon.com/inspector/latest/user/what-is-inspector.html).
func (b *builder) newInspectors() error {
	var codeUnscanned []string
	for _, region := range b.at.inspector {
		types := b.args.Inspector.resourceTypes()
		if slices.Contains(types, lambdaCode) && !slices.Contains(lambdaCodeRegions, region) {
			codeUnscanned = append(codeUnscanned, region)
			types = slices.DeleteFunc(slices.Clone(types), func(scanned string) bool { return scanned == lambdaCode })
		}
		if _, err := inspector2.NewEnabler(b.ctx, b.name+"-inspector-"+region, &inspector2.EnablerArgs{
			AccountIds:    pulumi.StringArray{pulumi.String(b.where.ID)},
			ResourceTypes: pulumi.ToStringArray(types),
		}, b.in(region)...); err != nil {
			return err
		}
	}
	b.gapIn(codeUnscanned, "Inspector does not scan the code of functions in %s, which are not known to have that (Inspector.ResourceTypes)")
	b.gapIn(b.at.withoutInspector, "Inspector is left out in %s, which are not known to have it (Inspector.Regions)")
	return nil
}

// lambdaCodeRegions are those where Inspector scans the code of functions
// (https://docs.aws.amazon.com/config/latest/developerguide/inspector-lambda-code-scan-enabled.html).
var lambdaCodeRegions = []string{
	"ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "us-east-1", "us-east-2", "us-west-2",
}

const lambdaCode = "LAMBDA_CODE"

// newMacies declares Amazon Macie where it is wanted (https://docs.aws.amazon.com/macie/latest/user/what-is-macie.html).
func (b *builder) newMacies() error {
	for _, region := range b.at.macie {
		if _, err := macie2.NewAccount(b.ctx, b.name+"-macie-"+region, &macie2.AccountArgs{
			FindingPublishingFrequency: pulumi.String(b.args.Macie.publishingFrequency()),
			Status:                     pulumi.String("ENABLED"),
		}, b.in(region)...); err != nil {
			return err
		}
	}
	b.gapIn(b.at.withoutMacie, "Macie is left out in %s, which are not known to have it (Macie.Regions)")
	return nil
}
