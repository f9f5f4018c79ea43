package deployrights

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// grant is one action on one pattern of ARNs.
type grant struct {
	action   string
	resource string
	service  string // that a role is passed to; "" for every action but iam:PassRole
}

// regionsOf are the Regions in which each grant is needed; nil for a global service, and for a Region that is not known.
type regionsOf map[grant]map[string]bool

const anything = "*"

// namer turns properties of declared resources into patterns.
type namer struct {
	Options
	byType map[string][]declared.Resource
}

func grants(resources []declared.Resource, o Options) regionsOf {
	n := namer{o, map[string][]declared.Resource{}}
	all := regionsOf{}
	regions := map[string]bool{}
	for _, r := range resources {
		n.byType[r.Type] = append(n.byType[r.Type], r)
		regions[r.Region] = true
	}
	for _, r := range resources {
		for _, right := range table[r.Type] {
			if right.when != nil && !right.when(r.Inputs) {
				continue
			}
			if right.passedTo != "" {
				for _, role := range n.rolesPassed(right, r) {
					all.add(grant{"iam:PassRole", role, right.passedTo}, "")
				}
			}
			for _, pattern := range n.patterns(right, r) {
				all.addAll(right, pattern, r.Region, o.ReadOnly)
			}
		}
	}
	if len(resources) > 0 {
		for _, right := range calls {
			for region := range regions {
				all.addAll(right, anything, region, o.ReadOnly)
			}
		}
	}
	n.addOwn(all)
	if o.ReadOnly {
		maps.DeleteFunc(all, func(g grant, _ map[string]bool) bool { return g.service != "" })
	}
	return all
}

// addOwn adds what the deployment itself needs: to look up who deploys, and to reach its state.
// https://www.pulumi.com/docs/iac/concepts/state-and-backends/#aws-s3
func (n namer) addOwn(all regionsOf) {
	roles := n.Roles
	if len(roles) == 0 {
		roles = []string{n.arn("iam::{account}:role/*")}
	}
	for _, role := range roles {
		all.add(grant{action: "iam:GetRole", resource: role}, "")
	}
	objects, keys := []string{"s3:GetObject"}, []string{"kms:Decrypt"}
	if !n.ReadOnly {
		objects, keys = append(objects, "s3:DeleteObject", "s3:PutObject"), append(keys, "kms:Encrypt", "kms:GenerateDataKey")
	}
	if n.StateBucket != "" {
		bucket := n.arn("s3:::" + n.StateBucket)
		all.add(grant{action: "s3:ListBucket", resource: bucket}, "")
		for _, action := range objects {
			all.add(grant{action: action, resource: bucket + "/*"}, "")
		}
	}
	for _, key := range n.StateKeys {
		for _, action := range keys {
			all.add(grant{action: action, resource: key}, "")
		}
	}
}

func (all regionsOf) addAll(r right, resource, region string, readOnly bool) {
	actions := strings.Fields(r.read)
	if !readOnly {
		actions = append(actions, strings.Fields(r.write)...)
	}
	for _, action := range actions {
		where := region
		if global[serviceOf(action)] {
			where = ""
		}
		all.add(grant{action: action, resource: resource}, where)
	}
}

// add adds a grant; the Region "" is none in particular.
func (all regionsOf) add(g grant, region string) {
	if _, ok := all[g]; !ok {
		all[g] = map[string]bool{}
	}
	if region == "" {
		all[g] = nil // wherever
	} else if all[g] != nil {
		all[g][region] = true
	}
}

func serviceOf(action string) string {
	service, _, _ := strings.Cut(action, ":")
	return service
}

// patterns are the ARNs that a right of a resource is about.
func (n namer) patterns(r right, of declared.Resource) []string {
	switch {
	case r.passedTo != "":
		return nil
	case r.of != "":
		var all []string
		for _, pattern := range n.declared(r.of) {
			if r.suffix != "" && !strings.HasSuffix(pattern, anything) {
				pattern += r.suffix
			}
			all = append(all, pattern)
		}
		return all
	case r.on == "":
		return []string{anything}
	case strings.HasPrefix(r.on, "{templateS3Uri"):
		bucketAndKey := strings.TrimPrefix(n.value(of, "templateS3Uri"), "s3://")
		return []string{n.arn("s3:::" + bucketAndKey)}
	}
	pattern := n.full(r.on, of)
	if !r.exact {
		pattern = n.shorten(pattern)
	}
	return []string{pattern}
}

// declared are the patterns of all resources of a type, of every name in the account when none are declared: then the stack
// works with what exists already.
func (n namer) declared(token string) []string {
	on := table[token][0].on
	var all []string
	for _, r := range n.byType[token] {
		all = append(all, n.fill(on, r))
	}
	if len(all) == 0 {
		return []string{n.fill(on, declared.Resource{Inputs: map[string]any{}, Name: ""})}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// rolesPassed are the roles that a resource is given: the one named, or those of the stack where it does not exist yet.
func (n namer) rolesPassed(r right, of declared.Resource) []string {
	property := r.role
	if property == "" {
		property = "roleArn"
	}
	var v any
	if property == "AutomationAssumeRole" {
		v = automationRole(of.Inputs)
	} else {
		v = of.Inputs
		for _, step := range strings.Split(property, ".") {
			inner, _ := v.(map[string]any)
			v = inner[step]
		}
	}
	text, isText := v.(string)
	switch {
	case v == nil || text == "" && isText:
		return nil
	case isText && !isUnknown(text):
		return []string{n.shorten(text)}
	}
	return n.declared(roleType)
}

// automationRole is the parameter of a remediation that names its role.
func automationRole(inputs map[string]any) any {
	parameters, _ := inputs["parameters"].([]any)
	for _, p := range parameters {
		parameter, _ := p.(map[string]any)
		if parameter["name"] == "AutomationAssumeRole" {
			return parameter["staticValue"]
		}
	}
	return nil
}

func (n namer) arn(rest string) string {
	return "arn:" + n.Partition + ":" + strings.ReplaceAll(strings.ReplaceAll(rest, "{account}", n.AccountID), "{region}", anything)
}

// fill puts properties into a pattern, cut behind the prefix.
func (n namer) fill(on string, r declared.Resource) string { return n.shorten(n.full(on, r)) }

// full puts properties into a pattern.
func (n namer) full(on string, r declared.Resource) string {
	text := n.arn(on)
	for {
		before, rest, ok := strings.Cut(text, "{")
		if !ok {
			return text
		}
		word, after, _ := strings.Cut(rest, "}")
		text = before + n.word(r, word) + after
	}
}

func (n namer) word(r declared.Resource, word string) string {
	switch word {
	case "path":
		if path, ok := r.Inputs["path"].(string); ok && !isUnknown(path) {
			return path
		}
		return "/"
	case "eventBusPath":
		switch bus, _ := r.Inputs["eventBusName"].(string); {
		case bus == "" || bus == "default":
			return ""
		case isUnknown(bus):
			return anything + "/"
		default:
			return bus[strings.LastIndex(bus, "/")+1:] + "/"
		}
	case "eventBusName":
		if bus, _ := r.Inputs["eventBusName"].(string); bus == "" {
			return "default"
		}
	}
	return n.value(r, word)
}

// value is the property that holds a name. One that Pulumi chooses has the logical name and a suffix.
// https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
func (n namer) value(r declared.Resource, property string) string {
	text, ok := r.Inputs[property].(string)
	switch {
	case !ok && r.Inputs[property] == nil && r.Name != "" && (property == "name" || property == "bucket"):
		text = r.Name + "-0000000"
		if r.Type == aliasType {
			text = "alias/" + text
		}
	case !ok || text == "" || isUnknown(text):
		return anything
	}
	if stem, suffix := text[:max(0, len(text)-suffixLength)], text[max(0, len(text)-suffixLength):]; strings.HasSuffix(stem, r.Name+"-") && chosen.MatchString(suffix) {
		return stem + anything
	}
	return text
}

// What Pulumi appends to the logical name.
const suffixLength = 7

var chosen = regexp.MustCompile(`^[0-9a-f]{7}$`)

// shorten cuts the pattern behind the stack's prefix; Athena's database has it with underscores.
func (n namer) shorten(pattern string) string {
	if n.Prefix == "" {
		return pattern
	}
	for _, prefix := range []string{n.Prefix, strings.ReplaceAll(n.Prefix, "-", "_")} {
		if i := strings.Index(pattern, prefix); i > 0 && strings.ContainsRune(":/", rune(pattern[i-1])) {
			return pattern[:i] + prefix + anything
		}
	}
	return pattern
}

// unknown stands in a preview for what is not known yet.
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

func isUnknown(v any) bool {
	text, ok := v.(string)
	return ok && strings.Contains(text, unknown)
}
