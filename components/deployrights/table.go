package deployrights

// right is what one resource type needs on one kind of ARN.
type right struct {
	// on is the ARN without "arn:" and the partition; "" is "*", for actions that AWS cannot narrow. {account} is the
	// account, {region} is "*" and becomes a condition, other words in braces are properties.
	on string
	// of, instead of on, is the type whose declared resources are meant: the property that names one is seldom known
	// before it exists. suffix is appended to their ARNs.
	of, suffix string
	// read are the actions of preview, refresh and import; write those of create, update and delete. Separated by spaces.
	read, write string
	// passedTo is the service that the role in the property role (default roleArn) is passed to.
	passedTo, role string
	// exact keeps the names in full, where PREFIX* would reach more than is meant: objects of the archive beside those of Athena.
	exact bool
	// when tells from the inputs whether the right is needed; nil: always.
	when func(inputs map[string]any) bool
}

const (
	roleType   = "aws:iam/role:Role"
	groupType  = "aws:iam/group:Group"
	bucketType = "aws:s3/bucketV2:BucketV2"
	topicType  = "aws:sns/topic:Topic"
	queueType  = "aws:sqs/queue:Queue"
	rulesType  = "aws:cloudwatch/eventRule:EventRule"
	groupsType = "aws:cloudwatch/logGroup:LogGroup"
	aliasType  = "aws:kms/alias:Alias"

	detectorARN = "guardduty:{region}:{account}:detector/*"
	hubARN      = "securityhub:{region}:{account}:hub/default"
	busARN      = "events:{region}:{account}:event-bus/{eventBusName}"
	keyARN      = "kms:{region}:{account}:key/*"
)

// table has for every resource type the rights that pulumi-aws 6 needs: its calls, by the actions that the Service
// Authorization Reference names for them, and the actions that those ask for in turn
// (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
var table = map[string][]right{
	"aws:accessanalyzer/analyzer:Analyzer": {
		{
			on:    "access-analyzer:{region}:{account}:analyzer/{analyzerName}",
			read:  "access-analyzer:GetAnalyzer",
			write: "access-analyzer:CreateAnalyzer access-analyzer:DeleteAnalyzer access-analyzer:TagResource access-analyzer:UntagResource",
		},
		linkedRole("access-analyzer.amazonaws.com"),
	},
	"aws:accessanalyzer/archiveRule:ArchiveRule": {{
		on:    "access-analyzer:{region}:{account}:analyzer/{analyzerName}/archive-rule/*",
		read:  "access-analyzer:GetArchiveRule",
		write: "access-analyzer:CreateArchiveRule access-analyzer:DeleteArchiveRule access-analyzer:UpdateArchiveRule",
	}},
	"aws:account/alternativeContact:AlternativeContact": {{
		on:   "account::{account}:account",
		read: "account:GetAlternateContact", write: "account:PutAlternateContact account:DeleteAlternateContact",
	}},

	"aws:athena/workgroup:Workgroup": {{
		on:    "athena:{region}:{account}:workgroup/{name}",
		read:  "athena:GetWorkGroup athena:ListTagsForResource",
		write: "athena:CreateWorkGroup athena:DeleteWorkGroup athena:TagResource athena:UntagResource athena:UpdateWorkGroup",
	}},
	"aws:athena/namedQuery:NamedQuery": {{
		of:   "aws:athena/workgroup:Workgroup",
		read: "athena:GetNamedQuery", write: "athena:CreateNamedQuery athena:DeleteNamedQuery",
	}},

	"aws:budgets/budget:Budget": {{
		on:   "budgets::{account}:budget/{name}",
		read: "budgets:ListTagsForResource budgets:ViewBudget", write: "budgets:ModifyBudget budgets:TagResource budgets:UntagResource",
	}},
	"aws:budgets/budgetAction:BudgetAction": {
		{
			on: "budgets::{account}:budget/{budgetName}/action/*", read: "budgets:DescribeBudgetAction budgets:ListTagsForResource",
			write: "budgets:CreateBudgetAction budgets:DeleteBudgetAction budgets:TagResource budgets:UntagResource budgets:UpdateBudgetAction",
		},
		{passedTo: "budgets.amazonaws.com", role: "executionRoleArn"},
	},

	"aws:cfg/aggregateAuthorization:AggregateAuthorization": {
		{
			on: "config:{region}:{account}:aggregation-authorization/*", read: "config:ListTagsForResource",
			write: "config:DeleteAggregationAuthorization config:PutAggregationAuthorization config:TagResource config:UntagResource",
		},
		{read: "config:DescribeAggregationAuthorizations"},
	},
	"aws:cfg/configurationAggregator:ConfigurationAggregator": {
		{
			on: "config:{region}:{account}:config-aggregator/*", read: "config:ListTagsForResource",
			write: "config:DeleteConfigurationAggregator config:PutConfigurationAggregator config:TagResource config:UntagResource",
		},
		{read: "config:DescribeConfigurationAggregators"},
		{passedTo: "config.amazonaws.com", role: "organizationAggregationSource.roleArn"},
		// https://docs.aws.amazon.com/config/latest/developerguide/aggregated-create.html
		{read: "organizations:DescribeOrganization", write: "organizations:EnableAWSServiceAccess organizations:ListDelegatedAdministrators", when: has("organizationAggregationSource")},
	},
	"aws:cfg/conformancePack:ConformancePack": {
		{
			on: "config:{region}:{account}:conformance-pack/{name}/*", read: "config:DescribeConformancePacks",
			write: "config:DeleteConformancePack config:PutConformancePack",
		},
		{read: "config:DescribeConformancePackStatus"},
		linkedRole("config-conforms.amazonaws.com"),
		{on: "{templateS3Uri}", read: "s3:GetObject", when: has("templateS3Uri")},
	},
	"aws:cfg/deliveryChannel:DeliveryChannel": {{
		read: "config:DescribeDeliveryChannels", write: "config:DeleteDeliveryChannel config:PutDeliveryChannel",
	}},
	"aws:cfg/recorder:Recorder": {
		{
			on: "config:{region}:{account}:configuration-recorder/*", write: "config:DeleteConfigurationRecorder config:PutConfigurationRecorder",
		},
		{read: "config:DescribeConfigurationRecorders"},
		{passedTo: "config.amazonaws.com"},
	},
	"aws:cfg/recorderStatus:RecorderStatus": {
		{on: "config:{region}:{account}:configuration-recorder/*", write: "config:StartConfigurationRecorder config:StopConfigurationRecorder"},
		{read: "config:DescribeConfigurationRecorderStatus"},
	},
	"aws:cfg/remediationConfiguration:RemediationConfiguration": {
		{
			on: "config:{region}:{account}:remediation-configuration/*", read: "config:DescribeRemediationConfigurations",
			write: "config:DeleteRemediationConfiguration config:PutRemediationConfigurations",
		},
		{passedTo: "ssm.amazonaws.com", role: "AutomationAssumeRole"},
	},
	"aws:cfg/retentionConfiguration:RetentionConfiguration": {{
		read: "config:DescribeRetentionConfigurations", write: "config:DeleteRetentionConfiguration config:PutRetentionConfiguration",
	}},
	"aws:cfg/rule:Rule": {
		{
			on: "config:{region}:{account}:config-rule/*", read: "config:ListTagsForResource",
			write: "config:DeleteConfigRule config:PutConfigRule config:TagResource config:UntagResource",
		},
		{read: "config:DescribeConfigRules"},
	},

	"aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": {
		{
			read: "chatbot:DescribeSlackChannelConfigurations chatbot:ListTagsForResource",
			write: "chatbot:CreateSlackChannelConfiguration chatbot:DeleteSlackChannelConfiguration chatbot:TagResource chatbot:UntagResource " +
				"chatbot:UpdateSlackChannelConfiguration",
		},
		{passedTo: "chatbot.amazonaws.com", role: "iamRoleArn"},
		linkedRole("management.chatbot.amazonaws.com"),
	},

	"aws:cloudtrail/trail:Trail": {
		{
			on:   "cloudtrail:{region}:{account}:trail/{name}",
			read: "cloudtrail:DescribeTrails cloudtrail:GetEventSelectors cloudtrail:GetInsightSelectors cloudtrail:GetTrailStatus cloudtrail:ListTags",
			write: "cloudtrail:AddTags cloudtrail:CreateTrail cloudtrail:DeleteTrail cloudtrail:PutEventSelectors cloudtrail:PutInsightSelectors " +
				"cloudtrail:RemoveTags cloudtrail:StartLogging cloudtrail:StopLogging cloudtrail:UpdateTrail",
		},
		{passedTo: "cloudtrail.amazonaws.com", role: "cloudWatchLogsRoleArn"},
		// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html
		{
			read: "organizations:DescribeOrganization", write: "organizations:EnableAWSServiceAccess organizations:ListAWSServiceAccessForOrganization",
			when: isTrue("isOrganizationTrail"),
		},
		{on: "iam::{account}:role/aws-service-role/cloudtrail.amazonaws.com/*", write: "iam:CreateServiceLinkedRole", when: isTrue("isOrganizationTrail")},
	},

	"aws:cloudwatch/metricAlarm:MetricAlarm": {{
		on:    "cloudwatch:{region}:{account}:alarm:{name}",
		read:  "cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource",
		write: "cloudwatch:DeleteAlarms cloudwatch:PutMetricAlarm cloudwatch:TagResource cloudwatch:UntagResource",
	}},
	"aws:cloudwatch/compositeAlarm:CompositeAlarm": {
		{
			on: "cloudwatch:{region}:{account}:alarm:{alarmName}", read: "cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource",
			write: "cloudwatch:DeleteAlarms cloudwatch:TagResource cloudwatch:UntagResource",
		},
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html: only with "*"
		{write: "cloudwatch:PutCompositeAlarm"},
	},
	"aws:cloudwatch/dashboard:Dashboard": {{
		on: "cloudwatch::{account}:dashboard/{dashboardName}", read: "cloudwatch:GetDashboard", write: "cloudwatch:DeleteDashboards cloudwatch:PutDashboard",
	}},

	"aws:cloudwatch/eventRule:EventRule": {{
		on:    "events:{region}:{account}:rule/{eventBusPath}{name}",
		read:  "events:DescribeRule events:ListTagsForResource",
		write: "events:DeleteRule events:PutRule events:TagResource events:UntagResource",
	}, {passedTo: "events.amazonaws.com"}},
	"aws:cloudwatch/eventTarget:EventTarget": {
		{of: rulesType, read: "events:ListTargetsByRule", write: "events:PutTargets events:RemoveTargets"},
		{passedTo: "events.amazonaws.com"},
	},
	"aws:cloudwatch/eventBus:EventBus": {{
		on:    "events:{region}:{account}:event-bus/{name}",
		read:  "events:DescribeEventBus events:ListTagsForResource",
		write: "events:CreateEventBus events:DeleteEventBus events:TagResource events:UntagResource events:UpdateEventBus",
	}},
	"aws:cloudwatch/eventBusPolicy:EventBusPolicy": {{
		on: busARN, read: "events:DescribeEventBus", write: "events:PutPermission events:RemovePermission",
	}},
	"aws:cloudwatch/eventPermission:EventPermission": {{
		on: busARN, read: "events:DescribeEventBus", write: "events:PutPermission events:RemovePermission",
	}},
	"aws:cloudwatch/eventConnection:EventConnection": {
		{
			on: "events:{region}:{account}:connection/{name}", read: "events:DescribeConnection",
			write: "events:CreateConnection events:DeleteConnection events:UpdateConnection",
		},
		// EventBridge keeps the credentials in a secret, which it makes with the rights of the caller:
		// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEventBridgeFullAccess.html
		{
			on:    "secretsmanager:{region}:{account}:secret:events!*",
			write: "secretsmanager:CreateSecret secretsmanager:DeleteSecret secretsmanager:GetSecretValue secretsmanager:PutSecretValue secretsmanager:UpdateSecret",
		},
		linkedRole("apidestinations.events.amazonaws.com"),
	},
	"aws:cloudwatch/eventApiDestination:EventApiDestination": {
		{
			on: "events:{region}:{account}:api-destination/{name}", read: "events:DescribeApiDestination",
			write: "events:CreateApiDestination events:DeleteApiDestination events:UpdateApiDestination",
		},
	},

	"aws:cloudwatch/logGroup:LogGroup": {
		{
			on:    "logs:{region}:{account}:log-group:{name}",
			read:  "logs:ListTagsForResource",
			write: "logs:CreateLogGroup logs:DeleteLogGroup logs:DeleteRetentionPolicy logs:PutRetentionPolicy logs:TagResource logs:UntagResource",
		},
		// Of the two forms of a log group's ARN, tags take the one above, everything else this one:
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
		{
			of: groupsType, suffix: ":*", write: "logs:CreateLogGroup logs:DeleteLogGroup logs:DeleteRetentionPolicy logs:PutRetentionPolicy",
		},
		{of: groupsType, write: "logs:AssociateKmsKey logs:DisassociateKmsKey", when: has("kmsKeyId")},
		{of: groupsType, suffix: ":*", write: "logs:AssociateKmsKey logs:DisassociateKmsKey", when: has("kmsKeyId")},
		{read: "logs:DescribeLogGroups"},
	},
	"aws:cloudwatch/logMetricFilter:LogMetricFilter": {
		{of: groupsType, read: "logs:DescribeMetricFilters", write: "logs:DeleteMetricFilter logs:PutMetricFilter"},
		{of: groupsType, suffix: ":*", read: "logs:DescribeMetricFilters", write: "logs:DeleteMetricFilter logs:PutMetricFilter"},
	},
	"aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {{
		read: "logs:DescribeResourcePolicies", write: "logs:DeleteResourcePolicy logs:PutResourcePolicy",
	}},
	"aws:cloudwatch/queryDefinition:QueryDefinition": {{
		read: "logs:DescribeQueryDefinitions", write: "logs:DeleteQueryDefinition logs:PutQueryDefinition",
	}},

	"aws:costexplorer/anomalyMonitor:AnomalyMonitor": {{
		on:    "ce::{account}:anomalymonitor/*",
		read:  "ce:GetAnomalyMonitors ce:ListTagsForResource",
		write: "ce:CreateAnomalyMonitor ce:DeleteAnomalyMonitor ce:TagResource ce:UntagResource ce:UpdateAnomalyMonitor",
	}},
	"aws:costexplorer/anomalySubscription:AnomalySubscription": {{
		on:    "ce::{account}:anomalysubscription/*",
		read:  "ce:GetAnomalySubscriptions ce:ListTagsForResource",
		write: "ce:CreateAnomalySubscription ce:DeleteAnomalySubscription ce:TagResource ce:UntagResource ce:UpdateAnomalySubscription",
	}},
	"aws:costexplorer/costAllocationTag:CostAllocationTag": {{
		read: "ce:ListCostAllocationTags", write: "ce:UpdateCostAllocationTagsStatus",
	}},

	"aws:ebs/defaultKmsKey:DefaultKmsKey": {{read: "ec2:GetEbsDefaultKmsKeyId", write: "ec2:ModifyEbsDefaultKmsKeyId ec2:ResetEbsDefaultKmsKeyId"}},
	"aws:ebs/encryptionByDefault:EncryptionByDefault": {{
		read: "ec2:GetEbsEncryptionByDefault", write: "ec2:DisableEbsEncryptionByDefault ec2:EnableEbsEncryptionByDefault",
	}},
	"aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess": {{
		read: "ec2:GetSnapshotBlockPublicAccessState", write: "ec2:DisableSnapshotBlockPublicAccess ec2:EnableSnapshotBlockPublicAccess",
	}},
	"aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess": {{
		read: "ec2:GetImageBlockPublicAccessState", write: "ec2:DisableImageBlockPublicAccess ec2:EnableImageBlockPublicAccess",
	}},
	"aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults": {{
		read: "ec2:GetInstanceMetadataDefaults", write: "ec2:ModifyInstanceMetadataDefaults",
	}},
	"aws:ec2/serialConsoleAccess:SerialConsoleAccess": {{
		read: "ec2:GetSerialConsoleAccessStatus", write: "ec2:DisableSerialConsoleAccess ec2:EnableSerialConsoleAccess",
	}},
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
		// The preview says what the group loses and what uses it.
		{read: "ec2:DescribeNetworkInterfaces ec2:DescribeSecurityGroupRules ec2:DescribeSecurityGroups ec2:DescribeVpcs"},
		{
			on: "ec2:{region}:{account}:security-group/*",
			write: "ec2:AuthorizeSecurityGroupEgress ec2:AuthorizeSecurityGroupIngress ec2:CreateTags ec2:DeleteTags " +
				"ec2:RevokeSecurityGroupEgress ec2:RevokeSecurityGroupIngress",
		},
	},

	"aws:glue/catalogDatabase:CatalogDatabase": {
		{
			on:    "glue:{region}:{account}:database/{name}",
			read:  "glue:GetDatabase glue:GetTags",
			write: "glue:CreateDatabase glue:DeleteDatabase glue:TagResource glue:UntagResource glue:UpdateDatabase",
		},
		{on: "glue:{region}:{account}:catalog", read: "glue:GetDatabase", write: "glue:CreateDatabase glue:DeleteDatabase glue:UpdateDatabase"},
		// Deleting a database deletes what is in it: https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
		{on: "glue:{region}:{account}:table/{name}/*", write: "glue:DeleteDatabase"},
		{on: "glue:{region}:{account}:userDefinedFunction/{name}/*", write: "glue:DeleteDatabase"},
	},
	"aws:glue/catalogTable:CatalogTable": {
		{
			on:   "glue:{region}:{account}:table/{databaseName}/{name}",
			read: "glue:GetPartitionIndexes glue:GetTable", write: "glue:CreateTable glue:DeleteTable glue:UpdateTable",
		},
		{
			on:   "glue:{region}:{account}:database/{databaseName}",
			read: "glue:GetPartitionIndexes glue:GetTable", write: "glue:CreateTable glue:DeleteTable glue:UpdateTable",
		},
		{on: "glue:{region}:{account}:catalog", read: "glue:GetPartitionIndexes glue:GetTable", write: "glue:CreateTable glue:DeleteTable glue:UpdateTable"},
	},

	"aws:guardduty/detector:Detector": {
		{write: "guardduty:CreateDetector"},
		{on: detectorARN, read: "guardduty:GetDetector", write: "guardduty:DeleteDetector guardduty:TagResource guardduty:UntagResource guardduty:UpdateDetector"},
		linkedRole("guardduty.amazonaws.com"),
		linkedRole("malware-protection.guardduty.amazonaws.com"),
	},
	"aws:guardduty/detectorFeature:DetectorFeature": {{on: detectorARN, read: "guardduty:GetDetector", write: "guardduty:UpdateDetector"}},
	"aws:guardduty/filter:Filter": {
		{on: detectorARN, write: "guardduty:CreateFilter"},
		{
			on: detectorARN + "/filter/*", read: "guardduty:GetFilter",
			write: "guardduty:DeleteFilter guardduty:TagResource guardduty:UntagResource guardduty:UpdateFilter",
		},
	},
	"aws:guardduty/iPSet:IPSet":                   guarddutyList("IPSet", "ipset"),
	"aws:guardduty/threatIntelSet:ThreatIntelSet": guarddutyList("ThreatIntelSet", "threatintelset"),
	"aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan": {
		{
			on: "guardduty:{region}:{account}:malware-protection-plan/*", read: "guardduty:GetMalwareProtectionPlan",
			write: "guardduty:DeleteMalwareProtectionPlan guardduty:TagResource guardduty:UntagResource guardduty:UpdateMalwareProtectionPlan",
		},
		{write: "guardduty:CreateMalwareProtectionPlan"},
		{passedTo: "malware-protection-plan.guardduty.amazonaws.com", role: "role"},
	},
	"aws:guardduty/publishingDestination:PublishingDestination": {{
		on: detectorARN, read: "guardduty:DescribePublishingDestination",
		write: "guardduty:CreatePublishingDestination guardduty:DeletePublishingDestination guardduty:UpdatePublishingDestination",
	}},

	"aws:iam/accountAlias:AccountAlias": {{read: "iam:ListAccountAliases", write: "iam:CreateAccountAlias iam:DeleteAccountAlias"}},
	"aws:iam/accountPasswordPolicy:AccountPasswordPolicy": {{
		read: "iam:GetAccountPasswordPolicy", write: "iam:DeleteAccountPasswordPolicy iam:UpdateAccountPasswordPolicy",
	}},
	groupType: {{on: "iam::{account}:group{path}{name}", read: "iam:GetGroup", write: "iam:CreateGroup iam:DeleteGroup iam:UpdateGroup"}},
	"aws:iam/groupMembership:GroupMembership": {{
		of: groupType, read: "iam:GetGroup", write: "iam:AddUserToGroup iam:RemoveUserFromGroup",
	}},
	"aws:iam/groupPolicy:GroupPolicy":                     {{of: groupType, read: "iam:GetGroupPolicy", write: "iam:DeleteGroupPolicy iam:PutGroupPolicy"}},
	"aws:iam/groupPolicyAttachment:GroupPolicyAttachment": {{of: groupType, read: "iam:ListAttachedGroupPolicies", write: "iam:AttachGroupPolicy iam:DetachGroupPolicy"}},
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider": {{
		on:   "iam::{account}:oidc-provider/*",
		read: "iam:GetOpenIDConnectProvider",
		write: "iam:AddClientIDToOpenIDConnectProvider iam:CreateOpenIDConnectProvider iam:DeleteOpenIDConnectProvider " +
			"iam:RemoveClientIDFromOpenIDConnectProvider iam:TagOpenIDConnectProvider iam:UntagOpenIDConnectProvider iam:UpdateOpenIDConnectProviderThumbprint",
	}},
	"aws:iam/policy:Policy": {{
		on:   "iam::{account}:policy{path}{name}",
		read: "iam:GetPolicy iam:GetPolicyVersion iam:ListPolicyVersions",
		write: "iam:CreatePolicy iam:CreatePolicyVersion iam:DeletePolicy iam:DeletePolicyVersion " +
			"iam:TagPolicy iam:UntagPolicy",
	}},
	roleType: {
		{
			on:   "iam::{account}:role{path}{name}",
			read: "iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies",
			write: "iam:CreateRole iam:DeleteRole iam:ListInstanceProfilesForRole iam:TagRole iam:UntagRole " +
				"iam:UpdateAssumeRolePolicy iam:UpdateRole iam:UpdateRoleDescription",
		},
		{of: roleType, write: "iam:DeleteRolePermissionsBoundary iam:PutRolePermissionsBoundary", when: has("permissionsBoundary")},
	},
	"aws:iam/rolePolicy:RolePolicy":                     {{of: roleType, read: "iam:GetRolePolicy", write: "iam:DeleteRolePolicy iam:PutRolePolicy"}},
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment": {{of: roleType, read: "iam:ListAttachedRolePolicies", write: "iam:AttachRolePolicy iam:DetachRolePolicy"}},
	"aws:iam/serviceLinkedRole:ServiceLinkedRole": {{
		on:    "iam::{account}:role/aws-service-role/{awsServiceName}/*",
		read:  "iam:GetRole",
		write: "iam:CreateServiceLinkedRole iam:DeleteServiceLinkedRole iam:GetServiceLinkedRoleDeletionStatus iam:TagRole iam:UntagRole iam:UpdateRoleDescription",
	}},
	"aws:iam/user:User": {{
		on: "iam::{account}:user{path}{name}", read: "iam:GetUser iam:ListGroupsForUser",
		write: "iam:CreateUser iam:DeleteUser iam:TagUser iam:UntagUser iam:UpdateUser",
	}},
	"aws:iam/userGroupMembership:UserGroupMembership": {
		{on: "iam::{account}:user/*", read: "iam:ListGroupsForUser"},
		{of: groupType, write: "iam:AddUserToGroup iam:RemoveUserFromGroup"},
	},

	"aws:inspector2/enabler:Enabler": {
		{read: "inspector2:BatchGetAccountStatus", write: "inspector2:Disable inspector2:Enable"},
		linkedRole("inspector2.amazonaws.com"),
		linkedRole("agentless.inspector2.amazonaws.com"),
	},

	"aws:kms/key:Key": {
		{write: "kms:CreateKey"},
		{
			on:   keyARN,
			read: "kms:DescribeKey kms:GetKeyPolicy kms:GetKeyRotationStatus kms:ListResourceTags",
			write: "kms:DisableKey kms:DisableKeyRotation kms:EnableKey kms:EnableKeyRotation kms:PutKeyPolicy kms:ScheduleKeyDeletion " +
				"kms:TagResource kms:UntagResource kms:UpdateKeyDescription",
		},
	},
	"aws:kms/keyPolicy:KeyPolicy": {{on: keyARN, read: "kms:DescribeKey kms:GetKeyPolicy", write: "kms:PutKeyPolicy"}},
	aliasType: {
		// Both the alias and its key are asked about: https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html
		{on: "kms:{region}:{account}:{name}", write: "kms:CreateAlias kms:DeleteAlias kms:UpdateAlias"},
		{on: keyARN, write: "kms:CreateAlias kms:DeleteAlias kms:UpdateAlias"},
		{read: "kms:ListAliases"},
	},

	"aws:macie2/account:Account": {
		{read: "macie2:GetMacieSession", write: "macie2:DisableMacie macie2:EnableMacie macie2:UpdateMacieSession"},
		linkedRole("macie.amazonaws.com"),
	},

	"aws:notifications/notificationHub:NotificationHub": {{
		read: "notifications:ListNotificationHubs", write: "notifications:DeregisterNotificationHub notifications:RegisterNotificationHub",
	}},
	"aws:notifications/notificationConfiguration:NotificationConfiguration": {
		{write: "notifications:CreateNotificationConfiguration"},
		{
			on: "notifications::{account}:configuration/*", read: "notifications:GetNotificationConfiguration notifications:ListTagsForResource",
			write: "notifications:DeleteNotificationConfiguration notifications:TagResource notifications:UntagResource notifications:UpdateNotificationConfiguration",
		},
	},
	"aws:notifications/eventRule:EventRule": {{
		on: "notifications::{account}:configuration/*", read: "notifications:GetEventRule",
		write: "notifications:CreateEventRule notifications:DeleteEventRule notifications:UpdateEventRule",
	}},
	"aws:notifications/contactsEmailContact:ContactsEmailContact": {
		{write: "notifications-contacts:CreateEmailContact"},
		{
			on: "notifications-contacts::{account}:emailcontact/*", read: "notifications-contacts:GetEmailContact notifications-contacts:ListTagsForResource",
			write: "notifications-contacts:DeleteEmailContact notifications-contacts:SendActivationCode notifications-contacts:TagResource notifications-contacts:UntagResource",
		},
	},
	"aws:notifications/channelAssociation:ChannelAssociation": {
		{
			on:    "notifications-contacts::{account}:emailcontact/*",
			write: "notifications:AssociateChannel notifications:DisassociateChannel",
		},
		{on: "chatbot::{account}:chat-configuration/*", write: "notifications:AssociateChannel notifications:DisassociateChannel"},
		{on: "notifications::{account}:configuration/*", read: "notifications:ListChannels"},
	},

	"aws:pipes/pipe:Pipe": {
		{
			on: "pipes:{region}:{account}:pipe/{name}", read: "pipes:DescribePipe pipes:ListTagsForResource",
			write: "pipes:CreatePipe pipes:DeletePipe pipes:TagResource pipes:UntagResource pipes:UpdatePipe",
		},
		{passedTo: "pipes.amazonaws.com"},
	},

	bucketType: {
		{
			on: "s3:::{bucket}",
			read: "s3:GetAccelerateConfiguration s3:GetBucketAcl s3:GetBucketCORS s3:GetBucketLocation s3:GetBucketLogging " +
				"s3:GetBucketObjectLockConfiguration s3:GetBucketPolicy s3:GetBucketRequestPayment s3:GetBucketTagging s3:GetBucketVersioning " +
				"s3:GetBucketWebsite s3:GetEncryptionConfiguration s3:GetLifecycleConfiguration s3:GetReplicationConfiguration s3:ListBucket",
			write: "s3:CreateBucket s3:DeleteBucket s3:PutBucketTagging",
		},
		// Emptying a bucket is asked for by forceDestroy alone, which disposable stacks have.
		{on: "s3:::{bucket}", write: "s3:ListBucketVersions", when: isTrue("forceDestroy"), exact: true},
		{on: "s3:::{bucket}/*", write: "s3:DeleteObject s3:DeleteObjectVersion", when: isTrue("forceDestroy"), exact: true},
		{on: "s3:::{bucket}/*", write: "s3:BypassGovernanceRetention", when: lockedAndEmptied, exact: true},
		{on: "s3:::{bucket}", write: "s3:PutBucketObjectLockConfiguration s3:PutBucketVersioning", when: isTrue("objectLockEnabled")},
	},
	"aws:s3/bucketPolicy:BucketPolicy":             {{of: bucketType, read: "s3:GetBucketPolicy", write: "s3:DeleteBucketPolicy s3:PutBucketPolicy"}},
	"aws:s3/bucketVersioningV2:BucketVersioningV2": {{of: bucketType, read: "s3:GetBucketVersioning", write: "s3:PutBucketVersioning"}},
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": {{
		of: bucketType, read: "s3:GetEncryptionConfiguration", write: "s3:PutEncryptionConfiguration",
	}},
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {{of: bucketType, read: "s3:GetBucketPublicAccessBlock", write: "s3:PutBucketPublicAccessBlock"}},
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls": {{of: bucketType, read: "s3:GetBucketOwnershipControls", write: "s3:PutBucketOwnershipControls"}},
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": {{
		of: bucketType, read: "s3:GetLifecycleConfiguration", write: "s3:PutLifecycleConfiguration",
	}},
	"aws:s3/bucketLoggingV2:BucketLoggingV2": {{of: bucketType, read: "s3:GetBucketLogging", write: "s3:PutBucketLogging"}},
	"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2": {{
		of: bucketType, read: "s3:GetBucketObjectLockConfiguration", write: "s3:PutBucketObjectLockConfiguration",
	}},
	"aws:s3/bucketAclV2:BucketAclV2": {{of: bucketType, read: "s3:GetBucketAcl", write: "s3:PutBucketAcl"}},
	"aws:s3/bucketRequestPaymentConfigurationV2:BucketRequestPaymentConfigurationV2": {{
		of: bucketType, read: "s3:GetBucketRequestPayment", write: "s3:PutBucketRequestPayment",
	}},
	"aws:s3/bucketNotification:BucketNotification":             {{of: bucketType, read: "s3:GetBucketNotification", write: "s3:PutBucketNotification"}},
	"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": {{read: "s3:GetAccountPublicAccessBlock", write: "s3:PutAccountPublicAccessBlock"}},

	"aws:scheduler/scheduleGroup:ScheduleGroup": {{
		on:    "scheduler:{region}:{account}:schedule-group/{name}",
		read:  "scheduler:GetScheduleGroup scheduler:ListTagsForResource",
		write: "scheduler:CreateScheduleGroup scheduler:DeleteScheduleGroup scheduler:TagResource scheduler:UntagResource",
	}},
	"aws:scheduler/schedule:Schedule": {
		{
			on: "scheduler:{region}:{account}:schedule/{groupName}/{name}", read: "scheduler:GetSchedule",
			write: "scheduler:CreateSchedule scheduler:DeleteSchedule scheduler:UpdateSchedule",
		},
		// Deleting a group deletes its schedules.
		{on: "scheduler:{region}:{account}:schedule/{groupName}/*", write: "scheduler:DeleteSchedule"},
		{passedTo: "scheduler.amazonaws.com", role: "target.roleArn"},
	},

	"aws:securityhub/account:Account": {
		{
			on: hubARN, read: "securityhub:DescribeHub",
			write: "securityhub:DisableSecurityHub securityhub:EnableSecurityHub securityhub:UpdateSecurityHubConfiguration",
		},
		linkedRole("securityhub.amazonaws.com"),
	},
	"aws:securityhub/standardsSubscription:StandardsSubscription": {{
		on: hubARN, read: "securityhub:GetEnabledStandards", write: "securityhub:BatchDisableStandards securityhub:BatchEnableStandards",
	}},
	"aws:securityhub/standardsControl:StandardsControl": {{
		on: hubARN, read: "securityhub:DescribeStandardsControls", write: "securityhub:UpdateStandardsControl",
	}},
	"aws:securityhub/standardsControlAssociation:StandardsControlAssociation": {{
		on: hubARN, read: "securityhub:ListStandardsControlAssociations", write: "securityhub:BatchUpdateStandardsControlAssociations",
	}},
	"aws:securityhub/findingAggregator:FindingAggregator": {
		{on: hubARN, write: "securityhub:CreateFindingAggregator"},
		{
			on: "securityhub:{region}:{account}:finding-aggregator/*", read: "securityhub:GetFindingAggregator",
			write: "securityhub:DeleteFindingAggregator securityhub:UpdateFindingAggregator",
		},
	},

	"aws:sfn/stateMachine:StateMachine": {
		{
			on: "states:{region}:{account}:stateMachine:{name}", read: "states:DescribeStateMachine states:ListStateMachineVersions states:ListTagsForResource",
			write: "states:CreateStateMachine states:DeleteStateMachine states:TagResource states:UntagResource states:UpdateStateMachine",
		},
		{read: "states:ValidateStateMachineDefinition"}, // the provider asks for it in a preview, too
		{passedTo: "states.amazonaws.com"},
	},

	topicType: {{
		on:    "sns:{region}:{account}:{name}",
		read:  "sns:GetTopicAttributes sns:ListTagsForResource",
		write: "sns:CreateTopic sns:DeleteTopic sns:SetTopicAttributes sns:TagResource sns:UntagResource",
	}},
	"aws:sns/topicPolicy:TopicPolicy": {{of: topicType, read: "sns:GetTopicAttributes", write: "sns:SetTopicAttributes"}},
	"aws:sns/topicSubscription:TopicSubscription": {
		{of: topicType, write: "sns:Subscribe"},
		{of: topicType, suffix: ":*", read: "sns:GetSubscriptionAttributes", write: "sns:SetSubscriptionAttributes sns:Unsubscribe"},
	},

	queueType: {{
		on:    "sqs:{region}:{account}:{name}",
		read:  "sqs:GetQueueAttributes sqs:ListQueueTags",
		write: "sqs:CreateQueue sqs:DeleteQueue sqs:SetQueueAttributes sqs:TagQueue sqs:UntagQueue",
	}},
	"aws:sqs/queuePolicy:QueuePolicy":               {{of: queueType, read: "sqs:GetQueueAttributes", write: "sqs:SetQueueAttributes"}},
	"aws:sqs/redrivePolicy:RedrivePolicy":           {{of: queueType, read: "sqs:GetQueueAttributes", write: "sqs:SetQueueAttributes"}},
	"aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": {{of: queueType, read: "sqs:GetQueueAttributes", write: "sqs:SetQueueAttributes"}},
}

// linkedRole is the right to let a service make the role that it works with.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-service-linked-role.html
func linkedRole(service string) right {
	return right{on: "iam::{account}:role/aws-service-role/" + service + "/*", write: "iam:CreateServiceLinkedRole"}
}

// GuardDuty reads a list with rights that it gives its own role by the caller's:
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_upload-lists.html
func guarddutyList(api, place string) []right {
	return []right{
		{on: detectorARN, write: "guardduty:Create" + api},
		{
			on: detectorARN + "/" + place + "/*", read: "guardduty:Get" + api,
			write: "guardduty:Delete" + api + " guardduty:TagResource guardduty:UntagResource guardduty:Update" + api,
		},
		{on: "iam::{account}:role/aws-service-role/guardduty.amazonaws.com/*", write: "iam:DeleteRolePolicy iam:PutRolePolicy"},
	}
}

func has(property string) func(map[string]any) bool {
	return func(inputs map[string]any) bool { return inputs[property] != nil && inputs[property] != "" }
}

func isTrue(property string) func(map[string]any) bool {
	return func(inputs map[string]any) bool { return inputs[property] == true || isUnknown(inputs[property]) }
}

func lockedAndEmptied(inputs map[string]any) bool {
	return isTrue("forceDestroy")(inputs) && isTrue("objectLockEnabled")(inputs)
}

// calls are the rights of the functions that the program and its components call, besides those that need none, such as
// sts:GetCallerIdentity (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
var calls = []right{
	{read: "ec2:DescribeRegions"},
}

// global are the services whose requests have no Region of their own to be held to.
// https://docs.aws.amazon.com/general/latest/gr/rande.html#global-endpoints
var global = map[string]bool{
	"account": true, "budgets": true, "ce": true, "chatbot": true, "iam": true, "notifications": true, "notifications-contacts": true,
	"organizations": true, "s3": true,
}
