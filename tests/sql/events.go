package athenasql

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	_ "modernc.org/sqlite" // the embedded database
)

// Load makes an in-memory database with the table and the records of a CloudTrail log file in it.
func Load(table *Table, path string) (*sql.DB, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct{ Records []map[string]any }
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // every connection would have a memory of its own
	columns := table.All()
	names, marks := make([]string, len(columns)), make([]string, len(columns))
	for i, column := range columns {
		names[i], marks[i] = quote(column.Name), "?"
	}
	list := strings.Join(names, ", ")
	for _, statement := range []string{
		"PRAGMA case_sensitive_like = ON", // as LIKE is in Trino
		"CREATE TABLE " + quote(table.Name) + " (" + list + ")",
	} {
		if _, err := db.Exec(statement); err != nil {
			return nil, err
		}
	}
	insert := "INSERT INTO " + quote(table.Name) + " (" + list + ") VALUES (" + strings.Join(marks, ", ") + ")"
	for i, record := range file.Records {
		row, err := table.row(record)
		if err != nil {
			return nil, fmt.Errorf("%s: record %d: %w", path, i, err)
		}
		if _, err := db.Exec(insert, row...); err != nil {
			return nil, err
		}
	}
	return db, nil
}

// row turns a record into the values of the table. The partition keys follow from the key that CloudTrail stores it under.
func (t *Table) row(record map[string]any) ([]any, error) {
	at, _ := record["eventTime"].(string)
	if len(at) < len("2006-01-02") {
		return nil, fmt.Errorf("eventTime %q is no time", at)
	}
	partitions := map[string]any{
		"region":  record["awsRegion"],
		"date":    strings.ReplaceAll(at[:10], "-", "/"),
		"account": record["recipientAccountId"],
	}
	var row []any
	for _, column := range t.Columns {
		value := column.hive.read(lookup(record, column.Name))
		if column.hive.kind != "string" && value != nil {
			text, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			value = string(text)
		}
		row = append(row, value)
	}
	for _, key := range t.PartitionKeys {
		row = append(row, partitions[key.Name])
	}
	return row, nil
}

// lookup finds a field whatever the case of its name: columns are in lower case, records are not.
func lookup(record map[string]any, name string) any {
	for key, value := range record {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

// read takes from a JSON value what the type has room for. Objects become JSON text where a string is wanted.
func (h *hiveType) read(value any) any {
	if value == nil {
		return nil
	}
	switch h.kind {
	case "struct":
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		fields := map[string]any{}
		for _, f := range h.fields {
			fields[f.name] = f.kind.read(lookup(object, f.name))
		}
		return fields
	case "map":
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		values := map[string]any{}
		for key, item := range object {
			values[key] = h.item.read(item)
		}
		return values
	case "array":
		list, ok := value.([]any)
		if !ok {
			return nil
		}
		items := make([]any, len(list))
		for i, item := range list {
			items[i] = h.item.read(item)
		}
		return items
	}
	if text, ok := value.(string); ok {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	return string(text)
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
