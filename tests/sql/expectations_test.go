package athenasql

// expectations are the rows of testdata/events.json that each query finds, in order; - is NULL.
var expectations = []struct {
	query, columns string
	rows           []string
}{
	{"access-denied-by-principal", "principal eventname errorcode denials addresses last_seen", []string{
		"arn:aws:iam::123456789012:user/mallory RunInstances Client.UnauthorizedOperation 2 2 2026-11-21T02:01:00Z",
		"arn:aws:iam::123456789012:user/mallory GetSecretValue AccessDenied 1 1 2026-11-21T02:02:00Z",
	}},
	{"access-key-activity", "eventtime principal eventname sourceipaddress readonly", []string{
		"2026-11-13T07:00:00Z arn:aws:iam::123456789012:user/mallory GetCallerIdentity 203.0.113.13 true",
		"2026-11-14T07:00:00Z arn:aws:iam::123456789012:user/mallory ListBuckets 203.0.113.14 true",
	}},
	{"access-keys-created-and-used", "created_at created_by user_name access_key calls addresses last_used", []string{
		"2026-11-18T01:05:00Z arn:aws:iam::123456789012:root root AKIAROOT000000000000 0 0 -",
		"2026-11-12T06:00:00Z arn:aws:iam::123456789012:user/bob mallory AKIAIOSFODNN7EXAMPLE 2 2 2026-11-14T07:00:00Z",
	}},
	{"activity-in-unusual-regions", "awsregion principal eventname calls first_seen", []string{
		"sa-east-1 arn:aws:iam::123456789012:user/mallory RunInstances 1 2026-11-20T20:00:00Z",
	}},
	{"buckets-opened", "eventtime principal eventname bucket", []string{
		"2026-11-20T12:10:00Z arn:aws:iam::123456789012:user/bob PutBucketPolicy payroll",
	}},
	{"calls-from-ip-address", "principal access_key awsregion eventname calls failures", []string{
		"arn:aws:iam::123456789012:root - us-east-1 CreateAccessKey 1 0",
		"arn:aws:iam::123456789012:root - us-east-1 ConsoleLogin 1 0",
		"arn:aws:iam::123456789012:user/mallory AKIAI44QH8DHBEXAMPLE ap-northeast-1 RunInstances 1 1",
		"arn:aws:iam::123456789012:user/mallory AKIAI44QH8DHBEXAMPLE ap-northeast-1 GetSecretValue 1 1",
	}},
	{"console-sign-in-without-mfa", "eventtime user_type principal sourceipaddress", []string{
		"2026-11-16T03:00:00Z IAMUser carol 192.0.2.44",
	}},
	{"deletes-of-buckets-and-objects", "eventtime principal eventname bucket object", []string{
		"2026-11-20T12:05:00Z arn:aws:sts::123456789012:assumed-role/deployer/ci DeleteBucket old-site -",
		"2026-11-20T12:00:00Z arn:aws:iam::123456789012:user/bob DeleteObject payroll 2025/01.csv",
	}},
	{"failed-console-sign-ins", "user_name sourceipaddress errormessage failures first_seen last_seen", []string{
		"carol 203.0.113.66 Failed authentication 3 2026-11-19T05:00:00Z 2026-11-19T05:02:00Z",
	}},
	{"get-object-by-user", "eventtime principal bucket object", []string{
		"2026-11-21T11:05:00Z arn:aws:sts::123456789012:assumed-role/analyst/alice payroll 2026/10.csv",
		"2026-11-21T11:00:00Z arn:aws:iam::123456789012:user/alice payroll 2026/11.csv",
	}},
	{"iam-changes", "eventtime principal eventname entity policy", []string{
		"2026-11-21T15:00:00Z arn:aws:iam::123456789012:user/bob AttachUserPolicy mallory arn:aws:iam::aws:policy/AdministratorAccess",
		"2026-11-18T01:05:00Z arn:aws:iam::123456789012:root CreateAccessKey - -",
	}},
	{"kms-key-use", "principal through_service eventname calls failures last_seen", []string{
		"arn:aws:iam::123456789012:user/alice s3.amazonaws.com Decrypt 2 0 2026-11-20T13:01:00Z",
		"arn:aws:iam::123456789012:user/mallory - Decrypt 1 1 2026-11-20T13:02:00Z",
	}},
	{"root-use", "eventtime eventname sourceipaddress mfa", []string{
		"2026-11-18T01:05:00Z CreateAccessKey 203.0.113.10 true",
		"2026-11-18T01:02:00Z ConsoleLogin 203.0.113.10 true",
	}},
	{"secrets-read", "principal secret eventname sourceipaddress reads", []string{
		"arn:aws:sts::123456789012:assumed-role/app/i-0abc prod/db GetSecretValue 10.0.0.5 2",
		"arn:aws:iam::123456789012:user/mallory prod/db GetSecretValue 203.0.113.10 1",
		"arn:aws:sts::123456789012:assumed-role/app/i-0abc /prod/url GetParameter 10.0.0.5 1",
	}},
	{"security-group-changes", "eventtime principal eventname security_group", []string{
		"2026-11-21T10:00:00Z arn:aws:sts::123456789012:assumed-role/deployer/ci AuthorizeSecurityGroupIngress sg-0123456789abcdef0",
		"2026-11-19T08:00:00Z arn:aws:iam::123456789012:user/bob CreateSecurityGroup sg-0123456789abcdef0",
		"2026-11-18T08:00:00Z arn:aws:iam::123456789012:user/bob ModifySecurityGroupRules sg-0fedcba9876543210",
	}},
	{"trail-tampering", "eventtime principal eventname errorcode", []string{
		"2026-11-05T22:01:00Z arn:aws:iam::123456789012:user/mallory DeleteDetector AccessDenied",
		"2026-11-05T22:00:00Z arn:aws:iam::123456789012:user/mallory StopLogging -",
	}},
	{"what-a-role-session-did", "eventtime session eventname", []string{
		"2026-11-20T12:05:00Z ci DeleteBucket",
		"2026-11-21T10:00:00Z ci AuthorizeSecurityGroupIngress",
	}},
	{"who-assumed-this-role", "eventtime eventname caller role session", []string{
		"2026-11-20T08:10:00Z AssumeRoleWithWebIdentity repo:example/infra:ref:refs/heads/main arn:aws:iam::123456789012:role/ci/deployer gha",
		"2026-11-20T08:00:00Z AssumeRole arn:aws:iam::123456789012:user/bob arn:aws:iam::123456789012:role/ci/deployer ci",
	}},
	{"who-changed-this-resource", "eventid principal eventname", []string{
		"e-01 arn:aws:sts::123456789012:assumed-role/deployer/ci AuthorizeSecurityGroupIngress",
		"e-03 arn:aws:iam::123456789012:user/bob CreateSecurityGroup",
	}},
}
