package awssim

import (
	"fmt"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// assumableBy tells whether a service may assume a role of the account, in a request
// with these condition keys.
func (a *Account) assumableBy(roleARN, service string, ctx map[string][]string) bool {
	return a.trusts(roleARN, policyeval.Principal{Service: service}, ctx) == nil
}

// roleMayOn decides about a request that a service makes with a role to a resource;
// policy is that of the resource, "" for none.
func (a *Account) roleMayOn(role, action, resource, policy string) error {
	doc, err := parsePolicy(policy)
	if err != nil {
		return fmt.Errorf("policy of %s: %w", resource, err)
	}
	ctx := map[string][]string{"aws:SecureTransport": {"true"}}
	return a.authorize(a.rolePrincipal(role), ctx, action, resource, doc, a.ID)
}

// rolePrincipal is a session of a role of the account.
func (a *Account) rolePrincipal(roleARN string) policyeval.Principal {
	return policyeval.Principal{ARN: roleARN, Account: a.ID}
}

// sourceKeys are the condition keys that a service sends with what it does on behalf
// of a resource of the account.
func (a *Account) sourceKeys(sourceARN string) map[string][]string {
	return map[string][]string{
		"aws:SourceArn":       {sourceARN},
		"aws:SourceAccount":   {a.ID},
		"aws:SecureTransport": {"true"},
	}
}

// mayOn decides about the caller's request to a resource that has a policy of its
// own; policy is its text, "" for none.
func (c *call) mayOn(action, resource, policy string) error {
	doc, err := parsePolicy(policy)
	if err != nil {
		return fmt.Errorf("policy of %s: %w", resource, err)
	}
	return c.authorize(c.Caller, c.context(nil), action, resource, doc, c.ID)
}

// checkPolicy makes the checks that AWS makes when a policy is put, as far as they
// need nothing but the policy. resource is what it is attached to, "" when that is
// not known yet.
func checkPolicy(kind policyeval.Kind, text, resource, doc string) error {
	if text == "" {
		return nil
	}
	if err := policyeval.Validate(kind, text, resource); err != nil {
		return policyRefusal(err, doc)
	}
	return nil
}

// putPolicy is checkPolicy for a policy that is about to be stored: it parses it, and
// demands that the principals it names exist.
func (a *Account) putPolicy(kind policyeval.Kind, text, resource, errorName, doc string) (*policyeval.Document, error) {
	if err := checkPolicy(kind, text, resource, doc); err != nil {
		return nil, err
	}
	parsed, err := parsePolicy(text)
	if err != nil || parsed == nil {
		return nil, refuse(errorName, "the policy is empty or damaged", doc)
	}
	if unknown := a.unknownPrincipal(parsed); unknown != "" {
		return nil, refuse(errorName, "Policy contains a statement with one or more invalid principals: PrincipalNotFound: "+unknown, doc)
	}
	return parsed, nil
}
