package logarchive

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// disposableKeyWindowDays is the shortest waiting time that KMS accepts before it deletes a key.
const disposableKeyWindowDays = 7

// newKey makes the key of the archives. It is retained but not protected: a profile without a key must be able to let go
// of it, and logs that were encrypted with it stay readable. Its policy is a resource of its own, so that a key can be
// adopted whatever policy it has.
func (b *builder) newKey(archives []bucketKind) error {
	keyOptions := b.retained()
	if b.args.Adopt.KeyID != "" {
		keyOptions = append(keyOptions, pulumi.Import(pulumi.ID(b.args.Adopt.KeyID)))
	}
	args := &kms.KeyArgs{
		Description:       pulumi.String("Logs of account-baseline: " + b.archive.TrailName),
		EnableKeyRotation: pulumi.Bool(true),
		Tags:              b.tags,
	}
	if b.args.Disposable {
		args.DeletionWindowInDays = pulumi.Int(disposableKeyWindowDays)
	}
	key, err := kms.NewKey(b.ctx, b.name+"-key", args, keyOptions...)
	if err != nil {
		return err
	}
	onKey := make([]archiveOnKey, 0, len(archives))
	for _, kind := range archives {
		onKey = append(onKey, archiveOnKey{bucketArn: kind.arn, deliveries: kind.deliveries})
	}
	logGroupArn := ""
	if !b.args.OmitTrailBucket {
		logGroupArn = b.where.ARN("logs", "log-group:"+b.archive.LogGroupName)
	}
	keyPolicy, err := kms.NewKeyPolicy(b.ctx, b.name+"-key-policy", &kms.KeyPolicyArgs{
		KeyId:  key.ID(),
		Policy: pulumi.String(keyPolicy(b.where, onKey, logGroupArn, b.guards()).JSON()),
	}, b.retained()...)
	if err != nil {
		return err
	}
	// Named automatically: a stack that lost its state has left its alias behind.
	if _, err := kms.NewAlias(b.ctx, b.name+"-key-alias", &kms.AliasArgs{TargetKeyId: key.ID()}, pulumi.Parent(b.archive)); err != nil {
		return err
	}
	b.key, b.keyReady = key, []pulumi.Resource{keyPolicy}
	b.archive.KeyArn, b.archive.HasKey, b.archive.OwnsKey = key.Arn, true, true
	b.archive.Ready, b.archive.KeyReady = append(b.archive.Ready, keyPolicy), b.keyReady
	return nil
}

func (b *builder) retained() []pulumi.ResourceOption {
	opts := []pulumi.ResourceOption{pulumi.Parent(b.archive)}
	if !b.args.Disposable {
		// Explicitly unprotected, whatever the parent says; see newKey.
		opts = append(opts, pulumi.Protect(false), pulumi.RetainOnDelete(true))
	}
	return opts
}
