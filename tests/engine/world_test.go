package engine_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// What settings may name in an account that is in use.
const (
	groupOfWorld  = "developers"
	roleOfWorld   = "batch"
	bucketOfWorld = "example-uploads"
	keyOfWorld    = "arn:aws:kms:ap-northeast-1:123456789012:key/11111111-2222-4333-8444-555555555555"
	// Of the log-archive account.
	centralOfWorld    = "central-logs"
	centralKeyOfWorld = "arn:aws:kms:ap-northeast-1:210987654321:key/66666666-7777-4888-8999-aaaaaaaaaaaa"
)

// world is what an account has before the stack comes.
type world struct{ vpc string }

// inhabited gives an account what settings may name: an organization, opted-in Regions, a group, a role, a bucket, a key and
// a VPC. The organization's log-archive account has a bucket for trails.
func inhabited(t testing.TB, stack *engine.Stack) world {
	t.Helper()
	inOrganization(t, stack)
	account := stack.Account()
	content := map[string]any{
		"IAM": map[string]any{
			"Groups": map[string]any{groupOfWorld: map[string]any{
				"Name": groupOfWorld, "Path": "/", "ARN": "arn:aws:iam::123456789012:group/" + groupOfWorld, "UniqueID": "AGPADEVELOPERS",
			}},
			"Roles": map[string]any{roleOfWorld: map[string]any{
				"Name": roleOfWorld, "Path": "/", "ARN": "arn:aws:iam::123456789012:role/" + roleOfWorld, "UniqueID": "AROABATCH",
				"Trust": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"batch.amazonaws.com"},"Action":"sts:AssumeRole"}]}`,
			}},
		},
		"S3": map[string]any{"Buckets": map[string]any{bucketOfWorld: map[string]any{
			"Name": bucketOfWorld, "Region": home, "Owner": "123456789012", "Ownership": "BucketOwnerEnforced",
		}, "lists": map[string]any{"Name": "lists", "Region": "us-east-1", "Owner": "210987654321"}}},
		"KMS": map[string]any{"Keys": map[string]any{keyOfWorld: map[string]any{
			"ID": "11111111-2222-4333-8444-555555555555", "ARN": keyOfWorld, "Region": home, "Properties": map[string]any{},
			"Policy": fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"kms:*","Resource":"*"}]}`, "123456789012"),
		}}},
	}
	text, err := json.Marshal(content)
	require.NoError(t, err)
	require.NoError(t, account.Update(func(a *awssim.Account) {
		a.Settings.OptInRegions = otherRegions
		require.NoError(t, json.Unmarshal(text, a), "it is added to what is there")
	}))
	require.NoError(t, account.AddExternalBucket(awssim.ExternalBucket{
		Name: centralOfWorld, Owner: "210987654321", Region: home,
		Policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},` +
			`"Action":["s3:GetBucketAcl","s3:PutObject"],"Resource":["arn:aws:s3:::central-logs","arn:aws:s3:::central-logs/*"]}]}`,
	}))
	require.NoError(t, account.AddExternalKey(centralKeyOfWorld, `{"Version":"2012-10-17","Statement":[`+
		`{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":["kms:GenerateDataKey*","kms:DescribeKey"],"Resource":"*"},`+
		`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":["kms:DescribeKey","kms:Decrypt"],"Resource":"*"}]}`))
	for _, region := range otherRegions {
		account.Hardening(region) // AWS makes a VPC in a Region that is enabled
	}
	vpc, err := account.AddVPC(home, "10.0.0.0/16", nil)
	require.NoError(t, err)
	return world{vpc.ID}
}
