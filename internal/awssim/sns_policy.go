package awssim

import (
	"encoding/json"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	snsPolicyDoc   = "https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html"
	snsSetTopicDoc = "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html"
)

func (c *call) snsCheckPolicy(topic *snsTopic, text string) error {
	_, err := c.putPolicy(policyeval.TopicPolicy, text, topic.ARN, "InvalidParameter", snsPolicyDoc)
	return err
}

// snsDefaultPolicy is the policy of a topic that was given none: the owner's
// principals may do everything.
func (a *Account) snsDefaultPolicy(topicARN string) string {
	text, err := json.Marshal(map[string]any{
		"Version": "2008-10-17",
		"Id":      "__default_policy_ID",
		"Statement": []any{map[string]any{
			"Sid":       "__default_statement_ID",
			"Effect":    "Allow",
			"Principal": map[string]any{"AWS": "*"},
			"Action": []any{
				"SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission",
				"SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish",
			},
			"Resource":  topicARN,
			"Condition": map[string]any{"StringEquals": map[string]any{"AWS:SourceOwner": a.ID}},
		}},
	})
	if err != nil {
		panic("awssim: " + err.Error()) // a literal
	}
	return string(text)
}

// snsAuthorize tells whether the caller may act on the topic itself.
func (c *call) snsAuthorize(topic *snsTopic, action string) error {
	return c.mayOn(action, topic.ARN, topic.Policy)
}

func checkTopicPolicy(_ *call, in props) error {
	return checkPolicy(policyeval.TopicPolicy, str(in, "policy"), str(in, "arn"), snsPolicyDoc)
}

// snsPutPolicy is SetTopicAttributes with the attribute Policy.
func (c *call) snsPutPolicy(topicARN, policy string) (*snsTopic, error) {
	topic, ok := c.SNS.Topics[topicARN]
	if !ok {
		return nil, refuse("NotFound", "Topic does not exist: "+topicARN, snsSetTopicDoc)
	}
	if err := c.snsAuthorize(topic, "sns:SetTopicAttributes"); err != nil {
		return nil, err
	}
	if err := c.snsCheckPolicy(topic, policy); err != nil {
		return nil, err
	}
	topic.Policy = policy
	return topic, nil
}

func createTopicPolicy(c *call, in props) (string, props, error) {
	topic, err := c.snsPutPolicy(str(in, "arn"), str(in, "policy"))
	if err != nil {
		return "", nil, err
	}
	return topic.ARN, props{"owner": c.ID}, nil
}

func readTopicPolicy(c *call, id string, _ props) (props, error) {
	topic, ok := c.SNS.Topics[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.snsAuthorize(topic, "sns:GetTopicAttributes"); err != nil {
		return nil, err
	}
	return props{"arn": topic.ARN, "policy": topic.Policy, "owner": c.ID}, nil
}

func updateTopicPolicy(c *call, id string, _, in props) (props, error) {
	if _, ok := c.SNS.Topics[id]; !ok {
		return nil, errNotFound
	}
	_, err := c.snsPutPolicy(id, str(in, "policy"))
	return props{"owner": c.ID}, err
}

// deleteTopicPolicy puts the default policy: a topic is never without one.
func deleteTopicPolicy(c *call, id string, _ props) error {
	if _, ok := c.SNS.Topics[id]; !ok {
		return errNotFound
	}
	_, err := c.snsPutPolicy(id, c.snsDefaultPolicy(id))
	return err
}
