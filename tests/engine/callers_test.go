package engine_test

import (
	"path"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// The simulated account evaluates the archive's policies on the deployers' own calls: whoever is locked out here is
// locked out of AWS. The deployers take turns, so that what one has put up must let the next one in. That the team's own
// role is not locked out shows TestNoSettingReplacesOrDeletesWhatKeepsLogs.
func TestNoDeployerIsEverLockedOut(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name      string
		deployers []string // nil: none are named
		callers   []string
	}{
		{"named", []string{identityCenter, userWithAccessKey}, []string{identityCenter, userWithAccessKey}},
		{"not named", nil, []string{identityCenter, userWithAccessKey, continuousIntegration}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			base := lean(Settings{"deployers": row.deployers})
			if row.deployers == nil {
				base = lean(Settings{"deployers": nil})
			}
			stack := deployed(t, engine.Options{Caller: row.callers[0], Settings: base})
			for turn, change := range changes {
				if !long && !touchesArchive(change) {
					continue
				}
				stack = stack.As(t, row.callers[turn%len(row.callers)])
				for i, step := range change.steps {
					_, aboutDeployers := step["deployers"]
					if aboutDeployers || row.deployers == nil && step["profile"] == "strict" {
						continue // strict demands deployers
					}
					stack.Change(step)
					r := stack.Up()
					require.NoError(t, r.Err, "%s, step %d\n%s", change.name, i+1, describe(r))
				}
				stack.Change(resetting(change, base))
			}
			requireDone(t, stack.Up())
			requireUnchanged(t, stack.Up())
			deliver(t, stack)
		})
	}
}

// touchesArchive says whether a change may touch what can lock somebody out: the policies of the archive's buckets and key.
func touchesArchive(change change) bool {
	return slices.ContainsFunc(change.steps, func(step Settings) bool {
		return slices.ContainsFunc([]string{"archive", "trail", "deployers", "profile", "disposable"}, func(key string) bool {
			_, touched := step[key]
			return touched
		})
	})
}

// One who is alone may name others, take their place, and leave it to nobody.
func TestDeployersNameEachOther(t *testing.T) {
	t.Parallel()
	for _, caller := range []string{identityCenter, userWithAccessKey} {
		t.Run(path.Base(caller), func(t *testing.T) {
			t.Parallel()
			stack := deployed(t, engine.Options{Caller: caller, Settings: lean(Settings{"deployers": []string{caller}})})
			for _, turn := range []struct {
				deployers []string
				caller    string
			}{
				{[]string{caller, continuousIntegration}, caller},
				{[]string{continuousIntegration}, continuousIntegration},
				{[]string{continuousIntegration, caller}, continuousIntegration},
				{[]string{caller}, caller},
				{[]string{}, caller},
				{[]string{caller}, caller},
			} {
				stack = stack.As(t, turn.caller)
				stack.Change(Settings{"deployers": turn.deployers})
				requireDone(t, stack.Up())
				requireUnchanged(t, stack.Up())
			}
		})
	}
}

// resetting takes away what the steps have set.
func resetting(row change, base Settings) Settings {
	reset := Settings{}
	for _, step := range row.steps {
		for key := range step {
			reset[key] = nil
		}
	}
	for key, value := range base {
		if _, changed := reset[key]; changed {
			reset[key] = value
		}
	}
	return reset
}

func TestTwoDeployersInTurnChangeNothing(t *testing.T) {
	t.Parallel()
	for _, deployers := range [][]string{{}, {continuousIntegration, identityCenter, userWithAccessKey}} {
		stack := deployed(t, engine.Options{Caller: continuousIntegration, Settings: team(Settings{"deployers": deployers})})
		for _, caller := range []string{identityCenter, continuousIntegration, userWithAccessKey} {
			stack = stack.As(t, caller)
			requireUnchanged(t, stack.Preview())
			requireUnchanged(t, stack.Up())
			requireUnchanged(t, stack.Refresh())
		}
	}
}

func TestADeployerThatDoesNotExistBreaksNothing(t *testing.T) {
	t.Parallel()
	const former = "former-deployer"
	deployers := []string{continuousIntegration, "arn:aws:iam::123456789012:role/ci/" + former}
	change := archive(Settings{"retentionDays": 3650})

	t.Run("it never existed", func(t *testing.T) {
		t.Parallel()
		stack := deployed(t, engine.Options{Settings: lean(Settings{"deployers": deployers})})
		stack.Change(change)
		requireDone(t, stack.Up())
		requireUnchanged(t, stack.Up())
	})
	t.Run("it was deleted", func(t *testing.T) {
		t.Parallel()
		// A stack that it has deployed itself.
		stack := deployed(t, engine.Options{Caller: deployers[1], Settings: lean(Settings{"deployers": deployers})}).As(t, continuousIntegration)
		require.NoError(t, stack.Account().Update(func(a *awssim.Account) { delete(a.IAM.Roles, former) }))
		requireUnchanged(t, stack.Up())
		requireUnchanged(t, stack.Refresh())
		stack.Change(change)
		requireDone(t, stack.Up())
		stack.Change(Settings{"deployers": deployers[:1]})
		requireDone(t, stack.Up())
		requireUnchanged(t, stack.Up())
		deliver(t, stack)
	})
}

func TestACallerThatIsNotNamedIsRefusedBeforeAnythingChanges(t *testing.T) {
	t.Parallel()
	t.Run("new stack", func(t *testing.T) {
		t.Parallel()
		stack := engine.New(t, engine.Options{Caller: identityCenter, Settings: lean(nil)})
		requireRefusedCaller(t, stack)
		require.Empty(t, stack.Remains())
	})
	t.Run("deployed stack", func(t *testing.T) {
		t.Parallel()
		stack := deployed(t, engine.Options{Settings: lean(nil)}).As(t, identityCenter)
		stack.Change(emails("security@example.com", "operations@example.com"))
		before := stack.AccountContent()
		requireRefusedCaller(t, stack)
		require.Empty(t, engine.DifferentAccounts(t, before, stack.AccountContent()))
	})
}

func requireRefusedCaller(t *testing.T, stack *engine.Stack) {
	t.Helper()
	preview := stack.Preview()
	requireDone(t, preview)
	require.NotEmpty(t, messages(preview, diag.Warning), "a preview is only warned")

	up := stack.Up()
	require.Error(t, up.Err)
	text := describe(up)
	for _, word := range []string{"eployers", "AWSReservedSSO_Admin_0123456789abcdef", continuousIntegration} {
		require.Contains(t, text, word)
	}
}
