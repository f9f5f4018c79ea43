package awssim

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	defaultGroupToken = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	vpcInvoke         = "aws:ec2/getVpc:getVpc"
	vpcsInvoke        = "aws:ec2/getVpcs:getVpcs"
	groupInvoke       = "aws:ec2/getSecurityGroup:getSecurityGroup"
)

var (
	ssh      = props{"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": []any{"10.0.0.0/8"}}
	self     = props{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": true}
	anywhere = SecurityGroupRule{Protocol: "tcp", FromPort: 22, ToPort: 22, CIDRBlocks: []string{"0.0.0.0/0"}}
)

// defaults are the rules that AWS gives a default security group.
func defaults() (ingress, egress []SecurityGroupRule) {
	return []SecurityGroupRule{{Protocol: "-1", Self: true}}, []SecurityGroupRule{{Protocol: "-1", CIDRBlocks: []string{"0.0.0.0/0"}}}
}

func (c *client) group(vpc string) SecurityGroup {
	c.t.Helper()
	group, ok := c.account().Hardening(testRegion).DefaultSecurityGroups[vpc]
	require.True(c.t, ok, vpc)
	return group
}

func (c *client) defaultVPC() string {
	c.t.Helper()
	vpc, err := c.invoke(vpcInvoke, props{"default": true})
	require.NoError(c.t, err)
	return str(vpc, "id")
}

// importing is what the import of an id fails with.
func (c *client) importing(token, id string) error {
	c.t.Helper()
	return c.readError(&made{token: token, name: "import", id: id})
}

func TestEveryRegionHasADefaultVPC(t *testing.T) {
	for partition, enabled := range map[string]int{"aws": 17, "aws-cn": 2, "aws-us-gov": 2} {
		c := serve(t, Options{Partition: partition})
		require.Len(t, c.account().EC2.Regions, enabled)
		ids := map[string]bool{}
		for region := range c.account().EC2.Regions {
			h := c.account().Hardening(region)
			require.Len(t, h.VPCs, 1)
			assert.True(t, h.VPCs[0].Default)
			assert.Equal(t, "172.31.0.0/16", h.VPCs[0].CIDRBlock)
			group := h.DefaultSecurityGroups[h.VPCs[0].ID]
			in, out := defaults()
			assert.Equal(t, in, group.Ingress)
			assert.Equal(t, out, group.Egress)
			ids[h.VPCs[0].ID], ids[group.ID] = true, true
		}
		assert.Len(t, ids, 2*enabled, "ids are unique")
	}
	c := serve(t)
	require.NoError(t, c.account().Update(func(a *Account) { a.Settings.OptInRegions = []string{"eu-south-2"} }))
	assert.Len(t, c.account().Hardening("eu-south-2").VPCs, 1)
}

func TestVPCsAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "account.json")
	c := serve(t, Options{File: file})
	_, err := c.account().AddVPC(testRegion, "10.1.0.0/16", map[string]string{"Name": "apps"})
	require.NoError(t, err)
	require.NoError(t, c.account().RemoveDefaultVPC(testRegion, "us-east-1"))
	before := c.account().Hardening(testRegion)
	again := serve(t, Options{File: file})
	assert.Equal(t, before, again.account().Hardening(testRegion))
	assert.Empty(t, again.account().Hardening("us-east-1").VPCs, "a default VPC that was deleted does not come back")
	assert.Error(t, c.account().RemoveDefaultVPC("eu-south-2"))
	for _, wrong := range [][2]string{{"eu-south-2", "10.0.0.0/16"}, {testRegion, "10.0.0.1/16"}, {testRegion, "fd00::/64"}, {testRegion, ""}} {
		_, err := c.account().AddVPC(wrong[0], wrong[1], nil)
		assert.Error(t, err, wrong)
	}
}

func TestFindVPCs(t *testing.T) {
	c := serve(t)
	apps, err := c.account().AddVPC(testRegion, "10.1.0.0/16", map[string]string{"Name": "apps", "team": "a"})
	require.NoError(t, err)
	data, err := c.account().AddVPC(testRegion, "10.2.0.0/16", map[string]string{"Name": "data"})
	require.NoError(t, err)
	own := c.defaultVPC()
	filter := func(name string, values ...any) props {
		return props{"filters": []any{props{"name": name, "values": values}}}
	}
	for what, row := range map[string]struct {
		args props
		want []string
	}{
		"all":           {props{}, []string{apps.ID, data.ID, own}},
		"default":       {filter("is-default", "true"), []string{own}},
		"others":        {filter("isDefault", "false"), []string{apps.ID, data.ID}},
		"ids":           {filter("vpc-id", own, data.ID), []string{own, data.ID}},
		"block":         {filter("cidr", "10.*"), []string{apps.ID, data.ID}},
		"one character": {filter("cidr", "10.?.0.0/16"), []string{apps.ID, data.ID}},
		"tags":          {props{"tags": props{"Name": "apps"}}, []string{apps.ID}},
		"tag":           {filter("tag:Name", "data"), []string{data.ID}},
		"tag key":       {filter("tag-key", "team"), []string{apps.ID}},
		"nothing":       {filter("cidr", "192.168.*"), nil},
	} {
		out, err := c.invoke(vpcsInvoke, row.args)
		require.NoError(t, err, what)
		assert.ElementsMatch(t, row.want, strs(out, "ids"), what)
		assert.NotNil(t, out["ids"], what)
	}
	_, err = c.invoke(vpcsInvoke, filter("colour", "red"))
	refusedWith(t, err, "The filter 'colour' is invalid")
	_, err = c.invoke(vpcInvoke, props{})
	refusedWith(t, err, "multiple EC2 VPCs matched")
	_, err = c.invoke(vpcInvoke, props{"id": "vpc-none"})
	refusedWith(t, err, "no matching EC2 VPC found")
	found, err := c.invoke(vpcInvoke, props{"tags": props{"Name": "data"}})
	require.NoError(t, err)
	assert.Equal(t, data.ID, found["id"])
	assert.Equal(t, "arn:aws:ec2:ap-northeast-1:123456789012:vpc/"+data.ID, found["arn"])

	group, err := c.invoke(groupInvoke, props{"name": "default", "vpcId": apps.ID})
	require.NoError(t, err)
	assert.Equal(t, apps.DefaultSecurityGroup, group["id"])
	_, err = c.invoke(groupInvoke, props{"name": "default"})
	refusedWith(t, err, "multiple EC2 Security Groups matched")
	groups, err := c.invoke("aws:ec2/getSecurityGroups:getSecurityGroups", filter("vpc-id", apps.ID, data.ID))
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{apps.DefaultSecurityGroup, data.DefaultSecurityGroup}, strs(groups, "ids"))
	assert.Len(t, strs(groups, "arns"), 2)

	require.NoError(t, c.account().RemoveDefaultVPC(testRegion))
	_, err = c.invoke(vpcInvoke, props{"default": true})
	refusedWith(t, err, "no matching EC2 VPC found")
}

// TestDefaultSecurityGroup: adopting empties the group, deleting leaves it empty.
func TestDefaultSecurityGroup(t *testing.T) {
	c := serve(t)
	vpc := c.defaultVPC()
	other, err := c.account().AddVPC(testRegion, "10.1.0.0/16", nil)
	require.NoError(t, err)
	group := c.group(vpc)
	m := c.create(defaultGroupToken, "g", props{"vpcId": vpc, "ingress": []any{}, "egress": []any{}, "tags": props{"managed": "yes"}})
	assert.Equal(t, group.ID, m.id)
	assert.Equal(t, "arn:aws:ec2:ap-northeast-1:123456789012:security-group/"+group.ID, m.str("arn"))
	assert.Equal(t, "default VPC security group", m.str("description"))
	emptied := c.group(vpc)
	assert.Empty(t, emptied.Ingress)
	assert.Empty(t, emptied.Egress)
	assert.Equal(t, map[string]string{"managed": "yes"}, emptied.Tags)
	in, out := defaults()
	assert.Equal(t, in, c.group(other.ID).Ingress, "another VPC is not touched")
	assert.Equal(t, out, c.group(other.ID).Egress)
	c.unchanged(m)
	c.imported(m)
	assert.Equal(t, []string{"vpcId"}, c.diff(m, props{"vpcId": other.ID}).GetReplaces())
	require.NoError(t, c.remove(m))
	assert.Equal(t, emptied, c.group(vpc), "the group stays as it is")
	require.NoError(t, c.account().RemoveDefaultVPC(testRegion))
	assert.False(t, c.read(m), "a group goes with its VPC")
}

func TestDefaultSecurityGroupRules(t *testing.T) {
	c := serve(t)
	vpc := c.defaultVPC()
	m := c.create(defaultGroupToken, "g", props{"vpcId": vpc, "ingress": []any{ssh, self}})
	assert.Len(t, c.group(vpc).Ingress, 2)
	assert.Empty(t, c.group(vpc).Egress)
	c.unchanged(m)
	assert.Equal(t, []string{"ingress"}, c.diff(m, props{"vpcId": vpc, "ingress": []any{ssh}}).GetDiffs())
	assert.Equal(t, []string{"ingress"}, c.diff(m, props{"vpcId": vpc, "ingress": []any{}}).GetDiffs())
	assert.Empty(t, c.diff(m, props{"vpcId": vpc}).GetDiffs(), "what the program leaves out is left as it is")
	require.NoError(t, c.update(m, props{"vpcId": vpc}))
	assert.Len(t, c.group(vpc).Ingress, 2)
	require.NoError(t, c.update(m, props{"vpcId": vpc, "ingress": []any{}}))
	assert.Empty(t, c.group(vpc).Ingress)
}

// TestDefaultSecurityGroupDrift: a rule that somebody adds is drift where the program
// says that there are none, and goes unseen where it leaves the direction out.
func TestDefaultSecurityGroupDrift(t *testing.T) {
	for what, row := range map[string]struct {
		in    props
		diffs []string
	}{
		"said to be empty": {props{"ingress": []any{}, "egress": []any{}}, []string{"ingress"}},
		"left out":         {props{}, nil},
	} {
		t.Run(what, func(t *testing.T) {
			c := serve(t)
			vpc := c.defaultVPC()
			in := with(row.in, props{"vpcId": vpc})
			m := c.create(defaultGroupToken, "g", in)
			require.NoError(t, c.account().Update(func(a *Account) {
				r := a.EC2.Regions[testRegion]
				group := r.SecurityGroups[r.VPCs[vpc].DefaultSecurityGroup]
				group.Ingress = append(group.Ingress, anywhere)
			}))
			require.True(t, c.read(m))
			assert.Len(t, list(m.state, "ingress"), 1)
			assert.Equal(t, row.diffs, c.diff(m, in).GetDiffs())
			require.NoError(t, c.update(m, in))
			assert.Equal(t, row.diffs == nil, len(c.group(vpc).Ingress) == 1)
		})
	}
}

func TestDefaultSecurityGroupRefusals(t *testing.T) {
	c := serve(t)
	vpc := c.defaultVPC()
	in := func(rules ...any) props { return props{"vpcId": vpc, "ingress": rules} }
	many := make([]any, 61)
	for i := range many {
		many[i] = with(ssh, props{"cidrBlocks": []any{fmt.Sprintf("10.0.%d.0/24", i)}})
	}
	c.refuses([]refusal{
		{"no VPC", defaultGroupToken, props{}, "vpcId has to be given"},
		{"unknown VPC", defaultGroupToken, props{"vpcId": "vpc-none"}, "has no VPC vpc-none"},
		{"no ports", defaultGroupToken, in(props{"protocol": "tcp"}), "missing required property"},
		{"protocol", defaultGroupToken, in(with(ssh, props{"protocol": "http"})), "protocol \"http\""},
		{"ports of all traffic", defaultGroupToken, in(with(ssh, props{"protocol": "-1"})), "must both be 0"},
		{"ports out of order", defaultGroupToken, in(with(ssh, props{"toPort": 21})), "Invalid TCP/UDP port range"},
		{"port too high", defaultGroupToken, in(with(ssh, props{"toPort": 65536})), "Invalid TCP/UDP port range"},
		{"ICMP type", defaultGroupToken, in(with(ssh, props{"protocol": "icmp", "fromPort": 256})), "are -1 to 255"},
		{"address with host bits", defaultGroupToken, in(with(ssh, props{"cidrBlocks": []any{"10.0.0.1/8"}})), "not the network address"},
		{"IPv6 among IPv4", defaultGroupToken, in(with(ssh, props{"cidrBlocks": []any{"::/0"}})), "not the network address"},
		{"IPv4 among IPv6", defaultGroupToken, in(with(ssh, props{"ipv6CidrBlocks": []any{"0.0.0.0/0"}})), "not the network address"},
		{"prefix list", defaultGroupToken, in(with(ssh, props{"prefixListIds": []any{"list"}})), "not the id of a prefix list"},
		{"description", defaultGroupToken, in(with(ssh, props{"description": "für alle"})), "description: at most 255"},
		{"no source", defaultGroupToken, in(with(ssh, props{"cidrBlocks": nil})), "neither CIDR blocks"},
		{"unknown group", defaultGroupToken, in(with(ssh, props{"securityGroups": []any{"sg-none"}})), "InvalidGroup.NotFound"},
		{"twice", defaultGroupToken, in(ssh, with(ssh, props{"description": "again"})), "InvalidPermission.Duplicate"},
		{"itself twice", defaultGroupToken, in(self, self), "InvalidPermission.Duplicate"},
		{"too many", defaultGroupToken, in(many...), "RulesPerSecurityGroupLimitExceeded"},
		{"wrong tag", defaultGroupToken, with(in(), props{"tags": props{"aws:a": "b"}}), "reserved for AWS"},
	})
	ingress, egress := defaults()
	assert.Equal(t, ingress, c.group(vpc).Ingress, "a refused call changes nothing")
	assert.Equal(t, egress, c.group(vpc).Egress)
	c.create(defaultGroupToken, "most", in(many[:60]...))
}

// TestRulesOfAGroupOneByOne: EC2 lists a rule per source, with an id that a look-up takes.
func TestRulesOfAGroupOneByOne(t *testing.T) {
	const rulesInvoke, ruleInvoke = "aws:vpc/getSecurityGroupRules:getSecurityGroupRules", "aws:vpc/getSecurityGroupRule:getSecurityGroupRule"
	c := serve(t)
	vpc := c.defaultVPC()
	group := c.group(vpc).ID
	filter := func(name, value string) props {
		return props{"filters": []any{props{"name": name, "values": []any{value}}}}
	}
	rules := func() []props {
		found, err := c.invoke(rulesInvoke, filter("group-id", group))
		require.NoError(t, err)
		all := []props{}
		for _, id := range strs(found, "ids") {
			rule, err := c.invoke(ruleInvoke, props{"securityGroupRuleId": id})
			require.NoError(t, err)
			assert.Equal(t, group, rule["securityGroupId"])
			assert.Equal(t, "arn:aws:ec2:ap-northeast-1:123456789012:security-group-rule/"+id, rule["arn"])
			listed := props{}
			for _, property := range []string{"isEgress", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"} {
				if rule[property] != nil {
					listed[property] = rule[property]
				}
			}
			all = append(all, listed)
		}
		return all
	}
	assert.Equal(t, []props{
		{"isEgress": false, "ipProtocol": "-1", "fromPort": -1.0, "toPort": -1.0, "referencedSecurityGroupId": group},
		{"isEgress": true, "ipProtocol": "-1", "fromPort": -1.0, "toPort": -1.0, "cidrIpv4": "0.0.0.0/0"},
	}, rules())
	c.create(defaultGroupToken, "g", props{"vpcId": vpc, "egress": []any{}, "ingress": []any{
		with(ssh, props{"cidrBlocks": []any{"10.0.0.0/8", "192.168.0.0/16"}, "ipv6CidrBlocks": []any{"fd00::/8"}, "prefixListIds": []any{"pl-1"}}),
	}})
	ssh := func(property, peer string) props {
		return props{"isEgress": false, "ipProtocol": "tcp", "fromPort": 22.0, "toPort": 22.0, property: peer}
	}
	assert.Equal(t, []props{ssh("cidrIpv4", "10.0.0.0/8"), ssh("cidrIpv4", "192.168.0.0/16"), ssh("cidrIpv6", "fd00::/8"), ssh("prefixListId", "pl-1")}, rules())
	_, err := c.invoke(ruleInvoke, props{"securityGroupRuleId": "sgr-none"})
	refusedWith(t, err, "no matching EC2 Security Group Rule found")
	_, err = c.invoke(ruleInvoke, filter("group-id", group))
	refusedWith(t, err, "multiple EC2 Security Group Rules matched")
	_, err = c.invoke(rulesInvoke, filter("vpc-id", vpc))
	refusedWith(t, err, "The filter 'vpc-id' is invalid")

	const interfacesInvoke = "aws:ec2/getNetworkInterfaces:getNetworkInterfaces"
	none, err := c.invoke(interfacesInvoke, filter("group-id", group))
	require.NoError(t, err)
	assert.Empty(t, strs(none, "ids"))
	id, err := c.account().AddNetworkInterface(testRegion, vpc)
	require.NoError(t, err)
	_, err = c.account().AddNetworkInterface("us-east-1", vpc)
	assert.EqualError(t, err, "network interface: us-east-1 has no VPC "+vpc)
	for _, by := range [][2]string{{"group-id", group}, {"vpc-id", vpc}, {"network-interface-id", "eni-*"}} {
		found, err := c.invoke(interfacesInvoke, filter(by[0], by[1]))
		require.NoError(t, err)
		assert.Equal(t, []string{id}, strs(found, "ids"), by)
	}
	other, err := c.invoke(interfacesInvoke, filter("group-id", "sg-other"))
	require.NoError(t, err)
	assert.Empty(t, strs(other, "ids"))
	require.NoError(t, c.account().Update(func(a *Account) {
		a.IAM.Roles["account-baseline-deployer"].Inline = map[string]string{
			"no": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["ec2:DescribeSecurityGroupRules","ec2:DescribeNetworkInterfaces"],"Resource":"*"}]}`,
		}
	}))
	for _, function := range []string{rulesInvoke, interfacesInvoke} {
		_, err := c.invoke(function, props{})
		refusedWith(t, err, "AccessDenied")
	}
}
