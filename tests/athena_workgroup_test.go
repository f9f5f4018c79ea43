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
	workgroupType   = "aws:athena/workgroup:Workgroup"
	resultsBucket   = trailPrefix + "-athena-" + accountID
	resultsResource = "audit-athena-results"
)

func TestWorkgroupIsEnforced(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := deployTrail(t, o, nil)
		workgroup := d.Only(workgroupType)
		for path, want := range map[string]any{
			"name":         trailPrefix,
			"state":        "ENABLED",
			"forceDestroy": true,
			"configuration.enforceWorkgroupConfiguration":                                true,
			"configuration.publishCloudwatchMetricsEnabled":                              true,
			"configuration.requesterPaysEnabled":                                         false,
			"configuration.bytesScannedCutoffPerQuery":                                   100e9,
			"configuration.engineVersion.selectedEngineVersion":                          "Athena engine version 3",
			"configuration.resultConfiguration.outputLocation":                           "s3://" + resultsBucket + "/",
			"configuration.resultConfiguration.expectedBucketOwner":                      accountID,
			"configuration.resultConfiguration.encryptionConfiguration.encryptionOption": "SSE_S3",
		} {
			assert.Equal(t, want, workgroup.Get(path), path)
		}
		assert.Subset(t, workgroup.Dependencies, []string{d.One(bucketPolicyType, resultsResource+"-policy").URN})
	})
}

// TestResultsAreHardenedAndExpire: the bucket is as closed as an archive, but holds nothing that must stay.
func TestResultsAreHardenedAndExpire(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := deployTrail(t, o, nil, pulumi.Protect(true))
		bucket := d.One(bucketType, resultsResource)
		assert.Equal(t, resultsBucket, bucket.String("bucket"))
		assert.Equal(t, true, bucket.Get("forceDestroy"))
		block := d.One("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", resultsResource+"-public-access")
		for _, setting := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
			assert.Equal(t, true, block.Get(setting), setting)
		}
		for _, row := range []struct{ typ, name, path, want string }{
			{"aws:s3/bucketOwnershipControls:BucketOwnershipControls", "-ownership", "rule.objectOwnership", "BucketOwnerEnforced"},
			{"aws:s3/bucketVersioningV2:BucketVersioningV2", "-versioning", "versioningConfiguration.status", "Enabled"},
			{"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", "-encryption", "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm", "AES256"},
			{"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "-lifecycle", "rules[0].status", "Enabled"},
		} {
			assert.Equal(t, row.want, d.One(row.typ, resultsResource+row.name).String(row.path), row.typ)
		}
		lifecycle := d.One("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", resultsResource+"-lifecycle")
		assert.Equal(t, 30.0, lifecycle.Get("rules[0].expiration.days"))
		assert.NotNil(t, lifecycle.Get("rules[0].noncurrentVersionExpiration.noncurrentDays"))
		assert.NotNil(t, lifecycle.Get("rules[0].abortIncompleteMultipartUpload.daysAfterInitiation"))
		for _, r := range d.All() {
			if strings.HasPrefix(r.Name, resultsResource) || strings.HasPrefix(r.Type, "aws:athena/") || strings.HasPrefix(r.Type, "aws:glue/") {
				assert.False(t, r.Protect, "%s can be made again", r.URN)
				assert.False(t, r.RetainOnDelete, "%s can be made again", r.URN)
			}
		}
	})
}

func TestResultsAreNotRecorded(t *testing.T) {
	d := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{DataEvents: []securetrail.DataEvents{{Kind: "s3Objects"}}})
	var excluded []string
	for _, selector := range d.Only(trailType).Inputs["advancedEventSelectors"].([]any) {
		for _, field := range selector.(map[string]any)["fieldSelectors"].([]any) {
			values, _ := field.(map[string]any)["notStartsWiths"].([]any)
			for _, value := range values {
				excluded = append(excluded, value.(string))
			}
		}
	}
	assert.Contains(t, excluded, "arn:aws:s3:::"+resultsBucket+"/")
}

func athenaResources(d *testkit.Deployment) (names []string) {
	for _, r := range d.All() {
		if strings.Contains(r.Name, "athena") || strings.HasPrefix(r.Type, "aws:athena/") || strings.HasPrefix(r.Type, "aws:glue/") {
			names = append(names, r.Name)
		}
	}
	return names
}

func TestAthenaCanBeLeftOut(t *testing.T) {
	readers := []string{"arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Audit_*"}
	central := centralTrail("aws")
	omitted := centralTrail("aws")
	omitted.OmitAthena = true
	for _, row := range []struct {
		what    string
		args    *securetrail.SecureTrailArgs
		warning string
		has     bool
	}{
		{"by default it is there", nil, "", true},
		{"omitted", &securetrail.SecureTrailArgs{OmitAthena: true}, "", false},
		{"over a central bucket", central, "central bucket", false},
		{"over a central bucket, known", omitted, "", false},
		{"without readers", &securetrail.SecureTrailArgs{OmitReaders: true}, "nobody may read its results", false},
		{"without the reader role, with other readers", &securetrail.SecureTrailArgs{OmitReaders: true, AthenaReaders: readers}, "", true},
	} {
		t.Run(row.what, func(t *testing.T) {
			var trail *securetrail.SecureTrail
			d := testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) (err error) {
				trail, err = securetrail.NewSecureTrail(ctx, "audit", row.args)
				return err
			})
			warnings := strings.Join(d.Logs("warning"), "\n")
			if row.warning == "" {
				assert.NotContains(t, warnings, "Athena")
			} else {
				assert.Contains(t, warnings, row.warning)
			}
			workgroup, _, _, err := testkit.Await(trail.AthenaWorkgroup)
			require.NoError(t, err)
			database, _, _, err := testkit.Await(trail.AthenaDatabase)
			require.NoError(t, err)
			queries, _, _, err := testkit.Await(trail.AthenaQueries)
			require.NoError(t, err)
			if !row.has {
				assert.Empty(t, athenaResources(d))
				assert.Empty(t, workgroup)
				assert.Empty(t, database)
				assert.Empty(t, queries)
				return
			}
			assert.Equal(t, trailPrefix, workgroup)
			assert.Equal(t, strings.ReplaceAll(trailPrefix, "-", "_"), database)
			assert.Len(t, queries, len(d.ByType(namedQueryType)))
			for _, query := range d.ByType(namedQueryType) {
				assert.Equal(t, query.ID, queries.(map[string]string)[query.String("name")])
			}
		})
	}
}

func TestAthenaArgumentsAreChecked(t *testing.T) {
	for want, args := range map[string]securetrail.SecureTrailArgs{
		"AthenaBytesScannedCutoff: 10485759 is below 10485760 bytes": {AthenaBytesScannedCutoff: 10485759},
		"AthenaBytesScannedCutoff: -1 is below":                      {AthenaBytesScannedCutoff: -1},
		`AthenaReaders[0]: "alice" is no ARN of an IAM role or user`: {AthenaReaders: []string{"alice"}},
	} {
		d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			_, err := securetrail.NewSecureTrail(ctx, "audit", &args)
			return err
		})
		require.ErrorContains(t, err, want)
		d.NothingRegistered()
	}
	d := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{AthenaBytesScannedCutoff: securetrail.MinAthenaBytesScannedCutoff})
	assert.Equal(t, 10485760.0, d.Only(workgroupType).Get("configuration.bytesScannedCutoffPerQuery"))
}

func TestGivenArchiveIsSearched(t *testing.T) {
	d := testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		archive, err := logarchive.NewLogArchive(ctx, "archive", &logarchive.LogArchiveArgs{KeyPrefix: "p"})
		if err != nil {
			return err
		}
		_, err = securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{Archive: archive})
		return err
	})
	bucket := d.One(bucketType, "archive-trail").String("bucket")
	assert.Equal(t, "s3://"+bucket+"/p/AWSLogs/"+accountID, d.Only(catalogTableType).String("storageDescriptor.location"))
}
