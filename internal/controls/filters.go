package controls

import (
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// Patterns of the 15 metric filters as the benchmark prints them, without spaces, parentheses and quotation marks
// (https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html). They are written down here a second
// time, so that a slip in the component does not pass unseen.
var cisPatterns = map[string]struct{ pattern, alternative string }{
	"4.1": {pattern: `$.errorCode=*UnauthorizedOperation||$.errorCode=AccessDenied*&&$.sourceIPAddress!=delivery.logs.amazonaws.com&&$.eventName!=HeadBucket`},
	"4.2": {
		pattern:     `$.eventName=ConsoleLogin&&$.additionalEventData.MFAUsed!=Yes`,
		alternative: `$.eventName=ConsoleLogin&&$.additionalEventData.MFAUsed!=Yes&&$.userIdentity.type=IAMUser&&$.responseElements.ConsoleLogin=Success`,
	},
	"4.3": {pattern: `$.userIdentity.type=Root&&$.userIdentity.invokedByNOTEXISTS&&$.eventType!=AwsServiceEvent`},
	"4.4": {pattern: calls("", `DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy CreatePolicy
		DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy DetachRolePolicy AttachUserPolicy DetachUserPolicy
		AttachGroupPolicy DetachGroupPolicy`)},
	"4.5": {pattern: calls("", `CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging`)},
	"4.6": {pattern: `$.eventName=ConsoleLogin&&$.errorMessage=Failedauthentication`},
	"4.7": {pattern: calls("kms", `DisableKey ScheduleKeyDeletion`)},
	"4.8": {pattern: calls("s3", `PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication DeleteBucketPolicy
		DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication`)},
	"4.9": {pattern: calls("config", `StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder`)},
	"4.10": {pattern: calls("", `AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress
		RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup ModifySecurityGroupRules`)},
	"4.11": {pattern: calls("", `CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry ReplaceNetworkAclEntry
		ReplaceNetworkAclAssociation`)},
	"4.12": {pattern: calls("", `CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway
		DeleteInternetGateway DetachInternetGateway`)},
	"4.13": {pattern: calls("ec2", `CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable DeleteRoute
		DisassociateRouteTable`)},
	"4.14": {pattern: calls("", `CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection CreateVpcPeeringConnection
		DeleteVpcPeeringConnection RejectVpcPeeringConnection AttachClassicLinkVpc DetachClassicLinkVpc DisableVpcClassicLink
		EnableVpcClassicLink`)},
	"4.15": {pattern: calls("organizations", `AcceptHandshake AttachPolicy CancelHandshake CreateAccount CreateOrganization
		CreateOrganizationalUnit CreatePolicy DeclineHandshake DeleteOrganization DeleteOrganizationalUnit DeletePolicy EnableAllFeatures
		EnablePolicyType InviteAccountToOrganization LeaveOrganization DetachPolicy DisablePolicyType MoveAccount
		RemoveAccountFromOrganization UpdateOrganizationalUnit UpdatePolicy`)},
}

// calls is the pattern of any of the calls, to one service or to whichever.
func calls(service, names string) string {
	var terms []string
	for _, name := range strings.Fields(names) {
		terms = append(terms, "$.eventName="+name)
	}
	pattern := strings.Join(terms, "||")
	if service != "" {
		pattern = "$.eventSource=" + service + ".amazonaws.com&&" + pattern
	}
	return pattern
}

var bare = strings.NewReplacer(" ", "", "(", "", ")", "", "{", "", "}", "", `"`, "")

// filtered holds when a filter with the benchmark's pattern reads the log group of a trail of every Region, and an alarm on
// its metric rings at the first event.
func filtered(number string) check {
	return check{"metric filter and alarm " + number, func(d *declaration) ([]string, string) {
		want := cisPatterns[number]
		for _, f := range d.byType[filterType] {
			pattern := bare.Replace(text(f, "pattern"))
			if pattern != want.pattern && (want.alternative == "" || pattern != want.alternative) {
				continue
			}
			if text(f, "metricTransformation.value") != "1" {
				return nil, place(f) + " counts nothing"
			}
			if !readsTrail(d, f) {
				return nil, place(f) + " reads no log group of a trail of every Region"
			}
			lack := place(f) + " has no alarm"
			for _, alarm := range d.byType[alarmType] {
				if text(alarm, "metricName") != text(f, "metricTransformation.name") || text(alarm, "namespace") != text(f, "metricTransformation.namespace") {
					continue
				}
				if lack = alarmLack(d, alarm); lack == "" {
					return []string{place(f), place(alarm)}, ""
				}
				lack = place(alarm) + " " + lack
			}
			return nil, lack
		}
		return nil, "no metric filter has the pattern of the benchmark"
	}}
}

func readsTrail(d *declaration, filter declared.Resource) bool {
	for _, trail := range d.byType[trailType] {
		if group := logGroupOf(d, trail); group != nil && text(*group, "name") == text(filter, "logGroupName") && is(trail, "isMultiRegionTrail") {
			return true
		}
	}
	return false
}

// alarmLack says why an alarm would not ring at the first event.
func alarmLack(d *declaration, alarm declared.Resource) string {
	threshold, given := number(alarm, "threshold")
	operator := text(alarm, "comparisonOperator")
	switch {
	case !given || operator == "GreaterThanOrEqualToThreshold" && threshold > 1 || operator == "GreaterThanThreshold" && threshold > 0 ||
		!strings.HasPrefix(operator, "GreaterThan"):
		return "does not ring at the first event"
	case at(alarm.Inputs, "dimensions") != nil:
		return "watches a metric with dimensions, of which the filter writes none"
	case !everyPeriod(alarm):
		return "does not look at every five minutes"
	default:
		return rings(d, alarm)
	}
}

// everyPeriod reports whether an alarm looks at every five minutes by themselves, as the benchmark has it.
func everyPeriod(alarm declared.Resource) bool {
	periods, _ := number(alarm, "evaluationPeriods")
	seconds, _ := number(alarm, "period")
	return periods == 1 && seconds <= 300 && (text(alarm, "statistic") == "Sum" || text(alarm, "statistic") == "Maximum")
}

// rings says why an alarm would tell nobody. Where a Region has no topic, a rule has to carry its alarms away.
func rings(d *declaration, alarm declared.Resource) string {
	if off(alarm, "actionsEnabled") {
		return "has its actions switched off"
	}
	if len(d.in(topicType, alarm.Region)) == 0 {
		return unless(toldByRule(d, alarm), "tells nobody")
	}
	for _, action := range texts(at(alarm.Inputs, "alarmActions")) {
		if heardAt(d, action, alarm.Region) {
			return ""
		}
	}
	return "tells nobody"
}
