package securetrail

import (
	"fmt"
	"os"
	"slices"
	"strings"
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

func TestThePageListsTheAlerts(t *testing.T) {
	page, err := os.ReadFile("../../docs/securetrail.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for _, alert := range alerts {
		row := fmt.Sprintf("\n| `%s` | %s |", alert.name, alert.severity)
		at := strings.Index(text, row)
		if at < 0 {
			t.Errorf("the page lacks a row %q", row)
			continue
		}
		line, _, _ := strings.Cut(text[at+1:], "\n")
		if told := strings.HasSuffix(line, "| yes |"); told != alert.ownChange {
			t.Errorf("%s: the page says %v of IgnoreChangesBy", alert.name, told)
		}
		if global := strings.Contains(line, "Region of the global services"); global != (alert.scope != 0) {
			t.Errorf("%s: the page says the wrong Regions", alert.name)
		}
	}
}
