package partition_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

func TestOf(t *testing.T) {
	for _, tt := range []struct {
		region, id, suffix, global, organizations string
	}{
		{"ap-northeast-1", "aws", "amazonaws.com", "us-east-1", "us-east-1"},
		{"cn-northwest-1", "aws-cn", "amazonaws.com.cn", "cn-north-1", "cn-northwest-1"},
		{"us-gov-east-1", "aws-us-gov", "amazonaws.com", "us-gov-west-1", "us-gov-west-1"},
	} {
		p, ok := partition.Of(tt.region)
		require.True(t, ok, tt.region)
		assert.Equal(t, tt.id, p.ID)
		assert.Equal(t, tt.suffix, p.DNSSuffix)
		assert.Equal(t, tt.global, p.GlobalRegion)
		assert.Equal(t, tt.organizations, p.OrganizationsRegion)
	}
	for _, unknown := range []string{"", "us-east-9", "US-EAST-1", "aws"} {
		_, ok := partition.Of(unknown)
		assert.False(t, ok, unknown)
	}
}

func TestRegionsAreSortedUniqueAndInAKnownPartition(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range partition.All() {
		rs := p.Regions()
		require.NotEmpty(t, rs, p.ID)
		var names []string
		for _, r := range rs {
			assert.False(t, seen[r.Name], r.Name)
			seen[r.Name] = true
			names = append(names, r.Name)
		}
		assert.True(t, slices.IsSorted(names), p.ID)
		for _, special := range []string{p.GlobalRegion, p.OrganizationsRegion} {
			assert.Contains(t, names, special)
			region, _ := partition.Lookup(special)
			assert.False(t, region.OptIn, "%s of %s must exist in every account", special, p.ID)
		}
	}
	assert.Len(t, seen, len(partition.RegionNames()), "every Region belongs to a partition of the table")
}

func TestSeventeenCommercialRegionsAreEnabledByDefault(t *testing.T) {
	aws, _ := partition.ByID("aws")
	enabled := 0
	for _, r := range aws.Regions() {
		if !r.OptIn {
			enabled++
		}
	}
	assert.Equal(t, 17, enabled)
}

func TestFeatures(t *testing.T) {
	seen := map[partition.Feature]bool{}
	for _, d := range partition.Features() {
		assert.False(t, seen[d.Feature], "%s twice", d.Feature)
		seen[d.Feature] = true
		assert.NotEmpty(t, d.Name)
		assert.Equal(t, d.Name, d.Feature.Describe())
		assert.NotEmpty(t, d.Partitions)
		for _, id := range d.Partitions {
			_, ok := partition.ByID(id)
			assert.True(t, ok, "%s: %s", d.Feature, id)
		}
		u, err := url.Parse(d.Source)
		require.NoError(t, err)
		assert.Equal(t, "https", u.Scheme, "%s has no source", d.Feature)
	}
}

func TestHas(t *testing.T) {
	for _, tt := range []struct {
		id      string
		feature partition.Feature
		want    bool
	}{
		{"aws", partition.Chatbot, true},
		{"aws-cn", partition.Chatbot, false},
		{"aws-us-gov", partition.Chatbot, false},
		{"aws-cn", partition.CrossRegionEventBus, false},
		{"aws-us-gov", partition.CrossRegionEventBus, true},
		{"aws-cn", partition.APIDestinations, true},
		{"aws-us-gov", partition.APIDestinations, false},
		{"aws-us-gov", partition.Pipes, false},
		{"aws-cn", partition.GuardDutyRuntime, false},
		{"aws-us-gov", partition.Budgets, false},
		{"aws-cn", partition.ObjectLock, true},
		{"aws", "no-such-feature", false},
	} {
		p, ok := partition.ByID(tt.id)
		require.True(t, ok)
		assert.Equal(t, tt.want, p.Has(tt.feature), "%s %s", tt.id, tt.feature)
	}
}

func TestRegionsHave(t *testing.T) {
	for _, tt := range []struct {
		region  string
		feature partition.Feature
		want    bool
	}{
		{"us-west-1", partition.Inspector, true},
		{"eu-south-1", partition.Inspector, true},
		{"eu-south-2", partition.Inspector, false},
		{"eu-south-1", partition.Macie, true},
		{"eu-central-2", partition.Macie, false},
		{"cn-north-1", partition.Macie, false},
		{"us-gov-east-1", partition.Inspector, true},
		{"mx-central-1", partition.SecurityHub, true},
	} {
		region, known := partition.Lookup(tt.region)
		require.True(t, known)
		assert.Equal(t, tt.want, region.Has(tt.feature), "%s in %s", tt.feature, tt.region)
	}
	assert.False(t, partition.Region{}.Has(partition.Macie))
}

func TestARN(t *testing.T) {
	cn, _ := partition.ByID("aws-cn")
	assert.Equal(t, "arn:aws-cn:iam::123456789012:role/ci/deployer", cn.ARN("iam", "", "123456789012", "role/ci/deployer"))
}
