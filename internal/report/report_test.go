package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/estimate"
	"github.com/seed-8894d46d/account-baseline/internal/controls"
	"github.com/seed-8894d46d/account-baseline/internal/plan"
	"github.com/seed-8894d46d/account-baseline/internal/report"
)

var update = flag.Bool("update", false, "write the files of testdata")

func read(t *testing.T, s *sample) *report.Stack {
	t.Helper()
	stack, err := report.Read(bytes.NewReader(s.json()))
	require.NoError(t, err)
	return stack
}

func write(t *testing.T, s *report.Stack, o report.Options) string {
	t.Helper()
	var page bytes.Buffer
	require.NoError(t, report.Write(&page, s, o))
	return page.String()
}

// TestPageIsAsBefore, but for controls and prices, which have tests of their own: look at the difference, and write the file
// with -update.
func TestPageIsAsBefore(t *testing.T) {
	page := write(t, read(t, small()), report.Options{Date: "1 March 2026"})
	for _, id := range []string{"controls", "cost"} {
		page = regexp.MustCompile(`(?s)(<section id="`+id+`")(.*?)(</section>)`).ReplaceAllString(page, "$1>$3")
	}
	page = regexp.MustCompile(`(?s)(<dl>)(.*?)(</dl>)`).ReplaceAllString(page, "$1$3")
	const path = "testdata/small.html"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(page), 0o644))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.True(t, string(have) == page, "%s is not what the code writes; run `go test ./internal/report -update` and look at the difference", path)
}

// TestPagesForTheBrowser writes the pages into the directory that REPORT_PAGES names, for tests/browser to look at.
func TestPagesForTheBrowser(t *testing.T) {
	directory := os.Getenv("REPORT_PAGES")
	if directory == "" {
		t.Skip("REPORT_PAGES names no directory")
	}
	for name, page := range pages(t) {
		require.NoError(t, os.WriteFile(filepath.Join(directory, name+".html"), []byte(page), 0o644))
	}
}

// element is an element of a page, and what it holds.
type element struct {
	name       string
	attributes map[string]string
	within     []string
	text       string // of it and what is at most three levels below
}

// elements are those of a page, which has to be well-formed.
func elements(t *testing.T, page string) (all []*element) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	var open []*element
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			require.Empty(t, open)
			return all
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				require.NotContains(t, e.attributes, a.Name.Local, "twice in %s", e.name)
				e.attributes[a.Name.Local] = a.Value
			}
			for _, outer := range open {
				e.within = append(e.within, outer.name)
			}
			open, all = append(open, e), append(all, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			for _, inner := range open[max(0, len(open)-4):] {
				inner.text += string(token)
			}
		}
	}
}

var made = map[string]string{}

// pages are one that is not deployed yet, one of all Regions, and one with nothing in it.
func pages(t *testing.T) map[string]string {
	t.Helper()
	if len(made) == 0 {
		made["small"] = write(t, read(t, small()), report.Options{})
		made["wide"] = write(t, read(t, wide()), report.Options{Date: intruder})
		made["empty"] = write(t, read(t, newSample(map[string]any{})), report.Options{})
	}
	return made
}

func TestPageIsWellFormedAndAccessible(t *testing.T) {
	for name, page := range pages(t) {
		t.Run(name, func(t *testing.T) {
			ids, level := map[string]bool{}, 0
			var labels []string
			for _, e := range elements(t, page) {
				if id, given := e.attributes["id"]; given {
					assert.False(t, ids[id], "id %s twice", id)
					ids[id] = true
				}
				labels = append(labels, strings.Fields(e.attributes["aria-labelledby"])...)
				if target, local := strings.CutPrefix(e.attributes["href"], "#"); local {
					labels = append(labels, target)
				}
				switch e.name {
				case "html":
					assert.Equal(t, "en", e.attributes["lang"])
				case "th":
					assert.Contains(t, []string{"col", "row"}, e.attributes["scope"])
					assert.NotEmpty(t, e.text)
				case "svg":
					assert.Equal(t, "img", e.attributes["role"])
					assert.NotEmpty(t, e.attributes["aria-label"]+e.attributes["aria-labelledby"])
				case "h1", "h2", "h3":
					next := int(e.name[1] - '0')
					assert.LessOrEqual(t, next, level+1, "%s leaves out a level", e.text)
					level = next
				}
			}
			for _, label := range labels {
				assert.True(t, ids[label], "nothing has the id %s", label)
			}
		})
	}
}

func TestPageLoadsAndRunsNothing(t *testing.T) {
	for name, page := range pages(t) {
		t.Run(name, func(t *testing.T) {
			for _, e := range elements(t, page) {
				assert.NotContains(t, []string{"script", "link", "img", "image", "iframe", "object", "embed", "base", "form", "use", "video", "audio", "source"}, e.name)
				for attribute, value := range e.attributes {
					assert.False(t, strings.HasPrefix(attribute, "on"), "%s has %s", e.name, attribute)
					if strings.Contains(value, "//") {
						assert.True(t, e.name == "a" && attribute == "href" || attribute == "xmlns", "%s %s=%q", e.name, attribute, value)
					}
				}
				if e.name == "style" {
					assert.NotRegexp(t, `@import|url\(|//`, e.text)
				}
			}
			assert.Contains(t, page, `http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"`)
		})
	}
}

// TestPageEscapesEveryValue: an intruder who can name a resource, tag it or word an output gets no element into the page.
func TestPageEscapesEveryValue(t *testing.T) {
	all := pages(t)
	for _, name := range []string{"small", "wide"} {
		assert.NotContains(t, all[name], "<script")
		assert.Contains(t, all[name], "&lt;script&gt;")
	}
	hostile := newSample(map[string]any{"checklist": []any{intruder, "Click (x): https://a.example/\"onclick=x"}, "blindRegions": []any{intruder}, "xGaps": map[string]any{intruder: intruder}})
	hostile.provider(intruder)
	hostile.config["aws:region"] = intruder
	part := hostile.component(intruder)
	for _, kind := range []string{"aws:sns/topic:Topic", intruder, "aws:cloudwatch/eventRule:EventRule", "aws:notifications/contactsEmailContact:ContactsEmailContact", "aws:sqs/queue:Queue"} {
		hostile.resource(part, kind, intruder, intruder, map[string]any{"name": intruder + "dead-letters", "emailAddress": intruder})
	}
	page := write(t, read(t, hostile), report.Options{})
	assert.NotContains(t, page, "<script")
	for _, e := range elements(t, page) {
		assert.NotContains(t, e.attributes, "onclick")
	}
}

func TestPageHasNoSecret(t *testing.T) {
	for name, page := range pages(t) {
		assert.NotContains(t, page, "B0000", name)
		assert.NotContains(t, page, "hooks.example.com", name)
	}
}

// TestEveryResourceIsCountedOnce in the table of places, in its sums, and by name in the inventory.
func TestEveryResourceIsCountedOnce(t *testing.T) {
	for _, s := range []*sample{small(), wide()} {
		stack := read(t, s)
		page := write(t, stack, report.Options{})
		cells, sums := 0, 0
		named := map[string]int{}
		for _, e := range elements(t, page) {
			switch {
			case e.name == "td" && strings.HasPrefix(e.attributes["class"], "shade"):
				n, err := strconv.Atoi(e.text)
				if err == nil {
					cells += n
				} else {
					assert.Equal(t, "–", e.text)
				}
			case e.name == "td" && e.attributes["class"] == "sum" && slices.Contains(e.within, "tfoot"):
				n, err := strconv.Atoi(e.text)
				require.NoError(t, err)
				sums += n
			case e.name == "li" && slices.Equal(e.within[len(e.within)-3:], []string{"ul", "li", "ul"}):
				named[e.text]++
			}
		}
		assert.Equal(t, len(stack.After), cells)
		assert.Equal(t, len(stack.After), sums)
		want := map[string]int{}
		for _, r := range stack.After {
			want[r.Name+" ("+r.Region+")"]++
		}
		assert.Equal(t, want, named)
	}
}

// TestStackThatIsNotDeployedIsShownAsItWillBe: what a preview cannot know is made up, and changes nothing of the picture.
func TestStackThatIsNotDeployedIsShownAsItWillBe(t *testing.T) {
	section := func(s *sample, id string) string {
		page := write(t, read(t, s), report.Options{})
		return regexp.MustCompile(`(?s)<section id="` + id + `".*?</section>`).FindString(page)
	}
	for _, id := range []string{"places", "alerts", "controls"} {
		before, after := section(small(), id), section(build(map[string]any{}, seventeen[:2], []string{"ops@example.com"}, 1), id)
		assert.NotEmpty(t, before)
		assert.Equal(t, after, before, id)
	}
	page := write(t, read(t, small()), report.Options{})
	assert.Contains(t, page, "Not deployed yet")
	assert.Contains(t, page, "Confirm each mail of AWS Notifications", "steps follow from what is declared")
	assert.Contains(t, page, "Authorise Slack before")
	assert.NotContains(t, page, "Activate the watch")
}

// TestUnknownValuesAreOfWhatTheyDependOn: roles go where a role is wanted, and what is not clear stays unknown.
func TestUnknownValuesAreOfWhatTheyDependOn(t *testing.T) {
	s := newSample(nil)
	s.provider("eu-west-1")
	part := s.component("part")
	urn := func(kind, name string) string {
		return s.resource(part, kind, name, "eu-west-1", map[string]any{"name": "the-" + name})
	}
	role, machine := urn("aws:iam/role:Role", "role"), urn("aws:sfn/stateMachine:StateMachine", "machine")
	one, two := urn("aws:sns/topic:Topic", "one"), urn("aws:sns/topic:Topic", "two")
	queue, bucket := urn("aws:sqs/queue:Queue", "queue"), urn("aws:s3/bucketV2:BucketV2", "bucket")
	s.step(map[string]any{
		"urn": urnPrefix + "x::y", "type": "aws:scheduler/schedule:Schedule", "custom": true, "provider": providerOf("eu-west-1") + "::id",
		"inputs": map[string]any{
			"account": "arn:aws:iam::" + account + ":root", "target": map[string]any{"roleArn": plan.Unknown, "arn": plan.Unknown},
			"topics": []any{plan.Unknown, plan.Unknown}, "three": []any{plan.Unknown, plan.Unknown, plan.Unknown}, "both": []any{plan.Unknown, plan.Unknown, plan.Unknown},
			"queueUrl": plan.Unknown, "bucket": plan.Unknown, "bucketArn": plan.Unknown, "policy": plan.Unknown, "nothing": plan.Unknown,
		},
		"propertyDependencies": map[string]any{
			"target": []any{role, machine}, "topics": []any{two, one}, "three": []any{one, two}, "both": []any{one, queue}, "queueUrl": []any{queue},
			"bucket": []any{bucket}, "bucketArn": []any{bucket, part}, "policy": []any{bucket},
		},
	})
	stack := read(t, s)
	for _, r := range stack.After {
		if r.Name == "y" {
			assert.Equal(t, map[string]any{
				"account":  "arn:aws:iam::" + account + ":root",
				"target":   map[string]any{"roleArn": "arn:aws:iam::" + account + ":role/the-role", "arn": arnOf("states", "eu-west-1", "stateMachine:the-machine")},
				"topics":   []any{arnOf("sns", "eu-west-1", "the-one"), arnOf("sns", "eu-west-1", "the-two")},
				"three":    []any{arnOf("sns", "eu-west-1", "the-one"), arnOf("sns", "eu-west-1", "the-two"), arnOf("sns", "eu-west-1", "the-one")},
				"both":     []any{plan.Unknown, plan.Unknown, plan.Unknown},
				"queueUrl": "https://sqs.eu-west-1.amazonaws.com/" + account + "/the-queue",
				"bucket":   "the-bucket", "bucketArn": "arn:aws:s3:::the-bucket", "policy": plan.Unknown, "nothing": plan.Unknown,
			}, r.Inputs)
			return
		}
	}
	t.Fatal("the resource is gone")
}

func TestAlertsAreFollowedToPeople(t *testing.T) {
	page := write(t, read(t, wide()), report.Options{})
	var description string
	summaries := []string{}
	for _, e := range elements(t, page) {
		switch {
		case e.name == "desc" && e.attributes["id"] == "alerts-wide-text":
			description = e.text
		case e.name == "summary" && slices.Contains(e.within, "section") && strings.Contains(e.text, "→"):
			summaries = append(summaries, e.text)
		}
	}
	assert.Contains(t, description, "9 rules in the home Region eu-west-1 publish to topics.")
	assert.Contains(t, description, "9 rules in us-east-1 forward to it.")
	require.Len(t, summaries, 3)
	for i, want := range []string{
		"critical 2 rules, 1 alarm, 1 budget → mail to b@example.com",
		"warning 3 rules, 1 alarm, 1 budget → ",
		"informational 4 rules, 1 alarm, 1 report → ",
	} {
		assert.True(t, strings.HasPrefix(summaries[i], want), summaries[i])
		assert.Contains(t, summaries[i], fmt.Sprintf("Slack channel C000000%d, webhook", i))
	}
	assert.Contains(t, page, "16 other Regions")
	assert.Contains(t, page, "144 rules forward")
	assert.Contains(t, page, "Rules that lead to no topic: 1.")
	assert.Contains(t, page, "Nobody is told when the path itself is changed.")
}

// TestNobodyHears: a stack whose topics have no channel says so.
func TestNobodyHears(t *testing.T) {
	s := newSample(map[string]any{})
	s.provider("eu-west-1")
	s.resource(s.component("alerts"), "aws:sns/topic:Topic", "alerts-critical", "eu-west-1", map[string]any{"name": "demo-critical"})
	page := write(t, read(t, s), report.Options{})
	assert.Contains(t, page, "no channel is configured")
	assert.Contains(t, page, "→ nobody")
	assert.Contains(t, page, "no queue: it is lost")
}

func TestControlsAreThoseOfTheMap(t *testing.T) {
	stack := read(t, wide())
	page := write(t, stack, report.Options{})
	count := map[controls.Status]int{}
	for _, v := range controls.Judge(stack.After) {
		if len(v.CIS5) > 0 {
			count[v.Status]++
		}
	}
	assert.Regexp(t, fmt.Sprintf(`(?s)v5\.0\.0.*?aria-label="\d+ controls: %d satisfied, %d detected, %d by hand, %d not covered"`,
		count[controls.Satisfied], count[controls.Detected], count[controls.ByHand], count[controls.NotCovered]), page)
	for _, v := range controls.Judge(stack.After) {
		title := regexp.QuoteMeta(strings.NewReplacer("'", "&#39;", "&", "&amp;", "\"", "&#34;").Replace(v.Title))
		assert.Regexp(t, title, page)
	}
}

// TestCostIsTheEstimate at the volumes of the settings, of the profile, or of the option.
func TestCostIsTheEstimate(t *testing.T) {
	dollars := func(stack *report.Stack, preset string, free bool, volumes map[string]float64) string {
		v, err := estimate.Presets()[preset].With(volumes)
		require.NoError(t, err)
		return fmt.Sprintf("$%.2f</b> a month", estimate.Monthly(stack.After, v, estimate.Options{Home: "eu-west-1", WithoutFreeTier: !free}).Monthly())
	}
	first, deployed := read(t, small()), read(t, wide())
	assert.Contains(t, write(t, first, report.Options{}), dollars(first, "quiet", true, nil))
	assert.Contains(t, write(t, deployed, report.Options{}), dollars(deployed, "busy", false, map[string]float64{"alerts": 7}))
	assert.Contains(t, write(t, deployed, report.Options{Preset: "team"}), dollars(deployed, "team", false, map[string]float64{"alerts": 7}))

	changed := wide()
	changed.config["demo:estimate"] = `{"preset":"quiet","freeTier":true}`
	stack := read(t, changed)
	assert.Contains(t, write(t, stack, report.Options{}), dollars(stack, "quiet", true, nil))

	err := report.Write(io.Discard, read(t, small()), report.Options{Preset: "huge"})
	assert.EqualError(t, err, `there is no preset "huge" of volumes; there are quiet, team, busy`)
}

func TestGapsAndSteps(t *testing.T) {
	page := write(t, read(t, wide()), report.Options{})
	for _, want := range []string{
		"Enable MFA for the root user <a href=\"https://docs.aws.amazon.com/mfa.html\">how</a>", "critical: ops@example.com", "eu-west-1: a gap", "<h3>The alert path</h3>", "<h3>Other</h3>",
	} {
		assert.Contains(t, page, want)
	}
	assert.NotContains(t, page, "Regions whose events", "an empty list is no gap")
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"Previewing update": "this is not what `pulumi preview --json --show-sames` prints",
		`{"steps":[]}`:      "the preview has no stack",
		`{"diagnostics":[{"severity":"error","message":"no"}]}`: "the preview failed: no",
	} {
		_, err := report.Read(strings.NewReader(text))
		assert.ErrorContains(t, err, want)
	}
}

// TestTypesAreThoseOfTheProvider: a resource type that does not exist would be looked for in vain, and the report would say
// that there is none of it.
func TestTypesAreThoseOfTheProvider(t *testing.T) {
	text, err := os.ReadFile("../awssim/schema.json")
	require.NoError(t, err)
	var schema struct{ Types map[string]any }
	require.NoError(t, json.Unmarshal(text, &schema))
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, literal := range regexp.MustCompile(`"(aws:[A-Za-z0-9]+/[A-Za-z0-9]+:[A-Za-z0-9]+)"`).FindAllStringSubmatch(string(source), -1) {
			assert.Contains(t, schema.Types, literal[1], file)
			found++
		}
	}
	assert.Greater(t, found, 20)
}

// TestTheWatchIsSeen: who is told when the alert path itself is changed, and what they have to do.
func TestTheWatchIsSeen(t *testing.T) {
	watched := small()
	watched.resource(watched.component("alerts"), "aws:notifications/contactsEmailContact:ContactsEmailContact", "alerts-watch-0", "eu-west-1",
		map[string]any{"name": "demo-watch-0", "emailAddress": "watch@example.com"})
	page := write(t, read(t, watched), report.Options{})
	assert.Contains(t, page, "The path itself is watched on another one, which mails watch@example.com.")
	assert.Contains(t, page, "Activate the watch")
	watched.config["demo:checklist"] = `{"done":["activateWatchContacts"]}`
	page = write(t, read(t, watched), report.Options{})
	assert.NotContains(t, page, "Activate the watch", "a step that the settings say is done")
}
