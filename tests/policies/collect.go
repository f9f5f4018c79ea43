package policies

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// place is a property of a resource type that holds a policy document; [] stands for any index.
type place struct{ resourceType, property string }

// holder says what a policy in a place is, and which property says whose it is.
type holder struct {
	kind  policyeval.Kind
	owner string
}

var places = map[place]holder{
	{"aws:iam/group:Group", "policy"}:                {policyeval.GroupInlinePolicy, "name"},
	{"aws:iam/groupPolicy:GroupPolicy", "policy"}:    {policyeval.GroupInlinePolicy, "group"},
	{"aws:iam/policy:Policy", "policy"}:              {policyeval.ManagedPolicy, "name"},
	{"aws:iam/role:Role", "assumeRolePolicy"}:        {policyeval.TrustPolicy, "name"},
	{"aws:iam/role:Role", "inlinePolicies[].policy"}: {policyeval.RoleInlinePolicy, "name"},
	{"aws:iam/rolePolicy:RolePolicy", "policy"}:      {policyeval.RoleInlinePolicy, "role"},
	{"aws:kms/keyPolicy:KeyPolicy", "policy"}:        {policyeval.KeyPolicy, "keyId"},
	{"aws:s3/bucketPolicy:BucketPolicy", "policy"}:   {policyeval.BucketPolicy, "bucket"},
	{"aws:sns/topicPolicy:TopicPolicy", "policy"}:    {policyeval.TopicPolicy, "arn"},
	{"aws:sqs/queuePolicy:QueuePolicy", "policy"}:    {policyeval.QueuePolicy, "queueUrl"},
}

// attaching are the properties that give somebody a policy by its ARN.
var attaching = map[place]bool{
	{"aws:budgets/budgetAction:BudgetAction", "definition.iamActionDefinition.policyArn"}:        true,
	{"aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "guardrailPolicyArns[]"}: true,
	{"aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "policyArn"}:                         true,
	{"aws:iam/role:Role", "permissionsBoundary"}:                                                 true,
	{"aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn"}:                           true,
}

// Policy is a policy document that the program declares.
type Policy struct {
	Name      string // logical name of the resource that holds it
	Component string // type of the outermost component around it, such as AlertHub
	Kind      policyeval.Kind
	Owner     string // physical name or ARN of what it is attached to
	JSON      string
	Document  *policyeval.Document
}

// Identity tells whether the policy gives rights to the one who bears it, instead of opening a resource.
func (p Policy) Identity() bool {
	return slices.Contains([]policyeval.Kind{policyeval.GroupInlinePolicy, policyeval.ManagedPolicy, policyeval.RoleInlinePolicy}, p.Kind)
}

// Composition is what the program declares with some settings, as far as policies go.
type Composition struct {
	Name     string
	Policies []Policy
	// Attachments are the policies given by ARN, by the logical name of the resource that attaches them.
	Attachments map[string][]string
	// Facts are those that its settings make true.
	Facts []string

	roles map[string]declaredRole
}

// Declared is a policy, and a composition that declares it.
type Declared struct {
	Policy
	In *Composition
}

// Distinct are the policies of compositions by their names, each as the first composition has it that declares it.
func Distinct(compositions []*Composition) (all []Declared) {
	seen := map[string]bool{}
	for _, c := range compositions {
		for _, p := range c.Policies {
			if !seen[p.Name] {
				seen[p.Name] = true
				all = append(all, Declared{p, c})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Declared) int {
		return strings.Compare(a.Component+" "+a.Name, b.Component+" "+b.Name)
	})
	return all
}

// declaredRole is a role with the rights of its inline policies.
type declaredRole struct {
	arn     string
	rights  []*policyeval.Document
	written string // all of the above as text
}

var index = regexp.MustCompile(`\[\d+\]`)

// Collect finds every policy of a deployment. A document in a place that is not in the table is an error. What a deployment
// in another partition declares is translated into the words of the partition aws, in which the table is written.
func Collect(name string, d *testkit.Deployment, partition testkit.Partition, facts ...string) (*Composition, []error) {
	c := &Composition{Name: name, Attachments: map[string][]string{}, Facts: facts, roles: map[string]declaredRole{}}
	translate := translationFrom(partition)
	var problems []error
	for _, r := range d.All() {
		if !r.Custom || r.Read {
			continue
		}
		for _, text := range r.Strings() {
			at := place{r.Type, index.ReplaceAllString(text.Path, "[]")}
			if attaching[at] {
				c.Attachments[translate(r.Name)] = append(c.Attachments[translate(r.Name)], translate(text.Value))
			} else if policyARN.MatchString(text.Value) {
				problems = append(problems, fmt.Errorf("%s %s: property %s names the policy %s: complete the table attaching", r.Type, r.Name, text.Path, text.Value))
			}
			if !isPolicy(text.Value) {
				continue
			}
			held, known := places[at]
			if !known {
				problems = append(problems, fmt.Errorf("%s %s: property %s holds a policy: complete the table places", r.Type, r.Name, text.Path))
				continue
			}
			written := translate(text.Value)
			if word := foreignWord.FindString(written); word != "" {
				problems = append(problems, fmt.Errorf("%s %s: %q has no place in a policy of partition %s, or translationFrom lacks it", r.Type, r.Name, word, partition.Name))
			}
			document, err := policyeval.Parse(written)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s %s: %w", r.Type, r.Name, err))
				continue
			}
			c.Policies = append(c.Policies, Policy{
				Name: translate(r.Name), Component: component(d, r), Kind: held.kind, Owner: translate(r.String(held.owner)), JSON: written, Document: document,
			})
		}
	}
	c.findRoles(d, translate)
	slices.SortFunc(c.Policies, func(a, b Policy) int {
		return strings.Compare(a.Component+" "+a.Name, b.Component+" "+b.Name)
	})
	return c, problems
}

// translationFrom turns ARNs, Regions and the services that have a Region in their name into those of the partition aws. A
// service's name is the same in every partition, so that one with another domain is not translated.
func translationFrom(partition testkit.Partition) func(string) string {
	if partition.Name == "aws" {
		return func(text string) string { return text }
	}
	words := strings.NewReplacer("arn:"+partition.Name+":", "arn:aws:", partition.Home, Home, partition.Other, Elsewhere)
	regional := regexp.MustCompile(`(` + Home + `|` + Elsewhere + `|\*)\.` + regexp.QuoteMeta(partition.Suffix) + `"`)
	return func(text string) string { return regional.ReplaceAllString(words.Replace(text), `$1.amazonaws.com"`) }
}

// foreignWord is what only other partitions have.
var foreignWord = regexp.MustCompile(`aws-(cn|us-gov)\b|\b(cn|us-gov)-[a-z]+-\d\b|amazonaws\.com\.cn`)

// policyARN is a policy given by ARN as a whole; conditions on policies are within documents.
var policyARN = regexp.MustCompile(`^arn:[a-z-]+:iam::(aws|\d{12}):policy/\S+$`)

func isPolicy(text string) bool {
	var document struct{ Statement any }
	return strings.HasPrefix(strings.TrimSpace(text), "{") && json.Unmarshal([]byte(text), &document) == nil && document.Statement != nil
}

// component is the type of the outermost component around a resource.
func component(d *testkit.Deployment, r *testkit.Resource) string {
	outermost := ""
	for at := d.ByURN(r.Parent); at != nil; at = d.ByURN(at.Parent) {
		if !at.Custom && at.Parent != "" {
			outermost = at.Type[strings.LastIndex(at.Type, ":")+1:]
		}
	}
	return outermost
}

func (c *Composition) findRoles(d *testkit.Deployment, translate func(string) string) {
	for _, r := range d.All() {
		if r.Type != "aws:iam/role:Role" {
			continue
		}
		arn, _ := r.Outputs["arn"].(string)
		role := declaredRole{arn: translate(arn), written: translate(arn)}
		for _, p := range c.Policies {
			if p.Kind == policyeval.RoleInlinePolicy && p.Owner == translate(r.String("name")) {
				role.rights = append(role.rights, p.Document)
				role.written += p.JSON
			}
		}
		c.roles[translate(r.Name)] = role
	}
}

func (c *Composition) roleNames() []string { return slices.Sorted(maps.Keys(c.roles)) }

// has tells whether a fact holds, or a policy is declared.
func (c *Composition) has(needed string) bool {
	return slices.Contains(c.Facts, needed) || c.declares(needed)
}

func (c *Composition) declares(policy string) bool {
	return slices.ContainsFunc(c.Policies, func(p Policy) bool { return p.Name == policy })
}
