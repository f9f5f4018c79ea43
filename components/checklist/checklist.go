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
	Emails  bool // e-mail addresses are subscribed
	Watch   bool // contacts of the watch over the alert path are registered
	Slack   bool // a Slack channel is configured
	Billing bool // budgets, anomaly detection or reports ask for the bill
	Charges bool // alarms on EstimatedCharges wait for the metric
}

func always(Facts) bool { return true }

const (
	userGuide = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
	billing   = "https://docs.aws.amazon.com/cost-management/latest/userguide/"
)

// Steps are all steps, in the order in which people should take them.
var Steps = []Step{
	{"enableRootMfa", "Enable MFA for the root user", userGuide + "enable-mfa-for-root.html", always},
	{"deleteRootAccessKeys", "Delete the access keys of the root user", userGuide + "id_root-user_manage_delete-key.html", always},
	{"confirmEmailSubscriptions", "Confirm each mail of AWS Notifications", "https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html", func(f Facts) bool { return f.Emails }},
	{"activateWatchContacts", "Activate the watch's contacts within 12 hours", "https://docs.aws.amazon.com/notifications/latest/userguide/email.html", func(f Facts) bool { return f.Watch }},
	{"authorizeSlack", "Authorise Slack before the first deployment", "https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html", func(f Facts) bool { return f.Slack }},
	{"activateIamBillingAccess", "Activate IAM access to billing, as root", userGuide + "tutorial_billing.html", func(f Facts) bool { return f.Billing }},
	{"enableCostExplorer", "Enable Cost Explorer", billing + "ce-enable.html", func(f Facts) bool { return f.Billing }},
	{"receiveBillingAlerts", "Receive billing alerts", "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/billing-pref.html", func(f Facts) bool { return f.Charges }},
}

// Open are the steps that concern a stack and are not done yet, each as a line of text.
func Open(facts Facts, done []string) []string {
	open := []string{}
	for _, step := range Steps {
		if step.when(facts) && !slices.Contains(done, step.Name) {
			open = append(open, step.line())
		}
	}
	return open
}

func (s Step) line() string { return s.What + " (" + s.Name + "): " + s.Link }
