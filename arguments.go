package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/checklist"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline/confighistory"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/settings"
)

// This file turns settings into the arguments of components, one function each.

// alertHubArgs lets the role of the bill report publish before it exists, so that the policies of topics and key stay as
// they are when its component comes.
func alertHubArgs(ctx *pulumi.Context, s *settings.Settings, covered *regions.Providers, accountID string) *alerthub.AlertHubArgs {
	billReport := fmt.Sprintf("arn:%s:iam::%s:role/%s-%s-bill-report", s.Partition, accountID, ctx.Project(), ctx.Stack())
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
	a := s.Alerts
	return checklist.Open(checklist.Facts{
		Emails: len(a.Emails)+len(a.Critical.Emails)+len(a.Warning.Emails)+len(a.Informational.Emails) > 0,
		Watch:  len(a.Watch.Emails) > 0,
		Slack:  a.Slack.WorkspaceID != "",
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
		Recorders:         existing(c.Recorder.Existing, c.Recorder.Adopt),
		DeliveryChannels:  existing(c.DeliveryChannel.Existing, c.DeliveryChannel.Adopt),
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

// existing joins what exists and stays unmanaged with what is adopted, by Region.
func existing(unmanaged, adopted map[string]string) map[string]configbaseline.Existing {
	all := map[string]configbaseline.Existing{}
	for region, name := range unmanaged {
		all[region] = configbaseline.Existing{Existing: name}
	}
	for region, name := range adopted {
		all[region] = configbaseline.Existing{Adopt: name}
	}
	return all
}
