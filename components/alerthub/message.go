package alerthub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Message is what people read. Title, What, Link and NextStep may hold {name} for the Name of a detail, and {console}
// for the domain of the partition's console.
//
// EventBridge puts values into a text without escaping them, so a value with a quotation mark breaks the message:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-issues.
// Paths to text that the caller of an API writes are therefore refused.
type Message struct {
	// Title says in a few words what happened. Required.
	Title string
	// What says it in a sentence. Required.
	What string
	// Details are shown line by line, in this order. At most 100.
	Details []Detail
	// Link opens the right page of the console. Default none.
	Link string
	// NextStep tells the reader what to do. Required.
	NextStep string
}

// Detail is a value of the event.
type Detail struct {
	// Name is how texts refer to the value: letters, digits, hyphens and underscores.
	Name string
	// Label precedes the value in the message, such as "Who"; a detail without one is only for texts.
	Label string
	// Path is the value's place in the event, in dot notation, such as $.detail.userIdentity.arn. A value that the
	// event lacks is shown as nothing.
	Path string
}

// CloudTrailDetails are the details of an event that CloudTrail recorded, the same in every message: who did what,
// from where, in which account and Region, and when.
func CloudTrailDetails() []Detail {
	return []Detail{
		{"who", "Who", "$.detail.userIdentity.arn"},
		{"from", "From", "$.detail.sourceIPAddress"},
		{"event", "Did", "$.detail.eventName"},
		{"service", "In service", "$.detail.eventSource"},
		{"account", "Account", "$.account"},
		{"region", "Region", "$.detail.awsRegion"},
		{"time", "Time", "$.detail.eventTime"},
		{"eventId", "", "$.detail.eventID"},
	}
}

// CloudTrailLink opens the event of [CloudTrailDetails] in the console.
const CloudTrailLink = "https://{console}/cloudtrailv2/home?region={region}#/events/{eventId}"

// Limits of an input transformer: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
const (
	maxTransformerPaths = 100
	maxTemplateLength   = 8192
	maxPathLength       = 256
)

var (
	detailName  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	jsonPath    = regexp.MustCompile(`^\$(\.[A-Za-z0-9_-]+(\[[0-9]+\])?)+$`)
	placeholder = regexp.MustCompile(`\{([^{}]*)\}`)
)

// freeTexts are paths whose value the caller of an API writes, or whole objects. A quotation mark in it would break
// the message, which is how an intruder could keep an alert from being read.
var freeTexts = []string{
	"$.detail", "$.resources", "$.detail.userAgent", "$.detail.errorMessage", "$.detail.requestParameters",
	"$.detail.responseElements", "$.detail.userIdentity", "$.detail.additionalEventData",
}

const consolePlaceholder = "console"

// consoleDomains are the domains of the consoles, by partition.
var consoleDomains = map[string]string{
	"aws":        "console.aws.amazon.com",
	"aws-cn":     "console.amazonaws.cn",
	"aws-us-gov": "console.amazonaws-us-gov.com",
}

func (m Message) problems() []error {
	var problems []error
	names := map[string]bool{consolePlaceholder: true}
	for i, d := range m.Details {
		field := fmt.Sprintf("Message.Details[%d]", i)
		switch {
		case !detailName.MatchString(d.Name):
			problems = append(problems, fmt.Errorf("%s.Name: %q may hold letters, digits, hyphens and underscores only", field, d.Name))
		case names[d.Name]:
			problems = append(problems, fmt.Errorf("%s.Name: %q is taken already", field, d.Name))
		case strings.HasPrefix(strings.ToLower(d.Name), "aws"):
			problems = append(problems, fmt.Errorf("%s.Name: %q begins with aws, which EventBridge reserves", field, d.Name))
		}
		names[d.Name] = true
		switch {
		case !jsonPath.MatchString(d.Path) || len(d.Path) > maxPathLength:
			problems = append(problems, fmt.Errorf("%s.Path: %q is not a path in dot notation, such as $.detail.eventName", field, d.Path))
		case slices.Contains(freeTexts, d.Path):
			problems = append(problems, fmt.Errorf(
				"%s.Path: %s holds text of the API's caller, and a quotation mark in it would break the message; leave it to the link", field, d.Path))
		}
		problems = append(problems, checkText(field+".Label", d.Label, false, nil)...)
	}
	if len(m.Details) > maxTransformerPaths {
		problems = append(problems, fmt.Errorf("Message.Details: %d details, at most %d are possible", len(m.Details), maxTransformerPaths))
	}
	problems = append(problems, checkText("Message.Title", m.Title, true, names)...)
	problems = append(problems, checkText("Message.What", m.What, true, names)...)
	problems = append(problems, checkText("Message.Link", m.Link, false, names)...)
	return append(problems, checkText("Message.NextStep", m.NextStep, true, names)...)
}

func checkText(field, text string, required bool, names map[string]bool) []error {
	var problems []error
	if required && strings.TrimSpace(text) == "" {
		problems = append(problems, fmt.Errorf("%s: the text is missing", field))
	}
	if strings.ContainsAny(text, "<>\"\\\n\r\t") {
		problems = append(problems, fmt.Errorf(
			"%s: %q may hold no angle brackets, quotation marks, backslashes, tabs or line breaks, which EventBridge cannot escape", field, text))
	}
	for _, match := range placeholder.FindAllStringSubmatch(text, -1) {
		if !names[match[1]] {
			problems = append(problems, fmt.Errorf("%s: no detail is named {%s}", field, match[1]))
		}
	}
	if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}") {
		problems = append(problems, fmt.Errorf("%s: %q holds a brace without its counterpart", field, text))
	}
	return problems
}

// transformer is an EventBridge input transformer.
type transformer struct {
	Paths    map[string]string
	Template string
}

// renderer turns a message into transformers for one severity in one partition.
type renderer struct {
	severity  Severity
	route     string
	partition string
}

// mail is plain words, one quoted text per line: SNS mails what it is given, and EventBridge takes more than one line
// only in this form, which the quotation marks in the mail come from.
func (r renderer) mail(m Message) (transformer, error) {
	lines := []string{fmt.Sprintf("[%s] %s", strings.ToUpper(string(r.severity)), m.Title), m.What}
	for _, d := range m.Details {
		if d.Label != "" {
			lines = append(lines, d.Label+": {"+d.Name+"}")
		}
	}
	if m.Link != "" {
		lines = append(lines, "See: "+m.Link)
	}
	lines = append(lines, "Next: "+m.NextStep)
	quoted := make([]string, len(lines))
	for i, line := range lines {
		text, err := encode(r.bind(line))
		if err != nil {
			return transformer{}, err
		}
		quoted[i] = text
	}
	return r.transformer(m, strings.Join(quoted, "\n"))
}

// marks are shown before the title in a channel.
var marks = map[Severity]string{
	Critical:      ":rotating_light:",
	Warning:       ":warning:",
	Informational: ":information_source:",
}

type chatNotification struct {
	Version string      `json:"version"`
	Source  string      `json:"source"`
	Content chatContent `json:"content"`
}

type chatContent struct {
	TextType    string   `json:"textType"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	NextSteps   []string `json:"nextSteps"`
	Keywords    []string `json:"keywords"`
}

// slack is the custom notification of Amazon Q Developer in chat applications, which drops every other JSON of ours:
// https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
func (r renderer) slack(m Message) (transformer, error) {
	lines := []string{m.What}
	for _, d := range m.Details {
		if d.Label != "" {
			lines = append(lines, "*"+d.Label+":* {"+d.Name+"}")
		}
	}
	if m.Link != "" {
		lines = append(lines, m.Link)
	}
	text, err := encode(chatNotification{
		Version: "1.0", Source: "custom",
		Content: chatContent{
			TextType:    "client-markdown",
			Title:       r.bind(marks[r.severity] + " " + m.Title),
			Description: r.bind(strings.Join(lines, "\n")),
			NextSteps:   []string{r.bind(m.NextStep)},
			Keywords:    []string{string(r.severity), r.route},
		},
	})
	if err != nil {
		return transformer{}, err
	}
	return r.transformer(m, text)
}

// bind writes {name} the way EventBridge reads it.
func (r renderer) bind(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		name := match[1 : len(match)-1]
		if name == consolePlaceholder {
			return consoleDomains[r.partition]
		}
		return "<" + name + ">"
	})
}

func (r renderer) transformer(m Message, template string) (transformer, error) {
	if len(template) > maxTemplateLength {
		return transformer{}, fmt.Errorf("Message: the text is %d characters long, at most %d are possible; shorten it", len(template), maxTemplateLength)
	}
	paths := map[string]string{}
	for _, d := range m.Details {
		if strings.Contains(template, "<"+d.Name+">") {
			paths[d.Name] = d.Path
		}
	}
	if len(paths) == 0 {
		return transformer{}, errors.New("Message.Details: a message without any value of the event cannot be acted on; show at least one detail")
	}
	return transformer{paths, template}, nil
}

// encode is JSON with the angle brackets of placeholders left as they are.
func encode(value any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}
