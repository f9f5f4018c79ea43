// Package regions decides which Regions a baseline covers and makes the one provider that each of them needs.
package regions

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// All is the word that stands for every Region that the account has enabled.
const All = "all"

// Set is a home Region and the Regions that are covered.
type Set struct {
	// Home is the home Region.
	Home string
	// Covered are the covered Regions, the home Region among them: sorted, each one once.
	Covered []string
	// Uncovered are the enabled Regions that are not covered, sorted.
	Uncovered []string
}

// Resolve makes a Set. With no spec, or the single word all, every Region that the account has enabled is covered;
// otherwise the Regions of the spec, in any order and however often named, and always the home Region. AWS is asked which
// Regions are enabled (ec2:DescribeRegions), by the provider that the options name.
//
// The error has one line per problem: a Region that does not exist, belongs to another partition or is not enabled.
func Resolve(ctx *pulumi.Context, home string, spec []string, opts ...pulumi.InvokeOption) (Set, error) {
	in, ok := partition.Of(home)
	if !ok {
		return Set{}, fmt.Errorf("home Region %q: no such Region", home)
	}
	enabled, err := enabledRegions(ctx, opts...)
	if err != nil {
		return Set{}, err
	}
	if len(spec) == 0 || slices.Equal(spec, []string{All}) {
		spec = enabled
	}
	covered := slices.Sorted(slices.Values(append([]string{home}, spec...)))
	covered = slices.Compact(covered)
	var problems []error
	for _, region := range covered {
		if problem := judge(region, in, enabled); problem != "" {
			problems = append(problems, fmt.Errorf("regions: %q %s", region, problem))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return Set{}, err
	}
	uncovered := slices.DeleteFunc(slices.Clone(enabled), func(region string) bool { return slices.Contains(covered, region) })
	return Set{Home: home, Covered: covered, Uncovered: uncovered}, nil
}

// judge says what is wrong with a Region, "" when nothing is. A Region newer than the table is what AWS says it is.
func judge(region string, in partition.Partition, enabled []string) string {
	if slices.Contains(enabled, region) {
		return ""
	}
	known, ok := partition.Lookup(region)
	switch {
	case region == All:
		return "cannot stand beside Regions; give the word alone"
	case !ok:
		return "is not a Region"
	case known.Partition != in.ID:
		return fmt.Sprintf("is a Region of the partition %s, the home Region is in %s", known.Partition, in.ID)
	}
	return fmt.Sprintf("is not enabled in this account; enable it (aws account enable-region --region-name %s) or leave it out", region)
}

// enabledRegions asks AWS for the Regions that need no opt-in or have been opted in to:
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html.
func enabledRegions(ctx *pulumi.Context, opts ...pulumi.InvokeOption) ([]string, error) {
	result, err := aws.GetRegions(ctx, &aws.GetRegionsArgs{
		Filters: []aws.GetRegionsFilter{{Name: "opt-in-status", Values: []string{"opt-in-not-required", "opted-in"}}},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("asking AWS for the enabled Regions (ec2:DescribeRegions): %w", err)
	}
	if len(result.Names) == 0 {
		return nil, errors.New("asking AWS for the enabled Regions (ec2:DescribeRegions): the answer names none")
	}
	return slices.Sorted(slices.Values(result.Names)), nil
}
