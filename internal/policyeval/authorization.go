package policyeval

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Authorization is everything that decides requests on one resource by one principal.
type Authorization struct {
	// Identity policies of the principal, those of a user's groups included.
	Identity []*Document
	// Resource is the policy of the resource; nil if it has none.
	Resource *Document
	// ResourceOwner is the account that owns the resource; "" means the principal's own.
	ResourceOwner string
	// ResourcePolicyDecides is true for KMS keys and role trust policies: identity policies count only where the resource
	// policy delegates to the account by naming it.
	ResourcePolicyDecides bool
}

// Decision is the answer to a request.
type Decision struct {
	Allowed bool
	// Explicit is true when a statement denied; an implicit deny lacks a statement that allows.
	Explicit bool
	// Reason is the decision in a sentence.
	Reason string
	// Statement is the Sid or place of the statement that decided; "" when none did.
	Statement string
}

// Decide combines the policies. It fails for a request that is not well-formed, an identity policy that names a
// principal, and a resource policy with a statement that names none.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
func (a Authorization) Decide(r Request) (Decision, error) {
	r, context, err := r.resolve()
	if err != nil {
		return Decision{}, err
	}
	if err := a.check(); err != nil {
		return Decision{}, err
	}
	var resource, identity verdict
	if a.Resource != nil {
		resource = a.Resource.verdict(r, context)
	}
	if r.Principal.ARN != "" && !r.Principal.Root {
		for _, d := range a.Identity {
			identity = identity.merge(d.verdict(r, context))
		}
	}
	if resource.deny != nil && !a.rootMayRepair(r) {
		return denied(r, resource.deny, "the resource policy"), nil
	}
	if identity.deny != nil {
		return denied(r, identity.deny, "an identity policy"), nil
	}
	return a.grant(r, identity, resource), nil
}

func (a Authorization) check() error {
	for _, d := range a.Identity {
		if i := slices.IndexFunc(d.statements, func(s statement) bool { return s.principals != nil }); i >= 0 {
			return fmt.Errorf("identity policy, %s: Principal is not allowed here", d.statements[i].label())
		}
	}
	if a.Resource != nil {
		if i := slices.IndexFunc(a.Resource.statements, func(s statement) bool { return s.principals == nil }); i >= 0 {
			return fmt.Errorf("resource policy, %s: Principal is missing", a.Resource.statements[i].label())
		}
	}
	if a.ResourceOwner != "" && !accountPattern.MatchString(a.ResourceOwner) {
		return fmt.Errorf("resource owner %q must be an account of 12 digits", a.ResourceOwner)
	}
	return nil
}

func (v verdict) merge(other verdict) verdict {
	if v.deny == nil {
		v.deny = other.deny
	}
	if v.direct == nil {
		v.direct = other.direct
	}
	return v
}

// grant decides a request that nothing denies explicitly.
func (a Authorization) grant(r Request, identity, resource verdict) Decision {
	p := r.Principal
	const byResource, byIdentity = "the resource policy", "an identity policy"
	switch {
	case p.Account == "":
		if resource.direct != nil {
			return allowed(r, resource.direct, byResource)
		}
		return refused(r, "the resource policy does not allow it")
	case a.ResourceOwner != "" && p.Account != a.ResourceOwner:
		return a.grantAcross(r, identity, resource)
	case resource.direct != nil:
		return allowed(r, resource.direct, byResource)
	case a.ResourcePolicyDecides && resource.delegated == nil:
		return refused(r, "the resource policy neither allows it nor delegates it to the account")
	case p.Root && !a.ResourcePolicyDecides:
		return Decision{Allowed: true, Reason: fmt.Sprintf("%s has full access to its account: %s", p, describe(r))}
	case identity.direct != nil:
		return allowed(r, identity.direct, byIdentity)
	default:
		return refused(r, "no policy allows it")
	}
}

// grantAcross decides between accounts: both sides must allow. A root user needs no identity policy.
func (a Authorization) grantAcross(r Request, identity, resource verdict) Decision {
	granting := resource.direct
	if granting == nil {
		granting = resource.delegated
	}
	switch {
	case granting == nil:
		return refused(r, "the resource policy of account "+a.ResourceOwner+" does not allow it")
	case !r.Principal.Root && identity.direct == nil:
		return refused(r, "no identity policy in account "+r.Principal.Account+" allows it")
	default:
		return allowed(r, granting, "the resource policy")
	}
}

var bucketARN = regexp.MustCompile(`^arn:[^:]+:s3:::[^/]+$`)

// rootMayRepair is true where the root user of a bucket's account may read, replace and delete its policy whatever
// that policy denies, so that nobody is locked out for ever.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
func (a Authorization) rootMayRepair(r Request) bool {
	own := a.ResourceOwner == "" || a.ResourceOwner == r.Principal.Account
	return r.Principal.Root && own && bucketARN.MatchString(r.Resource) && slices.Contains(
		[]string{"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"}, strings.ToLower(r.Action))
}

func describe(r Request) string { return r.Action + " on " + r.Resource }

func denied(r Request, s *statement, where string) Decision {
	return Decision{
		Explicit:  true,
		Statement: s.label(),
		Reason:    fmt.Sprintf("%s is denied %s: %s of %s", r.Principal, describe(r), s.label(), where),
	}
}

func allowed(r Request, s *statement, where string) Decision {
	return Decision{
		Allowed:   true,
		Statement: s.label(),
		Reason:    fmt.Sprintf("%s is allowed %s: %s of %s", r.Principal, describe(r), s.label(), where),
	}
}

func refused(r Request, why string) Decision {
	return Decision{Reason: fmt.Sprintf("%s is not allowed %s: %s", r.Principal, describe(r), why)}
}
