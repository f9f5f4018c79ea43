// AWS Config and GuardDuty in three Regions; what they find in any of them is told from the home Region.
package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
)

const home = "eu-central-1"

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		covered, err := regions.Cover(ctx, home, []string{"eu-west-1", "us-east-1"}, aws.ProviderArgs{})
		if err != nil {
			return err
		}
		inHome := pulumi.Provider(covered.Home())
		archive, err := logarchive.NewLogArchive(ctx, "archive", nil, inHome)
		if err != nil {
			return err
		}
		hub, err := alerthub.NewAlertHub(ctx, "alerts", &alerthub.AlertHubArgs{
			Emails: pulumi.StringArray{pulumi.String("security@example.com")}, Regions: covered,
		}, inHome)
		if err != nil {
			return err
		}
		config, err := configbaseline.NewConfigBaseline(ctx, "config", &configbaseline.ConfigBaselineArgs{
			Alerts: hub, Archive: archive, Regions: covered,
		}, inHome)
		if err != nil {
			return err
		}
		threats, err := threatdetection.NewThreatDetection(ctx, "threats", &threatdetection.ThreatDetectionArgs{
			Alerts: hub, Archive: archive, Regions: covered,
		}, inHome)
		if err != nil {
			return err
		}
		ctx.Export("recorders", config.RecorderNames)
		ctx.Export("detectors", threats.DetectorIds)
		return nil
	})
}
