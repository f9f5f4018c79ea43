package main

import (
	"errors"
	"regexp"
	"strings"
)

// settingNames are the settings that arguments of components come from, where the spelling differs in more than its first
// letter. One that begins with a slash is no setting below the component's key.
var settingNames = map[string]map[string]string{
	"archive": {
		"Deployers":         "/deployers",
		"KeyPrefix":         "prefix",
		"Central.KeyPrefix": "central.prefix",
	},
	"trail": {
		"TrailName":                "name",
		"OmitLogs":                 "logs.enabled",
		"LogRetentionDays":         "logs.retentionDays",
		"OmitMetricFilters":        "metricFilters.enabled",
		"MetricFilters":            "metricFilters.alarms",
		"OmitAthena":               "athena.enabled",
		"AthenaBytesScannedCutoff": "athena.bytesScannedCutoffPerQuery",
		"AthenaReaders":            "/archive.readers",
		"AdministratorsName":       "groups.administrators",
		"ReadersName":              "groups.readers",
		"IgnoreChangesBy":          "/alerts.ignoreChangesBy",
	},
	"alerts": {
		"SeverityEmails":            "emails",
		"Slack.WorkspaceID":         "slack.workspaceId",
		"Slack.ChannelID":           "slack.channelId",
		"Slack.SeverityChannelIDs":  "slack.channels",
		"Watch.IgnorePrincipalArns": "ignoreChangesBy",
		"Regions":                   "/regions",
	},
	"hardening": {
		"PasswordPolicy.NeverExpire":        "passwordPolicy.maxAge",
		"PasswordPolicy.DenyOwnChange":      "passwordPolicy.allowUsersToChange",
		"PasswordPolicy.OmitLowercase":      "passwordPolicy.requireLowercase",
		"PasswordPolicy.OmitUppercase":      "passwordPolicy.requireUppercase",
		"PasswordPolicy.OmitNumbers":        "passwordPolicy.requireNumbers",
		"PasswordPolicy.OmitSymbols":        "passwordPolicy.requireSymbols",
		"OmitPublicAccessBlock":             "s3.blockPublicAccess",
		"OmitEBSEncryption":                 "ebs.encryptionByDefault",
		"EBSKeys":                           "ebs.keys",
		"SnapshotPublicAccess":              "ebs.snapshotBlockPublicAccess",
		"ImagePublicAccess":                 "images.blockPublicAccess",
		"InstanceMetadata.Tokens":           "instanceMetadata.httpTokens",
		"SerialConsole":                     "serialConsole.enabled",
		"OmitSupportRole":                   "supportRole.enabled",
		"SupportRole.ExternalID":            "supportRole.externalId",
		"AuditRole.ExternalID":              "auditRole.externalId",
		"DefaultSecurityGroups.VPCs":        "defaultSecurityGroups.vpcs",
		"DefaultSecurityGroups.DefaultVPCs": "defaultSecurityGroups.defaultVpcs",
		"Regions":                           "/regions",
	},
	"config": {
		"OmitAggregator":         "aggregator.enabled",
		"HistoryRetentionDays":   "historyRetentionDays",
		"IgnoreChangesBy":        "/alerts.ignoreChangesBy",
		"Regions":                "/regions",
		"Recorders":              "recorder",
		"DeliveryChannels":       "deliveryChannel",
		"ServiceLinkedRole":      "serviceLinkedRole.management",
		"SnapshotFrequency":      "snapshots.frequency",
		"AggregatorOrganization": "aggregator.organization",
		"AggregatorAccountIDs":   "aggregator.accountIds",
		"NonComplianceAlerts":    "alerts.nonCompliance",
		"SecurityGroupAlerts":    "alerts.securityGroups",
		"ChangeAlerts":           "alerts.resourceTypes",
		"CompliantAgainAlerts":   "alerts.compliantAgain",
	},
	"billing": {
		"MonthlyBudget.Omit":      "monthlyBudget.enabled",
		"BaselineBudget.Omit":     "baselineBudget.enabled",
		"EstimatedCharges.Omit":   "estimatedCharges.enabled",
		"Anomalies":               "anomalyDetection",
		"Anomalies.Omit":          "anomalyDetection.enabled",
		"Anomalies.Monitor":       "anomalyDetection",
		"Anomalies.OmitImmediate": "anomalyDetection.immediate",
		"Anomalies.Threshold":     "anomalyDetection",
		"Report.Frequencies":      "report.schedules",
		"Report.Weekday":          "report.day",
		"Action.BreakGlassArns":   "action.breakGlass",
		"Alerts":                  "/alerts",
		"Regions":                 "/regions",
	},
	"threats": {
		"OmitGuardDuty":                 "guardDuty.enabled",
		"OmitExport":                    "guardDuty.export.enabled",
		"KeepDetectors":                 "guardDuty.keepDetectors",
		"CriticalFrom":                  "guardDuty.severity.critical",
		"WarningFrom":                   "guardDuty.severity.warning",
		"InformationalFindings":         "guardDuty.severity.informational",
		"AccessAnalyzer.Omit":           "accessAnalyzer.enabled",
		"SecurityHub.Omit":              "securityHub.enabled",
		"SecurityHub.OmitAggregator":    "securityHub.aggregator",
		"TrustedAdvisor":                "trustedAdvisor.enabled",
		"OmitHealth":                    "health.enabled",
		"PublicHealthIssues":            "health.publicIssues",
		"IgnoreChangesBy":               "/alerts.ignoreChangesBy",
		"Alerts":                        "/alerts",
		"Archive":                       "/archive",
		"Regions":                       "/regions",
		"Detectors":                     "guardDuty",
		"FindingPublishingFrequency":    "guardDuty.findingPublishingFrequency",
		"Plans":                         "guardDuty.plans",
		"RuntimeAgents":                 "guardDuty.runtimeAgents",
		"MissingPlans":                  "guardDuty.missingPlans",
		"SuppressionFilters":            "guardDuty.suppress",
		"TrustedIPList":                 "guardDuty.trustedIps",
		"ThreatIPLists":                 "guardDuty.threatIps",
		"MalwareProtectedBuckets":       "guardDuty.malwareProtectedBuckets",
		"AccessAnalyzer.Analyzers":      "accessAnalyzer",
		"AccessAnalyzer.UnusedAnalyzer": "accessAnalyzer.unusedAccess",
	},
}

var argumentPath = regexp.MustCompile(`^(?:[a-zA-Z ]+ "[^"]*": )?(?:field )?([A-Z][A-Za-z]*(?:\.[A-Z][A-Za-z]*|\[[^\]]*\])*)(: .*)$`)

// judge says what is wrong with a component's arguments in the words of the settings below a key.
func judge(used bool, key string, args interface{ Validate() error }) error {
	if !used {
		return nil
	}
	return asSettings(key, args.Validate())
}

func asSettings(key string, err error) error {
	if err == nil {
		return nil
	}
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		if found := argumentPath.FindStringSubmatch(line); found != nil {
			lines[i] = settingOf(key, found[1]) + found[2]
		}
		lines[i] = phrases.Replace(lines[i])
	}
	return errors.New(strings.Join(lines, "\n"))
}

// settingOf is the setting that an argument of the component below a key comes from.
func settingOf(key, argument string) string {
	path := settingPath(settingNames[key], argument)
	if top, isTop := strings.CutPrefix(path, "/"); isTop {
		return top
	}
	return key + "." + path
}

func settingPath(names map[string]string, argument string) string {
	start, rest := argument, ""
	for {
		if name, known := names[start]; known {
			return name + lowerFirst(rest)
		}
		end := strings.LastIndexAny(start, ".[")
		if end < 0 {
			return lowerFirst(argument)
		}
		start, rest = argument[:end], argument[end:]
	}
}

var capitals = regexp.MustCompile(`(^|\.)([A-Z]+)([a-z]*)`)

// lowerFirst spells the steps of a path as settings do: Rules.RequiredTags is rules.requiredTags, ID is id.
func lowerFirst(path string) string {
	return capitals.ReplaceAllStringFunc(path, func(step string) string {
		found := capitals.FindStringSubmatch(step)
		word := found[2]
		if keep := len(word) - 1; keep > 0 && found[3] != "" { // as in IAMRole
			return found[1] + strings.ToLower(word[:keep]) + word[keep:] + found[3]
		}
		return found[1] + strings.ToLower(word) + found[3]
	})
}
