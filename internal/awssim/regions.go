package awssim

import (
	"fmt"
	"slices"
	"strings"
)

// partition is a set of Regions with an IAM of its own.
type partition struct {
	enabled    []string // Regions that are enabled in every account
	optIn      []string // Regions that somebody has to enable first
	reverseDNS string   // prefix of the names of VPC endpoint services
}

// partitions lists the Regions.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var partitions = map[string]partition{
	"aws": {
		reverseDNS: "com.amazonaws",
		enabled: []string{
			"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
			"ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
			"us-east-1", "us-east-2", "us-west-1", "us-west-2",
		},
		optIn: []string{
			"af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
			"ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",
			"me-central-1", "me-south-1", "mx-central-1",
		},
	},
	"aws-cn": {
		reverseDNS: "cn.com.amazonaws",
		enabled:    []string{"cn-north-1", "cn-northwest-1"},
	},
	"aws-us-gov": {
		reverseDNS: "com.amazonaws",
		enabled:    []string{"us-gov-east-1", "us-gov-west-1"},
	},
}

func knownRegion(region string) bool {
	for _, p := range partitions {
		if slices.Contains(p.enabled, region) || slices.Contains(p.optIn, region) {
			return true
		}
	}
	return false
}

// regionEnabled tells whether the account can use the Region.
func (a *Account) regionEnabled(region string) bool {
	p := partitions[a.Partition]
	return slices.Contains(p.enabled, region) ||
		slices.Contains(p.optIn, region) && slices.Contains(a.Settings.OptInRegions, region)
}

// EnableRegions enables opt-in Regions, as a person does in the console; what a Region has in every account, such as a default
// VPC, is in it from then on. An error names what is no opt-in Region of the partition; nothing is enabled then.
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
func (a *Account) EnableRegions(regions ...string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := partitions[a.Partition]
	for i, region := range regions {
		switch {
		case slices.Contains(p.enabled, region):
			return fmt.Errorf("%s is enabled in every account; leave it out", region)
		case len(p.optIn) == 0:
			return fmt.Errorf("%q: partition %s has no opt-in Regions", region, a.Partition)
		case !slices.Contains(p.optIn, region):
			return fmt.Errorf("%q is no opt-in Region of partition %s; there are %s", region, a.Partition, strings.Join(p.optIn, ", "))
		case slices.Contains(regions[:i], region):
			return fmt.Errorf("%s is given twice; remove one of them", region)
		}
	}
	if len(regions) == 0 {
		return nil
	}
	for _, region := range regions {
		if !slices.Contains(a.Settings.OptInRegions, region) {
			a.Settings.OptInRegions = append(a.Settings.OptInRegions, region)
		}
		a.ec2In(region)
	}
	return a.save()
}

// enabledRegions are the Regions that the account can use, sorted.
func (a *Account) enabledRegions() []string {
	p := partitions[a.Partition]
	regions := slices.Clone(p.enabled)
	for _, r := range p.optIn {
		if a.regionEnabled(r) {
			regions = append(regions, r)
		}
	}
	slices.Sort(regions)
	return regions
}
