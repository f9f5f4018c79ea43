package alerthub

import (
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
// What the caller of an API writes is therefore kept apart; see [Detail].Untrusted.
type Message struct {
	// Title says in a few words what happened. Required.
	Title string
	// What says it in a sentence. Required.
	What string
	// Details are shown line by line, in this order. At most 99.
	Details []Detail
	// Link opens the right page of the console. Default none.
	Link string
	// NextStep tells the reader what to do. Required.
	NextStep string
	// Query is the name of the Athena named query that answers the next question. Default none.
	Query string
}

// Headline is a title as far as it holds for every event: what stands before the first value that only an event has.
func Headline(title string) string {
	headline, _, _ := strings.Cut(title, ": {")
	return headline
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
	// Untrusted marks a value that the caller of an API writes, such as the user agent or a request parameter. Only
	// Slack shows it, in a reply to the alert: whatever it holds, it can break the reply but never the alert. It needs
	// a Label, and no text can refer to it. Default false, which is refused for paths that are known to need it.
	Untrusted bool
}

// CloudTrailDetails are the details of an event that CloudTrail recorded, the same in every message: who did what,
// from where and with what, in which account and Region, and when. The ARN of a role's session ends with the name of
// the session.
func CloudTrailDetails() []Detail {
	return []Detail{
		{Name: "who", Label: "Who", Path: "$.detail.userIdentity.arn"},
		{Name: "identity", Label: "Kind of identity", Path: "$.detail.userIdentity.type"},
		{Name: "role", Label: "Role of the session", Path: "$.detail.userIdentity.sessionContext.sessionIssuer.arn"},
		{Name: "from", Label: "From", Path: "$.detail.sourceIPAddress"},
		{Name: "event", Label: "Did", Path: "$.detail.eventName"},
		{Name: "service", Label: "In service", Path: "$.detail.eventSource"},
		{Name: "account", Label: "Account", Path: "$.account"},
		{Name: "region", Label: "Region", Path: "$.detail.awsRegion"},
		{Name: "time", Label: "Time", Path: "$.detail.eventTime"},
		{Name: "eventId", Path: "$.detail.eventID"},
		{Name: "agent", Label: "User agent", Path: "$.detail.userAgent", Untrusted: true},
	}
}

// CloudTrailLink opens the event of [CloudTrailDetails] in the console.
const CloudTrailLink = "https://{console}/cloudtrailv2/home?region={region}#/events/{eventId}"

// Limits of an input transformer: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html.
// One of its 100 paths is the hub's own.
const (
	maxDetails        = 99
	maxTemplateLength = 8192
	maxPathLength     = 256
)

var (
	detailName  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	jsonPath    = regexp.MustCompile(`^\$(\.[A-Za-z0-9_-]+(\[[0-9]+\])?)+$`)
	placeholder = regexp.MustCompile(`\{([^{}]*)\}`)
)

// callersTexts are paths whose value, or whatever is below them, the caller of an API writes. A quotation mark in it
// would break the message, which is how an intruder could keep an alert from being read.
var callersTexts = []string{
	"$.detail.userAgent", "$.detail.errorMessage", "$.detail.requestParameters", "$.detail.responseElements",
	"$.detail.additionalEventData",
}

// wholes are paths to objects and lists, which are no line of a message.
var wholes = []string{"$.detail", "$.resources", "$.detail.userIdentity"}

func writtenByCaller(path string) bool {
	return slices.ContainsFunc(callersTexts, func(text string) bool {
		return path == text || strings.HasPrefix(path, text+".") || strings.HasPrefix(path, text+"[")
	})
}

// Names that details cannot have: the console's domain, and the event's id, which Slack's threads are made of.
const (
	consolePlaceholder = "console"
	threadPlaceholder  = "thread"
	threadPath         = "$.id"
)

func (m Message) problems() []error {
	var problems []error
	taken := map[string]bool{consolePlaceholder: true, threadPlaceholder: true}
	inTexts := map[string]bool{consolePlaceholder: true}
	for i, d := range m.Details {
		field := fmt.Sprintf("Message.Details[%d]", i)
		switch {
		case !detailName.MatchString(d.Name):
			problems = append(problems, fmt.Errorf("%s.Name: %q may hold letters, digits, hyphens and underscores only", field, d.Name))
		case taken[d.Name]:
			problems = append(problems, fmt.Errorf("%s.Name: %q is taken already", field, d.Name))
		case strings.HasPrefix(strings.ToLower(d.Name), "aws"):
			problems = append(problems, fmt.Errorf("%s.Name: %q begins with aws, which EventBridge reserves", field, d.Name))
		}
		taken[d.Name], inTexts[d.Name] = true, !d.Untrusted
		problems = append(problems, d.problems(field)...)
	}
	if len(m.Details) > maxDetails {
		problems = append(problems, fmt.Errorf("Message.Details: %d details, at most %d are possible", len(m.Details), maxDetails))
	}
	problems = append(problems, checkText("Message.Title", m.Title, true, inTexts)...)
	problems = append(problems, checkText("Message.What", m.What, true, inTexts)...)
	problems = append(problems, checkText("Message.Link", m.Link, false, inTexts)...)
	problems = append(problems, checkText("Message.NextStep", m.NextStep, true, inTexts)...)
	return append(problems, checkText("Message.Query", m.Query, false, nil)...)
}

func (d Detail) problems(field string) []error {
	var problems []error
	switch {
	case !jsonPath.MatchString(d.Path) || len(d.Path) > maxPathLength:
		problems = append(problems, fmt.Errorf("%s.Path: %q is not a path in dot notation, such as $.detail.eventName", field, d.Path))
	case slices.Contains(wholes, d.Path):
		problems = append(problems, fmt.Errorf("%s.Path: %s is not a single value; name one below it", field, d.Path))
	case writtenByCaller(d.Path) && !d.Untrusted:
		problems = append(problems, fmt.Errorf(
			"%s.Path: the caller of the API writes %s, and a quotation mark in it would break the message; mark the detail Untrusted, or leave it to the link", field, d.Path))
	}
	if d.Untrusted && d.Label == "" {
		problems = append(problems, fmt.Errorf("%s.Label: an Untrusted detail needs a label, because no text can refer to it", field))
	}
	return append(problems, checkText(field+".Label", d.Label, false, nil)...)
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
		switch trusted, known := names[match[1]]; {
		case !known:
			problems = append(problems, fmt.Errorf("%s: no detail is named {%s}", field, match[1]))
		case !trusted:
			problems = append(problems, fmt.Errorf("%s: {%s} is an Untrusted detail, which no text can refer to", field, match[1]))
		}
	}
	if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}") {
		problems = append(problems, fmt.Errorf("%s: %q holds a brace without its counterpart", field, text))
	}
	return problems
}
