// Package eventpattern matches events with Amazon EventBridge event patterns and applies input transformers.
//
// [Parse] refuses what PutRule refuses, [Pattern.Matches] decides an event; [ValidateTransformer] refuses what PutTargets
// refuses, [Transformer.Transform] writes what a target receives. Where the documentation is silent the lenient reading
// is taken, and the place says so.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
package eventpattern

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Error is a refusal in EventBridge's terms.
type Error struct {
	// Code is EventBridge's error code.
	Code string
	// Message says what is wrong and where.
	Message string
}

// Error is the code followed by the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// decode reads one JSON text, numbers as written.
func decode(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, fmt.Errorf("not valid JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not valid JSON: text follows the value")
	}
	return v, nil
}

// decodeEvent reads the JSON envelope of an event.
func decodeEvent(text string) (map[string]any, error) {
	v, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	event, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("event: must be a JSON object")
	}
	return event, nil
}
