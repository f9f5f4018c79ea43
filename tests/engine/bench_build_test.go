package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine/usage"
)

// ownCode is how much more CPU a cold build may take than that of the packages of others that it needs.
const ownCode = 1.05

const rootModule = "github.com/seed-8894d46d/account-baseline"

// built is what a cold build uses.
type built struct {
	name        string
	own, others time.Duration // CPU of compiling the packages of this repository, and those of others with those of Go
	link        time.Duration // CPU of the linker, of a program only
	bare        time.Duration // CPU of compiling and linking a program that imports the same packages of others and does nothing
	packages    int           // of others
	memory      int64         // of the largest process, in bytes
}

func (b built) all() time.Duration { return b.own + b.others + b.link }

func (b built) ratio() float64 { return b.all().Seconds() / (b.others + b.bare).Seconds() }

func (b built) row() string {
	return fmt.Sprintf("| `%s` | %.0f s | %d | %.0f s | %.1f s | %.1f s | %.1f s | %.2f | %.2f | %.1f GB |", b.name, b.all().Seconds(),
		b.packages, b.others.Seconds(), b.own.Seconds(), b.link.Seconds(), b.bare.Seconds(), b.ratio(), ownCode, float64(b.memory)/1e9)
}

// measureBuilds builds main.go and all components once, with an empty cache, and adds up what the tools have used for the
// packages that each needs: so all are measured in the same run, and what they share is the same for all.
func measureBuilds(t *testing.T) (all []built) {
	t.Helper()
	names := append(componentsOf(t), ".")
	b := newBuilder(t)
	paths := []string{}
	for _, name := range names {
		paths = append(paths, "./"+name)
	}
	b.build(t, paths...)
	used := b.used(t)
	for _, name := range names {
		c := built{name: name}
		for _, path := range b.needs(t, "./"+name) {
			u := used[path]
			c.memory = max(c.memory, u.Memory)
			if ours(path) {
				c.own += u.CPU
			} else {
				c.others += u.CPU
				c.packages++
			}
		}
		require.NotZero(t, c.others, "nothing was compiled for %s", name)
		if name == "." {
			c.link, c.bare = b.linked(t, name), b.bare(t, name)
			c.memory = max(c.memory, b.used(t)[linking].Memory)
		}
		t.Log(c.row())
		all = append(all, c)
	}
	return all
}

func ours(path string) bool { return path == rootModule || strings.HasPrefix(path, rootModule+"/") }

// componentsOf are the directories of the components: of packages that register one.
func componentsOf(t *testing.T) (directories []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir("../../components", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte("RegisterComponentResource")) {
			directories = append(directories, strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../../"))
		}
		return err
	}))
	slices.Sort(directories)
	directories = slices.Compact(directories)
	require.NotEmpty(t, directories)
	return directories
}

// builder builds with a cache of its own, and knows what the compiler and the linker have used.
type builder struct {
	directory string
	meter     usage.Meter
}

// linking is the name under which the linker is measured.
const linking = "the linker"

func newBuilder(t *testing.T) builder {
	t.Helper()
	directory := t.TempDir()
	meter, err := usage.NewMeter(directory)
	require.NoError(t, err)
	return builder{directory, meter}
}

// command is a go command on the root module. Without cgo all compilers are Go's own.
func (b builder) command(arguments ...string) *exec.Cmd {
	command := exec.Command("go", arguments...)
	command.Dir = "../.."
	command.Env = append(append(os.Environ(), "GOCACHE="+filepath.Join(b.directory, "cache"), "CGO_ENABLED=0"), b.meter.ToolEnvironment(linking)...)
	return command
}

func (b builder) build(t *testing.T, arguments ...string) {
	t.Helper()
	output, err := b.command(append([]string{"build", "-buildvcs=false", "-toolexec=" + b.meter.Executable()}, arguments...)...).CombinedOutput()
	require.NoError(t, err, "%s", output)
}

// used is what the tools have used so far, by package.
func (b builder) used(t *testing.T) map[string]usage.Usage {
	t.Helper()
	used, err := b.meter.ReadTools()
	require.NoError(t, err)
	return used
}

// needs are the packages that a package is built from.
func (b builder) needs(t *testing.T, name string) []string {
	t.Helper()
	output, err := b.command("list", "-deps", name).Output()
	require.NoError(t, err)
	return slices.DeleteFunc(strings.Fields(string(output)), func(path string) bool { return path == "unsafe" })
}

// linked is the CPU of linking a program that was compiled already.
func (b builder) linked(t *testing.T, name string) time.Duration {
	t.Helper()
	before := b.used(t)[linking].CPU
	b.build(t, "-o", filepath.Join(b.directory, "program"), "./"+name)
	return b.used(t)[linking].CPU - before
}

// bare is the CPU of compiling and linking a program that imports what the given one and our packages that it needs import of
// others, and does nothing. It is a file of no directory, which the go command is told of.
func (b builder) bare(t *testing.T, name string) time.Duration {
	t.Helper()
	output, err := b.command("list", "-deps", "-f", `{{range .Imports}}{{$.ImportPath}} {{.}}{{"\n"}}{{end}}`, "./"+name).Output()
	require.NoError(t, err)
	imported := map[string]bool{}
	for line := range strings.Lines(string(output)) {
		if by, path, _ := strings.Cut(strings.TrimSpace(line), " "); ours(by) && !ours(path) {
			imported[path] = true
		}
	}
	require.NotEmpty(t, imported)
	var program strings.Builder
	program.WriteString("package main\n\n")
	for path := range imported {
		fmt.Fprintf(&program, "import _ %q\n", path)
	}
	program.WriteString("\nfunc main() {}\n")
	source, overlay := filepath.Join(b.directory, "bare.go"), filepath.Join(b.directory, "overlay.json")
	require.NoError(t, os.WriteFile(source, []byte(program.String()), 0o600))
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "bare", "main.go"): source}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, text, 0o600))
	before := b.used(t)
	b.build(t, "-overlay", overlay, "-o", filepath.Join(b.directory, "bare"), "./bare")
	after := b.used(t)
	return after[linking].CPU - before[linking].CPU + after[rootModule+"/bare"].CPU
}

const buildHeading = "\n## Cold build\n"

// buildSection is the end of docs/scale.md.
func buildSection(measured []built) string {
	var out strings.Builder
	out.WriteString(buildHeading + `
What a build with an empty cache takes of CPU, of ` + "`main.go`" + ` (.) and of each component alone, as somebody has it who imports that one. The
packages of others are those of Go, Pulumi and AWS that it needs. All were compiled once, in one run, and each row is the sum of what it
needs. A program is linked, too, and is compared with one that imports the same packages of others and does nothing. The go command
itself is not counted.

| package | CPU | packages of others | for these | for our own | linked | a bare program | ratio | at most | largest process |
|---|---|---|---|---|---|---|---|---|---|
`)
	for _, b := range measured {
		out.WriteString(b.row() + "\n")
	}
	out.WriteString(`
About half of what ` + "`main.go`" + ` takes beyond the others is that each of its eighteen packages that import Pulumi's SDK compiles the generic types
of that SDK anew: half a second each, as measured on one of 70 lines.
`)
	return out.String()
}
