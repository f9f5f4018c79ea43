// Package checklist knows the steps of a baseline that only a person can do, because AWS offers no API for them.
package checklist

import "slices"

// Step is something a person does once.
type Step struct {
	Name string // by which settings say that it is done
	What string // in the imperative
	Link string // where it is done, or the AWS page that says how
	when func(Facts) bool
}

// Facts say which steps concern a stack.
type Facts struct {
	Emails bool // e-mail addresses are subscribed
	Watch  bool // contacts of the watch over the alert path are registered
	Slack  bool // a Slack channel is configured
}

func always(Facts) bool { return true }

// Steps are all steps, in the order in which people should take them.
var Steps = []Step{
	{"enableRootMfa", "Enable MFA for the root user", "https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html", always},
	{"deleteRootAccessKeys", "Delete the access keys of the root user", "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user_manage_delete-key.html", always},
	{"confirmEmailSubscriptions", "Confirm the subscription in each mail that AWS Notifications has sent; until then nobody is told by mail", "https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html", func(f Facts) bool { return f.Emails }},
	{"activateWatchContacts", "Activate the contacts of the watch over the alert path, by the link in the mail of AWS User Notifications, within 12 hours", "https://docs.aws.amazon.com/notifications/latest/userguide/email.html", func(f Facts) bool { return f.Watch }},
	{"authorizeSlack", "Authorise the Slack workspace for Amazon Q Developer, before the first deployment with Slack", "https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html", func(f Facts) bool { return f.Slack }},
	{"activateIamBillingAccess", "Activate IAM access to billing, as the root user", "https://docs.aws.amazon.com/IAM/latest/UserGuide/tutorial_billing.html", always},
	{"enableCostExplorer", "Enable Cost Explorer; its first figures take a day", "https://docs.aws.amazon.com/cost-management/latest/userguide/ce-enable.html", always},
	{"receiveBillingAlerts", "Switch on CloudWatch billing alerts in the billing preferences", "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html", always},
}

// Open are the steps that concern a stack and are not done yet, each as a line of text.
func Open(facts Facts, done []string) []string {
	open := []string{}
	for _, step := range Steps {
		if step.when(facts) && !slices.Contains(done, step.Name) {
			open = append(open, step.What+" ("+step.Name+"): "+step.Link)
		}
	}
	return open
}
