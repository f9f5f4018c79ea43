package awssim

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const oidcToken = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"

func TestOpenIDConnectProvider(t *testing.T) {
	c := serve(t)
	in := props{"url": "https://token.actions.githubusercontent.com", "clientIdLists": []any{"sts.amazonaws.com"}}
	provider := c.create(oidcToken, "github", in)
	require.Equal(t, "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", provider.str("arn"))
	_, err := c.try(oidcToken, "again", in)
	require.ErrorContains(t, err, "EntityAlreadyExists")
	c.unchanged(provider)
	c.imported(provider)
	for name, row := range map[string]struct {
		change props
		code   string
	}{
		"no scheme":  {props{"url": "token.actions.githubusercontent.com"}, "ValidationError"},
		"plain HTTP": {props{"url": "http://example.com"}, "ValidationError"},
		"port":       {props{"url": "https://example.com:8443"}, "ValidationError"},
		"thumbprint": {props{"url": "https://example.com", "thumbprintLists": []any{"abc"}}, "ValidationError"},
	} {
		bad := props{"clientIdLists": []any{"sts.amazonaws.com"}}
		for k, v := range row.change {
			bad[k] = v
		}
		_, err := c.try(oidcToken, name, bad)
		require.ErrorContains(t, err, row.code, name)
	}
	require.NoError(t, c.update(provider, props{"url": in["url"], "clientIdLists": []any{"sts.amazonaws.com", "another"}}))
	require.NoError(t, c.remove(provider))
}
