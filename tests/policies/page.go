package policies

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// groups are lists of askers that the page writes shorter.
func groups() map[string]list {
	all := map[string]list{
		"the account's administrators":                       administrators,
		"an administrator with MFA, the deployer":            maintainers,
		"GuardDuty for a detector of the account":            detectors,
		"Budgets for a budget of the account":                {"Budgets for the monthly budget", "Budgets for the monthly budget's action", "Budgets for another budget"},
		"CloudWatch, EventBridge, whatever the source":       together(everySourceOf("CloudWatch"), everySourceOf("EventBridge")),
		"CloudWatch Logs, with or without a source":          everySourceOf("CloudWatch Logs"),
		"Budgets and cost anomaly detection for the account": together(budgetsOfTheAccount, list{"Cost anomaly detection for the account"}),
	}
	for _, s := range services {
		name := s.label + ", whatever the source"
		if s.label != "CloudWatch Logs" {
			all[name] = everySourceOf(s.label)
		}
	}
	return all
}

// Page is the document docs/policies.md, from the table and compositions that it holds for: all policies of the first one,
// and what others have beside them.
func (j *Judge) Page(compositions []*Composition) (string, error) {
	var page strings.Builder
	page.WriteString(introduction)
	all := Distinct(compositions)
	allRequests, allAllowed, current := 0, 0, ""
	for _, p := range all {
		allowed, total, err := j.Allowed(p.In, p.Policy)
		if err != nil {
			return "", err
		}
		allRequests, allAllowed = allRequests+total, allAllowed+len(allowed)
		if p.Component != current {
			current = p.Component
			fmt.Fprintf(&page, "\n## %s\n", current)
		}
		fmt.Fprintf(&page, "\n### %s\n\n%s", p.Name, describe(p.Policy))
		if p.In != compositions[0] {
			fmt.Fprintf(&page, " Here as in the composition *%s*.", p.In.Name)
		}
		fmt.Fprintf(&page, "\n\n| who | may | on | when | why |\n|---|---|---|---|---|\n")
		for _, g := range expectations[p.Name].grants {
			if g.needs == "" || p.In.has(g.needs) || isFact(g.needs) {
				page.WriteString(row(p.Policy, g))
			}
		}
		fmt.Fprintf(&page, "\nDenied are the other %s of %s requests.\n", thousands(total-len(allowed)), thousands(total))
	}
	page.WriteString(attached(compositions))
	fmt.Fprintf(&page, "\n## What is asked\n\nAll policies together: %s requests, of which %s are allowed, by the rows above, and %s denied.\n",
		thousands(allRequests), thousands(allAllowed), thousands(allRequests-allAllowed))
	page.WriteString(legend(compositions[0]))
	mistakes, err := mistakesPage(all)
	page.WriteString(mistakes)
	return page.String(), err
}

const introduction = `# Policies: who may do what

Every policy that the program declares, and what it allows. Each one is crossed with everybody who might ask, every action
that matters to the resource, and the circumstances of a request; all of these requests are decided by the rules of IAM.
**What is not in a row is denied.** A test fails when a policy allows more or less than its rows, when a policy is not here,
or when it names an action, resource or principal that nobody asks for.

The page is generated from the table in ` + "`tests/policies`" + ` by ` + "`go test . -run TestPoliciesPage -update`" + `. It shows the profile
strict with everything on that brings a policy, and policies that other compositions have beside these. Held against the same
rows is what the profiles starter, standard and strict declare, a stack that names no deployers, one with an organization's
trail, one with a central bucket, a disposable one, one without Security Hub and aggregator, the component DeployRole, and
strict in the partitions aws-cn and aws-us-gov; *where* in a row is a fact that only some of these have. An action or a
condition in the code that none of them declares fails a test, too. Regions are ap-northeast-1 (home) and us-east-1, the partition is aws; what
another partition declares is read in its words.

The account's administrators, here and below, are its root user and five principals with AdministratorAccess: a role, a user
with MFA, the deployer named in the settings, a role of the deployer's name without its path, and the reader named in the
settings. None but the user has MFA. Classes of actions such as *see the settings* are listed at the end.

Not here: what the owner of a central bucket is asked to add to its policies, which tests of their own look at; rights from
the policies of AWS given by ARN; permissions boundaries and the policies of an organization.
`

func describe(p Policy) string {
	kind := strings.ToUpper(string(p.Kind)[:1]) + string(p.Kind)[1:]
	switch {
	case p.Kind == policyeval.TrustPolicy:
		return fmt.Sprintf("%s of the role `%s`: who becomes it.", kind, p.Owner)
	case p.Kind == policyeval.ManagedPolicy:
		return fmt.Sprintf("%s `%s`.", kind, p.Owner)
	case p.Identity():
		return fmt.Sprintf("%s `%s`: what it may do by this policy.", strings.NewReplacer("a role", "the role", "a group", "the group").Replace(kind), p.Owner)
	default:
		return kind + " of " + expectations[p.Name].attachedTo[0] + "."
	}
}

func row(p Policy, g grant) string {
	may := strings.Join(actionNames(g.may), ", ")
	if len(g.but) > 0 {
		may += ", but not " + strings.Join(actionNames(g.but), ", ")
	}
	when := strings.ReplaceAll(strings.Join(g.when, "; "), everything, "in any way")
	if isFact(g.needs) {
		when = strings.TrimSuffix("where "+g.needs+"; "+when, "; ")
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", whoNamed(g.who), may, onNamed(p, g), when, g.why)
}

func whoNamed(who list) string {
	for _, name := range sortedKeys(groups()) {
		if slices.Equal(groups()[name], who) {
			return name
		}
	}
	return strings.Join(who, "; ")
}

func onNamed(p Policy, g grant) string {
	switch {
	case len(g.on) > 0:
		return strings.Join(g.on, ", ")
	case p.Kind == policyeval.TrustPolicy:
		return "the role"
	case p.Identity():
		return "everything"
	default:
		return strings.Join(expectations[p.Name].attachedTo, ", ")
	}
}

func actionNames(names list) (written list) {
	for _, name := range names {
		switch {
		case name == everything:
			written = append(written, "everything")
		case strings.Contains(name, ":"):
			written = append(written, "`"+name+"`")
		default:
			written = append(written, "*"+name+"*")
		}
	}
	return written
}

func attached(compositions []*Composition) string {
	var page strings.Builder
	page.WriteString("\n## Policies given by ARN\n\nBeside their own policies, these have policies of AWS, or one of the above, a role that is not an attachment as its permissions boundary. Nobody else is given any.\n\n| resource | policy |\n|---|---|\n")
	for _, name := range sortedKeys(attachments) {
		if slices.ContainsFunc(compositions, func(c *Composition) bool { return c.Attachments[name] != nil }) {
			fmt.Fprintf(&page, "| %s | `%s` |\n", name, strings.Join(attachments[name], "`, `"))
		}
	}
	return page.String()
}

func legend(c *Composition) string {
	var page strings.Builder
	page.WriteString("\n### Who asks of a resource or a role\n\n")
	for _, m := range people() {
		fmt.Fprintf(&page, "- %s\n", m.Name)
	}
	fmt.Fprintf(&page, "- each of the %d roles above, with its own rights\n", len(c.roles))
	for _, s := range services {
		fmt.Fprintf(&page, "- %s (`%s`) for %s\n", s.label, s.principal, sourcesNamed(s))
	}
	fmt.Fprintf(&page, "- Lambda, which no policy names, for each source of the account that another service names\n")
	page.WriteString("\nWhere ARN and account of a source are both in a condition, each source also comes with an account that contradicts it.\n")
	page.WriteString("\n### Who bears rights\n\nRoles and groups are asked as somebody who has the policy and nothing else, and, where a policy denies, as an administrator with it.\n")
	page.WriteString("\n### Actions\n\n| of | class | actions |\n|---|---|---|\n")
	for _, resourceType := range sortedKeys(actions) {
		for _, class := range actions[resourceType] {
			fmt.Fprintf(&page, "| %s | %s | %s |\n", resourceType, class.name, "`"+strings.Join(class.actions, "` `")+"`")
		}
	}
	page.WriteString("\n### Circumstances\n\nA row without any holds for all that are secure: over TLS 1.2 or later.\n\n| of | circumstances |\n|---|---|\n")
	for _, resourceType := range sortedKeys(circumstances) {
		var names list
		for _, when := range circumstances[resourceType] {
			if when.name == "" {
				names = append(names, "nothing in particular")
				continue
			}
			names = append(names, when.name)
		}
		fmt.Fprintf(&page, "| %s | %s |\n", resourceType, strings.Join(names, "; "))
	}
	page.WriteString("\n### Resources\n\n| name | ARN |\n|---|---|\n")
	for _, t := range targets {
		fmt.Fprintf(&page, "| %s | `%s` |\n", t.name, t.arn)
	}
	return page.String()
}

func sourcesNamed(s service) string {
	names := list{}
	for _, m := range s.members() {
		if !strings.HasSuffix(m.Name, contradicting) {
			names = append(names, strings.TrimPrefix(m.Name, s.label+" for "))
		}
	}
	return strings.Join(names, "; ")
}

func mistakesPage(all []Declared) (string, error) {
	made := 0
	unnoticed := map[string]string{}
	for _, p := range all {
		mutations, err := Mutations(p.Policy)
		if err != nil {
			return "", err
		}
		made += len(mutations)
		for _, m := range mutations {
			if reason, certain := Harmless(m); reason != "" && certain {
				unnoticed[m.Policy+": "+m.What] = reason
			}
		}
	}
	var page strings.Builder
	fmt.Fprintf(&page, `
## Mistakes that are noticed

%s mistakes are made in these policies, one at a time: a statement, action, resource, condition or value left out, a statement
for every resource, every principal or every action of its service. Each decides at least one request otherwise than the
rows say, but for a resource policy that names every resource, since it speaks of the one it is attached to alone, and these:

| mistake | why it makes no difference |
|---|---|
`, thousands(made))
	for _, what := range sortedKeys(unnoticed) {
		fmt.Fprintf(&page, "| %s | %s |\n", what, unnoticed[what])
	}
	return page.String(), nil
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
