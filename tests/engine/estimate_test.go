package engine_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

func TestALimitOfTheEstimateStopsTheDeploymentBeforeAnythingExists(t *testing.T) {
	t.Parallel()
	stack := engine.New(t, engine.Options{Settings: team(Settings{"estimate": Settings{"limit": 5}})})
	for _, refused := range []engine.Result{stack.Preview(), stack.Up()} {
		require.Error(t, refused.Err)
		require.Regexp(t, `estimate\.limit: the baseline is estimated at \$\d+\.\d\d a month, above the limit of \$5\.00; most of it: .*; raise it`,
			strings.Join(messages(refused, diag.Error), "\n"))
	}
	require.Empty(t, stack.Remains())

	stack.Change(Settings{"estimate": Settings{"limit": 500}})
	up := stack.Up()
	requireDone(t, up)
	cost := up.Outputs["monthlyCost"].ObjectValue()
	require.Positive(t, cost["usd"].NumberValue())
	require.NotContains(t, cost["components"].ObjectValue(), "", "everything belongs to a component")
	before := cost["usd"].NumberValue()

	stack.Change(Settings{"profile": "starter"})
	up = stack.Up()
	requireDone(t, up)
	require.Less(t, up.Outputs["monthlyCost"].ObjectValue()["usd"].NumberValue(), before)
}

// What is wrong anywhere is said by the estimate's run of the program, before a single resource exists.
func TestNothingExistsWhenAnythingIsWrong(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]Settings{
		"config":    {"config": Settings{"rules": Settings{"exclude": []string{"restricted-shh"}}}},
		"threats":   {"threats": Settings{"securityHub": Settings{"regions": []string{"ap-northeast-1", "eu-west-1"}}}},
		"hardening": {"hardening": Settings{"supportRole": Settings{"principals": []string{"arn:aws-cn:iam::123456789012:role/a"}}}},
		"estimate":  {"estimate": Settings{"volumes": Settings{"writeShare": 2}}},
	} {
		stack := engine.New(t, engine.Options{Settings: team(wrong)})
		refused := stack.Up()
		require.Error(t, refused.Err, name)
		require.Contains(t, strings.Join(messages(refused, diag.Error), "\n"), "* "+name+".", "the setting is named")
		for _, step := range refused.Changes() {
			require.Contains(t, []string{"pulumi:pulumi:Stack", "pulumi:providers:aws"}, step.Type, name)
		}
		require.Empty(t, stack.Remains(), name)
	}
}
