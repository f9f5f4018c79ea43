package report

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/internal/controls"
)

// TestEveryControlIsInItsBenchmarks: whatever its status, a control is a row of each benchmark that has it, once, and of one
// at least.
func TestEveryControlIsInItsBenchmarks(t *testing.T) {
	var verdicts []controls.Verdict
	statuses := controls.Statuses()
	want := map[string]map[controls.Status]int{}
	for i, c := range controls.Controls() {
		v := controls.Verdict{Control: c, Status: statuses[i%len(statuses)]}
		verdicts = append(verdicts, v)
		in := 0
		for _, b := range benchmarks {
			if len(b.ids(c)) == 0 {
				continue
			}
			if want[b.name] == nil {
				want[b.name] = map[controls.Status]int{}
			}
			want[b.name][v.Status]++
			in++
		}
		assert.Positive(t, in, "%s is in no benchmark", c.Title)
	}
	all := coverage(verdicts)
	assert.Len(t, all, len(benchmarks))
	for _, c := range all {
		rows, have := 0, map[controls.Status]int{}
		for _, count := range c.Counts {
			have[count.Status] = count.Count
			rows += count.Count
		}
		assert.Equal(t, want[c.Benchmark], have, c.Benchmark)
		assert.Equal(t, rows, c.Rows)
		assert.Len(t, c.Controls, rows)
		for i, judged := range c.Controls {
			assert.NotEmpty(t, judged.IDs)
			assert.False(t, slices.ContainsFunc(c.Controls[:i], func(other Judged) bool { return other.IDs == judged.IDs && other.Title == judged.Title }), judged.IDs)
		}
	}
}
