package threatdetection

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// places are the Regions that the component works in.
type places struct {
	in      partition.Partition
	home    string
	covered []string // sorted
	hubs    []string // Regions with Security Hub, sorted
	// Regions with Inspector and with Macie, and the covered ones that were passed over because they lack it.
	inspector, macie, withoutInspector, withoutMacie []string
}

// placesOf checks the arguments against the Regions.
func (a *ThreatDetectionArgs) placesOf(home string, covered []string) (places, error) {
	in, known := partition.Of(home)
	if !known {
		return places{}, fmt.Errorf("the home Region %q is unknown", home)
	}
	at := places{in: in, home: home, covered: slices.Sorted(slices.Values(covered))}
	f := &findings{}
	for _, given := range []struct {
		field   string
		regions []string
	}{
		{"Detectors", slices.Sorted(maps.Keys(a.Detectors))},
		{"MissingPlans", slices.Sorted(maps.Keys(a.MissingPlans))},
		{"AccessAnalyzer.Analyzers", slices.Sorted(maps.Keys(a.AccessAnalyzer.Analyzers))},
	} {
		for _, region := range given.regions {
			if !slices.Contains(covered, region) {
				f.add("%s[%q]: the Region is not covered; covered are %s", given.field, region, strings.Join(at.covered, ", "))
			}
		}
	}
	at.checkCovered(f, "SecurityHub.Regions", a.SecurityHub.Regions)
	at.checkCovered(f, "Inspector.Regions", a.Inspector.Regions)
	at.checkCovered(f, "Macie.Regions", a.Macie.Regions)
	for i, filter := range a.SuppressionFilters {
		at.checkCovered(f, fmt.Sprintf("SuppressionFilters[%d].Regions", i), filter.Regions)
	}
	for _, asked := range []struct {
		argument string
		given    bool
		feature  partition.Feature
	}{
		{"TrustedAdvisor", a.TrustedAdvisor, partition.TrustedAdvisor},
		{"Inspector.Regions", a.Inspector.used(), partition.Inspector},
		{"Macie.Regions", a.Macie.used(), partition.Macie},
	} {
		if asked.given && !in.Has(asked.feature) {
			f.add("%s: partition %s has no %s; leave it out", asked.argument, in.ID, asked.feature.Describe())
		}
	}
	at.locateHubs(a.SecurityHub, f)
	at.inspector, at.withoutInspector = at.locate(partition.Inspector, a.Inspector.Regions, a.Inspector.EveryRegion)
	at.macie, at.withoutMacie = at.locate(partition.Macie, a.Macie.Regions, a.Macie.EveryRegion)
	return at, errors.Join(f.problems...)
}

// locate finds the Regions of a service that not every Region has.
func (p places) locate(service partition.Feature, given []string, every bool) (with, without []string) {
	if !every {
		return given, nil
	}
	for _, name := range p.covered {
		if region, _ := partition.Lookup(name); region.Has(service) {
			with = append(with, name)
		} else {
			without = append(without, name)
		}
	}
	return with, without
}

func (p places) checkCovered(f *findings, field string, regions []string) {
	for i, region := range regions {
		if !slices.Contains(p.covered, region) {
			f.add("%s[%d]: %s is not covered; covered are %s", field, i, region, strings.Join(p.covered, ", "))
		}
	}
}

// locateHubs finds the Regions of Security Hub, and refuses what cannot be aggregated
// (https://docs.aws.amazon.com/securityhub/latest/userguide/finding-aggregation-enable.html).
func (p *places) locateHubs(a SecurityHubArgs, f *findings) {
	if a.Omit {
		return
	}
	p.hubs = []string{p.home}
	if len(a.Regions) > 0 {
		p.hubs = slices.Sorted(slices.Values(a.Regions))
	}
	for _, given := range []struct {
		field   string
		regions []string
	}{{"SecurityHub.Existing", a.Existing}, {"SecurityHub.Adopt", a.Adopt}} {
		for i, region := range given.regions {
			if !slices.Contains(p.hubs, region) {
				f.add("%s[%d]: %s is not among the Regions of Security Hub; they are %s", given.field, i, region, strings.Join(p.hubs, ", "))
			}
		}
	}
	switch {
	case a.OmitAggregator:
	case !slices.Contains(p.hubs, p.home):
		f.add("SecurityHub.Regions: the home Region %s is missing, to which findings are aggregated; add it, or set OmitAggregator", p.home)
	case len(p.hubs) > 1 && optIn(p.home):
		f.add("SecurityHub.Regions: Security Hub does not aggregate to %s, a Region that is disabled by default; name %s alone, or set OmitAggregator", p.home, p.home)
	}
}

// aggregated says whether findings of other Regions appear in the home Region.
func (p places) aggregated(a SecurityHubArgs) bool {
	return !a.OmitAggregator && len(p.hubs) > 1
}

// optIn says whether a Region is disabled by default.
func optIn(region string) bool {
	known, _ := partition.Lookup(region)
	return known.OptIn
}

// checkRegion refuses what would have to be in the home Region and is not.
func (a *ThreatDetectionArgs) checkRegion(home string) error {
	f := &findings{}
	if a.Regions != nil && a.Regions.HomeRegion() != home {
		f.add("Regions: the home Region is %s, but the provider of the component works in %s; give the component the home Region's provider", a.Regions.HomeRegion(), home)
	}
	if a.Alerts != nil && a.Alerts.HomeRegion() != home {
		f.add("Alerts: its topics are in %s, the home Region is %s; give both the same provider", a.Alerts.HomeRegion(), home)
	}
	if a.Archive != nil && a.Archive.Region != home {
		f.add("Archive: it is in %s, the home Region is %s; give both the same provider", a.Archive.Region, home)
	}
	return errors.Join(f.problems...)
}
