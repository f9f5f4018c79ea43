-- Which access keys were created, and what they were used for since.
-- Long-lived keys leak. Ask whether each of them was wanted; a key without use can go.
-- Looks 30 days back: change interval '30' day for another period.
WITH created AS (
  SELECT eventtime AS created_at, coalesce(useridentity.arn, useridentity.invokedby) AS created_by,
    json_extract_scalar(responseelements, '$.accessKey.userName') AS user_name,
    json_extract_scalar(responseelements, '$.accessKey.accessKeyId') AS access_key
  FROM cloudtrail_logs
  WHERE date >= date_format(current_date - interval '30' day, '%Y/%m/%d')
    AND eventsource = 'iam.amazonaws.com'
    AND eventname = 'CreateAccessKey'
    AND errorcode IS NULL
),
used AS (
  SELECT useridentity.accesskeyid AS access_key, count(*) AS calls, count(DISTINCT sourceipaddress) AS addresses,
    max(eventtime) AS last_used
  FROM cloudtrail_logs
  WHERE date >= date_format(current_date - interval '30' day, '%Y/%m/%d')
  GROUP BY 1
)
SELECT created.created_at, created.created_by, created.user_name, created.access_key,
  coalesce(used.calls, 0) AS calls, coalesce(used.addresses, 0) AS addresses, used.last_used
FROM created
LEFT JOIN used ON used.access_key = created.access_key
ORDER BY created.created_at DESC
LIMIT 1000;
