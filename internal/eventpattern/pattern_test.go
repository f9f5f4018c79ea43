package eventpattern_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
)

const ec2Event = `{
  "version": "0", "id": "7bf73129-1428-4cd3-a780-95db273d1602",
  "detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2",
  "account": "123456789012", "time": "2015-11-11T21:29:54Z", "region": "us-east-1",
  "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111", "arn:aws:ec2:us-east-1:123456789012:volume/v"],
  "detail": {
    "instance-id": "i-0123456789", "state": "RUNNING", "count": 5, "ratio": 301.8, "flag": true, "none": null, "empty": "",
    "ip": "10.0.0.33", "ip6": "2001:db8::1", "path": "dir/lib/a*b.png", "list": [], "mixed": ["a", 7],
    "people": [{"first": "Ann", "last": "Lee"}, {"first": "Bob", "last": "Ray", "age": 40}],
    "nested": {"deep": {"x": 1}}
  }
}`

func match(t *testing.T, pattern, event string) bool {
	t.Helper()
	p, err := eventpattern.Parse(pattern)
	require.NoError(t, err, pattern)
	matched, err := p.Matches(event)
	require.NoError(t, err)
	return matched
}

func TestMatches(t *testing.T) {
	detail := func(leaf string) string { return `{"detail":{` + leaf + `}}` }
	for _, row := range []struct {
		pattern string
		want    bool
	}{
		{`{"source":["aws.ec2"]}`, true},
		{`{"source":["aws.EC2"]}`, false},
		{`{"source":["aws.s3","aws.ec2"]}`, true},
		{`{"source":["aws.ec2"],"region":["eu-west-1"]}`, false},
		{`{"resources":["arn:aws:ec2:us-east-1:123456789012:volume/v","other"]}`, true},
		{`{"resources":["other"]}`, false},
		{`{"nothing":["x"]}`, false},
		{`{"detail":["x"]}`, false},
		{`{"source":{"x":["y"]}}`, false},

		{detail(`"count":[5]`), true},
		{detail(`"count":["5"]`), false},
		{detail(`"count":[5.0]`), false},
		{detail(`"count":[{"numeric":["=",5.0]}]`), true},
		{detail(`"flag":[true]`), true},
		{detail(`"flag":[false]`), false},
		{detail(`"flag":["true"]`), false},
		{detail(`"none":[null]`), true},
		{detail(`"none":[""]`), false},
		{detail(`"empty":[""]`), true},
		{detail(`"gone":[null]`), false},
		{detail(`"mixed":[7]`), true},

		{detail(`"state":[{"prefix":"RUN"}]`), true},
		{detail(`"state":[{"prefix":"run"}]`), false},
		{detail(`"state":[{"prefix":{"equals-ignore-case":"run"}}]`), true},
		{detail(`"state":[{"suffix":"ING"}]`), true},
		{detail(`"state":[{"suffix":"ing"}]`), false},
		{detail(`"state":[{"suffix":{"equals-ignore-case":"ing"}}]`), true},
		{detail(`"count":[{"prefix":"5"}]`), false},
		{detail(`"state":[{"equals-ignore-case":"running"}]`), true},
		{detail(`"state":[{"equals-ignore-case":"runnin"}]`), false},

		{detail(`"path":[{"wildcard":"*/lib/*"}]`), true},
		{detail(`"path":[{"wildcard":"dir*png"}]`), true},
		{detail(`"path":[{"wildcard":"*lib"}]`), false},
		{detail(`"path":[{"wildcard":"*a\\*b*"}]`), true},
		{detail(`"path":[{"wildcard":"*a\\\\b*"}]`), false},
		{detail(`"count":[{"wildcard":"*"}]`), false},

		{detail(`"state":[{"anything-but":"RUNNING"}]`), false},
		{detail(`"state":[{"anything-but":"STOPPED"}]`), true},
		{detail(`"state":[{"anything-but":["STOPPED","RUNNING"]}]`), false},
		{detail(`"count":[{"anything-but":[1,2]}]`), true},
		{detail(`"count":[{"anything-but":5.0}]`), false},
		{detail(`"count":[{"anything-but":"x"}]`), true},
		{detail(`"gone":[{"anything-but":"x"}]`), false},
		{detail(`"state":[{"anything-but":{"prefix":"RUN"}}]`), false},
		{detail(`"state":[{"anything-but":{"prefix":["A","RUN"]}}]`), false},
		{detail(`"state":[{"anything-but":{"prefix":"STOP"}}]`), true},
		{detail(`"state":[{"anything-but":{"suffix":"ING"}}]`), false},
		{detail(`"state":[{"anything-but":{"equals-ignore-case":["x","running"]}}]`), false},
		{detail(`"path":[{"anything-but":{"wildcard":"*/lib/*"}}]`), false},
		{detail(`"path":[{"anything-but":{"wildcard":"*/bin/*"}}]`), true},
		{`{"resources":[{"anything-but":{"suffix":"/v"}}]}`, true}, // one value that differs is enough

		{detail(`"count":[{"numeric":[">",0,"<=",5]}]`), true},
		{detail(`"count":[{"numeric":[">",0,"<",5]}]`), false},
		{detail(`"count":[{"numeric":[">=",5]}]`), true},
		{detail(`"ratio":[{"numeric":["=",3.018e2]}]`), true},
		{detail(`"state":[{"numeric":[">",0]}]`), false},

		{detail(`"count":[{"exists":true}]`), true},
		{detail(`"none":[{"exists":true}]`), true},
		{detail(`"gone":[{"exists":true}]`), false},
		{detail(`"gone":[{"exists":false}]`), true},
		{detail(`"count":[{"exists":false}]`), false},
		{detail(`"nested":[{"exists":true}]`), false}, // leaves only
		{detail(`"nested":[{"exists":false}]`), true},
		{detail(`"list":[{"exists":false}]`), true},
		{`{"absent":{"deep":[{"exists":false}]}}`, true},
		{`{"absent":{"deep":[{"exists":false}],"y":["x"]}}`, false},
		{detail(`"gone":["x",{"exists":false}]`), true},

		{detail(`"ip":[{"cidr":"10.0.0.0/24"}]`), true},
		{detail(`"ip":[{"cidr":"10.0.1.0/24"}]`), false},
		{detail(`"ip6":[{"cidr":"2001:db8::/32"}]`), true},
		{detail(`"state":[{"cidr":"10.0.0.0/8"}]`), false},

		{detail(`"people":{"first":["Ann"],"last":["Lee"]}`), true},
		{detail(`"people":{"first":["Ann"],"last":["Ray"]}`), false}, // not of one person
		{detail(`"people":{"first":["Ann"],"age":[{"exists":false}]}`), false},
		{detail(`"nested":{"deep":{"x":[1]}}`), true},

		{`{"$or":[{"source":["x"]},{"region":["us-east-1"]}]}`, true},
		{`{"$or":[{"source":["x"]},{"region":["x"]}]}`, false},
		{`{"source":["x"],"$or":[{"source":["aws.ec2"]},{"region":["us-east-1"]}]}`, false},
		{detail(`"$or":[{"count":[{"numeric":[">",9]}]},{"state":["RUNNING"],"$or":[{"flag":[false]},{"flag":[true]}]}]`), true},
		{detail(`"$or":{"x":["y"]}`), false}, // an ordinary field
	} {
		assert.Equal(t, row.want, match(t, row.pattern, ec2Event), row.pattern)
	}
}

func TestParseRefuses(t *testing.T) {
	for pattern, reason := range map[string]string{
		`[]`:                               "Filter is not an object",
		`"x"`:                              "Filter is not an object",
		`{`:                                "not valid JSON",
		`{"a":["x"]} x`:                    "text follows",
		`{}`:                               "Empty objects are not allowed",
		`{"detail":{}}`:                    "Empty objects are not allowed, at detail",
		`{"source":[]}`:                    "Empty arrays are not allowed, at source",
		`{"source":"aws.ec2"}`:             `"source" must be an object or an array`,
		`{"detail":{"a":5}}`:               `"detail.a" must be an object or an array`,
		`{"source":[["x"]]}`:               "Match value must be",
		`{"source":[{"starts-with":"x"}]}`: "Unrecognized match type starts-with, at source",
		`{"source":[{}]}`:                  "Only one key",
		`{"source":[{"prefix":"a","suffix":"b"}]}`:            "Only one key",
		`{"source":[{"prefix":5}]}`:                           "prefix match pattern must be a string",
		`{"source":[{"suffix":{"wildcard":"x"}}]}`:            "suffix match pattern must be a string",
		`{"source":[{"equals-ignore-case":[]}]}`:              "must be a string",
		`{"source":[{"wildcard":"a**b"}]}`:                    "Consecutive wildcard characters at pos 2",
		`{"source":[{"wildcard":"a\\b"}]}`:                    "Invalid escape character",
		`{"source":[{"wildcard":1}]}`:                         "must be a string",
		`{"source":[{"exists":"yes"}]}`:                       "either true or false",
		`{"source":[{"cidr":"10.0.0.1"}]}`:                    "Malformed CIDR",
		`{"source":[{"numeric":[]}]}`:                         "numeric",
		`{"source":[{"numeric":[">"]}]}`:                      "Too many or too few",
		`{"source":[{"numeric":["!",5]}]}`:                    "Unrecognized numeric range operator",
		`{"source":[{"numeric":[">","5"]}]}`:                  "must be numeric",
		`{"source":[{"numeric":[">",6e9]}]}`:                  "between -5.0E9 and 5.0E9",
		`{"source":[{"numeric":[">",9e999]}]}`:                "between -5.0E9 and 5.0E9",
		`{"source":[{"numeric":[">",5,"<",5]}]}`:              "Bottom must be less than top",
		`{"source":[{"numeric":["<",5,">",1]}]}`:              "> or >= first",
		`{"source":[{"anything-but":[]}]}`:                    "Empty arrays",
		`{"source":[{"anything-but":["a",1]}]}`:               "mixed type",
		`{"source":[{"anything-but":null}]}`:                  "anything-but",
		`{"source":[{"anything-but":{"cidr":"10.0.0.0/8"}}]}`: "Unsupported anything-but pattern: cidr",
		`{"source":[{"anything-but":{"prefix":""}}]}`:         "not empty",
		`{"$or":[{"source":["x"]}]}`:                          "Unrecognized match type source",
		`{"$or":[{"prefix":["x"]},{"source":["x"]}]}`:         "prefix match pattern must be",
		`{"source":["` + strings.Repeat("x", 2048) + `"]}`:    "the quota is 2048",
	} {
		_, err := eventpattern.Parse(pattern)
		var refused *eventpattern.Error
		if assert.True(t, errors.As(err, &refused), pattern) {
			assert.Equal(t, "InvalidEventPatternException", refused.Code)
			assert.Contains(t, refused.Message, reason, pattern)
		}
	}
}

func TestParseLimits(t *testing.T) {
	frame := len(`{"source":[""]}`)
	_, err := eventpattern.Parse(`{"source":["` + strings.Repeat("é", 2048-frame) + `"]}`)
	assert.NoError(t, err, "characters count, not bytes")

	or := func(n int) string { return `[` + strings.TrimSuffix(strings.Repeat(`{"a":[1]},`, n), ",") + `]` }
	nested := func(n int) string {
		return fmt.Sprintf(`{"$or":%s,"b":{"$or":%s},"c":{"$or":%s}}`, or(10), or(10), or(n))
	}
	_, err = eventpattern.Parse(nested(10))
	assert.NoError(t, err)
	_, err = eventpattern.Parse(nested(11))
	assert.ErrorContains(t, err, "the limit is 1000")
}

func TestMatchesRefusesWhatIsNoEvent(t *testing.T) {
	p, err := eventpattern.Parse(`{"source":["x"]}`)
	require.NoError(t, err)
	for _, event := range []string{"", "[]", `"x"`, "{"} {
		_, err := p.Matches(event)
		assert.Error(t, err, event)
	}
}

// TestAnythingButIsTheOpposite holds for every single value: a field matches x or anything-but x.
func TestAnythingButIsTheOpposite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		quote := func(s string) string { b, _ := json.Marshal(s); return string(b) }
		word := rapid.StringMatching(`[ab*\\]{1,4}`).Draw(t, "word")
		value := rapid.StringMatching(`[ab*\\]{0,5}`).Draw(t, "value")
		operator := rapid.SampledFrom([]string{"prefix", "suffix", "equals-ignore-case", "wildcard"}).Draw(t, "operator")
		plain := fmt.Sprintf(`{"x":[{%q:%s}]}`, operator, quote(word))
		but := fmt.Sprintf(`{"x":[{"anything-but":{%q:%s}}]}`, operator, quote(word))
		p, err := eventpattern.Parse(plain)
		q, errBut := eventpattern.Parse(but)
		if (err == nil) != (errBut == nil) {
			t.Fatalf("%s: %v, %s: %v", plain, err, but, errBut)
		}
		if err != nil {
			return
		}
		event := fmt.Sprintf(`{"x":%s}`, quote(value))
		matched, _ := p.Matches(event)
		opposite, _ := q.Matches(event)
		if matched == opposite {
			t.Fatalf("%s and %s agree on %s", plain, but, event)
		}
	})
}

// TestMoreAlternativesMatchMore: adding a value to a leaf never loses an event.
func TestMoreAlternativesMatchMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaf := rapid.SampledFrom([]string{`"a"`, `"b"`, `1`, `null`, `{"prefix":"a"}`, `{"exists":false}`, `{"anything-but":"a"}`, `{"numeric":["<",3]}`})
		value := rapid.SampledFrom([]string{`"a"`, `"b"`, `1`, `null`, `["a",1]`, `[]`, `{"z":1}`}).Draw(t, "value")
		one, more := leaf.Draw(t, "one"), leaf.Draw(t, "more")
		event := `{"x":` + value + `}`
		p, _ := eventpattern.Parse(`{"x":[` + one + `]}`)
		q, _ := eventpattern.Parse(`{"x":[` + one + `,` + more + `]}`)
		matched, _ := p.Matches(event)
		wider, _ := q.Matches(event)
		if matched && !wider {
			t.Fatalf("%s is lost by adding %s to %s", event, more, one)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(`{"detail":{"a":[{"numeric":[">",0,"<=",5]}]}}`)
	f.Add(`{"$or":[{"a":[1]},{"b":[{"wildcard":"*a\\*"}]}]}`)
	f.Fuzz(func(t *testing.T, pattern string) {
		if p, err := eventpattern.Parse(pattern); err == nil {
			if _, err := p.Matches(ec2Event); err != nil {
				t.Fatal(err)
			}
		}
	})
}
