package estimate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Line is what one driver of a component costs in one Region.
type Line struct {
	Component   string // top-level component, such as audit
	Region      string
	Driver      string  // what is paid for, such as configuration items
	How         string  // a setting that matters for the price, such as daily; "" if there is none
	Quantity    float64 // a month
	Unit        string
	UnitPrice   string  // such as $2 for 100,000
	PriceRegion string  // Region whose price was taken
	Free        float64 // of the quantity, units that cost nothing
	Trial       int     // days from the first use in which it costs nothing
	Once        bool    // paid once, when the resources are made, and no part of the monthly total
	USD         float64
	Note        string // what was assumed; "" if nothing was
}

// Total is the sum of the monthly lines of one component or Region.
type Total struct {
	Name string
	USD  float64
}

// Estimate is a bill before it comes.
type Estimate struct {
	Lines     []Line   // sorted by component, Region and driver
	Uncovered []string // what costs, or may cost, and is no part of the estimate; sorted
}

// Monthly is the sum of a month in USD, once trials have ended.
func (e Estimate) Monthly() float64 {
	return e.sum(func(l Line) bool { return !l.Once })
}

// Once is what is paid one time in USD, when the resources are made.
func (e Estimate) Once() float64 {
	return e.sum(func(l Line) bool { return l.Once })
}

// FirstMonth is the sum of the first 30 days in USD: with what is paid once, without what trials cover.
func (e Estimate) FirstMonth() float64 {
	total := 0.0
	for _, l := range e.Lines {
		total += l.USD * (1 - min(float64(l.Trial)/daysOfMonth, 1))
	}
	return total
}

func (e Estimate) sum(counts func(Line) bool) float64 {
	total := 0.0
	for _, l := range e.Lines {
		if counts(l) {
			total += l.USD
		}
	}
	return total
}

// Components are the monthly totals of components, the dearest first.
func (e Estimate) Components() []Total { return e.totals(func(l Line) string { return l.Component }) }

// Regions are the monthly totals of Regions, the dearest first.
func (e Estimate) Regions() []Total { return e.totals(func(l Line) string { return l.Region }) }

// Drivers are the monthly totals of drivers, the dearest first.
func (e Estimate) Drivers() []Total { return e.totals(func(l Line) string { return l.Driver }) }

func (e Estimate) totals(key func(Line) string) []Total {
	var all []Total
	for _, l := range e.Lines {
		if l.Once {
			continue
		}
		i := slices.IndexFunc(all, func(t Total) bool { return t.Name == key(l) })
		if i < 0 {
			i, all = len(all), append(all, Total{Name: key(l)})
		}
		all[i].USD += l.USD
	}
	slices.SortStableFunc(all, func(a, b Total) int {
		return cmp.Or(cmp.Compare(b.USD, a.USD), strings.Compare(a.Name, b.Name))
	})
	return all
}

// Over is an error when a month costs more than the limit in USD. It names what costs most. A limit of 0 is none.
func (e Estimate) Over(limit float64) error {
	monthly := e.Monthly()
	if limit <= 0 || monthly <= limit {
		return nil
	}
	var most []string
	for _, driver := range e.Drivers() {
		if len(most) == 3 || driver.USD < smallestShown {
			break
		}
		most = append(most, driver.Name+" "+dollars(driver.USD))
	}
	return fmt.Errorf("the baseline is estimated at %s a month, above the limit of %s; most of it: %s",
		dollars(monthly), dollars(limit), strings.Join(most, ", "))
}

// dollars writes an amount; a negative one has its sign before the currency.
func dollars(usd float64) string {
	if usd < 0 {
		return "−" + dollars(-usd)
	}
	return fmt.Sprintf("$%.2f", usd)
}
