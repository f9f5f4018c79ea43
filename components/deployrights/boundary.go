package deployrights

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// forbidden is what no deployment of a baseline does, and what a stolen session of the role would do first: make somebody who
// can come back, and take the account out of its organization.
var forbidden = []string{
	"account:CloseAccount",
	"iam:AddUserToGroup",
	"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateOpenIDConnectProvider", "iam:CreateSAMLProvider", "iam:CreateUser",
	"iam:DeactivateMFADevice", "iam:DeleteOpenIDConnectProvider", "iam:DeleteSAMLProvider",
	"iam:UpdateAccessKey", "iam:UpdateLoginProfile", "iam:UpdateOpenIDConnectProviderThumbprint", "iam:UpdateSAMLProvider",
	"organizations:CloseAccount", "organizations:DeleteOrganization", "organizations:LeaveOrganization",
}

// ownRights are the changes by which a role would give itself more.
var ownRights = []string{
	"iam:AttachRolePolicy", "iam:DeleteRole", "iam:DeleteRolePermissionsBoundary", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
	"iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription",
}

// Boundary is a permissions boundary for the deploying role: a limit that holds when somebody attaches more to the role than
// Policies says. It allows the services that the resources need, and denies making users and keys, leaving the organization, and
// changing the deploying roles themselves (Options.Roles) and their policies below BoundaryPath.
//
// A boundary limits the role itself. It does not limit the roles that this role makes; those of a baseline carry none.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
func Boundary(resources []declared.Resource, o Options) (Document, error) {
	if o.Partition == "" {
		o.Partition = "aws"
	}
	if err := o.validate(); err != nil {
		return Document{}, fmt.Errorf("deploy rights: %w", err)
	}
	if err := known(resources); err != nil {
		return Document{}, fmt.Errorf("deploy rights: %w", err)
	}
	all := grants(resources, o)
	services := map[string]bool{}
	for g := range all {
		services[serviceOf(g.action)+":*"] = true
	}
	allowed := make([]string, 0, len(services))
	for service := range services {
		allowed = append(allowed, service)
	}
	slices.Sort(allowed)
	n := namer{Options: o}
	statements := []any{
		statement{Sid: "Services", Effect: "Allow", Action: allowed, Resource: list{anything}},
		statement{Sid: "NobodyNew", Effect: "Deny", Action: forbiddenUnlessDeclared(all), Resource: list{anything}},
		statement{
			Sid: "OwnPolicies", Effect: "Deny", Resource: list{n.arn("iam::{account}:policy" + BoundaryPath + anything)},
			Action: list{"iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"},
		},
	}
	if len(o.Roles) > 0 {
		statements = append(statements, statement{Sid: "OwnRights", Effect: "Deny", Action: ownRights, Resource: slices.Clone(o.Roles)})
	}
	document := Document{"boundary", text(struct {
		Version   string
		Statement []any
	}{"2012-10-17", statements})}
	if len(document.JSON) > MaxCharacters {
		return Document{}, fmt.Errorf("deploy rights: the boundary is longer than %d characters", MaxCharacters)
	}
	return document, nil
}

// BoundaryPath is the IAM path of the deploying roles' policies and of their boundary, by which the boundary protects them.
const BoundaryPath = "/deploy/"

// forbiddenUnlessDeclared leaves out what the stack does need, such as users of a program that declares some.
func forbiddenUnlessDeclared(all regionsOf) list {
	return slices.DeleteFunc(slices.Clone(forbidden), func(action string) bool {
		for g := range all {
			if strings.EqualFold(g.action, action) {
				return true
			}
		}
		return false
	})
}
