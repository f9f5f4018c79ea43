// Command generate writes what is derived from the schema of the settings. It runs in components/settings by go generate.
package main

import (
	"bytes"
	"log"
	"os"

	"github.com/seed-8894d46d/account-baseline/components/settings/internal/render"
	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

func main() {
	log.SetFlags(0)
	root := schema.Root()
	types, err := render.GoTypes(root)
	if err != nil {
		log.Fatal(err)
	}
	tree, err := render.Tree(root)
	if err != nil {
		log.Fatal(err)
	}
	project, err := os.ReadFile("../../Pulumi.yaml")
	if err != nil {
		log.Fatal(err)
	}
	before, _, ok := bytes.Cut(project, []byte("\nconfig:\n"))
	if !ok {
		log.Fatal("Pulumi.yaml has no config section")
	}
	for path, text := range map[string][]byte{
		"values.go":                types,
		"../../docs/settings.md":   render.Markdown(root),
		"../../docs/settings.json": tree,
		"../../Pulumi.yaml":        append(append(before, '\n'), render.PulumiConfig(root)...),
	} {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
