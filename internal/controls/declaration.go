package controls

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// Type tokens that checks look for.
const (
	trailType         = "aws:cloudtrail/trail:Trail"
	recorderType      = "aws:cfg/recorder:Recorder"
	recorderStatus    = "aws:cfg/recorderStatus:RecorderStatus"
	channelType       = "aws:cfg/deliveryChannel:DeliveryChannel"
	ruleType          = "aws:cfg/rule:Rule"
	detectorType      = "aws:guardduty/detector:Detector"
	featureType       = "aws:guardduty/detectorFeature:DetectorFeature"
	exportType        = "aws:guardduty/publishingDestination:PublishingDestination"
	analyzerType      = "aws:accessanalyzer/analyzer:Analyzer"
	hubType           = "aws:securityhub/account:Account"
	aggregatorType    = "aws:securityhub/findingAggregator:FindingAggregator"
	standardType      = "aws:securityhub/standardsSubscription:StandardsSubscription"
	associationType   = "aws:securityhub/standardsControlAssociation:StandardsControlAssociation"
	inspectorType     = "aws:inspector2/enabler:Enabler"
	macieType         = "aws:macie2/account:Account"
	bucketType        = "aws:s3/bucketV2:BucketV2"
	bucketPolicyType  = "aws:s3/bucketPolicy:BucketPolicy"
	bucketBlockType   = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	bucketVersions    = "aws:s3/bucketVersioningV2:BucketVersioningV2"
	bucketEncryption  = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	bucketOwnership   = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
	bucketLifecycle   = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	bucketLogging     = "aws:s3/bucketLoggingV2:BucketLoggingV2"
	bucketLock        = "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2"
	keyType           = "aws:kms/key:Key"
	keyPolicyType     = "aws:kms/keyPolicy:KeyPolicy"
	topicType         = "aws:sns/topic:Topic"
	topicPolicyType   = "aws:sns/topicPolicy:TopicPolicy"
	subscriptionType  = "aws:sns/topicSubscription:TopicSubscription"
	queueType         = "aws:sqs/queue:Queue"
	queuePolicyType   = "aws:sqs/queuePolicy:QueuePolicy"
	slackType         = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"
	logGroupType      = "aws:cloudwatch/logGroup:LogGroup"
	filterType        = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
	alarmType         = "aws:cloudwatch/metricAlarm:MetricAlarm"
	eventRuleType     = "aws:cloudwatch/eventRule:EventRule"
	eventTargetType   = "aws:cloudwatch/eventTarget:EventTarget"
	workgroupType     = "aws:athena/workgroup:Workgroup"
	roleType          = "aws:iam/role:Role"
	groupType         = "aws:iam/group:Group"
	rolePolicyType    = "aws:iam/rolePolicy:RolePolicy"
	groupPolicyType   = "aws:iam/groupPolicy:GroupPolicy"
	userPolicyType    = "aws:iam/userPolicy:UserPolicy"
	iamPolicyType     = "aws:iam/policy:Policy"
	roleAttachment    = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	groupAttachment   = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
	userAttachment    = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
	passwordType      = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"
	accountBlockType  = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
	contactType       = "aws:account/alternativeContact:AlternativeContact"
	ebsEncryptionType = "aws:ebs/encryptionByDefault:EncryptionByDefault"
	snapshotBlockType = "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess"
	imageBlockType    = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess"
	metadataType      = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults"
	serialConsoleType = "aws:ec2/serialConsoleAccess:SerialConsoleAccess"
	defaultGroupType  = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	stateMachineType  = "aws:sfn/stateMachine:StateMachine"
	budgetType        = "aws:budgets/budget:Budget"
	monitorType       = "aws:costexplorer/anomalyMonitor:AnomalyMonitor"
	anomalyType       = "aws:costexplorer/anomalySubscription:AnomalySubscription"
)

// inEveryRegion are types of which a covered Region has some. A Region that only forwards its events, as that of the global
// services, has none of them.
var inEveryRegion = []string{
	recorderType, recorderStatus, channelType, detectorType, analyzerType,
	ebsEncryptionType, snapshotBlockType, imageBlockType, metadataType, serialConsoleType,
}

// declaration is an index of what is declared.
type declaration struct {
	byType   map[string][]declared.Resource
	byPlace  map[[2]string][]declared.Resource // by type and Region
	covered  []string                          // Regions, sorted
	patterns map[string]*eventPattern
	policies map[string][]statement
	told     map[string]bool   // whether an alert reaches somebody, by its place
	results  map[string]Result // of checks that were run, by what they look for
}

func read(resources []declared.Resource) *declaration {
	d := &declaration{
		byType: map[string][]declared.Resource{}, byPlace: map[[2]string][]declared.Resource{}, told: map[string]bool{},
		patterns: map[string]*eventPattern{}, policies: map[string][]statement{}, results: map[string]Result{},
	}
	covered, all := map[string]bool{}, map[string]bool{}
	for _, r := range resources {
		d.byType[r.Type] = append(d.byType[r.Type], r)
		d.byPlace[[2]string{r.Type, r.Region}] = append(d.byPlace[[2]string{r.Type, r.Region}], r)
		if r.Region == "" {
			continue
		}
		all[r.Region] = true
		if slices.Contains(inEveryRegion, r.Type) {
			covered[r.Region] = true
		}
	}
	if len(covered) == 0 { // a single component, which has nothing in every Region
		covered = all
	}
	d.covered = slices.Sorted(maps.Keys(covered))
	return d
}

// check is a function of the declared resources: it returns the resources by which it holds, or what is missing.
type check struct {
	what string
	run  func(d *declaration) (evidence []string, lack string)
}

// result runs a check, once however many controls have it.
func (d *declaration) result(c check) Result {
	if r, known := d.results[c.what]; known {
		return r
	}
	found, lack := c.run(d)
	r := Result{What: c.what, Holds: lack == "", Lacks: lack}
	if r.Holds {
		found = slices.Clone(found)
		slices.Sort(found)
		r.Evidence = slices.Compact(found)
	}
	d.results[c.what] = r
	return r
}

// ifAny is a check that holds where nothing of the type is declared: the baseline keeps it by not having any.
func ifAny(typ string, c check) check {
	return check{c.what + ", if there are any", func(d *declaration) ([]string, string) {
		if len(d.byType[typ]) == 0 {
			return nil, ""
		}
		return c.run(d)
	}}
}

// place names a resource.
func place(r declared.Resource) string { return r.Name + " (" + r.Region + ")" }

func places(rs []declared.Resource) (all []string) {
	for _, r := range rs {
		all = append(all, place(r))
	}
	return all
}

// in are the resources of a type in a Region.
func (d *declaration) in(typ, region string) []declared.Resource {
	return d.byPlace[[2]string{typ, region}]
}

// only is a declaration of the resources of a type that fit, in the same covered Regions.
func (d *declaration) only(typ string, fits func(declared.Resource) bool) *declaration {
	var fit []declared.Resource
	for _, r := range d.byType[typ] {
		if fits(r) {
			fit = append(fit, r)
		}
	}
	some := read(fit)
	some.covered = d.covered
	return some
}

// everywhere holds when every covered Region has a resource of the type that lacks nothing.
func (d *declaration) everywhere(typ, name string, lack func(declared.Resource) string) (evidence []string, problem string) {
	var missing, weak []string
	for _, region := range d.covered {
		first, fit := "", false
		for _, r := range d.in(typ, region) {
			if l := lack(r); l == "" {
				fit, evidence = true, append(evidence, place(r))
			} else if first == "" {
				first = place(r) + " " + l
			}
		}
		switch {
		case fit:
		case first != "":
			weak = append(weak, first)
		default:
			missing = append(missing, region)
		}
	}
	switch {
	case len(d.byType[typ]) == 0:
		return nil, "no " + name + " is declared"
	case len(weak) > 0:
		return nil, strings.Join(weak, "; ")
	case len(missing) > 0:
		return nil, "no " + name + " in " + strings.Join(missing, ", ")
	default:
		return evidence, ""
	}
}

// every holds when no resource of the type lacks anything, and there is one.
func (d *declaration) every(typ, name string, lack func(declared.Resource) string) (evidence []string, problem string) {
	var weak []string
	for _, r := range d.byType[typ] {
		if l := lack(r); l != "" {
			weak = append(weak, place(r)+" "+l)
		}
	}
	switch {
	case len(d.byType[typ]) == 0:
		return nil, "no " + name + " is declared"
	case len(weak) > 0:
		return nil, strings.Join(weak, "; ")
	default:
		return places(d.byType[typ]), ""
	}
}

// some holds when a resource of the type lacks nothing.
func (d *declaration) some(typ, name string, lack func(declared.Resource) string) (evidence []string, problem string) {
	for _, r := range d.byType[typ] {
		l := lack(r)
		if l == "" {
			return []string{place(r)}, ""
		}
		if problem == "" {
			problem = place(r) + " " + l
		}
	}
	if problem == "" {
		problem = "no " + name + " is declared"
	}
	return nil, problem
}

// at is the input at a path such as "rule.defaultRetention"; nil when there is none. Blocks that AWS's provider knows once
// are found in a list of one as well.
func at(value any, path string) any {
	if object, ok := value.(map[string]any); ok && !strings.Contains(path, ".") {
		return object[path]
	}
	for step := range strings.SplitSeq(path, ".") {
		if list, ok := value.([]any); ok && len(list) == 1 {
			value = list[0]
		}
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[step]
	}
	return value
}

func text(r declared.Resource, path string) string {
	s, _ := at(r.Inputs, path).(string)
	return s
}

// is reports whether a switch is given and on.
func is(r declared.Resource, path string) bool {
	on, _ := at(r.Inputs, path).(bool)
	return on
}

// off reports whether a switch is given and off.
func off(r declared.Resource, path string) bool {
	on, given := at(r.Inputs, path).(bool)
	return given && !on
}

// number is a number, whatever form it was declared in; given is false when there is none.
func number(r declared.Resource, path string) (n float64, given bool) {
	switch v := at(r.Inputs, path).(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	default:
		return 0, false
	}
}

// list are the elements of a list, or the one thing itself.
func list(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

func texts(value any) (all []string) {
	for _, v := range list(value) {
		if s, ok := v.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// unless is the lack, unless the condition holds.
func unless(holds bool, lack string, values ...any) string {
	if holds {
		return ""
	}
	return fmt.Sprintf(lack, values...)
}

// lastOf is what follows the last separator, such as the name in an ARN.
func lastOf(s, separator string) string { return s[strings.LastIndex(s, separator)+1:] }
