package hardening

import (
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/policy"
)

// roleTrust lets the given principals in, or, where none are given, whom the account allows to assume the role, with MFA.
// Principals are matched by aws:PrincipalArn and stand behind their accounts: IAM refuses a principal that does not exist,
// and replaces a deleted one by its unique id
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
func roleTrust(where account.Account, trusted RoleArgs) policy.Document {
	if len(trusted.Principals) == 0 {
		return policy.New(policy.Statement{
			Sid: "AccountWithMFA", Effect: policy.Allow, Principal: policy.AWS(where.Root()),
			Action:    policy.List{"sts:AssumeRole"},
			Condition: policy.Condition{"Bool": {"aws:MultiFactorAuthPresent": {"true"}}},
		})
	}
	condition := policy.Condition{"ArnEquals": {"aws:PrincipalArn": trusted.Principals}}
	if trusted.ExternalID != "" {
		condition["StringEquals"] = map[string]policy.List{"sts:ExternalId": {trusted.ExternalID}}
	}
	return policy.New(policy.Statement{
		Sid: "NamedPrincipals", Effect: policy.Allow, Principal: policy.AWS(owners(trusted.Principals)...),
		Action: policy.List{"sts:AssumeRole"}, Condition: condition,
	})
}

// owners are the accounts of principals, as principals of a trust policy.
func owners(principals []string) []string {
	var roots []string
	for _, arn := range principals {
		roots = append(roots, arn[:strings.LastIndex(arn, "::")+len("::123456789012:")]+"root")
	}
	slices.Sort(roots)
	return slices.Compact(roots)
}
