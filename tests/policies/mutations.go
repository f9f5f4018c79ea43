package policies

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// Mutation is a policy with one mistake in it.
type Mutation struct {
	Policy string
	What   string // where the mistake is, and what

	mutated  Policy
	concerns func(action string) bool // the actions that it can make a difference to
}

// Mutations are the mistakes of one statement each: a statement, action, resource, condition or value that is missing, a
// statement for everybody, for everything or for every action of its service.
func Mutations(p Policy) (all []Mutation, err error) {
	for i, s := range statementsOf(p.JSON) {
		label := fmt.Sprintf("statement %d", i)
		if sid, _ := s["Sid"].(string); sid != "" {
			label = sid
		}
		for _, m := range mistakes(s) {
			statements := statementsOf(p.JSON)
			if m.statement == nil {
				statements = slices.Delete(statements, i, i+1)
			} else {
				statements[i] = m.statement
			}
			if len(statements) == 0 {
				continue // a policy without statements cannot be stored
			}
			document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
			if err != nil {
				return nil, err
			}
			mutated := p
			mutated.JSON = string(document)
			if mutated.Document, err = policyeval.Parse(mutated.JSON); err != nil {
				return nil, fmt.Errorf("%s: %s: %s: %w", p.Name, label, m.what, err)
			}
			all = append(all, Mutation{p.Name, label + ": " + m.what, mutated, concerned(s, m)})
		}
	}
	return all, nil
}

// mistake is a statement gone wrong; nil if it is gone.
type mistake struct {
	what      string
	statement statement
	only      string // the one action it is about, if it is one
}

func mistakes(s statement) []mistake {
	found := []mistake{{what: "left out"}}
	change := func(what, only string, edit func(statement)) {
		changed := copied(s)
		edit(changed)
		found = append(found, mistake{what, changed, only})
	}
	for _, element := range []string{"Action", "NotAction", "Resource"} {
		values := texts(s[element])
		for i, value := range values {
			if len(values) > 1 {
				only := value
				if element == "Resource" {
					only = ""
				}
				change(element+" without "+value, only, func(c statement) { c[element] = slices.Delete(slices.Clone(values), i, i+1) })
			}
		}
	}
	if resources := texts(s["Resource"]); len(resources) > 0 && !slices.Contains(resources, everything) {
		change("Resource *", "", func(c statement) { c["Resource"] = everything })
	}
	if s["Effect"] == "Allow" {
		service, _, _ := strings.Cut(texts(s["Action"])[0], ":")
		if all := service + ":*"; !slices.Contains(texts(s["Action"]), all) {
			change("Action "+all, all, func(c statement) { c["Action"] = all })
		}
		if s["Principal"] != nil && !isEverybody(s["Principal"]) {
			change("Principal *", "", func(c statement) { c["Principal"] = everything })
		}
	}
	conditions, _ := s["Condition"].(map[string]any)
	for _, operator := range sortedKeys(conditions) {
		keys := conditions[operator].(map[string]any)
		for _, key := range sortedKeys(keys) {
			change("no condition on "+key, "", func(c statement) {
				left := c["Condition"].(map[string]any)
				delete(left[operator].(map[string]any), key)
				if len(left[operator].(map[string]any)) == 0 {
					delete(left, operator)
				}
				if len(left) == 0 {
					delete(c, "Condition")
				}
			})
			values := texts(keys[key])
			for i, value := range values {
				if len(values) > 1 {
					change("condition on "+key+" without "+value, "", func(c statement) {
						c["Condition"].(map[string]any)[operator].(map[string]any)[key] = slices.Delete(slices.Clone(values), i, i+1)
					})
				}
			}
		}
	}
	return found
}

func isEverybody(principal any) bool {
	if named, ok := principal.(map[string]any); ok {
		principal = named["AWS"]
	}
	return principal == everything
}

func copied(s statement) (c statement) {
	text, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		panic(err) // it came out of JSON
	}
	return c
}

// concerned tells which actions a mistake can make a difference to.
func concerned(s statement, m mistake) func(string) bool {
	patterns := texts(s["Action"])
	if m.only != "" {
		patterns = list{m.only}
	} else if s["Action"] == nil {
		patterns = list{everything}
	}
	var matchers []func(string) bool
	for _, pattern := range patterns {
		matchers = append(matchers, matcher(strings.ToLower(pattern)))
	}
	return func(action string) bool {
		return slices.ContainsFunc(matchers, func(matches func(string) bool) bool { return matches(strings.ToLower(action)) })
	}
}

// Noticed tells whether the mistake decides any request of the cross product otherwise than the table says.
func (c *Composition) Noticed(m Mutation, expected map[Request]bool) (noticed bool, err error) {
	for _, who := range c.askers(m.mutated) {
		err = each(m.mutated, who, m.concerns, func(request Request, isAllowed bool) bool {
			noticed = isAllowed != expected[request]
			return !noticed
		})
		if noticed || err != nil {
			break
		}
	}
	return noticed, err
}
