package awssim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	trailToken     = "aws:cloudtrail/trail:Trail"
	trailARN       = "arn:aws:cloudtrail:ap-northeast-1:123456789012:trail/audit"
	trailBucketARN = "arn:aws:s3:::archive"
)

// recording is an account that is ready for a trail: every part stands and grants
// what CloudTrail needs.
type recording struct {
	*client
	bucketPolicy, key, role, rolePolicy, group, topic *made
}

func ofTrail(s props) props {
	return given(s, props{"StringEquals": props{"aws:SourceArn": trailARN}})
}

func trailBucketPolicy(extra ...props) string {
	return policy(append([]props{
		ofTrail(grants(service(cloudtrailService), "s3:GetBucketAcl", trailBucketARN)),
		given(grants(service(cloudtrailService), "s3:PutObject", trailBucketARN+"/AWSLogs/123456789012/*"),
			props{"StringEquals": props{"aws:SourceArn": trailARN, "s3:x-amz-acl": "bucket-owner-full-control"}}),
	}, extra...)...)
}

func trailKeyPolicy(c *client, statements ...props) string {
	return policy(append([]props{rootStatement(c, "kms:*")}, statements...)...)
}

func trailKeyStatements() []props {
	return []props{
		given(grants(service(cloudtrailService), "kms:GenerateDataKey*", "*"), props{
			"StringEquals": props{"aws:SourceArn": trailARN},
			"StringLike":   props{"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:123456789012:trail/*"},
		}),
		ofTrail(grants(service(cloudtrailService), "kms:DescribeKey", "*")),
		ofTrail(grants(service(cloudtrailService), "kms:Decrypt", "*")),
	}
}

func newRecording(t *testing.T) *recording {
	t.Helper()
	c := serve(t)
	r := &recording{client: c}
	c.create(bucketToken, "archive", props{"bucket": "archive"})
	r.bucketPolicy = c.create(policyToken, "archive", props{"bucket": "archive", "policy": trailBucketPolicy()})
	r.key = c.create("aws:kms/key:Key", "key", props{"policy": trailKeyPolicy(c, trailKeyStatements()...)})
	r.group = c.create(groupToken, "group", props{"name": "trail"})
	r.role = c.create(roleToken, "role", props{"name": "trail-logs", "assumeRolePolicy": trustCloudTrail})
	r.rolePolicy = c.create(rolePolicyToken, "role", props{"role": "trail-logs", "policy": fmt.Sprintf(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"%s:log-stream:123456789012_CloudTrail_ap-northeast-1*"}]}`, r.group.str("arn"))})
	r.topic = c.create("aws:sns/topic:Topic", "topic", props{"name": "trail"})
	c.create("aws:sns/topicPolicy:TopicPolicy", "topic", props{"arn": r.topic.str("arn"), "policy": policy(ofTrail(grants(service(cloudtrailService), "sns:Publish", r.topic.str("arn"))))})
	return r
}

// trail are the inputs of a trail that uses everything.
func (r *recording) trail(changes props) props {
	return with(props{
		"name": "audit", "s3BucketName": "archive", "kmsKeyId": r.key.str("arn"), "isMultiRegionTrail": true, "enableLogFileValidation": true,
		"cloudWatchLogsGroupArn": r.group.str("arn") + ":*", "cloudWatchLogsRoleArn": r.role.str("arn"), "snsTopicName": r.topic.str("arn"),
	}, changes)
}

func TestTrailLife(t *testing.T) {
	r := newRecording(t)
	trail := r.create(trailToken, "audit", r.trail(nil))
	assert.Equal(t, trailARN, trail.id)
	assert.Equal(t, testRegion, trail.str("homeRegion"))
	r.unchanged(trail)
	r.imported(trail)

	require.NoError(t, r.account().DeliverTrail(trailARN))
	keys := sortedKeys(r.account().S3.Buckets["archive"].Objects)
	require.Len(t, keys, 2)
	assert.Regexp(t, `^AWSLogs/123456789012/CloudTrail-Digest/ap-northeast-1/\d{4}/\d\d/\d\d/`, keys[0])
	assert.Regexp(t, `^AWSLogs/123456789012/CloudTrail/ap-northeast-1/\d{4}/\d\d/\d\d/123456789012_CloudTrail_ap-northeast-1_`, keys[1])

	require.NoError(t, r.update(trail, r.trail(props{"enableLogging": false})))
	require.ErrorContains(t, r.account().DeliverTrail(trailARN), "is not logging")
	require.True(t, r.read(trail))
	assert.Equal(t, false, trail.inputs["enableLogging"])

	virginia := r.in("us-east-1")
	require.True(t, virginia.read(trail), "a trail for all Regions is seen everywhere")
	refusedWith(t, virginia.update(trail, r.trail(nil)), "InvalidHomeRegionException")
	refusedWith(t, virginia.remove(trail), "InvalidHomeRegionException")
	require.NoError(t, r.remove(trail))
	assert.False(t, r.read(trail))
	require.NoError(t, r.remove(trail))
	refusedWith(t, r.account().DeliverTrail(trailARN), "TrailNotFoundException")
}

func TestTrailRefusals(t *testing.T) {
	selector := func(fields ...any) props {
		var selectors []any
		for i := 0; i < len(fields); i += 2 {
			selectors = append(selectors, props{"field": fields[i], "equals": []any{fields[i+1]}})
		}
		return props{"advancedEventSelectors": []any{props{"name": "s", "fieldSelectors": selectors}}}
	}
	field := func(field, operator string, values ...any) props {
		return props{"advancedEventSelectors": []any{props{"fieldSelectors": []any{
			props{"field": "eventCategory", "equals": []any{"Management"}}, props{"field": field, operator: values},
		}}}}
	}
	basic := func(s props) props { return props{"eventSelectors": []any{s}} }
	insight := func(kind string, more props) props {
		return with(props{"insightSelectors": []any{props{"insightType": kind}}}, more)
	}
	many := make([]any, 251)
	for i := range many {
		many[i] = fmt.Sprintf("arn:aws:s3:::bucket-%d/", i)
	}
	for name, row := range map[string]struct {
		change  props
		refusal string
	}{
		"name too short":             {props{"name": "ab"}, "InvalidTrailNameException"},
		"name with a space":          {props{"name": "a b c"}, "InvalidTrailNameException"},
		"name with two hyphens":      {props{"name": "my--trail"}, "InvalidTrailNameException"},
		"name an address":            {props{"name": "192.168.5.4"}, "InvalidTrailNameException"},
		"prefix too long":            {props{"s3KeyPrefix": strings.Repeat("p", 201)}, "InvalidS3PrefixException"},
		"bucket name":                {props{"s3BucketName": "A"}, "InvalidS3BucketNameException"},
		"no bucket":                  {props{"s3BucketName": "none"}, "S3BucketDoesNotExistException"},
		"another prefix":             {props{"s3KeyPrefix": "p"}, "InsufficientS3BucketPolicyException"},
		"another trail's name":       {props{"name": "other"}, "InsufficientS3BucketPolicyException"},
		"without global events":      {props{"includeGlobalServiceEvents": false}, "InvalidParameterCombinationException"},
		"key that is not":            {props{"kmsKeyId": "arn:aws:kms:ap-northeast-1:123456789012:key/none"}, "KmsKeyNotFoundException"},
		"key of another Region":      {props{"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/none"}, "KmsKeyNotFoundException"},
		"key no ARN":                 {props{"kmsKeyId": "alias/trail"}, "invalid ARN"},
		"group without role":         {props{"cloudWatchLogsRoleArn": nil}, "InvalidCloudWatchLogsRoleArnException"},
		"role without group":         {props{"cloudWatchLogsGroupArn": nil}, "InvalidCloudWatchLogsLogGroupArnException"},
		"group ARN without star":     {props{"cloudWatchLogsGroupArn": "arn:aws:logs:ap-northeast-1:123456789012:log-group:trail"}, "InvalidCloudWatchLogsLogGroupArnException"},
		"group that is not":          {props{"cloudWatchLogsGroupArn": "arn:aws:logs:ap-northeast-1:123456789012:log-group:none:*"}, "InvalidCloudWatchLogsLogGroupArnException"},
		"group of another Region":    {props{"cloudWatchLogsGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:trail:*"}, "InvalidCloudWatchLogsLogGroupArnException"},
		"role that is not":           {props{"cloudWatchLogsRoleArn": "arn:aws:iam::123456789012:role/none"}, "InvalidCloudWatchLogsRoleArnException"},
		"role that trusts another":   {props{"cloudWatchLogsRoleArn": deployerARN}, "InvalidCloudWatchLogsRoleArnException"},
		"topic that is not":          {props{"snsTopicName": "none"}, "InvalidSnsTopicNameException"},
		"organization without one":   {props{"isOrganizationTrail": true}, "OrganizationsNotInUseException"},
		"both kinds of selectors":    {with(selector("eventCategory", "Management"), basic(props{"readWriteType": "All"})), "exclude each other"},
		"read-write type":            {basic(props{"readWriteType": "Some"}), "InvalidEventSelectorsException"},
		"quiet source":               {basic(props{"excludeManagementEventSources": []any{"s3.amazonaws.com"}}), "InvalidEventSelectorsException"},
		"basic type":                 {basic(props{"dataResources": []any{props{"type": "AWS::S3Outposts::Object", "values": []any{"arn:aws:s3-outposts"}}}}), "InvalidEventSelectorsException"},
		"basic value":                {basic(props{"dataResources": []any{props{"type": "AWS::S3::Object", "values": []any{"bucket"}}}}), "InvalidEventSelectorsException"},
		"too many basic values":      {basic(props{"dataResources": []any{props{"type": "AWS::S3::Object", "values": many[:249]}, props{"type": "AWS::S3::Object", "values": many[:2]}}}), "InvalidEventSelectorsException"},
		"no category":                {selector("readOnly", "true"), "eventCategory is required"},
		"category":                   {selector("eventCategory", "Everything"), "InvalidEventSelectorsException"},
		"field the provider refuses": {selector("eventCategory", "Management", "errorCode", "x"), "the provider accepts"},
		"field of another category":  {selector("eventCategory", "Management", "eventName", "x"), "not supported for Management events"},
		"field twice":                {selector("eventCategory", "Management", "readOnly", "true", "readOnly", "false"), "used twice"},
		"data without type":          {selector("eventCategory", "Data"), "need the field resources.type"},
		"data of a misspelt type":    {selector("eventCategory", "Data", "resources.type", "AWS::S3::Objects"), "InvalidEventSelectorsException"},
		"data of no type":            {selector("eventCategory", "Data", "resources.type", "S3"), "InvalidEventSelectorsException"},
		"read-only maybe":            {selector("eventCategory", "Management", "readOnly", "maybe"), "allowed are true and false"},
		"network without source":     {selector("eventCategory", "NetworkActivity"), "need the field eventSource"},
		"management source":          {field("eventSource", "equals", "s3.amazonaws.com"), "takes notEquals"},
		"operator of readOnly":       {field("readOnly", "notEquals", "true"), "takes the operator equals only"},
		"field without operator":     {field("readOnly", "equals"), "has no operator"},
		"insight type":               {insight("ApiBillInsight", nil), "InvalidInsightSelectorsException"},
		"call rate without writes":   {insight("ApiCallRateInsight", basic(props{"readWriteType": "ReadOnly"})), "InvalidInsightSelectorsException"},
		"error rate without events":  {insight("ApiErrorRateInsight", selector("eventCategory", "Data", "resources.type", "AWS::S3::Object")), "InvalidInsightSelectorsException"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRecording(t)
			_, err := r.try(trailToken, "audit", r.trail(row.change))
			refusedWith(t, err, row.refusal)
		})
	}
}

func TestTrailAcceptsSelectors(t *testing.T) {
	r := newRecording(t)
	fields := func(f ...props) props {
		var all []any
		for _, e := range f {
			all = append(all, e)
		}
		return props{"fieldSelectors": all}
	}
	r.create(trailToken, "audit", r.trail(props{
		"advancedEventSelectors": []any{
			fields(props{"field": "eventCategory", "equals": []any{"Management"}}, props{"field": "eventSource", "notEquals": []any{"kms.amazonaws.com"}}),
			fields(props{"field": "eventCategory", "equals": []any{"Data"}}, props{"field": "resources.type", "equals": []any{"AWS::S3::Object"}},
				props{"field": "resources.ARN", "notStartsWiths": []any{trailBucketARN + "/"}}),
			fields(props{"field": "eventCategory", "equals": []any{"NetworkActivity"}}, props{"field": "eventSource", "equals": []any{"s3.amazonaws.com"}}),
		},
		"insightSelectors": []any{props{"insightType": "ApiCallRateInsight"}, props{"insightType": "ApiErrorRateInsight"}},
	}))
}

// TestTrailNeedsEveryGrant takes one grant away at a time, before the trail is made
// and after it delivers.
func TestTrailNeedsEveryGrant(t *testing.T) {
	statements := func(c *client, without int) string {
		all := trailKeyStatements()
		return trailKeyPolicy(c, append(all[:without:without], all[without+1:]...)...)
	}
	for name, row := range map[string]struct {
		breakIt  func(t *testing.T, r *recording)
		refusal  string
		delivery string // what a delivery then fails with; "" for one that still works
	}{
		"no bucket policy": {func(t *testing.T, r *recording) { require.NoError(t, r.remove(r.bucketPolicy)) },
			"InsufficientS3BucketPolicyException", "AccessDenied"},
		"policy of another trail": {func(t *testing.T, r *recording) {
			text := strings.ReplaceAll(trailBucketPolicy(), "trail/audit", "trail/other")
			require.NoError(t, r.update(r.bucketPolicy, props{"bucket": "archive", "policy": text}))
		}, "InsufficientS3BucketPolicyException", "AccessDenied"},
		"no GetBucketAcl": {func(t *testing.T, r *recording) {
			text := strings.ReplaceAll(trailBucketPolicy(), "s3:GetBucketAcl", "s3:GetBucketLocation")
			require.NoError(t, r.update(r.bucketPolicy, props{"bucket": "archive", "policy": text}))
		}, "InsufficientS3BucketPolicyException", "AccessDenied"},
		"a deny on top": {func(t *testing.T, r *recording) {
			text := trailBucketPolicy(denies("s3:PutObject", trailBucketARN+"/*", props{"StringNotEquals": props{"s3:x-amz-server-side-encryption": "aws:kms"}}))
			require.NoError(t, r.update(r.bucketPolicy, props{"bucket": "archive", "policy": text}))
		}, "", "AccessDenied"}, // digest files are never encrypted with KMS
		"no kms:GenerateDataKey": {func(t *testing.T, r *recording) {
			require.NoError(t, r.update(r.key, props{"policy": statements(r.client, 0)}))
		}, "InsufficientEncryptionPolicyException", "AccessDenied"},
		"no kms:DescribeKey": {func(t *testing.T, r *recording) {
			require.NoError(t, r.update(r.key, props{"policy": statements(r.client, 1)}))
		}, "InsufficientEncryptionPolicyException", ""},
		"no kms:Decrypt, no Bucket Key": {func(t *testing.T, r *recording) {
			require.NoError(t, r.update(r.key, props{"policy": statements(r.client, 2)}))
		}, "", ""},
		"no kms:Decrypt with a Bucket Key": {func(t *testing.T, r *recording) {
			require.NoError(t, r.update(r.key, props{"policy": statements(r.client, 2)}))
			r.create(encryptionToken, "e", props{"bucket": "archive", "rules": []any{props{"bucketKeyEnabled": true,
				"applyServerSideEncryptionByDefault": props{"sseAlgorithm": sseKMS, "kmsMasterKeyId": r.key.str("arn")}}}})
		}, "InsufficientEncryptionPolicyException", "AccessDenied"},
		"key disabled": {func(t *testing.T, r *recording) {
			require.NoError(t, r.update(r.key, props{"isEnabled": false, "policy": str(r.key.inputs, "policy")}))
		}, "KmsKeyDisabledException", "DisabledException"},
		"role without rights": {func(t *testing.T, r *recording) { require.NoError(t, r.remove(r.rolePolicy)) },
			"InvalidCloudWatchLogsLogGroupArnException", "AccessDenied"},
		"role trusts nobody": {func(t *testing.T, r *recording) {
			require.NoError(t, r.update(r.role, props{"name": "trail-logs", "assumeRolePolicy": strings.ReplaceAll(trustCloudTrail, "cloudtrail", "config")}))
		}, "InvalidCloudWatchLogsRoleArnException", "AccessDenied"},
		"no log group": {func(t *testing.T, r *recording) { require.NoError(t, r.remove(r.group)) },
			"InvalidCloudWatchLogsLogGroupArnException", "ResourceNotFoundException"},
		"topic policy": {func(t *testing.T, r *recording) {
			r.create("aws:sns/topicPolicy:TopicPolicy", "again", props{"arn": r.topic.str("arn"), "policy": policy(grants(service("config.amazonaws.com"), "sns:Publish", r.topic.str("arn")))})
		}, "InsufficientSnsTopicPolicyException", ""},
		"requester pays": {func(t *testing.T, r *recording) {
			r.create(payerToken, "p", props{"bucket": "archive", "payer": "Requester"})
		}, "InsufficientS3BucketPolicyException", ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := newRecording(t)
			row.breakIt(t, before)
			_, err := before.try(trailToken, "audit", before.trail(nil))
			if row.refusal == "" {
				require.NoError(t, err)
			} else {
				refusedWith(t, err, row.refusal)
			}
			after := newRecording(t)
			trail := after.create(trailToken, "audit", after.trail(nil))
			row.breakIt(t, after)
			if err := after.account().DeliverTrail(trailARN); row.delivery == "" {
				require.NoError(t, err)
			} else {
				refusedWith(t, err, row.delivery)
			}
			if err := after.update(trail, after.trail(props{"tags": props{"a": "b"}})); row.refusal != "" {
				refusedWith(t, err, row.refusal)
			}
		})
	}
}

func TestTrailQuotas(t *testing.T) {
	c := serve(t)
	c.create(bucketToken, "archive", props{"bucket": "archive"})
	c.create(policyToken, "p", props{"bucket": "archive", "policy": policy(given(grants(service(cloudtrailService), []string{"s3:GetBucketAcl", "s3:PutObject"}, []string{trailBucketARN, trailBucketARN + "/*"}),
		props{"StringEquals": props{"aws:SourceAccount": "123456789012"}}))})
	for i := range trailsPerRegion {
		c.create(trailToken, fmt.Sprintf("t%d", i), props{"s3BucketName": "archive", "isMultiRegionTrail": i == 0})
	}
	_, err := c.try(trailToken, "more", props{"s3BucketName": "archive"})
	refusedWith(t, err, "MaximumNumberOfTrailsExceededException")
	virginia := c.in("us-east-1")
	virginia.create(trailToken, "v", props{"name": "regional", "s3BucketName": "archive"})
	_, err = virginia.try(trailToken, "again", props{"name": "regional", "s3BucketName": "archive"})
	refusedWith(t, err, "TrailAlreadyExistsException")
	_, err = virginia.try(trailToken, "all", props{"s3BucketName": "archive", "isMultiRegionTrail": true})
	refusedWith(t, err, "MaximumNumberOfTrailsExceededException")
}

func TestOrganizationTrail(t *testing.T) {
	r := newRecording(t)
	inputs := r.trail(props{"isOrganizationTrail": true, "cloudWatchLogsGroupArn": nil, "cloudWatchLogsRoleArn": nil, "snsTopicName": nil})
	organization := &Organization{ID: "o-exampleorg1", ManagementAccount: "111122223333", Accounts: []string{"111122223333", "123456789012"}}
	set := func(change func()) {
		require.NoError(t, r.account().Update(func(a *Account) { change(); a.Settings.Organization = organization }))
	}
	set(func() {})
	_, err := r.try(trailToken, "audit", inputs)
	refusedWith(t, err, "NotOrganizationMasterAccountException")
	set(func() { organization.ManagementAccount = "123456789012" })
	_, err = r.try(trailToken, "audit", inputs)
	refusedWith(t, err, "CloudTrailAccessNotEnabledException")
	set(func() { organization.CloudTrailAccess = true })
	_, err = r.try(trailToken, "audit", inputs)
	refusedWith(t, err, "InsufficientS3BucketPolicyException")
	require.NoError(t, r.update(r.bucketPolicy, props{"bucket": "archive", "policy": trailBucketPolicy(
		given(grants(service(cloudtrailService), "s3:PutObject", trailBucketARN+"/AWSLogs/o-exampleorg1/*"),
			props{"StringEquals": props{"aws:SourceArn": trailARN, "s3:x-amz-acl": "bucket-owner-full-control"}}))}))
	r.create(trailToken, "audit", inputs)
	require.NoError(t, r.account().DeliverTrail(trailARN))
}

func TestTrailInACentralBucket(t *testing.T) {
	c := serve(t)
	central := ExternalBucket{Name: "central-logs", Owner: "999999999999", Region: testRegion}
	require.NoError(t, c.account().AddExternalBucket(central))
	inputs := props{"name": "audit", "s3BucketName": "central-logs"}
	_, err := c.try(trailToken, "audit", inputs)
	refusedWith(t, err, "InsufficientS3BucketPolicyException")
	central.Policy = strings.ReplaceAll(trailBucketPolicy(), "archive", "central-logs")
	require.NoError(t, c.account().AddExternalBucket(central))
	c.create(trailToken, "audit", inputs)
	require.NoError(t, c.account().DeliverTrail(trailARN))
	const key = "arn:aws:kms:ap-northeast-1:999999999999:key/1b2c3d4e-0000-4000-8000-000000000000"
	trail := &made{token: trailToken, name: "audit", id: trailARN, inputs: inputs, state: inputs}
	encrypted := with(inputs, props{"kmsKeyId": key})
	refusedWith(t, c.update(trail, encrypted), "KmsKeyNotFoundException")
	require.NoError(t, c.account().AddExternalKey(key, policy(trailKeyStatements()[:1]...)))
	refusedWith(t, c.update(trail, encrypted), "InsufficientEncryptionPolicyException")
	require.NoError(t, c.account().AddExternalKey(key, policy(trailKeyStatements()...)))
	require.NoError(t, c.update(trail, encrypted))
	require.NoError(t, c.account().DeliverTrail(trailARN))

	require.ErrorContains(t, c.account().AddExternalKey("arn:aws:kms:ap-northeast-1:123456789012:key/x", ""), "is not the ARN of a key of another account")
	require.ErrorContains(t, c.account().AddExternalBucket(ExternalBucket{Name: "x", Owner: defaultAccountID}), "is not another account")
}
