-- Who read secrets and parameters.
-- A credential may have leaked: see who could have taken it, and from where.
-- Looks 7 days back: change interval '7' day for another period.
SELECT coalesce(useridentity.arn, useridentity.invokedby) AS principal,
  coalesce(json_extract_scalar(requestparameters, '$.secretId'), json_extract_scalar(requestparameters, '$.name')) AS secret,
  eventname, sourceipaddress, count(*) AS reads, max(eventtime) AS last_seen
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND ((eventsource = 'secretsmanager.amazonaws.com' AND eventname IN ('BatchGetSecretValue', 'GetSecretValue'))
    OR (eventsource = 'ssm.amazonaws.com' AND eventname IN ('GetParameter', 'GetParameters', 'GetParametersByPath')))
GROUP BY 1, 2, 3, 4
ORDER BY reads DESC
LIMIT 1000;
