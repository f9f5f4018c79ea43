package alerthub

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/pipes"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// webhookTemplate makes {"text": MESSAGE} of a notification. Pipes read the queue's body as JSON, and SNS's envelope
// always is, with Message a text; Pipes put the quotation marks around it themselves:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html#input-transform-implicit
const webhookTemplate = `{"text": <$.body.Message>}`

// Deliveries to the webhook.
const (
	webhookRate     = 1  // a second, what Slack's incoming webhooks take
	webhookAttempts = 20 // before a message goes to the dead-letter queue
)

// newWebhook declares the way from the topics to the webhook: topic → queue → pipe → API destination. It starts at
// the topics, so that what publishes to SNS alone, such as budgets and alarms, arrives as well.
func (h *AlertHub) newWebhook(ctx *pulumi.Context, args *WebhookArgs) error {
	queue, err := h.newWebhookQueue(ctx)
	if err != nil {
		return err
	}
	destination, err := h.newDestination(ctx, args)
	if err != nil {
		return err
	}
	source := h.home.ARN("pipes", "pipe/"+h.prefix+"-webhook")
	role, permissions, err := h.newRole(ctx, "webhook", "Empties the queue of the alerts' webhook",
		serviceTrust(h.home, "pipes.amazonaws.com", source).JSON(),
		pipePermissions(h.home.ARN("sqs", h.prefix+"-webhook"), h.home.ARN("events", "api-destination/"+h.prefix+"-webhook")).JSON())
	if err != nil {
		return err
	}
	_, err = pipes.NewPipe(ctx, h.name+"-webhook-pipe", &pipes.PipeArgs{
		Name:        pulumi.String(h.prefix + "-webhook"),
		Description: pulumi.String("Sends alerts to the webhook"),
		RoleArn:     role.Arn,
		Source:      queue.Arn,
		SourceParameters: &pipes.PipeSourceParametersArgs{
			SqsQueueParameters: &pipes.PipeSourceParametersSqsQueueParametersArgs{BatchSize: pulumi.Int(1)},
		},
		Target:           destination.Arn,
		TargetParameters: &pipes.PipeTargetParametersArgs{InputTemplate: pulumi.String(webhookTemplate)},
		Tags:             h.tags,
	}, pulumi.Parent(h), pulumi.DependsOn([]pulumi.Resource{permissions})) // CreatePipe tries the role's permissions
	return err
}

func (h *AlertHub) newWebhookQueue(ctx *pulumi.Context) (*sqs.Queue, error) {
	topics := make([]string, len(Severities))
	for i, severity := range Severities {
		topics[i] = h.topicARN(string(severity))
	}
	redrive := h.deadLetters[h.home.Region].Arn.ApplyT(func(arn string) string {
		return fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, arn, webhookAttempts)
	}).(pulumi.StringOutput)
	queue, err := h.newQueue(ctx, "webhook-queue", "webhook", redrive, func(arn string) string {
		return webhookQueuePolicy(arn, topics).JSON()
	}, h.home.Region, []pulumi.ResourceOption{pulumi.Parent(h)})
	if err != nil {
		return nil, err
	}
	for _, severity := range Severities {
		if _, err := sns.NewTopicSubscription(ctx, fmt.Sprintf("%s-%s-webhook", h.name, severity), &sns.TopicSubscriptionArgs{
			Topic:    h.topics[severity].Arn,
			Protocol: pulumi.String("sqs"),
			Endpoint: queue.Arn,
		}, pulumi.Parent(h)); err != nil {
			return nil, err
		}
	}
	return queue, nil
}

// newDestination declares the endpoint. EventBridge wants an authorisation although the URL itself is the secret, so
// the connection sends a header that says who calls.
func (h *AlertHub) newDestination(ctx *pulumi.Context, args *WebhookArgs) (*cloudwatch.EventApiDestination, error) {
	connection, err := cloudwatch.NewEventConnection(ctx, h.name+"-webhook-connection", &cloudwatch.EventConnectionArgs{
		Name:              pulumi.String(h.prefix + "-webhook"),
		Description:       pulumi.String("Header for the alerts' webhook"),
		AuthorizationType: pulumi.String("API_KEY"),
		AuthParameters: &cloudwatch.EventConnectionAuthParametersArgs{
			ApiKey: &cloudwatch.EventConnectionAuthParametersApiKeyArgs{
				Key:   pulumi.String("X-Alert-Source"),
				Value: pulumi.ToSecret(pulumi.String(h.prefix)).(pulumi.StringOutput),
			},
		},
	}, pulumi.Parent(h))
	if err != nil {
		return nil, err
	}
	url := pulumi.ToSecret(args.URL.ToStringOutput().ApplyT(func(url string) (string, error) {
		return url, checkWebhookURL(url)
	})).(pulumi.StringOutput)
	return cloudwatch.NewEventApiDestination(ctx, h.name+"-webhook-destination", &cloudwatch.EventApiDestinationArgs{
		Name:                         pulumi.String(h.prefix + "-webhook"),
		Description:                  pulumi.String("Webhook of the alerts"),
		HttpMethod:                   pulumi.String("POST"),
		InvocationEndpoint:           url,
		InvocationRateLimitPerSecond: pulumi.Int(webhookRate),
		ConnectionArn:                connection.Arn,
	}, pulumi.Parent(h), pulumi.AdditionalSecretOutputs([]string{"invocationEndpoint"}))
}
