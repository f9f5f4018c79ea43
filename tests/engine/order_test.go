package engine_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

const (
	fewOrders  = 25
	manyOrders = 1000 // with ENGINE_LONG
	// orderedWithin is the number of random orders in which a missing dependency must show.
	orderedWithin = 50
)

// entangled is a team that has every kind of dependency, with as few of each kind as there can be.
var entangled = team(Settings{
	"profile": "strict", "disposable": true,
	"alerts": Settings{
		"webhook": Settings{"url": engine.Secret(webhookURL)},
		"slack":   Settings{"workspaceId": "T0123ABCDEF", "channelId": "C0123ABCDEF"},
		"watch":   Settings{"emails": []string{"watch@example.com"}},
	},
	"config": Settings{
		"rules":       Settings{"set": "seed"},
		"remediation": Settings{"automatic": []string{"ConfigureS3BucketPublicAccessBlock"}},
	},
})

// order is a random order of calls: some are held back for as long as anything else goes on, so that they come too late
// for whatever should have waited for them; the others take some time or none. The draw of a call depends on nothing but
// the seed and the call.
type order struct {
	seed     uint64
	parallel int32

	mutex sync.Mutex
	last  time.Time // that a call began or was let go
}

// quiet is how long no call begins when nothing goes on but what is held back.
const quiet = 15 * time.Millisecond

func orderOf(seed uint64, i int) *order {
	random := rand.New(rand.NewPCG(seed, uint64(i)))
	return &order{seed: random.Uint64(), parallel: 1 << random.IntN(7)} // 1 to 64 at a time
}

func (o *order) latency(call awssim.Operation) engine.Fault {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(call.Op + " " + call.URN))
	random := rand.New(rand.NewPCG(o.seed, hash.Sum64()))
	o.begin()
	switch draw := random.Float64(); {
	case draw < 0.1 && o.parallel > 1:
		for !o.letGo() {
			time.Sleep(quiet / 10)
		}
		return engine.Fault{}
	case draw < 0.5:
		return engine.Fault{Delay: time.Duration(random.IntN(1000)) * time.Microsecond}
	default:
		return engine.Fault{}
	}
}

func (o *order) begin() {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.last = time.Now()
}

// letGo says whether a call that is held back may go; one at a time.
func (o *order) letGo() bool {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if time.Since(o.last) < quiet {
		return false
	}
	o.last = time.Now()
	return true
}

// deploy deploys and destroys in the order, and returns what the account has refused.
func (o *order) deploy(t *testing.T, without ...engine.Dependency) (refusals []engine.Diagnostic) {
	t.Helper()
	stack := engine.New(t, engine.Options{Settings: entangled, Faults: o.latency, Parallel: o.parallel, Without: without})
	for _, operation := range []func() engine.Result{stack.Up, func() engine.Result { return stack.Destroy(false) }} {
		r := operation()
		refused, _ := refusalsOf(r)
		refusals = append(refusals, refused...)
		if len(refused) > 0 {
			return refusals
		}
		requireDone(t, r)
	}
	require.Empty(t, stack.State().Resources)
	return nil
}

// TestNoOrderIsRefused deploys and destroys in random orders that the dependencies allow: the account refuses nothing.
func TestNoOrderIsRefused(t *testing.T) {
	t.Parallel()
	seed, orders := seedOfRun(t), fewOrders
	if long {
		orders = manyOrders
	}
	t.Logf("ENGINE_SEED=%d, %d orders", seed, orders)
	for i := range orders {
		t.Run(fmt.Sprintf("%04d", i), func(t *testing.T) {
			t.Parallel()
			o := orderOf(seed, i)
			require.Empty(t, o.deploy(t), "ENGINE_SEED=%d, order %d, %d calls at a time", seed, i, o.parallel)
		})
	}
}

// missing are dependencies without which the account refuses some orders.
var missing = []engine.Dependency{
	{Of: "audit-trail", On: "audit-logs-role-policy"},
	{Of: "config-status-ap-northeast-1", On: "config-channel-ap-northeast-1"},
	{Of: "threats-standard-fsbp-1-0-0-us-east-1", On: "threats-hub-us-east-1"},
}

// TestAMissingDependencyIsFound takes real dependencies away.
func TestAMissingDependencyIsFound(t *testing.T) {
	t.Parallel()
	for _, dependency := range missing {
		t.Run(dependency.String(), func(t *testing.T) {
			t.Parallel()
			for i := range orderedWithin {
				if refusals := orderOf(seedOfRun(t), i).deploy(t, dependency); len(refusals) > 0 {
					t.Logf("found in order %d: %s", i, refusals[0].Message)
					require.True(t, slices.ContainsFunc(refusals, func(d engine.Diagnostic) bool {
						return d.URN.Name() == dependency.Of || d.URN.Name() == dependency.On
					}), "%v", refusals)
					return
				}
			}
			require.Fail(t, "not found")
		})
	}
}

// TestTheEntangledTeamHasEveryKindOfDependency of the profiles.
func TestTheEntangledTeamHasEveryKindOfDependency(t *testing.T) {
	t.Parallel()
	has := kindsOfDependencies(engine.New(t, engine.Options{Settings: entangled}))
	for _, profile := range profiles {
		for kind := range kindsOfDependencies(engine.New(t, engine.Options{Settings: team(Settings{"profile": profile})})) {
			require.True(t, has[kind], "%s has a dependency of a kind that orders do not try: %s", profile, kind)
		}
	}
}

func kindsOfDependencies(stack *engine.Stack) map[string]bool {
	stack.Up()
	kinds := map[string]bool{}
	for _, r := range stack.Resources() {
		for _, on := range r.Dependencies {
			if strings.HasPrefix(string(r.Type), "aws:") && strings.HasPrefix(string(on.Type()), "aws:") {
				kinds[string(r.Type)+" on "+string(on.Type())] = true
			}
		}
	}
	return kinds
}
