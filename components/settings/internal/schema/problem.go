package schema

import (
	"errors"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with one key.
type Problem struct {
	// Path is the key as `pulumi config set --path` takes it.
	Path string
	// Text says what is wrong and what is allowed; it never holds a secret.
	Text string
}

func (p Problem) String() string { return p.Path + ": " + p.Text }

// Join makes one error of all problems, sorted, one per line; nil when there are none.
func Join(problems []Problem) error {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.String()
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	if len(lines) == 0 {
		return nil
	}
	return errors.New(strings.Join(lines, "\n"))
}

// Under reports whether the path is the key itself or lies below it.
func Under(path, key string) bool {
	rest, ok := strings.CutPrefix(path, key)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
