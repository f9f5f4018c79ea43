package eventpattern_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
)

var ec2Paths = map[string]string{
	"instance": "$.detail.instance-id", "state": "$.detail.state", "gone": "$.detail.gone.deeper", "resources": "$.resources",
	"first": "$.resources[0]", "beyond": "$.resources[9]", "detailType": "$.detail-type", "count": "$.detail.count",
	"people": "$.detail.people", "names": "$.detail.people[*].first", "flag": "$.detail.flag", "null": "$.detail.none",
	"deep": "$.detail.nested.*", "whole": "$",
}

func TestTransform(t *testing.T) {
	for _, row := range []struct{ name, template, want string }{
		{"simple string", `"instance <instance> is in <state>"`, `"instance i-0123456789 is in RUNNING"`},
		{"escaped quotes", `"instance \"<instance>\" is in <state>"`, `"instance \"i-0123456789\" is in RUNNING"`},
		{"lines", "\"<detailType>\"\n\"in <state>\"", "\"EC2 Instance State-change Notification\"\n\"in RUNNING\""},
		{"simple JSON", `{ "instance" : <instance>, "state": <state> }`, `{"instance":"i-0123456789","state":"RUNNING"}`},
		{"JSON and strings", `{"i": <instance>, "s": "<state>", "both": "\"<instance>\" is <state>"}`,
			`{"i":"i-0123456789","s":"RUNNING","both":"\"i-0123456789\" is RUNNING"}`},
		{"static", `{"state": [9, <state>, true], "T": "Yes"}`, `{"state":[9,"RUNNING",true],"T":"Yes"}`},
		{"missing in a string", `"[<gone>]"`, `"[]"`},
		{"missing in JSON", `{"a": <gone>, "b": "<beyond>"}`, `{"a":"","b":""}`},
		{"number and boolean", `{"n": <count>, "f": <flag>, "z": <null>, "s": "<count> <flag>"}`, `{"n":5,"f":true,"z":null,"s":"5 true"}`},
		{"list", `{"r": <names>}`, `{"r":["Ann","Bob"]}`},
		{"element", `"<first>"`, `"arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"`},
		{"list in a string", `"<names>"`, `"[Ann,Bob]"`},
		{"object in a string", `"<people>"`, `"[{first:Ann,last:Lee},{age:40,first:Bob,last:Ray}]"`},
		{"object", `{"d": <deep>}`, `{"d":[{"x":1}]}`},
		{"bare", `<state>`, `"RUNNING"`},
		{"rule", `{"a": <aws.events.rule-arn>, "n": "<aws.events.rule-name> triggered", "t": <aws.events.event.ingestion-time>}`,
			`{"a":"arn:aws:events:us-east-1:123456789012:rule/r","n":"r triggered","t":"2026-01-02T03:04:05Z"}`},
		{"link", `{"text": "<https://example.com/<instance>|open>"}`, `{"text":"<https://example.com/i-0123456789|open>"}`},
	} {
		transformer := eventpattern.Transformer{
			Paths: ec2Paths, Template: row.template,
			RuleARN: "arn:aws:events:us-east-1:123456789012:rule/r", RuleName: "r",
			IngestionTime: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		}
		got, err := transformer.Transform(ec2Event)
		require.NoError(t, err, row.name)
		assert.Equal(t, row.want, got, row.name)
	}
}

func TestTransformPayloads(t *testing.T) {
	got, err := eventpattern.Transform(ec2Event, nil, `{"full": <aws.events.event.json>, "head": <aws.events.event>, "at": <aws.events.event.ingestion-time>}`)
	require.NoError(t, err)
	var out struct {
		Full, Head map[string]any
		At         string
	}
	require.NoError(t, json.Unmarshal([]byte(got), &out))
	assert.Contains(t, out.Full, "detail")
	assert.NotContains(t, out.Head, "detail")
	assert.Equal(t, "aws.ec2", out.Head["source"])
	assert.Equal(t, "2015-11-11T21:29:54Z", out.At)
}

func TestTransformDoesNotEscape(t *testing.T) {
	event := `{"detail":{"m":"said \"no\""}}`
	paths := map[string]string{"m": "$.detail.m"}
	_, err := eventpattern.Transform(event, paths, `{"text": "<m>"}`)
	var refused *eventpattern.Error
	require.True(t, errors.As(err, &refused))
	assert.Equal(t, "INVALID_JSON", refused.Code)

	got, err := eventpattern.Transform(event, paths, `{"text": <m>}`)
	require.NoError(t, err)
	assert.Equal(t, `{"text":"said \"no\""}`, got)

	got, err = eventpattern.Transform(event, paths, `"<m>"`)
	require.NoError(t, err)
	assert.Equal(t, `"said "no""`, got)
}

func TestValidateTransformer(t *testing.T) {
	many := map[string]string{}
	for i := range 101 {
		many[fmt.Sprintf("k%d", i)] = "$.x"
	}
	one := map[string]string{"a": "$.x"}
	for _, row := range []struct {
		paths    map[string]string
		template string
		problem  string
	}{
		{one, `"<a>"`, ""},
		{nil, `"text"`, ""},
		{nil, `{"a": 1}`, ""},
		{one, `"` + strings.Repeat("x", 8190) + `"`, ""},
		{one, `"` + strings.Repeat("x", 8191) + `"`, "the limit is 8192"},
		{one, ``, "empty"},
		{one, ` `, "neither JSON nor strings"},
		{many, `"x"`, "101 entries; the limit is 100"},
		{map[string]string{"AWS.x": "$.x"}, `"x"`, "letters, digits"},
		{map[string]string{"awsAccount": "$.x"}, `"x"`, "reserved"},
		{map[string]string{"a b": "$.x"}, `"x"`, "letters, digits"},
		{map[string]string{"": "$.x"}, `"x"`, "letters, digits"},
		{map[string]string{"a": "detail.x"}, `"x"`, "must start with $"},
		{map[string]string{"a": "$['detail']"}, `"x"`, "does not support"},
		{map[string]string{"a": "$.x y"}, `"x"`, "does not support"},
		{map[string]string{"a": "$..x"}, `"x"`, "does not support"},
		{map[string]string{"a": "$." + strings.Repeat("x", 256)}, `"x"`, "longer than 256"},
		{one, `"<b>"`, "placeholder <b>, which is not in InputPathsMap"},
		{one, `"<aws.events.event.json>"`, "not inside a string"},
		{one, `{"x": "<aws.events.event>"}`, "not inside a string"},
		{one, `plain <a>`, "neither JSON nor strings in quotes"},
		{one, `{"a": <a>`, "neither JSON"},
		{one, `{<a>: 1}`, "object key"},
		{one, `{"x": [{"<a>": 1}]}`, "object key"},
	} {
		err := eventpattern.ValidateTransformer(row.paths, row.template)
		if row.problem == "" {
			assert.NoError(t, err, row.template)
			continue
		}
		var refused *eventpattern.Error
		if assert.True(t, errors.As(err, &refused), "%v %s", row.paths, row.template) {
			assert.Equal(t, "ValidationException", refused.Code)
			assert.Contains(t, refused.Message, row.problem)
		}
	}
}

// TestTransformKeepsValues: outside quotes every string arrives as it was.
func TestTransformKeepsValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.String().Draw(t, "value")
		event, _ := json.Marshal(map[string]any{"detail": map[string]any{"m": value}})
		got, err := eventpattern.Transform(string(event), map[string]string{"m": "$.detail.m"}, `{"text": <m>}`)
		if err != nil {
			t.Fatal(err)
		}
		var out struct{ Text string }
		if err := json.Unmarshal([]byte(got), &out); err != nil || out.Text != value {
			t.Fatalf("%q became %q: %v", value, out.Text, err)
		}
	})
}

func FuzzTransform(f *testing.F) {
	f.Add(`"a <x>"`, "$.detail.people[*].first")
	f.Add(`{"a": <x>}`, "$.resources[0]")
	f.Fuzz(func(t *testing.T, template, path string) {
		_, _ = eventpattern.Transform(ec2Event, map[string]string{"x": path}, template)
	})
}
