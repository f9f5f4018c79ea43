package controls

// ownTable are the promises of the baseline that no benchmark asks for.
func ownTable() []Control {
	return []Control{
		{
			Title: "Alerts are enabled and reach a subscriber", Own: "alerts-reach",
			ByHand: "Give alerts.emails, alerts.slack or alerts.webhook",
			meets:  []check{alertsReach, alarmsRing, topicsHeard}, Test: "TestEveryRouteOfTheHubIsDelivered",
		},
		{
			Title: "Alerts that cannot be delivered wait in a queue", Own: "alerts-wait",
			meets: []check{alertsEveryTarget, queuesSecret, messagesKept}, Test: "TestEveryTargetHasADeadLetterQueueInItsRegion",
		},
		{
			Title: "Alerts that wait in a queue ring", Own: "alerts-stuck",
			ByHand: "Look into the queues of the output deadLetterQueues, or set alerts.deadLetterAlarms",
			meets:  []check{deadLettersRing}, Test: "TestDeadLetterAlarms",
		},
		{
			Title: "The alert path takes TLS only and is open to nobody else", Own: "alerts-closed",
			meets: []check{topicsDenyHTTP, queuesDenyHTTP, noOpenTopic, noOpenQueue, noConfusedDeputy}, Test: "TestHubTopicPolicy",
		},
		{
			Title: "Changes to what records and detects are told", Own: "tampering",
			meets: []check{alertTrail, alertConfig, alertDetection, alertFilters, alertChecks, alertKMS, alertArchive}, Test: "TestTamperingAlertsWhereverItHappens",
		},
		{
			Title: "Changes to the trail's log group are told", Own: "tampering-logs",
			meets: []check{alertLogs}, Test: "TestTamperingAlertsWhereverItHappens",
		},
		{
			Title: "Changes of what matters for security are recorded in every covered Region", Own: "changes-recorded",
			ByHand: "Leave config.recording.resourceTypes and excludedResourceTypes to the profile, or name these types as well",
			meets:  []check{recorders, recordersOfWhatMatters, globalTypesOnce}, Test: "TestConfigRecordsEverywhereAndIAMOnce",
		},
		{
			Title: "Broken rules of AWS Config, changes of security groups and events of AWS Health are told", Own: "changes",
			meets: []check{alertNonCompliance, alertGroups, alertHealth}, Test: "TestEveryAlertOfConfigIsDelivered",
		},
		{
			Title: "Logs are kept for a year at least, deleted ones for a month, and stay when the stack is destroyed", Own: "archive-kept",
			ByHand: "Set archive.retentionDays to 365 or more, and disposable to false",
			meets:  []check{archiveExpiresLate, archiveStays}, Test: "TestArchiveLifecycle",
		},
		{
			Title: "Log objects are written by AWS's services and read by named readers only", Own: "archive-closed",
			meets: []check{archiveTakesServicesOnly, archiveReaders, archiveKeyReaders}, Test: "TestArchivePoliciesDecide",
		},
		{
			Title: "The archive cannot be opened, and its key not deleted, without MFA but by named deployers", Own: "archive-guarded",
			ByHand: "Name the roles that deploy in deployers",
			meets:  []check{archiveKeepsPolicy, archiveKeyGuarded}, Test: "TestArchiveLocksNobodyOutWithoutDeployers",
		},
		{
			Title: "Access to the archive is logged", Own: "archive-logged",
			meets: []check{archiveLogged}, Test: "TestArchiveBucketsAreHardened",
		},
		{
			Title: "Plans of GuardDuty are on or off by name, none by AWS's default", Own: "plans-named",
			meets: []check{plansNamed}, Test: "TestPlansOfTheTableAreComplete",
		},
		{
			Title: "What belongs together is declared together", Own: "whole",
			meets: []check{rolesDeclared, rolesHaveRights, policiesBelong}, Test: "TestAccountIsHardenedInEveryRegion",
		},
		{
			Title: "Log files of the trail are locked", Own: "archive-locked",
			ByHand: "Set archive.objectLock", Limit: "a lock keeps the bucket until its last object expires: only strict sets it",
			meets: []check{archiveLocked}, Test: "TestArchiveObjectLockIsOnTheTrailArchiveOnly",
		},
		{
			Title: "The archive is versioned and encrypted by a KMS key, with a Bucket Key", Own: "archive-encrypted",
			meets: []check{bucketsVersioned, bucketsEncrypted, archiveEncryptedByKMS, archiveBucketKey, configDeliveryEncrypted}, Test: "TestArchiveBucketsAreHardened",
		},
		{
			Title: "The trail's log group is encrypted by a KMS key", Own: "logs-encrypted",
			meets: []check{trailLogsEncrypted}, Test: "TestTrailIsEncryptedWithTheKeyOfItsArchive",
		},
		{
			Title: "Unusual calls are found by CloudTrail Insights and told", Own: "insights",
			Limit: "priced by the event: only strict switches it on",
			meets: []check{trailCallRates, trailErrorRates, alertInsight}, Test: "TestInsightsAreOnRequest",
		},
		{
			Title: "Data events of Lambda and DynamoDB are logged", Own: "data-events",
			Limit: "priced by the event: only strict logs them all",
			meets: []check{trailLambda, trailDynamoDB}, Test: "TestEverySelectorHasOneResourceType",
		},
		{
			Title: "Findings of GuardDuty are exported to the archive", Own: "findings-kept",
			meets: []check{findingsExported}, Test: "TestFindingsAreExportedFromEveryRegion",
		},
		{
			Title: "Rights that nobody uses are found and told", Own: "unused-access",
			Limit: "priced by the user and role: only strict switches it on",
			meets: []check{unusedAnalyzer, alertUnused}, Test: "TestAnalyzersOfAccess",
		},
		{
			Title: "Athena encrypts its results for named readers and enforces a limit of bytes a query", Own: "athena",
			meets: []check{workgroupsEnforced, resultsReaders}, Test: "TestWorkgroupIsEnforced",
		},
		{
			Title: "People take the roles of the baseline with MFA only", Own: "roles-mfa",
			meets: []check{rolesNeedMFA}, Test: "TestRolesLetInWhomTheyAreFor",
		},
		{
			Title: "No AMI becomes public, and the serial console is off", Own: "instances",
			meets: []check{imagesBlocked, serialConsoleOff}, Test: "TestEveryRegionIsHardened",
		},
		{
			Title: "Default security groups that were asked for are empty", Own: "default-groups",
			ByHand: "See what uses the default security groups, then set hardening.defaultSecurityGroups",
			meets:  []check{defaultGroupsEmpty}, Test: "TestDefaultSecurityGroupsAreEmptiedOnRequest",
		},
		{
			Title: "New instances take IMDSv2 only", Own: "imdsv2",
			meets: []check{metadataV2}, Test: "TestEveryRegionIsHardened",
		},
		{
			Title: "Every budget tells somebody, and an alarm watches the estimated charges", Own: "charges",
			meets: []check{budgetsTell, chargesWatched}, Test: "TestChargesAreWatchedWhereTheyAre",
		},
		{
			Title: "Data without a backup is found", Own: "backups",
			Limit: workloadsOwn,
			finds: []check{
				rule("BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK"), rule("DYNAMODB_RESOURCES_PROTECTED_BY_BACKUP_PLAN"),
				rule("EBS_RESOURCES_PROTECTED_BY_BACKUP_PLAN"), rule("RDS_RESOURCES_PROTECTED_BY_BACKUP_PLAN"), rule("EC2_RESOURCES_PROTECTED_BY_BACKUP_PLAN"),
				rule("EFS_RESOURCES_PROTECTED_BY_BACKUP_PLAN"), rule("AURORA_RESOURCES_PROTECTED_BY_BACKUP_PLAN"), rule("S3_RESOURCES_PROTECTED_BY_BACKUP_PLAN"),
			},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Buckets without encryption or versioning are found", Own: "buckets",
			Limit: workloadsOwn,
			finds: []check{rule("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"), rule("S3_BUCKET_VERSIONING_ENABLED")},
			Test:  "TestSetsHoldTheirRules",
		},
	}
}
