-- Who changed this resource.
-- Something looks different from what you deployed, or a change alert names a resource. Give its id, name or ARN.
-- Looks 7 days back: change interval '7' day for another period.
-- Edit the values at the comments marked EDIT before you run it.
WITH params AS (
  SELECT 'sg-0123456789abcdef0' AS resource -- EDIT: id, name or ARN, or a part of it
)
SELECT eventtime, awsregion, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventsource, eventname,
  sourceipaddress, errorcode, requestparameters, responseelements, eventid
FROM cloudtrail_logs
CROSS JOIN params
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND readonly = 'false'
  AND (strpos(requestparameters, params.resource) > 0
    OR strpos(responseelements, params.resource) > 0
    OR any_match(resources, r -> strpos(r.arn, params.resource) > 0))
ORDER BY eventtime DESC
LIMIT 1000;
