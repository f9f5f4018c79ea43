package tests

import (
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
			Uses, Run string
			With      map[string]any
		}
	}
}

// readWorkflow reads the workflow that the documents offer.
func readWorkflow(t *testing.T) (w workflow) {
	t.Helper()
	require.NoError(t, yaml.Unmarshal([]byte(read(t, "../docs/github-actions/account-baseline.yml")), &w))
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
	pinned := regexp.MustCompile(`^[\w.-]+/[\w.-]+@(v\d+\.\d+\.\d+|[0-9a-f]{40})$`)
	for name, job := range readWorkflow(t).Jobs {
		for _, step := range job.Steps {
			if step.Uses != "" {
				assert.Regexp(t, pinned, step.Uses, name)
			}
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
	assert.Contains(t, read(t, "../docs/github-actions/account-baseline.yml"), "PULUMI_VERSION: "+version[1]+"\n")
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
