package tests

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// TestGuardDutyMayExportAndNobodyElse holds the policies of the archive against what GuardDuty does when it exports, from
// the home Region and from others (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html).
func TestGuardDutyMayExportAndNobodyElse(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		d := testkit.Run(t, testkit.Options{Partition: p.Name}, func(ctx *pulumi.Context) error {
			archive, err := logarchive.NewLogArchive(ctx, "archive", nil)
			if err != nil {
				return err
			}
			_, err = coveredThreats(ctx, []string{p.Home, p.Other}, threatArgs{Archive: archive})
			return err
		})
		for _, region := range []string{p.Home, p.Other} {
			export := d.One(exportType, "threats-export-"+region)
			bucket, key := export.String("destinationArn"), export.String("kmsKeyArn")
			object := bucket + "/AWSLogs/" + accountID + "/GuardDuty/" + region + "/2026/03/01/x.jsonl.gz"
			detector := "arn:" + p.Name + ":guardduty:" + region + ":" + accountID + ":detector/" + export.String("detectorId")
			source := map[string]string{"aws:SourceAccount": accountID, "aws:SourceArn": detector}
			foreign := map[string]string{"aws:SourceAccount": foreignAccount, "aws:SourceArn": strings.Replace(detector, accountID, foreignAccount, 1)}
			for _, row := range []struct {
				service, action, resource string
				source                    map[string]string
				plain                     bool // without TLS
				bucketKey                 bool // by S3, for the bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
				allowed                   bool
			}{
				{service: "guardduty", action: "s3:GetBucketLocation", resource: bucket, source: source, allowed: true},
				{service: "guardduty", action: "s3:PutObject", resource: object, source: source, allowed: true},
				{service: "guardduty", action: "kms:GenerateDataKey", resource: key, source: source, allowed: true},
				{service: "guardduty", action: "s3:PutObject", resource: object, source: source, plain: true},
				{service: "guardduty", action: "s3:PutObject", resource: object, source: foreign},
				{service: "guardduty", action: "kms:GenerateDataKey", resource: key, source: foreign},
				{service: "guardduty", action: "s3:PutObject", resource: object},
				{service: "guardduty", action: "kms:GenerateDataKey", resource: key},
				{service: "guardduty", action: "s3:PutObject", resource: object, source: map[string]string{"aws:SourceAccount": accountID}},
				{service: "guardduty", action: "s3:GetObject", resource: object, source: source},
				{service: "guardduty", action: "s3:DeleteObject", resource: object, source: source},
				{service: "guardduty", action: "s3:PutBucketPolicy", resource: bucket, source: source},
				{service: "guardduty", action: "kms:Decrypt", resource: key, source: source, bucketKey: true, allowed: true},
				{service: "guardduty", action: "kms:Decrypt", resource: key, source: foreign, bucketKey: true},
				{service: "guardduty", action: "kms:Decrypt", resource: key, source: source},
				{service: "macie", action: "s3:PutObject", resource: object, source: source},
				{service: "inspector2", action: "kms:GenerateDataKey", resource: key, source: source},
			} {
				document := d.Document(d.One(bucketPolicyType, "archive-delivery-policy"), "policy")
				if row.resource == key {
					document = d.Document(d.Only(keyPolicyType), "policy")
				}
				context := map[string][]string{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"}}
				if row.plain {
					context = map[string][]string{"aws:SecureTransport": {"false"}}
				}
				if row.bucketKey {
					context["kms:EncryptionContext:aws:s3:arn"] = []string{bucket}
				}
				for name, value := range row.source {
					context[name] = []string{value}
				}
				decision, err := policyeval.Authorization{Resource: document, ResourceOwner: accountID, ResourcePolicyDecides: row.resource == key}.Decide(
					policyeval.Request{Principal: policyeval.Principal{Service: row.service + ".amazonaws.com"}, Action: row.action, Resource: row.resource, Context: context})
				require.NoError(t, err)
				assert.Equal(t, row.allowed, decision.Allowed, "%s from %s: %s on %s for %v: %s", row.service, region, row.action, row.resource, row.source, decision.Reason)
			}
		}
	})
}

// TestMalwareScanMayOnlyScan holds the role of the scan against what it needs
// (https://docs.aws.amazon.com/guardduty/latest/ug/malware-protection-s3-iam-policy-prerequisite.html).
func TestMalwareScanMayOnlyScan(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		home := homeOf(o)
		d := coverThreats(t, o, []string{home}, everyThreat(o.Partition, []string{home}))
		role := d.One(hubRoleType, "threats-malware-role")
		trust := policyeval.Authorization{Resource: d.Document(role, "assumeRolePolicy"), ResourceOwner: accountID, ResourcePolicyDecides: true}
		for _, service := range []string{"malware-protection-plan.guardduty.amazonaws.com", "guardduty.amazonaws.com", "ec2.amazonaws.com"} {
			decision, err := trust.Decide(policyeval.Request{Principal: policyeval.Principal{Service: service}, Action: "sts:AssumeRole", Resource: "*"})
			require.NoError(t, err)
			assert.Equal(t, strings.HasPrefix(service, "malware"), decision.Allowed, service)
		}
		rights := policyeval.Authorization{
			Identity: []*policyeval.Document{d.Document(d.One("aws:iam/rolePolicy:RolePolicy", "threats-malware-rights"), "policy")}, ResourceOwner: accountID,
		}
		s3 := "arn:" + o.Partition + ":s3:::"
		rule := "arn:" + o.Partition + ":events:" + home + ":" + accountID + ":rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3-abc"
		key := "arn:" + o.Partition + ":kms:" + home + ":" + accountID + ":key/1234"
		suffix := map[string]string{"aws-cn": ".cn"}[o.Partition]
		own := map[string][]string{"aws:ResourceAccount": {accountID}}
		managed := map[string][]string{"events:ManagedBy": {"malware-protection-plan.guardduty.amazonaws.com"}}
		viaS3 := map[string][]string{"kms:ViaService": {"s3." + home + ".amazonaws.com" + suffix}}
		for _, row := range []struct {
			action, resource string
			context          map[string][]string
			allowed          bool
		}{
			{"s3:GetObject", s3 + "invoices/in/a", own, true},
			{"s3:GetObjectVersion", s3 + protectedWithNoKey + "/a", own, true},
			{"s3:PutBucketNotification", s3 + "invoices", own, true},
			{"s3:ListBucket", s3 + "invoices", own, true},
			{"s3:PutObject", s3 + "invoices/malware-protection-resource-validation-object", own, true},
			{"s3:PutObjectTagging", s3 + "invoices/in/a", own, true},
			{"events:PutRule", rule, managed, true},
			{"events:DescribeRule", rule, nil, true},
			{"kms:Decrypt", key, viaS3, true},
			{"kms:Decrypt", key, map[string][]string{"kms:ViaService": {"s3." + home + ".amazonaws.com"}}, true},
			{"s3:PutObject", s3 + "invoices/in/a", own, false},
			{"s3:DeleteObject", s3 + "invoices/in/a", own, false},
			{"s3:PutObjectTagging", s3 + protectedWithNoKey + "/a", own, false},
			{"s3:GetObject", s3 + "payroll/a", own, false},
			{"s3:GetObject", s3 + "invoices/in/a", map[string][]string{"aws:ResourceAccount": {foreignAccount}}, false},
			{"events:PutRule", rule, nil, false},
			{"events:PutRule", strings.Replace(rule, "DO-NOT-DELETE", "alerts", 1), managed, false},
			{"kms:Decrypt", key, nil, false},
			{"kms:Decrypt", key + "5", viaS3, false},
		} {
			decision, err := rights.Decide(policyeval.Request{
				Principal: policyeval.Principal{ARN: "arn:" + o.Partition + ":iam::" + accountID + ":role/" + threatsPrefix + "-malware", Account: accountID},
				Action:    row.action, Resource: row.resource, Context: row.context,
			})
			require.NoError(t, err)
			assert.Equal(t, row.allowed, decision.Allowed, "%s on %s with %v: %s", row.action, row.resource, row.context, decision.Reason)
		}
	})
}
