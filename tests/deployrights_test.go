package tests

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	declaration "github.com/seed-8894d46d/account-baseline/components/declared"
	"github.com/seed-8894d46d/account-baseline/components/deployrights"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	deployPrefix  = "account-baseline-dev-"
	deployingRole = "arn:aws:iam::" + accountID + ":role/deploy/baseline-deploy"
)

// someResources are a little of everything that policies narrow in different ways.
var someResources = []declaration.Resource{
	{Type: "aws:s3/bucketV2:BucketV2", Name: "trail", Region: "ap-northeast-1", Inputs: inputs{"bucket": deployPrefix + "archive"}},
	{Type: "aws:s3/bucketV2:BucketV2", Name: "results", Region: "ap-northeast-1", Inputs: inputs{"bucket": deployPrefix + "athena", "forceDestroy": true}},
	{Type: "aws:s3/bucketPolicy:BucketPolicy", Name: "policy", Region: "ap-northeast-1", Inputs: inputs{}},
	{Type: "aws:iam/role:Role", Name: "forwarding", Region: "ap-northeast-1", Inputs: inputs{"name": deployPrefix + "forwarding"}},
	{Type: "aws:iam/rolePolicy:RolePolicy", Name: "forward", Region: "ap-northeast-1", Inputs: inputs{}},
	{Type: "aws:cloudwatch/eventRule:EventRule", Name: "rule", Region: "us-east-1", Inputs: inputs{"name": deployPrefix + "rule"}},
	{Type: "aws:cloudwatch/eventTarget:EventTarget", Name: "target", Region: "us-east-1", Inputs: inputs{"roleArn": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}},
	{Type: "aws:sns/topic:Topic", Name: "critical", Region: "ap-northeast-1", Inputs: inputs{"name": deployPrefix + "critical"}},
	{Type: "aws:kms/key:Key", Name: "key", Region: "ap-northeast-1", Inputs: inputs{}},
	{Type: "aws:kms/alias:Alias", Name: "alias", Region: "ap-northeast-1", Inputs: inputs{"name": "alias/alias-0a1b2c3"}},
	{Type: "aws:glue/catalogDatabase:CatalogDatabase", Name: "logs", Region: "ap-northeast-1", Inputs: inputs{"name": "account_baseline_dev_audit"}},
	{Type: "aws:cloudwatch/logGroup:LogGroup", Name: "group", Region: "ap-northeast-1", Inputs: inputs{"name": "cloudtrail"}},
}

func deployOptions() deployrights.Options {
	return deployrights.Options{AccountID: accountID, Prefix: deployPrefix, Roles: []string{deployingRole}}
}

func mayDeploy(t *testing.T, documents []deployrights.Document, action, resource string, context map[string][]string) bool {
	t.Helper()
	var identity []*policyeval.Document
	for _, d := range documents {
		require.NoError(t, policyeval.Validate(policyeval.ManagedPolicy, d.JSON, ""), d.Name)
		parsed, err := policyeval.Parse(d.JSON)
		require.NoError(t, err)
		identity = append(identity, parsed)
	}
	decision, err := policyeval.Authorization{Identity: identity, ResourceOwner: accountID}.Decide(policyeval.Request{
		Principal: policyeval.Principal{ARN: deployingRole, Account: accountID}, Action: action, Resource: resource, Context: context,
	})
	require.NoError(t, err)
	return decision.Allowed
}

func TestDeployRightsReachNoFurtherThanTheStack(t *testing.T) {
	documents, err := deployrights.Policies(someResources, deployOptions())
	require.NoError(t, err)
	in := func(region string) map[string][]string { return map[string][]string{"aws:RequestedRegion": {region}} }
	to := func(service string) map[string][]string { return map[string][]string{"iam:PassedToService": {service}} }
	const here, iam = "arn:aws:sns:ap-northeast-1:" + accountID + ":", "arn:aws:iam::" + accountID + ":"
	for _, row := range []struct {
		action, resource string
		context          map[string][]string
		allowed          bool
	}{
		{"s3:PutBucketPolicy", "arn:aws:s3:::" + deployPrefix + "archive", nil, true},
		{"s3:PutBucketPolicy", "arn:aws:s3:::customers", nil, false},
		{"s3:GetObject", "arn:aws:s3:::" + deployPrefix + "archive/AWSLogs/1.json.gz", nil, false},
		{"s3:DeleteObjectVersion", "arn:aws:s3:::" + deployPrefix + "athena/1.csv", nil, true},
		{"s3:DeleteObjectVersion", "arn:aws:s3:::" + deployPrefix + "archive/AWSLogs/1.json.gz", nil, false},
		{"s3:BypassGovernanceRetention", "arn:aws:s3:::" + deployPrefix + "archive/AWSLogs/1.json.gz", nil, false},
		{"iam:PutRolePolicy", iam + "role/" + deployPrefix + "forwarding", nil, true},
		{"iam:PutRolePolicy", iam + "role/admin", nil, false},
		{"iam:PutRolePolicy", deployingRole, nil, false},
		{"iam:GetRole", deployingRole, nil, true},
		{"iam:GetRole", iam + "role/admin", nil, false},
		{"iam:CreateUser", iam + "user/" + deployPrefix + "x", nil, false},
		{"iam:CreateAccessKey", iam + "user/alice", nil, false},
		{"iam:PassRole", iam + "role/" + deployPrefix + "forwarding", to("events.amazonaws.com"), true},
		{"iam:PassRole", iam + "role/" + deployPrefix + "forwarding", to("lambda.amazonaws.com"), false},
		{"iam:PassRole", iam + "role/admin", to("events.amazonaws.com"), false},
		{"sns:CreateTopic", here + deployPrefix + "critical", in("ap-northeast-1"), true},
		{"sns:CreateTopic", here + deployPrefix + "critical", in("eu-west-1"), false},
		{"sns:CreateTopic", here + "orders", in("ap-northeast-1"), false},
		{"sns:Publish", here + deployPrefix + "critical", in("ap-northeast-1"), false},
		{"events:PutRule", "arn:aws:events:us-east-1:" + accountID + ":rule/" + deployPrefix + "rule", in("us-east-1"), true},
		{"events:PutRule", "arn:aws:events:ap-northeast-1:" + accountID + ":rule/" + deployPrefix + "rule", in("ap-northeast-1"), false},
		{"events:PutRule", "arn:aws:events:us-east-1:" + accountID + ":rule/others", in("us-east-1"), false},
		{"kms:Decrypt", "arn:aws:kms:ap-northeast-1:" + accountID + ":key/1", in("ap-northeast-1"), false},
		{"kms:CreateAlias", "arn:aws:kms:ap-northeast-1:" + accountID + ":alias/alias-fffffff", in("ap-northeast-1"), true},
		{"kms:CreateAlias", "arn:aws:kms:ap-northeast-1:" + accountID + ":alias/others", in("ap-northeast-1"), false},
		{"kms:CreateAlias", "arn:aws:kms:ap-northeast-1:210987654321:key/1", in("ap-northeast-1"), false},
		{"glue:CreateDatabase", "arn:aws:glue:ap-northeast-1:" + accountID + ":database/account_baseline_dev_audit", in("ap-northeast-1"), true},
		{"glue:CreateDatabase", "arn:aws:glue:ap-northeast-1:" + accountID + ":database/sales", in("ap-northeast-1"), false},
		{"logs:PutRetentionPolicy", "arn:aws:logs:ap-northeast-1:" + accountID + ":log-group:cloudtrail:log-stream:", in("ap-northeast-1"), true},
		{"logs:PutRetentionPolicy", "arn:aws:logs:ap-northeast-1:" + accountID + ":log-group:cloudtrail2", in("ap-northeast-1"), false},
		{"ec2:DescribeRegions", "*", in("us-east-1"), true},
		{"ec2:RunInstances", "*", in("us-east-1"), false},
		{"cloudtrail:StopLogging", "arn:aws:cloudtrail:ap-northeast-1:" + accountID + ":trail/x", in("ap-northeast-1"), false},
		{"sts:AssumeRole", iam + "role/admin", nil, false},
	} {
		assert.Equal(t, row.allowed, mayDeploy(t, documents, row.action, row.resource, row.context), "%s on %s, %v", row.action, row.resource, row.context)
	}
}

func TestDeployBoundaryForbidsWhatNoDeploymentDoes(t *testing.T) {
	limit, err := deployrights.Boundary(someResources, deployOptions())
	require.NoError(t, err)
	documents := []deployrights.Document{limit}
	const iam = "arn:aws:iam::" + accountID + ":"
	for _, row := range []struct {
		action, resource string
		allowed          bool
	}{
		{"iam:CreateRole", iam + "role/" + deployPrefix + "forwarding", true},
		{"sns:CreateTopic", "arn:aws:sns:ap-northeast-1:" + accountID + ":x", true},
		{"iam:CreateUser", iam + "user/x", false},
		{"iam:CreateAccessKey", iam + "user/alice", false},
		{"iam:AttachRolePolicy", deployingRole, false},
		{"iam:DeleteRolePermissionsBoundary", deployingRole, false},
		{"iam:CreatePolicyVersion", iam + "policy/deploy/baseline-boundary", false},
		{"organizations:LeaveOrganization", "*", false},
		{"ec2:RunInstances", "*", true}, // the boundary is wide within a service; the policies are not
		{"lambda:CreateFunction", "*", false},
	} {
		assert.Equal(t, row.allowed, mayDeploy(t, documents, row.action, row.resource, nil), "%s on %s", row.action, row.resource)
	}
}

// Every type that the simulated account knows has its rights.
func TestDeployRightsKnowEveryType(t *testing.T) {
	text, err := os.ReadFile("../internal/awssim/schema.json")
	require.NoError(t, err)
	var schema struct{ Types map[string]any }
	require.NoError(t, json.Unmarshal(text, &schema))
	for token := range schema.Types {
		assert.Contains(t, deployrights.Types(), token)
	}
	// What a program may do wrongly: no inputs at all, and nothing but what is not known yet.
	for _, token := range deployrights.Types() {
		for _, in := range []inputs{nil, {"name": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "roleArn": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "path": nil}} {
			_, err := deployrights.Policies([]declaration.Resource{{Type: token, Name: "x", Region: "us-east-1", Inputs: in}}, deployOptions())
			assert.NoError(t, err, token)
		}
	}
}

func TestDeployRightsAreTheSameInAnyOrder(t *testing.T) {
	want, err := deployrights.Policies(someResources, deployOptions())
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		shuffled := slices.Clone(someResources)
		shuffled = append(shuffled, shuffled[rapid.IntRange(0, len(shuffled)-1).Draw(t, "twice")])
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "order"))).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got, err := deployrights.Policies(shuffled, deployOptions())
		if err != nil || !slices.Equal(want, got) {
			t.Fatalf("%v\n%v\n%v", err, want, got)
		}
	})
}

// Without a prefix every name is listed, in as many documents as it takes.
func TestDeployRightsAreSplitAtTheLimit(t *testing.T) {
	var many []declaration.Resource
	for i := range 400 {
		many = append(many, declaration.Resource{
			Type: "aws:sns/topic:Topic", Name: fmt.Sprint("t", i), Region: "us-east-1", Inputs: inputs{"name": fmt.Sprintf("a-topic-with-a-rather-long-name-%d", i)},
		})
	}
	o := deployOptions()
	o.Prefix = ""
	documents, err := deployrights.Policies(many, o)
	require.NoError(t, err)
	require.Greater(t, len(documents), 2)
	names := map[string]bool{}
	for _, d := range documents {
		require.LessOrEqual(t, len(d.JSON), deployrights.MaxCharacters)
		require.False(t, names[d.Name], d.Name)
		names[d.Name] = true
	}
	in := map[string][]string{"aws:RequestedRegion": {"us-east-1"}}
	for _, r := range many {
		require.True(t, mayDeploy(t, documents, "sns:DeleteTopic", "arn:aws:sns:us-east-1:"+accountID+":"+r.Inputs["name"].(string), in))
	}
	require.False(t, mayDeploy(t, documents, "sns:DeleteTopic", "arn:aws:sns:us-east-1:"+accountID+":others", in))
}

func TestDeployRightsReadOnlyReads(t *testing.T) {
	o := deployOptions()
	o.ReadOnly = true
	documents, err := deployrights.Policies(someResources, o)
	require.NoError(t, err)
	for _, d := range documents {
		for _, verb := range []string{"Create", "Put", "Delete", "Update", "Pass", "Attach", "Tag", "Enable", "Disable", "Schedule"} {
			assert.NotContains(t, d.JSON, ":"+verb, d.Name)
		}
	}
}

func TestDeployRightsOfTheState(t *testing.T) {
	o := deployOptions()
	o.StateBucket, o.StateKeys = "example-state", []string{"arn:aws:kms:us-east-1:" + accountID + ":key/1234"}
	documents, err := deployrights.Policies(someResources, o)
	require.NoError(t, err)
	assert.True(t, mayDeploy(t, documents, "s3:PutObject", "arn:aws:s3:::example-state/.pulumi/stacks/dev.json", nil))
	assert.False(t, mayDeploy(t, documents, "s3:PutObject", "arn:aws:s3:::"+deployPrefix+"archive/1", nil))
	assert.True(t, mayDeploy(t, documents, "kms:Encrypt", o.StateKeys[0], nil))
	o.ReadOnly = true
	documents, err = deployrights.Policies(someResources, o)
	require.NoError(t, err)
	assert.True(t, mayDeploy(t, documents, "s3:GetObject", "arn:aws:s3:::example-state/.pulumi/stacks/dev.json", nil))
	assert.False(t, mayDeploy(t, documents, "s3:PutObject", "arn:aws:s3:::example-state/.pulumi/stacks/dev.json", nil))
	assert.True(t, mayDeploy(t, documents, "kms:Decrypt", o.StateKeys[0], nil))
	assert.False(t, mayDeploy(t, documents, "kms:Encrypt", o.StateKeys[0], nil))
}

func TestDeployRightsRefuse(t *testing.T) {
	for name, row := range map[string]struct {
		change   func(*deployrights.Options)
		messages []string
	}{
		"no account":   {func(o *deployrights.Options) { o.AccountID = "" }, []string{`field AccountID: "" is not a number of 12 digits`}},
		"partition":    {func(o *deployrights.Options) { o.Partition = "aws-eu" }, []string{`field Partition: "aws-eu" is none of aws, aws-cn, aws-us-gov`}},
		"prefix":       {func(o *deployrights.Options) { o.Prefix = "a*" }, []string{`field Prefix: "a*"`}},
		"role":         {func(o *deployrights.Options) { o.Roles = []string{"deployer"} }, []string{`field Roles[0]: "deployer" is not the ARN of a role`}},
		"key by alias": {func(o *deployrights.Options) { o.StateKeys = []string{"alias/state"} }, []string{`field StateKeys[0]: "alias/state"`}},
		"bucket":       {func(o *deployrights.Options) { o.StateBucket = "s3://x" }, []string{`field StateBucket: "s3://x"`}},
		"all at once":  {func(o *deployrights.Options) { o.AccountID, o.Prefix = "1", "?" }, []string{"field AccountID", "field Prefix"}},
	} {
		o := deployOptions()
		row.change(&o)
		_, err := deployrights.Policies(someResources, o)
		_, boundaryErr := deployrights.Boundary(someResources, o)
		for _, message := range row.messages {
			assert.ErrorContains(t, err, message, name)
			assert.ErrorContains(t, boundaryErr, message, name)
		}
	}
	strange := []declaration.Resource{{Type: "aws:lambda/function:Function"}, {Type: "aws:ec2/vpc:Vpc"}, {Type: "aws:ec2/vpc:Vpc"}}
	_, err := deployrights.Policies(strange, deployOptions())
	assert.ErrorContains(t, err, "not known: aws:ec2/vpc:Vpc, aws:lambda/function:Function;")
	assert.False(t, strings.Contains(err.Error(), "Vpc, aws:ec2"))
}
