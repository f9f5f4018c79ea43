package awssim

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	bucketToken = "aws:s3/bucketV2:BucketV2"
	policyToken = "aws:s3/bucketPolicy:BucketPolicy"
	groupToken  = "aws:cloudwatch/logGroup:LogGroup"
)

func TestServeRefusesImpossibleOptions(t *testing.T) {
	for name, row := range map[string]struct {
		options Options
		message string
	}{
		"partition":        {Options{Partition: "aws-moon"}, `partition "aws-moon" is unknown; known are aws, aws-cn, aws-us-gov`},
		"account":          {Options{AccountID: "12345"}, `account id "12345" is not 12 digits`},
		"caller":           {Options{Caller: "alice"}, `caller "alice" is not the ARN of a role or user of the account`},
		"caller's account": {Options{Caller: "arn:aws:iam::999999999999:role/ci"}, "is not the ARN of a role or user"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Serve(row.options)
			require.ErrorContains(t, err, row.message)
		})
	}
}

func TestAccountFileSurvivesRestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "account.json")
	server, err := Serve(Options{File: file})
	require.NoError(t, err)
	c := connect(t, server, props{"region": testRegion})
	bucket := c.create(bucketToken, "logs", props{"tags": props{"team": "security"}})
	require.NoError(t, server.Close())

	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	again := serve(t, Options{File: file})
	again.unchanged(bucket)

	_, err = Serve(Options{File: file, AccountID: "210987654321"})
	require.ErrorContains(t, err, "holds account 123456789012")
	require.NoError(t, os.WriteFile(file, []byte("{"), 0o600))
	_, err = Serve(Options{File: file})
	require.ErrorContains(t, err, "is not an account file")
}

func TestEveryProviderInstanceHasItsRegion(t *testing.T) {
	tokyo := serve(t)
	virginia := tokyo.in("us-east-1")
	for c, want := range map[*client]string{tokyo: testRegion, virginia: "us-east-1"} {
		out, err := c.invoke("aws:index/getRegion:getRegion", nil)
		require.NoError(t, err)
		assert.Equal(t, want, str(out, "name"))
	}
	// The same name in two Regions is two log groups.
	for c, region := range map[*client]string{tokyo: testRegion, virginia: "us-east-1"} {
		assert.Equal(t, "arn:aws:logs:"+region+":123456789012:log-group:trail", c.create(groupToken, "group", props{"name": "trail"}).str("arn"))
	}
	// A bucket is changed in its own Region.
	tokyo.create(bucketToken, "b", props{"bucket": "archive"})
	_, err := virginia.try(versioningToken, "v", props{"bucket": "archive", "versioningConfiguration": props{"status": "Enabled"}})
	refusedWith(t, err, "PermanentRedirect")
}

func TestConfigurationIsChecked(t *testing.T) {
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	c := dial(t, serve(t).server)
	for name, row := range map[string]struct {
		config  props
		failure string
	}{
		"no Region":      {props{}, "Missing region configuration"},
		"unknown Region": {props{"region": "ap-northeast-9"}, "Invalid AWS Region: ap-northeast-9"},
		"unknown key":    {props{"region": testRegion, "regoin": "x"}, "unknown provider setting aws:regoin"},
		"wrong kind":     {props{"region": testRegion, "defaultTags": `{"tags":["a"]}`}, "expected an object"},
	} {
		t.Run(name, func(t *testing.T) {
			res, err := c.rpc.CheckConfig(context.Background(), &pulumirpc.CheckRequest{News: c.encode(row.config)})
			require.NoError(t, err)
			require.Len(t, res.GetFailures(), 1)
			assert.Contains(t, res.GetFailures()[0].GetReason(), row.failure)
		})
	}
	for name, row := range map[string]struct {
		config props
		err    string
	}{
		"opt-in Region":      {props{"region": "eu-south-1"}, "InvalidClientTokenId"},
		"other partition":    {props{"region": "cn-north-1"}, "InvalidClientTokenId"},
		"other account":      {props{"region": testRegion, "allowedAccountIds": `["999999999999"]`}, "AWS account ID not allowed"},
		"role to be assumed": {props{"region": testRegion, "assumeRole": `{"roleArn":"arn:aws:iam::123456789012:role/none"}`}, "AccessDenied"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dial(t, c.server).rpc.Configure(context.Background(), &pulumirpc.ConfigureRequest{Args: c.encode(row.config)})
			require.ErrorContains(t, err, row.err)
		})
	}
}

func TestDefaultTagsReachTheResource(t *testing.T) {
	c := connect(t, serve(t).server, props{"region": testRegion, "defaultTags": `{"tags":{"project":"baseline","team":"ops"}}`})
	bucket := c.create(bucketToken, "logs", props{"tags": props{"team": "security"}})
	assert.Equal(t, props{"project": "baseline", "team": "security"}, bucket.state["tagsAll"])
}

func TestInputsAreChecked(t *testing.T) {
	c := serve(t)
	for name, row := range map[string]struct {
		token   string
		in      props
		failure string
	}{
		"unknown property": {bucketToken, props{"buckt": "x"}, "buckt: unknown property"},
		"nested unknown":   {roleToken, props{"assumeRolePolicy": "{}", "inlinePolicies": []any{props{"nam": "x"}}}, "inlinePolicies[0].nam: unknown property"},
		"missing":          {policyToken, props{"bucket": "b"}, "policy: missing required property"},
		"wrong kind":       {bucketToken, props{"tags": "x"}, "tags: expected an object, got string"},
		"reserved tag":     {bucketToken, props{"tags": props{"aws:x": "y"}}, "the prefix aws: is reserved"},
		"too many items":   {"aws:cloudtrail/trail:Trail", props{"s3BucketName": "b", "eventSelectors": []any{props{}, props{}, props{}, props{}, props{}, props{}}}, "allowed are 0 to 5"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.try(row.token, "x", row.in)
			require.ErrorContains(t, err, row.failure)
		})
	}
	_, err := c.try("aws:s3/buckett:Buckett", "x", nil)
	require.ErrorContains(t, err, "does not know the resource type aws:s3/buckett:Buckett")
	_, err = c.invoke("aws:index/getRegoin:getRegoin", nil)
	require.ErrorContains(t, err, "does not know the function")
}

func TestNamesAreGeneratedOnce(t *testing.T) {
	c := serve(t)
	bucket := c.create(bucketToken, "Trail-Archive", nil)
	assert.Regexp(t, `^trail-archive-[0-9a-f]{7}$`, bucket.id)
	again, err := c.check(bucketToken, "Trail-Archive", bucket.inputs, nil)
	require.NoError(t, err)
	assert.Equal(t, bucket.id, str(again, "bucket"))
	assert.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, c.diff(bucket, nil).GetChanges())
}

func TestDiffKnowsReplacements(t *testing.T) {
	c := serve(t)
	bucket := c.create(bucketToken, "a", props{"bucket": "archive-1"})
	res := c.diff(bucket, props{"bucket": "archive-2"})
	assert.Equal(t, []string{"bucket"}, res.GetReplaces())
	assert.False(t, res.GetDeleteBeforeReplace(), "the new bucket has another name")

	res = c.diff(bucket, props{"bucket": "archive-1", "objectLockEnabled": true})
	assert.Equal(t, []string{"objectLockEnabled"}, res.GetReplaces())
	assert.True(t, res.GetDeleteBeforeReplace(), "the name is fixed")

	res = c.diff(bucket, props{"bucket": "archive-1", "tags": props{"a": "b"}})
	assert.Empty(t, res.GetReplaces())
	assert.Equal(t, []string{"tags"}, res.GetDiffs())
}

func TestPoliciesCompareByMeaning(t *testing.T) {
	for name, row := range map[string]struct {
		a, b string
		same bool
	}{
		"white space":    {`{"Statement":[]}`, `{ "Statement": [ ] }`, true},
		"single value":   {`{"Statement":{"Action":"s3:*"}}`, `{"Statement":[{"Action":["s3:*"]}]}`, true},
		"order":          {`{"Statement":[{"Action":["a","b"]}]}`, `{"Statement":[{"Action":["b","a"]}]}`, true},
		"another action": {`{"Statement":[{"Action":"a"}]}`, `{"Statement":[{"Action":"b"}]}`, false},
		"no policy":      {`{"a":[1,2]}`, `{"a":[2,1]}`, false},
		"no JSON":        {`x`, `y`, false},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, row.same, sameDocument(row.a, row.b)) })
	}
}

func TestPreviewLeavesOutputsUnknown(t *testing.T) {
	c := serve(t)
	res, err := c.rpc.Create(context.Background(), &pulumirpc.CreateRequest{
		Urn: testURN(bucketToken, "b"), Properties: c.encode(props{"bucket": "archive-1"}), Preview: true,
	})
	require.NoError(t, err)
	state, _, err := decode(res.GetProperties())
	require.NoError(t, err)
	assert.Equal(t, "archive-1", str(state, "bucket"))
	assert.True(t, isUnknown(state["arn"]))
	assert.Empty(t, c.account().S3.Buckets)
}

func TestUnknownInputsPassTheCheck(t *testing.T) {
	c := serve(t)
	_, err := c.check("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "l", nil, props{
		"bucket": unknownValue{}, "rules": []any{props{"id": "r", "status": "Enabled", "expiration": props{"days": unknownValue{}}}},
	})
	require.NoError(t, err)
	_, err = c.check("aws:cloudtrail/trail:Trail", "t", nil, props{
		"s3BucketName": unknownValue{}, "kmsKeyId": unknownValue{}, "cloudWatchLogsGroupArn": unknownValue{}, "cloudWatchLogsRoleArn": unknownValue{},
		"advancedEventSelectors": unknownValue{},
	})
	require.NoError(t, err)
}

func TestSecretsStaySecret(t *testing.T) {
	c := serve(t)
	secret, err := encode(props{"name": "group", "kmsKeyId": nil, "tags": props{"k": "hidden"}}, nil)
	require.NoError(t, err)
	tags := secret.GetFields()["tags"].GetStructValue()
	wrapped, err := encode(props{"v": "hidden"}, secretPathsOf("v"))
	require.NoError(t, err)
	tags.Fields["k"] = wrapped.GetFields()["v"]
	checked, err := c.rpc.Check(context.Background(), &pulumirpc.CheckRequest{Urn: testURN(groupToken, "g"), News: secret})
	require.NoError(t, err)
	res, err := c.rpc.Create(context.Background(), &pulumirpc.CreateRequest{Urn: testURN(groupToken, "g"), Properties: checked.GetInputs()})
	require.NoError(t, err)
	state, paths, err := decode(res.GetProperties())
	require.NoError(t, err)
	require.Len(t, paths, 1)
	assert.Equal(t, "tags.k", paths[0].String())
	assert.Equal(t, props{"k": "hidden"}, state["tags"])
}

func TestInvokes(t *testing.T) {
	c := serve(t)
	identity, err := c.invoke("aws:index/getCallerIdentity:getCallerIdentity", nil)
	require.NoError(t, err)
	assert.Equal(t, "arn:aws:sts::123456789012:assumed-role/account-baseline-deployer/pulumi", str(identity, "arn"), "STS leaves out the path")

	session, err := c.invoke("aws:iam/getSessionContext:getSessionContext", props{"arn": identity["arn"]})
	require.NoError(t, err)
	assert.Equal(t, "arn:aws:iam::123456789012:role/ci/account-baseline-deployer", str(session, "issuerArn"))

	role, err := c.invoke("aws:iam/getRole:getRole", props{"name": "account-baseline-deployer"})
	require.NoError(t, err)
	assert.Equal(t, session["issuerArn"], role["arn"])
	_, err = c.invoke("aws:iam/getRole:getRole", props{"name": "nobody"})
	refusedWith(t, err, "NoSuchEntity")

	enabled, err := c.invoke("aws:index/getRegions:getRegions", nil)
	require.NoError(t, err)
	assert.Len(t, strs(enabled, "names"), 17)
	require.NoError(t, c.account().Update(func(a *Account) { a.Settings.OptInRegions = []string{"eu-south-1"} }))
	filter := func(status string) props {
		return props{"allRegions": true, "filters": []any{props{"name": "opt-in-status", "values": []any{status}}}}
	}
	opted, err := c.invoke("aws:index/getRegions:getRegions", filter("opted-in"))
	require.NoError(t, err)
	assert.Equal(t, []string{"eu-south-1"}, strs(opted, "names"))
	none, err := c.invoke("aws:index/getRegions:getRegions", filter("not-opted-in"))
	require.NoError(t, err)
	assert.NotContains(t, strs(none, "names"), "eu-south-1")
	assert.Contains(t, strs(none, "names"), "me-south-1")

	_, err = c.invoke("aws:organizations/getOrganization:getOrganization", nil)
	refusedWith(t, err, "AWSOrganizationsNotInUseException")
	require.NoError(t, c.account().Update(func(a *Account) {
		a.Settings.Organization = &Organization{ID: "o-exampleorg1", ManagementAccount: a.ID, Accounts: []string{a.ID, "111122223333"}}
	}))
	organization, err := c.invoke("aws:organizations/getOrganization:getOrganization", nil)
	require.NoError(t, err)
	assert.Equal(t, "o-exampleorg1", str(organization, "id"))
	assert.Len(t, list(organization, "accounts"), 2)
}

func TestPartitions(t *testing.T) {
	for partition, suffix := range map[string]string{"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"} {
		t.Run(partition, func(t *testing.T) {
			c := serve(t, Options{Partition: partition})
			out, err := c.invoke("aws:index/getPartition:getPartition", nil)
			require.NoError(t, err)
			assert.Equal(t, partition, str(out, "partition"))
			assert.Equal(t, suffix, str(out, "dnsSuffix"))
			assert.Equal(t, "arn:"+partition+":s3:::archive-1", c.create(bucketToken, "b", props{"bucket": "archive-1"}).str("arn"))
		})
	}
}

// TestAnyIAMPrincipalCanCall: roles with a path, Identity Center roles, users and root exist and may do everything.
func TestAnyIAMPrincipalCanCall(t *testing.T) {
	for caller, arn := range map[string]string{
		"role/ci/deployer": "arn:aws:sts::123456789012:assumed-role/deployer/pulumi",
		"role/aws-reserved/sso.amazonaws.com/ap-northeast-1/AWSReservedSSO_Admin_0123456789abcdef": "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/pulumi",
		"user/alice": "arn:aws:iam::123456789012:user/alice",
		"root":       "arn:aws:iam::123456789012:root",
	} {
		t.Run(caller, func(t *testing.T) {
			c := serve(t, Options{Caller: "arn:aws:iam::123456789012:" + caller})
			identity, err := c.invoke("aws:index/getCallerIdentity:getCallerIdentity", nil)
			require.NoError(t, err)
			assert.Equal(t, arn, str(identity, "arn"))
			c.create(bucketToken, "b", nil)
			assert.True(t, c.account().principalExists("arn:aws:iam::123456789012:"+caller))
		})
	}
}

// TestConcurrentCalls: the engine calls in parallel and in any order.
func TestConcurrentCalls(t *testing.T) {
	c := serve(t, Options{File: filepath.Join(t.TempDir(), "account.json")})
	const n = 20
	results := make(chan error, n)
	for i := range n {
		go func() {
			_, err := c.rpc.Create(context.Background(), &pulumirpc.CreateRequest{
				Urn: testURN(bucketToken, "b"), Properties: c.encode(props{"bucket": fmt.Sprintf("archive-%d", i)}),
			})
			results <- err
		}()
	}
	for range n {
		require.NoError(t, <-results)
	}
	assert.Len(t, c.account().S3.Buckets, n)
}
