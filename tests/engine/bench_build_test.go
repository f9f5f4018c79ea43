package engine_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// ownCode is how much more CPU a cold build may take than that of the packages of others that it needs.
const ownCode = 1.05

const rootModule = "github.com/seed-8894d46d/account-baseline"

// TestBenchColdBuild builds main.go and each component alone, with an empty cache, and beside it the packages of others that
// it needs. ENGINE_BUILD names a few of them: "components/regions .".
func TestBenchColdBuild(t *testing.T) {
	if benched != "build" {
		t.Skip("make bench BUILD=1 builds, for an hour")
	}
	packages := strings.Fields(os.Getenv("ENGINE_BUILD"))
	if len(packages) == 0 {
		packages = append(componentsOf(t), ".")
	}
	t.Log("package: CPU, of which packages of others, ratio, peak memory of one process")
	for _, name := range packages {
		t.Run(name, func(t *testing.T) {
			target := "./" + strings.TrimPrefix(name, "./")
			others := coldBuild(t, dependenciesOf(t, target)...)
			all := coldBuild(t, target)
			ratio := all.CPU.Seconds() / others.CPU.Seconds()
			t.Logf("%s: %.1f s, %.1f s, %.2f, %d MB", name, all.CPU.Seconds(), others.CPU.Seconds(), ratio, all.Memory>>20)
			require.LessOrEqual(t, ratio, ownCode)
		})
	}
}

// componentsOf are the directories of components that others import.
func componentsOf(t *testing.T) (directories []string) {
	t.Helper()
	found, err := filepath.Glob("../../components/*/args.go")
	require.NoError(t, err)
	require.NotEmpty(t, found)
	for _, file := range found {
		directories = append(directories, "components/"+filepath.Base(filepath.Dir(file)))
	}
	return directories
}

// dependenciesOf are the packages of other modules that a package of the root module needs, those of Go itself included.
func dependenciesOf(t *testing.T, target string) (paths []string) {
	t.Helper()
	command := exec.Command("go", "list", "-deps", "-json=ImportPath", target)
	command.Dir = "../.."
	output, err := command.Output()
	require.NoError(t, err)
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var listed struct{ ImportPath string }
		if err := decoder.Decode(&listed); err == io.EOF {
			return paths
		} else {
			require.NoError(t, err)
		}
		if !strings.HasPrefix(listed.ImportPath, rootModule) && !strings.HasPrefix(listed.ImportPath, "vendor/") && listed.ImportPath != "unsafe" {
			paths = append(paths, listed.ImportPath)
		}
	}
}

// coldBuild builds with an empty cache and returns what the go command and all its compilers have used.
func coldBuild(t *testing.T, packages ...string) engine.Usage {
	t.Helper()
	cache := t.TempDir()
	command := exec.Command("go", append([]string{"build", "-buildvcs=false", "-o", os.DevNull}, packages...)...)
	if len(packages) > 1 {
		command = exec.Command("go", append([]string{"build", "-buildvcs=false"}, packages...)...)
	}
	command.Dir = "../.."
	command.Env = append(os.Environ(), "GOCACHE="+cache)
	begin := time.Now()
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	usage := engine.UsageOf(command.ProcessState)
	require.NotZero(t, usage.CPU, fmt.Sprintf("nothing was measured in %v", time.Since(begin)))
	return usage
}
