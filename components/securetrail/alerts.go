package securetrail

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
)

// tampering are the calls that stop, weaken or divert a trail, whichever trail of the account it is.
var tampering = []string{
	"CreateTrail", "DeleteTrail", "PutEventSelectors", "PutInsightSelectors", "StopLogging", "UpdateTrail",
}

// newAlerts tells people within minutes that somebody tampers with a trail.
func (b *builder) newAlerts() error {
	if b.args.Alerts == nil {
		return nil
	}
	return b.args.Alerts.AddRoute(b.ctx, b.name+"-tampering", alerthub.Route{
		Description: "A trail was created, changed, stopped or deleted",
		Pattern: map[string]any{
			"source":      []string{"aws.cloudtrail"},
			"detail-type": []string{"AWS API Call via CloudTrail"},
			"detail": map[string]any{
				"eventSource": []string{"cloudtrail.amazonaws.com"},
				"eventName":   tampering,
			},
		},
		Severity: alerthub.Critical,
		Message: alerthub.Message{
			Title:    "CloudTrail was changed: {event}",
			What:     "{who} called {event}, which decides what the account records about itself.",
			Details:  alerthub.CloudTrailDetails(),
			Link:     alerthub.CloudTrailLink,
			NextStep: "If nobody on your team did this on purpose, treat the identity as compromised: take its permissions away, then run pulumi up to restore the trail.",
		},
	}, pulumi.Parent(b.trail))
}
