package athenasql

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// Table is a table of the Data Catalog.
type Table struct {
	Name          string
	Columns       []Column
	PartitionKeys []Column
}

// Column is a column with its Hive type.
type Column struct {
	Name, Type string
	hive       *hiveType
}

// hiveType is a parsed type: a scalar, or an array, map or struct with parts.
type hiveType struct {
	kind   string // string, array, map, struct
	fields []field
	item   *hiveType // of an array, or the values of a map
}

type field struct {
	name string
	kind *hiveType
}

// ReadTable reads the description of a table.
func ReadTable(path string) (*Table, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var table Table
	if err := json.Unmarshal(text, &table); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, columns := range [][]Column{table.Columns, table.PartitionKeys} {
		for i := range columns {
			parsed, rest, err := parseHiveType(columns[i].Type)
			if err != nil || rest != "" {
				return nil, fmt.Errorf("%s: column %s: %q is no type: %v %s", path, columns[i].Name, columns[i].Type, err, rest)
			}
			columns[i].hive = parsed
		}
	}
	return &table, nil
}

// All are the columns that a query sees: partition keys come last.
func (t *Table) All() []Column {
	return append(append([]Column(nil), t.Columns...), t.PartitionKeys...)
}

func parseHiveType(text string) (*hiveType, string, error) {
	end := strings.IndexAny(text, "<>,")
	if end < 0 {
		end = len(text)
	}
	kind, rest := text[:end], text[end:]
	switch kind {
	case "string":
		return &hiveType{kind: kind}, rest, nil
	case "array":
		item, rest, err := parseHiveType(strings.TrimPrefix(rest, "<"))
		if err != nil || !strings.HasPrefix(rest, ">") {
			return nil, rest, fmt.Errorf("array without end: %w", err)
		}
		return &hiveType{kind: kind, item: item}, rest[1:], nil
	case "map":
		rest, found := strings.CutPrefix(rest, "<string,")
		if !found {
			return nil, rest, fmt.Errorf("a map has strings as keys")
		}
		item, rest, err := parseHiveType(rest)
		if err != nil || !strings.HasPrefix(rest, ">") {
			return nil, rest, fmt.Errorf("map without end: %w", err)
		}
		return &hiveType{kind: kind, item: item}, rest[1:], nil
	case "struct":
		parsed := &hiveType{kind: kind}
		for rest = strings.TrimPrefix(rest, "<"); ; rest = rest[1:] {
			name, after, found := strings.Cut(rest, ":")
			if !found {
				return nil, rest, fmt.Errorf("field without a type")
			}
			fieldType, after, err := parseHiveType(after)
			if err != nil {
				return nil, after, err
			}
			parsed.fields = append(parsed.fields, field{name, fieldType})
			if strings.HasPrefix(after, ">") {
				return parsed, after[1:], nil
			}
			if rest = after; !strings.HasPrefix(rest, ",") {
				return nil, rest, fmt.Errorf("struct without end")
			}
		}
	}
	return nil, rest, fmt.Errorf("type %q is unknown", kind)
}
