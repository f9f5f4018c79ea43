package engine_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// TestEveryCallFailsAndTheStackConverges lets every call of a deployment, of a change of nearly everything, and of a
// destroy fail, as many at a time as do not depend on each other. In the end account and state are those of a stack that
// nothing has happened to.
func TestEveryCallFailsAndTheStackConverges(t *testing.T) {
	t.Parallel()
	for i, profile := range profiles {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			settings := team(Settings{"profile": profile, "regions": swept()})
			calm := engine.New(t, engine.Options{Settings: settings})
			m := &mishaps{}
			rough := engine.New(t, engine.Options{Settings: settings, Faults: m.fault, ContinueOnError: true})

			// both does the same to both stacks, and requires that every call of the calm one has failed in the rough one.
			both := func(name string, mayLose bool, script map[string][]mishap, operation func(*engine.Stack) engine.Result) {
				t.Helper()
				done := operation(calm)
				requireDone(t, done)
				m.begin(script)
				untilDone(t, rough, mayLose, func() engine.Result { return operation(rough) })
				calls := callsOf(done)
				require.NotEmpty(t, calls, name)
				require.Equal(t, calls, m.met(), "the calls of %s", name)
				require.Empty(t, engine.DifferentStacks(t, calm, rough), name)
				m.begin(nil)
			}
			both("up", false, map[string][]mishap{"create": {fails}}, (*engine.Stack).Up)
			requireUnchanged(t, rough.Up())

			before := rough.Fork(t)
			m.begin(map[string][]mishap{"read": {fails}})
			require.Error(t, rough.Refresh().Err)
			m.begin(nil)
			require.Empty(t, engine.DifferentStacks(t, before, rough), "a refresh that fails changes nothing")
			requireUnchanged(t, rough.Refresh())
			requireUnchanged(t, calm.Refresh())

			deliver(t, calm)
			deliver(t, rough)
			everything := map[string][]mishap{"create": {fails}, "update": {fails, lost}, "delete": {fails, lost}}
			change := Settings{"profile": profiles[(i+1)%len(profiles)], "tags": Settings{"Swept": "yes"}}
			both("the change", false, everything, func(s *engine.Stack) engine.Result { s.Change(change); return s.Up() })
			requireUnchanged(t, rough.Up())
			requireUnchanged(t, rough.Refresh())
			requireUnchanged(t, calm.Refresh())

			both("becoming disposable", false, map[string][]mishap{"create": {fails}, "update": {fails}, "delete": {fails}}, func(s *engine.Stack) engine.Result {
				s.Change(Settings{"disposable": true})
				return s.Up()
			})
			both("the destroy", true, everything, func(s *engine.Stack) engine.Result { return s.Destroy(false) })
			require.Empty(t, rough.State().Resources)
		})
	}
}

const manyBadDays = 100

// TestCallsFailAtRandom is a bad day: one call in fifty fails, and a failure ends the deployment.
func TestCallsFailAtRandom(t *testing.T) {
	t.Parallel()
	seed, days := seedOfRun(t), 2
	if long {
		days = manyBadDays
	}
	for i := range days {
		profile := profiles[i%len(profiles)]
		t.Run(fmt.Sprintf("%03d %s", i, profile), func(t *testing.T) {
			t.Parallel()
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("ENGINE_SEED=%d", seed)
				}
			})
			var mutex sync.Mutex
			random, calls := rand.New(rand.NewPCG(seed, uint64(i))), 0
			settings := team(Settings{"profile": profile})
			rough := engine.New(t, engine.Options{Settings: settings, Faults: func(awssim.Operation) (fault engine.Fault) {
				mutex.Lock()
				defer mutex.Unlock()
				if calls++; random.IntN(50) == 0 {
					fault.Before = errThrottled
				}
				return fault
			}})
			untilDone(t, rough, false, rough.Up)
			change := Settings{"profile": profiles[(i+2)%len(profiles)]}
			calm := deployed(t, engine.Options{Settings: settings})
			calm.Change(change)
			requireDone(t, calm.Up())
			rough.Change(change)
			untilDone(t, rough, false, rough.Up)
			require.Empty(t, engine.DifferentStacks(t, calm, rough))

			kept := treasureOf(t, rough).archived()
			untilDone(t, rough, true, func() engine.Result { return rough.Destroy(true) })
			require.Empty(t, kept.lost(treasureOf(t, rough)))
			t.Logf("%d calls", calls)
		})
	}
}
