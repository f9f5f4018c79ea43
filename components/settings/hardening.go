package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// hardeningRules are the contradictions below hardening.
var hardeningRules = []contradiction{
	{[]string{"hardening"}, func(s *Settings) []schema.Problem {
		if s.Hardening.Enabled {
			return nil
		}
		return unwanted(s, "needs hardening.enabled: true", "hardening.existing", "hardening.adopt", "hardening.missingIn", "hardening.passwordPolicy",
			"hardening.accountAlias", "hardening.ebs", "hardening.instanceMetadata", "hardening.defaultSecurityGroups", "hardening.contacts",
			"hardening.supportRole", "hardening.auditRole")
	}},
	{[]string{"hardening"}, weakenings},
	{[]string{"hardening"}, adoptions},
	{[]string{"hardening.passwordPolicy"}, func(s *Settings) []schema.Problem {
		if p := s.Hardening.PasswordPolicy; p.HardExpiry && p.MaxAge == 0 {
			return problem("hardening.passwordPolicy.hardExpiry", "has no effect while hardening.passwordPolicy.maxAge is 0; remove one of the two")
		}
		return nil
	}},
	{[]string{"hardening.ebs", "regions"}, func(s *Settings) (problems []schema.Problem) {
		ebs := s.Hardening.EBS
		if len(ebs.Keys) > 0 && !ebs.EncryptionByDefault {
			problems = problem("hardening.ebs.keys", "has no effect while hardening.ebs.encryptionByDefault is false; remove it")
		}
		for _, region := range slices.Sorted(maps.Keys(ebs.Keys)) {
			if of := strings.Split(ebs.Keys[region], ":")[3]; of != region {
				problems = append(problems, problem("hardening.ebs.keys."+region, "%q is a key of %s; a key works in its own Region only", ebs.Keys[region], of)...)
			}
		}
		return append(problems, uncovered(s, "hardening.ebs.keys", slices.Sorted(maps.Keys(ebs.Keys)))...)
	}},
	{[]string{"hardening.missingIn", "hardening.defaultSecurityGroups", "regions"}, func(s *Settings) []schema.Problem {
		return append(uncovered(s, "hardening.missingIn", slices.Sorted(maps.Keys(s.Hardening.MissingIn))),
			uncovered(s, "hardening.defaultSecurityGroups.vpcs", slices.Sorted(maps.Keys(s.Hardening.DefaultSecurityGroups.Vpcs)))...)
	}},
	{[]string{"hardening.supportRole", "hardening.auditRole"}, func(s *Settings) (problems []schema.Problem) {
		support, audit := s.Hardening.SupportRole, s.Hardening.AuditRole
		for _, role := range []struct {
			path       string
			on         bool
			principals []string
		}{{"hardening.supportRole", support.Enabled, support.Principals}, {"hardening.auditRole", audit.Enabled, audit.Principals}} {
			switch {
			case !role.on:
				problems = append(problems, unwanted(s, "needs "+role.path+".enabled: true", role.path+".name", role.path+".principals", role.path+".externalId")...)
			case len(role.principals) == 0:
				problems = append(problems, unwanted(s, "needs "+role.path+".principals", role.path+".externalId")...)
			}
		}
		if audit.Enabled && support.Enabled && audit.Name != "" && audit.Name == support.Name {
			problems = append(problems, problem("hardening.auditRole.name", "%q is the name of the support role; rename one of them", audit.Name)...)
		}
		return problems
	}},
	{[]string{"hardening.contacts"}, func(s *Settings) []schema.Problem {
		var problems []schema.Problem
		for name, c := range contacts(s) {
			if c == (HardeningContact{}) {
				continue
			}
			for field, v := range map[string]string{"name": c.Name, "title": c.Title, "email": c.Email, "phone": c.Phone} {
				if v == "" {
					problems = append(problems, problem("hardening.contacts."+name+"."+field, "is missing; AWS takes a contact as a whole")...)
				}
			}
		}
		return problems
	}},
}

func contacts(s *Settings) map[string]HardeningContact {
	c := s.Hardening.Contacts
	return map[string]HardeningContact{"security": c.Security, "billing": c.Billing, "operations": c.Operations}
}

// uncovered finds Regions that are named although the baseline is not applied to them.
func uncovered(s *Settings, path string, named []string) (problems []schema.Problem) {
	if slices.Contains(s.Regions, schema.AllRegions) {
		return nil
	}
	for _, region := range named {
		if region != s.Home && !slices.Contains(s.Regions, region) {
			problems = append(problems, problem(path+"."+region, "the Region is not covered; add it to regions, or remove it")...)
		}
	}
	return problems
}

// weakenings asks for the word weaken where a setting asks for less than its default.
func weakenings(s *Settings) (problems []schema.Problem) {
	h := s.Hardening
	if h.Weaken || !h.Enabled {
		return nil
	}
	p, floor := h.PasswordPolicy, schema.PasswordFloor
	for _, w := range []struct {
		hardening string
		weaker    bool
		key, says string
	}{
		{"password-policy", p.MinimumLength < floor.MinimumLength, "passwordPolicy.minimumLength", fmt.Sprintf("%d is below %d", p.MinimumLength, floor.MinimumLength)},
		{"password-policy", p.ReusePrevention < floor.ReusePrevention, "passwordPolicy.reusePrevention", fmt.Sprintf("%d is below %d", p.ReusePrevention, floor.ReusePrevention)},
		{"password-policy", p.MaxAge > floor.MaxAge, "passwordPolicy.maxAge", fmt.Sprintf("%d is above %d", p.MaxAge, floor.MaxAge)},
		{"password-policy", p.MaxAge == 0, "passwordPolicy.maxAge", "0 is never"},
		{"password-policy", !p.RequireLowercase, "passwordPolicy.requireLowercase", "false is weaker than the benchmark"},
		{"password-policy", !p.RequireUppercase, "passwordPolicy.requireUppercase", "false is weaker than the benchmark"},
		{"password-policy", !p.RequireNumbers, "passwordPolicy.requireNumbers", "false is weaker than the benchmark"},
		{"password-policy", !p.RequireSymbols, "passwordPolicy.requireSymbols", "false is weaker than the benchmark"},
		{"s3-public-access", !h.S3.BlockPublicAccess, "s3.blockPublicAccess", "false lets buckets be public"},
		{"ebs-encryption", !h.EBS.EncryptionByDefault, "ebs.encryptionByDefault", "false leaves new volumes unencrypted"},
		{"snapshot-public-access", h.EBS.SnapshotBlockPublicAccess != "block-all-sharing", "ebs.snapshotBlockPublicAccess", fmt.Sprintf("%q is less than \"block-all-sharing\"", h.EBS.SnapshotBlockPublicAccess)},
		{"image-public-access", !h.Images.BlockPublicAccess, "images.blockPublicAccess", "false lets AMIs become public"},
		{"instance-metadata", h.InstanceMetadata.HttpTokens != "required", "instanceMetadata.httpTokens", fmt.Sprintf("%q is less than \"required\"", h.InstanceMetadata.HttpTokens)},
		{"instance-metadata", h.InstanceMetadata.HopLimit > schema.HopLimitCeiling, "instanceMetadata.hopLimit", fmt.Sprintf("%d is above %d", h.InstanceMetadata.HopLimit, schema.HopLimitCeiling)},
		{"serial-console", h.SerialConsole.Enabled, "serialConsole.enabled", "true lets the serial console be used"},
	} {
		if w.weaker && !slices.Contains(h.Existing, w.hardening) {
			problems = append(problems, problem("hardening."+w.key, "%s; change it, or say hardening.weaken: true", w.says)...)
		}
	}
	return problems
}

// adoptions judges what is imported: it must be wanted, and not be left alone at the same time.
func adoptions(s *Settings) (problems []schema.Problem) {
	h := s.Hardening
	for i, name := range h.Adopt {
		at := fmt.Sprintf("hardening.adopt[%d]", i)
		if slices.Contains(h.Existing, name) {
			problems = append(problems, problem(at, "%q is in hardening.existing too; what exists is either adopted or left alone", name)...)
			continue
		}
		contact := contacts(s)[strings.TrimSuffix(name, "-contact")]
		for _, need := range []struct {
			name    string
			missing bool
			what    string
		}{
			{"account-alias", h.AccountAlias == "", "hardening.accountAlias"},
			{"security-contact", contact == HardeningContact{}, "hardening.contacts.security"},
			{"billing-contact", contact == HardeningContact{}, "hardening.contacts.billing"},
			{"operations-contact", contact == HardeningContact{}, "hardening.contacts.operations"},
			{"ebs-encryption", !h.EBS.EncryptionByDefault, "hardening.ebs.encryptionByDefault: true"},
			{"snapshot-public-access", h.EBS.SnapshotBlockPublicAccess == "unblocked", "hardening.ebs.snapshotBlockPublicAccess to block something"},
			{"s3-public-access", !h.S3.BlockPublicAccess, "hardening.s3.blockPublicAccess: true"},
		} {
			if need.name == name && need.missing {
				problems = append(problems, problem(at, "%q needs %s", name, need.what)...)
			}
		}
	}
	return problems
}
