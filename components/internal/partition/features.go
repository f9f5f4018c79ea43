package partition

import "slices"

// Feature is something that AWS offers in some partitions only.
type Feature string

// The features that the baseline uses and whose availability differs, or is worth checking, between partitions.
const (
	Chatbot               Feature = "chatbot"
	CrossRegionEventBus   Feature = "cross-region-event-bus"
	APIDestinations       Feature = "api-destinations"
	Pipes                 Feature = "pipes"
	Scheduler             Feature = "scheduler"
	StepFunctions         Feature = "step-functions"
	UserNotifications     Feature = "user-notifications"
	OrganizationTrail     Feature = "organization-trail"
	CloudTrailInsights    Feature = "cloudtrail-insights"
	NetworkActivityEvents Feature = "network-activity-events"
	ObjectLock            Feature = "s3-object-lock"
	Athena                Feature = "athena"
	Config                Feature = "config"
	ConformancePacks      Feature = "conformance-packs"
	GuardDuty             Feature = "guardduty"
	GuardDutyMalware      Feature = "guardduty-malware"
	GuardDutyRuntime      Feature = "guardduty-runtime"
	GuardDutyRDS          Feature = "guardduty-rds"
	GuardDutyLambda       Feature = "guardduty-lambda"
	AccessAnalyzer        Feature = "access-analyzer"
	UnusedAccess          Feature = "unused-access"
	SecurityHub           Feature = "security-hub"
	Inspector             Feature = "inspector"
	Macie                 Feature = "macie"
	TrustedAdvisor        Feature = "trusted-advisor"
	Budgets               Feature = "budgets"
	BudgetActions         Feature = "budget-actions"
	EstimatedCharges      Feature = "estimated-charges"
	CostExplorer          Feature = "cost-explorer"
	AnomalyDetection      Feature = "anomaly-detection"
	AlternateContacts     Feature = "alternate-contacts"
)

// Description says in words what a feature is, where it exists, and which page says so.
type Description struct {
	// Feature is the key of the row.
	Feature Feature
	// Name is AWS's name for it.
	Name string
	// Partitions are the ids of the partitions that have it.
	Partitions []string
	// Source is the page that the row was taken from.
	Source string
}

var (
	everywhere = []string{"aws", "aws-cn", "aws-us-gov"}
	commercial = []string{"aws"}
	withChina  = []string{"aws", "aws-cn"}
	withGov    = []string{"aws", "aws-us-gov"}
)

const (
	chinaBilling  = "https://docs.amazonaws.cn/en_us/aws/latest/userguide/account-billing.html"
	chinaTrail    = "https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudtrail.html"
	chinaGuard    = "https://docs.amazonaws.cn/en_us/aws/latest/userguide/guardduty.html"
	eventFeatures = "https://docs.aws.amazon.com/eventbridge/latest/userguide/feature-availability.html"
	govEvents     = "https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-eventbridge.html"
)

// A partition is left out of a row only where a page or the endpoints of the service say so: a setting that AWS would
// accept must not be refused here.
var features = []Description{
	{Chatbot, "Amazon Q Developer in chat applications (AWS Chatbot)", commercial, "https://docs.aws.amazon.com/general/latest/gr/chatbot.html"},
	// Not in China: https://aws.amazon.com/blogs/compute/expanding-cross-region-event-routing-with-amazon-eventbridge/.
	{CrossRegionEventBus, "EventBridge event buses of another Region as targets", withGov, "https://aws.amazon.com/about-aws/whats-new/2022/06/amazon-eventbridge-cross-region-routing-aws-govcloud-regions/"},
	{APIDestinations, "EventBridge API destinations", withChina, govEvents},
	{Pipes, "EventBridge Pipes", withChina, govEvents},
	{Scheduler, "EventBridge Scheduler", everywhere, eventFeatures},
	{StepFunctions, "AWS Step Functions", everywhere, "https://docs.aws.amazon.com/general/latest/gr/step-functions.html"},
	{UserNotifications, "AWS User Notifications e-mail contacts", commercial, "https://docs.aws.amazon.com/notifications/latest/userguide/supported-regions.html"},
	{OrganizationTrail, "CloudTrail organization trails", everywhere, chinaTrail},
	{CloudTrailInsights, "CloudTrail Insights", everywhere, chinaTrail},
	{NetworkActivityEvents, "CloudTrail network activity events", everywhere, "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html"},
	{ObjectLock, "S3 Object Lock", everywhere, "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html"},
	{Athena, "Amazon Athena", everywhere, "https://docs.aws.amazon.com/general/latest/gr/athena.html"},
	{Config, "AWS Config", everywhere, "https://docs.aws.amazon.com/general/latest/gr/awsconfig.html"},
	{ConformancePacks, "AWS Config conformance packs", everywhere, "https://docs.amazonaws.cn/en_us/config/latest/developerguide/conformance-packs.html"},
	{GuardDuty, "Amazon GuardDuty", everywhere, "https://docs.aws.amazon.com/general/latest/gr/guardduty.html"},
	{GuardDutyMalware, "GuardDuty malware protection for EC2", everywhere, chinaGuard},
	{GuardDutyRuntime, "GuardDuty runtime monitoring", withGov, chinaGuard},
	{GuardDutyRDS, "GuardDuty RDS protection", everywhere, chinaGuard},
	{GuardDutyLambda, "GuardDuty Lambda protection", everywhere, chinaGuard},
	{AccessAnalyzer, "IAM Access Analyzer (external access)", everywhere, "https://docs.aws.amazon.com/general/latest/gr/access-analyzer.html"},
	{UnusedAccess, "IAM Access Analyzer (unused access)", everywhere, "https://docs.aws.amazon.com/general/latest/gr/access-analyzer.html"},
	{SecurityHub, "AWS Security Hub", everywhere, "https://docs.aws.amazon.com/general/latest/gr/sechub.html"},
	{Inspector, "Amazon Inspector", everywhere, "https://docs.aws.amazon.com/general/latest/gr/inspector2.html"},
	{Macie, "Amazon Macie", commercial, "https://docs.aws.amazon.com/general/latest/gr/macie.html"},
	{TrustedAdvisor, "AWS Trusted Advisor events", commercial, "https://docs.amazonaws.cn/en_us/aws/latest/userguide/trusted-advisor.html"},
	{Budgets, "AWS Budgets", withChina, chinaBilling},
	{BudgetActions, "AWS Budgets actions", withChina, "https://docs.amazonaws.cn/aws-cost-management/latest/APIReference/API_Types_AWS_Budgets.html"},
	{EstimatedCharges, "CloudWatch billing metric EstimatedCharges", withChina, chinaBilling},
	{CostExplorer, "AWS Cost Explorer", withChina, chinaBilling},
	{AnomalyDetection, "AWS Cost Anomaly Detection", withChina, "https://docs.amazonaws.cn/aws-cost-management/latest/APIReference/API_RootCause.html"},
	{AlternateContacts, "alternate contacts of the account", withChina, "https://docs.aws.amazon.com/general/latest/gr/account.html"},
}

// Features returns the table of features, in the order in which documents show it.
func Features() []Description { return slices.Clone(features) }

// Describe returns AWS's name of the feature, and the key itself when it is unknown.
func (f Feature) Describe() string {
	d, ok := feature(f)
	if !ok {
		return string(f)
	}
	return d.Name
}

func feature(f Feature) (Description, bool) {
	i := slices.IndexFunc(features, func(d Description) bool { return d.Feature == f })
	if i < 0 {
		return Description{}, false
	}
	return features[i], true
}
