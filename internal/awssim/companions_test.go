package awssim

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// allowOnly leaves the caller with one policy.
func (c *client) allowOnly(document string) {
	c.t.Helper()
	require.NoError(c.t, c.account().Update(func(a *Account) {
		role := a.IAM.Roles["account-baseline-deployer"]
		role.Attached, role.Inline = nil, map[string]string{"all": document}
	}))
}

func allBut(action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"` + action + `","Resource":"*"}]}`
}

// What the provider does beside the main call needs its own right.
func TestCompanionsAreAskedFor(t *testing.T) {
	topic, tags := "aws:sns/topic:Topic", props{"name": "alerts", "tags": props{"team": "security"}}
	for _, row := range []struct {
		action, token string
		in            props
		do            func(c *client, m *made) error // nil: the creation
	}{
		{"sns:TagResource", topic, tags, nil},
		{"sns:ListTagsForResource", topic, tags, (*client).readError},
		{"sns:UntagResource", topic, tags, func(c *client, m *made) error { return c.update(m, props{"name": "alerts"}) }},
		{"sns:TagResource", topic, props{"name": "alerts"}, func(c *client, m *made) error { return c.update(m, tags) }},
		{"kms:EnableKeyRotation", "aws:kms/key:Key", props{"enableKeyRotation": true}, nil},
		{"logs:PutRetentionPolicy", "aws:cloudwatch/logGroup:LogGroup", props{"name": "g", "retentionInDays": 30.0}, nil},
		{"logs:DescribeLogGroups", "aws:cloudwatch/logGroup:LogGroup", props{"name": "g"}, (*client).readError},
		{"s3:PutBucketTagging", "aws:s3/bucketV2:BucketV2", props{"bucket": "a-bucket-of-ours", "tags": props{"a": "b"}}, nil},
		{"iam:ListInstanceProfilesForRole", "aws:iam/role:Role", props{"name": "r", "assumeRolePolicy": trustOfLambda}, (*client).remove},
		{"iam:ListRolePolicies", "aws:iam/role:Role", props{"name": "r", "assumeRolePolicy": trustOfLambda}, (*client).readError},
	} {
		t.Run(row.action, func(t *testing.T) {
			c := serve(t)
			if row.do == nil {
				c.allowOnly(allBut(row.action))
				_, err := c.try(row.token, "x", row.in)
				require.ErrorContains(t, err, "is not authorized to perform: "+row.action)
				return
			}
			m := c.create(row.token, "x", row.in)
			c.allowOnly(allBut(row.action))
			require.ErrorContains(t, row.do(c, m), "is not authorized to perform: "+row.action)
		})
	}
}

const trustOfLambda = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// A creation that is refused leaves nothing behind.
func TestARefusedCompanionLeavesNoTrace(t *testing.T) {
	c := serve(t)
	c.allowOnly(allBut("sns:TagResource"))
	_, err := c.try("aws:sns/topic:Topic", "x", props{"name": "alerts", "tags": props{"a": "b"}})
	refusedWith(t, err, "AccessDenied")
	require.Empty(t, c.account().SNS.Topics)
}

func TestCompanionsNameActionsAndResources(t *testing.T) {
	action := regexp.MustCompile(`^[a-z0-9-]+:[A-Z][A-Za-z]+$`)
	seen := 0
	c := serve(t)
	c.account().Watch(func(r policyeval.Request, _ policyeval.Decision) {
		seen++
		require.Regexp(t, action, r.Action)
		require.NotContains(t, r.Resource, "{")
	})
	c.create("aws:sns/topic:Topic", "x", props{"name": "alerts", "tags": props{"a": "b"}})
	require.Positive(t, seen)
	for token, beside := range companionsOf {
		for _, list := range [][]string{beside.create, beside.read, beside.delete, beside.anywhere} {
			for _, name := range list {
				require.Regexp(t, action, name, token)
			}
		}
	}
}
