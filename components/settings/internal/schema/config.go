package schema

import "github.com/seed-8894d46d/account-baseline/components/internal/partition"

// SecurityTypes are the resource types that starter records: who may do what, and what is open to the world.
var SecurityTypes = []any{
	"AWS::CloudTrail::Trail", "AWS::EC2::NetworkAcl", "AWS::EC2::SecurityGroup", "AWS::EC2::VPC", "AWS::IAM::Group", "AWS::IAM::Policy",
	"AWS::IAM::Role", "AWS::IAM::User", "AWS::KMS::Key", "AWS::Lambda::Function", "AWS::RDS::DBInstance", "AWS::S3::AccountPublicAccessBlock",
	"AWS::S3::Bucket", "AWS::SecretsManager::Secret",
}

// NoisyTypes change so often that recording each change is most of a bill.
var NoisyTypes = []any{
	"AWS::EC2::NetworkInterface", "AWS::EC2::Subnet", "AWS::ECS::TaskDefinition", "AWS::SSM::ManagedInstanceInventory",
}

// RemediationDocuments are the AWS-owned documents by which a rule's finding can be repaired, SafeRemediations those
// that may run without a person: they break no running workload.
var (
	SafeRemediations = []string{
		"ConfigureS3BucketPublicAccessBlock", "ConfigureS3PublicAccessBlock", "EnableEbsEncryptionByDefault", "SetIAMPasswordPolicy",
		"EnableKeyRotation", "EnableCloudTrailLogFileValidation", "EnableRDSInstanceDeletionProtection", "EnableS3BucketEncryption",
	}
	RemediationDocuments = append(SafeRemediations[:len(SafeRemediations):len(SafeRemediations)],
		"RemoveVPCDefaultSecurityGroupRules", "DisableIncomingSSHOnPort22", "RevokeUnusedIAMUserCredentials", "EnforceEC2InstanceIMDSv2")
)

var ruleFrequencies = []string{"One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"}

// managed describes what AWS has once per Region: by default it is created, existing uses one that stays another
// stack's, adopt imports it.
func managed(what string, id Check, limits string) []*Node {
	return []*Node{
		dict("existing", "By Region, "+what+" that exists and stays unmanaged.", item(id, limits)).namedBy(regionOfPartition, "a Region"),
		dict("adopt", "By Region, "+what+" that exists and is imported.", item(id, limits)).namedBy(regionOfPartition, "a Region"),
	}
}

// management is the same for what AWS has once per account and what has no id of its own.
func management(what string) *Node {
	return choice("management", "create: make "+what+"; existing: leave the one that exists alone; adopt: import it.", "create", "existing", "adopt").always("create")
}

func config() *Node {
	parameters := dict("parameters", "The rule's parameters.", item(anyText, "a text").orNumber()).namedBy(parameterName, "a parameter name")
	return object("config", "AWS Config: how every resource changes, and whether it obeys.",
		toggle("enabled", "Whether resources are recorded.").always(true),
		object("recorder", "The configuration recorder, one per Region.", managed("the name of a recorder", configName, "a recorder name")...),
		object("deliveryChannel", "The delivery channel, one per Region.", managed("the name of a delivery channel", configName, "a channel name")...),
		object("serviceLinkedRole", "The role AWSServiceRoleForConfig, one per account.", management("the role")),
		object("recording", "What is recorded, and how often.",
			choice("frequency", "CONTINUOUS: every change ($0.003 each); DAILY: the state once a day if it changed ($0.012 each).", "CONTINUOUS", "DAILY").
				byProfile("DAILY", "CONTINUOUS", "CONTINUOUS"),
			list("overrides", "Resource types with a frequency of their own.", record("ConfigRecordingOverride",
				list("resourceTypes", "The resource types.", item(resourceType, "a resource type, such as AWS::S3::Bucket")).distinct(),
				choice("frequency", "Their frequency.", "CONTINUOUS", "DAILY"),
			).needs("resourceTypes", "frequency")).
				byProfile(nil, []any{map[string]any{"frequency": "DAILY", "resourceTypes": NoisyTypes}}, nil),
			list("resourceTypes", "Only these resource types. None: all that are supported.", item(resourceType, "a resource type")).distinct().
				byProfile(SecurityTypes, nil, nil),
			list("excludedResourceTypes", "All but these resource types.", item(resourceType, "a resource type")).distinct(),
		),
		object("snapshots", "Snapshots of all configurations in the archive.",
			choice("frequency", "How often.", ruleFrequencies...).always("TwentyFour_Hours"),
		),
		integer("historyRetentionDays", "For how many days AWS Config itself keeps configuration items, 30 to 2557; 0 is AWS's own seven years. The archive keeps its files by archive.retentionDays.").between(0, 2557).always(0),
		object("rules", "AWS Config rules.",
			choice("set", "none; seed: the seven every account needs; essentials: 33 rules; full: all 103 that the baseline knows.", "none", "seed", "essentials", "full").
				byProfile("seed", "essentials", "full"),
			list("include", "Rules that the baseline knows and the set lacks.", item(ruleName, "the name of a managed rule")).distinct().
				byProfile([]any{"root-account-mfa-enabled"}, nil, nil),
			list("exclude", "Rules of the set that are left out.", item(ruleName, "the name of a managed rule")).distinct(),
			list("regions", "Where the regional rules of the set are evaluated. None: the home Region.", item(regionOfPartition, "a Region")).distinct(),
			dict("requiredTags", "The tags that required-tags demands, with the allowed values separated by commas; an empty text allows all.",
				text("", "").checked(tagValueList, "values separated by commas").orNumber()).namedBy(tagKey, "a tag key").atMost(6),
			dict("parameters", "Parameters of rules of the set, by rule name.",
				dict("", "", item(anyText, "a text").orNumber()).namedBy(parameterName, "a parameter name")).namedBy(ruleName, "the name of a managed rule"),
			list("managed", "Further managed rules.", record("ConfigManagedRule",
				text("name", "The name of the rule.").checked(ownRuleName, "at most 89 letters, digits, underscores and hyphens"),
				text("identifier", "The identifier of the managed rule.").checked(ruleID, "such as INCOMING_SSH_DISABLED"),
				parameters,
				list("resourceTypes", "The resource types whose changes trigger it.", item(resourceType, "a resource type")).distinct(),
				choice("frequency", "How often a periodic rule is evaluated.", ruleFrequencies...),
				list("regions", "Where it is evaluated. None: the home Region.", item(regionOfPartition, "a Region")).distinct(),
			).needs("name", "identifier")),
			list("custom", "Rules written in Guard.", record("ConfigCustomRule",
				text("name", "The name of the rule.").checked(ownRuleName, "at most 89 letters, digits, underscores and hyphens"),
				text("policy", "The rule in Guard's language.").checked(both(notBlank, atMostCharacters(10_000)), "at most 10,000 characters"),
				text("policyFile", "A file with the rule in Guard's language, instead of policy; its path is relative to the project's folder.").checked(notBlank, "a path"),
				list("resourceTypes", "The resource types whose changes trigger it.", item(resourceType, "a resource type")).distinct(),
				list("regions", "Where it is evaluated. None: the home Region.", item(regionOfPartition, "a Region")).distinct(),
			).needs("name", "resourceTypes")),
		),
		object("alerts", "What people are told.",
			toggle("nonCompliance", "Whether a resource that breaks a rule alerts.").always(true),
			toggle("compliantAgain", "Whether a resource that obeys a rule again is told, as information.").always(false),
			toggle("securityGroups", "Whether a change of a security group alerts.").always(true),
			list("resourceTypes", "Further resource types whose changes alert.", item(resourceType, "a resource type")).distinct(),
		),
		object("remediation", "Repair by AWS-owned SSM documents.",
			list("manual", "Documents that a person starts.", choice("", "", RemediationDocuments...)).distinct(),
			list("automatic", "Documents that run by themselves; only those that break no running workload.", choice("", "", SafeRemediations...)).distinct().
				byProfile(nil, nil, []any{"ConfigureS3BucketPublicAccessBlock", "EnableKeyRotation", "EnableCloudTrailLogFileValidation"}),
		),
		object("aggregator", "One view over all covered Regions, and over accounts.",
			toggle("enabled", "Whether there is an aggregator.").byProfile(false, true, true),
			toggle("organization", "Whether it covers all accounts of the organization.").always(false),
			list("accountIds", "Further accounts.", item(accountID, "12 digits").orNumber()).distinct(),
		),
		list("conformancePacks", "Conformance packs.", record("ConfigConformancePack",
			text("name", "The name of the pack.").checked(packName, "a letter, then at most 50 letters, digits and hyphens"),
			text("template", "s3://bucket/key of a template in a bucket of the pack's Region, or the template itself. AWS's sample templates have to be given in one of these ways, too.").checked(packTemplate, "s3://bucket/key or a template with Resources"),
			parameters,
			list("regions", "Where it is deployed. None: the home Region.", item(regionOfPartition, "a Region")).distinct(),
		).needs("name", "template")).atMost(50).in(partition.ConformancePacks),
		object("athena", "Athena over the snapshots, with a query that joins a change with the call that made it.",
			toggle("enabled", "Whether table and query exist.").byProfile(false, true, true),
		).in(partition.Athena),
	).in(partition.Config)
}

// tagValueList is what required-tags takes as tagNValue: values separated by commas.
func tagValueList(v string, at Place) string {
	if len(v) > 1024 {
		return "is longer than 1024 characters"
	}
	return ""
}
