package engine_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// In a new account IAM users may not see the bill. What AWS refuses then comes last, so that everything else is there.
func TestAnAccountThatHidesItsBillGetsAllTheRest(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			stack := engine.New(t, engine.Options{Settings: team(Settings{"profile": profile}), Parallel: 16})
			hide := func(hidden bool) {
				require.NoError(t, stack.Account().Update(func(a *awssim.Account) { a.Settings.BillingHidden = hidden }))
			}
			hide(true)
			refused := stack.Up()
			require.Error(t, refused.Err)
			require.Contains(t, strings.Join(messages(refused, diag.Error), "\n"), "AccessDeniedException")

			hide(false)
			mended := stack.Up()
			requireDone(t, mended)
			var late []string
			for _, step := range mended.Changes() {
				require.Equal(t, deploy.OpCreate, step.Op)
				late = append(late, step.Type)
			}
			require.NotEmpty(t, late)
			require.Subset(t, refusedTypes, late, "only what the account refuses was missing")
			requireUnchanged(t, stack.Up())
		})
	}
}

// refusedTypes are what an account refuses whose IAM users may not see the bill.
var refusedTypes = []string{
	"aws:budgets/budget:Budget", "aws:costexplorer/anomalyMonitor:AnomalyMonitor", "aws:costexplorer/anomalySubscription:AnomalySubscription",
}

// Whatever the speed of AWS's answers: what an account may refuse waits for all that it does not, but for what waits for nothing
// itself and has thus begun before.
func TestWhatMayBeRefusedWaitsForAllElse(t *testing.T) {
	t.Parallel()
	stack := deployed(t, engine.Options{Settings: team(Settings{"profile": "strict", "alerts": Settings{
		"emails": []string{"security@example.com"}, "overview": true, "digest": Settings{"enabled": true},
	}}), Parallel: 16})
	direct, resources := needs(stack.Resources()), stack.Resources()
	closures := map[string]map[string]bool{}
	var closure func(urn string) map[string]bool
	closure = func(urn string) map[string]bool {
		if known, ok := closures[urn]; ok {
			return known
		}
		all := map[string]bool{}
		for _, on := range direct[urn] {
			all[on] = true
			maps.Copy(all, closure(on))
		}
		closures[urn] = all
		return all
	}
	refused := func(urn string) bool { return slices.Contains(refusedTypes, string(resources[urn].Type)) }
	checked := 0
	for late := range direct {
		if !refused(late) {
			continue
		}
		checked++
		for urn := range direct {
			before := closure(urn)
			waits := slices.ContainsFunc(slices.Collect(maps.Keys(before)), refused)
			if !refused(urn) && !waits && len(before) > 0 {
				require.True(t, closure(late)[urn], "%s does not wait for %s", name(late), name(urn))
			}
		}
	}
	require.Greater(t, checked, 2)
}
