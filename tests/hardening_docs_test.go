package tests

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/checklist"
	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
	"github.com/seed-8894d46d/account-baseline/components/hardening"
)

// hardeningsTable is what is locked, as the page shows it.
func hardeningsTable() string {
	table := &strings.Builder{}
	fmt.Fprintln(table, "| hardening | what it sets | once per | field | setting `hardening.` | profile | CIS 3.0 | CIS 5.0 | CIS 7.0 | Security Hub | SSB |")
	fmt.Fprintln(table, "|---|---|---|---|---|---|---|---|---|---|---|")
	for _, row := range hardening.Hardenings() {
		profile := row.From
		if profile == "starter" {
			profile = "every"
		}
		fmt.Fprintf(table, "| [`%s`](%s) | %s | %s | `%s` | `%s` | %s | %s | %s | %s | %s | %s |\n", row.Name, row.Source, row.Does, row.Scope, row.Switch, row.Setting, profile,
			orDash(row.CIS3), orDash(row.CIS5), orDash(row.CIS7), orDash(row.SecurityHub), orDash(row.SSB))
	}
	return table.String()
}

// consequencesTable is what a hardening means for an account in use, and what a destroy does.
func consequencesTable() string {
	table := &strings.Builder{}
	fmt.Fprintln(table, "| hardening | what it can break in an account in use | can be adopted | what `pulumi destroy` does |")
	fmt.Fprintln(table, "|---|---|---|---|")
	for _, row := range hardening.Hardenings() {
		breaks, adoptable, destroy := row.Breaks, "no", row.Destroy
		if breaks == "" {
			breaks = "nothing"
		}
		if row.Adoptable() {
			adoptable = "yes"
		}
		if row.Stays {
			destroy = "**" + destroy + "**"
		}
		fmt.Fprintf(table, "| `%s` | %s | %s | %s |\n", row.Name, breaks, adoptable, destroy)
	}
	return table.String()
}

// TestHardeningPageIsUpToDate: docs/hardening.md shows the table of the code, and every field.
func TestHardeningPageIsUpToDate(t *testing.T) {
	content, err := os.ReadFile("../docs/hardening.md")
	require.NoError(t, err)
	page := string(content)
	for name, table := range map[string]string{"hardenings": hardeningsTable(), "consequences": consequencesTable()} {
		if !strings.Contains(page, table) {
			t.Errorf("docs/hardening.md lacks this table (%s):\n%s", name, table)
		}
	}
	for _, args := range []any{
		hardening.AccountHardeningArgs{}, hardening.PasswordPolicyArgs{}, hardening.InstanceMetadataArgs{}, hardening.Contact{}, hardening.RoleArgs{}, hardening.DefaultSecurityGroupsArgs{},
	} {
		for _, field := range reflect.VisibleFields(reflect.TypeOf(args)) {
			assert.Contains(t, page, "`"+field.Name+"`", "%T", args)
		}
	}
}

// TestHardeningTableIsComplete: each row says what it is, and every switch is a field.
func TestHardeningTableIsComplete(t *testing.T) {
	var seen []hardening.Name
	for _, row := range hardening.Hardenings() {
		assert.NotContains(t, seen, row.Name)
		seen = append(seen, row.Name)
		for what, value := range map[string]string{"does": row.Does, "setting": row.Setting, "destroy": row.Destroy} {
			assert.NotEmpty(t, value, "%s: %s", row.Name, what)
		}
		assert.True(t, strings.HasPrefix(row.Source, "https://docs.aws.amazon.com/"), row.Name)
		assert.Contains(t, []string{"starter", "standard", "on request"}, row.From)
		field, rest, nested := strings.Cut(row.Switch, ".")
		found, known := reflect.TypeFor[hardening.AccountHardeningArgs]().FieldByName(field)
		if assert.True(t, known, row.Switch) && nested {
			_, known = found.Type.FieldByName(rest)
			assert.True(t, known, row.Switch)
		}
	}
}

// TestRootIsSeenTo: what the page says about the root user exists.
func TestRootIsSeenTo(t *testing.T) {
	content, err := os.ReadFile("../docs/hardening.md")
	require.NoError(t, err)
	for _, step := range []string{"enableRootMfa", "deleteRootAccessKeys", "receiveBillingAlerts"} {
		assert.Contains(t, string(content), "`"+step+"`")
		assert.True(t, slices.ContainsFunc(checklist.Steps, func(s checklist.Step) bool { return s.Name == step }), step)
	}
	for _, rule := range []string{"root-account-mfa-enabled", "iam-root-access-key-check"} {
		assert.Contains(t, string(content), "`"+rule+"`")
		assert.True(t, slices.ContainsFunc(configbaseline.KnownRules(), func(r configbaseline.KnownRule) bool { return r.Name == rule }), rule)
	}
}
