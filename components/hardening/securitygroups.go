package hardening

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// emptyDefaultGroups takes every rule from the default security groups of a Region. The preview says what each loses.
func (b *builder) emptyDefaultGroups(region string, opts ...pulumi.ResourceOption) error {
	vpcs, err := b.vpcsIn(region)
	if err != nil {
		return err
	}
	for _, vpc := range vpcs {
		if b.ctx.DryRun() {
			if err := b.sayLoss(region, vpc); err != nil {
				return err
			}
		}
		group, err := newDefaultSecurityGroup(b.ctx, b.nameIn(EmptyDefaultSecurityGroup, region)+"-"+vpc, &defaultSecurityGroupArgs{
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

// sayLoss says what the default security group of a VPC has that it loses, and who uses it; nothing when it is empty already.
// Who may not ask is told how to see it: a preview does not fail for that.
func (b *builder) sayLoss(region, vpc string) error {
	which := fmt.Sprintf("the default security group of %s in %s ", vpc, region)
	group, err := askDefaultGroup(b.ctx, vpc, b.asking(region)...)
	switch {
	case err != nil:
		return b.ctx.Log.Warn(which+fmt.Sprintf("loses all rules that it has; to see them: aws ec2 describe-security-groups --region %s "+
			"--filters Name=vpc-id,Values=%s Name=group-name,Values=default (asking for them failed: %v)", region, vpc, err), nil)
	case group.Count == 0:
		return nil
	case len(group.UsedBy) == 0:
		return b.ctx.Log.Info(which+losses(group)+"; no network interface uses it", nil)
	default:
		return b.ctx.Log.Warn(which+losses(group)+"; give another group first to what uses it: "+listed(group.UsedBy, len(group.UsedBy)), nil)
	}
}

func losses(group securityGroup) string {
	var rules []string
	for _, rule := range group.Rules {
		rules = append(rules, rule.in(group.ID))
	}
	return "loses its rules: " + listed(rules, group.Count)
}

// listed names the first of so many things.
func listed(things []string, count int) string {
	const most = 10
	first := things[:min(most, len(things))]
	if more := count - len(first); more > 0 {
		return strings.Join(first, ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(first, ", ")
}

// vpcsIn are the VPCs of a Region whose default security groups are emptied, sorted.
func (b *builder) vpcsIn(region string) ([]string, error) {
	asked := b.args.DefaultSecurityGroups
	vpcs := slices.Clone(asked.VPCs[region])
	if asked.DefaultVPCs {
		found, err := askDefaultVPCs(b.ctx, b.asking(region)...)
		if err != nil {
			return nil, fmt.Errorf("asking AWS for the default VPC of %s: %w", region, err)
		}
		vpcs = append(vpcs, found...)
	}
	slices.Sort(vpcs)
	return slices.Compact(vpcs), nil
}

// asking are the options of a question about EC2 in a Region.
func (b *builder) asking(region string) []pulumi.InvokeOption {
	opts := []pulumi.InvokeOption{pulumi.Parent(b.hardening), pulumi.Version(providerVersion)}
	if b.args.Regions != nil {
		opts = append(opts, pulumi.Provider(b.args.Regions.For(region)))
	}
	return opts
}
