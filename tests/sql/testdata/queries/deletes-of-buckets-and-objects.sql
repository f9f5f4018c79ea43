-- Who deleted buckets or objects.
-- Data is gone. Deletes of single objects need data events of S3 in the trail; buckets are always recorded.
-- Looks 7 days back: change interval '7' day for another period.
SELECT eventtime, awsregion, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventname,
  json_extract_scalar(requestparameters, '$.bucketName') AS bucket, json_extract_scalar(requestparameters, '$.key') AS object,
  sourceipaddress, errorcode
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND eventsource = 's3.amazonaws.com'
  AND eventname IN ('DeleteBucket', 'DeleteObject', 'DeleteObjects', 'DeleteObjectVersion', 'PutBucketLifecycle')
ORDER BY eventtime DESC
LIMIT 1000;
