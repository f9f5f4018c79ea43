package awssim

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// sourceType is a plain type of the SDK's ec2 package, read from its source: that
// package takes gigabytes to compile.
type sourceType struct{ name string }

func (t sourceType) ElementType() reflect.Type { return ec2Source.structOf(t.name) }

// ec2Source is the source of the ec2 package that go.mod names.
var ec2Source = func() *sdkSource {
	sdk, err := build.Import("github.com/pulumi/pulumi-aws/sdk/v6/go/aws", ".", build.FindOnly)
	if err != nil {
		panic(err)
	}
	return &sdkSource{dir: filepath.Join(sdk.Dir, "ec2")}
}()

type sdkSource struct{ dir string }

// structOf builds the type from its declaration, which stands in the file of the
// resource or among the types that resources share.
func (s *sdkSource) structOf(name string) reflect.Type {
	declaration := regexp.MustCompile(`(?ms)^type ` + name + ` struct \{$.*?^\}$`)
	resource := regexp.MustCompile(`(Args|State|Ingress|Egress)$`).ReplaceAllString(name, "")
	shared, err := filepath.Glob(filepath.Join(s.dir, "pulumiTypes*.go"))
	if err != nil {
		panic(err)
	}
	for _, file := range append([]string{filepath.Join(s.dir, string(unicode.ToLower(rune(resource[0])))+resource[1:]+".go")}, shared...) {
		text, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		if found := declaration.Find(text); found != nil {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, "package ec2\n"+string(found), parser.SkipObjectResolution)
			if err != nil {
				panic(err)
			}
			return s.reflected(parsed.Decls[0].(*ast.GenDecl).Specs[0].(*ast.TypeSpec).Type)
		}
	}
	panic("the SDK has no type ec2." + name)
}

func (s *sdkSource) reflected(e ast.Expr) reflect.Type {
	switch e := e.(type) {
	case *ast.StarExpr:
		return reflect.PointerTo(s.reflected(e.X))
	case *ast.ArrayType:
		return reflect.SliceOf(s.reflected(e.Elt))
	case *ast.MapType:
		return reflect.MapOf(s.reflected(e.Key), s.reflected(e.Value))
	case *ast.StructType:
		var fields []reflect.StructField
		for _, f := range e.Fields.List {
			tag, err := strconv.Unquote(f.Tag.Value)
			if err != nil {
				panic(err)
			}
			fields = append(fields, reflect.StructField{Name: f.Names[0].Name, Type: s.reflected(f.Type), Tag: reflect.StructTag(tag)})
		}
		return reflect.StructOf(fields)
	case *ast.Ident:
		plain := []reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[float64]()}
		if i := slices.IndexFunc(plain, func(t reflect.Type) bool { return t.Name() == e.Name }); i >= 0 {
			return plain[i]
		}
		if strings.ToUpper(e.Name[:1]) == e.Name[:1] {
			return s.structOf(e.Name)
		}
	}
	panic("a type of the SDK's ec2 package is of a kind that is not expected")
}
