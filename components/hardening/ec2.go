package hardening

import (
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The few resources of Amazon EC2 that are needed are registered by their type token. The package ec2 of pulumi-aws declares
// them too, and with them everything that EC2 has: docs/hardening.md says what that costs to compile.

// providerVersion is the version of the provider that knows these types, the same as that of the SDK in go.mod: resources with
// another version would start a second default provider.
const providerVersion = "6.83.2"

// Type tokens of the resources.
const (
	imageBlockPublicAccessToken   = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess"
	instanceMetadataDefaultsToken = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults"
	serialConsoleAccessToken      = "aws:ec2/serialConsoleAccess:SerialConsoleAccess"
	defaultSecurityGroupToken     = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
)

// ofProvider puts the provider's version before the options of the caller, which win.
func ofProvider(opts []pulumi.ResourceOption) []pulumi.ResourceOption {
	return append([]pulumi.ResourceOption{pulumi.Version(providerVersion)}, opts...)
}

// imageBlockPublicAccess says whether AMIs of a Region can be shared with everybody.
type imageBlockPublicAccess struct{ pulumi.CustomResourceState }

// imageBlockPublicAccessArgs are the arguments of newImageBlockPublicAccess.
type imageBlockPublicAccessArgs struct {
	// State is block-new-sharing or unblocked.
	State pulumi.StringInput
}

type plainImageBlockPublicAccess struct {
	State string `pulumi:"state"`
}

// ElementType is the plain form of the arguments.
func (imageBlockPublicAccessArgs) ElementType() reflect.Type {
	return reflect.TypeFor[plainImageBlockPublicAccess]()
}

// newImageBlockPublicAccess sets the block. Deleting the resource changes nothing in the account.
func newImageBlockPublicAccess(ctx *pulumi.Context, name string, args *imageBlockPublicAccessArgs, opts ...pulumi.ResourceOption) (*imageBlockPublicAccess, error) {
	resource := &imageBlockPublicAccess{}
	return resource, ctx.RegisterResource(imageBlockPublicAccessToken, name, args, resource, ofProvider(opts)...)
}

// instanceMetadataDefaults are what new instances of a Region get where their launch says nothing else.
type instanceMetadataDefaults struct{ pulumi.CustomResourceState }

// instanceMetadataDefaultsArgs are the arguments of newInstanceMetadataDefaults; what is left out has no default.
type instanceMetadataDefaultsArgs struct {
	// HttpTokens is required, which is IMDSv2 only, or optional.
	HttpTokens pulumi.StringPtrInput
	// HttpPutResponseHopLimit is how many network hops a token may take, 1 to 64.
	HttpPutResponseHopLimit pulumi.IntPtrInput
}

type plainInstanceMetadataDefaults struct {
	HttpTokens              *string `pulumi:"httpTokens"`
	HttpPutResponseHopLimit *int    `pulumi:"httpPutResponseHopLimit"`
}

// ElementType is the plain form of the arguments.
func (instanceMetadataDefaultsArgs) ElementType() reflect.Type {
	return reflect.TypeFor[plainInstanceMetadataDefaults]()
}

// newInstanceMetadataDefaults sets the defaults. Deleting the resource takes them back.
func newInstanceMetadataDefaults(ctx *pulumi.Context, name string, args *instanceMetadataDefaultsArgs, opts ...pulumi.ResourceOption) (*instanceMetadataDefaults, error) {
	resource := &instanceMetadataDefaults{}
	return resource, ctx.RegisterResource(instanceMetadataDefaultsToken, name, args, resource, ofProvider(opts)...)
}

// serialConsoleAccess says whether the EC2 serial console of a Region can be used.
type serialConsoleAccess struct{ pulumi.CustomResourceState }

// serialConsoleAccessArgs are the arguments of newSerialConsoleAccess.
type serialConsoleAccessArgs struct {
	Enabled pulumi.BoolPtrInput
}

type plainSerialConsoleAccess struct {
	Enabled *bool `pulumi:"enabled"`
}

// ElementType is the plain form of the arguments.
func (serialConsoleAccessArgs) ElementType() reflect.Type {
	return reflect.TypeFor[plainSerialConsoleAccess]()
}

// newSerialConsoleAccess sets the access. Deleting the resource switches it off.
func newSerialConsoleAccess(ctx *pulumi.Context, name string, args *serialConsoleAccessArgs, opts ...pulumi.ResourceOption) (*serialConsoleAccess, error) {
	resource := &serialConsoleAccess{}
	return resource, ctx.RegisterResource(serialConsoleAccessToken, name, args, resource, ofProvider(opts)...)
}

// defaultSecurityGroup is the security group that every VPC has and that cannot be deleted.
type defaultSecurityGroup struct{ pulumi.CustomResourceState }

// defaultSecurityGroupArgs are the arguments of newDefaultSecurityGroup.
type defaultSecurityGroupArgs struct {
	VpcId pulumi.StringInput
	Tags  pulumi.StringMapInput
	// Ingress and Egress are all rules that the group has; an empty list takes every rule away.
	Ingress, Egress pulumi.MapArrayInput
}

type plainDefaultSecurityGroup struct {
	VpcId   *string           `pulumi:"vpcId"`
	Tags    map[string]string `pulumi:"tags"`
	Ingress []map[string]any  `pulumi:"ingress"`
	Egress  []map[string]any  `pulumi:"egress"`
}

// ElementType is the plain form of the arguments.
func (defaultSecurityGroupArgs) ElementType() reflect.Type {
	return reflect.TypeFor[plainDefaultSecurityGroup]()
}

// newDefaultSecurityGroup takes the group over and replaces its rules. Deleting the resource changes nothing in the account.
func newDefaultSecurityGroup(ctx *pulumi.Context, name string, args *defaultSecurityGroupArgs, opts ...pulumi.ResourceOption) (*defaultSecurityGroup, error) {
	resource := &defaultSecurityGroup{}
	return resource, ctx.RegisterResource(defaultSecurityGroupToken, name, args, resource, ofProvider(opts)...)
}
