package configbaseline

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
)

// DefaultSnapshotFrequency is how often snapshots are delivered.
const DefaultSnapshotFrequency = "TwentyFour_Hours"

// ConfigBaselineArgs are the arguments of NewConfigBaseline. The zero value records every resource type continuously in
// the Region of its provider, into an archive of its own.
type ConfigBaselineArgs struct {
	// Alerts tells people of non-compliant resources and of changes. Default: nil, nobody is told.
	Alerts *alerthub.AlertHub

	// WithTrail says that a SecureTrail tells people through the same hub: what its alerts tell is not told again, and
	// messages name its Athena queries. Default: false.
	WithTrail bool

	// IgnoreChangesBy are ARNs of roles or users, with their path, whose own calls raise no alert: the deployers, for people
	// who do not want to hear of every deployment. It holds for alerts that know who called: security groups and
	// the recording itself. Default: none, every change is told.
	IgnoreChangesBy []string

	// Archive is where snapshots and histories are delivered: its delivery bucket. A central bucket is refused. A change
	// moves the delivery, older files stay. Default: nil, an archive of the baseline's own is made from ArchiveArgs.
	Archive *logarchive.LogArchive

	// ArchiveArgs are the arguments of that own archive, which has no trail archive and no reader role in any case: who
	// may read it is named in its Readers. Together with Archive it is an error. Default: those of LogArchive.
	ArchiveArgs *logarchive.LogArchiveArgs

	// Regions are where resources are recorded, with a provider each; *regions.Providers is one. The component itself is
	// given the provider of the home Region. Default: nil, only the Region of its own provider.
	Regions RegionProviders

	// NamePrefix begins the names of the aggregator and its role, of remediation roles and conformance packs, and of the
	// own archive's buckets: 3 to 38 lower-case letters, digits and single hyphens. Default: PROJECT-STACK-NAME. A
	// change replaces all but the buckets, whose protection refuses it.
	NamePrefix string

	// Recorders and DeliveryChannels are those that exist already, by Region; AWS allows one of each per Region. Default:
	// none, each Region gets one named "default".
	Recorders, DeliveryChannels map[string]Existing

	// ServiceLinkedRole says who makes the role AWSServiceRoleForConfig, of which an account has one. Default: Create.
	ServiceLinkedRole Management

	// Recording is what is recorded, and how often. Default: every type, at every change.
	Recording RecordingArgs

	// SnapshotFrequency is how often a snapshot of all configurations is delivered: One_Hour, Three_Hours, Six_Hours,
	// Twelve_Hours or TwentyFour_Hours. Default: TwentyFour_Hours.
	SnapshotFrequency string

	// HistoryRetentionDays is how long AWS Config itself keeps configuration items, 30 to 2557 days; the archive keeps
	// its files by its own lifecycle. Default: 0, AWS's own default of seven years.
	HistoryRetentionDays int

	// Rules are evaluated over what is recorded. Default: the essential ones, in the home Region.
	Rules RulesArgs

	// Remediation repairs what rules find. Default: nothing is repaired.
	Remediation RemediationArgs

	// ConformancePacks are sets of rules that AWS or others wrote. Default: none.
	ConformancePacks []ConformancePack

	// OmitAggregator leaves out the view over all Regions. Default: false.
	OmitAggregator bool

	// AggregatorOrganization extends the view over all accounts of the organization; in its management account or a
	// delegated administrator. Default: false. A change replaces the aggregator, which holds no data.
	AggregatorOrganization bool

	// AggregatorAccountIDs are further accounts in the view, 12 digits each; each has to authorize this one (aws
	// configservice put-aggregation-authorization). Default: none.
	AggregatorAccountIDs []string

	// NonComplianceAlerts tells of resources that break a rule. Default: true.
	NonComplianceAlerts *bool

	// SecurityGroupAlerts tells of changes of security groups, and who made them. Default: true.
	SecurityGroupAlerts *bool

	// ChangeAlerts are resource types whose changes are told. Default: none.
	ChangeAlerts []string

	// CompliantAgainAlerts tells, as information, of resources that obey a rule again. Default: false.
	CompliantAgainAlerts bool

	// Disposable makes a sandbox whose own archive goes with the stack. Default: false.
	Disposable bool

	// Tags of every taggable resource, beside pulumi:project and pulumi:stack. Default: none.
	Tags pulumi.StringMapInput
}

// RegionProviders are the covered Regions and their providers.
type RegionProviders interface {
	// Covered are the covered Regions, the home Region among them.
	Covered() []string
	// For is the provider of a covered Region.
	For(region string) *aws.Provider
	// HomeRegion is where what exists once per account lives.
	HomeRegion() string
	// GlobalRegion is where global services are recorded: us-east-1 in the partition aws.
	GlobalRegion() string
}

// Existing is a recorder or delivery channel that is there already: exactly one of its fields is set.
type Existing struct {
	// Existing is the name of one that stays unmanaged. Default: none.
	Existing string
	// Adopt is the name of one that is taken over: it keeps its name and gets the settings given here. AWS Config updates
	// what has that name, so that nothing has to be imported. Default: none.
	Adopt string
}

// Management says who makes what AWS has once per account.
type Management string

// The kinds of management.
const (
	Create        Management = "create"   // made here
	UseExisting   Management = "existing" // exists and stays unmanaged
	AdoptExisting Management = "adopt"    // exists and is imported
)

var (
	managements = []Management{Create, UseExisting, AdoptExisting}

	// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigSnapshotDeliveryProperties.html
	snapshotFrequencies = []string{"One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"}

	accountID = regexp.MustCompile(`^[0-9]{12}$`)
)

// Limits of https://docs.aws.amazon.com/config/latest/APIReference/API_RetentionConfiguration.html and of
// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorder.html; the last keeps the pattern of
// ChangeAlerts within what a rule of EventBridge takes.
const (
	minHistoryRetentionDays = 30
	maxHistoryRetentionDays = 2557
	maxRecorderName         = 256
	maxChangeAlertsLength   = 1700
)

// validate returns all that is wrong with the arguments whatever the Regions, each problem naming its field.
func (a *ConfigBaselineArgs) validate() error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if err := naming.CheckPrefix("NamePrefix", a.NamePrefix); err != nil {
		problems = append(problems, err)
	}
	problems = append(problems, a.archiveProblems()...)
	problems = append(problems, existingProblems("Recorders", a.Recorders)...)
	problems = append(problems, existingProblems("DeliveryChannels", a.DeliveryChannels)...)
	if !slices.Contains(managements, a.serviceLinkedRole()) {
		add("ServiceLinkedRole: %q is none of %s, %s and %s", a.ServiceLinkedRole, Create, UseExisting, AdoptExisting)
	}
	problems = append(problems, a.Recording.problems()...)
	if !slices.Contains(snapshotFrequencies, a.snapshotFrequency()) {
		add("SnapshotFrequency: %q is none of %s", a.SnapshotFrequency, strings.Join(snapshotFrequencies, ", "))
	}
	if days := a.HistoryRetentionDays; days != 0 && (days < minHistoryRetentionDays || days > maxHistoryRetentionDays) {
		add("HistoryRetentionDays: AWS Config does not keep items for %d days; %d to %d are possible", days, minHistoryRetentionDays, maxHistoryRetentionDays)
	}
	problems = append(problems, a.aggregatorProblems()...)
	problems = append(problems, a.alertProblems()...)
	problems = append(problems, a.Rules.problems()...)
	problems = append(problems, a.remediationProblems()...)
	problems = append(problems, a.packProblems()...)
	return errors.Join(problems...)
}

func (a *ConfigBaselineArgs) archiveProblems() (problems []error) {
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	const central = "AWS Config is not delivered to a central bucket here"
	switch {
	case a.Archive != nil && a.ArchiveArgs != nil:
		add("ArchiveArgs: has no effect beside Archive; leave out one of them")
	case a.Archive != nil && !a.Archive.OwnsBuckets:
		add("Archive: %s; give an archive with buckets of its own", central)
	case a.Archive != nil && a.Archive.DeliveryBucketName == "":
		add("Archive: it has no delivery bucket; make it without OmitDeliveryBucket")
	case a.ArchiveArgs != nil && a.ArchiveArgs.Central != nil:
		add("ArchiveArgs.Central: %s; leave it out", central)
	case a.ArchiveArgs != nil && a.ArchiveArgs.OmitDeliveryBucket:
		add("ArchiveArgs.OmitDeliveryBucket: the delivery bucket is what the archive is for; leave it out")
	}
	if a.Archive == nil && len(problems) == 0 {
		if err := a.ownArchive("").Validate(); err != nil {
			add("ArchiveArgs: %w", err)
		}
	}
	return problems
}

// ownArchive are the arguments of the archive that the baseline makes for itself.
func (a *ConfigBaselineArgs) ownArchive(prefix string) *logarchive.LogArchiveArgs {
	args := logarchive.LogArchiveArgs{}
	if a.ArchiveArgs != nil {
		args = *a.ArchiveArgs
	}
	// The policies would let in a role that nobody makes.
	args.OmitTrailBucket, args.OmitReaderRole = true, true
	args.Disposable = args.Disposable || a.Disposable
	if args.NamePrefix == "" {
		args.NamePrefix = prefix
	}
	if args.Tags == nil {
		args.Tags = a.Tags
	}
	return &args
}

func existingProblems(field string, existing map[string]Existing) (problems []error) {
	for _, region := range slices.Sorted(maps.Keys(existing)) {
		at := fmt.Sprintf("%s[%q]", field, region)
		given := existing[region]
		switch name := cmp.Or(given.Existing, given.Adopt); {
		case given.Existing != "" && given.Adopt != "":
			problems = append(problems, fmt.Errorf("%s: Existing %q stays unmanaged and Adopt %q is taken over, but there is one only; leave out one of them", at, given.Existing, given.Adopt))
		case name == "":
			problems = append(problems, fmt.Errorf("%s: neither Existing nor Adopt names it; leave it out to have one made", at))
		case len(name) > maxRecorderName:
			problems = append(problems, fmt.Errorf("%s: the name is %d characters long, at most %d are possible", at, len(name), maxRecorderName))
		}
	}
	return problems
}

// existingOutside finds what is named for Regions that are not covered.
func existingOutside(field string, existing map[string]Existing, covered []string) (problems []error) {
	for _, region := range slices.Sorted(maps.Keys(existing)) {
		if !slices.Contains(covered, region) {
			problems = append(problems, fmt.Errorf("%s[%q]: the Region is not covered; covered are %s", field, region, strings.Join(covered, ", ")))
		}
	}
	return problems
}

func (a *ConfigBaselineArgs) aggregatorProblems() (problems []error) {
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if a.OmitAggregator && (a.AggregatorOrganization || len(a.AggregatorAccountIDs) > 0) {
		add("OmitAggregator: there is no view that AggregatorOrganization or AggregatorAccountIDs could extend; leave out one of them")
	}
	if a.AggregatorOrganization && len(a.AggregatorAccountIDs) > 0 {
		add("AggregatorAccountIDs: the organization has all its accounts in the view already; leave out one of them")
	}
	for i, id := range a.AggregatorAccountIDs {
		if !accountID.MatchString(id) {
			add("AggregatorAccountIDs[%d]: %q is no account id of 12 digits", i, id)
		}
		if first := slices.Index(a.AggregatorAccountIDs, id); first < i {
			add("AggregatorAccountIDs[%d]: %q is AggregatorAccountIDs[%d] already; remove one of them", i, id, first)
		}
	}
	return problems
}

// unheard are alerts that were asked for and would reach nobody.
func (a *ConfigBaselineArgs) unheard() error {
	var problems []error
	if a.Alerts == nil && len(a.ChangeAlerts) > 0 {
		problems = append(problems, errors.New("field ChangeAlerts: nobody would be told; give Alerts"))
	}
	if a.Alerts == nil && a.CompliantAgainAlerts {
		problems = append(problems, errors.New("field CompliantAgainAlerts: nobody would be told; give Alerts"))
	}
	return errors.Join(problems...)
}

func (a *ConfigBaselineArgs) alertProblems() []error {
	problems := typeProblems("ChangeAlerts", a.ChangeAlerts)
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if i := slices.Index(a.ChangeAlerts, securityGroup); i >= 0 && isTrue(a.SecurityGroupAlerts) {
		add("ChangeAlerts[%d]: SecurityGroupAlerts tells of %s already, and of who changed it; leave it out", i, securityGroup)
	}
	if length := len(strings.Join(a.ChangeAlerts, `","`)); length > maxChangeAlertsLength {
		add("ChangeAlerts: %d types have %d characters together, at most %d are possible; name fewer", len(a.ChangeAlerts), length, maxChangeAlertsLength)
	}
	for i, arn := range a.IgnoreChangesBy {
		if !account.PrincipalArn.MatchString(arn) {
			add("IgnoreChangesBy[%d]: %q is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer", i, arn)
		}
	}
	return problems
}

// checkRegion refuses what would have to be in the home Region and is not.
func (a *ConfigBaselineArgs) checkRegion(home string) error {
	var problems []error
	if a.Regions != nil && a.Regions.HomeRegion() != home {
		problems = append(problems, fmt.Errorf("%s: the home Region is %s, but the provider of the component works in %s; give the component the home Region's provider", "Regions", a.Regions.HomeRegion(), home))
	}
	if a.Alerts != nil && a.Alerts.HomeRegion() != home {
		problems = append(problems, fmt.Errorf("%s: its topics are in %s, the home Region is %s; give both the same provider", "Alerts", a.Alerts.HomeRegion(), home))
	}
	// https://docs.aws.amazon.com/config/latest/APIReference/API_DeliveryChannel.html: the key's Region is the bucket's.
	if a.Archive != nil && a.Archive.Region != home {
		problems = append(problems, fmt.Errorf("%s: it is in %s, the home Region is %s; give both the same provider", "Archive", a.Archive.Region, home))
	}
	return errors.Join(problems...)
}

func (a *ConfigBaselineArgs) serviceLinkedRole() Management {
	return cmp.Or(a.ServiceLinkedRole, Create)
}

func (a *ConfigBaselineArgs) snapshotFrequency() string {
	return cmp.Or(a.SnapshotFrequency, DefaultSnapshotFrequency)
}

// isTrue is the value of a switch that is on by default.
func isTrue(given *bool) bool { return given == nil || *given }
