package testkit

import (
	"strings"
	"unicode/utf8"
)

// nameLimits are how long AWS lets the names be that components choose, by type and property; each as its API reference says.
var nameLimits = map[string]map[string]int{
	"aws:accessanalyzer/analyzer:Analyzer":                            {"analyzerName": 255},
	"aws:athena/workgroup:Workgroup":                                  {"name": 128},
	"aws:budgets/budget:Budget":                                       {"name": 100},
	"aws:cfg/configurationAggregator:ConfigurationAggregator":         {"name": 256},
	"aws:cfg/conformancePack:ConformancePack":                         {"name": 51},
	"aws:cfg/deliveryChannel:DeliveryChannel":                         {"name": 256},
	"aws:cfg/recorder:Recorder":                                       {"name": 256},
	"aws:cfg/rule:Rule":                                               {"name": 128},
	"aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": {"configurationName": 128},
	"aws:cloudtrail/trail:Trail":                                      {"name": 128},
	"aws:cloudwatch/compositeAlarm:CompositeAlarm":                    {"alarmName": 255},
	"aws:cloudwatch/dashboard:Dashboard":                              {"dashboardName": 255},
	"aws:cloudwatch/eventApiDestination:EventApiDestination":          {"name": 64},
	"aws:cloudwatch/eventConnection:EventConnection":                  {"name": 64},
	"aws:cloudwatch/eventRule:EventRule":                              {"name": 64, "description": 512, "eventPattern": 2048},
	"aws:cloudwatch/eventTarget:EventTarget":                          {"targetId": 64},
	"aws:cloudwatch/logGroup:LogGroup":                                {"name": 512},
	"aws:cloudwatch/logMetricFilter:LogMetricFilter":                  {"name": 512, "pattern": 1024},
	"aws:cloudwatch/metricAlarm:MetricAlarm":                          {"name": 255, "alarmDescription": 1024},
	"aws:costexplorer/anomalyMonitor:AnomalyMonitor":                  {"name": 1024},
	"aws:costexplorer/anomalySubscription:AnomalySubscription":        {"name": 1024},
	"aws:guardduty/filter:Filter":                                     {"name": 64, "description": 512},
	"aws:guardduty/iPSet:IPSet":                                       {"name": 300},
	"aws:guardduty/threatIntelSet:ThreatIntelSet":                     {"name": 300},
	"aws:iam/group:Group":                                             {"name": 128},
	"aws:iam/policy:Policy":                                           {"name": 128, "policy": 6144},
	"aws:iam/role:Role":                                               {"name": 64, "description": 1000, "assumeRolePolicy": 2048},
	"aws:iam/rolePolicy:RolePolicy":                                   {"name": 128, "policy": 10240},
	"aws:kms/alias:Alias":                                             {"name": 256},
	"aws:kms/key:Key":                                                 {"description": 8192},
	"aws:s3/bucketV2:BucketV2":                                        {"bucket": 63},
	"aws:scheduler/schedule:Schedule":                                 {"name": 64, "description": 512},
	"aws:sfn/stateMachine:StateMachine":                               {"name": 80},
	"aws:sns/topic:Topic":                                             {"name": 256, "displayName": 100},
	"aws:sqs/queue:Queue":                                             {"name": 80},
}

// NamesWithinLimits checks that every name and text that AWS limits is short enough.
func (d *Deployment) NamesWithinLimits() {
	d.t.Helper()
	for _, r := range d.All() {
		for property, most := range nameLimits[r.Type] {
			if length := utf8.RuneCountInString(r.String(property)); length > most {
				d.t.Errorf("%s: %s is %d characters long, at most %d are possible: %s", r.URN, property, length, most, r.String(property))
			}
		}
	}
}

// NoSecretInPlain checks that what holds a secret text is marked as a secret.
func (d *Deployment) NoSecretInPlain(secret string) {
	d.t.Helper()
	for _, r := range d.All() {
		for _, s := range r.Strings() {
			if strings.Contains(s.Value, secret) && !r.Secret(s.Path) {
				d.t.Errorf("%s: %s holds a secret in plain", r.URN, s.Path)
			}
		}
	}
}
