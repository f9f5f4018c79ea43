-- Who failed to sign in to the console.
-- Somebody may be guessing passwords: many failures from one address, or for many users.
-- Looks 7 days back: change interval '7' day for another period.
SELECT coalesce(useridentity.username, useridentity.type) AS user_name, sourceipaddress, errormessage, count(*) AS failures,
  min(eventtime) AS first_seen, max(eventtime) AS last_seen
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND eventsource = 'signin.amazonaws.com'
  AND eventname = 'ConsoleLogin'
  AND json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Failure'
GROUP BY 1, 2, 3
ORDER BY failures DESC
LIMIT 1000;
