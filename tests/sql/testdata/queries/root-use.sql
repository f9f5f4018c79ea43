-- What the root user did.
-- An alert says that root was used, or for the regular review: the list should be empty.
-- Looks 30 days back: change interval '30' day for another period.
SELECT eventtime, awsregion, eventsource, eventname, sourceipaddress, useragent, errorcode,
  useridentity.sessioncontext.attributes.mfaauthenticated AS mfa, requestparameters
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '30' day, '%Y/%m/%d')
  AND useridentity.type = 'Root'
  AND useridentity.invokedby IS NULL
  AND eventtype <> 'AwsServiceEvent'
ORDER BY eventtime DESC
LIMIT 1000;
