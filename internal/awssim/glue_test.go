package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	catalogDatabaseToken = "aws:glue/catalogDatabase:CatalogDatabase"
	catalogTableToken    = "aws:glue/catalogTable:CatalogTable"
)

// projectedTable is a table over log files with a projected Region and date.
func projectedTable(parameters props) props {
	return props{
		"name": "events", "databaseName": "logs", "tableType": "EXTERNAL_TABLE",
		"storageDescriptor": props{
			"location": "s3://bucket/AWSLogs/123456789012",
			"columns":  []any{props{"name": "eventname", "type": "string"}, props{"name": "resources", "type": "array<struct<arn:string>>"}},
		},
		"partitionKeys": []any{props{"name": "region", "type": "string"}, props{"name": "date", "type": "string"}},
		"parameters": with(props{
			"projection.enabled":     "true",
			"projection.region.type": "enum", "projection.region.values": "us-east-1,us-west-2",
			"projection.date.type": "date", "projection.date.range": "2015/01/01,NOW", "projection.date.format": "yyyy/MM/dd",
			"projection.date.interval": "1", "projection.date.interval.unit": "DAYS",
			"storage.location.template": "s3://bucket/AWSLogs/123456789012/CloudTrail/${region}/${date}",
		}, parameters),
	}
}

func TestCatalogRefusals(t *testing.T) {
	c := serve(t)
	c.create(catalogDatabaseToken, "logs", props{"name": "logs"})
	c.create(catalogTableToken, "events", projectedTable(nil))
	table := func(what string, parameters props, want string) refusal {
		return refusal{what, catalogTableToken, projectedTable(parameters), want}
	}
	columns := func(columns ...any) props {
		return with(projectedTable(nil), props{"storageDescriptor": props{"columns": columns}})
	}
	c.refuses([]refusal{
		{"database exists", catalogDatabaseToken, props{"name": "logs"}, "AlreadyExistsException: Database already exists"},
		{"upper case", catalogDatabaseToken, props{"name": "Logs"}, "uppercase characters cannot be used"},
		{"name too long", catalogDatabaseToken, props{"name": strings.Repeat("x", 256)}, "ValidationException"},
		{"table exists", catalogTableToken, projectedTable(nil), "AlreadyExistsException: Table already exists"},
		{"no such database", catalogTableToken, with(projectedTable(nil), props{"databaseName": "other"}), "EntityNotFoundException: Database other not found"},
		{"table in upper case", catalogTableToken, with(projectedTable(nil), props{"name": "Events"}), "uppercase characters cannot be used"},
		{"table type", catalogTableToken, with(projectedTable(nil), props{"tableType": "INTERNAL"}), "InvalidInputException"},
		{"column twice", catalogTableToken, columns(props{"name": "a", "type": "string"}, props{"name": "a", "type": "int"}), "HIVE_INVALID_METADATA"},
		{"column is a partition too", catalogTableToken, columns(props{"name": "region", "type": "string"}), "duplicate columns: region"},
		{"type", catalogTableToken, columns(props{"name": "a", "type": "struct<b:string"}), "HIVE_INVALID_METADATA"},
		table("no projection type", props{"projection.region.type": nil}, "INVALID_TABLE_PROPERTY: projection.region.type"),
		table("projection type", props{"projection.region.type": "list"}, "none of enum, integer, date, injected"),
		table("no values", props{"projection.region.values": nil}, "projection.region.values is required"),
		table("no format", props{"projection.date.format": nil}, "projection.date.format is required"),
		table("range", props{"projection.date.range": "2015/01/01"}, "projection.date.range"),
		table("range of another format", props{"projection.date.range": "2015-01-01,NOW"}, `"2015-01-01" is neither a date of the format yyyy/MM/dd nor NOW`),
		table("interval", props{"projection.date.interval": "0"}, "no positive integer"),
		table("unit", props{"projection.date.interval.unit": "FORTNIGHTS"}, "projection.date.interval.unit"),
		table("property of no column", props{"projection.day.type": "date"}, "projection.day.type belongs to no projected partition key"),
		table("template without a key", props{"storage.location.template": "s3://bucket/${region}"}, "the partition key date is missing"),
		table("template with a stranger", props{"storage.location.template": "s3://bucket/${region}/${date}/${hour}"}, "${hour} is no partition key"),
		table("template elsewhere", props{"storage.location.template": "/${region}/${date}"}, "no location in S3"),
	})
}

func TestCatalogLife(t *testing.T) {
	c := serve(t)
	database := c.create(catalogDatabaseToken, "logs", props{"name": "logs", "tags": props{"a": "b"}})
	require.Equal(t, "123456789012:logs", database.id)
	require.Equal(t, "arn:aws:glue:ap-northeast-1:123456789012:database/logs", database.str("arn"))
	table := c.create(catalogTableToken, "events", projectedTable(nil))
	require.Equal(t, "123456789012:logs:events", table.id)
	require.Equal(t, "arn:aws:glue:ap-northeast-1:123456789012:table/logs/events", table.str("arn"))
	for _, m := range []*made{database, table} {
		c.unchanged(m)
		c.imported(m)
	}
	require.NoError(t, c.update(table, projectedTable(props{"projection.region.values": "us-east-1"})))
	c.unchanged(table)
	require.Contains(t, c.diff(table, with(projectedTable(nil), props{"name": "other"})).GetReplaces(), "name")
	require.False(t, c.in("us-east-1").read(&made{token: catalogTableToken, name: "events", id: table.id}), "the catalog is regional")
	require.NoError(t, c.remove(database))
	require.False(t, c.read(table), "tables go with their database")
}

func TestHiveTypes(t *testing.T) {
	for text, valid := range map[string]bool{
		"string": true, "decimal(10,2)": true, "map<string,array<int>>": true, "varchar(5)": true,
		"struct<a:string,b:struct<c:map<string,string>>>": true, "struct< a: STRING >": true,
		"": false, "text": false, "array<string": false, "array<int,int>": false, "map<string>": false,
		"struct<string>": false, "struct<a:string>>": false, "struct<a:>": false, "string string": false, "array": false,
	} {
		assert.Equal(t, valid, hiveType(text) == nil, text)
	}
}
