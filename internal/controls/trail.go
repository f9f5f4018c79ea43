package controls

import (
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

func trailCheck(what string, lack func(d *declaration, trail declared.Resource) string) check {
	return check{what, func(d *declaration) ([]string, string) {
		return d.some(trailType, "trail", func(r declared.Resource) string { return lack(d, r) })
	}}
}

var (
	trailEverywhere = trailCheck("a trail logs the management events of every Region", func(_ *declaration, r declared.Resource) string {
		switch {
		case !is(r, "isMultiRegionTrail"):
			return "is a trail of one Region"
		case off(r, "enableLogging"):
			return "does not log"
		case off(r, "includeGlobalServiceEvents"):
			return "leaves out the events of global services"
		default:
			return managementLack(r)
		}
	})
	trailValidated = trailCheck("log files are validated", func(_ *declaration, r declared.Resource) string {
		return unless(is(r, "enableLogFileValidation"), "writes no digests of its log files")
	})
	trailEncrypted = trailCheck("the trail is encrypted by a KMS key", func(_ *declaration, r declared.Resource) string {
		return unless(text(r, "kmsKeyId") != "", "is encrypted by the key of Amazon S3")
	})
	trailToLogs = trailCheck("the trail reaches CloudWatch Logs", func(d *declaration, r declared.Resource) string {
		group := logGroupOf(d, r)
		return unless(group != nil && text(r, "cloudWatchLogsRoleArn") != "", "reaches no log group")
	})
	trailLogsKept = trailCheck("the trail's log group keeps events for a year", func(d *declaration, r declared.Resource) string {
		group := logGroupOf(d, r)
		if group == nil {
			return "reaches no log group"
		}
		days, given := number(*group, "retentionInDays")
		return unless(!given || days == 0 || days >= 365, "keeps events in CloudWatch Logs for %g days", days)
	})
	trailLogsEncrypted = trailCheck("the trail's log group is encrypted by a KMS key", func(d *declaration, r declared.Resource) string {
		group := logGroupOf(d, r)
		return unless(group != nil && text(*group, "kmsKeyId") != "", "has no log group with a KMS key")
	})
	trailBucketLogged = trailCheck("access to the trail's bucket is logged", func(d *declaration, r declared.Resource) string {
		logged := slices.ContainsFunc(d.byType[bucketLogging], func(l declared.Resource) bool {
			return text(l, "bucket") == text(r, "s3BucketName") && d.has(bucketType, "bucket", text(l, "targetBucket"))
		})
		return unless(logged, "delivers to a bucket whose access is not logged by this stack")
	})
	trailCallRates  = insight("ApiCallRateInsight")
	trailErrorRates = insight("ApiErrorRateInsight")
	trailS3Writes   = dataEvents("writes of S3 objects are logged", "AWS::S3::Object", "true")
	trailS3Reads    = dataEvents("reads of S3 objects are logged", "AWS::S3::Object", "false")
	trailLambda     = dataEvents("invocations of Lambda functions are logged", "AWS::Lambda::Function", "")
	trailDynamoDB   = dataEvents("calls to DynamoDB tables are logged", "AWS::DynamoDB::Table", "")
)

func logGroupOf(d *declaration, trail declared.Resource) *declared.Resource {
	arn := strings.TrimSuffix(text(trail, "cloudWatchLogsGroupArn"), ":*")
	for i, group := range d.byType[logGroupType] {
		if name := text(group, "name"); name != "" && strings.HasSuffix(arn, ":log-group:"+name) {
			return &d.byType[logGroupType][i]
		}
	}
	return nil
}

// selectors are the advanced selectors of a category of events, each by the fields that it looks at.
func selectors(trail declared.Resource, category string) (found []map[string]map[string]any) {
	for _, s := range list(at(trail.Inputs, "advancedEventSelectors")) {
		fields := map[string]map[string]any{}
		for _, f := range list(at(s, "fieldSelectors")) {
			if field, ok := f.(map[string]any); ok {
				name, _ := field["field"].(string)
				fields[name] = field
			}
		}
		if slices.Contains(texts(fields["eventCategory"]["equals"]), category) {
			found = append(found, fields)
		}
	}
	return found
}

// managementLack says which management events the trail leaves out. Without selectors a trail takes them all.
func managementLack(trail declared.Resource) string {
	if at(trail.Inputs, "advancedEventSelectors") == nil {
		for _, s := range list(at(trail.Inputs, "eventSelectors")) {
			if kind, _ := at(s, "readWriteType").(string); kind != "" && kind != "All" {
				return "logs " + kind + " events only"
			}
		}
		return ""
	}
	lack := "logs no management events"
	for _, fields := range selectors(trail, "Management") {
		switch {
		case fields["readOnly"] != nil:
			lack = "logs only reads or only writes"
		case fields["eventSource"] != nil:
			lack = "leaves out the management events of some services"
		default:
			return ""
		}
	}
	return lack
}

// dataEvents holds when a trail logs the data events of a type. excluding is the value of readOnly that would leave them out.
func dataEvents(what, resourceType, excluding string) check {
	return trailCheck(what, func(d *declaration, r declared.Resource) string {
		for _, fields := range selectors(r, "Data") {
			named := slices.Contains(texts(fields["resources.type"]["equals"]), resourceType)
			only := texts(fields["readOnly"]["equals"])
			restricted := fields["resources.ARN"]["equals"] != nil || fields["resources.ARN"]["startsWiths"] != nil || fields["eventName"] != nil ||
				slices.ContainsFunc(texts(fields["resources.ARN"]["notStartsWiths"]), func(prefix string) bool { return !ownObjects(d, r, prefix) })
			if named && !restricted && (len(only) == 0 || excluding != "" && !slices.Contains(only, excluding)) {
				return ""
			}
		}
		return "logs no such data events, or of some resources only"
	})
}

// ownObjects reports whether a prefix of ARNs stands for objects of a declared bucket, or of the trail's, only.
func ownObjects(d *declaration, trail declared.Resource, prefix string) bool {
	of := func(bucket string) bool { return bucket != "" && strings.Contains(prefix, ":s3:::"+bucket+"/") }
	return of(text(trail, "s3BucketName")) || slices.ContainsFunc(d.byType[bucketType], func(b declared.Resource) bool { return of(text(b, "bucket")) })
}

func insight(kind string) check {
	return trailCheck("CloudTrail Insights: "+kind, func(_ *declaration, r declared.Resource) string {
		for _, s := range list(at(r.Inputs, "insightSelectors")) {
			if name, _ := at(s, "insightType").(string); name == kind {
				return ""
			}
		}
		return "has no " + kind
	})
}
