package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/components/regions"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	hardeningType        = "account-baseline:index:AccountHardening"
	passwordPolicyType   = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"
	accountAliasType     = "aws:iam/accountAlias:AccountAlias"
	accountPublicType    = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
	alternateContactType = "aws:account/alternativeContact:AlternativeContact"
	ebsEncryptionType    = "aws:ebs/encryptionByDefault:EncryptionByDefault"
	ebsKeyType           = "aws:ebs/defaultKmsKey:DefaultKmsKey"
	snapshotBlockType    = "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess"
	imageBlockType       = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess"
	metadataDefaultsType = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults"
	serialConsoleType    = "aws:ec2/serialConsoleAccess:SerialConsoleAccess"
	defaultGroupType     = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"

	lockedPrefix = "account-baseline-dev-locks"
	someVPC      = "vpc-0123456789abcdef0"
)

type (
	hardeningArgs = hardening.AccountHardeningArgs
	inputs        = map[string]any
)

// regionalTypes are those that every covered Region has one of.
var regionalTypes = []string{ebsEncryptionType, snapshotBlockType, imageBlockType, metadataDefaultsType, serialConsoleType}

// harden deploys a component named locks in the Region of the default provider.
func harden(t testing.TB, o testkit.Options, args *hardeningArgs, opts ...pulumi.ResourceOption) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		_, err := hardening.NewAccountHardening(ctx, "locks", args, opts...)
		return err
	})
}

// hardenRegions deploys it in several Regions, home first.
func hardenRegions(ctx *pulumi.Context, covered []string, args hardeningArgs) (*hardening.AccountHardening, error) {
	providers, err := regions.NewProviders(ctx, regions.Set{Home: covered[0], Covered: covered}, aws.ProviderArgs{})
	if err != nil {
		return nil, err
	}
	args.Regions = providers
	return hardening.NewAccountHardening(ctx, "locks", &args, pulumi.Provider(providers.Home()))
}

// everyHardening are arguments that make every kind of resource, home Region first.
func everyHardening(partition string, covered []string) hardeningArgs {
	contact := &hardening.Contact{Name: "On call", Title: "Team", Email: "ops@example.com", Phone: "+81 3 1234 5678"}
	args := hardeningArgs{
		AccountAlias:          "example-production",
		EBSKeys:               map[string]pulumi.StringInput{covered[0]: pulumi.String("arn:" + partition + ":kms:" + covered[0] + ":" + accountID + ":key/1234")},
		Contacts:              hardening.Contacts{Security: contact, Billing: contact, Operations: contact},
		AuditRole:             &hardening.RoleArgs{Principals: []string{"arn:" + partition + ":iam::" + foreignAccount + ":role/scanners/prowler"}, ExternalID: "prowler-1"},
		DefaultSecurityGroups: hardening.DefaultSecurityGroupsArgs{VPCs: map[string][]string{covered[0]: {someVPC}}, DefaultVPCs: true},
		Tags:                  pulumi.StringMap{"team": pulumi.String("security")},
	}
	if partition == "aws-us-gov" {
		args.Contacts = hardening.Contacts{}
	}
	return args
}

func TestHardeningIsWellBehaved(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		args := everyHardening(o.Partition, []string{otherRegion(o.Partition)})
		wellBehaved(t, o, hardeningType, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
			_, err := hardening.NewAccountHardening(ctx, "locks", &args, provider)
			return err
		})
	})
}

// TestHardeningNeedsNothingButAName: somebody else's stack, whose names are not fit for AWS, and no configuration. What it
// sets is the benchmark, to the letter.
func TestHardeningNeedsNothingButAName(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		o.Project, o.Stack = "Web_Shop", "Production.EU-of-the-year-two-thousand"
		d := harden(t, o, nil)
		d.AllTagged(nil)
		d.AllNamedAfter(d.Only(hardeningType))
		assert.Empty(t, d.Logs("warning"))
		assert.Empty(t, d.Logs("info"))
		home := homeOf(o)
		for typ, want := range map[string]inputs{
			passwordPolicyType: {
				"minimumPasswordLength": 14.0, "passwordReusePrevention": 24.0, "maxPasswordAge": 90.0, "hardExpiry": false, "allowUsersToChangePassword": true,
				"requireLowercaseCharacters": true, "requireUppercaseCharacters": true, "requireNumbers": true, "requireSymbols": true,
			},
			accountPublicType:    {"blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true},
			ebsEncryptionType:    {"enabled": true},
			snapshotBlockType:    {"state": "block-all-sharing"},
			imageBlockType:       {"state": "block-new-sharing"},
			metadataDefaultsType: {"httpTokens": "required", "httpPutResponseHopLimit": 2.0},
			serialConsoleType:    {"enabled": false},
		} {
			assert.Equal(t, want, d.Only(typ).Inputs, typ)
		}
		assert.Equal(t, "arn:"+o.Partition+":iam::aws:policy/AWSSupportAccess", d.Only(roleAttachmentType).String("policyArn"))
		for _, typ := range []string{accountAliasType, alternateContactType, ebsKeyType, defaultGroupType} {
			assert.Empty(t, d.ByType(typ), typ)
		}
		for _, r := range d.All() {
			assert.Empty(t, r.Provider, r.URN)
			assert.False(t, r.Protect || r.RetainOnDelete, r.URN)
			if !r.Custom || r.Type == hubRoleType || r.Type == roleAttachmentType {
				continue
			}
			if strings.HasPrefix(r.Type, "aws:ec2/") || strings.HasPrefix(r.Type, "aws:ebs/") {
				assert.True(t, strings.HasSuffix(r.Name, "-"+home), "covering further Regions must rename nothing: %s", r.URN)
			}
		}
	})
}

// TestEveryRegionIsHardened: each covered Region has each lock, made by its own provider, and the account's are made once.
func TestEveryRegionIsHardened(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		covered := regionsOf(o.Partition)
		d := testkit.Run(t, o, func(ctx *pulumi.Context) error {
			_, err := hardenRegions(ctx, covered, everyHardening(o.Partition, covered))
			return err
		})
		further := make([]string, len(covered))
		for i, region := range covered {
			further[i] = "aws-" + region
		}
		d.AllUseProviderOf(d.Only(hardeningType), further...)
		for _, typ := range append([]string{}, regionalTypes...) {
			in := map[string]bool{}
			for _, r := range d.ByType(typ) {
				in[r.Region] = true
				assert.True(t, strings.HasSuffix(r.Name, "-"+r.Region), r.URN)
			}
			for _, region := range covered {
				assert.True(t, in[region], "%s is missing in %s", typ, region)
			}
			assert.Len(t, d.ByType(typ), len(covered), typ)
		}
		for _, typ := range []string{passwordPolicyType, accountPublicType, accountAliasType, ebsKeyType} {
			assert.Equal(t, covered[0], d.Only(typ).Region, typ)
		}
		assert.Len(t, d.ByType(defaultGroupType), len(covered)+1)
	})
}

// TestHardeningSaysWhatTheArgumentsSay: each argument changes its own input.
func TestHardeningSaysWhatTheArgumentsSay(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		for _, row := range []struct {
			what  string
			args  hardeningArgs
			typ   string
			input string
			want  any
		}{
			{"length", hardeningArgs{PasswordPolicy: hardening.PasswordPolicyArgs{MinimumLength: 20}}, passwordPolicyType, "minimumPasswordLength", 20.0},
			{"age", hardeningArgs{PasswordPolicy: hardening.PasswordPolicyArgs{MaxAge: 30}}, passwordPolicyType, "maxPasswordAge", 30.0},
			{"hard expiry", hardeningArgs{PasswordPolicy: hardening.PasswordPolicyArgs{HardExpiry: true}}, passwordPolicyType, "hardExpiry", true},
			{"own change", hardeningArgs{PasswordPolicy: hardening.PasswordPolicyArgs{DenyOwnChange: true}}, passwordPolicyType, "allowUsersToChangePassword", false},
			{"for ever", hardeningArgs{Weaken: true, PasswordPolicy: hardening.PasswordPolicyArgs{NeverExpire: true}}, passwordPolicyType, "maxPasswordAge", 0.0},
			{"reuse", hardeningArgs{Weaken: true, PasswordPolicy: hardening.PasswordPolicyArgs{ReusePrevention: 5}}, passwordPolicyType, "passwordReusePrevention", 5.0},
			{"lowercase", hardeningArgs{Weaken: true, PasswordPolicy: hardening.PasswordPolicyArgs{OmitLowercase: true}}, passwordPolicyType, "requireLowercaseCharacters", false},
			{"uppercase", hardeningArgs{Weaken: true, PasswordPolicy: hardening.PasswordPolicyArgs{OmitUppercase: true}}, passwordPolicyType, "requireUppercaseCharacters", false},
			{"numbers", hardeningArgs{Weaken: true, PasswordPolicy: hardening.PasswordPolicyArgs{OmitNumbers: true}}, passwordPolicyType, "requireNumbers", false},
			{"symbols", hardeningArgs{Weaken: true, PasswordPolicy: hardening.PasswordPolicyArgs{OmitSymbols: true}}, passwordPolicyType, "requireSymbols", false},
			{"snapshots", hardeningArgs{Weaken: true, SnapshotPublicAccess: hardening.BlockNewSharing}, snapshotBlockType, "state", "block-new-sharing"},
			{"images", hardeningArgs{Weaken: true, ImagePublicAccess: hardening.Unblocked}, imageBlockType, "state", "unblocked"},
			{"tokens", hardeningArgs{Weaken: true, InstanceMetadata: hardening.InstanceMetadataArgs{Tokens: hardening.TokensOptional}}, metadataDefaultsType, "httpTokens", "optional"},
			{"hops", hardeningArgs{InstanceMetadata: hardening.InstanceMetadataArgs{HopLimit: 1}}, metadataDefaultsType, "httpPutResponseHopLimit", 1.0},
			{"console", hardeningArgs{Weaken: true, SerialConsole: true}, serialConsoleType, "enabled", true},
			{"alias", hardeningArgs{AccountAlias: "example"}, accountAliasType, "accountAlias", "example"},
			{"support role", hardeningArgs{SupportRole: hardening.RoleArgs{Name: "Support"}}, hubRoleType, "name", "Support"},
		} {
			t.Run(row.what, func(t *testing.T) {
				d := harden(t, testkit.Options{DryRun: m.DryRun}, &row.args)
				assert.Equal(t, row.want, d.Only(row.typ).Get(row.input))
			})
		}
		d := harden(t, testkit.Options{DryRun: m.DryRun}, &hardeningArgs{Weaken: true, OmitPublicAccessBlock: true, OmitEBSEncryption: true, OmitSupportRole: true})
		for _, typ := range []string{accountPublicType, ebsEncryptionType, hubRoleType, roleAttachmentType} {
			assert.Empty(t, d.ByType(typ), typ)
		}
	})
}

func TestContactsAreWhatWasGiven(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		d := harden(t, testkit.Options{DryRun: m.DryRun}, &hardeningArgs{Contacts: hardening.Contacts{
			Security: &hardening.Contact{Name: "CSIRT ", Title: "Duty officer", Email: "csirt@example.com", Phone: "+81 3 1234 5678"},
		}})
		assert.Equal(t, inputs{
			"alternateContactType": "SECURITY", "name": "CSIRT", "title": "Duty officer", "emailAddress": "csirt@example.com", "phoneNumber": "+81 3 1234 5678",
		}, d.Only(alternateContactType).Inputs)
	})
}

// TestExistingHardeningsAreLeftAlone: each row of the table that is not on request can be somebody else's.
func TestExistingHardeningsAreLeftAlone(t *testing.T) {
	all := harden(t, testkit.Options{}, nil)
	for _, row := range hardening.Hardenings() {
		if row.From == "on request" {
			continue
		}
		d := harden(t, testkit.Options{}, &hardeningArgs{Existing: []hardening.Name{row.Name}})
		gone := 0
		for _, r := range all.All() {
			if strings.HasPrefix(r.Name, "locks-"+string(row.Name)) {
				gone++
				assert.Nil(t, d.ByURN(r.URN), r.URN)
			}
		}
		assert.Positive(t, gone, row.Name)
		assert.Len(t, d.All(), len(all.All())-gone, row.Name)
	}
}

// TestAdoptedHardeningsAreImported: under the ids that the provider's pages name, in every Region, and nothing else is.
func TestAdoptedHardeningsAreImported(t *testing.T) {
	ids := map[hardening.Name]string{
		hardening.PasswordPolicy: "iam-account-password-policy", hardening.S3PublicAccess: accountID, hardening.AccountAlias: "example-production",
		hardening.SecurityContact: "SECURITY", hardening.BillingContact: "BILLING", hardening.OperationsContact: "OPERATIONS",
		hardening.EBSEncryption: "default", hardening.SnapshotPublicAccess: "default", hardening.SerialConsole: "default",
	}
	covered := []string{"ap-northeast-1", "eu-west-1"}
	for _, row := range hardening.Hardenings() {
		assert.Equal(t, ids[row.Name] != "", row.Adoptable(), row.Name)
		if !row.Adoptable() {
			continue
		}
		d := testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
			args := everyHardening("aws", covered)
			args.Adopt = []hardening.Name{row.Name}
			_, err := hardenRegions(ctx, covered, args)
			return err
		})
		imported := 0
		for _, r := range d.All() {
			if r.ImportID != "" {
				imported++
				assert.Equal(t, ids[row.Name], r.ImportID, r.URN)
				assert.True(t, strings.HasPrefix(r.Name, "locks-"+string(row.Name)), r.URN)
			}
		}
		want := 1
		if row.Scope == hardening.PerRegion {
			want = len(covered)
		}
		assert.Equal(t, want, imported, row.Name)
	}
}

// TestHardeningThatARegionLacks is left out there only.
func TestHardeningThatARegionLacks(t *testing.T) {
	covered := []string{"ap-northeast-1", "eu-west-1"}
	d := testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		_, err := hardenRegions(ctx, covered, hardeningArgs{MissingIn: map[string][]hardening.Name{"eu-west-1": {hardening.SerialConsole}}})
		return err
	})
	assert.Equal(t, "ap-northeast-1", d.Only(serialConsoleType).Region)
	assert.Len(t, d.ByType(ebsEncryptionType), 2)
}

// TestDefaultSecurityGroupsAreEmptiedOnRequest: in the named VPCs and, when asked, in the default ones, each once.
func TestDefaultSecurityGroupsAreEmptiedOnRequest(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		covered := []string{"ap-northeast-1", "eu-west-1"}
		// testkit answers this id for the default VPC of ap-northeast-1.
		const defaultVPC = "vpc-00000000000000000"
		for what, row := range map[string]struct {
			args hardening.DefaultSecurityGroupsArgs
			want []string
		}{
			"nothing":           {hardening.DefaultSecurityGroupsArgs{}, nil},
			"named":             {hardening.DefaultSecurityGroupsArgs{VPCs: map[string][]string{"eu-west-1": {someVPC}}}, []string{"eu-west-1-" + someVPC}},
			"default":           {hardening.DefaultSecurityGroupsArgs{DefaultVPCs: true}, []string{"ap-northeast-1-" + defaultVPC, "eu-west-1-vpc-00000000000000009"}},
			"named and default": {hardening.DefaultSecurityGroupsArgs{VPCs: map[string][]string{"ap-northeast-1": {defaultVPC}}, DefaultVPCs: true}, []string{"ap-northeast-1-" + defaultVPC, "eu-west-1-vpc-00000000000000009"}},
		} {
			t.Run(what, func(t *testing.T) {
				d := testkit.Run(t, testkit.Options{DryRun: m.DryRun}, func(ctx *pulumi.Context) error {
					_, err := hardenRegions(ctx, covered, hardeningArgs{DefaultSecurityGroups: row.args})
					return err
				})
				var names []string
				for _, group := range d.ByType(defaultGroupType) {
					names = append(names, strings.TrimPrefix(group.Name, "locks-default-security-group-"))
					assert.Equal(t, []any{}, group.Get("ingress"), "no rule at all is stated, so that an added one is drift")
					assert.Equal(t, []any{}, group.Get("egress"))
					assert.True(t, strings.HasSuffix(group.Name, group.Region+"-"+group.String("vpcId")))
				}
				assert.ElementsMatch(t, row.want, names)
				if !m.DryRun {
					assert.Empty(t, append(d.Logs("info"), d.Logs("warning")...))
					return
				}
				// testkit has something that uses the groups of ap-northeast-1.
				var unused, used []string
				for _, name := range row.want {
					region, vpc, _ := strings.Cut(name, "-vpc-")
					says := "the default security group of vpc-" + vpc + " in " + region + " loses its rules: all traffic from itself, all traffic to 0.0.0.0/0; "
					if region == "ap-northeast-1" {
						used = append(used, says+"give another group first to what uses it: eni-0123456789abcdef0")
					} else {
						unused = append(unused, says+"no network interface uses it")
					}
				}
				assert.ElementsMatch(t, unused, d.Logs("info"), "a preview says which groups lose which rules")
				assert.ElementsMatch(t, used, d.Logs("warning"), "and who would lose its network")
				for _, invoke := range d.Invokes() {
					if invoke.Token == "aws:ec2/getVpcs:getVpcs" {
						assert.Equal(t, []any{inputs{"name": "is-default", "values": []any{"true"}}}, invoke.Args["filters"])
					}
				}
			})
		}
	})
}

// TestOutputsOfHardening: what is locked, and what a destroy leaves.
func TestOutputsOfHardening(t *testing.T) {
	covered := []string{"ap-northeast-1", "eu-west-1"}
	var locks *hardening.AccountHardening
	args := everyHardening("aws", covered)
	args.Weaken, args.SerialConsole = true, true
	testkit.Run(t, testkit.Options{}, func(ctx *pulumi.Context) (err error) {
		locks, err = hardenRegions(ctx, covered, args)
		return err
	})
	value := func(output pulumi.Output) any {
		v, known, _, err := testkit.Await(output)
		assert.NoError(t, err)
		assert.True(t, known)
		return v
	}
	var every []string
	var stays []string
	for _, row := range hardening.Hardenings() {
		every = append(every, string(row.Name))
		if row.Stays {
			stays = append(stays, string(row.Name)+": "+row.Destroy)
		}
	}
	assert.Equal(t, covered, value(locks.Regions))
	assert.Equal(t, every, value(locks.Hardenings))
	assert.Equal(t, stays, value(locks.Stays))
	assert.Len(t, stays, 2)
	assert.Equal(t, []string{"SerialConsole: the serial console can be used"}, value(locks.Weakenings))
	assert.Equal(t, "arn:aws:iam::"+accountID+":role/"+lockedPrefix+"-support", value(locks.SupportRoleArn))
	assert.Equal(t, "arn:aws:iam::"+accountID+":role/"+lockedPrefix+"-security-audit", value(locks.AuditRoleArn))
	assert.Len(t, value(locks.EmptiedSecurityGroups), 3)
}

// TestHardeningCompilesFourServices: ec2, of which it needs four resources, takes more than all of them together.
func TestHardeningCompilesFourServices(t *testing.T) {
	var services []string
	for _, dependency := range goList(t, "-deps", "./components/hardening") {
		if service, ours := strings.CutPrefix(dependency, providerSDK); ours && service != "internal" && service != "config" {
			services = append(services, service)
		}
	}
	assert.Equal(t, []string{"account", "ebs", "iam", "s3"}, services)
}
