package controls

// securityHubTable has the controls of Security Hub that the baseline can meet and that are no recommendations of CIS.
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
func securityHubTable() []Control {
	table := []Control{
		{
			Title: "CloudTrail trails should be integrated with Amazon CloudWatch Logs", SecurityHub: []string{"CloudTrail.5"},
			meets: []check{trailToLogs}, finds: []check{rule("CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED"), hub("CloudTrail.5")},
			Test: "TestTrailWithoutLogs",
		},
		{
			Title: "CloudWatch alarms should have specified actions configured, and actions should be activated", SecurityHub: []string{"CloudWatch.15"},
			ByHand: "Give the alarms of workloads an action, such as a topic of the output alertTopics",
			Limit:  "no rule of the baseline looks at other alarms", keeps: []check{alarmsRing},
			Test: "TestEveryFilterHasItsAlarm",
		},
		{
			Title: "CloudWatch log groups should be retained for a specified time period", SecurityHub: []string{"CloudWatch.16"},
			Limit: workloadsOwn, keeps: []check{ifAny(logGroupType, trailLogsKept)}, finds: []check{rule("CW_LOGGROUP_RETENTION_PERIOD_CHECK")},
			Test: "TestTrailTakesEveryRetentionOfCloudWatchLogs",
		},
		{
			Title: "Amazon EBS snapshots should not be publicly restorable", SecurityHub: []string{"EC2.1"},
			meets: []check{snapshotsBlocked}, finds: []check{rule("EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK"), hub("EC2.1")},
			Test: "TestEveryRegionIsHardened",
		},
		{
			Title: "EBS snapshots should have block public access enabled", SecurityHub: []string{"EC2.182"},
			meets: []check{snapshotsBlocked}, finds: []check{hub("EC2.182")},
			Test: "TestEveryRegionIsHardened",
		},
		{
			Title: "EC2 subnets should not automatically assign public IP addresses", SecurityHub: []string{"EC2.15"},
			Limit: workloadsOwn, finds: []check{rule("SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED"), hub("EC2.15")},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Security groups should only allow unrestricted incoming traffic for authorized ports", SecurityHub: []string{"EC2.18"},
			Limit: workloadsOwn, finds: []check{rule("VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS"), hub("EC2.18"), alertNetwork},
			Test: "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "Security groups should not allow unrestricted access to ports with high risk", SecurityHub: []string{"EC2.19"},
			Limit: workloadsOwn, finds: []check{rule("RESTRICTED_INCOMING_TRAFFIC"), hub("EC2.19"), alertNetwork},
			Test: "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "EC2 launch templates should use Instance Metadata Service Version 2 (IMDSv2)", SecurityHub: []string{"EC2.170"},
			Limit: workloadsOwn, finds: []check{hub("EC2.170")},
			Test: "TestEveryRegionIsHardened",
		},
		{
			Title: "EC2 VPC Block Public Access settings should block internet gateway traffic", SecurityHub: []string{"EC2.172"},
			ByHand: "Block internet gateways where nothing of a Region has to be reached from the internet",
			Limit:  "it would cut off every workload that the internet reaches", finds: []check{hub("EC2.172")},
		},
		{
			Title: "GuardDuty should be enabled", SecurityHub: []string{"GuardDuty.1"},
			meets: []check{detectors, alertFindings}, finds: []check{rule("GUARDDUTY_ENABLED_CENTRALIZED"), hub("GuardDuty.1")},
			Test: "TestOneDetectorInEveryRegion",
		},
	}
	for _, p := range []struct {
		id, title, plan string
		agents          []string
	}{
		{id: "GuardDuty.5", title: "GuardDuty EKS Audit Log Monitoring should be enabled", plan: "EKS_AUDIT_LOGS"},
		{id: "GuardDuty.6", title: "GuardDuty Lambda Protection should be enabled", plan: "LAMBDA_NETWORK_LOGS"},
		{"GuardDuty.7", "GuardDuty EKS Runtime Monitoring should be enabled", "RUNTIME_MONITORING", []string{"EKS_ADDON_MANAGEMENT"}},
		{id: "GuardDuty.8", title: "GuardDuty Malware Protection for EC2 should be enabled", plan: "EBS_MALWARE_PROTECTION"},
		{id: "GuardDuty.9", title: "GuardDuty RDS Protection should be enabled", plan: "RDS_LOGIN_EVENTS"},
		{id: "GuardDuty.10", title: "GuardDuty S3 Protection should be enabled", plan: "S3_DATA_EVENTS"},
		{id: "GuardDuty.11", title: "GuardDuty Runtime Monitoring should be enabled", plan: "RUNTIME_MONITORING"},
		{"GuardDuty.12", "GuardDuty ECS Runtime Monitoring should be enabled", "RUNTIME_MONITORING", []string{"ECS_FARGATE_AGENT_MANAGEMENT"}},
		{"GuardDuty.13", "GuardDuty EC2 Runtime Monitoring should be enabled", "RUNTIME_MONITORING", []string{"EC2_AGENT_MANAGEMENT"}},
	} {
		table = append(table, Control{
			Title: p.title, SecurityHub: []string{p.id},
			meets: []check{plan(p.plan, p.agents...)}, finds: []check{hub(p.id)},
			Test: "TestPlansAreWhatTheArgumentsSay",
		})
	}
	table = append(table,
		Control{
			Title: "Password policies for IAM users should have strong configurations", SecurityHub: []string{"IAM.7"},
			meets: []check{passwordLength, passwordUppercase, passwordLowercase, passwordNumbers, passwordSymbols}, finds: []check{rule("IAM_PASSWORD_POLICY"), hub("IAM.7")},
			Test: "TestHardeningSaysWhatTheArgumentsSay",
		},
		Control{
			Title: "Unused IAM user credentials should be removed", SecurityHub: []string{"IAM.8"},
			Limit: usersOwn, finds: []check{ruleWithin("IAM_USER_UNUSED_CREDENTIALS_CHECK", "maxCredentialUsageAge", 90), hub("IAM.8")},
			Test: "TestParametersOfRules",
		},
		Control{
			Title: "Ensure IAM password policy requires at least one uppercase letter", SecurityHub: []string{"IAM.11"},
			meets: []check{passwordUppercase}, finds: []check{rule("IAM_PASSWORD_POLICY")},
			Test: "TestHardeningSaysWhatTheArgumentsSay",
		},
		Control{
			Title: "Ensure IAM password policy requires at least one lowercase letter", SecurityHub: []string{"IAM.12"},
			meets: []check{passwordLowercase}, finds: []check{rule("IAM_PASSWORD_POLICY")},
			Test: "TestHardeningSaysWhatTheArgumentsSay",
		},
		Control{
			Title: "Ensure IAM password policy requires at least one symbol", SecurityHub: []string{"IAM.13"},
			meets: []check{passwordSymbols}, finds: []check{rule("IAM_PASSWORD_POLICY")},
			Test: "TestHardeningSaysWhatTheArgumentsSay",
		},
		Control{
			Title: "Ensure IAM password policy requires at least one number", SecurityHub: []string{"IAM.14"},
			meets: []check{passwordNumbers}, finds: []check{rule("IAM_PASSWORD_POLICY")},
			Test: "TestHardeningSaysWhatTheArgumentsSay",
		},
		Control{
			Title: "Ensure IAM password policy expires passwords within 90 days or less", SecurityHub: []string{"IAM.17"},
			meets: []check{passwordAge}, finds: []check{rule("IAM_PASSWORD_POLICY")},
			Test: "TestHardeningSaysWhatTheArgumentsSay",
		},
		Control{
			Title: "MFA should be enabled for all IAM users", SecurityHub: []string{"IAM.19"},
			Limit: usersOwn, finds: []check{rule("IAM_USER_MFA_ENABLED")},
			Test: "TestSetsHoldTheirRules",
		},
		Control{
			Title: "IAM customer managed policies that you create should not allow wildcard actions for services", SecurityHub: []string{"IAM.21"},
			Limit: usersOwn, keeps: []check{ifAny(rolePolicyType, noServiceWildcard)}, finds: []check{rule("IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS"), hub("IAM.21")},
			Test: "TestHubRolesMayDoTheirWorkAlone",
		},
		inspectorRow("Inspector.1", "Amazon Inspector EC2 scanning should be enabled", "EC2"),
		inspectorRow("Inspector.2", "Amazon Inspector ECR scanning should be enabled", "ECR"),
		inspectorRow("Inspector.3", "Amazon Inspector Lambda code scanning should be enabled", "LAMBDA_CODE"),
		inspectorRow("Inspector.4", "Amazon Inspector Lambda standard scanning should be enabled", "LAMBDA"),
		Control{
			Title: "IAM customer managed policies should not allow decryption actions on all KMS keys", SecurityHub: []string{"KMS.1"},
			Limit: usersOwn, keeps: []check{ifAny(rolePolicyType, noDecryptAnywhere)}, finds: []check{rule("IAM_CUSTOMER_POLICY_BLOCKED_KMS_ACTIONS"), hub("KMS.1")},
			Test: "TestTrailPoliciesDecide",
		},
		Control{
			Title: "IAM principals should not have IAM inline policies that allow decryption actions on all KMS keys", SecurityHub: []string{"KMS.2"},
			Limit: usersOwn, keeps: []check{ifAny(rolePolicyType, noDecryptAnywhere)}, finds: []check{rule("IAM_INLINE_POLICY_BLOCKED_KMS_ACTIONS"), hub("KMS.2")},
			Test: "TestTrailPoliciesDecide",
		},
		Control{
			Title: "AWS KMS keys should not be deleted unintentionally", SecurityHub: []string{"KMS.3"},
			Limit: workloadsOwn, keeps: []check{ifAny(keyType, keysLinger)}, finds: []check{alertKMS, rule("KMS_CMK_NOT_SCHEDULED_FOR_DELETION"), hub("KMS.3")},
			Test: "TestArchiveSurvivesMistakes",
		},
		Control{
			Title: "KMS keys should not be publicly accessible", SecurityHub: []string{"KMS.5"},
			Limit: workloadsOwn, keeps: []check{ifAny(keyPolicyType, noOpenKey), ifAny(keyType, keysWithPolicy)}, finds: []check{alertAnalyzer, hub("KMS.5")},
			Test: "TestHubKeyPolicy",
		},
		Control{
			Title: "Macie automated sensitive data discovery should be enabled", SecurityHub: []string{"Macie.2"},
			ByHand: "Switch automated discovery on in Macie where buckets hold personal data",
			Limit:  "it is no property of the resources that declare Macie", finds: []check{hub("Macie.2")},
		},
		Control{
			Title: "S3 general purpose buckets should block public read access", SecurityHub: []string{"S3.2"},
			Limit: workloadsOwn, keeps: []check{ifAny(bucketType, bucketsBlockPublic)}, meets: []check{accountBlocksPublic}, finds: []check{rule("S3_BUCKET_PUBLIC_READ_PROHIBITED"), hub("S3.2")},
			Test: "TestArchiveBucketsAreHardened",
		},
		Control{
			Title: "S3 general purpose buckets should block public write access", SecurityHub: []string{"S3.3"},
			Limit: workloadsOwn, keeps: []check{ifAny(bucketType, bucketsBlockPublic)}, meets: []check{accountBlocksPublic}, finds: []check{rule("S3_BUCKET_PUBLIC_WRITE_PROHIBITED"), hub("S3.3")},
			Test: "TestArchiveBucketsAreHardened",
		},
		Control{
			Title: "S3 general purpose bucket policies should restrict access to other AWS accounts", SecurityHub: []string{"S3.6"},
			Limit: workloadsOwn, keeps: []check{ifAny(roleType, noOpenPolicy)}, finds: []check{hub("S3.6"), alertAnalyzer},
			Test: "TestArchiveRefusesForeignPrincipals",
		},
		Control{
			Title: "S3 general purpose buckets should have server access logging enabled", SecurityHub: []string{"S3.9"},
			Limit: workloadsOwn, keeps: []check{ifAny(bucketType, bucketsLogged)}, finds: []check{rule("S3_BUCKET_LOGGING_ENABLED"), hub("S3.9")},
			Test: "TestArchiveBucketsAreHardened",
		},
		Control{
			Title: "ACLs should not be used to manage user access to S3 general purpose buckets", SecurityHub: []string{"S3.12"},
			Limit: workloadsOwn, keeps: []check{ifAny(bucketType, bucketsWithoutACLs)}, finds: []check{rule("S3_BUCKET_ACL_PROHIBITED"), hub("S3.12")},
			Test: "TestArchiveBucketsAreHardened",
		},
		Control{
			Title: "S3 general purpose buckets should have Lifecycle configurations", SecurityHub: []string{"S3.13"},
			Limit: workloadsOwn, keeps: []check{ifAny(bucketType, bucketsExpire)}, finds: []check{hub("S3.13")},
			Test: "TestArchiveLifecycle",
		},
		Control{
			Title: "SNS topics should be encrypted at-rest using AWS KMS", SecurityHub: []string{"SNS.1"},
			Limit: workloadsOwn, keeps: []check{ifAny(topicType, topicsEncrypted)}, finds: []check{rule("SNS_ENCRYPTED_KMS")},
			Test: "TestHubTopicsAreEncryptedWithAKeyThatRotates",
		},
		Control{
			Title: "SNS topic access policies should not allow public access", SecurityHub: []string{"SNS.4"},
			Limit: workloadsOwn, keeps: []check{ifAny(topicPolicyType, noOpenTopic)}, finds: []check{hub("SNS.4"), alertAnalyzer},
			Test: "TestHubTopicPolicy",
		},
		Control{
			Title: "Amazon SQS queues should be encrypted at rest", SecurityHub: []string{"SQS.1"},
			Limit: workloadsOwn, keeps: []check{ifAny(queueType, queuesSecret)}, finds: []check{hub("SQS.1")},
			Test: "TestHubDeadLetterPolicy",
		},
		Control{
			Title: "SQS queue access policies should not allow public access", SecurityHub: []string{"SQS.3"},
			Limit: workloadsOwn, keeps: []check{ifAny(queuePolicyType, noOpenQueue)}, finds: []check{hub("SQS.3"), alertAnalyzer},
			Test: "TestHubDeadLetterPolicy",
		},
		Control{
			Title: "Athena workgroups should have logging enabled", SecurityHub: []string{"Athena.4"},
			Limit: workloadsOwn, keeps: []check{ifAny(workgroupType, workgroupsMeasured)}, finds: []check{hub("Athena.4")},
			Test: "TestWorkgroupIsEnforced",
		},
		Control{
			Title: "Step Functions state machines should have logging turned on", SecurityHub: []string{"StepFunctions.1"},
			Limit: workloadsOwn, keeps: []check{ifAny(stateMachineType, machinesLog)}, finds: []check{hub("StepFunctions.1")},
			Test: "TestReportComesWhenItIsWanted",
		},
	)
	return append(table, workloadRows()...)
}

func inspectorRow(id, title, kind string) Control {
	return Control{
		Title: title, SecurityHub: []string{id},
		ByHand: "Set threats.inspector.enabled, and " + kind + " in its resourceTypes",
		Limit:  "Inspector is an option but in strict: its price grows with what it scans",
		meets:  []check{inspects(kind), alertInspector}, finds: []check{hub(id)},
		Test: "TestScannersAreOptions",
	}
}

// workloadRows are controls on what workloads deploy, which a managed rule of AWS Config finds as well.
func workloadRows() []Control {
	var table []Control
	for _, w := range []struct{ id, title, rule string }{
		{"ACM.1", "Imported and ACM-issued certificates should be renewed after a specified time period", "ACM_CERTIFICATE_EXPIRATION_CHECK"},
		{"APIGateway.1", "API Gateway REST and WebSocket API execution logging should be enabled", "API_GW_EXECUTION_LOGGING_ENABLED"},
		{"AutoScaling.3", "Auto Scaling group launch configurations should require IMDSv2", "AUTOSCALING_LAUNCHCONFIG_REQUIRES_IMDSV2"},
		{"CloudFront.3", "CloudFront distributions should require encryption in transit", "CLOUDFRONT_VIEWER_POLICY_HTTPS"},
		{"CloudFront.5", "CloudFront distributions should have logging enabled", "CLOUDFRONT_ACCESSLOGS_ENABLED"},
		{"CloudFront.6", "CloudFront distributions should have WAF enabled", "CLOUDFRONT_ASSOCIATED_WITH_WAF"},
		{"CodeBuild.2", "CodeBuild project environment variables should not contain clear text credentials", "CODEBUILD_PROJECT_ENVVAR_AWSCRED_CHECK"},
		{"DMS.1", "Database Migration Service replication instances should not be public", "DMS_REPLICATION_NOT_PUBLIC"},
		{"DynamoDB.2", "DynamoDB tables should have point-in-time recovery enabled", "DYNAMODB_PITR_ENABLED"},
		{"DynamoDB.6", "DynamoDB tables should have deletion protection enabled", "DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED"},
		{"EC2.3", "Attached Amazon EBS volumes should be encrypted at-rest", "ENCRYPTED_VOLUMES"},
		{"EC2.9", "EC2 instances should not have a public IPv4 address", "EC2_INSTANCE_NO_PUBLIC_IP"},
		{"ECR.1", "ECR private repositories should have image scanning configured", "ECR_PRIVATE_IMAGE_SCANNING_ENABLED"},
		{"ECS.3", "ECS task definitions should not share the host's process namespace", "ECS_TASK_DEFINITION_PID_MODE_CHECK"},
		{"ECS.4", "ECS containers should run as non-privileged", "ECS_CONTAINERS_NONPRIVILEGED"},
		{"ECS.8", "Secrets should not be passed as container environment variables", "ECS_NO_ENVIRONMENT_SECRETS"},
		{"EKS.1", "EKS cluster endpoints should not be publicly accessible", "EKS_ENDPOINT_NO_PUBLIC_ACCESS"},
		{"EKS.3", "EKS clusters should use encrypted Kubernetes secrets", "EKS_SECRETS_ENCRYPTED"},
		{"EKS.8", "EKS clusters should have audit logging enabled", "EKS_CLUSTER_LOGGING_ENABLED"},
		{"ELB.1", "Application Load Balancers should redirect all HTTP requests to HTTPS", "ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK"},
		{"ELB.4", "Application Load Balancers should drop invalid HTTP headers", "ALB_HTTP_DROP_INVALID_HEADER_ENABLED"},
		{"ELB.5", "Application and Classic Load Balancers logging should be enabled", "ELB_LOGGING_ENABLED"},
		{"ELB.6", "Load Balancers should have deletion protection enabled", "ELB_DELETION_PROTECTION_ENABLED"},
		{"EMR.1", "Amazon EMR cluster primary nodes should not have public IP addresses", "EMR_MASTER_NO_PUBLIC_IP"},
		{"Kinesis.1", "Kinesis streams should be encrypted at rest", "KINESIS_STREAM_ENCRYPTED"},
		{"Lambda.1", "Lambda function policies should prohibit public access", "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED"},
		{"Opensearch.1", "OpenSearch domains should have encryption at rest enabled", "OPENSEARCH_ENCRYPTED_AT_REST"},
		{"Opensearch.2", "OpenSearch domains should not be publicly accessible", "OPENSEARCH_IN_VPC_ONLY"},
		{"Opensearch.3", "OpenSearch domains should encrypt data sent between nodes", "OPENSEARCH_NODE_TO_NODE_ENCRYPTION_CHECK"},
		{"Opensearch.8", "Connections to OpenSearch domains should be encrypted using the latest TLS security policy", "OPENSEARCH_HTTPS_REQUIRED"},
		{"RDS.1", "RDS snapshots should be private", "RDS_SNAPSHOTS_PUBLIC_PROHIBITED"},
		{"RDS.4", "RDS cluster snapshots and database snapshots should be encrypted at rest", "RDS_SNAPSHOT_ENCRYPTED"},
		{"RDS.7", "RDS clusters should have deletion protection enabled", "RDS_CLUSTER_DELETION_PROTECTION_ENABLED"},
		{"RDS.8", "RDS DB instances should have deletion protection enabled", "RDS_INSTANCE_DELETION_PROTECTION_ENABLED"},
		{"RDS.9", "RDS DB instances should publish logs to CloudWatch Logs", "RDS_LOGGING_ENABLED"},
		{"RDS.11", "RDS instances should have automatic backups enabled", "DB_INSTANCE_BACKUP_ENABLED"},
		{"Redshift.1", "Amazon Redshift clusters should prohibit public access", "REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK"},
		{"Redshift.2", "Connections to Amazon Redshift clusters should be encrypted in transit", "REDSHIFT_REQUIRE_TLS_SSL"},
		{"SageMaker.1", "Amazon SageMaker notebook instances should not have direct internet access", "SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS"},
		{"SecretsManager.1", "Secrets Manager secrets should have automatic rotation enabled", "SECRETSMANAGER_ROTATION_ENABLED_CHECK"},
		{"SecretsManager.2", "Secrets Manager secrets configured with automatic rotation should rotate successfully", "SECRETSMANAGER_SCHEDULED_ROTATION_SUCCESS_CHECK"},
		{"SecretsManager.3", "Remove unused Secrets Manager secrets", "SECRETSMANAGER_SECRET_UNUSED"},
		{"SecretsManager.4", "Secrets Manager secrets should be rotated within a specified number of days", "SECRETSMANAGER_SECRET_PERIODIC_ROTATION"},
		{"SSM.1", "Amazon EC2 instances should be managed by AWS Systems Manager", "EC2_INSTANCE_MANAGED_BY_SSM"},
		{"SSM.4", "SSM documents should not be public", "SSM_DOCUMENT_NOT_PUBLIC"},
	} {
		table = append(table, Control{
			Title: w.title, SecurityHub: []string{w.id}, Limit: workloadsOwn,
			finds: []check{rule(w.rule), hub(w.id)}, Test: "TestSetsHoldTheirRules",
		})
	}
	return table
}
