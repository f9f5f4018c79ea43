package awssim

// ssmDocument are the parameters of an automation document: true for the required ones.
type ssmDocument map[string]bool

const ssmDocumentsDoc = "https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-runbook-reference.html"

// assumeRoleParameter is the parameter that names the role of an automation.
const assumeRoleParameter = "AutomationAssumeRole"

// ssmDocuments are the documents of AWS that remediation of AWS Config can start.
// https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-runbook-reference.html
var ssmDocuments = map[string]ssmDocument{
	"AWS-CloseSecurityGroup":                  {assumeRoleParameter: false, "SecurityGroupId": true},
	"AWS-ConfigureS3BucketLogging":            {assumeRoleParameter: false, "BucketName": true, "GrantedPermission": false, "GranteeEmailAddress": false, "GranteeId": false, "GranteeType": false, "GranteeUri": false, "TargetBucket": true, "TargetObjectKeyFormat": false, "TargetPrefix": false},
	"AWS-ConfigureS3BucketVersioning":         {assumeRoleParameter: false, "BucketName": true, "VersioningState": false},
	"AWS-DisableIncomingSSHOnPort22":          {assumeRoleParameter: false, "SecurityGroupIds": true},
	"AWS-DisablePublicAccessForSecurityGroup": {assumeRoleParameter: false, "GroupId": true, "IpAddressToBlock": false},
	"AWS-DisableS3BucketPublicReadWrite":      {assumeRoleParameter: false, "S3BucketName": true},
	"AWS-EnableS3BucketEncryption":            {assumeRoleParameter: false, "BucketName": true, "KMSMasterKey": false, "SSEAlgorithm": false},
	"AWS-PublishSNSNotification":              {assumeRoleParameter: false, "Message": true, "TopicArn": true},
	"AWS-SetRequiredTags":                     {assumeRoleParameter: false, "RequiredTags": true, "ResourceARNs": true},
	"AWS-StopEC2Instance":                     {assumeRoleParameter: false, "InstanceId": true},
	"AWS-TerminateEC2Instance":                {assumeRoleParameter: false, "InstanceId": true},

	"AWSConfigRemediation-ConfigureS3BucketPublicAccessBlock": publicAccessDocument("BucketName"),
	"AWSConfigRemediation-ConfigureS3PublicAccessBlock":       publicAccessDocument("AccountId"),
	"AWSConfigRemediation-DetachIAMPolicy":                    remediationDocument("IAMResourceId"),
	"AWSConfigRemediation-EnableCloudTrailLogFileValidation":  remediationDocument("TrailName"),
	"AWSConfigRemediation-EnableEbsEncryptionByDefault":       remediationDocument(),
	"AWSConfigRemediation-EnableKeyRotation":                  remediationDocument("KeyId"),
	"AWSConfigRemediation-EnableRDSClusterDeletionProtection": remediationDocument("ClusterId"),
	"AWSConfigRemediation-EnableRDSInstanceDeletionProtection": {
		assumeRoleParameter: true, "ApplyImmediately": false, "DbInstanceResourceId": true,
	},
	"AWSConfigRemediation-EnforceEC2InstanceIMDSv2":           remediationDocument("InstanceId"),
	"AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules": remediationDocument("GroupId"),
	"AWSConfigRemediation-RestrictBucketSSLRequestsOnly":      remediationDocument("BucketName"),
	"AWSConfigRemediation-RevokeUnusedIAMUserCredentials": {
		assumeRoleParameter: true, "IAMResourceId": true, "MaxCredentialUsageAge": false,
	},
	"AWSConfigRemediation-SetIAMPasswordPolicy": {
		assumeRoleParameter: true, "AllowUsersToChangePassword": false, "HardExpiry": false, "MaxPasswordAge": false, "MinimumPasswordLength": false,
		"PasswordReusePrevention": false, "RequireLowercaseCharacters": false, "RequireNumbers": false, "RequireSymbols": false,
		"RequireUppercaseCharacters": false,
	},
}

// remediationDocument is a document that needs its role and the named parameters.
func remediationDocument(required ...string) ssmDocument {
	d := ssmDocument{assumeRoleParameter: true}
	for _, name := range required {
		d[name] = true
	}
	return d
}

func publicAccessDocument(target string) ssmDocument {
	return ssmDocument{
		assumeRoleParameter: true, target: true,
		"BlockPublicAcls": false, "BlockPublicPolicy": false, "IgnorePublicAcls": false, "RestrictPublicBuckets": false,
	}
}
