package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// TestConfigMayDeliverAndNobodyElse holds the policies of the own archive against what AWS Config does with its
// service-linked role: it calls as config.amazonaws.com, for the account whose recorder it is
// (https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html and
// https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html).
func TestConfigMayDeliverAndNobodyElse(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		d := coverConfig(t, testkit.Options{Partition: p.Name}, []string{p.Home, p.Other}, configbaseline.ConfigBaselineArgs{
			Rules: noRules(), ArchiveArgs: &logarchive.LogArchiveArgs{
				KeyPrefix: "logs", Readers: []string{"arn:" + p.Name + ":iam::" + accountID + ":role/auditor"},
			},
		})
		channel := d.One(configChannelType, "config-channel-"+p.Other)
		bucket := "arn:" + p.Name + ":s3:::" + channel.String("s3BucketName")
		ownObject := bucket + "/" + channel.String("s3KeyPrefix") + "/AWSLogs/" + accountID + "/Config/" + p.Other + "/2026/3/1/ConfigSnapshot/x.json.gz"
		key := channel.String("s3KmsKeyArn")
		everybody := callers(p.Name)
		for _, row := range []struct {
			who, action, resource string
			without               string // a condition key that the request lacks
			allowed               bool
		}{
			{who: "Config", action: "s3:GetBucketAcl", resource: bucket, allowed: true},
			{who: "Config", action: "s3:ListBucket", resource: bucket, allowed: true},
			{who: "Config", action: "s3:PutObject", resource: ownObject, allowed: true},
			{who: "Config", action: "kms:GenerateDataKey", resource: key, allowed: true},
			{who: "Config", action: "kms:Decrypt", resource: key, allowed: true},
			{who: "Config", action: "s3:PutObject", resource: ownObject, without: "s3:x-amz-acl"},
			{who: "Config", action: "s3:PutObject", resource: ownObject, without: "aws:SourceAccount"},
			{who: "Config", action: "kms:GenerateDataKey", resource: key, without: "aws:SourceAccount"},
			{who: "Config", action: "s3:GetObject", resource: ownObject},
			{who: "Config", action: "s3:DeleteObject", resource: ownObject},
			{who: "Config", action: "s3:PutBucketPolicy", resource: bucket},
			{who: "Config", action: "kms:Encrypt", resource: key},
			{who: "Config", action: "kms:PutKeyPolicy", resource: key},
			{who: "Config", action: "s3:PutObject", resource: strings.Replace(ownObject, "/logs/", "/", 1)},
			{who: "Config", action: "s3:PutObject", resource: strings.Replace(ownObject, accountID+"/Config", foreignAccount+"/Config", 1)},
			{who: "Config", action: "s3:PutObject", resource: strings.Replace(ownObject, "/Config/", "/CloudTrail/", 1)},
			{who: "Config", action: "s3:PutObject", resource: strings.Replace(ownObject, "delivery", "access-logs", 1)},
			{who: "another account's Config", action: "s3:GetBucketAcl", resource: bucket},
			{who: "another account's Config", action: "s3:ListBucket", resource: bucket},
			{who: "another account's Config", action: "s3:PutObject", resource: ownObject},
			{who: "another account's Config", action: "kms:GenerateDataKey", resource: key},
			{who: "another account's Config", action: "kms:Decrypt", resource: key},
			{who: "the trail", action: "s3:PutObject", resource: ownObject},
			{who: "the trail", action: "kms:GenerateDataKey", resource: key},
			{who: "Lambda", action: "s3:PutObject", resource: ownObject},
			{who: "anonymous", action: "s3:GetObject", resource: ownObject},
			{who: "a foreign administrator", action: "s3:GetObject", resource: ownObject},
			{who: "an administrator with MFA", action: "s3:GetObject", resource: ownObject},
			{who: "an administrator with MFA", action: "s3:PutObject", resource: ownObject},
			{who: "an administrator", action: "s3:DeleteObject", resource: ownObject},
			{who: "the reader role", action: "s3:GetObject", resource: ownObject},
			{who: "the auditor", action: "s3:GetObject", resource: ownObject, allowed: true},
		} {
			who, known := everybody[row.who]
			require.True(t, known, row.who)
			context := map[string][]string{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"}}
			for name, value := range who.context {
				if name != row.without {
					context[name] = []string{value}
				}
			}
			text := d.Only(keyPolicyType).String("policy")
			if row.resource != key {
				thing := "delivery"
				if strings.Contains(row.resource, "access-logs") {
					thing = "access-logs"
				}
				text = d.One(bucketPolicyType, "config-archive-"+thing+"-policy").String("policy")
			}
			document, err := policyeval.Parse(text)
			require.NoError(t, err)
			authorization := policyeval.Authorization{Resource: document, ResourceOwner: accountID, ResourcePolicyDecides: row.resource == key}
			if who.identity != "" {
				identity, err := policyeval.Parse(who.identity)
				require.NoError(t, err)
				authorization.Identity = []*policyeval.Document{identity}
			}
			decision, err := authorization.Decide(policyeval.Request{Principal: who.principal, Action: row.action, Resource: row.resource, Context: context})
			require.NoError(t, err)
			assert.Equal(t, row.allowed, decision.Allowed, "%s, %s on %s without %q: %s", row.who, row.action, row.resource, row.without, decision.Reason)
		}
	})
}

// TestOnlyConfigAssumesTheRoleOfTheAggregator: nobody else asks the organization in its name.
func TestOnlyConfigAssumesTheRoleOfTheAggregator(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := deployConfig(t, o, &configbaseline.ConfigBaselineArgs{AggregatorOrganization: true, Rules: noRules()})
		role := d.One(hubRoleType, "config-aggregator-role")
		trust := policyeval.Authorization{Resource: d.Document(role, "assumeRolePolicy"), ResourceOwner: accountID, ResourcePolicyDecides: true}
		for name, who := range callers(o.Partition) {
			decision, err := trust.Decide(policyeval.Request{Principal: who.principal, Action: "sts:AssumeRole", Resource: "*"})
			require.NoError(t, err)
			assert.Equal(t, who.principal.Service == "config.amazonaws.com", decision.Allowed, name)
		}
	})
}
