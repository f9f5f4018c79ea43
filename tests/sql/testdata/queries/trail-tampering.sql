-- Who switched recording or detection off.
-- An alert on tampering arrived, or records are missing: intruders blind the account first.
-- Looks 30 days back: change interval '30' day for another period.
SELECT eventtime, awsregion, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventsource, eventname,
  sourceipaddress, errorcode, requestparameters
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '30' day, '%Y/%m/%d')
  AND ((eventsource = 'cloudtrail.amazonaws.com' AND eventname IN ('CreateTrail', 'DeleteTrail', 'PutEventSelectors',
      'PutInsightSelectors', 'StopLogging', 'UpdateTrail'))
    OR (eventsource = 'config.amazonaws.com' AND eventname IN ('DeleteConfigurationRecorder', 'DeleteDeliveryChannel',
      'PutConfigurationRecorder', 'PutDeliveryChannel', 'StopConfigurationRecorder'))
    OR (eventsource = 'guardduty.amazonaws.com' AND eventname IN ('CreateFilter', 'DeleteDetector',
      'DeletePublishingDestination', 'UpdateDetector', 'UpdateFilter'))
    OR (eventsource = 'logs.amazonaws.com' AND eventname IN ('DeleteLogGroup', 'DeleteLogStream', 'DeleteMetricFilter')))
ORDER BY eventtime DESC
LIMIT 1000;
