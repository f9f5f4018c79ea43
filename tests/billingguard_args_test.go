package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

func TestBillArgsAreRefused(t *testing.T) {
	type (
		monthly   = billingguard.MonthlyBudgetArgs
		baseline  = billingguard.BaselineBudgetArgs
		service   = map[string]billingguard.BudgetArgs
		tag       = billingguard.TagBudgetArgs
		charges   = billingguard.EstimatedChargesArgs
		anomalies = billingguard.AnomalyArgs
		existing  = billingguard.Existing
		report    = billingguard.ReportArgs
		action    = billingguard.ActionArgs
		threshold = billingguard.Threshold
	)
	const monitor = "arn:aws:ce::123456789012:anomalymonitor/0aa0bb1c-0000-4000-8000-000000000000"
	hub, someone := &alerthub.AlertHub{}, []string{billingReader}
	number := func(n int) *int { return &n }
	addresses := func(n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprintf("reader%d@example.com", i))
		}
		return all
	}
	acting := func(a action) billArgs {
		if len(a.Groups)+len(a.Roles) == 0 {
			a.Groups = []string{"developers"}
		}
		return billArgs{Emails: someone, Action: &a}
	}
	reporting := func(r report) billArgs { return billArgs{Alerts: hub, Report: r} }
	for _, row := range []struct {
		args billArgs
		want string
	}{
		{billArgs{NamePrefix: "Upper"}, `field NamePrefix: "Upper" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`},
		{billArgs{Emails: []string{"ops@"}}, `field Emails[0]: "ops@" is not an e-mail address`},
		{billArgs{Emails: []string{billingReader, billingReader}}, `field Emails[1]: accounting@example.com is Emails[0] already; remove one of them`},
		{billArgs{Emails: addresses(11)}, `field Emails: 11 addresses, AWS Budgets takes at most 10; use a mailing list or Alerts`},
		{billArgs{Currency: "EUR"}, `field Currency: "EUR" is neither USD nor CNY`},
		{billArgs{Currency: "CNY"}, `field Currency: partition aws bills in USD, not CNY; leave it out`},
		{billArgs{MonthlyBudget: monthly{Limit: -1}}, `field MonthlyBudget.Limit: -1 is no amount: more than 0 and at most 1000000000000`},
		{billArgs{MonthlyBudget: monthly{Limit: 2e12}}, `field MonthlyBudget.Limit: 2e+12 is no amount: more than 0 and at most 1000000000000`},
		{billArgs{MonthlyBudget: monthly{Omit: true, Limit: 5}}, `field MonthlyBudget.Omit: the other fields of MonthlyBudget have no effect with it; leave it or them out`},
		{billArgs{MonthlyBudget: monthly{AutoAdjust: &billingguard.AutoAdjust{}, Limit: 5}}, `field MonthlyBudget.AutoAdjust: AWS sets the limit then; leave it or Limit out`},
		{billArgs{MonthlyBudget: monthly{AutoAdjust: &billingguard.AutoAdjust{Months: 13}}}, `field MonthlyBudget.AutoAdjust.Months: 13 is not between 1 and 12, or 0 for a forecast`},
		{billArgs{MonthlyBudget: monthly{Thresholds: []threshold{{Percent: 0, Type: "ACTUAL"}}}}, `field MonthlyBudget.Thresholds[0].Percent: 0 is no percentage: more than 0 and at most 1000000`},
		{billArgs{MonthlyBudget: monthly{Thresholds: []threshold{{Percent: 1_000_001, Type: "ACTUAL"}}}}, `field MonthlyBudget.Thresholds[0].Percent: 1.000001e+06 is no percentage: more than 0 and at most 1000000`},
		{billArgs{MonthlyBudget: monthly{Thresholds: []threshold{{Percent: 50, Type: "actual"}}}}, `field MonthlyBudget.Thresholds[0].Type: "actual" is neither ACTUAL nor FORECASTED`},
		{billArgs{MonthlyBudget: monthly{Thresholds: []threshold{{Percent: 50, Type: "ACTUAL"}, {Percent: 50, Type: "FORECASTED"}, {Percent: 50, Type: "ACTUAL"}}}}, `field MonthlyBudget.Thresholds[2]: it is MonthlyBudget.Thresholds[0] already; remove one of them`},
		{billArgs{MonthlyBudget: monthly{Thresholds: elevenThresholds()}}, `field MonthlyBudget.Thresholds: 11 thresholds, AWS Budgets takes at most 10; name fewer`},
		{billArgs{ServiceBudgets: service{"--": {Limit: 1}}}, `field ServiceBudgets["--"]: "--" is no name of a service, such as Amazon Simple Storage Service`},
		{billArgs{ServiceBudgets: service{"AWS Config": {}}}, `field ServiceBudgets["AWS Config"].Limit: 0 is no amount: more than 0 and at most 1000000000000`},
		{billArgs{ServiceBudgets: service{"AWS Config": {Limit: 1, Thresholds: []threshold{{Percent: -1, Type: "ACTUAL"}}}}}, `field ServiceBudgets["AWS Config"].Thresholds[0].Percent: -1 is no percentage: more than 0 and at most 1000000`},
		{billArgs{ServiceBudgets: service{"AWS Config": {Limit: 1}, "aws-config": {Limit: 1}}}, `field ServiceBudgets["aws-config"]: its budget would have the name of that of ServiceBudgets["AWS Config"]; remove one of them`},
		{billArgs{ServiceBudgets: service{strings.Repeat("x", 101): {Limit: 1}}}, `field ServiceBudgets["` + strings.Repeat("x", 101) + `"]: "` + strings.Repeat("x", 101) + `" is no name of a service, such as Amazon Simple Storage Service`},
		{billArgs{TagBudgets: []tag{{Key: "team", Limit: 1}}}, `field TagBudgets[0]: key "team" and value "": a key of 1 to 128 and a value of 1 to 256 characters are needed`},
		{billArgs{TagBudgets: []tag{{Key: "team", Value: "a"}}}, `field TagBudgets[0].Limit: 0 is no amount: more than 0 and at most 1000000000000`},
		{billArgs{TagBudgets: []tag{{Key: "team", Value: "a", Limit: 1}, {Key: "Team", Value: "a", Limit: 1}}}, `field TagBudgets[1]: its budget would have the name of that of TagBudgets[0]; remove one of them`},
		{billArgs{BaselineBudget: baseline{Limit: -5}}, `field BaselineBudget.Limit: -5 is no amount: more than 0 and at most 1000000000000`},
		{billArgs{BaselineBudget: baseline{Omit: true, ByTag: true}}, `field BaselineBudget.Omit: the other fields of BaselineBudget have no effect with it; leave it or them out`},
		{billArgs{BaselineBudget: baseline{ByTag: true, Services: []string{"AWS Config"}}}, `field BaselineBudget.ByTag: either the tag or Services decide what counts; leave out one of them`},
		{billArgs{BaselineBudget: baseline{Services: []string{"AWS Config", "AWS Config"}}}, `field BaselineBudget.Services[1]: AWS Config is BaselineBudget.Services[0] already; remove one of them`},
		{billArgs{BaselineBudget: baseline{Services: []string{""}}}, `field BaselineBudget.Services[0]: "" is no name of a service, such as Amazon Simple Storage Service`},
		{billArgs{EstimatedCharges: charges{Omit: true, Thresholds: []float64{5}}}, `field EstimatedCharges.Omit: the other fields of EstimatedCharges have no effect with it; leave it or them out`},
		{billArgs{EstimatedCharges: charges{Thresholds: []float64{0}}}, `field EstimatedCharges.Thresholds[0]: 0 is no amount: more than 0 and at most 1000000000000`},
		{billArgs{EstimatedCharges: charges{Thresholds: []float64{5, 5}}}, `field EstimatedCharges.Thresholds[1]: 5 is EstimatedCharges.Thresholds[0] already; remove one of them`},
		{billArgs{EstimatedCharges: charges{Services: map[string][]float64{"Amazon EC2": {5}}}}, `field EstimatedCharges.Services["Amazon EC2"]: "Amazon EC2" is no name of a service as the metric has it, such as AmazonEC2`},
		{billArgs{EstimatedCharges: charges{Services: map[string][]float64{"AmazonEC2": nil}}}, `field EstimatedCharges.Services["AmazonEC2"]: it has no amounts; name some or leave the service out`},
		{billArgs{Anomalies: anomalies{Omit: true, Digest: "DAILY"}, Emails: someone}, `field Anomalies.Omit: the other fields of Anomalies have no effect with it; leave it or them out`},
		{billArgs{Anomalies: anomalies{Monitor: existing{Existing: "monitor-1"}}}, `field Anomalies.Monitor.Existing: "monitor-1" is no ARN of a cost anomaly monitor, such as arn:aws:ce::123456789012:anomalymonitor/…`},
		{billArgs{Anomalies: anomalies{Monitor: existing{Adopt: "monitor-1"}}}, `field Anomalies.Monitor.Adopt: "monitor-1" is no ARN of a cost anomaly monitor, such as arn:aws:ce::123456789012:anomalymonitor/…`},
		{billArgs{Anomalies: anomalies{Monitor: existing{Existing: monitor, Adopt: monitor}}}, `field Anomalies.Monitor: Existing "` + monitor + `" stays unmanaged and Adopt "` + monitor + `" is imported, but there is one only; leave out one of them`},
		{billArgs{Anomalies: anomalies{Digest: "IMMEDIATE"}, Emails: someone}, `field Anomalies.Digest: "IMMEDIATE" is neither DAILY nor WEEKLY; at once is what Alerts are told`},
		{billArgs{Anomalies: anomalies{Digest: "DAILY"}, Alerts: hub}, `field Anomalies.Digest: a digest goes to addresses only; name Emails`},
		{billArgs{Anomalies: anomalies{OmitImmediate: true}}, `field Anomalies.OmitImmediate: without Alerts nobody is told at once anyway; leave it out`},
		{billArgs{Anomalies: anomalies{Threshold: billingguard.AnomalyThreshold{Amount: -1}}}, `field Anomalies.Threshold.Amount: -1 is no amount: more than 0 and at most 1000000000000`},
		{billArgs{Anomalies: anomalies{Threshold: billingguard.AnomalyThreshold{Percent: -1}}}, `field Anomalies.Threshold.Percent: -1 is no percentage: more than 0 and at most 1000000`},
		{billArgs{Anomalies: anomalies{Threshold: billingguard.AnomalyThreshold{Percent: 5, Either: true}}}, `field Anomalies.Threshold.Either: it needs Amount and Percent; give both`},
		{reporting(report{Omit: true, Minute: 5}), `field Report.Omit: the other fields of Report have no effect with it; leave it or them out`},
		{billArgs{Report: report{Hour: number(5)}}, `field Report: it is sent to the topics of Alerts; give them, or leave Report out`},
		{reporting(report{Frequencies: []billingguard.Frequency{"hourly"}}), `field Report.Frequencies[0]: "hourly" is none of daily, weekly, monthly`},
		{reporting(report{Frequencies: []billingguard.Frequency{"daily", "daily"}}), `field Report.Frequencies[1]: daily is Report.Frequencies[0] already; remove one of them`},
		{reporting(report{Hour: number(24)}), `field Report.Hour: 24 is not between 0 and 23`},
		{reporting(report{Minute: 60}), `field Report.Minute: 60 is not between 0 and 59`},
		{reporting(report{TimeZone: "JST"}), `field Report.TimeZone: "JST" is not a time zone of the IANA database, such as Asia/Tokyo`},
		{reporting(report{TimeZone: "Local"}), `field Report.TimeZone: "Local" is not a time zone of the IANA database, such as Asia/Tokyo`},
		{reporting(report{Weekday: "8"}), `field Report.Weekday: "8" is none of MON, TUE, WED, THU, FRI, SAT, SUN`},
		{reporting(report{Weekday: "MON", Frequencies: []billingguard.Frequency{"daily"}}), `field Report.Weekday: no report is weekly; add it to Frequencies or leave it out`},
		{reporting(report{DayOfMonth: 29, Frequencies: []billingguard.Frequency{"monthly"}}), `field Report.DayOfMonth: 29 is not between 1 and 28, the days that every month has`},
		{reporting(report{DayOfMonth: 2}), `field Report.DayOfMonth: no report is monthly; add it to Frequencies or leave it out`},
		{reporting(report{Severity: "low"}), `field Report.Severity: "low" is none of critical, warning, informational`},
		{billArgs{Action: &action{Groups: []string{"developers"}}}, `field Action: AWS refuses an action of which nobody is told; give Alerts or Emails`},
		{billArgs{Emails: someone, Action: &action{}}, `field Action: neither Groups nor Roles name whom it stops`},
		{billArgs{Emails: someone, MonthlyBudget: monthly{Omit: true}, Action: &action{Groups: []string{"developers"}}}, `field Action: it belongs to the monthly budget; leave it or MonthlyBudget.Omit out`},
		{acting(action{Percent: -1}), `field Action.Percent: -1 is no percentage: more than 0 and at most 1000000`},
		{acting(action{Approval: "LATER"}), `field Action.Approval: "LATER" is neither MANUAL nor AUTOMATIC`},
		{acting(action{PolicyArn: "DenyAll", BreakGlassArns: []string{"arn:aws:iam::123456789012:role/ops/" + breakGlass}}), `field Action.PolicyArn: "DenyAll" is no ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/stop`},
		{acting(action{PolicyArn: "arn:aws:iam::aws:policy/AWSDenyAll", BreakGlassArns: []string{"arn:aws:iam::123456789012:user/admin"}}),
			`field Action.PolicyArn: a policy of your own may deny everything; name a role in BreakGlassArns, which can take it back`},
		{acting(action{Groups: []string{"dev team"}}), `field Action.Groups[0]: "dev team" is no IAM group name: 1 to 128 letters, digits and +=,.@_-`},
		{acting(action{Groups: []string{"a", "a"}}), `field Action.Groups[1]: a is Action.Groups[0] already; remove one of them`},
		{acting(action{Roles: []string{"ci/deployer"}}), `field Action.Roles[0]: "ci/deployer" is no IAM role name: 1 to 64 letters, digits and +=,.@_-`},
		{acting(action{Roles: []string{"a", "a"}}), `field Action.Roles[1]: a is Action.Roles[0] already; remove one of them`},
		{acting(action{Groups: slicesOf(101, "a")[:101]}), `field Action: 101 groups and roles, at most 100 are possible; name fewer`},
		{acting(action{BreakGlassArns: []string{"admin"}}), `field Action.BreakGlassArns[0]: "admin" is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer`},
		{acting(action{Roles: []string{breakGlass}, BreakGlassArns: []string{"arn:aws:iam::123456789012:role/ops/" + breakGlass}}),
			`field Action.Roles[0]: "break-glass" is arn:aws:iam::123456789012:role/ops/break-glass of BreakGlassArns, which must never be stopped; remove it here`},
	} {
		d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			_, err := billingguard.NewBillingGuard(ctx, "bill", &row.args)
			return err
		})
		if !assert.Error(t, err, row.want) {
			continue
		}
		if strings.Contains(row.want, "101 groups") {
			assert.Contains(t, err.Error(), row.want)
			continue
		}
		assert.Contains(t, err.Error(), `billing guard "bill": `+row.want+"\n", "nothing else is wrong")
		if row.args.Currency != "CNY" { // which the partition decides
			d.NothingRegistered()
		}
	}
}

func elevenThresholds() (all []billingguard.Threshold) {
	for i := range 11 {
		all = append(all, billingguard.Threshold{Percent: float64(i + 1), Type: billingguard.Actual})
	}
	return all
}

// TestBillNamesEveryWrongField: all at once.
func TestBillNamesEveryWrongField(t *testing.T) {
	err := (&billArgs{Emails: []string{"a"}, Currency: "EUR", MonthlyBudget: billingguard.MonthlyBudgetArgs{Limit: -1}}).Validate()
	assert.EqualError(t, err, "field Emails[0]: \"a\" is not an e-mail address\nfield Currency: \"EUR\" is neither USD nor CNY\n"+
		"field MonthlyBudget.Limit: -1 is no amount: more than 0 and at most 1000000000000")
	assert.NoError(t, (&billArgs{}).Validate())
}

// TestNobodyStopsTheDeployer: whoever deploys could not take the action back.
func TestNobodyStopsTheDeployer(t *testing.T) {
	_, err := testkit.RunErr(t, testkit.Options{Caller: "arn:aws:sts::123456789012:assumed-role/deployer/ci"}, func(ctx *pulumi.Context) error {
		_, err := billingguard.NewBillingGuard(ctx, "bill", &billArgs{Emails: []string{billingReader}, Action: &billingguard.ActionArgs{Roles: []string{"builder", "deployer"}}})
		return err
	})
	assert.ErrorContains(t, err, `field Action.Roles[1]: "deployer" deploys this stack and could not undo the action; remove it`)
}

// TestBillIsWhereItsHubIs: the report is published in the home Region.
func TestBillIsWhereItsHubIs(t *testing.T) {
	_, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		args := alerthub.AlertHubArgs{}
		elsewhere, err := hubProvider(ctx, testkit.Options{Region: "eu-west-1"}, &args, nil)
		if err != nil {
			return err
		}
		hub, err := alerthub.NewAlertHub(ctx, "alerts", &args, pulumi.Provider(elsewhere))
		if err != nil {
			return err
		}
		_, err = billingguard.NewBillingGuard(ctx, "bill", &billArgs{Alerts: hub})
		return err
	})
	assert.ErrorContains(t, err, `billing guard "bill": field Alerts: the hub is in eu-west-1, but the component's own provider works in ap-northeast-1; give both the same`)
}
