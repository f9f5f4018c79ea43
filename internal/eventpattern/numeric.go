package eventpattern

import (
	"encoding/json"
	"math/big"
	"regexp"
)

// numericLimit bounds the numbers of a pattern on both sides of zero.
var numericLimit = big.NewRat(5_000_000_000, 1)

// numbers with huge exponents are beyond the limit and are not worth expanding.
var plainNumber = regexp.MustCompile(`^-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?$`)

func parseNumber(n json.Number) (*big.Rat, bool) {
	if !plainNumber.MatchString(n.String()) {
		return nil, false
	}
	return new(big.Rat).SetString(n.String())
}

func newBound(v any, path string) (*big.Rat, error) {
	n, ok := v.(json.Number)
	if !ok {
		return nil, refusal("Value of a numeric match must be numeric, at %s", path)
	}
	bound, ok := parseNumber(n)
	if !ok || new(big.Rat).Abs(bound).Cmp(numericLimit) > 0 {
		return nil, refusal("Value must be between -5.0E9 and 5.0E9, inclusive, at %s", path)
	}
	return bound, nil
}

func isNumber(v any, test func(*big.Rat) bool) bool {
	n, ok := v.(json.Number)
	if !ok {
		return false
	}
	x, ok := parseNumber(n)
	return ok && test(x)
}

// comparison is an operator of a numeric match; lower and upper ones can stand together as a range, in this order.
type comparison struct {
	lower, upper bool
	holds        func(order int) bool
}

var comparisons = map[string]comparison{
	"=":  {holds: func(order int) bool { return order == 0 }},
	">":  {lower: true, holds: func(order int) bool { return order > 0 }},
	">=": {lower: true, holds: func(order int) bool { return order >= 0 }},
	"<":  {upper: true, holds: func(order int) bool { return order < 0 }},
	"<=": {upper: true, holds: func(order int) bool { return order <= 0 }},
}

// newNumeric reads ["=", n], ["<", n] and so on, or a range [">", low, "<=", high].
func newNumeric(operand any, path string) (matcher, error) {
	list, ok := operand.([]any)
	if !ok || len(list) == 0 {
		return matcher{}, refusal("Invalid member in numeric match: it must be an array of operators and numbers, at %s", path)
	}
	if len(list) != 2 && len(list) != 4 {
		return matcher{}, refusal("Too many or too few terms in numeric range expression, at %s", path)
	}
	var tests []func(*big.Rat) bool
	var bounds []*big.Rat
	for i := 0; i < len(list); i += 2 {
		symbol, _ := list[i].(string)
		c, known := comparisons[symbol]
		if !known {
			return matcher{}, refusal("Unrecognized numeric range operator: %v, at %s", list[i], path)
		}
		if len(list) == 4 && (i == 0 && !c.lower || i == 2 && !c.upper) {
			return matcher{}, refusal("a numeric range needs > or >= first and < or <= second, at %s", path)
		}
		bound, err := newBound(list[i+1], path)
		if err != nil {
			return matcher{}, err
		}
		bounds = append(bounds, bound)
		tests = append(tests, func(x *big.Rat) bool { return c.holds(x.Cmp(bound)) })
	}
	if len(bounds) == 2 && bounds[0].Cmp(bounds[1]) >= 0 {
		return matcher{}, refusal("Bottom must be less than top, at %s", path)
	}
	return matcher{match: func(v any) bool {
		return isNumber(v, func(x *big.Rat) bool {
			for _, test := range tests {
				if !test(x) {
					return false
				}
			}
			return true
		})
	}}, nil
}
