package controls

import "fmt"

// Why the baseline does no more about what users and workloads do.
const (
	usersOwn     = "users, their keys and their rights are made outside the baseline"
	workloadsOwn = "workloads are deployed outside the baseline"

	archiveLeftOut = "every event has its price, so that only strict logs those of all buckets; the archive is left out, since a trail that logs its own deliveries never rests; whether AWS's own checks accept that exception could not be confirmed"
)

// cisTable has every recommendation of v5.0.0, in its order, and those of v3.0.0 and v7.0.0 that it lacks.
// https://docs.aws.amazon.com/securityhub/latest/userguide/cis-aws-foundations-benchmark.html
func cisTable() []Control {
	table := []Control{
		{
			Title: "Maintain current contact details",
			CIS3:  []string{"1.1"}, CIS5: []string{"1.1"}, CIS7: []string{"2.2"},
			ByHand: "Keep name, address and phone number of the account current in its settings, with a mail alias that several people read; name contacts in hardening.contacts",
			Limit:  "the address of the account's owner is not declared: it holds what is printed on invoices",
			Test:   "TestContactsAreWhatWasGiven",
		},
		{
			Title: "Ensure security contact information is registered",
			CIS3:  []string{"1.2"}, CIS5: []string{"1.2"}, CIS7: []string{"2.3"}, SecurityHub: []string{"Account.1"},
			ByHand: "Name a person or team in hardening.contacts.security",
			meets:  []check{securityContact},
			finds:  []check{rule("SECURITY_ACCOUNT_INFORMATION_PROVIDED"), hub("Account.1")},
			Test:   "TestContactsAreWhatWasGiven",
		},
		{
			Title: "Ensure security questions are registered in the AWS account",
			CIS3:  []string{"1.3"},
			Limit: "AWS no longer offers security questions to accounts that have none",
		},
		{
			Title: "Ensure no 'root' user account access key exists",
			CIS3:  []string{"1.4"}, CIS5: []string{"1.3"}, CIS7: []string{"2.4"}, SecurityHub: []string{"IAM.4"},
			ByHand: "Delete the access keys of the root user (checklist step deleteRootAccessKeys)",
			Limit:  "no API deletes them for the root user",
			finds:  []check{rule("IAM_ROOT_ACCESS_KEY_CHECK"), hub("IAM.4")},
			Test:   "TestSetsHoldTheirRules",
		},
		{
			Title: "Ensure MFA is enabled for the 'root' user account",
			CIS3:  []string{"1.5"}, CIS5: []string{"1.4"}, CIS7: []string{"2.5"}, SecurityHub: []string{"IAM.9"},
			ByHand: "Enable MFA for the root user (checklist step enableRootMfa)",
			Limit:  "no API enables it for the root user",
			finds:  []check{rule("ROOT_ACCOUNT_MFA_ENABLED"), hub("IAM.9")},
			Test:   "TestRootIsSeenTo",
		},
		{
			Title: "Ensure hardware MFA is enabled for the 'root' user account",
			CIS3:  []string{"1.6"}, CIS5: []string{"1.5"}, CIS7: []string{"2.6"}, SecurityHub: []string{"IAM.6"},
			ByHand: "Enable MFA by a hardware key for the root user (checklist step enableRootMfa)",
			Limit:  "no API enables it for the root user",
			finds:  []check{rule("ROOT_ACCOUNT_HARDWARE_MFA_ENABLED"), hub("IAM.6")},
			Test:   "TestSetsHoldTheirRules",
		},
		{
			Title: "Eliminate use of the 'root' user for administrative and daily tasks",
			CIS3:  []string{"1.7"}, CIS5: []string{"1.6"}, CIS7: []string{"2.7"},
			ByHand: "Use the root user only for the tasks that need it",
			Limit:  "an account cannot forbid its root user anything: every use is told",
			finds:  []check{alertRoot},
			Test:   "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "Ensure IAM password policy requires minimum length of 14 or greater",
			CIS3:  []string{"1.8"}, CIS5: []string{"1.7"}, CIS7: []string{"2.8"}, SecurityHub: []string{"IAM.15"},
			meets: []check{passwordLength}, finds: []check{rule("IAM_PASSWORD_POLICY"), hub("IAM.15")},
			Test: "TestHardeningSaysWhatTheArgumentsSay",
		},
		{
			Title: "Ensure IAM password policy prevents password reuse",
			CIS3:  []string{"1.9"}, CIS5: []string{"1.8"}, CIS7: []string{"2.9"}, SecurityHub: []string{"IAM.16"},
			meets: []check{passwordReuse}, finds: []check{rule("IAM_PASSWORD_POLICY"), hub("IAM.16")},
			Test: "TestHardeningSaysWhatTheArgumentsSay",
		},
		{
			Title: "Ensure multi-factor authentication (MFA) is enabled for all IAM users that have a console password",
			CIS3:  []string{"1.10"}, CIS5: []string{"1.9"}, CIS7: []string{"2.10"}, SecurityHub: []string{"IAM.5"},
			ByHand: "Have every user register an MFA device",
			Limit:  usersOwn,
			finds:  []check{rule("MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS"), hub("IAM.5"), alertMFA},
			Test:   "TestSetsHoldTheirRules",
		},
		{
			Title: "Do not create access keys during initial setup for IAM users with a console password",
			CIS3:  []string{"1.11"}, CIS5: []string{"1.10"},
			ByHand: "Make access keys only for users that are asked for them, later and on purpose",
			Limit:  usersOwn,
			finds:  []check{alertKeys},
			Test:   "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "Ensure credentials unused for 45 days or more are disabled",
			CIS3:  []string{"1.12"}, CIS5: []string{"1.11"}, CIS7: []string{"2.11"}, SecurityHub: []string{"IAM.22"},
			Limit: usersOwn,
			finds: []check{ruleWithin("IAM_USER_UNUSED_CREDENTIALS_CHECK", "maxCredentialUsageAge", 45), hub("IAM.22")},
			Test:  "TestParametersOfRules",
		},
		{
			Title: "Ensure there is only one active access key for any single IAM user",
			CIS3:  []string{"1.13"}, CIS5: []string{"1.12"},
			ByHand: "Look through the credential report for users with two active keys",
			Limit:  "no managed rule of AWS Config counts keys; the alert on new access keys tells of a second one when it is made",
			finds:  []check{alertKeys},
			Test:   "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "Ensure access keys are rotated every 90 days or less",
			CIS3:  []string{"1.14"}, CIS5: []string{"1.13"}, CIS7: []string{"2.12"}, SecurityHub: []string{"IAM.3"},
			Limit: usersOwn,
			finds: []check{ruleWithin("ACCESS_KEYS_ROTATED", "maxAccessKeyAge", 90), hub("IAM.3")},
			Test:  "TestParametersOfRules",
		},
		{
			Title: "Ensure IAM users receive permissions only through groups",
			CIS3:  []string{"1.15"}, CIS5: []string{"1.14"}, CIS7: []string{"2.13"}, SecurityHub: []string{"IAM.2"},
			Limit: usersOwn,
			keeps: []check{noUserPolicies}, finds: []check{rule("IAM_USER_NO_POLICIES_CHECK"), hub("IAM.2"), alertRole},
			Test: "TestTrailGroupsHaveTheManagedPoliciesOfThePartition",
		},
		{
			Title: `Ensure IAM policies that allow full "*:*" administrative privileges are not attached`,
			CIS3:  []string{"1.16"}, CIS5: []string{"1.15"}, CIS7: []string{"2.14"}, SecurityHub: []string{"IAM.1"},
			Limit: usersOwn,
			keeps: []check{ifAny(rolePolicyType, noAdministrator)}, finds: []check{rule("IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS"), hub("IAM.1"), alertRole},
			Test: "TestHubRolesMayDoTheirWorkAlone",
		},
		{
			Title: "Ensure a support role has been created to manage incidents with AWS Support",
			CIS3:  []string{"1.17"}, CIS5: []string{"1.16"}, CIS7: []string{"2.15"}, SecurityHub: []string{"IAM.18"},
			meets: []check{supportRole}, finds: []check{hub("IAM.18")},
			Test: "TestRolesLetInWhomTheyAreFor",
		},
		{
			Title: "Ensure IAM instance roles are used for AWS resource access from instances",
			CIS3:  []string{"1.18"}, CIS5: []string{"1.17"}, CIS7: []string{"2.16"},
			ByHand: "Give instances a role instead of access keys",
			Limit:  "instances are launched outside the baseline, and no rule of its sets looks for their profile",
		},
		{
			Title: "Ensure that all expired SSL/TLS certificates stored in AWS IAM are removed",
			CIS3:  []string{"1.19"}, CIS5: []string{"1.18"}, CIS7: []string{"2.17"}, SecurityHub: []string{"IAM.26"},
			ByHand: "Delete expired server certificates of IAM; keep certificates in AWS Certificate Manager",
			Limit:  "no rule of the baseline looks for them: only Security Hub's standard CIS does",
			finds:  []check{hub("IAM.26")},
			Test:   "TestSecurityHubAggregatesToTheHomeRegion",
		},
		{
			Title: "Ensure that IAM External Access Analyzer is enabled for all regions",
			CIS3:  []string{"1.20"}, CIS5: []string{"1.19"}, CIS7: []string{"2.18"}, SecurityHub: []string{"IAM.28"},
			meets: []check{externalAnalyzers, alertAnalyzer}, finds: []check{rule("IAM_EXTERNAL_ACCESS_ANALYZER_ENABLED"), hub("IAM.28")},
			Test: "TestAnalyzersOfAccess",
		},
		{
			Title: "Ensure IAM users are managed centrally via identity federation or AWS Organizations for multi-account environments",
			CIS3:  []string{"1.21"}, CIS5: []string{"1.20"}, CIS7: []string{"2.19"},
			ByHand: "Let people sign in by IAM Identity Center or another identity provider",
			Limit:  "one account does not know of the others",
		},
		{
			Title: "Ensure access to AWSCloudShellFullAccess is restricted",
			CIS3:  []string{"1.22"}, CIS5: []string{"1.21"}, CIS7: []string{"2.20"}, SecurityHub: []string{"IAM.27"},
			ByHand: "Detach AWSCloudShellFullAccess from users, groups and roles",
			Limit:  "no rule of the baseline looks for it: only Security Hub's standard CIS does",
			finds:  []check{hub("IAM.27")},
			Test:   "TestSecurityHubAggregatesToTheHomeRegion",
		},
		{
			Title: "Ensure AWS resource policies do not allow unrestricted access using 'Principal': '*'",
			CIS7:  []string{"2.21"},
			Limit: workloadsOwn,
			keeps: []check{ifAny(roleType, noOpenPolicy), ifAny(roleType, noConfusedDeputy)}, finds: []check{alertAnalyzer},
			Test: "TestHubPoliciesPassWhatAWSChecks",
		},
		{
			Title: "Ensure S3 Bucket Policy is set to deny HTTP requests",
			CIS3:  []string{"2.1.1"}, CIS5: []string{"2.1.1"}, CIS7: []string{"3.1.1"}, SecurityHub: []string{"S3.5"},
			Limit: workloadsOwn,
			keeps: []check{ifAny(bucketType, bucketsDenyHTTP), ifAny(bucketType, bucketsDenyOldTLS)}, finds: []check{rule("S3_BUCKET_SSL_REQUESTS_ONLY"), hub("S3.5")},
			Test: "TestArchivePoliciesDecide",
		},
		{
			Title: "Ensure MFA Delete is enabled on S3 buckets",
			CIS3:  []string{"2.1.2"}, CIS5: []string{"2.1.2"}, CIS7: []string{"3.1.2"}, SecurityHub: []string{"S3.20"},
			ByHand: "Enable MFA Delete as the root user, by the AWS CLI, where no lifecycle rule is needed",
			Limit:  "only the root user can enable it, and a bucket with lifecycle rules cannot have it; the archive's policy denies deletes without MFA instead",
			finds:  []check{hub("S3.20")},
			Test:   "TestArchivePoliciesDecide",
		},
		{
			Title: "Ensure all data in Amazon S3 has been discovered, classified, and secured when necessary",
			CIS3:  []string{"2.1.3"}, CIS5: []string{"2.1.3"}, CIS7: []string{"3.1.3"}, SecurityHub: []string{"Macie.1"},
			ByHand: "Set threats.macie.enabled where buckets hold personal data",
			Limit:  "Macie is an option in every profile: its price grows with the data",
			meets:  []check{macieEverywhere},
			Test:   "TestScannersAreOptions",
		},
		{
			Title: "Ensure that S3 is configured with 'Block Public Access' enabled",
			CIS3:  []string{"2.1.4"}, CIS5: []string{"2.1.4"}, CIS7: []string{"3.1.4"}, SecurityHub: []string{"S3.1", "S3.8"},
			keeps: []check{ifAny(bucketType, bucketsBlockPublic)}, meets: []check{accountBlocksPublic},
			finds: []check{rule("S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC"), hub("S3.1")},
			Test:  "TestArchiveBucketsAreHardened",
		},
		{
			Title: "Ensure that encryption-at-rest is enabled for RDS instances",
			CIS3:  []string{"2.3.1"}, CIS5: []string{"2.2.1"}, CIS7: []string{"3.2.1"}, SecurityHub: []string{"RDS.3"},
			Limit: workloadsOwn, finds: []check{rule("RDS_STORAGE_ENCRYPTED"), hub("RDS.3")},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Ensure the Auto Minor Version Upgrade feature is enabled for RDS instances",
			CIS3:  []string{"2.3.2"}, CIS5: []string{"2.2.2"}, CIS7: []string{"3.2.2"}, SecurityHub: []string{"RDS.13"},
			Limit: workloadsOwn, finds: []check{rule("RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED"), hub("RDS.13")},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Ensure that RDS instances are not publicly accessible",
			CIS3:  []string{"2.3.3"}, CIS5: []string{"2.2.3"}, CIS7: []string{"3.2.3"}, SecurityHub: []string{"RDS.2"},
			Limit: workloadsOwn, finds: []check{rule("RDS_INSTANCE_PUBLIC_ACCESS_CHECK"), hub("RDS.2")},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Ensure Multi-AZ deployments are used for enhanced availability in Amazon RDS",
			CIS5:  []string{"2.2.4"}, CIS7: []string{"3.2.4"}, SecurityHub: []string{"RDS.5", "RDS.15"},
			ByHand: "Run databases that have to be there in several Availability Zones",
			Limit:  "no rule of the baseline looks for it: only Security Hub does", finds: []check{hub("RDS.5")},
			Test: "TestSecurityHubAggregatesToTheHomeRegion",
		},
		{
			Title: "Ensure that encryption is enabled for EFS file systems",
			CIS3:  []string{"2.4.1"}, CIS5: []string{"2.3.1"}, CIS7: []string{"3.3.1"}, SecurityHub: []string{"EFS.1", "EFS.8"},
			Limit: workloadsOwn, finds: []check{rule("EFS_ENCRYPTED_CHECK"), hub("EFS.1")},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Ensure CloudTrail is enabled in all regions",
			CIS3:  []string{"3.1"}, CIS5: []string{"3.1"}, CIS7: []string{"4.1"}, SecurityHub: []string{"CloudTrail.1"},
			meets: []check{trailEverywhere, alertTrail}, finds: []check{rule("MULTI_REGION_CLOUD_TRAIL_ENABLED"), hub("CloudTrail.1")},
			Test: "TestTrailRecordsEverythingAnywhere",
		},
		{
			Title: "Ensure CloudTrail log file validation is enabled",
			CIS3:  []string{"3.2"}, CIS5: []string{"3.2"}, CIS7: []string{"4.2"}, SecurityHub: []string{"CloudTrail.4"},
			meets: []check{trailValidated}, finds: []check{rule("CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED"), hub("CloudTrail.4")},
			Test: "TestTrailRecordsEverythingAnywhere",
		},
		{
			Title: "Ensure AWS Config is enabled in all regions",
			CIS3:  []string{"3.3"}, CIS5: []string{"3.3"}, CIS7: []string{"4.3"}, SecurityHub: []string{"Config.1"},
			Limit: "outside the home Region the types that AWS Config would record twice are left out by name, and changes are told by EventBridge instead of a topic of the delivery channel: who audits by the letter of the benchmark's steps looks for allSupported and an SNS topic in every Region",
			meets: []check{recorders, recordersRole, configDelivers, globalTypesOnce, recordersOfAllTypes},
			Test:  "TestConfigRecordsEverywhereAndIAMOnce",
		},
		{
			Title: "Ensure that server access logging is enabled on the CloudTrail S3 bucket",
			CIS3:  []string{"3.4"}, CIS5: []string{"3.4"}, CIS7: []string{"4.4"}, SecurityHub: []string{"CloudTrail.7"},
			meets: []check{trailBucketLogged}, finds: []check{rule("S3_BUCKET_LOGGING_ENABLED"), hub("CloudTrail.7")},
			Test: "TestArchiveBucketsAreHardened",
		},
		{
			Title: "Ensure CloudTrail logs are encrypted at rest using KMS CMKs",
			CIS3:  []string{"3.5"}, CIS5: []string{"3.5"}, CIS7: []string{"4.5"}, SecurityHub: []string{"CloudTrail.2"},
			meets: []check{trailEncrypted}, finds: []check{rule("CLOUD_TRAIL_ENCRYPTION_ENABLED"), hub("CloudTrail.2")},
			Test: "TestTrailIsEncryptedWithTheKeyOfItsArchive",
		},
		{
			Title: "Ensure rotation for customer-created symmetric CMKs is enabled",
			CIS3:  []string{"3.6"}, CIS5: []string{"3.6"}, CIS7: []string{"4.6"}, SecurityHub: []string{"KMS.4"},
			Limit: workloadsOwn,
			keeps: []check{ifAny(keyType, keysRotate)}, finds: []check{rule("CMK_BACKING_KEY_ROTATION_ENABLED"), hub("KMS.4")},
			Test: "TestHubTopicsAreEncryptedWithAKeyThatRotates",
		},
		{
			Title: "Ensure VPC flow logging is enabled in all VPCs",
			CIS3:  []string{"3.7"}, CIS5: []string{"3.7"}, CIS7: []string{"4.7"}, SecurityHub: []string{"EC2.6"},
			Limit: workloadsOwn, finds: []check{rule("VPC_FLOW_LOGS_ENABLED"), hub("EC2.6")},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Ensure that object-level logging for write events is enabled for S3 buckets",
			CIS3:  []string{"3.8"}, CIS5: []string{"3.8"}, CIS7: []string{"4.8"}, SecurityHub: []string{"S3.22"},
			Limit: archiveLeftOut,
			meets: []check{trailEverywhere, trailS3Writes}, finds: []check{rule("CLOUDTRAIL_S3_DATAEVENTS_ENABLED"), hub("S3.22")},
			Test: "TestEverySelectorHasOneResourceType",
		},
		{
			Title: "Ensure that object-level logging for read events is enabled for S3 buckets",
			CIS3:  []string{"3.9"}, CIS5: []string{"3.9"}, CIS7: []string{"4.9"}, SecurityHub: []string{"S3.23"},
			Limit: archiveLeftOut,
			meets: []check{trailEverywhere, trailS3Reads}, finds: []check{rule("CLOUDTRAIL_S3_DATAEVENTS_ENABLED"), hub("S3.23")},
			Test: "TestEverySelectorHasOneResourceType",
		},
	}
	table = append(table, cisMonitoring()...)
	return append(table, cisNetworking()...)
}

// cisMonitoring are the 15 metric filters, and Security Hub.
func cisMonitoring() []Control {
	var table []Control
	for i, f := range []struct {
		of, hub string
		finds   []check
	}{
		{of: "unauthorized API calls are monitored", hub: "CloudWatch.2"},
		{of: "management console sign-in without MFA is monitored", hub: "CloudWatch.3", finds: []check{alertMFA}},
		{of: "usage of the 'root' account is monitored", hub: "CloudWatch.1", finds: []check{alertRoot}},
		{of: "IAM policy changes are monitored", hub: "CloudWatch.4"},
		{of: "CloudTrail configuration changes are monitored", hub: "CloudWatch.5", finds: []check{alertTrail}},
		{of: "AWS Management Console authentication failures are monitored", hub: "CloudWatch.6"},
		{of: "disabling or scheduled deletion of customer-created CMKs is monitored", hub: "CloudWatch.7", finds: []check{alertKMS}},
		{of: "S3 bucket policy changes are monitored", hub: "CloudWatch.8"},
		{of: "AWS Config configuration changes are monitored", hub: "CloudWatch.9", finds: []check{alertConfig}},
		{of: "security group changes are monitored", hub: "CloudWatch.10", finds: []check{alertGroups}},
		{of: "Network Access Control List (NACL) changes are monitored", hub: "CloudWatch.11"},
		{of: "changes to network gateways are monitored", hub: "CloudWatch.12"},
		{of: "route table changes are monitored", hub: "CloudWatch.13"},
		{of: "VPC changes are monitored", hub: "CloudWatch.14"},
		{of: "AWS Organizations changes are monitored", finds: []check{alertOrganization}},
	} {
		number := fmt.Sprintf("4.%d", i+1)
		row := Control{
			Title: "Ensure " + f.of,
			CIS3:  []string{number}, CIS5: []string{number}, CIS7: []string{fmt.Sprintf("5.%d", i+1)},
			meets: []check{filtered(number)}, finds: f.finds,
			Test: "TestFiltersCountWhatTheyShould",
		}
		if f.hub != "" {
			row.SecurityHub = []string{f.hub}
		}
		table = append(table, row)
	}
	return append(table, Control{
		Title: "Ensure AWS Security Hub is enabled",
		CIS3:  []string{"4.16"}, CIS5: []string{"4.16"}, CIS7: []string{"5.16"},
		Limit: "every standard costs several dollars a month in an idle Region: threats.securityHub.regions says where it is on",
		meets: []check{hubEverywhere, hubsAlike, alertHub}, finds: []check{rule("SECURITYHUB_ENABLED")},
		Test: "TestSecurityHubAggregatesToTheHomeRegion",
	})
}

func cisNetworking() []Control {
	return []Control{
		{
			Title: "Ensure EBS volume encryption is enabled in all regions",
			CIS3:  []string{"2.2.1"}, CIS5: []string{"5.1.1"}, CIS7: []string{"6.1.1"}, SecurityHub: []string{"EC2.7"},
			meets: []check{ebsEncrypted}, finds: []check{rule("EC2_EBS_ENCRYPTION_BY_DEFAULT"), hub("EC2.7")},
			Test: "TestEveryRegionIsHardened",
		},
		{
			Title: "Ensure CIFS access is restricted to trusted networks to prevent unauthorized access",
			CIS5:  []string{"5.1.2"}, CIS7: []string{"6.1.2"},
			ByHand: "Look for security groups that open port 445",
			Limit:  workloadsOwn,
			finds:  []check{rule("VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS"), alertNetwork},
			Test:   "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "Ensure no Network ACLs allow ingress from 0.0.0.0/0 to remote server administration ports",
			CIS3:  []string{"5.1"}, CIS5: []string{"5.2"}, CIS7: []string{"6.2"}, SecurityHub: []string{"EC2.21"},
			Limit: workloadsOwn, finds: []check{rule("NACL_NO_UNRESTRICTED_SSH_RDP"), hub("EC2.21")},
			Test: "TestSetsHoldTheirRules",
		},
		{
			Title: "Ensure no security groups allow ingress from 0.0.0.0/0 to remote server administration ports",
			CIS3:  []string{"5.2"}, CIS5: []string{"5.3"}, CIS7: []string{"6.3"}, SecurityHub: []string{"EC2.53"},
			Limit: workloadsOwn,
			finds: []check{rule("INCOMING_SSH_DISABLED"), rule("RESTRICTED_INCOMING_TRAFFIC"), hub("EC2.53"), alertNetwork},
			Test:  "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "Ensure no security groups allow ingress from ::/0 to remote server administration ports",
			CIS3:  []string{"5.3"}, CIS5: []string{"5.4"}, CIS7: []string{"6.4"}, SecurityHub: []string{"EC2.54"},
			Limit: workloadsOwn,
			finds: []check{hub("EC2.54"), alertNetwork6},
			Test:  "TestEveryAlertOfTheTrailIsDelivered",
		},
		{
			Title: "Ensure the default security group of every VPC restricts all traffic",
			CIS3:  []string{"5.4"}, CIS5: []string{"5.5"}, CIS7: []string{"6.5"}, SecurityHub: []string{"EC2.2"},
			ByHand: "See what uses the default security groups, then set hardening.defaultSecurityGroups",
			Limit:  "which VPCs there are is not declared, and emptied are those that are asked for: what was launched without a group of its own loses its network",
			finds:  []check{rule("VPC_DEFAULT_SECURITY_GROUP_CLOSED"), hub("EC2.2")},
			Test:   "TestDefaultSecurityGroupsAreEmptiedOnRequest",
		},
		{
			Title: `Ensure routing tables for VPC peering are "least access"`,
			CIS3:  []string{"5.5"}, CIS5: []string{"5.6"}, CIS7: []string{"6.6"},
			ByHand: "Look through the routes to peered VPCs",
			Limit:  "who has to reach whom is known to people only; the metric filter on route tables (4.13) counts the changes",
		},
		{
			Title: "Ensure that the EC2 Metadata Service only allows IMDSv2",
			CIS3:  []string{"5.6"}, CIS5: []string{"5.7"}, CIS7: []string{"6.7"}, SecurityHub: []string{"EC2.8"},
			Limit: "new instances take IMDSv2 where their launch says nothing else; what runs already keeps what it has",
			finds: []check{rule("EC2_IMDSV2_CHECK"), hub("EC2.8")},
			Test:  "TestEveryRegionIsHardened",
		},
		{
			Title:  "Ensure VPC Endpoints are used for access to AWS Services",
			CIS7:   []string{"6.8"},
			ByHand: "Give VPCs endpoints for the services that workloads use",
			Limit:  "networks are built outside the baseline",
		},
		{
			Title:  "Ensure centralized root access in AWS Organizations, guardrails for all accounts, and a management account without workloads",
			CIS7:   []string{"2.1.1", "2.1.2", "2.1.3"},
			ByHand: "Enable centralized root access and attach service control policies in the management account",
			Limit:  "the baseline is deployed into one account; the organization is set up outside it",
		},
	}
}
