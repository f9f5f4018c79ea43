package schema

import "github.com/seed-8894d46d/account-baseline/components/internal/partition"

const mostUSD = 1e9

func amount(name, doc string) *Node { return number(name, doc).between(0.01, mostUSD) }

func billing() *Node {
	threshold := record("BillingThreshold",
		number("percent", "The share of the limit in percent.").between(0.1, 1_000_000),
		choice("type", "ACTUAL: spent; FORECASTED: expected by the end of the month.", "ACTUAL", "FORECASTED"),
	).needs("percent", "type")
	actual := func(percent int) any { return map[string]any{"percent": percent, "type": "ACTUAL"} }
	return object("billing", "Guards on the bill.",
		toggle("enabled", "Whether there are any.").always(true),
		object("monthlyBudget", "The budget of the whole account.",
			toggle("enabled", "Whether there is one.").always(true),
			amount("limit", "The limit in USD a month.").always(100),
			list("thresholds", "When it alerts.", threshold).atMost(10).
				always([]any{actual(50), actual(80), actual(100), map[string]any{"percent": 100, "type": "FORECASTED"}}),
			list("emails", "Addresses that AWS Budgets mails itself, beside the alerts.", item(email, "an e-mail address")).atMost(10).distinct(),
		).in(partition.Budgets),
		dict("serviceBudgets", "Budgets of single services, by Cost Explorer's name of the service.", record("BillingServiceBudget",
			amount("limit", "The limit in USD a month."),
		).needs("limit")).namedBy(serviceName, "the name of a service, such as Amazon Simple Storage Service").in(partition.Budgets),
		object("baselineBudget", "The budget of what the baseline itself costs.",
			toggle("enabled", "Whether there is one.").byProfile(false, true, true),
			amount("limit", "The limit in USD a month.").byProfile(5, 50, 200),
		).in(partition.Budgets),
		object("estimatedCharges", "CloudWatch alarms on EstimatedCharges. Billing alerts have to be switched on once in the console.",
			toggle("enabled", "Whether there are any.").byProfile(false, true, true),
			list("thresholds", "The amounts in USD at which they fire. None: the limit of the monthly budget.", number("", "").between(0.01, mostUSD)).atMost(10).distinct(),
		).in(partition.EstimatedCharges),
		object("anomalyDetection", "Cost anomaly detection per service.",
			toggle("enabled", "Whether it is used.").always(true),
			choice("frequency", "DAILY and WEEKLY mail a summary; IMMEDIATE alerts.", "IMMEDIATE", "DAILY", "WEEKLY").always("IMMEDIATE"),
			amount("thresholdAmount", "From which impact in USD.").always(10),
			number("thresholdPercent", "And from which impact in percent of what was expected.").between(1, 1_000_000).always(20),
			text("existing", "The ARN of the account's SERVICE monitor that exists and stays unmanaged.").checked(monitorARN, "the ARN of a cost anomaly monitor"),
			text("adopt", "The ARN of the account's SERVICE monitor that exists and is imported.").checked(monitorARN, "the ARN of a cost anomaly monitor"),
		).in(partition.AnomalyDetection),
		object("report", "The bill report: cost per service compared with the period before.",
			list("schedules", "When it is sent.", choice("", "", "daily", "weekly", "monthly")).distinct().
				byProfile(nil, []any{"weekly"}, []any{"daily", "weekly"}),
			integer("hour", "At which hour of the day.").between(0, 23).always(9),
			text("timeZone", "In which time zone.").checked(timeZone, "a time zone, such as Asia/Tokyo").always("UTC"),
		).in(partition.CostExplorer),
		object("action", "A budget action: at a threshold a deny policy is attached to the named groups and roles.",
			number("percent", "The share of the monthly budget in percent.").between(0.1, 1_000_000).always(100),
			choice("approval", "MANUAL: a person confirms; AUTOMATIC: at once.", "MANUAL", "AUTOMATIC").always("MANUAL"),
			text("policyArn", "The deny policy. None: one that denies the creation of what costs.").checked(policyARN, "the ARN of an IAM policy"),
			list("groups", "The groups.", item(groupName, "an IAM group name")).atMost(100).distinct(),
			list("roles", "The roles.", item(roleName, "an IAM role name")).atMost(100).distinct(),
		).in(partition.BudgetActions),
	)
}

func estimate() *Node {
	volume := func(name, doc string, standard float64) *Node {
		return number(name, doc).between(0, 1e15).always(standard)
	}
	return object("estimate", "The account's volumes a month, from which the cost of the baseline is estimated.",
		volume("managementEvents", "Management events.", 500_000),
		volume("dataEvents", "Data events.", 1_000_000),
		volume("configurationItems", "Configuration items over all covered Regions.", 2_000),
		volume("ruleEvaluations", "Evaluations of AWS Config rules.", 5_000),
		volume("flowLogGigabytes", "VPC flow and DNS logs that GuardDuty reads, in GB.", 10),
		volume("s3DataEvents", "S3 data events that GuardDuty reads.", 1_000_000),
		volume("ec2VirtualCpus", "vCPUs that run all month under runtime monitoring.", 4),
		volume("rdsVirtualCpus", "vCPUs of RDS instances.", 2),
		volume("ebsGigabytesScanned", "EBS volumes scanned for malware, in GB.", 0),
		volume("securityChecks", "Security Hub checks.", 10_000),
		volume("iamIdentities", "Roles and users under the unused access analyzer.", 50),
		volume("archiveGigabytes", "What the archive grows by, in GB.", 1),
	)
}
