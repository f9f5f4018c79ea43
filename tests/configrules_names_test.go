package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// pinnedRuleNames are URNs below urn:pulumi:STACK::PROJECT:: and names in AWS of one child of each kind. Rules are pinned by
// their names, which TestSetsHoldTheirRules lists. They stand in users' states and accounts for ever: whoever renames something adds
// an alias and keeps the row.
var pinnedRuleNames = map[string]string{
	below(configBaselineType, configRuleType) + "::config-rule-restricted-ssh-ap-northeast-1":               configPrefix + "-restricted-ssh",
	below(configBaselineType, configRuleType) + "::config-rule-restricted-ssh-us-east-1":                    configPrefix + "-restricted-ssh",
	below(configBaselineType, configRuleType) + "::config-rule-cloudfront-accesslogs-enabled-us-east-1":     configPrefix + "-cloudfront-accesslogs-enabled",
	below(configBaselineType, configRuleType) + "::config-rule-iam-root-access-key-check-ap-northeast-1":    configPrefix + "-iam-root-access-key-check",
	below(configBaselineType, configRuleType) + "::config-rule-required-tags-ap-northeast-1":                configPrefix + "-required-tags",
	below(configBaselineType, configRuleType) + "::config-rule-idle-addresses-ap-northeast-1":               configPrefix + "-idle-addresses",
	below(configBaselineType, configRuleType) + "::config-rule-bucket-versions-ap-northeast-1":              configPrefix + "-bucket-versions",
	below(configBaselineType, configRemediationType) + "::config-remediation-restricted-ssh-ap-northeast-1": "",
	below(configBaselineType, configRemediationType) + "::config-remediation-restricted-ssh-us-east-1":      "",
	below(configBaselineType, configPackType) + "::config-pack-keys-ap-northeast-1":                         configPrefix + "-keys",
}

func init() {
	for document, role := range roleOf {
		pinnedRuleNames[below(configBaselineType, hubRoleType)+"::config-remediation-"+document+"-role"] = configPrefix + "-" + role
		pinnedRuleNames[below(configBaselineType, rolePolicyType)+"::config-remediation-"+document+"-role-policy"] = "run-document"
	}
}

func TestRuleNamesAreForEver(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "us-east-1"}
		names := declared(coverConfig(t, testkit.Options{DryRun: m.DryRun}, covered, everythingEvaluated(covered...)))
		for urn, name := range pinnedRuleNames {
			assert.Contains(t, names, urn, "renamed or gone: states of users have it, add an alias")
			assert.Equal(t, name, names[urn], urn)
		}
	})
}

// TestNoSettingRenamesARule: a rule keeps its URN, its name and its identifier, whose changes replace it.
func TestNoSettingRenamesARule(t *testing.T) {
	covered := []string{"ap-northeast-1", "us-east-1"}
	before := coverConfig(t, testkit.Options{}, covered, configbaseline.ConfigBaselineArgs{Rules: configbaseline.RulesArgs{Set: configbaseline.SeedRules}})
	after := coverConfig(t, testkit.Options{}, covered, everythingEvaluated(covered...))
	for _, old := range before.ByType(configRuleType) {
		kept := after.ByURN(old.URN)
		if assert.NotNil(t, kept, old.URN) {
			for _, fixed := range []string{"name", "source.owner", "source.sourceIdentifier"} {
				assert.Equal(t, old.Get(fixed), kept.Get(fixed), "%s: %s", old.Name, fixed)
			}
		}
	}
}

// TestNamesInAWSFit: the longest prefix and the longest names stay within AWS's limits.
func TestNamesInAWSFit(t *testing.T) {
	args := everythingEvaluated("ap-northeast-1")
	args.NamePrefix = strings.Repeat("p", 38)
	args.Rules.Managed[0].Name = strings.Repeat("r", 89)
	args.ConformancePacks[0].Name = strings.Repeat("c", 51)
	d := coverConfig(t, testkit.Options{}, []string{"ap-northeast-1"}, args)
	for typ, most := range map[string]int{configRuleType: 128, configPackType: 256, hubRoleType: 64} {
		longest := 0
		for _, r := range d.ByType(typ) {
			assert.True(t, strings.HasPrefix(r.String("name"), args.NamePrefix+"-"), r.URN)
			longest = max(longest, len(r.String("name")))
		}
		assert.LessOrEqual(t, longest, most, typ)
		assert.Greater(t, longest, 38, typ)
	}
}
