package report_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/plan"
)

// sample is a preview under construction, in the form that the CLI prints.
type sample struct {
	steps    []any
	config   map[string]any
	outputs  map[string]any // of the last deployment; nil before the first
	deployed bool
	unknown  bool // what AWS gives is not known yet
}

const (
	urnPrefix = "urn:pulumi:dev::demo::"
	stackURN  = urnPrefix + "pulumi:pulumi:Stack::demo-dev"
	account   = "111122223333"
	intruder  = `<script>alert("x")</script>`
	webhook   = "https://hooks.example.com/services/T0000/B0000/XXXX"
)

func newSample(outputs map[string]any) *sample {
	return &sample{outputs: outputs, deployed: outputs != nil, unknown: outputs == nil, config: map[string]any{"aws:region": "eu-west-1", "demo:profile": "starter"}}
}

func (s *sample) step(state map[string]any) string {
	step := map[string]any{"op": "create", "newState": state}
	if s.deployed {
		old := map[string]any{}
		for key, value := range state {
			old[key] = value
		}
		if state["urn"] == stackURN {
			old["outputs"] = s.outputs
		}
		step["op"], step["oldState"] = "same", old
	}
	s.steps = append(s.steps, step)
	return state["urn"].(string)
}

func (s *sample) component(name string) string {
	return s.step(map[string]any{"urn": urnPrefix + "account-baseline:index:Part::" + name, "type": "account-baseline:index:Part", "parent": stackURN})
}

func providerOf(region string) string { return urnPrefix + "pulumi:providers:aws::" + region }

func (s *sample) provider(region string) {
	s.step(map[string]any{"urn": providerOf(region), "type": "pulumi:providers:aws", "custom": true, "inputs": map[string]any{"region": region}})
}

// resource adds one. Inputs that begin with ref: are what AWS gives another resource: ref:URN ARN.
func (s *sample) resource(parent, kind, name, region string, inputs map[string]any) string {
	depends := map[string]any{}
	for key, value := range inputs {
		if text, is := value.(string); is && strings.HasPrefix(text, "ref:") {
			urn, arn, _ := strings.Cut(strings.TrimPrefix(text, "ref:"), " ")
			depends[key], inputs[key] = []any{urn}, arn
			if s.unknown {
				inputs[key] = plan.Unknown
			}
		}
	}
	return s.step(map[string]any{
		"urn": urnPrefix + "account-baseline:index:Part$" + kind + "::" + name, "type": kind, "custom": true, "parent": parent,
		"provider": providerOf(region) + "::id", "inputs": inputs, "propertyDependencies": depends,
	})
}

func (s *sample) json() []byte {
	s.step(map[string]any{"urn": stackURN, "type": "pulumi:pulumi:Stack"})
	summary := map[string]int{"create": len(s.steps)}
	if s.deployed {
		summary = map[string]int{"same": len(s.steps)}
	}
	text, err := json.Marshal(map[string]any{"config": s.config, "steps": s.steps, "changeSummary": summary})
	if err != nil {
		panic(err)
	}
	return text
}

func arnOf(service, region, name string) string {
	return "arn:aws:" + service + ":" + region + ":" + account + ":" + name
}

// build is a stack with every way that an alert takes, in so many Regions, and names that try to break the page.
func build(outputs map[string]any, regions []string, mails []string, parts int) *sample {
	s := newSample(outputs)
	home := regions[0]
	for _, region := range regions {
		s.provider(region)
	}
	hub := s.component("alerts")
	dead := map[string]string{}
	for _, region := range regions {
		dead[region] = s.resource(hub, "aws:sqs/queue:Queue", "alerts-dead-letters-"+region, region, map[string]any{"name": "demo-dead-letters"})
	}
	queue := s.resource(hub, "aws:sqs/queue:Queue", "alerts-webhook-queue", home, map[string]any{"name": "demo-webhook"})
	destination := s.resource(hub, "aws:cloudwatch/eventApiDestination:EventApiDestination", "alerts-webhook-destination", home,
		map[string]any{"name": "demo-webhook", "invocationEndpoint": webhook})
	s.resource(hub, "aws:pipes/pipe:Pipe", "alerts-webhook-pipe", home, map[string]any{
		"source": "ref:" + queue + " " + arnOf("sqs", home, "demo-webhook"),
		"target": "ref:" + destination + " " + arnOf("events", home, "api-destination/demo-webhook/0000"),
	})
	role := s.resource(hub, "aws:iam/role:Role", "alerts-forwarding-role", home, map[string]any{"name": "demo-forwarding"})
	for i, severity := range []string{"critical", "warning", "informational"} {
		arn := arnOf("sns", home, "demo-"+severity)
		topic := s.resource(hub, "aws:sns/topic:Topic", "alerts-"+severity, home, map[string]any{"name": "demo-" + severity})
		chat := s.resource(hub, "aws:sns/topic:Topic", "alerts-"+severity+"-chat", home, map[string]any{"name": "demo-" + severity + "-chat"})
		for _, mail := range mails {
			s.resource(hub, "aws:sns/topicSubscription:TopicSubscription", "alerts-"+severity+"-"+mail, home,
				map[string]any{"topic": "ref:" + topic + " " + arn, "protocol": "email", "endpoint": mail})
		}
		s.resource(hub, "aws:sns/topicSubscription:TopicSubscription", "alerts-"+severity+"-webhook", home, map[string]any{
			"topic": "ref:" + topic + " " + arn, "protocol": "sqs", "endpoint": "ref:" + queue + " " + arnOf("sqs", home, "demo-webhook"),
		})
		s.resource(hub, "aws:sns/topicSubscription:TopicSubscription", "alerts-"+severity+"-https", home, map[string]any{
			"topic": "ref:" + topic + " " + arn, "protocol": "https", "endpoint": webhook,
		})
		s.resource(hub, "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "alerts-slack-"+severity, home, map[string]any{
			"slackChannelId": fmt.Sprintf("C000000%d", i), "snsTopicArns": []any{arn, arn + "-chat"},
		})
		for j := range 2 + i {
			rule := fmt.Sprintf("demo-%s-%d", severity, j)
			for _, region := range regions {
				name := rule + "-in-" + region
				s.resource(hub, "aws:cloudwatch/eventRule:EventRule", name, region, map[string]any{"name": rule, "description": "Something " + severity + " happened " + intruder})
				deadLetter := map[string]any{"arn": arnOf("sqs", region, "demo-dead-letters")}
				if region == home {
					s.resource(hub, "aws:cloudwatch/eventTarget:EventTarget", name+"-mail", region, map[string]any{
						"rule": rule, "targetId": "mail", "arn": "ref:" + topic + " " + arn, "deadLetterConfig": deadLetter,
					})
					s.resource(hub, "aws:cloudwatch/eventTarget:EventTarget", name+"-chat", region, map[string]any{
						"rule": rule, "targetId": "chat", "arn": "ref:" + chat + " " + arn + "-chat",
					})
				} else {
					s.resource(hub, "aws:cloudwatch/eventTarget:EventTarget", name+"-home", region, map[string]any{
						"rule": rule, "targetId": "home", "arn": arnOf("events", home, "event-bus/default"), "roleArn": "ref:" + role + " arn:aws:iam::" + account + ":role/demo-forwarding",
					})
				}
			}
		}
		s.resource(hub, "aws:cloudwatch/metricAlarm:MetricAlarm", "alerts-"+severity+"-alarm", home, map[string]any{"alarmActions": []any{arn}})
	}
	s.resource(hub, "aws:cloudwatch/eventRule:EventRule", "alerts-alone", home, map[string]any{"name": "demo-alone"})
	trail := s.component("audit")
	s.resource(trail, "aws:cloudwatch/logMetricFilter:LogMetricFilter", "audit-filter", home, map[string]any{"name": "filter"})
	s.resource(trail, "aws:kms/key:Key", "audit-key", home, map[string]any{"enableKeyRotation": true})
	bill := s.component("bill")
	s.resource(bill, "aws:budgets/budget:Budget", "bill-budget", home, map[string]any{"notifications": []any{
		map[string]any{"subscriberSnsTopicArns": []any{arnOf("sns", home, "demo-warning")}},
		map[string]any{"subscriberSnsTopicArns": []any{arnOf("sns", home, "demo-critical")}},
	}})
	s.resource(bill, "aws:sfn/stateMachine:StateMachine", "bill-report", home, map[string]any{
		"definition": `{"TopicArn":"` + arnOf("sns", home, "demo-informational") + `"}`,
	})
	for i := range parts {
		part := s.component(fmt.Sprintf("part-%c-%s", 'a'+i, strings.Repeat("long", i%4)))
		for j, region := range regions {
			for k := range (i+j)%3 + 1 {
				s.resource(part, "aws:iam/role:Role", fmt.Sprintf("part-%d-%s-%d-%s", i, region, k, intruder), region, map[string]any{"tags": map[string]any{"x": intruder}})
			}
		}
	}
	return s
}

var seventeen = []string{
	"eu-west-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
	"eu-central-1", "eu-north-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
}

// small is a stack of two Regions that is not deployed yet, wide one of all Regions that is.
func small() *sample { return build(nil, seventeen[:2], []string{"ops@example.com"}, 1) }

func wideOutputs() map[string]any {
	return map[string]any{
		"checklist":            []any{"Enable MFA for the root user (enableRootMfa): https://docs.aws.amazon.com/mfa.html", "Something without a link " + intruder},
		"pendingSubscriptions": []any{"critical: ops@example.com"}, "blindRegions": []any{}, "alertGaps": []any{"Nobody watches " + intruder},
		"otherGaps": map[string]any{"eu-west-1": []any{"a gap"}}, "webhookUrl": webhook,
	}
}

func wide() *sample {
	s := build(wideOutputs(), seventeen, []string{
		"security-operations-center-of-the-company@notifications.long-domain-name.example.com", "b@example.com", "c@example.com", "d@example.com", "e@example.com",
	}, 7)
	s.config["demo:estimate"] = `{"preset":"busy","freeTier":false,"volumes":{"alerts":7}}`
	return s
}
