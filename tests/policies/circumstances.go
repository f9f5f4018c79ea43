package policies

import "slices"

// circumstance is what a request carries beside who, what and where.
type circumstance struct {
	name     string
	context  map[string]string
	insecure bool // never meant by a row that names no circumstance
}

// Names of circumstances in the tables.
const (
	withACL       = "gives the owner full control"
	overOldTLS    = "over TLS 1.1"
	overHTTP      = "over plain HTTP"
	bare          = "directly, without encryption context"
	bareLog       = "directly, for a log of the trail"
	bareTrail     = "directly, for the trail's bucket"
	forTrailLog   = "by S3, for a log of the trail"
	forTrail      = "by S3, for the trail's bucket"
	forDelivery   = "by S3, for the delivery bucket"
	forConfigs    = "by S3, for Config's own bucket"
	forHistory    = "by S3, for an object in Config's own bucket"
	forBucket     = "by S3, for another bucket"
	forGroup      = "by CloudWatch Logs, for the trail's group"
	forOtherGroup = "by CloudWatch Logs, for another group"
	forInfo       = "by SNS, for the informational topic"
	forInfoChat   = "by SNS, for the informational chat topic"
	forOtherTopic = "by SNS, for another topic"
	withID        = "with the agreed external ID"
	withStop      = "of the stopping policy"
	inHome        = "in the home Region"
	byProduction  = "by a job for production"
	byPullRequest = "by a job of a pull request"
	managed       = "of a rule managed by the scanner"
)

func connection(secure, version string, more ...string) map[string]string {
	context := map[string]string{"aws:SecureTransport": secure}
	if version != "" {
		context["s3:TlsVersion"] = version
	}
	for i := 0; i+1 < len(more); i += 2 {
		context[more[i]] = more[i+1]
	}
	return context
}

func encrypting(service, key, value string) map[string]string {
	return map[string]string{"kms:ViaService": service + "." + Home + ".amazonaws.com", "kms:EncryptionContext:" + key: value}
}

// job is what the token of a job at GitHub says.
func job(subject, audience string) map[string]string {
	const host = "token.actions.githubusercontent.com"
	return map[string]string{host + ":sub": "repo:" + subject, host + ":aud": audience}
}

const aclKey, ownersACL = "s3:x-amz-acl", "bucket-owner-full-control"

// circumstances by type of resource. AWS KMS and AWS STS answer over TLS only, so that the connection is no question there.
var circumstances = map[string][]circumstance{
	"bucket": {
		{"", connection("true", "1.2"), false},
		{overOldTLS, connection("true", "1.1"), true},
		{overHTTP, connection("false", ""), true},
	},
	"object": {
		{withACL, connection("true", "1.2", aclKey, ownersACL), false},
		{"gives nobody rights", connection("true", "1.2"), false},
		{"gives everybody rights", connection("true", "1.2", aclKey, "public-read"), false},
		{overOldTLS, connection("true", "1.1", aclKey, ownersACL), true},
		{overHTTP, connection("false", "", aclKey, ownersACL), true},
	},
	"topic": {{"", connection("true", ""), false}, {overHTTP, connection("false", ""), true}},
	"queue": {{"", connection("true", ""), false}, {overHTTP, connection("false", ""), true}},
	"key": {
		{bare, nil, false},
		{bareLog, map[string]string{"kms:EncryptionContext:aws:cloudtrail:arn": trailARN}, false},
		{"directly, for a log of another account's trail", map[string]string{"kms:EncryptionContext:aws:cloudtrail:arn": arn("cloudtrail", Home, Stranger, "trail/x")}, false},
		{forTrailLog, encrypting("s3", "aws:cloudtrail:arn", trailARN), false},
		{bareTrail, map[string]string{"kms:EncryptionContext:aws:s3:arn": trailBucket}, false},
		{forTrail, encrypting("s3", "aws:s3:arn", trailBucket), false},
		{"by S3, for an object in the trail's bucket", encrypting("s3", "aws:s3:arn", trailBucket+"/x"), false},
		{forDelivery, encrypting("s3", "aws:s3:arn", deliveryBucket), false},
		{"by S3, for an object in the delivery bucket", encrypting("s3", "aws:s3:arn", deliveryBucket+"/x"), false},
		{forConfigs, encrypting("s3", "aws:s3:arn", configsBucket), false},
		{forHistory, encrypting("s3", "aws:s3:arn", configsBucket+"/x"), false},
		{forBucket, encrypting("s3", "aws:s3:arn", "arn:aws:s3:::elsewhere"), false},
		{forGroup, encrypting("logs", "aws:logs:arn", logGroupARN), false},
		{forOtherGroup, encrypting("logs", "aws:logs:arn", arn("logs", Home, Account, "log-group:other")), false},
		{forInfo, encrypting("sns", "aws:sns:topicArn", topicARN("informational")), false},
		{"directly, for the informational topic", map[string]string{"kms:EncryptionContext:aws:sns:topicArn": topicARN("informational")}, false},
		{forInfoChat, encrypting("sns", "aws:sns:topicArn", topicARN("informational-chat")), false},
		{"directly, for the informational chat topic", map[string]string{"kms:EncryptionContext:aws:sns:topicArn": topicARN("informational-chat")}, false},
		{forOtherTopic, encrypting("sns", "aws:sns:topicArn", arn("sns", Home, Account, "other")), false},
	},
	"role": {
		{"", nil, false},
		{withID, map[string]string{"sts:ExternalId": Shared}, false},
		{"with another external ID", map[string]string{"sts:ExternalId": "guessed"}, false},
		{byProduction, job(Repository+":environment:production", "sts.amazonaws.com"), false},
		{byPullRequest, job(Repository+":pull_request", "sts.amazonaws.com"), false},
		{"by a job of another environment", job(Repository+":environment:staging", "sts.amazonaws.com"), false},
		{"by a job of a branch", job(Repository+":ref:refs/heads/main", "sts.amazonaws.com"), false},
		{"by a job of another repository", job("stranger/accounts:environment:production", "sts.amazonaws.com"), false},
		{"by a job of a repository whose name begins alike", job(Repository+"-fork:environment:production", "sts.amazonaws.com"), false},
		{"by a job for production, for another audience", job(Repository+":environment:production", "https://github.com/stranger"), false},
		{"by a job of a pull request, for another audience", job(Repository+":pull_request", "https://github.com/stranger"), false},
	},
	"log queries":  inRegions,
	"Security Hub": inRegions,
	"rules":        inRegions,
	"detectors":    inRegions,
	"group": {
		{withStop, map[string]string{"iam:PolicyARN": stopPolicyARN}, false},
		{"of AdministratorAccess", map[string]string{"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}, false},
	},
	"role's policies": {
		{withStop, map[string]string{"iam:PolicyARN": stopPolicyARN}, false},
		{"of AdministratorAccess", map[string]string{"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}, false},
	},
	"rule": {
		{managed, map[string]string{"events:ManagedBy": "malware-protection-plan.guardduty.amazonaws.com"}, false},
		{"of a rule that nobody manages", nil, false},
	},
}

var inRegions = []circumstance{
	{inHome, map[string]string{"aws:RequestedRegion": Home}, false},
	{"in another Region", map[string]string{"aws:RequestedRegion": Elsewhere}, false},
}

// circumstancesOf are those under which a policy is judged at a target. The rights of a principal say nothing about
// connections: those are the affair of the resource's policy.
func circumstancesOf(p Policy, t target) []circumstance {
	all, several := circumstances[t.resourceType]
	if !several {
		return []circumstance{{}}
	}
	if p.Identity() {
		all = slices.DeleteFunc(slices.Clone(all), func(c circumstance) bool { return c.insecure })
	}
	return all
}
