-- Which objects a user read (GetObject).
-- You fear that somebody took data out of S3. Needs data events of S3 in the trail; without them there are no rows.
-- Looks 7 days back: change interval '7' day for another period.
-- Edit the values at the comments marked EDIT before you run it.
WITH params AS (
  SELECT 'alice' AS user_name -- EDIT: name of the IAM user, or of the session of a role
)
SELECT eventtime, awsregion, useridentity.arn AS principal, json_extract_scalar(requestparameters, '$.bucketName') AS bucket,
  json_extract_scalar(requestparameters, '$.key') AS object, sourceipaddress, useragent, errorcode
FROM cloudtrail_logs
CROSS JOIN params
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND eventsource = 's3.amazonaws.com'
  AND eventname = 'GetObject'
  AND (useridentity.username = params.user_name OR split_part(useridentity.principalid, ':', 2) = params.user_name)
ORDER BY eventtime DESC
LIMIT 1000;
