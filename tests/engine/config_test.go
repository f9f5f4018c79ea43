package engine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

const (
	recorderType     = "aws:cfg/recorder:Recorder"
	channelType      = "aws:cfg/deliveryChannel:DeliveryChannel"
	statusType       = "aws:cfg/recorderStatus:RecorderStatus"
	configLinkedRole = "AWSServiceRoleForConfig"
	home             = "ap-northeast-1"
)

var (
	// defaultRegions are those that an account can use without having asked for them.
	defaultRegions = []string{
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
		"eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
	}
	// onceTypes are billed again by each Region that records them.
	onceTypes = []string{"AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User", "AWS::RDS::GlobalCluster"}

	seedRules = []string{
		"db-instance-backup-enabled", "ec2-ebs-encryption-by-default", "iam-root-access-key-check", "mfa-enabled-for-iam-console-access",
		"restricted-ssh", "s3-bucket-public-read-prohibited", "s3-bucket-public-write-prohibited",
	}
	essentialRules = []string{
		"access-keys-rotated", "backup-plan-min-frequency-and-min-retention-check", "cloudfront-accesslogs-enabled",
		"dynamodb-pitr-enabled", "dynamodb-resources-protected-by-backup-plan", "ebs-resources-protected-by-backup-plan",
		"ecs-no-environment-secrets", "elb-deletion-protection-enabled", "elb-logging-enabled", "encrypted-volumes",
		"guardduty-enabled-centralized", "iam-password-policy", "iam-user-mfa-enabled", "iam-user-unused-credentials-check",
		"multi-region-cloudtrail-enabled", "rds-cluster-deletion-protection-enabled", "rds-instance-deletion-protection-enabled",
		"rds-resources-protected-by-backup-plan", "rds-storage-encrypted", "root-account-mfa-enabled",
		"s3-account-level-public-access-blocks-periodic", "secretsmanager-rotation-enabled-check", "secretsmanager-secret-unused",
		"vpc-default-security-group-closed", "vpc-flow-logs-enabled",
	}
)

func config(s Settings) Settings { return Settings{"config": s} }

// recordingTeam is a team in two Regions whose resources are recorded, and of whose calls there is no trail: what the
// tests of AWS Config need, and little beside it.
func recordingTeam(changes Settings) Settings {
	return team(Settings{
		"trail": Settings{"enabled": false}, "threats": Settings{"enabled": false}, "alerts": Settings{"deadLetterAlarms": false},
		"billing": Settings{"enabled": false}, "hardening": Settings{"enabled": false},
	}).With(changes)
}

func TestEveryRegionIsRecordedOnceAndOnlyOneRecordsIAM(t *testing.T) {
	t.Parallel()
	for _, profile := range profiles {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			if profile == "starter" && !long {
				t.Skip("the other strategies are covered; ENGINE_LONG=1 runs it")
			}
			stack := deployed(t, engine.Options{Settings: recordingTeam(Settings{"profile": profile, "regions": "all"})})
			for _, kind := range []string{recorderType, channelType, statusType} {
				require.Equal(t, defaultRegions, slices.Sorted(maps.Keys(inputsByRegion(t, stack, kind))), kind)
			}
			require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
				require.Len(t, a.Config.Recorders, len(defaultRegions))
				require.Len(t, a.Config.Channels, len(defaultRegions))
				for region, recorder := range a.Config.Recorders {
					require.True(t, recorder.Recording, region)
				}
			}))
			for region, inputs := range inputsByRegion(t, stack, recorderType) {
				for _, name := range onceTypes {
					wanted := region == home && (profile != "starter" || strings.HasPrefix(name, "AWS::IAM::"))
					require.Equal(t, wanted, records(t, inputs, name), "%s in %s", name, region)
				}
				require.True(t, records(t, inputs, "AWS::S3::Bucket"), region)
			}
			deliverConfigurations(t, stack)
			requireUnchanged(t, stack.Up())
		})
	}
}

// inputsByRegion are the inputs of the state's resources of a type, of which no Region has two.
func inputsByRegion(t *testing.T, stack *engine.Stack, kind string) map[string]map[string]any {
	t.Helper()
	found, resources := map[string]map[string]any{}, stack.Resources()
	for _, r := range resources {
		if string(r.Type) != kind {
			continue
		}
		provider := r.Provider[:strings.LastIndex(r.Provider, "::")]
		region, _ := resources[provider].Inputs["region"].(string)
		require.NotEmpty(t, region, "the provider of %s has no Region", r.URN)
		require.NotContains(t, found, region, "%s has two", region)
		found[region] = r.Inputs
	}
	return found
}

// records says whether a recorder with the inputs records a resource type:
// https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html.
func records(t *testing.T, inputs map[string]any, name string) bool {
	t.Helper()
	var recorder struct {
		RecordingGroup struct {
			IncludeGlobalResourceTypes bool
			ResourceTypes              []string
			RecordingStrategies        []struct{ UseOnly string }
			ExclusionByResourceTypes   []struct{ ResourceTypes []string }
		}
	}
	text, err := json.Marshal(inputs)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &recorder))
	group := recorder.RecordingGroup
	require.Len(t, group.RecordingStrategies, 1)
	switch group.RecordingStrategies[0].UseOnly {
	case "INCLUSION_BY_RESOURCE_TYPES":
		return slices.Contains(group.ResourceTypes, name)
	case "EXCLUSION_BY_RESOURCE_TYPES":
		require.Len(t, group.ExclusionByResourceTypes, 1)
		return !slices.Contains(group.ExclusionByResourceTypes[0].ResourceTypes, name)
	case "ALL_SUPPORTED_RESOURCE_TYPES":
		return group.IncludeGlobalResourceTypes || !strings.HasPrefix(name, "AWS::IAM::")
	}
	require.Fail(t, "the strategy is unknown", "%v", inputs)
	return false
}

// deliverConfigurations lets AWS Config deliver in every Region with a recorder but the exceptions, through all policies.
func deliverConfigurations(t testing.TB, stack *engine.Stack, except ...string) {
	t.Helper()
	var regions []string
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) { regions = slices.Sorted(maps.Keys(a.Config.Recorders)) }))
	for _, region := range regions {
		if !slices.Contains(except, region) {
			require.NoError(t, stack.Account().ConfigDeliver(region))
		}
	}
}

func TestEachProfileHasItsRules(t *testing.T) {
	t.Parallel()
	for profile, expected := range map[string][]string{
		"starter":  append(slices.Clone(seedRules), "root-account-mfa-enabled"),
		"standard": slices.Concat(seedRules, essentialRules),
	} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			stack := deployed(t, engine.Options{Settings: recordingTeam(Settings{"profile": profile})})
			var rules []string
			require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
				for key := range a.Config.Rules {
					region, name, _ := strings.Cut(key, "/")
					name = strings.TrimPrefix(name, "account-baseline-dev-config-")
					rules = append(rules, name)
					where := home
					if strings.HasPrefix(name, "cloudfront-") {
						where = "us-east-1"
					}
					require.Equal(t, where, region, name)
				}
			}))
			require.ElementsMatch(t, expected, rules)
		})
	}
}

// taken are accounts in which somebody records already. Each row plants what a stack has made, under another name.
var taken = []struct {
	name     string
	recorder bool // exists in the home Region
	channel  bool // likewise; a recorder that runs has one
	says     string
	adopt    Settings
	existing Settings
}{
	{
		name: "the recorder", recorder: true, says: "MaxNumberOfConfigurationRecordersExceededException",
		adopt:    Settings{"recorder": Settings{"adopt": Settings{home: "legacy"}}},
		existing: Settings{"recorder": Settings{"existing": Settings{home: "legacy"}}},
	},
	{
		name: "the delivery channel", channel: true, says: "MaxNumberOfDeliveryChannelsExceededException",
		adopt:    Settings{"deliveryChannel": Settings{"adopt": Settings{home: "legacy"}}},
		existing: Settings{"deliveryChannel": Settings{"existing": Settings{home: "legacy"}}},
	},
	{
		name: "recorder and delivery channel", recorder: true, channel: true, says: "MaxNumberOfConfigurationRecordersExceededException",
		adopt: Settings{
			"recorder": Settings{"adopt": Settings{home: "legacy"}}, "deliveryChannel": Settings{"adopt": Settings{home: "legacy"}},
		},
		existing: Settings{
			"recorder": Settings{"existing": Settings{home: "legacy"}}, "deliveryChannel": Settings{"existing": Settings{home: "legacy"}},
		},
	},
	{
		name: "the service-linked role", says: "InvalidInput",
		adopt:    Settings{"serviceLinkedRole": Settings{"management": "adopt"}},
		existing: Settings{"serviceLinkedRole": Settings{"management": "existing"}},
	},
}

func TestWhatRecordsAlreadyIsRefusedByItsNameAdoptedOrLeftAlone(t *testing.T) {
	t.Parallel()
	settings := recordingTeam(Settings{"profile": "starter", "disposable": true})
	example := deployed(t, engine.Options{Settings: settings})
	page, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	for _, row := range taken {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			stack := engine.New(t, engine.Options{Settings: settings})
			stack.Plant(example, "IAM", "Roles", configLinkedRole)
			if row.recorder || row.channel {
				stack.Change(config(Settings{"serviceLinkedRole": Settings{"management": "existing"}}))
			}
			if row.recorder {
				stack.Plant(example, "Config", "Recorders", home)
			}
			if row.channel {
				stack.Plant(example, "Config", "Channels", home)
			}
			require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
				if row.recorder {
					a.Config.Recorders[home].Name = "legacy"
					a.Config.Recorders[home].Recording = row.channel
				}
				if row.channel {
					a.Config.Channels[home].Name = "legacy"
				}
			}))
			untouched := stack.AccountContent()

			t.Run("refused", func(t *testing.T) {
				refused := stack.Fork(t).Up()
				require.Error(t, refused.Err)
				require.Contains(t, fmt.Sprint(messages(refused, diag.Error)), row.says)
				require.True(t, leadsTo(string(page), row.says, row.existing), "docs/operations.md does not lead from %s to %v", row.says, row.existing)
			})
			t.Run("adopted", func(t *testing.T) {
				t.Parallel()
				fork := stack.Fork(t)
				fork.Change(config(row.adopt))
				requireDone(t, fork.Up())
				requireUnchanged(t, fork.Up())
				requireUnchanged(t, fork.Refresh())
				deliverConfigurations(t, fork)
				require.NoError(t, fork.Account().Update(func(a *awssim.Account) {
					require.Equal(t, row.recorder, a.Config.Recorders[home].Name == "legacy")
					require.Equal(t, row.channel, a.Config.Channels[home].Name == "legacy")
					require.True(t, a.Config.Recorders[home].Recording)
				}))
				requireDone(t, fork.Destroy(false))
				require.Empty(t, fork.State().Resources)
				for _, place := range engine.DifferentAccounts(t, untouched, fork.AccountContent()) {
					require.Regexp(t, "^(Config|IAM.Roles."+configLinkedRole+")", place, "only what was adopted is gone")
				}
			})
			t.Run("existing", func(t *testing.T) {
				t.Parallel()
				fork := stack.Fork(t)
				fork.Change(config(row.existing))
				requireDone(t, fork.Up())
				requireUnchanged(t, fork.Up())
				requireUnchanged(t, fork.Refresh())
				requireDone(t, fork.Destroy(false))
				require.Empty(t, engine.DifferentAccounts(t, untouched, fork.AccountContent()), "what is left alone is as it was")
			})
		})
	}
}

// leadsTo finds the row of the page of operations that leads from AWS's message to each of the settings.
func leadsTo(page, message string, settings Settings) bool {
	return slices.ContainsFunc(strings.Split(page, "\n"), func(row string) bool {
		cells := strings.Split(row, "|")
		if len(cells) < 4 || !strings.Contains(cells[1], "`"+message) {
			return false
		}
		for key := range settings {
			if !strings.Contains(cells[3], "config."+key+".") {
				return false
			}
		}
		return true
	})
}
