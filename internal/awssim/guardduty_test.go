package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	detectorToken  = "aws:guardduty/detector:Detector"
	featureToken   = "aws:guardduty/detectorFeature:DetectorFeature"
	exportToken    = "aws:guardduty/publishingDestination:PublishingDestination"
	gdFilterToken  = "aws:guardduty/filter:Filter"
	ipSetToken     = "aws:guardduty/iPSet:IPSet"
	threatSetToken = "aws:guardduty/threatIntelSet:ThreatIntelSet"
	malwareToken   = "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan"
)

func feature(d *made, name, status string, additional ...any) props {
	in := props{"detectorId": d.id, "name": name, "status": status}
	if len(additional) > 0 {
		in["additionalConfigurations"] = additional
	}
	return in
}

func setting(name, status string) props { return props{"name": name, "status": status} }

// featuresOf is the status of each plan of the test Region's detector.
func featuresOf(c *client, region string) map[string]string {
	out := map[string]string{}
	for name, f := range c.account().GuardDuty.Detectors[region].Features {
		out[name] = f.Status
	}
	return out
}

func TestDetectorLife(t *testing.T) {
	c := serve(t)
	d := c.create(detectorToken, "d", props{"findingPublishingFrequency": "FIFTEEN_MINUTES", "tags": props{"team": "security"}})
	assert.Regexp(t, `^[0-9a-f]{32}$`, d.id)
	assert.Equal(t, "arn:aws:guardduty:ap-northeast-1:123456789012:detector/"+d.id, d.str("arn"))
	c.unchanged(d)
	c.imported(d)
	for _, role := range []string{"AWSServiceRoleForAmazonGuardDuty", "AWSServiceRoleForAmazonGuardDutyMalwareProtection"} {
		assert.NotNil(t, c.account().IAM.Roles[role], role)
	}

	_, err := c.try(detectorToken, "second", props{})
	refusedWith(t, err, "a detector already exists for the current account")
	other := c.in("us-east-1")
	elsewhere := other.create(detectorToken, "d", props{})
	assert.Equal(t, "SIX_HOURS", elsewhere.str("findingPublishingFrequency"))
	assert.False(t, other.read(&made{token: detectorToken, name: "d", id: d.id}), "a detector belongs to its Region")

	require.NoError(t, c.update(d, props{"enable": false, "findingPublishingFrequency": "ONE_HOUR"}))
	assert.False(t, c.account().GuardDuty.Detectors[testRegion].Enabled)
	assert.Empty(t, c.diff(d, props{"findingPublishingFrequency": "SIX_HOURS", "tags": props{"a": "b"}}).GetReplaces())
	require.NoError(t, c.remove(d))
	assert.False(t, c.read(d))
	require.NoError(t, c.remove(d))
	c.create(detectorToken, "again", props{})
}

// TestDetectorDefaults: a detector that nobody says more about has most plans on.
func TestDetectorDefaults(t *testing.T) {
	on := map[string]string{
		"S3_DATA_EVENTS": "ENABLED", "EKS_AUDIT_LOGS": "ENABLED", "EBS_MALWARE_PROTECTION": "ENABLED",
		"RDS_LOGIN_EVENTS": "ENABLED", "LAMBDA_NETWORK_LOGS": "ENABLED",
	}
	for region, want := range map[string]map[string]string{
		testRegion:      {"RUNTIME_MONITORING": "DISABLED", "EKS_RUNTIME_MONITORING": "DISABLED"},
		"cn-north-1":    {},
		"us-gov-west-1": {"RUNTIME_MONITORING": "DISABLED", "EKS_RUNTIME_MONITORING": "DISABLED"},
	} {
		t.Run(region, func(t *testing.T) {
			partition := map[string]string{"cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov"}[region]
			c := serve(t, Options{Partition: partition}).in(region)
			c.create(detectorToken, "d", props{})
			for name, status := range on {
				want[name] = status
			}
			assert.Equal(t, want, featuresOf(c, region))
		})
	}
	c := serve(t)
	d := c.create(detectorToken, "d", props{"datasources": props{"s3Logs": props{"enable": false}}})
	assert.Equal(t, "DISABLED", featuresOf(c, testRegion)["S3_DATA_EVENTS"], "the older property still works")
	c.unchanged(d)
}

func TestFeatureLife(t *testing.T) {
	c := serve(t)
	d := c.create(detectorToken, "d", props{})
	s3 := c.create(featureToken, "s3", feature(d, "S3_DATA_EVENTS", "DISABLED"))
	assert.Equal(t, d.id+"/S3_DATA_EVENTS", s3.id)
	runtime := c.create(featureToken, "rt", feature(d, "RUNTIME_MONITORING", "ENABLED",
		setting("EC2_AGENT_MANAGEMENT", "ENABLED"), setting("EKS_ADDON_MANAGEMENT", "ENABLED"), setting("ECS_FARGATE_AGENT_MANAGEMENT", "DISABLED")))
	for _, m := range []*made{s3, runtime} {
		c.unchanged(m)
	}
	c.imported(s3)
	c.unchanged(d)

	// Changing a status is an update; a detector is never replaced for it.
	diff := c.diff(runtime, feature(d, "RUNTIME_MONITORING", "DISABLED",
		setting("EC2_AGENT_MANAGEMENT", "DISABLED"), setting("EKS_ADDON_MANAGEMENT", "ENABLED"), setting("ECS_FARGATE_AGENT_MANAGEMENT", "DISABLED")))
	assert.Empty(t, diff.GetReplaces())
	assert.Equal(t, []string{"name"}, c.diff(s3, feature(d, "RDS_LOGIN_EVENTS", "DISABLED")).GetReplaces())

	// Deleting a feature disables nothing: the detector keeps it.
	require.NoError(t, c.remove(runtime))
	assert.Equal(t, "ENABLED", featuresOf(c, testRegion)["RUNTIME_MONITORING"])
	require.NoError(t, c.remove(s3))
	assert.Equal(t, "DISABLED", featuresOf(c, testRegion)["S3_DATA_EVENTS"])

	// What somebody changes in the console is drift.
	lambda := c.create(featureToken, "lambda", feature(d, "LAMBDA_NETWORK_LOGS", "ENABLED"))
	require.NoError(t, c.account().Update(func(a *Account) {
		a.GuardDuty.Detectors[testRegion].Features["LAMBDA_NETWORK_LOGS"].Status = "DISABLED"
	}))
	require.True(t, c.read(lambda))
	assert.Equal(t, "DISABLED", lambda.inputs["status"])
	require.NoError(t, c.remove(d))
	assert.False(t, c.read(lambda), "features go with their detector")
}

// TestRuntimeMonitoringReportsAllAgents: a program that leaves additional configurations
// out sees them as drift, as GuardDuty reports all of them.
func TestRuntimeMonitoringReportsAllAgents(t *testing.T) {
	c := serve(t)
	d := c.create(detectorToken, "d", props{})
	runtime := c.create(featureToken, "rt", feature(d, "RUNTIME_MONITORING", "ENABLED", setting("EKS_ADDON_MANAGEMENT", "ENABLED")))
	require.True(t, c.read(runtime))
	assert.Len(t, objects(runtime.inputs, "additionalConfigurations"), 3)
}

func TestFeatureRefusals(t *testing.T) {
	c := serve(t)
	require.NoError(t, c.account().Update(func(a *Account) { a.Settings.OptInRegions = []string{"ap-east-2"} }))
	d := c.create(detectorToken, "d", props{})
	c.create(featureToken, "rt", feature(d, "RUNTIME_MONITORING", "ENABLED"))
	c.refuses([]refusal{
		{"unknown plan", featureToken, feature(d, "S3_PROTECTION", "ENABLED"), "BadRequestException"},
		{"unknown status", featureToken, feature(d, "S3_DATA_EVENTS", "ON"), "BadRequestException"},
		{"status missing", featureToken, with(feature(d, "S3_DATA_EVENTS", "ENABLED"), props{"status": nil}), "missing required property"},
		{"both run-time plans", featureToken, feature(d, "EKS_RUNTIME_MONITORING", "ENABLED"), "only one of RUNTIME_MONITORING and EKS_RUNTIME_MONITORING"},
		{"agent of another plan", featureToken, feature(d, "S3_DATA_EVENTS", "ENABLED", setting("EKS_ADDON_MANAGEMENT", "ENABLED")), "no additional configuration of S3_DATA_EVENTS"},
		{"EC2 agent under EKS", featureToken, feature(d, "EKS_RUNTIME_MONITORING", "DISABLED", setting("EC2_AGENT_MANAGEMENT", "DISABLED")), "no additional configuration"},
		{"unknown agent", featureToken, feature(d, "RUNTIME_MONITORING", "ENABLED", setting("LAMBDA_AGENT", "ENABLED")), "BadRequestException"},
		{"agent twice", featureToken, feature(d, "RUNTIME_MONITORING", "ENABLED", setting("EKS_ADDON_MANAGEMENT", "ENABLED"), setting("EKS_ADDON_MANAGEMENT", "DISABLED")), "given twice"},
		{"agent without status", featureToken, feature(d, "RUNTIME_MONITORING", "ENABLED", props{"name": "EKS_ADDON_MANAGEMENT"}), "missing required property"},
		{"another detector", featureToken, with(feature(d, "S3_DATA_EVENTS", "ENABLED"), props{"detectorId": strings.Repeat("0", 32)}), "not owned by the current account"},
		{"unknown frequency", detectorToken, props{"findingPublishingFrequency": "DAILY"}, "BadRequestException"},
	})
	_, err := c.in("us-east-1").try(featureToken, "f", feature(d, "S3_DATA_EVENTS", "ENABLED"))
	refusedWith(t, err, "not owned by the current account")
	c.create(featureToken, "eks", feature(d, "EKS_RUNTIME_MONITORING", "DISABLED", setting("EKS_ADDON_MANAGEMENT", "DISABLED")))

	taipei := c.in("ap-east-2")
	d = taipei.create(detectorToken, "d", props{})
	_, err = taipei.try(featureToken, "rds", feature(d, "RDS_LOGIN_EVENTS", "DISABLED"))
	refusedWith(t, err, "RDS_LOGIN_EVENTS is not supported in ap-east-2")
	china := serve(t, Options{Partition: "aws-cn"})
	d = china.create(detectorToken, "d", props{})
	_, err = china.try(featureToken, "rt", feature(d, "RUNTIME_MONITORING", "DISABLED"))
	refusedWith(t, err, "not supported in cn-north-1")
}

// TestDetectorNeedsRights: what the caller may not do is refused, the roles of the service included.
func TestDetectorNeedsRights(t *testing.T) {
	c := serve(t)
	require.NoError(t, c.account().Update(func(a *Account) {
		a.IAM.Roles["account-baseline-deployer"].Inline = map[string]string{
			"no": policy(props{"Effect": "Deny", "Action": "iam:CreateServiceLinkedRole", "Resource": "*"}),
		}
	}))
	_, err := c.try(detectorToken, "d", props{})
	refusedWith(t, err, "iam:CreateServiceLinkedRole")
	assert.Empty(t, c.account().GuardDuty.Detectors)
}

// exporting is an account with a detector and a bucket that findings can go to.
type exporting struct {
	*client
	detector     *made
	key          *made
	bucketPolicy *made
}

const archiveBucket = "arn:aws:s3:::findings"

func exportStatements(d *made) []any {
	source := props{"StringEquals": props{"aws:SourceAccount": "123456789012", "aws:SourceArn": d.str("arn")}}
	return []any{
		given(grants(service(guarddutyService), "s3:GetBucketLocation", archiveBucket), source),
		given(grants(service(guarddutyService), "s3:PutObject", archiveBucket+"/AWSLogs/*"), source),
	}
}

func exportKeyPolicy(c *client, d *made) string {
	return policy(rootStatement(c, "kms:*"), statementFor(service(guarddutyService), []any{"kms:GenerateDataKey"}, "*",
		props{"StringEquals": props{"aws:SourceAccount": "123456789012", "aws:SourceArn": d.str("arn")}}))
}

func newExporting(t *testing.T) *exporting {
	t.Helper()
	c := serve(t)
	e := &exporting{client: c, detector: c.create(detectorToken, "d", props{})}
	c.create(bucketToken, "findings", props{"bucket": "findings"})
	e.key = c.create(keyToken, "k", props{"policy": exportKeyPolicy(c, e.detector)})
	statements := exportStatements(e.detector)
	e.bucketPolicy = c.create(policyToken, "findings", props{"bucket": "findings", "policy": policy(statements[0].(props), statements[1].(props))})
	return e
}

func (e *exporting) destination(changes props) props {
	return with(props{"detectorId": e.detector.id, "destinationArn": archiveBucket, "kmsKeyArn": e.key.str("arn")}, changes)
}

func TestExportLife(t *testing.T) {
	e := newExporting(t)
	refusedWith(t, e.account().GuardDutyExport(testRegion), "has no publishing destination")
	refusedWith(t, e.account().GuardDutyExport("eu-west-1"), "no detector in eu-west-1")
	m := e.create(exportToken, "x", e.destination(nil))
	assert.True(t, strings.HasPrefix(m.id, e.detector.id+":"))
	assert.Empty(t, e.account().S3.Buckets["findings"].Objects, "the probe leaves nothing behind")
	e.unchanged(m)
	e.imported(m)
	require.NoError(t, e.account().GuardDutyExport(testRegion))
	for key, versions := range e.account().S3.Buckets["findings"].Objects {
		assert.True(t, strings.HasPrefix(key, "AWSLogs/123456789012/GuardDuty/ap-northeast-1/"), key)
		assert.Equal(t, e.key.str("arn"), versions[0].Key)
	}
	assert.Len(t, e.account().S3.Buckets["findings"].Objects, 1)
	assert.Equal(t, []string{"detectorId"}, e.diff(m, e.destination(props{"detectorId": strings.Repeat("a", 32)})).GetReplaces())

	// The policies of the moment count.
	require.NoError(t, e.remove(e.bucketPolicy))
	refusedWith(t, e.account().GuardDutyExport(testRegion), "GuardDuty service principal does not have permission")
	require.NoError(t, e.account().Update(func(a *Account) { a.GuardDuty.Detectors[testRegion].Enabled = false }))
	refusedWith(t, e.account().GuardDutyExport(testRegion), "is suspended")
	require.NoError(t, e.remove(m))
	assert.False(t, e.read(m))
}

func TestExportRefusals(t *testing.T) {
	e := newExporting(t)
	closed := e.create(keyToken, "closed", props{"policy": policy(rootStatement(e.client, "kms:*"))})
	far := e.in("us-east-1").create(keyToken, "far", props{})
	e.create(bucketToken, "closed", props{"bucket": "no-policy"})
	e.refuses([]refusal{
		{"no key", exportToken, e.destination(props{"kmsKeyArn": nil}), "missing required property"},
		{"empty key", exportToken, e.destination(props{"kmsKeyArn": ""}), "findings are exported with a KMS key only"},
		{"key no ARN", exportToken, e.destination(props{"kmsKeyArn": e.key.id}), "is not an ARN of kms"},
		{"bucket no ARN", exportToken, e.destination(props{"destinationArn": "findings"}), "is not an ARN of s3"},
		{"another type", exportToken, e.destination(props{"destinationType": "SQS"}), "BadRequestException"},
		{"bucket that is not", exportToken, e.destination(props{"destinationArn": "arn:aws:s3:::nobody"}), "does not exist"},
		{"bucket without permission", exportToken, e.destination(props{"destinationArn": "arn:aws:s3:::no-policy"}), "s3:GetBucketLocation"},
		{"prefix without permission", exportToken, e.destination(props{"destinationArn": archiveBucket + "/elsewhere"}), "s3:PutObject"},
		{"key without permission", exportToken, e.destination(props{"kmsKeyArn": closed.str("arn")}), "kms:GenerateDataKey"},
		{"key that is not", exportToken, e.destination(props{"kmsKeyArn": "arn:aws:kms:ap-northeast-1:123456789012:key/00000000-0000-4000-8000-000000000000"}), "BadRequestException"},
		{"key in another Region", exportToken, e.destination(props{"kmsKeyArn": far.str("arn")}), "in the same Region"},
		{"alias", exportToken, e.destination(props{"kmsKeyArn": "arn:aws:kms:ap-northeast-1:123456789012:alias/aws/s3"}), "names an alias"},
		{"another detector", exportToken, e.destination(props{"detectorId": strings.Repeat("0", 32)}), "not owned by the current account"},
	})
	assert.Empty(t, e.account().GuardDuty.Detectors[testRegion].Destinations)

	// A policy for this detector is none for that of another Region.
	virginia := e.in("us-east-1")
	other := virginia.create(detectorToken, "d", props{})
	_, err := virginia.try(exportToken, "x", e.destination(props{"detectorId": other.id}))
	refusedWith(t, err, "does not have permission")

	m := e.create(exportToken, "x", e.destination(nil))
	refusedWith(t, e.update(m, e.destination(props{"destinationArn": "arn:aws:s3:::no-policy"})), "does not have permission")
	require.NoError(t, e.account().GuardDutyExport(testRegion), "a refused change leaves the destination alone")
}

func TestExportToOptInRegion(t *testing.T) {
	c := serve(t)
	require.NoError(t, c.account().Update(func(a *Account) { a.Settings.OptInRegions = []string{"eu-south-1"} }))
	milan := c.in("eu-south-1")
	milan.create(bucketToken, "milan", props{"bucket": "milan"})
	key := milan.create(keyToken, "k", props{})
	d := c.create(detectorToken, "d", props{})
	_, err := c.try(exportToken, "x", props{"detectorId": d.id, "destinationArn": "arn:aws:s3:::milan", "kmsKeyArn": key.str("arn")})
	refusedWith(t, err, "opt-in Region eu-south-1")
}

func suppress(d *made, changes props) props {
	return with(props{
		"detectorId": d.id, "name": "known-good", "action": "ARCHIVE", "rank": 1,
		"findingCriteria": criteria(props{"field": "type", "equals": []any{"Recon:EC2/PortProbeUnprotectedPort"}}),
	}, changes)
}

func criteria(criterions ...any) props { return props{"criterions": criterions} }

func TestFindingFilter(t *testing.T) {
	c := serve(t)
	d := c.create(detectorToken, "d", props{})
	m := c.create(gdFilterToken, "f", suppress(d, props{"findingCriteria": criteria(
		props{"field": "severity", "greaterThanOrEqual": "4"}, props{"field": "updatedAt", "lessThan": "2026-01-31T00:00:00Z"},
		props{"field": "resource.instanceDetails.tags.value", "notEquals": []any{"production"}},
		props{"field": "service.featureName", "equals": []any{"EksRuntimeMonitoring"}})}))
	assert.Equal(t, d.id+":known-good", m.id)
	assert.Equal(t, d.str("arn")+"/filter/known-good", m.str("arn"))
	c.unchanged(m)
	c.imported(m)
	require.NoError(t, c.update(m, suppress(d, props{"rank": 2, "description": "probes of our own scanner"})))
	assert.Equal(t, []string{"name"}, c.diff(m, suppress(d, props{"name": "other"})).GetReplaces())
	one := func(criterion props) props {
		return suppress(d, props{"name": "another", "findingCriteria": criteria(criterion)})
	}
	c.refuses([]refusal{
		{"name taken", gdFilterToken, suppress(d, nil), "already exists"},
		{"short name", gdFilterToken, suppress(d, props{"name": "ab"}), "3 to 64"},
		{"name with a blank", gdFilterToken, suppress(d, props{"name": "known good"}), "3 to 64"},
		{"rank 0", gdFilterToken, suppress(d, props{"name": "another", "rank": 0}), "1 to 100"},
		{"rank 101", gdFilterToken, suppress(d, props{"name": "another", "rank": 101}), "1 to 100"},
		{"action", gdFilterToken, suppress(d, props{"action": "DELETE"}), "NOOP, ARCHIVE"},
		{"description", gdFilterToken, suppress(d, props{"description": strings.Repeat("d", 513)}), "at most 512"},
		{"no criteria", gdFilterToken, suppress(d, props{"findingCriteria": criteria()}), "has 0 items"},
		{"unknown field", gdFilterToken, one(props{"field": "finding.type", "equals": []any{"x"}}), "invalid field"},
		{"no condition", gdFilterToken, one(props{"field": "type"}), "has no condition"},
		{"comparison with a word", gdFilterToken, one(props{"field": "severity", "greaterThan": "high"}), "whole number"},
		{"comparison with a fraction", gdFilterToken, one(props{"field": "severity", "greaterThan": "4.5"}), "whole number"},
		{"date that is none", gdFilterToken, one(props{"field": "updatedAt", "greaterThan": "yesterday"}), "whole number"},
		{"another detector", gdFilterToken, suppress(d, props{"detectorId": "x"}), "not owned"},
	})
	china := serve(t, Options{Partition: "aws-cn"})
	d = china.create(detectorToken, "d", props{})
	_, err := china.try(gdFilterToken, "f", one(props{"field": "service.featureName", "equals": []any{"x"}}))
	refusedWith(t, err, "invalid field")
	china.create(gdFilterToken, "f", suppress(d, nil))
	require.NoError(t, c.remove(m))
	assert.False(t, c.read(m))
}

func TestFilterQuota(t *testing.T) {
	c := serve(t)
	d := c.create(detectorToken, "d", props{})
	require.NoError(t, c.account().Update(func(a *Account) {
		for i := range filtersMax {
			a.GuardDuty.Detectors[testRegion].Filters.put(strings.Repeat("f", 3+i), &guarddutyFilter{})
		}
	}))
	_, err := c.try(gdFilterToken, "f", suppress(d, nil))
	refusedWith(t, err, "at most 100 filters")
}

func TestLists(t *testing.T) {
	c := serve(t)
	d := c.create(detectorToken, "d", props{})
	c.create(bucketToken, "lists", props{"bucket": "lists"})
	require.NoError(t, c.account().Do(c.account().root(), nil, "s3:PutObject", "arn:aws:s3:::lists/office.txt"))
	list := func(changes props) props {
		return with(props{"detectorId": d.id, "name": "office", "format": "TXT", "location": "s3://lists/office.txt", "activate": true}, changes)
	}
	m := c.create(ipSetToken, "l", list(nil))
	assert.True(t, strings.HasPrefix(m.str("arn"), d.str("arn")+"/ipset/"))
	c.unchanged(m)
	c.imported(m)
	for _, location := range []string{
		"https://s3.amazonaws.com/lists/office.txt", "https://s3.ap-northeast-1.amazonaws.com/lists/office.txt",
		"https://lists.s3.amazonaws.com/office.txt", "https://lists.s3.ap-northeast-1.amazonaws.com/office.txt",
	} {
		require.NoError(t, c.update(m, list(props{"location": location})), location)
	}
	assert.Equal(t, []string{"format"}, c.diff(m, list(props{"format": "STIX"})).GetReplaces())
	for i := range 6 {
		c.create(threatSetToken, "t", list(props{"name": strings.Repeat("t", i+1)}))
	}
	c.refuses([]refusal{
		{"second trusted list", ipSetToken, list(props{"name": "second"}), "at most 1 trusted IP lists"},
		{"seventh threat list", threatSetToken, list(props{"name": "seventh"}), "at most 6 threat lists"},
		{"format", threatSetToken, list(props{"format": "CSV"}), "BadRequestException"},
		{"location", threatSetToken, list(props{"location": "http://example.com/x"}), "names no object in S3"},
		{"another detector", threatSetToken, list(props{"detectorId": "x"}), "not owned"},
	})
	require.NoError(t, c.remove(m))
	assert.False(t, c.read(m))
	c.refuses([]refusal{
		{"bucket that is not", ipSetToken, list(props{"location": "s3://nobody/x"}), "there is no bucket nobody"},
		{"object that is not", ipSetToken, list(props{"location": "s3://lists/home.txt"}), "there is no object home.txt"},
	})
}

func TestMalwarePlan(t *testing.T) {
	c := serve(t)
	c.create(bucketToken, "uploads", props{"bucket": "uploads"})
	c.in("us-east-1").create(bucketToken, "far", props{"bucket": "far"})
	role := c.create(roleToken, "scan", props{"name": "scan", "assumeRolePolicy": policy(props{"Effect": "Allow", "Principal": service(malwarePlanService), "Action": "sts:AssumeRole"})})
	wrong := c.create(roleToken, "wrong", props{"name": "wrong", "assumeRolePolicy": trustCloudTrail})
	plan := func(changes props) props {
		return with(props{"role": role.str("arn"), "protectedResource": props{"s3Bucket": props{"bucketName": "uploads"}}}, changes)
	}
	bucket := func(name string) props {
		return plan(props{"protectedResource": props{"s3Bucket": props{"bucketName": name}}})
	}
	m := c.create(malwareToken, "m", plan(nil))
	assert.Equal(t, "WARNING", m.str("status"), "the role may do nothing yet")
	c.unchanged(m)
	c.imported(m)
	c.create(rolePolicyToken, "scan", props{"role": "scan", "policy": policy(
		props{"Effect": "Allow", "Action": []any{"events:*", "s3:*"}, "Resource": "*"})})
	require.True(t, c.read(m))
	assert.Equal(t, "ACTIVE", m.str("status"))
	require.NoError(t, c.update(m, plan(props{"actions": []any{props{"taggings": []any{tagging("ENABLED")}}}})))
	assert.NotEmpty(t, c.diff(m, bucket("other")).GetReplaces())
	assert.Empty(t, c.diff(m, plan(props{"role": wrong.str("arn")})).GetReplaces())
	c.refuses([]refusal{
		{"second plan of a bucket", malwareToken, plan(nil), "ConflictException"},
		{"bucket that is not", malwareToken, bucket("nobody"), "ResourceNotFoundException"},
		{"bucket in another Region", malwareToken, bucket("far"), "in the same Region"},
		{"role that trusts another", malwareToken, plan(props{"role": wrong.str("arn")}), "cannot assume the role"},
		{"role that is not", malwareToken, plan(props{"role": "arn:aws:iam::123456789012:role/none"}), "cannot assume the role"},
		{"no bucket", malwareToken, plan(props{"protectedResource": props{}}), "a bucket is needed"},
		{"no resource", malwareToken, plan(props{"protectedResource": nil}), "a bucket is needed"},
		{"tagging", malwareToken, plan(props{"actions": []any{props{"taggings": []any{tagging("ON")}}}}), "BadRequestException"},
		{"six prefixes", malwareToken, plan(props{"protectedResource": props{"s3Bucket": props{"bucketName": "uploads", "objectPrefixes": []any{"a", "b", "c", "d", "e", "f"}}}}), "has 6 items"},
	})
	require.NoError(t, c.remove(m))
	assert.False(t, c.read(m))
	assert.Empty(t, c.account().GuardDuty.Detectors, "no detector is needed")
}

func tagging(status string) props { return props{"status": status} }
