package filterpattern

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	end      kind = iota
	operator      // = != < <= > >= && || ( )
	selected      // a property selector
	quoted        // a string in quotation marks, which are taken off
	word          // a string without them, or a number, or a keyword
	regex         // a regular expression, without its percentage signs
)

// token is one part of a pattern; at is where it begins, in bytes.
type token struct {
	kind kind
	text string
	at   int
}

func (t token) is(text string) bool { return t.kind == operator && t.text == text }

// name says in an error what was found.
func (t token) name() string {
	if t.kind == end {
		return "the end"
	}
	return "'" + t.text + "'"
}

// operators, the longer before those they begin with.
var operators = []string{"&&", "||", "!=", "<=", ">=", "=", "<", ">", "(", ")"}

// lexer cuts the text between the curly brackets into tokens.
type lexer struct {
	text string
	at   int
}

func (l *lexer) next() (token, error) {
	rest := strings.TrimLeftFunc(l.text[l.at:], unicode.IsSpace)
	l.at = len(l.text) - len(rest)
	start := l.at
	if rest == "" {
		return token{end, "", start}, nil
	}
	for _, symbol := range operators {
		if strings.HasPrefix(rest, symbol) {
			l.at += len(symbol)
			return token{operator, symbol, start}, nil
		}
	}
	switch rest[0] {
	case '$':
		return l.selector(start)
	case '"':
		return l.quoted(start)
	case '%':
		return l.regex(start)
	}
	return l.word(start)
}

// selector runs to a blank or an operator, but never ends within brackets: $.['key (of) two=words'].
func (l *lexer) selector(start int) (token, error) {
	inQuotes := false
	for i, r := range l.text[start:] {
		switch {
		case r == '\'':
			inQuotes = !inQuotes
		case inQuotes:
		case unicode.IsSpace(r) || strings.ContainsRune("=!<>()&|", r):
			l.at = start + i
			return token{selected, l.text[start:l.at], start}, nil
		}
	}
	l.at = len(l.text)
	if inQuotes {
		return token{}, refusal("the quotation mark in the selector at character %d is not closed", l.column(start))
	}
	return token{selected, l.text[start:], start}, nil
}

// quoted reads a string; a backslash takes the next character as it is.
func (l *lexer) quoted(start int) (token, error) {
	var text strings.Builder
	escaped := false
	for i, r := range l.text[start+1:] {
		switch {
		case escaped:
			text.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			l.at = start + 1 + i + 1
			return token{quoted, text.String(), start}, nil
		default:
			text.WriteRune(r)
		}
	}
	return token{}, refusal("the quotation mark at character %d is not closed", l.column(start))
}

func (l *lexer) regex(start int) (token, error) {
	length := strings.IndexByte(l.text[start+1:], '%')
	if length < 0 {
		return token{}, refusal("the regular expression at character %d does not end with %%", l.column(start))
	}
	l.at = start + length + 2
	return token{regex, l.text[start+1 : l.at-1], start}, nil
}

// word reads an unquoted string. AWS wants quotation marks around everything but letters, digits and underscores, and yet
// its own patterns have 123.123.* and kms.amazonaws.com: only characters that AWS names as needing them are refused.
func (l *lexer) word(start int) (token, error) {
	length := strings.IndexFunc(l.text[start:], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`=!<>()&|"%$@\{}[]`, r) || r >= utf8.RuneSelf
	})
	if length == 0 {
		r, _ := utf8.DecodeRuneInString(l.text[start:])
		return token{}, refusal("unexpected '%c' at character %d; put strings with other than letters, digits and underscores in double quotation marks", r, l.column(start))
	}
	l.at = len(l.text)
	if length > 0 {
		l.at = start + length
	}
	return token{word, l.text[start:l.at], start}, nil
}

// column is the place of a byte as people count: in characters, from 1.
func (l *lexer) column(at int) int { return utf8.RuneCountInString(l.text[:at]) + 1 }
