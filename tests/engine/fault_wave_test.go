package engine_test

import (
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// deaths catch the first call of each kind on each resource. Every second of them AWS has done.
type deaths struct {
	odd bool // the others

	mutex   sync.Mutex
	kinds   []string          // create, update or delete
	calls   map[string]bool   // that were caught, by kind and URN
	ids     map[string]string // of what was created, by URN
	refused map[string]string // why, by kind and URN, since somebody asked
}

func (d *deaths) begin(kinds ...string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.kinds, d.calls, d.ids, d.refused = kinds, map[string]bool{}, map[string]string{}, map[string]string{}
}

func (d *deaths) Catch(o awssim.Operation) (caught, done bool) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	call := o.Op + " " + o.URN
	if !slices.Contains(d.kinds, o.Op) || d.calls[call] {
		return false, false
	}
	d.calls[call] = true
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(o.URN))
	return true, (hash.Sum32()%2 == 1) == d.odd
}

func (d *deaths) Answered(o awssim.Operation, err error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	switch {
	case err != nil:
		d.refused[o.Op+" "+o.URN] = err.Error()
	case o.Op == "create":
		d.ids[o.URN] = o.ID
	}
}

// refusals are what AWS has refused since the last time, by kind and URN, and why.
func (d *deaths) refusals() map[string]string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	refused := d.refused
	d.refused = map[string]string{}
	return refused
}

func (d *deaths) idOf(urn string) string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.ids[urn]
}

func (d *deaths) met() (calls []string) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for call := range d.calls {
		calls = append(calls, call)
	}
	slices.Sort(calls)
	return calls
}

// TestEveryCallIsUnderWayWhenTheProcessIsKilled kills the process again and again, each time with all calls under way that do
// not wait for each other, until every call of a deployment, of a change and of a destroy was among them once. AWS has done every
// second one. Each time the stack is repaired as docs/recovery.md says.
func TestEveryCallIsUnderWayWhenTheProcessIsKilled(t *testing.T) {
	t.Parallel()
	page := readRecovery(t)
	for i, profile := range profiles {
		for _, odd := range []bool{false, true} {
			t.Run(profile+map[bool]string{false: " even", true: " odd"}[odd], func(t *testing.T) {
				t.Parallel()
				if odd && !long {
					t.Skip("ENGINE_LONG=1 turns round what AWS has done")
				}
				settings := team(Settings{"profile": profile, "regions": swept()})
				calm := engine.New(t, engine.Options{Settings: settings})
				d := &deaths{odd: odd}
				rough := engine.New(t, engine.Options{Settings: settings, Parallel: 1 << 12, ContinueOnError: true})

				// both does the same to both stacks, and requires that every call of the calm one was under way at a death of the rough one.
				both := func(name string, mayLose bool, kinds []string, operation func(*engine.Stack) engine.Result, until func(*engine.Stack, engine.Catcher) engine.Result) {
					t.Helper()
					done := operation(calm)
					requireDone(t, done)
					d.begin(kinds...)
					died := page.repairAfterDeaths(t, rough, calm, mayLose, d, until)
					require.Subset(t, d.met(), callsOf(done), "the calls of %s", name)
					t.Logf("%s: %d deaths, %d calls", name, died, len(d.met()))
					d.begin()
				}
				both("up", false, []string{"create"}, (*engine.Stack).Up, (*engine.Stack).UpUntilQuiet)
				rough.ClearPendingCreates()
				requireUnchanged(t, rough.Refresh())
				requireUnchanged(t, calm.Refresh())
				page.requireNothingElse(t, calm, rough)

				change := Settings{"profile": profiles[(i+1)%len(profiles)], "tags": Settings{"Swept": "yes"}}
				calm.Change(change)
				rough.Change(change)
				both("the change", false, []string{"create", "update", "delete"}, (*engine.Stack).Up, (*engine.Stack).UpUntilQuiet)
				rough.ClearPendingCreates()
				requireUnchanged(t, rough.Refresh())
				requireUnchanged(t, calm.Refresh())
				page.requireNothingElse(t, calm, rough)

				for _, stack := range []*engine.Stack{calm, rough} {
					stack.Change(Settings{"disposable": true})
					requireDone(t, stack.Up())
				}
				both("the destroy", true, []string{"update", "delete"}, func(s *engine.Stack) engine.Result { return s.Destroy(false) }, (*engine.Stack).DestroyUntilQuiet)
				require.Empty(t, rough.State().Resources)
				page.requireNothingElse(t, calm, rough)
			})
		}
	}
}

// repairAfterDeaths goes on until nothing is caught any more, importing what AWS refuses to make again, and returns how
// often the process has died.
func (page recovery) repairAfterDeaths(t *testing.T, rough, calm *engine.Stack, mayLose bool, d *deaths, until func(*engine.Stack, engine.Catcher) engine.Result) (died int) {
	t.Helper()
	before := treasureOf(t, rough)
	var imported []string
	for range 200 {
		known := len(d.met())
		r := until(rough, d)
		if !mayLose {
			require.Empty(t, before.lost(treasureOf(t, rough)))
		}
		if r.Err == nil {
			requireDone(t, r)
			return died
		}
		if len(d.met()) > known {
			died++
			require.NotEmpty(t, rough.PendingOperations(), "the books do not say what was under way")
		}
		var imports []deploy.Import
		for call, refusal := range d.refusals() {
			op, urn, _ := strings.Cut(call, " ")
			require.Equal(t, "create", op, "%s: %s", call, refusal)
			require.NotContains(t, imported, urn, "it is refused again after its import")
			said := page.refused[string(resource.URN(urn).Type())]
			require.NotEmpty(t, said, "docs/recovery.md does not say that AWS answers %s: %s", urn, refusal)
			require.Contains(t, refusal, said)
			imported = append(imported, urn)
			imports = append(imports, importOf(calm, urn, d.idOf(urn)))
		}
		require.True(t, len(imports) > 0 || len(d.met()) > known, "%s", describe(r))
		if len(imports) > 0 {
			requireDone(t, rough.Import(imports...))
		}
	}
	require.Fail(t, "the stack does not converge")
	return died
}
