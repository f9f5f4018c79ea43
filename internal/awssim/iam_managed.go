package awssim

import "strings"

// managedPolicyDocuments are AWS managed policies by their name with path. The
// documents are reduced to what the simulated account evaluates.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
var managedPolicyDocuments = map[string]string{
	administratorAccess: allow(`"*"`),
	"ReadOnlyAccess": allow(`"cloudtrail:Describe*","cloudtrail:Get*","cloudtrail:List*","cloudtrail:LookupEvents","cloudwatch:Describe*",` +
		`"cloudwatch:Get*","cloudwatch:List*","iam:Get*","iam:List*","kms:Describe*","kms:Get*","kms:List*","logs:Describe*","logs:FilterLogEvents",` +
		`"logs:Get*","s3:Get*","s3:List*","sns:Get*","sns:List*","sqs:Get*","sqs:List*"`),
	"SecurityAudit": allow(`"cloudtrail:DescribeTrails","cloudtrail:GetEventSelectors","cloudtrail:GetTrail","cloudtrail:GetTrailStatus",` +
		`"cloudtrail:ListTrails","iam:Get*","iam:List*","kms:Describe*","kms:GetKeyPolicy","kms:GetKeyRotationStatus","kms:List*",` +
		`"logs:DescribeLogGroups","logs:DescribeMetricFilters","s3:GetAccountPublicAccessBlock","s3:GetBucket*","s3:GetEncryptionConfiguration",` +
		`"s3:GetLifecycleConfiguration","s3:ListAllMyBuckets","sns:GetTopicAttributes","sns:ListTopics"`),
	"job-function/ViewOnlyAccess": allow(`"cloudtrail:DescribeTrails","cloudwatch:List*","iam:List*","kms:ListKeys","logs:Describe*","s3:ListAllMyBuckets","s3:ListBucket"`),
	"job-function/Billing":        allow(`"aws-portal:*Billing","budgets:*","ce:*","cur:*"`),
	"AWSCloudTrail_FullAccess": `{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","Action":["sns:AddPermission","sns:CreateTopic","sns:SetTopicAttributes","sns:GetTopicAttributes"],"Resource":"arn:aws:sns:*:*:aws-cloudtrail-logs*"},` +
		`{"Effect":"Allow","Action":["sns:ListTopics"],"Resource":"*"},` +
		`{"Effect":"Allow","Action":["s3:CreateBucket","s3:PutBucketPolicy","s3:PutBucketPublicAccessBlock"],"Resource":"arn:aws:s3:::aws-cloudtrail-logs*"},` +
		`{"Effect":"Allow","Action":["s3:ListAllMyBuckets","s3:GetBucketLocation","s3:GetBucketPolicy"],"Resource":"*"},` +
		`{"Effect":"Allow","Action":"cloudtrail:*","Resource":"*"},` +
		`{"Effect":"Allow","Action":["logs:CreateLogGroup"],"Resource":"arn:aws:logs:*:*:log-group:aws-cloudtrail-logs*"},` +
		`{"Effect":"Allow","Action":["iam:ListRoles","iam:GetRolePolicy","iam:GetUser"],"Resource":"*"},` +
		`{"Effect":"Allow","Action":["iam:PassRole"],"Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"cloudtrail.amazonaws.com"}}},` +
		`{"Effect":"Allow","Action":["kms:CreateKey","kms:CreateAlias","kms:ListKeys","kms:ListAliases"],"Resource":"*"},` +
		`{"Effect":"Allow","Action":["lambda:ListFunctions"],"Resource":"*"},` +
		`{"Effect":"Allow","Action":["dynamodb:ListGlobalTables","dynamodb:ListTables"],"Resource":"*"}]}`,
	"AWSCloudTrail_ReadOnlyAccess":                        allow(`"cloudtrail:Get*","cloudtrail:Describe*","cloudtrail:List*","cloudtrail:LookupEvents"`),
	"AWSSupportAccess":                                    allow(`"support:*"`),
	"AmazonAthenaFullAccess":                              allow(`"athena:*"`),
	"AmazonQDeveloperAccess":                              allow(`"q:*"`),
	"AmazonSNSFullAccess":                                 allow(`"sns:*"`),
	"AmazonSNSReadOnlyAccess":                             allow(`"sns:GetTopicAttributes","sns:List*"`),
	"AmazonS3FullAccess":                                  allow(`"s3:*"`),
	"AmazonS3ReadOnlyAccess":                              allow(`"s3:Get*","s3:List*"`),
	"CloudWatchFullAccess":                                allow(`"cloudwatch:*","logs:*","sns:*"`),
	"CloudWatchReadOnlyAccess":                            allow(`"cloudwatch:Describe*","cloudwatch:Get*","cloudwatch:List*","logs:Describe*","logs:Get*","logs:FilterLogEvents","sns:Get*","sns:List*"`),
	"CloudWatchLogsReadOnlyAccess":                        allow(`"logs:Describe*","logs:Get*","logs:List*","logs:StartQuery","logs:StopQuery","logs:FilterLogEvents"`),
	"PowerUserAccess":                                     `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"}]}`,
	"IAMFullAccess":                                       allow(`"iam:*"`),
	"IAMReadOnlyAccess":                                   allow(`"iam:Get*","iam:List*"`),
	"IAMUserChangePassword":                               allow(`"iam:ChangePassword","iam:GetAccountPasswordPolicy"`),
	"AWSBillingReadOnlyAccess":                            allow(`"billing:Get*","budgets:View*","budgets:Describe*","ce:Describe*","ce:Get*","ce:List*"`),
	"AWSDenyAll":                                          `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`,
	"service-role/AWS_ConfigRole":                         allow(`"config:*","s3:GetBucket*","iam:Get*","iam:List*"`),
	"service-role/AWSConfigRoleForOrganizations":          allow(`"organizations:DescribeOrganization","organizations:ListAccounts","organizations:ListAWSServiceAccessForOrganization","organizations:ListDelegatedAdministrators"`),
	"service-role/AmazonSSMAutomationRole":                allow(`"ssm:*","ec2:Describe*"`),
	"AmazonGuardDutyReadOnlyAccess":                       allow(`"guardduty:Describe*","guardduty:Get*","guardduty:List*"`),
	"AWSSecurityHubReadOnlyAccess":                        allow(`"securityhub:Get*","securityhub:List*","securityhub:Describe*"`),
	"AWSResourceExplorerReadOnlyAccess":                   allow(`"resource-explorer-2:Get*","resource-explorer-2:List*","resource-explorer-2:Search"`),
	"aws-service-role/AWSConfigServiceRolePolicy":         allow(`"config:*","s3:GetBucket*","s3:PutObject","iam:Get*","iam:List*","sns:Publish"`),
	"aws-service-role/ConfigConformsServiceRolePolicy":    allow(`"config:PutConfigRule","config:DeleteConfigRule","config:DescribeConfigRules","s3:GetObject"`),
	"aws-service-role/CloudTrailServiceRolePolicy":        allow(`"cloudtrail:*","organizations:Describe*","organizations:List*"`),
	"aws-service-role/AmazonGuardDutyServiceRolePolicy":   allow(`"ec2:Describe*","organizations:List*","s3:GetBucket*"`),
	"aws-service-role/AWSSecurityHubServiceRolePolicy":    allow(`"cloudtrail:Describe*","config:*","sns:List*"`),
	"aws-service-role/AccessAnalyzerServiceRolePolicy":    allow(`"iam:Get*","iam:List*","kms:Get*","kms:List*","s3:GetBucket*","s3:ListBucket"`),
	"aws-service-role/AmazonInspector2ServiceRolePolicy":  allow(`"ec2:Describe*","ecr:*","ssm:*"`),
	"aws-service-role/AmazonMacieServiceRolePolicy":       allow(`"s3:Get*","s3:List*","cloudtrail:DescribeTrails"`),
	"aws-service-role/AWSChatbotServiceLinkedRolePolicy":  allow(`"sns:Get*","sns:List*","sns:Subscribe","sns:Unsubscribe","logs:*"`),
	"aws-service-role/AWSSupportServiceRolePolicy":        allow(`"support:*"`),
	"aws-service-role/AWSTrustedAdvisorServiceRolePolicy": allow(`"ec2:Describe*","iam:List*"`),
}

func allow(actions string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` + actions + `],"Resource":"*"}]}`
}

// managedPolicy is the document of an AWS managed or a customer-managed policy; ""
// when there is none.
func (a *Account) managedPolicy(arn string) string {
	if name, ok := strings.CutPrefix(arn, a.arn("iam", "", "aws", "policy/")); ok {
		return strings.ReplaceAll(managedPolicyDocuments[name], "arn:aws:", "arn:"+a.Partition+":")
	}
	if p := a.IAM.Policies[arn]; p != nil {
		return p.Document
	}
	return ""
}
