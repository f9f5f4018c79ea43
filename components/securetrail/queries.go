package securetrail

import (
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// namedQuery is a question that is asked again and again, ready to be answered in the Athena editor.
type namedQuery struct {
	name  string // name in Athena; a change makes another query
	title string // the question
	use   string // when to ask it
	days  int    // how far back it looks
	sql   string // Athena engine version 3 (Trino); see text for the words in braces
}

// The SQL keeps to these rules: whatever a person edits is marked EDIT and stands in the first WITH; every read of the
// table is bounded by {period}, which is compared with the partition column itself, because Athena leaves out partitions
// by conditions that it can evaluate before it reads anything
// (https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html).
var namedQueries = []namedQuery{
	{
		name:  "who-changed-this-resource",
		title: "Who changed this resource",
		use:   "Something looks different from what you deployed, or a change alert names a resource. Give its id, name or ARN.",
		days:  7,
		sql: `
WITH params AS (
  SELECT 'sg-0123456789abcdef0' AS resource -- EDIT: id, name or ARN, or a part of it
)
SELECT eventtime, awsregion, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventsource, eventname,
  sourceipaddress, errorcode, requestparameters, responseelements, eventid
FROM cloudtrail_logs
CROSS JOIN params
WHERE {period}
  AND readonly = 'false'
  AND (strpos(requestparameters, params.resource) > 0
    OR strpos(responseelements, params.resource) > 0
    OR any_match(resources, r -> strpos(r.arn, params.resource) > 0))
ORDER BY eventtime DESC
LIMIT 1000`,
	},
	{
		name:  "get-object-by-user",
		title: "Which objects a user read (GetObject)",
		use:   "You fear that somebody took data out of S3. Needs data events of S3 in the trail; without them there are no rows.",
		days:  7,
		sql: `
WITH params AS (
  SELECT 'alice' AS user_name -- EDIT: name of the IAM user, or of the session of a role
)
SELECT eventtime, awsregion, useridentity.arn AS principal, json_extract_scalar(requestparameters, '$.bucketName') AS bucket,
  json_extract_scalar(requestparameters, '$.key') AS object, sourceipaddress, useragent, errorcode
FROM cloudtrail_logs
CROSS JOIN params
WHERE {period}
  AND eventsource = 's3.amazonaws.com'
  AND eventname = 'GetObject'
  AND (useridentity.username = params.user_name OR split_part(useridentity.principalid, ':', 2) = params.user_name)
ORDER BY eventtime DESC
LIMIT 1000`,
	},
	{
		name:  "root-use",
		title: "What the root user did",
		use:   "An alert says that root was used, or for the regular review: the list should be empty.",
		days:  30,
		sql: `
SELECT eventtime, awsregion, eventsource, eventname, sourceipaddress, useragent, errorcode,
  useridentity.sessioncontext.attributes.mfaauthenticated AS mfa, requestparameters
FROM cloudtrail_logs
WHERE {period}
  AND useridentity.type = 'Root'
  AND useridentity.invokedby IS NULL
  AND eventtype <> 'AwsServiceEvent'
ORDER BY eventtime DESC
LIMIT 1000`,
	},
	{
		name:  "console-sign-in-without-mfa",
		title: "Who signed in to the console without MFA",
		use:   "For the regular review. Sign-ins through IAM Identity Center or SAML are left out: their MFA is the identity provider's.",
		days:  30,
		sql: `
SELECT eventtime, awsregion, useridentity.type AS user_type, coalesce(useridentity.username, useridentity.arn) AS principal,
  sourceipaddress, useragent
FROM cloudtrail_logs
WHERE {period}
  AND eventsource = 'signin.amazonaws.com'
  AND eventname = 'ConsoleLogin'
  AND useridentity.type IN ('IAMUser', 'Root')
  AND json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Success'
  AND coalesce(json_extract_scalar(additionaleventdata, '$.MFAUsed'), 'No') <> 'Yes'
ORDER BY eventtime DESC
LIMIT 1000`,
	},
	{
		name:  "failed-console-sign-ins",
		title: "Who failed to sign in to the console",
		use:   "Somebody may be guessing passwords: many failures from one address, or for many users.",
		days:  7,
		sql: `
SELECT coalesce(useridentity.username, useridentity.type) AS user_name, sourceipaddress, errormessage, count(*) AS failures,
  min(eventtime) AS first_seen, max(eventtime) AS last_seen
FROM cloudtrail_logs
WHERE {period}
  AND eventsource = 'signin.amazonaws.com'
  AND eventname = 'ConsoleLogin'
  AND json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Failure'
GROUP BY 1, 2, 3
ORDER BY failures DESC
LIMIT 1000`,
	},
	{
		name:  "access-denied-by-principal",
		title: "Who was denied what",
		use:   "An alarm counts denied calls: a broken deployment repeats one call, an intruder tries many.",
		days:  7,
		sql: `
SELECT coalesce(useridentity.arn, useridentity.invokedby, useridentity.principalid) AS principal, eventsource, eventname,
  errorcode, count(*) AS denials, count(DISTINCT sourceipaddress) AS addresses, max(eventtime) AS last_seen
FROM cloudtrail_logs
WHERE {period}
  AND (errorcode LIKE 'AccessDenied%' OR errorcode LIKE '%UnauthorizedOperation')
GROUP BY 1, 2, 3, 4
ORDER BY denials DESC
LIMIT 1000`,
	},
	{
		name:  "security-group-changes",
		title: "Which security groups were changed, by whom",
		use:   "A port is open that should not be, or a security-group alert arrived.",
		days:  7,
		sql: `
SELECT eventtime, awsregion, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventname,
  coalesce(json_extract_scalar(requestparameters, '$.groupId'), json_extract_scalar(responseelements, '$.groupId'),
    json_extract_scalar(requestparameters, '$.ModifySecurityGroupRulesRequest.GroupId')) AS security_group,
  sourceipaddress, errorcode, requestparameters
FROM cloudtrail_logs
WHERE {period}
  AND eventsource = 'ec2.amazonaws.com'
  AND eventname IN ('AuthorizeSecurityGroupEgress', 'AuthorizeSecurityGroupIngress', 'CreateSecurityGroup',
    'DeleteSecurityGroup', 'ModifySecurityGroupRules', 'RevokeSecurityGroupEgress', 'RevokeSecurityGroupIngress')
ORDER BY eventtime DESC
LIMIT 1000`,
	},
	{
		name:  "iam-changes",
		title: "What was changed in IAM, by whom",
		use:   "For the regular review, and to see whether an intruder made a user, role, key or policy to come back with.",
		days:  7,
		sql: `
SELECT eventtime, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventname,
  coalesce(json_extract_scalar(requestparameters, '$.userName'), json_extract_scalar(requestparameters, '$.roleName'),
    json_extract_scalar(requestparameters, '$.groupName'), json_extract_scalar(requestparameters, '$.policyName')) AS entity,
  json_extract_scalar(requestparameters, '$.policyArn') AS policy, sourceipaddress, errorcode, requestparameters
FROM cloudtrail_logs
WHERE {period}
  AND eventsource = 'iam.amazonaws.com'
  AND readonly = 'false'
ORDER BY eventtime DESC
LIMIT 1000`,
	},
	{
		name:  "activity-in-unusual-regions",
		title: "Activity in Regions that you do not work in",
		use:   "Intruders start machines where nobody looks. Reads and calls of AWS services are left out.",
		days:  7,
		sql: `
WITH usual (region) AS (
  VALUES {regions} -- EDIT: the Regions that you work in
)
SELECT awsregion, coalesce(useridentity.arn, useridentity.principalid) AS principal, eventsource, eventname, count(*) AS calls,
  min(eventtime) AS first_seen, max(eventtime) AS last_seen
FROM cloudtrail_logs
WHERE {period}
  AND awsregion NOT IN (SELECT usual.region FROM usual)
  AND readonly = 'false'
  AND useridentity.invokedby IS NULL
GROUP BY 1, 2, 3, 4
ORDER BY calls DESC
LIMIT 1000`,
	},
	{
		name:  "access-keys-created-and-used",
		title: "Which access keys were created, and what they were used for since",
		use:   "Long-lived keys leak. Ask whether each of them was wanted; a key without use can go.",
		days:  30,
		sql: `
WITH created AS (
  SELECT eventtime AS created_at, coalesce(useridentity.arn, useridentity.invokedby) AS created_by,
    json_extract_scalar(responseelements, '$.accessKey.userName') AS user_name,
    json_extract_scalar(responseelements, '$.accessKey.accessKeyId') AS access_key
  FROM cloudtrail_logs
  WHERE {period}
    AND eventsource = 'iam.amazonaws.com'
    AND eventname = 'CreateAccessKey'
    AND errorcode IS NULL
),
used AS (
  SELECT useridentity.accesskeyid AS access_key, count(*) AS calls, count(DISTINCT sourceipaddress) AS addresses,
    max(eventtime) AS last_used
  FROM cloudtrail_logs
  WHERE {period}
  GROUP BY 1
)
SELECT created.created_at, created.created_by, created.user_name, created.access_key,
  coalesce(used.calls, 0) AS calls, coalesce(used.addresses, 0) AS addresses, used.last_used
FROM created
LEFT JOIN used ON used.access_key = created.access_key
ORDER BY created.created_at DESC
LIMIT 1000`,
	},
	{
		name:  "what-a-role-session-did",
		title: "What a role, or one session of it, did",
		use:   "An alert names a role. Give the session's name too to follow one person or one machine.",
		days:  7,
		sql: `
WITH params AS (
  SELECT
    'deployer' AS role_name, -- EDIT: name of the role, without path
    '%' AS session_name      -- EDIT: name of the session; % stands for all
)
SELECT eventtime, awsregion, split_part(useridentity.principalid, ':', 2) AS session, eventsource, eventname, readonly,
  sourceipaddress, errorcode, requestparameters
FROM cloudtrail_logs
CROSS JOIN params
WHERE {period}
  AND useridentity.type = 'AssumedRole'
  AND useridentity.sessioncontext.sessionissuer.username = params.role_name
  AND split_part(useridentity.principalid, ':', 2) LIKE params.session_name
ORDER BY eventtime
LIMIT 1000`,
	},
	{
		name:  "who-assumed-this-role",
		title: "Who assumed a role",
		use:   "A session did something wrong: find the user, the account or the service behind it.",
		days:  7,
		sql: `
WITH params AS (
  SELECT 'deployer' AS role_name -- EDIT: name or ARN of the role, or a part of it
)
SELECT eventtime, awsregion, eventname, useridentity.type AS caller_type,
  coalesce(useridentity.arn, useridentity.invokedby, useridentity.username, useridentity.principalid) AS caller,
  json_extract_scalar(requestparameters, '$.roleArn') AS role,
  json_extract_scalar(requestparameters, '$.roleSessionName') AS session, sourceipaddress, errorcode
FROM cloudtrail_logs
CROSS JOIN params
WHERE {period}
  AND eventsource = 'sts.amazonaws.com'
  AND eventname IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
  AND strpos(json_extract_scalar(requestparameters, '$.roleArn'), params.role_name) > 0
ORDER BY eventtime DESC
LIMIT 1000`,
	},
	{
		name:  "kms-key-use",
		title: "Who used a KMS key",
		use:   "Before a key is disabled or deleted, and when a key may have been misused.",
		days:  7,
		sql: `
WITH params AS (
  SELECT '1234abcd-12ab-34cd-56ef-1234567890ab' AS key_id -- EDIT: id or ARN of the key
)
SELECT coalesce(useridentity.arn, useridentity.invokedby) AS principal, useridentity.invokedby AS through_service, eventname,
  count(*) AS calls, count_if(errorcode IS NOT NULL) AS failures, max(eventtime) AS last_seen
FROM cloudtrail_logs
CROSS JOIN params
WHERE {period}
  AND eventsource = 'kms.amazonaws.com'
  AND any_match(resources, r -> strpos(r.arn, params.key_id) > 0)
GROUP BY 1, 2, 3
ORDER BY calls DESC
LIMIT 1000`,
	},
	{
		name:  "trail-tampering",
		title: "Who switched recording or detection off",
		use:   "An alert on tampering arrived, or records are missing: intruders blind the account first.",
		days:  30,
		sql: `
SELECT eventtime, awsregion, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventsource, eventname,
  sourceipaddress, errorcode, requestparameters
FROM cloudtrail_logs
WHERE {period}
  AND ((eventsource = 'cloudtrail.amazonaws.com' AND eventname IN ('CreateTrail', 'DeleteTrail', 'PutEventSelectors',
      'PutInsightSelectors', 'StopLogging', 'UpdateTrail'))
    OR (eventsource = 'config.amazonaws.com' AND eventname IN ('DeleteConfigurationRecorder', 'DeleteDeliveryChannel',
      'PutConfigurationRecorder', 'PutDeliveryChannel', 'StopConfigurationRecorder'))
    OR (eventsource = 'guardduty.amazonaws.com' AND eventname IN ('CreateFilter', 'DeleteDetector',
      'DeletePublishingDestination', 'UpdateDetector', 'UpdateFilter'))
    OR (eventsource = 'logs.amazonaws.com' AND eventname IN ('DeleteLogGroup', 'DeleteLogStream', 'DeleteMetricFilter')))
ORDER BY eventtime DESC
LIMIT 1000`,
	},
	{
		name:  "deletes-of-buckets-and-objects",
		title: "Who deleted buckets or objects",
		use:   "Data is gone. Deletes of single objects need data events of S3 in the trail; buckets are always recorded.",
		days:  7,
		sql: `
SELECT eventtime, awsregion, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventname,
  json_extract_scalar(requestparameters, '$.bucketName') AS bucket, json_extract_scalar(requestparameters, '$.key') AS object,
  sourceipaddress, errorcode
FROM cloudtrail_logs
WHERE {period}
  AND eventsource = 's3.amazonaws.com'
  AND eventname IN ('DeleteBucket', 'DeleteObject', 'DeleteObjects', 'DeleteObjectVersion', 'PutBucketLifecycle')
ORDER BY eventtime DESC
LIMIT 1000`,
	},
	{
		name:  "buckets-opened",
		title: "Which buckets were opened, by whom",
		use:   "A bucket is reported as public or shared: find the change of policy, ACL or block public access.",
		days:  7,
		sql: `
SELECT eventtime, awsregion, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventname,
  json_extract_scalar(requestparameters, '$.bucketName') AS bucket, sourceipaddress, errorcode, requestparameters
FROM cloudtrail_logs
WHERE {period}
  AND eventsource = 's3.amazonaws.com'
  AND eventname IN ('DeleteAccountPublicAccessBlock', 'DeleteBucketPolicy', 'DeleteBucketPublicAccessBlock',
    'PutAccountPublicAccessBlock', 'PutBucketAcl', 'PutBucketPolicy', 'PutBucketPublicAccessBlock', 'PutObjectAcl')
ORDER BY eventtime DESC
LIMIT 1000`,
	},
	{
		name:  "secrets-read",
		title: "Who read secrets and parameters",
		use:   "A credential may have leaked: see who could have taken it, and from where.",
		days:  7,
		sql: `
SELECT coalesce(useridentity.arn, useridentity.invokedby) AS principal,
  coalesce(json_extract_scalar(requestparameters, '$.secretId'), json_extract_scalar(requestparameters, '$.name')) AS secret,
  eventname, sourceipaddress, count(*) AS reads, max(eventtime) AS last_seen
FROM cloudtrail_logs
WHERE {period}
  AND ((eventsource = 'secretsmanager.amazonaws.com' AND eventname IN ('BatchGetSecretValue', 'GetSecretValue'))
    OR (eventsource = 'ssm.amazonaws.com' AND eventname IN ('GetParameter', 'GetParameters', 'GetParametersByPath')))
GROUP BY 1, 2, 3, 4
ORDER BY reads DESC
LIMIT 1000`,
	},
	{
		name:  "calls-from-ip-address",
		title: "What was called from an IP address",
		use:   "A finding or an alert names an address. Shows every identity that was used from there.",
		days:  7,
		sql: `
WITH params AS (
  SELECT '203.0.113.10' AS address -- EDIT: the IP address
)
SELECT coalesce(useridentity.arn, useridentity.principalid) AS principal, useridentity.accesskeyid AS access_key, awsregion,
  eventsource, eventname, count(*) AS calls, count_if(errorcode IS NOT NULL) AS failures,
  min(eventtime) AS first_seen, max(eventtime) AS last_seen
FROM cloudtrail_logs
CROSS JOIN params
WHERE {period}
  AND sourceipaddress = params.address
GROUP BY 1, 2, 3, 4, 5
ORDER BY calls DESC
LIMIT 1000`,
	},
	{
		name:  "access-key-activity",
		title: "What one access key was used for",
		use:   "A key leaked or a finding names it. Shows where it came from and what it touched, in order.",
		days:  30,
		sql: `
WITH params AS (
  SELECT 'AKIAIOSFODNN7EXAMPLE' AS access_key -- EDIT: the access key id (AKIA…, or ASIA… of a session)
)
SELECT eventtime, awsregion, useridentity.arn AS principal, eventsource, eventname, readonly, sourceipaddress, useragent,
  errorcode, requestparameters
FROM cloudtrail_logs
CROSS JOIN params
WHERE {period}
  AND useridentity.accesskeyid = params.access_key
ORDER BY eventtime
LIMIT 1000`,
	},
}

// text is the query as it stands in Athena: the comment, then the SQL with its words filled in.
//
//	{period}   the condition on the partitions
//	{regions}  rows of a VALUES list: the trail's home Region and the Region of global services
func (q namedQuery) text(where account.Account, organization bool) string {
	period := fmt.Sprintf("%s >= date_format(current_date - interval '%d' day, '%%Y/%%m/%%d')", datePartition, q.days)
	if organization {
		period += fmt.Sprintf("\n  AND %s IN ('%s') -- EDIT: the accounts to look at", accountPartition, where.ID)
	}
	comment := fmt.Sprintf("-- %s.\n-- %s\n-- Looks %d days back: change interval '%d' day for another period.\n", q.title, q.use, q.days, q.days)
	if strings.Contains(q.sql, "-- EDIT") || organization {
		comment += "-- Edit the values at the comments marked EDIT before you run it.\n"
	}
	return comment + strings.NewReplacer("{period}", period, "{regions}", usualRegions(where)).Replace(strings.TrimSpace(q.sql)) + ";\n"
}

func usualRegions(where account.Account) string {
	rows := "('" + where.Region + "')"
	if of, known := partition.ByID(where.Partition); known && of.GlobalRegion != where.Region {
		rows += ", ('" + of.GlobalRegion + "')"
	}
	return rows
}
