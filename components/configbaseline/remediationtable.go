package configbaseline

import (
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// remediations are the AWS-owned SSM documents that repair what rules find, the safe ones first. Parameters and
// permissions are those of the document's page in
// https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/; permissions that every document needs
// are those of runPermissions.
var remediations = []remediation{{
	name: "ConfigureS3BucketPublicAccessBlock", document: "AWSConfigRemediation-ConfigureS3BucketPublicAccessBlock", safe: true, role: "fix-bucket-public-access",
	rules:     []string{"s3-bucket-public-read-prohibited", "s3-bucket-public-write-prohibited", "s3-bucket-level-public-access-prohibited"},
	resource:  "AWS::S3::Bucket",
	parameter: "BucketName",
	static:    blockPublicAccess,
	effect:    "Blocks public access to the bucket.",
	statements: func(in account.Account) []policy.Statement {
		// The page names the permissions of the account's block; what the steps call are those of the bucket's.
		return ownBuckets(in, "s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock")
	},
}, {
	name: "ConfigureS3PublicAccessBlock", document: "AWSConfigRemediation-ConfigureS3PublicAccessBlock", safe: true, role: "fix-account-public-access",
	rules: []string{"s3-account-level-public-access-blocks-periodic"},
	static: func(in account.Account, rule map[string]string) map[string]string {
		static := blockPublicAccess(in, rule)
		static["AccountId"] = in.ID
		return static
	},
	effect: "Blocks public access to every bucket of the account.",
	statements: func(account.Account) []policy.Statement {
		return allow("*", "s3:GetAccountPublicAccessBlock", "s3:PutAccountPublicAccessBlock")
	},
}, {
	name: "EnableEbsEncryptionByDefault", document: "AWSConfigRemediation-EnableEbsEncryptionByDefault", safe: true, role: "fix-ebs-encryption",
	rules:  []string{"ec2-ebs-encryption-by-default"},
	effect: "Encrypts new EBS volumes of the Region by default.",
	statements: func(account.Account) []policy.Statement {
		return allow("*", "ec2:EnableEbsEncryptionByDefault", "ec2:GetEbsEncryptionByDefault")
	},
}, {
	name: "SetIAMPasswordPolicy", document: "AWSConfigRemediation-SetIAMPasswordPolicy", safe: true, role: "fix-password-policy",
	rules: []string{"iam-password-policy"},
	static: func(_ account.Account, rule map[string]string) map[string]string {
		static := map[string]string{"AllowUsersToChangePassword": "true", "HardExpiry": "false"}
		for name, value := range rule { // the document's names are the rule's
			static[name] = value
		}
		return static
	},
	effect: "Sets the password policy that the rule demands; users may change their own passwords.",
	statements: func(account.Account) []policy.Statement {
		return allow("*", "iam:GetAccountPasswordPolicy", "iam:UpdateAccountPasswordPolicy")
	},
}, {
	name: "EnableKeyRotation", document: "AWSConfigRemediation-EnableKeyRotation", safe: true, role: "fix-key-rotation",
	rules: []string{"cmk-backing-key-rotation-enabled"}, resource: "AWS::KMS::Key", parameter: "KeyId",
	effect: "Rotates the KMS key every year.",
	statements: func(in account.Account) []policy.Statement {
		return allow(in.ARNIn("*", "kms", "key/*"), "kms:EnableKeyRotation", "kms:GetKeyRotationStatus")
	},
}, {
	name: "EnableCloudTrailLogFileValidation", document: "AWSConfigRemediation-EnableCloudTrailLogFileValidation", safe: true, role: "fix-trail-validation",
	rules: []string{"cloud-trail-log-file-validation-enabled"}, resource: "AWS::CloudTrail::Trail", parameter: "TrailName",
	effect: "Validates the trail's log files.",
	statements: func(in account.Account) []policy.Statement {
		return slices.Concat(
			allow("*", "cloudtrail:DescribeTrails"),
			allow(in.ARNIn("*", "cloudtrail", "trail/*"), "cloudtrail:UpdateTrail"))
	},
}, {
	name: "EnableRDSInstanceDeletionProtection", document: "AWSConfigRemediation-EnableRDSInstanceDeletionProtection", safe: true, role: "fix-rds-deletion",
	rules: []string{"rds-instance-deletion-protection-enabled"}, resource: "AWS::RDS::DBInstance", parameter: "DbInstanceResourceId",
	effect: "Protects the database from deletion.",
	statements: func(in account.Account) []policy.Statement {
		return allow(in.ARNIn("*", "rds", "db:*"), "rds:DescribeDBInstances", "rds:ModifyDBInstance")
	},
}, {
	name: "EnableS3BucketEncryption", document: "AWS-EnableS3BucketEncryption", safe: true, role: "fix-bucket-encryption",
	rules: []string{"s3-bucket-server-side-encryption-enabled"}, resource: "AWS::S3::Bucket", parameter: "BucketName",
	static: func(account.Account, map[string]string) map[string]string {
		return map[string]string{"SSEAlgorithm": "AES256"}
	},
	effect: "Encrypts what is stored in the bucket with keys of S3.",
	statements: func(in account.Account) []policy.Statement {
		return ownBuckets(in, "s3:PutEncryptionConfiguration")
	},
}, {
	name: "RemoveVPCDefaultSecurityGroupRules", document: "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules", role: "fix-default-sg",
	rules: []string{"vpc-default-security-group-closed"}, resource: securityGroup, parameter: "GroupId",
	effect: "Takes all rules out of the default security group; what uses it loses its connections.",
	statements: func(in account.Account) []policy.Statement {
		return securityGroups(in, "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress")
	},
}, {
	name: "DisableIncomingSSHOnPort22", document: "AWS-DisableIncomingSSHOnPort22", role: "fix-open-ssh",
	rules: []string{"restricted-ssh"}, resource: securityGroup, parameter: "SecurityGroupIds",
	effect: "Closes port 22 of the security group to the internet; who works through it is cut off.",
	statements: func(in account.Account) []policy.Statement {
		return securityGroups(in, "ec2:RevokeSecurityGroupIngress")
	},
}, {
	name: "RevokeUnusedIAMUserCredentials", document: "AWSConfigRemediation-RevokeUnusedIAMUserCredentials", role: "fix-unused-credentials",
	rules: []string{"iam-user-unused-credentials-check"}, resource: "AWS::IAM::User", parameter: "IAMResourceId",
	static: func(_ account.Account, rule map[string]string) map[string]string {
		return map[string]string{"MaxCredentialUsageAge": rule["maxCredentialUsageAge"]}
	},
	effect: "Deactivates the user's unused access keys and deletes the unused password; a job that runs rarely may need them.",
	statements: func(in account.Account) []policy.Statement {
		return slices.Concat(
			allow("*", "config:ListDiscoveredResources"),
			allow(in.IAM("user/*"), "iam:DeleteAccessKey", "iam:DeleteLoginProfile", "iam:GetAccessKeyLastUsed", "iam:GetLoginProfile",
				"iam:GetUser", "iam:ListAccessKeys", "iam:UpdateAccessKey"))
	},
}, {
	name: "EnforceEC2InstanceIMDSv2", document: "AWSConfigRemediation-EnforceEC2InstanceIMDSv2", role: "fix-imdsv2",
	rules: []string{"ec2-imdsv2-check"}, resource: "AWS::EC2::Instance", parameter: "InstanceId",
	effect: "Makes the instance answer IMDSv2 only; software that is too old for it loses its credentials.",
	statements: func(in account.Account) []policy.Statement {
		return slices.Concat(
			allow("*", "ec2:DescribeInstances"),
			allow(in.ARNIn("*", "ec2", "instance/*"), "ec2:ModifyInstanceMetadataOptions"))
	},
}}

// runPermissions are what every document asks of its role: to start itself, and to look at its executions.
func runPermissions(in account.Account, document string) []policy.Statement {
	return slices.Concat(
		// AWS's own documents have no account in their ARN, the definitions that they are started by may have the caller's.
		[]policy.Statement{{
			Effect: policy.Allow, Action: policy.List{"ssm:StartAutomationExecution"},
			Resource: policy.List{
				"arn:" + in.Partition + ":ssm:*::automation-definition/" + document + ":*",
				in.ARNIn("*", "ssm", "automation-definition/"+document+":*"),
			},
		}},
		allow(in.ARNIn("*", "ssm", "automation-execution/*"), "ssm:GetAutomationExecution"))
}

// allow is a statement about one resource; "*" where IAM knows no resources for the action.
func allow(resource string, actions ...string) []policy.Statement {
	return []policy.Statement{{Effect: policy.Allow, Action: actions, Resource: policy.List{resource}}}
}

// ownBuckets is a statement about the buckets of the account: their ARNs do not say whose they are.
func ownBuckets(in account.Account, actions ...string) []policy.Statement {
	return []policy.Statement{{
		Effect: policy.Allow, Action: actions, Resource: policy.List{in.Bucket("*")},
		Condition: policy.Condition{"StringEquals": {"aws:ResourceAccount": policy.List{in.ID}}},
	}}
}

func securityGroups(in account.Account, actions ...string) []policy.Statement {
	return slices.Concat(
		allow("*", "ec2:DescribeSecurityGroups"),
		allow(in.ARNIn("*", "ec2", "security-group/*"), actions...))
}

func blockPublicAccess(account.Account, map[string]string) map[string]string {
	return map[string]string{"BlockPublicAcls": "true", "BlockPublicPolicy": "true", "IgnorePublicAcls": "true", "RestrictPublicBuckets": "true"}
}
