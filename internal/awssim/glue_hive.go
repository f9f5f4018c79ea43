package awssim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	athenaNamesDoc = "https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html"
	athenaTypesDoc = "https://docs.aws.amazon.com/athena/latest/ug/data-types.html"
)

// hivePrimitives are the types of columns without parts.
var hivePrimitives = []string{
	"bigint", "binary", "boolean", "char", "date", "decimal", "double", "float", "int", "integer", "smallint", "string",
	"timestamp", "tinyint", "varchar",
}

var (
	hiveSize  = regexp.MustCompile(`^\([0-9]+(,[0-9]+)?\)`)
	hiveField = regexp.MustCompile(`^[A-Za-z0-9_]+`)
)

// hiveType refuses what is no type of a column, such as struct<a:string.
func hiveType(text string) error {
	rest, err := hiveTypeIn(strings.ToLower(strings.ReplaceAll(text, " ", "")))
	if err == nil && rest != "" {
		err = fmt.Errorf("%q follows the type", rest)
	}
	if err != nil {
		return fmt.Errorf("%q is no type: %w", text, err)
	}
	return nil
}

// hiveTypeIn reads one type and returns what follows it.
func hiveTypeIn(text string) (string, error) {
	word := hiveField.FindString(text)
	rest := text[len(word):]
	switch word {
	case "array":
		return hiveParts(rest, 1, false)
	case "map":
		return hiveParts(rest, 2, false)
	case "struct":
		return hiveParts(rest, 0, true)
	}
	if !slices.Contains(hivePrimitives, word) {
		return "", fmt.Errorf("%q is unknown", word)
	}
	return rest[len(hiveSize.FindString(rest)):], nil
}

// hiveParts reads the types in angle brackets; count 0 is any number of them.
func hiveParts(text string, count int, named bool) (string, error) {
	rest, ok := strings.CutPrefix(text, "<")
	if !ok {
		return "", fmt.Errorf("< is missing before %q", text)
	}
	for n := 1; ; n++ {
		if named {
			field := hiveField.FindString(rest)
			if rest, ok = strings.CutPrefix(rest[len(field):], ":"); field == "" || !ok {
				return "", fmt.Errorf("name: is missing before %q", rest)
			}
		}
		var err error
		if rest, err = hiveTypeIn(rest); err != nil {
			return "", err
		}
		if after, more := strings.CutPrefix(rest, ","); more {
			rest = after
			continue
		}
		if rest, ok = strings.CutPrefix(rest, ">"); !ok {
			return "", fmt.Errorf("> is missing before %q", rest)
		}
		if count > 0 && n != count {
			return "", fmt.Errorf("%d types instead of %d", n, count)
		}
		return rest, nil
	}
}
