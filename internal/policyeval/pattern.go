package policyeval

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// template is a policy string that may hold wildcards and policy variables.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
type template struct {
	raw   string
	parts []part
}

// part is a run of policy text, or one variable.
type part struct {
	glyphs   []glyph
	variable string // condition key in lower case; "" for text
	fallback *string
}

// glyph is a character to be met exactly, or a wildcard.
type glyph struct {
	char rune
	wild wildcard
}

type wildcard int

const (
	literal wildcard = iota
	anyOne
	anyNumber
)

// variableCharacters are ${*}, ${?} and ${$}: characters that mean themselves.
var variableCharacters = map[string]rune{"*": '*', "?": '?', "$": '$'}

// newTemplate reads policy text. Without variables (language version 2008-10-17) ${…} is plain text.
func newTemplate(raw string, variables, wildcards bool) (template, error) {
	t := template{raw: raw}
	var run []glyph
	for rest := raw; rest != ""; {
		if !variables || !strings.HasPrefix(rest, "${") {
			char, size := utf8.DecodeRuneInString(rest)
			run = append(run, newGlyph(char, wildcards))
			rest = rest[size:]
			continue
		}
		body, after, closed := strings.Cut(rest[2:], "}")
		if !closed {
			return template{}, fmt.Errorf("%q has a policy variable without its closing brace", raw)
		}
		rest = after
		if char, ok := variableCharacters[body]; ok {
			run = append(run, glyph{char: char})
			continue
		}
		variable, err := newVariable(body)
		if err != nil {
			return template{}, fmt.Errorf("%q: %w", raw, err)
		}
		t.parts = append(t.parts, part{glyphs: run}, variable)
		run = nil
	}
	t.parts = append(t.parts, part{glyphs: run})
	return t, nil
}

// newVariable reads key or key, 'default'.
func newVariable(body string) (part, error) {
	key, fallback, hasFallback := strings.Cut(body, ",")
	key = strings.TrimSpace(key)
	if key == "" || strings.ContainsAny(key, "${'") {
		return part{}, fmt.Errorf("${%s} is not a policy variable", body)
	}
	p := part{variable: strings.ToLower(key)}
	if !hasFallback {
		return p, nil
	}
	fallback = strings.TrimSpace(fallback)
	if len(fallback) < 2 || fallback[0] != '\'' || fallback[len(fallback)-1] != '\'' {
		return part{}, fmt.Errorf("the default of ${%s} must stand in single quotes", body)
	}
	fallback = fallback[1 : len(fallback)-1]
	p.fallback = &fallback
	return p, nil
}

func newGlyph(char rune, wildcards bool) glyph {
	switch {
	case wildcards && char == '*':
		return glyph{char, anyNumber}
	case wildcards && char == '?':
		return glyph{char, anyOne}
	default:
		return glyph{char: char}
	}
}

// hasVariables tells whether the text depends on the request.
func (t template) hasVariables() bool { return len(t.parts) > 1 }

// hasWildcards tells whether the text can match more than one value, variables aside.
func (t template) hasWildcards() bool {
	for _, p := range t.parts {
		for _, g := range p.glyphs {
			if g.wild != literal {
				return true
			}
		}
	}
	return false
}

// expand puts the request's values in place of the variables; wildcard characters in those values mean themselves.
// It fails when a variable has no single value and no default.
func (t template) expand(context requestContext) ([]glyph, bool) {
	if len(t.parts) == 1 && t.parts[0].variable == "" { // nearly all: nothing is copied
		return t.parts[0].glyphs, true
	}
	var glyphs []glyph
	for _, p := range t.parts {
		if p.variable == "" {
			glyphs = append(glyphs, p.glyphs...)
			continue
		}
		text, ok := context.single(p.variable)
		if !ok && p.fallback != nil {
			text, ok = *p.fallback, true
		}
		if !ok {
			return nil, false
		}
		for _, char := range text {
			glyphs = append(glyphs, glyph{char: char})
		}
	}
	return glyphs, true
}

// text is what the glyphs spell.
func text(glyphs []glyph) string {
	var b strings.Builder
	for _, g := range glyphs {
		b.WriteRune(g.char)
	}
	return b.String()
}

// matches compares a whole string with the glyphs in time proportional to the product of their lengths at worst.
func matches(glyphs []glyph, s string) bool {
	position, next := 0, 0
	star, starNext := -1, 0
	for next < len(s) {
		char, size := utf8.DecodeRuneInString(s[next:])
		switch {
		case position < len(glyphs) && glyphs[position].wild == anyNumber:
			star, starNext = position, next
			position++
		case position < len(glyphs) && (glyphs[position].wild == anyOne || glyphs[position].char == char):
			position++
			next += size
		case star >= 0:
			_, size := utf8.DecodeRuneInString(s[starNext:])
			starNext += size
			position, next = star+1, starNext
		default:
			return false
		}
	}
	for position < len(glyphs) && glyphs[position].wild == anyNumber {
		position++
	}
	return position == len(glyphs)
}

// arnParts is the number of colon-delimited components of an ARN; the last may hold further colons.
const arnParts = 6

// matchesARN compares an ARN component by component, so that no wildcard reaches over a colon of the first five.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
func matchesARN(glyphs []glyph, arn string) bool {
	patterns, parts := splitGlyphs(glyphs)
	components := strings.SplitN(arn, ":", arnParts)
	if parts != arnParts || len(components) != arnParts {
		return false
	}
	for i := range patterns {
		if !matches(patterns[i], components[i]) {
			return false
		}
	}
	return true
}

func splitGlyphs(glyphs []glyph) (components [arnParts][]glyph, parts int) {
	for parts < arnParts-1 {
		colon := -1
		for i, g := range glyphs {
			if g.wild == literal && g.char == ':' {
				colon = i
				break
			}
		}
		if colon < 0 {
			break
		}
		components[parts] = glyphs[:colon]
		parts++
		glyphs = glyphs[colon+1:]
	}
	components[parts] = glyphs
	return components, parts + 1
}

// matchesResource compares the Resource of a statement. A wildcard does not span components, and components missing at
// the end stand for any value, as AWS completes them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func matchesResource(glyphs []glyph, resource string) bool {
	patterns, parts := splitGlyphs(glyphs)
	if parts < 2 {
		return matches(glyphs, resource)
	}
	components := strings.SplitN(resource, ":", arnParts)
	if len(components) != arnParts {
		return matches(glyphs, resource)
	}
	for i, pattern := range patterns[:parts] {
		if !matches(pattern, components[i]) {
			return false
		}
	}
	return true
}
