package alerthub

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub/testalert"
)

// newOwnRoutes declares the routes that every hub has, and those that its arguments ask for.
func (h *AlertHub) newOwnRoutes(ctx *pulumi.Context, args *AlertHubArgs) error {
	if err := h.newTestRoutes(ctx); err != nil {
		return err
	}
	for _, quoted := range quotedCallers {
		if err := h.AddRoute(ctx, quoted.name, quotedCaller(quoted.identity)); err != nil {
			return err
		}
	}
	if args.DeadLetterAlarms && len(h.forwardFrom) > 0 {
		if err := h.AddRoute(ctx, deadLetters, h.deadLettersElsewhere()); err != nil {
			return err
		}
	}
	if args.Watch != nil {
		return h.AddRoute(ctx, "watch-changes", watchChanges(args.Watch.IgnorePrincipalArns))
	}
	return nil
}

// newTestRoutes declares one route per severity for the test event, and one rule in each other Region that forwards it.
func (h *AlertHub) newTestRoutes(ctx *pulumi.Context) error {
	opts := []pulumi.ResourceOption{pulumi.Parent(h)}
	for _, severity := range Severities {
		plan, err := h.plan("test-"+string(severity), h.testRoute(severity, string(severity)))
		if err != nil {
			return err
		}
		if err := h.deliverAtHome(ctx, plan, opts); err != nil {
			return err
		}
	}
	all := make([]string, len(Severities))
	for i, severity := range Severities {
		all[i] = string(severity)
	}
	plan, err := h.plan("test", h.testRoute(Critical, all...))
	if err != nil {
		return err
	}
	for _, region := range plan.forwardFrom {
		if err := h.forward(ctx, plan, region, opts); err != nil {
			return err
		}
	}
	return nil
}

func (h *AlertHub) testRoute(severity Severity, events ...string) Route {
	return Route{
		Description: "A test of the path that alerts take; nothing happened",
		Severity:    severity,
		Pattern: map[string]any{
			"source":      []string{testalert.Source},
			"detail-type": []string{testalert.DetailType},
			"detail": map[string]any{
				testalert.HubField: []string{h.prefix}, testalert.SeverityField: events,
			},
		},
		Message: Message{
			Title: "TEST: an alert of account {account} reached you",
			What:  "TEST: somebody tries whether " + string(severity) + " alerts of {region} arrive. Nothing happened.",
			Details: []Detail{
				{Name: "account", Label: "Account", Path: "$.account"},
				{Name: "region", Label: "Region", Path: "$.region"},
				{Name: "time", Label: "Time", Path: "$.time"},
			},
			NextStep: "Nothing. If you expected this message, its path works.",
		},
	}
}

// quotedCallers are where CloudTrail names a user and the role of a session. Each has a route of its own, because
// EventBridge refuses one rule with the wildcards of both as too complex.
var quotedCallers = []struct {
	name     string
	identity func(arn []any) map[string]any
}{
	{"quoted-principal", func(arn []any) map[string]any { return map[string]any{"arn": arn} }},
	{"quoted-role", func(arn []any) map[string]any {
		return map[string]any{"sessionContext": map[string]any{"sessionIssuer": map[string]any{"arn": arn}}}
	}},
}

// quotedCaller tells of callers whose ARN holds what no message can: the path of a user or role may hold quotation
// marks and backslashes (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html), which EventBridge
// does not escape. Whoever chose such a path wants alerts about it to be lost, so this message names everything but it.
func quotedCaller(identity func(arn []any) map[string]any) Route {
	quoted := []any{map[string]any{"wildcard": `*"*`}, map[string]any{"wildcard": `*\\*`}}
	return Route{
		Description: "Somebody with a quotation mark or backslash in the ARN called an API",
		Severity:    Critical,
		Pattern: map[string]any{
			"detail-type": []string{"AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"},
			"detail":      map[string]any{"userIdentity": identity(quoted)},
		},
		AllManagementEvents: true,
		Message: Message{
			Title: "Somebody hides behind a quotation mark: {event} in account {account}",
			What:  "The ARN of who called {event} holds a quotation mark or a backslash, which keeps other alerts about the same call from being delivered.",
			Details: []Detail{
				{Name: "identity", Label: "Kind of identity", Path: "$.detail.userIdentity.type"},
				{Name: "principal", Label: "Access key", Path: "$.detail.userIdentity.accessKeyId"},
				{Name: "from", Label: "From", Path: "$.detail.sourceIPAddress"},
				{Name: "event", Label: "Did", Path: "$.detail.eventName"},
				{Name: "service", Label: "In service", Path: "$.detail.eventSource"},
				{Name: "account", Label: "Account", Path: "$.account"},
				{Name: "region", Label: "Region", Path: "$.detail.awsRegion"},
				{Name: "time", Label: "Time", Path: "$.detail.eventTime"},
				{Name: "eventId", Path: "$.detail.eventID"},
			},
			Link:     CloudTrailLink,
			NextStep: "Open the event to see who it is. Nobody gives a user or role such a path by accident: disable it, and find out who created it.",
		},
	}
}
