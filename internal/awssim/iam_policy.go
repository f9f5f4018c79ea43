package awssim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

func iamCheckPolicy(_ *call, in props) error {
	const doc = iamDoc + "API_CreatePolicy.html"
	if err := iamCheckEntity(in, 128, doc); err != nil {
		return err
	}
	if text := str(in, "policy"); text != "" {
		return policyRefusal(policyeval.Validate(policyeval.ManagedPolicy, text, ""), doc)
	}
	return nil
}

func iamCreatePolicy(c *call, in props) (string, props, error) {
	const doc = iamDoc + "API_CreatePolicy.html"
	name, path := c.physicalName(in), iamPath(in)
	arn := c.iamARN("policy", path, name)
	if err := c.may("iam:CreatePolicy", arn); err != nil {
		return "", nil, err
	}
	for _, p := range c.IAM.Policies {
		if strings.EqualFold(p.Name, name) {
			return "", nil, refuse("EntityAlreadyExists", fmt.Sprintf("A policy called %s already exists. Duplicate names are not allowed.", name), doc)
		}
	}
	if err := c.iamPutCheck(policyeval.ManagedPolicy, str(in, "policy"), doc); err != nil {
		return "", nil, err
	}
	p := &iamPolicy{
		Name: name, Path: path, ARN: arn, ID: "ANPA" + c.upperID(17), Description: str(in, "description"),
		Document: str(in, "policy"), Tags: stringMap(in, "tags"),
	}
	c.IAM.Policies.put(arn, p)
	return arn, p.props(c), nil
}

func (p *iamPolicy) props(c *call) props {
	return props{
		"name": p.Name, "path": p.Path, "arn": p.ARN, "policyId": p.ID, "description": orNil(p.Description),
		"policy": p.Document, "tags": p.Tags, "attachmentCount": c.iamAttachments(p.ARN),
	}
}

// iamAttachments counts the roles, users and groups that a managed policy is attached to.
func (a *Account) iamAttachments(arn string) int {
	n := 0
	for _, r := range a.IAM.Roles {
		if slices.Contains(r.Attached, arn) || r.Boundary == arn {
			n++
		}
	}
	for _, u := range a.IAM.Users {
		if slices.Contains(u.Attached, arn) {
			n++
		}
	}
	for _, g := range a.IAM.Groups {
		if slices.Contains(g.Attached, arn) {
			n++
		}
	}
	return n
}

func iamReadPolicy(c *call, id string, _ props) (props, error) {
	p := c.IAM.Policies[id]
	if p == nil {
		return nil, errNotFound
	}
	return p.props(c), nil
}

func iamUpdatePolicy(c *call, id string, _, in props) (props, error) {
	p := c.IAM.Policies[id]
	if p == nil {
		return nil, iamNoPolicy(id)
	}
	if err := c.may("iam:CreatePolicyVersion", id); err != nil {
		return nil, err
	}
	if err := c.iamPutCheck(policyeval.ManagedPolicy, str(in, "policy"), iamDoc+"API_CreatePolicyVersion.html"); err != nil {
		return nil, err
	}
	p.Document, p.Tags = str(in, "policy"), stringMap(in, "tags")
	return p.props(c), nil
}

func iamDeletePolicy(c *call, id string, _ props) error {
	if c.IAM.Policies[id] == nil {
		return errNotFound
	}
	if err := c.may("iam:DeletePolicy", id); err != nil {
		return err
	}
	if c.iamAttachments(id) > 0 {
		return refuse("DeleteConflict", "Cannot delete a policy attached to entities.", iamDoc+"API_DeletePolicy.html")
	}
	delete(c.IAM.Policies, id)
	return nil
}

func iamNoPolicy(arn string) error {
	return refuse("NoSuchEntity", fmt.Sprintf("Policy %s does not exist or is not attachable.", arn), iamDoc+"API_AttachRolePolicy.html")
}

func iamTooManyPolicies(kind string) error {
	return refuse("LimitExceeded", fmt.Sprintf("Cannot exceed quota for PoliciesPer%s: %d", kind, managedPerEntity), iamQuotaDoc)
}

func iamInlineTotal(kind policyeval.Kind, inline map[string]string) error {
	var documents []string
	for _, name := range sortedKeys(inline) {
		documents = append(documents, inline[name])
	}
	return policyRefusal(policyeval.ValidateTotal(kind, documents...), iamQuotaDoc)
}

// iamHolder is an entity that inline and managed policies are put on.
type iamHolder struct {
	property string // the property that names it: role or group
	title    string // Role or Group, as in the API's action names
	kind     policyeval.Kind
	// find gives access to an entity's policies; nil when there is no such entity.
	find func(a *Account, name string) *iamHeldPolicies
}

type iamHeldPolicies struct {
	arn      string
	linked   bool
	inline   *map[string]string
	attached *[]string
}

var iamRoleHolder = iamHolder{"role", "Role", policyeval.RoleInlinePolicy, func(a *Account, name string) *iamHeldPolicies {
	r := a.IAM.Roles[name]
	if r == nil {
		return nil
	}
	return &iamHeldPolicies{r.ARN, r.Service != "", &r.Inline, &r.Attached}
}}

var iamGroupHolder = iamHolder{"group", "Group", policyeval.GroupInlinePolicy, func(a *Account, name string) *iamHeldPolicies {
	g := a.IAM.Groups[name]
	if g == nil {
		return nil
	}
	return &iamHeldPolicies{g.ARN, false, &g.Inline, &g.Attached}
}}

// held finds the entity for a change, which the caller must be allowed to make.
func (h iamHolder) held(c *call, name, action string) (*iamHeldPolicies, error) {
	held := h.find(c.Account, name)
	if held == nil {
		return nil, noSuchEntity(h.property, name)
	}
	if held.linked {
		return nil, iamUnmodifiable(name)
	}
	return held, c.may("iam:"+action, held.arn)
}

// iamInlineType is RolePolicy or GroupPolicy; the id is ENTITY:NAME.
func iamInlineType(h iamHolder) resourceType {
	doc := iamDoc + "API_Put" + h.title + "Policy.html"
	put := func(c *call, entity, name, document string) error {
		held, err := h.held(c, entity, "Put"+h.title+"Policy")
		if err != nil {
			return err
		}
		if err := c.iamPutCheck(h.kind, document, doc); err != nil {
			return err
		}
		inline := map[string]string{}
		for k, v := range *held.inline {
			inline[k] = v
		}
		inline[name] = document
		if err := iamInlineTotal(h.kind, inline); err != nil {
			return err
		}
		*held.inline = inline
		return nil
	}
	return resourceType{
		check: func(_ *call, in props) error {
			if err := iamCheckEntity(in, 128, doc); err != nil {
				return err
			}
			if text := str(in, "policy"); text != "" {
				return policyRefusal(policyeval.Validate(h.kind, text, ""), doc)
			}
			return nil
		},
		create: func(c *call, in props) (string, props, error) {
			entity, name := iamEntityName(str(in, h.property)), c.physicalName(in)
			return entity + ":" + name, props{"name": name}, put(c, entity, name, str(in, "policy"))
		},
		read: func(c *call, id string, _ props) (props, error) {
			entity, name, _ := strings.Cut(id, ":")
			held := h.find(c.Account, entity)
			if held == nil {
				return nil, errNotFound
			}
			document, ok := (*held.inline)[name]
			if !ok {
				return nil, errNotFound
			}
			return props{h.property: entity, "name": name, "policy": document}, nil
		},
		update: func(c *call, id string, _, in props) (props, error) {
			entity, name, _ := strings.Cut(id, ":")
			return nil, put(c, entity, name, str(in, "policy"))
		},
		delete: func(c *call, id string, _ props) error {
			entity, name, _ := strings.Cut(id, ":")
			if h.find(c.Account, entity) == nil {
				return errNotFound
			}
			held, err := h.held(c, entity, "Delete"+h.title+"Policy")
			if err != nil {
				return err
			}
			delete(*held.inline, name)
			return nil
		},
	}
}

// iamEntityName takes the name out of what a program passes for a role or group,
// which with Pulumi may be the entity's ARN.
func iamEntityName(s string) string {
	if strings.HasPrefix(s, "arn:") {
		return s[strings.LastIndex(s, "/")+1:]
	}
	return s
}

// iamAttachmentType is RolePolicyAttachment or GroupPolicyAttachment. It is imported
// as ENTITY/POLICYARN.
func iamAttachmentType(h iamHolder) resourceType {
	parts := func(id string, state props) (string, string) {
		if arn := str(state, "policyArn"); arn != "" {
			return iamEntityName(str(state, h.property)), arn
		}
		entity, arn, _ := strings.Cut(id, "/")
		return entity, arn
	}
	return resourceType{
		create: func(c *call, in props) (string, props, error) {
			entity, arn := iamEntityName(str(in, h.property)), str(in, "policyArn")
			held, err := h.held(c, entity, "Attach"+h.title+"Policy")
			if err != nil {
				return "", nil, err
			}
			if c.managedPolicy(arn) == "" {
				return "", nil, iamNoPolicy(arn)
			}
			if !slices.Contains(*held.attached, arn) {
				if len(*held.attached) >= managedPerEntity {
					return "", nil, iamTooManyPolicies(h.title)
				}
				*held.attached = append(*held.attached, arn)
			}
			return entity + "/" + arn, nil, nil
		},
		read: func(c *call, id string, state props) (props, error) {
			entity, arn := parts(id, state)
			held := h.find(c.Account, entity)
			if held == nil || !slices.Contains(*held.attached, arn) {
				return nil, errNotFound
			}
			if given := str(state, h.property); given != "" {
				entity = given
			}
			return props{h.property: entity, "policyArn": arn}, nil
		},
		delete: func(c *call, id string, state props) error {
			entity, arn := parts(id, state)
			if h.find(c.Account, entity) == nil {
				return errNotFound
			}
			held, err := h.held(c, entity, "Detach"+h.title+"Policy")
			if err != nil {
				return err
			}
			*held.attached = without(*held.attached, arn)
			return nil
		},
	}
}
