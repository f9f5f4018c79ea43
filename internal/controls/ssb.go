package controls

// ssbTable has the controls of the AWS Startup Security Baseline.
// https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-startup-security-baseline/welcome.html
func ssbTable() []Control {
	return []Control{
		{
			Title: "Set account-level contacts to valid email distribution lists", SSB: []string{"ACCT.01"},
			ByHand: "Name mail lists in hardening.contacts.security, .billing and .operations",
			meets:  []check{securityContact, billingContact, operationsContact}, finds: []check{rule("SECURITY_ACCOUNT_INFORMATION_PROVIDED")},
			Test: "TestContactsAreWhatWasGiven",
		},
		{
			Title: "Restrict use of the root user", SSB: []string{"ACCT.02"},
			ByHand: "Delete the root user's access keys, enable its MFA, and lock its password away (checklist steps deleteRootAccessKeys, enableRootMfa)",
			Limit:  "an account cannot forbid its root user anything: every use is told, and keys and missing MFA are found",
			finds:  []check{alertRoot, rule("IAM_ROOT_ACCESS_KEY_CHECK"), rule("ROOT_ACCOUNT_MFA_ENABLED")},
			Test:   "TestRootIsSeenTo",
		},
		{
			Title: "Configure console access for each user", SSB: []string{"ACCT.03"},
			ByHand: "Give each person a user of their own in IAM Identity Center",
			Limit:  "people are known to the identity provider only",
		},
		{
			Title: "Assign permissions", SSB: []string{"ACCT.04"},
			ByHand: "Give permissions to groups and roles, the least that is needed",
			Limit:  usersOwn,
			keeps:  []check{noUserPolicies, ifAny(rolePolicyType, noAdministrator)}, finds: []check{alertRole, rule("IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS"), rule("IAM_USER_NO_POLICIES_CHECK"), unusedAnalyzer},
			Test: "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "Require multi-factor authentication (MFA) to log in", SSB: []string{"ACCT.05"},
			ByHand: "Have every user register an MFA device",
			Limit:  usersOwn,
			keeps:  []check{ifAny(groupType, groupsNeedMFA)},
			finds:  []check{rule("MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS"), rule("IAM_USER_MFA_ENABLED"), alertMFA},
			Test:   "TestTrailPoliciesDecide",
		},
		{
			Title: "Enforce a password policy", SSB: []string{"ACCT.06"},
			meets: []check{passwordLength, passwordReuse, passwordAge, passwordUppercase, passwordLowercase, passwordNumbers, passwordSymbols},
			finds: []check{rule("IAM_PASSWORD_POLICY")},
			Test:  "TestHardeningSaysWhatTheArgumentsSay",
		},
		{
			Title: "Deliver CloudTrail logs to a protected S3 bucket", SSB: []string{"ACCT.07"},
			meets: []check{
				trailEverywhere, trailValidated, bucketsBlockPublic, bucketsVersioned, archiveKeepsDeletes, archiveTakesServicesOnly, alertTrail, alertArchive,
			},
			Test: "TestArchivePoliciesDecide",
		},
		{
			Title: "Prevent public access to private S3 buckets", SSB: []string{"ACCT.08"},
			keeps: []check{ifAny(bucketType, bucketsBlockPublic)}, meets: []check{accountBlocksPublic},
			finds: []check{
				rule("S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC"), rule("S3_BUCKET_PUBLIC_READ_PROHIBITED"), rule("S3_BUCKET_PUBLIC_WRITE_PROHIBITED"),
				rule("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"), rule("S3_BUCKET_ACL_PROHIBITED"), hub("S3.1"),
			},
			Test: "TestAccountIsHardenedInEveryRegion",
		},
		{
			Title: "Delete unused VPCs, subnets, and security groups", SSB: []string{"ACCT.09"},
			ByHand: "Delete the default VPCs of Regions that nobody uses",
			Limit:  "what is unused is known to people only, and a deleted default VPC takes more than this stack to bring back; default security groups are emptied on request",
			finds:  []check{rule("VPC_DEFAULT_SECURITY_GROUP_CLOSED"), alertGroups},
			Test:   "TestDefaultSecurityGroupsAreEmptiedOnRequest",
		},
		{
			Title: "Configure AWS Budgets to monitor your spending", SSB: []string{"ACCT.10"},
			meets: []check{monthlyBudget}, finds: []check{chargesWatched},
			Test: "TestBudgetsSayWhatCounts",
		},
		{
			Title: "Enable IAM Access Analyzer", SSB: []string{"ACCT.11"},
			meets: []check{externalAnalyzers, alertAnalyzer},
			Test:  "TestAnalyzersOfAccess",
		},
		{
			Title: "Enable Trusted Advisor", SSB: []string{"ACCT.12"},
			ByHand: "Look at Trusted Advisor; with a Business support plan set threats.trustedAdvisor.enabled, and its warnings are told",
			Limit:  "its events come with a Business support plan only",
			meets:  []check{alertAdvisor},
			Test:   "TestThreatAlertsFollowTheirSwitches",
		},
		{
			Title: "Use short-lived credentials", SSB: []string{"ACCT.13"},
			ByHand: "Let people sign in by IAM Identity Center, and CI by OpenID Connect",
			Limit:  usersOwn,
			finds:  []check{alertKeys, ruleWithin("ACCESS_KEYS_ROTATED", "maxAccessKeyAge", 90), ruleWithin("IAM_USER_UNUSED_CREDENTIALS_CHECK", "maxCredentialUsageAge", 90)},
			Test:   "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "Enable GuardDuty", SSB: []string{"ACCT.14"},
			meets: []check{detectors, findingsSoon, alertFindings}, finds: []check{rule("GUARDDUTY_ENABLED_CENTRALIZED")},
			Test: "TestOneDetectorInEveryRegion",
		},
		{
			Title: "Monitor for and resolve high-risk issues by using Security Hub", SSB: []string{"ACCT.15"},
			meets: []check{hubAtHome, hubsAlike, alertHub},
			Test:  "TestEveryThreatIsDelivered",
		},
		{
			Title: "Enable AWS Cost Anomaly Detection", SSB: []string{"ACCT.16"},
			meets: []check{anomaliesWatched},
			Test:  "TestAnomalyThresholds",
		},
		{
			Title: "Restrict the Regions that are used", SSB: []string{"ACCT.17"},
			ByHand: "Disable opt-in Regions, and deny the others by a service control policy of the organization",
			Limit:  "an account cannot deny itself a Region that is enabled by default",
		},
		{
			Title: "Use IAM roles for compute environment permissions", SSB: []string{"WKLD.01"},
			ByHand: "Give instances, functions and containers a role",
			Limit:  workloadsOwn,
			finds:  []check{rule("ECS_NO_ENVIRONMENT_SECRETS"), rule("CODEBUILD_PROJECT_ENVVAR_AWSCRED_CHECK")},
			Test:   "TestSetsHoldTheirRules",
		},
		{
			Title: "Restrict credential usage scope with resource-based policies permissions", SSB: []string{"WKLD.02"},
			Limit: workloadsOwn,
			keeps: []check{ifAny(roleType, noOpenPolicy), ifAny(roleType, noConfusedDeputy)}, finds: []check{alertAnalyzer, rule("LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED")},
			Test: "TestHubPoliciesPassWhatAWSChecks",
		},
		{
			Title: "Use ephemeral secrets or a secrets-management service", SSB: []string{"WKLD.03"},
			ByHand: "Keep secrets in AWS Secrets Manager or Systems Manager Parameter Store",
			Limit:  workloadsOwn,
			finds: []check{
				rule("SECRETSMANAGER_ROTATION_ENABLED_CHECK"), rule("SECRETSMANAGER_SECRET_UNUSED"), rule("SECRETSMANAGER_SCHEDULED_ROTATION_SUCCESS_CHECK"),
				rule("SECRETSMANAGER_SECRET_PERIODIC_ROTATION"),
			},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Prevent application secrets from being exposed", SSB: []string{"WKLD.04"},
			ByHand: "Scan repositories for secrets before they are pushed",
			Limit:  "source code is kept outside the account",
			finds:  []check{rule("ECS_NO_ENVIRONMENT_SECRETS"), rule("CODEBUILD_PROJECT_ENVVAR_AWSCRED_CHECK"), inspects("LAMBDA_CODE")},
			Test:   "TestSetsHoldTheirRules",
		},
		{
			Title: "Detect and remediate exposed secrets", SSB: []string{"WKLD.05"},
			Limit: "AWS finds keys that are public and tells it by AWS Health",
			finds: []check{alertHealth},
			Test:  "TestEveryThreatIsDelivered",
		},
		{
			Title: "Use Systems Manager instead of SSH or RDP", SSB: []string{"WKLD.06"},
			Limit: workloadsOwn,
			finds: []check{rule("INCOMING_SSH_DISABLED"), rule("RESTRICTED_INCOMING_TRAFFIC"), rule("EC2_INSTANCE_MANAGED_BY_SSM"), alertNetwork},
			Test:  "TestSetsHoldTheirRules",
		},
		{
			Title: "Log data events for S3 buckets with sensitive data", SSB: []string{"WKLD.07"},
			ByHand: "Name the buckets in trail.dataEvents.s3Objects",
			Limit:  "every event has its price: strict logs those of all buckets, the other profiles those that are named",
			meets:  []check{trailS3Writes, trailS3Reads},
			Test:   "TestDataEventsNeverRecordTheArchive",
		},
		{
			Title: "Encrypt Amazon EBS volumes", SSB: []string{"WKLD.08"},
			meets: []check{ebsEncrypted}, finds: []check{rule("EC2_EBS_ENCRYPTION_BY_DEFAULT"), rule("ENCRYPTED_VOLUMES"), hub("EC2.7")},
			Test: "TestEveryRegionIsHardened",
		},
		{
			Title: "Encrypt Amazon RDS databases", SSB: []string{"WKLD.09"},
			Limit: workloadsOwn, finds: []check{rule("RDS_STORAGE_ENCRYPTED"), rule("RDS_SNAPSHOT_ENCRYPTED"), hub("RDS.3")},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Deploy private resources into private subnets", SSB: []string{"WKLD.10"},
			Limit: workloadsOwn,
			finds: []check{
				rule("RDS_INSTANCE_PUBLIC_ACCESS_CHECK"), rule("EC2_INSTANCE_NO_PUBLIC_IP"), rule("SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED"),
				rule("REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK"), rule("EMR_MASTER_NO_PUBLIC_IP"), rule("DMS_REPLICATION_NOT_PUBLIC"),
				rule("EKS_ENDPOINT_NO_PUBLIC_ACCESS"), rule("OPENSEARCH_IN_VPC_ONLY"), rule("SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS"),
				hub("RDS.2"), hub("EC2.15"),
			},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Restrict network access by using security groups", SSB: []string{"WKLD.11"},
			Limit: workloadsOwn,
			finds: []check{rule("INCOMING_SSH_DISABLED"), rule("VPC_DEFAULT_SECURITY_GROUP_CLOSED"), rule("VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS"), alertNetwork, alertNetwork6},
			Test:  "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "Use VPC endpoints to access supported services", SSB: []string{"WKLD.12"},
			ByHand: "Give VPCs endpoints for the services that workloads use",
			Limit:  "networks are built outside the baseline",
		},
		{
			Title: "Require HTTPS for all public web endpoints", SSB: []string{"WKLD.13"},
			ByHand: "Redirect HTTP to HTTPS at load balancers and CloudFront",
			Limit:  workloadsOwn,
			finds: []check{
				rule("ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK"), rule("CLOUDFRONT_VIEWER_POLICY_HTTPS"), rule("OPENSEARCH_HTTPS_REQUIRED"),
				rule("ACM_CERTIFICATE_EXPIRATION_CHECK"), hub("ELB.1"), hub("CloudFront.3"),
			},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Use edge-protection services for public endpoints", SSB: []string{"WKLD.14"},
			ByHand: "Put public endpoints behind CloudFront with AWS WAF",
			Limit:  workloadsOwn,
			finds:  []check{rule("CLOUDFRONT_ASSOCIATED_WITH_WAF"), hub("CloudFront.6")},
			Test:   "TestSetsHoldTheirRules",
		},
		{
			Title: "Define security controls in templates and deploy them by using CI/CD practices", SSB: []string{"WKLD.15"},
			ByHand: "Deploy this program from CI, by a role that is named in deployers",
			Limit:  "the program is the template; who deploys it is not declared",
		},
	}
}
