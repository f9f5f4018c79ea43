package awssim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// listens tells whether the channel shows what is published to a topic.
func (s *slackChannel) listens(topicARN string) bool { return slices.Contains(s.Topics, topicARN) }

func toSlack(channel *slackChannel, m message) Delivery {
	m = m.at("slack-channel", channel.ARN)
	endpoint := channel.TeamID + "/" + channel.ChannelID
	text, err := slackText(m.from, m.text)
	if err != nil {
		d := m.dropped("the Slack app does not show the message: %v", err)
		d.Protocol, d.Endpoint = "slack", endpoint
		return d
	}
	return m.arrived("slack", endpoint, text)
}

// slackServices publish messages of their own that the Slack app knows how to show,
// whatever their form.
// https://docs.aws.amazon.com/chatbot/latest/adminguide/related-services.html
var slackServices = []string{alarmsService, "budgets.amazonaws.com", "costalerts.amazonaws.com"}

// slackText is what the Slack app shows of a message: the message of a service that
// it knows, an event of an AWS service as EventBridge sends it, or a custom
// notification. Everything else is dropped without a word.
// https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
func slackText(from, text string) (string, error) {
	document, isJSON := decodeObject(text)
	switch {
	case isJSON && str(document, "source") == "custom":
		return customNotification(document)
	case slices.Contains(slackServices, from):
		return text, nil
	case isJSON && from == eventsService && isEnvelope(document):
		return nativeEvent(document)
	}
	return "", errors.New("it is neither a message of a known service, nor a whole event, nor a custom notification")
}

// isEnvelope tells whether a document is an event that nobody has reshaped.
func isEnvelope(document props) bool {
	for _, key := range []string{"version", "id", "detail-type", "source", "account", "time", "region", "detail"} {
		if document[key] == nil {
			return false
		}
	}
	return true
}

// nativeEvent is an event of an AWS service. Events that CloudTrail reports have no
// form of their own in the app, whose documentation does not list them; they count as
// not shown, so that nobody relies on them.
func nativeEvent(event props) (string, error) {
	kind := str(event, "detail-type")
	switch {
	case !strings.HasPrefix(str(event, "source"), "aws."):
		return "", fmt.Errorf("the source %q is not an AWS service", str(event, "source"))
	case strings.HasSuffix(kind, "via CloudTrail"):
		return "", fmt.Errorf("events of the type %q are not shown", kind)
	}
	return fmt.Sprintf("%s | %s | account %s", kind, str(event, "region"), str(event, "account")), nil
}

// customNotification checks a message in the app's own schema.
func customNotification(document props) (string, error) {
	content := object(document, "content")
	title, description := str(content, "title"), str(content, "description")
	switch textType := content["textType"]; {
	case str(document, "version") != "1.0":
		return "", errors.New(`a custom notification has the version "1.0"`)
	case textType != nil && textType != "client-markdown":
		return "", fmt.Errorf("the textType %v is not client-markdown", textType)
	case description == "":
		return "", errors.New("a custom notification has content.description, a text")
	case title == "":
		return description, nil
	}
	return title + "\n" + description, nil
}
