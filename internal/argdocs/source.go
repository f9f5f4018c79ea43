package argdocs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// source is what the packages of components declare.
type source struct {
	structs   map[string]*structure      // by PACKAGE.TYPE
	constants map[string][]string        // constants of a type, by PACKAGE.TYPE
	known     map[string]map[string]bool // exported names, by package
}

// structure is a struct type with its exported fields.
type structure struct {
	name, pkg, file string
	doc             string
	fields          []field
}

// field is a field, or several of one type that share a comment.
type field struct {
	names   []string
	typ     string   // as in Go
	leadsTo []string // PACKAGE.TYPE of every named type in it
	doc     string
}

// load reads all packages below a directory, without their tests and internal packages.
func load(root string) (*source, error) {
	s := &source{structs: map[string]*structure{}, constants: map[string][]string{}, known: map[string]map[string]bool{}}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "internal" || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return s.add(filepath.ToSlash(relative), text)
	})
	return s, err
}

// add reads a file, whose path is relative to the packages' root.
func (s *source) add(path string, text []byte) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	pkg := strings.TrimSuffix(path, "/"+filepath.Base(path))
	if s.known[pkg] == nil {
		s.known[pkg] = map[string]bool{}
	}
	imports := packagesOf(file)
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				s.know(pkg, d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					s.addType(pkg, path, d, spec, imports)
				case *ast.ValueSpec:
					s.addValues(pkg, spec)
				}
			}
		}
	}
	return nil
}

func (s *source) know(pkg string, names ...*ast.Ident) {
	for _, name := range names {
		if name.IsExported() {
			s.known[pkg][name.Name] = true
		}
	}
}

func (s *source) addValues(pkg string, spec *ast.ValueSpec) {
	s.know(pkg, spec.Names...)
	typ, named := spec.Type.(*ast.Ident)
	if !named {
		return
	}
	for _, name := range spec.Names {
		if name.IsExported() {
			s.constants[pkg+"."+typ.Name] = append(s.constants[pkg+"."+typ.Name], name.Name)
		}
	}
}

func (s *source) addType(pkg, path string, d *ast.GenDecl, spec *ast.TypeSpec, imports map[string]string) {
	s.know(pkg, spec.Name)
	body, isStruct := spec.Type.(*ast.StructType)
	if !isStruct || !spec.Name.IsExported() {
		return
	}
	doc := spec.Doc
	if doc == nil {
		doc = d.Doc
	}
	structure := &structure{name: spec.Name.Name, pkg: pkg, file: path, doc: words(doc.Text())}
	for _, f := range body.Fields.List {
		var names []string
		for _, name := range f.Names {
			if name.IsExported() {
				names = append(names, name.Name)
				s.know(pkg, name)
			}
		}
		if len(names) == 0 {
			continue
		}
		structure.fields = append(structure.fields, field{
			names: names, typ: types.ExprString(f.Type), leadsTo: namedTypes(f.Type, pkg, imports),
			doc: words(f.Doc.Text() + " " + f.Comment.Text()),
		})
	}
	s.structs[pkg+"."+structure.name] = structure
}

// packagesOf are the packages below components that a file imports, by the name that stands before its types.
func packagesOf(file *ast.File) map[string]string {
	found := map[string]string{}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		_, below, ok := strings.Cut(path, "/components/")
		if !ok {
			continue
		}
		name := below[strings.LastIndex(below, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		found[name] = below
	}
	return found
}

// namedTypes are the types of components within a type.
func namedTypes(typ ast.Expr, pkg string, imports map[string]string) (names []string) {
	ast.Inspect(typ, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.SelectorExpr:
			if from, ok := n.X.(*ast.Ident); ok && imports[from.Name] != "" {
				names = append(names, imports[from.Name]+"."+n.Sel.Name)
			}
			return false
		case *ast.Ident:
			if n.IsExported() {
				names = append(names, pkg+"."+n.Name)
			}
		}
		return true
	})
	return names
}

func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// structOf is a struct, or an error that says what there is.
func (s *source) structOf(name string) (*structure, error) {
	if found := s.structs[name]; found != nil {
		return found, nil
	}
	pkg := name[:strings.LastIndex(name, ".")+1]
	var there []string
	for candidate := range s.structs {
		if strings.HasPrefix(candidate, pkg) && strings.HasSuffix(candidate, "Args") {
			there = append(there, candidate)
		}
	}
	slices.Sort(there)
	return nil, fmt.Errorf("there is no struct %s below components; of its package there are: %s", name, strings.Join(there, ", "))
}
