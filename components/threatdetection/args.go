package threatdetection

import (
	"cmp"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
)

// Defaults of ThreatDetectionArgs.
const (
	DefaultFindingPublishingFrequency = "FIFTEEN_MINUTES"
	DefaultCriticalFrom               = 7.0
	DefaultWarningFrom                = 4.0
	DefaultUnusedAccessAge            = 90
)

// ThreatDetectionArgs are the arguments of NewThreatDetection. The zero value watches the Region of its provider with
// GuardDuty, its plans for S3, EKS, EC2, RDS and Lambda among them, IAM Access Analyzer and Security Hub's FSBP.
type ThreatDetectionArgs struct {
	// Alerts tells people of findings. Default: nil, nobody is told.
	Alerts *alerthub.AlertHub

	// WithTrail says that a SecureTrail tells people through the same hub: that detection was switched off is its alert
	// then, and messages name its Athena queries. Default: false.
	WithTrail bool

	// IgnoreChangesBy are ARNs of roles or users, with their path, whose own changes of detection raise no alert: the
	// deployers. Default: none, every change is told.
	IgnoreChangesBy []string

	// Archive is where findings are exported: its delivery bucket, with its key. Default: nil. Without an archive,
	// delivery bucket or key there is no export, and Gaps says so: GuardDuty exports with a customer-managed key only.
	Archive *logarchive.LogArchive

	// OmitExport leaves the export out. Default: false.
	OmitExport bool

	// Regions are the covered Regions, with a provider each; *regions.Providers is one. The component itself is given
	// the provider of the home Region. Default: nil, only the Region of its own provider.
	Regions RegionProviders

	// NamePrefix begins the names of analyzers, address lists and roles: 3 to 38 lower-case letters, digits and single
	// hyphens. Default: PROJECT-STACK-NAME. A change replaces them; detectors have no name.
	NamePrefix string

	// OmitGuardDuty leaves out all of GuardDuty. Default: false.
	OmitGuardDuty bool

	// Detectors are those that exist already, by Region; AWS allows one per Region. Default: none, each Region gets one.
	Detectors map[string]Existing

	// FindingPublishingFrequency is how often GuardDuty publishes that a finding happened again: FIFTEEN_MINUTES,
	// ONE_HOUR or SIX_HOURS. A new finding is published within about five minutes. Default: FIFTEEN_MINUTES.
	FindingPublishingFrequency string

	// Plans switches protection plans on or off. Each plan of the table Plans is stated to GuardDuty as one or the other in
	// every Region that has it. Default: all on but RuntimeMonitoring.
	Plans map[Plan]bool

	// RuntimeAgents switches on that GuardDuty installs the agent of RuntimeMonitoring itself. Each is stated as on or
	// off. Default: all off.
	RuntimeAgents map[Agent]bool

	// MissingPlans are plans that AWS refuses in a Region, by Region: they are not stated there. Default: none beyond
	// those that the table knows.
	MissingPlans map[string][]Plan

	// KeepDetectors keeps detectors, and with them every plan that is on and its cost, when the stack is destroyed or a
	// Region is no longer covered. Default: false, deleting a detector ends its plans.
	KeepDetectors bool

	// SuppressionFilters archive findings that are known to be good, in this order; at most 100. Default: none.
	SuppressionFilters []SuppressionFilter

	// TrustedIPList are addresses that raise no findings. AWS allows one list per Region. Default: none.
	TrustedIPList *IPList

	// ThreatIPLists are addresses that raise findings, at most 6. Default: none.
	ThreatIPLists []IPList

	// MalwareProtectedBuckets are buckets of the home Region whose new objects are scanned for malware. Default: none.
	MalwareProtectedBuckets []MalwareProtectedBucket

	// CriticalFrom is the severity, 1 to 10, from which a finding of GuardDuty is a critical alert. Default: 7.
	CriticalFrom float64

	// WarningFrom is the severity, 1 to 10, from which it is a warning. Default: 4.
	WarningFrom float64

	// InformationalFindings tells of findings below WarningFrom too. Default: false.
	InformationalFindings bool

	// AccessAnalyzer is IAM Access Analyzer. Default: an external access analyzer in every covered Region.
	AccessAnalyzer AccessAnalyzerArgs

	// SecurityHub is AWS Security Hub. Default: FSBP in the home Region.
	SecurityHub SecurityHubArgs

	// TrustedAdvisor tells of its warnings and errors. It needs a Business support plan or higher, without which AWS
	// sends no events. Partition aws only. Default: false.
	TrustedAdvisor bool

	// OmitHealth leaves out alerts on AWS Health. Default: false.
	OmitHealth bool

	// PublicHealthIssues tells, as informational, of operational issues that AWS Health reports to everybody, too.
	// Default: false, only what concerns this account.
	PublicHealthIssues bool

	// Inspector is Amazon Inspector. Default: not used.
	Inspector InspectorArgs

	// Macie is Amazon Macie. Default: not used.
	Macie MacieArgs

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
}

// Existing is a detector or analyzer that is there already: exactly one of its fields is set.
type Existing struct {
	// Existing is the id or name of one that stays unmanaged, with all that belongs to it. Default: none.
	Existing string
	// Adopt is the id or name of one that is imported: from then on it belongs to the stack, and goes with it.
	// Default: none.
	Adopt string
}

// SuppressionFilter archives findings that match all its criteria as they come
// (https://docs.aws.amazon.com/guardduty/latest/ug/findings_suppression-rule.html).
type SuppressionFilter struct {
	// Name of the filter, 3 to 64 letters, digits, dots, underscores and hyphens. A change replaces it. Required.
	Name string
	// Reason is why the findings are good; it is the filter's description, at most 512 characters. Default: none.
	Reason string
	// Equals are, by field of a finding such as resource.instanceDetails.tags.value, the values of which one has to
	// match. At most 50 values a field. Default: none.
	Equals map[string][]string
	// NotEquals are, by field, the values of which none may match. Default: none.
	NotEquals map[string][]string
	// Regions in which it works. Default: every covered Region.
	Regions []string
}

// IPList is a list of addresses in a bucket.
type IPList struct {
	// Location is the URL of the object, such as s3://BUCKET/KEY. Required.
	Location string
	// Format is TXT, STIX, OTX_CSV, ALIEN_VAULT, PROOF_POINT or FIRE_EYE. Default: TXT.
	Format string
}

// MalwareProtectedBucket is a bucket whose new objects are scanned, at a price per GB and per object
// (https://docs.aws.amazon.com/guardduty/latest/ug/gdu-malware-protection-s3.html).
type MalwareProtectedBucket struct {
	// Name of the bucket, in the home Region. Required.
	Name string
	// Prefixes limit the scan to keys that begin with one of them, at most 5. Default: every object.
	Prefixes []string
	// KeyArn is the customer-managed key that encrypts the bucket. Default: none.
	KeyArn string
	// Tag writes the result to the object as the tag GuardDutyMalwareScanStatus. Default: false.
	Tag bool
}

// AccessAnalyzerArgs are the arguments of IAM Access Analyzer.
type AccessAnalyzerArgs struct {
	// Omit leaves it out. Default: false.
	Omit bool
	// Analyzers are external access analyzers that exist already, by Region; AWS allows one per Region. Default: none.
	Analyzers map[string]Existing
	// UnusedAccess adds an unused access analyzer in the home Region, at $0.20 per role and user and month. Default: false.
	UnusedAccess bool
	// UnusedAccessAge is after how many days without use access counts as unused, 1 to 365. A change replaces the
	// analyzer and its findings. Default: 90.
	UnusedAccessAge int
	// UnusedAnalyzer is an unused access analyzer that exists already. Default: none.
	UnusedAnalyzer Existing
	// ArchiveRules archive findings of external access that are meant to be, in every covered Region. Default: none.
	ArchiveRules []ArchiveRule
}

// ArchiveRule archives findings that match all its criteria
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-archive-rules.html).
type ArchiveRule struct {
	// Name of the rule, 1 to 255 letters, digits, underscores, dots and hyphens, beginning with a letter. Required.
	Name string
	// Equals are, by filter key such as principal.AWS or resource, the values of which one has to match; at most 20.
	// Default: none.
	Equals map[string][]string
	// Contains are, by filter key that Equals does not have, texts of which one has to be within the value; at most 20.
	// Default: none.
	Contains map[string][]string
}

// SecurityHubArgs are the arguments of AWS Security Hub.
type SecurityHubArgs struct {
	// Omit leaves it out. Default: false.
	Omit bool
	// Regions in which it is used; findings of the others are aggregated to the home Region, which has to be among
	// them. A standard costs several dollars a month in every Region, idle ones included. Default: the home Region.
	Regions []string
	// Standards that are switched on, from FSBP, CIS120, CIS140, CIS300, CIS500, NIST, PCI and Tagging. AWS's own defaults are
	// never switched on silently. Default: FSBP.
	Standards []string
	// DisabledControls are controls that are switched off. Default: none.
	DisabledControls []DisabledControl
	// DisableGlobalControls switches off, outside the home Region, the controls of FSBP, CIS300 and CIS500 about IAM: they say the
	// same everywhere, or complain that AWS Config records IAM in the home Region only. Regions that are disabled by
	// default are left as they are, because they lack some of the controls. Default: false; alerts on them come from
	// the home Region only in any case.
	DisableGlobalControls bool
	// Existing are Regions where Security Hub is on and stays unmanaged: neither standards nor controls are set there.
	// Default: none.
	Existing []string
	// Adopt are Regions where it is on and is imported. Default: none.
	Adopt []string
	// OmitAggregator leaves findings in their Region, where somebody else aggregates them. Default: false.
	OmitAggregator bool
}

// DisabledControl is a control of Security Hub that is switched off.
type DisabledControl struct {
	// ID of the control, such as IAM.6. Required.
	ID string
	// Reason is shown in Security Hub, at most 512 characters. Required.
	Reason string
	// Standards that have the control, among the chosen ones; AWS refuses a control in a standard that lacks it.
	// Default: all chosen ones.
	Standards []string
}

// InspectorArgs are the arguments of Amazon Inspector.
type InspectorArgs struct {
	// Regions in which it scans, among the covered ones. Default: none, it is not used.
	Regions []string
	// EveryRegion is instead of Regions: it scans in every covered Region that is known to have it. Not all Regions do
	// that are disabled by default; Gaps names those that were passed over. Default: false.
	EveryRegion bool
	// ResourceTypes are what it scans: EC2, ECR, LAMBDA, LAMBDA_CODE. The last is passed over in Regions that are not known
	// to have it. Default: EC2, ECR and LAMBDA.
	ResourceTypes []string
}

// MacieArgs are the arguments of Amazon Macie. Partition aws only.
type MacieArgs struct {
	// Regions in which it works, among the covered ones. Default: none, it is not used.
	Regions []string
	// EveryRegion is instead of Regions: it works in every covered Region that is known to have it. Default: false.
	EveryRegion bool
	// FindingPublishingFrequency is how often updates of policy findings are published: FIFTEEN_MINUTES, ONE_HOUR or
	// SIX_HOURS. Default: FIFTEEN_MINUTES.
	FindingPublishingFrequency string
}

func (a *ThreatDetectionArgs) publishingFrequency() string {
	return cmp.Or(a.FindingPublishingFrequency, DefaultFindingPublishingFrequency)
}

func (a *ThreatDetectionArgs) criticalFrom() float64 {
	return cmp.Or(a.CriticalFrom, DefaultCriticalFrom)
}

func (a *ThreatDetectionArgs) warningFrom() float64 { return cmp.Or(a.WarningFrom, DefaultWarningFrom) }

func (a AccessAnalyzerArgs) unusedAccessAge() int {
	return cmp.Or(a.UnusedAccessAge, DefaultUnusedAccessAge)
}

func (a SecurityHubArgs) standards() []string {
	if a.Standards == nil {
		return []string{FSBP}
	}
	return a.Standards
}

func (a InspectorArgs) used() bool { return a.EveryRegion || len(a.Regions) > 0 }

func (a MacieArgs) used() bool { return a.EveryRegion || len(a.Regions) > 0 }

func (a InspectorArgs) resourceTypes() []string {
	if len(a.ResourceTypes) == 0 {
		return []string{"EC2", "ECR", "LAMBDA"}
	}
	return a.ResourceTypes
}

func (a MacieArgs) publishingFrequency() string {
	return cmp.Or(a.FindingPublishingFrequency, DefaultFindingPublishingFrequency)
}
