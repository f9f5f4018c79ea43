package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

type workflow struct {
	On          map[string]any
	Permissions map[string]string
	Jobs        map[string]struct {
		If          string
		Environment string
		Permissions map[string]string
		Concurrency struct {
			Group  string
			Cancel bool `yaml:"cancel-in-progress"`
		}
		Timeout int `yaml:"timeout-minutes"`
		Steps   []struct {
			Name, Uses, Run string
			With            map[string]any
		}
	}
}

const workflowFile = "../docs/github-actions/account-baseline.yml"

// readWorkflow reads the workflow that the documents offer.
func readWorkflow(t *testing.T) (w workflow) {
	t.Helper()
	require.NoError(t, yaml.Unmarshal([]byte(read(t, workflowFile)), &w))
	return w
}

func TestWorkflowAsksForNoMorePermissionsThanItNeeds(t *testing.T) {
	w := readWorkflow(t)
	assert.NotNil(t, w.Permissions)
	assert.Empty(t, w.Permissions, "by default")
	want := map[string]map[string]string{
		"accounts": {"contents": "read"},
		"preview":  {"contents": "read", "id-token": "write"},
		"comment":  {"pull-requests": "write"},
		"deploy":   {"contents": "read", "id-token": "write"},
	}
	require.Len(t, w.Jobs, len(want))
	for name, permissions := range want {
		assert.Equal(t, permissions, w.Jobs[name].Permissions, name)
		assert.Positive(t, w.Jobs[name].Timeout, name)
	}
	for name, job := range w.Jobs {
		assumes := false
		for _, step := range job.Steps {
			assumes = assumes || strings.HasPrefix(step.Uses, "aws-actions/configure-aws-credentials@")
		}
		assert.Equal(t, assumes, job.Permissions["id-token"] == "write", "%s: id-token only where a role is assumed", name)
	}
}

func TestWorkflowPinsVersions(t *testing.T) {
	// A tag can be moved; the version stands beside the commit for people and for tools that update it.
	text := read(t, workflowFile)
	uses := strings.Count(text, "uses: ")
	require.Greater(t, uses, 8)
	assert.Len(t, regexp.MustCompile(`(?m)uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`).FindAllString(text, -1), uses)
	for name, job := range readWorkflow(t).Jobs {
		for _, step := range job.Steps {
			// What the outside says goes through the environment, never into the script.
			assert.NotContains(t, step.Run, "${{", name)
			if strings.HasPrefix(step.Uses, "actions/checkout@") {
				assert.Equal(t, false, step.With["persist-credentials"], name)
			}
		}
	}
	goMod := read(t, "../go.mod")
	version := regexp.MustCompile(`pulumi/sdk/v3 v(\S+)`).FindStringSubmatch(goMod)
	require.NotNil(t, version)
	assert.Contains(t, text, "PULUMI_VERSION: "+version[1]+"\n")
}

func TestWorkflowDeploysFromMainOnly(t *testing.T) {
	w := readWorkflow(t)
	assert.NotContains(t, w.On, "pull_request_target", "it would run a stranger's code with the rights of the repository")
	deploy, preview := w.Jobs["deploy"], w.Jobs["preview"]
	assert.Equal(t, "github.event_name == 'push' && github.ref == 'refs/heads/main'", deploy.If)
	assert.NotEmpty(t, deploy.Environment)
	assert.False(t, deploy.Concurrency.Cancel)
	assert.Contains(t, deploy.Concurrency.Group, "matrix.account.stack")
	assert.Contains(t, preview.If, "head.repo.full_name == github.repository")
	assert.Empty(t, preview.Environment, "it would change the sub claim")
	for name, role := range map[string]string{"deploy": "deployRole", "preview": "previewRole"} {
		for _, step := range w.Jobs[name].Steps {
			if strings.HasPrefix(step.Uses, "aws-actions/") {
				assert.Equal(t, "${{ matrix.account."+role+" }}", step.With["role-to-assume"])
			}
		}
	}
}

// TestCommentHoldsThePreviews runs the script of the comment on what previews of two accounts left, one of which tries to end the
// block that it stands in.
func TestCommentHoldsThePreviews(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), mode))
	}
	write("gh", "#!/bin/sh\necho \"$@\" >called\n", 0o755)
	run := func() string {
		script := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", stepOf(t, "comment", "Comment"))
		script.Dir = dir
		script.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "NUMBER=7")
		output, err := script.CombinedOutput()
		require.NoError(t, err, "%s", output)
		assert.Equal(t, "pr comment 7 --edit-last --create-if-none --body-file short.md\n", read(t, filepath.Join(dir, "called")))
		comment := read(t, filepath.Join(dir, "short.md"))
		for _, file := range []string{"comment.md", "short.md", "called"} {
			require.NoError(t, os.Remove(filepath.Join(dir, file)))
		}
		return comment
	}
	assert.Equal(t, "No preview came about; the run says why.\n", run())

	write("preview-production.txt", "~ aws:s3/bucketV2:BucketV2: (update)\n~~~~~~~~\n@everybody\n", 0o644)
	write("preview-sandbox.txt", strings.Repeat("x", 70000), 0o644)
	comment := run()
	assert.True(t, strings.HasPrefix(comment, "### Preview of `production`\n\n~~~~~diff\n~ aws:s3/bucketV2:BucketV2: (update)\n~~~\n@everybody\n\n~~~~~\n\n### Preview of `sandbox`\n"), comment)
	assert.Less(t, len(comment), 65536)
	assert.Equal(t, 4, strings.Count(comment, "~~~~~"), "two blocks, each begun and ended")
}

// TestAFailedPreviewFailsTheJob: what tee writes down must not hide it.
func TestAFailedPreviewFailsTheJob(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pulumi"), []byte("#!/bin/sh\necho \"$@\"\nexit 1\n"), 0o755))
	script := exec.Command("bash", "-e", "-c", stepOf(t, "preview", "Preview"))
	script.Dir = dir
	script.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "STACK=production")
	require.Error(t, script.Run())
	assert.Contains(t, read(t, filepath.Join(dir, "preview-production.txt")), "preview --stack production")
}

// stepOf is the script of a step.
func stepOf(t *testing.T, job, name string) string {
	t.Helper()
	for _, step := range readWorkflow(t).Jobs[job].Steps {
		if step.Name == name {
			return step.Run
		}
	}
	require.Fail(t, "no such step", "%s of %s", name, job)
	return ""
}
