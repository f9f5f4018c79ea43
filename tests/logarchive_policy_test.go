package tests

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	accountID      = "123456789012"
	foreignAccount = "210987654321"

	bucketPolicyType = "aws:s3/bucketPolicy:BucketPolicy"
	keyPolicyType    = "aws:kms/keyPolicy:KeyPolicy"
)

// guardedArchive is an archive with a deployer, a second one of Identity Center, and a named reader.
func guardedArchive(partition string) *logarchive.LogArchiveArgs {
	role := "arn:" + partition + ":iam::" + accountID + ":role/"
	return &logarchive.LogArchiveArgs{
		TrailName: "audit",
		Deployers: []string{
			role + "ci/account-baseline-deployer",
			role + "aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Deployer_*",
		},
		Readers: []string{role + "auditor"},
	}
}

func deployArchive(t testing.TB, o testkit.Options, args *logarchive.LogArchiveArgs) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		_, err := logarchive.NewLogArchive(ctx, "archive", args)
		return err
	})
}

// caller is somebody who asks: a principal, what its own policies allow, and what its requests carry.
type caller struct {
	principal policyeval.Principal
	identity  string // policy document; empty: none
	context   map[string]string
}

const (
	administratorAccess = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	mfa                 = "aws:MultiFactorAuthPresent"
)

// callers are everybody the policies are held against, in a partition.
func callers(partition string) map[string]caller {
	iam := "arn:" + partition + ":iam::" + accountID + ":"
	trail := func(account, region, name string) string {
		return "arn:" + partition + ":cloudtrail:" + region + ":" + account + ":trail/" + name
	}
	home := homeRegion(partition)
	service := func(name string, context map[string]string) caller {
		return caller{principal: policyeval.Principal{Service: name}, context: context}
	}
	administrator := func(arn string, context map[string]string) caller {
		return caller{policyeval.Principal{ARN: arn, Account: accountID}, administratorAccess, context}
	}
	cloudTrail := func(sourceArn string) caller {
		return service("cloudtrail.amazonaws.com", map[string]string{
			"aws:SourceArn": sourceArn, "aws:SourceAccount": accountID, "s3:x-amz-acl": "bucket-owner-full-control",
			"kms:EncryptionContext:aws:cloudtrail:arn": sourceArn,
		})
	}
	return map[string]caller{
		"the trail":                    cloudTrail(trail(accountID, home, "audit")),
		"another trail":                cloudTrail(trail(accountID, home, "shadow")),
		"the trail of another Region":  cloudTrail(trail(accountID, "eu-west-9", "audit")),
		"another account's trail":      cloudTrail(trail(foreignAccount, home, "audit")),
		"CloudTrail without a source":  service("cloudtrail.amazonaws.com", map[string]string{"s3:x-amz-acl": "bucket-owner-full-control"}),
		"Config":                       service("config.amazonaws.com", map[string]string{"aws:SourceAccount": accountID, "s3:x-amz-acl": "bucket-owner-full-control"}),
		"another account's Config":     service("config.amazonaws.com", map[string]string{"aws:SourceAccount": foreignAccount, "s3:x-amz-acl": "bucket-owner-full-control"}),
		"GuardDuty":                    service("guardduty.amazonaws.com", map[string]string{"aws:SourceAccount": accountID, "aws:SourceArn": "arn:" + partition + ":guardduty:" + home + ":" + accountID + ":detector/12abc"}),
		"another account's GuardDuty":  service("guardduty.amazonaws.com", map[string]string{"aws:SourceAccount": foreignAccount, "aws:SourceArn": "arn:" + partition + ":guardduty:" + home + ":" + foreignAccount + ":detector/12abc"}),
		"S3 logging":                   service("logging.s3.amazonaws.com", map[string]string{"aws:SourceAccount": accountID, "aws:SourceArn": "arn:" + partition + ":s3:::account-baseline-dev-archive-trail-" + accountID}),
		"S3 logging of another bucket": service("logging.s3.amazonaws.com", map[string]string{"aws:SourceAccount": accountID, "aws:SourceArn": "arn:" + partition + ":s3:::elsewhere"}),
		"Lambda":                       service("lambda.amazonaws.com", nil),
		"CloudWatch Logs": service(logsPrincipal(partition), map[string]string{
			"kms:EncryptionContext:aws:logs:arn": "arn:" + partition + ":logs:" + home + ":" + accountID + ":log-group:cloudtrail/audit"}),
		"CloudWatch Logs of another group": service(logsPrincipal(partition), map[string]string{
			"kms:EncryptionContext:aws:logs:arn": "arn:" + partition + ":logs:" + home + ":" + accountID + ":log-group:other"}),

		"anonymous":                    {principal: policyeval.Principal{Anonymous: true}},
		"a foreign administrator":      {policyeval.Principal{ARN: "arn:" + partition + ":iam::" + foreignAccount + ":role/admin", Account: foreignAccount}, administratorAccess, nil},
		"an administrator":             administrator(iam+"role/admin", nil),
		"an administrator with a key":  administrator(iam+"user/alice", map[string]string{}),
		"an administrator signed in":   administrator(iam+"user/alice", map[string]string{mfa: "false"}),
		"an administrator with MFA":    administrator(iam+"user/alice", map[string]string{mfa: "true"}),
		"the deployer":                 administrator(iam+"role/ci/account-baseline-deployer", nil),
		"its namesake without path":    administrator(iam+"role/account-baseline-deployer", nil),
		"the Identity Center deployer": administrator(iam+"role/aws-reserved/sso.amazonaws.com/"+home+"/AWSReservedSSO_Deployer_0123456789abcdef", nil),
		"the auditor":                  administrator(iam+"role/auditor", nil),
		"the reader role":              {policyeval.Principal{ARN: iam + "role/account-baseline-dev-archive-reader", Account: accountID}, administratorAccess, nil},
		"a user without permissions":   {policyeval.Principal{ARN: iam + "user/bob", Account: accountID}, "", nil},
		"root":                         {principal: policyeval.Principal{Root: true, Account: accountID}},
	}
}

func homeRegion(partition string) string {
	for _, p := range testkit.Partitions {
		if p.Name == partition {
			return p.Home
		}
	}
	panic("no partition " + partition)
}

func logsPrincipal(partition string) string {
	suffix := ".amazonaws.com"
	if partition == "aws-cn" {
		suffix = ".amazonaws.com.cn"
	}
	return "logs." + homeRegion(partition) + suffix
}

// These stand for the ARNs of the archives, the encryption context of objects under their Bucket Keys.
const (
	trailBucketContext    = "TRAIL-BUCKET"
	deliveryBucketContext = "DELIVERY-BUCKET"
)

type archiveRow struct {
	who, action, resource string
	with                  map[string]string // context beside the caller's own
	allowed               bool
}

// archiveTable is who may do what to the archives. "trail", "delivery", "access-logs" and "key" stand for the
// resources; a path behind the first three is an object.
var archiveTable = []archiveRow{
	{who: "the trail", action: "s3:GetBucketAcl", resource: "trail", allowed: true},
	{who: "the trail", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz", allowed: true},
	{who: "the trail", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz", with: map[string]string{"s3:x-amz-acl": "private"}},
	{who: "the trail", action: "s3:PutObject", resource: "trail/AWSLogs/210987654321/CloudTrail/x.gz"},
	{who: "the trail", action: "s3:PutObject", resource: "trail/elsewhere/x.gz"},
	{who: "the trail", action: "s3:GetObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "the trail", action: "s3:DeleteObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "the trail", action: "s3:PutObject", resource: "delivery/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "another trail", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "another trail", action: "s3:GetBucketAcl", resource: "trail"},
	{who: "the trail of another Region", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "another account's trail", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "CloudTrail without a source", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "the trail", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz", with: map[string]string{"aws:SecureTransport": "false"}},
	{who: "the trail", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz", with: map[string]string{"s3:TlsVersion": "1.1"}},

	{who: "Config", action: "s3:PutObject", resource: "delivery/AWSLogs/123456789012/Config/x.json", allowed: true},
	{who: "Config", action: "s3:GetBucketAcl", resource: "delivery", allowed: true},
	{who: "Config", action: "s3:ListBucket", resource: "delivery", allowed: true},
	{who: "Config", action: "s3:PutObject", resource: "delivery/AWSLogs/123456789012/Other/x.json"},
	{who: "Config", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/Config/x.json"},
	{who: "another account's Config", action: "s3:PutObject", resource: "delivery/AWSLogs/123456789012/Config/x.json"},
	{who: "GuardDuty", action: "s3:PutObject", resource: "delivery/AWSLogs/123456789012/GuardDuty/x.jsonl.gz", allowed: true},
	{who: "GuardDuty", action: "s3:GetBucketLocation", resource: "delivery", allowed: true},
	{who: "another account's GuardDuty", action: "s3:PutObject", resource: "delivery/AWSLogs/123456789012/GuardDuty/x.jsonl.gz"},
	{who: "S3 logging", action: "s3:PutObject", resource: "access-logs/trail/x", allowed: true},
	{who: "S3 logging of another bucket", action: "s3:PutObject", resource: "access-logs/trail/x"},
	{who: "Lambda", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},

	{who: "anonymous", action: "s3:GetObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "anonymous", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "a foreign administrator", action: "s3:GetObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},

	{who: "an administrator", action: "s3:GetObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "an administrator with MFA", action: "s3:GetObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "an administrator with MFA", action: "s3:GetObjectVersion", resource: "delivery/AWSLogs/123456789012/Config/x.json"},
	{who: "an administrator with MFA", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/forged.gz"},
	{who: "the deployer", action: "s3:PutObject", resource: "trail/AWSLogs/123456789012/CloudTrail/forged.gz"},
	{who: "the deployer", action: "s3:GetObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "the auditor", action: "s3:GetObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz", allowed: true},
	{who: "the reader role", action: "s3:GetObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz", allowed: true},
	{who: "the reader role", action: "s3:GetObject", resource: "access-logs/trail/x", allowed: true},
	{who: "the reader role", action: "s3:GetObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz", with: map[string]string{"aws:SecureTransport": "false"}},
	{who: "a user without permissions", action: "s3:GetObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "an administrator", action: "s3:GetBucketPolicy", resource: "trail", allowed: true},
	{who: "an administrator", action: "s3:GetBucketLogging", resource: "trail", allowed: true},
	{who: "an administrator", action: "s3:ListBucket", resource: "trail", allowed: true},

	{who: "an administrator", action: "s3:DeleteObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "an administrator with a key", action: "s3:DeleteObjectVersion", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "an administrator signed in", action: "s3:DeleteObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "an administrator with MFA", action: "s3:DeleteObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz", allowed: true},
	{who: "an administrator with MFA", action: "s3:DeleteObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz", with: map[string]string{"s3:TlsVersion": "1.1"}},
	{who: "the deployer", action: "s3:DeleteObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "the deployer", action: "s3:BypassGovernanceRetention", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},
	{who: "the deployer", action: "s3:DeleteObject", resource: "delivery/AWSLogs/123456789012/Config/x.json"},
	{who: "root", action: "s3:DeleteObject", resource: "trail/AWSLogs/123456789012/CloudTrail/x.gz"},

	{who: "GuardDuty", action: "s3:PutObject", resource: "delivery/AWSLogs/123456789012/GuardDuty/x.jsonl.gz", with: map[string]string{"aws:SecureTransport": "false"}},
	{who: "GuardDuty", action: "s3:PutObject", resource: "delivery/AWSLogs/123456789012/GuardDuty/x.jsonl.gz", with: map[string]string{"s3:TlsVersion": "1.1"}},
	{who: "an administrator with MFA", action: "s3:PutObject", resource: "delivery/AWSLogs/123456789012/Config/forged.json"},
	{who: "S3 logging", action: "s3:PutObject", resource: "access-logs/trail/x", with: map[string]string{"aws:SecureTransport": "false"}},
	{who: "S3 logging", action: "s3:PutObject", resource: "access-logs/trail/x", with: map[string]string{"s3:TlsVersion": "1.0"}},
	{who: "an administrator with MFA", action: "s3:PutObject", resource: "access-logs/trail/forged"},
	{who: "an administrator with MFA", action: "s3:GetObject", resource: "access-logs/trail/x"},
	{who: "the deployer", action: "s3:DeleteObject", resource: "access-logs/trail/x"},

	{who: "an administrator", action: "s3:PutBucketPolicy", resource: "trail"},
	{who: "an administrator signed in", action: "s3:DeleteBucketPolicy", resource: "trail"},
	{who: "an administrator", action: "s3:PutLifecycleConfiguration", resource: "trail"},
	{who: "an administrator", action: "s3:PutBucketVersioning", resource: "delivery"},
	{who: "an administrator", action: "s3:PutBucketPublicAccessBlock", resource: "access-logs"},
	{who: "an administrator", action: "s3:PutBucketRequestPayment", resource: "trail"},
	{who: "its namesake without path", action: "s3:PutBucketPolicy", resource: "trail"},
	{who: "an administrator with MFA", action: "s3:PutBucketPolicy", resource: "trail", allowed: true},
	{who: "the deployer", action: "s3:PutBucketPolicy", resource: "trail", allowed: true},
	{who: "the deployer", action: "s3:PutLifecycleConfiguration", resource: "trail", allowed: true},
	{who: "the deployer", action: "s3:PutBucketObjectLockConfiguration", resource: "trail", allowed: true},
	{who: "the Identity Center deployer", action: "s3:PutBucketPolicy", resource: "delivery", allowed: true},
	{who: "the Identity Center deployer", action: "s3:PutEncryptionConfiguration", resource: "trail", allowed: true},
	{who: "root", action: "s3:PutBucketPolicy", resource: "trail", allowed: true}, // S3 lets root repair a policy

	{who: "the trail", action: "kms:GenerateDataKey", resource: "key", allowed: true},
	{who: "the trail", action: "kms:DescribeKey", resource: "key", allowed: true},
	{who: "the trail", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:s3:arn": trailBucketContext}, allowed: true},
	{who: "the trail", action: "kms:Decrypt", resource: "key"},
	{who: "another trail", action: "kms:GenerateDataKey", resource: "key"},
	{who: "another account's trail", action: "kms:GenerateDataKey", resource: "key"},
	{who: "Config", action: "kms:GenerateDataKey", resource: "key", allowed: true},
	{who: "another account's Config", action: "kms:GenerateDataKey", resource: "key"},
	{who: "GuardDuty", action: "kms:GenerateDataKey", resource: "key", allowed: true},
	{who: "another account's GuardDuty", action: "kms:GenerateDataKey", resource: "key"},
	{who: "GuardDuty", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:s3:arn": deliveryBucketContext}, allowed: true},
	{who: "GuardDuty", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:s3:arn": trailBucketContext}},
	{who: "another account's GuardDuty", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:s3:arn": deliveryBucketContext}},
	{who: "CloudWatch Logs", action: "kms:Encrypt", resource: "key", allowed: true},
	{who: "CloudWatch Logs of another group", action: "kms:Encrypt", resource: "key"},
	{who: "an administrator", action: "kms:TagResource", resource: "key", allowed: true},
	{who: "an administrator", action: "kms:PutKeyPolicy", resource: "key"},
	{who: "an administrator signed in", action: "kms:ScheduleKeyDeletion", resource: "key"},
	{who: "an administrator with a key", action: "kms:DisableKey", resource: "key"},
	{who: "its namesake without path", action: "kms:PutKeyPolicy", resource: "key"},
	{who: "an administrator with MFA", action: "kms:ScheduleKeyDeletion", resource: "key", allowed: true},
	{who: "the deployer", action: "kms:PutKeyPolicy", resource: "key", allowed: true},
	{who: "the Identity Center deployer", action: "kms:ScheduleKeyDeletion", resource: "key", allowed: true},
	{who: "the deployer", action: "kms:EnableKeyRotation", resource: "key", allowed: true},
	{who: "an administrator with MFA", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:cloudtrail:arn": "any"}},
	{who: "an administrator", action: "kms:CreateGrant", resource: "key"},
	{who: "the reader role", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:cloudtrail:arn": "any"}, allowed: true},
	{who: "the reader role", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:s3:arn": trailBucketContext}, allowed: true},
	{who: "the reader role", action: "kms:Decrypt", resource: "key"},
	{who: "the reader role", action: "kms:GenerateDataKey", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:cloudtrail:arn": "any"}},
	{who: "a foreign administrator", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:cloudtrail:arn": "any"}},
	{who: "anonymous", action: "kms:Decrypt", resource: "key"},
}

func TestArchivePoliciesDecide(t *testing.T) {
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		archive := policiesOf(deployArchive(t, o, guardedArchive(o.Partition)))
		for _, row := range archiveTable {
			if decision := archive.decide(t, row); decision.Allowed != row.allowed {
				t.Errorf("%s, %s on %s with %v: allowed is %v: %s", row.who, row.action, row.resource, row.with, decision.Allowed, decision.Reason)
			}
		}
	})
}

// TestEveryArchiveStatementIsProven removes one statement after the other: some row must notice.
func TestEveryArchiveStatementIsProven(t *testing.T) {
	whole := policiesOf(deployArchive(t, testkit.Options{}, guardedArchive("aws")))
	for thing, text := range whole.documents {
		var document map[string]any
		require.NoError(t, json.Unmarshal([]byte(text), &document))
		statements := document["Statement"].([]any)
		for i := range statements {
			sid := statements[i].(map[string]any)["Sid"]
			document["Statement"] = slices.Delete(slices.Clone(statements), i, i+1)
			without, err := json.Marshal(document)
			require.NoError(t, err)
			broken := archivePolicies{partition: whole.partition, documents: maps.Clone(whole.documents)}
			broken.documents[thing] = string(without)
			if !slices.ContainsFunc(archiveTable, func(row archiveRow) bool { return broken.decide(t, row).Allowed != row.allowed }) {
				t.Errorf("%s: no row notices that statement %v is gone", thing, sid)
			}
		}
	}
}

// archivePolicies are the policy documents of the archive, by the thing they belong to.
type archivePolicies struct {
	partition string
	documents map[string]string
}

func policiesOf(d *testkit.Deployment) archivePolicies {
	policies := archivePolicies{d.Options.Partition, map[string]string{"key": d.One(keyPolicyType, "archive-key-policy").String("policy")}}
	for _, thing := range []string{"trail", "delivery", "access-logs"} {
		policies.documents[thing] = d.One(bucketPolicyType, "archive-"+thing+"-policy").String("policy")
	}
	return policies
}

func (a archivePolicies) bucketArn(thing string) string {
	return "arn:" + a.partition + ":s3:::account-baseline-dev-archive-" + thing + "-" + accountID
}

func (a archivePolicies) decide(t testing.TB, row archiveRow) policyeval.Decision {
	t.Helper()
	who, known := callers(a.partition)[row.who]
	require.True(t, known, row.who)
	thing, object, isObject := strings.Cut(row.resource, "/")
	arn := a.bucketArn(thing)
	if thing == "key" {
		arn = "arn:" + a.partition + ":kms:" + homeRegion(a.partition) + ":" + accountID + ":key/1234"
	} else if isObject {
		arn += "/" + object
	}
	context := map[string][]string{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"}}
	for _, values := range []map[string]string{who.context, row.with} {
		for key, value := range values {
			switch value {
			case trailBucketContext:
				value = a.bucketArn("trail")
				delete(context, "kms:EncryptionContext:aws:cloudtrail:arn")
			case deliveryBucketContext:
				value = a.bucketArn("delivery")
			}
			context[key] = []string{value}
		}
	}
	document, err := policyeval.Parse(a.documents[thing])
	require.NoError(t, err)
	authorization := policyeval.Authorization{Resource: document, ResourceOwner: accountID, ResourcePolicyDecides: thing == "key"}
	if who.identity != "" {
		identity, err := policyeval.Parse(who.identity)
		require.NoError(t, err)
		authorization.Identity = []*policyeval.Document{identity}
	}
	decision, err := authorization.Decide(policyeval.Request{Principal: who.principal, Action: row.action, Resource: arn, Context: context})
	require.NoError(t, err)
	return decision
}
