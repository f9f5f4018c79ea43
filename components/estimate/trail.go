package estimate

import (
	"slices"
	"strings"
)

const trailToken = "aws:cloudtrail/trail:Trail"

// trail prices what CloudTrail itself takes, and what its archive and its log group hold
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-manage-costs.html).
func (m *model) trail(r Resource) {
	if m.OtherTrails > 0 || !m.isFirst(r, nil) {
		m.use(r, "further copies of management events", "trail-copy", m.ManagementEvents, note("another trail has the first copy, which is free"))
	}
	for _, selected := range m.selected(r) {
		switch {
		case !selected.known:
			m.leaveOut("data events of " + selected.resourceType + ": no volume stands for them; $0.10 for 100,000")
		case selected.category == "Data":
			assumed := ""
			if selected.narrowed {
				assumed = "priced as if every resource were recorded"
			}
			m.use(r, "data events of "+selected.resourceType, "trail-data", selected.events, note(assumed))
		default:
			m.use(r, "network activity events", "trail-network", selected.events, note("the volume is that of all services that are recorded"))
		}
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

// selection is what a selector of a trail records beside management events.
type selection struct {
	category, resourceType string
	events                 float64
	narrowed               bool // to some resources, which the volume does not tell apart
	known                  bool // whether a volume stands for it
}

// selected are the selections of data events and of network activity events of a trail.
func (m *model) selected(trail Resource) (all []selection) {
	for _, selector := range objects(trail.Inputs, "advancedEventSelectors") {
		s, share := selection{known: true}, 1.0
		for _, field := range objects(selector, "fieldSelectors") {
			switch text(field, "field") {
			case "eventCategory":
				s.category = strings.Join(texts(field, "equals"), "")
			case "resources.type":
				s.resourceType = strings.Join(texts(field, "equals"), "")
			case "readOnly":
				if slices.Equal(texts(field, "equals"), []string{"true"}) {
					share = 1 - m.WriteShare
				} else {
					share = m.WriteShare
				}
			case "resources.ARN":
				s.narrowed = len(texts(field, "startsWiths")) > 0
			}
		}
		switch s.category {
		case "Data":
			s.events, s.known = m.dataEventVolumes(s.resourceType)
			s.events *= share
		case "NetworkActivity":
			s.events = m.NetworkActivityEvents / float64(networkSelectors(trail))
		default:
			continue
		}
		all = append(all, s)
	}
	return all
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
	months := m.monthsUntilExpiry(buckets[0])
	m.use(buckets[0], "log storage", "s3-storage", m.ArchiveGigabytes*months, note("after "+count(months)+" months"))
	m.use(buckets[0], "log storage of data events", "s3-storage", m.dataGigabytes(trail)*compressed*months, note("after "+count(months)+" months"))
	m.use(buckets[0], "log objects written", "s3-put", m.ArchiveObjects)
}

// monthsUntilExpiry is how many months of logs a bucket holds, within the year that is looked at.
func (m *model) monthsUntilExpiry(bucket Resource) float64 {
	months := float64(monthsKept)
	for _, lifecycle := range m.all("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", nil) {
		if !belongs(lifecycle, "bucket", bucket, text(bucket.Inputs, "bucket")) {
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

// Kilobytes in a gigabyte, and what is left of a log event once it is compressed: the factor that the examples of CloudWatch's
// price page work with (https://aws.amazon.com/cloudwatch/pricing/). That log files in the archive shrink alike is an assumption.
const (
	kilobytes  = 1 << 20
	compressed = 0.15
)

// dataGigabytes is the size of the data events and network activity events that a trail records.
func (m *model) dataGigabytes(trail Resource) (gigabytes float64) {
	for _, s := range m.selected(trail) {
		gigabytes += s.events * m.EventKilobytes / kilobytes
	}
	return gigabytes
}

// logGigabytes is what trails send to CloudWatch Logs: a trail with a log group sends it all that it records
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html).
func (m *model) logGigabytes(trails []Resource) (gigabytes float64) {
	for _, trail := range trails {
		if trail.Inputs["cloudWatchLogsGroupArn"] != nil {
			gigabytes += m.ManagementEvents*m.EventKilobytes/kilobytes + m.dataGigabytes(trail)
		}
	}
	return gigabytes
}

func (m *model) logDelivery(trail Resource) {
	m.use(trail, "log ingestion", "logs-ingestion", m.logGigabytes([]Resource{trail}))
}

// logGroup prices what a trail's log group holds.
func (m *model) logGroup(r Resource) {
	trails := m.all(trailToken, inComponent(r.Component))
	if len(trails) == 0 {
		m.leaveOut("log groups without a trail: what is written to them is not known")
		return
	}
	months := float64(monthsKept)
	if days, _ := r.Inputs["retentionInDays"].(float64); days > 0 {
		months = min(months, days/daysOfMonth)
	}
	m.use(r, "log retention", "logs-storage", m.logGigabytes(trails)*compressed*months, note("after "+count(months)+" months"))
}

func (m *model) metricFilter(r Resource) {
	m.use(r, "metrics of filters", "metric", m.MetricHours, note("a metric is paid for the hours in which it is written"))
}

func (m *model) workgroup(r Resource) {
	if m.isFirst(r, nil) {
		m.use(r, "queries", "athena-scan", m.AthenaGigabytes)
	}
}
