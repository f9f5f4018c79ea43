package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	selectorDoc         = cloudtrailAPI + "PutEventSelectors.html"
	advancedSelectorDoc = cloudtrailAPI + "AdvancedFieldSelector.html"
	insightDoc          = cloudtrailAPI + "PutInsightSelectors.html"
	basicSelectors      = 5
	basicResources      = 250 // data resources over all basic selectors
	advancedValues      = 500 // values over all advanced selectors
)

// basicTypes are the data resources that basic selectors know, with what their
// values begin with.
var basicTypes = map[string]string{
	"AWS::S3::Object":       "arn:%s:s3",
	"AWS::Lambda::Function": "arn:%s:lambda",
	"AWS::DynamoDB::Table":  "arn:%s:dynamodb",
}

// quietSources are the event sources that management events can leave out.
var quietSources = []string{"kms.amazonaws.com", "rdsdata.amazonaws.com"}

// providerFields are the selector fields that the provider accepts.
var providerFields = []string{"eventCategory", "eventName", "eventSource", "readOnly", "resources.ARN", "resources.type"}

// categoryFields are the fields that trails support for each category of events.
var categoryFields = map[string][]string{
	"Management":      {"eventCategory", "eventSource", "readOnly"},
	"Data":            {"eventCategory", "eventName", "eventSource", "readOnly", "resources.ARN", "resources.type"},
	"NetworkActivity": {"eventCategory", "eventName", "eventSource"},
}

// equalsOnly are fields that take the operator Equals and no other.
var equalsOnly = []string{"eventCategory", "readOnly", "resources.type"}

// selectorOperators are the operators of a field selector.
var selectorOperators = []string{"equals", "notEquals", "startsWiths", "notStartsWiths", "endsWiths", "notEndsWiths"}

// dataTypes are the resource types of services whose types are all known here. The
// types of other services only have to look like one.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
var dataTypes = map[string][]string{
	"S3":                {"AWS::S3::Object", "AWS::S3::AccessPoint"},
	"S3Outposts":        {"AWS::S3Outposts::Object"},
	"S3ObjectLambda":    {"AWS::S3ObjectLambda::AccessPoint"},
	"S3Express":         {"AWS::S3Express::Object"},
	"Lambda":            {"AWS::Lambda::Function"},
	"DynamoDB":          {"AWS::DynamoDB::Table", "AWS::DynamoDB::Stream"},
	"ManagedBlockchain": {"AWS::ManagedBlockchain::Node", "AWS::ManagedBlockchain::Network"},
	"EC2":               {"AWS::EC2::Snapshot"},
}

var dataTypePattern = regexp.MustCompile(`^AWS::([A-Za-z0-9]+)::([A-Za-z0-9]+)$`)

func badSelector(format string, args ...any) error {
	return refuse("InvalidEventSelectorsException", fmt.Sprintf(format, args...), selectorDoc)
}

// checkSelectors refuses event and insight selectors that a trail cannot have.
func checkSelectors(in props) error {
	basic, advanced := objects(in, "eventSelectors"), objects(in, "advancedEventSelectors")
	if len(basic) > 0 && len(advanced) > 0 {
		return badSelector("eventSelectors and advancedEventSelectors exclude each other: a trail has one kind or the other")
	}
	if err := checkBasicSelectors(basic); err != nil {
		return err
	}
	if err := checkAdvancedSelectors(advanced); err != nil {
		return err
	}
	if isUnknown(in["eventSelectors"]) || isUnknown(in["advancedEventSelectors"]) {
		return nil
	}
	return checkInsights(in, basic, advanced)
}

func checkBasicSelectors(selectors []props) error {
	if len(selectors) > basicSelectors {
		return badSelector("eventSelectors: at most %d are allowed", basicSelectors)
	}
	resources := 0
	for _, s := range selectors {
		if err := oneOf(s, "readWriteType", "InvalidEventSelectorsException", selectorDoc, "All", "ReadOnly", "WriteOnly"); err != nil {
			return err
		}
		for _, source := range strs(s, "excludeManagementEventSources") {
			if !slices.Contains(quietSources, source) {
				return badSelector("excludeManagementEventSources %q: allowed are %s", source, strings.Join(quietSources, ", "))
			}
		}
		if len(list(s, "excludeManagementEventSources")) > 0 && !flag(s, "includeManagementEvents", true) {
			return badSelector("excludeManagementEventSources is for selectors with includeManagementEvents")
		}
		for _, d := range objects(s, "dataResources") {
			prefix, known := basicTypes[str(d, "type")]
			if !known && str(d, "type") != "" {
				return badSelector("dataResources type %q: basic selectors know %s; use advancedEventSelectors", str(d, "type"), strings.Join(sortedKeys(basicTypes), ", "))
			}
			for _, v := range strs(d, "values") {
				parts := strings.SplitN(v, ":", 3)
				if len(parts) < 3 || !strings.HasPrefix(v, fmt.Sprintf(prefix, parts[1])) {
					return badSelector("dataResources of type %s: the value %q is not an ARN of such a resource", str(d, "type"), v)
				}
			}
			resources += len(list(d, "values"))
		}
	}
	if resources > basicResources {
		return badSelector("dataResources: at most %d values are allowed over all selectors, not %d", basicResources, resources)
	}
	return nil
}

func checkAdvancedSelectors(selectors []props) error {
	values := 0
	for i, s := range selectors {
		if len(str(s, "name")) > 1000 {
			return badSelector("advancedEventSelectors[%d]: a name has at most 1000 characters", i)
		}
		n, err := checkAdvancedSelector(i, s)
		if err != nil {
			return err
		}
		values += n
	}
	if values > advancedValues {
		return badSelector("advancedEventSelectors: at most %d values are allowed over all selectors, not %d", advancedValues, values)
	}
	return nil
}

// checkAdvancedSelector checks one selector and counts its values.
func checkAdvancedSelector(i int, s props) (int, error) {
	bad := func(format string, args ...any) (int, error) {
		return 0, badSelector("advancedEventSelectors[%d]: %s", i, fmt.Sprintf(format, args...))
	}
	fields, values := map[string]props{}, 0
	for _, f := range objects(s, "fieldSelectors") {
		field := str(f, "field")
		if field == "" {
			continue
		}
		if !slices.Contains(providerFields, field) {
			return bad("field %q: the provider accepts %s", field, strings.Join(providerFields, ", "))
		}
		if fields[field] != nil {
			return bad("the field %s is used twice", field)
		}
		fields[field] = f
		operators := 0
		for _, op := range selectorOperators {
			n := len(list(f, op))
			if isUnknown(f[op]) {
				n = 1
			}
			if n == 0 {
				continue
			}
			values += n
			operators++
			if op != "equals" && slices.Contains(equalsOnly, field) {
				return bad("the field %s takes the operator equals only, not %s", field, op)
			}
		}
		if operators == 0 {
			return bad("the field %s has no operator", field)
		}
	}
	if isUnknown(s["fieldSelectors"]) {
		return values, nil
	}
	category, known := soleValue(fields["eventCategory"])
	if fields["eventCategory"] == nil {
		return bad("the field eventCategory is required")
	}
	if !known {
		return values, nil
	}
	allowed, ok := categoryFields[category]
	if !ok {
		return bad("eventCategory %q: allowed are %s", category, strings.Join(sortedKeys(categoryFields), ", "))
	}
	for _, field := range sortedKeys(fields) {
		if !slices.Contains(allowed, field) {
			return bad("the field %s is not supported for %s events; supported are %s", field, category, strings.Join(allowed, ", "))
		}
	}
	if v, known := soleValue(fields["readOnly"]); fields["readOnly"] != nil && known && v != "true" && v != "false" {
		return bad("readOnly equals %q: allowed are true and false", v)
	}
	switch category {
	case "Management":
		return values, checkManagementSource(i, fields["eventSource"])
	case "Data":
		return values, checkDataType(i, fields["resources.type"])
	case "NetworkActivity":
		if fields["eventSource"] == nil || len(list(fields["eventSource"], "equals")) == 0 {
			return bad("network activity events need the field eventSource with equals")
		}
	}
	return values, nil
}

// soleValue is the one value that a field must equal; false when it is not known or
// there is not exactly one.
func soleValue(field props) (string, bool) {
	equals := list(field, "equals")
	if len(equals) != 1 {
		return "", !isUnknown(field["equals"])
	}
	s, ok := equals[0].(string)
	return s, ok
}

func checkManagementSource(i int, field props) error {
	if field == nil {
		return nil
	}
	for _, op := range selectorOperators {
		for _, v := range strs(field, op) {
			if op != "notEquals" || !slices.Contains(quietSources, v) {
				return badSelector("advancedEventSelectors[%d]: for management events eventSource takes notEquals %s", i, strings.Join(quietSources, ", "))
			}
		}
	}
	return nil
}

func checkDataType(i int, field props) error {
	if field == nil {
		return badSelector("advancedEventSelectors[%d]: data events need the field resources.type", i)
	}
	t, known := soleValue(field)
	if !known {
		return nil
	}
	parts := dataTypePattern.FindStringSubmatch(t)
	if parts == nil {
		return badSelector("advancedEventSelectors[%d]: resources.type has exactly one resource type, for example AWS::S3::Object, not %q", i, t)
	}
	if all := dataTypes[parts[1]]; all != nil && !slices.Contains(all, t) {
		return badSelector("advancedEventSelectors[%d]: resources.type %q: %s has %s", i, t, parts[1], strings.Join(all, ", "))
	}
	return nil
}

// checkInsights: Insights watch management events, so the trail has to log them.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html
func checkInsights(in props, basic, advanced []props) error {
	reads, writes := managementEvents(basic, advanced)
	for _, s := range objects(in, "insightSelectors") {
		bad := func(reason string) error {
			return refuse("InvalidInsightSelectorsException", str(s, "insightType")+": "+reason, insightDoc)
		}
		switch str(s, "insightType") {
		case "":
		case "ApiCallRateInsight":
			if !writes {
				return bad("the trail must log write management events")
			}
		case "ApiErrorRateInsight":
			if !reads && !writes {
				return bad("the trail must log management events")
			}
		default:
			return bad("allowed are ApiCallRateInsight, ApiErrorRateInsight")
		}
	}
	return nil
}

// managementEvents tells which management events selectors log; a trail without
// selectors logs all.
func managementEvents(basic, advanced []props) (reads, writes bool) {
	if len(basic)+len(advanced) == 0 {
		return true, true
	}
	for _, s := range basic {
		if flag(s, "includeManagementEvents", true) {
			kind := strOr(s, "readWriteType", "All")
			reads, writes = reads || kind != "WriteOnly", writes || kind != "ReadOnly"
		}
	}
	for _, s := range advanced {
		category, readOnly := "", ""
		for _, f := range objects(s, "fieldSelectors") {
			v, _ := soleValue(f)
			switch str(f, "field") {
			case "eventCategory":
				category = v
			case "readOnly":
				readOnly = v
			}
		}
		if category == "Management" {
			reads, writes = reads || readOnly != "false", writes || readOnly != "true"
		}
	}
	return reads, writes
}
