package athenasql

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	trino "github.com/bytebase/parser/trino"
)

// function is a function of Trino: what it takes, what it returns, and how SQLite says it.
type function struct {
	takes     []string // kinds of its arguments; "*" is any, "…" any number more of the first one's kind
	returns   string   // "": the kind of its first argument
	sql       string   // with %s for each argument; "": the same name
	aggregate bool
}

// functions are those that the queries use: https://trino.io/docs/current/functions.html. any_match is compiled by itself.
var functions = map[string]function{
	"coalesce":            {takes: []string{"*", "…"}},
	"strpos":              {takes: []string{"varchar", "varchar"}, returns: "bigint", sql: "instr(%s, %s)"},
	"json_extract_scalar": {takes: []string{"varchar", "varchar"}, returns: "varchar", sql: "CASE WHEN json_valid(%[1]s) AND json_type(%[1]s, %[2]s) NOT IN ('object', 'array') THEN CAST(json_extract(%[1]s, %[2]s) AS TEXT) END"},
	"split_part":          {takes: []string{"varchar", "varchar", "bigint"}, returns: "varchar", sql: "json_extract('[\"' || replace(%s, %s, '\",\"') || '\"]', '$[' || (%s - 1) || ']')"},
	"date_format":         {takes: []string{"date", "varchar"}, returns: "varchar", sql: "strftime(%[2]s, %[1]s)"},
	"count":               {takes: []string{"*"}, returns: "bigint", aggregate: true},
	"count_if":            {takes: []string{"boolean"}, returns: "bigint", sql: "count(CASE WHEN %s THEN 1 END)", aggregate: true},
	"min":                 {takes: []string{"varchar"}, aggregate: true},
	"max":                 {takes: []string{"varchar"}, aggregate: true},
}

// dateFormats are the letters that MySQL's date_format, which Trino follows, and strftime read alike.
var dateFormats = regexp.MustCompile(`^'(%[Ymd]|[/-])+'$`)

func (c *compiler) call(e *trino.FunctionCallContext, names scope) (value, error) {
	called := name(e.QualifiedName())
	if e.Over() != nil || e.Filter() != nil || e.ProcessingMode() != nil || e.ORDER_() != nil || e.NullTreatment() != nil {
		return value{}, unsupported(e)
	}
	if called == "any_match" {
		return c.anyMatch(e, names)
	}
	f, known := functions[called]
	if !known {
		return value{}, fmt.Errorf("the function %s is not compiled here", called)
	}
	if e.ASTERISK_() != nil {
		if called != "count" {
			return value{}, fmt.Errorf("%s(*) is no function", called)
		}
		return value{sql: "count(*)", kind: "bigint", aggregate: true}, nil
	}
	var texts []any
	var list []string
	result := value{kind: f.returns, aggregate: f.aggregate}
	for i, argument := range e.AllExpression() {
		compiled, err := c.expression(argument, names)
		if err != nil {
			return value{}, err
		}
		if i == 0 && result.kind == "" {
			result.kind = compiled.kind
		}
		if wanted := f.wants(i, result.kind); wanted != "*" && wanted != compiled.kind {
			return value{}, fmt.Errorf("%q: argument %d is a %s, not a %s", e.GetText(), i+1, compiled.kind, wanted)
		}
		if f.aggregate && compiled.aggregate {
			return value{}, fmt.Errorf("%q: an aggregate of an aggregate", e.GetText())
		}
		result.aggregate = result.aggregate || compiled.aggregate
		texts, list = append(texts, compiled.sql), append(list, compiled.sql)
	}
	if repeated := slices.Contains(f.takes, "…"); !repeated && len(list) != len(f.takes) || len(list) == 0 {
		return value{}, fmt.Errorf("%q: %d arguments", e.GetText(), len(list))
	}
	if called == "date_format" && !dateFormats.MatchString(list[1]) {
		return value{}, fmt.Errorf("%q: the format %s is not compiled here", e.GetText(), list[1])
	}
	if f.sql != "" {
		result.sql = fmt.Sprintf(f.sql, texts...)
		return result, nil
	}
	distinct := ""
	if e.SetQuantifier() != nil {
		distinct = e.SetQuantifier().GetText() + " "
	}
	result.sql = called + "(" + distinct + strings.Join(list, ", ") + ")"
	return result, nil
}

// wants is the kind of an argument, when the first one is of the given kind.
func (f function) wants(i int, first string) string {
	wanted := f.takes[min(i, len(f.takes)-1)]
	if wanted == "…" {
		return first
	}
	return wanted
}

// anyMatch is any_match(array, element -> condition). It is NULL for an array that is NULL.
func (c *compiler) anyMatch(e *trino.FunctionCallContext, names scope) (value, error) {
	arguments := e.AllExpression()
	if len(arguments) != 2 {
		return value{}, fmt.Errorf("%q: %d arguments", e.GetText(), len(arguments))
	}
	list, err := c.expression(arguments[0], names)
	if err != nil {
		return value{}, err
	}
	if list.kind != "array" {
		return value{}, fmt.Errorf("%q: the first argument is a %s, not an array", e.GetText(), list.kind)
	}
	lambda, err := lambdaOf(arguments[1])
	if err != nil {
		return value{}, err
	}
	variable := name(lambda.Identifier(0))
	inside := scope{relations: names.relations, variables: map[string]*hiveType{variable: list.hive.item}}
	condition, err := c.expression(lambda.Expression(), inside)
	if err != nil {
		return value{}, err
	}
	if condition.kind != "boolean" {
		return value{}, fmt.Errorf("%q: the lambda is a %s, not a condition", e.GetText(), condition.kind)
	}
	return value{kind: "boolean", sql: fmt.Sprintf("CASE WHEN %[1]s IS NOT NULL THEN EXISTS (SELECT 1 FROM json_each(%[1]s) AS %[2]s WHERE %[3]s) END",
		list.sql, quote(variable), condition.sql)}, nil
}

func lambdaOf(argument trino.IExpressionContext) (*trino.LambdaContext, error) {
	if predicated, ok := argument.BooleanExpression().(*trino.PredicatedContext); ok && predicated.Predicate_() == nil {
		if plain, ok := predicated.ValueExpression().(*trino.ValueExpressionDefaultContext); ok {
			if lambda, ok := plain.PrimaryExpression().(*trino.LambdaContext); ok && len(lambda.AllIdentifier()) == 1 {
				return lambda, nil
			}
		}
	}
	return nil, fmt.Errorf("%q is no lambda of one variable", argument.GetText())
}
