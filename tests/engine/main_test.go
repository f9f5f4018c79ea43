package engine_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// long says that the rows run that a change rarely breaks, too; see doc.go.
var long = os.Getenv("ENGINE_LONG") != ""

// TestMain trades memory for time: most of what an operation allocates lives as long as the operation.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
