package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/declared"
	"github.com/seed-8894d46d/account-baseline/internal/controls"
)

// property is a security-relevant property of a type, and a value that weakens it; nil drops it.
type property struct {
	typ, path string
	to        any
}

// weakenings are the properties that somebody who wants the baseline gone would change. The statements of policies are weakened
// one by one, as they are: see weakerPolicies. TestEveryDeclaredPropertyIsWeakenedOrExplained holds that no property is forgotten.
var weakenings = []property{
	{"aws:cloudtrail/trail:Trail", "isMultiRegionTrail", false},
	{"aws:cloudtrail/trail:Trail", "enableLogFileValidation", false},
	{"aws:cloudtrail/trail:Trail", "enableLogging", false},
	{"aws:cloudtrail/trail:Trail", "includeGlobalServiceEvents", false},
	{"aws:cloudtrail/trail:Trail", "kmsKeyId", nil},
	{"aws:cloudtrail/trail:Trail", "cloudWatchLogsGroupArn", nil},
	{"aws:cloudtrail/trail:Trail", "cloudWatchLogsRoleArn", nil},
	{"aws:cloudtrail/trail:Trail", "s3BucketName", "somebody-elses-bucket"},
	{"aws:cloudtrail/trail:Trail", "advancedEventSelectors", []any{}},
	{"aws:cloudtrail/trail:Trail", "advancedEventSelectors[0].fieldSelectors[0].equals", []any{"Data"}},
	{"aws:cloudtrail/trail:Trail", "advancedEventSelectors[0].fieldSelectors[1]", map[string]any{"field": "readOnly", "equals": []any{"true"}}},
	{"aws:cloudtrail/trail:Trail", "advancedEventSelectors[0].fieldSelectors[1]", map[string]any{"field": "eventSource", "notEquals": []any{"kms.amazonaws.com"}}},
	{"aws:cloudtrail/trail:Trail", "advancedEventSelectors[1]", nil},
	{"aws:cloudtrail/trail:Trail", "advancedEventSelectors[2]", nil},
	{"aws:cloudtrail/trail:Trail", "advancedEventSelectors[3]", nil},
	{"aws:cloudtrail/trail:Trail", "advancedEventSelectors[0].fieldSelectors[0].field", "eventName"},
	{"aws:cloudtrail/trail:Trail", "advancedEventSelectors[3].fieldSelectors[2].notStartsWiths", []any{"arn:aws:s3:::"}},
	{"aws:cloudtrail/trail:Trail", "insightSelectors", nil},
	{"aws:cloudtrail/trail:Trail", "insightSelectors[0].insightType", "another"},

	{"aws:kms/key:Key", "enableKeyRotation", false},
	{"aws:kms/key:Key", "enableKeyRotation", nil},
	{"aws:kms/key:Key", "deletionWindowInDays", 7.0},

	{"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "blockPublicAcls", false},
	{"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "blockPublicPolicy", false},
	{"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "ignorePublicAcls", false},
	{"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "restrictPublicBuckets", false},
	{"aws:s3/bucketVersioningV2:BucketVersioningV2", "versioningConfiguration.status", "Suspended"},
	{"aws:s3/bucketOwnershipControls:BucketOwnershipControls", "rule.objectOwnership", "ObjectWriter"},
	{"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm", "AES256"},
	{"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId", nil},
	{"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "rules[0].bucketKeyEnabled", false},
	{"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "bucket", "another"},
	{"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "rules[0].status", "Disabled"},
	{"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "rules[0].expiration.days", 1.0},
	{"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "rules[0].noncurrentVersionExpiration.noncurrentDays", 1.0},
	{"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "bucket", "another"},
	{"aws:s3/bucketLoggingV2:BucketLoggingV2", "targetBucket", nil},
	{"aws:s3/bucketLoggingV2:BucketLoggingV2", "targetBucket", "somebody-elses-bucket"},
	{"aws:s3/bucketLoggingV2:BucketLoggingV2", "bucket", "another"},
	{"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", "rule", nil},
	{"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", "rule.defaultRetention.days", 0.0},
	{"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", "rule.defaultRetention.mode", nil},
	{"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", "bucket", "another"},
	{"aws:s3/bucketV2:BucketV2", "bucket", "another"},
	{"aws:s3/bucketV2:BucketV2", "forceDestroy", true},
	{"aws:s3/bucketV2:BucketV2", "objectLockEnabled", false},
	{"aws:s3/bucketPolicy:BucketPolicy", "bucket", "another"},
	{"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "bucket", "another"},
	{"aws:s3/bucketVersioningV2:BucketVersioningV2", "bucket", "another"},
	{"aws:s3/bucketOwnershipControls:BucketOwnershipControls", "bucket", "another"},

	{"aws:cloudwatch/logGroup:LogGroup", "retentionInDays", 1.0},
	{"aws:cloudwatch/logGroup:LogGroup", "kmsKeyId", nil},
	{"aws:cloudwatch/logMetricFilter:LogMetricFilter", "pattern", `{ $.eventName = "Nothing" }`},
	{"aws:cloudwatch/logMetricFilter:LogMetricFilter", "logGroupName", "another"},
	{"aws:cloudwatch/logMetricFilter:LogMetricFilter", "metricTransformation.name", "another"},
	{"aws:cloudwatch/logMetricFilter:LogMetricFilter", "metricTransformation.namespace", "another"},
	{"aws:cloudwatch/logMetricFilter:LogMetricFilter", "metricTransformation.value", "0"},
	{"aws:cloudwatch/logGroup:LogGroup", "name", "another"},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "threshold", 1000.0},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions", nil},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions", []any{"arn:aws:sns:ap-northeast-1:123456789012:nobody"}},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "actionsEnabled", false},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "dimensions", map[string]any{"Another": "one"}},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "evaluationPeriods", 100.0},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "namespace", "another"},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "period", 86400.0},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "statistic", "Minimum"},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "metricName", "another"},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "comparisonOperator", "LessThanThreshold"},
	{"aws:cloudwatch/eventRule:EventRule", "state", "DISABLED"},
	{"aws:cloudwatch/eventRule:EventRule", "eventPattern", `{"source":["nothing"]}`},
	{"aws:cloudwatch/eventTarget:EventTarget", "arn", "arn:aws:sns:ap-northeast-1:123456789012:nobody"},
	{"aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig", nil},
	{"aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig.arn", "arn:aws:sqs:ap-northeast-1:123456789012:nobody"},
	{"aws:cloudwatch/eventTarget:EventTarget", "roleArn", nil},
	{"aws:cloudwatch/eventTarget:EventTarget", "rule", "another"},
	{"aws:cloudwatch/eventRule:EventRule", "name", "another"},

	{"aws:sns/topic:Topic", "kmsMasterKeyId", nil},
	{"aws:sns/topic:Topic", "name", "another"},
	{"aws:sns/topicPolicy:TopicPolicy", "arn", "arn:aws:sns:ap-northeast-1:123456789012:another"},
	{"aws:sns/topicSubscription:TopicSubscription", "topic", "arn:aws:sns:ap-northeast-1:123456789012:another"},
	{"aws:sns/topicSubscription:TopicSubscription", "endpoint", ""},
	{"aws:sqs/queue:Queue", "sqsManagedSseEnabled", false},
	{"aws:sqs/queue:Queue", "messageRetentionSeconds", 60.0},
	{"aws:sqs/queue:Queue", "name", "another"},
	{"aws:sqs/queuePolicy:QueuePolicy", "queueUrl", "https://sqs.ap-northeast-1.amazonaws.com/123456789012/another"},

	{"aws:cfg/recorder:Recorder", "recordingGroup.allSupported", false},
	{"aws:cfg/recorder:Recorder", "recordingGroup.includeGlobalResourceTypes", false},
	{"aws:cfg/recorder:Recorder", "recordingGroup.resourceTypes", []any{"AWS::S3::Bucket"}},
	{"aws:cfg/recorder:Recorder", "recordingGroup.exclusionByResourceTypes", []any{map[string]any{"resourceTypes": []any{"AWS::EC2::SecurityGroup"}}}},
	{"aws:cfg/recorder:Recorder", "roleArn", "arn:aws:iam::123456789012:role/another"},
	{"aws:cfg/recorder:Recorder", "name", "another"},
	{"aws:cfg/recorderStatus:RecorderStatus", "isEnabled", false},
	{"aws:cfg/recorderStatus:RecorderStatus", "name", "another"},
	{"aws:cfg/deliveryChannel:DeliveryChannel", "s3KmsKeyArn", nil},
	{"aws:cfg/deliveryChannel:DeliveryChannel", "s3BucketName", nil},
	{"aws:cfg/deliveryChannel:DeliveryChannel", "s3BucketName", "somebody-elses-bucket"},
	{"aws:cfg/rule:Rule", "source.sourceIdentifier", "ANOTHER"},
	{"aws:cfg/rule:Rule", "source.owner", "CUSTOM_LAMBDA"},

	{"aws:guardduty/detector:Detector", "enable", false},
	{"aws:guardduty/detector:Detector", "findingPublishingFrequency", "SIX_HOURS"},
	{"aws:guardduty/detectorFeature:DetectorFeature", "status", "DISABLED"},
	{"aws:guardduty/detectorFeature:DetectorFeature", "name", "ANOTHER"},
	{"aws:guardduty/detectorFeature:DetectorFeature", "additionalConfigurations", nil},
	{"aws:guardduty/detectorFeature:DetectorFeature", "additionalConfigurations[0].name", "ANOTHER"},
	{"aws:guardduty/detectorFeature:DetectorFeature", "additionalConfigurations[0].status", "DISABLED"},
	{"aws:guardduty/publishingDestination:PublishingDestination", "kmsKeyArn", nil},
	{"aws:guardduty/publishingDestination:PublishingDestination", "destinationArn", "arn:aws:s3:::somebody-elses-bucket"},
	{"aws:accessanalyzer/analyzer:Analyzer", "type", "ANOTHER"},
	{"aws:securityhub/account:Account", "autoEnableControls", false},
	{"aws:securityhub/findingAggregator:FindingAggregator", "specifiedRegions", []any{}},
	{"aws:securityhub/standardsSubscription:StandardsSubscription", "standardsArn", "arn:aws:securityhub:::standards/another"},
	{"aws:inspector2/enabler:Enabler", "resourceTypes", []any{"ECR"}},

	{"aws:athena/workgroup:Workgroup", "configuration.enforceWorkgroupConfiguration", false},
	{"aws:athena/workgroup:Workgroup", "configuration.publishCloudwatchMetricsEnabled", false},
	{"aws:athena/workgroup:Workgroup", "configuration.bytesScannedCutoffPerQuery", nil},
	{"aws:athena/workgroup:Workgroup", "configuration.resultConfiguration.encryptionConfiguration", nil},
	{"aws:athena/workgroup:Workgroup", "configuration.resultConfiguration.encryptionConfiguration.encryptionOption", ""},
	{"aws:athena/workgroup:Workgroup", "configuration.resultConfiguration.outputLocation", "s3://somebody-elses-bucket/"},

	{"aws:iam/role:Role", "name", "another"},
	{"aws:iam/group:Group", "name", "another"},
	{"aws:iam/rolePolicy:RolePolicy", "role", "another"},
	{"aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role", "another"},
	{"aws:iam/groupPolicy:GroupPolicy", "group", "another"},
	{"aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "group", "another"},
	{"aws:iam/rolePolicy:RolePolicy", "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`},
	{"aws:iam/groupPolicy:GroupPolicy", "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`},
	{"aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"},
	{"aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"},

	{"aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "minimumPasswordLength", 8.0},
	{"aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "passwordReusePrevention", 1.0},
	{"aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "maxPasswordAge", nil},
	{"aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "requireUppercaseCharacters", false},
	{"aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "requireLowercaseCharacters", false},
	{"aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "requireNumbers", false},
	{"aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "requireSymbols", false},
	{"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "blockPublicAcls", false},
	{"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "blockPublicPolicy", false},
	{"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "ignorePublicAcls", false},
	{"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "restrictPublicBuckets", false},
	{"aws:ebs/encryptionByDefault:EncryptionByDefault", "enabled", false},
	{"aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", "state", "block-new-sharing"},
	{"aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess", "state", "unblocked"},
	{"aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults", "httpTokens", "optional"},
	{"aws:ec2/serialConsoleAccess:SerialConsoleAccess", "enabled", true},

	{"aws:budgets/budget:Budget", "budgetType", "USAGE"},
	{"aws:budgets/budget:Budget", "timeUnit", "ANNUALLY"},
	{"aws:budgets/budget:Budget", "notifications", nil},
	{"aws:budgets/budget:Budget", "notifications[*].comparisonOperator", "LESS_THAN"},
	{"aws:budgets/budget:Budget", "notifications[*].subscriberSnsTopicArns", []any{"arn:aws:sns:ap-northeast-1:123456789012:nobody"}},
	{"aws:costexplorer/anomalySubscription:AnomalySubscription", "subscribers", nil},
	{"aws:costexplorer/anomalySubscription:AnomalySubscription", "subscribers[*].address", "arn:aws:sns:ap-northeast-1:123456789012:nobody"},
	{"aws:costexplorer/anomalySubscription:AnomalySubscription", "subscribers[*].type", "ANOTHER"},
	{"aws:costexplorer/anomalySubscription:AnomalySubscription", "monitorArnLists", nil},
}

// mutant is a program in which one thing is worse.
type mutant struct {
	typ, name, what string
	resources       []declared.Resource
}

func (m mutant) String() string { return m.typ + " " + m.name + ": " + m.what }

// mutants weaken every resource in each of its properties, and take each resource away, but those that are known.
func mutants(resources []declared.Resource, known map[string]bool) (all []mutant) {
	for i, r := range resources {
		if text, _ := json.Marshal(r); known[string(text)] {
			continue
		}
		all = append(all, mutant{r.Type, r.Name, "removed", slices.Delete(slices.Clone(resources), i, i+1)})
		for _, p := range weakenings {
			if p.typ != r.Type {
				continue
			}
			worse := r
			worse.Inputs = clone(r.Inputs).(map[string]any)
			if !weaken(worse.Inputs, p) {
				continue
			}
			changed := slices.Clone(resources)
			changed[i] = worse
			all = append(all, mutant{r.Type, r.Name, fmt.Sprintf("%s = %v", p.path, p.to), changed})
		}
		for _, weaker := range weakerPolicies(r) {
			worse := r
			worse.Inputs = clone(r.Inputs).(map[string]any)
			worse.Inputs[weaker.property] = weaker.policy
			changed := slices.Clone(resources)
			changed[i] = worse
			all = append(all, mutant{r.Type, r.Name, weaker.what, changed})
		}
	}
	return all
}

func clone(value any) any {
	switch v := value.(type) {
	case map[string]any:
		copied := map[string]any{}
		for key, inner := range v {
			copied[key] = clone(inner)
		}
		return copied
	case []any:
		copied := make([]any, len(v))
		for i, inner := range v {
			copied[i] = clone(inner)
		}
		return copied
	default:
		return value
	}
}

var step = regexp.MustCompile(`[^.\[\]]+`)

// weaken changes inputs; it reports false when that changes nothing.
func weaken(inputs map[string]any, p property) bool {
	before, _ := json.Marshal(inputs)
	set(inputs, step.FindAllString(p.path, -1), p.to)
	after, _ := json.Marshal(inputs)
	return string(before) != string(after)
}

// set puts a value at a path and returns what it was put into; a step into a list that is too short appends.
func set(value any, path []string, to any) any {
	switch v := value.(type) {
	case map[string]any:
		switch {
		case len(path) > 1:
			if v[path[0]] != nil {
				v[path[0]] = set(v[path[0]], path[1:], to)
			}
		case to == nil:
			delete(v, path[0])
		default:
			v[path[0]] = to
		}
	case []any:
		i, err := strconv.Atoi(path[0])
		switch {
		case path[0] == "*":
			for i := range v {
				v[i] = set(v[i], path[1:], to)
			}
		case err != nil || i > len(v) || i == len(v) && (len(path) > 1 || to == nil):
		case len(path) > 1:
			v[i] = set(v[i], path[1:], to)
		case i == len(v):
			return append(v, to)
		case to == nil:
			return slices.Delete(v, i, i+1)
		default:
			v[i] = to
		}
		return v
	}
	return value
}

// weakerPolicy is a policy in which one statement is weaker.
type weakerPolicy struct{ property, what, policy string }

// weakerPolicies weaken the policies of a resource, statement by statement: a denial is dropped, what is allowed is allowed to
// everybody, or without its conditions.
func weakerPolicies(r declared.Resource) (all []weakerPolicy) {
	for _, property := range []string{"policy", "assumeRolePolicy"} {
		source, _ := r.Inputs[property].(string)
		var document map[string]any
		if json.Unmarshal([]byte(source), &document) != nil {
			continue
		}
		statements, _ := document["Statement"].([]any)
		add := func(what string, i int, instead ...any) {
			document["Statement"] = slices.Replace(slices.Clone(statements), i, i+1, instead...)
			text, _ := json.Marshal(document)
			all = append(all, weakerPolicy{property, what, string(text)})
		}
		for i := range statements {
			statement := statements[i].(map[string]any)
			name := fmt.Sprintf("statement %v", statement["Sid"])
			if statement["Effect"] == "Deny" {
				add(name+" dropped", i)
				continue
			}
			if statement["Principal"] != nil {
				open := clone(statement).(map[string]any)
				open["Principal"] = "*"
				delete(open, "Condition")
				add(name+" open to everybody", i, open)
			}
			if statement["Condition"] != nil {
				unconditional := clone(statement).(map[string]any)
				delete(unconditional, "Condition")
				add(name+" without its conditions", i, unconditional)
			}
		}
	}
	return all
}

// worse reports whether a check that held no longer does, or a status is worse.
func worse(before, after []controls.Verdict) bool {
	rank := func(s controls.Status) int { return slices.Index(controls.Statuses(), s) }
	for i, v := range before {
		if rank(after[i].Status) > rank(v.Status) {
			return true
		}
		for j, r := range v.Results {
			if r.Holds && !after[i].Results[j].Holds {
				return true
			}
		}
	}
	return false
}

// uncaught are the changes that no check sees, by profile ("" for each), type, name and change, and why that is right.
var uncaught = []struct{ profile, typ, name, what, why string }{
	{"", "aws:athena/namedQuery:NamedQuery", ".*", "removed", "a question less is ready; what is recorded stays"},
	{"", "aws:glue/.*", ".*", "removed", "logs can no longer be queried by name; what is recorded stays"},
	{"", "aws:cfg/configurationAggregator:ConfigurationAggregator", ".*", "removed", "a view of several Regions; each Region keeps its own"},
	{"", "aws:cfg/remediationConfiguration:RemediationConfiguration", ".*", "removed", "the rule still finds what it would have repaired"},
	{"", "aws:cloudwatch/eventRule:EventRule", "alerts-audit-admin-list(-in-.*)?", `eventPattern = .*|removed`, "alerts-audit-admin-rights names the same calls, with a policy in another form; TestTamperingAlertsWhereverItHappens tells the two apart"},
	{"", "aws:cloudwatch/eventRule:EventRule", "alerts-quoted-.*", `eventPattern = .*|removed`, "tells of callers whose name would break a message; TestMessagesAreReadableWhateverTheCallerWrites proves it"},
	{"", "aws:cloudwatch/eventRule:EventRule", "alerts-test-.*", `eventPattern = .*|removed`, "samples that are sent on request"},
	{"", "aws:cloudwatch/eventRule:EventRule", "alerts-(bill-report|weekly)-failed", `eventPattern = .*|removed`, "a report that fails is no control; TestReportNeedsItsRights proves that it is told"},
	{"", "aws:cloudwatch/metricAlarm:MetricAlarm", "(bill-report|weekly-digest)-dropped", `(threshold|comparisonOperator|metricName|namespace|dimensions|statistic|period|evaluationPeriods) = .*|removed`, "a report that is not started is no control; TestReportNeedsItsRights proves that it is told"},
	{"", "aws:cloudwatch/metricAlarm:MetricAlarm", "bill-charges-.*", `threshold = .*|period = .*`, "how much is too much is for people to say; the metric comes every six hours"},
	{"", "aws:cloudwatch/metricAlarm:MetricAlarm", "alerts-dead-letters-us-east-1-alarm|bill-charges-.*", `alarmActions = .*`, "its Region has no topic: a rule carries the alarm home"},
	{"", "aws:budgets/budget:Budget", "bill-budget-baseline", "removed", "the budget of the account counts the baseline's costs too"},
	{"", "aws:costexplorer/anomalyMonitor:AnomalyMonitor", ".*", "removed", "its subscription names it, and is refused without it"},
	{"", "aws:scheduler/.*", ".*", "removed", "reports are no control; TestReportComesWhenItIsWanted proves them"},
	{"", "aws:sfn/stateMachine:StateMachine", ".*", "removed", "reports are no control; TestReportComesWhenItIsWanted proves them"},
	{"standard", "aws:guardduty/detectorFeature:DetectorFeature", "threats-plan-runtime-monitoring-.*", `additionalConfigurations.* = .*`, "the plan is off in this profile"},
	{"", "aws:iam/groupPolicyAttachment:GroupPolicyAttachment", ".*", "removed", "its members lose rights and nobody gains any"},
	{"", "aws:iam/rolePolicy:RolePolicy", ".*", "statement .* without its conditions", "what roles may do, and under which conditions, docs/policies.md evaluates; TestPolicyTableNoticesMistakes proves that a missing condition is seen there"},
	{"", "aws:iam/rolePolicy:RolePolicy", "(audit|history)-reader-.*", "removed", "readers lose rights and nobody gains any"},
	{"", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "audit-reader-access", "removed", "readers lose rights and nobody gains any"},
	{"", "aws:iam/serviceLinkedRole:ServiceLinkedRole", "config-role", "removed", "the account may have the role already; recorders name it either way"},
	{"", "aws:kms/alias:Alias", ".*", "removed", "a name; everything refers to the key itself"},
	{"standard", "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", ".*", "removed|bucket = .*", "it sets no retention in this profile"},
	{"standard", "aws:s3/bucketV2:BucketV2", ".*", "objectLockEnabled = .*", "nothing is locked in this profile"},
	{"", "aws:s3/bucketV2:BucketV2", "audit-athena-results", "objectLockEnabled = .*|forceDestroy = .*", "results of queries, which can be asked again"},
	{"", "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "audit-athena-results-lifecycle", "rules.*Days = .*|rules.*days = .*", "results of queries, which can be asked again"},
	{"", "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "(archive-access-logs|audit-athena-results)-encryption", `rules\[0\].bucketKeyEnabled = .*`, "Amazon S3 encrypts these by its own key, which has no Bucket Key"},
	{"starter", "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", ".*", `rules\[0\].bucketKeyEnabled = .*`, "Amazon S3 encrypts by its own key in this profile"},
	{"strict", "aws:securityhub/standardsControlAssociation:StandardsControlAssociation", ".*", "removed", "switches off what the home Region checks for the whole account: without it a control is checked twice"},
}

// TestEveryWeakeningChangesAVerdict: whoever takes a resource away or weakens one of its properties is seen by a check, or
// stands in the list above. Of strict and starter only what the profile before does not declare alike is changed.
func TestEveryWeakeningChangesAVerdict(t *testing.T) {
	used := make([]bool, len(uncaught))
	known := map[string]bool{}
	for _, profile := range []string{"standard", "strict", "starter"} {
		resources := declaredBy(t, profile)
		before := controls.Judge(resources)
		same := map[string]bool{}
		for _, r := range resources {
			text, err := json.Marshal(r)
			require.NoError(t, err)
			same[string(text)] = true
		}
		tried := 0
		for _, m := range mutants(resources, known) {
			tried++
			caught := worse(before, controls.Judge(m.resources))
			listed := -1
			for i, u := range uncaught {
				if (u.profile == "" || u.profile == profile) && whole(u.typ, m.typ) && whole(u.name, m.name) && whole(u.what, m.what) {
					listed, used[i] = i, true
				}
			}
			switch {
			case !caught && listed < 0:
				t.Errorf("%s: no check sees %s", profile, m)
			case caught && listed >= 0:
				t.Errorf("%s: a check sees %s; take it from the list, where it stands since %s", profile, m, uncaught[listed].why)
			}
		}
		t.Logf("%s: %d changes of %d resources", profile, tried, len(resources))
		maps.Copy(known, same)
	}
	for i, u := range uncaught {
		if !used[i] {
			t.Errorf("nothing is %s %s: %s; take it from the list", u.typ, u.name, u.what)
		}
	}
}

func whole(pattern, text string) bool {
	compiled, ok := patterns.Load(pattern)
	if !ok {
		compiled, _ = patterns.LoadOrStore(pattern, regexp.MustCompile("^(?s:"+pattern+")$"))
	}
	return compiled.(*regexp.Regexp).MatchString(text)
}

var patterns sync.Map // of whole, compiled

// TestEveryPropertyThatMattersIsWeakened: a path that no resource has would prove nothing.
func TestEveryPropertyThatMattersIsWeakened(t *testing.T) {
	resources := slices.Concat(declaredBy(t, "standard"), declaredBy(t, "strict"))
	for _, p := range weakenings {
		assert.True(t, slices.ContainsFunc(resources, func(r declared.Resource) bool {
			return r.Type == p.typ && weaken(clone(r.Inputs).(map[string]any), p)
		}), "%s: %s = %v changes nothing", p.typ, p.path, p.to)
	}
}

// harmless are the declared properties that no weakening changes: why a change of them takes nothing of what is recorded, found,
// told or locked, or which test holds them.
var harmless = []struct{ typ, path, why string }{
	{".*", `tags\..*`, "tags"},
	{".*", `description|alarmDescription`, "words for people"},
	{"aws:(accessanalyzer|athena/workgroup|budgets|cfg/(configurationAggregator|deliveryChannel|rule)|cloudtrail|cloudwatch/(logMetricFilter|metricAlarm)|costexplorer|iam/(group|role)Policy|kms/alias|scheduler).*", `(analyzerN|n)ame`, "a name that nothing else has to find"},

	{"aws:accessanalyzer/analyzer:Analyzer", `configuration\.unusedAccess\.unusedAccessAge`, "after how many days access counts as unused is for people to say"},
	{"aws:athena/namedQuery:NamedQuery|aws:glue/.*", `.*`, "a question less is ready; what is recorded stays"},
	{"aws:athena/workgroup:Workgroup", `configuration\.(engineVersion|requesterPaysEnabled).*|state|forceDestroy`, "who may ask stays; the results are those of questions that can be asked again"},
	{"aws:athena/workgroup:Workgroup", `configuration\.resultConfiguration\.expectedBucketOwner`, "a second guard: the bucket of results is declared beside it"},
	{"aws:budgets/budget:Budget", `costFilters.*|costTypes\..*|limit(Amount|Unit)|name|notifications\[\]\.(notificationType|threshold|thresholdType)`, "what is too much is for people to say; TestBudgetsSayWhatCounts"},
	{"aws:cfg/configurationAggregator:ConfigurationAggregator", `.*`, "a view of several Regions; each Region keeps its own"},
	{"aws:cfg/deliveryChannel:DeliveryChannel", `snapshotDeliveryProperties\..*`, "snapshots feed Athena; the history is delivered anyway"},
	{"aws:cfg/recorder:Recorder", `recordingGroup\.recordingStrategies.*|recordingGroup\.exclusionByResourceTypes\[\]\.resourceTypes`, "AWS refuses a strategy that its lists do not fit; longer lists are weakened as a whole"},
	{"aws:cfg/recorder:Recorder", `recordingMode\..*`, "how soon a change is recorded, within a day, is for people to say"},
	{"aws:cfg/remediationConfiguration:RemediationConfiguration", `.*`, "the rule still finds what it would have repaired; the role decides what it may do: docs/policies.md"},
	{"aws:cfg/rule:Rule", `inputParameters|scope\.complianceResourceTypes`, "TestParametersOfRules holds each parameter, TestSetsHoldTheirRules each rule's types"},
	{"aws:cloudtrail/trail:Trail", `advancedEventSelectors\[\]\.name`, "a name by which scanners find the selector; TestManagementEventsAreSelectedAsScannersReadThem"},
	{"aws:cloudtrail/trail:Trail", `isOrganizationTrail`, "whether other accounts are recorded too"},
	{"aws:cloudwatch/eventTarget:EventTarget", `inputTransformer\..*|retryPolicy\..*|targetId`, "how a message reads and how often it is tried; TestMessagesAreReadableWhateverTheCallerWrites, and what fails waits in a queue"},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", `treatMissingData`, "what a metric without events means; TestEveryFilterHasItsAlarm"},
	{"aws:costexplorer/.*", `monitor(Dimension|Type)|frequency|thresholdExpression.*`, "what is unusual is for people to say; TestAnomalyThresholds"},
	{"aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults", `httpPutResponseHopLimit`, "containers need a hop more"},
	{"aws:guardduty/.*", `detectorId`, "AWS refuses the detector of another Region"},
	{"aws:iam/accountPasswordPolicy:AccountPasswordPolicy", `allowUsersToChangePassword|hardExpiry`, "who changes a password that has expired; no benchmark asks for either"},
	{"aws:iam/role:Role", `maxSessionDuration`, "at most twelve hours, by AWS's own limit"},
	{"aws:iam/serviceLinkedRole:ServiceLinkedRole", `awsServiceName`, "the account may have the role already; recorders name it either way"},
	{"aws:inspector2/enabler:Enabler", `accountIds`, "AWS refuses the account of others"},
	{"aws:kms/alias:Alias", `targetKeyId`, "a name; everything refers to the key itself"},
	{"aws:kms/keyPolicy:KeyPolicy", `keyId`, "a key has one policy, and the one that goes without is seen as that of AWS: TestEveryArchiveStatementIsProven"},
	{"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", `rules\[\]\.(abortIncompleteMultipartUpload|filter|id|transitions).*`, "what storage costs; TestArchiveLifecycle"},
	{"aws:s3/bucketLoggingV2:BucketLoggingV2", `targetPrefix`, "where in the bucket access logs lie"},
	{"aws:scheduler/.*|aws:sfn/.*", `.*`, "reports are no control; TestReportComesWhenItIsWanted proves them"},
	{"aws:securityhub/account:Account", `controlFindingGenerator|enableDefaultStandards`, "how findings are counted; standards more than the declared ones find more"},
	{"aws:securityhub/findingAggregator:FindingAggregator", `linkingMode`, "AWS refuses a mode that its list of Regions does not fit"},
	{"aws:securityhub/standardsControlAssociation:StandardsControlAssociation", `.*`, "what is switched off in one Region only, the home Region checks; TestControlsAreSwitchedOffWithAReason"},
	{"aws:sns/topicSubscription:TopicSubscription", `protocol`, "AWS refuses an address of another protocol"},
}

var index = regexp.MustCompile(`\[(\d+|\*)\]`)

// leaves are the paths of all values in inputs, lists without their numbers.
func leaves(value any, path string) (paths []string) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			paths = append(paths, leaves(inner, strings.TrimPrefix(path+"."+key, "."))...)
		}
	case []any:
		for _, inner := range v {
			paths = append(paths, leaves(inner, path+"[]")...)
		}
	default:
		paths = []string{strings.TrimSuffix(path, "[]")}
	}
	return paths
}

// TestEveryDeclaredPropertyIsWeakenedOrExplained: what is declared says which properties there are; nobody has to remember them.
func TestEveryDeclaredPropertyIsWeakenedOrExplained(t *testing.T) {
	weakened := func(typ, path string) bool {
		return path == "policy" || path == "assumeRolePolicy" || slices.ContainsFunc(weakenings, func(p property) bool {
			weak := strings.TrimSuffix(index.ReplaceAllString(p.path, "[]"), "[]")
			_, isWhole := p.to.(map[string]any) // stands for all that is in it
			return p.typ == typ && (weak == path || isWhole && strings.HasPrefix(path, weak+"."))
		})
	}
	open, used := map[string]bool{}, make([]bool, len(harmless))
	for _, profile := range profileNames {
		for _, r := range declaredBy(t, profile) {
			for _, path := range leaves(r.Inputs, "") {
				if weakened(r.Type, path) {
					continue
				}
				explained := false
				for i, h := range harmless {
					if whole(h.typ, r.Type) && whole(h.path, path) {
						explained, used[i] = true, true
					}
				}
				if !explained {
					open[r.Type+" "+path] = true
				}
			}
		}
	}
	for _, property := range slices.Sorted(maps.Keys(open)) {
		t.Errorf("%s is neither weakened nor explained", property)
	}
	for i, h := range harmless {
		assert.True(t, used[i], "nothing has %s of %s; take it from the list", h.path, h.typ)
	}
}

var namedTest = regexp.MustCompile(`\bTest[A-Z]\w+`)

// TestProofsThatAreNamedExist: a reason that rests on a test rests on nothing once the test is gone.
func TestProofsThatAreNamedExist(t *testing.T) {
	exist := map[string]bool{}
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(source), -1) {
			exist[found[1]] = true
		}
		return err
	}))
	var reasons []string
	for _, u := range uncaught {
		reasons = append(reasons, u.why)
	}
	for _, h := range harmless {
		reasons = append(reasons, h.why)
	}
	for _, name := range namedTest.FindAllString(strings.Join(reasons, " "), -1) {
		assert.True(t, exist[name], "there is no test %s", name)
	}
}
