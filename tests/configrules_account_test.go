package tests

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// everythingEvaluated is a baseline with every rule, remediation and kind of rule of the user's own.
func everythingEvaluated(regions ...string) configbaseline.ConfigBaselineArgs {
	args := repairing(regions...)
	args.Rules.Managed = []configbaseline.ManagedRule{
		{Name: "idle-addresses", Identifier: "EIP_ATTACHED"},
		{Name: "young-keys", Identifier: "ACCESS_KEYS_ROTATED", Parameters: map[string]string{"maxAccessKeyAge": "30"}, Frequency: "Twelve_Hours"},
		{Name: "more-tags", Identifier: "REQUIRED_TAGS", Parameters: map[string]string{"tag1Key": "Seventh"}, ResourceTypes: []string{"AWS::S3::Bucket"}},
	}
	args.Rules.Custom = []configbaseline.CustomRule{{
		Name: "bucket-versions", ResourceTypes: []string{"AWS::S3::Bucket"},
		Policy: "rule versioned when resourceType == \"AWS::S3::Bucket\" {\n  supplementaryConfiguration.BucketVersioningConfiguration.status == \"Enabled\"\n}\n",
	}}
	args.ConformancePacks = []configbaseline.ConformancePack{{
		Name:     "keys",
		Template: "Resources:\n  Keys:\n    Type: AWS::Config::ConfigRule\n    Properties:\n      ConfigRuleName: pack-keys\n      Source:\n        Owner: AWS\n        SourceIdentifier: IAM_ROOT_ACCESS_KEY_CHECK\n",
	}}
	return args
}

// TestAWSTakesEveryRule: identifiers, parameters, scopes, Regions, documents, roles and their order.
func TestAWSTakesEveryRule(t *testing.T) {
	for _, p := range testkit.Partitions {
		t.Run(p.Name, func(t *testing.T) {
			covered := regionsOf(p.Name)
			o := testkit.Options{Partition: p.Name}
			want := coverConfig(t, o, covered, everythingEvaluated(covered...))
			s := deployInto(t, o, "", func(ctx *pulumi.Context) error {
				_, err := coveredConfig(ctx, covered, everythingEvaluated(covered...))
				return err
			})
			count := map[string]int{}
			for _, r := range s.resources {
				count[r.Type]++
			}
			for _, typ := range []string{configRuleType, configRemediationType, configPackType} {
				assert.NotZero(t, count[typ], typ)
				assert.Len(t, want.ByType(typ), count[typ], typ)
			}
		})
	}
}

// TestAWSTakesTheRulesInEveryRegion that lacks some of them, as the only one that is covered.
func TestAWSTakesTheRulesInEveryRegion(t *testing.T) {
	lacking := map[string]bool{}
	for _, rule := range configbaseline.KnownRules() {
		for _, region := range rule.MissingIn {
			lacking[region] = true
		}
	}
	for region := range lacking {
		o := testkit.Options{Region: region, Partition: "aws"}
		switch {
		case strings.HasPrefix(region, "cn-"):
			o.Partition = "aws-cn"
		case strings.HasPrefix(region, "us-gov-"):
			o.Partition = "aws-us-gov"
		}
		t.Run(region, func(t *testing.T) {
			t.Parallel()
			args := everyRule()
			iam := configbaseline.RecordingArgs{ExcludedResourceTypes: []string{"AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"}}
			deploy := func(ctx *pulumi.Context) error {
				_, err := configbaseline.NewConfigBaseline(ctx, "config", &args)
				return err
			}
			if _, err := testkit.RunErr(t, o, deploy); err != nil {
				args.Recording = iam // a Region that cannot record it
			}
			s := deployInto(t, o, withOptIn(t, o.Partition, region), deploy)
			assert.NotEmpty(t, s.resources)
		})
	}
}

// withOptIn is the file of an account in which the Region is enabled.
func withOptIn(t *testing.T, partition, region string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "account.json")
	server, err := awssim.Serve(awssim.Options{File: file, Partition: partition, AccountID: accountID})
	require.NoError(t, err)
	require.NoError(t, server.Account().Update(func(a *awssim.Account) { a.Settings.OptInRegions = []string{region} }))
	require.NoError(t, server.Close())
	return file
}
