package engine_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

func hardening(s Settings) Settings { return Settings{"hardening": s} }

// movingTeam hardens an account, with little beside it.
func movingTeam(changes Settings) Settings {
	return team(Settings{
		"config": Settings{"enabled": false}, "trail": Settings{"enabled": false}, "threats": Settings{"enabled": false},
		"alerts": Settings{"deadLetterAlarms": false}, "billing": Settings{"enabled": false},
	}).With(changes)
}

func TestEveryRegionIsHardenedAndADestroyReturnsWhatCanBeReturned(t *testing.T) {
	t.Parallel()
	stack := engine.New(t, engine.Options{Settings: movingTeam(Settings{"regions": "all", "disposable": true})})
	untouched := stack.AccountContent()
	up := stack.Up()
	requireDone(t, up)
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
		require.NotNil(t, a.IAM.PasswordPolicy)
		require.NotNil(t, a.S3.PublicAccess)
	}))
	for _, region := range defaultRegions {
		locked := stack.Account().Hardening(region)
		require.True(t, locked.EBSEncryptionByDefault, region)
		require.Equal(t, "block-all-sharing", locked.SnapshotBlockPublicAccess, region)
		require.Equal(t, "block-new-sharing", locked.ImageBlockPublicAccess, region)
		require.Equal(t, "required", locked.InstanceMetadata.HTTPTokens, region)
		require.False(t, locked.SerialConsoleAccess, region)
		for vpc, group := range locked.DefaultSecurityGroups {
			require.NotEmpty(t, group.Ingress, "the default group of %s is left alone unless asked", vpc)
		}
	}
	requireUnchanged(t, stack.Up())
	requireUnchanged(t, stack.Refresh())
	stays := up.Outputs["staysAfterDestroy"]
	require.Len(t, stays.ArrayValue(), 1)
	require.Contains(t, stays.ArrayValue()[0].StringValue(), "image-public-access")

	requireDone(t, stack.Destroy(false))
	require.Empty(t, stack.State().Resources)
	for _, place := range engine.DifferentAccounts(t, untouched, stack.AccountContent()) {
		require.Regexp(t, `^EC2\.Regions\.[a-z0-9-]+\.Image`, place, "only the blocks of AMIs stay, as the output said")
	}
}

func TestDefaultSecurityGroupsAreEmptiedOnRequestOnlyAndStayEmpty(t *testing.T) {
	t.Parallel()
	stack := deployed(t, engine.Options{Settings: movingTeam(nil)})
	vpcOf := func(region string) string { return stack.Account().Hardening(region).VPCs[0].ID }
	database, err := stack.Account().AddNetworkInterface("us-east-1", vpcOf("us-east-1"))
	require.NoError(t, err)
	stack.Change(hardening(Settings{"defaultSecurityGroups": Settings{"defaultVpcs": true}}))
	preview := stack.Preview()
	requireDone(t, preview)
	require.Len(t, preview.Changes(), 2, "a preview shows the groups of both Regions")
	says := func(region string) string {
		return "the default security group of " + vpcOf(region) + " in " + region + " loses its rules: all traffic from itself, all traffic to 0.0.0.0/0; "
	}
	requireSaid(t, messages(preview, diag.Info), says(home)+"no network interface uses it")
	requireSaid(t, messages(preview, diag.Warning), says("us-east-1")+"give another group first to what uses it: "+database)

	// A preview by somebody who may not ask for the rules tells how to see them.
	blind := stack.Fork(t)
	require.NoError(t, blind.Account().Update(func(a *awssim.Account) {
		for _, role := range a.IAM.Roles {
			role.Inline = map[string]string{"no": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"ec2:DescribeSecurityGroupRules","Resource":"*"}]}`}
		}
	}))
	unseen := blind.Preview()
	requireDone(t, unseen)
	requireSaid(t, messages(unseen, diag.Warning), "the default security group of "+vpcOf(home)+" in "+home+" loses all rules that it has; to see them: aws ec2 describe-security-groups")

	requireDone(t, stack.Up())
	for _, region := range []string{home, "us-east-1"} {
		for vpc, group := range stack.Account().Hardening(region).DefaultSecurityGroups {
			require.Empty(t, group.Ingress, vpc)
			require.Empty(t, group.Egress, vpc)
		}
	}
	requireUnchanged(t, stack.Up())
	again := stack.Preview()
	for _, line := range slices.Concat(messages(again, diag.Warning), messages(again, diag.Info)) {
		require.NotContains(t, line, "default security group", "what is empty loses nothing")
	}

	stack.Change(hardening(Settings{"defaultSecurityGroups": nil}))
	requireDone(t, stack.Up())
	for vpc, group := range stack.Account().Hardening(home).DefaultSecurityGroups {
		require.Empty(t, group.Ingress, "what was emptied in %s stays empty", vpc)
	}
}

// requireSaid fails when none of the messages begins with the text.
func requireSaid(t *testing.T, messages []string, begins string) {
	t.Helper()
	require.True(t, slices.ContainsFunc(messages, func(m string) bool { return strings.HasPrefix(m, begins) }), "%q is not among %q", begins, messages)
}

// hardeningChanges are the single settings of hardening that people change.
var hardeningChanges = []change{
	{name: "weaker passwords", steps: []Settings{
		hardening(Settings{"weaken": true, "passwordPolicy": Settings{"minimumLength": 8, "maxAge": 0, "requireSymbols": false}}),
		hardening(Settings{"weaken": nil, "passwordPolicy": nil}),
	}},
	{name: "weaker locks", steps: []Settings{
		hardening(Settings{
			"weaken": true, "s3": Settings{"blockPublicAccess": false}, "images": Settings{"blockPublicAccess": false},
			"ebs":              Settings{"encryptionByDefault": false, "snapshotBlockPublicAccess": "block-new-sharing"},
			"instanceMetadata": Settings{"httpTokens": "optional", "hopLimit": 5}, "serialConsole": Settings{"enabled": true},
		}),
		hardening(Settings{"ebs": Settings{"snapshotBlockPublicAccess": "unblocked"}}),
		hardening(Settings{"weaken": nil, "s3": nil, "images": nil, "ebs": nil, "instanceMetadata": nil, "serialConsole": nil}),
	}},
	{name: "alias and contacts", steps: []Settings{
		hardening(Settings{"accountAlias": "example-team", "contacts": Settings{"security": Settings{
			"name": "Security", "title": "On call", "email": "security@example.com", "phone": "+81 3 0000 0000",
		}}}),
		hardening(Settings{"accountAlias": "example-crew", "contacts": Settings{"security": Settings{"phone": "+81 3 1111 1111"}}}),
		hardening(Settings{"accountAlias": nil, "contacts": nil}),
	}},
	{name: "roles", steps: []Settings{
		hardening(Settings{"auditRole": Settings{"enabled": true}, "supportRole": Settings{"principals": []string{continuousIntegration}}}),
		hardening(Settings{"auditRole": Settings{"principals": []string{"arn:aws:iam::210987654321:role/scanner"}, "externalId": "example-7"}, "supportRole": Settings{"enabled": false, "principals": nil}}),
		hardening(Settings{"auditRole": nil, "supportRole": nil}),
	}},
	{name: "somebody else's", steps: []Settings{
		hardening(Settings{"existing": []string{"password-policy", "ebs-encryption"}, "missingIn": Settings{"us-east-1": []string{"serial-console"}}}),
		hardening(Settings{"existing": nil, "missingIn": nil}),
	}},
	{name: "hardening at all", steps: []Settings{hardening(Settings{"enabled": false}), hardening(Settings{"enabled": true})}},
	{name: "Regions", steps: []Settings{{"regions": []string{"us-east-1", "eu-west-1"}}, {"regions": []string{"us-east-1"}}}, mayGo: []string{"alerts-dead-letters-eu-west-1"}},
}

// ofHardening are the places in an account that hardening sets.
var ofHardening = regexp.MustCompile(`^EC2\.|^AccountManagement\.|^IAM\.(PasswordPolicy|Alias)\b|^S3\.PublicAccess\b|^IAM\.Roles\.[^.]*-(support|security-audit)(\.TrustPolicy)?$`)

func TestASettingOfHardeningChangesAndComesBack(t *testing.T) {
	t.Parallel()
	base := deployed(t, engine.Options{Settings: movingTeam(nil)})
	before := base.AccountContent()
	for _, row := range hardeningChanges {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			stack := base.Fork(t)
			for _, step := range row.steps {
				stack.Change(step)
				preview := stack.Preview()
				requireDone(t, preview)
				requireHarmless(t, preview, row.mayGo)
				up := stack.Up()
				requireDone(t, up)
				requireSamePlan(t, preview, up)
				requireUnchanged(t, stack.Up())
				// However the settings came about, the account is as if they had been the first.
				fresh := deployed(t, engine.Options{Settings: stack.Settings()})
				for _, place := range engine.DifferentAccounts(t, fresh.AccountContent(), stack.AccountContent()) {
					if ofHardening.MatchString(place) {
						require.Regexp(t, `^EC2\.Regions\.[a-z0-9-]+\.ImageBlock$`, place, "deployed in one go it is something else")
					}
				}
			}
			for _, place := range engine.DifferentAccounts(t, before, stack.AccountContent()) {
				require.Regexp(t, `^EC2\.Regions\.eu-west-1\.ImageBlock$|^IAM\.Roles\..*\.UniqueID$`, place, "not what it was")
			}
		})
	}
}

// A policy that exists already is adopted as it should be, or left to its owner.
func TestAPasswordPolicyThatExistsIsOverwrittenAdoptedOrLeftAlone(t *testing.T) {
	t.Parallel()
	example := deployed(t, engine.Options{Settings: movingTeam(Settings{"disposable": true})})
	var content struct {
		IAM struct{ PasswordPolicy json.RawMessage }
	}
	require.NoError(t, json.Unmarshal(example.AccountContent(), &content))
	plant := func(t *testing.T) *engine.Stack {
		stack := engine.New(t, engine.Options{Settings: movingTeam(Settings{"disposable": true})})
		require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
			require.NoError(t, json.Unmarshal(content.IAM.PasswordPolicy, &a.IAM.PasswordPolicy))
		}))
		return stack
	}
	for _, word := range []string{"adopt", "existing"} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			stack := plant(t)
			stack.Change(hardening(Settings{word: []string{"password-policy"}}))
			requireDone(t, stack.Up())
			requireUnchanged(t, stack.Up())
			requireUnchanged(t, stack.Refresh())
			requireDone(t, stack.Destroy(false))
			require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
				require.Equal(t, word == "existing", a.IAM.PasswordPolicy != nil)
			}))
		})
	}
}

// What a declarative policy of the organization holds is refused, until the settings leave it to the organization.
func TestWhatTheOrganizationHoldsIsLeftToIt(t *testing.T) {
	t.Parallel()
	stack := engine.New(t, engine.Options{Settings: movingTeam(nil)})
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
		a.Settings.DeclarativePolicies = []string{"serial_console_access", "image_block_public_access", "instance_metadata_defaults", "snapshot_block_public_access"}
	}))
	refused := stack.Up()
	require.Error(t, refused.Err)
	require.Contains(t, describe(refused), "DeclarativePolicyViolation")
	stack.Change(hardening(Settings{"existing": []string{"serial-console", "image-public-access", "instance-metadata", "snapshot-public-access"}}))
	requireDone(t, stack.Up())
	requireUnchanged(t, stack.Up())
}
