package engine_test

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
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
	resource apitype.ResourceV3
	begin    time.Duration
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
		path = append(path, link{resources[urn], ends[urn] - latency(string(resources[urn].Type))})
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
}

// ratio is how much longer a deployment takes than its critical path.
func (p pace) ratio() float64 { return p.took.Seconds() / p.critical.Seconds() }

// toFloor is how much longer it takes than any order of the calls could: than the critical path, or all the work there is.
func (p pace) toFloor() float64 { return p.took.Seconds() / max(p.critical, p.work).Seconds() }

// paceOf deploys twice: to know the graph, and in virtual time.
func paceOf(t *testing.T, settings Settings, optIn []string) pace {
	t.Helper()
	known := engine.New(t, engine.Options{Settings: settings, Parallel: parallelCalls})
	require.NoError(t, known.Account().Update(func(a *awssim.Account) { a.Settings.OptInRegions = optIn }))
	again := known.Fork(t)
	requireDone(t, known.Up())
	p := pace{resources: len(known.Resources())}
	p.path, p.critical = criticalPath(known.Resources())
	for _, r := range known.Resources() {
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
	for i, link := range p.path {
		why := "nothing"
		if i > 0 {
			why = p.why(i)
		}
		r := link.resource
		lines = append(lines, fmt.Sprintf("%6.0f s  +%2.0f s  %-40s %s", link.begin.Seconds(), latency(string(r.Type)).Seconds(), r.URN.Name(), why))
	}
	return lines
}

// why says for what a link of the critical path waits for the one before: for a value, or for a reason of its own; "" when
// there is none.
func (p pace) why(i int) string {
	before, r := p.path[i-1].resource, p.path[i].resource
	for _, property := range slices.Sorted(maps.Keys(r.PropertyDependencies)) {
		if slices.Contains(r.PropertyDependencies[property], before.URN) {
			return fmt.Sprintf("a value, for its %s", property)
		}
	}
	for n, row := range reasons {
		if row.before.MatchString(string(before.Type)) && row.after.MatchString(string(r.Type)) {
			return fmt.Sprintf("dependsOn (%d)", n+1)
		}
	}
	return ""
}

// requireReasons fails when a resource on the critical path waits for another without a value of it, and nobody says why.
func (p pace) requireReasons(t *testing.T) {
	t.Helper()
	for i := 1; i < len(p.path); i++ {
		require.NotEmpty(t, p.why(i), "%s waits for %s: give the reason, or take dependsOn away", p.path[i].resource.URN.Name(), p.path[i-1].resource.URN.Name())
	}
}

// reasons are why resources wait for others without using values of them.
var reasons = []struct {
	before, after *regexp.Regexp // types
	what, why     string
}{
	{
		regexp.MustCompile(`^aws:s3/bucket`), regexp.MustCompile(`^aws:s3/bucket`),
		"the public access block before the ownership, versioning before encryption, lock and lifecycle, the policy after all but the lifecycle",
		"nobody delivers to a bucket that is not yet what it has to be; a lifecycle is to find the old versions that it expires. What does not wait is changed at the same time: where S3 answers [OperationAborted](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), the provider [tries again](https://hashicorp.github.io/terraform-provider-aws/retries-and-waiters/)",
	},
	{
		regexp.MustCompile(`.`), regexp.MustCompile(`^aws:(budgets|costexplorer)/`),
		"budgets and anomaly detection after all else, even after the lifecycles of buckets, for which nothing else waits",
		"an account [whose IAM users may not see the bill](billingguard.md) refuses them, and an update that fails begins nothing more. A lifecycle takes the provider nearly a minute, in which it looks whether it holds: when the trail waited for it, everything took a quarter longer in 17 Regions",
	},
	{
		regexp.MustCompile(`^aws:(s3|kms|cloudwatch|iam)/`), regexp.MustCompile(`^aws:cloudtrail/trail:`),
		"the trail after buckets, key, log group and role",
		"CreateTrail [checks them all](https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html#API_CreateTrail_Errors)",
	},
	{
		regexp.MustCompile(`^aws:kms/keyPolicy:`), regexp.MustCompile(`^aws:cloudwatch/logGroup:`),
		"the log group after the key's policy, not after the buckets",
		"CloudWatch Logs [has to be allowed](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html) to use the key",
	},
	{
		regexp.MustCompile(`^aws:(s3/bucketPolicy|kms/keyPolicy|cfg/recorder|cfg/deliveryChannel):`), regexp.MustCompile(`^aws:cfg/(deliveryChannel|recorderStatus):`),
		"a recorder's start after its channel, the channel after bucket policy and recorder",
		"AWS Config [refuses](https://docs.aws.amazon.com/config/latest/APIReference/API_PutDeliveryChannel.html#API_PutDeliveryChannel_Errors) another order",
	},
	{
		regexp.MustCompile(`^aws:cfg/recorder`), regexp.MustCompile(`^aws:cfg/(rule|conformancePack):`),
		"rules after the recorder",
		"PutConfigRule [needs one](https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigRule.html#API_PutConfigRule_Errors)",
	},
	{
		regexp.MustCompile(`^aws:sqs/`), regexp.MustCompile(`^aws:cloudwatch/eventRule:`),
		"a rule of EventBridge after the dead-letter queue of its Region",
		"its targets wait for the queue anyway; begun first, hundreds of rules stand in the way of what takes long",
	},
}

// slower is how much longer a deployment may take than its critical path.
const slower = 1.10

// TestAnUpTakesAsLongAsItsCriticalPath, in a home Region and one other.
func TestAnUpTakesAsLongAsItsCriticalPath(t *testing.T) {
	t.Parallel()
	p := paceOf(t, team(nil), nil)
	t.Logf("%d resources: %v, critical path %v, all work %v, ratio %.2f, up to %d calls at a time\n%s", p.resources, p.took, p.critical, p.work, p.ratio(), p.most, strings.Join(p.lines(), "\n"))
	require.LessOrEqual(t, p.ratio(), slower)
	p.requireReasons(t)
}
