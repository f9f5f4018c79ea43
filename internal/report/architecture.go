package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
	"github.com/seed-8894d46d/account-baseline/internal/plan"
	"github.com/seed-8894d46d/account-baseline/internal/report/diagram"
)

// AlertPath is the picture of the path of an alert through declared resources.
func AlertPath(resources []declared.Resource, home string) diagram.Diagram {
	s := &Stack{Plan: &plan.Plan{After: resources}, Home: home}
	return s.alerts().picture()
}

// part is a box of the architecture: what it claims of the declared resources, and what it says of them.
type part struct {
	title     string
	layer     int
	kind      string
	component string   // "" for any
	claims    []string // beginnings of types; none for every type
	also      string   // a component that it claims whole; "" for none
	says      []said
}

// said is a type whose resources are counted in words.
type said struct{ kind, one, many string }

// parts are the boxes of the baseline's own architecture; a resource belongs to the first that claims it.
var parts = []part{
	{title: "Athena", layer: 2, kind: "store", also: "history", claims: []string{"aws:athena/", "aws:glue/"}, says: []said{
		{"aws:athena/namedQuery:NamedQuery", "named query", "named queries"}, {"aws:glue/catalogTable:CatalogTable", "table", "tables"},
	}},
	{title: "Mail", layer: 2, claims: []string{subscriptionType}, says: []said{{subscriptionType, "subscription", "subscriptions"}}},
	{title: "Slack", layer: 2, claims: []string{slackType}, says: []said{{slackType, "channel", "channels"}}},
	{title: "SecureTrail", component: "audit", says: []said{
		{"aws:cloudtrail/trail:Trail", "multi-Region trail", "trails"}, {filterType, "metric filter", "metric filters"}, {alarmType, "alarm", "alarms"}, {ruleType, "alert rule", "alert rules"},
	}},
	{title: "ConfigBaseline", component: "config", says: []said{
		{"aws:cfg/recorder:Recorder", "recorder", "recorders"}, {"aws:cfg/rule:Rule", "rule of AWS Config", "rules of AWS Config"}, {ruleType, "alert rule", "alert rules"},
	}},
	{title: "ThreatDetection", component: "threats", says: []said{
		{"aws:guardduty/detector:Detector", "GuardDuty detector", "GuardDuty detectors"}, {"aws:accessanalyzer/analyzer:Analyzer", "access analyzer", "access analyzers"},
		{"aws:securityhub/account:Account", "Security Hub", "Security Hubs"}, {ruleType, "alert rule", "alert rules"},
	}},
	{title: "BillingGuard", component: "bill", says: []said{
		{budgetType, "budget", "budgets"}, {"aws:costexplorer/anomalyMonitor:AnomalyMonitor", "anomaly monitor", "anomaly monitors"}, {machineType, "report", "reports"}, {alarmType, "alarm", "alarms"},
	}},
	{title: "WeeklyDigest", component: "weekly", says: []said{{machineType, "state machine", "state machines"}, {"aws:scheduler/schedule:Schedule", "schedule", "schedules"}}},
	{title: "AccountHardening", component: "hardening", says: []said{{"", "account and Region setting", "account and Region settings"}}},
	{title: "LogArchive", layer: 1, kind: "store", component: "archive", says: []said{{bucketType, "bucket", "buckets"}, {keyType, "key", "keys"}, {"aws:s3/bucketPolicy:BucketPolicy", "bucket policy", "bucket policies"}}},
	{title: "AlertHub", layer: 1, kind: "warning", component: "alerts", says: []said{{topicType, "topic", "topics"}, {ruleType, "forwarding and test rule", "forwarding and test rules"}, {queueType, "dead-letter queue", "dead-letter queues"}}},
	{title: "SecurityOverview", layer: 2, component: "overview", says: []said{{"aws:cloudwatch/dashboard:Dashboard", "dashboard", "dashboards"}}},
}

func (p part) has(r declared.Resource) bool {
	return p.also != "" && r.Component == p.also || (p.component == "" || p.component == r.Component) &&
		(len(p.claims) == 0 || slices.ContainsFunc(p.claims, func(prefix string) bool { return strings.HasPrefix(r.Type, prefix) }))
}

// Architecture is the picture of the baseline: its components, what they declare, and which hands something to which. An
// arrow is drawn where a resource of one names one of the other. A resource that no box claims is an error.
func Architecture(resources []declared.Resource) (diagram.Diagram, error) {
	d := diagram.Diagram{
		Name: "architecture", Title: "The components of the baseline",
		Layers: []string{"RECORDS, DETECTS, GUARDS", "KEEPS AND CARRIES", "READ BY PEOPLE"},
	}
	of := map[int][]declared.Resource{}
	for _, r := range resources {
		i := slices.IndexFunc(parts, func(p part) bool { return p.has(r) })
		if i < 0 {
			return d, fmt.Errorf("%s %q of component %q is in no box of the picture: add one to parts", r.Type, r.Name, r.Component)
		}
		of[i] = append(of[i], r)
	}
	regions := map[string]bool{}
	var words []string
	for i, p := range parts {
		if len(of[i]) == 0 {
			continue
		}
		for _, r := range of[i] {
			regions[r.Region] = true
		}
		node := diagram.Node{ID: p.title, Title: p.title, Layer: p.layer, Kind: p.kind, Lines: p.lines(of[i])}
		d.Nodes = append(d.Nodes, node)
		words = append(words, fmt.Sprintf("%s: %s.", p.title, strings.Join(node.Lines, ", ")))
	}
	d.Edges = edgesBetween(of)
	for _, e := range d.Edges {
		words = append(words, fmt.Sprintf("%s to %s.", e.From, e.To))
	}
	d.Description = fmt.Sprintf("In %s. %s", strings.Join(slices.Sorted(maps.Keys(regions)), " and "), strings.Join(words, " "))
	return d, nil
}

func (p part) lines(of []declared.Resource) (lines []string) {
	for _, s := range p.says {
		n, in := 0, map[string]bool{}
		for _, r := range of {
			if s.kind == "" || r.Type == s.kind {
				n++
				in[r.Region] = true
			}
		}
		if n > 0 {
			lines = append(lines, plural(n, s.one, s.many))
		}
	}
	return lines
}

// edgesBetween go from a layer to the next, where a resource on one side names one of the other.
func edgesBetween(of map[int][]declared.Resource) (edges []diagram.Edge) {
	names := map[int]map[string]bool{}
	for i, all := range of {
		names[i] = map[string]bool{}
		for _, r := range all {
			switch r.Type {
			case topicType:
				names[i][arnEnding("sns", r.Region, text(r.Inputs, "name"))] = true
			case bucketType:
				names[i][text(r.Inputs, "bucket")] = true
			}
		}
	}
	for from, p := range parts {
		for to, q := range parts {
			if q.layer == p.layer+1 && (namesOne(of[from], names[to]) || namesOne(of[to], names[from])) {
				edges = append(edges, diagram.Edge{From: p.title, To: q.title, Kind: q.kind + p.kindOfLast(q)})
			}
		}
	}
	return edges
}

// kindOfLast is the kind of an edge that leads to people.
func (p part) kindOfLast(to part) string {
	if to.kind == "" {
		return p.kind
	}
	return ""
}

// namesOne says whether an input of a resource, which is no document, is one of the names: by ARN, as a bucket, in a location.
func namesOne(resources []declared.Resource, names map[string]bool) bool {
	found := false
	for _, r := range resources {
		for property, value := range r.Inputs {
			if slices.Contains(documents, property) && r.Type != machineType {
				continue
			}
			walk(value, func(s string) {
				found = found || names[s] || names[ending(s)] || names[strings.TrimPrefix(s, "arn:aws:s3:::")]
				if rest, location := strings.CutPrefix(s, "s3://"); location {
					bucket, _, _ := strings.Cut(rest, "/")
					found = found || names[bucket]
				}
				if r.Type == machineType {
					for _, topic := range topicARN.FindAllString(s, -1) {
						found = found || names[ending(topic)]
					}
				}
			})
		}
	}
	return found
}
