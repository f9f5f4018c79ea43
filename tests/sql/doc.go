// Package athenasql parses and runs the named queries of the trail.
//
// testdata/queries has the queries and testdata/table.json the table, written and compared by the tests of the root
// module. A query is parsed with Trino's grammar, compiled to SQLite and run over testdata/events.json, whose records are
// turned into rows the way Athena's JSON SerDe does it. The compiler knows the part of Trino's SQL that the queries use
// and refuses the rest; it resolves every name, checks the type of every operand and the grouping of every column, because
// SQLite itself would accept what Trino does not.
//
// This is a module of its own, so that importers of the library do not inherit a parser and a database.
package athenasql
