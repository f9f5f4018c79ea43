package tests

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/logarchive"
	"github.com/seed-8894d46d/account-baseline/components/securetrail"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

const (
	rolePolicyType  = "aws:iam/rolePolicy:RolePolicy"
	groupPolicyType = "aws:iam/groupPolicy:GroupPolicy"

	// trailPrefix begins the physical names of a trail component named audit.
	trailPrefix  = "account-baseline-dev-audit"
	organization = "o-a1b2c3d4e5"
)

func deployTrail(t testing.TB, o testkit.Options, args *securetrail.SecureTrailArgs, opts ...pulumi.ResourceOption) *testkit.Deployment {
	t.Helper()
	return testkit.Run(t, o, func(ctx *pulumi.Context) error {
		_, err := securetrail.NewSecureTrail(ctx, "audit", args, opts...)
		return err
	})
}

// The parts of https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCloudTrail_FullAccess.html that bear on
// trails and archives, and AWSCloudTrail_ReadOnlyAccess beside it. PARTITION stands for the partition.
const (
	trailFullAccess = `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["s3:CreateBucket","s3:PutBucketPolicy","s3:PutBucketPublicAccessBlock"],"Resource":"arn:PARTITION:s3:::aws-cloudtrail-logs*"},
		{"Effect":"Allow","Action":["s3:ListAllMyBuckets","s3:GetBucketLocation","s3:GetBucketPolicy"],"Resource":"*"},
		{"Effect":"Allow","Action":"cloudtrail:*","Resource":"*"},
		{"Effect":"Allow","Action":["iam:ListRoles","iam:GetRolePolicy","iam:GetUser"],"Resource":"*"},
		{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"cloudtrail.amazonaws.com"}}},
		{"Effect":"Allow","Action":["kms:CreateKey","kms:CreateAlias","kms:ListKeys","kms:ListAliases"],"Resource":"*"}]}`
	trailReadOnlyAccess = `{"Version":"2012-10-17","Statement":
		{"Effect":"Allow","Action":["cloudtrail:Get*","cloudtrail:Describe*","cloudtrail:List*","cloudtrail:LookupEvents"],"Resource":"*"}}`
)

// member is somebody who asks: a principal, the names of its identity policies, and what its requests carry.
type member struct {
	principal policyeval.Principal
	policies  []string
	context   map[string]string
}

// members are everybody the policies of a trail component are held against.
func members(partition string) map[string]member {
	user := func(name string, context map[string]string, policies ...string) member {
		return member{policyeval.Principal{ARN: "arn:" + partition + ":iam::" + accountID + ":user/" + name, Account: accountID}, policies, context}
	}
	role := func(account, name string, policies ...string) member {
		return member{policyeval.Principal{ARN: "arn:" + partition + ":iam::" + account + ":role/" + name, Account: account}, policies, nil}
	}
	service := func(name string) member { return member{principal: policyeval.Principal{Service: name}} }
	withMFA, withoutMFA := map[string]string{mfa: "true"}, map[string]string{mfa: "false"}
	viaS3 := map[string]string{
		"kms:ViaService": "s3." + homeRegion(partition) + "." + suffixOf(partition),
		"kms:EncryptionContext:aws:cloudtrail:arn": "any",
	}
	reader := role(accountID, trailPrefix+"-archive-reader", "reader permissions", "reader key permissions", "ReadOnlyAccess")
	readerThroughS3 := reader
	readerThroughS3.context = viaS3
	return map[string]member{
		"CloudTrail":                            service("cloudtrail.amazonaws.com"),
		"Config":                                service("config.amazonaws.com"),
		"anonymous":                             {principal: policyeval.Principal{Anonymous: true}},
		"the log role":                          role(accountID, trailPrefix+"-logs", "log role permissions"),
		"the reader role":                       reader,
		"S3 for the reader role":                readerThroughS3,
		"a trail administrator":                 user("alice", withMFA, "administrators", "FullAccess"),
		"a trail administrator in S3":           user("alice", map[string]string{mfa: "true", "kms:ViaService": viaS3["kms:ViaService"], "kms:EncryptionContext:aws:cloudtrail:arn": "any"}, "administrators", "FullAccess"),
		"a trail administrator no MFA":          user("alice", withoutMFA, "administrators", "FullAccess"),
		"a trail administrator's key":           user("alice", nil, "administrators", "FullAccess"),
		"a reader":                              user("team/bob", withMFA, "readers", "ReadOnlyAccess"),
		"a reader no MFA":                       user("team/bob", withoutMFA, "readers", "ReadOnlyAccess"),
		"a reader's key":                        user("team/bob", nil, "readers", "ReadOnlyAccess"),
		"an administrating reader":              user("carol", withMFA, "readers", "ReadOnlyAccess", "AdministratorAccess"),
		"an administrating reader's key":        user("carol", nil, "readers", "ReadOnlyAccess", "AdministratorAccess"),
		"an outsider":                           user("mallory", withMFA),
		"an account administrator":              user("root-like", withMFA, "AdministratorAccess"),
		"an account administrator's key":        user("root-like", nil, "AdministratorAccess"),
		"the session of an administrating role": role(accountID, "admin", "AdministratorAccess"),
		"a foreign administrator":               {policyeval.Principal{ARN: "arn:" + partition + ":iam::" + foreignAccount + ":user/eve", Account: foreignAccount}, []string{"AdministratorAccess"}, withMFA},
	}
}

func suffixOf(partition string) string {
	for _, p := range testkit.Partitions {
		if p.Name == partition {
			return p.Suffix
		}
	}
	panic("no partition " + partition)
}

type trailRow struct {
	who, action, resource string
	with                  map[string]string // context beside the caller's own; "" takes a key away
	allowed               bool
}

const logObject = "bucket/AWSLogs/123456789012/CloudTrail/x.gz"

// trailTable is who may do what. The resources are resolved by trailPolicies.arn.
var trailTable = []trailRow{
	// the role that writes to CloudWatch Logs
	{who: "CloudTrail", action: "sts:AssumeRole", resource: "log role", allowed: true},
	{who: "Config", action: "sts:AssumeRole", resource: "log role"},
	{who: "anonymous", action: "sts:AssumeRole", resource: "log role"},
	{who: "an account administrator", action: "sts:AssumeRole", resource: "log role"},
	{who: "a foreign administrator", action: "sts:AssumeRole", resource: "log role"},
	{who: "the log role", action: "logs:CreateLogStream", resource: "log stream ACCOUNT_CloudTrail_HOME", allowed: true},
	{who: "the log role", action: "logs:PutLogEvents", resource: "log stream ACCOUNT_CloudTrail_HOME", allowed: true},
	{who: "the log role", action: "logs:PutLogEvents", resource: "log stream ACCOUNT_CloudTrail_HOME_2", allowed: true},
	{who: "the log role", action: "logs:PutLogEvents", resource: "log stream ACCOUNT_CloudTrail_mars-north-1"},
	{who: "the log role", action: "logs:PutLogEvents", resource: "log stream ACCOUNT_Other_HOME"},
	{who: "the log role", action: "logs:PutLogEvents", resource: "log stream " + foreignAccount + "_CloudTrail_HOME"},
	{who: "the log role", action: "logs:PutLogEvents", resource: "log stream " + organization + "_" + foreignAccount},
	{who: "the log role", action: "logs:PutLogEvents", resource: "stream of another group ACCOUNT_CloudTrail_HOME"},
	{who: "the log role", action: "logs:DeleteLogStream", resource: "log stream ACCOUNT_CloudTrail_HOME"},
	{who: "the log role", action: "logs:GetLogEvents", resource: "log stream ACCOUNT_CloudTrail_HOME"},
	{who: "the log role", action: "s3:PutObject", resource: logObject},
	{who: "the log role", action: "s3:GetObject", resource: logObject},

	// who becomes the reader role
	{who: "a reader", action: "sts:AssumeRole", resource: "reader role", allowed: true},
	{who: "a reader no MFA", action: "sts:AssumeRole", resource: "reader role"},
	{who: "a reader's key", action: "sts:AssumeRole", resource: "reader role"},
	{who: "a reader", action: "sts:AssumeRole", resource: "another role"},
	{who: "an outsider", action: "sts:AssumeRole", resource: "reader role"},
	{who: "a trail administrator", action: "sts:AssumeRole", resource: "reader role"},
	{who: "an account administrator", action: "sts:AssumeRole", resource: "reader role", allowed: true},
	{who: "an account administrator's key", action: "sts:AssumeRole", resource: "reader role"},
	{who: "the session of an administrating role", action: "sts:AssumeRole", resource: "reader role"},
	{who: "a foreign administrator", action: "sts:AssumeRole", resource: "reader role"},
	{who: "CloudTrail", action: "sts:AssumeRole", resource: "reader role"},
	{who: "anonymous", action: "sts:AssumeRole", resource: "reader role"},

	// what the reader role may do
	{who: "the reader role", action: "s3:GetObject", resource: logObject, allowed: true},
	{who: "the reader role", action: "s3:GetObjectVersion", resource: logObject, allowed: true},
	{who: "the reader role", action: "s3:RestoreObject", resource: logObject, allowed: true},
	{who: "the reader role", action: "s3:ListBucket", resource: "bucket", allowed: true},
	{who: "the reader role", action: "s3:GetBucketLocation", resource: "bucket", allowed: true},
	{who: "the reader role", action: "s3:GetObject", resource: "access-logs/trail/x", allowed: true},
	{who: "the reader role", action: "s3:GetObject", resource: logObject, with: map[string]string{"aws:SecureTransport": "false"}},
	{who: "the reader role", action: "s3:GetObject", resource: "elsewhere/x.gz"},
	{who: "the reader role", action: "s3:PutObject", resource: logObject},
	{who: "the reader role", action: "s3:DeleteObject", resource: logObject, with: map[string]string{mfa: "true"}},
	{who: "the reader role", action: "s3:PutBucketPolicy", resource: "bucket"},
	{who: "S3 for the reader role", action: "kms:Decrypt", resource: "key", allowed: true},
	{who: "S3 for the reader role", action: "kms:Decrypt", resource: "key", with: map[string]string{
		"kms:EncryptionContext:aws:cloudtrail:arn": "", "kms:EncryptionContext:aws:s3:arn": "BUCKET"}, allowed: true},
	{who: "S3 for the reader role", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:cloudtrail:arn": ""}},
	{who: "S3 for the reader role", action: "kms:Decrypt", resource: "another key", allowed: true}, // whose policy delegates to the account; the role reads objects of the archive only
	{who: "S3 for the reader role", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:ViaService": "ssm.HOME.SUFFIX"}},
	{who: "S3 for the reader role", action: "kms:GenerateDataKey", resource: "key"},
	{who: "the reader role", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:cloudtrail:arn": "any"}},
	{who: "the reader role", action: "cloudtrail:LookupEvents", resource: "*", allowed: true},
	{who: "the reader role", action: "cloudtrail:StopLogging", resource: "trail"},

	// members of the readers, as themselves
	{who: "a reader", action: "cloudtrail:GetTrailStatus", resource: "trail", allowed: true},
	{who: "a reader", action: "cloudtrail:StopLogging", resource: "trail"},
	{who: "a reader", action: "s3:GetObject", resource: logObject},
	{who: "a reader", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:cloudtrail:arn": "any"}},
	{who: "a reader no MFA", action: "cloudtrail:GetTrailStatus", resource: "trail"},
	{who: "a reader's key", action: "cloudtrail:GetTrailStatus", resource: "trail"},
	{who: "a reader no MFA", action: "iam:EnableMFADevice", resource: "user team/bob"}, // a stolen key must not enrol a device
	{who: "a reader no MFA", action: "iam:EnableMFADevice", resource: "user carol"},
	{who: "a reader no MFA", action: "iam:CreateVirtualMFADevice", resource: "MFA device bob"},
	{who: "a reader no MFA", action: "iam:ListVirtualMFADevices", resource: "*"},
	{who: "an administrating reader", action: "s3:ListAllMyBuckets", resource: "*", allowed: true},
	{who: "an administrating reader's key", action: "s3:ListAllMyBuckets", resource: "*"},
	{who: "an administrating reader's key", action: "sts:GetSessionToken", resource: "*", allowed: true},
	{who: "an administrating reader's key", action: "iam:DeactivateMFADevice", resource: "user carol"},
	{who: "an administrating reader", action: "s3:GetObject", resource: logObject},

	// members of the administrators
	{who: "a trail administrator", action: "cloudtrail:StopLogging", resource: "trail", allowed: true},
	{who: "a trail administrator", action: "cloudtrail:UpdateTrail", resource: "trail", allowed: true},
	{who: "a trail administrator", action: "iam:PassRole", resource: "log role", with: map[string]string{"iam:PassedToService": "cloudtrail.amazonaws.com"}, allowed: true},
	{who: "a trail administrator", action: "iam:CreateUser", resource: "user mallory"},
	{who: "a trail administrator", action: "s3:GetObject", resource: logObject},
	{who: "a trail administrator", action: "s3:DeleteObject", resource: logObject},
	{who: "a trail administrator", action: "s3:PutBucketPolicy", resource: "bucket"},
	{who: "a trail administrator", action: "s3:GetBucketPolicy", resource: "bucket", allowed: true},
	{who: "a trail administrator in S3", action: "kms:Decrypt", resource: "key"},
	{who: "a trail administrator", action: "kms:PutKeyPolicy", resource: "key"},
	{who: "a trail administrator no MFA", action: "cloudtrail:StopLogging", resource: "trail"},
	{who: "a trail administrator's key", action: "cloudtrail:StopLogging", resource: "trail"},
	{who: "a trail administrator's key", action: "cloudtrail:GetTrail", resource: "trail"},
	{who: "a trail administrator no MFA", action: "iam:GetUser", resource: "user alice", allowed: true},
	{who: "a trail administrator no MFA", action: "iam:GetUser", resource: "user alice", allowed: true},
	{who: "a trail administrator no MFA", action: "iam:ListMFADevices", resource: "user team/bob"},
	{who: "a trail administrator no MFA", action: "iam:DeactivateMFADevice", resource: "user alice"},
	{who: "a trail administrator no MFA", action: "iam:CreateAccessKey", resource: "user alice"},
	{who: "a trail administrator no MFA", action: "iam:GetAccountPasswordPolicy", resource: "*"},

	// everybody else
	{who: "an outsider", action: "s3:GetObject", resource: logObject},
	{who: "an outsider", action: "cloudtrail:GetTrail", resource: "trail"},
	{who: "an account administrator", action: "s3:GetObject", resource: logObject},
	{who: "a foreign administrator", action: "s3:GetObject", resource: logObject},
	{who: "a foreign administrator", action: "kms:Decrypt", resource: "key", with: map[string]string{"kms:EncryptionContext:aws:cloudtrail:arn": "any"}},
}

func TestTrailPoliciesDecide(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		trail := trailPoliciesOf(deployTrail(t, testkit.Options{Partition: p.Name}, nil))
		trail.check(t, trailTable)
	})
}

// TestEveryTrailStatementIsProven takes away one statement after the other, and one condition after the other, of the
// policies that the component makes itself: some row must notice.
func TestEveryTrailStatementIsProven(t *testing.T) {
	whole := trailPoliciesOf(deployTrail(t, testkit.Options{}, nil))
	for _, name := range ownTrailPolicies {
		for what, text := range weakened(t, whole.documents[name]) {
			broken := trailPolicies{partition: whole.partition, documents: maps.Clone(whole.documents)}
			broken.documents[name] = text
			if !slices.ContainsFunc(trailTable, func(row trailRow) bool { return broken.decide(t, row).Allowed != row.allowed }) {
				t.Errorf("%s: no row notices that %s is gone", name, what)
			}
		}
	}
}

// weakened are the variants of a policy that lack a statement or the condition of one, by what they lack.
func weakened(t testing.TB, text string) map[string]string {
	t.Helper()
	var document map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &document))
	statements := document["Statement"].([]any)
	render := func(statements []any) string {
		if len(statements) == 0 {
			return ""
		}
		rendered, err := json.Marshal(map[string]any{"Version": document["Version"], "Statement": statements})
		require.NoError(t, err)
		return string(rendered)
	}
	variants := map[string]string{}
	for i, statement := range statements {
		sid := statement.(map[string]any)["Sid"].(string)
		variants["statement "+sid] = render(slices.Delete(slices.Clone(statements), i, i+1))
		if statement.(map[string]any)["Condition"] == nil {
			continue
		}
		unconditional := maps.Clone(statement.(map[string]any))
		delete(unconditional, "Condition")
		changed := slices.Clone(statements)
		changed[i] = unconditional
		variants["the condition of "+sid] = render(changed)
	}
	return variants
}

func TestOrganizationTrailWritesTheStreamsOfItsMembers(t *testing.T) {
	d := deployTrail(t, testkit.Options{}, &securetrail.SecureTrailArgs{ArchiveArgs: &logarchive.LogArchiveArgs{
		OrganizationID: organization, OmitDeliveryBucket: true,
	}})
	trailPoliciesOf(d).check(t, []trailRow{
		{who: "the log role", action: "logs:PutLogEvents", resource: "log stream ACCOUNT_CloudTrail_HOME", allowed: true},
		{who: "the log role", action: "logs:CreateLogStream", resource: "log stream " + organization + "_" + foreignAccount, allowed: true},
		{who: "the log role", action: "logs:PutLogEvents", resource: "log stream " + organization + "_" + foreignAccount, allowed: true},
		{who: "the log role", action: "logs:PutLogEvents", resource: "log stream o-zzzzzzzzzz_" + foreignAccount},
		{who: "the log role", action: "logs:PutLogEvents", resource: "stream of another group " + organization + "_" + foreignAccount},
	})
}

// TestCentralTrailEncryptsItsLogGroupWithItsOwnKey: the key of another account could not be used by CloudWatch Logs here.
func TestCentralTrailEncryptsItsLogGroupWithItsOwnKey(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		d := deployTrail(t, testkit.Options{Partition: p.Name}, centralTrail(p.Name))
		key := d.One(keyType, "audit-logs-key")
		assert.Equal(t, key.Outputs["arn"], d.Only(logGroupType).String("kmsKeyId"))
		assert.Equal(t, true, key.Get("enableKeyRotation"))
		group := "arn:" + p.Name + ":logs:" + p.Home + ":" + accountID + ":log-group:cloudtrail/" + trailPrefix
		document := d.Document(d.One(keyPolicyType, "audit-logs-key-policy"), "policy")
		logs := policyeval.Principal{Service: logsPrincipal(p.Name)}
		administrator := policyeval.Principal{ARN: "arn:" + p.Name + ":iam::" + accountID + ":role/admin", Account: accountID}
		foreign := policyeval.Principal{ARN: "arn:" + p.Name + ":iam::" + foreignAccount + ":role/admin", Account: foreignAccount}
		everything, err := policyeval.Parse(administratorAccess)
		require.NoError(t, err)
		for _, row := range []struct {
			who           policyeval.Principal
			action, group string
			allowed       bool
		}{
			{logs, "kms:Encrypt", group, true},
			{logs, "kms:Decrypt", group, true},
			{logs, "kms:GenerateDataKey", group, true},
			{logs, "kms:DescribeKey", group, true},
			{logs, "kms:Encrypt", group + "-other", false},
			{logs, "kms:Encrypt", strings.Replace(group, accountID, foreignAccount, 1), false},
			{logs, "kms:PutKeyPolicy", group, false},
			{policyeval.Principal{Service: "logs.mars-north-1.amazonaws.com"}, "kms:Encrypt", group, false},
			{policyeval.Principal{Service: "cloudtrail.amazonaws.com"}, "kms:GenerateDataKey", group, false},
			{administrator, "kms:PutKeyPolicy", group, true},
			{foreign, "kms:Decrypt", group, false},
			{policyeval.Principal{Anonymous: true}, "kms:Decrypt", group, false},
		} {
			authorization := policyeval.Authorization{Resource: document, ResourceOwner: accountID, ResourcePolicyDecides: true}
			if row.who.ARN != "" {
				authorization.Identity = []*policyeval.Document{everything}
			}
			decision, err := authorization.Decide(policyeval.Request{
				Principal: row.who, Action: row.action, Resource: key.Outputs["arn"].(string),
				Context: map[string][]string{"kms:EncryptionContext:aws:logs:arn": {row.group}},
			})
			require.NoError(t, err)
			assert.Equal(t, row.allowed, decision.Allowed, "%v, %s for %s: %s", row.who, row.action, row.group, decision.Reason)
		}
	})
}

// centralTrail delivers to the bucket of a log-archive account, encrypted with that account's key.
func centralTrail(partition string) *securetrail.SecureTrailArgs {
	return &securetrail.SecureTrailArgs{ArchiveArgs: &logarchive.LogArchiveArgs{Central: &logarchive.CentralBucket{
		Name: "central-logs", KeyArn: "arn:" + partition + ":kms:" + homeRegion(partition) + ":" + foreignAccount + ":key/12-34", KeyPrefix: "team",
	}}}
}

// trailPolicies are the policy documents around a trail, by name; an empty one counts as absent.
type trailPolicies struct {
	partition string
	documents map[string]string
}

// ownTrailPolicies are those that the trail component makes itself; the archive's are proven by its own table.
var ownTrailPolicies = []string{
	"log role", "log role permissions", "reader role", "reader permissions", "reader key permissions", "administrators", "readers",
}

func trailPoliciesOf(d *testkit.Deployment) trailPolicies {
	partition := d.Options.Partition
	documents := map[string]string{
		"log role":               d.One(hubRoleType, "audit-logs-role").String("assumeRolePolicy"),
		"log role permissions":   d.One(rolePolicyType, "audit-logs-role-policy").String("policy"),
		"reader role":            d.One(hubRoleType, "audit-reader").String("assumeRolePolicy"),
		"reader permissions":     d.One(rolePolicyType, "audit-reader-policy").String("policy"),
		"reader key permissions": d.One(rolePolicyType, "audit-reader-key-policy").String("policy"),
		"administrators":         d.One(groupPolicyType, "audit-administrators-policy").String("policy"),
		"readers":                d.One(groupPolicyType, "audit-readers-policy").String("policy"),
		"bucket":                 d.One(bucketPolicyType, "audit-archive-trail-policy").String("policy"),
		"access-logs":            d.One(bucketPolicyType, "audit-archive-access-logs-policy").String("policy"),
		"key":                    d.One(keyPolicyType, "audit-archive-key-policy").String("policy"),
		"AdministratorAccess":    administratorAccess,
		"FullAccess":             strings.ReplaceAll(trailFullAccess, "PARTITION", partition),
		"ReadOnlyAccess":         trailReadOnlyAccess,
	}
	keyArn := d.One(keyType, "audit-archive-key").Outputs["arn"].(string)
	return trailPolicies{partition: partition, documents: documents}.withKey(keyArn)
}

// withKey notes the ARN of the archive's key, which AWS chooses.
func (p trailPolicies) withKey(arn string) trailPolicies {
	p.documents["key ARN"] = arn
	return p
}

// resource is the ARN of a resource of the table, and its policy.
func (p trailPolicies) resource(resource string) (arn, policy string) {
	aws := "arn:" + p.partition + ":"
	regional := func(service string) string {
		return aws + service + ":" + homeRegion(p.partition) + ":" + accountID + ":"
	}
	iam := aws + "iam::" + accountID + ":"
	fill := strings.NewReplacer("ACCOUNT", accountID, "HOME", homeRegion(p.partition)).Replace
	thing, object, isObject := strings.Cut(resource, "/")
	switch {
	case thing == "bucket" || thing == "access-logs" || thing == "elsewhere":
		arn = aws + "s3:::" + trailPrefix + "-archive-" + strings.Replace(thing, "bucket", "trail", 1) + "-" + accountID
		if isObject {
			arn += "/" + object
		}
		return arn, p.documents[thing]
	case resource == "log role":
		return iam + "role/" + trailPrefix + "-logs", p.documents[resource]
	case resource == "reader role":
		return iam + "role/" + trailPrefix + "-archive-reader", p.documents[resource]
	case resource == "another role":
		return iam + "role/admin", p.documents["reader role"]
	case resource == "key":
		return p.documents["key ARN"], p.documents["key"]
	case resource == "another key":
		return regional("kms") + "key/9999", p.documents["key"]
	case resource == "trail":
		return regional("cloudtrail") + "trail/" + trailPrefix, ""
	case strings.HasPrefix(resource, "log stream "):
		return regional("logs") + "log-group:cloudtrail/" + trailPrefix + ":log-stream:" + fill(strings.TrimPrefix(resource, "log stream ")), ""
	case strings.HasPrefix(resource, "stream of another group "):
		return regional("logs") + "log-group:other:log-stream:" + fill(strings.TrimPrefix(resource, "stream of another group ")), ""
	case strings.HasPrefix(resource, "user "):
		return iam + "user/" + strings.TrimPrefix(resource, "user "), ""
	case strings.HasPrefix(resource, "MFA device "):
		return iam + "mfa/" + strings.TrimPrefix(resource, "MFA device "), ""
	}
	return resource, ""
}

func (p trailPolicies) check(t testing.TB, table []trailRow) {
	t.Helper()
	for _, row := range table {
		if decision := p.decide(t, row); decision.Allowed != row.allowed {
			t.Errorf("%s, %s on %s with %v: allowed is %v: %s", row.who, row.action, row.resource, row.with, decision.Allowed, decision.Reason)
		}
	}
}

func (p trailPolicies) decide(t testing.TB, row trailRow) policyeval.Decision {
	t.Helper()
	who, known := members(p.partition)[row.who]
	require.True(t, known, row.who)
	arn, resourcePolicy := p.resource(row.resource)
	// A role's trust policy and a key's policy decide alone, unless they delegate to the account. Passing a role is not
	// subject to its trust policy.
	decides := row.action == "sts:AssumeRole" || strings.HasPrefix(row.action, "kms:")
	if row.action == "iam:PassRole" {
		resourcePolicy = ""
	}
	authorization := policyeval.Authorization{ResourceOwner: accountID, ResourcePolicyDecides: decides, Resource: p.parse(t, resourcePolicy)}
	for _, name := range who.policies {
		if document := p.parse(t, p.documents[name]); document != nil {
			authorization.Identity = append(authorization.Identity, document)
		}
	}
	decision, err := authorization.Decide(policyeval.Request{
		Principal: who.principal, Action: row.action, Resource: arn, Context: p.context(who.context, row.with),
	})
	require.NoError(t, err)
	return decision
}

func (p trailPolicies) context(layers ...map[string]string) map[string][]string {
	bucket, _ := p.resource("bucket")
	fill := strings.NewReplacer("BUCKET", bucket, "HOME", homeRegion(p.partition), "SUFFIX", suffixOf(p.partition)).Replace
	context := map[string][]string{"aws:SecureTransport": {"true"}, "s3:TlsVersion": {"1.2"}}
	for _, layer := range layers {
		for key, value := range layer {
			if value == "" {
				delete(context, key)
				continue
			}
			context[key] = []string{fill(value)}
		}
	}
	return context
}

func (p trailPolicies) parse(t testing.TB, text string) *policyeval.Document {
	t.Helper()
	if text == "" {
		return nil
	}
	document, err := policyeval.Parse(text)
	require.NoError(t, err)
	return document
}
