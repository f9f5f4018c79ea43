package awssim

import (
	"fmt"
	"maps"
	"strings"
)

const (
	putRemediationAPI      = "PutRemediationConfigurations"
	remediationDoc         = configAPI + "RemediationConfiguration.html"
	ssmService             = "ssm.amazonaws.com"
	remediationAttempts    = 25
	remediationSeconds     = 2678000
	remediationPlaceholder = "RESOURCE_ID"
)

func remediationRefusal(format string, args ...any) error {
	return configInvalid(putRemediationAPI, format, args...)
}

func checkRemediation(_ *call, in props) error {
	if err := configLength(in, "configRuleName", ruleNameMax, putRemediationAPI); err != nil {
		return err
	}
	if err := oneOf(in, "targetType", "ValidationException", remediationDoc, "SSM_DOCUMENT"); err != nil {
		return err
	}
	controls := object(object(in, "executionControls"), "ssmControls")
	for _, limit := range []struct {
		at       props
		property string
		most     float64
	}{
		{in, "maximumAutomaticAttempts", remediationAttempts}, {in, "retryAttemptSeconds", remediationSeconds},
		{controls, "concurrentExecutionRatePercentage", 100}, {controls, "errorPercentage", 100},
	} {
		if n, ok := number(limit.at[limit.property]); ok && (n < 1 || n > limit.most) {
			return refuse("ValidationException", fmt.Sprintf("%s %v: allowed are 1 to %v", limit.property, n, limit.most), remediationDoc)
		}
	}
	if t := str(in, "resourceType"); t != "" && !configResourceTypes[t] && t != "AWS::::Account" {
		return remediationRefusal("resourceType %q is not a resource type that AWS Config supports", t)
	}
	return checkDocument(in)
}

// checkDocument compares the parameters with those of the document.
func checkDocument(in props) error {
	if isUnknown(in["targetId"]) || isUnknown(in["parameters"]) {
		return nil
	}
	target := str(in, "targetId")
	document, known := ssmDocuments[target]
	if !known {
		return refuse("InvalidParameterValueException", fmt.Sprintf("The SSM document %s does not exist or you do not have permission to use it.", target), ssmDocumentsDoc)
	}
	given := map[string]bool{}
	for _, p := range objects(in, "parameters") {
		name := str(p, "name")
		if isUnknown(p["name"]) {
			return nil
		}
		if _, ok := document[name]; !ok {
			return remediationRefusal("Parameters provided are not valid for the SSM document %s: %s. It knows: %s.", target, name, strings.Join(sortedKeys(document), ", "))
		}
		if given[name] {
			return remediationRefusal("The parameter %s is given twice.", name)
		}
		given[name] = true
		if err := checkRemediationParameter(p); err != nil {
			return err
		}
	}
	if flag(in, "automatic", false) && !given[assumeRoleParameter] {
		return remediationRefusal("%s should be provided for automatic remediation with the SSM document %s.", assumeRoleParameter, target)
	}
	for _, name := range sortedKeys(document) {
		if document[name] && !given[name] {
			return remediationRefusal("The parameter %s that the SSM document %s requires is missing.", name, target)
		}
	}
	return nil
}

func checkRemediationParameter(p props) error {
	name, kinds := str(p, "name"), 0
	for _, kind := range []string{"resourceValue", "staticValue", "staticValues"} {
		if !blank(p[kind]) {
			kinds++
		}
	}
	resource := str(p, "resourceValue")
	switch {
	case kinds != 1:
		return remediationRefusal("The parameter %s has to have either a resource value or static values.", name)
	case resource != "" && resource != remediationPlaceholder:
		return remediationRefusal("The resource value of the parameter %s is %q: allowed is %s.", name, resource, remediationPlaceholder)
	case name == assumeRoleParameter && resource != "":
		return remediationRefusal("The parameter %s has to have a static value.", name)
	case len(list(p, "staticValues")) > 25:
		return remediationRefusal("The parameter %s has more than 25 static values.", name)
	}
	for _, v := range append(strs(p, "staticValues"), str(p, "staticValue")) {
		if len([]rune(v)) > 256 {
			return remediationRefusal("A static value of the parameter %s has more than 256 characters.", name)
		}
	}
	return nil
}

// remediationRole is the role that the parameters name; "" for none.
func remediationRole(in props) string {
	for _, p := range objects(in, "parameters") {
		if str(p, "name") == assumeRoleParameter {
			if values := strs(p, "staticValues"); len(values) == 1 {
				return values[0]
			}
			return str(p, "staticValue")
		}
	}
	return ""
}

// putRemediation makes or changes the remediation of a rule.
func (c *call) putRemediation(in props) (props, error) {
	name := str(in, "configRuleName")
	key := regional(c.Region, name)
	r := c.Config.Remediations[key]
	arn := c.arn("config", c.Region, c.ID, "remediation-configuration/*")
	if r != nil {
		arn = r.ARN
	}
	if err := c.may("config:PutRemediationConfigurations", arn); err != nil {
		return nil, err
	}
	rule := c.Config.Rules[key]
	switch {
	case rule == nil:
		return nil, remediationRefusal("The ConfigRule '%s' provided in the request is invalid. Please check the configRule name.", name)
	case rule.CreatedBy != "":
		return nil, remediationRefusal("The rule %s belongs to %s: remediation of service-linked rules is not supported.", name, rule.CreatedBy)
	}
	if err := c.remediationAssumes(in); err != nil {
		return nil, err
	}
	if r == nil {
		r = &configRemediation{ARN: c.arn("config", c.Region, c.ID, "remediation-configuration/"+name+"/"+c.uuid())}
		c.Config.Remediations.put(key, r)
	}
	r.Properties = maps.Clone(in)
	delete(r.Properties, defaultsKey)
	r.Properties["arn"] = r.ARN
	return r.Properties, nil
}

// remediationAssumes demands a role that the caller may pass and that Systems Manager
// may assume, where a role is named.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
func (c *call) remediationAssumes(in props) error {
	role := remediationRole(in)
	if role == "" {
		return nil
	}
	if c.roleByARN(role) == nil {
		return remediationRefusal("The role %s of the parameter %s does not exist.", role, assumeRoleParameter)
	}
	if err := c.passRole(role, ssmService); err != nil {
		return err
	}
	ctx := c.sourceKeys(c.arn("ssm", c.Region, c.ID, "automation-execution/*"))
	if err := c.trusts(role, servicePrincipal(ssmService), ctx); err != nil {
		return remediationRefusal("The role %s of the parameter %s cannot be assumed: %v", role, assumeRoleParameter, err)
	}
	return nil
}

func createRemediation(c *call, in props) (string, props, error) {
	out, err := c.putRemediation(in)
	return str(in, "configRuleName"), out, err
}

func readRemediation(c *call, id string, _ props) (props, error) {
	r := c.Config.Remediations[regional(c.Region, id)]
	if r == nil {
		return nil, errNotFound
	}
	return r.Properties, c.may("config:DescribeRemediationConfigurations", r.ARN)
}

func updateRemediation(c *call, _ string, _, in props) (props, error) { return c.putRemediation(in) }

func deleteRemediation(c *call, id string, _ props) error {
	key := regional(c.Region, id)
	r := c.Config.Remediations[key]
	if r == nil {
		return errNotFound
	}
	if err := c.may("config:DeleteRemediationConfiguration", r.ARN); err != nil {
		return err
	}
	delete(c.Config.Remediations, key)
	return nil
}
