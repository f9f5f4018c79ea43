package awssim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ec2Filter is a filter of a Describe call: a thing passes when one of its values is
// among those given. A value may contain * and ?, as EC2 allows.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
type ec2Filter struct {
	name   string
	values []string
}

// ec2Filters are the filters of an invoke, its tags and its single properties.
func ec2Filters(args props, properties map[string]string) []ec2Filter {
	var filters []ec2Filter
	for _, property := range sortedKeys(properties) {
		if v := str(args, property); v != "" {
			filters = append(filters, ec2Filter{properties[property], []string{v}})
		}
	}
	for _, key := range sortedKeys(stringMap(args, "tags")) {
		filters = append(filters, ec2Filter{"tag:" + key, []string{stringMap(args, "tags")[key]}})
	}
	for _, f := range objects(args, "filters") {
		filters = append(filters, ec2Filter{str(f, "name"), strs(f, "values")})
	}
	return filters
}

// passes compares the attributes of a thing; a filter that EC2 does not have is refused.
func passes(api string, filters []ec2Filter, attributes map[string]string, tags map[string]string) (bool, error) {
	for _, f := range filters {
		var have []string
		key, tag := strings.CutPrefix(f.name, "tag:")
		attribute, known := attributes[f.name]
		switch {
		case tag:
			if v, ok := tags[key]; ok {
				have = []string{v}
			}
		case f.name == "tag-key":
			have = sortedKeys(tags)
		case known:
			have = []string{attribute}
		default:
			return false, ec2Invalid(api, "The filter '%s' is invalid", f.name)
		}
		if !slices.ContainsFunc(have, func(v string) bool {
			return slices.ContainsFunc(f.values, func(pattern string) bool { return wildcard(pattern, v) })
		}) {
			return false, nil
		}
	}
	return true, nil
}

// wildcard matches * and ? as EC2's filters do.
func wildcard(pattern, s string) bool {
	for pattern != "" {
		switch {
		case pattern[0] == '*':
			for i := len(s); i >= 0; i-- {
				if wildcard(pattern[1:], s[i:]) {
					return true
				}
			}
			return false
		case s == "" || pattern[0] != '?' && pattern[0] != s[0]:
			return false
		}
		pattern, s = pattern[1:], s[1:]
	}
	return s == ""
}

// describeVPCs lists the Region's VPCs that pass.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html
func (c *call) describeVPCs(filters []ec2Filter) ([]*VPC, error) {
	if err := c.may("ec2:DescribeVpcs", "*"); err != nil {
		return nil, err
	}
	r := c.ec2In(c.Region)
	var found []*VPC
	for _, id := range sortedKeys(r.VPCs) {
		v := r.VPCs[id]
		// EC2 has had two names for some filters.
		isDefault := strconv.FormatBool(v.Default)
		ok, err := passes("DescribeVpcs", filters, map[string]string{
			"vpc-id": v.ID, "cidr": v.CIDRBlock, "cidr-block": v.CIDRBlock, "cidrBlock": v.CIDRBlock, "cidr-block-association.cidr-block": v.CIDRBlock,
			"is-default": isDefault, "isDefault": isDefault, "owner-id": c.ID, "state": "available", "dhcp-options-id": c.dhcpOptions(),
		}, v.Tags)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, v)
		}
	}
	return found, nil
}

func (c *call) dhcpOptions() string { return "dopt-" + c.ec2ID(c.Region, "dopt") }

func listVPCs(c *call, _ *session, args props) (props, error) {
	found, err := c.describeVPCs(ec2Filters(args, nil))
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, v := range found {
		ids = append(ids, v.ID)
	}
	return props{"id": c.Region, "ids": ids, "filters": args["filters"], "tags": orEmpty(args["tags"])}, nil
}

// lookupVPC finds exactly one VPC: the provider takes none, or more, for an error.
func lookupVPC(c *call, _ *session, args props) (props, error) {
	filters := ec2Filters(args, map[string]string{"id": "vpc-id", "cidrBlock": "cidr", "dhcpOptionsId": "dhcp-options-id", "state": "state"})
	if flag(args, "default", false) {
		filters = append(filters, ec2Filter{"is-default", []string{"true"}})
	}
	found, err := c.describeVPCs(filters)
	if err != nil {
		return nil, err
	}
	v, err := single("VPC", found)
	if err != nil {
		return nil, err
	}
	return props{
		"id": v.ID, "arn": c.arn("ec2", c.Region, c.ID, "vpc/"+v.ID), "cidrBlock": v.CIDRBlock, "default": v.Default, "ownerId": c.ID,
		"cidrBlockAssociations": []any{props{"associationId": "vpc-cidr-assoc-" + strings.TrimPrefix(v.ID, "vpc-"), "cidrBlock": v.CIDRBlock, "state": "associated"}},
		"dhcpOptionsId":         c.dhcpOptions(), "enableDnsSupport": true, "enableDnsHostnames": v.Default, "enableNetworkAddressUsageMetrics": false,
		"instanceTenancy": "default", "ipv6AssociationId": "", "ipv6CidrBlock": "", "mainRouteTableId": "rtb-" + strings.TrimPrefix(v.ID, "vpc-"),
		"state": "available", "tags": v.Tags, "filters": args["filters"],
	}, nil
}

// describeGroups lists the Region's security groups that pass.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html
func (c *call) describeGroups(filters []ec2Filter) ([]*SecurityGroup, error) {
	if err := c.may("ec2:DescribeSecurityGroups", "*"); err != nil {
		return nil, err
	}
	r := c.ec2In(c.Region)
	var found []*SecurityGroup
	for _, id := range sortedKeys(r.SecurityGroups) {
		g := r.SecurityGroups[id]
		ok, err := passes("DescribeSecurityGroups", filters, map[string]string{
			"group-id": g.ID, "group-name": g.Name, "description": g.Description, "vpc-id": g.VPC, "owner-id": c.ID,
		}, g.Tags)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, g)
		}
	}
	return found, nil
}

func lookupSecurityGroup(c *call, _ *session, args props) (props, error) {
	found, err := c.describeGroups(ec2Filters(args, map[string]string{"id": "group-id", "name": "group-name", "vpcId": "vpc-id"}))
	if err != nil {
		return nil, err
	}
	g, err := single("Security Group", found)
	if err != nil {
		return nil, err
	}
	return props{
		"id": g.ID, "arn": c.groupARN(g), "name": g.Name, "description": g.Description, "vpcId": g.VPC, "tags": g.Tags, "filters": args["filters"],
	}, nil
}

func listSecurityGroups(c *call, _ *session, args props) (props, error) {
	found, err := c.describeGroups(ec2Filters(args, nil))
	if err != nil {
		return nil, err
	}
	arns, ids, vpcs := []string{}, []string{}, []string{}
	for _, g := range found {
		arns, ids, vpcs = append(arns, c.groupARN(g)), append(ids, g.ID), append(vpcs, g.VPC)
	}
	return props{"id": c.Region, "arns": arns, "ids": ids, "vpcIds": vpcs, "filters": args["filters"], "tags": orEmpty(args["tags"])}, nil
}

func single[T any](what string, found []*T) (*T, error) {
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("no matching EC2 %s found", what)
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("multiple EC2 %ss matched; use additional constraints to reduce matches to a single EC2 %s", what, what)
}

func orEmpty(v any) any {
	if v == nil {
		return props{}
	}
	return v
}
