package tests

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const components = "github.com/seed-8894d46d/account-baseline/components/"

// known are the names that the pages use without saying where they come from, with their types.
var known = []struct{ name, typ string }{
	{"ctx", "*pulumi.Context"}, {"err", "error"},
	{"hub", "*alerthub.AlertHub"}, {"archive", "*logarchive.LogArchive"}, {"trail", "*securetrail.SecureTrail"},
	{"providers", "*regions.Providers"},
	{"deploy", "map[string]string"}, {"preview", "map[string]string"}, {"boundary", "string"},
	{"accountID", "string"}, {"baseline", "pulumi.RunFunc"},
}

var (
	goBlock  = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")
	selector = regexp.MustCompile(`\b([a-z]\w*)\.[A-Z]`)
)

// TestSnippetsCompile: Go code on a page is code, with the names and arguments that the components have now.
func TestSnippetsCompile(t *testing.T) {
	var functions strings.Builder
	imports := map[string]bool{"github.com/pulumi/pulumi/sdk/v3/go/pulumi": true}
	for _, v := range known {
		if name, _, ok := strings.Cut(strings.TrimPrefix(v.typ, "*"), "."); ok && name != "pulumi" {
			imports[components+name] = true
		}
	}
	count := 0
	for path, page := range documents(t) {
		for _, at := range goBlock.FindAllStringSubmatchIndex(page, -1) {
			code := page[at[2]:at[3]]
			if strings.HasPrefix(code, "package ") {
				continue // a whole program: TestReadmesShowTheExampleThatCompiles
			}
			count++
			for _, name := range selector.FindAllStringSubmatch(code, -1) {
				if path := packageOf(name[1]); path != "" {
					imports[path] = true
				}
			}
			fmt.Fprintf(&functions, "func _(%s) error {\n{\n//line %s:%d\n%s\n}\nreturn nil\n}\n", parameters(), path, 1+strings.Count(page[:at[2]], "\n"), statements(t, path, code))
		}
	}
	require.Greater(t, count, 15)

	text := "package snippets\n\n"
	for _, path := range slices.Sorted(maps.Keys(imports)) {
		text += fmt.Sprintf("import %q\n", path)
	}
	text += functions.String()
	dir := t.TempDir()
	source, overlay := filepath.Join(dir, "snippets.go"), filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(source, []byte(text), 0o600))
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "tests/snippets/snippets.go"): source}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, replace, 0o600))
	command := exec.Command("go", "build", "-overlay", overlay, "./tests/snippets")
	command.Dir = root
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
}

func parameters() string {
	var all []string
	for _, v := range known {
		all = append(all, v.name+" "+v.typ)
	}
	return strings.Join(all, ", ")
}

// packageOf is the import path of a package by its name; "" when it is a variable.
func packageOf(name string) string {
	switch name {
	case "fmt":
		return name
	case "aws":
		return strings.TrimSuffix(providerSDK, "/")
	case "confighistory":
		return components + "configbaseline/confighistory"
	}
	if info, err := os.Stat("../components/" + name); err == nil && info.IsDir() {
		return components + name
	}
	return ""
}

// statements makes a snippet a list of statements of which each uses what it declares.
func statements(t *testing.T, path, code string) string {
	t.Helper()
	if _, err := parser.ParseExpr(code); err == nil && !strings.Contains(code, ":=") {
		return "_ = " + code
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nfunc f() {\n"+code+"\n}\n", 0)
	require.NoError(t, err, path)
	used := ""
	ast.Inspect(file, func(node ast.Node) bool {
		if assign, ok := node.(*ast.AssignStmt); ok && assign.Tok == token.DEFINE {
			for _, left := range assign.Lhs {
				used += "_ = " + left.(*ast.Ident).Name + "\n"
			}
		}
		return true
	})
	return code + used
}
