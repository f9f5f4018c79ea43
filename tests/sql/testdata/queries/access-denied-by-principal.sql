-- Who was denied what.
-- An alarm counts denied calls: a broken deployment repeats one call, an intruder tries many.
-- Looks 7 days back: change interval '7' day for another period.
SELECT coalesce(useridentity.arn, useridentity.invokedby, useridentity.principalid) AS principal, eventsource, eventname,
  errorcode, count(*) AS denials, count(DISTINCT sourceipaddress) AS addresses, max(eventtime) AS last_seen
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND (errorcode LIKE 'AccessDenied%' OR errorcode LIKE '%UnauthorizedOperation')
GROUP BY 1, 2, 3, 4
ORDER BY denials DESC
LIMIT 1000;
