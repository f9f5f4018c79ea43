package policies

import "slices"

// list is a list of names in a table.
type list = []string

// class is a kind of access to a type of resource, and the actions that make it up.
type class struct {
	name    string
	actions list
}

// actions are what can be asked of a type of resource, as far as it matters to logs, alerts and rights.
var actions = map[string][]class{
	"bucket": {
		{"see the settings", list{
			"s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketLogging", "s3:GetBucketNotification", "s3:GetBucketObjectLockConfiguration",
			"s3:GetBucketOwnershipControls", "s3:GetBucketPolicy", "s3:GetBucketPublicAccessBlock", "s3:GetBucketVersioning",
			"s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration",
		}},
		{"list", list{"s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"}},
		{"change what protects", list{
			"s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:DeleteBucketWebsite", "s3:PutBucketAcl", "s3:PutBucketLogging",
			"s3:PutBucketNotification", "s3:PutBucketObjectLockConfiguration", "s3:PutBucketOwnershipControls", "s3:PutBucketPolicy",
			"s3:PutBucketPublicAccessBlock", "s3:PutBucketRequestPayment", "s3:PutBucketVersioning", "s3:PutBucketWebsite",
			"s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:PutReplicationConfiguration",
		}},
		{"change other settings", list{"s3:PutBucketCORS", "s3:PutBucketTagging", "s3:PutInventoryConfiguration", "s3:PutMetricsConfiguration"}},
	},
	"object": {
		{"read", list{
			"s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectAttributes", "s3:GetObjectTagging", "s3:GetObjectVersion",
			"s3:GetObjectVersionTagging", "s3:RestoreObject",
		}},
		{"write", list{
			"s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging", "s3:PutObjectVersionAcl", "s3:PutObjectVersionTagging",
			"s3:ReplicateObject", "s3:ReplicateTags", "s3:UpdateObjectEncryption",
		}},
		{"delete", list{"s3:DeleteObject", "s3:DeleteObjectTagging", "s3:DeleteObjectVersion", "s3:DeleteObjectVersionTagging", "s3:ReplicateDelete"}},
		{"unlock", list{"s3:BypassGovernanceRetention", "s3:PutObjectLegalHold", "s3:PutObjectRetention"}},
		{"manage uploads", list{"s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"}},
	},
	"key": {
		{"decrypt", list{"kms:Decrypt", "kms:ReEncryptFrom"}},
		{"encrypt", list{"kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptTo"}},
		{"delegate", list{"kms:CreateGrant", "kms:ReplicateKey", "kms:ImportKeyMaterial"}},
		{"see", list{"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListResourceTags"}},
		{"maintain", list{
			"kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKey", "kms:EnableKeyRotation", "kms:RotateKeyOnDemand",
			"kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
		}},
		{"weaken", list{"kms:DisableKey", "kms:DisableKeyRotation", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:ScheduleKeyDeletion"}},
	},
	"topic": {
		{"publish", list{"sns:Publish"}},
		{"subscribe", list{"sns:Subscribe"}},
		{"see", list{"sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic"}},
		{"change", list{"sns:AddPermission", "sns:DeleteTopic", "sns:RemovePermission", "sns:SetTopicAttributes"}},
	},
	"queue": {
		{"send", list{"sqs:SendMessage"}},
		{"receive", list{"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"}},
		{"see", list{"sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"}},
		{"change", list{
			"sqs:AddPermission", "sqs:DeleteQueue", "sqs:PurgeQueue", "sqs:RemovePermission", "sqs:SetQueueAttributes", "sqs:StartMessageMoveTask",
		}},
	},
	"role": {
		{"assume", list{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}},
		{"mark the session", list{"sts:SetSourceIdentity", "sts:TagSession"}},
		{"hand to a service", list{"iam:PassRole"}},
		{"change", list{"iam:CreateRole", "iam:DeleteRole", "iam:UpdateAssumeRolePolicy"}},
	},
	"role's policies":   {{"attach", list{"iam:AttachRolePolicy", "iam:DetachRolePolicy"}}, {"write", list{"iam:DeleteRolePolicy", "iam:PutRolePolicy"}}},
	"instance":          {{"demand IMDSv2", list{"ec2:ModifyInstanceMetadataOptions"}}, {"change", list{"ec2:ModifyInstanceAttribute", "ec2:RebootInstances"}}},
	"instances":         {{"find", list{"ec2:DescribeInstances"}}},
	"volume encryption": {{"switch on", list{"ec2:EnableEbsEncryptionByDefault", "ec2:GetEbsEncryptionByDefault"}}, {"switch off", list{"ec2:DisableEbsEncryptionByDefault"}}},
	"database":          {{"modify", list{"rds:DescribeDBInstances", "rds:ModifyDBInstance"}}, {"change", list{"rds:ModifyDBCluster", "rds:RebootDBInstance"}}},
	"account block":     {{"change", list{"s3:GetAccountPublicAccessBlock", "s3:PutAccountPublicAccessBlock"}}},
	"password policy":   {{"set", list{"iam:GetAccountPasswordPolicy", "iam:UpdateAccountPasswordPolicy"}}, {"delete", list{"iam:DeleteAccountPasswordPolicy"}}},
	"inventory":         {{"find", list{"config:ListDiscoveredResources"}}, {"query", list{"config:SelectResourceConfig"}}},
	"group":             {{"attach", list{"iam:AttachGroupPolicy", "iam:DetachGroupPolicy"}}, {"change", list{"iam:AddUserToGroup", "iam:DeleteGroup", "iam:PutGroupPolicy", "iam:RemoveUserFromGroup"}}},
	"policy":            {{"change", list{"iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:SetDefaultPolicyVersion"}}},
	"user": {
		{"see", list{"iam:GetMFADevice", "iam:GetUser", "iam:ListMFADevices"}},
		{"find credentials", list{"iam:GetAccessKeyLastUsed", "iam:GetLoginProfile", "iam:ListAccessKeys"}},
		{"revoke credentials", list{"iam:DeleteAccessKey", "iam:DeleteLoginProfile", "iam:UpdateAccessKey"}},
		{"change", list{
			"iam:AttachUserPolicy", "iam:ChangePassword", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateUser", "iam:CreateVirtualMFADevice",
			"iam:DeactivateMFADevice", "iam:EnableMFADevice", "iam:PutUserPolicy", "iam:UpdateLoginProfile",
		}},
	},
	"session":   {{"get a session", list{"sts:GetSessionToken"}}, {"federate", list{"sts:GetFederationToken"}}},
	"event bus": {{"put events", list{"events:PutEvents"}}, {"change", list{"events:DeleteEventBus", "events:PutPermission", "events:RemovePermission"}}},
	"rule": {
		{"see", list{"events:DescribeRule", "events:ListTargetsByRule"}},
		{"change", list{"events:DeleteRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets"}},
		{"switch", list{"events:DisableRule", "events:EnableRule"}},
	},
	"API destination": {{"call", list{"events:InvokeApiDestination"}}, {"change", list{"events:DeleteApiDestination", "events:UpdateApiDestination"}}},
	"log stream":      {{"write", list{"logs:CreateLogStream", "logs:PutLogEvents"}}, {"read", list{"logs:GetLogEvents"}}, {"delete", list{"logs:DeleteLogStream"}}},
	"log group":       {{"query", list{"logs:StartQuery"}}, {"read", list{"logs:FilterLogEvents"}}, {"change", list{"logs:DeleteLogGroup", "logs:DeleteMetricFilter", "logs:PutRetentionPolicy", "logs:PutSubscriptionFilter"}}},
	"log queries":     {{"read answers", list{"logs:GetQueryResults"}}, {"change", list{"logs:DeleteQueryDefinition", "logs:StopQuery"}}},
	"aggregator":      {{"look", list{"config:DescribeAggregateComplianceByConfigRules"}}, {"change", list{"config:DeleteConfigurationAggregator"}}},
	"recorder":        {{"stop", list{"config:DeleteConfigurationRecorder", "config:DeleteDeliveryChannel", "config:StopConfigurationRecorder"}}},
	"Security Hub":    {{"count findings", list{"securityhub:GetInsightResults"}}, {"change", list{"securityhub:BatchUpdateFindings", "securityhub:DisableSecurityHub"}}},
	"rules":           {{"look", list{"config:DescribeComplianceByConfigRule"}}, {"change", list{"config:DeleteConfigRule", "config:PutConfigRule"}}},
	"detectors":       {{"find", list{"guardduty:ListDetectors"}}, {"create", list{"guardduty:CreateDetector"}}},
	"detector":        {{"count findings", list{"guardduty:GetFindingsStatistics"}}, {"stop", list{"guardduty:DeleteDetector", "guardduty:UpdateDetector"}}},
	"metrics": {
		{"look", list{"cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "cloudwatch:GetMetricWidgetImage", "cloudwatch:ListMetrics"}},
		{"change", list{"cloudwatch:DeleteAlarms", "cloudwatch:DisableAlarmActions", "cloudwatch:PutMetricAlarm", "cloudwatch:PutMetricData", "cloudwatch:SetAlarmState"}},
	},
	"table": {
		{"look up", list{"glue:GetDatabase", "glue:GetDatabases", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"}},
		{"change", list{"glue:CreateTable", "glue:DeleteDatabase", "glue:DeleteTable", "glue:UpdateTable"}},
	},
	"workgroup": {
		{"query", list{
			"athena:BatchGetNamedQuery", "athena:BatchGetQueryExecution", "athena:GetNamedQuery", "athena:GetQueryExecution", "athena:GetQueryResults",
			"athena:GetQueryResultsStream", "athena:GetQueryRuntimeStatistics", "athena:GetWorkGroup", "athena:ListNamedQueries",
			"athena:ListQueryExecutions", "athena:StartQueryExecution", "athena:StopQueryExecution",
		}},
		{"change", list{"athena:CreateNamedQuery", "athena:DeleteNamedQuery", "athena:DeleteWorkGroup", "athena:UpdateWorkGroup"}},
	},
	"data catalog": {
		{"browse", list{"athena:GetDataCatalog", "athena:GetDatabase", "athena:GetTableMetadata", "athena:ListDatabases", "athena:ListTableMetadata"}},
		{"change", list{"athena:DeleteDataCatalog", "athena:UpdateDataCatalog"}},
	},
	"Athena":        {{"find", list{"athena:ListDataCatalogs", "athena:ListEngineVersions", "athena:ListWorkGroups"}}, {"create", list{"athena:CreateWorkGroup"}}},
	"state machine": {{"start", list{"states:StartExecution"}}, {"change", list{"states:DeleteStateMachine", "states:StopExecution", "states:UpdateStateMachine"}}},
	"costs":         {{"see costs", list{"ce:GetCostAndUsage", "ce:GetCostForecast"}}, {"change", list{"ce:CreateAnomalyMonitor", "ce:DeleteAnomalyMonitor"}}},
	"budget":        {{"see budgets", list{"budgets:ViewBudget"}}, {"change", list{"budgets:ExecuteBudgetAction", "budgets:ModifyBudget"}}},
	"trail":         {{"see", list{"cloudtrail:GetTrailStatus"}}, {"update", list{"cloudtrail:UpdateTrail"}}, {"stop", list{"cloudtrail:DeleteTrail", "cloudtrail:PutEventSelectors", "cloudtrail:StopLogging"}}},
	"trails":        {{"find", list{"cloudtrail:DescribeTrails"}}, {"look up", list{"cloudtrail:LookupEvents"}}, {"create", list{"cloudtrail:CreateTrail"}}},
	"document":      {{"run", list{"ssm:StartAutomationExecution"}}, {"change", list{"ssm:UpdateDocument"}}},
	"automation":    {{"see", list{"ssm:GetAutomationExecution"}}, {"stop", list{"ssm:StopAutomationExecution"}}},
	"security group": {
		{"close", list{"ec2:RevokeSecurityGroupIngress"}},
		{"change", list{"ec2:AuthorizeSecurityGroupEgress", "ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress"}},
	},
	"security groups": {{"find", list{"ec2:DescribeSecurityGroups"}}, {"create", list{"ec2:CreateSecurityGroup"}}},
	"secret":          {{"read", list{"secretsmanager:GetSecretValue"}}, {"change", list{"secretsmanager:DeleteSecret", "secretsmanager:PutSecretValue"}}},
	"anything": {
		{"cause costs", list{
			"autoscaling:CreateAutoScalingGroup", "autoscaling:SetDesiredCapacity", "autoscaling:UpdateAutoScalingGroup", "aws-marketplace:Subscribe",
			"bedrock:CreateProvisionedModelThroughput", "dynamodb:PurchaseReservedCapacityOfferings", "ec2:AllocateHosts",
			"ec2:CreateCapacityReservation", "ec2:CreateFleet", "ec2:CreateNatGateway", "ec2:CreateVolume", "ec2:CreateVpcEndpoint",
			"ec2:PurchaseHostReservation", "ec2:PurchaseReservedInstancesOffering", "ec2:RequestSpotFleet", "ec2:RequestSpotInstances",
			"ec2:RunInstances", "ec2:StartInstances", "ecs:CreateService", "ecs:RunTask", "ecs:StartTask", "eks:CreateCluster",
			"eks:CreateFargateProfile", "eks:CreateNodegroup", "elasticache:CreateCacheCluster", "elasticache:CreateReplicationGroup",
			"elasticache:CreateServerlessCache", "elasticloadbalancing:CreateLoadBalancer", "elasticmapreduce:RunJobFlow", "es:CreateDomain",
			"fsx:CreateFileSystem", "glue:StartJobRun", "kafka:CreateCluster", "kafka:CreateClusterV2", "rds:CreateDBCluster",
			"rds:CreateDBInstance", "rds:PurchaseReservedDBInstancesOffering", "rds:RestoreDBInstanceFromDBSnapshot", "rds:StartDBCluster",
			"rds:StartDBInstance", "redshift:CreateCluster", "redshift:RestoreFromClusterSnapshot", "redshift:ResumeCluster",
			"route53domains:RegisterDomain", "sagemaker:CreateApp", "sagemaker:CreateEndpoint", "sagemaker:CreateNotebookInstance",
			"sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob", "sagemaker:StartNotebookInstance", "savingsplans:CreateSavingsPlan",
		}},
		{"end costs", list{"ec2:StopInstances", "ec2:TerminateInstances", "ecs:StopTask", "rds:DeleteDBInstance", "rds:StopDBInstance"}},
	},
}

// actionsOf are all actions of a type of resource.
func actionsOf(resourceType string) (all list) {
	for _, c := range actions[resourceType] {
		all = append(all, c.actions...)
	}
	return all
}

// named are the actions that a name in a table stands for at a type of resource: those of a class, the action itself, or
// for the star all.
func named(resourceType, name string) list {
	if name == everything {
		return actionsOf(resourceType)
	}
	for _, c := range actions[resourceType] {
		if c.name == name {
			return c.actions
		}
		if slices.Contains(c.actions, name) {
			return list{name}
		}
	}
	return nil
}

const everything = "*"
