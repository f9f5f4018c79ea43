package estimate

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// Resource is a resource as a program declares it.
type Resource = declared.Resource

// compare orders resources, so that an estimate does not depend on the order in which a program registers them.
func compare(a, b Resource) int {
	return cmp.Or(strings.Compare(a.Component, b.Component), strings.Compare(a.Type, b.Type),
		strings.Compare(a.Region, b.Region), strings.Compare(a.Name, b.Name))
}

// Options are the options of Monthly.
type Options struct {
	// Home is the home Region, in which the volumes happen. Required.
	Home string
	// WithoutFreeTier prices as if other workloads of the account used up every free allowance. Default: false.
	WithoutFreeTier bool
}

// A month has 30 days, as AWS's own examples have.
const (
	daysOfMonth = 30
	weeks       = daysOfMonth / 7.0
	monthsKept  = 12 // storage is priced as after so many months, unless it expires before
)

// Monthly prices resources at the given volumes. Prices are those of us-east-1 where no source gives those of the Region;
// each line says whose it has. A type that is not known is named in Uncovered, never guessed.
func Monthly(resources []Resource, volumes Volumes, options Options) Estimate {
	m := &model{Volumes: volumes, Options: options, resources: slices.Clone(resources), uncovered: map[string]bool{}}
	slices.SortFunc(m.resources, compare)
	for _, sentence := range alwaysUncovered {
		m.uncovered[sentence] = true
	}
	for _, r := range m.resources {
		known, ok := kinds[r.Type]
		switch {
		case !ok && strings.HasPrefix(r.Type, "aws:"):
			m.leaveOut("resources of type " + r.Type + ": what they cost is not known here")
		case ok && known.price != nil:
			known.price(m, r)
		}
	}
	return Estimate{Lines: m.price(), Uncovered: slices.Sorted(maps.Keys(m.uncovered))}
}

// alwaysUncovered is no part of any estimate.
var alwaysUncovered = []string{
	"taxes, support plans, discounts and credits",
	"data transfer between Regions and to the internet",
	"what other workloads of the account cost, and the share of free allowances that they use",
	"reading logs: S3 GET requests, and CloudWatch Logs Insights but for the digest",
}

// usage is how much of something a component uses in a Region, not yet priced.
type usage struct {
	component, region string
	driver            string
	price             priceID
	quantity          float64
	how, note         string
	once              bool
}

// model gathers the usage of resources.
type model struct {
	Volumes
	Options
	resources []Resource
	usages    []usage
	uncovered map[string]bool
}

func (m *model) leaveOut(sentence string) { m.uncovered[sentence] = true }

// use notes a quantity on behalf of a resource. What one driver uses of one price in one component and Region is one line.
func (m *model) use(r Resource, driver string, id priceID, quantity float64, details ...func(*usage)) {
	if quantity <= 0 {
		return
	}
	u := usage{component: r.Component, region: r.Region, driver: driver, price: id, quantity: quantity}
	for _, detail := range details {
		detail(&u)
	}
	for i := range m.usages {
		same := m.usages[i]
		same.quantity = u.quantity
		if same == u {
			m.usages[i].quantity += quantity
			return
		}
	}
	m.usages = append(m.usages, u)
}

// counted is a whole number of things as a quantity.
func counted(n int) float64 { return float64(n) }

func how(text string) func(*usage)  { return func(u *usage) { u.how = text } }
func note(text string) func(*usage) { return func(u *usage) { u.note = text } }
func once(u *usage)                 { u.once = true }

// price turns usage into lines. Allowances and steps go to lines in their order, so that the sum is what AWS bills.
func (m *model) price() []Line {
	slices.SortStableFunc(m.usages, func(a, b usage) int {
		return cmp.Or(strings.Compare(a.component, b.component), m.homeFirst(a.region, b.region), strings.Compare(a.driver, b.driver),
			strings.Compare(string(a.price), string(b.price)), strings.Compare(a.how, b.how), strings.Compare(a.note, b.note))
	})
	type pool struct {
		price  priceID
		region string
		once   bool
	}
	used := map[pool]float64{}
	lines := make([]Line, 0, len(m.usages))
	for _, u := range m.usages {
		p := prices[u.price]
		counted := pool{price: u.price, once: u.once}
		if p.Scope == PerRegion {
			counted.region = u.region
		}
		before := used[counted]
		after := before + u.quantity
		used[counted] = after
		line := Line{
			Component: u.component, Region: u.region, Driver: u.driver, How: u.how, Quantity: u.quantity, Unit: p.Unit,
			UnitPrice: p.text(u.region), PriceRegion: p.regionOf(u.region), Trial: p.Trial, Once: u.once, Note: u.note,
			USD: p.cost(after, u.region, !m.WithoutFreeTier) - p.cost(before, u.region, !m.WithoutFreeTier),
		}
		if !m.WithoutFreeTier {
			line.Free = max(0, min(after, p.Free)-before)
		}
		lines = append(lines, line)
	}
	return lines
}

func (m *model) homeFirst(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == m.Home:
		return -1
	case b == m.Home:
		return 1
	default:
		return strings.Compare(a, b)
	}
}

// atHome is a volume in the home Region, and the floor elsewhere.
func (m *model) atHome(r Resource, volume, floor float64) float64 {
	if r.Region == m.Home {
		return max(volume, floor)
	}
	return floor
}

// all are the resources of a type, optionally of one component or Region.
func (m *model) all(resourceType string, where func(Resource) bool) (found []Resource) {
	for _, r := range m.resources {
		if r.Type == resourceType && (where == nil || where(r)) {
			found = append(found, r)
		}
	}
	return found
}

// isFirst says whether a resource is the first of its type, which stands for all where a volume is that of the account.
func (m *model) isFirst(r Resource, where func(Resource) bool) bool {
	same := m.all(r.Type, where)
	return len(same) > 0 && compare(same[0], r) == 0
}

func inComponent(component string) func(Resource) bool {
	return func(r Resource) bool { return r.Component == component }
}

func inRegion(region string) func(Resource) bool {
	return func(r Resource) bool { return r.Region == region }
}

// Inputs as the SDK names them; a value of another type, none, or one that a preview does not know yet, is the zero value.

func object(from map[string]any, key string) map[string]any {
	inner, _ := from[key].(map[string]any)
	return inner
}

func text(from map[string]any, key string) string {
	value, _ := from[key].(string)
	if value == declared.Unknown {
		return ""
	}
	return value
}

// belongs reports whether what configures something names it, or is called after it where its name is not known yet.
func belongs(part Resource, key string, whole Resource, name string) bool {
	if given := text(part.Inputs, key); given != "" {
		return given == name
	}
	return part.Component == whole.Component && part.Region == whole.Region && strings.HasPrefix(part.Name, whole.Name+"-")
}

func texts(from map[string]any, key string) (all []string) {
	list, _ := from[key].([]any)
	for _, element := range list {
		if value, ok := element.(string); ok {
			all = append(all, value)
		}
	}
	return all
}

func objects(from map[string]any, key string) (all []map[string]any) {
	list, _ := from[key].([]any)
	for _, element := range list {
		if inner, ok := element.(map[string]any); ok {
			all = append(all, inner)
		}
	}
	return all
}
