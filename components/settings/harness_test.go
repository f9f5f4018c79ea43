package settings_test

import (
	"encoding/json"
	"maps"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/settings"
)

const project = "account-baseline"

// counter counts what a program registers and asks.
type counter struct{ calls atomic.Int32 }

func (c *counter) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	c.calls.Add(1)
	return args.Name, args.Inputs, nil
}

func (c *counter) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	c.calls.Add(1)
	return resource.PropertyMap{}, nil
}

// stack is a stack's configuration: keys without namespace are the project's.
type stack struct {
	config  map[string]string
	secrets []string
	preview bool
}

func qualified(key string) string {
	if strings.Contains(key, ":") {
		return key
	}
	return project + ":" + key
}

// load runs settings.Load as the engine runs a program, and fails when anything is registered or asked.
func (s stack) load(t *testing.T) (*settings.Settings, error) {
	t.Helper()
	config := map[string]string{}
	for key, v := range s.config {
		config[qualified(key)] = v
	}
	var secrets []string
	for _, key := range s.secrets {
		secrets = append(secrets, qualified(key))
	}
	all, err := json.Marshal(config)
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(all))
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_DEFAULT_REGION", "")
	var loaded *settings.Settings
	var problem error
	mocks := &counter{}
	err = pulumi.RunErr(func(ctx *pulumi.Context) error {
		loaded, problem = settings.Load(ctx)
		return nil
	}, pulumi.WithMocks(project, "test", mocks), func(info *pulumi.RunInfo) {
		info.Config, info.ConfigSecretKeys, info.DryRun = config, secrets, s.preview
	})
	require.NoError(t, err)
	require.Zero(t, mocks.calls.Load(), "loading settings registers and asks nothing")
	return loaded, problem
}

// with returns a configuration with a home Region and the given keys.
func with(config map[string]string) map[string]string {
	all := map[string]string{"aws:region": "eu-west-1"}
	maps.Copy(all, config)
	return all
}
