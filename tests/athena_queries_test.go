package tests

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const namedQueryType = "aws:athena/namedQuery:NamedQuery"

// The module tests/sql parses and runs what stands in these files; with UPDATE_QUERIES set, this test writes them.
const (
	queriesFolder = "sql/testdata/queries"
	tableFile     = "sql/testdata/table.json"
	athenaPage    = "../docs/athena.md"
)

var dateBound = regexp.MustCompile(`\n *(WHERE|AND) date >= date_format\(current_date - interval '([0-9]+)' day, '%Y/%m/%d'\)`)

func compareFile(t *testing.T, path, want string) {
	t.Helper()
	if os.Getenv("UPDATE_QUERIES") != "" {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, want, string(have), "%s is not what the component declares; write it with UPDATE_QUERIES=1 go test ./tests -run TestQueriesThatAreRun", path)
}

func TestQueriesThatAreRunAreThoseOfTheComponent(t *testing.T) {
	if os.Getenv("UPDATE_QUERIES") != "" {
		require.NoError(t, os.MkdirAll(queriesFolder, 0o755))
	}
	d := deployTrail(t, testkit.Options{}, nil)
	var expected []string
	for _, query := range d.ByType(namedQueryType) {
		file := query.String("name") + ".sql"
		compareFile(t, filepath.Join(queriesFolder, file), query.String("query"))
		expected = append(expected, file)
	}
	entries, err := os.ReadDir(queriesFolder)
	require.NoError(t, err)
	var found []string
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	assert.ElementsMatch(t, expected, found)

	table := d.Only(catalogTableType)
	text, err := json.MarshalIndent(map[string]any{
		"name": table.Get("name"), "columns": table.Get("storageDescriptor.columns"), "partitionKeys": table.Get("partitionKeys"),
	}, "", "  ")
	require.NoError(t, err)
	compareFile(t, tableFile, string(text)+"\n")
}

func TestNamedQueriesAreBoundedAndExplained(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := deployTrail(t, o, nil)
		queries := d.ByType(namedQueryType)
		assert.GreaterOrEqual(t, len(queries), 14)
		for _, query := range queries {
			name, text := query.String("name"), query.String("query")
			assert.Equal(t, "audit-query-"+name, query.Name)
			assert.LessOrEqual(t, len(name), 128)
			assert.LessOrEqual(t, len(query.String("description")), 1024)
			assert.LessOrEqual(t, len(text), 262144)
			assert.Equal(t, strings.Count(text, "FROM cloudtrail_logs"), len(dateBound.FindAllString(text, -1)), "%s reads the table without a date bound", name)
			lines := strings.Split(text, "\n")
			title, use, found := strings.Cut(query.String("description"), ". ")
			require.True(t, found, name)
			assert.Equal(t, "-- "+title+".", lines[0])
			assert.Equal(t, "-- "+use, lines[1])
			assert.Regexp(t, `^-- Looks [0-9]+ days back`, lines[2])
			assert.Equal(t, strings.Contains(text, "-- EDIT: "), strings.HasPrefix(lines[3], "-- Edit the values"), name)
			assert.NotContains(t, text, "{", "%s: a word was not filled in", name)
			assert.False(t, query.Protect, "a protected query could not be replaced by its next version")
		}
	})
}

// TestOrganizationQueriesNameTheirAccounts: an injected partition needs values in each query.
func TestOrganizationQueriesNameTheirAccounts(t *testing.T) {
	d := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{ArchiveArgs: &logarchive.LogArchiveArgs{
		OrganizationID: organization, OmitDeliveryBucket: true,
	}})
	for _, query := range d.ByType(namedQueryType) {
		text := query.String("query")
		assert.Equal(t, strings.Count(text, "FROM cloudtrail_logs"), strings.Count(text, "AND account IN ('"+accountID+"') -- EDIT: "), query.Name)
		assert.Contains(t, text, "-- Edit the values")
	}
}

func TestUsualRegionsAreThoseOfTheTrail(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		query := deployTrail(t, testkit.Options{Partition: p.Name}, nil).One(namedQueryType, "audit-query-activity-in-unusual-regions")
		assert.Contains(t, query.String("query"), "('"+p.Home+"')")
		assert.Contains(t, query.String("query"), "('"+p.Global+"')")
	})
}

// TestAthenaPageListsTheQueries: the table of the page is what the component declares.
func TestAthenaPageListsTheQueries(t *testing.T) {
	page, err := os.ReadFile(athenaPage)
	require.NoError(t, err)
	var rows []string
	for _, query := range deployTrail(t, testkit.Options{}, nil).ByType(namedQueryType) {
		title, use, _ := strings.Cut(query.String("description"), ". ")
		days := dateBound.FindStringSubmatch(query.String("query"))[2]
		rows = append(rows, "| `"+query.String("name")+"` | "+title+" | "+use+" | "+days+" |")
	}
	assert.Contains(t, string(page), "| query | question | when to ask it | days back |\n|---|---|---|---|\n"+strings.Join(rows, "\n")+"\n")
}
