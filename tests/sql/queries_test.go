package athenasql

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// today is the day on which the queries run over testdata/events.json.
const today = "2026-11-22"

func table(t testing.TB) *Table {
	t.Helper()
	table, err := ReadTable("testdata/table.json")
	require.NoError(t, err)
	return table
}

func queryText(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/queries", name+".sql"))
	require.NoError(t, err)
	return string(text)
}

// run compiles and runs a query and returns the given columns of its rows, NULL as "-".
func run(t testing.TB, text string, columns ...string) []string {
	t.Helper()
	statement, err := Parse(text)
	require.NoError(t, err)
	compiled, err := Compile(statement, table(t), today)
	require.NoError(t, err)
	db, err := Load(table(t), "testdata/events.json")
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.Query(compiled)
	require.NoError(t, err, compiled)
	defer rows.Close()
	names, err := rows.Columns()
	require.NoError(t, err)
	found := []string{}
	for rows.Next() {
		values, targets := make([]*string, len(names)), make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		require.NoError(t, rows.Scan(targets...))
		picked := make([]string, len(columns))
		for i, column := range columns {
			picked[i] = "no such column"
			for j, name := range names {
				if name == column {
					picked[i] = "-"
					if values[j] != nil {
						picked[i] = *values[j]
					}
				}
			}
		}
		found = append(found, strings.Join(picked, " "))
	}
	require.NoError(t, rows.Err())
	return found
}

func TestQueriesFindWhatTheyShould(t *testing.T) {
	covered := map[string]bool{}
	for _, expected := range expectations {
		t.Run(expected.query, func(t *testing.T) {
			assert.Equal(t, expected.rows, run(t, queryText(t, expected.query), strings.Fields(expected.columns)...))
		})
		covered[expected.query+".sql"] = true
	}
	files, err := os.ReadDir("testdata/queries")
	require.NoError(t, err)
	for _, file := range files {
		assert.True(t, covered[file.Name()], "nothing is expected of %s", file.Name())
	}
}

// TestQueriesAreBounded: a day later than all records, nothing is left of any period.
func TestQueriesAreBounded(t *testing.T) {
	for _, expected := range expectations {
		statement, err := Parse(queryText(t, expected.query))
		require.NoError(t, err)
		compiled, err := Compile(statement, table(t), "2027-06-01")
		require.NoError(t, err)
		db, err := Load(table(t), "testdata/events.json")
		require.NoError(t, err)
		rows, err := db.Query(compiled)
		require.NoError(t, err)
		assert.False(t, rows.Next(), expected.query)
		require.NoError(t, rows.Close())
		require.NoError(t, db.Close())
	}
}

// TestEveryConditionIsProven leaves out one condition after the other: the rows must change.
func TestEveryConditionIsProven(t *testing.T) {
	for _, expected := range expectations {
		lines := strings.Split(queryText(t, expected.query), "\n")
		for i, line := range lines {
			condition, found := strings.CutPrefix(strings.TrimSpace(line), "AND ")
			if !found || strings.Count(condition, "(") != strings.Count(condition, ")") || strings.Contains(condition, "params.session_name") {
				continue // half a condition, or one that lets everything through until it is edited
			}
			without := strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "\n")
			if strings.HasSuffix(condition, ";") {
				without += ";"
			}
			assert.NotEqual(t, expected.rows, run(t, without, strings.Fields(expected.columns)...), "%s: no record notices that %q is gone", expected.query, condition)
		}
	}
}

// TestEditedQueriesFollow: whoever edits a value or a period gets other rows.
func TestEditedQueriesFollow(t *testing.T) {
	for _, row := range []struct{ query, from, to, columns, want string }{
		{"what-a-role-session-did", "'%' AS session_name", "'nobody' AS session_name", "eventname", ""},
		{"what-a-role-session-did", "'deployer' AS role_name", "'app' AS role_name", "eventname", "GetSecretValue,GetSecretValue,GetParameter"},
		{"what-a-role-session-did", "interval '7' day", "interval '1' day", "eventname", "AuthorizeSecurityGroupIngress"},
		{"get-object-by-user", "'alice' AS user_name", "'bob' AS user_name", "object", "2026/11.csv"},
		{"who-changed-this-resource", "'sg-0123456789abcdef0'", "'arn:aws:s3:::payroll'", "eventname", ""},
		{"who-changed-this-resource", "'sg-0123456789abcdef0'", "'old-site'", "eventname", "DeleteBucket,DeleteBucket"},
		{"who-changed-this-resource", "interval '7' day", "interval '12' day", "eventid", "e-01,e-03,e-05"},
		{"activity-in-unusual-regions", "('ap-northeast-1')", "('ap-northeast-1'), ('sa-east-1')", "awsregion", ""},
		{"trail-tampering", "interval '30' day", "interval '90' day", "eventname", "DeleteDetector,StopLogging,StopLogging"},
	} {
		text := queryText(t, row.query)
		require.Contains(t, text, row.from)
		edited := strings.ReplaceAll(text, row.from, row.to)
		assert.Equal(t, row.want, strings.Join(run(t, edited, row.columns), ","), "%s with %s", row.query, row.to)
	}
}
