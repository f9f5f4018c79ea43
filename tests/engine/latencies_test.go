package engine_test

import "time"

// latencies are how long creations typically take, the provider's own waiting included, which is most of it: what people's
// logs show. They are rounded; what counts is which of them are long. A type that is not here takes usualLatency, as most do.
var latencies = []struct {
	kind    string
	seconds int
	source  string
}{
	{"aws:s3/bucketV2:BucketV2", 3, "https://github.com/turbot/steampipe-plugin-aws/pull/986 (7 s)"},
	// The provider reads the configuration until it has been the same for a while.
	{"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", 57, "https://github.com/ministackorg/ministack/issues/306 (55 s)"},
	{"aws:kms/key:Key", 8, "https://github.com/hashicorp/terraform-provider-aws/pull/20914 (a test that makes and deletes one takes 24 s)"},
	{"aws:iam/role:Role", 5, "https://github.com/turbot/steampipe-plugin-aws/pull/380"},
	{"aws:cloudtrail/trail:Trail", 5, "https://github.com/turbot/steampipe-plugin-aws/pull/986"},
	// The provider wants the attributes of a queue, and its policy, to be the same several times in a row.
	{"aws:sqs/queue:Queue", 25, "https://github.com/hashicorp/terraform-provider-aws/issues/27393"},
	{"aws:sqs/queuePolicy:QueuePolicy", 25, "https://github.com/localstack/localstack/issues/8658"},
	{"aws:cfg/recorder:Recorder", 2, "https://github.com/turbot/steampipe-plugin-aws/pull/380"},
	{"aws:cfg/conformancePack:ConformancePack", 35, "https://github.com/turbot/steampipe-plugin-aws/pull/242"},
	{"aws:guardduty/detector:Detector", 3, "https://github.com/turbot/steampipe-plugin-aws/pull/251"},
	{"aws:guardduty/iPSet:IPSet", 10, "https://github.com/turbot/steampipe-plugin-aws/pull/259"},
	{"aws:guardduty/threatIntelSet:ThreatIntelSet", 10, "https://github.com/turbot/steampipe-plugin-aws/pull/271"},
	{"aws:securityhub/account:Account", 4, "https://github.com/turbot/steampipe-plugin-aws/pull/286"},
	{"aws:securityhub/standardsSubscription:StandardsSubscription", 7, "https://github.com/turbot/steampipe-plugin-aws/pull/286"},
}

const usualLatency = time.Second

func latency(kind string) time.Duration {
	for _, row := range latencies {
		if row.kind == kind {
			return time.Duration(row.seconds) * time.Second
		}
	}
	return usualLatency
}
