package tests

import (
	"context"
	"slices"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// lockedAccount deploys everything that the component can make into all Regions of a simulated account, but named VPCs.
func lockedAccount(partition string) func(ctx *pulumi.Context) error {
	return func(ctx *pulumi.Context) error {
		covered := regionsOf(partition)
		key, err := kms.NewKey(ctx, "volumes", &kms.KeyArgs{Description: pulumi.String("EBS volumes")})
		if err != nil {
			return err
		}
		args := everyHardening(partition, covered)
		args.EBSKeys = map[string]pulumi.StringInput{covered[0]: key.Arn}
		args.DefaultSecurityGroups.VPCs = nil
		_, err = hardenRegions(ctx, covered, args)
		return err
	}
}

// importIDs are what Adopt imports from the account.
var importIDs = map[string]func(deployed) string{
	passwordPolicyType:   func(deployed) string { return "iam-account-password-policy" },
	accountPublicType:    func(deployed) string { return accountID },
	accountAliasType:     func(r deployed) string { return r.str("accountAlias") },
	alternateContactType: func(r deployed) string { return r.str("alternateContactType") },
	ebsEncryptionType:    func(deployed) string { return "default" },
	snapshotBlockType:    func(deployed) string { return "default" },
	serialConsoleType:    func(deployed) string { return "default" },
}

// notImportable cannot be read without a state either.
var notImportable = map[string]bool{imageBlockType: true, metadataDefaultsType: true}

// afterDestroy is what an account that always has a value has after a destroy: AWS's default, or what stays.
var afterDestroy = map[string]map[string]any{
	ebsEncryptionType: {"enabled": false},
	ebsKeyType:        {"keyArn": "alias/aws/ebs"},
	snapshotBlockType: {"state": "unblocked"},
	serialConsoleType: {"enabled": false},
	defaultGroupType:  {"ingress": []any{}, "egress": []any{}},
}

// readInto is what the account has under an id, as an import sees it; nil when there is nothing.
func readInto(t *testing.T, s *simulated, r deployed, id string) map[string]any {
	t.Helper()
	p, err := s.provider(r.Region)
	require.NoError(t, err)
	found, err := p.Read(context.Background(), &pulumirpc.ReadRequest{Id: id, Urn: r.URN})
	require.NoError(t, err, r.Name)
	if found.GetId() == "" {
		return nil
	}
	state, err := plugin.UnmarshalProperties(found.GetProperties(), withSecrets)
	require.NoError(t, err)
	return state.Mappable()
}

// TestAccountIsHardenedInEveryRegion: nothing is refused on the way there, nor on the way back; what can be adopted is found under
// the ids that Adopt imports, and a destroy returns what it can.
func TestAccountIsHardenedInEveryRegion(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		covered := regionsOf(p.Name)
		s := deployInto(t, testkit.Options{Partition: p.Name}, "", lockedAccount(p.Name))
		for _, typ := range append(slices.Clone(regionalTypes), defaultGroupType) {
			var regions []string
			for _, r := range s.ofType(typ) {
				regions = append(regions, r.Region)
			}
			assert.ElementsMatch(t, covered, regions, typ)
		}
		for _, typ := range []string{passwordPolicyType, accountPublicType, accountAliasType, ebsKeyType} {
			assert.Len(t, s.ofType(typ), 1, typ)
		}
		for _, r := range s.resources {
			if id := importIDs[r.Type]; id != nil {
				assert.NotNil(t, readInto(t, s, r, id(r)), "%s is adopted under %q", r.Name, id(r))
			}
		}
		made := slices.Clone(s.resources)
		slices.Reverse(made)
		for _, r := range made {
			require.NoError(t, r.remove(), r.Name)
		}
		for _, r := range made {
			if want, kept := afterDestroy[r.Type]; kept {
				state := readInto(t, s, r, r.ID)
				for property, value := range want {
					assert.Equal(t, value, state[property], "%s: %s", r.Name, property)
				}
			} else if !notImportable[r.Type] {
				assert.Nil(t, readInto(t, s, r, r.ID), "%s is gone", r.Name)
			}
		}
		// The account takes the same stack again: what stayed is in nobody's way.
		require.NoError(t, s.rerun(lockedAccount(p.Name)))
	})
}

// TestAccountThatIsHardenedAlready: what is set per account or Region is set anew, whoever set it before.
func TestAccountThatIsHardenedAlready(t *testing.T) {
	s := deployInto(t, testkit.Options{}, "", func(ctx *pulumi.Context) error {
		_, err := hardening.NewAccountHardening(ctx, "theirs", nil)
		return err
	})
	require.NoError(t, s.rerun(func(ctx *pulumi.Context) error {
		_, err := hardening.NewAccountHardening(ctx, "ours", nil)
		return err
	}))
}

// TestAccountRefusesAKeyItDoesNotHave, and a VPC that is not there.
func TestAccountRefusesAKeyItDoesNotHave(t *testing.T) {
	s := deployInto(t, testkit.Options{}, "", func(ctx *pulumi.Context) error { return nil })
	deploy := func(args hardeningArgs) error {
		args.OmitSupportRole = true
		return s.rerun(func(ctx *pulumi.Context) error {
			_, err := hardening.NewAccountHardening(ctx, "locks", &args)
			return err
		})
	}
	const home = "ap-northeast-1"
	assert.ErrorContains(t, deploy(hardeningArgs{EBSKeys: map[string]pulumi.StringInput{home: pulumi.String("arn:aws:kms:" + home + ":" + accountID + ":key/12345678-1234-1234-1234-123456789012")}}), "InvalidParameterValue")
	assert.ErrorContains(t, deploy(hardeningArgs{DefaultSecurityGroups: hardening.DefaultSecurityGroupsArgs{VPCs: map[string][]string{home: {someVPC}}}}), "has no VPC "+someVPC)
	assert.NoError(t, deploy(hardeningArgs{DefaultSecurityGroups: hardening.DefaultSecurityGroupsArgs{DefaultVPCs: true}}))
}
