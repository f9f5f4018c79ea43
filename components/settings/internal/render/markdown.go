package render

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

//go:embed settings.md.head
var head string

// Markdown returns the page docs/settings.md.
func Markdown(root *schema.Node) []byte {
	var out strings.Builder
	out.WriteString(head)
	out.WriteString("\n## Keys\n\n")
	header(&out)
	var trees []*schema.Node
	for _, n := range root.Fields {
		if n.Kind == schema.Object {
			trees = append(trees, n)
			continue
		}
		rows(&out, n, n.Name)
	}
	for _, n := range trees {
		fmt.Fprintf(&out, "\n### %s\n\n%s\n\n", n.Name, n.Doc)
		header(&out)
		for _, f := range n.Fields {
			rows(&out, f, n.Name+"."+f.Name)
		}
	}
	partitions(&out)
	return []byte(out.String())
}

func header(out *strings.Builder) {
	out.WriteString("| key | type | default | meaning and limits |\n|---|---|---|---|\n")
}

// rows writes the row of a key and the rows of the keys below it.
func rows(out *strings.Builder, n *schema.Node, path string) {
	meaning := n.Doc
	if l := limits(n); l != "" {
		meaning += " *" + strings.ToUpper(l[:1]) + l[1:] + ".*"
	}
	if meaning != "" {
		fmt.Fprintf(out, "| `%s` | %s | %s | %s |\n", path, kind(n), cell(defaults(n)), cell(strings.TrimSpace(meaning)))
	}
	for e, at := n, path; e != nil; e = e.Elem {
		for _, f := range e.Fields {
			rows(out, f, at+"."+f.Name)
		}
		if e.Kind == schema.Dict {
			at += ".NAME"
		} else {
			at += "[]"
		}
	}
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// partitions writes the tables of Regions and features.
func partitions(out *strings.Builder) {
	all := partition.All()
	out.WriteString("\n## Partitions\n\nThe home Region decides the partition. A setting for something that the partition lacks is refused by name; a\nprofile's default for it is left out.\n\n")
	out.WriteString("| partition | DNS suffix | global events appear in | Regions (*opt-in*) |\n|---|---|---|---|\n")
	for _, p := range all {
		var names []string
		for _, r := range p.Regions() {
			if r.OptIn {
				names = append(names, "*"+r.Name+"*")
			} else {
				names = append(names, r.Name)
			}
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s |\n", p.ID, p.DNSSuffix, p.GlobalRegion, strings.Join(names, ", "))
	}
	out.WriteString("\n| feature |")
	for _, p := range all {
		out.WriteString(" " + p.ID + " |")
	}
	out.WriteString(" source |\n|---|" + strings.Repeat("---|", len(all)) + "---|\n")
	for _, d := range partition.Features() {
		fmt.Fprintf(out, "| %s |", d.Name)
		for _, p := range all {
			mark := "–"
			if slices.Contains(d.Partitions, p.ID) {
				mark = "yes"
			}
			out.WriteString(" " + mark + " |")
		}
		fmt.Fprintf(out, " <%s> |\n", d.Source)
	}
}
