package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
)

// TestBillingStaysAsItWasPut: the account file keeps what the last option said, over commands that say nothing.
func TestBillingStaysAsItWasPut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "account.json")
	for _, row := range []struct {
		billing string
		hidden  bool
	}{
		{"", false},
		{billingHidden, true},
		{"", true},
		{billingVisible, false},
		{"", false},
	} {
		server, err := serveAccount(file, options{billing: row.billing}, surroundings{})
		require.NoError(t, err)
		var hidden bool
		require.NoError(t, server.Account().Update(func(a *awssim.Account) { hidden = a.Settings.BillingHidden }))
		require.NoError(t, server.Close())
		require.Equal(t, row.hidden, hidden, "%q", row.billing)
	}
	server, err := serveAccount(filepath.Join(t.TempDir(), "new.json"), options{billing: billingHidden}, surroundings{})
	require.NoError(t, err)
	require.True(t, server.Account().Settings.BillingHidden, "a new account, too")
	require.NoError(t, server.Close())
}
