-- Which security groups were changed, by whom.
-- A port is open that should not be, or a security-group alert arrived.
-- Looks 7 days back: change interval '7' day for another period.
SELECT eventtime, awsregion, coalesce(useridentity.arn, useridentity.invokedby) AS principal, eventname,
  coalesce(json_extract_scalar(requestparameters, '$.groupId'), json_extract_scalar(responseelements, '$.groupId'),
    json_extract_scalar(requestparameters, '$.ModifySecurityGroupRulesRequest.GroupId')) AS security_group,
  sourceipaddress, errorcode, requestparameters
FROM cloudtrail_logs
WHERE date >= date_format(current_date - interval '7' day, '%Y/%m/%d')
  AND eventsource = 'ec2.amazonaws.com'
  AND eventname IN ('AuthorizeSecurityGroupEgress', 'AuthorizeSecurityGroupIngress', 'CreateSecurityGroup',
    'DeleteSecurityGroup', 'ModifySecurityGroupRules', 'RevokeSecurityGroupEgress', 'RevokeSecurityGroupIngress')
ORDER BY eventtime DESC
LIMIT 1000;
