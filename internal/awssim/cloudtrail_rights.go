package awssim

import (
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// trailMay makes the checks that CreateTrail and UpdateTrail make before they accept
// a trail: that CloudTrail will be able to deliver.
func (c *call) trailMay(t *trail, in props) error {
	b := c.S3.Buckets[str(in, "s3BucketName")]
	if b == nil {
		return refuse("S3BucketDoesNotExistException", fmt.Sprintf("S3 bucket %s does not exist!", str(in, "s3BucketName")), createTrailDoc)
	}
	if b.RequestPayer == "Requester" {
		return refuse("InsufficientS3BucketPolicyException", "CloudTrail does not deliver to a Requester Pays bucket: "+b.Name, trailBucketDoc)
	}
	if err := c.trailBucket(t, in, b); err != nil {
		return err
	}
	if err := c.trailKey(t, in, b); err != nil {
		return err
	}
	if err := c.trailLogs(t, in); err != nil {
		return err
	}
	return c.trailNotify(t, in)
}

// trailContext are the condition keys of CloudTrail's own requests.
func (a *Account) trailContext(t *trail) map[string][]string {
	owner := a.ID
	if parts, ok := splitARN(t.ARN); ok {
		owner = parts.Account
	}
	return map[string][]string{"aws:SourceArn": {t.ARN}, "aws:SourceAccount": {owner}, "aws:SecureTransport": {"true"}}
}

// trailPut are the condition keys of an upload by CloudTrail. Log files are encrypted
// as the trail says, digest files always with SSE-S3.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
func (a *Account) trailPut(t *trail, key string) map[string][]string {
	ctx := a.trailContext(t)
	ctx["s3:x-amz-acl"] = []string{"bucket-owner-full-control"}
	ctx["s3:x-amz-server-side-encryption"] = []string{sseS3}
	if key != "" {
		ctx["s3:x-amz-server-side-encryption"] = []string{sseKMS}
		ctx["s3:x-amz-server-side-encryption-aws-kms-key-id"] = []string{key}
		ctx[encryptionContextPrefix+"aws:cloudtrail:arn"] = []string{t.ARN}
	}
	return ctx
}

// trailPrefixes are the places in the bucket that the trail writes to.
func (a *Account) trailPrefixes(t *trail, prefix string) []string {
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	parts, _ := splitARN(t.ARN)
	places := []string{prefix + "AWSLogs/" + parts.Account + "/"}
	if t.Organization && a.Settings.Organization != nil {
		places = append(places, prefix+"AWSLogs/"+a.Settings.Organization.ID+"/"+parts.Account+"/")
	}
	return places
}

func (c *call) trailBucket(t *trail, in props, b *s3Bucket) error {
	bad := func(action string, err error) error {
		return refuse("InsufficientS3BucketPolicyException", fmt.Sprintf("Incorrect S3 bucket policy is detected for bucket: %s (%s as %s of trail %s: %v)",
			b.Name, action, cloudtrailService, t.ARN, err), trailBucketDoc)
	}
	service := policyeval.Principal{Service: cloudtrailService}
	if err := c.s3Authorize(service, c.trailContext(t), b, "s3:GetBucketAcl", ""); err != nil {
		return bad("s3:GetBucketAcl", err)
	}
	for _, place := range c.trailPrefixes(t, str(in, "s3KeyPrefix")) {
		if err := c.s3Authorize(service, c.trailPut(t, str(in, "kmsKeyId")), b, "s3:PutObject", place+"CloudTrail/"+t.Region+"/"); err != nil {
			return bad("s3:PutObject", err)
		}
	}
	return nil
}

// trailKey demands a key in the bucket's Region that lets CloudTrail encrypt.
func (c *call) trailKey(t *trail, in props, b *s3Bucket) error {
	id := str(in, "kmsKeyId")
	if id == "" {
		return nil
	}
	parts, _ := splitARN(id)
	if parts.Region != b.Region {
		return refuse("KmsKeyNotFoundException", fmt.Sprintf("The KMS key %s and the S3 bucket %s in %s are not in the same Region.", id, b.Name, b.Region), createTrailDoc)
	}
	service := policyeval.Principal{Service: cloudtrailService}
	ctx := c.s3KeyContext(c.trailPut(t, id), b, c.trailPrefixes(t, str(in, "s3KeyPrefix"))[0]+"CloudTrail/"+t.Region+"/")
	for _, use := range trailKeyUses(b) {
		err := c.kmsAuthorize(id, service, use.action, use.context(c.trailContext(t), ctx))
		switch {
		case err == nil:
		case refusedAs(err, "NotFoundException"):
			return refuse("KmsKeyNotFoundException", fmt.Sprintf("The specified KMS key %s does not exist.", id), createTrailDoc)
		case refusedAs(err, "DisabledException"), refusedAs(err, "KMSInvalidStateException"):
			return refuse("KmsKeyDisabledException", fmt.Sprintf("The specified KMS key %s cannot be used: %v", id, err), createTrailDoc)
		default:
			return refuse("InsufficientEncryptionPolicyException", fmt.Sprintf("Insufficient permissions to access S3 bucket %s or KMS key %s. (%s as %s: %v)",
				b.Name, id, use.action, cloudtrailService, err), trailKeyDoc)
		}
	}
	return nil
}

func (u keyUse) context(plain, encrypting map[string][]string) map[string][]string {
	if u.encrypt {
		return encrypting
	}
	return plain
}

// trailKeyUses are what CloudTrail does with a key; with an S3 Bucket Key it decrypts, too.
func trailKeyUses(b *s3Bucket) []keyUse {
	uses := []keyUse{{"kms:DescribeKey", false}, {"kms:GenerateDataKey", true}}
	if b.Encryption.BucketKey {
		uses = append(uses, keyUse{"kms:Decrypt", true})
	}
	return uses
}

// trailStreams are the names of the log streams that the trail writes to.
func (a *Account) trailStreams(t *trail) []string {
	parts, _ := splitARN(t.ARN)
	streams := []string{parts.Account + "_CloudTrail_" + t.Region}
	if t.Organization && a.Settings.Organization != nil {
		streams = append(streams, a.Settings.Organization.ID+"_"+parts.Account+"_CloudTrail_"+t.Region)
	}
	return streams
}

func (c *call) trailLogs(t *trail, in props) error {
	group, role := str(in, "cloudWatchLogsGroupArn"), str(in, "cloudWatchLogsRoleArn")
	if group == "" {
		return nil
	}
	badGroup := func(reason string) error {
		return refuse("InvalidCloudWatchLogsLogGroupArnException", fmt.Sprintf("%s (log group %s)", reason, group), trailLogsDoc)
	}
	parts, _ := splitARN(group)
	name, star := strings.CutSuffix(strings.TrimPrefix(parts.Resource, "log-group:"), ":*")
	switch {
	case !star || parts.Service != "logs":
		return badGroup("CloudTrail cannot validate the specified log group ARN: it has the form arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME:*")
	case parts.Region != t.Region:
		return badGroup("The log group and the trail are not in the same Region")
	case parts.Account != c.ID || c.Logs.Groups[regional(parts.Region, name)] == nil:
		return badGroup("CloudTrail cannot find the specified log group")
	}
	if err := c.passRole(role, cloudtrailService); err != nil {
		return err
	}
	if err := c.trusts(role, policyeval.Principal{Service: cloudtrailService}, c.trailContext(t)); err != nil {
		return refuse("InvalidCloudWatchLogsRoleArnException", fmt.Sprintf("Access denied. Check the trust relationships for your role. (%v)", err), trailLogsDoc)
	}
	for _, stream := range c.trailStreams(t) {
		for _, action := range []string{"logs:CreateLogStream", "logs:PutLogEvents"} {
			if err := c.roleMay(role, action, strings.TrimSuffix(group, "*")+"log-stream:"+stream, c.trailContext(t)); err != nil {
				return badGroup(fmt.Sprintf("Access denied. Check the permissions for your role. (%v)", err))
			}
		}
	}
	return nil
}

// trailTopic is the ARN of the topic that the trail notifies; "" for none.
func (c *call) trailTopic(in props) string {
	name := str(in, "snsTopicName")
	if name == "" || strings.HasPrefix(name, "arn:") {
		return name
	}
	return c.arn("sns", c.Region, c.ID, name)
}

func (c *call) trailNotify(t *trail, in props) error {
	arn := c.trailTopic(in)
	if arn == "" {
		return nil
	}
	topic := c.SNS.Topics[arn]
	if topic == nil {
		return refuse("InvalidSnsTopicNameException", fmt.Sprintf("SNS Topic does not exist or the topic policy is incorrect: %s", arn), createTrailDoc)
	}
	policy, err := parsePolicy(topic.Policy)
	if err != nil {
		return err
	}
	decision, err := c.allowsService(policy, cloudtrailService, "sns:Publish", arn, c.trailContext(t))
	if err != nil {
		return err
	}
	if !decision.Allowed {
		return refuse("InsufficientSnsTopicPolicyException", fmt.Sprintf("SNS Topic does not exist or the topic policy is incorrect: %s (%s)", arn, decision.Reason), trailTopicDoc)
	}
	key := str(topic.Properties, "kmsMasterKeyId")
	if key == "" {
		return nil
	}
	for _, action := range []string{"kms:GenerateDataKey", "kms:Decrypt"} {
		if err := c.kmsAuthorize(c.kmsARN(topic.Region, key), policyeval.Principal{Service: cloudtrailService}, action, c.trailContext(t)); err != nil {
			return refuse("InsufficientEncryptionPolicyException", fmt.Sprintf("Insufficient permissions to access the KMS key of SNS topic %s (%v)", arn, err), trailTopicDoc)
		}
	}
	return nil
}

// keyUse is a KMS action and whether it happens with an encryption context.
type keyUse struct {
	action  string
	encrypt bool
}
