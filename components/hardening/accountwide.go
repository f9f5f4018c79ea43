package hardening

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func (b *builder) newPasswordPolicy(_ string, opts ...pulumi.ResourceOption) error {
	asked := b.args.PasswordPolicy
	args := &iam.AccountPasswordPolicyArgs{
		MinimumPasswordLength:      pulumi.Int(asked.minimumLength()),
		PasswordReusePrevention:    pulumi.Int(asked.reusePrevention()),
		HardExpiry:                 pulumi.Bool(asked.HardExpiry),
		AllowUsersToChangePassword: pulumi.Bool(!asked.DenyOwnChange),
		RequireLowercaseCharacters: pulumi.Bool(!asked.OmitLowercase),
		RequireUppercaseCharacters: pulumi.Bool(!asked.OmitUppercase),
		RequireNumbers:             pulumi.Bool(!asked.OmitNumbers),
		RequireSymbols:             pulumi.Bool(!asked.OmitSymbols),
		MaxPasswordAge:             pulumi.Int(asked.maxAge()),
	}
	if asked.NeverExpire {
		// 0 and not nothing: the provider sends what is left out again as it was.
		args.MaxPasswordAge = pulumi.Int(0)
	}
	_, err := iam.NewAccountPasswordPolicy(b.ctx, b.name+"-"+string(PasswordPolicy), args, opts...)
	return err
}

func (b *builder) newPublicAccessBlock(_ string, opts ...pulumi.ResourceOption) error {
	_, err := s3.NewAccountPublicAccessBlock(b.ctx, b.name+"-"+string(S3PublicAccess), &s3.AccountPublicAccessBlockArgs{
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, opts...)
	return err
}

func (b *builder) newAccountAlias(_ string, opts ...pulumi.ResourceOption) error {
	_, err := iam.NewAccountAlias(b.ctx, b.name+"-"+string(AccountAlias), &iam.AccountAliasArgs{
		AccountAlias: pulumi.String(b.args.AccountAlias),
		// An account has one alias: deleting the old one last would take the new one's place away.
	}, append(opts, pulumi.DeleteBeforeReplace(true))...)
	return err
}
