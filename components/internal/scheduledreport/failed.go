package scheduledreport

import "github.com/seed-8894d46d/account-baseline/components/alerthub"

// Failure is how people are told of an execution that failed, in the words of an alerthub.Route and its Message.
type Failure struct{ Description, Title, What, NextStep string }

// FailedRoute tells of executions that failed
// (https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html).
func (r Report) FailedRoute(words Failure) alerthub.Route {
	return alerthub.Route{
		Description: words.Description,
		Severity:    alerthub.Warning,
		Scope:       alerthub.HomeOnly,
		Pattern: map[string]any{
			"source":      []string{"aws.states"},
			"detail-type": []string{"Step Functions Execution Status Change"},
			"detail": map[string]any{
				"stateMachineArn": []string{r.StateMachineArn()},
				"status":          []string{"ABORTED", "FAILED", "TIMED_OUT"},
			},
		},
		Message: alerthub.Message{
			Title: words.Title,
			What:  words.What,
			Details: []alerthub.Detail{
				{Name: "status", Label: "Ended with", Path: "$.detail.status"},
				{Name: "execution", Label: "Execution", Path: "$.detail.executionArn"},
				{Name: "account", Label: "Account", Path: "$.account"},
				{Name: "region", Label: "Region", Path: "$.region"},
				{Name: "time", Label: "Time", Path: "$.time"},
			},
			Link:     "https://{console}/states/home?region={region}#/v2/executions/details/{execution}",
			NextStep: words.NextStep,
		},
	}
}
