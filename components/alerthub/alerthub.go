package alerthub

import (
	"fmt"
	"sync"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/internal/tagging"
	"github.com/seed-8894d46d/account-baseline/components/regions"
)

const token = "account-baseline:index:AlertHub"

// AlertHub is one topic per severity with everything that publishes to it and everybody who is told.
type AlertHub struct {
	pulumi.ResourceState

	// TopicArns are the ARNs of the severities' topics, by severity.
	TopicArns pulumi.StringMapOutput `pulumi:"topicArns"`
	// KeyArn is the ARN of the key that encrypts them.
	KeyArn pulumi.StringOutput `pulumi:"keyArn"`
	// DeadLetterQueueUrls are the queues with what could not be delivered, by Region. An empty queue is good news.
	DeadLetterQueueUrls pulumi.StringMapOutput `pulumi:"deadLetterQueueUrls"`
	// PendingSubscriptions are the subscriptions that wait for a click in the confirmation mail, such as
	// "critical: security@example.com". They are as of the last deployment; a refresh brings them up to date.
	PendingSubscriptions pulumi.StringArrayOutput `pulumi:"pendingSubscriptions"`
	// BlindRegions are the Regions whose events the hub would have to see and cannot: the partition has no forwarding
	// between Regions, or the hub was given no Regions.
	BlindRegions pulumi.StringArrayOutput `pulumi:"blindRegions"`
	// Gaps say in a sentence each what nobody is told of with these arguments: changes to the alert path, alerts that
	// could not be delivered.
	Gaps pulumi.StringArrayOutput `pulumi:"gaps"`

	name   string // the component's
	prefix string // of physical names
	home   account.Account
	global string // Region of the global services' events
	tags   pulumi.StringMapInput

	regions     *regions.Providers
	forwardFrom []string // Regions that forward to home, sorted

	key            *kms.Key
	topics         map[Severity]*sns.Topic
	chatTopics     map[Severity]*sns.Topic // only with Slack
	deadLetters    map[string]*sqs.Queue   // by Region
	forwardingRole *iam.Role               // nil when nothing is forwarded

	mutex  sync.Mutex
	routes map[string]bool // names in use
}

// NewAlertHub declares the topics, their key, their recipients, and what forwarding between Regions needs. It declares
// nothing when the arguments are wrong: the error names every wrong field.
func NewAlertHub(ctx *pulumi.Context, name string, args *AlertHubArgs, opts ...pulumi.ResourceOption) (*AlertHub, error) {
	if args == nil {
		args = &AlertHubArgs{}
	}
	if err := args.validate(); err != nil {
		return nil, fmt.Errorf("AlertHub %q: %w", name, err)
	}
	h := &AlertHub{
		name: name, prefix: naming.Prefix(ctx, name, args.NamePrefix), tags: tagging.All(ctx, args.Tags),
		regions: args.Regions, routes: map[string]bool{},
	}
	if err := ctx.RegisterComponentResourceV2(token, name, nil, h, opts...); err != nil {
		return nil, err
	}
	if err := h.locate(ctx, args); err != nil {
		return nil, fmt.Errorf("AlertHub %q: %w", name, err)
	}
	if err := h.build(ctx, args); err != nil {
		return nil, err
	}
	return h, ctx.RegisterResourceOutputs(h, pulumi.Map{
		"topicArns":            h.TopicArns,
		"keyArn":               h.KeyArn,
		"deadLetterQueueUrls":  h.DeadLetterQueueUrls,
		"pendingSubscriptions": h.PendingSubscriptions,
		"blindRegions":         h.BlindRegions,
		"gaps":                 h.Gaps,
	})
}

// build declares the children as alerts flow: key and topics, the ways in, the recipients, then what watches them.
func (h *AlertHub) build(ctx *pulumi.Context, args *AlertHubArgs) error {
	if err := h.newKey(ctx, args); err != nil {
		return err
	}
	if err := h.newTopics(ctx, args); err != nil {
		return err
	}
	if err := h.newForwarding(ctx); err != nil {
		return err
	}
	if err := h.newEmails(ctx, args); err != nil {
		return err
	}
	if args.Slack != nil {
		if err := h.newSlack(ctx, args.Slack); err != nil {
			return err
		}
	}
	if args.Webhook != nil {
		if err := h.newWebhook(ctx, args.Webhook); err != nil {
			return err
		}
	}
	if args.DeadLetterAlarms {
		if err := h.newDeadLetterAlarms(ctx); err != nil {
			return err
		}
	}
	if args.Watch != nil {
		if err := h.newWatch(ctx, args); err != nil {
			return err
		}
	}
	if err := h.newOwnRoutes(ctx, args); err != nil {
		return err
	}
	return h.warnOfSilence(ctx, args)
}

// locate finds out where the hub is and what the partition can do.
func (h *AlertHub) locate(ctx *pulumi.Context, args *AlertHubArgs) error {
	home, err := account.Of(ctx, h)
	if err != nil {
		return err
	}
	h.home = home
	in, known := partition.ByID(home.Partition)
	if !known {
		return fmt.Errorf("the partition %q is unknown", home.Partition)
	}
	h.global = in.GlobalRegion
	if args.Slack != nil && !in.Has(partition.Chatbot) {
		return fmt.Errorf("%s: %s does not exist in partition %s; use Emails or Webhook", "Slack", partition.Chatbot.Describe(), in.ID)
	}
	if args.Webhook != nil && !in.Has(partition.Pipes) {
		return fmt.Errorf("%s: EventBridge Pipes do not exist in partition %s; use Emails", "Webhook", in.ID)
	}
	if args.Watch != nil && !in.Has(partition.UserNotifications) {
		return fmt.Errorf("%s: %s do not exist in partition %s; nothing else can watch the alert path there", "Watch", partition.UserNotifications.Describe(), in.ID)
	}
	h.Gaps = pulumi.ToStringArray(gaps(args, in)).ToStringArrayOutput()
	return h.locateForwarding(in)
}

// gaps are what the hub lacks.
func gaps(args *AlertHubArgs, in partition.Partition) []string {
	gaps := []string{}
	switch {
	case args.Watch != nil:
	case in.Has(partition.UserNotifications):
		gaps = append(gaps, "Nobody watches the alert path: whoever deletes a topic, a rule or a subscription silences it unnoticed; set Watch")
	default:
		gaps = append(gaps, "Nobody watches the alert path: partition "+in.ID+" has no "+partition.UserNotifications.Describe())
	}
	if !args.DeadLetterAlarms {
		gaps = append(gaps, "Nobody is told of alerts that could not be delivered: they wait 14 days in the dead-letter queues; set DeadLetterAlarms")
	}
	return gaps
}

// locateForwarding divides the Regions into those that forward and those that stay blind. A hub without Regions does
// not see the Region of the global services either, unless it is there.
func (h *AlertHub) locateForwarding(in partition.Partition) error {
	wanted := []string{h.global}
	if h.regions != nil {
		if at := h.regions.HomeRegion(); at != h.home.Region {
			return fmt.Errorf("%s: the home Region is %s, but the hub's own provider works in %s; give the hub pulumi.Provider(regions.Home())",
				"Regions", at, h.home.Region)
		}
		wanted = h.regions.Forwarding()
	}
	blind := []string{}
	for _, region := range wanted {
		switch {
		case region == h.home.Region:
		case h.regions == nil || !in.Has(partition.CrossRegionEventBus):
			blind = append(blind, region)
		default:
			h.forwardFrom = append(h.forwardFrom, region)
		}
	}
	h.BlindRegions = pulumi.ToStringArray(blind).ToStringArrayOutput()
	return nil
}

// TopicArn is the topic of a severity, for publishers of their own such as CloudWatch alarms of the home Region,
// budgets and cost anomaly subscriptions. The zero output is returned for an unknown severity.
func (h *AlertHub) TopicArn(severity Severity) pulumi.StringOutput {
	if topic := h.topics[severity]; topic != nil {
		return topic.Arn
	}
	return pulumi.StringOutput{}
}

// Prefix is what the physical names of the hub's resources begin with.
func (h *AlertHub) Prefix() string { return h.prefix }

// HomeRegion is where the topics are.
func (h *AlertHub) HomeRegion() string { return h.home.Region }

// homeProvider keeps children that were given another parent on the hub's own provider.
func (h *AlertHub) homeProvider() []pulumi.ResourceOption {
	if provider := h.GetProvider("aws:sns/topic:Topic"); provider != nil {
		return []pulumi.ResourceOption{pulumi.Provider(provider)}
	}
	return nil
}

func (h *AlertHub) homeBus() string { return h.home.ARN("events", "event-bus/default") }
