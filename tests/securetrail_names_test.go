package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// pinned are the URNs of the trail component's resources below urn:pulumi:STACK::PROJECT::, and the names they have in
// AWS where the component chooses them. They stand in users' states and accounts for ever: whoever renames something
// adds an alias and keeps the row.
var pinned = map[string]string{
	ofTrail("") + "::audit":                                              "",
	ofTrail(trailType) + "::audit-trail":                                 trailPrefix,
	ofTrail(logGroupType) + "::audit-logs":                               "cloudtrail/" + trailPrefix,
	ofTrail(hubRoleType) + "::audit-logs-role":                           trailPrefix + "-logs",
	ofTrail(rolePolicyType) + "::audit-logs-role-policy":                 "write-trail-events",
	ofTrail(groupType) + "::audit-administrators":                        trailPrefix + "-administrators",
	ofTrail(groupPolicyType) + "::audit-administrators-policy":           "require-mfa",
	ofTrail(groupAttachmentType) + "::audit-administrators-access":       "",
	ofTrail(groupType) + "::audit-readers":                               trailPrefix + "-readers",
	ofTrail(groupPolicyType) + "::audit-readers-policy":                  "require-mfa",
	ofTrail(groupAttachmentType) + "::audit-readers-access":              "",
	ofTrail(hubRoleType) + "::audit-reader":                              trailPrefix + "-archive-reader",
	ofTrail(rolePolicyType) + "::audit-reader-policy":                    "read-logs",
	ofTrail(rolePolicyType) + "::audit-reader-key-policy":                "decrypt-logs",
	ofTrail(roleAttachmentType) + "::audit-reader-access":                "",
	ofArchive("") + "::audit-archive":                                    "",
	ofArchive(keyType) + "::audit-archive-key":                           "",
	ofArchive(keyPolicyType) + "::audit-archive-key-policy":              "",
	ofArchive(aliasType) + "::audit-archive-key-alias":                   "",
	ofArchive(bucketType) + "::audit-archive-trail":                      trailPrefix + "-archive-trail-" + accountID,
	ofArchive(publicType) + "::audit-archive-trail-public-access":        "",
	ofArchive(ownershipType) + "::audit-archive-trail-ownership":         "",
	ofArchive(versioningType) + "::audit-archive-trail-versioning":       "",
	ofArchive(encryptionType) + "::audit-archive-trail-encryption":       "",
	ofArchive(lifecycleType) + "::audit-archive-trail-lifecycle":         "",
	ofArchive(lockType) + "::audit-archive-trail-object-lock":            "",
	ofArchive(loggingType) + "::audit-archive-trail-logging":             "",
	ofArchive(bucketPolicyType) + "::audit-archive-trail-policy":         "",
	ofArchive(bucketType) + "::audit-archive-access-logs":                trailPrefix + "-archive-access-logs-" + accountID,
	ofArchive(publicType) + "::audit-archive-access-logs-public-access":  "",
	ofArchive(ownershipType) + "::audit-archive-access-logs-ownership":   "",
	ofArchive(versioningType) + "::audit-archive-access-logs-versioning": "",
	ofArchive(encryptionType) + "::audit-archive-access-logs-encryption": "",
	ofArchive(lifecycleType) + "::audit-archive-access-logs-lifecycle":   "",
	ofArchive(bucketPolicyType) + "::audit-archive-access-logs-policy":   "",
}

// pinnedCentral are the further ones of a trail that delivers to a central bucket.
var pinnedCentral = map[string]string{
	ofTrail(keyType) + "::audit-logs-key":              "",
	ofTrail(keyPolicyType) + "::audit-logs-key-policy": "",
}

// inDev begins the URNs of the stack that the tests deploy.
const inDev = "urn:pulumi:dev::account-baseline::"

func ofTrail(typ string) string   { return below(secureTrailType, typ) }
func ofArchive(typ string) string { return below(secureTrailType+"$"+archiveType, typ) }

func below(parent, typ string) string {
	if typ == "" {
		return parent
	}
	return parent + "$" + typ
}

// declared are the URNs of a deployment and the physical names that the program chose.
func declared(d *testkit.Deployment) map[string]string {
	names := map[string]string{}
	for _, r := range d.All() {
		physical := r.String("name")
		if r.Type == bucketType {
			physical = r.String("bucket")
		}
		names[strings.TrimPrefix(r.URN, inDev)] = physical
	}
	return names
}

func TestTrailNamesAreForEver(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		own := declared(deployTrail(t, testkit.Options{DryRun: m.DryRun}, nil))
		central := declared(deployTrail(t, testkit.Options{DryRun: m.DryRun}, centralTrail("aws")))
		for urn, name := range pinned {
			assert.Contains(t, own, urn, "renamed or gone: states of users have it, add an alias")
			assert.Equal(t, name, own[urn], urn)
		}
		for urn, name := range pinnedCentral {
			assert.Contains(t, central, urn, "renamed or gone: states of users have it, add an alias")
			assert.Equal(t, name, central[urn], urn)
		}
		for urn, name := range central {
			if want, shared := pinned[urn]; shared {
				assert.Equal(t, want, name, urn)
			}
		}
	})
}

// TestSettingsReplaceNothingThatHoldsLogs: whichever argument changes, buckets, keys, trail and log group keep their URN
// and the properties that AWS cannot change in place.
func TestSettingsReplaceNothingThatHoldsLogs(t *testing.T) {
	days, retention := 30, 400
	archive := func(args logarchive.LogArchiveArgs) securetrail.SecureTrailArgs {
		args.OmitDeliveryBucket = true
		return securetrail.SecureTrailArgs{ArchiveArgs: &args}
	}
	before := deployTrail(t, testkit.Options{}, nil)
	for what, row := range map[string]struct {
		args securetrail.SecureTrailArgs
		gone []string // kept in the account, or meant to go
	}{
		"log retention":    {args: securetrail.SecureTrailArgs{LogRetentionDays: &days}},
		"no logs":          {args: securetrail.SecureTrailArgs{OmitLogs: true}, gone: []string{"audit-logs"}},
		"no groups":        {args: securetrail.SecureTrailArgs{OmitReaders: true, OmitAdministrators: true}},
		"names of groups":  {args: securetrail.SecureTrailArgs{AdministratorsName: "admins", ReadersName: "auditors"}},
		"tags":             {args: securetrail.SecureTrailArgs{Tags: pulumi.StringMap{"team": pulumi.String("security")}}},
		"disposable":       {args: securetrail.SecureTrailArgs{Disposable: true}},
		"retention":        {args: archive(logarchive.LogArchiveArgs{RetentionDays: &retention, NoncurrentDays: &days})},
		"transitions":      {args: archive(logarchive.LogArchiveArgs{Transitions: []logarchive.Transition{{StorageClass: "GLACIER", Days: 90}}})},
		"Object Lock":      {args: archive(logarchive.LogArchiveArgs{ObjectLock: &logarchive.ObjectLock{Mode: "COMPLIANCE", Days: 365}})},
		"key prefix":       {args: archive(logarchive.LogArchiveArgs{KeyPrefix: "logs"})},
		"organization":     {args: archive(logarchive.LogArchiveArgs{OrganizationID: organization})},
		"deployers":        {args: archive(logarchive.LogArchiveArgs{Deployers: []string{"arn:aws:iam::123456789012:role/ci/account-baseline-deployer"}})},
		"readers":          {args: archive(logarchive.LogArchiveArgs{Readers: []string{"arn:aws:iam::123456789012:role/auditor"}})},
		"profile starter":  {args: starterTrail(), gone: []string{"audit-logs", "audit-archive-key"}},
		"delivery archive": {args: securetrail.SecureTrailArgs{ArchiveArgs: &logarchive.LogArchiveArgs{}}},
	} {
		t.Run(what, func(t *testing.T) {
			after := deployTrail(t, testkit.Options{}, &row.args)
			for typ, fixed := range fixedProperties {
				for _, old := range before.ByType(typ) {
					if _, holdsLogs := pinned[strings.TrimPrefix(old.URN, inDev)]; !holdsLogs {
						continue // answers to queries, which can be asked again
					}
					kept := after.ByURN(old.URN)
					if kept == nil {
						assert.Contains(t, row.gone, old.Name)
						continue
					}
					for _, property := range fixed {
						assert.Equal(t, old.Get(property), kept.Get(property), "%s: %s", old.Name, property)
					}
				}
			}
		})
	}
}

// fixedProperties are those whose change replaces a resource, of the types that hold logs or record
// (https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucketv2/ and its like).
var fixedProperties = map[string][]string{
	bucketType:   {"bucket", "bucketPrefix", "objectLockEnabled"},
	keyType:      {"customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"},
	trailType:    {"name"},
	logGroupType: {"name", "namePrefix", "logGroupClass"},
}

// starterTrail is what the profile starter asks of a trail: neither key nor CloudWatch Logs.
func starterTrail() securetrail.SecureTrailArgs {
	return securetrail.SecureTrailArgs{OmitLogs: true, ArchiveArgs: &logarchive.LogArchiveArgs{
		OmitDeliveryBucket: true, Encryption: logarchive.S3Managed,
	}}
}

// TestKeyThatLeavesTheStackStaysInTheAccount: the logs encrypted with it are still there.
func TestKeyThatLeavesTheStackStaysInTheAccount(t *testing.T) {
	standard, starter := deployTrail(t, testkit.Options{}, nil), starterTrail()
	later := deployTrail(t, testkit.Options{}, &starter)
	for _, r := range standard.All() {
		if later.ByURN(r.URN) != nil || !r.Custom {
			continue
		}
		assert.False(t, r.Protect, "%s could not leave the stack", r.URN)
		if r.Type == keyType || r.Type == keyPolicyType {
			assert.True(t, r.RetainOnDelete, r.URN)
		}
	}
	for _, thing := range []string{"trail", "access-logs"} {
		policy := "audit-archive-" + thing + "-policy"
		assert.Equal(t, standard.One(bucketPolicyType, policy).String("policy"), later.One(bucketPolicyType, policy).String("policy"),
			"a profile changes nobody's access")
	}
}
