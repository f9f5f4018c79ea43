package tests

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// repairing is a baseline with every rule and every remediation, the safe ones automatic.
func repairing(regions ...string) configbaseline.ConfigBaselineArgs {
	args := everyRule(regions...)
	for _, r := range configbaseline.Remediations() {
		if r.Safe {
			args.Remediation.Automatic = append(args.Remediation.Automatic, r.Name)
		} else {
			args.Remediation.Manual = append(args.Remediation.Manual, r.Name)
		}
	}
	return args
}

// roleOf is the suffix of the name of a document's role in AWS: it is for ever.
var roleOf = map[string]string{
	"ConfigureS3BucketPublicAccessBlock":  "fix-bucket-public-access",
	"ConfigureS3PublicAccessBlock":        "fix-account-public-access",
	"EnableEbsEncryptionByDefault":        "fix-ebs-encryption",
	"SetIAMPasswordPolicy":                "fix-password-policy",
	"EnableKeyRotation":                   "fix-key-rotation",
	"EnableCloudTrailLogFileValidation":   "fix-trail-validation",
	"EnableRDSInstanceDeletionProtection": "fix-rds-deletion",
	"EnableS3BucketEncryption":            "fix-bucket-encryption",
	"RemoveVPCDefaultSecurityGroupRules":  "fix-default-sg",
	"DisableIncomingSSHOnPort22":          "fix-open-ssh",
	"RevokeUnusedIAMUserCredentials":      "fix-unused-credentials",
	"EnforceEC2InstanceIMDSv2":            "fix-imdsv2",
}

func TestRemediationsAreConsistent(t *testing.T) {
	known, repaired := knownRules(), map[string]string{}
	var names, safe []string
	for _, r := range configbaseline.Remediations() {
		names = append(names, r.Name)
		if r.Safe {
			safe = append(safe, r.Name)
		}
		assert.True(t, r.Document == "AWS-"+r.Name || r.Document == "AWSConfigRemediation-"+r.Name, r.Document)
		assert.Regexp(t, `^[A-Z].*\.$`, r.Effect)
		require.NotEmpty(t, r.Rules, r.Name)
		for _, rule := range r.Rules {
			assert.Contains(t, known, rule, r.Name)
			assert.Empty(t, repaired[rule], "AWS Config takes one remediation a rule, %s has two", rule)
			repaired[rule] = r.Name
		}
		assert.LessOrEqual(t, 38+1+len(roleOf[r.Name]), 64, "%s: the role's name does not fit", r.Name)
	}
	assert.Len(t, roleOf, len(names))
	assert.Equal(t, names[:len(safe)], safe, "the safe ones come first")
	documented, err := os.ReadFile("../docs/settings.md")
	require.NoError(t, err)
	for key, list := range map[string][]string{"config.remediation.manual": names, "config.remediation.automatic": safe} {
		row := regexp.MustCompile("(?m)^\\| `" + regexp.QuoteMeta(key) + "` .*\\*Each (.*)\\.\\* \\|$").FindSubmatch(documented)
		require.NotNil(t, row, key)
		assert.Equal(t, strings.Join(list, ", "), string(row[1]), "settings take other documents")
	}
}

func TestNothingIsRepairedByDefault(t *testing.T) {
	d := coverConfig(t, testkit.Options{}, regionsOf("aws"), everyRule())
	assert.Empty(t, d.ByType(configRemediationType))
	for _, role := range d.ByType(hubRoleType) {
		assert.NotContains(t, role.Name, "remediation")
	}
}

func TestRemediations(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		home, other := covered[0], covered[1]
		d := coverConfig(t, o, covered, repairing(home, other))
		evaluated := ruleRegions(d)
		count := 0
		for _, r := range configbaseline.Remediations() {
			role := d.One(hubRoleType, "config-remediation-"+r.Name+"-role")
			assert.Equal(t, configPrefix+"-"+roleOf[r.Name], role.String("name"))
			assert.Equal(t, home, role.Region, "IAM is asked once")
			permissions := d.One(rolePolicyType, "config-remediation-"+r.Name+"-role-policy")
			for _, rule := range r.Rules {
				for _, region := range evaluated[rule] {
					count++
					repair := d.One(configRemediationType, "config-remediation-"+rule+"-"+region)
					assert.Equal(t, region, repair.Region)
					assert.Equal(t, configPrefix+"-"+rule, repair.String("configRuleName"))
					assert.Equal(t, "SSM_DOCUMENT", repair.String("targetType"))
					assert.Equal(t, r.Document, repair.String("targetId"))
					assert.Equal(t, r.Safe, repair.Get("automatic"))
					assert.Equal(t, 10.0, repair.Get("executionControls.ssmControls.concurrentExecutionRatePercentage"))
					assert.Equal(t, 20.0, repair.Get("executionControls.ssmControls.errorPercentage"))
					if r.Safe {
						assert.Equal(t, 3.0, repair.Get("maximumAutomaticAttempts"))
						assert.Equal(t, 60.0, repair.Get("retryAttemptSeconds"))
					} else {
						assert.Nil(t, repair.Get("maximumAutomaticAttempts"))
					}
					arn := "arn:" + o.Partition + ":iam::" + accountID + ":role/" + configPrefix + "-" + roleOf[r.Name]
					assert.Equal(t, arn, documentParameters(repair)["AutomationAssumeRole"], "known at preview")
					assert.Contains(t, repair.Dependencies, d.One(configRuleType, "config-rule-"+rule+"-"+region).URN)
					assert.Contains(t, repair.Dependencies, permissions.URN, "no execution begins before its role can do anything")
				}
			}
		}
		assert.Len(t, d.ByType(configRemediationType), count)
		d.AllDescendFrom(d.Only(configBaselineType))
		d.AllNamedAfter(d.Only(configBaselineType))
		d.AllTagged(nil)
		d.NoHardCodedPartition()
	})
}

// documentParameters are the parameters of a remediation; <id> stands for the resource's id.
func documentParameters(repair *testkit.Resource) map[string]string {
	found := map[string]string{}
	for _, p := range repair.Get("parameters").([]any) {
		parameter := p.(map[string]any)
		name := parameter["name"].(string)
		if value, static := parameter["staticValue"].(string); static {
			found[name] = value
		}
		if parameter["resourceValue"] == "RESOURCE_ID" {
			found[name] = "<id>"
		}
	}
	return found
}

// TestParametersOfDocuments are those of AWS's pages; each is sent, because AWS Config knows no defaults either.
func TestParametersOfDocuments(t *testing.T) {
	args := repairing()
	args.Rules.Parameters = map[string]map[string]string{
		"iam-password-policy":               {"MinimumPasswordLength": "20"},
		"iam-user-unused-credentials-check": {"maxCredentialUsageAge": "60"},
	}
	d := coverConfig(t, testkit.Options{}, []string{"ap-northeast-1"}, args)
	blocks := " BlockPublicAcls=true BlockPublicPolicy=true"
	for rule, want := range map[string]string{
		"s3-bucket-public-read-prohibited":               "AWS::S3::Bucket" + blocks + " BucketName=<id> IgnorePublicAcls=true RestrictPublicBuckets=true",
		"s3-bucket-public-write-prohibited":              "AWS::S3::Bucket" + blocks + " BucketName=<id> IgnorePublicAcls=true RestrictPublicBuckets=true",
		"s3-account-level-public-access-blocks-periodic": " AccountId=" + accountID + blocks + " IgnorePublicAcls=true RestrictPublicBuckets=true",
		"ec2-ebs-encryption-by-default":                  "",
		"iam-password-policy": " AllowUsersToChangePassword=true HardExpiry=false MaxPasswordAge=90 MinimumPasswordLength=20 PasswordReusePrevention=24" +
			" RequireLowercaseCharacters=true RequireNumbers=true RequireSymbols=true RequireUppercaseCharacters=true",
		"cmk-backing-key-rotation-enabled":         "AWS::KMS::Key KeyId=<id>",
		"cloud-trail-log-file-validation-enabled":  "AWS::CloudTrail::Trail TrailName=<id>",
		"rds-instance-deletion-protection-enabled": "AWS::RDS::DBInstance DbInstanceResourceId=<id>",
		"s3-bucket-server-side-encryption-enabled": "AWS::S3::Bucket BucketName=<id> SSEAlgorithm=AES256",
		"vpc-default-security-group-closed":        "AWS::EC2::SecurityGroup GroupId=<id>",
		"restricted-ssh":                           "AWS::EC2::SecurityGroup SecurityGroupIds=<id>",
		"iam-user-unused-credentials-check":        "AWS::IAM::User IAMResourceId=<id> MaxCredentialUsageAge=60",
		"ec2-imdsv2-check":                         "AWS::EC2::Instance InstanceId=<id>",
	} {
		repair := d.One(configRemediationType, "config-remediation-"+rule+"-ap-northeast-1")
		got := repair.String("resourceType")
		parameters := documentParameters(repair)
		delete(parameters, "AutomationAssumeRole")
		var names []string
		for name := range parameters {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			got += " " + name + "=" + parameters[name]
		}
		assert.Equal(t, want, got, rule)
	}
}

// TestRemediationOfARuleUnderAnotherName: a rule that the user added is repaired like that of the set.
func TestRemediationOfARuleUnderAnotherName(t *testing.T) {
	d := coverConfig(t, testkit.Options{}, []string{"ap-northeast-1", "eu-west-1"}, configbaseline.ConfigBaselineArgs{
		Rules: configbaseline.RulesArgs{Managed: []configbaseline.ManagedRule{
			{Name: "rotation", Identifier: "CMK_BACKING_KEY_ROTATION_ENABLED", Regions: []string{"ap-northeast-1", "eu-west-1"}},
		}},
		Remediation: configbaseline.RemediationArgs{Automatic: []string{"EnableKeyRotation"}},
	})
	assert.Equal(t, []string{"config-remediation-rotation-ap-northeast-1", "config-remediation-rotation-eu-west-1"}, d.Names(configRemediationType))
	d.One(hubRoleType, "config-remediation-EnableKeyRotation-role")
}

// documentRights are what the role of each document has to be allowed, as ACTION on RESOURCE.
var documentRights = map[string][]string{
	"ConfigureS3BucketPublicAccessBlock":  {"s3:GetBucketPublicAccessBlock arn:P:s3:::some-bucket", "s3:PutBucketPublicAccessBlock arn:P:s3:::some-bucket"},
	"ConfigureS3PublicAccessBlock":        {"s3:GetAccountPublicAccessBlock *", "s3:PutAccountPublicAccessBlock *"},
	"EnableEbsEncryptionByDefault":        {"ec2:EnableEbsEncryptionByDefault *", "ec2:GetEbsEncryptionByDefault *"},
	"SetIAMPasswordPolicy":                {"iam:GetAccountPasswordPolicy *", "iam:UpdateAccountPasswordPolicy *"},
	"EnableKeyRotation":                   {"kms:EnableKeyRotation arn:P:kms:R:A:key/k", "kms:GetKeyRotationStatus arn:P:kms:R:A:key/k"},
	"EnableCloudTrailLogFileValidation":   {"cloudtrail:DescribeTrails *", "cloudtrail:UpdateTrail arn:P:cloudtrail:R:A:trail/t"},
	"EnableRDSInstanceDeletionProtection": {"rds:DescribeDBInstances arn:P:rds:R:A:db:d", "rds:ModifyDBInstance arn:P:rds:R:A:db:d"},
	"EnableS3BucketEncryption":            {"s3:PutEncryptionConfiguration arn:P:s3:::some-bucket"},
	"RemoveVPCDefaultSecurityGroupRules": {"ec2:DescribeSecurityGroups *", "ec2:RevokeSecurityGroupEgress arn:P:ec2:R:A:security-group/sg-1",
		"ec2:RevokeSecurityGroupIngress arn:P:ec2:R:A:security-group/sg-1"},
	"DisableIncomingSSHOnPort22": {"ec2:DescribeSecurityGroups *", "ec2:RevokeSecurityGroupIngress arn:P:ec2:R:A:security-group/sg-1"},
	"RevokeUnusedIAMUserCredentials": {"config:ListDiscoveredResources *", "iam:DeleteAccessKey arn:P:iam::A:user/team/bob", "iam:DeleteLoginProfile arn:P:iam::A:user/team/bob",
		"iam:GetAccessKeyLastUsed arn:P:iam::A:user/team/bob", "iam:GetLoginProfile arn:P:iam::A:user/team/bob", "iam:GetUser arn:P:iam::A:user/team/bob",
		"iam:ListAccessKeys arn:P:iam::A:user/team/bob", "iam:UpdateAccessKey arn:P:iam::A:user/team/bob"},
	"EnforceEC2InstanceIMDSv2": {"ec2:DescribeInstances *", "ec2:ModifyInstanceMetadataOptions arn:P:ec2:R:A:instance/i-1"},
}

// neverRights no role of a document may have.
var neverRights = []string{
	"iam:PassRole arn:P:iam::A:role/admin", "iam:AttachUserPolicy arn:P:iam::A:user/team/bob", "iam:CreateAccessKey arn:P:iam::A:user/team/bob",
	"iam:DeleteUser arn:P:iam::A:user/team/bob", "iam:DeleteAccountPasswordPolicy *", "iam:UpdateLoginProfile arn:P:iam::A:user/team/bob",
	"iam:UpdateAssumeRolePolicy arn:P:iam::A:role/admin", "sts:AssumeRole arn:P:iam::A:role/admin",
	"s3:GetObject arn:P:s3:::some-bucket/x", "s3:PutBucketPolicy arn:P:s3:::some-bucket", "s3:DeleteBucket arn:P:s3:::some-bucket", "s3:PutBucketAcl arn:P:s3:::some-bucket",
	"kms:DisableKey arn:P:kms:R:A:key/k", "kms:DisableKeyRotation arn:P:kms:R:A:key/k", "kms:Decrypt arn:P:kms:R:A:key/k", "kms:ScheduleKeyDeletion arn:P:kms:R:A:key/k", "kms:PutKeyPolicy arn:P:kms:R:A:key/k",
	"kms:EnableKeyRotation arn:P:kms:R:210987654321:key/k",
	"cloudtrail:StopLogging arn:P:cloudtrail:R:A:trail/t", "cloudtrail:DeleteTrail arn:P:cloudtrail:R:A:trail/t", "cloudtrail:UpdateTrail arn:P:cloudtrail:R:210987654321:trail/t",
	"config:StopConfigurationRecorder *", "config:DeleteConfigRule *", "config:PutEvaluations *",
	"ec2:DisableEbsEncryptionByDefault *", "ec2:AuthorizeSecurityGroupIngress arn:P:ec2:R:A:security-group/sg-1", "ec2:TerminateInstances arn:P:ec2:R:A:instance/i-1",
	"ec2:DeleteSecurityGroup arn:P:ec2:R:A:security-group/sg-1", "rds:DeleteDBInstance arn:P:rds:R:A:db:d", "rds:ModifyDBCluster arn:P:rds:R:A:cluster:c",
	"ssm:SendCommand arn:P:ssm:R::document/AWS-RunShellScript", "ssm:StartAutomationExecution arn:P:ssm:R::automation-definition/AWS-StopEC2Instance:1",
	"ssm:StartAutomationExecution arn:P:ssm:R:A:automation-definition/own-document:1", "ssm:StopAutomationExecution arn:P:ssm:R:A:automation-execution/e",
	"ssm:GetAutomationExecution arn:P:ssm:R:210987654321:automation-execution/e", "ssm:GetParameter arn:P:ssm:R:A:parameter/secret", "lambda:InvokeFunction arn:P:lambda:R:A:function:f",
}

func TestRolesOfDocumentsDoWhatTheDocumentsDo(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		d := coverConfig(t, o, covered[:1], repairing())
		fill := strings.NewReplacer("arn:P:", "arn:"+o.Partition+":", "::A:", "::"+accountID+":", ":R:A:", ":"+covered[1]+":"+accountID+":", ":R:", ":"+covered[1]+":")
		remediations := configbaseline.Remediations()
		for _, r := range remediations {
			policy := d.Document(d.One(rolePolicyType, "config-remediation-"+r.Name+"-role-policy"), "policy")
			may := func(right, bucketOwner string) bool {
				action, resource, _ := strings.Cut(fill.Replace(right), " ")
				decision, err := policyeval.Authorization{Identity: []*policyeval.Document{policy}, ResourceOwner: accountID}.Decide(policyeval.Request{
					Principal: policyeval.Principal{ARN: "arn:" + o.Partition + ":iam::" + accountID + ":role/" + configPrefix + "-" + roleOf[r.Name], Account: accountID},
					Action:    action, Resource: resource, Context: map[string][]string{"aws:ResourceAccount": {bucketOwner}},
				})
				require.NoError(t, err, right)
				return decision.Allowed
			}
			own := append([]string{
				"ssm:StartAutomationExecution arn:P:ssm:R::automation-definition/" + r.Document + ":1",
				"ssm:StartAutomationExecution arn:P:ssm:R:A:automation-definition/" + r.Document + ":$DEFAULT",
				"ssm:GetAutomationExecution arn:P:ssm:R:A:automation-execution/e",
			}, documentRights[r.Name]...)
			for _, right := range own {
				assert.True(t, may(right, accountID), "%s needs %s", r.Name, right)
			}
			for _, right := range neverRights {
				assert.False(t, may(right, accountID), "%s may %s", r.Name, right)
			}
			for _, other := range remediations {
				for _, right := range documentRights[other.Name] {
					if !slices.Contains(own, right) {
						assert.False(t, may(right, accountID), "%s may %s, which is %s's", r.Name, right, other.Name)
					}
				}
				if other.Name != r.Name {
					assert.False(t, may("ssm:StartAutomationExecution arn:P:ssm:R::automation-definition/"+other.Document+":1", accountID), r.Name)
				}
			}
			for _, right := range own {
				if strings.HasPrefix(right, "s3:") && strings.Contains(right, "some-bucket") {
					assert.False(t, may(right, "210987654321"), "%s reaches buckets of other accounts", r.Name)
				}
			}
		}
	})
}

// TestOnlySystemsManagerTakesTheRoles, and for executions of this account only.
func TestOnlySystemsManagerTakesTheRoles(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		region := regionsOf(o.Partition)[0]
		d := coverConfig(t, o, []string{region}, repairing())
		const foreign = "210987654321"
		execution := func(account string) string {
			return "arn:" + o.Partition + ":ssm:" + region + ":" + account + ":automation-execution/e"
		}
		ssm := policyeval.Principal{Service: "ssm.amazonaws.com"}
		for _, row := range []struct {
			who     policyeval.Principal
			account string
			source  string
			allowed bool
		}{
			{ssm, accountID, execution(accountID), true},
			{ssm, foreign, execution(foreign), false},
			{ssm, foreign, execution(accountID), false},
			{ssm, accountID, execution(foreign), false},
			{ssm, accountID, "arn:" + o.Partition + ":ssm:" + region + ":" + accountID + ":maintenancewindow/w", false},
			{policyeval.Principal{Service: "config.amazonaws.com"}, accountID, execution(accountID), false},
			{policyeval.Principal{Service: "ec2.amazonaws.com"}, accountID, execution(accountID), false},
			{policyeval.Principal{ARN: "arn:" + o.Partition + ":iam::" + accountID + ":role/admin", Account: accountID}, accountID, execution(accountID), false},
			{policyeval.Principal{ARN: "arn:" + o.Partition + ":iam::" + foreign + ":role/admin", Account: foreign}, accountID, execution(accountID), false},
		} {
			for _, r := range configbaseline.Remediations() {
				role := d.One(hubRoleType, "config-remediation-"+r.Name+"-role")
				decision, err := policyeval.Authorization{
					Resource: d.Document(role, "assumeRolePolicy"), ResourceOwner: accountID, ResourcePolicyDecides: true,
				}.Decide(policyeval.Request{
					Principal: row.who, Action: "sts:AssumeRole", Resource: "arn:" + o.Partition + ":iam::" + accountID + ":role/" + role.String("name"),
					Context: map[string][]string{"aws:SourceAccount": {row.account}, "aws:SourceArn": {row.source}},
				})
				require.NoError(t, err)
				assert.Equal(t, row.allowed, decision.Allowed, "%s: %+v: %s", r.Name, row, decision.Reason)
			}
		}
	})
}
