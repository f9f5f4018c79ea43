// Command generate writes the tables of arguments in the pages of docs. It runs in internal/argdocs by go generate.
package main

import (
	"log"
	"os"

	"github.com/seed-8894d46d/account-baseline/internal/argdocs"
)

func main() {
	log.SetFlags(0)
	pages, err := argdocs.Render("../../components", "../../docs")
	if err != nil {
		log.Fatal(err)
	}
	for path, text := range pages {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
