package policyeval_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	home    = "123456789012"
	abroad  = "210987654321"
	role    = "arn:aws:iam::123456789012:role/ci/deployer"
	session = "arn:aws:sts::123456789012:assumed-role/deployer/run-1"
	user    = "arn:aws:iam::123456789012:user/people/ann"
	bucket  = "arn:aws:s3:::logs"
	object  = "arn:aws:s3:::logs/AWSLogs/123456789012/x.json.gz"
)

type keys map[string][]string

func parse(t require.TestingT, document string) *policyeval.Document {
	d, err := policyeval.Parse(document)
	require.NoError(t, err, document)
	return d
}

func TestConditions(t *testing.T) {
	for _, row := range []struct {
		condition string
		context   keys
		want      bool
	}{
		{`{"StringEquals":{"s3:x":"a"}}`, keys{"s3:x": {"a"}}, true},
		{`{"StringEquals":{"s3:x":"a"}}`, keys{"S3:X": {"a"}}, true},
		{`{"StringEquals":{"S3:X":"a"}}`, keys{"s3:x": {"a"}}, true},
		{`{"StringEquals":{"s3:x":"a"}}`, keys{"s3:x": {"A"}}, false},
		{`{"StringEquals":{"s3:x":"a*"}}`, keys{"s3:x": {"ab"}}, false},
		{`{"StringEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"b"}}, true},
		{`{"StringEquals":{"s3:x":"a"}}`, nil, false},
		{`{"StringEquals":{"s3:x":"a"}}`, keys{"s3:x": {}}, false},
		{`{"StringEquals":{"s3:x":"a","s3:y":"b"}}`, keys{"s3:x": {"a"}}, false},
		{`{"StringEquals":{"s3:x":"a","s3:y":"b"}}`, keys{"s3:x": {"a"}, "s3:y": {"b"}}, true},
		{`{"StringEquals":{"s3:x":"a"},"Bool":{"s3:y":"true"}}`, keys{"s3:x": {"a"}, "s3:y": {"false"}}, false},
		{`{"StringEquals":{"s3:x":5}}`, keys{"s3:x": {"5"}}, true},
		{`{"StringNotEquals":{"s3:x":"a"}}`, keys{"s3:x": {"b"}}, true},
		{`{"StringNotEquals":{"s3:x":"a"}}`, keys{"s3:x": {"a"}}, false},
		{`{"StringNotEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"b"}}, false}, // NOR
		{`{"StringNotEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"c"}}, true},
		{`{"StringNotEquals":{"s3:x":"a"}}`, nil, true},
		{`{"StringEqualsIgnoreCase":{"s3:x":"aB"}}`, keys{"s3:x": {"Ab"}}, true},
		{`{"StringNotEqualsIgnoreCase":{"s3:x":"aB"}}`, keys{"s3:x": {"Ab"}}, false},
		{`{"StringLike":{"s3:x":"a*c?"}}`, keys{"s3:x": {"abbbcd"}}, true},
		{`{"StringLike":{"s3:x":"a*c?"}}`, keys{"s3:x": {"abbbc"}}, false},
		{`{"StringLike":{"s3:x":"*"}}`, keys{"s3:x": {""}}, true},
		{`{"StringLike":{"s3:x":"A*"}}`, keys{"s3:x": {"ab"}}, false},
		{`{"StringLike":{"s3:x":"arn:aws:s:*:111122223333:finance/*"}}`, keys{"s3:x": {"arn:aws:s:us-east-2:999999999999:store/abc:111122223333:finance/d"}}, true},
		{`{"StringNotLike":{"s3:x":"a*"}}`, keys{"s3:x": {"ab"}}, false},
		{`{"StringNotLike":{"s3:x":"a*"}}`, nil, true},

		{`{"NumericEquals":{"s3:n":"1.2"}}`, keys{"s3:n": {"1.20"}}, true},
		{`{"NumericEquals":{"s3:n":9007199254740993}}`, keys{"s3:n": {"9007199254740992"}}, false},
		{`{"NumericNotEquals":{"s3:n":"1"}}`, keys{"s3:n": {"2"}}, true},
		{`{"NumericNotEquals":{"s3:n":"1"}}`, nil, true},
		{`{"NumericLessThan":{"s3:TlsVersion":"1.2"}}`, keys{"s3:TlsVersion": {"1.1"}}, true},
		{`{"NumericLessThan":{"s3:TlsVersion":"1.2"}}`, keys{"s3:TlsVersion": {"1.2"}}, false},
		{`{"NumericLessThan":{"s3:TlsVersion":"1.2"}}`, nil, false},
		{`{"NumericLessThan":{"s3:TlsVersion":"1.2"}}`, keys{"s3:TlsVersion": {"old"}}, false},
		{`{"NumericLessThanEquals":{"s3:n":"10"}}`, keys{"s3:n": {"10"}}, true},
		{`{"NumericGreaterThan":{"s3:n":"10"}}`, keys{"s3:n": {"10"}}, false},
		{`{"NumericGreaterThan":{"s3:n":"-1e1"}}`, keys{"s3:n": {"-9"}}, true},
		{`{"NumericGreaterThanEquals":{"s3:n":"10"}}`, keys{"s3:n": {"10.0"}}, true},
		{`{"NumericGreaterThanEqualsIfExists":{"s3:n":"10"}}`, nil, true},

		{`{"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}`, keys{"aws:CurrentTime": {"2020-01-01T00:00:01Z"}}, true},
		{`{"DateLessThan":{"aws:CurrentTime":"2020-01-01"}}`, keys{"aws:CurrentTime": {"2019-12-31T23:59:59.9Z"}}, true},
		{`{"DateLessThanEquals":{"aws:CurrentTime":"2020-01"}}`, keys{"aws:CurrentTime": {"2020-01-01T00:00:00Z"}}, true},
		{`{"DateGreaterThanEquals":{"aws:CurrentTime":"2020"}}`, keys{"aws:CurrentTime": {"2019-12-31T23:59Z"}}, false},
		{`{"DateEquals":{"aws:EpochTime":"1577836800"}}`, keys{"aws:EpochTime": {"2020-01-01T01:00:00+01:00"}}, true},
		{`{"DateNotEquals":{"aws:EpochTime":1577836800}}`, keys{"aws:EpochTime": {"1577836801"}}, true},
		{`{"DateLessThan":{"aws:CurrentTime":"2020-01-01"}}`, keys{"aws:CurrentTime": {"soon"}}, false},

		{`{"Bool":{"aws:SecureTransport":"false"}}`, keys{"aws:SecureTransport": {"false"}}, true},
		{`{"Bool":{"aws:SecureTransport":false}}`, keys{"aws:SecureTransport": {"False"}}, true},
		{`{"Bool":{"aws:SecureTransport":"false"}}`, keys{"aws:SecureTransport": {"true"}}, false},
		{`{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`, nil, false},
		{`{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`, nil, true},
		{`{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`, keys{"aws:MultiFactorAuthPresent": {"true"}}, false},

		{`{"BinaryEquals":{"s3:b":"QmluYXJ5"}}`, keys{"s3:b": {"Binary"}}, true},
		{`{"BinaryEquals":{"s3:b":"QmluYXJ5"}}`, keys{"s3:b": {"binary"}}, false},

		{`{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, keys{"aws:SourceIp": {"203.0.113.9"}}, true},
		{`{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:DB8::/32"]}}`, keys{"aws:SourceIp": {"2001:db8::1"}}, true},
		{`{"IpAddress":{"aws:SourceIp":"203.0.113.7"}}`, keys{"aws:SourceIp": {"203.0.113.8"}}, false},
		{`{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, keys{"aws:SourceIp": {"cloudtrail.amazonaws.com"}}, false},
		{`{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, nil, false},
		{`{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, keys{"aws:SourceIp": {"203.0.113.9"}}, false},
		{`{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, nil, true},

		{`{"ArnEquals":{"aws:SourceArn":"arn:aws:cloudtrail:*:123456789012:trail/*"}}`, keys{"aws:SourceArn": {"arn:aws:cloudtrail:us-east-1:123456789012:trail/a"}}, true},
		{`{"ArnLike":{"aws:SourceArn":"arn:aws:s:*:111122223333:finance/*"}}`, keys{"aws:SourceArn": {"arn:aws:s:us-east-2:999999999999:store/abc:111122223333:finance/d"}}, false},
		{`{"ArnLike":{"aws:SourceArn":"arn:aws:logs:*:*:log-group:a:*"}}`, keys{"aws:SourceArn": {"arn:aws:logs:r:1:log-group:a:log-stream:b"}}, true},
		{`{"ArnLike":{"aws:SourceArn":"*"}}`, keys{"aws:SourceArn": {"arn:aws:s3:::x"}}, true},
		{`{"ArnLike":{"aws:SourceArn":"arn:aws:s3*"}}`, keys{"aws:SourceArn": {"arn:aws:s3:::x"}}, false},
		{`{"ArnNotLike":{"aws:SourceArn":"arn:aws:s3:::a*"}}`, keys{"aws:SourceArn": {"arn:aws:s3:::ab"}}, false},
		{`{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/other"}}`, nil, true},
		{`{"ArnNotEquals":{"aws:SourceArn":"arn:aws:s3:::a"}}`, nil, true},
		{`{"ArnNotEqualsIfExists":{"aws:SourceArn":"arn:aws:s3:::a"}}`, nil, true},

		{`{"Null":{"s3:x":"true"}}`, nil, true},
		{`{"Null":{"s3:x":"true"}}`, keys{"s3:x": {"a"}}, false},
		{`{"Null":{"s3:x":false}}`, keys{"s3:x": {"a"}}, true},
		{`{"Null":{"s3:x":"false"}}`, keys{"s3:x": {}}, false},

		{`{"ForAllValues:StringEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"a", "b"}}, true},
		{`{"ForAllValues:StringEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"a", "c"}}, false},
		{`{"ForAllValues:StringEquals":{"s3:x":["a","b"]}}`, nil, true},
		{`{"ForAllValues:StringEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {""}}, true},
		{`{"ForAnyValue:StringEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"c", "b"}}, true},
		{`{"ForAnyValue:StringEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"c"}}, false},
		{`{"ForAnyValue:StringEquals":{"s3:x":["a","b"]}}`, nil, false},
		{`{"ForAnyValue:StringEquals":{"s3:x":""}}`, keys{"s3:x": {""}}, false},
		{`{"ForAnyValue:StringEqualsIfExists":{"s3:x":"a"}}`, nil, true},
		{`{"ForAllValues:StringNotEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"c", "d"}}, true},
		{`{"ForAllValues:StringNotEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"c", "a"}}, false},
		{`{"ForAnyValue:StringNotEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"a", "c"}}, true},
		{`{"ForAnyValue:StringNotEquals":{"s3:x":["a","b"]}}`, keys{"s3:x": {"a", "b"}}, false},
		{`{"ForAnyValue:StringNotEquals":{"s3:x":["a","b"]}}`, nil, false},
		{`{"StringEquals":{"s3:x":"a"}}`, keys{"s3:x": {"b", "a"}}, true},
		{`{"StringNotEquals":{"s3:x":"a"}}`, keys{"s3:x": {"b", "a"}}, false},

		{`{"StringEquals":{"s3:x":"${aws:username}"}}`, keys{"s3:x": {"ann"}}, true},
		{`{"StringLike":{"s3:x":"home/${aws:username}/*"}}`, keys{"s3:x": {"home/ann/f"}}, true},
		{`{"StringLike":{"s3:x":"home/${s3:dir}/f"}}`, keys{"s3:x": {"home/b/f"}, "s3:dir": {"*"}}, false}, // a value's * is literal
		{`{"StringLike":{"s3:x":"a${*}${?}${$}"}}`, keys{"s3:x": {"a*?$"}}, true},
		{`{"StringLike":{"s3:x":"a${*}"}}`, keys{"s3:x": {"ab"}}, false},
		{`{"StringEquals":{"s3:x":"${aws:PrincipalTag/team, 'none'}"}}`, keys{"s3:x": {"none"}}, true},
		{`{"StringEquals":{"s3:x":"${aws:PrincipalTag/team, 'none'}"}}`, keys{"s3:x": {"red"}, "aws:principaltag/TEAM": {"red"}}, true},
		{`{"StringEquals":{"s3:x":"${aws:PrincipalTag/team}"}}`, keys{"s3:x": {"red"}}, false},
		{`{"StringNotEquals":{"s3:x":"${aws:PrincipalTag/team}"}}`, keys{"s3:x": {"red"}}, false}, // unresolved: the statement does not apply
		{`{"StringNotEqualsIfExists":{"s3:x":"${aws:PrincipalTag/team}"}}`, nil, true},
		{`{"StringEquals":{"s3:x":"${s3:many}"}}`, keys{"s3:x": {"a"}, "s3:many": {"a", "b"}}, false},
		{`{"ArnEquals":{"s3:x":"arn:aws:iam::${aws:PrincipalAccount}:user/a"}}`, keys{"s3:x": {"arn:aws:iam::123456789012:user/a"}}, true},
		{`{"Bool":{"s3:x":"${aws:PrincipalIsAWSService}"}}`, keys{"s3:x": {"false"}}, true},
		{`{"StringEquals":{"aws:PrincipalArn":"` + user + `"}}`, nil, true},
		{`{"StringEquals":{"aws:PrincipalArn":"` + user + `"}}`, keys{"aws:PrincipalArn": {"other"}}, false},
		{`{"StringEquals":{"aws:PrincipalType":"User","aws:username":"ann","aws:PrincipalAccount":"123456789012"}}`, nil, true},
	} {
		d := parse(t, fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":%s}}`, row.condition))
		got, _, err := d.Decide(policyeval.Request{Principal: policyeval.Principal{ARN: user}, Action: "s3:GetObject", Resource: object, Context: row.context})
		require.NoError(t, err)
		assert.Equal(t, row.want, got == policyeval.Allow, "%s with %v", row.condition, row.context)
	}
}

func TestOldVersionHasNoVariables(t *testing.T) {
	d := parse(t, `{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"s3:x":"${aws:username}"}}}}`)
	got, _, err := d.Decide(policyeval.Request{Principal: policyeval.Principal{ARN: user}, Action: "s3:GetObject", Resource: object, Context: keys{"s3:x": {"${aws:username}"}}})
	require.NoError(t, err)
	assert.Equal(t, policyeval.Allow, got)
}

func TestActionsAndResources(t *testing.T) {
	for _, row := range []struct {
		action, resource string // elements of the statement
		asked, on        string
		want             bool
	}{
		{`"Action":"s3:GetObject"`, `"Resource":"*"`, "S3:getobject", object, true},
		{`"Action":"s3:Get*"`, `"Resource":"*"`, "s3:GetObject", object, true},
		{`"Action":"s3:Get?bject"`, `"Resource":"*"`, "s3:GetObject", object, true},
		{`"Action":"s3:Get*"`, `"Resource":"*"`, "s3:PutObject", object, false},
		{`"Action":"*"`, `"Resource":"*"`, "s3:PutObject", object, true},
		{`"Action":["iam:*","s3:PutObject"]`, `"Resource":"*"`, "s3:PutObject", object, true},
		{`"NotAction":"s3:*"`, `"Resource":"*"`, "s3:PutObject", object, false},
		{`"NotAction":["iam:*","sts:*"]`, `"Resource":"*"`, "s3:PutObject", object, true},
		{`"Action":"*"`, `"Resource":"arn:aws:s3:::logs/*"`, "s3:PutObject", object, true},
		{`"Action":"*"`, `"Resource":"arn:aws:s3:::logs/*"`, "s3:ListBucket", bucket, false},
		{`"Action":"*"`, `"Resource":"arn:aws:s3:::LOGS/*"`, "s3:PutObject", object, false},
		{`"Action":"*"`, `"Resource":"arn:aws:s3:::logs/*/??????????12/*"`, "s3:PutObject", object, true},
		{`"Action":"*"`, `"Resource":["arn:aws:s3:::x","arn:aws:s3:::logs*"]`, "s3:PutObject", object, true},
		{`"Action":"*"`, `"NotResource":"arn:aws:s3:::logs/*"`, "s3:PutObject", object, false},
		{`"Action":"*"`, `"NotResource":"arn:aws:s3:::x"`, "s3:PutObject", object, true},
		{`"Action":"*"`, `"Resource":"arn:aws:*:us-east-1:*:a"`, "s3:PutObject", "arn:aws:sqs:us-east-1:1:a", true},
		{`"Action":"*"`, `"Resource":"arn:aws:s*:a"`, "s3:PutObject", "arn:aws:sqs:us-east-1:1:a", false}, // wildcards do not span components
		{`"Action":"*"`, `"Resource":"arn:aws:sqs"`, "s3:PutObject", "arn:aws:sqs:us-east-1:1:a", true},   // missing components are completed
		{`"Action":"*"`, `"Resource":"arn:aws:sqs:*"`, "s3:PutObject", "*", false},
		{`"Action":"*"`, `"Resource":"*"`, "s3:ListAllMyBuckets", "*", true},
		{`"Action":"*"`, `"Resource":"arn:aws:s3:::${aws:username}/*"`, "s3:PutObject", "arn:aws:s3:::ann/x", true},
		{`"Action":"*"`, `"Resource":"arn:aws:s3:::${aws:PrincipalTag/x}/*"`, "s3:PutObject", "arn:aws:s3:::ann/x", false},
		{`"Action":"*"`, `"NotResource":"arn:aws:s3:::${aws:PrincipalTag/x}/*"`, "s3:PutObject", "arn:aws:s3:::ann/x", false},
	} {
		d := parse(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",`+row.action+`,`+row.resource+`}]}`)
		got, _, err := d.Decide(policyeval.Request{Principal: policyeval.Principal{ARN: user}, Action: row.asked, Resource: row.on})
		require.NoError(t, err)
		assert.Equal(t, row.want, got == policyeval.Allow, "%s %s: %s on %s", row.action, row.resource, row.asked, row.on)
	}
}
