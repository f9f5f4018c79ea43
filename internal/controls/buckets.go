package controls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// everyBucket holds when every bucket has a companion, a resource that configures it, that lacks nothing.
func everyBucket(what, companion, name string, lack func(d *declaration, bucket, companion declared.Resource) string) check {
	return check{what, func(d *declaration) ([]string, string) {
		var found []string
		_, problem := d.every(bucketType, "bucket", func(bucket declared.Resource) string {
			first := "has no " + name
			for _, c := range d.byType[companion] {
				if text(c, "bucket") != text(bucket, "bucket") {
					continue
				}
				if first = lack(d, bucket, c); first == "" {
					found = append(found, place(c))
					return ""
				}
			}
			return first
		})
		return found, problem
	}}
}

var (
	bucketsBlockPublic = everyBucket("every bucket blocks public access", bucketBlockType, "block of public access", func(_ *declaration, _, c declared.Resource) string {
		return fourBlocks(c)
	})
	bucketsDenyHTTP = everyBucket("every bucket denies plain HTTP", bucketPolicyType, "policy", func(d *declaration, b, c declared.Resource) string {
		return unless(denies(d.policyOf(c), "s3:*", b, "Bool", "aws:SecureTransport", "false"), "does not deny plain HTTP")
	})
	bucketsDenyOldTLS = everyBucket("every bucket denies TLS below 1.2", bucketPolicyType, "policy", func(d *declaration, b, c declared.Resource) string {
		return unless(denies(d.policyOf(c), "s3:*", b, "NumericLessThan", "s3:TlsVersion", "1.2"), "does not deny TLS below 1.2")
	})
	bucketsVersioned = everyBucket("every bucket is versioned", bucketVersions, "versioning", func(_ *declaration, _, c declared.Resource) string {
		return unless(text(c, "versioningConfiguration.status") == "Enabled", "does not enable versioning")
	})
	bucketsEncrypted = everyBucket("every bucket is encrypted", bucketEncryption, "encryption", func(_ *declaration, _, c declared.Resource) string {
		algorithm := text(c, "rules.applyServerSideEncryptionByDefault.sseAlgorithm")
		return unless(algorithm != "", "names no algorithm")
	})
	bucketsWithoutACLs = everyBucket("no bucket takes ACLs", bucketOwnership, "ownership controls", func(_ *declaration, _, c declared.Resource) string {
		return unless(text(c, "rule.objectOwnership") == "BucketOwnerEnforced", "lets ACLs decide")
	})
	bucketsExpire = everyBucket("every bucket has lifecycle rules", bucketLifecycle, "lifecycle rules", func(_ *declaration, _, c declared.Resource) string {
		enabled := slices.ContainsFunc(list(at(c.Inputs, "rules")), func(rule any) bool {
			status, _ := at(rule, "status").(string)
			acts := at(rule, "expiration") != nil || at(rule, "transitions") != nil || at(rule, "noncurrentVersionExpiration") != nil
			return status == "Enabled" && acts
		})
		return unless(enabled, "has no rule that is enabled")
	})
	// The bucket that takes the access logs is not logged itself: it would fill itself
	// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html).
	bucketsLogged = check{"access to every bucket is logged", func(d *declaration) ([]string, string) {
		isTarget := func(bucket declared.Resource) bool {
			return slices.ContainsFunc(d.byType[bucketLogging], func(l declared.Resource) bool { return text(l, "targetBucket") == text(bucket, "bucket") })
		}
		var found []string
		_, problem := d.every(bucketType, "bucket", func(bucket declared.Resource) string {
			if isTarget(bucket) {
				return ""
			}
			for _, l := range d.byType[bucketLogging] {
				if text(l, "bucket") == text(bucket, "bucket") && d.has(bucketType, "bucket", text(l, "targetBucket")) {
					found = append(found, place(l))
					return ""
				}
			}
			return "has no access logging"
		})
		return found, problem
	}}
	archiveEncryptedByKMS = archive("the archive is encrypted by a KMS key of the account's own", bucketEncryption, func(_ *declaration, _, c declared.Resource) string {
		byKMS := text(c, "rules.applyServerSideEncryptionByDefault.sseAlgorithm") == "aws:kms"
		return unless(byKMS && text(c, "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId") != "", "is encrypted by a key of AWS")
	})
	archiveExpiresLate = archive("the archive keeps logs for a year and old versions for 30 days at least", bucketLifecycle, func(_ *declaration, _, c declared.Resource) string {
		for _, rule := range list(at(c.Inputs, "rules")) {
			if days, given := at(rule, "expiration.days").(float64); given && days < 365 {
				return fmt.Sprintf("deletes logs after %g days", days)
			}
			if days, given := at(rule, "noncurrentVersionExpiration.noncurrentDays").(float64); given && days < 30 {
				return fmt.Sprintf("deletes old versions after %g days", days)
			}
		}
		return ""
	})
	archiveStays = check{"the archive is not emptied when the stack is destroyed", func(d *declaration) ([]string, string) {
		names := d.archiveBuckets(true)
		return d.only(bucketType, func(b declared.Resource) bool { return names[text(b, "bucket")] }).every(bucketType, "bucket", func(b declared.Resource) string {
			return unless(!is(b, "forceDestroy"), "goes with its objects")
		})
	}}
	archiveLogged = archive("access to the archive is logged", bucketLogging, func(d *declaration, _, c declared.Resource) string {
		return unless(text(c, "targetBucket") != "" && d.has(bucketType, "bucket", text(c, "targetBucket")), "has no declared bucket for its access logs")
	})
	archiveBucketKey = archive("the archive uses a Bucket Key", bucketEncryption, func(_ *declaration, _, c declared.Resource) string {
		byKMS := text(c, "rules.applyServerSideEncryptionByDefault.sseAlgorithm") == "aws:kms"
		return unless(!byKMS || at(c.Inputs, "rules.bucketKeyEnabled") == true, "asks KMS for every object")
	})
	archiveKeepsDeletes = archive("log objects cannot be deleted without MFA", bucketPolicyType, func(d *declaration, b, c declared.Resource) string {
		return unless(denies(d.policyOf(c), "s3:DeleteObject*", b, "BoolIfExists", "aws:MultiFactorAuthPresent", "false"), "lets log objects be deleted without MFA")
	})
	archiveKeepsPolicy = archive("the archive's settings cannot be changed without MFA but by deployers", bucketPolicyType, func(d *declaration, b, c declared.Resource) string {
		return unless(denies(d.policyOf(c), "s3:DeleteBucketPolicy", b, "BoolIfExists", "aws:MultiFactorAuthPresent", "false"), "lets its policy be changed without MFA")
	})
	archiveTakesServicesOnly = archive("only AWS's services write to the archive", bucketPolicyType, func(d *declaration, b, c declared.Resource) string {
		return unless(denies(d.policyOf(c), "s3:PutObject", b, "BoolIfExists", "aws:PrincipalIsAWSService", "false"), "lets people write log objects")
	})
	archiveReaders = archive("only named readers read the archive", bucketPolicyType, func(d *declaration, b, c declared.Resource) string {
		return unless(denies(d.policyOf(c), "s3:GetObject*", b, "ArnNotLike", "aws:PrincipalArn", ""), "lets anybody with rights in the account read log objects")
	})
	resultsReaders = check{"only named readers read the results of Athena", func(d *declaration) ([]string, string) {
		return d.every(workgroupType, "workgroup", func(w declared.Resource) string {
			for _, b := range d.byType[bucketType] {
				if !strings.HasPrefix(text(w, "configuration.resultConfiguration.outputLocation"), "s3://"+text(b, "bucket")+"/") {
					continue
				}
				if slices.ContainsFunc(d.byType[bucketPolicyType], func(p declared.Resource) bool {
					return text(p, "bucket") == text(b, "bucket") && denies(d.policyOf(p), "s3:GetObject*", b, "ArnNotLike", "aws:PrincipalArn", "")
				}) {
					return ""
				}
			}
			return "lets anybody with rights in the account read its results"
		})
	}}
	archiveLocked = check{"the trail's bucket is locked", func(d *declaration) ([]string, string) {
		return d.some(trailType, "trail", func(trail declared.Resource) string {
			if !slices.ContainsFunc(d.byType[bucketType], func(b declared.Resource) bool {
				return text(b, "bucket") == text(trail, "s3BucketName") && is(b, "objectLockEnabled")
			}) {
				return "delivers to a bucket that knows no Object Lock"
			}
			for _, c := range d.byType[bucketLock] {
				if text(c, "bucket") != text(trail, "s3BucketName") {
					continue
				}
				mode := text(c, "rule.defaultRetention.mode")
				days, _ := number(c, "rule.defaultRetention.days")
				return unless((mode == "GOVERNANCE" || mode == "COMPLIANCE") && days > 0, "delivers to a bucket without a default retention")
			}
			return "delivers to a bucket without Object Lock"
		})
	}}
)

// archive holds when every bucket that logs are delivered to has a companion that lacks nothing: the buckets of trails, of
// delivery channels, and those that access logs are written to or taken from.
func archive(what, companion string, lack func(d *declaration, bucket, companion declared.Resource) string) check {
	return check{what, func(d *declaration) ([]string, string) {
		names := d.archiveBuckets(companion == bucketPolicyType || companion == bucketLifecycle)
		logs := d.only(bucketType, func(b declared.Resource) bool { return names[text(b, "bucket")] })
		logs.byType[companion] = d.byType[companion]
		return everyBucket(what, companion, "such setting", func(_ *declaration, b, c declared.Resource) string { return lack(d, b, c) }).run(logs)
	}}
}

// archiveBuckets are the names of the buckets that trails and delivery channels deliver to, and those of their access logs.
func (d *declaration) archiveBuckets(withAccessLogs bool) map[string]bool {
	names := map[string]bool{}
	for _, typ := range []string{trailType, channelType} {
		for _, r := range d.byType[typ] {
			names[text(r, "s3BucketName")] = true
		}
	}
	for _, r := range d.byType[bucketLogging] {
		if withAccessLogs {
			names[text(r, "targetBucket")] = true
		}
	}
	return names
}

// fourBlocks says which of the four blocks of public access is missing.
func fourBlocks(r declared.Resource) string {
	for _, block := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
		if !is(r, block) {
			return "has no " + block
		}
	}
	return ""
}
