package estimate

import (
	"encoding/json"
	"strings"
)

func (m *model) key(r Resource) {
	m.use(r, "KMS keys", "kms-key", 1, note("each of the first two yearly rotations adds $1 a month to a key"))
	if m.isFirst(r, nil) {
		m.use(r, "KMS requests", "kms-request", m.KMSRequests)
	}
}

// topic prices alerts at the first topic: an alert goes to one of them, and from there to everybody who is subscribed.
func (m *model) topic(r Resource) {
	if !m.isFirst(r, nil) {
		return
	}
	m.use(r, "alerts published", "sns-publish", m.Alerts)
	addresses, subscribed := 0, map[string]bool{}
	for _, s := range m.all("aws:sns/topicSubscription:TopicSubscription", nil) {
		if strings.HasPrefix(text(s.Inputs, "protocol"), "email") {
			addresses++
			subscribed[m.topicOf(s)] = true
		}
	}
	if addresses > 0 {
		m.use(r, "e-mails", "sns-email", m.Alerts*counted(addresses)/counted(len(subscribed)))
	}
}

// topicOf tells the topics of subscriptions apart, by their names where they are not known yet.
func (m *model) topicOf(subscription Resource) string {
	if arn := text(subscription.Inputs, "topic"); arn != "" {
		return arn
	}
	for _, topic := range m.all("aws:sns/topic:Topic", inComponent(subscription.Component)) {
		if belongs(subscription, "topic", topic, "") {
			return topic.Name
		}
	}
	return ""
}

// alarm prices the metrics that an alarm watches.
func (m *model) alarm(r Resource) {
	metrics := 0
	for _, query := range objects(r.Inputs, "metricQueries") {
		if query["metric"] != nil {
			metrics++
		}
	}
	m.use(r, "alarms", "alarm", counted(max(metrics, 1)))
}

func (m *model) compositeAlarm(Resource) {
	m.leaveOut("composite alarms, for which no source of the price was found")
}

// dashboardMetrics is how many metrics a free dashboard has at most (https://aws.amazon.com/cloudwatch/pricing/).
const dashboardMetrics = 50

func (m *model) dashboard(r Resource) {
	var body map[string]any
	if err := json.Unmarshal([]byte(text(r.Inputs, "dashboardBody")), &body); err != nil {
		m.leaveOut("how many metrics the dashboard " + r.Name + " has, which is not known yet: it is priced as one of at most 50")
	}
	metrics := 0
	for _, widget := range objects(body, "widgets") {
		shown, _ := object(widget, "properties")["metrics"].([]any)
		metrics += len(shown)
	}
	if metrics > dashboardMetrics {
		m.use(r, "dashboards of more than 50 metrics", "large-dashboard", 1, note("none of the free ones"))
		return
	}
	m.use(r, "dashboards", "dashboard", 1)
}

// eventTarget prices events that are carried to another Region, once a Region.
func (m *model) eventTarget(r Resource) {
	fromHere := func(other Resource) bool { return other.Region == r.Region && carriesAway(other) }
	if carriesAway(r) && m.isFirst(r, fromHere) {
		m.use(r, "events carried to the home Region", "event-forwarded", m.ForwardedEvents)
	}
}

func carriesAway(r Resource) bool {
	parts := strings.SplitN(text(r.Inputs, "arn"), ":", 6)
	return len(parts) == 6 && strings.HasPrefix(parts[5], "event-bus/") && parts[3] != r.Region
}

func (m *model) apiDestination(r Resource) {
	m.use(r, "alerts to the webhook", "event-destination", m.Alerts)
}

// polls is how often a queue is asked in a month when five requests wait on it for twenty seconds each, as AWS's pollers do
// (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html); that pipes poll alike is an assumption.
const polls = 5 * 3 * 60 * 24 * daysOfMonth

func (m *model) pipe(r Resource) {
	m.use(r, "alerts through the pipe", "pipe-request", m.Alerts)
	m.use(r, "polling of the pipe's queue", "sqs-request", polls, note("five requests that wait twenty seconds each"))
}
