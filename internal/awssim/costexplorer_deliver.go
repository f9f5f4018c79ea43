package awssim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// NotifyBudget lets every notification of a budget that has the given type, ACTUAL or
// FORECASTED, reach its subscribers: e-mail addresses at once, topics as
// budgets.amazonaws.com by the policies of topic and key.
// https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
func (a *Account) NotifyBudget(name, kind string) ([]Delivery, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.Budgets.Budgets[name]
	if b == nil {
		return nil, refuse("NotFoundException", "Unable to get budget: "+name+" - the budget doesn't exist.", budgetsAPI+"DescribeBudget.html")
	}
	var deliveries []Delivery
	for _, n := range objects(b.Properties, "notifications") {
		if str(n, "notificationType") != kind {
			continue
		}
		m := message{text: a.budgetMessage(b, n), from: budgetsService}.at("budget", b.ARN)
		deliveries = append(deliveries, a.toSubscribers(m, budgetsService, a.sourceKeys(b.ARN), strs(n, "subscriberEmailAddresses"), strs(n, "subscriberSnsTopicArns"))...)
	}
	return deliveries, nil
}

// toSubscribers sends a message to addresses, which confirm nothing, and to topics.
func (a *Account) toSubscribers(m message, service string, ctx map[string][]string, mails, topics []string) []Delivery {
	var deliveries []Delivery
	for _, mail := range mails {
		deliveries = append(deliveries, m.arrived("email", mail, m.text))
	}
	for _, topic := range topics {
		deliveries = append(deliveries, a.publish(m, servicePrincipal(service), ctx, topic)...)
	}
	return deliveries
}

// budgetMessage is what Budgets writes.
// https://docs.aws.amazon.com/cost-management/latest/userguide/sns-alert-chime.html
func (a *Account) budgetMessage(b *budget, n props) string {
	state := "Actual"
	if str(n, "notificationType") == "FORECASTED" {
		state = "Forecasted"
	}
	sign := map[string]string{"GREATER_THAN": ">", "LESS_THAN": "<", "EQUAL_TO": "="}[str(n, "comparisonOperator")]
	unit := "%"
	if str(n, "thresholdType") == "ABSOLUTE_VALUE" {
		unit = " " + str(b.Properties, "limitUnit")
	}
	threshold := strconv.FormatFloat(num(n, "threshold"), 'f', -1, 64)
	return strings.Join([]string{
		"AWS Budget Notification " + a.now().UTC().Format("January 02, 2006"),
		"AWS Account " + a.ID,
		"",
		"Dear AWS Customer,",
		"",
		fmt.Sprintf("You requested that we alert you when the %s cost associated with your %s budget is %s %s%s for the current period.", strings.ToUpper(state), b.Name, sign, threshold, unit),
		"",
		"Budget Name: " + b.Name,
		"Budget Type: " + upperFirst(strings.ToLower(str(b.Properties, "budgetType"))),
		fmt.Sprintf("Budgeted Amount: %s %s", str(b.Properties, "limitAmount"), str(b.Properties, "limitUnit")),
		"Alert Type: " + strings.ToUpper(state),
		fmt.Sprintf("Alert Threshold: %s %s%s", sign, threshold, unit),
	}, "\n")
}

// Anomaly is a cost anomaly.
type Anomaly struct {
	Impact     float64 // total impact in the account's currency
	Percentage float64 // total impact in percent of what was expected
}

// DetectAnomaly lets a monitor find an anomaly: subscriptions whose threshold it reaches
// tell their subscribers (IMMEDIATE through topics as costalerts.amazonaws.com, DAILY and
// WEEKLY by e-mail), and the event Anomaly Detected appears on the default event bus.
// https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html
// https://docs.aws.amazon.com/cost-management/latest/userguide/cad-eventbridge.html
func (a *Account) DetectAnomaly(monitorARN string, found Anomaly) ([]Delivery, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.CostExplorer.Monitors[monitorARN] == nil {
		return nil, refuse("UnknownMonitorException", "The monitor "+monitorARN+" does not exist.", costAPI+"GetAnomalyMonitors.html")
	}
	var deliveries []Delivery
	for _, arn := range sortedKeys(a.CostExplorer.Subscriptions) {
		s := a.CostExplorer.Subscriptions[arn]
		if !slices.Contains(strs(s.Properties, "monitorArnLists"), monitorARN) || !found.reaches(object(s.Properties, "thresholdExpression")) {
			continue
		}
		var mails, topics []string
		for _, subscriber := range objects(s.Properties, "subscribers") {
			if str(subscriber, "type") == "SNS" {
				topics = append(topics, str(subscriber, "address"))
			} else {
				mails = append(mails, str(subscriber, "address"))
			}
		}
		m := message{text: a.anomalyDetail(found, monitorARN, arn), from: anomalyService}.at("anomaly-subscription", arn)
		ctx := map[string][]string{"aws:SourceAccount": {a.ID}, "aws:SecureTransport": {"true"}}
		deliveries = append(deliveries, a.toSubscribers(m, anomalyService, ctx, mails, topics)...)
	}
	region := costRegions[a.Partition]
	bus := a.eventsBusARN(region, eventsDefaultBus)
	event := jsonText(props{
		"version": "0", "id": a.uuid(), "source": "aws.ce", "detail-type": "Anomaly Detected", "account": a.ID, "region": region,
		"time": a.timestamp(), "resources": []any{monitorARN}, "detail": jsonRaw(a.anomalyDetail(found, monitorARN, "")),
	})
	return append(deliveries, a.onBus(bus, message{text: event, from: eventsService})...), nil
}

func jsonRaw(text string) props { object, _ := decodeObject(text); return object }

// anomalyDetail is an anomaly as Cost Anomaly Detection reports it.
func (a *Account) anomalyDetail(found Anomaly, monitor, subscription string) string {
	id := a.uuid()
	detail := props{
		"accountId": a.ID, "anomalyId": id, "anomalyStartDate": a.timestamp(), "anomalyEndDate": a.timestamp(),
		"monitorArn": monitor, "monitorName": str(a.CostExplorer.Monitors[monitor].Properties, "name"), "monitorType": str(a.CostExplorer.Monitors[monitor].Properties, "monitorType"),
		"dimensionalValue":   "Amazon Elastic Compute Cloud - Compute",
		"anomalyDetailsLink": "https://console.aws.amazon.com/cost-management/home#/anomaly-detection/monitors/" + monitor[strings.LastIndex(monitor, "/")+1:] + "/anomalies/" + id,
		"anomalyScore":       props{"maxScore": 0.5, "currentScore": 0.5},
		"impact":             props{"maxImpact": found.Impact, "totalImpact": found.Impact, "totalImpactPercentage": found.Percentage},
		"rootCauses":         []any{props{"linkedAccount": a.ID, "service": "Amazon Elastic Compute Cloud - Compute", "region": costRegions[a.Partition], "usageType": "BoxUsage"}},
	}
	if subscription != "" {
		detail["subscriptionId"] = subscription[strings.LastIndex(subscription, "/")+1:]
		detail["subscriptionName"] = str(a.CostExplorer.Subscriptions[subscription].Properties, "name")
	}
	return jsonText(detail)
}

// reaches tells whether an anomaly is at or above a threshold.
func (found Anomaly) reaches(expression props) bool {
	each := func(key string) []props { return objects(expression, key) }
	switch {
	case len(each("ands")) > 0:
		return !slices.ContainsFunc(each("ands"), func(e props) bool { return !found.reaches(e) })
	case len(each("ors")) > 0:
		return slices.ContainsFunc(each("ors"), found.reaches)
	}
	d := object(expression, "dimension")
	values := strs(d, "values")
	if len(values) != 1 {
		return false
	}
	limit, err := strconv.ParseFloat(values[0], 64)
	impact := found.Impact
	if str(d, "key") == impactPercentage {
		impact = found.Percentage
	}
	return err == nil && impact >= limit
}

// neverReports says why the metric of an alarm never has data; "" when it may have.
// EstimatedCharges exists in one Region, with the account's currency as a dimension.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
func (a *Account) neverReports(raised *alarm) string {
	if str(raised.Properties, "namespace") != "AWS/Billing" {
		return ""
	}
	home, billed := costRegions[a.Partition]
	currency := str(object(raised.Properties, "dimensions"), "Currency")
	switch {
	case !billed:
		return "AWS/Billing has no metrics in the partition " + a.Partition
	case raised.Region != home:
		return fmt.Sprintf("the metrics of AWS/Billing are in %s, not in %s", home, raised.Region)
	case currency != currencies[a.Partition]:
		return fmt.Sprintf("EstimatedCharges has the dimension Currency=%s, not %q", currencies[a.Partition], currency)
	case a.Settings.BillingAlertsOff:
		return "the preference to receive CloudWatch billing alerts is off"
	}
	return ""
}
