package awssim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// kmsState is what KMS keeps. Keys and aliases are kept under their ARN.
type kmsState struct {
	Keys    table[kmsKey]
	Aliases table[kmsAlias]
}

// kmsKey is a customer managed key.
type kmsKey struct {
	ID, ARN, Region string
	Policy          string // the key policy as it was put
	OwnPolicy       bool   // the Key resource sets the policy, not a KeyPolicy
	Disabled        bool
	DeletionPlanned bool  // scheduled for deletion: the key can no longer be used
	Properties      props // as the provider reports them, the policy left out
}

// kmsAlias is a second name of a key.
type kmsAlias struct {
	Name, ARN, Region string
	KeyARN            string
}

const (
	kmsCreateKeyDoc   = "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html"
	kmsRotationDoc    = "https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html"
	kmsDeleteKeyDoc   = "https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html"
	kmsKeyStatesDoc   = "https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html"
	kmsSymmetric      = "SYMMETRIC_DEFAULT"
	kmsDescriptionMax = 8192
)

// kmsUsages lists the key usages of each key spec; the first one is the default.
var kmsUsages = map[string][]string{
	kmsSymmetric:      {"ENCRYPT_DECRYPT"},
	"RSA_2048":        {"ENCRYPT_DECRYPT", "SIGN_VERIFY"},
	"RSA_3072":        {"ENCRYPT_DECRYPT", "SIGN_VERIFY"},
	"RSA_4096":        {"ENCRYPT_DECRYPT", "SIGN_VERIFY"},
	"ECC_NIST_P256":   {"SIGN_VERIFY", "KEY_AGREEMENT"},
	"ECC_NIST_P384":   {"SIGN_VERIFY", "KEY_AGREEMENT"},
	"ECC_NIST_P521":   {"SIGN_VERIFY", "KEY_AGREEMENT"},
	"ECC_SECG_P256K1": {"SIGN_VERIFY"},
	"HMAC_224":        {"GENERATE_VERIFY_MAC"},
	"HMAC_256":        {"GENERATE_VERIFY_MAC"},
	"HMAC_384":        {"GENERATE_VERIFY_MAC"},
	"HMAC_512":        {"GENERATE_VERIFY_MAC"},
	"ML_DSA_44":       {"SIGN_VERIFY"},
	"ML_DSA_65":       {"SIGN_VERIFY"},
	"ML_DSA_87":       {"SIGN_VERIFY"},
	"SM2":             {"ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"},
}

// kmsReadActions are what the provider calls to read a key.
var kmsReadActions = []string{"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"}

// kmsChange is a property of a key with the actions that set it and switch it off.
type kmsChange struct {
	property, action, off string
	absent                any  // what an absent property means
	enabledOnly           bool // refused for a disabled key
}

var kmsChanges = []kmsChange{
	{"description", "kms:UpdateKeyDescription", "", "", false},
	{"enableKeyRotation", "kms:EnableKeyRotation", "kms:DisableKeyRotation", false, true},
	{"rotationPeriodInDays", "kms:EnableKeyRotation", "", 365.0, true},
	{"isEnabled", "kms:EnableKey", "kms:DisableKey", true, false},
}

// withDefault is the value of the property that the change is about.
func withDefault(p props, c kmsChange) any {
	if v := p[c.property]; v != nil {
		return v
	}
	return c.absent
}

var kmsTypes = map[string]resourceType{
	"aws:kms/key:Key": {
		check:  checkKey,
		create: createKey,
		read:   readKey,
		update: updateKey,
		delete: deleteKey,
	},
	"aws:kms/keyPolicy:KeyPolicy": {
		check:  checkKeyPolicy,
		create: createKeyPolicy,
		read:   readKeyPolicy,
		update: updateKeyPolicy,
		delete: deleteKeyPolicy,
	},
	"aws:kms/alias:Alias": {
		check:  checkAlias,
		create: createAlias,
		read:   readAlias,
		update: updateAlias,
		delete: deleteAlias,
	},
}

func checkKey(c *call, in props) error {
	spec := strOr(in, "customerMasterKeySpec", kmsSymmetric)
	usages, ok := kmsUsages[spec]
	if !ok || spec == "SM2" && c.Partition != "aws-cn" {
		return refuse("ValidationException", fmt.Sprintf("customerMasterKeySpec: %q is not a key spec of this Region; the default is %s", spec, kmsSymmetric), kmsCreateKeyDoc)
	}
	if usage := strOr(in, "keyUsage", usages[0]); !slices.Contains(usages, usage) {
		return refuse("ValidationException", fmt.Sprintf("keyUsage: %q is not possible with the key spec %s, which allows %s", usage, spec, strings.Join(usages, ", ")), kmsCreateKeyDoc)
	}
	if len(str(in, "description")) > kmsDescriptionMax {
		return refuse("ValidationException", fmt.Sprintf("description: longer than %d characters", kmsDescriptionMax), kmsCreateKeyDoc)
	}
	if err := inRange(in, "deletionWindowInDays", 7, 30, kmsDeleteKeyDoc); err != nil {
		return err
	}
	if err := inRange(in, "rotationPeriodInDays", 90, 2560, kmsRotationDoc); err != nil {
		return err
	}
	// The provider demands the switch beside the period.
	if present(in, "rotationPeriodInDays") && !present(in, "enableKeyRotation") {
		return refuse("InvalidParameterCombination", "rotationPeriodInDays: set enableKeyRotation too", kmsRotationDoc)
	}
	if flag(in, "enableKeyRotation", false) && spec != kmsSymmetric {
		return refuse("UnsupportedOperationException", fmt.Sprintf("enableKeyRotation: keys of spec %s cannot be rotated automatically", spec), kmsRotationDoc)
	}
	return kmsPolicyText(str(in, "policy"))
}

// inRange refuses a number outside of what the provider and AWS allow.
func inRange(in props, key string, low, high float64, doc string) error {
	n, ok := number(in[key])
	if !ok || low <= n && n <= high {
		return nil
	}
	return refuse("ValidationException", fmt.Sprintf("%s: expected to be in the range (%v - %v), got %v", key, low, high, n), doc)
}

func createKey(c *call, in props) (string, props, error) {
	policy := strOr(in, "policy", c.kmsDefaultPolicy())
	if err := c.may("kms:CreateKey", "*"); err != nil {
		return "", nil, err
	}
	id := c.uuid()
	if flag(in, "multiRegion", false) {
		id = "mrk-" + strings.ReplaceAll(id, "-", "")
	}
	key := &kmsKey{ID: id, ARN: c.arn("kms", c.Region, c.ID, "key/"+id), Region: c.Region}
	if err := c.kmsCheckPolicy(key, policy, flag(in, "bypassPolicyLockoutSafetyCheck", false)); err != nil {
		return "", nil, err
	}
	key.Policy = policy
	key.configure(in)
	c.KMS.Keys.put(key.ARN, key)
	return id, key.outputs(), nil
}

// stored are the properties of a resource as the account keeps them.
func stored(in props) props { return maps.Clone(in) }

// withDefaults fills in what the provider reports for properties that are not set.
func withDefaults(properties, defaults props) props {
	out := maps.Clone(defaults)
	for key, value := range properties {
		if value != nil {
			out[key] = value
		}
	}
	return out
}

// configure takes over everything but the policy.
func (k *kmsKey) configure(in props) {
	k.Properties = stored(in)
	k.OwnPolicy = present(in, "policy")
	delete(k.Properties, "policy")
	k.Disabled = !flag(in, "isEnabled", true)
}

// outputs are the properties as the provider reports them.
func (k *kmsKey) outputs() props {
	out := withDefaults(k.Properties, props{
		"customerMasterKeySpec":          kmsSymmetric,
		"keyUsage":                       kmsUsages[strOr(k.Properties, "customerMasterKeySpec", kmsSymmetric)][0],
		"description":                    "",
		"enableKeyRotation":              false,
		"multiRegion":                    false,
		"bypassPolicyLockoutSafetyCheck": false,
	})
	if flag(out, "enableKeyRotation", false) && out["rotationPeriodInDays"] == nil {
		out["rotationPeriodInDays"] = 365
	}
	out["arn"], out["keyId"] = k.ARN, k.ID
	out["isEnabled"] = !k.Disabled
	out["policy"] = k.Policy
	return out
}

// kmsOwnKey finds the key that a resource stands for, by id or ARN.
func (c *call) kmsOwnKey(id string) (*kmsKey, error) {
	if key, ok := c.KMS.Keys[id]; ok {
		return key, nil
	}
	if key, ok := c.KMS.Keys[c.arn("kms", c.Region, c.ID, "key/"+id)]; ok {
		return key, nil
	}
	return nil, refuse("NotFoundException", fmt.Sprintf("Key '%s' does not exist", c.arn("kms", c.Region, c.ID, "key/"+id)), kmsKeyStatesDoc)
}

func readKey(c *call, id string, state props) (props, error) {
	key, err := c.kmsOwnKey(id)
	if err != nil || key.DeletionPlanned {
		return nil, errNotFound // the provider takes a key that awaits deletion for gone
	}
	for _, action := range kmsReadActions {
		if err := c.kmsAllows(key, action); err != nil {
			return nil, err
		}
	}
	out := key.outputs()
	// A policy that a KeyPolicy sets is no drift of the key.
	if len(state) > 0 && !key.OwnPolicy {
		out["policy"] = state["policy"]
	}
	return out, nil
}

func updateKey(c *call, id string, old, in props) (props, error) {
	key, err := c.kmsOwnKey(id)
	if err != nil {
		return nil, errNotFound
	}
	if err := key.changeable(); err != nil {
		return nil, err
	}
	for _, change := range kmsChanges {
		want := withDefault(in, change)
		if sameScalar(want, withDefault(key.Properties, change)) {
			continue
		}
		action := change.action
		if want == false {
			action = change.off
		}
		if err := c.kmsAllows(key, action); err != nil {
			return nil, err
		}
		// The provider enables a key before it changes the rotation and disables it afterwards.
		if change.enabledOnly && key.Disabled && !flag(in, "isEnabled", true) {
			return nil, refuse("DisabledException", key.ARN+" is disabled: rotation cannot be changed", kmsRotationDoc)
		}
	}
	policy := key.Policy
	if want := str(in, "policy"); want != "" && want != str(old, "policy") {
		if err := c.kmsPutPolicy(key, want, flag(in, "bypassPolicyLockoutSafetyCheck", false)); err != nil {
			return nil, err
		}
		policy = want
	}
	key.Policy = policy
	key.configure(in)
	return key.outputs(), nil
}

// changeable refuses operations on a key that awaits deletion.
func (k *kmsKey) changeable() error {
	if k.DeletionPlanned {
		return refuse("KMSInvalidStateException", k.ARN+" is pending deletion.", kmsKeyStatesDoc)
	}
	return nil
}

func deleteKey(c *call, id string, _ props) error {
	key, err := c.kmsOwnKey(id)
	if err != nil {
		return errNotFound
	}
	if key.DeletionPlanned {
		return errNotFound
	}
	if err := c.kmsAllows(key, "kms:ScheduleKeyDeletion"); err != nil {
		return err
	}
	key.DeletionPlanned = true
	return nil
}
