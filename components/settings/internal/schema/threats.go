package schema

import (
	"fmt"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/internal/protection"
)

// Standards are the Security Hub standards that can be switched on.
var Standards = []string{
	"aws-foundational-security-best-practices/v/1.0.0", "cis-aws-foundations-benchmark/v/1.2.0",
	"cis-aws-foundations-benchmark/v/1.4.0", "cis-aws-foundations-benchmark/v/3.0.0", "cis-aws-foundations-benchmark/v/5.0.0",
	"nist-800-53/v/5.0.0", "pci-dss/v/4.0.1", "aws-resource-tagging-standard/v/1.0.0",
}

func threats() *Node {
	return object("threats", "Threat detection: somebody is inside.",
		toggle("enabled", "Whether threats are looked for.").always(true),
		guardDuty(),
		object("accessAnalyzer", "IAM Access Analyzer: what is open to other accounts.",
			append([]*Node{
				toggle("enabled", "Whether every covered Region has an external access analyzer (free).").always(true),
				object("unusedAccess", "The unused access analyzer, at $0.20 per role and user and month.",
					toggle("enabled", "Whether there is one in the home Region.").byProfile(false, false, true),
					integer("unusedAccessAge", "After how many days without use access counts as unused. A change replaces the analyzer.").between(1, 365).always(90),
					text("existing", "The name of an analyzer that exists in the home Region and stays unmanaged.").checked(analyzerName, "an analyzer name"),
					text("adopt", "The name of an analyzer that exists in the home Region and is imported.").checked(analyzerName, "an analyzer name"),
				).in(partition.UnusedAccess),
				list("archiveRules", "Findings of external access that are meant to be, in every covered Region.", record("ThreatArchiveRule",
					text("name", "The name of the rule.").checked(analyzerName, "a letter, then at most 254 letters, digits, dots, underscores and hyphens"),
					criteria("equals", "Values by filter key such as principal.AWS, of which one must match.", 20, filterKey, "a filter key of archive rules, such as principal.AWS"),
					criteria("contains", "Texts by filter key, of which one must be within the value.", 20, filterKey, "a filter key of archive rules, such as principal.AWS"),
				).needs("name")).atMost(100),
			}, managed("the name of an analyzer", analyzerName, "an analyzer name")...)...,
		).in(partition.AccessAnalyzer),
		object("securityHub", "AWS Security Hub. A standard costs about $6 a month in every Region, idle ones included.",
			toggle("enabled", "Whether it is used.").byProfile(false, true, true),
			list("standards", "The standards; AWS's own defaults are never switched on silently.", choice("", "", Standards...)).distinct().
				byProfile(nil, []any{Standards[0]}, []any{Standards[0], Standards[4]}),
			list("regions", "Where. None: the home Region; all: every covered Region.", item(regionOfPartition, "a Region")).distinct().orAll().byProfile(nil, nil, []any{AllRegions}),
			list("disabledControls", "Controls that are switched off.", record("ThreatDisabledControl",
				text("id", "The control, such as IAM.6.").checked(controlID, "a control, such as IAM.6"),
				text("reason", "Why. Security Hub shows it.").checked(reason, "1 to 512 characters without line breaks"),
				list("standards", "The standards that have the control. None: all that are chosen.", choice("", "", Standards...)).distinct(),
			).needs("id", "reason")),
			toggle("disableGlobalControls", "Whether controls about IAM are switched off outside the home Region, where AWS Config does not record IAM.").byProfile(false, false, true),
			toggle("aggregator", "Whether the findings of all its Regions are aggregated to the home Region.").always(true),
			list("existing", "Regions where Security Hub is on and stays unmanaged.", item(regionOfPartition, "a Region")).distinct(),
			list("adopt", "Regions where Security Hub is on and is imported.", item(regionOfPartition, "a Region")).distinct(),
		).in(partition.SecurityHub),
		object("trustedAdvisor", "Trusted Advisor.",
			toggle("enabled", "Whether its warnings and errors alert. It needs a Business support plan.").always(false),
		).in(partition.TrustedAdvisor),
		object("health", "AWS Health.",
			toggle("enabled", "Whether its events about this account alert.").always(true),
			toggle("publicIssues", "Whether operational issues that it reports to everybody are told too, as informational alerts.").always(false),
		),
		object("inspector", "Amazon Inspector: known vulnerabilities.",
			toggle("enabled", "Whether it is used.").byProfile(false, false, true),
			list("resourceTypes", "What is scanned.", choice("", "", "EC2", "ECR", "LAMBDA", "LAMBDA_CODE")).distinct().always([]any{"EC2", "ECR", "LAMBDA"}),
			list("regions", "Where. None: every covered Region that has it.", item(regionOfPartition, "a Region")).distinct(),
		).in(partition.Inspector),
		object("macie", "Amazon Macie: sensitive data in buckets.",
			toggle("enabled", "Whether it is used.").always(false),
			choice("findingPublishingFrequency", "How often findings are published.", "FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS").always("FIFTEEN_MINUTES"),
			list("regions", "Where. None: every covered Region that has it.", item(regionOfPartition, "a Region")).distinct(),
		).in(partition.Macie),
	)
}

func guardDuty() *Node {
	return object("guardDuty", "Amazon GuardDuty.", append([]*Node{
		toggle("enabled", "Whether every covered Region has a detector.").always(true),
		choice("findingPublishingFrequency", "How often findings that recur are published again.", "FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS").always("FIFTEEN_MINUTES"),
		protectionPlans(),
		runtimeAgents(),
		object("export", "Export of findings to the archive. It needs a customer-managed key.",
			toggle("enabled", "Whether findings are exported.").byProfile(false, true, true),
		),
		object("severity", "From which severity on findings alert, by severity of the alert.",
			number("critical", "Findings that are critical alerts.").between(1, 10).always(7),
			number("warning", "Findings that are warnings.").between(1, 10).always(4),
			toggle("informational", "Whether findings below are told too, as informational ones.").always(false),
		),
		list("suppress", "Findings that are known to be good.", record("ThreatSuppression",
			text("name", "The name of the filter.").checked(filterName, "3 to 64 letters, digits, dots, underscores and hyphens"),
			text("reason", "Why they are good; it is the description of the filter.").checked(reason, "1 to 512 characters without line breaks"),
			criteria("equals", "Values by field of the finding, of which one must match.", 50, findingField, "a field of a finding"),
			criteria("notEquals", "Values by field of the finding, of which none may match.", 50, findingField, "a field of a finding"),
			list("regions", "Where. None: every covered Region.", item(regionOfPartition, "a Region")).distinct(),
		).needs("name")).atMost(100),
		object("trustedIps", "A list of addresses that raise no findings, one per Region.", ipList()...),
		list("threatIps", "Lists of addresses that raise findings.", record("ThreatIPList", ipList()...).needs("location")).atMost(6),
		list("malwareProtectedBuckets", "Buckets of the home Region whose new objects are scanned, at a price per GB and per object.", record("ThreatProtectedBucket",
			text("name", "The bucket.").checked(bucketName, bucketNameLimits),
			list("prefixes", "Only keys that begin with one of these.", item(anyText, "the start of a key")).distinct().atMost(5),
			text("keyArn", "The customer-managed key of the bucket.").checked(keyARN, "the ARN of a KMS key"),
			toggle("tag", "Whether the result is written to the object as the tag GuardDutyMalwareScanStatus."),
		).needs("name")).in(partition.GuardDutyMalware),
		dict("missingPlans", "By Region, plans that AWS refuses there.", list("", "", choice("", "", protection.Names()...)).distinct()).namedBy(regionOfPartition, "a Region"),
		toggle("keepDetectors", "Whether detectors stay, with their plans and what those cost, when the stack or a Region goes.").always(false),
	}, managed("the id of a detector", detectorID, "32 hexadecimal digits")...)...).in(partition.GuardDuty)
}

// protectionPlans are a switch for each plan of the table.
func protectionPlans() *Node {
	var switches []*Node
	for _, plan := range protection.Plans() {
		switches = append(switches, toggle(plan.Setting, fmt.Sprintf("%s, %s.", plan.Title, plan.PriceDriver)).
			byProfile(plan.Starter, plan.Standard, plan.Strict).in(plan.Feature))
	}
	return object("plans", "The protection plans. Each one is stated to GuardDuty as on or off in every covered Region.", switches...)
}

func runtimeAgents() *Node {
	var switches []*Node
	for _, plan := range protection.Plans() {
		for _, agent := range plan.Agents {
			switches = append(switches, toggle(agent.Setting, fmt.Sprintf("Whether it does so %s (%s).", agent.Place, agent.Name)).byProfile(false, false, agent.Strict))
		}
	}
	return object("runtimeAgents", "Where GuardDuty installs the agent of runtime monitoring itself.", switches...).in(partition.GuardDutyRuntime)
}

func ipList() []*Node {
	return []*Node{
		text("location", "The URL of the object, such as s3://BUCKET/KEY.").checked(listLocation, "the URL of an object, such as s3://BUCKET/KEY"),
		choice("format", "How it is written. None: TXT.", "TXT", "STIX", "OTX_CSV", "ALIEN_VAULT", "PROOF_POINT", "FIRE_EYE"),
	}
}

// criteria are values by field, as filters and archive rules have them.
func criteria(name, doc string, most int, field Check, limits string) *Node {
	return dict(name, doc, list("", "", item(anyText, "a text").orNumber()).distinct().atMost(most)).namedBy(field, limits)
}
