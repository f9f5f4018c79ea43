package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// allHardenings are the names of the table.
func allHardenings() string {
	var names []string
	for _, row := range hardening.Hardenings() {
		names = append(names, string(row.Name))
	}
	return strings.Join(names, ", ")
}

func TestHardeningArgsAreRefused(t *testing.T) {
	type (
		passwords = hardening.PasswordPolicyArgs
		metadata  = hardening.InstanceMetadataArgs
		role      = hardening.RoleArgs
		groups    = hardening.DefaultSecurityGroupsArgs
		names     = []hardening.Name
	)
	contact := func(change func(c *hardening.Contact)) hardeningArgs {
		c := &hardening.Contact{Name: "CSIRT", Title: "Team", Email: "csirt@example.com", Phone: "+81 3 1234 5678"}
		change(c)
		return hardeningArgs{Contacts: hardening.Contacts{Billing: c}}
	}
	principals := func(n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprintf("arn:aws:iam::%s:role/operators/of-the-night/number-%03d", accountID, i))
		}
		return all
	}
	const operator = "arn:aws:iam::123456789012:role/team/operator"
	keys := func(arn string) hardeningArgs {
		return hardeningArgs{EBSKeys: map[string]pulumi.StringInput{"eu-west-1": pulumi.String(arn)}}
	}
	for _, row := range []struct {
		args hardeningArgs
		want string
	}{
		{hardeningArgs{NamePrefix: "Upper"}, `field NamePrefix: "Upper" may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit`},
		{hardeningArgs{Existing: names{"passwords"}}, `field Existing[0]: "passwords" is no hardening; there are ` + allHardenings()},
		{hardeningArgs{Existing: names{"ebs-encryption", "ebs-encryption"}}, `field Existing[1]: ebs-encryption is in the list already; remove one of them`},
		{hardeningArgs{Existing: names{"account-alias"}}, `field Existing[0]: account-alias is on request only; leave out AccountAlias instead`},
		{hardeningArgs{Adopt: names{"passwords"}}, `field Adopt[0]: "passwords" is no hardening; there are ` + allHardenings()},
		{hardeningArgs{Adopt: names{"password-policy", "password-policy"}}, `field Adopt[1]: password-policy is in the list already; remove one of them`},
		{hardeningArgs{Adopt: names{"password-policy"}, Existing: names{"password-policy"}}, `field Adopt[0]: password-policy is in Existing too, which stays unmanaged; leave out one of them`},
		{hardeningArgs{Adopt: names{"image-public-access"}}, `field Adopt[0]: image-public-access cannot be imported; leave it out, the first deployment takes it over`},
		{hardeningArgs{Adopt: names{"account-alias"}}, `field Adopt[0]: account-alias is not asked for; set AccountAlias, or leave it out`},
		{hardeningArgs{MissingIn: map[string]names{"eu-west-1": {"console"}}}, `field MissingIn["eu-west-1"][0]: "console" is no hardening; there are ` + allHardenings()},
		{hardeningArgs{MissingIn: map[string]names{"eu-west-1": {"password-policy"}}}, `field MissingIn["eu-west-1"][0]: password-policy does not exist per Region; leave it out`},
		{hardeningArgs{MissingIn: map[string]names{"us-east-1": {"serial-console"}}}, `field MissingIn["us-east-1"]: the Region is not covered; covered are ap-northeast-1, eu-west-1`},
		{hardeningArgs{PasswordPolicy: passwords{MinimumLength: 5}, Weaken: true}, `field PasswordPolicy.MinimumLength: 5 is not between 6 and 128`},
		{hardeningArgs{PasswordPolicy: passwords{MinimumLength: 129}}, `field PasswordPolicy.MinimumLength: 129 is not between 6 and 128`},
		{hardeningArgs{PasswordPolicy: passwords{ReusePrevention: 25}}, `field PasswordPolicy.ReusePrevention: 25 is not between 1 and 24`},
		{hardeningArgs{PasswordPolicy: passwords{MaxAge: 1096}, Weaken: true}, `field PasswordPolicy.MaxAge: 1096 is not between 1 and 1095`},
		{hardeningArgs{PasswordPolicy: passwords{MaxAge: 30, NeverExpire: true}, Weaken: true}, `field PasswordPolicy.MaxAge: has no effect with NeverExpire; leave one of them out`},
		{hardeningArgs{PasswordPolicy: passwords{HardExpiry: true, NeverExpire: true}, Weaken: true}, `field PasswordPolicy.HardExpiry: has no effect with NeverExpire; leave one of them out`},
		{hardeningArgs{PasswordPolicy: passwords{MinimumLength: 8}}, `field PasswordPolicy.MinimumLength: 8 is below 14; change it, or set Weaken`},
		{hardeningArgs{PasswordPolicy: passwords{ReusePrevention: 5}}, `field PasswordPolicy.ReusePrevention: 5 is below 24; change it, or set Weaken`},
		{hardeningArgs{PasswordPolicy: passwords{MaxAge: 91}}, `field PasswordPolicy.MaxAge: 91 days are more than 90; change it, or set Weaken`},
		{hardeningArgs{PasswordPolicy: passwords{NeverExpire: true}}, `field PasswordPolicy.NeverExpire: passwords live for ever, not 90 days; change it, or set Weaken`},
		{hardeningArgs{PasswordPolicy: passwords{OmitLowercase: true}}, `field PasswordPolicy.OmitLowercase: passwords need no lower-case letter; change it, or set Weaken`},
		{hardeningArgs{PasswordPolicy: passwords{OmitUppercase: true}}, `field PasswordPolicy.OmitUppercase: passwords need no upper-case letter; change it, or set Weaken`},
		{hardeningArgs{PasswordPolicy: passwords{OmitNumbers: true}}, `field PasswordPolicy.OmitNumbers: passwords need no digit; change it, or set Weaken`},
		{hardeningArgs{PasswordPolicy: passwords{OmitSymbols: true}}, `field PasswordPolicy.OmitSymbols: passwords need no symbol; change it, or set Weaken`},
		{hardeningArgs{OmitPublicAccessBlock: true}, `field OmitPublicAccessBlock: buckets can be public; change it, or set Weaken`},
		{hardeningArgs{OmitEBSEncryption: true}, `field OmitEBSEncryption: new EBS volumes can be unencrypted; change it, or set Weaken`},
		{hardeningArgs{SnapshotPublicAccess: "block-new-sharing"}, `field SnapshotPublicAccess: "block-new-sharing" is less than "block-all-sharing"; change it, or set Weaken`},
		{hardeningArgs{SnapshotPublicAccess: "all", Weaken: true}, `field SnapshotPublicAccess: "all" is none of block-all-sharing, block-new-sharing, unblocked`},
		{hardeningArgs{ImagePublicAccess: "unblocked"}, `field ImagePublicAccess: "unblocked" is less than "block-new-sharing"; change it, or set Weaken`},
		{hardeningArgs{ImagePublicAccess: "block-all-sharing", Weaken: true}, `field ImagePublicAccess: "block-all-sharing" is none of block-new-sharing, unblocked`},
		{hardeningArgs{InstanceMetadata: metadata{Tokens: "optional"}}, `field InstanceMetadata.Tokens: "optional" is less than "required"; change it, or set Weaken`},
		{hardeningArgs{InstanceMetadata: metadata{Tokens: "no-preference"}, Weaken: true}, `field InstanceMetadata.Tokens: "no-preference" is none of required, optional`},
		{hardeningArgs{InstanceMetadata: metadata{HopLimit: 3}}, `field InstanceMetadata.HopLimit: 3 hops are more than 2; change it, or set Weaken`},
		{hardeningArgs{InstanceMetadata: metadata{HopLimit: 65}, Weaken: true}, `field InstanceMetadata.HopLimit: 65 is not between 1 and 64`},
		{hardeningArgs{SerialConsole: true}, `field SerialConsole: the serial console can be used; change it, or set Weaken`},
		{hardeningArgs{AccountAlias: "Example"}, `field AccountAlias: "Example" is no account alias: 3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends, not 12 digits`},
		{hardeningArgs{AccountAlias: "ex--ample"}, `field AccountAlias: "ex--ample" is no account alias: 3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends, not 12 digits`},
		{hardeningArgs{AccountAlias: "123456789012"}, `field AccountAlias: "123456789012" is no account alias: 3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends, not 12 digits`},
		{keys("alias/ebs"), `field EBSKeys["eu-west-1"]: "alias/ebs" is not the ARN of a KMS key of that Region; keys work in their own Region only, and an alias is refused`},
		{keys("arn:aws:kms:us-east-1:123456789012:key/1234"), `field EBSKeys["eu-west-1"]: "arn:aws:kms:us-east-1:123456789012:key/1234" is not the ARN of a KMS key of that Region; keys work in their own Region only, and an alias is refused`},
		{keys("arn:aws-cn:kms:eu-west-1:123456789012:key/1234"), `field EBSKeys["eu-west-1"]: "arn:aws-cn:kms:eu-west-1:123456789012:key/1234" is not the ARN of a KMS key of that Region; keys work in their own Region only, and an alias is refused`},
		{hardeningArgs{EBSKeys: map[string]pulumi.StringInput{"eu-west-1": nil}}, `field EBSKeys["eu-west-1"]: it is nil; give the ARN of a key, or leave the Region out`},
		{hardeningArgs{EBSKeys: map[string]pulumi.StringInput{"us-east-1": pulumi.String("arn:aws:kms:us-east-1:123456789012:key/1234")}}, `field EBSKeys["us-east-1"]: the Region is not covered; covered are ap-northeast-1, eu-west-1`},
		{hardeningArgs{OmitEBSEncryption: true, Weaken: true, EBSKeys: map[string]pulumi.StringInput{"eu-west-1": pulumi.String("arn:aws:kms:eu-west-1:123456789012:key/1234")}},
			`field EBSKeys: a key has no effect without encryption by default; leave it or OmitEBSEncryption out`},
		{contact(func(c *hardening.Contact) { c.Name = " " }), `field Contacts.Billing.Name: 0 characters are given, 1 to 64 are possible`},
		{contact(func(c *hardening.Contact) { c.Title = strings.Repeat("x", 51) }), `field Contacts.Billing.Title: 51 characters are given, 1 to 50 are possible`},
		{contact(func(c *hardening.Contact) { c.Email = "ops@" }), `field Contacts.Billing.Email: "ops@" is not an e-mail address of at most 254 characters`},
		{contact(func(c *hardening.Contact) { c.Phone = "call me" }), `field Contacts.Billing.Phone: "call me" is not a phone number: 1 to 25 digits, spaces and ()+-`},
		{hardeningArgs{OmitSupportRole: true, SupportRole: role{Name: "Support"}}, `field SupportRole: has no effect with OmitSupportRole; leave one of them out`},
		{hardeningArgs{SupportRole: role{Name: "a b"}}, `field SupportRole.Name: "a b" is no role name: 1 to 64 letters, digits and +=,.@_-`},
		{hardeningArgs{SupportRole: role{Name: "a"}, AuditRole: &role{Name: "a"}}, `field AuditRole.Name: "a" is the name of the support role; rename one of them`},
		{hardeningArgs{SupportRole: role{Principals: []string{"operator"}}}, `field SupportRole.Principals[0]: "operator" is not the ARN of an IAM role or user with its path`},
		{hardeningArgs{AuditRole: &role{Principals: []string{"arn:aws:iam::123456789012:role/*"}}}, `field AuditRole.Principals[0]: "arn:aws:iam::123456789012:role/*" is not the ARN of an IAM role or user with its path`},
		{hardeningArgs{AuditRole: &role{Principals: []string{operator, operator}}}, `field AuditRole.Principals[1]: "` + operator + `" is AuditRole.Principals[0] already; remove one of them`},
		{hardeningArgs{AuditRole: &role{Principals: []string{"arn:aws-cn:iam::123456789012:role/x"}}}, `field AuditRole.Principals[0]: "arn:aws-cn:iam::123456789012:role/x" is of another partition than aws`},
		{hardeningArgs{AuditRole: &role{ExternalID: "x1"}}, `field AuditRole.ExternalID: has no effect without Principals; name them`},
		{hardeningArgs{AuditRole: &role{Principals: []string{operator}, ExternalID: "x"}}, `field AuditRole.ExternalID: "x" is no external id: 2 to 1224 letters, digits and +=,.@:/_-`},
		{hardeningArgs{DefaultSecurityGroups: groups{VPCs: map[string][]string{"eu-west-1": {"sg-1"}}}}, `field DefaultSecurityGroups.VPCs["eu-west-1"][0]: "sg-1" is no VPC id, such as vpc-0123456789abcdef0`},
		{hardeningArgs{DefaultSecurityGroups: groups{VPCs: map[string][]string{"eu-west-1": {someVPC, someVPC}}}}, `field DefaultSecurityGroups.VPCs["eu-west-1"][1]: "` + someVPC + `" is in the list already; remove one of them`},
		{hardeningArgs{DefaultSecurityGroups: groups{VPCs: map[string][]string{"us-east-1": {someVPC}}}}, `field DefaultSecurityGroups.VPCs["us-east-1"]: the Region is not covered; covered are ap-northeast-1, eu-west-1`},
	} {
		t.Run(row.want, func(t *testing.T) {
			var refused error
			d, _ := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
				_, refused = hardenRegions(ctx, []string{"ap-northeast-1", "eu-west-1"}, row.args)
				return refused
			})
			assert.EqualError(t, refused, `account hardening "locks": `+row.want)
			assert.Empty(t, d.ByType(hardeningType))
		})
	}
	t.Run("a trust policy that is too long", func(t *testing.T) {
		d, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			_, err := hardening.NewAccountHardening(ctx, "locks", &hardeningArgs{SupportRole: role{Principals: principals(40)}})
			return err
		})
		assert.ErrorContains(t, err, `account hardening "locks": field SupportRole.Principals: 40 principals make a trust policy of 2889 characters, IAM takes 2048; name fewer`)
		assert.Empty(t, d.ByType(hubRoleType))
	})
}

// TestAllProblemsOfHardeningAreToldAtOnce: and by Validate alone too.
func TestAllProblemsOfHardeningAreToldAtOnce(t *testing.T) {
	args := hardeningArgs{NamePrefix: "x", AccountAlias: "y", SerialConsole: true}
	assert.EqualError(t, args.Validate(), "field NamePrefix: \"x\" is shorter than 3 characters, the least for a bucket or trail\n"+
		"field AccountAlias: \"y\" is no account alias: 3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends, not 12 digits\n"+
		"field SerialConsole: the serial console can be used; change it, or set Weaken")
	assert.NoError(t, (&hardeningArgs{}).Validate())
	everything := everyHardening("aws", []string{"ap-northeast-1"})
	assert.NoError(t, everything.Validate())
}

// TestHardeningOfOneRegionIsRefusedToo: where no Regions are given, AWS tells which one it is.
func TestHardeningOfOneRegionIsRefusedToo(t *testing.T) {
	for want, args := range map[string]hardeningArgs{
		`field Contacts.Security: partition aws-us-gov has no alternate contacts of the account; leave it out`: {
			Contacts: hardening.Contacts{Security: &hardening.Contact{Name: "CSIRT", Title: "Team", Email: "csirt@example.com", Phone: "1"}},
		},
		`field DefaultSecurityGroups.VPCs["us-gov-east-1"]: the Region is not covered; covered are us-gov-west-1`: {
			DefaultSecurityGroups: hardening.DefaultSecurityGroupsArgs{VPCs: map[string][]string{"us-gov-east-1": {someVPC}}},
		},
	} {
		d, err := testkit.RunErr(t, testkit.Options{Partition: "aws-us-gov"}, func(ctx *pulumi.Context) error {
			_, err := hardening.NewAccountHardening(ctx, "locks", &args)
			return err
		})
		assert.ErrorContains(t, err, `account hardening "locks": `+want)
		for _, r := range d.All() {
			assert.False(t, r.Custom, r.URN)
		}
	}
	_, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		providers, err := regions.NewProviders(ctx, regions.Set{Home: "eu-west-1", Covered: []string{"eu-west-1"}}, aws.ProviderArgs{})
		if err != nil {
			return err
		}
		_, err = hardening.NewAccountHardening(ctx, "locks", &hardeningArgs{Regions: providers})
		return err
	})
	assert.ErrorContains(t, err, `account hardening "locks": field Regions: the home Region is eu-west-1, but the provider of the component works in ap-northeast-1; give the component the home Region's provider`)
}

// TestWeakeningIsSaidAtEveryPreview: what asks for less than the defaults is allowed by one word, and said each time.
func TestWeakeningIsSaidAtEveryPreview(t *testing.T) {
	args := hardeningArgs{
		Weaken: true, OmitPublicAccessBlock: true, OmitEBSEncryption: true, SnapshotPublicAccess: hardening.Unblocked, ImagePublicAccess: hardening.Unblocked, SerialConsole: true,
		PasswordPolicy: hardening.PasswordPolicyArgs{
			MinimumLength: 8, ReusePrevention: 5, NeverExpire: true, OmitLowercase: true, OmitUppercase: true, OmitNumbers: true, OmitSymbols: true,
		},
		InstanceMetadata: hardening.InstanceMetadataArgs{Tokens: hardening.TokensOptional, HopLimit: 3},
	}
	said := args.Weakenings()
	assert.Len(t, said, 14)
	preview := harden(t, testkit.Options{DryRun: true}, &args).Logs("warning")
	var want []string
	for _, weakening := range said {
		want = append(want, `account hardening "locks" asks for less than the baseline: `+weakening)
	}
	assert.Equal(t, want, preview)
	assert.Empty(t, harden(t, testkit.Options{}, &args).Logs("warning"))

	stricter := hardeningArgs{
		PasswordPolicy:   hardening.PasswordPolicyArgs{MinimumLength: 30, MaxAge: 30, HardExpiry: true, DenyOwnChange: true},
		InstanceMetadata: hardening.InstanceMetadataArgs{HopLimit: 1},
	}
	assert.Empty(t, stricter.Weakenings())
	assert.NoError(t, stricter.Validate())

	theirs := args
	theirs.Weaken = false
	for _, row := range hardening.Hardenings() {
		if row.From != "on request" {
			theirs.Existing = append(theirs.Existing, row.Name)
		}
	}
	assert.Empty(t, theirs.Weakenings(), "what somebody else sees to is not ours to weaken")
}
