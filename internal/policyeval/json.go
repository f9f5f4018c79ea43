package policyeval

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxDepth is deeper than any policy can be: Statement, element, operator, key, value list.
const maxDepth = 16

type valueKind int

const (
	textValue valueKind = iota
	scalarValue
	listValue
	objectValue
)

// value is a JSON value that keeps the order of members and the spelling of numbers and booleans.
type value struct {
	kind    valueKind
	text    string
	list    []value
	members []member
}

type member struct {
	name  string
	value value
}

// readJSON reads one JSON text. encoding/json alone keeps the last of two equal members silently, which AWS refuses.
func readJSON(text string) (value, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	v, err := readValue(decoder, 0)
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return value{}, errors.New("the JSON text ends early")
		}
		return value{}, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return value{}, errors.New("text follows the JSON value")
	}
	return v, nil
}

func readValue(decoder *json.Decoder, depth int) (value, error) {
	if depth > maxDepth {
		return value{}, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	token, err := decoder.Token()
	if err != nil {
		return value{}, err
	}
	switch token := token.(type) {
	case string:
		return value{kind: textValue, text: token}, nil
	case json.Number:
		return value{kind: scalarValue, text: token.String()}, nil
	case bool:
		return value{kind: scalarValue, text: fmt.Sprint(token)}, nil
	case json.Delim:
		if token == '[' {
			return readList(decoder, depth)
		}
		return readObject(decoder, depth)
	default:
		return value{}, errors.New("null is not a policy value")
	}
}

func readList(decoder *json.Decoder, depth int) (value, error) {
	v := value{kind: listValue}
	for decoder.More() {
		item, err := readValue(decoder, depth+1)
		if err != nil {
			return value{}, err
		}
		v.list = append(v.list, item)
	}
	_, err := decoder.Token()
	return v, err
}

func readObject(decoder *json.Decoder, depth int) (value, error) {
	v := value{kind: objectValue}
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return value{}, err
		}
		name := token.(string)
		if seen[name] {
			return value{}, fmt.Errorf("%q occurs twice in one object", name)
		}
		seen[name] = true
		item, err := readValue(decoder, depth+1)
		if err != nil {
			return value{}, err
		}
		v.members = append(v.members, member{name, item})
	}
	_, err := decoder.Token()
	return v, err
}

// string is the text of a JSON string.
func (v value) string(element string) (string, error) {
	if v.kind != textValue {
		return "", fmt.Errorf("%s must be a string", element)
	}
	return v.text, nil
}

// strings is a string or a list of strings that is not empty.
func (v value) strings(element string) ([]string, error) {
	items := []value{v}
	if v.kind == listValue {
		items = v.list
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("%s is an empty list", element)
	}
	texts := make([]string, len(items))
	for i, item := range items {
		text, err := item.string(element)
		if err != nil {
			return nil, fmt.Errorf("%s must be a string or a list of strings", element)
		}
		texts[i] = text
	}
	return texts, nil
}

// operands are the values of a condition key: strings, numbers and booleans, alone or in a list that is not empty.
func (v value) operands(element string) ([]string, error) {
	items := []value{v}
	if v.kind == listValue {
		items = v.list
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("%s has no value", element)
	}
	texts := make([]string, len(items))
	for i, item := range items {
		if item.kind != textValue && item.kind != scalarValue {
			return nil, fmt.Errorf("%s must be a string, number, boolean or a list of these", element)
		}
		texts[i] = item.text
	}
	return texts, nil
}
