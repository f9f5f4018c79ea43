package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/report/diagram"
)

// picture is the path of an alert: Regions, rules, topics, channels.
func (a Alerts) picture() diagram.Diagram {
	d := diagram.Diagram{
		Name: "alerts", Title: "The path of an alert",
		Layers: []string{"WHERE", "NOTICED BY", "SEVERITY", "HEARD BY"},
	}
	a.sources(&d)
	a.topicBoxes(&d)
	a.channelBoxes(&d)
	d.Description = a.inWords()
	return d
}

func (a Alerts) sources(d *diagram.Diagram) {
	var others []RegionRules
	delivers := 0
	for _, r := range a.Regions {
		delivers += r.Delivers
		if !r.Home {
			others = append(others, r)
		}
	}
	bus := diagram.Node{ID: "bus", Title: "EventBridge", Lines: []string{"bus of " + a.Home, plural(delivers, "rule", "rules") + " to topics"}, Layer: 1}
	if len(others) > 0 {
		forwards, names := 0, []string{}
		for _, r := range others {
			forwards, names = forwards+r.Forwards, append(names, r.Region)
		}
		title := plural(len(names), "other Region", "other Regions")
		lines := []string{plural(forwards, "rule", "rules") + " forward home"}
		if len(names) == 1 {
			title, lines = "Other Region", append(names, lines...)
		}
		d.Nodes = append(d.Nodes, diagram.Node{ID: "others", Title: title, Lines: lines})
		d.Edges = append(d.Edges, diagram.Edge{From: "others", To: "bus"})
	}
	d.Nodes = append(d.Nodes, diagram.Node{ID: "home", Title: "Home Region", Lines: []string{a.Home, "its own events"}})
	d.Edges = append(d.Edges, diagram.Edge{From: "home", To: "bus"})
	alarms, spending := 0, []string{}
	budgets, anomalies, machines := 0, 0, 0
	for _, t := range a.Topics {
		alarms += t.Alarms
		budgets, anomalies, machines = max(budgets, t.Budgets), max(anomalies, t.Anomalies), machines+t.Machines
	}
	if a.Filters > 0 {
		d.Nodes = append(d.Nodes, diagram.Node{ID: "logs", Title: "Log group of the trail", Lines: []string{plural(a.Filters, "metric filter", "metric filters")}})
		d.Edges = append(d.Edges, diagram.Edge{From: "logs", To: "alarms"})
	}
	if delivers > 0 || len(others) > 0 {
		d.Nodes = append(d.Nodes, bus)
	}
	if alarms > 0 {
		d.Nodes = append(d.Nodes, diagram.Node{ID: "alarms", Title: "CloudWatch", Lines: []string{plural(alarms, "alarm", "alarms")}, Layer: 1})
	}
	for _, s := range []struct {
		n         int
		one, many string
	}{{budgets, "budget", "budgets"}, {anomalies, "anomaly detection", "anomaly detections"}, {machines, "report", "reports"}} {
		if s.n > 0 {
			spending = append(spending, plural(s.n, s.one, s.many))
		}
	}
	if len(spending) > 0 {
		d.Nodes = append(d.Nodes, diagram.Node{ID: "spending", Title: "Bill and reports", Lines: spending, Layer: 1})
	}
}

func (a Alerts) topicBoxes(d *diagram.Diagram) {
	for _, t := range a.Topics {
		id := "topic " + t.Name
		node := diagram.Node{ID: id, Title: t.label(), Layer: 2, Kind: t.Severity, Lines: t.Publishers()}
		if len(node.Lines) == 0 {
			node.Lines = []string{"nothing publishes yet"}
		}
		d.Nodes = append(d.Nodes, node)
		for _, from := range []struct {
			id  string
			any bool
		}{{"bus", len(t.Rules) > 0}, {"alarms", t.Alarms > 0}, {"spending", t.Budgets+t.Anomalies+t.Machines > 0}} {
			if from.any {
				d.Edges = append(d.Edges, diagram.Edge{From: from.id, To: id, Kind: t.Severity})
			}
		}
	}
}

func (t Topic) label() string {
	if t.Severity != "" {
		return t.Severity
	}
	return t.Name
}

// channelBoxes are at most one per kind, so that the picture fits a phone.
func (a Alerts) channelBoxes(d *diagram.Diagram) {
	for _, kind := range []struct {
		id, title string
		of        func(Topic) []string
	}{
		{"mail", "Mail", func(t Topic) []string { return t.Mails }},
		{"slack", "Slack app", func(t Topic) []string { return t.Slack }},
		{"webhook", "Webhook", func(t Topic) []string {
			if t.Webhook {
				return []string{"queue, pipe, API destination"}
			}
			return nil
		}},
		{"other", "Others", func(t Topic) []string { return t.Others }},
	} {
		var lines []string
		for _, t := range a.Topics {
			of := kind.of(t)
			if len(of) == 0 {
				continue
			}
			d.Edges = append(d.Edges, diagram.Edge{From: "topic " + t.Name, To: kind.id, Kind: t.Severity})
			for _, line := range of {
				if !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
			}
		}
		if len(lines) > 4 {
			lines = append(lines[:3], fmt.Sprintf("and %d more", len(lines)-3))
		}
		if len(lines) > 0 {
			d.Nodes = append(d.Nodes, diagram.Node{ID: kind.id, Title: kind.title, Lines: lines, Layer: 3})
		}
	}
	if heard := slices.ContainsFunc(a.Topics, func(t Topic) bool { return len(t.Channels()) > 0 }); !heard {
		d.Nodes = append(d.Nodes, diagram.Node{ID: "nobody", Title: "Nobody", Lines: []string{"no channel is configured"}, Layer: 3, Kind: "critical"})
	}
}

// inWords is the picture for who does not see it.
func (a Alerts) inWords() string {
	var parts []string
	for _, r := range a.Regions {
		if r.Home {
			parts = append(parts, fmt.Sprintf("%s in the home Region %s publish to topics.", plural(r.Delivers, "rule", "rules"), r.Region))
		} else {
			parts = append(parts, fmt.Sprintf("%s in %s forward to it.", plural(r.Forwards, "rule", "rules"), r.Region))
		}
	}
	for _, t := range a.Topics {
		channels := "nobody hears it"
		if all := t.Channels(); len(all) > 0 {
			channels = "it reaches " + strings.Join(all, ", ")
		}
		parts = append(parts, fmt.Sprintf("Topic %s has %s; %s.", t.label(), strings.Join(t.Publishers(), ", "), channels))
	}
	return strings.Join(parts, " ")
}
