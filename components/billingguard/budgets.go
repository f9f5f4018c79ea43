package billingguard

import (
	"maps"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/budgets"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// BaselineServices are the services that the baseline uses and hardly anybody else, by Cost Explorer's names. What it keeps
// in S3, KMS, CloudWatch and Athena is a small part of theirs and counts with the account.
func BaselineServices() []string {
	return []string{
		"AWS CloudTrail", "AWS Config", "AWS Cost Explorer", "AWS Security Hub", "AWS Step Functions",
		"Amazon GuardDuty", "Amazon Inspector", "Amazon Macie",
	}
}

// filter narrows a budget (https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html).
type filter struct {
	name   string
	values []string
}

func byService(names ...string) *filter {
	return &filter{"Service", slices.Sorted(slices.Values(names))}
}

// byTag matches a tag that users set; AWS's own begin with aws: instead.
func byTag(key, value string) *filter {
	return &filter{"TagKeyValue", []string{"user:" + key + "$" + value}}
}

// budget is one monthly cost budget.
type budget struct {
	suffix     string // of its name; for ever
	limit      float64
	autoAdjust *AutoAdjust
	filter     *filter
	thresholds []Threshold
}

func (b *builder) newBudgets() error {
	if b.lacks(partition.Budgets) {
		return nil
	}
	if b.nobody() {
		b.gap("Nobody is told of budgets (Alerts, Emails)")
	}
	for _, one := range b.wantedBudgets() {
		if err := b.newBudget(one); err != nil {
			return err
		}
	}
	return nil
}

// monthly is the name of the account's budget, to which the budget action belongs.
const monthly = "monthly"

// wantedBudgets are all budgets, that of the account first.
func (b *builder) wantedBudgets() (all []budget) {
	if m := b.args.MonthlyBudget; m.Omit {
		b.gap("The account has no budget (MonthlyBudget.Omit)")
	} else {
		all = append(all, budget{suffix: monthly, limit: b.args.monthlyLimit(), autoAdjust: m.AutoAdjust, thresholds: m.Thresholds})
	}
	if own := b.args.BaselineBudget; !own.Omit {
		counted := byService(own.services()...)
		if own.ByTag {
			counted = byTag(account.ProjectTag, b.ctx.Project())
		}
		all = append(all, budget{suffix: "baseline", limit: own.limit(), filter: counted})
	}
	for _, service := range slices.Sorted(maps.Keys(b.args.ServiceBudgets)) {
		one := b.args.ServiceBudgets[service]
		all = append(all, budget{suffix: "service-" + slug(service), limit: one.Limit, filter: byService(service), thresholds: one.Thresholds})
	}
	for _, one := range b.args.TagBudgets {
		all = append(all, budget{suffix: "tag-" + slug(one.Key+"-"+one.Value), limit: one.Limit, filter: byTag(one.Key, one.Value), thresholds: one.Thresholds})
	}
	return all
}

func (b *builder) newBudget(one budget) error {
	name := b.prefix + "-" + one.suffix
	args := &budgets.BudgetArgs{
		Name:          pulumi.String(name),
		BudgetType:    pulumi.String("COST"),
		TimeUnit:      pulumi.String("MONTHLY"),
		CostTypes:     b.args.Costs.args(),
		Notifications: b.notifications(one.thresholds),
		Tags:          b.tags,
	}
	if one.autoAdjust != nil {
		args.AutoAdjustData = one.autoAdjust.args()
	} else {
		args.LimitAmount, args.LimitUnit = pulumi.String(decimal(one.limit)), pulumi.String(b.currency)
	}
	if one.filter != nil {
		args.CostFilters = budgets.BudgetCostFilterArray{budgets.BudgetCostFilterArgs{
			Name: pulumi.String(one.filter.name), Values: pulumi.ToStringArray(one.filter.values),
		}}
	}
	made, err := budgets.NewBudget(b.ctx, b.name+"-budget-"+one.suffix, args, b.late()...)
	if one.suffix == monthly {
		b.accountBudget = made
	}
	b.budgets = append(b.budgets, name)
	return err
}

// notifications are one per threshold, which AWS refuses without somebody to tell.
func (b *builder) notifications(thresholds []Threshold) budgets.BudgetNotificationArray {
	if b.nobody() {
		return nil
	}
	if len(thresholds) == 0 {
		thresholds = DefaultThresholds()
	}
	var all budgets.BudgetNotificationArray
	for _, t := range thresholds {
		one := budgets.BudgetNotificationArgs{
			ComparisonOperator: pulumi.String("GREATER_THAN"),
			NotificationType:   pulumi.String(string(t.Type)),
			Threshold:          pulumi.Float64(t.Percent),
			ThresholdType:      pulumi.String("PERCENTAGE"),
		}
		if b.args.Alerts != nil {
			one.SubscriberSnsTopicArns = pulumi.StringArray{b.args.Alerts.TopicArn(t.severity())}
		}
		if len(b.args.Emails) > 0 {
			one.SubscriberEmailAddresses = pulumi.ToStringArray(b.args.Emails)
		}
		all = append(all, one)
	}
	return all
}

func (t Threshold) severity() alerthub.Severity {
	if t.Type == Forecasted || t.Percent >= 100 {
		return alerthub.Warning
	}
	return alerthub.Informational
}

// args state every kind of cost, so that none is left to AWS's defaults.
func (c CostTypes) args() budgets.BudgetCostTypesArgs {
	return budgets.BudgetCostTypesArgs{
		IncludeCredit:            pulumi.Bool(c.Credits),
		IncludeRefund:            pulumi.Bool(c.Refunds),
		IncludeDiscount:          pulumi.Bool(true),
		IncludeOtherSubscription: pulumi.Bool(true),
		IncludeRecurring:         pulumi.Bool(true),
		IncludeSubscription:      pulumi.Bool(true),
		IncludeSupport:           pulumi.Bool(true),
		IncludeTax:               pulumi.Bool(true),
		IncludeUpfront:           pulumi.Bool(true),
		UseAmortized:             pulumi.Bool(c.Amortized),
		UseBlended:               pulumi.Bool(false),
	}
}

func (a AutoAdjust) args() budgets.BudgetAutoAdjustDataArgs {
	if a.Months == 0 {
		return budgets.BudgetAutoAdjustDataArgs{AutoAdjustType: pulumi.String("FORECAST")}
	}
	return budgets.BudgetAutoAdjustDataArgs{
		AutoAdjustType:    pulumi.String("HISTORICAL"),
		HistoricalOptions: budgets.BudgetAutoAdjustDataHistoricalOptionsArgs{BudgetAdjustmentPeriod: pulumi.Int(a.Months)},
	}
}

// decimal writes an amount as AWS takes it.
func decimal(amount float64) string { return strconv.FormatFloat(amount, 'f', -1, 64) }
