package securetrail

import (
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
)

// CISMetricFilter is one of the 15 metric filters that the CIS AWS Foundations Benchmark asks for.
type CISMetricFilter struct {
	Name  string // in settings and arguments, and at the end of the names of filter, metric and alarm
	Title string // what happened

	CIS3, CIS5, CIS7 string // the control's number in the benchmark's versions 3.0, 5.0 and 7.0
	SecurityHub      string // the control's id in Security Hub; empty where there is none

	Pattern             string // the filter pattern
	SingleSignOnPattern string // the pattern with SecureTrailArgs.SingleSignOn; empty where it is the same

	Severity alerthub.Severity // of the topic that the alarm publishes to
	Response string            // what a person should do about it
}

// CISMetricFilters are the 15 filters in the benchmark's order, for documents and maps of controls.
func CISMetricFilters() []CISMetricFilter {
	filters := make([]CISMetricFilter, len(cisMetricFilters))
	for i, f := range cisMetricFilters {
		filters[i] = CISMetricFilter{
			Name: f.name, Title: f.title, SecurityHub: f.securityHub, Severity: f.severity, Response: f.response,
			CIS3: fmt.Sprintf("4.%d", i+1), CIS5: fmt.Sprintf("4.%d", i+1), CIS7: fmt.Sprintf("5.%d", i+1),
			Pattern: "{ " + f.condition + " }",
		}
		if f.singleSignOn != "" {
			filters[i].SingleSignOnPattern = "{ " + f.condition + " && " + f.singleSignOn + " }"
		}
	}
	return filters
}

const signInWithoutMFA = "signInWithoutMfa"

// cisMetricFilters are the filters in the benchmark's order, on which their numbers rest. No alarm is critical: who is to be
// woken is told by an EventBridge rule, which names the culprit, and not a second time by a count. Warnings are what a quiet
// account never sees; what every deployment does is informational. Within a condition the calls stand in the order of the
// benchmark's text, because some scanners compare in order.
// https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
var cisMetricFilters = []struct {
	name, title, securityHub string
	severity                 alerthub.Severity
	condition, singleSignOn  string
	response                 string
}{{
	name: "unauthorizedApiCalls", title: "AWS refused API calls", securityHub: "CloudWatch.2", severity: alerthub.Informational,
	condition: `(($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket")`,
	response:  "Find out who was refused what: many refusals of one identity are somebody trying what stolen credentials can do.",
}, {
	name: signInWithoutMFA, title: "Somebody signed in to the console without MFA", securityHub: "CloudWatch.3", severity: alerthub.Warning,
	condition:    `($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes")`,
	singleSignOn: `($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success")`,
	response:     "Have the user set up MFA, and make sure that it was the user.",
}, {
	name: "rootUsage", title: "The root user was used", securityHub: "CloudWatch.1", severity: alerthub.Warning,
	condition: `$.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent"`,
	response:  "Ask the holder of the root user. If nobody knows of it, change its password and delete its access keys now.",
}, {
	name: "iamPolicyChanges", title: "IAM policies were changed", securityHub: "CloudWatch.4", severity: alerthub.Informational,
	condition: anyCall("DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy",
		"CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion",
		"AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy"),
	response: "Make sure that a deployment or a colleague did it, and that nobody has more rights than before without need.",
}, {
	name: "cloudTrailChanges", title: "CloudTrail was changed", securityHub: "CloudWatch.5", severity: alerthub.Warning,
	condition: anyCall("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
	response:  "If nobody planned it, treat the identity as compromised: take its permissions away, then run pulumi up to restore the trail.",
}, {
	name: "authenticationFailures", title: "Sign-ins to the console failed", securityHub: "CloudWatch.6", severity: alerthub.Informational,
	condition: `($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication")`,
	response:  "Ask the user. Many failures, or failures of many users, are somebody guessing passwords.",
}, {
	name: "kmsKeyDisabling", title: "A KMS key was disabled or scheduled for deletion", securityHub: "CloudWatch.7", severity: alerthub.Warning,
	condition: anyCallTo("kms.amazonaws.com", "DisableKey", "ScheduleKeyDeletion"),
	response:  "Unless it was planned, cancel the deletion and enable the key: without it, what it encrypted is lost.",
}, {
	name: "bucketPolicyChanges", title: "The policy, ACL, CORS, lifecycle or replication of a bucket was changed", securityHub: "CloudWatch.8", severity: alerthub.Informational,
	condition: anyCallTo("s3.amazonaws.com", "PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication",
		"DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication"),
	response: "Make sure that the bucket shows nothing to people who should not see it, and loses nothing.",
}, {
	name: "configChanges", title: "The AWS Config recorder or its delivery was changed", securityHub: "CloudWatch.9", severity: alerthub.Warning,
	condition: anyCallTo("config.amazonaws.com", "StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"),
	response:  "If nobody planned it, find out who did it and why, then run pulumi up to restore the recording.",
}, {
	name: "securityGroupChanges", title: "Security groups were changed", securityHub: "CloudWatch.10", severity: alerthub.Informational,
	condition: anyCall("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress",
		"CreateSecurityGroup", "DeleteSecurityGroup", "ModifySecurityGroupRules"),
	response: "Make sure that nothing is open to the world that should not be.",
}, {
	name: "networkAclChanges", title: "Network ACLs were changed", securityHub: "CloudWatch.11", severity: alerthub.Informational,
	condition: anyCall("CreateNetworkAcl", "CreateNetworkAclEntry", "DeleteNetworkAcl", "DeleteNetworkAclEntry",
		"ReplaceNetworkAclEntry", "ReplaceNetworkAclAssociation"),
	response: "Make sure that no subnet is more open than before without need.",
}, {
	name: "networkGatewayChanges", title: "Network gateways were changed", securityHub: "CloudWatch.12", severity: alerthub.Informational,
	condition: anyCall("CreateCustomerGateway", "DeleteCustomerGateway", "AttachInternetGateway", "CreateInternetGateway",
		"DeleteInternetGateway", "DetachInternetGateway"),
	response: "Make sure that the new way in or out of the network is wanted.",
}, {
	name: "routeTableChanges", title: "Route tables were changed", securityHub: "CloudWatch.13", severity: alerthub.Informational,
	condition: anyCallTo("ec2.amazonaws.com", "CreateRoute", "CreateRouteTable", "ReplaceRoute", "ReplaceRouteTableAssociation",
		"DeleteRouteTable", "DeleteRoute", "DisassociateRouteTable"),
	response: "Make sure that traffic goes where it should, and past nothing that should inspect it.",
}, {
	name: "vpcChanges", title: "VPCs or their peerings were changed", securityHub: "CloudWatch.14", severity: alerthub.Informational,
	condition: anyCall("CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "AcceptVpcPeeringConnection", "CreateVpcPeeringConnection",
		"DeleteVpcPeeringConnection", "RejectVpcPeeringConnection", "AttachClassicLinkVpc", "DetachClassicLinkVpc",
		"DisableVpcClassicLink", "EnableVpcClassicLink"),
	response: "Make sure that the network and who is connected to it are as planned.",
}, {
	name: "organizationsChanges", title: "The organization was changed", severity: alerthub.Warning,
	condition: anyCallTo("organizations.amazonaws.com", "AcceptHandshake", "AttachPolicy", "CancelHandshake", "CreateAccount", "CreateOrganization",
		"CreateOrganizationalUnit", "CreatePolicy", "DeclineHandshake", "DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy",
		"EnableAllFeatures", "EnablePolicyType", "InviteAccountToOrganization", "LeaveOrganization", "DetachPolicy", "DisablePolicyType",
		"MoveAccount", "RemoveAccountFromOrganization", "UpdateOrganizationalUnit", "UpdatePolicy"),
	response: "Unless it was planned, have the owner of the management account look at accounts and policies: an account that leaves is free of them.",
}}

// anyCall matches any of the calls, of whatever service.
func anyCall(names ...string) string {
	terms := make([]string, len(names))
	for i, name := range names {
		terms[i] = "($.eventName = " + name + ")"
	}
	return strings.Join(terms, " || ")
}

// anyCallTo matches any of the calls to one service.
func anyCallTo(source string, names ...string) string {
	return "($.eventSource = " + source + ") && (" + anyCall(names...) + ")"
}
