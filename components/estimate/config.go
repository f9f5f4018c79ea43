package estimate

import (
	"slices"
	"strings"
)

// changeShares is which share of an account's changes falls on a resource type. It is an assumption: interfaces, subnets and
// inventories change whenever something starts or stops. All other types share what is left.
var changeShares = map[string]float64{
	"AWS::EC2::NetworkInterface": 0.30, "AWS::EC2::Subnet": 0.10, "AWS::SSM::ManagedInstanceInventory": 0.07, "AWS::ECS::TaskDefinition": 0.03,
	"AWS::Config::ResourceCompliance": 0.15,
	"AWS::EC2::SecurityGroup":         0.05, "AWS::IAM::Role": 0.04, "AWS::Lambda::Function": 0.04, "AWS::IAM::Policy": 0.03,
	"AWS::EC2::VPC": 0.02, "AWS::S3::Bucket": 0.02, "AWS::EC2::NetworkAcl": 0.01, "AWS::KMS::Key": 0.01, "AWS::RDS::DBInstance": 0.01,
	"AWS::SecretsManager::Secret": 0.01, "AWS::IAM::User": 0.005, "AWS::IAM::Group": 0.005, "AWS::CloudTrail::Trail": 0.005,
	"AWS::S3::AccountPublicAccessBlock": 0.005,
}

const (
	otherTypesShare = 0.09
	otherTypeShare  = 0.005 // of a single type that is not in the table
)

// Frequencies of recording.
const (
	continuous = "CONTINUOUS"
	daily      = "DAILY"
)

// recording is what one recorder records, and how often.
type recording struct {
	only, except []string // only: nil for all types
	frequency    string
	override     []string // types with the other frequency
}

func set(names ...string) map[string]bool {
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
	}
	return all
}

func recordingOf(r Resource) recording {
	group, mode := object(r.Inputs, "recordingGroup"), object(r.Inputs, "recordingMode")
	var rec recording
	strategy := ""
	for _, s := range objects(group, "recordingStrategies") {
		strategy = text(s, "useOnly")
	}
	if strategy == "INCLUSION_BY_RESOURCE_TYPES" {
		rec.only = texts(group, "resourceTypes")
	}
	for _, exclusion := range objects(group, "exclusionByResourceTypes") {
		rec.except = append(rec.except, texts(exclusion, "resourceTypes")...)
	}
	rec.frequency = text(mode, "recordingFrequency")
	if rec.frequency == "" {
		rec.frequency = continuous
	}
	if override, ok := mode["recordingModeOverride"].(map[string]any); ok && text(override, "recordingFrequency") != rec.frequency {
		rec.override = texts(override, "resourceTypes")
	}
	return rec
}

func (rec recording) has(resourceType string) bool {
	if rec.only != nil {
		return slices.Contains(rec.only, resourceType)
	}
	return !slices.Contains(rec.except, resourceType)
}

// frequencyOf is how often a type is recorded.
func (rec recording) frequencyOf(resourceType string) string {
	switch {
	case !slices.Contains(rec.override, resourceType):
		return rec.frequency
	case rec.frequency == daily:
		return continuous
	default:
		return daily
	}
}

// shares is which share of all changes is recorded at each frequency.
func (rec recording) shares() map[string]float64 {
	shares := map[string]float64{}
	for resourceType, share := range changeShares {
		if rec.has(resourceType) {
			shares[rec.frequencyOf(resourceType)] += share
		}
	}
	if rec.only == nil {
		shares[rec.frequency] += otherTypesShare
		return shares
	}
	others := 0.0
	for _, resourceType := range rec.only {
		if _, listed := changeShares[resourceType]; !listed {
			others = min(others+otherTypeShare, otherTypesShare)
		}
	}
	shares[rec.frequency] += others
	return shares
}

// how is the recording in words.
func (rec recording) how() string {
	words := strings.ToLower(rec.frequency)
	switch {
	case rec.only != nil:
		words += ", " + count(counted(len(rec.only))) + " types"
	case len(rec.override) > 0:
		words += ", " + count(counted(len(rec.override))) + " types " + map[string]string{daily: "continuous", continuous: "daily"}[rec.frequency]
	}
	return words
}

// frequencyPrices are the prices of an item at each frequency.
var frequencyPrices = []struct {
	frequency string
	price     priceID
}{{continuous, "config-continuous"}, {daily, "config-daily"}}

// recorder prices the changes of the home Region, and once in each Region what exists on the first day.
func (m *model) recorder(r Resource) {
	rec := recordingOf(r)
	if r.Region == m.Home {
		shares := rec.shares()
		m.use(r, "configuration items", "config-continuous", m.ConfigurationItems*shares[continuous], how(rec.how()))
		m.use(r, "configuration items", "config-daily", m.ConfigurationItems*shares[daily]/max(m.ChangesMergedByDaily, 1), how(rec.how()))
	}
	firstDay := m.firstDay(r.Region, rec)
	for _, at := range frequencyPrices {
		m.use(r, "configuration items of the first day", at.price, firstDay[at.frequency], once,
			note("what AWS puts into each Region is an estimate"))
	}
}

// network is what AWS puts into each Region of a new account; a few dozen ready-made settings of services are there besides.
var network = map[string]float64{
	"AWS::EC2::VPC": 1, "AWS::EC2::Subnet": 3, "AWS::EC2::RouteTable": 1, "AWS::EC2::NetworkAcl": 1,
	"AWS::EC2::InternetGateway": 1, "AWS::EC2::SecurityGroup": 1,
}

const readyMade = 30

// firstDay counts the items of the first day by frequency: what AWS has put into the Region, what the program declares there,
// and the result of each rule.
func (m *model) firstDay(region string, rec recording) map[string]float64 {
	items := map[string]float64{}
	add := func(resourceType string, n float64) {
		if rec.has(resourceType) {
			items[rec.frequencyOf(resourceType)] += n
		}
	}
	for resourceType, n := range network {
		add(resourceType, n)
	}
	if rec.only == nil {
		items[rec.frequency] += readyMade
	}
	for _, r := range m.resources {
		if resourceType, recorded := recordedAs[r.Type]; recorded && r.Region == region {
			add(resourceType, 1)
		}
	}
	add("AWS::Config::ResourceCompliance", counted(len(m.all("aws:cfg/rule:Rule", inRegion(region)))))
	return items
}

// recordedAs are the types of AWS Config for types that the program declares
// (https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html).
var recordedAs = map[string]string{
	"aws:accessanalyzer/analyzer:Analyzer":                     "AWS::AccessAnalyzer::Analyzer",
	"aws:athena/workgroup:Workgroup":                           "AWS::Athena::WorkGroup",
	"aws:cloudtrail/trail:Trail":                               "AWS::CloudTrail::Trail",
	"aws:cloudwatch/eventBus:EventBus":                         "AWS::Events::EventBus",
	"aws:cloudwatch/eventRule:EventRule":                       "AWS::Events::Rule",
	"aws:cloudwatch/metricAlarm:MetricAlarm":                   "AWS::CloudWatch::Alarm",
	"aws:guardduty/detector:Detector":                          "AWS::GuardDuty::Detector",
	"aws:iam/group:Group":                                      "AWS::IAM::Group",
	"aws:iam/policy:Policy":                                    "AWS::IAM::Policy",
	"aws:iam/role:Role":                                        "AWS::IAM::Role",
	"aws:iam/serviceLinkedRole:ServiceLinkedRole":              "AWS::IAM::Role",
	"aws:kms/alias:Alias":                                      "AWS::KMS::Alias",
	"aws:kms/key:Key":                                          "AWS::KMS::Key",
	"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": "AWS::S3::AccountPublicAccessBlock",
	"aws:s3/bucketV2:BucketV2":                                 "AWS::S3::Bucket",
	"aws:sfn/stateMachine:StateMachine":                        "AWS::StepFunctions::StateMachine",
	"aws:sns/topic:Topic":                                      "AWS::SNS::Topic",
	"aws:sqs/queue:Queue":                                      "AWS::SQS::Queue",
}

// executions is how often a periodic rule is evaluated in a month, by its frequency.
var executions = map[string]float64{
	"One_Hour": 24 * daysOfMonth, "Three_Hours": 8 * daysOfMonth, "Six_Hours": 4 * daysOfMonth,
	"Twelve_Hours": 2 * daysOfMonth, "TwentyFour_Hours": daysOfMonth,
}

// ofTheAccount are the periodic rules that look at the account, or at the Region, as a whole: one evaluation each time. A test
// compares them with the rules that the baseline knows.
var ofTheAccount = set(
	"CLOUDTRAIL_S3_DATAEVENTS_ENABLED", "EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK", "EC2_EBS_ENCRYPTION_BY_DEFAULT", "GUARDDUTY_ENABLED_CENTRALIZED",
	"IAM_EXTERNAL_ACCESS_ANALYZER_ENABLED", "IAM_PASSWORD_POLICY", "IAM_ROOT_ACCESS_KEY_CHECK", "MULTI_REGION_CLOUD_TRAIL_ENABLED",
	"ROOT_ACCOUNT_HARDWARE_MFA_ENABLED", "ROOT_ACCOUNT_MFA_ENABLED", "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC", "SECURITYHUB_ENABLED",
	"SECURITY_ACCOUNT_INFORMATION_PROVIDED",
)

// rule prices a rule without a scope as periodic, by its frequency, in every Region: what no change triggers, time does. Every
// resource that it looks at is an evaluation of its own; in an idle Region there is one. The others go by the volume, those that
// time triggers as well among them.
func (m *model) rule(r Resource) {
	if len(texts(object(r.Inputs, "scope"), "complianceResourceTypes")) == 0 {
		times, given := executions[text(r.Inputs, "maximumExecutionFrequency")]
		if !given {
			times = daysOfMonth // AWS's default is 24 hours
		}
		if !ofTheAccount[text(object(r.Inputs, "source"), "sourceIdentifier")] {
			times *= m.atHome(r, m.ResourcesPerRule, 1)
		}
		m.use(r, "evaluations of periodic rules", "config-evaluation", times, note("one evaluation of each resource each time"))
		return
	}
	m.use(r, "evaluations of change-triggered rules", "config-evaluation", m.atHome(r, m.EvaluationsPerRule, 0))
}

// conformancePack prices the rules that stand in the template itself.
func (m *model) conformancePack(r Resource) {
	rules := strings.Count(text(r.Inputs, "templateBody"), "AWS::Config::ConfigRule")
	if rules == 0 {
		m.leaveOut("conformance packs whose template is not in the program: $0.001 an evaluation")
		return
	}
	m.use(r, "evaluations by conformance packs", "config-pack-evaluation", counted(rules)*m.atHome(r, m.EvaluationsPerRule, daysOfMonth))
}

func (m *model) remediation(Resource) {
	m.leaveOut("remediation: steps of Systems Manager Automation, for which no source of the price was found")
}
