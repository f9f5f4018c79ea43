package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

var iamTypes = map[string]resourceType{
	"aws:iam/role:Role": {
		check: iamCheckRole, create: iamCreateRole, read: iamReadRole, update: iamUpdateRole, delete: iamDeleteRole,
	},
	"aws:iam/serviceLinkedRole:ServiceLinkedRole": {
		check: iamCheckLinkedRole, create: iamCreateLinkedRole, read: iamReadLinkedRole, update: iamUpdateLinkedRole, delete: iamDeleteLinkedRole,
	},
	"aws:iam/policy:Policy": {
		check: iamCheckPolicy, create: iamCreatePolicy, read: iamReadPolicy, update: iamUpdatePolicy, delete: iamDeletePolicy,
	},
	"aws:iam/group:Group": {
		check: iamCheckGroup, create: iamCreateGroup, read: iamReadGroup, update: iamUpdateGroup, delete: iamDeleteGroup,
	},
	"aws:iam/user:User": {
		check: iamCheckUser, create: iamCreateUser, read: iamReadUser, update: iamUpdateUser, delete: iamDeleteUser,
	},
	"aws:iam/groupMembership:GroupMembership": {
		create: iamCreateMembers, read: iamReadMembers, update: iamUpdateMembers, delete: iamDeleteMembers,
	},
	"aws:iam/userGroupMembership:UserGroupMembership": {
		create: iamCreateUserGroups, read: iamReadUserGroups, update: iamUpdateUserGroups, delete: iamDeleteUserGroups,
	},
	"aws:iam/accountPasswordPolicy:AccountPasswordPolicy": iamPasswordType,
	"aws:iam/accountAlias:AccountAlias":                   iamAliasType,
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider": iamOIDCType,
	"aws:iam/rolePolicy:RolePolicy":                       iamInlineType(iamRoleHolder),
	"aws:iam/groupPolicy:GroupPolicy":                     iamInlineType(iamGroupHolder),
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment":   iamAttachmentType(iamRoleHolder),
	"aws:iam/groupPolicyAttachment:GroupPolicyAttachment": iamAttachmentType(iamGroupHolder),
}

const (
	iamDoc       = "https://docs.aws.amazon.com/IAM/latest/APIReference/"
	iamQuotaDoc  = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"
	iamLinkedDoc = "https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html"

	defaultMaxSession = 3600
	// managedPerEntity is how many managed policies a role, user or group holds by default.
	managedPerEntity = 10
	groupsPerUser    = 10
)

var (
	iamNamePattern = regexp.MustCompile(`^[\w+=,.@-]+$`)
	iamPathPattern = regexp.MustCompile(`^(/|/[\x21-\x7e]+/)$`)
	// iamDescription is Latin-1 text: no other letters, no typographic dashes.
	iamDescription = regexp.MustCompile(`^[\t\n\r\x{20}-\x{7e}\x{a1}-\x{ff}]*$`)
)

func noSuchEntity(kind, name string) error {
	return refuse("NoSuchEntity", fmt.Sprintf("The %s with name %s cannot be found.", kind, name), iamDoc+"API_GetRole.html")
}

func iamExists(kind, name string) error {
	return refuse("EntityAlreadyExists", fmt.Sprintf("%s with name %s already exists.", kind, name), iamDoc+"API_Create"+kind+".html")
}

// iamTaken tells whether a name is in use; IAM does not distinguish names by case.
func iamTaken[T any](t table[T], name string) bool {
	for existing := range t {
		if strings.EqualFold(existing, name) {
			return true
		}
	}
	return false
}

// iamCheckEntity refuses names, paths and descriptions that IAM does not take.
func iamCheckEntity(in props, longest int, doc string) error {
	if name := str(in, "name"); name != "" && (len(name) > longest || !iamNamePattern.MatchString(name)) {
		return refuse("ValidationError", fmt.Sprintf("name %q: a name has at most %d characters out of letters, digits and _+=,.@-", name, longest), doc)
	}
	if path := str(in, "path"); path != "" && (len(path) > 512 || !iamPathPattern.MatchString(path)) {
		return refuse("ValidationError", fmt.Sprintf("path %q: a path begins and ends with / and has at most 512 characters", path), doc)
	}
	if text := str(in, "description"); len([]rune(text)) > 1000 || !iamDescription.MatchString(text) {
		return refuse("ValidationError", "description: at most 1000 characters of Latin-1 text are allowed", doc)
	}
	return nil
}

// iamPutCheck validates a policy document that is about to be stored.
func (c *call) iamPutCheck(kind policyeval.Kind, document, doc string) error {
	if err := policyeval.Validate(kind, document, ""); err != nil {
		return policyRefusal(err, doc)
	}
	if kind != policyeval.TrustPolicy {
		return nil
	}
	parsed, err := policyeval.Parse(document)
	if err != nil {
		return policyRefusal(err, doc)
	}
	if arn := c.unknownPrincipal(parsed); arn != "" {
		return refuse("MalformedPolicyDocument", fmt.Sprintf("Invalid principal in policy: \"AWS\":\"%s\"", arn), doc)
	}
	return nil
}

// policyRefusal turns a refusal of the policy validation into one of the account.
func policyRefusal(err error, doc string) error {
	if e, ok := err.(*policyeval.Error); ok {
		return refuse(e.Code, e.Message, doc)
	}
	return err
}

// assumeRole decides about sts:AssumeRole by the role's trust policy.
func (a *Account) assumeRole(p policyeval.Principal, mfa bool, arn, externalID string) error {
	ctx := map[string][]string{"aws:SecureTransport": {"true"}}
	if mfa {
		ctx["aws:MultiFactorAuthPresent"] = []string{"true"}
	}
	if externalID != "" {
		ctx["sts:ExternalId"] = []string{externalID}
	}
	return a.trusts(arn, p, ctx)
}

// trusts refuses unless the role's trust policy lets the principal, which may be a
// service, assume it.
func (a *Account) trusts(arn string, p policyeval.Principal, ctx map[string][]string) error {
	const doc = "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"
	role := a.roleByARN(arn)
	if role == nil {
		return refuse("AccessDenied", fmt.Sprintf("%s is not authorized to perform: sts:AssumeRole on resource: %s (there is no such role)",
			requester(p), arn), doc)
	}
	policy, err := policyeval.Parse(role.TrustPolicy)
	if err != nil {
		return fmt.Errorf("trust policy of %s: %w", arn, err)
	}
	auth := policyeval.Authorization{Identity: a.identityPolicies(p), Resource: policy, ResourceOwner: a.ID, ResourcePolicyDecides: true}
	decision, err := auth.Decide(policyeval.Request{Principal: p, Action: "sts:AssumeRole", Resource: arn, Context: ctx})
	if err != nil {
		return err
	}
	if !decision.Allowed {
		return denied(p, "sts:AssumeRole", arn, decision)
	}
	return nil
}

// roleMay refuses unless the role's identity policies allow the action.
func (a *Account) roleMay(arn, action, resource string, ctx map[string][]string) error {
	return a.authorize(policyeval.Principal{ARN: arn, Account: a.ID}, ctx, action, resource, nil, a.ID)
}

// passRole refuses when the caller may not hand the role to the service.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
func (c *call) passRole(arn, service string) error {
	return c.authorize(c.Caller, c.context(map[string][]string{"iam:PassedToService": {service}}), "iam:PassRole", arn, nil, c.ID)
}

// iamPath is the path of a role, policy, group or user.
func iamPath(in props) string { return strOr(in, "path", "/") }

func (a *Account) iamARN(kind, path, name string) string {
	return a.arn("iam", "", a.ID, kind+path+name)
}

func without(list []string, value string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == value })
}
