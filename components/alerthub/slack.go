package alerthub

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/chatbot"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newSlack declares one configuration per channel. Each listens to the severity's topic, from which the Slack app
// renders alarms, budgets and other messages that it knows, and to the chat topic, which carries its own schema.
func (h *AlertHub) newSlack(ctx *pulumi.Context, args *SlackArgs) error {
	role, _, err := h.newRole(ctx, "chat", "What the Slack channels of the alerts may look at in AWS", chatTrust().JSON(), chatPermissions().JSON())
	if err != nil {
		return err
	}
	channels := args.channels()
	for _, channel := range slices.Sorted(maps.Keys(channels)) {
		var topics pulumi.StringArray
		for _, severity := range channels[channel] {
			topics = append(topics, h.topics[severity].Arn, h.chatTopics[severity].Arn)
		}
		_, err := chatbot.NewSlackChannelConfiguration(ctx, h.name+"-slack-"+channel, &chatbot.SlackChannelConfigurationArgs{
			ConfigurationName:         pulumi.String(h.prefix + "-" + channel),
			SlackTeamId:               pulumi.String(args.WorkspaceID),
			SlackChannelId:            pulumi.String(channel),
			SnsTopicArns:              topics,
			IamRoleArn:                role.Arn,
			GuardrailPolicyArns:       pulumi.ToStringArray(h.guardrails(args)),
			UserAuthorizationRequired: pulumi.Bool(args.UserAuthorizationRequired == nil || *args.UserAuthorizationRequired),
			LoggingLevel:              pulumi.String("ERROR"),
			Tags:                      h.tags,
		}, pulumi.Parent(h))
		if err != nil {
			return err
		}
	}
	return nil
}

// channels are the severities by channel, the most urgent first.
func (s *SlackArgs) channels() map[string][]Severity {
	channels := map[string][]Severity{}
	for _, severity := range Severities {
		channel := s.ChannelID
		if own, given := s.SeverityChannelIDs[severity]; given {
			channel = own
		}
		channels[channel] = append(channels[channel], severity)
	}
	return channels
}

// guardrails are never left to the service, whose default is AdministratorAccess:
// https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html
func (h *AlertHub) guardrails(args *SlackArgs) []string {
	if len(args.GuardrailPolicyArns) > 0 {
		return args.GuardrailPolicyArns
	}
	return []string{h.home.ManagedPolicy("CloudWatchReadOnlyAccess")}
}
