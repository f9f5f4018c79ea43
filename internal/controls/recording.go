package controls

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// recordedOnce are the types that one Region records for all
// (https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html).
var recordedOnce = []string{"AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User", "AWS::RDS::GlobalCluster"}

// whatMatters are the types that every recorder has to have: who may reach what, and with which key.
var whatMatters = []string{
	"AWS::CloudTrail::Trail", "AWS::EC2::NetworkAcl", "AWS::EC2::SecurityGroup", "AWS::EC2::VPC", "AWS::KMS::Key", "AWS::Lambda::Function",
	"AWS::RDS::DBInstance", "AWS::S3::Bucket", "AWS::SecretsManager::Secret",
}

var (
	recordersOfWhatMatters = check{"what matters for security is recorded in every covered Region", func(d *declaration) ([]string, string) {
		return d.everywhere(recorderType, "recorder", func(r declared.Resource) string {
			only := texts(at(r.Inputs, "recordingGroup.resourceTypes"))
			excluded := texts(at(r.Inputs, "recordingGroup.exclusionByResourceTypes.resourceTypes"))
			for _, t := range whatMatters {
				if len(only) > 0 && !slices.Contains(only, t) || slices.Contains(excluded, t) {
					return "leaves out " + t
				}
			}
			return ""
		})
	}}
	recorders = check{"AWS Config records in every covered Region", func(d *declaration) ([]string, string) {
		evidence, problem := d.everywhere(recorderType, "recorder", func(r declared.Resource) string {
			started := slices.ContainsFunc(d.in(recorderStatus, r.Region), func(s declared.Resource) bool {
				return text(s, "name") == text(r, "name") && is(s, "isEnabled")
			})
			return unless(started, "is not started")
		})
		return evidence, problem
	}}
	recordersOfAllTypes = check{"every resource type is recorded", func(d *declaration) ([]string, string) {
		return d.everywhere(recorderType, "recorder", func(r declared.Resource) string {
			if types := texts(at(r.Inputs, "recordingGroup.resourceTypes")); len(types) > 0 {
				return "records " + strconv.Itoa(len(types)) + " types only"
			}
			excluded := texts(at(r.Inputs, "recordingGroup.exclusionByResourceTypes.resourceTypes"))
			if len(excluded) == 0 {
				return unless(is(r, "recordingGroup.allSupported"), "says no types")
			}
			for _, t := range excluded {
				if !slices.Contains(recordedOnce, t) {
					return "leaves out " + t
				}
			}
			return ""
		})
	}}
	globalTypesOnce = check{"a Region records the types of IAM", func(d *declaration) ([]string, string) {
		return d.some(recorderType, "recorder", func(r declared.Resource) string {
			named := slices.Contains(texts(at(r.Inputs, "recordingGroup.resourceTypes")), "AWS::IAM::User")
			return unless(named || is(r, "recordingGroup.includeGlobalResourceTypes"), "leaves out IAM")
		})
	}}
	recordersRole = check{"AWS Config uses its service-linked role", func(d *declaration) ([]string, string) {
		return d.everywhere(recorderType, "recorder", func(r declared.Resource) string {
			return unless(strings.Contains(text(r, "roleArn"), ":role/aws-service-role/config.amazonaws.com/"), "uses a role of its own")
		})
	}}
	configDelivers = check{"AWS Config delivers its history", func(d *declaration) ([]string, string) {
		return d.everywhere(channelType, "delivery channel", func(r declared.Resource) string {
			return unless(text(r, "s3BucketName") != "" && d.sameEverywhere(channelType, "s3BucketName"), "does not deliver to the bucket of the others")
		})
	}}
	configDeliveryEncrypted = check{"the history of AWS Config is encrypted by a KMS key", func(d *declaration) ([]string, string) {
		return d.everywhere(channelType, "delivery channel", func(r declared.Resource) string {
			return unless(text(r, "s3KmsKeyArn") != "", "delivers without a KMS key")
		})
	}}
)

// sameEverywhere reports whether all resources of a type have the same value, so that none leads somewhere else.
func (d *declaration) sameEverywhere(typ, path string) bool {
	return !slices.ContainsFunc(d.byType[typ], func(r declared.Resource) bool { return text(r, path) != text(d.byType[typ][0], path) })
}

// rule holds when a managed rule of AWS Config is declared. Where it runs, only the evidence says.
func rule(identifier string) check { return ruleWithin(identifier, "", 0) }

// ruleWithin is rule, with a parameter that may be at most so many days.
func ruleWithin(identifier, parameter string, most float64) check {
	what := "rule of AWS Config " + identifier
	if parameter != "" {
		what += fmt.Sprintf(" with %s of at most %g", parameter, most)
	}
	return check{what, func(d *declaration) ([]string, string) {
		var found []string
		lack := "the rule " + identifier + " is not declared"
		for _, r := range d.byType[ruleType] {
			if text(r, "source.owner") != "AWS" || text(r, "source.sourceIdentifier") != identifier {
				continue
			}
			if len(d.in(recorderType, r.Region)) == 0 {
				lack = place(r) + " runs where nothing is recorded"
				continue
			}
			var parameters map[string]string
			_ = json.Unmarshal([]byte(text(r, "inputParameters")), &parameters)
			if days, err := strconv.ParseFloat(parameters[parameter], 64); parameter != "" && (err != nil || days > most) {
				lack = place(r) + " has " + parameter + " " + parameters[parameter]
				continue
			}
			found = append(found, place(r))
		}
		return found, unless(len(found) > 0, "%s", lack)
	}}
}
