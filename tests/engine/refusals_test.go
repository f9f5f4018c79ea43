package engine_test

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// place is an entry of a table of the account.
type place struct{ service, table, entry string }

// refusals are accounts in which something exists already that the stack is going to make. AWS says so under a name of
// its own, and a setting gets the same account deployed.
var refusals = []struct {
	name      string
	exists    place
	elsewhere string // bucket that another account owns
	says      []string
	settings  Settings // which help
}{
	{
		name: "the trail's bucket", exists: place{"S3", "Buckets", "account-baseline-dev-archive-trail-123456789012"},
		says:     []string{"BucketAlreadyOwnedByYou", "account-baseline-dev-archive-trail-123456789012"},
		settings: archive(Settings{"adopt": Settings{"trailBucket": "account-baseline-dev-archive-trail-123456789012"}}),
	},
	{
		name: "the delivery bucket", exists: place{"S3", "Buckets", "account-baseline-dev-archive-delivery-123456789012"},
		says:     []string{"BucketAlreadyOwnedByYou", "account-baseline-dev-archive-delivery-123456789012"},
		settings: archive(Settings{"adopt": Settings{"deliveryBucket": "account-baseline-dev-archive-delivery-123456789012"}}),
	},
	{
		name: "the access-log bucket", exists: place{"S3", "Buckets", "account-baseline-dev-archive-access-logs-123456789012"},
		says:     []string{"BucketAlreadyOwnedByYou", "account-baseline-dev-archive-access-logs-123456789012"},
		settings: archive(Settings{"adopt": Settings{"accessLogBucket": "account-baseline-dev-archive-access-logs-123456789012"}}),
	},
	{
		name: "a bucket name taken by another account", elsewhere: "account-baseline-dev-archive-trail-123456789012",
		says:     []string{"BucketAlreadyExists", "account-baseline-dev-archive-trail-123456789012"},
		settings: archive(Settings{"bucketNames": Settings{"trail": "example-trail-123456789012"}}),
	},
	{
		name: "a trail of the same name", exists: place{"CloudTrail", "Trails", "arn:aws:cloudtrail:ap-northeast-1:123456789012:trail/account-baseline-dev-audit"},
		says:     []string{"TrailAlreadyExistsException", "account-baseline-dev-audit"},
		settings: trail(Settings{"name": "another-trail"}),
	},
	{
		name: "the trail's log group", exists: place{"Logs", "Groups", "ap-northeast-1/cloudtrail/account-baseline-dev-audit"},
		says:     []string{"ResourceAlreadyExistsException", "cloudtrail/account-baseline-dev-audit"},
		settings: trail(Settings{"name": "another-trail"}),
	},
	{
		name: "the administrators' group", exists: place{"IAM", "Groups", "account-baseline-dev-audit-administrators"},
		says:     []string{"EntityAlreadyExists", "account-baseline-dev-audit-administrators"},
		settings: trail(Settings{"groups": Settings{"administrators": "TrailAdministrators"}}),
	},
	{
		name: "the readers' group", exists: place{"IAM", "Groups", "account-baseline-dev-audit-readers"},
		says:     []string{"EntityAlreadyExists", "account-baseline-dev-audit-readers"},
		settings: trail(Settings{"groups": Settings{"readers": "TrailReaders"}}),
	},
}

func TestWhatExistsAlreadyIsRefusedByItsNameAndASettingHelps(t *testing.T) {
	t.Parallel()
	example := deployed(t, engine.Options{Settings: lean(nil)})
	for _, row := range refusals {
		t.Run(row.name, func(t *testing.T) {
			stack := engine.New(t, engine.Options{Settings: lean(nil)})
			if row.elsewhere != "" {
				require.NoError(t, stack.Account().AddExternalBucket(awssim.ExternalBucket{
					Name: row.elsewhere, Owner: "210987654321", Region: "eu-west-1",
				}))
			} else {
				stack.Plant(example, row.exists.service, row.exists.table, row.exists.entry)
			}
			existed := treasureOf(t, stack)

			refused := stack.Up()
			require.Error(t, refused.Err)
			text := fmt.Sprint(messages(refused, diag.Error))
			for _, said := range row.says {
				require.Contains(t, text, said)
			}
			require.Empty(t, existed.lost(treasureOf(t, stack)))

			stack.Change(row.settings)
			requireDone(t, stack.Up())
			requireUnchanged(t, stack.Up())
			require.Empty(t, existed.lost(treasureOf(t, stack)))
		})
	}
}

// A state that was lost takes nothing with it: without the settings that adopt, the update is refused and what exists
// stays as it is.
func TestALostStateLosesNothing(t *testing.T) {
	t.Parallel()
	stack := deployed(t, engine.Options{Settings: team(nil)})
	deliver(t, stack)
	before := treasureOf(t, stack)
	stack.Forget()
	refused := stack.Up()
	require.Error(t, refused.Err)
	require.Regexp(t, "Already(Exists|OwnedByYou)", messages(refused, diag.Error))
	require.Empty(t, before.lost(treasureOf(t, stack)))
}
