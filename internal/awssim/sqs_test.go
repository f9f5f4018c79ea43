package awssim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	queueToken        = "aws:sqs/queue:Queue"
	queuePolicyToken  = "aws:sqs/queuePolicy:QueuePolicy"
	redriveToken      = "aws:sqs/redrivePolicy:RedrivePolicy"
	redriveAllowToken = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
)

func TestQueueRefusals(t *testing.T) {
	c := serve(t)
	dead := c.create(queueToken, "dead", props{"name": "dead"})
	c.create(queueToken, "deadFifo", props{"name": "dead.fifo", "fifoQueue": true})
	closed := c.create(queueToken, "closed", props{"name": "closed", "redriveAllowPolicy": `{"redrivePermission":"denyAll"}`})
	url, arn := dead.str("url"), dead.str("arn")
	redrive := func(target string, count any) string {
		return jsonText(props{"deadLetterTargetArn": target, "maxReceiveCount": count})
	}
	send := []any{"sqs:SendMessage"}
	rows := []refusal{
		{"name with a dot", queueToken, props{"name": "my.queue"}, "InvalidParameterValue"},
		{"name too long", queueToken, props{"name": strings.Repeat("x", 81)}, "InvalidParameterValue"},
		{"FIFO without suffix", queueToken, props{"name": "x", "fifoQueue": true}, "InvalidParameterValue"},
		{"two encryptions", queueToken, props{"kmsMasterKeyId": "alias/aws/sqs", "sqsManagedSseEnabled": true}, "one type of server-side encryption"},
		{"FIFO attribute", queueToken, props{"contentBasedDeduplication": true}, "InvalidAttributeName"},
		{"same name, other attributes", queueToken, props{"name": "dead", "delaySeconds": 5}, "QueueAlreadyExists"},
		{"redrive to nothing", queueToken, props{"redrivePolicy": redrive(arn+"2", 3)}, "Dead letter target does not exist"},
		{"redrive elsewhere", queueToken, props{"redrivePolicy": redrive("arn:aws:sqs:us-east-1:123456789012:dead", 3)}, "InvalidParameterValue"},
		{"redrive to a FIFO queue", queueToken, props{"redrivePolicy": redrive(arn+".fifo", 3)}, "same type of queue"},
		{"redrive to a closed queue", queueToken, props{"redrivePolicy": redrive(closed.str("arn"), 3)}, "does not admit"},
		{"receive count 0", queueToken, props{"redrivePolicy": redrive(arn, 0)}, "maxReceiveCount"},
		{"receive count 1001", redriveToken, props{"queueUrl": url, "redrivePolicy": redrive(arn, 1001)}, "maxReceiveCount"},
		{"redrive permission", redriveAllowToken, props{"queueUrl": url, "redriveAllowPolicy": `{"redrivePermission":"some"}`}, "redrivePermission"},
		{"sources without byQueue", redriveAllowToken, props{"queueUrl": url, "redriveAllowPolicy": `{"redrivePermission":"allowAll","sourceQueueArns":["` + arn + `"]}`}, "sourceQueueArns"},
		{"byQueue without sources", redriveAllowToken, props{"queueUrl": url, "redriveAllowPolicy": `{"redrivePermission":"byQueue"}`}, "sourceQueueArns"},
		{"policy of no queue", queuePolicyToken, props{"queueUrl": url + "2", "policy": policy(statementFor(service("events.amazonaws.com"), send, arn, nil))}, "NonExistentQueue"},
		{"principal that does not exist", queuePolicyToken, props{"queueUrl": url, "policy": policy(statementFor(props{"AWS": "arn:aws:iam::123456789012:user/nobody"}, send, arn, nil))}, "InvalidAttributeValue"},
		{"action of another service", queuePolicyToken, props{"queueUrl": url, "policy": policy(statementFor(service("events.amazonaws.com"), []any{"sns:Publish"}, arn, nil))}, "InvalidAttributeValue"},
		{"policy too large", queuePolicyToken, props{"queueUrl": url, "policy": policy(with(statementFor(service("events.amazonaws.com"), send, arn, nil), props{"Sid": strings.Repeat("x", 8193)}))}, "InvalidAttributeValue"},
	}
	for _, key := range sortedKeys(sqsRanges) {
		rows = append(rows, refusal{key, queueToken, props{key: sqsRanges[key][1] + 1}, fmt.Sprintf("%s: expected to be in the range", key)})
	}
	c.refuses(rows)
}

func TestQueueLife(t *testing.T) {
	c := serve(t)
	dead := c.create(queueToken, "dead", props{"messageRetentionSeconds": 1209600, "redriveAllowPolicy": `{"redrivePermission":"allowAll"}`})
	queue := c.create(queueToken, "queue", props{"name": "work", "redrivePolicy": jsonText(props{"deadLetterTargetArn": dead.str("arn"), "maxReceiveCount": 5})})
	require.Equal(t, "https://sqs.ap-northeast-1.amazonaws.com/123456789012/work", queue.id)
	require.Equal(t, true, queue.state["sqsManagedSseEnabled"])
	own := c.create(queuePolicyToken, "policy", props{"queueUrl": queue.id, "policy": policy(statementFor(service("events.amazonaws.com"), []any{"sqs:SendMessage"}, queue.str("arn"), nil))})
	for _, m := range []*made{dead, queue, own} {
		c.unchanged(m)
		if m != queue {
			c.imported(m)
		}
	}
	require.NoError(t, c.update(queue, with(queue.inputs, props{"delaySeconds": 3})))
	require.NotEmpty(t, c.account().SQS.Queues[queue.str("arn")].Policy, "an update keeps the policy of the other resource")
	require.NoError(t, c.remove(own))
	require.False(t, c.read(own))
	require.NoError(t, c.remove(queue))
	require.False(t, c.read(queue))
}
