package engine_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// benched says that measurements run that need the machine to themselves; see doc.go.
var benched = os.Getenv("ENGINE_BENCH")

const (
	// runsMeasured is how often each measurement is repeated; the least is taken, since disturbances only add.
	runsMeasured = 4
	// superlinear is how much more CPU a resource may take in all Regions than in a few.
	superlinear = 1.10
)

// sizes are numbers of covered Regions: one, a few, those that every account has, with half of those that are opted in to.
var sizes = []int{1, 5, 17, 34}

// size is what a stack of a number of Regions needs.
type size struct {
	regions, resources int
	program            engine.Usage  // for an update that changes nothing
	engineCPU          time.Duration // the engine and the simulated account, in one process, for the same update
	first, second      time.Duration // an update from nothing, and one that changes nothing
	state              int           // bytes
	pace               pace
}

// perResource is the program's CPU time for one resource.
func (s size) perResource() time.Duration { return s.program.CPU / time.Duration(s.resources) }

// share is the program's part of the CPU time of an update that changes nothing.
func (s size) share() float64 {
	return s.program.CPU.Seconds() / (s.program.CPU + s.engineCPU).Seconds()
}

// TestBench measures scale and speed, and writes the page about them.
func TestBench(t *testing.T) {
	if benched != "1" {
		t.Skip("make bench measures")
	}
	always, optIn := allRegions(t)
	var measured []size
	requireDone(t, engine.New(t, engine.Options{Settings: team(nil)}).Preview()) // what only the first operation of a process does
	for _, n := range sizes {
		s := measure(t, append(slices.Clone(always), optIn...)[:n], optIn)
		t.Logf("%d Regions: %d resources, program %v and %d MB, engine %v, up %v, again %v, state %d KB; %v at AWS, critical path %v",
			n, s.resources, s.program.CPU, s.program.Memory>>20, s.engineCPU, s.first, s.second, s.state>>10, s.pace.took, s.pace.critical)
		measured = append(measured, s)
	}
	require.NoError(t, os.WriteFile("../../docs/scale.svg", plot(measured), 0o644))
	require.NoError(t, os.WriteFile("../../docs/scale.md", page(measured), 0o644))

	few, many := measured[1], measured[3]
	require.LessOrEqual(t, many.perResource().Seconds(), superlinear*few.perResource().Seconds(), "CPU time of the program for a resource in %d Regions, in %d", many.regions, few.regions)
	for _, s := range measured {
		require.LessOrEqual(t, s.pace.ratio(), slower, "an update of %d Regions takes longer than it has to", s.regions)
	}
}

// announced are Regions that AWS has named and not opened.
var announced = []string{"me-west-1", "sa-west-1"}

// allRegions are those of the partition aws, home first, from the page of settings.
func allRegions(t *testing.T) (always, optIn []string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/settings.md")
	require.NoError(t, err)
	row := regexp.MustCompile(`(?m)^\| aws \| [^|]+ \| [^|]+ \| ([^|]+) \|$`).FindSubmatch(text)
	require.NotNil(t, row)
	always = []string{home}
	for _, region := range strings.Split(string(row[1]), ", ") {
		switch name := strings.Trim(region, "*"); {
		case slices.Contains(announced, name):
		case name != region:
			optIn = append(optIn, name)
		case name != home:
			always = append(always, name)
		}
	}
	return always, optIn
}

func regionsInWords(n int) string {
	if n == 1 {
		return "one Region"
	}
	return fmt.Sprintf("%d Regions", n)
}

func measure(t *testing.T, regions, optIn []string) size {
	t.Helper()
	var usage engine.Usage
	settings := team(Settings{"regions": regions})
	stack := engine.New(t, engine.Options{Settings: settings, Parallel: parallelCalls, Measure: func(u engine.Usage) { usage = u }})
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) { a.Settings.OptInRegions = optIn }))
	begin := time.Now()
	requireDone(t, stack.Up())
	s := size{regions: len(regions), resources: len(stack.Resources()), first: time.Since(begin)}
	for range runsMeasured {
		runtime.GC()
		before, begin := engine.OwnUsage(), time.Now()
		requireUnchanged(t, stack.Up())
		took, own := time.Since(begin), engine.OwnUsage().CPU-before.CPU
		s.second, s.engineCPU = least(s.second, took), least(s.engineCPU, own)
		s.program = engine.Usage{CPU: least(s.program.CPU, usage.CPU), Memory: least(s.program.Memory, usage.Memory)}
	}
	text, err := json.Marshal(stack.State())
	require.NoError(t, err)
	s.state = len(text)
	s.pace = paceOf(t, settings, optIn)
	return s
}

// least is the smaller one; 0 is no measurement.
func least[T time.Duration | int64](a, b T) T {
	if a == 0 {
		return b
	}
	return min(a, b)
}

// page is docs/scale.md.
func page(measured []size) []byte {
	var out strings.Builder
	out.WriteString("# Scale and speed\n\n`make bench` measures this and writes the page. The machine and what else runs on it decide about times; the ratios are what\n" +
		"is tested. Profile `standard`, one address.\n\n## Scale\n\n" +
		"| Regions | resources | program, CPU | for a resource | program, memory | engine, CPU | the program's share | up from nothing | up without changes | state |\n" +
		"|---|---|---|---|---|---|---|---|---|---|\n")
	for _, s := range measured {
		fmt.Fprintf(&out, "| %d | %d | %.2f s | %.2f ms | %d MB | %.2f s | %.0f %% | %.1f s | %.1f s | %.1f MB |\n", s.regions, s.resources,
			s.program.CPU.Seconds(), s.perResource().Seconds()*1000, s.program.Memory>>20, s.engineCPU.Seconds(), 100*s.share(),
			s.first.Seconds(), s.second.Seconds(), float64(s.state)/1e6)
	}
	few, many := measured[1], measured[len(measured)-1]
	fmt.Fprintf(&out, `
A resource takes the program %.2f times as much CPU in %d Regions as in %d; at most %.2f is allowed. CPU and memory of the program, and the
CPU of the engine, are those of an update without changes; the engine's has the simulated account in it, which is no part of a real
deployment, where one provider process for each Region takes its place.

![CPU of the program, up from nothing, size of the state and resources by Regions](scale.svg)

## Speed

How long %s takes at AWS, in virtual time: each creation takes as long as it [typically does](#latencies), 64 at a time as with
%s, and nobody waits for it. The critical path is the longest chain of resources that wait for each other: no number of calls
at a time makes a deployment shorter. Nor is it shorter than the work of all calls, done 64 at a time. The ratio is to the longer of the two.

| Regions | resources | up from nothing | critical path | all work | ratio | at most | calls at a time |
|---|---|---|---|---|---|---|---|
`, many.perResource().Seconds()/few.perResource().Seconds(), many.regions, few.regions, superlinear, "`pulumi up` from nothing", "`--parallel 64`")
	for _, s := range measured {
		fmt.Fprintf(&out, "| %d | %d | %.0f s | %.0f s | %.0f s | %.2f | %.2f | %d |\n", s.regions, s.pace.resources, s.pace.took.Seconds(), s.pace.critical.Seconds(),
			s.pace.work.Seconds(), s.pace.ratio(), slower, s.pace.most)
	}
	out.WriteString("\nIn many Regions hundreds of resources can begin at once, and Pulumi takes them in the order in which they could: what the critical\n" +
		"path goes on with waits its turn, unless the others have something to wait for, too.\n\n### The critical path\n\n")
	for i, s := range measured {
		if i > 0 && slices.Equal(names(s.pace), names(measured[i-1].pace)) {
			fmt.Fprintf(&out, "With %s: the same.\n\n", regionsInWords(s.regions))
			continue
		}
		fmt.Fprintf(&out, "With %s:\n\n```\n begins   takes\n%s\n```\n\n", regionsInWords(s.regions), strings.Join(s.pace.lines(), "\n"))
	}
	out.WriteString(`### Why each waits for the one before

| resources | why |
|---|---|
| the public access block before the ownership, versioning before encryption, lock and lifecycle, the policy after all but the lifecycle | nobody delivers to a bucket that is not yet what it has to be; a lifecycle is to find the old versions that it expires. What does not wait is changed at the same time: where S3 answers [OperationAborted](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html), the provider [tries again](https://hashicorp.github.io/terraform-provider-aws/retries-and-waiters/) |
| nothing after a lifecycle | the provider looks for nearly a minute whether it holds; when the trail waited for it, everything took a quarter longer in 17 Regions |
| the trail after buckets, key, log group and role | CreateTrail [checks them all](https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html#API_CreateTrail_Errors) |
| the log group after the key's policy, not after the buckets | CloudWatch Logs [has to be allowed](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html) to use the key |
| a recorder's start after its channel, the channel after bucket policy and recorder | AWS Config [refuses](https://docs.aws.amazon.com/config/latest/APIReference/API_PutDeliveryChannel.html#API_PutDeliveryChannel_Errors) another order |
| rules after the recorder | PutConfigRule [needs one](https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigRule.html#API_PutConfigRule_Errors) |
| budgets and anomaly detection after all else | an account [whose IAM users may not see the bill](billingguard.md) refuses them, and an update that fails begins nothing more |
| a rule of EventBridge after the dead-letter queue of its Region | its targets wait for the queue anyway; begun first, hundreds of rules stand in the way of what takes long |

### Latencies

`)
	fmt.Fprintf(&out, "The provider's own waiting included, which is most of it. Whatever is not here is taken to be %v.\n\n| creation of | takes | seen in |\n|---|---|---|\n", usualLatency)
	for _, row := range latencies {
		fmt.Fprintf(&out, "| `%s` | %d s | <%s |\n", row.kind, row.seconds, strings.Replace(row.source+">", " (", "> (", 1))
	}
	return []byte(strings.ReplaceAll(out.String(), ")>", ")"))
}

func names(p pace) (all []string) {
	for _, link := range p.path {
		all = append(all, name(link.urn))
	}
	return all
}
