package engine_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// recovery is what docs/recovery.md says about creations of which the state does not know.
type recovery struct {
	refused map[string]string // what AWS says to the second creation, by type
	doubled map[string]string // where in the account the first one stays behind, as a prefix, by type
}

var (
	refusedRow = regexp.MustCompile("(?m)^\\| `(aws:[^`]+)` \\| `([^`]+)` \\|")
	doubledRow = regexp.MustCompile("(?m)^\\| `(aws:[^`]+)` \\| ([^`|]+) \\|")
	// left are the tables of the simulated account in which a second thing of a type stands.
	left = map[string]string{
		"aws:athena/namedQuery:NamedQuery":                          "Athena.Queries.",
		"aws:costexplorer/anomalySubscription:AnomalySubscription":  "CostExplorer.Subscriptions.",
		"aws:guardduty/publishingDestination:PublishingDestination": "GuardDuty.Detectors.",
		"aws:kms/alias:Alias":                                       "KMS.Aliases.",
		"aws:kms/key:Key":                                           "KMS.Keys.",
	}
)

func readRecovery(t *testing.T) recovery {
	t.Helper()
	page, err := os.ReadFile("../../docs/recovery.md")
	require.NoError(t, err)
	r := recovery{map[string]string{}, map[string]string{}}
	for _, row := range refusedRow.FindAllStringSubmatch(string(page), -1) {
		r.refused[row[1]] = row[2]
	}
	for _, row := range doubledRow.FindAllStringSubmatch(string(page), -1) {
		require.Contains(t, left, row[1], "the test does not know where a second one of the type stands")
		r.doubled[row[1]] = left[row[1]]
	}
	require.NotEmpty(t, r.refused)
	require.NotEmpty(t, r.doubled)
	return r
}

// repair deploys until it succeeds, as the page says: what AWS refuses because it exists is imported by its id. It
// returns the URNs that were refused.
func (page recovery) repair(t *testing.T, rough, calm *engine.Stack, idOf func(urn string) string) (refused []string) {
	t.Helper()
	for range 100 {
		up := rough.Up()
		if up.Err == nil {
			return refused
		}
		refusals, expected := refusalsOf(up)
		require.NotZero(t, expected+len(refusals), "%s", describe(up))
		var imports []deploy.Import
		for _, refusal := range refusals {
			urn, id := string(refusal.URN), idOf(string(refusal.URN))
			require.NotEmpty(t, id, "nothing of the kind was made: %s", refusal)
			require.NotContains(t, refused, urn, "it is refused again after its import")
			said := page.refused[string(refusal.URN.Type())]
			require.NotEmpty(t, said, "docs/recovery.md does not say that AWS answers %s", refusal)
			require.Contains(t, refusal.Message, said)
			refused = append(refused, urn)
			imports = append(imports, importOf(calm, urn, id))
		}
		if len(imports) > 0 {
			requireDone(t, rough.Import(imports...))
		}
	}
	require.Fail(t, "the stack does not converge")
	return nil
}

// requireNothingElse fails when the stacks differ by anything but what the page says to be left behind, and returns how
// many things that is.
func (page recovery) requireNothingElse(t *testing.T, calm, rough *engine.Stack) (count int) {
	t.Helper()
	for _, place := range engine.DifferentStacks(t, calm, rough) {
		known := false
		for _, prefix := range page.doubled {
			// Where nothing else is left of a service, the service is the place.
			known = known || strings.HasPrefix(place, prefix) || strings.HasPrefix(prefix, place+".")
		}
		require.True(t, known, "docs/recovery.md does not say that %s stays behind", place)
		count++
	}
	return count
}

// TestAnswersToCreationsAreLost loses the answer to every creation: AWS has made the thing, and the state does not know.
func TestAnswersToCreationsAreLost(t *testing.T) {
	t.Parallel()
	page := readRecovery(t)
	for _, profile := range profiles {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			if profile == "standard" && !long {
				t.Skip("strict has its resources; ENGINE_LONG=1 runs it")
			}
			settings := team(Settings{"profile": profile, "regions": swept()})
			calm := deployed(t, engine.Options{Settings: settings})
			m := &mishaps{}
			rough := engine.New(t, engine.Options{Settings: settings, Faults: m.fault, ContinueOnError: true})
			m.begin(map[string][]mishap{"create": {lost}})
			refused := page.repair(t, rough, calm, func(urn string) string { return m.ids[urn] })

			second := 0
			for urn, r := range rough.Resources() {
				kind, hasAnother := string(r.Type), m.ids[urn] != "" && m.ids[urn] != string(r.ID)
				require.Equal(t, page.refused[kind] != "" && !hasAnother, slices.Contains(refused, urn), "whether a second %s is refused", kind)
				if page.doubled[kind] != "" && hasAnother {
					second++
				}
			}
			require.Equal(t, second, page.requireNothingElse(t, calm, rough))
			requireUnchanged(t, rough.Up())
			requireUnchanged(t, rough.Refresh())
		})
	}
}

// importOf says what `pulumi import` is told to take a resource into the state.
func importOf(like *engine.Stack, urn, id string) deploy.Import {
	r := like.Resources()[urn]
	return deploy.Import{
		Type: r.Type, Name: r.URN.Name(), ID: resource.ID(id), Parent: r.Parent, Protect: true,
		Provider: resource.URN(r.Provider[:strings.LastIndex(r.Provider, "::")]),
	}
}
