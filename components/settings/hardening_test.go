package settings_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// TestSettingsNameTheHardenings: the settings take the names that the component knows.
func TestSettingsNameTheHardenings(t *testing.T) {
	var adoptable, regional []string
	all := map[string]bool{}
	for _, h := range hardening.Hardenings() {
		all[string(h.Name)] = true
		if h.Adoptable() {
			adoptable = append(adoptable, string(h.Name))
		}
		if h.Scope == hardening.PerRegion {
			regional = append(regional, string(h.Name))
		}
	}
	assert.ElementsMatch(t, adoptable, schema.AdoptableHardenings)
	assert.ElementsMatch(t, regional, schema.RegionalHardenings)
	for _, name := range schema.Hardenings {
		assert.True(t, all[name], name)
	}
}
