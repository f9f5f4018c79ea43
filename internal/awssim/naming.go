package awssim

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// autoName says which property pulumi-aws fills with a generated physical name.
type autoName struct {
	Property string `json:"property"`
	Max      int    `json:"max"`    // longest name
	Lower    bool   `json:"lower"`  // lower case only
	Prefix   string `json:"prefix"` // put before the name
}

// defaultsKey lists, among the inputs, the properties that the provider filled in
// itself. The bridge that pulumi-aws is built on keeps them under the same key.
const defaultsKey = "__defaults"

// suffixLength is how many random hexadecimal digits a generated name ends in.
const suffixLength = 7

// nameInputs fills in the physical name when the program gives none: the old
// generated name, or <resource name>-<7 hexadecimal digits>.
func nameInputs(s *typeSchema, name string, seed []byte, olds, news props) error {
	n := s.AutoName
	if n == nil || news[n.Property] != nil || news[n.Property+"Prefix"] != nil {
		return nil
	}
	if generated(olds, n.Property) && str(olds, n.Property) != "" {
		news[n.Property] = str(olds, n.Property)
	} else {
		base := n.Prefix + name
		if n.Lower {
			base = strings.ToLower(base)
		}
		unique, err := resource.NewUniqueName(seed, base+"-", suffixLength, n.Max, nil)
		if err != nil {
			return err
		}
		news[n.Property] = unique
	}
	news[defaultsKey] = append(list(news, defaultsKey), any(n.Property))
	return nil
}

// generated tells whether the provider filled the property in itself.
func generated(in props, property string) bool {
	for _, p := range strs(in, defaultsKey) {
		if p == property {
			return true
		}
	}
	return false
}
