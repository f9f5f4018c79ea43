package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// countdown says when a process dies, and remembers what it made.
type countdown struct {
	mutex sync.Mutex
	calls int               // until then that change the account
	ids   map[string]string // of what was created, by URN
}

func (c *countdown) moment(o awssim.Operation) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if o.Op == "read" {
		return false
	}
	if o.Op == "create" {
		c.ids[o.URN] = o.ID
	}
	c.calls--
	return c.calls == 0
}

func (c *countdown) idOf(urn string) string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.ids[urn]
}

const manyKills = 200

// TestTheProcessIsKilled kills the process at a random call of a deployment, of a change and of a destroy, with calls
// under way that AWS has done or has not, and goes on as docs/recovery.md says.
func TestTheProcessIsKilled(t *testing.T) {
	t.Parallel()
	page, seed, kills := readRecovery(t), seedOfRun(t), 2
	if long {
		kills = manyKills
	}
	for i := range kills {
		profile, next := profiles[i%len(profiles)], profiles[(i+1)%len(profiles)]
		t.Run(fmt.Sprintf("%03d %s", i, profile), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, uint64(i)))
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("ENGINE_SEED=%d", seed)
				}
			})
			settings := team(Settings{"profile": profile})
			calm := engine.New(t, engine.Options{Settings: settings})
			calls := len(callsOf(calm.Up()))
			requireUnchanged(t, calm.Refresh())
			rough := engine.New(t, engine.Options{Settings: settings, Parallel: int32(1 + random.IntN(32))})
			c := &countdown{calls: 1 + random.IntN(calls), ids: map[string]string{}}
			killed(t, rough, rough.UpUntil, c)
			up := rough.Fork(t).Up()
			require.Contains(t, strings.Join(messages(up, diag.Warning), "\n"), "pending operations from previous deployment")
			page.repair(t, rough, calm, c.idOf)
			require.NotEmpty(t, rough.PendingOperations(), "up does not forget pending creations")
			rough.ClearPendingCreates()
			requireUnchanged(t, rough.Refresh())
			require.Empty(t, rough.PendingOperations())
			orphans := page.requireNothingElse(t, calm, rough)

			change := Settings{"profile": next, "tags": Settings{"Swept": "yes"}}
			kept := treasureOf(t, rough)
			calm.Change(change)
			calls = len(callsOf(calm.Up()))
			requireUnchanged(t, calm.Refresh())
			rough.Change(change)
			c = &countdown{calls: 1 + random.IntN(calls), ids: map[string]string{}}
			killed(t, rough, rough.UpUntil, c)
			page.repair(t, rough, calm, c.idOf)
			rough.ClearPendingCreates()
			requireUnchanged(t, rough.Refresh())
			require.GreaterOrEqual(t, page.requireNothingElse(t, calm, rough), orphans)
			require.Empty(t, kept.lost(treasureOf(t, rough)))

			disposable := Settings{"disposable": true}
			for _, stack := range []*engine.Stack{calm, rough} {
				stack.Change(disposable)
				requireDone(t, stack.Up())
			}
			calls = len(callsOf(calm.Destroy(false)))
			killed(t, rough, rough.DestroyUntil, &countdown{calls: 1 + random.IntN(calls), ids: map[string]string{}})
			requireDone(t, rough.Destroy(false))
			require.Empty(t, rough.State().Resources)
			require.Empty(t, rough.PendingOperations())
			page.requireNothingElse(t, calm, rough)
		})
	}
}

// killed kills the process of an operation and requires that its books say what was under way.
func killed(t *testing.T, stack *engine.Stack, operation func(func(awssim.Operation) bool) engine.Result, c *countdown) {
	t.Helper()
	require.Error(t, operation(c.moment).Err)
	require.NotEmpty(t, stack.PendingOperations())
}
