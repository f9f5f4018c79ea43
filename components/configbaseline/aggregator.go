package configbaseline

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cfg"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/naming"

	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// newAggregator makes one view over the covered Regions, of this account and further ones, or of the organization
// (https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html).
func (b *builder) newAggregator() error {
	b.baseline.AggregatorArn = pulumi.String("").ToStringOutput()
	if b.args.OmitAggregator {
		return nil
	}
	args := &cfg.ConfigurationAggregatorArgs{Name: pulumi.String(b.prefix), Tags: b.tags}
	regions := pulumi.ToStringArray(b.plan.regions())
	// A source of one kind cannot be changed into the other, and the name is taken as long as the old one exists.
	opts := append(b.in(b.plan.home), pulumi.DeleteBeforeReplace(true))
	if b.args.AggregatorOrganization {
		role, attachment, err := b.newAggregatorRole()
		if err != nil {
			return err
		}
		args.OrganizationAggregationSource = cfg.ConfigurationAggregatorOrganizationAggregationSourceArgs{
			Regions: regions, RoleArn: role.Arn,
		}
		opts = append(opts, pulumi.DependsOn([]pulumi.Resource{attachment}))
	} else {
		accounts := append([]string{b.where.ID}, b.args.AggregatorAccountIDs...)
		slices.Sort(accounts)
		args.AccountAggregationSource = cfg.ConfigurationAggregatorAccountAggregationSourceArgs{
			AccountIds: pulumi.ToStringArray(slices.Compact(accounts)), Regions: regions,
		}
	}
	aggregator, err := cfg.NewConfigurationAggregator(b.ctx, b.name+"-aggregator", args, opts...)
	if err != nil {
		return err
	}
	b.baseline.AggregatorArn = aggregator.Arn
	return nil
}

// newAggregatorRole makes the role by which AWS Config asks the organization for its accounts
// (https://docs.aws.amazon.com/config/latest/developerguide/set-up-aggregator-cli.html).
func (b *builder) newAggregatorRole() (*iam.Role, pulumi.Resource, error) {
	parent := pulumi.Parent(b.baseline)
	role, err := iam.NewRole(b.ctx, b.name+"-aggregator-role", &iam.RoleArgs{
		Name:        pulumi.String(b.prefix + "-aggregator"),
		Description: pulumi.String("AWS Config asks the organization for its accounts"),
		AssumeRolePolicy: pulumi.String(policy.New(policy.Statement{
			Effect: policy.Allow, Principal: policy.Service(service), Action: policy.List{"sts:AssumeRole"},
		}).JSON()),
		Tags: b.tags,
	}, parent)
	if err != nil {
		return nil, nil, err
	}
	attachment, err := iam.NewRolePolicyAttachment(b.ctx, b.name+"-aggregator-access", &iam.RolePolicyAttachmentArgs{
		Role:      role.Name,
		PolicyArn: pulumi.String(b.where.ManagedPolicy("service-role/AWSConfigRoleForOrganizations")),
	}, parent)
	return role, attachment, err
}

// AggregatorName is the name of the aggregator of a component: its prefix.
func AggregatorName(ctx *pulumi.Context, name, namePrefix string) string {
	return naming.Prefix(ctx, name, namePrefix)
}
