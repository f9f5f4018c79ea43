-- Activity in Regions that you do not work in.
-- Intruders start machines where nobody looks. Reads and calls of AWS services are left out.
-- Looks 7 days back: change interval '7' day for another period.
-- Edit the values at the comments marked EDIT before you run it.
WITH usual (region) AS (
  VALUES ('ap-northeast-1'), ('us-east-1') -- EDIT: the Regions that you work in
)
SELECT awsregion, coalesce(useridentity.arn, useridentity.principalid) AS principal, eventsource, eventname, count(*) AS calls,
  min(eventtime) AS first_seen, max(eventtime) AS last_seen
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND awsregion NOT IN (SELECT usual.region FROM usual)
  AND readonly = 'false'
  AND useridentity.invokedby IS NULL
GROUP BY 1, 2, 3, 4
ORDER BY calls DESC
LIMIT 1000;
