package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const usersSettings = `# The team's settings.
config:
  aws:region: ap-northeast-1
  account-baseline:alerts:
    emails: [security@example.com] # one is enough
    webhook:
      url:
        secure: v1:encrypted-for-the-real-stack
encryptionsalt: v1:real
`

// newProject makes a project in a temporary directory.
func newProject(t *testing.T, settings string) project {
	t.Helper()
	root := t.TempDir()
	p := project{root, root}
	for name, text := range map[string]string{
		"Pulumi.yaml": "name: account-baseline\nruntime: go\n", "Pulumi.dev.yaml": settings, "go.mod": "module x\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(p.root, name), []byte(text), 0o600))
	}
	require.NoError(t, p.create())
	return p
}

// run prepares the settings, lets the CLI edit the copy, and keeps them; it returns the next run's copy.
func (p project) run(t *testing.T, edit func(copy string)) string {
	t.Helper()
	file := filepath.Join(p.copy(), "Pulumi.dev.yaml")
	prepared, err := p.prepareSettings()
	require.NoError(t, err)
	edit(file)
	require.NoError(t, p.keepSettings(prepared))
	_, err = p.prepareSettings()
	require.NoError(t, err)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

func replaceIn(t *testing.T, old, new string) func(string) {
	return func(file string) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Contains(t, string(text), old)
		require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(text), old, new, 1)), 0o600))
	}
}

func TestUsersSettingsAreNeverWritten(t *testing.T) {
	p := newProject(t, usersSettings)
	p.run(t, replaceIn(t, "ap-northeast-1", "eu-west-1"))
	p.run(t, func(file string) { require.NoError(t, os.Remove(file)) })
	text, err := os.ReadFile(filepath.Join(p.root, "Pulumi.dev.yaml"))
	require.NoError(t, err)
	require.Equal(t, usersSettings, string(text))
}

func TestCopyLeavesRealEncryptionAndItsSecretsOut(t *testing.T) {
	p := newProject(t, usersSettings)
	copy := p.run(t, func(string) {})
	require.NotContains(t, copy, "v1:")
	require.NotContains(t, copy, "webhook", "a map that only held the secret is gone too")
	require.Contains(t, copy, "security@example.com")
	require.NoFileExists(t, filepath.Join(p.settings(), "Pulumi.dev.yaml"), "nothing was changed")
}

func TestWhatTheCLIChangesIsKeptOverTheUsersSettings(t *testing.T) {
	p := newProject(t, usersSettings)
	copy := p.run(t, replaceIn(t, "config:\n", "encryptionsalt: v1:simulated\nconfig:\n  account-baseline:profile: starter\n"))
	require.Contains(t, copy, "encryptionsalt: v1:simulated")
	require.Contains(t, copy, "account-baseline:profile: starter")

	kept, err := readYAML(filepath.Join(p.settings(), "Pulumi.dev.yaml"))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"config": map[string]any{"account-baseline:profile": "starter"}}, kept)

	// A later edit of the file is seen at once, beside what was changed for the simulated stack.
	edited := strings.Replace(usersSettings, "ap-northeast-1", "us-east-1", 1)
	require.NoError(t, os.WriteFile(filepath.Join(p.root, "Pulumi.dev.yaml"), []byte(edited), 0o600))
	copy = p.run(t, func(string) {})
	require.Contains(t, copy, "us-east-1")
	require.Contains(t, copy, "starter")

	// Setting it back forgets the change.
	p.run(t, replaceIn(t, "  account-baseline:profile: starter\n", ""))
	require.NoFileExists(t, filepath.Join(p.settings(), "Pulumi.dev.yaml"))
}

func TestSecretOfTheSimulatedStackStandsForTheRealOne(t *testing.T) {
	p := newProject(t, usersSettings)
	copy := p.run(t, replaceIn(t, "  account-baseline:alerts:\n",
		"  account-baseline:alerts:\n    webhook: {url: {secure: 'v1:of-the-simulated-stack'}}\n"))
	require.Contains(t, copy, "v1:of-the-simulated-stack")
	require.NotContains(t, copy, "v1:encrypted-for-the-real-stack")
	require.Contains(t, p.run(t, func(string) {}), "v1:of-the-simulated-stack", "and stays")
}

func TestSettingsOfADeletedStackAreForgotten(t *testing.T) {
	p := newProject(t, usersSettings)
	p.run(t, replaceIn(t, "ap-northeast-1", "eu-west-1"))
	require.FileExists(t, filepath.Join(p.settings(), "Pulumi.dev.yaml"))
	copy := p.run(t, func(file string) { require.NoError(t, os.Remove(file)) })
	require.NoFileExists(t, filepath.Join(p.settings(), "Pulumi.dev.yaml"))
	require.Contains(t, copy, "ap-northeast-1")
}

func TestBadSettingsFileIsNamed(t *testing.T) {
	p := newProject(t, "config: [")
	_, err := p.prepareSettings()
	require.ErrorContains(t, err, filepath.Join(p.root, "Pulumi.dev.yaml"))
}
