package awssim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	configRuleToken  = "aws:cfg/rule:Rule"
	remediationToken = "aws:cfg/remediationConfiguration:RemediationConfiguration"
	guardRule        = `rule encrypted when resourceType == "AWS::EC2::Volume" { configuration.encrypted == true }`
)

// managed are the inputs of a managed rule.
func managed(identifier string, changes props) props {
	return with(props{"name": strings.ToLower(identifier), "source": props{"owner": "AWS", "sourceIdentifier": identifier}}, changes)
}

func guard(changes props) props {
	source := with(props{
		"owner": ownerPolicy, "sourceDetails": []any{props{"messageType": "ConfigurationItemChangeNotification"}},
		"customPolicyDetails": props{"policyRuntime": "guard-2.x.x", "policyText": guardRule},
	}, changes)
	return props{"name": "own", "source": source}
}

func TestConfigRuleLife(t *testing.T) {
	r := newConfigured(t)
	ssh := managed("INCOMING_SSH_DISABLED", nil)
	_, err := r.try(configRuleToken, "ssh", ssh)
	refusedWith(t, err, "NoAvailableConfigurationRecorderException")
	recorder := r.create(recorderToken, "r", recorderInputs(nil))
	rule := r.create(configRuleToken, "ssh", with(ssh, props{"tags": props{"team": "a"}}))
	assert.Regexp(t, `^arn:aws:config:ap-northeast-1:123456789012:config-rule/config-rule-[a-z0-9]{6}$`, rule.str("arn"))
	assert.Equal(t, rule.str("arn")[strings.LastIndex(rule.str("arn"), "/")+1:], rule.str("ruleId"))
	r.unchanged(rule)
	r.imported(rule)
	assert.Empty(t, r.diff(rule, with(ssh, props{"maximumExecutionFrequency": "One_Hour"})).GetReplaces())
	require.NoError(t, r.update(rule, with(ssh, props{"maximumExecutionFrequency": "One_Hour"})))
	r.unchanged(rule)
	assert.False(t, r.in("us-east-1").read(&made{token: configRuleToken, name: "ssh", id: rule.id}))

	own := r.create(configRuleToken, "own", guard(nil))
	r.unchanged(own)
	r.imported(own)
	require.NoError(t, r.remove(recorder), "rules do not hold the recorder")
	require.NoError(t, r.remove(rule))
	require.NoError(t, r.remove(own))
	assert.False(t, r.read(rule))
}

func TestConfigRuleRefusals(t *testing.T) {
	r := newConfigured(t)
	r.create(recorderToken, "r", recorderInputs(nil))
	parameters := func(text string) props { return props{"inputParameters": text} }
	details := func(d props) props { return props{"sourceDetails": []any{d}} }
	const keys = "ACCESS_KEYS_ROTATED"
	var many []any
	for range 101 {
		many = append(many, "AWS::S3::Bucket")
	}
	r.refuses([]refusal{
		{"unknown identifier", configRuleToken, managed("RESTRICTED_SSH", nil), "The sourceIdentifier RESTRICTED_SSH is invalid"},
		{"identifier as on the page", configRuleToken, managed("restricted-ssh", nil), "InvalidParameterValueException"},
		{"name too long", configRuleToken, managed(keys, props{"name": strings.Repeat("n", 129)}), "ValidationException"},
		{"blank name", configRuleToken, managed(keys, props{"name": "  "}), "ValidationException"},
		{"description too long", configRuleToken, managed("INCOMING_SSH_DISABLED", props{"description": strings.Repeat("d", 257)}), "ValidationException"},
		{"unknown owner", configRuleToken, props{"source": props{"owner": "ME"}}, "ValidationException"},
		{"required parameter missing", configRuleToken, managed(keys, nil), "Required parameter maxAccessKeyAge is not present"},
		{"required tag missing", configRuleToken, managed("REQUIRED_TAGS", parameters(`{"tag1Value":"x"}`)), "Required parameter tag1Key"},
		{"unknown parameter", configRuleToken, managed(keys, parameters(`{"maxAccessKeyAge":"90","x":"1"}`)), "Unknown parameters provided in the inputParameters: x"},
		{"parameter in another case", configRuleToken, managed(keys, parameters(`{"MaxAccessKeyAge":"90"}`)), "Unknown parameters"},
		{"parameter where there is none", configRuleToken, managed("EC2_EBS_ENCRYPTION_BY_DEFAULT", parameters(`{"x":"1"}`)), "Unknown parameters"},
		{"parameter no number", configRuleToken, managed(keys, parameters(`{"maxAccessKeyAge":"ninety"}`)), "expected a whole number"},
		{"parameter no boolean", configRuleToken, managed("IAM_PASSWORD_POLICY", parameters(`{"RequireSymbols":"yes"}`)), "expected true or false"},
		{"parameter blank", configRuleToken, managed(keys, parameters(`{"maxAccessKeyAge":" "}`)), "blank spaces"},
		{"parameter a list", configRuleToken, managed(keys, parameters(`{"maxAccessKeyAge":[90]}`)), "expected a string"},
		{"parameters no object", configRuleToken, managed(keys, parameters(`[]`)), "not a JSON object"},
		{"parameters too long", configRuleToken, managed(keys, parameters(`{"maxAccessKeyAge":"`+strings.Repeat("9", 1024)+`"}`)), "ValidationException"},
		{"frequency on a change", configRuleToken, managed("ELB_LOGGING_ENABLED", props{"maximumExecutionFrequency": "One_Hour"}), "A maximum execution frequency for this rule is not allowed"},
		{"unknown frequency", configRuleToken, managed("EC2_EBS_ENCRYPTION_BY_DEFAULT", props{"maximumExecutionFrequency": "Daily"}), "ValidationException"},
		{"scope on a schedule", configRuleToken, managed("EC2_EBS_ENCRYPTION_BY_DEFAULT", props{"scope": props{"tagKey": "a"}}), "InvalidParameterValueException"},
		{"CloudFront elsewhere", configRuleToken, managed("CLOUDFRONT_ACCESSLOGS_ENABLED", nil), "not available in ap-northeast-1"},
		{"managed with details", configRuleToken, props{"source": props{"owner": "AWS", "sourceIdentifier": "INCOMING_SSH_DISABLED", "sourceDetails": []any{props{"messageType": messageScheduled}}}}, "SourceDetails should be null/empty"},
		{"scope of an unknown type", configRuleToken, managed("INCOMING_SSH_DISABLED", props{"scope": props{"complianceResourceTypes": []any{"AWS::X"}}}), "InvalidParameterValueException"},
		{"scope of 101 types", configRuleToken, managed("INCOMING_SSH_DISABLED", props{"scope": props{"complianceResourceTypes": many}}), "has 101 items"},
		{"scope of an id without type", configRuleToken, managed("INCOMING_SSH_DISABLED", props{"scope": props{"complianceResourceId": "sg-1"}}), "exactly one resource type"},
		{"scope of a value without key", configRuleToken, managed("INCOMING_SSH_DISABLED", props{"scope": props{"tagValue": "a"}}), "tagValue needs tagKey"},
		{"scope of types and a tag", configRuleToken, managed("INCOMING_SSH_DISABLED", props{"scope": props{"tagKey": "a", "complianceResourceTypes": []any{"AWS::EC2::SecurityGroup"}}}), "either resource types or a tag"},
		{"evaluation mode", configRuleToken, managed("INCOMING_SSH_DISABLED", props{"evaluationModes": []any{props{"mode": "LATER"}}}), "ValidationException"},
		{"guard without details", configRuleToken, guard(props{"sourceDetails": nil}), "SourceDetails should be non-empty"},
		{"guard without policy", configRuleToken, guard(props{"customPolicyDetails": nil}), "CustomPolicyDetails should be non-empty"},
		{"guard of another runtime", configRuleToken, guard(props{"customPolicyDetails": props{"policyRuntime": "guard-1.x.x", "policyText": guardRule}}), "ValidationException"},
		{"guard too long", configRuleToken, guard(props{"customPolicyDetails": props{"policyRuntime": "guard-2.x.x", "policyText": guardRule + strings.Repeat("#", 10000)}}), "ValidationException"},
		{"guard without rule", configRuleToken, guard(props{"customPolicyDetails": props{"policyRuntime": "guard-2.x.x", "policyText": "let x = 1"}}), "it has no rule"},
		{"guard with an open brace", configRuleToken, guard(props{"customPolicyDetails": props{"policyRuntime": "guard-2.x.x", "policyText": "rule a { b"}}), "do not match"},
		{"guard on a schedule", configRuleToken, guard(details(props{"messageType": messageScheduled})), "not by ScheduledNotification"},
		{"guard with an identifier", configRuleToken, guard(props{"sourceIdentifier": "X"}), "SourceIdentifier should be null/empty"},
		{"unknown message", configRuleToken, guard(details(props{"messageType": "X"})), "ValidationException"},
		{"frequency with a change message", configRuleToken, guard(details(props{"messageType": "ConfigurationItemChangeNotification", "maximumExecutionFrequency": "One_Hour"})), "goes with the message type"},
		{"frequency of a custom rule", configRuleToken, with(guard(nil), props{"maximumExecutionFrequency": "One_Hour"}), "InvalidParameterValueException"},
		{"lambda no ARN", configRuleToken, props{"source": props{"owner": ownerLambda, "sourceIdentifier": "f", "sourceDetails": []any{props{"messageType": messageScheduled}}}}, "not the ARN of a Lambda function"},
	})
}

// TestManagedRuleTable: the table says what AWS's pages say of the rules that the seeds and benchmarks name.
func TestManagedRuleTable(t *testing.T) {
	for identifier, want := range map[string]managedRule{
		"ACCESS_KEYS_ROTATED":               {Trigger: onSchedule, Required: []string{"maxAccessKeyAge"}},
		"CLOUDFRONT_ACCESSLOGS_ENABLED":     {Trigger: onChange},
		"DB_INSTANCE_BACKUP_ENABLED":        {Trigger: onChange},
		"EC2_EBS_ENCRYPTION_BY_DEFAULT":     {Trigger: onSchedule},
		"IAM_ROOT_ACCESS_KEY_CHECK":         {Trigger: onSchedule},
		"INCOMING_SSH_DISABLED":             {Trigger: "both"},
		"REQUIRED_TAGS":                     {Trigger: onChange, Required: []string{"tag1Key"}},
		"S3_BUCKET_PUBLIC_READ_PROHIBITED":  {Trigger: "both"},
		"S3_BUCKET_PUBLIC_WRITE_PROHIBITED": {Trigger: "both"},
		"VPC_FLOW_LOGS_ENABLED":             {Trigger: onSchedule},
	} {
		require.Contains(t, managedRules, identifier)
		assert.Equal(t, want.Trigger, managedRules[identifier].Trigger, identifier)
		assert.Equal(t, want.Required, managedRules[identifier].Required, identifier)
	}
	kinds := []string{"boolean", "csv", "double", "int", "string", "stringmap"}
	for identifier, rule := range managedRules {
		assert.Contains(t, []string{onChange, onSchedule, "both"}, rule.Trigger, identifier)
		for name, kind := range rule.Parameters {
			assert.Contains(t, kinds, kind, "%s.%s", identifier, name)
		}
		for _, name := range rule.Required {
			assert.Contains(t, rule.Parameters, name, identifier)
		}
		for _, key := range []string{rule.Only, rule.Except} {
			for _, region := range managedRuleRegions[key] {
				assert.True(t, knownRegion(region), "%s: %s", identifier, region)
			}
			assert.True(t, key == "" || managedRuleRegions[key] != nil, identifier)
		}
	}
	_, err := managedRuleIn("us-east-1", "CLOUDFRONT_ACCESSLOGS_ENABLED")
	require.NoError(t, err)
}

func TestConfigRulesPerRegion(t *testing.T) {
	r := newConfigured(t)
	r.create(recorderToken, "r", recorderInputs(nil))
	require.NoError(t, r.account().Update(func(a *Account) {
		for i := range rulesPerRegion {
			a.Config.Rules.put(regional(testRegion, fmt.Sprintf("r%d", i)), &configRule{Name: fmt.Sprintf("r%d", i)})
		}
	}))
	_, err := r.try(configRuleToken, "ssh", managed("INCOMING_SSH_DISABLED", nil))
	refusedWith(t, err, "MaxNumberOfConfigRulesExceededException")
	virginia := r.in("us-east-1")
	virginia.create(recorderToken, "r", recorderInputs(nil))
	virginia.create(configRuleToken, "ssh", managed("INCOMING_SSH_DISABLED", nil))
}

// remediation are the inputs of a remediation that closes SSH.
func remediation(changes props) props {
	return with(props{
		"configRuleName": "incoming_ssh_disabled", "targetType": "SSM_DOCUMENT", "targetId": "AWS-DisableIncomingSSHOnPort22", "targetVersion": "1",
		"resourceType": "AWS::EC2::SecurityGroup", "automatic": true, "maximumAutomaticAttempts": 5, "retryAttemptSeconds": 60,
		"parameters": []any{
			props{"name": "AutomationAssumeRole", "staticValue": "arn:aws:iam::123456789012:role/repair"},
			props{"name": "SecurityGroupIds", "resourceValue": "RESOURCE_ID"},
		},
		"executionControls": props{"ssmControls": props{"concurrentExecutionRatePercentage": 10, "errorPercentage": 20}},
	}, changes)
}

func TestRemediation(t *testing.T) {
	r := newConfigured(t)
	r.create(recorderToken, "r", recorderInputs(nil))
	_, err := r.try(remediationToken, "m", remediation(nil))
	refusedWith(t, err, "Please check the configRule name")
	rule := r.create(configRuleToken, "ssh", managed("INCOMING_SSH_DISABLED", nil))
	_, err = r.try(remediationToken, "m", remediation(nil))
	refusedWith(t, err, "does not exist")
	role := r.create(roleToken, "repair", props{"name": "repair", "assumeRolePolicy": trustCloudTrail})
	_, err = r.try(remediationToken, "m", remediation(nil))
	refusedWith(t, err, "cannot be assumed")
	require.NoError(t, r.update(role, props{"name": "repair", "assumeRolePolicy": strings.ReplaceAll(trustCloudTrail, cloudtrailService, ssmService)}))

	m := r.create(remediationToken, "m", remediation(nil))
	assert.Equal(t, "incoming_ssh_disabled", m.id)
	r.unchanged(m)
	r.imported(m)
	require.NoError(t, r.update(m, remediation(props{"automatic": false})))
	r.unchanged(m)
	refusedWith(t, r.remove(rule), "ResourceInUseException")
	require.NoError(t, r.remove(m))
	require.NoError(t, r.remove(rule))
	assert.False(t, r.read(m))

	parameter := func(p ...any) props { return props{"parameters": p, "automatic": nil} }
	group := props{"name": "SecurityGroupIds", "resourceValue": "RESOURCE_ID"}
	r.create(configRuleToken, "ssh", managed("INCOMING_SSH_DISABLED", nil))
	r.refuses([]refusal{
		{"unknown document", remediationToken, remediation(props{"targetId": "AWS-CloseEverything"}), "The SSM document AWS-CloseEverything does not exist"},
		{"unknown target", remediationToken, remediation(props{"targetType": "LAMBDA"}), "ValidationException"},
		{"no attempts", remediationToken, remediation(props{"maximumAutomaticAttempts": 0}), "ValidationException"},
		{"too many attempts", remediationToken, remediation(props{"maximumAutomaticAttempts": 26}), "ValidationException"},
		{"no seconds", remediationToken, remediation(props{"retryAttemptSeconds": 0}), "ValidationException"},
		{"too many seconds", remediationToken, remediation(props{"retryAttemptSeconds": 2678001}), "ValidationException"},
		{"rate of 101", remediationToken, remediation(props{"executionControls": props{"ssmControls": props{"concurrentExecutionRatePercentage": 101}}}), "ValidationException"},
		{"errors of 0", remediationToken, remediation(props{"executionControls": props{"ssmControls": props{"errorPercentage": 0}}}), "ValidationException"},
		{"automatic without role", remediationToken, remediation(props{"parameters": []any{group}}), "AutomationAssumeRole should be provided"},
		{"role as resource", remediationToken, remediation(parameter(group, props{"name": "AutomationAssumeRole", "resourceValue": "RESOURCE_ID"})), "has to have a static value"},
		{"unknown parameter", remediationToken, remediation(parameter(group, props{"name": "Port", "staticValue": "22"})), "Parameters provided are not valid"},
		{"required parameter missing", remediationToken, remediation(parameter()), "SecurityGroupIds"},
		{"parameter twice", remediationToken, remediation(parameter(group, group)), "given twice"},
		{"parameter without value", remediationToken, remediation(parameter(props{"name": "SecurityGroupIds"})), "either a resource value or static values"},
		{"parameter with two values", remediationToken, remediation(parameter(props{"name": "SecurityGroupIds", "resourceValue": "RESOURCE_ID", "staticValue": "sg-1"})), "either a resource value or static values"},
		{"another placeholder", remediationToken, remediation(parameter(props{"name": "SecurityGroupIds", "resourceValue": "RESOURCE"})), "allowed is RESOURCE_ID"},
		{"unknown resource type", remediationToken, remediation(props{"resourceType": "AWS::X"}), "InvalidParameterValueException"},
		{"role of the document missing", remediationToken, remediation(props{"targetId": "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules", "automatic": nil,
			"parameters": []any{props{"name": "GroupId", "resourceValue": "RESOURCE_ID"}}}), "AutomationAssumeRole that the SSM document"},
	})
	r.create(remediationToken, "by hand", remediation(parameter(group)))
}
