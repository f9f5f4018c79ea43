package engine_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// virtualTime lets calls take the time that they typically take at AWS, without anybody waiting for it: when all calls have
// begun that can, the clock jumps to the first end of one. Program and engine take no virtual time. What can begin is known
// from the graph of an earlier deployment; a program that waits for more than its graph says makes the deployment longer.
type virtualTime struct {
	parallel int
	needs    map[string][]string // AWS resources, and those that must be there before

	mutex   sync.Mutex
	now     time.Duration
	last    time.Time // that anything happened, in real time
	begun   map[string]bool
	done    map[string]bool
	waiting []*virtualCall
	most    int // calls at a time
	stop    chan struct{}
}

type virtualCall struct {
	urn     string
	end     time.Duration
	proceed chan struct{}
}

// patience is for how long a call that could begin is waited for, in real time.
const patience = 4 * time.Second

func newVirtualTime(parallel int, needs map[string][]string) *virtualTime {
	v := &virtualTime{parallel: parallel, needs: needs, begun: map[string]bool{}, done: map[string]bool{}, stop: make(chan struct{})}
	go func() {
		for {
			select {
			case <-v.stop:
				return
			case <-time.After(2 * time.Millisecond):
				v.jump()
			}
		}
	}()
	return v
}

// jump ends the calls that end next, when no other can begin before.
func (v *virtualTime) jump() {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	if len(v.waiting) == 0 || len(v.waiting) < v.parallel && v.moreCanBegin() && time.Since(v.last) < patience {
		return
	}
	v.most = max(v.most, len(v.waiting))
	next := slices.MinFunc(v.waiting, func(a, b *virtualCall) int { return cmp.Compare(a.end, b.end) }).end
	v.now, v.last = next, time.Now()
	v.waiting = slices.DeleteFunc(v.waiting, func(call *virtualCall) bool {
		if call.end > next {
			return false
		}
		v.done[call.urn] = true
		close(call.proceed)
		return true
	})
}

func (v *virtualTime) moreCanBegin() bool {
	for urn, needed := range v.needs {
		if !v.begun[urn] && !slices.ContainsFunc(needed, func(on string) bool { return !v.done[on] }) {
			return true
		}
	}
	return false
}

// fault holds a call back for as long as it takes.
func (v *virtualTime) fault(o awssim.Operation) (fault engine.Fault) {
	v.mutex.Lock()
	call := &virtualCall{urn: o.URN, end: v.now + latency(o.Type), proceed: make(chan struct{})}
	v.waiting, v.begun[o.URN] = append(v.waiting, call), true
	v.last = time.Now()
	v.mutex.Unlock()
	<-call.proceed
	return fault
}

// link is a resource on a path of the graph.
type link struct {
	urn   string
	begin time.Duration
}

// criticalPath is the longest path of the graph of a state, by the latencies of its resources: what waits for what, however
// many calls there are at a time.
func criticalPath(resources map[string]apitype.ResourceV3) (path []link, length time.Duration) {
	ends, via := map[string]time.Duration{}, map[string]string{}
	var endOf func(urn string) time.Duration
	endOf = func(urn string) time.Duration {
		if end, known := ends[urn]; known {
			return end
		}
		r, known := resources[urn]
		if !known {
			return 0
		}
		var begin time.Duration
		for _, on := range waitsFor(r) {
			if end := endOf(on); end > begin || end == begin && end > 0 && on < via[urn] {
				begin, via[urn] = end, on
			}
		}
		ends[urn] = begin
		if isAWS(r) {
			ends[urn] += latency(string(r.Type))
		}
		return ends[urn]
	}
	last := ""
	for urn := range resources {
		if end := endOf(urn); end > length || end == length && urn < last {
			length, last = end, urn
		}
	}
	for urn := last; urn != ""; urn = via[urn] {
		path = append(path, link{urn, ends[urn] - latency(string(resources[urn].Type))})
	}
	slices.Reverse(path)
	return path, length
}

// waitsFor are the URNs that must be there before the resource.
func waitsFor(r apitype.ResourceV3) (urns []string) {
	for _, on := range r.Dependencies {
		urns = append(urns, string(on))
	}
	for _, list := range r.PropertyDependencies {
		for _, on := range list {
			urns = append(urns, string(on))
		}
	}
	return append(urns, string(r.Parent))
}

// pace is how long a deployment from nothing takes in virtual time.
type pace struct {
	resources      int
	took, critical time.Duration
	work           time.Duration // of all calls together, divided by how many there are at a time
	most           int           // calls at a time
	path           []link
	types          map[string]string // by URN
}

// floor is below what no order of the calls could come: the critical path, or all the work there is, whichever is longer.
func (p pace) floor() time.Duration { return max(p.critical, p.work) }

func (p pace) ratio() float64 { return p.took.Seconds() / p.floor().Seconds() }

// paceOf deploys twice: to know the graph, and in virtual time.
func paceOf(t *testing.T, settings Settings, optIn []string) pace {
	t.Helper()
	known := engine.New(t, engine.Options{Settings: settings, Parallel: parallelCalls})
	require.NoError(t, known.Account().Update(func(a *awssim.Account) { a.Settings.OptInRegions = optIn }))
	again := known.Fork(t)
	requireDone(t, known.Up())
	p := pace{resources: len(known.Resources()), types: map[string]string{}}
	p.path, p.critical = criticalPath(known.Resources())
	for urn, r := range known.Resources() {
		p.types[urn] = string(r.Type)
		if isAWS(r) {
			p.work += latency(string(r.Type)) / parallelCalls
		}
	}
	v := newVirtualTime(parallelCalls, needs(known.Resources()))
	defer close(v.stop)
	requireDone(t, again.WithFaults(t, v.fault).Up())
	p.took, p.most = v.now, v.most
	return p
}

// parallelCalls is what a user who wants it fast gives as --parallel.
const parallelCalls = 64

// needs are the resources of AWS, and those of them that must be there before each.
func needs(resources map[string]apitype.ResourceV3) map[string][]string {
	known := map[string][]string{}
	var needed func(urn string) []string
	needed = func(urn string) []string {
		if before, ok := known[urn]; ok {
			return before
		}
		before := []string{}
		for _, on := range waitsFor(resources[urn]) {
			if isAWS(resources[on]) {
				before = append(before, on)
			} else if on != "" {
				before = append(before, needed(on)...)
			}
		}
		known[urn] = before
		return before
	}
	all := map[string][]string{}
	for urn, r := range resources {
		if isAWS(r) {
			all[urn] = needed(urn)
		}
	}
	return all
}

func isAWS(r apitype.ResourceV3) bool {
	return r.Custom && !strings.HasPrefix(string(r.Type), "pulumi:")
}

// lines say the critical path link by link.
func (p pace) lines() (lines []string) {
	for _, link := range p.path {
		lines = append(lines, fmt.Sprintf("%6.0f s  +%2.0f s  %s", link.begin.Seconds(), latency(p.types[link.urn]).Seconds(), name(link.urn)))
	}
	return lines
}

func name(urn string) string { return urn[strings.LastIndex(urn, "::")+2:] }

// slower is how much longer a deployment may take than it has to.
const slower = 1.10

// TestAnUpTakesAsLongAsItsCriticalPath, in a home Region and one other.
func TestAnUpTakesAsLongAsItsCriticalPath(t *testing.T) {
	t.Parallel()
	p := paceOf(t, team(nil), nil)
	t.Logf("%d resources: %v, critical path %v, all work %v, ratio %.2f, up to %d calls at a time\n%s", p.resources, p.took, p.critical, p.work, p.ratio(), p.most, strings.Join(p.lines(), "\n"))
	require.LessOrEqual(t, p.ratio(), slower)
}
