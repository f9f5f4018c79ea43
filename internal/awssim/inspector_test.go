package awssim

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	enablerToken = "aws:inspector2/enabler:Enabler"
	macieToken   = "aws:macie2/account:Account"
)

func scanning(types ...any) props {
	return props{"accountIds": []any{"123456789012"}, "resourceTypes": types}
}

func TestInspector(t *testing.T) {
	c := serve(t)
	m := c.create(enablerToken, "e", scanning("LAMBDA", "EC2", "ECR"))
	assert.Equal(t, "123456789012-EC2:ECR:LAMBDA", m.id)
	c.unchanged(m)
	require.NoError(t, c.update(m, scanning("LAMBDA", "LAMBDA_CODE")))
	assert.Equal(t, []string{"LAMBDA", "LAMBDA_CODE"}, *c.account().Inspector.Enabled[testRegion], "what is not named is off")
	assert.Empty(t, c.diff(m, scanning("EC2")).GetReplaces())
	c.unchanged(m)
	c.imported(m)
	c.refuses([]refusal{
		{"unknown type", enablerToken, scanning("S3"), "allowed are EC2, ECR, LAMBDA, LAMBDA_CODE"},
		{"nothing", enablerToken, scanning(), "has 0 items"},
		{"code without functions", enablerToken, scanning("LAMBDA_CODE"), "LAMBDA_CODE needs LAMBDA"},
		{"no account", enablerToken, with(scanning("EC2"), props{"accountIds": []any{"me"}}), "not the id of an account"},
		{"another account", enablerToken, with(scanning("EC2"), props{"accountIds": []any{"444455556666"}}), "ACCESS_DENIED"},
		{"administrator and member", enablerToken, with(scanning("EC2"), props{"accountIds": []any{"123456789012", "444455556666"}}), "either the administrator"},
	})
	_, err := c.in("sa-east-1").try(enablerToken, "e", scanning("LAMBDA", "LAMBDA_CODE"))
	refusedWith(t, err, "LAMBDA_CODE is not available in sa-east-1")
	require.NoError(t, c.remove(m))
	assert.False(t, c.read(m))
}

func TestMacie(t *testing.T) {
	c := serve(t)
	m := c.create(macieToken, "m", props{"findingPublishingFrequency": "ONE_HOUR"})
	assert.Equal(t, "123456789012", m.id)
	assert.Equal(t, "ENABLED", m.str("status"))
	c.unchanged(m)
	c.imported(m)
	_, err := c.try(macieToken, "second", props{})
	refusedWith(t, err, "ConflictException: Macie has already been enabled")
	require.NoError(t, c.update(m, props{"findingPublishingFrequency": "SIX_HOURS", "status": "PAUSED"}))
	assert.Equal(t, "PAUSED", c.account().Macie.Sessions[testRegion].Status)
	c.refuses([]refusal{
		{"frequency", macieToken, props{"findingPublishingFrequency": "DAILY"}, "ValidationException"},
		{"status", macieToken, props{"status": "OFF"}, "ValidationException"},
	})
	require.NoError(t, c.remove(m))
	assert.False(t, c.read(m))
	bare := c.create(macieToken, "m", props{})
	assert.Equal(t, []string{"status"}, c.diff(bare, props{"status": "PAUSED"}).GetDiffs(), "a resource without inputs has a diff as well")
	assert.Empty(t, c.diff(bare, props{}).GetDiffs())
	require.NoError(t, c.account().Update(func(a *Account) { a.Settings.OptInRegions = []string{"eu-south-1", "eu-south-2"} }))
	c.in("eu-south-1").create(macieToken, "m", props{})
	_, err = c.in("eu-south-2").try(macieToken, "m", props{})
	refusedWith(t, err, "not available in eu-south-2")
	_, err = serve(t, Options{Partition: "aws-us-gov"}).try(macieToken, "m", props{})
	refusedWith(t, err, "not available in us-gov-east-1")
}
