package securetrail

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
)

// alert is one thing that people are told within minutes of its happening. The CIS metric filters are evidence beside
// it; these are tuned to be read.
type alert struct {
	name     string // suffix of the route's name; for ever
	severity alerthub.Severity
	scope    alerthub.Scope
	pattern  func(archive archiveFacts) map[string]any // nil where there is nothing to watch
	title    string
	what     string
	next     string
	query    string // the named query to run next
	// details and link are those of an event that no call made; nil: those of an API call.
	details []alerthub.Detail
	link    string
	// ownChange says that a deployment does this too, so that IgnoreChangesBy applies.
	ownChange bool
}

// archiveFacts are what patterns know of the archive.
type archiveFacts struct {
	buckets  []string // in this account
	logGroup string   // empty without CloudWatch Logs
	logRole  string
	insights bool
}

const (
	apiCall = "AWS API Call via CloudTrail"
	signIn  = "AWS Console Sign In via CloudTrail"
)

// alerts are in the order of their gravity.
var alerts = []alert{{
	name: "root-sign-in", severity: alerthub.Critical,
	pattern: func(archiveFacts) map[string]any {
		return map[string]any{
			"detail-type": []string{signIn},
			"detail":      map[string]any{"userIdentity": map[string]any{"type": []string{"Root"}}},
		}
	},
	title: "The root user signed in",
	what:  "The root user of the account signed in to the console, or tried to. Everyday work never needs it.",
	next:  "Ask who holds the root credentials. If nobody signed in, change the root password and its MFA device now, and look at what it did.",
	query: "root-use",
}, {
	// Read-only calls are left to the metric filter: one look at the console as root makes dozens of them.
	name: "root-use", severity: alerthub.Critical,
	pattern: func(archiveFacts) map[string]any {
		return map[string]any{
			"detail-type": []string{apiCall},
			"detail": map[string]any{
				"userIdentity": map[string]any{"type": []string{"Root"}, "invokedBy": notThere()},
				"eventType":    []any{map[string]any{"anything-but": []string{"AwsServiceEvent"}}},
			},
		}
	},
	title: "The root user changed something: {event}",
	what:  "The root user of the account called {event}. Few tasks need the root user, and none of them daily.",
	next:  "Ask who holds the root credentials. If nobody did this, change the root password and its MFA device, and delete its access keys.",
	query: "root-use",
}, {
	name: "tampering", severity: alerthub.Critical, ownChange: true,
	pattern: func(archiveFacts) map[string]any {
		return calls("cloudtrail", "CreateTrail", "DeleteEventDataStore", "DeleteTrail", "PutEventConfiguration", "PutEventSelectors",
			"PutInsightSelectors", "StopEventDataStoreIngestion", "StopLogging", "UpdateEventDataStore", "UpdateTrail")
	},
	title: "CloudTrail was changed: {event}",
	what:  "{who} called {event}, which decides what the account records about itself.",
	next:  "If nobody on your team did this on purpose, treat the identity as compromised: take its permissions away, then run pulumi up --refresh to restore the trail.",
	query: "trail-tampering",
}, {
	name: "archive-change", severity: alerthub.Critical, ownChange: true,
	pattern: func(archive archiveFacts) map[string]any {
		if len(archive.buckets) == 0 {
			return nil
		}
		pattern := calls("s3",
			"DeleteBucket", "DeleteBucketEncryption", "DeleteBucketLifecycle", "DeleteBucketOwnershipControls", "DeleteBucketPolicy",
			"DeleteBucketPublicAccessBlock", "PutBucketAcl", "PutBucketEncryption", "PutBucketLifecycle", "PutBucketLifecycleConfiguration",
			"PutBucketLogging", "PutBucketObjectLockConfiguration", "PutBucketOwnershipControls", "PutBucketPolicy",
			"PutBucketPublicAccessBlock", "PutBucketReplication", "PutBucketRequestPayment", "PutBucketVersioning")
		within(pattern)["requestParameters"] = map[string]any{"bucketName": archive.buckets}
		return pattern
	},
	title: "The log archive was changed: {event}",
	what:  "{who} called {event} on a bucket that keeps the account's logs.",
	next:  "If this was no deployment, compare the bucket's policy, lifecycle and versioning with a preview (pulumi preview --refresh), restore them with pulumi up --refresh, and look at what else the identity did.",
	query: "who-changed-this-resource",
}, {
	name: "key-disabled", severity: alerthub.Critical, ownChange: true,
	pattern: func(archiveFacts) map[string]any {
		return calls("kms", "DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion")
	},
	title: "A KMS key was disabled, scheduled for deletion or given another policy: {event}",
	what:  "{who} called {event}. What is encrypted with the key, logs included, cannot be read or written without it.",
	next:  "If nobody meant this, cancel the deletion (aws kms cancel-key-deletion), enable the key and restore its policy (pulumi up --refresh for the archive's); nothing is lost before the waiting period ends.",
	query: "kms-key-use",
}, {
	name: "log-delivery", severity: alerthub.Critical, ownChange: true,
	pattern: func(archive archiveFacts) map[string]any {
		if archive.logGroup == "" {
			return nil
		}
		return map[string]any{
			"detail-type": []string{apiCall},
			"detail": map[string]any{"$or": []any{
				map[string]any{
					"eventSource": []string{"logs.amazonaws.com"},
					"eventName": []string{"DeleteLogGroup", "DeleteLogStream", "DeleteMetricFilter", "DisassociateKmsKey",
						"PutMetricFilter", "PutRetentionPolicy"},
					"requestParameters": map[string]any{"logGroupName": []string{archive.logGroup}},
				},
				map[string]any{
					"eventSource": []string{"iam.amazonaws.com"},
					"eventName": []string{"AttachRolePolicy", "DeleteRole", "DeleteRolePolicy", "PutRolePermissionsBoundary", "PutRolePolicy",
						"UpdateAssumeRolePolicy"},
					"requestParameters": map[string]any{"roleName": []string{archive.logRole}},
				},
			}},
		}
	},
	title: "The trail's way to CloudWatch Logs was changed: {event}",
	what:  "{who} called {event} on the trail's log group, its metric filters or the role that writes to it. Alarms of Regions that are not covered depend on it.",
	next:  "If this was no deployment, restore it with pulumi up --refresh, and look at what else the identity did.",
	query: "trail-tampering",
}, {
	name: "detection-off", severity: alerthub.Critical, ownChange: true,
	pattern: func(archiveFacts) map[string]any {
		return map[string]any{
			"detail-type": []string{apiCall},
			"detail": map[string]any{"$or": []any{
				map[string]any{
					"eventSource": []string{"guardduty.amazonaws.com"},
					"eventName": []string{"DeleteDetector", "DeletePublishingDestination", "DisassociateFromAdministratorAccount",
						"DisassociateFromMasterAccount", "StopMonitoringMembers"},
				},
				map[string]any{
					"eventSource":       []string{"guardduty.amazonaws.com"},
					"eventName":         []string{"UpdateDetector"},
					"requestParameters": map[string]any{"enable": []bool{false}},
				},
				map[string]any{
					"eventSource": []string{"config.amazonaws.com"},
					"eventName": []string{"DeleteConfigurationRecorder", "DeleteDeliveryChannel", "DeleteServiceLinkedConfigurationRecorder",
						"StopConfigurationRecorder"},
				},
				map[string]any{
					"eventSource": []string{"securityhub.amazonaws.com"},
					"eventName":   []string{"BatchDisableStandards", "DisableSecurityHub", "DisableSecurityHubV2"},
				},
				map[string]any{
					"eventSource": []string{"access-analyzer.amazonaws.com"},
					"eventName":   []string{"DeleteAnalyzer"},
				},
			}},
		}
	},
	title: "Detection was switched off: {event}",
	what:  "{who} called {event} in {service}, which stops watching the account in {region}.",
	next:  "If nobody on your team did this on purpose, treat the identity as compromised: take its permissions away, then switch detection on again.",
	query: "who-changed-this-resource",
}, {
	name: "organization", severity: alerthub.Critical, scope: alerthub.OrganizationsOnly,
	pattern: func(archiveFacts) map[string]any {
		return calls("organizations", "LeaveOrganization", "RemoveAccountFromOrganization", "DeleteOrganization", "CloseAccount")
	},
	title: "The organization was left or closed: {event}",
	what:  "{who} called {event}. Outside its organization an account loses its guardrails, central logs and central billing.",
	next:  "If this was not agreed, tell the owner of the organization now, and take the identity's permissions away.",
	query: "who-changed-this-resource",
}, {
	name: "admin-rights", severity: alerthub.Critical, scope: alerthub.GlobalOnly, ownChange: true,
	pattern: func(archiveFacts) map[string]any {
		return map[string]any{
			"source":      []string{"aws.iam"},
			"detail-type": []string{apiCall},
			"detail": map[string]any{
				"eventSource": []string{"iam.amazonaws.com"},
				"errorCode":   notThere(),
				"$or": []any{
					map[string]any{
						"eventName": []string{"AttachGroupPolicy", "AttachRolePolicy", "AttachUserPolicy"},
						"requestParameters": map[string]any{"policyArn": []any{
							map[string]any{"suffix": ":iam::aws:policy/AdministratorAccess"},
							map[string]any{"suffix": ":iam::aws:policy/IAMFullAccess"},
						}},
					},
					map[string]any{
						"eventName":         []string{"CreatePolicy", "CreatePolicyVersion", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy"},
						"requestParameters": map[string]any{"policyDocument": written(`"Action":"\*"`, `"Action": "\*"`)},
					},
				},
			},
		}
	},
	title: "Administrator rights were given: {event}",
	what:  "{who} called {event} with AdministratorAccess, IAMFullAccess or a policy about every action.",
	next:  "If nobody on your team meant this, detach the policy and look at what the identity that received it has done since.",
	query: "iam-changes",
}, {
	// The other way to write it, in a rule of its own: EventBridge refuses a rule with many wildcards as too complex.
	name: "admin-list", severity: alerthub.Critical, scope: alerthub.GlobalOnly, ownChange: true,
	pattern: func(archiveFacts) map[string]any {
		pattern := calls("iam", "CreatePolicy", "CreatePolicyVersion", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy")
		within(pattern)["errorCode"] = notThere()
		within(pattern)["requestParameters"] = map[string]any{"policyDocument": written(`"Action":["\*"`, `"Action": ["\*"`)}
		return pattern
	},
	title: "Administrator rights were given: {event}",
	what:  "{who} called {event} with a policy about every action.",
	next:  "If nobody on your team meant this, detach the policy and look at what the identity that received it has done since.",
	query: "iam-changes",
}, {
	name: "sign-in-no-mfa", severity: alerthub.Warning,
	pattern: func(archiveFacts) map[string]any {
		return map[string]any{
			"source":      []string{"aws.signin"},
			"detail-type": []string{signIn},
			"detail": map[string]any{
				"eventName":           []string{"ConsoleLogin"},
				"userIdentity":        map[string]any{"type": []string{"IAMUser"}},
				"responseElements":    map[string]any{"ConsoleLogin": []string{"Success"}},
				"additionalEventData": map[string]any{"MFAUsed": []string{"No"}},
			},
		}
	},
	title: "A user signed in to the console without MFA",
	what:  "{who} signed in from {from} with a password alone.",
	next:  "Ask the user whether it was them, and set up an MFA device for them (IAM, Security credentials).",
	query: "console-sign-in-without-mfa",
}, {
	name: "access-key", severity: alerthub.Warning, scope: alerthub.GlobalOnly,
	pattern: func(archiveFacts) map[string]any {
		pattern := calls("iam", "CreateAccessKey")
		within(pattern)["errorCode"] = notThere()
		return pattern
	},
	title: "An access key was created",
	what:  "{who} created an access key. Keys do not expire and are what leaks most often.",
	next:  "Ask whether a role would do. If nobody asked for the key, delete it and look at what it was used for.",
	query: "access-keys-created-and-used",
}, {
	name: "open-to-world", severity: alerthub.Warning, ownChange: true,
	pattern: func(archiveFacts) map[string]any {
		pattern := calls("ec2", "AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules")
		detail := within(pattern)
		detail["errorCode"] = notThere()
		detail["$or"] = []any{
			map[string]any{"requestParameters": map[string]any{"ipPermissions": map[string]any{"items": map[string]any{
				"ipRanges": map[string]any{"items": map[string]any{"cidrIp": []string{"0.0.0.0/0"}}}}}}},
			map[string]any{"requestParameters": map[string]any{"ipPermissions": map[string]any{"items": map[string]any{
				"ipv6Ranges": map[string]any{"items": map[string]any{"cidrIpv6": []string{"::/0"}}}}}}},
			map[string]any{"requestParameters": map[string]any{"cidrIp": []string{"0.0.0.0/0"}}}, // the short form of the SDKs
			map[string]any{"requestParameters": map[string]any{"ModifySecurityGroupRulesRequest": map[string]any{"SecurityGroupRule": map[string]any{
				"SecurityGroupRule": map[string]any{"CidrIpv4": []string{"0.0.0.0/0"}}}}}},
			map[string]any{"requestParameters": map[string]any{"ModifySecurityGroupRulesRequest": map[string]any{"SecurityGroupRule": map[string]any{
				"SecurityGroupRule": map[string]any{"CidrIpv6": []string{"::/0"}}}}}},
		}
		return pattern
	},
	title: "A security group was opened to the world",
	what:  "{who} let everybody on the internet in, in {region}.",
	next:  "If it is not meant for the public, revoke the rule; for administration use Session Manager instead of open ports.",
	query: "security-group-changes",
}, {
	name: "insight", severity: alerthub.Warning, details: insightDetails, link: insightLink,
	pattern: func(archive archiveFacts) map[string]any {
		if !archive.insights {
			return nil
		}
		return map[string]any{
			"source":      []string{"aws.cloudtrail"},
			"detail-type": []string{"AWS Insight via CloudTrail"},
			"detail":      map[string]any{"insightDetails": map[string]any{"state": []string{"Start"}}},
		}
	},
	title: "Unusual activity: {insightEvent} in {insightService}",
	what:  "CloudTrail Insights sees an unusual {insightType} of {insightEvent} in {region}.",
	next:  "Look at who calls it, and whether a new program or a stranger does.",
}}

// newAlerts adds a route to the hub for each alert.
func (b *builder) newAlerts() error {
	if b.args.Alerts == nil {
		return nil
	}
	facts := archiveFacts{insights: len(b.args.insightTypes()) > 0}
	if !b.args.OmitLogs {
		facts.logGroup, facts.logRole = b.trail.Archive.LogGroupName, b.logRoleName()
	}
	if b.trail.Archive.OwnsBuckets {
		facts.buckets = b.trail.Archive.BucketNames
	}
	for _, alert := range alerts {
		pattern := alert.pattern(facts)
		if pattern == nil {
			continue
		}
		details, link := alert.details, alert.link
		if details == nil {
			details, link = alerthub.CloudTrailDetails(), alerthub.CloudTrailLink
		}
		route := alerthub.Route{
			Description: alerthub.Headline(alert.title),
			Pattern:     pattern,
			Severity:    alert.severity,
			Scope:       alert.scope,
			Message: alerthub.Message{
				Title: alert.title, What: alert.what, Details: details, Link: link, NextStep: alert.next, Query: alert.query,
			},
		}
		if alert.ownChange {
			route.IgnorePrincipalArns = b.args.IgnoreChangesBy
		}
		if err := b.args.Alerts.AddRoute(b.ctx, b.name+"-"+alert.name, route, pulumi.Parent(b.trail)); err != nil {
			return err
		}
	}
	return nil
}

// insightDetails are the values of an Insights event, which has no identity of its own
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html).
var insightDetails = []alerthub.Detail{
	{Name: "insightEvent", Label: "Call", Path: "$.detail.insightDetails.eventName"},
	{Name: "insightService", Label: "In service", Path: "$.detail.insightDetails.eventSource"},
	{Name: "insightType", Label: "Kind", Path: "$.detail.insightDetails.insightType"},
	{Name: "account", Label: "Account", Path: "$.account"},
	{Name: "region", Label: "Region", Path: "$.detail.awsRegion"},
	{Name: "time", Label: "Time", Path: "$.detail.eventTime"},
}

const insightLink = "https://{console}/cloudtrailv2/home?region={region}#/insights"

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

// written matches a policy document that holds one of the texts. Two at most: see admin-list.
func written(texts ...string) (matchers []any) {
	for _, text := range texts {
		matchers = append(matchers, map[string]any{"wildcard": "*" + text + "*"})
	}
	return matchers
}
