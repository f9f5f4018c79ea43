package awssim

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
)

const (
	allTraffic = "-1"
	// rulesPerGroup is how many inbound, and how many outbound rules a security group
	// holds by default; IPv4 and IPv6 count each for itself.
	// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
	rulesPerGroup = 60
)

var (
	// ruleDescription is what a rule's description is made of.
	// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
	ruleDescription   = regexp.MustCompile(`^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}$`)
	prefixListPattern = regexp.MustCompile(`^pl-[0-9a-f]+$`)
	directions        = []string{"ingress", "egress"}
	// directionActions are the ends of the names of the actions that change rules.
	directionActions = map[string]string{"ingress": "SecurityGroupIngress", "egress": "SecurityGroupEgress"}
)

// networkAddress tells whether s is a CIDR block of IPv4 or IPv6 without host bits.
func networkAddress(s string, v4 bool) bool {
	p, err := netip.ParsePrefix(s)
	return err == nil && p.Masked() == p && p.Addr().Is4() == v4
}

// ruleOf is a rule of the program; the kinds were checked before.
func ruleOf(in props) SecurityGroupRule {
	protocol := str(in, "protocol")
	if n, ok := number(in["protocol"]); ok { // the program may give a number
		protocol = strconv.FormatFloat(n, 'f', -1, 64)
	}
	if protocol == "all" {
		protocol = allTraffic
	}
	return SecurityGroupRule{
		Protocol: protocol, Description: str(in, "description"), FromPort: num(in, "fromPort"), ToPort: num(in, "toPort"),
		CIDRBlocks: strs(in, "cidrBlocks"), IPv6CIDRBlocks: strs(in, "ipv6CidrBlocks"), PrefixListIDs: strs(in, "prefixListIds"),
		SecurityGroups: strs(in, "securityGroups"), Self: flag(in, "self", false),
	}
}

func (r SecurityGroupRule) props() props {
	out := props{"protocol": r.Protocol, "fromPort": r.FromPort, "toPort": r.ToPort, "self": r.Self, "description": r.Description}
	for property, values := range r.lists() {
		if len(values) > 0 {
			out[property] = slices.Clone(values)
		}
	}
	return out
}

// lists are the sources or destinations of the rule by property.
func (r SecurityGroupRule) lists() map[string][]string {
	return map[string][]string{
		"cidrBlocks": r.CIDRBlocks, "ipv6CidrBlocks": r.IPv6CIDRBlocks, "prefixListIds": r.PrefixListIDs, "securityGroups": r.SecurityGroups,
	}
}

func rulesProps(rules []SecurityGroupRule) []any {
	out := make([]any, len(rules))
	for i, r := range rules {
		out[i] = r.props()
	}
	return out
}

// checkDefaultGroup refuses rules that neither the provider nor EC2 takes.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
func checkDefaultGroup(_ *call, in props) error {
	for _, direction := range directions {
		for i, e := range list(in, direction) {
			rule, ok := e.(map[string]any)
			if !ok || hasUnknown(rule) {
				continue
			}
			if reason := ruleOf(rule).wrong(); reason != "" {
				return ec2Invalid("IpPermission", "%s[%d]: %s", direction, i, reason)
			}
		}
	}
	return nil
}

// wrong says what is wrong with a rule, whatever group it is for; "" is nothing.
func (r SecurityGroupRule) wrong() string {
	switch r.Protocol {
	case allTraffic:
		if r.FromPort != 0 || r.ToPort != 0 {
			return fmt.Sprintf("fromPort (%v) and toPort (%v) must both be 0 for all traffic", r.FromPort, r.ToPort)
		}
	case "tcp", "udp", "6", "17":
		if r.FromPort < 0 || r.ToPort > 65535 || r.FromPort > r.ToPort {
			return fmt.Sprintf("Invalid TCP/UDP port range (%v:%v)", r.FromPort, r.ToPort)
		}
	case "icmp", "icmpv6", "1", "58":
		if min(r.FromPort, r.ToPort) < -1 || max(r.FromPort, r.ToPort) > 255 {
			return fmt.Sprintf("ICMP type (%v) and code (%v) are -1 to 255", r.FromPort, r.ToPort)
		}
	default:
		if n, err := strconv.Atoi(r.Protocol); err != nil || n < 0 || n > 255 {
			return fmt.Sprintf("protocol %q: tcp, udp, icmp, icmpv6, a number of 0 to 255, or -1 for all traffic", r.Protocol)
		}
	}
	if !ruleDescription.MatchString(r.Description) {
		return "description: at most 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"
	}
	for _, property := range []string{"cidrBlocks", "ipv6CidrBlocks"} {
		for _, block := range r.lists()[property] {
			if !networkAddress(block, property == "cidrBlocks") {
				return fmt.Sprintf("%s: %q is not the network address of a CIDR block", property, block)
			}
		}
	}
	for _, id := range r.PrefixListIDs {
		if !prefixListPattern.MatchString(id) {
			return fmt.Sprintf("prefixListIds: %q is not the id of a prefix list", id)
		}
	}
	if r.parts() == 0 {
		return "neither CIDR blocks, prefix lists, security groups nor self are given"
	}
	return ""
}

// parts is how many rules EC2 makes of it.
func (r SecurityGroupRule) parts() int {
	n := 0
	for _, values := range r.lists() {
		n += len(values)
	}
	if r.Self {
		n++
	}
	return n
}

// createDefaultGroup adopts the default security group of a VPC: all its rules go, those
// of the program come. Without a VPC the provider looks for the group of EC2-Classic,
// which no account has.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
func createDefaultGroup(c *call, in props) (string, props, error) {
	if err := c.may("ec2:DescribeSecurityGroups", "*"); err != nil {
		return "", nil, err
	}
	vpc := str(in, "vpcId")
	if vpc == "" {
		return "", nil, fmt.Errorf("reading Default Security Group: empty result; vpcId has to be given, as a group of a VPC is found by it only")
	}
	r := c.ec2In(c.Region)
	if r.VPCs[vpc] == nil {
		return "", nil, fmt.Errorf("reading Default Security Group: empty result; %s has no VPC %s", c.Region, vpc)
	}
	group := r.SecurityGroups[r.VPCs[vpc].DefaultSecurityGroup]
	if err := c.setGroup(group, in, true); err != nil {
		return "", nil, err
	}
	return group.ID, c.groupProps(group), nil
}

// setGroup gives a group the rules and tags of the program. A direction that the program
// leaves out is emptied when the group is adopted and left alone afterwards: for the
// provider it is a computed property then.
func (c *call) setGroup(group *SecurityGroup, in props, adopt bool) error {
	rules := map[string][]SecurityGroupRule{"ingress": group.Ingress, "egress": group.Egress}
	for _, direction := range directions {
		action := directionActions[direction]
		if in[direction] == nil && !adopt {
			continue
		}
		var next []SecurityGroupRule
		for i, rule := range objects(in, direction) {
			next = append(next, ruleOf(rule))
			if err := c.checkRule(group, direction, next[:i], next[i]); err != nil {
				return err
			}
		}
		arn := c.groupARN(group)
		if len(rules[direction]) > 0 {
			if err := c.may("ec2:Revoke"+action, arn); err != nil {
				return err
			}
		}
		if len(next) > 0 {
			if err := c.may("ec2:Authorize"+action, arn); err != nil {
				return err
			}
		}
		rules[direction] = next
	}
	tags := stringMap(in, "tags")
	if !maps.Equal(tags, group.Tags) {
		if err := c.may("ec2:CreateTags", c.groupARN(group)); err != nil {
			return err
		}
	}
	group.Ingress, group.Egress, group.Tags = rules["ingress"], rules["egress"], tags
	return nil
}

// checkRule refuses a rule that the group cannot hold beside the ones before it.
func (c *call) checkRule(group *SecurityGroup, direction string, before []SecurityGroupRule, rule SecurityGroupRule) error {
	api := "Authorize" + directionActions[direction]
	for _, id := range rule.SecurityGroups {
		if other := c.ec2In(c.Region).SecurityGroups[id]; other == nil {
			return refuse("InvalidGroup.NotFound", fmt.Sprintf("The security group '%s' does not exist in %s", id, c.Region), ec2API+api+".html")
		}
	}
	v4, v6 := 0, 0
	for _, r := range append(slices.Clone(before), rule) {
		shared := r.parts() - len(r.CIDRBlocks) - len(r.IPv6CIDRBlocks)
		v4, v6 = v4+shared+len(r.CIDRBlocks), v6+shared+len(r.IPv6CIDRBlocks)
	}
	if max(v4, v6) > rulesPerGroup {
		return refuse("RulesPerSecurityGroupLimitExceeded", fmt.Sprintf("The maximum number of rules per security group has been reached: %d %s rules of %s",
			rulesPerGroup, direction, group.ID), vpcGuide+"amazon-vpc-limits.html")
	}
	for _, r := range before {
		if r.same(rule) {
			return refuse("InvalidPermission.Duplicate", fmt.Sprintf("the specified rule %q already exists in %s", jsonText(rule.props()), group.ID), ec2API+api+".html")
		}
	}
	return nil
}

// same tells whether two rules have a part in common, for which descriptions do not count.
func (r SecurityGroupRule) same(other SecurityGroupRule) bool {
	if r.Protocol != other.Protocol || r.FromPort != other.FromPort || r.ToPort != other.ToPort {
		return false
	}
	theirs := other.lists()
	for property, values := range r.lists() {
		for _, v := range values {
			if slices.Contains(theirs[property], v) {
				return true
			}
		}
	}
	return r.Self && other.Self
}

func (c *call) groupARN(group *SecurityGroup) string {
	return c.arn("ec2", c.Region, c.ID, "security-group/"+group.ID)
}

func (c *call) groupProps(group *SecurityGroup) props {
	return props{
		"arn": c.groupARN(group), "name": group.Name, "namePrefix": "", "description": group.Description, "ownerId": c.ID, "vpcId": group.VPC,
		"ingress": rulesProps(group.Ingress), "egress": rulesProps(group.Egress), "tags": group.Tags,
	}
}

func readDefaultGroup(c *call, id string, _ props) (props, error) {
	if err := c.may("ec2:DescribeSecurityGroups", "*"); err != nil {
		return nil, err
	}
	group := c.ec2In(c.Region).SecurityGroups[id]
	if group == nil {
		return nil, errNotFound
	}
	return c.groupProps(group), nil
}

func updateDefaultGroup(c *call, id string, _, in props) (props, error) {
	group := c.ec2In(c.Region).SecurityGroups[id]
	if group == nil {
		return nil, refuse("InvalidGroup.NotFound", fmt.Sprintf("The security group '%s' does not exist", id), ec2API+"DescribeSecurityGroups.html")
	}
	if err := c.setGroup(group, in, false); err != nil {
		return nil, err
	}
	return c.groupProps(group), nil
}
