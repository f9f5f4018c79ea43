package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// alarmsState is what CloudWatch keeps. Alarms and dashboards are kept under their
// ARN; metric and composite alarms share their names.
type alarmsState struct {
	Alarms     table[alarm]
	Dashboards table[dashboard]
}

// alarm is a metric alarm, or a composite alarm when it has a rule.
type alarm struct {
	ARN, Name, Region string
	Rule              string // of a composite alarm
	Properties        props
}

const (
	alarmsPutMetricDoc    = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
	alarmsActionsMax      = 5
	alarmsDescriptionMax  = 1024
	alarmsDimensionsMax   = 30
	secondsPerDay         = 86400
	secondsPerHour        = 3600
	daysOfLongEvaluations = 7
)

// alarmsActions are the three lists of actions of an alarm.
var alarmsActions = []string{"alarmActions", "insufficientDataActions", "okActions"}

// alarmsEnums are the properties of a metric alarm that have fixed values.
var alarmsEnums = map[string][]string{
	"comparisonOperator": {
		"GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold",
		"LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold",
	},
	"statistic":                         {"SampleCount", "Average", "Sum", "Minimum", "Maximum"},
	"treatMissingData":                  {"breaching", "ignore", "missing", "notBreaching"},
	"evaluateLowSampleCountPercentiles": {"evaluate", "ignore"},
	"unit": {
		"Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes",
		"Bits", "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count", "Bytes/Second",
		"Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second",
		"Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second", "Count/Second", "None",
	},
}

// alarmsBandOperators compare with an anomaly detection band, not with a threshold.
var alarmsBandOperators = []string{"LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold"}

var (
	alarmsExtended = regexp.MustCompile(`^((p|tm|tc|ts|wm)[0-9]{1,2}(\.[0-9]{1,10})?|p100|IQM|(PR|TC|TM|TS|WM)\(.*:.*\))$`)
	alarmsQueryID  = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]{0,254}$`)
)

var alarmsTypes = map[string]resourceType{
	"aws:cloudwatch/metricAlarm:MetricAlarm": {
		check:  checkMetricAlarm,
		create: createMetricAlarm,
		read:   readAlarm,
		update: updateMetricAlarm,
		delete: deleteAlarm,
	},
	"aws:cloudwatch/compositeAlarm:CompositeAlarm": {
		check:  checkCompositeAlarm,
		create: createCompositeAlarm,
		read:   readAlarm,
		update: updateCompositeAlarm,
		delete: deleteAlarm,
	},
	"aws:cloudwatch/dashboard:Dashboard": {
		check:  checkDashboard,
		create: createDashboard,
		read:   readDashboard,
		update: updateDashboard,
		delete: deleteDashboard,
	},
}

func invalidAlarm(format string, args ...any) error {
	return refuse("ValidationError", fmt.Sprintf(format, args...), alarmsPutMetricDoc)
}

func checkMetricAlarm(_ *call, in props) error {
	for _, key := range sortedKeys(alarmsEnums) {
		if v := str(in, key); v != "" && !slices.Contains(alarmsEnums[key], v) {
			return invalidAlarm("%s: %q is none of %s", key, v, strings.Join(alarmsEnums[key], ", "))
		}
	}
	if err := checkAlarm(in, "name"); err != nil {
		return err
	}
	if n, ok := number(in["evaluationPeriods"]); ok && n < 1 {
		return invalidAlarm("evaluationPeriods: expected to be at least 1, got %v", n)
	}
	if n, ok := number(in["datapointsToAlarm"]); ok && (n < 1 || n > num(in, "evaluationPeriods") && !isUnknown(in["evaluationPeriods"])) {
		return invalidAlarm("datapointsToAlarm: %v: at least 1 and at most evaluationPeriods", n)
	}
	if len(object(in, "dimensions")) > alarmsDimensionsMax {
		return invalidAlarm("dimensions: more than %d", alarmsDimensionsMax)
	}
	if err := checkAlarmPeriod(in); err != nil {
		return err
	}
	if err := checkAlarmMetric(in); err != nil {
		return err
	}
	band := slices.Contains(alarmsBandOperators, str(in, "comparisonOperator"))
	switch {
	case band != present(in, "thresholdMetricId") && str(in, "comparisonOperator") != "":
		return invalidAlarm("thresholdMetricId: goes with the comparison operators %s and no other", strings.Join(alarmsBandOperators, ", "))
	case !band && !present(in, "threshold") && str(in, "comparisonOperator") != "":
		return invalidAlarm("threshold: missing, needed for %s", str(in, "comparisonOperator"))
	}
	return nil
}

// checkAlarm checks what metric and composite alarms have in common.
func checkAlarm(in props, nameKey string) error {
	name := str(in, nameKey)
	if len(name) > 255 || strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return invalidAlarm("%s: %q: at most 255 characters, no control characters", nameKey, name)
	}
	if len(str(in, "alarmDescription")) > alarmsDescriptionMax {
		return invalidAlarm("alarmDescription: longer than %d characters", alarmsDescriptionMax)
	}
	for _, key := range alarmsActions {
		actions := strs(in, key)
		if len(list(in, key)) > alarmsActionsMax {
			return invalidAlarm("%s: %d actions, at most %d are allowed", key, len(list(in, key)), alarmsActionsMax)
		}
		for i, arn := range actions {
			if _, ok := splitARN(arn); !ok {
				return invalidAlarm("%s[%d]: Invalid arn syntax: %s", key, i, arn)
			}
		}
	}
	return nil
}

// checkAlarmPeriod: 10, 20, 30 or a multiple of 60 seconds; all evaluation periods
// together last a day at most, or seven days with periods of an hour and more.
func checkAlarmPeriod(in props) error {
	period, ok := number(in["period"])
	if !ok {
		return nil
	}
	seconds := int(period)
	if float64(seconds) != period || seconds < 10 || seconds%60 != 0 && !slices.Contains([]int{10, 20, 30}, seconds) {
		return invalidAlarm("period: %v: 10, 20, 30 or a multiple of 60 seconds", period)
	}
	limit := float64(secondsPerDay)
	if seconds >= secondsPerHour {
		limit *= daysOfLongEvaluations
	}
	if period*num(in, "evaluationPeriods") > limit {
		return invalidAlarm("Metrics cannot be checked across more than %v seconds (EvaluationPeriods * Period must be <= %v)", limit, limit)
	}
	return nil
}

// checkAlarmMetric: either one metric with one statistic, or metric queries of which
// one returns data.
func checkAlarmMetric(in props) error {
	queries := list(in, "metricQueries")
	single := []string{"metricName", "namespace", "dimensions", "period", "statistic", "extendedStatistic", "unit"}
	if len(queries) == 0 {
		if isUnknown(in["metricQueries"]) {
			return nil
		}
		for _, key := range []string{"metricName", "namespace", "period"} {
			if !present(in, key) {
				return invalidAlarm("%s: missing; an alarm on one metric has metricName, namespace, period and a statistic", key)
			}
		}
		if present(in, "statistic") == present(in, "extendedStatistic") {
			return invalidAlarm("statistic: give either statistic or extendedStatistic")
		}
		if e := str(in, "extendedStatistic"); e != "" && !alarmsExtended.MatchString(e) {
			return invalidAlarm("The value %s for parameter ExtendedStatistic is not supported.", e)
		}
		if strings.HasPrefix(str(in, "namespace"), ":") {
			return invalidAlarm("namespace: must not start with a colon")
		}
		return nil
	}
	for _, key := range single {
		if present(in, key) {
			return invalidAlarm("%s: not possible beside metricQueries", key)
		}
	}
	returning, ids := 0, map[string]bool{}
	for i, q := range objects(in, "metricQueries") {
		id := str(q, "id")
		if id != "" && (!alarmsQueryID.MatchString(id) || ids[id]) {
			return invalidAlarm("metricQueries[%d].id: %q: a lower-case letter, then letters, digits and underscores, unique in the alarm", i, id)
		}
		ids[id] = true
		if present(q, "expression") == present(q, "metric") {
			return invalidAlarm("metricQueries[%d]: give either expression or metric", i)
		}
		if flag(q, "returnData", false) {
			returning++
		}
	}
	// The band of an anomaly detection alarm returns data beside the metric.
	if returning != 1 && !present(in, "thresholdMetricId") && !hasUnknown(queries) {
		return invalidAlarm("metricQueries: exactly one query must have returnData, here are %d", returning)
	}
	return nil
}

// alarmActions refuses actions in another Region or partition.
func (c *call) alarmActions(in props) error {
	for _, key := range alarmsActions {
		for _, arn := range strs(in, key) {
			parts, _ := splitARN(arn)
			switch {
			case parts.Partition != c.Partition:
				return invalidAlarm("%s: Invalid arn syntax: %s is not in partition %s", key, arn, c.Partition)
			case parts.Region != "" && parts.Region != c.Region:
				return invalidAlarm("%s: Invalid region %s specified. Only %s is supported. (%s)", key, parts.Region, c.Region, arn)
			}
		}
	}
	return nil
}

func (c *call) alarmARN(name string) string {
	return c.arn("cloudwatch", c.Region, c.ID, "alarm:"+name)
}

func createMetricAlarm(c *call, in props) (string, props, error) {
	name := str(in, "name")
	a := &alarm{ARN: c.alarmARN(name), Name: name, Region: c.Region}
	// PutMetricAlarm replaces an existing metric alarm of that name.
	if other, ok := c.Alarms.Alarms[a.ARN]; ok && other.Rule != "" {
		return "", nil, invalidAlarm("A composite alarm with the name %s exists already", name)
	}
	if err := c.putMetricAlarm(a, in); err != nil {
		return "", nil, err
	}
	c.Alarms.Alarms.put(a.ARN, a)
	return name, a.outputs(), nil
}

func (c *call) putMetricAlarm(a *alarm, in props) error {
	if err := c.may("cloudwatch:PutMetricAlarm", a.ARN); err != nil {
		return err
	}
	if err := c.alarmActions(in); err != nil {
		return err
	}
	a.Properties = stored(in)
	return nil
}

func (a *alarm) outputs() props {
	out := withDefaults(a.Properties, props{"actionsEnabled": true})
	if a.Rule == "" {
		out = withDefaults(out, props{"treatMissingData": "missing", "evaluateLowSampleCountPercentiles": ""})
		out["name"] = a.Name
	}
	out["arn"] = a.ARN
	return out
}

func readAlarm(c *call, id string, _ props) (props, error) {
	a, ok := c.Alarms.Alarms[c.alarmARN(id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("cloudwatch:DescribeAlarms", a.ARN); err != nil {
		return nil, err
	}
	return a.outputs(), nil
}

func updateMetricAlarm(c *call, id string, _, in props) (props, error) {
	a, ok := c.Alarms.Alarms[c.alarmARN(id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.putMetricAlarm(a, in); err != nil {
		return nil, err
	}
	return a.outputs(), nil
}

// deleteAlarm removes an alarm that no composite alarm watches.
func deleteAlarm(c *call, id string, _ props) error {
	a, ok := c.Alarms.Alarms[c.alarmARN(id)]
	if !ok {
		return errNotFound
	}
	if err := c.may("cloudwatch:DeleteAlarms", a.ARN); err != nil {
		return err
	}
	for _, other := range c.Alarms.Alarms {
		if other.Rule == "" || other.Region != c.Region {
			continue
		}
		rule, err := parseAlarmRule(other.Rule)
		if err == nil && slices.ContainsFunc(rule.alarms, func(ref string) bool { return ref == a.Name || ref == a.ARN }) {
			return refuse("ValidationError", fmt.Sprintf("Alarm %s cannot be deleted: the composite alarm %s depends on it", a.Name, other.Name),
				"https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html")
		}
	}
	delete(c.Alarms.Alarms, a.ARN)
	return nil
}
