package digest

import (
	"bytes"
	_ "embed" // the expressions of the digest
	"encoding/json"
	"fmt"
	"strings"
)

// Expressions in JSONata 2.0.6, which Step Functions speaks
// (https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
var (
	//go:embed jsonata/week.jsonata
	week string
	//go:embed jsonata/rules.jsonata
	rules string
	//go:embed jsonata/message.jsonata
	message string
)

// expression marks a text as JSONata.
func expression(text string) string { return "{% " + strings.TrimSpace(text) + " %}" }

// report is what the definition depends on.
type report struct {
	partition, accountID, region string
	logGroup                     string
	config                       bool
	aggregator                   string
	findings                     FindingsSource
	sources                      map[string]source // by topic
	topic                        string
	chatTopic                    string // "" without Slack
}

type object = map[string]any

// machineTimeout is longer than a query may take: CloudWatch Logs ends one after an hour.
const machineTimeout = 3 * 60 * 60

// consoles are the domains of the consoles, by partition.
var consoles = map[string]string{
	"aws": "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com",
}

// definition is the state machine in Amazon States Language. It asks every source at the same time, tells what it learnt, and
// what it could not learn, in one message; in the latter case the execution fails afterwards, which is an alert of its own.
func (r report) definition() string {
	mail := r.publish(r.topic, object{"Subject": expression("$message.subject"), "Message": expression("$message.mail")})
	mail["Next"] = "Is everything known?"
	states := object{
		"Week": object{
			"Type": "Pass",
			"Assign": object{
				"week": expression(week), "account": r.accountID, "sources": r.sources, "names": topicNames, "origins": r.origins(),
				"console": fmt.Sprintf("https://%s/cloudtrailv2/home?region=%s#/events", consoles[r.partition], r.region),
			},
			"Next": "Sources",
		},
		"Sources": object{
			"Type": "Parallel", "Branches": r.branches(),
			"Assign": object{"answers": expression("$merge($states.result)")},
			"Next":   "Message",
		},
		"Message": object{"Type": "Pass", "Assign": object{"message": expression(message)}, "Next": "Mail"},
		"Mail":    mail,
		"Is everything known?": object{
			"Type":    "Choice",
			"Choices": []any{object{"Condition": expression("$count($message.unknown) = 0"), "Next": "Told"}},
			"Default": "Incomplete",
		},
		"Told": object{"Type": "Succeed"},
		"Incomplete": object{
			"Type": "Fail", "Error": "Digest.Incomplete", "Cause": expression(`"Not known: " & $join($message.unknown, "; ")`),
		},
	}
	if r.chatTopic != "" {
		mail["Next"] = "Slack"
		slack := r.publish(r.chatTopic, object{"Message": expression("$string($message.chat)")})
		slack["Next"] = "Is everything known?"
		states["Slack"] = slack
	}
	return encode(object{
		"Comment":        "The weekly security digest",
		"QueryLanguage":  "JSONata",
		"StartAt":        "Week",
		"TimeoutSeconds": machineTimeout,
		"States":         states,
	})
}

// branches ask a source each. What each ends with has an answer per topic: rows, or a problem in words.
func (r report) branches() []any {
	var branches []any
	if r.logGroup != "" {
		branches = append(branches, r.askTrail())
	}
	if r.config {
		branches = append(branches, r.askConfig())
	}
	switch r.findings {
	case SecurityHub:
		branches = append(branches, r.askSecurityHub())
	case GuardDuty:
		branches = append(branches, r.askGuardDuty())
	}
	return branches
}

func branch(start string, states object) object { return object{"StartAt": start, "States": states} }

// pollSeconds is how long a query is left alone before it is asked for, maxPolls how often: for an hour, after which
// CloudWatch Logs ends it.
const (
	pollSeconds = 10
	maxPolls    = 365
	working     = `["Scheduled", "Running", "Unknown"]`
)

// askTrail puts the questions to CloudWatch Logs Insights, which works at a query and is asked again and again whether it has
// finished (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html).
func (r report) askTrail() object {
	start := r.task("cloudwatchlogs:startQuery", object{
		"LogGroupName": r.logGroup, "StartTime": expression("$week.from"), "EndTime": expression("$week.until"),
		"QueryString": expression("$states.input.query"),
	}, "No answer")
	start["Assign"] = object{"id": expression("$states.input.id"), "query": expression("$states.result.QueryId"), "polls": 0}
	start["Catch"] = []any{object{
		"ErrorEquals": []string{"States.ALL"}, "Next": "No answer",
		"Assign": object{"id": expression("$states.input.id"), "problem": expression(failedWith)},
	}}
	start["Next"] = "Wait"
	results := r.task("cloudwatchlogs:getQueryResults", object{"QueryId": expression("$query")}, "No answer")
	results["Assign"] = object{
		"polls": expression("$polls + 1"), "status": expression("$states.result.Status"),
		// Values are cut, so that nobody can make the answers longer than a state may hold.
		"rows":    expression("[$map($states.result.Results, function($row) { $row{Field: $substring(Value, 0, 130)} })]"),
		"problem": expression(`$states.result.Status in ` + working + ` ? "the query did not end within an hour" : "the query ended as " & $states.result.Status`),
	}
	results["Next"] = "Has it finished?"
	return branch("Questions", object{
		"Questions": object{
			"Type": "Map", "Items": questions,
			"ItemProcessor": object{
				"ProcessorConfig": object{"Mode": "INLINE"},
				"StartAt":         "Question",
				"States": object{
					"Question": start,
					"Wait":     object{"Type": "Wait", "Seconds": pollSeconds, "Next": "Answer"},
					"Answer":   results,
					"Has it finished?": object{
						"Type": "Choice",
						"Choices": []any{
							object{"Condition": expression(`$status = "Complete"`), "Next": "Answered"},
							object{"Condition": expression(fmt.Sprintf("$status in %s and $polls < %d", working, maxPolls)), "Next": "Wait"},
						},
						"Default": "No answer",
					},
					"Answered":  object{"Type": "Pass", "Output": object{"id": expression("$id"), "rows": expression("$rows")}, "End": true},
					"No answer": object{"Type": "Pass", "Output": object{"id": expression("$id"), "problem": expression("$problem")}, "End": true},
				},
			},
			"Output": expression("$states.result{id: $}"),
			"End":    true,
		},
	})
}

// askConfig reads the rules page by page and adds up what is the same rule in several Regions.
func (r report) askConfig() object {
	call := "config:describeComplianceByConfigRule"
	arguments := object{"ComplianceTypes": []string{"NON_COMPLIANT"}}
	if r.aggregator != "" {
		call = "config:describeAggregateComplianceByConfigRules"
		arguments = object{
			"ConfigurationAggregatorName": r.aggregator, "Limit": 300, // a full page stays below 256 KB
			"Filters": object{"ComplianceType": "NON_COMPLIANT", "AccountId": r.accountID},
		}
	}
	page := r.task(call, nil, "Rules unknown")
	page["Arguments"] = expression("$merge([" + strings.TrimSpace(encode(arguments)) + `, $token = "" ? {} : {"NextToken": $token}])`)
	page["Assign"] = object{
		"rules": expression(rules),
		"token": expression(`$type($states.result.NextToken) = "string" ? $states.result.NextToken : ""`),
	}
	page["Next"] = "Are there more rules?"
	return branch("No rules yet", object{
		"No rules yet": object{"Type": "Pass", "Assign": object{"rules": []any{}, "token": ""}, "Next": "Rules"},
		"Rules":        page,
		"Are there more rules?": object{
			"Type":    "Choice",
			"Choices": []any{object{"Condition": expression(`$token != ""`), "Next": "Rules"}},
			"Default": "Rules known",
		},
		"Rules known": object{"Type": "Pass", "End": true, "Output": object{topicRules: object{
			"total": expression("$count($rules)"),
			"rows":  expression("[$filter([$rules^(>resources, rule)], function($rule, $i) { $i < " + maxRows + " })]"),
		}}},
		"Rules unknown": unknown(topicRules),
	})
}

// severityInsight counts the findings by severity that are active and neither suppressed nor resolved. AWS manages it, so that
// it is there in every account; findings themselves are too long for a state
// (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-managed-insights.html).
const severityInsight = "securityhub:::insight/securityhub/default/29"

func (r report) askSecurityHub() object {
	task := r.task("securityhub:getInsightResults", object{"InsightArn": "arn:" + r.partition + ":" + severityInsight}, "Findings unknown")
	task["Assign"] = object{"counts": expression(`[$states.result.InsightResults.ResultValues.{
    "severity": $uppercase(GroupByAttributeValue), "count": Count
  }]`)}
	task["Next"] = "Findings known"
	return branch("Findings", object{
		"Findings":         task,
		"Findings known":   known(topicFindings, "$counts"),
		"Findings unknown": unknown(topicFindings),
	})
}

// askGuardDuty counts by severity as GuardDuty names them
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html).
func (r report) askGuardDuty() object {
	detectors := r.task("guardduty:listDetectors", object{}, "Findings unknown")
	detectors["Assign"] = object{
		"detector": expression(`$type($states.result.DetectorIds[0]) = "string" ? $states.result.DetectorIds[0] : ""`),
		"problem":  "GuardDuty is not enabled in " + r.region,
	}
	detectors["Next"] = "Is there a detector?"
	task := r.task("guardduty:getFindingsStatistics", object{
		"DetectorId": expression("$detector"), "GroupBy": "SEVERITY", "MaxResults": 100,
		"FindingCriteria": object{"Criterion": object{"service.archived": object{"Eq": []string{"false"}}}},
	}, "Findings unknown")
	task["Assign"] = object{"counts": expression(`[$states.result.FindingStatistics.GroupedBySeverity.{
    "severity": Severity >= 9 ? "CRITICAL" : Severity >= 7 ? "HIGH" : Severity >= 4 ? "MEDIUM" : "LOW", "count": TotalFindings
  }]`)}
	task["Next"] = "Findings known"
	return branch("Detector", object{
		"Detector": detectors,
		"Is there a detector?": object{
			"Type":    "Choice",
			"Choices": []any{object{"Condition": expression(`$detector != ""`), "Next": "Findings"}},
			"Default": "Findings unknown",
		},
		"Findings":         task,
		"Findings known":   known(topicFindings, "$counts"),
		"Findings unknown": unknown(topicFindings),
	})
}

func known(topic, rows string) object {
	return object{"Type": "Pass", "Output": object{topic: object{"rows": expression(rows)}}, "End": true}
}

func unknown(topic string) object {
	return object{"Type": "Pass", "Output": object{topic: object{"problem": expression("$problem")}}, "End": true}
}

// failedWith is how a problem that AWS answered with is told.
const failedWith = `"AWS answered " & $states.errorOutput.Error`

// task calls AWS, and goes on elsewhere when that fails for good.
func (r report) task(call string, arguments object, failed string) object {
	state := r.call("aws-sdk:"+call, arguments)
	state["Catch"] = []any{object{
		"ErrorEquals": []string{"States.ALL"}, "Next": failed, "Assign": object{"problem": expression(failedWith)},
	}}
	return state
}

func (r report) publish(topic string, arguments object) object {
	arguments["TopicArn"] = topic
	return r.call("sns:publish", arguments)
}

// call retries with back-off for about a quarter of an hour.
func (r report) call(name string, arguments object) object {
	return object{
		"Type":           "Task",
		"Resource":       "arn:" + r.partition + ":states:::" + name,
		"Arguments":      arguments,
		"TimeoutSeconds": 60,
		"Retry": []any{object{
			"ErrorEquals":     []string{"States.TaskFailed", "States.Timeout"},
			"IntervalSeconds": 30, "BackoffRate": 2, "MaxAttempts": 5, "JitterStrategy": "FULL",
		}},
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
