package awssim

import (
	"fmt"
	"reflect"
	"sort"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// props are the properties of a resource as plain JSON values: nil, bool, float64,
// string, []any, map[string]any, and at preview also unknownValue.
type props = map[string]any

// unknownValue stands for a value that is known only after deployment.
type unknownValue struct{}

func isUnknown(v any) bool { _, ok := v.(unknownValue); return ok }

// hasUnknown tells whether v or anything inside it is unknown.
func hasUnknown(v any) bool {
	switch v := v.(type) {
	case unknownValue:
		return true
	case []any:
		for _, e := range v {
			if hasUnknown(e) {
				return true
			}
		}
	case map[string]any:
		for _, e := range v {
			if hasUnknown(e) {
				return true
			}
		}
	}
	return false
}

// present tells whether a property was given, known or not.
func present(p props, key string) bool { return p[key] != nil }

// str is a string property; "" when absent or unknown.
func str(p props, key string) string { s, _ := p[key].(string); return s }

// strOr is a string property with a default for an absent one.
func strOr(p props, key, fallback string) string {
	if s := str(p, key); s != "" {
		return s
	}
	return fallback
}

// num is a number property; 0 when absent or unknown.
func num(p props, key string) float64 { n, _ := number(p[key]); return n }

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	}
	return 0, false
}

// flag is a boolean property; fallback when absent or unknown.
func flag(p props, key string, fallback bool) bool {
	if b, ok := p[key].(bool); ok {
		return b
	}
	return fallback
}

// list is a list property; nil when absent or unknown.
func list(p props, key string) []any { l, _ := p[key].([]any); return l }

// strs are the known strings of a list property.
func strs(p props, key string) []string {
	var out []string
	for _, e := range list(p, key) {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// object is an object property; an empty one when absent or unknown.
func object(p props, key string) props { o, _ := p[key].(map[string]any); return o }

// objects are the known objects of a list property.
func objects(p props, key string) []props {
	var out []props
	for _, e := range list(p, key) {
		if o, ok := e.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}

// stringMap is a property that maps names to strings; unknown values are left out.
func stringMap(p props, key string) map[string]string {
	out := map[string]string{}
	for k, v := range object(p, key) {
		if s, ok := v.(string); ok {
			out[k] = s
		}
	}
	return out
}

// orNil is v, or nil when v is the zero value: the form in which the provider
// reports an optional property that is not set.
func orNil[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// plain turns Pulumi's values into plain ones; secrets are unwrapped.
func plain(m resource.PropertyMap) (props, error) {
	out := make(props, len(m))
	for k, v := range m {
		p, err := plainValue(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k, err)
		}
		out[string(k)] = p
	}
	return out, nil
}

func plainValue(v resource.PropertyValue) (any, error) {
	switch {
	case v.IsNull():
		return nil, nil
	case v.IsBool():
		return v.BoolValue(), nil
	case v.IsNumber():
		return v.NumberValue(), nil
	case v.IsString():
		return v.StringValue(), nil
	case v.IsArray():
		out := make([]any, 0, len(v.ArrayValue()))
		for i, e := range v.ArrayValue() {
			p, err := plainValue(e)
			if err != nil {
				return nil, fmt.Errorf("[%d]: %w", i, err)
			}
			out = append(out, p)
		}
		return out, nil
	case v.IsObject():
		return plain(v.ObjectValue())
	case v.IsSecret():
		return plainValue(v.SecretValue().Element)
	case v.IsComputed():
		return unknownValue{}, nil
	case v.IsOutput():
		if !v.OutputValue().Known {
			return unknownValue{}, nil
		}
		return plainValue(v.OutputValue().Element)
	case v.IsResourceReference():
		id := v.ResourceReferenceValue().ID
		if id.IsComputed() {
			return unknownValue{}, nil
		}
		return plainValue(id)
	}
	return nil, fmt.Errorf("a value of type %s is not supported by the simulated account", v.TypeString())
}

// rich turns plain values into Pulumi's. It accepts every slice, map, number and
// string type that a service function may have put into its outputs.
func rich(p props) resource.PropertyMap {
	out := make(resource.PropertyMap, len(p))
	for k, v := range p {
		out[resource.PropertyKey(k)] = richValue(v)
	}
	return out
}

func richValue(v any) resource.PropertyValue {
	switch v := v.(type) {
	case nil:
		return resource.NewNullProperty()
	case unknownValue:
		return resource.MakeComputed(resource.NewStringProperty(""))
	case bool:
		return resource.NewBoolProperty(v)
	case string:
		return resource.NewStringProperty(v)
	case map[string]any:
		return resource.NewObjectProperty(rich(v))
	}
	if n, ok := number(v); ok {
		return resource.NewNumberProperty(n)
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice:
		out := make([]resource.PropertyValue, r.Len())
		for i := range out {
			out[i] = richValue(r.Index(i).Interface())
		}
		return resource.NewArrayProperty(out)
	case reflect.Map:
		out := resource.PropertyMap{}
		for it := r.MapRange(); it.Next(); {
			out[resource.PropertyKey(it.Key().String())] = richValue(it.Value().Interface())
		}
		return resource.NewObjectProperty(out)
	}
	panic(fmt.Sprintf("awssim: no Pulumi value for %T", v))
}

// normal brings the values of a service function into the plain form, so that they
// compare with values that came over the wire.
func normal(p props) props {
	out, err := plain(rich(p))
	if err != nil {
		panic("awssim: " + err.Error())
	}
	return out
}

// secretPaths lists where secrets stand in the properties.
func secretPaths(m resource.PropertyMap) []resource.PropertyPath {
	var paths []resource.PropertyPath
	var walk func(v resource.PropertyValue, at resource.PropertyPath)
	walk = func(v resource.PropertyValue, at resource.PropertyPath) {
		switch {
		case v.IsSecret() || v.IsOutput() && v.OutputValue().Secret:
			paths = append(paths, append(resource.PropertyPath{}, at...))
		case v.IsArray():
			for i, e := range v.ArrayValue() {
				walk(e, append(at, i))
			}
		case v.IsObject():
			for _, k := range v.ObjectValue().StableKeys() {
				walk(v.ObjectValue()[k], append(at, string(k)))
			}
		}
	}
	walk(resource.NewObjectProperty(m), nil)
	return paths
}

// conceal marks what stands at the given places as secret again.
func conceal(m resource.PropertyMap, paths []resource.PropertyPath) resource.PropertyMap {
	root := resource.NewObjectProperty(m)
	for _, path := range paths {
		for n := len(path); n > 0; n-- {
			v, ok := path[:n].Get(root)
			if !ok {
				continue
			}
			if !v.IsNull() && !v.IsSecret() {
				path[:n].Set(root, resource.MakeSecret(v))
			}
			break
		}
	}
	return root.ObjectValue()
}
