package awssim

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
)

// integration is a service call of a Task state.
type integration struct {
	service string // IAM prefix
	name    string // as error names have it
	denied  string // exception of a call that IAM refuses, where the SDK has one for it
	action  string // IAM action without the prefix
}

// integrations are services whose SDK name is not their IAM prefix, or whose errors are named
// otherwise than their SDK name.
// https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
var integrations = map[string]integration{
	"budgets":        {service: "budgets", name: "Budgets", denied: "AccessDeniedException"},
	"cloudwatchlogs": {service: "logs", name: "CloudWatchLogs"},
	"config":         {service: "config", name: "Config"},
	"costexplorer":   {service: "ce", name: "CostExplorer"},
	"guardduty":      {service: "guardduty", name: "GuardDuty"},
	"securityhub":    {service: "securityhub", name: "SecurityHub"},
	"sns":            {service: "sns", name: "Sns"},
}

const (
	aggregateAPI    = "DescribeAggregateComplianceByConfigRules"
	statisticsAPI   = "GetFindingsStatistics"
	insightAPI      = "GetInsightResults"
	defaultInsights = "insight/securityhub/default/"
)

// integrationOf reads the resource of a Task: SERVICE:ACTION for an optimized integration,
// aws-sdk:SERVICE:ACTION for any other API.
func integrationOf(resource string) (i integration, ok bool) {
	parts, _ := splitARN(resource)
	path := strings.Split(parts.Resource, ":")
	sdk := path[0] == "aws-sdk"
	if sdk {
		path = path[1:]
	}
	if parts.Service != "states" || len(path) != 2 {
		return i, false
	}
	i, known := integrations[path[0]]
	if !known {
		i = integration{service: path[0], name: upperFirst(path[0])}
	}
	if !sdk {
		i.name = strings.ToUpper(i.name)
	}
	action, _, _ := strings.Cut(path[1], ".")
	i.action = upperFirst(action)
	return i, true
}

func upperFirst(text string) string {
	for i, r := range text {
		return string(unicode.ToUpper(r)) + text[i+len(string(r)):]
	}
	return text
}

// regionOf is the Region that a call of a machine goes to: its own, except for services that
// answer in one Region of the partition only.
func (a *Account) regionOf(region string, i integration) string {
	if i.service == "ce" || i.service == "budgets" {
		return cmp.Or(costRegions[a.Partition], region)
	}
	return region
}

// requestedIn are the condition keys that tell where a request goes.
func requestedIn(region string) map[string][]string {
	return map[string][]string{"aws:RequestedRegion": {region}}
}

// permission is the IAM action of a call and the ARN that it is about, "*" where the action
// knows no resource (https://docs.aws.amazon.com/service-authorization/latest/reference/).
func (a *Account) permission(region string, i integration, arguments map[string]any) (action, resource string) {
	given := func(name string) string {
		text, _ := arguments[name].(string)
		return text
	}
	action, resource = i.service+":"+i.action, "*"
	switch {
	case i.service == "ce":
		resource = a.arn("ce", costRegions[a.Partition], a.ID, "/"+i.action)
	case i.service == "budgets":
		if strings.HasPrefix(i.action, "Describe") && !strings.Contains(i.action, "Action") {
			action = "budgets:ViewBudget"
		}
		resource = a.budgetARN(cmp.Or(given("BudgetName"), "*"))
	case i.service == "sns":
		resource = given("TopicArn")
	case action == "logs:StartQuery" && given("LogGroupName") != "":
		resource = a.arn("logs", region, a.ID, "log-group:"+given("LogGroupName"))
	case action == "config:DescribeComplianceByConfigRule":
		resource = a.arn("config", region, a.ID, "config-rule/*")
	case action == "config:"+aggregateAPI:
		resource = a.arn("config", region, a.ID, "config-aggregator/*")
		if aggregator := a.Config.Aggregators[regional(region, given("ConfigurationAggregatorName"))]; aggregator != nil {
			resource = aggregator.ARN
		}
	case i.service == "guardduty" && given("DetectorId") != "":
		resource = a.arn("guardduty", region, a.ID, "detector/"+given("DetectorId"))
	case i.service == "securityhub":
		resource = a.arn("securityhub", region, a.ID, "hub/default")
	}
	return action, resource
}

// accepts refuses what a service refuses of a call that IAM allows: what it is about is not
// there, or the service is not in use.
func (a *Account) accepts(region, role, action string, i integration, arguments map[string]any) error {
	switch action {
	case "logs:StartQuery":
		name, _ := arguments["LogGroupName"].(string)
		if name != "" && a.Logs.Groups[regional(region, name)] == nil {
			return refuse("ResourceNotFoundException", "The specified log group does not exist: "+name, logsAPI+"StartQuery.html")
		}
	case "config:" + aggregateAPI:
		name, _ := arguments["ConfigurationAggregatorName"].(string)
		if a.Config.Aggregators[regional(region, name)] == nil {
			return refuse("NoSuchConfigurationAggregatorException", fmt.Sprintf("The configuration aggregator %s does not exist.", name), configAPI+aggregateAPI+".html")
		}
	case "guardduty:" + statisticsAPI:
		id, _ := arguments["DetectorId"].(string)
		_, err := a.detectorIn(region, id, statisticsAPI)
		return err
	case "securityhub:" + insightAPI:
		return a.hasInsight(region, arguments)
	}
	switch i.service {
	case "ce":
		return a.seesCosts(a.rolePrincipal(role))
	case "budgets":
		return a.seesBilling(a.rolePrincipal(role), action)
	}
	return nil
}

// hasInsight: AWS's own insights are there wherever Security Hub is enabled.
func (a *Account) hasInsight(region string, arguments map[string]any) error {
	if _, err := a.hubIn(region, insightAPI); err != nil {
		return err
	}
	arn, _ := arguments["InsightArn"].(string)
	parts, _ := splitARN(arn)
	if parts.Partition != a.Partition || parts.Service != "securityhub" || !strings.HasPrefix(parts.Resource, defaultInsights) {
		return refuse("ResourceNotFoundException", fmt.Sprintf("Insight %s was not found", arn), securityhubAPI+insightAPI+".html")
	}
	return nil
}

// unauthorized names the refusal of a call that IAM does not allow, as Step Functions does: by
// the exception that the SDK has for it, or else by the service's general one.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
func (i integration) unauthorized(err error) *statemachine.TaskError {
	return &statemachine.TaskError{Name: i.name + "." + cmp.Or(i.denied, i.name+"Exception"), Cause: err.Error()}
}

// failure names the refusal of the service itself.
func (i integration) failure(err error) *statemachine.TaskError {
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Name == "AccessDeniedException" {
		return i.unauthorized(err)
	}
	return &statemachine.TaskError{Name: i.name + "." + refusal.Name, Cause: err.Error()}
}
