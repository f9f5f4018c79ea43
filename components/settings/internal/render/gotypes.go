package render

import (
	"fmt"
	"go/format"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

const rootType = "Values"

// GoTypes returns the source of the types that hold the decoded settings.
func GoTypes(root *schema.Node) ([]byte, error) {
	g := &typeWriter{written: map[string]bool{}}
	g.object(rootType, rootType+" are all settings with their defaults filled in; see docs/settings.md.", root, "")
	imports := ""
	if strings.Contains(g.out.String(), "pulumi.") {
		imports = "import \"github.com/pulumi/pulumi/sdk/v3/go/pulumi\"\n\n"
	}
	source := "// Code generated from internal/schema by go generate; DO NOT EDIT.\n\npackage settings\n\n" + imports + g.out.String()
	return format.Source([]byte(source))
}

type typeWriter struct {
	out     strings.Builder
	written map[string]bool
}

// object writes the type of an object and, after it, those of the objects inside it.
func (g *typeWriter) object(name, doc string, n *schema.Node, path string) {
	if g.written[name] {
		return
	}
	g.written[name] = true
	comment(&g.out, "", doc)
	fmt.Fprintf(&g.out, "type %s struct {\n", name)
	for _, f := range n.Fields {
		comment(&g.out, "\t", fieldDoc(f))
		tag := f.Name
		if f.Secret {
			tag = "-"
		}
		fmt.Fprintf(&g.out, "\t%s %s `json:%q`\n", goName(f.Name), goType(f, inner(name, f)), tag)
	}
	g.out.WriteString("}\n\n")
	for _, f := range n.Fields {
		g.below(f, inner(name, f), strings.TrimPrefix(path+"."+f.Name, "."))
	}
}

func (g *typeWriter) below(n *schema.Node, name, path string) {
	switch n.Kind {
	case schema.Object:
		name = typeName(n, name)
		doc := fmt.Sprintf("%s holds the keys of %s. %s", name, path, n.Doc)
		if n.TypeName != "" {
			doc = fmt.Sprintf("%s is one entry of %s.", name, path)
		}
		g.object(name, doc, n, path)
	case schema.List, schema.Dict:
		g.below(n.Elem, name, path)
	}
}

// inner is the name of the type of an object inside the type; those at the top have no prefix.
func inner(outer string, f *schema.Node) string {
	if outer == rootType {
		outer = ""
	}
	return outer + goName(f.Name)
}

func typeName(n *schema.Node, name string) string {
	if n.TypeName != "" {
		return n.TypeName
	}
	return name
}

func goType(n *schema.Node, name string) string {
	switch n.Kind {
	case schema.Text:
		if n.Secret {
			return "pulumi.StringInput"
		}
		return "string"
	case schema.Integer:
		return "int"
	case schema.Number:
		return "float64"
	case schema.Switch:
		return "bool"
	case schema.List:
		return "[]" + goType(n.Elem, name)
	case schema.Dict:
		return "map[string]" + goType(n.Elem, name)
	default:
		return typeName(n, name)
	}
}

// fieldDoc says meaning, default and limits of a field.
func fieldDoc(n *schema.Node) string {
	doc := n.Doc
	if d := defaults(n); d != "" && n.Kind != schema.Object {
		doc += " Default: " + d + "."
	}
	if l := limits(n); l != "" {
		doc += " Limits: " + l + "."
	}
	if n.Secret {
		doc += " It is a secret output; nil when not set."
	}
	return doc
}

// initialisms are the words that Go writes in capitals.
var initialisms = map[string]string{
	"Id": "ID", "Ids": "IDs", "Arn": "ARN", "Arns": "ARNs", "Url": "URL", "Mfa": "MFA", "Api": "API", "Ebs": "EBS", "Eks": "EKS", "Ecs": "ECS",
	"Rds": "RDS", "Acl": "ACL", "Iam": "IAM", "Ec2": "EC2", "Cpus": "CPUs",
}

func goName(name string) string {
	var out strings.Builder
	for _, word := range words(strings.ToUpper(name[:1]) + name[1:]) {
		if upper, ok := initialisms[word]; ok {
			word = upper
		}
		out.WriteString(word)
	}
	return out.String()
}

// words splits a name in camel case.
func words(name string) []string {
	var parts []string
	start := 0
	for i := 1; i < len(name); i++ {
		if name[i] >= 'A' && name[i] <= 'Z' {
			parts = append(parts, name[start:i])
			start = i
		}
	}
	return append(parts, name[start:])
}

// comment writes a doc comment, wrapped at 118 columns.
func comment(out *strings.Builder, indent, text string) {
	line := indent + "//"
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > 118 {
			out.WriteString(line + "\n")
			line = indent + "//"
		}
		line += " " + word
	}
	out.WriteString(line + "\n")
}
