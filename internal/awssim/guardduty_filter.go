package awssim

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// guarddutyFilter is a filter over findings; the action ARCHIVE suppresses them.
type guarddutyFilter struct {
	Properties props
}

const (
	filterAPI           = guarddutyAPI + "CreateFilter.html"
	filterFieldsDoc     = guarddutyGuide + "guardduty_filter-findings.html#filter_criteria"
	filtersMax          = 100
	filterRankMax       = 100
	filterDescribeMax   = 512
	findingPathTopLevel = "accountId, arn, confidence, id, region, severity, type, updatedAt, createdAt, resource. and service."
)

var findingFilterName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,64}$`)

//go:embed guardduty_fields.txt
var findingFieldsText string

// findingFields are the fields of a finding that filters know in every partition.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-guardduty-filter-findingcriteria.html
var findingFields = func() map[string]bool {
	all := map[string]bool{}
	for _, line := range strings.Fields(findingFieldsText) {
		all[line] = true
	}
	return all
}()

// findingPath is a path into a finding. In the partition aws nearly all of them can be filtered on.
var findingPath = regexp.MustCompile(`^(arn|createdAt|(resource|service)(\.[a-z][A-Za-z0-9]*)+)$`)

// filterOperators are the operators of a criterion, and whether they compare numbers.
var filterOperators = map[string]bool{
	"equals": false, "notEquals": false,
	"greaterThan": true, "greaterThanOrEqual": true, "lessThan": true, "lessThanOrEqual": true,
}

func checkFindingFilter(c *call, in props) error {
	if name := str(in, "name"); name != "" && !findingFilterName.MatchString(name) {
		return refuse("BadRequestException", fmt.Sprintf("name %q: 3 to 64 letters, digits, dots, underscores and hyphens are allowed", name), filterAPI)
	}
	if n := len([]rune(str(in, "description"))); n > filterDescribeMax {
		return refuse("BadRequestException", fmt.Sprintf("description: has %d characters; at most %d are allowed", n, filterDescribeMax), filterAPI)
	}
	if rank, known := number(in["rank"]); known && (rank < 1 || rank > filterRankMax) {
		return refuse("BadRequestException", fmt.Sprintf("rank %v: 1 to %d is allowed", rank, filterRankMax), filterAPI)
	}
	if err := oneOf(in, "action", "BadRequestException", filterAPI, "NOOP", "ARCHIVE"); err != nil {
		return err
	}
	for _, criterion := range objects(object(in, "findingCriteria"), "criterions") {
		if err := c.checkCriterion(criterion); err != nil {
			return err
		}
	}
	return nil
}

func (c *call) checkCriterion(criterion props) error {
	field := str(criterion, "field")
	if field == "" {
		return nil
	}
	if !findingFields[field] && (c.Partition != "aws" || !findingPath.MatchString(field)) {
		return refuse("BadRequestException", fmt.Sprintf("The request is rejected because the finding criteria contain an invalid field: %q; fields are %s…",
			field, findingPathTopLevel), filterFieldsDoc)
	}
	given := 0
	for _, operator := range sortedKeys(filterOperators) {
		if blank(criterion[operator]) || criterion[operator] == "" {
			continue
		}
		given++
		if v := str(criterion, operator); v != "" && filterOperators[operator] && !comparesWith(field, v) {
			return refuse("BadRequestException", fmt.Sprintf("criterion %s: %s %q is neither a whole number nor, for updatedAt, a date like 2026-01-31T00:00:00Z", field, operator, v), filterAPI)
		}
	}
	if given == 0 {
		return guarddutyRejects("CreateFilter", "the criterion %s has no condition.", field)
	}
	return nil
}

// comparesWith tells whether the provider can send a value of a comparison.
func comparesWith(field, value string) bool {
	if field == "updatedAt" {
		_, err := time.Parse(time.RFC3339, value)
		return err == nil
	}
	_, err := strconv.ParseUint(value, 10, 63)
	return err == nil
}

func (d *guarddutyDetector) filterARN(name string) string { return d.ARN + "/filter/" + name }

func createFindingFilter(c *call, in props) (string, props, error) {
	d, err := c.detector(str(in, "detectorId"), "CreateFilter")
	if err != nil {
		return "", nil, err
	}
	name := str(in, "name")
	if err := c.may("guardduty:CreateFilter", d.ARN); err != nil {
		return "", nil, err
	}
	if d.Filters[name] != nil {
		return "", nil, guarddutyRejects("CreateFilter", "a filter with the given name already exists: %s.", name)
	}
	if len(d.Filters) >= filtersMax {
		return "", nil, guarddutyBeyondLimit("filters", filtersMax)
	}
	f := &guarddutyFilter{maps.Clone(in)}
	d.Filters.put(name, f)
	return d.ID + ":" + name, f.props(d, name), nil
}

func (f *guarddutyFilter) props(d *guarddutyDetector, name string) props {
	out := maps.Clone(f.Properties)
	out["arn"], out["detectorId"], out["name"] = d.filterARN(name), d.ID, name
	return out
}

func readFindingFilter(c *call, id string, _ props) (props, error) {
	d, name := c.ofDetector(id, ":")
	if d == nil || d.Filters[name] == nil {
		return nil, errNotFound
	}
	return d.Filters[name].props(d, name), c.may("guardduty:GetFilter", d.filterARN(name))
}

func updateFindingFilter(c *call, id string, _, in props) (props, error) {
	d, name := c.ofDetector(id, ":")
	if d == nil || d.Filters[name] == nil {
		return nil, guarddutyRejects("UpdateFilter", "no such resource found: filter %s.", name)
	}
	if err := c.may("guardduty:UpdateFilter", d.filterARN(name)); err != nil {
		return nil, err
	}
	d.Filters[name].Properties = maps.Clone(in)
	return d.Filters[name].props(d, name), nil
}

func deleteFindingFilter(c *call, id string, _ props) error {
	d, name := c.ofDetector(id, ":")
	if d == nil || d.Filters[name] == nil {
		return errNotFound
	}
	if err := c.may("guardduty:DeleteFilter", d.filterARN(name)); err != nil {
		return err
	}
	delete(d.Filters, name)
	return nil
}
