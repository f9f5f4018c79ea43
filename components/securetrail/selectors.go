package securetrail

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudtrail"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ReadWrite narrows data events to reads or writes.
type ReadWrite string

// The values of ReadWrite.
const (
	ReadsAndWrites ReadWrite = ""
	ReadsOnly      ReadWrite = "read"
	WritesOnly     ReadWrite = "write"
)

// DataEvents records the calls on single resources of one kind
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html).
type DataEvents struct {
	// Kind is one of DataEventKinds. Required.
	Kind string
	// IncludeArns records only resources whose ARN starts with one of these. Default: all.
	IncludeArns []string
	// ExcludeArns records no resources whose ARN starts with one of these. Default: none. The buckets of the archive
	// are never recorded: that would be logs about logs, without end.
	ExcludeArns []string
	// ReadWrite is ReadsAndWrites, ReadsOnly or WritesOnly. Default: ReadsAndWrites.
	ReadWrite ReadWrite
}

// dataEventTypes are the kinds of data events with the resource types they stand for; a selector takes one type.
var dataEventTypes = map[string][]string{
	"s3Objects":              {"AWS::S3::Object"},
	"lambdaFunctions":        {"AWS::Lambda::Function"},
	"dynamodbTables":         {"AWS::DynamoDB::Table"},
	"dynamodbStreams":        {"AWS::DynamoDB::Stream"},
	"s3OutpostsObjects":      {"AWS::S3Outposts::Object"},
	"s3AccessPoints":         {"AWS::S3::AccessPoint", "AWS::S3ObjectLambda::AccessPoint"},
	"managedBlockchainNodes": {"AWS::ManagedBlockchain::Network", "AWS::ManagedBlockchain::Node"},
}

// DataEventKinds are the kinds of data events, sorted.
var DataEventKinds = slices.Sorted(maps.Keys(dataEventTypes))

// NetworkActivitySources are the services whose calls through VPC endpoints can be recorded
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html).
var NetworkActivitySources = []string{
	"cloudtrail.amazonaws.com", "ec2.amazonaws.com", "kms.amazonaws.com", "s3.amazonaws.com", "secretsmanager.amazonaws.com",
}

// noisySources are the sources of management events that may be left out, and only these
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html).
const (
	kmsSource     = "kms.amazonaws.com"
	rdsDataSource = "rdsdata.amazonaws.com"
)

// Limits of a trail's selectors:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
const maxSelectorConditions = 500

var anArn = regexp.MustCompile(`^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12})?:?.*$`)

func (a *SecureTrailArgs) selectorProblems() (problems []error) {
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	seen := map[string]bool{}
	conditions := 0
	for i, events := range a.DataEvents {
		field := fmt.Sprintf("DataEvents[%d]", i)
		types, known := dataEventTypes[events.Kind]
		if !known {
			add("%s.Kind: %q is none of %s", field, events.Kind, strings.Join(DataEventKinds, ", "))
		}
		if seen[events.Kind] {
			add("%s.Kind: %q is given twice; put its ARNs together", field, events.Kind)
		}
		seen[events.Kind] = true
		if events.ReadWrite != ReadsAndWrites && events.ReadWrite != ReadsOnly && events.ReadWrite != WritesOnly {
			add("%s.ReadWrite: %q is neither %q nor %q; leave it out for both", field, events.ReadWrite, ReadsOnly, WritesOnly)
		}
		for _, list := range []struct {
			name string
			arns []string
		}{{"IncludeArns", events.IncludeArns}, {"ExcludeArns", events.ExcludeArns}} {
			for j, arn := range list.arns {
				if !anArn.MatchString(arn) {
					add("%s.%s[%d]: %q is not the beginning of an ARN", field, list.name, j, arn)
				}
			}
			conditions += len(list.arns) * max(len(types), 1)
		}
	}
	if conditions > maxSelectorConditions {
		add("DataEvents: %d ARNs are more than the %d values that a trail's selectors may hold", conditions, maxSelectorConditions)
	}
	for i, source := range a.NetworkActivity {
		if !slices.Contains(NetworkActivitySources, source) {
			add("NetworkActivity[%d]: %q is none of %s", i, source, strings.Join(NetworkActivitySources, ", "))
		}
		if slices.Contains(a.NetworkActivity[:i], source) {
			add("NetworkActivity[%d]: %q is given twice", i, source)
		}
	}
	return problems
}

// selectors are the trail's event selectors: management events always, then what is asked for.
func (b *builder) selectors() cloudtrail.TrailAdvancedEventSelectorArray {
	all := cloudtrail.TrailAdvancedEventSelectorArray{b.managementEvents()}
	for _, events := range b.args.DataEvents {
		for _, resourceType := range dataEventTypes[events.Kind] {
			all = append(all, b.dataEvents(events, resourceType))
		}
	}
	for _, source := range b.args.NetworkActivity {
		all = append(all, selector("Network activity: "+source,
			equals("eventCategory", "NetworkActivity"), equals("eventSource", source)))
	}
	return all
}

// managementEvents selects every management event, reads and writes. Scanners look for exactly this name.
func (b *builder) managementEvents() cloudtrail.TrailAdvancedEventSelectorArgs {
	fields := []cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{equals("eventCategory", "Management")}
	var omitted pulumi.StringArray
	if b.args.OmitKMSEvents {
		omitted = append(omitted, pulumi.String(kmsSource))
	}
	if b.args.OmitRDSDataEvents {
		omitted = append(omitted, pulumi.String(rdsDataSource))
	}
	if len(omitted) > 0 {
		fields = append(fields, cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{
			Field: pulumi.String("eventSource"), NotEquals: omitted,
		})
	}
	return selector("Management events selector", fields...)
}

// dataEvents selects the calls on resources of one type.
func (b *builder) dataEvents(events DataEvents, resourceType string) cloudtrail.TrailAdvancedEventSelectorArgs {
	fields := []cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{
		equals("eventCategory", "Data"), equals("resources.type", resourceType),
	}
	switch events.ReadWrite {
	case ReadsOnly:
		fields = append(fields, equals("readOnly", "true"))
	case WritesOnly:
		fields = append(fields, equals("readOnly", "false"))
	}
	excluded := slices.Clone(events.ExcludeArns)
	if resourceType == "AWS::S3::Object" {
		for _, bucket := range b.ownBuckets() {
			excluded = append(excluded, b.where.Bucket(bucket+"/"))
		}
	}
	if len(events.IncludeArns)+len(excluded) > 0 {
		field := cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{Field: pulumi.String("resources.ARN")}
		if len(events.IncludeArns) > 0 {
			field.StartsWiths = pulumi.ToStringArray(events.IncludeArns)
		}
		if len(excluded) > 0 {
			field.NotStartsWiths = pulumi.ToStringArray(excluded)
		}
		fields = append(fields, field)
	}
	return selector("Data events: "+resourceType, fields...)
}

// ownBuckets are the buckets whose objects are never recorded: those of the archive, and further ones of the baseline.
func (b *builder) ownBuckets() []string {
	return append(slices.Clone(b.trail.Archive.BucketNames), b.furtherBuckets...)
}

func selector(name string, fields ...cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs) cloudtrail.TrailAdvancedEventSelectorArgs {
	var all cloudtrail.TrailAdvancedEventSelectorFieldSelectorArray
	for _, field := range fields {
		all = append(all, field)
	}
	return cloudtrail.TrailAdvancedEventSelectorArgs{Name: pulumi.String(name), FieldSelectors: all}
}

func equals(field string, values ...string) cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs {
	return cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{Field: pulumi.String(field), Equals: pulumi.ToStringArray(values)}
}

// insightTypes are the kinds of Insights that are asked for.
func (a *SecureTrailArgs) insightTypes() (types []string) {
	if a.CallRateInsights {
		types = append(types, "ApiCallRateInsight")
	}
	if a.ErrorRateInsights {
		types = append(types, "ApiErrorRateInsight")
	}
	return types
}

func insightSelectors(types []string) (selectors cloudtrail.TrailInsightSelectorArray) {
	for _, insight := range types {
		selectors = append(selectors, cloudtrail.TrailInsightSelectorArgs{InsightType: pulumi.String(insight)})
	}
	return selectors
}
