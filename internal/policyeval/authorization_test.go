package policyeval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

func TestAuthorization(t *testing.T) {
	const (
		allowAll   = `{"Effect":"Allow","Action":"*","Resource":"*"}`
		denyAll    = `{"Sid":"No","Effect":"Deny","Action":"*","Resource":"*"}`
		naming     = `{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"AWS":"` + role + `"}}`
		delegating = `{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"AWS":"123456789012"}}`
		everybody  = `{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}`
		service    = `{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"Service":"cloudtrail.amazonaws.com"}}`
		github     = `{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/x"}}`
		denyEach   = `{"Sid":"No","Effect":"Deny","Action":"*","Resource":"*","Principal":"*"}`
		denyHome   = `{"Sid":"No","Effect":"Deny","Action":"*","Resource":"*","Principal":{"AWS":"123456789012"}}`
	)
	ofRole := policyeval.Principal{ARN: role, SessionARN: session, Account: home}
	cloudtrail := policyeval.Principal{Service: "cloudtrail.amazonaws.com"}
	federated := policyeval.Principal{Federated: "arn:aws:iam::123456789012:oidc-provider/x"}
	root := policyeval.Principal{Root: true, ARN: "arn:aws:iam::123456789012:root"}
	nobody := policyeval.Principal{Anonymous: true}
	for _, row := range []struct {
		name               string
		who                policyeval.Principal
		identity, resource string
		owner              string
		decides            bool
		allowed, explicit  bool
	}{
		{"nothing", ofRole, "", "", home, false, false, false},
		{"identity", ofRole, allowAll, "", home, false, true, false},
		{"identity, no owner", ofRole, allowAll, "", "", false, true, false},
		{"resource", ofRole, "", naming, home, false, true, false},
		{"account alone does not grant", ofRole, "", delegating, home, false, false, false},
		{"account and identity", ofRole, allowAll, delegating, home, false, true, false},
		{"everybody", ofRole, "", everybody, home, false, true, false},
		{"identity denies", ofRole, allowAll + "," + denyAll, naming, home, false, false, true},
		{"resource denies", ofRole, allowAll, naming + "," + denyEach, home, false, false, true},
		{"resource denies the account", ofRole, allowAll, naming + "," + denyHome, home, false, false, true},

		{"across, both", ofRole, allowAll, naming, abroad, false, true, false},
		{"across, both by account", ofRole, allowAll, delegating, abroad, false, true, false},
		{"across, identity only", ofRole, allowAll, "", abroad, false, false, false},
		{"across, resource only", ofRole, "", naming, abroad, false, false, false},
		{"across, everybody only", ofRole, "", everybody, abroad, false, false, false},
		{"across, root", root, "", delegating, abroad, false, true, false},
		{"across, root unnamed", root, "", naming, abroad, false, false, false},

		{"key, identity only", ofRole, allowAll, service, home, true, false, false},
		{"key, named", ofRole, "", naming, home, true, true, false},
		{"key, delegated and identity", ofRole, allowAll, delegating, home, true, true, false},
		{"key, delegated only", ofRole, "", delegating, home, true, false, false},
		{"key, no policy", ofRole, allowAll, "", home, true, false, false},
		{"key, root named", root, "", delegating, home, true, true, false},
		{"key, root unnamed", root, "", naming, home, true, false, false},
		{"key, across", ofRole, allowAll, delegating, abroad, true, true, false},

		{"service", cloudtrail, "", service, home, false, true, false},
		{"service unnamed", cloudtrail, "", naming, home, false, false, false},
		{"service has no identity", cloudtrail, allowAll, "", home, false, false, false},
		{"service denied", cloudtrail, "", service + "," + denyEach, home, false, false, true},
		{"federated", federated, "", github, home, true, true, false},
		{"federated unnamed", federated, "", service, home, true, false, false},
		{"anonymous", nobody, "", everybody, home, false, true, false},
		{"anonymous, account", nobody, "", delegating, home, false, false, false},
		{"root", root, "", "", home, false, true, false},
		{"root ignores identity policies", root, denyAll, "", home, false, true, false},
		{"root denied by the resource", root, "", denyEach, home, false, false, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := policyeval.Authorization{ResourceOwner: row.owner, ResourcePolicyDecides: row.decides}
			if row.identity != "" {
				a.Identity = []*policyeval.Document{parse(t, `{"Statement":[`+row.identity+`]}`)}
			}
			if row.resource != "" {
				a.Resource = parse(t, `{"Statement":[`+row.resource+`]}`)
			}
			d, err := a.Decide(policyeval.Request{Principal: row.who, Action: "s3:GetObject", Resource: object})
			require.NoError(t, err)
			assert.Equal(t, row.allowed, d.Allowed, d.Reason)
			assert.Equal(t, row.explicit, d.Explicit, d.Reason)
			if d.Explicit {
				assert.Equal(t, "No", d.Statement)
			}
			assert.Contains(t, d.Reason, "s3:GetObject on "+object)
		})
	}
}

// The root user of the owning account can always repair a bucket policy, and nothing else.
func TestRootRepairsBucketPolicy(t *testing.T) {
	deny := parse(t, `{"Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*","Principal":"*"}]}`)
	for _, row := range []struct {
		account, action, resource string
		allowed                   bool
	}{
		{home, "s3:PutBucketPolicy", bucket, true},
		{home, "s3:GetBucketPolicy", bucket, true},
		{home, "s3:DeleteBucketPolicy", bucket, true},
		{home, "s3:DeleteBucket", bucket, false},
		{home, "s3:PutBucketPolicy", object, false},
		{abroad, "s3:PutBucketPolicy", bucket, false},
	} {
		a := policyeval.Authorization{Resource: deny, ResourceOwner: home}
		d, err := a.Decide(policyeval.Request{Principal: policyeval.Principal{Root: true, Account: row.account}, Action: row.action, Resource: row.resource})
		require.NoError(t, err)
		assert.Equal(t, row.allowed, d.Allowed, d.Reason)
	}
}

func TestAuthorizationRefusesMisplacedPolicies(t *testing.T) {
	named := parse(t, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}`)
	unnamed := parse(t, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	r := policyeval.Request{Principal: policyeval.Principal{ARN: role}, Action: "s3:GetObject", Resource: object}
	for problem, a := range map[string]policyeval.Authorization{
		"Principal is not allowed here": {Identity: []*policyeval.Document{named}},
		"Principal is missing":          {Resource: unnamed},
		"account of 12 digits":          {ResourceOwner: "x"},
	} {
		_, err := a.Decide(r)
		assert.ErrorContains(t, err, problem)
	}
}

// statements draws statements over a small world, so that they often apply.
func statements(principal bool) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		effect := rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect")
		return statement(principal, effect).Draw(t, "statement")
	})
}

func statement(principal bool, effect string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		draw := func(label string, values ...string) string { return rapid.SampledFrom(values).Draw(t, label) }
		who := ""
		if principal {
			who = "," + draw("who", `"Principal":"*"`, `"Principal":{"AWS":"`+home+`"}`, `"Principal":{"AWS":"`+role+`"}`, `"Principal":{"Service":"s3.amazonaws.com"}`)
		}
		return fmt.Sprintf(`{"Effect":%q,%s,%s%s%s}`, effect,
			draw("action", `"Action":"*"`, `"Action":"s3:Get*"`, `"Action":["s3:PutObject","s3:GetObject"]`, `"NotAction":"s3:GetObject"`),
			draw("resource", `"Resource":"*"`, `"Resource":"`+bucket+`/*"`, `"NotResource":"`+bucket+`"`),
			who,
			draw("condition", "", `,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`, `,"Condition":{"StringNotEquals":{"s3:x":"a"}}`,
				`,"Condition":{"StringLikeIfExists":{"s3:x":"${s3:y}*"}}`))
	})
}

func requests() *rapid.Generator[policyeval.Request] {
	return rapid.Custom(func(t *rapid.T) policyeval.Request {
		context := keys{}
		for key, values := range map[string][]string{"aws:SecureTransport": {"true", "false"}, "s3:x": {"a", "b", ""}, "s3:y": {"a"}} {
			if rapid.Bool().Draw(t, key) {
				context[key] = []string{rapid.SampledFrom(values).Draw(t, key)}
			}
		}
		return policyeval.Request{
			Principal: rapid.SampledFrom([]policyeval.Principal{
				{ARN: role}, {ARN: user}, {Service: "s3.amazonaws.com"}, {Anonymous: true}, {Root: true, Account: home},
				{ARN: "arn:aws:iam::" + abroad + ":role/x"},
			}).Draw(t, "who"),
			Action:   rapid.SampledFrom([]string{"s3:GetObject", "s3:PutObject", "s3:ListBucket"}).Draw(t, "action"),
			Resource: rapid.SampledFrom([]string{bucket, object}).Draw(t, "resource"),
			Context:  context,
		}
	})
}

func document(list []string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
}

func decide(t *rapid.T, identity, resource []string, decides bool, r policyeval.Request) policyeval.Decision {
	a := policyeval.Authorization{ResourceOwner: home, ResourcePolicyDecides: decides}
	if len(identity) > 0 {
		a.Identity = []*policyeval.Document{parse(t, document(identity))}
	}
	if len(resource) > 0 {
		a.Resource = parse(t, document(resource))
	}
	d, err := a.Decide(r)
	require.NoError(t, err)
	return d
}

// TestDenyNeverGrants: adding a Deny anywhere never allows what was not, and adding an Allow never lifts an explicit deny.
func TestDenyNeverGrants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		identity := rapid.SliceOfN(statements(false), 0, 3).Draw(t, "identity")
		resource := rapid.SliceOfN(statements(true), 0, 3).Draw(t, "resource")
		decides := rapid.Bool().Draw(t, "decides")
		r := requests().Draw(t, "request")
		before := decide(t, identity, resource, decides, r)
		if before.Allowed && before.Explicit {
			t.Fatal("allowed and denied")
		}

		stricter := decide(t, append(identity, statement(false, "Deny").Draw(t, "deny")),
			append(resource, statement(true, "Deny").Draw(t, "deny")), decides, r)
		if stricter.Allowed && !before.Allowed {
			t.Fatalf("a Deny granted: %s; before: %s", stricter.Reason, before.Reason)
		}
		wider := decide(t, append(identity, statement(false, "Allow").Draw(t, "allow")),
			append(resource, statement(true, "Allow").Draw(t, "allow")), decides, r)
		if before.Explicit && !wider.Explicit || before.Allowed && !wider.Allowed {
			t.Fatalf("an Allow changed %q into %q", before.Reason, wider.Reason)
		}
	})
}

// TestOrderDoesNotMatter: statements reversed decide the same.
func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(statements(true), 1, 5).Draw(t, "statements")
		reversed := make([]string, len(list))
		for i, s := range list {
			reversed[len(list)-1-i] = s
		}
		r := requests().Draw(t, "request")
		one, other := decide(t, nil, list, false, r), decide(t, nil, reversed, false, r)
		if one.Allowed != other.Allowed || one.Explicit != other.Explicit {
			t.Fatalf("%q and %q", one.Reason, other.Reason)
		}
	})
}

// TestNegationIsTheOpposite: a negated operator is true exactly where its positive form is false, absent keys included.
func TestNegationIsTheOpposite(t *testing.T) {
	pairs := [][2]string{
		{"StringEquals", "StringNotEquals"}, {"StringLike", "StringNotLike"}, {"ArnLike", "ArnNotLike"},
		{"StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}, {"IpAddress", "NotIpAddress"},
		{"NumericEquals", "NumericNotEquals"}, {"DateEquals", "DateNotEquals"},
	}
	operands := map[string][]string{
		"StringEquals": {"a", "b", "*"}, "StringLike": {"a*", "?", "b"}, "ArnLike": {"arn:aws:s3:::a*", "arn:*:s3:::b"},
		"StringEqualsIgnoreCase": {"A", "b"}, "IpAddress": {"10.0.0.0/8", "::1"}, "NumericEquals": {"1", "2.0"}, "DateEquals": {"2020", "1577836800"},
	}
	values := []string{"a", "B", "*", "arn:aws:s3:::ab", "10.1.2.3", "::1", "1", "2", "2020-01-01", ""}
	rapid.Check(t, func(t *rapid.T) {
		pair := rapid.SampledFrom(pairs).Draw(t, "operator")
		operand := rapid.SliceOfN(rapid.SampledFrom(operands[pair[0]]), 1, 2).Draw(t, "operand")
		r := policyeval.Request{Principal: policyeval.Principal{ARN: role}, Action: "s3:GetObject", Resource: object, Context: keys{
			"s3:x": rapid.SliceOfN(rapid.SampledFrom(values), 0, 2).Draw(t, "values"),
		}}
		applies := func(operator string) bool {
			d := parse(t, document([]string{fmt.Sprintf(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{%q:{"s3:x":["%s"]}}}`, operator, strings.Join(operand, `","`))}))
			effect, _, err := d.Decide(r)
			require.NoError(t, err)
			return effect == policyeval.Allow
		}
		if applies(pair[0]) == applies(pair[1]) {
			t.Fatalf("%s and %s agree on %v with %v", pair[0], pair[1], operand, r.Context)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::${aws:username, 'x'}/*","Condition":{"ForAnyValue:StringLike":{"s3:x":["a*"]}}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policyeval.Parse(text)
		if err != nil {
			return
		}
		_, _, err = d.Decide(policyeval.Request{Principal: policyeval.Principal{ARN: user}, Action: "s3:GetObject", Resource: object})
		require.NoError(t, err)
		d.Public()
		d.Principals()
		for _, kind := range []policyeval.Kind{policyeval.ManagedPolicy, policyeval.BucketPolicy, policyeval.TopicPolicy, policyeval.TrustPolicy} {
			_ = policyeval.Validate(kind, text, bucket)
		}
	})
}
