package engine_test

import (
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

func recording(s Settings) Settings { return config(Settings{"recording": s}) }
func rules(s Settings) Settings     { return config(Settings{"rules": s}) }

// configChanges are the single settings of AWS Config that people change.
var configChanges = []change{
	{name: "frequency", steps: []Settings{
		recording(Settings{"frequency": "DAILY"}), recording(Settings{"frequency": "CONTINUOUS"}),
	}},
	{name: "overrides", steps: []Settings{
		recording(Settings{"overrides": []Settings{
			{"resourceTypes": []string{"AWS::EC2::NetworkInterface", "AWS::IAM::Role"}, "frequency": "DAILY"},
			{"resourceTypes": []string{"AWS::S3::Bucket"}, "frequency": "CONTINUOUS"},
		}}),
		recording(Settings{"frequency": "DAILY"}),
		recording(Settings{"overrides": []Settings{}}),
		config(Settings{"recording": nil}),
	}},
	{name: "inclusion and exclusion", steps: []Settings{
		rules(Settings{"set": "none"}).With(recording(Settings{"resourceTypes": []string{"AWS::IAM::Role", "AWS::S3::Bucket"}})),
		recording(Settings{"resourceTypes": []string{"AWS::EC2::Instance", "AWS::S3::Bucket"}}),
		recording(Settings{"resourceTypes": nil, "excludedResourceTypes": []string{"AWS::EC2::NetworkInterface", "AWS::IAM::User"}}),
		recording(Settings{"excludedResourceTypes": []string{"AWS::EC2::NetworkInterface"}}),
		config(Settings{"recording": nil}),
	}},
	{name: "rule set", steps: []Settings{
		rules(Settings{"set": "full"}), rules(Settings{"set": "none"}), rules(Settings{"set": nil}),
	}},
	{name: "excluded rules", steps: []Settings{
		rules(Settings{"exclude": []string{"restricted-ssh", "iam-root-access-key-check"}}),
		rules(Settings{"exclude": []string{"restricted-ssh", "db-instance-backup-enabled"}}),
		rules(Settings{"exclude": nil}),
	}},
	{name: "Regions of rules", steps: []Settings{
		rules(Settings{"regions": []string{home, "us-east-1"}}), rules(Settings{"regions": []string{"us-east-1"}}), rules(Settings{"regions": nil}),
	}},
	{name: "parameters", steps: []Settings{
		rules(Settings{"parameters": Settings{"db-instance-backup-enabled": Settings{"backupRetentionMinimum": 14}}}),
		rules(Settings{"parameters": Settings{"db-instance-backup-enabled": Settings{"backupRetentionMinimum": 30, "checkReadReplicas": "true"}}}),
		rules(Settings{"parameters": nil}),
	}},
	{name: "required tags", steps: []Settings{
		rules(Settings{"requiredTags": Settings{"Owner": "", "Stage": "dev,prod"}}),
		rules(Settings{"requiredTags": Settings{"Owner": "platform,security", "Stage": nil}}),
		rules(Settings{"requiredTags": nil}),
	}},
	{name: "managed rule", steps: []Settings{
		rules(Settings{"managed": []Settings{{"name": "own-ports", "identifier": "RESTRICTED_INCOMING_TRAFFIC", "parameters": Settings{"blockedPort1": 3389}}}}),
		rules(Settings{"managed": []Settings{
			{"name": "own-ports", "identifier": "RESTRICTED_INCOMING_TRAFFIC", "parameters": Settings{"blockedPort1": 22}, "frequency": "One_Hour"},
			{"name": "own-eips", "identifier": "EIP_ATTACHED", "resourceTypes": []string{"AWS::EC2::EIP"}, "regions": []string{"us-east-1"}},
		}}),
		rules(Settings{"managed": []Settings{{"name": "own-ports", "identifier": "VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS", "frequency": "Six_Hours"}}}),
		rules(Settings{"managed": nil}),
	}},
	{name: "custom rule", steps: []Settings{
		rules(Settings{"custom": []Settings{guard("own-names", "rule named { configuration.name exists }", "AWS::S3::Bucket")}}),
		rules(Settings{"custom": []Settings{guard("own-names", "rule named { configuration.name == /^team-/ }", "AWS::S3::Bucket", "AWS::SNS::Topic")}}),
		rules(Settings{"custom": nil}),
	}},
	{name: "remediation", steps: []Settings{
		config(Settings{"remediation": Settings{"automatic": []string{"EnableEbsEncryptionByDefault"}, "manual": []string{"DisableIncomingSSHOnPort22"}}}),
		config(Settings{"remediation": Settings{"automatic": []string{"ConfigureS3BucketPublicAccessBlock"}, "manual": []string{"EnableEbsEncryptionByDefault"}}}),
		config(Settings{"remediation": nil}),
	}},
	{name: "aggregator", steps: []Settings{
		config(Settings{"aggregator": Settings{"enabled": false}}),
		config(Settings{"aggregator": Settings{"enabled": true, "accountIds": []string{"210987654321"}}}),
		config(Settings{"aggregator": nil}),
	}},
	{name: "snapshots", steps: []Settings{
		config(Settings{"snapshots": Settings{"frequency": "One_Hour"}}), config(Settings{"snapshots": Settings{"frequency": "Twelve_Hours"}}),
		config(Settings{"snapshots": nil}),
	}},
	{name: "retention of the history", steps: []Settings{
		config(Settings{"historyRetentionDays": 30}), config(Settings{"historyRetentionDays": 2557}), config(Settings{"historyRetentionDays": 0}),
	}},
	{name: "alerts of compliance", steps: []Settings{
		config(Settings{"alerts": Settings{"compliantAgain": true, "resourceTypes": []string{"AWS::EC2::Subnet"}}}),
		config(Settings{"alerts": Settings{"nonCompliance": false, "securityGroups": false, "resourceTypes": []string{"AWS::EC2::SecurityGroup"}}}),
		config(Settings{"alerts": nil}),
	}},
	{name: "conformance pack", steps: []Settings{
		config(Settings{"conformancePacks": []Settings{{"name": "storage", "template": packTemplate}}}),
		config(Settings{"conformancePacks": []Settings{{"name": "storage", "template": packTemplate, "parameters": Settings{"Days": 35}, "regions": []string{"us-east-1"}}}}),
		config(Settings{"conformancePacks": nil}),
	}},
	{name: "Regions that are recorded", mayGo: []string{"config-recorder-eu-west-1", "config-channel-eu-west-1", "alerts-dead-letters-eu-west-1"}, steps: []Settings{
		{"regions": []string{"us-east-1", "eu-west-1"}}, {"regions": []string{"us-east-1"}},
	}},
	{name: "recording at all", mayGo: []string{
		"config-recorder-ap-northeast-1", "config-recorder-us-east-1", "config-channel-ap-northeast-1", "config-channel-us-east-1",
	}, steps: []Settings{config(Settings{"enabled": false}), config(Settings{"enabled": true})}},
	{name: "starter to strict and back", base: Settings{"profile": "starter"}, mayGo: archiveKey, steps: []Settings{
		{"profile": "strict"}, {"profile": "starter"},
	}},
	{name: "the trail that alerts beside it", mayGo: []string{"audit-trail"}, steps: []Settings{
		trail(Settings{"enabled": true, "logs": Settings{"enabled": false}, "athena": Settings{"enabled": false}, "metricFilters": Settings{"enabled": false}}),
		trail(Settings{"enabled": false, "logs": nil, "athena": nil, "metricFilters": nil}),
	}},
}

// packTemplate is a conformance pack of one rule, which every Region has.
const packTemplate = `Parameters:
  Days:
    Type: String
    Default: "30"
Resources:
  Backups:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: backups
      InputParameters:
        backupRetentionPeriod: {Ref: Days}
      Source:
        Owner: AWS
        SourceIdentifier: DB_INSTANCE_BACKUP_ENABLED
`

func guard(name, policy string, types ...string) Settings {
	return Settings{"name": name, "policy": policy, "resourceTypes": types}
}

func TestNoSettingReplacesOrDeletesARecorder(t *testing.T) {
	t.Parallel()
	seeded := recordingTeam(rules(Settings{"set": "seed"})) // each rule is work, and most rows are not about rules
	base := deployed(t, engine.Options{Settings: seeded})
	for _, row := range configChanges {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			stack := base.Fork(t)
			if row.base != nil {
				stack = deployed(t, engine.Options{Settings: recordingTeam(row.base)})
			}
			deliverConfigurations(t, stack)
			for _, step := range row.steps {
				before := treasureOf(t, stack)
				stack.Change(step)
				var preview engine.Result
				if long {
					preview = stack.Preview()
				}
				up := stack.Up()
				requireDone(t, up)
				require.NotEmpty(t, up.Changes(), "the step changes nothing: %v", step)
				requireHarmless(t, up, row.mayGo)
				if long {
					requireSamePlan(t, preview, up)
				}
				requireUnchanged(t, stack.Up())
				for _, lost := range before.lost(treasureOf(t, stack)) {
					require.Regexp(t, "^trail ", lost)
				}
				deliverConfigurations(t, stack)
			}
		})
	}
}

// A view over the organization holds no data: it may be replaced, recorders and channels stay.
func TestTheAggregatorTurnsToTheOrganizationAndBack(t *testing.T) {
	t.Parallel()
	stack := engine.New(t, engine.Options{Settings: recordingTeam(nil)})
	inOrganization(t, stack)
	requireDone(t, stack.Up())
	for _, organization := range []bool{true, false} {
		stack.Change(config(Settings{"aggregator": Settings{"organization": organization}}))
		up := stack.Up()
		requireDone(t, up)
		requireHarmless(t, up, nil)
		replaced := 0
		for _, step := range up.Changes() {
			if step.Op == deploy.OpReplace {
				replaced++
				require.Equal(t, "config-aggregator", step.Name)
			}
		}
		require.Equal(t, 1, replaced)
		requireUnchanged(t, stack.Up())
	}
}

// inOrganization makes the account the management account of an organization.
func inOrganization(t testing.TB, stack *engine.Stack) {
	t.Helper()
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
		a.Settings.Organization = &awssim.Organization{
			ID: "o-a1b2c3d4e5", ManagementAccount: a.ID, Accounts: []string{a.ID, "210987654321"}, CloudTrailAccess: true,
		}
	}))
}
