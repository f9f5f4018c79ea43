package awssim

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/filterpattern"
)

const filterSyntaxDoc = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"

var (
	filterName   = regexp.MustCompile(`^[^:*]{1,512}$`)
	filterMetric = regexp.MustCompile(`^[^:*$]{1,255}$`)
	metricUnits  = strings.Fields("Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits Gigabits Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second Count/Second None")
)

func checkMetricFilter(_ *call, in props) error {
	const operation = "PutMetricFilter"
	if name := str(in, "name"); name != "" && !filterName.MatchString(name) {
		return logsInvalid(operation, "metric filter name %q: a name has 1 to 512 characters, no : and no *", name)
	}
	pattern := str(in, "pattern")
	if len(pattern) > filterPatternMax {
		return logsInvalid(operation, "pattern: at most %d characters are allowed, not %d", filterPatternMax, len(pattern))
	}
	if reason := badFilterPattern(pattern); reason != "" {
		return refuse("InvalidParameterException", reason+": "+pattern, filterSyntaxDoc)
	}
	t := object(in, "metricTransformation")
	for _, property := range []string{"name", "namespace"} {
		if v := str(t, property); v != "" && (!filterMetric.MatchString(v) || property == "namespace" && strings.HasPrefix(v, "AWS/")) {
			return logsInvalid(operation, "metricTransformation.%s %q: 1 to 255 characters without :, * and $ are allowed, and no namespace AWS/", property, v)
		}
	}
	if len(str(t, "value")) > 100 {
		return logsInvalid(operation, "metricTransformation.value: at most 100 characters are allowed")
	}
	dimensions := object(t, "dimensions")
	if len(dimensions) > filterDimensionsMax {
		return logsInvalid(operation, "metricTransformation.dimensions: at most %d are allowed", filterDimensionsMax)
	}
	if len(dimensions) > 0 && present(t, "defaultValue") && str(t, "defaultValue") != "" {
		return logsInvalid(operation, "metricTransformation: defaultValue and dimensions exclude each other")
	}
	return oneOf(t, "unit", "InvalidParameterException", logsAPI+operation+".html", metricUnits...)
}

// badFilterPattern tells what is wrong with a pattern: all of a JSON pattern, and of
// the other kinds whether their quotation marks are closed.
func badFilterPattern(pattern string) string {
	_, err := filterpattern.Parse(pattern)
	var refused *filterpattern.Error
	if errors.As(err, &refused) {
		return refused.Message
	}
	quotes := strings.Count(strings.ReplaceAll(pattern, `\"`, ""), `"`)
	if errors.Is(err, filterpattern.ErrUnsupported) && quotes%2 != 0 {
		return "Invalid metric filter pattern: a quotation mark is not closed"
	}
	return ""
}

func (c *call) filterGroup(name, action string) (*logGroup, error) {
	g := c.Logs.Groups[regional(c.Region, name)]
	if g == nil {
		return nil, logsNoGroup(name)
	}
	return g, c.may(action, g.ARN)
}

// putMetricFilter makes or overwrites a filter: PutMetricFilter does both.
func (c *call) putMetricFilter(in props) error {
	g, err := c.filterGroup(str(in, "logGroupName"), "logs:PutMetricFilter")
	if err != nil {
		return err
	}
	if g.Class != "STANDARD" {
		return refuse("InvalidOperationException", fmt.Sprintf("metric filters are not supported for log group %s of class %s", g.Name, g.Class),
			"https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html")
	}
	name := str(in, "name")
	if g.Filters[name] == nil && len(g.Filters) >= filtersPerGroup {
		return refuse("LimitExceededException", fmt.Sprintf("log group %s has %d metric filters already", g.Name, filtersPerGroup), logsQuotaDoc)
	}
	if g.Filters == nil {
		g.Filters = map[string]props{}
	}
	g.Filters[name] = props{
		"name": name, "logGroupName": g.Name, "pattern": strings.TrimSpace(str(in, "pattern")), "metricTransformation": in["metricTransformation"],
		"applyOnTransformedLogs": in["applyOnTransformedLogs"],
	}
	return nil
}

func createMetricFilter(c *call, in props) (string, props, error) {
	return str(in, "name"), nil, c.putMetricFilter(in)
}

// readMetricFilter takes the log group from the state, or on import from an id of
// the form LOGGROUP:NAME.
func readMetricFilter(c *call, id string, state props) (props, error) {
	group, name := str(state, "logGroupName"), id
	if group == "" {
		i := strings.LastIndex(id, ":")
		if i < 0 {
			return nil, fmt.Errorf("a metric filter is imported as LOGGROUP:NAME, not %q", id)
		}
		group, name = id[:i], id[i+1:]
	}
	g := c.Logs.Groups[regional(c.Region, group)]
	if g == nil || g.Filters[name] == nil {
		return nil, errNotFound
	}
	out := maps.Clone(g.Filters[name])
	out["id"] = name
	return out, nil
}

func updateMetricFilter(c *call, _ string, _, in props) (props, error) {
	return nil, c.putMetricFilter(in)
}

func deleteMetricFilter(c *call, id string, state props) error {
	if c.Logs.Groups[regional(c.Region, str(state, "logGroupName"))] == nil {
		return errNotFound
	}
	g, err := c.filterGroup(str(state, "logGroupName"), "logs:DeleteMetricFilter")
	if err != nil {
		return err
	}
	delete(g.Filters, strOr(state, "name", id))
	return nil
}
