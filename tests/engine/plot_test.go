package engine_test

import (
	"fmt"
	"strings"
)

// curve is a quantity over the number of Regions.
type curve struct {
	title, unit string
	of          func(size) float64
}

var curves = []curve{
	{"Resources", "", func(s size) float64 { return float64(s.resources) }},
	{"CPU of the program", " s", func(s size) float64 { return s.program.CPU.Seconds() }},
	{"CPU of the engine", " s", func(s size) float64 { return s.engineCPU.Seconds() }},
	{"State", " MB", func(s size) float64 { return float64(s.state) / 1e6 }},
}

// The plot has one panel for each curve, two beside each other.
const (
	panelWidth, panelHeight = 360, 220
	panelMargin             = 48
)

// plot draws the curves as SVG. A straight line through all points would be linear growth.
func plot(measured []size) []byte {
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", 2*panelWidth, panelHeight*((len(curves)+1)/2))
	fmt.Fprintf(&out, `<title>What grows with the number of Regions</title>`+"\n"+`<rect width="100%%" height="100%%" fill="white"/>`+"\n")
	last := measured[len(measured)-1]
	for i, c := range curves {
		left, top := float64(i%2*panelWidth+panelMargin), float64(i/2*panelHeight+panelMargin/2)
		width, height := float64(panelWidth-2*panelMargin), float64(panelHeight-2*panelMargin)
		bottom := top + height
		x := func(s size) float64 { return left + width*float64(s.regions)/float64(last.regions) }
		y := func(s size) float64 { return bottom - height*c.of(s)/c.of(last) }
		fmt.Fprintf(&out, `<text x="%.0f" y="%.0f" font-weight="bold">%s</text>`+"\n", left, top-8, c.title)
		fmt.Fprintf(&out, `<path d="M%.0f %.0fV%.0fH%.0f" fill="none" stroke="#999"/>`+"\n", left, top, bottom, left+width)
		var points []string
		for _, s := range measured {
			points = append(points, fmt.Sprintf("%.1f,%.1f", x(s), y(s)))
		}
		fmt.Fprintf(&out, `<polyline points="%s" fill="none" stroke="#2463eb" stroke-width="2"/>`+"\n", strings.Join(points, " "))
		for _, s := range measured {
			value := fmt.Sprintf("%.2g%s", c.of(s), c.unit)
			if c.of(s) >= 100 {
				value = fmt.Sprintf("%.0f%s", c.of(s), c.unit)
			}
			fmt.Fprintf(&out, `<circle cx="%.1f" cy="%.1f" r="3" fill="#2463eb"/><text x="%.1f" y="%.1f">%s</text><text x="%.1f" y="%.1f" text-anchor="middle">%d</text>`+"\n",
				x(s), y(s), x(s)+5, y(s)+12, value, x(s), bottom+16, s.regions)
		}
		fmt.Fprintf(&out, `<text x="%.0f" y="%.0f" text-anchor="middle">Regions</text>`+"\n", left+width/2, bottom+32)
	}
	out.WriteString("</svg>\n")
	return []byte(out.String())
}
