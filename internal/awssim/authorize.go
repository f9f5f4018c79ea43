package awssim

import (
	"fmt"
	"maps"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const evaluationDoc = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"

// context are the condition keys of the caller's own requests.
func (c *call) context(extra map[string][]string) map[string][]string {
	ctx := map[string][]string{
		"aws:SecureTransport": {"true"},
		"aws:RequestedRegion": {c.Region},
	}
	if c.MFA {
		ctx["aws:MultiFactorAuthPresent"] = []string{"true"}
		ctx["aws:MultiFactorAuthAge"] = []string{"60"}
	}
	maps.Copy(ctx, extra)
	return ctx
}

// may refuses an action of the caller that its identity policies do not allow.
func (c *call) may(action, resource string) error {
	return c.authorize(c.Caller, c.context(nil), action, resource, nil, c.ID)
}

// authorize decides about one request to a resource with an optional policy of its
// own. The answer is nil or AccessDenied.
func (a *Account) authorize(
	p policyeval.Principal, ctx map[string][]string, action, resource string, policy *policyeval.Document, owner string,
) error {
	auth := policyeval.Authorization{Identity: a.identityPolicies(p), Resource: policy, ResourceOwner: owner}
	request := policyeval.Request{Principal: p, Action: action, Resource: resource, Context: ctx}
	decision, err := auth.Decide(request)
	if err != nil {
		return err
	}
	if a.requested != nil {
		a.requested(request, decision)
	}
	if !decision.Allowed {
		return denied(p, action, resource, decision)
	}
	return nil
}

// Watch shows a test every request that the account decides about by the policies of the one who asks, until it is called
// with nil. It is called with the account locked.
func (a *Account) Watch(requested func(policyeval.Request, policyeval.Decision)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requested = requested
}

func denied(p policyeval.Principal, action, resource string, d policyeval.Decision) error {
	reason := d.Reason
	if d.Statement != "" {
		reason = fmt.Sprintf("%s, statement %s", reason, d.Statement)
	}
	return refuse("AccessDenied", fmt.Sprintf("%s is not authorized to perform: %s on resource: %q (%s)",
		requester(p), action, resource, reason), evaluationDoc)
}

func requester(p policyeval.Principal) string {
	switch {
	case p.Service != "":
		return p.Service
	case p.Anonymous:
		return "anonymous user"
	}
	return "User: " + p.ARN
}

// parsePolicy reads a stored policy; "" is no policy. Policies are parsed when they
// are put, so an error here means a damaged account file.
func parsePolicy(text string) (*policyeval.Document, error) {
	if text == "" {
		return nil, nil
	}
	return policyeval.Parse(text)
}

// allowsService tells whether a resource policy alone lets an AWS service act.
func (a *Account) allowsService(
	policy *policyeval.Document, service, action, resource string, ctx map[string][]string,
) (policyeval.Decision, error) {
	auth := policyeval.Authorization{Resource: policy, ResourceOwner: a.ID}
	return auth.Decide(policyeval.Request{
		Principal: policyeval.Principal{Service: service}, Action: action, Resource: resource, Context: ctx,
	})
}

// unknownPrincipal is the first IAM principal that a policy document names and that
// does not exist, "" when all exist. Principals of other accounts are taken to exist.
func (a *Account) unknownPrincipal(doc *policyeval.Document) string {
	for _, p := range doc.Principals() {
		if p.Type == "AWS" && !a.principalExists(p.ID) {
			return p.ID
		}
	}
	return ""
}

// principalExists tells whether a principal of a policy can be resolved: an account
// id, an account's root, or a user or role of this account that is there.
func (a *Account) principalExists(arn string) bool {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 {
		return arn == "*" || accountIDPattern.MatchString(arn)
	}
	if parts[0] != "arn" || parts[1] != a.Partition {
		return false
	}
	if !accountIDPattern.MatchString(parts[4]) {
		return false
	}
	if parts[4] != a.ID || parts[5] == "root" {
		return true
	}
	switch kind, name, _ := strings.Cut(parts[5], "/"); {
	case parts[2] == "iam" && kind == "role":
		return a.roleByARN(arn) != nil
	case parts[2] == "iam" && kind == "user":
		return a.userByARN(arn) != nil
	case parts[2] == "sts" && kind == "assumed-role":
		role, _, _ := strings.Cut(name, "/")
		return a.IAM.Roles[role] != nil
	case parts[2] == "sts" && kind == "federated-user":
		return true
	}
	return false
}
