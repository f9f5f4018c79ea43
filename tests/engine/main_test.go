package engine_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"testing"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// long says that the rows run that a change rarely breaks, too; see doc.go.
var long = os.Getenv("ENGINE_LONG") != ""

// TestMain trades memory for time: most of what an operation allocates lives as long as the operation,
// and much of it as long as the process.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(4 << 30)
	os.Exit(engine.Main(m, parts()))
}

// parts are the tests that do so much that a single process would not have the memory, most of them in the long run.
func parts() map[string][]string {
	if !long {
		return map[string][]string{"TestRandomSettings": fives(fewDraws)}
	}
	return map[string][]string{
		"TestNoOrderIsRefused":                          tens(manyOrders / 100),
		"TestRandomSettings":                            fives(manyDraws),
		"TestCallsFailAtRandom":                         tens(manyBadDays / 10),
		"TestTheProcessIsKilled":                        tens(manyKills / 10),
		"TestEveryCallFailsAndTheStackConverges":        profiles,
		"TestEveryCallIsUnderWayWhenTheProcessIsKilled": {"starter.even$", "starter.odd$", "standard.even$", "standard.odd$", "strict.even$", "strict.odd$"},
		"TestAnswersToCreationsAreLost":                 profiles,
		"TestAMissingActionIsRefusedByName":             {"[a-g]$", "[h-r]$", "s$", "[^a-s]$"},
	}
}

// tens match the numbers of subtests with as many digits, by their first two.
func tens(n int) (patterns []string) {
	for i := range n {
		patterns = append(patterns, fmt.Sprintf("^%02d", i))
	}
	return patterns
}

// fives match the numbers of so many subtests with three digits, five at a time.
func fives(n int) (patterns []string) {
	for i := 0; i < n; i += 5 {
		last := "[0-4]$"
		if i%10 == 5 {
			last = "[5-9]$"
		}
		patterns = append(patterns, fmt.Sprintf("^%02d%s", i/10, last))
	}
	return patterns
}
