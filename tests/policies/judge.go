package policies

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// Request is one cell of the cross product of a policy: who does what to which resource, and how.
type Request struct{ Who, Action, Target, When string }

func (r Request) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s on %s %s", r.Who, r.Action, r.Target, r.When))
}

// Judge decides the cross products of policies. It remembers the answers, so that a policy which several compositions share
// is decided once.
type Judge struct{ memory map[string]verdict }

// NewJudge is a judge who remembers nothing yet.
func NewJudge() *Judge { return &Judge{map[string]verdict{}} }

// verdict is what a policy allows, and of how many requests.
type verdict struct {
	allowed []Request
	total   int
}

// Allowed decides every request of a policy's cross product. It answers those that are allowed, and how many there are.
func (j *Judge) Allowed(c *Composition, p Policy) (allowed map[Request]bool, total int, err error) {
	allowed = map[Request]bool{}
	for _, who := range c.askers(p) {
		v, err := j.verdict(p, who)
		if err != nil {
			return nil, 0, err
		}
		for _, request := range v.allowed {
			allowed[request] = true
		}
		total += v.total
	}
	return allowed, total, nil
}

func (j *Judge) verdict(p Policy, who Member) (verdict, error) {
	key := strings.Join([]string{p.Name, p.JSON, who.Name, who.written}, "\n")
	if v, known := j.memory[key]; known {
		return v, nil
	}
	var v verdict
	err := each(p, who, func(string) bool { return true }, func(request Request, isAllowed bool) bool {
		v.total++
		if isAllowed {
			v.allowed = append(v.allowed, request)
		}
		return true
	})
	j.memory[key] = v
	return v, err
}

// each decides the requests of one asker for the actions that concern the caller, one after the other, until do answers
// false.
func each(p Policy, who Member, concerns func(action string) bool, do func(request Request, isAllowed bool) bool) error {
	authorization := authorization(p, who)
	for _, t := range targetsOf(p) {
		for _, when := range circumstancesOf(p, t) {
			context := contextOf(who, t, when)
			for _, action := range actionsOf(t.resourceType) {
				if !concerns(action) || p.Kind == policyeval.TrustPolicy && !strings.HasPrefix(action, "sts:") {
					continue
				}
				decision, err := authorization.Decide(policyeval.Request{
					Principal: who.principal, Action: action, Resource: t.arn, Context: context,
				})
				request := Request{who.Name, action, t.name, when.name}
				if err != nil {
					return fmt.Errorf("%s: %s: %w", p.Name, request, err)
				}
				if !do(request, decision.Allowed) {
					return nil
				}
			}
		}
	}
	return nil
}

// authorization is by the policy alone where it gives rights to who bears it, and else by the policy of the resource
// together with the rights of who asks.
func authorization(p Policy, who Member) policyeval.Authorization {
	if p.Identity() {
		return policyeval.Authorization{Identity: append([]*policyeval.Document{p.Document}, who.rights...)}
	}
	return policyeval.Authorization{
		Identity: who.rights, Resource: p.Document, ResourceOwner: Account,
		ResourcePolicyDecides: p.Kind == policyeval.KeyPolicy || p.Kind == policyeval.TrustPolicy,
	}
}

func contextOf(who Member, t target, when circumstance) map[string][]string {
	context := map[string][]string{"aws:ResourceAccount": {t.owner()}}
	for _, given := range []map[string]string{who.context, when.context} {
		for key, value := range given {
			context[key] = []string{value}
		}
	}
	return context
}

// targetsOf are the resources a policy is judged at: what it is attached to, or, for the rights of somebody, all there are.
func targetsOf(p Policy) []target {
	if p.Identity() {
		return targets
	}
	if p.Kind == policyeval.TrustPolicy {
		return []target{{"the role", "role", "arn:aws:iam::" + Account + ":role/" + p.Owner, false}}
	}
	var attached []target
	for _, name := range expectations[p.Name].attachedTo {
		if t, known := targetNamed(name); known {
			attached = append(attached, t)
		}
	}
	return attached
}

// askers are the cast for a resource, and the bearers for an identity policy.
func (c *Composition) askers(p Policy) []Member {
	if !p.Identity() {
		return c.Cast()
	}
	var who []Member
	for _, name := range expectations[p.Name].bearers {
		who = append(who, bearers[name])
	}
	if who == nil {
		who = []Member{bearers[bearer]}
	}
	return who
}

// Names of those who bear an identity policy, alone or beside AdministratorAccess.
const (
	bearer               = "who bears it"
	bearerM              = "who bears it, with MFA"
	bearingAdministrator = "an administrator who bears it"
	bearingAdminM        = "an administrator who bears it, with MFA"
	bearingDeployer      = "the deployer who bears it"
)

var bearers = func() map[string]Member {
	user := policyeval.Principal{ARN: "arn:aws:iam::" + Account + ":user/bearer"}
	administrators := []*policyeval.Document{administratorAccess}
	with := map[string]string{mfa: "true"}
	return map[string]Member{
		bearer:               {Name: bearer, principal: user},
		bearerM:              {Name: bearerM, principal: user, context: with},
		bearingAdministrator: {Name: bearingAdministrator, principal: user, rights: administrators},
		bearingAdminM:        {Name: bearingAdminM, principal: user, rights: administrators, context: with},
		bearingDeployer:      {Name: bearingDeployer, principal: policyeval.Principal{ARN: Deployer}, rights: administrators},
	}
}()

// Expected are the requests that the table allows of a policy. Roles that the composition lacks are left out.
func (c *Composition) Expected(p Policy) (map[Request]bool, []error) {
	expected := map[Request]bool{}
	var problems []error
	known := map[string]bool{}
	for _, who := range c.askers(p) {
		known[who.Name] = true
	}
	for i, g := range expectations[p.Name].grants {
		if g.needs != "" && !c.has(g.needs) {
			continue
		}
		for _, who := range g.who {
			if !known[who] {
				if !strings.HasPrefix(who, roleNamed("")) {
					problems = append(problems, fmt.Errorf("%s, row %d: nobody is called %q", p.Name, i, who))
				}
				continue
			}
			requests := g.requests(p, who)
			if len(requests) == 0 {
				problems = append(problems, fmt.Errorf("%s, row %d: it means no request: actions %q, targets %q, circumstances %q", p.Name, i, g.may, g.on, g.when))
			}
			for _, request := range requests {
				expected[request] = true
			}
		}
	}
	return expected, problems
}

// requests are those of one asker that a row allows.
func (g grant) requests(p Policy, who string) (requests []Request) {
	for _, t := range targetsOf(p) {
		if len(g.on) > 0 && !slices.Contains(g.on, t.name) || slices.Contains(g.butOn, t.name) {
			continue
		}
		for _, when := range circumstancesOf(p, t) {
			if !g.applies(when) {
				continue
			}
			for _, name := range g.may {
				for _, action := range named(t.resourceType, name) {
					excepted := slices.ContainsFunc(g.but, func(but string) bool { return slices.Contains(named(t.resourceType, but), action) })
					if !excepted && (p.Kind != policyeval.TrustPolicy || strings.HasPrefix(action, "sts:")) {
						requests = append(requests, Request{who, action, t.name, when.name})
					}
				}
			}
		}
	}
	return requests
}

func (g grant) applies(when circumstance) bool {
	switch {
	case len(g.when) == 0:
		return !when.insecure
	case slices.Contains(g.when, everything):
		return true
	default:
		return slices.Contains(g.when, when.name)
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
