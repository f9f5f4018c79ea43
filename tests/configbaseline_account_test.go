package tests

import (
	"slices"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// TestAccountRecordsInEveryRegion deploys the default into all Regions of a simulated account, lets AWS Config deliver from
// each, and destroys it again in the opposite order: nothing is refused on the way.
func TestAccountRecordsInEveryRegion(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		covered := regionsOf(p.Name)
		s := deployInto(t, testkit.Options{Partition: p.Name}, "", func(ctx *pulumi.Context) error {
			_, err := coveredConfig(ctx, covered, configbaseline.ConfigBaselineArgs{
				Disposable: true, HistoryRetentionDays: 365, Recording: standardRecording(),
				ArchiveArgs: &logarchive.LogArchiveArgs{KeyPrefix: "logs"},
			})
			return err
		})
		for _, typ := range []string{configRecorderType, configChannelType, configStatusType} {
			assert.Len(t, s.ofType(typ), len(covered), typ)
		}
		for _, region := range covered {
			require.NoError(t, s.account().ConfigDeliver(region), region)
		}
		made := slices.Clone(s.resources)
		slices.Reverse(made)
		for _, r := range made {
			require.NoError(t, r.remove(), r.Name)
		}
	})
}

// standardRecording is the profile standard: continuous, the noisy types daily.
func standardRecording() configbaseline.RecordingArgs {
	return configbaseline.RecordingArgs{Overrides: []configbaseline.RecordingOverride{{Frequency: configbaseline.Daily, ResourceTypes: []string{
		"AWS::EC2::NetworkInterface", "AWS::EC2::Subnet", "AWS::ECS::TaskDefinition", "AWS::SSM::ManagedInstanceInventory",
	}}}}
}

// TestAccountAcceptsWhatTheArgumentsAccept: whatever recording is drawn, AWS refuses neither its making nor its removal.
func TestAccountAcceptsWhatTheArgumentsAccept(t *testing.T) {
	covered := []string{"ap-northeast-1", "eu-west-1", "us-east-1"}
	rapid.Check(t, func(rt *rapid.T) {
		args := configbaseline.ConfigBaselineArgs{
			Recording: drawRecording(rt), Rules: noRules(), Disposable: true,
			SnapshotFrequency:    rapid.SampledFrom([]string{"", "One_Hour", "Twelve_Hours"}).Draw(rt, "snapshots"),
			HistoryRetentionDays: rapid.SampledFrom([]int{0, 30, 2557}).Draw(rt, "history"),
			OmitAggregator:       rapid.Bool().Draw(rt, "aggregator"),
		}
		s := deployInto(t, testkit.Options{}, "", func(ctx *pulumi.Context) error {
			_, err := coveredConfig(ctx, covered, args)
			return err
		})
		for _, r := range s.ofType(configRecorderType) {
			if err := s.account().ConfigDeliver(r.Region); err != nil {
				rt.Fatal(err)
			}
		}
		slices.Reverse(s.resources)
		for _, r := range s.resources {
			if err := r.remove(); err != nil {
				rt.Fatalf("%s: %v", r.Name, err)
			}
		}
	})
}

// TestAccountTakesOverWhatExists: a recorder and a channel that somebody made in the console get the settings of the
// baseline, under their own names; under another name AWS refuses a second one.
func TestAccountTakesOverWhatExists(t *testing.T) {
	const home = "ap-northeast-1"
	deploy := func(adopt map[string]configbaseline.Existing) error {
		s := deployInto(t, testkit.Options{}, "", func(ctx *pulumi.Context) error {
			providers, err := regions.NewProviders(ctx, regions.Set{Home: home, Covered: []string{home}}, aws.ProviderArgs{})
			if err != nil {
				return err
			}
			first, err := configbaseline.NewConfigBaseline(ctx, "console", &configbaseline.ConfigBaselineArgs{
				Rules: noRules(), Recorders: map[string]configbaseline.Existing{home: {Adopt: "company"}},
				DeliveryChannels: map[string]configbaseline.Existing{home: {Adopt: "company"}}, OmitAggregator: true,
			}, pulumi.Provider(providers.Home()))
			if err != nil {
				return err
			}
			value, _, _, err := testkit.Await(first.RecorderNames)
			assert.Equal(t, map[string]string{home: "company"}, value)
			return err
		})
		return s.rerun(func(ctx *pulumi.Context) error {
			_, err := configbaseline.NewConfigBaseline(ctx, "config", &configbaseline.ConfigBaselineArgs{
				Rules: noRules(), ServiceLinkedRole: configbaseline.UseExisting, OmitAggregator: true,
				Recorders: adopt, DeliveryChannels: adopt,
			})
			return err
		})
	}
	assert.ErrorContains(t, deploy(nil), "MaxNumberOfConfigurationRecordersExceededException")
	assert.NoError(t, deploy(map[string]configbaseline.Existing{home: {Adopt: "company"}}))
	assert.NoError(t, deploy(map[string]configbaseline.Existing{home: {Existing: "company"}}))
}

// rerun runs another program against the same account.
func (s *simulated) rerun(program func(ctx *pulumi.Context) error) error {
	return pulumi.RunErr(program, pulumi.WithMocks("account-baseline", "dev", s))
}
