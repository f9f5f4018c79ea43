package digestreport

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

// Calls of the digest.
const (
	startCall     = "aws-sdk:cloudwatchlogs:startQuery"
	resultsCall   = "aws-sdk:cloudwatchlogs:getQueryResults"
	rulesCall     = "aws-sdk:config:describeComplianceByConfigRule"
	allRulesCall  = "aws-sdk:config:describeAggregateComplianceByConfigRules"
	insightCall   = "aws-sdk:securityhub:getInsightResults"
	detectorsCall = "aws-sdk:guardduty:listDetectors"
	countCall     = "aws-sdk:guardduty:getFindingsStatistics"
	publishCall   = "sns:publish"
)

// row is a line of an answer of CloudWatch Logs Insights, as pairs of field and value.
type row []string

// aws answers as AWS does, refuses what AWS refuses, and keeps what was asked and published.
type aws struct {
	rootUse, signIns, denied, newKeys []row
	polls                             int               // how often each query is still running
	ends                              map[string]string // status that a query ends with, by topic; default Complete
	pages                             []map[string]any  // of rules
	severities                        map[string]int    // open findings of Security Hub
	guardDuty                         []map[string]any  // statistics of GuardDuty
	detectors                         []string
	failures                          map[string]int // how often a call fails

	at        time.Time
	calls     []string
	asked     map[string]int
	arguments map[string][]map[string]any
	published []map[string]any
}

// topicOf tells the queries apart.
func topicOf(query string) string {
	for topic, word := range map[string]string{
		"rootUse": `userIdentity.type = "Root"`, "signIns": "ConsoleLogin", "denied": "AccessDenied", "newKeys": "CreateAccessKey",
	} {
		if strings.Contains(query, word) {
			return topic
		}
	}
	panic("an unknown query: " + query)
}

func (a *aws) rows(topic string) []row {
	return map[string][]row{"rootUse": a.rootUse, "signIns": a.signIns, "denied": a.denied, "newKeys": a.newKeys}[topic]
}

func (a *aws) call(resource string, arguments map[string]any) (any, *statemachine.TaskError) {
	name, ours := strings.CutPrefix(resource, "arn:aws:states:::")
	if !ours {
		return nil, &statemachine.TaskError{Name: "States.Runtime", Cause: "no such resource: " + resource}
	}
	if a.arguments == nil {
		a.arguments, a.asked = map[string][]map[string]any{}, map[string]int{}
	}
	a.calls = append(a.calls, name)
	a.arguments[name] = append(a.arguments[name], maps.Clone(arguments))
	if a.failures[name] > 0 {
		a.failures[name]--
		return nil, &statemachine.TaskError{Name: errorOf(name), Cause: `Not "authorized" {% $nothing %}`}
	}
	switch name {
	case startCall:
		return a.start(arguments)
	case resultsCall:
		return a.results(arguments["QueryId"].(string)), nil
	case rulesCall, allRulesCall:
		return a.page(arguments)
	case insightCall:
		return a.insight(arguments)
	case detectorsCall:
		return map[string]any{"DetectorIds": append([]string{}, a.detectors...)}, nil
	case countCall:
		if arguments["DetectorId"] != a.detectors[0] || arguments["GroupBy"] != "SEVERITY" {
			return nil, &statemachine.TaskError{Name: "GuardDuty.BadRequestException"}
		}
		return map[string]any{"FindingStatistics": map[string]any{"GroupedBySeverity": a.guardDuty}}, nil
	case publishCall:
		return a.publish(arguments)
	}
	return nil, &statemachine.TaskError{Name: "States.Runtime", Cause: "not answered: " + name}
}

// errorOf is an error as Step Functions names it.
func errorOf(call string) string {
	prefixes := map[string]string{
		"cloudwatchlogs": "CloudWatchLogs", "config": "Config", "securityhub": "SecurityHub", "guardduty": "GuardDuty", "publish": "SNS",
	}
	parts := strings.Split(call, ":")
	return prefixes[parts[1]] + ".AccessDeniedException"
}

func (a *aws) start(arguments map[string]any) (any, *statemachine.TaskError) {
	from, until := arguments["StartTime"].(float64), arguments["EndTime"].(float64)
	if from != float64(int64(from)) || from >= until || arguments["LogGroupName"] != logGroup {
		return nil, &statemachine.TaskError{Name: "CloudWatchLogs.InvalidParameterException", Cause: fmt.Sprint(arguments)}
	}
	return map[string]any{"QueryId": topicOf(arguments["QueryString"].(string))}, nil
}

func (a *aws) results(id string) any {
	if a.asked[id]++; a.asked[id] <= a.polls {
		status := []string{"Scheduled", "Running", "Unknown"}[a.asked[id]%3]
		return map[string]any{"Status": status, "Results": []any{}, "Statistics": map[string]any{"RecordsMatched": 0}}
	}
	if status := a.ends[id]; status != "" {
		return map[string]any{"Status": status, "Results": []any{}}
	}
	results := []any{}
	for _, r := range a.rows(id) {
		var fields []any
		for i := 0; i+1 < len(r); i += 2 {
			fields = append(fields, map[string]any{"Field": r[i], "Value": r[i+1]})
		}
		results = append(results, fields)
	}
	return map[string]any{"Status": "Complete", "Results": results, "Statistics": map[string]any{"BytesScanned": 1024}}
}

// page gives the page that the token asks for. Every other page is empty, as AWS Config says that pages can be.
func (a *aws) page(arguments map[string]any) (any, *statemachine.TaskError) {
	number := 0
	if token, given := arguments["NextToken"]; given {
		if _, err := fmt.Sscanf(token.(string), "page-%d", &number); err != nil {
			return nil, &statemachine.TaskError{Name: "Config.InvalidNextTokenException"}
		}
	}
	answer := map[string]any{}
	if number < len(a.pages) {
		answer = maps.Clone(a.pages[number])
	}
	if number+1 < len(a.pages) {
		answer["NextToken"] = fmt.Sprintf("page-%d", number+1)
	}
	return answer, nil
}

func (a *aws) insight(arguments map[string]any) (any, *statemachine.TaskError) {
	arn := arguments["InsightArn"]
	if arn != "arn:aws:securityhub:::insight/securityhub/default/29" {
		return nil, &statemachine.TaskError{Name: "SecurityHub.ResourceNotFoundException"}
	}
	values := []any{}
	for _, severity := range slices.Sorted(maps.Keys(a.severities)) {
		values = append(values, map[string]any{"GroupByAttributeValue": severity, "Count": a.severities[severity]})
	}
	return map[string]any{"InsightResults": map[string]any{
		"InsightArn": arn, "GroupByAttribute": "SeverityLabel", "ResultValues": values,
	}}, nil
}

// publish refuses what SNS refuses: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func (a *aws) publish(arguments map[string]any) (any, *statemachine.TaskError) {
	if subject, given := arguments["Subject"].(string); given {
		for _, r := range subject {
			if r < ' ' || r > '~' {
				return nil, &statemachine.TaskError{Name: "SNS.InvalidParameterException", Cause: "Invalid parameter: Subject"}
			}
		}
		if len(subject) > 100 {
			return nil, &statemachine.TaskError{Name: "SNS.InvalidParameterException", Cause: "Invalid parameter: Subject"}
		}
	}
	a.published = append(a.published, maps.Clone(arguments))
	return map[string]any{"MessageId": "1"}, nil
}

// rule of AWS Config that is not obeyed, as the aggregator tells of it.
func rule(name, region string, resources int, more bool) map[string]any {
	return map[string]any{
		"ConfigRuleName": name, "AccountId": account, "AwsRegion": region,
		"Compliance": map[string]any{
			"ComplianceType":             "NON_COMPLIANT",
			"ComplianceContributorCount": map[string]any{"CappedCount": resources, "CapExceeded": more},
		},
	}
}

func aggregated(rules ...map[string]any) map[string]any {
	return map[string]any{"AggregateComplianceByConfigRules": rules}
}
