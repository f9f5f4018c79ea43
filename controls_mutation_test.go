package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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

// withoutStatement weakens a policy: the statements with the Sid are dropped.
type withoutStatement string

// openStatement weakens a policy: everybody may do what its statements allow, without a condition.
type openStatement string

// weakenings are the properties that somebody who wants the baseline gone would change.
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
	{"aws:cloudtrail/trail:Trail", "insightSelectors", nil},

	{"aws:kms/key:Key", "enableKeyRotation", false},
	{"aws:kms/key:Key", "enableKeyRotation", nil},
	{"aws:kms/key:Key", "deletionWindowInDays", 7.0},
	{"aws:kms/keyPolicy:KeyPolicy", "policy", openStatement("")},

	{"aws:s3/bucketPolicy:BucketPolicy", "policy", withoutStatement("DenyPlainHTTP")},
	{"aws:s3/bucketPolicy:BucketPolicy", "policy", withoutStatement("DenyTLSBelow12")},
	{"aws:s3/bucketPolicy:BucketPolicy", "policy", withoutStatement("DenyWritesByPeople")},
	{"aws:s3/bucketPolicy:BucketPolicy", "policy", withoutStatement("DenyReadsButByReaders")},
	{"aws:s3/bucketPolicy:BucketPolicy", "policy", withoutStatement("DenyDeletesWithoutMFA")},
	{"aws:s3/bucketPolicy:BucketPolicy", "policy", withoutStatement("DenyChangesWithoutMFA")},
	{"aws:s3/bucketPolicy:BucketPolicy", "policy", openStatement("")},
	{"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "blockPublicAcls", false},
	{"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "blockPublicPolicy", false},
	{"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "ignorePublicAcls", false},
	{"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "restrictPublicBuckets", false},
	{"aws:s3/bucketVersioningV2:BucketVersioningV2", "versioningConfiguration.status", "Suspended"},
	{"aws:s3/bucketOwnershipControls:BucketOwnershipControls", "rule.objectOwnership", "ObjectWriter"},
	{"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm", "AES256"},
	{"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "rules[0].bucketKeyEnabled", false},
	{"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "rules[0].status", "Disabled"},
	{"aws:s3/bucketLoggingV2:BucketLoggingV2", "targetBucket", nil},
	{"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", "rule", nil},
	{"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", "rule.defaultRetention.days", 0.0},

	{"aws:cloudwatch/logGroup:LogGroup", "retentionInDays", 1.0},
	{"aws:cloudwatch/logGroup:LogGroup", "kmsKeyId", nil},
	{"aws:cloudwatch/logMetricFilter:LogMetricFilter", "pattern", `{ $.eventName = "Nothing" }`},
	{"aws:cloudwatch/logMetricFilter:LogMetricFilter", "logGroupName", "another"},
	{"aws:cloudwatch/logMetricFilter:LogMetricFilter", "metricTransformation.name", "another"},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "threshold", 1000.0},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions", nil},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "actionsEnabled", false},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "metricName", "another"},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", "comparisonOperator", "LessThanThreshold"},
	{"aws:cloudwatch/eventRule:EventRule", "state", "DISABLED"},
	{"aws:cloudwatch/eventRule:EventRule", "eventPattern", `{"source":["nothing"]}`},
	{"aws:cloudwatch/eventTarget:EventTarget", "arn", "arn:aws:sns:ap-northeast-1:123456789012:nobody"},
	{"aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig", nil},

	{"aws:sns/topic:Topic", "kmsMasterKeyId", nil},
	{"aws:sns/topicPolicy:TopicPolicy", "policy", withoutStatement("TLSOnly")},
	{"aws:sns/topicPolicy:TopicPolicy", "policy", openStatement("")},
	{"aws:sns/topicSubscription:TopicSubscription", "topic", "arn:aws:sns:ap-northeast-1:123456789012:another"},
	{"aws:sqs/queue:Queue", "sqsManagedSseEnabled", false},
	{"aws:sqs/queuePolicy:QueuePolicy", "policy", withoutStatement("TLSOnly")},
	{"aws:sqs/queuePolicy:QueuePolicy", "policy", openStatement("")},

	{"aws:cfg/recorder:Recorder", "recordingGroup.allSupported", false},
	{"aws:cfg/recorder:Recorder", "recordingGroup.includeGlobalResourceTypes", false},
	{"aws:cfg/recorder:Recorder", "recordingGroup.resourceTypes", []any{"AWS::S3::Bucket"}},
	{"aws:cfg/recorder:Recorder", "recordingGroup.exclusionByResourceTypes", []any{map[string]any{"resourceTypes": []any{"AWS::EC2::SecurityGroup"}}}},
	{"aws:cfg/recorder:Recorder", "roleArn", "arn:aws:iam::123456789012:role/another"},
	{"aws:cfg/recorderStatus:RecorderStatus", "isEnabled", false},
	{"aws:cfg/deliveryChannel:DeliveryChannel", "s3KmsKeyArn", nil},
	{"aws:cfg/deliveryChannel:DeliveryChannel", "s3BucketName", nil},
	{"aws:cfg/rule:Rule", "source.sourceIdentifier", "ANOTHER"},

	{"aws:guardduty/detector:Detector", "enable", false},
	{"aws:guardduty/detector:Detector", "findingPublishingFrequency", "SIX_HOURS"},
	{"aws:guardduty/detectorFeature:DetectorFeature", "status", "DISABLED"},
	{"aws:guardduty/detectorFeature:DetectorFeature", "additionalConfigurations", nil},
	{"aws:guardduty/publishingDestination:PublishingDestination", "kmsKeyArn", nil},
	{"aws:accessanalyzer/analyzer:Analyzer", "type", "ANOTHER"},
	{"aws:securityhub/standardsSubscription:StandardsSubscription", "standardsArn", "arn:aws:securityhub:::standards/another"},
	{"aws:inspector2/enabler:Enabler", "resourceTypes", []any{"ECR"}},

	{"aws:athena/workgroup:Workgroup", "configuration.enforceWorkgroupConfiguration", false},
	{"aws:athena/workgroup:Workgroup", "configuration.publishCloudwatchMetricsEnabled", false},
	{"aws:athena/workgroup:Workgroup", "configuration.bytesScannedCutoffPerQuery", nil},
	{"aws:athena/workgroup:Workgroup", "configuration.resultConfiguration.encryptionConfiguration", nil},

	{"aws:iam/role:Role", "assumeRolePolicy", openStatement("")},
	{"aws:iam/rolePolicy:RolePolicy", "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`},
	{"aws:iam/groupPolicy:GroupPolicy", "policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`},
	{"aws:iam/groupPolicy:GroupPolicy", "policy", withoutStatement("DenyAllElseWithoutMFA")},
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
	{"aws:budgets/budget:Budget", "notifications", nil},
	{"aws:costexplorer/anomalySubscription:AnomalySubscription", "subscribers", nil},
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
	to := p.to
	switch policy := p.to.(type) {
	case withoutStatement:
		to = changePolicy(inputs[p.path], string(policy), func(map[string]any) map[string]any { return nil })
	case openStatement:
		to = changePolicy(inputs[p.path], "", func(s map[string]any) map[string]any {
			if s["Effect"] == "Allow" {
				s["Principal"] = "*"
				delete(s, "Condition")
			}
			return s
		})
	}
	set(inputs, step.FindAllString(p.path, -1), to)
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

func changePolicy(policy any, sid string, change func(map[string]any) map[string]any) any {
	text, _ := policy.(string)
	var document map[string]any
	if json.Unmarshal([]byte(text), &document) != nil {
		return policy
	}
	before, _ := json.Marshal(document)
	var kept []any
	for _, s := range document["Statement"].([]any) {
		statement := s.(map[string]any)
		if sid == "" || statement["Sid"] == sid {
			if statement = change(statement); statement == nil {
				continue
			}
		}
		kept = append(kept, statement)
	}
	document["Statement"] = kept
	changed, _ := json.Marshal(document)
	if string(changed) == string(before) {
		return policy
	}
	return string(changed)
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
	{"", "aws:cloudwatch/metricAlarm:MetricAlarm", "(bill-report|weekly-digest)-dropped", `threshold = .*|comparisonOperator = .*|metricName = .*|removed`, "a report that is not started is no control"},
	{"", "aws:cloudwatch/metricAlarm:MetricAlarm", "bill-charges-.*", `threshold = .*`, "how much is too much is for people to say"},
	{"", "aws:budgets/budget:Budget", "bill-budget-baseline", "removed", "the budget of the account counts the baseline's costs too"},
	{"", "aws:costexplorer/anomalyMonitor:AnomalyMonitor", ".*", "removed", "its subscription names it, and is refused without it"},
	{"", "aws:scheduler/.*", ".*", "removed", "reports are no control; TestReportComesWhenItIsWanted proves them"},
	{"", "aws:sfn/stateMachine:StateMachine", ".*", "removed", "reports are no control; TestReportComesWhenItIsWanted proves them"},
	{"standard", "aws:guardduty/detectorFeature:DetectorFeature", "threats-plan-runtime-monitoring-.*", "additionalConfigurations = .*", "the plan is off in this profile"},
	{"", "aws:iam/groupPolicyAttachment:GroupPolicyAttachment", ".*", "removed", "its members lose rights and nobody gains any"},
	{"", "aws:iam/rolePolicy:RolePolicy", "(audit|history)-reader-.*", "removed", "readers lose rights and nobody gains any"},
	{"", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "audit-reader-access", "removed", "readers lose rights and nobody gains any"},
	{"", "aws:iam/serviceLinkedRole:ServiceLinkedRole", "config-role", "removed", "the account may have the role already; recorders name it either way"},
	{"", "aws:kms/alias:Alias", ".*", "removed", "a name; everything refers to the key itself"},
	{"standard", "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", ".*", "removed", "it sets no retention in this profile"},
	{"", "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "(archive-access-logs|audit-athena-results)-encryption", `rules\[0\].bucketKeyEnabled = .*`, "Amazon S3 encrypts these by its own key, which has no Bucket Key"},
	{"strict", "aws:securityhub/standardsControlAssociation:StandardsControlAssociation", ".*", "removed", "switches off what the home Region checks for the whole account: without it a control is checked twice"},
}

// TestEveryWeakeningChangesAVerdict: whoever takes a resource away or weakens one of its properties is seen by a check, or
// stands in the list above. Of strict only what standard does not declare alike is changed.
func TestEveryWeakeningChangesAVerdict(t *testing.T) {
	used := make([]bool, len(uncaught))
	known := map[string]bool{}
	for _, profile := range []string{"standard", "strict"} {
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
		known = same
	}
	for i, u := range uncaught {
		if !used[i] {
			t.Errorf("nothing is %s %s: %s; take it from the list", u.typ, u.name, u.what)
		}
	}
}

func whole(pattern, text string) bool {
	return regexp.MustCompile("^(?s:" + pattern + ")$").MatchString(text)
}

// TestEveryPropertyThatMattersIsWeakened: a path that no resource has would prove nothing.
func TestEveryPropertyThatMattersIsWeakened(t *testing.T) {
	resources := slices.Concat(declaredBy(t, "standard"), declaredBy(t, "strict"))
	for _, p := range weakenings {
		assert.True(t, slices.ContainsFunc(resources, func(r declared.Resource) bool {
			return r.Type == p.typ && weaken(clone(r.Inputs).(map[string]any), p)
		}), "%s: %s = %v changes nothing", p.typ, p.path, p.to)
	}
}
