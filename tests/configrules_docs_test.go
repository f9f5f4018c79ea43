package tests

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/configbaseline"
)

const rulesPage = "../docs/configrules.md"

// rulesTable is the table of a set as the page shows it.
func rulesTable(set configbaseline.RuleSet) string {
	table := &strings.Builder{}
	fmt.Fprintln(table, "| rule | found | evaluated | resource types | parameters | CIS 3.0 | CIS 5.0 | Security Hub | SSB |")
	fmt.Fprintln(table, "|---|---|---|---|---|---|---|---|---|")
	for _, rule := range configbaseline.KnownRules() {
		if rule.Set != set {
			continue
		}
		types := strings.ReplaceAll(strings.Join(rule.ResourceTypes, ", "), "AWS::", "")
		if rule.ResourceTypes[0] == "AWS::::Account" {
			types = "the account"
		}
		if len(rule.ResourceTypes) > 5 {
			types = fmt.Sprintf("any of %d", len(rule.ResourceTypes))
		}
		var parameters []string
		for _, p := range rule.Parameters {
			if strings.HasPrefix(p.Name, "tag") {
				continue // given as RequiredTags
			}
			shown := "`" + p.Name + "`"
			if p.Default != "" {
				shown += " = " + strings.ReplaceAll(p.Default, ",", ", ")
			}
			parameters = append(parameters, shown)
		}
		fmt.Fprintf(table, "| `%s` | %s | %s, %s | %s | %s | %s | %s | %s | %s |\n", rule.Name, rule.Finding, rule.Trigger, rule.Placement, types, orDash(parameters),
			orDash(rule.CIS3), orDash(rule.CIS5), orDash(rule.FSBP), orDash(rule.SSB))
	}
	return table.String()
}

func orDash(values []string) string {
	if len(values) == 0 {
		return "–"
	}
	return strings.Join(values, ", ")
}

// missingTable are the rules that some Regions lack.
func missingTable() string {
	rules := map[string][]string{}
	for _, rule := range configbaseline.KnownRules() {
		if len(rule.MissingIn) > 0 {
			regions := strings.Join(rule.MissingIn, ", ")
			rules[regions] = append(rules[regions], "`"+rule.Name+"`")
		}
	}
	var rows []string
	for regions, names := range rules {
		rows = append(rows, fmt.Sprintf("| %s | %s |\n", strings.Join(names, ", "), regions))
	}
	slices.Sort(rows)
	return "| rules | missing in |\n|---|---|\n" + strings.Join(rows, "")
}

func remediationsTable() string {
	table := &strings.Builder{}
	fmt.Fprintln(table, "| document | what it does | repairs | automatic | role |")
	fmt.Fprintln(table, "|---|---|---|---|---|")
	for _, r := range configbaseline.Remediations() {
		automatic := "never"
		if r.Safe {
			automatic = "possible"
		}
		fmt.Fprintf(table, "| `%s` (`%s`) | %s | `%s` | %s | `PREFIX-%s` |\n", r.Name, r.Document, r.Effect, strings.Join(r.Rules, "`, `"), automatic, roleOf[r.Name])
	}
	return table.String()
}

// TestRulesPageIsUpToDate: docs/configrules.md shows the tables of the code.
func TestRulesPageIsUpToDate(t *testing.T) {
	page, err := os.ReadFile(rulesPage)
	require.NoError(t, err)
	for name, table := range map[string]string{
		"seed":        rulesTable(configbaseline.SeedRules),
		"essentials":  rulesTable(configbaseline.EssentialRules),
		"full":        rulesTable(configbaseline.FullRules),
		"missing":     missingTable(),
		"remediation": remediationsTable(),
	} {
		if !strings.Contains(string(page), table) {
			t.Errorf("docs/configrules.md lacks this table (%s):\n%s", name, table)
		}
	}
	said := []string{
		"$0.001", "Deleting or disabling", "configuration item",
		fmt.Sprintf("| `full` | %d |", len(configbaseline.KnownRules())),
		fmt.Sprintf("| `essentials` | %d |", len(seedRules)+len(essentialRules)),
	}
	for name, identifier := range otherwiseCalled {
		said = append(said, "`"+name+"` is `"+identifier+"`")
	}
	for _, part := range said {
		if !strings.Contains(string(page), part) {
			t.Errorf("docs/configrules.md lacks this text: %s", part)
		}
	}
}
