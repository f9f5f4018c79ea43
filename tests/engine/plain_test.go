package engine_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// plain are settings as JSON has them, so that they can be taken apart by the paths that the program names.
type plain map[string]any

func toPlain(t *testing.T, settings Settings) plain {
	t.Helper()
	text, err := json.Marshal(settings)
	require.NoError(t, err)
	var object map[string]any
	require.NoError(t, json.Unmarshal(text, &object))
	return object
}

// encrypted is a secret as it stands in a stack's file.
func encrypted(t *testing.T, secret string) string {
	t.Helper()
	text, err := json.Marshal(engine.Secret(secret))
	require.NoError(t, err)
	var file struct{ Secure string }
	require.NoError(t, json.Unmarshal(text, &file))
	return file.Secure
}

// give makes these the stack's settings, and no others.
func give(stack *engine.Stack, settings plain) {
	changes := Settings{}
	for key := range stack.Settings() {
		if !strings.Contains(key, ":") {
			changes[key] = nil
		}
	}
	for key, value := range settings {
		changes[key] = value
	}
	stack.Change(changes)
}

var (
	programFailed = "program failed:"
	settingNamed  = regexp.MustCompile(`(?m)^\s*(?:\* )?((?:profile|regions|tags|disposable|deployers|alerts|archive|trail|config|threats|billing|hardening|estimate|checklist)\b[^\s:]*(?:\[\"[^\"]*\"\][^\s:]*)*): `)
)

// refusedBySettings are the paths of the settings that the program itself refuses; nil when it refused nothing, or something
// else.
func refusedBySettings(r engine.Result) (paths []string) {
	for _, message := range messages(r, diag.Error) {
		if !strings.Contains(message, programFailed) {
			return nil
		}
		for _, found := range settingNamed.FindAllStringSubmatch(message, -1) {
			paths = append(paths, found[1])
		}
	}
	return paths
}

// drop takes away what the path names, or the nearest thing around it that is there. Of a list it takes the element.
func (o plain) drop(path string) {
	var take func()
	var at any = map[string]any(o)
	for rest := path; rest != "" && at != nil; {
		switch value := at.(type) {
		case map[string]any:
			name, after := longestKey(value, rest)
			if name == "" {
				rest = ""
				break
			}
			take = func() { delete(value, name) }
			at, rest = value[name], after
		case []any:
			end := strings.Index(rest, "]")
			i, err := strconv.Atoi(strings.TrimPrefix(rest[:max(end, 0)], "["))
			if err != nil || i >= len(value) {
				rest = ""
				break
			}
			take = func() { value[i] = removed }
			at, rest = value[i], rest[end+1:]
		default:
			rest = ""
		}
	}
	if take != nil {
		take()
		for key, value := range o {
			if value = withoutRemoved(value); value == nil {
				delete(o, key)
			} else {
				o[key] = value
			}
		}
	}
}

// removed stands in a list for an element that was dropped.
var removed = new(struct{ _ int })

func withoutRemoved(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			value[key] = withoutRemoved(inner)
		}
	case []any:
		kept := slices.DeleteFunc(value, func(element any) bool { return element == any(removed) })
		for i := range kept {
			kept[i] = withoutRemoved(kept[i])
		}
		return kept
	}
	return value
}

// longestKey is the key that a path begins with, and the path after it. Keys of maps may have dots in them.
func longestKey(object map[string]any, path string) (key, after string) {
	path = strings.TrimPrefix(path, ".")
	if strings.HasPrefix(path, `["`) {
		quoted, rest, _ := strings.Cut(path[2:], `"]`)
		if _, known := object[quoted]; known {
			return quoted, rest
		}
		return "", ""
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		rest, found := strings.CutPrefix(path, name)
		if found && (rest == "" || rest[0] == '.' || rest[0] == '[') && len(name) > len(key) {
			key, after = name, rest
		}
	}
	return key, after
}

// get is what the path of keys names; nil: nothing.
func (o plain) get(path string) any {
	var at any = map[string]any(o)
	for _, name := range strings.Split(path, ".") {
		object, _ := at.(map[string]any)
		at = object[name]
	}
	return at
}

// set gives the path of keys a value; nil takes it away.
func (o plain) set(path string, value any) {
	object := map[string]any(o)
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		inner, known := object[name].(map[string]any)
		if !known {
			if value == nil {
				return
			}
			inner = map[string]any{}
			object[name] = inner
		}
		object = inner
	}
	if last := names[len(names)-1]; value == nil {
		delete(object, last)
	} else {
		object[last] = value
	}
}

// paths are those of everything in the settings, the outer ones first.
func (o plain) paths() (paths []string) {
	var walk func(value any, path string)
	walk = func(value any, path string) {
		if path != "" {
			paths = append(paths, path)
		}
		switch value := value.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(value)) {
				walk(value[key], strings.TrimPrefix(path+"."+key, "."))
			}
		case []any:
			for i := len(value) - 1; i >= 0; i-- {
				walk(value[i], path+"["+strconv.Itoa(i)+"]")
			}
		}
	}
	walk(map[string]any(o), "")
	slices.SortStableFunc(paths, func(a, b string) int { return strings.Count(a, ".") - strings.Count(b, ".") })
	return paths
}

func (o plain) clone(t testing.TB) plain {
	t.Helper()
	text, err := json.Marshal(o)
	require.NoError(t, err)
	var copied map[string]any
	require.NoError(t, json.Unmarshal(text, &copied))
	return copied
}
