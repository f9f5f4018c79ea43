package schema

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
)

func everyNode(n *Node, path string, visit func(n *Node, path string)) {
	for _, f := range n.Fields {
		at := join(path, f.Name)
		visit(f, at)
		everyNode(f, at, visit)
	}
	if n.Elem != nil {
		everyNode(n.Elem, index(path, 0), visit)
	}
}

func TestTree(t *testing.T) {
	known := map[string]bool{}
	everyNode(Root(), "", func(n *Node, path string) {
		known[path] = true
		assert.True(t, strings.HasSuffix(n.Doc, "."), "%s: the meaning is a sentence: %q", path, n.Doc)
		assert.Regexp(t, `^[a-z][A-Za-z0-9]*$`, n.Name)
		if n.Check != nil {
			assert.NotEmpty(t, n.Limits, "%s: what is allowed is said, also when the value is secret", path)
		}
		if n.Feature != "" {
			assert.NotEqual(t, string(n.Feature), n.Feature.Describe(), "%s: unknown feature", path)
		}
		for _, name := range n.Required {
			assert.NotNil(t, n.Field(name), "%s: required field %s", path, name)
		}
	})
}

func TestUnder(t *testing.T) {
	for _, tt := range []struct {
		path, key string
		want      bool
	}{
		{"trail", "trail", true},
		{"trail.logs", "trail", true},
		{`tags["a.b"]`, "tags", true},
		{"trails", "trail", false},
		{"trail", "trail.logs", false},
	} {
		assert.Equal(t, tt.want, Under(tt.path, tt.key), "%s under %s", tt.path, tt.key)
	}
}

func TestNearest(t *testing.T) {
	for _, tt := range []struct{ word, want string }{
		{"standart", "standard"},
		{"STRICT", "strict"},
		{"stater", "starter"},
		{"x", ""},
		{"", ""},
		{"gold", ""},
	} {
		assert.Equal(t, tt.want, Nearest(tt.word, Profiles), tt.word)
	}
	assert.Equal(t, "eu-west-1", Nearest("eu-wst-1", partition.RegionNames()))
}

func TestTimeZonesNeedNoDatabase(t *testing.T) {
	t.Setenv("ZONEINFO", "/nonexistent")
	for zone, ok := range map[string]bool{"Asia/Tokyo": true, "UTC": true, "Local": false, "": false, "JST": false} {
		assert.Equal(t, ok, timeZone(zone, Place{}) == "", zone)
	}
}
