// Package plan reads what `pulumi preview --json --show-sames` prints: what a stack has, and what it will have.
package plan

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// Plan is a preview.
type Plan struct {
	Project, Stack string
	Before, After  []declared.Resource // of clouds, without components and providers; sorted by component, name and Region
	Outputs        map[string]any      // of the stack as it is deployed; a preview does not print those that it would have
	Config         map[string]string   // the stack's settings, structured ones as JSON; secrets are left out
}

// Unknown stands for a value that a preview cannot know (https://www.pulumi.com/docs/iac/concepts/inputs-outputs/).
const Unknown = declared.Unknown

// hidden stands for a secret in the settings that a preview prints.
const hidden = "[secret]"

const (
	stackType      = "pulumi:pulumi:Stack"
	providerPrefix = "pulumi:providers:"
)

type state struct {
	URN      string
	Type     string
	Custom   bool
	Parent   string
	Provider string
	Inputs   map[string]any
	Outputs  map[string]any
}

type step struct {
	Op                 string
	OldState, NewState *state
}

// Read reads the output of `pulumi preview --json --show-sames`. Without --show-sames it lacks what does not change, and is
// refused when the summary says so.
func Read(r io.Reader) (*Plan, error) {
	var preview struct {
		Config        map[string]string
		Steps         []step
		ChangeSummary map[string]int
		Diagnostics   []struct{ Message, Severity string }
	}
	if err := json.NewDecoder(r).Decode(&preview); err != nil {
		return nil, fmt.Errorf("this is not what `pulumi preview --json --show-sames` prints: %w", err)
	}
	var failures []error
	for _, d := range preview.Diagnostics {
		if d.Severity == "error" {
			failures = append(failures, errors.New(strings.TrimSpace(d.Message)))
		}
	}
	if len(failures) > 0 {
		return nil, fmt.Errorf("the preview failed: %w", errors.Join(failures...))
	}
	before, after := map[string]*state{}, map[string]*state{}
	sames := 0
	for _, s := range preview.Steps {
		if s.Op == "same" {
			sames++
		}
		if s.OldState != nil {
			before[s.OldState.URN] = s.OldState
		}
		if s.NewState != nil && !gone(s.Op) {
			after[s.NewState.URN] = s.NewState
		}
	}
	if missing := preview.ChangeSummary["same"] - sames; missing > 0 {
		return nil, fmt.Errorf("%d unchanged resources are missing; run `pulumi preview --json --show-sames`", missing)
	}
	home := preview.Config["aws:region"]
	plan := &Plan{Before: resources(before, home), After: resources(after, home), Config: preview.Config}
	for urn, s := range after {
		if s.Type == stackType {
			parts := strings.Split(urn, "::")
			plan.Stack, plan.Project = strings.TrimPrefix(parts[0], "urn:pulumi:"), parts[1]
			if deployed := before[urn]; deployed != nil {
				plan.Outputs = deployed.Outputs
			}
		}
	}
	maps.DeleteFunc(plan.Config, func(_, value string) bool { return strings.Contains(value, hidden) })
	if plan.Stack == "" {
		return nil, errors.New("the preview has no stack")
	}
	return plan, nil
}

// gone are the operations after which a resource is not there any more.
func gone(op string) bool {
	return slices.Contains([]string{"delete", "delete-replaced", "discard", "discard-replaced"}, op)
}

// resources are in the Region of their provider. A default provider is in no preview: it works in the home Region.
func resources(states map[string]*state, home string) []declared.Resource {
	all := []declared.Resource{}
	for _, s := range states {
		if !s.Custom || strings.HasPrefix(s.Type, providerPrefix) || s.Type == stackType {
			continue
		}
		all = append(all, declared.Resource{
			Type: s.Type, Name: name(s.URN), Component: component(states, s), Region: cmp.Or(region(states, s.Provider), home), Inputs: s.Inputs,
		})
	}
	slices.SortFunc(all, func(a, b declared.Resource) int {
		return strings.Compare(a.Component+"\x00"+a.Name+"\x00"+a.Region+"\x00"+a.Type, b.Component+"\x00"+b.Name+"\x00"+b.Region+"\x00"+b.Type)
	})
	return all
}

func name(urn string) string { return urn[strings.LastIndex(urn, "::")+2:] }

// component is the name of the ancestor right below the stack.
func component(states map[string]*state, s *state) string {
	found := ""
	for parent := states[s.Parent]; parent != nil && parent.Type != stackType; parent = states[parent.Parent] {
		found = name(parent.URN)
	}
	return found
}

// region is that of the provider, which a state names by URN and id.
func region(states map[string]*state, provider string) string {
	end := strings.LastIndex(provider, "::")
	if end < 0 {
		return ""
	}
	if p := states[provider[:end]]; p != nil {
		region, _ := p.Inputs["region"].(string)
		return region
	}
	return ""
}
