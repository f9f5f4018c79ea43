package awssim

import (
	"strings"
	"time"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// iamState is what IAM keeps. Names are unique in the account whatever their path,
// and compare without regard to case; the tables are keyed by the name as given.
type iamState struct {
	Roles    table[iamRole]
	Users    table[iamUser]
	Groups   table[iamGroup]
	Policies table[iamPolicy] // customer-managed policies, by ARN
	// OIDCProviders are the OpenID Connect identity providers, by ARN.
	OIDCProviders table[iamOIDCProvider]
	// PasswordPolicy is the account's own password policy; nil: AWS's default.
	PasswordPolicy *iamPasswordPolicy
	Alias          string // the account's alias; "": none
}

type iamRole struct {
	Name, Path, ARN, UniqueID string
	Created                   string
	Description               string
	TrustPolicy               string
	MaxSession                float64 // seconds
	Boundary                  string  // ARN of the permissions boundary
	Tags                      map[string]string
	Inline                    map[string]string // policy documents by name
	Attached                  []string          // ARNs of managed policies
	Service                   string            // the service that the role is linked to
}

type iamUser struct {
	Name, Path, ARN, UniqueID string
	Tags                      map[string]string
	Inline                    map[string]string
	Attached                  []string
	Groups                    []string // names
}

type iamGroup struct {
	Name, Path, ARN, UniqueID string
	Inline                    map[string]string
	Attached                  []string
}

type iamPolicy struct {
	Name, Path, ARN, ID string
	Description         string
	Document            string
	Tags                map[string]string
}

const administratorAccess = "AdministratorAccess"

// settle prepares the account for its caller: whoever makes calls exists, and can
// do anything as long as nobody says otherwise.
func (a *Account) settle(caller string) {
	policy := a.arn("iam", "", "aws", "policy/"+administratorAccess)
	kind, rest, _ := strings.Cut(caller[strings.LastIndex(caller, ":")+1:], "/")
	path, name := "/", rest
	if i := strings.LastIndex(rest, "/"); i >= 0 {
		path, name = "/"+rest[:i+1], rest[i+1:]
	}
	switch {
	case kind == "role" && a.IAM.Roles[name] == nil:
		a.IAM.Roles.put(name, &iamRole{
			Name: name, Path: path, ARN: caller, UniqueID: "AROA" + a.upperID(17), Created: a.timestamp(),
			TrustPolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + a.root().ARN +
				`"},"Action":"sts:AssumeRole"}]}`,
			MaxSession: defaultMaxSession, Attached: []string{policy},
		})
	case kind == "user" && a.IAM.Users[name] == nil:
		a.IAM.Users.put(name, &iamUser{Name: name, Path: path, ARN: caller, UniqueID: "AIDA" + a.upperID(17), Attached: []string{policy}})
	}
}

func (a *Account) timestamp() string { return a.now().UTC().Format(time.RFC3339) }

func (a *Account) roleByARN(arn string) *iamRole {
	if r := a.IAM.Roles[arn[strings.LastIndex(arn, "/")+1:]]; r != nil && r.ARN == arn {
		return r
	}
	return nil
}

func (a *Account) userByARN(arn string) *iamUser {
	if u := a.IAM.Users[arn[strings.LastIndex(arn, "/")+1:]]; u != nil && u.ARN == arn {
		return u
	}
	return nil
}

// identityPolicies are the policies attached to a user or role of this account. A
// principal of another account is taken to be allowed everything by its own
// administrator, which is the assumption that a resource policy has to survive.
func (a *Account) identityPolicies(p policyeval.Principal) []*policyeval.Document {
	if p.Account != a.ID {
		if p.Account != "" {
			return documents(managedPolicyDocuments[administratorAccess])
		}
		return nil
	}
	var texts []string
	add := func(inline map[string]string, attached []string) {
		for _, name := range sortedKeys(inline) {
			texts = append(texts, inline[name])
		}
		for _, arn := range attached {
			texts = append(texts, a.managedPolicy(arn))
		}
	}
	if r := a.roleByARN(p.ARN); r != nil {
		add(r.Inline, r.Attached)
	} else if u := a.userByARN(p.ARN); u != nil {
		add(u.Inline, u.Attached)
		for _, name := range u.Groups {
			if g := a.IAM.Groups[name]; g != nil {
				add(g.Inline, g.Attached)
			}
		}
	}
	return documents(texts...)
}

// documents parses stored policies; they were parsed before they were stored.
func documents(texts ...string) []*policyeval.Document {
	var docs []*policyeval.Document
	for _, text := range texts {
		if doc, err := parsePolicy(text); err == nil && doc != nil {
			docs = append(docs, doc)
		}
	}
	return docs
}
