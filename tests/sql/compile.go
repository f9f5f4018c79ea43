package athenasql

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	trino "github.com/bytebase/parser/trino"
)

// relation is something that a query reads: the table, or a query of its WITH.
type relation struct {
	name    string
	columns []Column
}

// compiler turns the parse tree of a query into SQLite's SQL.
type compiler struct {
	today  string // YYYY-MM-DD, in place of current_date
	tables []relation
}

// scope is what the names of an expression may mean.
type scope struct {
	relations []relation
	variables map[string]*hiveType // of the lambdas around
	aliases   []Column             // of ORDER BY: the columns of the result, which hide those of relations
}

// Compile turns a statement into SQLite's SQL, as of a day.
func Compile(statement trino.ISingleStatementContext, table *Table, today string) (string, error) {
	root, ok := statement.Statement().(*trino.StatementDefaultContext)
	if !ok {
		return "", errors.New("only queries are compiled")
	}
	c := &compiler{today: today, tables: []relation{{table.Name, table.All()}}}
	text, _, err := c.query(root.RootQuery().Query())
	return text, err
}

func unsupported(what antlr.ParserRuleContext) error {
	return fmt.Errorf("%q: %T is not compiled here", what.GetText(), what)
}

func name(identifier antlr.ParserRuleContext) string {
	return strings.ToLower(strings.Trim(identifier.GetText(), `"`))
}

func (c *compiler) query(query trino.IQueryContext) (string, []Column, error) {
	var with []string
	if query.With() != nil {
		for _, named := range query.With().AllNamedQuery() {
			text, columns, err := c.query(named.Query())
			if err != nil {
				return "", nil, fmt.Errorf("%s: %w", name(named.GetName()), err)
			}
			if named.ColumnAliases() != nil {
				aliases := named.ColumnAliases().AllIdentifier()
				if len(aliases) != len(columns) {
					return "", nil, fmt.Errorf("%s: %d names for %d columns", name(named.GetName()), len(aliases), len(columns))
				}
				for i, alias := range aliases {
					columns[i].Name = name(alias)
				}
			}
			names := make([]string, len(columns))
			for i, column := range columns {
				if column.Name == "" {
					return "", nil, fmt.Errorf("%s: column %d has no name", name(named.GetName()), i+1)
				}
				names[i] = quote(column.Name)
			}
			c.tables = append(c.tables, relation{name(named.GetName()), columns})
			with = append(with, quote(name(named.GetName()))+" ("+strings.Join(names, ", ")+") AS ("+text+")")
		}
	}
	text, columns, err := c.queryNoWith(query.QueryNoWith())
	if len(with) > 0 {
		text = "WITH " + strings.Join(with, ", ") + " " + text
	}
	return text, columns, err
}

func (c *compiler) queryNoWith(query trino.IQueryNoWithContext) (string, []Column, error) {
	term, ok := query.QueryTerm().(*trino.QueryTermDefaultContext)
	if !ok {
		return "", nil, unsupported(query.QueryTerm())
	}
	if table, ok := term.QueryPrimary().(*trino.InlineTableContext); ok {
		return c.values(table)
	}
	primary, ok := term.QueryPrimary().(*trino.QueryPrimaryDefaultContext)
	if !ok {
		return "", nil, unsupported(term.QueryPrimary())
	}
	text, columns, from, grouped, err := c.specification(primary.QuerySpecification())
	if err != nil {
		return "", nil, err
	}
	sorting := scope{aliases: columns, relations: from}
	if grouped {
		sorting.relations = nil
	}
	for i, item := range query.AllSortItem() {
		sorted, err := c.expression(item.Expression(), sorting)
		if err != nil {
			return "", nil, fmt.Errorf("ORDER BY: %w", err)
		}
		if item.NULLS_() != nil {
			return "", nil, unsupported(item)
		}
		// Trino puts NULL last whatever the direction, SQLite takes it for the smallest value.
		direction := " ASC NULLS LAST"
		if item.DESC_() != nil {
			direction = " DESC NULLS LAST"
		}
		text += []string{" ORDER BY ", ", "}[min(i, 1)] + sorted.sql + direction
	}
	if query.OFFSET_() != nil || query.FETCH_() != nil {
		return "", nil, unsupported(query)
	}
	if query.LIMIT_() != nil {
		text += " LIMIT " + query.LimitRowCount().GetText()
	}
	return text, columns, nil
}

func (c *compiler) values(table *trino.InlineTableContext) (string, []Column, error) {
	var rows []string
	var columns []Column
	for _, row := range table.AllExpression() {
		value, err := c.expression(row, scope{})
		if err != nil {
			return "", nil, err
		}
		columns = []Column{{Type: value.kind, hive: value.hive}}
		rows = append(rows, "("+value.sql+")")
	}
	return "VALUES " + strings.Join(rows, ", "), columns, nil
}

// specification is one SELECT. grouped says that names of relations mean nothing to its ORDER BY.
func (c *compiler) specification(query trino.IQuerySpecificationContext) (text string, columns []Column, from []relation, grouped bool, err error) {
	fail := func(err error) (string, []Column, []relation, bool, error) { return "", nil, nil, false, err }
	if query.HAVING_() != nil || query.WINDOW_() != nil || len(query.AllRelation()) > 1 {
		return fail(unsupported(query))
	}
	var source string
	if len(query.AllRelation()) == 1 {
		if source, from, err = c.relation(query.Relation(0)); err != nil {
			return fail(err)
		}
	}
	names := scope{relations: from}
	var items []string
	var aggregates []bool
	for _, item := range query.AllSelectItem() {
		single, ok := item.(*trino.SelectSingleContext)
		if !ok {
			return fail(unsupported(item))
		}
		value, err := c.expression(single.Expression(), names)
		if err != nil {
			return fail(err)
		}
		column := Column{Name: lastName(single.Expression()), Type: value.kind, hive: value.hive}
		if alias := single.As_column_alias(); alias != nil {
			column.Name = name(alias.Column_alias())
			value.sql += " AS " + quote(column.Name)
		}
		columns, items, aggregates = append(columns, column), append(items, value.sql), append(aggregates, value.aggregate)
	}
	text = "SELECT " + strings.Join(items, ", ")
	if source != "" {
		text += " FROM " + source
	}
	if where := query.GetWhere(); where != nil {
		condition, err := c.boolean(where, names)
		switch {
		case err != nil:
			return fail(fmt.Errorf("WHERE: %w", err))
		case condition.kind != "boolean" || condition.aggregate:
			return fail(fmt.Errorf("WHERE: %q is no condition on rows", where.GetText()))
		}
		text += " WHERE " + condition.sql
	}
	grouping, err := groupBy(query, aggregates)
	if err != nil {
		return fail(err)
	}
	return text + grouping, columns, from, slices.Contains(aggregates, true), nil
}

// groupBy knows numbers of columns only, and holds every column against them: SQLite would take any.
func groupBy(query trino.IQuerySpecificationContext, aggregates []bool) (string, error) {
	numbers := map[int]bool{}
	var list []string
	if query.GroupBy() != nil {
		for _, element := range query.GroupBy().AllGroupingElement() {
			number, err := strconv.Atoi(element.GetText())
			if err != nil || number < 1 || number > len(aggregates) {
				return "", fmt.Errorf("GROUP BY %s: no number of a column", element.GetText())
			}
			numbers[number] = true
			list = append(list, element.GetText())
		}
	} else if !slices.Contains(aggregates, true) {
		return "", nil
	}
	for i, aggregate := range aggregates {
		if aggregate == numbers[i+1] {
			return "", fmt.Errorf("column %d must be either an aggregate or in GROUP BY", i+1)
		}
	}
	if len(list) == 0 {
		return "", nil
	}
	return " GROUP BY " + strings.Join(list, ", "), nil
}

// lastName is the name that a column has without an alias: that of the column or field itself.
func lastName(expression antlr.ParserRuleContext) string {
	text := expression.GetText()
	if strings.ContainsAny(text, "()'+-<>=") {
		return ""
	}
	return strings.ToLower(text[strings.LastIndex(text, ".")+1:])
}

func (c *compiler) relation(from trino.IRelationContext) (string, []relation, error) {
	join, ok := from.(*trino.JoinRelationContext)
	if !ok {
		plain, ok := from.(*trino.RelationDefaultContext)
		if !ok {
			return "", nil, unsupported(from)
		}
		return c.sampled(plain.SampledRelation())
	}
	leftText, left, err := c.relation(join.GetLeft())
	if err != nil {
		return "", nil, err
	}
	if join.CROSS_() != nil {
		rightText, right, err := c.sampled(join.GetRight())
		return leftText + " CROSS JOIN " + rightText, append(left, right...), err
	}
	if join.NATURAL_() != nil || join.JoinCriteria() == nil || join.JoinCriteria().ON_() == nil {
		return "", nil, unsupported(join)
	}
	rightText, right, err := c.relation(join.GetRightRelation())
	if err != nil {
		return "", nil, err
	}
	both := append(left, right...)
	on, err := c.boolean(join.JoinCriteria().BooleanExpression(), scope{relations: both})
	if err != nil {
		return "", nil, err
	}
	return leftText + " " + join.JoinType().GetText() + " JOIN " + rightText + " ON " + on.sql, both, nil
}

func (c *compiler) sampled(from trino.ISampledRelationContext) (string, []relation, error) {
	aliased := from.PatternRecognition().AliasedRelation()
	table, ok := aliased.RelationPrimary().(*trino.TableNameContext)
	if !ok || from.TABLESAMPLE_() != nil || aliased.ColumnAliases() != nil {
		return "", nil, unsupported(from)
	}
	wanted := name(table.QualifiedName())
	i := slices.IndexFunc(c.tables, func(r relation) bool { return r.name == wanted })
	if i < 0 {
		return "", nil, fmt.Errorf("there is no table %q", wanted)
	}
	found, text := c.tables[i], quote(wanted)
	if aliased.Identifier() != nil {
		found.name = name(aliased.Identifier())
		text += " AS " + quote(found.name)
	}
	return text, []relation{found}, nil
}
