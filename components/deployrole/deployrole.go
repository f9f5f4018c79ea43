// Package deployrole makes the roles by which a pipeline deploys, without any key that could be stolen: jobs show the token of
// their platform (OpenID Connect) and get a session of an hour. One role deploys, from one branch or environment; another one
// previews pull requests and can only read.
package deployrole

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

const token = "account-baseline:index:DeployRole"

// DeployRole is who deploys an account.
type DeployRole struct {
	pulumi.ResourceState

	DeployRoleArn  pulumi.StringOutput `pulumi:"deployRoleArn"`  // to be named in the setting deployers
	PreviewRoleArn pulumi.StringOutput `pulumi:"previewRoleArn"` // "" without the role
	ProviderArn    pulumi.StringOutput `pulumi:"providerArn"`
}

// builder carries what every child needs.
type builder struct {
	ctx    *pulumi.Context
	name   string // the component's
	prefix string // of physical names
	args   *DeployRoleArgs
	where  account.Account
	tags   pulumi.StringMapInput
	role   *DeployRole
}

// NewDeployRole registers the component and its resources. An administrator deploys it, once: it makes who deploys everything
// else. It declares nothing when the arguments are wrong: the error names every wrong field.
func NewDeployRole(ctx *pulumi.Context, name string, args *DeployRoleArgs, opts ...pulumi.ResourceOption) (*DeployRole, error) {
	if args == nil {
		args = &DeployRoleArgs{}
	}
	if err := args.Validate(); err != nil {
		return nil, fmt.Errorf("deploy role %q: %w", name, err)
	}
	b := &builder{
		ctx: ctx, name: name, prefix: naming.Prefix(ctx, name, args.NamePrefix), args: args, tags: account.Tags(ctx, args.Tags), role: &DeployRole{},
	}
	if err := ctx.RegisterComponentResourceV2(token, name, pulumi.Map{}, b.role, opts...); err != nil {
		return nil, err
	}
	var err error
	if b.where, err = account.Of(ctx, b.role); err != nil {
		return nil, fmt.Errorf("deploy role %q: %w", name, err)
	}
	if err := b.build(); err != nil {
		return nil, err
	}
	return b.role, ctx.RegisterResourceOutputs(b.role, pulumi.Map{
		"deployRoleArn": b.role.DeployRoleArn, "previewRoleArn": b.role.PreviewRoleArn, "providerArn": b.role.ProviderArn,
	})
}

func (b *builder) build() error {
	trusted, err := b.newProvider()
	if err != nil {
		return err
	}
	boundary, err := b.newBoundary()
	if err != nil {
		return err
	}
	b.role.DeployRoleArn, err = b.newRole(roleSpec{
		thing: "deploy", description: "Deploys the account from its pipeline", subjects: b.args.deploySubjects(), policies: b.args.DeployPolicies,
	}, boundary, trusted)
	if err != nil {
		return err
	}
	if b.args.OmitPreviewRole {
		b.role.PreviewRoleArn = pulumi.String("").ToStringOutput()
		return nil
	}
	b.role.PreviewRoleArn, err = b.newRole(roleSpec{
		thing: "preview", description: "Previews pull requests; it can only read", subjects: b.args.previewSubjects(), policies: b.args.PreviewPolicies,
	}, boundary, trusted)
	return err
}

// newProvider makes the account's identity provider, and returns the options of what trusts it. Its ARN follows from the
// issuer, so that the trust policies can be read in a preview.
func (b *builder) newProvider() ([]pulumi.ResourceOption, error) {
	if b.args.ExistingProviderArn != "" {
		b.role.ProviderArn = pulumi.String(b.args.ExistingProviderArn).ToStringOutput()
		return nil, nil
	}
	provider, err := iam.NewOpenIdConnectProvider(b.ctx, b.name+"-provider", &iam.OpenIdConnectProviderArgs{
		Url:           pulumi.String(b.args.issuer()),
		ClientIdLists: pulumi.ToStringArray([]string{cmp.Or(b.args.Audience, Audience)}),
		Tags:          b.tags,
	}, pulumi.Parent(b.role))
	if err != nil {
		return nil, err
	}
	b.role.ProviderArn = provider.Arn
	return []pulumi.ResourceOption{pulumi.DependsOn([]pulumi.Resource{provider})}, nil
}

func (b *builder) providerArn() string {
	return cmp.Or(b.args.ExistingProviderArn, b.where.IAM("oidc-provider/"+providerHost(b.args.issuer())))
}

// newBoundary makes the permissions boundary and returns what the roles take as theirs; nil: none.
func (b *builder) newBoundary() (pulumi.StringPtrInput, error) {
	if b.args.Boundary == "" {
		return nil, nil
	}
	policy, err := b.newPolicy("boundary", b.args.Boundary)
	if err != nil {
		return nil, err
	}
	return policy.Arn, nil
}

func (b *builder) newPolicy(thing, document string) (*iam.Policy, error) {
	return iam.NewPolicy(b.ctx, b.name+"-"+thing, &iam.PolicyArgs{
		Name: pulumi.String(b.prefix + "-" + thing), Path: pulumi.String(Path), Policy: pulumi.String(document), Tags: b.tags,
	}, pulumi.Parent(b.role))
}

type roleSpec struct {
	thing, description string
	subjects           []string
	policies           map[string]string
}

func (b *builder) newRole(spec roleSpec, boundary pulumi.StringPtrInput, trusted []pulumi.ResourceOption) (pulumi.StringOutput, error) {
	role, err := iam.NewRole(b.ctx, b.name+"-"+spec.thing, &iam.RoleArgs{
		Name:                pulumi.String(b.prefix + "-" + spec.thing),
		Path:                pulumi.String(Path),
		Description:         pulumi.String(spec.description),
		AssumeRolePolicy:    pulumi.String(trust(b.providerArn(), b.args.issuer(), b.args.Audience, spec.subjects)),
		MaxSessionDuration:  pulumi.Int(cmp.Or(b.args.MaxSessionSeconds, leastSession)),
		PermissionsBoundary: boundary,
		Tags:                b.tags,
	}, append([]pulumi.ResourceOption{pulumi.Parent(b.role)}, trusted...)...)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	for _, name := range slices.Sorted(maps.Keys(spec.policies)) {
		thing := spec.thing + "-" + name
		policy, err := b.newPolicy(thing, spec.policies[name])
		if err != nil {
			return pulumi.StringOutput{}, err
		}
		if _, err := iam.NewRolePolicyAttachment(b.ctx, b.name+"-"+thing+"-attachment", &iam.RolePolicyAttachmentArgs{
			Role: role.Name, PolicyArn: policy.Arn,
		}, pulumi.Parent(b.role)); err != nil {
			return pulumi.StringOutput{}, err
		}
	}
	return role.Arn, nil
}
