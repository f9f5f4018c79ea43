package schema

import "github.com/seed-8894d46d/account-baseline/components/internal/partition"

// Root returns the tree of all settings. Each call returns a tree of its own.
func Root() *Node {
	return object("", "",
		choice("profile", "The set of defaults. starter costs about $1–3 a month on a quiet account, standard meets the CIS benchmark, strict adds data events, Insights and Object Lock. Every other setting overrides its profile.",
			Profiles...).always("standard"),
		list("regions", "The covered Regions: the word all, which covers every Region that the account has enabled, or a list. The home Region (aws:region) is always covered. Every covered Region runs a provider process of 170–430 MB.",
			item(regionOfPartition, "a Region of the home Region's partition")).orAll().always([]any{AllRegions}),
		tags(),
		toggle("disposable", "Makes a sandbox: buckets and keys are neither protected nor retained, and destroy deletes the logs. Never for an account that matters.").always(false),
		list("deployers", "The roles and users that deploy this stack, by ARN with path. They alone may change the archive's policies, lifecycle, versioning and lock without MFA; with none named that guard does not exist. strict demands at least one.",
			item(deployer, "the ARN of an IAM role or user with its path")).atMost(50).distinct(),
		alerts(),
		archive(),
		trail(),
		config(),
		threats(),
		billing(),
		hardening(),
		estimate(),
		object("checklist", "The steps that only a person can do.",
			list("done", "Steps that are done; the output checklist no longer lists them.",
				choice("", "", ChecklistSteps...)).distinct()),
	)
}

// ChecklistSteps are the names of the steps that only a person can do.
var ChecklistSteps = []string{
	"confirmEmailSubscriptions", "activateWatchContacts", "activateIamBillingAccess", "enableCostExplorer", "receiveBillingAlerts",
	"authorizeSlack", "enableRootMfa", "deleteRootAccessKeys",
}

// tags leaves two of the 50 tags of a resource to the project and stack tags.
func tags() *Node {
	return dict("tags", "Tags on every taggable resource, beside those for project and stack.",
		item(tagValue, "at most 256 letters, digits, spaces and _.:/=+-@").orNumber()).
		namedBy(tagKey, "1 to 128 letters, digits, spaces and _.:/=+-@, not starting with aws:").atMost(MaxTags)
}

// MaxTags is how many tags the settings may give a resource: AWS allows 50
// (https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html), two are the baseline's own.
const MaxTags = 48

func emails(name, doc string) *Node {
	return list(name, doc, item(email, "an e-mail address")).atMost(50).distinctInAnyCase()
}

func severity(name, doc string) *Node {
	n := object(name, doc, emails("emails", "The addresses for this severity, instead of alerts.emails."))
	n.TypeName = "AlertsSeverity"
	return n
}

// Severities are the severities of alerts, the most urgent one first.
var Severities = []string{"critical", "warning", "informational"}

func alerts() *Node {
	return object("alerts", "Who is told, and how.",
		emails("emails", "E-mail addresses that receive every severity that has none of its own. Each one has to confirm its subscription."),
		severity("critical", "Recipients of critical alerts, instead of those of every severity."),
		severity("warning", "Recipients of warnings, instead of those of every severity."),
		severity("informational", "Recipients of informational alerts, instead of those of every severity."),
		object("slack", "A Slack channel, by Amazon Q Developer in chat applications. The workspace is authorised once in the console.",
			text("workspaceId", "The id of the Slack workspace (team).").checked(slackWorkspace, "capital letters and digits, such as T0123ABCDEF"),
			text("channelId", "The id of the channel for all severities.").checked(slackChannel, "C or G and capital letters and digits"),
			object("channels", "Channels for single severities, instead of channelId.",
				text("critical", "The id of the channel for critical alerts.").checked(slackChannel, "a Slack channel id"),
				text("warning", "The id of the channel for warnings.").checked(slackChannel, "a Slack channel id"),
				text("informational", "The id of the channel for informational alerts.").checked(slackChannel, "a Slack channel id"),
			),
			list("guardrailPolicyArns", "The IAM policies that bound what can be done from the channel. None: the alert hub's own guardrail.",
				item(policyARN, "the ARN of an IAM policy")).atMost(20).distinct(),
		).in(partition.Chatbot),
		object("webhook", "An HTTPS endpoint that receives every alert as {\"text\": …}, such as a Slack incoming webhook.",
			text("url", "The URL, which is a secret: pulumi config set --path alerts.webhook.url --secret.").
				checked(httpsURL, "an https:// URL of at most 2048 characters").secret(),
		).in(partition.APIDestinations),
		list("ignoreChangesBy", "Roles and users, by ARN with path, whose own changes of trail, archive, keys, rights, security groups and the alert path raise no alert: for people who do not want to hear of every deployment. Who steals such a role's credentials can stop the trail and give rights in silence. None: every change is told.",
			item(deployer, "the ARN of an IAM role or user with its path")).atMost(20).distinct(),
		toggle("deadLetterAlarms", "Alarms on alerts that could not be delivered, one per covered Region, at $0.10 a month each.").byProfile(false, true, true),
		object("watch", "The watch over the alert path itself, on a path of its own (AWS User Notifications).",
			emails("emails", "E-mail contacts that are told when the alert path is changed."),
			toggle("existingNotificationHub", "Whether the account has a notification hub already, so that none is registered: an account has at most three.").always(false),
		).in(partition.UserNotifications),
		object("digest", "The weekly review by mail, webhook and Slack: root use, sign-ins without MFA, denied calls, new access keys, rules of AWS Config that are not obeyed, open findings.",
			toggle("enabled", "Whether the digest is sent.").byProfile(false, true, true),
			choice("day", "The day of the week it is sent.", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN").always("MON"),
			integer("hour", "At which hour of the day.").between(0, 23).always(8),
			integer("minute", "At which minute of the hour.").between(0, 59).always(0),
			text("timeZone", "In which time zone; times within the digest are UTC.").checked(timeZone, "a time zone, such as Asia/Tokyo").always("UTC"),
		).in(partition.Scheduler),
		toggle("overview", "A CloudWatch dashboard of alarms, alerts and failed deliveries, at $3 a month: it has more than the 50 metrics of a free one.").always(false),
	)
}

func archive() *Node {
	return object("archive", "Where logs are kept.",
		object("bucketNames", "Names of the buckets instead of automatic ones.",
			text("trail", "The name of the trail's bucket.").checked(bucketName, bucketNameLimits),
			text("delivery", "The name of the bucket for AWS Config and GuardDuty.").checked(bucketName, bucketNameLimits),
			text("accessLogs", "The name of the bucket for access logs.").checked(bucketName, bucketNameLimits),
		),
		text("prefix", "The prefix of all log objects, before AWSLogs/.").checked(keyPrefix, "at most 200 characters, no slash at either end"),
		object("central", "The bucket of a log-archive account, which is used instead of own buckets. Nothing is created; the output says which statements belong in its policies.",
			text("bucket", "The name of the central bucket.").checked(bucketName, bucketNameLimits),
			text("keyArn", "The ARN of the key that encrypts the logs in it. None: SSE-S3.").checked(keyARN, "the ARN of a KMS key"),
			text("prefix", "The prefix of all log objects in it, before AWSLogs/.").checked(keyPrefix, "at most 200 characters, no slash at either end"),
		),
		integer("retentionDays", "After how many days log objects expire; 0 keeps them for ever. The same in every profile, so that a change of profile never expires data early.").
			between(0, 36500).always(2555),
		list("transitions", "When objects move to a cheaper storage class. Objects under 128 KB, which most log objects of a quiet account are, never move.",
			record("ArchiveTransition",
				choice("storageClass", "The storage class.", StorageClasses...),
				integer("days", "The age in days; at least 30 for STANDARD_IA and ONEZONE_IA.").between(0, 36500),
			).needs("storageClass", "days")).atMost(len(StorageClasses)).
			always([]any{map[string]any{"storageClass": "GLACIER_IR", "days": 365}}),
		integer("noncurrentDays", "After how many days the old versions of overwritten or deleted objects expire.").between(1, 36500).always(90),
		object("objectLock", "S3 Object Lock with a default retention on the trail's bucket. Once on, it stays enabled for the bucket's life.",
			toggle("enabled", "Whether new log objects are locked.").byProfile(false, false, true),
			choice("mode", "GOVERNANCE: who has s3:BypassGovernanceRetention can delete; COMPLIANCE: nobody can, not even the root user.", "GOVERNANCE", "COMPLIANCE").
				always("GOVERNANCE"),
			integer("days", "For how many days an object is locked.").between(1, 36500).always(365),
		).in(partition.ObjectLock),
		choice("encryption", "kms: a customer-managed key with rotation (about $1 a month); s3: SSE-S3.", "kms", "s3").byProfile("s3", "kms", "kms"),
		integer("accessLogRetentionDays", "After how many days access logs expire; 0 keeps them for ever.").between(0, 36500).always(365),
		object("adopt", "Buckets and key that an earlier stack has left behind. They are imported instead of created.",
			text("trailBucket", "The name of the trail's bucket.").checked(bucketName, bucketNameLimits),
			text("deliveryBucket", "The name of the bucket for AWS Config and GuardDuty.").checked(bucketName, bucketNameLimits),
			text("accessLogBucket", "The name of the bucket for access logs.").checked(bucketName, bucketNameLimits),
			text("keyId", "The id of the KMS key.").checked(keyID, "a KMS key id"),
		),
		list("readers", "Roles and users that may read log objects, by ARN; wildcards are allowed in path and name.",
			item(reader, "the ARN of an IAM role or user")).atMost(50).distinct(),
	)
}

// StorageClasses are the classes that a lifecycle rule can move to, in the only order it can move through them:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html.
var StorageClasses = []string{"STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"}

// MetricFilters are the names of the 15 CIS metric filters, in the order of the benchmark (4.1–4.15).
var MetricFilters = []string{
	"unauthorizedApiCalls", "signInWithoutMfa", "rootUsage", "iamPolicyChanges", "cloudTrailChanges",
	"authenticationFailures", "kmsKeyDisabling", "bucketPolicyChanges", "configChanges", "securityGroupChanges",
	"networkAclChanges", "networkGatewayChanges", "routeTableChanges", "vpcChanges", "organizationsChanges",
}

// DataEvents are the kinds of data events, each with CloudTrail's resources.type:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html.
var DataEvents = []string{
	"s3Objects", "lambdaFunctions", "dynamodbTables", "dynamodbStreams", "s3OutpostsObjects", "s3AccessPoints", "managedBlockchainNodes",
}

// NetworkActivitySources are the services whose calls through VPC endpoints CloudTrail can record:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html.
var NetworkActivitySources = []string{
	"cloudtrail.amazonaws.com", "ec2.amazonaws.com", "kms.amazonaws.com", "s3.amazonaws.com", "secretsmanager.amazonaws.com",
}

func trail() *Node {
	on := map[string]any{"enabled": true}
	return object("trail", "The CloudTrail trail: who did what, when, from where.",
		toggle("enabled", "Whether there is a trail. Without it alerts on API calls, metric filters and parts of threat detection are silent; the outputs list them.").always(true),
		text("name", "The name of the trail. None: a name made from the stack's. A change replaces the trail.").checked(trailName, "3 to 128 letters, digits and single ._-"),
		object("organization", "One trail for all accounts of an organization; deploy it in the management account, which owns such a trail.",
			text("id", "The id of the organization.").checked(organizationID, "o- and 10 to 32 lower-case letters and digits"),
		).in(partition.OrganizationTrail),
		object("logs", "Delivery to CloudWatch Logs, which metric filters and alarms need.",
			toggle("enabled", "Whether events are delivered to a log group.").byProfile(false, true, true),
			integer("retentionDays", "For how many days the log group keeps events; 0 keeps them for ever.").oneOf(logRetention...).always(365),
		),
		object("groups", "IAM groups for people who work with the trail; both require MFA.",
			toggle("enabled", "Whether the two groups exist.").always(true),
			text("administrators", "The name of the group that may change the trail. None: an automatic name.").checked(groupName, "an IAM group name"),
			text("readers", "The name of the group that may read the trail and its archive. None: an automatic name.").checked(groupName, "an IAM group name"),
		),
		object("managementEvents", "What is left out of the management events. Nothing: every one is recorded, and the first copy is free.",
			toggle("excludeKms", "Whether calls of AWS KMS are left out. They say who decrypted what; the alert key-disabled, the CIS filter kmsKeyDisabling and the query kms-key-use are silent without them.").always(false),
			toggle("excludeRdsData", "Whether calls of the RDS Data API are left out.").always(false),
		),
		object("metricFilters", "The 15 CIS metric filters and alarms over the trail's log group.",
			toggle("enabled", "Whether they exist.").byProfile(false, true, true),
			toggle("singleSignOn", "Whether people sign in through IAM Identity Center or another identity provider, whose MFA AWS does not see: signInWithoutMfa then counts sign-ins of IAM users only.").always(false),
			dict("alarms", "Single filters, each by its name.", record("TrailMetricFilter",
				toggle("enabled", "Whether this filter and its alarm exist.").always(true),
				integer("threshold", "From how many events in five minutes the alarm fires.").between(1, 1_000_000).always(1),
			)).named(MetricFilters...),
		),
		dict("dataEvents", "Data events: calls on single objects, functions and tables, at $0.10 per 100,000. The archive itself is never included.", record("TrailDataEvents",
			toggle("enabled", "Whether events of this kind are recorded."),
			list("includeArns", "Only resources whose ARN starts with one of these. None: all.", item(anARN, "the beginning of an ARN")).atMost(250).distinct(),
			list("excludeArns", "No resources whose ARN starts with one of these.", item(anARN, "the beginning of an ARN")).atMost(250).distinct(),
			choice("readWrite", "Which calls are recorded.", "all", "read", "write").always("all"),
		)).named(DataEvents...).
			byProfile(nil, nil, map[string]any{"s3Objects": on, "lambdaFunctions": on, "dynamodbTables": on}),
		list("networkActivity", "Event sources whose calls through VPC endpoints are recorded as network activity events, at $0.10 per 100,000.",
			choice("", "", NetworkActivitySources...)).distinct().in(partition.NetworkActivityEvents),
		object("insights", "CloudTrail Insights, at $0.35 per 100,000 events and kind.",
			toggle("apiCallRate", "Whether unusual rates of write calls are found.").byProfile(false, false, true),
			toggle("apiErrorRate", "Whether unusual rates of errors are found.").byProfile(false, false, true),
		).in(partition.CloudTrailInsights),
		object("athena", "Athena over the archive: table, workgroup and named queries.",
			toggle("enabled", "Whether they exist.").byProfile(false, true, true),
			integer("bytesScannedCutoffPerQuery", "The bytes after which the workgroup stops a query ($5 per TB scanned).").
				between(10_485_760, 1e15).always(100_000_000_000),
		).in(partition.Athena),
	)
}
