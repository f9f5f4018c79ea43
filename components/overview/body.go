package overview

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
)

type object = map[string]any

// Sizes of widgets, in the grid's units; a row has 24 (the structure's page, see limits).
const (
	fullWidth   = 24
	textHeight  = 3
	graphHeight = 8
	alarmHeight = 2
	alarmsInRow = 6
	hour        = 3600
)

// widgets are stacked from top to bottom.
type widgets struct {
	list    []any
	height  int
	metrics int
}

// introduction tells who comes by the console what this is, and what to do.
const introduction = "# Security overview\n" +
	"What CloudWatch knows: alerts that were raised, alarms that are on, and what could not be delivered. Findings, rules of AWS Config and the trail itself are in their own consoles. " +
	"**Anything below \"could not be delivered\" above zero means that somebody was not told.** " +
	"This dashboard is declared in code; changes made here are undone by the next deployment."

// widgets are what the arguments show.
func (a *SecurityOverviewArgs) widgets(where account.Account) *widgets {
	w := &widgets{}
	w.add("text", textHeight, object{"markdown": introduction})
	regions := slices.Sorted(maps.Keys(a.Regions))
	for _, region := range regions {
		w.alarms(region, where, a.Regions[region].Alarms)
	}
	var counted, matched, failed, stuck, unsent []any
	for _, m := range a.Metrics {
		counted = append(counted, []any{m.Namespace, m.Name, object{"label": cmp.Or(m.Label, m.Name)}})
	}
	for _, region := range regions {
		in := a.Regions[region]
		for _, rule := range in.Rules {
			if region == where.Region {
				matched = append(matched, []any{"AWS/Events", "MatchedEvents", "RuleName", rule, object{"label": rule}})
			}
			failed = append(failed, elsewhere(region, rule, "AWS/Events", "FailedInvocations", "RuleName"))
		}
		for _, queue := range in.DeadLetterQueues {
			stuck = append(stuck, elsewhere(region, queue, "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName"))
		}
		for _, topic := range in.Topics {
			unsent = append(unsent, elsewhere(region, topic, "AWS/SNS", "NumberOfNotificationsFailed", "TopicName"))
		}
	}
	w.graphs("Events that the metric filters counted, per hour", where.Region, "Sum", counted)
	w.graphs("Events that the alert rules matched, per hour", where.Region, "Sum", matched)
	w.graphs("Could not be delivered: targets of rules that failed, per hour", where.Region, "Sum", failed)
	w.graphs("Could not be delivered: messages that wait in dead-letter queues", where.Region, "Maximum", stuck)
	w.graphs("Could not be delivered: notifications of topics that failed, per hour", where.Region, "Sum", unsent)
	return w
}

// elsewhere is a metric of a named thing in a Region of its own.
func elsewhere(region, name, namespace, metric, dimension string) []any {
	return []any{namespace, metric, dimension, name, object{"label": name + " in " + region, "region": region}}
}

func (w *widgets) add(kind string, height int, properties object) {
	w.list = append(w.list, object{"type": kind, "x": 0, "y": w.height, "width": fullWidth, "height": height, "properties": properties})
	w.height += height
}

// alarms are shown with their states, in as many widgets as they need.
func (w *widgets) alarms(region string, where account.Account, names []string) {
	for chunk := range slices.Chunk(names, maxAlarmsPerWidget) {
		arns := make([]string, len(chunk))
		for i, name := range chunk {
			arns[i] = where.ARNIn(region, "cloudwatch", "alarm:"+name)
		}
		rows := (len(chunk) + alarmsInRow - 1) / alarmsInRow
		w.add("alarm", alarmHeight*(rows+1), object{"title": "Alarms in " + region, "alarms": arns})
	}
}

// graphs show metrics over time, in as many widgets as they need.
func (w *widgets) graphs(title, region, statistic string, metrics []any) {
	w.metrics += len(metrics)
	parts := (len(metrics) + maxMetricsPerWidget - 1) / maxMetricsPerWidget
	part := 0
	for chunk := range slices.Chunk(metrics, maxMetricsPerWidget) {
		part++
		named := title
		if parts > 1 {
			named = fmt.Sprintf("%s (%d of %d)", title, part, parts)
		}
		w.add("metric", graphHeight, object{
			"title": named, "region": region, "view": "timeSeries", "stacked": false, "stat": statistic, "period": hour, "metrics": chunk,
			"yAxis": object{"left": object{"min": 0}}, "legend": object{"position": "right"},
		})
	}
}

// check holds the whole against the limits of a dashboard.
func (w *widgets) check() error {
	switch {
	case w.metrics > maxMetrics:
		return fmt.Errorf("field Regions: %d metrics would be shown, at most %d are possible; name fewer Regions", w.metrics, maxMetrics)
	case len(w.list) > maxWidgets:
		return fmt.Errorf("field Regions: %d widgets would be needed, at most %d are possible; name fewer alarms", len(w.list), maxWidgets)
	}
	return nil
}

// body is the dashboard as CloudWatch reads it.
func (w *widgets) body() string {
	text, err := json.Marshal(object{"start": "-P7D", "widgets": w.list})
	if err != nil {
		panic(err) // maps, lists and strings always encode
	}
	return string(text)
}
