package render

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// kinds are the types of settings in words.
var kinds = map[schema.Kind]string{
	schema.Text: "text", schema.Integer: "integer", schema.Number: "number", schema.Switch: "boolean", schema.Object: "object",
}

func kind(n *schema.Node) string {
	switch n.Kind {
	case schema.List:
		return "list of " + plural(n.Elem)
	case schema.Dict:
		return "map of " + plural(n.Elem)
	}
	if n.Secret {
		return "secret"
	}
	return kinds[n.Kind]
}

func plural(n *schema.Node) string {
	switch n.Kind {
	case schema.List, schema.Dict:
		return strings.NewReplacer("list of", "lists of", "map of", "maps of").Replace(kind(n))
	}
	return kinds[n.Kind] + "s"
}

// defaults says the default of a key, per profile where the profiles differ; "" when there is none.
func defaults(n *schema.Node) string {
	starter, standard, strict := n.Default("starter"), n.Default("standard"), n.Default("strict")
	if reflect.DeepEqual(starter, standard) && reflect.DeepEqual(standard, strict) {
		if starter == nil {
			return ""
		}
		return literal(starter)
	}
	return fmt.Sprintf("starter %s, standard %s, strict %s", literal(starter), literal(standard), literal(strict))
}

func literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		return v
	case float64:
		return schema.Literal(v)
	case []any:
		if len(v) == 1 && v[0] == schema.AllRegions {
			return schema.AllRegions
		}
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // the defaults are plain data
	}
	return string(text)
}

// limits says what is allowed, in the order in which it is checked; "" when everything of the type is.
func limits(n *schema.Node) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if n.MaxItems > 0 {
		add("at most %d", n.MaxItems)
	}
	switch {
	case n.Names != nil:
		add("names: %s", strings.Join(n.Names, ", "))
	case n.NameLimits != "":
		add("names: %s", n.NameLimits)
	}
	switch {
	case n.Choices != nil:
		add("%s", strings.Join(n.Choices, ", "))
	case n.Numbers != nil:
		add("%s", strings.Join(schema.Literals(n.Numbers), ", "))
	case n.Bounded:
		add("%s to %s", schema.Literal(n.Min), schema.Literal(n.Max))
	}
	if n.Limits != "" {
		add("%s", n.Limits)
	}
	if n.Elem != nil && n.Elem.Kind != schema.Object {
		if l := limits(n.Elem); l != "" {
			add("each %s", l)
		}
	}
	if missing := without(n.Feature); len(missing) > 0 {
		add("not in %s", strings.Join(missing, ", "))
	}
	return strings.Join(parts, "; ")
}

// without lists the partitions that lack a feature.
func without(f partition.Feature) []string {
	var ids []string
	for _, p := range partition.All() {
		if f != "" && !p.Has(f) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}
