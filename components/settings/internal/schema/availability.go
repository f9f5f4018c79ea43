package schema

import (
	"slices"
	"strings"
)

// notYetAvailable are the keys that are read and validated but belong to components of a later version. Deleting a row
// switches the key and everything below it on.
var notYetAvailable = []string{
	"alerts.digest",
	"threats",
	"billing",
	"hardening",
	"estimate",
}

// Available reports whether this version does what the key at the path asks for.
func Available(path string) bool {
	for _, key := range notYetAvailable {
		if Under(path, key) {
			return false
		}
	}
	return true
}

// Unavailable has a problem for every key that was set rightly but belongs to a later version.
func Unavailable(given []string, known []Problem) []Problem {
	var problems []Problem
	for _, path := range given {
		wrong := slices.ContainsFunc(known, func(p Problem) bool { return Under(p.Path, path) })
		if !Available(path) && !wrong {
			problems = append(problems, Problem{path, "not available yet in this version; remove it"})
		}
	}
	return problems
}

// Under reports whether the path is the key itself or lies below it.
func Under(path, key string) bool {
	rest, ok := strings.CutPrefix(path, key)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
