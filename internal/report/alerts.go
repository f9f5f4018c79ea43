package report

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/declared"
)

// Types of what alerts pass through.
const (
	topicType        = "aws:sns/topic:Topic"
	subscriptionType = "aws:sns/topicSubscription:TopicSubscription"
	queueType        = "aws:sqs/queue:Queue"
	ruleType         = "aws:cloudwatch/eventRule:EventRule"
	targetType       = "aws:cloudwatch/eventTarget:EventTarget"
	alarmType        = "aws:cloudwatch/metricAlarm:MetricAlarm"
	compositeType    = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
	filterType       = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
	budgetType       = "aws:budgets/budget:Budget"
	anomalyType      = "aws:costexplorer/anomalySubscription:AnomalySubscription"
	machineType      = "aws:sfn/stateMachine:StateMachine"
	slackType        = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration"
	pipeType         = "aws:pipes/pipe:Pipe"
	destinationType  = "aws:cloudwatch/eventApiDestination:EventApiDestination"
	contactType      = "aws:notifications/contactsEmailContact:ContactsEmailContact"
)

// Severities, the most urgent first; a topic of another name is told apart by its name.
var severities = []string{"critical", "warning", "informational"}

// Alerts are the ways that alerts take, as declared.
type Alerts struct {
	Home     string
	Regions  []RegionRules // with rules, the home Region first
	Filters  int           // metric filters on log groups
	Topics   []Topic
	Watchers []string // mail addresses of the watch over the alert path
	Queues   []string // Regions with a dead-letter queue
	Unheard  int      // rules that lead to no topic and no bus
}

// RegionRules are the rules of a Region.
type RegionRules struct {
	Region   string
	Home     bool
	Delivers int // rules that publish to topics
	Forwards int // rules that put events on the home Region's bus
}

// Topic is a topic, or two of a severity, with what publishes to it and who hears it.
type Topic struct {
	Name      string
	Severity  string // "" for none
	Rules     []Rule
	Alarms    int
	Budgets   int
	Anomalies int
	Machines  int // state machines
	Mails     []string
	Slack     []string // channel ids
	Webhook   bool
	Others    []string // further subscriptions: protocol

	arns []string
}

// Rule is an EventBridge rule that publishes to a topic.
type Rule struct {
	Name, Description string
	From              []string // other Regions that forward to it
}

// Channels say in words who hears a topic.
func (t Topic) Channels() (all []string) {
	for _, mail := range t.Mails {
		all = append(all, "mail to "+mail)
	}
	for _, channel := range t.Slack {
		all = append(all, "Slack channel "+channel)
	}
	if t.Webhook {
		all = append(all, "webhook")
	}
	return append(all, t.Others...)
}

// Publishers say in words what publishes to a topic.
func (t Topic) Publishers() (all []string) {
	for _, p := range []struct {
		n         int
		one, many string
	}{
		{len(t.Rules), "rule", "rules"}, {t.Alarms, "alarm", "alarms"}, {t.Budgets, "budget", "budgets"},
		{t.Anomalies, "anomaly subscription", "anomaly subscriptions"}, {t.Machines, "report", "reports"},
	} {
		if p.n > 0 {
			all = append(all, plural(p.n, p.one, p.many))
		}
	}
	return all
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

var busARN = regexp.MustCompile(`^arn:[^:]+:events:([^:]+):\d*:event-bus/`)

func (s *Stack) alerts() Alerts {
	a := Alerts{Home: s.Home}
	for _, r := range s.After {
		switch r.Type {
		case topicType:
			a.addTopic(r)
		case filterType:
			a.Filters++
		case contactType:
			a.Watchers = append(a.Watchers, text(r.Inputs, "emailAddress"))
		case queueType:
			if strings.HasSuffix(text(r.Inputs, "name"), "dead-letters") && !slices.Contains(a.Queues, r.Region) {
				a.Queues = append(a.Queues, r.Region)
			}
		}
	}
	slices.SortStableFunc(a.Topics, func(x, y Topic) int {
		return cmp.Or(order(x.Severity)-order(y.Severity), strings.Compare(x.Name, y.Name))
	})
	slices.Sort(a.Queues)
	a.follow(s)
	a.hear(s)
	return a
}

// addTopic adds a topic; the chat topic of a severity joins it, since it carries the same alerts in another form.
func (a *Alerts) addTopic(r declared.Resource) {
	name := cmp.Or(text(r.Inputs, "name"), r.Name)
	plain := strings.TrimSuffix(name, "-chat")
	severity := ""
	for _, known := range severities {
		if strings.HasSuffix(plain, "-"+known) || plain == known {
			severity = known
		}
	}
	own := arnEnding("sns", r.Region, name)
	for i, t := range a.Topics {
		if severity != "" && t.Severity == severity && strings.TrimSuffix(plain, severity) == strings.TrimSuffix(t.Name, severity) {
			a.Topics[i].arns = append(a.Topics[i].arns, own)
			return
		}
	}
	a.Topics = append(a.Topics, Topic{Name: plain, Severity: severity, arns: []string{own}})
}

// arnEnding is an ARN without partition and account, which are the stack's anyway: service:region|name.
func arnEnding(service, region, name string) string { return service + ":" + region + "|" + name }

// ending brings an ARN into the form of arnEnding; "" for what is no ARN.
func ending(s string) string {
	parts := strings.SplitN(s, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return ""
	}
	return arnEnding(parts[2], parts[3], parts[5])
}

func order(severity string) int {
	if i := slices.Index(severities, severity); i >= 0 {
		return i
	}
	return len(severities)
}

func (a *Alerts) topic(arn string) *Topic {
	for i, t := range a.Topics {
		if slices.Contains(t.arns, ending(arn)) {
			return &a.Topics[i]
		}
	}
	return nil
}

var topicARN = regexp.MustCompile(`arn:[a-z-]+:sns:[a-z0-9-]+:\d*:[A-Za-z0-9_-]+`)

// follow finds what publishes to topics, and what carries events to the home Region.
func (a *Alerts) follow(s *Stack) {
	rules, forwards := map[[2]string]declared.Resource{}, map[string][]string{}
	for _, r := range s.After {
		if r.Type == ruleType {
			rules[[2]string{r.Region, text(r.Inputs, "name")}] = r
		}
	}
	type reach struct{ topics, bus bool }
	reached := map[[2]string]*reach{}
	for key := range rules {
		reached[key] = &reach{}
	}
	delivered := map[*Topic]map[string]bool{}
	for _, r := range s.After {
		switch r.Type {
		case targetType:
			key := [2]string{r.Region, text(r.Inputs, "rule")}
			rule, known := rules[key]
			if !known {
				continue
			}
			if t := a.topic(text(r.Inputs, "arn")); t != nil {
				reached[key].topics = true
				if delivered[t] == nil {
					delivered[t] = map[string]bool{}
				}
				if !delivered[t][key[1]] {
					delivered[t][key[1]] = true
					t.Rules = append(t.Rules, Rule{Name: key[1], Description: text(rule.Inputs, "description")})
				}
			} else if bus := busARN.FindStringSubmatch(text(r.Inputs, "arn")); bus != nil && bus[1] != r.Region {
				reached[key].bus = true
				forwards[key[1]] = append(forwards[key[1]], r.Region)
			}
		case alarmType, compositeType, budgetType, anomalyType, machineType:
			for _, t := range a.named(r) {
				switch r.Type {
				case budgetType:
					t.Budgets++
				case anomalyType:
					t.Anomalies++
				case machineType:
					t.Machines++
				default:
					t.Alarms++
				}
			}
		}
	}
	a.countRegions(s, rules, func(key [2]string) (bool, bool) { return reached[key].topics, reached[key].bus })
	for i := range a.Topics {
		for j, rule := range a.Topics[i].Rules {
			slices.Sort(forwards[rule.Name])
			a.Topics[i].Rules[j].From = slices.Compact(forwards[rule.Name])
		}
		slices.SortFunc(a.Topics[i].Rules, func(x, y Rule) int { return strings.Compare(x.Name, y.Name) })
	}
}

// named are the topics that the inputs of a resource name, each once.
func (a *Alerts) named(r declared.Resource) (topics []*Topic) {
	walk(r.Inputs, func(s string) {
		for _, found := range topicARN.FindAllString(s, -1) {
			if t := a.topic(found); t != nil && !slices.Contains(topics, t) {
				topics = append(topics, t)
			}
		}
	})
	return topics
}

// walk visits every text of a value.
func walk(value any, visit func(string)) {
	switch v := value.(type) {
	case string:
		visit(v)
	case []any:
		for _, element := range v {
			walk(element, visit)
		}
	case map[string]any:
		for _, element := range v {
			walk(element, visit)
		}
	}
}

func (a *Alerts) countRegions(s *Stack, rules map[[2]string]declared.Resource, reach func([2]string) (topics, bus bool)) {
	counts := map[string]*RegionRules{}
	for key := range rules {
		c := counts[key[0]]
		if c == nil {
			c = &RegionRules{Region: key[0], Home: key[0] == s.Home}
			counts[key[0]] = c
		}
		topics, bus := reach(key)
		switch {
		case topics:
			c.Delivers++
		case bus:
			c.Forwards++
		default:
			a.Unheard++
		}
	}
	for _, region := range slices.SortedFunc(maps.Keys(counts), s.homeFirst) {
		a.Regions = append(a.Regions, *counts[region])
	}
}

// hear finds who hears topics.
func (a *Alerts) hear(s *Stack) {
	webhooks := webhookQueues(s)
	for _, r := range s.After {
		switch r.Type {
		case subscriptionType:
			t := a.topic(text(r.Inputs, "topic"))
			if t == nil {
				continue
			}
			protocol, endpoint := text(r.Inputs, "protocol"), text(r.Inputs, "endpoint")
			switch {
			case protocol == "email" || protocol == "email-json":
				t.Mails = append(t.Mails, endpoint)
			case protocol == "sqs" && webhooks[ending(endpoint)]:
				t.Webhook = true
			default: // an endpoint may hold a secret
				t.Others = append(t.Others, "subscription by "+protocol)
			}
		case slackType:
			for _, arn := range texts(r.Inputs["snsTopicArns"]) {
				if t := a.topic(arn); t != nil {
					if channel := text(r.Inputs, "slackChannelId"); !slices.Contains(t.Slack, channel) {
						t.Slack = append(t.Slack, channel)
					}
				}
			}
		}
	}
	for i := range a.Topics {
		slices.Sort(a.Topics[i].Mails)
	}
}

// webhookQueues are the queues that a pipe empties into an API destination.
func webhookQueues(s *Stack) map[string]bool {
	queues := map[string]bool{}
	for _, r := range s.After {
		if r.Type == pipeType && strings.Contains(text(r.Inputs, "target"), ":api-destination/") {
			queues[ending(text(r.Inputs, "source"))] = true
		}
	}
	return queues
}
