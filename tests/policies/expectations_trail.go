package policies

var trailExpectations = map[string]expectation{
	"audit-logs-role": trusting(grant{who: everySourceOf("CloudTrail"), may: list{"sts:AssumeRole"},
		why: "[CloudTrail sends no source for this role](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html); " + passRole}),
	"audit-logs-role-policy": {grants: []grant{
		{who: list{bearer}, may: list{"write"}, on: list{"the trail's log stream"}},
		{who: list{bearer}, may: list{"write"}, on: list{"a log stream of a member of the organization"}, needs: Organization},
	}},

	"audit-reader": assumedBy(administratorM),
	"audit-reader-policy": {grants: []grant{
		{who: list{bearer}, may: list{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"}, on: archives, needs: OwnBuckets},
		{who: list{bearer}, may: list{"s3:GetObject", "s3:GetObjectVersion", "s3:RestoreObject"}, on: archivedObjects, needs: OwnBuckets},
		{who: list{bearer}, may: list{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"}, on: list{"the central bucket"}, needs: Central},
		{who: list{bearer}, may: list{"s3:GetObject", "s3:GetObjectVersion", "s3:RestoreObject"}, on: list{"a log in the central bucket"}, needs: Central},
	}},
	"audit-reader-key-policy": {grants: []grant{
		{who: list{bearer}, may: list{"kms:Decrypt"}, on: list{"the archive's key", "the alerts' key", "the scanned bucket's key"}, when: throughS3, needs: OwnBuckets,
			why: "any key of the account in the home Region, through S3 alone: a key's own policy and the right to the object have to agree"},
		{who: list{bearer}, may: list{"kms:Decrypt"}, on: list{"the central bucket's key"}, when: throughS3, needs: Central},
	}},
	"audit-reader-athena-policy": {grants: []grant{
		{who: list{bearer}, may: list{"find"}, on: list{"Athena as a whole"}},
		{who: list{bearer}, may: list{"query"}, on: list{"the trail's workgroup"}},
		{who: list{bearer}, may: list{"browse"}, on: list{"the data catalog"}},
		{who: list{bearer}, may: list{"look up"}, on: list{"the data catalog's root", "the default database", "the trail's database", "the trail's table"}},
		{who: list{bearer}, may: list{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"}, on: list{"the query result bucket"}},
		{who: list{bearer}, may: list{"manage uploads", "s3:GetObject", "s3:PutObject"}, on: list{"a query result"}},
	}},
	"audit-athena-results-policy": {
		attachedTo: list{"the query result bucket", "a query result"},
		grants: []grant{
			{who: administrators, may: list{everything}, on: list{"the query result bucket"}},
			{who: list{root}, may: list{"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}, on: list{"the query result bucket"}, when: list{everything},
				why: "S3 lets the root user repair a policy, whatever it denies"},
			{who: list{auditor}, may: list{everything}, on: list{"a query result"}},
			{who: administrators, may: list{
				"delete", "manage uploads", "s3:BypassGovernanceRetention", "s3:ReplicateObject", "s3:ReplicateTags", "s3:RestoreObject", "s3:UpdateObjectEncryption",
			}, on: list{"a query result"}, why: "reading and writing results is denied; they are copies of what stays in the archive"},
			{who: list{readerRole}, may: list{"s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"}, on: list{"the query result bucket"}},
			{who: list{readerRole}, may: list{"manage uploads", "s3:GetObject", "s3:PutObject"}, on: list{"a query result"}},
			{who: list{blockRole}, may: list{"s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"}, on: list{"the query result bucket"}},
			{who: list{encryptRole}, may: list{"s3:PutEncryptionConfiguration"}, on: list{"the query result bucket"}},
		},
	},

	"audit-administrators-policy": {bearers: withAndWithoutMFA, grants: mfaDemanded},
	"audit-readers-policy": {bearers: withAndWithoutMFA, grants: append([]grant{
		{who: list{bearerM}, may: list{"sts:AssumeRole"}, on: list{"the reader role"}},
	}, mfaDemanded...)},
}

var (
	archives          = list{"the trail's bucket", "the delivery bucket", "the access log bucket"}
	archivedObjects   = together(inTrailBucket, list{"a configuration history", "another object in the delivery bucket", "an access log"})
	withAndWithoutMFA = list{bearer, bearerM, bearingAdministrator, bearingAdminM}

	// mfaDemanded are the rows of a group whose members may do next to nothing without MFA, whatever else they are allowed.
	mfaDemanded = []grant{
		{who: list{bearingAdminM}, may: list{everything}},
		{who: list{bearingAdministrator}, may: list{"see"}, on: list{"a user", "a user of another account"}, why: "to sign in with MFA"},
		{who: list{bearingAdministrator}, may: list{"sts:GetSessionToken"}, on: list{"a session"}, why: "to get a session with MFA"},
	}
)
