package estimate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/declared"
)

const tokyo = "ap-northeast-1"

// of is a resource of a component in the home Region; inputs are JSON.
func of(t *testing.T, token, name, inputs string) Resource {
	t.Helper()
	r := Resource{Type: token, Name: name, Component: "it", Region: tokyo, Inputs: map[string]any{}}
	if inputs != "" {
		require.NoError(t, json.Unmarshal([]byte(inputs), &r.Inputs))
	}
	return r
}

func in(region string, r Resource) Resource {
	r.Region = region
	return r
}

func within(component string, r Resource) Resource {
	r.Component = component
	return r
}

// several copies of a resource with numbered names.
func several(n int, r Resource) (all []Resource) {
	for i := range n {
		copied := r
		copied.Name = fmt.Sprintf("%s-%d", r.Name, i)
		all = append(all, copied)
	}
	return all
}

const (
	trailType    = "aws:cloudtrail/trail:Trail"
	bucketType   = "aws:s3/bucketV2:BucketV2"
	recorderType = "aws:cfg/recorder:Recorder"
	ruleType     = "aws:cfg/rule:Rule"
	featureType  = "aws:guardduty/detectorFeature:DetectorFeature"
	detectorType = "aws:guardduty/detector:Detector"
	standardType = "aws:securityhub/standardsSubscription:StandardsSubscription"
	keyType      = "aws:kms/key:Key"
	alarmType    = "aws:cloudwatch/metricAlarm:MetricAlarm"
	topicType    = "aws:sns/topic:Topic"
	mailType     = "aws:sns/topicSubscription:TopicSubscription"
	targetType   = "aws:cloudwatch/eventTarget:EventTarget"
	analyzerType = "aws:accessanalyzer/analyzer:Analyzer"
)

// selectorOf is an advanced event selector for one resource type.
func selectorOf(resourceType string) string {
	return `{"fieldSelectors": [{"field": "eventCategory", "equals": ["Data"]}, {"field": "resources.type", "equals": ["` + resourceType + `"]}]}`
}

const elsewhere = `{"s3BucketName": "elsewhere"}`

// idleEvents is what a detector costs at least: 2,000 management events at $4 for a million.
const idleEvents = 0.008

// TestBills compares bills with those worked out by hand.
func TestBills(t *testing.T) {
	inclusion := `{"recordingGroup": {"recordingStrategies": [{"useOnly": "INCLUSION_BY_RESOURCE_TYPES"}], "resourceTypes": ["AWS::EC2::SecurityGroup", "AWS::IAM::Role"]},
		"recordingMode": {"recordingFrequency": "DAILY"}}`
	for _, tt := range []struct {
		name      string
		resources []Resource
		volumes   Volumes
		want      float64 // a month
	}{
		// AWS's own examples.
		{"CloudTrail's price page: two trails, 150,000 management and 2 million data events", // 150,000 at $2 for 100,000 + 2,000,000 at $0.10 for 100,000 = 3 + 2
			[]Resource{of(t, trailType, "a", `{"s3BucketName": "elsewhere", "advancedEventSelectors": [`+selectorOf("AWS::S3::Object")+`]}`), of(t, trailType, "b", elsewhere)},
			Volumes{ManagementEvents: 150_000, S3DataEvents: 2 * million}, 5},
		{"CloudTrail's guide, example 1: 270,000 reads and 30,000 writes make 330,000 analysed events", // 330,000 at $0.35 for 100,000
			[]Resource{of(t, trailType, "a", `{"s3BucketName": "elsewhere", "insightSelectors": [{"insightType": "ApiCallRateInsight"}, {"insightType": "ApiErrorRateInsight"}]}`)},
			Volumes{ManagementEvents: 300_000, WriteShare: 0.1}, 1.155},
		{"CloudTrail's guide, example 2: 710,000 reads and 90,000 writes, one kind on each of two trails", // (90,000 + 800,000) at $0.35 for 100,000 = 3.115, and the second copy: 800,000 at $2 for 100,000 = 16
			[]Resource{of(t, trailType, "a", `{"s3BucketName": "elsewhere", "insightSelectors": [{"insightType": "ApiCallRateInsight"}]}`), of(t, trailType, "b", `{"s3BucketName": "elsewhere", "insightSelectors": [{"insightType": "ApiErrorRateInsight"}]}`)},
			Volumes{ManagementEvents: 800_000, WriteShare: 0.1125}, 19.115},

		// The quantities and prices of the worked examples of GuardDuty's price page, as transcribed on 2026-10-07 in
		// github.com/api-evangelist/amazon-guardduty, plans/amazon-guardduty-plans-pricing.yml.
		{"GuardDuty's price page: 3,000 GB of flow and DNS logs", // 500 at $1, the next 2,000 at $0.50, the last 500 at $0.25
			[]Resource{of(t, detectorType, "d", "")}, Volumes{FlowLogGigabytes: 3000}, 1625 + idleEvents},
		{"GuardDuty's price page: 1,000 million S3 data events", // 500 million at $0.80, the next 500 million at $0.40, each for a million
			[]Resource{of(t, featureType, "s3", `{"name": "S3_DATA_EVENTS", "status": "ENABLED"}`)}, Volumes{S3DataEvents: 1000 * million}, 600},
		{"GuardDuty's price page: 200 million EKS audit log events", // 100 million at $1.60, the next 100 million at $0.80
			[]Resource{of(t, featureType, "eks", `{"name": "EKS_AUDIT_LOGS", "status": "ENABLED"}`)}, Volumes{EKSAuditEvents: 200 * million}, 240},
		{"GuardDuty's price page: 5,000 vCPUs under runtime monitoring", // 500 at $1.50, the next 4,500 at $0.75
			[]Resource{of(t, featureType, "runtime", `{"name": "RUNTIME_MONITORING", "status": "ENABLED"}`)}, Volumes{RuntimeVirtualCPUs: 5000}, 4125},
		{"GuardDuty's price page: 5,000 new S3 objects, 1,000 of them free", // 4,000 at $0.215 for 1,000
			[]Resource{of(t, "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan", "p", "")}, Volumes{S3ObjectsScanned: 5000}, 0.86},

		// CloudTrail.
		{"the first copy of management events is free", []Resource{of(t, trailType, "a", elsewhere)}, Volumes{ManagementEvents: million}, 0},
		{"the only declared trail beside one that exists", []Resource{of(t, trailType, "a", elsewhere)}, Volumes{ManagementEvents: million, OtherTrails: 1}, 20},
		{"data events of three kinds", // (1,000,000 + 500,000 + 200,000) at $0.10 for 100,000
			[]Resource{of(t, trailType, "a", `{"s3BucketName": "elsewhere", "advancedEventSelectors": [`+selectorOf("AWS::S3::Object")+`,`+selectorOf("AWS::Lambda::Function")+`,`+selectorOf("AWS::DynamoDB::Table")+`]}`)},
			Volumes{S3DataEvents: million, LambdaDataEvents: 500_000, DynamoDBDataEvents: 200_000}, 1.70},
		{"writes only", // 10% of 1,000,000 at $0.10 for 100,000
			[]Resource{of(t, trailType, "a", `{"s3BucketName": "elsewhere", "advancedEventSelectors": [{"fieldSelectors": [{"field": "eventCategory", "equals": ["Data"]}, {"field": "resources.type", "equals": ["AWS::S3::Object"]}, {"field": "readOnly", "equals": ["false"]}]}]}`)},
			Volumes{S3DataEvents: million, WriteShare: 0.1}, 0.10},
		{"network activity of two services", // the volume is that of both: 300,000 at $0.10 for 100,000
			[]Resource{of(t, trailType, "a", `{"s3BucketName": "elsewhere", "advancedEventSelectors": [{"fieldSelectors": [{"field": "eventCategory", "equals": ["NetworkActivity"]}, {"field": "eventSource", "equals": ["kms.amazonaws.com"]}]}, {"fieldSelectors": [{"field": "eventCategory", "equals": ["NetworkActivity"]}, {"field": "eventSource", "equals": ["ec2.amazonaws.com"]}]}]}`)},
			Volumes{NetworkActivityEvents: 300_000}, 0.30},
		{"an archive after a year", // 2 GB × 12 months × $0.023 + 40,000 PUTs at $0.005 for 1,000
			[]Resource{of(t, bucketType, "logs", `{"bucket": "logs"}`), of(t, trailType, "a", `{"s3BucketName": "logs"}`)},
			Volumes{ArchiveGigabytes: 2, ArchiveObjects: 40_000}, 0.752},
		{"an archive that expires after 90 days", // 2 GB × 3 months × $0.023
			[]Resource{of(t, bucketType, "logs", `{"bucket": "logs"}`), of(t, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "l", `{"bucket": "logs", "rules": [{"expiration": {"days": 90}}]}`),
				of(t, trailType, "a", `{"s3BucketName": "logs"}`)},
			Volumes{ArchiveGigabytes: 2}, 0.138},
		{"a log group kept a year", // 5,242,880 events × 2 KB = 10 GB: (10 − 5 free) × $0.50 + 10 × 0.15 × 12 × $0.03
			[]Resource{of(t, trailType, "a", `{"s3BucketName": "elsewhere", "cloudWatchLogsGroupArn": "arn:x"}`), of(t, "aws:cloudwatch/logGroup:LogGroup", "g", `{"retentionInDays": 400}`)},
			Volumes{ManagementEvents: 5_242_880, EventKilobytes: 2}, 3.04},
		{"a log group kept 30 days", // 2.50 + 10 × 0.15 × 1 × $0.03
			[]Resource{of(t, trailType, "a", `{"s3BucketName": "elsewhere", "cloudWatchLogsGroupArn": "arn:x"}`), of(t, "aws:cloudwatch/logGroup:LogGroup", "g", `{"retentionInDays": 30}`)},
			Volumes{ManagementEvents: 5_242_880, EventKilobytes: 2}, 2.545},
		{"data events that go to the log group as well", // data events: 5,242,880 at $0.10 for 100,000 = 5.24288; 10 GB of management and 10 GB of data events: (20 − 5 free) × $0.50 + 20 × 0.15 × 1 × $0.03
			[]Resource{of(t, trailType, "a", `{"s3BucketName": "elsewhere", "cloudWatchLogsGroupArn": "arn:x", "advancedEventSelectors": [`+selectorOf("AWS::S3::Object")+`]}`),
				of(t, "aws:cloudwatch/logGroup:LogGroup", "g", `{"retentionInDays": 30}`)},
			Volumes{ManagementEvents: 5_242_880, S3DataEvents: 5_242_880, EventKilobytes: 2}, 5.24288 + 7.50 + 0.09},
		{"data events in the archive", // 5.24288, and 10 GB × 0.15 × 12 months × $0.023
			[]Resource{of(t, bucketType, "logs", `{"bucket": "logs"}`), of(t, trailType, "a", `{"s3BucketName": "logs", "advancedEventSelectors": [`+selectorOf("AWS::S3::Object")+`]}`)},
			Volumes{S3DataEvents: 5_242_880, EventKilobytes: 2}, 5.24288 + 0.414},
		{"15 metric filters that always match", // (15 − 10 free) × $0.30
			several(15, of(t, "aws:cloudwatch/logMetricFilter:LogMetricFilter", "f", "")), Volumes{MetricHours: 1}, 1.50},
		{"15 metric filters that seldom match", // 15 × 0.1 = 1.5 of 10 free
			several(15, of(t, "aws:cloudwatch/logMetricFilter:LogMetricFilter", "f", "")), Volumes{MetricHours: 0.1}, 0},
		{"10 alarms", several(10, of(t, alarmType, "a", "")), Volumes{}, 0},
		{"17 alarms", several(17, of(t, alarmType, "a", "")), Volumes{}, 0.70},
		{"an alarm over twelve metrics", // (12 − 10 free) × $0.10
			[]Resource{of(t, alarmType, "a", `{"metricQueries": [`+strings.TrimSuffix(strings.Repeat(`{"metric": {}},`, 12), ",")+`, {"expression": "a+b"}]}`)}, Volumes{}, 0.20},
		{"queries over two workgroups", // 512 of 1,024 GB at $5
			several(2, of(t, "aws:athena/workgroup:Workgroup", "w", "")), Volumes{AthenaGigabytes: 512}, 2.50},

		// AWS Config.
		{"everything continuously", // 2,000 × $0.003
			[]Resource{of(t, recorderType, "r", `{"recordingGroup": {"allSupported": true}, "recordingMode": {"recordingFrequency": "CONTINUOUS"}}`)},
			Volumes{ConfigurationItems: 2000, ChangesMergedByDaily: 5}, 6},
		{"everything daily", // 2,000 ÷ 5 × $0.012
			[]Resource{of(t, recorderType, "r", `{"recordingMode": {"recordingFrequency": "DAILY"}}`)}, Volumes{ConfigurationItems: 2000, ChangesMergedByDaily: 5}, 4.80},
		{"continuously, network interfaces and subnets daily", // 40% ÷ 5 × $0.012 + 60% × $0.003, of 2,000: 1.92 + 3.60
			[]Resource{of(t, recorderType, "r", `{"recordingMode": {"recordingFrequency": "CONTINUOUS", "recordingModeOverride": {"recordingFrequency": "DAILY", "resourceTypes": ["AWS::EC2::NetworkInterface", "AWS::EC2::Subnet"]}}}`)},
			Volumes{ConfigurationItems: 2000, ChangesMergedByDaily: 5}, 5.52},
		{"two types daily", []Resource{of(t, recorderType, "r", inclusion)}, // (5% + 4%) of 2,000 ÷ 5 × $0.012
			Volumes{ConfigurationItems: 2000, ChangesMergedByDaily: 5}, 0.432},
		{"without network interfaces", // 70% of 2,000 × $0.003
			[]Resource{of(t, recorderType, "r", `{"recordingGroup": {"recordingStrategies": [{"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}], "exclusionByResourceTypes": [{"resourceTypes": ["AWS::EC2::NetworkInterface"]}]}}`)},
			Volumes{ConfigurationItems: 2000, ChangesMergedByDaily: 5}, 4.20},
		{"a recorder of an idle Region", []Resource{in("eu-west-1", of(t, recorderType, "r", ""))}, Volumes{ConfigurationItems: 2000, ChangesMergedByDaily: 5}, 0},
		{"40 rules that changes trigger", // 40 × 50 × $0.001
			several(40, of(t, ruleType, "r", `{"scope": {"complianceResourceTypes": ["AWS::S3::Bucket"]}}`)), Volumes{EvaluationsPerRule: 50}, 2},
		{"15 rules on the account, a day", // 15 × 30 × $0.001
			several(15, of(t, ruleType, "r", `{"source": {"owner": "AWS", "sourceIdentifier": "IAM_PASSWORD_POLICY"}}`)), Volumes{EvaluationsPerRule: 50, ResourcesPerRule: 20}, 0.45},
		{"a rule on 20 users, a day, and in an idle Region", // 20 × 30 × $0.001 + 30 × $0.001
			[]Resource{of(t, ruleType, "r", `{"source": {"owner": "AWS", "sourceIdentifier": "IAM_USER_MFA_ENABLED"}}`), in("eu-west-1", of(t, ruleType, "r", `{"source": {"owner": "AWS", "sourceIdentifier": "IAM_USER_MFA_ENABLED"}}`))},
			Volumes{ResourcesPerRule: 20}, 0.63},
		{"a rule every hour in two Regions", // 2 × 720 × $0.001
			[]Resource{of(t, ruleType, "r", `{"maximumExecutionFrequency": "One_Hour"}`), in("eu-west-1", of(t, ruleType, "r", `{"maximumExecutionFrequency": "One_Hour"}`))}, Volumes{}, 1.44},
		{"evaluations beyond the first step", // 100,000 × $0.001 + 20,000 × $0.0008
			several(60, of(t, ruleType, "r", `{"scope": {"complianceResourceTypes": ["AWS::S3::Bucket"]}}`)), Volumes{EvaluationsPerRule: 2000}, 116},
		{"a pack of two rules", // 2 × 100 × $0.001
			[]Resource{of(t, "aws:cfg/conformancePack:ConformancePack", "p", `{"templateBody": "A: {Type: AWS::Config::ConfigRule}\nB: {Type: AWS::Config::ConfigRule}"}`)}, Volumes{EvaluationsPerRule: 100}, 0.20},

		// Detection.
		{"a detector", // 500,000 at $4 for 1,000,000 + 10 GB at $1
			[]Resource{of(t, detectorType, "d", `{"enable": true}`)}, Volumes{ManagementEvents: 500_000, FlowLogGigabytes: 10}, 12},
		{"a detector that is suspended", []Resource{of(t, detectorType, "d", `{"enable": false}`)}, Volumes{ManagementEvents: 500_000, FlowLogGigabytes: 10}, 0},
		{"detectors of two idle Regions", // 2 × 2,000 at $4 for 1,000,000
			[]Resource{in("eu-west-1", of(t, detectorType, "d", "")), in("eu-west-2", of(t, detectorType, "d", ""))}, Volumes{ManagementEvents: 500_000, FlowLogGigabytes: 10}, 0.016},
		{"every plan", // 1M S3 at 0.80 + 1M EKS at 1.60 + 100 GB at 0.03 + 2 vCPUs at 1 + 3 GB at 1 + 4 vCPUs at 1.50
			[]Resource{
				of(t, featureType, "s3", `{"name": "S3_DATA_EVENTS", "status": "ENABLED"}`), of(t, featureType, "eks", `{"name": "EKS_AUDIT_LOGS", "status": "ENABLED"}`),
				of(t, featureType, "ebs", `{"name": "EBS_MALWARE_PROTECTION", "status": "ENABLED"}`), of(t, featureType, "rds", `{"name": "RDS_LOGIN_EVENTS", "status": "ENABLED"}`),
				of(t, featureType, "lambda", `{"name": "LAMBDA_NETWORK_LOGS", "status": "ENABLED"}`), of(t, featureType, "runtime", `{"name": "RUNTIME_MONITORING", "status": "ENABLED"}`),
			},
			Volumes{S3DataEvents: million, EKSAuditEvents: million, EBSGigabytesScanned: 100, DatabaseVirtualCPUs: 2, LambdaLogGigabytes: 3, RuntimeVirtualCPUs: 4}, 16.40},
		{"a plan that is off", []Resource{of(t, featureType, "s3", `{"name": "S3_DATA_EVENTS", "status": "DISABLED"}`)}, Volumes{S3DataEvents: million}, 0},
		{"malware protection of two buckets", // (3 − 1 free) GB × $0.09 + (5,000 − 1,000 free) at $0.215 for 1,000: AWS's example has the same 4,000
			several(2, of(t, "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan", "p", "")), Volumes{S3GigabytesScanned: 3, S3ObjectsScanned: 5000}, 1.04},
		{"one standard at home", []Resource{of(t, standardType, "fsbp", "")}, Volumes{SecurityChecks: 10_000}, 10},
		{"one standard in an idle account", []Resource{of(t, standardType, "fsbp", "")}, Volumes{SecurityChecks: 100}, 6}, // 6,000 × $0.001
		{"two standards in two Regions", // home 10,000 × 1.2 + idle 6,000 × 1.2, × $0.001
			append([]Resource{of(t, standardType, "cis", ""), of(t, standardType, "fsbp", "")}, in("eu-west-1", of(t, standardType, "cis", "")), in("eu-west-1", of(t, standardType, "fsbp", ""))),
			Volumes{SecurityChecks: 10_000}, 19.20},
		{"findings beyond the free ones", []Resource{of(t, "aws:securityhub/account:Account", "h", "")}, Volumes{Findings: 110_000}, 3}, // 100,000 × $0.00003
		{"unused access", []Resource{of(t, analyzerType, "u", `{"type": "ACCOUNT_UNUSED_ACCESS"}`)}, Volumes{IAMIdentities: 50}, 10},
		{"external access is free", []Resource{of(t, analyzerType, "e", `{"type": "ACCOUNT"}`)}, Volumes{IAMIdentities: 50}, 0},
		{"Inspector", // 2 × $1.2528 + 10 × $0.09
			[]Resource{of(t, "aws:inspector2/enabler:Enabler", "i", `{"resourceTypes": ["EC2", "ECR"]}`)}, Volumes{Instances: 2, ContainerImages: 10}, 3.4056},
		{"Macie", []Resource{of(t, "aws:macie2/account:Account", "m", "")}, Volumes{Buckets: 20, MacieGigabytes: 5}, 6}, // 20 × $0.10 + (5 − 1 free) × $1

		// Alerts.
		{"two keys", // 2 × $1 + (50,000 − 20,000 free) at $0.03 for 10,000
			several(2, of(t, keyType, "k", "")), Volumes{KMSRequests: 50_000}, 2.09},
		{"mails to two addresses", // 3 topics with 2 addresses each: 50,000 × 2 − 1,000 free, at $2 for 100,000
			append(several(3, of(t, topicType, "t", "")), of(t, mailType, "a", `{"protocol": "email", "topic": "t0"}`), of(t, mailType, "b", `{"protocol": "email", "topic": "t0"}`),
				of(t, mailType, "c", `{"protocol": "email", "topic": "t1"}`), of(t, mailType, "d", `{"protocol": "email", "topic": "t1"}`),
				of(t, mailType, "e", `{"protocol": "email", "topic": "t2"}`), of(t, mailType, "f", `{"protocol": "email", "topic": "t2"}`)),
			Volumes{Alerts: 50_000}, 1.98},
		{"1,000 mails are free", []Resource{of(t, topicType, "t", ""), of(t, mailType, "a", `{"protocol": "email", "topic": "t"}`)}, Volumes{Alerts: 1000}, 0},
		{"a webhook", // 100,000 at $0.20 for 1,000,000, as many at $0.40; 648,000 polls are free
			[]Resource{of(t, "aws:cloudwatch/eventApiDestination:EventApiDestination", "d", ""), of(t, "aws:pipes/pipe:Pipe", "p", "")}, Volumes{Alerts: 100_000}, 0.06},
		{"two pipes", // (2 × 648,000 − 1,000,000 free) at $0.40 for 1,000,000
			several(2, of(t, "aws:pipes/pipe:Pipe", "p", "")), Volumes{}, 0.1184},
		{"events carried from two Regions by many rules", // 2 × 500,000 at $1 for 1,000,000
			append(several(5, in("eu-west-1", of(t, targetType, "x", `{"arn": "arn:aws:events:ap-northeast-1:111122223333:event-bus/default"}`))),
				several(5, in("us-east-1", of(t, targetType, "y", `{"arn": "arn:aws:events:ap-northeast-1:111122223333:event-bus/default"}`)))...),
			Volumes{ForwardedEvents: 500_000}, 1},
		{"a target of the same Region", []Resource{of(t, targetType, "x", `{"arn": "arn:aws:sns:ap-northeast-1:111122223333:topic"}`)}, Volumes{ForwardedEvents: 500_000}, 0},

		// Billing.
		{"a weekly report", // 30 ÷ 7 runs × 2 requests × $0.01; the transitions are free
			[]Resource{of(t, "aws:scheduler/schedule:Schedule", "weekly", `{"scheduleExpression": "cron(0 9 ? * MON *)", "target": {"arn": "arn:aws:states:x:1:stateMachine:report"}}`),
				of(t, "aws:sfn/stateMachine:StateMachine", "report", `{"name": "report", "definition": "{\"States\": {\"A\": {\"Resource\": \"arn:aws:states:::aws-sdk:costexplorer:getCostAndUsage\"}, \"B\": {\"Resource\": \"arn:aws:states:::aws-sdk:costexplorer:getCostForecast\"}, \"C\": {\"Resource\": \"arn:aws:states:::sns:publish\"}}}"}`)},
			Volumes{}, 0.085714},
		{"a report every minute", // 43,200 runs × 2 states − 4,000 free, at $0.025 for 1,000
			[]Resource{of(t, "aws:scheduler/schedule:Schedule", "often", `{"scheduleExpression": "rate(1 minute)", "target": {"arn": "arn:aws:states:x:1:stateMachine:report"}}`),
				of(t, "aws:sfn/stateMachine:StateMachine", "report", `{"name": "report", "definition": "{\"States\": {\"A\": {}, \"B\": {}}}"}`)},
			Volumes{}, 2.06},
		{"budgets and anomalies are free", []Resource{of(t, "aws:budgets/budget:Budget", "b", ""), of(t, "aws:costexplorer/anomalyMonitor:AnomalyMonitor", "m", ""), of(t, "aws:costexplorer/anomalySubscription:AnomalySubscription", "s", "")}, Volumes{}, 0},
		{"two budgets with actions are free", []Resource{of(t, "aws:budgets/budgetAction:BudgetAction", "a", `{"budgetName": "x"}`), of(t, "aws:budgets/budgetAction:BudgetAction", "b", `{"budgetName": "x"}`), of(t, "aws:budgets/budgetAction:BudgetAction", "c", `{"budgetName": "y"}`)}, Volumes{}, 0},
		{"three budgets with actions", // (90 − 62 free) × $0.10
			[]Resource{of(t, "aws:budgets/budgetAction:BudgetAction", "a", `{"budgetName": "x"}`), of(t, "aws:budgets/budgetAction:BudgetAction", "b", `{"budgetName": "y"}`), of(t, "aws:budgets/budgetAction:BudgetAction", "c", `{"budgetName": "z"}`)}, Volumes{}, 2.80},
		{"four dashboards", several(4, dashboardOf(t, 50)), Volumes{}, 3},
		{"three dashboards", several(3, dashboardOf(t, 0)), Volumes{}, 0},
		{"a dashboard of 51 metrics is none of the free ones", []Resource{dashboardOf(t, 51)}, Volumes{}, 3},
		{"three small dashboards and a large one", append(several(3, dashboardOf(t, 50)), within("overview", dashboardOf(t, 512))), Volumes{}, 3},
		{"a digest that asks four questions a week", // 30 ÷ 7 runs × 4 queries × 70 GB × 7 ÷ 30 × $0.005 = 1.40, and (70 − 5 free) × $0.50
			digestOf(t, `{"States": {"Ask": {"Type": "Map", "Items": [1, 2, 3, 4], "ItemProcessor": {"States": {"Q": {"Resource": "arn:aws:states:::aws-sdk:cloudwatchlogs:startQuery"}, "R": {"Resource": "arn:aws:states:::aws-sdk:cloudwatchlogs:getQueryResults"}}}}}}`),
			Volumes{ManagementEvents: 70 * kilobytes / 2.0, EventKilobytes: 2}, 1.40 + 32.50},
		{"a digest with a query of its own beside them", // five instead of four
			digestOf(t, `{"States": {"Q": {"Resource": "arn:aws:states:::aws-sdk:cloudwatchlogs:startQuery"}, "Ask": {"Type": "Map", "Items": [1, 2, 3, 4], "ItemProcessor": {"States": {"Q": {"Resource": "arn:aws:states:::aws-sdk:cloudwatchlogs:startQuery"}}}}}}`),
			Volumes{ManagementEvents: 70 * kilobytes / 2.0, EventKilobytes: 2}, 1.75 + 32.50},
		{"a digest that asks nothing of logs", digestOf(t, `{"States": {"Q": {"Resource": "arn:aws:states:::aws-sdk:config:describeComplianceByConfigRule"}}}`),
			Volumes{ManagementEvents: 70 * kilobytes / 2.0, EventKilobytes: 2}, 32.50},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := Monthly(tt.resources, tt.volumes, Options{Home: tokyo})
			assert.InDelta(t, tt.want, e.Monthly(), 1e-6, "\n%s", e.Table())
		})
	}
}

// dashboardOf shows that many metrics, in widgets of at most ten.
func dashboardOf(t *testing.T, metrics int) Resource {
	t.Helper()
	widgets := []any{map[string]any{"type": "text", "properties": map[string]any{"markdown": "metrics"}}}
	for ; metrics > 0; metrics -= 10 {
		widgets = append(widgets, map[string]any{"type": "metric", "properties": map[string]any{"metrics": make([]any, min(10, metrics))}})
	}
	body, err := json.Marshal(map[string]any{"widgets": widgets})
	require.NoError(t, err)
	r := of(t, "aws:cloudwatch/dashboard:Dashboard", "d", "")
	r.Inputs["dashboardBody"] = string(body)
	return r
}

// digestOf is a state machine that a schedule starts every week.
func digestOf(t *testing.T, definition string) []Resource {
	t.Helper()
	machine := of(t, "aws:sfn/stateMachine:StateMachine", "digest", `{"name": "digest"}`)
	machine.Inputs["definition"] = definition
	trail := of(t, trailType, "a", `{"s3BucketName": "elsewhere", "cloudWatchLogsGroupArn": "arn:x"}`)
	return []Resource{machine, trail, of(t, "aws:scheduler/schedule:Schedule", "weekly", `{"scheduleExpression": "cron(0 8 ? * MON *)", "target": {"arn": "arn:aws:states:x:1:stateMachine:digest"}}`)}
}

// TestRulesOfTheAccountAreThoseOfTheBaseline: every other periodic rule is priced by the resources that it looks at.
func TestRulesOfTheAccountAreThoseOfTheBaseline(t *testing.T) {
	known := map[string]bool{}
	for _, rule := range configbaseline.KnownRules() {
		if rule.Trigger == configbaseline.Periodic && slices.Equal(rule.ResourceTypes, []string{"AWS::::Account"}) {
			known[rule.Identifier] = true
		}
	}
	assert.Equal(t, known, ofTheAccount)
}

// TestDashboardsThatAreNotKnownYet are said to be.
func TestDashboardsThatAreNotKnownYet(t *testing.T) {
	e := Monthly([]Resource{of(t, "aws:cloudwatch/dashboard:Dashboard", "view", "")}, Volumes{}, Options{Home: tokyo, WithoutFreeTier: true})
	assert.InDelta(t, 3, e.Monthly(), 1e-9)
	assert.Contains(t, strings.Join(e.Uncovered, "\n"), "how many metrics the dashboard view has")
}

// TestFreeAllowancesAreSharedOut: what an allowance is counted over, lines share in their order.
func TestFreeAllowancesAreSharedOut(t *testing.T) {
	resources := append(several(8, within("alerts", of(t, alarmType, "a", ""))), several(15, within("audit", in("us-east-1", of(t, alarmType, "b", ""))))...)
	e := Monthly(resources, Volumes{}, Options{Home: tokyo})
	require.Len(t, e.Lines, 2)
	assert.InDelta(t, 8, e.Lines[0].Free, 1e-9)
	assert.InDelta(t, 2, e.Lines[1].Free, 1e-9, "what is left over all Regions")
	assert.InDelta(t, 1.30, e.Monthly(), 1e-9) // (23 − 10) × $0.10
	assert.InDelta(t, 2.30, Monthly(resources, Volumes{}, Options{Home: tokyo, WithoutFreeTier: true}).Monthly(), 1e-9)

	findings := []Resource{of(t, "aws:securityhub/account:Account", "h", ""), in("us-east-1", of(t, standardType, "s", ""))}
	e = Monthly(findings, Volumes{Findings: 9_000, SecurityChecks: 6000}, Options{Home: tokyo})
	assert.InDelta(t, 6, e.Monthly(), 1e-9, "allowances of each Region")
}

// TestFirstMonth: trials take off, the first day adds.
func TestFirstMonth(t *testing.T) {
	e := Monthly([]Resource{of(t, detectorType, "d", ""), of(t, keyType, "k", ""), of(t, "aws:inspector2/enabler:Enabler", "i", `{"resourceTypes": ["EC2"]}`)},
		Volumes{ManagementEvents: million, Instances: 10}, Options{Home: tokyo})
	assert.InDelta(t, 4+1+12.528, e.Monthly(), 1e-9)
	assert.InDelta(t, 0+1+6.264, e.FirstMonth(), 1e-9, "30 days of GuardDuty, 15 of Inspector")

	// 8 of the network and 30 ready-made things, two declared roles and the result of one rule, × $0.003.
	e = Monthly([]Resource{of(t, recorderType, "r", `{"recordingMode": {"recordingFrequency": "CONTINUOUS"}}`), of(t, "aws:iam/role:Role", "a", ""), of(t, "aws:iam/role:Role", "b", ""), of(t, ruleType, "c", "")},
		Volumes{ChangesMergedByDaily: 1}, Options{Home: tokyo})
	assert.InDelta(t, 41*0.003, e.Once(), 1e-9)
	assert.InDelta(t, 0.03, e.Monthly(), 1e-9, "the rule's 30 evaluations")
	assert.InDelta(t, e.Monthly()+e.Once(), e.FirstMonth(), 1e-9)
}

func TestUncoveredIsSaid(t *testing.T) {
	e := Monthly([]Resource{
		of(t, "aws:quantum/computer:Computer", "q", ""), of(t, "random:index/id:Id", "free", ""), of(t, trailType, "a", elsewhere),
		of(t, "aws:cfg/remediationConfiguration:RemediationConfiguration", "r", ""), of(t, "aws:cfg/conformancePack:ConformancePack", "p", `{"templateS3Uri": "s3://x"}`),
		of(t, analyzerType, "i", `{"type": "ACCOUNT_INTERNAL_ACCESS"}`), of(t, "aws:scheduler/schedule:Schedule", "s", `{"scheduleExpression": "cron(0 9 ? * MON-FRI *)"}`),
	}, Presets()["team"], Options{Home: tokyo})
	for _, want := range []string{
		"resources of type aws:quantum/computer:Computer: what they cost is not known here",
		"log storage in a bucket that the program does not declare: the account that owns it pays",
		"remediation: steps of Systems Manager Automation, for which no source of the price was found",
		"conformance packs whose template is not in the program: $0.001 an evaluation",
		"internal access analyzers, for which no source of the price was found",
		"the schedule cron(0 9 ? * MON-FRI *) of s",
		"taxes, support plans, discounts and credits",
	} {
		assert.Contains(t, e.Uncovered, want)
		assert.Contains(t, e.Table(), want)
	}
	assert.NotContains(t, strings.Join(e.Uncovered, "\n"), "random")
}

// TestAPriceOfAnotherRegionIsLabelled: of one whose source gives the Region's own, and of one that is the same everywhere, nothing is said.
func TestAPriceOfAnotherRegionIsLabelled(t *testing.T) {
	table := func(region string) string {
		detector := in(region, of(t, detectorType, "d", ""))
		databases := in(region, of(t, featureType, "rds", `{"name": "RDS_LOGIN_EVENTS", "status": "ENABLED"}`))
		return Monthly([]Resource{detector, databases, in(region, of(t, keyType, "k", ""))}, Presets()["team"], Options{Home: region}).Table()
	}
	assert.Regexp(t, `GuardDuty, management events +500,000 events +\$4 for 1,000,000 \(us-east-1\) `, table(tokyo))
	assert.Regexp(t, `GuardDuty RDS Protection +2 vCPUs +\$1 \(us-east-1\) `, table(tokyo))
	assert.Regexp(t, `KMS keys +1 key +\$1  `, table(tokyo))
	assert.Contains(t, table(tokyo), "A price in brackets is that of another Region")
	assert.Regexp(t, `GuardDuty RDS Protection +2 vCPUs +\$1.35  `, table("eu-central-2"))
	assert.NotContains(t, table(northVirginia), "(us-east-1)")
	assert.NotContains(t, table(northVirginia), "in brackets")
}

func TestLimit(t *testing.T) {
	e := Monthly(append(several(3, of(t, keyType, "k", "")), of(t, standardType, "s", "")), Volumes{SecurityChecks: 10_000}, Options{Home: tokyo})
	require.NoError(t, e.Over(0), "0 is no limit")
	require.NoError(t, e.Over(13))
	require.EqualError(t, e.Over(12.99),
		"the baseline is estimated at $13.00 a month, above the limit of $12.99; most of it: Security Hub checks $10.00, KMS keys $3.00")
}

func TestDifferences(t *testing.T) {
	team := Volumes{ConfigurationItems: 2000, ChangesMergedByDaily: 5, SecurityChecks: 10_000, S3DataEvents: million}
	recorder := func(frequency string) Resource {
		return of(t, recorderType, "r", `{"recordingMode": {"recordingFrequency": "`+frequency+`"}}`)
	}
	for _, tt := range []struct {
		name          string
		before, after []Resource
		want          []string
	}{
		{"nothing", []Resource{recorder("DAILY")}, []Resource{recorder("DAILY")}, nil},
		{"a setting", []Resource{recorder("CONTINUOUS")}, []Resource{recorder("DAILY")}, []string{"configuration items: daily instead of continuous: −$1.20"}},
		{"and back", []Resource{recorder("DAILY")}, []Resource{recorder("CONTINUOUS")}, []string{"configuration items: continuous instead of daily: +$1.20"}},
		{"added", nil, []Resource{of(t, featureType, "s3", `{"name": "S3_DATA_EVENTS", "status": "ENABLED"}`)}, []string{"GuardDuty S3 Protection: added: +$0.80"}},
		{"left out", []Resource{of(t, standardType, "s", "")}, nil, []string{"Security Hub checks: left out: −$10.00"}},
		{"more", several(10, of(t, alarmType, "a", "")), several(17, of(t, alarmType, "a", "")), []string{"alarms: 17 alarm metrics instead of 10 alarm metrics: +$0.70"}},
		{"Regions", []Resource{of(t, standardType, "s", "")}, []Resource{of(t, standardType, "s", ""), in("eu-west-1", of(t, standardType, "s", ""))},
			[]string{"Security Hub checks: in 2 Regions instead of in 1 Region: +$6.00"}},
		{"the largest first", several(2, of(t, keyType, "k", "")), append(several(1, of(t, keyType, "k", "")), of(t, standardType, "s", "")),
			[]string{"Security Hub checks: added: +$10.00", "KMS keys: 1 key instead of 2 keys: −$1.00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			options := Options{Home: tokyo}
			before, after := Monthly(tt.before, team, options), Monthly(tt.after, team, options)
			var texts []string
			sum := 0.0
			for _, change := range Difference(before, after) {
				texts = append(texts, change.String())
				sum += change.USD
			}
			assert.Equal(t, tt.want, texts)
			assert.InDelta(t, after.Monthly()-before.Monthly(), sum, 0.01)
		})
	}
}

// TestWhatAPreviewDoesNotKnowYet: before anything exists, references between resources are unknown; the bill is the same.
func TestWhatAPreviewDoesNotKnowYet(t *testing.T) {
	bill := func(unknown bool) Estimate {
		reference := func(value string) string {
			if unknown {
				return declared.Unknown
			}
			return value
		}
		var resources []Resource
		for _, severity := range []string{"critical", "warning", "info"} {
			topic := of(t, topicType, "alerts-"+severity, "")
			mail := of(t, mailType, "alerts-"+severity+"-email-security", `{"protocol": "email"}`)
			mail.Inputs["topic"] = reference("arn:aws:sns:" + tokyo + ":111122223333:" + severity)
			resources = append(resources, topic, mail)
		}
		machine := digestOf(t, `{"States": {"Q": {"Resource": "arn:aws:states:::aws-sdk:costexplorer:getCostAndUsage"}}}`)
		machine[2].Inputs["target"].(map[string]any)["arn"] = reference("arn:aws:states:x:1:stateMachine:digest")
		lifecycle := of(t, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "archive-trail-lifecycle", `{"rules": [{"expiration": {"days": 90}}]}`)
		lifecycle.Inputs["bucket"] = reference("logs")
		trail := of(t, trailType, "audit", `{"s3BucketName": "logs"}`)
		trail.Inputs["cloudWatchLogsGroupArn"] = reference("arn:aws:logs:" + tokyo + ":111122223333:log-group:audit:*")
		resources = append(append(resources, machine[0], machine[2]), lifecycle, trail, of(t, bucketType, "archive-trail", `{"bucket": "logs"}`))
		return Monthly(resources, Presets()["busy"], Options{Home: tokyo})
	}
	assert.Equal(t, bill(false), bill(true))
	assert.Contains(t, bill(true).Table(), "Cost Explorer requests of reports")
}

// TestOrderDoesNotMatter: resources are registered concurrently.
func TestOrderDoesNotMatter(t *testing.T) {
	forwards := append(several(12, of(t, alarmType, "a", "")), of(t, keyType, "k", ""), of(t, topicType, "t", ""), of(t, standardType, "s", ""), of(t, standardType, "u", ""))
	backwards := make([]Resource, len(forwards))
	for i, r := range forwards {
		backwards[len(forwards)-1-i] = r
	}
	volumes := Presets()["team"]
	assert.Equal(t, Monthly(forwards, volumes, Options{Home: tokyo}), Monthly(backwards, volumes, Options{Home: tokyo}))
}
