// Package usage tells what processes have used. A process that a large one starts would be said to be large itself: on Linux it
// begins with the peak of its parent's memory. So a small one, package measure, stands between them.
package usage

import (
	"bytes"
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
	// LinkerVariable is set where package measure is the -toolexec of go build: the command is its first argument, and what was used
	// is added to what it has written before, under the name of the package that is compiled, or under this one.
	LinkerVariable = "MEASURED_LINKER"
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

// ToolEnvironment are the variables with which Executable is the -toolexec of go build.
func (m Meter) ToolEnvironment(linker string) []string {
	return []string{LinkerVariable + "=" + linker, IntoVariable + "=" + m.file}
}

// ToolUsage is what a tool has used for a package.
type ToolUsage struct {
	Package string
	Usage
}

// ReadTools is what the tools have used so far, by package.
func (m Meter) ReadTools() (map[string]Usage, error) {
	text, err := os.ReadFile(m.file)
	if err != nil {
		return nil, err
	}
	used := map[string]Usage{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	for decoder.More() {
		var tool ToolUsage
		if err := decoder.Decode(&tool); err != nil {
			return nil, err
		}
		before := used[tool.Package]
		used[tool.Package] = Usage{CPU: before.CPU + tool.CPU, Memory: max(before.Memory, tool.Memory)}
	}
	return used, nil
}
