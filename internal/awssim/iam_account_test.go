package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	passwordToken     = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"
	accountAliasToken = "aws:iam/accountAlias:AccountAlias"
)

var strictPassword = props{
	"minimumPasswordLength": 14, "passwordReusePrevention": 24, "maxPasswordAge": 90, "allowUsersToChangePassword": true,
	"requireLowercaseCharacters": true, "requireUppercaseCharacters": true, "requireNumbers": true, "requireSymbols": true,
}

func TestPasswordPolicy(t *testing.T) {
	c := serve(t)
	assert.Nil(t, c.account().IAM.PasswordPolicy)
	m := c.create(passwordToken, "p", strictPassword)
	assert.Equal(t, "iam-account-password-policy", m.id)
	assert.Equal(t, true, m.state["expirePasswords"])
	assert.Equal(t, &iamPasswordPolicy{
		MinimumLength: 14, MaxAge: 90, ReusePrevention: 24, Lowercase: true, Uppercase: true, Numbers: true, Symbols: true, AllowUsersToChange: true,
	}, c.account().IAM.PasswordPolicy)
	c.unchanged(m)
	c.imported(m)

	weaker := with(strictPassword, props{"requireSymbols": false, "maxPasswordAge": 0})
	assert.Equal(t, []string{"maxPasswordAge", "requireSymbols"}, c.diff(m, weaker).GetDiffs())
	require.NoError(t, c.update(m, weaker))
	assert.False(t, c.account().IAM.PasswordPolicy.Symbols)
	assert.Zero(t, c.account().IAM.PasswordPolicy.MaxAge)
	assert.Equal(t, false, m.state["expirePasswords"])
	left := with(strictPassword, props{"requireNumbers": nil})
	assert.NotContains(t, c.diff(m, left).GetDiffs(), "requireNumbers")
	require.NoError(t, c.update(m, left))
	assert.True(t, c.account().IAM.PasswordPolicy.Numbers, "the provider keeps what the program leaves out")

	require.NoError(t, c.account().Update(func(a *Account) { a.IAM.PasswordPolicy.MinimumLength = 8 }))
	require.True(t, c.read(m))
	assert.Equal(t, []string{"minimumPasswordLength"}, c.diff(m, left).GetDiffs(), "drift")
	c.create(passwordToken, "second", props{})
	assert.Equal(t, &iamPasswordPolicy{MinimumLength: 6, AllowUsersToChange: true}, c.account().IAM.PasswordPolicy, "there is one; the other is lost")
	require.NoError(t, c.remove(m))
	assert.Nil(t, c.account().IAM.PasswordPolicy)
	assert.False(t, c.read(m))
	require.NoError(t, c.remove(m))

	c.refuses([]refusal{
		{"too short", passwordToken, props{"minimumPasswordLength": 5}, "ValidationError"},
		{"too long", passwordToken, props{"minimumPasswordLength": 129}, "a whole number of 6 to 128"},
		{"half a character", passwordToken, props{"minimumPasswordLength": 8.5}, "whole number"},
		{"too many days", passwordToken, props{"maxPasswordAge": 1096}, "1 to 1095"},
		{"negative days", passwordToken, props{"maxPasswordAge": -1}, "1 to 1095"},
		{"too many passwords", passwordToken, props{"passwordReusePrevention": 25}, "1 to 24"},
		{"unknown rule", passwordToken, props{"requireEmoji": true}, "unknown property"},
	})
	assert.Nil(t, c.account().IAM.PasswordPolicy)
}

func TestAccountAlias(t *testing.T) {
	c := serve(t)
	require.NoError(t, c.account().Update(func(a *Account) { a.Settings.TakenAliases = []string{"example"} }))
	m := c.create(accountAliasToken, "a", props{"accountAlias": "my-team-1"})
	assert.Equal(t, "my-team-1", m.id)
	c.unchanged(m)
	c.imported(m)
	assert.Equal(t, []string{"accountAlias"}, c.diff(m, props{"accountAlias": "other"}).GetReplaces())
	c.refuses([]refusal{
		{"of another account", accountAliasToken, props{"accountAlias": "example"}, "EntityAlreadyExists: The account alias example already exists."},
		{"its own", accountAliasToken, props{"accountAlias": "my-team-1"}, "EntityAlreadyExists"},
		{"too short", accountAliasToken, props{"accountAlias": "ab"}, "ValidationError"},
		{"too long", accountAliasToken, props{"accountAlias": strings.Repeat("a", 64)}, "ValidationError"},
		{"capital", accountAliasToken, props{"accountAlias": "Team"}, "ValidationError"},
		{"hyphen first", accountAliasToken, props{"accountAlias": "-team"}, "ValidationError"},
		{"hyphen last", accountAliasToken, props{"accountAlias": "team-"}, "ValidationError"},
		{"two hyphens", accountAliasToken, props{"accountAlias": "my--team"}, "ValidationError"},
		{"nothing", accountAliasToken, props{}, "missing required property"},
	})
	// A replacement makes the new one first, which takes the place of the old one.
	next := c.create(accountAliasToken, "a", props{"accountAlias": strings.Repeat("a", 63)})
	require.NoError(t, c.remove(m))
	assert.Equal(t, next.id, c.account().IAM.Alias)
	require.NoError(t, c.remove(next))
	assert.Empty(t, c.account().IAM.Alias)
	assert.False(t, c.read(next))
}
