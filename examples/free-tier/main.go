// What costs nothing but the storage of a few log files: no key, no log group, no alarm, no detector. AWS Budgets and Cost
// Anomaly Detection mail by themselves; nobody is told of what the trail sees.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		trail, err := securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{
			ArchiveArgs: &logarchive.LogArchiveArgs{Encryption: logarchive.S3Managed},
			OmitLogs:    true, OmitMetricFilters: true, OmitAthena: true,
		})
		if err != nil {
			return err
		}
		_, err = threatdetection.NewThreatDetection(ctx, "threats", &threatdetection.ThreatDetectionArgs{
			OmitGuardDuty: true, SecurityHub: threatdetection.SecurityHubArgs{Omit: true}, // IAM Access Analyzer is left
		})
		if err != nil {
			return err
		}
		_, err = billingguard.NewBillingGuard(ctx, "bill", &billingguard.BillingGuardArgs{
			Emails:        []string{"billing@example.com"},
			MonthlyBudget: billingguard.MonthlyBudgetArgs{Limit: 10}, EstimatedCharges: billingguard.EstimatedChargesArgs{Omit: true},
		})
		if err != nil {
			return err
		}
		if _, err := hardening.NewAccountHardening(ctx, "hardening", nil); err != nil {
			return err
		}
		ctx.Export("trailArn", trail.TrailArn)
		return nil
	})
}
