package eventpattern

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	invalidTransformer = "ValidationException"
	// invalidJSON is the reason EventBridge gives in the dead-letter queue for input that is not valid JSON.
	invalidJSON = "INVALID_JSON"

	// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
	maxPaths     = 100
	maxTemplate  = 8192
	maxKeyLength = 256
	maxPath      = 256
)

// The reserved variables of a template.
const (
	ruleARNVariable       = "aws.events.rule-arn"
	ruleNameVariable      = "aws.events.rule-name"
	ingestionTimeVariable = "aws.events.event.ingestion-time"
	eventVariable         = "aws.events.event"
	eventJSONVariable     = "aws.events.event.json"
)

var reservedVariables = []string{
	ruleARNVariable, ruleNameVariable, ingestionTimeVariable, eventVariable, eventJSONVariable,
}

// payloadVariables stand for whole events; they can be the value of a JSON field only.
var payloadVariables = []string{eventVariable, eventJSONVariable}

var keyPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// Transformer is the input transformer of a target.
type Transformer struct {
	// Paths maps variable names to JSON paths in the event; at most 100.
	Paths map[string]string
	// Template is the text with <name> for each variable; at most 8,192 characters.
	Template string
	// RuleARN and RuleName are the values of the reserved variables of these names.
	RuleARN, RuleName string
	// IngestionTime is when EventBridge received the event; zero means the event's own time.
	IngestionTime time.Time
}

// Transform writes what a target receives, with empty rule variables. See [Transformer.Transform].
func Transform(event string, paths map[string]string, template string) (string, error) {
	return Transformer{Paths: paths, Template: template}.Transform(event)
}

// ValidateTransformer refuses what PutTargets refuses, and templates that can never give valid input. A refusal is an
// [*Error] with code ValidationException.
//
// The documentation does not say what a placeholder without a path does; it is refused, because it is a misspelt name.
// Text in angle brackets that is not a name, such as a link of Slack, passes.
func ValidateTransformer(paths map[string]string, template string) error {
	if len(paths) > maxPaths {
		return invalid("InputPathsMap has %d entries; the limit is %d", len(paths), maxPaths)
	}
	for _, key := range slices.Sorted(maps.Keys(paths)) {
		if err := validatePathEntry(key, paths[key]); err != nil {
			return err
		}
	}
	switch size := utf8.RuneCountInString(template); {
	case size == 0:
		return invalid("InputTemplate is empty")
	case size > maxTemplate:
		return invalid("InputTemplate has %d characters; the limit is %d", size, maxTemplate)
	}
	segments := split(template)
	for _, s := range segments {
		if s.variable == "" {
			continue
		}
		if _, known := paths[s.variable]; !known && !slices.Contains(reservedVariables, s.variable) {
			return invalid("InputTemplate has the placeholder <%s>, which is not in InputPathsMap", s.variable)
		}
		if s.quoted && slices.Contains(payloadVariables, s.variable) {
			return invalid("<%s> can be used as the value of a JSON field only, not inside a string", s.variable)
		}
	}
	return validateShape(segments)
}

func invalid(format string, arguments ...any) *Error {
	return &Error{invalidTransformer, fmt.Sprintf(format, arguments...)}
}

func validatePathEntry(key, path string) error {
	switch {
	case !keyPattern.MatchString(key) || len(key) > maxKeyLength:
		return invalid("InputPathsMap key %q must be 1 to %d letters, digits, _ or -", key, maxKeyLength)
	case strings.HasPrefix(strings.ToUpper(key), "AWS"):
		return invalid("InputPathsMap key %q: names that start with AWS are reserved", key)
	case len(path) > maxPath:
		return invalid("InputPathsMap value of %q is longer than %d characters", key, maxPath)
	}
	if _, err := parsePath(path); err != nil {
		return invalid("InputPathsMap value of %q: %v", key, err)
	}
	return nil
}

// mark stands for a value while the shape of a template is checked; no template holds this private-use character.
const mark = "\uE000\uE001"

// validateShape: with values in place the template must be JSON, or strings each in its quotes, one or several lines.
func validateShape(segments []segment) error {
	var b strings.Builder
	for _, s := range segments {
		switch {
		case s.variable == "":
			b.WriteString(s.text)
		case s.quoted:
			b.WriteString(mark)
		default:
			b.WriteString(`"` + mark + `"`)
		}
	}
	decoder := json.NewDecoder(strings.NewReader(b.String()))
	for values := 0; ; values++ {
		var v any
		switch err := decoder.Decode(&v); {
		case errors.Is(err, io.EOF) && values > 0:
			return nil
		case err != nil:
			return invalid("InputTemplate is neither JSON nor strings in quotes: %v", err)
		case hasMarkedKey(v):
			return invalid("InputTemplate: a placeholder cannot be used as an object key")
		}
	}
}

func hasMarkedKey(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			if strings.Contains(key, mark) || hasMarkedKey(item) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, hasMarkedKey)
	}
	return false
}

// segment is literal text of a template or one placeholder.
type segment struct {
	text     string
	variable string
	quoted   bool // inside a JSON string
}

var placeholder = regexp.MustCompile(`^<([A-Za-z0-9_.-]+)>`)

func split(template string) []segment {
	var segments []segment
	quoted, start := false, 0
	for i := 0; i < len(template); i++ {
		switch template[i] {
		case '\\':
			if quoted {
				i++
			}
		case '"':
			quoted = !quoted
		case '<':
			if found := placeholder.FindStringSubmatch(template[i:]); found != nil {
				segments = append(segments, segment{text: template[start:i]}, segment{variable: found[1], quoted: quoted})
				i += len(found[0]) - 1
				start = i + 1
			}
		}
	}
	return append(segments, segment{text: template[start:]})
}

// Transform writes what the target receives for an event, given as its JSON envelope.
//
// Inside quotes a string stands as it is, because EventBridge does not escape values, and objects and arrays lose their
// quotes. Outside quotes a value stands as JSON. A path that finds nothing gives an empty string. JSON is minified; when
// a value has made it invalid, the error is an [*Error] with the code INVALID_JSON and the target receives nothing.
// Strings keep their quotes and line breaks.
func (t Transformer) Transform(event string) (string, error) {
	if err := ValidateTransformer(t.Paths, t.Template); err != nil {
		return "", err
	}
	envelope, err := decodeEvent(event)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, s := range split(t.Template) {
		if s.variable == "" {
			b.WriteString(s.text)
			continue
		}
		v, found, err := t.value(s.variable, envelope)
		if err != nil {
			return "", err
		}
		b.WriteString(render(v, found, s.quoted))
	}
	if template := strings.TrimSpace(t.Template); template[0] != '{' && template[0] != '[' {
		return b.String(), nil
	}
	var minified bytes.Buffer
	if err := json.Compact(&minified, []byte(b.String())); err != nil {
		return "", &Error{invalidJSON, fmt.Sprintf("the transformed input is not valid JSON: %v", err)}
	}
	return minified.String(), nil
}

func (t Transformer) value(variable string, event map[string]any) (any, bool, error) {
	switch variable {
	case ruleARNVariable:
		return t.RuleARN, true, nil
	case ruleNameVariable:
		return t.RuleName, true, nil
	case ingestionTimeVariable:
		if t.IngestionTime.IsZero() {
			return event["time"], true, nil
		}
		return t.IngestionTime.UTC().Format(time.RFC3339), true, nil
	case eventJSONVariable:
		return event, true, nil
	case eventVariable:
		withoutDetail := maps.Clone(event)
		delete(withoutDetail, "detail")
		return withoutDetail, true, nil
	}
	steps, err := parsePath(t.Paths[variable])
	if err != nil {
		return nil, false, err
	}
	v, found := find(event, steps)
	return v, found, nil
}

func render(v any, found, quoted bool) string {
	if !found {
		v = ""
	}
	if s, ok := v.(string); ok && quoted {
		return s
	}
	text := encode(v)
	if quoted {
		return strings.ReplaceAll(text, `"`, "")
	}
	return text
}

// encode writes JSON without the escapes for HTML.
func encode(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	// Values come from a JSON decoder, so they can be encoded.
	_ = encoder.Encode(v)
	return strings.TrimSuffix(b.String(), "\n")
}
