package schema

import "github.com/seed-8894d46d/account-baseline/components/internal/partition"

// Standards are the Security Hub standards that can be switched on.
var Standards = []string{
	"aws-foundational-security-best-practices/v/1.0.0", "cis-aws-foundations-benchmark/v/1.4.0",
	"cis-aws-foundations-benchmark/v/3.0.0", "cis-aws-foundations-benchmark/v/5.0.0", "nist-800-53/v/5.0.0", "pci-dss/v/4.0.1",
}

func threats() *Node {
	return object("threats", "Threat detection: somebody is inside.",
		toggle("enabled", "Whether threats are looked for.").always(true),
		guardDuty(),
		object("accessAnalyzer", "IAM Access Analyzer: what is open to other accounts.",
			append([]*Node{
				toggle("enabled", "Whether every covered Region has an external access analyzer (free).").always(true),
				object("unusedAccess", "The unused access analyzer, at $0.20 per role and user and month.", append([]*Node{
					toggle("enabled", "Whether there is one in the home Region.").byProfile(false, false, true),
					integer("unusedAccessAge", "After how many days without use access counts as unused.").between(1, 365).always(90),
				}, managed("the name of an analyzer", analyzerName, "an analyzer name")...)...).in(partition.UnusedAccess),
			}, managed("the name of an analyzer", analyzerName, "an analyzer name")...)...,
		).in(partition.AccessAnalyzer),
		object("securityHub", "AWS Security Hub. A standard costs several dollars a month in every Region, idle ones included.",
			toggle("enabled", "Whether it is used.").byProfile(false, true, true),
			list("standards", "The standards; AWS's own defaults are never switched on silently.", choice("", "", Standards...)).distinct().
				byProfile(nil, []any{Standards[0]}, []any{Standards[0], Standards[2]}),
			list("regions", "Where. None: the home Region.", item(regionOfPartition, "a Region")).distinct().orAll().byProfile(nil, nil, []any{AllRegions}),
			list("existing", "Regions where Security Hub is on and stays unmanaged.", item(regionOfPartition, "a Region")).distinct(),
			list("adopt", "Regions where Security Hub is on and is imported.", item(regionOfPartition, "a Region")).distinct(),
		).in(partition.SecurityHub),
		object("trustedAdvisor", "Trusted Advisor.",
			toggle("enabled", "Whether its warnings and errors alert. It needs a Business support plan.").always(false),
		).in(partition.TrustedAdvisor),
		object("health", "AWS Health.",
			toggle("enabled", "Whether its events alert.").always(true),
		),
		object("inspector", "Amazon Inspector: known vulnerabilities.",
			toggle("enabled", "Whether it is used.").byProfile(false, false, true),
			list("resourceTypes", "What is scanned.", choice("", "", "EC2", "ECR", "LAMBDA", "LAMBDA_CODE")).distinct().always([]any{"EC2", "ECR", "LAMBDA"}),
		).in(partition.Inspector),
		object("macie", "Amazon Macie: sensitive data in buckets.",
			toggle("enabled", "Whether it is used.").always(false),
			choice("findingPublishingFrequency", "How often findings are published.", "FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS").always("FIFTEEN_MINUTES"),
		).in(partition.Macie),
	)
}

func guardDuty() *Node {
	return object("guardDuty", "Amazon GuardDuty.", append([]*Node{
		toggle("enabled", "Whether every covered Region has a detector.").always(true),
		choice("findingPublishingFrequency", "How often findings that recur are published again.", "FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS").always("FIFTEEN_MINUTES"),
		object("plans", "The protection plans. Each one is stated to GuardDuty as on or off in every covered Region.",
			toggle("s3DataEvents", "S3 protection, $0.80 per million events.").byProfile(false, true, true),
			toggle("eksAuditLogs", "EKS protection, $1.60 per million events.").byProfile(false, true, true),
			toggle("ebsMalwareProtection", "Malware protection for EC2, $0.03 per GB scanned.").byProfile(false, true, true).in(partition.GuardDutyMalware),
			toggle("rdsLoginEvents", "RDS protection, $1 per vCPU and month.").byProfile(false, true, true).in(partition.GuardDutyRDS),
			toggle("lambdaNetworkLogs", "Lambda protection, $1 per GB.").byProfile(false, true, true).in(partition.GuardDutyLambda),
			toggle("runtimeMonitoring", "Runtime monitoring, $1.50 per vCPU and month.").byProfile(false, false, true).in(partition.GuardDutyRuntime),
		),
		object("runtimeAgents", "Where GuardDuty installs the agent of runtime monitoring itself.",
			toggle("eks", "In EKS clusters (EKS_ADDON_MANAGEMENT).").byProfile(false, false, true),
			toggle("ecsFargate", "In ECS tasks on Fargate (ECS_FARGATE_AGENT_MANAGEMENT).").byProfile(false, false, true),
			toggle("ec2", "On EC2 instances (EC2_AGENT_MANAGEMENT).").byProfile(false, false, true),
		).in(partition.GuardDutyRuntime),
		object("export", "Export of findings to the archive. It needs a customer-managed key.",
			toggle("enabled", "Whether findings are exported.").byProfile(false, true, true),
		),
		object("severity", "From which severity on findings alert, by severity of the alert.",
			number("critical", "Findings that page.").between(1, 10).always(7),
			number("informational", "Findings that inform.").between(1, 10).always(4),
		),
		list("suppress", "Findings that are known to be good.", record("ThreatSuppression",
			text("name", "The name of the filter.").checked(filterName, "3 to 64 letters, digits, dots, underscores and hyphens"),
			dict("equals", "Values by field of the finding, all of which must match.",
				list("", "", item(anyText, "a text").orNumber())).namedBy(findingField, "a field of a finding"),
		).needs("name", "equals")).atMost(100),
	}, managed("the id of a detector", detectorID, "32 hexadecimal digits")...)...).in(partition.GuardDuty)
}
