package tests

import (
	"strings"
	"testing"

	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// TestDigestRoleMayReadAndTellAndNothingElse holds the roles against what they need, and what others would like them to do.
func TestDigestRoleMayReadAndTellAndNothingElse(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		arn := func(service, rest string) string {
			return "arn:" + p.Name + ":" + service + ":" + p.Home + ":" + accountID + ":" + rest
		}
		here, elsewhere := map[string]string{"aws:RequestedRegion": p.Home}, map[string]string{"aws:RequestedRegion": otherRegion(p.Name)}
		group, topic := arn("logs", "log-group:"+digestLogs), arn("sns", hubPrefix+"-informational")
		key, machine := arn("kms", "key/1234"), arn("states", "stateMachine:"+digestPrefix+"-digest")
		for _, hub := range []bool{true, false} {
			args := everyDigest()
			if !hub {
				args.ConfigAggregator, args.Findings = "", digest.GuardDuty
			}
			d := deployDigest(t, testkit.Options{Partition: p.Name}, args)
			role := "arn:" + p.Name + ":iam::" + accountID + ":role/" + digestPrefix + "-digest"
			via := func(topic string) map[string]string {
				return map[string]string{"kms:ViaService": "sns." + p.Home + "." + p.Suffix, "kms:EncryptionContext:aws:sns:topicArn": topic}
			}
			mayDo(t, role, []*policyeval.Document{d.Document(d.One("aws:iam/rolePolicy:RolePolicy", "weekly-digest-role-policy"), "policy")}, []billRow{
				{"logs:StartQuery", group, here, true},
				{"logs:StartQuery", group + ":*", here, true},
				{"logs:StartQuery", group + "-2", here, false},
				{"logs:GetQueryResults", "*", here, true},
				{"logs:GetQueryResults", "*", elsewhere, false},
				{"logs:GetLogEvents", group, here, false},
				{"logs:DeleteLogGroup", group, here, false},
				{"config:DescribeAggregateComplianceByConfigRules", arn("config", "config-aggregator/config-aggregator-abc"), here, hub},
				{"config:DescribeComplianceByConfigRule", "*", here, !hub},
				{"config:DescribeComplianceByConfigRule", "*", elsewhere, false},
				{"config:DeleteConfigRule", "*", here, false},
				{"securityhub:GetInsightResults", "*", here, hub},
				{"securityhub:GetFindings", "*", here, false},
				{"securityhub:BatchUpdateFindings", "*", here, false},
				{"guardduty:ListDetectors", "*", here, !hub},
				{"guardduty:GetFindingsStatistics", arn("guardduty", "detector/12abc"), here, !hub},
				{"guardduty:GetFindings", arn("guardduty", "detector/12abc"), here, false},
				{"guardduty:ArchiveFindings", arn("guardduty", "detector/12abc"), here, false},
				{"sns:Publish", topic, here, true},
				{"sns:Publish", topic + "-chat", here, p.Name == "aws"},
				{"sns:Publish", strings.Replace(topic, "informational", "critical", 1), here, false},
				{"sns:Subscribe", topic, here, false},
				{"kms:GenerateDataKey", key, via(topic), true},
				{"kms:Decrypt", key, via(topic), true},
				{"kms:Decrypt", key, via(topic + "-chat"), p.Name == "aws"},
				{"kms:Decrypt", key, nil, false},
				{"kms:Decrypt", key, map[string]string{"kms:ViaService": "logs." + p.Home + "." + p.Suffix, "kms:EncryptionContext:aws:sns:topicArn": topic}, false},
				{"states:StartExecution", machine, here, false},
				{"iam:PassRole", role, here, false},
			})
			mayDo(t, role+"-schedule", []*policyeval.Document{d.Document(d.One("aws:iam/rolePolicy:RolePolicy", "weekly-digest-schedule-role-policy"), "policy")}, []billRow{
				{"states:StartExecution", machine, nil, true},
				{"states:StartExecution", machine + "-2", nil, false},
				{"states:StopExecution", machine, nil, false},
				{"sns:Publish", topic, nil, false},
			})
			for _, row := range []struct{ name, service, source string }{
				{"weekly-digest-role", "states", machine},
				{"weekly-digest-schedule-role", "scheduler", arn("scheduler", "schedule-group/"+digestPrefix+"-digest")},
			} {
				decide(t, d.Document(d.One(hubRoleType, row.name), "assumeRolePolicy"), "*", true, []policyRow{
					{"its service", service(row.service), "sts:AssumeRole", from(accountID, row.source), true, ""},
					{"another account's", service(row.service), "sts:AssumeRole", from(foreignAccount, strings.Replace(row.source, accountID, foreignAccount, 1)), false, ""},
					{"another thing's", service(row.service), "sts:AssumeRole", from(accountID, row.source+"-2"), false, ""},
					{"nobody's", service(row.service), "sts:AssumeRole", from("", ""), false, ""},
					{"another service", service("lambda"), "sts:AssumeRole", from(accountID, row.source), false, ""},
				})
			}
		}
	})
}
