package awssim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const (
	putRuleAPI          = "PutConfigRule"
	putRuleDoc          = configAPI + putRuleAPI + ".html"
	ruleNameMax         = 128
	ruleDescriptionMax  = 256
	ruleParametersMax   = 1024
	rulesPerRegion      = 1000
	guardRuntime        = "guard-2.x.x"
	guardMax            = 10000
	ownerAWS            = "AWS"
	ownerLambda         = "CUSTOM_LAMBDA"
	ownerPolicy         = "CUSTOM_POLICY"
	messageScheduled    = "ScheduledNotification"
	messageSnapshot     = "ConfigurationSnapshotDeliveryCompleted"
	customPolicyDoc     = configGuide + "evaluate-config_develop-rules_cfn-guard.html"
	customLambdaDoc     = configGuide + "evaluate-config_develop-rules_lambda-functions.html"
	evaluationDetective = "DETECTIVE"
)

var ruleMessages = []string{
	"ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification", messageScheduled, messageSnapshot,
}

func checkConfigRule(c *call, in props) error {
	for _, limit := range []struct {
		property string
		most     int
	}{{"name", ruleNameMax}, {"description", ruleDescriptionMax}, {"inputParameters", ruleParametersMax}} {
		if err := configLength(in, limit.property, limit.most, putRuleAPI); err != nil {
			return err
		}
	}
	if name := str(in, "name"); name != "" && strings.TrimSpace(name) == "" {
		return refuse("ValidationException", "name: a rule name is not blank", putRuleDoc)
	}
	if err := oneOf(in, "maximumExecutionFrequency", "ValidationException", configAPI+"ConfigRule.html", configFrequencies...); err != nil {
		return err
	}
	for _, mode := range objects(in, "evaluationModes") {
		if err := oneOf(mode, "mode", "ValidationException", configAPI+"EvaluationModeConfiguration.html", evaluationDetective, "PROACTIVE"); err != nil {
			return err
		}
	}
	if err := checkScope(object(in, "scope")); err != nil {
		return err
	}
	source := object(in, "source")
	if err := oneOf(source, "owner", "ValidationException", configAPI+"Source.html", ownerAWS, ownerLambda, ownerPolicy); err != nil {
		return err
	}
	if isUnknown(source["sourceIdentifier"]) {
		return nil
	}
	switch str(source, "owner") {
	case ownerAWS:
		return checkManagedRule(c.Region, in)
	case ownerLambda, ownerPolicy:
		return checkCustomRule(in)
	}
	return nil
}

// checkScope refuses scopes that are no scope.
// https://docs.aws.amazon.com/config/latest/APIReference/API_Scope.html
func checkScope(scope props) error {
	types, id := strs(scope, "complianceResourceTypes"), present(scope, "complianceResourceId")
	invalid := func(format string, args ...any) error {
		return refuse("InvalidParameterValueException", "scope: "+fmt.Sprintf(format, args...), configAPI+"Scope.html")
	}
	for _, t := range types {
		if !configResourceTypes[t] {
			return invalid("%q is not a resource type that AWS Config supports", t)
		}
	}
	tagged := present(scope, "tagKey") || present(scope, "tagValue")
	switch {
	case hasUnknown(scope):
		return nil
	case id && len(types) != 1:
		return invalid("complianceResourceId needs exactly one resource type")
	case present(scope, "tagValue") && !present(scope, "tagKey"):
		return invalid("tagValue needs tagKey")
	case tagged && len(types) > 0:
		return invalid("either resource types or a tag can be given")
	case len([]rune(str(scope, "tagKey"))) > 128 || len([]rune(str(scope, "tagValue"))) > 256:
		return invalid("a tag key has at most 128 characters, a tag value at most 256")
	}
	return nil
}

// checkCustomRule refuses rules of the account's own that PutConfigRule would not take.
func checkCustomRule(in props) error {
	source := object(in, "source")
	owner := str(source, "owner")
	if blank(source["sourceDetails"]) {
		return configInvalid(putRuleAPI, "SourceDetails should be non-empty if the Owner is %s.", owner)
	}
	var messages []string
	for _, detail := range objects(source, "sourceDetails") {
		if err := oneOf(detail, "eventSource", "ValidationException", configAPI+"SourceDetail.html", "aws.config"); err != nil {
			return err
		}
		if err := oneOf(detail, "messageType", "ValidationException", configAPI+"SourceDetail.html", ruleMessages...); err != nil {
			return err
		}
		if err := oneOf(detail, "maximumExecutionFrequency", "ValidationException", configAPI+"SourceDetail.html", configFrequencies...); err != nil {
			return err
		}
		message := str(detail, "messageType")
		if str(detail, "maximumExecutionFrequency") != "" && message != messageScheduled {
			return refuse("InvalidParameterValueException", "sourceDetails: a maximum execution frequency goes with the message type "+messageScheduled+" only, not with "+message,
				configAPI+"SourceDetail.html")
		}
		messages = append(messages, message)
	}
	if str(in, "maximumExecutionFrequency") != "" && !slices.Contains(messages, messageSnapshot) {
		return refuse("InvalidParameterValueException", "A maximum execution frequency of a custom rule is allowed when the delivery of a configuration snapshot triggers it; "+
			"a scheduled rule has it in its source details.", configAPI+"ConfigRule.html")
	}
	if owner == ownerLambda {
		return checkLambdaRule(source)
	}
	return checkGuardRule(source, messages)
}

func checkLambdaRule(source props) error {
	if present(source, "customPolicyDetails") {
		return configInvalid(putRuleAPI, "CustomPolicyDetails should be null/empty if the Owner is %s.", ownerLambda)
	}
	if parts, ok := splitARN(str(source, "sourceIdentifier")); !ok || parts.Service != "lambda" {
		return refuse("InvalidParameterValueException", fmt.Sprintf("The sourceIdentifier %q is not the ARN of a Lambda function.", str(source, "sourceIdentifier")), customLambdaDoc)
	}
	return nil
}

// checkGuardRule looks at the frame of a Guard policy, not at its whole grammar.
func checkGuardRule(source props, messages []string) error {
	invalid := func(format string, args ...any) error {
		return refuse("InvalidParameterValueException", fmt.Sprintf(format, args...), customPolicyDoc)
	}
	if str(source, "sourceIdentifier") != "" {
		return invalid("SourceIdentifier should be null/empty if the Owner is %s.", ownerPolicy)
	}
	details := object(source, "customPolicyDetails")
	if !present(source, "customPolicyDetails") {
		return invalid("CustomPolicyDetails should be non-empty if the Owner is %s.", ownerPolicy)
	}
	if slices.Contains(messages, messageScheduled) {
		return invalid("A custom policy rule is triggered by configuration changes, not by %s.", messageScheduled)
	}
	if err := oneOf(details, "policyRuntime", "ValidationException", configAPI+"CustomPolicyDetails.html", guardRuntime); err != nil {
		return err
	}
	if isUnknown(details["policyText"]) {
		return nil
	}
	text := str(details, "policyText")
	if len([]rune(text)) > guardMax {
		return refuse("ValidationException", fmt.Sprintf("policyText: has %d characters; at most %d are allowed", len([]rune(text)), guardMax), configAPI+"CustomPolicyDetails.html")
	}
	if reason := wrongGuard(text); reason != "" {
		return invalid("The policy text is no Guard policy: %s.", reason)
	}
	return nil
}

// wrongGuard says why a text cannot be a Guard policy, "" when it may be one.
func wrongGuard(text string) string {
	var bare strings.Builder // without strings and comments
	var quote rune
	comment := false
	for _, r := range text {
		switch {
		case comment:
			comment = r != '\n'
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '#':
			comment = true
		default:
			bare.WriteRune(r)
		}
	}
	code := bare.String()
	switch {
	case quote != 0:
		return "a string does not end"
	case strings.Count(code, "{") != strings.Count(code, "}"), strings.Count(code, "[") != strings.Count(code, "]"):
		return "braces or brackets do not match"
	case !slices.Contains(strings.Fields(code), "rule"):
		return "it has no rule"
	}
	return ""
}

func (c *call) ruleARN(name string) string {
	if r := c.Config.Rules[regional(c.Region, name)]; r != nil {
		return r.ARN
	}
	return c.arn("config", c.Region, c.ID, "config-rule/*")
}

// putRule makes a rule, or changes the one that has the name.
func (c *call) putConfigRule(in props) (props, error) {
	name := str(in, "name")
	if err := c.may("config:PutConfigRule", c.ruleARN(name)); err != nil {
		return nil, err
	}
	if err := c.noRecorder("config rule", putRuleAPI); err != nil {
		return nil, err
	}
	r, err := c.ruleFor(name)
	if err != nil {
		return nil, err
	}
	r.Properties = maps.Clone(in)
	delete(r.Properties, defaultsKey)
	if blank(in["evaluationModes"]) {
		r.Properties["evaluationModes"] = []any{props{"mode": evaluationDetective}}
	}
	r.Properties["arn"], r.Properties["ruleId"], r.Properties["tags"] = r.ARN, r.ID, stringMap(in, "tags")
	return r.Properties, nil
}

// ruleFor is the rule of that name, made when there is none.
func (c *call) ruleFor(name string) (*configRule, error) {
	if r := c.Config.Rules[regional(c.Region, name)]; r != nil {
		return r, c.ownRule(r)
	}
	if err := c.roomForRules(name, 1); err != nil {
		return nil, err
	}
	return c.newRule(name), nil
}

func (c *call) newRule(name string) *configRule {
	r := &configRule{Name: name, ID: "config-rule-" + strings.ToLower(c.upperID(6))}
	r.ARN = c.arn("config", c.Region, c.ID, "config-rule/"+r.ID)
	c.Config.Rules.put(regional(c.Region, name), r)
	return r
}

// roomForRules refuses more rules than a Region has room for.
func (c *call) roomForRules(name string, more int) error {
	if countIn(c.Region, c.Config.Rules)+more <= rulesPerRegion {
		return nil
	}
	return refuse("MaxNumberOfConfigRulesExceededException", fmt.Sprintf("Failed to put config rule '%s' because the maximum number of config rules: %d is reached in %s.",
		name, rulesPerRegion, c.Region), configLimitsDoc)
}

// ownRule refuses changes of rules that a service owns.
func (c *call) ownRule(r *configRule) error {
	if r.CreatedBy == "" {
		return nil
	}
	return refuse("AccessDeniedException", "An AWS service owns ServiceLinkedConfigRule. You do not have permissions to take action on this rule: "+r.Name,
		configGuide+"service-linked-awsconfig-rules.html")
}

func createConfigRule(c *call, in props) (string, props, error) {
	out, err := c.putConfigRule(in)
	return str(in, "name"), out, err
}

func readConfigRule(c *call, id string, _ props) (props, error) {
	r := c.Config.Rules[regional(c.Region, id)]
	if r == nil {
		return nil, errNotFound
	}
	return r.Properties, c.may("config:DescribeConfigRules", "*")
}

func updateConfigRule(c *call, _ string, _, in props) (props, error) { return c.putConfigRule(in) }

func deleteConfigRule(c *call, id string, _ props) error {
	key := regional(c.Region, id)
	r := c.Config.Rules[key]
	if r == nil {
		return errNotFound
	}
	if err := c.may("config:DeleteConfigRule", r.ARN); err != nil {
		return err
	}
	if err := c.ownRule(r); err != nil {
		return err
	}
	if c.Config.Remediations[key] != nil {
		return refuse("ResourceInUseException", fmt.Sprintf("The rule %s currently has a RemediationConfiguration. Please delete the RemediationConfiguration and try again.", id),
			configAPI+"DeleteConfigRule.html")
	}
	delete(c.Config.Rules, key)
	return nil
}
