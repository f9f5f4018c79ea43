package testkit

import "github.com/seed-8894d46d/account-baseline/internal/policyeval"

// Policy is an IAM policy document found among the inputs of a resource.
type Policy struct {
	Resource *Resource
	Property string // path of the input
	JSON     string
	Decoded  map[string]any
	Document *policyeval.Document
	Err      error // why Document is nil; a run with such a policy fails
}

// Policies are all policy documents among the inputs: every string that holds a JSON object with a Statement.
func (d *Deployment) Policies() []Policy {
	var found []Policy
	for _, r := range d.All() {
		found = append(found, r.Policies()...)
	}
	return found
}

// Policies are the policy documents among the resource's inputs.
func (r *Resource) Policies() []Policy {
	var found []Policy
	for _, s := range r.Strings() {
		object, ok := decodeJSON(s.Value)
		if !ok || object["Statement"] == nil {
			continue
		}
		p := Policy{Resource: r, Property: s.Path, JSON: s.Value, Decoded: object}
		p.Document, p.Err = policyeval.Parse(s.Value)
		found = append(found, p)
	}
	return found
}

// Document is the policy in an input of the resource; the test fails at once when there is none.
func (d *Deployment) Document(r *Resource, property string) *policyeval.Document {
	d.t.Helper()
	document, err := policyeval.Parse(r.String(property))
	if err != nil {
		d.t.Fatalf("%s: %s: %v", r.URN, property, err)
	}
	return document
}
