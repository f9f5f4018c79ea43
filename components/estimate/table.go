package estimate

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// smallestShown is from which amount in USD a line is worth a line of the table.
const smallestShown = 0.005

// Table is the estimate as text: a line for each component and driver, the Regions in which they are alike in one, then the sums
// and what is not covered.
func (e Estimate) Table() string {
	var text strings.Builder
	rows := [][]string{{"component", "Region", "driver", "quantity", "price (USD)", "free", "a month"}}
	small, borrowed := 0, false
	for _, group := range e.groups() {
		l := group[0]
		usd := 0.0
		for _, other := range group {
			usd += other.USD
		}
		if usd < smallestShown {
			small += len(group)
			continue
		}
		amount := dollars(usd)
		if l.Once {
			amount += " once"
		}
		price, isBorrowed := priceOf(group)
		borrowed = borrowed || isBorrowed
		rows = append(rows, []string{orNone(l.Component), regionsOf(group), l.title(), l.amount(), price, freeOf(l), amount})
	}
	align(&text, rows)
	if small > 0 {
		fmt.Fprintf(&text, "%d more lines are below half a cent, or within free allowances.\n", small)
	}
	text.WriteString("\n")
	sums := [][]string{}
	for _, component := range e.Components() {
		sums = append(sums, []string{orNone(component.Name), dollars(component.USD)})
	}
	sums = append(sums, []string{"a month", dollars(e.Monthly())}, []string{"first 30 days, trials taken off, first day added", dollars(e.FirstMonth())})
	align(&text, sums)
	if borrowed {
		text.WriteString("\nA price in brackets is that of another Region: no source gives that of the line's own, where AWS may ask more.\n")
	}
	text.WriteString("\nNot covered:\n")
	for _, sentence := range e.Uncovered {
		fmt.Fprintf(&text, "- %s\n", sentence)
	}
	return text.String()
}

func (l Line) title() string {
	if l.How == "" {
		return l.Driver
	}
	return l.Driver + " (" + l.How + ")"
}

func orNone(component string) string {
	if component == "" {
		return "(none)"
	}
	return component
}

func freeOf(l Line) string {
	var parts []string
	if l.Free > 0 {
		parts = append(parts, count(l.Free))
	}
	if l.Trial > 0 {
		parts = append(parts, fmt.Sprintf("%d days", l.Trial))
	}
	return strings.Join(parts, ", ")
}

// groups are lines that differ in their Region only, in the order of the first of each.
func (e Estimate) groups() [][]Line {
	var groups [][]Line
	for _, l := range e.Lines {
		i := slices.IndexFunc(groups, func(group []Line) bool {
			same := group[0]
			return same.Component == l.Component && same.title() == l.title() && same.Quantity == l.Quantity && same.Once == l.Once &&
				same.UnitPrice == l.UnitPrice && same.Free == l.Free
		})
		if i < 0 {
			groups = append(groups, []Line{l})
			continue
		}
		groups[i] = append(groups[i], l)
	}
	return groups
}

func regionsOf(group []Line) string {
	if len(group) == 1 {
		return group[0].Region
	}
	return fmt.Sprintf("%d Regions, each", len(group))
}

// priceOf is what a group of lines is priced at, with the Region whose price it is where that is another.
func priceOf(group []Line) (text string, borrowed bool) {
	for _, l := range group {
		if l.PriceRegion != l.Region {
			return l.UnitPrice + " (" + l.PriceRegion + ")", true
		}
	}
	return group[0].UnitPrice, false
}

// align writes rows in columns; the last is flush right.
func align(text *strings.Builder, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == len(row)-1 {
				text.WriteString(padding + cell + "\n")
			} else {
				text.WriteString(cell + padding + "  ")
			}
		}
	}
}
