-- Who assumed a role.
-- A session did something wrong: find the user, the account or the service behind it.
-- Looks 7 days back: change interval '7' day for another period.
-- Edit the values at the comments marked EDIT before you run it.
WITH params AS (
  SELECT 'deployer' AS role_name -- EDIT: name or ARN of the role, or a part of it
)
SELECT eventtime, awsregion, eventname, useridentity.type AS caller_type,
  coalesce(useridentity.arn, useridentity.invokedby, useridentity.username, useridentity.principalid) AS caller,
  json_extract_scalar(requestparameters, '$.roleArn') AS role,
  json_extract_scalar(requestparameters, '$.roleSessionName') AS session, sourceipaddress, errorcode
FROM cloudtrail_logs
CROSS JOIN params
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND eventsource = 'sts.amazonaws.com'
  AND eventname IN ('AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity')
  AND strpos(json_extract_scalar(requestparameters, '$.roleArn'), params.role_name) > 0
ORDER BY eventtime DESC
LIMIT 1000;
