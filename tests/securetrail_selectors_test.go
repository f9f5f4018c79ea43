package tests

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// selectorsOf are the trail's advanced event selectors, by name: field to condition.
func selectorsOf(t testing.TB, d *testkit.Deployment) map[string]map[string]map[string]any {
	t.Helper()
	found := map[string]map[string]map[string]any{}
	list, _ := d.Only("aws:cloudtrail/trail:Trail").Get("advancedEventSelectors").([]any)
	for _, element := range list {
		selector := element.(map[string]any)
		fields := map[string]map[string]any{}
		for _, field := range selector["fieldSelectors"].([]any) {
			condition := field.(map[string]any)
			name := condition["field"].(string)
			assert.NotContains(t, fields, name, "a field stands once in a selector")
			fields[name] = condition
		}
		found[selector["name"].(string)] = fields
	}
	return found
}

func TestManagementEventsAreSelectedAsScannersReadThem(t *testing.T) {
	selectors := selectorsOf(t, deployTrail(t, testkit.Options{}, nil))
	assert.Len(t, selectors, 1)
	management := selectors["Management events selector"]
	assert.Equal(t, []any{"Management"}, management["eventCategory"]["equals"])
	assert.NotContains(t, management, "readOnly")
	assert.NotContains(t, management, "eventSource")

	quiet := selectorsOf(t, deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{OmitKMSEvents: true, OmitRDSDataEvents: true}))
	assert.Equal(t, []any{"kms.amazonaws.com", "rdsdata.amazonaws.com"}, quiet["Management events selector"]["eventSource"]["notEquals"])
}

func TestDataEventsNeverRecordTheArchive(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		bucket := "arn:" + o.Partition + ":s3:::"
		d := deployTrail(t, o, &securetrail.SecureTrailArgs{DataEvents: []securetrail.DataEvents{
			{Kind: "s3Objects", IncludeArns: []string{bucket + "orders/"}, ExcludeArns: []string{bucket + "orders/tmp/"}, ReadWrite: securetrail.WritesOnly},
		}})
		selector := selectorsOf(t, d)["Data events: AWS::S3::Object"]
		assert.Equal(t, []any{"Data"}, selector["eventCategory"]["equals"])
		assert.Equal(t, []any{"AWS::S3::Object"}, selector["resources.type"]["equals"])
		assert.Equal(t, []any{"false"}, selector["readOnly"]["equals"])
		assert.Equal(t, []any{bucket + "orders/"}, selector["resources.ARN"]["startsWiths"])
		excluded := selector["resources.ARN"]["notStartsWiths"]
		assert.Contains(t, excluded, bucket+"orders/tmp/")
		for _, made := range d.ByType(bucketType) {
			assert.Contains(t, excluded, bucket+made.String("bucket")+"/", "no logs about logs")
		}
	})
}

func TestEverySelectorHasOneResourceType(t *testing.T) {
	var all []securetrail.DataEvents
	for _, kind := range securetrail.DataEventKinds {
		all = append(all, securetrail.DataEvents{Kind: kind})
	}
	selectors := selectorsOf(t, deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{
		DataEvents: all, NetworkActivity: []string{"s3.amazonaws.com"},
	}))
	types := map[any]bool{}
	for name, selector := range selectors {
		if selector["eventCategory"]["equals"].([]any)[0] != "Data" {
			continue
		}
		if assert.Len(t, selector["resources.type"]["equals"], 1, name) {
			types[selector["resources.type"]["equals"].([]any)[0]] = true
		}
		assert.NotContains(t, selector, "readOnly", name)
	}
	for _, resourceType := range []string{
		"AWS::S3::Object", "AWS::S3Outposts::Object", "AWS::S3::AccessPoint", "AWS::S3ObjectLambda::AccessPoint", "AWS::Lambda::Function",
		"AWS::DynamoDB::Table", "AWS::DynamoDB::Stream", "AWS::ManagedBlockchain::Node", "AWS::ManagedBlockchain::Network",
	} {
		assert.True(t, types[resourceType], resourceType)
	}
	network := selectors["Network activity: s3.amazonaws.com"]
	assert.Equal(t, []any{"NetworkActivity"}, network["eventCategory"]["equals"])
	assert.Equal(t, []any{"s3.amazonaws.com"}, network["eventSource"]["equals"])
}

func TestInsightsAreOnRequest(t *testing.T) {
	trail := func(args *securetrail.SecureTrailArgs) any {
		return deployTrail(t, testkit.Options{}, args).Only("aws:cloudtrail/trail:Trail").Get("insightSelectors")
	}
	assert.Empty(t, trail(nil))
	assert.Equal(t, []any{map[string]any{"insightType": "ApiCallRateInsight"}, map[string]any{"insightType": "ApiErrorRateInsight"}},
		trail(&securetrail.SecureTrailArgs{CallRateInsights: true, ErrorRateInsights: true}))
}

func TestSelectorArgsAreRefused(t *testing.T) {
	kinds := "dynamodbStreams, dynamodbTables, lambdaFunctions, managedBlockchainNodes, s3AccessPoints, s3Objects, s3OutpostsObjects"
	many := make([]string, 501)
	for i := range many {
		many[i] = "arn:aws:s3:::bucket/"
	}
	for _, row := range []struct {
		args securetrail.SecureTrailArgs
		want string
	}{
		{securetrail.SecureTrailArgs{DataEvents: []securetrail.DataEvents{{Kind: "s3"}}}, `DataEvents[0].Kind: "s3" is none of ` + kinds},
		{securetrail.SecureTrailArgs{DataEvents: []securetrail.DataEvents{{Kind: "s3Objects"}, {Kind: "s3Objects"}}}, `DataEvents[1].Kind: "s3Objects" is given twice; put its ARNs together`},
		{securetrail.SecureTrailArgs{DataEvents: []securetrail.DataEvents{{Kind: "s3Objects", ReadWrite: "all"}}}, `DataEvents[0].ReadWrite: "all" is neither "read" nor "write"; leave it out for both`},
		{securetrail.SecureTrailArgs{DataEvents: []securetrail.DataEvents{{Kind: "s3Objects", IncludeArns: []string{"bucket"}}}}, `DataEvents[0].IncludeArns[0]: "bucket" is not the beginning of an ARN`},
		{securetrail.SecureTrailArgs{DataEvents: []securetrail.DataEvents{{Kind: "s3Objects", ExcludeArns: []string{"bucket"}}}}, `DataEvents[0].ExcludeArns[0]: "bucket" is not the beginning of an ARN`},
		{securetrail.SecureTrailArgs{DataEvents: []securetrail.DataEvents{{Kind: "s3Objects", IncludeArns: many}}}, `DataEvents: 501 ARNs are more than the 500 values that a trail's selectors may hold`},
		{securetrail.SecureTrailArgs{NetworkActivity: []string{"iam.amazonaws.com"}}, `NetworkActivity[0]: "iam.amazonaws.com" is none of cloudtrail.amazonaws.com, ec2.amazonaws.com, kms.amazonaws.com, s3.amazonaws.com, secretsmanager.amazonaws.com`},
		{securetrail.SecureTrailArgs{NetworkActivity: []string{"s3.amazonaws.com", "s3.amazonaws.com"}}, `NetworkActivity[1]: "s3.amazonaws.com" is given twice`},
		{securetrail.SecureTrailArgs{IgnoreChangesBy: []string{"me"}}, `IgnoreChangesBy[0]: "me" is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer`},
	} {
		d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			_, err := securetrail.NewSecureTrail(ctx, "audit", &row.args)
			return err
		})
		assert.ErrorContains(t, err, row.want)
		d.NothingRegistered()
	}
}
