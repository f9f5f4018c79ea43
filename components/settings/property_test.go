package settings_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

const marker = "s3cr3t"

// value draws any JSON value; every text in it has the marker.
func value(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(r *rapid.T) any {
		kinds := 5
		if depth == 0 {
			kinds = 3
		}
		switch rapid.IntRange(0, kinds).Draw(r, "kind") {
		case 0:
			return nil
		case 1:
			return rapid.Bool().Draw(r, "switch")
		case 2:
			return rapid.IntRange(-1, 4000).Draw(r, "number")
		case 4:
			return rapid.SliceOfN(value(depth-1), 0, 3).Draw(r, "list")
		case 5:
			names := rapid.SampledFrom([]string{"enabled", "emails", "days", "name", "webhook", "url", "slack", "logs", "x.y", "transitions", "objectLock"})
			return rapid.MapOfN(names, value(depth-1), 0, 4).Draw(r, "object")
		}
		return rapid.SampledFrom([]string{"", "https://", "arn:aws:iam::123456789012:role/", "all"}).Draw(r, "start") + marker + rapid.String().Draw(r, "end")
	})
}

// near draws a value that mostly fits the node, so that checks deep in the tree are reached.
func near(n *schema.Node) *rapid.Generator[any] {
	return rapid.Custom(func(r *rapid.T) any {
		if rapid.IntRange(0, 9).Draw(r, "stray") == 0 {
			return value(2).Draw(r, "stray value")
		}
		switch n.Kind {
		case schema.Object:
			m := map[string]any{}
			for _, f := range n.Fields {
				if rapid.Bool().Draw(r, f.Name) {
					m[f.Name] = near(f).Draw(r, f.Name)
				}
			}
			return m
		case schema.List:
			return rapid.SliceOfN(near(n.Elem), 0, 3).Draw(r, "elements")
		case schema.Dict:
			names := rapid.SampledFrom([]string{"eu-west-1", "x.y", "restricted-ssh", "Team"})
			if n.Names != nil {
				names = rapid.SampledFrom(n.Names)
			}
			return rapid.MapOfN(names, near(n.Elem), 0, 2).Draw(r, "entries")
		case schema.Switch:
			return rapid.Bool().Draw(r, "switch")
		case schema.Integer, schema.Number:
			return rapid.IntRange(-1, 4000).Draw(r, "number")
		}
		if n.Choices != nil && rapid.Bool().Draw(r, "known") {
			return rapid.SampledFrom(n.Choices).Draw(r, "choice")
		}
		return value(0).Draw(r, "text")
	})
}

// Whatever is configured: reading never panics, says the same twice, shows nothing that is encrypted, and what it
// returns has only keys of the schema.
func TestReadingAnything(t *testing.T) {
	root := schema.Root()
	rapid.Check(t, func(r *rapid.T) {
		config := map[string]schema.Given{}
		for _, f := range root.Fields {
			if !rapid.Bool().Draw(r, f.Name) {
				continue
			}
			text, err := json.Marshal(near(f).Draw(r, f.Name+" value"))
			if err != nil {
				r.Fatal(err)
			}
			config[f.Name] = schema.Given{Text: string(text), Secret: true}
		}
		in := rapid.SampledFrom(partition.All()).Draw(r, "partition")
		one := schema.Decode(root, config, schema.Place{Partition: in})
		two := schema.Decode(root, config, schema.Place{Partition: in})
		first, second := schema.Join(one.Problems), schema.Join(two.Problems)
		if errorText(first) != errorText(second) {
			r.Fatalf("not the same twice:\n%v\n%v", first, second)
		}
		if strings.Contains(errorText(first), marker) {
			r.Fatalf("shows a secret: %v", first)
		}
		onlyKnownKeys(r, root, one.Values)
	})
}

func onlyKnownKeys(r *rapid.T, n *schema.Node, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			switch {
			case n.Kind == schema.Dict:
				onlyKnownKeys(r, n.Elem, below)
			case n.Field(name) == nil:
				r.Fatalf("unknown key %s", name)
			default:
				onlyKnownKeys(r, n.Field(name), below)
			}
		}
	case []any:
		for _, below := range v {
			onlyKnownKeys(r, n.Elem, below)
		}
	}
}
