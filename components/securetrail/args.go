package securetrail

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
)

// DefaultLogRetentionDays is how long the log group keeps events; the archive keeps them longer.
const DefaultLogRetentionDays = 365

// SecureTrailArgs are the arguments of NewSecureTrail. The zero value makes a trail with an archive and a key of its own.
type SecureTrailArgs struct {
	// Alerts tells people when somebody tampers with the trail. Default: nil, nobody is told.
	Alerts *alerthub.AlertHub

	// Archive is where the trail delivers; it also decides the trail's name, organization and key. A change moves the
	// delivery, older logs stay where they are. Default: nil, an archive of the trail's own is made from ArchiveArgs.
	Archive *logarchive.LogArchive

	// ArchiveArgs are the arguments of that own archive, which has no delivery archive in any case. Together with Archive
	// it is an error. Default: those of LogArchive.
	ArchiveArgs *logarchive.LogArchiveArgs

	// NamePrefix is what the names of the log role, the groups, the metric filters, the Athena resources and, with an own
	// archive, of the trail and its log group begin with: 3 to 38 lower-case letters, digits and single hyphens. Default:
	// PROJECT-STACK-NAME. A change replaces all but the groups, which are renamed.
	NamePrefix string

	// OmitLogs leaves out the delivery to CloudWatch Logs, on which metric filters stand. The log group is deleted then;
	// the archive has its events. Default: false.
	OmitLogs bool

	// LogRetentionDays is how many days CloudWatch Logs keeps events; 0 keeps them for ever. One of the values that
	// PutRetentionPolicy takes (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html).
	// Default: 365.
	LogRetentionDays *int

	// DataEvents are the kinds of data events that are recorded, at $0.10 per 100,000. Default: none.
	DataEvents []DataEvents

	// NetworkActivity are the services, of NetworkActivitySources, whose calls through VPC endpoints are recorded, at $0.10
	// per 100,000. Default: none.
	NetworkActivity []string

	// OmitKMSEvents and OmitRDSDataEvents leave out the management events of AWS KMS and of the RDS Data API, which can be
	// very many. KMS events are evidence of who decrypted what. Default: false, they are recorded.
	OmitKMSEvents, OmitRDSDataEvents bool

	// CallRateInsights and ErrorRateInsights find unusual rates of write calls and of errors, at $0.35 per 100,000
	// events and kind. Default: false.
	CallRateInsights, ErrorRateInsights bool

	// IgnoreChangesBy are ARNs of roles or users, with their path, whose own changes raise no alert: the deployers, for
	// people who do not want to hear of every deployment. Default: none, every change is told.
	IgnoreChangesBy []string

	// OmitAthena leaves out the table, the workgroup and the named queries over the archive. Over a central bucket, and where
	// nobody may read results, they are left out with a warning. Default: false.
	OmitAthena bool

	// AthenaBytesScannedCutoff is the number of bytes after which the workgroup stops a query, at least
	// MinAthenaBytesScannedCutoff (10 MB). Default: 100 GB (DefaultAthenaBytesScannedCutoff).
	AthenaBytesScannedCutoff int

	// AthenaReaders are ARNs of roles or users, with their path, * and ? allowed, that may read the results of queries beside
	// the reader role: the Readers of the archive. They need the permissions in their own policies too. Default: none.
	AthenaReaders []string

	// OmitMetricFilters leaves out the 15 CIS metric filters and their alarms over the log group. Default: false; they
	// need the logs, so OmitLogs leaves them out too.
	OmitMetricFilters bool

	// MetricFilters changes single CIS metric filters, by the names of CISMetricFilters. Default: all are on and fire from
	// the first event. With OmitLogs or OmitMetricFilters it is an error.
	MetricFilters map[string]MetricFilter

	// SingleSignOn says that people sign in through IAM Identity Center or another identity provider, whose MFA AWS does not
	// see: the filter signInWithoutMfa then counts successful sign-ins of IAM users only. Default: false.
	SingleSignOn bool

	// OmitAdministrators leaves out the group that may administer the trail. Default: false.
	OmitAdministrators bool

	// AdministratorsName and ReadersName are the names of the groups. Default: PREFIX-administrators and PREFIX-readers.
	// A change renames the group in place; its members stay.
	AdministratorsName, ReadersName string

	// OmitReaders leaves out the group and the role that may read the trail and its archive. Default: false.
	OmitReaders bool

	// Disposable makes a sandbox whose key and logs go with the stack; it holds for the own archive too. Default: false.
	Disposable bool

	// Tags of every taggable resource, beside pulumi:project and pulumi:stack. Default: none.
	Tags pulumi.StringMapInput
}

// logRetentionDays are the values that CloudWatch Logs takes; 0 stands for never.
var logRetentionDays = []int{0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

var groupName = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)

// validate is given the prefix of physical names.
func (a *SecureTrailArgs) validate(prefix string) error {
	var problems []error
	if err := naming.CheckPrefix("NamePrefix", a.NamePrefix); err != nil {
		problems = append(problems, err)
	}
	if a.Archive != nil && a.ArchiveArgs != nil {
		problems = append(problems, errors.New("ArchiveArgs: has no effect beside Archive; leave out one of them"))
	}
	if a.Archive == nil {
		if err := a.ownArchive("").Validate(); err != nil {
			problems = append(problems, fmt.Errorf("ArchiveArgs: %w", err))
		}
	}
	if !slices.Contains(logRetentionDays, a.retentionDays()) {
		values := strings.Trim(strings.ReplaceAll(fmt.Sprint(logRetentionDays), " ", ", "), "[]")
		problems = append(problems, fmt.Errorf("LogRetentionDays: CloudWatch Logs does not take %d; it takes %s", a.retentionDays(), values))
	}
	for _, group := range []struct{ field, name string }{{"AdministratorsName", a.AdministratorsName}, {"ReadersName", a.ReadersName}} {
		if group.name != "" && !groupName.MatchString(group.name) {
			problems = append(problems, fmt.Errorf("%s: %q is no name of an IAM group: 1 to 128 letters, digits and +=,.@_-", group.field, group.name))
		}
	}
	administrators, readers := a.groupNames(prefix)
	if strings.EqualFold(administrators, readers) {
		problems = append(problems, fmt.Errorf("ReadersName: %q is the administrators' group too; choose another", readers))
	}
	if a.Archive != nil && a.Archive.TrailBucketName == "" {
		problems = append(problems, errors.New("field Archive: it was made with OmitTrailBucket, so that no trail can deliver to it; give another"))
	}
	if !a.OmitReaders && a.Archive != nil && a.Archive.ReaderRoleName == "" {
		problems = append(problems, errors.New("OmitReaders: the given Archive omits the reader role, so that readers could read nothing; set OmitReaders"))
	}
	problems = append(problems, a.selectorProblems()...)
	problems = append(problems, a.athenaProblems()...)
	for i, arn := range a.IgnoreChangesBy {
		if !account.PrincipalArn.MatchString(arn) {
			problems = append(problems, fmt.Errorf("IgnoreChangesBy[%d]: %q is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer", i, arn))
		}
	}
	problems = append(problems, a.metricFilterProblems()...)
	return errors.Join(problems...)
}

// checkRegion refuses what would have to be in the trail's home Region and is not: topics, because an alarm and a rule reach
// those of their own Region only, and the archive, because its policies name the trail with its Region.
func (a *SecureTrailArgs) checkRegion(home string) error {
	var problems []error
	if a.Alerts != nil && a.Alerts.HomeRegion() != home {
		problems = append(problems, fmt.Errorf("field Alerts: its topics are in %s, the trail in %s; give both the same provider", a.Alerts.HomeRegion(), home))
	}
	if a.Archive != nil && a.Archive.Region != home {
		problems = append(problems, fmt.Errorf("field Archive: its policies admit a trail of %s, the trail is in %s; give both the same provider", a.Archive.Region, home))
	}
	return errors.Join(problems...)
}

// groupNames are the names of the groups, chosen or made from the prefix.
func (a *SecureTrailArgs) groupNames(prefix string) (administrators, readers string) {
	return cmp.Or(a.AdministratorsName, prefix+"-administrators"), cmp.Or(a.ReadersName, prefix+"-readers")
}

func (a *SecureTrailArgs) retentionDays() int {
	if a.LogRetentionDays == nil {
		return DefaultLogRetentionDays
	}
	return *a.LogRetentionDays
}

// ownArchive are the arguments of the archive that the trail makes for itself.
func (a *SecureTrailArgs) ownArchive(prefix string) *logarchive.LogArchiveArgs {
	args := logarchive.LogArchiveArgs{}
	if a.ArchiveArgs != nil {
		args = *a.ArchiveArgs
	}
	args.OmitDeliveryBucket = true
	if args.TrailName == "" {
		args.TrailName = prefix
	}
	args.Disposable = args.Disposable || a.Disposable
	args.OmitReaderRole = args.OmitReaderRole || a.OmitReaders
	if args.Tags == nil {
		args.Tags = a.Tags
	}
	return &args
}
