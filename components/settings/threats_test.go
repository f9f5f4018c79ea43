package settings_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Security Hub does not aggregate to a Region that is disabled by default: no profile may fail there.
func TestSecurityHubOfAHomeRegionThatIsDisabledByDefault(t *testing.T) {
	deployers := `["arn:aws:iam::123456789012:role/ci/deployer"]`
	strict := map[string]string{"aws:region": "eu-south-1", "profile": "strict", "deployers": deployers, "regions": `["all"]`}
	s, err := stack{config: strict}.load(t)
	require.NoError(t, err)
	assert.False(t, s.Threats.SecurityHub.Aggregator)
	require.Len(t, s.Warnings, 1)
	assert.Contains(t, s.Warnings[0], "threats.securityHub.regions: findings stay in their Region, because Security Hub does not aggregate to eu-south-1")

	home := map[string]string{"aws:region": "eu-south-1", "deployers": deployers}
	s, err = stack{config: home}.load(t)
	require.NoError(t, err)
	assert.Empty(t, s.Warnings, "Security Hub is in the home Region only")

	home["threats"] = `{"securityHub":{"aggregator":true}}`
	_, err = stack{config: home}.load(t)
	assert.EqualError(t, err, "threats.securityHub.aggregator: Security Hub does not aggregate to eu-south-1, a Region that is disabled by default; set it to false, or remove it")

	home["aws:region"] = "eu-west-1"
	s, err = stack{config: home}.load(t)
	require.NoError(t, err)
	assert.True(t, s.Threats.SecurityHub.Aggregator)
}

func TestWhatExistsInARegionThatIsNotCovered(t *testing.T) {
	threats := map[string]string{
		`{"guardDuty":{"existing":{"us-east-2":"0123456789abcdef0123456789abcdef"}}}`: "threats.guardDuty.existing.us-east-2",
		`{"guardDuty":{"adopt":{"us-east-2":"0123456789abcdef0123456789abcdef"}}}`:    "threats.guardDuty.adopt.us-east-2",
		`{"guardDuty":{"missingPlans":{"us-east-2":["RDS_LOGIN_EVENTS"]}}}`:           "threats.guardDuty.missingPlans.us-east-2",
		`{"accessAnalyzer":{"existing":{"us-east-2":"analyzer"}}}`:                    "threats.accessAnalyzer.existing.us-east-2",
		`{"accessAnalyzer":{"adopt":{"us-east-2":"analyzer"}}}`:                       "threats.accessAnalyzer.adopt.us-east-2",
	}
	for given, key := range threats {
		_, err := stack{config: with(map[string]string{"threats": given, "regions": `["eu-west-1"]`})}.load(t)
		assert.EqualError(t, err, key+": the Region is not covered; add it to regions, or remove it")
		for _, regions := range []string{`["eu-west-1","us-east-2"]`, `["all"]`} {
			_, err = stack{config: with(map[string]string{"threats": given, "regions": regions})}.load(t)
			assert.NoError(t, err, regions)
		}
	}
}

func TestSecurityHubWithoutConfigIsSaid(t *testing.T) {
	given := map[string]string{"deployers": `["arn:aws:iam::123456789012:role/ci/deployer"]`, "config": `{"enabled":false}`}
	s, err := stack{config: with(given)}.load(t)
	require.NoError(t, err)
	assert.Equal(t, []string{"threats.securityHub: most controls have no data, because config.enabled is false and Security Hub checks what AWS Config records; " +
		"ignore this if AWS Config is on by other means, or set threats.securityHub.enabled to false"}, s.Warnings)
	given["threats"] = `{"securityHub":{"enabled":false}}`
	s, err = stack{config: with(given)}.load(t)
	require.NoError(t, err)
	assert.Empty(t, s.Warnings)
}

func TestPublicIssuesNeedHealth(t *testing.T) {
	_, err := stack{config: with(map[string]string{"threats": `{"health":{"enabled":false,"publicIssues":true}}`})}.load(t)
	assert.EqualError(t, err, "threats.health.publicIssues: needs threats.health.enabled: true")
}

func TestAnAddressThatIsToldOfBudgetsTwice(t *testing.T) {
	deployers := `["arn:aws:iam::123456789012:role/ci/deployer"]`
	for _, tt := range []struct{ alerts, want string }{
		{`{"emails":["Ops@example.com"]}`, "billing.emails[1]: ops@example.com is told of budgets twice, because it also gets warning and informational alerts; remove it here"},
		{`{"emails":["ops@example.com"],"warning":{"emails":["soc@example.com"]}}`, "billing.emails[1]: ops@example.com is told of budgets twice, because it also gets informational alerts; remove it here"},
		{`{"emails":["soc@example.com"],"critical":{"emails":["ops@example.com"]}}`, ""},
	} {
		s, err := stack{config: with(map[string]string{"deployers": deployers, "alerts": tt.alerts, "billing": `{"emails":["cfo@example.com","ops@example.com"]}`})}.load(t)
		require.NoError(t, err)
		if tt.want == "" {
			assert.Empty(t, s.Warnings)
			continue
		}
		assert.Equal(t, []string{tt.want}, s.Warnings)
	}
}
