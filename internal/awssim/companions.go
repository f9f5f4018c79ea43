package awssim

import (
	"maps"
	"strings"
)

// companions are the API calls that pulumi-aws makes beside the main one of each operation. The caller must be allowed to
// make them; the main call asks for itself where it is made. An action that AWS cannot narrow to a resource is asked for
// on "*" (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
type companions struct {
	// on is the ARN that is asked about, without "arn:" and the partition. {region} and {account} are the provider's,
	// any other word in braces is a property or the id; what AWS makes up at creation is "*" then, since nobody can
	// know it beforehand. "*": no resource.
	on                   string
	create, read, delete []string
	// put are the calls that set a property: at creation when it is there, later when it changes.
	put map[string]string
	// untag removes tags; tags are set by put.
	untag string
	// anywhere are reads that AWS cannot narrow.
	anywhere []string
}

const (
	anyResource = "*"
	allTags     = "tags"
)

// tagged are the companions of a type whose tags are set at its creation and read by a call of their own.
func tagged(on, service string) companions {
	c := taggedInAnswer(on, service)
	c.read = []string{service + ":ListTagsForResource"}
	return c
}

// taggedInAnswer is tagged for types whose description has their tags.
func taggedInAnswer(on, service string) companions {
	return companions{on: on, put: map[string]string{allTags: service + ":TagResource"}, untag: service + ":UntagResource"}
}

func (c companions) reading(actions ...string) companions {
	c.read = append(c.read, actions...)
	return c
}

func (c companions) setting(property, action string) companions {
	c.put = maps.Clone(c.put)
	if c.put == nil {
		c.put = map[string]string{}
	}
	c.put[property] = action
	return c
}

var companionsOf = map[string]companions{
	"aws:accessanalyzer/analyzer:Analyzer": taggedInAnswer("access-analyzer:{region}:{account}:analyzer/{analyzerName}", "access-analyzer"),
	"aws:athena/workgroup:Workgroup":       tagged("athena:{region}:{account}:workgroup/{name}", "athena"),
	"aws:budgets/budget:Budget":            tagged("budgets::{account}:budget/{name}", "budgets"),
	"aws:cfg/aggregateAuthorization:AggregateAuthorization": tagged(
		"config:{region}:{account}:aggregation-authorization/{accountId}/{region}", "config"),
	"aws:cfg/configurationAggregator:ConfigurationAggregator": tagged("config:{region}:{account}:config-aggregator/*", "config"),
	"aws:cfg/rule:Rule": tagged("config:{region}:{account}:config-rule/*", "config"),

	// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/security_iam_id-based-policy-examples.html
	"aws:cloudtrail/trail:Trail": {
		on:     "cloudtrail:{region}:{account}:trail/{name}",
		create: []string{"cloudtrail:StartLogging"},
		read:   []string{"cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors", "cloudtrail:GetInsightSelectors", "cloudtrail:ListTags"},
		put: map[string]string{
			allTags: "cloudtrail:AddTags", "advancedEventSelectors": "cloudtrail:PutEventSelectors",
			"eventSelectors": "cloudtrail:PutEventSelectors", "insightSelectors": "cloudtrail:PutInsightSelectors",
		},
		untag: "cloudtrail:RemoveTags",
	},

	"aws:cloudwatch/compositeAlarm:CompositeAlarm": {
		on: "cloudwatch:{region}:{account}:alarm:{alarmName}", read: []string{"cloudwatch:ListTagsForResource"},
		put: map[string]string{allTags: "cloudwatch:TagResource"}, untag: "cloudwatch:UntagResource",
	},
	"aws:cloudwatch/eventRule:EventRule": tagged("events:{region}:{account}:rule/{eventBusPath}{name}", "events"),
	"aws:cloudwatch/eventBus:EventBus":   tagged("events:{region}:{account}:event-bus/{name}", "events"),
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
	"aws:cloudwatch/logGroup:LogGroup": tagged("logs:{region}:{account}:log-group:{name}", "logs").
		setting("retentionInDays", "logs:PutRetentionPolicy").reading("logs:DescribeLogGroups"),
	"aws:cloudwatch/logMetricFilter:LogMetricFilter": {
		on: "logs:{region}:{account}:log-group:{logGroupName}", read: []string{"logs:DescribeMetricFilters"},
	},
	"aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {anywhere: []string{"logs:DescribeResourcePolicies"}},
	"aws:cloudwatch/queryDefinition:QueryDefinition":     {anywhere: []string{"logs:DescribeQueryDefinitions"}},
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
	"aws:cloudwatch/metricAlarm:MetricAlarm": tagged("cloudwatch:{region}:{account}:alarm:{name}", "cloudwatch"),

	"aws:costexplorer/anomalyMonitor:AnomalyMonitor":           tagged("ce::{account}:anomalymonitor/*", "ce"),
	"aws:costexplorer/anomalySubscription:AnomalySubscription": tagged("ce::{account}:anomalysubscription/*", "ce"),

	"aws:glue/catalogDatabase:CatalogDatabase": {
		on: "glue:{region}:{account}:database/{name}", read: []string{"glue:GetTags"},
		put: map[string]string{allTags: "glue:TagResource"}, untag: "glue:UntagResource",
	},
	"aws:glue/catalogTable:CatalogTable": {
		on: "glue:{region}:{account}:table/{databaseName}/{name}", read: []string{"glue:GetPartitionIndexes"},
	},

	"aws:guardduty/detector:Detector":             taggedInAnswer("guardduty:{region}:{account}:detector/{id}", "guardduty"),
	"aws:guardduty/filter:Filter":                 taggedInAnswer("guardduty:{region}:{account}:detector/{detectorId}/filter/{name}", "guardduty"),
	"aws:guardduty/iPSet:IPSet":                   taggedInAnswer("guardduty:{region}:{account}:detector/{detectorId}/ipset/*", "guardduty"),
	"aws:guardduty/threatIntelSet:ThreatIntelSet": taggedInAnswer("guardduty:{region}:{account}:detector/{detectorId}/threatintelset/*", "guardduty"),

	"aws:iam/group:Group":                                 {on: "iam::{account}:group{path}{name}", read: []string{"iam:GetGroup"}},
	"aws:iam/groupPolicy:GroupPolicy":                     {on: "iam::{account}:group/{group}", read: []string{"iam:GetGroupPolicy"}},
	"aws:iam/groupPolicyAttachment:GroupPolicyAttachment": {on: "iam::{account}:group/{group}", read: []string{"iam:ListAttachedGroupPolicies"}},
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
		on: "iam::{account}:oidc-provider/*", put: map[string]string{allTags: "iam:TagOpenIDConnectProvider"}, untag: "iam:UntagOpenIDConnectProvider",
	},
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
	"aws:iam/policy:Policy": {
		on: "iam::{account}:policy{path}{name}", read: []string{"iam:GetPolicy", "iam:GetPolicyVersion"}, delete: []string{"iam:ListPolicyVersions"},
		put: map[string]string{allTags: "iam:TagPolicy"}, untag: "iam:UntagPolicy",
	},
	// pulumi-aws reads the names of inline and attached policies with the role, and before it deletes one.
	"aws:iam/role:Role": {
		on:     "iam::{account}:role{path}{name}",
		read:   []string{"iam:GetRole", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"},
		delete: []string{"iam:ListInstanceProfilesForRole", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"},
		put:    map[string]string{allTags: "iam:TagRole"}, untag: "iam:UntagRole",
	},
	"aws:iam/rolePolicy:RolePolicy":                     {on: "iam::{account}:role/{role}", read: []string{"iam:GetRolePolicy"}},
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment": {on: "iam::{account}:role/{role}", read: []string{"iam:ListAttachedRolePolicies"}},
	"aws:iam/serviceLinkedRole:ServiceLinkedRole": {
		on: "iam::{account}:role/aws-service-role/{awsServiceName}/*", read: []string{"iam:GetRole"},
		delete: []string{"iam:GetServiceLinkedRoleDeletionStatus"},
		put:    map[string]string{allTags: "iam:TagRole"}, untag: "iam:UntagRole",
	},

	// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
	"aws:kms/key:Key": {
		on:  "kms:{region}:{account}:key/{id}",
		put: map[string]string{allTags: "kms:TagResource", "enableKeyRotation": "kms:EnableKeyRotation"}, untag: "kms:UntagResource",
	},

	"aws:notifications/contactsEmailContact:ContactsEmailContact": {
		on: "notifications-contacts::{account}:emailcontact/{id}", read: []string{"notifications-contacts:ListTagsForResource"},
		put: map[string]string{allTags: "notifications-contacts:TagResource"}, untag: "notifications-contacts:UntagResource",
	},
	"aws:notifications/notificationConfiguration:NotificationConfiguration": tagged("notifications::{account}:configuration/{id}", "notifications"),

	"aws:pipes/pipe:Pipe":                       tagged("pipes:{region}:{account}:pipe/{name}", "pipes"),
	"aws:s3/bucketV2:BucketV2":                  {on: "s3:::{bucket}", put: map[string]string{allTags: "s3:PutBucketTagging"}},
	"aws:scheduler/scheduleGroup:ScheduleGroup": tagged("scheduler:{region}:{account}:schedule-group/{name}", "scheduler"),

	// The provider lets Step Functions judge the definition before it makes a machine of it.
	// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
	"aws:sfn/stateMachine:StateMachine": withAnywhere(tagged("states:{region}:{account}:stateMachine:{name}", "states").
		reading("states:ListStateMachineVersions"), "states:ValidateStateMachineDefinition"),

	// https://docs.aws.amazon.com/sns/latest/dg/sns-tags.html
	"aws:sns/topic:Topic": tagged("sns:{region}:{account}:{name}", "sns"),
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
	"aws:sqs/queue:Queue": {
		on: "sqs:{region}:{account}:{name}", read: []string{"sqs:ListQueueTags"},
		put: map[string]string{allTags: "sqs:TagQueue"}, untag: "sqs:UntagQueue",
	},
}

func withAnywhere(c companions, actions ...string) companions {
	c.anywhere = actions
	return c
}

// accompanied asks for the companions of each operation before it is done.
func accompanied(all map[string]resourceType) map[string]resourceType {
	for token, beside := range companionsOf {
		kind, ok := all[token]
		if !ok {
			panic("awssim: companions of an unknown type " + token)
		}
		all[token] = beside.around(kind)
	}
	return all
}

func (s companions) around(kind resourceType) resourceType {
	asked := kind
	asked.create = func(c *call, in props) (string, props, error) {
		if err := s.ask(c, in, "", append(s.create[:len(s.create):len(s.create)], s.changes(nil, in)...)); err != nil {
			return "", nil, err
		}
		return kind.create(c, in)
	}
	if kind.read != nil {
		asked.read = func(c *call, id string, state props) (props, error) {
			out, err := kind.read(c, id, state)
			if err != nil {
				return out, err
			}
			known := maps.Clone(state)
			if known == nil {
				known = props{}
			}
			maps.Copy(known, normal(out))
			return out, s.ask(c, known, id, s.read)
		}
	}
	asked.update = func(c *call, id string, old, in props) (props, error) {
		known := maps.Clone(old)
		maps.Copy(known, in)
		if err := s.ask(c, known, id, s.changes(old, in)); err != nil {
			return nil, err
		}
		if kind.update == nil {
			return nil, nil
		}
		return kind.update(c, id, old, in)
	}
	if kind.delete != nil {
		asked.delete = func(c *call, id string, state props) error {
			if err := s.ask(c, state, id, s.delete); err != nil {
				return err
			}
			return kind.delete(c, id, state)
		}
	}
	return asked
}

// changes are the calls that bring the properties from old to new; at creation, old is nil.
func (s companions) changes(old, in props) []string {
	var actions []string
	for _, property := range sortedKeys(s.put) {
		if property == allTags {
			continue
		}
		if v := in[property]; !blank(v) && v != false && jsonText(v) != jsonText(old[property]) {
			actions = append(actions, s.put[property])
		}
	}
	before, after := stringMap(old, allTags), stringMap(in, allTags)
	for key, value := range after {
		if was, ok := before[key]; s.put[allTags] != "" && (!ok || was != value) {
			actions = append(actions, s.put[allTags])
			break
		}
	}
	for key := range before {
		if _, ok := after[key]; s.untag != "" && !ok {
			return append(actions, s.untag)
		}
	}
	return actions
}

func (s companions) ask(c *call, known props, id string, actions []string) error {
	resource := s.resource(c, known, id)
	for _, action := range actions {
		on := resource
		if action == "logs:DescribeLogGroups" {
			// AWS asks about all groups, whatever prefix is searched for.
			on = c.arn("logs", c.Region, c.ID, "log-group::log-stream:")
		}
		if err := c.mayDirectly(action, on); err != nil {
			return err
		}
	}
	for _, action := range s.anywhere {
		if err := c.may(action, anyResource); err != nil {
			return err
		}
	}
	return nil
}

func (s companions) resource(c *call, known props, id string) string {
	if s.on == "" || s.on == anyResource {
		return anyResource
	}
	text := s.on
	for {
		before, rest, ok := strings.Cut(text, "{")
		if !ok {
			return "arn:" + c.Partition + ":" + text
		}
		word, after, _ := strings.Cut(rest, "}")
		text = before + s.word(c, known, id, word) + after
	}
}

func (s companions) word(c *call, known props, id, word string) string {
	switch word {
	case "region":
		return c.Region
	case "account":
		return c.ID
	case "id":
		if i := strings.LastIndexAny(id, "/:"); i >= 0 {
			id = id[i+1:]
		}
		return strOr(props{"id": id}, "id", anyResource)
	case "path":
		return strOr(known, "path", "/")
	case "role":
		name := iamEntityName(str(known, word))
		if role := c.IAM.Roles[name]; role != nil {
			_, name, _ = strings.Cut(role.ARN, ":role/")
		}
		return name
	case "group":
		name := iamEntityName(str(known, word))
		if group := c.IAM.Groups[name]; group != nil {
			_, name, _ = strings.Cut(group.ARN, ":group/")
		}
		return name
	case "eventBusPath":
		if bus := str(known, "eventBusName"); bus != "" && bus != eventsDefaultBus {
			return bus + "/"
		}
		return ""
	}
	return strOr(known, word, anyResource)
}

// mayDirectly is may for a resource that may have a policy of its own, which counts as well.
func (c *call) mayDirectly(action, resource string) error {
	if topic := c.SNS.Topics[resource]; topic != nil {
		return c.snsAuthorize(topic, action)
	}
	if queue := c.SQS.Queues[resource]; queue != nil {
		return c.sqsAuthorize(queue, action)
	}
	if key := c.KMS.Keys[resource]; key != nil {
		return c.kmsAllows(key, action)
	}
	return c.may(action, resource)
}
