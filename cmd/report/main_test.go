package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const preview = `{"steps": [
 {"op":"create","newState":{"urn":"urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev","type":"pulumi:pulumi:Stack"}},
 {"op":"create","newState":{"urn":"urn:pulumi:dev::demo::aws:kms/key:Key::key","type":"aws:kms/key:Key","custom":true,"inputs":{}}}
], "changeSummary":{"create":2}}`

func TestRun(t *testing.T) {
	var page bytes.Buffer
	require.NoError(t, run([]string{"-preset", "busy"}, strings.NewReader(preview), &page, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)))
	for _, want := range []string{"<!DOCTYPE html>", "1 March 2026", "preset <b>busy</b>", "<code>aws:kms/key:Key</code>"} {
		assert.Contains(t, page.String(), want)
	}
}

func TestRunRefuses(t *testing.T) {
	for _, tt := range []struct {
		arguments []string
		stdin     string
		want      string
	}{
		{[]string{"preview.json"}, preview, `there are no arguments beside flags, not ["preview.json"]`},
		{[]string{"-preset", "huge"}, preview, `there is no preset "huge" of volumes; there are quiet, team, busy`},
		{nil, "", "this is not what `pulumi preview --json --show-sames` prints"},
	} {
		var page bytes.Buffer
		assert.ErrorContains(t, run(tt.arguments, strings.NewReader(tt.stdin), &page, time.Now()), tt.want)
		assert.Empty(t, page.String())
	}
}
