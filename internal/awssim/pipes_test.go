package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const pipeToken = "aws:pipes/pipe:Pipe"

func TestPipeRefusals(t *testing.T) {
	c := serve(t)
	queue := c.create(queueToken, "queue", props{"name": "q"}).str("arn")
	reader := c.role("reader", "pipes.amazonaws.com", []any{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}, queue)
	half := c.role("half", "pipes.amazonaws.com", []any{"sqs:ReceiveMessage"}, queue)
	lambda := c.role("lambda", "lambda.amazonaws.com", []any{"sqs:*"}, "*")
	base := props{"name": "p", "roleArn": reader, "source": queue, "target": "arn:aws:sns:ap-northeast-1:123456789012:t"}
	pipe := c.create(pipeToken, "pipe", base)
	c.refuses([]refusal{
		{"taken", pipeToken, base, "ConflictException"},
		{"name", pipeToken, with(base, props{"name": "a b"}), "ValidationException"},
		{"state", pipeToken, with(base, props{"name": "x", "desiredState": "ON"}), "desiredState"},
		{"source", pipeToken, with(base, props{"name": "x", "source": "arn:aws:sns:ap-northeast-1:123456789012:t"}), "source"},
		{"target", pipeToken, with(base, props{"name": "x", "target": "arn:aws:s3:::bucket"}), "target"},
		{"target in another Region", pipeToken, with(base, props{"name": "x", "target": "arn:aws:sns:us-east-1:123456789012:t"}), "not in the Region"},
		{"no such queue", pipeToken, with(base, props{"name": "x", "source": queue + "2"}), "CREATE_FAILED"},
		{"role without DeleteMessage", pipeToken, with(base, props{"name": "x", "roleArn": half}), "does not have permissions to call DeleteMessage on SQS"},
		{"role of another service", pipeToken, with(base, props{"name": "x", "roleArn": lambda}), "cannot be assumed"},
		{"template too long", pipeToken, with(base, props{"name": "x", "targetParameters": props{"inputTemplate": strings.Repeat("x", 8193)}}), "inputTemplate"},
		{"batch size", pipeToken, with(base, props{"name": "x", "sourceParameters": props{"sqsQueueParameters": props{"batchSize": 0}}}), "range (1 - 10000)"},
		{"filter", pipeToken, with(base, props{"name": "x", "sourceParameters": props{"filterCriteria": props{"filters": []any{props{"pattern": `{"body":"x"}`}}}}}), "filters[0]"},
	})
	c.unchanged(pipe)
	c.imported(pipe)
	require.NoError(t, c.update(pipe, with(base, props{"desiredState": "STOPPED"})))
	require.NoError(t, c.remove(pipe))
	require.False(t, c.read(pipe))

	gov := serve(t, Options{Partition: "aws-us-gov"})
	gov.refuses([]refusal{{"GovCloud", pipeToken, base, "not available in partition aws-us-gov"}})
}
