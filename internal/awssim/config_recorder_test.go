package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	recorderToken       = "aws:cfg/recorder:Recorder"
	recorderStatusToken = "aws:cfg/recorderStatus:RecorderStatus"
	channelToken        = "aws:cfg/deliveryChannel:DeliveryChannel"
	configLinkedARN     = "arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
	configBucketARN     = "arn:aws:s3:::history"
)

// configured is an account with a bucket that AWS Config may deliver to and its
// service-linked role.
type configured struct {
	*client
	role, bucketPolicy *made
}

func ofAccount(s props, account string) props {
	return given(s, props{"StringEquals": props{"AWS:SourceAccount": account}})
}

func configStatements(account string) []props {
	return []props{
		ofAccount(grants(service(configService), []any{"s3:GetBucketAcl", "s3:ListBucket"}, configBucketARN), account),
		given(grants(service(configService), "s3:PutObject", configBucketARN+"/AWSLogs/123456789012/Config/*"),
			props{"StringEquals": props{"AWS:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control"}}),
	}
}

func newConfigured(t *testing.T) *configured {
	t.Helper()
	c := serve(t)
	r := &configured{client: c}
	c.create(bucketToken, "history", props{"bucket": "history"})
	r.bucketPolicy = c.create(policyToken, "history", props{"bucket": "history", "policy": policy(configStatements("123456789012")...)})
	r.role = c.create(linkedToken, "config", props{"awsServiceName": configService})
	return r
}

// recording makes recorder, channel and started status.
func (r *configured) recording() (recorder, channel, status *made) {
	r.t.Helper()
	recorder = r.create(recorderToken, "r", recorderInputs(nil))
	channel = r.create(channelToken, "c", channelInputs(nil))
	status = r.create(recorderStatusToken, "s", props{"name": "default", "isEnabled": true})
	return recorder, channel, status
}

func recorderInputs(changes props) props {
	return with(props{"name": "default", "roleArn": configLinkedARN}, changes)
}

func channelInputs(changes props) props {
	return with(props{"name": "default", "s3BucketName": "history"}, changes)
}

// group are the inputs of a recorder with a recording group.
func group(g props) props { return recorderInputs(props{"recordingGroup": g}) }

func strategy(use string) []any { return []any{props{"useOnly": use}} }

func excluding(types ...any) []any { return []any{props{"resourceTypes": types}} }

func TestRecordingLife(t *testing.T) {
	r := newConfigured(t)
	recorder, channel, status := r.recording()
	for _, m := range []*made{recorder, channel, status} {
		assert.Equal(t, "default", m.id)
		r.unchanged(m)
		r.imported(m)
	}
	assert.Equal(t, "ALL_SUPPORTED_RESOURCE_TYPES", str(objects(object(recorder.state, "recordingGroup"), "recordingStrategies")[0], "useOnly"))

	refusedWith(t, r.remove(channel), "LastDeliveryChannelDeleteFailedException")
	refusedWith(t, r.remove(r.role), "configuration recorder default")
	require.NoError(t, r.update(status, props{"name": "default", "isEnabled": false}))
	require.NoError(t, r.update(status, props{"name": "default", "isEnabled": true}))
	require.NoError(t, r.account().Update(func(a *Account) { a.Config.Recorders[testRegion].Recording = false }))
	require.True(t, r.read(status))
	assert.Equal(t, false, status.inputs["isEnabled"], "a recorder that somebody stopped is drift")

	require.NoError(t, r.remove(status))
	require.NoError(t, r.remove(channel))
	require.NoError(t, r.remove(recorder))
	require.NoError(t, r.remove(r.role))
	for _, m := range []*made{recorder, channel, status} {
		assert.False(t, r.read(m))
		require.NoError(t, r.remove(m))
	}
}

func TestRecordingOrder(t *testing.T) {
	r := newConfigured(t)
	_, err := r.try(channelToken, "c", channelInputs(nil))
	refusedWith(t, err, "NoAvailableConfigurationRecorderException")
	_, err = r.try(recorderStatusToken, "s", props{"name": "default", "isEnabled": true})
	refusedWith(t, err, "NoSuchConfigurationRecorderException")

	recorder := r.create(recorderToken, "r", recorderInputs(nil))
	_, err = r.try(recorderStatusToken, "s", props{"name": "default", "isEnabled": true})
	refusedWith(t, err, "NoAvailableDeliveryChannelException")
	_, err = r.try(recorderToken, "r2", recorderInputs(props{"name": "second"}))
	refusedWith(t, err, "MaxNumberOfConfigurationRecordersExceededException")

	r.create(channelToken, "c", channelInputs(nil))
	_, err = r.try(channelToken, "c2", channelInputs(props{"name": "second"}))
	refusedWith(t, err, "MaxNumberOfDeliveryChannelsExceededException")
	r.create(recorderStatusToken, "s", props{"name": "default", "isEnabled": true})

	// Another Region has its own recorder; the bucket may be elsewhere.
	virginia := r.in("us-east-1")
	virginia.create(recorderToken, "r", recorderInputs(props{"name": "second"}))
	virginia.create(channelToken, "c", channelInputs(nil))
	assert.False(t, virginia.read(recorder), "a recorder belongs to its Region")

	// The same name is an update, as the API has it.
	require.NoError(t, r.update(recorder, recorderInputs(props{"recordingMode": props{"recordingFrequency": "DAILY"}})))
	assert.True(t, r.account().Config.Recorders[testRegion].Recording, "a changed recorder runs on")
	require.NoError(t, r.remove(recorder), "a running recorder can be deleted")
}

func TestRecorderRefusals(t *testing.T) {
	r := newConfigured(t)
	r.create(roleToken, "other", props{"name": "other", "assumeRolePolicy": trustCloudTrail})
	mode := func(m props) props { return recorderInputs(props{"recordingMode": m}) }
	override := func(frequency string, types ...any) props {
		return props{"recordingFrequency": "CONTINUOUS", "recordingModeOverride": props{"recordingFrequency": frequency, "resourceTypes": types}}
	}
	const group1, bucket = "AWS::EC2::SecurityGroup", "AWS::S3::Bucket"
	r.refuses([]refusal{
		{"reserved name", recorderToken, recorderInputs(props{"name": "AWSConfigurationRecorderForX"}), "InvalidConfigurationRecorderNameException"},
		{"name too long", recorderToken, recorderInputs(props{"name": strings.Repeat("n", 257)}), "InvalidConfigurationRecorderNameException"},
		{"role no ARN", recorderToken, recorderInputs(props{"roleArn": "config"}), "invalid ARN"},
		{"role that is not", recorderToken, recorderInputs(props{"roleArn": "arn:aws:iam::123456789012:role/none"}), "InvalidRoleException"},
		{"role that trusts another", recorderToken, recorderInputs(props{"roleArn": "arn:aws:iam::123456789012:role/other"}), "InvalidRoleException"},
		{"unknown strategy", recorderToken, group(props{"recordingStrategies": strategy("NOTHING")}), "ValidationException"},
		{"two strategies", recorderToken, group(props{"recordingStrategies": append(strategy(recordAll), strategy(recordAll)...)}), "InvalidRecordingGroupException"},
		{"unknown type", recorderToken, group(props{"allSupported": false, "resourceTypes": []any{"AWS::S3::Bukket"}}), "ValidationException"},
		{"unknown excluded type", recorderToken, group(props{"allSupported": false, "recordingStrategies": strategy(recordExcluding), "exclusionByResourceTypes": excluding("AWS::X")}), "ValidationException"},
		{"types beside all", recorderToken, group(props{"resourceTypes": []any{bucket}}), "InvalidRecordingGroupException"},
		{"inclusion beside all", recorderToken, group(props{"recordingStrategies": strategy(recordIncluded), "resourceTypes": []any{bucket}}), "InvalidRecordingGroupException"},
		{"exclusion beside all", recorderToken, group(props{"recordingStrategies": strategy(recordExcluding), "exclusionByResourceTypes": excluding(bucket)}), "InvalidRecordingGroupException"},
		{"nothing at all", recorderToken, group(props{"allSupported": false}), "InvalidRecordingGroupException"},
		{"all without all", recorderToken, group(props{"allSupported": false, "recordingStrategies": strategy(recordAll)}), "InvalidRecordingGroupException"},
		{"inclusion of nothing", recorderToken, group(props{"allSupported": false, "recordingStrategies": strategy(recordIncluded)}), "InvalidRecordingGroupException"},
		{"exclusion of nothing", recorderToken, group(props{"allSupported": false, "recordingStrategies": strategy(recordExcluding)}), "InvalidRecordingGroupException"},
		{"exclusion without strategy", recorderToken, group(props{"allSupported": false, "exclusionByResourceTypes": excluding(bucket)}), "InvalidRecordingGroupException"},
		{"global types without all", recorderToken, group(props{"allSupported": false, "includeGlobalResourceTypes": true, "resourceTypes": []any{bucket}}), "InvalidRecordingGroupException"},
		{"unknown frequency", recorderToken, mode(props{"recordingFrequency": "HOURLY"}), "ValidationException"},
		{"override without types", recorderToken, mode(override("DAILY")), "has 0 items"},
		{"override of an unknown type", recorderToken, mode(override("DAILY", "AWS::X")), "ValidationException"},
		{"override with an unknown frequency", recorderToken, mode(override("HOURLY", bucket)), "ValidationException"},
		{"compliance daily", recorderToken, mode(override("DAILY", "AWS::Config::ResourceCompliance")), "ValidationException"},
		{"packs daily", recorderToken, mode(override("DAILY", "AWS::Config::ConformancePackCompliance")), "ValidationException"},
		{"recorder daily", recorderToken, mode(override("DAILY", "AWS::Config::ConfigurationRecorder")), "ValidationException"},
		{"included compliance daily", recorderToken, with(group(props{"allSupported": false, "resourceTypes": []any{"AWS::Config::ResourceCompliance"}}),
			props{"recordingMode": props{"recordingFrequency": "DAILY"}}), "ValidationException"},
		{"override of what is not included", recorderToken, with(group(props{"allSupported": false, "resourceTypes": []any{bucket}}),
			props{"recordingMode": override("DAILY", group1)}), "InvalidRecordingGroupException"},
		{"override of what is excluded", recorderToken, with(group(props{"allSupported": false, "recordingStrategies": strategy(recordExcluding), "exclusionByResourceTypes": excluding(bucket)}),
			props{"recordingMode": override("DAILY", bucket)}), "InvalidRecordingGroupException"},
	})
}

func TestRecorderAccepted(t *testing.T) {
	r := newConfigured(t)
	for name, in := range map[string]props{
		"global types":                      group(props{"allSupported": true, "includeGlobalResourceTypes": true}),
		"daily for all":                     recorderInputs(props{"recordingMode": props{"recordingFrequency": "DAILY"}}),
		"inclusion by list":                 group(props{"allSupported": false, "resourceTypes": []any{"AWS::IAM::User"}}),
		"inclusion by strategy":             group(props{"allSupported": false, "recordingStrategies": strategy(recordIncluded), "resourceTypes": []any{"AWS::S3::Bucket"}}),
		"exclusion":                         group(props{"allSupported": false, "recordingStrategies": strategy(recordExcluding), "exclusionByResourceTypes": excluding("AWS::S3::Bucket")}),
		"compliance continuous among daily": with(group(props{"allSupported": false, "resourceTypes": []any{"AWS::Config::ResourceCompliance", "AWS::S3::Bucket"}}), props{"recordingMode": props{"recordingFrequency": "DAILY", "recordingModeOverride": props{"recordingFrequency": "CONTINUOUS", "resourceTypes": []any{"AWS::Config::ResourceCompliance"}}}}),
	} {
		t.Run(name, func(t *testing.T) {
			m := r.create(recorderToken, "r", in)
			r.unchanged(m)
			r.imported(m)
		})
	}
}

func TestIAMTypesInNewRegions(t *testing.T) {
	r := newConfigured(t)
	require.NoError(t, r.account().Update(func(a *Account) { a.Settings.OptInRegions = []string{"eu-central-2", "eu-south-1"} }))
	zurich, milan := r.in("eu-central-2"), r.in("eu-south-1")
	global := group(props{"allSupported": true, "includeGlobalResourceTypes": true})
	users := group(props{"allSupported": false, "resourceTypes": []any{"AWS::IAM::User"}})
	zurich.refuses([]refusal{
		{"global", recorderToken, global, "InvalidRecordingGroupException"},
		{"users", recorderToken, users, "InvalidRecordingGroupException"},
	})
	zurich.create(recorderToken, "r", group(props{"allSupported": false, "recordingStrategies": strategy(recordExcluding), "exclusionByResourceTypes": excluding("AWS::IAM::User")}))
	milan.create(recorderToken, "r", global)
	milan.create(recorderToken, "r", users)
}

func TestRecorderReplacement(t *testing.T) {
	r := newConfigured(t)
	recorder, channel, _ := r.recording()
	assert.Empty(t, r.diff(recorder, recorderInputs(props{"recordingMode": props{"recordingFrequency": "DAILY"}})).GetReplaces())
	assert.Empty(t, r.diff(channel, channelInputs(props{"snapshotDeliveryProperties": props{"deliveryFrequency": "One_Hour"}})).GetReplaces())
	assert.Equal(t, []string{"name"}, r.diff(recorder, recorderInputs(props{"name": "other"})).GetReplaces())
	assert.Equal(t, []string{"name"}, r.diff(channel, channelInputs(props{"name": "other"})).GetReplaces())
}
