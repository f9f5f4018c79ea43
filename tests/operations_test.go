package tests

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/billingguard"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/components/threatdetection"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const operationsPage = "../docs/operations.md"

// everyAlert deploys every alert that the components have, those without a trail beside those with one.
func everyAlert(t *testing.T) *testkit.Deployment {
	t.Helper()
	args := fullHub("aws")
	args.DeadLetterAlarms = true
	args.Watch = &alerthub.WatchArgs{Emails: pulumi.StringArray{pulumi.String("watch@example.com")}}
	return deployHub(t, testkit.Options{Partition: "aws"}, args, elsewhere("aws"), func(ctx *pulumi.Context, hub *alerthub.AlertHub) error {
		home := pulumi.Provider(args.Regions.Home())
		if _, err := securetrail.NewSecureTrail(ctx, "trail", &securetrail.SecureTrailArgs{Alerts: hub, CallRateInsights: true}, home); err != nil {
			return err
		}
		if _, err := configbaseline.NewConfigBaseline(ctx, "config", &configbaseline.ConfigBaselineArgs{
			Alerts: hub, Regions: args.Regions, ChangeAlerts: []string{"AWS::S3::Bucket"}, CompliantAgainAlerts: true,
		}, home); err != nil {
			return err
		}
		if _, err := threatdetection.NewThreatDetection(ctx, "threats", &threatdetection.ThreatDetectionArgs{
			Alerts: hub, Regions: args.Regions, InformationalFindings: true, PublicHealthIssues: true, TrustedAdvisor: true,
			AccessAnalyzer: threatdetection.AccessAnalyzerArgs{UnusedAccess: true},
			Inspector:      threatdetection.InspectorArgs{Regions: []string{args.Regions.HomeRegion()}},
			Macie:          threatdetection.MacieArgs{Regions: []string{args.Regions.HomeRegion()}},
		}, home); err != nil {
			return err
		}
		if _, err := billingguard.NewBillingGuard(ctx, "bill", &billingguard.BillingGuardArgs{Alerts: hub, Regions: args.Regions}, home); err != nil {
			return err
		}
		_, err := digest.NewWeeklyDigest(ctx, "weekly", &digest.WeeklyDigestArgs{Alerts: hub, Config: true}, home)
		return err
	})
}

// alertSections are the sections of the page, and how the names of their routes begin.
var alertSections = map[string]string{
	"### Alerts of SecureTrail\n":           "trail-",
	"### Alerts of ConfigBaseline\n":        "config-",
	"### Alerts of ThreatDetection\n":       "threats-",
	"### Alerts of BillingGuard\n":          "bill-",
	"### Alerts of WeeklyDigest\n":          "weekly-",
	"### Alerts of AlertHub about itself\n": "",
}

// section is the text below a heading, up to the next one.
func section(t *testing.T, page, heading string) string {
	t.Helper()
	_, text, found := strings.Cut(page, heading)
	require.True(t, found, heading)
	text, _, _ = strings.Cut(text, "\n#")
	return text
}

var (
	alertRow    = regexp.MustCompile("(?m)^\\| ((?:`[a-z-]+`(?:, )?)+) \\| ([^|]+) \\| ([^|]+) \\|")
	queryOfMail = regexp.MustCompile(`Run the named query ([a-z-]+) in Athena`)
	placeholder = regexp.MustCompile(`<[A-Za-z0-9]+>`)
	lookedUp    = regexp.MustCompile("`([a-z]+(?:-[a-z]+)+)`")
)

// TestEveryAlertHasItsRow: operations.md says of each alert what to do, under the title that its message has, and of no other.
func TestEveryAlertHasItsRow(t *testing.T) {
	d := everyAlert(t)
	page := read(t, operationsPage)
	documented, firstLook := map[string]string{}, map[string]string{} // by route
	for heading, begins := range alertSections {
		for _, row := range alertRow.FindAllStringSubmatch(section(t, page, heading), -1) {
			for _, name := range strings.Split(row[1], ", ") {
				route := begins + strings.Trim(name, "`")
				documented[route], firstLook[route] = row[2], row[3]
			}
		}
	}
	var declared []string
	for _, target := range d.ByType(eventTargetType) {
		route, isMail := strings.CutSuffix(strings.TrimPrefix(target.Name, "alerts-"), "-mail")
		if !isMail {
			continue
		}
		declared = append(declared, route)
		title, ok := documented[route]
		if !assert.True(t, ok, "operations.md has no row for the alert %s", route) {
			continue
		}
		template := placeholder.ReplaceAllString(target.String("inputTransformer.inputTemplate"), "…")
		assert.Contains(t, template, title, route)
		if query := queryOfMail.FindStringSubmatch(template); query != nil {
			assert.Regexp(t, "`"+query[1]+"`|^as (above|in)", firstLook[route], "operations.md does not name the query of the alert %s", route)
		}
	}
	require.Greater(t, len(declared), 40)
	for route := range documented {
		assert.Contains(t, declared, route, "operations.md has a row for an alert that does not exist")
	}
}

// TestEveryCISAlarmHasItsRow: of each alarm of a metric filter the page says what was counted, and what to do.
func TestEveryCISAlarmHasItsRow(t *testing.T) {
	rows := map[string]string{}
	row := regexp.MustCompile("(?m)^\\| ((?:`[a-zA-Z]+`(?:, )?)+) \\| ([^|]+) \\| [^|]*`[a-z-]+`")
	for _, found := range row.FindAllStringSubmatch(section(t, read(t, operationsPage), "### Alarms of the CIS metric filters\n"), -1) {
		for _, name := range strings.Split(found[1], ", ") {
			rows[strings.Trim(name, "`")] = found[2]
		}
	}
	for _, filter := range securetrail.CISMetricFilters() {
		counted, ok := rows[filter.Name]
		if assert.True(t, ok, "operations.md has no row for the alarm %s", filter.Name) {
			assert.Equal(t, filter.Title, counted)
		}
		delete(rows, filter.Name)
	}
	assert.Empty(t, rows, "operations.md has a row for an alarm that does not exist")
}

// TestEveryAlarmHasItsRow: alarms that mail their own words, apart from those of metric filters, dead letters and charges,
// have a row below the alerts of their component.
func TestEveryAlarmHasItsRow(t *testing.T) {
	page := read(t, operationsPage)
	rows := map[string]string{} // of tables by the alarm that they are about
	for heading := range alertSections {
		for _, row := range regexp.MustCompile("(?m)^\\| alarm `PREFIX-([a-z-]+)` \\| ([^|]+) \\|").FindAllStringSubmatch(section(t, page, heading), -1) {
			rows[row[1]] = row[2]
		}
	}
	found := 0
	for _, alarm := range everyAlert(t).ByType(chargesAlarmType) {
		if alarm.String("namespace") != "AWS/Scheduler" {
			continue
		}
		found++
		_, name, _ := strings.Cut(alarm.Name, "-")
		text, ok := rows[name]
		if assert.True(t, ok, "operations.md has no row for the alarm %s", alarm.Name) {
			assert.Contains(t, alarm.String("alarmDescription"), text)
		}
		delete(rows, name)
	}
	assert.Equal(t, 2, found)
	assert.Empty(t, rows, "operations.md has a row for an alarm that does not exist")
}

// TestOperationsNameRealQueries: what the page says to run can be run.
func TestOperationsNameRealQueries(t *testing.T) {
	var queries, alerts []string
	d := everyAlert(t)
	for _, query := range d.ByType("aws:athena/namedQuery:NamedQuery") {
		queries = append(queries, query.String("name"))
	}
	require.Greater(t, len(queries), 12)
	page := read(t, operationsPage)
	for heading := range alertSections {
		for _, row := range alertRow.FindAllStringSubmatch(section(t, page, heading), -1) {
			for _, name := range strings.Split(row[1], ", ") {
				alerts = append(alerts, strings.Trim(name, "`"))
			}
		}
	}
	_, runbook, _ := strings.Cut(page, "## An alert came: what now\n")
	runbook, _, _ = strings.Cut(runbook, "\n## ")
	named := 0
	for _, name := range lookedUp.FindAllStringSubmatch(runbook, -1) {
		if slices.Contains(alerts, name[1]) && !slices.Contains(queries, name[1]) {
			continue
		}
		named++
		assert.Contains(t, queries, name[1])
	}
	assert.Greater(t, named, 20)
}
