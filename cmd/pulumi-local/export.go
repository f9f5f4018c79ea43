package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// deployment is what pulumi-local reads of `stack export`.
type deployment struct {
	Resources []resource `json:"resources"`
}

type resource struct {
	URN            string         `json:"urn"`
	Type           string         `json:"type"`
	ID             string         `json:"id"`
	Custom         bool           `json:"custom"`
	Protect        bool           `json:"protect"`
	RetainOnDelete bool           `json:"retainOnDelete"`
	Outputs        map[string]any `json:"outputs"`
}

func (r resource) name() string { return r.URN[strings.LastIndex(r.URN, "::")+2:] }

// export reads the stack's state; "" is the selected stack.
func (s *session) export(ctx context.Context, stack string) (deployment, error) {
	words := []string{"stack", "export"}
	if stack != "" {
		words = append(words, "--stack="+stack)
	}
	output, err := s.output(ctx, words...)
	if err != nil {
		return deployment{}, err
	}
	var exported struct {
		Deployment deployment `json:"deployment"`
	}
	if err := json.Unmarshal(output, &exported); err != nil {
		return deployment{}, fmt.Errorf("read the stack's state: %w", err)
	}
	return exported.Deployment, nil
}

// stack is the name of the stack, from the first URN: urn:pulumi:STACK::PROJECT::TYPE::NAME. "" when it has no resources.
func (d deployment) stack() string {
	if len(d.Resources) == 0 {
		return ""
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(d.Resources[0].URN, "urn:pulumi:"), "::")
	return name
}

// adoption is the stack's output of that name: the settings that adopt what the stack keeps. "" when there is none.
func (d deployment) adoption() string {
	for _, r := range d.Resources {
		if r.Type == "pulumi:pulumi:Stack" {
			text, _ := r.Outputs["adoption"].(string)
			return text
		}
	}
	return ""
}

// stays is the stack's output staysAfterDestroy: what a destroy leaves as it is, in a sentence each.
func (d deployment) stays() (lines []string) {
	for _, r := range d.Resources {
		if r.Type != "pulumi:pulumi:Stack" {
			continue
		}
		all, _ := r.Outputs["staysAfterDestroy"].([]any)
		for _, line := range all {
			lines = append(lines, fmt.Sprint(line))
		}
	}
	return lines
}

// hasProtected reports whether a destroy would be refused.
func (d deployment) hasProtected() bool {
	return slices.ContainsFunc(d.Resources, func(r resource) bool { return r.Protect })
}

// cloud are the resources in the account. Components and providers are in the state only.
func (d deployment) cloud() []resource {
	return filter(d.Resources, func(r resource) bool {
		return r.Custom && !strings.HasPrefix(r.Type, "pulumi:providers:")
	})
}

func (d deployment) has(urn string) bool {
	return slices.ContainsFunc(d.Resources, func(r resource) bool { return r.URN == urn })
}

// keptResources are the resources that outlived a destroy.
type keptResources struct {
	protected []resource // in the stack
	needed    []resource // in the stack too, unprotected
	retained  []resource // in the account only
}

// keptAfter compares the state before and after a destroy.
func keptAfter(before, after deployment) keptResources {
	isProtected := func(r resource) bool { return r.Protect }
	return keptResources{
		protected: filter(after.cloud(), isProtected),
		needed:    filter(after.cloud(), func(r resource) bool { return !r.Protect }),
		retained:  filter(before.cloud(), func(r resource) bool { return r.RetainOnDelete && !after.has(r.URN) }),
	}
}

func filter(resources []resource, holds func(resource) bool) []resource {
	return slices.DeleteFunc(slices.Clone(resources), func(r resource) bool { return !holds(r) })
}
