package securetrail

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// MetricFilterNamespace is the CloudWatch namespace of the metrics that the CIS metric filters count in.
const MetricFilterNamespace = "account-baseline/CISBenchmark"

const (
	alarmPeriodSeconds     = 300
	defaultFilterThreshold = 1
)

// MetricFilter changes one of the 15 CIS metric filters; the zero value leaves it as it is.
type MetricFilter struct {
	// Disabled leaves out the filter and its alarm, and with them the benchmark's control. Default: false.
	Disabled bool

	// Threshold is from how many events in five minutes the alarm fires: at least 1. Default: 1, as the benchmark asks.
	Threshold int
}

// metricFilterNames are the names of the filters in the benchmark's order.
func metricFilterNames() []string {
	names := make([]string, len(cisMetricFilters))
	for i, f := range cisMetricFilters {
		names[i] = f.name
	}
	return names
}

func (a *SecureTrailArgs) metricFilterProblems() []error {
	var problems []error
	if len(a.MetricFilters) > 0 {
		switch {
		case a.OmitLogs:
			problems = append(problems, errors.New("MetricFilters: they read the log group, which OmitLogs leaves out; leave out one of them"))
		case a.OmitMetricFilters:
			problems = append(problems, errors.New("MetricFilters: has no effect beside OmitMetricFilters; leave out one of them"))
		}
	}
	names := metricFilterNames()
	for _, name := range slices.Sorted(maps.Keys(a.MetricFilters)) {
		if !slices.Contains(names, name) {
			problems = append(problems, fmt.Errorf("MetricFilters[%q]: no such metric filter; there are %s", name, strings.Join(names, ", ")))
		}
		if threshold := a.MetricFilters[name].Threshold; threshold < 0 {
			problems = append(problems, fmt.Errorf("MetricFilters[%q].Threshold: %d is too small; the least is 1", name, threshold))
		}
	}
	if a.SingleSignOn && (!a.hasMetricFilters() || a.MetricFilters[signInWithoutMFA].Disabled) {
		problems = append(problems, fmt.Errorf("SingleSignOn: has no effect without the metric filter %s; leave it out", signInWithoutMFA))
	}
	return problems
}

func (a *SecureTrailArgs) hasMetricFilters() bool { return !a.OmitLogs && !a.OmitMetricFilters }

// newMetricFilters counts the events that the CIS benchmark wants watched, and an alarm on each count. Scanners match
// filter and alarm by the name of the metric. The metrics have no default value: one that is written all the time is
// charged all the time.
func (b *builder) newMetricFilters() error {
	if !b.args.hasMetricFilters() {
		return nil
	}
	for _, f := range CISMetricFilters() {
		chosen := b.args.MetricFilters[f.Name]
		if chosen.Disabled {
			continue
		}
		if chosen.Threshold == 0 {
			chosen.Threshold = defaultFilterThreshold
		}
		if err := b.newMetricFilter(f); err != nil {
			return err
		}
		if err := b.newFilterAlarm(f, chosen.Threshold); err != nil {
			return err
		}
		b.trail.FilterMetrics = append(b.trail.FilterMetrics, FilterMetric{b.filterName(f), f.Title})
	}
	return nil
}

// FilterMetric is what a metric filter counts. Its alarm has the name of the metric.
type FilterMetric struct {
	Name  string // in MetricFilterNamespace
	Title string // what is counted, such as "The root user was used"
}

// filterName names the filter, its metric and its alarm alike.
func (b *builder) filterName(f CISMetricFilter) string { return b.prefix + "-" + f.Name }

func (b *builder) newMetricFilter(f CISMetricFilter) error {
	pattern := f.Pattern
	if b.args.SingleSignOn && f.SingleSignOnPattern != "" {
		pattern = f.SingleSignOnPattern
	}
	_, err := cloudwatch.NewLogMetricFilter(b.ctx, b.name+"-"+f.Name+"-filter", &cloudwatch.LogMetricFilterArgs{
		Name:         pulumi.String(b.filterName(f)),
		LogGroupName: b.trail.LogGroupName,
		Pattern:      pulumi.String(pattern),
		MetricTransformation: cloudwatch.LogMetricFilterMetricTransformationArgs{
			Name:      pulumi.String(b.filterName(f)),
			Namespace: pulumi.String(MetricFilterNamespace),
			Value:     pulumi.String("1"),
		},
	}, pulumi.Parent(b.trail))
	return err
}

func (b *builder) newFilterAlarm(f CISMetricFilter, threshold int) error {
	args := &cloudwatch.MetricAlarmArgs{
		Name: pulumi.String(b.filterName(f)),
		AlarmDescription: pulumi.String(fmt.Sprintf("%s (CIS AWS Foundations v3.0 and v5.0 %s, v7.0 %s). %s The events are in the log group %s; search it with the pattern of the metric filter %s.",
			f.Title, f.CIS3, f.CIS7, f.Response, b.trail.Archive.LogGroupName, b.filterName(f))),
		Namespace:          pulumi.String(MetricFilterNamespace),
		MetricName:         pulumi.String(b.filterName(f)),
		Statistic:          pulumi.String("Sum"),
		Period:             pulumi.Int(alarmPeriodSeconds),
		EvaluationPeriods:  pulumi.Int(1),
		ComparisonOperator: pulumi.String("GreaterThanOrEqualToThreshold"),
		Threshold:          pulumi.Float64(threshold),
		TreatMissingData:   pulumi.String("notBreaching"),
		Tags:               b.tags,
	}
	if b.args.Alerts != nil {
		args.AlarmActions = pulumi.Array{b.args.Alerts.TopicArn(f.Severity)}
	}
	_, err := cloudwatch.NewMetricAlarm(b.ctx, b.name+"-"+f.Name+"-alarm", args, pulumi.Parent(b.trail))
	return err
}
