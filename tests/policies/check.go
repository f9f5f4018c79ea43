package policies

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// Check holds every policy of a composition against the table: each problem is a policy without an expectation, a row
// that means nothing, or a request that is decided otherwise than the table says.
func (j *Judge) Check(c *Composition) (problems []error) {
	for _, p := range c.Policies {
		e, known := expectations[p.Name]
		if !known {
			problems = append(problems, fmt.Errorf(
				"%s (%s of %s) is not in the table: say in expectations who may do what; everything else is then denied", p.Name, p.Kind, p.Component))
			continue
		}
		if !p.Identity() && p.Kind != policyeval.TrustPolicy && len(e.attachedTo) == 0 {
			problems = append(problems, fmt.Errorf("%s: the expectation names no target that it is attached to", p.Name))
		}
		allowed, _, err := j.Allowed(c, p)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		expected, wrong := c.Expected(p)
		problems = append(problems, wrong...)
		problems = append(problems, differences(p, allowed, expected)...)
	}
	return problems
}

func differences(p Policy, allowed, expected map[Request]bool) (problems []error) {
	for _, request := range inOrder(allowed) {
		if !expected[request] {
			problems = append(problems, fmt.Errorf("%s: allowed, but not in the table: %s", p.Name, request))
		}
	}
	for _, request := range inOrder(expected) {
		if !allowed[request] {
			problems = append(problems, fmt.Errorf("%s: in the table, but denied: %s", p.Name, request))
		}
	}
	return problems
}

func inOrder(requests map[Request]bool) []Request {
	return slices.SortedFunc(maps.Keys(requests), func(a, b Request) int { return strings.Compare(a.String(), b.String()) })
}
