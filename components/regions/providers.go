package regions

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// A provider is a process of its own; pulumi-aws v6 was measured at 170–430 MB per process. From manyRegions on a
// preview says so.
const (
	manyRegions  = 5
	leastProcess = 0.17
	mostProcess  = 0.43
)

// Providers are the explicit AWS providers of a Set: one for every covered Region, and one for the Region in which the
// events of global services appear.
type Providers struct {
	set      Set
	global   string
	byRegion map[string]*aws.Provider
}

// NewProviders makes the providers of a Set. Each has the caller's arguments with its own Region, and the name
// aws-REGION, which is the same in every deployment. At preview a warning tells the memory that many Regions take.
func NewProviders(ctx *pulumi.Context, set Set, args aws.ProviderArgs, opts ...pulumi.ResourceOption) (*Providers, error) {
	p, err := newProviders(set)
	if err != nil {
		return nil, err
	}
	return p, p.complete(ctx, args, opts...)
}

// Cover makes the provider of the home Region, asks AWS by it which Regions are enabled, and makes the others: Resolve
// and NewProviders in one, which spares the process of a default provider.
func Cover(ctx *pulumi.Context, home string, spec []string, args aws.ProviderArgs, opts ...pulumi.ResourceOption) (*Providers, error) {
	if _, ok := partition.Of(home); !ok {
		return nil, fmt.Errorf("home Region %q: no such Region", home)
	}
	asker, err := newProvider(ctx, home, args, opts...)
	if err != nil {
		return nil, err
	}
	set, err := Resolve(ctx, home, spec, pulumi.Provider(asker))
	if err != nil {
		return nil, err
	}
	p, err := newProviders(set)
	if err != nil {
		return nil, err
	}
	p.byRegion[home] = asker
	return p, p.complete(ctx, args, opts...)
}

func newProviders(set Set) (*Providers, error) {
	in, ok := partition.Of(set.Home)
	if !ok {
		return nil, fmt.Errorf("home Region %q: no such Region", set.Home)
	}
	return &Providers{set: set, global: in.GlobalRegion, byRegion: map[string]*aws.Provider{}}, nil
}

// complete makes the providers that are still missing.
func (p *Providers) complete(ctx *pulumi.Context, args aws.ProviderArgs, opts ...pulumi.ResourceOption) error {
	for _, region := range p.Forwarding() {
		if p.byRegion[region] != nil {
			continue
		}
		provider, err := newProvider(ctx, region, args, opts...)
		if err != nil {
			return err
		}
		p.byRegion[region] = provider
	}
	if warning := memory(len(p.set.Covered), len(p.byRegion)); ctx.DryRun() && warning != "" {
		return ctx.Log.Warn(warning, nil)
	}
	return nil
}

// memory says what the provider processes take, and nothing for few Regions.
func memory(covered, processes int) string {
	if covered < manyRegions {
		return ""
	}
	return fmt.Sprintf("%d Regions are covered; each provider is a process of 170–430 MB, the %d of them need %.1f–%.1f GB of memory; name fewer in the setting regions where that is too much",
		covered, processes, float64(processes)*leastProcess, float64(processes)*mostProcess)
}

func newProvider(ctx *pulumi.Context, region string, args aws.ProviderArgs, opts ...pulumi.ResourceOption) (*aws.Provider, error) {
	args.Region = pulumi.String(region)
	provider, err := aws.NewProvider(ctx, "aws-"+region, &args, opts...)
	if err != nil {
		return nil, fmt.Errorf("provider of %s: %w", region, err)
	}
	return provider, nil
}

// For returns the provider of a Region of Forwarding. Any other Region is a mistake of the program and panics: a nil
// provider would silently deploy to the default provider's Region.
func (p *Providers) For(region string) *aws.Provider {
	provider := p.byRegion[region]
	if provider == nil {
		panic(fmt.Sprintf("regions: no provider for the Region %q", region))
	}
	return provider
}

// Home returns the provider of the home Region.
func (p *Providers) Home() *aws.Provider { return p.For(p.set.Home) }

// Global returns the provider of the Region in which the events of IAM, root use and other global services appear.
func (p *Providers) Global() *aws.Provider { return p.For(p.global) }

// HomeRegion returns the home Region.
func (p *Providers) HomeRegion() string { return p.set.Home }

// GlobalRegion returns the Region of Global.
func (p *Providers) GlobalRegion() string { return p.global }

// Covered returns the covered Regions, sorted.
func (p *Providers) Covered() []string { return slices.Clone(p.set.Covered) }

// Enabled returns the Regions that the account has enabled, sorted.
func (p *Providers) Enabled() []string {
	return slices.Sorted(slices.Values(append(p.Covered(), p.set.Uncovered...)))
}

// Unseen returns the enabled Regions whose events are not forwarded to the home Region, sorted.
func (p *Providers) Unseen() []string {
	return slices.DeleteFunc(slices.Clone(p.set.Uncovered), func(region string) bool { return region == p.global })
}

// Forwarding returns the Regions whose events are forwarded to the home Region, the home Region included: the covered
// ones and that of the global services, sorted.
func (p *Providers) Forwarding() []string {
	all := slices.Sorted(slices.Values(append(p.Covered(), p.global)))
	return slices.Compact(all)
}
