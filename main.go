// The baseline of an AWS account: settings in, components composed, outputs exported.
package main

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline/confighistory"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/settings"
)

// trailName names the trail component; the archive is made before it and must know its trail.
const trailName = "audit"

func main() { pulumi.Run(baseline) }

// baseline goes as the data flows: settings, Regions, archive, alerts, trail, Config.
func baseline(ctx *pulumi.Context) error {
	s, err := settings.Load(ctx)
	if err != nil {
		return err
	}
	covered, err := regions.Cover(ctx, s.Home, s.Regions, s.Provider)
	if err != nil {
		return err
	}
	inHome := pulumi.Provider(covered.Home())
	configArgs := configBaselineArgs(s, covered)
	if err := configArgs.Validate(); s.Config.Enabled && err != nil {
		return fmt.Errorf("settings below config: %w", err)
	}

	// First, since it refuses a deployer that would lock itself out.
	archive, err := logarchive.NewLogArchive(ctx, "archive", logArchiveArgs(ctx, s), inHome)
	if err != nil {
		return err
	}
	caller, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, inHome)
	if err != nil {
		return err
	}
	hub, err := alerthub.NewAlertHub(ctx, "alerts", alertHubArgs(ctx, s, covered, caller.AccountId), inHome)
	if err != nil {
		return err
	}
	var trail *securetrail.SecureTrail
	if s.Trail.Enabled {
		trail, err = securetrail.NewSecureTrail(ctx, trailName, secureTrailArgs(s, hub, archive), inHome)
		if err != nil {
			return err
		}
		ctx.Export("trailArn", trail.TrailArn)
		ctx.Export("logGroup", trail.LogGroupName)
		ctx.Export("administratorsGroup", trail.AdministratorsGroup)
		ctx.Export("readersGroup", trail.ReadersGroup)
		ctx.Export("readerRoleArn", trail.ReaderRoleArn)
		ctx.Export("athenaWorkgroup", trail.AthenaWorkgroup)
		ctx.Export("athenaDatabase", trail.AthenaDatabase)
		ctx.Export("athenaQueries", trail.AthenaQueries)
	} else {
		ctx.Export("silentWithoutTrail", pulumi.ToStringArray(silentWithoutTrail()))
	}

	if s.Config.Enabled {
		configArgs.Alerts = hub
		if configArgs.ArchiveArgs == nil {
			configArgs.Archive = archive
		}
		config, err := configbaseline.NewConfigBaseline(ctx, "config", configArgs, inHome)
		if err != nil {
			return err
		}
		ctx.Export("configRecorders", config.RecorderNames)
		ctx.Export("configAggregatorArn", config.AggregatorArn)
		if s.Config.Athena.Enabled && trail.HasAthena {
			if _, err := confighistory.NewConfigHistory(ctx, "history", configHistoryArgs(s, trail), inHome); err != nil {
				return err
			}
		}
	}

	ctx.Export("coveredRegions", pulumi.ToStringArray(covered.Covered()))
	ctx.Export("alertTopics", hub.TopicArns)
	ctx.Export("pendingSubscriptions", hub.PendingSubscriptions)
	ctx.Export("blindRegions", hub.BlindRegions)
	ctx.Export("unseenByAlerts", pulumi.ToStringArray(unseen(s, covered)))
	ctx.Export("alertGaps", hub.Gaps)
	ctx.Export("deadLetterQueues", hub.DeadLetterQueueUrls)
	ctx.Export("trailBucket", archive.TrailBucket)
	ctx.Export("deliveryBucket", archive.DeliveryBucket)
	ctx.Export("accessLogBucket", archive.AccessLogBucket)
	ctx.Export("archiveKeyArn", archive.KeyArn)
	ctx.Export("adoption", archive.Adoption)
	if s.Archive.Central.Bucket != "" {
		ctx.Export("pasteStatements", archive.PasteStatements)
	}
	ctx.Export("checklist", pulumi.ToStringArray(openSteps(s)))
	return warn(ctx, s, covered)
}

func warn(ctx *pulumi.Context, s *settings.Settings, covered *regions.Providers) error {
	warnings := s.Warnings
	if !s.Trail.Enabled {
		warnings = append(warnings, silentWithoutTrail()...)
	}
	if blind := unseen(s, covered); s.Trail.Enabled && len(blind) > 0 {
		warnings = append(warnings, "sign-ins, root use and tampering alert nobody in "+strings.Join(blind, ", ")+
			": name them in regions, or switch trail.logs and trail.metricFilters on")
	}
	for _, warning := range warnings {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return err
		}
	}
	return nil
}

// unseen are the enabled Regions in which sign-ins, root use and tampering alert nobody: those that no rule forwards from,
// unless the metric filters see them through the log group of the multi-Region trail.
func unseen(s *settings.Settings, covered *regions.Providers) []string {
	switch {
	case !s.Trail.Enabled: // no API call or sign-in reaches EventBridge
		return covered.Enabled()
	case s.Trail.Logs.Enabled && s.Trail.MetricFilters.Enabled:
		return []string{}
	default:
		return covered.Unseen()
	}
}

func silentWithoutTrail() (lines []string) {
	for _, silent := range securetrail.SilentWithout {
		lines = append(lines, fmt.Sprintf("silent without a trail: %s: %s", silent.What, silent.Why))
	}
	return lines
}
