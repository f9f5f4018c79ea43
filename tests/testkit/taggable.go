package testkit

import "strings"

// services are those whose taggable types are listed in taggable, read from the types' TagsAll output in
// pulumi-aws v6.83.2; of ec2 only the types that components/hardening registers by their tokens.
var services = strings.Fields(`
	accessanalyzer account athena budgets cfg chatbot cloudtrail cloudwatch costexplorer ebs ec2 glue guardduty iam
	inspector2 kms macie macie2 notifications pipes s3 s3control scheduler securityhub sfn sns sqs ssm`)

func knownService(typ string) bool {
	for _, service := range services {
		if strings.HasPrefix(typ, "aws:"+service+"/") {
			return true
		}
	}
	return false
}

var taggable = func() map[string]bool {
	types := map[string]bool{}
	for _, typ := range strings.Fields(taggableTypes) {
		types["aws:"+typ] = true
	}
	return types
}()

const taggableTypes = `
	accessanalyzer/analyzer:Analyzer
	athena/capacityReservation:CapacityReservation
	athena/dataCatalog:DataCatalog
	athena/workgroup:Workgroup
	budgets/budget:Budget
	budgets/budgetAction:BudgetAction
	cfg/aggregateAuthorization:AggregateAuthorization
	cfg/configurationAggregator:ConfigurationAggregator
	cfg/rule:Rule
	chatbot/slackChannelConfiguration:SlackChannelConfiguration
	chatbot/teamsChannelConfiguration:TeamsChannelConfiguration
	cloudtrail/eventDataStore:EventDataStore
	cloudtrail/trail:Trail
	cloudwatch/compositeAlarm:CompositeAlarm
	cloudwatch/contributorInsightRule:ContributorInsightRule
	cloudwatch/contributorManagedInsightRule:ContributorManagedInsightRule
	cloudwatch/eventBus:EventBus
	cloudwatch/eventRule:EventRule
	cloudwatch/internetMonitor:InternetMonitor
	cloudwatch/logAnomalyDetector:LogAnomalyDetector
	cloudwatch/logDelivery:LogDelivery
	cloudwatch/logDeliveryDestination:LogDeliveryDestination
	cloudwatch/logDeliverySource:LogDeliverySource
	cloudwatch/logDestination:LogDestination
	cloudwatch/logGroup:LogGroup
	cloudwatch/metricAlarm:MetricAlarm
	cloudwatch/metricStream:MetricStream
	costexplorer/anomalyMonitor:AnomalyMonitor
	costexplorer/anomalySubscription:AnomalySubscription
	costexplorer/costCategory:CostCategory
	ebs/snapshot:Snapshot
	ebs/snapshotCopy:SnapshotCopy
	ebs/snapshotImport:SnapshotImport
	ebs/volume:Volume
	ec2/defaultSecurityGroup:DefaultSecurityGroup
	glue/catalogDatabase:CatalogDatabase
	glue/connection:Connection
	glue/crawler:Crawler
	glue/dataQualityRuleset:DataQualityRuleset
	glue/devEndpoint:DevEndpoint
	glue/job:Job
	glue/mLTransform:MLTransform
	glue/registry:Registry
	glue/schema:Schema
	glue/trigger:Trigger
	glue/workflow:Workflow
	guardduty/detector:Detector
	guardduty/filter:Filter
	guardduty/iPSet:IPSet
	guardduty/malwareProtectionPlan:MalwareProtectionPlan
	guardduty/threatIntelSet:ThreatIntelSet
	iam/instanceProfile:InstanceProfile
	iam/openIdConnectProvider:OpenIdConnectProvider
	iam/policy:Policy
	iam/role:Role
	iam/samlProvider:SamlProvider
	iam/serverCertificate:ServerCertificate
	iam/serviceLinkedRole:ServiceLinkedRole
	iam/user:User
	iam/virtualMfaDevice:VirtualMfaDevice
	inspector2/filter:Filter
	kms/externalKey:ExternalKey
	kms/key:Key
	kms/replicaExternalKey:ReplicaExternalKey
	kms/replicaKey:ReplicaKey
	macie/customDataIdentifier:CustomDataIdentifier
	macie/findingsFilter:FindingsFilter
	macie2/classificationJob:ClassificationJob
	macie2/member:Member
	notifications/contactsEmailContact:ContactsEmailContact
	notifications/notificationConfiguration:NotificationConfiguration
	pipes/pipe:Pipe
	s3/bucket:Bucket
	s3/bucketObject:BucketObject
	s3/bucketObjectv2:BucketObjectv2
	s3/bucketV2:BucketV2
	s3/objectCopy:ObjectCopy
	s3control/accessGrant:AccessGrant
	s3control/accessGrantsInstance:AccessGrantsInstance
	s3control/accessGrantsLocation:AccessGrantsLocation
	s3control/bucket:Bucket
	s3control/storageLensConfiguration:StorageLensConfiguration
	scheduler/scheduleGroup:ScheduleGroup
	securityhub/automationRule:AutomationRule
	sfn/activity:Activity
	sfn/stateMachine:StateMachine
	sns/topic:Topic
	sqs/queue:Queue
	ssm/activation:Activation
	ssm/association:Association
	ssm/contactsRotation:ContactsRotation
	ssm/document:Document
	ssm/maintenanceWindow:MaintenanceWindow
	ssm/parameter:Parameter
	ssm/patchBaseline:PatchBaseline
	ssm/quicksetupConfigurationManager:QuicksetupConfigurationManager
`
