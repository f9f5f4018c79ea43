package awssim

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed config_rules.json
var configRulesJSON []byte

// managedRule is a managed rule as AWS lists it. Defaults of parameters exist in the
// console only: a required one that is not sent is refused.
type managedRule struct {
	Trigger    string            `json:"trigger"` // change, periodic or both
	Types      []string          `json:"types"`
	Parameters map[string]string `json:"parameters"` // name: kind
	Required   []string          `json:"required"`
	Only       string            `json:"only"`   // key of the Regions that alone have it
	Except     string            `json:"except"` // key of the Regions that lack it
}

const (
	managedRulesDoc = configGuide + "managed-rules-by-aws-config.html"
	onChange        = "change"
	onSchedule      = "periodic"
)

var managedRules, managedRuleRegions = func() (map[string]*managedRule, map[string][]string) {
	var file struct {
		Regions map[string][]string     `json:"regions"`
		Rules   map[string]*managedRule `json:"rules"`
	}
	if err := json.Unmarshal(configRulesJSON, &file); err != nil {
		panic("awssim: config_rules.json: " + err.Error())
	}
	return file.Rules, file.Regions
}()

// managedRuleDoc is the page of a managed rule: most have the name of the identifier.
func managedRuleDoc(identifier string) string {
	pages := map[string]string{
		"CLOUD_TRAIL_ENABLED": "cloudtrail-enabled", "EC2_INSTANCE_MANAGED_BY_SSM": "ec2-instance-managed-by-systems-manager",
		"INCOMING_SSH_DISABLED": "restricted-ssh", "INSTANCES_IN_VPC": "ec2-instances-in-vpc",
		"MULTI_REGION_CLOUD_TRAIL_ENABLED": "multi-region-cloudtrail-enabled", "RESTRICTED_INCOMING_TRAFFIC": "restricted-common-ports",
	}
	page := pages[identifier]
	if page == "" {
		page = strings.ToLower(strings.ReplaceAll(identifier, "_", "-"))
	}
	return configGuide + page + ".html"
}

func ruleRefusal(identifier, format string, args ...any) error {
	return refuse("InvalidParameterValueException", fmt.Sprintf(format, args...), managedRuleDoc(identifier))
}

// managedRuleIn finds a managed rule in a Region.
func managedRuleIn(region, identifier string) (*managedRule, error) {
	rule := managedRules[identifier]
	switch {
	case rule == nil:
		return nil, refuse("InvalidParameterValueException", fmt.Sprintf("The sourceIdentifier %s is invalid. Please refer to the documentation "+
			"for a list of valid sourceIdentifiers that can be used when AWS is the Owner.", identifier), managedRulesDoc)
	case rule.Only != "" && !slices.Contains(managedRuleRegions[rule.Only], region),
		rule.Except != "" && slices.Contains(managedRuleRegions[rule.Except], region):
		return nil, ruleRefusal(identifier, "The sourceIdentifier %s is invalid. It is not available in %s.", identifier, region)
	}
	return rule, nil
}

// checkManagedRule refuses a managed rule that PutConfigRule would not take.
func checkManagedRule(region string, in props) error {
	source := object(in, "source")
	identifier := str(source, "sourceIdentifier")
	rule, err := managedRuleIn(region, identifier)
	if err != nil {
		return err
	}
	if !blank(source["sourceDetails"]) {
		return ruleRefusal(identifier, "SourceDetails should be null/empty if the Owner is AWS.")
	}
	if present(source, "customPolicyDetails") {
		return ruleRefusal(identifier, "CustomPolicyDetails should be null/empty if the Owner is AWS.")
	}
	if rule.Trigger == onChange && str(in, "maximumExecutionFrequency") != "" {
		return ruleRefusal(identifier, "A maximum execution frequency for this rule is not allowed because only a change in resources triggers this managed rule.")
	}
	if rule.Trigger == onSchedule && len(object(in, "scope")) > 0 {
		return ruleRefusal(identifier, "A scope for rule %s is not allowed because only a schedule triggers this managed rule.", identifier)
	}
	if isUnknown(in["inputParameters"]) {
		return nil
	}
	parameters, err := ruleParameters(in)
	if err != nil {
		return err
	}
	return rule.checkParameters(identifier, parameters)
}

// ruleParameters decodes the input parameters of a rule.
func ruleParameters(in props) (map[string]any, error) {
	parameters := map[string]any{}
	text := str(in, "inputParameters")
	if text == "" {
		return parameters, nil
	}
	if json.Unmarshal([]byte(text), &parameters) != nil || parameters == nil {
		return nil, configInvalid(putRuleAPI, "The inputParameters are not a JSON object of names and values.")
	}
	return parameters, nil
}

func (r *managedRule) checkParameters(identifier string, parameters map[string]any) error {
	for _, name := range sortedKeys(parameters) {
		kind, known := r.Parameters[name]
		if !known {
			return ruleRefusal(identifier, "Unknown parameters provided in the inputParameters: %s. Rule %s knows: %s.",
				name, identifier, strings.Join(sortedKeys(r.Parameters), ", "))
		}
		if reason := wrongValue(kind, parameters[name]); reason != "" {
			return ruleRefusal(identifier, "Invalid value for the parameter %s in the inputParameters: %s.", name, reason)
		}
	}
	for _, name := range r.Required {
		if _, given := parameters[name]; !given {
			return ruleRefusal(identifier, "Required parameter %s is not present in the inputParameters.", name)
		}
	}
	return nil
}

// wrongValue says why a value is none of the kind, "" when it is.
func wrongValue(kind string, v any) string {
	text, ok := scalarText(v)
	switch {
	case !ok:
		return "expected a string"
	case strings.TrimSpace(text) == "":
		return "blank spaces are not acceptable"
	}
	switch kind {
	case "int":
		if _, err := strconv.Atoi(text); err != nil {
			return "expected a whole number"
		}
	case "double":
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return "expected a number"
		}
	case "boolean":
		if !slices.Contains([]string{"true", "false"}, strings.ToLower(text)) {
			return "expected true or false"
		}
	}
	return ""
}
