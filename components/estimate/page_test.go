package estimate_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/estimate"
)

const page = "../../docs/costs.md"

var update = flag.Bool("update", false, "write the tables of docs/costs.md")

// TestThePageHasTheTables keeps the tables of the page in step with prices and presets. That of the profiles is kept by the program's own test.
func TestThePageHasTheTables(t *testing.T) {
	content, err := os.ReadFile(page)
	require.NoError(t, err)
	text := string(content)
	for _, table := range []struct {
		name string
		rows []string
	}{{"volumes", volumeRows(t)}, {"prices", priceRows()}} {
		begin, end := "<!-- "+table.name+" -->\n", "<!-- end of "+table.name+" -->"
		before, rest, found := strings.Cut(text, begin)
		require.True(t, found, "%s lacks %s", page, begin)
		old, after, found := strings.Cut(rest, end)
		require.True(t, found, "%s lacks %s", page, end)
		wanted := "\n" + strings.Join(table.rows, "\n") + "\n\n"
		if !*update {
			assert.Equal(t, wanted, old, "%s: run go test ./components/estimate -run ThePage -update", page)
		}
		text = before + begin + wanted + end + after
	}
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(text), 0o644))
	}
}

// volumeRows take what a volume is from the comment of its field.
func volumeRows(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "volumes.go", nil, parser.ParseComments)
	require.NoError(t, err)
	rows := []string{"| volume | what it is, a month | " + strings.Join(estimate.PresetNames, " | ") + " |", "|---|---|---|---|---|"}
	names := estimate.VolumeNames()
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != "Volumes" {
			return true
		}
		for _, field := range spec.Type.(*ast.StructType).Fields.List {
			name := field.Names[0].Name
			row := "| `" + names[len(rows)-2] + "` | " + strings.TrimSpace(field.Comment.Text())
			for _, preset := range estimate.PresetNames {
				volume := reflect.ValueOf(estimate.Presets()[preset]).FieldByName(name).Float()
				row += " | " + strconv.FormatFloat(volume, 'f', -1, 64)
			}
			rows = append(rows, row+" |")
		}
		return false
	})
	require.Greater(t, len(rows), 30)
	return rows
}

func priceRows() []string {
	rows := []string{"| service | what is paid for | USD | free | Region | source | read |", "|---|---|---|---|---|---|---|"}
	for _, p := range estimate.Prices() {
		var steps []string
		for _, step := range p.Steps {
			amount := strconv.FormatFloat(step.USD, 'f', -1, 64)
			if step.UpTo > 0 {
				amount += " up to " + strconv.FormatFloat(step.UpTo, 'f', -1, 64)
			}
			steps = append(steps, amount)
		}
		usd := strings.Join(steps, ", then ")
		if p.Per != 1 {
			usd += " for " + strconv.FormatFloat(p.Per, 'f', -1, 64)
		}
		var free []string
		if p.Free > 0 {
			free = append(free, strconv.FormatFloat(p.Free, 'f', -1, 64)+" for each "+string(p.Scope))
		}
		if p.Trial > 0 {
			free = append(free, strconv.Itoa(p.Trial)+" days")
		}
		region := p.Region
		if region == "" {
			region = "every"
		}
		if n := len(p.Elsewhere); n > 0 {
			region += ", and " + map[bool]string{true: "1 other", false: fmt.Sprint(n, " others")}[n == 1]
		}
		source := "[AWS](" + p.Source + ")"
		if p.Via != "" {
			source += " by " + p.Via
		}
		rows = append(rows, strings.Join([]string{"| " + p.Service, p.What + ", " + p.Unit, usd, strings.Join(free, ", "), region, source, p.Read + " |"}, " | "))
	}
	return rows
}
