package alerthub

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// emailsOf are the addresses told about a severity.
func (a *AlertHubArgs) emailsOf(severity Severity) pulumi.StringArray {
	if own, given := a.SeverityEmails[severity]; given {
		return own
	}
	return a.Emails
}

// newEmails subscribes the addresses. A subscription is named after its address, so that removing one leaves the
// others alone; only an address that is not known beforehand is named by its place in the list.
func (h *AlertHub) newEmails(ctx *pulumi.Context, args *AlertHubArgs) error {
	var pending []any
	for _, severity := range Severities {
		for i, address := range args.emailsOf(severity) {
			id := fmt.Sprintf("email-%d", i)
			if plain, ok := address.(pulumi.String); ok {
				id = strings.ToLower(string(plain))
			}
			subscription, err := sns.NewTopicSubscription(ctx, fmt.Sprintf("%s-%s-%s", h.name, severity, id), &sns.TopicSubscriptionArgs{
				Topic:    h.topics[severity].Arn,
				Protocol: pulumi.String("email"),
				Endpoint: address,
			}, pulumi.Parent(h))
			if err != nil {
				return err
			}
			pending = append(pending, waiting(severity, subscription))
		}
	}
	h.PendingSubscriptions = pulumi.All(pending...).ApplyT(func(all []any) []string {
		waiting := []string{}
		for _, one := range all {
			if text := one.(string); text != "" {
				waiting = append(waiting, text)
			}
		}
		return waiting
	}).(pulumi.StringArrayOutput)
	return nil
}

// waiting is "severity: address" while the subscription waits for its confirmation, else "".
func waiting(severity Severity, s *sns.TopicSubscription) pulumi.StringOutput {
	return pulumi.All(s.PendingConfirmation, s.Endpoint).ApplyT(func(all []any) string {
		if pending := all[0].(bool); pending {
			return fmt.Sprintf("%s: %s", severity, all[1])
		}
		return ""
	}).(pulumi.StringOutput)
}

// warnOfSilence says so when alerts of a severity reach nobody.
func (h *AlertHub) warnOfSilence(ctx *pulumi.Context, args *AlertHubArgs) error {
	if args.Slack != nil || args.Webhook != nil {
		return nil
	}
	var silent []string
	for _, severity := range Severities {
		if len(args.emailsOf(severity)) == 0 {
			silent = append(silent, string(severity))
		}
	}
	switch len(silent) {
	case 0:
		return nil
	case len(Severities):
		return ctx.Log.Warn("Nobody will be told when something happens: no e-mail address, Slack channel or webhook is configured (Emails, Slack or Webhook; settings: pulumi config set --path 'alerts.emails[0]' you@example.com).",
			&pulumi.LogArgs{Resource: h})
	default:
		return ctx.Log.Warn(fmt.Sprintf("Nobody will be told of %s alerts: no e-mail address, Slack channel or webhook is configured for them (Emails, SeverityEmails, Slack or Webhook; settings: pulumi config set --path 'alerts.emails[0]' you@example.com).",
			strings.Join(silent, " and ")), &pulumi.LogArgs{Resource: h})
	}
}
