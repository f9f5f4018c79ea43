package tests

import (
	"cmp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// pinnedBill are the URNs of the component's resources below urn:pulumi:STACK::PROJECT::, and the names they have in AWS. They
// stand in users' states and accounts for ever: whoever renames something adds an alias and keeps the row.
var pinnedBill = map[string]string{
	ofBill("") + "::bill":                                                          "",
	ofBill(budgetType) + "::bill-budget-monthly":                                   billPrefix + "-monthly",
	ofBill(budgetType) + "::bill-budget-baseline":                                  billPrefix + "-baseline",
	ofBill(budgetType) + "::bill-budget-service-amazon-simple-storage-service":     billPrefix + "-service-amazon-simple-storage-service",
	ofBill(budgetType) + "::bill-budget-tag-team-data-science":                     billPrefix + "-tag-team-data-science",
	ofBill(chargesAlarmType) + "::bill-charges-50":                                 billPrefix + "-charges-50",
	ofBill(chargesAlarmType) + "::bill-charges-99.5":                               billPrefix + "-charges-99.5",
	ofBill(chargesAlarmType) + "::bill-charges-AmazonEC2-40":                       billPrefix + "-charges-AmazonEC2-40",
	ofBill(monitorType) + "::bill-anomaly-monitor":                                 billPrefix + "-services",
	ofBill(anomalyTopicType) + "::bill-anomalies-immediate":                        billPrefix + "-immediate",
	ofBill(anomalyTopicType) + "::bill-anomalies-digest":                           billPrefix + "-digest",
	ofBill(hubRoleType) + "::bill-report-role":                                     billPrefix + "-report",
	ofBill("aws:iam/rolePolicy:RolePolicy") + "::bill-report-role-policy":          "report",
	ofBill("aws:iam/rolePolicy:RolePolicy") + "::bill-report-role-slack":           "slack",
	ofBill(stateMachineType) + "::bill-report":                                     billPrefix + "-report",
	ofBill(scheduleGroupType) + "::bill-report-schedules":                          billPrefix + "-report",
	ofBill(hubRoleType) + "::bill-report-schedule-role":                            billPrefix + "-report-schedule",
	ofBill("aws:iam/rolePolicy:RolePolicy") + "::bill-report-schedule-role-policy": "report-schedule",
	ofBill(scheduleType) + "::bill-report-daily":                                   billPrefix + "-report-daily",
	ofBill(scheduleType) + "::bill-report-weekly":                                  billPrefix + "-report-weekly",
	ofBill(scheduleType) + "::bill-report-monthly":                                 billPrefix + "-report-monthly",
	ofBill(chargesAlarmType) + "::bill-report-dropped":                             billPrefix + "-report-dropped",
	ofBill("aws:iam/policy:Policy") + "::bill-stop":                                billPrefix + "-stop",
	ofBill(hubRoleType) + "::bill-action-role":                                     billPrefix + "-action",
	ofBill("aws:iam/rolePolicy:RolePolicy") + "::bill-action-role-policy":          "action",
	ofBill(budgetActionType) + "::bill-action":                                     "",
	ofBill(dashboardType) + "::bill-dashboard":                                     billPrefix,
	ofBill(eventRuleType) + "::alerts-bill-charges":                                hubPrefix + "-bill-charges",
	ofBill(eventRuleType) + "::alerts-bill-report-failed":                          hubPrefix + "-bill-report-failed",
}

func ofBill(typ string) string { return below(billType, typ) }

func TestBillNamesAreForEver(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) error {
			_, err := billBesideHub(ctx, []string{"ap-northeast-1"}, func(hub *alerthub.AlertHub) billArgs { return everyBill("aws", hub) })
			return err
		})
		names := declared(d)
		for urn, name := range pinnedBill {
			assert.Contains(t, names, urn, "renamed or gone: states of users have it, add an alias")
			if physical := d.ByURN(inDev + urn); physical != nil {
				assert.Equal(t, name, cmp.Or(names[urn], physical.String("dashboardName")), urn)
			}
		}
	})
}

// TestReportRoleNameIsWhatTheHubIsTold: the hub names the role before it exists.
func TestReportRoleNameIsWhatTheHubIsTold(t *testing.T) {
	for project, want := range map[string]string{"account-baseline": "account-baseline-dev-bill-report", "Web_Shop": ""} {
		var told string
		d := testkit.Run(t, testkit.Options{Project: project}, func(ctx *pulumi.Context) error {
			told = billingguard.ReportRoleName(ctx, "bill", "")
			hub, err := alerthub.NewAlertHub(ctx, "alerts", nil)
			if err != nil {
				return err
			}
			_, err = billingguard.NewBillingGuard(ctx, "bill", &billArgs{Alerts: hub})
			return err
		})
		assert.Equal(t, d.One(hubRoleType, "bill-report-role").String("name"), told)
		if project == "account-baseline" {
			assert.Equal(t, want, told)
		}
	}
}

// TestLongNamesStayApart: AWS takes at most 100 characters, behind the longest prefix too.
func TestLongNamesStayApart(t *testing.T) {
	long := strings.Repeat("Contact Center Telecommunications ", 2) + "(service sold by AMCS)"
	d := deployBill(t, testkit.Options{}, &billArgs{
		NamePrefix:     strings.Repeat("p", 38),
		ServiceBudgets: map[string]billingguard.BudgetArgs{long: {Limit: 1}, long + "!": {Limit: 1}},
		TagBudgets:     []billingguard.TagBudgetArgs{{Key: strings.Repeat("k", 128), Value: strings.Repeat("v", 256), Limit: 1}},
	})
	names := map[string]bool{}
	for _, r := range d.ByType(budgetType) {
		assert.LessOrEqual(t, len(r.String("name")), 100)
		names[r.String("name")] = true
	}
	assert.Len(t, names, 5)
}

// TestSettingsReplaceNothingOfTheBill: whichever argument changes, what stays keeps its URN, its provider and its name.
func TestSettingsReplaceNothingOfTheBill(t *testing.T) {
	run := func(args func(hub *alerthub.AlertHub) billArgs) *testkit.Deployment {
		return testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			_, err := billBesideHub(ctx, []string{"eu-west-1"}, args)
			return err
		})
	}
	midnight := 0
	before := run(func(hub *alerthub.AlertHub) billArgs { return billArgs{Alerts: hub} })
	for what, change := range map[string]func(a *billArgs){
		"limit":    func(a *billArgs) { a.MonthlyBudget.Limit, a.EstimatedCharges.Thresholds = 777, []float64{100} },
		"emails":   func(a *billArgs) { a.Emails = []string{billingReader} },
		"services": func(a *billArgs) { a.BaselineBudget.Services = []string{"AWS Config"} },
		"costs":    func(a *billArgs) { a.Costs.Credits = true },
		"report": func(a *billArgs) {
			a.Report = billingguard.ReportArgs{Hour: &midnight, Weekday: "SUN", TimeZone: "Asia/Tokyo"}
		},
		"action":    func(a *billArgs) { a.Action = &billingguard.ActionArgs{Groups: []string{"developers"}} },
		"anomalies": func(a *billArgs) { a.Anomalies.Threshold.Amount = 1 },
		"tags":      func(a *billArgs) { a.Tags = pulumi.StringMap{"team": pulumi.String("security")} },
	} {
		after := run(func(hub *alerthub.AlertHub) billArgs {
			args := billArgs{Alerts: hub}
			change(&args)
			return args
		})
		for _, old := range before.Below(before.Only(billType).URN) {
			kept := after.ByURN(old.URN)
			if assert.NotNil(t, kept, "%s: %s", what, old.URN) {
				assert.Equal(t, old.Provider, kept.Provider, old.URN)
				for _, fixed := range []string{"name", "type", "budgetType", "timeUnit", "monitorType", "monitorDimension", "groupName"} {
					assert.Equal(t, old.Get(fixed), kept.Get(fixed), "%s: %s", what, old.URN)
				}
			}
		}
	}
}
