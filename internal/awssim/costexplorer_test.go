package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	monitorToken             = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
	anomalySubscriptionToken = "aws:costexplorer/anomalySubscription:AnomalySubscription"
	costTagToken             = "aws:costexplorer/costAllocationTag:CostAllocationTag"
)

func impact(key, value string) props {
	return props{"dimension": props{"key": key, "matchOptions": []any{"GREATER_THAN_OR_EQUAL"}, "values": []any{value}}}
}

func TestAnomalyMonitors(t *testing.T) {
	c := serve(t)
	monitor := func(over props) props {
		return with(props{"name": "services", "monitorType": "DIMENSIONAL", "monitorDimension": "SERVICE"}, over)
	}
	custom := props{"name": "team", "monitorType": "CUSTOM", "monitorDimension": nil, "monitorSpecification": `{"Tags":{"Key":"team","Values":["web"],"MatchOptions":null}}`}
	m := c.create(monitorToken, "m", monitor(nil))
	assert.True(t, strings.HasPrefix(m.id, "arn:aws:ce::123456789012:anomalymonitor/"))
	k := c.create(monitorToken, "k", monitor(custom))
	for _, each := range []*made{m, k} {
		c.unchanged(each)
		c.imported(each)
	}
	require.NoError(t, c.update(m, monitor(props{"name": "renamed"})))
	c.refuses([]refusal{
		{"second SERVICE monitor", monitorToken, monitor(props{"name": "second"}), "ValidationException: Limit exceeded on dimensional spend monitor creation"},
		{"type", monitorToken, monitor(props{"monitorType": "ALL"}), "ValidationException"},
		{"dimension", monitorToken, monitor(props{"monitorDimension": "REGION"}), "ValidationException"},
		{"dimensional without dimension", monitorToken, monitor(props{"monitorDimension": nil}), "has a monitorDimension"},
		{"custom without specification", monitorToken, monitor(props{"monitorType": "CUSTOM", "monitorDimension": nil}), "has a monitorSpecification"},
		{"specification", monitorToken, monitor(with(custom, props{"monitorSpecification": `{"Tag":{}}`})), `"Tag" is not part of an expression`},
		{"long name", monitorToken, monitor(props{"name": strings.Repeat("n", 1025)}), "at most 1024"},
	})
	require.NoError(t, c.remove(m))
	c.create(monitorToken, "again", monitor(nil))
	require.NoError(t, c.account().Update(func(a *Account) { a.Settings.CostExplorerOff = true }))
	c.refuses([]refusal{{"Cost Explorer off", monitorToken, monitor(nil), "DataUnavailableException"}})
}

func TestAnomalySubscriptions(t *testing.T) {
	c := serve(t)
	monitor := c.create(monitorToken, "m", props{"name": "services", "monitorType": "DIMENSIONAL", "monitorDimension": "SERVICE"}).id
	topic := "arn:aws:sns:ap-northeast-1:123456789012:alerts"
	mail, sns := props{"type": "EMAIL", "address": "ops@example.com"}, props{"type": "SNS", "address": topic}
	subscription := func(over props) props {
		return with(props{"name": "daily", "frequency": "DAILY", "monitorArnLists": []any{monitor}, "subscribers": []any{mail},
			"thresholdExpression": impact(impactAbsolute, "10")}, over)
	}
	both := []any{impact(impactAbsolute, "10"), impact(impactPercentage, "20")}
	threshold := func(expression props) props { return subscription(props{"thresholdExpression": expression}) }
	dimension := func(over props) props {
		return threshold(props{"dimension": with(object(impact(impactAbsolute, "10"), "dimension"), over)})
	}
	d := c.create(anomalySubscriptionToken, "d", subscription(nil))
	i := c.create(anomalySubscriptionToken, "i", subscription(props{"name": "now", "frequency": "IMMEDIATE", "subscribers": []any{sns}, "thresholdExpression": props{"ands": both}}))
	for _, m := range []*made{d, i} {
		c.unchanged(m)
		c.imported(m)
	}
	require.NoError(t, c.update(d, subscription(props{"frequency": "WEEKLY", "thresholdExpression": props{"ors": both}})))
	assert.Equal(t, []string{"name"}, c.diff(d, subscription(props{"name": "other", "frequency": "WEEKLY", "thresholdExpression": props{"ors": both}})).GetReplaces())
	c.refuses([]refusal{
		{"immediate by e-mail", anomalySubscriptionToken, subscription(props{"frequency": "IMMEDIATE"}), "ValidationException: subscribers[0]: Immediate frequency only supports SNS"},
		{"daily to a topic", anomalySubscriptionToken, subscription(props{"subscribers": []any{sns}}), "ValidationException: subscribers[0]: Daily or weekly frequencies only support Email"},
		{"weekly to a topic", anomalySubscriptionToken, subscription(props{"frequency": "WEEKLY", "subscribers": []any{sns}}), "Daily or weekly frequencies only support Email"},
		{"frequency", anomalySubscriptionToken, subscription(props{"frequency": "MONTHLY"}), "ValidationException"},
		{"unknown monitor", anomalySubscriptionToken, subscription(props{"monitorArnLists": []any{"arn:aws:ce::123456789012:anomalymonitor/none"}}), "UnknownMonitorException"},
		{"no monitor", anomalySubscriptionToken, subscription(props{"monitorArnLists": []any{}}), "at least one monitor"},
		{"no subscriber", anomalySubscriptionToken, subscription(props{"subscribers": []any{}}), "at least one subscriber"},
		{"address", anomalySubscriptionToken, subscription(props{"subscribers": []any{props{"type": "EMAIL", "address": "ops"}}}), "is not an e-mail address"},
		{"subscriber type", anomalySubscriptionToken, subscription(props{"subscribers": []any{props{"type": "SLACK", "address": "x"}}}), "ValidationException"},
		{"no threshold", anomalySubscriptionToken, subscription(props{"thresholdExpression": nil}), "a threshold is required"},
		{"key", anomalySubscriptionToken, dimension(props{"key": "SERVICE"}), "allowed are ANOMALY_TOTAL_IMPACT_ABSOLUTE"},
		{"match", anomalySubscriptionToken, dimension(props{"matchOptions": []any{"EQUALS"}}), "the only match option"},
		{"no number", anomalySubscriptionToken, dimension(props{"values": []any{"ten"}}), "is not a number"},
		{"negative", anomalySubscriptionToken, dimension(props{"values": []any{"-1"}}), "is not a number from 0"},
		{"two values", anomalySubscriptionToken, dimension(props{"values": []any{"1", "2"}}), "exactly one value"},
		{"and of one", anomalySubscriptionToken, threshold(props{"ands": both[:1]}), "at least two"},
		{"tags", anomalySubscriptionToken, threshold(props{"tags": props{"key": "team", "values": []any{"web"}}}), "a threshold consists of"},
		{"and beside dimension", anomalySubscriptionToken, threshold(with(impact(impactAbsolute, "1"), props{"ands": both})), "exactly one of"},
	})
}

func TestCostAllocationTags(t *testing.T) {
	c := serve(t)
	tag := props{"tagKey": "team", "status": "Active"}
	c.refuses([]refusal{{"not in the bill yet", costTagToken, tag, "ValidationException: Tag keys not found: team"}})
	require.NoError(t, c.account().Update(func(a *Account) { a.CostExplorer.Tags = map[string]string{"team": "Inactive"} }))
	m := c.create(costTagToken, "t", tag)
	assert.Equal(t, "UserDefined", m.str("type"))
	c.unchanged(m)
	c.imported(m)
	c.refuses([]refusal{{"status", costTagToken, props{"tagKey": "team", "status": "On"}, "ValidationException"}})
	require.NoError(t, c.remove(m))
	assert.Equal(t, "Inactive", c.account().CostExplorer.Tags["team"])
}

func TestAnomalyThresholds(t *testing.T) {
	both := []any{impact(impactAbsolute, "10"), impact(impactPercentage, "20")}
	for name, row := range map[string]struct {
		threshold props
		found     Anomaly
		reached   bool
	}{
		"exactly":           {impact(impactAbsolute, "10"), Anomaly{Impact: 10}, true},
		"below":             {impact(impactAbsolute, "10"), Anomaly{Impact: 9.99, Percentage: 500}, false},
		"percent":           {impact(impactPercentage, "20"), Anomaly{Impact: 1, Percentage: 20}, true},
		"and, one of them":  {props{"ands": both}, Anomaly{Impact: 100, Percentage: 1}, false},
		"and, both":         {props{"ands": both}, Anomaly{Impact: 100, Percentage: 100}, true},
		"or, one of them":   {props{"ors": both}, Anomaly{Impact: 100, Percentage: 1}, true},
		"or, none of them":  {props{"ors": both}, Anomaly{Impact: 1, Percentage: 1}, false},
		"no threshold read": {props{}, Anomaly{Impact: 1}, false},
	} {
		assert.Equal(t, row.reached, row.found.reaches(row.threshold), name)
	}
}
