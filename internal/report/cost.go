package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/estimate"
)

// assumptions are what a month is estimated from.
type assumptions struct {
	Preset   string             `json:"preset"`
	FreeTier *bool              `json:"freeTier"`
	Volumes  map[string]float64 `json:"volumes"`
}

// assumptionsOf are the settings of a stack, else the defaults of its profile. Settings come as JSON in texts, as the CLI keeps
// them.
func assumptionsOf(project string, config map[string]string) assumptions {
	free := true
	a := assumptions{Preset: "team", FreeTier: &free}
	if config[project+":profile"] == "starter" {
		a.Preset = "quiet"
	}
	_ = json.Unmarshal([]byte(config[project+":estimate"]), &a) // none given, nothing changed
	return a
}

// Cost is the estimate of a month.
type Cost struct {
	Monthly, FirstMonth string
	Preset              string
	FreeTier            bool
	Replaced            []string // volumes that replace those of the preset
	Bars                []Bar
	Groups              []CostGroup
	Uncovered           []string
}

// Bar is a bar of the chart: an amount and its share of the longest.
type Bar struct {
	Name, Amount string
	Percent      float64 // of the longest bar
	Share        string  // of the sum
}

// CostGroup are the lines of a component.
type CostGroup struct {
	Component, Amount string
	Lines             []CostLine
}

// CostLine is a driver in one or more Regions that are alike.
type CostLine struct{ Driver, Where, UnitPrice, Amount string }

func (s *Stack) cost() (Cost, error) {
	presets := estimate.Presets()
	preset, known := presets[s.assumptions.Preset]
	if !known {
		return Cost{}, fmt.Errorf("there is no preset %q of volumes; there are %s", s.assumptions.Preset, strings.Join(estimate.PresetNames, ", "))
	}
	volumes, err := preset.With(s.assumptions.Volumes)
	if err != nil {
		return Cost{}, err
	}
	free := s.assumptions.FreeTier == nil || *s.assumptions.FreeTier
	month := estimate.Monthly(s.After, volumes, estimate.Options{Home: s.Home, WithoutFreeTier: !free})
	cost := Cost{
		Monthly: dollars(month.Monthly()), FirstMonth: dollars(month.FirstMonth()), Preset: s.assumptions.Preset, FreeTier: free,
		Uncovered: month.Uncovered,
	}
	for _, name := range sortedKeys(s.assumptions.Volumes) {
		cost.Replaced = append(cost.Replaced, fmt.Sprintf("%s %v", name, s.assumptions.Volumes[name]))
	}
	components := month.Components()
	for _, c := range components {
		cost.Bars = append(cost.Bars, Bar{
			Name: orNone(c.Name), Amount: dollars(c.USD), Percent: percent(c.USD, components[0].USD), Share: share(c.USD, month.Monthly()),
		})
		cost.Groups = append(cost.Groups, costGroup(c, month.Lines))
	}
	return cost, nil
}

func costGroup(component estimate.Total, all []estimate.Line) CostGroup {
	group := CostGroup{Component: orNone(component.Name), Amount: dollars(component.USD)}
	type key struct{ driver, price string }
	type sum struct {
		regions []string
		usd     float64
	}
	sums := map[key]*sum{}
	var keys []key
	for _, l := range all {
		if l.Component != component.Name {
			continue
		}
		driver := l.Driver
		if l.How != "" {
			driver += " (" + l.How + ")"
		}
		if l.Once {
			driver += ", once"
		}
		k := key{driver, l.UnitPrice}
		if sums[k] == nil {
			sums[k], keys = &sum{}, append(keys, k)
		}
		sums[k].usd += l.USD
		if !slices.Contains(sums[k].regions, l.Region) {
			sums[k].regions = append(sums[k].regions, l.Region)
		}
	}
	slices.SortStableFunc(keys, func(a, b key) int { return cmp.Compare(sums[b].usd, sums[a].usd) })
	for _, k := range keys {
		where := strings.Join(sums[k].regions, ", ")
		if len(sums[k].regions) > 3 {
			where = fmt.Sprintf("%d Regions", len(sums[k].regions))
		}
		group.Lines = append(group.Lines, CostLine{k.driver, where, k.price, dollars(sums[k].usd)})
	}
	return group
}

func percent(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return math.Round(part/whole*1000) / 10
}

// share is a percentage in words.
func share(part, whole float64) string {
	if p := percent(part, whole); p >= 1 || part <= 0 {
		return fmt.Sprintf("%.0f %%", p)
	}
	return "under 1 %"
}

func dollars(usd float64) string { return fmt.Sprintf("$%.2f", usd) }
