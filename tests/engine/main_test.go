package engine_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain trades memory for time: most of what an operation allocates lives as long as the operation.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
