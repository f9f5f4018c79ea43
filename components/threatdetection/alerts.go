package threatdetection

import (
	"cmp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
)

// alert is one thing that people are told: a row of a table.
type alert struct {
	name     string // suffix of the route's name; for ever
	severity alerthub.Severity
	scope    alerthub.Scope
	wanted   func(b *builder) bool
	pattern  func(b *builder) map[string]any
	details  []alerthub.Detail
	link     string
	title    string
	headline string // what the rule is for, where the title begins with values of an event
	what     string
	next     string
	query    string // the named query of SecureTrail to run next

	ownChange bool // says who called, so that IgnoreChangesBy applies
}

// newAlerts adds a route to the hub for each alert.
func (b *builder) newAlerts() error {
	if b.args.Alerts == nil {
		b.gap("Nobody is told of findings (Alerts)")
		return nil
	}
	for _, alert := range slices.Concat(guardDutyAlerts, analyzerAlerts, securityHubAlerts, healthAlerts, scannerAlerts, tamperingAlerts) {
		if !alert.wanted(b) {
			continue
		}
		message := alerthub.Message{Title: alert.title, What: alert.what, Details: alert.details, Link: alert.link, NextStep: alert.next}
		if b.args.WithTrail {
			message.Query = alert.query
		}
		route := alerthub.Route{
			Description: cmp.Or(alert.headline, alerthub.Headline(alert.title)),
			Pattern:     alert.pattern(b),
			Severity:    alert.severity,
			Scope:       alert.scope,
			Message:     message,
		}
		if alert.ownChange {
			route.IgnorePrincipalArns = b.args.IgnoreChangesBy
		}
		if alert.name == securityHub || alert.name == securityHubQuoted {
			route.Scope = b.securityHubScope()
		}
		if err := b.args.Alerts.AddRoute(b.ctx, b.name+"-"+alert.name, route, pulumi.Parent(b.detection)); err != nil {
			return err
		}
	}
	return nil
}

// quoted matches a text with a quotation mark or backslash, which EventBridge would put into a message as it is and so
// break it; readable matches the others.
func quoted() []any {
	return []any{map[string]any{"wildcard": `*"*`}, map[string]any{"wildcard": `*\\*`}}
}

func readable() []any {
	return []any{map[string]any{"anything-but": map[string]any{"wildcard": []string{`*"*`, `*\\*`}}}}
}

func notThere() map[string]any { return map[string]any{"exists": false} }

// anyway wants an alert whatever the arguments.
func anyway(*builder) bool { return true }
