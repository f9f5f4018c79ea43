package tests

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// silentDeployer is the role whose own changes raise no alert in these tests.
const silentDeployer = "/ci/deployer"

// trailInAccount deploys a hub with every channel, and a trail with all its alerts, into a simulated account.
func trailInAccount(t *testing.T, o testkit.Options) *simulated {
	t.Helper()
	s := deployInto(t, o, "", func(ctx *pulumi.Context) error {
		args := watchedHub(o.Partition)
		home, err := hubProvider(ctx, o, args, elsewhere(o.Partition))
		if err != nil {
			return err
		}
		hub, err := alerthub.NewAlertHub(ctx, "alerts", args, pulumi.Provider(home))
		if err != nil {
			return err
		}
		_, err = securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{
			Alerts: hub, CallRateInsights: true,
			IgnoreChangesBy: []string{"arn:" + o.Partition + ":iam::" + accountID + ":role" + silentDeployer},
		}, pulumi.Provider(home))
		return err
	})
	s.confirmEverything(t)
	return s
}

var root = map[string]any{"type": "Root", "principalId": accountID, "arn": "arn:aws:iam::" + accountID + ":root", "accountId": accountID}

// signInEvent is a console sign-in as CloudTrail writes it
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html).
func signInEvent(region string, identity map[string]any, result, mfaUsed string) string {
	return envelope(region, "aws.signin", "AWS Console Sign In via CloudTrail", map[string]any{
		"eventVersion": "1.08", "eventID": "b2f4dd0a-0000-4000-8000-1d1d2c2c3b3b", "eventTime": "2026-03-01T09:10:11Z",
		"eventSource": "signin.amazonaws.com", "eventName": "ConsoleLogin", "awsRegion": region, "sourceIPAddress": "203.0.113.7",
		"userAgent": `Mozilla/5.0 "quoted"`, "userIdentity": identity, "eventType": "AwsConsoleSignIn", "requestParameters": nil,
		"responseElements": map[string]any{"ConsoleLogin": result}, "additionalEventData": map[string]any{"MFAUsed": mfaUsed, "MobileVersion": "No"},
	})
}

func by(identity map[string]any, service, name string, parameters map[string]any) func(region string) string {
	return func(region string) string {
		return strings.Replace(call(region, service, name, identity, parameters), `"detail":{`, `"detail":{"eventType":"AwsApiCall",`, 1)
	}
}

func ingress(ranges map[string]any) map[string]any {
	permission := map[string]any{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": map[string]any{}, "ipRanges": map[string]any{}, "ipv6Ranges": map[string]any{}}
	maps.Copy(permission, ranges)
	return map[string]any{"groupId": "sg-0123", "ipPermissions": map[string]any{"items": []any{permission}}}
}

// trailSamples are the events of the trail's alerts, by route: for each at least one that must be told, the first of
// which is walked to every channel.
func trailSamples(partition string) map[string][]sample {
	mallory, everywhere := iamUser("/mallory"), []string(nil)
	global := []string{globalOf(partition)}
	bucket := map[string]any{"bucketName": "account-baseline-dev-audit-archive-trail-" + accountID}
	managed := map[string]any{"roleName": "app", "policyArn": "arn:" + partition + ":iam::aws:policy/AdministratorAccess"}
	inline := func(document string) map[string]any {
		return map[string]any{"userName": "eve", "policyName": "p", "policyDocument": document}
	}
	person := []string{"mallory", "203.0.113.7", accountID}
	many := func(severity alerthub.Severity, only []string, contains []string, events ...func(string) string) (samples []sample) {
		for _, event := range events {
			samples = append(samples, sample{severity, event, contains, only})
		}
		return samples
	}
	return map[string][]sample{
		"audit-root-sign-in": many(alerthub.Critical, everywhere, []string{"root user", "203.0.113.7"},
			func(region string) string { return signInEvent(region, root, "Success", "Yes") },
			func(region string) string { return signInEvent(region, root, "Failure", "No") }),
		"audit-root-use": many(alerthub.Critical, everywhere, []string{"root user", "UpdateAccountPasswordPolicy"}, by(root, "iam", "UpdateAccountPasswordPolicy", nil)),
		"audit-tampering": many(alerthub.Critical, everywhere, append(person, "CloudTrail was changed"),
			by(mallory, "cloudtrail", "StopLogging", map[string]any{"name": "audit"}),
			by(mallory, "cloudtrail", "DeleteTrail", nil), by(mallory, "cloudtrail", "UpdateTrail", nil), by(mallory, "cloudtrail", "CreateTrail", nil),
			by(mallory, "cloudtrail", "PutEventSelectors", nil), by(mallory, "cloudtrail", "PutInsightSelectors", nil),
			by(mallory, "cloudtrail", "PutEventConfiguration", nil), by(mallory, "cloudtrail", "UpdateEventDataStore", nil),
			by(mallory, "cloudtrail", "DeleteEventDataStore", nil), by(mallory, "cloudtrail", "StopEventDataStoreIngestion", nil)),
		"audit-archive-change": many(alerthub.Critical, everywhere, append(person, "log archive"),
			by(mallory, "s3", "DeleteBucketPolicy", bucket), by(mallory, "s3", "PutBucketLifecycle", bucket),
			by(mallory, "s3", "DeleteBucketPublicAccessBlock", bucket), by(mallory, "s3", "PutBucketVersioning", bucket)),
		"audit-key-disabled": many(alerthub.Critical, everywhere, append(person, "ScheduleKeyDeletion"),
			by(mallory, "kms", "ScheduleKeyDeletion", map[string]any{"keyId": "1234", "pendingWindowInDays": 7})),
		"audit-detection-off": many(alerthub.Critical, everywhere, []string{"mallory"},
			by(mallory, "guardduty", "DeleteDetector", map[string]any{"detectorId": "12abc"}),
			by(mallory, "guardduty", "UpdateDetector", map[string]any{"detectorId": "12abc", "enable": false}),
			by(mallory, "config", "StopConfigurationRecorder", nil), by(mallory, "config", "DeleteServiceLinkedConfigurationRecorder", nil),
			by(mallory, "config", "DeleteDeliveryChannel", nil), by(mallory, "config", "DeleteConfigurationRecorder", nil),
			by(mallory, "securityhub", "BatchDisableStandards", nil), by(mallory, "securityhub", "DisableSecurityHub", nil),
			by(mallory, "securityhub", "DisableSecurityHubV2", nil), by(mallory, "guardduty", "StopMonitoringMembers", nil),
			by(mallory, "guardduty", "DeletePublishingDestination", nil), by(mallory, "guardduty", "DisassociateFromAdministratorAccount", nil),
			by(mallory, "guardduty", "DisassociateFromMasterAccount", nil),
			by(mallory, "access-analyzer", "DeleteAnalyzer", map[string]any{"analyzerName": "a"})),
		"audit-organization": many(alerthub.Critical, []string{organizationsOf(partition)}, append(person, "LeaveOrganization"), by(mallory, "organizations", "LeaveOrganization", nil)),
		"audit-admin-rights": many(alerthub.Critical, global, []string{"mallory"},
			by(mallory, "iam", "AttachRolePolicy", managed),
			by(mallory, "iam", "PutUserPolicy", inline(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)),
			by(mallory, "iam", "CreatePolicyVersion", inline(`{ "Statement": [ { "Effect": "Allow", "Action": "*", "Resource": "*" } ] }`))),
		"audit-admin-list": many(alerthub.Critical, global, []string{"mallory"},
			by(mallory, "iam", "PutUserPolicy", inline(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["*"], "Resource": "*"}}`)),
			by(mallory, "iam", "CreatePolicy", inline(`{"Statement":[{"Effect":"Allow","Action":["*"],"Resource":"*"}]}`))),
		"audit-log-delivery": many(alerthub.Critical, everywhere, person,
			by(mallory, "logs", "DeleteLogGroup", map[string]any{"logGroupName": "cloudtrail/account-baseline-dev-audit"}),
			by(mallory, "logs", "DeleteMetricFilter", map[string]any{"logGroupName": "cloudtrail/account-baseline-dev-audit", "filterName": "root-usage"}),
			by(mallory, "iam", "DeleteRolePolicy", map[string]any{"roleName": "account-baseline-dev-audit-logs", "policyName": "write-trail-events"})),
		"audit-sign-in-no-mfa": many(alerthub.Warning, everywhere, []string{"mallory", "203.0.113.7"},
			func(region string) string { return signInEvent(region, mallory, "Success", "No") }),
		"audit-access-key": many(alerthub.Warning, global, person, by(mallory, "iam", "CreateAccessKey", map[string]any{"userName": "eve"})),
		"audit-open-to-world": many(alerthub.Warning, everywhere, []string{"mallory"},
			by(mallory, "ec2", "AuthorizeSecurityGroupIngress", ingress(map[string]any{"ipRanges": map[string]any{"items": []any{map[string]any{"cidrIp": "10.0.0.0/8"}, map[string]any{"cidrIp": "0.0.0.0/0"}}}})),
			by(mallory, "ec2", "AuthorizeSecurityGroupIngress", ingress(map[string]any{"ipv6Ranges": map[string]any{"items": []any{map[string]any{"cidrIpv6": "::/0"}}}})),
			by(mallory, "ec2", "ModifySecurityGroupRules", map[string]any{"ModifySecurityGroupRulesRequest": map[string]any{"GroupId": "sg-0123",
				"SecurityGroupRule": map[string]any{"SecurityGroupRuleId": "sgr-1", "tag": 1, "SecurityGroupRule": map[string]any{"CidrIpv4": "0.0.0.0/0"}}}})),
		"audit-insight": many(alerthub.Warning, everywhere, []string{"RunInstances", "ApiCallRateInsight"}, func(region string) string {
			return envelope(region, "aws.cloudtrail", "AWS Insight via CloudTrail", map[string]any{
				"eventVersion": "1.07", "eventTime": "2026-03-01T09:10:00Z", "awsRegion": region, "eventID": "a9", "eventType": "AwsCloudTrailInsight",
				"insightDetails": map[string]any{"state": "Start", "eventSource": "ec2.amazonaws.com", "eventName": "RunInstances", "insightType": "ApiCallRateInsight"},
				"eventCategory":  "Insight",
			})
		}),
	}
}

func globalOf(partition string) string {
	for _, p := range testkit.Partitions {
		if p.Name == partition {
			return p.Global
		}
	}
	panic("no partition " + partition)
}

// organizationsOf is the Region where AWS Organizations reports:
// https://docs.aws.amazon.com/organizations/latest/userguide/region-support.html
func organizationsOf(partition string) string {
	if partition == "aws-cn" {
		return "cn-northwest-1"
	}
	return globalOf(partition)
}

func TestEveryAlertOfTheTrailIsDelivered(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		s := trailInAccount(t, testkit.Options{Partition: p.Name})
		in := append([]string{p.Home}, forwarded(p.Name)...)
		proveDelivery(t, s, p.Name, in, firstSamples(p.Name))
		for route, given := range trailSamples(p.Name) {
			for _, further := range given[1:] {
				region := p.Home
				if further.only != nil {
					region = further.only[0]
				}
				if !slices.Contains(in, region) {
					continue
				}
				assert.NoError(t, delivered(s, p.Name, route, region, further), route)
			}
		}
	})
}

// firstSamples are those of the hub's routes and the first of each of the trail's.
func firstSamples(partition string) map[string]sample {
	samples := hubSamples()
	for route, given := range trailSamples(partition) {
		samples[route] = given[0]
	}
	return samples
}

func TestEveryAlertOfTheTrailNeedsEachOfItsTargets(t *testing.T) {
	proveTargetsAreNeeded(t, trailInAccount(t, testkit.Options{Partition: "aws"}), firstSamples("aws"))
}

// Each link that alerts share is broken in an account of its own, and every alert of the trail names it.
func TestEveryAlertOfTheTrailNeedsEveryLink(t *testing.T) {
	samples := trailSamples("aws")
	for _, severity := range []alerthub.Severity{alerthub.Critical, alerthub.Warning} {
		for _, link := range sharedLinks(severity) {
			t.Run(string(severity)+" "+link.what, func(t *testing.T) {
				s := trailInAccount(t, testkit.Options{Partition: "aws"})
				require.NoError(t, s.one(t, link.typ, link.name).remove())
				for route, given := range samples {
					first, region := given[0], link.from
					if first.severity != severity {
						continue
					}
					if first.only != nil {
						region = first.only[0]
					}
					assert.ErrorContains(t, delivered(s, "aws", route, region, first), link.names, route)
				}
			})
		}
	}
}

// TestNoRuleIsTooComplex: with four wildcard matchers of two wildcards each EventBridge was seen to refuse a rule, with
// three it took it (https://github.com/vals-ai/Valkyrie/pull/278).
func TestNoRuleIsTooComplex(t *testing.T) {
	d := deployAlertingTrail(t, testkit.Options{Partition: "aws"})
	wild := 0
	for _, rule := range d.ByType(eventRuleType) {
		found := strings.Count(rule.String("eventPattern"), `"wildcard":`)
		assert.LessOrEqual(t, found, 3, rule.Name)
		wild += found
	}
	assert.Positive(t, wild, "nothing was counted")
}

// TestAlertsAreSilentAboutEverydayWork: a near miss of each alert raises none.
func TestAlertsAreSilentAboutEverydayWork(t *testing.T) {
	s := trailInAccount(t, testkit.Options{Partition: "aws"})
	alice, deployer := iamUser("/alice"), assumedRole(silentDeployer, "up")
	bucket := map[string]any{"bucketName": "account-baseline-dev-audit-archive-trail-" + accountID}
	invoked := maps.Clone(root)
	invoked["invokedBy"] = "support.amazonaws.com"
	denied := func(region string) string {
		return strings.Replace(call(region, "iam", "CreateAccessKey", alice, nil), `"detail":{`, `"detail":{"errorCode":"AccessDenied",`, 1)
	}
	for name, event := range map[string]func(region string) string{
		"a user signs in with MFA":            func(region string) string { return signInEvent(region, alice, "Success", "Yes") },
		"a user mistypes the password":        func(region string) string { return signInEvent(region, alice, "Failure", "No") },
		"a federated user signs in":           func(region string) string { return signInEvent(region, assumedRole("/sso", "alice"), "Success", "No") },
		"a service acts for root":             by(invoked, "support", "CreateCase", nil),
		"the deployer changes the trail":      by(deployer, "cloudtrail", "UpdateTrail", nil),
		"the deployer changes the archive":    by(deployer, "s3", "PutBucketPolicy", bucket),
		"the deployer attaches rights":        by(deployer, "iam", "AttachRolePolicy", map[string]any{"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}),
		"another bucket's policy":             by(alice, "s3", "PutBucketPolicy", map[string]any{"bucketName": "website"}),
		"the archive's policy is read":        by(alice, "s3", "GetBucketPolicy", bucket),
		"a key is enabled":                    by(alice, "kms", "EnableKey", map[string]any{"keyId": "1234"}),
		"a detector is switched on":           by(alice, "guardduty", "UpdateDetector", map[string]any{"enable": true}),
		"another log group is deleted":        by(alice, "logs", "DeleteLogGroup", map[string]any{"logGroupName": "app"}),
		"a recorder is started":               by(alice, "config", "StartConfigurationRecorder", nil),
		"an account is invited":               by(alice, "organizations", "InviteAccountToOrganization", nil),
		"read-only rights are attached":       by(alice, "iam", "AttachRolePolicy", map[string]any{"policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
		"narrow rights are written":           by(alice, "iam", "PutUserPolicy", map[string]any{"policyDocument": `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`}),
		"creating a key is denied":            denied,
		"an access key is deleted":            by(alice, "iam", "DeleteAccessKey", nil),
		"a security group opens to a network": by(alice, "ec2", "AuthorizeSecurityGroupIngress", ingress(map[string]any{"ipRanges": map[string]any{"items": []any{map[string]any{"cidrIp": "10.0.0.0/8"}}}})),
	} {
		for _, region := range append([]string{s.home}, elsewhere("aws")...) {
			for _, delivery := range s.account().PutEvent(region, event(region)) {
				assert.Failf(t, "told of everyday work", "%s in %s: %s: %s", name, region, trailOf(delivery), delivery.Text)
			}
		}
	}
}

// TestIgnoredIsWhoWasNamed: another role of the same name, or a user, is still told of.
func TestIgnoredIsWhoWasNamed(t *testing.T) {
	s := trailInAccount(t, testkit.Options{Partition: "aws"})
	for _, identity := range []map[string]any{assumedRole("/deployer", "up"), iamUser("/ci/deployer"), root} {
		given := sample{alerthub.Critical, by(identity, "cloudtrail", "StopLogging", nil), []string{"StopLogging"}, nil}
		assert.NoError(t, delivered(s, "aws", "audit-tampering", s.home, given), identity["arn"])
	}
}
