package testkit

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Resource is a registration as the engine would see it.
type Resource struct {
	Type, Name, URN string
	ID              string            // physical id; "" in preview and for components
	Parent          string            // URN
	Provider        string            // URN of the explicit provider; "" for the default one
	Providers       map[string]string // package to provider URN, of a component
	Region          string            // Region of the provider
	Custom          bool              // false for components
	Read            bool              // read by a Get function, not managed
	Inputs          map[string]any    // plain values: string, bool, float64, []any, map[string]any; secrets unwrapped
	Outputs         map[string]any    // what the mock added to the inputs; nil in preview
	Secrets         []string          // paths of inputs that were secret
	Unknowns        []string          // paths of inputs that were not known yet

	Protect, RetainOnDelete, DeleteBeforeReplace bool
	ImportID                                     string
	Aliases                                      []string // URNs or names
	IgnoreChanges, AdditionalSecretOutputs       []string
	Dependencies                                 []string // URNs
}

// Get is the input at a path such as "rules[0].id"; nil if absent or unknown.
func (r *Resource) Get(path string) any {
	var value any = r.Inputs
	for _, step := range strings.FieldsFunc(path, func(c rune) bool { return c == '.' || c == '[' || c == ']' }) {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// String is the input at a path if it is a string, else "".
func (r *Resource) String(path string) string {
	s, _ := r.Get(path).(string)
	return s
}

// Known reports whether the value at a path is known, or was never given.
func (r *Resource) Known(path string) bool {
	for _, unknown := range r.Unknowns {
		if unknown == path || strings.HasPrefix(path, unknown) {
			return false
		}
	}
	return true
}

// Secret reports whether the input at a path, or something around it, was a secret.
func (r *Resource) Secret(path string) bool {
	for _, secret := range r.Secrets {
		if secret == path || strings.HasPrefix(path, secret+".") || strings.HasPrefix(path, secret+"[") {
			return true
		}
	}
	return false
}

// Text is a string within the inputs.
type Text struct{ Path, Value string }

// Strings are all strings in the inputs, map keys left out, sorted by path.
func (r *Resource) Strings() []Text { return stringsIn("", r.Inputs) }

func stringsIn(path string, value any) []Text {
	var found []Text
	switch v := value.(type) {
	case string:
		found = append(found, Text{path, v})
	case []any:
		for i, element := range v {
			found = append(found, stringsIn(fmt.Sprintf("%s[%d]", path, i), element)...)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			found = append(found, stringsIn(join(path, key), v[key])...)
		}
	}
	return found
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// plain turns property values into plain Go values and notes where secrets and unknown values were.
func plain(properties resource.PropertyMap) (values map[string]any, secrets, unknowns []string) {
	var walk func(path string, v resource.PropertyValue) any
	walk = func(path string, v resource.PropertyValue) any {
		switch {
		case v.IsSecret():
			secrets = append(secrets, path)
			return walk(path, v.SecretValue().Element)
		case v.IsComputed():
			unknowns = append(unknowns, path)
			return nil
		case v.IsOutput():
			if v.OutputValue().Secret {
				secrets = append(secrets, path)
			}
			if !v.OutputValue().Known {
				unknowns = append(unknowns, path)
				return nil
			}
			return walk(path, v.OutputValue().Element)
		case v.IsArray():
			elements := make([]any, len(v.ArrayValue()))
			for i, element := range v.ArrayValue() {
				elements[i] = walk(fmt.Sprintf("%s[%d]", path, i), element)
			}
			return elements
		case v.IsObject():
			object := map[string]any{}
			for key, element := range v.ObjectValue() {
				object[string(key)] = walk(join(path, string(key)), element)
			}
			return object
		case v.IsResourceReference():
			return string(v.ResourceReferenceValue().URN)
		default:
			return v.V
		}
	}
	values = map[string]any{}
	for key, value := range properties {
		values[string(key)] = walk(string(key), value)
	}
	sort.Strings(secrets)
	sort.Strings(unknowns)
	return values, secrets, unknowns
}

func qualifiedType(parent string) tokens.Type {
	urn := resource.URN(parent)
	if parent == "" || urn.QualifiedType() == resource.RootStackType {
		return ""
	}
	return urn.QualifiedType()
}

// decodeJSON decodes a JSON object; ok is false for anything else.
func decodeJSON(text string) (object map[string]any, ok bool) {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return nil, false
	}
	return object, json.Unmarshal([]byte(text), &object) == nil
}
