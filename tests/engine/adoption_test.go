package engine_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// adoption is the output that says how to adopt what a destroy keeps, as settings.
func adoption(t *testing.T, up engine.Result) Settings {
	t.Helper()
	output := up.Outputs["adoption"]
	require.True(t, output.IsString(), "the output adoption is %v", output)
	text := strings.ReplaceAll(output.StringValue(), "account-baseline:", "")
	var settings struct {
		Archive struct{ Adopt map[string]string }
	}
	require.NoError(t, yaml.Unmarshal([]byte(text), &settings), "%s", text)
	adopt := Settings{}
	for key, value := range settings.Archive.Adopt {
		adopt[key] = value
	}
	return Settings{"archive": Settings{"adopt": adopt}}
}

func TestWhatADestroyKeepsIsAdopted(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			stack := engine.New(t, engine.Options{Settings: team(Settings{"profile": profile})})
			up := stack.Up()
			requireDone(t, up)
			deliver(t, stack)
			adopt := adoption(t, up)
			requireDone(t, stack.Destroy(true))
			kept := treasureOf(t, stack)
			stack.Forget()

			stack.Change(adopt)
			preview := stack.Preview()
			requireDone(t, preview)
			requireHarmless(t, preview, nil)
			up = stack.Up()
			requireDone(t, up)
			requireHarmless(t, up, nil)
			requireSamePlan(t, preview, up)

			imported := 0
			for _, step := range up.Changes() {
				switch {
				case step.Op == deploy.OpImport:
					imported++
				case step.Type == "aws:s3/bucketV2:BucketV2" && strings.HasPrefix(step.Name, "archive-"), step.Name == "archive-key":
					require.Fail(t, "not imported", "%s", step)
				}
			}
			require.Equal(t, len(adopt["archive"].(Settings)["adopt"].(Settings)), imported)
			require.Empty(t, kept.lost(treasureOf(t, stack)))
			require.Equal(t, adopt, adoption(t, up), "the stack goes on saying how it is adopted")

			requireUnchanged(t, stack.Up())
			requireUnchanged(t, stack.Refresh())
			deliver(t, stack)

			// Once adopted, the buckets are the stack's like any other: the settings may stay or go.
			stack.Change(Settings{"archive": Settings{"adopt": nil}})
			requireUnchanged(t, stack.Up())
		})
	}
}
