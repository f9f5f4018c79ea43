package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFindProjectLooksUpwards(t *testing.T) {
	p := newProject(t, "")
	below := filepath.Join(p.root, "components", "securetrail")
	require.NoError(t, os.MkdirAll(below, 0o700))
	found, err := findProject(below)
	require.NoError(t, err)
	require.Equal(t, p, found)

	_, err = findProject(t.TempDir())
	require.ErrorContains(t, err, "no Pulumi.yaml in")
}

func TestAProjectBelowTheModuleHasAnAccountOfItsOwn(t *testing.T) {
	p := newProject(t, "")
	example := filepath.Join(p.root, "examples", "minimal")
	require.NoError(t, os.MkdirAll(example, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(example, "Pulumi.yaml"), []byte("name: minimal\nruntime: go\n"), 0o600))
	found, err := findProject(example)
	require.NoError(t, err)
	require.Equal(t, project{example, p.root}, found)
	require.Equal(t, p.cli(), found.cli())
	require.NotEqual(t, p.account(), found.account())
	require.True(t, strings.HasPrefix(found.account(), p.shared()))
}

func TestOnePulumiLocalAtATime(t *testing.T) {
	p := newProject(t, "")
	unlock, err := p.lock()
	require.NoError(t, err)
	_, err = p.lock()
	require.ErrorIs(t, err, errLocked)
	unlock()
	unlock, err = p.lock()
	require.NoError(t, err)
	unlock()
}

func TestResetKeepsWhatTookLongToBuild(t *testing.T) {
	p := newProject(t, usersSettings)
	for _, file := range []string{p.account(), p.cli(), filepath.Join(p.state(), "x"), filepath.Join(p.settings(), "x")} {
		require.NoError(t, os.WriteFile(file, nil, 0o600))
	}
	require.NoError(t, p.reset())
	require.FileExists(t, p.cli())
	require.NoFileExists(t, p.account())
	require.NoDirExists(t, p.state())
	require.NoDirExists(t, p.settings())
	require.FileExists(t, filepath.Join(p.root, "Pulumi.dev.yaml"))
}

func TestStacksAreReadFromTheState(t *testing.T) {
	p := newProject(t, "")
	stacks, err := p.stacks()
	require.NoError(t, err)
	require.Empty(t, stacks)

	directory := filepath.Join(p.state(), ".pulumi", "stacks", "account-baseline")
	require.NoError(t, os.MkdirAll(directory, 0o700))
	for _, name := range []string{"dev.json", "dev.json.bak", "prod.json"} {
		require.NoError(t, os.WriteFile(filepath.Join(directory, name), nil, 0o600))
	}
	stacks, err = p.stacks()
	require.NoError(t, err)
	require.Equal(t, []string{"dev", "prod"}, stacks)
}

func TestEnvironmentLeadsToNoRealAccount(t *testing.T) {
	p := project{"/project", "/project"}
	environment := p.cliEnvironment([]string{
		"PATH=/bin", "AWS_PROFILE=production", "aws_region=us-east-1", "PULUMI_ACCESS_TOKEN=pul-1",
		"PULUMI_BACKEND_URL=s3://state", "PULUMI_CONFIG_PASSPHRASE_FILE=/x", "PULUMI_PARALLEL=2",
	}, "aws:4711")
	require.Equal(t, []string{
		"PATH=/bin", "PULUMI_PARALLEL=2",
		"PULUMI_HOME=/project/.pulumi-local/home",
		"PULUMI_BACKEND_URL=file:///project/.pulumi-local/state",
		"PULUMI_CONFIG_PASSPHRASE=simulated",
		"PULUMI_SKIP_UPDATE_CHECK=true",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
		"PULUMI_SUPPRESS_NEO_LINK=true",
		"PULUMI_DEBUG_PROVIDERS=aws:4711",
	}, environment)
}
