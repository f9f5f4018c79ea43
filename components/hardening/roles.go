package hardening

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newSupportRole makes the role for AWS Support.
func (b *builder) newSupportRole(_ string, opts ...pulumi.ResourceOption) error {
	role, err := b.newRole(SupportRole, "support", "Opens and manages cases with AWS Support", b.args.SupportRole, opts...)
	if err != nil {
		return err
	}
	b.supportRole = role.Arn
	return b.attach(role, string(SupportRole)+"-access", "AWSSupportAccess", opts...)
}

// newAuditRole makes the role that scanners and auditors read by: what AWS's policies for both leave out are data.
func (b *builder) newAuditRole(_ string, opts ...pulumi.ResourceOption) error {
	role, err := b.newRole(AuditRole, "security-audit", "Reads the configuration of everything, and no data", *b.args.AuditRole, opts...)
	if err != nil {
		return err
	}
	b.auditRole = role.Arn
	return errors.Join(
		b.attach(role, string(AuditRole)+"-audit", "SecurityAudit", opts...),
		b.attach(role, string(AuditRole)+"-view", "job-function/ViewOnlyAccess", opts...),
	)
}

func (b *builder) newRole(row Name, suffix, description string, args RoleArgs, opts ...pulumi.ResourceOption) (*iam.Role, error) {
	return iam.NewRole(b.ctx, b.name+"-"+string(row), &iam.RoleArgs{
		Name:               pulumi.String(cmp.Or(args.Name, b.prefix+"-"+suffix)),
		Description:        pulumi.String(description),
		AssumeRolePolicy:   pulumi.String(roleTrust(b.where, args).JSON()),
		MaxSessionDuration: pulumi.Int(3600),
		Tags:               b.tags,
	}, opts...)
}

func (b *builder) attach(role *iam.Role, thing, managedPolicy string, opts ...pulumi.ResourceOption) error {
	_, err := iam.NewRolePolicyAttachment(b.ctx, b.name+"-"+thing, &iam.RolePolicyAttachmentArgs{
		Role: role.Name, PolicyArn: pulumi.String(b.where.ManagedPolicy(managedPolicy)),
	}, opts...)
	return err
}

// longestTrust is the quota of a role's trust policy that needs no request, in characters without white space
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const longestTrust = 2048

// checkTrusts refuses trust policies that IAM would refuse for their length.
func (b *builder) checkTrusts() error {
	var problems []error
	check := func(field string, args RoleArgs) {
		if length := len(roleTrust(b.where, args).JSON()); length > longestTrust {
			problems = append(problems, fmt.Errorf("field %s.Principals: %d principals make a trust policy of %d characters, IAM takes %d; name fewer",
				field, len(args.Principals), length, longestTrust))
		}
	}
	if !b.args.OmitSupportRole {
		check("SupportRole", b.args.SupportRole)
	}
	if b.args.AuditRole != nil {
		check("AuditRole", *b.args.AuditRole)
	}
	return errors.Join(problems...)
}
