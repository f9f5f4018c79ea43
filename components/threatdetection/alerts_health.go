package threatdetection

import "github.com/seed-8894d46d/account-baseline/components/alerthub"

// healthAlerts tell of what AWS Health says about this account, and not of what it says to everybody
// (https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html).
var healthAlerts = []alert{{
	name: "health-risk", severity: alerthub.Critical, wanted: healthWanted,
	pattern: func(*builder) map[string]any {
		return health([]string{"AWS Health Event", "AWS Health Abuse Event"}, map[string]any{"service": []string{"ABUSE", "RISK"}})
	},
	details: healthDetails, link: healthLink,
	title: "AWS reports a danger to the account: {code}",
	what:  "AWS Health reports {code}: exposed credentials, a compromised account, or abuse that comes from it.",
	next:  "Open AWS Health and do what it asks for now: AWS may limit the account otherwise. Disable the credentials that it names.",
	query: "access-key-activity",
}, {
	name: "health-issue", severity: alerthub.Warning, wanted: healthWanted,
	pattern: func(*builder) map[string]any {
		return health([]string{"AWS Health Event"}, map[string]any{"service": otherServices(), "eventTypeCategory": []string{"investigation", "issue"}})
	},
	details: healthDetails, link: healthLink,
	title:    "AWS has an issue with {service}: {code}",
	headline: "AWS has an issue with a service",
	what:     "AWS Health reports {code} about resources of this account in {eventRegion}; its status is {status}.",
	next:     "Open AWS Health: it names the resources, and what AWS does about them.",
}, {
	name: "health-notice", severity: alerthub.Informational, wanted: healthWanted,
	pattern: func(*builder) map[string]any {
		return health([]string{"AWS Health Event"}, map[string]any{"service": otherServices(), "eventTypeCategory": []string{"accountNotification", "scheduledChange"}})
	},
	details: healthDetails, link: healthLink,
	title:    "AWS announces a change of {service}: {code}",
	headline: "AWS announces a change of a service",
	what:     "AWS Health announces {code} about resources of this account in {eventRegion}, from {start} on.",
	next:     "Open AWS Health: it names the resources, and what to do before the date.",
}, {
	name: "health-public", severity: alerthub.Informational,
	wanted: func(b *builder) bool { return healthWanted(b) && b.args.PublicHealthIssues },
	pattern: func(*builder) map[string]any {
		pattern := health([]string{"AWS Health Event"}, map[string]any{"eventTypeCategory": []string{"issue"}})
		pattern["detail"].(map[string]any)["eventScopeCode"] = []string{"PUBLIC"}
		return pattern
	},
	details: healthDetails, link: healthLink,
	title:    "AWS has an issue with {service} in {eventRegion}: {code}",
	headline: "AWS has an issue with a service for everybody",
	what:     "AWS Health reports {code} in {eventRegion}, which may touch everybody's resources there; its status is {status}.",
	next:     "If something of yours fails there, open AWS Health before you look for the reason yourself.",
}, {
	// Trusted Advisor publishes in us-east-1 only: https://docs.aws.amazon.com/awssupport/latest/user/cloudwatch-events-ta.html.
	name: "trusted-advisor", severity: alerthub.Warning, scope: alerthub.GlobalOnly,
	wanted: func(b *builder) bool { return b.args.TrustedAdvisor },
	pattern: func(*builder) map[string]any {
		return map[string]any{
			"source":      []string{"aws.trustedadvisor"},
			"detail-type": []string{"Trusted Advisor Check Item Refresh Notification"},
			"detail":      map[string]any{"status": []string{"ERROR", "WARN"}},
		}
	},
	details: []alerthub.Detail{
		{Name: "check", Label: "Check", Path: "$.detail.check-name"},
		{Name: "status", Label: "Status", Path: "$.detail.status"},
		{Name: "account", Label: "Account", Path: "$.account"},
		{Name: "time", Label: "Time", Path: "$.time"},
		{Name: "resource", Label: "Resource", Path: "$.detail.resource_id", Untrusted: true},
	},
	link:     "https://{console}/trustedadvisor/home",
	title:    "Trusted Advisor: {check}",
	headline: "Trusted Advisor warns",
	what:     "The check {check} of Trusted Advisor says {status} about a resource.",
	next:     "Open the check in Trusted Advisor: it names the resource and what it recommends.",
}}

func healthWanted(b *builder) bool { return !b.args.OmitHealth }

// otherServices are all but those of health-risk.
func otherServices() []any { return []any{map[string]any{"anything-but": []string{"ABUSE", "RISK"}}} }

// health is the pattern of events of this account. Copies for the backup Region are left out, and so are further pages of
// the same event. The documentation shows the mark of a copy as a text and as a truth value.
func health(kinds []string, detail map[string]any) map[string]any {
	detail["eventScopeCode"] = []string{"ACCOUNT_SPECIFIC"}
	detail["backupEvent"] = []any{notThere(), false, "false", "False"}
	detail["page"] = []any{notThere(), "1"}
	return map[string]any{"source": []string{"aws.health"}, "detail-type": kinds, "detail": detail}
}

const healthLink = "https://{console}/health/home#/account/event-log?eventID={event}"

// healthDetails are the values of an event. Its description is long, and may quote anything.
var healthDetails = []alerthub.Detail{
	{Name: "service", Label: "Service", Path: "$.detail.service"},
	{Name: "code", Label: "Event", Path: "$.detail.eventTypeCode"},
	{Name: "status", Label: "Status", Path: "$.detail.statusCode"},
	{Name: "account", Label: "Account", Path: "$.account"},
	{Name: "eventRegion", Label: "Region", Path: "$.detail.eventRegion"},
	{Name: "start", Label: "Start", Path: "$.detail.startTime"},
	{Name: "event", Path: "$.detail.eventArn"},
	{Name: "description", Label: "Description", Path: "$.detail.eventDescription[0].latestDescription", Untrusted: true},
}
