package tests

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIndexListsEveryPage: a page that the index does not name is found by nobody.
func TestIndexListsEveryPage(t *testing.T) {
	index := read(t, "../docs/index.md")
	pages, err := os.ReadDir("../docs")
	require.NoError(t, err)
	for _, page := range pages {
		if strings.HasSuffix(page.Name(), ".md") && page.Name() != "index.md" {
			assert.Contains(t, index, "("+page.Name()+")", "docs/index.md does not list docs/%s", page.Name())
		}
	}
	for _, readme := range []string{"../README.md", "../README.ja.md"} {
		assert.Contains(t, read(t, readme), "(docs/index.md)", readme)
	}
}
