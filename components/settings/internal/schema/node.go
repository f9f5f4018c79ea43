package schema

import (
	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

// Kind is the type of a setting.
type Kind int

// The kinds of settings.
const (
	Text    Kind = iota // a string
	Integer             // a whole number
	Number              // a number with an optional fraction
	Switch              // true or false
	List                // a list of Elem
	Dict                // Elem by freely chosen or enumerated name
	Object              // Fields by name
)

// Profiles are the values of the setting profile, the most modest one first.
var Profiles = []string{"starter", "standard", "strict"}

// AllRegions is the word that stands for every enabled Region.
const AllRegions = "all"

// Node describes one key of the tree, or the elements of a list or dictionary.
type Node struct {
	Name string
	Kind Kind
	Doc  string
	// Fields are the keys of an Object, in the order of the documentation.
	Fields []*Node
	// Elem describes the elements of a List or Dict.
	Elem *Node
	// Names are the only names a Dict may have; nil allows those that CheckName accepts.
	Names []string
	// CheckName judges a name of a Dict.
	CheckName Check
	// NameLimits says in words what CheckName accepts.
	NameLimits string
	// Choices are the only values of a Text.
	Choices []string
	// Numbers are the only values of an Integer.
	Numbers []int
	// Min and Max bound an Integer or Number when Bounded is set.
	Min, Max float64
	Bounded  bool
	// MaxItems bounds the length of a List or Dict; 0 does not.
	MaxItems int
	// Check judges a Text.
	Check Check
	// Limits says in words what Check accepts.
	Limits string
	// Unique says that a List may not hold a value twice; with AnyCase, letters of either case are the same.
	Unique, AnyCase bool
	// AcceptsAll says that a List may be replaced by the word all.
	AcceptsAll bool
	// AcceptsNumber says that a Text may be written as a number, which `pulumi config set --path` makes of digits.
	AcceptsNumber bool
	// Required names the fields that every Object of this kind must have.
	Required []string
	// Secret says that the value must be encrypted and is never shown.
	Secret bool
	// Feature is what the partition must offer; "" is offered everywhere.
	Feature partition.Feature
	// TypeName is the Go type of an Object inside a List or Dict.
	TypeName string

	defaults map[string]any
}

// Check judges a value: the problem as the end of a sentence that starts with the value, "" when there is none. The
// place tells what the value depends on.
type Check func(value string, at Place) string

// Place is what the judgement of a value may depend on.
type Place struct {
	// Partition is the partition of the home Region.
	Partition partition.Partition
}

// Default returns the value that the profile gives to the key, nil when it gives none.
func (n *Node) Default(profile string) any { return n.defaults[profile] }

// Field returns the field of an Object, nil when there is none with that name.
func (n *Node) Field(name string) *Node {
	for _, f := range n.Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// FieldNames returns the names of the fields of an Object.
func (n *Node) FieldNames() []string {
	names := make([]string, len(n.Fields))
	for i, f := range n.Fields {
		names[i] = f.Name
	}
	return names
}

// HoldsSecret reports whether the node or anything below it is a secret.
func (n *Node) HoldsSecret() bool {
	if n.Secret {
		return true
	}
	for _, f := range n.Fields {
		if f.HoldsSecret() {
			return true
		}
	}
	return n.Elem != nil && n.Elem.HoldsSecret()
}

func text(name, doc string) *Node    { return &Node{Name: name, Kind: Text, Doc: doc} }
func integer(name, doc string) *Node { return &Node{Name: name, Kind: Integer, Doc: doc} }
func number(name, doc string) *Node  { return &Node{Name: name, Kind: Number, Doc: doc} }
func toggle(name, doc string) *Node  { return &Node{Name: name, Kind: Switch, Doc: doc} }

func object(name, doc string, fields ...*Node) *Node {
	return &Node{Name: name, Kind: Object, Doc: doc, Fields: fields}
}

func list(name, doc string, elem *Node) *Node {
	return &Node{Name: name, Kind: List, Doc: doc, Elem: elem}
}

func dict(name, doc string, elem *Node) *Node {
	return &Node{Name: name, Kind: Dict, Doc: doc, Elem: elem}
}

func choice(name, doc string, choices ...string) *Node {
	n := text(name, doc)
	n.Choices = choices
	return n
}

// item is an element of a list or dictionary that is a text with a check.
func item(c Check, limits string) *Node { return text("", "").checked(c, limits) }

// record is an element of a list or dictionary that is an object; typeName is its Go type.
func record(typeName string, fields ...*Node) *Node {
	n := object("", "", fields...)
	n.TypeName = typeName
	return n
}

func (n *Node) checked(c Check, limits string) *Node {
	n.Check, n.Limits = c, limits
	return n
}

func (n *Node) between(least, most float64) *Node {
	n.Min, n.Max, n.Bounded = least, most, true
	return n
}

func (n *Node) oneOf(numbers ...int) *Node {
	n.Numbers = numbers
	return n
}

func (n *Node) atMost(items int) *Node {
	n.MaxItems = items
	return n
}

func (n *Node) distinct() *Node {
	n.Unique = true
	return n
}

func (n *Node) distinctInAnyCase() *Node {
	n.AnyCase = true
	return n.distinct()
}

func (n *Node) named(names ...string) *Node {
	n.Names = names
	return n
}

func (n *Node) namedBy(c Check, limits string) *Node {
	n.CheckName, n.NameLimits = c, limits
	return n
}

func (n *Node) needs(fields ...string) *Node {
	n.Required = fields
	return n
}

func (n *Node) in(f partition.Feature) *Node {
	n.Feature = f
	return n
}

func (n *Node) secret() *Node {
	n.Secret = true
	return n
}

func (n *Node) orNumber() *Node {
	n.AcceptsNumber = true
	return n
}

func (n *Node) orAll() *Node {
	n.AcceptsAll = true
	return n
}

// always gives the key the same default in every profile.
func (n *Node) always(v any) *Node { return n.byProfile(v, v, v) }

// byProfile gives the key its defaults, in the order of Profiles.
func (n *Node) byProfile(starter, standard, strict any) *Node {
	n.defaults = map[string]any{"starter": starter, "standard": standard, "strict": strict}
	return n
}
