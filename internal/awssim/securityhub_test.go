package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	hubToken         = "aws:securityhub/account:Account"
	standardToken    = "aws:securityhub/standardsSubscription:StandardsSubscription"
	controlToken     = "aws:securityhub/standardsControl:StandardsControl"
	associationToken = "aws:securityhub/standardsControlAssociation:StandardsControlAssociation"
	aggregateToken   = "aws:securityhub/findingAggregator:FindingAggregator"

	fsbp    = "arn:aws:securityhub:ap-northeast-1::standards/aws-foundational-security-best-practices/v/1.0.0"
	fsbpSub = "arn:aws:securityhub:ap-northeast-1:123456789012:subscription/aws-foundational-security-best-practices/v/1.0.0"
)

// quiet is Security Hub without default standards.
var quiet = props{"enableDefaultStandards": false}

func TestHubLife(t *testing.T) {
	c := serve(t)
	h := c.create(hubToken, "h", quiet)
	assert.Equal(t, "123456789012", h.id)
	assert.Equal(t, "SECURITY_CONTROL", h.str("controlFindingGenerator"))
	assert.Empty(t, c.account().SecurityHub.Hubs[testRegion].Standards)
	c.unchanged(h)
	c.imported(h)
	_, err := c.try(hubToken, "second", quiet)
	refusedWith(t, err, "ResourceConflictException: Account is already subscribed to Security Hub")
	c.in("us-east-1").create(hubToken, "h", quiet)

	require.NoError(t, c.update(h, props{"enableDefaultStandards": false, "autoEnableControls": false}))
	assert.False(t, c.account().SecurityHub.Hubs[testRegion].AutoEnable)
	assert.Equal(t, []string{"enableDefaultStandards"}, c.diff(h, props{}).GetReplaces(), "the default of the provider is true")
	_, err = c.check(hubToken, "h", nil, props{"controlFindingGenerator": "NONE"})
	refusedWith(t, err, "InvalidInputException")
	c.create(standardToken, "s", props{"standardsArn": fsbp})
	require.NoError(t, c.remove(h))
	assert.False(t, c.read(h))
	c.create(hubToken, "again", quiet)
	assert.Empty(t, c.account().SecurityHub.Hubs[testRegion].Standards, "standards go with Security Hub")
}

// TestDefaultStandards: what Security Hub switches on when nobody says no is seen in the account.
func TestDefaultStandards(t *testing.T) {
	c := serve(t)
	c.create(hubToken, "h", props{})
	var names []string
	for _, s := range c.account().SecurityHub.Hubs[testRegion].Standards {
		names = append(names, s.ARN)
	}
	assert.ElementsMatch(t, []string{fsbp, "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0"}, names)
}

func TestStandards(t *testing.T) {
	c := serve(t)
	_, err := c.try(standardToken, "s", props{"standardsArn": fsbp})
	refusedWith(t, err, "InvalidAccessException: Account 123456789012 is not subscribed to AWS Security Hub")
	c.create(hubToken, "h", quiet)
	s := c.create(standardToken, "s", props{"standardsArn": fsbp})
	assert.Equal(t, fsbpSub, s.id)
	c.unchanged(s)
	c.imported(s)
	for _, name := range []string{"cis-aws-foundations-benchmark/v/5.0.0", "cis-aws-foundations-benchmark/v/3.0.0", "pci-dss/v/4.0.1", "nist-800-53/v/5.0.0"} {
		c.create(standardToken, name, props{"standardsArn": "arn:aws:securityhub:ap-northeast-1::standards/" + name})
	}
	c.refuses([]refusal{
		{"of another Region", standardToken, props{"standardsArn": strings.Replace(fsbp, "ap-northeast-1", "us-east-1", 1)}, "is no standard of Security Hub in ap-northeast-1"},
		{"of another partition", standardToken, props{"standardsArn": strings.Replace(fsbp, "arn:aws", "arn:aws-cn", 1)}, "is no standard"},
		{"unknown version", standardToken, props{"standardsArn": strings.Replace(fsbp, "1.0.0", "2.0.0", 1)}, "InvalidInputException"},
		{"missing", standardToken, props{}, "missing required property"},
	})
	require.NoError(t, c.remove(s))
	assert.False(t, c.read(s))
	assert.Equal(t, []string{"standardsArn"}, c.diff(s, props{"standardsArn": strings.Replace(fsbp, "aws-foundational-security-best-practices/v/1.0.0", "pci-dss/v/4.0.1", 1)}).GetReplaces())
}

func TestControls(t *testing.T) {
	c := serve(t)
	association := func(changes props) props {
		return with(props{"securityControlId": "IAM.6", "standardsArn": fsbp, "associationStatus": "DISABLED", "updatedReason": "no hardware here"}, changes)
	}
	control := func(changes props) props {
		return with(props{"standardsControlArn": strings.Replace(fsbpSub, "subscription", "control", 1) + "/IAM.6", "controlStatus": "DISABLED", "disabledReason": "no hardware"}, changes)
	}
	_, err := c.try(associationToken, "a", association(nil))
	refusedWith(t, err, "InvalidAccessException")
	c.create(hubToken, "h", quiet)
	_, err = c.try(associationToken, "a", association(nil))
	refusedWith(t, err, "NOT_FOUND")
	_, err = c.try(controlToken, "a", control(nil))
	refusedWith(t, err, "ResourceNotFoundException")
	s := c.create(standardToken, "s", props{"standardsArn": fsbp})

	m := c.create(associationToken, "a", association(nil))
	c.unchanged(m)
	c.imported(m)
	old := c.create(controlToken, "c", control(nil))
	c.unchanged(old)
	c.imported(old)
	assert.Equal(t, "IAM.6", old.str("controlId"))
	require.NoError(t, c.update(m, association(props{"associationStatus": "ENABLED", "updatedReason": nil})))
	require.NoError(t, c.update(m, association(nil)))
	assert.Equal(t, []string{"securityControlId"}, c.diff(m, association(props{"securityControlId": "IAM.9"})).GetReplaces())

	// Deleting the association leaves the control off; disabling the standard forgets it.
	require.NoError(t, c.remove(m))
	assert.Equal(t, "DISABLED", c.account().SecurityHub.Hubs[testRegion].Standards[fsbpSub].Controls["IAM.6"].Status)
	require.NoError(t, c.remove(s))
	assert.False(t, c.read(m))
	c.create(standardToken, "s", props{"standardsArn": fsbp})
	assert.Empty(t, c.account().SecurityHub.Hubs[testRegion].Standards[fsbpSub].Controls)

	c.refuses([]refusal{
		{"no reason", associationToken, association(props{"updatedReason": nil}), "a control is disabled for a reason"},
		{"status", associationToken, association(props{"associationStatus": "OFF"}), "InvalidInputException"},
		{"id", associationToken, association(props{"securityControlId": "IAM"}), "has an id like IAM.1"},
		{"standard", associationToken, association(props{"standardsArn": fsbpSub}), "is no standard"},
		{"old way without reason", controlToken, control(props{"disabledReason": nil}), "a control is disabled for a reason"},
		{"old way with another ARN", controlToken, control(props{"standardsControlArn": fsbp}), "a control has an ARN like"},
	})
}

func TestFindingAggregator(t *testing.T) {
	c := serve(t)
	require.NoError(t, c.account().Update(func(a *Account) { a.Settings.OptInRegions = []string{"eu-south-1"} }))
	all := props{"linkingMode": "ALL_REGIONS"}
	_, err := c.try(aggregateToken, "a", all)
	refusedWith(t, err, "InvalidAccessException")
	h := c.create(hubToken, "h", quiet)
	other, milan := c.in("us-east-1"), c.in("eu-south-1")
	other.create(hubToken, "h", quiet)
	milan.create(hubToken, "h", quiet)
	_, err = milan.try(aggregateToken, "a", all)
	refusedWith(t, err, "cannot be the home Region")

	a := c.create(aggregateToken, "a", all)
	assert.Regexp(t, `^arn:aws:securityhub:ap-northeast-1:123456789012:finding-aggregator/[0-9a-f-]{36}$`, a.id)
	c.unchanged(a)
	c.imported(a)
	_, err = other.try(aggregateToken, "a", all)
	refusedWith(t, err, "LimitExceededException")
	_, err = c.try(aggregateToken, "b", all)
	refusedWith(t, err, "LimitExceededException")
	listed := func(mode string, regions ...any) props {
		return props{"linkingMode": mode, "specifiedRegions": regions}
	}
	require.NoError(t, c.update(a, listed("SPECIFIED_REGIONS", "us-east-1", "eu-west-1")))
	c.unchanged(a)
	c.imported(a)
	assert.Empty(t, c.diff(a, all).GetReplaces())
	c.refuses([]refusal{
		{"mode", aggregateToken, props{"linkingMode": "SOME"}, "InvalidInputException"},
		{"no list", aggregateToken, props{"linkingMode": "SPECIFIED_REGIONS"}, "needs a list of Regions"},
		{"empty list", aggregateToken, listed("ALL_REGIONS_EXCEPT_SPECIFIED"), "has 0 items"},
		{"no Region", aggregateToken, listed("SPECIFIED_REGIONS", "tokyo"), "is no Region"},
		{"home Region", aggregateToken, listed("SPECIFIED_REGIONS", testRegion), "is the home Region itself"},
	})
	require.NoError(t, c.remove(h))
	assert.False(t, c.read(a), "the aggregator goes with Security Hub in its home Region")
	b := other.create(aggregateToken, "a", props{"linkingMode": "NO_REGIONS"})
	require.NoError(t, other.remove(b))
	assert.False(t, other.read(b))
}
