package render

import (
	"encoding/json"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// key is one key of the machine-readable tree: what the page of settings says, for programs.
type key struct {
	Name      string         `json:"name,omitempty"`
	Type      string         `json:"type"` // text, secret, integer, number, boolean, list, map or object
	Keys      []*key         `json:"keys,omitempty"`
	Elements  *key           `json:"elements,omitempty"`
	Names     []string       `json:"names,omitempty"`     // the only names of a map
	NamesLike string         `json:"namesLike,omitempty"` // what names of a map are
	Choices   []string       `json:"choices,omitempty"`   // the only texts
	Numbers   []int          `json:"numbers,omitempty"`   // the only integers
	Least     *float64       `json:"least,omitempty"`     // of a number
	Most      *float64       `json:"most,omitempty"`      // of a number
	MaxItems  int            `json:"maxItems,omitempty"`  // of a list or map; 0: no limit
	Like      string         `json:"like,omitempty"`      // what a text is
	Unique    bool           `json:"unique,omitempty"`    // no element of a list twice
	All       bool           `json:"all,omitempty"`       // the word all may stand for the list
	Required  []string       `json:"required,omitempty"`  // keys that an object must have
	NotIn     []string       `json:"notIn,omitempty"`     // partitions
	Default   map[string]any `json:"default,omitempty"`   // by profile
}

// Tree is the tree of settings as JSON.
func Tree(root *schema.Node) ([]byte, error) {
	text, err := json.MarshalIndent(keyOf(root).Keys, "", " ")
	return append(text, '\n'), err
}

func keyOf(n *schema.Node) *key {
	k := &key{
		Name: n.Name, Names: n.Names, NamesLike: n.NameLimits, Choices: n.Choices, Numbers: n.Numbers, MaxItems: n.MaxItems,
		Like: n.Limits, Unique: n.Unique, All: n.AcceptsAll, Required: n.Required, NotIn: without(n.Feature),
	}
	switch n.Kind {
	case schema.List:
		k.Type = "list"
	case schema.Dict:
		k.Type = "map"
	default:
		k.Type = kind(n)
	}
	if n.Bounded {
		k.Least, k.Most = &n.Min, &n.Max
	}
	for _, f := range n.Fields {
		k.Keys = append(k.Keys, keyOf(f))
	}
	if n.Elem != nil {
		k.Elements = keyOf(n.Elem)
	}
	for _, profile := range schema.Profiles {
		if v := n.Default(profile); v != nil {
			if k.Default == nil {
				k.Default = map[string]any{}
			}
			k.Default[profile] = v
		}
	}
	return k
}
