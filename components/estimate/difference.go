package estimate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Change is what a driver costs more or less a month than before, over all components and Regions.
type Change struct {
	Driver        string
	Before, After string  // how it was and how it is: a setting such as daily, or a quantity; "" where there was, or is, none
	USD           float64 // negative when it costs less
}

// String is the change in words: configuration items: daily instead of continuous: −$4.10.
func (c Change) String() string {
	what := ""
	switch {
	case c.Before == "":
		what = "added"
	case c.After == "":
		what = "left out"
	case c.Before != c.After:
		what = c.After + " instead of " + c.Before
	default:
		what = c.After
	}
	sign := ""
	if c.USD >= 0 {
		sign = "+"
	}
	return fmt.Sprintf("%s: %s: %s%s", c.Driver, what, sign, dollars(c.USD))
}

// Difference is what changes a month from one estimate to another, the largest amounts first. Changes below half a cent are
// left out.
func Difference(before, after Estimate) []Change {
	was, is := before.byDriver(), after.byDriver()
	var changes []Change
	seen := map[string]bool{}
	for _, estimate := range []Estimate{before, after} {
		for _, l := range estimate.Lines {
			if l.Once || seen[l.Driver] {
				continue
			}
			seen[l.Driver] = true
			if change := changeOf(l.Driver, was[l.Driver], is[l.Driver]); math.Abs(change.USD) >= smallestShown {
				changes = append(changes, change)
			}
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(math.Abs(b.USD), math.Abs(a.USD)), strings.Compare(a.Driver, b.Driver))
	})
	return changes
}

// driverTotal is a driver over all components and Regions.
type driverTotal struct {
	there    bool
	usd      float64
	quantity float64
	unit     string
	hows     []string
	regions  []string
}

func (e Estimate) byDriver() map[string]driverTotal {
	totals := map[string]driverTotal{}
	for _, l := range e.Lines {
		if l.Once {
			continue
		}
		t := totals[l.Driver]
		t.there, t.unit = true, l.Unit
		t.usd += l.USD
		t.quantity += l.Quantity
		if l.How != "" && !slices.Contains(t.hows, l.How) {
			t.hows = append(t.hows, l.How)
		}
		if !slices.Contains(t.regions, l.Region) {
			t.regions = append(t.regions, l.Region)
		}
		totals[l.Driver] = t
	}
	return totals
}

func changeOf(driver string, was, is driverTotal) Change {
	change := Change{Driver: driver, USD: is.usd - was.usd}
	differs := !slices.Equal(was.hows, is.hows)
	if was.there {
		change.Before = was.words(differs, len(was.regions) != len(is.regions) && is.there)
	}
	if is.there {
		change.After = is.words(differs, len(was.regions) != len(is.regions) && was.there)
	}
	return change
}

// words tell a driver by what distinguishes it: its settings if they differ, the number of Regions if that differs, else its
// quantity.
func (t driverTotal) words(byHow, byRegions bool) string {
	switch {
	case byHow && len(t.hows) > 0:
		return strings.Join(t.hows, " and ")
	case byRegions && len(t.regions) == 1:
		return "in 1 Region"
	case byRegions:
		return fmt.Sprintf("in %d Regions", len(t.regions))
	default:
		return Line{Quantity: t.quantity, Unit: t.unit}.amount()
	}
}
