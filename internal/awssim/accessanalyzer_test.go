package awssim

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	analyzerToken    = "aws:accessanalyzer/analyzer:Analyzer"
	archiveRuleToken = "aws:accessanalyzer/archiveRule:ArchiveRule"
)

func unusedAnalyzer(name string, age any) props {
	return props{"analyzerName": name, "type": "ACCOUNT_UNUSED_ACCESS", "configuration": props{"unusedAccess": props{"unusedAccessAge": age}}}
}

func TestAnalyzers(t *testing.T) {
	c := serve(t)
	a := c.create(analyzerToken, "a", props{"analyzerName": "external", "tags": props{"team": "security"}})
	assert.Equal(t, "external", a.id)
	assert.Equal(t, "arn:aws:access-analyzer:ap-northeast-1:123456789012:analyzer/external", a.str("arn"))
	u := c.create(analyzerToken, "u", unusedAnalyzer("unused", 30))
	for _, m := range []*made{a, u} {
		c.unchanged(m)
		c.imported(m)
	}
	assert.NotNil(t, c.account().IAM.Roles["AWSServiceRoleForAccessAnalyzer"])
	c.in("us-east-1").create(analyzerToken, "a", props{"analyzerName": "external"})
	require.NoError(t, c.update(a, props{"analyzerName": "external", "tags": props{"team": "platform"}}))
	c.unchanged(a)
	for property, changed := range map[string]props{
		"analyzerName":  unusedAnalyzer("other", 30),
		"type":          with(unusedAnalyzer("unused", 30), props{"type": "ORGANIZATION_UNUSED_ACCESS"}),
		"configuration": unusedAnalyzer("unused", 90),
	} {
		assert.Equal(t, []string{property}, c.diff(u, changed).GetReplaces())
	}
	c.refuses([]refusal{
		{"second external", analyzerToken, props{"analyzerName": "second"}, "ServiceQuotaExceededException"},
		{"second unused", analyzerToken, unusedAnalyzer("second", 90), "ServiceQuotaExceededException"},
		{"name taken", analyzerToken, unusedAnalyzer("external", 90), "ConflictException"},
		{"name", analyzerToken, props{"analyzerName": "1st"}, "ValidationException"},
		{"name missing", analyzerToken, props{}, "missing required property"},
		{"type", analyzerToken, props{"analyzerName": "x", "type": "REGION"}, "ValidationException"},
		{"age 0", analyzerToken, unusedAnalyzer("x", 0), "1 to 365 days"},
		{"age 366", analyzerToken, unusedAnalyzer("x", 366), "1 to 365 days"},
		{"age of an external one", analyzerToken, with(unusedAnalyzer("x", 90), props{"type": "ACCOUNT"}), "does not look for unused access"},
		{"organization without one", analyzerToken, props{"analyzerName": "x", "type": "ORGANIZATION"}, "You must create an organization"},
	})
	require.NoError(t, c.remove(a))
	assert.False(t, c.read(a))
	c.create(analyzerToken, "a", props{"analyzerName": "external"})
}

// TestUnusedAgeIsReported: an analyzer that leaves the age out shows it as drift, as
// Access Analyzer reports its default.
func TestUnusedAgeIsReported(t *testing.T) {
	c := serve(t)
	u := c.create(analyzerToken, "u", props{"analyzerName": "unused", "type": "ACCOUNT_UNUSED_ACCESS"})
	require.True(t, c.read(u))
	assert.Equal(t, 90.0, num(object(object(u.state, "configuration"), "unusedAccess"), "unusedAccessAge"))
}

func TestArchiveRules(t *testing.T) {
	c := serve(t)
	rule := func(filters ...any) props {
		return props{"analyzerName": "external", "ruleName": "partner", "filters": filters}
	}
	partner := props{"criteria": "principal.AWS", "contains": []any{"444455556666"}}
	_, err := c.try(archiveRuleToken, "r", rule(partner))
	refusedWith(t, err, "ResourceNotFoundException")
	a := c.create(analyzerToken, "a", props{"analyzerName": "external"})
	c.create(analyzerToken, "u", unusedAnalyzer("unused", 90))
	r := c.create(archiveRuleToken, "r", rule(partner, props{"criteria": "isPublic", "eqs": []any{"false"}}, props{"criteria": "error", "exists": "false"}))
	assert.Equal(t, "external/partner", r.id)
	c.unchanged(r)
	c.imported(r)
	require.NoError(t, c.update(r, rule(props{"criteria": "resourceType", "neqs": []any{"AWS::S3::Bucket"}})))
	assert.Equal(t, []string{"ruleName"}, c.diff(r, with(rule(partner), props{"ruleName": "x"})).GetReplaces())
	many := make([]any, 21)
	for i := range many {
		many[i] = "x"
	}
	c.refuses([]refusal{
		{"name taken", archiveRuleToken, rule(partner), "ConflictException"},
		{"no filters", archiveRuleToken, rule(), "has 0 items"},
		{"unknown criterion", archiveRuleToken, rule(props{"criteria": "colour", "eqs": []any{"red"}}), "is no criterion"},
		{"criterion twice", archiveRuleToken, rule(partner, partner), "given twice"},
		{"no condition", archiveRuleToken, rule(props{"criteria": "resource"}), "has no condition"},
		{"public or not", archiveRuleToken, rule(props{"criteria": "isPublic", "eqs": []any{"no"}}), "isPublic is true or false"},
		{"exists or not", archiveRuleToken, rule(props{"criteria": "error", "exists": "maybe"}), "true or false"},
		{"too many values", archiveRuleToken, rule(props{"criteria": "resource", "eqs": many}), "at most 20"},
		{"name", archiveRuleToken, with(rule(partner), props{"ruleName": "a b"}), "ValidationException"},
		{"external criterion of unused access", archiveRuleToken, with(rule(partner), props{"analyzerName": "unused"}), "have no principal.AWS"},
	})
	require.NoError(t, c.remove(a))
	assert.False(t, c.read(r), "rules go with their analyzer")
}
