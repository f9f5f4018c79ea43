// Code generated from internal/schema by go generate; DO NOT EDIT.

package settings

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Values are all settings with their defaults filled in; see docs/settings.md.
type Values struct {
	// The set of defaults. starter costs about $1–3 a month on a quiet account, standard meets the CIS benchmark,
	// strict adds data events, Insights and Object Lock. Every other setting overrides its profile. Default: standard.
	// Limits: starter, standard, strict.
	Profile string `json:"profile"`
	// The covered Regions: the word all, which covers every Region that the account has enabled, or a list. The home
	// Region (aws:region) is always covered. Every covered Region runs a provider process of 170–430 MB. Default: all.
	// Limits: each a Region of the home Region's partition.
	Regions []string `json:"regions"`
	// Tags on every taggable resource, beside those for project and stack. Limits: at most 48; names: 1 to 128 letters,
	// digits, spaces and _.:/=+-@, not starting with aws:; each at most 256 letters, digits, spaces and _.:/=+-@.
	Tags map[string]string `json:"tags"`
	// Makes a sandbox: buckets and keys are neither protected nor retained, and destroy deletes the logs. Never for an
	// account that matters. Default: false.
	Disposable bool `json:"disposable"`
	// The roles and users that deploy this stack, by ARN with path. They alone may change the archive's policies,
	// lifecycle, versioning and lock without MFA; with none named that guard does not exist. strict demands at least
	// one. Limits: at most 50; each the ARN of an IAM role or user with its path.
	Deployers []string `json:"deployers"`
	// Who is told, and how.
	Alerts Alerts `json:"alerts"`
	// Where logs are kept.
	Archive Archive `json:"archive"`
	// The CloudTrail trail: who did what, when, from where.
	Trail Trail `json:"trail"`
	// AWS Config: how every resource changes, and whether it obeys.
	Config Config `json:"config"`
	// Threat detection: somebody is inside.
	Threats Threats `json:"threats"`
	// Guards on the bill.
	Billing Billing `json:"billing"`
	// Account-wide locks.
	Hardening Hardening `json:"hardening"`
	// From what the monthly cost of the baseline is estimated, and what it may come to.
	Estimate Estimate `json:"estimate"`
	// The steps that only a person can do.
	Checklist Checklist `json:"checklist"`
}

// Alerts holds the keys of alerts. Who is told, and how.
type Alerts struct {
	// E-mail addresses that receive every severity that has none of its own. Each one has to confirm its subscription.
	// Limits: at most 50; each an e-mail address.
	Emails []string `json:"emails"`
	// Recipients of critical alerts, instead of those of every severity.
	Critical AlertsSeverity `json:"critical"`
	// Recipients of warnings, instead of those of every severity.
	Warning AlertsSeverity `json:"warning"`
	// Recipients of informational alerts, instead of those of every severity.
	Informational AlertsSeverity `json:"informational"`
	// A Slack channel, by Amazon Q Developer in chat applications. The workspace is authorised once in the console.
	// Limits: not in aws-cn, aws-us-gov.
	Slack AlertsSlack `json:"slack"`
	// An HTTPS endpoint that receives every alert as {"text": …}, such as a Slack incoming webhook. Limits: not in
	// aws-us-gov.
	Webhook AlertsWebhook `json:"webhook"`
	// Roles and users, by ARN with path, whose own changes of trail, archive, keys, rights, security groups and the
	// alert path raise no alert: for people who do not want to hear of every deployment. Who steals such a role's
	// credentials can stop the trail and give rights in silence. None: every change is told. Limits: at most 20; each
	// the ARN of an IAM role or user with its path.
	IgnoreChangesBy []string `json:"ignoreChangesBy"`
	// Alarms on alerts that could not be delivered, one per covered Region, at $0.10 a month each. Default: starter
	// false, standard true, strict true.
	DeadLetterAlarms bool `json:"deadLetterAlarms"`
	// The watch over the alert path itself, on a path of its own (AWS User Notifications). Limits: not in aws-cn,
	// aws-us-gov.
	Watch AlertsWatch `json:"watch"`
	// The weekly review by mail, webhook and Slack: root use, sign-ins without MFA, denied calls, new access keys, rules
	// of AWS Config that are not obeyed, open findings.
	Digest AlertsDigest `json:"digest"`
	// A CloudWatch dashboard of alarms, alerts and failed deliveries, at $3 a month: it has more than the 50 metrics of
	// a free one. Default: false.
	Overview bool `json:"overview"`
}

// AlertsSeverity is one entry of alerts.critical.
type AlertsSeverity struct {
	// The addresses for this severity, instead of alerts.emails. Limits: at most 50; each an e-mail address.
	Emails []string `json:"emails"`
}

// AlertsSlack holds the keys of alerts.slack. A Slack channel, by Amazon Q Developer in chat applications. The
// workspace is authorised once in the console.
type AlertsSlack struct {
	// The id of the Slack workspace (team). Limits: capital letters and digits, such as T0123ABCDEF.
	WorkspaceID string `json:"workspaceId"`
	// The id of the channel for all severities. Limits: C or G and capital letters and digits.
	ChannelID string `json:"channelId"`
	// Channels for single severities, instead of channelId.
	Channels AlertsSlackChannels `json:"channels"`
	// The IAM policies that bound what can be done from the channel. None: the alert hub's own guardrail. Limits: at
	// most 20; each the ARN of an IAM policy.
	GuardrailPolicyARNs []string `json:"guardrailPolicyArns"`
}

// AlertsSlackChannels holds the keys of alerts.slack.channels. Channels for single severities, instead of channelId.
type AlertsSlackChannels struct {
	// The id of the channel for critical alerts. Limits: a Slack channel id.
	Critical string `json:"critical"`
	// The id of the channel for warnings. Limits: a Slack channel id.
	Warning string `json:"warning"`
	// The id of the channel for informational alerts. Limits: a Slack channel id.
	Informational string `json:"informational"`
}

// AlertsWebhook holds the keys of alerts.webhook. An HTTPS endpoint that receives every alert as {"text": …}, such
// as a Slack incoming webhook.
type AlertsWebhook struct {
	// The URL, which is a secret: pulumi config set --path alerts.webhook.url --secret. Limits: an https:// URL of at
	// most 2048 characters. It is a secret output; nil when not set.
	URL pulumi.StringInput `json:"-"`
}

// AlertsWatch holds the keys of alerts.watch. The watch over the alert path itself, on a path of its own (AWS User
// Notifications).
type AlertsWatch struct {
	// E-mail contacts that are told when the alert path is changed. Limits: at most 50; each an e-mail address.
	Emails []string `json:"emails"`
	// Whether the account has a notification hub already, so that none is registered: an account has at most three.
	// Default: false.
	ExistingNotificationHub bool `json:"existingNotificationHub"`
}

// AlertsDigest holds the keys of alerts.digest. The weekly review by mail, webhook and Slack: root use, sign-ins
// without MFA, denied calls, new access keys, rules of AWS Config that are not obeyed, open findings.
type AlertsDigest struct {
	// Whether the digest is sent. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
	// The day of the week it is sent. Default: MON. Limits: MON, TUE, WED, THU, FRI, SAT, SUN.
	Day string `json:"day"`
	// At which hour of the day. Default: 8. Limits: 0 to 23.
	Hour int `json:"hour"`
	// At which minute of the hour. Default: 0. Limits: 0 to 59.
	Minute int `json:"minute"`
	// In which time zone; times within the digest are UTC. Default: UTC. Limits: a time zone, such as Asia/Tokyo.
	TimeZone string `json:"timeZone"`
}

// Archive holds the keys of archive. Where logs are kept.
type Archive struct {
	// Names of the buckets instead of automatic ones.
	BucketNames ArchiveBucketNames `json:"bucketNames"`
	// The prefix of all log objects, before AWSLogs/. Limits: at most 200 characters, no slash at either end.
	Prefix string `json:"prefix"`
	// The bucket of a log-archive account, which is used instead of own buckets. Nothing is created; the output says
	// which statements belong in its policies.
	Central ArchiveCentral `json:"central"`
	// After how many days log objects expire; 0 keeps them for ever. The same in every profile, so that a change of
	// profile never expires data early. Default: 2555. Limits: 0 to 36500.
	RetentionDays int `json:"retentionDays"`
	// When objects move to a cheaper storage class. Objects under 128 KB, which most log objects of a quiet account are,
	// never move. Default: [{"days":365,"storageClass":"GLACIER_IR"}]. Limits: at most 6.
	Transitions []ArchiveTransition `json:"transitions"`
	// After how many days the old versions of overwritten or deleted objects expire. Default: 90. Limits: 1 to 36500.
	NoncurrentDays int `json:"noncurrentDays"`
	// S3 Object Lock with a default retention on the trail's bucket. Once on, it stays enabled for the bucket's life.
	ObjectLock ArchiveObjectLock `json:"objectLock"`
	// kms: a customer-managed key with rotation (about $1 a month); s3: SSE-S3. Default: starter s3, standard kms,
	// strict kms. Limits: kms, s3.
	Encryption string `json:"encryption"`
	// After how many days access logs expire; 0 keeps them for ever. Default: 365. Limits: 0 to 36500.
	AccessLogRetentionDays int `json:"accessLogRetentionDays"`
	// Buckets and key that an earlier stack has left behind. They are imported instead of created.
	Adopt ArchiveAdopt `json:"adopt"`
	// Roles and users that may read log objects, by ARN; wildcards are allowed in path and name. Limits: at most 50;
	// each the ARN of an IAM role or user.
	Readers []string `json:"readers"`
}

// ArchiveBucketNames holds the keys of archive.bucketNames. Names of the buckets instead of automatic ones.
type ArchiveBucketNames struct {
	// The name of the trail's bucket. Limits: an S3 bucket name.
	Trail string `json:"trail"`
	// The name of the bucket for AWS Config and GuardDuty. Limits: an S3 bucket name.
	Delivery string `json:"delivery"`
	// The name of the bucket for access logs. Limits: an S3 bucket name.
	AccessLogs string `json:"accessLogs"`
}

// ArchiveCentral holds the keys of archive.central. The bucket of a log-archive account, which is used instead of own
// buckets. Nothing is created; the output says which statements belong in its policies.
type ArchiveCentral struct {
	// The name of the central bucket. Limits: an S3 bucket name.
	Bucket string `json:"bucket"`
	// The ARN of the key that encrypts the logs in it. None: SSE-S3. Limits: the ARN of a KMS key.
	KeyARN string `json:"keyArn"`
	// The prefix of all log objects in it, before AWSLogs/. Limits: at most 200 characters, no slash at either end.
	Prefix string `json:"prefix"`
}

// ArchiveTransition is one entry of archive.transitions.
type ArchiveTransition struct {
	// The storage class. Limits: STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE.
	StorageClass string `json:"storageClass"`
	// The age in days; at least 30 for STANDARD_IA and ONEZONE_IA. Limits: 0 to 36500.
	Days int `json:"days"`
}

// ArchiveObjectLock holds the keys of archive.objectLock. S3 Object Lock with a default retention on the trail's
// bucket. Once on, it stays enabled for the bucket's life.
type ArchiveObjectLock struct {
	// Whether new log objects are locked. Default: starter false, standard false, strict true.
	Enabled bool `json:"enabled"`
	// GOVERNANCE: who has s3:BypassGovernanceRetention can delete; COMPLIANCE: nobody can, not even the root user.
	// Default: GOVERNANCE. Limits: GOVERNANCE, COMPLIANCE.
	Mode string `json:"mode"`
	// For how many days an object is locked. Default: 365. Limits: 1 to 36500.
	Days int `json:"days"`
}

// ArchiveAdopt holds the keys of archive.adopt. Buckets and key that an earlier stack has left behind. They are
// imported instead of created.
type ArchiveAdopt struct {
	// The name of the trail's bucket. Limits: an S3 bucket name.
	TrailBucket string `json:"trailBucket"`
	// The name of the bucket for AWS Config and GuardDuty. Limits: an S3 bucket name.
	DeliveryBucket string `json:"deliveryBucket"`
	// The name of the bucket for access logs. Limits: an S3 bucket name.
	AccessLogBucket string `json:"accessLogBucket"`
	// The id of the KMS key. Limits: a KMS key id.
	KeyID string `json:"keyId"`
}

// Trail holds the keys of trail. The CloudTrail trail: who did what, when, from where.
type Trail struct {
	// Whether there is a trail. Without it alerts on API calls, metric filters and parts of threat detection are silent;
	// the outputs list them. Default: true.
	Enabled bool `json:"enabled"`
	// The name of the trail. None: a name made from the stack's. A change replaces the trail. Limits: 3 to 128 letters,
	// digits and single ._-.
	Name string `json:"name"`
	// One trail for all accounts of an organization; deploy it in the management account, which owns such a trail.
	Organization TrailOrganization `json:"organization"`
	// Delivery to CloudWatch Logs, which metric filters and alarms need.
	Logs TrailLogs `json:"logs"`
	// IAM groups for people who work with the trail; both require MFA.
	Groups TrailGroups `json:"groups"`
	// What is left out of the management events. Nothing: every one is recorded, and the first copy is free.
	ManagementEvents TrailManagementEvents `json:"managementEvents"`
	// The 15 CIS metric filters and alarms over the trail's log group.
	MetricFilters TrailMetricFilters `json:"metricFilters"`
	// Data events: calls on single objects, functions and tables, at $0.10 per 100,000. The archive itself is never
	// included. Default: starter none, standard none, strict
	// {"dynamodbTables":{"enabled":true},"lambdaFunctions":{"enabled":true},"s3Objects":{"enabled":true}}. Limits:
	// names: s3Objects, lambdaFunctions, dynamodbTables, dynamodbStreams, s3OutpostsObjects, s3AccessPoints,
	// managedBlockchainNodes.
	DataEvents map[string]TrailDataEvents `json:"dataEvents"`
	// Event sources whose calls through VPC endpoints are recorded as network activity events, at $0.10 per 100,000.
	// Limits: each cloudtrail.amazonaws.com, ec2.amazonaws.com, kms.amazonaws.com, s3.amazonaws.com,
	// secretsmanager.amazonaws.com.
	NetworkActivity []string `json:"networkActivity"`
	// CloudTrail Insights, at $0.35 per 100,000 events and kind.
	Insights TrailInsights `json:"insights"`
	// Athena over the archive: table, workgroup and named queries.
	Athena TrailAthena `json:"athena"`
}

// TrailOrganization holds the keys of trail.organization. One trail for all accounts of an organization; deploy it in
// the management account, which owns such a trail.
type TrailOrganization struct {
	// The id of the organization. Limits: o- and 10 to 32 lower-case letters and digits.
	ID string `json:"id"`
}

// TrailLogs holds the keys of trail.logs. Delivery to CloudWatch Logs, which metric filters and alarms need.
type TrailLogs struct {
	// Whether events are delivered to a log group. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
	// For how many days the log group keeps events; 0 keeps them for ever. Default: 365. Limits: 0, 1, 3, 5, 7, 14, 30,
	// 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.
	RetentionDays int `json:"retentionDays"`
}

// TrailGroups holds the keys of trail.groups. IAM groups for people who work with the trail; both require MFA.
type TrailGroups struct {
	// Whether the two groups exist. Default: true.
	Enabled bool `json:"enabled"`
	// The name of the group that may change the trail. None: an automatic name. Limits: an IAM group name.
	Administrators string `json:"administrators"`
	// The name of the group that may read the trail and its archive. None: an automatic name. Limits: an IAM group name.
	Readers string `json:"readers"`
}

// TrailManagementEvents holds the keys of trail.managementEvents. What is left out of the management events. Nothing:
// every one is recorded, and the first copy is free.
type TrailManagementEvents struct {
	// Whether calls of AWS KMS are left out. They say who decrypted what; the alert key-disabled, the CIS filter
	// kmsKeyDisabling and the query kms-key-use are silent without them. Default: false.
	ExcludeKms bool `json:"excludeKms"`
	// Whether calls of the RDS Data API are left out. Default: false.
	ExcludeRDSData bool `json:"excludeRdsData"`
}

// TrailMetricFilters holds the keys of trail.metricFilters. The 15 CIS metric filters and alarms over the trail's log
// group.
type TrailMetricFilters struct {
	// Whether they exist. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
	// Whether people sign in through IAM Identity Center or another identity provider, whose MFA AWS does not see:
	// signInWithoutMfa then counts sign-ins of IAM users only. Default: false.
	SingleSignOn bool `json:"singleSignOn"`
	// Single filters, each by its name. Limits: names: unauthorizedApiCalls, signInWithoutMfa, rootUsage,
	// iamPolicyChanges, cloudTrailChanges, authenticationFailures, kmsKeyDisabling, bucketPolicyChanges, configChanges,
	// securityGroupChanges, networkAclChanges, networkGatewayChanges, routeTableChanges, vpcChanges,
	// organizationsChanges.
	Alarms map[string]TrailMetricFilter `json:"alarms"`
}

// TrailMetricFilter is one entry of trail.metricFilters.alarms.
type TrailMetricFilter struct {
	// Whether this filter and its alarm exist. Default: true.
	Enabled bool `json:"enabled"`
	// From how many events in five minutes the alarm fires. Default: 1. Limits: 1 to 1000000.
	Threshold int `json:"threshold"`
}

// TrailDataEvents is one entry of trail.dataEvents.
type TrailDataEvents struct {
	// Whether events of this kind are recorded.
	Enabled bool `json:"enabled"`
	// Only resources whose ARN starts with one of these. None: all. Limits: at most 250; each the beginning of an ARN.
	IncludeARNs []string `json:"includeArns"`
	// No resources whose ARN starts with one of these. Limits: at most 250; each the beginning of an ARN.
	ExcludeARNs []string `json:"excludeArns"`
	// Which calls are recorded. Default: all. Limits: all, read, write.
	ReadWrite string `json:"readWrite"`
}

// TrailInsights holds the keys of trail.insights. CloudTrail Insights, at $0.35 per 100,000 events and kind.
type TrailInsights struct {
	// Whether unusual rates of write calls are found. Default: starter false, standard false, strict true.
	APICallRate bool `json:"apiCallRate"`
	// Whether unusual rates of errors are found. Default: starter false, standard false, strict true.
	APIErrorRate bool `json:"apiErrorRate"`
}

// TrailAthena holds the keys of trail.athena. Athena over the archive: table, workgroup and named queries.
type TrailAthena struct {
	// Whether they exist. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
	// The bytes after which the workgroup stops a query ($5 per TB scanned). Default: 100000000000. Limits: 10485760 to
	// 1000000000000000.
	BytesScannedCutoffPerQuery int `json:"bytesScannedCutoffPerQuery"`
}

// Config holds the keys of config. AWS Config: how every resource changes, and whether it obeys.
type Config struct {
	// Whether resources are recorded. Default: true.
	Enabled bool `json:"enabled"`
	// The configuration recorder, one per Region.
	Recorder ConfigRecorder `json:"recorder"`
	// The delivery channel, one per Region.
	DeliveryChannel ConfigDeliveryChannel `json:"deliveryChannel"`
	// The role AWSServiceRoleForConfig, one per account.
	ServiceLinkedRole ConfigServiceLinkedRole `json:"serviceLinkedRole"`
	// What is recorded, and how often.
	Recording ConfigRecording `json:"recording"`
	// Snapshots of all configurations in the archive.
	Snapshots ConfigSnapshots `json:"snapshots"`
	// For how many days AWS Config itself keeps configuration items, 30 to 2557; 0 is AWS's own seven years. The archive
	// keeps its files by archive.retentionDays. Default: 0. Limits: 0 to 2557.
	HistoryRetentionDays int `json:"historyRetentionDays"`
	// AWS Config rules.
	Rules ConfigRules `json:"rules"`
	// What people are told.
	Alerts ConfigAlerts `json:"alerts"`
	// Repair by AWS-owned SSM documents.
	Remediation ConfigRemediation `json:"remediation"`
	// One view over all covered Regions, and over accounts.
	Aggregator ConfigAggregator `json:"aggregator"`
	// Conformance packs. Limits: at most 50.
	ConformancePacks []ConfigConformancePack `json:"conformancePacks"`
	// Athena over the snapshots, with a query that joins a change with the call that made it.
	Athena ConfigAthena `json:"athena"`
}

// ConfigRecorder holds the keys of config.recorder. The configuration recorder, one per Region.
type ConfigRecorder struct {
	// By Region, the name of a recorder that exists and stays unmanaged. Limits: names: a Region; each a recorder name.
	Existing map[string]string `json:"existing"`
	// By Region, the name of a recorder that exists and is imported. Limits: names: a Region; each a recorder name.
	Adopt map[string]string `json:"adopt"`
}

// ConfigDeliveryChannel holds the keys of config.deliveryChannel. The delivery channel, one per Region.
type ConfigDeliveryChannel struct {
	// By Region, the name of a delivery channel that exists and stays unmanaged. Limits: names: a Region; each a channel
	// name.
	Existing map[string]string `json:"existing"`
	// By Region, the name of a delivery channel that exists and is imported. Limits: names: a Region; each a channel
	// name.
	Adopt map[string]string `json:"adopt"`
}

// ConfigServiceLinkedRole holds the keys of config.serviceLinkedRole. The role AWSServiceRoleForConfig, one per
// account.
type ConfigServiceLinkedRole struct {
	// create: make the role; existing: leave the one that exists alone; adopt: import it. Default: create. Limits:
	// create, existing, adopt.
	Management string `json:"management"`
}

// ConfigRecording holds the keys of config.recording. What is recorded, and how often.
type ConfigRecording struct {
	// CONTINUOUS: every change ($0.003 each); DAILY: the state once a day if it changed ($0.012 each). Default: starter
	// DAILY, standard CONTINUOUS, strict CONTINUOUS. Limits: CONTINUOUS, DAILY.
	Frequency string `json:"frequency"`
	// Resource types with a frequency of their own. Default: starter none, standard
	// [{"frequency":"DAILY","resourceTypes":["AWS::EC2::NetworkInterface","AWS::EC2::Subnet","AWS::ECS::TaskDefinition","AWS::SSM::ManagedInstanceInventory"]}],
	// strict none.
	Overrides []ConfigRecordingOverride `json:"overrides"`
	// Only these resource types. None: all that are supported. Default: starter
	// ["AWS::CloudTrail::Trail","AWS::EC2::NetworkAcl","AWS::EC2::SecurityGroup","AWS::EC2::VPC","AWS::IAM::Group","AWS::IAM::Policy","AWS::IAM::Role","AWS::IAM::User","AWS::KMS::Key","AWS::Lambda::Function","AWS::RDS::DBInstance","AWS::S3::AccountPublicAccessBlock","AWS::S3::Bucket","AWS::SecretsManager::Secret"],
	// standard none, strict none. Limits: each a resource type.
	ResourceTypes []string `json:"resourceTypes"`
	// All but these resource types. Limits: each a resource type.
	ExcludedResourceTypes []string `json:"excludedResourceTypes"`
}

// ConfigRecordingOverride is one entry of config.recording.overrides.
type ConfigRecordingOverride struct {
	// The resource types. Limits: each a resource type, such as AWS::S3::Bucket.
	ResourceTypes []string `json:"resourceTypes"`
	// Their frequency. Limits: CONTINUOUS, DAILY.
	Frequency string `json:"frequency"`
}

// ConfigSnapshots holds the keys of config.snapshots. Snapshots of all configurations in the archive.
type ConfigSnapshots struct {
	// How often. Default: TwentyFour_Hours. Limits: One_Hour, Three_Hours, Six_Hours, Twelve_Hours, TwentyFour_Hours.
	Frequency string `json:"frequency"`
}

// ConfigRules holds the keys of config.rules. AWS Config rules.
type ConfigRules struct {
	// none; seed: the seven every account needs; essentials: 33 rules; full: all 103 that the baseline knows. Default:
	// starter seed, standard essentials, strict full. Limits: none, seed, essentials, full.
	Set string `json:"set"`
	// Rules that the baseline knows and the set lacks. Default: starter ["root-account-mfa-enabled"], standard none,
	// strict none. Limits: each the name of a managed rule.
	Include []string `json:"include"`
	// Rules of the set that are left out. Limits: each the name of a managed rule.
	Exclude []string `json:"exclude"`
	// Where the regional rules of the set are evaluated. None: the home Region. Limits: each a Region.
	Regions []string `json:"regions"`
	// The tags that required-tags demands, with the allowed values separated by commas; an empty text allows all.
	// Limits: at most 6; names: a tag key; each values separated by commas.
	RequiredTags map[string]string `json:"requiredTags"`
	// Parameters of rules of the set, by rule name. Limits: names: the name of a managed rule; each names: a parameter
	// name; each a text.
	Parameters map[string]map[string]string `json:"parameters"`
	// Further managed rules.
	Managed []ConfigManagedRule `json:"managed"`
	// Rules written in Guard.
	Custom []ConfigCustomRule `json:"custom"`
}

// ConfigManagedRule is one entry of config.rules.managed.
type ConfigManagedRule struct {
	// The name of the rule. Limits: at most 89 letters, digits, underscores and hyphens.
	Name string `json:"name"`
	// The identifier of the managed rule. Limits: such as INCOMING_SSH_DISABLED.
	Identifier string `json:"identifier"`
	// The rule's parameters. Limits: names: a parameter name; each a text.
	Parameters map[string]string `json:"parameters"`
	// The resource types whose changes trigger it. Limits: each a resource type.
	ResourceTypes []string `json:"resourceTypes"`
	// How often a periodic rule is evaluated. Limits: One_Hour, Three_Hours, Six_Hours, Twelve_Hours, TwentyFour_Hours.
	Frequency string `json:"frequency"`
	// Where it is evaluated. None: the home Region. Limits: each a Region.
	Regions []string `json:"regions"`
}

// ConfigCustomRule is one entry of config.rules.custom.
type ConfigCustomRule struct {
	// The name of the rule. Limits: at most 89 letters, digits, underscores and hyphens.
	Name string `json:"name"`
	// The rule in Guard's language. Limits: at most 10,000 characters.
	Policy string `json:"policy"`
	// A file with the rule in Guard's language, instead of policy; its path is relative to the project's folder. Limits:
	// a path.
	PolicyFile string `json:"policyFile"`
	// The resource types whose changes trigger it. Limits: each a resource type.
	ResourceTypes []string `json:"resourceTypes"`
	// Where it is evaluated. None: the home Region. Limits: each a Region.
	Regions []string `json:"regions"`
}

// ConfigAlerts holds the keys of config.alerts. What people are told.
type ConfigAlerts struct {
	// Whether a resource that breaks a rule alerts. Default: true.
	NonCompliance bool `json:"nonCompliance"`
	// Whether a resource that obeys a rule again is told, as information. Default: false.
	CompliantAgain bool `json:"compliantAgain"`
	// Whether a change of a security group alerts. Default: true.
	SecurityGroups bool `json:"securityGroups"`
	// Further resource types whose changes alert. Limits: each a resource type.
	ResourceTypes []string `json:"resourceTypes"`
}

// ConfigRemediation holds the keys of config.remediation. Repair by AWS-owned SSM documents.
type ConfigRemediation struct {
	// Documents that a person starts. Limits: each ConfigureS3BucketPublicAccessBlock, ConfigureS3PublicAccessBlock,
	// EnableEbsEncryptionByDefault, SetIAMPasswordPolicy, EnableKeyRotation, EnableCloudTrailLogFileValidation,
	// EnableRDSInstanceDeletionProtection, EnableS3BucketEncryption, RemoveVPCDefaultSecurityGroupRules,
	// DisableIncomingSSHOnPort22, RevokeUnusedIAMUserCredentials, EnforceEC2InstanceIMDSv2.
	Manual []string `json:"manual"`
	// Documents that run by themselves; only those that break no running workload. Default: starter none, standard none,
	// strict ["ConfigureS3BucketPublicAccessBlock","EnableKeyRotation","EnableCloudTrailLogFileValidation"]. Limits:
	// each ConfigureS3BucketPublicAccessBlock, ConfigureS3PublicAccessBlock, EnableEbsEncryptionByDefault,
	// SetIAMPasswordPolicy, EnableKeyRotation, EnableCloudTrailLogFileValidation, EnableRDSInstanceDeletionProtection,
	// EnableS3BucketEncryption.
	Automatic []string `json:"automatic"`
}

// ConfigAggregator holds the keys of config.aggregator. One view over all covered Regions, and over accounts.
type ConfigAggregator struct {
	// Whether there is an aggregator. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
	// Whether it covers all accounts of the organization. Default: false.
	Organization bool `json:"organization"`
	// Further accounts. Limits: each 12 digits.
	AccountIDs []string `json:"accountIds"`
}

// ConfigConformancePack is one entry of config.conformancePacks.
type ConfigConformancePack struct {
	// The name of the pack. Limits: a letter, then at most 50 letters, digits and hyphens.
	Name string `json:"name"`
	// s3://bucket/key of a template in a bucket of the pack's Region, or the template itself. AWS's sample templates
	// have to be given in one of these ways, too. Limits: s3://bucket/key or a template with Resources.
	Template string `json:"template"`
	// The rule's parameters. Limits: names: a parameter name; each a text.
	Parameters map[string]string `json:"parameters"`
	// Where it is deployed. None: the home Region. Limits: each a Region.
	Regions []string `json:"regions"`
}

// ConfigAthena holds the keys of config.athena. Athena over the snapshots, with a query that joins a change with the
// call that made it.
type ConfigAthena struct {
	// Whether table and query exist. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
}

// Threats holds the keys of threats. Threat detection: somebody is inside.
type Threats struct {
	// Whether threats are looked for. Default: true.
	Enabled bool `json:"enabled"`
	// Amazon GuardDuty.
	GuardDuty ThreatsGuardDuty `json:"guardDuty"`
	// IAM Access Analyzer: what is open to other accounts.
	AccessAnalyzer ThreatsAccessAnalyzer `json:"accessAnalyzer"`
	// AWS Security Hub. A standard costs about $6 a month in every Region, idle ones included.
	SecurityHub ThreatsSecurityHub `json:"securityHub"`
	// Trusted Advisor. Limits: not in aws-cn, aws-us-gov.
	TrustedAdvisor ThreatsTrustedAdvisor `json:"trustedAdvisor"`
	// AWS Health.
	Health ThreatsHealth `json:"health"`
	// Amazon Inspector: known vulnerabilities.
	Inspector ThreatsInspector `json:"inspector"`
	// Amazon Macie: sensitive data in buckets. Limits: not in aws-cn, aws-us-gov.
	Macie ThreatsMacie `json:"macie"`
}

// ThreatsGuardDuty holds the keys of threats.guardDuty. Amazon GuardDuty.
type ThreatsGuardDuty struct {
	// Whether every covered Region has a detector. Default: true.
	Enabled bool `json:"enabled"`
	// How often findings that recur are published again. Default: FIFTEEN_MINUTES. Limits: FIFTEEN_MINUTES, ONE_HOUR,
	// SIX_HOURS.
	FindingPublishingFrequency string `json:"findingPublishingFrequency"`
	// The protection plans. Each one is stated to GuardDuty as on or off in every covered Region.
	Plans ThreatsGuardDutyPlans `json:"plans"`
	// Where GuardDuty installs the agent of runtime monitoring itself. Limits: not in aws-cn.
	RuntimeAgents ThreatsGuardDutyRuntimeAgents `json:"runtimeAgents"`
	// Export of findings to the archive. It needs a customer-managed key.
	Export ThreatsGuardDutyExport `json:"export"`
	// From which severity on findings alert, by severity of the alert.
	Severity ThreatsGuardDutySeverity `json:"severity"`
	// Findings that are known to be good. Limits: at most 100.
	Suppress []ThreatSuppression `json:"suppress"`
	// A list of addresses that raise no findings, one per Region.
	TrustedIps ThreatsGuardDutyTrustedIps `json:"trustedIps"`
	// Lists of addresses that raise findings. Limits: at most 6.
	ThreatIps []ThreatIPList `json:"threatIps"`
	// Buckets of the home Region whose new objects are scanned, at a price per GB and per object.
	MalwareProtectedBuckets []ThreatProtectedBucket `json:"malwareProtectedBuckets"`
	// By Region, plans that AWS refuses there. Limits: names: a Region; each each S3_DATA_EVENTS, EKS_AUDIT_LOGS,
	// EBS_MALWARE_PROTECTION, RDS_LOGIN_EVENTS, LAMBDA_NETWORK_LOGS, RUNTIME_MONITORING.
	MissingPlans map[string][]string `json:"missingPlans"`
	// Whether detectors stay, with their plans and what those cost, when the stack or a Region goes. Default: false.
	KeepDetectors bool `json:"keepDetectors"`
	// By Region, the id of a detector that exists and stays unmanaged. Limits: names: a Region; each 32 hexadecimal
	// digits.
	Existing map[string]string `json:"existing"`
	// By Region, the id of a detector that exists and is imported. Limits: names: a Region; each 32 hexadecimal digits.
	Adopt map[string]string `json:"adopt"`
}

// ThreatsGuardDutyPlans holds the keys of threats.guardDuty.plans. The protection plans. Each one is stated to
// GuardDuty as on or off in every covered Region.
type ThreatsGuardDutyPlans struct {
	// S3 Protection, $0.80 per million S3 data events. Default: starter false, standard true, strict true.
	S3DataEvents bool `json:"s3DataEvents"`
	// EKS Protection, $1.60 per million EKS audit events. Default: starter false, standard true, strict true.
	EKSAuditLogs bool `json:"eksAuditLogs"`
	// Malware Protection for EC2, $0.03 per GB of EBS volumes scanned, after a finding only. Default: starter false,
	// standard true, strict true.
	EBSMalwareProtection bool `json:"ebsMalwareProtection"`
	// RDS Protection, $1 per vCPU of Aurora and RDS and month. Default: starter false, standard true, strict true.
	RDSLoginEvents bool `json:"rdsLoginEvents"`
	// Lambda Protection, $1 per GB of network logs of functions. Default: starter false, standard true, strict true.
	LambdaNetworkLogs bool `json:"lambdaNetworkLogs"`
	// Runtime Monitoring, $1.50 per vCPU of monitored workloads and month. Default: starter false, standard false,
	// strict true. Limits: not in aws-cn.
	RuntimeMonitoring bool `json:"runtimeMonitoring"`
}

// ThreatsGuardDutyRuntimeAgents holds the keys of threats.guardDuty.runtimeAgents. Where GuardDuty installs the agent
// of runtime monitoring itself.
type ThreatsGuardDutyRuntimeAgents struct {
	// Whether it does so in EKS clusters (EKS_ADDON_MANAGEMENT). Default: starter false, standard false, strict true.
	EKS bool `json:"eks"`
	// Whether it does so in ECS tasks on Fargate (ECS_FARGATE_AGENT_MANAGEMENT). Default: starter false, standard false,
	// strict true.
	ECSFargate bool `json:"ecsFargate"`
	// Whether it does so on EC2 instances (EC2_AGENT_MANAGEMENT). Default: starter false, standard false, strict true.
	EC2 bool `json:"ec2"`
}

// ThreatsGuardDutyExport holds the keys of threats.guardDuty.export. Export of findings to the archive. It needs a
// customer-managed key.
type ThreatsGuardDutyExport struct {
	// Whether findings are exported. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
}

// ThreatsGuardDutySeverity holds the keys of threats.guardDuty.severity. From which severity on findings alert, by
// severity of the alert.
type ThreatsGuardDutySeverity struct {
	// Findings that are critical alerts. Default: 7. Limits: 1 to 10.
	Critical float64 `json:"critical"`
	// Findings that are warnings. Default: 4. Limits: 1 to 10.
	Warning float64 `json:"warning"`
	// Whether findings below are told too, as informational ones. Default: false.
	Informational bool `json:"informational"`
}

// ThreatSuppression is one entry of threats.guardDuty.suppress.
type ThreatSuppression struct {
	// The name of the filter. Limits: 3 to 64 letters, digits, dots, underscores and hyphens.
	Name string `json:"name"`
	// Why they are good; it is the description of the filter. Limits: 1 to 512 characters without line breaks.
	Reason string `json:"reason"`
	// Values by field of the finding, of which one must match. Limits: names: a field of a finding; each at most 50;
	// each a text.
	Equals map[string][]string `json:"equals"`
	// Values by field of the finding, of which none may match. Limits: names: a field of a finding; each at most 50;
	// each a text.
	NotEquals map[string][]string `json:"notEquals"`
	// Where. None: every covered Region. Limits: each a Region.
	Regions []string `json:"regions"`
}

// ThreatsGuardDutyTrustedIps holds the keys of threats.guardDuty.trustedIps. A list of addresses that raise no
// findings, one per Region.
type ThreatsGuardDutyTrustedIps struct {
	// The URL of the object, such as s3://BUCKET/KEY. Limits: the URL of an object, such as s3://BUCKET/KEY.
	Location string `json:"location"`
	// How it is written. None: TXT. Limits: TXT, STIX, OTX_CSV, ALIEN_VAULT, PROOF_POINT, FIRE_EYE.
	Format string `json:"format"`
}

// ThreatIPList is one entry of threats.guardDuty.threatIps.
type ThreatIPList struct {
	// The URL of the object, such as s3://BUCKET/KEY. Limits: the URL of an object, such as s3://BUCKET/KEY.
	Location string `json:"location"`
	// How it is written. None: TXT. Limits: TXT, STIX, OTX_CSV, ALIEN_VAULT, PROOF_POINT, FIRE_EYE.
	Format string `json:"format"`
}

// ThreatProtectedBucket is one entry of threats.guardDuty.malwareProtectedBuckets.
type ThreatProtectedBucket struct {
	// The bucket. Limits: an S3 bucket name.
	Name string `json:"name"`
	// Only keys that begin with one of these. Limits: at most 5; each the start of a key.
	Prefixes []string `json:"prefixes"`
	// The customer-managed key of the bucket. Limits: the ARN of a KMS key.
	KeyARN string `json:"keyArn"`
	// Whether the result is written to the object as the tag GuardDutyMalwareScanStatus.
	Tag bool `json:"tag"`
}

// ThreatsAccessAnalyzer holds the keys of threats.accessAnalyzer. IAM Access Analyzer: what is open to other
// accounts.
type ThreatsAccessAnalyzer struct {
	// Whether every covered Region has an external access analyzer (free). Default: true.
	Enabled bool `json:"enabled"`
	// The unused access analyzer, at $0.20 per role and user and month.
	UnusedAccess ThreatsAccessAnalyzerUnusedAccess `json:"unusedAccess"`
	// Findings of external access that are meant to be, in every covered Region. Limits: at most 100.
	ArchiveRules []ThreatArchiveRule `json:"archiveRules"`
	// By Region, the name of an analyzer that exists and stays unmanaged. Limits: names: a Region; each an analyzer
	// name.
	Existing map[string]string `json:"existing"`
	// By Region, the name of an analyzer that exists and is imported. Limits: names: a Region; each an analyzer name.
	Adopt map[string]string `json:"adopt"`
}

// ThreatsAccessAnalyzerUnusedAccess holds the keys of threats.accessAnalyzer.unusedAccess. The unused access
// analyzer, at $0.20 per role and user and month.
type ThreatsAccessAnalyzerUnusedAccess struct {
	// Whether there is one in the home Region. Default: starter false, standard false, strict true.
	Enabled bool `json:"enabled"`
	// After how many days without use access counts as unused. A change replaces the analyzer. Default: 90. Limits: 1 to
	// 365.
	UnusedAccessAge int `json:"unusedAccessAge"`
	// The name of an analyzer that exists in the home Region and stays unmanaged. Limits: an analyzer name.
	Existing string `json:"existing"`
	// The name of an analyzer that exists in the home Region and is imported. Limits: an analyzer name.
	Adopt string `json:"adopt"`
}

// ThreatArchiveRule is one entry of threats.accessAnalyzer.archiveRules.
type ThreatArchiveRule struct {
	// The name of the rule. Limits: a letter, then at most 254 letters, digits, dots, underscores and hyphens.
	Name string `json:"name"`
	// Values by filter key such as principal.AWS, of which one must match. Limits: names: a filter key of archive rules,
	// such as principal.AWS; each at most 20; each a text.
	Equals map[string][]string `json:"equals"`
	// Texts by filter key, of which one must be within the value. Limits: names: a filter key of archive rules, such as
	// principal.AWS; each at most 20; each a text.
	Contains map[string][]string `json:"contains"`
}

// ThreatsSecurityHub holds the keys of threats.securityHub. AWS Security Hub. A standard costs about $6 a month in
// every Region, idle ones included.
type ThreatsSecurityHub struct {
	// Whether it is used. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
	// The standards; AWS's own defaults are never switched on silently. Default: starter none, standard
	// ["aws-foundational-security-best-practices/v/1.0.0"], strict
	// ["aws-foundational-security-best-practices/v/1.0.0","cis-aws-foundations-benchmark/v/5.0.0"]. Limits: each
	// aws-foundational-security-best-practices/v/1.0.0, cis-aws-foundations-benchmark/v/1.2.0,
	// cis-aws-foundations-benchmark/v/1.4.0, cis-aws-foundations-benchmark/v/3.0.0,
	// cis-aws-foundations-benchmark/v/5.0.0, nist-800-53/v/5.0.0, pci-dss/v/4.0.1,
	// aws-resource-tagging-standard/v/1.0.0.
	Standards []string `json:"standards"`
	// Where. None: the home Region; all: every covered Region. Default: starter none, standard none, strict all. Limits:
	// each a Region.
	Regions []string `json:"regions"`
	// Controls that are switched off.
	DisabledControls []ThreatDisabledControl `json:"disabledControls"`
	// Whether controls about IAM are switched off outside the home Region, where AWS Config does not record IAM.
	// Default: starter false, standard false, strict true.
	DisableGlobalControls bool `json:"disableGlobalControls"`
	// Whether the findings of all its Regions are aggregated to the home Region. Default: true.
	Aggregator bool `json:"aggregator"`
	// Regions where Security Hub is on and stays unmanaged. Limits: each a Region.
	Existing []string `json:"existing"`
	// Regions where Security Hub is on and is imported. Limits: each a Region.
	Adopt []string `json:"adopt"`
}

// ThreatDisabledControl is one entry of threats.securityHub.disabledControls.
type ThreatDisabledControl struct {
	// The control, such as IAM.6. Limits: a control, such as IAM.6.
	ID string `json:"id"`
	// Why. Security Hub shows it. Limits: 1 to 512 characters without line breaks.
	Reason string `json:"reason"`
	// The standards that have the control. None: all that are chosen. Limits: each
	// aws-foundational-security-best-practices/v/1.0.0, cis-aws-foundations-benchmark/v/1.2.0,
	// cis-aws-foundations-benchmark/v/1.4.0, cis-aws-foundations-benchmark/v/3.0.0,
	// cis-aws-foundations-benchmark/v/5.0.0, nist-800-53/v/5.0.0, pci-dss/v/4.0.1,
	// aws-resource-tagging-standard/v/1.0.0.
	Standards []string `json:"standards"`
}

// ThreatsTrustedAdvisor holds the keys of threats.trustedAdvisor. Trusted Advisor.
type ThreatsTrustedAdvisor struct {
	// Whether its warnings and errors alert. It needs a Business support plan. Default: false.
	Enabled bool `json:"enabled"`
}

// ThreatsHealth holds the keys of threats.health. AWS Health.
type ThreatsHealth struct {
	// Whether its events about this account alert. Default: true.
	Enabled bool `json:"enabled"`
	// Whether operational issues that it reports to everybody are told too, as informational alerts. Default: false.
	PublicIssues bool `json:"publicIssues"`
}

// ThreatsInspector holds the keys of threats.inspector. Amazon Inspector: known vulnerabilities.
type ThreatsInspector struct {
	// Whether it is used. Default: starter false, standard false, strict true.
	Enabled bool `json:"enabled"`
	// What is scanned. Default: ["EC2","ECR","LAMBDA"]. Limits: each EC2, ECR, LAMBDA, LAMBDA_CODE.
	ResourceTypes []string `json:"resourceTypes"`
	// Where. None: every covered Region that has it. Limits: each a Region.
	Regions []string `json:"regions"`
}

// ThreatsMacie holds the keys of threats.macie. Amazon Macie: sensitive data in buckets.
type ThreatsMacie struct {
	// Whether it is used. Default: false.
	Enabled bool `json:"enabled"`
	// How often findings are published. Default: FIFTEEN_MINUTES. Limits: FIFTEEN_MINUTES, ONE_HOUR, SIX_HOURS.
	FindingPublishingFrequency string `json:"findingPublishingFrequency"`
	// Where. None: every covered Region that has it. Limits: each a Region.
	Regions []string `json:"regions"`
}

// Billing holds the keys of billing. Guards on the bill.
type Billing struct {
	// Whether there are any. Default: true.
	Enabled bool `json:"enabled"`
	// Addresses that AWS Budgets and Cost Anomaly Detection mail themselves, beside the alerts; nobody has to confirm.
	// Limits: at most 10; each an e-mail address.
	Emails []string `json:"emails"`
	// What counts as cost in the budgets, beside taxes, support, subscriptions, fees and discounts. Limits: not in
	// aws-us-gov.
	Costs BillingCosts `json:"costs"`
	// The budget of the whole account. Limits: not in aws-us-gov.
	MonthlyBudget BillingMonthlyBudget `json:"monthlyBudget"`
	// Budgets of single services, by Cost Explorer's name of the service; AWS takes a misspelt one, and it never alerts.
	// Limits: names: the name of a service, such as Amazon Simple Storage Service; not in aws-us-gov.
	ServiceBudgets map[string]BillingServiceBudget `json:"serviceBudgets"`
	// Budgets of what carries a cost allocation tag, which has to be activated in the billing console. Limits: not in
	// aws-us-gov.
	TagBudgets []BillingTagBudget `json:"tagBudgets"`
	// The budget of what the baseline itself costs. Limits: not in aws-us-gov.
	BaselineBudget BillingBaselineBudget `json:"baselineBudget"`
	// CloudWatch alarms on EstimatedCharges. Billing alerts have to be switched on once in the console. Limits: not in
	// aws-us-gov.
	EstimatedCharges BillingEstimatedCharges `json:"estimatedCharges"`
	// Cost anomaly detection per service. Limits: not in aws-us-gov.
	AnomalyDetection BillingAnomalyDetection `json:"anomalyDetection"`
	// The bill report: cost per service compared with the period before. Limits: not in aws-us-gov.
	Report BillingReport `json:"report"`
	// A budget action: at a threshold a deny policy is attached to the named groups and roles. Limits: not in
	// aws-us-gov.
	Action BillingAction `json:"action"`
	// A CloudWatch dashboard of the charges; an account's first three are free, a further one is $3 a month. Default:
	// false. Limits: not in aws-us-gov.
	Dashboard bool `json:"dashboard"`
}

// BillingCosts holds the keys of billing.costs. What counts as cost in the budgets, beside taxes, support,
// subscriptions, fees and discounts.
type BillingCosts struct {
	// Credits, which hide spending until they are used up. Default: false.
	Credits bool `json:"credits"`
	// Refunds. Default: false.
	Refunds bool `json:"refunds"`
	// Upfront and recurring fees of reservations, spread over their time. Default: false.
	Amortized bool `json:"amortized"`
}

// BillingMonthlyBudget holds the keys of billing.monthlyBudget. The budget of the whole account.
type BillingMonthlyBudget struct {
	// Whether there is one. Default: true.
	Enabled bool `json:"enabled"`
	// The limit a month, in the currency that the partition is billed in. None: 100, or what autoAdjust says. Limits:
	// 0.01 to 1000000000.
	Limit float64 `json:"limit"`
	// AWS sets the limit every month: FORECAST, its forecast; HISTORICAL, the average of the last autoAdjustMonths.
	// None: it stays. Limits: FORECAST, HISTORICAL.
	AutoAdjust string `json:"autoAdjust"`
	// The months of HISTORICAL. None: 6. Limits: 1 to 12.
	AutoAdjustMonths int `json:"autoAdjustMonths"`
	// When it alerts. Default:
	// [{"percent":50,"type":"ACTUAL"},{"percent":80,"type":"ACTUAL"},{"percent":100,"type":"ACTUAL"},{"percent":100,"type":"FORECASTED"}].
	// Limits: at most 10.
	Thresholds []BillingThreshold `json:"thresholds"`
}

// BillingThreshold is one entry of billing.monthlyBudget.thresholds.
type BillingThreshold struct {
	// The share of the limit in percent. Limits: 0.1 to 1000000.
	Percent float64 `json:"percent"`
	// ACTUAL: spent; FORECASTED: expected by the end of the month. Limits: ACTUAL, FORECASTED.
	Type string `json:"type"`
}

// BillingServiceBudget is one entry of billing.serviceBudgets.
type BillingServiceBudget struct {
	// The limit a month. Limits: 0.01 to 1000000000.
	Limit float64 `json:"limit"`
	// When it alerts. None: as the monthly budget's default. Limits: at most 10.
	Thresholds []BillingThreshold `json:"thresholds"`
}

// BillingTagBudget is one entry of billing.tagBudgets.
type BillingTagBudget struct {
	// The key of the tag. Limits: a tag key.
	Key string `json:"key"`
	// Its value. Limits: a tag value.
	Value string `json:"value"`
	// The limit a month. Limits: 0.01 to 1000000000.
	Limit float64 `json:"limit"`
	// When it alerts. None: as the monthly budget's default. Limits: at most 10.
	Thresholds []BillingThreshold `json:"thresholds"`
}

// BillingBaselineBudget holds the keys of billing.baselineBudget. The budget of what the baseline itself costs.
type BillingBaselineBudget struct {
	// Whether there is one. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
	// The limit a month. Default: starter 5, standard 50, strict 200. Limits: 0.01 to 1000000000.
	Limit float64 `json:"limit"`
	// The services that count, by Cost Explorer's names. None: those that the baseline uses and hardly anybody else.
	// Limits: each the name of a service, such as AWS Config.
	Services []string `json:"services"`
	// Counts what carries the project's tag instead, which has to be activated as a cost allocation tag. Default: false.
	ByTag bool `json:"byTag"`
}

// BillingEstimatedCharges holds the keys of billing.estimatedCharges. CloudWatch alarms on EstimatedCharges. Billing
// alerts have to be switched on once in the console.
type BillingEstimatedCharges struct {
	// Whether there are any. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
	// The amounts at which they fire. None: the limit of the monthly budget. Limits: at most 10; each 0.01 to
	// 1000000000.
	Thresholds []float64 `json:"thresholds"`
	// Alarms on single services, by the metric's name of the service. Limits: names: a service of the metric, such as
	// AmazonEC2.
	Services map[string]BillingServiceCharges `json:"services"`
}

// BillingServiceCharges is one entry of billing.estimatedCharges.services.
type BillingServiceCharges struct {
	// The amounts at which they fire. Limits: at most 10; each 0.01 to 1000000000.
	Thresholds []float64 `json:"thresholds"`
}

// BillingAnomalyDetection holds the keys of billing.anomalyDetection. Cost anomaly detection per service.
type BillingAnomalyDetection struct {
	// Whether it is used. Default: true.
	Enabled bool `json:"enabled"`
	// Whether the alerts are told at once. Default: true.
	Immediate bool `json:"immediate"`
	// How often billing.emails get a summary. None: never. Limits: DAILY, WEEKLY.
	Digest string `json:"digest"`
	// From which impact in the currency. None: 10 with the default of thresholdPercent, else any amount. Limits: 0.01 to
	// 1000000000.
	ThresholdAmount float64 `json:"thresholdAmount"`
	// From which impact in percent of what was expected. None: 20 with the default of thresholdAmount, else any
	// percentage. Limits: 1 to 1000000.
	ThresholdPercent float64 `json:"thresholdPercent"`
	// AND: both thresholds have to be reached; OR: one of them. Default: AND. Limits: AND, OR.
	Match string `json:"match"`
	// The ARN of the account's SERVICE monitor that exists and stays unmanaged. Limits: the ARN of a cost anomaly
	// monitor.
	Existing string `json:"existing"`
	// The ARN of the account's SERVICE monitor that exists and is imported. Limits: the ARN of a cost anomaly monitor.
	Adopt string `json:"adopt"`
}

// BillingReport holds the keys of billing.report. The bill report: cost per service compared with the period before.
type BillingReport struct {
	// When it is sent. Default: starter none, standard ["weekly"], strict ["daily","weekly"]. Limits: each daily,
	// weekly, monthly.
	Schedules []string `json:"schedules"`
	// At which hour of the day. Default: 9. Limits: 0 to 23.
	Hour int `json:"hour"`
	// At which minute of the hour. Default: 0. Limits: 0 to 59.
	Minute int `json:"minute"`
	// The weekly report's day. Default: MON. Limits: MON, TUE, WED, THU, FRI, SAT, SUN.
	Day string `json:"day"`
	// The monthly report's day. Default: 1. Limits: 1 to 28.
	DayOfMonth int `json:"dayOfMonth"`
	// In which time zone. Default: UTC. Limits: a time zone, such as Asia/Tokyo.
	TimeZone string `json:"timeZone"`
	// Whose recipients get it. Default: informational. Limits: critical, warning, informational.
	Severity string `json:"severity"`
}

// BillingAction holds the keys of billing.action. A budget action: at a threshold a deny policy is attached to the
// named groups and roles.
type BillingAction struct {
	// The share of the monthly budget in percent. Default: 100. Limits: 0.1 to 1000000.
	Percent float64 `json:"percent"`
	// MANUAL: a person confirms; AUTOMATIC: at once. Default: MANUAL. Limits: MANUAL, AUTOMATIC.
	Approval string `json:"approval"`
	// The deny policy; one of your own needs a role in breakGlass or deployers. None: one that denies starting what
	// costs and spares these. Limits: the ARN of an IAM policy.
	PolicyARN string `json:"policyArn"`
	// The groups. Limits: at most 100; each an IAM group name.
	Groups []string `json:"groups"`
	// The roles. Limits: at most 100; each an IAM role name.
	Roles []string `json:"roles"`
	// Roles and users, by ARN with path, that are never stopped, beside the deployers. Limits: each the ARN of an IAM
	// role or user with its path.
	BreakGlass []string `json:"breakGlass"`
}

// Hardening holds the keys of hardening. Account-wide locks.
type Hardening struct {
	// Whether the account is hardened. Default: true.
	Enabled bool `json:"enabled"`
	// Allows settings below hardening that ask for less than their defaults; every preview says which. Default: false.
	Weaken bool `json:"weaken"`
	// Hardenings that somebody else sees to, such as a declarative policy of the organization: nothing is set for them.
	// Limits: each password-policy, s3-public-access, support-role, ebs-encryption, snapshot-public-access,
	// image-public-access, instance-metadata, serial-console.
	Existing []string `json:"existing"`
	// Hardenings that are imported: the preview shows what differs and changes. Others are overwritten by the first
	// deployment unseen. Limits: each password-policy, s3-public-access, account-alias, security-contact,
	// billing-contact, operations-contact, ebs-encryption, snapshot-public-access, serial-console.
	Adopt []string `json:"adopt"`
	// By Region, hardenings that AWS refuses there. Limits: names: a Region; each each ebs-encryption, ebs-key,
	// snapshot-public-access, image-public-access, instance-metadata, serial-console.
	MissingIn map[string][]string `json:"missingIn"`
	// The IAM password policy, one per account.
	PasswordPolicy HardeningPasswordPolicy `json:"passwordPolicy"`
	// A name for the account in the sign-in address, unique in all of AWS. Limits: 3 to 63 lower-case letters, digits
	// and single hyphens.
	AccountAlias string `json:"accountAlias"`
	// Amazon S3.
	S3 HardeningS3 `json:"s3"`
	// Amazon EBS, in every covered Region.
	EBS HardeningEBS `json:"ebs"`
	// AMIs, in every covered Region.
	Images HardeningImages `json:"images"`
	// Defaults of the instance metadata service, in every covered Region.
	InstanceMetadata HardeningInstanceMetadata `json:"instanceMetadata"`
	// The EC2 serial console, in every covered Region.
	SerialConsole HardeningSerialConsole `json:"serialConsole"`
	// Default security groups that lose all their rules. Workloads that rely on them lose their network.
	DefaultSecurityGroups HardeningDefaultSecurityGroups `json:"defaultSecurityGroups"`
	// The alternate contacts that AWS writes to. Limits: not in aws-us-gov.
	Contacts HardeningContacts `json:"contacts"`
	// A role with AWSSupportAccess.
	SupportRole HardeningSupportRole `json:"supportRole"`
	// A role with SecurityAudit and ViewOnlyAccess: reads the configuration of everything, and no data.
	AuditRole HardeningAuditRole `json:"auditRole"`
}

// HardeningPasswordPolicy holds the keys of hardening.passwordPolicy. The IAM password policy, one per account.
type HardeningPasswordPolicy struct {
	// The least number of characters. Default: 14. Limits: 6 to 128.
	MinimumLength int `json:"minimumLength"`
	// How many old passwords cannot be used again. Default: 24. Limits: 1 to 24.
	ReusePrevention int `json:"reusePrevention"`
	// After how many days a password expires; 0 is never. Default: 90. Limits: 0 to 1095.
	MaxAge int `json:"maxAge"`
	// Whether users with an expired password wait for an administrator. Default: false.
	HardExpiry bool `json:"hardExpiry"`
	// Whether users may change their own password. Default: true.
	AllowUsersToChange bool `json:"allowUsersToChange"`
	// Whether a lower-case letter is needed. Default: true.
	RequireLowercase bool `json:"requireLowercase"`
	// Whether an upper-case letter is needed. Default: true.
	RequireUppercase bool `json:"requireUppercase"`
	// Whether a digit is needed. Default: true.
	RequireNumbers bool `json:"requireNumbers"`
	// Whether a symbol is needed. Default: true.
	RequireSymbols bool `json:"requireSymbols"`
}

// HardeningS3 holds the keys of hardening.s3. Amazon S3.
type HardeningS3 struct {
	// Whether no bucket of the account can be public. Default: true.
	BlockPublicAccess bool `json:"blockPublicAccess"`
}

// HardeningEBS holds the keys of hardening.ebs. Amazon EBS, in every covered Region.
type HardeningEBS struct {
	// Whether new volumes are encrypted. Default: true.
	EncryptionByDefault bool `json:"encryptionByDefault"`
	// By Region, the KMS key that encrypts new volumes. None: the key that AWS manages. Limits: names: a Region; each
	// the ARN of a KMS key.
	Keys map[string]string `json:"keys"`
	// What public sharing of snapshots is blocked. Default: block-all-sharing. Limits: block-all-sharing,
	// block-new-sharing, unblocked.
	SnapshotBlockPublicAccess string `json:"snapshotBlockPublicAccess"`
}

// HardeningImages holds the keys of hardening.images. AMIs, in every covered Region.
type HardeningImages struct {
	// Whether new public sharing is blocked. Default: true.
	BlockPublicAccess bool `json:"blockPublicAccess"`
}

// HardeningInstanceMetadata holds the keys of hardening.instanceMetadata. Defaults of the instance metadata service,
// in every covered Region.
type HardeningInstanceMetadata struct {
	// required: IMDSv2 only. Default: required. Limits: required, optional.
	HttpTokens string `json:"httpTokens"`
	// How many network hops a token may take; containers need 2. Default: 2. Limits: 1 to 64.
	HopLimit int `json:"hopLimit"`
}

// HardeningSerialConsole holds the keys of hardening.serialConsole. The EC2 serial console, in every covered Region.
type HardeningSerialConsole struct {
	// Whether it can be used. Default: false.
	Enabled bool `json:"enabled"`
}

// HardeningDefaultSecurityGroups holds the keys of hardening.defaultSecurityGroups. Default security groups that lose
// all their rules. Workloads that rely on them lose their network.
type HardeningDefaultSecurityGroups struct {
	// By Region, the ids of the VPCs whose default security groups are emptied. Limits: names: a Region; each each a VPC
	// id, such as vpc-0123456789abcdef0.
	Vpcs map[string][]string `json:"vpcs"`
	// Whether those of all default VPCs of the covered Regions are emptied. Default: false.
	DefaultVpcs bool `json:"defaultVpcs"`
}

// HardeningContacts holds the keys of hardening.contacts. The alternate contacts that AWS writes to.
type HardeningContacts struct {
	// For security notices.
	Security HardeningContact `json:"security"`
	// For bills.
	Billing HardeningContact `json:"billing"`
	// For operations.
	Operations HardeningContact `json:"operations"`
}

// HardeningContact is one entry of hardening.contacts.security.
type HardeningContact struct {
	// The person or team. Limits: at most 64 characters.
	Name string `json:"name"`
	// Their title. Limits: at most 50 characters.
	Title string `json:"title"`
	// Their e-mail address. Limits: an e-mail address.
	Email string `json:"email"`
	// Their phone number. Limits: at most 25 digits, spaces and +()-.
	Phone string `json:"phone"`
}

// HardeningSupportRole holds the keys of hardening.supportRole. A role with AWSSupportAccess.
type HardeningSupportRole struct {
	// Whether there is one. Default: starter false, standard true, strict true.
	Enabled bool `json:"enabled"`
	// Its name. None: one made of the project's, the stack's and what it is for. Limits: an IAM role name.
	Name string `json:"name"`
	// Who may assume it, of any account. None: the account's principals that are allowed to, with MFA. Limits: each the
	// ARN of an IAM role or user with its path.
	Principals []string `json:"principals"`
	// What the principals have to show, as scanners of other companies ask for. Limits: 2 to 1224 letters, digits and
	// +=,.@:/_-.
	ExternalID string `json:"externalId"`
}

// HardeningAuditRole holds the keys of hardening.auditRole. A role with SecurityAudit and ViewOnlyAccess: reads the
// configuration of everything, and no data.
type HardeningAuditRole struct {
	// Whether there is one. Default: false.
	Enabled bool `json:"enabled"`
	// Its name. None: one made of the project's, the stack's and what it is for. Limits: an IAM role name.
	Name string `json:"name"`
	// Who may assume it, of any account. None: the account's principals that are allowed to, with MFA. Limits: each the
	// ARN of an IAM role or user with its path.
	Principals []string `json:"principals"`
	// What the principals have to show, as scanners of other companies ask for. Limits: 2 to 1224 letters, digits and
	// +=,.@:/_-.
	ExternalID string `json:"externalId"`
}

// Estimate holds the keys of estimate. From what the monthly cost of the baseline is estimated, and what it may come
// to.
type Estimate struct {
	// The volumes to begin with: of an account in which hardly anything runs, of a small team's, of a busy one. Default:
	// starter quiet, standard team, strict team. Limits: quiet, team, busy.
	Preset string `json:"preset"`
	// The estimate in USD a month above which nothing is deployed. None: there is no limit. Limits: 0.01 to 1000000000.
	Limit float64 `json:"limit"`
	// Whether AWS's free allowances are taken off, as if nothing else used them. Default: true.
	FreeTier bool `json:"freeTier"`
	// Volumes a month that replace those of the preset, by name. Limits: names: a volume, such as managementEvents; each
	// 0 to 1000000000000000.
	Volumes map[string]float64 `json:"volumes"`
}

// Checklist holds the keys of checklist. The steps that only a person can do.
type Checklist struct {
	// Steps that are done; the output checklist no longer lists them. Limits: each confirmEmailSubscriptions,
	// activateWatchContacts, activateIamBillingAccess, enableCostExplorer, receiveBillingAlerts, authorizeSlack,
	// enableRootMfa, deleteRootAccessKeys.
	Done []string `json:"done"`
}
