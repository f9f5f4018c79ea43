package awssim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const contactToken = "aws:account/alternativeContact:AlternativeContact"

func contact(kind string) props {
	return props{
		"alternateContactType": kind, "name": "Security Team", "title": "On call", "emailAddress": "aws+security@example.com", "phoneNumber": "+81 (3) 1234-5678",
	}
}

func TestAlternateContacts(t *testing.T) {
	c := serve(t)
	var all []*made
	for _, kind := range contactTypes {
		m := c.create(contactToken, strings.ToLower(kind), contact(kind))
		assert.Equal(t, "/"+kind, m.id)
		c.unchanged(m)
		c.imported(m)
		c.imported(&made{token: contactToken, name: "import", id: kind, inputs: m.inputs})
		all = append(all, m)
	}
	assert.Len(t, c.account().AccountManagement.AlternateContacts, 3)
	m := all[2]
	require.NoError(t, c.update(m, with(contact("SECURITY"), props{"name": "Somebody else"})))
	assert.Equal(t, "Somebody else", c.account().AccountManagement.AlternateContacts["123456789012/SECURITY"].Name)
	assert.Equal(t, []string{"alternateContactType"}, c.diff(m, contact("BILLING")).GetReplaces())
	c.create(contactToken, "again", contact("SECURITY")) // one of each; the latest stands
	assert.Len(t, c.account().AccountManagement.AlternateContacts, 3)
	require.NoError(t, c.account().Update(func(a *Account) { a.AccountManagement.AlternateContacts["123456789012/SECURITY"].PhoneNumber = "1" }))
	wanted := m.inputs
	require.True(t, c.read(m))
	assert.Contains(t, c.diff(m, wanted).GetDiffs(), "phoneNumber", "drift")
	for range 2 {
		require.NoError(t, c.remove(m), "deleting twice is no error to the provider")
	}
	assert.False(t, c.read(m))
	assert.Len(t, c.account().AccountManagement.AlternateContacts, 2)
}

func TestAlternateContactRefusals(t *testing.T) {
	c := serve(t)
	over := func(property string, value any) props { return with(contact("SECURITY"), props{property: value}) }
	c.refuses([]refusal{
		{"type", contactToken, contact("LEGAL"), "allowed are BILLING, OPERATIONS, SECURITY"},
		{"no phone", contactToken, over("phoneNumber", nil), "missing required property"},
		{"empty phone", contactToken, over("phoneNumber", ""), "allowed are 1 to 25"},
		{"letters in phone", contactToken, over("phoneNumber", "+81 3 call"), "only digits"},
		{"long phone", contactToken, over("phoneNumber", strings.Repeat("1", 26)), "allowed are 1 to 25"},
		{"mail", contactToken, over("emailAddress", "security@"), "ValidationException: emailAddress"},
		{"mail without dot", contactToken, over("emailAddress", "security@example"), "not an e-mail address"},
		{"mail with comma", contactToken, over("emailAddress", "a@example.com,b@example.com"), "not an e-mail address"},
		{"long mail", contactToken, over("emailAddress", strings.Repeat("a", 250)+"@example.com"), "allowed are 1 to 254"},
		{"no name", contactToken, over("name", ""), "allowed are 1 to 64"},
		{"long name", contactToken, over("name", strings.Repeat("名", 65)), "has 65 characters"},
		{"long title", contactToken, over("title", strings.Repeat("a", 51)), "allowed are 1 to 50"},
		{"no account", contactToken, over("accountId", "me"), "is not the id of an account"},
		{"own account", contactToken, over("accountId", "123456789012"), "AccessDeniedException"},
		{"another account", contactToken, over("accountId", "444455556666"), "AccessDeniedException"},
	})
	_, err := c.try(contactToken, "bad", over("emailAddress", "secret person@"))
	assert.NotContains(t, err.Error(), "person", "a person's data are not repeated")
	assert.Empty(t, c.account().AccountManagement.AlternateContacts)
	c.create(contactToken, "longest", with(contact("SECURITY"), props{"name": strings.Repeat("名", 64), "title": strings.Repeat("a", 50)}))
}

func TestContactsOfMemberAccounts(t *testing.T) {
	c := serve(t)
	require.NoError(t, c.account().Update(func(a *Account) {
		a.Settings.Organization = &Organization{ID: "o-abc", ManagementAccount: a.ID, Accounts: []string{a.ID, "444455556666"}}
	}))
	m := c.create(contactToken, "m", with(contact("BILLING"), props{"accountId": "444455556666"}))
	assert.Equal(t, "444455556666/BILLING", m.id)
	c.unchanged(m)
	c.imported(m)
	assert.Equal(t, []string{"accountId"}, c.diff(m, contact("BILLING")).GetReplaces())
	_, err := c.try(contactToken, "own", with(contact("BILLING"), props{"accountId": "123456789012"}))
	refusedWith(t, err, "leave accountId out for the caller's own account")
	require.NoError(t, c.remove(m))
}
