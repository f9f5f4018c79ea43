package tests

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// maxExampleLines is how long the README's complete program may be.
const maxExampleLines = 25

func TestReadmesShowTheExampleThatCompiles(t *testing.T) {
	example := read(t, "../examples/securetrail/main.go")
	assert.LessOrEqual(t, strings.Count(example, "\n"), maxExampleLines)
	for _, readme := range []string{"../README.md", "../README.ja.md"} {
		assert.Contains(t, read(t, readme), "```go\n"+example+"```", readme)
	}
}

var (
	tableRow    = regexp.MustCompile(`(?m)^\|.*\|$`)
	listItem    = regexp.MustCompile(`(?m)^\d+\. `)
	shellWords  = regexp.MustCompile(` +#[^\n]*`) // a comment in a command
	anyRegion   = regexp.MustCompile(`\b(eu-central-1|ap-northeast-1)\b`)
	bigNumber   = regexp.MustCompile(`\d[\d,]*\d`)
	codeSpan    = regexp.MustCompile("`[^`\n]+`")
	headingLine = regexp.MustCompile(`(?m)^(#+) .*$`)
)

// part is what a translation must not lose of a section.
type part struct {
	Level               string
	Blocks              []string // of code, without comments, Regions aside
	Links, Code, Number []string // of prose, sorted: another language has another order
	Rows, Items         int
}

func partsOf(readme string) (parts []part) {
	at := headingLine.FindAllStringSubmatchIndex(fenced.ReplaceAllStringFunc(readme, func(block string) string {
		return strings.ReplaceAll(block, "\n#", "\n ") // a comment is no heading
	}), -1)
	for i, h := range at {
		end := len(readme)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		p := part{Level: readme[h[2]:h[3]]}
		text := readme[h[1]:end]
		for _, block := range fenced.FindAllStringSubmatch(text, -1) {
			p.Blocks = append(p.Blocks, anyRegion.ReplaceAllString(shellWords.ReplaceAllString(block[2], ""), "REGION"))
		}
		text = fenced.ReplaceAllString(text, "")
		for _, l := range link.FindAllStringSubmatch(text, -1) {
			p.Links = append(p.Links, l[1])
		}
		p.Code = codeSpan.FindAllString(text, -1)
		p.Number = bigNumber.FindAllString(text, -1)
		p.Rows = len(tableRow.FindAllString(text, -1))
		p.Items = len(listItem.FindAllString(text, -1))
		for _, list := range [][]string{p.Links, p.Code, p.Number} {
			slices.Sort(list)
		}
		parts = append(parts, p)
	}
	return parts
}

// TestReadmesSayTheSame compares, section by section, what a translation must not lose: commands, code, links, names, numbers, the rows
// of tables and the steps of lists. Only the link to the other language differs.
func TestReadmesSayTheSame(t *testing.T) {
	english, japanese := partsOf(strings.Replace(read(t, "../README.md"), "(README.ja.md)", "(README.md)", 1)), partsOf(read(t, "../README.ja.md"))
	english[0].Links = slices.DeleteFunc(english[0].Links, isReadme)
	japanese[0].Links = slices.DeleteFunc(japanese[0].Links, isReadme)
	require.Len(t, japanese, len(english))
	require.Greater(t, len(english), 6)
	for i := range english {
		// Each language mentions a name as often as its sentences need.
		for _, p := range []*part{&english[i], &japanese[i]} {
			p.Code = slices.Compact(p.Code)
		}
		assert.Equal(t, english[i], japanese[i], "section %d", i)
	}
}

func isReadme(link string) bool { return strings.HasPrefix(link, "README") }

// TestReadmesCostWhatThePageSays: the figures are those of docs/costs.md, in whole dollars; with UPDATE_READMES set it writes them, as make
// docs does.
func TestReadmesCostWhatThePageSays(t *testing.T) {
	page := read(t, "../docs/costs.md")
	quiet, team := map[string]string{}, map[string]string{} // by profile and number of Regions
	for _, row := range regexp.MustCompile(`(?m)^\| (\w+ \| \d+) \| \$([\d.]+) \| \$[\d.]+ \| \$([\d.]+) \|`).FindAllStringSubmatch(page, -1) {
		quiet[row[1]], team[row[1]] = dollars(t, row[2]), dollars(t, row[3])
	}
	require.Len(t, quiet, 6)
	volumes := regexp.MustCompile("(?m)^\\| `managementEvents` \\|[^|]+\\| (\\d+) \\| (\\d+) \\|").FindStringSubmatch(page)
	require.NotNil(t, volumes)
	figures := regexp.MustCompile("(?m)^\\| `(starter|standard|strict)` \\| \\d+ \\| \\d+ \\| \\d+ \\|")
	for _, readme := range []string{"../README.md", "../README.ja.md"} {
		have := read(t, readme)
		require.Len(t, figures.FindAllString(have, -1), 3, readme)
		want := figures.ReplaceAllStringFunc(have, func(row string) string {
			profile := figures.FindStringSubmatch(row)[1]
			return fmt.Sprintf("| `%s` | %s | %s | %s |", profile, quiet[profile+" | 2"], quiet[profile+" | 17"], team[profile+" | 2"])
		})
		if os.Getenv("UPDATE_READMES") != "" {
			require.NoError(t, os.WriteFile(readme, []byte(want), 0o644))
		} else if have != want {
			t.Errorf("%s does not cost what docs/costs.md says; run make docs", readme)
		}
		for _, volume := range volumes[1:] {
			assert.True(t, strings.Contains(strings.ReplaceAll(have, ",", ""), volume), "%s does not say that an account makes %s calls", readme, volume)
		}
	}
}

// dollars are an amount without its cents.
func dollars(t *testing.T, amount string) string {
	t.Helper()
	value, err := strconv.ParseFloat(amount, 64)
	require.NoError(t, err)
	return strconv.Itoa(int(math.Round(value)))
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}
