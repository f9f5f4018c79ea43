-- What a role, or one session of it, did.
-- An alert names a role. Give the session's name too to follow one person or one machine.
-- Looks 7 days back: change interval '7' day for another period.
-- Edit the values at the comments marked EDIT before you run it.
WITH params AS (
  SELECT
    'deployer' AS role_name, -- EDIT: name of the role, without path
    '%' AS session_name      -- EDIT: name of the session; % stands for all
)
SELECT eventtime, awsregion, split_part(useridentity.principalid, ':', 2) AS session, eventsource, eventname, readonly,
  sourceipaddress, errorcode, requestparameters
FROM cloudtrail_logs
CROSS JOIN params
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND useridentity.type = 'AssumedRole'
  AND useridentity.sessioncontext.sessionissuer.username = params.role_name
  AND split_part(useridentity.principalid, ':', 2) LIKE params.session_name
ORDER BY eventtime
LIMIT 1000;
