package engine_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// injected marks the errors that a test has made; all others are the account's own.
const injected = "(injected)"

var (
	errThrottled   = fmt.Errorf("%w %s", awssim.ErrThrottled, injected)
	errUnavailable = errors.New("ServiceUnavailable: Please try again " + injected)
	errLost        = errors.New("RequestError: send request failed: connection reset by peer " + injected)
)

// mishap is what happens to one call.
type mishap int

const (
	fails mishap = iota // before anything was done: throttled, or not available
	lost                // the answer, after everything was done
)

// mishaps are what happens to the first calls of each kind on each resource, one after the other; the calls after them
// succeed.
type mishaps struct {
	script map[string][]mishap // by create, read, update, delete

	mutex sync.Mutex
	calls map[string]int    // that have met all their mishaps or are at it, by kind and URN
	ids   map[string]string // of creations whose answer was lost, by URN
	total int
}

// begin starts anew with another script.
func (m *mishaps) begin(script map[string][]mishap) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.script, m.calls, m.ids = script, map[string]int{}, map[string]string{}
}

func (m *mishaps) fault(o awssim.Operation) (fault engine.Fault) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	script, key := m.script[o.Op], o.Op+" "+o.URN
	n := m.calls[key]
	if n >= len(script) {
		return fault
	}
	m.calls[key]++
	m.total++
	switch {
	case script[n] == lost:
		fault.After = errLost
		fault.Done = func(o awssim.Operation) {
			m.mutex.Lock()
			defer m.mutex.Unlock()
			m.ids[o.URN] = o.ID
		}
	case m.total%2 == 0:
		fault.Before = errThrottled
	default:
		fault.Before = errUnavailable
	}
	return fault
}

// met are the calls, by kind and URN, that have had all their mishaps.
func (m *mishaps) met() []string {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	var all []string
	for key, n := range m.calls {
		op, _, _ := strings.Cut(key, " ")
		if n == len(m.script[op]) {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	return all
}

// untilDone repeats an operation until it succeeds, as somebody does whose deployment fails. It may fail because of what
// was injected and of nothing else, and must never lose what the account is not to lose.
func untilDone(t *testing.T, stack *engine.Stack, mayLose bool, operation func() engine.Result) {
	t.Helper()
	before := treasureOf(t, stack)
	for range 200 {
		r := operation()
		if !mayLose {
			require.Empty(t, before.lost(treasureOf(t, stack)))
		}
		if r.Err == nil {
			requireDone(t, r)
			return
		}
		refusals, expected := refusalsOf(r)
		require.Empty(t, refusals, "the account refuses something")
		require.NotZero(t, expected, "%s", describe(r))
	}
	require.Fail(t, "the stack does not converge")
}

// archived are the buckets and objects: what outlives a destroy in any profile.
func (all treasure) archived() treasure {
	archived := treasure{}
	for thing := range all {
		if strings.HasPrefix(thing, "bucket ") || strings.HasPrefix(thing, "object ") {
			archived[thing] = true
		}
	}
	return archived
}

// refusalsOf are the errors of calls that nobody has injected, and the number of those that somebody has.
func refusalsOf(r engine.Result) (refusals []engine.Diagnostic, expected int) {
	for _, d := range r.Diagnostics {
		switch {
		case d.Severity != diag.Error:
		case strings.Contains(d.Message, injected):
			expected++
		case d.URN != "" && strings.HasPrefix(string(d.URN.Type()), "aws:"):
			refusals = append(refusals, d)
		}
	}
	return refusals, expected
}

// callsOf are the calls, by kind and URN, that an operation has made to change the account.
func callsOf(r engine.Result) []string {
	var calls []string
	for _, step := range r.Changes() {
		if !strings.HasPrefix(step.Type, "aws:") || step.Retained {
			continue
		}
		switch step.Op {
		case deploy.OpCreate, deploy.OpCreateReplacement:
			calls = append(calls, "create "+string(step.URN))
		case deploy.OpUpdate:
			calls = append(calls, "update "+string(step.URN))
		case deploy.OpDelete, deploy.OpDeleteReplaced:
			calls = append(calls, "delete "+string(step.URN))
		}
	}
	slices.Sort(calls)
	return slices.Compact(calls)
}

// swept are the covered Regions besides the home Region.
func swept() any {
	if long {
		return "all"
	}
	return []string{"us-east-1"}
}

// seedOfRun is where random draws begin.
func seedOfRun(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("ENGINE_SEED")
	if text == "" {
		return defaultSeed
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, "ENGINE_SEED is a whole number")
	return seed
}
