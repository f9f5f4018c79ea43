package billreport

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// cases are the recordings.
var cases = []string{
	"normal-week", "normal-day", "empty-account", "credits", "sixty-services", "first-of-month", "year-change",
	"month-begun-in-sydney", "week-over-new-year", "leap-day", "yuan", "fresh-account", "week-before-unknown", "more-than-one-page",
}

var update = flag.Bool("update", false, "write the messages instead of comparing them; read them before you commit them")

// run executes the report, and wants it to have an outcome.
func run(t *testing.T, m declared, a *aws) *statemachine.Execution {
	t.Helper()
	execution, err := m.Run(m.inputs[a.Frequency], statemachine.Options{Evaluator: jsonata{}, Task: a.call, Now: a.At})
	require.NoError(t, err)
	return execution
}

// TestMessagesAreWhatPeopleRead runs the report on recorded answers, and compares what it publishes word for word.
func TestMessagesAreWhatPeopleRead(t *testing.T) {
	machines := map[string]declared{}
	for _, partition := range []string{"aws", "aws-cn"} {
		machines[partition] = machine(t, testkit.Options{Partition: partition}, true)
	}
	for _, name := range cases {
		t.Run(name, func(t *testing.T) {
			a := &aws{recording: recorded(t, name)}
			execution := run(t, machines[a.Partition], a)
			require.Equal(t, "SUCCEEDED", execution.Status, "%s: %s", execution.Error, execution.Cause)
			require.Len(t, a.published, 2)
			mail, chat := a.published[0], a.published[1]
			assert.Equal(t, mailTopic(a.Partition, homeOf(a.Partition)), mail["TopicArn"])
			assert.Equal(t, chatTopic(a.Partition, homeOf(a.Partition)), chat["TopicArn"])
			compare(t, name, fmt.Sprintf("Subject: %s\n\n%s\n\n--- Slack ---\n%s\n", mail["Subject"], mail["Message"], rendered(t, chat["Message"])))
		})
	}
}

// compare wants the messages of a file.
func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// rendered is a notification as the Slack app shows it, if it is of the one form that the app shows
// (https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html).
func rendered(t *testing.T, message any) string {
	t.Helper()
	var n struct {
		Version string `json:"version"`
		Source  string `json:"source"`
		Content struct {
			TextType    string   `json:"textType"`
			Title       string   `json:"title"`
			Description string   `json:"description"`
			Keywords    []string `json:"keywords"`
		} `json:"content"`
	}
	decoder := json.NewDecoder(strings.NewReader(message.(string)))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&n))
	assert.Equal(t, "1.0", n.Version)
	assert.Equal(t, "custom", n.Source)
	assert.Equal(t, "client-markdown", n.Content.TextType)
	return n.Content.Title + "\n" + n.Content.Description
}

const (
	costCall     = "aws-sdk:costexplorer:getCostAndUsage"
	forecastCall = "aws-sdk:costexplorer:getCostForecast"
	budgetsCall  = "aws-sdk:budgets:describeBudgets"
	publishCall  = "sns:publish"
)

// TestReportAsksFourTimes: a request to Cost Explorer costs $0.01.
func TestReportAsksFourTimes(t *testing.T) {
	m := machine(t, testkit.Options{Partition: "aws"}, false)
	for name, want := range map[string][]string{
		"normal-week":    {costCall, costCall, costCall, forecastCall, budgetsCall, publishCall},
		"first-of-month": {costCall, costCall, forecastCall, budgetsCall, publishCall},
		"fresh-account":  {costCall, budgetsCall, publishCall},
	} {
		a := &aws{recording: recorded(t, name)}
		assert.Equal(t, "SUCCEEDED", run(t, m, a).Status, name)
		assert.Equal(t, want, a.calls, name)
	}
}

// TestReportTriesAgain: a passing error costs time, a lasting one fails the execution, of which people are told.
func TestReportTriesAgain(t *testing.T) {
	m := machine(t, testkit.Options{Partition: "aws"}, true)
	throttled := statemachine.TaskError{Name: "CostExplorer.LimitExceededException", Cause: "Rate exceeded"}
	for _, call := range []string{costCall, forecastCall, budgetsCall, publishCall} {
		for failures, want := range map[int]string{1: "SUCCEEDED", 5: "SUCCEEDED", 6: "FAILED"} {
			a := &aws{recording: recorded(t, "normal-week"), failures: map[string][]statemachine.TaskError{}}
			for range failures {
				a.failures[call] = append(a.failures[call], throttled)
			}
			execution := run(t, m, a)
			assert.Equal(t, want, execution.Status, "%s fails %d times", call, failures)
			if want == "FAILED" {
				assert.Equal(t, throttled.Name, execution.Error)
				continue
			}
			assert.Len(t, a.published, 2)
			last := execution.Visits[len(execution.Visits)-1]
			assert.Greater(t, last.At.Sub(a.At).Seconds(), 0.0, "no time between the attempts")
		}
	}
}

// TestRefusalIsNoReport: without access to billing the execution fails, rather than say that nothing was charged.
func TestRefusalIsNoReport(t *testing.T) {
	m := machine(t, testkit.Options{Partition: "aws"}, false)
	denied := statemachine.TaskError{Name: "CostExplorer.CostExplorerException", Cause: "User not enabled for cost explorer access"}
	for _, call := range []string{costCall, forecastCall} {
		a := &aws{recording: recorded(t, "normal-week"), failures: map[string][]statemachine.TaskError{}}
		for range 6 {
			a.failures[call] = append(a.failures[call], denied)
		}
		execution := run(t, m, a)
		assert.Equal(t, "FAILED", execution.Status)
		assert.Equal(t, denied.Cause, execution.Cause)
		assert.Empty(t, a.published)
	}
}

// TestEveryDayHasPeriods: on no day of two years is Cost Explorer asked for a period without a day, or for a forecast of the past.
func TestEveryDayHasPeriods(t *testing.T) {
	m := machine(t, testkit.Options{Partition: "aws"}, false)
	start := recorded(t, "leap-day").At
	for _, frequency := range []string{"daily", "weekly", "monthly"} {
		for day := range 800 {
			a := &anyDay{aws{recording: recording{Partition: "aws", Frequency: frequency, At: start.AddDate(0, 0, -day)}}}
			execution, err := m.Run(m.inputs[frequency], statemachine.Options{Evaluator: jsonata{}, Task: a.answer, Now: a.At})
			require.NoError(t, err)
			require.Equal(t, "SUCCEEDED", execution.Status, "%s of %s: %s: %s", frequency, a.At, execution.Error, execution.Cause)
		}
	}
}

// TestMonthIsOverWhereTheScheduleIs: wherever people are and whenever in the day, the monthly report is about the month before
// theirs, and Cost Explorer, which counts in UTC, is asked for nothing beyond the next first.
func TestMonthIsOverWhereTheScheduleIs(t *testing.T) {
	for _, dayOfMonth := range []int{1, 2, 28} {
		m := reporting(t, testkit.Options{Partition: "aws"}, false, dayOfMonth)
		for _, zone := range []string{"Pacific/Kiritimati", "Australia/Lord_Howe", "Asia/Tokyo", "Europe/Berlin", "UTC", "America/St_Johns", "Pacific/Pago_Pago"} {
			place, err := time.LoadLocation(zone)
			require.NoError(t, err)
			for month := range time.Month(14) { // over a February and both changes of the clocks
				for _, hour := range []int{0, 9, 23} {
					due := time.Date(2027, month, dayOfMonth, hour, 30, 0, 0, place)
					a := &anyDay{aws{recording: recording{Partition: "aws", Frequency: "monthly", At: due}}}
					execution, err := m.Run(m.inputs["monthly"], statemachine.Options{Evaluator: jsonata{}, Task: a.answer, Now: due})
					require.NoError(t, err)
					require.Equal(t, "SUCCEEDED", execution.Status, "%s: %s", due, execution.Cause)
					over := time.Date(2027, month-1, 1, 0, 0, 0, 0, time.UTC)
					require.Contains(t, a.published[0]["Subject"], ", "+over.Format("January 2006"), due)
				}
			}
		}
	}
}

// TestMonthlyReportByHand: who starts it without the day of its schedule gets the last month that is over in UTC.
func TestMonthlyReportByHand(t *testing.T) {
	m := machine(t, testkit.Options{Partition: "aws"}, false)
	for at, month := range map[string]string{"2026-03-31T23:59:59Z": "February 2026", "2026-04-01T00:00:00Z": "March 2026"} {
		a := &anyDay{}
		a.Partition, a.Frequency = "aws", "monthly"
		var err error
		a.At, err = time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		execution, err := m.Run(map[string]any{"frequency": "monthly"}, statemachine.Options{Evaluator: jsonata{}, Task: a.answer, Now: a.At})
		require.NoError(t, err)
		require.Equal(t, "SUCCEEDED", execution.Status, execution.Cause)
		assert.Contains(t, a.published[0]["Subject"], ", "+month)
	}
}

// anyDay knows every period.
type anyDay struct{ aws }

func (a *anyDay) answer(resource string, arguments map[string]any) (any, *statemachine.TaskError) {
	if period, given := arguments["TimePeriod"].(map[string]any); given {
		key := period["Start"].(string) + " " + period["End"].(string)
		a.GetCostAndUsage = map[string]answer{key: {"ResultsByTime": []any{}}}
		a.GetCostForecast = map[string]answer{key: {"Total": map[string]any{"Amount": "1", "Unit": "USD"}}}
	}
	a.DescribeBudgets = answer{"Budgets": []any{}}
	return a.call(resource, arguments)
}
