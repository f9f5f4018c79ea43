package tests

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// deployAlertingTrail deploys a trail whose alerts come from the home Region and from all others of elsewhere.
func deployAlertingTrail(t *testing.T, o testkit.Options) *testkit.Deployment {
	t.Helper()
	args := fullHub(o.Partition)
	return deployHub(t, o, args, elsewhere(o.Partition), func(ctx *pulumi.Context, hub *alerthub.AlertHub) error {
		_, err := securetrail.NewSecureTrail(ctx, "audit", &securetrail.SecureTrailArgs{Alerts: hub}, pulumi.Provider(args.Regions.Home()))
		return err
	})
}

// apiCall is the event of a call that CloudTrail records, by an intruder in a Region.
func apiCall(t *testing.T, region, source, call string) string {
	t.Helper()
	event, err := json.Marshal(map[string]any{
		"version": "0", "id": "6f87d04b-9f74-4f04-a780-7acf4b0a9b38", "detail-type": "AWS API Call via CloudTrail",
		"source": "aws." + source, "account": accountID, "time": "2026-03-01T09:10:11Z", "region": region, "resources": []any{},
		"detail": map[string]any{
			"eventVersion": "1.11", "eventID": "b2f4dd0a-0000-4000-8000-1d1d2c2c3b3b", "eventTime": "2026-03-01T09:10:11Z",
			"eventSource": source + ".amazonaws.com", "eventName": call, "awsRegion": region, "sourceIPAddress": "203.0.113.7",
			"userIdentity": map[string]any{
				"type": "IAMUser", "arn": "arn:aws:iam::" + accountID + ":user/mallory", "accountId": accountID, "userName": "mallory",
			},
		},
	})
	require.NoError(t, err)
	return string(event)
}

func TestTamperingAlertsWhereverItHappens(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := deployAlertingTrail(t, o)
		want := append([]string{homeOf(o)}, forwarded(o.Partition)...)
		var regions []string
		for _, rule := range d.ByType(eventRuleType) {
			if rule.String("name") != hubPrefix+"-audit-tampering" {
				continue
			}
			regions = append(regions, rule.Region)
			assert.Equal(t, d.Only(secureTrailType).URN, rule.Parent)
			assert.Equal(t, "ENABLED", rule.String("state"))
			for _, call := range []string{"CreateTrail", "DeleteTrail", "PutEventSelectors", "PutInsightSelectors", "StopLogging", "UpdateTrail"} {
				assert.True(t, matches(t, rule, apiCall(t, rule.Region, "cloudtrail", call)), call)
			}
			for _, call := range []string{"LookupEvents", "StartLogging", "GetTrailStatus"} {
				assert.False(t, matches(t, rule, apiCall(t, rule.Region, "cloudtrail", call)), call)
			}
			assert.False(t, matches(t, rule, apiCall(t, rule.Region, "elsewhere", "DeleteTrail")))
		}
		assert.ElementsMatch(t, want, regions)
	})
}

func TestTamperingIsCriticalAndSaysWho(t *testing.T) {
	d := deployAlertingTrail(t, testkit.Options{Partition: "aws"})
	mail := d.One(eventTargetType, "alerts-audit-tampering-mail")
	assert.Equal(t, d.One(topicType, "alerts-critical").Outputs["arn"], mail.String("arn"))
	text := transformed(t, mail, apiCall(t, "eu-west-1", "cloudtrail", "StopLogging"))
	for _, part := range []string{"StopLogging", "mallory", "203.0.113.7", "eu-west-1", accountID} {
		assert.Contains(t, text, part)
	}
}

func TestTrailWithoutHubAlertsNobody(t *testing.T) {
	assert.Empty(t, deployTrail(t, testkit.Options{}, nil).ByType(eventRuleType))
}
