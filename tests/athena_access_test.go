package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// athenaTable is who may do what with Athena over the trail. HOME and ACCOUNT stand for Region and account.
var athenaTable = []struct {
	who, action, resource string
	with                  map[string]string
	allowed               bool
}{
	// what running a named query takes
	{who: "reader role", action: "athena:ListWorkGroups", resource: "*", allowed: true},
	{who: "reader role", action: "athena:GetNamedQuery", resource: "workgroup", allowed: true},
	{who: "reader role", action: "athena:StartQueryExecution", resource: "workgroup", allowed: true},
	{who: "reader role", action: "athena:GetQueryResults", resource: "workgroup", allowed: true},
	{who: "reader role", action: "athena:ListTableMetadata", resource: "data catalog", allowed: true},
	{who: "reader role", action: "glue:GetTable", resource: "catalog", allowed: true},
	{who: "reader role", action: "glue:GetDatabase", resource: "database", allowed: true},
	{who: "reader role", action: "glue:GetDatabase", resource: "default database", allowed: true},
	{who: "reader role", action: "glue:GetTable", resource: "table", allowed: true},
	{who: "reader role", action: "s3:ListBucket", resource: "results", allowed: true},
	{who: "reader role", action: "s3:PutObject", resource: "result", allowed: true},
	{who: "reader role", action: "s3:GetObject", resource: "result", allowed: true},
	// and no more than that
	{who: "reader role", action: "athena:StartQueryExecution", resource: "other workgroup"},
	{who: "reader role", action: "athena:UpdateWorkGroup", resource: "workgroup"},
	{who: "reader role", action: "athena:DeleteWorkGroup", resource: "workgroup"},
	{who: "reader role", action: "athena:CreateNamedQuery", resource: "workgroup"},
	{who: "reader role", action: "athena:DeleteNamedQuery", resource: "workgroup"},
	{who: "reader role", action: "athena:ListTableMetadata", resource: "other data catalog"},
	{who: "reader role", action: "glue:GetTable", resource: "other table"},
	{who: "reader role", action: "glue:UpdateTable", resource: "table"},
	{who: "reader role", action: "glue:DeleteTable", resource: "table"},
	{who: "reader role", action: "glue:CreateTable", resource: "database"},
	{who: "reader role", action: "s3:DeleteObject", resource: "result"},
	{who: "reader role", action: "s3:DeleteBucketPolicy", resource: "results"},
	{who: "reader role", action: "s3:PutObject", resource: "archive object"},
	{who: "reader role", action: "s3:PutObject", resource: "result", with: map[string]string{"aws:SecureTransport": "false"}},
	{who: "reader role", action: "s3:GetObject", resource: "result", with: map[string]string{"s3:TlsVersion": "1.1"}},
	{who: "reader role", action: "s3:ListBucket", resource: "results", with: map[string]string{"s3:TlsVersion": "1.0"}},
	{who: "reader role", action: "s3:ListBucket", resource: "results", with: map[string]string{"aws:SecureTransport": "false"}},
	// everybody else
	{who: "administrator", action: "s3:GetObject", resource: "result"},
	{who: "administrator", action: "s3:PutObject", resource: "result"},
	{who: "administrator", action: "s3:DeleteObject", resource: "result", allowed: true},
	{who: "administrator", action: "s3:PutBucketPolicy", resource: "results", allowed: true},
	{who: "named reader", action: "s3:GetObject", resource: "result", allowed: true},
	{who: "named reader", action: "s3:PutObject", resource: "result", allowed: true},
	{who: "outsider", action: "athena:StartQueryExecution", resource: "workgroup"},
	{who: "outsider", action: "s3:GetObject", resource: "result"},
	{who: "anonymous", action: "s3:GetObject", resource: "result"},
	{who: "Athena itself", action: "s3:PutObject", resource: "result"},
	{who: "foreign administrator", action: "s3:GetObject", resource: "result"},
}

type athenaPolicies struct {
	partition, home string
	reader, results *policyeval.Document
}

func (p athenaPolicies) arn(resource string) string {
	regional := func(service, name string) string {
		return "arn:" + p.partition + ":" + service + ":" + p.home + ":" + accountID + ":" + name
	}
	database := strings.ReplaceAll(trailPrefix, "-", "_")
	switch resource {
	case "workgroup":
		return regional("athena", "workgroup/"+trailPrefix)
	case "other workgroup":
		return regional("athena", "workgroup/primary")
	case "data catalog":
		return regional("athena", "datacatalog/AwsDataCatalog")
	case "other data catalog":
		return regional("athena", "datacatalog/lambda")
	case "catalog":
		return regional("glue", "catalog")
	case "database":
		return regional("glue", "database/"+database)
	case "default database":
		return regional("glue", "database/default")
	case "table":
		return regional("glue", "table/"+database+"/cloudtrail_logs")
	case "other table":
		return regional("glue", "table/default/customers")
	case "results":
		return "arn:" + p.partition + ":s3:::" + resultsBucket
	case "result":
		return "arn:" + p.partition + ":s3:::" + resultsBucket + "/0a1b.csv"
	case "archive object":
		return "arn:" + p.partition + ":s3:::" + trailPrefix + "-archive-trail-" + accountID + "/AWSLogs/x"
	}
	return resource
}

func (p athenaPolicies) decide(t testing.TB, who, action, resource string, with map[string]string) policyeval.Decision {
	t.Helper()
	everything, err := policyeval.Parse(administratorAccess)
	require.NoError(t, err)
	role := func(account, name string) policyeval.Principal {
		return policyeval.Principal{ARN: "arn:" + p.partition + ":iam::" + account + ":role/" + name, Account: account}
	}
	asking := map[string]struct {
		principal policyeval.Principal
		identity  []*policyeval.Document
	}{
		"reader role":           {role(accountID, trailPrefix+"-archive-reader"), []*policyeval.Document{p.reader}},
		"administrator":         {role(accountID, "admin"), []*policyeval.Document{everything}},
		"named reader":          {role(accountID, "audit/investigator"), []*policyeval.Document{everything}},
		"outsider":              {role(accountID, "app"), nil},
		"anonymous":             {policyeval.Principal{Anonymous: true}, nil},
		"Athena itself":         {policyeval.Principal{Service: "athena.amazonaws.com"}, nil},
		"foreign administrator": {role(foreignAccount, "admin"), []*policyeval.Document{everything}},
	}[who]
	request := policyeval.Request{
		Principal: asking.principal, Action: action, Resource: p.arn(resource),
		Context: map[string][]string{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"}},
	}
	for key, value := range with {
		request.Context[key] = []string{value}
	}
	authorization := policyeval.Authorization{Identity: asking.identity, ResourceOwner: accountID}
	if strings.HasPrefix(resource, "result") {
		authorization.Resource = p.results
	}
	decision, err := authorization.Decide(request)
	require.NoError(t, err)
	return decision
}

func athenaPoliciesOf(t testing.TB, p testkit.Partition) (policies athenaPolicies, reader, results string) {
	t.Helper()
	d := deployTrail(t, testkit.Options{Partition: p.Name}, &securetrail.SecureTrailArgs{
		AthenaReaders: []string{"arn:" + p.Name + ":iam::" + accountID + ":role/audit/*"},
	})
	readerPolicy := d.One(rolePolicyType, "audit-reader-athena-policy")
	resultsPolicy := d.One(bucketPolicyType, resultsResource+"-policy")
	return athenaPolicies{
		partition: p.Name, home: p.Home,
		reader: d.Document(readerPolicy, "policy"), results: d.Document(resultsPolicy, "policy"),
	}, readerPolicy.String("policy"), resultsPolicy.String("policy")
}

func TestAthenaPoliciesDecide(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		policies, _, _ := athenaPoliciesOf(t, p)
		for _, row := range athenaTable {
			decision := policies.decide(t, row.who, row.action, row.resource, row.with)
			assert.Equal(t, row.allowed, decision.Allowed, "%s, %s on %s %v: %s", row.who, row.action, row.resource, row.with, decision.Reason)
		}
	})
}

// TestEveryAthenaStatementIsProven takes away one statement or condition after the other: some row must notice.
func TestEveryAthenaStatementIsProven(t *testing.T) {
	whole, reader, results := athenaPoliciesOf(t, testkit.Partitions[0])
	for name, text := range map[string]string{"reader": reader, "results": results} {
		for what, variant := range weakened(t, text) {
			document, err := policyeval.Parse(variant)
			require.NoError(t, err)
			broken := whole
			if name == "reader" {
				broken.reader = document
			} else {
				broken.results = document
			}
			noticed := false
			for _, row := range athenaTable {
				noticed = noticed || broken.decide(t, row.who, row.action, row.resource, row.with).Allowed != row.allowed
			}
			assert.True(t, noticed, "%s: no row notices that %s is gone", name, what)
		}
	}
}
