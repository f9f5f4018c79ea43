-- What was called from an IP address.
-- A finding or an alert names an address. Shows every identity that was used from there.
-- Looks 7 days back: change interval '7' day for another period.
-- Edit the values at the comments marked EDIT before you run it.
WITH params AS (
  SELECT '203.0.113.10' AS address -- EDIT: the IP address
)
SELECT coalesce(useridentity.arn, useridentity.principalid) AS principal, useridentity.accesskeyid AS access_key, awsregion,
  eventsource, eventname, count(*) AS calls, count_if(errorcode IS NOT NULL) AS failures,
  min(eventtime) AS first_seen, max(eventtime) AS last_seen
FROM cloudtrail_logs
CROSS JOIN params
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND sourceipaddress = params.address
GROUP BY 1, 2, 3, 4, 5
ORDER BY calls DESC
LIMIT 1000;
