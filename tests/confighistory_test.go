package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline/confighistory"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const configHistoryComponentType = "account-baseline:index:ConfigHistory"

// withHistory declares an archive, a trail and the history beside it.
func withHistory(archiveArgs logarchive.LogArchiveArgs) func(ctx *pulumi.Context) error {
	return func(ctx *pulumi.Context) error {
		archive, err := logarchive.NewLogArchive(ctx, "archive", &archiveArgs)
		if err != nil {
			return err
		}
		trail, err := securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{Archive: archive})
		if err != nil {
			return err
		}
		_, err = confighistory.NewConfigHistory(ctx, "history", &confighistory.ConfigHistoryArgs{Trail: trail})
		return err
	}
}

func TestConfigHistoryIsWellBehaved(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := testkit.Run(t, o, withHistory(logarchive.LogArchiveArgs{}))
		component := d.Only(configHistoryComponentType)
		d.AllNamedAfter(component)
		d.AllUseProviderOf(component)
		d.NoHardCodedPartition()
		names := []string{}
		for _, r := range d.Below(component.URN) {
			names = append(names, strings.TrimPrefix(r.Name, "history-"))
			assert.False(t, r.Protect || r.RetainOnDelete, "it holds no data: %s", r.URN)
		}
		assert.ElementsMatch(t, []string{
			"snapshots", "changes", "query-config-change-and-call", "query-config-most-changed", "query-config-inventory", "reader-policy",
		}, names)
	})
}

// TestConfigHistoryReadsWhereConfigWrites fills in the templates and asks the archive's policy whether AWS Config may write
// there, and the reader's whether the tables may be read.
func TestConfigHistoryReadsWhereConfigWrites(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		for _, prefix := range []string{"", "logs"} {
			d := testkit.Run(t, testkit.Options{Partition: p.Name}, withHistory(logarchive.LogArchiveArgs{KeyPrefix: prefix}))
			for child, folder := range map[string]string{"history-snapshots": "ConfigSnapshot", "history-changes": "ConfigHistory"} {
				table := d.One(catalogTableType, child)
				template := parameter(table, "storage.location.template")
				assert.True(t, strings.HasPrefix(template, table.String("storageDescriptor.location")+"/"))
				object := strings.NewReplacer("s3://", "arn:"+p.Name+":s3:::", "${region}", p.Other, "${date}", "2026/3/1").Replace(template) + "/x.json.gz"
				require.True(t, strings.HasSuffix(object, "AWSLogs/"+accountID+"/Config/"+p.Other+"/2026/3/1/"+folder+"/x.json.gz"), object)
				decision, err := policyeval.Authorization{
					Resource: d.Document(d.One(bucketPolicyType, "archive-delivery-policy"), "policy"), ResourceOwner: accountID,
				}.Decide(policyeval.Request{
					Principal: policyeval.Principal{Service: "config.amazonaws.com"}, Action: "s3:PutObject", Resource: object,
					Context: map[string][]string{
						"aws:SourceAccount": {accountID}, "s3:x-amz-acl": {"bucket-owner-full-control"}, "aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"},
					},
				})
				require.NoError(t, err)
				assert.True(t, decision.Allowed, "%s: %s", object, decision.Reason)
				assert.Subset(t, strings.Split(parameter(table, "projection.region.values"), ","), p.Regions)

				arn := "arn:" + p.Name + ":glue:" + p.Home + ":" + accountID + ":table/" + table.String("databaseName") + "/" + table.String("name")
				reader := d.Document(d.One(rolePolicyType, "history-reader-policy"), "policy")
				for action, allowed := range map[string]bool{"glue:GetTable": true, "glue:GetPartitions": true, "glue:UpdateTable": false, "glue:DeleteTable": false} {
					decision, err := policyeval.Authorization{Identity: []*policyeval.Document{reader}, ResourceOwner: accountID}.Decide(policyeval.Request{
						Principal: callers(p.Name)["the reader role"].principal, Action: action, Resource: arn,
					})
					require.NoError(t, err)
					assert.Equal(t, allowed, decision.Allowed, "%s: %s", action, decision.Reason)
				}
			}
		}
	})
}

// TestConfigHistoryIsBounded: every read of a table names the days it reads, without leading zeros as the folders have them.
func TestConfigHistoryIsBounded(t *testing.T) {
	d := testkit.Run(t, testkit.Options{}, withHistory(logarchive.LogArchiveArgs{}))
	for _, r := range d.ByType(namedQueryType) {
		if !strings.HasPrefix(r.Name, "history-") {
			continue
		}
		sql := r.String("query")
		assert.Equal(t, strings.Count(sql, "FROM config_"), strings.Count(sql, "date IN ("), r.Name)
		assert.Equal(t, strings.Count(sql, "FROM cloudtrail_logs"), strings.Count(sql, "date >= "), r.Name)
		assert.Contains(t, sql, "'%Y/%c/%e')")
		assert.NotContains(t, sql, "{")
	}
}

func TestConfigHistoryIsAcceptedByTheAccount(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		s := deployInto(t, testkit.Options{Partition: p.Name}, "", withHistory(logarchive.LogArchiveArgs{}))
		assert.Len(t, s.ofType(catalogTableType), 3)
	})
}

func TestConfigHistoryArgsAreRefused(t *testing.T) {
	for _, row := range []struct {
		args *confighistory.ConfigHistoryArgs
		want string
	}{
		{nil, `Trail: the trail is missing, in whose database and workgroup the tables and queries are`},
		{&confighistory.ConfigHistoryArgs{Trail: &securetrail.SecureTrail{HasAthena: true, Archive: &logarchive.LogArchive{OwnsBuckets: true}}},
			`Archive: it has no delivery bucket, to which AWS Config could deliver; give the one of the ConfigBaseline`},
		{&confighistory.ConfigHistoryArgs{Trail: &securetrail.SecureTrail{Archive: &logarchive.LogArchive{}}, Archive: &logarchive.LogArchive{DeliveryBucketName: "d"}},
			`Trail: it delivers to a central bucket, over which it has no Athena; leave the history out`},
		{&confighistory.ConfigHistoryArgs{Trail: &securetrail.SecureTrail{Archive: &logarchive.LogArchive{OwnsBuckets: true, DeliveryBucketName: "d"}}},
			`Trail: it has no Athena, beside which the tables and queries are; leave the history out`},
	} {
		var refused error
		d, _ := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			_, refused = confighistory.NewConfigHistory(ctx, "history", row.args)
			return refused
		})
		assert.EqualError(t, refused, `config history "history": `+row.want)
		d.NothingRegistered()
	}
}
