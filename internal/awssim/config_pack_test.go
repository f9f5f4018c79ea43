package awssim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	packToken = "aws:cfg/conformancePack:ConformancePack"
	packBody  = `
Parameters:
  Age: {Type: String, Default: "90"}
  Owner: {Type: String}
Resources:
  Keys:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: keys
      InputParameters: {maxAccessKeyAge: !Ref Age}
      Source: {Owner: AWS, SourceIdentifier: ACCESS_KEYS_ROTATED}
  Ssh:
    Type: AWS::Config::ConfigRule
    Properties:
      Source: {Owner: AWS, SourceIdentifier: INCOMING_SSH_DISABLED}
`
)

func pack(changes props) props {
	return with(props{"name": "essentials", "templateBody": packBody,
		"inputParameters": []any{props{"parameterName": "Owner", "parameterValue": "me"}}}, changes)
}

func TestConformancePackLife(t *testing.T) {
	r := newConfigured(t)
	_, err := r.try(packToken, "p", pack(nil))
	refusedWith(t, err, "NoAvailableConfigurationRecorderException")
	r.create(recorderToken, "r", recorderInputs(nil))
	p := r.create(packToken, "p", pack(nil))
	assert.Regexp(t, `^arn:aws:config:ap-northeast-1:123456789012:conformance-pack/essentials/conformance-pack-[a-z0-9]{9}$`, p.str("arn"))
	r.unchanged(p)
	require.NotNil(t, r.account().IAM.Roles["AWSServiceRoleForConfigConforms"])
	require.Len(t, r.account().Config.Rules, 2)

	name := r.account().Config.Packs[regional(testRegion, "essentials")].Rules[0]
	assert.Regexp(t, `^keys-conformance-pack-`, name)
	_, err = r.try(configRuleToken, "same", managed("INCOMING_SSH_DISABLED", props{"name": name}))
	refusedWith(t, err, "AccessDeniedException")
	_, err = r.try(remediationToken, "m", remediation(props{"configRuleName": name, "automatic": nil, "parameters": []any{props{"name": "SecurityGroupIds", "resourceValue": "RESOURCE_ID"}}}))
	refusedWith(t, err, "remediation of service-linked rules is not supported")

	linked := &made{token: linkedToken, name: "l", id: r.account().IAM.Roles["AWSServiceRoleForConfigConforms"].ARN}
	require.True(t, r.read(linked))
	refusedWith(t, r.remove(linked), "conformance pack")
	require.NoError(t, r.update(p, pack(props{"templateBody": strings.Replace(packBody, "Ssh:", "Ssh2:", 1)})))
	require.Len(t, r.account().Config.Rules, 2)
	require.NoError(t, r.remove(p))
	assert.Empty(t, r.account().Config.Rules)
	assert.False(t, r.read(p))
	require.NoError(t, r.remove(linked))
}

func TestConformancePackRefusals(t *testing.T) {
	r := newConfigured(t)
	r.create(recorderToken, "r", recorderInputs(nil))
	body := func(from, to string) props {
		return pack(props{"templateBody": strings.Replace(packBody, from, to, 1)})
	}
	var many strings.Builder
	many.WriteString("Resources:\n")
	for i := range 131 {
		fmt.Fprintf(&many, "  R%d: {Type: \"AWS::Config::ConfigRule\", Properties: {Source: {Owner: AWS, SourceIdentifier: INCOMING_SSH_DISABLED}}}\n", i)
	}
	r.refuses([]refusal{
		{"name", packToken, pack(props{"name": "1pack"}), "ValidationException"},
		{"no template", packToken, pack(props{"templateBody": nil}), "one of templateBody and templateS3Uri"},
		{"location", packToken, pack(props{"templateBody": nil, "templateS3Uri": "https://history/pack.yaml"}), "ValidationException"},
		{"body too long", packToken, body("Parameters:", strings.Repeat("#", 51200)+"\nParameters:"), "ValidationException"},
		{"no YAML", packToken, pack(props{"templateBody": "a: [", "inputParameters": nil}), "ConformancePackTemplateValidationException"},
		{"no resources", packToken, pack(props{"templateBody": "Resources: {}", "inputParameters": nil}), "has no resources"},
		{"another type", packToken, body("AWS::Config::ConfigRule", "AWS::S3::Bucket"), "has the type"},
		{"unknown identifier", packToken, body("INCOMING_SSH_DISABLED", "RESTRICTED_SSH"), "The sourceIdentifier RESTRICTED_SSH is invalid"},
		{"unknown rule parameter", packToken, body("maxAccessKeyAge", "age"), "has no parameter age"},
		{"131 rules", packToken, pack(props{"templateBody": many.String(), "inputParameters": nil}), "at most 130"},
		{"undeclared parameter", packToken, pack(props{"inputParameters": []any{props{"parameterName": "X", "parameterValue": "1"}}}), "not declared"},
		{"parameter without value", packToken, pack(props{"inputParameters": nil}), "neither a default nor a value"},
		{"delivery bucket", packToken, pack(props{"deliveryS3Bucket": "none"}), "delivery bucket none"},
		{"template bucket", packToken, pack(props{"templateBody": nil, "templateS3Uri": "s3://none/pack.yaml"}), "InsufficientPermissionsException"},
		{"template that is not", packToken, pack(props{"templateBody": nil, "templateS3Uri": "s3://history/none.yaml"}), "NoSuchKey"},
	})
	require.NoError(t, r.account().Do(r.account().root(), nil, "s3:PutObject", configBucketARN+"/pack.yaml"))
	r.create(packToken, "p", pack(props{"templateBody": nil, "templateS3Uri": "s3://history/pack.yaml"}))
}

func TestConformancePacksPerRegion(t *testing.T) {
	r := newConfigured(t)
	r.create(recorderToken, "r", recorderInputs(nil))
	require.NoError(t, r.account().Update(func(a *Account) {
		for i := range packsPerRegion {
			a.Config.Packs.put(regional(testRegion, fmt.Sprint(i)), &configPack{})
		}
	}))
	_, err := r.try(packToken, "p", pack(nil))
	refusedWith(t, err, "MaxNumberOfConformancePacksExceededException")
}
