package alerthub

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/notifications"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// WatchArgs are the settings of the watch over the alert path: AWS User Notifications mails its contacts when topics,
// their policies and subscriptions, rules and targets, queues, the key, roles, the webhook's pipe, the Slack
// configuration or the alarms of the hub are changed or deleted. It uses nothing of the hub. Partition aws only. What
// it tells comes from CloudTrail, so the account needs a trail.
type WatchArgs struct {
	// Emails are the addresses told, 1 to 50, each once. Each has to be activated by a link in a mail within 12 hours.
	// Required. Adding or removing one touches no other.
	Emails pulumi.StringArray

	// IgnorePrincipalArns are the IAM roles and users whose changes are not told of, so that a deployment does not
	// alert about itself: full ARNs with their path, no wildcards. Default: none, every pulumi up that changes the
	// hub is told.
	IgnorePrincipalArns []string

	// AlarmNamePrefixes begin the names of further alarms to watch, such as those of metric filters: 3 to 200
	// letters, digits, dots, slashes, hyphens and underscores. Default: none, those of the hub are watched.
	AlarmNamePrefixes []string

	// ExistingNotificationHub says that the account has a notification hub in some Region already, so that none is
	// registered. An account can have three, one per Region. Default: false.
	ExistingNotificationHub bool
}

// Limits: https://docs.aws.amazon.com/notifications/latest/userguide/user-notifications-quotas.html
const (
	maxWatchEmails  = 50
	maxWatchPattern = 4096
)

var alarmPrefix = regexp.MustCompile(`^[A-Za-z0-9._/-]{3,200}$`)

func (w *WatchArgs) problems() []error {
	if w == nil {
		return nil
	}
	problems := checkEmails("Watch.Emails", w.Emails)
	if n := len(w.Emails); n == 0 || n > maxWatchEmails {
		problems = append(problems, fmt.Errorf("Watch.Emails: 1 to %d addresses are needed, not %d", maxWatchEmails, n))
	}
	problems = append(problems, checkPrincipals("Watch.IgnorePrincipalArns", w.IgnorePrincipalArns)...)
	for i, prefix := range w.AlarmNamePrefixes {
		if !alarmPrefix.MatchString(prefix) {
			problems = append(problems, fmt.Errorf(
				"Watch.AlarmNamePrefixes[%d]: %q may hold 3 to 200 letters, digits, dots, slashes, hyphens and underscores only", i, prefix))
		}
	}
	return problems
}

// newWatch declares the watch. User Notifications is controlled in us-east-1 and puts its own rules into the Regions.
func (h *AlertHub) newWatch(ctx *pulumi.Context, args *AlertHubArgs) error {
	watch := args.Watch
	opts := []pulumi.ResourceOption{pulumi.Parent(h)}
	if h.regions != nil {
		opts = append(opts, pulumi.Provider(h.regions.Global()))
	}
	configuration, err := h.newWatchConfiguration(ctx, watch, opts)
	if err != nil {
		return err
	}
	for i, address := range watch.Emails {
		if err := h.newWatchContact(ctx, i, address, configuration, opts); err != nil {
			return err
		}
	}
	for _, w := range watched {
		if w.when != nil && !w.when(h, args) {
			continue
		}
		if err := h.newWatchRule(ctx, w, args, configuration, opts); err != nil {
			return fmt.Errorf("watch of %s: %w", w.name, err)
		}
	}
	return nil
}

// newWatchConfiguration declares the configuration that rules and contacts belong to, and the notification hub that it
// cannot do without. AWS refuses to deregister an account's last one, so it stays when the stack goes:
// https://docs.aws.amazon.com/notifications/latest/APIReference/API_DeregisterNotificationHub.html
func (h *AlertHub) newWatchConfiguration(ctx *pulumi.Context, watch *WatchArgs, opts []pulumi.ResourceOption) (*notifications.NotificationConfiguration, error) {
	if !watch.ExistingNotificationHub {
		hub, err := notifications.NewNotificationHub(ctx, h.name+"-watch-hub", &notifications.NotificationHubArgs{
			NotificationHubRegion: pulumi.String(h.home.Region),
		}, append(slices.Clip(opts), pulumi.RetainOnDelete(true))...)
		if err != nil {
			return nil, err
		}
		opts = append(slices.Clip(opts), pulumi.DependsOn([]pulumi.Resource{hub}))
	}
	return notifications.NewNotificationConfiguration(ctx, h.name+"-watch", &notifications.NotificationConfigurationArgs{
		Name:                pulumi.String(h.prefix + "-watch"),
		Description:         pulumi.String("Somebody changed or deleted what alerts of " + h.prefix + " depend on"),
		AggregationDuration: pulumi.String("NONE"),
		Tags:                h.tags,
	}, opts...)
}

// newWatchContact declares an address, named after itself where it is known beforehand.
func (h *AlertHub) newWatchContact(ctx *pulumi.Context, i int, address pulumi.StringInput,
	configuration *notifications.NotificationConfiguration, opts []pulumi.ResourceOption,
) error {
	id, physical := fmt.Sprintf("email-%d", i), fmt.Sprintf("%d", i)
	if plain, ok := address.(pulumi.String); ok {
		id = strings.ToLower(string(plain))
		sum := sha256.Sum256([]byte(id))
		physical = hex.EncodeToString(sum[:4])
	}
	contact, err := notifications.NewContactsEmailContact(ctx, h.name+"-watch-"+id, &notifications.ContactsEmailContactArgs{
		Name:         pulumi.String(h.prefix + "-watch-" + physical),
		EmailAddress: address,
		Tags:         h.tags,
	}, opts...)
	if err != nil {
		return err
	}
	_, err = notifications.NewChannelAssociation(ctx, h.name+"-watch-"+id+"-channel", &notifications.ChannelAssociationArgs{
		Arn:                          contact.Arn,
		NotificationConfigurationArn: configuration.Arn,
	}, opts...)
	return err
}

func (h *AlertHub) newWatchRule(ctx *pulumi.Context, w watchedThing, args *AlertHubArgs,
	configuration *notifications.NotificationConfiguration, opts []pulumi.ResourceOption,
) error {
	names := h.watchedNames(args)
	var pattern pulumi.StringPtrInput
	if w.usesKey {
		pattern = h.key.KeyId.ApplyT(func(id string) (string, error) {
			names := names
			names.key = id
			return w.pattern(names, args.Watch.IgnorePrincipalArns)
		}).(pulumi.StringOutput)
	} else {
		text, err := w.pattern(names, args.Watch.IgnorePrincipalArns)
		if err != nil {
			return err
		}
		pattern = pulumi.String(text)
	}
	_, err := notifications.NewEventRule(ctx, h.name+"-watch-"+w.name, &notifications.EventRuleArgs{
		NotificationConfigurationArn: configuration.Arn,
		Source:                       pulumi.String(w.source),
		EventType:                    pulumi.String(w.eventType),
		EventPattern:                 pattern,
		Regions:                      pulumi.ToStringArray(w.regions(h)),
	}, opts...)
	return err
}

// pattern is the rule's further pattern; User Notifications adds source and event type itself:
// https://docs.aws.amazon.com/notifications/latest/userguide/common-usecases.html
func (w watchedThing) pattern(names watchedNames, ignored []string) (string, error) {
	pattern := map[string]any{"detail": w.detail(names)}
	if w.eventType == apiCallEvent {
		var err error
		if pattern, err = ignoring(pattern, ignored); err != nil {
			return "", err
		}
	}
	text, err := encode(pattern)
	if err != nil {
		return "", err
	}
	if len(text) > maxWatchPattern {
		return "", fmt.Errorf("%s: its pattern is %d characters long, at most %d are possible; name fewer IgnorePrincipalArns (setting alerts.ignoreChangesBy) or AlarmNamePrefixes", "Watch", len(text), maxWatchPattern)
	}
	return text, nil
}

// watchChanges is the other way round: the hub tells when somebody touches the watch.
func watchChanges(ignored []string) Route {
	return Route{
		Description: "The watch over the alert path was changed",
		Severity:    Critical,
		Pattern: map[string]any{
			"source":      []string{"aws.notifications", "aws.notifications-contacts"},
			"detail-type": []string{apiCallEvent},
			"detail": map[string]any{"eventName": []string{
				"DeleteEmailContact", "DeleteEventRule", "DeleteNotificationConfiguration", "DeregisterNotificationHub",
				"DisassociateChannel", "UpdateEventRule", "UpdateNotificationConfiguration",
			}},
		},
		Scope:               GlobalOnly,
		IgnorePrincipalArns: ignored,
		Message: Message{
			Title:    "The watch over the alerts was changed: {event}",
			What:     "{who} called {event} in AWS User Notifications, which tells when somebody tampers with alerts.",
			Details:  CloudTrailDetails(),
			Link:     CloudTrailLink,
			NextStep: "If nobody on your team did this on purpose, treat the identity as compromised, and run pulumi up to restore the watch.",
		},
	}
}
