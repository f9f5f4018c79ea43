package threatdetection

import (
	"fmt"
	"slices"
	"strings"
)

// gap adds a sentence to Gaps. The arguments that decide it stand at its end, in parentheses.
func (b *builder) gap(format string, values ...any) {
	b.gaps = append(b.gaps, fmt.Sprintf(format, values...))
}

// gapIn adds one sentence for all the Regions that it is true of; the first value of the format is their names. Without
// Regions there is none.
func (b *builder) gapIn(regions []string, format string, values ...any) {
	if len(regions) > 0 {
		b.gap(format, append([]any{inWords(regions)}, values...)...)
	}
}

// skippedPlans are the plans that Regions lack, each with all of its Regions, in the order of the table.
func (b *builder) skippedPlans() string {
	var sentences []string
	for _, plan := range plans {
		if regions := b.lacking[plan.Plan]; len(regions) > 0 {
			sentences = append(sentences, string(plan.Plan)+" in "+inWords(regions))
		}
	}
	return strings.Join(sentences, "; ")
}

// inWords lists names, sorted: a, b and c.
func inWords(names []string) string {
	sorted := slices.Sorted(slices.Values(names))
	last := len(sorted) - 1
	if last < 1 {
		return strings.Join(sorted, "")
	}
	return strings.Join(sorted[:last], ", ") + " and " + sorted[last]
}
