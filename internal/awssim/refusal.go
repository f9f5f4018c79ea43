package awssim

import (
	"errors"
	"fmt"
)

// Refusal is a call turned down the way AWS turns it down.
type Refusal struct {
	Name    string // AWS's error name, for example "NoSuchBucket"
	Message string // what was wrong, with the names involved
	Doc     string // the documentation page that states the rule
}

func (r *Refusal) Error() string {
	if r.Doc == "" {
		return fmt.Sprintf("%s: %s", r.Name, r.Message)
	}
	return fmt.Sprintf("%s: %s (%s)", r.Name, r.Message, r.Doc)
}

// refuse makes a refusal. The message must not contain secrets.
func refuse(name, message, docURL string) error {
	return &Refusal{Name: name, Message: message, Doc: docURL}
}

// refusedAs tells whether err is a refusal of that name.
func refusedAs(err error, name string) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Name == name
}

// errNotFound is what a read function returns for a resource that is gone, and
// what an update function returns for one that it cannot find.
var errNotFound = errors.New("resource not found in the account")
