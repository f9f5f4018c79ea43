package billreport

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPageShowsTheReport: the documentation has the message as people get it.
func TestPageShowsTheReport(t *testing.T) {
	page, err := os.ReadFile("../../docs/billingguard.md")
	require.NoError(t, err)
	message, err := os.ReadFile(filepath.Join("testdata", "normal-week.txt"))
	require.NoError(t, err)
	mail, _, _ := strings.Cut(string(message), "\n\n--- Slack ---")
	assert.Contains(t, string(page), "```\n"+mail+"\n```")
	message, err = os.ReadFile(filepath.Join("testdata", "first-of-month.txt"))
	require.NoError(t, err)
	_, slack, _ := strings.Cut(string(message), "--- Slack ---\n")
	assert.Contains(t, string(page), "````\n"+slack+"````")
}
