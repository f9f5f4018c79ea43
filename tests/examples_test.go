package tests

import (
	"os"
	"os/exec"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// examples are the folders of examples/.
func examples(t *testing.T) (names []string) {
	t.Helper()
	entries, err := os.ReadDir("../examples")
	require.NoError(t, err)
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	require.NotEmpty(t, names)
	return names
}

func TestExamplesCompile(t *testing.T) {
	command := exec.Command("go", "vet", "./examples/...")
	command.Dir = ".."
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
}

func TestExamplesAreProjects(t *testing.T) {
	for _, name := range examples(t) {
		project := read(t, "../examples/"+name+"/Pulumi.yaml")
		for _, line := range []string{`(?m)^name: [a-z0-9-]+$`, `(?m)^runtime: go$`, `(?m)^description: \S.*$`} {
			assert.Regexp(t, line, project, name)
		}
		assert.Regexp(t, `(?m)^package main$`, read(t, "../examples/"+name+"/main.go"), name)
		// CI deploys those that have a stack, twice, and takes them down: .ci/run.
		assert.Contains(t, read(t, "../examples/"+name+"/Pulumi.dev.yaml"), "aws:region:", name)
	}
}

// TestReadmeMentionsEveryExample: nobody finds an example that nothing links to.
func TestReadmeMentionsEveryExample(t *testing.T) {
	readme := read(t, "../README.md")
	for _, name := range examples(t) {
		assert.Regexp(t, regexp.QuoteMeta("](examples/"+name), readme)
	}
}
