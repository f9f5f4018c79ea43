package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// iamOIDCProvider is an OpenID Connect identity provider that roles may trust.
type iamOIDCProvider struct {
	ARN, URL    string // the URL as it was given, with https://
	ClientIDs   []string
	Thumbprints []string
	Tags        map[string]string
}

const (
	iamOIDCDoc = iamDoc + "API_CreateOpenIDConnectProvider.html"
	// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html#API_CreateOpenIDConnectProvider_RequestParameters
	oidcClientsMax, oidcThumbprintsMax, oidcURLMax = 100, 5, 255
)

var (
	oidcURL        = regexp.MustCompile(`^https://[^/?#:]+(/[^?#]*)?$`)
	oidcThumbprint = regexp.MustCompile(`^[0-9a-fA-F]{40}$`)
)

var iamOIDCType = resourceType{
	check: iamCheckOIDC, create: iamCreateOIDC, read: iamReadOIDC, update: iamUpdateOIDC, delete: iamDeleteOIDC,
}

func iamCheckOIDC(_ *call, in props) error {
	if url := str(in, "url"); url != "" && (len(url) > oidcURLMax || !oidcURL.MatchString(url)) {
		return refuse("ValidationError", fmt.Sprintf("url %q: begins with https://, has no port and no query, and at most %d characters", url, oidcURLMax), iamOIDCDoc)
	}
	if n := len(list(in, "clientIdLists")); n > oidcClientsMax {
		return refuse("LimitExceeded", fmt.Sprintf("clientIdLists: %d, at most %d are allowed", n, oidcClientsMax), iamOIDCDoc)
	}
	thumbprints := strs(in, "thumbprintLists")
	if len(thumbprints) > oidcThumbprintsMax {
		return refuse("LimitExceeded", fmt.Sprintf("thumbprintLists: %d, at most %d are allowed", len(thumbprints), oidcThumbprintsMax), iamOIDCDoc)
	}
	for i, thumbprint := range thumbprints {
		if !oidcThumbprint.MatchString(thumbprint) {
			return refuse("ValidationError", fmt.Sprintf("thumbprintLists[%d]: %q is not 40 hexadecimal digits", i, thumbprint), iamOIDCDoc)
		}
	}
	return nil
}

func iamCreateOIDC(c *call, in props) (string, props, error) {
	url := str(in, "url")
	arn := c.arn("iam", "", c.ID, "oidc-provider/"+strings.TrimPrefix(url, "https://"))
	if err := c.may("iam:CreateOpenIDConnectProvider", arn); err != nil {
		return "", nil, err
	}
	if c.IAM.OIDCProviders[arn] != nil {
		return "", nil, refuse("EntityAlreadyExists", fmt.Sprintf("Provider with url %s already exists.", url), iamOIDCDoc)
	}
	p := &iamOIDCProvider{
		ARN: arn, URL: url, ClientIDs: strs(in, "clientIdLists"), Thumbprints: strs(in, "thumbprintLists"), Tags: stringMap(in, "tags"),
	}
	if len(p.Thumbprints) == 0 {
		p.Thumbprints = []string{c.hexID(40)} // IAM reads the certificate of the issuer itself
	}
	c.IAM.OIDCProviders.put(arn, p)
	return arn, p.props(), nil
}

// props has the URL with its scheme: the provider takes it for the same without.
func (p *iamOIDCProvider) props() props {
	return props{"arn": p.ARN, "url": p.URL, "clientIdLists": p.ClientIDs, "thumbprintLists": p.Thumbprints, "tags": p.Tags}
}

func iamReadOIDC(c *call, id string, _ props) (props, error) {
	p := c.IAM.OIDCProviders[id]
	if p == nil {
		return nil, errNotFound
	}
	return p.props(), c.may("iam:GetOpenIDConnectProvider", id)
}

func iamUpdateOIDC(c *call, id string, old, in props) (props, error) {
	p := c.IAM.OIDCProviders[id]
	if p == nil {
		return nil, noSuchEntity("OpenID Connect provider", id)
	}
	clients, thumbprints := strs(in, "clientIdLists"), strs(in, "thumbprintLists")
	if len(thumbprints) == 0 {
		thumbprints = p.Thumbprints
	}
	for _, change := range []struct {
		action string
		needed bool
	}{
		{"iam:AddClientIDToOpenIDConnectProvider", slices.ContainsFunc(clients, func(s string) bool { return !slices.Contains(p.ClientIDs, s) })},
		{"iam:RemoveClientIDFromOpenIDConnectProvider", slices.ContainsFunc(p.ClientIDs, func(s string) bool { return !slices.Contains(clients, s) })},
		{"iam:UpdateOpenIDConnectProviderThumbprint", !slices.Equal(thumbprints, p.Thumbprints)},
	} {
		if !change.needed {
			continue
		}
		if err := c.may(change.action, id); err != nil {
			return nil, err
		}
	}
	p.ClientIDs, p.Thumbprints, p.Tags = clients, thumbprints, stringMap(in, "tags")
	return p.props(), nil
}

func iamDeleteOIDC(c *call, id string, _ props) error {
	if c.IAM.OIDCProviders[id] == nil {
		return errNotFound
	}
	if err := c.may("iam:DeleteOpenIDConnectProvider", id); err != nil {
		return err
	}
	delete(c.IAM.OIDCProviders, id)
	return nil
}
