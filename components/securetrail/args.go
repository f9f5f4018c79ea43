package securetrail

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
)

// DefaultLogRetentionDays is how long the log group keeps events; the archive keeps them longer.
const DefaultLogRetentionDays = 365

// SecureTrailArgs are the arguments of NewSecureTrail. The zero value makes a trail with an archive and a key of its own.
type SecureTrailArgs struct {
	// Alerts tells people when somebody tampers with the trail. Default: nil, nobody is told.
	Alerts *alerthub.AlertHub

	// Archive is where the trail delivers; it also decides the trail's name and organization. Default: nil, an archive
	// of the trail's own is made from ArchiveArgs.
	Archive *logarchive.LogArchive

	// ArchiveArgs are the arguments of that own archive. Default: a trail archive and its access logs, no delivery archive.
	// Together with Archive it is an error.
	ArchiveArgs *logarchive.LogArchiveArgs

	// NamePrefix is what the names of the log role and the groups begin with: at most 38 lower-case letters, digits
	// and hyphens. Default: PROJECT-STACK-NAME. A change replaces them.
	NamePrefix string

	// OmitLogs leaves out the delivery to CloudWatch Logs, on which metric filters stand. Default: false.
	OmitLogs bool

	// LogRetentionDays is how many days CloudWatch Logs keeps events; 0 keeps them for ever. One of the values that
	// PutRetentionPolicy takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
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

	// OmitAdministrators leaves out the group that may administer the trail. Default: false.
	OmitAdministrators bool

	// AdministratorsName and ReadersName are the names of the groups. Default: PREFIX-administrators and PREFIX-readers.
	// A change renames the group in place; its members stay.
	AdministratorsName, ReadersName string

	// OmitReaders leaves out the group and the role that may read the trail and its archive. Default: false.
	OmitReaders bool

	// Disposable makes a sandbox whose key and logs go with the stack; it holds for the own archive too. Default: false.
	Disposable bool

	// Tags of every taggable resource, beside those of the project and the stack.
	Tags pulumi.StringMapInput
}

// logRetentionDays are the values that CloudWatch Logs takes; 0 stands for never.
var logRetentionDays = []int{0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

var groupName = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)

func (a *SecureTrailArgs) validate() error {
	var problems []error
	if err := naming.CheckPrefix("NamePrefix", a.NamePrefix); err != nil {
		problems = append(problems, err)
	}
	if a.Archive != nil && a.ArchiveArgs != nil {
		problems = append(problems, errors.New("ArchiveArgs: has no effect beside Archive; leave out one of them"))
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
	if a.AdministratorsName != "" && strings.EqualFold(a.AdministratorsName, a.ReadersName) {
		problems = append(problems, fmt.Errorf("ReadersName: %q is the administrators' group too; choose another", a.ReadersName))
	}
	if !a.OmitReaders && a.Archive != nil && a.Archive.ReaderRoleName == "" {
		problems = append(problems, errors.New("OmitReaders: the given Archive omits the reader role, so that readers could read nothing; set OmitReaders"))
	}
	problems = append(problems, a.selectorProblems()...)
	for i, arn := range a.IgnoreChangesBy {
		if !principalArn.MatchString(arn) {
			problems = append(problems, fmt.Errorf("IgnoreChangesBy[%d]: %q is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer", i, arn))
		}
	}
	return errors.Join(problems...)
}

var principalArn = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[\w+=,.@/-]+$`)

func (a *SecureTrailArgs) retentionDays() int {
	if a.LogRetentionDays == nil {
		return DefaultLogRetentionDays
	}
	return *a.LogRetentionDays
}

// ownArchive are the arguments of the archive that the trail makes for itself.
func (a *SecureTrailArgs) ownArchive(prefix string) *logarchive.LogArchiveArgs {
	args := logarchive.LogArchiveArgs{OmitDeliveryBucket: true}
	if a.ArchiveArgs != nil {
		args = *a.ArchiveArgs
	}
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
