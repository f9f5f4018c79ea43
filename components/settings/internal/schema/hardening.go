package schema

import "github.com/seed-8894d46d/account-baseline/components/internal/partition"

// PasswordFloor is what the password policy may not go below without the word weaken: CIS v3 1.8 and 1.9.
var PasswordFloor = struct{ MinimumLength, ReusePrevention, MaxAge int }{14, 24, 90}

// HopLimitCeiling is how many hops a metadata token may take without the word weaken; containers need 2.
const HopLimitCeiling = 2

// Hardenings are the rows of the table in components/hardening. Those on request are left out by leaving their own setting
// out, so that they cannot be existing; not all can be imported.
var (
	Hardenings = []string{
		"password-policy", "s3-public-access", "support-role", "ebs-encryption", "snapshot-public-access", "image-public-access",
		"instance-metadata", "serial-console",
	}
	AdoptableHardenings = []string{
		"password-policy", "s3-public-access", "account-alias", "security-contact", "billing-contact", "operations-contact", "ebs-encryption",
		"snapshot-public-access", "serial-console",
	}
	RegionalHardenings = []string{"ebs-encryption", "ebs-key", "snapshot-public-access", "image-public-access", "instance-metadata", "serial-console"}
)

func hardening() *Node {
	contact := func(name, doc string) *Node {
		n := object(name, doc,
			text("name", "The person or team.").checked(contactText, "at most 64 characters"),
			text("title", "Their title.").checked(contactTitle, "at most 50 characters"),
			text("email", "Their e-mail address.").checked(contactEmail, "an e-mail address"),
			text("phone", "Their phone number.").checked(phone, "at most 25 digits, spaces and +()-"),
		)
		n.TypeName = "HardeningContact"
		return n
	}
	role := func(name, doc string, profile ...any) *Node {
		return object(name, doc,
			toggle("enabled", "Whether there is one.").byProfile(profile[0], profile[1], profile[2]),
			text("name", "Its name. None: one made of the project's, the stack's and what it is for.").checked(roleName, "an IAM role name"),
			list("principals", "Who may assume it, of any account. None: the account's principals that are allowed to, with MFA.",
				item(trusted, "the ARN of an IAM role or user with its path")).distinct(),
			text("externalId", "What the principals have to show, as scanners of other companies ask for.").checked(externalID, "2 to 1224 letters, digits and +=,.@:/_-"),
		)
	}
	return object("hardening", "Account-wide locks.",
		toggle("enabled", "Whether the account is hardened.").always(true),
		toggle("weaken", "Allows settings below hardening that ask for less than their defaults; every preview says which.").always(false),
		list("existing", "Hardenings that somebody else sees to, such as a declarative policy of the organization: nothing is set for them.",
			choice("", "", Hardenings...)).distinct(),
		list("adopt", "Hardenings that are imported: the preview shows what differs and changes. Others are overwritten by the first deployment unseen.",
			choice("", "", AdoptableHardenings...)).distinct(),
		dict("missingIn", "By Region, hardenings that AWS refuses there.", list("", "", choice("", "", RegionalHardenings...)).distinct()).namedBy(regionOfPartition, "a Region"),
		object("passwordPolicy", "The IAM password policy, one per account.",
			integer("minimumLength", "The least number of characters.").between(6, 128).always(PasswordFloor.MinimumLength),
			integer("reusePrevention", "How many old passwords cannot be used again.").between(1, 24).always(PasswordFloor.ReusePrevention),
			integer("maxAge", "After how many days a password expires; 0 is never.").between(0, 1095).always(PasswordFloor.MaxAge),
			toggle("hardExpiry", "Whether users with an expired password wait for an administrator.").always(false),
			toggle("allowUsersToChange", "Whether users may change their own password.").always(true),
			toggle("requireLowercase", "Whether a lower-case letter is needed.").always(true),
			toggle("requireUppercase", "Whether an upper-case letter is needed.").always(true),
			toggle("requireNumbers", "Whether a digit is needed.").always(true),
			toggle("requireSymbols", "Whether a symbol is needed.").always(true),
		),
		text("accountAlias", "A name for the account in the sign-in address, unique in all of AWS.").
			checked(accountAlias, "3 to 63 lower-case letters, digits and single hyphens"),
		object("s3", "Amazon S3.",
			toggle("blockPublicAccess", "Whether no bucket of the account can be public.").always(true),
		),
		object("ebs", "Amazon EBS, in every covered Region.",
			toggle("encryptionByDefault", "Whether new volumes are encrypted.").always(true),
			dict("keys", "By Region, the KMS key that encrypts new volumes. None: the key that AWS manages.", item(keyARN, "the ARN of a KMS key")).
				namedBy(regionOfPartition, "a Region"),
			choice("snapshotBlockPublicAccess", "What public sharing of snapshots is blocked.", "block-all-sharing", "block-new-sharing", "unblocked").always("block-all-sharing"),
		),
		object("images", "AMIs, in every covered Region.",
			toggle("blockPublicAccess", "Whether new public sharing is blocked.").always(true),
		),
		object("instanceMetadata", "Defaults of the instance metadata service, in every covered Region.",
			choice("httpTokens", "required: IMDSv2 only.", "required", "optional").always("required"),
			integer("hopLimit", "How many network hops a token may take; containers need 2.").between(1, 64).always(HopLimitCeiling),
		),
		object("serialConsole", "The EC2 serial console, in every covered Region.",
			toggle("enabled", "Whether it can be used.").always(false),
		),
		object("defaultSecurityGroups", "Default security groups that lose all their rules. Workloads that rely on them lose their network.",
			dict("vpcs", "By Region, the ids of the VPCs whose default security groups are emptied.",
				list("", "", item(vpcID, "a VPC id, such as vpc-0123456789abcdef0")).distinct()).namedBy(regionOfPartition, "a Region"),
			toggle("defaultVpcs", "Whether those of all default VPCs of the covered Regions are emptied.").always(false),
		),
		object("contacts", "The alternate contacts that AWS writes to.",
			contact("security", "For security notices."),
			contact("billing", "For bills."),
			contact("operations", "For operations."),
		).in(partition.AlternateContacts),
		role("supportRole", "A role with AWSSupportAccess.", false, true, true),
		role("auditRole", "A role with SecurityAudit and ViewOnlyAccess: reads the configuration of everything, and no data.", false, false, false),
	)
}
