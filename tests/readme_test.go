package tests

import (
	"os"
	"regexp"
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

// TestReadmesSayTheSame compares what a translation must not lose: commands and settings.
func TestReadmesSayTheSame(t *testing.T) {
	settings := regexp.MustCompile("(?m)^\\| `[^|]+\\|")
	targets := regexp.MustCompile(`(?m)^\$ (make|go run) .*$`)
	for _, pattern := range []*regexp.Regexp{settings, targets} {
		english, japanese := pattern.FindAllString(read(t, "../README.md"), -1), pattern.FindAllString(read(t, "../README.ja.md"), -1)
		assert.NotEmpty(t, english)
		assert.Equal(t, english, japanese)
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}
