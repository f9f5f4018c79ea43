package awssim

import (
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

func iamCheckRole(_ *call, in props) error {
	const doc = iamDoc + "API_CreateRole.html"
	if err := iamCheckEntity(in, 64, doc); err != nil {
		return err
	}
	if s := num(in, "maxSessionDuration"); present(in, "maxSessionDuration") && !isUnknown(in["maxSessionDuration"]) && (s < 3600 || s > 43200) {
		return refuse("ValidationError", fmt.Sprintf("maxSessionDuration %v: allowed are 3600 to 43200 seconds", s), doc)
	}
	if trust := str(in, "assumeRolePolicy"); trust != "" {
		return policyRefusal(policyeval.Validate(policyeval.TrustPolicy, trust, ""), doc)
	}
	return nil
}

func iamCreateRole(c *call, in props) (string, props, error) {
	const doc = iamDoc + "API_CreateRole.html"
	name, path := c.physicalName(in), iamPath(in)
	arn := c.iamARN("role", path, name)
	if err := c.may("iam:CreateRole", arn); err != nil {
		return "", nil, err
	}
	if strings.HasPrefix(path, "/aws-service-role/") {
		return "", nil, refuse("InvalidInput", "Path /aws-service-role/ is reserved for service-linked roles.", doc)
	}
	if iamTaken(c.IAM.Roles, name) {
		return "", nil, iamExists("Role", name)
	}
	trust := str(in, "assumeRolePolicy")
	if err := c.iamPutCheck(policyeval.TrustPolicy, trust, doc); err != nil {
		return "", nil, err
	}
	role := &iamRole{
		Name: name, Path: path, ARN: arn, Created: c.timestamp(), TrustPolicy: trust, Description: str(in, "description"),
		MaxSession: num(in, "maxSessionDuration"), Tags: stringMap(in, "tags"), Inline: map[string]string{},
	}
	if role.MaxSession == 0 {
		role.MaxSession = defaultMaxSession
	}
	if err := c.iamHeld(role, in); err != nil {
		return "", nil, err
	}
	role.UniqueID = "AROA" + c.upperID(17)
	c.IAM.Roles.put(name, role)
	return name, role.props(nil), nil
}

// iamHeld sets what the role resource itself lists: boundary, inline policies and
// managed policies.
func (c *call) iamHeld(role *iamRole, in props) error {
	const doc = iamDoc + "API_PutRolePolicy.html"
	role.Boundary = str(in, "permissionsBoundary")
	if role.Boundary != "" && c.managedPolicy(role.Boundary) == "" {
		return refuse("NoSuchEntity", "Scope ARN: "+role.Boundary+" does not exist or is not attachable.", doc)
	}
	if present(in, "inlinePolicies") {
		role.Inline = map[string]string{}
		for _, p := range objects(in, "inlinePolicies") {
			if str(p, "name") == "" {
				continue // an empty block removes all inline policies
			}
			if err := c.iamPutCheck(policyeval.RoleInlinePolicy, str(p, "policy"), doc); err != nil {
				return err
			}
			role.Inline[str(p, "name")] = str(p, "policy")
		}
		if err := iamInlineTotal(policyeval.RoleInlinePolicy, role.Inline); err != nil {
			return err
		}
	}
	if present(in, "managedPolicyArns") {
		arns := strs(in, "managedPolicyArns")
		for _, arn := range arns {
			if c.managedPolicy(arn) == "" {
				return iamNoPolicy(arn)
			}
		}
		if len(arns) > managedPerEntity {
			return iamTooManyPolicies("Role")
		}
		role.Attached = arns
	}
	return nil
}

// props are the role as the provider reports it. Inline and managed policies are
// reported only where the role resource itself lists them.
func (r *iamRole) props(state props) props {
	out := props{
		"name": r.Name, "path": r.Path, "arn": r.ARN, "uniqueId": r.UniqueID, "createDate": r.Created,
		"assumeRolePolicy": r.TrustPolicy, "maxSessionDuration": r.MaxSession, "description": orNil(r.Description),
		"permissionsBoundary": orNil(r.Boundary), "tags": r.Tags,
	}
	if !blank(state["managedPolicyArns"]) {
		out["managedPolicyArns"] = r.Attached
	}
	if !blank(state["inlinePolicies"]) {
		inline := []any{}
		for _, name := range sortedKeys(r.Inline) {
			inline = append(inline, props{"name": name, "policy": r.Inline[name]})
		}
		out["inlinePolicies"] = inline
	}
	return out
}

func iamReadRole(c *call, id string, state props) (props, error) {
	role := c.IAM.Roles[id]
	if role == nil {
		return nil, errNotFound
	}
	return role.props(state), nil
}

func iamUpdateRole(c *call, id string, _, in props) (props, error) {
	const doc = iamDoc + "API_UpdateAssumeRolePolicy.html"
	role := c.IAM.Roles[id]
	if role == nil {
		return nil, noSuchEntity("role", id)
	}
	if err := c.may("iam:UpdateRole", role.ARN); err != nil {
		return nil, err
	}
	if role.Service != "" {
		return nil, iamUnmodifiable(role.Name)
	}
	trust := str(in, "assumeRolePolicy")
	if err := c.iamPutCheck(policyeval.TrustPolicy, trust, doc); err != nil {
		return nil, err
	}
	changed := *role
	if err := c.iamHeld(&changed, in); err != nil {
		return nil, err
	}
	changed.TrustPolicy, changed.Description, changed.Tags = trust, str(in, "description"), stringMap(in, "tags")
	if changed.MaxSession = num(in, "maxSessionDuration"); changed.MaxSession == 0 {
		changed.MaxSession = defaultMaxSession
	}
	*role = changed
	return role.props(in), nil
}

func iamDeleteRole(c *call, id string, state props) error {
	const doc = iamDoc + "API_DeleteRole.html"
	role := c.IAM.Roles[id]
	if role == nil {
		return errNotFound
	}
	if err := c.may("iam:DeleteRole", role.ARN); err != nil {
		return err
	}
	if role.Service != "" {
		return iamUnmodifiable(role.Name)
	}
	inline, attached := role.Inline, role.Attached
	if flag(state, "forceDetachPolicies", false) || !blank(state["managedPolicyArns"]) {
		attached = nil
	}
	if flag(state, "forceDetachPolicies", false) || !blank(state["inlinePolicies"]) {
		inline = nil
	}
	switch {
	case len(attached) > 0:
		return refuse("DeleteConflict", "Cannot delete entity, must detach all policies first.", doc)
	case len(inline) > 0:
		return refuse("DeleteConflict", "Cannot delete entity, must delete policies first.", doc)
	}
	delete(c.IAM.Roles, id)
	c.forget(role.ARN, role.UniqueID)
	return nil
}

func iamUnmodifiable(name string) error {
	return refuse("UnmodifiableEntity", fmt.Sprintf("Cannot perform the operation on the protected role '%s' - "+
		"this role is only modifiable by AWS", name), iamLinkedDoc)
}
