package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	configBaselineType    = "account-baseline:index:ConfigBaseline"
	configRecorderType    = "aws:cfg/recorder:Recorder"
	configChannelType     = "aws:cfg/deliveryChannel:DeliveryChannel"
	configStatusType      = "aws:cfg/recorderStatus:RecorderStatus"
	configHistoryType     = "aws:cfg/retentionConfiguration:RetentionConfiguration"
	configAggregatorType  = "aws:cfg/configurationAggregator:ConfigurationAggregator"
	serviceLinkedRoleType = "aws:iam/serviceLinkedRole:ServiceLinkedRole"

	configPrefix = "account-baseline-dev-config"
)

// deployConfig deploys a baseline named config in the Region of the default provider.
func deployConfig(t testing.TB, o testkit.Options, args *configbaseline.ConfigBaselineArgs, opts ...pulumi.ResourceOption) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		_, err := configbaseline.NewConfigBaseline(ctx, "config", args, opts...)
		return err
	})
}

// coverConfig deploys it in several Regions, home first.
func coverConfig(t testing.TB, o testkit.Options, covered []string, args configbaseline.ConfigBaselineArgs) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		_, err := coveredConfig(ctx, covered, args)
		return err
	})
}

func coveredConfig(ctx *pulumi.Context, covered []string, args configbaseline.ConfigBaselineArgs) (*configbaseline.ConfigBaseline, error) {
	providers, err := regions.NewProviders(ctx, regions.Set{Home: covered[0], Covered: covered}, aws.ProviderArgs{})
	if err != nil {
		return nil, err
	}
	args.Regions = providers
	return configbaseline.NewConfigBaseline(ctx, "config", &args, pulumi.Provider(providers.Home()))
}

func regionsOf(partition string) []string {
	for _, p := range testkit.Partitions {
		if p.Name == partition {
			covered := []string{p.Home}
			for _, region := range p.Regions {
				if region != p.Home {
					covered = append(covered, region)
				}
			}
			return covered
		}
	}
	panic("no partition " + partition)
}

func TestConfigIsWellBehaved(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		for _, args := range []configbaseline.ConfigBaselineArgs{{}, {AggregatorOrganization: true, HistoryRetentionDays: 365}} {
			args.Tags = pulumi.StringMap{"team": pulumi.String("security")}
			wellBehaved(t, o, configBaselineType, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
				_, err := configbaseline.NewConfigBaseline(ctx, "config", &args, provider)
				return err
			})
		}
	})
}

// TestConfigNeedsNothingButAName: somebody else's stack, whose names are not fit for AWS, and no configuration.
func TestConfigNeedsNothingButAName(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		o.Project, o.Stack = "Web_Shop", "Production.EU-of-the-year-two-thousand"
		d := deployConfig(t, o, nil)
		component := d.Only(configBaselineType)
		d.AllDescendFrom(component)
		d.AllNamedAfter(component)
		d.AllTagged(nil)
		d.NoHardCodedPartition()
		for _, warning := range d.Logs("warning") {
			assert.Contains(t, warning, "is left out: AWS", "rules that do not exist there are all there is to warn of")
		}
		for _, r := range d.All() {
			assert.Empty(t, r.Provider, r.URN)
		}
		assert.Equal(t, []string{"config-archive-access-logs", "config-archive-delivery"}, d.Names(bucketType), "no trail delivers here")
		for _, bucket := range d.ByType(bucketType) {
			assert.LessOrEqual(t, len(bucket.String("bucket")), 63, bucket.String("bucket"))
		}
		d.Only(configRecorderType)
		d.Only(configChannelType)
		d.Only(configAggregatorType)
		assert.Equal(t, true, d.Only(configStatusType).Get("isEnabled"))
		assert.Equal(t, "config.amazonaws.com", d.Only(serviceLinkedRoleType).String("awsServiceName"))
	})
}

func TestConfigRecordsEverywhereAndIAMOnce(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		d := coverConfig(t, o, covered, configbaseline.ConfigBaselineArgs{})
		further := make([]string, len(covered))
		for i, region := range covered {
			further[i] = "aws-" + region
		}
		d.AllUseProviderOf(d.Only(configBaselineType), further...)
		for _, typ := range []string{configRecorderType, configChannelType, configStatusType} {
			assert.Len(t, d.ByType(typ), len(covered))
		}
		d.Only(serviceLinkedRoleType)
		for _, region := range covered {
			recorder := d.One(configRecorderType, "config-recorder-"+region)
			for _, r := range []*testkit.Resource{recorder, d.One(configChannelType, "config-channel-"+region), d.One(configStatusType, "config-status-"+region)} {
				assert.Equal(t, region, r.Region, r.URN)
				assert.Equal(t, "default", r.String("name"), r.URN)
			}
			assert.Equal(t, "arn:"+o.Partition+":iam::"+accountID+":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig", recorder.String("roleArn"))
			assert.Equal(t, "CONTINUOUS", recorder.String("recordingMode.recordingFrequency"))
			home := region == covered[0]
			assert.Equal(t, home, recorder.Get("recordingGroup.allSupported"))
			assert.Equal(t, home, recorder.Get("recordingGroup.includeGlobalResourceTypes"))
			if home {
				assert.Equal(t, "ALL_SUPPORTED_RESOURCE_TYPES", recorder.String("recordingGroup.recordingStrategies[0].useOnly"))
				assert.Nil(t, recorder.Get("recordingGroup.exclusionByResourceTypes"))
				continue
			}
			assert.Equal(t, "EXCLUSION_BY_RESOURCE_TYPES", recorder.String("recordingGroup.recordingStrategies[0].useOnly"))
			assert.Equal(t, []any{"AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User", "AWS::RDS::GlobalCluster"},
				recorder.Get("recordingGroup.exclusionByResourceTypes[0].resourceTypes"))
		}
	})
}

// TestConfigKeepsTheOrderThatAWSDemands: role, recorder, permissions, channel, start; and back when it is destroyed.
func TestConfigKeepsTheOrderThatAWSDemands(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := regionsOf("aws")[:3]
		d := coverConfig(t, testkit.Options{DryRun: m.DryRun}, covered, configbaseline.ConfigBaselineArgs{HistoryRetentionDays: 30})
		for _, region := range covered {
			recorder, channel := d.One(configRecorderType, "config-recorder-"+region), d.One(configChannelType, "config-channel-"+region)
			status := d.One(configStatusType, "config-status-"+region)
			assert.Contains(t, recorder.Dependencies, d.Only(serviceLinkedRoleType).URN)
			for _, before := range []*testkit.Resource{
				recorder, d.One(bucketPolicyType, "config-archive-delivery-policy"), d.One(encryptionType, "config-archive-delivery-encryption"),
				d.One(keyPolicyType, "config-archive-key-policy"),
			} {
				assert.Contains(t, channel.Dependencies, before.URN)
			}
			assert.Contains(t, status.Dependencies, channel.URN)
			assert.Contains(t, status.Dependencies, recorder.URN)
			assert.Contains(t, d.One(configHistoryType, "config-history-"+region).Dependencies, status.URN)
		}
	})
}

func TestConfigDeliversToItsArchive(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := deployConfig(t, o, nil)
		channel := d.Only(configChannelType)
		assert.Equal(t, "TwentyFour_Hours", channel.String("snapshotDeliveryProperties.deliveryFrequency"))
		assert.Nil(t, channel.Get("s3KeyPrefix"))
		if o.DryRun {
			assert.False(t, channel.Known("s3KmsKeyArn"))
		} else {
			assert.Equal(t, configPrefix+"-archive-delivery-"+accountID, channel.String("s3BucketName"))
			assert.Equal(t, d.Only(keyType).Outputs["arn"], channel.String("s3KmsKeyArn"))
		}
		plain := deployConfig(t, o, &configbaseline.ConfigBaselineArgs{SnapshotFrequency: "One_Hour", ArchiveArgs: &logarchive.LogArchiveArgs{
			Encryption: logarchive.S3Managed, KeyPrefix: "logs/config",
		}})
		channel = plain.Only(configChannelType)
		assert.Empty(t, plain.ByType(keyType))
		assert.Nil(t, channel.Get("s3KmsKeyArn"))
		assert.True(t, channel.Known("s3KmsKeyArn"))
		assert.Equal(t, "logs/config", channel.String("s3KeyPrefix"))
		assert.Equal(t, "One_Hour", channel.String("snapshotDeliveryProperties.deliveryFrequency"))
	})
}

func TestConfigDeliversToAGivenArchive(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) error {
			archive, err := logarchive.NewLogArchive(ctx, "archive", &logarchive.LogArchiveArgs{KeyPrefix: "logs"})
			if err != nil {
				return err
			}
			made, err := configbaseline.NewConfigBaseline(ctx, "config", &configbaseline.ConfigBaselineArgs{Archive: archive})
			if err == nil {
				assert.Same(t, archive, made.Archive)
			}
			return err
		})
		assert.Equal(t, "archive", d.Only(archiveType).Name)
		channel := d.Only(configChannelType)
		assert.Equal(t, "logs", channel.String("s3KeyPrefix"))
		assert.Contains(t, channel.Dependencies, d.One(bucketPolicyType, "archive-delivery-policy").URN)
		assert.Contains(t, channel.Dependencies, d.One(keyPolicyType, "archive-key-policy").URN)
		if !m.DryRun {
			assert.Equal(t, "account-baseline-dev-archive-delivery-"+accountID, channel.String("s3BucketName"))
		}
	})
}

func TestConfigPassesArgumentsToItsOwnArchive(t *testing.T) {
	days := 400
	d := deployConfig(t, testkit.Options{}, &configbaseline.ConfigBaselineArgs{
		Disposable: true, NamePrefix: "company", Tags: pulumi.StringMap{"team": pulumi.String("security")},
		ArchiveArgs: &logarchive.LogArchiveArgs{RetentionDays: &days, Readers: []string{"arn:aws:iam::" + accountID + ":role/auditor"}},
	})
	assert.EqualValues(t, 400, d.One(lifecycleType, "config-archive-delivery-lifecycle").Get("rules[0].expiration.days"))
	assert.Equal(t, "company-delivery-"+accountID, d.One(bucketType, "config-archive-delivery").String("bucket"))
	assert.Equal(t, "company", d.Only(configAggregatorType).String("name"))
	assert.Contains(t, d.One(bucketPolicyType, "config-archive-delivery-policy").String("policy"), "role/auditor")
	d.AllTagged(map[string]string{"team": "security"})
	for _, r := range d.All() {
		assert.False(t, r.Protect || r.RetainOnDelete, r.URN)
		for _, s := range r.Strings() {
			assert.NotContains(t, s.Value, "-reader", "nobody makes that role: %s: %s", r.URN, s.Path)
		}
	}
}

// TestConfigProtectsWhatHoldsHistoryOnly: recorders and channels hold none, and must be free to go.
func TestConfigProtectsWhatHoldsHistoryOnly(t *testing.T) {
	d := deployConfig(t, testkit.Options{}, nil)
	assert.True(t, d.One(bucketType, "config-archive-delivery").Protect)
	for _, r := range d.All() {
		if r.Custom && !strings.HasPrefix(r.Name, "config-archive") {
			assert.False(t, r.Protect || r.RetainOnDelete, r.URN)
		}
	}
}

func TestConfigHonoursTheOptionsOfItsUser(t *testing.T) {
	d := deployConfig(t, testkit.Options{}, nil, pulumi.Protect(true), pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String("recording")}}))
	assert.Len(t, d.Only(configBaselineType).Aliases, 1)
	for _, r := range []*testkit.Resource{d.Only(configBaselineType), d.Only(configRecorderType), d.Only(configChannelType)} {
		assert.True(t, r.Protect, r.URN)
	}
}

func TestConfigUsesWhatExists(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "eu-west-1", "us-east-1"}
		args := configbaseline.ConfigBaselineArgs{
			Recorders:         map[string]configbaseline.Existing{"eu-west-1": {Existing: "company"}, "us-east-1": {Adopt: "console"}},
			DeliveryChannels:  map[string]configbaseline.Existing{"eu-west-1": {Existing: "company"}, "us-east-1": {Adopt: "console-channel"}},
			ServiceLinkedRole: configbaseline.UseExisting,
		}
		d := coverConfig(t, testkit.Options{DryRun: m.DryRun}, covered, args)
		assert.Empty(t, d.ByType(serviceLinkedRoleType))
		assert.Equal(t, []string{"config-recorder-ap-northeast-1", "config-recorder-us-east-1"}, d.Names(configRecorderType))
		assert.Equal(t, []string{"config-channel-ap-northeast-1", "config-channel-us-east-1"}, d.Names(configChannelType))
		assert.Equal(t, []string{"config-status-ap-northeast-1", "config-status-us-east-1"}, d.Names(configStatusType))
		adopted := d.One(configRecorderType, "config-recorder-us-east-1")
		assert.Equal(t, "console", adopted.String("name"))
		assert.Empty(t, adopted.ImportID, "an import would refuse other settings than the recorder has; PutConfigurationRecorder changes them")
		assert.Equal(t, "console-channel", d.One(configChannelType, "config-channel-us-east-1").String("name"))

		// A channel can be missing beside a recorder that exists, and the other way round.
		args.DeliveryChannels = nil
		assert.Len(t, coverConfig(t, testkit.Options{DryRun: m.DryRun}, covered, args).ByType(configChannelType), 3)
	})
}

func TestConfigRoleIsCreatedUsedOrAdopted(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		arn := "arn:" + o.Partition + ":iam::" + accountID + ":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
		for management, imported := range map[configbaseline.Management]string{"": "", configbaseline.Create: "", configbaseline.AdoptExisting: arn} {
			d := deployConfig(t, o, &configbaseline.ConfigBaselineArgs{ServiceLinkedRole: management})
			role := d.Only(serviceLinkedRoleType)
			assert.Equal(t, imported, role.ImportID, management)
			assert.Equal(t, imported != "", len(role.IgnoreChanges) > 0, "an import refuses tags that the role does not have")
		}
		var made *configbaseline.ConfigBaseline
		testkit.Run(t, o, func(ctx *pulumi.Context) (err error) {
			made, err = configbaseline.NewConfigBaseline(ctx, "config", &configbaseline.ConfigBaselineArgs{ServiceLinkedRole: configbaseline.UseExisting})
			return err
		})
		assertOutput(t, arn, made.RoleArn)
	})
}

func TestConfigAggregatesRegionsAndAccounts(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		sorted := append([]any(nil), toAny(sortedCopy(covered))...)
		for _, row := range []struct {
			args     configbaseline.ConfigBaselineArgs
			accounts []any
		}{
			{configbaseline.ConfigBaselineArgs{}, []any{accountID}},
			{configbaseline.ConfigBaselineArgs{AggregatorAccountIDs: []string{foreignAccount, accountID}}, []any{accountID, foreignAccount}},
		} {
			aggregator := coverConfig(t, o, covered, row.args).Only(configAggregatorType)
			assert.Equal(t, row.accounts, aggregator.Get("accountAggregationSource.accountIds"))
			assert.Equal(t, sorted, aggregator.Get("accountAggregationSource.regions"))
			assert.Nil(t, aggregator.Get("organizationAggregationSource"))
			assert.Equal(t, covered[0], aggregator.Region)
			assert.True(t, aggregator.DeleteBeforeReplace, "its name is taken until the old one is gone")
		}
		organization := coverConfig(t, o, covered, configbaseline.ConfigBaselineArgs{AggregatorOrganization: true})
		aggregator := organization.Only(configAggregatorType)
		assert.Nil(t, aggregator.Get("accountAggregationSource"))
		assert.Equal(t, sorted, aggregator.Get("organizationAggregationSource.regions"))
		attachment := organization.One(roleAttachmentType, "config-aggregator-access")
		assert.Equal(t, "arn:"+o.Partition+":iam::aws:policy/service-role/AWSConfigRoleForOrganizations", attachment.String("policyArn"))
		assert.Contains(t, aggregator.Dependencies, attachment.URN)
		if !o.DryRun {
			assert.Equal(t, "arn:"+o.Partition+":iam::"+accountID+":role/"+configPrefix+"-aggregator", aggregator.String("organizationAggregationSource.roleArn"))
		}

		var made *configbaseline.ConfigBaseline
		without := testkit.Run(t, o, func(ctx *pulumi.Context) (err error) {
			made, err = configbaseline.NewConfigBaseline(ctx, "config", &configbaseline.ConfigBaselineArgs{OmitAggregator: true})
			return err
		})
		assert.Empty(t, without.ByType(configAggregatorType))
		assertOutput(t, "", made.AggregatorArn)
	})
}

func TestConfigKeepsHistoryForDays(t *testing.T) {
	covered := []string{"ap-northeast-1", "eu-west-1"}
	assert.Empty(t, coverConfig(t, testkit.Options{}, covered, configbaseline.ConfigBaselineArgs{}).ByType(configHistoryType))
	d := coverConfig(t, testkit.Options{}, covered, configbaseline.ConfigBaselineArgs{HistoryRetentionDays: 400})
	for _, region := range covered {
		history := d.One(configHistoryType, "config-history-"+region)
		assert.EqualValues(t, 400, history.Get("retentionPeriodInDays"))
		assert.Equal(t, region, history.Region)
	}
}

// TestImportersOfConfigCompileNoOtherServices: nor the hub's beyond what every component with alerts compiles.
func TestImportersOfConfigCompileNoOtherServices(t *testing.T) {
	compiled := goList(t, "-deps", "./components/configbaseline")
	for _, other := range []string{
		"accessanalyzer", "athena", "budgets", "cloudtrail", "costexplorer", "ec2", "glue", "guardduty", "inspector2", "macie2", "securityhub", "sfn",
	} {
		assert.NotContains(t, compiled, providerSDK+other)
	}
}
