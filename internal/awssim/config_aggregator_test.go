package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	aggregatorToken    = "aws:cfg/configurationAggregator:ConfigurationAggregator"
	authorizationToken = "aws:cfg/aggregateAuthorization:AggregateAuthorization"
	retentionToken     = "aws:cfg/retentionConfiguration:RetentionConfiguration"
	organizationRole   = "arn:aws:iam::123456789012:role/aggregate"
)

func accounts(changes props) props {
	return props{"name": "all", "accountAggregationSource": with(props{"accountIds": []any{"123456789012"}, "allRegions": true}, changes)}
}

func organization(changes props) props {
	return props{"name": "all", "organizationAggregationSource": with(props{"roleArn": organizationRole, "allRegions": true}, changes)}
}

func TestAggregatorLife(t *testing.T) {
	r := newConfigured(t)
	a := r.create(aggregatorToken, "a", accounts(nil))
	assert.Regexp(t, `^arn:aws:config:ap-northeast-1:123456789012:config-aggregator/config-aggregator-[a-z0-9]{8}$`, a.str("arn"))
	r.unchanged(a)
	r.imported(a)
	assert.Empty(t, r.diff(a, accounts(props{"accountIds": []any{"123456789012", "210987654321"}})).GetReplaces())
	require.NoError(t, r.update(a, accounts(props{"accountIds": []any{"123456789012", "210987654321"}})))
	assert.Equal(t, []string{"organizationAggregationSource"}, r.diff(a, organization(nil)).GetReplaces())
	require.NoError(t, r.remove(a))
	assert.False(t, r.read(a))

	authorization := r.create(authorizationToken, "z", props{"accountId": "210987654321", "region": "us-east-1"})
	assert.Equal(t, "210987654321:us-east-1", authorization.id)
	r.unchanged(authorization)
	r.imported(authorization)
	require.NoError(t, r.update(authorization, props{"accountId": "210987654321", "region": "us-east-1", "tags": props{"a": "b"}}))
	require.NoError(t, r.remove(authorization))

	retention := r.create(retentionToken, "k", props{"retentionPeriodInDays": 365})
	assert.Equal(t, "default", retention.id)
	r.unchanged(retention)
	r.imported(retention)
	require.NoError(t, r.update(retention, props{"retentionPeriodInDays": 30}))
	require.NoError(t, r.remove(retention))
	assert.False(t, r.read(retention))
}

func TestAggregatorRefusals(t *testing.T) {
	r := newConfigured(t)
	r.refuses([]refusal{
		{"name", aggregatorToken, with(accounts(nil), props{"name": "a b"}), "ValidationException"},
		{"no source", aggregatorToken, props{"name": "a"}, "one and only one"},
		{"two sources", aggregatorToken, with(accounts(nil), organization(nil)), "one and only one"},
		{"no accounts", aggregatorToken, accounts(props{"accountIds": []any{}}), "has 0 items"},
		{"account id", aggregatorToken, accounts(props{"accountIds": []any{"12"}}), "12 digits"},
		{"no Regions", aggregatorToken, accounts(props{"allRegions": nil}), "either allRegions or regions"},
		{"all and some Regions", aggregatorToken, accounts(props{"regions": []any{"us-east-1"}}), "either allRegions or regions"},
		{"unknown Region", aggregatorToken, accounts(props{"allRegions": nil, "regions": []any{"mars-1"}}), "is not a Region"},
		{"role no ARN", aggregatorToken, organization(props{"roleArn": "aggregate"}), "invalid ARN"},
		{"no organization", aggregatorToken, organization(nil), "NoAvailableOrganizationException"},
		{"authorized account", authorizationToken, props{"accountId": "1", "region": "us-east-1"}, "InvalidParameterValueException"},
		{"authorized Region", authorizationToken, props{"accountId": "210987654321", "region": "mars-1"}, "InvalidParameterValueException"},
		{"retention too short", retentionToken, props{"retentionPeriodInDays": 29}, "ValidationException"},
		{"retention too long", retentionToken, props{"retentionPeriodInDays": 2558}, "ValidationException"},
	})
}

func TestAggregatorOfOrganization(t *testing.T) {
	r := newConfigured(t)
	organize := func(manager string, administrators ...string) {
		require.NoError(t, r.account().Update(func(a *Account) {
			a.Settings.Organization = &Organization{ID: "o-1", ManagementAccount: manager, ConfigAdministrators: administrators}
		}))
	}
	refused := func(name string) {
		_, err := r.try(aggregatorToken, "a", organization(nil))
		refusedWith(t, err, name)
	}
	organize("210987654321")
	refused("OrganizationAccessDeniedException")
	organize("210987654321", "123456789012")
	refused("InvalidRoleException")
	role := r.create(roleToken, "aggregate", props{"name": "aggregate", "assumeRolePolicy": trustCloudTrail})
	refused("InvalidRoleException")
	require.NoError(t, r.update(role, props{"name": "aggregate", "assumeRolePolicy": strings.ReplaceAll(trustCloudTrail, cloudtrailService, configService)}))
	refused("organizations:ListAccounts")
	r.create(attachToken, "aggregate", props{"role": "aggregate", "policyArn": "arn:aws:iam::aws:policy/service-role/AWSConfigRoleForOrganizations"})
	a := r.create(aggregatorToken, "a", organization(nil))
	r.unchanged(a)
	r.imported(a)
	_, err := r.try(aggregatorToken, "b", accounts(nil))
	refusedWith(t, err, "cannot change between accounts and organization")
}
