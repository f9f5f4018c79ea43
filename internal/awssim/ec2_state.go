package awssim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// ec2State is what Amazon EC2, Amazon EBS and Amazon VPC keep. Regions holds every
// enabled Region; a Region that was enabled later appears with its first use.
type ec2State struct {
	Regions table[ec2Region]
}

// ec2Region is EC2 in one Region: the settings of the account, and the VPCs by id.
type ec2Region struct {
	EncryptionByDefault bool
	// DefaultKey is the ARN of the customer managed key that EBS encrypts with by
	// default; "": the AWS managed key.
	DefaultKey     string
	SnapshotBlock  string // "": unblocked
	ImageBlock     string // "": unblocked
	Metadata       InstanceMetadataDefaults
	SerialConsole  bool
	VPCs           table[VPC]
	SecurityGroups table[SecurityGroup] // by id; default security groups only
	// NetworkInterfaces are those of workloads, by id.
	NetworkInterfaces table[networkInterface] `json:",omitempty"`
}

// networkInterface is what an instance, a function or a database has in a VPC.
type networkInterface struct {
	VPC            string
	SecurityGroups []string // ids
}

// InstanceMetadataDefaults are the account's defaults for the instance metadata of
// new instances. The zero value is no preference at all.
type InstanceMetadataDefaults struct {
	HTTPTokens, HTTPEndpoint, InstanceMetadataTags string
	HTTPPutResponseHopLimit                        float64 // 0: no preference
}

// VPC is a virtual private cloud. Every VPC has a default security group.
type VPC struct {
	ID, CIDRBlock string
	Default       bool // the Region's default VPC
	Tags          map[string]string
	// DefaultSecurityGroup is the id of the default security group.
	DefaultSecurityGroup string
}

// SecurityGroup is a security group with its rules.
type SecurityGroup struct {
	ID, Name, Description, VPC string
	Ingress, Egress            []SecurityGroupRule
	Tags                       map[string]string
}

// SecurityGroupRule is one rule in the form in which the provider groups what EC2
// lists: protocol "-1" is all traffic, with both ports 0.
type SecurityGroupRule struct {
	Protocol, Description                                     string
	FromPort, ToPort                                          float64
	CIDRBlocks, IPv6CIDRBlocks, PrefixListIDs, SecurityGroups []string
	Self                                                      bool // the group itself is the source or destination
}

const (
	ec2API             = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
	vpcGuide           = "https://docs.aws.amazon.com/vpc/latest/userguide/"
	defaultGroupName   = "default"
	defaultVPCBlock    = "172.31.0.0/16"
	unblocked          = "unblocked"
	blockNewSharing    = "block-new-sharing"
	blockAllSharing    = "block-all-sharing"
	noPreference       = "no-preference"
	ebsManagedKeyAlias = "alias/aws/ebs"
)

// ec2In is EC2 in a Region. An account has a default VPC in every Region.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
func (a *Account) ec2In(region string) *ec2Region {
	r := a.EC2.Regions[region]
	if r == nil {
		r = &ec2Region{}
		a.EC2.Regions.put(region, r)
		r.add(VPC{ID: "vpc-" + a.ec2ID(region, "vpc"), CIDRBlock: defaultVPCBlock, Default: true, DefaultSecurityGroup: "sg-" + a.ec2ID(region, "sg")})
	}
	return r
}

// ec2ID is the id that something of a Region's default VPC has from the beginning. It
// uses none of the account's numbered ids: who looks at a Region changes nothing.
func (a *Account) ec2ID(region, kind string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%s/%s", a.Partition, a.ID, region, kind))
	return hex.EncodeToString(sum[:])[:17]
}

// add puts a VPC into the Region, with a default security group as AWS makes it:
// everything from the group itself comes in, everything goes out.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
func (r *ec2Region) add(v VPC) {
	r.VPCs.put(v.ID, &v)
	r.SecurityGroups.put(v.DefaultSecurityGroup, &SecurityGroup{
		ID: v.DefaultSecurityGroup, Name: defaultGroupName, Description: "default VPC security group", VPC: v.ID,
		Ingress: []SecurityGroupRule{{Protocol: allTraffic, Self: true}},
		Egress:  []SecurityGroupRule{{Protocol: allTraffic, CIDRBlocks: []string{"0.0.0.0/0"}}},
	})
}

// AddVPC adds a VPC that is not the default one to a Region, with its default security
// group and AWS's default rules in it. It returns the VPC with the ids filled in.
func (a *Account) AddVPC(region, cidrBlock string, tags map[string]string) (VPC, error) {
	if !a.regionEnabled(region) {
		return VPC{}, fmt.Errorf("VPC %s: the Region %s is not enabled", cidrBlock, region)
	}
	if !networkAddress(cidrBlock, true) {
		return VPC{}, fmt.Errorf("VPC %q: not an IPv4 CIDR block such as 10.0.0.0/16", cidrBlock)
	}
	v := VPC{CIDRBlock: cidrBlock, Tags: maps.Clone(tags)}
	err := a.Update(func(a *Account) {
		v.ID, v.DefaultSecurityGroup = "vpc-"+a.hexID(17), "sg-"+a.hexID(17)
		a.ec2In(region).add(v)
	})
	return v, err
}

// AddNetworkInterface puts something that uses the VPC's default security group into a VPC, as a launch without a group of
// its own does, and returns the id of its network interface.
func (a *Account) AddNetworkInterface(region, vpc string) (string, error) {
	var id string
	err := a.Update(func(a *Account) {
		r := a.ec2In(region)
		if r.VPCs[vpc] == nil {
			return
		}
		id = "eni-" + a.hexID(17)
		r.NetworkInterfaces.put(id, &networkInterface{vpc, []string{r.VPCs[vpc].DefaultSecurityGroup}})
	})
	if err == nil && id == "" {
		err = fmt.Errorf("network interface: %s has no VPC %s", region, vpc)
	}
	return id, err
}

// RemoveDefaultVPC deletes the default VPC of each Region, as people do in the console.
// A Region that has none is left alone.
func (a *Account) RemoveDefaultVPC(regions ...string) error {
	for _, region := range regions {
		if !a.regionEnabled(region) {
			return fmt.Errorf("default VPC: the Region %s is not enabled", region)
		}
	}
	return a.Update(func(a *Account) {
		for _, region := range regions {
			r := a.ec2In(region)
			for id, v := range r.VPCs {
				if v.Default {
					delete(r.VPCs, id)
					delete(r.SecurityGroups, v.DefaultSecurityGroup)
				}
			}
		}
	})
}

// Hardening is what a Region's account-level settings and default security groups are.
type Hardening struct {
	EBSEncryptionByDefault bool
	// EBSDefaultKey is the ARN of a customer managed key, or "alias/aws/ebs".
	EBSDefaultKey             string
	SnapshotBlockPublicAccess string // unblocked, block-new-sharing or block-all-sharing
	ImageBlockPublicAccess    string // unblocked or block-new-sharing
	InstanceMetadata          InstanceMetadataDefaults
	SerialConsoleAccess       bool
	VPCs                      []VPC // sorted by id
	// DefaultSecurityGroups are the default security groups by the id of their VPC.
	DefaultSecurityGroups map[string]SecurityGroup
}

// Hardening reads the settings of a Region. What belongs to the whole account is in
// IAM.PasswordPolicy, IAM.Alias, S3.PublicAccess and AccountManagement.AlternateContacts.
func (a *Account) Hardening(region string) Hardening {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.ec2In(region)
	h := Hardening{
		EBSEncryptionByDefault: r.EncryptionByDefault, EBSDefaultKey: r.defaultKey(),
		SnapshotBlockPublicAccess: orUnblocked(r.SnapshotBlock), ImageBlockPublicAccess: orUnblocked(r.ImageBlock),
		InstanceMetadata: r.Metadata, SerialConsoleAccess: r.SerialConsole,
		DefaultSecurityGroups: map[string]SecurityGroup{},
	}
	for _, id := range sortedKeys(r.VPCs) {
		v := *r.VPCs[id]
		v.Tags = maps.Clone(v.Tags)
		h.VPCs = append(h.VPCs, v)
		group := *r.SecurityGroups[v.DefaultSecurityGroup]
		group.Ingress, group.Egress, group.Tags = slices.Clone(group.Ingress), slices.Clone(group.Egress), maps.Clone(group.Tags)
		h.DefaultSecurityGroups[id] = group
	}
	return h
}

func orUnblocked(state string) string {
	if state == "" {
		return unblocked
	}
	return state
}

func (r *ec2Region) defaultKey() string {
	if r.DefaultKey == "" {
		return ebsManagedKeyAlias
	}
	return r.DefaultKey
}
