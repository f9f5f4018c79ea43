package alerthub

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/regions"
)

// AlertHubArgs are the settings of an AlertHub; the zero value is a working hub that tells nobody, and says so.
type AlertHubArgs struct {
	// Emails are the addresses told about every severity that has no list of its own in SeverityEmails, each once. Each
	// has to confirm a subscription by a link in a mail. Adding or removing one touches no other. Default: none.
	Emails pulumi.StringArray

	// SeverityEmails are the addresses of single severities, instead of Emails; an empty list tells nobody by mail.
	// Default: none.
	SeverityEmails map[Severity]pulumi.StringArray

	// Slack is the channel that is told, through Amazon Q Developer in chat applications. Partition aws only.
	// Adding or removing it adds or removes the chat topics and channel configurations. Default: none.
	Slack *SlackArgs

	// Webhook is an HTTPS endpoint that is told. Not in partition aws-us-gov, which has neither API destinations
	// nor EventBridge Pipes. Adding or removing it adds or removes queue, pipe and destination. Default: none.
	Webhook *WebhookArgs

	// DeadLetterAlarms adds an alarm over the dead-letter queue of every Region with rules, $0.10 a month each. Default:
	// false; alerts that could not be delivered wait in a queue that nobody is told of.
	DeadLetterAlarms bool

	// Watch tells people, on a path of its own, when somebody changes or deletes what alerts depend on. Partition aws
	// only. Default: none.
	Watch *WatchArgs

	// Regions are the Regions whose events are forwarded, and their providers. The hub itself is given Regions.Home()
	// as its provider. Another home Region replaces everything, and every address has to confirm again. Default: nil, only
	// events of the own provider's Region are seen.
	Regions *regions.Providers

	// PublishingRoleArns are the IAM roles, such as that of a state machine, that may publish to the severities'
	// topics. They are compared with aws:PrincipalArn, so a role need not exist yet, and a deleted one breaks
	// nothing. Full role ARNs with their path, no wildcards. Default: none.
	PublishingRoleArns []string

	// NamePrefix begins the physical names: at most 38 lower-case letters, digits and hyphens. A change replaces the
	// topics, and every address has to confirm again. Default: PROJECT-STACK-NAME, cut with a hash when it is longer.
	NamePrefix string

	// Disposable deletes the key after 7 days instead of 30 when the stack is destroyed. Default: false.
	Disposable bool

	// Tags go onto every taggable resource, beside the names of the project and the stack. Default: none.
	Tags pulumi.StringMapInput
}

// SlackArgs name the Slack channels. The workspace has to be authorised once by hand, in the console of Amazon Q
// Developer in chat applications; its id is shown there.
type SlackArgs struct {
	// WorkspaceID is the id of the workspace, such as T07EA123LEP. Required. A change replaces the configuration.
	WorkspaceID string

	// ChannelID is the channel of every severity that has none in SeverityChannelIDs, such as C07EZ1ABC23; not
	// its name. Required. A private channel has to invite @Amazon Q first.
	ChannelID string

	// SeverityChannelIDs are the channels of single severities, instead of ChannelID. Default: none.
	SeverityChannelIDs map[Severity]string

	// GuardrailPolicyArns are the IAM policies that bound whatever somebody in the channel asks AWS to do.
	// Default: CloudWatchReadOnlyAccess of AWS (the service's own default would be AdministratorAccess).
	GuardrailPolicyArns []string

	// UserAuthorizationRequired asks everybody who runs a command in the channel for an own IAM role. Default: true.
	UserAuthorizationRequired *bool
}

// WebhookArgs name an endpoint that is sent {"text": …} by POST, as Slack's and Mattermost's incoming webhooks and
// Google Chat expect it.
type WebhookArgs struct {
	// URL begins with https://. It is a secret: encrypted in state, hidden in previews, never part of an error. Required.
	URL pulumi.StringInput
}

func (a *AlertHubArgs) validate() error {
	problems := []error{naming.CheckPrefix("NamePrefix", a.NamePrefix)}
	problems = append(problems, checkEmails("Emails", a.Emails)...)
	for severity := range a.SeverityEmails {
		if !severity.known() {
			problems = append(problems, unknownSeverity("SeverityEmails", severity))
		}
	}
	for _, severity := range Severities {
		problems = append(problems, checkEmails(fmt.Sprintf("SeverityEmails[%q]", severity), a.SeverityEmails[severity])...)
	}
	for i, arn := range a.PublishingRoleArns {
		if !roleARN.MatchString(arn) {
			problems = append(problems, fmt.Errorf(
				"PublishingRoleArns[%d]: %q is not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/bill-report", i, arn))
		}
	}
	problems = append(problems, a.Slack.problems()...)
	problems = append(problems, a.Webhook.problems()...)
	problems = append(problems, a.Watch.problems()...)
	return errors.Join(problems...)
}

var (
	emailAddress = regexp.MustCompile(`^[^@\s"<>]+@[^@\s"<>]+\.[^@\s"<>.]+$`)
	roleARN      = regexp.MustCompile(`^arn:aws(-cn|-us-gov)?:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$`)
	policyARN    = regexp.MustCompile(`^arn:aws(-cn|-us-gov)?:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$`)
	workspaceID  = regexp.MustCompile(`^T[0-9A-Z]{1,254}$`)
	channelID    = regexp.MustCompile(`^[CGD][0-9A-Z]{1,254}$`)
)

func checkEmails(field string, addresses pulumi.StringArray) []error {
	var problems []error
	seen := map[string]int{}
	for i, input := range addresses {
		if input == nil {
			problems = append(problems, fmt.Errorf("%s[%d]: the address is missing", field, i))
			continue
		}
		address, plain := input.(pulumi.String)
		if !plain {
			continue
		}
		key := strings.ToLower(string(address))
		first, twice := seen[key]
		switch {
		case !emailAddress.MatchString(string(address)):
			problems = append(problems, fmt.Errorf("%s[%d]: %q is not an e-mail address", field, i, address))
		case twice:
			problems = append(problems, fmt.Errorf("%s[%d]: %q is already %s[%d]; remove one of them", field, i, address, field, first))
		default:
			seen[key] = i
		}
	}
	return problems
}

func unknownSeverity(field string, severity Severity) error {
	return fmt.Errorf("%s[%q]: no such severity; there are critical, warning and informational", field, severity)
}

func (s *SlackArgs) problems() []error {
	if s == nil {
		return nil
	}
	var problems []error
	if !workspaceID.MatchString(s.WorkspaceID) {
		problems = append(problems, fmt.Errorf(
			"Slack.WorkspaceID: %q is not the id of a Slack workspace, such as T07EA123LEP; the console of Amazon Q Developer in chat applications shows it", s.WorkspaceID))
	}
	if !channelID.MatchString(s.ChannelID) {
		problems = append(problems, notAChannel("Slack.ChannelID", s.ChannelID))
	}
	for severity := range s.SeverityChannelIDs {
		if !severity.known() {
			problems = append(problems, unknownSeverity("Slack.SeverityChannelIDs", severity))
		}
	}
	for _, severity := range Severities {
		if id, given := s.SeverityChannelIDs[severity]; given && !channelID.MatchString(id) {
			problems = append(problems, notAChannel(fmt.Sprintf("Slack.SeverityChannelIDs[%q]", severity), id))
		}
	}
	for i, arn := range s.GuardrailPolicyArns {
		if !policyARN.MatchString(arn) {
			problems = append(problems, fmt.Errorf("Slack.GuardrailPolicyArns[%d]: %q is not the ARN of an IAM policy", i, arn))
		}
	}
	return problems
}

func notAChannel(field, id string) error {
	return fmt.Errorf("%s: %q is not the id of a Slack channel, such as C07EZ1ABC23; the channel's details end with it", field, id)
}

func (w *WebhookArgs) problems() []error {
	if w == nil {
		return nil
	}
	if w.URL == nil {
		return []error{errors.New("Webhook.URL: the URL is missing")}
	}
	if plain, ok := w.URL.(pulumi.String); ok {
		if err := checkWebhookURL(string(plain)); err != nil {
			return []error{err}
		}
	}
	return nil
}

// checkWebhookURL never repeats the URL: whoever knows it can post to the channel.
func checkWebhookURL(url string) error {
	if rest, ok := strings.CutPrefix(url, "https://"); !ok || rest == "" || strings.ContainsAny(rest, " \t\n*") {
		return errors.New("Webhook.URL: the URL has to begin with https:// and to hold no blanks or asterisks (it is secret and not shown)")
	}
	return nil
}
