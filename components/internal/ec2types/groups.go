package ec2types

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Group is a security group as it is in the account.
type Group struct {
	ID string
	// Rules are the first of its rules, Count is how many it has.
	Rules []Rule
	Count int
	// UsedBy are the ids of the network interfaces that have the group.
	UsedBy []string
}

// Rule is a rule of a security group, in the form in which EC2 lists it: one source or destination each.
type Rule struct {
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

type filteredArgs struct {
	Filters []filter `pulumi:"filters"`
}

type idsResult struct {
	Ids []string `pulumi:"ids"`
}

// DefaultGroup asks AWS for the default security group of a VPC.
func DefaultGroup(ctx *pulumi.Context, vpc string, opts ...pulumi.InvokeOption) (Group, error) {
	ask := func(function string, args, result any) error {
		return ctx.Invoke(function, args, result, append([]pulumi.InvokeOption{pulumi.Version(Version)}, opts...)...)
	}
	var found struct {
		ID string `pulumi:"id"`
	}
	if err := ask("aws:ec2/getSecurityGroup:getSecurityGroup", &filteredArgs{[]filter{{"vpc-id", []string{vpc}}, {"group-name", []string{"default"}}}}, &found); err != nil {
		return Group{}, err
	}
	group := Group{ID: found.ID}
	ofGroup := &filteredArgs{[]filter{{"group-id", []string{group.ID}}}}
	var rules, interfaces idsResult
	if err := ask("aws:vpc/getSecurityGroupRules:getSecurityGroupRules", ofGroup, &rules); err != nil {
		return Group{}, err
	}
	group.Count = len(rules.Ids)
	for _, id := range rules.Ids[:min(mostRules, group.Count)] {
		var rule Rule
		if err := ask("aws:vpc/getSecurityGroupRule:getSecurityGroupRule", &struct {
			ID string `pulumi:"securityGroupRuleId"`
		}{id}, &rule); err != nil {
			return Group{}, err
		}
		group.Rules = append(group.Rules, rule)
	}
	err := ask("aws:ec2/getNetworkInterfaces:getNetworkInterfaces", ofGroup, &interfaces)
	group.UsedBy = interfaces.Ids
	return group, err
}

// In says what the rule lets through, as a rule of the given group.
func (r Rule) In(group string) string {
	peer := r.IPv4 + r.IPv6 + r.PrefixList + r.Group // a rule has one of them
	if r.Group == group {
		peer = "itself"
	}
	if r.Egress {
		return r.traffic() + " to " + peer
	}
	return r.traffic() + " from " + peer
}

func (r Rule) traffic() string {
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
