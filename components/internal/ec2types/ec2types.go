// Package ec2types registers the few resources of Amazon EC2 that the baseline needs by their type token. The package ec2 of
// pulumi-aws declares them too, and with them everything that EC2 has: docs/hardening.md says what that costs to compile.
package ec2types

import (
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Version is the version of the provider that knows these types, the same as that of the SDK in go.mod: resources with
// another version would start a second default provider.
const Version = "6.83.2"

// Type tokens of the resources.
const (
	imageBlockPublicAccess   = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess"
	instanceMetadataDefaults = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults"
	serialConsoleAccess      = "aws:ec2/serialConsoleAccess:SerialConsoleAccess"
	defaultSecurityGroup     = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
)

// ofProvider puts the provider's version before the options of the caller, which win.
func ofProvider(opts []pulumi.ResourceOption) []pulumi.ResourceOption {
	return append([]pulumi.ResourceOption{pulumi.Version(Version)}, opts...)
}

// ImageBlockPublicAccess says whether AMIs of a Region can be shared with everybody.
type ImageBlockPublicAccess struct{ pulumi.CustomResourceState }

// ImageBlockPublicAccessArgs are the arguments of NewImageBlockPublicAccess.
type ImageBlockPublicAccessArgs struct {
	// State is block-new-sharing or unblocked.
	State pulumi.StringInput
}

type imageBlockPublicAccessArgs struct {
	State string `pulumi:"state"`
}

// ElementType is the plain form of the arguments.
func (ImageBlockPublicAccessArgs) ElementType() reflect.Type {
	return reflect.TypeFor[imageBlockPublicAccessArgs]()
}

// NewImageBlockPublicAccess sets the block. Deleting the resource changes nothing in the account.
func NewImageBlockPublicAccess(ctx *pulumi.Context, name string, args *ImageBlockPublicAccessArgs, opts ...pulumi.ResourceOption) (*ImageBlockPublicAccess, error) {
	resource := &ImageBlockPublicAccess{}
	return resource, ctx.RegisterResource(imageBlockPublicAccess, name, args, resource, ofProvider(opts)...)
}

// InstanceMetadataDefaults are what new instances of a Region get where their launch says nothing else.
type InstanceMetadataDefaults struct{ pulumi.CustomResourceState }

// InstanceMetadataDefaultsArgs are the arguments of NewInstanceMetadataDefaults; what is left out has no default.
type InstanceMetadataDefaultsArgs struct {
	// HttpTokens is required, which is IMDSv2 only, or optional.
	HttpTokens pulumi.StringPtrInput
	// HttpPutResponseHopLimit is how many network hops a token may take, 1 to 64.
	HttpPutResponseHopLimit pulumi.IntPtrInput
}

type instanceMetadataDefaultsArgs struct {
	HttpTokens              *string `pulumi:"httpTokens"`
	HttpPutResponseHopLimit *int    `pulumi:"httpPutResponseHopLimit"`
}

// ElementType is the plain form of the arguments.
func (InstanceMetadataDefaultsArgs) ElementType() reflect.Type {
	return reflect.TypeFor[instanceMetadataDefaultsArgs]()
}

// NewInstanceMetadataDefaults sets the defaults. Deleting the resource takes them back.
func NewInstanceMetadataDefaults(ctx *pulumi.Context, name string, args *InstanceMetadataDefaultsArgs, opts ...pulumi.ResourceOption) (*InstanceMetadataDefaults, error) {
	resource := &InstanceMetadataDefaults{}
	return resource, ctx.RegisterResource(instanceMetadataDefaults, name, args, resource, ofProvider(opts)...)
}

// SerialConsoleAccess says whether the EC2 serial console of a Region can be used.
type SerialConsoleAccess struct{ pulumi.CustomResourceState }

// SerialConsoleAccessArgs are the arguments of NewSerialConsoleAccess.
type SerialConsoleAccessArgs struct {
	Enabled pulumi.BoolPtrInput
}

type serialConsoleAccessArgs struct {
	Enabled *bool `pulumi:"enabled"`
}

// ElementType is the plain form of the arguments.
func (SerialConsoleAccessArgs) ElementType() reflect.Type {
	return reflect.TypeFor[serialConsoleAccessArgs]()
}

// NewSerialConsoleAccess sets the access. Deleting the resource switches it off.
func NewSerialConsoleAccess(ctx *pulumi.Context, name string, args *SerialConsoleAccessArgs, opts ...pulumi.ResourceOption) (*SerialConsoleAccess, error) {
	resource := &SerialConsoleAccess{}
	return resource, ctx.RegisterResource(serialConsoleAccess, name, args, resource, ofProvider(opts)...)
}

// DefaultSecurityGroup is the security group that every VPC has and that cannot be deleted.
type DefaultSecurityGroup struct{ pulumi.CustomResourceState }

// DefaultSecurityGroupArgs are the arguments of NewDefaultSecurityGroup.
type DefaultSecurityGroupArgs struct {
	VpcId pulumi.StringInput
	Tags  pulumi.StringMapInput
	// Ingress and Egress are all rules that the group has; an empty list takes every rule away.
	Ingress, Egress pulumi.MapArrayInput
}

type defaultSecurityGroupArgs struct {
	VpcId   *string           `pulumi:"vpcId"`
	Tags    map[string]string `pulumi:"tags"`
	Ingress []map[string]any  `pulumi:"ingress"`
	Egress  []map[string]any  `pulumi:"egress"`
}

// ElementType is the plain form of the arguments.
func (DefaultSecurityGroupArgs) ElementType() reflect.Type {
	return reflect.TypeFor[defaultSecurityGroupArgs]()
}

// NewDefaultSecurityGroup takes the group over and replaces its rules. Deleting the resource changes nothing in the account.
func NewDefaultSecurityGroup(ctx *pulumi.Context, name string, args *DefaultSecurityGroupArgs, opts ...pulumi.ResourceOption) (*DefaultSecurityGroup, error) {
	resource := &DefaultSecurityGroup{}
	return resource, ctx.RegisterResource(defaultSecurityGroup, name, args, resource, ofProvider(opts)...)
}
