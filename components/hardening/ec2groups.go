package hardening

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// securityGroup is a security group as it is in the account.
type securityGroup struct {
	ID string
	// Rules are the first of its rules, Count is how many it has.
	Rules []securityGroupRule
	Count int
	// UsedBy are the ids of the network interfaces that have the group.
	UsedBy []string
}

// securityGroupRule is a rule of a security group, in the form in which EC2 lists it: one source or destination each.
type securityGroupRule struct {
	Egress     bool   `pulumi:"isEgress"`
	Protocol   string `pulumi:"ipProtocol"`
	FromPort   int    `pulumi:"fromPort"`
	ToPort     int    `pulumi:"toPort"`
	IPv4       string `pulumi:"cidrIpv4"`
	IPv6       string `pulumi:"cidrIpv6"`
	PrefixList string `pulumi:"prefixListId"`
	Group      string `pulumi:"referencedSecurityGroupId"`
}

// mostRules are asked for one by one.
const mostRules = 10

type filter struct {
	Name   string   `pulumi:"name"`
	Values []string `pulumi:"values"`
}

type filteredArgs struct {
	Filters []filter `pulumi:"filters"`
}

type idsResult struct {
	Ids []string `pulumi:"ids"`
}

// askDefaultGroup asks AWS for the default security group of a VPC.
func askDefaultGroup(ctx *pulumi.Context, vpc string, opts ...pulumi.InvokeOption) (securityGroup, error) {
	ask := func(function string, args, result any) error { return ctx.Invoke(function, args, result, opts...) }
	var found struct {
		ID string `pulumi:"id"`
	}
	if err := ask("aws:ec2/getSecurityGroup:getSecurityGroup", &filteredArgs{[]filter{{"vpc-id", []string{vpc}}, {"group-name", []string{"default"}}}}, &found); err != nil {
		return securityGroup{}, err
	}
	group := securityGroup{ID: found.ID}
	ofGroup := &filteredArgs{[]filter{{"group-id", []string{group.ID}}}}
	var rules, interfaces idsResult
	if err := ask("aws:vpc/getSecurityGroupRules:getSecurityGroupRules", ofGroup, &rules); err != nil {
		return securityGroup{}, err
	}
	group.Count = len(rules.Ids)
	for _, id := range rules.Ids[:min(mostRules, group.Count)] {
		var rule securityGroupRule
		if err := ask("aws:vpc/getSecurityGroupRule:getSecurityGroupRule", &struct {
			ID string `pulumi:"securityGroupRuleId"`
		}{id}, &rule); err != nil {
			return securityGroup{}, err
		}
		group.Rules = append(group.Rules, rule)
	}
	err := ask("aws:ec2/getNetworkInterfaces:getNetworkInterfaces", ofGroup, &interfaces)
	group.UsedBy = interfaces.Ids
	return group, err
}

// in says what the rule lets through, as a rule of the given group.
func (r securityGroupRule) in(group string) string {
	peer := r.IPv4 + r.IPv6 + r.PrefixList + r.Group // a rule has one of them
	if r.Group == group {
		peer = "itself"
	}
	if r.Egress {
		return r.traffic() + " to " + peer
	}
	return r.traffic() + " from " + peer
}

func (r securityGroupRule) traffic() string {
	switch {
	case r.Protocol == "-1":
		return "all traffic"
	case r.Protocol != "tcp" && r.Protocol != "udp":
		return r.Protocol
	case r.FromPort == r.ToPort:
		return fmt.Sprintf("%s %d", r.Protocol, r.FromPort)
	default:
		return fmt.Sprintf("%s %d-%d", r.Protocol, r.FromPort, r.ToPort)
	}
}

// askDefaultVPCs asks AWS for the ids of the default VPCs of the provider's Region: one, or none where it was deleted
// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html).
func askDefaultVPCs(ctx *pulumi.Context, opts ...pulumi.InvokeOption) ([]string, error) {
	args := filteredArgs{[]filter{{"is-default", []string{"true"}}}}
	var found idsResult
	err := ctx.Invoke("aws:ec2/getVpcs:getVpcs", &args, &found, opts...)
	return found.Ids, err
}
