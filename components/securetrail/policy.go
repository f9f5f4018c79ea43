package securetrail

import (
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// logRoleTrust lets CloudTrail assume the role that writes to CloudWatch Logs.
func logRoleTrust() policy.Document {
	return policy.New(policy.Statement{
		Sid: "CloudTrailAssumesRole", Effect: policy.Allow,
		Principal: policy.Service("cloudtrail.amazonaws.com"), Action: policy.List{"sts:AssumeRole"},
	})
}

// logRolePolicy allows the log streams that CloudTrail names itself
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html).
func logRolePolicy(where account.Account, logGroup, organizationID string) policy.Document {
	stream := func(owner string) string {
		return where.ARN("logs", "log-group:"+logGroup+":log-stream:"+owner)
	}
	streams := policy.List{stream(where.ID + "_CloudTrail_" + where.Region + "*")}
	if organizationID != "" {
		streams = append(streams, stream(organizationID+"_*"))
	}
	return policy.New(policy.Statement{
		Sid: "WriteTrailEvents", Effect: policy.Allow,
		Action: policy.List{"logs:CreateLogStream", "logs:PutLogEvents"}, Resource: streams,
	})
}

// logKeyPolicy is the policy of the log group's own key, for an archive whose key belongs to another account.
func logKeyPolicy(where account.Account, service, logGroup string) policy.Document {
	return policy.New(policy.Statement{
		Sid: "AccountAdministersKey", Effect: policy.Allow, Principal: policy.AWS(where.Root()),
		Action: policy.List{"kms:*"}, Resource: policy.List{"*"},
	}, policy.Statement{
		Sid: "LogGroupIsEncrypted", Effect: policy.Allow, Principal: policy.Service(service),
		Action:    policy.List{"kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"},
		Resource:  policy.List{"*"},
		Condition: policy.Condition{"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": {where.ARN("logs", "log-group:"+logGroup)}}},
	})
}

// selfService is what a member can always do, and all that a member can do without MFA: set up the MFA device itself
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html).
var selfService = policy.List{
	"iam:ChangePassword", "iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetMFADevice", "iam:GetUser",
	"iam:ListMFADevices", "iam:ResyncMFADevice",
}

func memberPolicy(where account.Account, more ...policy.Statement) policy.Document {
	statements := []policy.Statement{{
		Sid: "AllowOwnCredentials", Effect: policy.Allow, Action: selfService,
		Resource: policy.List{
			where.IAM("user/${aws:username}"), where.IAM("user/*/${aws:username}"), where.IAM("mfa/*"),
		},
	}, {
		Sid: "AllowSignInPages", Effect: policy.Allow, Resource: policy.List{"*"},
		Action: policy.List{"iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"},
	}, {
		Sid: "DenyAllElseWithoutMFA", Effect: policy.Deny, Resource: policy.List{"*"},
		NotAction: append(policy.List{"iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices", "sts:GetSessionToken"}, selfService...),
		Condition: policy.Condition{"BoolIfExists": {"aws:MultiFactorAuthPresent": {"false"}}},
	}}
	return policy.New(append(statements, more...)...)
}

func assumeReaderRole(roleArn string) policy.Statement {
	return policy.Statement{
		Sid: "AssumeReaderRole", Effect: policy.Allow, Action: policy.List{"sts:AssumeRole"}, Resource: policy.List{roleArn},
	}
}

// readerRoleTrust lets users of the account in, whom their own policies allow to assume the role, with MFA only.
func readerRoleTrust(where account.Account) policy.Document {
	return policy.New(policy.Statement{
		Sid: "MembersWithMFA", Effect: policy.Allow, Principal: policy.AWS(where.Root()),
		Action:    policy.List{"sts:AssumeRole"},
		Condition: policy.Condition{"Bool": {"aws:MultiFactorAuthPresent": {"true"}}},
	})
}

// readLogs reads the log objects of the archive.
func readLogs(where account.Account, buckets []string) policy.Document {
	var bucketArns, objectArns policy.List
	for _, bucket := range buckets {
		bucketArns = append(bucketArns, where.Bucket(bucket))
		objectArns = append(objectArns, where.Bucket(bucket+"/*"))
	}
	return policy.New(policy.Statement{
		Sid: "FindLogs", Effect: policy.Allow, Resource: bucketArns,
		Action: policy.List{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"},
	}, policy.Statement{
		Sid: "ReadLogs", Effect: policy.Allow, Resource: objectArns,
		Action: policy.List{"s3:GetObject", "s3:GetObjectVersion", "s3:RestoreObject"},
	})
}

// decryptLogs decrypts with the archive's key what S3 reads for the caller.
func decryptLogs(where account.Account, keyArn string) policy.Document {
	region := strings.Split(keyArn, ":")[3]
	return policy.New(policy.Statement{
		Sid: "DecryptLogs", Effect: policy.Allow, Action: policy.List{"kms:Decrypt"}, Resource: policy.List{keyArn},
		Condition: policy.Condition{"StringEquals": {"kms:ViaService": {"s3." + region + "." + dnsSuffix(where.Partition)}}},
	})
}

func dnsSuffix(partition string) string {
	if partition == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}
