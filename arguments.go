package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/checklist"
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

// This file turns settings into the arguments of components, one function each.

// alertHubArgs lets the role of the bill report publish before it exists, so that the policies of topics and key stay as
// they are when its component comes.
func alertHubArgs(ctx *pulumi.Context, s *settings.Settings, covered *regions.Providers, accountID string) *alerthub.AlertHubArgs {
	billReport := fmt.Sprintf("arn:%s:iam::%s:role/%s", s.Partition, accountID, billingguard.ReportRoleName(ctx, billName, ""))
	args := &alerthub.AlertHubArgs{
		PublishingRoleArns: []string{billReport},
		DeadLetterAlarms:   s.Alerts.DeadLetterAlarms,

		Emails:         pulumi.ToStringArray(s.Alerts.Emails),
		SeverityEmails: map[alerthub.Severity]pulumi.StringArray{},
		Regions:        covered,
		Disposable:     s.Disposable,
		Tags:           pulumi.ToStringMap(s.Tags),
	}
	for severity, own := range map[alerthub.Severity][]string{
		alerthub.Critical:      s.Alerts.Critical.Emails,
		alerthub.Warning:       s.Alerts.Warning.Emails,
		alerthub.Informational: s.Alerts.Informational.Emails,
	} {
		if len(own) > 0 {
			args.SeverityEmails[severity] = pulumi.ToStringArray(own)
		}
	}
	if slack := s.Alerts.Slack; slack.WorkspaceID != "" {
		args.Slack = &alerthub.SlackArgs{
			WorkspaceID:         slack.WorkspaceID,
			ChannelID:           slack.ChannelID,
			SeverityChannelIDs:  map[alerthub.Severity]string{},
			GuardrailPolicyArns: slack.GuardrailPolicyARNs,
		}
		for severity, channel := range map[alerthub.Severity]string{
			alerthub.Critical:      slack.Channels.Critical,
			alerthub.Warning:       slack.Channels.Warning,
			alerthub.Informational: slack.Channels.Informational,
		} {
			if channel != "" {
				args.Slack.SeverityChannelIDs[severity] = channel
			}
		}
	}
	if watchers := s.Alerts.Watch.Emails; len(watchers) > 0 {
		args.Watch = &alerthub.WatchArgs{
			Emails:                  pulumi.ToStringArray(watchers),
			IgnorePrincipalArns:     s.Alerts.IgnoreChangesBy,
			AlarmNamePrefixes:       []string{securetrail.DefaultTrailName(ctx, trailName) + "-"},
			ExistingNotificationHub: s.Alerts.Watch.ExistingNotificationHub,
		}
	}
	if s.Alerts.Webhook.URL != nil {
		args.Webhook = &alerthub.WebhookArgs{URL: s.Alerts.Webhook.URL}
	}
	return args
}

// logArchiveArgs names the one trail that may deliver: the name of the settings, or the component's default.
func logArchiveArgs(ctx *pulumi.Context, s *settings.Settings) *logarchive.LogArchiveArgs {
	args := &logarchive.LogArchiveArgs{
		TrailName:      cmp.Or(s.Trail.Name, securetrail.DefaultTrailName(ctx, trailName)),
		OrganizationID: s.Trail.Organization.ID,
		Deployers:      s.Deployers,
		Readers:        s.Archive.Readers,
		OmitReaderRole: !s.Trail.Enabled || !s.Trail.Groups.Enabled,
		Disposable:     s.Disposable,
		Tags:           pulumi.ToStringMap(s.Tags),
	}
	if central := s.Archive.Central; central.Bucket != "" {
		args.Central = &logarchive.CentralBucket{Name: central.Bucket, KeyArn: central.KeyARN, KeyPrefix: central.Prefix}
		return args
	}
	args.BucketNames = logarchive.BucketNames(s.Archive.BucketNames)
	args.KeyPrefix = s.Archive.Prefix
	args.Encryption = logarchive.Encryption(s.Archive.Encryption)
	args.RetentionDays = &s.Archive.RetentionDays
	args.NoncurrentDays = &s.Archive.NoncurrentDays
	args.AccessLogRetentionDays = &s.Archive.AccessLogRetentionDays
	args.Adopt = logarchive.Adopt(s.Archive.Adopt)
	for _, transition := range s.Archive.Transitions {
		args.Transitions = append(args.Transitions, logarchive.Transition(transition))
	}
	if lock := s.Archive.ObjectLock; lock.Enabled {
		args.ObjectLock = &logarchive.ObjectLock{Mode: lock.Mode, Days: lock.Days}
	}
	return args
}

func secureTrailArgs(s *settings.Settings, hub *alerthub.AlertHub, archive *logarchive.LogArchive) *securetrail.SecureTrailArgs {
	args := &securetrail.SecureTrailArgs{
		Alerts:            hub,
		Archive:           archive,
		IgnoreChangesBy:   s.Alerts.IgnoreChangesBy,
		NetworkActivity:   s.Trail.NetworkActivity,
		OmitKMSEvents:     s.Trail.ManagementEvents.ExcludeKms,
		OmitRDSDataEvents: s.Trail.ManagementEvents.ExcludeRDSData,
		CallRateInsights:  s.Trail.Insights.APICallRate,
		ErrorRateInsights: s.Trail.Insights.APIErrorRate,
		OmitLogs:          !s.Trail.Logs.Enabled,
		OmitMetricFilters: true,
		OmitAthena:        !s.Trail.Athena.Enabled,
		AthenaReaders:     s.Archive.Readers,

		AthenaBytesScannedCutoff: s.Trail.Athena.BytesScannedCutoffPerQuery,
		LogRetentionDays:         &s.Trail.Logs.RetentionDays,
		OmitAdministrators:       !s.Trail.Groups.Enabled,
		AdministratorsName:       s.Trail.Groups.Administrators,
		OmitReaders:              !s.Trail.Groups.Enabled,
		ReadersName:              s.Trail.Groups.Readers,
		Disposable:               s.Disposable,
		Tags:                     pulumi.ToStringMap(s.Tags),
	}
	if filters := s.Trail.MetricFilters; filters.Enabled && !args.OmitLogs {
		args.OmitMetricFilters, args.SingleSignOn = false, filters.SingleSignOn
		args.MetricFilters = map[string]securetrail.MetricFilter{}
		for name, filter := range filters.Alarms {
			args.MetricFilters[name] = securetrail.MetricFilter{Disabled: !filter.Enabled, Threshold: filter.Threshold}
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Trail.DataEvents)) {
		if events := s.Trail.DataEvents[kind]; events.Enabled {
			args.DataEvents = append(args.DataEvents, securetrail.DataEvents{
				Kind: kind, IncludeArns: events.IncludeARNs, ExcludeArns: events.ExcludeARNs, ReadWrite: readWrite[events.ReadWrite],
			})
		}
	}
	return args
}

var readWrite = map[string]securetrail.ReadWrite{
	"all": securetrail.ReadsAndWrites, "read": securetrail.ReadsOnly, "write": securetrail.WritesOnly,
}

func openSteps(s *settings.Settings) []string {
	a, b := s.Alerts, s.Billing
	budgets := b.MonthlyBudget.Enabled || b.BaselineBudget.Enabled || len(b.ServiceBudgets)+len(b.TagBudgets) > 0
	return checklist.Open(checklist.Facts{
		Emails: len(a.Emails)+len(a.Critical.Emails)+len(a.Warning.Emails)+len(a.Informational.Emails) > 0,
		Watch:  len(a.Watch.Emails) > 0,
		Slack:  a.Slack.WorkspaceID != "",

		Billing: b.Enabled && (budgets || b.AnomalyDetection.Enabled || len(b.Report.Schedules) > 0),
		Charges: b.Enabled && (b.EstimatedCharges.Enabled || b.Dashboard),
	}, s.Checklist.Done)
}

// configBaselineArgs are complete but for hub and archive. A central bucket takes no deliveries of AWS Config, so that the
// baseline then makes an archive of its own.
func configBaselineArgs(s *settings.Settings, covered *regions.Providers) *configbaseline.ConfigBaselineArgs {
	c := s.Config
	args := &configbaseline.ConfigBaselineArgs{
		WithTrail:         s.Trail.Enabled,
		IgnoreChangesBy:   s.Alerts.IgnoreChangesBy,
		Regions:           covered,
		Recorders:         existing[configbaseline.Existing](c.Recorder.Existing, c.Recorder.Adopt),
		DeliveryChannels:  existing[configbaseline.Existing](c.DeliveryChannel.Existing, c.DeliveryChannel.Adopt),
		ServiceLinkedRole: configbaseline.Management(c.ServiceLinkedRole.Management),
		Recording: configbaseline.RecordingArgs{
			Frequency:             c.Recording.Frequency,
			ResourceTypes:         c.Recording.ResourceTypes,
			ExcludedResourceTypes: c.Recording.ExcludedResourceTypes,
		},
		SnapshotFrequency:    c.Snapshots.Frequency,
		HistoryRetentionDays: c.HistoryRetentionDays,
		Rules: configbaseline.RulesArgs{
			Set:          configbaseline.RuleSet(c.Rules.Set),
			Include:      c.Rules.Include,
			Exclude:      c.Rules.Exclude,
			Regions:      c.Rules.Regions,
			RequiredTags: c.Rules.RequiredTags,
			Parameters:   c.Rules.Parameters,
		},
		Remediation:            configbaseline.RemediationArgs{Automatic: c.Remediation.Automatic, Manual: c.Remediation.Manual},
		OmitAggregator:         !c.Aggregator.Enabled,
		AggregatorOrganization: c.Aggregator.Organization,
		AggregatorAccountIDs:   c.Aggregator.AccountIDs,
		NonComplianceAlerts:    &c.Alerts.NonCompliance,
		SecurityGroupAlerts:    &c.Alerts.SecurityGroups,
		ChangeAlerts:           c.Alerts.ResourceTypes,
		CompliantAgainAlerts:   c.Alerts.CompliantAgain,
		Disposable:             s.Disposable,
		Tags:                   pulumi.ToStringMap(s.Tags),
	}
	if s.Archive.Central.Bucket != "" {
		args.ArchiveArgs = &logarchive.LogArchiveArgs{
			Deployers: s.Deployers, Readers: s.Archive.Readers, Encryption: logarchive.Encryption(s.Archive.Encryption),
		}
	}
	for _, override := range c.Recording.Overrides {
		args.Recording.Overrides = append(args.Recording.Overrides, configbaseline.RecordingOverride(override))
	}
	for _, rule := range c.Rules.Managed {
		args.Rules.Managed = append(args.Rules.Managed, configbaseline.ManagedRule(rule))
	}
	for _, rule := range c.Rules.Custom {
		args.Rules.Custom = append(args.Rules.Custom, configbaseline.CustomRule{
			Name: rule.Name, Policy: rule.Policy, ResourceTypes: rule.ResourceTypes, Regions: rule.Regions,
		})
	}
	for _, pack := range c.ConformancePacks {
		args.ConformancePacks = append(args.ConformancePacks, configbaseline.ConformancePack(pack))
	}
	return args
}

func configHistoryArgs(s *settings.Settings, trail *securetrail.SecureTrail) *confighistory.ConfigHistoryArgs {
	return &confighistory.ConfigHistoryArgs{Trail: trail, OmitReaders: !s.Trail.Groups.Enabled}
}

// threatDetectionArgs are complete but for hub and archive.
func threatDetectionArgs(s *settings.Settings, covered *regions.Providers) *threatdetection.ThreatDetectionArgs {
	t := s.Threats
	args := &threatdetection.ThreatDetectionArgs{
		WithTrail:       s.Trail.Enabled,
		IgnoreChangesBy: s.Alerts.IgnoreChangesBy,
		// Without a key of its own the component itself says why there is no export.
		OmitExport:     !t.GuardDuty.Export.Enabled && s.Archive.Encryption == "kms" && s.Archive.Central.Bucket == "",
		Regions:        covered,
		OmitGuardDuty:  !t.GuardDuty.Enabled,
		AccessAnalyzer: accessAnalyzerArgs(t.AccessAnalyzer),
		SecurityHub:    securityHubArgs(t.SecurityHub, covered),
		TrustedAdvisor: t.TrustedAdvisor.Enabled,
		OmitHealth:     !t.Health.Enabled,

		PublicHealthIssues: t.Health.Enabled && t.Health.PublicIssues,
		Tags:               pulumi.ToStringMap(s.Tags),
	}
	if !args.OmitGuardDuty {
		guardDutyArgs(t.GuardDuty, args)
	}
	if t.Inspector.Enabled {
		args.Inspector = threatdetection.InspectorArgs{Regions: t.Inspector.Regions, EveryRegion: len(t.Inspector.Regions) == 0, ResourceTypes: t.Inspector.ResourceTypes}
	}
	if t.Macie.Enabled {
		args.Macie = threatdetection.MacieArgs{Regions: t.Macie.Regions, EveryRegion: len(t.Macie.Regions) == 0, FindingPublishingFrequency: t.Macie.FindingPublishingFrequency}
	}
	return args
}

func guardDutyArgs(g settings.ThreatsGuardDuty, args *threatdetection.ThreatDetectionArgs) {
	args.Detectors = existing[threatdetection.Existing](g.Existing, g.Adopt)
	args.FindingPublishingFrequency = g.FindingPublishingFrequency
	args.KeepDetectors = g.KeepDetectors
	args.CriticalFrom, args.WarningFrom, args.InformationalFindings = g.Severity.Critical, g.Severity.Warning, g.Severity.Informational
	args.Plans = map[threatdetection.Plan]bool{
		threatdetection.S3DataEvents:         g.Plans.S3DataEvents,
		threatdetection.EKSAuditLogs:         g.Plans.EKSAuditLogs,
		threatdetection.EBSMalwareProtection: g.Plans.EBSMalwareProtection,
		threatdetection.RDSLoginEvents:       g.Plans.RDSLoginEvents,
		threatdetection.LambdaNetworkLogs:    g.Plans.LambdaNetworkLogs,
		threatdetection.RuntimeMonitoring:    g.Plans.RuntimeMonitoring,
	}
	args.RuntimeAgents = map[threatdetection.Agent]bool{
		threatdetection.EKSAddonManagement:        g.RuntimeAgents.EKS,
		threatdetection.ECSFargateAgentManagement: g.RuntimeAgents.ECSFargate,
		threatdetection.EC2AgentManagement:        g.RuntimeAgents.EC2,
	}
	args.MissingPlans = map[string][]threatdetection.Plan{}
	for region, plans := range g.MissingPlans {
		for _, plan := range plans {
			args.MissingPlans[region] = append(args.MissingPlans[region], threatdetection.Plan(plan))
		}
	}
	for _, filter := range g.Suppress {
		args.SuppressionFilters = append(args.SuppressionFilters, threatdetection.SuppressionFilter(filter))
	}
	if g.TrustedIps.Location != "" {
		args.TrustedIPList = &threatdetection.IPList{Location: g.TrustedIps.Location, Format: g.TrustedIps.Format}
	}
	for _, list := range g.ThreatIps {
		args.ThreatIPLists = append(args.ThreatIPLists, threatdetection.IPList(list))
	}
	for _, bucket := range g.MalwareProtectedBuckets {
		args.MalwareProtectedBuckets = append(args.MalwareProtectedBuckets, threatdetection.MalwareProtectedBucket{
			Name: bucket.Name, Prefixes: bucket.Prefixes, KeyArn: bucket.KeyARN, Tag: bucket.Tag,
		})
	}
}

func accessAnalyzerArgs(a settings.ThreatsAccessAnalyzer) threatdetection.AccessAnalyzerArgs {
	if !a.Enabled {
		return threatdetection.AccessAnalyzerArgs{Omit: true}
	}
	args := threatdetection.AccessAnalyzerArgs{Analyzers: existing[threatdetection.Existing](a.Existing, a.Adopt)}
	if unused := a.UnusedAccess; unused.Enabled {
		args.UnusedAccess, args.UnusedAccessAge = true, unused.UnusedAccessAge
		args.UnusedAnalyzer = threatdetection.Existing{Existing: unused.Existing, Adopt: unused.Adopt}
	}
	for _, rule := range a.ArchiveRules {
		args.ArchiveRules = append(args.ArchiveRules, threatdetection.ArchiveRule(rule))
	}
	return args
}

func securityHubArgs(h settings.ThreatsSecurityHub, covered *regions.Providers) threatdetection.SecurityHubArgs {
	if !h.Enabled {
		return threatdetection.SecurityHubArgs{Omit: true}
	}
	args := threatdetection.SecurityHubArgs{
		Regions: h.Regions, Standards: slices.Clip(append([]string{}, h.Standards...)), DisableGlobalControls: h.DisableGlobalControls,
		Existing: h.Existing, Adopt: h.Adopt, OmitAggregator: !h.Aggregator,
	}
	if slices.Equal(h.Regions, []string{regions.All}) {
		args.Regions = covered.Covered()
	}
	for _, control := range h.DisabledControls {
		args.DisabledControls = append(args.DisabledControls, threatdetection.DisabledControl(control))
	}
	return args
}

func billingGuardArgs(s *settings.Settings, hub *alerthub.AlertHub, covered *regions.Providers) *billingguard.BillingGuardArgs {
	b := s.Billing
	args := &billingguard.BillingGuardArgs{
		Alerts:  hub,
		Regions: covered,
		Emails:  b.Emails,
		Costs:   billingguard.CostTypes(b.Costs),
		MonthlyBudget: billingguard.MonthlyBudgetArgs{
			Omit: !b.MonthlyBudget.Enabled, Limit: b.MonthlyBudget.Limit,
		},
		BaselineBudget:   billingguard.BaselineBudgetArgs{Omit: true},
		EstimatedCharges: billingguard.EstimatedChargesArgs{Omit: true},
		Anomalies:        billingguard.AnomalyArgs{Omit: true},
		Report:           billReportArgs(b.Report, hub),
		Dashboard:        b.Dashboard,
		Tags:             pulumi.ToStringMap(s.Tags),
	}
	if !args.MonthlyBudget.Omit {
		args.MonthlyBudget.Thresholds = thresholds(b.MonthlyBudget.Thresholds)
	}
	switch b.MonthlyBudget.AutoAdjust {
	case "FORECAST":
		args.MonthlyBudget.AutoAdjust = &billingguard.AutoAdjust{}
	case "HISTORICAL":
		args.MonthlyBudget.AutoAdjust = &billingguard.AutoAdjust{Months: cmp.Or(b.MonthlyBudget.AutoAdjustMonths, 6)}
	}
	if len(b.ServiceBudgets) > 0 {
		args.ServiceBudgets = map[string]billingguard.BudgetArgs{}
	}
	for service, budget := range b.ServiceBudgets {
		args.ServiceBudgets[service] = billingguard.BudgetArgs{Limit: budget.Limit, Thresholds: thresholds(budget.Thresholds)}
	}
	for _, budget := range b.TagBudgets {
		args.TagBudgets = append(args.TagBudgets, billingguard.TagBudgetArgs{
			Key: budget.Key, Value: budget.Value, Limit: budget.Limit, Thresholds: thresholds(budget.Thresholds),
		})
	}
	if own := b.BaselineBudget; own.Enabled {
		args.BaselineBudget = billingguard.BaselineBudgetArgs{Limit: own.Limit, Services: own.Services, ByTag: own.ByTag}
	}
	if charges := b.EstimatedCharges; charges.Enabled {
		args.EstimatedCharges = billingguard.EstimatedChargesArgs{Thresholds: charges.Thresholds, Services: map[string][]float64{}}
		for service, amounts := range charges.Services {
			args.EstimatedCharges.Services[service] = amounts.Thresholds
		}
	}
	if a := b.AnomalyDetection; a.Enabled {
		args.Anomalies = billingguard.AnomalyArgs{
			Monitor:       billingguard.Existing{Existing: a.Existing, Adopt: a.Adopt},
			OmitImmediate: !a.Immediate,
			Digest:        a.Digest,
			Threshold:     billingguard.AnomalyThreshold{Amount: a.ThresholdAmount, Percent: a.ThresholdPercent, Either: a.Match == "OR"},
		}
	}
	if action := b.Action; len(action.Groups)+len(action.Roles) > 0 {
		args.Action = &billingguard.ActionArgs{
			Percent: action.Percent, Approval: billingguard.Approval(action.Approval), PolicyArn: action.PolicyARN,
			Groups: action.Groups, Roles: action.Roles,
			BreakGlassArns: slices.Compact(slices.Sorted(slices.Values(slices.Concat(action.BreakGlass, s.Deployers)))),
		}
	}
	return args
}

func billReportArgs(r settings.BillingReport, hub *alerthub.AlertHub) billingguard.ReportArgs {
	if len(r.Schedules) == 0 {
		return billingguard.ReportArgs{Omit: true}
	}
	severity := alerthub.Severity(r.Severity)
	args := billingguard.ReportArgs{
		Hour: &r.Hour, Minute: r.Minute, TimeZone: r.TimeZone, Severity: severity, ChatTopicArn: hub.ChatTopicArn(severity),
	}
	for _, schedule := range r.Schedules {
		args.Frequencies = append(args.Frequencies, billingguard.Frequency(schedule))
	}
	if slices.Contains(r.Schedules, "weekly") {
		args.Weekday = r.Day
	}
	if slices.Contains(r.Schedules, "monthly") {
		args.DayOfMonth = r.DayOfMonth
	}
	return args
}

func thresholds(given []settings.BillingThreshold) (all []billingguard.Threshold) {
	for _, t := range given {
		all = append(all, billingguard.Threshold{Percent: t.Percent, Type: billingguard.ThresholdType(t.Type)})
	}
	return all
}

// weeklyDigestArgs name the sources that exist. Security Hub is asked where its findings are aggregated, in the home Region.
func weeklyDigestArgs(ctx *pulumi.Context, s *settings.Settings, hub *alerthub.AlertHub, archive *logarchive.LogArchive) *digest.WeeklyDigestArgs {
	d := s.Alerts.Digest
	args := &digest.WeeklyDigestArgs{
		Alerts: hub, Config: s.Config.Enabled, Weekday: d.Day, Hour: &d.Hour, Minute: d.Minute, TimeZone: d.TimeZone, Tags: pulumi.ToStringMap(s.Tags),
	}
	if s.Trail.Enabled && s.Trail.Logs.Enabled {
		args.LogGroupName = archive.LogGroupName
	}
	if s.Config.Enabled && s.Config.Aggregator.Enabled {
		args.ConfigAggregator = configbaseline.AggregatorName(ctx, configName, "")
	}
	hubRegions := s.Threats.SecurityHub.Regions
	switch t := s.Threats; {
	case t.Enabled && t.SecurityHub.Enabled && (len(hubRegions) == 0 || slices.Contains(hubRegions, s.Home) || slices.Contains(hubRegions, regions.All)):
		args.Findings = digest.SecurityHub
	case t.Enabled && t.GuardDuty.Enabled:
		args.Findings = digest.GuardDuty
	}
	return args
}

// overviewArgs show what has been declared before. What is switched off is nil.
func overviewArgs(hub *alerthub.AlertHub, trail *securetrail.SecureTrail, weekly *digest.WeeklyDigest, bill *billingguard.BillingGuard) *overview.SecurityOverviewArgs {
	args := &overview.SecurityOverviewArgs{Regions: map[string]overview.Region{}}
	rules := hub.RuleNames()
	for _, region := range hub.RegionsWithRules() {
		args.Regions[region] = overview.Region{Rules: rules[region], DeadLetterQueues: []string{hub.DeadLetterQueueName()}}
	}
	show := func(alarms map[string][]string) {
		for region, names := range alarms {
			in := args.Regions[region]
			in.Alarms = append(in.Alarms, names...)
			args.Regions[region] = in
		}
	}
	show(hub.AlarmNames())
	home := hub.HomeRegion()
	if trail != nil {
		for _, metric := range trail.FilterMetrics {
			args.Metrics = append(args.Metrics, overview.Metric{Namespace: securetrail.MetricFilterNamespace, Name: metric.Name, Label: metric.Title})
			show(map[string][]string{home: {metric.Name}})
		}
	}
	if weekly != nil {
		show(map[string][]string{home: {weekly.AlarmName()}})
	}
	if bill != nil {
		show(bill.Alarms())
	}
	in := args.Regions[home]
	in.Topics = hub.TopicNames()
	args.Regions[home] = in
	return args
}

func hardeningArgs(s *settings.Settings, covered *regions.Providers) *hardening.AccountHardeningArgs {
	h := s.Hardening
	args := &hardening.AccountHardeningArgs{
		Regions: covered,
		Weaken:  h.Weaken,
		PasswordPolicy: hardening.PasswordPolicyArgs{
			MinimumLength:   h.PasswordPolicy.MinimumLength,
			ReusePrevention: h.PasswordPolicy.ReusePrevention,
			MaxAge:          h.PasswordPolicy.MaxAge,
			NeverExpire:     h.PasswordPolicy.MaxAge == 0,
			HardExpiry:      h.PasswordPolicy.HardExpiry,
			DenyOwnChange:   !h.PasswordPolicy.AllowUsersToChange,
			OmitLowercase:   !h.PasswordPolicy.RequireLowercase,
			OmitUppercase:   !h.PasswordPolicy.RequireUppercase,
			OmitNumbers:     !h.PasswordPolicy.RequireNumbers,
			OmitSymbols:     !h.PasswordPolicy.RequireSymbols,
		},
		AccountAlias:          h.AccountAlias,
		OmitPublicAccessBlock: !h.S3.BlockPublicAccess,
		OmitEBSEncryption:     !h.EBS.EncryptionByDefault,
		SnapshotPublicAccess:  h.EBS.SnapshotBlockPublicAccess,
		InstanceMetadata:      hardening.InstanceMetadataArgs{Tokens: h.InstanceMetadata.HttpTokens, HopLimit: h.InstanceMetadata.HopLimit},
		SerialConsole:         h.SerialConsole.Enabled,
		Contacts: hardening.Contacts{
			Security: contact(h.Contacts.Security), Billing: contact(h.Contacts.Billing), Operations: contact(h.Contacts.Operations),
		},
		OmitSupportRole:       !h.SupportRole.Enabled,
		DefaultSecurityGroups: hardening.DefaultSecurityGroupsArgs{VPCs: h.DefaultSecurityGroups.Vpcs, DefaultVPCs: h.DefaultSecurityGroups.DefaultVpcs},
		Existing:              named(h.Existing),
		Adopt:                 named(h.Adopt),
		MissingIn:             map[string][]hardening.Name{},
		Tags:                  pulumi.ToStringMap(s.Tags),
	}
	for region, missing := range h.MissingIn {
		args.MissingIn[region] = named(missing)
	}
	if len(h.EBS.Keys) > 0 {
		args.EBSKeys = map[string]pulumi.StringInput{}
	}
	for region, key := range h.EBS.Keys {
		args.EBSKeys[region] = pulumi.String(key)
	}
	if !h.Images.BlockPublicAccess {
		args.ImagePublicAccess = hardening.Unblocked
	}
	if role := h.SupportRole; role.Enabled {
		args.SupportRole = hardening.RoleArgs{Name: role.Name, Principals: role.Principals, ExternalID: role.ExternalID}
	}
	if role := h.AuditRole; role.Enabled {
		args.AuditRole = &hardening.RoleArgs{Name: role.Name, Principals: role.Principals, ExternalID: role.ExternalID}
	}
	return args
}

func contact(c settings.HardeningContact) *hardening.Contact {
	if c == (settings.HardeningContact{}) {
		return nil
	}
	return &hardening.Contact{Name: c.Name, Title: c.Title, Email: c.Email, Phone: c.Phone}
}

func named(hardenings []string) (names []hardening.Name) {
	for _, name := range hardenings {
		names = append(names, hardening.Name(name))
	}
	return names
}

// existing joins what exists and stays unmanaged with what is adopted, by Region.
func existing[E ~struct{ Existing, Adopt string }](unmanaged, adopted map[string]string) map[string]E {
	all := map[string]E{}
	for region, name := range unmanaged {
		all[region] = E{Existing: name}
	}
	for region, name := range adopted {
		all[region] = E{Adopt: name}
	}
	return all
}
