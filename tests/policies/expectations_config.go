package policies

// remediating are the rights of the role that runs one SSM document.
func remediating(document string, more ...grant) expectation {
	return expectation{grants: append([]grant{
		{who: list{bearer}, may: list{"run"}, on: list{"the document " + document, "the account's " + document}},
		{who: list{bearer}, may: list{"see"}, on: list{"an automation"}},
	}, more...)}
}

var automation = assumedBy("Systems Manager for an automation", "Systems Manager for an automation elsewhere")

var ownBuckets = append(list{
	"the query result bucket", "the scanned bucket", "another bucket", "Config's own bucket", "the access log bucket of Config's",
}, archives...)

var configExpectations = map[string]expectation{
	"config-aggregator-role": trusting(grant{who: everySourceOf("AWS Config"), may: list{"sts:AssumeRole"},
		why: "no source is documented for aggregators; " + passRole}),

	"config-remediation-ConfigureS3BucketPublicAccessBlock-role":  automation,
	"config-remediation-DisableIncomingSSHOnPort22-role":          automation,
	"config-remediation-EnableCloudTrailLogFileValidation-role":   automation,
	"config-remediation-EnableKeyRotation-role":                   automation,
	"config-remediation-ConfigureS3PublicAccessBlock-role":        automation,
	"config-remediation-EnableEbsEncryptionByDefault-role":        automation,
	"config-remediation-SetIAMPasswordPolicy-role":                automation,
	"config-remediation-EnableRDSInstanceDeletionProtection-role": automation,
	"config-remediation-EnableS3BucketEncryption-role":            automation,
	"config-remediation-RemoveVPCDefaultSecurityGroupRules-role":  automation,
	"config-remediation-RevokeUnusedIAMUserCredentials-role":      automation,
	"config-remediation-EnforceEC2InstanceIMDSv2-role":            automation,

	"config-remediation-ConfigureS3BucketPublicAccessBlock-role-policy": remediating("ConfigureS3BucketPublicAccessBlock",
		grant{who: list{bearer}, may: list{"s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"}, on: ownBuckets,
			why: "those of the archives are refused by their own policies"}),
	"config-remediation-EnableS3BucketEncryption-role-policy": remediating("EnableS3BucketEncryption",
		grant{who: list{bearer}, may: list{"s3:PutEncryptionConfiguration"}, on: ownBuckets,
			why: "those of the archives are refused by their own policies"}),
	"config-remediation-ConfigureS3PublicAccessBlock-role-policy": remediating("ConfigureS3PublicAccessBlock",
		grant{who: list{bearer}, may: list{"change"}, on: list{"the account's block of public access"}}),
	"config-remediation-EnableEbsEncryptionByDefault-role-policy": remediating("EnableEbsEncryptionByDefault",
		grant{who: list{bearer}, may: list{"switch on"}, on: list{"encryption of new volumes"}}),
	"config-remediation-SetIAMPasswordPolicy-role-policy": remediating("SetIAMPasswordPolicy",
		grant{who: list{bearer}, may: list{"set"}, on: list{"the password policy"}}),
	"config-remediation-EnableRDSInstanceDeletionProtection-role-policy": remediating("EnableRDSInstanceDeletionProtection",
		grant{who: list{bearer}, may: list{"modify"}, on: list{"a database"}}),
	"config-remediation-RemoveVPCDefaultSecurityGroupRules-role-policy": remediating("RemoveVPCDefaultSecurityGroupRules",
		grant{who: list{bearer}, may: list{"find"}, on: list{"the security groups"}},
		grant{who: list{bearer}, may: list{"ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"}, on: list{"a security group"}}),
	"config-remediation-RevokeUnusedIAMUserCredentials-role-policy": remediating("RevokeUnusedIAMUserCredentials",
		grant{who: list{bearer}, may: list{"find"}, on: list{"what AWS Config has seen"}},
		grant{who: list{bearer}, may: list{"find credentials", "revoke credentials", "iam:GetUser"}, on: list{"a user"}}),
	"config-remediation-EnforceEC2InstanceIMDSv2-role-policy": remediating("EnforceEC2InstanceIMDSv2",
		grant{who: list{bearer}, may: list{"find"}, on: list{"the instances"}},
		grant{who: list{bearer}, may: list{"demand IMDSv2"}, on: list{"an instance"}}),
	"config-remediation-DisableIncomingSSHOnPort22-role-policy": remediating("DisableIncomingSSHOnPort22",
		grant{who: list{bearer}, may: list{"find"}, on: list{"the security groups"}},
		grant{who: list{bearer}, may: list{"close"}, on: list{"a security group"}}),
	"config-remediation-EnableCloudTrailLogFileValidation-role-policy": remediating("EnableCloudTrailLogFileValidation",
		grant{who: list{bearer}, may: list{"find"}, on: list{"CloudTrail as a whole"}},
		grant{who: list{bearer}, may: list{"update"}, on: list{"the trail"}}),
	"config-remediation-EnableKeyRotation-role-policy": remediating("EnableKeyRotation",
		grant{who: list{bearer}, may: list{"kms:EnableKeyRotation", "kms:GetKeyRotationStatus"},
			on: list{"the archive's key", "the alerts' key", "the scanned bucket's key", "a key in another Region"}}),

	"history-reader-policy": {grants: []grant{
		{who: list{bearer}, may: list{"glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"},
			on: list{"the data catalog's root", "the trail's database", "the snapshot table", "the change table"}},
	}},
}
