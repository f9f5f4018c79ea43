package engine_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

var arnPartition = regexp.MustCompile(`arn:(aws[a-z-]*):`)

func TestOtherPartitions(t *testing.T) {
	t.Parallel()
	for partition, regions := range map[string][]string{
		"aws-cn":     {"cn-northwest-1"},
		"aws-us-gov": {"us-gov-east-1"},
	} {
		for _, profile := range []string{"standard", "strict"} {
			t.Run(partition+" "+profile, func(t *testing.T) {
				t.Parallel()
				stack := engine.New(t, engine.Options{Partition: partition, Settings: team(Settings{
					"profile": profile, "regions": regions,
					"deployers": []string{"arn:" + partition + ":iam::123456789012:role/ci/account-baseline-deployer"},
				})})
				preview := stack.Preview()
				requireDone(t, preview)
				up := stack.Up()
				requireDone(t, up)
				requireSamePlan(t, preview, up)
				requireUnchanged(t, stack.Up())
				requireUnchanged(t, stack.Refresh())
				deliver(t, stack)

				state, err := json.Marshal(stack.State())
				require.NoError(t, err)
				found := arnPartition.FindAllStringSubmatch(string(state), -1)
				require.NotEmpty(t, found)
				for _, arn := range found {
					require.Equal(t, partition, arn[1], "%s", arn[0])
				}
			})
		}
	}
}
