package awssim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
)

// listedRule is a rule as EC2 lists it: with an id, and one source or destination.
type listedRule struct {
	id    string
	group *SecurityGroup
	props props
}

// listedRules are the rules of a group one by one, in order.
func (g *SecurityGroup) listedRules() (all []listedRule) {
	for _, side := range []struct {
		egress bool
		rules  []SecurityGroupRule
	}{{false, g.Ingress}, {true, g.Egress}} {
		for _, rule := range side.rules {
			for _, peer := range rule.peers(g.ID) {
				from, to := rule.FromPort, rule.ToPort
				if rule.Protocol == allTraffic {
					from, to = -1, -1
				}
				maps.Copy(peer, props{"ipProtocol": rule.Protocol, "fromPort": from, "toPort": to, "description": rule.Description, "isEgress": side.egress})
				sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s", g.ID, jsonText(peer)))
				all = append(all, listedRule{"sgr-" + hex.EncodeToString(sum[:])[:17], g, peer})
			}
		}
	}
	return all
}

// peers are the sources or destinations of a rule of a group, each as the property that holds it.
func (r SecurityGroupRule) peers(group string) (all []props) {
	add := func(property string, values ...string) {
		for _, v := range values {
			all = append(all, props{property: v})
		}
	}
	add("cidrIpv4", r.CIDRBlocks...)
	add("cidrIpv6", r.IPv6CIDRBlocks...)
	add("prefixListId", r.PrefixListIDs...)
	add("referencedSecurityGroupId", r.SecurityGroups...)
	if r.Self {
		add("referencedSecurityGroupId", group)
	}
	return all
}

// describeRules lists the Region's rules of security groups that pass.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html
func (c *call) describeRules(filters []ec2Filter) (found []listedRule, err error) {
	if err := c.may("ec2:DescribeSecurityGroupRules", "*"); err != nil {
		return nil, err
	}
	r := c.ec2In(c.Region)
	for _, id := range sortedKeys(r.SecurityGroups) {
		for _, rule := range r.SecurityGroups[id].listedRules() {
			ok, err := passes("DescribeSecurityGroupRules", filters, map[string]string{"group-id": id, "security-group-rule-id": rule.id}, nil)
			if err != nil {
				return nil, err
			}
			if ok {
				found = append(found, rule)
			}
		}
	}
	return found, nil
}

func listSecurityGroupRules(c *call, _ *session, args props) (props, error) {
	found, err := c.describeRules(ec2Filters(args, nil))
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, rule := range found {
		ids = append(ids, rule.id)
	}
	return props{"id": c.Region, "ids": ids, "filters": args["filters"], "tags": orEmpty(args["tags"])}, nil
}

func lookupSecurityGroupRule(c *call, _ *session, args props) (props, error) {
	found, err := c.describeRules(ec2Filters(args, map[string]string{"securityGroupRuleId": "security-group-rule-id"}))
	if err != nil {
		return nil, err
	}
	matches := make([]*listedRule, len(found))
	for i := range found {
		matches[i] = &found[i]
	}
	rule, err := single("Security Group Rule", matches)
	if err != nil {
		return nil, err
	}
	out := props{
		"id": rule.id, "securityGroupRuleId": rule.id, "securityGroupId": rule.group.ID, "tags": props{}, "filters": args["filters"],
		"arn": c.arn("ec2", c.Region, c.ID, "security-group-rule/"+rule.id),
	}
	maps.Copy(out, rule.props)
	return out, nil
}

// listNetworkInterfaces lists the Region's network interfaces that pass.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
func listNetworkInterfaces(c *call, _ *session, args props) (props, error) {
	if err := c.may("ec2:DescribeNetworkInterfaces", "*"); err != nil {
		return nil, err
	}
	r := c.ec2In(c.Region)
	ids, filters := []string{}, ec2Filters(args, nil)
	for _, id := range sortedKeys(r.NetworkInterfaces) {
		for _, group := range r.NetworkInterfaces[id].SecurityGroups {
			ok, err := passes("DescribeNetworkInterfaces", filters, map[string]string{
				"network-interface-id": id, "vpc-id": r.NetworkInterfaces[id].VPC, "group-id": group, "owner-id": c.ID,
			}, nil)
			if err != nil {
				return nil, err
			}
			if ok {
				ids = append(ids, id)
				break
			}
		}
	}
	return props{"id": c.Region, "ids": ids, "filters": args["filters"], "tags": orEmpty(args["tags"])}, nil
}
