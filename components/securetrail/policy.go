package securetrail

import (
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

// logKeyPolicy is the policy of the log group's own key, for an archive whose key belongs to another account. The account
// administers the key and cannot read with it.
func logKeyPolicy(where account.Account, logGroup string) policy.Document {
	return policy.New(policy.Statement{
		Sid: "AccountAdministersKey", Effect: policy.Allow, Principal: policy.AWS(where.Root()),
		Action: policy.AdministerKey, Resource: policy.List{"*"},
	}, policy.Statement{
		Sid: "LogGroupIsEncrypted", Effect: policy.Allow, Principal: policy.Service(where.LogsService()),
		Action:    policy.List{"kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"},
		Resource:  policy.List{"*"},
		Condition: policy.Condition{"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": {where.ARN("logs", "log-group:"+logGroup)}}},
	})
}

// withoutDevice is all that a member can do without MFA: see the own devices, and sign in with one. Enrolling a device is
// not in it: who has stolen a key could enrol a device of their own, and be a member with MFA. A member enrols before
// joining the group.
var withoutDevice = policy.List{"iam:GetMFADevice", "iam:GetUser", "iam:ListMFADevices", "sts:GetSessionToken"}

func memberPolicy(more ...policy.Statement) policy.Document {
	return policy.New(append([]policy.Statement{{
		Sid: "DenyAllElseWithoutMFA", Effect: policy.Deny, Resource: policy.List{"*"}, NotAction: withoutDevice,
		Condition: policy.Condition{"BoolIfExists": {"aws:MultiFactorAuthPresent": {"false"}}},
	}}, more...)...)
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

// decryptLogs decrypts what S3 reads for the caller. Which keys let the reader role in, the keys' own policies say; any
// key of the Region is named here, so that logs under an earlier key of the archive can still be read.
func decryptLogs(where account.Account, keyArn string) policy.Document {
	return policy.New(policy.Statement{
		Sid: "DecryptLogs", Effect: policy.Allow, Action: policy.List{"kms:Decrypt"}, Resource: policy.List{keyArn},
		Condition: policy.Condition{"StringLike": {"kms:ViaService": {"s3.*." + where.DNSSuffix()}}},
	})
}
