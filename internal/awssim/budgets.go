package awssim

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// budgetsState is what AWS Budgets keeps; it has no Regions.
type budgetsState struct {
	Budgets table[budget] // by name
}

type budget struct {
	Name, ARN  string
	Start, End string // 2006-01-02_15:04
	Properties props
	Actions    table[budgetAction] // by id
}

const (
	budgetsService = "budgets.amazonaws.com"
	budgetsAPI     = "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_"
	// https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html
	budgetNotificationsMax = 10
	budgetMailsMax         = 10
	budgetTopicsMax        = 1
	budgetPercentMax       = 1_000_000
	budgetThresholdMax     = 15_000_000_000_000
	budgetTime             = "2006-01-02_15:04"
	budgetForEver          = "2087-06-15_00:00"
)

var (
	budgetTypes     = []string{"COST", "USAGE", "RI_UTILIZATION", "RI_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE"}
	budgetUnits     = []string{"DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY"}
	budgetOperators = []string{"GREATER_THAN", "LESS_THAN", "EQUAL_TO"}
	notifyKinds     = []string{"ACTUAL", "FORECASTED"}
	thresholdKinds  = []string{"PERCENTAGE", "ABSOLUTE_VALUE"}
	// https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html
	budgetFilters = []string{
		"AZ", "BillingEntity", "CostCategory", "InstanceType", "InvoicingEntity", "LegalEntityName", "LinkedAccount", "Operation", "PurchaseType",
		"RecordType", "Region", "ReservationId", "SavingsPlanArn", "Service", "TagKeyValue", "Tenancy", "UsageType", "UsageTypeGroup",
	}
	budgetName     = regexp.MustCompile(`^[^:\\]{1,100}$`)
	budgetAmount   = regexp.MustCompile(`^([0-9]*\.)?[0-9]+$`)
	budgetTagValue = regexp.MustCompile(`^(user|aws):[^$]+\$.*$`)
	mailAddress    = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

// budgetCostTypes are the cost types and their defaults.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CostTypes.html
var budgetCostTypes = props{
	"includeCredit": true, "includeDiscount": true, "includeOtherSubscription": true, "includeRecurring": true, "includeRefund": true,
	"includeSubscription": true, "includeSupport": true, "includeTax": true, "includeUpfront": true, "useAmortized": false, "useBlended": false,
}

var budgetsTypes = map[string]resourceType{
	"aws:budgets/budget:Budget": {
		check: checkBudget, create: createBudget, read: readBudget, update: updateBudget, delete: deleteBudget,
	},
	"aws:budgets/budgetAction:BudgetAction": {
		check: checkBudgetAction, create: createBudgetAction, read: readBudgetAction, update: updateBudgetAction, delete: deleteBudgetAction,
	},
}

func budgetInvalid(page, format string, args ...any) error {
	return refuse("InvalidParameterException", fmt.Sprintf(format, args...), budgetsAPI+page+".html")
}

func checkBudget(c *call, in props) error {
	if name := str(in, "name"); name != "" && (!budgetName.MatchString(name) || strings.Contains(name, "/action/")) {
		return budgetInvalid("Budget", "name %q: 1 to 100 characters, no colon, no backslash and no /action/ are allowed", name)
	}
	const invalid = "InvalidParameterException"
	if err := oneOf(in, "budgetType", invalid, budgetsAPI+"Budget.html", budgetTypes...); err != nil {
		return err
	}
	if err := oneOf(in, "timeUnit", invalid, budgetsAPI+"Budget.html", budgetUnits...); err != nil {
		return err
	}
	for _, check := range []func(*call, props) error{checkBudgetLimit, checkBudgetFilters, checkBudgetPeriod, checkBudgetNotifications} {
		if err := check(c, in); err != nil {
			return err
		}
	}
	return nil
}

// checkBudgetLimit: cost and usage budgets have one amount, planned amounts, or one that
// adjusts itself.
func checkBudgetLimit(c *call, in props) error {
	kind := str(in, "budgetType")
	tracked := kind == "COST" || kind == "USAGE"
	if tracked && !present(in, "limitAmount") && !present(in, "plannedLimits") && !present(in, "autoAdjustData") {
		return budgetInvalid("Budget", "BudgetLimit is required for a budget of type %s that neither adjusts itself nor has planned limits", kind)
	}
	if present(in, "limitAmount") && present(in, "plannedLimits") {
		return budgetInvalid("CreateBudget", "only one of BudgetLimit and PlannedBudgetLimits can be present")
	}
	if err := budgetSpend(c, kind, str(in, "limitAmount"), str(in, "limitUnit"), "limit"); err != nil {
		return err
	}
	if present(in, "limitAmount") && !present(in, "limitUnit") {
		return budgetInvalid("Spend", "limitUnit is missing")
	}
	for i, planned := range objects(in, "plannedLimits") {
		at := fmt.Sprintf("plannedLimits[%d]", i)
		if err := budgetSpend(c, kind, str(planned, "amount"), str(planned, "unit"), at); err != nil {
			return err
		}
		if start := str(planned, "startTime"); start != "" && !isBudgetTime(start) {
			return budgetInvalid("Budget", "%s.startTime %q: expected %s", at, start, budgetTime)
		}
	}
	if n := len(list(in, "plannedLimits")); n > 0 {
		if unit := str(in, "timeUnit"); unit == "MONTHLY" && n != 12 || unit == "QUARTERLY" && n != 4 {
			return budgetInvalid("Budget", "plannedLimits: a %s budget needs 12 months or 4 quarters, got %d", unit, n)
		} else if unit == "DAILY" || unit == "ANNUALLY" {
			return budgetInvalid("Budget", "plannedLimits: not for %s budgets", unit)
		}
	}
	return checkAutoAdjust(object(in, "autoAdjustData"))
}

func budgetSpend(c *call, kind, amount, unit, at string) error {
	value, err := strconv.ParseFloat(amount, 64)
	switch {
	case amount == "":
	case !budgetAmount.MatchString(amount) || err != nil:
		return budgetInvalid("Spend", "%sAmount %q is not an amount", at, amount)
	case value == 0:
		return budgetInvalid("Budget", "%sAmount: the budget limit must be greater than 0", at)
	}
	if currency := currencies[c.Partition]; kind == "COST" && unit != "" && unit != currency {
		return budgetInvalid("Spend", "%sUnit %q: cost is measured in %s here", at, unit, currency)
	}
	if kind != "COST" && kind != "USAGE" && kind != "" && amount != "" && (value != 100 || unit != "" && unit != "PERCENTAGE") {
		return budgetInvalid("Budget", "%sAmount: the only limit of a budget of type %s is 100 PERCENTAGE", at, kind)
	}
	return nil
}

func checkAutoAdjust(adjust props) error {
	if adjust == nil {
		return nil
	}
	if err := oneOf(adjust, "autoAdjustType", "InvalidParameterException", budgetsAPI+"AutoAdjustData.html", "FORECAST", "HISTORICAL"); err != nil {
		return err
	}
	options, given := object(adjust, "historicalOptions"), present(adjust, "historicalOptions")
	switch kind := str(adjust, "autoAdjustType"); {
	case kind == "HISTORICAL" && !given:
		return budgetInvalid("AutoAdjustData", "autoAdjustData.historicalOptions: required for HISTORICAL")
	case kind == "FORECAST" && given:
		return budgetInvalid("AutoAdjustData", "autoAdjustData.historicalOptions: not for FORECAST")
	}
	if n, known := number(options["budgetAdjustmentPeriod"]); known && (n < 1 || n > 60) {
		return budgetInvalid("HistoricalOptions", "budgetAdjustmentPeriod %v: 1 to 60 are allowed", n)
	}
	return nil
}

func checkBudgetFilters(_ *call, in props) error {
	seen := map[string]bool{}
	for i, filter := range objects(in, "costFilters") {
		name := str(filter, "name")
		switch {
		case name == "":
			continue
		case !slices.Contains(budgetFilters, name):
			return budgetInvalid("Budget", "costFilters[%d].name %q: allowed are %s", i, name, strings.Join(budgetFilters, ", "))
		case seen[name]:
			return budgetInvalid("Budget", "costFilters[%d].name: %s is given twice; put the values together", i, name)
		case present(filter, "values") && !isUnknown(filter["values"]) && len(list(filter, "values")) == 0:
			return budgetInvalid("Budget", "costFilters[%d].values is empty", i)
		}
		seen[name] = true
		for _, value := range strs(filter, "values") {
			if name == "TagKeyValue" && !budgetTagValue.MatchString(value) {
				return budgetInvalid("Budget", "costFilters[%d].values: %q is not of the form user:KEY$VALUE", i, value)
			}
		}
	}
	return nil
}

func isBudgetTime(text string) bool { _, err := time.Parse(budgetTime, text); return err == nil }

func checkBudgetPeriod(_ *call, in props) error {
	start, end := str(in, "timePeriodStart"), str(in, "timePeriodEnd")
	for property, text := range map[string]string{"timePeriodStart": start, "timePeriodEnd": end} {
		if text != "" && !isBudgetTime(text) {
			return budgetInvalid("TimePeriod", "%s %q: expected %s", property, text, budgetTime)
		}
	}
	if start != "" && end != "" && start >= end {
		return budgetInvalid("TimePeriod", "the start date %s has to come before the end date %s", start, end)
	}
	return nil
}

func checkBudgetNotifications(c *call, in props) error {
	notifications := list(in, "notifications")
	if len(notifications) > budgetNotificationsMax {
		return refuse("CreationLimitExceededException", fmt.Sprintf("notifications: a budget has at most %d notifications, got %d", budgetNotificationsMax, len(notifications)),
			budgetsAPI+"Notification.html")
	}
	seen := map[string]bool{}
	for i, n := range objects(in, "notifications") {
		at := fmt.Sprintf("notifications[%d]", i)
		if err := checkBudgetNotification(c, in, n, at); err != nil {
			return err
		}
		if hasUnknown(n["threshold"]) || hasUnknown(n["notificationType"]) || hasUnknown(n["comparisonOperator"]) || hasUnknown(n["thresholdType"]) {
			continue
		}
		key := fmt.Sprint(n["notificationType"], n["comparisonOperator"], num(n, "threshold"), n["thresholdType"])
		if seen[key] {
			return refuse("DuplicateRecordException", at+": the notification already exists: another one has the same type, operator and threshold", budgetsAPI+"CreateNotification.html")
		}
		seen[key] = true
	}
	return nil
}

func checkBudgetNotification(c *call, in, n props, at string) error {
	const invalid = "InvalidParameterException"
	for property, allowed := range map[string][]string{"comparisonOperator": budgetOperators, "notificationType": notifyKinds, "thresholdType": thresholdKinds} {
		if err := oneOf(n, property, invalid, budgetsAPI+"Notification.html", allowed...); err != nil {
			return err
		}
	}
	if err := checkThreshold(n["threshold"], str(n, "thresholdType"), at+".threshold"); err != nil {
		return err
	}
	if str(n, "notificationType") == "FORECASTED" {
		// https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-best-practices.html
		if kind := str(in, "budgetType"); str(in, "timeUnit") == "DAILY" || kind != "" && kind != "COST" && kind != "USAGE" {
			return budgetInvalid("Notification", "%s: FORECASTED notifications are for cost and usage budgets that are not DAILY", at)
		}
	}
	mails, topics := list(n, "subscriberEmailAddresses"), list(n, "subscriberSnsTopicArns")
	switch {
	case len(mails) > budgetMailsMax:
		return refuse("CreationLimitExceededException", fmt.Sprintf("%s: at most %d e-mail subscribers, got %d", at, budgetMailsMax, len(mails)), budgetsAPI+"Notification.html")
	case len(topics) > budgetTopicsMax:
		return refuse("CreationLimitExceededException", fmt.Sprintf("%s: at most %d SNS subscriber, got %d", at, budgetTopicsMax, len(topics)), budgetsAPI+"Notification.html")
	case len(mails)+len(topics) == 0 && !isUnknown(n["subscriberEmailAddresses"]) && !isUnknown(n["subscriberSnsTopicArns"]):
		return budgetInvalid("Notification", "%s: each notification must have at least one subscriber", at)
	}
	return c.checkSubscribers(strs(n, "subscriberEmailAddresses"), strs(n, "subscriberSnsTopicArns"), at)
}

func checkThreshold(value any, kind, at string) error {
	highest := float64(budgetThresholdMax)
	if kind == "PERCENTAGE" {
		highest = budgetPercentMax
	}
	if n, known := number(value); known && (n < 0 || n > highest) {
		return budgetInvalid("Notification", "%s %v: 0 to %.0f are allowed", at, n, highest)
	}
	return nil
}

// checkSubscribers: addresses are addresses, topics are topics of this account.
// https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
func (c *call) checkSubscribers(mails, topics []string, at string) error {
	for i, mail := range mails {
		if !mailAddress.MatchString(mail) || slices.Contains(mails[:i], mail) {
			return budgetInvalid("Subscriber", "%s: %q is not an e-mail address, or it is given twice", at, mail)
		}
	}
	for _, topic := range topics {
		if parts, own := c.ownARN(topic); !own || parts.Service != "sns" {
			return budgetInvalid("Subscriber", "%s: %q is not the ARN of a topic in account %s", at, topic, c.ID)
		}
	}
	return nil
}

// budgetOwner refuses budgets of other accounts.
func (c *call) budgetOwner(in props) error {
	if id := strOr(in, "accountId", c.ID); id != c.ID {
		return refuse("AccessDeniedException", fmt.Sprintf("Account %s is not authorized to use the budgets of account %s.", c.ID, id), budgetsAPI+"CreateBudget.html")
	}
	return nil
}

func (a *Account) budgetARN(name string) string { return a.arn("budgets", "", a.ID, "budget/"+name) }

func createBudget(c *call, in props) (string, props, error) {
	name := c.physicalName(in)
	b := &budget{Name: name, ARN: c.budgetARN(name)}
	if err := c.mayBudget("budgets:ModifyBudget", b.ARN); err != nil {
		return "", nil, err
	}
	if err := c.budgetOwner(in); err != nil {
		return "", nil, err
	}
	if c.Budgets.Budgets[name] != nil {
		return "", nil, refuse("DuplicateRecordException", fmt.Sprintf("Error creating budget: %s - the budget already exists.", name), budgetsAPI+"CreateBudget.html")
	}
	b.Start, b.End = strOr(in, "timePeriodStart", c.budgetStart(str(in, "timeUnit"))), strOr(in, "timePeriodEnd", budgetForEver)
	b.Properties = stored(in)
	c.Budgets.Budgets.put(name, b)
	return c.ID + ":" + name, b.props(c.Account), nil
}

// budgetStart is when a budget starts that has no start: with the running period.
func (a *Account) budgetStart(unit string) string {
	now := a.now().UTC()
	year, month, day := now.Date()
	switch unit {
	case "MONTHLY":
		day = 1
	case "QUARTERLY":
		month, day = (month-1)/3*3+1, 1
	case "ANNUALLY":
		month, day = time.January, 1
	}
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(budgetTime)
}

func (b *budget) props(a *Account) props {
	out := maps.Clone(b.Properties)
	out["name"], out["arn"], out["accountId"] = b.Name, b.ARN, a.ID
	out["timePeriodStart"], out["timePeriodEnd"] = b.Start, b.End
	if kind := str(out, "budgetType"); kind == "COST" || kind == "USAGE" {
		out["costTypes"] = withDefaults(object(b.Properties, "costTypes"), budgetCostTypes)
	}
	if out["limitAmount"] == nil && len(list(out, "plannedLimits")) == 0 {
		// What an auto-adjusting budget starts with, and what utilization and coverage default to.
		out["limitAmount"], out["limitUnit"] = "100.0", "PERCENTAGE"
		if present(out, "autoAdjustData") {
			out["limitAmount"], out["limitUnit"] = "0.0", currencies[a.Partition]
		}
	}
	return out
}

// budgetByID finds a budget by the provider's id, ACCOUNT:NAME.
func (c *call) budgetByID(id string) *budget {
	account, name, _ := strings.Cut(id, ":")
	if account != c.ID {
		return nil
	}
	return c.Budgets.Budgets[name]
}

func readBudget(c *call, id string, _ props) (props, error) {
	b := c.budgetByID(id)
	if b == nil {
		return nil, errNotFound
	}
	return b.props(c.Account), c.mayBudget("budgets:ViewBudget", b.ARN)
}

func updateBudget(c *call, id string, _, in props) (props, error) {
	b := c.budgetByID(id)
	if b == nil {
		return nil, errNotFound
	}
	if err := c.mayBudget("budgets:ModifyBudget", b.ARN); err != nil {
		return nil, err
	}
	b.Start, b.End = strOr(in, "timePeriodStart", b.Start), strOr(in, "timePeriodEnd", b.End)
	b.Properties = stored(in)
	return b.props(c.Account), nil
}

func deleteBudget(c *call, id string, _ props) error {
	b := c.budgetByID(id)
	if b == nil {
		return errNotFound
	}
	if err := c.mayBudget("budgets:ModifyBudget", b.ARN); err != nil {
		return err
	}
	delete(c.Budgets.Budgets, b.Name) // its actions go with it
	return nil
}
