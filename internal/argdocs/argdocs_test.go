package argdocs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	components = "../../components"
	docs       = "../../docs"
)

// TestPagesAreFresh: the tables in docs are those of the Go comments.
func TestPagesAreFresh(t *testing.T) {
	pages, err := Render(components, docs)
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for path, want := range pages {
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		if string(got) != want {
			t.Errorf("%s is stale; run make docs", filepath.Base(path))
		}
	}
}

// TestEveryArgsHasATable: whatever a program can give to a component is explained on a page.
func TestEveryArgsHasATable(t *testing.T) {
	pages, err := Render(components, docs)
	require.NoError(t, err)
	s, err := load(components)
	require.NoError(t, err)
	places := placesIn(pages)
	found := 0
	for name := range s.structs {
		if strings.HasSuffix(name, "Args") {
			found++
			assert.Contains(t, places, name)
		}
	}
	assert.Greater(t, found, 30)
}

const hub = `package hub

import "github.com/seed-8894d46d/account-baseline/components/other"

// Level says how loud it is.
type Level string

// The levels.
const (
	Loud  Level = "loud"
	Quiet Level = "quiet"

	hidden Level = "hidden"
)

// HubArgs are the arguments of NewHub.
type HubArgs struct {
	// Emails are the addresses, at most 10 | or * none. Default: none.
	Emails []string

	// Level tells how loud it is; see SlackArgs. A change
	// replaces it. Default: Loud.
	Level Level

	// Further levels. Default: none.
	Further []Level

	// Slack is the channel (https://docs.aws.amazon.com/a/b.html). Default: none, and v5.0.0 stays; nobody is told. It has MixedCase.
	Slack map[string]*SlackArgs

	Name, Title string // of the hub. Required: 3 to 5 letters.

	// Other is another. Default: nil.
	Other *other.Other

	hidden int
}

// SlackArgs name a channel.
type SlackArgs struct {
	// ID of the channel. Required.
	ID string
}
`

const other = `package other

// OtherArgs are others.
type OtherArgs struct {
	// Name of it. Default: false.
	Name bool
}

// Other is made of OtherArgs.
type Other struct{}
`

const page = `# Hub

## The ` + "`Arguments`" + ` of it

<!-- arguments: hub.HubArgs -->
old
<!-- /arguments -->

Between.

### SlackArgs

<!-- arguments: hub.SlackArgs -->
<!-- /arguments -->
`

const otherPage = "# Other\n\n<!-- arguments: other.OtherArgs -->\n<!-- /arguments -->\n"

func sourceOf(t *testing.T, hub string) *source {
	t.Helper()
	root := t.TempDir()
	for path, text := range map[string]string{"hub/args.go": hub, "other/other.go": other, "hub/args_test.go": "not Go", "hub/internal/x.go": "not Go"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, path)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, path), []byte(text), 0o644))
	}
	s, err := load(root)
	require.NoError(t, err)
	return s
}

func TestRender(t *testing.T) {
	pages, err := sourceOf(t, hub).render(map[string]string{"docs/hub.md": page, "docs/other.md": otherPage})
	require.NoError(t, err)
	assert.Equal(t, `# Hub

## The `+"`Arguments`"+` of it

<!-- arguments: hub.HubArgs -->
`+"`HubArgs` are the arguments of NewHub."+`

| field | type | default | meaning and limits |
|---|---|---|---|
`+"| `Emails` | `[]string` | none | the addresses, at most 10 \\| or \\* none |\n"+
		"| `Level` | `Level`: `Loud`, `Quiet` | `Loud` | tells how loud it is; see `SlackArgs`. A change replaces it. |\n"+
		"| `Further` | `[]Level` | none | Further levels |\n"+
		"| `Slack` | [`map[string]*SlackArgs`](#slackargs) | none, and v5.0.0 stays; nobody is told | the channel ([AWS](https://docs.aws.amazon.com/a/b.html)). It has MixedCase. |\n"+
		"| `Name`, `Title` | `string` | required | of the hub. 3 to 5 letters. |\n"+
		"| `Other` | [`*other.Other`](other.md) | nil | another |\n"+`<!-- /arguments -->

Between.

### SlackArgs

<!-- arguments: hub.SlackArgs -->
`+"`SlackArgs` name a channel.\n\n| field | type | default | meaning and limits |\n|---|---|---|---|\n"+
		"| `ID` | `string` | required | ID of the channel |\n"+`<!-- /arguments -->
`, pages["docs/hub.md"])

	again, err := sourceOf(t, hub).render(pages)
	require.NoError(t, err)
	assert.Equal(t, pages, again, "rendering twice changes nothing")
}

func TestRenderRefuses(t *testing.T) {
	for name, c := range map[string]struct{ hub, page, want string }{
		"unknown type": {hub, strings.Replace(page, "hub.SlackArgs", "hub.SlackArg", 1),
			"docs/hub.md: there is no struct hub.SlackArg below components; of its package there are: hub.HubArgs, hub.SlackArgs"},
		"no default": {strings.Replace(hub, " Default: Loud.", "", 1), page,
			`components/hub/args.go: HubArgs.Level: its comment says neither "Default: …" nor "Required."`},
		"no meaning": {strings.Replace(hub, "Emails are the addresses, at most 10 | or * none. ", "", 1), page,
			"components/hub/args.go: HubArgs.Emails: its comment says nothing about its meaning"},
		"no table": {hub, page[:strings.Index(page, "### SlackArgs")],
			"components/hub/args.go: HubArgs.Slack: the type hub.SlackArgs has no table; add <!-- arguments: hub.SlackArgs --> and <!-- /arguments --> to a page"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sourceOf(t, c.hub).render(map[string]string{"docs/hub.md": c.page})
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestWithoutName(t *testing.T) {
	for _, c := range []struct {
		sentence, want string
		names          []string
	}{
		{"Emails are the addresses.", "the addresses.", []string{"Emails"}},
		{"Alerts tells people.", "tells people.", []string{"Alerts"}},
		{"Name of the rule.", "Name of the rule.", []string{"Name"}},
		{"Regions in which it works.", "Regions in which it works.", []string{"Regions"}},
		{"Equals are, by field, values.", "by field, values.", []string{"Equals"}},
		{"A and B leave it out.", "leave it out.", []string{"A", "B"}},
		{"A, B and C let it be.", "let it be.", []string{"A", "B", "C"}},
		{"of the archive.", "of the archive.", []string{"Trail"}},
	} {
		assert.Equal(t, c.want, withoutName(c.sentence, c.names))
	}
}

func TestSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"One, at https://a.b/c.html. Two v5.0.0 and ONE. Three": {"One, at https://a.b/c.html.", "Two v5.0.0 and ONE.", "Three"},
		"Letters, and + = , . @ _ -. A change replaces it.":     {"Letters, and + = , . @ _ -.", "A change replaces it."},
		"One.": {"One."},
	} {
		assert.Equal(t, want, sentences(text))
	}
}
