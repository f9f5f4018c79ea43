-- Which buckets were opened, by whom.
-- A bucket is reported as public or shared: find the change of policy, ACL or block public access.
-- Looks 7 days back: change interval '7' day for another period.
SELECT eventtime, awsregion, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventname,
  json_extract_scalar(requestparameters, '$.bucketName') AS bucket, sourceipaddress, errorcode, requestparameters
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND eventsource = 's3.amazonaws.com'
  AND eventname IN ('DeleteAccountPublicAccessBlock', 'DeleteBucketPolicy', 'DeleteBucketPublicAccessBlock',
    'PutAccountPublicAccessBlock', 'PutBucketAcl', 'PutBucketPolicy', 'PutBucketPublicAccessBlock', 'PutObjectAcl')
ORDER BY eventtime DESC
LIMIT 1000;
