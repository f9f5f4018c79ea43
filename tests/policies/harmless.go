package policies

import "strings"

// harmless are mistakes that make no difference, and why. Each has to be one that nothing notices.
var harmless = map[string]string{
	"alerts-critical-policy: PublishingRoles: no condition on aws:PrincipalAccount":              accountInARN,
	"alerts-warning-policy: PublishingRoles: no condition on aws:PrincipalAccount":               accountInARN,
	"alerts-informational-policy: PublishingRoles: no condition on aws:PrincipalAccount":         accountInARN,
	"alerts-key-policy: PublishingRoles: no condition on aws:PrincipalAccount":                   accountInARN,
	"alerts-informational-policy: PublishingRoles: left out":                                     "the report's role has the right itself, in the topic's own account",
	"hardening-audit-role: NamedPrincipals: Principal *":                                         "the condition names the one principal, which needs a right of its own account in any case",
	"config-remediation-EnableS3BucketEncryption-role-policy: statement 2: Resource *":           "arn:aws:s3:::* is every bucket already",
	"config-remediation-ConfigureS3BucketPublicAccessBlock-role-policy: statement 2: Resource *": "arn:aws:s3:::* is every bucket already",
	"config-archive-key-policy: ReadersDecryptTrailLogs: Principal *":                            namedReader,
	"config-archive-key-policy: ReadersDecryptObjects: Principal *":                              namedReader,
}

const namedReader = "the condition names the one reader, who has the right by policies of the account's own in any case"

const accountInARN = "the ARN of the principal, which the other condition compares, has the account in it"

// Harmless is why a mistake makes no difference, or "". Certain is false where it may be noticed all the same.
func Harmless(m Mutation) (reason string, certain bool) {
	if reason := harmless[m.Policy+": "+m.What]; reason != "" {
		return reason, true
	}
	if !m.mutated.Identity() && strings.HasSuffix(m.What, ": Resource *") {
		return "a resource policy speaks of the resource it is attached to, whatever it names", false
	}
	return "", true
}
