package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
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
		ctx.Export("trailArn", trail.TrailArn)
		return nil
	})
}
