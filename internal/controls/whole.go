package controls

import (
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// Checks that what refers to something refers to something that is declared.
var (
	rolesDeclared = check{"every role that a service uses is declared", func(d *declaration) ([]string, string) {
		var users, missing []string
		for _, rs := range d.byType {
			for _, r := range rs {
				for _, arn := range arnsOfRoles(r.Inputs) {
					if !d.has(roleType, "name", lastOf(arn, "/")) {
						missing = append(missing, place(r)+" uses the role "+lastOf(arn, "/")+", which is not declared")
					}
					users = append(users, place(r))
				}
			}
		}
		slices.Sort(missing)
		return users, strings.Join(missing, "; ")
	}}
	rolesHaveRights = check{"every role has rights", func(d *declaration) ([]string, string) {
		return d.every(roleType, "role", func(r declared.Resource) string {
			return unless(d.has(rolePolicyType, "role", text(r, "name")) || d.has(roleAttachment, "role", text(r, "name")), "has no rights")
		})
	}}
	policiesBelong = check{"every policy and setting belongs to something that is declared", func(d *declaration) ([]string, string) {
		for _, b := range []struct{ typ, of, owner, by string }{
			{rolePolicyType, "role", roleType, "name"},
			{roleAttachment, "role", roleType, "name"},
			{groupPolicyType, "group", groupType, "name"},
			{groupAttachment, "group", groupType, "name"},
			{bucketPolicyType, "bucket", bucketType, "bucket"},
			{bucketBlockType, "bucket", bucketType, "bucket"},
		} {
			for _, r := range d.byType[b.typ] {
				if !d.has(b.owner, b.by, text(r, b.of)) {
					return nil, place(r) + " belongs to " + text(r, b.of) + ", which is not declared"
				}
			}
		}
		for _, p := range d.byType[keyPolicyType] {
			if !slices.ContainsFunc(d.in(keyType, p.Region), func(k declared.Resource) bool { return strings.HasPrefix(p.Name, k.Name) }) {
				return nil, place(p) + " belongs to a key that is not declared"
			}
		}
		return nil, ""
	}}
)

// has reports whether a resource of the type has the value.
func (d *declaration) has(typ, path, value string) bool {
	return slices.ContainsFunc(d.byType[typ], func(r declared.Resource) bool { return text(r, path) == value })
}

// arnsOfRoles are the ARNs of roles in inputs, without those of service-linked roles. Policies are not looked into: they name
// roles that exist elsewhere.
func arnsOfRoles(value any) (arns []string) {
	switch v := value.(type) {
	case string:
		if strings.HasPrefix(v, "arn:") && strings.Contains(v, ":role/") && !strings.Contains(v, "/aws-service-role/") {
			arns = append(arns, v)
		}
	case []any:
		for _, element := range v {
			arns = append(arns, arnsOfRoles(element)...)
		}
	case map[string]any:
		for _, element := range v {
			arns = append(arns, arnsOfRoles(element)...)
		}
	}
	return arns
}
