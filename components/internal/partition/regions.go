package partition

import "slices"

// Region is one AWS Region.
type Region struct {
	// Name is the Region's code, such as eu-west-1.
	Name string
	// Partition is the id of the partition that the Region belongs to.
	Partition string
	// OptIn says that an account has to enable the Region before it can be used.
	OptIn bool
}

// The Regions, ordered by name within their partition. Regions launched after 20 March 2019 are opt-in:
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html.
var regions = []Region{
	{"af-south-1", "aws", true},
	{"ap-east-1", "aws", true},
	{"ap-east-2", "aws", true},
	{"ap-northeast-1", "aws", false},
	{"ap-northeast-2", "aws", false},
	{"ap-northeast-3", "aws", false},
	{"ap-south-1", "aws", false},
	{"ap-south-2", "aws", true},
	{"ap-southeast-1", "aws", false},
	{"ap-southeast-2", "aws", false},
	{"ap-southeast-3", "aws", true},
	{"ap-southeast-4", "aws", true},
	{"ap-southeast-5", "aws", true},
	{"ap-southeast-6", "aws", true},
	{"ap-southeast-7", "aws", true},
	{"ca-central-1", "aws", false},
	{"ca-west-1", "aws", true},
	{"eu-central-1", "aws", false},
	{"eu-central-2", "aws", true},
	{"eu-north-1", "aws", false},
	{"eu-south-1", "aws", true},
	{"eu-south-2", "aws", true},
	{"eu-west-1", "aws", false},
	{"eu-west-2", "aws", false},
	{"eu-west-3", "aws", false},
	{"il-central-1", "aws", true},
	{"me-central-1", "aws", true},
	{"me-south-1", "aws", true},
	{"me-west-1", "aws", true},
	{"mx-central-1", "aws", true},
	{"sa-east-1", "aws", false},
	{"sa-west-1", "aws", true},
	{"us-east-1", "aws", false},
	{"us-east-2", "aws", false},
	{"us-west-1", "aws", false},
	{"us-west-2", "aws", false},
	{"cn-north-1", "aws-cn", false},
	{"cn-northwest-1", "aws-cn", false},
	{"us-gov-east-1", "aws-us-gov", false},
	{"us-gov-west-1", "aws-us-gov", false},
}

// Lookup returns a known Region, and false for a name that is not in the table.
func Lookup(name string) (Region, bool) {
	i := slices.IndexFunc(regions, func(r Region) bool { return r.Name == name })
	if i < 0 {
		return Region{}, false
	}
	return regions[i], true
}

// Regions returns the known Regions of the partition, sorted by name.
func (p Partition) Regions() []Region {
	var of []Region
	for _, r := range regions {
		if r.Partition == p.ID {
			of = append(of, r)
		}
	}
	return of
}

// RegionNames returns the names of all known Regions, partition by partition.
func RegionNames() []string {
	names := make([]string, len(regions))
	for i, r := range regions {
		names[i] = r.Name
	}
	return names
}
