package securetrail

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// newAdministrators makes the group whose members may reconfigure trails, with MFA only. It has no members: who belongs
// in it is decided by people.
func (b *builder) newAdministrators() error {
	b.trail.AdministratorsGroup = none()
	if b.args.OmitAdministrators {
		return nil
	}
	name, _ := b.args.groupNames(b.prefix)
	group, err := b.newGroup("administrators", name, "AWSCloudTrail_FullAccess", memberPolicy())
	if err == nil {
		b.trail.AdministratorsGroup = group.Name
	}
	return err
}

// newReaders makes the group whose members may look at the trail and, by switching to the reader role, read its log
// files. A bucket policy cannot tell the members of a group, so that the archive lets the role in.
func (b *builder) newReaders() error {
	b.trail.ReadersGroup, b.trail.ReaderRoleArn = none(), none()
	roleName := b.trail.Archive.ReaderRoleName
	if b.args.OmitReaders || roleName == "" {
		return nil
	}
	parent := pulumi.Parent(b.trail)
	role, err := iam.NewRole(b.ctx, b.name+"-reader", &iam.RoleArgs{
		Name:               pulumi.String(roleName),
		Description:        pulumi.String("Reads the log files of the trail " + b.trail.Archive.TrailName + ", with MFA"),
		AssumeRolePolicy:   pulumi.String(readerRoleTrust(b.where).JSON()),
		MaxSessionDuration: pulumi.Int(3600),
		Tags:               b.tags,
	}, parent)
	if err != nil {
		return err
	}
	archive := b.trail.Archive
	if _, err := iam.NewRolePolicy(b.ctx, b.name+"-reader-policy", &iam.RolePolicyArgs{
		Role: role.Name, Name: pulumi.String("read-logs"),
		Policy: pulumi.String(readLogs(b.where, archive.BucketNames).JSON()),
	}, parent); err != nil {
		return err
	}
	if archive.KeyArnPattern != "" {
		if _, err := iam.NewRolePolicy(b.ctx, b.name+"-reader-key-policy", &iam.RolePolicyArgs{
			Role: role.Name, Name: pulumi.String("decrypt-logs"),
			Policy: pulumi.String(decryptLogs(b.where, archive.KeyArnPattern).JSON()),
		}, parent); err != nil {
			return err
		}
	}
	if _, err := iam.NewRolePolicyAttachment(b.ctx, b.name+"-reader-access", &iam.RolePolicyAttachmentArgs{
		Role: role.Name, PolicyArn: pulumi.String(b.where.ManagedPolicy("AWSCloudTrail_ReadOnlyAccess")),
	}, parent); err != nil {
		return err
	}
	_, name := b.args.groupNames(b.prefix)
	group, err := b.newGroup("readers", name, "AWSCloudTrail_ReadOnlyAccess",
		memberPolicy(assumeReaderRole(b.where.IAM("role/"+roleName))))
	if err != nil {
		return err
	}
	b.trail.ReaderRole, b.trail.ReadersGroup, b.trail.ReaderRoleArn = role, group.Name, role.Arn
	return nil
}

func (b *builder) newGroup(thing, groupName, managedPolicy string, own policy.Document) (*iam.Group, error) {
	parent := pulumi.Parent(b.trail)
	name := b.name + "-" + thing
	group, err := iam.NewGroup(b.ctx, name, &iam.GroupArgs{Name: pulumi.String(groupName)}, parent)
	if err != nil {
		return nil, err
	}
	if _, err := iam.NewGroupPolicyAttachment(b.ctx, name+"-access", &iam.GroupPolicyAttachmentArgs{
		Group: group.Name, PolicyArn: pulumi.String(b.where.ManagedPolicy(managedPolicy)),
	}, parent); err != nil {
		return nil, err
	}
	_, err = iam.NewGroupPolicy(b.ctx, name+"-policy", &iam.GroupPolicyArgs{
		Group: group.Name, Name: pulumi.String("require-mfa"), Policy: pulumi.String(own.JSON()),
	}, parent)
	return group, err
}
