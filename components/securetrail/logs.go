package securetrail

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const disposableKeyWindowDays = 7

// newLogs makes the log group that the trail's events are read from within minutes, and the role that writes to it.
func (b *builder) newLogs() error {
	if b.args.OmitLogs {
		b.trail.LogGroupName, b.trail.LogGroupArn = none(), none()
		return nil
	}
	parent := pulumi.Parent(b.trail)
	keyArn, err := b.logKey()
	if err != nil {
		return err
	}
	logGroup := b.trail.Archive.LogGroupName
	group, err := cloudwatch.NewLogGroup(b.ctx, b.name+"-logs", &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(logGroup),
		RetentionInDays: pulumi.Int(b.args.retentionDays()),
		KmsKeyId:        keyArn,
		Tags:            b.tags,
	}, parent, pulumi.DependsOn(append(b.ready, b.trail.Archive.KeyReady...)))
	if err != nil {
		return err
	}
	role, err := iam.NewRole(b.ctx, b.name+"-logs-role", &iam.RoleArgs{
		Name:             pulumi.String(b.logRoleName()),
		Description:      pulumi.String("CloudTrail delivers events to the log group " + logGroup),
		AssumeRolePolicy: pulumi.String(logRoleTrust().JSON()),
		Tags:             b.tags,
	}, parent)
	if err != nil {
		return err
	}
	allowed, err := iam.NewRolePolicy(b.ctx, b.name+"-logs-role-policy", &iam.RolePolicyArgs{
		Role:   role.Name,
		Name:   pulumi.String("write-trail-events"),
		Policy: pulumi.String(logRolePolicy(b.where, logGroup, b.trail.Archive.OrganizationID).JSON()),
	}, parent)
	if err != nil {
		return err
	}
	b.trail.LogGroupName, b.trail.LogGroupArn = group.Name, group.Arn
	b.ready = append(b.ready, group, role, allowed)
	return nil
}

// logKey is the key of the archive where it is ours, none where the archive has none, and a key of the log group's own
// where the archive's key belongs to another account.
func (b *builder) logKey() (pulumi.StringPtrInput, error) {
	archive := b.trail.Archive
	if archive.OwnsKey {
		return archive.KeyArn.ToStringPtrOutput(), nil
	}
	if !archive.HasKey {
		return nil, nil
	}
	parent := pulumi.Parent(b.trail)
	kept := []pulumi.ResourceOption{parent}
	if !b.args.Disposable {
		kept = append(kept, pulumi.RetainOnDelete(true)) // events that the log group still keeps need it
	}
	args := &kms.KeyArgs{
		Description:       pulumi.String("CloudWatch Logs of the trail " + archive.TrailName),
		EnableKeyRotation: pulumi.Bool(true),
		Tags:              b.tags,
	}
	if b.args.Disposable {
		args.DeletionWindowInDays = pulumi.Int(disposableKeyWindowDays)
	}
	key, err := kms.NewKey(b.ctx, b.name+"-logs-key", args, kept...)
	if err != nil {
		return nil, err
	}
	keyPolicy, err := kms.NewKeyPolicy(b.ctx, b.name+"-logs-key-policy", &kms.KeyPolicyArgs{
		KeyId:  key.ID(),
		Policy: pulumi.String(logKeyPolicy(b.where, archive.LogGroupName).JSON()),
	}, kept...)
	if err != nil {
		return nil, err
	}
	b.ready = append(b.ready, keyPolicy)
	return key.Arn.ToStringPtrOutput(), nil
}

func (b *builder) logRoleName() string { return b.prefix + "-logs" }
