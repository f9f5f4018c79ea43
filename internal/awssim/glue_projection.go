package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	projectionDoc      = "https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html"
	projectionSetupDoc = "https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html"
)

// projectionProperties are the properties of a projected column by type: required ones first, then optional ones.
var projectionProperties = map[string][2][]string{
	"enum":     {{"values"}, nil},
	"integer":  {{"range"}, {"interval", "digits"}},
	"date":     {{"range", "format"}, {"interval", "interval.unit"}},
	"injected": {nil, nil},
}

// projectionUnits are the units of a date's interval.
var projectionUnits = []string{"YEARS", "MONTHS", "WEEKS", "DAYS", "HOURS", "MINUTES", "SECONDS", "MILLIS"}

var (
	projectionNow      = regexp.MustCompile(`(?i)^NOW([+-][0-9]+(YEARS?|MONTHS?|WEEKS?|DAYS?|HOURS?|MINUTES?|SECONDS?))?$`)
	projectionVariable = regexp.MustCompile(`\$\{([^}]*)\}`)
)

// checkProjection refuses properties with which Athena cannot compute partitions. Athena says so at the first query, the
// simulated account at deployment.
func checkProjection(in props) error {
	parameters := stringMap(in, "parameters")
	if !strings.EqualFold(strings.TrimSpace(parameters["projection.enabled"]), "true") {
		return nil
	}
	invalid := func(doc, format string, args ...any) error {
		return refuse("INVALID_TABLE_PROPERTY", fmt.Sprintf(format, args...), doc)
	}
	known := []string{"projection.enabled"}
	var names []string
	for _, key := range objects(in, "partitionKeys") {
		name := str(key, "name")
		if name == "" {
			return nil // not known yet
		}
		names = append(names, name)
		prefix := "projection." + name + "."
		kind := strings.ToLower(strings.TrimSpace(parameters[prefix+"type"]))
		properties, ok := projectionProperties[kind]
		if !ok {
			return invalid(projectionDoc, "%stype: %q is none of enum, integer, date, injected", prefix, kind)
		}
		known = append(known, prefix+"type")
		for _, property := range properties[0] {
			if strings.TrimSpace(parameters[prefix+property]) == "" {
				return invalid(projectionDoc, "%s%s is required for a column of type %s", prefix, property, kind)
			}
		}
		for _, property := range append(slices.Clone(properties[0]), properties[1]...) {
			known = append(known, prefix+property)
		}
		if err := projectionRange(prefix, kind, parameters); err != nil {
			return invalid(projectionDoc, "%v", err)
		}
	}
	if len(names) == 0 {
		return invalid(projectionSetupDoc, "projection.enabled: the table has no partition keys")
	}
	for _, parameter := range sortedKeys(parameters) {
		if strings.HasPrefix(parameter, "projection.") && !slices.Contains(known, parameter) {
			return invalid(projectionDoc, "%s belongs to no projected partition key", parameter)
		}
	}
	return projectionTemplate(names, parameters["storage.location.template"], invalid)
}

// projectionTemplate: a custom location names every partition key once.
func projectionTemplate(names []string, template string, invalid func(doc, format string, args ...any) error) error {
	if template == "" {
		return nil
	}
	if !strings.HasPrefix(template, "s3://") {
		return invalid(projectionSetupDoc, "storage.location.template: %q is no location in S3", template)
	}
	var used []string
	for _, match := range projectionVariable.FindAllStringSubmatch(template, -1) {
		if !slices.Contains(names, match[1]) {
			return invalid(projectionSetupDoc, "storage.location.template: ${%s} is no partition key", match[1])
		}
		used = append(used, match[1])
	}
	for _, name := range names {
		if !slices.Contains(used, name) {
			return invalid(projectionSetupDoc, "storage.location.template: the partition key %s is missing", name)
		}
	}
	return nil
}

func projectionRange(prefix, kind string, parameters map[string]string) error {
	if text := parameters[prefix+"interval"]; text != "" {
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err != nil || n < 1 {
			return fmt.Errorf("%sinterval: %q is no positive integer", prefix, text)
		}
	}
	if unit := parameters[prefix+"interval.unit"]; unit != "" && !slices.Contains(projectionUnits, strings.ToUpper(strings.TrimSpace(unit))) {
		return fmt.Errorf("%sinterval.unit: %q is none of %s", prefix, unit, strings.Join(projectionUnits, ", "))
	}
	if kind != "integer" && kind != "date" {
		return nil
	}
	ends := strings.Split(parameters[prefix+"range"], ",")
	if len(ends) != 2 {
		return fmt.Errorf("%srange: %q is not two values with a comma between them", prefix, parameters[prefix+"range"])
	}
	format := strings.TrimSpace(parameters[prefix+"format"])
	for _, end := range ends {
		end = strings.TrimSpace(end)
		switch {
		case kind == "integer":
			if _, err := strconv.ParseInt(end, 10, 64); err != nil {
				return fmt.Errorf("%srange: %q is no integer", prefix, end)
			}
		case !projectionNow.MatchString(end) && !fitsDateFormat(end, format):
			return fmt.Errorf("%srange: %q is neither a date of the format %s nor NOW", prefix, end, format)
		}
	}
	return nil
}

// fitsDateFormat compares a date with a pattern of java.time.format.DateTimeFormatter that has digits only.
func fitsDateFormat(date, format string) bool {
	if len(date) != len(format) {
		return false
	}
	for i := range format {
		letter := format[i] >= 'a' && format[i] <= 'z' || format[i] >= 'A' && format[i] <= 'Z'
		digit := date[i] >= '0' && date[i] <= '9'
		if letter != digit || !letter && date[i] != format[i] {
			return false
		}
	}
	return true
}
