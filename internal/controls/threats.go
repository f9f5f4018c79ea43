package controls

import (
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

var (
	detectors = check{"GuardDuty is on in every covered Region", func(d *declaration) ([]string, string) {
		return d.everywhere(detectorType, "detector", func(r declared.Resource) string {
			return unless(!off(r, "enable"), "is off")
		})
	}}
	findingsExported = check{"findings of GuardDuty are exported", func(d *declaration) ([]string, string) {
		return d.everywhere(exportType, "export of findings", func(r declared.Resource) string {
			whole := text(r, "destinationArn") != "" && text(r, "kmsKeyArn") != ""
			return unless(whole && d.sameEverywhere(exportType, "destinationArn"), "has no bucket, another one than the others, or no key")
		})
	}}
	findingsSoon = check{"GuardDuty tells of findings that recur within 15 minutes", func(d *declaration) ([]string, string) {
		return d.everywhere(detectorType, "detector", func(r declared.Resource) string {
			return unless(text(r, "findingPublishingFrequency") == "FIFTEEN_MINUTES", "takes longer")
		})
	}}
	externalAnalyzers = analyzers("access from outside is analysed in every covered Region", "ACCOUNT", "ORGANIZATION")
	unusedAnalyzer    = check{"unused access is analysed", func(d *declaration) ([]string, string) {
		for _, r := range d.byType[analyzerType] {
			if strings.HasSuffix(text(r, "type"), "_UNUSED_ACCESS") {
				return []string{place(r)}, ""
			}
		}
		return nil, "no analyzer of unused access is declared"
	}}
	hubEverywhere = check{"Security Hub is on in every covered Region, with a standard and the controls that it gains", func(d *declaration) ([]string, string) {
		return d.everywhere(hubType, "Security Hub", func(r declared.Resource) string {
			return unless(len(d.in(standardType, r.Region)) > 0 && !off(r, "autoEnableControls"), "has no standard, or leaves out new controls")
		})
	}}
	hubAtHome = check{"Security Hub is on, with a standard and the controls that it gains", func(d *declaration) ([]string, string) {
		return d.some(hubType, "Security Hub", func(r declared.Resource) string {
			return unless(len(d.in(standardType, r.Region)) > 0 && !off(r, "autoEnableControls"), "has no standard, or leaves out new controls")
		})
	}}
	hubsAlike = check{"Security Hub has the same standards wherever it is on", func(d *declaration) ([]string, string) {
		all := map[string]bool{}
		for _, s := range d.byType[standardType] {
			all[lastOf(text(s, "standardsArn"), ":")] = true
		}
		return d.every(hubType, "Security Hub", func(r declared.Resource) string {
			here := map[string]bool{}
			for _, s := range d.in(standardType, r.Region) {
				here[lastOf(text(s, "standardsArn"), ":")] = true
			}
			return unless(len(here) == len(all) && len(all) > 0, "lacks a standard that another Region has")
		})
	}}
	// A detector turns plans on that nobody named; who drops a plan's resource does not switch the plan off
	// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html).
	plansNamed = check{"every plan of GuardDuty is on or off by name", func(d *declaration) ([]string, string) {
		return d.everywhere(detectorType, "detector", func(r declared.Resource) string {
			named := map[string]bool{}
			for _, f := range d.in(featureType, r.Region) {
				named[text(f, "name")] = text(f, "status") == "ENABLED" || text(f, "status") == "DISABLED"
			}
			for _, plan := range []string{"S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS", "RUNTIME_MONITORING"} {
				if !named[plan] {
					return "leaves " + plan + " as it is"
				}
			}
			return ""
		})
	}}
	macieEverywhere = check{"Macie is on in every covered Region", func(d *declaration) ([]string, string) {
		return d.everywhere(macieType, "Macie", func(r declared.Resource) string {
			return unless(text(r, "status") != "PAUSED", "is paused")
		})
	}}
)

func analyzers(what string, types ...string) check {
	return check{what, func(d *declaration) ([]string, string) {
		return d.everywhere(analyzerType, "analyzer", func(r declared.Resource) string {
			return unless(slices.Contains(types, text(r, "type")) || text(r, "type") == "", "looks for something else")
		})
	}}
}

// plan holds when a protection plan of GuardDuty is on in every covered Region, and the agents that it is asked to manage.
func plan(name string, agents ...string) check {
	return check{"GuardDuty: " + strings.Join(append([]string{name}, agents...), ", "), func(d *declaration) ([]string, string) {
		return d.only(featureType, func(r declared.Resource) bool { return text(r, "name") == name }).everywhere(featureType, "plan "+name, func(r declared.Resource) string {
			if text(r, "status") != "ENABLED" {
				return "is off"
			}
			for _, agent := range agents {
				if !slices.ContainsFunc(list(at(r.Inputs, "additionalConfigurations")), func(c any) bool {
					return at(c, "name") == agent && at(c, "status") == "ENABLED"
				}) {
					return "does not manage " + agent
				}
			}
			return ""
		})
	}}
}

// inspects holds when Inspector scans a kind of resource in every covered Region.
func inspects(kind string) check {
	return check{"Inspector scans " + kind, func(d *declaration) ([]string, string) {
		return d.everywhere(inspectorType, "Inspector", func(r declared.Resource) string {
			return unless(slices.Contains(texts(at(r.Inputs, "resourceTypes")), kind), "does not scan %s", kind)
		})
	}}
}

// standardsWith are the standards of Security Hub that have a control, as they stand in ARNs.
func standardsWith(control string) (parts []string) {
	if !outsideFSBP[control] {
		parts = append(parts, "standards/aws-foundational-security-best-practices/")
	}
	if inCIS5[control] {
		parts = append(parts, "standards/cis-aws-foundations-benchmark/v/5.0.0")
	}
	return parts
}

// hub holds when a control of Security Hub is checked somewhere. In which Regions, only the evidence says.
func hub(control string) check {
	return check{"control of Security Hub " + control, func(d *declaration) ([]string, string) {
		var found []string
		for _, standard := range d.byType[standardType] {
			arn := text(standard, "standardsArn")
			holds := slices.ContainsFunc(standardsWith(control), func(part string) bool { return strings.Contains(arn, part) })
			switchedOff := slices.ContainsFunc(d.in(associationType, standard.Region), func(a declared.Resource) bool {
				return text(a, "standardsArn") == arn && text(a, "securityControlId") == control && text(a, "associationStatus") == "DISABLED"
			})
			recorded := len(d.in(recorderType, standard.Region)) > 0
			if holds && !switchedOff && recorded && len(d.in(hubType, standard.Region)) > 0 {
				found = append(found, place(standard))
			}
		}
		return found, unless(len(found) > 0, "no standard of Security Hub with %s is subscribed to", control)
	}}
}

// inCIS5 are the controls of Security Hub's standard CIS AWS Foundations Benchmark v5.0.0
// (https://docs.aws.amazon.com/securityhub/latest/userguide/cis-aws-foundations-benchmark.html).
var inCIS5 = set(
	"Account.1", "CloudTrail.1", "CloudTrail.2", "CloudTrail.4", "CloudTrail.7", "Config.1", "EC2.2", "EC2.6", "EC2.7", "EC2.8", "EC2.21",
	"EC2.53", "EC2.54", "EFS.1", "EFS.8", "IAM.2", "IAM.3", "IAM.4", "IAM.5", "IAM.6", "IAM.9", "IAM.15", "IAM.16", "IAM.18", "IAM.22",
	"IAM.26", "IAM.27", "IAM.28", "KMS.4", "RDS.2", "RDS.3", "RDS.5", "RDS.13", "RDS.15", "S3.1", "S3.5", "S3.8", "S3.20", "S3.22", "S3.23",
)

// outsideFSBP are the controls in the tables that the standard FSBP does not have
// (https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html).
var outsideFSBP = set(
	"CloudTrail.7", "CloudWatch.1", "CloudWatch.2", "CloudWatch.3", "CloudWatch.4", "CloudWatch.5", "CloudWatch.6", "CloudWatch.7",
	"CloudWatch.8", "CloudWatch.9", "CloudWatch.10", "CloudWatch.11", "CloudWatch.12", "CloudWatch.13", "CloudWatch.14", "CloudWatch.15",
	"CloudWatch.16", "EC2.182", "EC2.53", "EC2.54", "IAM.9", "IAM.11", "IAM.12", "IAM.13", "IAM.14", "IAM.15", "IAM.16", "IAM.17", "IAM.18", "IAM.19", "IAM.22",
	"IAM.26", "IAM.27", "IAM.28", "KMS.4", "S3.20", "S3.22", "S3.23", "SNS.1",
)

func set(names ...string) map[string]bool {
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
	}
	return all
}
