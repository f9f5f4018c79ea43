package regions_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-8894d46d/account-baseline/components/regions"
)

// account answers like an AWS account with some Regions enabled.
type account struct {
	enabled []string
	denied  bool

	mu        sync.Mutex
	providers map[string]resource.PropertyMap
	asked     []pulumi.MockCallArgs
}

func (a *account) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.providers == nil {
		a.providers = map[string]resource.PropertyMap{}
	}
	if args.TypeToken != "pulumi:providers:aws" {
		return "", nil, errors.New("unexpected " + args.TypeToken)
	}
	if a.providers[args.Name] != nil {
		return "", nil, errors.New("second registration of " + args.Name)
	}
	a.providers[args.Name] = args.Inputs
	return args.Name + "-id", args.Inputs, nil
}

func (a *account) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, args)
	if a.denied {
		return nil, errors.New("UnauthorizedOperation")
	}
	names := []resource.PropertyValue{}
	for _, n := range a.enabled {
		names = append(names, resource.NewStringProperty(n))
	}
	return resource.PropertyMap{"names": resource.NewArrayProperty(names), "id": resource.NewStringProperty("aws")}, nil
}

func run(t *testing.T, a *account, preview bool, program func(*pulumi.Context) error) error {
	t.Helper()
	return pulumi.RunErr(program, pulumi.WithMocks("account-baseline", "test", a), func(info *pulumi.RunInfo) { info.DryRun = preview })
}

var commercial = []string{"us-west-2", "us-east-1", "eu-west-1", "ap-northeast-1"}

func TestResolve(t *testing.T) {
	for _, tt := range []struct {
		name    string
		home    string
		spec    []string
		enabled []string
		covered []string
		err     string
	}{
		{name: "nothing named covers what is enabled", home: "eu-west-1", enabled: commercial, covered: []string{"ap-northeast-1", "eu-west-1", "us-east-1", "us-west-2"}},
		{name: "all", home: "eu-west-1", spec: []string{"all"}, enabled: commercial, covered: []string{"ap-northeast-1", "eu-west-1", "us-east-1", "us-west-2"}},
		{name: "the home Region is always covered", home: "eu-west-1", spec: []string{"us-east-1"}, enabled: commercial, covered: []string{"eu-west-1", "us-east-1"}},
		{name: "duplicates merge", home: "eu-west-1", spec: []string{"us-east-1", "eu-west-1", "us-east-1"}, enabled: commercial, covered: []string{"eu-west-1", "us-east-1"}},
		{name: "a Region newer than the table", home: "eu-west-1", spec: []string{"eu-west-77"}, enabled: append([]string{"eu-west-77"}, commercial...), covered: []string{"eu-west-1", "eu-west-77"}},
		{name: "China", home: "cn-north-1", enabled: []string{"cn-northwest-1", "cn-north-1"}, covered: []string{"cn-north-1", "cn-northwest-1"}},
		{name: "unknown", home: "eu-west-1", spec: []string{"eu-wst-1"}, enabled: commercial, err: `regions: "eu-wst-1" is not a Region`},
		{name: "another partition", home: "eu-west-1", spec: []string{"cn-north-1"}, enabled: commercial,
			err: `regions: "cn-north-1" is a Region of the partition aws-cn, the home Region is in aws`},
		{name: "not enabled", home: "eu-west-1", spec: []string{"af-south-1"}, enabled: commercial,
			err: `regions: "af-south-1" is not enabled in this account; enable it (aws account enable-region --region-name af-south-1) or leave it out`},
		{name: "home not enabled", home: "af-south-1", enabled: commercial,
			err: `regions: "af-south-1" is not enabled in this account; enable it (aws account enable-region --region-name af-south-1) or leave it out`},
		{name: "all beside a Region", home: "eu-west-1", spec: []string{"all", "us-east-1"}, enabled: commercial,
			err: `regions: "all" cannot stand beside Regions; give the word alone`},
		{name: "unknown home", home: "eu-wst-1", enabled: commercial, err: `home Region "eu-wst-1": no such Region`},
		{name: "every problem at once", home: "eu-west-1", spec: []string{"x", "cn-north-1"}, enabled: commercial,
			err: "regions: \"cn-north-1\" is a Region of the partition aws-cn, the home Region is in aws\nregions: \"x\" is not a Region"},
		{name: "no answer", home: "eu-west-1", err: "asking AWS for the enabled Regions (ec2:DescribeRegions): the answer names none"},
	} {
		for _, preview := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				a := &account{enabled: tt.enabled}
				require.NoError(t, run(t, a, preview, func(ctx *pulumi.Context) error {
					set, err := regions.Resolve(ctx, tt.home, tt.spec)
					if tt.err != "" {
						assert.EqualError(t, err, tt.err)
						return nil
					}
					require.NoError(t, err)
					assert.Equal(t, tt.home, set.Home)
					assert.Equal(t, tt.covered, set.Covered)
					assert.ElementsMatch(t, tt.enabled, append(slices.Clone(set.Covered), set.Uncovered...), "every enabled Region is one or the other")
					return nil
				}))
				assert.Empty(t, a.providers, "resolving registers nothing")
			})
		}
	}
}

func TestResolveAsksOnlyForEnabledRegions(t *testing.T) {
	a := &account{enabled: commercial}
	require.NoError(t, run(t, a, false, func(ctx *pulumi.Context) error {
		_, err := regions.Resolve(ctx, "eu-west-1", nil)
		return err
	}))
	require.Len(t, a.asked, 1)
	filter := a.asked[0].Args["filters"].ArrayValue()[0].ObjectValue()
	assert.Equal(t, "opt-in-status", filter["name"].StringValue())
	assert.Equal(t, []any{"opt-in-not-required", "opted-in"}, filter["values"].Mappable())
}

func TestResolveDenied(t *testing.T) {
	require.NoError(t, run(t, &account{denied: true}, false, func(ctx *pulumi.Context) error {
		_, err := regions.Resolve(ctx, "eu-west-1", nil)
		assert.ErrorContains(t, err, "asking AWS for the enabled Regions (ec2:DescribeRegions): ")
		assert.ErrorContains(t, err, "UnauthorizedOperation")
		return nil
	}))
}

// Whatever is named, the covered Regions are sorted, without duplicates, and hold the home Region.
func TestResolveProperty(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		home := rapid.SampledFrom(commercial).Draw(r, "home")
		spec := rapid.SliceOf(rapid.SampledFrom(commercial)).Draw(r, "spec")
		err := run(t, &account{enabled: commercial}, false, func(ctx *pulumi.Context) error {
			set, err := regions.Resolve(ctx, home, spec)
			if err != nil {
				return err
			}
			if !slices.IsSorted(set.Covered) || len(slices.Compact(slices.Clone(set.Covered))) != len(set.Covered) {
				r.Fatalf("not sorted and unique: %v", set.Covered)
			}
			if !slices.Contains(set.Covered, home) {
				r.Fatalf("%s is not in %v", home, set.Covered)
			}
			for _, s := range spec {
				if !slices.Contains(set.Covered, s) {
					r.Fatalf("%s is not in %v", s, set.Covered)
				}
			}
			return nil
		})
		if err != nil {
			r.Fatal(err)
		}
	})
}

func TestProviders(t *testing.T) {
	for _, tt := range []struct {
		name       string
		home       string
		covered    []string
		global     string
		forwarding []string
	}{
		{"the global Region is added", "ap-northeast-1", []string{"ap-northeast-1", "eu-west-1"}, "us-east-1", []string{"ap-northeast-1", "eu-west-1", "us-east-1"}},
		{"the global Region is covered", "us-east-1", []string{"ap-northeast-1", "us-east-1"}, "us-east-1", []string{"ap-northeast-1", "us-east-1"}},
		{"China", "cn-northwest-1", []string{"cn-northwest-1"}, "cn-north-1", []string{"cn-north-1", "cn-northwest-1"}},
		{"GovCloud", "us-gov-east-1", []string{"us-gov-east-1"}, "us-gov-west-1", []string{"us-gov-east-1", "us-gov-west-1"}},
	} {
		for _, preview := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				a := &account{}
				args := aws.ProviderArgs{
					Region:            pulumi.String(tt.home),
					AllowedAccountIds: pulumi.StringArray{pulumi.String("123456789012")},
					AssumeRole:        aws.ProviderAssumeRoleArgs{RoleArn: pulumi.String("arn:aws:iam::123456789012:role/ci")},
				}
				require.NoError(t, run(t, a, preview, func(ctx *pulumi.Context) error {
					p, err := regions.NewProviders(ctx, regions.Set{Home: tt.home, Covered: tt.covered}, args)
					require.NoError(t, err)
					assert.Equal(t, tt.covered, p.Covered())
					assert.Equal(t, tt.forwarding, p.Forwarding())
					assert.Equal(t, tt.home, p.HomeRegion())
					assert.Equal(t, tt.global, p.GlobalRegion())
					assert.Same(t, p.For(tt.home), p.Home())
					assert.Same(t, p.For(tt.global), p.Global())
					assert.PanicsWithValue(t, `regions: no provider for the Region "eu-north-1"`, func() { p.For("eu-north-1") })
					return nil
				}))
				require.Len(t, a.providers, len(tt.forwarding), "one provider per Region")
				for _, region := range tt.forwarding {
					in := a.providers["aws-"+region]
					require.NotNil(t, in, region)
					assert.Equal(t, region, in["region"].StringValue())
					assert.Contains(t, in["allowedAccountIds"].String(), "123456789012", "the caller's arguments reach every Region")
					assert.Contains(t, in["assumeRole"].String(), "role/ci")
				}
				assert.Equal(t, pulumi.String(tt.home), args.Region, "the caller's arguments stay as they were")
			})
		}
	}
}

func TestCoverAsksByTheHomeProvider(t *testing.T) {
	for _, preview := range []bool{false, true} {
		a := &account{enabled: commercial}
		require.NoError(t, run(t, a, preview, func(ctx *pulumi.Context) error {
			p, err := regions.Cover(ctx, "eu-west-1", []string{"us-west-2"}, aws.ProviderArgs{})
			require.NoError(t, err)
			assert.Equal(t, []string{"eu-west-1", "us-east-1", "us-west-2"}, p.Forwarding())
			return nil
		}))
		require.Len(t, a.asked, 1)
		assert.Contains(t, a.asked[0].Provider, "::aws-eu-west-1::", "not the default provider")
		assert.Len(t, a.providers, 3)
	}
}

func TestCoverRefuses(t *testing.T) {
	a := &account{enabled: commercial}
	require.NoError(t, run(t, a, false, func(ctx *pulumi.Context) error {
		_, err := regions.Cover(ctx, "nowhere", nil, aws.ProviderArgs{})
		assert.EqualError(t, err, `home Region "nowhere": no such Region`)
		return nil
	}))
	assert.Empty(t, a.providers)
	require.NoError(t, run(t, a, false, func(ctx *pulumi.Context) error {
		_, err := regions.Cover(ctx, "eu-west-1", []string{"cn-north-1"}, aws.ProviderArgs{})
		assert.ErrorContains(t, err, "is a Region of the partition aws-cn")
		return nil
	}))
	assert.Equal(t, 1, len(a.providers), "only the home Region's provider, which had to ask: %s", strings.Join(slices.Collect(keys(a.providers)), " "))
}

func keys(m map[string]resource.PropertyMap) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
