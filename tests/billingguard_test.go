package tests

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	billType             = "account-baseline:index:BillingGuard"
	budgetType           = "aws:budgets/budget:Budget"
	budgetActionType     = "aws:budgets/budgetAction:BudgetAction"
	monitorType          = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
	anomalyTopicType     = "aws:costexplorer/anomalySubscription:AnomalySubscription"
	stateMachineType     = "aws:sfn/stateMachine:StateMachine"
	scheduleType         = "aws:scheduler/schedule:Schedule"
	scheduleGroupType    = "aws:scheduler/scheduleGroup:ScheduleGroup"
	dashboardType        = "aws:cloudwatch/dashboard:Dashboard"
	chargesAlarmType     = "aws:cloudwatch/metricAlarm:MetricAlarm"
	billPrefix           = "account-baseline-dev-bill"
	billingReader        = "accounting@example.com"
	breakGlass           = "break-glass"
	simpleStorageService = "Amazon Simple Storage Service"
)

type billArgs = billingguard.BillingGuardArgs

// everyBill are arguments that make every kind of resource, beside a hub.
func everyBill(partition string, hub *alerthub.AlertHub) billArgs {
	return billArgs{
		Alerts:         hub,
		Emails:         []string{billingReader, "cfo@example.com"},
		ServiceBudgets: map[string]billingguard.BudgetArgs{simpleStorageService: {Limit: 20}, "Amazon Elastic Compute Cloud - Compute": {Limit: 500.5, Thresholds: []billingguard.Threshold{{Percent: 90, Type: billingguard.Actual}}}},
		TagBudgets:     []billingguard.TagBudgetArgs{{Key: "team", Value: "Data Science", Limit: 70}},
		EstimatedCharges: billingguard.EstimatedChargesArgs{
			Thresholds: []float64{50, 99.5}, Services: map[string][]float64{"AmazonEC2": {40}},
		},
		Anomalies: billingguard.AnomalyArgs{Digest: "WEEKLY"},
		Report: billingguard.ReportArgs{
			Frequencies: []billingguard.Frequency{billingguard.Daily, billingguard.Weekly, billingguard.Monthly}, TimeZone: "Asia/Tokyo",
			ChatTopicArn: pulumi.String("arn:" + partition + ":sns:" + otherRegion(partition) + ":" + accountID + ":slack"),
		},
		Action: &billingguard.ActionArgs{
			Groups: []string{"developers"}, Roles: []string{"builder"},
			BreakGlassArns: []string{"arn:" + partition + ":iam::" + accountID + ":role/ops/" + breakGlass},
		},
		Dashboard: true,
		Tags:      pulumi.StringMap{"team": pulumi.String("security")},
	}
}

// deployBill deploys a component named bill in the Region of the default provider.
func deployBill(t testing.TB, o testkit.Options, args *billArgs, opts ...pulumi.ResourceOption) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		_, err := billingguard.NewBillingGuard(ctx, "bill", args, opts...)
		return err
	})
}

// billBesideHub deploys a hub and a component with its arguments in two Regions, home first.
func billBesideHub(ctx *pulumi.Context, covered []string, args func(hub *alerthub.AlertHub) billArgs) (*billingguard.BillingGuard, error) {
	providers, err := regions.NewProviders(ctx, regions.Set{Home: covered[0], Covered: covered}, aws.ProviderArgs{})
	if err != nil {
		return nil, err
	}
	home := pulumi.Provider(providers.Home())
	hub, err := alerthub.NewAlertHub(ctx, "alerts", &alerthub.AlertHubArgs{Regions: providers}, home)
	if err != nil {
		return nil, err
	}
	given := args(hub)
	given.Regions = providers
	return billingguard.NewBillingGuard(ctx, "bill", &given, home)
}

// guarded tells whether a partition has budgets and Cost Explorer.
func guarded(partition string) bool { return partition != "aws-us-gov" }

func TestBillIsWellBehaved(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		other, global := otherRegion(o.Partition), billingRegion(o.Partition)
		d := testkit.Run(t, o, func(ctx *pulumi.Context) error {
			_, err := billBesideHub(ctx, []string{other, global}, func(hub *alerthub.AlertHub) billArgs { return everyBill(o.Partition, hub) })
			return err
		})
		component := d.Only(billType)
		d.AllTagged(nil)
		d.NoHardCodedPartition()
		rules := 0
		for _, r := range d.Below(component.URN) {
			if r.Type == eventRuleType || r.Type == eventTargetType {
				rules++
				continue // the hub's tags and providers
			}
			assert.True(t, strings.HasPrefix(r.Name, "bill-"), r.URN)
			want := other
			if r.Type == chargesAlarmType && strings.Contains(r.Name, "-charges-") {
				want = global
			}
			assert.Equal(t, want, r.Region, r.URN)
			if tags, tagged := r.Get("tags").(map[string]any); tagged {
				assert.Equal(t, "security", tags["team"], r.URN)
			}
			assert.False(t, r.Protect || r.RetainOnDelete, r.URN)
		}
		if !guarded(o.Partition) {
			assert.Empty(t, d.Below(component.URN))
			return
		}
		assert.NotZero(t, rules)
		for typ, count := range map[string]int{
			budgetType: 5, budgetActionType: 1, monitorType: 1, anomalyTopicType: 2, stateMachineType: 1, scheduleType: 3, scheduleGroupType: 1,
			dashboardType: 1, chargesAlarmType: 4,
		} {
			assert.Len(t, d.ByType(typ), count, typ)
		}
	})
}

// TestBillNeedsNothingButAName: somebody else's stack, whose names are not fit for AWS, in any Region.
func TestBillNeedsNothingButAName(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		for _, region := range []string{homeOf(testkit.Options{Partition: o.Partition}), billingRegion(o.Partition)} {
			o.Project, o.Stack, o.Region = "Web_Shop", "Production.EU-of-the-year-two-thousand", region
			var made *billingguard.BillingGuard
			d := testkit.Run(t, o, func(ctx *pulumi.Context) (err error) {
				made, err = billingguard.NewBillingGuard(ctx, "bill", nil)
				return err
			})
			component := d.Only(billType)
			d.AllDescendFrom(component)
			d.AllNamedAfter(component)
			d.AllTagged(nil)
			d.NoHardCodedPartition()
			gaps := strings.Join(awaitStrings(t, made.Gaps), "\n")
			if !guarded(o.Partition) {
				assert.Empty(t, d.Below(component.URN))
				assert.Contains(t, gaps, "AWS Budgets does not exist in partition aws-us-gov")
				assert.Contains(t, gaps, "AWS Cost Anomaly Detection does not exist in partition aws-us-gov")
				continue
			}
			assert.Len(t, d.ByType(budgetType), 2)
			assert.Len(t, d.ByType(monitorType), 1)
			for _, r := range d.ByType(budgetType) {
				assert.Empty(t, r.Get("notifications"), "AWS refuses a notification without anybody")
			}
			if region == billingRegion(o.Partition) {
				alarm := d.Only(chargesAlarmType)
				assert.Equal(t, 100.0, alarm.Get("threshold"))
				assert.Contains(t, gaps, "Nobody is told of alarms on EstimatedCharges")
			} else {
				assert.Empty(t, d.ByType(chargesAlarmType))
				assert.Contains(t, gaps, "its figures are in "+billingRegion(o.Partition))
			}
			for _, said := range []string{"Nobody is told of budgets", "Nobody is told of unusual spending", "There is no bill report"} {
				assert.Contains(t, gaps, said)
			}
			for _, typ := range []string{stateMachineType, budgetActionType, dashboardType, anomalyTopicType} {
				assert.Empty(t, d.ByType(typ), typ)
			}
		}
	})
}

// What a partition lacks has not been left out by anybody.
func TestBillSaysWhatThePartitionLacks(t *testing.T) {
	var made *billingguard.BillingGuard
	testkit.Run(t, testkit.Options{Partition: "aws-us-gov"}, func(ctx *pulumi.Context) (err error) {
		made, err = billingguard.NewBillingGuard(ctx, "bill", &billingguard.BillingGuardArgs{Anomalies: billingguard.AnomalyArgs{Omit: true}})
		return err
	})
	gaps := awaitStrings(t, made.Gaps)
	assert.Contains(t, gaps, "AWS Cost Anomaly Detection does not exist in partition aws-us-gov")
	assert.NotContains(t, strings.Join(gaps, "\n"), "Anomalies.Omit")
}

// billingRegion is where EstimatedCharges is.
func billingRegion(partition string) string {
	return map[string]string{"aws": "us-east-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}[partition]
}

func TestBudgetsSayWhatCounts(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		for _, partition := range []string{"aws", "aws-cn"} {
			o := testkit.Options{DryRun: m.DryRun, Partition: partition}
			args := everyBill(partition, nil)
			args.Report = billingguard.ReportArgs{}
			d := deployBill(t, o, &args)
			currency := map[string]string{"aws": "USD", "aws-cn": "CNY"}[partition]
			for _, r := range d.ByType(budgetType) {
				assert.Equal(t, "COST", r.String("budgetType"))
				assert.Equal(t, "MONTHLY", r.String("timeUnit"))
				assert.Equal(t, currency, r.String("limitUnit"))
				costs, _ := r.Get("costTypes").(map[string]any)
				assert.Len(t, costs, 11, "a kind that is left out is AWS's choice")
				assert.Equal(t, false, costs["includeCredit"])
				assert.Equal(t, false, costs["includeRefund"])
				assert.Equal(t, true, costs["includeTax"])
			}
			for name, want := range map[string]struct {
				limit, filter string
				values        []any
			}{
				"monthly":                               {"100", "", nil},
				"baseline":                              {"50", "Service", toAny(billingguard.BaselineServices())},
				"service-amazon-simple-storage-service": {"20", "Service", []any{simpleStorageService}},
				"service-amazon-elastic-compute-cloud-compute": {"500.5", "Service", []any{"Amazon Elastic Compute Cloud - Compute"}},
				"tag-team-data-science":                        {"70", "TagKeyValue", []any{"user:team$Data Science"}},
			} {
				r := d.One(budgetType, "bill-budget-"+name)
				assert.Equal(t, billPrefix+"-"+name, r.String("name"))
				assert.Equal(t, want.limit, r.String("limitAmount"))
				if want.filter == "" {
					assert.Nil(t, r.Get("costFilters"), name)
					continue
				}
				assert.Equal(t, []any{map[string]any{"name": want.filter, "values": want.values}}, r.Get("costFilters"), name)
			}
		}
		d := deployBill(t, testkit.Options{DryRun: m.DryRun}, &billArgs{
			Costs: billingguard.CostTypes{Credits: true, Refunds: true, Amortized: true}, BaselineBudget: billingguard.BaselineBudgetArgs{ByTag: true, Limit: 7},
			MonthlyBudget: billingguard.MonthlyBudgetArgs{AutoAdjust: &billingguard.AutoAdjust{Months: 6}},
		})
		adjusted := d.One(budgetType, "bill-budget-monthly")
		assert.Nil(t, adjusted.Get("limitAmount"), "AWS refuses a limit beside it")
		assert.Equal(t, map[string]any{"autoAdjustType": "HISTORICAL", "historicalOptions": map[string]any{"budgetAdjustmentPeriod": 6.0}}, adjusted.Get("autoAdjustData"))
		costs := adjusted.Get("costTypes").(map[string]any)
		for _, key := range []string{"includeCredit", "includeRefund", "useAmortized"} {
			assert.Equal(t, true, costs[key], key)
		}
		assert.Equal(t, []any{map[string]any{"name": "TagKeyValue", "values": []any{"user:pulumi:project$account-baseline"}}}, d.One(budgetType, "bill-budget-baseline").Get("costFilters"))
		forecast := deployBill(t, testkit.Options{DryRun: m.DryRun}, &billArgs{MonthlyBudget: billingguard.MonthlyBudgetArgs{AutoAdjust: &billingguard.AutoAdjust{}}})
		assert.Equal(t, map[string]any{"autoAdjustType": "FORECAST"}, forecast.One(budgetType, "bill-budget-monthly").Get("autoAdjustData"))
	})
}

// TestThresholdsAreTold: to the topic of their urgency and to every address, one topic each as AWS allows.
func TestThresholdsAreTold(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		if !guarded(p.Name) {
			return
		}
		d := testkit.Run(t, testkit.Options{Partition: p.Name}, func(ctx *pulumi.Context) error {
			_, err := billBesideHub(ctx, []string{p.Home}, func(hub *alerthub.AlertHub) billArgs { return everyBill(p.Name, hub) })
			return err
		})
		topic := func(severity string) []any {
			return []any{"arn:" + p.Name + ":sns:" + p.Home + ":" + accountID + ":" + hubPrefix + "-" + severity}
		}
		var told []any
		for _, want := range []struct {
			kind     string
			percent  float64
			severity string
		}{{"ACTUAL", 50, "informational"}, {"ACTUAL", 80, "informational"}, {"ACTUAL", 100, "warning"}, {"FORECASTED", 100, "warning"}} {
			told = append(told, map[string]any{
				"comparisonOperator": "GREATER_THAN", "notificationType": want.kind, "threshold": want.percent, "thresholdType": "PERCENTAGE",
				"subscriberSnsTopicArns": topic(want.severity), "subscriberEmailAddresses": []any{billingReader, "cfo@example.com"},
			})
		}
		assert.Equal(t, told, d.One(budgetType, "bill-budget-monthly").Get("notifications"))
		assert.Len(t, d.One(budgetType, "bill-budget-service-amazon-elastic-compute-cloud-compute").Get("notifications"), 1)
		immediate, digest := d.One(anomalyTopicType, "bill-anomalies-immediate"), d.One(anomalyTopicType, "bill-anomalies-digest")
		assert.Equal(t, []any{map[string]any{"type": "SNS", "address": topic("warning")[0]}}, immediate.Get("subscribers"))
		assert.Equal(t, "IMMEDIATE", immediate.String("frequency"))
		assert.Equal(t, []any{map[string]any{"type": "EMAIL", "address": billingReader}, map[string]any{"type": "EMAIL", "address": "cfo@example.com"}}, digest.Get("subscribers"))
		assert.Equal(t, "WEEKLY", digest.String("frequency"))
		for _, r := range []*testkit.Resource{immediate, digest} {
			assert.Equal(t, []any{d.Only(monitorType).ID}, r.Get("monitorArnLists"))
		}
	})
}

func TestAnomalyThresholds(t *testing.T) {
	one := func(key, value string) map[string]any {
		return map[string]any{"dimension": map[string]any{"key": "ANOMALY_TOTAL_IMPACT_" + key, "matchOptions": []any{"GREATER_THAN_OR_EQUAL"}, "values": []any{value}}}
	}
	for _, row := range []struct {
		given billingguard.AnomalyThreshold
		want  map[string]any
	}{
		{billingguard.AnomalyThreshold{}, map[string]any{"ands": []any{one("ABSOLUTE", "10"), one("PERCENTAGE", "20")}}},
		{billingguard.AnomalyThreshold{Either: true}, map[string]any{"ors": []any{one("ABSOLUTE", "10"), one("PERCENTAGE", "20")}}},
		{billingguard.AnomalyThreshold{Amount: 5.5}, one("ABSOLUTE", "5.5")},
		{billingguard.AnomalyThreshold{Percent: 150}, one("PERCENTAGE", "150")},
		{billingguard.AnomalyThreshold{Amount: 1, Percent: 2}, map[string]any{"ands": []any{one("ABSOLUTE", "1"), one("PERCENTAGE", "2")}}},
	} {
		testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
			d := deployBill(t, testkit.Options{DryRun: m.DryRun}, &billArgs{Emails: []string{billingReader}, Anomalies: billingguard.AnomalyArgs{Threshold: row.given}})
			subscription := d.Only(anomalyTopicType)
			assert.Equal(t, row.want, subscription.Get("thresholdExpression"))
			assert.Equal(t, "DAILY", subscription.String("frequency"), "addresses alone get a summary")
		})
	}
}

func TestMonitorThatExists(t *testing.T) {
	const monitor = "arn:aws:ce::123456789012:anomalymonitor/0aa0bb1c-0000-4000-8000-000000000000"
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		for _, given := range []billingguard.Existing{{Existing: monitor}, {Adopt: monitor}} {
			d := deployBill(t, testkit.Options{DryRun: m.DryRun}, &billArgs{Emails: []string{billingReader}, Anomalies: billingguard.AnomalyArgs{Monitor: given}})
			if given.Existing != "" {
				assert.Empty(t, d.ByType(monitorType))
				assert.Equal(t, []any{monitor}, d.Only(anomalyTopicType).Get("monitorArnLists"))
				continue
			}
			adopted := d.Only(monitorType)
			assert.Equal(t, monitor, adopted.ImportID)
			assert.Equal(t, []string{"name", "tags", "tagsAll"}, adopted.IgnoreChanges, "what it watches must not be ignored")
		}
	})
}

// TestChargesAreWatchedWhereTheyAre: alarms are in the Region of the metric; at home they act, elsewhere a route tells.
func TestChargesAreWatchedWhereTheyAre(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		if !guarded(o.Partition) {
			return
		}
		global := billingRegion(o.Partition)
		for _, home := range []string{global, homeOf(o)} {
			d := testkit.Run(t, o, func(ctx *pulumi.Context) error {
				_, err := billBesideHub(ctx, []string{home, global}, func(hub *alerthub.AlertHub) billArgs { return everyBill(o.Partition, hub) })
				return err
			})
			for _, name := range []string{"charges-50", "charges-99.5", "charges-AmazonEC2-40"} {
				alarm := d.One(chargesAlarmType, "bill-"+name)
				assert.Equal(t, global, alarm.Region)
				assert.Equal(t, billPrefix+"-"+name, alarm.String("name"))
				dimensions := alarm.Get("dimensions").(map[string]any)
				assert.Equal(t, map[string]string{"aws": "USD", "aws-cn": "CNY"}[o.Partition], dimensions["Currency"])
				assert.Equal(t, strings.Contains(name, "EC2"), dimensions["ServiceName"] == "AmazonEC2")
				if !o.DryRun {
					actions, _ := alarm.Get("alarmActions").([]any)
					assert.Equal(t, home == global, len(actions) == 1, "an action is in the alarm's Region, and nobody is told twice")
				}
			}
			routed := slices.ContainsFunc(d.ByType(eventRuleType), func(r *testkit.Resource) bool { return r.Name == "alerts-bill-charges" })
			assert.Equal(t, home != global && o.Partition != "aws-cn", routed, "events of %s reach %s", global, home)
		}
	})
}

func TestReportComesWhenItIsWanted(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		midnight := 0
		for _, row := range []struct {
			given billingguard.ReportArgs
			want  map[string]string
			zone  string
		}{
			{billingguard.ReportArgs{}, map[string]string{"weekly": "cron(0 9 ? * MON *)"}, "UTC"},
			{billingguard.ReportArgs{Frequencies: []billingguard.Frequency{"daily", "monthly"}, Hour: &midnight, Minute: 5, DayOfMonth: 28, TimeZone: "Asia/Tokyo"},
				map[string]string{"daily": "cron(5 0 * * ? *)", "monthly": "cron(5 0 28 * ? *)"}, "Asia/Tokyo"},
			{billingguard.ReportArgs{Weekday: "FRI"}, map[string]string{"weekly": "cron(0 9 ? * FRI *)"}, "UTC"},
		} {
			d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) error {
				_, err := billBesideHub(ctx, []string{"eu-west-1"}, func(hub *alerthub.AlertHub) billArgs { return billArgs{Alerts: hub, Report: row.given} })
				return err
			})
			when := map[string]string{}
			for _, schedule := range d.ByType(scheduleType) {
				var input struct {
					Frequency  string
					DayOfMonth int
				}
				target := schedule.Get("target").(map[string]any)
				require.NoError(t, json.Unmarshal([]byte(target["input"].(string)), &input))
				assert.Equal(t, "bill-report-"+input.Frequency, schedule.Name)
				when[input.Frequency] = schedule.String("scheduleExpression")
				assert.Equal(t, input.Frequency == "monthly", input.DayOfMonth == 28, "a monthly report knows its day")
				assert.Equal(t, row.zone, schedule.String("scheduleExpressionTimezone"))
				assert.Equal(t, billPrefix+"-report", schedule.String("groupName"))
			}
			assert.Equal(t, row.want, when)
			machine := d.Only(stateMachineType)
			assert.Equal(t, "STANDARD", machine.String("type"))
			assert.Contains(t, machine.String("definition"), "arn:aws:sns:eu-west-1:"+accountID+":"+hubPrefix+"-informational", "readable in a preview")
		}
	})
}

func TestDashboardShowsChargesAndAlarms(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		if !guarded(o.Partition) {
			return
		}
		d := testkit.Run(t, o, func(ctx *pulumi.Context) error {
			_, err := billBesideHub(ctx, []string{otherRegion(o.Partition), billingRegion(o.Partition)}, func(hub *alerthub.AlertHub) billArgs { return everyBill(o.Partition, hub) })
			return err
		})
		dashboard := d.Only(dashboardType)
		assert.Equal(t, billPrefix, dashboard.String("dashboardName"))
		var body struct {
			Widgets []struct {
				Type       string
				Properties struct {
					Region  string
					Alarms  []string
					Metrics [][]any
				}
			}
		}
		require.NoError(t, json.Unmarshal([]byte(dashboard.String("dashboardBody")), &body))
		require.Len(t, body.Widgets, 3)
		assert.Equal(t, billingRegion(o.Partition), body.Widgets[0].Properties.Region)
		charges := d.ByType(chargesAlarmType)[0] // the metric that is shown is the one that the alarms watch
		currency := charges.Get("dimensions").(map[string]any)["Currency"]
		assert.Equal(t, [][]any{{charges.Get("namespace"), charges.Get("metricName"), "Currency", currency}}, body.Widgets[0].Properties.Metrics)
		var alarms []string
		for _, alarm := range d.ByType(chargesAlarmType) {
			if strings.Contains(alarm.Name, "-charges-") {
				alarms = append(alarms, "arn:"+o.Partition+":cloudwatch:"+alarm.Region+":"+accountID+":alarm:"+alarm.String("name"))
			}
		}
		assert.ElementsMatch(t, alarms, body.Widgets[2].Properties.Alarms)
	})
}
