package hardening

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/ec2types"
)

// emptyDefaultGroups takes every rule from the default security groups of a Region. The preview says of which VPCs.
func (b *builder) emptyDefaultGroups(region string, opts ...pulumi.ResourceOption) error {
	vpcs, err := b.vpcsIn(region)
	if err != nil {
		return err
	}
	for _, vpc := range vpcs {
		if b.ctx.DryRun() {
			if err := b.ctx.Log.Info(emptied(region, vpc), nil); err != nil {
				return err
			}
		}
		group, err := ec2types.NewDefaultSecurityGroup(b.ctx, b.nameIn(EmptyDefaultSecurityGroup, region)+"-"+vpc, &ec2types.DefaultSecurityGroupArgs{
			VpcId: pulumi.String(vpc), Tags: b.tags,
			Ingress: pulumi.MapArray{}, Egress: pulumi.MapArray{},
		}, opts...)
		if err != nil {
			return err
		}
		b.emptied[vpc] = group.ID()
	}
	return nil
}

// emptied says what happens to the default security group of a VPC, and how to see what it loses.
func emptied(region, vpc string) string {
	return fmt.Sprintf("the default security group of %s in %s has no rules with this stack, and loses those that it has; to see them: "+
		"aws ec2 describe-security-groups --region %s --filters Name=vpc-id,Values=%s Name=group-name,Values=default", vpc, region, region, vpc)
}

// vpcsIn are the VPCs of a Region whose default security groups are emptied, sorted.
func (b *builder) vpcsIn(region string) ([]string, error) {
	asked := b.args.DefaultSecurityGroups
	vpcs := slices.Clone(asked.VPCs[region])
	if asked.DefaultVPCs {
		opts := []pulumi.InvokeOption{pulumi.Parent(b.hardening)}
		if b.args.Regions != nil {
			opts = append(opts, pulumi.Provider(b.args.Regions.For(region)))
		}
		found, err := ec2types.DefaultVPCs(b.ctx, opts...)
		if err != nil {
			return nil, fmt.Errorf("asking AWS for the default VPC of %s: %w", region, err)
		}
		vpcs = append(vpcs, found...)
	}
	slices.Sort(vpcs)
	return slices.Compact(vpcs), nil
}
