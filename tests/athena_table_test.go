package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	catalogDatabaseType = "aws:glue/catalogDatabase:CatalogDatabase"
	catalogTableType    = "aws:glue/catalogTable:CatalogTable"
)

func parameter(table *testkit.Resource, name string) string {
	value, _ := table.Inputs["parameters"].(map[string]any)[name].(string)
	return value
}

func TestTableProjectsItsPartitions(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := deployTrail(t, o, nil)
		table := d.Only(catalogTableType)
		assert.Equal(t, strings.ReplaceAll(trailPrefix, "-", "_"), d.Only(catalogDatabaseType).String("name"))
		assert.Equal(t, strings.ReplaceAll(trailPrefix, "-", "_"), table.String("databaseName"))
		assert.Equal(t, "cloudtrail_logs", table.String("name"))
		for name, want := range map[string]string{
			"projection.enabled":            "true",
			"projection.region.type":        "enum",
			"projection.date.type":          "date",
			"projection.date.format":        "yyyy/MM/dd",
			"projection.date.range":         "2015/01/01,NOW",
			"projection.date.interval":      "1",
			"projection.date.interval.unit": "DAYS",
			"classification":                "cloudtrail",
		} {
			assert.Equal(t, want, parameter(table, name), name)
		}
		regions := strings.Split(parameter(table, "projection.region.values"), ",")
		for _, p := range testkit.Partitions {
			if p.Name == o.Partition {
				assert.Subset(t, regions, p.Regions)
			} else {
				assert.NotContains(t, regions, p.Home)
			}
		}
		assert.Equal(t, "org.apache.hive.hcatalog.data.JsonSerDe", table.String("storageDescriptor.serDeInfo.serializationLibrary"))
		assert.Equal(t, "com.amazon.emr.cloudtrail.CloudTrailInputFormat", table.String("storageDescriptor.inputFormat"))
		assert.Equal(t, "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat", table.String("storageDescriptor.outputFormat"))
		assert.Len(t, table.Get("storageDescriptor.columns"), 29)
	})
}

// TestTemplateIsWhereTheTrailWrites fills in the template and asks the archive's policy whether CloudTrail may write there,
// and nowhere but there.
func TestTemplateIsWhereTheTrailWrites(t *testing.T) {
	for what, archive := range map[string]logarchive.LogArchiveArgs{
		"plain":               {},
		"prefix":              {KeyPrefix: "audit/logs"},
		"organization":        {OrganizationID: organization},
		"organization prefix": {OrganizationID: organization, KeyPrefix: "audit"},
		"named bucket":        {BucketNames: logarchive.BucketNames{Trail: "my-trail-logs"}},
	} {
		t.Run(what, func(t *testing.T) {
			testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
				archive.OmitDeliveryBucket = true
				d := deployTrail(t, testkit.Options{Partition: p.Name}, &securetrail.SecureTrailArgs{ArchiveArgs: &archive})
				table := d.Only(catalogTableType)
				template := parameter(table, "storage.location.template")
				assert.True(t, strings.HasPrefix(template, table.String("storageDescriptor.location")+"/"), "the table's location holds its partitions")
				member := accountID
				if archive.OrganizationID != "" {
					member = foreignAccount
					assert.Equal(t, "injected", parameter(table, "projection.account.type"))
				}
				key := strings.NewReplacer("${account}", member, "${region}", p.Other, "${date}", "2026/11/22").Replace(template)
				require.NotContains(t, key, "$")
				require.True(t, strings.HasSuffix(key, "/"+member+"/CloudTrail/"+p.Other+"/2026/11/22"), key)
				object := "arn:" + p.Name + ":s3:::" + strings.TrimPrefix(key, "s3://") + "/" + member + "_CloudTrail_x.json.gz"

				policy := d.Document(d.One(bucketPolicyType, "audit-archive-trail-policy"), "policy")
				bucket := d.One(bucketType, "audit-archive-trail").String("bucket")
				for resource, allowed := range map[string]bool{
					object: true,
					strings.Replace(object, ":::"+bucket, ":::"+bucket+"-other", 1): false,
					strings.Replace(object, "AWSLogs/", "Other/", 1):                false,
				} {
					decision, err := policyeval.Authorization{Resource: policy, ResourceOwner: accountID}.Decide(policyeval.Request{
						Principal: policyeval.Principal{Service: "cloudtrail.amazonaws.com"}, Action: "s3:PutObject", Resource: resource,
						Context: map[string][]string{
							"aws:SourceArn":       {d.Only(trailType).Outputs["arn"].(string)},
							"s3:x-amz-acl":        {"bucket-owner-full-control"},
							"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"},
						},
					})
					require.NoError(t, err)
					assert.Equal(t, allowed, decision.Allowed, "%s: %s", resource, decision.Reason)
				}
			})
		})
	}
}
