package configbaseline

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
)

func TestThePageListsTheAlerts(t *testing.T) {
	page, err := os.ReadFile("../../docs/configbaseline.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, alert := range alerts {
		row := fmt.Sprintf("\n| `%s` | %s |", alert.name, alert.severity)
		at := strings.Index(string(page), row)
		if at < 0 {
			t.Errorf("the page lacks a row %q", row)
			continue
		}
		line, _, _ := strings.Cut(string(page)[at+1:], "\n")
		if told := strings.HasSuffix(line, "| yes |"); told != (alert.link == alerthub.CloudTrailLink) {
			t.Errorf("%s: the page says %v of IgnoreChangesBy", alert.name, told)
		}
	}
}

// TestAlertsNameQueriesOfTheTrail: an alert tells people which named query to run next, and the trail's page lists them.
func TestAlertsNameQueriesOfTheTrail(t *testing.T) {
	page, err := os.ReadFile("../../docs/athena.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, alert := range alerts {
		if alert.query != "" && !strings.Contains(string(page), "`"+alert.query+"`") {
			t.Errorf("%s: the trail has no named query %q", alert.name, alert.query)
		}
	}
}
