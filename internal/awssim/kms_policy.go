package awssim

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	kmsKeyPolicyDoc    = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html"
	kmsPutKeyPolicyDoc = "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html"
	kmsDefaultKeyDoc   = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"
)

// kmsPolicyText refuses what makes a text no key policy, whatever the account holds.
func kmsPolicyText(text string) error {
	if text == "" {
		return nil
	}
	for _, r := range text {
		if r != '\t' && r != '\n' && r != '\r' && (r < 0x20 || r > 0xff) {
			return refuse("MalformedPolicyDocumentException", fmt.Sprintf("the key policy has the character %q; allowed are Basic Latin and Latin-1", r), kmsPutKeyPolicyDoc)
		}
	}
	return checkPolicy(policyeval.KeyPolicy, text, "", kmsKeyPolicyDoc)
}

// kmsCheckPolicy is what CreateKey and PutKeyPolicy demand of a policy: its
// principals exist, and the caller may put another policy afterwards.
func (c *call) kmsCheckPolicy(key *kmsKey, text string, bypassLockoutCheck bool) error {
	if err := kmsPolicyText(text); err != nil {
		return err
	}
	doc, err := c.putPolicy(policyeval.KeyPolicy, text, key.ARN, "MalformedPolicyDocumentException", kmsPutKeyPolicyDoc)
	if err != nil {
		return err
	}
	if bypassLockoutCheck {
		return nil
	}
	decision, err := c.kmsDecide(key, doc, c.Caller, "kms:PutKeyPolicy", c.context(nil))
	if err != nil {
		return refuse("MalformedPolicyDocumentException", err.Error(), kmsKeyPolicyDoc)
	}
	if !decision.Allowed {
		return refuse("MalformedPolicyDocumentException", "The new key policy will not allow you to update the key policy in the future.", kmsDefaultKeyDoc)
	}
	return nil
}

// kmsPutPolicy is PutKeyPolicy: the policy in force must allow it to the caller, and
// the new one must be acceptable. It does not store the policy.
func (c *call) kmsPutPolicy(key *kmsKey, text string, bypassLockoutCheck bool) error {
	if err := key.changeable(); err != nil {
		return err
	}
	if err := c.kmsAllows(key, "kms:PutKeyPolicy"); err != nil {
		return err
	}
	return c.kmsCheckPolicy(key, text, bypassLockoutCheck)
}

// kmsAllows tells whether the caller may manage a key, which may be disabled.
func (c *call) kmsAllows(key *kmsKey, action string) error {
	return c.kmsAuthorizeWith(key, c.Caller, action, c.context(nil))
}

// kmsDefaultPolicy is the policy that KMS attaches when none is given: the account
// may use identity policies.
func (a *Account) kmsDefaultPolicy() string {
	text, err := json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Id":      "key-default-1",
		"Statement": []any{map[string]any{
			"Sid":       "Enable IAM User Permissions",
			"Effect":    "Allow",
			"Principal": map[string]any{"AWS": a.arn("iam", "", a.ID, "root")},
			"Action":    "kms:*",
			"Resource":  "*",
		}},
	})
	if err != nil {
		panic("awssim: " + err.Error()) // a literal
	}
	return string(text)
}

func checkKeyPolicy(_ *call, in props) error { return kmsPolicyText(str(in, "policy")) }

func createKeyPolicy(c *call, in props) (string, props, error) {
	key, err := c.kmsOwnKey(str(in, "keyId"))
	if err != nil {
		return "", nil, err
	}
	if err := c.kmsPutPolicy(key, str(in, "policy"), flag(in, "bypassPolicyLockoutSafetyCheck", false)); err != nil {
		return "", nil, err
	}
	key.Policy = str(in, "policy")
	return str(in, "keyId"), maps.Clone(in), nil
}

func readKeyPolicy(c *call, id string, state props) (props, error) {
	key, err := c.kmsOwnKey(id)
	if err != nil || key.DeletionPlanned {
		return nil, errNotFound
	}
	if err := c.kmsAllows(key, "kms:GetKeyPolicy"); err != nil {
		return nil, err
	}
	return props{
		"keyId":                          id,
		"policy":                         key.Policy,
		"bypassPolicyLockoutSafetyCheck": state["bypassPolicyLockoutSafetyCheck"],
	}, nil
}

func updateKeyPolicy(c *call, id string, _, in props) (props, error) {
	key, err := c.kmsOwnKey(id)
	if err != nil {
		return nil, errNotFound
	}
	if err := c.kmsPutPolicy(key, str(in, "policy"), flag(in, "bypassPolicyLockoutSafetyCheck", false)); err != nil {
		return nil, err
	}
	key.Policy = str(in, "policy")
	return maps.Clone(in), nil
}

// deleteKeyPolicy puts the default policy: a key is never without one.
func deleteKeyPolicy(c *call, id string, state props) error {
	key, err := c.kmsOwnKey(id)
	if err != nil || key.DeletionPlanned {
		return errNotFound
	}
	policy := c.kmsDefaultPolicy()
	if err := c.kmsPutPolicy(key, policy, flag(state, "bypassPolicyLockoutSafetyCheck", false)); err != nil {
		return err
	}
	key.Policy = policy
	return nil
}

// kmsAuthorize tells whether a principal may do something with a key: the key is
// usable, and the key policy, together with the principal's identity policies where
// it delegates to them, allows the action. key is the ARN of a key or of an alias.
// ctx holds condition keys such as kms:ViaService and kms:EncryptionContext:….
func (a *Account) kmsAuthorize(key string, p policyeval.Principal, action string, ctx map[string][]string) error {
	if managed, ok := a.kmsManagedKey(key); ok {
		return a.kmsAuthorizeWith(managed, p, action, ctx)
	}
	found, err := a.kmsKeyByARN(key)
	if err != nil {
		return err
	}
	if err := found.changeable(); err != nil {
		return err
	}
	if err := a.kmsAuthorizeWith(found, p, action, ctx); err != nil {
		return err
	}
	if found.Disabled {
		return refuse("DisabledException", found.ARN+" is disabled.", kmsKeyStatesDoc)
	}
	return nil
}

func (a *Account) kmsAuthorizeWith(key *kmsKey, p policyeval.Principal, action string, ctx map[string][]string) error {
	doc, err := policyeval.Parse(key.Policy)
	if err != nil {
		return fmt.Errorf("key policy of %s: %w", key.ARN, err)
	}
	decision, err := a.kmsDecide(key, doc, p, action, ctx)
	if err != nil {
		return fmt.Errorf("key policy of %s: %w", key.ARN, err)
	}
	if !decision.Allowed {
		return refuse("AccessDeniedException", fmt.Sprintf("%s is not authorized to perform: %s on resource: %s: %s",
			requester(p), action, key.ARN, decision.Reason), kmsKeyPolicyDoc)
	}
	return nil
}

func (a *Account) kmsDecide(key *kmsKey, doc *policyeval.Document, p policyeval.Principal, action string, ctx map[string][]string) (policyeval.Decision, error) {
	context := maps.Clone(ctx)
	if context == nil {
		context = map[string][]string{}
	}
	if p.Account != "" {
		context["kms:CallerAccount"] = []string{p.Account}
	}
	request := policyeval.Request{Principal: p, Action: action, Resource: key.ARN, Context: context}
	decision, err := policyeval.Authorization{
		Identity:              a.identityPolicies(p),
		Resource:              doc,
		ResourceOwner:         a.ID,
		ResourcePolicyDecides: true,
	}.Decide(request)
	if err == nil && a.requested != nil {
		a.requested(request, decision)
	}
	return decision, err
}
