-- Who signed in to the console without MFA.
-- For the regular review. Sign-ins through IAM Identity Center or SAML are left out: their MFA is the identity provider's.
-- Looks 30 days back: change interval '30' day for another period.
SELECT eventtime, awsregion, useridentity.type AS user_type, coalesce(useridentity.username, useridentity.arn) AS principal,
  sourceipaddress, useragent
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '30' day, '%Y/%m/%d')
  AND eventsource = 'signin.amazonaws.com'
  AND eventname = 'ConsoleLogin'
  AND useridentity.type IN ('IAMUser', 'Root')
  AND json_extract_scalar(responseelements, '$.ConsoleLogin') = 'Success'
  AND coalesce(json_extract_scalar(additionaleventdata, '$.MFAUsed'), 'No') <> 'Yes'
ORDER BY eventtime DESC
LIMIT 1000;
