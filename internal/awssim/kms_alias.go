package awssim

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

const kmsCreateAliasDoc = "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html"

var kmsAliasName = regexp.MustCompile(`^alias/[a-zA-Z0-9/_-]{1,250}$`)

func checkAlias(_ *call, in props) error {
	name := str(in, "name")
	if prefix := str(in, "namePrefix"); name == "" && prefix != "" {
		name = prefix
	}
	switch {
	case name == "":
		return nil
	case strings.HasPrefix(name, "alias/aws/"):
		return refuse("NotAuthorizedException", fmt.Sprintf("name: %q: the prefix alias/aws/ is reserved for AWS managed keys", name), kmsCreateAliasDoc)
	case !kmsAliasName.MatchString(name):
		return refuse("InvalidAliasNameException", fmt.Sprintf("name: %q: an alias is alias/ followed by letters, digits, slashes, underscores and dashes, 256 characters at most", name), kmsCreateAliasDoc)
	}
	return nil
}

func createAlias(c *call, in props) (string, props, error) {
	name := c.physicalName(in)
	arn := c.arn("kms", c.Region, c.ID, name)
	key, err := c.kmsAliasTarget("kms:CreateAlias", arn, in)
	if err != nil {
		return "", nil, err
	}
	if _, ok := c.KMS.Aliases[arn]; ok {
		return "", nil, refuse("AlreadyExistsException", fmt.Sprintf("An alias with the name %s already exists", arn), kmsCreateAliasDoc)
	}
	alias := &kmsAlias{Name: name, ARN: arn, Region: c.Region, KeyARN: key.ARN}
	c.KMS.Aliases.put(arn, alias)
	return name, alias.seenBy(in), nil
}

// kmsAliasTarget is the key that an alias is to stand for. The caller needs the action
// on the alias, and on the key.
func (c *call) kmsAliasTarget(action, aliasARN string, in props) (*kmsKey, error) {
	if err := c.may(action, aliasARN); err != nil {
		return nil, err
	}
	key, err := c.kmsOwnKey(str(in, "targetKeyId"))
	if err != nil {
		return nil, err
	}
	if key.Region != c.Region {
		return nil, refuse("NotFoundException", fmt.Sprintf("targetKeyId: %s is not in the alias's Region %s", key.ARN, c.Region), kmsCreateAliasDoc)
	}
	if err := key.changeable(); err != nil {
		return nil, err
	}
	return key, c.kmsAllows(key, action)
}

func (k *kmsAlias) outputs() props {
	return props{
		"name":         k.Name,
		"arn":          k.ARN,
		"targetKeyArn": k.KeyARN,
		"targetKeyId":  k.KeyARN[strings.LastIndexByte(k.KeyARN, '/')+1:],
	}
}

// seenBy are the properties beside those that a program gave: the provider takes id
// and ARN of one key as equal.
func (k *kmsAlias) seenBy(given props) props {
	out := k.outputs()
	if str(given, "targetKeyId") == k.KeyARN {
		out["targetKeyId"] = k.KeyARN
	}
	return out
}

func readAlias(c *call, id string, state props) (props, error) {
	alias, ok := c.KMS.Aliases[c.arn("kms", c.Region, c.ID, id)]
	if !ok {
		return nil, errNotFound
	}
	if err := c.may("kms:ListAliases", "*"); err != nil {
		return nil, err
	}
	return alias.seenBy(state), nil
}

func updateAlias(c *call, id string, _, in props) (props, error) {
	alias, ok := c.KMS.Aliases[c.arn("kms", c.Region, c.ID, id)]
	if !ok {
		return nil, errNotFound
	}
	key, err := c.kmsAliasTarget("kms:UpdateAlias", alias.ARN, in)
	if err != nil {
		return nil, err
	}
	alias.KeyARN = key.ARN
	return alias.seenBy(in), nil
}

func deleteAlias(c *call, id string, _ props) error {
	arn := c.arn("kms", c.Region, c.ID, id)
	alias, ok := c.KMS.Aliases[arn]
	if !ok {
		return errNotFound
	}
	if err := c.may("kms:DeleteAlias", arn); err != nil {
		return err
	}
	if key, ok := c.KMS.Keys[alias.KeyARN]; ok {
		if err := c.kmsAllows(key, "kms:DeleteAlias"); err != nil {
			return err
		}
	}
	delete(c.KMS.Aliases, arn)
	return nil
}

// kmsARN is the ARN of the key or alias that a service's property names: an id, a
// key ARN, an alias name or an alias ARN. Region is where the service is.
func (a *Account) kmsARN(region, name string) string {
	switch {
	case strings.HasPrefix(name, "arn:"):
		return name
	case strings.HasPrefix(name, "alias/"):
		return a.arn("kms", region, a.ID, name)
	}
	return a.arn("kms", region, a.ID, "key/"+name)
}

// kmsKeyByARN finds a key by its own ARN or by that of an alias.
func (a *Account) kmsKeyByARN(arn string) (*kmsKey, error) {
	if alias, ok := a.KMS.Aliases[arn]; ok {
		arn = alias.KeyARN
	}
	if key, ok := a.KMS.Keys[arn]; ok {
		return key, nil
	}
	return nil, refuse("NotFoundException", fmt.Sprintf("Key '%s' does not exist", arn), kmsKeyStatesDoc)
}

// kmsManagedKey is the AWS managed key behind an alias alias/aws/SERVICE. Its policy
// lets the account's principals use it through that service, and nobody else: an AWS
// service that acts for itself cannot be granted the use of it.
// https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
func (a *Account) kmsManagedKey(arn string) (*kmsKey, bool) {
	parts, ok := splitARN(arn)
	service, managed := strings.CutPrefix(parts.Resource, "alias/aws/")
	if !ok || !managed || parts.Service != "kms" {
		return nil, false
	}
	policy, err := json.Marshal(map[string]any{
		"Version": "2012-10-17",
		"Statement": []any{map[string]any{
			"Effect":    "Allow",
			"Principal": map[string]any{"AWS": "*"},
			"Action":    []any{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"},
			"Resource":  "*",
			"Condition": map[string]any{"StringEquals": map[string]any{
				"kms:CallerAccount": a.ID,
				"kms:ViaService":    kmsViaService(service, parts.Region),
			}},
		}},
	})
	if err != nil {
		panic("awssim: " + err.Error()) // a literal
	}
	return &kmsKey{ARN: arn, Region: parts.Region, Policy: string(policy)}, true
}

// kmsViaService is the value of kms:ViaService in requests that a service makes for
// somebody, the same in every partition.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func kmsViaService(service, region string) string { return service + "." + region + ".amazonaws.com" }
