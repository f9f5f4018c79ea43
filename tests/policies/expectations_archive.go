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
			{who: administrators, may: list{"manage uploads"}, on: objects},
			{who: list{auditor}, may: list{"read"}, on: objects},
			{who: list{readerRole}, may: list{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"}, on: list{bucket}},
			{who: list{readerRole}, may: list{"s3:GetObject", "s3:GetObjectVersion", "s3:RestoreObject"}, on: objects},
			{who: list{blockRole}, may: list{"s3:GetBucketPublicAccessBlock"}, on: list{bucket}},
		}, more...),
	}
}

var archiveExpectations = map[string]expectation{
	"archive-trail-policy": archived("the trail's bucket", inTrailBucket,
		grant{who: list{"CloudTrail for the trail"}, may: list{"s3:GetBucketAcl"}, on: list{"the trail's bucket"}},
		grant{who: list{"CloudTrail for the trail"}, may: list{"s3:PutObject"}, on: list{ownLog}, when: list{withACL}},
		grant{who: list{"CloudTrail for the trail"}, may: list{"s3:PutObject"}, on: list{memberLog}, when: list{withACL}, needs: Organization},
	),
	"archive-delivery-policy": archived("the delivery bucket", list{"a configuration history", "another object in the delivery bucket"},
		grant{who: list{"AWS Config for the account"}, may: list{"s3:GetBucketAcl", "s3:ListBucket"}, on: list{"the delivery bucket"}},
		grant{who: list{"AWS Config for the account"}, may: list{"s3:PutObject"}, on: list{"a configuration history"}, when: list{withACL}},
		grant{who: detectors, may: list{"s3:GetBucketLocation"}, on: list{"the delivery bucket"}},
		grant{who: detectors, may: list{"s3:PutObject"}, on: list{"a configuration history", "another object in the delivery bucket"},
			why: "the publishing destination has no prefix, so that GuardDuty may write any object"},
	),
	"archive-access-logs-policy": archived("the access log bucket", list{"an access log"},
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
			{who: list{"CloudWatch Logs for no source", "CloudWatch Logs for the account", "CloudWatch Logs for another account"},
				may:  list{"decrypt", "encrypt", "kms:DescribeKey"},
				when: list{forGroup}, why: "CloudWatch Logs names the log group as encryption context, and no source"},
			{who: list{"AWS Config for the account"}, may: list{"kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"}},
			{who: detectors, may: list{"kms:GenerateDataKey"}},
			{who: detectors, may: list{"kms:Decrypt"}, when: forDeliveryBucket},
			{who: list{auditor}, may: list{"kms:Decrypt"}, when: together(
				list{bareLog, bareTrail, "directly, for a log of another account's trail", forTrailLog}, forTrailBucket, forDeliveryBucket)},
			{who: list{readerRole}, may: list{"kms:Decrypt"}, when: together(list{forTrailLog}, forTrailBucket, forDeliveryBucket)},
			{who: list{rotateRole}, may: list{"kms:EnableKeyRotation", "kms:GetKeyRotationStatus"}},
		},
	},
}

var (
	detectors         = list{"GuardDuty for a detector", "GuardDuty for a detector elsewhere"}
	forTrailBucket    = list{forTrail, "by S3, for an object in the trail's bucket"}
	forDeliveryBucket = list{forDelivery, "by S3, for an object in the delivery bucket"}
)
