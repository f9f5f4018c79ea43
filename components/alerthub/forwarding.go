package alerthub

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// keepMessages is how long a queue keeps a message, in seconds: 14 days, SQS's limit.
const keepMessages = 14 * 24 * 60 * 60

// newForwarding declares what the rules of AddRoute need: a dead-letter queue in every Region that has rules, since
// EventBridge wants it there, and the role that may put events on the home Region's bus. The bus itself needs no
// policy for its own account:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
func (h *AlertHub) newForwarding(ctx *pulumi.Context) error {
	h.deadLetters = map[string]*sqs.Queue{}
	urls := pulumi.StringMap{}
	withRules := append([]string{h.home.Region}, h.forwardFrom...)
	slices.Sort(withRules)
	for _, region := range withRules {
		opts := []pulumi.ResourceOption{pulumi.Parent(h)}
		if region != h.home.Region {
			opts = append(opts, pulumi.Provider(h.regions.For(region)))
		}
		queue, err := h.newQueue(ctx, deadLetters+"-"+region, deadLetters, nil, func(arn string) string {
			return deadLetterPolicy(h.home, region, h.prefix, arn).JSON()
		}, region, opts)
		if err != nil {
			return err
		}
		h.deadLetters[region], urls[region] = queue, queue.Url
	}
	h.DeadLetterQueueUrls = urls.ToStringMapOutput()
	if len(h.forwardFrom) == 0 {
		return nil
	}
	return h.newForwardingRole(ctx)
}

// DeadLetterQueueName is the name of the queue that every Region with rules has for what could not be delivered.
func (h *AlertHub) DeadLetterQueueName() string { return h.prefix + "-" + deadLetters }

// RegionsWithRules are those with a dead-letter queue, sorted.
func (h *AlertHub) RegionsWithRules() []string { return slices.Sorted(maps.Keys(h.deadLetters)) }

func (h *AlertHub) newForwardingRole(ctx *pulumi.Context) error {
	role, _, err := h.newRole(ctx, "forwarding", "Carries the events of other Regions to the alert rules of "+h.home.Region,
		serviceTrust(h.home, "events.amazonaws.com", rulesOf(h.home, "*", h.prefix)).JSON(),
		forwardingPermissions(h.homeBus()).JSON())
	h.forwardingRole = role
	return err
}

// newRole declares a role with one inline policy, which is returned for those that may only begin with it.
func (h *AlertHub) newRole(ctx *pulumi.Context, suffix, description, trust, permissions string) (*iam.Role, *iam.RolePolicy, error) {
	role, err := iam.NewRole(ctx, h.name+"-"+suffix+"-role", &iam.RoleArgs{
		Name:             pulumi.String(h.prefix + "-" + suffix),
		Description:      pulumi.String(description),
		AssumeRolePolicy: pulumi.String(trust),
		Tags:             h.tags,
	}, pulumi.Parent(h))
	if err != nil {
		return nil, nil, err
	}
	inline, err := iam.NewRolePolicy(ctx, h.name+"-"+suffix+"-role-policy", &iam.RolePolicyArgs{
		Role:   role.Name,
		Name:   pulumi.String(suffix),
		Policy: pulumi.String(permissions),
	}, pulumi.Parent(h))
	return role, inline, err
}

// newQueue declares an encrypted queue with its policy, in the Region of the options' provider.
func (h *AlertHub) newQueue(ctx *pulumi.Context, name, suffix string, redrive pulumi.StringPtrInput,
	document func(arn string) string, region string, opts []pulumi.ResourceOption,
) (*sqs.Queue, error) {
	physical := h.prefix + "-" + suffix
	queue, err := sqs.NewQueue(ctx, h.name+"-"+name, &sqs.QueueArgs{
		Name:                    pulumi.String(physical),
		MessageRetentionSeconds: pulumi.Int(keepMessages),
		SqsManagedSseEnabled:    pulumi.Bool(true),
		RedrivePolicy:           redrive,
		Tags:                    h.tags,
	}, opts...)
	if err != nil {
		return nil, err
	}
	_, err = sqs.NewQueuePolicy(ctx, h.name+"-"+name+"-policy", &sqs.QueuePolicyArgs{
		QueueUrl: queue.Url,
		Policy:   pulumi.String(document(h.home.ARNIn(region, "sqs", physical))),
	}, opts...)
	return queue, err
}
