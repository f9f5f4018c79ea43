package deployrights

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// statement allows actions on resources, under conditions that all must hold.
type statement struct {
	Sid       string `json:",omitempty"`
	Effect    string
	Action    list
	Resource  list
	Condition map[string]map[string]list `json:",omitempty"`
}

// list is rendered as AWS returns it: a single element as plain text.
type list []string

func (l list) MarshalJSON() ([]byte, error) {
	if len(l) == 1 {
		return json.Marshal(l[0])
	}
	return json.Marshal([]string(l))
}

// groups are the documents by the services whose actions they hold, in order. What no group names is in the last one.
var groups = []struct {
	name     string
	services []string
}{
	{"records", []string{"s3", "kms", "cloudtrail", "logs", "athena", "glue"}},
	{"alerts", []string{"sns", "sqs", "events", "pipes", "chatbot", "notifications", "notifications-contacts", "cloudwatch", "secretsmanager"}},
	{"threats", []string{"config", "guardduty", "securityhub", "access-analyzer", "inspector2", "macie2"}},
	{"account", nil},
}

func groupOf(service string) int {
	for i, group := range groups {
		if slices.Contains(group.services, service) {
			return i
		}
	}
	return len(groups) - 1
}

const separator = "\x00"

// statements are the fewest that allow the grants: patterns with the same actions, in the same Regions, share one.
func statements(all regionsOf) [][]statement {
	passed := map[string][]string{} // role → services
	// pattern, service and Regions → actions
	actions := map[[3]string][]string{}
	for g, regions := range all {
		if g.service != "" {
			passed[g.resource] = append(passed[g.resource], g.service)
			continue
		}
		names := make([]string, 0, len(regions))
		for region := range regions {
			names = append(names, region)
		}
		slices.Sort(names)
		// What has no resource is one statement for all services of the document.
		service := serviceOf(g.action)
		if g.resource == anything {
			service = groups[groupOf(service)].name
		}
		key := [3]string{g.resource, service, strings.Join(names, separator)}
		actions[key] = append(actions[key], g.action)
	}
	// actions and Regions → patterns
	patterns := map[[2]string][]string{}
	for key, names := range actions {
		slices.Sort(names)
		same := [2]string{strings.Join(slices.Compact(names), separator), key[2]}
		patterns[same] = append(patterns[same], key[0])
	}
	grouped := make([][]statement, len(groups))
	for key, resources := range patterns {
		s := statement{Effect: "Allow", Action: strings.Split(key[0], separator), Resource: covering(resources)}
		if key[1] != "" {
			s.Condition = map[string]map[string]list{"StringEquals": {"aws:RequestedRegion": strings.Split(key[1], separator)}}
		}
		i := groupOf(serviceOf(s.Action[0]))
		grouped[i] = append(grouped[i], s)
	}
	for role, services := range passed {
		slices.Sort(services)
		i := groupOf("iam")
		grouped[i] = append(grouped[i], statement{
			Effect: "Allow", Action: list{"iam:PassRole"}, Resource: list{role},
			Condition: map[string]map[string]list{"StringEquals": {"iam:PassedToService": slices.Compact(services)}},
		})
	}
	for _, group := range grouped {
		slices.SortFunc(group, func(a, b statement) int { return strings.Compare(text(a), text(b)) })
	}
	return grouped
}

// covering leaves out the patterns that another one covers.
func covering(patterns []string) list {
	slices.Sort(patterns)
	patterns = slices.Compact(patterns)
	return slices.DeleteFunc(slices.Clone(patterns), func(p string) bool {
		return slices.ContainsFunc(patterns, func(other string) bool {
			beginning, open := strings.CutSuffix(other, anything)
			return open && p != other && strings.HasPrefix(p, beginning)
		})
	})
}

func text(v any) string {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err) // strings and maps of strings always marshal
	}
	return strings.TrimSuffix(buffer.String(), "\n")
}

type policy struct {
	Version   string
	Statement []statement
}

func render(statements []statement) string {
	numbered := slices.Clone(statements)
	count := map[string]int{}
	for i, s := range numbered {
		name := sid(s)
		count[name]++
		if count[name] > 1 {
			name += fmt.Sprint(count[name])
		}
		numbered[i].Sid = name
	}
	return text(policy{"2012-10-17", numbered})
}

// sid names a statement after the service of its actions, or of the first of them.
func sid(s statement) string {
	var name strings.Builder
	if s.Action[0] == "iam:PassRole" {
		return "PassRole"
	}
	for _, part := range strings.Split(serviceOf(s.Action[0]), "-") {
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}

// pack fills documents with the statements of each group, and splits a statement that is too long for any.
func pack(grouped [][]statement) ([]Document, error) {
	var documents []Document
	for i, group := range grouped {
		var current []statement
		number := 1
		finish := func() {
			name := groups[i].name
			if number > 1 {
				name += fmt.Sprintf("-%d", number)
			}
			documents = append(documents, Document{name, render(current)})
			current = nil
			number++
		}
		rest := slices.Clone(group)
		for len(rest) > 0 {
			next := rest[0]
			rest = rest[1:]
			if len(render(append(slices.Clone(current), next))) <= MaxCharacters {
				current = append(current, next)
				continue
			}
			if len(render([]statement{next})) > MaxCharacters {
				halves, err := split(next)
				if err != nil {
					return nil, err
				}
				rest = append(halves, rest...)
				continue
			}
			finish()
			current = append(current, next)
		}
		if len(current) > 0 {
			finish()
		}
	}
	if len(documents) > MaxPolicies {
		return nil, fmt.Errorf("%d policies are needed, a role takes at most %d: give a prefix of names", len(documents), MaxPolicies)
	}
	return documents, nil
}

func split(s statement) ([]statement, error) {
	first, second := s, s
	switch half := len(s.Resource) / 2; {
	case half > 0:
		first.Resource, second.Resource = s.Resource[:half], s.Resource[half:]
	case len(s.Action) > 1:
		first.Action, second.Action = s.Action[:len(s.Action)/2], s.Action[len(s.Action)/2:]
	default:
		return nil, fmt.Errorf("%s on %s is longer than a policy may be", s.Action[0], s.Resource[0])
	}
	return []statement{first, second}, nil
}
