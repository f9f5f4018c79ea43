package settings

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// config is what a stack has configured: every key that can be seen, with its namespace.
type config struct {
	namespace string
	values    map[string]schema.Given
}

// readConfig collects the configuration. A program can ask for single keys only; the whole of it, unknown keys
// included, is in the environment variable by which the engine hands it over.
func readConfig(ctx *pulumi.Context) *config {
	c := &config{namespace: ctx.Project(), values: map[string]schema.Given{}}
	var all map[string]string
	if err := json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &all); err != nil {
		all = nil
	}
	keys := slices.Collect(maps.Keys(all))
	for _, name := range schema.Root().FieldNames() {
		keys = append(keys, c.namespace+":"+name)
	}
	for _, name := range providerKeys() {
		keys = append(keys, "aws:"+name)
	}
	for _, key := range keys {
		text, ok := ctx.GetConfig(key)
		if !ok {
			text, ok = all[key]
		}
		if ok {
			c.values[key] = schema.Given{Text: text, Secret: ctx.IsConfigSecret(key)}
		}
	}
	return c
}

// project returns the settings of the project's own namespace by name.
func (c *config) project() map[string]schema.Given { return c.under(c.namespace) }

func (c *config) under(namespace string) map[string]schema.Given {
	values := map[string]schema.Given{}
	for key, v := range c.values {
		if name, ok := strings.CutPrefix(key, namespace+":"); ok {
			values[name] = v
		}
	}
	return values
}

// misspelt finds namespaces that are nearly the project's.
func (c *config) misspelt() []schema.Problem {
	var problems []schema.Problem
	for key := range c.values {
		namespace, name, _ := strings.Cut(key, ":")
		if namespace != c.namespace && schema.Nearest(namespace, []string{c.namespace}) != "" {
			problems = append(problems, schema.Problem{Path: key, Text: "unknown namespace; did you mean " + c.namespace + ":" + name + "?"})
		}
	}
	return problems
}
