package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// This file draws the settings of AWS Config, which depend on each other and on what AWS has, by the limits that docs/settings.md gives them.

var (
	otherRegions      = []string{"us-east-1", "eu-west-1", "ca-west-1"} // AWS Config cannot record IAM in the last, and lacks rules
	frequencies       = []string{"CONTINUOUS", "DAILY"}
	executions        = []string{"One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"}
	sometimesRecorded = []string{
		"AWS::CloudFront::Distribution", "AWS::Config::ResourceCompliance", "AWS::EC2::Instance", "AWS::EC2::NetworkInterface",
		"AWS::EC2::SecurityGroup", "AWS::IAM::Role", "AWS::IAM::User", "AWS::RDS::DBInstance", "AWS::RDS::GlobalCluster", "AWS::S3::Bucket",
	}
)

// settings are a team's, with a profile, Regions and settings of every kind as they come.
func (d *drawing) settings(t *testing.T, w world) plain {
	profile := one(d, profiles)
	base := Settings{"profile": profile, "regions": d.regions(), "disposable": d.IntN(4) > 0, "deployers": []string{continuousIntegration}}
	if d.IntN(8) == 0 {
		base["deployers"] = []string{continuousIntegration, identityCenter}
	}
	if d.IntN(8) == 0 {
		delete(base, "deployers")
	}
	covered := base["regions"].([]string)
	if d.IntN(30) == 0 {
		base["regions"] = "all"
	}
	base["config"] = d.config(profile, covered)
	base["alerts"] = Settings{"emails": []string{"security@example.com"}}
	drawn := toPlain(t, base)
	draw := &drawer{Rand: d.Rand, t: t, regions: covered, world: w}
	for _, tree := range d.known.trees {
		if value := draw.tree(tree); value != nil {
			drawn[tree.Name] = value
		}
	}
	if d.IntN(10) == 0 {
		drawn["archive"] = draw.central()
	}
	return drawn
}

// regions always has one: none would be all.
func (d *drawing) regions() []string {
	some := []string{home}
	for _, region := range otherRegions {
		if d.IntN(3) == 0 {
			some = append(some, region)
		}
	}
	return some
}

func (d *drawing) config(profile string, covered []string) Settings {
	c := Settings{}
	if d.IntN(10) == 0 {
		c["enabled"] = d.IntN(2) == 0
	}
	set := map[string]string{"starter": "seed", "standard": "essentials", "strict": "full"}[profile]
	if d.often() {
		set = one(d, []string{"none", "seed", "essentials", "full"})
		put(c, "rules", Settings{"set": set})
	}
	if d.often() {
		c["recording"] = d.recording(set)
	}
	if d.often() {
		c["snapshots"] = Settings{"frequency": one(d, executions)}
	}
	if d.often() {
		c["historyRetentionDays"] = one(d, []int{0, 30, 30 + d.IntN(2528), 2557})
	}
	if d.often() {
		put(c, "rules", d.setChanges(set, covered))
	}
	if d.often() {
		put(c, "rules", Settings{"managed": several(d, func(i int) Settings { return d.managedRule(i, covered) })})
	}
	if d.often() {
		put(c, "rules", Settings{"custom": several(d, func(i int) Settings { return d.customRule(i, covered) })})
	}
	if d.often() {
		c["alerts"] = d.alerts()
	}
	if d.often() || profile == "strict" && set != "full" { // the profile's own remediation needs the full set
		c["remediation"] = d.remediation()
	}
	if d.often() {
		c["aggregator"] = d.aggregator()
	}
	if d.often() { // found has the other choices
		c["serviceLinkedRole"] = Settings{"management": "create"}
	}
	if d.often() {
		c["athena"] = Settings{"enabled": d.IntN(2) == 0}
	}
	if d.often() {
		c["conformancePacks"] = several(d, func(i int) Settings { return d.pack(i, covered) })
	}
	return c
}

func (d *drawing) recording(set string) Settings {
	r := Settings{}
	if d.often() {
		r["frequency"] = one(d, frequencies)
	}
	if d.often() {
		r["overrides"] = several(d, func(int) Settings { return Settings{"resourceTypes": d.types(4), "frequency": one(d, frequencies)} })
	}
	switch d.IntN(4) {
	case 0:
		types := d.types(6)
		if set == "seed" {
			types = append(types, "AWS::EC2::SecurityGroup", "AWS::IAM::User", "AWS::RDS::DBInstance", "AWS::S3::Bucket")
		}
		r["resourceTypes"] = distinct(types)
	case 1:
		r["excludedResourceTypes"] = d.types(6)
	}
	return r
}

// setChanges are those of the rules of a set.
func (d *drawing) setChanges(set string, covered []string) Settings {
	r := Settings{}
	rules := d.known.sets[set]
	if d.often() && set != "none" {
		excluded := []string{}
		for range d.IntN(5) {
			excluded = append(excluded, one(d, rules).name)
		}
		r["exclude"] = distinct(excluded)
	}
	if full := d.known.sets["full"]; d.often() && len(rules) < len(full) {
		included := []string{}
		for range 1 + d.IntN(3) {
			included = append(included, one(d, full[len(rules):]).name)
		}
		r["include"] = distinct(included)
	}
	if d.often() {
		r["regions"] = d.some(covered)
	}
	if d.often() {
		tags := Settings{}
		for i := range 1 + d.IntN(6) {
			tags[fmt.Sprintf("Tag%d", i)] = one(d, []string{"", "one", "one,two"})
		}
		r["requiredTags"] = tags
	}
	if d.often() && set != "none" {
		parameters := Settings{}
		for range 1 + d.IntN(3) {
			if rule := one(d, rules); len(rule.parameters) > 0 {
				identifier := strings.ToUpper(strings.ReplaceAll(rule.name, "-", "_"))
				name := one(d, rule.parameters)
				parameters[rule.name] = Settings{name: d.value(d.known.rules[identifier].Parameters[name])}
			}
		}
		r["parameters"] = parameters
	}
	return r
}

// managedRule is a rule that AWS has where it is to be evaluated.
func (d *drawing) managedRule(i int, covered []string) Settings {
	regions := d.some(covered)
	identifier := one(d, d.known.names)
	for !slices.ContainsFunc(regions, func(region string) bool { return d.known.in(d.known.rules[identifier], region) }) {
		identifier = one(d, d.known.names)
	}
	rule := d.known.rules[identifier]
	regions = slices.DeleteFunc(regions, func(region string) bool { return !d.known.in(rule, region) })
	drawn := Settings{"name": fmt.Sprintf("own-%d", i), "identifier": identifier, "regions": regions}
	if slices.Equal(regions, []string{home}) && d.IntN(2) == 0 {
		delete(drawn, "regions")
	}
	parameters := Settings{}
	for _, name := range slices.Sorted(maps.Keys(rule.Parameters)) {
		if slices.Contains(rule.Required, name) || d.often() {
			parameters[name] = d.value(rule.Parameters[name])
		}
	}
	if len(parameters) > 0 {
		drawn["parameters"] = parameters
	}
	if rule.Trigger != "change" && d.often() {
		drawn["frequency"] = one(d, executions)
	}
	if rule.Trigger != "periodic" && len(rule.Types) > 0 && d.often() {
		if name := one(d, rule.Types); slices.Contains(d.known.types, name) {
			drawn["resourceTypes"] = []string{name}
		}
	}
	return drawn
}

func (d *drawing) customRule(i int, covered []string) Settings {
	rule := guard(fmt.Sprintf("guard-%d", i), fmt.Sprintf("rule drawn { configuration.size < %d }", d.IntN(100)), d.types(3)...)
	if d.IntN(3) == 0 {
		delete(rule, "policy")
		rule["policyFile"] = "tests/engine/testdata/drawn.guard"
	}
	if d.often() {
		rule["regions"] = d.some(covered)
	}
	return rule
}

func (d *drawing) alerts() Settings {
	a := Settings{}
	for _, key := range []string{"nonCompliance", "compliantAgain", "securityGroups"} {
		if d.often() {
			a[key] = d.IntN(2) == 0
		}
	}
	if d.often() {
		a["resourceTypes"] = d.types(3)
	}
	return a
}

func (d *drawing) remediation() Settings {
	automatic, manual := []string{}, []string{}
	for _, name := range d.known.docs {
		switch {
		case d.IntN(6) > 0:
		case slices.Contains(d.known.safe, name) && d.IntN(2) == 0:
			automatic = append(automatic, name)
		default:
			manual = append(manual, name)
		}
	}
	return Settings{"automatic": automatic, "manual": manual}
}

func (d *drawing) aggregator() Settings {
	switch d.IntN(4) {
	case 0:
		return Settings{"enabled": false}
	case 1:
		return Settings{"enabled": true}
	case 2:
		return Settings{"enabled": true, "organization": d.IntN(2) == 0}
	default:
		return Settings{"enabled": true, "accountIds": distinct(several(d, func(int) string { return fmt.Sprintf("%012d", 1+d.IntN(1e9)) }))}
	}
}

func (d *drawing) pack(i int, covered []string) Settings {
	pack := Settings{"name": fmt.Sprintf("pack-%d", i), "template": packTemplate}
	if d.often() {
		pack["parameters"] = Settings{"Days": 1 + d.IntN(35)}
	}
	if d.often() {
		pack["regions"] = d.some(covered)
	}
	return pack
}

// value is a value of a rule's parameter of the kind.
func (d *drawing) value(kind string) any {
	switch kind {
	case "int", "double":
		return 1 + d.IntN(90)
	case "boolean":
		return one(d, []string{"true", "false"})
	case "csv":
		return one(d, []string{"one", "one,two"})
	default:
		return fmt.Sprintf("text-%d", d.IntN(10))
	}
}

// types are at least one resource type and at most so many; those that need special care come often.
func (d *drawing) types(most int) []string {
	types := []string{}
	for range 1 + d.IntN(most) {
		types = append(types, one(d, [][]string{sometimesRecorded, d.known.types}[d.IntN(2)]))
	}
	return distinct(types)
}

// often is true for two keys of five.
func (d *drawing) often() bool { return d.IntN(5) < 2 }

// some are at least one of them, in their order.
func (d *drawing) some(all []string) []string {
	chosen := one(d, all)
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s != chosen && d.IntN(2) == 0 })
}

// several are up to three.
func several[T any](d *drawing, draw func(i int) T) []T {
	all := []T{}
	for i := range d.IntN(4) {
		all = append(all, draw(i))
	}
	return all
}

func one[T any](d interface{ IntN(n int) int }, of []T) T { return of[d.IntN(len(of))] }

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// put adds to an object of settings.
func put(c Settings, key string, more Settings) {
	before, _ := c[key].(Settings)
	c[key] = before.With(more)
}
