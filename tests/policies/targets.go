package policies

import "strings"

// target is something that can be acted on.
type target struct {
	name         string
	resourceType string // key of the table actions
	arn          string
	takenOver    bool // somebody else's of the same name, as buckets have no account in theirs
}

// owner is the account a target belongs to.
func (t target) owner() string {
	if t.takenOver || strings.HasPrefix(t.arn, centralBucket) || strings.Contains(t.arn, Stranger) && !strings.HasPrefix(t.arn, trailBucket) && !strings.HasPrefix(t.arn, logGroupARN) {
		return Stranger
	}
	return Account
}

func bucketARN(thing string) string { return "arn:aws:s3:::" + prefix + "-" + thing + "-" + Account }

func topicARN(thing string) string { return arn("sns", Home, Account, prefix+"-alerts-"+thing) }

// What is in the trail's bucket, in the order of the table.
const (
	ownLog       = "a log of the trail"
	foreignLog   = "a log of another account in the trail's bucket"
	memberLog    = "a log of a member of the organization"
	strangerLog  = "a log of a member of another organization in the trail's bucket"
	elseInBucket = "another object in the trail's bucket"
)

var inTrailBucket = list{ownLog, foreignLog, memberLog, strangerLog, elseInBucket}

var (
	trailBucket    = bucketARN("archive-trail")
	deliveryBucket = bucketARN("archive-delivery")
	accessBucket   = bucketARN("archive-access-logs")
	configsBucket  = bucketARN("config-archive-delivery")
	configsAccess  = bucketARN("config-archive-access-logs")
	centralBucket  = "arn:aws:s3:::" + CentralBucket
	resultBucket   = bucketARN("audit-athena")
	trailARN       = arn("cloudtrail", Home, Account, "trail/"+prefix+"-audit")
	logGroupARN    = arn("logs", Home, Account, "log-group:cloudtrail/"+prefix+"-audit")
	stopPolicyARN  = "arn:aws:iam::" + Account + ":policy/" + prefix + "-bill-stop"
	databaseName   = strings.ReplaceAll(prefix, "-", "_") + "_audit"
)

// targets are the resources of the baseline and, beside each, one of the same type that is not to be touched.
var targets = []target{
	{"the trail's bucket", "bucket", trailBucket, false},
	{ownLog, "object", trailBucket + "/AWSLogs/" + Account + "/CloudTrail/x.json.gz", false},
	{foreignLog, "object", trailBucket + "/AWSLogs/" + Stranger + "/CloudTrail/x.json.gz", false},
	{memberLog, "object", trailBucket + "/AWSLogs/" + OrganizationID + "/" + Stranger + "/CloudTrail/x.json.gz", false},
	{strangerLog, "object", trailBucket + "/AWSLogs/o-z9y8x7w6v5/" + Stranger + "/CloudTrail/x.json.gz", false},
	{elseInBucket, "object", trailBucket + "/x", false},
	{"the delivery bucket", "bucket", deliveryBucket, false},
	{"a configuration history", "object", deliveryBucket + "/AWSLogs/" + Account + "/Config/x.json.gz", false},
	{"another object in the delivery bucket", "object", deliveryBucket + "/x", false},
	{"the access log bucket", "bucket", accessBucket, false},
	{"an access log", "object", accessBucket + "/trail/x", false},
	{"Config's own bucket", "bucket", configsBucket, false},
	{"a history in Config's own bucket", "object", configsBucket + "/AWSLogs/" + Account + "/Config/x.json.gz", false},
	{"another object in Config's own bucket", "object", configsBucket + "/x", false},
	{"the access log bucket of Config's", "bucket", configsAccess, false},
	{"an access log of Config's bucket", "object", configsAccess + "/delivery/x", false},
	{"the central bucket", "bucket", centralBucket, false},
	{"a log in the central bucket", "object", centralBucket + "/AWSLogs/" + Account + "/CloudTrail/x.json.gz", false},
	{"the query result bucket", "bucket", resultBucket, false},
	{"a query result", "object", resultBucket + "/x.csv", false},
	{"the scanned bucket", "bucket", "arn:aws:s3:::uploads", false},
	{"an upload", "object", "arn:aws:s3:::uploads/x", false},
	{"the scanner's proof of access", "object", "arn:aws:s3:::uploads/malware-protection-resource-validation-object", false},
	{"another account's bucket of the scanned one's name", "bucket", "arn:aws:s3:::uploads", true},
	{"an object in another account's bucket of the scanned one's name", "object", "arn:aws:s3:::uploads/x", true},
	{"the proof in another account's bucket of the scanned one's name", "object", "arn:aws:s3:::uploads/malware-protection-resource-validation-object", true},
	{"another bucket", "bucket", "arn:aws:s3:::elsewhere", false},
	{"an object in another bucket", "object", "arn:aws:s3:::elsewhere/x", false},
	{"a bucket of another account", "bucket", "arn:aws:s3:::elsewhere-" + Stranger, false},
	{"an object of another account", "object", "arn:aws:s3:::elsewhere-" + Stranger + "/x", false},

	{"the archive's key", "key", arn("kms", Home, Account, "key/archive"), false},
	{"the alerts' key", "key", arn("kms", Home, Account, "key/alerts"), false},
	{"the scanned bucket's key", "key", ScannedKey, false},
	{"the central bucket's key", "key", CentralKey, false},
	{"a key in another Region", "key", arn("kms", Elsewhere, Account, "key/other"), false},
	{"a key of another account", "key", arn("kms", Home, Stranger, "key/other"), false},

	{"the critical topic", "topic", topicARN("critical"), false},
	{"the warning topic", "topic", topicARN("warning"), false},
	{"the informational topic", "topic", topicARN("informational"), false},
	{"the critical chat topic", "topic", topicARN("critical-chat"), false},
	{"the warning chat topic", "topic", topicARN("warning-chat"), false},
	{"the informational chat topic", "topic", topicARN("informational-chat"), false},
	{"another topic", "topic", arn("sns", Home, Account, "other"), false},

	{"the dead letters", "queue", arn("sqs", Home, Account, prefix+"-alerts-dead-letters"), false},
	{"the dead letters in us-east-1", "queue", arn("sqs", Elsewhere, Account, prefix+"-alerts-dead-letters"), false},
	{"the webhook's queue", "queue", arn("sqs", Home, Account, prefix+"-alerts-webhook"), false},
	{"another queue", "queue", arn("sqs", Home, Account, "other"), false},

	{"the default bus", "event bus", arn("events", Home, Account, "event-bus/default"), false},
	{"the default bus in us-east-1", "event bus", arn("events", Elsewhere, Account, "event-bus/default"), false},
	{"another bus", "event bus", arn("events", Home, Account, "event-bus/other"), false},
	{"a bus of another account", "event bus", arn("events", Home, Stranger, "event-bus/default"), false},
	{"a rule of the hub", "rule", arn("events", Home, Account, "rule/"+prefix+"-alerts-root-use"), false},
	{"the scanner's rule", "rule", arn("events", Home, Account, "rule/DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS31"), false},
	{"another rule", "rule", arn("events", Home, Account, "rule/other"), false},
	{"the webhook's destination", "API destination", arn("events", Home, Account, "api-destination/"+prefix+"-alerts-webhook/1"), false},
	{"another destination", "API destination", arn("events", Home, Account, "api-destination/other/1"), false},
	{"the webhook's secret", "secret", arn("secretsmanager", Home, Account, "secret:events!connection/"+prefix+"-alerts-webhook/1-AbCdEf"), false},

	{"the trail's log group", "log group", logGroupARN, false},
	{"all of the trail's log group", "log group", logGroupARN + ":*", false},
	{"another log group", "log group", arn("logs", Home, Account, "log-group:other"), false},
	{"the trail's log stream", "log stream", logGroupARN + ":log-stream:" + Account + "_CloudTrail_" + Home, false},
	{"a log stream of a member of the organization", "log stream", logGroupARN + ":log-stream:" + OrganizationID + "_" + Stranger + "_CloudTrail_" + Home, false},
	{"a log stream of a member of another organization", "log stream", logGroupARN + ":log-stream:o-z9y8x7w6v5_" + Stranger + "_CloudTrail_" + Home, false},
	{"another stream of the trail's group", "log stream", logGroupARN + ":log-stream:other", false},
	{"a stream of another group", "log stream", arn("logs", Home, Account, "log-group:other:log-stream:"+Account+"_CloudTrail_"+Home), false},
	{"the queries over log groups", "log queries", "*", false},
	{"the metrics and alarms", "metrics", "*", false},

	{"an aggregator", "aggregator", arn("config", Home, Account, "config-aggregator/config-aggregator-1"), false},
	{"an aggregator of another account", "aggregator", arn("config", Home, Stranger, "config-aggregator/config-aggregator-1"), false},
	{"a recorder", "recorder", arn("config", Home, Account, "configuration-recorder/default/1"), false},
	{"Security Hub", "Security Hub", "*", false},
	{"a detector", "detector", arn("guardduty", Home, Account, "detector/12abc"), false},
	{"a detector of another account", "detector", arn("guardduty", Home, Stranger, "detector/12abc"), false},
	{"the detectors", "detectors", "*", false},
	{"the rules of AWS Config", "rules", "*", false},

	{"the data catalog's root", "table", arn("glue", Home, Account, "catalog"), false},
	{"the default database", "table", arn("glue", Home, Account, "database/default"), false},
	{"the trail's database", "table", arn("glue", Home, Account, "database/"+databaseName), false},
	{"the trail's table", "table", arn("glue", Home, Account, "table/"+databaseName+"/cloudtrail_logs"), false},
	{"the snapshot table", "table", arn("glue", Home, Account, "table/"+databaseName+"/config_snapshots"), false},
	{"the change table", "table", arn("glue", Home, Account, "table/"+databaseName+"/config_changes"), false},
	{"another database", "table", arn("glue", Home, Account, "database/other"), false},
	{"another table", "table", arn("glue", Home, Account, "table/"+databaseName+"/other"), false},
	{"the trail's workgroup", "workgroup", arn("athena", Home, Account, "workgroup/"+prefix+"-audit"), false},
	{"another workgroup", "workgroup", arn("athena", Home, Account, "workgroup/primary"), false},
	{"the data catalog", "data catalog", arn("athena", Home, Account, "datacatalog/AwsDataCatalog"), false},
	{"another data catalog", "data catalog", arn("athena", Home, Account, "datacatalog/other"), false},
	{"Athena as a whole", "Athena", "*", false},

	{"the report's state machine", "state machine", arn("states", Home, Account, "stateMachine:"+prefix+"-bill-report"), false},
	{"the digest's state machine", "state machine", arn("states", Home, Account, "stateMachine:"+prefix+"-weekly-digest"), false},
	{"another state machine", "state machine", arn("states", Home, Account, "stateMachine:other"), false},
	{"the costs", "costs", "*", false},
	{"a budget", "budget", "arn:aws:budgets::" + Account + ":budget/any", false},
	{"a budget of another account", "budget", "arn:aws:budgets::" + Stranger + ":budget/any", false},

	{"the trail", "trail", trailARN, false},
	{"a trail of another account", "trail", arn("cloudtrail", Home, Stranger, "trail/other"), false},
	{"CloudTrail as a whole", "trails", "*", false},
	{"the document ConfigureS3BucketPublicAccessBlock", "document", awsDocument("AWSConfigRemediation-ConfigureS3BucketPublicAccessBlock"), false},
	{"the account's ConfigureS3BucketPublicAccessBlock", "document", ownDocument("AWSConfigRemediation-ConfigureS3BucketPublicAccessBlock"), false},
	{"the document EnableKeyRotation", "document", awsDocument("AWSConfigRemediation-EnableKeyRotation"), false},
	{"the account's EnableKeyRotation", "document", ownDocument("AWSConfigRemediation-EnableKeyRotation"), false},
	{"the document EnableCloudTrailLogFileValidation", "document", awsDocument("AWSConfigRemediation-EnableCloudTrailLogFileValidation"), false},
	{"the account's EnableCloudTrailLogFileValidation", "document", ownDocument("AWSConfigRemediation-EnableCloudTrailLogFileValidation"), false},
	{"the document DisableIncomingSSHOnPort22", "document", awsDocument("AWS-DisableIncomingSSHOnPort22"), false},
	{"the account's DisableIncomingSSHOnPort22", "document", ownDocument("AWS-DisableIncomingSSHOnPort22"), false},
	{"the document ConfigureS3PublicAccessBlock", "document", awsDocument("AWSConfigRemediation-ConfigureS3PublicAccessBlock"), false},
	{"the account's ConfigureS3PublicAccessBlock", "document", ownDocument("AWSConfigRemediation-ConfigureS3PublicAccessBlock"), false},
	{"the document EnableEbsEncryptionByDefault", "document", awsDocument("AWSConfigRemediation-EnableEbsEncryptionByDefault"), false},
	{"the account's EnableEbsEncryptionByDefault", "document", ownDocument("AWSConfigRemediation-EnableEbsEncryptionByDefault"), false},
	{"the document SetIAMPasswordPolicy", "document", awsDocument("AWSConfigRemediation-SetIAMPasswordPolicy"), false},
	{"the account's SetIAMPasswordPolicy", "document", ownDocument("AWSConfigRemediation-SetIAMPasswordPolicy"), false},
	{"the document EnableRDSInstanceDeletionProtection", "document", awsDocument("AWSConfigRemediation-EnableRDSInstanceDeletionProtection"), false},
	{"the account's EnableRDSInstanceDeletionProtection", "document", ownDocument("AWSConfigRemediation-EnableRDSInstanceDeletionProtection"), false},
	{"the document RemoveVPCDefaultSecurityGroupRules", "document", awsDocument("AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules"), false},
	{"the account's RemoveVPCDefaultSecurityGroupRules", "document", ownDocument("AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules"), false},
	{"the document RevokeUnusedIAMUserCredentials", "document", awsDocument("AWSConfigRemediation-RevokeUnusedIAMUserCredentials"), false},
	{"the account's RevokeUnusedIAMUserCredentials", "document", ownDocument("AWSConfigRemediation-RevokeUnusedIAMUserCredentials"), false},
	{"the document EnforceEC2InstanceIMDSv2", "document", awsDocument("AWSConfigRemediation-EnforceEC2InstanceIMDSv2"), false},
	{"the account's EnforceEC2InstanceIMDSv2", "document", ownDocument("AWSConfigRemediation-EnforceEC2InstanceIMDSv2"), false},
	{"the document EnableS3BucketEncryption", "document", awsDocument("AWS-EnableS3BucketEncryption"), false},
	{"the account's EnableS3BucketEncryption", "document", ownDocument("AWS-EnableS3BucketEncryption"), false},
	{"another document", "document", awsDocument("AWS-RunShellScript"), false},
	{"an automation", "automation", arn("ssm", Home, Account, "automation-execution/1"), false},
	{"an automation of another account", "automation", arn("ssm", Home, Stranger, "automation-execution/1"), false},
	{"a security group", "security group", arn("ec2", Home, Account, "security-group/sg-1"), false},
	{"a security group of another account", "security group", arn("ec2", Home, Stranger, "security-group/sg-1"), false},
	{"an instance", "instance", arn("ec2", Elsewhere, Account, "instance/i-1"), false},
	{"an instance of another account", "instance", arn("ec2", Home, Stranger, "instance/i-1"), false},
	{"the instances", "instances", "*", false},
	{"encryption of new volumes", "volume encryption", "*", false},
	{"a database", "database", arn("rds", Elsewhere, Account, "db:db-1"), false},
	{"a database of another account", "database", arn("rds", Home, Stranger, "db:db-1"), false},
	{"a database cluster", "database", arn("rds", Home, Account, "cluster:c-1"), false},
	{"the account's block of public access", "account block", "*", false},
	{"the password policy", "password policy", "*", false},
	{"what AWS Config has seen", "inventory", "*", false},
	{"the security groups", "security groups", "*", false},
	{"anything in the account", "anything", "*", false},

	{"the reader role", "role", "arn:aws:iam::" + Account + ":role/" + prefix + "-archive-reader", false},
	{"the deployer's role", "role", Deployer, false},
	{"a role of another account", "role", "arn:aws:iam::" + Stranger + ":role/admin", false},
	{"the stopped group", "group", "arn:aws:iam::" + Account + ":group/developers", false},
	{"the stopped group below a path", "group", "arn:aws:iam::" + Account + ":group/teams/developers", false},
	{"another group", "group", "arn:aws:iam::" + Account + ":group/administrators", false},
	{"the stopping policy", "policy", stopPolicyARN, false},
	{"another policy", "policy", "arn:aws:iam::" + Account + ":policy/other", false},
	{"a user", "user", "arn:aws:iam::" + Account + ":user/alice", false},
	{"a user of another account", "user", "arn:aws:iam::" + Stranger + ":user/alice", false},
	{"the policies of the stopped role", "role's policies", "arn:aws:iam::" + Account + ":role/ci", false},
	{"the policies of the stopped role below a path", "role's policies", "arn:aws:iam::" + Account + ":role/teams/ci", false},
	{"the policies of the deployer's role", "role's policies", Deployer, false},
	{"a session", "session", "*", false},
}

// ScannedKey is the key of the bucket whose objects are scanned.
const ScannedKey = "arn:aws:kms:" + Home + ":" + Account + ":key/11111111-2222-3333-4444-555555555555"

func awsDocument(name string) string { return arn("ssm", Home, "", "automation-definition/"+name+":1") }

func ownDocument(name string) string {
	return arn("ssm", Home, Account, "automation-definition/"+name+":1")
}

func targetNamed(name string) (target, bool) {
	for _, t := range targets {
		if t.name == name {
			return t, true
		}
	}
	return target{}, false
}
