package policies

const (
	readerRole  = "the role audit-reader"
	blockRole   = "the role config-remediation-ConfigureS3BucketPublicAccessBlock-role"
	encryptRole = "the role config-remediation-EnableS3BucketEncryption-role"
	rotateRole  = "the role config-remediation-EnableKeyRotation-role"
	reportRole  = "the role bill-report-role"
	digestRole  = "the role weekly-digest-role"
	pipeRole    = "the role alerts-webhook-role"
)

// archived are the rows that hold for each of the three archives, with the names of the bucket and of its objects.
func archived(bucket string, objects list, more ...grant) expectation {
	return expectation{
		attachedTo: append(list{bucket}, objects...),
		grants: append([]grant{
			{who: administrators, may: list{"see the settings", "list", "change other settings"}, on: list{bucket}},
			{who: maintainers, may: list{"change what protects"}, on: list{bucket}},
			{who: administrators, may: list{"change what protects"}, on: list{bucket}, needs: Unguarded},
			{who: list{root}, may: list{"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}, on: list{bucket}, when: list{everything},
				why: "S3 lets the root user repair a policy, whatever it denies"},
			{who: list{administratorM}, may: list{"delete", "unlock"}, on: objects},
			{who: administrators, may: list{"delete", "unlock"}, on: objects, needs: Disposable},
			{who: administrators, may: list{"manage uploads"}, on: objects},
			{who: list{auditor}, may: list{"read"}, on: objects},
			{who: list{blockRole}, may: list{"s3:GetBucketPublicAccessBlock"}, on: list{bucket}},
		}, more...),
	}
}

// readable are the rows of an archive that the role of the readers may read.
func readable(bucket string, objects list, more ...grant) expectation {
	return archived(bucket, objects, append([]grant{
		{who: list{readerRole}, may: list{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"}, on: list{bucket}},
		{who: list{readerRole}, may: list{"s3:GetObject", "s3:GetObjectVersion", "s3:RestoreObject"}, on: objects},
	}, more...)...)
}

// deliveries are the rows of a bucket for AWS Config and GuardDuty.
func deliveries(bucket, history string, others ...string) []grant {
	return []grant{
		{who: list{"AWS Config for the account"}, may: list{"s3:GetBucketAcl", "s3:ListBucket"}, on: list{bucket}},
		{who: list{"AWS Config for the account"}, may: list{"s3:PutObject"}, on: list{history}, when: list{withACL}},
		{who: detectors, may: list{"s3:GetBucketLocation"}, on: list{bucket}},
		{who: detectors, may: list{"s3:PutObject"}, on: append(list{history}, others...),
			why: "the publishing destination has no prefix, so that GuardDuty may write any object"},
	}
}

// logGroupsKey is the row of a key for the trail's log group.
var logGroupsKey = grant{who: list{"CloudWatch Logs for no source", "CloudWatch Logs for the account", "CloudWatch Logs for another account"},
	may:  list{"decrypt", "encrypt", "kms:DescribeKey"},
	when: list{forGroup}, why: "CloudWatch Logs names the log group as encryption context, and no source"}

var archiveExpectations = map[string]expectation{
	"archive-trail-policy": readable("the trail's bucket", inTrailBucket,
		grant{who: list{"CloudTrail for the trail"}, may: list{"s3:GetBucketAcl"}, on: list{"the trail's bucket"}},
		grant{who: list{"CloudTrail for the trail"}, may: list{"s3:PutObject"}, on: list{ownLog}, when: list{withACL}},
		grant{who: list{"CloudTrail for the trail"}, may: list{"s3:PutObject"}, on: list{memberLog}, when: list{withACL}, needs: Organization},
	),
	"archive-delivery-policy": readable("the delivery bucket", list{"a configuration history", "another object in the delivery bucket"},
		deliveries("the delivery bucket", "a configuration history", "another object in the delivery bucket")...),
	"archive-access-logs-policy": readable("the access log bucket", list{"an access log"},
		grant{who: list{"S3 access logging for the delivery bucket", "S3 access logging for the trail's bucket"}, may: list{"s3:PutObject"}, on: list{"an access log"}},
	),
	"archive-key-policy": {
		attachedTo: list{"the archive's key"},
		grants: []grant{
			{who: administrators, may: list{"see", "maintain"}},
			{who: maintainers, may: list{"weaken"}},
			{who: administrators, may: list{"weaken"}, needs: Unguarded},
			{who: list{"CloudTrail for the trail"}, may: list{"kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"},
				when: together(list{bareLog, forTrailLog, bareTrail}, forTrailBucket)},
			{who: list{"CloudTrail for the trail"}, may: list{"kms:Decrypt"}, when: append(list{bareTrail}, forTrailBucket...)},
			{who: list{"CloudTrail for the trail"}, may: list{"kms:DescribeKey"}},
			logGroupsKey,
			{who: list{"AWS Config for the account"}, may: list{"kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"}},
			{who: detectors, may: list{"kms:GenerateDataKey"}},
			{who: detectors, may: list{"kms:Decrypt"}, when: forDeliveryBucket},
			{who: list{auditor}, may: list{"kms:Decrypt"}, when: together(
				list{bareLog, bareTrail, "directly, for a log of another account's trail", forTrailLog}, forTrailBucket, forDeliveryBucket)},
			{who: list{readerRole}, may: list{"kms:Decrypt"}, when: together(list{forTrailLog}, forTrailBucket, forDeliveryBucket)},
			{who: list{rotateRole}, may: list{"kms:EnableKeyRotation", "kms:GetKeyRotationStatus"}},
		},
	},

	// AWS Config keeps an archive of its own where the trail's logs go to a central bucket.
	"config-archive-delivery-policy": archived("Config's own bucket", list{"a history in Config's own bucket", "another object in Config's own bucket"},
		deliveries("Config's own bucket", "a history in Config's own bucket", "another object in Config's own bucket")...),
	"config-archive-access-logs-policy": archived("the access log bucket of Config's", list{"an access log of Config's bucket"},
		grant{who: list{"S3 access logging for Config's own bucket"}, may: list{"s3:PutObject"}, on: list{"an access log of Config's bucket"}},
	),
	"config-archive-key-policy": {
		attachedTo: list{"the archive's key"},
		grants: []grant{
			{who: administrators, may: list{"see", "maintain"}},
			{who: maintainers, may: list{"weaken"}},
			{who: list{"AWS Config for the account"}, may: list{"kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"}},
			{who: detectors, may: list{"kms:GenerateDataKey"}},
			{who: detectors, may: list{"kms:Decrypt"}, when: list{forConfigs, forHistory}},
			{who: list{auditor}, may: list{"kms:Decrypt"}, when: list{bareLog, "directly, for a log of another account's trail", forTrailLog, forConfigs, forHistory},
				why: "a log that CloudTrail encrypted is never there, but does no harm"},
			{who: list{rotateRole}, may: list{"kms:EnableKeyRotation", "kms:GetKeyRotationStatus"}},
		},
	},
	"audit-logs-key-policy": {attachedTo: list{"the archive's key"}, grants: []grant{
		{who: administrators, may: list{"see", "maintain", "weaken"}, why: "the log group is the copy that metric filters read; the archive is in the other account"},
		{who: list{rotateRole}, may: list{"kms:EnableKeyRotation", "kms:GetKeyRotationStatus"}},
		logGroupsKey,
	}},
}

var (
	detectors         = list{"GuardDuty for a detector", "GuardDuty for a detector elsewhere"}
	forTrailBucket    = list{forTrail, "by S3, for an object in the trail's bucket"}
	forDeliveryBucket = list{forDelivery, "by S3, for an object in the delivery bucket"}
)
