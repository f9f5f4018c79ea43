package securetrail

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

const (
	resultsDays         = 30
	resultsVersionDays  = 1
	abandonedUploadDays = 1
)

// newResults makes the bucket that Athena writes answers to, before the trail, which must not record them. Answers repeat
// what logs say, so that only those who may read logs may read them. They are made again by asking again: they expire, and
// they go with the stack.
func (b *builder) newResults() error {
	if !b.hasAthena() {
		return nil
	}
	bucketName, name := b.athenaNames().resultsBucket, b.name+"-athena-results"
	b.furtherBuckets = append(b.furtherBuckets, bucketName)
	bucket, err := s3.NewBucketV2(b.ctx, name, &s3.BucketV2Args{
		Bucket:       pulumi.String(bucketName),
		ForceDestroy: pulumi.Bool(true),
		Tags:         b.tags,
	}, b.stateless()...)
	if err != nil {
		return err
	}
	publicAccess, err := s3.NewBucketPublicAccessBlock(b.ctx, name+"-public-access", &s3.BucketPublicAccessBlockArgs{
		Bucket:                bucket.ID(),
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, b.stateless()...)
	if err != nil {
		return err
	}
	ownership, err := s3.NewBucketOwnershipControls(b.ctx, name+"-ownership", &s3.BucketOwnershipControlsArgs{
		Bucket: bucket.ID(),
		Rule:   s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("BucketOwnerEnforced")},
	}, b.stateless(publicAccess)...)
	if err != nil {
		return err
	}
	versioning, err := s3.NewBucketVersioningV2(b.ctx, name+"-versioning", &s3.BucketVersioningV2Args{
		Bucket:                  bucket.ID(),
		VersioningConfiguration: s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")},
	}, b.stateless()...)
	if err != nil {
		return err
	}
	encryption, err := s3.NewBucketServerSideEncryptionConfigurationV2(b.ctx, name+"-encryption",
		&s3.BucketServerSideEncryptionConfigurationV2Args{
			Bucket: bucket.ID(),
			Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{
				s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
					ApplyServerSideEncryptionByDefault: s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
						SseAlgorithm: pulumi.String("AES256"),
					},
				},
			},
		}, b.stateless(versioning)...)
	if err != nil {
		return err
	}
	_, err = s3.NewBucketLifecycleConfigurationV2(b.ctx, name+"-lifecycle", &s3.BucketLifecycleConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules:  s3.BucketLifecycleConfigurationV2RuleArray{expireResults()},
	}, b.stateless(versioning)...)
	if err != nil {
		return err
	}
	bucketPolicy, err := s3.NewBucketPolicy(b.ctx, name+"-policy", &s3.BucketPolicyArgs{
		Bucket: bucket.ID(),
		Policy: pulumi.String(resultsPolicy(b.where.Bucket(bucketName), b.athenaReaders()).JSON()),
	}, b.stateless(publicAccess, ownership, encryption)...)
	if err != nil {
		return err
	}
	b.resultsReady = []pulumi.Resource{bucketPolicy, encryption}
	return nil
}

func expireResults() s3.BucketLifecycleConfigurationV2RuleArgs {
	return s3.BucketLifecycleConfigurationV2RuleArgs{
		Id:         pulumi.String("results"),
		Status:     pulumi.String("Enabled"),
		Filter:     s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
		Expiration: s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(resultsDays)},
		NoncurrentVersionExpiration: s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{
			NoncurrentDays: pulumi.Int(resultsVersionDays),
		},
		AbortIncompleteMultipartUpload: s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{
			DaysAfterInitiation: pulumi.Int(abandonedUploadDays),
		},
	}
}

// resultsPolicy keeps everybody but the readers away from results, and plain HTTP and old TLS away from everybody. Athena
// reads and writes with the permissions of who runs the query, so that no service needs a statement
// (https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena-calledvia.html).
func resultsPolicy(bucketArn string, readers []string) policy.Document {
	everything := policy.List{bucketArn, bucketArn + "/*"}
	return policy.New(policy.Statement{
		Sid: "DenyPlainHTTP", Effect: policy.Deny, Principal: policy.Everyone(),
		Action: policy.List{"s3:*"}, Resource: everything,
		Condition: policy.Condition{"Bool": {"aws:SecureTransport": {"false"}}},
	}, policy.Statement{
		Sid: "DenyTLSBelow12", Effect: policy.Deny, Principal: policy.Everyone(),
		Action: policy.List{"s3:*"}, Resource: everything,
		Condition: policy.Condition{"NumericLessThan": {"s3:TlsVersion": {"1.2"}}},
	}, policy.Statement{
		Sid: "DenyResultsButToReaders", Effect: policy.Deny, Principal: policy.Everyone(),
		Action:    policy.List{"s3:GetObject*", "s3:PutObject*"},
		Resource:  policy.List{bucketArn + "/*"},
		Condition: policy.Condition{"ArnNotLike": {"aws:PrincipalArn": readers}},
	})
}
