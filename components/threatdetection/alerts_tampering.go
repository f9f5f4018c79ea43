package threatdetection

import "github.com/seed-8894d46d/account-baseline/components/alerthub"

// tamperingAlerts tell of changes to what looks for threats: calls of the services' API references that end it, narrow it or
// hide findings. Left out is everyday work with single findings (ArchiveFindings, BatchUpdateFindings, UpdateFindings), and what
// looks for more.
var tamperingAlerts = []alert{{
	name: "detection-off", severity: alerthub.Critical, ownChange: true,
	wanted: func(b *builder) bool { return !b.args.WithTrail }, // whose alert of the same name tells it
	pattern: func(*builder) map[string]any {
		updated := calls("guardduty", "UpdateDetector")
		updated["requestParameters"] = map[string]any{"enable": []bool{false}}
		return oneOfCalls(map[string]any{}, // refused attempts too
			calls("guardduty", "DeleteDetector", "DeletePublishingDestination", "DisassociateFromAdministratorAccount",
				"DisassociateFromMasterAccount", "StopMonitoringMembers"),
			updated,
			calls("securityhub", "BatchDisableStandards", "DisableSecurityHub", "DisableSecurityHubV2"),
			calls("access-analyzer", "DeleteAnalyzer"),
		)
	},
	details: alerthub.CloudTrailDetails(), link: alerthub.CloudTrailLink,
	title: "Detection was switched off: {event}",
	what:  "{who} called {event} in {service}, so that threats in {region} are no longer looked for, or findings no longer kept.",
	next:  "If nobody on your team did this on purpose, treat the identity as compromised: take its permissions away, then run pulumi up --refresh.",
}, {
	name: "detection-change", severity: alerthub.Warning, ownChange: true, wanted: anyway,
	pattern: func(*builder) map[string]any {
		updated := calls("guardduty", "UpdateDetector")
		updated["requestParameters"] = map[string]any{"enable": []any{notThere(), true}}
		return oneOfCalls(map[string]any{"errorCode": []any{notThere()}},
			calls("guardduty", "CreateFilter", "CreateIPSet", "CreateTrustedEntitySet", "DeleteMalwareProtectionPlan", "DeleteMembers",
				"DeleteThreatEntitySet", "DeleteThreatIntelSet", "DisableOrganizationAdminAccount", "DisassociateMembers", "UpdateFilter",
				"UpdateIPSet", "UpdateMalwareProtectionPlan", "UpdateMalwareScanSettings", "UpdateMemberDetectors",
				"UpdateOrganizationConfiguration", "UpdatePublishingDestination", "UpdateThreatEntitySet", "UpdateThreatIntelSet",
				"UpdateTrustedEntitySet"),
			updated,
			calls("access-analyzer", "ApplyArchiveRule", "CreateArchiveRule", "UpdateAnalyzer", "UpdateArchiveRule"),
		)
	},
	details: alerthub.CloudTrailDetails(), link: alerthub.CloudTrailLink,
	title: "Detection was changed: {event}",
	what:  "{who} called {event} in {service}, which decides what is looked for in {region}, or which findings are told.",
	next:  "If this was no deployment, compare with pulumi preview --refresh, restore the settings with pulumi up --refresh, and look at what else the identity did.",
	query: "who-changed-this-resource",
}, {
	// A rule of its own: one for all would leave no room for the principals of IgnoreChangesBy.
	name: "checks-change", severity: alerthub.Warning, ownChange: true, wanted: anyway,
	pattern: func(*builder) map[string]any {
		return oneOfCalls(map[string]any{"errorCode": []any{notThere()}},
			calls("securityhub", "BatchUpdateAutomationRules", "BatchUpdateStandardsControlAssociations", "CreateAutomationRule",
				"CreateAutomationRuleV2", "DeleteFindingAggregator", "DisableImportFindingsForProduct", "DisassociateFromAdministratorAccount",
				"DisassociateMembers", "StartConfigurationPolicyDisassociation", "UpdateAutomationRuleV2", "UpdateConfigurationPolicy",
				"UpdateFindingAggregator", "UpdateSecurityControl", "UpdateSecurityHubConfiguration", "UpdateStandardsControl"),
			calls("inspector2", "CreateFilter", "Disable", "DisassociateMember", "UpdateConfiguration", "UpdateFilter"),
			calls("macie2", "CreateAllowList", "CreateFindingsFilter", "DisableMacie", "DisassociateFromAdministratorAccount",
				"PutFindingsPublicationConfiguration", "UpdateAllowList", "UpdateClassificationScope", "UpdateFindingsFilter",
				"UpdateMacieSession", "UpdateResourceProfileDetections"),
		)
	},
	details: alerthub.CloudTrailDetails(), link: alerthub.CloudTrailLink,
	title: "Security checks were changed: {event}",
	what:  "{who} called {event} in {service}, which decides what is checked and scanned in {region}, or which findings are told.",
	next:  "If this was no deployment, compare with pulumi preview --refresh, restore the settings with pulumi up --refresh, and look at what else the identity did.",
	query: "who-changed-this-resource",
}}

// calls are API calls of one service.
func calls(service string, names ...string) map[string]any {
	return map[string]any{"eventSource": []string{service + ".amazonaws.com"}, "eventName": names}
}

// oneOfCalls is the pattern of calls that are one of the given and have the detail.
func oneOfCalls(detail map[string]any, alternatives ...any) map[string]any {
	detail["$or"] = alternatives
	return map[string]any{"detail-type": []string{"AWS API Call via CloudTrail"}, "detail": detail}
}
