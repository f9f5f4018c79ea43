package billingguard

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones are judged the same on machines without a database of their own

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

// Limits: https://docs.aws.amazon.com/cost-management/latest/userguide/management-limits.html,
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html and
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_IamActionDefinition.html.
const (
	maxThresholds   = 10
	maxEmails       = 10
	maxPercent      = 1_000_000
	maxAmount       = 1e12
	maxServiceName  = 100
	maxSlug         = 50 // of the 100 characters of a budget's name, of which a prefix takes up to 38
	maxTargets      = 100
	maxAdjustMonths = 12
)

var (
	emailAddress = regexp.MustCompile(`^[^@\s"<>]+@[^@\s"<>]+\.[^@\s"<>.]+$`)
	monitorARN   = regexp.MustCompile(`^arn:aws[a-z-]*:ce::[0-9]{12}:anomalymonitor/[A-Za-z0-9-]+$`)
	policyARN    = regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[\w+=,.@/-]+$`)
	groupName    = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)
	roleName     = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	metricName   = regexp.MustCompile(`^[A-Za-z0-9]{1,64}$`)
	unfitForName = regexp.MustCompile(`[^a-z0-9]+`)

	weekdays = []string{"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"}
)

// slug is a text as it can stand in names: a long one is cut and told from others by a hash of the whole.
func slug(text string) string {
	fit := strings.Trim(unfitForName.ReplaceAllString(strings.ToLower(text), "-"), "-")
	if len(fit) <= maxSlug {
		return fit
	}
	sum := sha256.Sum256([]byte(text))
	return strings.TrimRight(fit[:maxSlug-9], "-") + "-" + hex.EncodeToString(sum[:4])
}

// findings collects problems, each naming its field.
type findings struct{ problems []error }

func (f *findings) add(field, format string, values ...any) {
	f.problems = append(f.problems, fmt.Errorf("field "+field+": "+format, values...))
}

// amount wants an amount of money.
func (f *findings) amount(field string, amount float64) {
	if !(amount > 0 && amount <= maxAmount) {
		f.add(field, "%v is no amount: more than 0 and at most %.0f", amount, maxAmount)
	}
}

// optionalAmount wants an amount of money, or 0 for the default.
func (f *findings) optionalAmount(field string, amount float64) {
	if amount != 0 {
		f.amount(field, amount)
	}
}

func (f *findings) percent(field string, percent float64) {
	if !(percent > 0 && percent <= maxPercent) {
		f.add(field, "%v is no percentage: more than 0 and at most %d", percent, maxPercent)
	}
}

func (f *findings) thresholds(field string, all []Threshold) {
	if len(all) > maxThresholds {
		f.add(field, "%d thresholds, AWS Budgets takes at most %d; name fewer", len(all), maxThresholds)
	}
	for i, t := range all {
		at := fmt.Sprintf("%s[%d]", field, i)
		f.percent(at+".Percent", t.Percent)
		if t.Type != Actual && t.Type != Forecasted {
			f.add(at+".Type", "%q is neither ACTUAL nor FORECASTED", t.Type)
		}
		if first := slices.Index(all, t); first < i {
			f.add(at, "it is %s[%d] already; remove one of them", field, first)
		}
	}
}

// distinct wants no value twice.
func distinct[T comparable](f *findings, field string, values []T) {
	for i, value := range values {
		if first := slices.Index(values, value); first < i {
			f.add(fmt.Sprintf("%s[%d]", field, i), "%v is %s[%d] already; remove one of them", value, field, first)
		}
	}
}

// Validate returns all that is wrong with the arguments, each problem naming its field.
func (a *BillingGuardArgs) Validate() error {
	f := &findings{}
	if err := naming.CheckPrefix("NamePrefix", a.NamePrefix); err != nil {
		f.problems = append(f.problems, fmt.Errorf("field %w", err))
	}
	a.checkEmails(f)
	if a.Currency != "" && a.Currency != "USD" && a.Currency != "CNY" {
		f.add("Currency", "%q is neither USD nor CNY", a.Currency)
	}
	a.checkBudgets(f)
	a.checkCharges(f)
	a.Anomalies.check(f, len(a.Emails) > 0, a.Alerts != nil)
	a.Report.check(f, a.Alerts != nil)
	a.checkAction(f)
	return errors.Join(f.problems...)
}

func (a *BillingGuardArgs) checkEmails(f *findings) {
	if len(a.Emails) > maxEmails {
		f.add("Emails", "%d addresses, AWS Budgets takes at most %d; use a mailing list or Alerts", len(a.Emails), maxEmails)
	}
	for i, address := range a.Emails {
		if !emailAddress.MatchString(address) {
			f.add(fmt.Sprintf("Emails[%d]", i), "%q is not an e-mail address", address)
		}
	}
	distinct(f, "Emails", a.Emails)
}

func (a *BillingGuardArgs) checkBudgets(f *findings) {
	m := a.MonthlyBudget
	f.optionalAmount("MonthlyBudget.Limit", m.Limit)
	f.thresholds("MonthlyBudget.Thresholds", m.Thresholds)
	if m.Omit && (m.Limit != 0 || m.AutoAdjust != nil || len(m.Thresholds) > 0) {
		f.add("MonthlyBudget.Omit", "the other fields of MonthlyBudget have no effect with it; leave it or them out")
	}
	if m.AutoAdjust != nil {
		if m.Limit != 0 {
			f.add("MonthlyBudget.AutoAdjust", "AWS sets the limit then; leave it or Limit out")
		}
		if m.AutoAdjust.Months < 0 || m.AutoAdjust.Months > maxAdjustMonths {
			f.add("MonthlyBudget.AutoAdjust.Months", "%d is not between 1 and %d, or 0 for a forecast", m.AutoAdjust.Months, maxAdjustMonths)
		}
	}
	suffixes := map[string]string{}
	a.checkServiceBudgets(f, suffixes)
	a.checkTagBudgets(f, suffixes)
	own := a.BaselineBudget
	f.optionalAmount("BaselineBudget.Limit", own.Limit)
	if own.Omit && (own.Limit != 0 || len(own.Services) > 0 || own.ByTag) {
		f.add("BaselineBudget.Omit", "the other fields of BaselineBudget have no effect with it; leave it or them out")
	}
	if own.ByTag && len(own.Services) > 0 {
		f.add("BaselineBudget.ByTag", "either the tag or Services decide what counts; leave out one of them")
	}
	distinct(f, "BaselineBudget.Services", own.Services)
	for i, service := range own.Services {
		checkService(f, fmt.Sprintf("BaselineBudget.Services[%d]", i), service)
	}
}

func (a *BillingGuardArgs) checkServiceBudgets(f *findings, suffixes map[string]string) {
	for _, service := range slices.Sorted(maps.Keys(a.ServiceBudgets)) {
		field, one := fmt.Sprintf("ServiceBudgets[%q]", service), a.ServiceBudgets[service]
		checkService(f, field, service)
		claim(f, suffixes, field, "service-"+slug(service))
		f.amount(field+".Limit", one.Limit)
		f.thresholds(field+".Thresholds", one.Thresholds)
	}
}

func (a *BillingGuardArgs) checkTagBudgets(f *findings, suffixes map[string]string) {
	for i, one := range a.TagBudgets {
		field := fmt.Sprintf("TagBudgets[%d]", i)
		if one.Key == "" || one.Value == "" || len(one.Key) > 128 || len(one.Value) > 256 {
			f.add(field, "key %q and value %q: a key of 1 to 128 and a value of 1 to 256 characters are needed", one.Key, one.Value)
		} else {
			claim(f, suffixes, field, "tag-"+slug(one.Key+"-"+one.Value))
		}
		f.amount(field+".Limit", one.Limit)
		f.thresholds(field+".Thresholds", one.Thresholds)
	}
}

func checkService(f *findings, field, service string) {
	if slug(service) == "" || len(service) > maxServiceName {
		f.add(field, "%q is no name of a service, such as Amazon Simple Storage Service", service)
	}
}

// claim wants a name that no other budget has.
func claim(f *findings, taken map[string]string, field, suffix string) {
	if first, used := taken[suffix]; used {
		f.add(field, "its budget would have the name of that of %s; remove one of them", first)
	}
	taken[suffix] = field
}

func (a *BillingGuardArgs) checkCharges(f *findings) {
	args := a.EstimatedCharges
	if args.Omit && (len(args.Thresholds) > 0 || len(args.Services) > 0) {
		f.add("EstimatedCharges.Omit", "the other fields of EstimatedCharges have no effect with it; leave it or them out")
	}
	each := func(field string, amounts []float64) {
		for i, amount := range amounts {
			f.amount(fmt.Sprintf("%s[%d]", field, i), amount)
		}
		distinct(f, field, amounts)
	}
	each("EstimatedCharges.Thresholds", args.Thresholds)
	for _, service := range slices.Sorted(maps.Keys(args.Services)) {
		field := fmt.Sprintf("EstimatedCharges.Services[%q]", service)
		if !metricName.MatchString(service) {
			f.add(field, "%q is no name of a service as the metric has it, such as AmazonEC2", service)
		}
		if len(args.Services[service]) == 0 {
			f.add(field, "it has no amounts; name some or leave the service out")
		}
		each(field, args.Services[service])
	}
}

func (a AnomalyArgs) check(f *findings, emails, alerts bool) {
	if a.Omit && a != (AnomalyArgs{Omit: true}) {
		f.add("Anomalies.Omit", "the other fields of Anomalies have no effect with it; leave it or them out")
	}
	for _, given := range []struct{ field, arn string }{
		{"Anomalies.Monitor.Existing", a.Monitor.Existing}, {"Anomalies.Monitor.Adopt", a.Monitor.Adopt},
	} {
		if given.arn != "" && !monitorARN.MatchString(given.arn) {
			f.add(given.field, "%q is no ARN of a cost anomaly monitor, such as arn:aws:ce::123456789012:anomalymonitor/…", given.arn)
		}
	}
	if a.Monitor.Existing != "" && a.Monitor.Adopt != "" {
		f.add("Anomalies.Monitor", "Existing %q stays unmanaged and Adopt %q is imported, but there is one only; leave out one of them", a.Monitor.Existing, a.Monitor.Adopt)
	}
	switch a.Digest {
	case "":
	case "DAILY", "WEEKLY":
		if !emails {
			f.add("Anomalies.Digest", "a digest goes to addresses only; name Emails")
		}
	default:
		f.add("Anomalies.Digest", "%q is neither DAILY nor WEEKLY; at once is what Alerts are told", a.Digest)
	}
	if a.OmitImmediate && !alerts {
		f.add("Anomalies.OmitImmediate", "without Alerts nobody is told at once anyway; leave it out")
	}
	f.optionalAmount("Anomalies.Threshold.Amount", a.Threshold.Amount)
	if a.Threshold.Percent != 0 {
		f.percent("Anomalies.Threshold.Percent", a.Threshold.Percent)
	}
	if a.Threshold.Either && (a.Threshold.Amount == 0) != (a.Threshold.Percent == 0) {
		f.add("Anomalies.Threshold.Either", "it needs Amount and Percent; give both")
	}
}

func (a ReportArgs) check(f *findings, alerts bool) {
	bare := len(a.Frequencies) == 0 && a.Hour == nil && a.Minute == 0 && a.TimeZone == "" && a.Weekday == "" && a.DayOfMonth == 0 &&
		a.Severity == "" && a.ChatTopicArn == nil
	switch {
	case bare:
		return
	case a.Omit:
		f.add("Report.Omit", "the other fields of Report have no effect with it; leave it or them out")
	case !alerts:
		f.add("Report", "it is sent to the topics of Alerts; give them, or leave Report out")
	}
	for i, frequency := range a.Frequencies {
		if !slices.Contains([]Frequency{Daily, Weekly, Monthly}, frequency) {
			f.add(fmt.Sprintf("Report.Frequencies[%d]", i), "%q is none of daily, weekly, monthly", frequency)
		}
	}
	distinct(f, "Report.Frequencies", a.Frequencies)
	if a.hour() < 0 || a.hour() > 23 {
		f.add("Report.Hour", "%d is not between 0 and 23", a.hour())
	}
	if a.Minute < 0 || a.Minute > 59 {
		f.add("Report.Minute", "%d is not between 0 and 59", a.Minute)
	}
	if _, err := time.LoadLocation(a.timeZone()); err != nil || a.TimeZone == "Local" {
		f.add("Report.TimeZone", "%q is not a time zone of the IANA database, such as Asia/Tokyo", a.TimeZone)
	}
	if !slices.Contains(weekdays, a.weekday()) {
		f.add("Report.Weekday", "%q is none of %s", a.Weekday, strings.Join(weekdays, ", "))
	}
	if day := a.dayOfMonth(); day < 1 || day > 28 {
		f.add("Report.DayOfMonth", "%d is not between 1 and 28, the days that every month has", day)
	}
	if a.Weekday != "" && !slices.Contains(a.frequencies(), Weekly) {
		f.add("Report.Weekday", "no report is weekly; add it to Frequencies or leave it out")
	}
	if a.DayOfMonth != 0 && !slices.Contains(a.frequencies(), Monthly) {
		f.add("Report.DayOfMonth", "no report is monthly; add it to Frequencies or leave it out")
	}
	if !slices.Contains(alerthub.Severities, a.severity()) {
		f.add("Report.Severity", "%q is none of critical, warning, informational", a.Severity)
	}
}

func (a *BillingGuardArgs) checkAction(f *findings) {
	if a.Action == nil {
		return
	}
	if a.MonthlyBudget.Omit {
		f.add("Action", "it belongs to the monthly budget; leave it or MonthlyBudget.Omit out")
	}
	if a.nobody() {
		f.add("Action", "AWS refuses an action of which nobody is told; give Alerts or Emails")
	}
	a.Action.check(f)
}

func (a *BillingGuardArgs) nobody() bool { return a.Alerts == nil && len(a.Emails) == 0 }

func (a *ActionArgs) check(f *findings) {
	f.percent("Action.Percent", a.percent())
	if !slices.Contains([]Approval{"", Manual, Automatic}, a.Approval) {
		f.add("Action.Approval", "%q is neither MANUAL nor AUTOMATIC", a.Approval)
	}
	if a.PolicyArn != "" && !policyARN.MatchString(a.PolicyArn) {
		f.add("Action.PolicyArn", "%q is no ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/stop", a.PolicyArn)
	}
	switch targets := len(a.Groups) + len(a.Roles); {
	case targets == 0:
		f.add("Action", "neither Groups nor Roles name whom it stops")
	case targets > maxTargets:
		f.add("Action", "%d groups and roles, at most %d are possible; name fewer", targets, maxTargets)
	}
	for i, name := range a.Groups {
		if !groupName.MatchString(name) {
			f.add(fmt.Sprintf("Action.Groups[%d]", i), "%q is no IAM group name: 1 to 128 letters, digits and +=,.@_-", name)
		}
	}
	distinct(f, "Action.Groups", a.Groups)
	spared := map[string]string{}
	for i, arn := range a.BreakGlassArns {
		if !account.PrincipalArn.MatchString(arn) {
			f.add(fmt.Sprintf("Action.BreakGlassArns[%d]", i), "%q is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer", arn)
			continue
		}
		if strings.Contains(arn, ":role/") {
			spared[arn[strings.LastIndex(arn, "/")+1:]] = arn
		}
	}
	distinct(f, "Action.BreakGlassArns", a.BreakGlassArns)
	if a.PolicyArn != "" && len(spared) == 0 {
		f.add("Action.PolicyArn", "a policy of your own may deny everything; name a role in BreakGlassArns, which can take it back")
	}
	for i, name := range a.Roles {
		field := fmt.Sprintf("Action.Roles[%d]", i)
		if !roleName.MatchString(name) {
			f.add(field, "%q is no IAM role name: 1 to 64 letters, digits and +=,.@_-", name)
		}
		if arn, inUse := spared[name]; inUse {
			f.add(field, "%q is %s of BreakGlassArns, which must never be stopped; remove it here", name, arn)
		}
	}
	distinct(f, "Action.Roles", a.Roles)
}

// checkCaller refuses to stop who deploys: nobody could undo it then.
func (a *ActionArgs) checkCaller(where account.Account) error {
	if a == nil {
		return nil
	}
	_, session, assumed := strings.Cut(where.Caller, ":assumed-role/")
	if !assumed {
		return nil
	}
	deployer, _, _ := strings.Cut(session, "/")
	if i := slices.Index(a.Roles, deployer); i >= 0 {
		return fmt.Errorf("field Action.Roles[%d]: %q deploys this stack and could not undo the action; remove it", i, deployer)
	}
	return nil
}

// currencyIn is the currency of budgets and metrics in a partition.
func (a *BillingGuardArgs) currencyIn(partition string) (string, error) {
	own := "USD"
	if partition == "aws-cn" {
		own = "CNY"
	}
	if a.Currency != "" && a.Currency != own {
		return "", fmt.Errorf("field Currency: partition %s bills in %s, not %s; leave it out", partition, own, a.Currency)
	}
	return own, nil
}

func (a *BillingGuardArgs) monthlyLimit() float64 {
	return cmp.Or(a.MonthlyBudget.Limit, DefaultMonthlyLimit)
}

func (a BaselineBudgetArgs) limit() float64 { return cmp.Or(a.Limit, DefaultBaselineLimit) }

func (a BaselineBudgetArgs) services() []string {
	if len(a.Services) > 0 {
		return a.Services
	}
	return BaselineServices()
}

func (a ReportArgs) frequencies() []Frequency {
	if len(a.Frequencies) > 0 {
		return a.Frequencies
	}
	return []Frequency{Weekly}
}

func (a ReportArgs) hour() int {
	if a.Hour != nil {
		return *a.Hour
	}
	return DefaultReportHour
}

func (a ReportArgs) timeZone() string { return cmp.Or(a.TimeZone, DefaultTimeZone) }

func (a ReportArgs) weekday() string { return cmp.Or(a.Weekday, DefaultReportWeekday) }

func (a ReportArgs) dayOfMonth() int { return cmp.Or(a.DayOfMonth, DefaultReportMonthDay) }

func (a ReportArgs) severity() alerthub.Severity { return cmp.Or(a.Severity, alerthub.Informational) }

func (a *ActionArgs) percent() float64 { return cmp.Or(a.Percent, DefaultActionPercent) }

func (a *ActionArgs) approval() Approval { return cmp.Or(a.Approval, Manual) }
