package awssim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	sqsPolicyDoc    = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-creating-custom-policies.html"
	sqsRedriveMax   = 1000 // receives before a message goes to the dead-letter queue
	sqsSourcesLimit = 10   // queues that a redrive allow policy may name
)

// sqsPolicies are the attributes of a queue that are JSON documents. The provider
// has a resource for each of them, beside the queue's own properties.
var sqsPolicies = []string{"policy", "redriveAllowPolicy", "redrivePolicy"}

// policy is the place where the queue keeps one of its documents.
func (q *sqsQueue) policy(attribute string) *string {
	switch attribute {
	case "policy":
		return &q.Policy
	case "redrivePolicy":
		return &q.RedrivePolicy
	default:
		return &q.RedriveAllowPolicy
	}
}

// sqsPolicyTexts checks the documents for what is wrong whatever the account holds.
func sqsPolicyTexts(in props) error {
	for _, attribute := range sqsPolicies {
		text := str(in, attribute)
		if text == "" {
			continue
		}
		invalid := func(reason string) error {
			return refuse("InvalidAttributeValue", fmt.Sprintf("Invalid value for the parameter %s. %s", attribute, reason), sqsSetQueueDoc)
		}
		if attribute == "policy" {
			if err := checkPolicy(policyeval.QueuePolicy, text, "", sqsPolicyDoc); err != nil {
				return err
			}
			continue
		}
		document, ok := decodeObject(text)
		if !ok {
			return invalid("It is not a JSON object.")
		}
		if err := sqsRedriveText(attribute, document, invalid); err != nil {
			return err
		}
	}
	return nil
}

// sqsRedriveText checks a redrive policy or a redrive allow policy.
func sqsRedriveText(attribute string, document props, invalid func(string) error) error {
	if attribute == "redrivePolicy" {
		count, ok := number(document["maxReceiveCount"])
		if text := str(document, "maxReceiveCount"); text != "" {
			_, err := fmt.Sscanf(text, "%g", &count)
			ok = err == nil
		}
		if !ok || count < 1 || count > sqsRedriveMax || count != float64(int(count)) {
			return invalid(fmt.Sprintf("maxReceiveCount must be an integer from 1 to %d.", sqsRedriveMax))
		}
		if !arnOfService("sqs", "")(str(document, "deadLetterTargetArn")) {
			return invalid("deadLetterTargetArn must be the ARN of a queue.")
		}
		return nil
	}
	sources := list(document, "sourceQueueArns")
	switch permission := str(document, "redrivePermission"); permission {
	case "allowAll", "denyAll":
		if len(sources) > 0 {
			return invalid("sourceQueueArns is possible with the redrivePermission byQueue only.")
		}
	case "byQueue":
		if len(sources) == 0 || len(sources) > sqsSourcesLimit {
			return invalid(fmt.Sprintf("sourceQueueArns must name 1 to %d queues.", sqsSourcesLimit))
		}
	default:
		return invalid(fmt.Sprintf("redrivePermission %q is none of allowAll, denyAll, byQueue.", permission))
	}
	return nil
}

// sqsPut sets one of the queue's documents, "" removes it.
func (c *call) sqsPut(q *sqsQueue, attribute, text string) error {
	if err := sqsPolicyTexts(props{attribute: text}); err != nil {
		return err
	}
	switch {
	case text == "":
	case attribute == "policy":
		if _, err := c.putPolicy(policyeval.QueuePolicy, text, q.ARN, "InvalidAttributeValue", sqsPolicyDoc); err != nil {
			return err
		}
	case attribute == "redrivePolicy":
		if err := c.sqsCheckRedrive(q, text); err != nil {
			return err
		}
	}
	*q.policy(attribute) = text
	return nil
}

// sqsCheckRedrive demands that the dead-letter queue exists, is of the same kind and
// admits the queue.
func (c *call) sqsCheckRedrive(q *sqsQueue, text string) error {
	document, _ := decodeObject(text)
	target := str(document, "deadLetterTargetArn")
	invalid := func(reason string) error {
		return refuse("InvalidParameterValue", fmt.Sprintf("Value %s for parameter RedrivePolicy is invalid. Reason: %s", text, reason), sqsDeadLetterDoc)
	}
	parts, _ := splitARN(target)
	dead, ok := c.SQS.Queues[target]
	switch {
	case parts.Region != q.Region || parts.Account != c.ID:
		return invalid("Dead-letter target must be in the account and Region of the queue.")
	case !ok:
		return invalid("Dead letter target does not exist.")
	case strings.HasSuffix(q.Name, sqsFIFOSuffix) != strings.HasSuffix(dead.Name, sqsFIFOSuffix):
		return invalid("Dead-letter queue must be same type of queue as the source.")
	}
	if allow, ok := decodeObject(dead.RedriveAllowPolicy); ok {
		permission := str(allow, "redrivePermission")
		if permission == "denyAll" || permission == "byQueue" && !slices.Contains(strs(allow, "sourceQueueArns"), q.ARN) {
			return invalid("The redrive allow policy of " + target + " does not admit " + q.ARN + ".")
		}
	}
	return nil
}

// sqsAuthorize tells whether the caller may act on the queue itself.
func (c *call) sqsAuthorize(q *sqsQueue, action string) error {
	return c.mayOn(action, q.ARN, q.Policy)
}

// queueAttribute is the resource type that sets one of a queue's documents.
func queueAttribute(attribute string) resourceType {
	set := func(c *call, address, text string) error {
		queue, ok := c.sqsByURL(address)
		if !ok {
			return refuse("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist: "+address, sqsSetQueueDoc)
		}
		if err := c.sqsAuthorize(queue, "sqs:SetQueueAttributes"); err != nil {
			return err
		}
		return c.sqsPut(queue, attribute, text)
	}
	return resourceType{
		check: func(_ *call, in props) error { return sqsPolicyTexts(in) },
		create: func(c *call, in props) (string, props, error) {
			address := str(in, "queueUrl")
			return address, nil, set(c, address, str(in, attribute))
		},
		read: func(c *call, id string, _ props) (props, error) {
			queue, ok := c.sqsByURL(id)
			if !ok || *queue.policy(attribute) == "" {
				return nil, errNotFound
			}
			if err := c.sqsAuthorize(queue, "sqs:GetQueueAttributes"); err != nil {
				return nil, err
			}
			return props{"queueUrl": id, attribute: *queue.policy(attribute)}, nil
		},
		update: func(c *call, id string, _, in props) (props, error) {
			if _, ok := c.sqsByURL(id); !ok {
				return nil, errNotFound
			}
			return nil, set(c, id, str(in, attribute))
		},
		delete: func(c *call, id string, _ props) error {
			if _, ok := c.sqsByURL(id); !ok {
				return errNotFound
			}
			return set(c, id, "")
		},
	}
}
