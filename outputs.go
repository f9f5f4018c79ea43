package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/settings"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
)

// This file names what the stack exports, a function for each component.

// exportTrail is given nil where there is no trail.
func exportTrail(ctx *pulumi.Context, trail *securetrail.SecureTrail) {
	if trail == nil {
		ctx.Export("silentWithoutTrail", pulumi.ToStringArray(silentWithoutTrail()))
		return
	}
	ctx.Export("trailArn", trail.TrailArn)
	ctx.Export("logGroup", trail.LogGroupName)
	ctx.Export("administratorsGroup", trail.AdministratorsGroup)
	ctx.Export("readersGroup", trail.ReadersGroup)
	ctx.Export("readerRoleArn", trail.ReaderRoleArn)
	ctx.Export("athenaWorkgroup", trail.AthenaWorkgroup)
	ctx.Export("athenaDatabase", trail.AthenaDatabase)
	ctx.Export("athenaQueries", trail.AthenaQueries)
}

func exportConfig(ctx *pulumi.Context, config *configbaseline.ConfigBaseline) {
	ctx.Export("configRecorders", config.RecorderNames)
	ctx.Export("configAggregatorArn", config.AggregatorArn)
}

func exportThreats(ctx *pulumi.Context, threats *threatdetection.ThreatDetection) {
	ctx.Export("detectorIds", threats.DetectorIds)
	ctx.Export("analyzerArns", threats.AnalyzerArns)
	ctx.Export("skippedPlans", threats.SkippedPlans)
	ctx.Export("threatGaps", gapsAsSettings("threats", threats.Gaps))
}

func exportDigest(ctx *pulumi.Context, weekly *digest.WeeklyDigest) {
	ctx.Export("digestStateMachineArn", weekly.StateMachineArn)
	ctx.Export("digestLacks", weekly.NotLookedAt)
}

func exportHardening(ctx *pulumi.Context, hardened *hardening.AccountHardening) {
	ctx.Export("hardenings", hardened.Hardenings)
	ctx.Export("supportRoleArn", hardened.SupportRoleArn)
	ctx.Export("auditRoleArn", hardened.AuditRoleArn)
	ctx.Export("emptiedSecurityGroups", hardened.EmptiedSecurityGroups)
}

func exportBill(ctx *pulumi.Context, bill *billingguard.BillingGuard) {
	ctx.Export("budgets", bill.BudgetNames)
	ctx.Export("anomalyMonitorArn", bill.MonitorArn)
	ctx.Export("billReportArn", bill.ReportArn)
	ctx.Export("billReportSchedule", bill.ReportSchedule)
	ctx.Export("billingGaps", gapsAsSettings("billing", bill.Gaps))
}

func exportRegions(ctx *pulumi.Context, s *settings.Settings, covered *regions.Providers) {
	ctx.Export("coveredRegions", pulumi.ToStringArray(covered.Covered()))
	ctx.Export("unseenByAlerts", pulumi.ToStringArray(unseen(s, covered)))
}

func exportAlerts(ctx *pulumi.Context, hub *alerthub.AlertHub) {
	ctx.Export("alertTopics", hub.TopicArns)
	ctx.Export("pendingSubscriptions", hub.PendingSubscriptions)
	ctx.Export("blindRegions", hub.BlindRegions)
	ctx.Export("alertGaps", gapsAsSettings("alerts", hub.Gaps))
	ctx.Export("deadLetterQueues", hub.DeadLetterQueueUrls)
}

func exportArchive(ctx *pulumi.Context, s *settings.Settings, archive *logarchive.LogArchive) {
	ctx.Export("trailBucket", archive.TrailBucket)
	ctx.Export("deliveryBucket", archive.DeliveryBucket)
	ctx.Export("accessLogBucket", archive.AccessLogBucket)
	ctx.Export("archiveKeyArn", archive.KeyArn)
	ctx.Export("adoption", archive.Adoption)
	if s.Archive.Central.Bucket != "" {
		ctx.Export("pasteStatements", archive.PasteStatements)
	}
}
