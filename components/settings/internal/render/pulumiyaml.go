package render

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// PulumiConfig returns the config section of Pulumi.yaml, its last one. Every key has a default there, since Pulumi
// demands a value for those that have none.
func PulumiConfig(root *schema.Node) []byte {
	var out strings.Builder
	out.WriteString("config:\n")
	for _, n := range root.Fields {
		fmt.Fprintf(&out, "  %s:\n", n.Name)
		fmt.Fprintf(&out, "    description: %s\n", strconv.Quote(n.Doc))
		for _, line := range pulumiType(n) {
			fmt.Fprintf(&out, "    %s\n", line)
		}
	}
	return []byte(out.String())
}

// pulumiType returns type and default of a key in Pulumi's terms. Pulumi has no type for a word or a list: such a key
// stays without a type.
func pulumiType(n *schema.Node) []string {
	switch n.Kind {
	case schema.Text:
		return []string{"type: string", fmt.Sprintf("default: %v", n.Default(schema.Profiles[1]))}
	case schema.Switch:
		return []string{"type: boolean", fmt.Sprintf("default: %v", n.Default(schema.Profiles[1]))}
	case schema.Integer:
		return []string{"type: integer", fmt.Sprintf("default: %v", n.Default(schema.Profiles[1]))}
	case schema.List:
		if n.AcceptsAll {
			return []string{"default: " + schema.AllRegions}
		}
		return []string{"type: array", "items:", "  type: string", "default: []"}
	default:
		return []string{"type: object", "default: {}"}
	}
}
