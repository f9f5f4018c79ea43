package engine_test

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// mostShrinking is how long a failure is made smaller.
const mostShrinking = time.Minute

// shrunk drops settings one by one for as long as the trial fails, and says how it fails then.
func shrunk(t *testing.T, first, second plain, problem string) (plain, plain, string) {
	t.Helper()
	end := time.Now().Add(mostShrinking)
	if fails := trialOf(t, first); fails != "" { // the change has nothing to do with it
		second, problem = nil, fails
	}
	smaller := func(settings plain, with func(plain) []plain) plain {
		for again := true; again; {
			again = false
			for _, path := range settings.paths() {
				if path == "disposable" || path == "regions" || time.Now().After(end) { // without regions there would be more
					continue
				}
				without := settings.clone(t)
				if without.drop(path); len(without.paths()) >= len(settings.paths()) {
					continue
				}
				trial := with(without)
				if renames(trial) {
					continue
				}
				if fails := trialOf(t, trial...); fails != "" {
					settings, problem, again = without, fails, true
				}
			}
		}
		return settings
	}
	if second == nil {
		return smaller(first, func(p plain) []plain { return []plain{p} }), nil, problem
	}
	second = smaller(second, func(p plain) []plain { return []plain{first, p} })
	first = smaller(first, func(p plain) []plain { return []plain{p, second} })
	return first, second, problem
}

// renames says whether the settings change what draws agree on.
func renames(settings []plain) bool {
	return slices.ContainsFunc(onceDrawn, func(path string) bool {
		return len(settings) == 2 && !reflect.DeepEqual(settings[0].get(path), settings[1].get(path))
	})
}

// attempt runs a test that may fail without failing this one, and says why it failed; "" when it did not.
func attempt(t *testing.T, test func(testing.TB)) string {
	a := &attempted{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer a.end()
		test(a)
	}()
	<-done
	return strings.Join(a.problems, "\n")
}

// attempted is the test that an attempt sees.
type attempted struct {
	testing.TB
	mutex    sync.Mutex
	problems []string
	cleanups []func()
}

func (a *attempted) Helper() {}

func (a *attempted) Failed() bool { return len(a.problems) > 0 }

func (a *attempted) Errorf(format string, values ...any) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.problems = append(a.problems, fmt.Sprintf(format, values...))
}

func (a *attempted) FailNow() {
	if !a.Failed() {
		a.Errorf("failed")
	}
	runtime.Goexit()
}

func (a *attempted) Fatalf(format string, values ...any) {
	a.Errorf(format, values...)
	a.FailNow()
}

// Cleanup frees what an attempt has used before the next one begins.
func (a *attempted) Cleanup(f func()) { a.cleanups = append(a.cleanups, f) }

func (a *attempted) end() {
	for i := len(a.cleanups) - 1; i >= 0; i-- {
		a.cleanups[i]()
	}
}
