package alerthub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

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

// consoleDomains are the domains of the consoles, by partition.
var consoleDomains = map[string]string{
	"aws":        "console.aws.amazon.com",
	"aws-cn":     "console.amazonaws.cn",
	"aws-us-gov": "console.amazonaws-us-gov.com",
}

// mail is plain words, one quoted text per line: SNS mails what it is given, and EventBridge takes more than one line
// only in this form, which the quotation marks in the mail come from.
func (r renderer) mail(m Message) (transformer, error) {
	lines := []string{fmt.Sprintf("[%s] %s", strings.ToUpper(string(r.severity)), m.Title), m.What}
	for _, d := range m.Details {
		if d.Label != "" && !d.Untrusted {
			lines = append(lines, d.Label+": {"+d.Name+"}")
		}
	}
	if m.Link != "" {
		lines = append(lines, "See: "+m.Link)
	}
	lines = append(lines, "Next: "+m.NextStep)
	if m.Query != "" {
		lines = append(lines, "Then: "+queryStep(m.Query))
	}
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

func queryStep(query string) string { return "Run the named query " + query + " in Athena." }

// marks are shown before the title in a channel.
var marks = map[Severity]string{
	Critical:      ":rotating_light:",
	Warning:       ":warning:",
	Informational: ":information_source:",
}

type chatNotification struct {
	Version  string        `json:"version"`
	Source   string        `json:"source"`
	Content  chatContent   `json:"content"`
	Metadata *chatMetadata `json:"metadata,omitempty"`
}

type chatContent struct {
	TextType    string   `json:"textType"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	NextSteps   []string `json:"nextSteps,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
}

type chatMetadata struct {
	ThreadID string `json:"threadId"`
}

// slack is the custom notification of Amazon Q Developer in chat applications, which drops every other JSON of ours:
// https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
func (r renderer) slack(m Message) (transformer, error) {
	lines := []string{m.What}
	for _, d := range m.Details {
		if d.Label != "" && !d.Untrusted {
			lines = append(lines, chatLine(d))
		}
	}
	if m.Link != "" {
		lines = append(lines, m.Link)
	}
	steps := []string{r.bind(m.NextStep)}
	if m.Query != "" {
		steps = append(steps, queryStep(m.Query))
	}
	n := chatNotification{
		Version: "1.0", Source: "custom",
		Content: chatContent{
			TextType:    "client-markdown",
			Title:       r.bind(marks[r.severity] + " " + m.Title),
			Description: r.bind(strings.Join(lines, "\n")),
			NextSteps:   steps,
			Keywords:    []string{string(r.severity), r.route},
		},
	}
	if len(m.untrusted()) > 0 {
		n.Metadata = &chatMetadata{r.bind("{" + threadPlaceholder + "}")}
	}
	return r.notification(m, n)
}

// reply carries the untrusted details into the alert's thread, nil when there are none. A thread gathers the
// notifications with one threadId; without threads in a channel's preferences the reply stands below the alert.
//
// The values stand in quotation marks, where a missing one is nothing. Outside of them EventBridge would write its own
// marks, but its documentation says of neither place that a quotation mark in the value is escaped.
func (r renderer) reply(m Message) (*transformer, error) {
	var lines []string
	for _, d := range m.untrusted() {
		lines = append(lines, chatLine(d))
	}
	if len(lines) == 0 {
		return nil, nil
	}
	t, err := r.notification(m, chatNotification{
		Version: "1.0", Source: "custom",
		Content: chatContent{
			TextType:    "client-markdown",
			Title:       "What the caller wrote",
			Description: r.bind(strings.Join(lines, "\n")),
			Keywords:    []string{r.route},
		},
		Metadata: &chatMetadata{r.bind("{" + threadPlaceholder + "}")},
	})
	return &t, err
}

func chatLine(d Detail) string { return "*" + d.Label + ":* {" + d.Name + "}" }

func (m Message) untrusted() []Detail {
	var untrusted []Detail
	for _, d := range m.Details {
		if d.Untrusted {
			untrusted = append(untrusted, d)
		}
	}
	return untrusted
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

func (r renderer) notification(m Message, n chatNotification) (transformer, error) {
	text, err := encode(n)
	if err != nil {
		return transformer{}, err
	}
	return r.transformer(m, text)
}

func (r renderer) transformer(m Message, template string) (transformer, error) {
	if len(template) > maxTemplateLength {
		return transformer{}, fmt.Errorf("Message: the text is %d characters long, at most %d are possible; shorten it", len(template), maxTemplateLength)
	}
	paths := map[string]string{}
	for _, d := range append([]Detail{{Name: threadPlaceholder, Path: threadPath}}, m.Details...) {
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
