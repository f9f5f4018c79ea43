package filterpattern

import (
	"regexp"
	"strings"
)

// newWildcard reads a string: an asterisk at its beginning or end stands for any text; within the string it is itself. The
// guide says that Ev*ent matches the string Ev*ent alone
// (https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/blob/main/doc_source/FilterAndPatternSyntax.md).
func newWildcard(text string) func(string) bool {
	if text == "*" {
		return func(string) bool { return true }
	}
	rest, anyStart := strings.CutPrefix(text, "*")
	rest, anyEnd := strings.CutSuffix(rest, "*")
	switch {
	case anyStart && anyEnd:
		return func(v string) bool { return strings.Contains(v, rest) }
	case anyStart:
		return func(v string) bool { return strings.HasSuffix(v, rest) }
	case anyEnd:
		return func(v string) bool { return strings.HasPrefix(v, rest) }
	}
	return func(v string) bool { return v == text }
}

// regexCharacters is what a regular expression may be made of; what follows a backslash is free.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions
var regexCharacters = regexp.MustCompile(`^(?:[A-Za-z0-9 _#=@/;,:^$?\[\]{}|*+.-]|\\[\x20-\x7e])*$`)

// openRange is a repetition without its least number, which Go would take literally.
var openRange = regexp.MustCompile(`(^|[^\\])\{,`)

// newRegex reads a regular expression, which matches anywhere in a string.
func newRegex(text string) (*regexp.Regexp, error) {
	if text == "" || !regexCharacters.MatchString(text) {
		return nil, refusal("the regular expression %%%s%% holds a character that is not supported", text)
	}
	expression, err := regexp.Compile(openRange.ReplaceAllString(text, `${1}{0,`))
	if err != nil {
		return nil, refusal("the regular expression %%%s%% is not valid", text)
	}
	return expression, nil
}
