package logarchive

import (
	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// A delivery is one AWS service that writes log objects: what it needs of the bucket and what of the key.
type delivery struct {
	bucket func(bucketArn, keyPrefix string) []policy.Statement
	key    func(bucketArn string) []policy.Statement
}

// cloudTrail is the delivery of one trail
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html and
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html).
func cloudTrail(where account.Account, trailArn, organizationID string) delivery {
	service := policy.Service("cloudtrail.amazonaws.com")
	owners := []string{where.ID}
	if organizationID != "" {
		owners = append(owners, organizationID)
	}
	return delivery{
		bucket: func(bucketArn, keyPrefix string) []policy.Statement {
			return []policy.Statement{{
				Sid: "CloudTrailReadsBucketAcl", Effect: policy.Allow, Principal: service,
				Action: policy.List{"s3:GetBucketAcl"}, Resource: policy.List{bucketArn},
				Condition: policy.Condition{"StringEquals": {"aws:SourceArn": {trailArn}}},
			}, {
				Sid: "CloudTrailWritesLogs", Effect: policy.Allow, Principal: service,
				Action: policy.List{"s3:PutObject"}, Resource: logObjects(bucketArn, keyPrefix, owners, ""),
				Condition: policy.Condition{"StringEquals": {
					"aws:SourceArn": {trailArn},
					"s3:x-amz-acl":  {"bucket-owner-full-control"},
				}},
			}}
		},
		key: func(bucketArn string) []policy.Statement {
			return []policy.Statement{{
				Sid: "CloudTrailEncryptsLogs", Effect: policy.Allow, Principal: service,
				Action: policy.List{"kms:GenerateDataKey*"}, Resource: policy.List{"*"},
				Condition: policy.Condition{
					"StringEquals": {"aws:SourceArn": {trailArn}},
					"StringLike":   {"kms:EncryptionContext:aws:cloudtrail:arn": {where.ARNIn("*", "cloudtrail", "trail/*")}},
				},
			}, {
				// With an S3 Bucket Key the context is the bucket's ARN, and digests carry no context of CloudTrail.
				Sid: "CloudTrailUsesBucketKey", Effect: policy.Allow, Principal: service,
				Action: policy.List{"kms:GenerateDataKey*", "kms:Decrypt"}, Resource: policy.List{"*"},
				Condition: policy.Condition{
					"StringEquals": {"aws:SourceArn": {trailArn}},
					"StringLike":   {"kms:EncryptionContext:aws:s3:arn": {bucketArn, bucketArn + "/*"}},
				},
			}, {
				Sid: "CloudTrailReadsKey", Effect: policy.Allow, Principal: service,
				Action: policy.List{"kms:DescribeKey"}, Resource: policy.List{"*"},
				Condition: policy.Condition{"StringEquals": {"aws:SourceArn": {trailArn}}},
			}}
		},
	}
}

// config is the delivery of AWS Config with its service-linked role
// (https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html).
func config(where account.Account) delivery {
	service := policy.Service("config.amazonaws.com")
	source := policy.Condition{"StringEquals": {"aws:SourceAccount": {where.ID}}}
	return delivery{
		bucket: func(bucketArn, keyPrefix string) []policy.Statement {
			return []policy.Statement{{
				Sid: "ConfigChecksBucket", Effect: policy.Allow, Principal: service,
				Action: policy.List{"s3:GetBucketAcl", "s3:ListBucket"}, Resource: policy.List{bucketArn}, Condition: source,
			}, {
				Sid: "ConfigWritesHistory", Effect: policy.Allow, Principal: service,
				Action: policy.List{"s3:PutObject"}, Resource: logObjects(bucketArn, keyPrefix, []string{where.ID}, "Config/"),
				Condition: policy.Condition{"StringEquals": {
					"aws:SourceAccount": {where.ID},
					"s3:x-amz-acl":      {"bucket-owner-full-control"},
				}},
			}}
		},
		key: func(string) []policy.Statement {
			return []policy.Statement{{
				Sid: "ConfigEncryptsHistory", Effect: policy.Allow, Principal: service,
				Action: policy.List{"kms:GenerateDataKey*", "kms:Decrypt"}, Resource: policy.List{"*"}, Condition: source,
			}}
		},
	}
}

// guardDuty is the export of GuardDuty findings
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html).
func guardDuty(where account.Account) delivery {
	service := policy.Service("guardduty.amazonaws.com")
	source := policy.Condition{
		"StringEquals": {"aws:SourceAccount": {where.ID}},
		"ArnLike":      {"aws:SourceArn": {where.ARNIn("*", "guardduty", "detector/*")}},
	}
	return delivery{
		bucket: func(bucketArn, _ string) []policy.Statement {
			return []policy.Statement{{
				Sid: "GuardDutyFindsBucket", Effect: policy.Allow, Principal: service,
				Action: policy.List{"s3:GetBucketLocation"}, Resource: policy.List{bucketArn}, Condition: source,
			}, {
				Sid: "GuardDutyWritesFindings", Effect: policy.Allow, Principal: service,
				Action: policy.List{"s3:PutObject"}, Resource: policy.List{bucketArn + "/*"}, Condition: source,
			}}
		},
		key: func(bucketArn string) []policy.Statement {
			return []policy.Statement{{
				Sid: "GuardDutyEncryptsFindings", Effect: policy.Allow, Principal: service,
				Action: policy.List{"kms:GenerateDataKey"}, Resource: policy.List{"*"}, Condition: source,
			}, {
				// S3 verifies its Bucket Key by decrypting: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
				Sid: "GuardDutyUsesBucketKey", Effect: policy.Allow, Principal: service,
				Action: policy.List{"kms:Decrypt"}, Resource: policy.List{"*"},
				Condition: policy.Condition{
					"StringEquals": source["StringEquals"], "ArnLike": source["ArnLike"],
					"StringLike": {"kms:EncryptionContext:aws:s3:arn": {bucketArn, bucketArn + "/*"}},
				},
			}}
		},
	}
}

// accessLogging is S3's own delivery of access logs of the given buckets
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html).
func accessLogging(where account.Account, sourceArns []string) delivery {
	return delivery{
		bucket: func(bucketArn, _ string) []policy.Statement {
			return []policy.Statement{{
				Sid: "S3WritesAccessLogs", Effect: policy.Allow, Principal: policy.Service("logging.s3.amazonaws.com"),
				Action: policy.List{"s3:PutObject"}, Resource: policy.List{bucketArn + "/*"},
				Condition: policy.Condition{
					"StringEquals": {"aws:SourceAccount": {where.ID}},
					"ArnLike":      {"aws:SourceArn": sourceArns},
				},
			}}
		},
		key: func(string) []policy.Statement { return nil },
	}
}

// logObjects are the objects of the given accounts or organization below AWSLogs.
func logObjects(bucketArn, keyPrefix string, owners []string, folder string) (arns policy.List) {
	if keyPrefix != "" {
		keyPrefix += "/"
	}
	for _, owner := range owners {
		arns = append(arns, bucketArn+"/"+keyPrefix+"AWSLogs/"+owner+"/"+folder+"*")
	}
	return arns
}
