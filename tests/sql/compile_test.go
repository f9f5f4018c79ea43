package athenasql

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSyntaxIsTrinos(t *testing.T) {
	for _, text := range []string{
		"SELECT eventname FROM cloudtrail_logs",
		"SELECT eventname FORM cloudtrail_logs;",
		"SELECT eventname, FROM cloudtrail_logs;",
		"SELECT eventname FROM cloudtrail_logs WHERE (readonly = 'true';",
		"SELECT eventname FROM cloudtrail_logs LIMIT 1 ORDER BY eventname;",
		"SELECT count(* FROM cloudtrail_logs;",
		"SELECT eventname FROM cloudtrail_logs; SELECT 1;",
	} {
		_, err := Parse(text)
		assert.Error(t, err, text)
	}
}

// TestWhatTrinoRefusesIsRefused: SQLite would run most of these.
func TestWhatTrinoRefusesIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT eventnam FROM cloudtrail_logs;":                                                      `0 columns are named "eventnam"`,
		"SELECT `eventname` FROM cloudtrail_logs;":                                                   "0 columns are named \"`eventname`\"",
		"SELECT eventname FROM cloudtrail;":                                                          `there is no table "cloudtrail"`,
		"SELECT useridentity.name FROM cloudtrail_logs;":                                             "there is no field name",
		"SELECT eventname.x FROM cloudtrail_logs;":                                                   "has no fields",
		"SELECT eventname AS n FROM cloudtrail_logs WHERE n = 'x';":                                  `0 columns are named "n"`,
		"SELECT eventname FROM cloudtrail_logs WHERE readonly = 1;":                                  "compares a varchar with a bigint",
		"SELECT eventname FROM cloudtrail_logs WHERE useridentity = 'x';":                            "compares a struct with a varchar",
		"SELECT eventname FROM cloudtrail_logs WHERE date > current_date;":                           "compares a varchar with a date",
		"SELECT eventname FROM cloudtrail_logs WHERE eventname;":                                     "no condition on rows",
		"SELECT eventname FROM cloudtrail_logs WHERE eventname OR readonly = 'x';":                   "not a condition",
		"SELECT eventname FROM cloudtrail_logs WHERE count(*) > 1;":                                  "no condition on rows",
		"SELECT eventname, count(*) FROM cloudtrail_logs;":                                           "must be either an aggregate or in GROUP BY",
		"SELECT eventname, region, count(*) FROM cloudtrail_logs GROUP BY 1;":                        "column 2 must be either",
		"SELECT eventname, count(*) FROM cloudtrail_logs GROUP BY 2;":                                "column 1 must be either",
		"SELECT eventname AS n, count(*) FROM cloudtrail_logs GROUP BY n;":                           "no number of a column",
		"SELECT eventname, count(*) AS n FROM cloudtrail_logs GROUP BY 1 ORDER BY region;":           `0 columns are named "region"`,
		"SELECT strpos(eventname, 1) > 0 FROM cloudtrail_logs;":                                      "argument 2 is a bigint, not a varchar",
		"SELECT strpos(eventname) > 0 FROM cloudtrail_logs;":                                         "1 arguments",
		"SELECT coalesce(eventname, 0) FROM cloudtrail_logs;":                                        "argument 2 is a bigint, not a varchar",
		"SELECT instr(eventname, 'x') FROM cloudtrail_logs;":                                         "the function instr is not compiled here",
		"SELECT any_match(eventname, r -> r = 'x') FROM cloudtrail_logs;":                            "not an array",
		"SELECT any_match(resources, r -> r.name = 'x') FROM cloudtrail_logs;":                       "there is no field name",
		"SELECT any_match(resources, r -> r.arn) FROM cloudtrail_logs;":                              "not a condition",
		"WITH a AS (SELECT 'x' AS eventname) SELECT eventname FROM cloudtrail_logs CROSS JOIN a;":    `2 columns are named "eventname"`,
		"WITH a AS (SELECT count(*) FROM cloudtrail_logs) SELECT 'x' AS x FROM a;":                   "column 1 has no name",
		"SELECT date_format(current_date, '%W') FROM cloudtrail_logs;":                               "the format '%W' is not compiled here",
		"SELECT eventname FROM cloudtrail_logs UNION SELECT region FROM cloudtrail_logs;":            "is not compiled here",
		"SELECT eventname FROM cloudtrail_logs WHERE eventname IN (SELECT 1 AS x);":                  "one column of type varchar",
		"SELECT * FROM cloudtrail_logs;":                                                             "is not compiled here",
		"DROP TABLE cloudtrail_logs;":                                                                "only queries",
		"SELECT eventname FROM cloudtrail_logs WHERE date > date_format('2026-01-01', '%Y/%m/%d');":  "argument 1 is a varchar, not a date",
		"SELECT eventname FROM cloudtrail_logs WHERE date > date_format(current_date - 7, '%Y/%m');": "is not compiled here",
		"SELECT sum(eventname) FROM cloudtrail_logs;":                                                "the function sum is not compiled here",
		"SELECT max(count(*)) FROM cloudtrail_logs;":                                                 "argument 1 is a bigint",
	} {
		statement, err := Parse(text)
		require.NoError(t, err, text)
		_, err = Compile(statement, table(t), today)
		assert.ErrorContains(t, err, want, text)
	}
}

func TestRecordsBecomeRowsAsTheSerDeMakesThem(t *testing.T) {
	row, err := table(t).row(map[string]any{
		"eventTime": "2026-11-22T10:00:00Z", "awsRegion": "us-east-1", "readOnly": true,
		"userIdentity":      map[string]any{"userName": "alice", "unknownField": "x", "sessionContext": map[string]any{"attributes": map[string]any{"mfaAuthenticated": "true"}}},
		"requestParameters": map[string]any{"bucketName": "b"},
		"resources":         []any{map[string]any{"ARN": "arn:aws:s3:::b"}},
	})
	require.NoError(t, err)
	have := map[string]any{}
	for i, column := range table(t).All() {
		have[column.Name] = row[i]
	}
	assert.Equal(t, "true", have["readonly"])
	assert.Equal(t, `{"bucketName":"b"}`, have["requestparameters"])
	assert.Equal(t, "us-east-1", have["region"])
	assert.Equal(t, "2026/11/22", have["date"])
	assert.Nil(t, have["errorcode"])
	assert.Contains(t, have["useridentity"], `"username":"alice"`)
	assert.Contains(t, have["useridentity"], `"mfaauthenticated":"true"`)
	assert.NotContains(t, have["useridentity"], "unknown")
	assert.Contains(t, have["resources"], `"arn":"arn:aws:s3:::b"`)
}
