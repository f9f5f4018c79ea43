package tests

import (
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// everyThreatBesideArchive declares nearly everything that the component can make, in several Regions, beside an archive.
func everyThreatBesideArchive(partition string, covered []string) func(ctx *pulumi.Context) error {
	return func(ctx *pulumi.Context) error {
		archive, err := logarchive.NewLogArchive(ctx, "archive", &logarchive.LogArchiveArgs{Disposable: true, KeyPrefix: "logs"})
		if err != nil {
			return err
		}
		args := everyThreat(partition, covered)
		args.Archive = archive
		args.MalwareProtectedBuckets = nil // their buckets are somebody else's
		args.TrustedIPList, args.ThreatIPLists = nil, nil
		if partition == "aws-cn" {
			args.RuntimeAgents, args.Plans = nil, nil
		}
		_, err = coveredThreats(ctx, covered, args)
		return err
	}
}

// TestAccountDetectsInEveryRegion deploys everything into all Regions of a simulated account, lets GuardDuty export from
// each, and destroys it again in the opposite order: nothing is refused on the way.
func TestAccountDetectsInEveryRegion(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		covered := regionsOf(p.Name)
		s := deployInto(t, testkit.Options{Partition: p.Name}, "", everyThreatBesideArchive(p.Name, covered))
		for _, typ := range []string{detectorType, exportType, securityHubType, inspectorType} {
			assert.Len(t, s.ofType(typ), len(covered), typ)
		}
		assert.Len(t, s.ofType(analyzerType), len(covered)+1)
		for _, region := range covered {
			require.NoError(t, s.account().GuardDutyExport(region), region)
		}
		made := slices.Clone(s.resources)
		slices.Reverse(made)
		for _, r := range made {
			require.NoError(t, r.remove(), r.Name)
		}
	})
}

// TestAccountRefusesASecondDetector: what AWS has once per Region is adopted or left alone, never made twice.
func TestAccountRefusesASecondDetector(t *testing.T) {
	const home = "ap-northeast-1"
	s := deployInto(t, testkit.Options{}, "", func(ctx *pulumi.Context) error {
		_, err := threatdetection.NewThreatDetection(ctx, "theirs", nil)
		return err
	})
	id := s.ofType(detectorType)[0].ID
	again := func(args threatArgs) error {
		return s.rerun(func(ctx *pulumi.Context) error {
			_, err := threatdetection.NewThreatDetection(ctx, "ours", &args)
			return err
		})
	}
	assert.Error(t, again(threatArgs{}))
	unmanaged := map[string]threatdetection.Existing{home: {Existing: id}}
	assert.NoError(t, again(threatArgs{
		Detectors:      unmanaged,
		AccessAnalyzer: threatdetection.AccessAnalyzerArgs{Analyzers: map[string]threatdetection.Existing{home: {Existing: "account-baseline-dev-theirs-external-access"}}},
		SecurityHub:    threatdetection.SecurityHubArgs{Existing: []string{home}},
	}))
}
