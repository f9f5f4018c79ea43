package tests

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	configRuleType        = "aws:cfg/rule:Rule"
	configRemediationType = "aws:cfg/remediationConfiguration:RemediationConfiguration"
	configPackType        = "aws:cfg/conformancePack:ConformancePack"
)

// everyRule is a baseline with all that the table of rules has.
func everyRule(regions ...string) configbaseline.ConfigBaselineArgs {
	return configbaseline.ConfigBaselineArgs{Rules: configbaseline.RulesArgs{
		Set: configbaseline.FullRules, Regions: regions, RequiredTags: map[string]string{"Owner": "", "Stage": "dev,prod"},
	}}
}

// ruleRegions are the Regions of each rule of a deployment, by the rule's name without the prefix.
func ruleRegions(d *testkit.Deployment) map[string][]string {
	found := map[string][]string{}
	for _, r := range d.ByType(configRuleType) {
		name := strings.TrimPrefix(r.String("name"), configPrefix+"-")
		found[name] = append(found[name], r.Region)
		slices.Sort(found[name])
	}
	return found
}

func TestRulesRunWhereTheyWork(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		home, other := covered[0], covered[1]
		d := coverConfig(t, o, covered, everyRule(home, other))
		evaluated := ruleRegions(d)
		for _, rule := range configbaseline.KnownRules() {
			missing := func(region string) bool { return slices.Contains(rule.MissingIn, region) }
			var want []string
			switch {
			case rule.Placement == configbaseline.NorthVirginia && o.Partition == "aws":
				want = []string{"us-east-1"}
			case rule.Placement == configbaseline.Once && !missing(home):
				want = []string{home}
			case rule.Placement == configbaseline.EachRegion:
				want = slices.DeleteFunc([]string{home, other}, missing)
				slices.Sort(want)
			}
			assert.ElementsMatch(t, want, evaluated[rule.Name], rule.Name)
		}
		assert.NotContains(t, strings.Join(d.Logs("warning"), "\n"), "left out")
		component := d.Only(configBaselineType)
		d.AllDescendFrom(component)
		d.AllNamedAfter(component)
		d.AllTagged(nil)
		d.NoHardCodedPartition()
	})
}

func TestRulesAreEvaluatedAtHomeByDefault(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := coverConfig(t, testkit.Options{DryRun: m.DryRun}, regionsOf("aws"), configbaseline.ConfigBaselineArgs{})
		for name, regions := range ruleRegions(d) {
			want := "ap-northeast-1"
			if strings.HasPrefix(name, "cloudfront-") {
				want = "us-east-1"
			}
			assert.Equal(t, []string{want}, regions, name)
		}
		want := append(slices.Clone(seedRules), essentialRules...)
		want = slices.DeleteFunc(want, func(name string) bool { return name == "required-tags" }) // no tag is required
		assert.ElementsMatch(t, want, slices.Collect(maps.Keys(ruleRegions(d))))
	})
}

func TestRulesOfUSEastOneAreLeftOutWhereNothingIsRecordedThere(t *testing.T) {
	const message = "rules of the set essentials are left out, because AWS has them in us-east-1 only, where nothing is recorded: " +
		"cloudfront-accesslogs-enabled; cover that Region, or name them in Rules.Exclude"
	for set, warnings := range map[configbaseline.RuleSet][]string{"": nil, configbaseline.SeedRules: nil, configbaseline.EssentialRules: {message}} {
		args := configbaseline.ConfigBaselineArgs{Rules: configbaseline.RulesArgs{Set: set}}
		preview := deployConfig(t, testkit.Options{DryRun: true}, &args)
		assert.Equal(t, warnings, preview.Logs("warning"), set)
		assert.Empty(t, deployConfig(t, testkit.Options{}, &args).Logs("warning"), set)
		assert.NotContains(t, ruleRegions(preview), "cloudfront-accesslogs-enabled", set)
	}
}

// TestRulesAreLeftOutWhereAWSDoesNotHaveThem: AWS Config would refuse them, and with them the whole deployment.
func TestRulesAreLeftOutWhereAWSDoesNotHaveThem(t *testing.T) {
	named := configbaseline.ConfigBaselineArgs{Rules: configbaseline.RulesArgs{Set: configbaseline.EssentialRules}}
	for partition, message := range map[string]string{
		"aws-cn": "rules of the set essentials are left out where AWS does not have them: root-account-mfa-enabled in cn-north-1, cloudfront-accesslogs-enabled in cn-north-1, " +
			"rds-cluster-deletion-protection-enabled in cn-north-1, backup-plan-min-frequency-and-min-retention-check in cn-north-1, rds-resources-protected-by-backup-plan in cn-north-1, " +
			"dynamodb-resources-protected-by-backup-plan in cn-north-1, ebs-resources-protected-by-backup-plan in cn-north-1",
		"aws-us-gov": "rules of the set essentials are left out where AWS does not have them: root-account-mfa-enabled in us-gov-west-1, cloudfront-accesslogs-enabled in us-gov-west-1, " +
			"ecs-no-environment-secrets in us-gov-west-1",
	} {
		preview := deployConfig(t, testkit.Options{Partition: partition, DryRun: true}, &named)
		assert.Equal(t, []string{message}, preview.Logs("info"))
		assert.Empty(t, preview.Logs("warning"), "nobody can change it")
		assert.Empty(t, deployConfig(t, testkit.Options{Partition: partition, DryRun: true}, nil).Logs("info"))
		assert.Empty(t, deployConfig(t, testkit.Options{Partition: partition}, &named).Logs("info"))
	}
}

// TestRulesOfTheAccountMoveToARegionThatHasThem: the home Region lacks the rules about IAM and root.
func TestRulesOfTheAccountMoveToARegionThatHasThem(t *testing.T) {
	iam := []string{"AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"}
	d := coverConfig(t, testkit.Options{Region: "mx-central-1"}, []string{"mx-central-1", "us-west-2"}, configbaseline.ConfigBaselineArgs{
		Recording: configbaseline.RecordingArgs{ExcludedResourceTypes: iam},
		Rules:     configbaseline.RulesArgs{Set: configbaseline.SeedRules, Managed: []configbaseline.ManagedRule{{Name: "root-mfa", Identifier: "ROOT_ACCOUNT_MFA_ENABLED"}}},
	})
	evaluated := ruleRegions(d)
	assert.Equal(t, []string{"us-west-2"}, evaluated["iam-root-access-key-check"])
	assert.Equal(t, []string{"us-west-2"}, evaluated["root-mfa"])
	assert.Equal(t, []string{"mx-central-1"}, evaluated["restricted-ssh"])
	assert.Empty(t, evaluated["mfa-enabled-for-iam-console-access"], "IAM is recorded nowhere, and the home Region does not have the rule")
}

func TestSetsAndExclusions(t *testing.T) {
	full := len(configbaseline.KnownRules())
	for _, row := range []struct {
		rules configbaseline.RulesArgs
		want  int
	}{
		{configbaseline.RulesArgs{Set: configbaseline.NoRules}, 0},
		{configbaseline.RulesArgs{Set: configbaseline.NoRules, RequiredTags: map[string]string{"Owner": ""}}, 1},
		{configbaseline.RulesArgs{Set: configbaseline.SeedRules}, 7},
		{configbaseline.RulesArgs{Set: configbaseline.SeedRules, RequiredTags: map[string]string{"Owner": ""}}, 8},
		{configbaseline.RulesArgs{Set: configbaseline.SeedRules, Exclude: []string{"restricted-ssh", "ec2-imdsv2-check"}}, 6},
		{configbaseline.RulesArgs{Set: configbaseline.EssentialRules}, 7 + len(essentialRules) - 1},
		{configbaseline.RulesArgs{Set: configbaseline.FullRules}, full - 1},
	} {
		d := coverConfig(t, testkit.Options{}, regionsOf("aws"), configbaseline.ConfigBaselineArgs{Rules: row.rules})
		assert.Len(t, d.ByType(configRuleType), row.want, "%+v", row.rules)
	}
}

// inputOf are the parameters that a rule is sent.
func inputOf(t *testing.T, rule *testkit.Resource) map[string]string {
	t.Helper()
	sent := map[string]string{}
	if text := rule.String("inputParameters"); text != "" {
		require.NoError(t, json.Unmarshal([]byte(text), &sent), rule.URN)
	}
	return sent
}

// TestParametersAreAlwaysSent: the API knows no defaults.
func TestParametersAreAlwaysSent(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		args := everyRule()
		args.Rules.Parameters = map[string]map[string]string{
			"iam-password-policy":              {"MinimumPasswordLength": "20"},
			"encrypted-volumes":                {"kmsId": "1234abcd-12ab-34cd-56ef-1234567890ab"},
			"access-keys-rotated":              {"maxAccessKeyAge": "30"},
			"cloudtrail-s3-dataevents-enabled": {"S3BucketNames": "a,b"},
		}
		d := coverConfig(t, testkit.Options{DryRun: m.DryRun}, regionsOf("aws"), args)
		for _, rule := range configbaseline.KnownRules() {
			region := "ap-northeast-1"
			if rule.Placement == configbaseline.NorthVirginia {
				region = "us-east-1"
			}
			want := map[string]string{}
			for _, p := range rule.Parameters {
				if p.Default != "" {
					want[p.Name] = p.Default
				}
			}
			maps.Copy(want, args.Rules.Parameters[rule.Name])
			if rule.Name == "required-tags" {
				want = map[string]string{"tag1Key": "Owner", "tag2Key": "Stage", "tag2Value": "dev,prod"}
			}
			declared := d.One(configRuleType, "config-rule-"+rule.Name+"-"+region)
			assert.Equal(t, want, inputOf(t, declared), rule.Name)
			assert.Equal(t, len(want) == 0, declared.Get("inputParameters") == nil, rule.Name)
			assert.Equal(t, "AWS", declared.String("source.owner"))
			assert.Equal(t, rule.Identifier, declared.String("source.sourceIdentifier"))
			assert.Equal(t, rule.Finding, declared.String("description"))
			assert.Nil(t, declared.Get("maximumExecutionFrequency"), rule.Name)
			scope, _ := declared.Get("scope.complianceResourceTypes").([]any)
			if rule.Trigger == configbaseline.Periodic {
				assert.Empty(t, scope, "%s: nothing but time triggers it", rule.Name)
			} else {
				assert.Len(t, scope, len(rule.ResourceTypes), rule.Name)
			}
		}
	})
}

func TestRequiredTagsLooksAtWhatIsRecorded(t *testing.T) {
	d := deployConfig(t, testkit.Options{}, &configbaseline.ConfigBaselineArgs{
		Recording: configbaseline.RecordingArgs{ResourceTypes: []string{"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::EC2::Instance"}},
		Rules:     configbaseline.RulesArgs{Set: configbaseline.NoRules, RequiredTags: map[string]string{"Owner": " a , b,,"}},
	})
	rule := d.Only(configRuleType)
	assert.Equal(t, []any{"AWS::EC2::Instance", "AWS::S3::Bucket"}, rule.Get("scope.complianceResourceTypes"))
	assert.Equal(t, map[string]string{"tag1Key": "Owner", "tag1Value": "a,b"}, inputOf(t, rule))
}

func TestOwnRules(t *testing.T) {
	const guard = "rule bucket_is_versioned when resourceType == \"AWS::S3::Bucket\" {\n  supplementaryConfiguration.BucketVersioningConfiguration.status == \"Enabled\"\n}\n"
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := coverConfig(t, testkit.Options{DryRun: m.DryRun}, regionsOf("aws"), configbaseline.ConfigBaselineArgs{Rules: configbaseline.RulesArgs{
			Set: configbaseline.NoRules,
			Managed: []configbaseline.ManagedRule{
				{Name: "days-of-certificates", Identifier: "ACM_CERTIFICATE_EXPIRATION_CHECK", Parameters: map[string]string{"daysToExpiration": "60"}, Frequency: "Six_Hours", Regions: []string{"eu-west-1", "us-east-1"}},
				{Name: "keys", Identifier: "ACCESS_KEYS_ROTATED"},
				{Name: "Balancer_AZs", Identifier: "ELBV2_MULTIPLE_AZ", Parameters: map[string]string{"minAvailabilityZones": "3"}, ResourceTypes: []string{"AWS::ElasticLoadBalancingV2::LoadBalancer"}},
				{Name: "no-http", Identifier: "CLOUDFRONT_VIEWER_POLICY_HTTPS"},
				{Name: "more-tags", Identifier: "REQUIRED_TAGS", Parameters: map[string]string{"tag1Key": "Seventh"}, ResourceTypes: []string{"AWS::S3::Bucket"}},
			},
			Custom: []configbaseline.CustomRule{{Name: "bucket-versions", Policy: guard, ResourceTypes: []string{"AWS::S3::Bucket"}}},
		}})
		assert.Equal(t, map[string][]string{
			"days-of-certificates": {"eu-west-1", "us-east-1"}, "keys": {"ap-northeast-1"}, "Balancer_AZs": {"ap-northeast-1"},
			"no-http": {"us-east-1"}, "more-tags": {"ap-northeast-1"}, "bucket-versions": {"ap-northeast-1"},
		}, ruleRegions(d))
		certificates := d.One(configRuleType, "config-rule-days-of-certificates-eu-west-1")
		assert.Equal(t, "Six_Hours", certificates.String("maximumExecutionFrequency"))
		assert.Equal(t, map[string]string{"daysToExpiration": "60"}, inputOf(t, certificates))
		assert.Equal(t, []any{"AWS::ACM::Certificate"}, certificates.Get("scope.complianceResourceTypes"))
		assert.Equal(t, map[string]string{"maxAccessKeyAge": "90"}, inputOf(t, d.One(configRuleType, "config-rule-keys-ap-northeast-1")), "a known rule has its defaults")
		assert.Equal(t, map[string]string{"minAvailabilityZones": "3"}, inputOf(t, d.One(configRuleType, "config-rule-Balancer_AZs-ap-northeast-1")))
		tags := d.One(configRuleType, "config-rule-more-tags-ap-northeast-1")
		assert.Equal(t, []any{"AWS::S3::Bucket"}, tags.Get("scope.complianceResourceTypes"))
		custom := d.One(configRuleType, "config-rule-bucket-versions-ap-northeast-1")
		assert.Equal(t, map[string]any{
			"owner":               "CUSTOM_POLICY",
			"customPolicyDetails": map[string]any{"enableDebugLogDelivery": false, "policyRuntime": "guard-2.x.x", "policyText": guard},
			"sourceDetails": []any{
				map[string]any{"eventSource": "aws.config", "messageType": "ConfigurationItemChangeNotification"},
				map[string]any{"eventSource": "aws.config", "messageType": "OversizedConfigurationItemChangeNotification"},
			},
		}, custom.Get("source"))
		assert.Equal(t, []any{"AWS::S3::Bucket"}, custom.Get("scope.complianceResourceTypes"))
	})
}

// TestRulesComeAfterTheRecorder: AWS Config refuses a rule where nothing records.
func TestRulesComeAfterTheRecorder(t *testing.T) {
	covered := regionsOf("aws")
	d := coverConfig(t, testkit.Options{}, covered, everyRule(covered...))
	for _, rule := range d.ByType(configRuleType) {
		for _, typ := range []string{configRecorderType, configStatusType} {
			kind := map[string]string{configRecorderType: "recorder", configStatusType: "status"}[typ]
			assert.Contains(t, rule.Dependencies, d.One(typ, "config-"+kind+"-"+rule.Region).URN, rule.Name)
		}
	}
}
