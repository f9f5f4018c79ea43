package configbaseline

import (
	"cmp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
)

// alert is one thing that people are told: a row of the table.
type alert struct {
	name     string // suffix of the route's name; for ever
	severity alerthub.Severity
	wanted   func(a *ConfigBaselineArgs) bool
	pattern  func(a *ConfigBaselineArgs) map[string]any
	details  []alerthub.Detail
	link     string
	title    string
	headline string // what the rule is for, where the title begins with values of an event
	what     string
	next     string
	query    string // the named query of SecureTrail to run next
}

const (
	securityGroup = "AWS::EC2::SecurityGroup"

	apiCall          = "AWS API Call via CloudTrail"
	complianceChange = "Config Rules Compliance Change"
	itemChange       = "Config Configuration Item Change"
)

// alerts are in the order of their gravity.
var alerts = []alert{{
	name: "recorder-off", severity: alerthub.Critical,
	wanted: func(a *ConfigBaselineArgs) bool { return !a.WithTrail }, // whose alert detection-off tells it
	pattern: func(*ConfigBaselineArgs) map[string]any {
		return calls("config", "DeleteConfigurationRecorder", "DeleteDeliveryChannel", "DeleteServiceLinkedConfigurationRecorder", "StopConfigurationRecorder")
	},
	details: alerthub.CloudTrailDetails(), link: alerthub.CloudTrailLink,
	title: "AWS Config was switched off: {event}",
	what:  "{who} called {event}, so that changes of resources in {region} are no longer recorded, or no longer delivered.",
	next:  "If nobody on your team did this on purpose, treat the identity as compromised: take its permissions away, then run pulumi up --refresh to start the recording again.",
	query: "who-changed-this-resource",
}, {
	name: "recorder-change", severity: alerthub.Warning,
	wanted: always,
	pattern: func(*ConfigBaselineArgs) map[string]any {
		pattern := calls("config", "DeleteConfigRule", "DeleteConfigurationAggregator", "DeleteConformancePack", "DeleteEvaluationResults",
			"DeleteOrganizationConfigRule", "DeleteOrganizationConformancePack", "DeleteRemediationConfiguration", "DeleteRetentionConfiguration", "DisassociateResourceTypes", "PutConfigurationRecorder",
			"PutDeliveryChannel", "PutRemediationExceptions", "PutRetentionConfiguration")
		within(pattern)["errorCode"] = notThere()
		return pattern
	},
	details: alerthub.CloudTrailDetails(), link: alerthub.CloudTrailLink,
	title: "AWS Config was changed: {event}",
	what:  "{who} called {event}, which decides what is recorded, where it is delivered, or which rules resources have to obey.",
	next:  "If this was no deployment, compare with a preview (pulumi preview --refresh), restore the settings with pulumi up --refresh, and look at what else the identity did.",
	query: "who-changed-this-resource",
}, {
	name: "non-compliant", severity: alerthub.Warning,
	wanted: func(a *ConfigBaselineArgs) bool { return isTrue(a.NonComplianceAlerts) },
	pattern: func(*ConfigBaselineArgs) map[string]any {
		return compliance(map[string]any{"newEvaluationResult": turned("NON_COMPLIANT")})
	},
	details: complianceDetails, link: ruleLink,
	title:    "{rule}: {id} does not comply",
	headline: "A resource does not comply with a rule of AWS Config",
	what:     "The rule {rule} found that {type} {id} in {region} does not comply.",
	next:     "Open the rule, read what it demands, and change the resource; if the resource is meant to be so, give the rule an exception or leave it out.",
	query:    "who-changed-this-resource",
}, {
	name: "compliant", severity: alerthub.Informational,
	wanted: func(a *ConfigBaselineArgs) bool { return a.CompliantAgainAlerts },
	pattern: func(*ConfigBaselineArgs) map[string]any {
		return compliance(map[string]any{"newEvaluationResult": turned("COMPLIANT"), "oldEvaluationResult": turned("NON_COMPLIANT")})
	},
	details: complianceDetails, link: ruleLink,
	title:    "{rule}: {id} complies again",
	headline: "A resource complies again with a rule of AWS Config",
	what:     "The rule {rule} found that {type} {id} in {region} complies again.",
	next:     "Nothing has to be done.",
}, {
	name: "security-groups", severity: alerthub.Warning,
	wanted:  func(a *ConfigBaselineArgs) bool { return isTrue(a.SecurityGroupAlerts) },
	pattern: securityGroupChanges,
	details: alerthub.CloudTrailDetails(), link: alerthub.CloudTrailLink,
	title: "A security group was changed: {event}",
	what:  "{who} called {event} in {region}, which decides who reaches what in a network.",
	next:  "If nobody on your team meant this, undo the change; the event names the group and its rules.",
	query: "security-group-changes",
}, {
	name: "changes", severity: alerthub.Warning,
	wanted: func(a *ConfigBaselineArgs) bool { return len(a.ChangeAlerts) > 0 },
	pattern: func(a *ConfigBaselineArgs) map[string]any {
		return changes("ConfigurationItemChangeNotification", "configurationItem", a.ChangeAlerts)
	},
	details: []alerthub.Detail{
		{Name: "type", Label: "Type", Path: "$.detail.configurationItem.resourceType"},
		{Name: "id", Label: "Resource", Path: "$.detail.configurationItem.resourceId"},
		{Name: "change", Label: "Change", Path: "$.detail.configurationItemDiff.changeType"},
		{Name: "status", Label: "Status", Path: "$.detail.configurationItem.configurationItemStatus"},
		{Name: "account", Label: "Account", Path: "$.account"},
		{Name: "region", Label: "Region", Path: "$.detail.configurationItem.awsRegion"},
		{Name: "time", Label: "Time", Path: "$.detail.configurationItem.configurationItemCaptureTime"},
	},
	link:     timelineLink,
	title:    "{type} {id} was changed",
	headline: "A resource was changed",
	what:     "AWS Config recorded a change ({change}) of {type} {id} in {region}.",
	next:     "Open the timeline: it shows what changed, and the events of CloudTrail with who did it. If nobody meant this, undo the change.",
	query:    "who-changed-this-resource",
}, {
	// What is too large for a notification comes as a summary:
	// https://docs.aws.amazon.com/config/latest/developerguide/oversized-notification-example.html
	name: "large-changes", severity: alerthub.Warning,
	wanted: func(a *ConfigBaselineArgs) bool { return len(a.ChangeAlerts) > 0 },
	pattern: func(a *ConfigBaselineArgs) map[string]any {
		return changes("OversizedConfigurationItemChangeNotification", "configurationItemSummary", a.ChangeAlerts)
	},
	details: []alerthub.Detail{
		{Name: "type", Label: "Type", Path: "$.detail.configurationItemSummary.resourceType"},
		{Name: "id", Label: "Resource", Path: "$.detail.configurationItemSummary.resourceId"},
		{Name: "change", Label: "Change", Path: "$.detail.configurationItemSummary.changeType"},
		{Name: "status", Label: "Status", Path: "$.detail.configurationItemSummary.configurationItemStatus"},
		{Name: "account", Label: "Account", Path: "$.account"},
		{Name: "region", Label: "Region", Path: "$.detail.configurationItemSummary.awsRegion"},
		{Name: "time", Label: "Time", Path: "$.detail.configurationItemSummary.configurationItemCaptureTime"},
	},
	link:     timelineLink,
	title:    "{type} {id} was changed",
	headline: "A resource was changed",
	what:     "AWS Config recorded a change ({change}) of {type} {id} in {region}, whose configuration is too large for a message.",
	next:     "Open the timeline: it shows what changed, and the events of CloudTrail with who did it. If nobody meant this, undo the change.",
	query:    "who-changed-this-resource",
}}

// complianceDetails are the values of a change of compliance. The annotation is what a rule writes, and may quote anything.
var complianceDetails = []alerthub.Detail{
	{Name: "rule", Label: "Rule", Path: "$.detail.configRuleName"},
	{Name: "type", Label: "Type", Path: "$.detail.resourceType"},
	{Name: "id", Label: "Resource", Path: "$.detail.resourceId"},
	{Name: "result", Label: "Result", Path: "$.detail.newEvaluationResult.complianceType"},
	{Name: "account", Label: "Account", Path: "$.account"},
	{Name: "region", Label: "Region", Path: "$.detail.awsRegion"},
	{Name: "time", Label: "Time", Path: "$.detail.newEvaluationResult.resultRecordedTime"},
	{Name: "annotation", Label: "Reason", Path: "$.detail.newEvaluationResult.annotation", Untrusted: true},
}

const (
	ruleLink     = "https://{console}/config/home?region={region}#/rules/details?configRuleName={rule}"
	timelineLink = "https://{console}/config/home?region={region}#/resources/timeline?resourceId={id}&resourceType={type}"
)

// newAlerts adds a route to the hub for each alert.
func (b *builder) newAlerts() error {
	if b.args.Alerts == nil {
		return nil
	}
	for _, alert := range alerts {
		if !alert.wanted(b.args) {
			continue
		}
		message := alerthub.Message{Title: alert.title, What: alert.what, Details: alert.details, Link: alert.link, NextStep: alert.next}
		if b.args.WithTrail {
			message.Query = alert.query
		}
		route := alerthub.Route{
			Description: cmp.Or(alert.headline, alerthub.Headline(alert.title)),
			Pattern:     alert.pattern(b.args),
			Severity:    alert.severity,
			Message:     message,
		}
		if alert.link == alerthub.CloudTrailLink { // the others do not know who called
			route.IgnorePrincipalArns = b.args.IgnoreChangesBy
		}
		if err := b.args.Alerts.AddRoute(b.ctx, b.name+"-"+alert.name, route, pulumi.Parent(b.baseline)); err != nil {
			return err
		}
	}
	return nil
}

func always(*ConfigBaselineArgs) bool { return true }

// compliance is the pattern of changes of compliance
// (https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html).
func compliance(detail map[string]any) map[string]any {
	detail["messageType"] = []string{"ComplianceChangeNotification"}
	return map[string]any{"source": []string{"aws.config"}, "detail-type": []string{complianceChange}, "detail": detail}
}

func turned(result string) map[string]any {
	return map[string]any{"complianceType": []string{result}}
}

// changes is the pattern of recorded changes of resources of the types.
func changes(messageType, item string, types []string) map[string]any {
	return map[string]any{
		"source":      []string{"aws.config"},
		"detail-type": []string{itemChange},
		"detail": map[string]any{
			"messageType": []string{messageType},
			item:          map[string]any{"resourceType": types},
		},
	}
}

// securityGroupChanges are successful calls, because AWS Config does not record who made a change. Beside a trail, openings
// to the whole internet are left to its alert open-to-world; one that opens to a network too is told by both.
func securityGroupChanges(a *ConfigBaselineArgs) map[string]any {
	everyCall := []string{
		"AuthorizeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup", "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress",
	}
	openings := []string{"AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules"}
	if !a.WithTrail {
		pattern := calls("ec2", append(everyCall, openings...)...)
		within(pattern)["errorCode"] = notThere()
		return pattern
	}
	ranges := func(ipv4, ipv6 any) map[string]any {
		return map[string]any{"eventName": openings[:1], "requestParameters": map[string]any{"ipPermissions": map[string]any{"items": map[string]any{
			"ipRanges": map[string]any{"items": map[string]any{"cidrIp": ipv4}}, "ipv6Ranges": map[string]any{"items": map[string]any{"cidrIpv6": ipv6}},
		}}}}
	}
	rule := func(ipv4, ipv6 any) map[string]any {
		return map[string]any{"eventName": openings[1:], "requestParameters": map[string]any{"ModifySecurityGroupRulesRequest": map[string]any{
			"SecurityGroupRule": map[string]any{"SecurityGroupRule": map[string]any{"CidrIpv4": ipv4, "CidrIpv6": ipv6}},
		}}}
	}
	notAll := func(world string) []any {
		return []any{map[string]any{"exists": false}, map[string]any{"anything-but": []string{world}}}
	}
	return map[string]any{
		"source":      []string{"aws.ec2"},
		"detail-type": []string{apiCall},
		"detail": map[string]any{
			"eventSource": []string{"ec2.amazonaws.com"},
			"errorCode":   notThere(),
			"$or": []any{
				map[string]any{"eventName": everyCall},
				ranges(notAll("0.0.0.0/0"), notAll("::/0")),
				rule(notAll("0.0.0.0/0"), notAll("::/0")),
			},
		},
	}
}

// calls is the pattern of API calls of one service.
func calls(service string, names ...string) map[string]any {
	return map[string]any{
		"source":      []string{"aws." + service},
		"detail-type": []string{apiCall},
		"detail":      map[string]any{"eventSource": []string{service + ".amazonaws.com"}, "eventName": names},
	}
}

func within(pattern map[string]any) map[string]any { return pattern["detail"].(map[string]any) }

func notThere() []any { return []any{map[string]any{"exists": false}} }
