package awssim

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// snsState is what SNS keeps. Topics and subscriptions are kept under their ARN.
type snsState struct {
	Topics        table[snsTopic]
	Subscriptions table[snsSubscription]
}

// snsTopic is a topic. Everybody who publishes needs the policy, and the key when
// the topic is encrypted.
type snsTopic struct {
	ARN, Name, Region string
	Policy            string
	OwnPolicy         bool // the Topic resource sets the policy, not a TopicPolicy
	Properties        props
}

const (
	snsCreateTopicDoc    = "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"
	snsDeliveryPolicyDoc = "https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html"
	snsFIFOSuffix        = ".fifo"
)

var snsTopicName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,256}$`)

var snsTypes = map[string]resourceType{
	"aws:sns/topic:Topic": {
		check:  checkTopic,
		create: createTopic,
		read:   readTopic,
		update: updateTopic,
		delete: deleteTopic,
	},
	"aws:sns/topicPolicy:TopicPolicy": {
		check:  checkTopicPolicy,
		create: createTopicPolicy,
		read:   readTopicPolicy,
		update: updateTopicPolicy,
		delete: deleteTopicPolicy,
	},
	"aws:sns/topicSubscription:TopicSubscription": {
		check:  checkSubscription,
		create: createSubscription,
		read:   readSubscription,
		update: updateSubscription,
		delete: deleteSubscription,
	},
}

func checkTopic(_ *call, in props) error {
	fifo := flag(in, "fifoTopic", false)
	if name := str(in, "name"); name != "" {
		base, isFIFO := strings.CutSuffix(name, snsFIFOSuffix)
		if isFIFO != fifo || !snsTopicName.MatchString(base) || len(name) > 256 {
			return refuse("InvalidParameter", fmt.Sprintf("Invalid parameter: Topic Name: %q: 1 to 256 letters, digits, underscores and hyphens; the name of a FIFO topic ends with .fifo, no other does", name), snsCreateTopicDoc)
		}
	}
	if !fifo {
		for _, key := range []string{"contentBasedDeduplication", "archivePolicy", "fifoThroughputScope"} {
			if v := in[key]; v != nil && v != false && v != "" {
				return refuse("InvalidParameter", fmt.Sprintf("Invalid parameter: %s is for FIFO topics only", key), snsCreateTopicDoc)
			}
		}
	}
	if mode := str(in, "tracingConfig"); mode != "" && mode != "Active" && mode != "PassThrough" {
		return refuse("InvalidParameter", fmt.Sprintf("Invalid parameter: tracingConfig: %q is neither Active nor PassThrough", mode), snsCreateTopicDoc)
	}
	if err := inRange(in, "signatureVersion", 1, 2, snsCreateTopicDoc); err != nil {
		return err
	}
	for _, key := range sortedKeys(in) {
		if strings.HasSuffix(key, "FeedbackSampleRate") {
			if err := inRange(in, key, 0, 100, snsCreateTopicDoc); err != nil {
				return err
			}
		}
	}
	if err := snsDeliveryPolicy(str(in, "deliveryPolicy")); err != nil {
		return err
	}
	return checkPolicy(policyeval.TopicPolicy, str(in, "policy"), "", snsPolicyDoc)
}

// snsRetryLimits are the least and greatest values of a healthy retry policy.
var snsRetryLimits = map[string][2]float64{
	"minDelayTarget":     {1, 3600},
	"maxDelayTarget":     {1, 3600},
	"numRetries":         {0, 100},
	"numNoDelayRetries":  {0, 100},
	"numMinDelayRetries": {0, 100},
	"numMaxDelayRetries": {0, 100},
}

// snsDeliveryPolicy checks the retry policy for HTTP and HTTPS endpoints, of a topic
// or of a subscription.
func snsDeliveryPolicy(text string) error {
	if text == "" {
		return nil
	}
	bad := func(format string, args ...any) error {
		return refuse("InvalidParameter", "Invalid parameter: DeliveryPolicy: "+fmt.Sprintf(format, args...), snsDeliveryPolicyDoc)
	}
	var policy props
	if err := json.Unmarshal([]byte(text), &policy); err != nil {
		return bad("failed to parse JSON")
	}
	if http, ok := policy["http"]; ok { // the form of a topic
		policy, ok = http.(props)
		if !ok {
			return bad("http: not an object")
		}
	}
	for _, section := range sortedKeys(policy) {
		switch section {
		case "defaultHealthyRetryPolicy", "healthyRetryPolicy":
			retry := object(policy, section)
			for _, key := range sortedKeys(retry) {
				limits, known := snsRetryLimits[key]
				n, isNumber := number(retry[key])
				switch {
				case key == "backoffFunction":
					if !slices.Contains([]string{"arithmetic", "exponential", "geometric", "linear"}, str(retry, key)) {
						return bad("backoffFunction: %v", retry[key])
					}
				case !known:
					return bad("Unexpected JSON member: %s", key)
				case !isNumber || n < limits[0] || n > limits[1]:
					return bad("%s must be between %v and %v", key, limits[0], limits[1])
				}
			}
			if num(retry, "minDelayTarget") > num(retry, "maxDelayTarget") {
				return bad("minDelayTarget must not exceed maxDelayTarget")
			}
		case "defaultThrottlePolicy", "throttlePolicy", "defaultRequestPolicy", "requestPolicy",
			"disableSubscriptionOverrides", "sicklyRetryPolicy", "guaranteed":
		default:
			return bad("Unexpected JSON member: %s", section)
		}
	}
	return nil
}

func createTopic(c *call, in props) (string, props, error) {
	name := c.physicalName(in)
	if flag(in, "fifoTopic", false) && !strings.HasSuffix(name, snsFIFOSuffix) {
		name += snsFIFOSuffix
	}
	topic := &snsTopic{ARN: c.arn("sns", c.Region, c.ID, name), Name: name, Region: c.Region}
	if err := c.may("sns:CreateTopic", topic.ARN); err != nil {
		return "", nil, err
	}
	topic.Policy = c.snsDefaultPolicy(topic.ARN)
	if policy := str(in, "policy"); policy != "" {
		if err := c.snsCheckPolicy(topic, policy); err != nil {
			return "", nil, err
		}
		topic.Policy = policy
	}
	topic.configure(in)
	// CreateTopic gives an existing topic back, provided that nothing differs.
	if existing, ok := c.SNS.Topics[topic.ARN]; ok {
		if !reflect.DeepEqual(normal(existing.Properties), normal(topic.Properties)) {
			return "", nil, refuse("InvalidParameter", "Invalid parameter: Attributes Reason: Topic already exists with different attributes: "+topic.ARN, snsCreateTopicDoc)
		}
		return existing.ARN, existing.outputs(c.Account), nil
	}
	c.SNS.Topics.put(topic.ARN, topic)
	return topic.ARN, topic.outputs(c.Account), nil
}

// configure takes over everything but the policy.
func (t *snsTopic) configure(in props) {
	t.Properties = stored(in)
	t.OwnPolicy = present(in, "policy")
	delete(t.Properties, "policy")
}

func (t *snsTopic) outputs(a *Account) props {
	out := withDefaults(t.Properties, props{
		"contentBasedDeduplication": false,
		"fifoTopic":                 false,
		"signatureVersion":          0,
		"displayName":               "",
	})
	out["name"], out["arn"], out["owner"] = t.Name, t.ARN, a.ID
	out["policy"] = t.Policy
	out["beginningArchiveTime"] = ""
	return out
}

func readTopic(c *call, id string, state props) (props, error) {
	topic, ok := c.SNS.Topics[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.snsAuthorize(topic, "sns:GetTopicAttributes"); err != nil {
		return nil, err
	}
	out := topic.outputs(c.Account)
	// A policy that a TopicPolicy sets is no drift of the topic.
	if len(state) > 0 && !topic.OwnPolicy {
		out["policy"] = state["policy"]
	}
	return out, nil
}

func updateTopic(c *call, id string, old, in props) (props, error) {
	topic, ok := c.SNS.Topics[id]
	if !ok {
		return nil, errNotFound
	}
	if err := c.snsAuthorize(topic, "sns:SetTopicAttributes"); err != nil {
		return nil, err
	}
	policy := topic.Policy
	// What is not given stays: a TopicPolicy may have set it.
	if want := str(in, "policy"); want != "" && want != str(old, "policy") {
		if err := c.snsCheckPolicy(topic, want); err != nil {
			return nil, err
		}
		policy = want
	}
	topic.Policy = policy
	topic.configure(in)
	return topic.outputs(c.Account), nil
}

// deleteTopic removes the topic and, as DeleteTopic does, all of its subscriptions.
func deleteTopic(c *call, id string, _ props) error {
	topic, ok := c.SNS.Topics[id]
	if !ok {
		return errNotFound
	}
	if err := c.snsAuthorize(topic, "sns:DeleteTopic"); err != nil {
		return err
	}
	delete(c.SNS.Topics, id)
	maps.DeleteFunc(c.SNS.Subscriptions, func(_ string, s *snsSubscription) bool { return s.TopicARN == id })
	return nil
}
