package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// preview is what `pulumi preview --json --show-sames` prints about one topic that goes and one that comes.
func preview(account string) string {
	const stack = "urn:pulumi:dev::account-baseline::pulumi:pulumi:Stack::account-baseline-dev"
	const provider = "urn:pulumi:dev::account-baseline::pulumi:providers:aws::home"
	topic := func(name string) map[string]any {
		return map[string]any{
			"urn": "urn:pulumi:dev::account-baseline::aws:sns/topic:Topic::" + name, "type": "aws:sns/topic:Topic", "custom": true, "parent": stack,
			"provider": provider + "::id", "inputs": map[string]any{"name": "account-baseline-dev-" + name, "policy": "arn:aws:iam::" + account + ":root"},
		}
	}
	same := func(urn, token string, inputs map[string]any) map[string]any {
		state := map[string]any{"urn": urn, "type": token, "custom": true, "inputs": inputs}
		return map[string]any{"op": "same", "urn": urn, "oldState": state, "newState": state}
	}
	queue := topic("queue")
	queue["urn"], queue["type"] = "urn:pulumi:dev::account-baseline::aws:sqs/queue:Queue::old", "aws:sqs/queue:Queue"
	text, err := json.Marshal(map[string]any{"steps": []any{
		same(stack, "pulumi:pulumi:Stack", nil), same(provider, "pulumi:providers:aws", map[string]any{"region": "us-east-1"}),
		map[string]any{"op": "delete", "oldState": queue}, map[string]any{"op": "create", "newState": topic("new")},
	}, "changeSummary": map[string]int{"same": 2, "delete": 1, "create": 1}})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func printed(t *testing.T, input string, arguments ...string) (policies, string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	require.NoError(t, run(arguments, strings.NewReader(input), &stdout, &stderr))
	var all policies
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &all))
	return all, stdout.String()
}

func TestWhatGoesAndWhatComesMayBothBeChanged(t *testing.T) {
	all, _ := printed(t, preview("123456789012"))
	alerts := string(all.Deploy["alerts"])
	for _, part := range []string{"sns:CreateTopic", "sqs:DeleteQueue", ":123456789012:account-baseline-dev-*", `"us-east-1"`} {
		require.Contains(t, alerts, part)
	}
	require.NotContains(t, string(all.Preview["alerts"]), "sqs:DeleteQueue")
	require.Contains(t, string(all.Boundary), "iam:CreateUser")
}

func TestSeveralPreviewsAreTakenTogether(t *testing.T) {
	one, _ := printed(t, preview("123456789012"))
	two, _ := printed(t, preview("123456789012")+"\n"+preview("123456789012"))
	require.Equal(t, one, two)
}

func TestFlags(t *testing.T) {
	const role = "arn:aws:iam::123456789012:role/deploy/x"
	_, text := printed(t, preview("123456789012"), "-role", role, "-state-bucket", "example-state", "-prefix", "acme-", "-account", "210987654321")
	for _, part := range []string{role, "arn:aws:s3:::example-state/*", ":210987654321:account-baseline-dev-new"} {
		require.Contains(t, text, part)
	}
}

func TestFiles(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "policies")
	require.NoError(t, run([]string{"-dir", directory}, strings.NewReader(preview("123456789012")), &bytes.Buffer{}, &bytes.Buffer{}))
	entries, err := os.ReadDir(directory)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	require.Equal(t, []string{"boundary.json", "deploy-account.json", "deploy-alerts.json", "preview-account.json", "preview-alerts.json"}, names)
}

func TestRefusals(t *testing.T) {
	for name, row := range map[string]struct {
		input     string
		arguments []string
		message   string
	}{
		"nothing":      {"", nil, "pulumi preview --json --show-sames"},
		"text":         {"Previewing update", nil, "pulumi preview --json --show-sames"},
		"argument":     {preview("123456789012"), []string{"x"}, "no arguments beside flags"},
		"two accounts": {preview("123456789012") + preview("210987654321"), nil, "names 2 accounts (123456789012, 210987654321): say which one it is by -account"},
		"no account":   {preview("nobody"), nil, "names 0 accounts"},
		"bad account":  {preview("123456789012"), []string{"-account", "1"}, "field AccountID"},
	} {
		err := run(row.arguments, strings.NewReader(row.input), &bytes.Buffer{}, &bytes.Buffer{})
		require.ErrorContains(t, err, row.message, name)
	}
}
