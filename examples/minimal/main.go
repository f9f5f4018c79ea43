// What no account should be without, in the Region of the stack.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		hub, err := alerthub.NewAlertHub(ctx, "alerts", &alerthub.AlertHubArgs{
			Emails: pulumi.StringArray{pulumi.String("security@example.com")},
		})
		if err != nil {
			return err
		}
		trail, err := securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{Alerts: hub})
		if err != nil {
			return err
		}
		_, err = threatdetection.NewThreatDetection(ctx, "threats", &threatdetection.ThreatDetectionArgs{
			Alerts: hub, WithTrail: true, Archive: trail.Archive,
		})
		if err != nil {
			return err
		}
		_, err = billingguard.NewBillingGuard(ctx, "bill", &billingguard.BillingGuardArgs{
			Alerts: hub, Report: billingguard.ReportArgs{Omit: true},
		})
		if err != nil {
			return err
		}
		hardened, err := hardening.NewAccountHardening(ctx, "hardening", nil)
		if err != nil {
			return err
		}
		ctx.Export("trailArn", trail.TrailArn)
		ctx.Export("hardenings", hardened.Hardenings)
		ctx.Export("pendingSubscriptions", hub.PendingSubscriptions)
		return nil
	})
}
