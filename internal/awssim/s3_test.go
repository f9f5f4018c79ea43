package awssim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	versioningToken = "aws:s3/bucketVersioningV2:BucketVersioningV2"
	encryptionToken = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	blockToken      = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
	ownershipToken  = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
	lifecycleToken  = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
	loggingToken    = "aws:s3/bucketLoggingV2:BucketLoggingV2"
	lockToken       = "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2"
	aclToken        = "aws:s3/bucketAclV2:BucketAclV2"
	notifyToken     = "aws:s3/bucketNotification:BucketNotification"
	payerToken      = "aws:s3/bucketRequestPaymentConfigurationV2:BucketRequestPaymentConfigurationV2"
	accountToken    = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"

	deployerARN = "arn:aws:iam::123456789012:role/ci/account-baseline-deployer"
)

// grants is an unconditional statement of a resource policy.
func grants(principal any, action any, resource any) props {
	return props{"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
}

func denies(action any, resource any, condition props) props {
	return props{"Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource, "Condition": condition}
}

// given is a statement with a condition.
func given(s, condition props) props { return with(s, props{"Condition": condition}) }

func lifecycle(rule props) props {
	whole := props{"id": "r", "status": "Enabled"}
	for k, v := range rule {
		whole[k] = v
	}
	return props{"bucket": "archive", "rules": []any{whole}}
}

func transitions(steps ...any) []any {
	var out []any
	for i := 0; i < len(steps); i += 2 {
		out = append(out, props{"storageClass": steps[i], "days": steps[i+1]})
	}
	return out
}

func TestBucketRefusals(t *testing.T) {
	c := serve(t)
	require.NoError(t, c.account().AddExternalBucket(ExternalBucket{Name: "somebody-elses", Owner: "999999999999", Region: testRegion}))
	c.create(bucketToken, "archive", props{"bucket": "archive"})
	c.create(bucketToken, "locked", props{"bucket": "locked", "objectLockEnabled": true})
	c.create(bucketToken, "logs", props{"bucket": "logs-without-policy"})
	elsewhere := c.in("us-east-1")
	elsewhere.create(bucketToken, "virginia", props{"bucket": "virginia"})
	acls := c.create(bucketToken, "acls", props{"bucket": "acls"})
	c.create(ownershipToken, "acls", props{"bucket": acls.id, "rule": props{"objectOwnership": "ObjectWriter"}})
	kms := c.create(bucketToken, "kms", props{"bucket": "encrypted"})
	c.create(encryptionToken, "kms", props{"bucket": kms.id, "rules": []any{props{"applyServerSideEncryptionByDefault": props{"sseAlgorithm": sseKMS}}}})
	const archive = "arn:aws:s3:::archive"
	public := policy(grants("*", "s3:GetObject", archive+"/*"))
	big := policy(grants(service("cloudtrail.amazonaws.com"), "s3:PutObject", archive+"/"+strings.Repeat("x", 21000)))

	for name, row := range map[string]struct {
		token   string
		in      props
		refusal string
	}{
		"name taken by another account": {bucketToken, props{"bucket": "somebody-elses"}, "BucketAlreadyExists"},
		"name taken by oneself":         {bucketToken, props{"bucket": "archive"}, "BucketAlreadyOwnedByYou"},
		"name too short":                {bucketToken, props{"bucket": "ab"}, "InvalidBucketName"},
		"name in capitals":              {bucketToken, props{"bucket": "Archive"}, "InvalidBucketName"},
		"name with two dots":            {bucketToken, props{"bucket": "a..b"}, "InvalidBucketName"},
		"name an address":               {bucketToken, props{"bucket": "192.168.0.1"}, "InvalidBucketName"},
		"name with reserved prefix":     {bucketToken, props{"bucket": "xn--archive"}, "InvalidBucketName"},
		"name with reserved suffix":     {bucketToken, props{"bucket": "archive-s3alias"}, "InvalidBucketName"},
		"deprecated property":           {bucketToken, props{"policy": "{}"}, "policy: deprecated"},

		"policy of no bucket":          {policyToken, props{"bucket": "none", "policy": public}, "NoSuchBucket"},
		"policy no JSON":               {policyToken, props{"bucket": "archive", "policy": "x"}, "MalformedPolicy"},
		"policy too big":               {policyToken, props{"bucket": "archive", "policy": big}, "MalformedPolicy"},
		"policy of another bucket":     {policyToken, props{"bucket": "archive", "policy": policy(grants(service("config.amazonaws.com"), "s3:PutObject", "arn:aws:s3:::locked/*"))}, "MalformedPolicy"},
		"policy with unknown element":  {policyToken, props{"bucket": "archive", "policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Actions":"s3:*","Resource":"*"}]}`}, "MalformedPolicy"},
		"policy names nobody":          {policyToken, props{"bucket": "archive", "policy": policy(grants(props{"AWS": "arn:aws:iam::123456789012:role/nobody"}, "s3:GetObject", archive+"/*"))}, "MalformedPolicy"},
		"policy without the role path": {policyToken, props{"bucket": "archive", "policy": policy(grants(props{"AWS": "arn:aws:iam::123456789012:role/account-baseline-deployer"}, "s3:GetObject", archive+"/*"))}, "MalformedPolicy"},
		"public policy":                {policyToken, props{"bucket": "archive", "policy": public}, "AccessDenied"},
		"action not for that resource": {policyToken, props{"bucket": "archive", "policy": policy(grants(service("config.amazonaws.com"), "s3:PutObject", archive))}, "MalformedPolicy"},

		"suspend versioning of a locked bucket": {versioningToken, props{"bucket": "locked", "versioningConfiguration": props{"status": "Suspended"}}, "InvalidBucketState"},
		"versioning status":                     {versioningToken, props{"bucket": "archive", "versioningConfiguration": props{"status": "On"}}, "MalformedXML"},
		"MFA delete without root":               {versioningToken, props{"bucket": "archive", "mfa": "x 1", "versioningConfiguration": props{"status": "Enabled", "mfaDelete": "Enabled"}}, "AccessDenied"},
		"lock without versioning":               {lockToken, props{"bucket": "archive", "rule": props{"defaultRetention": props{"mode": "GOVERNANCE", "days": 30}}}, "InvalidBucketState"},
		"lock for 0 days":                       {lockToken, props{"bucket": "locked", "rule": props{"defaultRetention": props{"mode": "GOVERNANCE", "days": 0}}}, "InvalidArgument"},
		"lock for days and years":               {lockToken, props{"bucket": "locked", "rule": props{"defaultRetention": props{"mode": "GOVERNANCE", "days": 1, "years": 1}}}, "MalformedXML"},
		"lock for ever":                         {lockToken, props{"bucket": "locked", "rule": props{"defaultRetention": props{"mode": "GOVERNANCE", "years": 101}}}, "InvalidArgument"},
		"lock mode":                             {lockToken, props{"bucket": "locked", "rule": props{"defaultRetention": props{"mode": "STRICT", "days": 1}}}, "MalformedXML"},

		"encryption algorithm":     {encryptionToken, props{"bucket": "archive", "rules": []any{props{"applyServerSideEncryptionByDefault": props{"sseAlgorithm": "aes"}}}}, "MalformedXML"},
		"key with SSE-S3":          {encryptionToken, props{"bucket": "archive", "rules": []any{props{"applyServerSideEncryptionByDefault": props{"sseAlgorithm": sseS3, "kmsMasterKeyId": "k"}}}}, "InvalidArgument"},
		"ownership":                {ownershipToken, props{"bucket": "archive", "rule": props{"objectOwnership": "Mine"}}, "MalformedXML"},
		"ACL where there are none": {aclToken, props{"bucket": "archive", "acl": "private"}, "AccessControlListNotSupported"},
		"ACL that is none":         {aclToken, props{"bucket": "acls", "acl": "secret"}, "InvalidArgument"},
		"ACL twice":                {aclToken, props{"bucket": "acls"}, "InvalidRequest"},
		"public ACL":               {aclToken, props{"bucket": "acls", "acl": "public-read"}, "AccessDenied"},
		"payer":                    {payerToken, props{"bucket": "archive", "payer": "Nobody"}, "MalformedXML"},
		"unexpected owner":         {payerToken, props{"bucket": "archive", "payer": "BucketOwner", "expectedBucketOwner": "999999999999"}, "AccessDenied"},
		"bucket of another":        {payerToken, props{"bucket": "somebody-elses", "payer": "BucketOwner"}, "AccessDenied"},
		"block of another account": {accountToken, props{"accountId": "999999999999"}, "AccessDenied"},

		"log to no bucket":            {loggingToken, props{"bucket": "archive", "targetBucket": "none", "targetPrefix": "a/"}, "InvalidTargetBucketForLogging"},
		"log to another account":      {loggingToken, props{"bucket": "archive", "targetBucket": "somebody-elses", "targetPrefix": "a/"}, "InvalidTargetBucketForLogging"},
		"log to another Region":       {loggingToken, props{"bucket": "archive", "targetBucket": "virginia", "targetPrefix": "a/"}, "CrossLocationLoggingProhibited"},
		"log to a locked bucket":      {loggingToken, props{"bucket": "archive", "targetBucket": "locked", "targetPrefix": "a/"}, "InvalidTargetBucketForLogging"},
		"log to a KMS bucket":         {loggingToken, props{"bucket": "archive", "targetBucket": "encrypted", "targetPrefix": "a/"}, "InvalidTargetBucketForLogging"},
		"log without a target policy": {loggingToken, props{"bucket": "archive", "targetBucket": "logs-without-policy", "targetPrefix": "a/"}, "InvalidTargetBucketForLogging"},

		"notify no topic": {notifyToken, props{"bucket": "archive", "topics": []any{props{"topicArn": "arn:aws:sns:ap-northeast-1:123456789012:none", "events": []any{"s3:ObjectCreated:*"}}}}, "InvalidArgument"},

		"no lifecycle rules":          {lifecycleToken, props{"bucket": "archive", "rules": []any{}}, "MalformedXML"},
		"rule without action":         {lifecycleToken, lifecycle(nil), "InvalidRequest"},
		"rule status":                 {lifecycleToken, lifecycle(props{"status": "On", "expiration": props{"days": 1}}), "MalformedXML"},
		"expiry in 0 days":            {lifecycleToken, lifecycle(props{"expiration": props{"days": -1}}), "InvalidArgument"},
		"expiry before transition":    {lifecycleToken, lifecycle(props{"expiration": props{"days": 90}, "transitions": transitions("GLACIER", 90)}), "InvalidArgument"},
		"noncurrent expiry before":    {lifecycleToken, lifecycle(props{"noncurrentVersionExpiration": props{"noncurrentDays": 30}, "noncurrentVersionTransitions": []any{props{"noncurrentDays": 60, "storageClass": "GLACIER"}}}), "InvalidArgument"},
		"infrequent access too early": {lifecycleToken, lifecycle(props{"transitions": transitions("STANDARD_IA", 29)}), "InvalidArgument"},
		"one zone too early":          {lifecycleToken, lifecycle(props{"transitions": transitions("ONEZONE_IA", 0)}), "InvalidArgument"},
		"Glacier too soon after IA":   {lifecycleToken, lifecycle(props{"transitions": transitions("STANDARD_IA", 30, "GLACIER", 59)}), "InvalidArgument"},
		"deep archive before Glacier": {lifecycleToken, lifecycle(props{"transitions": transitions("GLACIER", 100, "DEEP_ARCHIVE", 90)}), "InvalidArgument"},
		"class twice":                 {lifecycleToken, lifecycle(props{"transitions": transitions("GLACIER", 90, "GLACIER", 100)}), "InvalidRequest"},
		"class that is none":          {lifecycleToken, lifecycle(props{"transitions": transitions("COLD", 90)}), "MalformedXML"},
		"delete marker and days":      {lifecycleToken, lifecycle(props{"expiration": props{"days": 1, "expiredObjectDeleteMarker": true}}), "MalformedXML"},
		"abort uploads by tag":        {lifecycleToken, lifecycle(props{"filter": props{"tag": props{"key": "a", "value": "b"}}, "abortIncompleteMultipartUpload": props{"daysAfterInitiation": 7}}), "InvalidRequest"},
		"two filters":                 {lifecycleToken, lifecycle(props{"filter": props{"prefix": "a", "objectSizeLessThan": 1}, "expiration": props{"days": 1}}), "MalformedXML"},
		"two rules of a name":         {lifecycleToken, props{"bucket": "archive", "rules": []any{props{"id": "r", "status": "Enabled", "expiration": props{"days": 1}}, props{"id": "r", "status": "Enabled", "expiration": props{"days": 2}}}}, "InvalidArgument"},
		"minimum size that is none": {lifecycleToken, func() props {
			l := lifecycle(props{"expiration": props{"days": 1}})
			l["transitionDefaultMinimumObjectSize"] = "none"
			return l
		}(), "InvalidRequest"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.try(row.token, "x", row.in)
			refusedWith(t, err, row.refusal)
		})
	}
	_, err := elsewhere.try(bucketToken, "x", props{"bucket": "archive"})
	refusedWith(t, err, "BucketAlreadyExists")
}

func TestBucketLife(t *testing.T) {
	c := serve(t)
	logs := c.create(bucketToken, "logs", props{"bucket": "access-logs"})
	c.create(policyToken, "logs", props{"bucket": logs.id, "policy": policy(given(grants(service(logDeliveryService), "s3:PutObject", logs.str("arn")+"/archive/*"),
		props{"StringEquals": props{"aws:SourceAccount": "123456789012"}, "ArnLike": props{"aws:SourceArn": "arn:aws:s3:::archive"}}))})
	archive := c.create(bucketToken, "archive", props{"bucket": "archive", "objectLockEnabled": true, "tags": props{"a": "b"}})
	aspects := []*made{
		archive,
		c.create(versioningToken, "v", props{"bucket": "archive", "versioningConfiguration": props{"status": "Enabled"}}),
		c.create(encryptionToken, "e", props{"bucket": "archive", "rules": []any{props{"bucketKeyEnabled": true, "applyServerSideEncryptionByDefault": props{"sseAlgorithm": sseKMS}}}}),
		c.create(blockToken, "b", props{"bucket": "archive", "blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true}),
		c.create(ownershipToken, "o", props{"bucket": "archive", "rule": props{"objectOwnership": bucketOwnerEnforced}}),
		c.create(lifecycleToken, "l", lifecycle(props{"transitions": transitions("STANDARD_IA", 30, "GLACIER", 60, "DEEP_ARCHIVE", 150), "expiration": props{"days": 365}})),
		c.create(loggingToken, "g", props{"bucket": "archive", "targetBucket": "access-logs", "targetPrefix": "archive/"}),
		c.create(lockToken, "k", props{"bucket": "archive", "rule": props{"defaultRetention": props{"mode": "GOVERNANCE", "days": 30}}}),
		c.create(policyToken, "p", props{"bucket": "archive", "policy": policy(grants(service("config.amazonaws.com"), "s3:PutObject", "arn:aws:s3:::archive/*"))}),
		c.create(payerToken, "r", props{"bucket": "archive", "payer": "BucketOwner"}),
		c.create(accountToken, "a", props{"blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true}),
	}
	for _, m := range aspects {
		c.unchanged(m)
		c.imported(m)
	}
	require.NoError(t, c.update(archive, props{"bucket": "archive", "objectLockEnabled": true, "tags": props{"a": "c"}}))
	for i := len(aspects) - 1; i >= 0; i-- {
		require.NoError(t, c.remove(aspects[i]), aspects[i].token)
		require.NoError(t, c.remove(aspects[i]), "deleting twice is no error")
	}
	assert.False(t, c.read(archive))
}

func TestDriftIsSeen(t *testing.T) {
	c := serve(t)
	bucket := c.create(bucketToken, "archive", props{"bucket": "archive", "tags": props{"a": "b"}})
	block := c.create(blockToken, "b", props{"bucket": "archive", "blockPublicAcls": true, "blockPublicPolicy": true})
	require.NoError(t, c.account().Update(func(a *Account) {
		b := a.S3.Buckets["archive"]
		b.Tags["added"] = "by hand"
		b.PublicAccess.BlockPublicPolicy = false
		b.PublicAccess.IgnorePublicACLs = true
	}))
	require.True(t, c.read(bucket))
	assert.Equal(t, props{"a": "b", "added": "by hand"}, bucket.inputs["tags"])
	assert.NotEmpty(t, c.diff(bucket, props{"bucket": "archive", "tags": props{"a": "b"}}).GetDiffs())
	require.True(t, c.read(block))
	assert.Equal(t, false, block.inputs["blockPublicPolicy"])
	assert.Equal(t, true, block.inputs["ignorePublicAcls"])

	require.NoError(t, c.account().Update(func(a *Account) { delete(a.S3.Buckets, "archive") }))
	assert.False(t, c.read(bucket))
	assert.False(t, c.read(block))
}

// TestCallerIsBoundByTheBucketPolicy: the account evaluates a bucket's policy on the stack's own calls.
func TestCallerIsBoundByTheBucketPolicy(t *testing.T) {
	guard := policy(denies([]string{"s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutLifecycleConfiguration", "s3:DeleteBucket"},
		"arn:aws:s3:::archive", props{"BoolIfExists": props{"aws:MultiFactorAuthPresent": "false"}}))
	attempts := func(c *client, stored *made) map[string]error {
		_, lifecycleErr := c.try(lifecycleToken, "l", lifecycle(props{"expiration": props{"days": 1}}))
		return map[string]error{
			"lifecycle":     lifecycleErr,
			"change policy": c.update(stored, props{"bucket": "archive", "policy": guard + " "}),
			"delete bucket": c.remove(&made{token: bucketToken, name: "archive", id: "archive", state: props{}}),
			"delete policy": c.remove(stored),
		}
	}
	setup := func(o Options) (*client, *made) {
		c := serve(t, o)
		c.create(bucketToken, "archive", props{"bucket": "archive"})
		return c, c.create(policyToken, "p", props{"bucket": "archive", "policy": guard})
	}
	c, stored := setup(Options{})
	for name, err := range attempts(c, stored) {
		require.Error(t, err, name)
		refusedWith(t, err, "AccessDenied")
	}
	c, stored = setup(Options{MFA: true})
	require.NoError(t, attempts(c, stored)["lifecycle"])

	// The root user can always repair a bucket policy.
	root := Options{Caller: "arn:aws:iam::123456789012:root"}
	c, stored = setup(root)
	_, err := c.try(lifecycleToken, "l", lifecycle(props{"expiration": props{"days": 1}}))
	refusedWith(t, err, "AccessDenied")
	require.NoError(t, c.remove(stored))
}

func TestDeletedPrincipalBecomesItsUniqueID(t *testing.T) {
	c := serve(t)
	c.create(bucketToken, "archive", props{"bucket": "archive"})
	role := c.create(roleToken, "reader", props{"name": "reader", "assumeRolePolicy": trustCloudTrail})
	text := policy(grants(props{"AWS": role.str("arn")}, "s3:GetObject", "arn:aws:s3:::archive/*"))
	stored := c.create(policyToken, "p", props{"bucket": "archive", "policy": text})
	require.NoError(t, c.remove(role))

	require.True(t, c.read(stored))
	assert.Contains(t, str(stored.inputs, "policy"), role.str("uniqueId"))
	refusedWith(t, c.update(stored, props{"bucket": "archive", "policy": text}), "MalformedPolicy")
	c.create(roleToken, "reader", props{"name": "reader", "assumeRolePolicy": trustCloudTrail})
	require.True(t, c.read(stored))
	assert.NotContains(t, str(stored.inputs, "policy"), role.str("arn"), "a role of the same name is somebody else")
	require.NoError(t, c.update(stored, props{"bucket": "archive", "policy": text}))
}

func TestNotEmptyBucketsAreKept(t *testing.T) {
	c := serve(t)
	admin := policyeval.Principal{ARN: deployerARN, Account: defaultAccountID}
	put := func(bucket string) {
		require.NoError(t, c.account().Do(admin, nil, "s3:PutObject", "arn:aws:s3:::"+bucket+"/key"))
	}
	kept := c.create(bucketToken, "kept", props{"bucket": "kept"})
	put("kept")
	refusedWith(t, c.remove(kept), "BucketNotEmpty")
	require.NoError(t, c.account().Do(admin, nil, "s3:DeleteObject", "arn:aws:s3:::kept/key"))
	require.NoError(t, c.remove(kept))

	forced := c.create(bucketToken, "forced", props{"bucket": "forced", "forceDestroy": true})
	put("forced")
	require.NoError(t, c.remove(forced))

	compliant := c.create(bucketToken, "compliant", props{"bucket": "compliant", "forceDestroy": true, "objectLockEnabled": true})
	c.create(lockToken, "l", props{"bucket": "compliant", "rule": props{"defaultRetention": props{"mode": complianceMode, "days": 1}}})
	put("compliant")
	refusedWith(t, c.remove(compliant), "AccessDenied")

	governed := c.create(bucketToken, "governed", props{"bucket": "governed", "forceDestroy": true, "objectLockEnabled": true})
	c.create(lockToken, "g", props{"bucket": "governed", "rule": props{"defaultRetention": props{"mode": governanceMode, "years": 1}}})
	put("governed")
	require.NoError(t, c.remove(governed), "the provider bypasses governance mode")
}

func TestObjectRequests(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := serve(t, Options{Now: func() time.Time { return now }})
	const archive = "arn:aws:s3:::archive"
	c.create(bucketToken, "archive", props{"bucket": "archive", "objectLockEnabled": true})
	c.create(lockToken, "l", props{"bucket": "archive", "rule": props{"defaultRetention": props{"mode": complianceMode, "days": 30}}})
	reader := c.create(roleToken, "reader", props{"name": "reader", "assumeRolePolicy": trustCloudTrail})
	c.create(rolePolicyToken, "reader", props{"role": "reader", "policy": statement("Allow", "s3:GetObject")})
	c.create(policyToken, "p", props{"bucket": "archive", "policy": policy(
		given(grants(service("cloudtrail.amazonaws.com"), "s3:PutObject", archive+"/AWSLogs/123456789012/*"),
			props{"StringEquals": props{"aws:SourceArn": "arn:aws:cloudtrail:ap-northeast-1:123456789012:trail/audit", "s3:x-amz-acl": "bucket-owner-full-control"}}),
		denies("s3:*", []string{archive, archive + "/*"}, props{"Bool": props{"aws:SecureTransport": "false"}}),
		denies("s3:*", []string{archive, archive + "/*"}, props{"NumericLessThan": props{"s3:TlsVersion": "1.2"}}),
		denies("s3:DeleteObject*", archive+"/*", props{"BoolIfExists": props{"aws:MultiFactorAuthPresent": "false"}}),
	)})
	const key = archive + "/AWSLogs/123456789012/CloudTrail/file.json.gz"
	trail := policyeval.Principal{Service: "cloudtrail.amazonaws.com"}
	sent := func(source string) map[string][]string {
		return map[string][]string{"aws:SourceArn": {source}, "s3:x-amz-acl": {"bucket-owner-full-control"}}
	}
	right := sent("arn:aws:cloudtrail:ap-northeast-1:123456789012:trail/audit")
	admin := policyeval.Principal{ARN: deployerARN, Account: defaultAccountID}
	mfa := map[string][]string{"aws:MultiFactorAuthPresent": {"true"}}
	require.NoError(t, c.account().Do(trail, right, "s3:PutObject", key))

	for name, row := range map[string]struct {
		who     policyeval.Principal
		ctx     map[string][]string
		action  string
		arn     string
		refusal string
	}{
		"another trail":           {trail, sent("arn:aws:cloudtrail:ap-northeast-1:999999999999:trail/audit"), "s3:PutObject", key, "AccessDenied"},
		"without the ACL":         {trail, map[string][]string{"aws:SourceArn": right["aws:SourceArn"]}, "s3:PutObject", key, "AccessDenied"},
		"another ACL":             {trail, map[string][]string{"s3:x-amz-acl": {"public-read"}}, "s3:PutObject", key, "AccessControlListNotSupported"},
		"another place":           {trail, right, "s3:PutObject", archive + "/elsewhere", "AccessDenied"},
		"anonymous":               {policyeval.Principal{Anonymous: true}, nil, "s3:GetObject", key, "AccessDenied"},
		"another account":         {policyeval.Principal{ARN: "arn:aws:iam::999999999999:user/x", Account: "999999999999"}, nil, "s3:GetObject", key, "AccessDenied"},
		"reader":                  {policyeval.Principal{ARN: reader.str("arn"), Account: defaultAccountID}, nil, "s3:GetObject", key, ""},
		"reader lists":            {policyeval.Principal{ARN: reader.str("arn"), Account: defaultAccountID}, nil, "s3:ListBucket", archive, "AccessDenied"},
		"reader of nothing":       {policyeval.Principal{ARN: reader.str("arn"), Account: defaultAccountID}, nil, "s3:GetObject", archive + "/none", "NoSuchKey"},
		"plain HTTP":              {admin, map[string][]string{"aws:SecureTransport": {"false"}}, "s3:GetObject", key, "AccessDenied"},
		"TLS 1.1":                 {admin, map[string][]string{"s3:TlsVersion": {"1.1"}}, "s3:GetObject", key, "AccessDenied"},
		"delete without MFA":      {admin, map[string][]string{"aws:MultiFactorAuthPresent": {"false"}}, "s3:DeleteObject", key, "AccessDenied"},
		"delete a locked version": {admin, mfa, "s3:DeleteObjectVersion", key, "object lock in COMPLIANCE mode"},
		"no bucket":               {admin, nil, "s3:GetObject", "arn:aws:s3:::none/x", "NoSuchBucket"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.account().Do(row.who, row.ctx, row.action, row.arn)
			if row.refusal == "" {
				require.NoError(t, err)
				return
			}
			refusedWith(t, err, row.refusal)
		})
	}
	now = now.AddDate(0, 0, 31)
	require.NoError(t, c.account().Do(admin, mfa, "s3:DeleteObjectVersion", key), "the retention has ended")
}

func TestPublicBucketsAreRestricted(t *testing.T) {
	c := serve(t)
	c.create(bucketToken, "site", props{"bucket": "site"})
	c.create(blockToken, "b", props{"bucket": "site", "restrictPublicBuckets": true})
	c.create(policyToken, "p", props{"bucket": "site", "policy": policy(grants("*", "s3:GetObject", "arn:aws:s3:::site/*"))})
	stranger := policyeval.Principal{ARN: "arn:aws:iam::999999999999:user/x", Account: "999999999999"}
	refusedWith(t, c.account().Do(stranger, nil, "s3:GetObject", "arn:aws:s3:::site/x"), "RestrictPublicBuckets")
	require.NoError(t, c.account().Update(func(a *Account) { a.S3.Buckets["site"].PublicAccess = nil }))
	refusedWith(t, c.account().Do(stranger, nil, "s3:GetObject", "arn:aws:s3:::site/x"), "NoSuchKey")
}

func TestEncryptedObjectsNeedTheKey(t *testing.T) {
	c := serve(t)
	key := c.create("aws:kms/key:Key", "k", nil)
	c.create(bucketToken, "archive", props{"bucket": "archive"})
	encryption := c.create(encryptionToken, "e", props{"bucket": "archive", "rules": []any{props{"applyServerSideEncryptionByDefault": props{"sseAlgorithm": sseKMS, "kmsMasterKeyId": key.str("arn")}}}})
	c.create(roleToken, "reader", props{"name": "reader", "assumeRolePolicy": trustCloudTrail})
	c.create(rolePolicyToken, "reader", props{"role": "reader", "policy": statement("Allow", "s3:*")})
	reader := policyeval.Principal{ARN: "arn:aws:iam::123456789012:role/reader", Account: defaultAccountID}
	admin := policyeval.Principal{ARN: deployerARN, Account: defaultAccountID}
	const object = "arn:aws:s3:::archive/x"
	refusedWith(t, c.account().Do(reader, nil, "s3:PutObject", object), "AccessDeniedException")
	require.NoError(t, c.account().Do(admin, nil, "s3:PutObject", object))
	refusedWith(t, c.account().Do(reader, nil, "s3:GetObject", object), "AccessDeniedException")
	c.create(rolePolicyToken, "decrypt", props{"role": "reader", "policy": fmt.Sprintf(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":%q,"Condition":{"StringEquals":{"kms:EncryptionContext:aws:s3:arn":%q}}}]}`, key.str("arn"), object)})
	require.NoError(t, c.account().Do(reader, nil, "s3:GetObject", object))

	require.NoError(t, c.update(encryption, props{"bucket": "archive", "rules": []any{props{"applyServerSideEncryptionByDefault": props{"sseAlgorithm": sseKMS, "kmsMasterKeyId": "arn:aws:kms:ap-northeast-1:123456789012:key/none"}}}}),
		"S3 does not look whether the key exists")
	refusedWith(t, c.account().Do(admin, nil, "s3:PutObject", object), "KMS.NotFoundException")
}
