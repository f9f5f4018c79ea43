package logarchive

import (
	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// guards are what the archive's policies deny beyond what the delivering services are allowed.
type guards struct {
	readers    []string // principals that may read log objects
	deployers  []string // principals that may change the configuration without MFA; none: unguarded
	disposable bool
}

// bucketPolicy lets the deliveries write and denies everybody else what the guards forbid.
func bucketPolicy(bucketArn, keyPrefix string, deliveries []delivery, guard guards) policy.Document {
	var statements []policy.Statement
	for _, from := range deliveries {
		statements = append(statements, from.bucket(bucketArn, keyPrefix)...)
	}
	statements = append(statements, encryptedTransport(bucketArn)...)
	statements = append(statements, onlyServicesWrite(bucketArn), onlyReadersRead(bucketArn, guard.readers))
	if !guard.disposable {
		statements = append(statements, deletesNeedMFA(bucketArn))
	}
	if len(guard.deployers) > 0 {
		statements = append(statements, changesNeedMFA(bucketArn, guard.deployers))
	}
	return policy.New(statements...)
}

func encryptedTransport(bucketArn string) []policy.Statement {
	resources := policy.List{bucketArn, bucketArn + "/*"}
	return []policy.Statement{{
		Sid: "DenyPlainHTTP", Effect: policy.Deny, Principal: policy.Everyone(),
		Action: policy.List{"s3:*"}, Resource: resources,
		Condition: policy.Condition{"Bool": {"aws:SecureTransport": {"false"}}},
	}, {
		Sid: "DenyTLSBelow12", Effect: policy.Deny, Principal: policy.Everyone(),
		Action: policy.List{"s3:*"}, Resource: resources,
		Condition: policy.Condition{"NumericLessThan": {"s3:TlsVersion": {"1.2"}}},
	}}
}

// onlyServicesWrite denies writes to everybody who is no AWS service; which services may write, the deliveries say.
// An anonymous request has no such key, hence IfExists
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice).
func onlyServicesWrite(bucketArn string) policy.Statement {
	return policy.Statement{
		Sid: "DenyWritesByPeople", Effect: policy.Deny, Principal: policy.Everyone(),
		Action:    policy.List{"s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging", "s3:PutObjectVersionAcl", "s3:PutObjectVersionTagging", "s3:ReplicateObject", "s3:ReplicateTags", "s3:UpdateObjectEncryption"},
		Resource:  policy.List{bucketArn + "/*"},
		Condition: policy.Condition{"BoolIfExists": {"aws:PrincipalIsAWSService": {"false"}}},
	}
}

// onlyReadersRead denies log objects, not the bucket's configuration, which auditors and Access Analyzer must see.
func onlyReadersRead(bucketArn string, readers []string) policy.Statement {
	statement := policy.Statement{
		Sid: "DenyReadsButByReaders", Effect: policy.Deny, Principal: policy.Everyone(),
		Action:   policy.List{"s3:GetObject*", "s3:RestoreObject"},
		Resource: policy.List{bucketArn + "/*"},
	}
	if len(readers) > 0 {
		statement.Condition = policy.Condition{"ArnNotLike": {"aws:PrincipalArn": readers}}
	}
	return statement
}

// deletesNeedMFA denies removing log objects without MFA, to the deployers too; expiry by lifecycle is S3's own doing.
// Sessions of CI and services carry no MFA key at all, hence IfExists.
func deletesNeedMFA(bucketArn string) policy.Statement {
	return policy.Statement{
		Sid: "DenyDeletesWithoutMFA", Effect: policy.Deny, Principal: policy.Everyone(),
		Action:    policy.List{"s3:DeleteObject*", "s3:ReplicateDelete", "s3:BypassGovernanceRetention", "s3:PutObjectLegalHold", "s3:PutObjectRetention"},
		Resource:  policy.List{bucketArn + "/*"},
		Condition: withoutMFA(),
	}
}

// changesNeedMFA denies changes of what protects the logs without MFA, to all but the deployers.
func changesNeedMFA(bucketArn string, deployers []string) policy.Statement {
	return policy.Statement{
		Sid: "DenyChangesWithoutMFA", Effect: policy.Deny, Principal: policy.Everyone(),
		Action: policy.List{
			"s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:DeleteBucketWebsite",
			"s3:PutBucketAcl", "s3:PutBucketLogging", "s3:PutBucketNotification", "s3:PutBucketObjectLockConfiguration", "s3:PutBucketOwnershipControls",
			"s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketRequestPayment", "s3:PutBucketVersioning",
			"s3:PutBucketWebsite", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:PutReplicationConfiguration",
		},
		Resource:  policy.List{bucketArn},
		Condition: changedByOthers(deployers),
	}
}

// changedByOthers holds for everybody without MFA but the deployers.
func changedByOthers(deployers []string) policy.Condition {
	condition := withoutMFA()
	condition["ArnNotLike"] = map[string]policy.List{"aws:PrincipalArn": deployers}
	return condition
}

func withoutMFA() policy.Condition {
	return policy.Condition{"BoolIfExists": {"aws:MultiFactorAuthPresent": {"false"}}}
}

// keyPolicy lets the account administer the key but not read with it; the deliveries encrypt, the readers decrypt. Without
// its key the archive cannot be read, so that it is guarded like the buckets.
// A principal named by ARN must exist when the policy is put, so that readers are matched by aws:PrincipalArn.
func keyPolicy(where account.Account, archives []archiveOnKey, logGroupArn string, guard guards) policy.Document {
	statements := []policy.Statement{{
		Sid: "AccountAdministersKey", Effect: policy.Allow, Principal: policy.AWS(where.Root()),
		Action:   policy.AdministerKey,
		Resource: policy.List{"*"},
	}}
	if logGroupArn != "" {
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
		statements = append(statements, policy.Statement{
			Sid: "LogGroupIsEncrypted", Effect: policy.Allow, Principal: policy.Service(where.LogsService()),
			Action:    policy.List{"kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"},
			Resource:  policy.List{"*"},
			Condition: policy.Condition{"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": {logGroupArn}}},
		})
	}
	var objects policy.List
	for _, archive := range archives {
		objects = append(objects, archive.bucketArn, archive.bucketArn+"/*")
		for _, from := range archive.deliveries {
			statements = append(statements, from.key(archive.bucketArn)...)
		}
	}
	if len(guard.readers) > 0 {
		statements = append(statements, readersDecrypt(where, guard.readers, objects)...)
	}
	if len(guard.deployers) > 0 {
		statements = append(statements, policy.Statement{
			Sid: "DenyChangesWithoutMFA", Effect: policy.Deny, Principal: policy.Everyone(),
			Action: policy.List{
				"kms:DisableKey", "kms:DisableKeyRotation", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:ScheduleKeyDeletion",
			},
			Resource: policy.List{"*"}, Condition: changedByOthers(guard.deployers),
		})
	}
	return policy.New(statements...)
}

// archiveOnKey is a bucket that is encrypted with the archive's key.
type archiveOnKey struct {
	bucketArn  string
	deliveries []delivery
}

// readersDecrypt lets readers decrypt trail logs, whichever context they were encrypted with: CloudTrail's own, or the
// bucket's or object's ARN.
func readersDecrypt(where account.Account, readers []string, objectArns policy.List) []policy.Statement {
	statement := func(sid, operator, key string, values policy.List) policy.Statement {
		condition := policy.Condition{"ArnLike": {"aws:PrincipalArn": readers}}
		condition[operator] = map[string]policy.List{key: values}
		return policy.Statement{
			Sid: sid, Effect: policy.Allow, Principal: policy.AWS(where.Root()),
			Action: policy.List{"kms:Decrypt"}, Resource: policy.List{"*"}, Condition: condition,
		}
	}
	return []policy.Statement{
		statement("ReadersDecryptTrailLogs", "Null", "kms:EncryptionContext:aws:cloudtrail:arn", policy.List{"false"}),
		statement("ReadersDecryptObjects", "StringLike", "kms:EncryptionContext:aws:s3:arn", objectArns),
	}
}
