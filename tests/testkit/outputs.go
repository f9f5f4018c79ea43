package testkit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// shape says what AWS answers when a resource of a type is made. The texts are templates over
//
//	{p} {r} {a}  partition, Region of the resource's provider, account
//	{suffix}     domain of the partition's endpoints
//	{name}       the input that names the resource, or a generated name
//	{uuid} {hex} an identifier that follows from the URN
//	{in:KEY}     the input KEY
type shape struct {
	name    string // input that holds the physical name; "" is "name"
	id      string // "" is {name}
	arn     string
	outputs map[string]string
}

var shapes = map[string]shape{
	"aws:s3/bucketV2:BucketV2": {name: "bucket", arn: "arn:{p}:s3:::{name}", outputs: map[string]string{
		"bucket": "{name}", "region": "{r}", "bucketDomainName": "{name}.s3.{suffix}",
		"bucketRegionalDomainName": "{name}.s3.{r}.{suffix}",
	}},
	"aws:kms/key:Key": {id: "{uuid}", arn: "arn:{p}:kms:{r}:{a}:key/{uuid}", outputs: map[string]string{"keyId": "{uuid}"}},
	"aws:kms/alias:Alias": {arn: "arn:{p}:kms:{r}:{a}:{name}", outputs: map[string]string{
		"targetKeyArn": "arn:{p}:kms:{r}:{a}:key/{in:targetKeyId}",
	}},
	"aws:sns/topic:Topic":                         {id: "arn:{p}:sns:{r}:{a}:{name}", arn: "arn:{p}:sns:{r}:{a}:{name}"},
	"aws:sns/topicSubscription:TopicSubscription": {id: "{in:topic}:{uuid}", arn: "{in:topic}:{uuid}"},
	"aws:sqs/queue:Queue": {id: "https://sqs.{r}.{suffix}/{a}/{name}", arn: "arn:{p}:sqs:{r}:{a}:{name}",
		outputs: map[string]string{"url": "https://sqs.{r}.{suffix}/{a}/{name}"}},
	"aws:iam/role:Role":     {arn: "arn:{p}:iam::{a}:role{path}{name}", outputs: map[string]string{"uniqueId": "AROA{hex}"}},
	"aws:iam/policy:Policy": {id: "arn:{p}:iam::{a}:policy{path}{name}", arn: "arn:{p}:iam::{a}:policy{path}{name}"},
	"aws:iam/group:Group":   {arn: "arn:{p}:iam::{a}:group{path}{name}", outputs: map[string]string{"uniqueId": "AGPA{hex}"}},
	"aws:iam/user:User":     {arn: "arn:{p}:iam::{a}:user{path}{name}", outputs: map[string]string{"uniqueId": "AIDA{hex}"}},
	"aws:iam/serviceLinkedRole:ServiceLinkedRole": {
		name: "awsServiceName",
		id:   "arn:{p}:iam::{a}:role/aws-service-role/{name}/AWSServiceRole{hex}",
		arn:  "arn:{p}:iam::{a}:role/aws-service-role/{name}/AWSServiceRole{hex}",
	},
	"aws:cloudwatch/logGroup:LogGroup":       {arn: "arn:{p}:logs:{r}:{a}:log-group:{name}"},
	"aws:cloudwatch/metricAlarm:MetricAlarm": {arn: "arn:{p}:cloudwatch:{r}:{a}:alarm:{name}"},
	"aws:cloudwatch/eventRule:EventRule":     {arn: "arn:{p}:events:{r}:{a}:rule/{name}"},
	"aws:cloudwatch/eventBus:EventBus":       {arn: "arn:{p}:events:{r}:{a}:event-bus/{name}"},
	"aws:cloudwatch/eventTarget:EventTarget": {id: "{in:rule}-{hex}"},
	"aws:cloudwatch/eventConnection:EventConnection": {
		arn: "arn:{p}:events:{r}:{a}:connection/{name}/{uuid}",
		outputs: map[string]string{
			"secretArn": "arn:{p}:secretsmanager:{r}:{a}:secret:events!connection/{name}/{uuid}-AbCdEf",
		},
	},
	"aws:cloudwatch/eventApiDestination:EventApiDestination": {
		arn: "arn:{p}:events:{r}:{a}:api-destination/{name}/{uuid}",
	},
	"aws:pipes/pipe:Pipe": {arn: "arn:{p}:pipes:{r}:{a}:pipe/{name}"},
	"aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": {
		name: "configurationName",
		id:   "arn:{p}:chatbot::{a}:chat-configuration/slack-channel/{name}",
		outputs: map[string]string{
			"chatConfigurationArn": "arn:{p}:chatbot::{a}:chat-configuration/slack-channel/{name}",
			"slackChannelName":     "alerts",
			"slackTeamName":        "example",
		},
	},
	"aws:cloudtrail/trail:Trail": {
		id: "arn:{p}:cloudtrail:{r}:{a}:trail/{name}", arn: "arn:{p}:cloudtrail:{r}:{a}:trail/{name}",
		outputs: map[string]string{"homeRegion": "{r}"},
	},
	"aws:guardduty/detector:Detector": {id: "{hex32}", arn: "arn:{p}:guardduty:{r}:{a}:detector/{hex32}",
		outputs: map[string]string{"accountId": "{a}"}},
	"aws:cfg/rule:Rule":                 {arn: "arn:{p}:config:{r}:{a}:config-rule/config-rule-{hex}"},
	"aws:sfn/stateMachine:StateMachine": {id: "arn:{p}:states:{r}:{a}:stateMachine:{name}", arn: "arn:{p}:states:{r}:{a}:stateMachine:{name}"},
	"aws:budgets/budget:Budget":         {id: "{a}:{name}", arn: "arn:{p}:budgets::{a}:budget/{name}"},
	"aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
		id: "arn:{p}:ce::{a}:anomalymonitor/{uuid}", arn: "arn:{p}:ce::{a}:anomalymonitor/{uuid}",
	},
	"aws:costexplorer/anomalySubscription:AnomalySubscription": {
		id: "arn:{p}:ce::{a}:anomalysubscription/{uuid}", arn: "arn:{p}:ce::{a}:anomalysubscription/{uuid}",
	},
	"aws:athena/workgroup:Workgroup": {arn: "arn:{p}:athena:{r}:{a}:workgroup/{name}"},
	"aws:glue/catalogDatabase:CatalogDatabase": {
		id: "{a}:{name}", arn: "arn:{p}:glue:{r}:{a}:database/{name}", outputs: map[string]string{"catalogId": "{a}"},
	},
	providerType: {id: "{uuid}"},
}

// outputs are the physical id and the outputs of a resource that was made with the given inputs. A type without a
// shape gets an ARN of the common form SERVICE:REGION:ACCOUNT:TYPE/NAME.
func (d *recorder) outputs(r *Resource) (id string, outputs map[string]any) {
	s, found := shapes[r.Type]
	if !found {
		s.arn = genericARN(r.Type)
	}
	sum := sha256.Sum256([]byte(r.URN))
	digest := hex.EncodeToString(sum[:])
	nameInput := orElse(s.name, "name")
	name := r.String(nameInput)
	if name == "" {
		name = orElse(r.String(nameInput+"Prefix"), r.Name+"-") + digest[:7]
	}
	fill := strings.NewReplacer(
		"{p}", d.Options.Partition, "{r}", r.Region, "{a}", d.Options.Account, "{suffix}", suffixOf(d.Options.Partition),
		"{name}", name, "{path}", orElse(r.String("path"), "/"),
		"{uuid}", fmt.Sprintf("%s-%s-4%s-a%s-%s", digest[:8], digest[8:12], digest[12:15], digest[15:18], digest[18:30]),
		"{hex}", digest[:12], "{hex32}", digest[:32],
		"{in:topic}", r.String("topic"), "{in:rule}", r.String("rule"), "{in:targetKeyId}", r.String("targetKeyId"),
	).Replace
	outputs = map[string]any{}
	if r.Type != providerType {
		outputs[nameInput] = name
	}
	if s.arn != "" {
		outputs["arn"] = fill(s.arn)
	}
	for key, value := range s.outputs {
		outputs[key] = fill(value)
	}
	if r.Type == "aws:sns/topicSubscription:TopicSubscription" {
		outputs["pendingConfirmation"] = strings.HasPrefix(r.String("protocol"), "email")
	}
	return fill(orElse(s.id, "{name}")), outputs
}

func suffixOf(partition string) string {
	for _, p := range Partitions {
		if p.Name == partition {
			return p.Suffix
		}
	}
	return ""
}

// genericARN of aws:service/thing:Thing.
func genericARN(typ string) string {
	parts := strings.Split(typ, ":")
	service, thing, ok := strings.Cut(parts[1], "/")
	if !ok {
		return ""
	}
	return "arn:{p}:" + service + ":{r}:{a}:" + strings.ToLower(thing) + "/{name}"
}
