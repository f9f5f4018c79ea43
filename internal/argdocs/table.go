package argdocs

import (
	"errors"
	"fmt"
	"strings"
)

// table is what stands between the markers of a type: its comment, and a row for each of its fields.
func (s *source) table(name, page string, places map[string]place) (string, error) {
	structure, err := s.structOf(name)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	var problems []error
	known := s.known[structure.pkg]
	listed := map[string]bool{}
	fmt.Fprintf(&out, "%s\n\n| field | type | default | meaning and limits |\n|---|---|---|---|\n", cell(structure.doc, known))
	for _, f := range structure.fields {
		at := fmt.Sprintf("components/%s: %s.%s", structure.file, structure.name, f.names[0])
		meaning, byDefault, ok := described(f)
		if !ok {
			problems = append(problems, fmt.Errorf(`%s: its comment says neither "Default: …" nor "Required."`, at))
		}
		if meaning == "" {
			problems = append(problems, fmt.Errorf("%s: its comment says nothing about its meaning", at))
		}
		for _, inner := range f.leadsTo {
			if _, isStruct := s.structs[inner]; isStruct && strings.HasPrefix(inner, structure.pkg+".") && places[inner] == (place{}) {
				problems = append(problems, fmt.Errorf("%s: the type %s has no table; add <!-- arguments: %s --> and <!-- /arguments --> to a page", at, inner, inner))
			}
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", strings.Join(f.names, "`, `"), s.typeCell(f, page, places, listed), valueCell(byDefault, known), cell(meaning, known))
	}
	return out.String(), errors.Join(problems...)
}

// typeCell is a type with a link to what it is, or with the constants that it has, unless the table has listed them already.
func (s *source) typeCell(f field, page string, places map[string]place, listed map[string]bool) string {
	shown := "`" + f.typ + "`"
	for _, inner := range f.leadsTo {
		if constants := s.constants[inner]; constants != nil {
			if listed[inner] {
				continue
			}
			listed[inner] = true
			shown += ": `" + strings.Join(constants, "`, `") + "`"
			continue
		}
		if at, ok := places[inner]; ok {
			target := "#" + at.anchor
			if at.page != page {
				target = at.page + target
			}
			return "[" + shown + "](" + target + ")"
		}
		if other := pageOf(inner[:strings.LastIndex(inner, ".")], places); other != "" && other != page {
			return "[" + shown + "](" + other + ")"
		}
	}
	return shown
}

// valueCell is a default: code where it is a name or value alone.
func valueCell(text string, known map[string]bool) string {
	switch {
	case text == "true", text == "false", known[text]:
		return "`" + text + "`"
	}
	return cell(text, known)
}
