package ec2types

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

type filter struct {
	Name   string   `pulumi:"name"`
	Values []string `pulumi:"values"`
}

// DefaultVPCs asks AWS for the ids of the default VPCs of the provider's Region: one, or none where it was deleted
// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html).
func DefaultVPCs(ctx *pulumi.Context, opts ...pulumi.InvokeOption) ([]string, error) {
	args := filteredArgs{[]filter{{"is-default", []string{"true"}}}}
	var found idsResult
	err := ctx.Invoke("aws:ec2/getVpcs:getVpcs", &args, &found, append([]pulumi.InvokeOption{pulumi.Version(Version)}, opts...)...)
	return found.Ids, err
}
