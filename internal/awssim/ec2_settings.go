package awssim

import (
	"fmt"
	"math"
	"slices"
)

// ec2Types are the settings of EC2 and EBS that an account has once in a Region, and
// the default security groups. The settings always exist: creating one takes it over.
var ec2Types = map[string]resourceType{
	"aws:ebs/encryptionByDefault:EncryptionByDefault": ec2Switch(
		"", "ec2:EnableEbsEncryptionByDefault", "ec2:DisableEbsEncryptionByDefault", "ec2:GetEbsEncryptionByDefault",
		func(r *ec2Region) *bool { return &r.EncryptionByDefault }),
	"aws:ec2/serialConsoleAccess:SerialConsoleAccess": ec2Switch(
		"serial_console_access", "ec2:EnableSerialConsoleAccess", "ec2:DisableSerialConsoleAccess", "ec2:GetSerialConsoleAccessStatus",
		func(r *ec2Region) *bool { return &r.SerialConsole }),
	"aws:ebs/defaultKmsKey:DefaultKmsKey": {
		check: checkDefaultKey, create: createDefaultKey, read: readDefaultKey, delete: resetDefaultKey,
	},
	"aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess": {
		check: checkSnapshotBlock,
		create: func(c *call, in props) (string, props, error) {
			return c.Region, props{}, c.setSnapshotBlock(str(in, "state"))
		},
		read: func(c *call, _ string, _ props) (props, error) {
			return props{"state": orUnblocked(c.ec2In(c.Region).SnapshotBlock)}, c.may("ec2:GetSnapshotBlockPublicAccessState", "*")
		},
		update: func(c *call, _ string, _, in props) (props, error) {
			return props{}, c.setSnapshotBlock(str(in, "state"))
		},
		// Removing the resource unblocks.
		delete: func(c *call, _ string, _ props) error { return c.setSnapshotBlock("") },
	},
	"aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess": {
		check: checkImageBlock,
		create: func(c *call, in props) (string, props, error) {
			return c.ID, props{}, c.setImageBlock(str(in, "state"))
		},
		read:   readImageBlock,
		update: func(c *call, _ string, _, in props) (props, error) { return props{}, c.setImageBlock(str(in, "state")) },
		// No delete: the provider leaves AMIs blocked.
	},
	"aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults": {
		check:  checkMetadataDefaults,
		create: func(c *call, in props) (string, props, error) { return c.ID, metadataProps(in), c.setMetadata(in) },
		read:   readMetadataDefaults,
		update: func(c *call, _ string, _, in props) (props, error) { return metadataProps(in), c.setMetadata(in) },
		// Removing the resource is no preference again.
		delete: func(c *call, _ string, _ props) error { return c.setMetadata(props{}) },
	},
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
		check: checkDefaultGroup, create: createDefaultGroup, read: readDefaultGroup, update: updateDefaultGroup,
		// No delete: the group stays as it is.
	},
}

func ec2Invalid(api, format string, args ...any) error {
	return refuse("InvalidParameterValue", fmt.Sprintf(format, args...), ec2API+api+".html")
}

// ec2Switch is a setting that is on or off. The provider takes an absent value for on,
// and removing the resource switches off.
func ec2Switch(attribute, enable, disable, get string, setting func(*ec2Region) *bool) resourceType {
	set := func(c *call, on bool) error {
		action := disable
		if on {
			action = enable
		}
		if err := c.maySet(attribute, action); err != nil {
			return err
		}
		*setting(c.ec2In(c.Region)) = on
		return nil
	}
	return resourceType{
		create: func(c *call, in props) (string, props, error) {
			on := flag(in, "enabled", true)
			return c.ID, props{"enabled": on}, set(c, on)
		},
		read: func(c *call, _ string, _ props) (props, error) {
			return props{"enabled": *setting(c.ec2In(c.Region))}, c.may(get, "*")
		},
		update: func(c *call, _ string, _, in props) (props, error) {
			on := flag(in, "enabled", true)
			return props{"enabled": on}, set(c, on)
		},
		delete: func(c *call, _ string, _ props) error { return set(c, false) },
	}
}

// maySet refuses an action that the caller may not do, and any on what a declarative policy of
// the organization holds: the account cannot change that.
func (c *call) maySet(attribute, action string) error {
	if err := c.may(action, "*"); err != nil {
		return err
	}
	if slices.Contains(c.Settings.DeclarativePolicies, attribute) {
		return refuse("DeclarativePolicyViolation", "This functionality has been disabled by a Declarative Policy ("+attribute+")",
			"https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html")
	}
	return nil
}

func checkDefaultKey(c *call, in props) error {
	arn := str(in, "keyArn")
	if arn == "" {
		return nil
	}
	parts, ok := splitARN(arn)
	switch {
	case !ok || parts.Service != "kms":
		return fmt.Errorf("keyArn: %q is not the ARN of a KMS key", arn)
	case parts.Partition != c.Partition || parts.Region != c.Region:
		return ec2Invalid("ModifyEbsDefaultKmsKeyId", "The key %s is not in %s: EBS encrypts with a key of its own Region only", arn, c.Region)
	}
	return nil
}

// createDefaultKey refuses at once what EC2, which looks at the key afterwards, would
// let come to nothing.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyEbsDefaultKmsKeyId.html
func createDefaultKey(c *call, in props) (string, props, error) {
	const api = "ModifyEbsDefaultKmsKeyId"
	if err := c.may("ec2:"+api, "*"); err != nil {
		return "", nil, err
	}
	arn := str(in, "keyArn")
	key, err := c.kmsKeyByARN(arn)
	switch spec := ""; {
	case err != nil:
		return "", nil, ec2Invalid(api, "The key %s does not exist", arn)
	case key.DeletionPlanned:
		return "", nil, ec2Invalid(api, "The key %s is pending deletion", key.ARN)
	case key.Disabled:
		return "", nil, ec2Invalid(api, "The key %s is disabled", key.ARN)
	default:
		if spec = strOr(key.Properties, "customerMasterKeySpec", kmsSymmetric); spec != kmsSymmetric {
			return "", nil, ec2Invalid(api, "The key %s is of the kind %s: EBS does not support asymmetric KMS keys", key.ARN, spec)
		}
	}
	c.ec2In(c.Region).DefaultKey = key.ARN
	return key.ARN, props{"keyArn": key.ARN}, nil
}

func readDefaultKey(c *call, _ string, _ props) (props, error) {
	return props{"keyArn": c.ec2In(c.Region).defaultKey()}, c.may("ec2:GetEbsDefaultKmsKeyId", "*")
}

func resetDefaultKey(c *call, _ string, _ props) error {
	if err := c.may("ec2:ResetEbsDefaultKmsKeyId", "*"); err != nil {
		return err
	}
	c.ec2In(c.Region).DefaultKey = ""
	return nil
}

func checkSnapshotBlock(_ *call, in props) error {
	const api = "EnableSnapshotBlockPublicAccess"
	if str(in, "state") == unblocked {
		// The provider takes the value and calls Enable… with it.
		return ec2Invalid(api, "state: %s is not a valid value for %s; leave the resource out instead", unblocked, api)
	}
	return oneOf(in, "state", "InvalidParameterValue", ec2API+api+".html", blockAllSharing, blockNewSharing)
}

func (c *call) setSnapshotBlock(state string) error {
	action := "ec2:EnableSnapshotBlockPublicAccess"
	if state == "" {
		action = "ec2:DisableSnapshotBlockPublicAccess"
	}
	if err := c.maySet("snapshot_block_public_access", action); err != nil {
		return err
	}
	c.ec2In(c.Region).SnapshotBlock = state
	return nil
}

func checkImageBlock(_ *call, in props) error {
	return oneOf(in, "state", "InvalidParameterValue", ec2API+"EnableImageBlockPublicAccess.html", blockNewSharing, unblocked)
}

func (c *call) setImageBlock(state string) error {
	action := "ec2:EnableImageBlockPublicAccess"
	if state == unblocked {
		action = "ec2:DisableImageBlockPublicAccess"
	}
	if err := c.maySet("image_block_public_access", action); err != nil {
		return err
	}
	c.ec2In(c.Region).ImageBlock = state
	return nil
}

func readImageBlock(c *call, _ string, state props) (props, error) {
	if len(state) == 0 {
		return nil, noImport("aws_ec2_image_block_public_access")
	}
	return props{"state": orUnblocked(c.ec2In(c.Region).ImageBlock)}, c.may("ec2:GetImageBlockPublicAccessState", "*")
}

// noImport is the provider's answer for a resource type that it cannot import.
func noImport(resource string) error {
	return fmt.Errorf("resource %s doesn't support import", resource)
}

// metadataValues are the properties of the metadata defaults with their values.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html
var metadataValues = map[string][]string{
	"httpTokens":           {"optional", "required", noPreference},
	"httpEndpoint":         {"disabled", "enabled", noPreference},
	"instanceMetadataTags": {"disabled", "enabled", noPreference},
}

const (
	hopLimit    = "httpPutResponseHopLimit"
	anyHopLimit = -1.0 // no preference
)

func checkMetadataDefaults(_ *call, in props) error {
	const api = "ModifyInstanceMetadataDefaults"
	given := present(in, hopLimit)
	for _, property := range sortedKeys(metadataValues) {
		given = given || present(in, property)
		if err := oneOf(in, property, "InvalidParameterValue", ec2API+api+".html", metadataValues[property]...); err != nil {
			return err
		}
	}
	if !given {
		return fmt.Errorf("at least one of httpEndpoint, %s, httpTokens, instanceMetadataTags has to be given", hopLimit)
	}
	if n, known := number(in[hopLimit]); known && n != anyHopLimit && (n < 1 || n > 64 || n != math.Trunc(n)) {
		return ec2Invalid(api, "%s %v: a whole number of 1 to 64, or -1 for no preference", hopLimit, n)
	}
	return nil
}

func metadataProps(in props) props {
	out := props{hopLimit: anyHopLimit}
	if present(in, hopLimit) {
		out[hopLimit] = in[hopLimit]
	}
	for property := range metadataValues {
		out[property] = strOr(in, property, noPreference)
	}
	return out
}

// setMetadata sets all defaults: the provider sends no preference for what is absent.
func (c *call) setMetadata(in props) error {
	if err := c.maySet("instance_metadata_defaults", "ec2:ModifyInstanceMetadataDefaults"); err != nil {
		return err
	}
	preferred := func(property string) string {
		if v := str(in, property); v != noPreference {
			return v
		}
		return ""
	}
	m := InstanceMetadataDefaults{HTTPTokens: preferred("httpTokens"), HTTPEndpoint: preferred("httpEndpoint"), InstanceMetadataTags: preferred("instanceMetadataTags")}
	if n := num(in, hopLimit); n != anyHopLimit {
		m.HTTPPutResponseHopLimit = n
	}
	c.ec2In(c.Region).Metadata = m
	return nil
}

// readMetadataDefaults finds nothing where nothing is preferred, as the provider does.
func readMetadataDefaults(c *call, _ string, state props) (props, error) {
	if len(state) == 0 {
		return nil, noImport("aws_ec2_instance_metadata_defaults")
	}
	if err := c.may("ec2:GetInstanceMetadataDefaults", "*"); err != nil {
		return nil, err
	}
	m := c.ec2In(c.Region).Metadata
	if m == (InstanceMetadataDefaults{}) {
		return nil, errNotFound
	}
	out := props{"httpTokens": m.HTTPTokens, "httpEndpoint": m.HTTPEndpoint, "instanceMetadataTags": m.InstanceMetadataTags}
	if m.HTTPPutResponseHopLimit != 0 {
		out[hopLimit] = m.HTTPPutResponseHopLimit
	}
	return metadataProps(out), nil
}
