// Package securetrail records who did what, when and to what: a multi-Region trail with validated log files in an archive
// that survives mistakes and intruders, its delivery to CloudWatch Logs, and the groups that administer and read it.
package securetrail

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudtrail"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
)

const token = "account-baseline:index:SecureTrail"

// SecureTrail is a trail with all that belongs to it.
type SecureTrail struct {
	pulumi.ResourceState

	TrailArn            pulumi.StringOutput `pulumi:"trailArn"`
	TrailName           pulumi.StringOutput `pulumi:"trailName"`
	BucketName          pulumi.StringOutput `pulumi:"bucketName"`          // the trail archive, or the central bucket
	KeyArn              pulumi.StringOutput `pulumi:"keyArn"`              // of the key that encrypts log files; empty: SSE-S3
	LogGroupName        pulumi.StringOutput `pulumi:"logGroupName"`        // empty with OmitLogs
	LogGroupArn         pulumi.StringOutput `pulumi:"logGroupArn"`         // empty with OmitLogs
	AdministratorsGroup pulumi.StringOutput `pulumi:"administratorsGroup"` // name of the group; empty with OmitAdministrators
	ReadersGroup        pulumi.StringOutput `pulumi:"readersGroup"`        // name of the group; empty with OmitReaders
	ReaderRoleArn       pulumi.StringOutput `pulumi:"readerRoleArn"`       // the role that readers switch to; empty with OmitReaders
	AthenaWorkgroup     pulumi.StringOutput `pulumi:"athenaWorkgroup"`     // name; empty without Athena
	AthenaDatabase      pulumi.StringOutput `pulumi:"athenaDatabase"`      // name; empty without Athena

	// AthenaQueries are the ids of the named queries by name; empty without Athena.
	AthenaQueries pulumi.StringMapOutput `pulumi:"athenaQueries"`

	// HasAthena says whether there is Athena over the archive: with OmitAthena, over a central bucket and where nobody may
	// read results there is none.
	HasAthena bool

	// FilterMetrics are what the metric filters count, in the order of the benchmark; none without them.
	FilterMetrics []FilterMetric

	// ReaderRole is the role that readers switch to, for what has to wait for it; nil with OmitReaders.
	ReaderRole *iam.Role

	// Archive is where the trail delivers: the given one, or its own.
	Archive *logarchive.LogArchive
}

// builder carries what every child needs.
type builder struct {
	ctx    *pulumi.Context
	name   string
	prefix string
	args   *SecureTrailArgs
	where  account.Account
	trail  *SecureTrail
	tags   pulumi.StringMapInput
	ready  []pulumi.Resource // what must exist before the trail

	furtherBuckets []string // buckets of the baseline beside the archive's, whose objects are never recorded

	resultsReady []pulumi.Resource // what must exist before Athena writes results
}

// NewSecureTrail registers the component and its resources in the Region of its provider, which becomes the trail's home
// Region.
func NewSecureTrail(ctx *pulumi.Context, name string, args *SecureTrailArgs, opts ...pulumi.ResourceOption) (*SecureTrail, error) {
	if args == nil {
		args = &SecureTrailArgs{}
	}
	if err := args.validate(naming.Prefix(ctx, name, args.NamePrefix)); err != nil {
		return nil, fmt.Errorf("secure trail %q: %w", name, err)
	}
	trail := &SecureTrail{Archive: args.Archive}
	if err := ctx.RegisterComponentResourceV2(token, name, pulumi.Map{}, trail, opts...); err != nil {
		return nil, err
	}
	where, err := account.Of(ctx, trail)
	if err != nil {
		return nil, err
	}
	if err := args.checkRegion(where.Region); err != nil {
		return nil, fmt.Errorf("secure trail %q: %w", name, err)
	}
	b := &builder{
		ctx: ctx, name: name, prefix: naming.Prefix(ctx, name, args.NamePrefix), args: args, where: where, trail: trail,
		tags: account.Tags(ctx, args.Tags),
	}
	if trail.Archive == nil {
		trail.Archive, err = logarchive.NewLogArchive(ctx, name+"-archive", args.ownArchive(b.prefix), pulumi.Parent(trail))
		if err != nil {
			return nil, err
		}
	}
	for _, create := range []func() error{
		b.newLogs, b.newResults, b.newTrail, b.newAdministrators, b.newReaders, b.newAthena, b.newAlerts, b.newMetricFilters,
	} {
		if err := create(); err != nil {
			return nil, err
		}
	}
	return trail, ctx.RegisterResourceOutputs(trail, pulumi.Map{
		"trailArn":            trail.TrailArn,
		"trailName":           trail.TrailName,
		"bucketName":          trail.BucketName,
		"keyArn":              trail.KeyArn,
		"logGroupName":        trail.LogGroupName,
		"logGroupArn":         trail.LogGroupArn,
		"administratorsGroup": trail.AdministratorsGroup,
		"readersGroup":        trail.ReadersGroup,
		"readerRoleArn":       trail.ReaderRoleArn,
		"athenaWorkgroup":     trail.AthenaWorkgroup,
		"athenaDatabase":      trail.AthenaDatabase,
		"athenaQueries":       trail.AthenaQueries,
	})
}

// DefaultTrailName is the name that a trail component gives to the trail in its own archive: PROJECT-STACK-NAME. An
// archive that is made for it beforehand is given the same.
func DefaultTrailName(ctx *pulumi.Context, name string) string { return naming.Prefix(ctx, name, "") }

// newTrail comes after everything that CreateTrail checks: bucket and key policy, log group and role.
func (b *builder) newTrail() error {
	archive := b.trail.Archive
	args := &cloudtrail.TrailArgs{
		Name:                       pulumi.String(archive.TrailName),
		S3BucketName:               archive.TrailBucket,
		EnableLogging:              pulumi.Bool(true),
		EnableLogFileValidation:    pulumi.Bool(true),
		IncludeGlobalServiceEvents: pulumi.Bool(true),
		IsMultiRegionTrail:         pulumi.Bool(true),
		IsOrganizationTrail:        pulumi.Bool(archive.OrganizationID != ""),
		AdvancedEventSelectors:     b.selectors(),
		InsightSelectors:           insightSelectors(b.args.insightTypes()),
		Tags:                       b.tags,
	}
	if archive.TrailKeyPrefix != "" {
		args.S3KeyPrefix = pulumi.String(archive.TrailKeyPrefix)
	}
	if archive.HasKey {
		args.KmsKeyId = archive.KeyArn
	}
	if !b.args.OmitLogs {
		args.CloudWatchLogsGroupArn = pulumi.Sprintf("%s:*", b.trail.LogGroupArn)
		args.CloudWatchLogsRoleArn = pulumi.String(b.where.IAM("role/" + b.logRoleName()))
	}
	made, err := cloudtrail.NewTrail(b.ctx, b.name+"-trail", args,
		pulumi.Parent(b.trail), pulumi.DependsOn(append(b.ready, archive.Ready...)))
	if err != nil {
		return err
	}
	b.trail.TrailArn, b.trail.TrailName = made.Arn, made.Name
	b.trail.BucketName, b.trail.KeyArn = archive.TrailBucket, archive.KeyArn
	if !archive.HasKey {
		b.trail.KeyArn = none()
	}
	return nil
}

func none() pulumi.StringOutput { return pulumi.String("").ToStringOutput() }
