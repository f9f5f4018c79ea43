// Package naming makes the physical names that policies must know before the resource exists.
package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// Limits of a prefix. MaxPrefix leaves room for the longest suffix within the 63 characters of a bucket name
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html) and the 64 of an IAM role.
const (
	MinPrefix = 3
	MaxPrefix = 38
)

var (
	valid    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	unusable = regexp.MustCompile(`[^a-z0-9]+`)
)

// Stack is what names are made of. It is *pulumi.Context, which this package does without: whoever imports Pulumi's SDK compiles
// half a second of it.
type Stack interface {
	Project() string
	Stack() string
}

// Prefix is what all physical names of a component begin with: the prefix its user chose, or
// PROJECT-STACK-NAME in lower case. A longer one is cut and made unique with a hash of the whole, so that it is the
// same at every run and differs between components.
func Prefix(stack Stack, name, chosen string) string {
	if chosen != "" {
		return chosen
	}
	whole := strings.ToLower(strings.Join([]string{stack.Project(), stack.Stack(), name}, "-"))
	prefix := strings.Trim(unusable.ReplaceAllString(whole, "-"), "-")
	if len(prefix) <= MaxPrefix && prefix == whole {
		return prefix
	}
	sum := sha256.Sum256([]byte(whole))
	hash := hex.EncodeToString(sum[:4])
	if len(prefix) > MaxPrefix-9 {
		prefix = strings.TrimRight(prefix[:MaxPrefix-9], "-")
	}
	return prefix + "-" + hash
}

// Fit is a name of at most so many characters: a longer one is cut at its end and made unique with a hash of the whole.
func Fit(name string, most int) string {
	if len(name) <= most {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return strings.TrimRight(name[:most-9], "-") + "-" + hex.EncodeToString(sum[:4])
}

// CheckPrefix refuses a chosen prefix that some physical name could not begin with; field is named in the error.
func CheckPrefix(field, prefix string) error {
	switch {
	case prefix == "":
		return nil
	case len(prefix) < MinPrefix:
		return fmt.Errorf("%s: %q is shorter than %d characters, the least for a bucket or trail", field, prefix, MinPrefix)
	case len(prefix) > MaxPrefix:
		return fmt.Errorf("%s: %q is %d characters long, at most %d are possible", field, prefix, len(prefix), MaxPrefix)
	case !valid.MatchString(prefix):
		return fmt.Errorf("%s: %q may hold lower-case letters, digits and single hyphens only, and begins and ends with a letter or digit", field, prefix)
	}
	return nil
}
