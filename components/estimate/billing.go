package estimate

import (
	"encoding/json"
	"strings"
)

// budgetAction prices the days of a budget that has actions, however many.
func (m *model) budgetAction(r Resource) {
	sameBudget := func(other Resource) bool { return text(other.Inputs, "budgetName") == text(r.Inputs, "budgetName") }
	if m.isFirst(r, sameBudget) {
		m.use(r, "budgets with an action", "budget-action", daysOfMonth)
	}
}

func (m *model) schedule(r Resource) {
	runs, known := runsOf(text(r.Inputs, "scheduleExpression"))
	if !known {
		m.leaveOut("the schedule " + text(r.Inputs, "scheduleExpression") + " of " + r.Name)
		return
	}
	m.use(r, "scheduled runs", "schedule", runs)
}

// stateMachine prices the runs that the schedules of its component start.
func (m *model) stateMachine(r Resource) {
	runs := 0.0
	for _, s := range m.all("aws:scheduler/schedule:Schedule", inComponent(r.Component)) {
		arn := text(object(s.Inputs, "target"), "arn")
		if name := text(r.Inputs, "name"); name == "" || arn == "" || strings.HasSuffix(arn, ":"+name) {
			n, _ := runsOf(text(s.Inputs, "scheduleExpression"))
			runs += n
		}
	}
	var definition any
	if err := json.Unmarshal([]byte(text(r.Inputs, "definition")), &definition); err != nil {
		m.leaveOut("runs of " + r.Name + ", whose definition is not known yet")
		return
	}
	states, requests := 0, 0
	walk(definition, func(object map[string]any) {
		if inner, ok := object["States"].(map[string]any); ok {
			states += len(inner)
		}
		if resource := text(object, "Resource"); strings.Contains(resource, ":costexplorer:") {
			requests++
		}
	})
	m.use(r, "steps of reports", "state-transition", runs*counted(states), note("each state once a run, without retries"))
	m.use(r, "Cost Explorer requests of reports", "cost-explorer", runs*counted(requests), note("one page each"))
	m.use(r, "log queries of digests", "logs-scan", runs*counted(queriesIn(definition))*m.logGigabytes(m.all(trailToken, nil))/weeks,
		note("each query reads a week of the trail's log group"))
}

// queriesIn is how many queries of CloudWatch Logs Insights a run makes: one a task, or one an item where a Map has a list of
// them.
func queriesIn(definition any) (queries int) {
	walk(definition, func(state map[string]any) {
		if strings.HasSuffix(text(state, "Resource"), ":cloudwatchlogs:startQuery") {
			queries++
		}
		if items, ok := state["Items"].([]any); ok {
			queries += (len(items) - 1) * queriesIn(state["ItemProcessor"])
		}
	})
	return queries
}

func walk(value any, visit func(map[string]any)) {
	switch v := value.(type) {
	case map[string]any:
		visit(v)
		for _, inner := range v {
			walk(inner, visit)
		}
	case []any:
		for _, inner := range v {
			walk(inner, visit)
		}
	}
}

// runsOf is how often a schedule runs in a month: rate(…), or cron(…) at one time of some days
// (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
func runsOf(expression string) (runs float64, known bool) {
	kind, inner, ok := strings.Cut(strings.TrimSuffix(expression, ")"), "(")
	fields := strings.Fields(inner)
	switch {
	case !ok:
		return 0, false
	case kind == "rate" && len(fields) == 2:
		return runsOfRate(fields[0], fields[1])
	case kind == "cron" && len(fields) == 6:
		return runsOfCron(fields)
	case kind == "at":
		return 0, true // once, and never again
	default:
		return 0, false
	}
}
