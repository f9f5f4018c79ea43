package filterpattern

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The two events of AWS's guide, and what CloudTrail adds to them.
const (
	trailEvent = `{"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","arrayKey":["value","another value"],
		"objectList":[{"name":"a","id":1},{"name":"b","id":2}],"SomeObject":null,"ThisFlag":true,"OtherFlag":false,
		"cluster.name":"c","recipientAccountId":"123456789012","errorCode":404,"latency":0.5,"text":"say \"hi\"","star":"Ev*ent"}`
	usersEvent = `{"user":{"id":1,"email":"John.Stiles@example.com"},"users":[{"id":2,"email":"John.Doe@example.com"},
		{"id":3,"email":"Jane.Doe@example.com"}],"actions":["GET","PUT","DELETE"],"coordinates":[[0,1,2],[4,5,6],[7,8,9]]}`
)

func match(t *testing.T, pattern, event string) bool {
	t.Helper()
	p, err := Parse(pattern)
	require.NoError(t, err, pattern)
	matched, err := p.Matches(event)
	require.NoError(t, err)
	return matched
}

// TestGuide: the examples of AWS's guide, and the rules it gives in words.
func TestGuide(t *testing.T) {
	for _, row := range []struct {
		pattern, event string
		want           bool
	}{
		{`{ $.eventType = "UpdateTrail" }`, trailEvent, true},
		{`{$.eventType=UpdateTrail}`, trailEvent, true},
		{`{ $.eventType = "updatetrail" }`, trailEvent, false},
		{`{ $.sourceIPAddress != 123.123.* }`, trailEvent, true},
		{`{ $.sourceIPAddress != 111.111.* }`, trailEvent, false},
		{`{ $.arrayKey[0] = "value" }`, trailEvent, true},
		{`{ $.arrayKey[1] = "value" }`, trailEvent, false},
		{`{ $.arrayKey[2] = "value" }`, trailEvent, false},
		{`{ $.arrayKey[*] = "another value" }`, trailEvent, true},
		{`{ $.arrayKey[*] = %val.{2}% }`, trailEvent, true},
		{`{ $.eventType = %Trail% }`, trailEvent, true},
		{`{ $.eventType = %^Trail% }`, trailEvent, false},
		{`{ $.* = %111\.111\.111\.1[0-9]{1,2}% }`, trailEvent, true},
		{`{ $.sourceIPAddress = %^1{,2}\.% }`, trailEvent, false},
		{`{ $.sourceIPAddress = %^1{,3}\.% }`, trailEvent, true},
		{`{ $.['cluster.name'] = "c" }`, trailEvent, true},
		{`{ $.objectList[1].id = 2 }`, trailEvent, true},
		{`{ $.eventType[1].id = 2 }`, trailEvent, false},
		{`{ $.SomeObject IS NULL }`, trailEvent, true},
		{`{ $.Missing IS NULL }`, trailEvent, false},
		{`{ $.eventType IS NULL }`, trailEvent, false},
		{`{ $.ThisFlag IS TRUE }`, trailEvent, true},
		{`{ $.ThisFlag IS FALSE }`, trailEvent, false},
		{`{ $.OtherFlag IS FALSE }`, trailEvent, true},
		{`{ $.SomeOtherObject NOT EXISTS }`, trailEvent, true},
		{`{ $.eventType.deeper NOT EXISTS }`, trailEvent, true},
		{`{ $.eventType NOT EXISTS }`, trailEvent, false},
		{`{ $.SomeObject NOT EXISTS }`, trailEvent, false},
		{`{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }`, usersEvent, true},
		{`{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }`, usersEvent, false},
		{`{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }`, usersEvent, true},
		{`{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }`, usersEvent, false},
		{`{ $.coordinates[1][2] = 6 }`, usersEvent, true},
		{`{ $.users = 1 }`, usersEvent, false},
		{`{ $.users != 1 }`, usersEvent, false},
		{`{ $.user != 1 }`, usersEvent, false},
		// a comparison holds for no property that is missing or null
		{`{ $.missing = "x" }`, trailEvent, false},
		{`{ $.missing != "x" }`, trailEvent, false},
		{`{ $.eventType.deeper != "x" }`, trailEvent, false},
		{`{ $.SomeObject != "x" }`, trailEvent, false},
		{`{ $.missing = * }`, trailEvent, false},
		{`{ $.latency = * }`, trailEvent, true},
		// numbers and texts
		{`{ $.errorCode = 404 }`, trailEvent, true},
		{`{ $.errorCode = 4.04e+2 }`, trailEvent, true},
		{`{ $.errorCode != 404 }`, trailEvent, false},
		{`{ $.errorCode = 4* }`, trailEvent, true},
		{`{ $.errorCode > 403 }`, trailEvent, true},
		{`{ $.errorCode > 404 }`, trailEvent, false},
		{`{ $.errorCode >= +404 }`, trailEvent, true},
		{`{ $.errorCode < 404 }`, trailEvent, false},
		{`{ $.errorCode <= 404 }`, trailEvent, true},
		{`{ $.latency < 5e-1 }`, trailEvent, false},
		{`{ $.latency > -1 }`, trailEvent, true},
		{`{ $.recipientAccountId > 1 }`, trailEvent, false},
		{`{ $.recipientAccountId = 123456789012 }`, trailEvent, true},
		{`{ $.text = "say \"hi\"" }`, trailEvent, true},
		// asterisks at either end, themselves in between
		{`{ $.eventType = "*Trail" }`, trailEvent, true},
		{`{ $.eventType = "Trail*" }`, trailEvent, false},
		{`{ $.eventType = "Update*" }`, trailEvent, true},
		{`{ $.eventType = *date* }`, trailEvent, true},
		{`{ $.eventType = "Upd*Trail" }`, trailEvent, false},
		{`{ $.star = "Ev*ent" }`, trailEvent, true},
	} {
		assert.Equal(t, row.want, match(t, row.pattern, row.event), row.pattern)
	}
}

func TestRefusals(t *testing.T) {
	const prefix = "InvalidParameterException: Invalid metric filter pattern: "
	for pattern, want := range map[string]string{
		`{ $.a = 1`:                 `if a filter pattern starts with '{' it must end with '}'`,
		`{`:                         `if a filter pattern starts with '{' it must end with '}'`,
		`{ }`:                       `a property selector beginning with '$.' is needed at character 3, not the end`,
		`{ a = 1 }`:                 `a property selector beginning with '$.' is needed at character 3, not 'a'`,
		`{ ($.a = 1 }`:              `the bracket at character 3 is not closed`,
		`{ $.a = 1) }`:              `the closing bracket at character 10 has no opening one`,
		`{ $.a = "1 }`:              `the quotation mark at character 9 is not closed`,
		`{ $.a = }`:                 `a value is needed at character 9, not the end`,
		`{ $.a }`:                   `unexpected the end at character 7; after a selector come =, !=, <, <=, >, >=, IS or NOT EXISTS`,
		`{ $.a EXISTS }`:            `unexpected 'EXISTS' at character 7; after a selector come =, !=, <, <=, >, >=, IS or NOT EXISTS`,
		`{ $.a = 1 && }`:            `a property selector beginning with '$.' is needed at character 14, not the end`,
		`{ $.a = 1 $.b = 2 }`:       `unexpected '$.b' at character 11; && or || is needed`,
		`{ $.a = 1 & $.b = 2 }`:     `unexpected '&' at character 11; put strings with other than letters, digits and underscores in double quotation marks`,
		`{ $.a IS NOT NULL }`:       `after IS comes NULL, TRUE or FALSE, not 'NOT'`,
		`{ $.a IS null }`:           `after IS comes NULL, TRUE or FALSE, not 'null'`,
		`{ $.a NOT NULL }`:          `after NOT comes EXISTS, not 'NULL'`,
		`{ $.a > high }`:            `> compares with a number, not with 'high'`,
		`{ $.a >= "5" }`:            `>= compares with a number, not with '5'`,
		`{ $.a < 0x1F }`:            `< compares with a number, not with '0x1F'`,
		`{ $.a = ops@example.com }`: `unexpected '@' at character 12; put strings with other than letters, digits and underscores in double quotation marks`,
		`{ $.a = é }`:               `unexpected 'é' at character 9; put strings with other than letters, digits and underscores in double quotation marks`,
		`{ $ = 1 }`:                 `the property selector $ names no property`,
		`{ $[0] = 1 }`:              `the property selector $[0] names no property`,
		`{ $.a..b = 1 }`:            `the property selector $.a..b is not understood from '..b' on; names hold letters, digits, hyphens and underscores, others are written $.['a.name']`,
		`{ $.a[x] = 1 }`:            `the property selector $.a[x] is not understood from '[x]' on; names hold letters, digits, hyphens and underscores, others are written $.['a.name']`,
		`{ $.['a = 1 }`:             `the quotation mark in the selector at character 3 is not closed`,
		`{ $.*.b[*] = 1 }`:          `the property selector $.*.b[*] has more than one wildcard`,
		`{ $.a = %(x)% }`:           `the regular expression %(x)% holds a character that is not supported`,
		`{ $.a = %[% }`:             `the regular expression %[% is not valid`,
		`{ $.a = %x }`:              `the regular expression at character 9 does not end with %`,
		`{ $.* = 1 || $.*.a = 1 || $.*.b = 1 || $.*.c = 1 }`: `it has 4 wildcard selectors; at most 3 are allowed`,
		`{ $.a = %x% || $.a = %y% || $.a = %z% }`:            `it has 3 regular expressions; at most 2 are allowed`,
		`{ $.a = ` + strings.Repeat("x", 1015) + ` }`:        `it has 1025 characters; at most 1024 are allowed`,
	} {
		_, err := Parse(pattern)
		assert.EqualError(t, err, prefix+want, pattern)
	}
	for _, pattern := range []string{``, `ERROR`, `"user login"`, `?ERROR ?WARN`, `[ip, user, ...]`, `%AUTHORIZED%`} {
		_, err := Parse(pattern)
		assert.ErrorIs(t, err, ErrUnsupported, pattern)
	}
	_, err := Parse(`{ $.a = "` + strings.Repeat("ü", 1012) + `" }`)
	assert.NoError(t, err)
}

func TestMatchesNeedsAnObject(t *testing.T) {
	p, err := Parse(`{ $.a = 1 }`)
	require.NoError(t, err)
	for _, event := range []string{``, `[1]`, `"a"`, `{"a":1`, `{"a":1} trailing`} {
		_, err := p.Matches(event)
		assert.Error(t, err, event)
	}
}

// node is a condition together with its truth, counted without the package.
type node struct {
	symbol   string // "", && or ||
	children []node
	name     string
	value    bool
}

func (n node) truth() bool {
	switch n.symbol {
	case "&&":
		return n.children[0].truth() && n.children[1].truth()
	case "||":
		return n.children[0].truth() || n.children[1].truth()
	}
	return n.value
}

// text writes brackets everywhere, or only where && holds ||.
func (n node) text(everywhere bool) string {
	if n.symbol == "" {
		return fmt.Sprintf(`$.%s = "yes"`, n.name)
	}
	parts := make([]string, 2)
	for i, child := range n.children {
		parts[i] = child.text(everywhere)
		if everywhere || n.symbol == "&&" && child.symbol == "||" {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, " "+n.symbol+" ")
}

func (n node) event(properties map[string]string) {
	if n.symbol == "" {
		properties[n.name] = map[bool]string{true: "yes", false: "no"}[n.value]
	}
	for _, child := range n.children {
		child.event(properties)
	}
}

func drawNode(t *rapid.T, depth int, leaves *int) node {
	if depth == 0 || rapid.Bool().Draw(t, "leaf") {
		*leaves++
		return node{name: fmt.Sprintf("p%d", *leaves), value: rapid.Bool().Draw(t, "value")}
	}
	n := node{symbol: rapid.SampledFrom([]string{"&&", "||"}).Draw(t, "symbol")}
	n.children = []node{drawNode(t, depth-1, leaves), drawNode(t, depth-1, leaves)}
	return n
}

// TestPrecedence: && binds closer than ||, with and without the brackets that this makes superfluous.
func TestPrecedence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := 0
		n := drawNode(t, 4, &leaves)
		properties := map[string]string{}
		n.event(properties)
		var members []string
		for name, value := range properties {
			members = append(members, fmt.Sprintf("%q:%q", name, value))
		}
		event := "{" + strings.Join(members, ",") + "}"
		for _, everywhere := range []bool{true, false} {
			pattern := "{ " + n.text(everywhere) + " }"
			p, err := Parse(pattern)
			if err != nil {
				t.Fatalf("%s: %v", pattern, err)
			}
			if got, err := p.Matches(event); err != nil || got != n.truth() {
				t.Fatalf("%s on %s: %v, %v", pattern, event, got, err)
			}
		}
	})
}

// TestEqualOrNotOrNeither: of = and != exactly one holds for a value, and neither for anything else.
func TestEqualOrNotOrNeither(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		json := rapid.SampledFrom([]string{`"Yes"`, `"No"`, `""`, `1`, `-2.5`, `null`, `true`, `[]`, `["Yes"]`, `{"MFAUsed":"Yes"}`, ``}).Draw(t, "property")
		value := rapid.SampledFrom([]string{`"Yes"`, `Y*`, `*`, `1`, `1e0`, `"*o"`, `%^N%`}).Draw(t, "value")
		event := `{"MFAUsed":` + json + `}`
		if json == "" {
			event = `{}`
		}
		holding := 0
		for _, symbol := range []string{"=", "!="} {
			p, err := Parse(`{ $.MFAUsed ` + symbol + ` ` + value + ` }`)
			if err != nil {
				t.Fatal(err)
			}
			if matched, _ := p.Matches(event); matched {
				holding++
			}
		}
		want := 0
		if json != "" && strings.Contains(`"-0123456789`, json[:1]) {
			want = 1
		}
		if holding != want {
			t.Fatalf("%d of = and != hold for %s and %s, not %d", holding, json, value, want)
		}
	})
}

// TestNothingPanics: whatever is written, Parse answers a pattern or a refusal.
func TestNothingPanics(t *testing.T) {
	parts := []string{"$", ".", "a", "[0]", "[*]", "['x']", "=", "!=", "<", "&&", "||", "(", ")", `"`, `\`, "%", "*", "1e5", " ", "IS", "NULL", "NOT", "EXISTS", "é", "'"}
	rapid.Check(t, func(t *rapid.T) {
		text := "{" + strings.Join(rapid.SliceOf(rapid.SampledFrom(parts)).Draw(t, "parts"), "") + "}"
		if p, err := Parse(text); err == nil {
			_, _ = p.Matches(trailEvent)
		} else if _, refused := err.(*Error); !refused {
			t.Fatalf("%s: %v", text, err)
		}
	})
}
