package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/pkg/v3/display"
	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Result is what an operation did.
type Result struct {
	Steps       []Step
	Diagnostics []Diagnostic
	Outputs     resource.PropertyMap // of the stack; nil when the program did not get that far
	Events      []engine.Event
	Err         error
}

// Step is what happened to one resource.
type Step struct {
	Op       display.StepOp // what was done; on a refresh, what was found to have been done
	URN      resource.URN
	Type     string
	Name     string
	Diffs    []string // properties that differ
	Replaces []string // those of them that replace the resource
	Retained bool     // deleted from the state only
}

// Diagnostic is a message to the user.
type Diagnostic struct {
	Severity diag.Severity
	URN      resource.URN
	Message  string
}

const stackType = "pulumi:pulumi:Stack"

// read fills the result from the events. What a refresh has found is known only after its steps.
func (r *Result) read(refresh bool) {
	for _, event := range r.Events {
		if event.Internal() {
			continue
		}
		switch payload := event.Payload().(type) {
		case engine.ResourcePreEventPayload:
			if !refresh {
				r.Steps = append(r.Steps, newStep(payload.Metadata))
			}
		case engine.ResourceOutputsEventPayload:
			m := payload.Metadata
			if refresh {
				r.Steps = append(r.Steps, newStep(m))
			}
			if m.Type == stackType && m.New != nil && m.New.State != nil {
				r.Outputs = m.New.State.Outputs
			}
		case engine.DiagEventPayload:
			if !payload.Ephemeral {
				r.Diagnostics = append(r.Diagnostics, Diagnostic{
					payload.Severity, payload.URN, strings.TrimSpace(colors.Never.Colorize(payload.Message)),
				})
			}
		}
	}
}

func newStep(m engine.StepEventMetadata) Step {
	step := Step{Op: m.Op, URN: m.URN, Type: string(m.Type), Name: m.URN.Name()}
	for _, key := range m.Diffs {
		step.Diffs = append(step.Diffs, string(key))
	}
	for _, key := range m.Keys {
		step.Replaces = append(step.Replaces, string(key))
	}
	slices.Sort(step.Diffs)
	slices.Sort(step.Replaces)
	step.Retained = m.Op == deploy.OpDelete && m.Old != nil && m.Old.RetainOnDelete
	return step
}

// Changes are the steps that change anything.
func (r Result) Changes() []Step {
	var changes []Step
	for _, step := range r.Steps {
		if step.Op != deploy.OpSame && step.Op != deploy.OpRead {
			changes = append(changes, step)
		}
	}
	return changes
}

func (s Step) String() string {
	text := fmt.Sprintf("%s %s %s", s.Op, s.Type, s.Name)
	if len(s.Diffs) > 0 {
		text += fmt.Sprintf(" %v", s.Diffs)
	}
	if s.Retained {
		text += " (retained)"
	}
	return text
}

func (d Diagnostic) String() string { return fmt.Sprintf("%s: %s", d.Severity, d.Message) }
