package policies

var threatExpectations = map[string]expectation{
	"threats-malware-role": trusting(grant{who: everySourceOf("GuardDuty malware protection"), may: list{"sts:AssumeRole"},
		why: "no source is documented for protection plans; " + passRole}),
	"threats-malware-rights": {grants: []grant{
		{who: list{bearer}, may: list{"change"}, on: list{"the scanner's rule"}, when: list{managed}},
		{who: list{bearer}, may: list{"see"}, on: list{"the scanner's rule"}},
		{who: list{bearer}, may: list{"s3:GetBucketNotification", "s3:ListBucket", "s3:PutBucketNotification"}, on: list{"the scanned bucket"}},
		{who: list{bearer}, may: list{"s3:PutObject"}, on: list{"the scanner's proof of access"}},
		{who: list{bearer}, may: list{
			"s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging", "s3:PutObjectTagging", "s3:PutObjectVersionTagging",
		}, on: list{"an upload", "the scanner's proof of access"}},
		{who: list{bearer}, may: list{"kms:Decrypt", "kms:GenerateDataKey"}, on: list{"the scanned bucket's key"}, when: throughS3},
	}},
}

var billExpectations = map[string]expectation{
	"bill-report-role":          assumedBy("Step Functions for the bill report"),
	"bill-report-schedule-role": assumedBy("EventBridge Scheduler for the bill report"),
	"bill-action-role":          assumedBy("Budgets for the monthly budget", "Budgets for the monthly budget's action"),

	"bill-report-role-policy": {grants: []grant{
		{who: list{bearer}, may: list{"see costs"}, on: list{"the costs"}},
		{who: list{bearer}, may: list{"see budgets"}, on: list{"a budget"}},
		{who: list{bearer}, may: list{"publish"}, on: list{"the informational topic"}},
		{who: list{bearer}, may: dataKeys, on: keysAtHome, when: list{forInfo}},
	}},
	"bill-report-role-slack": {grants: []grant{
		{who: list{bearer}, may: list{"publish"}, on: list{"the informational chat topic"}},
		{who: list{bearer}, may: dataKeys, on: keysAtHome, when: list{forInfoChat}},
	}},
	"bill-report-schedule-role-policy": {grants: []grant{{who: list{bearer}, may: list{"start"}, on: list{"the report's state machine"}}}},
	"bill-action-role-policy": {grants: []grant{
		{who: list{bearer}, may: list{"attach"}, on: list{"the stopped group", "the stopped group below a path"}, when: list{withStop}},
		{who: list{bearer}, may: list{"attach"}, on: list{"the policies of the stopped role", "the policies of the stopped role below a path"}, when: list{withStop}},
	}},
	"bill-stop": {bearers: list{bearer, bearingAdministrator, bearingDeployer}, grants: []grant{
		{who: list{bearingAdministrator}, may: list{everything}, but: list{"cause costs"}},
		{who: list{bearingDeployer}, may: list{everything}},
	}},
}

var digestExpectations = map[string]expectation{
	"weekly-digest-role":          assumedBy("Step Functions for the weekly digest"),
	"weekly-digest-schedule-role": assumedBy("EventBridge Scheduler for the weekly digest"),
	"weekly-digest-role-policy": {grants: []grant{
		{who: list{bearer}, may: list{"query"}, on: list{"the trail's log group", "all of the trail's log group"}},
		{who: list{bearer}, may: list{"read answers"}, on: list{"the queries over log groups"}, when: list{inHome}},
		{who: list{bearer}, may: list{"look"}, on: list{"an aggregator"}, needs: Together},
		{who: list{bearer}, may: list{"count findings"}, on: list{"Security Hub"}, when: list{inHome}, needs: Together},
		{who: list{bearer}, may: list{"look"}, on: list{"the rules of AWS Config"}, when: list{inHome}, needs: Alone},
		{who: list{bearer}, may: list{"find"}, on: list{"the detectors"}, when: list{inHome}, needs: Alone},
		{who: list{bearer}, may: list{"count findings"}, on: list{"a detector"}, needs: Alone},
		{who: list{bearer}, may: list{"publish"}, on: list{"the informational topic"}},
		{who: list{bearer}, may: list{"publish"}, on: list{"the informational chat topic"}, needs: slack},
		{who: list{bearer}, may: dataKeys, on: keysAtHome, when: list{forInfo}},
		{who: list{bearer}, may: dataKeys, on: keysAtHome, when: list{forInfoChat}, needs: slack},
	}},
	"weekly-digest-schedule-role-policy": {grants: []grant{{who: list{bearer}, may: list{"start"}, on: list{"the digest's state machine"}}}},
}

var keysAtHome = list{"the archive's key", "the alerts' key", "the scanned bucket's key"}

var hardeningExpectations = map[string]expectation{
	"hardening-support-role": assumedBy(administratorM),
	"hardening-audit-role":   trusting(grant{who: list{scanner}, may: list{"sts:AssumeRole"}, when: list{withID}}),
}

// Given is the document that DeployRole is given for each of its policies; what it may is the affair of who gives it.
const Given = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"arn:aws:sns:` + Home + ":" + Account + `:other"}]}`

var given = expectation{grants: []grant{{who: list{bearer}, may: list{"publish"}, on: list{"another topic"}, why: "as an example: the arguments give the document"}}}

var pipelineExpectations = map[string]expectation{
	"pipeline-deploy": trusting(grant{who: list{signedIn}, may: list{"sts:AssumeRoleWithWebIdentity"}, when: list{byProduction}}),
	"pipeline-preview": trusting(grant{who: list{signedIn}, may: list{"sts:AssumeRoleWithWebIdentity"}, when: list{byPullRequest},
		why: "the role can only read"}),
	"pipeline-boundary":      given,
	"pipeline-deploy-given":  given,
	"pipeline-preview-given": given,
}

// attachments are the policies that are given by their ARN: to whom, and what they are called.
var attachments = map[string]list{
	"alerts-slack-C0123ABCDEF":      {"arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"},
	"audit-administrators-access":   {"arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess"},
	"audit-readers-access":          {"arn:aws:iam::aws:policy/AWSCloudTrail_ReadOnlyAccess"},
	"audit-reader-access":           {"arn:aws:iam::aws:policy/AWSCloudTrail_ReadOnlyAccess"},
	"bill-action":                   {stopPolicyARN},
	"config-aggregator-access":      {"arn:aws:iam::aws:policy/service-role/AWSConfigRoleForOrganizations"},
	"hardening-audit-role-audit":    {"arn:aws:iam::aws:policy/SecurityAudit"},
	"hardening-audit-role-view":     {"arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"},
	"hardening-support-role-access": {"arn:aws:iam::aws:policy/AWSSupportAccess"},

	"pipeline-deploy":                   {pipelinePolicy("boundary")},
	"pipeline-deploy-given-attachment":  {pipelinePolicy("deploy-given")},
	"pipeline-preview":                  {pipelinePolicy("boundary")},
	"pipeline-preview-given-attachment": {pipelinePolicy("preview-given")},
}

func pipelinePolicy(thing string) string {
	return "arn:aws:iam::" + Account + ":policy/deploy/" + prefix + "-pipeline-" + thing
}
