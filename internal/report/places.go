package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// Places are how many resources each component has in each Region. Every resource is counted once.
type Places struct {
	Components []string
	Rows       []PlaceRow // the home Region first
	Sums       []int      // by component
	Total      int
	Inventory  []Inventory
	Long       bool // the names of the components do not fit beside each other
}

// PlaceRow is a Region.
type PlaceRow struct {
	Region string
	Home   bool
	Cells  []PlaceCell
	Sum    int
}

// PlaceCell is the number of resources of a component in a Region, and how dark it is drawn, 0 to 4.
type PlaceCell struct{ Count, Shade int }

// Inventory are the resources of a component, by type.
type Inventory struct {
	Component string
	Count     int
	Types     []InventoryType
}

// InventoryType are the resources of a type.
type InventoryType struct {
	Type  string
	Count int
	Names []string // logical name (Region)
}

func (s *Stack) places() Places {
	counts, regions, components := map[[2]string]int{}, map[string]bool{}, map[string]bool{}
	most := 0
	for _, r := range s.After {
		counts[[2]string{r.Region, r.Component}]++
		regions[r.Region], components[r.Component] = true, true
		most = max(most, counts[[2]string{r.Region, r.Component}])
	}
	p := Places{Total: len(s.After)}
	names := slices.Sorted(maps.Keys(components))
	for _, c := range names {
		p.Components = append(p.Components, orNone(c))
	}
	p.Sums = make([]int, len(names))
	for _, region := range slices.SortedFunc(maps.Keys(regions), s.homeFirst) {
		row := PlaceRow{Region: cmp.Or(region, "no Region"), Home: region == s.Home}
		for i, component := range names {
			n := counts[[2]string{region, component}]
			row.Cells = append(row.Cells, PlaceCell{n, shade(n, most)})
			row.Sum += n
			p.Sums[i] += n
		}
		p.Rows = append(p.Rows, row)
	}
	p.Long = len(strings.Join(p.Components, "  ")) > 90
	for _, component := range names {
		p.Inventory = append(p.Inventory, inventory(component, s.After))
	}
	return p
}

func (s *Stack) homeFirst(a, b string) int {
	return cmp.Or(rank(b == s.Home)-rank(a == s.Home), strings.Compare(a, b))
}

func rank(first bool) int {
	if first {
		return 1
	}
	return 0
}

// shade grows slower than the count, so that small counts can be told from none.
func shade(n, most int) int {
	switch share := float64(n) / float64(max(most, 1)); {
	case n == 0:
		return 0
	case share < 0.1:
		return 1
	case share < 0.3:
		return 2
	case share < 0.6:
		return 3
	default:
		return 4
	}
}

func inventory(component string, all []declared.Resource) Inventory {
	in := Inventory{Component: orNone(component)}
	types := map[string][]string{}
	for _, r := range all {
		if r.Component == component {
			types[r.Type] = append(types[r.Type], fmt.Sprintf("%s (%s)", r.Name, cmp.Or(r.Region, "no Region")))
			in.Count++
		}
	}
	for _, t := range sortedKeys(types) {
		in.Types = append(in.Types, InventoryType{Type: t, Count: len(types[t]), Names: types[t]})
	}
	return in
}

func orNone(component string) string { return cmp.Or(component, "(none)") }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Changes are what a deployment would do.
type Changes struct{ Made, Removed, Kept int }

func (s *Stack) changes() (c Changes) {
	type id struct{ kind, name, component, region string }
	before := map[id]bool{}
	for _, r := range s.Before {
		before[id{r.Type, r.Name, r.Component, r.Region}] = true
	}
	for _, r := range s.After {
		if before[id{r.Type, r.Name, r.Component, r.Region}] {
			c.Kept++
		} else {
			c.Made++
		}
	}
	c.Removed = len(s.Before) - c.Kept
	return c
}
