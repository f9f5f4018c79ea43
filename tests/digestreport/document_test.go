package digestreport

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocumentShowsTheMessage: what the document shows is what people read.
func TestDocumentShowsTheMessage(t *testing.T) {
	shown := regexp.MustCompile("(?s)<!-- busy week -->\n```\n(.*?)```\n<!-- end of busy week -->")
	path := filepath.Join("..", "..", "docs", "digest.md")
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	recorded, err := os.ReadFile(filepath.Join("testdata", "busy-week.txt"))
	require.NoError(t, err)
	mail, _, found := strings.Cut(string(recorded), "\n--- Slack ---")
	require.True(t, found)
	want := "<!-- busy week -->\n```\n" + mail + "```\n<!-- end of busy week -->"
	if *update {
		page = []byte(strings.Replace(string(page), shown.FindString(string(page)), want, 1))
		require.NoError(t, os.WriteFile(path, page, 0o644))
	}
	assert.Contains(t, string(page), want)
}
