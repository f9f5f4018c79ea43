package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// threatsInAccount deploys a hub with every channel and the component with all its alerts into a simulated account, with a
// trail beside it or without.
func threatsInAccount(t *testing.T, o testkit.Options, withTrail bool) *simulated {
	t.Helper()
	silent := []string{"arn:" + o.Partition + ":iam::" + accountID + ":role" + silentDeployer}
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
		if withTrail {
			_, err := securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{Alerts: hub, IgnoreChangesBy: silent}, pulumi.Provider(home))
			if err != nil {
				return err
			}
		}
		covered := args.Regions.Covered()
		threats := threatArgs{
			Alerts: hub, WithTrail: withTrail, Regions: args.Regions, InformationalFindings: true, PublicHealthIssues: true, IgnoreChangesBy: silent,
			AccessAnalyzer: threatdetection.AccessAnalyzerArgs{UnusedAccess: true},
			SecurityHub:    threatdetection.SecurityHubArgs{Regions: covered},
			Inspector:      threatdetection.InspectorArgs{Regions: covered},
		}
		if o.Partition == "aws" {
			threats.TrustedAdvisor, threats.Macie.Regions = true, covered
		}
		_, err = threatdetection.NewThreatDetection(ctx, "threats", &threats, pulumi.Provider(home))
		return err
	})
	s.confirmEverything(t)
	return s
}

// remote is who is on the other side of a finding.
func remote(ip, country string) map[string]any {
	version := "ipAddressV4"
	if strings.Contains(ip, ":") {
		version = "ipAddressV6"
	}
	return map[string]any{version: ip, "country": map[string]any{"countryName": country}, "city": map[string]any{"cityName": "Somewhere"},
		"organization": map[string]any{"asn": "64496", "asnOrg": `An "organization"`}}
}

// guardDutyFinding is a finding as GuardDuty publishes it
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html).
func guardDutyFinding(severity float64, kind, title string, resource, action map[string]any) func(region string) string {
	return func(region string) string {
		return envelope(region, "aws.guardduty", "GuardDuty Finding", map[string]any{
			"schemaVersion": "2.0", "accountId": accountID, "region": region, "partition": "aws", "id": "16afba5c5c43e07c9e3e5e2e544e95df",
			"arn":  "arn:aws:guardduty:" + region + ":" + accountID + ":detector/" + someDetectorID + "/finding/16afba5c5c43e07c9e3e5e2e544e95df",
			"type": kind, "severity": severity, "title": title, "description": `Somebody wrote "this".`, "resource": resource,
			"createdAt": "2026-03-01T09:10:11.000Z", "updatedAt": "2026-03-01T09:10:11.000Z",
			"service": map[string]any{
				"serviceName": "guardduty", "detectorId": someDetectorID, "action": action, "resourceRole": "TARGET", "archived": false, "count": 1,
				"eventFirstSeen": "2026-03-01T09:00:00.000Z", "eventLastSeen": "2026-03-01T09:05:00.000Z",
			},
		})
	}
}

// sampleFindings are of different types, resources and actions, with what has to be read of each.
func sampleFindings() []struct {
	severity float64
	event    func(region string) string
	contains []string
} {
	network := func(ip, country string) map[string]any {
		return map[string]any{"actionType": "NETWORK_CONNECTION", "networkConnectionAction": map[string]any{"connectionDirection": "INBOUND", "remoteIpDetails": remote(ip, country), "blocked": false}}
	}
	apiCall := func(ip, country string) map[string]any {
		return map[string]any{"actionType": "AWS_API_CALL", "awsApiCallAction": map[string]any{"api": "DescribeInstances", "serviceName": "ec2.amazonaws.com", "remoteIpDetails": remote(ip, country)}}
	}
	instance := map[string]any{"resourceType": "Instance", "instanceDetails": map[string]any{"instanceId": "i-0123", "tags": []any{map[string]any{"key": "Name", "value": `"x"`}}}}
	key := map[string]any{"resourceType": "AccessKey", "accessKeyDetails": map[string]any{"accessKeyId": "AKIAEXAMPLE", "userName": "mallory", "userType": "IAMUser"}}
	bucket := map[string]any{"resourceType": "S3Bucket", "s3BucketDetails": []any{map[string]any{"name": "invoices", "type": "Destination"}}, "accessKeyDetails": map[string]any{"userName": "mallory"}}
	type finding = struct {
		severity float64
		event    func(region string) string
		contains []string
	}
	var all []finding
	add := func(severity float64, kind, title string, resource, action map[string]any, contains ...string) {
		all = append(all, finding{severity, guardDutyFinding(severity, kind, title, resource, action), append(contains, kind, title)})
	}
	add(8, "UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom", "API DescribeInstances was invoked from an IP address on a custom threat list.", key, apiCall("2001:db8::7", "Spain"), "mallory", "2001:db8::7", "Spain")
	add(3.9, "Policy:IAMUser/RootCredentialUsage", "API DescribeInstances was invoked using root credentials.", key, apiCall("203.0.113.1", "Japan"), "203.0.113.1", "mallory")
	add(4, "Recon:EC2/PortProbeUnprotectedPort", "Unprotected port on EC2 instance i-0123 is being probed.", instance,
		map[string]any{"actionType": "PORT_PROBE", "portProbeAction": map[string]any{"blocked": false, "portProbeDetails": []any{map[string]any{"remoteIpDetails": remote("203.0.113.2", "France")}}}}, "i-0123", "203.0.113.2", "France")
	add(5, "Recon:IAMUser/TorIPCaller", "Reconnaissance API DescribeInstances was invoked from a Tor exit node.", key, apiCall("203.0.113.3", "Germany"), "mallory", "203.0.113.3", "Germany")
	add(6.9, "Discovery:S3/AnomalousBehavior", "User mallory is anomalously invoking a list of APIs.", bucket, apiCall("203.0.113.4", "Brazil"), "invoices", "203.0.113.4", "Brazil")
	add(7, "CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin", "A user successfully logged into an RDS database in an anomalous way.",
		map[string]any{"resourceType": "RDSDBInstance", "rdsDbInstanceDetails": map[string]any{"dbInstanceIdentifier": "orders"}},
		map[string]any{"actionType": "RDS_LOGIN_ATTEMPT", "rdsLoginAttemptAction": map[string]any{"remoteIpDetails": remote("203.0.113.5", "Italy")}}, "orders", "203.0.113.5", "Italy")
	add(8, "UnauthorizedAccess:EC2/SSHBruteForce", "203.0.113.6 is performing SSH brute force attacks against i-0123.", instance, network("203.0.113.6", "Spain"), "i-0123", "203.0.113.6", "Spain")
	add(8, "Impact:Kubernetes/MaliciousIPCaller", "Kubernetes API commonly used in impact tactics was invoked from a known malicious IP address.",
		map[string]any{"resourceType": "EKSCluster", "eksClusterDetails": map[string]any{"name": "shop"}, "kubernetesDetails": map[string]any{"kubernetesUserDetails": map[string]any{"username": `a"b`}}},
		map[string]any{"actionType": "KUBERNETES_API_CALL", "kubernetesApiCallAction": map[string]any{"requestUri": "/api", "remoteIpDetails": remote("203.0.113.7", "Norway")}}, "shop", "203.0.113.7", "Norway")
	add(8, "Backdoor:Lambda/C&CActivity.B", "A Lambda function is querying a domain name associated with a known command and control server.",
		map[string]any{"resourceType": "Lambda", "lambdaDetails": map[string]any{"functionName": "resize"}}, network("203.0.113.8", "Poland"), "resize", "203.0.113.8", "Poland")
	add(8.9, "CryptoCurrency:EC2/BitcoinTool.B!DNS", "The EC2 instance i-0123 is querying a domain name associated with Bitcoin-related activity.", instance,
		map[string]any{"actionType": "DNS_REQUEST", "dnsRequestAction": map[string]any{"domain": "example.com", "blocked": false}}, "i-0123")
	add(8, "Object:S3/MaliciousFile", "A malicious file was detected on an S3 object.", bucket, map[string]any{}, "invoices")
	add(9.5, "AttackSequence:IAM/CompromisedCredentials", "Potential credential compromise of mallory.", map[string]any{"resourceType": "AttackSequence"}, map[string]any{})
	return all
}

// severityOf is the alert of a finding with the default thresholds.
func severityOf(severity float64) alerthub.Severity {
	switch {
	case severity >= 7:
		return alerthub.Critical
	case severity >= 4:
		return alerthub.Warning
	default:
		return alerthub.Informational
	}
}

// importedFinding is a finding as Security Hub publishes it
// (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html).
func importedFinding(change func(finding map[string]any)) func(region string) string {
	return func(region string) string {
		finding := map[string]any{
			"SchemaVersion": "2018-10-08", "Id": "arn:aws:securityhub:" + region + ":" + accountID + ":security-control/IAM.1/finding/1",
			"ProductArn": "arn:aws:securityhub:" + region + "::product/aws/securityhub", "ProductName": "Security Hub", "CompanyName": "AWS",
			"Region": region, "GeneratorId": "security-control/EC2.19", "AwsAccountId": accountID, "UpdatedAt": "2026-03-01T09:10:11.000Z",
			"Title": `Policies should not allow full "*" privileges`, "Severity": map[string]any{"Label": "CRITICAL", "Normalized": 90},
			"Resources":  []any{map[string]any{"Type": "AwsEc2SecurityGroup", "Id": "arn:aws:ec2:" + region + ":" + accountID + ":security-group/sg-0123"}},
			"Compliance": map[string]any{"Status": "FAILED", "SecurityControlId": "EC2.19"}, "WorkflowState": "NEW",
			"Workflow": map[string]any{"Status": "NEW"}, "RecordState": "ACTIVE",
		}
		if change != nil {
			change(finding)
		}
		return envelope(region, "aws.securityhub", "Security Hub Findings - Imported", map[string]any{"findings": []any{finding}})
	}
}

func byProduct(name string) func(finding map[string]any) {
	return func(finding map[string]any) {
		finding["ProductArn"] = strings.Replace(finding["ProductArn"].(string), "aws/securityhub", "aws/"+name, 1)
		delete(finding, "Compliance")
	}
}

// accessFinding is a finding as IAM Access Analyzer publishes it
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html).
func accessFinding(kind, resource string, change map[string]any) func(region string) string {
	return func(region string) string {
		detail := map[string]any{
			"version": "1.0", "id": "9e8d-0123", "status": "ACTIVE", "resourceType": kind, "resource": resource, "accountId": accountID, "region": region,
			"createdAt": "2026-03-01T09:00:00Z", "analyzedAt": "2026-03-01T09:10:00Z", "updatedAt": "2026-03-01T09:10:00Z",
			"principal": map[string]any{"AWS": foreignAccount}, "action": []any{"s3:GetObject"}, "condition": map[string]any{}, "isDeleted": false, "isPublic": false,
		}
		for name, value := range change {
			detail[name] = value
		}
		return envelope(region, "aws.access-analyzer", "Access Analyzer Finding", detail)
	}
}

func unusedAccess(region string) string {
	return envelope(region, "aws.access-analyzer", "Unused Access Finding for IAM entities", map[string]any{
		"version": "1.0", "id": "9e8d-0124", "status": "ACTIVE", "resourceType": "AWS::IAM::Role", "resource": "arn:aws:iam::" + accountID + ":role/a",
		"findingType": "UnusedPermission", "accountId": accountID, "region": region, "updatedAt": "2026-03-01T09:10:00Z", "isDeleted": false,
	})
}

// healthEvent is an event of AWS Health
// (https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html).
func healthEvent(service, category, code string, change map[string]any) func(region string) string {
	return func(region string) string {
		detail := map[string]any{
			"eventArn": "arn:aws:health:" + region + "::event/" + service + "/" + code + "/1", "service": service, "eventTypeCode": code, "eventTypeCategory": category,
			"eventScopeCode": "ACCOUNT_SPECIFIC", "communicationId": "1", "startTime": "Sun, 01 Mar 2026 09:10:11 GMT", "lastUpdatedTime": "Sun, 01 Mar 2026 09:10:11 GMT",
			"statusCode": "open", "eventRegion": region, "page": "1", "totalPages": "2", "backupEvent": "false", "affectedAccount": accountID,
			"eventDescription": []any{map[string]any{"language": "en_US", "latestDescription": "A description\nwith \"quotes\"."}},
		}
		for name, value := range change {
			detail[name] = value
		}
		return envelope(region, "aws.health", "AWS Health Event", detail)
	}
}

func trustedAdvisor(status string) func(region string) string {
	return func(region string) string {
		return envelope(region, "aws.trustedadvisor", "Trusted Advisor Check Item Refresh Notification", map[string]any{
			"check-name": "Amazon S3 Bucket Permissions", "status": status, "resource_id": "arn:aws:s3:::invoices", "uuid": "1",
			"check-item-detail": map[string]any{"Status": "Yellow", "Bucket Name": "invoices"},
		})
	}
}

func vulnerability(severity, status string) func(region string) string {
	return func(region string) string {
		return envelope(region, "aws.inspector2", "Inspector2 Finding", map[string]any{
			"awsAccountId": accountID, "severity": severity, "status": status, "type": "PACKAGE_VULNERABILITY", "title": `CVE-2026-0001 - "openssl"`,
			"packageVulnerabilityDetails": map[string]any{"vulnerabilityId": "CVE-2026-0001"}, "exploitAvailable": "YES", "fixAvailable": "YES",
			"resources": []any{map[string]any{"id": "i-0123", "type": "AWS_EC2_INSTANCE", "region": region}},
		})
	}
}

func sensitiveData(severity string, archived bool) func(region string) string {
	return func(region string) string {
		return envelope(region, "aws.macie", "Macie Finding", map[string]any{
			"id": "5be50fce24526e670df77bc00", "accountId": accountID, "type": "SensitiveData:S3Object/Credentials", "archived": archived,
			"severity": map[string]any{"score": 3, "description": severity}, "updatedAt": "2026-03-01T09:10:11Z",
			"resourcesAffected": map[string]any{"s3Bucket": map[string]any{"name": "invoices"}, "s3Object": map[string]any{"key": `a"b`}},
		})
	}
}

// weakeningCalls are the calls that narrow detection or hide findings, by route, and harmlessCalls those that nobody has to
// hear of: those of the services' API references that change anything and are in no alert of switching off
// (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Operations.html,
// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Operations.html,
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Operations.html,
// https://docs.aws.amazon.com/inspector/v2/APIReference/API_Operations.html,
// https://docs.aws.amazon.com/macie/latest/APIReference/operations.html).
var weakeningCalls = map[string]string{
	"detection-change": `guardduty:CreateIPSet guardduty:CreateTrustedEntitySet guardduty:DeleteMalwareProtectionPlan guardduty:DeleteMembers
		guardduty:DeleteThreatEntitySet guardduty:DeleteThreatIntelSet guardduty:DisableOrganizationAdminAccount guardduty:DisassociateMembers
		guardduty:UpdateFilter guardduty:UpdateIPSet guardduty:UpdateMalwareProtectionPlan guardduty:UpdateMalwareScanSettings
		guardduty:UpdateMemberDetectors guardduty:UpdateOrganizationConfiguration guardduty:UpdatePublishingDestination
		guardduty:UpdateThreatEntitySet guardduty:UpdateThreatIntelSet guardduty:UpdateTrustedEntitySet
		access-analyzer:ApplyArchiveRule access-analyzer:CreateArchiveRule access-analyzer:UpdateAnalyzer access-analyzer:UpdateArchiveRule`,
	"checks-change": `securityhub:BatchUpdateAutomationRules securityhub:BatchUpdateStandardsControlAssociations securityhub:CreateAutomationRule
		securityhub:CreateAutomationRuleV2 securityhub:DeleteFindingAggregator securityhub:DisableImportFindingsForProduct
		securityhub:DisassociateFromAdministratorAccount securityhub:DisassociateMembers securityhub:StartConfigurationPolicyDisassociation
		securityhub:UpdateAutomationRuleV2 securityhub:UpdateConfigurationPolicy securityhub:UpdateFindingAggregator
		securityhub:UpdateSecurityControl securityhub:UpdateSecurityHubConfiguration securityhub:UpdateStandardsControl
		inspector2:CreateFilter inspector2:Disable inspector2:DisassociateMember inspector2:UpdateConfiguration inspector2:UpdateFilter
		macie2:CreateAllowList macie2:CreateFindingsFilter macie2:DisableMacie macie2:DisassociateFromAdministratorAccount
		macie2:PutFindingsPublicationConfiguration macie2:UpdateAllowList macie2:UpdateClassificationScope macie2:UpdateFindingsFilter
		macie2:UpdateMacieSession macie2:UpdateResourceProfileDetections`,
}

const harmlessCalls = `guardduty:CreateDetector guardduty:CreateMalwareProtectionPlan guardduty:CreatePublishingDestination guardduty:CreateSampleFindings
	guardduty:CreateThreatIntelSet guardduty:DeleteFilter guardduty:DeleteIPSet guardduty:StartMalwareScan guardduty:UnarchiveFindings
	guardduty:UpdateFindingsFeedback securityhub:BatchEnableStandards securityhub:BatchUpdateFindings securityhub:CreateInsight
	securityhub:EnableImportFindingsForProduct access-analyzer:CreateAnalyzer access-analyzer:DeleteArchiveRule
	access-analyzer:StartResourceScan access-analyzer:UpdateFindings inspector2:CreateFindingsReport inspector2:DeleteFilter
	inspector2:Enable macie2:CreateClassificationJob macie2:DeleteFindingsFilter macie2:EnableMacie`

// threatSamples are the events of the alerts, by route: for each at least one that must be told, the first of which is
// walked to every channel.
func threatSamples(partition string, withTrail bool) map[string][]sample {
	mallory, person := iamUser("/mallory"), []string{"mallory", "203.0.113.7", accountID}
	home := []string{homeOf(testkit.Options{Partition: partition})}
	samples := map[string][]sample{}
	add := func(route string, severity alerthub.Severity, only, contains []string, events ...func(string) string) {
		for _, event := range events {
			samples["threats-"+route] = append(samples["threats-"+route], sample{severity, event, contains, only})
		}
	}
	for _, finding := range sampleFindings() {
		severity := severityOf(finding.severity)
		add("finding-"+string(severity), severity, nil, finding.contains, finding.event)
	}
	add("finding-quoted", alerthub.Critical, nil, []string{"Recon:EC2/Portscan", "quotation mark"},
		guardDutyFinding(5, "Recon:EC2/Portscan", `"},{"`, map[string]any{}, nil), guardDutyFinding(8, "Recon:EC2/Portscan", `a\b`, map[string]any{}, nil))
	add("finding-informational-quoted", alerthub.Informational, nil, []string{"Recon:EC2/Portscan", "quotation mark"},
		guardDutyFinding(2, "Recon:EC2/Portscan", `"},{"`, map[string]any{}, nil), guardDutyFinding(3.9, "Recon:EC2/Portscan", `a\b`, map[string]any{}, nil))
	add("external-access", alerthub.Warning, nil, []string{"arn:aws:s3:::invoices", "AWS::S3::Bucket"},
		accessFinding("AWS::S3::Bucket", "arn:aws:s3:::invoices", nil), accessFinding("AWS::S3::Bucket", "arn:aws:s3:::invoices", map[string]any{"isPublic": true}))
	add("external-access", alerthub.Warning, home, []string{":role/a"}, accessFinding("AWS::IAM::Role", "arn:aws:iam::"+accountID+":role/a", nil))
	add("external-access-quoted", alerthub.Warning, home, []string{"AWS::IAM::Role", "quotation mark"}, accessFinding("AWS::IAM::Role", `arn:aws:iam::1:role/"/a`, nil))
	add("unused-access", alerthub.Informational, nil, []string{"UnusedPermission"}, unusedAccess)
	add("security-hub", alerthub.Warning, home, []string{"EC2.19", "sg-0123", "CRITICAL"}, importedFinding(nil))
	add("security-hub", alerthub.Warning, home, []string{"HIGH"}, importedFinding(func(f map[string]any) { f["Severity"] = map[string]any{"Label": "HIGH"} }))
	add("security-hub", alerthub.Warning, home, []string{"IAM.6"}, importedFinding(func(f map[string]any) { f["Compliance"] = map[string]any{"SecurityControlId": "IAM.6"} }))
	add("security-hub", alerthub.Warning, home, []string{"IAM.28", "eu-west-1"}, importedFinding(func(f map[string]any) {
		f["Compliance"], f["Region"] = map[string]any{"SecurityControlId": "IAM.28"}, "eu-west-1"
	}))
	add("security-hub", alerthub.Warning, home, []string{"eu-west-1"}, importedFinding(func(f map[string]any) { f["Region"] = "eu-west-1" }))
	add("security-hub", alerthub.Warning, home, []string{"sg-0123"}, importedFinding(byProduct("firewall-manager")))
	add("security-hub-quoted", alerthub.Warning, home, []string{"EC2.19", "quotation mark"},
		importedFinding(func(f map[string]any) { f["Resources"] = []any{map[string]any{"Type": "AwsIamRole", "Id": `a"b`}} }))
	add("health-risk", alerthub.Critical, nil, []string{"AWS_RISK_CREDENTIALS_EXPOSED"},
		healthEvent("RISK", "issue", "AWS_RISK_CREDENTIALS_EXPOSED", nil),
		func(region string) string {
			return strings.Replace(healthEvent("ABUSE", "issue", "AWS_RISK_CREDENTIALS_EXPOSED", nil)(region), "AWS Health Event", "AWS Health Abuse Event", 1)
		})
	add("health-issue", alerthub.Warning, nil, []string{"AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED", "EC2"},
		healthEvent("EC2", "issue", "AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED", nil),
		healthEvent("EC2", "issue", "AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED", map[string]any{"backupEvent": false}))
	add("health-notice", alerthub.Informational, nil, []string{"AWS_RDS_MAINTENANCE_SCHEDULED"},
		healthEvent("RDS", "scheduledChange", "AWS_RDS_MAINTENANCE_SCHEDULED", nil), healthEvent("RDS", "accountNotification", "AWS_RDS_MAINTENANCE_SCHEDULED", nil))
	add("health-public", alerthub.Informational, nil, []string{"AWS_EC2_OPERATIONAL_ISSUE", "EC2"},
		healthEvent("EC2", "issue", "AWS_EC2_OPERATIONAL_ISSUE", map[string]any{"eventScopeCode": "PUBLIC"}))
	add("inspector", alerthub.Warning, nil, []string{"CVE-2026-0001", "i-0123"}, vulnerability("CRITICAL", "ACTIVE"))
	add("detection-change", alerthub.Warning, nil, person,
		by(mallory, "guardduty", "CreateFilter", map[string]any{"detectorId": "1", "action": "ARCHIVE"}), by(mallory, "guardduty", "UpdateDetector", map[string]any{"detectorId": "1"}))
	for route, calls := range weakeningCalls {
		for _, call := range strings.Fields(calls) {
			service, name, _ := strings.Cut(call, ":")
			add(route, alerthub.Warning, nil, person, by(mallory, service, name, nil))
		}
	}
	if !withTrail {
		add("detection-off", alerthub.Critical, nil, person,
			by(mallory, "guardduty", "DeleteDetector", nil), by(mallory, "guardduty", "UpdateDetector", map[string]any{"detectorId": "1", "enable": false}),
			by(mallory, "securityhub", "DisableSecurityHub", nil), by(mallory, "securityhub", "DisableSecurityHubV2", nil),
			by(mallory, "securityhub", "BatchDisableStandards", nil), by(mallory, "access-analyzer", "DeleteAnalyzer", nil),
			by(mallory, "guardduty", "DeletePublishingDestination", nil), by(mallory, "guardduty", "StopMonitoringMembers", nil),
			by(mallory, "guardduty", "DisassociateFromAdministratorAccount", nil), by(mallory, "guardduty", "DisassociateFromMasterAccount", nil))
	}
	if partition == "aws" {
		add("macie", alerthub.Warning, nil, []string{"SensitiveData:S3Object/Credentials", "invoices"}, sensitiveData("High", false))
		add("trusted-advisor", alerthub.Warning, []string{"us-east-1"}, []string{"Amazon S3 Bucket Permissions"}, trustedAdvisor("WARN"), trustedAdvisor("ERROR"))
	}
	return samples
}

func TestEveryThreatIsDelivered(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		s := threatsInAccount(t, testkit.Options{Partition: p.Name}, false)
		samples := hubSamples()
		for route, given := range threatSamples(p.Name, false) {
			samples[route] = given[0]
		}
		in := append([]string{p.Home}, forwarded(p.Name)...)
		proveDelivery(t, s, p.Name, in, samples)
		for route, given := range threatSamples(p.Name, false) {
			for i, further := range given[1:] {
				region := in[i%len(in)]
				if further.only != nil {
					region = further.only[0]
				}
				assert.NoError(t, delivered(s, p.Name, route, region, further), "%s from %s", route, region)
			}
		}
	})
}

// TestFindingsPageBySeverity: the edges of the ranges, in every Region, with the default thresholds and with others.
func TestFindingsPageBySeverity(t *testing.T) {
	heardAs := func(s *simulated, region string, severity float64) string {
		event := guardDutyFinding(severity, "Recon:EC2/Portscan", "Somebody scans ports.", map[string]any{}, nil)
		heard := map[string]bool{}
		for _, d := range s.account().PutEvent(region, event(region)) {
			if !strings.Contains(d.Dropped, "reply") && d.Protocol == "email" {
				heard[strings.SplitN(strings.TrimLeft(d.Text, `"[`), "]", 2)[0]] = true
			}
		}
		return fmt.Sprint(heard)
	}
	deploy := func(args threatArgs) *simulated {
		s := deployInto(t, testkit.Options{}, "", func(ctx *pulumi.Context) error {
			hubArgs := watchedHub("aws")
			home, err := hubProvider(ctx, testkit.Options{}, hubArgs, elsewhere("aws"))
			if err != nil {
				return err
			}
			if args.Alerts, err = alerthub.NewAlertHub(ctx, "alerts", hubArgs, pulumi.Provider(home)); err != nil {
				return err
			}
			args.Regions = hubArgs.Regions
			_, err = threatdetection.NewThreatDetection(ctx, "threats", &args, pulumi.Provider(home))
			return err
		})
		s.confirmEverything(t)
		return s
	}
	for _, row := range []struct {
		args threatArgs
		want map[float64]string
	}{
		{threatArgs{}, map[float64]string{1: "", 3.9: "", 4: "WARNING", 6.9: "WARNING", 7: "CRITICAL", 8.9: "CRITICAL", 9.5: "CRITICAL", 10: "CRITICAL"}},
		{threatArgs{InformationalFindings: true}, map[float64]string{1: "INFORMATIONAL", 3.9: "INFORMATIONAL", 4: "WARNING", 6.9: "WARNING", 7: "CRITICAL"}},
		{threatArgs{CriticalFrom: 8.5, WarningFrom: 2}, map[float64]string{1.9: "", 2: "WARNING", 7: "WARNING", 8.4: "WARNING", 8.5: "CRITICAL"}},
	} {
		s := deploy(row.args)
		for severity, want := range row.want {
			heard := map[string]bool{}
			if want != "" {
				heard[want] = true
			}
			for _, region := range append([]string{s.home}, elsewhere("aws")...) {
				assert.Equal(t, fmt.Sprint(heard), heardAs(s, region, severity), "severity %v in %s", severity, region)
			}
		}
	}
}

// TestNoThreatIsToldTwice: each event reaches people by one route, and what Security Hub repeats by none.
func TestNoThreatIsToldTwice(t *testing.T) {
	s := threatsInAccount(t, testkit.Options{Partition: "aws"}, true)
	for route, samples := range threatSamples("aws", true) {
		for _, given := range samples {
			region := s.home
			if given.only != nil {
				region = given.only[0]
			}
			require.NoError(t, delivered(s, "aws", route, region, given), route)
			told := map[string]bool{}
			for _, d := range s.account().PutEvent(region, given.event(region)) {
				for _, hop := range d.Trail {
					if hop.Kind == "rule" && strings.Contains(hop.ARN, ":"+s.home+":") {
						told[hop.ARN[strings.LastIndex(hop.ARN, hubPrefix):]] = true
					}
				}
			}
			assert.Equal(t, map[string]bool{hubPrefix + "-" + route: true}, told)
		}
	}
	for _, product := range []string{"guardduty", "access-analyzer", "health", "inspector", "macie"} {
		assert.Empty(t, s.account().PutEvent(s.home, importedFinding(byProduct(product))(s.home)), product)
	}
	deleted := by(iamUser("/mallory"), "guardduty", "DeleteDetector", nil)(s.home)
	for _, d := range s.account().PutEvent(s.home, deleted) {
		assert.Contains(t, trailOf(d), "-audit-detection-off")
	}
}

// TestSecurityHubTellsOfRegionsThatNobodyHears: in a partition without forwarding the aggregated findings are all that is heard of
// the other Regions, so that those of GuardDuty are told from there, and from there only.
func TestSecurityHubTellsOfRegionsThatNobodyHears(t *testing.T) {
	s := threatsInAccount(t, testkit.Options{Partition: "aws-cn"}, true)
	of := func(product, region string, change func(finding map[string]any)) string {
		return importedFinding(func(f map[string]any) {
			byProduct(product)(f)
			f["Region"] = region
			if change != nil {
				change(f)
			}
		})(s.home)
	}
	other := elsewhere("aws-cn")[0]
	for _, product := range []string{"guardduty", "access-analyzer", "inspector", "health"} {
		assert.NotEmpty(t, s.account().PutEvent(s.home, of(product, other, nil)), "%s of %s", product, other)
		assert.Empty(t, s.account().PutEvent(s.home, of(product, s.home, nil)), "%s of the home Region, which has an alert of its own", product)
	}
	assert.Empty(t, s.account().PutEvent(s.home, of("access-analyzer", other, func(f map[string]any) {
		f["Resources"] = []any{map[string]any{"Type": "AwsIamRole", "Id": "arn:aws-cn:iam::" + accountID + ":role/a"}}
	})), "the home Region's analyzer finds the same role")
	assert.Empty(t, s.account().PutEvent(s.home, of("securityhub", other, func(f map[string]any) {
		f["Compliance"] = map[string]any{"SecurityControlId": "IAM.6"}
	})), "a control about IAM")
	assert.NotEmpty(t, s.account().PutEvent(s.home, of("securityhub", other, nil)))
}

// TestThreatsAreSilentAboutEverydayWork: a near miss of each alert raises none.
func TestThreatsAreSilentAboutEverydayWork(t *testing.T) {
	alice, deployer := iamUser("/alice"), assumedRole(silentDeployer, "up")
	role := "arn:aws:iam::" + accountID + ":role/a"
	without := func(change func(f map[string]any)) func(string) string { return importedFinding(change) }
	s := threatsInAccount(t, testkit.Options{Partition: "aws"}, false)
	quiet := map[string]func(region string) string{
		"a finding of access is resolved":      accessFinding("AWS::S3::Bucket", "arn:aws:s3:::a", map[string]any{"status": "RESOLVED"}),
		"a finding of access is archived":      accessFinding("AWS::S3::Bucket", "arn:aws:s3:::a", map[string]any{"status": "ARCHIVED"}),
		"a finding of access is deleted":       accessFinding("AWS::S3::Bucket", "arn:aws:s3:::a", map[string]any{"isDeleted": true}),
		"a medium finding of Security Hub":     without(func(f map[string]any) { f["Severity"] = map[string]any{"Label": "MEDIUM"} }),
		"a suppressed finding of Security Hub": without(func(f map[string]any) { f["Workflow"] = map[string]any{"Status": "SUPPRESSED"} }),
		"an archived finding of Security Hub":  without(func(f map[string]any) { f["RecordState"] = "ARCHIVED" }),
		"a public announcement of AWS Health":  healthEvent("EC2", "scheduledChange", "AWS_EC2_MAINTENANCE_SCHEDULED", map[string]any{"eventScopeCode": "PUBLIC"}),
		"a copy for the backup Region":         healthEvent("EC2", "issue", "AWS_EC2_OPERATIONAL_ISSUE", map[string]any{"backupEvent": "true"}),
		"such a copy with a truth value":       healthEvent("EC2", "issue", "AWS_EC2_OPERATIONAL_ISSUE", map[string]any{"backupEvent": true}),
		"the second page of an event":          healthEvent("EC2", "issue", "AWS_EC2_OPERATIONAL_ISSUE", map[string]any{"page": "2"}),
		"Trusted Advisor is content":           trustedAdvisor("OK"),
		"a high vulnerability":                 vulnerability("HIGH", "ACTIVE"),
		"a vulnerability was repaired":         vulnerability("CRITICAL", "CLOSED"),
		"a medium finding of Macie":            sensitiveData("Medium", false),
		"an archived finding of Macie":         sensitiveData("High", true),
		"the deployer adds a filter":           by(deployer, "guardduty", "CreateFilter", nil),
		"the deployer deletes a detector":      by(deployer, "guardduty", "DeleteDetector", nil),
		"somebody looks at findings":           by(alice, "guardduty", "GetFindings", nil),
		"somebody archives a finding":          by(alice, "guardduty", "ArchiveFindings", nil),
		"adding a filter is denied": func(region string) string {
			return strings.Replace(by(alice, "guardduty", "CreateFilter", nil)(region), `"detail":{`, `"detail":{"errorCode":"AccessDenied",`, 1)
		},
		"somebody switches Security Hub on":     by(alice, "securityhub", "EnableSecurityHub", nil),
		"another Region repeats a role of ours": nil,
	}
	for _, harmless := range strings.Fields(harmlessCalls) {
		service, name, _ := strings.Cut(harmless, ":")
		quiet[harmless] = by(alice, service, name, nil)
	}
	for _, calls := range weakeningCalls {
		for _, weakening := range strings.Fields(calls) {
			service, name, _ := strings.Cut(weakening, ":")
			quiet["the deployer calls "+weakening] = by(deployer, service, name, nil)
		}
	}
	for name, event := range quiet {
		for _, region := range append([]string{s.home}, elsewhere("aws")...) {
			if event == nil {
				if region == s.home {
					continue
				}
				event = accessFinding("AWS::IAM::Role", role, nil)
				assert.Empty(t, s.account().PutEvent(region, event(region)), "%s in %s", name, region)
				repeated := importedFinding(func(f map[string]any) {
					f["Compliance"], f["Region"] = map[string]any{"SecurityControlId": "IAM.6"}, region
				})
				assert.Empty(t, s.account().PutEvent(s.home, repeated(s.home)), "IAM.6 of %s", region)
				event = nil
				continue
			}
			for _, delivery := range s.account().PutEvent(region, event(region)) {
				assert.Failf(t, "told of everyday work", "%s in %s: %s: %s", name, region, trailOf(delivery), delivery.Text)
			}
		}
	}
}

// TestChangesHaveRoomForDeployers: the patterns are at most 2,048 characters long, with the roles that are left out of them.
func TestChangesHaveRoomForDeployers(t *testing.T) {
	args := threatArgs{}
	for i := range 12 {
		args.IgnoreChangesBy = append(args.IgnoreChangesBy, fmt.Sprintf("arn:aws-us-gov:iam::%s:role/deployers/account-baseline-%02d", accountID, i))
	}
	testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) (err error) {
		if args.Alerts, err = alerthub.NewAlertHub(ctx, "alerts", nil); err != nil {
			return err
		}
		_, err = threatdetection.NewThreatDetection(ctx, "threats", &args)
		return err
	})
}

// TestThreatAlertsFollowTheirSwitches: each switch takes its routes away and no other.
func TestThreatAlertsFollowTheirSwitches(t *testing.T) {
	routes := func(args threatArgs) (names []string) {
		d := testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) (err error) {
			if args.Alerts, err = alerthub.NewAlertHub(ctx, "alerts", nil); err != nil {
				return err
			}
			_, err = threatdetection.NewThreatDetection(ctx, "threats", &args)
			return err
		})
		for _, rule := range d.ByType(eventRuleType) {
			if name, ours := strings.CutPrefix(rule.Name, "alerts-threats-"); ours {
				names = append(names, name)
			}
		}
		return names
	}
	usual := []string{
		"checks-change", "detection-change", "detection-off", "external-access", "external-access-quoted", "finding-critical", "finding-quoted", "finding-warning",
		"health-issue", "health-notice", "health-risk", "security-hub", "security-hub-quoted",
	}
	home := []string{"ap-northeast-1"}
	for _, row := range []struct {
		args       threatArgs
		more, less []string
	}{
		{threatArgs{}, nil, nil},
		{threatArgs{WithTrail: true}, nil, []string{"detection-off"}},
		{threatArgs{OmitGuardDuty: true}, nil, []string{"finding-critical", "finding-quoted", "finding-warning"}},
		{threatArgs{InformationalFindings: true}, []string{"finding-informational", "finding-informational-quoted"}, nil},
		{threatArgs{PublicHealthIssues: true}, []string{"health-public"}, nil},
		{threatArgs{OmitHealth: true}, nil, []string{"health-issue", "health-notice", "health-risk"}},
		{threatArgs{AccessAnalyzer: threatdetection.AccessAnalyzerArgs{Omit: true}}, nil, []string{"external-access", "external-access-quoted"}},
		{threatArgs{AccessAnalyzer: threatdetection.AccessAnalyzerArgs{UnusedAccess: true}}, []string{"unused-access"}, nil},
		{threatArgs{SecurityHub: threatdetection.SecurityHubArgs{Omit: true}}, nil, []string{"security-hub", "security-hub-quoted"}},
		{threatArgs{Inspector: threatdetection.InspectorArgs{Regions: home}}, []string{"inspector"}, nil},
		{threatArgs{Macie: threatdetection.MacieArgs{Regions: home}}, []string{"macie"}, nil},
	} {
		want := append([]string(nil), row.more...)
		for _, name := range usual {
			if !strings.Contains(" "+strings.Join(row.less, " ")+" ", " "+name+" ") {
				want = append(want, name)
			}
		}
		assert.ElementsMatch(t, want, routes(row.args))
	}
}
