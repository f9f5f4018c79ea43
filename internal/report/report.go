package report

import (
	_ "embed"
	"html/template"
	"io"

	"github.com/seed-8894d46d/account-baseline/internal/controls"
)

// Options are the options of Write.
type Options struct {
	// Preset replaces the preset of volumes that the stack's settings name: quiet, team or busy.
	Preset string
	// Date is printed on the page; "" prints none.
	Date string
}

//go:embed page.tmpl
var pageText string

//go:embed style.css
var style string

var page = template.Must(template.New("page").Parse(pageText))

// Write writes the report as one HTML page that is well-formed XML too. A preset that does not exist is an error.
func Write(w io.Writer, s *Stack, o Options) error {
	if o.Preset != "" {
		s.assumptions.Preset = o.Preset
	}
	cost, err := s.cost()
	if err != nil {
		return err
	}
	alerts := s.alerts()
	picture := alerts.picture()
	return page.Execute(w, map[string]any{
		"Style": template.CSS(style), "Stack": s, "Options": o,
		"Places": s.places(), "Changes": s.changes(), "Coverage": coverage(controls.Judge(s.After)),
		"Cost": cost, "Alerts": alerts, "Steps": s.steps(alerts), "Gaps": s.gaps(),
		"Wide": template.HTML(picture.Wide()), "Narrow": template.HTML(picture.Narrow()), // diagram escapes every text
	})
}
