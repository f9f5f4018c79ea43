package awssim

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	ebsEncryptionToken = "aws:ebs/encryptionByDefault:EncryptionByDefault"
	ebsKeyToken        = "aws:ebs/defaultKmsKey:DefaultKmsKey"
	snapshotBlockToken = "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess"
	imageBlockToken    = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess"
	metadataToken      = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults"
	serialToken        = "aws:ec2/serialConsoleAccess:SerialConsoleAccess"
)

var requireTokens = props{"httpTokens": "required", "httpPutResponseHopLimit": 2}

// regionSettings are the settings of a Region with what an account has before, when
// hardened, and after removal, as Hardening shows it.
var regionSettings = []struct {
	token                  string
	in                     props
	id                     string
	of                     func(Hardening) any
	before, hardened, gone any
	importable             bool
}{
	{ebsEncryptionToken, props{"enabled": true}, "123456789012", func(h Hardening) any { return h.EBSEncryptionByDefault }, false, true, false, true},
	{serialToken, props{"enabled": false}, "123456789012", func(h Hardening) any { return h.SerialConsoleAccess }, false, false, false, true},
	{snapshotBlockToken, props{"state": "block-all-sharing"}, "us-west-2", func(h Hardening) any { return h.SnapshotBlockPublicAccess }, "unblocked", "block-all-sharing", "unblocked", true},
	{imageBlockToken, props{"state": "block-new-sharing"}, "123456789012", func(h Hardening) any { return h.ImageBlockPublicAccess }, "unblocked", "block-new-sharing", "block-new-sharing", false},
	{
		metadataToken, requireTokens, "123456789012", func(h Hardening) any { return h.InstanceMetadata },
		InstanceMetadataDefaults{}, InstanceMetadataDefaults{HTTPTokens: "required", HTTPPutResponseHopLimit: 2}, InstanceMetadataDefaults{}, false,
	},
}

// TestRegionSettings: each setting is taken over in its own Region only, is drift when
// somebody changes it, and returns to what its removal leaves.
func TestRegionSettings(t *testing.T) {
	for _, row := range regionSettings {
		t.Run(row.token, func(t *testing.T) {
			c := serve(t).in("us-west-2")
			fresh := c.account().Hardening("us-west-2")
			assert.Equal(t, row.before, row.of(fresh))
			m := c.create(row.token, "s", row.in)
			assert.Equal(t, row.id, m.id)
			assert.Equal(t, row.hardened, row.of(c.account().Hardening("us-west-2")))
			assert.Equal(t, row.before, row.of(c.account().Hardening("us-east-1")), "another Region is not touched")
			c.unchanged(m)
			if row.importable {
				c.imported(m)
				c.imported(&made{token: m.token, name: m.name, id: "default", inputs: m.inputs})
			}
			c.create(row.token, "again", row.in) // there is one; whoever declares it sets it
			require.NoError(t, c.update(m, row.in))
			require.NoError(t, c.remove(m))
			assert.Equal(t, row.gone, row.of(c.account().Hardening("us-west-2")))
		})
	}
}

func TestRegionSettingsDrift(t *testing.T) {
	c := serve(t)
	all := map[string]*made{}
	for _, row := range regionSettings {
		all[row.token] = c.create(row.token, "s", row.in)
	}
	require.NoError(t, c.account().Update(func(a *Account) {
		r := a.EC2.Regions[testRegion]
		r.EncryptionByDefault, r.SerialConsole, r.SnapshotBlock, r.ImageBlock = false, true, "", ""
		r.Metadata.HTTPTokens = "optional"
	}))
	for token, property := range map[string]string{
		ebsEncryptionToken: "enabled", serialToken: "enabled", snapshotBlockToken: "state", imageBlockToken: "state", metadataToken: "httpTokens",
	} {
		m := all[token]
		wanted := m.inputs
		require.True(t, c.read(m), token)
		assert.Equal(t, []string{property}, c.diff(m, wanted).GetDiffs(), token)
	}
	require.NoError(t, c.account().Update(func(a *Account) { a.EC2.Regions[testRegion].Metadata = InstanceMetadataDefaults{} }))
	assert.False(t, c.read(all[metadataToken]), "where nothing is preferred the provider finds nothing")
}

func TestRegionSettingsRefusals(t *testing.T) {
	c := serve(t)
	c.refuses([]refusal{
		{"snapshots, no state", snapshotBlockToken, props{}, "missing required property"},
		{"snapshots, unknown state", snapshotBlockToken, props{"state": "blocked"}, "InvalidParameterValue"},
		{"snapshots unblocked", snapshotBlockToken, props{"state": "unblocked"}, "unblocked is not a valid value for EnableSnapshotBlockPublicAccess"},
		{"AMIs, no state", imageBlockToken, props{}, "missing required property"},
		{"AMIs, state of snapshots", imageBlockToken, props{"state": "block-all-sharing"}, "allowed are block-new-sharing, unblocked"},
		{"metadata, nothing given", metadataToken, props{}, "at least one of"},
		{"metadata, tokens", metadataToken, props{"httpTokens": "yes"}, "InvalidParameterValue"},
		{"metadata, endpoint", metadataToken, props{"httpEndpoint": "on"}, "InvalidParameterValue"},
		{"metadata, tags", metadataToken, props{"instanceMetadataTags": "on"}, "InvalidParameterValue"},
		{"metadata, 0 hops", metadataToken, props{"httpPutResponseHopLimit": 0}, "1 to 64, or -1"},
		{"metadata, 65 hops", metadataToken, props{"httpPutResponseHopLimit": 65}, "1 to 64, or -1"},
		{"metadata, half a hop", metadataToken, props{"httpPutResponseHopLimit": 1.5}, "whole number"},
	})
	c.create(metadataToken, "any", props{"httpPutResponseHopLimit": -1})
	assert.Equal(t, InstanceMetadataDefaults{}, c.account().Hardening(testRegion).InstanceMetadata)
	c.create(metadataToken, "most", props{"httpPutResponseHopLimit": 64})
	on := c.create(serialToken, "on", props{})
	assert.True(t, c.account().Hardening(testRegion).SerialConsoleAccess, "an absent value switches on")
	assert.Empty(t, c.diff(on, props{"enabled": true}).GetDiffs())
	assert.Equal(t, []string{"enabled"}, c.diff(on, props{"enabled": false}).GetDiffs())
	c.create(imageBlockToken, "open", props{"state": "unblocked"})
	for _, token := range []string{imageBlockToken, metadataToken} {
		assert.ErrorContains(t, c.importing(token, "123456789012"), "doesn't support import")
	}
}

// TestRegionSettingsRights: whoever may not change a setting does not.
func TestRegionSettingsRights(t *testing.T) {
	c := serve(t)
	require.NoError(t, c.account().Update(func(a *Account) {
		a.IAM.Roles["account-baseline-deployer"].Inline = map[string]string{
			"no": `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["ec2:*Block*","ec2:*Ebs*","ec2:*SerialConsole*","ec2:*Metadata*"],"Resource":"*"}]}`,
		}
	}))
	before := c.account().Hardening(testRegion)
	for _, row := range regionSettings {
		_, err := c.try(row.token, "s", row.in)
		refusedWith(t, err, "AccessDenied")
	}
	assert.Equal(t, before, c.account().Hardening(testRegion))
}

// TestDeclarativePolicies: what the organization holds, the account does not change, whoever asks.
func TestDeclarativePolicies(t *testing.T) {
	attributes := map[string]string{
		serialToken: "serial_console_access", snapshotBlockToken: "snapshot_block_public_access",
		imageBlockToken: "image_block_public_access", metadataToken: "instance_metadata_defaults",
	}
	for _, row := range regionSettings {
		c := serve(t)
		declare := func(attributes ...string) {
			require.NoError(t, c.account().Update(func(a *Account) { a.Settings.DeclarativePolicies = attributes }))
		}
		declare("serial_console_access", "snapshot_block_public_access", "image_block_public_access", "instance_metadata_defaults")
		_, err := c.try(row.token, "s", row.in)
		if attributes[row.token] == "" {
			require.NoError(t, err, "%s is nothing that a declarative policy holds", row.token)
			continue
		}
		refusedWith(t, err, "DeclarativePolicyViolation: This functionality has been disabled by a Declarative Policy ("+attributes[row.token]+")")
		assert.Equal(t, row.before, row.of(c.account().Hardening(testRegion)))
		declare()
		m := c.create(row.token, "s", row.in)
		declare(attributes[row.token])
		refusedWith(t, c.update(m, row.in), "DeclarativePolicyViolation")
		require.True(t, c.read(m), "reading stays possible")
		if row.token != imageBlockToken { // which the provider leaves as it is
			refusedWith(t, c.remove(m), "DeclarativePolicyViolation")
		}
		declare("vpc_block_public_access")
		require.NoError(t, c.remove(m))
	}
}

func TestDefaultKmsKey(t *testing.T) {
	c := serve(t)
	key := func(name string, in props) string { return c.create(keyToken, name, in).str("arn") }
	own := key("own", props{})
	m := c.create(ebsKeyToken, "k", props{"keyArn": own})
	assert.Equal(t, own, m.id)
	assert.Equal(t, own, c.account().Hardening(testRegion).EBSDefaultKey)
	assert.Equal(t, "alias/aws/ebs", c.account().Hardening("us-east-1").EBSDefaultKey)
	c.unchanged(m)
	c.imported(m)
	other := key("other", props{})
	assert.Equal(t, []string{"keyArn"}, c.diff(m, props{"keyArn": other}).GetReplaces())
	alias := c.create(aliasToken, "a", props{"name": "alias/disks", "targetKeyId": other})
	byAlias := c.create(ebsKeyToken, "a", props{"keyArn": alias.str("arn")})
	assert.Equal(t, other, byAlias.str("keyArn"), "EC2 reports the key behind an alias")

	elsewhere := c.in("us-east-1").create(keyToken, "e", props{}).str("arn")
	disabled, dying := key("disabled", props{"isEnabled": false}), c.create(keyToken, "dying", props{})
	require.NoError(t, c.remove(dying))
	rsa := key("rsa", props{"customerMasterKeySpec": "RSA_2048", "keyUsage": "ENCRYPT_DECRYPT"})
	c.refuses([]refusal{
		{"no key", ebsKeyToken, props{}, "missing required property"},
		{"no ARN", ebsKeyToken, props{"keyArn": "alias/disks"}, "is not the ARN of a KMS key"},
		{"another Region", ebsKeyToken, props{"keyArn": elsewhere}, "EBS encrypts with a key of its own Region only"},
		{"does not exist", ebsKeyToken, props{"keyArn": "arn:aws:kms:ap-northeast-1:123456789012:key/none"}, "does not exist"},
		{"disabled", ebsKeyToken, props{"keyArn": disabled}, "is disabled"},
		{"pending deletion", ebsKeyToken, props{"keyArn": dying.str("arn")}, "is pending deletion"},
		{"asymmetric", ebsKeyToken, props{"keyArn": rsa}, "EBS does not support asymmetric KMS keys"},
	})
	require.NoError(t, c.remove(m))
	assert.Equal(t, "alias/aws/ebs", c.account().Hardening(testRegion).EBSDefaultKey)
	require.True(t, c.read(m))
	assert.Equal(t, "alias/aws/ebs", m.str("keyArn"), "there is always a default key")
}
