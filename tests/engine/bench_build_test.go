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

// ownCode is how much more CPU a cold build may take than one of packages that import the same of others and do nothing.
const ownCode = 1.05

const rootModule = "github.com/seed-8894d46d/account-baseline"

// built is what a cold build uses.
type built struct {
	name        string
	own, others time.Duration // CPU of compiling the packages of this repository, and those of others with those of Go
	link        time.Duration // CPU of the linker, of a program only
	bare        time.Duration // CPU of compiling, and linking, as many packages that import the same of others and do nothing
	packages    int           // of others
	memory      int64         // of the largest process, in bytes
}

func (b built) all() time.Duration { return b.own + b.others + b.link }

func (b built) ratio() float64 { return b.all().Seconds() / (b.others + b.bare).Seconds() }

// toOthers counts everything in our packages as our own, what the compiler does in each anew for a package of others, too.
func (b built) toOthers() float64 { return (b.own + b.others).Seconds() / b.others.Seconds() }

func (b built) row() string {
	return fmt.Sprintf("| `%s` | %.0f s | %d | %.0f s | %.1f s | %.1f s | %.1f s | %.2f | %.2f | %.2f | %.1f GB |", b.name, b.all().Seconds(),
		b.packages, b.others.Seconds(), b.own.Seconds(), b.link.Seconds(), b.bare.Seconds(), b.ratio(), ownCode, b.toOthers(), float64(b.memory)/1e9)
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
	linked := b.link(t, ".")
	overlay, twins := b.bare(t, paths)
	b.build(t, append([]string{overlay}, twins...)...)
	bareLinked := b.link(t, overlay, bare(rootModule))
	used := b.used(t)
	for _, name := range names {
		c := built{name: name}
		for _, path := range b.needs(t, "./"+name) {
			u := used[path]
			c.memory = max(c.memory, u.Memory)
			if ours(path) {
				c.own += u.CPU
				c.bare += used[bare(path)].CPU
			} else {
				c.others += u.CPU
				c.packages++
			}
		}
		require.NotZero(t, c.others, "nothing was compiled for %s", name)
		if name == "." {
			c.link = linked
			c.bare += bareLinked
			c.memory = max(c.memory, used[linking].Memory)
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

// link is the CPU of linking a program that was compiled already.
func (b builder) link(t *testing.T, arguments ...string) time.Duration {
	t.Helper()
	before := b.used(t)[linking].CPU
	b.build(t, append([]string{"-o", filepath.Join(b.directory, "program")}, arguments...)...)
	return b.used(t)[linking].CPU - before
}

// bare is the package that stands for the given one of ours. It is internal to none.
func bare(path string) string { return rootModule + "/bare/" + strings.ReplaceAll(path, "/", "-") }

// bare writes for each of our packages that the given ones need one that imports the same, the bare one in the place of one of
// ours, and does nothing, but that it has to know Pulumi's context where the other imports it. They are files of no directory, of which the
// go command is told by the flag; packages are their names.
func (b builder) bare(t *testing.T, paths []string) (flag string, packages []string) {
	t.Helper()
	const pulumi = "github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	output, err := b.command(append([]string{"list", "-deps", "-json=ImportPath,Name,Imports"}, paths...)...).Output()
	require.NoError(t, err)
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	files := map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(output)); decoder.More(); {
		var p struct {
			ImportPath, Name string
			Imports          []string
		}
		require.NoError(t, decoder.Decode(&p))
		if !ours(p.ImportPath) {
			continue
		}
		text := "package " + p.Name + "\n\n"
		for _, path := range p.Imports {
			if ours(path) {
				path = bare(path)
			}
			text += fmt.Sprintf("import _ %q\n", path)
		}
		if slices.Contains(p.Imports, pulumi) {
			text += fmt.Sprintf("import %q\n\nfunc Bare(*pulumi.Context) {}\n", pulumi)
		}
		if p.Name == "main" {
			text += "\nfunc main() {}\n"
		}
		source := filepath.Join(b.directory, fmt.Sprintf("bare%d.go", len(files)))
		require.NoError(t, os.WriteFile(source, []byte(text), 0o600))
		files[filepath.Join(root, strings.TrimPrefix(bare(p.ImportPath), rootModule), "bare.go")] = source
		packages = append(packages, bare(p.ImportPath))
	}
	text, err := json.Marshal(map[string]any{"Replace": files})
	require.NoError(t, err)
	overlay := filepath.Join(b.directory, "overlay.json")
	require.NoError(t, os.WriteFile(overlay, text, 0o600))
	return "-overlay=" + overlay, packages
}

const buildHeading = "\n## Cold build\n"

// buildSection is the end of docs/scale.md.
func buildSection(measured []built) string {
	var out strings.Builder
	out.WriteString(buildHeading + `
What a build with an empty cache takes of CPU, of ` + "`main.go`" + ` (.) and of each component alone, as somebody has it who imports that one. The
packages of others are those of Go, Pulumi and AWS that it needs. All were compiled once, in one run, and each row is the sum of what it
needs; a program is linked, too. The ratio is to the packages of others and to bare ones in the place of ours: as many, that import
the same of others and do nothing. The compiler compiles the generic types of Pulumi's SDK anew in each package that is given its
context, which is most of what the bare ones take. With that counted as ours, the sum of our packages and of others is to the others
as the column before the last says. The go command itself is not counted.

| package | CPU | packages of others | for these | for our own | linked | bare ones | ratio | at most | to the others alone | largest process |
|---|---|---|---|---|---|---|---|---|---|---|
`)
	for _, b := range measured {
		out.WriteString(b.row() + "\n")
	}
	return out.String()
}
