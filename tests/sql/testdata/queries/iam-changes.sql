-- What was changed in IAM, by whom.
-- For the regular review, and to see whether an intruder made a user, role, key or policy to come back with.
-- Looks 7 days back: change interval '7' day for another period.
SELECT eventtime, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventname,
  coalesce(json_extract_scalar(requestparameters, '$.userName'), json_extract_scalar(requestparameters, '$.roleName'),
    json_extract_scalar(requestparameters, '$.groupName'), json_extract_scalar(requestparameters, '$.policyName')) AS entity,
  json_extract_scalar(requestparameters, '$.policyArn') AS policy, sourceipaddress, errorcode, requestparameters
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND eventsource = 'iam.amazonaws.com'
  AND readonly = 'false'
ORDER BY eventtime DESC
LIMIT 1000;
