package filterpattern

import (
	"strconv"
	"strings"
)

// maxWildcards is how many wildcard selectors a pattern may have, maxRegexes how many regular expressions.
const (
	maxWildcards = 3
	maxRegexes   = 2
)

// parser reads conditions by recursive descent: brackets bind closest, then &&, then ||.
type parser struct {
	lexer
	token              token // the one to be read next
	wildcards, regexes int   // so far
}

func (p *parser) parse() (condition, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	c, err := p.any()
	switch {
	case err != nil:
		return nil, err
	case p.token.is(")"):
		return nil, refusal("the closing bracket at character %d has no opening one", p.column(p.token.at))
	case p.token.kind != end:
		return nil, refusal("unexpected %s at character %d; && or || is needed", p.token.name(), p.column(p.token.at))
	case p.wildcards > maxWildcards:
		return nil, refusal("it has %d wildcard selectors; at most %d are allowed", p.wildcards, maxWildcards)
	case p.regexes > maxRegexes:
		return nil, refusal("it has %d regular expressions; at most %d are allowed", p.regexes, maxRegexes)
	}
	return c, nil
}

func (p *parser) advance() (err error) {
	p.token, err = p.next()
	return err
}

func (p *parser) any() (condition, error) {
	conditions, err := p.joined("||", p.all)
	return anyOf(conditions), err
}

func (p *parser) all() (condition, error) {
	conditions, err := p.joined("&&", p.one)
	return allOf(conditions), err
}

func (p *parser) joined(by string, read func() (condition, error)) ([]condition, error) {
	var conditions []condition
	for {
		c, err := read()
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, c)
		if !p.token.is(by) {
			return conditions, nil
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
}

func (p *parser) one() (condition, error) {
	if !p.token.is("(") {
		return p.term()
	}
	opened := p.token.at
	if err := p.advance(); err != nil {
		return nil, err
	}
	c, err := p.any()
	if err != nil {
		return nil, err
	}
	if !p.token.is(")") {
		return nil, refusal("the bracket at character %d is not closed", p.column(opened))
	}
	return c, p.advance()
}

// term is SELECTOR OPERATOR VALUE, SELECTOR IS NULL|TRUE|FALSE or SELECTOR NOT EXISTS.
func (p *parser) term() (condition, error) {
	if p.token.kind != selected {
		return nil, refusal("a property selector beginning with '$.' is needed at character %d, not %s", p.column(p.token.at), p.token.name())
	}
	s, err := newSelector(p.token.text)
	if err != nil {
		return nil, err
	}
	p.wildcards += s.wildcards()
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch t := p.token; {
	case t.kind == word && t.text == "IS":
		return p.is(s)
	case t.kind == word && t.text == "NOT":
		return p.notExists(s)
	case t.kind == operator && comparators[t.text] != nil:
		return p.comparison(s)
	}
	return nil, refusal("unexpected %s at character %d; after a selector come =, !=, <, <=, >, >=, IS or NOT EXISTS", p.token.name(), p.column(p.token.at))
}

// constants are what IS compares with. IS NOT does not exist.
var constants = map[string]any{"NULL": nil, "TRUE": true, "FALSE": false}

func (p *parser) is(s selector) (condition, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	want, known := constants[p.token.text]
	if p.token.kind != word || !known {
		return nil, refusal("after IS comes NULL, TRUE or FALSE, not %s", p.token.name())
	}
	return constant{s, want}, p.advance()
}

func (p *parser) notExists(s selector) (condition, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.token.kind != word || p.token.text != "EXISTS" {
		return nil, refusal("after NOT comes EXISTS, not %s", p.token.name())
	}
	return absent{s}, p.advance()
}

func (p *parser) comparison(s selector) (condition, error) {
	symbol := p.token.text
	if err := p.advance(); err != nil {
		return nil, err
	}
	operand, err := p.operand()
	if err != nil {
		return nil, err
	}
	if symbol != "=" && symbol != "!=" && operand.number == nil {
		return nil, refusal("%s compares with a number, not with %s", symbol, p.token.name())
	}
	return comparison{s, comparators[symbol], operand}, p.advance()
}

func (p *parser) operand() (operand, error) {
	switch t := p.token; t.kind {
	case quoted:
		return operand{matches: newWildcard(t.text)}, nil
	case word:
		o := operand{matches: newWildcard(t.text)}
		// ParseFloat also reads hexadecimal numbers and words such as inf.
		if n, err := strconv.ParseFloat(t.text, 64); err == nil && strings.Trim(t.text, "0123456789+-.eE") == "" {
			o.number = &n
		}
		return o, nil
	case regex:
		p.regexes++
		expression, err := newRegex(t.text)
		if err != nil {
			return operand{}, err
		}
		return operand{matches: expression.MatchString}, nil
	}
	return operand{}, refusal("a value is needed at character %d, not %s", p.column(p.token.at), p.token.name())
}
