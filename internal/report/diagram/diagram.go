// Package diagram draws graphs in layers as SVG, without scripts, fonts or anything else from elsewhere.
package diagram

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// Node is a box.
type Node struct {
	ID    string
	Title string
	Lines []string
	Layer int
	Kind  string // class of the box: a severity, or "" for none
}

// Edge is an arrow between two boxes, from an earlier layer to a later one.
type Edge struct {
	From, To string
	Kind     string // as of a box
}

// Diagram is a graph in layers. What flows goes from layer to layer; nodes of a layer stand in their order.
type Diagram struct {
	Name        string // unique in a page, a word
	Title       string // what it shows, for those who do not see it
	Description string
	Layers      []string // what each layer is called
	Nodes       []Node
	Edges       []Edge
}

// look is how a drawing is laid out.
type look struct {
	width        float64
	vertical     bool // layers are rows instead of columns
	title, text  float64
	gap, between float64 // between layers, between boxes of a layer
	margin       float64
	padding      float64
}

var (
	wide   = look{width: 1000, title: 16, text: 13.5, gap: 64, between: 18, margin: 18, padding: 12}
	narrow = look{width: 340, vertical: true, title: 11.7, text: 11.6, gap: 44, between: 7, margin: 2, padding: 5}
)

// Wide has the layers as columns, from left to right.
func (d Diagram) Wide() string { return d.draw(wide, "wide", "") }

// Narrow has the layers as rows, from top to bottom, for a phone.
func (d Diagram) Narrow() string { return d.draw(narrow, "narrow", "") }

// File is the wide drawing as a file of its own, on a background that suits light and dark pages.
func (d Diagram) File() string {
	return d.draw(wide, "wide", fileStyle)
}

// Colours with a contrast of at least 4.5 to 1 on the backgrounds of their texts.
const fileStyle = `
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Helvetica, Arial, sans-serif; fill: #1f2937 }
.ground { fill: #f8fafc; stroke: #cbd5e1 }
.box { fill: #ffffff; stroke: #94a3b8; stroke-width: 1.25 }
.line { fill: #475569 }
.layer { fill: #475569; font-weight: 600; letter-spacing: 0.06em }
.edge { fill: none; stroke: #64748b; stroke-width: 1.75 }
.head { fill: #64748b }
.box.critical { fill: #fef2f2; stroke: #dc2626 } .edge.critical { stroke: #dc2626 } .head.critical { fill: #dc2626 }
.box.warning { fill: #fffbeb; stroke: #d97706 } .edge.warning { stroke: #d97706 } .head.warning { fill: #d97706 }
.box.informational { fill: #eff6ff; stroke: #2563eb } .edge.informational { stroke: #2563eb } .head.informational { fill: #2563eb }
.box.store { fill: #f0fdf4; stroke: #15803d } .edge.store { stroke: #15803d } .head.store { fill: #15803d }
`

type box struct {
	Node
	x, y, width, height float64
	title, lines        []string
}

func (d Diagram) draw(l look, class, style string) string {
	boxes, labels, height := d.place(l)
	var svg strings.Builder
	id := d.Name + "-" + class
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" class="diagram %s" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-title %s-text">`,
		class, num(l.width), num(height), html.EscapeString(id), html.EscapeString(id))
	fmt.Fprintf(&svg, "\n<title id=\"%s-title\">%s</title>\n<desc id=\"%s-text\">%s</desc>\n",
		html.EscapeString(id), html.EscapeString(d.Title), html.EscapeString(id), html.EscapeString(d.Description))
	if style != "" {
		fmt.Fprintf(&svg, "<style>%s</style>\n", style)
		fmt.Fprintf(&svg, `<rect class="ground" x="0.5" y="0.5" width="%s" height="%s" rx="12"/>`+"\n", num(l.width-1), num(height-1))
	}
	for _, e := range d.edges(boxes, l) {
		svg.WriteString(e + "\n")
	}
	for _, label := range labels {
		svg.WriteString(label + "\n")
	}
	for _, b := range boxes {
		b.draw(&svg, l)
	}
	svg.WriteString("</svg>")
	return svg.String()
}

// place gives every box its place; a column, or a row, is centred.
func (d Diagram) place(l look) (boxes []*box, labels []string, height float64) {
	layers := make([][]*box, len(d.Layers))
	for _, n := range d.Nodes {
		b := &box{Node: n}
		boxes, layers[n.Layer] = append(boxes, b), append(layers[n.Layer], b)
	}
	if l.vertical {
		return d.rows(layers, l, boxes)
	}
	return d.columns(layers, l, boxes)
}

// rows have their labels upright on their left, where no arrow passes.
func (d Diagram) rows(layers [][]*box, l look, boxes []*box) ([]*box, []string, float64) {
	const labelWidth, lowest = 16, 66
	var labels []string
	left, y := l.margin+labelWidth, l.margin
	for i, row := range layers {
		width := (l.width - left - l.margin - l.between*float64(len(row)-1)) / float64(max(len(row), 1))
		tallest := float64(lowest)
		for j, b := range row {
			b.x, b.y, b.width = left+float64(j)*(width+l.between), y, width
			b.wrap(l)
			tallest = max(tallest, b.height)
		}
		for _, b := range row {
			b.height = tallest
		}
		middle := y + tallest/2
		labels = append(labels, fmt.Sprintf(`<text class="layer" x="%s" y="%s" font-size="10.5" text-anchor="middle" transform="rotate(-90 %s %s)">%s</text>`,
			num(l.margin+9), num(middle), num(l.margin+9), num(middle), html.EscapeString(d.Layers[i])))
		y += tallest + l.gap
	}
	return boxes, labels, y - l.gap + l.margin
}

func (d Diagram) columns(layers [][]*box, l look, boxes []*box) ([]*box, []string, float64) {
	const labelHeight = 26
	var labels []string
	width := (l.width - 2*l.margin - l.gap*float64(len(layers)-1)) / float64(len(layers))
	var heights []float64
	for i, column := range layers {
		total := -l.between
		for _, b := range column {
			b.x, b.width = l.margin+float64(i)*(width+l.gap), width
			b.wrap(l)
			total += b.height + l.between
		}
		heights = append(heights, total)
	}
	tallest := slices.Max(heights)
	for i, column := range layers {
		labels = append(labels, fmt.Sprintf(`<text class="layer" x="%s" y="%s" font-size="13" text-anchor="middle">%s</text>`,
			num(l.margin+float64(i)*(width+l.gap)+width/2), num(l.margin+14), html.EscapeString(d.Layers[i])))
		spare := tallest - heights[i]
		y, more := l.margin+labelHeight+spare/2, 0.0
		if len(column) > 1 { // spread, so that the picture has no holes
			more = spare / float64(len(column)+1)
			y = l.margin + labelHeight + more
		}
		for _, b := range column {
			b.y = y
			y += b.height + l.between + more
		}
	}
	return boxes, labels, tallest + labelHeight + 2*l.margin
}

const lineHeight = 1.32 // in parts of the size of the font

func (b *box) wrap(l look) {
	room := b.width - 2*l.padding
	b.title = wrap(b.Title, room/l.title/boldness)
	for _, line := range b.Lines {
		b.lines = append(b.lines, wrap(line, room/l.text)...)
	}
	b.height = 2*l.padding + lineHeight*(l.title*float64(len(b.title))+l.text*float64(len(b.lines))) - 2
}

// widths are those of characters in parts of the size of the font, those of the widest of the usual fonts: who sees the page
// has whichever. Others are 0.64.
var widths = map[string]float64{"ijlI'|": 0.3, ".,:;!/ ()[]-tfr": 0.41, "scvxyzkJ": 0.6, "mwMW@%": 1, "ADGHNOQU&": 0.77}

const boldness = 1.12 // how much wider bold characters are

func widthOf(text string) (sum float64) {
	for _, r := range text {
		width := 0.64
		for runes, of := range widths {
			if strings.ContainsRune(runes, r) {
				width = of
			}
		}
		sum += width
	}
	return sum
}

// wrap breaks a text at spaces, and words that are too long after a hyphen, at sign, slash or dot, or wherever it must.
func wrap(text string, room float64) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case widthOf(line+" "+word) <= room:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
		for widthOf(line) > room {
			at := breakOf([]rune(line), room)
			lines, line = append(lines, string([]rune(line)[:at])), string([]rune(line)[at:])
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// breakOf is how many characters of a word fit; at least one, so that wrapping ends. No single character is left over.
func breakOf(word []rune, room float64) int {
	fit := 1
	for fit < len(word)-1 && widthOf(string(word[:fit+1])) <= room {
		fit++
	}
	for at := fit; at > fit/3; at-- {
		if len(word)-at > 1 && strings.ContainsRune("-@/._", word[at-1]) {
			return at
		}
	}
	return fit
}

func (b *box) draw(svg *strings.Builder, l look) {
	fmt.Fprintf(svg, `<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="8"/>`+"\n", classes("box", b.Kind), num(b.x), num(b.y), num(b.width), num(b.height))
	y := b.y + l.padding
	write := func(class, weight, text string, size float64) {
		y += size * lineHeight
		fmt.Fprintf(svg, `<text class="%s" x="%s" y="%s" font-size="%s"%s>%s</text>`+"\n", class, num(b.x+l.padding), num(y-size*0.36), num(size), weight, html.EscapeString(text))
	}
	for _, text := range b.title {
		write("title", ` font-weight="600"`, text, l.title)
	}
	for _, text := range b.lines {
		write("line", "", text, l.text)
	}
}

// edges are curves that leave and enter boxes side by side, in the order of where they go, so that they cross little.
func (d Diagram) edges(boxes []*box, l look) (drawn []string) {
	of := func(id string) *box {
		for _, b := range boxes {
			if b.ID == id {
				return b
			}
		}
		return nil
	}
	middle := func(b *box) float64 {
		if l.vertical {
			return b.x + b.width/2
		}
		return b.y + b.height/2
	}
	port := func(at *box, others []*box, other *box) float64 {
		slices.SortStableFunc(others, func(a, b *box) int { return int(middle(a) - middle(b)) })
		from, size := at.y, at.height
		if l.vertical {
			from, size = at.x, at.width
		}
		return from + size*float64(slices.Index(others, other)+1)/float64(len(others)+1)
	}
	const head = 8.0
	for _, e := range d.Edges {
		from, to := of(e.From), of(e.To)
		if from == nil || to == nil {
			continue
		}
		var leaving, entering []*box
		for _, other := range d.Edges {
			if other.From == e.From && of(other.To) != nil {
				leaving = append(leaving, of(other.To))
			}
			if other.To == e.To && of(other.From) != nil {
				entering = append(entering, of(other.From))
			}
		}
		a, b := port(from, leaving, to), port(to, entering, from)
		class := classes("edge", e.Kind)
		var path, arrow string
		if l.vertical {
			y1, y2 := from.y+from.height, to.y-head+1
			bend := (y2 - y1) / 2
			path = fmt.Sprintf("M%s %sC%s %s %s %s %s %s", num(a), num(y1), num(a), num(y1+bend), num(b), num(y2-bend), num(b), num(y2))
			arrow = fmt.Sprintf("%s,%s %s,%s %s,%s", num(b-head/2), num(y2), num(b+head/2), num(y2), num(b), num(y2+head-1))
		} else {
			x1, x2 := from.x+from.width, to.x-head+1
			bend := (x2 - x1) / 2
			path = fmt.Sprintf("M%s %sC%s %s %s %s %s %s", num(x1), num(a), num(x1+bend), num(a), num(x2-bend), num(b), num(x2), num(b))
			arrow = fmt.Sprintf("%s,%s %s,%s %s,%s", num(x2), num(b-head/2), num(x2), num(b+head/2), num(x2+head-1), num(b))
		}
		drawn = append(drawn, fmt.Sprintf(`<path class="%s" d="%s"/><polygon class="%s" points="%s"/>`, class, path, classes("head", e.Kind), arrow))
	}
	return drawn
}

func classes(class, kind string) string {
	if kind == "" {
		return class
	}
	return class + " " + html.EscapeString(kind)
}

// num writes a coordinate with one decimal at most.
func num(v float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
}
