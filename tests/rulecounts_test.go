package tests

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
)

// TestSettingsSayHowManyRulesThereAre: the page of settings counts the rules of the sets.
func TestSettingsSayHowManyRulesThereAre(t *testing.T) {
	essentials, all := 0, len(configbaseline.KnownRules())
	for _, rule := range configbaseline.KnownRules() {
		if rule.Set == configbaseline.SeedRules || rule.Set == configbaseline.EssentialRules {
			essentials++
		}
	}
	assert.Contains(t, read(t, "../docs/settings.md"), fmt.Sprintf("essentials: %d rules; full: all %d that", essentials, all))
}
