package alerthub

import (
	"slices"
)

const (
	apiCallEvent    = "AWS API Call via CloudTrail"
	alarmStateEvent = "CloudWatch Alarm State Change"
)

// watchedThing is one kind of thing that alerts depend on. User Notifications wants one rule per source and event type,
// at most ten in a configuration.
type watchedThing struct {
	name, source, eventType string
	regions                 func(h *AlertHub) []string
	when                    func(h *AlertHub, args *AlertHubArgs) bool // nil: always
	usesKey                 bool                                       // its pattern needs the key's id
	detail                  func(n watchedNames) map[string]any
}

// watchedNames are what the names of watched things begin or end with.
type watchedNames struct {
	prefix string   // of all physical names
	topics string   // of the topics' ARNs, and of their subscriptions'
	key    string   // the key's id
	queues []string // ends of the queues' URLs
	chat   string   // of the Slack configurations' ARNs
	alarms []string // beginnings of alarm names
}

func (h *AlertHub) watchedNames(args *AlertHubArgs) watchedNames {
	n := watchedNames{
		prefix: h.prefix + "-",
		topics: h.topicARN(""),
		queues: []string{"/" + h.prefix + "-" + deadLetters},
		chat:   h.home.ARNIn("", "chatbot", "chat-configuration/slack-channel/"+h.prefix+"-"),
		alarms: append([]string{h.prefix + "-"}, args.Watch.AlarmNamePrefixes...),
	}
	if args.Webhook != nil {
		n.queues = append(n.queues, "/"+h.prefix+"-webhook")
	}
	return n
}

// The Regions of a watched thing.
func inHome(h *AlertHub) []string { return []string{h.home.Region} }
func withRules(h *AlertHub) []string {
	return slices.Sorted(slices.Values(append([]string{h.home.Region}, h.forwardFrom...)))
}
func whereGlobal(h *AlertHub) []string { return []string{h.global} }

// whereChat are the Regions with an endpoint for configurations of the Slack app:
// https://docs.aws.amazon.com/general/latest/gr/chatbot.html
func whereChat(*AlertHub) []string {
	return []string{"ap-southeast-1", "eu-west-1", "us-east-2", "us-west-2"}
}

func withAlarms(_ *AlertHub, args *AlertHubArgs) bool {
	return args.DeadLetterAlarms || len(args.Watch.AlarmNamePrefixes) > 0
}

// watched are the calls that break or divert the alert path, with the request parameter that says whose thing it is.
// Sources: https://docs.aws.amazon.com/eventbridge/latest/ref/event-source-list.html. User Notifications knows
// prefixes and suffixes, but no wildcards. A queue's URL is the caller's choice of several forms with the same end.
// Where no page shows how CloudTrail spells a parameter, both spellings are matched.
var watched = []watchedThing{
	{
		name: "topics", source: "aws.sns", eventType: apiCallEvent, regions: inHome,
		detail: func(n watchedNames) map[string]any {
			return anyOf(
				calls{prefixed("topicArn", n.topics), []string{"AddPermission", "DeleteTopic", "RemovePermission", "SetTopicAttributes", "Subscribe"}},
				calls{prefixed("subscriptionArn", n.topics), []string{"SetSubscriptionAttributes", "Unsubscribe"}},
				calls{prefixed("resourceArn", n.topics), []string{"PutDataProtectionPolicy"}},
			)
		},
	},
	{
		name: "rules", source: "aws.events", eventType: apiCallEvent, regions: withRules,
		detail: func(n watchedNames) map[string]any {
			return anyOf(
				calls{prefixed("name", n.prefix), []string{
					"DeauthorizeConnection", "DeleteApiDestination", "DeleteConnection", "DeleteRule", "DisableRule", "PutRule",
					"UpdateApiDestination", "UpdateConnection",
				}},
				calls{prefixed("rule", n.prefix), []string{"PutTargets", "RemoveTargets"}},
			)
		},
	},
	{
		name: "queues", source: "aws.sqs", eventType: apiCallEvent, regions: withRules,
		detail: func(n watchedNames) map[string]any {
			return anyOf(calls{affixed("queueUrl", "suffix", n.queues...), []string{
				"AddPermission", "DeleteQueue", "PurgeQueue", "RemovePermission", "SetQueueAttributes",
			}})
		},
	},
	{
		name: "key", source: "aws.kms", eventType: apiCallEvent, regions: inHome, usesKey: true,
		detail: func(n watchedNames) map[string]any {
			return anyOf(calls{affixed("keyId", "suffix", n.key), []string{"DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion"}})
		},
	},
	{
		name: "roles", source: "aws.iam", eventType: apiCallEvent, regions: whereGlobal,
		when: func(h *AlertHub, args *AlertHubArgs) bool {
			return len(h.forwardFrom) > 0 || args.Slack != nil || args.Webhook != nil
		},
		detail: func(n watchedNames) map[string]any {
			return anyOf(calls{prefixed("roleName", n.prefix), []string{
				"AttachRolePolicy", "DeleteRole", "DeleteRolePolicy", "DetachRolePolicy", "PutRolePermissionsBoundary",
				"PutRolePolicy", "UpdateAssumeRolePolicy",
			}})
		},
	},
	{
		name: "pipe", source: "aws.pipes", eventType: apiCallEvent, regions: inHome,
		when: func(_ *AlertHub, args *AlertHubArgs) bool { return args.Webhook != nil },
		detail: func(n watchedNames) map[string]any {
			names := []string{"DeletePipe", "StopPipe", "UpdatePipe"}
			return anyOf(calls{prefixed("name", n.prefix), names}, calls{prefixed("Name", n.prefix), names})
		},
	},
	{
		name: "slack", source: "aws.chatbot", eventType: apiCallEvent, regions: whereChat,
		when: func(_ *AlertHub, args *AlertHubArgs) bool { return args.Slack != nil },
		detail: func(n watchedNames) map[string]any {
			names := []string{"DeleteSlackChannelConfiguration", "UpdateSlackChannelConfiguration"}
			return anyOf(calls{prefixed("chatConfigurationArn", n.chat), names}, calls{prefixed("ChatConfigurationArn", n.chat), names})
		},
	},
	{
		name: "alarms", source: "aws.monitoring", eventType: apiCallEvent, regions: withRules, when: withAlarms,
		detail: func(n watchedNames) map[string]any {
			return anyOf(
				calls{affixed("alarmNames", "prefix", n.alarms...), []string{"DeleteAlarms", "DisableAlarmActions"}},
				calls{affixed("alarmName", "prefix", n.alarms...), []string{"PutCompositeAlarm", "PutMetricAlarm", "SetAlarmState"}},
			)
		},
	},
	{
		name: "stuck", source: "aws.cloudwatch", eventType: alarmStateEvent, regions: withRules,
		when: func(_ *AlertHub, args *AlertHubArgs) bool { return args.DeadLetterAlarms },
		detail: func(n watchedNames) map[string]any {
			return map[string]any{
				"alarmName": []string{n.prefix + deadLetters}, "state": map[string]any{"value": []string{"ALARM"}},
			}
		},
	},
}

// calls are API calls whose request parameter says that they concern the hub.
type calls struct {
	parameter map[string]any
	names     []string
}

func prefixed(parameter, prefix string) map[string]any { return affixed(parameter, "prefix", prefix) }

func affixed(parameter, operator string, values ...string) map[string]any {
	var alternatives []any
	for _, value := range values {
		alternatives = append(alternatives, map[string]any{operator: value})
	}
	return map[string]any{parameter: alternatives}
}

// anyOf is the detail of any of the calls. EventBridge takes $or from two alternatives on.
func anyOf(alternatives ...calls) map[string]any {
	var details []any
	for _, c := range alternatives {
		details = append(details, map[string]any{"eventName": c.names, "requestParameters": c.parameter})
	}
	if len(details) == 1 {
		return details[0].(map[string]any)
	}
	return map[string]any{"$or": details}
}
