package tests

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

func toAny(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
}

func sortedCopy(texts []string) []string { return slices.Sorted(slices.Values(texts)) }

func texts(value any) (all []string) {
	values, _ := value.([]any)
	for _, v := range values {
		all = append(all, v.(string))
	}
	return all
}

// recordedBy says what AWS records for a recorder, read from what is declared
// (https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html).
func recordedBy(recorder *testkit.Resource, name string) bool {
	iam := slices.Contains(perAccountTypes[:4], name)
	switch recorder.String("recordingGroup.recordingStrategies[0].useOnly") {
	case "ALL_SUPPORTED_RESOURCE_TYPES":
		return !iam || recorder.Get("recordingGroup.includeGlobalResourceTypes") == true
	case "EXCLUSION_BY_RESOURCE_TYPES":
		return !slices.Contains(texts(recorder.Get("recordingGroup.exclusionByResourceTypes[0].resourceTypes")), name)
	case "INCLUSION_BY_RESOURCE_TYPES":
		return slices.Contains(texts(recorder.Get("recordingGroup.resourceTypes")), name)
	}
	return false
}

// perAccountTypes are those that exist once per account: four of IAM, and the Aurora global cluster.
var perAccountTypes = []string{"AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User", "AWS::RDS::GlobalCluster"}

// recordableTypes are what the property test draws from.
var recordableTypes = append(slices.Clone(perAccountTypes),
	"AWS::S3::Bucket", "AWS::EC2::SecurityGroup", "AWS::EC2::NetworkInterface", "AWS::KMS::Key", "AWS::Lambda::Function", "AWS::SSM::ManagedInstanceInventory")

func drawTypes(t *rapid.T, label string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(recordableTypes), 0, 6, rapid.ID[string]).Draw(t, label)
}

// drawRecording draws recordings that are accepted.
func drawRecording(t *rapid.T) configbaseline.RecordingArgs {
	recording := configbaseline.RecordingArgs{Frequency: rapid.SampledFrom([]string{"", "CONTINUOUS", "DAILY"}).Draw(t, "frequency")}
	switch rapid.IntRange(0, 2).Draw(t, "strategy") {
	case 0:
		recording.ResourceTypes = drawTypes(t, "included")
	case 1:
		recording.ExcludedResourceTypes = drawTypes(t, "excluded")
	}
	overridden := drawTypes(t, "overridden")
	cut := rapid.IntRange(0, len(overridden)).Draw(t, "cut")
	for frequency, types := range map[string][]string{"CONTINUOUS": overridden[:cut], "DAILY": overridden[cut:]} {
		if len(types) > 0 {
			recording.Overrides = append(recording.Overrides, configbaseline.RecordingOverride{ResourceTypes: types, Frequency: frequency})
		}
	}
	return recording
}

// TestRecordingIsWhatWasAskedFor: whatever the strategy, types are recorded where and as often as the arguments say,
// what exists once per account is recorded once, and every recorder is one that AWS accepts.
func TestRecordingIsWhatWasAskedFor(t *testing.T) {
	covered := []string{"ap-northeast-1", "eu-west-1", "me-central-1", "us-east-1"}
	rapid.Check(t, func(rt *rapid.T) {
		recording := drawRecording(rt)
		d := coverConfig(t, testkit.Options{}, covered, configbaseline.ConfigBaselineArgs{Recording: recording, Rules: noRules()})
		recorders := map[string]*testkit.Resource{}
		for _, r := range d.ByType(configRecorderType) {
			recorders[r.Region] = r
			if !acceptable(r) {
				rt.Fatalf("AWS refuses the recorder of %s: %v", r.Region, r.Inputs)
			}
		}
		for _, region := range covered {
			recorder := recorders[region]
			for _, name := range recordableTypes {
				wanted := wantsType(recording, name) && (region == covered[0] || !slices.Contains(perAccountTypes, name))
				if got := recorder != nil && recordedBy(recorder, name); got != wanted {
					rt.Fatalf("%s in %s: recorded is %v, wanted %v", name, region, got, wanted)
				}
				if !wanted {
					continue
				}
				if got, want := frequencyOf(recorder, name), wantedFrequency(recording, name); got != want {
					rt.Fatalf("%s in %s: %s, wanted %s", name, region, got, want)
				}
			}
		}
	})
}

func wantsType(recording configbaseline.RecordingArgs, name string) bool {
	if len(recording.ResourceTypes) > 0 {
		return slices.Contains(recording.ResourceTypes, name)
	}
	return !slices.Contains(recording.ExcludedResourceTypes, name)
}

func wantedFrequency(recording configbaseline.RecordingArgs, name string) string {
	for _, override := range recording.Overrides {
		if slices.Contains(override.ResourceTypes, name) {
			return override.Frequency
		}
	}
	return cmp.Or(recording.Frequency, "CONTINUOUS")
}

func frequencyOf(recorder *testkit.Resource, name string) string {
	if slices.Contains(texts(recorder.Get("recordingMode.recordingModeOverride.resourceTypes")), name) {
		return recorder.String("recordingMode.recordingModeOverride.recordingFrequency")
	}
	return recorder.String("recordingMode.recordingFrequency")
}

// acceptable is what the API and the provider demand of a recording group and mode.
func acceptable(r *testkit.Resource) bool {
	all, global := r.Get("recordingGroup.allSupported") == true, r.Get("recordingGroup.includeGlobalResourceTypes") == true
	included, excluded := texts(r.Get("recordingGroup.resourceTypes")), texts(r.Get("recordingGroup.exclusionByResourceTypes[0].resourceTypes"))
	for _, name := range texts(r.Get("recordingMode.recordingModeOverride.resourceTypes")) {
		if !recordedBy(r, name) {
			return false
		}
	}
	if r.Get("recordingMode.recordingModeOverride") != nil && len(texts(r.Get("recordingMode.recordingModeOverride.resourceTypes"))) == 0 {
		return false
	}
	switch r.String("recordingGroup.recordingStrategies[0].useOnly") {
	case "ALL_SUPPORTED_RESOURCE_TYPES":
		return all && len(included)+len(excluded) == 0
	case "EXCLUSION_BY_RESOURCE_TYPES":
		return !all && !global && len(included) == 0 && len(excluded) > 0
	case "INCLUSION_BY_RESOURCE_TYPES":
		return !all && !global && len(included) > 0 && len(excluded) == 0
	}
	return false
}

// noRules leaves out what would refuse recordings that rules need.
func noRules() configbaseline.RulesArgs {
	return configbaseline.RulesArgs{Set: configbaseline.NoRules}
}

// TestRegionsThatRecordNothingHaveNoRecorder: AWS refuses an empty list.
func TestRegionsThatRecordNothingHaveNoRecorder(t *testing.T) {
	d := coverConfig(t, testkit.Options{}, []string{"ap-northeast-1", "eu-west-1"}, configbaseline.ConfigBaselineArgs{
		Recording: configbaseline.RecordingArgs{ResourceTypes: []string{"AWS::IAM::Role"}}, Rules: noRules(),
	})
	assert.Equal(t, []string{"config-recorder-ap-northeast-1"}, d.Names(configRecorderType))
	assert.Equal(t, []string{"config-channel-ap-northeast-1"}, d.Names(configChannelType))
}

// TestCloudFrontIsRecordedInTheRegionOfTheGlobalServices: a list may name it, where that Region is covered.
func TestCloudFrontIsRecordedInTheRegionOfTheGlobalServices(t *testing.T) {
	d := coverConfig(t, testkit.Options{}, []string{"ap-northeast-1", "us-east-1"}, configbaseline.ConfigBaselineArgs{
		Recording: configbaseline.RecordingArgs{ResourceTypes: []string{"AWS::CloudFront::Distribution", "AWS::S3::Bucket"}}, Rules: noRules(),
	})
	assert.Equal(t, []any{"AWS::S3::Bucket"}, d.One(configRecorderType, "config-recorder-ap-northeast-1").Get("recordingGroup.resourceTypes"))
	assert.Equal(t, []any{"AWS::CloudFront::Distribution", "AWS::S3::Bucket"}, d.One(configRecorderType, "config-recorder-us-east-1").Get("recordingGroup.resourceTypes"))
}

// TestANewRegionIsHomeWithoutIAM: excluded by name like everywhere but at home, so that nothing is refused there.
func TestANewRegionIsHomeWithoutIAM(t *testing.T) {
	d := coverConfig(t, testkit.Options{}, []string{"me-central-1"}, configbaseline.ConfigBaselineArgs{
		Recording: configbaseline.RecordingArgs{ExcludedResourceTypes: perAccountTypes[:4]}, Rules: noRules(),
	})
	recorder := d.Only(configRecorderType)
	assert.Equal(t, toAny(perAccountTypes[:4]), recorder.Get("recordingGroup.exclusionByResourceTypes[0].resourceTypes"))
	assert.True(t, recordedBy(recorder, "AWS::RDS::GlobalCluster"))
}
