package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

func TestDigestArgsAreRefused(t *testing.T) {
	for _, row := range []struct {
		args digestArgs
		want string
	}{
		{digestArgs{}, `field LogGroupName: there is nothing to look at: give LogGroupName, Config or Findings`},
		{digestArgs{Config: true, NamePrefix: "Upper"}, `field NamePrefix: "Upper" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`},
		{digestArgs{LogGroupName: "no such group"}, `field LogGroupName: "no such group" is no name of a log group: 1 to 512 letters, digits and _-/.#`},
		{digestArgs{LogGroupName: "arn:aws:logs:eu-west-1:123456789012:log-group:trail"}, `field LogGroupName: "arn:aws:logs:eu-west-1:123456789012:log-group:trail" is no name of a log group: 1 to 512 letters, digits and _-/.#`},
		{digestArgs{LogGroupName: digestLogs, ConfigAggregator: "all"}, `field ConfigAggregator: has no effect without Config; set Config or leave it out`},
		{digestArgs{Config: true, ConfigAggregator: "arn:x"}, `field ConfigAggregator: "arn:x" is no name of an aggregator: 1 to 256 letters, digits, underscores and hyphens`},
		{digestArgs{Findings: "inspector"}, `field Findings: "inspector" is none of security-hub, guardduty`},
		{digestArgs{Config: true, Weekday: "Monday"}, `field Weekday: "Monday" is none of MON, TUE, WED, THU, FRI, SAT, SUN`},
		{digestArgs{Config: true, Hour: pointer(24)}, `field Hour: 24 is not between 0 and 23`},
		{digestArgs{Config: true, Hour: pointer(-1)}, `field Hour: -1 is not between 0 and 23`},
		{digestArgs{Config: true, Minute: 60}, `field Minute: 60 is not between 0 and 59`},
		{digestArgs{Config: true, TimeZone: "Tokyo"}, `field TimeZone: "Tokyo" is not a time zone of the IANA database, such as Asia/Tokyo`},
		{digestArgs{Config: true, TimeZone: "Local"}, `field TimeZone: "Local" is not a time zone of the IANA database, such as Asia/Tokyo`},
	} {
		assert.EqualError(t, row.args.Validate(), row.want)
	}
	all := digestArgs{LogGroupName: "?", Weekday: "MO", Minute: -1}
	assert.Len(t, strings.Split(all.Validate().Error(), "\n"), 3, "all problems at once")
	assert.NoError(t, everyDigest().Validate())
}

// TestWrongDigestRegistersNothing: neither the component nor a child.
func TestWrongDigestRegistersNothing(t *testing.T) {
	d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		_, err := digest.NewWeeklyDigest(ctx, "weekly", nil)
		return err
	})
	assert.ErrorContains(t, err, "weekly digest \"weekly\": field Alerts: nobody would get the digest; give an AlertHub\n"+
		"field LogGroupName: there is nothing to look at: give LogGroupName, Config or Findings")
	d.NothingRegistered()
}

// TestDigestIsWhereItsHubIs: the state machine publishes in its own Region.
func TestDigestIsWhereItsHubIs(t *testing.T) {
	_, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		hub, err := alerthub.NewAlertHub(ctx, "alerts", nil)
		if err != nil {
			return err
		}
		provider, err := aws.NewProvider(ctx, "elsewhere", &aws.ProviderArgs{Region: pulumi.String("eu-west-1")})
		if err != nil {
			return err
		}
		_, err = digest.NewWeeklyDigest(ctx, "weekly", &digestArgs{Alerts: hub, Config: true}, pulumi.Provider(provider))
		return err
	})
	assert.ErrorContains(t, err, `weekly digest "weekly": field Alerts: the hub is in ap-northeast-1, but the component's own provider works in eu-west-1; give both the same`)
}
