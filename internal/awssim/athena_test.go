package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	workgroupToken  = "aws:athena/workgroup:Workgroup"
	namedQueryToken = "aws:athena/namedQuery:NamedQuery"
)

func workgroup(name string, results, configuration props) props {
	return props{"name": name, "configuration": with(props{
		"resultConfiguration": with(props{"outputLocation": "s3://athena-results/"}, results),
	}, configuration)}
}

func TestAthenaRefusals(t *testing.T) {
	c := serve(t)
	c.create(bucketToken, "results", props{"bucket": "athena-results"})
	c.create(workgroupToken, "audit", workgroup("audit", nil, nil))
	query := props{"name": "q", "database": "logs", "query": "SELECT 1", "workgroup": "audit"}
	c.refuses([]refusal{
		{"name", workgroupToken, workgroup("a b", nil, nil), "InvalidRequestException: name"},
		{"exists", workgroupToken, workgroup("audit", nil, nil), "WorkGroup audit is already created"},
		{"primary exists", workgroupToken, workgroup("primary", nil, nil), "WorkGroup primary is already created"},
		{"state", workgroupToken, with(workgroup("x", nil, nil), props{"state": "ON"}), "neither ENABLED nor DISABLED"},
		{"cutoff", workgroupToken, workgroup("x", nil, props{"bytesScannedCutoffPerQuery": 10485759}), "at least (10485760), got 10485759"},
		{"engine", workgroupToken, workgroup("x", nil, props{"engineVersion": props{"selectedEngineVersion": "Athena engine version 2"}}), "selectedEngineVersion"},
		{"location", workgroupToken, workgroup("x", props{"outputLocation": "athena-results"}, nil), "not a valid S3 path"},
		{"no such bucket", workgroupToken, workgroup("x", props{"outputLocation": "s3://nowhere/"}, nil), "Unable to verify/create output bucket nowhere"},
		{"another owner", workgroupToken, workgroup("x", props{"expectedBucketOwner": "999999999999"}, nil), "does not belong to account 999999999999"},
		{"owner", workgroupToken, workgroup("x", props{"expectedBucketOwner": "me"}, nil), "no account id"},
		{"encryption", workgroupToken, workgroup("x", props{"encryptionConfiguration": props{"encryptionOption": "AES256"}}, nil), "encryptionOption"},
		{"key for SSE_S3", workgroupToken, workgroup("x", props{"encryptionConfiguration": props{"encryptionOption": "SSE_S3", "kmsKeyArn": "k"}}, nil), "takes no KMS key"},
		{"no key", workgroupToken, workgroup("x", props{"encryptionConfiguration": props{"encryptionOption": "SSE_KMS"}}, nil), "needs a KMS key"},
		{"acl", workgroupToken, workgroup("x", props{"aclConfiguration": props{"s3AclOption": "PUBLIC"}}, nil), "s3AclOption"},
		{"no such workgroup", namedQueryToken, with(query, props{"workgroup": "other"}), "WorkGroup other is not found"},
		{"query too long", namedQueryToken, with(query, props{"query": strings.Repeat("x", 262145)}), "query: 262145 bytes"},
		{"empty query", namedQueryToken, with(query, props{"query": ""}), "query: 0 bytes"},
		{"name too long", namedQueryToken, with(query, props{"name": strings.Repeat("x", 129)}), "name: 129 bytes"},
		{"description too long", namedQueryToken, with(query, props{"description": strings.Repeat("x", 1025)}), "description: 1025 bytes"},
	})
}

func TestAthenaLife(t *testing.T) {
	c := serve(t)
	c.create(bucketToken, "results", props{"bucket": "athena-results"})
	in := workgroup("audit", props{"encryptionConfiguration": props{"encryptionOption": "SSE_S3"}}, props{
		"bytesScannedCutoffPerQuery": 10485760, "engineVersion": props{"selectedEngineVersion": "Athena engine version 3"},
	})
	group := c.create(workgroupToken, "audit", in)
	require.Equal(t, "audit", group.id)
	require.Equal(t, "arn:aws:athena:ap-northeast-1:123456789012:workgroup/audit", group.str("arn"))
	query := c.create(namedQueryToken, "q", props{"name": "q", "database": "logs", "query": "SELECT 1", "workgroup": "audit"})
	for _, m := range []*made{group, query} {
		c.unchanged(m)
		c.imported(m)
	}
	require.NotEmpty(t, c.diff(query, with(query.inputs, props{"query": "SELECT 2"})).GetReplaces())
	refusedWith(t, c.remove(group), "InvalidRequestException: WorkGroup audit is not empty")
	require.NoError(t, c.update(group, with(in, props{"forceDestroy": true})))
	require.NoError(t, c.remove(group))
	require.False(t, c.read(query), "named queries go with their workgroup")
	require.False(t, c.read(group))
}
