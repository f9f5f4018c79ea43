package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// pinnedConfig are the URNs of the baseline's resources below urn:pulumi:STACK::PROJECT::, and the names they have in AWS
// where the component chooses them. They stand in users' states and accounts for ever: whoever renames something adds an
// alias and keeps the row.
var pinnedConfig = map[string]string{
	ofConfig("") + "::config":                                              "",
	ofConfig(serviceLinkedRoleType) + "::config-role":                      "",
	ofConfig(configRecorderType) + "::config-recorder-ap-northeast-1":      "default",
	ofConfig(configRecorderType) + "::config-recorder-us-east-1":           "default",
	ofConfig(configChannelType) + "::config-channel-ap-northeast-1":        "default",
	ofConfig(configChannelType) + "::config-channel-us-east-1":             "default",
	ofConfig(configStatusType) + "::config-status-ap-northeast-1":          "default",
	ofConfig(configStatusType) + "::config-status-us-east-1":               "default",
	ofConfig(configHistoryType) + "::config-history-ap-northeast-1":        "",
	ofConfig(configHistoryType) + "::config-history-us-east-1":             "",
	ofConfig(configAggregatorType) + "::config-aggregator":                 configPrefix,
	ofConfig(hubRoleType) + "::config-aggregator-role":                     configPrefix + "-aggregator",
	ofConfig(roleAttachmentType) + "::config-aggregator-access":            "",
	ofConfigArchive("") + "::config-archive":                               "",
	ofConfigArchive(keyType) + "::config-archive-key":                      "",
	ofConfigArchive(bucketType) + "::config-archive-delivery":              configPrefix + "-archive-delivery-" + accountID,
	ofConfigArchive(bucketPolicyType) + "::config-archive-delivery-policy": "",
	ofConfigArchive(bucketType) + "::config-archive-access-logs":           configPrefix + "-archive-access-logs-" + accountID,
}

func ofConfig(typ string) string        { return below(configBaselineType, typ) }
func ofConfigArchive(typ string) string { return below(configBaselineType+"$"+archiveType, typ) }

func TestConfigNamesAreForEver(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "us-east-1"}
		names := declared(coverConfig(t, testkit.Options{DryRun: m.DryRun}, covered, configbaseline.ConfigBaselineArgs{
			AggregatorOrganization: true, HistoryRetentionDays: 365,
		}))
		for urn, name := range pinnedConfig {
			assert.Contains(t, names, urn, "renamed or gone: states of users have it, add an alias")
			assert.Equal(t, name, names[urn], urn)
		}
		alone := declared(deployConfig(t, testkit.Options{DryRun: m.DryRun}, nil))
		for _, thing := range []string{configRecorderType, configChannelType, configStatusType} {
			urn := ofConfig(thing) + "::config-" + map[string]string{configRecorderType: "recorder", configChannelType: "channel", configStatusType: "status"}[thing] + "-ap-northeast-1"
			assert.Equal(t, "default", alone[urn], "covering further Regions replaces nothing")
		}
	})
}

// TestSettingsReplaceNoRecorder: whichever argument changes, recorders and channels keep their URN and their name, which
// is all that AWS cannot change in place.
func TestSettingsReplaceNoRecorder(t *testing.T) {
	off := false
	covered := []string{"ap-northeast-1", "eu-west-1", "us-east-1"}
	before := coverConfig(t, testkit.Options{}, covered, configbaseline.ConfigBaselineArgs{Rules: noRules()})
	for what, args := range map[string]configbaseline.ConfigBaselineArgs{
		"daily":      {Recording: configbaseline.RecordingArgs{Frequency: configbaseline.Daily}},
		"overrides":  {Recording: configbaseline.RecordingArgs{Overrides: []configbaseline.RecordingOverride{{ResourceTypes: []string{"AWS::EC2::NetworkInterface"}, Frequency: configbaseline.Daily}}}},
		"inclusion":  {Recording: configbaseline.RecordingArgs{ResourceTypes: []string{"AWS::S3::Bucket", "AWS::IAM::Role"}}},
		"exclusion":  {Recording: configbaseline.RecordingArgs{ExcludedResourceTypes: []string{"AWS::EC2::NetworkInterface"}}},
		"snapshots":  {SnapshotFrequency: "Six_Hours"},
		"prefix":     {NamePrefix: "company"},
		"role":       {ServiceLinkedRole: configbaseline.UseExisting},
		"aggregator": {OmitAggregator: true},
		"history":    {HistoryRetentionDays: 365},
		"alerts":     {NonComplianceAlerts: &off, SecurityGroupAlerts: &off},
		"disposable": {Disposable: true},
		"tags":       {Tags: pulumi.StringMap{"team": pulumi.String("security")}},
	} {
		t.Run(what, func(t *testing.T) {
			args.Rules = noRules()
			after := coverConfig(t, testkit.Options{}, covered, args)
			for _, typ := range []string{configRecorderType, configChannelType, configStatusType} {
				for _, old := range before.ByType(typ) {
					kept := after.ByURN(old.URN)
					if assert.NotNil(t, kept, old.URN) {
						assert.Equal(t, old.String("name"), kept.String("name"), old.URN)
						assert.Equal(t, strings.TrimPrefix(old.Provider, "urn:"), strings.TrimPrefix(kept.Provider, "urn:"), "a provider of another Region replaces it")
					}
				}
			}
		})
	}
}
