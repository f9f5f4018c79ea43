package engine_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/backend/display"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// webhookWords are what nobody may read: the URL, and the part of it that is the secret.
var webhookWords = []string{webhookURL, strings.TrimPrefix(webhookURL, "https://"), "correcthorsebatterystaple"}

func TestTheWebhookURLIsNowhereInPlain(t *testing.T) {
	t.Parallel()
	stack := engine.New(t, engine.Options{Settings: team(alerts(Settings{"webhook": Settings{"url": engine.Secret(webhookURL)}}))})
	unseen := func(operation string, r engine.Result) {
		t.Helper()
		requireDone(t, r)
		var shown strings.Builder
		for _, event := range r.Events {
			visible, err := display.ConvertEngineEvent(event, false)
			require.NoError(t, err)
			text, err := json.Marshal(visible)
			require.NoError(t, err)
			shown.Write(text)
		}
		fmt.Fprint(&shown, r.Diagnostics, r.Outputs)
		requireWithout(t, operation, shown.String())
		state, err := json.Marshal(stack.State())
		require.NoError(t, err)
		requireWithout(t, "the state after "+operation, string(state))
	}
	unseen("preview", stack.Preview())
	unseen("up", stack.Up())
	require.Contains(t, string(stack.AccountContent()), webhookURL, "the webhook is in use")
	unseen("refresh", stack.Refresh())
	unseen("up without changes", stack.Up())
	stack.Change(alerts(Settings{"webhook": Settings{"url": engine.Secret(otherWebhookURL)}}))
	unseen("preview of a change", stack.Preview())
	unseen("up of a change", stack.Up())
	unseen("destroy", stack.Destroy(true))
}

// An error about the URL does not quote it.
func TestAWrongWebhookURLIsNotShownEither(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{strings.Replace(webhookURL, "https:", "http:", 1), "correcthorsebatterystaple"} {
		stack := engine.New(t, engine.Options{Settings: team(alerts(Settings{"webhook": Settings{"url": engine.Secret(wrong)}}))})
		for _, r := range []engine.Result{stack.Preview(), stack.Up()} {
			require.Error(t, r.Err)
			require.Contains(t, describe(r), "alerts.webhook.url")
			requireWithout(t, "the error", fmt.Sprint(r.Diagnostics, r.Err))
		}
		require.Empty(t, stack.Remains())
	}
}

func requireWithout(t *testing.T, where, text string) {
	t.Helper()
	for _, word := range webhookWords {
		require.False(t, strings.Contains(text, word), "%s shows %q", where, word)
	}
}
