package securetrail

import (
	"slices"
	"testing"
)

// TestAlertsNameQueriesThatExist: an alert tells people which named query to run next.
func TestAlertsNameQueriesThatExist(t *testing.T) {
	for _, alert := range alerts {
		if alert.query != "" && !slices.ContainsFunc(namedQueries, func(q namedQuery) bool { return q.name == alert.query }) {
			t.Errorf("%s: there is no named query %q", alert.name, alert.query)
		}
	}
}
