package policyeval

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Principal is who makes a request: an IAM user or role, the root user of an account, an AWS service calling as itself,
// a federated identity that signs in to a role, or nobody known. Exactly one of these.
type Principal struct {
	// ARN of the IAM user or of the role whose session calls, with its path: the value of aws:PrincipalArn.
	ARN string
	// SessionARN is the assumed-role or federated-user session of STS; optional.
	SessionARN string
	// Account is the principal's 12-digit account; "" for services, federated identities and anonymous callers. Taken from
	// ARN when empty.
	Account string
	// Service is the service principal, for example cloudtrail.amazonaws.com.
	Service string
	// Federated is the identity provider of AssumeRoleWithWebIdentity or AssumeRoleWithSAML: its ARN or domain name.
	Federated string
	// Anonymous callers have not signed their request.
	Anonymous bool
	// Root is the root user of Account.
	Root bool
}

// Request is one action on one resource.
type Request struct {
	Principal Principal
	// Action is the full name without wildcards, for example s3:PutObject. Its case does not matter.
	Action string
	// Resource is the ARN acted on, or * for actions that have none.
	Resource string
	// Context holds condition keys beside those that follow from Principal: aws:PrincipalArn, aws:PrincipalAccount,
	// aws:PrincipalType, aws:username, aws:PrincipalIsAWSService and aws:PrincipalServiceName are filled in when absent.
	// Keys are case-insensitive; a key without values counts as absent. What the caller's connection was belongs here too:
	// aws:SecureTransport, s3:TlsVersion.
	Context map[string][]string
}

var (
	accountPattern = regexp.MustCompile(`^[0-9]{12}$`)
	actionPattern  = regexp.MustCompile(`^[A-Za-z0-9-]+:[A-Za-z0-9_]+$`)
	entityPattern  = regexp.MustCompile(`^arn:[^:]+:iam::([0-9]{12}):(user|role)/(.+)$`)
	rootPattern    = regexp.MustCompile(`^arn:[^:]+:iam::([0-9]{12}):root$`)
)

// resolve checks the request and completes the principal's account.
func (r Request) resolve() (Request, requestContext, error) {
	if !actionPattern.MatchString(r.Action) {
		return r, nil, fmt.Errorf("request: action %q must have the form service:Action", r.Action)
	}
	if r.Resource == "" {
		return r, nil, fmt.Errorf("request %s: the resource is empty; give its ARN, or * if the action has none", r.Action)
	}
	principal, err := r.Principal.resolve()
	if err != nil {
		return r, nil, fmt.Errorf("request %s: %w", r.Action, err)
	}
	r.Principal = principal
	context, err := newContext(principal, r.Context)
	if err != nil {
		return r, nil, fmt.Errorf("request %s: %w", r.Action, err)
	}
	return r, context, nil
}

func (p Principal) resolve() (Principal, error) {
	kinds := 0
	for _, is := range []bool{p.ARN != "" && !p.Root, p.Service != "", p.Federated != "", p.Anonymous, p.Root} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		return p, errors.New("principal: give exactly one of ARN, Service, Federated, Anonymous and Root")
	}
	account := p.Account
	switch {
	case p.Root && p.ARN != "":
		parts := rootPattern.FindStringSubmatch(p.ARN)
		if parts == nil {
			return p, fmt.Errorf("principal: %q is not the ARN of a root user", p.ARN)
		}
		account = parts[1]
	case p.ARN != "":
		parts := entityPattern.FindStringSubmatch(p.ARN)
		if parts == nil {
			return p, fmt.Errorf("principal: %q is not the ARN of an IAM user or role; a session goes into SessionARN, a root user sets Root", p.ARN)
		}
		account = parts[1]
	case !p.Root:
		if p.Account != "" || p.SessionARN != "" {
			return p, errors.New("principal: services, federated identities and anonymous callers have neither account nor session")
		}
		return p, nil
	}
	if !accountPattern.MatchString(account) {
		return p, fmt.Errorf("principal: account %q must have 12 digits", account)
	}
	if p.Account != "" && p.Account != account {
		return p, fmt.Errorf("principal: account %s is not that of %s", p.Account, p.ARN)
	}
	p.Account = account
	return p, nil
}

// String names the principal in decisions.
func (p Principal) String() string {
	switch {
	case p.Anonymous:
		return "an anonymous caller"
	case p.Service != "":
		return p.Service
	case p.Federated != "":
		return p.Federated
	case p.Root:
		return "the root user of " + p.Account
	case p.SessionARN != "":
		return p.SessionARN
	default:
		return p.ARN
	}
}

// requestContext maps condition keys in lower case to their values.
type requestContext map[string][]string

func newContext(p Principal, given map[string][]string) (requestContext, error) {
	context := requestContext{}
	for key, values := range given {
		lower := strings.ToLower(key)
		if _, twice := context[lower]; twice {
			return nil, fmt.Errorf("context key %s is given twice, in different case", lower)
		}
		context[lower] = values
	}
	for key, value := range p.keys() {
		if _, set := context[key]; !set {
			context[key] = []string{value}
		}
	}
	return context, nil
}

// keys are the condition keys that follow from the principal.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (p Principal) keys() map[string]string {
	switch {
	case p.Anonymous:
		return map[string]string{"aws:principalaccount": "anonymous", "aws:principaltype": "Anonymous"}
	case p.Service != "":
		return map[string]string{"aws:principalisawsservice": "true", "aws:principalservicename": p.Service}
	case p.Federated != "":
		return map[string]string{}
	}
	keys := map[string]string{
		"aws:principalaccount":      p.Account,
		"aws:principalisawsservice": strconv.FormatBool(false),
	}
	if p.ARN != "" {
		keys["aws:principalarn"] = p.ARN
	}
	parts := entityPattern.FindStringSubmatch(p.ARN)
	switch {
	case p.Root:
		keys["aws:principaltype"] = "Account"
	case parts[2] == "user":
		keys["aws:principaltype"] = "User"
		keys["aws:username"] = parts[3][strings.LastIndex(parts[3], "/")+1:]
	default:
		keys["aws:principaltype"] = "AssumedRole"
	}
	return keys
}

// single is the value of a key that has exactly one; only those can stand for a policy variable.
func (c requestContext) single(key string) (string, bool) {
	values := c[key]
	if len(values) != 1 {
		return "", false
	}
	return values[0], true
}
