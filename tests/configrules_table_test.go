package tests

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
)

// The rules that each set has to hold.
var (
	seedRules = []string{
		"db-instance-backup-enabled", "ec2-ebs-encryption-by-default", "mfa-enabled-for-iam-console-access", "s3-bucket-public-read-prohibited",
		"s3-bucket-public-write-prohibited", "restricted-ssh", "iam-root-access-key-check",
	}
	essentialRules = []string{
		"root-account-mfa-enabled", "iam-password-policy", "access-keys-rotated", "iam-user-unused-credentials-check", "required-tags",
		"encrypted-volumes", "rds-storage-encrypted", "vpc-flow-logs-enabled", "elb-logging-enabled", "cloudfront-accesslogs-enabled",
		"rds-instance-deletion-protection-enabled", "multi-region-cloudtrail-enabled", "vpc-default-security-group-closed",
		"secretsmanager-rotation-enabled-check", "secretsmanager-secret-unused", "guardduty-enabled-centralized",
		"s3-account-level-public-access-blocks-periodic", "iam-user-mfa-enabled", "dynamodb-pitr-enabled", "elb-deletion-protection-enabled",
		"rds-cluster-deletion-protection-enabled", "backup-plan-min-frequency-and-min-retention-check", "rds-resources-protected-by-backup-plan",
		"dynamodb-resources-protected-by-backup-plan", "ebs-resources-protected-by-backup-plan", "ecs-no-environment-secrets",
	}
	fullRules = []string{
		"ec2-imdsv2-check", "eks-endpoint-no-public-access", "efs-encrypted-check", "redshift-cluster-public-access-check",
		"opensearch-encrypted-at-rest", "cloud-trail-log-file-validation-enabled", "s3-bucket-level-public-access-prohibited",
		"cmk-backing-key-rotation-enabled", "sns-encrypted-kms",
	}
)

// otherwiseCalled are the identifiers that are not the name in capitals.
var otherwiseCalled = map[string]string{
	"restricted-ssh":                          "INCOMING_SSH_DISABLED",
	"restricted-common-ports":                 "RESTRICTED_INCOMING_TRAFFIC",
	"multi-region-cloudtrail-enabled":         "MULTI_REGION_CLOUD_TRAIL_ENABLED",
	"ec2-instance-managed-by-systems-manager": "EC2_INSTANCE_MANAGED_BY_SSM",
}

func knownRules() map[string]configbaseline.KnownRule {
	known := map[string]configbaseline.KnownRule{}
	for _, rule := range configbaseline.KnownRules() {
		known[rule.Name] = rule
	}
	return known
}

func TestSetsHoldTheirRules(t *testing.T) {
	known := knownRules()
	for set, names := range map[configbaseline.RuleSet][]string{
		configbaseline.SeedRules: seedRules, configbaseline.EssentialRules: essentialRules, configbaseline.FullRules: fullRules,
	} {
		for _, name := range names {
			assert.Equal(t, set, known[name].Set, name)
		}
	}
	count := map[configbaseline.RuleSet]int{}
	for _, rule := range known {
		count[rule.Set]++
	}
	assert.Len(t, seedRules, count[configbaseline.SeedRules], "the seven, and no others")
	assert.Len(t, essentialRules, count[configbaseline.EssentialRules])
}

func TestTableOfRulesIsConsistent(t *testing.T) {
	rules := configbaseline.KnownRules()
	require.Len(t, knownRules(), len(rules), "a name is used twice")
	identifiers := map[string]string{}
	control := regexp.MustCompile(`^([1-9][0-9]*(\.[1-9][0-9]*){1,2}|[A-Za-z0-9]+\.[1-9][0-9]*|(ACCT|WKLD)\.[01][0-9])$`)
	resource := regexp.MustCompile(`^AWS::([A-Za-z0-9]+::[A-Za-z0-9]+|::Account)$`)
	for _, rule := range rules {
		identifier := strings.ToUpper(strings.ReplaceAll(rule.Name, "-", "_"))
		if other, differs := otherwiseCalled[rule.Name]; differs {
			identifier = other
		}
		assert.Equal(t, identifier, rule.Identifier, rule.Name)
		assert.Empty(t, identifiers[rule.Identifier], "%s and %s are the same rule", rule.Name, identifiers[rule.Identifier])
		identifiers[rule.Identifier] = rule.Name
		assert.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, rule.Name)
		assert.LessOrEqual(t, 38+1+len(rule.Name), 128, rule.Name)
		assert.Contains(t, []configbaseline.Trigger{configbaseline.OnChange, configbaseline.Periodic, configbaseline.OnChangeAndPeriodic}, rule.Trigger, rule.Name)
		assert.Contains(t, []configbaseline.Placement{configbaseline.EachRegion, configbaseline.Once, configbaseline.NorthVirginia}, rule.Placement, rule.Name)
		require.NotEmpty(t, rule.ResourceTypes, rule.Name)
		for _, name := range rule.ResourceTypes {
			assert.Regexp(t, resource, name, rule.Name)
			if strings.HasPrefix(name, "AWS::IAM::") {
				assert.Equal(t, configbaseline.Once, rule.Placement, "%s: IAM is recorded in one Region", rule.Name)
			}
			if strings.HasPrefix(name, "AWS::CloudFront::") {
				assert.Equal(t, configbaseline.NorthVirginia, rule.Placement, rule.Name)
			}
			assert.False(t, name == "AWS::::Account" && rule.Trigger != configbaseline.Periodic, "%s: the account as a whole has no changes", rule.Name)
		}
		assert.Regexp(t, `^[A-Z].*\.$`, rule.Finding, rule.Name)
		assert.LessOrEqual(t, len(rule.Finding), 256, "%s: AWS Config takes no longer description", rule.Name)
		for _, region := range rule.MissingIn {
			assert.Regexp(t, `^[a-z]{2}(-gov)?-[a-z]+-[1-9]$`, region, rule.Name)
		}
		assert.True(t, slices.IsSorted(rule.MissingIn), rule.Name)
		seen := map[string]bool{}
		for _, p := range rule.Parameters {
			assert.False(t, seen[p.Name], "%s: %s", rule.Name, p.Name)
			seen[p.Name] = true
			assert.Contains(t, []string{"text", "integer", "boolean", "list"}, p.Kind, "%s: %s", rule.Name, p.Name)
		}
		for _, name := range slices.Concat(rule.CIS3, rule.CIS5, rule.FSBP, rule.SSB) {
			assert.Regexp(t, control, name, rule.Name)
		}
		assert.Equal(t, len(rule.CIS3) == 0, len(rule.CIS5) == 0, "%s: version 5.0 of the benchmark kept every control of 3.0 that rules serve", rule.Name)
	}
}

// parametersOfRules are as AWS's documentation spells them: a wrong letter is refused.
var parametersOfRules = map[string]string{
	"db-instance-backup-enabled": "backupRetentionPeriod backupRetentionMinimum=7 preferredBackupWindow checkReadReplicas=false",
	"iam-password-policy": "RequireUppercaseCharacters=true RequireLowercaseCharacters=true RequireSymbols=true RequireNumbers=true " +
		"MinimumPasswordLength=14 PasswordReusePrevention=24 MaxPasswordAge=90",
	"access-keys-rotated":                               "maxAccessKeyAge=90",
	"iam-user-unused-credentials-check":                 "maxCredentialUsageAge=45",
	"encrypted-volumes":                                 "kmsId",
	"rds-storage-encrypted":                             "kmsKeyId",
	"vpc-flow-logs-enabled":                             "trafficType",
	"elb-logging-enabled":                               "s3BucketNames",
	"cloudfront-accesslogs-enabled":                     "S3BucketName",
	"rds-instance-deletion-protection-enabled":          "databaseEngines",
	"multi-region-cloudtrail-enabled":                   "s3BucketName snsTopicArn cloudWatchLogsLogGroupArn includeManagementEvents=true readWriteType=ALL",
	"secretsmanager-rotation-enabled-check":             "maximumAllowedRotationFrequency maximumAllowedRotationFrequencyInHours",
	"secretsmanager-secret-unused":                      "unusedForDays=90",
	"guardduty-enabled-centralized":                     "CentralMonitoringAccount",
	"s3-account-level-public-access-blocks-periodic":    "IgnorePublicAcls=True BlockPublicPolicy=True BlockPublicAcls=True RestrictPublicBuckets=True",
	"backup-plan-min-frequency-and-min-retention-check": "requiredFrequencyValue=1 requiredRetentionDays=35 requiredFrequencyUnit=days",
	"ecs-no-environment-secrets":                        "secretKeys=AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,ECS_ENGINE_AUTH_DATA",
	"restricted-common-ports":                           "blockedPort1=20 blockedPort2=21 blockedPort3=3389 blockedPort4=3306 blockedPort5=4333 blockedPorts",
	"efs-encrypted-check":                               "KmsKeyId",
	"cw-loggroup-retention-period-check":                "LogGroupNames MinRetentionTime=365",
	"cloudtrail-s3-dataevents-enabled":                  "S3BucketNames",
	"ec2-ebs-encryption-by-default":                     "",
	"mfa-enabled-for-iam-console-access":                "",
	"s3-bucket-public-read-prohibited":                  "",
	"s3-bucket-public-write-prohibited":                 "",
	"restricted-ssh":                                    "",
	"iam-root-access-key-check":                         "",
	"root-account-mfa-enabled":                          "",
	"root-account-hardware-mfa-enabled":                 "",
	"vpc-default-security-group-closed":                 "",
	"iam-external-access-analyzer-enabled":              "",
	"securityhub-enabled":                               "",
	"ec2-imdsv2-check":                                  "",
}

func TestParametersOfRules(t *testing.T) {
	known := knownRules()
	for name, want := range parametersOfRules {
		var got []string
		for _, p := range known[name].Parameters {
			if p.Default != "" {
				got = append(got, p.Name+"="+p.Default)
			} else {
				got = append(got, p.Name)
			}
		}
		assert.Equal(t, want, strings.Join(got, " "), name)
	}
}
