package partition

import (
	"slices"
	"strings"
)

// Partition is one AWS partition: a set of Regions with their own accounts, ARNs and IAM.
type Partition struct {
	// ID is the partition as ARNs spell it: aws, aws-cn or aws-us-gov.
	ID string
	// Name is the partition in words.
	Name string
	// DNSSuffix ends the host names of services: amazonaws.com or amazonaws.com.cn.
	DNSSuffix string
	// GlobalRegion is the Region whose event bus and trail carry the events of IAM, root use and other global services.
	GlobalRegion string
	// OrganizationsRegion is the Region with the endpoint of AWS Organizations, where its events appear.
	OrganizationsRegion string
}

// The partitions, in the order in which tables show them. GlobalRegion is the Region that the SDKs sign IAM requests
// for: https://docs.aws.amazon.com/general/latest/gr/iam-service.html and
// https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-Beijing.html. OrganizationsRegion is from
// https://docs.aws.amazon.com/organizations/latest/userguide/region-support.html.
var partitions = []Partition{
	{ID: "aws", Name: "AWS (commercial)", DNSSuffix: "amazonaws.com", GlobalRegion: "us-east-1", OrganizationsRegion: "us-east-1"},
	{ID: "aws-cn", Name: "AWS China", DNSSuffix: "amazonaws.com.cn", GlobalRegion: "cn-north-1", OrganizationsRegion: "cn-northwest-1"},
	{ID: "aws-us-gov", Name: "AWS GovCloud (US)", DNSSuffix: "amazonaws.com", GlobalRegion: "us-gov-west-1", OrganizationsRegion: "us-gov-west-1"},
}

// All returns every partition.
func All() []Partition { return slices.Clone(partitions) }

// ByID returns the partition with the id that ARNs use, and false when there is none.
func ByID(id string) (Partition, bool) {
	i := slices.IndexFunc(partitions, func(p Partition) bool { return p.ID == id })
	if i < 0 {
		return Partition{}, false
	}
	return partitions[i], true
}

// Of returns the partition of a known Region, and false for a Region that is not in the table.
func Of(region string) (Partition, bool) {
	r, ok := Lookup(region)
	if !ok {
		return Partition{}, false
	}
	return ByID(r.Partition)
}

// Has reports whether the partition offers the feature; an unknown feature is offered nowhere.
func (p Partition) Has(f Feature) bool {
	d, ok := feature(f)
	return ok && slices.Contains(d.Partitions, p.ID)
}

// ARN joins the parts of an ARN of this partition; region and account may be empty.
func (p Partition) ARN(service, region, account, resource string) string {
	return strings.Join([]string{"arn", p.ID, service, region, account, resource}, ":")
}
