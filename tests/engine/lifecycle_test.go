package engine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

var profiles = []string{"starter", "standard", "strict"}

func TestUpDoesWhatItsPreviewSaidAndASecondUpNothing(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			stack := engine.New(t, engine.Options{Settings: team(Settings{"profile": profile})})
			preview := stack.Preview()
			requireDone(t, preview)
			require.Nil(t, stack.State(), "a preview writes no state")
			require.Empty(t, stack.Remains(), "a preview changes nothing")

			up := stack.Up()
			requireDone(t, up)
			requireSamePlan(t, preview, up)
			deliver(t, stack)

			requireUnchanged(t, stack.Preview())
			requireUnchanged(t, stack.Up())
			requireUnchanged(t, stack.Refresh())
			requireUnchanged(t, stack.Up())
		})
	}
}

func TestOneAddressIsEnough(t *testing.T) {
	t.Parallel()
	stack := deployed(t, engine.Options{Settings: Settings{"alerts": Settings{"emails": []string{"you@example.com"}}}})
	requireUnchanged(t, stack.Up())
	deliver(t, stack)
}

func TestDestroyKeepsWhatIsProtectedAndUpGoesOn(t *testing.T) {
	t.Parallel()
	stack := deployed(t, engine.Options{Settings: team(nil)})
	deliver(t, stack)
	archive := archiveOf(t, stack)

	refused := stack.Fork(t)
	require.Error(t, refused.Destroy(false).Err, "a destroy that would delete protected resources is refused")
	require.Empty(t, archive.lost(treasureOf(t, refused)))

	destroyed := stack.Destroy(true)
	requireDone(t, destroyed)
	for _, step := range destroyed.Changes() {
		require.Equal(t, deploy.OpDelete, step.Op)
		require.False(t, strings.HasPrefix(step.Type, "aws:s3/") && strings.HasPrefix(step.Name, "archive-"), "%s is protected", step)
	}
	require.Empty(t, archive.lost(treasureOf(t, stack)))

	up := stack.Up()
	requireDone(t, up)
	requireHarmless(t, up, nil)
	requireUnchanged(t, stack.Up())
	require.Empty(t, archive.lost(treasureOf(t, stack)))
	deliver(t, stack)
}

// archiveOf is the part of the treasure that outlives the stack.
func archiveOf(t *testing.T, stack *engine.Stack) treasure {
	archive := treasure{}
	for _, r := range stack.State().Resources { // not the key of the topics
		if strings.HasSuffix(string(r.URN), "::archive-key") {
			archive["key "+r.Outputs["arn"].(string)] = true
		}
	}
	require.NotEmpty(t, archive)
	for thing := range treasureOf(t, stack) {
		if strings.HasPrefix(thing, "bucket ") || strings.HasPrefix(thing, "object ") {
			archive[thing] = true
		}
	}
	return archive
}

func TestADisposableStackLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			stack := deployed(t, engine.Options{Settings: team(Settings{"profile": profile, "disposable": true})})
			deliver(t, stack)
			requireDone(t, stack.Destroy(false))
			require.Empty(t, stack.State().Resources)
			requireOnlyWhatStays(t, stack.Remains())

			requireDone(t, stack.Up())
			requireUnchanged(t, stack.Up())
		})
	}
}

func TestAStackThatBecomesDisposableLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	stack := deployed(t, engine.Options{Settings: team(nil)})
	deliver(t, stack)
	stack.Change(Settings{"disposable": true})
	requireDone(t, stack.Up())
	requireDone(t, stack.Destroy(false))
	require.Empty(t, stack.State().Resources)
	requireOnlyWhatStays(t, stack.Remains())
}

func TestWithoutARecipientTheStackDeploysAndSaysThatNobodyIsTold(t *testing.T) {
	t.Parallel()
	stack := engine.New(t, engine.Options{Settings: team(Settings{"alerts": nil})})
	for _, r := range []engine.Result{stack.Preview(), stack.Up()} {
		requireDone(t, r)
		require.Contains(t, strings.Join(messages(r, diag.Warning), "\n"), "obody will be told")
	}
	requireUnchanged(t, stack.Up())
}

func TestAFailedCallIsMendedByTheNextUp(t *testing.T) {
	t.Parallel()
	stack := engine.New(t, engine.Options{Settings: team(nil)})
	failing := stack.WithFaults(t, func(o awssim.Operation) (fault engine.Fault) {
		if o.Op == "create" && o.Type == "aws:s3/bucketPolicy:BucketPolicy" {
			fault.Before = errors.New("ServiceUnavailable: Please reduce your request rate")
		}
		return fault
	})
	failed := failing.Up()
	require.Error(t, failed.Err)
	require.Contains(t, describe(failed), "ServiceUnavailable")
	require.NotEmpty(t, failing.Resources(), "what was done before is in the state")

	mended := failing.WithFaults(t, nil)
	requireDone(t, mended.Up())
	requireUnchanged(t, mended.Up())
	deliver(t, mended)

	requireDone(t, stack.Up())
	undisturbed, repaired := treasureOf(t, stack), treasureOf(t, mended)
	for _, all := range []treasure{undisturbed, repaired} {
		for thing := range all {
			if !strings.HasPrefix(thing, "bucket ") && !strings.HasPrefix(thing, "trail ") {
				delete(all, thing) // ids differ
			}
		}
	}
	require.Equal(t, undisturbed, repaired)
}

func TestDriftIsShownByARefreshAndMendedByTheNextUp(t *testing.T) {
	t.Parallel()
	stack := deployed(t, engine.Options{Settings: team(nil)})
	before := stack.AccountContent()
	const bucket = "account-baseline-dev-archive-trail-123456789012"
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
		a.S3.Buckets[bucket].Versioning = "Suspended"
		for _, trail := range a.CloudTrail.Trails {
			trail.Logging = false
		}
	}))
	refresh := stack.Refresh()
	requireDone(t, refresh)
	var drifted []string
	for _, step := range refresh.Changes() {
		drifted = append(drifted, step.Name)
	}
	require.ElementsMatch(t, []string{"archive-trail-versioning", "audit-trail"}, drifted)
	requireDone(t, stack.Up())
	requireUnchanged(t, stack.Refresh())
	require.Empty(t, engine.DifferentAccounts(t, before, stack.AccountContent()))
}
