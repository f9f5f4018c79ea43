package schema

import "slices"

// Volumes are the names of the volumes that costs are estimated from, as package estimate has them.
var Volumes = []string{
	"managementEvents", "writeShare", "eventKilobytes", "s3DataEvents", "lambdaDataEvents", "dynamoDBDataEvents",
	"networkActivityEvents", "eksAuditEvents", "flowLogGigabytes", "lambdaLogGigabytes", "runtimeVirtualCPUs",
	"databaseVirtualCPUs", "ebsGigabytesScanned", "s3ObjectsScanned", "s3GigabytesScanned", "buckets",
	"macieGigabytes", "instances", "containerImages", "configurationItems", "changesMergedByDaily",
	"evaluationsPerRule", "securityChecks", "findings", "iamIdentities", "archiveGigabytes", "archiveObjects",
	"kmsRequests", "athenaGigabytes", "alerts", "metricHours", "forwardedEvents", "otherTrails",
}

func estimate() *Node {
	return object("estimate", "From what the monthly cost of the baseline is estimated, and what it may come to.",
		choice("preset", "The volumes to begin with: of an account in which hardly anything runs, of a small team's, of a busy one.", "quiet", "team", "busy").
			byProfile("quiet", "team", "team"),
		number("limit", "The estimate in USD a month above which nothing is deployed. None: there is no limit.").between(0.01, mostUSD),
		toggle("freeTier", "Whether AWS's free allowances are taken off, as if nothing else used them.").always(true),
		dict("volumes", "Volumes a month that replace those of the preset, by name.", number("", "").between(0, 1e15)).
			namedBy(volumeName, "a volume, such as managementEvents"),
	)
}

func volumeName(v string, _ Place) string {
	if slices.Contains(Volumes, v) {
		return ""
	}
	return "is not a volume" + Suggestion(v, Volumes)
}
