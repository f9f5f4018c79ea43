package awssim

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const slackToken = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"

func TestSlackChannelRefusals(t *testing.T) {
	c := serve(t)
	require.NoError(t, c.account().Update(func(a *Account) { a.Chatbot.UnauthorizedWorkspaces = []string{"TNEW"} }))
	role := c.role("chat", "chatbot.amazonaws.com", nil, "")
	lambda := c.role("lambda", "lambda.amazonaws.com", nil, "")
	topic := c.create(topicToken, "topic", props{"name": "t"}).str("arn")
	base := props{"configurationName": "alerts", "iamRoleArn": role, "slackTeamId": "T0123", "slackChannelId": "C0123", "snsTopicArns": []any{topic}}
	channel := c.create(slackToken, "alerts", base)
	require.Equal(t, []any{"arn:aws:iam::aws:policy/AdministratorAccess"}, channel.state["guardrailPolicyArns"], "AWS's default guardrail")
	other := with(base, props{"configurationName": "other", "slackChannelId": "C0456"})
	c.refuses([]refusal{
		{"name taken", slackToken, with(base, props{"slackChannelId": "C0456"}), "ConflictException"},
		{"channel taken", slackToken, with(base, props{"configurationName": "other"}), "has already been configured for AWS account"},
		{"name", slackToken, with(other, props{"configurationName": "a b"}), "InvalidParameterException"},
		{"team", slackToken, with(other, props{"slackTeamId": "t-0123"}), "InvalidParameterException"},
		{"channel", slackToken, with(other, props{"slackChannelId": "#alerts"}), "InvalidParameterException"},
		{"logging level", slackToken, with(other, props{"loggingLevel": "DEBUG"}), "InvalidParameterException"},
		{"workspace never authorized", slackToken, with(other, props{"slackTeamId": "TNEW"}), "InvalidRequestException"},
		{"topic that does not exist", slackToken, with(other, props{"snsTopicArns": []any{topic + "2"}}), "InvalidParameterException"},
		{"topic that is none", slackToken, with(other, props{"snsTopicArns": []any{role}}), "InvalidParameterException"},
		{"role of another service", slackToken, with(other, props{"iamRoleArn": lambda}), "InvalidParameterException"},
		{"guardrail that does not exist", slackToken, with(other, props{"guardrailPolicyArns": []any{"arn:aws:iam::123456789012:policy/none"}}), "InvalidParameterException"},
		{"guardrail that is no policy", slackToken, with(other, props{"guardrailPolicyArns": []any{role}}), "InvalidParameterException"},
	})
	c.unchanged(channel)
	c.imported(channel)
	require.NoError(t, c.update(channel, with(base, props{"loggingLevel": "ERROR"})))
	require.NoError(t, c.remove(channel))
	require.False(t, c.read(channel))

	china := serve(t, Options{Partition: "aws-cn"})
	china.refuses([]refusal{{"China", slackToken, base, "not available in partition aws-cn"}})
}
