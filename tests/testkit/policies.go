package testkit

// Policy is an IAM policy document found among the inputs of a resource.
type Policy struct {
	Resource *Resource
	Property string // path of the input
	JSON     string
	Decoded  map[string]any
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
		if object, ok := decodeJSON(s.Value); ok && object["Statement"] != nil {
			found = append(found, Policy{Resource: r, Property: s.Path, JSON: s.Value, Decoded: object})
		}
	}
	return found
}
