package estimate

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// enabledByDefault are the Regions that every account has
// (https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html).
var enabledByDefault = map[string][]string{
	"aws": {
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
		"eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
	},
	"aws-cn":     {"cn-north-1", "cn-northwest-1"},
	"aws-us-gov": {"us-gov-east-1", "us-gov-west-1"},
}

var dnsSuffixes = map[string]string{"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}

func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	default:
		return "aws"
	}
}

// Call answers what a program asks AWS.
func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	a, region := r.account, r.regionOf(args.Provider)
	var answer map[string]any
	switch args.Token {
	case "aws:index/getCallerIdentity:getCallerIdentity":
		answer = map[string]any{"accountId": a.ID, "arn": a.Caller, "id": a.ID, "userId": a.ID}
	case "aws:index/getPartition:getPartition":
		answer = map[string]any{
			"partition": a.Partition, "id": a.Partition, "dnsSuffix": dnsSuffixes[a.Partition], "reverseDnsPrefix": "com.amazonaws",
		}
	case "aws:index/getRegion:getRegion":
		answer = map[string]any{"name": region, "id": region, "description": region, "endpoint": "ec2." + region + "." + dnsSuffixes[a.Partition]}
	case "aws:index/getRegions:getRegions":
		names := make([]any, len(a.EnabledRegions))
		for i, name := range a.EnabledRegions {
			names[i] = name
		}
		answer = map[string]any{"names": names, "id": a.Partition}
	case "aws:ec2/getVpcs:getVpcs": // as in an account that has its default VPC
		answer = map[string]any{"ids": []any{"vpc-0123456789abcdef0"}, "id": region}
	case "aws:iam/getSessionContext:getSessionContext":
		answer = map[string]any{"arn": a.Caller, "id": a.Caller, "issuerArn": a.Caller, "issuerId": "", "issuerName": "", "sessionName": ""}
	default:
		return nil, fmt.Errorf("the program calls %s, which an estimate cannot answer", args.Token)
	}
	return resource.NewPropertyMapFromMap(answer), nil
}

// physicalName is the input that names a resource, where it is not name.
var physicalName = map[string]string{
	"aws:s3/bucketV2:BucketV2":                                        "bucket",
	"aws:iam/serviceLinkedRole:ServiceLinkedRole":                     "awsServiceName",
	"aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": "configurationName",
}

// arns are the ARNs of types that do not have the form service:REGION:ACCOUNT:type/NAME. {p}, {r} and {a} stand for partition,
// Region and account, {path} for the path of an IAM entity, {id} for a made-up identifier.
var arns = map[string]string{
	"aws:s3/bucketV2:BucketV2":                               "arn:{p}:s3:::{name}",
	"aws:kms/key:Key":                                        "arn:{p}:kms:{r}:{a}:key/{id}",
	"aws:kms/alias:Alias":                                    "arn:{p}:kms:{r}:{a}:{name}",
	"aws:sns/topic:Topic":                                    "arn:{p}:sns:{r}:{a}:{name}",
	"aws:sqs/queue:Queue":                                    "arn:{p}:sqs:{r}:{a}:{name}",
	"aws:iam/role:Role":                                      "arn:{p}:iam::{a}:role{path}{name}",
	"aws:iam/policy:Policy":                                  "arn:{p}:iam::{a}:policy{path}{name}",
	"aws:iam/group:Group":                                    "arn:{p}:iam::{a}:group{path}{name}",
	"aws:iam/user:User":                                      "arn:{p}:iam::{a}:user{path}{name}",
	"aws:iam/serviceLinkedRole:ServiceLinkedRole":            "arn:{p}:iam::{a}:role/aws-service-role/{name}/{id}",
	"aws:cloudwatch/logGroup:LogGroup":                       "arn:{p}:logs:{r}:{a}:log-group:{name}",
	"aws:cloudwatch/metricAlarm:MetricAlarm":                 "arn:{p}:cloudwatch:{r}:{a}:alarm:{name}",
	"aws:cloudwatch/eventRule:EventRule":                     "arn:{p}:events:{r}:{a}:rule/{name}",
	"aws:cloudwatch/eventBus:EventBus":                       "arn:{p}:events:{r}:{a}:event-bus/{name}",
	"aws:cloudwatch/eventConnection:EventConnection":         "arn:{p}:events:{r}:{a}:connection/{name}/{id}",
	"aws:cloudwatch/eventApiDestination:EventApiDestination": "arn:{p}:events:{r}:{a}:api-destination/{name}/{id}",
	"aws:cfg/rule:Rule":                                      "arn:{p}:config:{r}:{a}:config-rule/{id}",
	"aws:sfn/stateMachine:StateMachine":                      "arn:{p}:states:{r}:{a}:stateMachine:{name}",
	"aws:budgets/budget:Budget":                              "arn:{p}:budgets::{a}:budget/{name}",
	"aws:costexplorer/anomalyMonitor:AnomalyMonitor":         "arn:{p}:ce::{a}:anomalymonitor/{id}",
	"aws:guardduty/detector:Detector":                        "arn:{p}:guardduty:{r}:{a}:detector/{id}",
}

// identifiedByARN are types whose id is their ARN.
var identifiedByARN = map[string]bool{
	"aws:sns/topic:Topic": true, "aws:iam/policy:Policy": true, "aws:iam/serviceLinkedRole:ServiceLinkedRole": true,
	"aws:cloudtrail/trail:Trail": true, "aws:sfn/stateMachine:StateMachine": true, "aws:costexplorer/anomalyMonitor:AnomalyMonitor": true,
}

// identifiedByID are types whose id AWS makes up.
var identifiedByID = map[string]bool{
	"aws:kms/key:Key": true, "aws:guardduty/detector:Detector": true, "aws:sns/topicSubscription:TopicSubscription": true, providerType: true,
}

// made is what AWS would answer when a resource is made: its id and the outputs that a program may use. They follow from the URN.
func (r *recorder) made(declared Resource, urn string) (id string, outputs map[string]any) {
	sum := sha256.Sum256([]byte(urn))
	digest := hex.EncodeToString(sum[:16])
	nameKey := cmp.Or(physicalName[declared.Type], "name")
	name := text(declared.Inputs, nameKey)
	if name == "" {
		name = cmp.Or(text(declared.Inputs, nameKey+"Prefix"), declared.Name+"-") + digest[:7]
	}
	suffix := dnsSuffixes[r.account.Partition]
	fill := strings.NewReplacer("{p}", r.account.Partition, "{r}", declared.Region, "{a}", r.account.ID, "{name}", name,
		"{path}", cmp.Or(text(declared.Inputs, "path"), "/"), "{id}", digest).Replace
	arn := fill(cmp.Or(arns[declared.Type], usualARN(declared.Type)))

	outputs = map[string]any{"arn": arn}
	switch declared.Type {
	case providerType:
		return digest, nil
	case "aws:s3/bucketV2:BucketV2":
		outputs["region"] = declared.Region
		outputs["bucketDomainName"] = name + ".s3." + suffix
		outputs["bucketRegionalDomainName"] = name + ".s3." + declared.Region + "." + suffix
	case "aws:kms/key:Key":
		outputs["keyId"] = digest
	case "aws:kms/alias:Alias":
		outputs["targetKeyArn"] = fill("arn:{p}:kms:{r}:{a}:key/") + text(declared.Inputs, "targetKeyId")
	case "aws:sqs/queue:Queue":
		outputs["url"] = "https://sqs." + declared.Region + "." + suffix + "/" + r.account.ID + "/" + name
	case "aws:iam/role:Role", "aws:iam/group:Group", "aws:iam/user:User":
		outputs["uniqueId"] = "A" + strings.ToUpper(digest[:20])
	case "aws:cloudwatch/eventConnection:EventConnection":
		outputs["secretArn"] = fill("arn:{p}:secretsmanager:{r}:{a}:secret:events!connection/{name}/{id}")
	case "aws:sns/topicSubscription:TopicSubscription":
		outputs["pendingConfirmation"] = strings.HasPrefix(text(declared.Inputs, "protocol"), "email")
	case "aws:cloudtrail/trail:Trail":
		outputs["homeRegion"] = declared.Region
	case "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration":
		outputs["chatConfigurationArn"] = fill("arn:{p}:chatbot::{a}:chat-configuration/slack-channel/{name}")
	}
	outputs[nameKey] = name
	switch {
	case identifiedByARN[declared.Type]:
		return arn, outputs
	case identifiedByID[declared.Type]:
		return digest, outputs
	case declared.Type == "aws:sqs/queue:Queue":
		return outputs["url"].(string), outputs
	default:
		return name, outputs
	}
}

// usualARN is the most common form for a token such as aws:service/thing:Thing.
func usualARN(token string) string {
	service, thing, _ := strings.Cut(strings.TrimPrefix(token, "aws:"), "/")
	thing, _, _ = strings.Cut(thing, ":")
	return "arn:{p}:" + service + ":{r}:{a}:" + strings.ToLower(thing) + "/{name}"
}
