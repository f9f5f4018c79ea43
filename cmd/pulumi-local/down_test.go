package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const exportBefore = `{"resources": [
  {"urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", "type": "pulumi:pulumi:Stack", "outputs": {"adoption": "archive:\n  adopt: {}\n"}},
  {"urn": "urn:pulumi:dev::p::p:index:LogArchive::audit", "type": "p:index:LogArchive", "protect": true},
  {"urn": "urn:pulumi:dev::p::pulumi:providers:aws::home", "type": "pulumi:providers:aws", "custom": true, "id": "1"},
  {"urn": "urn:pulumi:dev::p::aws:s3/bucket:Bucket::audit-trail", "type": "aws:s3/bucket:Bucket", "custom": true, "protect": true, "retainOnDelete": true, "id": "audit-trail-1"},
  {"urn": "urn:pulumi:dev::p::aws:kms/key:Key::audit-key", "type": "aws:kms/key:Key", "custom": true, "id": "k-1"},
  {"urn": "urn:pulumi:dev::p::aws:s3/bucket:Bucket::audit-logs", "type": "aws:s3/bucket:Bucket", "custom": true, "retainOnDelete": true, "id": "audit-logs-1"},
  {"urn": "urn:pulumi:dev::p::aws:sns/topic:Topic::alerts", "type": "aws:sns/topic:Topic", "custom": true, "id": "alerts"}
]}`

func readDeployment(t *testing.T, text string) deployment {
	var d deployment
	require.NoError(t, json.Unmarshal([]byte(text), &d))
	return d
}

func names(resources []resource) string {
	var all []string
	for _, r := range resources {
		all = append(all, r.name())
	}
	return strings.Join(all, " ")
}

func TestKeptAfter(t *testing.T) {
	before := readDeployment(t, exportBefore)
	require.True(t, before.hasProtected())
	require.Equal(t, "dev", before.stack())
	require.Equal(t, "archive:\n  adopt: {}\n", before.adoption())

	after := deployment{}
	for _, r := range before.Resources {
		if r.name() != "alerts" && r.name() != "audit-logs" {
			after.Resources = append(after.Resources, r)
		}
	}
	kept := keptAfter(before, after)
	require.Equal(t, "audit-trail", names(kept.protected))
	require.Equal(t, "audit-key", names(kept.needed))
	require.Equal(t, "audit-logs", names(kept.retained))

	nothing := deployment{}
	require.False(t, nothing.hasProtected())
	require.Empty(t, nothing.adoption())
	require.Empty(t, nothing.stack())
	require.Equal(t, "audit-trail audit-logs", names(keptAfter(before, nothing).retained))
}

func TestExplainKept(t *testing.T) {
	before := readDeployment(t, exportBefore)
	kept := keptAfter(before, deployment{Resources: before.Resources[:5]})
	var said strings.Builder
	explainKept(&said, kept, before.adoption(), false)
	require.Equal(t, `
Kept, because the stack protects what cannot be made again (log archives and their keys):

  aws:s3/bucket:Bucket  audit-trail  audit-trail-1

Kept, because a protected one depends on it:

  aws:kms/key:Key  audit-key  k-1

Left in the account, no longer in the stack (retained on delete):

  aws:s3/bucket:Bucket  audit-logs  audit-logs-1

What is kept goes on costing: its storage, and a key $1 a month.
`+"`up`"+` goes on with what is still in the stack.
A new stack, or one that lost its state, adopts what was kept with these settings:

archive:
  adopt: {}

Really remove everything, log data included:
  1. `+"`config set disposable true`"+`
  2. `+"`up`"+`, which takes the protection away
  3. `+"`down`"+` again
A single resource: `+"`state unprotect <URN>`, then `down`"+`; one that is retained on delete stays in the account.
`, said.String())

	said.Reset()
	explainKept(&said, kept, "", true)
	require.Contains(t, said.String(), "is set but not deployed yet")
	require.NotContains(t, said.String(), "adopts")

	said.Reset()
	explainKept(&said, kept, "", false)
	require.Contains(t, said.String(), "set `Disposable: true` in the component's arguments", "a component of a program of one's own has no settings")
}

// TestWhatIsSetOnAThingIsNoThingOfItsOwn: a bucket has a dozen resources.
func TestWhatIsSetOnAThingIsNoThingOfItsOwn(t *testing.T) {
	var said strings.Builder
	printResources(&said, []resource{
		{Type: "aws:s3/bucketV2:BucketV2", URN: "urn:pulumi:dev::p::aws:s3/bucketV2:BucketV2::trail", ID: "trail-1"},
		{Type: "aws:s3/bucketPolicy:BucketPolicy", URN: "urn:pulumi:dev::p::aws:s3/bucketPolicy:BucketPolicy::trail-policy", ID: "trail-1"},
		{Type: "aws:kms/key:Key", URN: "urn:pulumi:dev::p::aws:kms/key:Key::key", ID: "k-1"},
	})
	require.Equal(t, "  aws:s3/bucketV2:BucketV2  trail  trail-1  (resources that belong to it: 1)\n  aws:kms/key:Key           key    k-1\n", said.String())
}

func TestCompareAccounts(t *testing.T) {
	account := map[string]any{
		"ID": "123456789012", "Sequence": 9.0,
		"Settings": map[string]any{"Organization": nil},
		"IAM":      map[string]any{"Roles": map[string]any{"deployer": map[string]any{}, "left": map[string]any{}}},
		"S3":       map[string]any{"Buckets": map[string]any{"logs": map[string]any{}}, "BlockPublic": true},
		"KMS":      map[string]any{"Keys": map[string]any{"arn:k": map[string]any{"DeletionPlanned": true}}},
	}
	empty := map[string]any{
		"ID": "123456789012", "Sequence": 1.0,
		"IAM": map[string]any{"Roles": map[string]any{"deployer": map[string]any{}}},
	}
	require.Equal(t, remains{
		things:  []string{"IAM Roles left", "S3 Buckets logs"},
		pending: []string{"KMS Keys arn:k"},
	}, compareAccounts(account, empty))
	require.Equal(t, remains{}, compareAccounts(empty, empty))
}
