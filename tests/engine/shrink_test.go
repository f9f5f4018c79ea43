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
func shrunk(t *testing.T, before scene, settings []plain, problem string) (texts []string, _ string) {
	t.Helper()
	end := time.Now().Add(mostShrinking)
	fails := func(before scene, trial ...plain) bool {
		if renames(trial) {
			return false
		}
		if before.content != nil && len(trial) > 1 { // what the program refused to hear beside what is dropped now
			later := trial[1].clone(t)
			later.agree(trial[0])
			trial = []plain{trial[0], later}
		}
		tried, fails := trialOf(t, before, trial...)
		if fails != "" {
			settings, problem = tried, fails
		}
		return fails != ""
	}
	if before.content != nil { // what exists may have nothing to do with it
		var without []plain
		for _, one := range settings {
			one = one.clone(t)
			one.agree(plain{})
			without = append(without, one)
		}
		if fails(scene{}, without...) {
			before = scene{}
		}
	}
	if len(settings) > 1 {
		fails(before, settings[0]) // the change may have nothing to do with it
	}
	for i := len(settings) - 1; i >= 0; i-- {
		for again := true; again && i < len(settings); {
			again = false
			for _, path := range settings[i].paths() {
				if i >= len(settings) { // the first fail alone now
					break
				}
				if mayNotBeDropped(path) || time.Now().After(end) {
					continue
				}
				trial := slices.Clone(settings)
				trial[i] = trial[i].clone(t)
				if trial[i].drop(path); len(trial[i].paths()) < len(settings[i].paths()) && fails(before, trial...) {
					again = true
				}
			}
		}
	}
	for _, one := range settings {
		texts = append(texts, asText(one))
	}
	return texts, problem
}

// mayNotBeDropped says whether the settings would ask for more without the path: for all Regions, or for what exists already.
func mayNotBeDropped(path string) bool {
	return path == "disposable" || strings.HasPrefix(path, "regions") || slices.ContainsFunc(foundPaths, func(found string) bool {
		return strings.HasPrefix(found+".", path+".") || strings.HasPrefix(path, found)
	})
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
