package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// refusedRule is a wrong argument of rules, remediation or packs, with the error that names it.
type refusedRule struct {
	args configbaseline.ConfigBaselineArgs
	want string
}

func rulesOnly(rules configbaseline.RulesArgs) configbaseline.ConfigBaselineArgs {
	return configbaseline.ConfigBaselineArgs{Rules: rules}
}

func managedOnly(rule configbaseline.ManagedRule) configbaseline.ConfigBaselineArgs {
	return rulesOnly(configbaseline.RulesArgs{Set: configbaseline.NoRules, Managed: []configbaseline.ManagedRule{rule}})
}

func customOnly(rule configbaseline.CustomRule) configbaseline.ConfigBaselineArgs {
	return rulesOnly(configbaseline.RulesArgs{Set: configbaseline.NoRules, Custom: []configbaseline.CustomRule{rule}})
}

func packOnly(pack configbaseline.ConformancePack) configbaseline.ConfigBaselineArgs {
	return configbaseline.ConfigBaselineArgs{ConformancePacks: []configbaseline.ConformancePack{pack}}
}

func parametersOnly(rule string, parameters map[string]string) configbaseline.ConfigBaselineArgs {
	return rulesOnly(configbaseline.RulesArgs{Set: configbaseline.FullRules, Parameters: map[string]map[string]string{rule: parameters}})
}

// checkRefusals deploys wrong arguments where Regions are given, and wants the exact error and nothing registered: the
// providers come from the test.
func checkRefusals(t *testing.T, o testkit.Options, covered []string, rows []refusedRule) {
	t.Helper()
	for _, row := range rows {
		var refused error
		d, _ := testkit.RunErr(t, o, func(ctx *pulumi.Context) error {
			_, refused = coveredConfig(ctx, covered, row.args)
			return refused
		})
		assert.EqualError(t, refused, `config baseline "config": `+row.want)
		for _, r := range d.All() {
			assert.Equal(t, "pulumi:providers:aws", r.Type, "%s was registered", r.URN)
		}
	}
}

func TestRulesArgsAreRefused(t *testing.T) {
	const frequencies = "One_Hour, Three_Hours, Six_Hours, Twelve_Hours, TwentyFour_Hours"
	long := strings.Repeat("x", 1100)
	sevenTags, wideTags := map[string]string{}, map[string]string{}
	for i := range 7 {
		sevenTags[fmt.Sprint("tag-", i)] = ""
	}
	for i := range 6 {
		wideTags[fmt.Sprint("tag-", i)] = strings.Repeat("v", 200)
	}
	guard := "rule all { this exists }"
	const home, records = "ap-northeast-1", "resources are recorded in ap-northeast-1, eu-west-1"
	rows := []refusedRule{
		{rulesOnly(configbaseline.RulesArgs{Set: "all"}), `Rules.Set: "all" is none of none, seed, essentials, full`},
		{rulesOnly(configbaseline.RulesArgs{Exclude: []string{"restricted-shh"}}), `Rules.Exclude[0]: there is no managed rule "restricted-shh"; did you mean "restricted-ssh"?`},
		{rulesOnly(configbaseline.RulesArgs{Exclude: []string{"INCOMING_SSH_DISABLED"}}), `Rules.Exclude[0]: there is no managed rule "INCOMING_SSH_DISABLED"; docs/configrules.md lists those that exist`},
		{rulesOnly(configbaseline.RulesArgs{Exclude: []string{"restricted-ssh", "restricted-ssh"}}), `Rules.Exclude[1]: "restricted-ssh" is Rules.Exclude[0] already; remove one of them`},
		{rulesOnly(configbaseline.RulesArgs{Regions: []string{"us-east-1"}}), `Rules.Regions[0]: nothing is recorded in "us-east-1", so that nothing can be evaluated there; ` + records},
		{rulesOnly(configbaseline.RulesArgs{Regions: []string{"eu-west-1", "eu-west-1"}}), `Rules.Regions[1]: "eu-west-1" is Rules.Regions[0] already; remove one of them`},
		{rulesOnly(configbaseline.RulesArgs{RequiredTags: sevenTags}), `Rules.RequiredTags: 7 tags are given, the rule required-tags takes at most 6; add a second rule by Rules.Managed`},
		{rulesOnly(configbaseline.RulesArgs{RequiredTags: map[string]string{"": "x"}}), `Rules.RequiredTags[""]: the key has 0 characters, 1 to 128 are possible`},
		{rulesOnly(configbaseline.RulesArgs{RequiredTags: map[string]string{"Owner": strings.Repeat("v", 257)}}), `Rules.RequiredTags["Owner"]: a value has 257 characters, at most 256 are possible`},
		{rulesOnly(configbaseline.RulesArgs{RequiredTags: wideTags}), `Rules.RequiredTags: the parameters are 1399 characters long as JSON, at most 1024 are possible`},
		{rulesOnly(configbaseline.RulesArgs{Include: []string{"restricted-shh"}}), `Rules.Include[0]: there is no managed rule "restricted-shh"; did you mean "restricted-ssh"?`},
		{rulesOnly(configbaseline.RulesArgs{Include: []string{"restricted-ssh", "restricted-ssh"}}), `Rules.Include[1]: "restricted-ssh" is Rules.Include[0] already; remove one of them`},
		{rulesOnly(configbaseline.RulesArgs{Include: []string{"restricted-ssh"}, Exclude: []string{"restricted-ssh"}}), `Rules.Include[0]: "restricted-ssh" is in Rules.Exclude too; leave out one of them`},
		{rulesOnly(configbaseline.RulesArgs{Include: []string{"required-tags"}}), `Rules.Include[0]: give the tags as Rules.RequiredTags instead, without which required-tags demands none`},
		{rulesOnly(configbaseline.RulesArgs{RequiredTags: map[string]string{"Owner": ""}, Exclude: []string{"required-tags"}}), `Rules.RequiredTags: has no effect while Rules.Exclude names required-tags; leave out one of them`},

		{parametersOnly("iam-pasword-policy", nil), `Rules.Parameters["iam-pasword-policy"]: there is no managed rule "iam-pasword-policy"; did you mean "iam-password-policy"?`},
		{parametersOnly("required-tags", map[string]string{"tag1Key": "Owner"}), `Rules.Parameters["required-tags"]: the tags are given as Rules.RequiredTags`},
		{parametersOnly("iam-password-policy", map[string]string{"minimumPasswordLength": "16"}), `Rules.Parameters["iam-password-policy"]["minimumPasswordLength"]: there is no parameter of iam-password-policy "minimumPasswordLength"; did you mean "MinimumPasswordLength"?`},
		{parametersOnly("access-keys-rotated", map[string]string{"days": "16"}), `Rules.Parameters["access-keys-rotated"]["days"]: there is no parameter of access-keys-rotated "days"; there are maxAccessKeyAge`},
		{parametersOnly("restricted-ssh", map[string]string{"port": "22"}), `Rules.Parameters["restricted-ssh"]["port"]: the rule restricted-ssh takes no parameters; leave it out`},
		{parametersOnly("access-keys-rotated", map[string]string{"maxAccessKeyAge": "three months"}), `Rules.Parameters["access-keys-rotated"]["maxAccessKeyAge"]: "three months" is no whole number`},
		{parametersOnly("access-keys-rotated", map[string]string{"maxAccessKeyAge": "-1"}), `Rules.Parameters["access-keys-rotated"]["maxAccessKeyAge"]: "-1" is no whole number`},
		{parametersOnly("iam-password-policy", map[string]string{"RequireNumbers": "yes"}), `Rules.Parameters["iam-password-policy"]["RequireNumbers"]: "yes" is neither true nor false`},
		{parametersOnly("encrypted-volumes", map[string]string{"kmsId": " "}), `Rules.Parameters["encrypted-volumes"]["kmsId"]: " " is blank; leave the parameter out, or give a value`},
		{parametersOnly("encrypted-volumes", map[string]string{"kmsId": long}), `Rules.Parameters["encrypted-volumes"]: the parameters are 1112 characters long as JSON, at most 1024 are possible`},
		{rulesOnly(configbaseline.RulesArgs{Set: configbaseline.SeedRules, Parameters: map[string]map[string]string{"access-keys-rotated": {"maxAccessKeyAge": "30"}}}),
			`Rules.Parameters["access-keys-rotated"]: has no effect, the rule is not evaluated; choose the set essentials, or leave it out`},
		{rulesOnly(configbaseline.RulesArgs{Exclude: []string{"access-keys-rotated"}, Parameters: map[string]map[string]string{"access-keys-rotated": {"maxAccessKeyAge": "30"}}}),
			`Rules.Parameters["access-keys-rotated"]: has no effect, the rule is not evaluated; take it out of Rules.Exclude, or leave it out here`},

		{managedOnly(configbaseline.ManagedRule{Name: "a b", Identifier: "ENCRYPTED_VOLUMES"}), `Rules.Managed[0].Name: "a b" is no name of a rule: 1 to 89 letters, digits, underscores and hyphens`},
		{managedOnly(configbaseline.ManagedRule{Name: strings.Repeat("n", 90), Identifier: "ENCRYPTED_VOLUMES"}), `Rules.Managed[0].Name: "` + strings.Repeat("n", 90) + `" is no name of a rule: 1 to 89 letters, digits, underscores and hyphens`},
		{managedOnly(configbaseline.ManagedRule{Name: "ssh", Identifier: "restricted-ssh"}), `Rules.Managed[0].Identifier: "restricted-ssh" is no identifier of a managed rule, such as INCOMING_SSH_DISABLED; that of the rule restricted-ssh is INCOMING_SSH_DISABLED`},
		{managedOnly(configbaseline.ManagedRule{Name: "none"}), `Rules.Managed[0].Identifier: "" is no identifier of a managed rule, such as INCOMING_SSH_DISABLED`},
		{managedOnly(configbaseline.ManagedRule{Name: "keys", Identifier: "ACCESS_KEYS_ROTATED", Frequency: "Daily"}), `Rules.Managed[0].Frequency: "Daily" is none of ` + frequencies},
		{managedOnly(configbaseline.ManagedRule{Name: "volumes", Identifier: "ENCRYPTED_VOLUMES", Frequency: "One_Hour"}), `Rules.Managed[0].Frequency: ENCRYPTED_VOLUMES is evaluated when a resource changes and takes no frequency; leave it out`},
		{managedOnly(configbaseline.ManagedRule{Name: "trail", Identifier: "MULTI_REGION_CLOUD_TRAIL_ENABLED", Regions: []string{"ap-northeast-1", "eu-west-1"}}), `Rules.Managed[0].Regions: MULTI_REGION_CLOUD_TRAIL_ENABLED looks at the whole account; name one Region, or none for the home Region`},
		{managedOnly(configbaseline.ManagedRule{Name: "keys", Identifier: "ACCESS_KEYS_ROTATED", Parameters: map[string]string{"maxAge": "30"}}), `Rules.Managed[0].Parameters["maxAge"]: there is no parameter of access-keys-rotated "maxAge"; there are maxAccessKeyAge`},
		{managedOnly(configbaseline.ManagedRule{Name: "azs", Identifier: "ELBV2_MULTIPLE_AZ", Parameters: map[string]string{"minAvailabilityZones": ""}}), `Rules.Managed[0].Parameters["minAvailabilityZones"]: "" is blank; leave the parameter out, or give a value`},
		{managedOnly(configbaseline.ManagedRule{Name: "azs", Identifier: "ELBV2_MULTIPLE_AZ", Parameters: map[string]string{"x": long}}), `Rules.Managed[0].Parameters: the parameters are 1108 characters long as JSON, at most 1024 are possible`},
		{managedOnly(configbaseline.ManagedRule{Name: "tags", Identifier: "REQUIRED_TAGS"}), `Rules.Managed[0].Parameters: REQUIRED_TAGS demands tag1Key, the key of the first tag`},
		{managedOnly(configbaseline.ManagedRule{Name: "volumes", Identifier: "ENCRYPTED_VOLUMES", ResourceTypes: []string{"EC2::Volume"}}), `Rules.Managed[0].ResourceTypes[0]: "EC2::Volume" is no resource type such as AWS::S3::Bucket`},
		{managedOnly(configbaseline.ManagedRule{Name: "volumes", Identifier: "ENCRYPTED_VOLUMES", ResourceTypes: []string{"AWS::S3::Bucket"}}), `Rules.Managed[0].ResourceTypes[0]: ENCRYPTED_VOLUMES does not evaluate AWS::S3::Bucket; it evaluates AWS::EC2::Volume`},
		{managedOnly(configbaseline.ManagedRule{Name: "keys", Identifier: "ACCESS_KEYS_ROTATED", ResourceTypes: []string{"AWS::IAM::User"}}), `Rules.Managed[0].ResourceTypes: ACCESS_KEYS_ROTATED is evaluated as time passes and takes no resource types; leave them out`},
		{managedOnly(configbaseline.ManagedRule{Name: "no-http", Identifier: "CLOUDFRONT_VIEWER_POLICY_HTTPS"}), `Rules.Managed[0].Identifier: AWS has CLOUDFRONT_VIEWER_POLICY_HTTPS in us-east-1 only, where nothing is recorded; cover that Region, or leave the rule out`},
		{managedOnly(configbaseline.ManagedRule{Name: "volumes", Identifier: "ENCRYPTED_VOLUMES", Regions: []string{"mars-north-1"}}), `Rules.Managed[0].Regions[0]: nothing is recorded in "mars-north-1", so that nothing can be evaluated there; ` + records},
		{managedOnly(configbaseline.ManagedRule{Name: "users", Identifier: "IAM_USER_NO_POLICIES_CHECK", Regions: []string{"eu-west-1"}}), `Rules.Managed[0]: users needs AWS::IAM::User, which is not recorded in eu-west-1; record it there, or leave the rule out`},
		{rulesOnly(configbaseline.RulesArgs{Managed: []configbaseline.ManagedRule{{Name: "restricted-ssh", Identifier: "INCOMING_SSH_DISABLED"}}}), `Rules.Managed[0].Name: "restricted-ssh" is a rule of the set essentials already; choose another name`},
		{rulesOnly(configbaseline.RulesArgs{Managed: []configbaseline.ManagedRule{{Name: "keys", Identifier: "ACCESS_KEYS_ROTATED"}}, Custom: []configbaseline.CustomRule{{Name: "keys", Policy: guard, ResourceTypes: []string{"AWS::S3::Bucket"}}}}),
			`Rules.Custom[0].Name: "keys" is a rule of Rules.Managed[0] already; choose another name`},

		{customOnly(configbaseline.CustomRule{Name: "", Policy: guard, ResourceTypes: []string{"AWS::S3::Bucket"}}), `Rules.Custom[0].Name: "" is no name of a rule: 1 to 89 letters, digits, underscores and hyphens`},
		{customOnly(configbaseline.CustomRule{Name: "own", Policy: " \n", ResourceTypes: []string{"AWS::S3::Bucket"}}), `Rules.Custom[0].Policy: the rule's text is missing`},
		{customOnly(configbaseline.CustomRule{Name: "own", Policy: strings.Repeat("#", 10_001), ResourceTypes: []string{"AWS::S3::Bucket"}}), `Rules.Custom[0].Policy: it has 10001 characters, at most 10000 are possible; split the rule`},
		{customOnly(configbaseline.CustomRule{Name: "own", Policy: guard}), `Rules.Custom[0].ResourceTypes: the resource types are missing whose changes trigger the rule`},
		{customOnly(configbaseline.CustomRule{Name: "own", Policy: guard, ResourceTypes: []string{"Bucket"}}), `Rules.Custom[0].ResourceTypes[0]: "Bucket" is no resource type such as AWS::S3::Bucket`},
		{customOnly(configbaseline.CustomRule{Name: "own", Policy: guard, ResourceTypes: []string{"AWS::S3::Bucket"}, Regions: []string{"us-west-2"}}), `Rules.Custom[0].Regions[0]: nothing is recorded in "us-west-2", so that nothing can be evaluated there; ` + records},
		{customOnly(configbaseline.CustomRule{Name: "own", Policy: guard, ResourceTypes: []string{"AWS::IAM::Role"}, Regions: []string{"eu-west-1"}}), `Rules.Custom[0]: own needs AWS::IAM::Role, which is not recorded in eu-west-1; record it there, or leave the rule out`},
	}
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		checkRefusals(t, testkit.Options{DryRun: m.DryRun}, []string{home, "eu-west-1"}, rows)
	})
}

// TestRulesOverWhatIsNotRecordedAreRefused: they would find nothing, and look as if all were well.
func TestRulesOverWhatIsNotRecordedAreRefused(t *testing.T) {
	included := func(set configbaseline.RuleSet, types ...string) configbaseline.ConfigBaselineArgs {
		return configbaseline.ConfigBaselineArgs{Recording: configbaseline.RecordingArgs{ResourceTypes: types}, Rules: configbaseline.RulesArgs{Set: set}}
	}
	const remedy = "; record it, name the rules in Rules.Exclude, or choose a smaller set"
	excluded := configbaseline.ConfigBaselineArgs{Recording: configbaseline.RecordingArgs{ExcludedResourceTypes: []string{"AWS::CloudFront::Distribution", "AWS::RDS::DBInstance"}}}
	excluded.Rules.Exclude = []string{"db-instance-backup-enabled"}
	tags := included(configbaseline.NoRules, "AWS::KMS::Key")
	tags.Rules.RequiredTags = map[string]string{"Owner": ""}
	tags.Rules.Managed = []configbaseline.ManagedRule{{Name: "open", Identifier: "INCOMING_SSH_DISABLED"}, {Name: "tags", Identifier: "REQUIRED_TAGS", Parameters: map[string]string{"tag1Key": "Stage"}}}
	elsewhere := included(configbaseline.SeedRules, "AWS::CloudFront::Distribution")
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		o := testkit.Options{DryRun: m.DryRun}
		checkRefusals(t, o, []string{"ap-northeast-1", "us-east-1"}, []refusedRule{
			{included(configbaseline.SeedRules, "AWS::S3::Bucket", "AWS::IAM::User"), `Rules.Set: AWS::RDS::DBInstance is not recorded in ap-northeast-1, where these rules evaluate it: db-instance-backup-enabled` + remedy + "\n" +
				`Rules.Set: AWS::EC2::SecurityGroup is not recorded in ap-northeast-1, where these rules evaluate it: restricted-ssh` + remedy},
			{included(configbaseline.SeedRules, "AWS::S3::Bucket", "AWS::RDS::DBInstance", "AWS::EC2::SecurityGroup"), `Rules.Set: AWS::IAM::User is not recorded in ap-northeast-1, where these rules evaluate it: mfa-enabled-for-iam-console-access` + remedy},
			{excluded, `Rules.Set: AWS::RDS::DBInstance is not recorded in ap-northeast-1, where these rules evaluate it: rds-storage-encrypted, rds-instance-deletion-protection-enabled` + remedy + "\n" +
				`Rules.Set: AWS::CloudFront::Distribution is not recorded in us-east-1, where these rules evaluate it: cloudfront-accesslogs-enabled` + remedy},
		})
		checkRefusals(t, o, []string{"ap-northeast-1"}, []refusedRule{
			{tags, `Rules.RequiredTags: none of the resource types that can carry the tags is recorded in ap-northeast-1; record one, or leave the tags out` + "\n" +
				`Rules.Managed[0]: open needs AWS::EC2::SecurityGroup, which is not recorded in ap-northeast-1; record it there, or leave the rule out` + "\n" +
				`Rules.Managed[1]: none of the resource types that can carry the tags is recorded in ap-northeast-1; record one, or leave the tags out`},
		})
		checkRefusals(t, o, []string{"ap-northeast-1", "us-east-1"}, []refusedRule{
			{elsewhere, `Rules.Set: nothing is recorded in ap-northeast-1, the home Region, so that no rule can be evaluated there; record something there, or choose the set none`},
		})
	})
}

// TestRulesThatRegionsLackAreRefused when they are asked for by name.
func TestRulesThatRegionsLackAreRefused(t *testing.T) {
	for _, partition := range []string{"aws-cn", "aws-us-gov"} {
		checkRefusals(t, testkit.Options{Partition: partition}, regionsOf(partition), []refusedRule{
			{managedOnly(configbaseline.ManagedRule{Name: "root-mfa", Identifier: "ROOT_ACCOUNT_MFA_ENABLED"}),
				`Rules.Managed[0]: AWS does not have ROOT_ACCOUNT_MFA_ENABLED in ` + regionsOf(partition)[0] + `; name another Region in Regions, or leave the rule out`},
			{managedOnly(configbaseline.ManagedRule{Name: "no-http", Identifier: "CLOUDFRONT_VIEWER_POLICY_HTTPS"}),
				`Rules.Managed[0].Identifier: AWS has CLOUDFRONT_VIEWER_POLICY_HTTPS in us-east-1 only, where nothing is recorded; cover that Region, or leave the rule out`},
		})
	}
	checkRefusals(t, testkit.Options{}, []string{"ap-northeast-1", "us-east-1"}, []refusedRule{
		{managedOnly(configbaseline.ManagedRule{Name: "no-http", Identifier: "CLOUDFRONT_VIEWER_POLICY_HTTPS", Regions: []string{"ap-northeast-1"}}),
			`Rules.Managed[0].Regions: AWS has CLOUDFRONT_VIEWER_POLICY_HTTPS in us-east-1 only; leave Regions out`},
	})
}

// TestRulesArgsAreRefusedBeforeTheRegionIsKnown: without Regions, too, nothing is registered.
func TestRulesArgsAreRefusedBeforeTheRegionIsKnown(t *testing.T) {
	for _, args := range []configbaseline.ConfigBaselineArgs{
		rulesOnly(configbaseline.RulesArgs{Set: "all"}),
		rulesOnly(configbaseline.RulesArgs{Exclude: []string{"restricted-shh"}}),
		managedOnly(configbaseline.ManagedRule{}), customOnly(configbaseline.CustomRule{}), packOnly(configbaseline.ConformancePack{}),
		{Remediation: configbaseline.RemediationArgs{Manual: []string{"Everything"}}},
	} {
		d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			_, err := configbaseline.NewConfigBaseline(ctx, "config", &args)
			return err
		})
		assert.Error(t, err)
		d.NothingRegistered()
	}
}

func TestRemediationArgsAreRefused(t *testing.T) {
	automatic := func(names ...string) configbaseline.ConfigBaselineArgs {
		return configbaseline.ConfigBaselineArgs{Remediation: configbaseline.RemediationArgs{Automatic: names}}
	}
	manual := func(names ...string) configbaseline.ConfigBaselineArgs {
		return configbaseline.ConfigBaselineArgs{Remediation: configbaseline.RemediationArgs{Manual: names}}
	}
	both := manual("SetIAMPasswordPolicy")
	both.Remediation.Automatic = []string{"SetIAMPasswordPolicy"}
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		checkRefusals(t, testkit.Options{DryRun: m.DryRun}, []string{"ap-northeast-1"}, []refusedRule{
			{manual("SetIamPasswordPolicy"), `Remediation.Manual[0]: there is no remediation document "SetIamPasswordPolicy"; did you mean "SetIAMPasswordPolicy"?`},
			{automatic("AWS-StopEC2Instance"), `Remediation.Automatic[0]: there is no remediation document "AWS-StopEC2Instance"; there are ConfigureS3BucketPublicAccessBlock, ConfigureS3PublicAccessBlock, ` +
				`EnableEbsEncryptionByDefault, SetIAMPasswordPolicy, EnableKeyRotation, EnableCloudTrailLogFileValidation, EnableRDSInstanceDeletionProtection, EnableS3BucketEncryption, ` +
				`RemoveVPCDefaultSecurityGroupRules, DisableIncomingSSHOnPort22, RevokeUnusedIAMUserCredentials, EnforceEC2InstanceIMDSv2`},
			{automatic("DisableIncomingSSHOnPort22"), `Remediation.Automatic[0]: DisableIncomingSSHOnPort22 can break what is running: Closes port 22 of the security group to the internet; who works through it is cut off. Name it in Remediation.Manual`},
			{manual("SetIAMPasswordPolicy", "SetIAMPasswordPolicy"), `Remediation.Manual[1]: "SetIAMPasswordPolicy" is Remediation.Manual[0] already; remove one of them`},
			{both, `Remediation.Manual[0]: "SetIAMPasswordPolicy" runs by itself already, by Remediation.Automatic; remove one of them`},
			{automatic("EnableKeyRotation"), `Remediation.Automatic[0]: no rule is evaluated that EnableKeyRotation repairs; evaluate cmk-backing-key-rotation-enabled, or leave it out`},
		})
	})
}

func TestConformancePacksAreRefused(t *testing.T) {
	const template = "Resources:\n  Rule:\n    Type: AWS::Config::ConfigRule\n"
	many, parameters := configbaseline.ConfigBaselineArgs{}, map[string]string{}
	for i := range 51 {
		many.ConformancePacks = append(many.ConformancePacks, configbaseline.ConformancePack{Name: fmt.Sprint("pack", i), Template: template})
	}
	for i := range 61 {
		parameters[fmt.Sprint("p", i)] = "x"
	}
	twice := packOnly(configbaseline.ConformancePack{Name: "cis", Template: template})
	twice.ConformancePacks = append(twice.ConformancePacks, twice.ConformancePacks[0])
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		checkRefusals(t, testkit.Options{DryRun: m.DryRun}, []string{"ap-northeast-1"}, []refusedRule{
			{many, `ConformancePacks: 51 packs are given, an account takes at most 50 in a Region`},
			{twice, `ConformancePacks[1].Name: "cis" is the name of ConformancePacks[0] already; choose another`},
			{packOnly(configbaseline.ConformancePack{Name: "1cis", Template: template}), `ConformancePacks[0].Name: "1cis" is no name of a conformance pack: a letter, then at most 50 letters, digits and hyphens`},
			{packOnly(configbaseline.ConformancePack{Name: "cis"}), `ConformancePacks[0].Template: the template is missing: give s3://bucket/key, or its text`},
			{packOnly(configbaseline.ConformancePack{Name: "cis", Template: "s3://bucket"}), `ConformancePacks[0].Template: "s3://bucket" is not s3://bucket/key`},
			{packOnly(configbaseline.ConformancePack{Name: "cis", Template: "s3://bucket/" + strings.Repeat("k", 1020)}), `ConformancePacks[0].Template: the address has 1032 characters, at most 1024 are possible`},
			{packOnly(configbaseline.ConformancePack{Name: "cis", Template: "Operational-Best-Practices-for-CIS"}), `ConformancePacks[0].Template: "Operational-Best-Practices-for-CIS" is the name of a template; AWS Config does not resolve the names of its samples, ` +
				`so give the template's text, or upload it and give s3://bucket/key (the samples are in https://github.com/awslabs/aws-config-rules/tree/master/aws-config-conformance-packs)`},
			{packOnly(configbaseline.ConformancePack{Name: "cis", Template: "Parameters:\n  a: b\n"}), `ConformancePacks[0].Template: the text has no Resources, so that it is no template of a conformance pack`},
			{packOnly(configbaseline.ConformancePack{Name: "cis", Template: template + strings.Repeat("#", 51_200)}), `ConformancePacks[0].Template: it has 51253 characters, at most 51200 are possible; upload it and give s3://bucket/key`},
			{packOnly(configbaseline.ConformancePack{Name: "cis", Template: template, Parameters: parameters}), `ConformancePacks[0].Parameters: 61 are given, at most 60 are possible`},
			{packOnly(configbaseline.ConformancePack{Name: "cis", Template: template, Parameters: map[string]string{"": "x"}}), `ConformancePacks[0].Parameters[""]: the name has 0 characters, 1 to 255 are possible`},
			{packOnly(configbaseline.ConformancePack{Name: "cis", Template: template, Parameters: map[string]string{"a": strings.Repeat("v", 4097)}}), `ConformancePacks[0].Parameters["a"]: the value has 4097 characters, at most 4096 are possible`},
			{packOnly(configbaseline.ConformancePack{Name: "cis", Template: template, Regions: []string{"eu-west-1"}}), `ConformancePacks[0].Regions[0]: nothing is recorded in "eu-west-1", so that nothing can be evaluated there; resources are recorded in ap-northeast-1`},
		})
	})
}
