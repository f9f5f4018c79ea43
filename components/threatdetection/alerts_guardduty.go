package threatdetection

import "github.com/seed-8894d46d/account-baseline/components/alerthub"

// guardDutyAlerts tell of findings by their severity, 1 to 10
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html). Archived and suppressed ones are not
// published (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html).
var guardDutyAlerts = []alert{
	findingAlert("finding-critical", alerthub.Critical, guardDutyWanted, func(a *ThreatDetectionArgs) []any {
		return []any{">=", a.criticalFrom()}
	}),
	findingAlert("finding-warning", alerthub.Warning, guardDutyWanted, func(a *ThreatDetectionArgs) []any {
		return []any{">=", a.warningFrom(), "<", a.criticalFrom()}
	}),
	findingAlert("finding-informational", alerthub.Informational, lowFindingsWanted, below),
	quotedAlert("finding-quoted", alerthub.Critical, guardDutyWanted, func(a *ThreatDetectionArgs) []any {
		return []any{">=", a.warningFrom()}
	}),
	quotedAlert("finding-informational-quoted", alerthub.Informational, lowFindingsWanted, below),
}

// quotedAlert is the alert of findings of a range of severities whose title cannot be put into a message.
func quotedAlert(name string, severity alerthub.Severity, wanted func(*builder) bool, severities func(*ThreatDetectionArgs) []any) alert {
	return alert{
		name: name, severity: severity, wanted: wanted,
		pattern: func(b *builder) map[string]any { return finding(severities(b.args), append(quoted(), notThere())) },
		details: findingDetails(false), link: findingLink,
		title:    "Threat in {region}: {type}",
		headline: "GuardDuty found a threat",
		what:     "GuardDuty found something whose description cannot be shown here, because it holds a quotation mark or a backslash, or is missing.",
		next:     "Open the finding and read what it says. Whoever chose a name with a quotation mark may have meant to hide.",
	}
}

// findingAlert is the alert of a range of severities.
func findingAlert(name string, severity alerthub.Severity, wanted func(*builder) bool, severities func(*ThreatDetectionArgs) []any) alert {
	return alert{
		name: name, severity: severity, wanted: wanted,
		pattern: func(b *builder) map[string]any { return finding(severities(b.args), readable()) },
		details: findingDetails(true), link: findingLink,
		title:    "Threat in {region}: {type}",
		headline: "GuardDuty found a threat",
		what: "GuardDuty found in {region}: {finding} It is about: {kind} {instance} {user} {bucket} {cluster} {task} {function} {database}. " +
			"The other side: {ipNetwork}{ipCall}{ipProbe}{ipKubernetes}{ipLogin}{ip6Network}{ip6Call}{ip6Probe}{ip6Kubernetes}{ip6Login} {countryNetwork}{countryCall}{countryProbe}{countryKubernetes}{countryLogin} (nothing is shown where nobody is known).",
		next: "Open the finding. Unless somebody on your team did it, isolate the resource or take the permissions of the identity away, and look at what else it did. " +
			"If it is known to be good, add a suppression filter for it.",
		query: "calls-from-ip-address",
	}
}

func guardDutyWanted(b *builder) bool { return !b.args.OmitGuardDuty }

func lowFindingsWanted(b *builder) bool { return guardDutyWanted(b) && b.args.InformationalFindings }

// below are the severities of informational findings.
func below(a *ThreatDetectionArgs) []any { return []any{"<", a.warningFrom()} }

func finding(severity, title []any) map[string]any {
	return map[string]any{
		"source":      []string{"aws.guardduty"},
		"detail-type": []string{"GuardDuty Finding"},
		"detail":      map[string]any{"severity": []any{map[string]any{"numeric": severity}}, "title": title},
	}
}

const findingLink = "https://{console}/guardduty/home?region={region}#/findings?macros=current&fId={id}"

// findingDetails are the values of a finding
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-format.html). Who is behind it stands in another place for
// each kind of action, and a finding has one of them. The description repeats names that anybody may have chosen.
func findingDetails(withTitle bool) []alerthub.Detail {
	details := []alerthub.Detail{
		{Name: "type", Label: "Type", Path: "$.detail.type"},
		{Name: "level", Label: "Severity (1 to 10)", Path: "$.detail.severity"},
		{Name: "account", Label: "Account", Path: "$.account"},
		{Name: "region", Label: "Region", Path: "$.region"},
		{Name: "first", Label: "First seen", Path: "$.detail.service.eventFirstSeen"},
		{Name: "last", Label: "Last seen", Path: "$.detail.service.eventLastSeen"},
		{Name: "count", Label: "Times", Path: "$.detail.service.count"},
		{Name: "id", Path: "$.detail.id"},
		{Name: "description", Label: "Description", Path: "$.detail.description", Untrusted: true},
	}
	if !withTitle {
		return details
	}
	details = append(details,
		alerthub.Detail{Name: "finding", Path: "$.detail.title"},
		alerthub.Detail{Name: "kind", Path: "$.detail.resource.resourceType"},
		alerthub.Detail{Name: "instance", Path: "$.detail.resource.instanceDetails.instanceId"},
		alerthub.Detail{Name: "user", Path: "$.detail.resource.accessKeyDetails.userName"},
		alerthub.Detail{Name: "bucket", Path: "$.detail.resource.s3BucketDetails[0].name"},
		alerthub.Detail{Name: "cluster", Path: "$.detail.resource.eksClusterDetails.name"},
		alerthub.Detail{Name: "task", Path: "$.detail.resource.ecsClusterDetails.name"},
		alerthub.Detail{Name: "function", Path: "$.detail.resource.lambdaDetails.functionName"},
		alerthub.Detail{Name: "database", Path: "$.detail.resource.rdsDbInstanceDetails.dbInstanceIdentifier"},
	)
	for _, action := range []struct{ name, path string }{
		{"Network", "networkConnectionAction.remoteIpDetails"},
		{"Call", "awsApiCallAction.remoteIpDetails"},
		{"Probe", "portProbeAction.portProbeDetails[0].remoteIpDetails"},
		{"Kubernetes", "kubernetesApiCallAction.remoteIpDetails"},
		{"Login", "rdsLoginAttemptAction.remoteIpDetails"},
	} {
		path := "$.detail.service.action." + action.path
		details = append(details,
			alerthub.Detail{Name: "ip" + action.name, Path: path + ".ipAddressV4"},
			alerthub.Detail{Name: "ip6" + action.name, Path: path + ".ipAddressV6"},
			alerthub.Detail{Name: "country" + action.name, Path: path + ".country.countryName"})
	}
	return details
}
