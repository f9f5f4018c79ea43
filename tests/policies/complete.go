package policies

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// statement is a statement of a policy as it is written.
type statement = map[string]any

func statementsOf(document string) []statement {
	var decoded struct{ Statement []statement }
	if json.Unmarshal([]byte(document), &decoded) == nil {
		return decoded.Statement
	}
	var single struct{ Statement statement }
	if json.Unmarshal([]byte(document), &single) != nil {
		return nil
	}
	return []statement{single.Statement}
}

// texts are the values of an element, which may be one or several.
func texts(element any) (values list) {
	switch v := element.(type) {
	case string:
		values = list{v}
	case []any:
		for _, one := range v {
			values = append(values, one.(string))
		}
	}
	return values
}

// Words are the actions and the condition keys of a policy, as it writes them.
func Words(p Policy) (all list) {
	for _, s := range statementsOf(p.JSON) {
		all = append(append(all, texts(s["Action"])...), texts(s["NotAction"])...)
		conditions, _ := s["Condition"].(map[string]any)
		for _, keys := range conditions {
			all = append(all, sortedKeys(keys.(map[string]any))...)
		}
	}
	return all
}

// Complete finds what a policy names and the cross product lacks: an action, a resource or a principal that nobody asks for
// is one that no row can deny.
func (c *Composition) Complete() (problems []error) {
	for _, p := range c.Policies {
		lacking := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf(p.Name+": "+format, args...))
		}
		for _, s := range statementsOf(p.JSON) {
			for _, pattern := range append(texts(s["Action"]), texts(s["NotAction"])...) {
				if !slices.ContainsFunc(asked(p), matcher(strings.ToLower(pattern))) {
					lacking("nobody asks for %s: add it to actions", pattern)
				}
			}
			for _, pattern := range append(texts(s["Resource"]), texts(s["NotResource"])...) {
				if !slices.ContainsFunc(targetsOf(p), func(t target) bool { return matcher(pattern)(t.arn) }) && pattern != everything {
					lacking("nobody asks for %s: add it to targets, and something beside it that is not meant", pattern)
				}
			}
			principals, _ := s["Principal"].(map[string]any)
			for kind, named := range principals {
				for _, id := range texts(named) {
					if !inCast(kind, id) {
						lacking("%s %s is not in the cast: add it, with another that is not meant", kind, id)
					}
				}
			}
		}
	}
	for _, name := range sortedKeys(c.Attachments) {
		if !slices.Equal(c.Attachments[name], attachments[name]) {
			problems = append(problems, fmt.Errorf("%s attaches %q, but the table attachments says %q", name, c.Attachments[name], attachments[name]))
		}
	}
	return problems
}

// Unused are the expectations and attachments of the table that no composition has.
func Unused(compositions []*Composition) (names list) {
	for _, name := range sortedKeys(expectations) {
		if !slices.ContainsFunc(compositions, func(c *Composition) bool { return c.declares(name) }) {
			names = append(names, name)
		}
	}
	for _, name := range sortedKeys(attachments) {
		if !slices.ContainsFunc(compositions, func(c *Composition) bool { return c.Attachments[name] != nil }) {
			names = append(names, name)
		}
	}
	return names
}

// asked are the actions of a policy's cross product, in lower case.
func asked(p Policy) (all list) {
	for _, t := range targetsOf(p) {
		for _, action := range actionsOf(t.resourceType) {
			all = append(all, strings.ToLower(action))
		}
	}
	return all
}

// inCast tells whether a principal of a policy is one of those who ask; the star is everybody.
func inCast(kind, id string) bool {
	if id == everything {
		return true
	}
	if kind == "Service" {
		return slices.ContainsFunc(services, func(s service) bool { return s.principal == id })
	}
	account := strings.TrimSuffix(strings.TrimPrefix(id, "arn:aws:iam::"), ":root")
	return slices.ContainsFunc(people(), func(m Member) bool {
		return m.principal.ARN == id || m.principal.Federated == id || strings.Contains(m.principal.ARN, "::"+account+":")
	})
}

// matcher tells whether a text matches a pattern with the wildcards of policies.
func matcher(pattern string) func(string) bool {
	quoted := regexp.QuoteMeta(pattern)
	quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, `\*`, ".*"), `\?`, ".")
	return regexp.MustCompile("^" + quoted + "$").MatchString
}

// Attached checks that each resource policy is given to the resource that it speaks of.
func (c *Composition) Attached() (problems []error) {
	for _, p := range c.Policies {
		if p.Kind != policyeval.BucketPolicy && p.Kind != policyeval.TopicPolicy && p.Kind != policyeval.QueuePolicy {
			continue
		}
		for _, t := range targetsOf(p)[:min(1, len(targetsOf(p)))] {
			if last := t.arn[strings.LastIndex(t.arn, ":")+1:]; !strings.HasSuffix(p.Owner, last) {
				problems = append(problems, fmt.Errorf("%s is given to %s, but speaks of %s", p.Name, p.Owner, t.arn))
			}
		}
	}
	return problems
}
