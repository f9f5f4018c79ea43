package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	alarmToken     = "aws:cloudwatch/metricAlarm:MetricAlarm"
	compositeToken = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
	dashboardToken = "aws:cloudwatch/dashboard:Dashboard"
)

var goodAlarm = props{
	"name": "root", "comparisonOperator": "GreaterThanOrEqualToThreshold", "evaluationPeriods": 1, "threshold": 1,
	"metricName": "RootUse", "namespace": "Baseline", "period": 300, "statistic": "Sum",
}

func TestAlarmRefusals(t *testing.T) {
	c := serve(t)
	topic := "arn:aws:sns:ap-northeast-1:123456789012:t"
	six := []any{topic, topic, topic, topic, topic, topic}
	alarm := c.create(alarmToken, "root", goodAlarm)
	composite := props{"alarmName": "any", "alarmRule": "ALARM(root)"}
	query := func(q ...any) props {
		return with(goodAlarm, props{"metricName": nil, "namespace": nil, "period": nil, "statistic": nil, "metricQueries": q})
	}
	returns := props{"id": "e1", "expression": "SUM(METRICS())", "returnData": true}
	rows := []refusal{
		{"no name", compositeToken, props{"alarmRule": "TRUE"}, "alarmName"},
		{"name too long", alarmToken, with(goodAlarm, props{"name": strings.Repeat("x", 256)}), "ValidationError"},
		{"description too long", alarmToken, with(goodAlarm, props{"alarmDescription": strings.Repeat("x", 1025)}), "ValidationError"},
		{"evaluation periods", alarmToken, with(goodAlarm, props{"evaluationPeriods": 0}), "ValidationError"},
		{"datapoints", alarmToken, with(goodAlarm, props{"datapointsToAlarm": 2}), "ValidationError"},
		{"period", alarmToken, with(goodAlarm, props{"period": 45}), "ValidationError"},
		{"more than a day", alarmToken, with(goodAlarm, props{"evaluationPeriods": 289}), "across more than 86400 seconds"},
		{"more than a week", alarmToken, with(goodAlarm, props{"period": 21600, "evaluationPeriods": 29}), "across more than 604800 seconds"},
		{"two statistics", alarmToken, with(goodAlarm, props{"extendedStatistic": "p90"}), "statistic"},
		{"no statistic", alarmToken, with(goodAlarm, props{"statistic": nil}), "statistic"},
		{"extended statistic", alarmToken, with(goodAlarm, props{"statistic": nil, "extendedStatistic": "median"}), "ExtendedStatistic"},
		{"no namespace", alarmToken, with(goodAlarm, props{"namespace": nil}), "namespace"},
		{"no threshold", alarmToken, with(goodAlarm, props{"threshold": nil}), "threshold"},
		{"band without metric", alarmToken, with(goodAlarm, props{"comparisonOperator": "GreaterThanUpperThreshold"}), "thresholdMetricId"},
		{"query beside a metric", alarmToken, with(goodAlarm, props{"metricQueries": []any{returns}}), "not possible beside metricQueries"},
		{"two queries return", alarmToken, query(returns, with(returns, props{"id": "e2"})), "exactly one query"},
		{"query id", alarmToken, query(with(returns, props{"id": "E1"})), "metricQueries[0].id"},
		{"query of nothing", alarmToken, query(with(returns, props{"expression": nil})), "either expression or metric"},
		{"action in another Region", alarmToken, with(goodAlarm, props{"alarmActions": []any{"arn:aws:sns:us-east-1:123456789012:t"}}), "Invalid region us-east-1 specified. Only ap-northeast-1 is supported."},
		{"action in another partition", alarmToken, with(goodAlarm, props{"alarmActions": []any{"arn:aws-cn:sns:cn-north-1:123456789012:t"}}), "Invalid arn syntax"},
		{"action that is no ARN", alarmToken, with(goodAlarm, props{"okActions": []any{"t"}}), "Invalid arn syntax"},
		{"composite: unknown alarm", compositeToken, with(composite, props{"alarmRule": "ALARM(other)"}), "in the alarm rule do not exist"},
		{"composite: syntax", compositeToken, with(composite, props{"alarmRule": "ALARM(root) AND"}), "AlarmRule must be a valid expression"},
		{"composite: function", compositeToken, with(composite, props{"alarmRule": "FAILED(root)"}), "AlarmRule must be a valid expression"},
		{"composite: parenthesis", compositeToken, with(composite, props{"alarmRule": "(ALARM(root)"}), "AlarmRule must be a valid expression"},
		{"composite: rule too long", compositeToken, with(composite, props{"alarmRule": strings.Repeat("TRUE OR ", 1280) + "TRUE"}), "alarmRule"},
		{"composite named as a metric alarm", compositeToken, with(composite, props{"alarmName": "root"}), "ValidationError"},
		{"composite: action in another Region", compositeToken, with(composite, props{"alarmActions": []any{"arn:aws:sns:us-east-1:123456789012:t"}}), "Invalid region"},
		{"dashboard name", dashboardToken, props{"dashboardName": "a b", "dashboardBody": `{"widgets":[]}`}, "InvalidParameterValue"},
		{"dashboard without widgets", dashboardToken, props{"dashboardName": "a", "dashboardBody": `{}`}, "InvalidParameterInput"},
		{"dashboard that is no JSON", dashboardToken, props{"dashboardName": "a", "dashboardBody": "x"}, "InvalidParameterInput"},
	}
	for _, key := range sortedKeys(alarmsEnums) {
		rows = append(rows, refusal{key, alarmToken, with(goodAlarm, props{key: "Other"}), key})
	}
	for _, key := range alarmsActions {
		rows = append(rows, refusal{"six " + key, alarmToken, with(goodAlarm, props{key: six}), key})
	}
	c.refuses(rows)

	any := c.create(compositeToken, "any", with(composite, props{"alarmRule": `(ALARM("root") OR NOT OK(root)) AND TRUE`}))
	board := c.create(dashboardToken, "board", props{"dashboardName": "b", "dashboardBody": `{"widgets":[]}`})
	for _, m := range []*made{alarm, any, board} {
		c.unchanged(m)
		c.imported(m)
	}
	refusedWith(t, c.remove(alarm), "depends on it")
	require.NoError(t, c.update(alarm, with(goodAlarm, props{"threshold": 2})))
	for _, m := range []*made{any, alarm, board} {
		require.NoError(t, c.remove(m))
		require.False(t, c.read(m))
	}
}
