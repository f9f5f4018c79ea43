package estimate_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

const (
	home      = "ap-northeast-1"
	accountID = "111122223333"
)

// engine notes what reaches it.
type engine struct{ registered []string }

func (e *engine) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	panic("the engine is asked")
}

func (e *engine) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	e.registered = append(e.registered, args.Name)
	return args.Name, args.Inputs, nil
}

// inProgram runs something inside a running program, and fails when anything of it reaches the engine.
func inProgram(t *testing.T, run func(*pulumi.Context)) {
	t.Helper()
	outer := &engine{}
	require.NoError(t, pulumi.RunErr(func(ctx *pulumi.Context) error {
		run(ctx)
		return nil
	}, pulumi.WithMocks("account-baseline", "dev", outer)))
	require.Empty(t, outer.registered, "something reached the engine")
}
