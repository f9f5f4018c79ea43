package logarchive

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// bucketKind is what one of the three kinds of bucket is; the rest is the same for all.
type bucketKind struct {
	thing      string // child name and suffix of the bucket's name
	name       string // physical name
	arn        string
	adopt      string // physical name of the bucket to import; empty: create
	lockable   bool   // Object Lock can be switched on: at creation only, without effect until a retention is set
	lock       *ObjectLock
	encrypted  bool // with the archive's key, otherwise SSE-S3
	deliveries []delivery

	retentionDays int
	transitions   []Transition
}

// bucket is a bucket with everything that protects it in place.
type bucket struct {
	*s3.BucketV2
	ready []pulumi.Resource // what must exist before anything delivers
}

// newBucket creates a bucket of a kind. Its companions are protected and retained like the bucket itself: a bucket that is
// kept without its policy would be kept in vain. Nothing waits for the lifecycle: the provider takes nearly a minute to see
// that it holds, and logs are delivered meanwhile. Where S3 refuses two changes of a bucket at once with OperationAborted, the
// provider tries again (https://hashicorp.github.io/terraform-provider-aws/retries-and-waiters/).
func (b *builder) newBucket(kind bucketKind) (bucket, error) {
	name := b.name + "-" + kind.thing
	bucketOptions := b.stateful()
	if kind.adopt != "" {
		bucketOptions = append(bucketOptions, pulumi.Import(pulumi.ID(kind.adopt)))
	}
	args := &s3.BucketV2Args{
		Bucket:            pulumi.String(kind.name),
		ObjectLockEnabled: pulumi.Bool(kind.lockable),
		Tags:              b.tags,
	}
	if b.args.Disposable {
		args.ForceDestroy = pulumi.Bool(true)
	}
	made, err := s3.NewBucketV2(b.ctx, name, args, bucketOptions...)
	if err != nil {
		return bucket{}, err
	}
	publicAccess, err := s3.NewBucketPublicAccessBlock(b.ctx, name+"-public-access", &s3.BucketPublicAccessBlockArgs{
		Bucket:                made.ID(),
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, b.stateful()...)
	if err != nil {
		return bucket{}, err
	}
	ownership, err := s3.NewBucketOwnershipControls(b.ctx, name+"-ownership", &s3.BucketOwnershipControlsArgs{
		Bucket: made.ID(),
		Rule:   s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String("BucketOwnerEnforced")},
	}, b.stateful(publicAccess)...)
	if err != nil {
		return bucket{}, err
	}
	versioning, err := s3.NewBucketVersioningV2(b.ctx, name+"-versioning", &s3.BucketVersioningV2Args{
		Bucket:                  made.ID(),
		VersioningConfiguration: s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String("Enabled")},
	}, b.stateful()...)
	if err != nil {
		return bucket{}, err
	}
	encryption, err := s3.NewBucketServerSideEncryptionConfigurationV2(b.ctx, name+"-encryption",
		&s3.BucketServerSideEncryptionConfigurationV2Args{
			Bucket: made.ID(),
			Rules:  s3.BucketServerSideEncryptionConfigurationV2RuleArray{b.encryptionRule(kind)},
		}, b.stateful(append(b.keyReady, versioning)...)...)
	if err != nil {
		return bucket{}, err
	}
	_, err = s3.NewBucketLifecycleConfigurationV2(b.ctx, name+"-lifecycle", &s3.BucketLifecycleConfigurationV2Args{
		Bucket: made.ID(),
		Rules:  s3.BucketLifecycleConfigurationV2RuleArray{b.lifecycleRule(kind)},
	}, b.stateful(versioning)...)
	if err != nil {
		return bucket{}, err
	}
	if kind.lockable {
		if err := b.newObjectLock(name, made, kind.lock, versioning); err != nil {
			return bucket{}, err
		}
	}
	// After what has to hold before anything is delivered.
	bucketPolicy, err := s3.NewBucketPolicy(b.ctx, name+"-policy", &s3.BucketPolicyArgs{
		Bucket: made.ID(),
		Policy: pulumi.String(bucketPolicy(kind.arn, b.args.KeyPrefix, kind.deliveries, b.guards()).JSON()),
	}, b.stateful(publicAccess, ownership, versioning, encryption)...)
	if err != nil {
		return bucket{}, err
	}
	return bucket{BucketV2: made, ready: []pulumi.Resource{bucketPolicy, encryption, versioning}}, nil
}

func (b *builder) encryptionRule(kind bucketKind) s3.BucketServerSideEncryptionConfigurationV2RuleArgs {
	if b.key == nil || !kind.encrypted {
		return s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
			ApplyServerSideEncryptionByDefault: s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
				SseAlgorithm: pulumi.String("AES256"),
			},
		}
	}
	return s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
		ApplyServerSideEncryptionByDefault: s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
			SseAlgorithm:   pulumi.String("aws:kms"),
			KmsMasterKeyId: b.key.Arn,
		},
		BucketKeyEnabled: pulumi.Bool(true),
	}
}

func (b *builder) lifecycleRule(kind bucketKind) s3.BucketLifecycleConfigurationV2RuleArgs {
	rule := s3.BucketLifecycleConfigurationV2RuleArgs{
		Id:     pulumi.String("retention"),
		Status: pulumi.String("Enabled"),
		Filter: s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
		AbortIncompleteMultipartUpload: s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{
			DaysAfterInitiation: pulumi.Int(abandonedUploadDays),
		},
		NoncurrentVersionExpiration: s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{
			NoncurrentDays: pulumi.Int(valueOr(b.args.NoncurrentDays, DefaultNoncurrentDays)),
		},
	}
	if kind.retentionDays > 0 {
		rule.Expiration = s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(kind.retentionDays)}
	} else {
		rule.Expiration = s3.BucketLifecycleConfigurationV2RuleExpirationArgs{ExpiredObjectDeleteMarker: pulumi.Bool(true)}
	}
	var transitions s3.BucketLifecycleConfigurationV2RuleTransitionArray
	for _, transition := range kind.transitions {
		transitions = append(transitions, s3.BucketLifecycleConfigurationV2RuleTransitionArgs{
			StorageClass: pulumi.String(transition.StorageClass),
			Days:         pulumi.Int(transition.Days),
		})
	}
	if len(transitions) > 0 {
		rule.Transitions = transitions
	}
	return rule
}

// newObjectLock is declared with or without a retention, so that switching it on or off is an update.
func (b *builder) newObjectLock(name string, made *s3.BucketV2, lock *ObjectLock, versioning pulumi.Resource) error {
	args := &s3.BucketObjectLockConfigurationV2Args{Bucket: made.ID()}
	if lock != nil {
		args.Rule = s3.BucketObjectLockConfigurationV2RuleArgs{
			DefaultRetention: s3.BucketObjectLockConfigurationV2RuleDefaultRetentionArgs{
				Mode: pulumi.String(lock.Mode),
				Days: pulumi.Int(lock.Days),
			},
		}
	}
	_, err := s3.NewBucketObjectLockConfigurationV2(b.ctx, name+"-object-lock", args, b.stateful(versioning)...)
	return err
}

// logAccess records who reads and changes a bucket, in the access-log bucket
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html).
func (b *builder) logAccess(kind bucketKind, from, to bucket) error {
	name := b.name + "-" + kind.thing
	_, err := s3.NewBucketLoggingV2(b.ctx, name+"-logging", &s3.BucketLoggingV2Args{
		Bucket:       from.ID(),
		TargetBucket: to.ID(),
		TargetPrefix: pulumi.String(kind.thing + "/"),
	}, b.stateful(append(to.ready, from.ready...)...)...)
	return err
}

func (b *builder) guards() guards {
	return guards{readers: b.readers, deployers: b.args.Deployers, disposable: b.args.Disposable}
}
