package billreport

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

// recording is what AWS answered on a day. Costs and forecasts are by period, "START END".
type recording struct {
	Partition       string            `json:"partition"`
	Frequency       string            `json:"frequency"`
	At              time.Time         `json:"at"`
	GetCostAndUsage map[string]answer `json:"getCostAndUsage"`
	GetCostForecast map[string]answer `json:"getCostForecast"`
	DescribeBudgets answer            `json:"describeBudgets"`
}

// answer is a response, or an error with its Error and Cause.
type answer map[string]any

func (a answer) outcome() (any, *statemachine.TaskError) {
	if name, failed := a["Error"].(string); failed {
		return nil, &statemachine.TaskError{Name: name, Cause: a["Cause"].(string)}
	}
	return map[string]any(a), nil
}

func recorded(t *testing.T, name string) recording {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	require.NoError(t, err)
	var r recording
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&r))
	return r
}

// aws answers as recorded, refuses what AWS refuses, and keeps what was published.
type aws struct {
	recording
	calls     []string
	failures  map[string][]statemachine.TaskError // by call, the next first
	published []map[string]any
}

func refused(cause string) *statemachine.TaskError {
	return &statemachine.TaskError{Name: "CostExplorer.CostExplorerException", Cause: "ValidationException: " + cause}
}

func (a *aws) call(resource string, arguments map[string]any) (any, *statemachine.TaskError) {
	name, ours := strings.CutPrefix(resource, "arn:"+a.Partition+":states:::")
	if !ours {
		return nil, &statemachine.TaskError{Name: "States.Runtime", Cause: "no such resource: " + resource}
	}
	a.calls = append(a.calls, name)
	if next := a.failures[name]; len(next) > 0 {
		a.failures[name] = next[1:]
		return nil, &next[0]
	}
	switch name {
	case "aws-sdk:costexplorer:getCostAndUsage":
		return a.ask(a.GetCostAndUsage, arguments, "Metrics")
	case "aws-sdk:costexplorer:getCostForecast":
		start, _ := arguments["TimePeriod"].(map[string]any)["Start"].(string)
		if start < a.At.UTC().Format(time.DateOnly) {
			return nil, refused("Start date cannot be in the past")
		}
		return a.ask(a.GetCostForecast, arguments, "Metric")
	case "aws-sdk:budgets:describeBudgets":
		if arguments["AccountId"] != account {
			return nil, &statemachine.TaskError{Name: "Budgets.AccessDeniedException"}
		}
		return a.DescribeBudgets.outcome()
	case "sns:publish":
		if subject, given := arguments["Subject"].(string); given && (len(subject) > 100 || strings.ContainsAny(subject, "\n\r")) {
			return nil, &statemachine.TaskError{Name: "SNS.InvalidParameterException", Cause: "Invalid parameter: Subject"}
		}
		a.published = append(a.published, maps.Clone(arguments))
		return map[string]any{"MessageId": "1"}, nil
	}
	return nil, &statemachine.TaskError{Name: "States.Runtime", Cause: "not recorded: " + name}
}

// ask looks a period up. Cost Explorer refuses one without a day
// (https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_DateInterval.html) and one that goes beyond the month.
func (a *aws) ask(answers map[string]answer, arguments map[string]any, metrics string) (any, *statemachine.TaskError) {
	period := arguments["TimePeriod"].(map[string]any)
	start, end := period["Start"].(string), period["End"].(string)
	now := a.At.UTC()
	switch {
	case end > time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly):
		return nil, refused("end date past the beginning of next month")
	case start >= end:
		return nil, refused("Start date (and hour) should be before end date (and hour)")
	case arguments[metrics] == nil || arguments["Granularity"] == nil:
		return nil, refused("a metric and a granularity are needed")
	}
	given, known := answers[start+" "+end]
	if !known {
		return nil, &statemachine.TaskError{Name: "States.Runtime", Cause: "not recorded: " + start + " to " + end}
	}
	return given.outcome()
}
