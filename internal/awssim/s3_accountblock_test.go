package awssim

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAccountPublicAccessBlock(t *testing.T) {
	c := serve(t)
	all := props{"blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true}
	open := props{"blockPublicAcls": false, "blockPublicPolicy": false, "ignorePublicAcls": false, "restrictPublicBuckets": false}
	for _, bucket := range []string{"site-one", "site-two"} {
		c.create(bucketToken, bucket, props{"bucket": bucket})
		c.create(blockToken, bucket, with(open, props{"bucket": bucket}))
	}
	public := func(bucket string) props {
		return props{"bucket": bucket, "policy": policy(grants("*", "s3:GetObject", "arn:aws:s3:::"+bucket+"/*"))}
	}
	before := c.create(policyToken, "before", public("site-one"))

	m := c.create(accountToken, "a", all)
	assert.Equal(t, "123456789012", m.id)
	_, err := c.try(policyToken, "after", public("site-two"))
	refusedWith(t, err, "public policies are prevented by the BlockPublicPolicy setting")
	assert.NotEmpty(t, c.account().S3.Buckets["site-one"].Policy, "what was public before keeps its policy")
	refusedWith(t, c.update(before, props{"bucket": "site-one", "policy": policy(grants("*", "s3:Get*", "arn:aws:s3:::site-one/*"))}), "AccessDenied")
	c.create(policyToken, "service", props{"bucket": "site-two", "policy": policy(grants(service("config.amazonaws.com"), "s3:PutObject", "arn:aws:s3:::site-two/*"))})

	c.unchanged(m)
	c.imported(m)
	require.NoError(t, c.account().Update(func(a *Account) { a.S3.PublicAccess.BlockPublicPolicy = false }))
	require.True(t, c.read(m))
	assert.Equal(t, []string{"blockPublicPolicy"}, c.diff(m, all).GetDiffs(), "drift")
	assert.ErrorContains(t, c.importing(accountToken, "444455556666"), "AccessDenied")

	require.NoError(t, c.remove(m))
	assert.Nil(t, c.account().S3.PublicAccess)
	assert.False(t, c.read(m))
	c.create(policyToken, "after", public("site-two"))
}
