package tests

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	archiveType    = "account-baseline:index:LogArchive"
	bucketType     = "aws:s3/bucketV2:BucketV2"
	lockType       = "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2"
	lifecycleType  = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	encryptionType = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	loggingType    = "aws:s3/bucketLoggingV2:BucketLoggingV2"
	publicType     = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	ownershipType  = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
	versioningType = "aws:s3/bucketVersioningV2:BucketVersioningV2"
	keyType        = "aws:kms/key:Key"
	aliasType      = "aws:kms/alias:Alias"
)

var archiveThings = []string{"trail", "delivery", "access-logs"}

func TestArchiveIsWellBehaved(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		args := guardedArchive(o.Partition)
		args.Tags = pulumi.StringMap{"team": pulumi.String("security")}
		d := deployArchive(t, o, args)
		component := d.Only(archiveType)
		d.AllDescendFrom(component)
		d.AllNamedAfter(component)
		d.AllTagged(map[string]string{"team": "security"})
		d.AllUseProviderOf(component)
		d.NoHardCodedPartition()
	})
}

func TestArchiveBucketsAreHardened(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := deployArchive(t, testkit.Options{DryRun: m.DryRun}, guardedArchive("aws"))
		for _, thing := range archiveThings {
			name := "archive-" + thing
			bucket := d.One(bucketType, name)
			assert.Equal(t, "account-baseline-dev-archive-"+thing+"-"+accountID, bucket.String("bucket"))
			assert.Equal(t, thing == "trail", bucket.Get("objectLockEnabled"), "only the trail archive can be locked")
			assert.Nil(t, bucket.Get("forceDestroy"))
			access := d.One(publicType, name+"-public-access")
			for _, flag := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
				assert.Equal(t, true, access.Get(flag), flag)
			}
			assert.Equal(t, "BucketOwnerEnforced", d.One(ownershipType, name+"-ownership").String("rule.objectOwnership"))
			assert.Equal(t, "Enabled", d.One(versioningType, name+"-versioning").String("versioningConfiguration.status"))
			encryption := d.One(encryptionType, name+"-encryption")
			algorithm := encryption.String("rules[0].applyServerSideEncryptionByDefault.sseAlgorithm")
			if thing == "access-logs" {
				assert.Equal(t, "AES256", algorithm, "S3 delivers access logs to no bucket with a KMS key")
			} else {
				assert.Equal(t, "aws:kms", algorithm)
				assert.Equal(t, true, encryption.Get("rules[0].bucketKeyEnabled"))
				assert.Equal(t, thing+"/", d.One(loggingType, name+"-logging").String("targetPrefix"))
			}
		}
		assert.Equal(t, true, d.One(keyType, "archive-key").Get("enableKeyRotation"))
		assert.Len(t, d.ByType(lockType), 1)
		for _, r := range d.All() {
			assert.NotContains(t, strings.ToLower(r.Type), "acl:", "no ACL resources")
		}
	})
}

func TestArchiveSurvivesMistakes(t *testing.T) {
	kept := deployArchive(t, testkit.Options{}, nil)
	for _, r := range kept.All() {
		switch {
		case !r.Custom || r.Type == aliasType:
		case r.Type == keyType || r.Type == keyPolicyType:
			assert.True(t, r.RetainOnDelete, r.URN)
			assert.False(t, r.Protect, r.URN)
		default:
			assert.True(t, r.Protect && r.RetainOnDelete, r.URN)
		}
	}
	disposable := deployArchive(t, testkit.Options{}, &logarchive.LogArchiveArgs{Disposable: true})
	for _, r := range disposable.All() {
		assert.False(t, r.Protect || r.RetainOnDelete, r.URN)
		if r.Type == bucketType {
			assert.Equal(t, true, r.Get("forceDestroy"), r.URN)
		}
	}
	assert.NotContains(t, disposable.One(bucketPolicyType, "archive-trail-policy").String("policy"), "DenyDeletesWithoutMFA")
	assert.EqualValues(t, 7, disposable.One(keyType, "archive-key").Get("deletionWindowInDays"))
}

func TestArchiveLocksNobodyOutWithoutDeployers(t *testing.T) {
	d := deployArchive(t, testkit.Options{}, nil)
	policies := policiesOf(d)
	for _, thing := range archiveThings {
		assert.NotContains(t, policies.documents[thing], "DenyChangesWithoutMFA")
		for _, who := range []string{"an administrator", "an administrator with a key", "the deployer", "the Identity Center deployer"} {
			for _, action := range []string{"s3:PutBucketPolicy", "s3:PutLifecycleConfiguration", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration"} {
				decision := policies.decide(t, archiveRow{who: who, action: action, resource: thing})
				assert.True(t, decision.Allowed, "%s, %s on %s: %s", who, action, thing, decision.Reason)
			}
		}
	}
}

func TestArchivePolicyDoesNotDependOnWhoDeploys(t *testing.T) {
	deploy := func(caller string) string {
		d := deployArchive(t, testkit.Options{Caller: caller}, guardedArchive("aws"))
		return d.One(bucketPolicyType, "archive-trail-policy").String("policy")
	}
	assert.Equal(t, deploy("arn:aws:sts::123456789012:assumed-role/account-baseline-deployer/ci"),
		deploy("arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Deployer_0123/alice"))
}

func TestArchiveRefusesToLockItsDeployerOut(t *testing.T) {
	stranger := testkit.Options{Caller: "arn:aws:iam::123456789012:user/alice"}
	_, err := testkit.RunErr(t, stranger, func(ctx *pulumi.Context) error {
		_, err := logarchive.NewLogArchive(ctx, "archive", guardedArchive("aws"))
		return err
	})
	require.ErrorContains(t, err, `"arn:aws:iam::123456789012:user/alice" deploys, but is not among`)
	stranger.DryRun = true
	preview := deployArchive(t, stranger, guardedArchive("aws"))
	assert.NotEmpty(t, preview.Logs("warning"))
	deployArchive(t, testkit.Options{Caller: "arn:aws:iam::123456789012:root"}, guardedArchive("aws"))
}

func TestArchiveRefusesForeignPrincipals(t *testing.T) {
	for _, row := range []struct {
		args logarchive.LogArchiveArgs
		want string
	}{
		{logarchive.LogArchiveArgs{Readers: []string{"arn:aws:iam::" + foreignAccount + ":role/auditor"}}, `Readers[0]: "arn:aws:iam::210987654321:role/auditor" is not in this account, 123456789012 of the partition aws; name a role here that it may assume`},
		{logarchive.LogArchiveArgs{Deployers: []string{"arn:aws-cn:iam::" + accountID + ":role/ci"}}, `Deployers[0]: "arn:aws-cn:iam::123456789012:role/ci" is not in this account, 123456789012 of the partition aws; name a role here that it may assume`},
	} {
		d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			_, err := logarchive.NewLogArchive(ctx, "archive", &row.args)
			return err
		})
		require.ErrorContains(t, err, row.want)
		assert.Empty(t, d.ByType(bucketType))
	}
}

func TestArchiveLifecycle(t *testing.T) {
	days := 400
	d := deployArchive(t, testkit.Options{}, &logarchive.LogArchiveArgs{
		RetentionDays: &days, Transitions: []logarchive.Transition{{StorageClass: "GLACIER_IR", Days: 90}, {StorageClass: "DEEP_ARCHIVE", Days: 180}},
	})
	rule := d.One(lifecycleType, "archive-trail-lifecycle")
	assert.EqualValues(t, 400, rule.Get("rules[0].expiration.days"))
	assert.Equal(t, "GLACIER_IR", rule.String("rules[0].transitions[0].storageClass"))
	assert.EqualValues(t, 180, rule.Get("rules[0].transitions[1].days"))
	assert.EqualValues(t, 90, rule.Get("rules[0].noncurrentVersionExpiration.noncurrentDays"))
	assert.EqualValues(t, 7, rule.Get("rules[0].abortIncompleteMultipartUpload.daysAfterInitiation"))
	assert.EqualValues(t, 365, d.One(lifecycleType, "archive-access-logs-lifecycle").Get("rules[0].expiration.days"))

	forever := 0
	d = deployArchive(t, testkit.Options{}, &logarchive.LogArchiveArgs{RetentionDays: &forever})
	rule = d.One(lifecycleType, "archive-trail-lifecycle")
	assert.Nil(t, rule.Get("rules[0].expiration.days"))
	assert.Equal(t, true, rule.Get("rules[0].expiration.expiredObjectDeleteMarker"))
}

func TestArchiveObjectLockIsOnTheTrailArchiveOnly(t *testing.T) {
	d := deployArchive(t, testkit.Options{}, &logarchive.LogArchiveArgs{ObjectLock: &logarchive.ObjectLock{Mode: "GOVERNANCE", Days: 30}})
	lock := d.Only(lockType)
	assert.Equal(t, "archive-trail-object-lock", lock.Name)
	assert.Equal(t, "GOVERNANCE", lock.String("rule.defaultRetention.mode"))
	assert.EqualValues(t, 30, lock.Get("rule.defaultRetention.days"))
	assert.Nil(t, deployArchive(t, testkit.Options{}, nil).Only(lockType).Get("rule"))
}

func TestArchiveWithoutKey(t *testing.T) {
	d := deployArchive(t, testkit.Options{}, &logarchive.LogArchiveArgs{Encryption: logarchive.S3Managed})
	assert.Empty(t, d.ByType(keyType))
	assert.Equal(t, "AES256", d.One(encryptionType, "archive-trail-encryption").String("rules[0].applyServerSideEncryptionByDefault.sseAlgorithm"))
}

func TestArchiveAdopts(t *testing.T) {
	d := deployArchive(t, testkit.Options{}, &logarchive.LogArchiveArgs{Adopt: logarchive.Adopt{
		TrailBucket: "old-trail", DeliveryBucket: "old-delivery", AccessLogBucket: "old-access-logs", KeyID: "1234abcd",
	}})
	assert.Equal(t, "old-trail", d.One(bucketType, "archive-trail").ImportID)
	assert.Equal(t, "old-trail", d.One(bucketType, "archive-trail").String("bucket"))
	assert.Equal(t, "old-delivery", d.One(bucketType, "archive-delivery").ImportID)
	assert.Equal(t, "old-access-logs", d.One(bucketType, "archive-access-logs").ImportID)
	assert.Equal(t, "1234abcd", d.One(keyType, "archive-key").ImportID)
	assert.Contains(t, d.One(bucketPolicyType, "archive-trail-policy").String("policy"), "arn:aws:s3:::old-trail/AWSLogs")
}

func TestArchiveOutputsSayWhatAdoptsIt(t *testing.T) {
	var adoption pulumi.StringOutput
	testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		archive, err := logarchive.NewLogArchive(ctx, "archive", nil)
		if err == nil {
			adoption = archive.Adoption
		}
		return err
	})
	text, known, _, err := testkit.Await(adoption)
	require.NoError(t, err)
	require.True(t, known)
	for _, line := range []string{"account-baseline:archive:", "trailBucket: account-baseline-dev-archive-trail-123456789012", "keyId: "} {
		assert.Contains(t, text, line)
	}
}

func TestCentralBucketCreatesNothing(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		var archive *logarchive.LogArchive
		d := testkit.Run(t, o, func(ctx *pulumi.Context) (err error) {
			archive, err = logarchive.NewLogArchive(ctx, "archive", &logarchive.LogArchiveArgs{
				TrailName: "audit",
				Central: &logarchive.CentralBucket{
					Name: "central-logs", KeyArn: "arn:" + o.Partition + ":kms:eu-west-1:210987654321:key/12-34", KeyPrefix: "team",
				},
			})
			return err
		})
		assert.Len(t, d.All(), 1, "only the component")
		assert.True(t, archive.HasKey)
		assert.False(t, archive.OwnsKey)
		text, _, _, err := testkit.Await(archive.PasteStatements)
		require.NoError(t, err)
		var paste map[string][]map[string]any
		require.NoError(t, json.Unmarshal([]byte(text.(string)), &paste))
		assert.Len(t, paste["bucketPolicy"], 4, "the trail's two and the readers' two")
		assert.Len(t, paste["keyPolicy"], 5, "the trail's three and the readers' two")
		assert.Contains(t, text, "arn:"+o.Partition+":s3:::central-logs/team/AWSLogs/123456789012/*")
	})
}

func TestArchiveArgsAreRefused(t *testing.T) {
	number := func(n int) *int { return &n }
	central := &logarchive.CentralBucket{Name: "central-logs"}
	for _, row := range []struct {
		args logarchive.LogArchiveArgs
		want string
	}{
		{logarchive.LogArchiveArgs{NamePrefix: "Upper"}, `NamePrefix: "Upper" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`},
		{logarchive.LogArchiveArgs{NamePrefix: strings.Repeat("a", 39)}, `NamePrefix: "` + strings.Repeat("a", 39) + `" is 39 characters long, at most 38 are possible`},
		{logarchive.LogArchiveArgs{TrailName: "a"}, `TrailName: "a" is no name of a trail: 3 to 128 letters, digits, single periods, underscores and hyphens, beginning and ending with a letter or digit`},
		{logarchive.LogArchiveArgs{TrailName: "my..trail"}, `TrailName: "my..trail" is no name of a trail: 3 to 128 letters, digits, single periods, underscores and hyphens, beginning and ending with a letter or digit`},
		{logarchive.LogArchiveArgs{OrganizationID: "acme"}, `OrganizationID: "acme" is no organization id such as o-a1b2c3d4e5`},
		{logarchive.LogArchiveArgs{BucketNames: logarchive.BucketNames{Trail: "My_Bucket"}}, `BucketNames.Trail: "My_Bucket" is no bucket name: 3 to 63 lower-case letters, digits, hyphens and single periods`},
		{logarchive.LogArchiveArgs{Adopt: logarchive.Adopt{DeliveryBucket: "a..b"}}, `Adopt.DeliveryBucket: "a..b" is no bucket name: 3 to 63 lower-case letters, digits, hyphens and single periods`},
		{logarchive.LogArchiveArgs{BucketNames: logarchive.BucketNames{Trail: "new-trail"}, Adopt: logarchive.Adopt{TrailBucket: "old-trail"}}, `BucketNames.Trail: "new-trail" is not the adopted bucket "old-trail"; an adopted bucket keeps its name`},
		{logarchive.LogArchiveArgs{NamePrefix: "a"}, `NamePrefix: "a" is shorter than 3 characters, the least for a bucket or trail`},
		{logarchive.LogArchiveArgs{NamePrefix: "a--b"}, `NamePrefix: "a--b" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`},
		{logarchive.LogArchiveArgs{Encryption: "none"}, `Encryption: "none" is neither "kms" nor "s3"`},
		{logarchive.LogArchiveArgs{Encryption: "s3", Adopt: logarchive.Adopt{KeyID: "1234"}}, `Adopt.KeyID: "1234" cannot be adopted with Encryption "s3"; leave one of them out`},
		{logarchive.LogArchiveArgs{RetentionDays: number(-1)}, `RetentionDays: -1 is negative; 0 keeps logs for ever`},
		{logarchive.LogArchiveArgs{NoncurrentDays: number(0)}, `NoncurrentDays: 0 is below 1`},
		{logarchive.LogArchiveArgs{AccessLogRetentionDays: number(-1)}, `AccessLogRetentionDays: -1 is negative; 0 keeps access logs for ever`},
		{logarchive.LogArchiveArgs{Transitions: []logarchive.Transition{{StorageClass: "ICE", Days: 90}}}, `Transitions[0].StorageClass: "ICE" is none of STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE`},
		{logarchive.LogArchiveArgs{Transitions: []logarchive.Transition{{StorageClass: "GLACIER", Days: 90}, {StorageClass: "STANDARD_IA", Days: 120}}}, `Transitions[1].StorageClass: "STANDARD_IA" cannot follow "GLACIER": S3 moves objects to colder classes only`},
		{logarchive.LogArchiveArgs{Transitions: []logarchive.Transition{{StorageClass: "STANDARD_IA", Days: 10}}}, `Transitions[0].Days: 10 is below 30, the least for STANDARD_IA`},
		{logarchive.LogArchiveArgs{Transitions: []logarchive.Transition{{StorageClass: "GLACIER_IR", Days: 90}, {StorageClass: "GLACIER", Days: 60}}}, `Transitions[1].Days: 60 is not after the 90 days of the transition before it`},
		{logarchive.LogArchiveArgs{RetentionDays: number(60), Transitions: []logarchive.Transition{{StorageClass: "GLACIER", Days: 90}}}, `Transitions[0].Days: 90 is not before RetentionDays 60, at which the objects expire`},
		{logarchive.LogArchiveArgs{ObjectLock: &logarchive.ObjectLock{Mode: "SOFT", Days: 1}}, `ObjectLock.Mode: "SOFT" is neither GOVERNANCE nor COMPLIANCE`},
		{logarchive.LogArchiveArgs{ObjectLock: &logarchive.ObjectLock{Mode: "COMPLIANCE"}}, `ObjectLock.Days: 0 is not between 1 and 36500`},
		{logarchive.LogArchiveArgs{RetentionDays: number(30), ObjectLock: &logarchive.ObjectLock{Mode: "GOVERNANCE", Days: 31}}, `ObjectLock.Days: 31 is more than RetentionDays 30: objects could not expire when they should`},
		{logarchive.LogArchiveArgs{Disposable: true, ObjectLock: &logarchive.ObjectLock{Mode: "GOVERNANCE", Days: 1}}, `ObjectLock: locked objects cannot be destroyed with the stack; leave out ObjectLock or Disposable`},
		{logarchive.LogArchiveArgs{Deployers: []string{"arn:aws:sts::123456789012:assumed-role/ci/x"}}, `Deployers[0]: "arn:aws:sts::123456789012:assumed-role/ci/x" is a session; give the ARN of its role, with the role's path`},
		{logarchive.LogArchiveArgs{Readers: []string{"alice"}}, `Readers[0]: "alice" is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer`},
		{logarchive.LogArchiveArgs{Central: &logarchive.CentralBucket{Name: "No"}}, `Central.Name: "No" is no bucket name`},
		{logarchive.LogArchiveArgs{Central: &logarchive.CentralBucket{Name: "central-logs", KeyArn: "alias/x"}}, `Central.KeyArn: "alias/x" is no key ARN such as arn:aws:kms:us-east-1:123456789012:key/…; an alias of another account is not enough`},
		{logarchive.LogArchiveArgs{Central: &logarchive.CentralBucket{Name: "central-logs", KeyPrefix: "/x"}}, "Central.KeyPrefix: \"/x\" is no prefix: at most 200 letters, digits and !_.'()-, in parts joined by single slashes"},
		{logarchive.LogArchiveArgs{KeyPrefix: "logs/"}, "KeyPrefix: \"logs/\" is no prefix: at most 200 letters, digits and !_.'()-, in parts joined by single slashes"},
		{logarchive.LogArchiveArgs{Central: central, KeyPrefix: "logs"}, `KeyPrefix: with Central no bucket is created here, so that this has no effect; leave it out`},
		{logarchive.LogArchiveArgs{Central: central, BucketNames: logarchive.BucketNames{Trail: "abc"}}, `BucketNames: with Central no bucket is created here, so that this has no effect; leave it out`},
		{logarchive.LogArchiveArgs{Central: central, ObjectLock: &logarchive.ObjectLock{Mode: "GOVERNANCE", Days: 1}}, `ObjectLock: with Central no bucket is created here, so that this has no effect; leave it out`},
		{logarchive.LogArchiveArgs{Central: central, Transitions: []logarchive.Transition{{StorageClass: "GLACIER", Days: 1}}}, `Transitions: with Central no bucket is created here, so that this has no effect; leave it out`},
		{logarchive.LogArchiveArgs{Central: central, Adopt: logarchive.Adopt{KeyID: "1234"}}, `Adopt: with Central no bucket is created here, so that this has no effect; leave it out`},
	} {
		d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			_, err := logarchive.NewLogArchive(ctx, "archive", &row.args)
			return err
		})
		if assert.Error(t, err, row.want) {
			assert.Contains(t, err.Error(), row.want)
		}
		d.NothingRegistered()
	}
}
