// Package declared is what a program declares, before anything of it exists: the form in which costs are estimated, controls
// are judged and rights are derived.
package declared

// Resource is a resource as a program declares it.
type Resource struct {
	Type      string // such as aws:kms/key:Key
	Name      string // logical name
	Component string // name of the top-level component that it belongs to; "" for none
	Region    string // Region of its provider
	Inputs    map[string]any
}

// Unknown stands for a value that a preview cannot know yet (https://www.pulumi.com/docs/iac/concepts/inputs-outputs/).
const Unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
