package policyeval_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	topicARN = "arn:aws:sns:us-east-1:123456789012:alerts"
	queueARN = "arn:aws:sqs:us-east-1:123456789012:dead"
)

func TestValidate(t *testing.T) {
	one := func(elements string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + elements + `}]}`
	}
	repeat := func(n int, s string) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(s, i)
		}
		return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
	}
	anyone := `"Principal":"*",`
	publish := func(action, resource string) string {
		return one(anyone + `"Action":"` + action + `","Resource":"` + resource + `"`)
	}
	for _, row := range []struct {
		kind     policyeval.Kind
		document string
		resource string
		code     string // "" is accepted
		message  string
	}{
		{policyeval.ManagedPolicy, one(`"Action":"*","Resource":"*"`), "", "", ""},
		{policyeval.ManagedPolicy, `{`, "", "MalformedPolicyDocument", "ends early"},
		{policyeval.ManagedPolicy, one(anyone + `"Action":"*","Resource":"*"`), "", "MalformedPolicyDocument", "should not specify a principal"},
		{policyeval.ManagedPolicy, one(`"Action":"*"`), "", "MalformedPolicyDocument", "Missing required field Resource"},
		{policyeval.ManagedPolicy, one(`"Action":"s*:Get","Resource":"*"`), "", "MalformedPolicyDocument", "Vendor s* is not valid"},
		{policyeval.ManagedPolicy, one(`"Action":"*","Resource":"my-bucket"`), "", "MalformedPolicyDocument", "must be in ARN format"},
		{policyeval.ManagedPolicy, one(`"Sid":"a b","Action":"*","Resource":"*"`), "", "MalformedPolicyDocument", "Sid may hold"},
		{policyeval.ManagedPolicy, repeat(2, `{"Sid":"A","Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b%d"}`), "", "MalformedPolicyDocument", "must be unique"},
		{policyeval.ManagedPolicy, one(`"Action":"*","Resource":"arn:aws:s3:::` + strings.Repeat("x", 6144) + `"`), "", "LimitExceeded", "the limit is 6144"},
		{policyeval.ManagedPolicy, one(strings.Repeat(" ", 7000) + `"Action":"*","Resource":"*"`), "", "", ""}, // white space does not count
		{policyeval.UserInlinePolicy, one(`"Action":"*","Resource":"arn:aws:s3:::` + strings.Repeat("x", 2048) + `"`), "", "LimitExceeded", "2048"},
		{policyeval.GroupInlinePolicy, one(`"Action":"*","Resource":"arn:aws:s3:::` + strings.Repeat("x", 5120) + `"`), "", "LimitExceeded", "5120"},
		{policyeval.RoleInlinePolicy, one(`"Action":"*","Resource":"arn:aws:s3:::` + strings.Repeat("x", 10240) + `"`), "", "LimitExceeded", "10240"},

		{policyeval.TrustPolicy, one(`"Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"`), "", "", ""},
		{policyeval.TrustPolicy, one(`"Action":"sts:AssumeRole"`), "", "MalformedPolicyDocument", "Missing required field Principal"},
		{policyeval.TrustPolicy, one(anyone + `"Action":"sts:AssumeRole","Resource":"*"`), "", "MalformedPolicyDocument", "prohibited field Resource"},
		{policyeval.TrustPolicy, one(anyone + `"Action":"s3:GetObject"`), "", "MalformedPolicyDocument", "STS AssumeRole actions"},
		{policyeval.TrustPolicy, one(anyone + `"Action":"*"`), "", "MalformedPolicyDocument", "STS AssumeRole actions"},
		{policyeval.TrustPolicy, one(anyone + `"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"` + strings.Repeat("x", 2048) + `"}}`), "", "LimitExceeded", "2048"},

		{policyeval.BucketPolicy, publish("s3:GetObject", bucket+"/*"), bucket, "", ""},
		{policyeval.BucketPolicy, publish("s3:*", bucket), bucket, "", ""},
		{policyeval.BucketPolicy, publish("s3:GetObject", "*"), bucket, "", ""},
		{policyeval.BucketPolicy, publish("s3:GetObject", bucket+"*"), bucket, "", ""},
		{policyeval.BucketPolicy, one(`"Sid":"with space",` + anyone + `"Action":"s3:ListBucket","Resource":"` + bucket + `"`), bucket, "", ""},
		{policyeval.BucketPolicy, one(`"Action":"s3:GetObject","Resource":"*"`), bucket, "MalformedPolicy", "Missing required field Principal"},
		{policyeval.BucketPolicy, publish("ec2:RunInstances", bucket), bucket, "MalformedPolicy", "invalid action"},
		{policyeval.BucketPolicy, publish("s3:GetObject", "arn:aws:s3:::other/*"), bucket, "MalformedPolicy", "invalid resource"},
		{policyeval.BucketPolicy, publish("s3:GetObject", "arn:aws:s3:::logs-2/*"), bucket, "MalformedPolicy", "invalid resource"},
		{policyeval.BucketPolicy, publish("s3:GetObject", "arn:aws-cn:s3:::logs/*"), bucket, "MalformedPolicy", "invalid resource"},
		{policyeval.BucketPolicy, publish("s3:GetObject", bucket), bucket, "MalformedPolicy", "does not apply to any resource"},
		{policyeval.BucketPolicy, publish("s3:ListBucket", bucket+"/*"), bucket, "MalformedPolicy", "does not apply to any resource"},
		{policyeval.BucketPolicy, publish("s3:ListBucket", "arn:aws:s3:::other"), "", "", ""},
		{policyeval.BucketPolicy, publish("s3:GetObject", bucket+"/"+strings.Repeat("x", 20<<10)), bucket, "MalformedPolicy", "20480"},

		{policyeval.KeyPolicy, publish("kms:*", "*"), "", "", ""},
		{policyeval.KeyPolicy, publish("s3:GetObject", "*"), "", "MalformedPolicyDocumentException", "invalid actions"},
		{policyeval.KeyPolicy, one(`"Action":"kms:*","Resource":"*"`), "", "MalformedPolicyDocumentException", "Principal"},
		{policyeval.KeyPolicy, publish("kms:"+strings.Repeat("x", 33<<10), "*"), "", "LimitExceededException", "32768"},

		{policyeval.TopicPolicy, publish("sns:Publish", topicARN), topicARN, "", ""},
		{policyeval.TopicPolicy, publish("SNS:Publish", topicARN), topicARN, "", ""},
		{policyeval.TopicPolicy, publish("sns:*", topicARN), topicARN, "InvalidParameter", "out of service scope"},
		{policyeval.TopicPolicy, publish("sqs:SendMessage", topicARN), topicARN, "InvalidParameter", "out of service scope"},
		{policyeval.TopicPolicy, publish("sns:Publish", topicARN+"2"), topicARN, "InvalidParameter", "is not the topic"},
		{policyeval.TopicPolicy, one(anyone + `"Action":"sns:Publish","Resource":["` + topicARN + `","` + topicARN + `"]`), topicARN, "InvalidParameter", "exactly one resource"},
		{policyeval.TopicPolicy, repeat(101, `{"Sid":"s%d","Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}`), "", "InvalidParameter", "101 statements; the limit is 100"},

		{policyeval.QueuePolicy, publish("sqs:*", queueARN), queueARN, "", ""},
		{policyeval.QueuePolicy, publish("sns:Publish", queueARN), queueARN, "InvalidAttributeValue", "sns:Publish"},
		{policyeval.QueuePolicy, repeat(21, `{"Sid":"s%d","Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}`), "", "InvalidAttributeValue", "the limit is 20"},
		{policyeval.QueuePolicy, one(anyone + `"Action":["sqs:A","sqs:B","sqs:C","sqs:D","sqs:E","sqs:F","sqs:G","sqs:H"],"Resource":"*"`), "", "InvalidAttributeValue", "8 actions; the limit is 7"},
		{policyeval.QueuePolicy, repeat(11, `{"Sid":"s%d","Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*","Condition":{"Null":{"aws:SourceArn":"false"}}}`), "", "InvalidAttributeValue", "11 conditions; the limit is 10"},

		{policyeval.EventBusPolicy, publish("events:PutEvents", "arn:aws:events:us-east-1:123456789012:event-bus/default"), "", "", ""},
		{policyeval.EventBusPolicy, publish("sns:Publish", "*"), "", "ValidationException", "EventBridge"},
		{policyeval.EventBusPolicy, publish("events:"+strings.Repeat("x", 10240), "*"), "", "PolicyLengthExceededException", "10240"},
		{policyeval.LogsResourcePolicy, publish("logs:PutLogEvents", "*"), "", "", ""},
		{policyeval.LogsResourcePolicy, publish("logs:"+strings.Repeat("x", 5120), "*"), "", "InvalidParameterException", "5120"},
	} {
		err := policyeval.Validate(row.kind, row.document, row.resource)
		if row.code == "" {
			assert.NoError(t, err, "%s: %s", row.kind, row.document)
			continue
		}
		var refused *policyeval.Error
		if assert.True(t, errors.As(err, &refused), "%s: %.200s: %v", row.kind, row.document, err) {
			assert.Equal(t, row.code, refused.Code, "%s: %.200s", row.kind, row.document)
			assert.Contains(t, refused.Message, row.message)
		}
	}
	assert.ErrorContains(t, policyeval.Validate("session policy", one(`"Action":"*"`), ""), "unknown kind")
}

func TestValidateTotal(t *testing.T) {
	half := `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::` + strings.Repeat("x", 5000) + `"}]}`
	assert.NoError(t, policyeval.ValidateTotal(policyeval.RoleInlinePolicy, half, half))
	assert.ErrorContains(t, policyeval.ValidateTotal(policyeval.RoleInlinePolicy, half, half, half), "LimitExceeded")
	assert.ErrorContains(t, policyeval.ValidateTotal(policyeval.UserInlinePolicy, half), "LimitExceeded")
	assert.ErrorContains(t, policyeval.ValidateTotal(policyeval.BucketPolicy, half), "has no total size")
}

func TestPublic(t *testing.T) {
	for _, row := range []struct {
		elements string
		want     bool
	}{
		{`"Effect":"Allow","Principal":"*"`, true},
		{`"Effect":"Deny","Principal":"*"`, false},
		{`"Effect":"Allow","Principal":{"AWS":"*"}`, true},
		{`"Effect":"Allow","Principal":{"AWS":"123456789012"}`, false},
		{`"Effect":"Allow","Principal":{"AWS":["123456789012","*"]}`, true},
		{`"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"}`, false},
		{`"Effect":"Allow","Principal":{"Federated":"graph.facebook.com"}`, true},
		{`"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:saml-provider/x"}`, false},
		{`"Effect":"Allow","NotPrincipal":{"AWS":"123456789012"}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"StringLike":{"aws:SourceVpc":"vpc-*"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-91237329"}}`, false},
		{`"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:SourceVpc":["vpc-1","${aws:username}"]}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"StringEqualsIfExists":{"aws:SourceVpc":"vpc-1"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"ForAllValues:StringEquals":{"aws:SourceVpc":"vpc-1"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:UserAgent":"x"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`, false},
		{`"Effect":"Allow","Principal":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:1:x"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:r:1:x"}}`, false},
		{`"Effect":"Allow","Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, false},
		{`"Effect":"Allow","Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`, false},
		{`"Effect":"Allow","Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"2001::/16"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}}`, false},
		{`"Effect":"Allow","Principal":"*","Condition":{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:*:accesspoint/x"}}`, true},
		{`"Effect":"Allow","Principal":"*","Condition":{"StringLike":{"aws:userid":"AROA1:*"}}`, true},
	} {
		d := parse(t, `{"Version":"2012-10-17","Statement":[{"Sid":"S","Action":"s3:GetObject","Resource":"*",`+row.elements+`}]}`)
		public, label := d.Public()
		assert.Equal(t, row.want, public, row.elements)
		assert.Equal(t, row.want, label == "S")
	}
}
