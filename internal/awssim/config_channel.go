package awssim

import (
	"fmt"
	"maps"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	putChannelAPI    = "PutDeliveryChannel"
	putChannelDoc    = configAPI + putChannelAPI + ".html"
	channelDoc       = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-deliverychannel.html"
	configBucketDoc  = configGuide + "s3-bucket-policy.html"
	configKeyDoc     = configGuide + "s3-kms-key-policy.html"
	writabilityCheck = "ConfigWritabilityCheckFile"
	channelPrefixMax = 1024
)

// configFrequencies are how often AWS Config delivers snapshots and evaluates rules.
var configFrequencies = []string{"One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"}

func servicePrincipal(name string) policyeval.Principal { return policyeval.Principal{Service: name} }

func checkChannel(_ *call, in props) error {
	if name := str(in, "name"); len([]rune(name)) > configNameMax {
		return refuse("InvalidDeliveryChannelNameException", fmt.Sprintf("The delivery channel name %q is not valid: at most %d characters", name, configNameMax), putChannelDoc)
	}
	if bucket := str(in, "s3BucketName"); bucket == "" && present(in, "s3BucketName") && !isUnknown(in["s3BucketName"]) {
		return refuse("NoSuchBucketException", "Cannot find a S3 bucket with an empty bucket name.", putChannelDoc)
	}
	if len(str(in, "s3KeyPrefix")) > channelPrefixMax {
		return refuse("InvalidS3KeyPrefixException", fmt.Sprintf("s3KeyPrefix: at most %d characters are allowed", channelPrefixMax), putChannelDoc)
	}
	if key := str(in, "s3KmsKeyArn"); key != "" {
		if parts, ok := splitARN(key); !ok || parts.Service != "kms" {
			return refuse("InvalidS3KmsKeyArnException", fmt.Sprintf("The arn '%s' is not a valid kms key or alias arn.", key), putChannelDoc)
		}
	}
	if topic := str(in, "snsTopicArn"); topic != "" {
		if parts, ok := splitARN(topic); !ok || parts.Service != "sns" {
			return refuse("InvalidSNSTopicARNException", fmt.Sprintf("The sns topic arn '%s' is not valid.", topic), putChannelDoc)
		}
	}
	return oneOf(object(in, "snapshotDeliveryProperties"), "deliveryFrequency", "ValidationException", configAPI+"ConfigSnapshotDeliveryProperties.html", configFrequencies...)
}

// putChannel makes or changes the delivery channel of the Region. AWS Config proves
// that it can write by writing a small object.
func (c *call) putChannel(in props) (props, error) {
	if err := c.may("config:PutDeliveryChannel", "*"); err != nil {
		return nil, err
	}
	if err := c.noRecorder("delivery channel", putChannelAPI); err != nil {
		return nil, err
	}
	name := str(in, "name")
	if other := c.Config.Channels[c.Region]; other != nil && other.Name != name {
		return nil, refuse("MaxNumberOfDeliveryChannelsExceededException", fmt.Sprintf("Failed to put delivery channel '%s' because the maximum number of "+
			"delivery channels: 1 is reached: %s has '%s'.", name, c.Region, other.Name), putChannelDoc)
	}
	b := c.S3.Buckets[str(in, "s3BucketName")]
	if b == nil {
		return nil, refuse("NoSuchBucketException", fmt.Sprintf("Cannot find a S3 bucket with name '%s'.", str(in, "s3BucketName")), putChannelDoc)
	}
	if err := c.channelBucket(b); err != nil {
		return nil, err
	}
	if err := c.channelKey(str(in, "s3KmsKeyArn"), b); err != nil {
		return nil, err
	}
	if topic := str(in, "snsTopicArn"); topic != "" {
		if parts, _ := splitARN(topic); parts.Account == c.ID && c.SNS.Topics[topic] == nil {
			return nil, refuse("InvalidSNSTopicARNException", fmt.Sprintf("The sns topic arn '%s' does not exist.", topic), putChannelDoc)
		}
	}
	if err := c.configPut(c.Config.Recorders[c.Region], in, writabilityCheck); err != nil {
		return nil, err
	}
	ch := &configChannel{Name: name, Properties: maps.Clone(in)}
	delete(ch.Properties, defaultsKey)
	c.Config.Channels.put(c.Region, ch)
	return ch.Properties, nil
}

// channelBucket refuses buckets that AWS Config does not deliver to at all.
func (c *call) channelBucket(b *s3Bucket) error {
	switch {
	case b.Lock != nil && b.Lock.Mode != "":
		return refuse("InsufficientDeliveryPolicyException", fmt.Sprintf("Insufficient delivery policy to s3 bucket: %s, unable to write to bucket: "+
			"AWS Config does not deliver to a bucket with a default retention of Object Lock", b.Name), channelDoc)
	case c.Region == "cn-north-1" && b.Region != c.Region:
		return refuse("InsufficientDeliveryPolicyException", fmt.Sprintf("In cn-north-1 the bucket has to be in the same Region; %s is in %s", b.Name, b.Region), channelDoc)
	}
	return nil
}

// channelKey demands a key that exists, in the Region of the bucket.
func (c *call) channelKey(key string, b *s3Bucket) error {
	if key == "" {
		return nil
	}
	bad := func(reason string) error {
		return refuse("InvalidS3KmsKeyArnException", fmt.Sprintf("The arn '%s' is not a valid kms key or alias arn: %s", key, reason), putChannelDoc)
	}
	if parts, _ := splitARN(key); parts.Region != b.Region {
		return bad(fmt.Sprintf("bucket %s is in %s", b.Name, b.Region))
	}
	if _, managed := c.kmsManagedKey(key); managed {
		return nil
	}
	if _, err := c.kmsKeyByARN(key); err != nil {
		return bad("there is no such key")
	}
	return nil
}

// configPut lets AWS Config write one object, named below its place in the bucket, by
// the policies of the moment.
// https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
func (a *Account) configPut(r *configRecorder, channel props, object string) error {
	b := a.S3.Buckets[str(channel, "s3BucketName")]
	if b == nil {
		return noSuchBucket(str(channel, "s3BucketName"))
	}
	actor, ctx := a.configActor(r)
	bad := func(action, doc string, err error) error {
		return refuse("InsufficientDeliveryPolicyException", fmt.Sprintf("Insufficient delivery policy to s3 bucket: %s, unable to write to bucket, "+
			"provided s3 key prefix is '%s', provided kms key is '%s' (%s as %s: %v)",
			b.Name, str(channel, "s3KeyPrefix"), str(channel, "s3KmsKeyArn"), action, requester(actor), err), doc)
	}
	for _, action := range []string{"s3:GetBucketAcl", "s3:ListBucket"} {
		if err := a.s3Authorize(actor, ctx, b, action, ""); err != nil {
			return bad(action, configBucketDoc, err)
		}
	}
	put := maps.Clone(ctx)
	put["s3:x-amz-acl"] = []string{"bucket-owner-full-control"}
	doc := configBucketDoc
	if key := str(channel, "s3KmsKeyArn"); key != "" {
		doc = configKeyDoc
		put["s3:x-amz-server-side-encryption"] = []string{sseKMS}
		put["s3:x-amz-server-side-encryption-aws-kms-key-id"] = []string{key}
	}
	if err := a.s3Put(actor, put, b, configPlace(a.ID, channel)+object); err != nil {
		return bad("s3:PutObject", doc, err)
	}
	return nil
}

// configPlace is where a channel delivers to in its bucket.
func configPlace(account string, channel props) string {
	prefix := str(channel, "s3KeyPrefix")
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return prefix + "AWSLogs/" + account + "/Config/"
}

func createChannel(c *call, in props) (string, props, error) {
	out, err := c.putChannel(in)
	return str(in, "name"), out, err
}

func (c *call) channel(name string) *configChannel {
	if ch := c.Config.Channels[c.Region]; ch != nil && ch.Name == name {
		return ch
	}
	return nil
}

func readChannel(c *call, id string, _ props) (props, error) {
	ch := c.channel(id)
	if ch == nil {
		return nil, errNotFound
	}
	return ch.Properties, c.may("config:DescribeDeliveryChannels", "*")
}

func updateChannel(c *call, id string, _, in props) (props, error) {
	if c.channel(id) == nil {
		return nil, refuse("NoSuchDeliveryChannelException", fmt.Sprintf("Cannot find delivery channel with specified name '%s'.", id), putChannelDoc)
	}
	return c.putChannel(in)
}

func deleteChannel(c *call, id string, _ props) error {
	if c.channel(id) == nil {
		return errNotFound
	}
	if err := c.may("config:DeleteDeliveryChannel", "*"); err != nil {
		return err
	}
	if r := c.Config.Recorders[c.Region]; r != nil && r.Recording {
		return refuse("LastDeliveryChannelDeleteFailedException", fmt.Sprintf("Failed to delete last specified delivery channel with name '%s', "+
			"because there is a running configuration recorder.", id), configAPI+"DeleteDeliveryChannel.html")
	}
	delete(c.Config.Channels, c.Region)
	return nil
}
