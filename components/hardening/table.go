package hardening

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// Name is a hardening of the table.
type Name string

// The hardenings.
const (
	PasswordPolicy            Name = "password-policy"
	S3PublicAccess            Name = "s3-public-access"
	AccountAlias              Name = "account-alias"
	SecurityContact           Name = "security-contact"
	BillingContact            Name = "billing-contact"
	OperationsContact         Name = "operations-contact"
	SupportRole               Name = "support-role"
	AuditRole                 Name = "audit-role"
	EBSEncryption             Name = "ebs-encryption"
	EBSKey                    Name = "ebs-key"
	SnapshotPublicAccess      Name = "snapshot-public-access"
	ImagePublicAccess         Name = "image-public-access"
	InstanceMetadata          Name = "instance-metadata"
	SerialConsole             Name = "serial-console"
	EmptyDefaultSecurityGroup Name = "default-security-group"
)

// Scope is how often an account has something.
type Scope string

// The scopes.
const (
	PerAccount Scope = "account" // once, called in the home Region
	PerRegion  Scope = "Region"  // in every covered Region
	PerVPC     Scope = "VPC"     // in the named VPCs of covered Regions
)

// Where a hardening belongs, by the words of the setting profile.
const (
	everyProfile = "starter"
	fromStandard = "standard"
	onRequest    = "on request"
)

// Hardening is a row of the table: what is locked, how it is switched, and what that means for an account in use.
type Hardening struct {
	Name  Name
	Does  string // what it sets, by default
	Scope Scope
	// Switch is the field of AccountHardeningArgs, Setting the key below hardening.
	Switch, Setting string
	// From is the most modest profile that has it, or "on request".
	From string
	// CIS3, CIS5 and CIS7 are the recommendations of the CIS AWS Foundations Benchmark v3.0.0, v5.0.0 and v7.0.0;
	// SecurityHub the controls of Security Hub; SSB those of the AWS Startup Security Baseline.
	CIS3, CIS5, CIS7, SecurityHub, SSB []string
	// Breaks is what stops working in an account in use, "" when nothing does.
	Breaks string
	// Destroy is what destroying the stack, or no longer covering a Region, does.
	Destroy string
	// Stays says that this leaves the account as it is.
	Stays bool
	// Source is AWS's page on it.
	Source string

	feature  partition.Feature                        // what the partition must offer, "" is offered everywhere
	wanted   func(a *AccountHardeningArgs) bool       // whether the arguments ask for it
	weaker   func(a *AccountHardeningArgs) weakenings // what asks for less than the default; nil when nothing can
	importID func(b *builder) string                  // what it is imported under; nil when it cannot be
	declare  func(b *builder, region string, opts ...pulumi.ResourceOption) error
}

// Adoptable reports whether the hardening can be named in AccountHardeningArgs.Adopt.
func (h Hardening) Adoptable() bool { return h.importID != nil }

// Hardenings returns the table, in the order in which its rows are declared.
func Hardenings() []Hardening { return slices.Clone(table) }

func rowNamed(name Name) (Hardening, bool) {
	i := slices.IndexFunc(table, func(h Hardening) bool { return h.Name == name })
	if i < 0 {
		return Hardening{}, false
	}
	return table[i], true
}

func always(*AccountHardeningArgs) bool { return true }

func imported(id string) func(*builder) string { return func(*builder) string { return id } }

const ec2Guide = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"

// Control ids are those of https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html and
// https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-startup-security-baseline/welcome.html.
var table = []Hardening{
	{
		Name: PasswordPolicy, Scope: PerAccount, From: everyProfile, Switch: "PasswordPolicy", Setting: "passwordPolicy",
		Does: "passwords of IAM users: 14 characters of all classes, 24 remembered, 90 days",
		CIS3: []string{"1.8", "1.9"}, CIS5: []string{"1.7", "1.8"}, CIS7: []string{"2.8", "2.9"},
		SecurityHub: []string{"IAM.7", "IAM.11", "IAM.12", "IAM.13", "IAM.14", "IAM.15", "IAM.16", "IAM.17"}, SSB: []string{"ACCT.06"},
		Breaks:  "users whose password is older than 90 days have to change it at their next sign-in",
		Destroy: "AWS's default policy is back: 8 characters, three classes, no expiry",
		Source:  "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
		wanted:  always, weaker: weakerPasswords, importID: imported("iam-account-password-policy"), declare: (*builder).newPasswordPolicy,
	},
	{
		Name: S3PublicAccess, Scope: PerAccount, From: everyProfile, Switch: "OmitPublicAccessBlock", Setting: "s3.blockPublicAccess",
		Does: "no bucket and no access point of the account is public",
		CIS3: []string{"2.1.4"}, CIS5: []string{"2.1.4"}, CIS7: []string{"3.1.4"}, SecurityHub: []string{"S3.1"}, SSB: []string{"ACCT.08"},
		Breaks:  "public buckets, such as websites that are served from S3 without CloudFront",
		Destroy: "the block of the account is gone; those of the buckets stay",
		Source:  "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
		wanted:  func(a *AccountHardeningArgs) bool { return !a.OmitPublicAccessBlock }, weaker: weakerPublicAccess,
		importID: func(b *builder) string { return b.where.ID }, declare: (*builder).newPublicAccessBlock,
	},
	{
		Name: AccountAlias, Scope: PerAccount, From: onRequest, Switch: "AccountAlias", Setting: "accountAlias",
		Does:    "a name for the account in the sign-in address",
		Breaks:  "sign-in addresses with an earlier alias",
		Destroy: "the alias is gone, and free for others",
		Source:  "https://docs.aws.amazon.com/IAM/latest/UserGuide/console_account-alias.html",
		wanted:  func(a *AccountHardeningArgs) bool { return a.AccountAlias != "" },
		// Imported under the alias itself.
		importID: func(b *builder) string { return b.args.AccountAlias }, declare: (*builder).newAccountAlias,
	},
	contactRow(SecurityContact, "Security", "security", "security notices",
		[]string{"1.2"}, []string{"1.2"}, []string{"2.3"}, []string{"Account.1"}),
	contactRow(BillingContact, "Billing", "billing", "invoices", []string{"1.1"}, []string{"1.1"}, []string{"2.2"}, nil),
	contactRow(OperationsContact, "Operations", "operations", "notices on availability", []string{"1.1"}, []string{"1.1"}, []string{"2.2"}, nil),
	{
		Name: SupportRole, Scope: PerAccount, From: fromStandard, Switch: "OmitSupportRole", Setting: "supportRole",
		Does: "a role that opens cases with AWS Support",
		CIS3: []string{"1.17"}, CIS5: []string{"1.16"}, CIS7: []string{"2.15"}, SecurityHub: []string{"IAM.18"},
		Destroy: "the role is gone",
		Source:  "https://docs.aws.amazon.com/awssupport/latest/user/accessing-support.html",
		wanted:  func(a *AccountHardeningArgs) bool { return !a.OmitSupportRole }, declare: (*builder).newSupportRole,
	},
	{
		Name: AuditRole, Scope: PerAccount, From: onRequest, Switch: "AuditRole", Setting: "auditRole",
		Does:    "a role that reads the configuration of everything, and no data",
		Destroy: "the role is gone",
		Source:  "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html",
		wanted:  func(a *AccountHardeningArgs) bool { return a.AuditRole != nil }, declare: (*builder).newAuditRole,
	},
	{
		Name: EBSEncryption, Scope: PerRegion, From: everyProfile, Switch: "OmitEBSEncryption", Setting: "ebs.encryptionByDefault",
		Does: "new EBS volumes and copies of snapshots are encrypted",
		CIS3: []string{"2.2.1"}, CIS5: []string{"5.1.1"}, CIS7: []string{"6.1.1"}, SecurityHub: []string{"EC2.7"}, SSB: []string{"WKLD.08"},
		Breaks:  "sharing of new snapshots and AMIs with other accounts, which cannot use the key that AWS manages; launches of old instance types that cannot encrypt",
		Destroy: "new volumes are no longer encrypted; existing ones stay so",
		Source:  "https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html",
		wanted:  func(a *AccountHardeningArgs) bool { return !a.OmitEBSEncryption }, weaker: weakerEncryption,
		importID: imported("default"), declare: (*builder).newEBSEncryption,
	},
	{
		Name: EBSKey, Scope: PerRegion, From: onRequest, Switch: "EBSKeys", Setting: "ebs.keys",
		Does:    "new EBS volumes are encrypted by a given key",
		Breaks:  "launches by those who may not use the key, such as Auto Scaling without a grant",
		Destroy: "new volumes are encrypted by the key that AWS manages; existing ones keep theirs",
		Source:  "https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html",
		wanted:  func(a *AccountHardeningArgs) bool { return len(a.EBSKeys) > 0 }, declare: (*builder).newEBSKey,
	},
	{
		Name: SnapshotPublicAccess, Scope: PerRegion, From: everyProfile, Switch: "SnapshotPublicAccess", Setting: "ebs.snapshotBlockPublicAccess",
		Does:        "no EBS snapshot is public, those that were shared before included",
		SecurityHub: []string{"EC2.1", "EC2.182"},
		Breaks:      "snapshots that are public on purpose",
		Destroy:     "snapshots can be shared publicly again, and those that were before are public at once",
		Source:      "https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html",
		// The provider takes no state "unblocked"; without the resource AWS's own is the same.
		wanted: func(a *AccountHardeningArgs) bool { return a.snapshotPublicAccess() != Unblocked },
		weaker: weakerSnapshots, importID: imported("default"), declare: (*builder).newSnapshotBlock,
	},
	{
		Name: ImagePublicAccess, Scope: PerRegion, From: everyProfile, Switch: "ImagePublicAccess", Setting: "images.blockPublicAccess",
		Does:    "no AMI becomes public; those that are stay so",
		Breaks:  "publishing of AMIs",
		Destroy: "the block stays, in every Region: aws ec2 disable-image-block-public-access takes it away", Stays: true,
		Source: ec2Guide + "sharingamis-intro.html#block-public-access-to-amis",
		wanted: always, weaker: weakerImages, declare: (*builder).newImageBlock,
	},
	{
		Name: InstanceMetadata, Scope: PerRegion, From: everyProfile, Switch: "InstanceMetadata", Setting: "instanceMetadata",
		Does: "new instances take IMDSv2 only, two hops, where their launch says nothing else",
		CIS3: []string{"5.6"}, CIS5: []string{"5.7"}, SecurityHub: []string{"EC2.8"},
		Breaks:  "new instances with software that speaks IMDSv1 only",
		Destroy: "there are no defaults any more; instances keep what they have",
		Source:  ec2Guide + "configuring-IMDS-new-instances.html",
		wanted:  always, weaker: weakerMetadata, declare: (*builder).newMetadataDefaults,
	},
	{
		Name: SerialConsole, Scope: PerRegion, From: everyProfile, Switch: "SerialConsole", Setting: "serialConsole.enabled",
		Does:    "the EC2 serial console is switched off, as in a new account",
		Breaks:  "repairs of instances that do not boot, until it is switched on",
		Destroy: "the console is switched off",
		Source:  ec2Guide + "configure-access-to-serial-console.html",
		wanted:  always, weaker: weakerConsole, importID: imported("default"), declare: (*builder).newSerialConsole,
	},
	{
		Name: EmptyDefaultSecurityGroup, Scope: PerVPC, From: onRequest, Switch: "DefaultSecurityGroups", Setting: "defaultSecurityGroups",
		Does: "the default security group of a VPC has no rules",
		CIS3: []string{"5.4"}, CIS5: []string{"5.5"}, CIS7: []string{"6.5"}, SecurityHub: []string{"EC2.2"}, SSB: []string{"WKLD.11"},
		Breaks:  "whatever was launched without a security group of its own loses its network, at once",
		Destroy: "the groups stay empty: AWS does not keep the rules that they had", Stays: true,
		Source: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
		wanted: func(a *AccountHardeningArgs) bool {
			return a.DefaultSecurityGroups.DefaultVPCs || len(a.DefaultSecurityGroups.VPCs) > 0
		},
		declare: (*builder).emptyDefaultGroups,
	},
}
