package hardening

import (
	"cmp"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Defaults of AccountHardeningArgs. What asks for less needs Weaken.
const (
	DefaultMinimumLength   = 14 // CIS 3.0 1.8
	DefaultReusePrevention = 24 // CIS 3.0 1.9
	DefaultMaxAge          = 90
	DefaultHopLimit        = 2
)

// States of block public access for snapshots and AMIs, and of instance metadata tokens.
const (
	BlockAllSharing = "block-all-sharing" // snapshots only: what is public already is no longer reachable either
	BlockNewSharing = "block-new-sharing" // what is public already stays so
	Unblocked       = "unblocked"

	TokensRequired = "required" // IMDSv2 only
	TokensOptional = "optional" // IMDSv1 too
)

// AccountHardeningArgs are the arguments of NewAccountHardening. The zero value sets every default of the account and of
// the Region of its provider, and makes the support role.
type AccountHardeningArgs struct {
	// Regions are the covered Regions, with a provider each; *regions.Providers is one. The component itself is given
	// the provider of the home Region. Default: nil, only the Region of its own provider.
	Regions RegionProviders

	// NamePrefix begins the names of the roles: 3 to 38 lower-case letters, digits and single hyphens. Default:
	// PROJECT-STACK-NAME. A change replaces them.
	NamePrefix string

	// Weaken allows arguments that ask for less than the defaults; every preview says which. Default: false, they are
	// refused.
	Weaken bool

	// Existing are hardenings that somebody else sees to, such as a declarative policy of the organization: nothing is
	// declared for them. Default: none.
	Existing []Name

	// Adopt are hardenings that are imported, in every Region: the preview shows what is there and which of it changes.
	// Without it the first deployment overwrites what is there unseen. Default: none.
	Adopt []Name

	// MissingIn are hardenings that AWS refuses in a Region, by Region: they are not declared there. Default: none.
	MissingIn map[string][]Name

	// PasswordPolicy is for the passwords of IAM users. Default: 14 characters of all classes, 24 passwords remembered,
	// 90 days.
	PasswordPolicy PasswordPolicyArgs

	// OmitPublicAccessBlock leaves the account's S3 block public access as it is. It needs Weaken. Default: false.
	OmitPublicAccessBlock bool

	// AccountAlias replaces the account's number in the sign-in address: 3 to 63 lower-case letters, digits and single
	// hyphens, unique in all of AWS; not 12 digits. Default: none is set.
	AccountAlias string

	// OmitEBSEncryption leaves encryption by default of EBS volumes as it is. It needs Weaken. Default: false.
	OmitEBSEncryption bool

	// EBSKeys are the ARNs of the KMS keys by which new EBS volumes are encrypted, by Region of the key; no alias. Default: none, the key
	// that AWS manages.
	EBSKeys map[string]pulumi.StringInput

	// SnapshotPublicAccess is BlockAllSharing, or with Weaken BlockNewSharing or Unblocked. Default: BlockAllSharing.
	SnapshotPublicAccess string

	// ImagePublicAccess is BlockNewSharing, or with Weaken Unblocked. Default: BlockNewSharing.
	ImagePublicAccess string

	// InstanceMetadata is what new instances get. Default: IMDSv2 only, two hops.
	InstanceMetadata InstanceMetadataArgs

	// SerialConsole switches the EC2 serial console on. It needs Weaken. Default: false, it is switched off.
	SerialConsole bool

	// Contacts are the alternate contacts of the account. Not in partition aws-us-gov. Default: none are set.
	Contacts Contacts

	// OmitSupportRole leaves the role for AWS Support out. Default: false.
	OmitSupportRole bool

	// SupportRole says who may open cases with AWS Support. Default: whom the account allows, with MFA.
	SupportRole RoleArgs

	// AuditRole makes a role that reads the configuration of everything, and no data. Default: nil, there is none.
	AuditRole *RoleArgs

	// DefaultSecurityGroups are those to empty. Default: none.
	DefaultSecurityGroups DefaultSecurityGroupsArgs

	// Tags of every taggable resource, beside pulumi:project and pulumi:stack. Default: none.
	Tags pulumi.StringMapInput
}

// RegionProviders are the covered Regions and their providers.
type RegionProviders interface {
	// Covered are the covered Regions, the home Region among them.
	Covered() []string
	// For is the provider of a covered Region.
	For(region string) *aws.Provider
	// HomeRegion is where what exists once per account is called.
	HomeRegion() string
}

// PasswordPolicyArgs are what IAM asks of passwords
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html).
type PasswordPolicyArgs struct {
	// MinimumLength is the least number of characters, 6 to 128. Below 14 it needs Weaken. Default: 14.
	MinimumLength int
	// ReusePrevention is how many old passwords cannot be used again, 1 to 24. Below 24 it needs Weaken. Default: 24.
	ReusePrevention int
	// MaxAge is after how many days a password expires, 1 to 1095. Above 90 it needs Weaken. Default: 90.
	MaxAge int
	// NeverExpire lets passwords live for ever. It needs Weaken. Default: false.
	NeverExpire bool
	// HardExpiry keeps users with an expired password out until an administrator sets a new one. Default: false.
	HardExpiry bool
	// DenyOwnChange takes from users that they may change their own password. Default: false.
	DenyOwnChange bool
	// OmitLowercase, OmitUppercase, OmitNumbers and OmitSymbols let passwords do without such a character. Each needs
	// Weaken. Default: false.
	OmitLowercase, OmitUppercase, OmitNumbers, OmitSymbols bool
}

// InstanceMetadataArgs are the defaults of new instances, where their launch says nothing else
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html).
type InstanceMetadataArgs struct {
	// Tokens is TokensRequired, or with Weaken TokensOptional. Default: TokensRequired.
	Tokens string
	// HopLimit is how many network hops a token may take, 1 to 64; containers need 2. Above 2 it needs Weaken. Default: 2.
	HopLimit int
}

// Contacts are the alternate contacts, to whom AWS writes beside the owner of the account.
type Contacts struct {
	// Security gets security notices, such as those of AWS Trust & Safety. Default: none.
	Security *Contact
	// Billing gets invoices. Default: none.
	Billing *Contact
	// Operations gets notices on availability. Default: none.
	Operations *Contact
}

// Contact is an alternate contact; AWS takes it as a whole.
type Contact struct {
	// Name of the person or team, 1 to 64 characters. Required.
	Name string
	// Title of theirs, 1 to 50 characters. Required.
	Title string
	// Email is their address, at most 254 characters. Required.
	Email string
	// Phone is their number: 1 to 25 digits, spaces, and ( ) + -. Required.
	Phone string
}

// RoleArgs are the arguments of a role.
type RoleArgs struct {
	// Name of the role: 1 to 64 letters, digits, and + = , . @ _ -. A change replaces it. Default: from NamePrefix.
	Name string
	// Principals are the ARNs of the IAM roles and users, with their path, that may assume it, without further condition;
	// they can belong to other accounts. Their own policies have to allow it too. Default: none; whom the account
	// allows may assume it, with MFA.
	Principals []string
	// ExternalID is what Principals have to show, as AWS advises for other companies' scanners: 2 to 1224 letters,
	// digits, and + = , . @ : / _ -. Default: none.
	ExternalID string
}

// DefaultSecurityGroupsArgs say which default security groups lose all their rules.
type DefaultSecurityGroupsArgs struct {
	// VPCs are the ids of the VPCs whose groups are emptied, by Region. Default: none.
	VPCs map[string][]string
	// DefaultVPCs empties those of all default VPCs of the covered Regions. Default: false.
	DefaultVPCs bool
}

func (p PasswordPolicyArgs) minimumLength() int {
	return cmp.Or(p.MinimumLength, DefaultMinimumLength)
}

func (p PasswordPolicyArgs) reusePrevention() int {
	return cmp.Or(p.ReusePrevention, DefaultReusePrevention)
}

func (p PasswordPolicyArgs) maxAge() int { return cmp.Or(p.MaxAge, DefaultMaxAge) }

func (a *AccountHardeningArgs) snapshotPublicAccess() string {
	return cmp.Or(a.SnapshotPublicAccess, BlockAllSharing)
}

func (a *AccountHardeningArgs) imagePublicAccess() string {
	return cmp.Or(a.ImagePublicAccess, BlockNewSharing)
}

func (m InstanceMetadataArgs) tokens() string { return cmp.Or(m.Tokens, TokensRequired) }

func (m InstanceMetadataArgs) hopLimit() int { return cmp.Or(m.HopLimit, DefaultHopLimit) }
