package awssim

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const (
	keyToken       = "aws:kms/key:Key"
	keyPolicyToken = "aws:kms/keyPolicy:KeyPolicy"
	aliasToken     = "aws:kms/alias:Alias"
)

// refusal is a resource that must be refused by AWS's error name.
type refusal struct {
	what  string
	token string
	in    props
	want  string
}

func (c *client) refuses(rows []refusal) {
	for _, row := range rows {
		c.t.Run(row.what, func(t *testing.T) {
			_, err := c.try(row.token, "bad", row.in)
			refusedWith(t, err, row.want)
		})
	}
}

// with is properties with others put over them; nil removes one.
func with(base props, over props) props {
	out := maps.Clone(base)
	for key, value := range over {
		if value == nil {
			delete(out, key)
			continue
		}
		out[key] = value
	}
	return out
}

// policy is a policy document made of statements.
func policy(statements ...props) string {
	all := make([]any, len(statements))
	for i, s := range statements {
		all[i] = s
	}
	return jsonText(props{"Version": "2012-10-17", "Statement": all})
}

// statementFor is a statement of a resource policy.
func statementFor(principal any, actions []any, resource string, condition props) props {
	s := props{"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": resource}
	if condition != nil {
		s["Condition"] = condition
	}
	return s
}

func service(name string) props { return props{"Service": name} }

// root lets the account's identity policies decide, as key policies do.
func rootStatement(c *client, action string) props {
	return statementFor(props{"AWS": c.account().root().ARN}, []any{action}, "*", nil)
}

func TestKeyRefusals(t *testing.T) {
	c := serve(t)
	none := props{"AWS": "arn:aws:iam::123456789012:role/nobody"}
	c.refuses([]refusal{
		{"unknown key spec", keyToken, props{"customerMasterKeySpec": "AES_256"}, "ValidationException"},
		{"SM2 outside of China", keyToken, props{"customerMasterKeySpec": "SM2"}, "ValidationException"},
		{"usage that the spec lacks", keyToken, props{"keyUsage": "SIGN_VERIFY"}, "ValidationException"},
		{"deletion window too short", keyToken, props{"deletionWindowInDays": 6}, "range (7 - 30)"},
		{"deletion window too long", keyToken, props{"deletionWindowInDays": 31}, "range (7 - 30)"},
		{"rotation period too short", keyToken, props{"enableKeyRotation": true, "rotationPeriodInDays": 89}, "range (90 - 2560)"},
		{"rotation period too long", keyToken, props{"enableKeyRotation": true, "rotationPeriodInDays": 2561}, "range (90 - 2560)"},
		{"rotation period without rotation", keyToken, props{"rotationPeriodInDays": 90}, "InvalidParameterCombination"},
		{"rotation of an asymmetric key", keyToken, props{"enableKeyRotation": true, "customerMasterKeySpec": "RSA_2048"}, "UnsupportedOperationException"},
		{"description too long", keyToken, props{"description": strings.Repeat("x", 8193)}, "ValidationException"},
		{"policy that is no policy", keyToken, props{"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}`}, "MalformedPolicyDocumentException"},
		{"policy beyond Latin-1", keyToken, props{"policy": policy(with(rootStatement(c, "kms:*"), props{"Sid": "鍵"}))}, "MalformedPolicyDocumentException"},
		{"policy too large", keyToken, props{"policy": policy(with(rootStatement(c, "kms:*"), props{"Sid": strings.Repeat("x", 32768)}))}, "LimitExceededException"},
		{"principal that does not exist", keyToken, props{"policy": policy(rootStatement(c, "kms:*"), statementFor(none, []any{"kms:Decrypt"}, "*", nil))}, "MalformedPolicyDocumentException"},
		{"lockout", keyToken, props{"policy": policy(statementFor(service("cloudtrail.amazonaws.com"), []any{"kms:GenerateDataKey*"}, "*", nil))}, "will not allow you to update the key policy"},
		{"policy of no key", keyPolicyToken, props{"keyId": "no-such-key", "policy": policy(rootStatement(c, "kms:*"))}, "NotFoundException"},
	})
	key := c.create(keyToken, "key", props{})
	c.refuses([]refusal{
		{"lockout by a key policy", keyPolicyToken, props{"keyId": key.id, "policy": policy(statementFor(service("cloudtrail.amazonaws.com"), []any{"kms:Decrypt"}, "*", nil))}, "MalformedPolicyDocumentException"},
		{"alias without prefix", aliasToken, props{"name": "trail", "targetKeyId": key.id}, "InvalidAliasNameException"},
		{"reserved alias", aliasToken, props{"name": "alias/aws/trail", "targetKeyId": key.id}, "NotAuthorizedException"},
		{"alias with a blank", aliasToken, props{"name": "alias/my key", "targetKeyId": key.id}, "InvalidAliasNameException"},
		{"alias of no key", aliasToken, props{"name": "alias/trail", "targetKeyId": "no-such-key"}, "NotFoundException"},
	})
	c.create(aliasToken, "one", props{"name": "alias/trail", "targetKeyId": key.id})
	c.refuses([]refusal{{"alias taken", aliasToken, props{"name": "alias/trail", "targetKeyId": key.id}, "AlreadyExistsException"}})
}

func TestKeyLockoutBypass(t *testing.T) {
	c := serve(t)
	locked := policy(statementFor(service("cloudtrail.amazonaws.com"), []any{"kms:GenerateDataKey*"}, "*", nil))
	key := c.create(keyToken, "key", props{"policy": locked, "bypassPolicyLockoutSafetyCheck": true})
	_, err := c.try(keyPolicyToken, "policy", props{"keyId": key.id, "policy": policy(rootStatement(c, "kms:*"))})
	refusedWith(t, err, "AccessDenied") // nobody may change the policy any more
	refusedWith(t, c.remove(key), "AccessDenied")
}

func TestKeyLife(t *testing.T) {
	c := serve(t)
	in := props{"description": "trail", "enableKeyRotation": true, "rotationPeriodInDays": 180, "deletionWindowInDays": 7, "multiRegion": true}
	key := c.create(keyToken, "key", in)
	require.Regexp(t, `^mrk-[0-9a-f]{32}$`, key.id)
	require.Equal(t, "arn:aws:kms:ap-northeast-1:123456789012:key/"+key.id, key.str("arn"))
	c.unchanged(key)
	c.imported(key)

	alias := c.create(aliasToken, "alias", props{"name": "alias/trail", "targetKeyId": key.str("arn")})
	c.unchanged(alias)
	require.Equal(t, key.str("arn"), alias.str("targetKeyArn"))

	// A policy set by a resource of its own is no drift of the key, and goes back to the default.
	own := policy(rootStatement(c, "kms:*"), statementFor(service("events.amazonaws.com"), []any{"kms:Decrypt"}, "*", nil))
	keyPolicy := c.create(keyPolicyToken, "policy", props{"keyId": key.id, "policy": own})
	c.unchanged(key)
	c.unchanged(keyPolicy)
	events := policyeval.Principal{Service: "events.amazonaws.com"}
	require.NoError(t, c.account().kmsAuthorize(alias.str("arn"), events, "kms:Decrypt", nil))
	require.NoError(t, c.remove(keyPolicy))
	refusedWith(t, c.account().kmsAuthorize(key.str("arn"), events, "kms:Decrypt", nil), "AccessDeniedException")

	require.NoError(t, c.update(key, with(in, props{"isEnabled": false})))
	admin := policyeval.Principal{ARN: c.server.options.Caller, Account: c.account().ID}
	refusedWith(t, c.account().kmsAuthorize(key.str("arn"), admin, "kms:Decrypt", nil), "DisabledException")
	refusedWith(t, c.update(key, with(in, props{"isEnabled": false, "rotationPeriodInDays": 90})), "DisabledException")

	require.NoError(t, c.remove(alias))
	require.NoError(t, c.remove(key))
	require.False(t, c.read(key))
	refusedWith(t, c.account().kmsAuthorize("arn:aws:kms:ap-northeast-1:123456789012:key/"+key.id, admin, "kms:Decrypt", nil), "KMSInvalidStateException")
	_, err := c.try(aliasToken, "late", props{"name": "alias/late", "targetKeyId": key.id})
	refusedWith(t, err, "KMSInvalidStateException")
}

func TestKeyConditions(t *testing.T) {
	c := serve(t)
	context := "kms:EncryptionContext:aws:cloudtrail:arn"
	key := c.create(keyToken, "key", props{"policy": policy(
		rootStatement(c, "kms:*"),
		statementFor(service("cloudtrail.amazonaws.com"), []any{"kms:GenerateDataKey*"}, "*", props{
			"StringEquals": props{"aws:SourceArn": "arn:aws:cloudtrail:ap-northeast-1:123456789012:trail/t"},
			"StringLike":   props{context: "arn:aws:cloudtrail:*:123456789012:trail/*"},
		}),
	)}).str("arn")
	trail := policyeval.Principal{Service: "cloudtrail.amazonaws.com"}
	right := map[string][]string{
		"aws:SourceArn": {"arn:aws:cloudtrail:ap-northeast-1:123456789012:trail/t"},
		context:         {"arn:aws:cloudtrail:ap-northeast-1:123456789012:trail/t"},
	}
	require.NoError(t, c.account().kmsAuthorize(key, trail, "kms:GenerateDataKey", right))
	for _, missing := range []string{"aws:SourceArn", context} {
		ctx := maps.Clone(right)
		delete(ctx, missing)
		refusedWith(t, c.account().kmsAuthorize(key, trail, "kms:GenerateDataKey", ctx), "AccessDeniedException")
	}
	managed := "arn:aws:kms:ap-northeast-1:123456789012:alias/aws/sns"
	admin := policyeval.Principal{ARN: c.server.options.Caller, Account: c.account().ID}
	require.NoError(t, c.account().kmsAuthorize(managed, admin, "kms:Decrypt", map[string][]string{"kms:ViaService": {"sns.ap-northeast-1.amazonaws.com"}}))
	refusedWith(t, c.account().kmsAuthorize(managed, policyeval.Principal{Service: "events.amazonaws.com"}, "kms:Decrypt", nil), "AccessDeniedException")
}
