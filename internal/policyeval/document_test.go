package policyeval_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

func TestParseRefuses(t *testing.T) {
	statement := func(s string) string { return `{"Version":"2012-10-17","Statement":[` + s + `]}` }
	allow := func(s string) string { return statement(`{"Effect":"Allow",` + s + `}`) }
	for document, problem := range map[string]string{
		``:                         "ends early",
		`{"Version":"2012-10-17"`:  "ends early",
		`[]`:                       "must be an object",
		`{"Statement":[]} x`:       "text follows",
		`{"Version":"2012-10-17"}`: "element Statement is missing",
		`{"Version":"2020-01-01","Statement":[{"Effect":"Allow","Action":"*"}]}`:      `"2020-01-01" must be`,
		`{"Version":2012,"Statement":[]}`:                                             "Version must be a string",
		`{"version":"2012-10-17"}`:                                                    `unknown element "version"`,
		statement(``):                                                                 "empty list",
		statement(`"x"`):                                                              "must be an object",
		statement(`null`):                                                             "null is not",
		statement(`{"Action":"*"}`):                                                   "Statement[0]: element Effect is missing",
		statement(`{"Effect":"allow","Action":"*"}`):                                  `"allow" must be Allow or Deny`,
		statement(`{"Sid":"A","Effect":"Allow"}`):                                     "A: element Action is missing",
		allow(`"Action":"*","Effect":"Deny"`):                                         `"Effect" occurs twice`,
		allow(`"Action":"*","Actions":"*"`):                                           `unknown element "Actions"`,
		allow(`"Action":"*","NotAction":"*"`):                                         "Action and NotAction exclude",
		allow(`"Action":"*","Resource":"*","NotResource":"*"`):                        "Resource and NotResource exclude",
		allow(`"Action":"*","Principal":"*","NotPrincipal":"*"`):                      "Principal and NotPrincipal exclude",
		allow(`"Action":[]`):                                                          "Action is an empty list",
		allow(`"Action":""`):                                                          "must be * or have the form",
		allow(`"Action":"s3"`):                                                        "must be * or have the form",
		allow(`"Action":5`):                                                           "string or a list",
		allow(`"Action":"*","Resource":""`):                                           "empty string",
		allow(`"Action":"*","Resource":[]`):                                           "empty list",
		allow(`"Action":"*","Resource":"arn:aws:s3:::${aws:username"`):                "closing brace",
		allow(`"Action":"*","Resource":"arn:aws:s3:::${}"`):                           "not a policy variable",
		allow(`"Action":"*","Resource":"arn:aws:s3:::${aws:username, x}"`):            "single quotes",
		allow(`"Action":"*","Principal":"arn:aws:iam::123456789012:root"`):            `the only string allowed is "*"`,
		allow(`"Action":"*","Principal":{}`):                                          "must be",
		allow(`"Action":"*","Principal":{"CanonicalUser":"79a59d"}`):                  "CanonicalUser is not supported",
		allow(`"Action":"*","Principal":{"User":"x"}`):                                `unknown type "User"`,
		allow(`"Action":"*","Principal":{"AWS":"arn:aws:iam::123456789012:user/*"}`):  "a wildcard cannot match part",
		allow(`"Action":"*","Principal":{"AWS":"arn:aws:iam::123456789012:group/x"}`): "neither an account",
		allow(`"Action":"*","Principal":{"AWS":"1234"}`):                              "neither an account",
		allow(`"Action":"*","Principal":{"AWS":[]}`):                                  "empty list",
		allow(`"Action":"*","Principal":{"Service":"CloudTrail"}`):                    "not a service principal",
		allow(`"Action":"*","Condition":[]`):                                          "element Condition must be an object",
		allow(`"Action":"*","Condition":{"StringEquals":{}}`):                         "names condition keys",
		allow(`"Action":"*","Condition":{"StringMatches":{"s3:x":"a"}}`):              `unknown condition operator "StringMatches"`,
		allow(`"Action":"*","Condition":{"stringequals":{"s3:x":"a"}}`):               "unknown condition operator",
		allow(`"Action":"*","Condition":{"ForSome:StringEquals":{"s3:x":"a"}}`):       "unknown condition operator",
		allow(`"Action":"*","Condition":{"NullIfExists":{"s3:x":"true"}}`):            "Null takes neither",
		allow(`"Action":"*","Condition":{"ForAnyValue:Null":{"s3:x":"true"}}`):        "Null takes neither",
		allow(`"Action":"*","Condition":{"Null":{"s3:x":"maybe"}}`):                   "neither true nor false",
		allow(`"Action":"*","Condition":{"Bool":{"s3:x":"yes"}}`):                     "neither true nor false",
		allow(`"Action":"*","Condition":{"StringEquals":{"x":"a"}}`):                  "form service:key",
		allow(`"Action":"*","Condition":{"StringEquals":{"s3:x":[]}}`):                "has no value",
		allow(`"Action":"*","Condition":{"StringEquals":{"s3:x":{"a":1}}}`):           "must be a string",
		allow(`"Action":"*","Condition":{"NumericEquals":{"s3:x":"a"}}`):              "is not a number",
		allow(`"Action":"*","Condition":{"NumericEquals":{"s3:x":"1/2"}}`):            "is not a number",
		allow(`"Action":"*","Condition":{"DateEquals":{"s3:x":"tomorrow"}}`):          "ISO 8601",
		allow(`"Action":"*","Condition":{"IpAddress":{"s3:x":"1.2.3"}}`):              "CIDR",
		allow(`"Action":"*","Condition":{"BinaryEquals":{"s3:x":"%"}}`):               "base64",
		strings.Repeat("[", 40) + strings.Repeat("]", 40):                             "nested deeper",
	} {
		_, err := policyeval.Parse(document)
		assert.ErrorContains(t, err, problem, document)
	}
}

func TestDecideRefusesRequests(t *testing.T) {
	d := parse(t, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	valid := policyeval.Request{Principal: policyeval.Principal{ARN: role}, Action: "s3:GetObject", Resource: object}
	for problem, change := range map[string]func(*policyeval.Request){
		"form service:Action":   func(r *policyeval.Request) { r.Action = "s3:*" },
		"resource is empty":     func(r *policyeval.Request) { r.Resource = "" },
		"exactly one":           func(r *policyeval.Request) { r.Principal = policyeval.Principal{} },
		"give exactly one":      func(r *policyeval.Request) { r.Principal.Service = "s3.amazonaws.com" },
		"not the ARN of an IAM": func(r *policyeval.Request) { r.Principal.ARN = session },
		"not that of":           func(r *policyeval.Request) { r.Principal.Account = abroad },
		"neither account":       func(r *policyeval.Request) { r.Principal = policyeval.Principal{Anonymous: true, Account: home} },
		"must have 12 digits":   func(r *policyeval.Request) { r.Principal = policyeval.Principal{Root: true} },
		"not the ARN of a root": func(r *policyeval.Request) { r.Principal = policyeval.Principal{Root: true, ARN: role} },
		"given twice":           func(r *policyeval.Request) { r.Context = keys{"s3:x": {"a"}, "S3:X": {"b"}} },
	} {
		r := valid
		change(&r)
		_, _, err := d.Decide(r)
		assert.ErrorContains(t, err, problem)
	}
}

func TestPrincipals(t *testing.T) {
	d := parse(t, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":{"AWS":["`+role+`","123456789012"],"Service":"cloudtrail.amazonaws.com"}},
		{"Effect":"Deny","Action":"s3:GetObject","Resource":"*","NotPrincipal":{"AWS":"`+role+`"}},
		{"Effect":"Deny","Action":"s3:GetObject","Resource":"*","Principal":"*"},
		{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":{"AWS":"AROADBQP57FF2AEXAMPLE","Federated":"arn:aws:iam::123456789012:oidc-provider/x"}}]}`)
	assert.Equal(t, []policyeval.NamedPrincipal{
		{Type: "AWS", ID: role}, {Type: "AWS", ID: home}, {Type: "Service", ID: "cloudtrail.amazonaws.com"},
		{Type: "AWS", ID: "AROADBQP57FF2AEXAMPLE"}, {Type: "Federated", ID: "arn:aws:iam::123456789012:oidc-provider/x"},
	}, d.Principals())
}

func TestPrincipalElement(t *testing.T) {
	ofRole := policyeval.Principal{ARN: role, SessionARN: session}
	cloudtrail := policyeval.Principal{Service: "cloudtrail.amazonaws.com"}
	github := policyeval.Principal{Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}
	root := policyeval.Principal{Root: true, Account: home}
	nobody := policyeval.Principal{Anonymous: true}
	for _, row := range []struct {
		element string
		who     policyeval.Principal
		want    bool
	}{
		{`"Principal":"*"`, nobody, true},
		{`"Principal":{"AWS":"*"}`, nobody, true},
		{`"Principal":"*"`, cloudtrail, true},
		{`"Principal":"*"`, github, true},
		{`"Principal":{"AWS":"123456789012"}`, ofRole, true},
		{`"Principal":{"AWS":"arn:aws:iam::123456789012:root"}`, ofRole, true},
		{`"Principal":{"AWS":"arn:aws:iam::123456789012:root"}`, root, true},
		{`"Principal":{"AWS":"arn:aws:iam::210987654321:root"}`, ofRole, false},
		{`"Principal":{"AWS":"` + role + `"}`, ofRole, true},
		{`"Principal":{"AWS":"` + session + `"}`, ofRole, true},
		{`"Principal":{"AWS":"` + session + `"}`, policyeval.Principal{ARN: role}, false},
		{`"Principal":{"AWS":"arn:aws:iam::123456789012:role/deployer"}`, ofRole, false}, // the path is part of the name
		{`"Principal":{"AWS":"` + role + `"}`, root, false},
		{`"Principal":{"AWS":"AROADBQP57FF2AEXAMPLE"}`, ofRole, false},
		{`"Principal":{"AWS":"123456789012"}`, nobody, false},
		{`"Principal":{"AWS":"123456789012"}`, cloudtrail, false},
		{`"Principal":{"Service":"cloudtrail.amazonaws.com"}`, cloudtrail, true},
		{`"Principal":{"Service":["config.amazonaws.com","cloudtrail.amazonaws.com"]}`, cloudtrail, true},
		{`"Principal":{"Service":"config.amazonaws.com"}`, cloudtrail, false},
		{`"Principal":{"Service":"cloudtrail.amazonaws.com"}`, ofRole, false},
		{`"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}`, github, true},
		{`"Principal":{"Federated":"accounts.google.com"}`, github, false},

		{`"NotPrincipal":{"AWS":["123456789012","` + role + `","` + session + `"]}`, ofRole, false},
		{`"NotPrincipal":{"AWS":["123456789012","` + role + `"]}`, policyeval.Principal{ARN: role}, false},
		{`"NotPrincipal":{"AWS":["123456789012","` + role + `"]}`, ofRole, true},
		{`"NotPrincipal":{"AWS":"` + role + `"}`, policyeval.Principal{ARN: role}, true},
		{`"NotPrincipal":{"AWS":"123456789012"}`, ofRole, true},
		{`"NotPrincipal":{"AWS":"123456789012"}`, root, false},
		{`"NotPrincipal":{"AWS":"123456789012"}`, nobody, true},
		{`"NotPrincipal":{"Service":"cloudtrail.amazonaws.com"}`, cloudtrail, false},
		{`"NotPrincipal":{"Service":"cloudtrail.amazonaws.com"}`, ofRole, true},
		{`"NotPrincipal":"*"`, ofRole, false},
	} {
		d := parse(t, `{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Deny","Action":"s3:*","Resource":"*",`+row.element+`}]}`)
		got, label, err := d.Decide(policyeval.Request{Principal: row.who, Action: "s3:GetObject", Resource: object})
		require.NoError(t, err)
		assert.Equal(t, row.want, got == policyeval.Deny, "%s for %s", row.element, row.who)
		assert.Equal(t, row.want, label == "S")
	}
}
