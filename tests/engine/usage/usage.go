// Package usage tells what processes have used. A process that a large one starts would be said to be large itself: on Linux it
// begins with the peak of its parent's memory. So a small one, package measure, stands between them.
package usage

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Usage is what a process has used.
type Usage struct {
	CPU    time.Duration // of user and system together
	Memory int64         // at its peak, in bytes; 0 where the operating system does not say
}

// Of is what a process that has ended has used; of those that it has waited for, the CPU time is added and the largest counts.
func Of(state *os.ProcessState) Usage {
	return Usage{CPU: state.UserTime() + state.SystemTime(), Memory: peakMemory(state.SysUsage())}
}

// Variables of the environment that tell package measure what it runs, and where it writes what that has used.
const (
	CommandVariable = "MEASURED_COMMAND"
	IntoVariable    = "MEASURED_INTO"
)

// Meter measures one process at a time.
type Meter struct {
	executable, file string
}

// NewMeter compiles package measure into the directory.
func NewMeter(directory string) (Meter, error) {
	m := Meter{filepath.Join(directory, "measure"), filepath.Join(directory, "usage.json")}
	output, err := exec.Command("go", "build", "-o", m.executable, "github.com/seed-8894d46d/account-baseline/tests/engine/usage/measure").CombinedOutput()
	if err != nil {
		return m, fmt.Errorf("compile package measure: %w\n%s", err, output)
	}
	return m, nil
}

// Executable is what is started instead of the command, with Environment beside its own and the same arguments.
func (m Meter) Executable() string { return m.executable }

// Environment are the variables with which Executable runs the command.
func (m Meter) Environment(command string) []string {
	return []string{CommandVariable + "=" + command, IntoVariable + "=" + m.file}
}

// Read is what the last command has used.
func (m Meter) Read() (used Usage, err error) {
	text, err := os.ReadFile(m.file)
	if err != nil {
		return used, err
	}
	return used, json.Unmarshal(text, &used)
}
