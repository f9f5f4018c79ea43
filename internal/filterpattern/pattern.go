package filterpattern

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// MaxLength is how many characters a filter pattern may have.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
const MaxLength = 1024

// ErrUnsupported is what Parse answers for a pattern that CloudWatch Logs knows and this package does not: one for
// plain text, one for space-delimited events, or one that is a regular expression.
var ErrUnsupported = errors.New("only JSON patterns, in curly brackets, are supported by this evaluator")

// Error is a refusal in the terms of CloudWatch Logs.
type Error struct {
	Code    string // InvalidParameterException
	Message string // what is wrong and where
}

// Error is the code followed by the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func refusal(format string, arguments ...any) *Error {
	return &Error{"InvalidParameterException", "Invalid metric filter pattern: " + fmt.Sprintf(format, arguments...)}
}

// Pattern is a parsed JSON filter pattern. It is immutable and safe for concurrent use.
type Pattern struct{ condition condition }

// Parse reads a JSON filter pattern. A refusal is an [*Error]; a pattern of another kind is [ErrUnsupported].
func Parse(pattern string) (*Pattern, error) {
	if size := utf8.RuneCountInString(pattern); size > MaxLength {
		return nil, refusal("it has %d characters; at most %d are allowed", size, MaxLength)
	}
	text := strings.TrimSpace(pattern)
	if !strings.HasPrefix(text, "{") {
		return nil, ErrUnsupported
	}
	body, closed := strings.CutSuffix(text, "}")
	if !closed || len(text) < 2 {
		return nil, refusal("if a filter pattern starts with '{' it must end with '}'")
	}
	p := parser{lexer: lexer{text: body, at: 1}}
	c, err := p.parse()
	if err != nil {
		return nil, err
	}
	return &Pattern{c}, nil
}

// Matches decides a log event, given as a JSON object. To CloudWatch Logs any other event is one that does not match;
// here it is an error, because a caller never means it.
func (p *Pattern) Matches(event string) (bool, error) {
	decoder := json.NewDecoder(strings.NewReader(event))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return false, fmt.Errorf("log event: not a JSON object: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return false, errors.New("log event: text follows the JSON object")
	}
	return p.condition.holds(object), nil
}
