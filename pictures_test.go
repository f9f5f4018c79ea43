package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/declared"
	"github.com/seed-8894d46d/account-baseline/internal/report"
)

// TestPicturesAreUpToDate: the pictures are drawn from what the program declares with the profile standard in two Regions;
// with UPDATE_PICTURES set it writes them, as make pictures does.
func TestPicturesAreUpToDate(t *testing.T) {
	architecture, err := report.Architecture(declaredBy(t, "standard"))
	require.NoError(t, err)
	path := report.AlertPath(declaredWithEveryChannel(t), "ap-northeast-1")
	for file, want := range map[string]string{"docs/architecture.svg": architecture.File() + "\n", "docs/alert-path.svg": path.File() + "\n"} {
		wellFormed(t, want)
		if os.Getenv("UPDATE_PICTURES") != "" {
			require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
		}
		have, err := os.ReadFile(file)
		require.NoError(t, err)
		if string(have) != want {
			t.Errorf("%s is not what the code declares; draw it with make pictures", file)
		}
	}
}

// declaredWithEveryChannel is what the profile standard declares in two Regions, with mail, Slack and a webhook.
func declaredWithEveryChannel(t *testing.T) []declared.Resource {
	t.Helper()
	return declaredWith(t, map[string]string{"alerts": `{"emails":["security@example.com"],"webhook":{"url":"https://hooks.example.com/x"},
		"slack":{"workspaceId":"T0123ABCDEF","channelId":"C0123ABCDEF"}}`})
}

// TestEveryProfileFitsThePicture: no resource of any profile is left out of the architecture.
func TestEveryProfileFitsThePicture(t *testing.T) {
	for _, profile := range profileNames {
		_, err := report.Architecture(declaredBy(t, profile))
		require.NoError(t, err, profile)
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else {
			require.NoError(t, err)
		}
	}
}

// TestRulesSayWhatTheyAreFor: in words that hold for every event, as they stand in the console and in the report.
func TestRulesSayWhatTheyAreFor(t *testing.T) {
	for _, profile := range profileNames {
		for _, r := range declaredBy(t, profile) {
			if r.Type != "aws:cloudwatch/eventRule:EventRule" {
				continue
			}
			description, _ := r.Inputs["description"].(string)
			assert.NotContains(t, description, "{", r.Name)
			assert.Contains(t, description, " ", r.Name)
		}
	}
}
