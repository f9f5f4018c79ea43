package policyeval

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// NamedPrincipal is an entry of a Principal or NotPrincipal element other than *.
type NamedPrincipal struct {
	// Type is AWS, Service or Federated.
	Type string
	// ID is the entry as written: an ARN, an account id, a unique id, a service principal or a provider.
	ID string
}

// principalSet is a Principal or NotPrincipal element.
type principalSet struct {
	any     bool
	entries []NamedPrincipal
}

const (
	awsPrincipal       = "AWS"
	servicePrincipal   = "Service"
	federatedPrincipal = "Federated"
)

var (
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
	principalARN = regexp.MustCompile(`^arn:[a-z-]+:(iam::[0-9a-z]+:(root|user/.+|role/.+)|sts::[0-9]{12}:(assumed-role/.+/.+|federated-user/.+))$`)
	// A deleted user or role stands in stored policies by its unique id.
	uniqueID       = regexp.MustCompile(`^A[A-Z0-9]{15,}$`)
	serviceName    = regexp.MustCompile(`^[a-z0-9.-]+\.[a-z.-]+$`)
	principalTypes = []string{awsPrincipal, servicePrincipal, federatedPrincipal}
)

func newPrincipalSet(element string, v value) (*principalSet, error) {
	if v.kind == textValue {
		if v.text != "*" {
			return nil, fmt.Errorf(`%s %q: the only string allowed is "*"`, element, v.text)
		}
		return &principalSet{any: true}, nil
	}
	if v.kind != objectValue || len(v.members) == 0 {
		return nil, fmt.Errorf(`%s must be "*" or an object with AWS, Service or Federated`, element)
	}
	set := &principalSet{}
	for _, m := range v.members {
		if m.name == "CanonicalUser" {
			return nil, fmt.Errorf("%s: CanonicalUser is not supported; name the account instead", element)
		}
		if !slices.Contains(principalTypes, m.name) {
			return nil, fmt.Errorf("%s: unknown type %q; allowed are AWS, Service and Federated", element, m.name)
		}
		ids, err := m.value.strings(element + "." + m.name)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if err := set.add(m.name, id); err != nil {
				return nil, fmt.Errorf("%s.%s: %w", element, m.name, err)
			}
		}
	}
	return set, nil
}

func (s *principalSet) add(kind, id string) error {
	switch kind {
	case awsPrincipal:
		// AWS documents {"AWS": "*"} as equal to "*" for anonymous callers and is silent on services; equal here.
		if id == "*" {
			s.any = true
			return nil
		}
		if strings.ContainsAny(id, "*?") {
			return fmt.Errorf("%q: a wildcard cannot match part of a principal; use the condition key aws:PrincipalArn", id)
		}
		if !accountPattern.MatchString(id) && !principalARN.MatchString(id) && !uniqueID.MatchString(id) {
			return fmt.Errorf("%q is neither an account nor the ARN of a root user, user, role or session", id)
		}
	case servicePrincipal:
		if id != "*" && !serviceName.MatchString(id) {
			return fmt.Errorf("%q is not a service principal", id)
		}
	case federatedPrincipal:
		if id == "" {
			return fmt.Errorf("%q is not an identity provider", id)
		}
	}
	s.entries = append(s.entries, NamedPrincipal{kind, id})
	return nil
}

// grip is how an element holds a principal.
type grip int

const (
	unnamed grip = iota
	// delegated: the element names the account, whose identity policies decide.
	delegated
	// direct: the element names the principal itself or everybody.
	direct
)

// names tells how a Principal element holds the principal.
func (s *principalSet) names(p Principal) grip {
	switch {
	case s.any:
		return direct
	case p.Anonymous:
		return unnamed
	case p.Service != "":
		return directIf(s.has(servicePrincipal, p.Service) || s.has(servicePrincipal, "*"))
	case p.Federated != "":
		return directIf(s.has(federatedPrincipal, p.Federated))
	case p.Root:
		return directIf(s.hasAccount(p.Account))
	case s.has(awsPrincipal, p.ARN) || p.SessionARN != "" && s.has(awsPrincipal, p.SessionARN):
		return direct
	case s.hasAccount(p.Account):
		return delegated
	default:
		return unnamed
	}
}

func directIf(named bool) grip {
	if named {
		return direct
	}
	return unnamed
}

// excepts tells whether a NotPrincipal element lets the principal off. AWS may check account, user or role, and session
// one after the other, so each of them must be named.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (s *principalSet) excepts(p Principal) bool {
	if p.ARN == "" || p.Root || s.any {
		return s.names(p) != unnamed
	}
	return s.hasAccount(p.Account) && s.has(awsPrincipal, p.ARN) &&
		(p.SessionARN == "" || s.has(awsPrincipal, p.SessionARN))
}

func (s *principalSet) has(kind, id string) bool {
	return slices.Contains(s.entries, NamedPrincipal{kind, id})
}

func (s *principalSet) hasAccount(account string) bool {
	return slices.ContainsFunc(s.entries, func(e NamedPrincipal) bool {
		if e.Type != awsPrincipal {
			return false
		}
		if root := rootPattern.FindStringSubmatch(e.ID); root != nil {
			return root[1] == account
		}
		return e.ID == account
	})
}

// Principals lists the principals the document names, in order and each once. AWS refuses to store a resource policy
// that names a user or role that does not exist.
func (d *Document) Principals() []NamedPrincipal {
	var named []NamedPrincipal
	for _, s := range d.statements {
		if s.principals == nil {
			continue
		}
		for _, entry := range s.principals.entries {
			if !slices.Contains(named, entry) {
				named = append(named, entry)
			}
		}
	}
	return named
}
