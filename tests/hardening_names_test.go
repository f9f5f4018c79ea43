package tests

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// pinnedLocks are the URNs of the component's resources below urn:pulumi:STACK::PROJECT::, and the names they have in AWS
// where the component chooses them. They stand in users' states and accounts for ever: whoever renames something adds an
// alias and keeps the row.
var pinnedLocks = map[string]string{
	ofLocks("") + "::locks":                                                                "",
	ofLocks(passwordPolicyType) + "::locks-password-policy":                                "",
	ofLocks(accountPublicType) + "::locks-s3-public-access":                                "",
	ofLocks(accountAliasType) + "::locks-account-alias":                                    "",
	ofLocks(alternateContactType) + "::locks-security-contact":                             "On call",
	ofLocks(alternateContactType) + "::locks-billing-contact":                              "On call",
	ofLocks(alternateContactType) + "::locks-operations-contact":                           "On call",
	ofLocks(hubRoleType) + "::locks-support-role":                                          lockedPrefix + "-support",
	ofLocks(roleAttachmentType) + "::locks-support-role-access":                            "",
	ofLocks(hubRoleType) + "::locks-audit-role":                                            lockedPrefix + "-security-audit",
	ofLocks(roleAttachmentType) + "::locks-audit-role-audit":                               "",
	ofLocks(roleAttachmentType) + "::locks-audit-role-view":                                "",
	ofLocks(ebsEncryptionType) + "::locks-ebs-encryption-us-east-1":                        "",
	ofLocks(ebsKeyType) + "::locks-ebs-key-ap-northeast-1":                                 "",
	ofLocks(snapshotBlockType) + "::locks-snapshot-public-access-us-east-1":                "",
	ofLocks(imageBlockType) + "::locks-image-public-access-us-east-1":                      "",
	ofLocks(metadataDefaultsType) + "::locks-instance-metadata-us-east-1":                  "",
	ofLocks(serialConsoleType) + "::locks-serial-console-us-east-1":                        "",
	ofLocks(defaultGroupType) + "::locks-default-security-group-ap-northeast-1-" + someVPC: "",
}

func ofLocks(typ string) string { return below(hardeningType, typ) }

func TestHardeningNamesAreForEver(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "us-east-1"}
		names := declared(testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) error {
			_, err := hardenRegions(ctx, covered, everyHardening("aws", covered))
			return err
		}))
		for urn, name := range pinnedLocks {
			assert.Contains(t, names, urn, "renamed or gone: states of users have it, add an alias")
			assert.Equal(t, name, names[urn], urn)
		}
		alone := declared(harden(t, testkit.Options{DryRun: m.DryRun}, nil))
		for _, urn := range []string{ofLocks(ebsEncryptionType) + "::locks-ebs-encryption-ap-northeast-1", ofLocks(passwordPolicyType) + "::locks-password-policy"} {
			assert.Contains(t, alone, urn, "covering further Regions replaces nothing")
		}
	})
}

// TestReplacedAliasesAndKeysComeAfterTheOld: an account has one alias and a Region one key; deleted last, the old one would
// take the new one with it.
func TestReplacedAliasesAndKeysComeAfterTheOld(t *testing.T) {
	args := everyHardening("aws", []string{"ap-northeast-1"})
	args.DefaultSecurityGroups = hardening.DefaultSecurityGroupsArgs{}
	d := harden(t, testkit.Options{}, &args)
	for _, typ := range []string{accountAliasType, ebsKeyType} {
		assert.True(t, d.Only(typ).DeleteBeforeReplace, typ)
	}
}
