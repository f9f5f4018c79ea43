package report

import (
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/controls"
)

// Coverage is how far a benchmark is met.
type Coverage struct {
	Benchmark string
	Further   bool // another version of a benchmark that is there already: paper has its figures only
	Rows      int
	Counts    []StatusCount // every status, from the best to the worst
	Controls  []Judged      // the worst status that somebody can change first
}

// StatusCount is how many controls have a status.
type StatusCount struct {
	Status  controls.Status
	Class   string
	Count   int
	Percent float64
}

// Judged is a control in a benchmark.
type Judged struct {
	IDs, Title    string
	Status        controls.Status
	Class         string
	Why, ByHand   string
	By            []string // what meets or finds it, in words
	EvidenceCount int
	Evidence      []string
}

// benchmarks are what controls are grouped by, and what their ids are there.
var benchmarks = []struct {
	name    string
	further bool
	ids     func(controls.Control) []string
}{
	{"CIS AWS Foundations Benchmark v5.0.0", false, func(c controls.Control) []string { return c.CIS5 }},
	{"CIS AWS Foundations Benchmark v3.0.0", true, func(c controls.Control) []string { return c.CIS3 }},
	{"CIS AWS Foundations Benchmark v7.0.0", true, func(c controls.Control) []string { return c.CIS7 }},
	{"AWS Security Hub", false, func(c controls.Control) []string { return c.SecurityHub }},
	{"AWS Startup Security Baseline", false, func(c controls.Control) []string { return c.SSB }},
	{"The baseline's own promises", false, func(c controls.Control) []string {
		if c.Own == "" {
			return nil
		}
		return []string{c.Own}
	}},
}

// class is a status as the name of a CSS class.
func class(status controls.Status) string { return strings.ReplaceAll(string(status), " ", "-") }

func coverage(verdicts []controls.Verdict) (all []Coverage) {
	for _, b := range benchmarks {
		c := Coverage{Benchmark: b.name, Further: b.further}
		count := map[controls.Status]int{}
		for _, status := range []controls.Status{controls.NotCovered, controls.ByHand, controls.Detected, controls.Satisfied} {
			for _, v := range verdicts {
				if ids := b.ids(v.Control); v.Status == status && len(ids) > 0 {
					c.Controls = append(c.Controls, judged(v, ids))
					count[status]++
				}
			}
		}
		if c.Rows = len(c.Controls); c.Rows == 0 {
			continue
		}
		for _, status := range controls.Statuses() {
			c.Counts = append(c.Counts, StatusCount{status, class(status), count[status], percent(float64(count[status]), float64(c.Rows))})
		}
		all = append(all, c)
	}
	return all
}

// mostEvidence is how many resources a control names; the map of controls has the rest.
const mostEvidence = 4

func judged(v controls.Verdict, ids []string) Judged {
	j := Judged{
		IDs: strings.Join(ids, ", "), Title: v.Title, Status: v.Status, Class: class(v.Status), Why: v.Why,
		EvidenceCount: len(v.Evidence), Evidence: v.Evidence[:min(len(v.Evidence), mostEvidence)],
	}
	if v.Status != controls.Satisfied {
		j.ByHand = v.ByHand
	}
	for _, r := range v.Results {
		serves := v.Status == controls.Satisfied && r.Purpose != controls.Finds || v.Status == controls.Detected && r.Purpose == controls.Finds
		if r.Holds && serves && !slices.Contains(j.By, r.What) {
			j.By = append(j.By, r.What)
		}
	}
	return j
}
