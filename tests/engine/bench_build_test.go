package engine_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

// built is what a cold build has used.
type built struct {
	name        string
	all, others time.Duration // CPU of everything, and of compiling the packages of others, those of Go included
	packages    int           // of others
	memory      int64         // of the largest process, in bytes
}

func (b built) ratio() float64 { return b.all.Seconds() / b.others.Seconds() }

func (b built) row() string {
	return fmt.Sprintf("| `%s` | %.0f s | %d | %.0f s | %.2f | %.2f | %.1f GB |", b.name, b.all.Seconds(), b.packages, b.others.Seconds(), b.ratio(), ownCode, float64(b.memory)/1e9)
}

// measureBuilds builds main.go and each component alone, each with an empty cache. ENGINE_BUILD names a few of them:
// "components/digest .".
func measureBuilds(t *testing.T) (all []built) {
	t.Helper()
	names := strings.Fields(os.Getenv("ENGINE_BUILD"))
	if len(names) == 0 {
		names = append(componentsOf(t), ".")
	}
	for _, name := range names {
		b := coldBuild(t, name)
		t.Log(b.row())
		all = append(all, b)
	}
	return all
}

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

// coldBuild builds a package with an empty cache. The go command says what each compiler has used.
func coldBuild(t *testing.T, name string) built {
	t.Helper()
	directory := t.TempDir()
	cache, graph := filepath.Join(directory, "cache"), filepath.Join(directory, "graph.json")
	meter, err := usage.NewMeter(directory)
	require.NoError(t, err)
	compiler, err := exec.LookPath("go")
	require.NoError(t, err)
	command := exec.Command(meter.Executable(), "build", "-buildvcs=false", "-debug-actiongraph="+graph, "-o", os.DevNull, "./"+name)
	command.Dir = "../.."
	command.Env = append(append(os.Environ(), "GOCACHE="+cache), meter.Environment(compiler)...)
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	used, err := meter.Read()
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(cache))

	b := built{name: name, all: used.CPU, memory: used.Memory}
	text, err := os.ReadFile(graph)
	require.NoError(t, err)
	var actions []struct {
		Mode, Package   string
		CmdUser, CmdSys time.Duration
	}
	require.NoError(t, json.Unmarshal(text, &actions))
	for _, action := range actions {
		if action.Mode == "build" && !strings.HasPrefix(action.Package, rootModule) {
			b.packages++
			b.others += action.CmdUser + action.CmdSys
		}
	}
	require.NotZero(t, b.others, "nothing was compiled")
	return b
}

const buildHeading = "\n## Cold build\n"

var builtRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| \\d+ s \\|.*$")

// buildSection is the end of docs/scale.md. What was not built this time is taken over from the page as it was.
func buildSection(t *testing.T, page string, measured []built) string {
	t.Helper()
	rows := map[string]string{}
	_, before, _ := strings.Cut(page, buildHeading)
	for _, row := range builtRow.FindAllStringSubmatch(before, -1) {
		rows[row[1]] = row[0]
	}
	for _, b := range measured {
		rows[b.name] = b.row()
	}
	var out strings.Builder
	out.WriteString(buildHeading + `
What a build with an empty cache takes, of ` + "`main.go`" + ` (.) and of each component alone, as somebody has it who imports that one. The packages
of others are those of Go, Pulumi and AWS that it needs; all else is the code of this repository, the linker and the go command.

`)
	if len(rows) == 0 {
		out.WriteString("It has not been measured yet: `make bench PART=build` does, and so does `make release`.\n")
		return out.String()
	}
	out.WriteString(`| package | CPU | packages of others | CPU for these | ratio | at most | largest process |
|---|---|---|---|---|---|---|
`)
	for _, name := range append(componentsOf(t), ".") {
		if row := rows[name]; row != "" {
			out.WriteString(row + "\n")
		}
	}
	return out.String()
}
