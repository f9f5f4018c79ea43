// Package policy holds IAM policy documents as Go values. Components build them in pure functions of plain strings
// and marshal them once; nothing here knows Pulumi.
package policy

import "encoding/json"

// Effects of a statement.
const (
	Allow = "Allow"
	Deny  = "Deny"
)

// Document is a policy document, version 2012-10-17.
type Document struct {
	Statements []Statement
}

// New collects statements into a document.
func New(statements ...Statement) Document {
	return Document{Statements: statements}
}

// JSON renders the document deterministically, with single-element lists as plain values, the way AWS returns them.
func (d Document) JSON() string {
	text, err := json.Marshal(struct {
		Version   string
		Statement []Statement
	}{"2012-10-17", d.Statements})
	if err != nil {
		panic(err) // strings and maps of strings always marshal
	}
	return string(text)
}

// Statement is one statement; elements left empty are left out.
type Statement struct {
	Sid       string     `json:",omitempty"`
	Effect    string     // Allow or Deny
	Principal *Principal `json:",omitempty"`
	Action    List       `json:",omitempty"`
	NotAction List       `json:",omitempty"`
	Resource  List       `json:",omitempty"`
	Condition Condition  `json:",omitempty"`
}

// Principal says whom a statement of a resource policy is about.
type Principal struct {
	Everyone bool
	Service  List
	AWS      List
}

// Everyone is the principal "*".
func Everyone() *Principal { return &Principal{Everyone: true} }

// Service names service principals, such as cloudtrail.amazonaws.com.
func Service(names ...string) *Principal { return &Principal{Service: names} }

// AWS names accounts, users or roles by ARN.
func AWS(arns ...string) *Principal { return &Principal{AWS: arns} }

// MarshalJSON renders the principal as AWS writes it.
func (p Principal) MarshalJSON() ([]byte, error) {
	if p.Everyone {
		return json.Marshal("*")
	}
	return json.Marshal(struct {
		Service List `json:",omitempty"`
		AWS     List `json:",omitempty"`
	}{p.Service, p.AWS})
}

// List is a string or a list of strings.
type List []string

// MarshalJSON renders one element as a plain string.
func (l List) MarshalJSON() ([]byte, error) {
	if len(l) == 1 {
		return json.Marshal(l[0])
	}
	return json.Marshal([]string(l))
}

// Condition maps an operator to condition keys and their values: all must hold.
type Condition map[string]map[string]List
