package awssim

import (
	"fmt"
)

// s3PutLogging demands a target that log delivery can write to.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
func s3PutLogging(c *call, b *s3Bucket, in props) error {
	const doc = s3Doc + "userguide/ServerLogs.html"
	name := s3BucketName(str(in, "targetBucket"))
	target := c.S3.Buckets[name]
	bad := func(reason string) error {
		return refuse("InvalidTargetBucketForLogging", fmt.Sprintf("target bucket %s: %s", name, reason), doc)
	}
	switch {
	case target == nil:
		return bad("The target bucket for logging does not exist")
	case target.Owner != b.Owner:
		return bad("The owner for the bucket to be logged and the target bucket must be the same")
	case target.Region != b.Region:
		return refuse("CrossLocationLoggingProhibited", "Cross S3 location logging not allowed: a bucket's access logs stay in its Region", doc)
	case target.Lock != nil:
		return bad("S3 buckets with Object Lock can't be used as destination buckets for server access logs")
	case target.Encryption.Algorithm != sseS3:
		return bad("default encryption with SSE-KMS is not supported for server access logs; only SSE-S3 is")
	case target.RequestPayer == "Requester":
		return bad("a Requester Pays bucket is not supported as a target for server access logs")
	case len(list(in, "targetGrants")) > 0 && target.Ownership == bucketOwnerEnforced:
		return refuse("InvalidArgument", "target grants are not supported: the target bucket does not allow ACLs", doc)
	}
	if target.Ownership == bucketOwnerEnforced || target.ACL != cannedLogDelivery {
		policy, err := parsePolicy(target.Policy)
		if err != nil {
			return err
		}
		object := c.bucketARN(name) + "/" + str(in, "targetPrefix") + "2006-01-02-15-04-05-0123456789ABCDEF"
		decision, err := c.allowsService(policy, logDeliveryService, "s3:PutObject", object, s3Context(map[string][]string{
			"aws:SourceArn": {c.bucketARN(b.Name)}, "aws:SourceAccount": {b.Owner},
		}))
		if err != nil {
			return err
		}
		if !decision.Allowed {
			return bad(fmt.Sprintf("its policy does not let %s write %s (%s)", logDeliveryService, object, decision.Reason))
		}
	}
	b.Logging = props{}
	for _, property := range []string{"targetBucket", "targetPrefix", "targetGrants", "targetObjectKeyFormat"} {
		b.Logging[property] = in[property]
	}
	return nil
}

// s3PutNotification demands destinations that let S3 deliver to them.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
func s3PutNotification(c *call, b *s3Bucket, in props) error {
	const doc = s3Doc + "userguide/grant-destinations-permissions-to-s3.html"
	ctx := map[string][]string{"aws:SourceArn": {c.bucketARN(b.Name)}, "aws:SourceAccount": {b.Owner}}
	check := func(property, arnProperty, action string, policyOf func(arn string) (string, bool)) error {
		for _, destination := range objects(in, property) {
			arn := str(destination, arnProperty)
			text, ok := policyOf(arn)
			if !ok {
				return refuse("InvalidArgument", "Unable to validate the following destination configurations: "+arn+" does not exist", doc)
			}
			policy, err := parsePolicy(text)
			if err != nil {
				return err
			}
			decision, err := c.allowsService(policy, "s3.amazonaws.com", action, arn, ctx)
			if err != nil {
				return err
			}
			if !decision.Allowed {
				return refuse("InvalidArgument", fmt.Sprintf("Unable to validate the following destination configurations: "+
					"the policy of %s does not let s3.amazonaws.com do %s (%s)", arn, action, decision.Reason), doc)
			}
		}
		return nil
	}
	if err := check("topics", "topicArn", "sns:Publish", c.topicPolicyOf); err != nil {
		return err
	}
	if err := check("queues", "queueArn", "sqs:SendMessage", c.queuePolicyOf); err != nil {
		return err
	}
	b.Notification = props{}
	for _, property := range []string{"eventbridge", "lambdaFunctions", "queues", "topics"} {
		b.Notification[property] = in[property]
	}
	return nil
}
