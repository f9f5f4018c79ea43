// Package costtable tells people what a preview will cost a month, and what it changes.
package costtable

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"

	"github.com/seed-8894d46d/account-baseline/components/estimate"
	"github.com/seed-8894d46d/account-baseline/internal/plan"
)

// Assumptions are what the declared resources do not say. The zero value takes those of the stack's settings: aws:region, and
// what stands below estimate; without these the preset is team (quiet with profile starter), less AWS's free allowances.
type Assumptions struct {
	Home     string
	Preset   string
	FreeTier *bool
	Volumes  map[string]float64
}

// Write writes the table of what the preview declares, and the difference to what is deployed.
func Write(w io.Writer, p *plan.Plan, given Assumptions) error {
	a, err := given.completed(p)
	if err != nil {
		return err
	}
	if a.Home == "" {
		return fmt.Errorf("the home Region is unknown: the stack has no aws:region; give it: -home eu-central-1")
	}
	preset, known := estimate.Presets()[a.Preset]
	if !known {
		return fmt.Errorf("%q is no preset; there are quiet, team and busy", a.Preset)
	}
	volumes, err := preset.With(a.Volumes)
	if err != nil {
		return err
	}
	if err := volumes.Validate(); err != nil {
		return err
	}
	options := estimate.Options{Home: a.Home, WithoutFreeTier: !*a.FreeTier}
	after := estimate.Monthly(p.After, volumes, options)
	fmt.Fprintf(w, "Estimated for %s of stack %s, home Region %s, volumes of the preset %s%s:\n\n%s",
		p.Project, p.Stack, a.Home, a.Preset, changed(a.Volumes), after.Table())
	if len(p.Before) == 0 {
		return nil
	}
	changes := estimate.Difference(estimate.Monthly(p.Before, volumes, options), after)
	if len(changes) == 0 {
		fmt.Fprintln(w, "\nCompared with what is deployed: nothing changes.")
		return nil
	}
	fmt.Fprintln(w, "\nCompared with what is deployed, a month:")
	for _, change := range changes {
		fmt.Fprintln(w, "  "+change.String())
	}
	return nil
}

func changed(volumes map[string]float64) string {
	if len(volumes) == 0 {
		return ""
	}
	return fmt.Sprintf(" with %d of its own", len(volumes))
}

// completed takes what was not given from the stack's settings.
func (a Assumptions) completed(p *plan.Plan) (Assumptions, error) {
	var own struct {
		Preset   string
		FreeTier *bool
		Volumes  map[string]float64
	}
	if text := p.Config[p.Project+":estimate"]; text != "" {
		if err := json.Unmarshal([]byte(text), &own); err != nil {
			return a, fmt.Errorf("the setting estimate: %w", err)
		}
	}
	if a.Home == "" {
		a.Home = p.Config["aws:region"]
	}
	if a.FreeTier == nil {
		free := own.FreeTier == nil || *own.FreeTier
		a.FreeTier = &free
	}
	if a.Preset != "" { // another preset is not mixed with the settings' volumes
		return a, nil
	}
	a.Preset = own.Preset
	if a.Preset == "" {
		a.Preset = "team"
		if p.Config[p.Project+":profile"] == "starter" {
			a.Preset = "quiet"
		}
	}
	volumes := map[string]float64{}
	maps.Copy(volumes, own.Volumes)
	maps.Copy(volumes, a.Volumes)
	a.Volumes = volumes
	return a, nil
}
