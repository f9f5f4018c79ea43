package estimate

// kind is what is known of the cost of a resource type: how it is priced, or why it costs nothing itself.
type kind struct {
	price func(*model, Resource)
	free  string
}

func free(why string) kind { return kind{free: why} }

func priced(by func(*model, Resource)) kind { return kind{price: by} }

// Why types cost nothing themselves.
const (
	partOfBucket   = "a setting of a bucket"
	partOfIAM      = "IAM is free"
	partOfTopic    = "a setting of a topic or queue"
	partOfDetector = "a setting of a detector, whose plans are priced"
	partOfHub      = "a setting of Security Hub, whose checks are priced"
	partOfRecorder = "part of AWS Config, whose items and evaluations are priced"
	partOfBilling  = "free of charge"
	partOfAccount  = "a setting of the account"
	partOfContact  = "AWS publishes no price for User Notifications"
)

// kinds are the resource types that the baseline may declare. A test compares them with what the components declare.
var kinds = map[string]kind{
	"aws:accessanalyzer/analyzer:Analyzer":       priced((*model).analyzer),
	"aws:accessanalyzer/archiveRule:ArchiveRule": free("a setting of an analyzer"),

	"aws:account/alternativeContact:AlternativeContact": free(partOfAccount),
	"aws:account/primaryContact:PrimaryContact":         free(partOfAccount),

	"aws:athena/namedQuery:NamedQuery": free("text; what it scans is priced by workgroup"),
	"aws:athena/workgroup:Workgroup":   priced((*model).workgroup),

	"aws:budgets/budget:Budget":             free("budgets without an action are free"),
	"aws:budgets/budgetAction:BudgetAction": priced((*model).budgetAction),

	"aws:cfg/aggregateAuthorization:AggregateAuthorization":     free(partOfRecorder),
	"aws:cfg/configurationAggregator:ConfigurationAggregator":   free(partOfRecorder),
	"aws:cfg/conformancePack:ConformancePack":                   priced((*model).conformancePack),
	"aws:cfg/deliveryChannel:DeliveryChannel":                   free(partOfRecorder),
	"aws:cfg/recorder:Recorder":                                 priced((*model).recorder),
	"aws:cfg/recorderStatus:RecorderStatus":                     free(partOfRecorder),
	"aws:cfg/remediationConfiguration:RemediationConfiguration": priced((*model).remediation),
	"aws:cfg/retentionConfiguration:RetentionConfiguration":     free(partOfRecorder),
	"aws:cfg/rule:Rule":                                         priced((*model).rule),

	"aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": free("Amazon Q Developer in chat applications has no charge of its own"),

	trailToken: priced((*model).trail),

	"aws:cloudwatch/compositeAlarm:CompositeAlarm":           priced((*model).compositeAlarm),
	"aws:cloudwatch/dashboard:Dashboard":                     priced((*model).dashboard),
	"aws:cloudwatch/eventApiDestination:EventApiDestination": priced((*model).apiDestination),
	"aws:cloudwatch/eventBus:EventBus":                       free("a bus is free; events that come from another Region are priced"),
	"aws:cloudwatch/eventBusPolicy:EventBusPolicy":           free("a setting of a bus"),
	"aws:cloudwatch/eventConnection:EventConnection":         free("its secret is part of the price of API destinations"),
	"aws:cloudwatch/eventPermission:EventPermission":         free("a setting of a bus"),
	"aws:cloudwatch/eventRule:EventRule":                     free("rules on events of AWS services are free"),
	"aws:cloudwatch/eventTarget:EventTarget":                 priced((*model).eventTarget),
	"aws:cloudwatch/logGroup:LogGroup":                       priced((*model).logGroup),
	"aws:cloudwatch/logMetricFilter:LogMetricFilter":         priced((*model).metricFilter),
	"aws:cloudwatch/logResourcePolicy:LogResourcePolicy":     free("a setting of a log group"),
	"aws:cloudwatch/metricAlarm:MetricAlarm":                 priced((*model).alarm),
	"aws:cloudwatch/queryDefinition:QueryDefinition":         free("text"),

	"aws:costexplorer/anomalyMonitor:AnomalyMonitor":           free(partOfBilling),
	"aws:costexplorer/anomalySubscription:AnomalySubscription": free(partOfBilling),

	"aws:ebs/defaultKmsKey:DefaultKmsKey":                         free(partOfAccount),
	"aws:ebs/encryptionByDefault:EncryptionByDefault":             free(partOfAccount),
	"aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess": free(partOfAccount),
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":           free("security groups are free"),
	"aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess":       free(partOfAccount),
	"aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults":   free(partOfAccount),
	"aws:ec2/serialConsoleAccess:SerialConsoleAccess":             free(partOfAccount),

	"aws:glue/catalogDatabase:CatalogDatabase": free("the first million objects of the Data Catalog are free"),
	"aws:glue/catalogTable:CatalogTable":       free("the first million objects of the Data Catalog are free"),

	"aws:guardduty/detector:Detector":                           priced((*model).detector),
	"aws:guardduty/detectorFeature:DetectorFeature":             priced((*model).detectorFeature),
	"aws:guardduty/filter:Filter":                               free(partOfDetector),
	"aws:guardduty/iPSet:IPSet":                                 free(partOfDetector),
	"aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan": priced((*model).malwareProtectionPlan),
	"aws:guardduty/publishingDestination:PublishingDestination": free(partOfDetector),
	"aws:guardduty/threatIntelSet:ThreatIntelSet":               free(partOfDetector),

	"aws:iam/accountAlias:AccountAlias":                   free(partOfIAM),
	"aws:iam/accountPasswordPolicy:AccountPasswordPolicy": free(partOfIAM),
	"aws:iam/group:Group":                                 free(partOfIAM),
	"aws:iam/groupMembership:GroupMembership":             free(partOfIAM),
	"aws:iam/groupPolicy:GroupPolicy":                     free(partOfIAM),
	"aws:iam/groupPolicyAttachment:GroupPolicyAttachment": free(partOfIAM),
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider": free(partOfIAM),
	"aws:iam/policy:Policy":                               free(partOfIAM),
	"aws:iam/role:Role":                                   free(partOfIAM),
	"aws:iam/rolePolicy:RolePolicy":                       free(partOfIAM),
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment":   free(partOfIAM),
	"aws:iam/serviceLinkedRole:ServiceLinkedRole":         free(partOfIAM),
	"aws:iam/user:User":                                   free(partOfIAM),
	"aws:iam/userGroupMembership:UserGroupMembership":     free(partOfIAM),

	"aws:inspector2/enabler:Enabler": priced((*model).inspector),

	"aws:kms/alias:Alias":         free("a name of a key"),
	"aws:kms/key:Key":             priced((*model).key),
	"aws:kms/keyPolicy:KeyPolicy": free("a setting of a key"),

	"aws:macie2/account:Account": priced((*model).macie),

	"aws:notifications/channelAssociation:ChannelAssociation":               free(partOfContact),
	"aws:notifications/contactsEmailContact:ContactsEmailContact":           free(partOfContact),
	"aws:notifications/eventRule:EventRule":                                 free(partOfContact),
	"aws:notifications/notificationConfiguration:NotificationConfiguration": free(partOfContact),
	"aws:notifications/notificationHub:NotificationHub":                     free(partOfContact),

	"aws:pipes/pipe:Pipe": priced((*model).pipe),

	"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock":                                   free(partOfAccount),
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2":                       priced((*model).lifecycle),
	"aws:s3/bucketLoggingV2:BucketLoggingV2":                                                     free(partOfBucket),
	"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2":                     free(partOfBucket),
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls":                                     free(partOfBucket),
	"aws:s3/bucketPolicy:BucketPolicy":                                                           free(partOfBucket),
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":                                     free(partOfBucket),
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": free(partOfBucket),
	"aws:s3/bucketV2:BucketV2":                                                                   free("a bucket is free; what the trail puts there is priced by trail"),
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                                               free(partOfBucket),

	"aws:scheduler/schedule:Schedule":           priced((*model).schedule),
	"aws:scheduler/scheduleGroup:ScheduleGroup": free("a name for schedules"),

	"aws:securityhub/account:Account":                                         priced((*model).securityHub),
	"aws:securityhub/findingAggregator:FindingAggregator":                     free(partOfHub),
	"aws:securityhub/standardsControl:StandardsControl":                       free(partOfHub),
	"aws:securityhub/standardsControlAssociation:StandardsControlAssociation": free(partOfHub),
	"aws:securityhub/standardsSubscription:StandardsSubscription":             priced((*model).standard),

	"aws:sfn/stateMachine:StateMachine": priced((*model).stateMachine),

	"aws:sns/topic:Topic":                         priced((*model).topic),
	"aws:sns/topicPolicy:TopicPolicy":             free(partOfTopic),
	"aws:sns/topicSubscription:TopicSubscription": free("deliveries are priced by topic; those to queues are free"),

	"aws:sqs/queue:Queue":                           free("a queue is free; requests are priced by what polls it"),
	"aws:sqs/queuePolicy:QueuePolicy":               free(partOfTopic),
	"aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": free(partOfTopic),
	"aws:sqs/redrivePolicy:RedrivePolicy":           free(partOfTopic),
}

// Knows says whether a resource type has a price or a reason to cost nothing itself.
func Knows(resourceType string) bool {
	_, known := kinds[resourceType]
	return known
}
