package awssim

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
)

//go:embed schema.json
var schemaJSON []byte

// typeSchema says what a resource type looks like.
//
// The kind of a property is "string", "bool", "number" or "any"; a list is [kind],
// an object {name: kind}, a map {"*": kind}. Paths are property names joined by
// dots, list indices left out.
type typeSchema struct {
	Inputs   map[string]any `json:"inputs"`
	Outputs  map[string]any `json:"outputs"`  // properties of the state that are no inputs
	Required []string       `json:"required"` // nested ones only where their parent is given
	Replaces []string       `json:"replaces"` // a change replaces the resource
	// ReplacesWhenAdded are properties that replace the resource when they were absent and come.
	ReplacesWhenAdded []string          `json:"replacesWhenAdded"`
	Limits            map[string][2]int `json:"limits"` // fewest and most items; 0: no limit
	JSON              []string          `json:"json"`   // strings that hold a JSON document
	AutoName          *autoName         `json:"autoName"`
	Defaults          map[string]any    `json:"defaults"` // values that stand for an absent property
	Computed          []string          `json:"computed"` // AWS fills them in when they are absent
	Explicit          []string          `json:"explicit"` // computed ones whose zero value, when given, is a value like any other
	Source            string            `json:"source"`
}

var schemas = func() map[string]*typeSchema {
	var file struct {
		Types map[string]*typeSchema `json:"types"`
	}
	if err := json.Unmarshal(schemaJSON, &file); err != nil {
		panic("awssim: schema.json: " + err.Error())
	}
	return file.Types
}()

// failure is one thing wrong with the inputs of a resource.
type failure struct{ property, reason string }

// checkInputs compares inputs with the schema: names, kinds, required properties
// and item limits. Unknown values pass.
func (s *typeSchema) checkInputs(in props) []failure {
	var failures []failure
	add := func(property, format string, args ...any) {
		failures = append(failures, failure{property, fmt.Sprintf(format, args...)})
	}
	var walk func(kind, v any, at, path string)
	walk = func(kind, v any, at, path string) {
		if v == nil || isUnknown(v) {
			return
		}
		switch kind := kind.(type) {
		case string:
			if !ofKind(kind, v) {
				add(at, "expected a %s, got %s", kind, kindOf(v))
			}
		case []any:
			items, ok := v.([]any)
			if !ok {
				add(at, "expected a list, got %s", kindOf(v))
				return
			}
			if lim := s.Limits[path]; len(items) < lim[0] || lim[1] > 0 && len(items) > lim[1] {
				add(at, "has %d items; allowed are %d to %d", len(items), lim[0], lim[1])
			}
			for i, e := range items {
				walk(kind[0], e, fmt.Sprintf("%s[%d]", at, i), path)
			}
		case map[string]any:
			o, ok := v.(map[string]any)
			if !ok {
				add(at, "expected an object, got %s", kindOf(v))
				return
			}
			if each, isMap := kind["*"]; isMap {
				for _, k := range sortedKeys(o) {
					walk(each, o[k], at+"."+k, path+".*")
				}
				return
			}
			for _, k := range sortedKeys(o) {
				if k == defaultsKey {
					continue
				}
				if _, known := kind[k]; !known {
					add(join(at, k), "unknown property; known are %s", strings.Join(sortedKeys(kind), ", "))
					continue
				}
				walk(kind[k], o[k], join(at, k), join(path, k))
			}
			for _, req := range s.Required {
				parent, name := "", req
				if i := strings.LastIndex(req, "."); i >= 0 {
					parent, name = req[:i], req[i+1:]
				}
				if parent == path && o[name] == nil {
					add(join(at, name), "missing required property")
				}
			}
		}
	}
	walk(s.Inputs, in, "", "")
	sort.Slice(failures, func(i, j int) bool { return failures[i].property < failures[j].property })
	return failures
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func ofKind(kind string, v any) bool {
	switch kind {
	case "any":
		return true
	case "bool":
		if s, ok := v.(string); ok { // the provider takes "true" and "false" too
			return s == "true" || s == "false"
		}
	case "string":
		switch v.(type) {
		case bool, float64:
			return true
		}
	}
	return kindOf(v) == kind
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case bool:
		return "bool"
	case float64:
		return "number"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	}
	return fmt.Sprintf("%T", v)
}

// isDocument tells whether the property holds a JSON document.
func (s *typeSchema) isDocument(path string) bool { return slices.Contains(s.JSON, path) }

// effective is the value that the provider takes an input for: its default where it
// is absent, nothing where it is a zero value without default.
func (s *typeSchema) effective(path string, v any) any {
	if fallback, ok := s.Defaults[path]; ok {
		if v == nil {
			return fallback
		}
		return v
	}
	if blank(v) || v == false || v == 0.0 || v == "" {
		return nil
	}
	return v
}
