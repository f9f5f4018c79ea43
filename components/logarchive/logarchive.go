// Package logarchive holds the buckets that AWS services deliver their logs to, in a way that survives mistakes and
// intruders: the trail's archive, the delivery archive of AWS Config and GuardDuty, and the access logs of both. Or it
// stands for the central bucket of a log-archive account, and says what to paste there.
package logarchive

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

const token = "account-baseline:index:LogArchive"

// LogArchive is where logs are kept. Names and ARNs that are plain strings are known before anything is created.
type LogArchive struct {
	pulumi.ResourceState

	TrailBucket     pulumi.StringOutput `pulumi:"trailBucket"`     // name; the central bucket's with Central; empty where it is left out
	DeliveryBucket  pulumi.StringOutput `pulumi:"deliveryBucket"`  // name; empty where it is left out
	AccessLogBucket pulumi.StringOutput `pulumi:"accessLogBucket"` // name; empty with Central
	KeyArn          pulumi.StringOutput `pulumi:"keyArn"`          // empty without a key
	PasteStatements pulumi.StringOutput `pulumi:"pasteStatements"` // JSON, with Central only: what the bucket's owner adds
	Adoption        pulumi.StringOutput `pulumi:"adoption"`        // YAML: the settings that adopt what a destroy keeps

	// BucketNames are the names of all its buckets, the trail archive first.
	BucketNames []string
	// TrailBucketName is the name of the trail archive or of the central bucket; empty where it is left out.
	TrailBucketName string
	// DeliveryBucketName is the name of the archive of AWS Config and GuardDuty; empty where it is left out.
	DeliveryBucketName string
	// OwnsBuckets says whether they were made here; a central bucket was not.
	OwnsBuckets bool
	// Region is the home Region of the one trail that may deliver.
	Region string
	// TrailName is the name of that trail.
	TrailName string
	// TrailKeyPrefix is the prefix of the trail's object keys; empty: none.
	TrailKeyPrefix string
	// OrganizationID is the organization whose trail may deliver; empty: none.
	OrganizationID string
	// LogGroupName is the log group that may be encrypted with the key.
	LogGroupName string
	// ReaderRoleName is the name of the role that may read log objects; empty where it is left out.
	ReaderRoleName string
	// HasKey says whether KeyArn names a key.
	HasKey bool
	// OwnsKey says whether that key was made here, with statements for LogGroupName and the reader role.
	OwnsKey bool
	// KeyArnPattern matches every key that log objects may be encrypted with, earlier ones of the archive included; empty
	// where a central bucket has none.
	KeyArnPattern string
	// Ready are the resources that must exist before a service delivers.
	Ready []pulumi.Resource
	// KeyReady are those of them that must exist before anything is encrypted with the archive's own key; none without it.
	KeyReady []pulumi.Resource
}

// builder carries what every child needs.
type builder struct {
	ctx      *pulumi.Context
	name     string
	args     *LogArchiveArgs
	where    account.Account
	archive  *LogArchive
	tags     pulumi.StringMapInput
	readers  []string
	key      *kms.Key
	keyReady []pulumi.Resource
}

// NewLogArchive registers the component and, unless a central bucket is given, its buckets and key.
func NewLogArchive(ctx *pulumi.Context, name string, args *LogArchiveArgs, opts ...pulumi.ResourceOption) (*LogArchive, error) {
	if args == nil {
		args = &LogArchiveArgs{}
	}
	if err := args.Validate(); err != nil {
		return nil, fmt.Errorf("log archive %q: %w", name, err)
	}
	archive := &LogArchive{}
	if err := ctx.RegisterComponentResourceV2(token, name, pulumi.Map{}, archive, opts...); err != nil {
		return nil, err
	}
	where, err := account.Of(ctx, archive)
	if err != nil {
		return nil, err
	}
	if err := args.refuseForeign(where); err != nil {
		return nil, fmt.Errorf("log archive %q: %w", name, err)
	}
	prefix := naming.Prefix(ctx, name, args.NamePrefix)
	archive.Region = where.Region
	archive.TrailName = args.TrailName
	if archive.TrailName == "" {
		archive.TrailName = prefix
	}
	archive.TrailKeyPrefix = args.KeyPrefix
	archive.OrganizationID = args.OrganizationID
	archive.LogGroupName = "cloudtrail/" + archive.TrailName
	b := &builder{ctx: ctx, name: name, args: args, where: where, archive: archive, tags: account.Tags(ctx, args.Tags)}
	b.readers = args.Readers
	if !args.OmitReaderRole {
		archive.ReaderRoleName = prefix + "-reader"
		b.readers = append([]string{where.IAM("role/" + archive.ReaderRoleName)}, args.Readers...)
	}
	if args.Central != nil {
		b.useCentralBucket()
	} else {
		if err := b.refuseLockOut(); err != nil {
			return nil, fmt.Errorf("log archive %q: %w", name, err)
		}
		if err := b.createBuckets(prefix); err != nil {
			return nil, err
		}
	}
	return archive, ctx.RegisterResourceOutputs(archive, pulumi.Map{
		"trailBucket":     archive.TrailBucket,
		"deliveryBucket":  archive.DeliveryBucket,
		"accessLogBucket": archive.AccessLogBucket,
		"keyArn":          archive.KeyArn,
		"pasteStatements": archive.PasteStatements,
		"adoption":        archive.Adoption,
	})
}

// createBuckets goes in the order of need: the key, the access logs, then the archives that log there.
func (b *builder) createBuckets(prefix string) error {
	kinds := b.kinds(prefix)
	b.archive.OwnsBuckets, b.archive.KeyArnPattern = true, b.where.ARN("kms", "key/*")
	for _, kind := range append(kinds.archives(), kinds.accessLogs) {
		b.archive.BucketNames = append(b.archive.BucketNames, kind.name)
	}
	b.archive.KeyArn = pulumi.String("").ToStringOutput()
	if b.args.encrypted() {
		if err := b.newKey(kinds.archives()); err != nil {
			return err
		}
	}
	accessLogs, err := b.newBucket(kinds.accessLogs)
	if err != nil {
		return err
	}
	b.archive.AccessLogBucket = accessLogs.Bucket
	none := pulumi.String("").ToStringOutput()
	b.archive.TrailBucket, b.archive.DeliveryBucket = none, none
	for _, kind := range kinds.archives() {
		made, err := b.newBucket(kind)
		if err != nil {
			return err
		}
		if err := b.logAccess(kind, made, accessLogs); err != nil {
			return err
		}
		b.archive.Ready = append(b.archive.Ready, made.ready...)
		if kind.thing == trailThing {
			b.archive.TrailBucket, b.archive.TrailBucketName = made.Bucket, kind.name
		} else {
			b.archive.DeliveryBucket, b.archive.DeliveryBucketName = made.Bucket, kind.name
		}
	}
	b.archive.PasteStatements = none
	b.archive.Adoption = b.adoption()
	return nil
}

// Child names, and suffixes of the bucket names; they are for ever.
const (
	trailThing      = "trail"
	deliveryThing   = "delivery"
	accessLogsThing = "access-logs"
)

type bucketKinds struct {
	trail, delivery *bucketKind // nil where it is left out
	accessLogs      bucketKind
}

func (k bucketKinds) archives() (kinds []bucketKind) {
	for _, kind := range []*bucketKind{k.trail, k.delivery} {
		if kind != nil {
			kinds = append(kinds, *kind)
		}
	}
	return kinds
}

// kinds is where the three kinds of bucket differ. Config refuses an archive with a default retention, and S3 delivers
// access logs neither to a locked bucket nor to one that is encrypted with a KMS key.
func (b *builder) kinds(prefix string) bucketKinds {
	named := func(kind bucketKind, chosen, adopt string) bucketKind {
		kind.name, kind.adopt = chosen, adopt
		if kind.name == "" {
			kind.name = adopt
		}
		if kind.name == "" {
			kind.name = fmt.Sprintf("%s-%s-%s", prefix, kind.thing, b.where.ID)
		}
		kind.arn = b.where.Bucket(kind.name)
		return kind
	}
	kinds := bucketKinds{}
	if !b.args.OmitTrailBucket {
		trailArn := b.where.ARN("cloudtrail", "trail/"+b.archive.TrailName)
		trail := named(bucketKind{
			thing: trailThing, lockable: true, lock: b.args.ObjectLock, encrypted: true,
			deliveries:    []delivery{cloudTrail(b.where, trailArn, b.args.OrganizationID)},
			retentionDays: b.args.retentionDays(), transitions: b.args.Transitions,
		}, b.args.BucketNames.Trail, b.args.Adopt.TrailBucket)
		kinds.trail = &trail
	}
	if !b.args.OmitDeliveryBucket {
		delivered := named(bucketKind{
			thing: deliveryThing, encrypted: true,
			deliveries:    []delivery{config(b.where), guardDuty(b.where)},
			retentionDays: b.args.retentionDays(), transitions: b.args.Transitions,
		}, b.args.BucketNames.Delivery, b.args.Adopt.DeliveryBucket)
		kinds.delivery = &delivered
	}
	var sources []string
	for _, kind := range kinds.archives() {
		sources = append(sources, kind.arn)
	}
	kinds.accessLogs = named(bucketKind{
		thing:         accessLogsThing,
		deliveries:    []delivery{accessLogging(b.where, sources)},
		retentionDays: valueOr(b.args.AccessLogRetentionDays, DefaultAccessLogRetentionDays),
	}, b.args.BucketNames.AccessLogs, b.args.Adopt.AccessLogBucket)
	return kinds
}

// stateful are the options of everything that keeps logs: not even `pulumi destroy` removes it, unless disposable.
func (b *builder) stateful(after ...pulumi.Resource) []pulumi.ResourceOption {
	opts := []pulumi.ResourceOption{pulumi.Parent(b.archive)}
	if len(after) > 0 {
		opts = append(opts, pulumi.DependsOn(after))
	}
	if !b.args.Disposable {
		opts = append(opts, pulumi.Protect(true), pulumi.RetainOnDelete(true))
	}
	return opts
}
