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
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
	"github.com/seed-8894d46d/account-baseline/tests/engine/usage"
)

// benched says which measurements run, which need the machine to themselves: all, scale or build; see doc.go.
var benched = os.Getenv("ENGINE_BENCH")

const (
	// runsMeasured is how often each measurement is repeated; the least is taken, since disturbances only add.
	runsMeasured = 4
	// superlinear is how much more CPU a resource may take in all Regions than in a few.
	superlinear = 1.10
	// mostCritical is up to how many Regions a deployment is compared with its critical path alone. In more, all the work that
	// there is takes longer, however many calls there are at a time.
	mostCritical = 17
)

// sizes are numbers of covered Regions: one, a few, those that every account has, with half of those that are opted in to.
var sizes = []int{1, 5, 17, 34}

// size is what a stack of a number of Regions needs.
type size struct {
	regions, resources int
	program            usage.Usage   // for an update that changes nothing
	engineCPU          time.Duration // the engine and the simulated account, in one process, for the same update
	state              int           // bytes
	pace               pace
}

// perResource is the program's CPU time for one resource.
func (s size) perResource() time.Duration { return s.program.CPU / time.Duration(s.resources) }

// share is the program's part of the CPU time of an update that changes nothing.
func (s size) share() float64 {
	return s.program.CPU.Seconds() / (s.program.CPU + s.engineCPU).Seconds()
}

const scalePage = "../../docs/scale.md"

// TestBench measures scale, speed and cold builds, writes the page about them and prints what is promised.
func TestBench(t *testing.T) {
	if benched == "" {
		t.Skip("make bench measures")
	}
	require.Contains(t, []string{"all", "scale", "build"}, benched, "ENGINE_BENCH")
	before, err := os.ReadFile(scalePage)
	require.NoError(t, err)
	first, last, _ := strings.Cut(string(before), buildHeading)
	last = buildHeading + last
	var sized []size
	if benched != "build" {
		sized = measureSizes(t)
		first = page(sized)
		require.NoError(t, os.WriteFile("../../docs/scale.svg", plot(sized), 0o644))
	}
	var builds []built
	if benched != "scale" {
		builds = measureBuilds(t)
		last = buildSection(builds)
	}
	require.NoError(t, os.WriteFile(scalePage, []byte(first+last), 0o644))

	text, kept := promised(sized, builds)
	fmt.Println(text)
	require.True(t, kept, "a promise is broken:\n%s", text)
}

// promised is a table of all that was measured and is promised, and whether the promises are kept.
func promised(sized []size, builds []built) (text string, kept bool) {
	var out strings.Builder
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WHAT\tOF WHAT\tMEASURED\tAT MOST")
	kept = true
	promise := func(what, of string, measured, most float64) {
		fmt.Fprintf(table, "%s\t%s\t%.2f\t%.2f\n", what, of, measured, most)
		kept = kept && measured <= most
	}
	for _, s := range sized {
		fmt.Fprintf(table, "%s, %d resources\tCPU of the program; of the engine\t%.2f s; %.2f s\t\n", regionsInWords(s.regions), s.resources, s.program.CPU.Seconds(), s.engineCPU.Seconds())
		fmt.Fprintf(table, "\tmemory of the program; state\t%d MB; %.1f MB\t\n", s.program.Memory/1e6, float64(s.state)/1e6)
		fmt.Fprintf(table, "\tthe program's share of the CPU of an update without changes\t%.2f\t\n", s.share())
		if s.regions <= mostCritical {
			promise("", "an update from nothing, in critical paths", s.pace.ratio(), slower)
		} else {
			promise("", "an update from nothing, in critical paths or all work", s.pace.toFloor(), slower)
		}
	}
	if len(sized) > 0 {
		few, many := sized[1], sized[len(sized)-1]
		promise("CPU of the program for a resource", fmt.Sprintf("that of %d Regions, in %d", many.regions, few.regions),
			many.perResource().Seconds()/few.perResource().Seconds(), superlinear)
	}
	for _, b := range builds {
		promise("cold build of "+b.name, "that of the packages of others and of bare ones", b.ratio(), ownCode)
		fmt.Fprintf(table, "\tthat of the packages of others alone\t%.2f\t\n", b.toOthers())
	}
	_ = table.Flush() // to memory
	return out.String(), kept
}

// measureSizes measures stacks of more and more Regions.
func measureSizes(t *testing.T) (measured []size) {
	t.Helper()
	always, optIn := allRegions(t)
	requireDone(t, engine.New(t, engine.Options{Settings: team(nil)}).Preview()) // what only the first operation of a process does
	for _, n := range sizes {
		s := measure(t, append(slices.Clone(always), optIn...)[:n], optIn)
		t.Logf("%d Regions: %d resources, program %v and %d MB, engine %v, state %d KB; %v at AWS, critical path %v",
			n, s.resources, s.program.CPU, s.program.Memory/1e6, s.engineCPU, s.state/1e3, s.pace.took, s.pace.critical)
		s.pace.requireReasons(t)
		measured = append(measured, s)
	}
	return measured
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
	var used usage.Usage
	settings := team(Settings{"regions": regions})
	stack := engine.New(t, engine.Options{Settings: settings, Parallel: parallelCalls, Measure: func(u usage.Usage) { used = u }})
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) { a.Settings.OptInRegions = optIn }))
	requireDone(t, stack.Up())
	s := size{regions: len(regions), resources: len(stack.Resources())}
	for range runsMeasured {
		runtime.GC()
		before := usage.Own()
		requireUnchanged(t, stack.Up())
		s.engineCPU = least(s.engineCPU, usage.Own().CPU-before.CPU)
		s.program = usage.Usage{CPU: least(s.program.CPU, used.CPU), Memory: least(s.program.Memory, used.Memory)}
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

// page is docs/scale.md but for its last section.
func page(measured []size) string {
	var out strings.Builder
	out.WriteString("# Scale and speed\n\n`make bench` measures this and writes the page. The machine and what else runs on it decide about times; the ratios are what\n" +
		"is tested. Profile `standard`, one address.\n\n## Scale\n\n" +
		"| Regions | resources | program, CPU | for a resource | program, memory | engine, CPU | the program's share | state |\n" +
		"|---|---|---|---|---|---|---|---|\n")
	for _, s := range measured {
		fmt.Fprintf(&out, "| %d | %d | %.2f s | %.2f ms | %d MB | %.2f s | %.0f %% | %.1f MB |\n", s.regions, s.resources,
			s.program.CPU.Seconds(), s.perResource().Seconds()*1000, s.program.Memory/1e6, s.engineCPU.Seconds(), 100*s.share(), float64(s.state)/1e6)
	}
	few, many := measured[1], measured[len(measured)-1]
	fmt.Fprintf(&out, `
A resource takes the program %.2f times as much CPU in %d Regions as in %d; at most %.2f is allowed. CPU and memory of the program, and the
CPU of the engine, are those of an update without changes; the engine's has the simulated account in it, which is no part of a real
deployment, where one provider process for each Region takes its place.

![Resources, CPU of program and engine and size of the state by Regions](scale.svg)

## Speed

How long %s takes at AWS, in virtual time: each creation takes as long as it [typically does](#latencies), 64 at a time as with
%s, and nobody waits for it. The critical path is the longest chain of resources that wait for each other: no number of calls
at a time makes a deployment shorter. Nor is it shorter than the work of all calls, done 64 at a time. Up to %d Regions a deployment takes
at most %.2f times its critical path; in more, as many times the longer of the two.

| Regions | resources | up from nothing | critical path | all work | to the critical path | to the longer one | calls at a time |
|---|---|---|---|---|---|---|---|
`, many.perResource().Seconds()/few.perResource().Seconds(), many.regions, few.regions, superlinear, "`pulumi up` from nothing", "`--parallel 64`",
		mostCritical, slower)
	for _, s := range measured {
		fmt.Fprintf(&out, "| %d | %d | %.0f s | %.0f s | %.0f s | %.2f | %.2f | %d |\n", s.regions, s.pace.resources, s.pace.took.Seconds(), s.pace.critical.Seconds(),
			s.pace.work.Seconds(), s.pace.ratio(), s.pace.toFloor(), s.pace.most)
	}
	out.WriteString("\nIn many Regions hundreds of resources can begin at once, and Pulumi takes them in the order in which they could: what the critical\n" +
		"path goes on with waits its turn, unless the others have something to wait for, too.\n\n### The critical path\n\n" +
		"Of each resource, what it waits for in the one before: a value of it, or nothing but that it is there, which the program asks for (dependsOn)\n" +
		"for the reason in brackets, a row of the table below.\n\n")
	for i, s := range measured {
		if i > 0 && slices.Equal(names(s.pace), names(measured[i-1].pace)) {
			fmt.Fprintf(&out, "With %s: the same.\n\n", regionsInWords(s.regions))
			continue
		}
		fmt.Fprintf(&out, "With %s:\n\n```\n begins   takes  %-40s waits for\n%s\n```\n\n", regionsInWords(s.regions), "resource", strings.Join(s.pace.lines(), "\n"))
	}
	out.WriteString("### Why a resource waits for more than values\n\n|   | resources | why |\n|---|---|---|\n")
	for i, row := range reasons {
		fmt.Fprintf(&out, "| %d | %s | %s |\n", i+1, row.what, row.why)
	}
	out.WriteString(`
### Latencies

`)
	fmt.Fprintf(&out, "The provider's own waiting included, which is most of it. Whatever is not here is taken to be %v.\n\n| creation of | takes | seen in |\n|---|---|---|\n", usualLatency)
	for _, row := range latencies {
		fmt.Fprintf(&out, "| `%s` | %d s | <%s |\n", row.kind, row.seconds, strings.Replace(row.source+">", " (", "> (", 1))
	}
	return strings.ReplaceAll(out.String(), ")>", ")")
}

func names(p pace) (all []string) {
	for _, link := range p.path {
		all = append(all, link.resource.URN.Name())
	}
	return all
}
