package tests

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/internal/filterpattern"
)

// recordFields are parts of a CloudTrail record; nil takes a field away.
type recordFields = map[string]any

// cloudTrailRecord is a record as CloudTrail writes it to the log group
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
func cloudTrailRecord(source, call string, identity recordFields, changes ...recordFields) recordFields {
	record := recordFields{
		"eventVersion": "1.11", "userIdentity": identity, "eventTime": "2026-03-01T09:10:11Z", "eventSource": source,
		"eventName": call, "awsRegion": "ap-northeast-1", "sourceIPAddress": "203.0.113.7",
		"userAgent":         "aws-cli/2.27.0 md/awscrt#0.26.1 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.13",
		"requestParameters": nil, "responseElements": nil, "requestID": "6f87d04b-9f74-4f04-a780-7acf4b0a9b38",
		"eventID": "b2f4dd0a-6c1f-4d31-9d0e-1d1d2c2c3b3b", "readOnly": false, "eventType": "AwsApiCall", "managementEvent": true,
		"recipientAccountId": accountID, "eventCategory": "Management",
		"tlsDetails": recordFields{"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256", "clientProvidedHostHeader": source},
	}
	for _, change := range changes {
		for key, value := range change {
			if record[key] = value; value == nil {
				delete(record, key)
			}
		}
	}
	return record
}

var (
	anIAMUser = recordFields{
		"type": "IAMUser", "principalId": "AIDACKCEVSQ6C2EXAMPLE", "arn": "arn:aws:iam::" + accountID + ":user/alice",
		"accountId": accountID, "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "alice",
	}
	aDeployer = recordFields{
		"type": "AssumedRole", "principalId": "AROACKCEVSQ6C2EXAMPLE:ci", "arn": "arn:aws:sts::" + accountID + ":assumed-role/deployer/ci",
		"accountId": accountID, "accessKeyId": "ASIAIOSFODNN7EXAMPLE", "sessionContext": recordFields{
			"sessionIssuer": recordFields{"type": "Role", "principalId": "AROACKCEVSQ6C2EXAMPLE", "arn": "arn:aws:iam::" + accountID + ":role/ci/deployer", "accountId": accountID, "userName": "deployer"},
			"attributes":    recordFields{"creationDate": "2026-03-01T09:00:00Z", "mfaAuthenticated": "false"},
		},
	}
	fromIdentityCenter = recordFields{
		"type": "AssumedRole", "principalId": "AROACKCEVSQ6C2EXAMPLE:bob@example.com", "accountId": accountID,
		"arn": "arn:aws:sts::" + accountID + ":assumed-role/AWSReservedSSO_AdministratorAccess_0123456789abcdef/bob@example.com",
		"sessionContext": recordFields{"sessionIssuer": recordFields{"type": "Role", "userName": "AWSReservedSSO_AdministratorAccess_0123456789abcdef"},
			"attributes": recordFields{"creationDate": "2026-03-01T09:00:00Z", "mfaAuthenticated": "false"}},
	}
	theRootUser    = recordFields{"type": "Root", "principalId": accountID, "arn": "arn:aws:iam::" + accountID + ":root", "accountId": accountID, "accessKeyId": ""}
	anUnknownUser  = recordFields{"type": "IAMUser", "accountId": accountID, "accessKeyId": "", "userName": "HIDDEN_DUE_TO_SECURITY_REASONS"}
	rootForBackup  = withFields(theRootUser, recordFields{"invokedBy": "backup.amazonaws.com"})
	aUserNamedRoot = withFields(anIAMUser, recordFields{"userName": "Root", "arn": "arn:aws:iam::" + accountID + ":user/Root"})
	anAWSService   = recordFields{"type": "AWSService", "invokedBy": "delivery.logs.amazonaws.com"}
)

func withFields(all, changes recordFields) recordFields {
	all = maps.Clone(all)
	maps.Copy(all, changes)
	return all
}

// signIn is what the console's sign-in records; mfa is Yes, No or empty where the record does not say.
func signIn(identity recordFields, outcome, mfaUsed string, changes ...recordFields) recordFields {
	data := recordFields{"LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No"}
	if mfaUsed != "" {
		data["MFAUsed"] = mfaUsed
	}
	return cloudTrailRecord("signin.amazonaws.com", "ConsoleLogin", identity, append([]recordFields{{
		"eventType": "AwsConsoleSignIn", "awsRegion": "us-east-1", "additionalEventData": data, "userAgent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
		"responseElements": recordFields{"ConsoleLogin": outcome},
	}}, changes...)...)
}

func refused(code string) recordFields {
	return recordFields{"errorCode": code, "errorMessage": "not allowed"}
}

var wrongPassword = recordFields{"errorMessage": "Failed authentication"}

// filterRow is an event, the filters that count it, and those that almost do.
type filterRow struct {
	what         string
	event        recordFields
	counted, not []string
}

// countedCall is a row of a call by the deployer; those that count it are given, and the one it is a near miss of.
func countedCall(source, name, counted string) filterRow {
	return filterRow{source + " " + name, cloudTrailRecord(source+".amazonaws.com", name, aDeployer), []string{counted}, nil}
}

func nearMiss(source, name, filter string) filterRow {
	return filterRow{source + " " + name, cloudTrailRecord(source+".amazonaws.com", name, aDeployer), nil, []string{filter}}
}

var filterTable = []filterRow{
	{"EC2 refuses", cloudTrailRecord("ec2.amazonaws.com", "RunInstances", anIAMUser, refused("Client.UnauthorizedOperation")), []string{"unauthorizedApiCalls"}, nil},
	{"IAM refuses", cloudTrailRecord("iam.amazonaws.com", "ListUsers", anIAMUser, refused("AccessDenied")), []string{"unauthorizedApiCalls"}, nil},
	{"Secrets Manager refuses", cloudTrailRecord("secretsmanager.amazonaws.com", "GetSecretValue", aDeployer, refused("AccessDeniedException")), []string{"unauthorizedApiCalls"}, nil},
	{"a refused change", cloudTrailRecord("cloudtrail.amazonaws.com", "StopLogging", anIAMUser, refused("AccessDenied")), []string{"unauthorizedApiCalls", "cloudTrailChanges"}, nil},
	{"a log delivery refused", cloudTrailRecord("s3.amazonaws.com", "PutObject", anAWSService, refused("AccessDenied"), recordFields{"sourceIPAddress": "delivery.logs.amazonaws.com"}), nil, []string{"unauthorizedApiCalls"}},
	{"looking whether a bucket exists", cloudTrailRecord("s3.amazonaws.com", "HeadBucket", anIAMUser, refused("AccessDenied")), nil, []string{"unauthorizedApiCalls"}},
	{"too many calls", cloudTrailRecord("ec2.amazonaws.com", "DescribeInstances", aDeployer, refused("Client.RequestLimitExceeded")), nil, []string{"unauthorizedApiCalls"}},
	{"no error", cloudTrailRecord("ec2.amazonaws.com", "RunInstances", aDeployer), nil, []string{"unauthorizedApiCalls"}},

	{"user without MFA", signIn(anIAMUser, "Success", "No"), []string{"signInWithoutMfa"}, []string{"authenticationFailures"}},
	{"Identity Center", signIn(fromIdentityCenter, "Success", "No"), []string{"signInWithoutMfa"}, []string{"rootUsage"}},
	{"root without MFA", signIn(theRootUser, "Success", "No"), []string{"signInWithoutMfa", "rootUsage"}, nil},
	{"user with MFA", signIn(anIAMUser, "Success", "Yes"), nil, []string{"signInWithoutMfa", "authenticationFailures"}},
	{"a sign-in that does not say", signIn(fromIdentityCenter, "Success", ""), nil, []string{"signInWithoutMfa"}},
	{"switching the role", cloudTrailRecord("signin.amazonaws.com", "SwitchRole", anIAMUser, recordFields{"eventType": "AwsConsoleSignIn", "additionalEventData": recordFields{"MFAUsed": "No"}}), nil, []string{"signInWithoutMfa"}},

	{"root with MFA", signIn(theRootUser, "Success", "Yes"), []string{"rootUsage"}, []string{"signInWithoutMfa"}},
	{"root makes a key", cloudTrailRecord("iam.amazonaws.com", "CreateAccessKey", theRootUser), []string{"rootUsage"}, nil},
	{"root looks at the bill", cloudTrailRecord("ce.amazonaws.com", "GetCostAndUsage", theRootUser, recordFields{"readOnly": true}), []string{"rootUsage"}, nil},
	{"a service for root", cloudTrailRecord("ec2.amazonaws.com", "CreateSnapshot", rootForBackup), nil, []string{"rootUsage"}},
	{"an event of a service", cloudTrailRecord("kms.amazonaws.com", "RotateKey", theRootUser, recordFields{"eventType": "AwsServiceEvent"}), nil, []string{"rootUsage", "kmsKeyDisabling"}},
	{"a user named Root", cloudTrailRecord("iam.amazonaws.com", "ListUsers", aUserNamedRoot), nil, []string{"rootUsage"}},

	countedCall("iam", "PutRolePolicy", "iamPolicyChanges"), countedCall("iam", "AttachUserPolicy", "iamPolicyChanges"), countedCall("iam", "CreatePolicyVersion", "iamPolicyChanges"),
	nearMiss("iam", "SetDefaultPolicyVersion", "iamPolicyChanges"), nearMiss("iam", "ListAttachedRolePolicies", "iamPolicyChanges"), nearMiss("iam", "UpdateAssumeRolePolicy", "iamPolicyChanges"),

	countedCall("cloudtrail", "StopLogging", "cloudTrailChanges"), countedCall("cloudtrail", "UpdateTrail", "cloudTrailChanges"), countedCall("cloudtrail", "DeleteTrail", "cloudTrailChanges"),
	nearMiss("cloudtrail", "LookupEvents", "cloudTrailChanges"), nearMiss("cloudtrail", "PutEventSelectors", "cloudTrailChanges"), nearMiss("cloudtrail", "GetTrailStatus", "cloudTrailChanges"),

	{"wrong password", signIn(anIAMUser, "Failure", "No", wrongPassword), []string{"signInWithoutMfa", "authenticationFailures"}, nil},
	{"wrong MFA code", signIn(anIAMUser, "Failure", "Yes", wrongPassword), []string{"authenticationFailures"}, nil},
	{"root's wrong password", signIn(theRootUser, "Failure", "No", wrongPassword), []string{"signInWithoutMfa", "rootUsage", "authenticationFailures"}, nil},
	{"no such user", signIn(anUnknownUser, "Failure", "No", recordFields{"errorMessage": "No username found in supplied account"}), []string{"signInWithoutMfa"}, []string{"authenticationFailures"}},
	{"the MFA prompt", cloudTrailRecord("signin.amazonaws.com", "CheckMfa", anIAMUser, wrongPassword, recordFields{"eventType": "AwsConsoleSignIn"}), nil, []string{"authenticationFailures"}},

	countedCall("kms", "DisableKey", "kmsKeyDisabling"), countedCall("kms", "ScheduleKeyDeletion", "kmsKeyDisabling"),
	{"a user disables a key", cloudTrailRecord("kms.amazonaws.com", "DisableKey", anIAMUser, recordFields{"requestParameters": recordFields{"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}}), []string{"kmsKeyDisabling"}, nil},
	nearMiss("kms", "DisableKeyRotation", "kmsKeyDisabling"), nearMiss("kms", "CancelKeyDeletion", "kmsKeyDisabling"), nearMiss("payment-cryptography", "ScheduleKeyDeletion", "kmsKeyDisabling"),

	countedCall("s3", "PutBucketPolicy", "bucketPolicyChanges"), countedCall("s3", "PutBucketAcl", "bucketPolicyChanges"), countedCall("s3", "DeleteBucketLifecycle", "bucketPolicyChanges"),
	nearMiss("s3", "GetBucketPolicy", "bucketPolicyChanges"), nearMiss("s3", "PutBucketPublicAccessBlock", "bucketPolicyChanges"), nearMiss("glacier", "PutBucketPolicy", "bucketPolicyChanges"),

	countedCall("config", "StopConfigurationRecorder", "configChanges"), countedCall("config", "PutDeliveryChannel", "configChanges"), countedCall("config", "DeleteDeliveryChannel", "configChanges"),
	nearMiss("config", "StartConfigurationRecorder", "configChanges"), nearMiss("config", "PutConfigRule", "configChanges"), nearMiss("lightsail", "PutDeliveryChannel", "configChanges"),

	countedCall("ec2", "AuthorizeSecurityGroupIngress", "securityGroupChanges"), countedCall("ec2", "CreateSecurityGroup", "securityGroupChanges"), countedCall("ec2", "ModifySecurityGroupRules", "securityGroupChanges"),
	nearMiss("ec2", "DescribeSecurityGroups", "securityGroupChanges"), nearMiss("ec2", "UpdateSecurityGroupRuleDescriptionsIngress", "securityGroupChanges"), nearMiss("elasticache", "AuthorizeCacheSecurityGroupIngress", "securityGroupChanges"),

	countedCall("ec2", "CreateNetworkAcl", "networkAclChanges"), countedCall("ec2", "ReplaceNetworkAclEntry", "networkAclChanges"), countedCall("ec2", "DeleteNetworkAclEntry", "networkAclChanges"),
	nearMiss("ec2", "DescribeNetworkAcls", "networkAclChanges"), nearMiss("ec2", "CreateSubnet", "networkAclChanges"), nearMiss("wafv2", "CreateWebACL", "networkAclChanges"),

	countedCall("ec2", "AttachInternetGateway", "networkGatewayChanges"), countedCall("ec2", "CreateCustomerGateway", "networkGatewayChanges"), countedCall("ec2", "DeleteInternetGateway", "networkGatewayChanges"),
	nearMiss("ec2", "CreateNatGateway", "networkGatewayChanges"), nearMiss("ec2", "CreateTransitGateway", "networkGatewayChanges"), nearMiss("ec2", "DescribeInternetGateways", "networkGatewayChanges"),

	countedCall("ec2", "CreateRoute", "routeTableChanges"), countedCall("ec2", "ReplaceRouteTableAssociation", "routeTableChanges"), countedCall("ec2", "DisassociateRouteTable", "routeTableChanges"),
	nearMiss("ec2", "AssociateRouteTable", "routeTableChanges"), nearMiss("appmesh", "CreateRoute", "routeTableChanges"), nearMiss("ec2", "DescribeRouteTables", "routeTableChanges"),

	countedCall("ec2", "CreateVpc", "vpcChanges"), countedCall("ec2", "AcceptVpcPeeringConnection", "vpcChanges"), countedCall("ec2", "ModifyVpcAttribute", "vpcChanges"),
	nearMiss("ec2", "CreateVpcEndpoint", "vpcChanges"), nearMiss("ec2", "DescribeVpcs", "vpcChanges"), nearMiss("ec2", "ModifyVpcPeeringConnectionOptions", "vpcChanges"),

	countedCall("organizations", "LeaveOrganization", "organizationsChanges"), countedCall("organizations", "AttachPolicy", "organizationsChanges"), countedCall("organizations", "InviteAccountToOrganization", "organizationsChanges"),
	{"a service control policy", cloudTrailRecord("organizations.amazonaws.com", "CreatePolicy", aDeployer), []string{"iamPolicyChanges", "organizationsChanges"}, nil},
	nearMiss("organizations", "DescribeOrganization", "organizationsChanges"), nearMiss("chime", "CreateAccount", "organizationsChanges"), nearMiss("organizations", "TagResource", "organizationsChanges"),
}

func filterCounts(t *testing.T, pattern string, event recordFields) bool {
	t.Helper()
	p, err := filterpattern.Parse(pattern)
	require.NoError(t, err, pattern)
	text, err := json.Marshal(event)
	require.NoError(t, err)
	matched, err := p.Matches(string(text))
	require.NoError(t, err)
	return matched
}

// TestFiltersCountWhatTheyShould: each event is counted by exactly the filters of its row.
func TestFiltersCountWhatTheyShould(t *testing.T) {
	for _, row := range filterTable {
		t.Run(row.what, func(t *testing.T) {
			for _, f := range securetrail.CISMetricFilters() {
				assert.Equal(t, slices.Contains(row.counted, f.Name), filterCounts(t, f.Pattern, row.event), f.Name)
			}
		})
	}
}

func TestEveryFilterIsTriedOften(t *testing.T) {
	hits, misses := map[string]int{}, map[string]int{}
	for _, row := range filterTable {
		for _, name := range row.counted {
			hits[name]++
		}
		for _, name := range row.not {
			assert.NotContains(t, row.counted, name, row.what)
			misses[name]++
		}
	}
	for _, f := range securetrail.CISMetricFilters() {
		assert.GreaterOrEqual(t, hits[f.Name], 3, f.Name)
		assert.GreaterOrEqual(t, misses[f.Name], 3, f.Name)
		delete(hits, f.Name)
		delete(misses, f.Name)
	}
	assert.Empty(t, hits)
	assert.Empty(t, misses)
}

// TestSingleSignOnCountsUsersOnly: whose MFA an identity provider checks is not counted; failed sign-ins are another filter's.
func TestSingleSignOnCountsUsersOnly(t *testing.T) {
	for _, f := range securetrail.CISMetricFilters() {
		if f.Name != "signInWithoutMfa" {
			assert.Empty(t, f.SingleSignOnPattern, f.Name)
			continue
		}
		for _, row := range []struct {
			event   recordFields
			counted bool
		}{
			{signIn(anIAMUser, "Success", "No"), true},
			{signIn(anIAMUser, "Success", "Yes"), false},
			{signIn(anIAMUser, "Failure", "No", wrongPassword), false},
			{signIn(fromIdentityCenter, "Success", "No"), false},
			{signIn(theRootUser, "Success", "No"), false},
		} {
			assert.Equal(t, row.counted, filterCounts(t, f.SingleSignOnPattern, row.event), row.event)
		}
	}
}
