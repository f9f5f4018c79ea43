package alerthub

import (
	"fmt"
	"slices"
	"sync"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
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
	// between Regions, or the hub was given no Regions, or not this one. That of AWS Organizations is always among those
	// to see.
	BlindRegions pulumi.StringArrayOutput `pulumi:"blindRegions"`
	// Gaps say in a sentence each what nobody is told of with these arguments: changes to the alert path, alerts that
	// could not be delivered.
	Gaps pulumi.StringArrayOutput `pulumi:"gaps"`

	// Stays says in a sentence each what a destroy leaves in the account, and what to do about it then.
	Stays pulumi.StringArrayOutput `pulumi:"stays"`

	name   string // the component's
	prefix string // of physical names
	home   account.Account
	tags   pulumi.StringMapInput

	global        string // Region of the global services' events
	organizations string // Region of AWS Organizations' events

	regions     *regions.Providers
	forwardFrom []string // Regions that forward to home, sorted

	key            *kms.Key
	topics         map[Severity]*sns.Topic
	chatTopics     map[Severity]*sns.Topic // only with Slack
	deadLetters    map[string]*sqs.Queue   // by Region
	alarmed        []string                // Regions whose dead letters have an alarm
	forwardingRole *iam.Role               // nil when nothing is forwarded

	mutex   sync.Mutex
	routes  map[string]bool              // names in use
	rules   map[string][]string          // names of the rules, by Region
	targets map[string][]pulumi.Resource // by route
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
		name: name, prefix: naming.Prefix(ctx, name, args.NamePrefix), tags: account.Tags(ctx, args.Tags),
		regions: args.Regions, routes: map[string]bool{}, rules: map[string][]string{}, targets: map[string][]pulumi.Resource{},
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
		"stays":                h.Stays,
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
	h.global, h.organizations = in.GlobalRegion, in.OrganizationsRegion
	if args.Slack != nil && !in.Has(partition.Chatbot) {
		return fmt.Errorf("%s: %s does not exist in partition %s; use Emails or Webhook", "Slack", partition.Chatbot.Describe(), in.ID)
	}
	if args.Webhook != nil {
		for _, needed := range []partition.Feature{partition.APIDestinations, partition.Pipes} {
			if !in.Has(needed) {
				return fmt.Errorf("%s: %s do not exist in partition %s; use Emails", "Webhook", needed.Describe(), in.ID)
			}
		}
	}
	if args.Watch != nil && !in.Has(partition.UserNotifications) {
		return fmt.Errorf("%s: %s do not exist in partition %s; nothing else can watch the alert path there", "Watch", partition.UserNotifications.Describe(), in.ID)
	}
	if err := h.locateForwarding(in); err != nil {
		return err
	}
	h.Gaps = pulumi.ToStringArray(h.gaps(args, in)).ToStringArrayOutput()
	stays := []string{}
	if args.Watch != nil && !args.Watch.ExistingNotificationHub {
		stays = append(stays, "the notification hub of "+h.home.Region+": AWS keeps the last one of an account; say that it exists when the stack is deployed again (Watch.ExistingNotificationHub; setting alerts.watch.existingNotificationHub)")
	}
	h.Stays = pulumi.ToStringArray(stays).ToStringArrayOutput()
	return nil
}

// gaps are what the hub lacks, in words that lead to the argument and to the setting.
func (h *AlertHub) gaps(args *AlertHubArgs, in partition.Partition) []string {
	gaps := []string{}
	switch {
	case args.Watch != nil:
	case in.Has(partition.UserNotifications):
		gaps = append(gaps, "Nobody watches the alert path itself: whoever deletes a topic, a rule or a subscription silences it unnoticed (Watch; setting alerts.watch.emails)")
	default:
		gaps = append(gaps, "Nobody watches the alert path itself: partition "+in.ID+" has no "+partition.UserNotifications.Describe())
	}
	if !args.DeadLetterAlarms {
		gaps = append(gaps, "Nobody is told of alerts that could not be delivered: they wait 14 days in the dead-letter queues (DeadLetterAlarms; setting alerts.deadLetterAlarms)")
	}
	if h.organizations != h.global && !h.Sees(h.organizations) {
		gaps = append(gaps, "Nobody is told when the account leaves its organization: AWS Organizations reports in "+h.organizations+", whose events do not reach "+h.home.Region)
	}
	return gaps
}

// locateForwarding divides the Regions into those that forward and those that stay blind. A hub without Regions does
// not see the Region of the global services either, unless it is there.
func (h *AlertHub) locateForwarding(in partition.Partition) error {
	wanted, covered := []string{h.global}, []string(nil)
	if h.regions != nil {
		if at := h.regions.HomeRegion(); at != h.home.Region {
			return fmt.Errorf("%s: the home Region is %s, but the hub's own provider works in %s; give the hub pulumi.Provider(regions.Home())",
				"Regions", at, h.home.Region)
		}
		covered = h.regions.Forwarding()
		wanted = covered
	}
	if in.Has(partition.CrossRegionEventBus) {
		h.forwardFrom = slices.DeleteFunc(slices.Clone(covered), func(region string) bool { return region == h.home.Region })
	}
	blind := []string{}
	for _, region := range slices.Compact(slices.Sorted(slices.Values(append(slices.Clip(wanted), h.organizations)))) {
		if !h.Sees(region) {
			blind = append(blind, region)
		}
	}
	h.BlindRegions = pulumi.ToStringArray(blind).ToStringArrayOutput()
	return nil
}

// Sees reports whether the events of a Region reach the home Region.
func (h *AlertHub) Sees(region string) bool {
	return region == h.home.Region || slices.Contains(h.forwardFrom, region)
}

// TopicArn is the topic of a severity, for publishers of their own such as CloudWatch alarms of the home Region,
// budgets and cost anomaly subscriptions. The zero output is returned for an unknown severity.
func (h *AlertHub) TopicArn(severity Severity) pulumi.StringOutput {
	if topic := h.topics[severity]; topic != nil {
		return topic.Arn
	}
	return pulumi.StringOutput{}
}

// ChatTopicArn is the topic of a severity that carries messages in the Slack app's own schema; nil without Slack
// (https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html).
func (h *AlertHub) ChatTopicArn(severity Severity) pulumi.StringInput {
	if h.chatTopics[severity] == nil {
		return nil
	}
	return pulumi.String(h.topicARN(string(severity) + "-chat"))
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
