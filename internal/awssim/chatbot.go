package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// chatbotState is what Amazon Q Developer in chat applications, formerly AWS Chatbot,
// keeps. It is a global service; configurations are kept under their ARN.
type chatbotState struct {
	// UnauthorizedWorkspaces are the Slack workspaces (team ids) that nobody has
	// authorized in the console yet. Every other workspace counts as authorized.
	UnauthorizedWorkspaces []string
	Slack                  table[slackChannel]
}

// slackChannel is the configuration of a Slack channel.
type slackChannel struct {
	ARN, Name         string
	TeamID, ChannelID string
	Topics            []string
	Properties        props
}

const (
	chatbotCreateDoc    = "https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html"
	chatbotSetupDoc     = "https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html"
	chatbotRoleDoc      = "https://docs.aws.amazon.com/chatbot/latest/adminguide/chatbot-iam-policies.html"
	chatbotGuardrailDoc = "https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html#channel-guardrails"
	chatbotService      = "chatbot.amazonaws.com"
)

var (
	chatbotName    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
	slackTeamID    = regexp.MustCompile(`^[0-9A-Z]{1,255}$`)
	slackChannelID = regexp.MustCompile(`^[A-Za-z0-9]{1,255}$`)
	chatbotLevels  = []string{"ERROR", "INFO", "NONE"}
)

var chatbotTypes = map[string]resourceType{
	"aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": {
		check:  checkSlackChannel,
		create: createSlackChannel,
		read:   readSlackChannel,
		update: updateSlackChannel,
		delete: deleteSlackChannel,
	},
}

func checkSlackChannel(c *call, in props) error {
	// The API accepts ARNs of the partition aws only.
	if err := c.partitionLacks("Amazon Q Developer in chat applications", chatbotCreateDoc, "aws-cn", "aws-us-gov"); err != nil {
		return err
	}
	for key, pattern := range map[string]*regexp.Regexp{
		"configurationName": chatbotName, "slackTeamId": slackTeamID, "slackChannelId": slackChannelID,
	} {
		if v := str(in, key); v != "" && !pattern.MatchString(v) {
			return refuse("InvalidParameterException", fmt.Sprintf("%s: %q does not match %s", key, v, pattern), chatbotCreateDoc)
		}
	}
	if level := str(in, "loggingLevel"); level != "" && !slices.Contains(chatbotLevels, level) {
		return refuse("InvalidParameterException", fmt.Sprintf("loggingLevel: %q is none of %s", level, strings.Join(chatbotLevels, ", ")), chatbotCreateDoc)
	}
	for i, arn := range strs(in, "snsTopicArns") {
		if !arnOfService("sns", "")(arn) {
			return refuse("InvalidParameterException", fmt.Sprintf("snsTopicArns[%d]: %q is not the ARN of a topic", i, arn), chatbotCreateDoc)
		}
	}
	for i, arn := range strs(in, "guardrailPolicyArns") {
		parts, ok := splitARN(arn)
		if !ok || parts.Service != "iam" || !strings.HasPrefix(parts.Resource, "policy/") || strings.Contains(arn, "/aws-service-role/") {
			return refuse("InvalidParameterException", fmt.Sprintf("guardrailPolicyArns[%d]: %q is not the ARN of a policy that can be a guardrail", i, arn), chatbotGuardrailDoc)
		}
	}
	return nil
}

func createSlackChannel(c *call, in props) (string, props, error) {
	channel := &slackChannel{Name: str(in, "configurationName"), TeamID: str(in, "slackTeamId"), ChannelID: str(in, "slackChannelId")}
	channel.ARN = c.arn("chatbot", "", c.ID, "chat-configuration/slack-channel/"+channel.Name)
	if err := c.may("chatbot:CreateSlackChannelConfiguration", "*"); err != nil {
		return "", nil, err
	}
	if _, ok := c.Chatbot.Slack[channel.ARN]; ok {
		return "", nil, refuse("ConflictException", fmt.Sprintf("A configuration with the name %s already exists.", channel.Name), chatbotCreateDoc)
	}
	if err := c.putSlackChannel(channel, in); err != nil {
		return "", nil, err
	}
	c.Chatbot.Slack.put(channel.ARN, channel)
	return channel.ARN, channel.outputs(), nil
}

// putSlackChannel makes the checks of creation and update.
func (c *call) putSlackChannel(channel *slackChannel, in props) error {
	team, id, role := str(in, "slackTeamId"), str(in, "slackChannelId"), str(in, "iamRoleArn")
	if slices.Contains(c.Chatbot.UnauthorizedWorkspaces, team) {
		return refuse("InvalidRequestException", fmt.Sprintf("Invalid request provided: Slack workspace %s is not authorized for AWS account %s; authorize it once in the console", team, c.ID), chatbotSetupDoc)
	}
	for _, other := range c.Chatbot.Slack {
		if other.ARN != channel.ARN && other.TeamID == team && other.ChannelID == id {
			return refuse("InvalidRequestException", fmt.Sprintf("Invalid request provided: Slack channel with ID %s in Slack team %s has already been configured for AWS account %s", id, team, c.ID), chatbotCreateDoc)
		}
	}
	if err := c.passRole(role, chatbotService); err != nil {
		return err
	}
	if !c.assumableBy(role, chatbotService, c.sourceKeys(channel.ARN)) {
		return refuse("InvalidParameterException", fmt.Sprintf("iamRoleArn: the role %s cannot be assumed by %s", role, chatbotService), chatbotRoleDoc)
	}
	for i, arn := range strs(in, "guardrailPolicyArns") {
		if c.managedPolicy(arn) == "" {
			return refuse("InvalidParameterException", fmt.Sprintf("guardrailPolicyArns[%d]: the policy %s does not exist", i, arn), chatbotGuardrailDoc)
		}
	}
	for i, arn := range strs(in, "snsTopicArns") {
		if _, own := c.ownARN(arn); own && c.SNS.Topics[arn] == nil {
			return refuse("InvalidParameterException", fmt.Sprintf("snsTopicArns[%d]: the topic %s does not exist", i, arn), chatbotCreateDoc)
		}
	}
	channel.TeamID, channel.ChannelID = team, id
	channel.Topics = strs(in, "snsTopicArns")
	channel.Properties = stored(in)
	return nil
}

func (s *slackChannel) outputs() props {
	out := withDefaults(s.Properties, props{
		"loggingLevel":              "NONE",
		"userAuthorizationRequired": false,
		"snsTopicArns":              []any{},
		// Without a guardrail of one's own, members of the channel can do what the role can.
		"guardrailPolicyArns": []any{"arn:aws:iam::aws:policy/" + administratorAccess},
	})
	out["chatConfigurationArn"] = s.ARN
	out["slackChannelName"] = strings.ToLower(s.ChannelID)
	out["slackTeamName"] = strings.ToLower(s.TeamID)
	return out
}

func readSlackChannel(c *call, id string, _ props) (props, error) {
	channel, ok := c.Chatbot.Slack[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("chatbot:DescribeSlackChannelConfigurations", "*"); err != nil {
		return nil, err
	}
	return channel.outputs(), nil
}

func updateSlackChannel(c *call, id string, _, in props) (props, error) {
	channel, ok := c.Chatbot.Slack[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("chatbot:UpdateSlackChannelConfiguration", "*"); err != nil {
		return nil, err
	}
	if err := c.putSlackChannel(channel, in); err != nil {
		return nil, err
	}
	return channel.outputs(), nil
}

func deleteSlackChannel(c *call, id string, _ props) error {
	if _, ok := c.Chatbot.Slack[id]; !ok {
		return errNotFound
	}
	if err := c.may("chatbot:DeleteSlackChannelConfiguration", "*"); err != nil {
		return err
	}
	delete(c.Chatbot.Slack, id)
	return nil
}
