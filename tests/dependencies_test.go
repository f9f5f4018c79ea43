package tests

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	module      = "github.com/seed-8894d46d/account-baseline"
	providerSDK = "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/"
)

// goList runs `go list` at the root of the module and returns its lines.
func goList(t *testing.T, args ...string) []string {
	t.Helper()
	command := exec.Command("go", append([]string{"list"}, args...)...)
	command.Dir = ".."
	output, err := command.Output()
	require.NoError(t, err, command.String())
	lines := strings.Fields(string(output))
	require.NotEmpty(t, lines, command.String())
	return lines
}

// TestImportersCompileNoOtherComponentsServices: pulumi-aws packages take minutes and gigabytes to compile, so that who
// imports a component must not pay for the services of the others.
func TestImportersCompileNoOtherComponentsServices(t *testing.T) {
	for component, others := range map[string][]string{
		"logarchive": {
			"accessanalyzer", "athena", "budgets", "cfg", "chatbot", "cloudtrail", "cloudwatch", "costexplorer", "ec2", "glue",
			"guardduty", "iam", "inspector2", "macie2", "pipes", "securityhub", "sfn", "sns", "sqs", "ssm",
		},
		"alerthub":        {"accessanalyzer", "athena", "budgets", "cfg", "cloudtrail", "costexplorer", "ec2", "glue", "guardduty", "inspector2", "macie2", "s3", "securityhub", "sfn", "ssm"},
		"threatdetection": {"athena", "budgets", "cfg", "cloudtrail", "costexplorer", "ec2", "glue", "sfn", "ssm"},
		"billingguard":    {"accessanalyzer", "athena", "cfg", "cloudtrail", "ec2", "glue", "guardduty", "inspector2", "macie2", "s3", "securityhub", "ssm"},
		"hardening": {
			"accessanalyzer", "athena", "budgets", "cfg", "cloudtrail", "cloudwatch", "costexplorer", "ec2", "glue", "guardduty", "inspector2", "macie2",
			"securityhub", "sfn", "sns", "sqs", "ssm",
		},
		"securetrail": {"accessanalyzer", "budgets", "cfg", "costexplorer", "ec2", "guardduty", "inspector2", "macie2", "securityhub", "sfn", "ssm"},
	} {
		compiled := goList(t, "-deps", "./components/"+component)
		for _, other := range others {
			assert.False(t, slices.Contains(compiled, providerSDK+other), "components/%s compiles %s", component, other)
		}
	}
}

// TestHeavyPackagesAreCompiledByNobody: ec2 alone takes gigabytes.
func TestHeavyPackagesAreCompiledByNobody(t *testing.T) {
	assert.NotContains(t, goList(t, "-deps", ".", "./components/..."), providerSDK+"ec2")
}

// TestProgramRunsOnTwoModulesOnly: tests, the simulated account and the tools may need more; who imports a component not.
func TestProgramRunsOnTwoModulesOnly(t *testing.T) {
	allowed := []string{module, "github.com/pulumi/pulumi/sdk/v3", strings.TrimSuffix(providerSDK, "/go/aws/")}
	for _, imported := range goList(t, "-f", `{{join .Imports "\n"}}`, ".", "./components/...") {
		host, _, _ := strings.Cut(imported, "/")
		if !strings.Contains(host, ".") {
			continue // standard library
		}
		assert.True(t, slices.ContainsFunc(allowed, func(prefix string) bool {
			return imported == prefix || strings.HasPrefix(imported, prefix+"/")
		}), "%s is imported by the program", imported)
	}
}

// TestComponentsDoNotKnowTheSimulatedAccount: nor anything else that serves tests or development only.
func TestComponentsDoNotKnowTheSimulatedAccount(t *testing.T) {
	for _, dependency := range goList(t, "-deps", ".", "./components/...") {
		for _, folder := range []string{"/internal/", "/cmd/", "/tests/"} {
			assert.False(t, strings.HasPrefix(dependency, module+folder), dependency)
		}
	}
}

// componentSources are the parsed files of the components that are no tests, by path from the root.
func componentSources(t *testing.T) map[string]*ast.File {
	t.Helper()
	sources := map[string]*ast.File{}
	root := filepath.Join("..", "components")
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err == nil {
			sources[filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator)))] = file
		}
		return err
	}))
	require.NotEmpty(t, sources)
	return sources
}

// TestOnlySettingsReadsConfiguration: a component in somebody else's stack must not depend on that stack's configuration.
func TestOnlySettingsReadsConfiguration(t *testing.T) {
	readers := []string{"GetConfig", "IsConfigSecret"}
	for path, file := range componentSources(t) {
		if strings.HasPrefix(path, "components/settings/") {
			continue
		}
		for _, spec := range file.Imports {
			assert.NotEqual(t, `"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"`, spec.Path.Value, path)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if selector, ok := node.(*ast.SelectorExpr); ok {
				assert.NotContains(t, readers, selector.Sel.Name, path)
			}
			return true
		})
	}
}

// TestComponentsHardCodeNoPartition: ARNs of the partition aws may stand in comments and, as examples, in error messages.
func TestComponentsHardCodeNoPartition(t *testing.T) {
	for path, file := range componentSources(t) {
		for _, literal := range hardCodedARNs(file) {
			t.Errorf("%s: %s", path, literal)
		}
	}
}

func TestHardCodedPartitionIsFound(t *testing.T) {
	const source = `package p
// arn:aws: in a comment
var a = "arn:aws:s3:::bucket"
func f() error { return fmt.Errorf("%q is no ARN such as arn:aws:s3:::bucket", g("arn:aws:sns:")) }
`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.SkipObjectResolution)
	require.NoError(t, err)
	assert.Equal(t, []string{`"arn:aws:s3:::bucket"`, `"arn:aws:sns:"`}, hardCodedARNs(file))
}

// hardCodedARNs are the string literals with the partition aws that are not the text of an error.
func hardCodedARNs(file *ast.File) (found []string) {
	texts := map[ast.Node]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.CallExpr:
			// "add" collects formatted problems in the validations.
			if slices.Contains([]string{"Errorf", "add"}, calledName(n)) {
				for _, text := range n.Args[:min(2, len(n.Args))] { // the field may stand before the text
					texts[text] = true
				}
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING && strings.Contains(n.Value, "arn:aws:") && !texts[n] {
				found = append(found, n.Value)
			}
		}
		return true
	})
	return found
}

func calledName(call *ast.CallExpr) string {
	switch function := call.Fun.(type) {
	case *ast.Ident:
		return function.Name
	case *ast.SelectorExpr:
		return function.Sel.Name
	}
	return ""
}
