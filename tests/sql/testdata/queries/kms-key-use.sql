-- Who used a KMS key.
-- Before a key is disabled or deleted, and when a key may have been misused.
-- Looks 7 days back: change interval '7' day for another period.
-- Edit the values at the comments marked EDIT before you run it.
WITH params AS (
  SELECT '1234abcd-12ab-34cd-56ef-1234567890ab' AS key_id -- EDIT: id or ARN of the key
)
SELECT coalesce(useridentity.arn, useridentity.invokedby) AS principal, useridentity.invokedby AS through_service, eventname,
  count(*) AS calls, count_if(errorcode IS NOT NULL) AS failures, max(eventtime) AS last_seen
FROM cloudtrail_logs
CROSS JOIN params
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND eventsource = 'kms.amazonaws.com'
  AND any_match(resources, r -> strpos(r.arn, params.key_id) > 0)
GROUP BY 1, 2, 3
ORDER BY calls DESC
LIMIT 1000;
