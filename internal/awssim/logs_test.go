package awssim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	filterToken     = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
	logsPolicyToken = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
	logsQueryToken  = "aws:cloudwatch/queryDefinition:QueryDefinition"
)

func metricFilter(pattern string, changes props) props {
	return props{"name": "f", "logGroupName": "trail", "pattern": pattern,
		"metricTransformation": with(props{"name": "RootUsage", "namespace": "CIS", "value": "1"}, changes)}
}

func TestLogsRefusals(t *testing.T) {
	c := serve(t)
	c.create(groupToken, "g", props{"name": "trail"})
	c.create(groupToken, "ia", props{"name": "rare", "logGroupClass": "INFREQUENT_ACCESS"})
	key := c.create("aws:kms/key:Key", "k", nil)
	grant := policy(grants(service("delivery.logs.amazonaws.com"), "logs:PutLogEvents", "*"))
	for name, row := range map[string]struct {
		token   string
		in      props
		refusal string
	}{
		"group exists":              {groupToken, props{"name": "trail"}, "ResourceAlreadyExistsException"},
		"group name":                {groupToken, props{"name": "trail logs"}, "InvalidParameterException"},
		"group name reserved":       {groupToken, props{"name": "aws/trail"}, "InvalidParameterException"},
		"retention":                 {groupToken, props{"retentionInDays": 100}, "InvalidParameterException"},
		"class":                     {groupToken, props{"logGroupClass": "CHEAP"}, "InvalidParameterException"},
		"key without the grant":     {groupToken, props{"kmsKeyId": key.str("arn")}, "AccessDeniedException"},
		"key that is not":           {groupToken, props{"kmsKeyId": "arn:aws:kms:ap-northeast-1:123456789012:key/none"}, "InvalidParameterException"},
		"key of another Region":     {groupToken, props{"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/none"}, "InvalidParameterException"},
		"key no ARN":                {groupToken, props{"kmsKeyId": "alias/logs"}, "invalid ARN"},
		"filter of no group":        {filterToken, with(metricFilter("x", nil), props{"logGroupName": "none"}), "ResourceNotFoundException"},
		"filter of that class":      {filterToken, with(metricFilter("x", nil), props{"logGroupName": "rare"}), "InvalidOperationException"},
		"filter name":               {filterToken, with(metricFilter("x", nil), props{"name": "a:b"}), "InvalidParameterException"},
		"pattern too long":          {filterToken, metricFilter(strings.Repeat("x", 1025), nil), "InvalidParameterException"},
		"pattern not closed":        {filterToken, metricFilter(`{ $.eventName = "ConsoleLogin"`, nil), "Invalid metric filter pattern"},
		"pattern with open bracket": {filterToken, metricFilter(`{ ($.eventName = "ConsoleLogin" }`, nil), "Invalid metric filter pattern"},
		"pattern with extra":        {filterToken, metricFilter(`{ $.eventName = "x") }`, nil), "Invalid metric filter pattern"},
		"pattern with open quote":   {filterToken, metricFilter(`{ $.eventName = "x }`, nil), "Invalid metric filter pattern"},
		"pattern without selector":  {filterToken, metricFilter(`{ eventName = "x" }`, nil), "Invalid metric filter pattern"},
		"metric namespace":          {filterToken, metricFilter("x", props{"namespace": "AWS/Logs"}), "InvalidParameterException"},
		"metric name":               {filterToken, metricFilter("x", props{"name": "a:b"}), "InvalidParameterException"},
		"metric value":              {filterToken, metricFilter("x", props{"value": strings.Repeat("1", 101)}), "InvalidParameterException"},
		"metric unit":               {filterToken, metricFilter("x", props{"unit": "Apples"}), "InvalidParameterException"},
		"default with dimensions":   {filterToken, metricFilter("x", props{"defaultValue": "0", "dimensions": props{"a": "$.b"}}), "InvalidParameterException"},
		"four dimensions":           {filterToken, metricFilter("x", props{"dimensions": props{"a": "$.a", "b": "$.b", "c": "$.c", "d": "$.d"}}), "InvalidParameterException"},
		"policy too big":            {logsPolicyToken, props{"policyName": "p", "policyDocument": strings.Replace(grant, `"*"`, `"`+strings.Repeat("x", 5200)+`"`, 1)}, "InvalidParameterException"},
		"policy malformed":          {logsPolicyToken, props{"policyName": "p", "policyDocument": "{}"}, "InvalidParameterException"},
		"query too long":            {logsQueryToken, props{"queryString": strings.Repeat("x", 10001)}, "InvalidParameterException"},
		"query of no group":         {logsQueryToken, props{"queryString": "x", "logGroupNames": []any{"a b"}}, "InvalidParameterException"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.try(row.token, "x", row.in)
			refusedWith(t, err, row.refusal)
		})
	}
}

func TestLogsQuotas(t *testing.T) {
	c := serve(t)
	c.create(groupToken, "g", props{"name": "trail"})
	fill := func(n int, make func(i int) error, refusal string) {
		for i := range n {
			require.NoError(t, make(i))
		}
		refusedWith(t, make(n), refusal)
	}
	fill(filtersPerGroup, func(i int) error {
		_, err := c.try(filterToken, "f", with(metricFilter("x", nil), props{"name": fmt.Sprint("f", i)}))
		return err
	}, "LimitExceededException")
	fill(logsPoliciesMax, func(i int) error {
		_, err := c.try(logsPolicyToken, "p", props{"policyName": fmt.Sprint("p", i), "policyDocument": policy(grants(service("es.amazonaws.com"), "logs:PutLogEvents", "*"))})
		return err
	}, "LimitExceededException")
}

func TestLogsLife(t *testing.T) {
	c := serve(t)
	key := c.create("aws:kms/key:Key", "k", props{"policy": policy(rootStatement(c, "kms:*"),
		given(grants(service("logs.ap-northeast-1.amazonaws.com"), []string{"kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*"}, "*"),
			props{"ArnEquals": props{"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:ap-northeast-1:123456789012:log-group:trail"}}),
		grants(service("logs.ap-northeast-1.amazonaws.com"), "kms:Describe*", "*"))})
	group := c.create(groupToken, "g", props{"name": "trail", "retentionInDays": 365, "kmsKeyId": key.str("arn"), "tags": props{"a": "b"}})
	all := []*made{
		group,
		c.create(filterToken, "f", metricFilter(`{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed (authentication") }`, nil)),
		c.create(logsPolicyToken, "p", props{"policyName": "p", "policyDocument": policy(grants(service("es.amazonaws.com"), "logs:PutLogEvents", "*"))}),
		c.create(logsQueryToken, "q", props{"name": "q", "queryString": "fields @timestamp", "logGroupNames": []any{"trail"}}),
	}
	for _, m := range all {
		c.unchanged(m)
	}
	for _, m := range []*made{all[0], all[2]} {
		c.imported(m)
	}
	// These two are imported under something else than their id.
	for id, m := range map[string]*made{"trail:f": all[1], "arn:aws:logs:ap-northeast-1:123456789012:query-definition:" + all[3].id: all[3]} {
		again := &made{token: m.token, name: m.name, id: id}
		require.True(t, c.read(again))
		require.Equal(t, m.id, again.id)
		require.Empty(t, diffInputs(schemas[m.token], again.inputs, m.inputs))
	}
	require.NoError(t, c.update(group, props{"name": "trail", "retentionInDays": 90, "kmsKeyId": key.str("arn")}))
	require.NoError(t, c.update(all[1], metricFilter("ERROR", nil)))
	require.NoError(t, c.update(all[2], props{"policyName": "p", "policyDocument": policy(grants(service("es.amazonaws.com"), "logs:CreateLogStream", "*"))}))
	require.NoError(t, c.update(all[3], props{"name": "q", "queryString": "fields @message"}))
	for i := len(all) - 1; i >= 0; i-- {
		c.unchanged(all[i])
		require.NoError(t, c.remove(all[i]))
		require.False(t, c.read(all[i]))
		require.NoError(t, c.remove(all[i]))
	}
}
