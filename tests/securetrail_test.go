package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	secureTrailType     = "account-baseline:index:SecureTrail"
	trailType           = "aws:cloudtrail/trail:Trail"
	logGroupType        = "aws:cloudwatch/logGroup:LogGroup"
	groupType           = "aws:iam/group:Group"
	groupAttachmentType = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
	roleAttachmentType  = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
)

func TestTrailIsWellBehaved(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		for _, args := range []securetrail.SecureTrailArgs{{}, *centralTrail(o.Partition)} {
			args.Tags = pulumi.StringMap{"team": pulumi.String("security")}
			wellBehaved(t, o, secureTrailType, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
				_, err := securetrail.NewSecureTrail(ctx, "audit", &args, provider)
				return err
			})
		}
	})
}

// TestTrailNeedsNothingButAName: somebody else's stack, whose names are not fit for AWS, and no configuration.
func TestTrailNeedsNothingButAName(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		o.Project, o.Stack = "Web_Shop", "Production.EU-of-the-year-two-thousand"
		d := deployTrail(t, o, nil)
		component := d.Only(secureTrailType)
		d.AllDescendFrom(component)
		d.AllNamedAfter(component)
		d.AllTagged(nil)
		d.NoHardCodedPartition()
		assert.Empty(t, d.Logs("warning"))
		for _, r := range d.All() {
			assert.Empty(t, r.Provider, r.URN)
		}
		trail := d.Only(trailType)
		assert.Regexp(t, `^web-shop-production-eu-of-the-[0-9a-f]{8}$`, trail.String("name"))
		assert.Subset(t, d.Names(bucketType), []string{"audit-archive-access-logs", "audit-archive-trail"})
		for _, bucket := range d.ByType(bucketType) {
			assert.LessOrEqual(t, len(bucket.String("bucket")), 63, bucket.String("bucket"))
		}
		for _, role := range d.ByType(hubRoleType) {
			assert.LessOrEqual(t, len(role.String("name")), 64, role.String("name"))
		}
	})
}

func TestTwoTrailsShareAStack(t *testing.T) {
	d := testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		for _, name := range []string{"audit", "forensics"} {
			if _, err := securetrail.NewSecureTrail(ctx, name, nil); err != nil {
				return err
			}
		}
		return nil
	})
	physical := map[string]string{}
	for _, typ := range []string{trailType, bucketType, logGroupType, hubRoleType, groupType} {
		for _, r := range d.ByType(typ) {
			assert.NotContains(t, physical, typ+r.ID, "%s and %s have the same physical name", physical[typ+r.ID], r.Name)
			physical[typ+r.ID] = r.Name
		}
	}
	assert.GreaterOrEqual(t, len(physical), 2*(1+2+1+2+2))
}

func TestTrailRecordsEverythingAnywhere(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		trail := deployTrail(t, testkit.Options{DryRun: m.DryRun}, nil).Only(trailType)
		for _, property := range []string{"enableLogging", "enableLogFileValidation", "includeGlobalServiceEvents", "isMultiRegionTrail"} {
			assert.Equal(t, true, trail.Get(property), property)
		}
		assert.Equal(t, false, trail.Get("isOrganizationTrail"))
		assert.Nil(t, trail.Get("eventSelectors"), "basic and advanced selectors exclude each other")
		// Exactly this: scanners look for the name, and count no selector that has a readOnly field.
		assert.Equal(t, []any{map[string]any{
			"name":           "Management events selector",
			"fieldSelectors": []any{map[string]any{"field": "eventCategory", "equals": []any{"Management"}}},
		}}, trail.Get("advancedEventSelectors"))
		assert.Equal(t, "arn:aws:iam::"+accountID+":role/"+trailPrefix+"-logs", trail.String("cloudWatchLogsRoleArn"))
		if m.DryRun {
			assert.False(t, trail.Known("kmsKeyId"))
			assert.False(t, trail.Known("cloudWatchLogsGroupArn"))
			return
		}
		assert.Equal(t, trailPrefix+"-archive-trail-"+accountID, trail.String("s3BucketName"))
		assert.Equal(t, "arn:aws:logs:ap-northeast-1:"+accountID+":log-group:cloudtrail/"+trailPrefix+":*", trail.String("cloudWatchLogsGroupArn"))
	})
}

func TestTrailIsEncryptedWithTheKeyOfItsArchive(t *testing.T) {
	d := deployTrail(t, testkit.Options{}, nil)
	key := d.One(keyType, "audit-archive-key").Outputs["arn"]
	assert.Equal(t, key, d.Only(trailType).String("kmsKeyId"))
	assert.Equal(t, key, d.Only(logGroupType).String("kmsKeyId"))
	assert.EqualValues(t, securetrail.DefaultLogRetentionDays, d.Only(logGroupType).Get("retentionInDays"))

	without := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{ArchiveArgs: &logarchive.LogArchiveArgs{Encryption: logarchive.S3Managed}})
	assert.Empty(t, without.ByType(keyType))
	assert.Nil(t, without.Only(trailType).Get("kmsKeyId"))
	assert.Nil(t, without.Only(logGroupType).Get("kmsKeyId"))
	assert.Contains(t, without.Names(rolePolicyType), "audit-reader-key-policy", "logs under an earlier key stay readable")
}

// TestTrailComesAfterWhatCreateTrailChecks: CreateTrail fails where one of these does not exist yet.
func TestTrailComesAfterWhatCreateTrailChecks(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := deployTrail(t, testkit.Options{DryRun: m.DryRun}, nil)
		trail := d.Only(trailType)
		for typ, name := range map[string]string{
			bucketPolicyType: "audit-archive-trail-policy",
			keyPolicyType:    "audit-archive-key-policy",
			encryptionType:   "audit-archive-trail-encryption",
			logGroupType:     "audit-logs",
			hubRoleType:      "audit-logs-role",
			rolePolicyType:   "audit-logs-role-policy",
		} {
			assert.Contains(t, trail.Dependencies, d.One(typ, name).URN)
		}
		assert.Contains(t, d.Only(logGroupType).Dependencies, d.One(keyPolicyType, "audit-archive-key-policy").URN,
			"CloudWatch Logs must be allowed to use the key before the group is made")

		central := deployTrail(t, testkit.Options{DryRun: m.DryRun}, centralTrail("aws"))
		logKey := central.One(keyPolicyType, "audit-logs-key-policy").URN
		assert.Contains(t, central.Only(logGroupType).Dependencies, logKey)
		for _, r := range []string{central.Only(logGroupType).URN, central.One(hubRoleType, "audit-logs-role").URN, central.One(rolePolicyType, "audit-logs-role-policy").URN} {
			assert.Contains(t, central.Only(trailType).Dependencies, r)
		}
	})
}

func TestTrailDeliversToAGivenArchive(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) error {
			archive, err := logarchive.NewLogArchive(ctx, "archive", &logarchive.LogArchiveArgs{
				TrailName: "company-trail", OrganizationID: organization, KeyPrefix: "logs",
			})
			if err != nil {
				return err
			}
			trail, err := securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{Archive: archive})
			if err == nil {
				assert.Same(t, archive, trail.Archive)
			}
			return err
		})
		archive := d.Only(archiveType)
		assert.Equal(t, "archive", archive.Name)
		trail := d.Only(trailType)
		assert.Equal(t, "company-trail", trail.String("name"))
		assert.Equal(t, "logs", trail.String("s3KeyPrefix"))
		assert.Equal(t, true, trail.Get("isOrganizationTrail"))
		assert.Equal(t, "cloudtrail/company-trail", d.Only(logGroupType).String("name"))
		assert.Contains(t, trail.Dependencies, d.One(bucketPolicyType, "archive-trail-policy").URN)
		assert.Contains(t, trail.Dependencies, d.One(keyPolicyType, "archive-key-policy").URN)
		assert.Equal(t, "account-baseline-dev-archive-reader", d.One(hubRoleType, "audit-reader").String("name"),
			"the role that the archive's policies let in")
		if !m.DryRun {
			assert.Equal(t, "account-baseline-dev-archive-trail-"+accountID, trail.String("s3BucketName"))
		}
	})
}

func TestTrailPassesArgumentsToItsOwnArchive(t *testing.T) {
	days := 400
	d := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{
		Disposable:  true,
		OmitReaders: true,
		Tags:        pulumi.StringMap{"team": pulumi.String("security")},
		ArchiveArgs: &logarchive.LogArchiveArgs{TrailName: "company-trail", RetentionDays: &days, OmitDeliveryBucket: true},
	})
	assert.Equal(t, "company-trail", d.Only(trailType).String("name"))
	assert.EqualValues(t, 400, d.One(lifecycleType, "audit-archive-trail-lifecycle").Get("rules[0].expiration.days"))
	assert.Len(t, d.ByType(bucketType), 2)
	d.AllTagged(map[string]string{"team": "security"})
	for _, r := range d.All() {
		assert.False(t, r.Protect || r.RetainOnDelete, r.URN)
		for _, s := range r.Strings() {
			assert.NotContains(t, s.Value, "-reader", "%s: %s", r.URN, s.Path)
		}
	}
}

func TestTrailWithoutLogs(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		var made *securetrail.SecureTrail
		d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) (err error) {
			made, err = securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{OmitLogs: true})
			return err
		})
		assert.Empty(t, d.ByType(logGroupType))
		assert.Equal(t, []string{"audit-reader"}, d.Names(hubRoleType))
		trail := d.Only(trailType)
		assert.Nil(t, trail.Get("cloudWatchLogsGroupArn"))
		assert.Nil(t, trail.Get("cloudWatchLogsRoleArn"))
		assert.True(t, trail.Known("cloudWatchLogsGroupArn"))
		assertOutput(t, "", made.LogGroupArn)
		assertOutput(t, "", made.LogGroupName)
	})
}

func TestTrailWithoutGroups(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		for _, row := range []struct {
			args   securetrail.SecureTrailArgs
			groups []string
			roles  []string
		}{
			{securetrail.SecureTrailArgs{}, []string{"audit-administrators", "audit-readers"}, []string{"audit-logs-role", "audit-reader"}},
			{securetrail.SecureTrailArgs{OmitReaders: true}, []string{"audit-administrators"}, []string{"audit-logs-role"}},
			{securetrail.SecureTrailArgs{OmitAdministrators: true}, []string{"audit-readers"}, []string{"audit-logs-role", "audit-reader"}},
			{securetrail.SecureTrailArgs{OmitAdministrators: true, OmitReaders: true}, nil, []string{"audit-logs-role"}},
		} {
			var made *securetrail.SecureTrail
			d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) (err error) {
				made, err = securetrail.NewSecureTrail(ctx, "audit", &row.args)
				return err
			})
			assert.Equal(t, row.groups, d.Names(groupType))
			assert.Equal(t, row.roles, d.Names(hubRoleType))
			assert.Len(t, d.ByType(groupPolicyType), len(row.groups), "every group requires MFA")
			assert.Len(t, d.ByType(groupAttachmentType), len(row.groups))
			policy := d.One(bucketPolicyType, "audit-archive-trail-policy").String("policy")
			if row.args.OmitReaders {
				assert.NotContains(t, policy, "aws:PrincipalArn", "nobody is let in")
				assertOutput(t, "", made.ReadersGroup)
				assertOutput(t, "", made.ReaderRoleArn)
			} else {
				assert.Contains(t, policy, "role/"+trailPrefix+"-archive-reader")
			}
			if row.args.OmitAdministrators {
				assertOutput(t, "", made.AdministratorsGroup)
			}
		}
	})
}

func TestTrailGroupsHaveTheManagedPoliciesOfThePartition(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := deployTrail(t, o, nil)
		managed := "arn:" + o.Partition + ":iam::aws:policy/AWSCloudTrail_"
		assert.Equal(t, managed+"FullAccess", d.One(groupAttachmentType, "audit-administrators-access").String("policyArn"))
		assert.Equal(t, managed+"ReadOnlyAccess", d.One(groupAttachmentType, "audit-readers-access").String("policyArn"))
		assert.Equal(t, managed+"ReadOnlyAccess", d.Only(roleAttachmentType).String("policyArn"))
		assert.EqualValues(t, 3600, d.One(hubRoleType, "audit-reader").Get("maxSessionDuration"))
	})
}

func TestCentralTrailCreatesNoBucket(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		args := centralTrail(o.Partition)
		var made *securetrail.SecureTrail
		d := testkit.Run(t, o, func(ctx *pulumi.Context) (err error) {
			made, err = securetrail.NewSecureTrail(ctx, "audit", args)
			return err
		})
		assert.Empty(t, d.ByType(bucketType))
		trail := d.Only(trailType)
		assert.Equal(t, "central-logs", trail.String("s3BucketName"))
		assert.Equal(t, "team", trail.String("s3KeyPrefix"))
		assert.Equal(t, args.ArchiveArgs.Central.KeyArn, trail.String("kmsKeyId"))
		assert.Equal(t, []string{"audit-logs-key"}, d.Names(keyType))
		assertOutput(t, "central-logs", made.BucketName)
		assertOutput(t, args.ArchiveArgs.Central.KeyArn, made.KeyArn)
		paste, _, _, err := testkit.Await(made.Archive.PasteStatements)
		require.NoError(t, err)
		assert.Contains(t, paste, "arn:"+o.Partition+":cloudtrail:"+homeRegion(o.Partition)+":"+accountID+":trail/"+trailPrefix)

		args.ArchiveArgs.Central.KeyArn = ""
		bare := deployTrail(t, o, args)
		assert.Empty(t, bare.ByType(keyType))
		assert.Nil(t, bare.Only(trailType).Get("kmsKeyId"))
		args.OmitLogs, args.ArchiveArgs.Central.KeyArn = true, trail.String("kmsKeyId")
		assert.Empty(t, deployTrail(t, o, args).ByType(keyType), "no log group, no key for it")
	})
}

// TestTrailHonoursTheOptionsOfItsUser: what the engine inherits has to reach the children.
func TestTrailHonoursTheOptionsOfItsUser(t *testing.T) {
	d := deployTrail(t, testkit.Options{}, nil, pulumi.Protect(true), pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String("trail")}}))
	assert.Len(t, d.Only(secureTrailType).Aliases, 1)
	for _, r := range []*testkit.Resource{d.Only(secureTrailType), d.Only(trailType), d.Only(logGroupType), d.One(bucketType, "audit-archive-trail")} {
		assert.True(t, r.Protect, r.URN)
	}
}

func assertOutput(t *testing.T, want string, output pulumi.StringOutput) {
	t.Helper()
	value, known, _, err := testkit.Await(output)
	require.NoError(t, err)
	assert.True(t, known)
	assert.Equal(t, want, value)
}

func TestSilentWithoutSaysWhy(t *testing.T) {
	seen := map[string]bool{}
	for _, silent := range securetrail.SilentWithout {
		assert.NotEmpty(t, strings.TrimSpace(silent.What))
		assert.NotEmpty(t, strings.TrimSpace(silent.Why), silent.What)
		assert.False(t, seen[silent.What], silent.What)
		seen[silent.What] = true
	}
	assert.NotEmpty(t, seen)
}
