package estimate

import (
	"slices"
	"strings"
)

// trail prices what CloudTrail itself takes, and what its archive and its log group hold
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-manage-costs.html).
func (m *model) trail(r Resource) {
	if m.OtherTrails > 0 || !m.isFirst(r, nil) {
		m.use(r, "further copies of management events", "trail-copy", m.ManagementEvents, note("another trail has the first copy, which is free"))
	}
	for _, selector := range objects(r.Inputs, "advancedEventSelectors") {
		m.selector(r, selector)
	}
	for _, insight := range objects(r.Inputs, "insightSelectors") {
		switch text(insight, "insightType") {
		case "ApiCallRateInsight": // of calls that write only
			m.use(r, "Insights on the rate of calls", "trail-insights", m.ManagementEvents*m.WriteShare)
		case "ApiErrorRateInsight":
			m.use(r, "Insights on the rate of errors", "trail-insights", m.ManagementEvents)
		}
	}
	m.archive(r)
	if r.Inputs["cloudWatchLogsGroupArn"] != nil {
		m.logDelivery(r)
	}
	if text(r.Inputs, "snsTopicName") != "" {
		m.leaveOut("notifications that CloudTrail sends for each log file")
	}
}

// dataEventVolumes tells what a selector's resource type amounts to. S3 access points see calls that are S3 data events already.
func (m *model) dataEventVolumes(resourceType string) (events float64, known bool) {
	switch resourceType {
	case "AWS::S3::Object":
		return m.S3DataEvents, true
	case "AWS::Lambda::Function":
		return m.LambdaDataEvents, true
	case "AWS::DynamoDB::Table":
		return m.DynamoDBDataEvents, true
	default:
		return 0, false
	}
}

func (m *model) selector(r Resource, selector map[string]any) {
	category, resourceType, share, narrowed := "", "", 1.0, false
	for _, field := range objects(selector, "fieldSelectors") {
		switch text(field, "field") {
		case "eventCategory":
			category = strings.Join(texts(field, "equals"), "")
		case "resources.type":
			resourceType = strings.Join(texts(field, "equals"), "")
		case "readOnly":
			if slices.Equal(texts(field, "equals"), []string{"true"}) {
				share = 1 - m.WriteShare
			} else {
				share = m.WriteShare
			}
		case "resources.ARN":
			narrowed = len(texts(field, "startsWiths")) > 0
		}
	}
	switch category {
	case "Data":
		events, known := m.dataEventVolumes(resourceType)
		if !known {
			m.leaveOut("data events of " + resourceType + ": no volume stands for them; $0.10 for 100,000")
			return
		}
		assumed := ""
		if narrowed {
			assumed = "priced as if every resource were recorded"
		}
		m.use(r, "data events of "+resourceType, "trail-data", events*share, note(assumed))
	case "NetworkActivity":
		m.use(r, "network activity events", "trail-network", m.NetworkActivityEvents/float64(networkSelectors(r)),
			note("the volume is that of all services that are recorded"))
	}
}

func networkSelectors(r Resource) (n int) {
	for _, selector := range objects(r.Inputs, "advancedEventSelectors") {
		for _, field := range objects(selector, "fieldSelectors") {
			if slices.Contains(texts(field, "equals"), "NetworkActivity") {
				n++
			}
		}
	}
	return n
}

// archive prices the trail's bucket, where it is one of the declared ones. Most log objects are too small for the lifecycle to
// move them to another storage class, so that all is priced as S3 Standard.
func (m *model) archive(trail Resource) {
	name := text(trail.Inputs, "s3BucketName")
	buckets := m.all("aws:s3/bucketV2:BucketV2", func(b Resource) bool { return text(b.Inputs, "bucket") == name })
	if len(buckets) == 0 {
		m.leaveOut("log storage in a bucket that the program does not declare: the account that owns it pays")
		return
	}
	months := m.monthsUntilExpiry(name)
	m.use(buckets[0], "log storage", "s3-storage", m.ArchiveGigabytes*months, note("after "+count(months)+" months"))
	m.use(buckets[0], "log objects written", "s3-put", m.ArchiveObjects)
}

// monthsUntilExpiry is how many months of logs a bucket holds, within the year that is looked at.
func (m *model) monthsUntilExpiry(bucket string) float64 {
	months := float64(monthsKept)
	for _, lifecycle := range m.all("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", nil) {
		if text(lifecycle.Inputs, "bucket") != bucket {
			continue
		}
		for _, rule := range objects(lifecycle.Inputs, "rules") {
			expiration, _ := rule["expiration"].(map[string]any)
			if days, _ := expiration["days"].(float64); days > 0 {
				months = min(months, days/daysOfMonth)
			}
		}
	}
	return months
}

// lifecycle prices nothing: what a transition costs depends on the sizes of objects.
func (m *model) lifecycle(r Resource) {
	for _, rule := range objects(r.Inputs, "rules") {
		if len(objects(rule, "transitions")) > 0 {
			m.leaveOut("moving old log objects to other storage classes, and what that saves: most are below 128 KB and stay")
		}
	}
}

// Kilobytes in a gigabyte, and what is left of a log event once CloudWatch Logs has compressed it: the factor that the examples
// of its price page work with (https://aws.amazon.com/cloudwatch/pricing/).
const (
	kilobytes  = 1 << 20
	compressed = 0.15
)

func (m *model) logGigabytes() float64 { return m.ManagementEvents * m.EventKilobytes / kilobytes }

func (m *model) logDelivery(trail Resource) {
	m.use(trail, "log ingestion", "logs-ingestion", m.logGigabytes(), note("management events only; data events are not in the volume"))
}

// logGroup prices what a trail's log group holds.
func (m *model) logGroup(r Resource) {
	if len(m.all("aws:cloudtrail/trail:Trail", inComponent(r.Component))) == 0 {
		m.leaveOut("log groups without a trail: what is written to them is not known")
		return
	}
	months := float64(monthsKept)
	if days, _ := r.Inputs["retentionInDays"].(float64); days > 0 {
		months = min(months, days/daysOfMonth)
	}
	m.use(r, "log retention", "logs-storage", m.logGigabytes()*compressed*months, note("after "+count(months)+" months"))
}

func (m *model) metricFilter(r Resource) {
	m.use(r, "metrics of filters", "metric", m.MetricHours, note("a metric is paid for the hours in which it is written"))
}

func (m *model) workgroup(r Resource) {
	if m.isFirst(r, nil) {
		m.use(r, "queries", "athena-scan", m.AthenaGigabytes)
	}
}
