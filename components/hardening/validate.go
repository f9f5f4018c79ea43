package hardening

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

var (
	aliasName    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	accountID    = regexp.MustCompile(`^[0-9]{12}$`)
	roleName     = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
	externalID   = regexp.MustCompile(`^[\w+=,.@:/-]{2,}$`)
	vpcID        = regexp.MustCompile(`^vpc-([0-9a-f]{8}|[0-9a-f]{17})$`)
	keyArn       = regexp.MustCompile(`^arn:(aws[a-z-]*):kms:([a-z0-9-]+):[0-9]{12}:key/[A-Za-z0-9-]+$`)
	contactEmail = regexp.MustCompile(`^[\w+=.#|!&-]+@[\w.-]+\.\w+$`)
	contactPhone = regexp.MustCompile(`^[0-9 ()+-]{1,25}$`)
)

// findings collects problems, each naming its field.
type findings struct{ problems []error }

func (f *findings) add(field, format string, values ...any) {
	f.problems = append(f.problems, fmt.Errorf("field %s: %s", field, fmt.Sprintf(format, values...)))
}

// oneOf wants one of the choices.
func (f *findings) oneOf(field, value string, choices ...string) {
	if !slices.Contains(choices, value) {
		f.add(field, "%q is none of %s", value, strings.Join(choices, ", "))
	}
}

// between wants a number within limits; 0 stands for the default.
func (f *findings) between(field string, value, least, most int) {
	if value != 0 && (value < least || value > most) {
		f.add(field, "%d is not between %d and %d", value, least, most)
	}
}

// Validate returns all that is wrong with the arguments, each problem naming its field. Without Regions, what depends on the
// Region is judged by the constructor.
func (a *AccountHardeningArgs) Validate() error {
	f := &findings{}
	if err := naming.CheckPrefix("field NamePrefix", a.NamePrefix); err != nil {
		f.problems = append(f.problems, err)
	}
	a.checkNames(f)
	a.checkPasswords(f)
	if alias := a.AccountAlias; alias != "" && (len(alias) < 3 || len(alias) > 63 || !aliasName.MatchString(alias) || accountID.MatchString(alias)) {
		f.add("AccountAlias", "%q is no account alias: 3 to 63 lower-case letters, digits and single hyphens, a letter or digit at both ends, not 12 digits", alias)
	}
	f.oneOf("SnapshotPublicAccess", a.snapshotPublicAccess(), BlockAllSharing, BlockNewSharing, Unblocked)
	f.oneOf("ImagePublicAccess", a.imagePublicAccess(), BlockNewSharing, Unblocked)
	f.oneOf("InstanceMetadata.Tokens", a.InstanceMetadata.tokens(), TokensRequired, TokensOptional)
	f.between("InstanceMetadata.HopLimit", a.InstanceMetadata.HopLimit, 1, 64)
	a.checkContacts(f)
	a.checkRoles(f)
	a.checkVPCs(f)
	if a.OmitEBSEncryption && len(a.EBSKeys) > 0 {
		f.add("EBSKeys", "a key has no effect without encryption by default; leave it or OmitEBSEncryption out")
	}
	if !a.Weaken {
		for _, w := range a.weakenings() {
			f.add(w.field, "%s; change it, or set Weaken", w.says)
		}
	}
	err := errors.Join(f.problems...)
	if a.Regions == nil {
		return err
	}
	return errors.Join(err, a.checkPlaces(a.Regions.HomeRegion(), a.Regions.Covered()))
}

// checkNames judges Existing, Adopt and MissingIn.
func (a *AccountHardeningArgs) checkNames(f *findings) {
	known := func(at string, name Name) (Hardening, bool) {
		row, found := rowNamed(name)
		if !found {
			f.add(at, "%q is no hardening; there are %s", name, strings.Join(names(), ", "))
		}
		return row, found
	}
	for i, name := range a.Existing {
		at := fmt.Sprintf("Existing[%d]", i)
		row, found := known(at, name)
		switch {
		case !found:
		case slices.Index(a.Existing, name) < i:
			f.add(at, "%s is in the list already; remove one of them", name)
		case row.From == onRequest:
			f.add(at, "%s is on request only; leave out %s instead", name, row.Switch)
		}
	}
	for i, name := range a.Adopt {
		at := fmt.Sprintf("Adopt[%d]", i)
		row, found := known(at, name)
		switch {
		case !found:
		case slices.Index(a.Adopt, name) < i:
			f.add(at, "%s is in the list already; remove one of them", name)
		case a.exists(name):
			f.add(at, "%s is in Existing too, which stays unmanaged; leave out one of them", name)
		case !row.Adoptable():
			f.add(at, "%s cannot be imported; leave it out, the first deployment takes it over", name)
		case !row.wanted(a):
			f.add(at, "%s is not asked for; set %s, or leave it out", name, row.Switch)
		}
	}
	for _, region := range slices.Sorted(maps.Keys(a.MissingIn)) {
		for i, name := range a.MissingIn[region] {
			at := fmt.Sprintf("MissingIn[%q][%d]", region, i)
			if row, found := known(at, name); found && row.Scope != PerRegion {
				f.add(at, "%s does not exist per Region; leave it out", name)
			}
		}
	}
}

func names() (all []string) {
	for _, row := range table {
		all = append(all, string(row.Name))
	}
	return all
}

// exists reports whether somebody else sees to a hardening.
func (a *AccountHardeningArgs) exists(name Name) bool { return slices.Contains(a.Existing, name) }

func (a *AccountHardeningArgs) checkPasswords(f *findings) {
	p := a.PasswordPolicy
	f.between("PasswordPolicy.MinimumLength", p.MinimumLength, 6, 128)
	f.between("PasswordPolicy.ReusePrevention", p.ReusePrevention, 1, 24)
	f.between("PasswordPolicy.MaxAge", p.MaxAge, 1, 1095)
	if p.NeverExpire && p.MaxAge != 0 {
		f.add("PasswordPolicy.MaxAge", "has no effect with NeverExpire; leave one of them out")
	}
	if p.NeverExpire && p.HardExpiry {
		f.add("PasswordPolicy.HardExpiry", "has no effect with NeverExpire; leave one of them out")
	}
}

// checkContacts judges contacts as AWS does
// (https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html).
func (a *AccountHardeningArgs) checkContacts(f *findings) {
	for _, name := range []Name{SecurityContact, BillingContact, OperationsContact} {
		contact := a.Contacts.of(name)
		if contact == nil {
			continue
		}
		row, _ := rowNamed(name)
		for _, given := range []struct {
			field, value string
			most         int
		}{{"Name", contact.Name, 64}, {"Title", contact.Title, 50}} {
			if length := len([]rune(strings.TrimSpace(given.value))); length == 0 || length > given.most {
				f.add(row.Switch+"."+given.field, "%d characters are given, 1 to %d are possible", length, given.most)
			}
		}
		if email := strings.TrimSpace(contact.Email); len(email) > 254 || !contactEmail.MatchString(email) {
			f.add(row.Switch+".Email", "%q is not an e-mail address of at most 254 characters", contact.Email)
		}
		if !contactPhone.MatchString(strings.TrimSpace(contact.Phone)) {
			f.add(row.Switch+".Phone", "%q is not a phone number: 1 to 25 digits, spaces and ()+-", contact.Phone)
		}
	}
}

func (a *AccountHardeningArgs) checkRoles(f *findings) {
	if a.OmitSupportRole && (a.SupportRole.Name != "" || len(a.SupportRole.Principals) > 0 || a.SupportRole.ExternalID != "") {
		f.add("SupportRole", "has no effect with OmitSupportRole; leave one of them out")
	}
	a.SupportRole.check(f, "SupportRole")
	if a.AuditRole == nil {
		return
	}
	a.AuditRole.check(f, "AuditRole")
	if a.AuditRole.Name != "" && a.AuditRole.Name == a.SupportRole.Name {
		f.add("AuditRole.Name", "%q is the name of the support role; rename one of them", a.AuditRole.Name)
	}
}

func (r RoleArgs) check(f *findings, field string) {
	if r.Name != "" && !roleName.MatchString(r.Name) {
		f.add(field+".Name", "%q is no role name: 1 to 64 letters, digits and +=,.@_-", r.Name)
	}
	for i, arn := range r.Principals {
		at := fmt.Sprintf("%s.Principals[%d]", field, i)
		switch first := slices.Index(r.Principals, arn); {
		case !account.PrincipalArn.MatchString(arn):
			f.add(at, "%q is not the ARN of an IAM role or user with its path", arn)
		case first < i:
			f.add(at, "%q is %s.Principals[%d] already; remove one of them", arn, field, first)
		}
	}
	switch {
	case r.ExternalID == "":
	case len(r.Principals) == 0:
		f.add(field+".ExternalID", "has no effect without Principals; name them")
	case len(r.ExternalID) > 1224 || !externalID.MatchString(r.ExternalID):
		f.add(field+".ExternalID", "%q is no external id: 2 to 1224 letters, digits and +=,.@:/_-", r.ExternalID)
	}
}

func (a *AccountHardeningArgs) checkVPCs(f *findings) {
	for _, region := range slices.Sorted(maps.Keys(a.DefaultSecurityGroups.VPCs)) {
		vpcs := a.DefaultSecurityGroups.VPCs[region]
		for i, vpc := range vpcs {
			at := fmt.Sprintf("DefaultSecurityGroups.VPCs[%q][%d]", region, i)
			switch first := slices.Index(vpcs, vpc); {
			case !vpcID.MatchString(vpc):
				f.add(at, "%q is no VPC id, such as vpc-0123456789abcdef0", vpc)
			case first < i:
				f.add(at, "%q is in the list already; remove one of them", vpc)
			}
		}
	}
}

// checkPlaces judges what depends on the partition and on the covered Regions.
func (a *AccountHardeningArgs) checkPlaces(home string, covered []string) error {
	f := &findings{}
	in, known := partition.Of(home)
	if !known {
		return fmt.Errorf("the home Region %q is unknown", home)
	}
	for _, given := range []struct {
		field   string
		regions []string
	}{
		{"MissingIn", slices.Sorted(maps.Keys(a.MissingIn))},
		{"EBSKeys", slices.Sorted(maps.Keys(a.EBSKeys))},
		{"DefaultSecurityGroups.VPCs", slices.Sorted(maps.Keys(a.DefaultSecurityGroups.VPCs))},
	} {
		for _, region := range given.regions {
			if !slices.Contains(covered, region) {
				f.add(fmt.Sprintf("%s[%q]", given.field, region), "the Region is not covered; covered are %s", strings.Join(slices.Sorted(slices.Values(covered)), ", "))
			}
		}
	}
	for _, region := range slices.Sorted(maps.Keys(a.EBSKeys)) {
		if a.EBSKeys[region] == nil {
			f.add(fmt.Sprintf("EBSKeys[%q]", region), "it is nil; give the ARN of a key, or leave the Region out")
		}
		plain, isPlain := a.EBSKeys[region].(pulumi.String)
		parts := keyArn.FindStringSubmatch(string(plain))
		if isPlain && (parts == nil || parts[1] != in.ID || parts[2] != region) {
			f.add(fmt.Sprintf("EBSKeys[%q]", region), "%q is not the ARN of a KMS key of that Region; keys work in their own Region only, and an alias is refused", string(plain))
		}
	}
	for _, row := range table {
		if row.feature != "" && row.wanted(a) && !in.Has(row.feature) {
			f.add(row.Switch, "partition %s has no %s; leave it out", in.ID, row.feature.Describe())
		}
	}
	for _, role := range []struct {
		field string
		args  *RoleArgs
	}{{"SupportRole", &a.SupportRole}, {"AuditRole", a.AuditRole}} {
		if role.args == nil {
			continue
		}
		for i, arn := range role.args.Principals {
			if account.PrincipalArn.MatchString(arn) && !strings.HasPrefix(arn, "arn:"+in.ID+":") {
				f.add(fmt.Sprintf("%s.Principals[%d]", role.field, i), "%q is of another partition than %s", arn, in.ID)
			}
		}
	}
	return errors.Join(f.problems...)
}
