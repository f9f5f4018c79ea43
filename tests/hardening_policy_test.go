package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/hardening"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// TestRolesLetInWhomTheyAreFor holds the trust of the support role and of the audit role against who might come: identity
// policies of all of them allow sts:AssumeRole on everything.
func TestRolesLetInWhomTheyAreFor(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		iam := func(account, name string) string { return "arn:" + o.Partition + ":iam::" + account + ":" + name }
		withMFA := map[string][]string{"aws:MultiFactorAuthPresent": {"true"}}
		withoutMFA := map[string][]string{"aws:MultiFactorAuthPresent": {"false"}}
		shows := func(id string) map[string][]string { return map[string][]string{"sts:ExternalId": {id}} }
		everything, err := policyeval.Parse(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}`)
		require.NoError(t, err)
		operator, stranger := iam(accountID, "role/team/operator"), iam(accountID, "role/team/stranger")
		foreign := iam(foreignAccount, "role/scanners/prowler")
		anybody := hardening.RoleArgs{}
		named := hardening.RoleArgs{Principals: []string{operator, iam(accountID, "user/alice")}}
		scanner := hardening.RoleArgs{Principals: []string{foreign}, ExternalID: "prowler-1"}
		for _, row := range []struct {
			what    string
			trust   hardening.RoleArgs
			who     string
			account string
			context map[string][]string
			allowed bool
		}{
			{"a user with MFA", anybody, iam(accountID, "user/alice"), accountID, withMFA, true},
			{"a user without MFA", anybody, iam(accountID, "user/alice"), accountID, withoutMFA, false},
			{"an access key, which knows no MFA", anybody, iam(accountID, "user/alice"), accountID, nil, false},
			{"a role of CI", anybody, operator, accountID, nil, false},
			{"another account with MFA", anybody, foreign, foreignAccount, withMFA, false},
			{"a named role", named, operator, accountID, nil, true},
			{"a named user with MFA", named, iam(accountID, "user/alice"), accountID, withMFA, true},
			{"a role that is not named", named, stranger, accountID, withMFA, false},
			{"the role's namesake without the path", named, iam(accountID, "role/operator"), accountID, nil, false},
			{"the role's namesake in another account", named, iam(foreignAccount, "role/team/operator"), foreignAccount, nil, false},
			{"a scanner with its external id", scanner, foreign, foreignAccount, shows("prowler-1"), true},
			{"a scanner with another's external id", scanner, foreign, foreignAccount, shows("prowler-2"), false},
			{"a scanner without an external id", scanner, foreign, foreignAccount, nil, false},
			{"another role of the scanner's account", scanner, iam(foreignAccount, "role/intern"), foreignAccount, shows("prowler-1"), false},
			{"a user of the account where a scanner is named", scanner, iam(accountID, "user/alice"), accountID, withMFA, false},
		} {
			d := harden(t, o, &hardeningArgs{SupportRole: row.trust, AuditRole: &row.trust})
			for _, name := range []string{"locks-support-role", "locks-audit-role"} {
				role := d.One(hubRoleType, name)
				decision, err := policyeval.Authorization{
					Identity: []*policyeval.Document{everything}, Resource: d.Document(role, "assumeRolePolicy"), ResourceOwner: accountID, ResourcePolicyDecides: true,
				}.Decide(policyeval.Request{
					Principal: policyeval.Principal{ARN: row.who, Account: row.account}, Action: "sts:AssumeRole",
					Resource: iam(accountID, "role/"+role.String("name")), Context: row.context,
				})
				require.NoError(t, err)
				assert.Equal(t, row.allowed, decision.Allowed, "%s: %s: %s", name, row.what, decision.Reason)
			}
		}
		d := harden(t, o, &hardeningArgs{})
		for _, service := range []string{"ec2.amazonaws.com", "support.amazonaws.com"} {
			decision, err := policyeval.Authorization{Resource: d.Document(d.Only(hubRoleType), "assumeRolePolicy"), ResourceOwner: accountID, ResourcePolicyDecides: true}.
				Decide(policyeval.Request{Principal: policyeval.Principal{Service: service}, Action: "sts:AssumeRole", Resource: "*"})
			require.NoError(t, err)
			assert.False(t, decision.Allowed, service)
		}
	})
}

// TestAuditRoleReadsConfigurationOnly: by AWS's two policies for it, and no other.
func TestAuditRoleReadsConfigurationOnly(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := harden(t, o, &hardeningArgs{OmitSupportRole: true, AuditRole: &hardening.RoleArgs{}})
		var attached []string
		for _, r := range d.ByType(roleAttachmentType) {
			attached = append(attached, r.String("policyArn"))
		}
		policies := "arn:" + o.Partition + ":iam::aws:policy/"
		assert.ElementsMatch(t, []string{policies + "SecurityAudit", policies + "job-function/ViewOnlyAccess"}, attached)
	})
}
