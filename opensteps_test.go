package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/settings"
)

// TestChecklistKnowsWhatAsksForTheBill: whatever part of billing is used, its steps are on the checklist, until they are done.
func TestChecklistKnowsWhatAsksForTheBill(t *testing.T) {
	const access, explorer, alerts = "activateIamBillingAccess", "enableCostExplorer", "receiveBillingAlerts"
	for name, row := range map[string]struct {
		use  func(b *settings.Billing)
		want []string
	}{
		"nothing":             {func(*settings.Billing) {}, nil},
		"the monthly budget":  {func(b *settings.Billing) { b.MonthlyBudget.Enabled = true }, []string{access, explorer}},
		"the baseline budget": {func(b *settings.Billing) { b.BaselineBudget.Enabled = true }, []string{access, explorer}},
		"a service's budget": {func(b *settings.Billing) {
			b.ServiceBudgets = map[string]settings.BillingServiceBudget{"AWS Config": {Limit: 5}}
		}, []string{access, explorer}},
		"a tag's budget": {func(b *settings.Billing) {
			b.TagBudgets = []settings.BillingTagBudget{{Key: "team", Value: "a", Limit: 5}}
		}, []string{access, explorer}},
		"anomaly detection": {func(b *settings.Billing) { b.AnomalyDetection.Enabled = true }, []string{access, explorer}},
		"a report":          {func(b *settings.Billing) { b.Report.Schedules = []string{"daily"} }, []string{access, explorer}},
		"alarms":            {func(b *settings.Billing) { b.EstimatedCharges.Enabled = true }, []string{alerts}},
		"a dashboard":       {func(b *settings.Billing) { b.Dashboard = true }, []string{alerts}},
	} {
		s := &settings.Settings{}
		s.Billing.Enabled = true
		row.use(&s.Billing)
		open := strings.Join(openSteps(s), "\n")
		for _, step := range []string{access, explorer, alerts} {
			assert.Equal(t, strings.Contains(strings.Join(row.want, " "), step), strings.Contains(open, "("+step+")"), "%s: %s", name, step)
		}
		s.Checklist.Done = row.want
		assert.NotContains(t, strings.Join(openSteps(s), "\n"), "illing", name)
		s.Checklist.Done, s.Billing.Enabled = nil, false
		assert.NotContains(t, strings.Join(openSteps(s), "\n"), "illing", name)
	}
}
