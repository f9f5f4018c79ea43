package testkit

import (
	"context"
	"sort"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
)

// All are the resources declared, in the order of their URNs; the stack itself is not among them.
func (d *Deployment) All() []*Resource {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	all := append([]*Resource(nil), d.resources...)
	sort.SliceStable(all, func(i, j int) bool { return all[i].URN < all[j].URN })
	return all
}

// ByType are the resources of a type, such as aws:sns/topic:Topic, in the order of their names.
func (d *Deployment) ByType(typ string) []*Resource {
	var found []*Resource
	for _, r := range d.All() {
		if r.Type == typ {
			found = append(found, r)
		}
	}
	return found
}

// One is the resource of a type with the given name; the test fails at once when there is none, or more than one.
func (d *Deployment) One(typ, name string) *Resource {
	d.t.Helper()
	var found []*Resource
	names := []string{}
	for _, r := range d.ByType(typ) {
		names = append(names, r.Name)
		if r.Name == name {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		d.t.Fatalf("%d resources of type %s are named %q; there are %q", len(found), typ, name, names)
	}
	return found[0]
}

// Only is the one resource of a type; the test fails at once when there is none, or more than one.
func (d *Deployment) Only(typ string) *Resource {
	d.t.Helper()
	found := d.ByType(typ)
	if len(found) != 1 {
		d.t.Fatalf("%d resources of type %s, not one", len(found), typ)
	}
	return found[0]
}

// ByURN is the resource with a URN, nil if there is none.
func (d *Deployment) ByURN(urn string) *Resource {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.byURN[urn]
}

// Names are the names of the resources of a type, sorted.
func (d *Deployment) Names(typ string) []string {
	var names []string
	for _, r := range d.ByType(typ) {
		names = append(names, r.Name)
	}
	return names
}

// Await is the value of an output after its program has run; known is false for what a preview cannot know.
func Await(output pulumi.Output) (value any, known, secret bool, err error) {
	result, err := internals.UnsafeAwaitOutput(context.Background(), output)
	return result.Value, result.Known, result.Secret, err
}
