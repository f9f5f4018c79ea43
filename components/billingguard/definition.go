package billingguard

import (
	"bytes"
	_ "embed" // the expressions of the report
	"encoding/json"
	"strings"
)

// Expressions of the report, in JSONata 2.0.6, which Step Functions speaks
// (https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
var (
	//go:embed report/periods.jsonata
	periods string
	//go:embed report/message.jsonata
	message string
)

// expression marks a text as JSONata.
func expression(text string) string { return "{% " + strings.TrimSpace(text) + " %}" }

// Names of the states.
const (
	statePeriods  = "Periods"
	stateCost     = "Cost"
	stateBefore   = "Cost before"
	stateNewMonth = "Is the month new?"
	stateMonth    = "Month so far"
	stateForecast = "Forecast"
	stateBudgets  = "Budgets"
	stateMessage  = "Message"
	stateMail     = "Mail"
	stateSlack    = "Slack"
)

// noData is what Cost Explorer answers before it has figures, and what its forecast answers in an account's first weeks.
const noData = "CostExplorer.DataUnavailableException"

// report is what the definition depends on.
type report struct {
	partition, accountID, currency string
	topic                          string
	chatTopic                      string // "" without Slack
}

// costExplorerPages are where Cost Explorer is in the console.
var costExplorerPages = map[string]string{
	"aws":    "https://console.aws.amazon.com/costmanagement/home#/cost-explorer",
	"aws-cn": "https://console.amazonaws.cn/costmanagement/home#/cost-explorer",
}

type object = map[string]any

// definition is the state machine in Amazon States Language. It reads the costs of the period and of the one before, of
// the month so far, and the forecast, four requests of $0.01, then the budgets; it says so in one message. Without data it says
// that, and any other error fails the execution, which is an alert of its own.
func (r report) definition() string {
	states := object{
		statePeriods: object{
			"Type": "Pass",
			"Assign": object{
				"period": expression(periods), "account": r.accountID, "currency": r.currency, "console": costExplorerPages[r.partition],
				"current": nil, "before": nil, "monthSoFar": nil, "forecast": nil, "budgets": object{},
			},
			"Next": stateCost,
		},
		stateCost:   r.cost("current", "from", "to", true, stateBefore, stateBudgets),
		stateBefore: r.cost("before", "beforeFrom", "beforeTo", true, stateNewMonth, stateNewMonth),
		// Cost Explorer refuses a period of no days, which the month so far is on its first.
		stateNewMonth: object{
			"Type":    "Choice",
			"Choices": []any{object{"Condition": expression("$period.monthBegins"), "Next": stateForecast}},
			"Default": stateMonth,
		},
		stateMonth: r.cost("monthSoFar", "month", "today", false, stateForecast, stateForecast),
		stateForecast: r.task("costexplorer:getCostForecast", object{
			"TimePeriod": period("today", "nextMonth"), "Granularity": "DAILY", "Metric": "UNBLENDED_COST",
		}, "forecast", stateBudgets, stateBudgets),
		stateBudgets: r.task("budgets:describeBudgets", object{"AccountId": r.accountID, "MaxResults": 100}, "budgets", stateMessage, ""),
		stateMessage: object{"Type": "Pass", "Assign": object{"message": expression(message)}, "Next": stateMail},
	}
	mail := r.publish(r.topic, object{"Subject": expression("$message.subject"), "Message": expression("$message.mail")})
	states[stateMail] = mail
	if r.chatTopic == "" {
		mail["End"] = true
	} else {
		mail["Next"] = stateSlack
		slack := r.publish(r.chatTopic, object{"Message": expression("$string($message.chat)")})
		slack["End"] = true
		states[stateSlack] = slack
	}
	return encode(object{
		"Comment":        "The bill report",
		"QueryLanguage":  "JSONata",
		"StartAt":        statePeriods,
		"TimeoutSeconds": 2 * 60 * 60,
		"States":         states,
	})
}

// cost reads costs of a period. A period over the end of a month comes in one part per month.
func (r report) cost(variable, from, to string, perService bool, next, without string) object {
	arguments := object{"TimePeriod": period(from, to), "Granularity": "MONTHLY", "Metrics": []string{"UnblendedCost"}}
	if perService {
		arguments["GroupBy"] = []any{object{"Type": "DIMENSION", "Key": "SERVICE"}}
	}
	return r.task("costexplorer:getCostAndUsage", arguments, variable, next, without)
}

func period(from, to string) object {
	return object{"Start": expression("$period." + from), "End": expression("$period." + to)}
}

// task calls AWS and keeps the answer in a variable. It goes on elsewhere when there is no data.
func (r report) task(call string, arguments object, variable, next, without string) object {
	state := r.call("aws-sdk:"+call, arguments)
	state["Assign"] = object{variable: expression("$states.result")}
	state["Next"] = next
	if without != "" {
		state["Catch"] = []any{object{"ErrorEquals": []string{noData}, "Next": without}}
	}
	return state
}

func (r report) publish(topic string, arguments object) object {
	arguments["TopicArn"] = topic
	return r.call("sns:publish", arguments)
}

// call retries with back-off for about a quarter of an hour. That there is no data does not change by asking again.
func (r report) call(name string, arguments object) object {
	return object{
		"Type":           "Task",
		"Resource":       "arn:" + r.partition + ":states:::" + name,
		"Arguments":      arguments,
		"TimeoutSeconds": 60,
		"Retry": []any{
			object{"ErrorEquals": []string{noData}, "MaxAttempts": 0},
			object{
				"ErrorEquals":     []string{"States.TaskFailed", "States.Timeout"},
				"IntervalSeconds": 30, "BackoffRate": 2, "MaxAttempts": 5, "JitterStrategy": "FULL",
			},
		},
	}
}

// encode is JSON that people can read in the console.
func encode(value any) string {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		panic(err) // maps, lists and strings always encode
	}
	return text.String()
}
