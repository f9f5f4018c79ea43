package schema

import "github.com/seed-8894d46d/account-baseline/components/internal/partition"

// PasswordFloor is what the password policy may not go below without the word weaken: CIS v3 1.8 and 1.9.
var PasswordFloor = struct{ MinimumLength, ReusePrevention, MaxAge int }{14, 24, 90}

func hardening() *Node {
	contact := func(name, doc string) *Node {
		n := object(name, doc,
			text("name", "The person or team.").checked(contactText, "at most 64 characters"),
			text("title", "Their title.").checked(contactText, "at most 64 characters"),
			text("email", "Their e-mail address.").checked(email, "an e-mail address"),
			text("phone", "Their phone number.").checked(phone, "at most 25 digits, spaces and +()-"),
		)
		n.TypeName = "HardeningContact"
		return n
	}
	return object("hardening", "Account-wide locks.",
		toggle("enabled", "Whether the account is hardened.").always(true),
		object("passwordPolicy", "The IAM password policy, one per account.",
			management("the policy"),
			toggle("weaken", "Allows values below 14 characters, 24 old passwords, and more than 90 days, or without a class of characters.").always(false),
			integer("minimumLength", "The least number of characters.").between(6, 128).always(PasswordFloor.MinimumLength),
			integer("reusePrevention", "How many old passwords cannot be used again.").between(1, 24).always(PasswordFloor.ReusePrevention),
			integer("maxAge", "After how many days a password expires.").between(1, 1095).always(PasswordFloor.MaxAge),
			toggle("requireLowercase", "Whether a lower-case letter is needed.").always(true),
			toggle("requireUppercase", "Whether an upper-case letter is needed.").always(true),
			toggle("requireNumbers", "Whether a digit is needed.").always(true),
			toggle("requireSymbols", "Whether a symbol is needed.").always(true),
		),
		object("s3", "Amazon S3.",
			toggle("blockPublicAccess", "Whether no bucket of the account can be public.").always(true),
		),
		object("ebs", "Amazon EBS, in every covered Region.",
			toggle("encryptionByDefault", "Whether new volumes are encrypted.").always(true),
			choice("snapshotBlockPublicAccess", "What public sharing of snapshots is blocked.", "block-all-sharing", "block-new-sharing", "unblocked").always("block-all-sharing"),
		),
		object("images", "AMIs, in every covered Region.",
			toggle("blockPublicAccess", "Whether new public sharing is blocked.").always(true),
		),
		object("instanceMetadata", "Defaults of the instance metadata service, in every covered Region.",
			choice("httpTokens", "required: IMDSv2 only.", "required", "optional").always("required"),
			integer("hopLimit", "How many network hops a token may take; 2 for containers.").between(1, 64).always(2),
		),
		object("serialConsole", "The EC2 serial console, in every covered Region.",
			toggle("enabled", "Whether it can be used.").always(false),
		),
		object("defaultSecurityGroups", "The default security group of every VPC.",
			toggle("empty", "Whether its rules are removed. Workloads that rely on them lose their network.").always(false),
		),
		object("contacts", "The alternate contacts that AWS writes to.",
			contact("security", "For security notices."),
			contact("billing", "For bills."),
			contact("operations", "For operations."),
		).in(partition.AlternateContacts),
		object("supportRole", "A role with AWSSupportAccess.",
			toggle("enabled", "Whether there is one.").byProfile(false, true, true),
			list("principals", "Who may assume it. None: the account's principals that are allowed to, with MFA.",
				item(deployer, "the ARN of an IAM role or user with its path")).distinct(),
		),
	)
}
