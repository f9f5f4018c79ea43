package logarchive

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

// Encryption says how objects in the archives are encrypted at rest.
type Encryption string

const (
	// KMS encrypts with a customer-managed key of the archive (about $1 a month), with an S3 Bucket Key.
	KMS Encryption = "kms"
	// S3Managed encrypts with keys that Amazon S3 manages (SSE-S3), free of charge and without a key policy.
	S3Managed Encryption = "s3"
)

// Defaults of LogArchiveArgs.
const (
	// DefaultRetentionDays keeps logs for seven years. It is the same in every profile, so that changing a profile
	// never makes logs expire early.
	DefaultRetentionDays = 2555
	// DefaultNoncurrentDays is how long an overwritten or deleted version can still be fetched back.
	DefaultNoncurrentDays = 90
	// DefaultAccessLogRetentionDays is how long the record of who read the archives is kept.
	DefaultAccessLogRetentionDays = 365

	abandonedUploadDays = 7
)

// LogArchiveArgs are the arguments of NewLogArchive. The zero value is the safe choice: buckets that survive mistakes,
// encrypted with a key of their own.
type LogArchiveArgs struct {
	// NamePrefix is what the names of buckets and of the reader role begin with: 3 to 38 lower-case letters, digits and
	// single hyphens. Default: PROJECT-STACK-NAME. Changing it replaces the buckets, which their protection refuses.
	NamePrefix string

	// TrailName is the name of the one trail that may write into the trail archive, 3 to 128 characters. Default: the
	// name prefix. It stands in the bucket's and the key's policy as aws:SourceArn; changing it replaces the trail.
	TrailName string

	// OrganizationID lets an organization trail (o-xxxxxxxxxx) write for its member accounts. Default: none.
	OrganizationID string

	// BucketNames are chosen names of the buckets. Default: PREFIX-trail-ACCOUNT, PREFIX-delivery-ACCOUNT and
	// PREFIX-access-logs-ACCOUNT. A change replaces the bucket, which its protection refuses.
	BucketNames BucketNames

	// KeyPrefix precedes AWSLogs/ in the keys of log objects, without slashes at its ends, at most 200 characters.
	// Default: none. After a change new objects get the new prefix, older ones stay.
	KeyPrefix string

	// OmitDeliveryBucket leaves out the archive of AWS Config and GuardDuty. Its removal is refused by its protection.
	// Default: false.
	OmitDeliveryBucket bool

	// OmitTrailBucket leaves out the trail archive, for whoever has AWS Config or GuardDuty only; no trail can deliver then.
	// Its removal is refused by its protection. Default: false.
	OmitTrailBucket bool

	// Encryption of the trail archive and the delivery archive. Default: KMS. From KMS to S3Managed the key is kept in the
	// account, because older logs need it to be read; KMS again makes a new key, or adopts the old one by its id. Access
	// logs are always S3Managed: S3 delivers them no other way.
	Encryption Encryption

	// RetentionDays is the age in days at which log objects expire; 0 keeps them for ever. Default: 2555 (seven years).
	RetentionDays *int

	// Transitions move log objects to colder storage classes. Default: none. Objects under 128 KB, which is most of what a
	// trail delivers, are never moved by S3, so that the saving is small:
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
	Transitions []Transition

	// NoncurrentDays is the number of days after which an overwritten or deleted version is removed. Default: 90.
	NoncurrentDays *int

	// AccessLogRetentionDays is the age in days at which access logs expire; 0 keeps them for ever. Default: 365.
	AccessLogRetentionDays *int

	// ObjectLock sets a default retention on the trail archive, within which nobody can remove a log object; objects
	// already locked stay locked. Default: none. The bucket is always made ready for it, so that it can be switched on later without replacing the bucket.
	ObjectLock *ObjectLock

	// Deployers are ARNs of roles or users, with their path, * and ? allowed, that may change the archives'
	// configuration without MFA. Default: none; then configuration changes are not guarded, so that nobody is locked
	// out. With deployers, everybody else needs MFA for them.
	Deployers []string

	// Readers are ARNs of roles or users, with their path, * and ? allowed, that may read log objects, beside the reader
	// role. They need the permission in their own policies too. Default: none.
	Readers []string

	// OmitReaderRole leaves the reader role (ReaderRoleName) out of the policies. Default: false.
	OmitReaderRole bool

	// Central uses the bucket of a log-archive account instead of creating any. Own buckets leave the stack, which their
	// protection refuses. Default: none.
	Central *CentralBucket

	// Adopt takes over buckets and a key that an earlier stack left behind. Default: none.
	Adopt Adopt

	// Disposable makes a sandbox whose logs are destroyed together with the stack: neither protection nor retention,
	// and deletes are not guarded by MFA. Default: false.
	Disposable bool

	// Tags of every taggable resource, beside pulumi:project and pulumi:stack. Default: none.
	Tags pulumi.StringMapInput
}

// BucketNames are the names of the three buckets, 3 to 63 characters each; an empty one is chosen by the component.
type BucketNames struct {
	Trail      string // of the trail archive. Default: PREFIX-trail-ACCOUNT.
	Delivery   string // of the archive of AWS Config and GuardDuty. Default: PREFIX-delivery-ACCOUNT.
	AccessLogs string // of the access logs of both. Default: PREFIX-access-logs-ACCOUNT.
}

// Transition moves objects to a storage class at an age.
type Transition struct {
	StorageClass string // GLACIER_IR, GLACIER, DEEP_ARCHIVE, STANDARD_IA, ONEZONE_IA or INTELLIGENT_TIERING. Required.
	Days         int    // age of the object, at least 30 for STANDARD_IA and ONEZONE_IA. Required.
}

// ObjectLock is the default retention of the trail archive
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html).
type ObjectLock struct {
	Mode string // GOVERNANCE (lifted by s3:BypassGovernanceRetention with MFA) or COMPLIANCE (lifted by nobody, root included). Required.
	Days int    // 1 to 36500, not beyond RetentionDays. Required.
}

// CentralBucket is the bucket of a log-archive account. Nothing is created there; LogArchive.PasteStatements has the
// statements that its owner adds to the bucket's and the key's policy.
type CentralBucket struct {
	Name      string // name of the bucket. Required.
	KeyArn    string // ARN of the KMS key of that account. Default: none, the bucket's own encryption is used.
	KeyPrefix string // prefix of the object keys, without slashes at its ends, at most 200 characters. Default: none.
}

// Adopt names what an earlier stack retained; each is imported into this stack, unchanged. An empty one is created.
type Adopt struct {
	TrailBucket     string // name of the trail archive. Default: none.
	DeliveryBucket  string // name of the archive of AWS Config and GuardDuty. Default: none.
	AccessLogBucket string // name of the bucket with their access logs. Default: none.
	KeyID           string // id of the KMS key. Default: none.
}

var (
	bucketNamePattern   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	trailNamePattern    = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$`)
	trailNameAdjacent   = regexp.MustCompile(`[._-]{2}`)
	organizationPattern = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	keyPrefixPattern    = regexp.MustCompile(`^[A-Za-z0-9!_.'()-]{1,200}(/[A-Za-z0-9!_.'()-]{1,200})*$`)
	keyArnPattern       = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$`)

	// In the order in which S3 lets objects move on.
	storageClasses = []string{"STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"}
)

// Validate returns all that is wrong with the arguments, each naming its field. NewLogArchive calls it first.
func (a *LogArchiveArgs) Validate() error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }

	if err := naming.CheckPrefix("NamePrefix", a.NamePrefix); err != nil {
		problems = append(problems, err)
	}
	if a.TrailName != "" && (len(a.TrailName) < 3 || len(a.TrailName) > 128 ||
		!trailNamePattern.MatchString(a.TrailName) || trailNameAdjacent.MatchString(a.TrailName)) {
		add("TrailName: %q is no name of a trail: 3 to 128 letters, digits, single periods, underscores and hyphens, beginning and ending with a letter or digit", a.TrailName)
	}
	if a.OrganizationID != "" && !organizationPattern.MatchString(a.OrganizationID) {
		add("OrganizationID: %q is no organization id such as o-a1b2c3d4e5", a.OrganizationID)
	}
	for _, bucket := range []struct{ field, name string }{
		{"BucketNames.Trail", a.BucketNames.Trail},
		{"BucketNames.Delivery", a.BucketNames.Delivery},
		{"BucketNames.AccessLogs", a.BucketNames.AccessLogs},
		{"Adopt.TrailBucket", a.Adopt.TrailBucket},
		{"Adopt.DeliveryBucket", a.Adopt.DeliveryBucket},
		{"Adopt.AccessLogBucket", a.Adopt.AccessLogBucket},
	} {
		if bucket.name != "" && (!bucketNamePattern.MatchString(bucket.name) || strings.Contains(bucket.name, "..")) {
			add("%s: %q is no bucket name: 3 to 63 lower-case letters, digits, hyphens and single periods", bucket.field, bucket.name)
		}
	}
	for _, bucket := range []struct{ thing, name, adopt string }{
		{"Trail", a.BucketNames.Trail, a.Adopt.TrailBucket},
		{"Delivery", a.BucketNames.Delivery, a.Adopt.DeliveryBucket},
		{"AccessLogs", a.BucketNames.AccessLogs, a.Adopt.AccessLogBucket},
	} {
		if bucket.name != "" && bucket.adopt != "" && bucket.name != bucket.adopt {
			add("BucketNames.%s: %q is not the adopted bucket %q; an adopted bucket keeps its name", bucket.thing, bucket.name, bucket.adopt)
		}
	}
	if a.Encryption != "" && a.Encryption != KMS && a.Encryption != S3Managed {
		add("Encryption: %q is neither %q nor %q", a.Encryption, KMS, S3Managed)
	}
	if a.Adopt.KeyID != "" && a.Encryption == S3Managed {
		add("Adopt.KeyID: %q cannot be adopted with Encryption %q; leave one of them out", a.Adopt.KeyID, S3Managed)
	}
	if a.KeyPrefix != "" && (len(a.KeyPrefix) > 200 || !keyPrefixPattern.MatchString(a.KeyPrefix)) {
		add("KeyPrefix: %q is no prefix: at most 200 letters, digits and !_.'()-, in parts joined by single slashes", a.KeyPrefix)
	}
	problems = append(problems, a.omissionProblems()...)
	problems = append(problems, a.lifecycleProblems()...)
	problems = append(problems, a.lockProblems()...)
	problems = append(problems, principalProblems("Deployers", a.Deployers)...)
	problems = append(problems, principalProblems("Readers", a.Readers)...)
	problems = append(problems, a.centralProblems()...)
	return errors.Join(problems...)
}

// omissionProblems are arguments of a trail archive that is left out.
func (a *LogArchiveArgs) omissionProblems() (problems []error) {
	if !a.OmitTrailBucket {
		return nil
	}
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if a.OmitDeliveryBucket {
		add("OmitTrailBucket: with OmitDeliveryBucket no archive is left; leave out one of them")
	}
	for _, given := range []struct {
		field string
		given bool
	}{
		{"Adopt.TrailBucket", a.Adopt.TrailBucket != ""},
		{"BucketNames.Trail", a.BucketNames.Trail != ""},
		{"Central", a.Central != nil},
		{"ObjectLock", a.ObjectLock != nil},
		{"OrganizationID", a.OrganizationID != ""},
	} {
		if given.given {
			add("%s: has no effect without the trail archive; leave it or OmitTrailBucket out", given.field)
		}
	}
	return problems
}

func (a *LogArchiveArgs) lifecycleProblems() (problems []error) {
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	retention := a.retentionDays()
	if retention < 0 {
		add("RetentionDays: %d is negative; 0 keeps logs for ever", retention)
	}
	if days := valueOr(a.NoncurrentDays, DefaultNoncurrentDays); days < 1 {
		add("NoncurrentDays: %d is below 1", days)
	}
	if days := valueOr(a.AccessLogRetentionDays, DefaultAccessLogRetentionDays); days < 0 {
		add("AccessLogRetentionDays: %d is negative; 0 keeps access logs for ever", days)
	}
	previousClass, previousDays := -1, -1
	for i, transition := range a.Transitions {
		field := fmt.Sprintf("Transitions[%d]", i)
		class := slices.Index(storageClasses, transition.StorageClass)
		if class < 0 {
			add("%s.StorageClass: %q is none of %s", field, transition.StorageClass, strings.Join(storageClasses, ", "))
		} else if class <= previousClass {
			add("%s.StorageClass: %q cannot follow %q: S3 moves objects to colder classes only", field, transition.StorageClass, storageClasses[previousClass])
		}
		minimum := 0
		if strings.HasSuffix(transition.StorageClass, "_IA") {
			minimum = 30
		}
		switch {
		case transition.Days < minimum:
			add("%s.Days: %d is below %d, the least for %s", field, transition.Days, minimum, transition.StorageClass)
		case transition.Days <= previousDays:
			add("%s.Days: %d is not after the %d days of the transition before it", field, transition.Days, previousDays)
		case retention > 0 && transition.Days >= retention:
			add("%s.Days: %d is not before RetentionDays %d, at which the objects expire", field, transition.Days, retention)
		}
		previousClass, previousDays = max(previousClass, class), transition.Days
	}
	return problems
}

func (a *LogArchiveArgs) lockProblems() (problems []error) {
	if a.ObjectLock == nil {
		return nil
	}
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if a.ObjectLock.Mode != "GOVERNANCE" && a.ObjectLock.Mode != "COMPLIANCE" {
		add("ObjectLock.Mode: %q is neither GOVERNANCE nor COMPLIANCE", a.ObjectLock.Mode)
	}
	if a.ObjectLock.Days < 1 || a.ObjectLock.Days > 36500 {
		add("ObjectLock.Days: %d is not between 1 and 36500", a.ObjectLock.Days)
	}
	if retention := a.retentionDays(); retention > 0 && a.ObjectLock.Days > retention {
		add("ObjectLock.Days: %d is more than RetentionDays %d: objects could not expire when they should", a.ObjectLock.Days, retention)
	}
	if a.Disposable {
		add("ObjectLock: locked objects cannot be destroyed with the stack; leave out ObjectLock or Disposable")
	}
	return problems
}

func (a *LogArchiveArgs) centralProblems() (problems []error) {
	if a.Central == nil {
		return nil
	}
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if !bucketNamePattern.MatchString(a.Central.Name) {
		add("Central.Name: %q is no bucket name", a.Central.Name)
	}
	if a.Central.KeyArn != "" && !keyArnPattern.MatchString(a.Central.KeyArn) {
		add("Central.KeyArn: %q is no key ARN such as arn:aws:kms:us-east-1:123456789012:key/…; an alias of another account is not enough", a.Central.KeyArn)
	}
	if a.Central.KeyPrefix != "" && (len(a.Central.KeyPrefix) > 200 || !keyPrefixPattern.MatchString(a.Central.KeyPrefix)) {
		add("Central.KeyPrefix: %q is no prefix: at most 200 letters, digits and !_.'()-, in parts joined by single slashes", a.Central.KeyPrefix)
	}
	for field, given := range map[string]bool{
		"BucketNames": a.BucketNames != BucketNames{},
		"KeyPrefix":   a.KeyPrefix != "",
		"ObjectLock":  a.ObjectLock != nil,
		"Transitions": len(a.Transitions) > 0,
		"Adopt":       a.Adopt != Adopt{},
	} {
		if given {
			add("%s: with Central no bucket is created here, so that this has no effect; leave it out", field)
		}
	}
	return problems
}

func principalProblems(field string, arns []string) (problems []error) {
	for i, arn := range arns {
		if strings.Contains(arn, ":sts:") {
			problems = append(problems, fmt.Errorf("%s[%d]: %q is a session; give the ARN of its role, with the role's path", field, i, arn))
		} else if !account.PrincipalPattern.MatchString(arn) {
			problems = append(problems, fmt.Errorf("%s[%d]: %q is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer", field, i, arn))
		}
	}
	return problems
}

// refuseForeign refuses principals of another account or partition: a deny that spares them would spare nobody, since a
// principal of another account is not let in by its own policies alone.
func (a *LogArchiveArgs) refuseForeign(where account.Account) error {
	var problems []error
	for field, arns := range map[string][]string{"Deployers": a.Deployers, "Readers": a.Readers} {
		for i, arn := range arns {
			parts := strings.SplitN(arn, ":", 6)
			if parts[1] != where.Partition || parts[4] != where.ID && parts[4] != "*" {
				problems = append(problems, fmt.Errorf("%s[%d]: %q is not in this account, %s of the partition %s; name a role here that it may assume",
					field, i, arn, where.ID, where.Partition))
			}
		}
	}
	return errors.Join(problems...)
}

func (a *LogArchiveArgs) retentionDays() int { return valueOr(a.RetentionDays, DefaultRetentionDays) }

func (a *LogArchiveArgs) encrypted() bool { return a.Encryption != S3Managed }

func valueOr(value *int, otherwise int) int {
	if value == nil {
		return otherwise
	}
	return *value
}
