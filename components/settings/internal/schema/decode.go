package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Given is the value of one top-level key as Pulumi hands it to a program.
type Given struct {
	// Text is the plain text, or the JSON of a structured value.
	Text string
	// Secret says that the value, or any part of it, is encrypted in the stack's configuration.
	Secret bool
}

// Decoded is the outcome of decoding a stack's configuration.
type Decoded struct {
	// Profile is the profile whose defaults were taken.
	Profile string
	// Values is the tree with defaults filled in, as encoding/json would decode it.
	Values map[string]any
	// Secrets are the secret values by path; they are not in Values.
	Secrets map[string]string
	// Given are the paths of the keys that the user has set, lists as a whole.
	Given []string
	// Problems are all that is wrong.
	Problems []Problem
}

// Decode reads a stack's configuration against the tree. Whatever is wrong is reported and replaced by its default, so
// that the rest can still be judged.
func Decode(root *Node, config map[string]Given, at Place) *Decoded {
	d := &decoder{at: at, root: root, out: &Decoded{Profile: profileOf(root, config), Secrets: map[string]string{}}}
	for _, name := range slices.Sorted(maps.Keys(config)) {
		switch {
		case root.Field(name) != nil:
		case root.Field(topKey(name)) != nil:
			d.problem(name, "is a path, not a key; set it with: pulumi config set --path '%s' VALUE, and remove this one with: pulumi config rm '%s'", name, name)
		default:
			d.unknown("", name, root)
		}
	}
	d.out.Values = map[string]any{}
	for _, n := range root.Fields {
		g, ok := config[n.Name]
		d.concealed = g.Secret
		var raw any
		if ok {
			raw, ok = d.parse(n, g.Text)
		}
		if !ok {
			raw = nil
		}
		set(d.out.Values, n.Name, d.value(n, n.Name, raw, nil))
	}
	return d.out
}

func profileOf(root *Node, config map[string]Given) string {
	n := root.Field("profile")
	if n == nil {
		return Profiles[1]
	}
	if p := config[n.Name].Text; slices.Contains(n.Choices, p) {
		return p
	}
	p, _ := n.Default(Profiles[1]).(string)
	return p
}

type decoder struct {
	at        Place
	root      *Node
	concealed bool
	out       *Decoded
}

func (d *decoder) problem(path, format string, args ...any) {
	d.out.Problems = append(d.out.Problems, Problem{path, fmt.Sprintf(format, args...)})
}

// parse makes a JSON value of a top-level text; false means that the key counts as not set.
func (d *decoder) parse(n *Node, text string) (any, bool) {
	trimmed := strings.TrimSpace(text)
	switch n.Kind {
	case Text:
		return text, true
	case List, Dict, Object:
		if trimmed == "" || trimmed == "null" {
			return nil, false
		}
		var v any
		dec := json.NewDecoder(strings.NewReader(trimmed))
		dec.UseNumber()
		if err := dec.Decode(&v); err == nil && !dec.More() {
			return v, true
		}
		if strings.ContainsAny(trimmed[:1], "{[") {
			d.problem(n.Name, "is not valid JSON; set single keys instead: pulumi config set --path %s VALUE", exampleWord(n, n.Name))
			return nil, false
		}
		return text, true
	case Integer, Number:
		if regexp.MustCompile(`^-?\d+(\.\d+)?$`).MatchString(trimmed) {
			return json.Number(trimmed), true
		}
		return text, true
	default:
		if b, err := strconv.ParseBool(trimmed); err == nil && (trimmed == "true" || trimmed == "false") {
			return b, true
		}
		return text, true
	}
}

// value decodes what the user gave, or takes the default: that of the enclosing entry first, the profile's next.
func (d *decoder) value(n *Node, path string, raw, fallback any) any {
	if fallback == nil {
		fallback = n.Default(d.out.Profile)
	}
	if n.Feature != "" && !d.at.Partition.Has(n.Feature) {
		if !off(raw) {
			d.problem(path, "%s does not exist in the partition %s; remove the key", n.Feature.Describe(), d.at.Partition.ID)
		}
		return d.nothing(n)
	}
	switch n.Kind {
	case Object:
		return d.object(n, path, raw, fallback)
	case Dict:
		return d.dict(n, path, raw, fallback)
	}
	if raw == nil {
		return d.defaulted(n, path, fallback)
	}
	d.out.Given = append(d.out.Given, path)
	if n.Kind == List {
		return d.list(n, path, raw, fallback)
	}
	v, problem := d.scalar(n, path, raw)
	if problem != "" {
		d.problem(path, "%s", problem)
		return d.defaulted(n, path, fallback)
	}
	return v
}

// nothing is the value of a key that the partition has no use for: no default applies at or below it.
func (d *decoder) nothing(n *Node) any {
	if n.Kind != Object {
		return nil
	}
	m := map[string]any{}
	for _, f := range n.Fields {
		set(m, f.Name, d.nothing(f))
	}
	return m
}

func (d *decoder) defaulted(n *Node, path string, fallback any) any {
	elements, ok := fallback.([]any)
	if n.Kind != List || !ok {
		return fallback
	}
	values := make([]any, len(elements))
	for i, e := range elements {
		values[i] = d.value(n.Elem, index(path, i), nil, e)
	}
	return values
}

func (d *decoder) object(n *Node, path string, raw, fallback any) any {
	given, ok := raw.(map[string]any)
	if raw != nil && !ok {
		d.problem(path, "%s; keys with values are needed: pulumi config set --path %s VALUE", d.is(n, raw), exampleWord(n, path))
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if n.Field(name) == nil {
			d.unknown(path, name, n)
		}
	}
	defaults, _ := fallback.(map[string]any)
	m := map[string]any{}
	for _, f := range n.Fields {
		if given != nil && given[f.Name] == nil && slices.Contains(n.Required, f.Name) {
			d.problem(join(path, f.Name), "is missing")
		}
		set(m, f.Name, d.value(f, join(path, f.Name), given[f.Name], defaults[f.Name]))
	}
	return m
}

func (d *decoder) dict(n *Node, path string, raw, fallback any) any {
	given, ok := raw.(map[string]any)
	if raw != nil && !ok {
		d.problem(path, "%s; names with values are needed: pulumi config set --path %s VALUE", d.is(n, raw), exampleWord(n, path))
	}
	defaults, _ := fallback.(map[string]any)
	m := map[string]any{}
	for name, v := range defaults {
		if given[name] == nil {
			set(m, name, d.value(n.Elem, join(path, name), nil, v))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		at := join(path, name)
		switch {
		case n.Names != nil && !slices.Contains(n.Names, name):
			d.problem(at, "unknown name%s", hint(name, n.Names))
			continue
		case n.CheckName != nil:
			if problem := n.CheckName(name, d.at); problem != "" {
				d.problem(at, "the name %q %s", name, problem)
				continue
			}
		}
		if given[name] == nil {
			continue
		}
		set(m, name, d.value(n.Elem, at, given[name], defaults[name]))
	}
	if n.MaxItems > 0 && len(m) > n.MaxItems {
		d.problem(path, "has %d entries; the most is %d", len(m), n.MaxItems)
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

func (d *decoder) list(n *Node, path string, raw, fallback any) any {
	if n.AcceptsAll && raw == AllRegions {
		return []any{AllRegions}
	}
	elements, ok := raw.([]any)
	if !ok {
		all := ""
		if n.AcceptsAll {
			all = "the word " + AllRegions + " or "
		}
		d.problem(path, "%s; %sa list is needed: pulumi config set --path %s VALUE", d.is(n, raw), all, exampleWord(n, path))
		return d.defaulted(n, path, fallback)
	}
	if n.AcceptsAll && len(elements) == 1 && elements[0] == AllRegions {
		return []any{AllRegions}
	}
	if n.MaxItems > 0 && len(elements) > n.MaxItems {
		d.problem(path, "has %d elements; the most is %d", len(elements), n.MaxItems)
	}
	given := len(d.out.Given)
	values, seen := []any{}, map[any]bool{}
	for i, e := range elements {
		at := index(path, i)
		switch {
		case e == nil:
			d.problem(at, "is empty; remove it")
			continue
		case n.AcceptsAll && e == AllRegions:
			d.problem(at, "%q cannot stand beside other elements; give the word alone: pulumi config set %s %s", AllRegions, path, AllRegions)
			continue
		}
		before := len(d.out.Problems)
		v := d.value(n.Elem, at, e, nil)
		if len(d.out.Problems) > before {
			continue
		}
		same := v
		if text, ok := v.(string); ok && n.AnyCase {
			same = strings.ToLower(text)
		}
		if n.Unique && seen[same] {
			d.problem(at, "%s is in the list already", d.show(n.Elem, e))
			continue
		}
		if n.Unique {
			seen[same] = true
		}
		values = append(values, v)
	}
	d.out.Given = d.out.Given[:given]
	return values
}

func (d *decoder) scalar(n *Node, path string, raw any) (any, string) {
	switch n.Kind {
	case Switch:
		if b, ok := raw.(bool); ok {
			return b, ""
		}
		return nil, d.is(n, raw) + "; true or false is needed"
	case Integer, Number:
		return d.numeric(n, raw)
	}
	s, ok := raw.(string)
	if !ok && n.AcceptsNumber {
		switch v := raw.(type) {
		case json.Number:
			s, ok = v.String(), true
		case bool:
			s, ok = strconv.FormatBool(v), true
		}
	}
	if !ok {
		return nil, d.is(n, raw) + "; a text is needed"
	}
	switch {
	case n.Choices != nil && !slices.Contains(n.Choices, s):
		return nil, d.show(n, s) + " is not allowed; allowed: " + strings.Join(n.Choices, ", ") + Suggestion(s, n.Choices)
	case n.Check != nil:
		if problem := n.Check(s, d.at); problem != "" {
			if d.concealed {
				problem = "is not allowed; allowed: " + n.Limits
			}
			return nil, d.show(n, s) + " " + problem
		}
	}
	if n.Secret {
		if !d.concealed {
			return nil, "must be encrypted: pulumi config set --path " + path + " --secret"
		}
		d.out.Secrets[path] = s
		return nil, ""
	}
	return s, ""
}

func (d *decoder) numeric(n *Node, raw any) (any, string) {
	kind := "a number"
	if n.Kind == Integer {
		kind = "a whole number"
	}
	literal, ok := raw.(json.Number)
	if !ok {
		return nil, d.is(n, raw) + "; " + kind + " is needed"
	}
	f, err := literal.Float64()
	if err != nil || (n.Kind == Integer && (f != math.Trunc(f) || math.Abs(f) > 1<<53)) {
		return nil, d.show(n, raw) + " is not " + kind
	}
	switch {
	case n.Numbers != nil && !slices.Contains(n.Numbers, int(f)):
		return nil, d.show(n, raw) + " is not allowed; allowed: " + strings.Join(Literals(n.Numbers), ", ")
	case n.Bounded && f < n.Min:
		return nil, d.show(n, raw) + " is too small; the least is " + Literal(n.Min)
	case n.Bounded && f > n.Max:
		return nil, d.show(n, raw) + " is too large; the most is " + Literal(n.Max)
	}
	if n.Kind == Integer {
		return int(f), ""
	}
	return f, ""
}

// unknown reports a name that the object at the path does not have.
func (d *decoder) unknown(path, name string, n *Node) {
	text := hint(name, n.FieldNames())
	if Nearest(name, n.FieldNames()) == "" {
		if elsewhere := find(d.root, "", name); elsewhere != "" {
			text = "; did you mean " + elsewhere + "?"
		}
	}
	d.problem(join(path, name), "unknown key%s", text)
}

// is says what kind of value was given.
func (d *decoder) is(n *Node, raw any) string {
	switch raw.(type) {
	case string:
		return d.show(n, raw) + " is text"
	case json.Number:
		return d.show(n, raw) + " is a number"
	case bool:
		return d.show(n, raw) + " is a switch"
	case []any:
		return "is a list"
	default:
		return "has keys of its own"
	}
}

// show quotes a value, unless it is or may be secret: Pulumi tells only that something below a top-level key is.
func (d *decoder) show(n *Node, raw any) string {
	if d.concealed || n.HoldsSecret() {
		return "the value"
	}
	if s, ok := raw.(string); ok {
		return strconv.Quote(s)
	}
	return fmt.Sprint(raw)
}

// off reports whether a value asks for nothing.
func off(raw any) bool {
	switch v := raw.(type) {
	case nil:
		return true
	case bool:
		return !v
	case []any:
		return len(v) == 0
	case map[string]any:
		if v["enabled"] == false {
			return true
		}
		for _, e := range v {
			if !off(e) {
				return false
			}
		}
		return true
	}
	return false
}

func hint(word string, known []string) string {
	if s := Suggestion(word, known); s != "" {
		return s
	}
	return "; allowed: " + strings.Join(known, ", ")
}

// find returns the path of the first key with the name, "" when there is none.
func find(n *Node, path, name string) string {
	for _, f := range n.Fields {
		at := join(path, f.Name)
		if f.Name == name {
			return at
		}
		if below := find(f, at, name); below != "" {
			return below
		}
	}
	return ""
}

// exampleWord is an example as a word of a shell: brackets are patterns to some.
func exampleWord(n *Node, path string) string {
	word := example(n, path)
	if strings.ContainsAny(word, "[]\"") {
		return "'" + word + "'"
	}
	return word
}

// example is the path of something that can be set at or below the node.
func example(n *Node, path string) string {
	switch n.Kind {
	case List:
		return example(n.Elem, index(path, 0))
	case Dict:
		name := "NAME"
		if n.Names != nil {
			name = n.Names[0]
		}
		return example(n.Elem, join(path, name))
	case Object:
		return example(n.Fields[0], join(path, n.Fields[0].Name))
	}
	return path
}

func set(m map[string]any, name string, v any) {
	if v != nil {
		m[name] = v
	}
}

// topKey is the first step of a path.
func topKey(path string) string {
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// join appends a name to a path as Pulumi writes property paths.
func join(path, name string) string {
	switch {
	case !plainName.MatchString(name):
		return path + "[" + strconv.Quote(name) + "]"
	case path == "":
		return name
	}
	return path + "." + name
}

func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// Literal writes a number without exponent and without needless digits.
func Literal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// Literals writes whole numbers.
func Literals(numbers []int) []string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return texts
}
