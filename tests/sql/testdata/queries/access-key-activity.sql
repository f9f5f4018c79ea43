-- What one access key was used for.
-- A key leaked or a finding names it. Shows where it came from and what it touched, in order.
-- Looks 30 days back: change interval '30' day for another period.
-- Edit the values at the comments marked EDIT before you run it.
WITH params AS (
  SELECT 'AKIAIOSFODNN7EXAMPLE' AS access_key -- EDIT: the access key id (AKIA…, or ASIA… of a session)
)
SELECT eventtime, awsregion, useridentity.arn AS principal, eventsource, eventname, readonly, sourceipaddress, useragent,
  errorcode, requestparameters
FROM cloudtrail_logs
CROSS JOIN params
WHERE date >= date_format(current_date - interval '30' day, '%Y/%m/%d')
  AND useridentity.accesskeyid = params.access_key
ORDER BY eventtime
LIMIT 1000;
