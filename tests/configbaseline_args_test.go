package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// configRefusal is the error of a baseline in some Regions, home first, and what was declared before it, providers aside.
func configRefusal(t *testing.T, m testkit.Mode, covered []string, args configbaseline.ConfigBaselineArgs) ([]*testkit.Resource, error) {
	t.Helper()
	var refused error
	d, _ := testkit.RunErr(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) error {
		if args.Rules.Set == "" {
			args.Rules = noRules()
		}
		_, refused = coveredConfig(ctx, covered, args)
		return refused
	})
	var declared []*testkit.Resource
	for _, r := range d.All() {
		if r.Type != "pulumi:providers:aws" {
			declared = append(declared, r)
		}
	}
	return declared, refused
}

func TestConfigArgsAreRefused(t *testing.T) {
	type args = configbaseline.ConfigBaselineArgs
	type existing = map[string]configbaseline.Existing
	recording := func(r configbaseline.RecordingArgs) args { return args{Recording: r} }
	override := func(frequency string, types ...string) configbaseline.RecordingOverride {
		return configbaseline.RecordingOverride{ResourceTypes: types, Frequency: frequency}
	}
	archive := func(a logarchive.LogArchiveArgs) args { return args{ArchiveArgs: &a} }
	hub := &alerthub.AlertHub{}
	long := strings.Repeat("a", 257)
	var many []string
	for i := range 60 {
		many = append(many, fmt.Sprintf("AWS::Example::ResourceType%03d", i))
	}
	home := []string{"ap-northeast-1", "eu-west-1"}
	rows := []struct {
		covered []string // nil: home and eu-west-1
		args    args
		want    string
	}{
		{nil, args{NamePrefix: "Upper"}, `NamePrefix: "Upper" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`},
		{nil, args{Archive: &logarchive.LogArchive{}, ArchiveArgs: &logarchive.LogArchiveArgs{}}, `ArchiveArgs: has no effect beside Archive; leave out one of them`},
		{nil, args{Archive: &logarchive.LogArchive{}}, `Archive: AWS Config is not delivered to a central bucket here; give an archive with buckets of its own`},
		{nil, args{Archive: &logarchive.LogArchive{OwnsBuckets: true}}, `Archive: it has no delivery bucket; make it without OmitDeliveryBucket`},
		{nil, archive(logarchive.LogArchiveArgs{Central: &logarchive.CentralBucket{Name: "central"}}), `ArchiveArgs.Central: AWS Config is not delivered to a central bucket here; leave it out`},
		{nil, archive(logarchive.LogArchiveArgs{OmitDeliveryBucket: true}), `ArchiveArgs.OmitDeliveryBucket: the delivery bucket is what the archive is for; leave it out`},
		{nil, archive(logarchive.LogArchiveArgs{Encryption: "none"}), `ArchiveArgs: Encryption: "none" is neither "kms" nor "s3"`},
		{nil, archive(logarchive.LogArchiveArgs{ObjectLock: &logarchive.ObjectLock{Mode: "GOVERNANCE", Days: 30}}),
			`ArchiveArgs: ObjectLock: has no effect without the trail archive; leave it or OmitTrailBucket out`},
		{nil, args{Recorders: existing{"eu-west-1": {}}}, `Recorders["eu-west-1"]: neither Existing nor Adopt names it; leave it out to have one made`},
		{nil, args{Recorders: existing{"eu-west-1": {Existing: "a", Adopt: "b"}}},
			`Recorders["eu-west-1"]: Existing "a" stays unmanaged and Adopt "b" is taken over, but there is one only; leave out one of them`},
		{nil, args{Recorders: existing{"eu-west-1": {Adopt: long}}}, `Recorders["eu-west-1"]: the name is 257 characters long, at most 256 are possible`},
		{nil, args{Recorders: existing{"us-east-1": {Adopt: "default"}}}, `Recorders["us-east-1"]: the Region is not covered; covered are ap-northeast-1, eu-west-1`},
		{nil, args{DeliveryChannels: existing{"us-east-1": {Existing: "default"}, "us-east-2": {}}},
			`DeliveryChannels["us-east-2"]: neither Existing nor Adopt names it; leave it out to have one made` + "\n" +
				`DeliveryChannels["us-east-1"]: the Region is not covered; covered are ap-northeast-1, eu-west-1` + "\n" +
				`DeliveryChannels["us-east-2"]: the Region is not covered; covered are ap-northeast-1, eu-west-1`},
		{nil, args{ServiceLinkedRole: "import"}, `ServiceLinkedRole: "import" is none of create, existing and adopt`},
		{nil, recording(configbaseline.RecordingArgs{Frequency: "HOURLY"}), `Recording.Frequency: "HOURLY" is neither CONTINUOUS nor DAILY`},
		{nil, recording(configbaseline.RecordingArgs{ResourceTypes: []string{"AWS::S3::Bucket"}, ExcludedResourceTypes: []string{"AWS::KMS::Key"}}),
			`Recording.ExcludedResourceTypes: has no effect beside ResourceTypes, which names all that is recorded; leave out one of them`},
		{nil, recording(configbaseline.RecordingArgs{ResourceTypes: []string{"s3", "AWS::S3::Bucket", "AWS::S3::Bucket"}}),
			`Recording.ResourceTypes[0]: "s3" is no resource type such as AWS::S3::Bucket` + "\n" +
				`Recording.ResourceTypes[2]: AWS::S3::Bucket is Recording.ResourceTypes[1] already; remove one of them`},
		{nil, recording(configbaseline.RecordingArgs{ExcludedResourceTypes: []string{"AWS::S3"}}), `Recording.ExcludedResourceTypes[0]: "AWS::S3" is no resource type such as AWS::S3::Bucket`},
		{nil, recording(configbaseline.RecordingArgs{Overrides: []configbaseline.RecordingOverride{override("WEEKLY")}}),
			`Recording.Overrides[0].Frequency: "WEEKLY" is neither CONTINUOUS nor DAILY` + "\n" +
				`Recording.Overrides[0].ResourceTypes: no resource type is named, so that it overrides nothing; leave it out`},
		{nil, recording(configbaseline.RecordingArgs{Overrides: []configbaseline.RecordingOverride{override("DAILY", "bucket")}}),
			`Recording.Overrides[0].ResourceTypes[0]: "bucket" is no resource type such as AWS::S3::Bucket`},
		{nil, recording(configbaseline.RecordingArgs{Overrides: []configbaseline.RecordingOverride{override("DAILY", "AWS::S3::Bucket"), override("CONTINUOUS", "AWS::S3::Bucket")}}),
			`Recording.Overrides[1].ResourceTypes[0]: AWS::S3::Bucket is DAILY in an override before it; leave it out of one of them`},
		{nil, recording(configbaseline.RecordingArgs{Overrides: []configbaseline.RecordingOverride{override("DAILY", "AWS::Config::ResourceCompliance")}}),
			`Recording.Overrides[0].ResourceTypes[0]: AWS Config does not record AWS::Config::ResourceCompliance daily; leave it out`},
		{nil, recording(configbaseline.RecordingArgs{Frequency: "DAILY", ResourceTypes: []string{"AWS::Config::ConfigurationRecorder", "AWS::S3::Bucket"}}),
			`Recording.ResourceTypes[0]: AWS Config does not record AWS::Config::ConfigurationRecorder daily; leave it out, or give it an override with CONTINUOUS`},
		{nil, recording(configbaseline.RecordingArgs{ResourceTypes: []string{"AWS::S3::Bucket", "AWS::CloudFront::Distribution"}}),
			`Recording.ResourceTypes[1]: AWS::CloudFront::Distribution is recorded in us-east-1 only, which is not covered; cover it, or leave the type out`},
		{[]string{"me-central-1", "us-east-1"}, args{},
			`Recording: AWS Config cannot record AWS::IAM::Group, AWS::IAM::Policy, AWS::IAM::Role, AWS::IAM::User in me-central-1, a Region that it came to after February 2022; make another Region the home Region, or name them in ExcludedResourceTypes`},
		{[]string{"il-central-1"}, recording(configbaseline.RecordingArgs{ResourceTypes: []string{"AWS::S3::Bucket", "AWS::IAM::User"}}),
			`Recording: AWS Config cannot record AWS::IAM::User in il-central-1, a Region that it came to after February 2022; make another Region the home Region, or leave them out of ResourceTypes`},
		{nil, args{SnapshotFrequency: "Daily"}, `SnapshotFrequency: "Daily" is none of One_Hour, Three_Hours, Six_Hours, Twelve_Hours, TwentyFour_Hours`},
		{nil, args{HistoryRetentionDays: 29}, `HistoryRetentionDays: AWS Config does not keep items for 29 days; 30 to 2557 are possible`},
		{nil, args{HistoryRetentionDays: 2558}, `HistoryRetentionDays: AWS Config does not keep items for 2558 days; 30 to 2557 are possible`},
		{nil, args{OmitAggregator: true, AggregatorOrganization: true}, `OmitAggregator: there is no view that AggregatorOrganization or AggregatorAccountIDs could extend; leave out one of them`},
		{nil, args{OmitAggregator: true, AggregatorAccountIDs: []string{accountID}}, `OmitAggregator: there is no view that AggregatorOrganization or AggregatorAccountIDs could extend; leave out one of them`},
		{nil, args{AggregatorOrganization: true, AggregatorAccountIDs: []string{accountID}}, `AggregatorAccountIDs: the organization has all its accounts in the view already; leave out one of them`},
		{nil, args{AggregatorAccountIDs: []string{"123", accountID, accountID}},
			`AggregatorAccountIDs[0]: "123" is no account id of 12 digits` + "\n" + `AggregatorAccountIDs[2]: "123456789012" is AggregatorAccountIDs[1] already; remove one of them`},
		{nil, args{ChangeAlerts: []string{"AWS::KMS::Key"}}, `field ChangeAlerts: nobody would be told; give Alerts`},
		{nil, args{CompliantAgainAlerts: true}, `field CompliantAgainAlerts: nobody would be told; give Alerts`},
		{nil, args{Alerts: hub, ChangeAlerts: []string{"key"}}, `ChangeAlerts[0]: "key" is no resource type such as AWS::S3::Bucket`},
		{nil, args{Alerts: hub, ChangeAlerts: []string{"AWS::EC2::SecurityGroup"}},
			`ChangeAlerts[0]: SecurityGroupAlerts tells of AWS::EC2::SecurityGroup already, and of who changed it; leave it out`},
		{nil, args{Alerts: hub, ChangeAlerts: many}, `ChangeAlerts: 60 types have 1917 characters together, at most 1700 are possible; name fewer`},
		{nil, args{Alerts: hub, ChangeAlerts: []string{"AWS::KMS::Key"}, Recording: configbaseline.RecordingArgs{ExcludedResourceTypes: []string{"AWS::KMS::Key"}}},
			`ChangeAlerts[0]: AWS::KMS::Key is recorded in none of the Regions ap-northeast-1, eu-west-1, so that nobody would ever be told; record it, or leave it out`},
		{nil, args{IgnoreChangesBy: []string{"arn:aws:sts::123456789012:assumed-role/deployer/up"}},
			`IgnoreChangesBy[0]: "arn:aws:sts::123456789012:assumed-role/deployer/up" is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer`},
		{nil, args{NamePrefix: "A", SnapshotFrequency: "Never", ServiceLinkedRole: "none"},
			`NamePrefix: "A" is shorter than 3 characters, the least for a bucket or trail` + "\n" +
				`ServiceLinkedRole: "none" is none of create, existing and adopt` + "\n" +
				`SnapshotFrequency: "Never" is none of One_Hour, Three_Hours, Six_Hours, Twelve_Hours, TwentyFour_Hours`},
	}
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		for _, row := range rows {
			covered := row.covered
			if covered == nil {
				covered = home
			}
			declared, err := configRefusal(t, m, covered, row.args)
			assert.EqualError(t, err, `config baseline "config": `+row.want)
			assert.Empty(t, declared)
		}
	})
}

// TestConfigOfOneRegionIsRefusedToo: where no Regions are given, AWS tells which one it is.
func TestConfigOfOneRegionIsRefusedToo(t *testing.T) {
	d, err := testkit.RunErr(t, testkit.Options{Region: "me-central-1"}, func(ctx *pulumi.Context) error {
		_, err := configbaseline.NewConfigBaseline(ctx, "config", &configbaseline.ConfigBaselineArgs{Rules: noRules()})
		return err
	})
	assert.ErrorContains(t, err, `config baseline "config": Recording: AWS Config cannot record AWS::IAM::Group, AWS::IAM::Policy, AWS::IAM::Role, AWS::IAM::User in me-central-1`)
	for _, r := range d.All() {
		assert.False(t, r.Custom, r.URN)
	}
}

// TestConfigAtOddsWithItsRegionIsRefused: topics, buckets and what exists once per account are in the home Region.
func TestConfigAtOddsWithItsRegionIsRefused(t *testing.T) {
	for want, args := range map[string]func(ctx *pulumi.Context, elsewhere *aws.Provider) (configbaseline.ConfigBaselineArgs, error){
		`Alerts: its topics are in eu-west-1, the home Region is ap-northeast-1; give both the same provider`: func(ctx *pulumi.Context, elsewhere *aws.Provider) (configbaseline.ConfigBaselineArgs, error) {
			hub, err := alerthub.NewAlertHub(ctx, "alerts", nil, pulumi.Provider(elsewhere))
			return configbaseline.ConfigBaselineArgs{Alerts: hub}, err
		},
		`Archive: it is in eu-west-1, the home Region is ap-northeast-1; give both the same provider`: func(ctx *pulumi.Context, elsewhere *aws.Provider) (configbaseline.ConfigBaselineArgs, error) {
			archive, err := logarchive.NewLogArchive(ctx, "archive", nil, pulumi.Provider(elsewhere))
			return configbaseline.ConfigBaselineArgs{Archive: archive}, err
		},
		`Regions: the home Region is eu-west-1, but the provider of the component works in ap-northeast-1; give the component the home Region's provider`: func(ctx *pulumi.Context, _ *aws.Provider) (configbaseline.ConfigBaselineArgs, error) {
			providers, err := regions.NewProviders(ctx, regions.Set{Home: "eu-west-1", Covered: []string{"eu-west-1"}}, aws.ProviderArgs{})
			return configbaseline.ConfigBaselineArgs{Regions: providers}, err
		},
	} {
		d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			elsewhere, err := aws.NewProvider(ctx, "elsewhere", &aws.ProviderArgs{Region: pulumi.String("eu-west-1")})
			if err != nil {
				return err
			}
			given, err := args(ctx, elsewhere)
			if err != nil {
				return err
			}
			given.Rules = noRules()
			_, err = configbaseline.NewConfigBaseline(ctx, "config", &given)
			return err
		})
		assert.ErrorContains(t, err, `config baseline "config": `+want)
		assert.Empty(t, d.ByType(configRecorderType))
	}
}

func TestArchiveWithoutTrailRefusesWhatOnlyATrailNeeds(t *testing.T) {
	for _, row := range []struct {
		args logarchive.LogArchiveArgs
		want string
	}{
		{logarchive.LogArchiveArgs{OmitDeliveryBucket: true}, `OmitTrailBucket: with OmitDeliveryBucket no archive is left; leave out one of them`},
		{logarchive.LogArchiveArgs{Adopt: logarchive.Adopt{TrailBucket: "bucket"}}, `Adopt.TrailBucket: has no effect without the trail archive; leave it or OmitTrailBucket out`},
		{logarchive.LogArchiveArgs{BucketNames: logarchive.BucketNames{Trail: "bucket"}}, `BucketNames.Trail: has no effect without the trail archive; leave it or OmitTrailBucket out`},
		{logarchive.LogArchiveArgs{Central: &logarchive.CentralBucket{Name: "central"}}, `Central: has no effect without the trail archive; leave it or OmitTrailBucket out`},
		{logarchive.LogArchiveArgs{ObjectLock: &logarchive.ObjectLock{Mode: "COMPLIANCE", Days: 1}}, `ObjectLock: has no effect without the trail archive; leave it or OmitTrailBucket out`},
		{logarchive.LogArchiveArgs{OrganizationID: organization}, `OrganizationID: has no effect without the trail archive; leave it or OmitTrailBucket out`},
	} {
		row.args.OmitTrailBucket = true
		assert.EqualError(t, row.args.Validate(), row.want)
	}
}

func TestArchiveWithoutTrail(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		var made *logarchive.LogArchive
		d := testkit.Run(t, o, func(ctx *pulumi.Context) (err error) {
			made, err = logarchive.NewLogArchive(ctx, "archive", &logarchive.LogArchiveArgs{OmitTrailBucket: true})
			return err
		})
		assert.Equal(t, []string{"archive-access-logs", "archive-delivery"}, d.Names(bucketType))
		assertOutput(t, "", made.TrailBucket)
		assert.Empty(t, made.TrailBucketName)
		assert.Equal(t, "account-baseline-dev-archive-delivery-"+accountID, made.DeliveryBucketName)
		assert.Equal(t, []string{made.DeliveryBucketName, "account-baseline-dev-archive-access-logs-" + accountID}, made.BucketNames)
		for _, r := range d.All() {
			for _, s := range r.Strings() {
				assert.NotContains(t, s.Value, "cloudtrail.amazonaws.com", "%s: %s", r.URN, s.Path)
			}
		}
	})
}
