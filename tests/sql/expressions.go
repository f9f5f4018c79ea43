package athenasql

import (
	"fmt"
	"slices"
	"strings"

	trino "github.com/bytebase/parser/trino"
)

// value is a compiled expression.
type value struct {
	sql       string
	kind      string    // varchar, bigint, boolean, date, interval, null, or that of a Hive type with parts
	hive      *hiveType // of array, map and struct
	aggregate bool
}

func ofHive(sql string, hive *hiveType) value {
	if hive == nil {
		return value{sql: sql}
	}
	if hive.kind == "string" {
		return value{sql: sql, kind: "varchar"}
	}
	return value{sql: sql, kind: hive.kind, hive: hive}
}

func (c *compiler) expression(expression trino.IExpressionContext, names scope) (value, error) {
	return c.boolean(expression.BooleanExpression(), names)
}

func (c *compiler) boolean(expression trino.IBooleanExpressionContext, names scope) (value, error) {
	var parts []trino.IBooleanExpressionContext
	var operator string
	switch e := expression.(type) {
	case *trino.PredicatedContext:
		left, err := c.value(e.ValueExpression(), names)
		if err != nil || e.Predicate_() == nil {
			return left, err
		}
		return c.predicate(left, e.Predicate_(), names)
	case *trino.LogicalNotContext:
		parts, operator = []trino.IBooleanExpressionContext{e.BooleanExpression()}, "NOT"
	case *trino.AndContext:
		parts, operator = e.AllBooleanExpression(), "AND"
	case *trino.OrContext:
		parts, operator = e.AllBooleanExpression(), "OR"
	default:
		return value{}, unsupported(expression)
	}
	var compiled []string
	for _, part := range parts {
		operand, err := c.boolean(part, names)
		if err != nil {
			return value{}, err
		}
		if operand.kind != "boolean" {
			return value{}, fmt.Errorf("%q is a %s, not a condition", part.GetText(), operand.kind)
		}
		compiled = append(compiled, operand.sql)
	}
	if operator == "NOT" {
		return value{sql: "(NOT " + compiled[0] + ")", kind: "boolean"}, nil
	}
	return value{sql: "(" + strings.Join(compiled, " "+operator+" ") + ")", kind: "boolean"}, nil
}

// same refuses to compare values of different types, as Trino does.
func same(what string, left, right value) error {
	if left.kind != right.kind || left.hive != nil {
		return fmt.Errorf("%q compares a %s with a %s", what, left.kind, right.kind)
	}
	return nil
}

func (c *compiler) predicate(left value, predicate trino.IPredicate_Context, names scope) (value, error) {
	condition := func(format string, args ...any) (value, error) {
		return value{sql: "(" + left.sql + fmt.Sprintf(format, args...) + ")", kind: "boolean", aggregate: left.aggregate}, nil
	}
	not := func(given bool) string {
		if given {
			return " NOT"
		}
		return ""
	}
	switch p := predicate.(type) {
	case *trino.ComparisonContext:
		right, err := c.value(p.GetRight(), names)
		if err == nil {
			err = same(p.GetText(), left, right)
		}
		if err != nil {
			return value{}, err
		}
		return condition(" %s %s", p.ComparisonOperator().GetText(), right.sql)
	case *trino.LikeContext:
		pattern, err := c.value(p.GetPattern(), names)
		if err == nil && p.GetEscape() != nil {
			err = unsupported(p)
		}
		if err == nil {
			err = same(p.GetText(), left, pattern)
		}
		if err != nil {
			return value{}, err
		}
		return condition("%s LIKE %s", not(p.NOT_() != nil), pattern.sql)
	case *trino.NullPredicateContext:
		return condition(" IS%s NULL", not(p.NOT_() != nil))
	case *trino.InListContext:
		var list []string
		for _, item := range p.AllExpression() {
			compiled, err := c.expression(item, names)
			if err == nil {
				err = same(item.GetText(), left, compiled)
			}
			if err != nil {
				return value{}, err
			}
			list = append(list, compiled.sql)
		}
		return condition("%s IN (%s)", not(p.NOT_() != nil), strings.Join(list, ", "))
	case *trino.InSubqueryContext:
		text, columns, err := c.query(p.Query())
		if err != nil {
			return value{}, err
		}
		if len(columns) != 1 || columns[0].Type != left.kind {
			return value{}, fmt.Errorf("%q does not have one column of type %s", p.Query().GetText(), left.kind)
		}
		return condition("%s IN (%s)", not(p.NOT_() != nil), text)
	}
	return value{}, unsupported(predicate)
}

func (c *compiler) value(expression trino.IValueExpressionContext, names scope) (value, error) {
	switch e := expression.(type) {
	case *trino.ValueExpressionDefaultContext:
		return c.primary(e.PrimaryExpression(), names)
	case *trino.ArithmeticBinaryContext:
		left, err := c.value(e.GetLeft(), names)
		if err != nil {
			return value{}, err
		}
		right, err := c.value(e.GetRight(), names)
		if err != nil {
			return value{}, err
		}
		operator := e.GetOperator().GetText()
		if left.kind != "date" || right.kind != "interval" || operator != "-" && operator != "+" {
			return value{}, unsupported(e)
		}
		return value{sql: fmt.Sprintf("date(%s, '%s%s')", left.sql, operator, right.sql), kind: "date"}, nil
	}
	return value{}, unsupported(expression)
}

func (c *compiler) primary(expression trino.IPrimaryExpressionContext, names scope) (value, error) {
	switch e := expression.(type) {
	case *trino.StringLiteralContext:
		return value{sql: e.GetText(), kind: "varchar"}, nil
	case *trino.NumericLiteralContext:
		return value{sql: e.GetText(), kind: "bigint"}, nil
	case *trino.ParenthesizedExpressionContext:
		return c.expression(e.Expression(), names)
	case *trino.SpecialDateTimeFunctionContext:
		if e.CURRENT_DATE_() == nil {
			return value{}, unsupported(e)
		}
		return value{sql: "'" + c.today + "'", kind: "date"}, nil
	case *trino.IntervalLiteralContext:
		unit := strings.ToLower(e.Interval().GetFrom().GetText())
		if unit != "day" || e.Interval().GetSign() != nil {
			return value{}, unsupported(e)
		}
		return value{sql: strings.Trim(e.Interval().String_().GetText(), "'") + " days", kind: "interval"}, nil
	case *trino.ColumnReferenceContext:
		return names.column("", name(e.Identifier()))
	case *trino.DereferenceContext:
		return c.dereference(e, names)
	case *trino.FunctionCallContext:
		return c.call(e, names)
	}
	return value{}, unsupported(expression)
}

// dereference is relation.column or struct.field.
func (c *compiler) dereference(e *trino.DereferenceContext, names scope) (value, error) {
	wanted := name(e.GetFieldName())
	if base, ok := e.GetBase_().(*trino.ColumnReferenceContext); ok {
		if slices.ContainsFunc(names.relations, func(r relation) bool { return r.name == name(base.Identifier()) }) {
			return names.column(name(base.Identifier()), wanted)
		}
	}
	base, err := c.primary(e.GetBase_(), names)
	if err != nil {
		return value{}, err
	}
	if base.kind != "struct" {
		return value{}, fmt.Errorf("%q: a %s has no fields", e.GetText(), base.kind)
	}
	for _, f := range base.hive.fields {
		if f.name != wanted {
			continue
		}
		if f.kind.kind == "string" {
			return value{sql: fmt.Sprintf("json_extract(%s, '$.%s')", base.sql, wanted), kind: "varchar"}, nil
		}
		return ofHive(fmt.Sprintf("json_extract(%s, '$.%s')", base.sql, wanted), f.kind), nil
	}
	return value{}, fmt.Errorf("%q: there is no field %s", e.GetText(), wanted)
}

// column finds what a name means; it must mean one thing only.
func (s scope) column(of, wanted string) (value, error) {
	if variable, ok := s.variables[wanted]; ok && of == "" {
		return ofHive(quote(wanted)+".value", variable), nil
	}
	if of == "" {
		for _, alias := range s.aliases {
			if alias.Name == wanted {
				return value{sql: quote(wanted), kind: alias.Type, hive: alias.hive}, nil
			}
		}
	}
	var found []value
	for _, r := range s.relations {
		for _, column := range r.columns {
			if column.Name != wanted || of != "" && of != r.name {
				continue
			}
			compiled := quote(r.name) + "." + quote(wanted)
			if column.hive != nil {
				found = append(found, ofHive(compiled, column.hive))
			} else {
				found = append(found, value{sql: compiled, kind: column.Type})
			}
		}
	}
	if len(found) != 1 {
		return value{}, fmt.Errorf("%d columns are named %q", len(found), strings.TrimPrefix(of+"."+wanted, "."))
	}
	return found[0], nil
}
