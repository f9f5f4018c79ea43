package overview

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

// SecurityOverviewArgs say what the dashboard shows: what exists already, by its name in AWS. At least one thing is required.
type SecurityOverviewArgs struct {
	// Metrics are shown as sums per hour, in one graph, such as those of the CIS metric filters of a SecureTrail. They are in
	// the component's own Region. Default: none.
	Metrics []Metric

	// Regions are the things that are shown, by their Region. Default: none.
	Regions map[string]Region

	// NamePrefix is the name of the dashboard: 3 to 38 lower-case letters, digits and single hyphens. A change replaces it.
	// Default: PROJECT-STACK-NAME.
	NamePrefix string
}

// Metric is a CloudWatch metric without dimensions.
type Metric struct {
	// Namespace of the metric, such as account-baseline/CISBenchmark. Required.
	Namespace string
	// Name of the metric. Required.
	Name string
	// Label is how the graph names it. Default: Name.
	Label string
}

// Region is what a Region has. All names are those in AWS.
type Region struct {
	// Rules are EventBridge rules of the default bus: how many events they matched, in the component's own Region, and how
	// often what they send failed, in every Region. Rules of other Regions forward to those of the own one, where their events
	// are counted again. Default: none.
	Rules []string

	// Alarms are CloudWatch alarms, whose states are shown. Default: none.
	Alarms []string

	// DeadLetterQueues are SQS queues, of which the messages that wait are shown. Default: none.
	DeadLetterQueues []string

	// Topics are SNS topics, of which the notifications that failed are shown. Default: none.
	Topics []string
}

// Limits of a dashboard: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html and
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html.
const (
	maxWidgets          = 500
	maxMetricsPerWidget = 500
	maxMetrics          = 2500
	maxAlarmsPerWidget  = 100
)

var (
	regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)
	ruleName   = regexp.MustCompile(`^[\w.-]{1,64}$`)
	alarmName  = regexp.MustCompile(`^[^\x00-\x1f\x7f]{1,255}$`)
	queueName  = regexp.MustCompile(`^[\w-]{1,75}(\.fifo)?$`)
	topicName  = regexp.MustCompile(`^[\w-]{1,251}(\.fifo)?$`)
	metricText = regexp.MustCompile(`^[^\x00-\x1f\x7f:][^\x00-\x1f\x7f]{0,254}$`)
)

// Validate returns all that is wrong with the arguments, each problem naming its field. NewSecurityOverview does the same.
func (a *SecurityOverviewArgs) Validate() error {
	var problems []error
	add := func(field, format string, values ...any) {
		problems = append(problems, fmt.Errorf("field "+field+": "+format, values...))
	}
	if err := naming.CheckPrefix("field NamePrefix", a.NamePrefix); err != nil {
		problems = append(problems, err)
	}
	for i, metric := range a.Metrics {
		for _, part := range []struct{ field, text string }{{"Namespace", metric.Namespace}, {"Name", metric.Name}} {
			if !metricText.MatchString(part.text) {
				add(fmt.Sprintf("Metrics[%d].%s", i, part.field), "%q is not 1 to 255 characters, the first of which is no colon", part.text)
			}
		}
	}
	things := len(a.Metrics)
	for _, region := range slices.Sorted(maps.Keys(a.Regions)) {
		field := fmt.Sprintf("Regions[%q]", region)
		if !regionName.MatchString(region) {
			add(field, "the key is no Region, such as eu-central-1")
		}
		for _, named := range a.Regions[region].named() {
			things += len(named.names)
			for i, name := range named.names {
				switch first := slices.Index(named.names, name); {
				case !named.pattern.MatchString(name):
					add(fmt.Sprintf("%s.%s[%d]", field, named.field, i), "%q is no name of %s", name, named.what)
				case first < i:
					add(fmt.Sprintf("%s.%s[%d]", field, named.field, i), "%q is %s[%d] already; remove one of them", name, named.field, first)
				}
			}
		}
	}
	if things == 0 {
		add("Regions", "there is nothing to show; name rules, alarms, queues or topics, or give Metrics")
	}
	return errors.Join(problems...)
}

// named are the lists of a Region with what may stand in them.
func (r Region) named() []struct {
	field, what string
	names       []string
	pattern     *regexp.Regexp
} {
	return []struct {
		field, what string
		names       []string
		pattern     *regexp.Regexp
	}{
		{"Rules", "an EventBridge rule: 1 to 64 letters, digits and .-_", r.Rules, ruleName},
		{"Alarms", "a CloudWatch alarm: 1 to 255 characters", r.Alarms, alarmName},
		{"DeadLetterQueues", "an SQS queue: at most 80 letters, digits, hyphens and underscores", r.DeadLetterQueues, queueName},
		{"Topics", "an SNS topic: at most 256 letters, digits, hyphens and underscores", r.Topics, topicName},
	}
}
