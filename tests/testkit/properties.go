package testkit

import (
	"regexp"
	"strings"
)

// Below are the resources under a URN: its children, theirs, and so on.
func (d *Deployment) Below(urn string) []*Resource {
	var below []*Resource
	for _, r := range d.All() {
		for at := r; at != nil && at.Parent != ""; at = d.ByURN(at.Parent) {
			if at.Parent == urn {
				below = append(below, r)
				break
			}
		}
	}
	return below
}

// AllDescendFrom checks that every resource but the explicit providers and the component itself has the component
// among its ancestors.
func (d *Deployment) AllDescendFrom(component *Resource) {
	d.t.Helper()
	below := map[string]bool{component.URN: true}
	for _, r := range d.Below(component.URN) {
		below[r.URN] = true
	}
	for _, r := range d.All() {
		if r.Type != providerType && !below[r.URN] {
			d.t.Errorf("%s does not descend from %s", r.URN, component.URN)
		}
	}
}

// AllNamedAfter checks that the name of everything below a component begins with the component's, so that two
// instances in a stack never collide.
func (d *Deployment) AllNamedAfter(component *Resource) {
	d.t.Helper()
	for _, r := range d.Below(component.URN) {
		if !strings.HasPrefix(r.Name, component.Name+"-") {
			d.t.Errorf("%s is not named after %q", r.URN, component.Name)
		}
	}
}

// AllTagged checks that every resource of a taggable type carries the given tags and those of the project and stack.
func (d *Deployment) AllTagged(tags map[string]string) {
	d.t.Helper()
	want := map[string]string{"pulumi:project": d.Options.Project, "pulumi:stack": d.Options.Stack}
	for key, value := range tags {
		want[key] = value
	}
	for _, r := range d.All() {
		if !r.Custom || r.Read || !strings.HasPrefix(r.Type, "aws:") {
			continue
		}
		if !knownService(r.Type) {
			d.t.Errorf("%s: testkit does not know whether %s is taggable; complete its table", r.Name, r.Type)
			continue
		}
		if !taggable[r.Type] {
			continue
		}
		for key, value := range want {
			if got, _ := r.Get("tags").(map[string]any); got[key] != value {
				d.t.Errorf("%s: tag %s is %v, not %q", r.URN, key, got[key], value)
			}
		}
	}
}

// AllUseProviderOf checks that everything below a component, and every invoke, uses the component's own AWS provider
// or one of the further providers given by name.
func (d *Deployment) AllUseProviderOf(component *Resource, further ...string) {
	d.t.Helper()
	allowed := map[string]bool{component.Providers["aws"]: true}
	for _, name := range further {
		allowed[d.One(providerType, name).URN] = true
	}
	for _, r := range d.Below(component.URN) {
		if strings.HasPrefix(r.Type, "aws:") && !allowed[r.Provider] {
			d.t.Errorf("%s uses provider %q, not its component's", r.URN, r.Provider)
		}
	}
	for _, invoke := range d.Invokes() {
		if strings.HasPrefix(invoke.Token, "aws:") && !allowed[invoke.Provider] {
			d.t.Errorf("%s uses provider %q, not its component's", invoke.Token, invoke.Provider)
		}
	}
}

var arnPartition = regexp.MustCompile(`\barn:(aws[a-z-]*):`)

// NoHardCodedPartition checks that no ARN among the inputs is of another partition than the one deployed to.
func (d *Deployment) NoHardCodedPartition() {
	d.t.Helper()
	for _, r := range d.All() {
		for _, s := range r.Strings() {
			for _, match := range arnPartition.FindAllStringSubmatch(s.Value, -1) {
				if match[1] != d.Options.Partition {
					d.t.Errorf("%s: %s holds an ARN of partition %s in %s", r.URN, s.Path, match[1], d.Options.Partition)
				}
			}
		}
	}
}

// NothingRegistered checks that not even the component was registered.
func (d *Deployment) NothingRegistered() {
	d.t.Helper()
	for _, r := range d.All() {
		d.t.Errorf("%s was registered", r.URN)
	}
}
