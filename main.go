// The baseline of an AWS account: settings in, components composed, outputs exported.
package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline/confighistory"
	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/overview"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/settings"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
)

// Names of components that others must know before they are made: the archive its trail, the hub who publishes.
const (
	trailName  = "audit"
	configName = "config"
	billName   = "bill"
)

func main() { pulumi.Run(program) }

// program estimates what a month will cost before it declares anything, so that a limit can stop it, and so that what is wrong
// anywhere is said before anything exists.
func program(ctx *pulumi.Context) error {
	s, covered, err := load(ctx)
	if err != nil {
		return err
	}
	cost, err := monthlyCost(ctx, s, covered)
	if err != nil {
		return err
	}
	ctx.Export("monthlyCost", cost)
	if err := compose(ctx, s, covered); err != nil {
		return err
	}
	return warn(ctx, s, covered)
}

func load(ctx *pulumi.Context) (*settings.Settings, *regions.Providers, error) {
	s, err := settings.Load(ctx)
	if err != nil {
		return nil, nil, err
	}
	covered, err := regions.Cover(ctx, s.Home, s.Regions, s.Provider)
	return s, covered, err
}

// baseline is the program without its estimate: all that it declares.
func baseline(ctx *pulumi.Context) error {
	s, covered, err := load(ctx)
	if err != nil {
		return err
	}
	return compose(ctx, s, covered)
}

// compose goes as the data flows: archive, alerts, trail, Config, threats, digest, hardening, bill, overview. The bill comes after
// all that a new account does not refuse.
func compose(ctx *pulumi.Context, s *settings.Settings, covered *regions.Providers) error {
	ctx.Log = settingsLog{ctx.Log}
	inHome := pulumi.Provider(covered.Home())
	configArgs, threatArgs, hardeningArgs := configBaselineArgs(s, covered), threatDetectionArgs(s, covered), hardeningArgs(s, covered)
	if err := errors.Join(
		judge(s.Config.Enabled, "config", configArgs), judge(s.Threats.Enabled, "threats", threatArgs),
		judge(s.Hardening.Enabled, "hardening", hardeningArgs),
	); err != nil {
		return err
	}

	// First, since it refuses a deployer that would lock itself out.
	archive, err := logarchive.NewLogArchive(ctx, "archive", logArchiveArgs(ctx, s), inHome)
	if err != nil {
		return asSettings("archive", err)
	}
	made := []pulumi.Resource{archive}
	caller, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, inHome)
	if err != nil {
		return err
	}
	hub, err := alerthub.NewAlertHub(ctx, "alerts", alertHubArgs(ctx, s, covered, caller.AccountId), inHome)
	if err != nil {
		return asSettings("alerts", err)
	}
	made, stays := append(made, hub), gapsAsSettings("alerts", hub.Stays)
	var trail *securetrail.SecureTrail
	if s.Trail.Enabled {
		trail, err = securetrail.NewSecureTrail(ctx, trailName, secureTrailArgs(s, hub, archive), inHome)
		if err != nil {
			return asSettings("trail", err)
		}
		made = append(made, trail)
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
		config, err := configbaseline.NewConfigBaseline(ctx, configName, configArgs, inHome)
		if err != nil {
			return asSettings("config", err)
		}
		made = append(made, config)
		ctx.Export("configRecorders", config.RecorderNames)
		ctx.Export("configAggregatorArn", config.AggregatorArn)
		if s.Config.Athena.Enabled && trail.HasAthena {
			history, err := confighistory.NewConfigHistory(ctx, "history", configHistoryArgs(s, trail), inHome)
			if err != nil {
				return err
			}
			made = append(made, history)
		}
	}

	if s.Threats.Enabled {
		threatArgs.Alerts, threatArgs.Archive = hub, archive
		threats, err := threatdetection.NewThreatDetection(ctx, "threats", threatArgs, inHome)
		if err != nil {
			return asSettings("threats", err)
		}
		made = append(made, threats)
		ctx.Export("detectorIds", threats.DetectorIds)
		ctx.Export("analyzerArns", threats.AnalyzerArns)
		ctx.Export("skippedPlans", threats.SkippedPlans)
		ctx.Export("threatGaps", gapsAsSettings("threats", threats.Gaps))
	}

	if s.Alerts.Digest.Enabled {
		weekly, err := digest.NewWeeklyDigest(ctx, "weekly", weeklyDigestArgs(ctx, s, hub, archive), inHome)
		if err != nil {
			return err
		}
		made = append(made, weekly)
		ctx.Export("digestStateMachineArn", weekly.StateMachineArn)
		ctx.Export("digestLacks", weekly.NotLookedAt)
	}

	if s.Hardening.Enabled {
		hardened, err := hardening.NewAccountHardening(ctx, "hardening", hardeningArgs, inHome)
		if err != nil {
			return asSettings("hardening", err)
		}
		made = append(made, hardened)
		ctx.Export("hardenings", hardened.Hardenings)
		ctx.Export("supportRoleArn", hardened.SupportRoleArn)
		ctx.Export("auditRoleArn", hardened.AuditRoleArn)
		ctx.Export("emptiedSecurityGroups", hardened.EmptiedSecurityGroups)
		stays = pulumi.All(stays, hardened.Stays).ApplyT(func(all []any) []string {
			return slices.Concat(all[0].([]string), all[1].([]string))
		}).(pulumi.StringArrayOutput)
	}

	if s.Billing.Enabled {
		billArgs := billingGuardArgs(s, hub, covered)
		billArgs.After = made
		if err := judge(true, "billing", billArgs); err != nil {
			return err
		}
		bill, err := billingguard.NewBillingGuard(ctx, billName, billArgs, inHome)
		if err != nil {
			return asSettings("billing", err)
		}
		ctx.Export("budgets", bill.BudgetNames)
		ctx.Export("anomalyMonitorArn", bill.MonitorArn)
		ctx.Export("billReportArn", bill.ReportArn)
		ctx.Export("billReportSchedule", bill.ReportSchedule)
		ctx.Export("billingGaps", gapsAsSettings("billing", bill.Gaps))
	}

	if s.Alerts.Overview {
		dashboard, err := overview.NewSecurityOverview(ctx, "overview", overviewArgs(ctx, s, hub), inHome)
		if err != nil {
			return err
		}
		ctx.Export("overview", dashboard.URL)
	}

	ctx.Export("coveredRegions", pulumi.ToStringArray(covered.Covered()))
	ctx.Export("alertTopics", hub.TopicArns)
	ctx.Export("pendingSubscriptions", hub.PendingSubscriptions)
	ctx.Export("blindRegions", hub.BlindRegions)
	ctx.Export("unseenByAlerts", pulumi.ToStringArray(unseen(s, covered)))
	ctx.Export("staysAfterDestroy", stays)
	ctx.Export("alertGaps", gapsAsSettings("alerts", hub.Gaps))
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
	return nil
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
