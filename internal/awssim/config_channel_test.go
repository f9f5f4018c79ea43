package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestChannelRefusals(t *testing.T) {
	r := newConfigured(t)
	r.create(recorderToken, "r", recorderInputs(nil))
	r.create(bucketToken, "bare", props{"bucket": "bare"})
	r.refuses([]refusal{
		{"name too long", channelToken, channelInputs(props{"name": strings.Repeat("n", 257)}), "InvalidDeliveryChannelNameException"},
		{"no bucket", channelToken, channelInputs(props{"s3BucketName": "none"}), "NoSuchBucketException"},
		{"empty bucket", channelToken, channelInputs(props{"s3BucketName": ""}), "NoSuchBucketException"},
		{"bucket without policy", channelToken, channelInputs(props{"s3BucketName": "bare"}), "InsufficientDeliveryPolicyException"},
		{"another prefix", channelToken, channelInputs(props{"s3KeyPrefix": "p"}), "InsufficientDeliveryPolicyException"},
		{"prefix too long", channelToken, channelInputs(props{"s3KeyPrefix": strings.Repeat("p", 1025)}), "InvalidS3KeyPrefixException"},
		{"key no ARN", channelToken, channelInputs(props{"s3KmsKeyArn": "alias/config"}), "InvalidS3KmsKeyArnException"},
		{"key that is not", channelToken, channelInputs(props{"s3KmsKeyArn": "arn:aws:kms:ap-northeast-1:123456789012:key/none"}), "InvalidS3KmsKeyArnException"},
		{"key of another Region", channelToken, channelInputs(props{"s3KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/none"}), "InvalidS3KmsKeyArnException"},
		{"topic no ARN", channelToken, channelInputs(props{"snsTopicArn": "alerts"}), "InvalidSNSTopicARNException"},
		{"topic that is not", channelToken, channelInputs(props{"snsTopicArn": "arn:aws:sns:ap-northeast-1:123456789012:none"}), "InvalidSNSTopicARNException"},
		{"unknown frequency", channelToken, channelInputs(props{"snapshotDeliveryProperties": props{"deliveryFrequency": "Daily"}}), "ValidationException"},
	})
}

// TestChannelBucketPolicy: each statement that AWS's page lists is needed, for this account.
func TestChannelBucketPolicy(t *testing.T) {
	put := configStatements("123456789012")[1]
	for name, row := range map[string]struct {
		statements []props
		refusal    string
	}{
		"as documented":               {configStatements("123456789012"), ""},
		"without conditions":          {[]props{grants(service(configService), "s3:*", []any{configBucketARN, configBucketARN + "/*"})}, ""},
		"another account":             {configStatements("999999999999"), "InsufficientDeliveryPolicyException"},
		"without PutObject":           {configStatements("123456789012")[:1], "s3:PutObject as config.amazonaws.com"},
		"without GetBucketAcl":        {[]props{put, grants(service(configService), "s3:ListBucket", configBucketARN)}, "s3:GetBucketAcl as config.amazonaws.com"},
		"without ListBucket":          {[]props{put, grants(service(configService), "s3:GetBucketAcl", configBucketARN)}, "s3:ListBucket as config.amazonaws.com"},
		"another service":             {[]props{grants(service(cloudtrailService), "s3:*", []any{configBucketARN, configBucketARN + "/*"})}, "InsufficientDeliveryPolicyException"},
		"the service-linked role":     {[]props{grants(props{"AWS": configLinkedARN}, "s3:*", []any{configBucketARN, configBucketARN + "/*"})}, "InsufficientDeliveryPolicyException"},
		"another Region's folder":     {[]props{configStatements("123456789012")[0], grants(service(configService), "s3:PutObject", configBucketARN+"/AWSLogs/*/Config/us-east-1/*")}, "InsufficientDeliveryPolicyException"},
		"denied without TLS 1.3":      {append(configStatements("123456789012"), denies("s3:*", configBucketARN+"/*", props{"NumericLessThan": props{"s3:TlsVersion": "1.3"}})), "InsufficientDeliveryPolicyException"},
		"TLS only":                    {append(configStatements("123456789012"), denies("s3:*", configBucketARN+"/*", props{"Bool": props{"aws:SecureTransport": "false"}})), ""},
		"an ACL that is not asked of": {[]props{configStatements("123456789012")[0], given(put, props{"StringEquals": props{"s3:x-amz-acl": "private"}})}, "InsufficientDeliveryPolicyException"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newConfigured(t)
			r.create(recorderToken, "r", recorderInputs(nil))
			require.NoError(t, r.update(r.bucketPolicy, props{"bucket": "history", "policy": policy(row.statements...)}))
			_, err := r.try(channelToken, "c", channelInputs(nil))
			if row.refusal != "" {
				refusedWith(t, err, row.refusal)
				refusedWith(t, err, "InsufficientDeliveryPolicyException")
				return
			}
			require.NoError(t, err)
			assert.Contains(t, r.account().S3.Buckets["history"].Objects, "AWSLogs/123456789012/Config/ConfigWritabilityCheckFile")
		})
	}
}

// TestChannelRole: a role of the account's own delivers by its own rights.
func TestChannelRole(t *testing.T) {
	r := newConfigured(t)
	trust := strings.ReplaceAll(trustCloudTrail, cloudtrailService, configService)
	r.create(roleToken, "own", props{"name": "own", "assumeRolePolicy": trust})
	r.create(recorderToken, "r", recorderInputs(props{"roleArn": "arn:aws:iam::123456789012:role/own"}))
	_, err := r.try(channelToken, "c", channelInputs(nil))
	refusedWith(t, err, "InsufficientDeliveryPolicyException")
	r.create(rolePolicyToken, "own", props{"role": "own", "policy": statement("Allow", "s3:*")})
	r.create(channelToken, "c", channelInputs(nil))
}

func TestChannelObjectLock(t *testing.T) {
	r := newConfigured(t)
	r.create(recorderToken, "r", recorderInputs(nil))
	r.create(versioningToken, "v", props{"bucket": "history", "versioningConfiguration": props{"status": "Enabled"}})
	lock := r.create(lockToken, "l", props{"bucket": "history", "objectLockEnabled": "Enabled"})
	channel := r.create(channelToken, "c", channelInputs(nil))
	require.NoError(t, r.update(lock, props{"bucket": "history", "objectLockEnabled": "Enabled",
		"rule": props{"defaultRetention": props{"mode": "GOVERNANCE", "days": 1}}}))
	refusedWith(t, r.update(channel, channelInputs(props{"snapshotDeliveryProperties": props{"deliveryFrequency": "One_Hour"}})), "InsufficientDeliveryPolicyException")
}

func TestChannelKey(t *testing.T) {
	for name, row := range map[string]struct {
		statement props
		refused   bool
	}{
		"granted":         {ofAccount(grants(service(configService), []any{"kms:Decrypt", "kms:GenerateDataKey"}, "*"), "123456789012"), false},
		"another account": {ofAccount(grants(service(configService), []any{"kms:Decrypt", "kms:GenerateDataKey"}, "*"), "999999999999"), true},
		"decrypt alone":   {grants(service(configService), "kms:Decrypt", "*"), true},
		"the role":        {grants(props{"AWS": configLinkedARN}, "kms:*", "*"), true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newConfigured(t)
			r.create(recorderToken, "r", recorderInputs(nil))
			key := r.create(keyToken, "k", props{"policy": trailKeyPolicy(r.client, row.statement)}).str("arn")
			check := func(in props) {
				_, err := r.try(channelToken, "c", in)
				if row.refused {
					refusedWith(t, err, "InsufficientDeliveryPolicyException")
				} else {
					require.NoError(t, err)
				}
			}
			check(channelInputs(props{"s3KmsKeyArn": key}))
			r.create(encryptionToken, "e", props{"bucket": "history", "rules": []any{props{"bucketKeyEnabled": true,
				"applyServerSideEncryptionByDefault": props{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}}}})
			check(channelInputs(nil))
		})
	}
}

func TestConfigDeliver(t *testing.T) {
	r := newConfigured(t)
	require.ErrorContains(t, r.account().ConfigDeliver(testRegion), "NoAvailableConfigurationRecorderException")
	_, _, status := r.recording()
	require.NoError(t, r.account().ConfigDeliver(testRegion))
	keys := sortedKeys(r.account().S3.Buckets["history"].Objects)
	require.Len(t, keys, 3)
	assert.Regexp(t, `^AWSLogs/123456789012/Config/ap-northeast-1/\d{4}/\d{1,2}/\d{1,2}/ConfigHistory/123456789012_Config_ap-northeast-1_ConfigHistory_`, keys[1])
	assert.Regexp(t, `/ConfigSnapshot/123456789012_Config_ap-northeast-1_ConfigSnapshot_\d{8}T\d{6}Z_[0-9a-f-]{36}\.json\.gz$`, keys[2])

	require.NoError(t, r.update(r.bucketPolicy, props{"bucket": "history", "policy": policy(configStatements("999999999999")...)}))
	require.ErrorContains(t, r.account().ConfigDeliver(testRegion), "InsufficientDeliveryPolicyException")
	require.NoError(t, r.update(status, props{"name": "default", "isEnabled": false}))
	require.ErrorContains(t, r.account().ConfigDeliver(testRegion), "NoRunningConfigurationRecorderException")
}

func TestConfigDeliverNotifies(t *testing.T) {
	r := newConfigured(t)
	topic := r.create("aws:sns/topic:Topic", "t", props{"name": "config"}).str("arn")
	r.recording()
	r.create(channelToken, "c", channelInputs(props{"snsTopicArn": topic}))
	require.ErrorContains(t, r.account().ConfigDeliver(testRegion), "sns:Publish")
	r.create("aws:sns/topicPolicy:TopicPolicy", "t", props{"arn": topic, "policy": policy(ofAccount(grants(service(configService), "sns:Publish", topic), "123456789012"))})
	require.NoError(t, r.account().ConfigDeliver(testRegion))
}
