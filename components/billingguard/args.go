package billingguard

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
)

// Defaults of BillingGuardArgs.
const (
	DefaultMonthlyLimit   = 100.0
	DefaultBaselineLimit  = 50.0
	DefaultAnomalyAmount  = 10.0
	DefaultAnomalyPercent = 20.0
	DefaultReportHour     = 9
	DefaultReportWeekday  = "MON"
	DefaultReportMonthDay = 1
	DefaultTimeZone       = "UTC"
	DefaultActionPercent  = 100.0
)

// BillingGuardArgs are the arguments of NewBillingGuard. The zero value makes a monthly budget of 100, a budget of what the
// baseline itself costs, cost anomaly detection and, where somebody can be told, their alerts and a weekly report.
type BillingGuardArgs struct {
	// Alerts tells people, and is where the bill report goes. Default: nil, nobody is told but Emails.
	Alerts *alerthub.AlertHub

	// Regions gives the provider of the Region with the billing metrics; *regions.Providers is one. The component itself
	// is given the provider of the home Region. Default: nil, there are alarms on EstimatedCharges only when the
	// component's own provider works in that Region.
	Regions RegionProviders

	// After are made before budgets and anomaly detection; a component counts with all that belongs to it by then. AWS refuses
	// these two while IAM users may not see the bill, as in every new account, and Pulumi begins nothing new after a refusal.
	// Default: none.
	After []pulumi.Resource

	// NamePrefix begins all names: 3 to 38 lower-case letters, digits and single hyphens. Default: PROJECT-STACK-NAME. A
	// change replaces everything that has a name.
	NamePrefix string

	// Emails are addresses that AWS Budgets and Cost Anomaly Detection mail themselves, beside Alerts; nobody has to
	// confirm. At most 10. Default: none.
	Emails []string

	// Currency of budgets and billing metrics: USD, or CNY in partition aws-cn. Default: that of the partition.
	Currency string

	// Costs says what counts as cost in the budgets. Default: everything but credits and refunds.
	Costs CostTypes

	// MonthlyBudget is the budget of the whole account. Default: 100 a month, told at 50, 80 and 100 percent spent and at 100
	// percent expected.
	MonthlyBudget MonthlyBudgetArgs

	// ServiceBudgets are monthly budgets of single services, by Cost Explorer's name of the service, such as Amazon
	// Simple Storage Service. Default: none.
	ServiceBudgets map[string]BudgetArgs

	// TagBudgets are monthly budgets of what carries a cost allocation tag, which has to be activated in the billing console.
	// Default: none.
	TagBudgets []TagBudgetArgs

	// BaselineBudget is the budget of what the baseline itself costs. Default: 50 a month.
	BaselineBudget BaselineBudgetArgs

	// EstimatedCharges are CloudWatch alarms on the metric EstimatedCharges, $0.10 a month each. Default: one on the limit of the
	// monthly budget.
	EstimatedCharges EstimatedChargesArgs

	// Anomalies is AWS Cost Anomaly Detection. Default: an own monitor per service, told at once.
	Anomalies AnomalyArgs

	// Report is the bill report. Default: weekly, when there are Alerts.
	Report ReportArgs

	// Action attaches a deny policy when the monthly budget is used up. Default: nil, nothing is done.
	Action *ActionArgs

	// Dashboard adds a CloudWatch dashboard of the charges; an account's first three are free, a further one is $3 a month.
	// Default: false.
	Dashboard bool

	// Tags of every taggable resource, beside those of the project and the stack. Default: none.
	Tags pulumi.StringMapInput
}

// RegionProviders give the provider of the Region where billing metrics are.
type RegionProviders interface {
	// HomeRegion is the component's own Region.
	HomeRegion() string
	// Forwarding are the Regions that have a provider and whose events reach the hub.
	Forwarding() []string
	// For is the provider of a Region of Forwarding.
	For(region string) *aws.Provider
}

// CostTypes are kinds of charges. The others always count: taxes, support, recurring and upfront fees, subscriptions,
// discounts (https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CostTypes.html).
type CostTypes struct {
	// Credits counts credits, which lower the cost. Default: false, spending is seen before the credits are used up.
	Credits bool
	// Refunds counts refunds, which lower the cost. Default: false.
	Refunds bool
	// Amortized spreads upfront and recurring fees of reservations over their time. Default: false.
	Amortized bool
}

// ThresholdType says what a threshold is compared with.
type ThresholdType string

// The types of thresholds. A forecast needs about five weeks of data.
const (
	Actual     ThresholdType = "ACTUAL"
	Forecasted ThresholdType = "FORECASTED"
)

// Threshold is when a budget tells people. From 100 percent on, and whenever it is a forecast, that is a warning; else it is
// informational.
type Threshold struct {
	// Percent of the budget's limit. Required: more than 0, at most 1,000,000.
	Percent float64
	// Type is Actual or Forecasted. Required.
	Type ThresholdType
}

// DefaultThresholds are those of budgets that name none.
func DefaultThresholds() []Threshold {
	return []Threshold{{50, Actual}, {80, Actual}, {100, Actual}, {100, Forecasted}}
}

// BudgetArgs are the arguments of a monthly budget.
type BudgetArgs struct {
	// Limit a month, in the currency. Required: more than 0. A change replaces nothing.
	Limit float64
	// Thresholds, at most 10. Default: DefaultThresholds.
	Thresholds []Threshold
}

// MonthlyBudgetArgs are the arguments of the budget of the whole account.
type MonthlyBudgetArgs struct {
	// Omit leaves it out. Default: false.
	Omit bool
	// Limit a month, in the currency. Together with AutoAdjust it is an error. Default: 100.
	Limit float64
	// AutoAdjust lets AWS set the limit every month. Default: nil.
	AutoAdjust *AutoAdjust
	// Thresholds, at most 10. Default: DefaultThresholds.
	Thresholds []Threshold
}

// AutoAdjust lets AWS set the limit (https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create.html).
type AutoAdjust struct {
	// Months, 1 to 12, over which the limit is the average of what was spent. Default: 0, the limit is AWS's forecast.
	Months int
}

// TagBudgetArgs are the arguments of the budget of what carries a tag.
type TagBudgetArgs struct {
	// Key and Value of the cost allocation tag. Required. A change replaces the budget.
	Key, Value string
	// Limit a month, in the currency. Required.
	Limit float64
	// Thresholds, at most 10. Default: DefaultThresholds.
	Thresholds []Threshold
}

// BaselineBudgetArgs are the arguments of the budget of what the baseline itself costs.
type BaselineBudgetArgs struct {
	// Omit leaves it out. Default: false.
	Omit bool
	// Limit a month, in the currency. Default: 50.
	Limit float64
	// Services are whose costs count, by Cost Explorer's names. Default: BaselineServices, those that the baseline uses and
	// hardly anybody else.
	Services []string
	// ByTag counts what carries the tag of the baseline's project instead. It has to be activated as a cost allocation tag, and
	// misses what has no tags: recorder, configuration items, trail events. Together with Services it is an error. Default: false.
	ByTag bool
}

// EstimatedChargesArgs are the arguments of the alarms on EstimatedCharges, which AWS updates about every six hours. Once,
// by hand, billing alerts have to be switched on in the billing preferences.
type EstimatedChargesArgs struct {
	// Omit leaves them out. Default: false.
	Omit bool
	// Thresholds are the amounts of the whole account's charges in the month so far. Default: the limit of the monthly budget.
	Thresholds []float64
	// Services are amounts by the metric's name of a service, such as AmazonEC2, each with an alarm. Default: none.
	Services map[string][]float64
}

// AnomalyArgs are the arguments of Cost Anomaly Detection, which is free.
type AnomalyArgs struct {
	// Omit leaves it out. Default: false.
	Omit bool
	// Monitor is the account's SERVICE monitor, of which AWS allows one, when it exists already. Default: one is made.
	Monitor Existing
	// OmitImmediate leaves out the alert at once, which needs Alerts. Default: false.
	OmitImmediate bool
	// Digest mails a summary to Emails: DAILY or WEEKLY. Default: none, or DAILY when there are Emails and no Alerts.
	Digest string
	// Threshold is from which impact people are told. Default: 10 in the currency and 20 percent.
	Threshold AnomalyThreshold
}

// AnomalyThreshold is the least impact of an anomaly. Without both figures it is 10 and 20; with one, it is that one alone.
type AnomalyThreshold struct {
	// Amount beyond what was expected, in the currency. Default: 10 without Percent, else none.
	Amount float64
	// Percent beyond what was expected. Default: 20 without Amount, else none.
	Percent float64
	// Either says that one of both is enough. Default: false, both have to be reached.
	Either bool
}

// Existing is a monitor that is there already: one of its fields is set, or none.
type Existing struct {
	// Existing is the ARN of one that stays unmanaged. Default: none.
	Existing string
	// Adopt is the ARN of one that is imported: from then on it belongs to the stack, and goes with it. Default: none.
	Adopt string
}

// Frequency is how often the report is sent.
type Frequency string

// The frequencies. Each compares with the period before.
const (
	Daily   Frequency = "daily"   // the day before
	Weekly  Frequency = "weekly"  // the last seven days
	Monthly Frequency = "monthly" // the last full month
)

// ReportArgs are the arguments of the bill report. A report makes four requests to Cost Explorer, at $0.01 each.
type ReportArgs struct {
	// Omit leaves it out. Default: false.
	Omit bool
	// Frequencies of which each has its schedule. Default: weekly.
	Frequencies []Frequency
	// Hour of the day, 0 to 23, in TimeZone. Default: 9.
	Hour *int
	// Minute of the hour, 0 to 59. Default: 0.
	Minute int
	// TimeZone by its name in the IANA database, such as Asia/Tokyo. Cost Explorer's days are those of UTC whatever it is.
	// Default: UTC.
	TimeZone string
	// Weekday of the weekly report, MON to SUN. Default: MON.
	Weekday string
	// DayOfMonth of the monthly report, 1 to 28. Default: 1.
	DayOfMonth int
	// Severity decides who gets it. Default: informational.
	Severity alerthub.Severity
	// ChatTopicArn is a topic that a channel of Amazon Q Developer in chat applications listens to; the policies of its key have
	// to let ReportRoleName use it. Default: that of Alerts; without Slack there the report is not in Slack.
	ChatTopicArn pulumi.StringInput
}

// Approval says who decides that a budget action is run.
type Approval string

// The approvals.
const (
	Manual    Approval = "MANUAL"    // a person, in the console
	Automatic Approval = "AUTOMATIC" // nobody: at once
)

// ActionArgs are the arguments of the budget action. The first two actions of an account are free, a further one is $0.10 a day.
type ActionArgs struct {
	// Percent of the monthly budget that is spent. At most 1,000,000. Default: 100.
	Percent float64
	// Approval is Manual or Automatic. Default: Manual.
	Approval Approval
	// PolicyArn is the deny policy. Default: one is made, which denies starting what costs and spares BreakGlassArns. A policy
	// of one's own has to spare users among them itself, and needs a role among them.
	PolicyArn string
	// Groups are names of IAM groups to which the policy is attached. A group or a role is required; at most 100 in all. Default: none.
	Groups []string
	// Roles are names of IAM roles, without path, to which the policy is attached. Default: none.
	Roles []string
	// BreakGlassArns are full ARNs of IAM roles or users that must never be stopped, such as the deployers. None of them may be
	// among Roles. Default: none.
	BreakGlassArns []string
}
