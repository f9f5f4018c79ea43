package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// billInAccount deploys a hub with every channel and the component with everything it can make into a simulated account, in
// which the targets of the budget action exist.
func billInAccount(t *testing.T, o testkit.Options) *simulated {
	t.Helper()
	s := deployInto(t, o, "", func(ctx *pulumi.Context) error {
		if err := stoppable(ctx); err != nil {
			return err
		}
		args := watchedHub(o.Partition)
		args.PublishingRoleArns = []string{"arn:" + o.Partition + ":iam::" + accountID + ":role/" + billingguard.ReportRoleName(ctx, "bill", "")}
		home, err := hubProvider(ctx, o, args, otherHomes(o))
		if err != nil {
			return err
		}
		hub, err := alerthub.NewAlertHub(ctx, "alerts", args, pulumi.Provider(home))
		if err != nil {
			return err
		}
		bill := everyBill(o.Partition, hub)
		bill.Regions, bill.Report.ChatTopicArn = args.Regions, nil
		_, err = billingguard.NewBillingGuard(ctx, "bill", &bill, pulumi.Provider(home))
		return err
	})
	s.confirmEverything(t)
	return s
}

// otherHomes are the Regions beside the home Region that the tests forward from.
func otherHomes(o testkit.Options) (others []string) {
	for _, region := range append(elsewhere(o.Partition), homeOf(testkit.Options{Partition: o.Partition})) {
		if region != homeOf(o) {
			others = append(others, region)
		}
	}
	return others
}

// stoppable declares the targets of the budget action of everyBill, and who is spared.
func stoppable(ctx *pulumi.Context) error {
	if _, err := iam.NewGroup(ctx, "developers", &iam.GroupArgs{Name: pulumi.String("developers")}); err != nil {
		return err
	}
	for name, path := range map[string]string{"builder": "/", breakGlass: "/ops/"} {
		if _, err := iam.NewRole(ctx, name, &iam.RoleArgs{Name: pulumi.String(name), Path: pulumi.String(path), AssumeRolePolicy: pulumi.String(
			`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"},"Action":"sts:AssumeRole"}}`)}); err != nil {
			return err
		}
	}
	return nil
}

// TestAccountTakesTheWholeBillGuard deploys everything and destroys it in the opposite order: nothing is refused on the way.
func TestAccountTakesTheWholeBillGuard(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		s := billInAccount(t, testkit.Options{Partition: p.Name})
		if guarded(p.Name) {
			assert.Len(t, s.ofType(budgetType), 5)
			assert.Len(t, s.ofType(budgetActionType), 1)
			assert.Len(t, s.ofType(scheduleType), 3)
		}
		made := slices.Clone(s.resources)
		slices.Reverse(made)
		for _, r := range made {
			if r.Type != watchHubType { // of which an account keeps the last
				require.NoError(t, r.remove(), r.Name)
			}
		}
	})
}

// TestBillAloneInAnAccount: a name is enough, in every Region that one may be at home in.
func TestBillAloneInAnAccount(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		for _, region := range p.Regions {
			s := deployInto(t, testkit.Options{Partition: p.Name, Region: region}, "", func(ctx *pulumi.Context) error {
				_, err := billingguard.NewBillingGuard(ctx, "bill", nil)
				return err
			})
			assert.Equal(t, guarded(p.Name), len(s.ofType(budgetType)) == 2, region)
			assert.Equal(t, region == billingRegion(p.Name) && guarded(p.Name), len(s.ofType(chargesAlarmType)) == 1, region)
		}
	})
}

// TestAccountRefusesASecondMonitor: AWS allows one SERVICE monitor, which is adopted or left alone.
func TestAccountRefusesASecondMonitor(t *testing.T) {
	s := deployInto(t, testkit.Options{}, "", func(ctx *pulumi.Context) error {
		_, err := billingguard.NewBillingGuard(ctx, "theirs", nil)
		return err
	})
	ours := func(name string, anomalies billingguard.AnomalyArgs) error {
		return s.rerun(func(ctx *pulumi.Context) error {
			_, err := billingguard.NewBillingGuard(ctx, name, &billArgs{Emails: []string{billingReader}, Anomalies: anomalies})
			return err
		})
	}
	assert.ErrorContains(t, ours("ours", billingguard.AnomalyArgs{}), "Limit exceeded on dimensional spend monitor creation")
	assert.NoError(t, ours("again", billingguard.AnomalyArgs{Monitor: billingguard.Existing{Existing: s.ofType(monitorType)[0].ID}}))
}

// arrivedAt are the endpoints that were reached by protocol; what was dropped fails the test, the Slack app apart, which
// drops what it does not know.
func arrivedAt(t *testing.T, deliveries []awssim.Delivery) map[string]int {
	t.Helper()
	arrived := map[string]int{}
	for _, d := range deliveries {
		if d.Protocol == "slack" && !d.Arrived() {
			continue
		}
		assert.True(t, d.Arrived(), "%s: %s", trailOf(d), d.Dropped)
		arrived[d.Protocol]++
	}
	return arrived
}

// TestBillIsHeard walks what budgets, anomaly detection, alarms and the report publish to every reader: at home where the billing
// metrics are, and elsewhere.
func TestBillIsHeard(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		if !guarded(p.Name) {
			return
		}
		for _, home := range []string{p.Home, billingRegion(p.Name)} {
			t.Run(home, func(t *testing.T) {
				proveBill(t, billInAccount(t, testkit.Options{Partition: p.Name, Region: home}), p)
			})
		}
	})
}

func proveBill(t *testing.T, s *simulated, p testkit.Partition) {
	// withMails is who hears a service that also mails the two addresses of the budget; the Slack app knows what it says.
	withMails := channels(p.Name)
	withMails["email"] += 2
	t.Run("budget", func(t *testing.T) {
		for _, budget := range s.ofType(budgetType) {
			for _, kind := range []string{"ACTUAL", "FORECASTED"} {
				told, err := s.account().NotifyBudget(budget.str("name"), kind)
				require.NoError(t, err)
				thresholds := map[string]int{"ACTUAL": 3, "FORECASTED": 1}[kind]
				if strings.Contains(budget.Name, "elastic-compute") {
					thresholds = map[string]int{"ACTUAL": 1}[kind]
				}
				arrived := arrivedAt(t, told)
				assert.Equal(t, withMails["email"]*thresholds, arrived["email"], "two of the hub and two of the budget: %s %s", budget.Name, kind)
				assert.Equal(t, withMails["api-destination"]*thresholds, arrived["api-destination"], "%s %s", budget.Name, kind)
			}
		}
	})
	t.Run("anomaly", func(t *testing.T) {
		told, err := s.account().DetectAnomaly(s.ofType(monitorType)[0].ID, awssim.Anomaly{Impact: 10, Percentage: 20})
		require.NoError(t, err)
		arrived := arrivedAt(t, told)
		assert.Equal(t, withMails["email"], arrived["email"])
		assert.Equal(t, withMails["api-destination"], arrived["api-destination"])
		for _, small := range []awssim.Anomaly{{Impact: 9, Percentage: 200}, {Impact: 900, Percentage: 19}} {
			told, err := s.account().DetectAnomaly(s.ofType(monitorType)[0].ID, small)
			require.NoError(t, err)
			assert.Empty(t, told)
		}
	})
	t.Run("report", func(t *testing.T) {
		for _, frequency := range []string{"daily", "weekly", "monthly"} {
			run, err := s.account().RunSchedule(s.home, billPrefix+"-report/"+billPrefix+"-report-"+frequency, recordedBill)
			require.NoError(t, err)
			require.NotNil(t, run.Execution, run.Deliveries)
			assert.Equal(t, "SUCCEEDED", run.Status, run.Cause)
			for _, call := range run.Calls {
				assert.Empty(t, call.Refused, call.Action)
			}
			assert.Equal(t, channels(p.Name), arrivedAt(t, run.Deliveries))
			for _, d := range run.Deliveries {
				switch {
				case !d.Arrived():
				case d.Protocol == "slack":
					assert.Contains(t, d.Text, "in Slack")
				default:
					assert.Contains(t, d.Text, "Bill of account, the "+frequency+" one")
				}
			}
		}
	})
	t.Run("failures of the report", func(t *testing.T) {
		proveRoutes(t, s, p, []string{s.home}, "bill-report-failed", reportFailed(s))
		told, err := s.account().RaiseAlarm(s.home, billPrefix+"-report-dropped")
		require.NoError(t, err)
		arrived := arrivedAt(t, told)
		assert.Equal(t, channels(p.Name)["email"], arrived["email"])
		assert.Equal(t, channels(p.Name)["api-destination"], arrived["api-destination"])
	})
	t.Run("alarm", func(t *testing.T) {
		global := billingRegion(p.Name)
		for _, alarm := range []string{"charges-50", "charges-99.5", "charges-AmazonEC2-40"} {
			told, err := s.account().RaiseAlarm(global, billPrefix+"-"+alarm)
			require.NoError(t, err)
			arrived := arrivedAt(t, told)
			if s.home != global {
				assert.Empty(t, arrived, "an action is in the alarm's Region")
				continue
			}
			assert.Equal(t, channels(p.Name)["email"], arrived["email"], alarm)
			assert.Equal(t, channels(p.Name)["api-destination"], arrived["api-destination"], alarm)
		}
		if s.home != global && p.Name == "aws" {
			proveRoutes(t, s, p, []string{global}, "bill-charges", chargesPassed)
		}
	})
	t.Run("action", func(t *testing.T) { proveAction(t, s, p) })
}

// proveAction: people decide first; then the policy is on the targets and on nobody else, and people are told both times.
func proveAction(t *testing.T, s *simulated, p testkit.Partition) {
	stop := "arn:" + p.Name + ":iam::" + accountID + ":policy/" + billPrefix + "-stop"
	for _, approved := range []bool{false, true} {
		told, err := s.account().RunBudgetAction(billPrefix+"-monthly", approved)
		require.NoError(t, err)
		assert.Equal(t, channels(p.Name)["email"]+2, arrivedAt(t, told)["email"])
		stopped := map[string]bool{}
		require.NoError(t, s.account().Update(func(a *awssim.Account) {
			for name, group := range a.IAM.Groups {
				stopped["group "+name] = slices.Contains(group.Attached, stop)
			}
			for name, role := range a.IAM.Roles {
				stopped["role "+name] = slices.Contains(role.Attached, stop)
			}
		}))
		for who, is := range stopped {
			assert.Equal(t, approved && (who == "group developers" || who == "role builder"), is, who)
		}
		assert.Contains(t, stopped, "role "+breakGlass)
	}
}

func proveRoutes(t *testing.T, s *simulated, p testkit.Partition, in []string, route string, given sample) {
	t.Helper()
	for _, region := range in {
		require.NoError(t, delivered(s, p.Name, route, region, given))
	}
}

// reportFailed is what Step Functions reports (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html).
func reportFailed(s *simulated) sample {
	machine := s.ofType(stateMachineType)[0].ID
	return sample{alerthub.Warning, func(region string) string {
		return envelope(region, "aws.states", "Step Functions Execution Status Change", map[string]any{
			"executionArn": strings.Replace(machine, "stateMachine", "execution", 1) + ":run", "stateMachineArn": machine, "name": "run",
			"status": "FAILED", "startDate": 1772355600000, "stopDate": 1772355660000, "error": "CostExplorer.CostExplorerException",
			"cause": `User "not" enabled for cost explorer access`,
		})
	}, []string{"The bill report of account " + accountID + " was not sent, or not to everybody", ":execution:"}, nil}
}

// chargesPassed is what CloudWatch reports (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html).
var chargesPassed = sample{alerthub.Warning, func(region string) string {
	return envelope(region, "aws.cloudwatch", "CloudWatch Alarm State Change", map[string]any{
		"alarmName": billPrefix + "-charges-50",
		"state": map[string]any{
			"value": "ALARM", "reason": "Threshold Crossed: 1 datapoint [51.2 (01/03/26 03:00:00)] was greater than the threshold (50.0).",
			"reasonData": `{"version":"1.0"}`, "timestamp": "2026-03-01T09:10:11.000+0000",
		},
		"previousState": map[string]any{"value": "OK"},
		"configuration": map[string]any{"description": "The account has cost more than 50 USD this month"},
	})
}, []string{"The account has cost more than 50 USD this month", "has passed a threshold"}, []string{"us-east-1"}}

// recordedBill answers the report. What its expressions yield is the business of tests/billreport, which evaluates them.
var recordedBill = awssim.Services{
	Evaluator: cannedExpressions{},
	Answer: func(string, map[string]any) (any, *statemachine.TaskError) {
		return map[string]any{"ResultsByTime": []any{}}, nil
	},
}

type cannedExpressions struct{}

func (cannedExpressions) Evaluate(expression string, _ any, bindings map[string]any) (any, error) {
	states, _ := bindings["states"].(map[string]any)
	switch {
	case strings.Contains(expression, "The periods of a report"):
		return map[string]any{"from": "2026-03-09", "frequency": states["input"].(map[string]any)["frequency"], "monthBegins": false}, nil
	case strings.Contains(expression, "What people read"):
		return map[string]any{"subject": "Bill", "mail": fmt.Sprintf("Bill of account, the %v one", bindings["period"].(map[string]any)["frequency"])}, nil
	case expression == "$states.result":
		return states["result"], nil
	case expression == "$string($message.chat)":
		return `{"version":"1.0","source":"custom","content":{"textType":"client-markdown","title":"Bill","description":"The bill in Slack"}}`, nil
	case expression == "$period.monthBegins":
		return false, nil
	case strings.HasPrefix(expression, "$message."):
		return bindings["message"].(map[string]any)[strings.TrimPrefix(expression, "$message.")], nil
	case strings.HasPrefix(expression, "$period."):
		return "2026-03-09", nil
	}
	return nil, statemachine.ErrUndefined
}

// TestReportNeedsItsRights: whichever right is missing, the report fails, and says at which call.
func TestReportNeedsItsRights(t *testing.T) {
	for _, row := range []struct{ typ, name, refused string }{
		{"aws:iam/rolePolicy:RolePolicy", "bill-report-role-policy", "ce:GetCostAndUsage"},
		{topicPolicyType, "alerts-informational-policy", ""},
		{"aws:iam/rolePolicy:RolePolicy", "bill-report-schedule-role-policy", "states:StartExecution"},
	} {
		s := billInAccount(t, testkit.Options{Partition: "aws"})
		require.NoError(t, s.one(t, row.typ, row.name).remove())
		run, err := s.account().RunSchedule(s.home, billPrefix+"-report/"+billPrefix+"-report-weekly", recordedBill)
		require.NoError(t, err)
		switch {
		case row.refused == "":
			assert.Equal(t, "SUCCEEDED", run.Status, "the role may publish by its own policy, too")
		case run.Execution == nil:
			require.Len(t, run.Deliveries, 1)
			assert.Contains(t, run.Deliveries[0].Dropped, row.refused)
		default:
			assert.Equal(t, "FAILED", run.Status)
			assert.Contains(t, run.Cause, row.refused)
		}
	}
}

// TestHiddenBillStopsNothingElse: before the root user has activated IAM access to billing, AWS refuses budgets and anomaly detection
// in words that the page has with their remedy, and everything that needs no such access can still be deployed.
func TestHiddenBillStopsNothingElse(t *testing.T) {
	s := deployInto(t, testkit.Options{}, "", func(*pulumi.Context) error { return nil })
	s.account().Settings.BillingHidden = true
	page := billingPage(t)
	noBudgets := billArgs{MonthlyBudget: billingguard.MonthlyBudgetArgs{Omit: true}, BaselineBudget: billingguard.BaselineBudgetArgs{Omit: true}}
	for name, args := range map[string]billArgs{"budgets": {Anomalies: billingguard.AnomalyArgs{Omit: true}}, "anomalies": noBudgets} {
		err := s.rerun(func(ctx *pulumi.Context) error {
			_, err := billingguard.NewBillingGuard(ctx, name, &args)
			return err
		})
		require.ErrorContains(t, err, "AccessDeniedException: ", name)
		_, said, _ := strings.Cut(err.Error(), "AccessDeniedException: ")
		said, _, _ = strings.Cut(said, " (http")
		assert.True(t, strings.Contains(page, "\n   AccessDeniedException: "+said+"\n"), "%s: the page lacks %s", name, said)
	}
	assert.NoError(t, s.rerun(func(ctx *pulumi.Context) error {
		hub, err := alerthub.NewAlertHub(ctx, "alerts", nil)
		if err != nil {
			return err
		}
		rest := noBudgets
		rest.Alerts, rest.Anomalies.Omit = hub, true
		_, err = billingguard.NewBillingGuard(ctx, "bill", &rest)
		return err
	}))
}

func billingPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/billingguard.md")
	require.NoError(t, err)
	return string(text)
}

// TestPageShowsWhatPeopleRead: the messages of the page are those that arrive.
func TestPageShowsWhatPeopleRead(t *testing.T) {
	page := billingPage(t)
	s := billInAccount(t, testkit.Options{Partition: "aws"})
	mail := func(told []awssim.Delivery) string {
		for _, d := range told {
			if d.Protocol == "email" && d.Arrived() {
				return d.Text
			}
		}
		return ""
	}
	budget, err := s.account().NotifyBudget(billPrefix+"-monthly", "ACTUAL")
	require.NoError(t, err)
	_, words, _ := strings.Cut(mail(budget), "\n\n")
	anomaly, err := s.account().DetectAnomaly(s.ofType(monitorType)[0].ID, awssim.Anomaly{Impact: 60, Percentage: 50})
	require.NoError(t, err)
	_, shown, _ := strings.Cut(page, "```json\n")
	shown, _, _ = strings.Cut(shown, "```")
	var onPage, arrived map[string]any
	require.NoError(t, json.Unmarshal([]byte(shown), &onPage))
	require.NoError(t, json.Unmarshal([]byte(mail(anomaly)), &arrived))
	assert.Equal(t, arrived["impact"], onPage["impact"])
	for key := range onPage {
		assert.Contains(t, arrived, key)
	}
	for name, text := range map[string]string{
		"budget": words,
		"alarm":  mail(s.account().PutEvent("us-east-1", chargesPassed.event("us-east-1"))),
		"failed": mail(s.account().PutEvent(s.home, reportFailed(s).event(s.home))),
	} {
		assert.True(t, text != "" && strings.Contains(page, "```\n"+text+"\n```"), "%s: the page lacks\n%s", name, text)
	}
}
