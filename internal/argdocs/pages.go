package argdocs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var (
	marker  = regexp.MustCompile(`(?ms)^<!-- arguments: (\S+) -->\n(.*?)^<!-- /arguments -->$`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	// slugless is what an anchor of GitHub leaves out.
	slugless = regexp.MustCompile(`[^\p{L}\p{N}\- _]`)
)

// Render returns the pages with markers, by their path, as they have to be. It fails when a page names a type that does
// not exist, when a field says neither its default nor that it is required, and when a type has no table anywhere.
func Render(components, docs string) (map[string]string, error) {
	s, err := load(components)
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(docs, "*.md"))
	if err != nil {
		return nil, err
	}
	pages := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if marker.Match(text) {
			pages[path] = string(text)
		}
	}
	return s.render(pages)
}

func (s *source) render(pages map[string]string) (map[string]string, error) {
	places := placesIn(pages)
	rendered, problems := map[string]string{}, []error{}
	for path, text := range pages {
		rendered[path] = marker.ReplaceAllStringFunc(text, func(whole string) string {
			name := marker.FindStringSubmatch(whole)[1]
			table, err := s.table(name, filepath.Base(path), places)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", path, err))
				return whole
			}
			return "<!-- arguments: " + name + " -->\n" + table + "<!-- /arguments -->"
		})
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return rendered, errors.Join(problems...)
}

// place is where a type's table stands.
type place struct{ page, anchor string }

// placesIn finds the tables: the anchor of each is that of the heading above it.
func placesIn(pages map[string]string) map[string]place {
	places := map[string]place{}
	for path, text := range pages {
		for _, at := range marker.FindAllStringSubmatchIndex(text, -1) {
			anchor := ""
			if above := heading.FindAllStringSubmatch(text[:at[0]], -1); above != nil {
				anchor = strings.ReplaceAll(strings.ToLower(slugless.ReplaceAllString(above[len(above)-1][1], "")), " ", "-")
			}
			places[text[at[2]:at[3]]] = place{page: filepath.Base(path), anchor: anchor}
		}
	}
	return places
}

// pageOf is the page of a package, for its types that are no arguments: a component.
func pageOf(pkg string, places map[string]place) string {
	for name, at := range places {
		if strings.HasPrefix(name, pkg+".") && strings.TrimSuffix(at.page, ".md") == pkg {
			return at.page
		}
	}
	return ""
}
